#include "link.h"

#include "refs.h"

/* An INF and a source may tell of the same door, each with a part of what there is to know. */

static bool same_door(const rm_door *a, const rm_door *b) {
    return a->kind == b->kind && a->device == b->device && a->service == b->service &&
           rm_object_name_eq(a->name, b->name);
}

/* What the second knows beyond the first. */
static void complete(rm_door *door, const rm_door *other) {
    if (door->class_guid.len == 0) {
        door->class_guid = other->class_guid;
    }
    if (door->restricted == RM_TRI_NO) {
        door->restricted = other->restricted;
    }
    if (door->capabilities.len == 0) {
        door->capabilities = other->capabilities;
    }
}

/* Whoever knows \Device\X opens it by that name, link or no link. */
static rm_status add_nt_names(rm_model *model) {
    for (uint32_t i = 0; i < model->devices.count; i++) {
        const rm_device *d = &model->devices.at[i];
        if (d->nt_name.len == 0 || d->created_by == RM_CREATED_FLTPORT) {
            continue;
        }
        rm_door *door = rm_push(model->arena, &model->doors);
        if (door == NULL) {
            return RM_NOMEM;
        }
        *door = (rm_door){.device = i,
                          .service = RM_NONE,
                          .kind = RM_DOOR_NT_NAME,
                          .name = d->nt_name,
                          .state = d->state,
                          .place = d->place};
    }
    return RM_OK;
}

rm_status rm_link_doors(rm_model *model) {
    rm_status st = add_nt_names(model);
    if (st != RM_OK) {
        return st;
    }
    uint32_t count = model->doors.count;
    uint32_t kept = 0;
    uint32_t *new_index = RM_NEW_ARRAY(model->arena, uint32_t, (size_t)count + 1);
    uint32_t *last = RM_NEW_ARRAY(model->arena, uint32_t, (size_t)model->devices.count + 1);
    uint32_t *before = RM_NEW_ARRAY(model->arena, uint32_t, (size_t)count + 1);
    if (new_index == NULL || last == NULL || before == NULL) {
        return RM_NOMEM;
    }
    for (uint32_t i = 0; i < model->devices.count; i++) {
        last[i] = RM_NONE;
    }
    /* the doors kept so far of each device are a chain: last[device], before[door], … */
    for (uint32_t i = 0; i < count; i++) {
        const rm_door door = model->doors.at[i];
        uint32_t twin = door.device < model->devices.count ? last[door.device] : RM_NONE;
        while (twin != RM_NONE && !same_door(&model->doors.at[twin], &door)) {
            twin = before[twin];
        }
        if (twin != RM_NONE) {
            complete(&model->doors.at[twin], &door);
            new_index[i] = twin;
            continue;
        }
        model->doors.at[kept] = door;
        if (door.device < model->devices.count) {
            before[kept] = last[door.device];
            last[door.device] = kept;
        }
        new_index[i] = kept++;
    }
    model->doors.count = kept;
    rm_refs_rewrite(model, RM_TO_DOORS, new_index, count);
    return RM_OK;
}
