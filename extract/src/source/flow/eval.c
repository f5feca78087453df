#include "source/flow/walk.h"

/* Expressions. Every world of the list ends with one operand more on its stack. */

static bool aggregate(const rm_type *type) {
    return type->pointers == 0 && type->dims == 0 && type->bits == 0;
}

static void push_all(rm_walk *w, rm_world_list *worlds, rm_value value) {
    for (uint32_t i = 0; i < worlds->count; i++) {
        rm_world_push(w, worlds->at[i], value);
    }
}

static void pop_all(rm_world_list *worlds) {
    for (uint32_t i = 0; i < worlds->count; i++) {
        (void)rm_world_pop(worlds->at[i]);
    }
}

/* --- places --- */

static uint32_t local_cell(rm_walk *w, uint32_t index) {
    const rm_variable *v = &w->frame->body->variables.at[index];
    uint32_t cell =
        v->is_static
            ? rm_cell_root(w, RM_CELL_STATIC,
                           (uint32_t)(w->frame->body->function - w->flow->unit->functions.at),
                           index)
            : rm_cell_root(w, RM_CELL_LOCAL, w->frame->id, index);
    if (w->status == RM_OK) {
        w->cells.at[cell].type = v->type;
    }
    return cell;
}

static uint32_t global_cell(rm_walk *w, rm_str name) {
    uint32_t cell = rm_cell_root(w, RM_CELL_GLOBAL, rm_names_id(w->names, name), 0);
    const rm_global *global = rm_decls_global(w->flow->decls, name);
    if (global != NULL && w->status == RM_OK) {
        w->cells.at[cell].type = global->type;
    }
    return cell;
}

static rm_value place_of_local(rm_walk *w, rm_world *world, const rm_expr *e) {
    uint32_t cell = local_cell(w, e->index);
    if (w->frame->body->variables.at[e->index].is_reference) {
        return rm_memory_load(w, world, cell, NULL, e->span);
    }
    return rm_value_pointer(cell);
}

static void place_member(rm_walk *w, const rm_expr *e, rm_world_list *worlds) {
    rm_type of = e->arrow ? rm_type_deref(&e->a->type) : e->a->type;
    if (e->arrow) {
        rm_eval(w, e->a, worlds);
    } else {
        rm_eval_place(w, e->a, worlds);
    }
    for (uint32_t i = 0; i < worlds->count; i++) {
        rm_world *world = worlds->at[i];
        uint32_t base = rm_cell_pointee(w, rm_world_pop(world));
        rm_value source;
        if (rm_str_eq(e->name, RM_STR("FileName")) &&
            rm_source_member(w, world, e, base, &source)) {
            rm_world_push(w, world, source);
            continue;
        }
        rm_world_push(w, world, rm_value_pointer(rm_cell_field(w, base, e->name, &of)));
    }
}

/* A member of the kit's structures, whose type is not known: a pointer or an array. */
bool rm_expr_is_ambiguous(const rm_expr *e) {
    return e->kind == RM_EXPR_MEMBER && e->type.name.len == 0 && e->type.pointers == 0 &&
           e->type.dims == 0 && e->type.bits == 0;
}

/*
 * A member of the driver's own variable in which these sources stored no pointer: it is taken for
 * an array, so that what goes there goes with the variable.
 */
static bool is_array_in_variable(const rm_walk *w, const rm_symbol *s) {
    return s->op == RM_SYMBOL_PART && s->taint == RM_TAINT_NONE && s->cell != 0 &&
           w->cells.at[w->cells.at[s->cell - 1].root].kind == RM_CELL_LOCAL;
}

