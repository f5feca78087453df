#include "refs.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* A descriptor's subject is a device, a door or a service, as its kind says. */
static rm_target subject_target(rm_subject kind) {
    switch (kind) {
    case RM_SUBJECT_DEVICE:
    case RM_SUBJECT_PORT: return RM_TO_DEVICES;
    case RM_SUBJECT_INTERFACE: return RM_TO_DOORS;
    case RM_SUBJECT_SERVICE: return RM_TO_SERVICES;
    case RM_SUBJECT_KEY:
    case RM_SUBJECT_FILE:
    case RM_SUBJECT_COUNT: break;
    }
    return RM_TO_NOTHING;
}

static rm_target descriptor_subject(const void *item) {
    return subject_target(((const rm_descriptor *)item)->subject_kind);
}

/* A key has no list of its own: its access is told of its descriptor. */
static rm_target access_subject(const void *item) {
    rm_subject kind = ((const rm_access *)item)->subject_kind;
    return kind == RM_SUBJECT_KEY ? RM_TO_DESCRIPTORS : subject_target(kind);
}

/* Every field of the model that refers to an item of a list. */
#define REF(list, type, field, to)                                                                 \
    { offsetof(rm_model, list), sizeof(type), offsetof(type, field), RM_TO_##to, NULL }
static const struct reference {
    size_t list;
    size_t item_size;
    size_t field;
    rm_target to;
    rm_target (*to_by_item)(const void *item);
} references[] = {
    REF(installs, rm_install, driver, DRIVERS),
    REF(services, rm_service, driver, DRIVERS),
    REF(devices, rm_device, driver, DRIVERS),
    REF(devices, rm_device, descriptor, DESCRIPTORS),
    REF(descriptors, rm_descriptor, outranked_by, DESCRIPTORS),
    {offsetof(rm_model, descriptors), sizeof(rm_descriptor), offsetof(rm_descriptor, subject),
     RM_TO_NOTHING, descriptor_subject},
    REF(doors, rm_door, device, DEVICES),
    REF(doors, rm_door, service, SERVICES),
    REF(stacks, rm_stack_position, device, DEVICES),
    REF(stacks, rm_stack_position, driver, DRIVERS),
    REF(entries, rm_entry, driver, DRIVERS),
    REF(entries, rm_entry, device, DEVICES),
    REF(ioctls, rm_ioctl, driver, DRIVERS),
    REF(ioctls, rm_ioctl, device, DEVICES),
    REF(inputs, rm_input, entry, ENTRIES),
    REF(checks, rm_check, entry, ENTRIES),
    REF(checks, rm_check, sink, SINKS),
    REF(checks, rm_check, driver, DRIVERS),
    REF(sinks, rm_sink_call, entry, ENTRIES),
    REF(flow_steps, rm_flow_step, entry, ENTRIES),
    REF(flow_steps, rm_flow_step, sink, SINKS),
    REF(forwards, rm_forward, from_driver, DRIVERS),
    REF(forwards, rm_forward, from_service, SERVICES),
    REF(forwards, rm_forward, entry, ENTRIES),
    REF(forwards, rm_forward, to_driver, DRIVERS),
    REF(forwards, rm_forward, to_device, DEVICES),
    REF(capabilities, rm_capability, app, APPS),
    REF(app_entries, rm_app_entry, app, APPS),
    REF(opens, rm_open, app, APPS),
    REF(opens, rm_open, service, SERVICES),
    REF(opens, rm_open, device, DEVICES),
    REF(opens, rm_open, to_service, SERVICES),
    REF(handles, rm_handle, app, APPS),
    REF(handles, rm_handle, device, DEVICES),
    REF(settings, rm_registry_setting, driver, DRIVERS),
    REF(directives, rm_directive, driver, DRIVERS),
    REF(observations, rm_observation, driver, DRIVERS),
    {offsetof(rm_model, accesses), sizeof(rm_access), offsetof(rm_access, subject), RM_TO_NOTHING,
     access_subject},
    REF(paths, rm_path, app, APPS),
    REF(paths, rm_path, door, DOORS),
    REF(paths, rm_path, device, DEVICES),
    REF(paths, rm_path, entry, ENTRIES),
    REF(paths, rm_path, sink, SINKS),
    REF(findings, rm_finding, path, PATHS),
};

static void rewrite_field(unsigned char *field, const uint32_t *new_index, uint32_t count) {
    uint32_t index = 0;
    memcpy(&index, field, sizeof index);
    if (index != RM_NONE) {
        index = index < count ? new_index[index] : RM_NONE;
        memcpy(field, &index, sizeof index);
    }
}

void rm_refs_rewrite(rm_model *model, rm_target target, const uint32_t *new_index, uint32_t count) {
    for (size_t r = 0; r < sizeof references / sizeof references[0]; r++) {
        const struct reference *ref = &references[r];
        rm_any_list list;
        memcpy(&list, (unsigned char *)model + ref->list, sizeof list);
        if (ref->to_by_item == NULL && ref->to != target) {
            continue;
        }
        for (uint32_t i = 0; i < list.count; i++) {
            unsigned char *item = list.at + (size_t)i * ref->item_size;
            if (ref->to_by_item == NULL || ref->to_by_item(item) == target) {
                rewrite_field(item + ref->field, new_index, count);
            }
        }
    }
}

/* ---- sorting ---- */

_Static_assert(offsetof(rm_loc, file) == 0, "a text is the beginning of a place");

typedef struct sort_key {
    rm_loc at; /* a text is the file of a place without a line */
    uint32_t owner;
    uint32_t old;
} sort_key;

static int compare_u32(uint32_t a, uint32_t b) {
    return (a > b) - (a < b);
}

static int by_key(const void *a, const void *b) {
    const sort_key *x = a;
    const sort_key *y = b;
    int order = rm_str_cmp(x->at.file, y->at.file);
    order = order != 0 ? order : compare_u32(x->at.line, y->at.line);
    order = order != 0 ? order : compare_u32(x->at.column, y->at.column);
    order = order != 0 ? order : compare_u32(x->owner, y->owner);
    return order != 0 ? order : compare_u32(x->old, y->old);
}

/* `keys` has one for each item, in their order. */
static rm_status sort_list(rm_model *model, rm_target target, rm_any_list list, size_t item_size,
                           sort_key *keys) {
    uint32_t *new_index = RM_NEW_ARRAY(model->arena, uint32_t, list.count);
    unsigned char *sorted = rm_arena_alloc(model->arena, list.count, item_size);
    if (new_index == NULL || sorted == NULL) {
        return RM_NOMEM;
    }
    qsort(keys, list.count, sizeof *keys, by_key);
    for (uint32_t i = 0; i < list.count; i++) {
        memcpy(sorted + i * item_size, list.at + keys[i].old * item_size, item_size);
        new_index[keys[i].old] = i;
    }
    memcpy(list.at, sorted, list.count * item_size);
    if (target != RM_TO_NOTHING) {
        rm_refs_rewrite(model, target, new_index, list.count);
    }
    return RM_OK;
}

rm_status rm_refs_sort(rm_model *model, rm_target target, void *items, size_t item_size,
                       const rm_sort_by *by) {
    rm_any_list list;
    memcpy(&list, items, sizeof list);
    sort_key *keys = list.count < 2 ? NULL : RM_NEW_ARRAY(model->arena, sort_key, list.count);
    if (keys == NULL) {
        return list.count < 2 ? RM_OK : RM_NOMEM;
    }
    for (uint32_t i = 0; i < list.count; i++) {
        const unsigned char *item = list.at + i * item_size;
        keys[i] = (sort_key){.old = i};
        if (by->key != RM_NO_FIELD) {
            memcpy(&keys[i].at, item + by->key, by->is_place ? sizeof(rm_loc) : sizeof(rm_str));
        }
        if (by->owner != RM_NO_FIELD) {
            memcpy(&keys[i].owner, item + by->owner, sizeof keys[i].owner);
        }
    }
    return sort_list(model, target, list, item_size, keys);
}

rm_status rm_refs_replace_devices(rm_model *model, const uint32_t *instead) {
    uint32_t count = model->devices.count;
    uint32_t kept = 0;
    uint32_t *new_index = RM_NEW_ARRAY(model->arena, uint32_t, count);
    if (count > 0 && new_index == NULL) {
        return RM_NOMEM;
    }
    for (uint32_t i = 0; i < count; i++) {
        new_index[i] = instead[i] == i ? kept++ : RM_NONE;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (instead[i] != i) {
            new_index[i] = instead[i] == RM_NONE ? RM_NONE : new_index[instead[i]];
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        if (instead[i] == i) {
            model->devices.at[new_index[i]] = model->devices.at[i];
        }
    }
    model->devices.count = kept;
    rm_refs_rewrite(model, RM_TO_DEVICES, new_index, count);
    return RM_OK;
}
