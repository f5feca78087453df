#include "source/devices.h"

/*
 * Drivers that attach to a device by its name: IoAttachDevice, or IoGetDeviceObjectPointer and
 * IoAttachDeviceToDeviceStack on what it gives. They stand on top of the stack that the named
 * device has by then. What AddDevice attaches to is the stack that the INF tells of.
 */

static const char *const prefixes[] = {"IoAttachDevice", "IoGetDeviceObjectPointer", NULL};

/* The name of the device that an attaching call means; a null node: it is given an object. */
static TSNode name_of_target(const rm_source_unit *unit, const rm_context *in,
                             const rm_calls *calls, uint32_t index) {
    const rm_call *call = &calls->at[index];
    TSNode none = {0};
    if (rm_str_eq(call->name, RM_STR("IoAttachDevice"))) {
        return rm_call_argument(call->node, 1);
    }
    if (!rm_str_starts(call->name, RM_STR("IoAttachDeviceToDeviceStack"))) {
        return none;
    }
    rm_str target = rm_value_root_name(unit, in, rm_call_argument(call->node, 1));
    for (uint32_t i = index; target.len > 0 && i > 0; i--) {
        const rm_call *getter = &calls->at[i - 1];
        if (rm_str_eq(getter->name, RM_STR("IoGetDeviceObjectPointer")) &&
            rm_str_eq(rm_value_root_name(unit, in, rm_call_argument(getter->node, 3)), target)) {
            return rm_call_argument(getter->node, 0);
        }
    }
    return none;
}

static rm_status add(const rm_source_unit *unit, rm_str name, rm_place place) {
    rm_stack_position row = {.device = RM_NONE,
                             .driver = unit->driver,
                             .how = RM_STACK_ATTACH,
                             .order_state = RM_STATE_UNKNOWN,
                             .state = RM_STATE_DERIVED,
                             .place = place};
    rm_status st = rm_str_copy(unit->model->arena, name, &row.hwid);
    rm_stack_position *slot =
        st == RM_OK ? rm_push(unit->model->arena, &unit->model->stacks) : NULL;
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = row;
    return RM_OK;
}

static bool known(const rm_model *model, uint32_t driver, rm_str name) {
    for (uint32_t i = 0; i < model->stacks.count; i++) {
        const rm_stack_position *p = &model->stacks.at[i];
        if (p->driver == driver && p->position == 0 && p->how == RM_STACK_ATTACH &&
            rm_object_name_eq(p->hwid, name)) {
            return true;
        }
    }
    return false;
}

static rm_status read_attaching(const rm_source_unit *unit, const rm_calls *calls, uint32_t index) {
    const rm_call *call = &calls->at[index];
    const rm_context in = {.function = call->function};
    TSNode name = name_of_target(unit, &in, calls, index);
    rm_values values = {0};
    if (ts_node_is_null(name)) {
        return RM_OK;
    }
    rm_place place = rm_node_place(rm_context_file(unit, &in), call->node);
    rm_status st = rm_values_text(unit, &in, name, &values);
    for (uint32_t i = 0; st == RM_OK && i < values.count; i++) {
        if (!values.at[i].pattern && values.at[i].text.len > 0 &&
            !known(unit->model, unit->driver, values.at[i].text)) {
            st = add(unit, values.at[i].text, place);
        }
    }
    return st;
}

rm_status rm_source_attachments(rm_source_unit *unit) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; i < unit->functions.count && st == RM_OK; i++) {
        const rm_function *function = &unit->functions.at[i];
        rm_calls calls = {0};
        if ((unit->set->files.at[unit->files.at[function->file].in_set].scan.words &
             RM_WORD_DEVICE) == 0) {
            continue;
        }
        st = rm_calls_within(unit, unit->arena, function, prefixes, &calls);
        for (uint32_t k = 0; k < calls.count && st == RM_OK; k++) {
            st = read_attaching(unit, &calls, k);
        }
    }
    return st;
}