static void place_index(rm_walk *w, const rm_expr *e, rm_world_list *worlds) {
    bool ambiguous = rm_expr_is_ambiguous(e->a);
    rm_eval(w, e->a, worlds);
    rm_eval(w, e->b, worlds);
    for (uint32_t i = 0; i < worlds->count; i++) {
        rm_value index = rm_world_pop(worlds->at[i]);
        rm_value pointer = rm_world_pop(worlds->at[i]);
        rm_symbol *s = ambiguous ? rm_symbol_of(w, pointer) : NULL;
        if (s != NULL && is_array_in_variable(w, s)) {
            pointer = rm_value_pointer(s->cell - 1);
        } else if (s != NULL) {
            s->ambiguous = true;
        }
        uint32_t cell = rm_cell_index(w, rm_cell_pointee(w, pointer), index, &e->type);
        rm_world_push(w, worlds->at[i], rm_value_pointer(cell));
    }
}

static void place_deref(rm_walk *w, const rm_expr *e, rm_world_list *worlds) {
    rm_eval(w, e->a, worlds);
    for (uint32_t i = 0; i < worlds->count; i++) {
        rm_value pointer = rm_world_pop(worlds->at[i]);
        rm_world_push(w, worlds->at[i], rm_value_pointer(rm_cell_deref(w, pointer, &e->type)));
    }
}

/* What is no place in memory of its own gets one, so that members of it can be named. */
static void place_of_value(rm_walk *w, const rm_expr *e, rm_world_list *worlds) {
    rm_eval(w, e, worlds);
    for (uint32_t i = 0; i < worlds->count; i++) {
        rm_value value = rm_world_pop(worlds->at[i]);
        if (value.kind != RM_VALUE_POINTER) {
            uint32_t cell = rm_cell_root(w, RM_CELL_NOWHERE, w->serial++, 2);
            rm_memory_store(w, worlds->at[i], cell, value);
            value = rm_value_pointer(cell);
        }
        rm_world_push(w, worlds->at[i], value);
    }
}

void rm_eval_place(rm_walk *w, const rm_expr *e, rm_world_list *worlds) {
    if (worlds->count == 0 || w->status != RM_OK) {
        return;
    }
    switch ((int)e->kind) {
    case RM_EXPR_LOCAL:
        for (uint32_t i = 0; i < worlds->count; i++) {
            rm_world_push(w, worlds->at[i], place_of_local(w, worlds->at[i], e));
        }
        return;
    case RM_EXPR_GLOBAL:
    case RM_EXPR_NAMED: push_all(w, worlds, rm_value_pointer(global_cell(w, e->name))); return;
    case RM_EXPR_MEMBER: place_member(w, e, worlds); return;
    case RM_EXPR_INDEX: place_index(w, e, worlds); return;
    case RM_EXPR_DEREF: place_deref(w, e, worlds); return;
    case RM_EXPR_CAST: rm_eval_place(w, e->a, worlds); return;
    case RM_EXPR_LIST: push_all(w, worlds, rm_value_pointer(rm_eval_list(w, e, worlds))); return;
    case RM_EXPR_COMMA:
        rm_eval(w, e->a, worlds);
        pop_all(worlds);
        rm_eval_place(w, e->b, worlds);
        return;
    default: place_of_value(w, e, worlds); return;
    }
}

/* --- values --- */

/* The number in a union: LARGE_INTEGER's, MM_COPY_ADDRESS'. */
static uint32_t number_in(rm_walk *w, const rm_world *world, uint32_t cell, const rm_type *type) {
    rm_value value;
    if (rm_str_eq(type->name, RM_STR("MM_COPY_ADDRESS"))) {
        rm_type of_kit = {.name = RM_STR_NONE};
        uint32_t physical = rm_cell_field(w, cell, RM_STR("PhysicalAddress"), type);
        uint32_t quad = rm_cell_field(w, physical, RM_STR("QuadPart"), &of_kit);
        return rm_world_get(world, quad, &value) ? quad : RM_NONE;
    }
    return rm_type_is_large_integer(type) ? rm_cell_field(w, cell, RM_STR("QuadPart"), type)
                                          : RM_NONE;
}

