#include "source/devices.h"

/*
 * A WDF device is described by calls on a WDFDEVICE_INIT before WdfDeviceCreate takes it. These
 * may stand in the same function, in helpers that are handed the init, or in callers.
 */
typedef struct gathering {
    rm_device_reader *reader;
    rm_creation creation;
    rm_context places[64]; /* contexts that arguments stand in; they must outlive the gathering */
    uint32_t place_count;
    bool control, pdo, raw;
} gathering;

enum { MAX_HELPERS = 3 };

static const rm_context *keep(gathering *g, const rm_context *in) {
    if (g->place_count == sizeof g->places / sizeof g->places[0]) {
        return NULL;
    }
    g->places[g->place_count] = *in;
    return &g->places[g->place_count++];
}

static void take(gathering *g, const rm_context *in, const rm_call *call) {
    rm_creation *c = &g->creation;
    rm_str name = call->name;
    TSNode second = rm_call_argument(call->node, 1);
    const rm_context *place = keep(g, in);
    if (place == NULL) {
        return;
    }
    if (rm_str_eq(name, RM_STR("WdfDeviceInitAssignName"))) {
        c->name = second;
        c->name_in = place;
    } else if (rm_str_eq(name, RM_STR("WdfDeviceInitAssignSDDLString"))) {
        c->sddl = second;
        c->sddl_in = place;
    } else if (rm_str_eq(name, RM_STR("WdfDeviceInitSetDeviceType"))) {
        c->type = second;
        c->type_in = place;
    } else if (rm_str_eq(name, RM_STR("WdfDeviceInitSetCharacteristics"))) {
        c->characteristics = second;
        c->characteristics_in = place;
    } else if (rm_str_eq(name, RM_STR("WdfDeviceInitSetExclusive"))) {
        c->exclusive = second;
        c->exclusive_in = place;
    } else if (rm_str_eq(name, RM_STR("WdfDeviceInitSetDeviceClass"))) {
        c->class_guid = second;
        c->class_in = place;
    } else if (rm_str_eq(name, RM_STR("WdfFdoInitSetFilter"))) {
        c->filter = true;
    } else if (rm_str_eq(name, RM_STR("WdfPdoInitAssignRawDevice"))) {
        g->raw = true;
        c->class_guid = second;
        c->class_in = place;
    } else if (rm_str_starts(name, RM_STR("WdfPdoInit"))) {
        g->pdo = true;
    }
}

/* init = WdfControlDeviceInitAllocate(driver, &sddl): an SDDL that a later call may replace. */
static void take_allocation(gathering *g, const rm_context *in, const rm_call *call) {
    if (rm_str_eq(call->name, RM_STR("WdfControlDeviceInitAllocate"))) {
        rm_call *slot = rm_push(g->reader->unit->arena, &g->reader->allocated);
        if (slot != NULL) {
            *slot = *call;
        }
        g->control = true;
        if (ts_node_is_null(g->creation.sddl)) {
            g->creation.sddl = rm_call_argument(call->node, 1);
            g->creation.sddl_in = keep(g, in);
        }
    } else if (rm_str_eq(call->name, RM_STR("WdfPdoInitAllocate"))) {
        g->pdo = true;
    }
}

/* The variable that a call's result is assigned to; empty: none. */
static rm_str assigned_to(const rm_source_unit *unit, const rm_context *in, TSNode call) {
    TSNode node = call;
    for (unsigned i = 0; i < 4; i++) {
        TSNode parent = ts_node_parent(node);
        if (rm_node_is(parent, "assignment_expression")) {
            return rm_value_root_name(unit, in, rm_node_field(parent, "left"));
        }
        if (rm_node_is(parent, "init_declarator")) {
            TSNode declarator = rm_node_field(parent, "declarator");
            for (unsigned k = 0; k < 4 && !rm_node_is(declarator, "identifier"); k++) {
                declarator = rm_node_field(declarator, "declarator");
            }
            return rm_node_text(rm_context_file(unit, in), declarator);
        }
        node = parent;
    }
    return RM_STR_NONE;
}

static bool on_init(const rm_source_unit *unit, const rm_context *in, const rm_call *call,
                    rm_str init) {
    return rm_str_eq(rm_value_root_name(unit, in, rm_call_argument(call->node, 0)), init);
}

/* Every call of one function on the variable `init`, in order, before `end`. */
static void gather_in(gathering *g, const rm_context *in, rm_str init, uint32_t end) {
    const rm_calls *calls = &g->reader->calls;
    for (uint32_t i = 0; i < calls->count; i++) {
        const rm_call *call = &calls->at[i];
        if (call->function != in->function || ts_node_start_byte(call->node) >= end) {
            continue;
        }
        if (on_init(g->reader->unit, in, call, init)) {
            take(g, in, call);
        } else if (rm_str_iends(call->name, RM_STR("InitAllocate")) &&
                   rm_str_eq(assigned_to(g->reader->unit, in, call->node), init)) {
            take_allocation(g, in, call);
        }
    }
}

