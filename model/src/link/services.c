#include "link.h"

/*
 * Who may control a service, and who may write its key. A service without a descriptor of its own
 * has the one that the service control manager gives (Windows: "Service security and access
 * rights", the table of defaults); a key without one inherits, and documents do not tell what.
 */
static const char scm_default[] = "D:(A;;CCLCSWRPWPDTLOCRRC;;;SY)"
                                  "(A;;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;BA)"
                                  "(A;;CCLCSWLOCRRC;;;IU)(A;;CCLCSWLOCRRC;;;SU)";

/* Read over declared over assumed. */
static int rank(const rm_descriptor *row) {
    return row->source == RM_SDDL_FILE || row->source == RM_SDDL_FACTS ? 1 : 2;
}

static rm_status add_row(rm_model *model, rm_descriptor row) {
    rm_descriptor *kept = rm_push(model->arena, &model->descriptors);
    if (kept == NULL) {
        return RM_NOMEM;
    }
    *kept = row;
    return RM_OK;
}

static rm_status add_default(rm_model *model, uint32_t service) {
    const rm_service *s = &model->services.at[service];
    const rm_str text = rm_str_from(scm_default);
    return add_row(model, (rm_descriptor){.subject_kind = RM_SUBJECT_SERVICE,
                                          .subject = service,
                                          .subject_name = s->name,
                                          .sddl = text,
                                          .canonical = text,
                                          .source = RM_SDDL_TYPE_DEFAULT,
                                          .effective = true,
                                          .outranked_by = RM_NONE,
                                          .state = RM_STATE_ASSUMED,
                                          .place = s->place});
}

static bool is_of_service(const rm_model *model, const rm_descriptor *row) {
    return row->subject_kind == RM_SUBJECT_SERVICE && row->subject < model->services.count;
}

/* The row that counts for each service; the others are outranked by it. */
static rm_status choose(rm_model *model, uint32_t *best) {
    uint32_t count = model->descriptors.count;
    rm_status st = RM_OK;
    for (uint32_t i = 0; i < model->services.count; i++) {
        best[i] = RM_NONE;
    }
    for (uint32_t i = 0; i < count; i++) {
        const rm_descriptor *row = &model->descriptors.at[i];
        if (is_of_service(model, row) &&
            (best[row->subject] == RM_NONE ||
             rank(row) > rank(&model->descriptors.at[best[row->subject]]))) {
            best[row->subject] = i;
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        rm_descriptor *row = &model->descriptors.at[i];
        if (is_of_service(model, row)) {
            row->effective = best[row->subject] == i;
            row->outranked_by = row->effective ? RM_NONE : best[row->subject];
        }
    }
    for (uint32_t i = 0; st == RM_OK && i < model->services.count; i++) {
        st = best[i] == RM_NONE ? add_default(model, i) : RM_OK;
    }
    return st;
}

/* ---- keys ---- */

static rm_str services_key(void) {
    return RM_STR("HKLM\\SYSTEM\\CurrentControlSet\\Services");
}

static rm_status add_inherited(rm_model *model, const rm_map *keys, uint32_t service) {
    const rm_service *s = &model->services.at[service];
    rm_descriptor row = {.subject_kind = RM_SUBJECT_KEY,
                         .subject = RM_NONE,
                         .source = RM_SDDL_UNKNOWN,
                         .outranked_by = RM_NONE,
                         .condition = RM_STR("inherited from the key above it, which is not read"),
                         .state = RM_STATE_UNKNOWN,
                         .place = s->place};
    uint32_t known = 0;
    rm_status st = rm_str_printf(model->arena, &row.subject_name, "%.*s\\%.*s",
                                 RM_STR_ARG(services_key()), RM_STR_ARG(s->name));
    return st != RM_OK || rm_map_get(keys, row.subject_name, &known) ? st : add_row(model, row);
}

static rm_status add_keys(rm_model *model) {
    rm_map keys = {.arena = model->arena, .fold = true};
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < model->descriptors.count; i++) {
        const rm_descriptor *row = &model->descriptors.at[i];
        uint32_t *value = NULL;
        if (row->subject_kind == RM_SUBJECT_KEY && row->subject_name.len > 0) {
            st = rm_map_at(&keys, row->subject_name, &value, NULL);
        }
    }
    for (uint32_t i = 0; st == RM_OK && i < model->services.count; i++) {
        if (model->services.at[i].inf.len > 0) {
            st = add_inherited(model, &keys, i);
        }
    }
    return st;
}

static bool is_program(const rm_service *s) {
    return s->driver == RM_NONE && !rm_str_ieq(s->kind, RM_STR("kernel")) &&
           !rm_str_ieq(s->kind, RM_STR("filesystem"));
}

/* NT SERVICE\name: what descriptors name a service by. */
static rm_status add_sids(rm_model *model) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < model->services.count; i++) {
        rm_service *s = &model->services.at[i];
        char text[RM_SID_TEXT];
        rm_sid sid;
        if (!is_program(s) || s->name.len == 0) {
            continue;
        }
        st = rm_sid_service(model->arena, s->name, &sid);
        if (st == RM_OK) {
            rm_sid_text(&sid, text);
            st = rm_str_copy(model->arena, rm_str_from(text), &s->sid);
        }
    }
    return st;
}

rm_status rm_link_services(rm_model *model) {
    uint32_t *best = RM_NEW_ARRAY(model->arena, uint32_t, (size_t)model->services.count + 1);
    rm_status st = best == NULL ? RM_NOMEM : choose(model, best);
    if (st == RM_OK) {
        st = add_sids(model);
    }
    return st == RM_OK ? add_keys(model) : st;
}
