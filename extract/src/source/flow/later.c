#include "source/flow/walk.h"

/*
 * Functions that the kit calls for the driver: work items, completion routines, DPCs, threads. They
 * are walked with what they are given, in the state in which they were handed over. Other requests
 * may run in between: what stands in memory that outlives this one is only what this request left
 * there, or what another did.
 */

enum {
    MOST = 8, /* routines that a queue of unknown contents is taken to run */
    MOST_WAITING = 16,
    MOST_STEPS = 4000 /* of each */
};

typedef enum rm_later_kind { LATER_WORK, LATER_DPC, LATER_TIMER, LATER_COUNT } rm_later_kind;

/* Calls that say which routine an object runs; the routine is their second argument. */
static const struct {
    const char *name;
    rm_later_kind kind;
} makers[] = {
    {"WDF_WORKITEM_CONFIG_INIT", LATER_WORK},
    {"ExInitializeWorkItem", LATER_WORK},
    {"WDF_DPC_CONFIG_INIT", LATER_DPC},
    {"KeInitializeDpc", LATER_DPC},
    {"KeInitializeThreadedDpc", LATER_DPC},
    {"WDF_TIMER_CONFIG_INIT", LATER_TIMER},
    {"WDF_TIMER_CONFIG_INIT_PERIODIC", LATER_TIMER},
};

/* Calls that have it run. */
static const struct {
    const char *name;
    rm_later_kind kind;
} starters[] = {
    {"WdfWorkItemEnqueue", LATER_WORK},
    {"ExQueueWorkItem", LATER_WORK},
    {"WdfDpcEnqueue", LATER_DPC},
    {"KeInsertQueueDpc", LATER_DPC},
    {"KeSetTimer", LATER_DPC},
    {"KeSetTimerEx", LATER_DPC},
    {"KeSetCoalescableTimer", LATER_DPC},
    {"WdfTimerStart", LATER_TIMER},
};

/* --- which routines there are --- */

static void add_routine(rm_arena *arena, const rm_source_unit *unit, TSNode node,
                        const rm_source_file *file, rm_later_kind kind, rm_laters *out) {
    bool several = false;
    const rm_function *function = rm_unit_function(unit, rm_node_text(file, node), &several);
    rm_later *slot = function == NULL ? NULL : rm_push(arena, out);
    if (slot != NULL) {
        *slot = (rm_later){.function = function, .kind = (uint32_t)kind};
    }
}

static void look_at_call(rm_arena *arena, const rm_source_unit *unit, const rm_source_file *file,
                         TSNode call, rm_laters *out) {
    TSNode args[2];
    rm_str name = rm_call_name(file, call);
    for (size_t i = 0; i < sizeof makers / sizeof makers[0]; i++) {
        if (rm_str_eq(name, rm_str_from(makers[i].name)) &&
            rm_node_arguments(rm_node_field(call, "arguments"), args, 2) >= 2) {
            add_routine(arena, unit, args[1], file, makers[i].kind, out);
        }
    }
}

static bool mentions_maker(rm_str text) {
    size_t at = 0;
    return rm_str_find(text, RM_STR("_CONFIG_INIT"), &at) ||
           rm_str_find(text, RM_STR("KeInitialize"), &at) ||
           rm_str_find(text, RM_STR("ExInitializeWorkItem"), &at);
}

void rm_laters_read(rm_arena *arena, const rm_source_unit *unit, rm_laters *out) {
    enum { MAX_NODES = 200000 };
    for (uint32_t i = 0; i < unit->functions.count; i++) {
        const rm_function *function = &unit->functions.at[i];
        const rm_source_file *file = &unit->files.at[function->file];
        if (!mentions_maker(rm_node_text(file, function->body))) {
            continue;
        }
        TSTreeCursor cursor = ts_tree_cursor_new(function->body);
        bool more = true;
        for (uint32_t n = 0; more && n < MAX_NODES; n++) {
            TSNode node = ts_tree_cursor_current_node(&cursor);
            if (rm_node_is(node, "call_expression")) {
                look_at_call(arena, unit, file, node, out);
            }
            if (!ts_tree_cursor_goto_first_child(&cursor)) {
                while (more && !ts_tree_cursor_goto_next_sibling(&cursor)) {
                    more = ts_tree_cursor_goto_parent(&cursor);
                }
            }
        }
        ts_tree_cursor_delete(&cursor);
    }
}

