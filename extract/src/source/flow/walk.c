#include "source/flow/walk.h"

/* Statements. */

enum { FEW_STEPS = 1000 }; /* in which nothing is folded */

void rm_walk_limit(rm_walk *w, const char *why, rm_span at) {
    if (w->limit == NULL) {
        w->limit = why;
        w->limit_at = at;
    }
}

bool rm_walk_step(rm_walk *w, rm_span at) {
    if (w->status != RM_OK || (w->limit != NULL && w->steps >= w->step_limit)) {
        return false;
    }
    if (++w->steps >= w->step_limit) {
        rm_walk_limit(w, "the code is too long to follow", at);
        return false;
    }
    return true;
}

uint32_t rm_walk_ways(const rm_walk *w) {
    static const struct {
        uint32_t percent; /* of the steps that it may take */
        uint32_t ways;
    } table[] = {{15, RM_WORLDS}, {30, 6}, {55, 3}, {75, 2}};
    uint32_t percent = w->steps / (w->budget / 100 + 1);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (percent < table[i].percent || w->steps < FEW_STEPS) {
            return table[i].ways;
        }
    }
    return 1;
}

static void add_and_join(rm_walk *w, rm_world_list *list, rm_world_list *from) {
    rm_worlds_move(w, list, from);
    if (list->count > 2 * rm_walk_ways(w)) {
        rm_worlds_join(w, list, rm_walk_ways(w));
    }
}

/* --- jumps --- */

static void park(rm_walk *w, const rm_stmt *to, rm_str label, rm_world *world) {
    rm_jump *jump = RM_NEW(w->arena, rm_jump);
    if (jump == NULL) {
        w->status = RM_NOMEM;
        return;
    }
    *jump = (rm_jump){
        .to = to, .label = label, .world = world, .serial = w->serial++, .next = w->frame->jumps};
    w->frame->jumps = jump;
}

static void arrive(rm_walk *w, const rm_stmt *s, rm_world_list *worlds) {
    rm_jump **link = &w->frame->jumps;
    while (*link != NULL) {
        rm_jump *jump = *link;
        bool here = s->kind == RM_STMT_CASE ? jump->to == s
                                            : jump->to == NULL && rm_str_eq(jump->label, s->name);
        if (here) {
            *link = jump->next;
            if (jump->world != NULL) {
                rm_worlds_add(w, worlds, jump->world);
            }
        } else {
            link = &jump->next;
        }
    }
    rm_worlds_join(w, worlds, rm_walk_ways(w));
}

/* --- declarations --- */

/* T &x = y: x stands for the place. */
static void declare_reference(rm_walk *w, const rm_stmt *s, rm_world_list *worlds) {
    uint32_t cell = rm_cell_root(w, RM_CELL_LOCAL, w->frame->id, s->index);
    rm_eval_place(w, s->a, worlds);
    for (uint32_t i = 0; i < worlds->count; i++) {
        rm_world_set(w, worlds->at[i], cell, rm_world_pop(worlds->at[i]));
    }
}

static void declare(rm_walk *w, const rm_stmt *s, rm_world_list *worlds) {
    const rm_variable *v = &w->frame->body->variables.at[s->index];
    rm_expr place = {.kind = RM_EXPR_LOCAL,
                     .index = s->index,
                     .name = v->name,
                     .type = v->type,
                     .span = s->span};
    if (s->a == NULL || v->is_static) {
        return;
    }
    if (v->is_reference) {
        declare_reference(w, s, worlds);
        return;
    }
    if (s->a->kind == RM_EXPR_LIST) {
        uint32_t cell = 0;
        rm_eval_place(w, &place, worlds);
        for (uint32_t i = 0; i < worlds->count; i++) {
            cell = rm_cell_pointee(w, rm_world_pop(worlds->at[i])); /* the same in all of them */
            rm_memory_store(w, worlds->at[i], cell, rm_value_const(0));
        }
        rm_store_list(w, worlds, cell, s->a, &v->type, 0);
        return;
    }
    rm_expr assign = {
        .kind = RM_EXPR_ASSIGN, .a = &place, .b = s->a, .type = v->type, .span = s->span};
    rm_eval(w, &assign, worlds);
    for (uint32_t i = 0; i < worlds->count; i++) {
        (void)rm_world_pop(worlds->at[i]);
    }
}

