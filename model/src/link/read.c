#include <stddef.h>
#include <string.h>

#include "refs.h"

#define FREE(list, type, to)                                                                       \
    {                                                                                              \
        offsetof(rm_model, list), sizeof(type), RM_TO_##to, {                                      \
            offsetof(type, place), true, RM_NO_FIELD                                               \
        }                                                                                          \
    }
#define OWNED(list, type, to, belongs)                                                             \
    {                                                                                              \
        offsetof(rm_model, list), sizeof(type), RM_TO_##to, {                                      \
            offsetof(type, place), true, offsetof(type, belongs)                                   \
        }                                                                                          \
    }
/* What a fact belongs to comes before it. */
static const struct fact_list {
    size_t list;
    size_t item_size;
    rm_target target;
    rm_sort_by by;
} lists[] = {
    {offsetof(rm_model, artifacts),
     sizeof(rm_artifact),
     RM_TO_NOTHING,
     {offsetof(rm_artifact, path), false, RM_NO_FIELD}},
    FREE(diagnostics, rm_diagnostic, NOTHING),
    FREE(drivers, rm_driver, DRIVERS),
    OWNED(installs, rm_install, NOTHING, driver),
    OWNED(services, rm_service, SERVICES, driver),
    OWNED(devices, rm_device, DEVICES, driver),
    OWNED(descriptors, rm_descriptor, DESCRIPTORS, subject),
    OWNED(doors, rm_door, DOORS, device),
    OWNED(stacks, rm_stack_position, NOTHING, driver),
    OWNED(entries, rm_entry, ENTRIES, driver),
    OWNED(ioctls, rm_ioctl, NOTHING, driver),
    OWNED(inputs, rm_input, NOTHING, entry),
    OWNED(checks, rm_check, NOTHING, entry),
    OWNED(sinks, rm_sink_call, SINKS, entry),
    {offsetof(rm_model, flow_steps), /* in the order of their entry's numbers */
     sizeof(rm_flow_step),
     RM_TO_NOTHING,
     {RM_NO_FIELD, false, offsetof(rm_flow_step, entry)}},
    OWNED(forwards, rm_forward, NOTHING, entry),
    FREE(apps, rm_app, APPS),
    OWNED(capabilities, rm_capability, NOTHING, app),
    FREE(authorizeds, rm_authorized, NOTHING),
    OWNED(app_entries, rm_app_entry, NOTHING, app),
    OWNED(opens, rm_open, NOTHING, app),
    FREE(handles, rm_handle, NOTHING),
    OWNED(settings, rm_registry_setting, NOTHING, driver),
    OWNED(directives, rm_directive, NOTHING, driver),
    OWNED(observations, rm_observation, NOTHING, driver),
    FREE(confirmations, rm_confirmation, NOTHING),
    {offsetof(rm_model, conflicts),
     sizeof(rm_conflict),
     RM_TO_NOTHING,
     {offsetof(rm_conflict, told), true, RM_NO_FIELD}},
};
enum { LISTS = sizeof lists / sizeof lists[0] };

#define COUNT(id, list) +1
_Static_assert(LISTS == 0 RM_FACT_LIST(COUNT), "every list of facts is kept");
#undef COUNT

/* Facts lie in the order of their places: that of reading leaves no trace. */
static rm_status sort_lists(rm_model *model) {
    rm_status st = RM_OK;
    for (size_t i = 0; st == RM_OK && i < LISTS; i++) {
        st = rm_refs_sort(model, lists[i].target, (unsigned char *)model + lists[i].list,
                          lists[i].item_size, &lists[i].by);
    }
    return st;
}

static rm_status copy_list(rm_arena *arena, const struct fact_list *which, rm_model *to) {
    rm_any_list list;
    unsigned char *where = (unsigned char *)to + which->list;
    memcpy(&list, where, sizeof list);
    const unsigned char *items = list.at;
    const uint32_t count = list.count;
    list = (rm_any_list){.count = count, .capacity = count};
    list.at = count == 0 ? NULL : rm_arena_alloc(arena, count, which->item_size);
    if (count > 0 && list.at == NULL) {
        return RM_NOMEM;
    }
    if (count > 0) {
        memcpy(list.at, items, count * which->item_size);
    }
    memcpy(where, &list, sizeof list);
    return RM_OK;
}

rm_status rm_model_keep_read(rm_model *model) {
    rm_model *read = RM_NEW(model->arena, rm_model);
    rm_status st = read == NULL ? RM_NOMEM : sort_lists(model);
    if (st != RM_OK) {
        return st;
    }
    *read = *model;
    for (size_t i = 0; st == RM_OK && i < LISTS; i++) {
        st = copy_list(model->arena, &lists[i], read);
    }
    model->read = st == RM_OK ? read : NULL;
    return st;
}
