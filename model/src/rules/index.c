#include "index.h"

#include <stddef.h>

#include "base/map.h"

/* Groups have one key more than there are things: RM_NONE's. */
rm_span rm_span_of(const rm_group *group, uint32_t key) {
    uint32_t k = key < group->keys - 1 ? key : group->keys - 1;
    return (rm_span){group->order + group->first[k], group->order + group->first[k + 1]};
}

/* `key[i]` of each of `count` items; RM_NONE becomes the last key. Takes the array over. */
static rm_status group(rm_arena *arena, uint32_t *key, uint32_t count, uint32_t things,
                       rm_group *out) {
    for (uint32_t i = 0; i < count; i++) {
        key[i] = key[i] == RM_NONE ? things : key[i];
    }
    return rm_group_build(arena, key, count, sizeof key[0], 0, things + 1, out);
}

#define GROUP(list, key_expression, things, out)                                                   \
    do {                                                                                           \
        uint32_t *keys = RM_NEW_ARRAY(arena, uint32_t, (size_t)m->list.count + 1);                 \
        for (uint32_t i = 0; keys != NULL && i < m->list.count; i++) {                             \
            keys[i] = (key_expression);                                                            \
        }                                                                                          \
        rm_status grouped =                                                                        \
            keys == NULL ? RM_NOMEM : group(arena, keys, m->list.count, m->things.count, &(out));  \
        st = st == RM_OK ? grouped : st;                                                           \
    } while (0)

/* The end of an app's way (`ending`) is no operation: no rule speaks of it. */
static uint32_t driver_of_sink(const rm_model *m, const rm_sink_call *sink) {
    return sink->ending || sink->entry == RM_NONE ? RM_NONE : m->entries.at[sink->entry].driver;
}

static rm_status group_by_driver(rm_arena *arena, const rm_model *m, rm_rule_index *of) {
    rm_status st = RM_OK;
    GROUP(entries, m->entries.at[i].driver, drivers, of->entries_of_driver);
    GROUP(devices, m->devices.at[i].driver, drivers, of->devices_of_driver);
    GROUP(ioctls, m->ioctls.at[i].driver, drivers, of->ioctls_of_driver);
    GROUP(observations, m->observations.at[i].driver, drivers, of->observations_of_driver);
    GROUP(installs, m->installs.at[i].driver, drivers, of->installs_of_driver);
    GROUP(services, m->services.at[i].driver, drivers, of->services_of_driver);
    GROUP(checks, m->checks.at[i].driver, drivers, of->checks_of_driver);
    GROUP(sinks, driver_of_sink(m, &m->sinks.at[i]), drivers, of->sinks_of_driver);
    return st;
}

static rm_status group_by_entry(rm_arena *arena, const rm_model *m, rm_rule_index *of) {
    rm_status st = RM_OK;
    GROUP(checks, m->checks.at[i].entry, entries, of->checks_of_entry);
    GROUP(sinks, m->sinks.at[i].ending ? RM_NONE : m->sinks.at[i].entry, entries,
          of->sinks_of_entry);
    GROUP(inputs, m->inputs.at[i].entry, entries, of->inputs_of_entry);
    GROUP(flow_steps, m->flow_steps.at[i].entry, entries, of->steps_of_entry);
    return st;
}

static rm_status group_by_device(rm_arena *arena, const rm_model *m, rm_rule_index *of) {
    rm_status st = RM_OK;
    GROUP(doors, m->doors.at[i].device, devices, of->doors_of_device);
    GROUP(stacks, m->stacks.at[i].device, devices, of->positions_of_device);
    GROUP(descriptors,
          m->descriptors.at[i].subject_kind == RM_SUBJECT_DEVICE ? m->descriptors.at[i].subject
                                                                 : RM_NONE,
          devices, of->descriptors_of_device);
    GROUP(accesses,
          m->accesses.at[i].subject_kind == RM_SUBJECT_DEVICE ? m->accesses.at[i].subject : RM_NONE,
          devices, of->accesses_of_device);
    return st;
}

static rm_status key_of_stack(rm_arena *arena, const rm_stack_position *p, rm_str *out) {
    rm_buf buf = {.arena = arena};
    rm_buf_printf(&buf, "%.*s\n%.*s\n%.*s", RM_STR_ARG(p->hwid), RM_STR_ARG(p->arch),
                  RM_STR_ARG(p->inf));
    *out = rm_buf_take(&buf);
    return buf.status;
}

static rm_status number_stacks(rm_arena *arena, const rm_model *m, rm_rule_index *of) {
    const uint32_t count = m->stacks.count;
    rm_map stacks = {.arena = arena, .fold = true};
    of->stack_of_position = RM_NEW_ARRAY(arena, uint32_t, (size_t)count + 1);
    rm_status st = of->stack_of_position == NULL ? RM_NOMEM : RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < count; i++) {
        rm_str key = RM_STR_NONE;
        uint32_t *number = NULL;
        bool is_new = false;
        st = key_of_stack(arena, &m->stacks.at[i], &key);
        if (st == RM_OK) {
            st = rm_map_at(&stacks, key, &number, &is_new);
        }
        if (st == RM_OK) {
            *number = is_new ? stacks.count - 1 : *number;
            of->stack_of_position[i] = *number;
        }
    }
    return st == RM_OK ? rm_group_build(arena, of->stack_of_position, count, sizeof(uint32_t), 0,
                                        stacks.count + 1, &of->positions_of_stack)
                       : st;
}

rm_status rm_rule_index_build(rm_arena *arena, const rm_model *model, rm_rule_index *out) {
    rm_status st = group_by_driver(arena, model, out);
    if (st == RM_OK) {
        st = group_by_entry(arena, model, out);
    }
    if (st == RM_OK) {
        st = group_by_device(arena, model, out);
    }
    return st == RM_OK ? number_stacks(arena, model, out) : st;
}