/* --- choices --- */

/* A step for each world that comes to a statement; false: no more, and they are dropped. */
static bool take_steps(rm_walk *w, const rm_stmt *s, rm_world_list *worlds) {
    for (uint32_t i = 0; i < worlds->count + 1; i++) {
        if (!rm_walk_step(w, s->span)) {
            rm_worlds_drop(w, worlds);
            return false;
        }
    }
    return true;
}

static bool is_else_if(const rm_stmt *s, const rm_world_list *worlds) {
    return s != NULL && s->kind == RM_STMT_IF && (worlds->count > 0 || s->has_label || s->has_case);
}

/* With all that follow it as else if: a chain of thousands is no deep nest. */
static void walk_if(rm_walk *w, const rm_stmt *s, rm_world_list *worlds) {
    rm_world_list done = {0};
    rm_world_list no = {0};
    bool more = true;
    while (more) {
        rm_world_list yes = {0};
        rm_branch_on(w, s->a, worlds, &yes, &no);
        if (s->body != NULL) {
            rm_walk_stmt(w, s->body, &yes);
        }
        add_and_join(w, &done, &yes);
        s = s->other;
        more = is_else_if(s, &no) && take_steps(w, s, &no);
        if (more) {
            worlds->count = 0;
            rm_worlds_move(w, worlds, &no);
        }
    }
    if (s != NULL && s->kind != RM_STMT_IF) {
        rm_walk_stmt(w, s, &no);
    }
    worlds->count = 0;
    rm_worlds_move(w, worlds, &done);
    rm_worlds_move(w, worlds, &no);
    rm_worlds_join(w, worlds, rm_walk_ways(w));
}

static void collect_cases(rm_walk *w, const rm_stmt *s, rm_stmt_refs *out, unsigned depth) {
    if (s == NULL || !s->has_case || depth > 64) {
        return;
    }
    if (s->kind == RM_STMT_CASE) {
        const rm_stmt **slot = rm_push(w->arena, out);
        if (slot == NULL) {
            w->status = RM_NOMEM;
            return;
        }
        *slot = s;
    }
    for (uint32_t i = 0; i < s->count; i++) {
        collect_cases(w, s->list[i], out, depth + 1);
    }
    if (s->kind != RM_STMT_SWITCH) {
        collect_cases(w, s->body, out, depth + 1);
        collect_cases(w, s->other, out, depth + 1);
    }
}

static rm_value label_value(rm_walk *w, const rm_expr *e) {
    int64_t value = 0;
    while (e->kind == RM_EXPR_CAST) {
        e = e->a;
    }
    if (e->kind == RM_EXPR_CONST) {
        return rm_value_const(e->value);
    }
    if (rm_unit_eval(w->flow->unit, rm_span_text(w->flow->unit, e->span), &value)) {
        return rm_value_const(value); /* CTL_CODE(…), BASE + 1: a constant to the compiler */
    }
    return (rm_value){.kind = RM_VALUE_NAMED, .id = rm_names_id(w->names, rm_code_name(w, e))};
}

static uint32_t case_guard(rm_walk *w, const rm_stmt *label, rm_value value) {
    if (rm_value_taint(w, value) != RM_TAINT_USER) {
        return RM_NONE;
    }
    return rm_guard_new(w, label->span, RM_CHECK_EQUALITY, value.id);
}

