#include "link.h"

#include "model/access.h"
#include "model/effective.h"

/* What Windows uses when nobody gave a descriptor. Source: wdf/controlling-device-access-in-kmdf.
 */
static const char wdf_default[] = "D:P(A;;GA;;;SY)(A;;GA;;;BA)";

rm_status rm_descriptor_security(rm_arena *arena, const rm_model *model, const rm_descriptor *row,
                                 const rm_security **out) {
    const rm_security *parsed = NULL;
    *out = NULL;
    if (row->source == RM_SDDL_RUNTIME || row->sddl.len == 0) {
        return RM_OK;
    }
    const rm_sddl_options options = {.domain = model->domain};
    rm_status st = rm_sddl_parse(arena, NULL, row->place, row->sddl, &options, &parsed);
    if (st == RM_OK) {
        *out = parsed;
    }
    return st == RM_SYNTAX ? RM_OK : st;
}

rm_status rm_device_security(rm_arena *arena, const rm_model *model, uint32_t device,
                             const rm_security **out) {
    uint32_t row = model->devices.at[device].descriptor;
    *out = NULL;
    return row == RM_NONE ? RM_OK
                          : rm_descriptor_security(arena, model, &model->descriptors.at[row], out);
}

/* ---- defaults ---- */

static bool is_wdf(rm_created by) {
    return by == RM_CREATED_WDFDEVICECREATE || by == RM_CREATED_WDFCONTROLDEVICE ||
           by == RM_CREATED_WDFRAWPDO;
}

/* The documented default for a device without any descriptor; NULL: none is documented. */
static const char *default_of(const rm_device *d, rm_sddl_source *source) {
    bool named = d->nt_name.len > 0 || d->name_unknown;
    if (d->created_by == RM_CREATED_FACTS || d->created_by == RM_CREATED_FLTPORT ||
        d->created_by == RM_CREATED_NDIS) {
        return NULL;
    }
    if (is_wdf(d->created_by) && named) {
        *source = RM_SDDL_WDF_DEFAULT;
        return wdf_default;
    }
    *source = RM_SDDL_TYPE_DEFAULT;
    return rm_sddl_device_default(d->device_type);
}

static rm_status add_default(rm_model *model, uint32_t device) {
    const rm_device *d = &model->devices.at[device];
    rm_sddl_source source = RM_SDDL_UNKNOWN;
    const char *text = default_of(d, &source);
    rm_place place = d->place;
    if (text == NULL) {
        return RM_OK;
    }
    rm_descriptor *row = rm_push(model->arena, &model->descriptors);
    if (row == NULL) {
        return RM_NOMEM;
    }
    *row = (rm_descriptor){.subject_kind = RM_SUBJECT_DEVICE,
                           .subject = device,
                           .sddl = rm_str_from(text),
                           .source = source,
                           .outranked_by = RM_NONE,
                           .state = RM_STATE_ASSUMED,
                           .place = place};
    return RM_OK;
}

static bool belongs(const rm_descriptor *row, uint32_t device) {
    return (row->subject_kind == RM_SUBJECT_DEVICE || row->subject_kind == RM_SUBJECT_PORT) &&
           row->subject == device;
}

static bool has_descriptor(const rm_model *model, uint32_t device) {
    for (uint32_t i = 0; i < model->descriptors.count; i++) {
        if (belongs(&model->descriptors.at[i], device)) {
            return true;
        }
    }
    return false;
}

/* ---- which one wins ---- */

/* A registry value in a file that was not read: it has no text and no source. */
static bool is_not_read(const rm_descriptor *row) {
    return row->source == RM_SDDL_UNKNOWN && row->state == RM_STATE_UNKNOWN && row->sddl.len == 0;
}

/* Registry over code over defaults (ontology 1.1); what a team declared fills what was not read. */
enum { RANK_DEVICE_KEY = 6, RANK_DECLARED = 3 };

static int rank(const rm_descriptor *row) {
    switch (row->source) {
    case RM_SDDL_INF_DEVICE: return RANK_DEVICE_KEY;
    case RM_SDDL_INF_CLASS: return 5;
    case RM_SDDL_CODE:
    case RM_SDDL_RUNTIME: return 4;
    case RM_SDDL_FILE:
    case RM_SDDL_FACTS: return RANK_DECLARED;
    case RM_SDDL_WDF_DEFAULT:
    case RM_SDDL_TYPE_DEFAULT: return 2;
    case RM_SDDL_UNKNOWN:
    case RM_SDDL_COUNT: break;
    }
    return 1;
}