/* A struct as a value: LARGE_INTEGER's number, else whatever its members hold. */
static rm_value load_whole(rm_walk *w, rm_world *world, uint32_t cell, const rm_type *type,
                           rm_span span) {
    rm_value value;
    if (aggregate(type)) {
        uint32_t number = number_in(w, world, cell, type);
        if (number != RM_NONE) {
            rm_type wide = rm_type_integer(64, true);
            return rm_memory_load(w, world, number, &wide, span);
        }
        uint32_t quad = rm_cell_field(w, cell, RM_STR("QuadPart"), type);
        if (rm_world_get(world, quad, &value)) {
            return value;
        }
        rm_type scalar = rm_type_integer(64, true); /* so that all members are counted in */
        return rm_memory_load(w, world, cell, &scalar, span);
    }
    return rm_memory_load(w, world, cell, type, span);
}

static void load_places(rm_walk *w, const rm_expr *e, rm_world_list *worlds) {
    for (uint32_t i = 0; i < worlds->count; i++) {
        rm_world *world = worlds->at[i];
        rm_value place = rm_world_pop(world);
        if (place.kind != RM_VALUE_POINTER) {
            place = rm_value_pointer(rm_cell_pointee(w, place));
        }
        if (e->type.dims > 0) {
            rm_world_push(w, world, place); /* an array stands for its address */
            continue;
        }
        rm_sink_access(w, world, place.id, false, e->span);
        rm_world_push(w, world, load_whole(w, world, place.id, &e->type, e->span));
    }
}

static bool constant_global(rm_walk *w, const rm_expr *e, rm_value *out) {
    const rm_global *global = rm_decls_global(w->flow->decls, e->name);
    if (global == NULL || !global->is_const || global->type.dims > 0 || global->type.pointers > 0) {
        return false;
    }
    const rm_expr *value = rm_flow_initialiser(w->flow, global);
    if (value == NULL || value->kind != RM_EXPR_CONST) {
        return false;
    }
    *out = rm_value_const(value->value);
    return true;
}

static void eval_global(rm_walk *w, const rm_expr *e, rm_world_list *worlds) {
    rm_value constant;
    if (constant_global(w, e, &constant)) {
        push_all(w, worlds, constant);
        return;
    }
    rm_eval_place(w, e, worlds);
    load_places(w, e, worlds);
}

static void eval_named(rm_walk *w, const rm_expr *e, rm_world_list *worlds) {
    uint32_t id = rm_names_id(w->names, e->name);
    uint32_t cell = rm_cell_root(w, RM_CELL_GLOBAL, id, 0);
    for (uint32_t i = 0; i < worlds->count; i++) {
        rm_value value;
        if (!rm_world_get(worlds->at[i], cell, &value)) {
            value = (rm_value){.kind = RM_VALUE_NAMED, .id = id};
        }
        rm_world_push(w, worlds->at[i], value);
    }
}

static void eval_member(rm_walk *w, const rm_expr *e, rm_world_list *worlds) {
    rm_type of = e->arrow ? rm_type_deref(&e->a->type) : e->a->type;
    if (e->arrow) {
        rm_eval(w, e->a, worlds);
    } else {
        rm_eval_place(w, e->a, worlds);
    }
    for (uint32_t i = 0; i < worlds->count; i++) {
        rm_world *world = worlds->at[i];
        uint32_t base = rm_cell_pointee(w, rm_world_pop(world));
        rm_value value;
        if (!rm_source_member(w, world, e, base, &value)) {
            uint32_t cell = rm_cell_field(w, base, e->name, &of);
            value = rm_value_pointer(cell);
            if (e->type.dims == 0) {
                rm_sink_access(w, world, cell, false, e->span);
                value = load_whole(w, world, cell, &e->type, e->span);
            }
        }
        rm_world_push(w, world, value);
    }
}

