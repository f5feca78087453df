#include "source/flow/assigned.h"
#include "source/flow/contexts.h"
#include "source/flow/walk.h"
#include "source/normalise.h"

/* Calls: into the driver's own functions, to routines of the kit, and to what cannot be seen. */

static bool on_the_way(const rm_walk *w, const rm_function *function) {
    for (const rm_frame *f = w->frame; f != NULL; f = f->caller) {
        if (f->body->function == function) {
            return true;
        }
    }
    return false;
}

static bool carries_user(rm_walk *w, const rm_world *world, rm_value value) {
    if (value.kind == RM_VALUE_POINTER) {
        return rm_cell_is_user(w, value.id) ||
               rm_value_taint(w, rm_memory_peek(w, world, value.id)) >= RM_TAINT_UNKNOWN;
    }
    return rm_value_taint(w, value) >= RM_TAINT_UNKNOWN;
}

static bool any_carries(rm_walk *w, const rm_world *world, const rm_call_site *site) {
    for (uint32_t i = 0; i < site->count; i++) {
        if (carries_user(w, world, site->args[i])) {
            return true;
        }
    }
    return false;
}

static void note_unread(rm_walk *w, rm_str name, rm_span span) {
    for (uint32_t i = 0; i < w->unread.count; i++) {
        const rm_unread *u = &w->unread.at[i];
        if (rm_str_eq(u->name, name) &&
            (name.len > 0 || (u->span.file == span.file && u->span.start == span.start))) {
            return;
        }
    }
    rm_unread *slot = rm_push(w->arena, &w->unread);
    if (slot == NULL) {
        w->status = RM_NOMEM;
        return;
    }
    *slot = (rm_unread){.name = name, .span = span};
}

void rm_code_unfollowed(rm_walk *w, rm_world *world, const rm_expr *e) {
    uint32_t count = e->arg_count < world->depth ? e->arg_count : world->depth;
    rm_call_site site = {
        .e = e, .name = e->name, .args = &world->stack[world->depth - count], .count = count};
    note_unread(w, RM_STR_NONE, e->span);
    bool request = false;
    for (uint32_t i = 0; i < count; i++) {
        const rm_symbol *s = rm_symbol_of(w, site.args[i]);
        request |= s != NULL && s->op == RM_SYMBOL_SOURCE &&
                   (s->source == RM_SOURCE_IRP || s->source == RM_SOURCE_REQUEST);
    }
    if (request || any_carries(w, world, &site)) {
        rm_sink_unfollowed(w, world, &site, "code that is not followed", request);
    }
}

/* The call is not followed: what it may have judged or changed is no longer known. */
static void call_unknown(rm_walk *w, rm_world *world, const rm_call_site *site, const char *why,
                         rm_world_list *out) {
    rm_value result;
    bool user = any_carries(w, world, site);
    note_unread(w, site->name, site->e->span);
    if (user) {
        rm_sink_unfollowed(w, world, site, why, false);
    }
    rm_effect_unknown(w, world, site, why, &result);
    rm_world_push(w, world, result);
    rm_worlds_add(w, out, world);
}

static void call_function(rm_walk *w, rm_world *world, const rm_function *function,
                          const rm_call_site *site, rm_world_list *out) {
    rm_world_list back = {0};
    if (on_the_way(w, function)) {
        call_unknown(w, world, site, "a function calls itself", out);
        return;
    }
    if (w->frame->depth >= RM_WALK_CALLS) {
        call_unknown(w, world, site, "calls are nested too deeply", out);
        return;
    }
    if (site->e->routine.named != NULL) {
        rm_sink_named(w, world, site->e->routine.named, site, true);
    }
    rm_walk_function(w, function, site->args, site->count, world, &back, site->e->span);
    for (uint32_t i = 0; i < back.count; i++) {
        rm_world *one = back.at[i];
        rm_value result = one->has_result ? one->result : rm_value_const(0);
        one->has_result = false;
        rm_world_push(w, one, result);
    }
    rm_worlds_move(w, out, &back);
}