/* Sends one world to the cases it can take; what is left goes to default, or past the switch. */
static void choose_case(rm_walk *w, rm_world *world, const rm_stmt_refs *cases,
                        rm_world_list *past) {
    rm_value value = rm_world_pop(world);
    const rm_stmt *otherwise = NULL;
    for (uint32_t i = 0; i < cases->count && w->status == RM_OK; i++) {
        const rm_stmt *label = cases->at[i];
        bool same = false;
        if (label->a == NULL) {
            otherwise = label;
            continue;
        }
        rm_value wanted = label_value(w, label->a);
        if (rm_code_is_label(w, value, wanted, label->a, &same)) {
            if (same) {
                park(w, label, RM_STR_NONE, world);
                return;
            }
            continue;
        }
        rm_world *taken = rm_world_copy(w, world);
        if (taken == NULL) {
            return;
        }
        uint32_t guard = case_guard(w, label, value);
        if (rm_assume(w, taken, RM_OP('=', '='), value, wanted, guard)) {
            park(w, label, RM_STR_NONE, taken);
        } else {
            rm_world_drop(w, taken);
        }
        if (!rm_assume(w, world, RM_OP('!', '='), value, wanted, RM_NONE)) {
            rm_world_drop(w, world);
            return;
        }
    }
    if (otherwise != NULL) {
        park(w, otherwise, RM_STR_NONE, world);
    } else {
        rm_worlds_add(w, past, world);
    }
}

/* Ways on which the value is the code tell which labels are codes: they go first. */
static void choose_cases(rm_walk *w, rm_world_list *worlds, const rm_stmt_refs *cases,
                         rm_world_list *past) {
    for (unsigned turn = 0; turn < 2; turn++) {
        for (uint32_t i = 0; i < worlds->count && w->status == RM_OK; i++) {
            rm_world *world = worlds->at[i];
            if (world == NULL) {
                continue;
            }
            rm_value *value = &world->stack[world->depth - 1];
            bool code = rm_code_is_switched(w, *value, cases->at, cases->count);
            if (turn == 0 && !code) {
                continue;
            }
            rm_answer_acted_on(w, world, *value);
            if (code) {
                *value = rm_value_symbol(rm_symbol_source(w, RM_SOURCE_CODE));
            }
            worlds->at[i] = NULL;
            choose_case(w, world, cases, past);
        }
    }
    worlds->count = 0;
}

static void walk_switch(rm_walk *w, const rm_stmt *s, rm_world_list *worlds) {
    rm_world_list past = {0};
    rm_world_list inside = {0};
    rm_stmt_refs cases = {0};
    rm_world_list *outer = w->frame->breaks;
    rm_eval(w, s->a, worlds);
    collect_cases(w, s->body, &cases, 0);
    choose_cases(w, worlds, &cases, &past);
    w->frame->breaks = &past;
    rm_walk_stmt(w, s->body, &inside);
    w->frame->breaks = outer;
    rm_worlds_move(w, worlds, &inside);
    rm_worlds_move(w, worlds, &past);
    rm_worlds_join(w, worlds, rm_walk_ways(w));
}

static void walk_return(rm_walk *w, const rm_stmt *s, rm_world_list *worlds) {
    if (s->a != NULL) {
        rm_eval(w, s->a, worlds);
        for (uint32_t i = 0; i < worlds->count; i++) {
            rm_world *world = worlds->at[i];
            world->result = rm_symbol_cast(w, rm_world_pop(world), &w->frame->body->result);
            world->has_result = true;
        }
    }
    add_and_join(w, &w->frame->returns, worlds);
}

/* --- jumps backwards: what stands behind their label is walked once more --- */

typedef struct passed_label {
    uint32_t at; /* in its block */
    rm_str name;
    rm_world *before; /* one that came to it the first time */
} passed_label;

/* Counts that another turn changes: which, nobody knows. */
static void loosen(rm_walk *w, rm_world *world, const rm_world *before) {
    rm_span nowhere = {.file = RM_NONE};
    for (uint32_t i = 0; i < world->memory.count; i++) {
        const rm_binding *b = &world->memory.at[i];
        rm_type type = w->cells.at[b->cell].type;
        rm_value old;
        bool number = w->cells.at[b->cell].kind == RM_CELL_LOCAL && type.pointers == 0 &&
                      type.dims == 0 && type.bits > 0;
        if (number && b->value.kind == RM_VALUE_CONST && rm_world_get(before, b->cell, &old) &&
            old.kind == RM_VALUE_CONST && old.n != b->value.n) {
            world->memory.at[i].value =
                rm_value_symbol(rm_symbol_fresh(w, RM_TAINT_NONE, &type, nowhere));
        }
    }
}