static rm_value pointer_plus(rm_walk *w, rm_value pointer, uint32_t op, rm_value offset,
                             const rm_type *type, rm_span span) {
    rm_type element = rm_type_deref(type);
    if (element.bits == 0 && element.pointers == 0 && element.record == NULL) {
        element = rm_type_integer(8, false); /* PVOID, ULONG_PTR: in bytes */
    }
    if (op == RM_OP('-', 0)) {
        rm_type integer = rm_type_integer(64, true);
        offset = rm_symbol_arith(w, RM_OP('-', 0), rm_value_const(0), offset, &integer, span);
    }
    return rm_value_pointer(rm_cell_index(w, rm_cell_pointee(w, pointer), offset, &element));
}

static bool is_pointer(rm_value value, const rm_type *type) {
    return value.kind == RM_VALUE_POINTER ||
           (value.kind == RM_VALUE_SYMBOL && (type->pointers > 0 || type->dims > 0));
}

static rm_value combine(rm_walk *w, const rm_expr *e, uint32_t op, rm_value a, const rm_type *ta,
                        rm_value b, const rm_type *tb) {
    bool sum = op == RM_OP('+', 0) || op == RM_OP('-', 0);
    if (sum && is_pointer(a, ta) && is_pointer(b, tb)) {
        return rm_value_symbol(rm_symbol_fresh(w, RM_TAINT_NONE, &e->type, e->span));
    }
    if (sum && is_pointer(a, ta)) {
        return pointer_plus(w, a, op, b, ta, e->span);
    }
    if (op == RM_OP('+', 0) && is_pointer(b, tb)) {
        return pointer_plus(w, b, op, a, tb, e->span);
    }
    return rm_symbol_arith(w, op, a, b, &e->type, e->span);
}

static void eval_binary(rm_walk *w, const rm_expr *e, rm_world_list *worlds) {
    bool ambiguous = e->op == RM_OP('+', 0) && rm_expr_is_ambiguous(e->a);
    rm_eval(w, e->a, worlds);
    rm_eval(w, e->b, worlds);
    for (uint32_t i = 0; i < worlds->count; i++) {
        rm_value b = rm_world_pop(worlds->at[i]);
        rm_value a = rm_world_pop(worlds->at[i]);
        rm_symbol *s = ambiguous ? rm_symbol_of(w, a) : NULL;
        if (s != NULL && (s->op == RM_SYMBOL_PART || s->op == RM_SYMBOL_FETCH)) {
            s->ambiguous = true;
        }
        rm_world_push(w, worlds->at[i], combine(w, e, e->op, a, &e->a->type, b, &e->b->type));
    }
}

static void eval_unary(rm_walk *w, const rm_expr *e, rm_world_list *worlds) {
    rm_eval(w, e->a, worlds);
    for (uint32_t i = 0; i < worlds->count; i++) {
        rm_value a = rm_world_pop(worlds->at[i]);
        if (e->op == RM_OP('-', 0)) {
            a = rm_symbol_arith(w, RM_OP('-', 0), rm_value_const(0), a, &e->type, e->span);
        } else if (e->op == RM_OP('~', 0)) {
            a = rm_symbol_arith(w, RM_OP('^', 0), a, rm_value_const(-1), &e->type, e->span);
        }
        rm_world_push(w, worlds->at[i], a);
    }
}

static void eval_truth(rm_walk *w, const rm_expr *e, rm_world_list *worlds) {
    rm_world_list yes = {0};
    rm_world_list no = {0};
    rm_branch_on(w, e, worlds, &yes, &no);
    push_all(w, &yes, rm_value_const(1));
    push_all(w, &no, rm_value_const(0));
    rm_worlds_move(w, worlds, &yes);
    rm_worlds_move(w, worlds, &no);
    rm_worlds_join(w, worlds, rm_walk_ways(w));
}

static void eval_choose(rm_walk *w, const rm_expr *e, rm_world_list *worlds) {
    rm_world_list yes = {0};
    rm_world_list no = {0};
    rm_branch_on(w, e->a, worlds, &yes, &no);
    rm_eval(w, e->b, &yes);
    rm_eval(w, e->c, &no);
    rm_worlds_move(w, worlds, &yes);
    rm_worlds_move(w, worlds, &no);
    rm_worlds_join(w, worlds, rm_walk_ways(w));
}