/* How far a descriptor opens: the weakest principal it admits first, then all of them. */
static rm_status openness(rm_arena *scratch, const rm_model *model, const rm_principals *principals,
                          const rm_descriptor *row, uint64_t *out) {
    const rm_security *security = NULL;
    rm_status st = rm_descriptor_security(scratch, model, row, &security);
    uint64_t weakest = 0;
    uint64_t sum = 0;
    if (st != RM_OK) {
        return st;
    }
    if (security == NULL) {
        *out = UINT64_MAX; /* not known: nothing may hide behind a known sibling */
        return RM_OK;
    }
    for (uint32_t i = 0; i < principals->count; i++) {
        const rm_principal *p = &principals->at[i];
        rm_access_answer answer = {0};
        st = rm_access_answer_of(scratch, security, &p->token, RM_OBJECT_DEVICE, &answer);
        if (st != RM_OK) {
            return st;
        }
        uint64_t weight = answer.dacl == 0
                              ? 0
                              : (uint64_t)p->disparity * 4 + 1 + ((answer.dacl & 1u) != 0) +
                                    ((answer.dacl & 2u) != 0);
        weakest = weight > weakest ? weight : weakest;
        sum += weight;
    }
    *out = weakest << 32 | sum;
    return RM_OK;
}

typedef struct winner {
    uint32_t row;
    int rank;
    uint64_t openness;
} winner;

static rm_status consider(const rm_model *model, const rm_principals *principals, uint32_t row,
                          bool declared, winner *best) {
    const rm_descriptor *candidate = &model->descriptors.at[row];
    int its_rank = is_not_read(candidate) && !declared ? RANK_DEVICE_KEY : rank(candidate);
    uint64_t its_openness = 0;
    if (its_rank < best->rank) {
        return RM_OK;
    }
    rm_arena *scratch = rm_arena_new((size_t)64 << 20);
    if (scratch == NULL) {
        return RM_NOMEM;
    }
    rm_status st = openness(scratch, model, principals, candidate, &its_openness);
    rm_arena_free(scratch);
    if (st == RM_OK && (its_rank > best->rank || its_openness > best->openness)) {
        *best = (winner){row, its_rank, its_openness};
    }
    return st;
}

static bool same_meaning(const rm_descriptor *a, const rm_descriptor *b) {
    return a->canonical.len > 0 && rm_str_eq(a->canonical, b->canonical);
}

/* What a team declared and what was read are both kept; where they differ the fact conflicts. */
static void mark_conflict(rm_model *model, rm_sink *sink, uint32_t row, uint32_t best) {
    rm_descriptor *lost = &model->descriptors.at[row];
    rm_descriptor *won = &model->descriptors.at[best];
    if (rank(lost) != RANK_DECLARED || rank(won) <= RANK_DECLARED || same_meaning(lost, won)) {
        return;
    }
    lost->state = RM_STATE_CONFLICTING;
    won->state = RM_STATE_CONFLICTING;
    rm_diag(sink, RM_WARNING, lost->place, "link-conflicting-descriptor",
            "declared descriptor differs from the one read at %.*s:%u", RM_STR_ARG(won->place.file),
            (unsigned)won->place.line);
}

static rm_status choose(rm_model *model, rm_sink *sink, const rm_principals *principals,
                        uint32_t device) {
    winner best = {.row = RM_NONE, .rank = 0};
    bool declared = false;
    for (uint32_t i = 0; i < model->descriptors.count; i++) {
        declared = declared || (belongs(&model->descriptors.at[i], device) &&
                                rank(&model->descriptors.at[i]) == RANK_DECLARED);
    }
    for (uint32_t i = 0; i < model->descriptors.count; i++) {
        if (belongs(&model->descriptors.at[i], device)) {
            rm_status st = consider(model, principals, i, declared, &best);
            if (st != RM_OK) {
                return st;
            }
        }
    }
    model->devices.at[device].descriptor = best.row;
    for (uint32_t i = 0; best.row != RM_NONE && i < model->descriptors.count; i++) {
        if (belongs(&model->descriptors.at[i], device)) {
            model->descriptors.at[i].effective = i == best.row;
            model->descriptors.at[i].outranked_by = i == best.row ? RM_NONE : best.row;
            mark_conflict(model, sink, i, best.row);
        }
    }
    return RM_OK;
}

/* ---- canonical texts ---- */

static rm_status canonise(rm_model *model, rm_sink *sink, rm_descriptor *row) {
    const rm_security *parsed = NULL;
    if (row->canonical.len > 0 || row->sddl.len == 0) {
        return RM_OK;
    }
    const rm_sddl_options options = {.domain = model->domain};
    rm_status st = rm_sddl_parse(model->arena, sink, row->place, row->sddl, &options, &parsed);
    if (st == RM_SYNTAX) {
        row->state = RM_STATE_UNKNOWN;
        return RM_OK;
    }
    return st == RM_OK ? rm_sddl_format(model->arena, parsed, &row->canonical) : st;
}

rm_status rm_link_descriptors(rm_model *model, rm_sink *sink) {
    rm_principals principals = {0};
    rm_status st = rm_principals_builtin(model->arena, &principals);
    for (uint32_t i = 0; st == RM_OK && i < model->devices.count; i++) {
        if (!has_descriptor(model, i)) {
            st = add_default(model, i);
        }
    }
    for (uint32_t i = 0; st == RM_OK && i < model->descriptors.count; i++) {
        st = canonise(model, sink, &model->descriptors.at[i]);
    }
    for (uint32_t i = 0; st == RM_OK && i < model->devices.count; i++) {
        st = choose(model, sink, &principals, i);
    }
    return st;
}