/* Helpers that the function hands the init to: f(init, …). */
static void gather_helpers(gathering *g, const rm_context *in, rm_str init, uint32_t end,
                           unsigned depth) {
    const rm_source_unit *unit = g->reader->unit;
    const rm_source_file *file = rm_context_file(unit, in);
    uint32_t at = ts_node_start_byte(in->function->body);
    while (depth < MAX_HELPERS) {
        TSNode node = rm_next_occurrence(file, init, &at, end);
        if (ts_node_is_null(node)) {
            return;
        }
        TSNode list = ts_node_parent(node);
        list = rm_node_is(list, "pointer_expression") ? ts_node_parent(list) : list;
        TSNode call = ts_node_parent(list);
        if (!rm_node_is(list, "argument_list") || !rm_node_is(call, "call_expression")) {
            continue;
        }
        const rm_function *helper = rm_unit_function(unit, rm_call_name(file, call), NULL);
        if (helper == NULL || helper == in->function) {
            continue;
        }
        const rm_context *outer = keep(g, in);
        rm_context inner = {.function = helper, .call = call, .outer = outer};
        for (uint32_t i = 0; i < helper->param_count; i++) {
            if (rm_str_eq(rm_value_root_name(unit, in, rm_call_argument(call, i)), init)) {
                gather_in(g, &inner, helper->params[i].name, UINT32_MAX);
                gather_helpers(g, &inner, helper->params[i].name, ts_node_end_byte(helper->body),
                               depth + 1);
            }
        }
    }
}

/* Callers that prepared the init before they handed it to this function. */
static void gather_callers(gathering *g, const rm_context *in, rm_str init, unsigned depth) {
    const rm_source_unit *unit = g->reader->unit;
    rm_call callers[4];
    uint32_t parameter = RM_NONE;
    for (uint32_t i = 0; i < in->function->param_count; i++) {
        parameter = rm_str_eq(in->function->params[i].name, init) ? i : parameter;
    }
    if (parameter == RM_NONE || depth >= MAX_HELPERS) {
        return;
    }
    uint32_t count = rm_callers(unit, in->function, callers, 4);
    for (uint32_t i = 0; i < count; i++) {
        rm_context outer = {.function = callers[i].function};
        rm_str name =
            rm_value_root_name(unit, &outer, rm_call_argument(callers[i].node, parameter));
        if (name.len > 0) {
            gather_callers(g, &outer, name, depth + 1);
            gather_in(g, &outer, name, ts_node_start_byte(callers[i].node));
        }
    }
}

rm_status rm_device_read_wdf(rm_device_reader *reader, const rm_call *call) {
    rm_context in = {.function = call->function};
    gathering g = {.reader = reader};
    rm_str init = rm_value_root_name(reader->unit, &in, rm_call_argument(call->node, 0));
    uint32_t end = ts_node_start_byte(call->node);
    if (init.len > 0) {
        gather_callers(&g, &in, init, 0);
        gather_in(&g, &in, init, end);
        gather_helpers(&g, &in, init, end, 0);
    }
    g.creation.variable = rm_call_argument(call->node, 2);
    g.creation.framework_defaults = true;
    g.creation.unnamed = ts_node_is_null(g.creation.name);
    g.creation.pnp = !g.control;
    g.creation.created_by = g.control ? RM_CREATED_WDFCONTROLDEVICE
                            : g.raw   ? RM_CREATED_WDFRAWPDO
                                      : RM_CREATED_WDFDEVICECREATE;
    return rm_device_add(reader, &in, call->node, &g.creation);
}

/* ---- an init that an object keeps ---- */

static bool is_taken(const rm_device_reader *reader, const rm_call *call) {
    for (uint32_t i = 0; i < reader->allocated.count; i++) {
        if (ts_node_eq(reader->allocated.at[i].node, call->node)) {
            return true;
        }
    }
    return false;
}

enum { MAX_SITES = 32 };

/* What the function tells the init through helpers that know where it is kept: SetName(name). */
static void gather_kept(gathering *g, const rm_context *in) {
    const rm_calls *calls = &g->reader->calls;
    rm_call sites[MAX_SITES];
    for (uint32_t i = 0; i < calls->count; i++) {
        const rm_call *call = &calls->at[i];
        if (call->function == in->function || !rm_str_starts(call->name, RM_STR("WdfDeviceInit"))) {
            continue;
        }
        uint32_t count = rm_callers(g->reader->unit, call->function, sites, MAX_SITES);
        for (uint32_t k = 0; k < count; k++) {
            rm_context inner = {.function = call->function, .call = sites[k].node, .outer = in};
            if (sites[k].function == in->function) {
                take(g, &inner, call);
            }
        }
    }
}

rm_status rm_device_read_allocation(rm_device_reader *reader, const rm_call *call) {
    rm_context in = {.function = call->function};
    gathering g = {.reader = reader};
    if (is_taken(reader, call)) {
        return RM_OK;
    }
    take_allocation(&g, &in, call);
    gather_kept(&g, &in);
    g.creation.framework_defaults = true;
    g.creation.unnamed = ts_node_is_null(g.creation.name);
    g.creation.created_by = RM_CREATED_WDFCONTROLDEVICE;
    return rm_device_add(reader, &in, call->node, &g.creation);
}