static bool is_place(const rm_expr *e) {
    return e->kind == RM_EXPR_LOCAL || e->kind == RM_EXPR_GLOBAL || e->kind == RM_EXPR_MEMBER ||
           e->kind == RM_EXPR_DEREF || e->kind == RM_EXPR_INDEX || e->kind == RM_EXPR_LIST;
}

/* a = b of structs: member by member. */
static void assign_whole(rm_walk *w, const rm_expr *e, rm_world_list *worlds) {
    rm_eval_place(w, e->b, worlds);
    rm_eval_place(w, e->a, worlds);
    for (uint32_t i = 0; i < worlds->count; i++) {
        rm_world *world = worlds->at[i];
        uint32_t to = rm_cell_pointee(w, rm_world_pop(world));
        uint32_t from = rm_cell_pointee(w, rm_world_pop(world));
        rm_sink_access(w, world, from, false, e->span);
        rm_sink_access(w, world, to, true, e->span);
        rm_sink_addresses(w, world, to, from, e->span);
        rm_memory_copy(w, world, to, from, e->span);
        rm_kept_store(w, world, to, rm_memory_peek(w, world, to), e->span);
        rm_world_push(w, world, rm_value_pointer(to));
    }
}

static void eval_assign(rm_walk *w, const rm_expr *e, rm_world_list *worlds) {
    if (e->a == NULL) { /* a designated initialiser out of its place */
        rm_eval(w, e->b, worlds);
        return;
    }
    if (e->op == 0 && aggregate(&e->a->type) && aggregate(&e->b->type) && is_place(e->b) &&
        (e->b->kind != RM_EXPR_MEMBER || !rm_source_is_name(e->b->name))) {
        assign_whole(w, e, worlds);
        return;
    }
    rm_eval(w, e->b, worlds);
    rm_eval_place(w, e->a, worlds);
    for (uint32_t i = 0; i < worlds->count; i++) {
        rm_world *world = worlds->at[i];
        uint32_t to = rm_cell_pointee(w, rm_world_pop(world));
        rm_value value = rm_world_pop(world);
        if (e->op != 0) {
            rm_sink_access(w, world, to, false, e->span);
            rm_value old = rm_memory_load(w, world, to, &e->a->type, e->span);
            value = combine(w, e, e->op, old, &e->a->type, value, &e->b->type);
        }
        value = rm_symbol_cast(w, value, &e->a->type);
        rm_sink_access(w, world, to, true, e->span);
        rm_sink_address(w, world, to, value, e->span);
        rm_memory_store(w, world, to, value);
        rm_kept_store(w, world, to, value, e->span);
        rm_state_changed(w, world, to, value, e->span);
        rm_world_push(w, world, value);
    }
}

static void eval_step(rm_walk *w, const rm_expr *e, rm_world_list *worlds) {
    rm_eval_place(w, e->a, worlds);
    for (uint32_t i = 0; i < worlds->count; i++) {
        rm_world *world = worlds->at[i];
        uint32_t place = rm_cell_pointee(w, rm_world_pop(world));
        rm_sink_access(w, world, place, false, e->span);
        rm_value before = rm_memory_load(w, world, place, &e->type, e->span);
        rm_value after = combine(w, e, e->op, before, &e->type, rm_value_const(1), &e->type);
        after = rm_symbol_cast(w, after, &e->type);
        rm_sink_access(w, world, place, true, e->span);
        rm_memory_store(w, world, place, after);
        rm_world_push(w, world, e->arrow ? before : after);
    }
}

static void eval_cast(rm_walk *w, const rm_expr *e, rm_world_list *worlds) {
    rm_eval(w, e->a, worlds);
    bool ambiguous = e->type.bits == 0 && rm_expr_is_ambiguous(e->a);
    for (uint32_t i = 0; i < worlds->count; i++) {
        rm_value value = rm_world_pop(worlds->at[i]);
        rm_symbol *s = rm_symbol_of(w, value);
        if (ambiguous && s != NULL && (s->op == RM_SYMBOL_PART || s->op == RM_SYMBOL_FETCH)) {
            s->ambiguous = true;
        }
        rm_world_push(w, worlds->at[i], rm_symbol_cast(w, value, &e->type));
    }
}