/* --- running them --- */

/* The same routine with the same context waits already. */
static bool is_waiting(const rm_walk *w, const rm_function *function, rm_value context) {
    for (uint32_t i = 0; i < w->waiting.count; i++) {
        const rm_waiting *one = &w->waiting.at[i];
        if (one->function == function && rm_value_eq(one->context, context)) {
            return true;
        }
    }
    return false;
}

/* PVOID Context, WDFCONTEXT, or the driver's own structure for it. */
static bool takes_context(const rm_type *type) {
    bool number = type->pointers == 0 && type->bits == 64;
    bool anything =
        type->pointers > 0 && type->bits == 0 && type->record == NULL &&
        (rm_str_eq(type->name, RM_STR("void")) || rm_str_eq(type->name, RM_STR("VOID")));
    return number || anything || (type->pointers > 0 && (type->record != NULL || type->bits > 0)) ||
           rm_str_eq(type->name, RM_STR("PVOID")) || rm_str_eq(type->name, RM_STR("LPVOID")) ||
           rm_str_eq(type->name, RM_STR("WDFCONTEXT"));
}

static bool is_irp(const rm_type *type) {
    return rm_str_eq(type->name, RM_STR("PIRP")) ||
           (rm_str_eq(type->name, RM_STR("IRP")) && type->pointers == 1);
}

/* The IRP or request that the call was about, for the routine's parameter of that type. */
static rm_value request_of(rm_walk *w, const rm_call_site *site) {
    for (uint32_t i = 0; site != NULL && i < site->count; i++) {
        const rm_symbol *s = rm_symbol_of(w, site->args[i]);
        if (s != NULL && s->op == RM_SYMBOL_SOURCE &&
            (s->source == RM_SOURCE_IRP || s->source == RM_SOURCE_REQUEST)) {
            return site->args[i];
        }
    }
    return rm_value_const(0);
}

static rm_value argument_for(rm_walk *w, const rm_type *type, rm_value context, bool known,
                             const rm_call_site *site) {
    rm_value request = request_of(w, site);
    if (request.kind == RM_VALUE_SYMBOL &&
        (is_irp(type) || rm_str_eq(type->name, RM_STR("WDFREQUEST")))) {
        return request;
    }
    if (known && takes_context(type)) {
        return context;
    }
    return rm_value_symbol(rm_symbol_fresh(w, RM_TAINT_NONE, type, site->e->span));
}

static void put_off(rm_walk *w, rm_world *world, const rm_function *function, rm_value context,
                    bool known, const rm_call_site *site) {
    const rm_body *body = rm_flow_body(w->flow, function);
    if (body == NULL || is_waiting(w, function, context)) {
        return;
    }
    if (w->waiting.count == MOST_WAITING) {
        rm_sink_unfollowed(w, world, site, "too many routines run later", false);
        return;
    }
    rm_waiting *one = rm_push(w->arena, &w->waiting);
    if (one == NULL) {
        w->status = RM_NOMEM;
        return;
    }
    *one =
        (rm_waiting){.function = function,
                     .context = context,
                     .world = rm_world_copy(w, world),
                     .at = site->e->span,
                     .count = body->param_count < RM_WALK_ARGS ? body->param_count : RM_WALK_ARGS};
    one->args = RM_NEW_ARRAY(w->arena, rm_value, (size_t)one->count + 1);
    for (uint32_t i = 0; one->args != NULL && i < one->count; i++) {
        one->args[i] = argument_for(w, &body->variables.at[i].type, context, known, site);
    }
}

/* One of them may be too long to follow: what was found before stands. */
static void mark_broken(rm_walk *w, uint32_t from, const char *why) {
    for (uint32_t i = from; i < w->sinks.count; i++) {
        w->sinks.at[i].broken = true;
        w->sinks.at[i].broken_why = rm_str_from(why);
    }
}