static void call_api(rm_walk *w, rm_world *world, const rm_api *api, const rm_call_site *site,
                     rm_world_list *out) {
    rm_value result;
    if (api->role == RM_API_FORWARD && rm_forward_call(w, world, api, site, &result)) {
        rm_world_push(w, world, result);
        rm_worlds_add(w, out, world);
        return;
    }
    if (api->role != RM_API_FORWARD) {
        rm_sink_call_met(w, world, api, site);
    }
    rm_world_push(w, world, rm_effect_call(w, world, api, site));
    rm_worlds_add(w, out, world);
}

/* A thread, a work item, a callback: somebody calls it later, or now. */
static void note_handed_over(rm_walk *w, const rm_call_site *site) {
    for (uint32_t i = 0; i < site->count; i++) {
        if (site->args[i].kind != RM_VALUE_FUNCTION) {
            continue;
        }
        uint32_t *slot = rm_push(w->arena, &w->handed_over);
        if (slot == NULL) {
            w->status = RM_NOMEM;
            return;
        }
        *slot = site->args[i].id;
    }
}

/* GetContext(Device), WdfObjectGetTypedContext(Device, TYPE): of one object always one. */
static bool call_context(rm_walk *w, rm_world *world, const rm_call_site *site,
                         rm_world_list *out) {
    rm_str name = site->name;
    bool typed = site->count == 2 && rm_str_eq(name, RM_STR("WdfObjectGetTypedContext"));
    if (!typed && (site->count != 1 || !rm_contexts_gives(w->flow->contexts, name))) {
        return false;
    }
    rm_str of = typed ? rm_span_text(w->flow->unit, site->e->args[1]->span) : name;
    rm_world_push(w, world,
                  rm_value_symbol(rm_symbol_context(w, of, site->args[0], site->e->span)));
    rm_worlds_add(w, out, world);
    return true;
}

static void call_named(rm_walk *w, rm_world *world, const rm_call_site *site, rm_world_list *out) {
    rm_value result;
    const rm_api *api = site->e->routine.api;
    bool exchanges = rm_str_starts(site->name, RM_STR("Interlocked")); /* a store, no hand-over */
    if (!exchanges) {
        note_handed_over(w, site);
    }
    rm_answer_called(w, site);
    rm_question_completed(w, world, site);
    if (rm_source_call(w, world, site, out) || rm_safe_call(w, world, site, out) ||
        call_context(w, world, site, out)) {
        return;
    }
    if (site->e->routine.never_returns) {
        if (api != NULL && api->role == RM_API_SINK) {
            rm_sink_call_met(w, world, api, site);
        }
        rm_world_drop(w, world);
        return;
    }
    if (rm_str_eq(site->name, RM_STR(RM_MACHINE_CODE))) {
        rm_machine_code(w, world, site);
        rm_world_push(w, world, rm_value_const(0));
        rm_worlds_add(w, out, world);
        return;
    }
    if (!exchanges && (api != NULL || site->e->routine.effect != 0 || site->e->routine.of_kit)) {
        rm_call_later(w, world, site);
    }
    rm_state_call(w, world, site);
    if (site->e->routine.of_kit && site->e->routine.named != NULL) {
        rm_sink_named(w, world, site->e->routine.named, site, false);
    }
    bool forwards = rm_str_starts(site->name, RM_STR("WdfIoTargetFormat")) ||
                    rm_str_eq(site->name, RM_STR("DeviceIoControl"));
    if (api == NULL && forwards && rm_forward_call(w, world, NULL, site, &result)) {
        rm_world_push(w, world, result);
        rm_worlds_add(w, out, world);
        return;
    }
    if (rm_question_call(w, world, site, &result)) {
        rm_world_push(w, world, result);
        rm_worlds_add(w, out, world);
    } else if (api != NULL) {
        call_api(w, world, api, site, out);
    } else if (site->e->routine.effect != 0 || site->e->routine.of_kit) {
        rm_world_push(w, world, rm_effect_call(w, world, NULL, site));
        rm_worlds_add(w, out, world);
    } else if (site->e->routine.named != NULL) {
        rm_sink_named(w, world, site->e->routine.named, site, false);
        rm_effect_unknown(w, world, site, "a function that is not in these sources", &result);
        rm_world_push(w, world, result);
        rm_worlds_add(w, out, world);
    } else {
        call_unknown(w, world, site, "a function that is not in these sources", out);
    }
}

