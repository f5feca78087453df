#include "link.h"

#include "model/descriptor.h"

/*
 * What an interface opens is the PDO of its stack: its descriptor comes from there and from the
 * registry (Windows: "Controlling device access in KMDF drivers"). A function device that has a
 * name and a descriptor of its own guards that name only.
 */

static bool is_pdo(const rm_device *d) {
    return d->created_by == RM_CREATED_WDFRAWPDO;
}

/* Set in the registry, a descriptor holds for the whole stack; what a team declared is taken so. */
static bool holds_for_the_stack(const rm_descriptor *row) {
    switch (row->source) {
    case RM_SDDL_INF_DEVICE:
    case RM_SDDL_INF_CLASS:
    case RM_SDDL_FILE:
    case RM_SDDL_FACTS:
    case RM_SDDL_TYPE_DEFAULT:
    case RM_SDDL_UNKNOWN: return true;
    case RM_SDDL_CODE:
    case RM_SDDL_RUNTIME:
    case RM_SDDL_WDF_DEFAULT:
    case RM_SDDL_COUNT: break;
    }
    return false;
}

static bool opens_another_object(const rm_model *model, const rm_door *door) {
    const rm_device *d = door->device == RM_NONE ? NULL : &model->devices.at[door->device];
    return door->kind == RM_DOOR_INTERFACE && d != NULL && d->pnp && !is_pdo(d) &&
           (d->nt_name.len > 0 || d->name_unknown) && d->descriptor != RM_NONE &&
           !holds_for_the_stack(&model->descriptors.at[d->descriptor]);
}

static bool has_descriptor(const rm_model *model, uint32_t door) {
    for (uint32_t i = 0; i < model->descriptors.count; i++) {
        const rm_descriptor *row = &model->descriptors.at[i];
        if (row->subject_kind == RM_SUBJECT_INTERFACE && row->subject == door) {
            return true;
        }
    }
    return false;
}

static rm_status add_default(rm_model *model, uint32_t door) {
    const rm_door *it = &model->doors.at[door];
    rm_str text = rm_str_from(rm_link_type_default(&model->devices.at[it->device]));
    rm_descriptor row = {.subject_kind = RM_SUBJECT_INTERFACE,
                         .subject = door,
                         .sddl = text,
                         .canonical = text,
                         .source = RM_SDDL_TYPE_DEFAULT,
                         .effective = true,
                         .outranked_by = RM_NONE,
                         .state = RM_STATE_ASSUMED,
                         .place = it->place};
    rm_descriptor *kept = rm_push(model->arena, &model->descriptors);
    if (kept == NULL) {
        return RM_NOMEM;
    }
    *kept = row;
    return RM_OK;
}

rm_status rm_link_interfaces(rm_model *model) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < model->doors.count; i++) {
        if (opens_another_object(model, &model->doors.at[i]) && !has_descriptor(model, i)) {
            st = add_default(model, i);
        }
    }
    return st;
}