/* Does anything jump to the label that the walk has passed? */
static bool is_jumped_to(rm_walk *w, const passed_label *label) {
    bool any = false;
    for (rm_jump *jump = w->frame->jumps; jump != NULL; jump = jump->next) {
        if (jump->to == NULL && jump->world != NULL && rm_str_eq(jump->label, label->name)) {
            loosen(w, jump->world, label->before);
            any = true;
        }
    }
    return any;
}

static void walk_list(rm_walk *w, const rm_stmt *s, uint32_t from, rm_world_list *worlds) {
    for (uint32_t i = from; i < s->count && w->status == RM_OK; i++) {
        rm_walk_stmt(w, s->list[i], worlds);
    }
}

/* The label that a statement stands behind; NULL: none. */
static const rm_stmt *label_of(const rm_stmt *s) {
    bool labelled = s->kind == RM_STMT_BLOCK && s->count > 0 && s->list[0]->kind == RM_STMT_LABEL;
    return labelled ? s->list[0] : NULL;
}

static void walk_block(rm_walk *w, const rm_stmt *s, rm_world_list *worlds) {
    enum { MOST_LABELS = 4 };
    passed_label passed[MOST_LABELS];
    uint32_t count = 0;
    if (!w->frame->body->jumps_back || !s->has_label) {
        walk_list(w, s, 0, worlds);
        return;
    }
    for (uint32_t i = 0; i < s->count && w->status == RM_OK; i++) {
        const rm_stmt *label = label_of(s->list[i]);
        if (label != NULL && worlds->count > 0 && count < MOST_LABELS) {
            rm_world *before = rm_world_copy(w, worlds->at[0]);
            passed[count] = (passed_label){.at = i, .name = label->name, .before = before};
            count += before != NULL;
        }
        rm_walk_stmt(w, s->list[i], worlds);
    }
    for (uint32_t i = 0; i < count; i++) {
        rm_world_list again = {0};
        if (w->status == RM_OK && is_jumped_to(w, &passed[i])) {
            walk_list(w, s, passed[i].at, &again);
            add_and_join(w, worlds, &again);
        }
        rm_world_drop(w, passed[i].before);
    }
}

static void jump_to(rm_walk *w, rm_world_list *to, rm_world_list *worlds) {
    if (to == NULL) {
        rm_worlds_drop(w, worlds); /* a break outside of everything: not C */
        return;
    }
    add_and_join(w, to, worlds);
}

static void walk_goto(rm_walk *w, const rm_stmt *s, rm_world_list *worlds) {
    rm_worlds_join(w, worlds, rm_walk_ways(w));
    for (uint32_t i = 0; i < worlds->count; i++) {
        park(w, NULL, s->name, worlds->at[i]);
    }
    worlds->count = 0;
}

static void walk_expr(rm_walk *w, const rm_stmt *s, rm_world_list *worlds) {
    rm_eval(w, s->a, worlds);
    for (uint32_t i = 0; i < worlds->count; i++) {
        (void)rm_world_pop(worlds->at[i]);
    }
    rm_worlds_join(w, worlds, rm_walk_ways(w));
}

void rm_walk_stmt(rm_walk *w, const rm_stmt *s, rm_world_list *worlds) {
    if (s == NULL || (worlds->count == 0 && !s->has_label && !s->has_case)) {
        return;
    }
    if (!take_steps(w, s, worlds)) {
        return;
    }
    switch (s->kind) {
    case RM_STMT_EXPR: walk_expr(w, s, worlds); return;
    case RM_STMT_DECLARE: declare(w, s, worlds); return;
    case RM_STMT_BLOCK: walk_block(w, s, worlds); return;
    case RM_STMT_IF: walk_if(w, s, worlds); return;
    case RM_STMT_SWITCH: walk_switch(w, s, worlds); return;
    case RM_STMT_CASE:
    case RM_STMT_LABEL: arrive(w, s, worlds); return;
    case RM_STMT_LOOP: rm_walk_loop(w, s, worlds); return;
    case RM_STMT_RETURN: walk_return(w, s, worlds); return;
    case RM_STMT_BREAK: jump_to(w, w->frame->breaks, worlds); return;
    case RM_STMT_CONTINUE: jump_to(w, w->frame->continues, worlds); return;
    case RM_STMT_LEAVE: jump_to(w, w->frame->leaves, worlds); return;
    case RM_STMT_GOTO: walk_goto(w, s, worlds); return;
    case RM_STMT_TRY: rm_walk_try(w, s, worlds); return;
    case RM_STMT_OPAQUE: return;
    }
}