void rm_walk_later(rm_walk *w) {
    for (uint32_t i = 0; i < w->waiting.count && w->status == RM_OK && w->limit == NULL; i++) {
        rm_waiting one = w->waiting.at[i]; /* the list grows meanwhile */
        rm_world_list out = {0};
        uint32_t found = w->sinks.count;
        uint32_t limit = w->step_limit;
        if (one.args == NULL || one.world == NULL) {
            w->status = RM_NOMEM;
            return;
        }
        w->step_limit = w->steps + MOST_STEPS < limit ? w->steps + MOST_STEPS : limit;
        rm_kept_by_others(w, one.world);
        rm_walk_function(w, one.function, one.args, one.count, one.world, &out, one.at);
        rm_worlds_drop(w, &out);
        w->step_limit = limit;
        if (w->limit != NULL && w->symbols.count < RM_WALK_SYMBOLS) {
            mark_broken(w, found, w->limit);
            w->limit = NULL;
        }
    }
}

/* How much an argument looks like a routine's context, and not like a queue's name, which is the
   kit's: DelayedWorkQueue. */
static int looks_like_context(const rm_walk *w, rm_value value) {
    if (value.kind == RM_VALUE_POINTER) {
        return 3;
    }
    const rm_symbol *s = value.kind == RM_VALUE_SYMBOL ? &w->symbols.at[value.id] : NULL;
    if (s == NULL || (s->kernels && s->op == RM_SYMBOL_FRESH)) {
        return 0;
    }
    return rm_value_taint(w, value) > RM_TAINT_NONE ? 2 : 1;
}

/* What the routine is given: one of the arguments after it. */
static rm_value context_after(const rm_walk *w, const rm_call_site *site, uint32_t function) {
    rm_value best = rm_value_const(0);
    for (uint32_t i = function + 1; i < site->count; i++) {
        if (looks_like_context(w, site->args[i]) > looks_like_context(w, best)) {
            best = site->args[i];
        }
    }
    return best;
}

static rm_waiting *waiting_with(const rm_walk *w, const rm_function *function, const rm_value *a) {
    for (uint32_t i = 0; i < w->waiting.count; i++) {
        rm_waiting *one = &w->waiting.at[i];
        if (one->function == function && one->args != NULL && one->count == 4 &&
            (a == NULL || (rm_value_eq(one->args[2], a[0]) && rm_value_eq(one->args[3], a[1])))) {
            return one;
        }
    }
    return NULL;
}

/* KeInsertQueueDpc(dpc, a, b): what the routine gets behind its context. */
static void put_off_dpc(rm_walk *w, rm_world *world, const rm_function *function,
                        const rm_call_site *site) {
    const rm_waiting *like = waiting_with(w, function, NULL);
    if (like == NULL || site->count != 3 || waiting_with(w, function, &site->args[1]) != NULL ||
        (rm_value_taint(w, site->args[1]) == RM_TAINT_NONE &&
         rm_value_taint(w, site->args[2]) == RM_TAINT_NONE)) {
        return;
    }
    if (w->waiting.count == MOST_WAITING) {
        rm_sink_unfollowed(w, world, site, "too many routines run later", false);
        return;
    }
    rm_waiting copy = *like;
    rm_waiting *one = rm_push(w->arena, &w->waiting);
    rm_value *args = RM_NEW_ARRAY(w->arena, rm_value, 5);
    if (one == NULL || args == NULL) {
        w->status = RM_NOMEM;
        return;
    }
    args[0] = copy.args[0];
    args[1] = copy.args[1];
    args[2] = site->args[1];
    args[3] = site->args[2];
    *one = copy;
    one->args = args;
    one->world = rm_world_copy(w, world);
    one->at = site->e->span;
}

void rm_call_later(rm_walk *w, rm_world *world, const rm_call_site *site) {
    uint32_t runs = 0;
    for (uint32_t i = 0; i < site->count; i++) {
        if (site->args[i].kind == RM_VALUE_FUNCTION &&
            site->args[i].id < w->flow->unit->functions.count) {
            put_off(w, world, &w->flow->unit->functions.at[site->args[i].id],
                    context_after(w, site, i), true, site);
        }
    }
    for (size_t i = 0; i < sizeof starters / sizeof starters[0]; i++) {
        if (!rm_str_eq(site->name, rm_str_from(starters[i].name))) {
            continue;
        }
        for (uint32_t k = 0; k < w->laters->count && runs < MOST; k++) {
            if (w->laters->at[k].kind == (uint32_t)starters[i].kind) {
                put_off(w, world, w->laters->at[k].function, rm_value_const(0), false, site);
                if (rm_str_eq(site->name, RM_STR("KeInsertQueueDpc"))) {
                    put_off_dpc(w, world, w->laters->at[k].function, site);
                }
                runs++;
            }
        }
    }
}