/* Not understood: what it is given may have been judged, and what it gives may be anything. */
static void eval_opaque(rm_walk *w, const rm_expr *e, rm_world_list *worlds) {
    for (uint32_t i = 0; i < e->arg_count; i++) {
        rm_eval(w, e->args[i], worlds);
    }
    for (uint32_t i = 0; i < worlds->count; i++) {
        bool user = e->arg_count == 0 && !e->is_made;
        if (e->is_code) {
            rm_code_unfollowed(w, worlds->at[i], e);
        }
        for (uint32_t k = 0; k < e->arg_count; k++) {
            rm_value value = rm_world_pop(worlds->at[i]);
            user = user || rm_value_taint(w, value) >= RM_TAINT_UNKNOWN;
            if (!e->is_made) {
                rm_ask_about(w, worlds->at[i], value);
            }
        }
        rm_value result =
            user ? rm_value_unknown(w, "it comes from code that is not understood", e->span)
                 : rm_value_symbol(rm_symbol_fresh(w, RM_TAINT_NONE, &e->type, e->span));
        rm_world_push(w, worlds->at[i], result);
    }
}

void rm_eval(rm_walk *w, const rm_expr *e, rm_world_list *worlds) {
    if (worlds->count == 0 || w->status != RM_OK) {
        return;
    }
    switch (e->kind) {
    case RM_EXPR_CONST: push_all(w, worlds, rm_value_const(e->value)); return;
    case RM_EXPR_STRING:
    case RM_EXPR_NAMED: eval_named(w, e, worlds); return;
    case RM_EXPR_LOCAL:
        rm_eval_place(w, e, worlds);
        load_places(w, e, worlds);
        return;
    case RM_EXPR_GLOBAL: eval_global(w, e, worlds); return;
    case RM_EXPR_FUNCTION:
        push_all(w, worlds,
                 (rm_value){.kind = RM_VALUE_FUNCTION,
                            .id = (uint32_t)(e->function - w->flow->unit->functions.at)});
        return;
    case RM_EXPR_MEMBER: eval_member(w, e, worlds); return;
    case RM_EXPR_INDEX:
    case RM_EXPR_DEREF:
        rm_eval_place(w, e, worlds);
        load_places(w, e, worlds);
        return;
    case RM_EXPR_ADDRESS:
        if (e->a->kind == RM_EXPR_FUNCTION) { /* &Function is Function */
            rm_eval(w, e->a, worlds);
        } else {
            rm_eval_place(w, e->a, worlds);
        }
        return;
    case RM_EXPR_UNARY: eval_unary(w, e, worlds); return;
    case RM_EXPR_NOT:
    case RM_EXPR_COMPARE:
    case RM_EXPR_AND:
    case RM_EXPR_OR: eval_truth(w, e, worlds); return;
    case RM_EXPR_BINARY: eval_binary(w, e, worlds); return;
    case RM_EXPR_CHOOSE: eval_choose(w, e, worlds); return;
    case RM_EXPR_ASSIGN: eval_assign(w, e, worlds); return;
    case RM_EXPR_STEP: eval_step(w, e, worlds); return;
    case RM_EXPR_CAST: eval_cast(w, e, worlds); return;
    case RM_EXPR_COMMA:
        rm_eval(w, e->a, worlds);
        pop_all(worlds);
        rm_eval(w, e->b, worlds);
        return;
    case RM_EXPR_CALL: rm_call(w, e, worlds); return;
    case RM_EXPR_LIST:
        rm_eval_place(w, e, worlds);
        load_places(w, e, worlds);
        return;
    case RM_EXPR_OPAQUE: eval_opaque(w, e, worlds); return;
    }
}
