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
    rm_str under; /* the conditions of the helpers that are being read */
    bool control, pdo, raw;
    bool handed; /* the init comes from a caller */
    rm_status status;
} gathering;

enum { MAX_HELPERS = 3, MAX_RETURNS = 8 };

static const rm_context *keep(gathering *g, const rm_context *in) {
    if (g->place_count == sizeof g->places / sizeof g->places[0]) {
        return NULL;
    }
    g->places[g->place_count] = *in;
    return &g->places[g->place_count++];
}

/* ---- one call on the init ---- */

/* A setting with one value: under a condition it is open which. */
static void take_setting(rm_choice next, TSNode *value, const rm_context **in, bool *open) {
    *value = next.node;
    *in = next.in;
    *open = next.condition.len > 0;
}

static void take(gathering *g, rm_str name, rm_choice next, const rm_passage *passage) {
    rm_creation *c = &g->creation;
    if (rm_str_eq(name, RM_STR("WdfDeviceInitAssignName"))) {
        rm_choices_take(&c->names, next, passage);
    } else if (rm_str_eq(name, RM_STR("WdfDeviceInitAssignSDDLString"))) {
        rm_choices_take(&c->sddls, next, passage);
    } else if (rm_str_eq(name, RM_STR("WdfDeviceInitSetDeviceType"))) {
        take_setting(next, &c->type, &c->type_in, &c->type_open);
    } else if (rm_str_eq(name, RM_STR("WdfDeviceInitSetCharacteristics"))) {
        take_setting(next, &c->characteristics, &c->characteristics_in, &c->characteristics_open);
    } else if (rm_str_eq(name, RM_STR("WdfDeviceInitSetExclusive"))) {
        take_setting(next, &c->exclusive, &c->exclusive_in, &c->exclusive_open);
    } else if (rm_str_eq(name, RM_STR("WdfDeviceInitSetDeviceClass"))) {
        c->class_guid = next.node;
        c->class_in = next.in;
    } else if (rm_str_eq(name, RM_STR("WdfFdoInitSetFilter"))) {
        c->filter = true;
    } else if (rm_str_eq(name, RM_STR("WdfPdoInitAssignRawDevice"))) {
        g->raw = true;
        c->class_guid = next.node;
        c->class_in = next.in;
    } else if (rm_str_starts(name, RM_STR("WdfPdoInit"))) {
        g->pdo = true;
    }
}

/* What a call says that stands in `in`, on the way to `end`. */
static void take_call(gathering *g, const rm_context *in, TSNode call, rm_str init, uint32_t end) {
    const rm_source_unit *unit = g->reader->unit;
    const rm_source_file *file = rm_context_file(unit, in);
    rm_choice next = {
        .node = rm_call_argument(call, 1), .in = keep(g, in), .at = ts_node_start_byte(call)};
    rm_passage passage;
    rm_status st = rm_passage_of(unit->arena, file, call, end, init, &passage);
    if (st == RM_OK) {
        st = rm_condition_join(unit->arena, g->under, passage.condition, &next.condition);
    }
    g->status = st != RM_OK ? st : g->status;
    if (st == RM_OK && next.in != NULL && !passage.excluded) {
        take(g, rm_call_name(file, call), next, &passage);
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
        if (g->creation.sddls.count == 0) {
            g->creation.sddls = rm_choice_of(rm_call_argument(call->node, 1));
            g->creation.sddls.at[0].in = keep(g, in);
        }
    } else if (rm_str_eq(call->name, RM_STR("WdfPdoInitAllocate"))) {
        g->pdo = true;
    }
}

/* ---- a function's calls, in their order ---- */

static void gather_in(gathering *g, const rm_context *in, rm_str init, uint32_t end,
                      unsigned depth);

/* The call that a name is an argument of: f(init), f(&init), f(ctx->init). */
static TSNode call_with(TSNode node) {
    for (unsigned i = 0; i < 6; i++) {
        TSNode parent = ts_node_parent(node);
        if (rm_node_is(parent, "argument_list")) {
            return ts_node_parent(parent);
        }
        if (!rm_node_is(parent, "pointer_expression") && !rm_node_is(parent, "field_expression") &&
            !rm_node_is(parent, "parenthesized_expression") &&
            !rm_node_is(parent, "cast_expression")) {
            break;
        }
        node = parent;
    }
    return (TSNode){{0}, NULL, NULL};
}