static bool is_direct(const rm_expr *callee) {
    return callee->kind == RM_EXPR_FUNCTION || callee->kind == RM_EXPR_GLOBAL ||
           callee->kind == RM_EXPR_NAMED || callee->kind == RM_EXPR_OPAQUE;
}

/* Each function that the table may hold there. */
static void call_of_table(rm_walk *w, rm_world *world, const rm_table *table,
                          const rm_call_site *site, rm_world_list *out) {
    for (uint32_t i = 0; i < table->count && w->status == RM_OK; i++) {
        rm_world *one = table->values[i]->kind != RM_EXPR_FUNCTION ? NULL : rm_world_copy(w, world);
        if (one == NULL) {
            continue;
        }
        if (rm_assume(w, one, RM_OP('=', '='), table->index, rm_value_const(table->rows[i]),
                      RM_NONE)) {
            call_function(w, one, table->values[i]->function, site, out);
        } else {
            rm_world_drop(w, one);
        }
        if (out->count > 2 * rm_walk_ways(w)) {
            rm_worlds_join(w, out, rm_walk_ways(w));
        }
    }
}

/* What a member of that name is set to elsewhere may run; so may something else. */
static void call_assigned(rm_walk *w, rm_world *world, const rm_call_site *site,
                          rm_world_list *out) {
    enum { MOST_FUNCTIONS = 6 };
    const rm_function *found[MOST_FUNCTIONS];
    uint32_t count = rm_assigned_find(w->flow->assigned, site->name, found, MOST_FUNCTIONS);
    for (uint32_t i = 0; i < count && count < MOST_FUNCTIONS && w->status == RM_OK; i++) {
        rm_world *one = found[i]->param_count == site->count ? rm_world_copy(w, world) : NULL;
        if (one != NULL) {
            call_function(w, one, found[i], site, out);
        }
    }
    if (out->count > 2 * rm_walk_ways(w)) {
        rm_worlds_join(w, out, rm_walk_ways(w));
    }
}

static void call_indirect(rm_walk *w, rm_world *world, rm_value callee, const rm_call_site *site,
                          rm_world_list *out) {
    rm_table table;
    bool known = rm_table_read(w, world, callee, &table);
    if (known) {
        call_of_table(w, world, &table, site, out);
    }
    if (known && table.complete) {
        rm_world_drop(w, world);
        return;
    }
    rm_sink_indirect(w, world, callee, site);
    if (!known && rm_value_taint(w, callee) != RM_TAINT_USER) {
        call_assigned(w, world, site, out);
    }
    call_unknown(w, world, site, "an indirect call", out);
}

/*
 * A pointer that has the name of a routine: BUS_INTERFACE_STANDARD.GetBusData, or what
 * MmGetSystemRoutineAddress gave. One that the caller chose is what it is.
 */
static bool stands_for_routine(const rm_walk *w, const rm_expr *e, rm_value callee) {
    bool pointer = e->a->kind == RM_EXPR_MEMBER || e->a->kind == RM_EXPR_LOCAL ||
                   e->a->kind == RM_EXPR_GLOBAL || e->a->kind == RM_EXPR_DEREF;
    return pointer && e->routine.api != NULL && rm_value_taint(w, callee) != RM_TAINT_USER;
}