/* --- functions --- */

/* A reference stands for a place: what came as a value gets one. */
static rm_value referred(rm_walk *w, rm_world *world, rm_value value) {
    if (value.kind == RM_VALUE_POINTER) {
        return value;
    }
    uint32_t cell = rm_cell_root(w, RM_CELL_NOWHERE, w->serial++, 2);
    rm_memory_store(w, world, cell, value);
    return rm_value_pointer(cell);
}

static void bind_params(rm_walk *w, const rm_frame *frame, const rm_value *args, uint32_t arg_count,
                        rm_world *world, rm_span at) {
    for (uint32_t i = 0; i < frame->body->param_count; i++) {
        const rm_type *type = &frame->body->variables.at[i].type;
        uint32_t cell = rm_cell_root(w, RM_CELL_LOCAL, frame->id, i);
        if (w->status != RM_OK) {
            return;
        }
        rm_type as_value = *type;
        if (as_value.dims > 0) {
            as_value = rm_type_deref(&as_value); /* T a[] is T *a */
            as_value = rm_type_pointer(&as_value);
        }
        w->cells.at[cell].type = as_value;
        rm_value value = i < arg_count
                             ? args[i]
                             : rm_value_unknown(w, "no argument is given for it in the call", at);
        rm_world_set(w, world, cell,
                     frame->body->variables.at[i].is_reference
                         ? referred(w, world, value)
                         : rm_symbol_cast(w, value, &as_value));
    }
}

rm_trail rm_walk_trail(rm_walk *w) {
    rm_trail trail = {.moment = w->clock++};
    for (const rm_frame *f = w->frame; f != NULL && f->caller != NULL; f = f->caller) {
        trail.count++;
    }
    uint32_t at = trail.count;
    for (const rm_frame *f = w->frame; f != NULL && f->caller != NULL; f = f->caller) {
        if (--at < RM_WALK_CALLS) {
            trail.calls[at] = (rm_trail_call){f->at, f->body->function, f->moment};
        }
    }
    trail.count = trail.count < RM_WALK_CALLS ? trail.count : RM_WALK_CALLS;
    return trail;
}

/* The same way through the calls has the same number. */
static uint32_t site_of(const rm_walk *w, rm_span at) {
    uint32_t outer = w->frame != NULL ? w->frame->site : 0;
    return (outer * 31 + at.start) * 31 + at.file + 1;
}

void rm_walk_function(rm_walk *w, const rm_function *function, const rm_value *args,
                      uint32_t arg_count, rm_world *world, rm_world_list *out, rm_span at) {
    const rm_body *body = rm_flow_body(w->flow, function);
    rm_world_list worlds = {0};
    if (body == NULL) {
        w->status = w->flow->status;
        return;
    }
    rm_frame frame = {.body = body,
                      .caller = w->frame,
                      .id = ++w->frames,
                      .site = site_of(w, at),
                      .depth = w->frame != NULL ? w->frame->depth + 1 : 0,
                      .at = at,
                      .moment = w->clock++};
    world->has_result = false;
    bind_params(w, &frame, args, arg_count, world, at);
    rm_worlds_add(w, &worlds, world);
    w->frame = &frame;
    rm_walk_stmt(w, body->root, &worlds);
    rm_worlds_move(w, &worlds, &frame.returns);
    for (uint32_t i = 0; i < worlds.count; i++) {
        rm_world_leave(w, worlds.at[i], frame.id);
    }
    rm_worlds_join(w, &worlds, rm_walk_ways(w));
    w->frame = frame.caller;
    rm_worlds_move(w, out, &worlds);
}
