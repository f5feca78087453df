#include "ask.h"

#include <stdlib.h>

#include "model/access.h"
#include "model/effective.h"
#include "model/sinks.h"

enum { WRITE_DATA = 0x2 };

bool rm_below_admin(rm_str origin) {
    return !rm_str_eq(origin, RM_STR("admin_elevated")) && !rm_str_eq(origin, RM_STR("system"));
}

static uint32_t *none_for(rm_arena *arena, uint32_t count) {
    uint32_t *array = RM_NEW_ARRAY(arena, uint32_t, (size_t)count + 1);
    for (uint32_t i = 0; array != NULL && i < count; i++) {
        array[i] = RM_NONE;
    }
    return array;
}

static bool allocate(rm_arena *arena, const rm_model *m, rm_worst *w) {
    *w = (rm_worst){.of_device = none_for(arena, m->devices.count),
                    .of_granted = none_for(arena, m->devices.count),
                    .of_writer = none_for(arena, m->devices.count),
                    .of_entry = none_for(arena, m->entries.count),
                    .of_sink = none_for(arena, m->sinks.count),
                    .privileged = none_for(arena, m->entries.count),
                    .from_below = none_for(arena, m->devices.count),
                    .of_forward = none_for(arena, m->forwards.count),
                    .weak_writer = none_for(arena, m->devices.count),
                    .weak_opener = none_for(arena, m->devices.count),
                    .severity = RM_NEW_ARRAY(arena, uint32_t, (size_t)m->devices.count + 1),
                    .granted = RM_NEW_ARRAY(arena, uint32_t, (size_t)m->accesses.count + 1)};
    return w->of_device != NULL && w->of_granted != NULL && w->of_writer != NULL &&
           w->of_entry != NULL && w->of_sink != NULL && w->privileged != NULL &&
           w->from_below != NULL && w->of_forward != NULL && w->weak_writer != NULL &&
           w->weak_opener != NULL && w->severity != NULL && w->granted != NULL;
}

/*
 * Is the operation privileged for whoever gets there? An MDL describes memory and maps nothing; of
 * what every driver opens now and then, only what the caller is seen to steer.
 */
static bool is_privileged(const rm_rule_run *run, const rm_sink_call *call) {
    return !rm_sink_is_everyday(call) && !rm_sink_is_lead(run, call) &&
           !rm_sink_is_spare_pointer(run, call) && !rm_sink_is_value_alone(call) &&
           !rm_str_eq(call->api, RM_STR("IoAllocateMdl"));
}

/* Paths stand worst first, so the first that fits is the worst. */
static void first(uint32_t *slot, uint32_t path) {
    if (*slot == RM_NONE) {
        *slot = path;
    }
}

static int by_id(const void *key, const void *item) {
    return rm_str_cmp(*(const rm_str *)key, ((const rm_forward *)item)->id);
}

/* Forwards are sorted by id when a model is linked. */
static void note_forwards(const rm_model *m, const rm_path *p, uint32_t path, rm_worst *w) {
    for (uint32_t s = 0; s < p->steps.count; s++) {
        const rm_step *step = &p->steps.at[s];
        const rm_forward *f =
            step->kind != RM_STEP_FORWARD || m->forwards.count == 0
                ? NULL
                : bsearch(&step->node, m->forwards.at, m->forwards.count, sizeof *f, by_id);
        if (f != NULL) {
            first(&w->of_forward[f - m->forwards.at], path);
        }
    }
}

static void note_path(const rm_rule_run *run, const uint32_t *severity_of_sink, uint32_t path,
                      rm_worst *w) {
    const rm_model *m = run->model;
    const rm_path *p = &m->paths.at[path];
    uint32_t severity = severity_of_sink[p->sink];
    first(&w->of_device[p->device], path);
    first(&w->of_sink[p->sink], path);
    if (p->entry != RM_NONE) {
        first(&w->of_entry[p->entry], path);
        bool reached =
            m->sinks.at[p->sink].state < RM_STATE_UNKNOWN; /* not only somewhere behind */
        if (severity >= 500 && reached && is_privileged(run, &m->sinks.at[p->sink])) {
            first(&w->privileged[p->entry], path);
        }
    }
    if (severity >= 700 && is_privileged(run, &m->sinks.at[p->sink]) &&
        p->state < RM_STATE_UNKNOWN && rm_below_admin(p->origin)) {
        first(&w->from_below[p->device], path);
    }
    if (w->of_granted[p->device] == RM_NONE || w->of_writer[p->device] == RM_NONE) {
        uint32_t row = rm_ask_access(run, p->origin, p->device);
        if (row != RM_NONE && w->granted[row] != 0) {
            first(&w->of_granted[p->device], path);
        }
        if (row != RM_NONE && (w->granted[row] & WRITE_DATA) != 0) {
            first(&w->of_writer[p->device], path);
        }
    }
    if (severity > w->severity[p->device]) {
        w->severity[p->device] = severity;
    }
    note_forwards(m, p, path, w);
}