/* Any of several classes' functions. */
static void call_any(rm_walk *w, const rm_expr *e, rm_world *world, const rm_call_site *site,
                     rm_world_list *out) {
    for (uint32_t i = 0; i < e->other_count && w->status == RM_OK; i++) {
        rm_world *one = i + 1 < e->other_count ? rm_world_copy(w, world) : world;
        if (one != NULL) {
            call_function(w, one, e->others[i], site, out);
        }
    }
    rm_worlds_join(w, out, 2 * rm_walk_ways(w));
}

static void call_one(rm_walk *w, const rm_expr *e, rm_world *world, rm_value callee,
                     const rm_call_site *site, rm_world_list *out) {
    if (e->function != NULL) {
        call_function(w, world, e->function, site, out);
    } else if (callee.kind == RM_VALUE_FUNCTION && callee.id < w->flow->unit->functions.count) {
        call_function(w, world, &w->flow->unit->functions.at[callee.id], site, out);
    } else if (stands_for_routine(w, e, callee)) {
        call_named(w, world, site, out);
    } else if (is_direct(e->a) && rm_decls_global(w->flow->decls, e->name) == NULL) {
        call_named(w, world, site, out);
    } else if (e->other_count > 0) {
        call_any(w, e, world, site, out);
    } else if (e->is_method) {
        call_unknown(w, world, site, "a class's function that is not in these sources", out);
    } else {
        call_indirect(w, world, callee, site, out);
    }
}

/* object.Name(…): where the object lies. */
static void object_place(rm_walk *w, const rm_expr *member, rm_world_list *worlds) {
    if (member->arrow) {
        rm_eval(w, member->a, worlds);
    } else {
        rm_eval_place(w, member->a, worlds);
    }
}

/* The function may have changed its object: its own members are not followed through this. */
static void object_used(rm_walk *w, rm_world *world, rm_value object, rm_span span) {
    if (object.kind == RM_VALUE_POINTER &&
        w->cells.at[w->cells.at[object.id].root].kind == RM_CELL_LOCAL &&
        rm_value_taint(w, rm_memory_worst(w, world, object.id)) >= RM_TAINT_UNKNOWN) {
        rm_memory_store(w, world, object.id,
                        rm_value_unknown(w, "a function of its class may have changed it", span));
    }
}

void rm_call(rm_walk *w, const rm_expr *e, rm_world_list *worlds) {
    rm_world_list out = {0};
    bool computed = e->function == NULL && !is_direct(e->a);
    uint32_t count = e->arg_count;
    if (computed) {
        rm_eval(w, e->a, worlds);
    }
    bool of_object = e->is_method && e->a->kind == RM_EXPR_MEMBER;
    if (of_object) {
        object_place(w, e->a, worlds);
    }
    for (uint32_t i = 0; i < count; i++) {
        if (i < 32 && (e->by_reference >> i & 1) != 0) {
            rm_eval_place(w, e->args[i], worlds);
        } else {
            rm_eval(w, e->args[i], worlds);
        }
    }
    for (uint32_t i = 0; i < worlds->count && w->status == RM_OK; i++) {
        rm_world *world = worlds->at[i];
        rm_value args[RM_WALK_ARGS];
        rm_value callee = rm_value_const(0);
        for (uint32_t k = count; k > 0; k--) {
            args[k - 1] = rm_world_pop(world);
        }
        rm_value object = of_object ? rm_world_pop(world) : rm_value_const(0);
        if (computed) {
            callee = rm_world_pop(world);
        }
        rm_call_site site = {.e = e, .name = e->name, .args = args, .count = count};
        uint32_t before = out.count;
        if (of_object && e->function == NULL && e->other_count == 0) {
            rm_state_method(w, world, object, &site);
        }
        call_one(w, e, world, callee, &site, &out);
        for (uint32_t k = before; of_object && k < out.count; k++) {
            object_used(w, out.at[k], object, e->span);
        }
        if (out.count > 2 * rm_walk_ways(w)) {
            rm_worlds_join(w, &out, rm_walk_ways(w));
        }
    }
    worlds->count = 0;
    rm_worlds_move(w, worlds, &out);
    rm_worlds_join(w, worlds, rm_walk_ways(w));
}