/* What is assigned to the name where it stands; a null node: it is not assigned to. */
static TSNode value_given(TSNode node) {
    for (unsigned i = 0; i < 4; i++) {
        TSNode parent = ts_node_parent(node);
        if (rm_node_is(parent, "assignment_expression")) {
            TSNode value = rm_node_field(parent, "right");
            return ts_node_eq(value, node) ? (TSNode){{0}, NULL, NULL} : rm_value_root(value);
        }
        if (rm_node_is(parent, "init_declarator")) {
            return rm_value_root(rm_node_field(parent, "value"));
        }
        node = parent;
    }
    return (TSNode){{0}, NULL, NULL};
}

static bool is_known(rm_str variable) {
    return variable.len > 0 && !rm_str_eq(variable, RM_STR("NULL")) &&
           !rm_str_eq(variable, RM_STR("nullptr"));
}

/* init = Prepare(driver): the function of the unit that allocates it. */
static void gather_made(gathering *g, const rm_context *in, TSNode call, unsigned depth) {
    const rm_source_unit *unit = g->reader->unit;
    const rm_source_file *file = rm_context_file(unit, in);
    rm_call made = {in->function, call, rm_call_name(file, call)};
    if (rm_str_iends(made.name, RM_STR("InitAllocate"))) {
        take_allocation(g, in, &made);
        return;
    }
    const rm_function *maker = rm_unit_function(unit, made.name, NULL);
    const rm_context *outer = maker == NULL || depth >= MAX_HELPERS ? NULL : keep(g, in);
    if (outer == NULL || maker == in->function) {
        return;
    }
    rm_context inner = {.function = maker, .call = call, .outer = outer};
    for (uint32_t i = 0; i < g->reader->calls.count; i++) {
        const rm_call *inside = &g->reader->calls.at[i];
        if (inside->function == maker && rm_str_iends(inside->name, RM_STR("InitAllocate"))) {
            take_allocation(g, &inner, inside);
        }
    }
    TSNode returned[MAX_RETURNS];
    uint32_t count = rm_returns_of(maker, returned, MAX_RETURNS);
    rm_str init = RM_STR_NONE;
    for (uint32_t i = 0; i < count && !is_known(init); i++) { /* NULL is how it fails */
        init = rm_value_root_name(unit, &inner, returned[i]);
    }
    if (is_known(init)) {
        gather_in(g, &inner, init, UINT32_MAX, depth + 1);
    }
}

/* A helper of the unit that the function hands the init to: f(init, …). */
static void gather_helper(gathering *g, const rm_context *in, TSNode call, rm_str init,
                          uint32_t end, unsigned depth) {
    const rm_source_unit *unit = g->reader->unit;
    const rm_source_file *file = rm_context_file(unit, in);
    const rm_function *helper = rm_unit_function(unit, rm_call_name(file, call), NULL);
    if (helper == NULL || helper == in->function || depth >= MAX_HELPERS) {
        return;
    }
    rm_passage passage;
    rm_str before = g->under;
    rm_status st = rm_passage_of(unit->arena, file, call, end, init, &passage);
    if (st == RM_OK) {
        st = rm_condition_join(unit->arena, before, passage.condition, &g->under);
    }
    g->status = st != RM_OK ? st : g->status;
    const rm_context *outer = keep(g, in);
    rm_context inner = {.function = helper, .call = call, .outer = outer};
    for (uint32_t i = 0;
         st == RM_OK && outer != NULL && !passage.excluded && i < helper->param_count; i++) {
        if (rm_str_eq(rm_value_root_name(unit, in, rm_call_argument(call, i)), init)) {
            gather_in(g, &inner, helper->params[i].name, UINT32_MAX, depth + 1);
        }
    }
    g->under = before;
}