/* From the one who needs least; a descriptor that lets them write is what DS-04 is about. */
static const char *const weak[] = {"lpac",  "appcontainer", "low_il_user", "restricted_user",
                                   "guest", "anonymous",    "remote_user", "standard_user"};

static unsigned weakness(rm_str principal) {
    unsigned w = 0;
    while (w < sizeof weak / sizeof weak[0] && !rm_str_eq(principal, rm_str_from(weak[w]))) {
        w++;
    }
    return w;
}

static void keep_weakest(const rm_model *m, uint32_t row, uint32_t *slot) {
    const rm_access *a = &m->accesses.at[row];
    if (*slot == RM_NONE || weakness(a->principal) < weakness(m->accesses.at[*slot].principal)) {
        *slot = row;
    }
}

/* What the descriptor itself lets that principal do, whatever a name below the device lets him. */
static rm_status granted_by_descriptor(const rm_rule_run *run, const rm_access *a, uint32_t *mask) {
    const rm_model *m = run->model;
    uint32_t row = m->devices.at[a->subject].descriptor;
    const rm_security *security = NULL;
    rm_access_answer answer = {0};
    rm_status st = RM_OK;
    *mask = a->via == RM_VIA_DESCRIPTOR && a->dacl_grants ? a->mask : 0;
    if (a->via != RM_VIA_NAMESPACE || row == RM_NONE) {
        return RM_OK;
    }
    st = rm_descriptor_security(run->scratch, m, &m->descriptors.at[row], &security);
    for (uint32_t i = 0; st == RM_OK && security != NULL && i < run->principals.count; i++) {
        const rm_principal *p = &run->principals.at[i];
        if (rm_str_eq(p->name, a->principal)) {
            st = rm_access_answer_of(run->scratch, security, &p->token, RM_OBJECT_DEVICE, &answer);
            *mask = answer.dacl;
        }
    }
    return st;
}

static rm_status note_access(const rm_rule_run *run, uint32_t row, rm_worst *w) {
    const rm_model *m = run->model;
    const rm_access *a = &m->accesses.at[row];
    bool device = a->subject_kind == RM_SUBJECT_DEVICE || a->subject_kind == RM_SUBJECT_PORT;
    rm_status st = device ? granted_by_descriptor(run, a, &w->granted[row]) : RM_OK;
    if (st != RM_OK || !device || weakness(a->principal) == sizeof weak / sizeof weak[0]) {
        return st;
    }
    if (a->mask != 0 && (a->dacl_grants || a->via != RM_VIA_DESCRIPTOR)) {
        keep_weakest(m, row, &w->weak_opener[a->subject]);
    }
    if ((w->granted[row] & WRITE_DATA) != 0) {
        keep_weakest(m, row, &w->weak_writer[a->subject]);
    }
    return RM_OK;
}

rm_status rm_worst_build(rm_rule_run *run) {
    const rm_model *m = run->model;
    rm_status st = RM_OK;
    uint32_t *severity = RM_NEW_ARRAY(run->scratch, uint32_t, (size_t)m->sinks.count + 1);
    if (severity == NULL || !allocate(run->scratch, m, &run->worst)) {
        return RM_NOMEM;
    }
    for (uint32_t i = 0; i < m->sinks.count; i++) {
        const rm_sink_class *c = rm_sink_class_find(m->sinks.at[i].class_name);
        severity[i] = c == NULL ? 0 : c->severity;
    }
    for (uint32_t i = 0; st == RM_OK && i < m->accesses.count; i++) {
        st = note_access(run, i, &run->worst);
    }
    for (uint32_t i = 0; st == RM_OK && i < m->paths.count; i++) {
        note_path(run, severity, i, &run->worst);
    }
    return st;
}