/* Every call of one function on the variable `init`, in order, before `end`. */
static void gather_in(gathering *g, const rm_context *in, rm_str init, uint32_t end,
                      unsigned depth) {
    const rm_source_unit *unit = g->reader->unit;
    const rm_source_file *file = rm_context_file(unit, in);
    uint32_t at = ts_node_start_byte(in->function->body);
    uint32_t body_end = ts_node_end_byte(in->function->body);
    for (;;) {
        TSNode node = rm_next_occurrence(file, init, &at, end < body_end ? end : body_end);
        if (ts_node_is_null(node)) {
            return;
        }
        TSNode call = call_with(node);
        TSNode value = ts_node_is_null(call) ? value_given(node) : call;
        if (ts_node_is_null(call) && rm_node_is(value, "call_expression")) {
            gather_made(g, in, value, depth);
        } else if (rm_node_is(call, "call_expression") &&
                   rm_str_starts(rm_call_name(file, call), RM_STR("Wdf"))) {
            if (rm_str_eq(rm_value_root_name(unit, in, rm_call_argument(call, 0)), init)) {
                take_call(g, in, call, init, end);
            }
        } else if (rm_node_is(call, "call_expression")) {
            gather_helper(g, in, call, init, end, depth);
        }
    }
}

static uint32_t parameter_of(const rm_function *function, rm_str name) {
    for (uint32_t i = 0; i < function->param_count; i++) {
        if (rm_str_eq(function->params[i].name, name)) {
            return i;
        }
    }
    return RM_NONE;
}

/* The caller that prepared the init before it handed it to this function. */
static void gather_callers(gathering *g, const rm_context *in, rm_str init, unsigned depth) {
    uint32_t parameter = parameter_of(in->function, init);
    if (parameter == RM_NONE || depth >= MAX_HELPERS) {
        return;
    }
    if (in->outer == NULL || ts_node_is_null(in->call)) {
        g->handed = true;
        return;
    }
    rm_str name =
        rm_value_root_name(g->reader->unit, in->outer, rm_call_argument(in->call, parameter));
    if (name.len > 0) {
        gather_callers(g, in->outer, name, depth + 1);
        gather_in(g, in->outer, name, ts_node_start_byte(in->call), 0);
    }
}

static void gather(gathering *g, const rm_context *in, const rm_call *call) {
    rm_str init = rm_value_root_name(g->reader->unit, in, rm_call_argument(call->node, 0));
    if (init.len > 0) {
        gather_callers(g, in, init, 0);
        gather_in(g, in, init, ts_node_start_byte(call->node), 0);
    }
}

/* ---- the whole ---- */

static bool is_wrapper(rm_device_reader *reader, const rm_context *in, const rm_call *call) {
    gathering g = {.reader = reader};
    gather(&g, in, call);
    return g.handed || rm_choices_are_of_caller(reader->unit, in, &g.creation.names) ||
           rm_choices_are_of_caller(reader->unit, in, &g.creation.sddls);
}

static rm_status make(rm_device_reader *reader, const rm_context *in, const rm_call *call) {
    gathering g = {.reader = reader};
    gather(&g, in, call);
    if (g.status != RM_OK) {
        return g.status;
    }
    g.creation.variable = rm_call_argument(call->node, 2);
    g.creation.framework_defaults = true;
    g.creation.pnp = !g.control;
    g.creation.created_by = g.control ? RM_CREATED_WDFCONTROLDEVICE
                            : g.raw   ? RM_CREATED_WDFRAWPDO
                                      : RM_CREATED_WDFDEVICECREATE;
    return rm_device_add(reader, in, call->node, &g.creation);
}

rm_status rm_device_read_wdf(rm_device_reader *reader, const rm_call *call) {
    static const rm_maker maker = {is_wrapper, make};
    return rm_device_for_callers(reader, &maker, call);
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
                take_call(g, &inner, call->node, RM_STR_NONE, UINT32_MAX);
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
    if (g.status != RM_OK) {
        return g.status;
    }
    g.creation.framework_defaults = true;
    g.creation.created_by = RM_CREATED_WDFCONTROLDEVICE;
    return rm_device_add(reader, &in, call->node, &g.creation);
}
