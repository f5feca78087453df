#include "source/asked.h"
#include "source/flow/walk.h"

/* Conditions: which worlds go which way. */

static void split(rm_walk *w, rm_world *world, uint32_t op, rm_value a, rm_value b, uint32_t guard,
                  rm_world_list *yes, rm_world_list *no) {
    rm_world *other = rm_world_copy(w, world);
    if (other == NULL) {
        return;
    }
    if (rm_assume(w, world, op, a, b, guard)) {
        rm_worlds_add(w, yes, world);
    } else {
        rm_world_drop(w, world);
    }
    if (rm_assume(w, other, rm_op_negate(op), a, b, guard)) {
        rm_worlds_add(w, no, other);
    } else {
        rm_world_drop(w, other);
    }
}

/* --- the control code --- */

static bool is_code(const rm_walk *w, rm_value value) {
    while (value.kind == RM_VALUE_SYMBOL && value.id < w->symbols.count &&
           w->symbols.at[value.id].op == RM_SYMBOL_CAST && w->symbols.at[value.id].bits >= 32) {
        value = w->symbols.at[value.id].a; /* switch ((long)code) */
    }
    return value.kind == RM_VALUE_SYMBOL && value.id < w->symbols.count &&
           w->symbols.at[value.id].op == RM_SYMBOL_SOURCE &&
           w->symbols.at[value.id].source == RM_SOURCE_CODE;
}

rm_str rm_code_name(const rm_walk *w, const rm_expr *label) {
    while (label->kind == RM_EXPR_CAST) {
        label = label->a;
    }
    bool named = label->name.len > 0 && label->kind != RM_EXPR_CALL; /* CODE(1) is not CODE(2) */
    return named ? label->name : rm_span_text(w->flow->unit, label->span);
}

static void remember_code(rm_walk *w, rm_value label, const rm_expr *text) {
    if (w->codes == NULL) {
        return;
    }
    bool known = label.kind == RM_VALUE_CONST;
    rm_str name = known ? text->name : rm_code_name(w, text);
    for (uint32_t i = 0; i < w->codes->count; i++) {
        const rm_code *c = &w->codes->at[i];
        if (known ? c->known && c->number == (uint32_t)label.n
                  : !c->known && rm_str_eq(c->name, name)) {
            return;
        }
    }
    rm_code *code = rm_push(w->flow->arena, w->codes);
    if (code == NULL) {
        w->status = RM_NOMEM;
        return;
    }
    *code = (rm_code){
        .known = known, .number = known ? (uint32_t)label.n : 0, .name = name, .span = text->span};
}

/* Is the entry's code this label? In the walk for all other codes: never. */
static bool code_is(rm_walk *w, rm_value label, const rm_expr *text) {
    remember_code(w, label, text);
    bool same = w->code.kind == label.kind &&
                (label.kind == RM_VALUE_CONST ? (uint32_t)label.n == (uint32_t)w->code.n
                                              : label.id == w->code.id);
    if (same && !w->code_served) {
        w->code_served =
            rm_asked_is_served(w->flow->unit, text->span.file, text->span.start, text->span.end);
        if (!w->code_matched || w->code_served) {
            w->matched_name = label.kind == RM_VALUE_NAMED ? rm_code_name(w, text) : text->name;
            w->matched_at = text->span;
        }
        w->code_matched = true;
    }
    return same;
}

static bool is_label(rm_value value) {
    return value.kind == RM_VALUE_CONST || value.kind == RM_VALUE_NAMED;
}

/* A name that nothing in the sources defines stands for a code of the kit's headers. */
static rm_value as_label(rm_walk *w, rm_value value, const rm_expr *text) {
    bool unknown_name = text->kind == RM_EXPR_GLOBAL && value.kind != RM_VALUE_CONST &&
                        rm_decls_global(w->flow->decls, text->name) == NULL;
    return unknown_name
               ? (rm_value){.kind = RM_VALUE_NAMED, .id = rm_names_id(w->names, text->name)}
               : value;
}

/* The codes in a column of a table: the world goes on with the row that has the entry's. */
static bool branch_on_column(rm_walk *w, rm_world *world, bool equal, rm_value column,
                             rm_world_list *yes, rm_world_list *no) {
    rm_table table;
    if (!rm_table_read(w, world, column, &table) || table.values[0]->kind != RM_EXPR_CONST) {
        return false;
    }
    bool only = table.complete; /* there is no other row it could be */
    for (uint32_t i = 0; i < table.count; i++) {
        const rm_expr *code = table.values[i];
        if (code->kind != RM_EXPR_CONST) {
            only = false;
            continue;
        }
        rm_world *row = NULL;
        if (!code_is(w, rm_value_const(code->value), code)) {
            only = false;
        } else if ((row = rm_world_copy(w, world)) != NULL &&
                   rm_assume(w, row, RM_OP('=', '='), table.index, rm_value_const(table.rows[i]),
                             RM_NONE)) {
            rm_worlds_add(w, equal ? yes : no, row);
        } else if (row != NULL) {
            rm_world_drop(w, row);
        }
    }
    if (only) {
        rm_world_drop(w, world);
    } else {
        rm_worlds_add(w, equal ? no : yes, world);
    }
    return true;
}

static bool branch_on_code(rm_walk *w, rm_world *world, const rm_expr *e, rm_value a, rm_value b,
                           rm_world_list *yes, rm_world_list *no) {
    bool equality = e->op == RM_OP('=', '=') || e->op == RM_OP('!', '=');
    a = is_code(w, b) ? as_label(w, a, e->a) : a;
    b = is_code(w, a) ? as_label(w, b, e->b) : b;
    bool first = is_code(w, a) && is_label(b);
    if (equality && (is_code(w, a) || is_code(w, b)) &&
        branch_on_column(w, world, e->op == RM_OP('=', '='), is_code(w, a) ? b : a, yes, no)) {
        return true;
    }
    if (!equality || (!first && !(is_code(w, b) && is_label(a)))) {
        return false;
    }
    bool same = code_is(w, first ? b : a, first ? e->b : e->a);
    bool holds = same == (e->op == RM_OP('=', '='));
    rm_worlds_add(w, holds ? yes : no, world);
    return true;
}

static bool is_known_code(const rm_walk *w, const rm_expr *label) {
    while (label->kind == RM_EXPR_CAST) {
        label = label->a;
    }
    for (uint32_t i = 0; i < w->codes->count; i++) {
        const rm_code *c = &w->codes->at[i];
        bool same = label->kind == RM_EXPR_CONST
                        ? c->known && c->number == (uint32_t)label->value
                        : !c->known && rm_str_eq(c->name, rm_code_name(w, label));
        if (same) {
            return true;
        }
    }
    return false;
}

bool rm_code_is_switched(rm_walk *w, rm_value scrutinee, const rm_stmt *const *cases,
                         uint32_t count) {
    enum { FEWEST = 2 };
    uint32_t labels = 0;
    const rm_symbol *s = rm_symbol_of(w, scrutinee);
    if (is_code(w, scrutinee)) {
        return true;
    }
    if (w->codes == NULL || s == NULL) {
        return false;
    }
    bool either = s->op == RM_SYMBOL_PHI && (is_code(w, s->a) || is_code(w, s->b));
    if (s->taint == RM_TAINT_USER && !either) {
        return false; /* the caller's own number */
    }
    for (uint32_t i = 0; i < count; i++) {
        if (cases[i]->a != NULL && !is_known_code(w, cases[i]->a)) {
            return false;
        }
        labels += cases[i]->a != NULL;
    }
    return labels >= FEWEST;
}

bool rm_code_is_label(rm_walk *w, rm_value scrutinee, rm_value label, const rm_expr *text,
                      bool *same) {
    if (!is_code(w, scrutinee) || !is_label(label)) {
        return false;
    }
    *same = code_is(w, label, text);
    return true;
}

/* --- comparisons --- */

static rm_check_kind kind_of_test(const rm_walk *w, uint32_t op, rm_value a) {
    const rm_symbol *s = a.kind == RM_VALUE_SYMBOL ? &w->symbols.at[a.id] : NULL;
    if (s != NULL && s->op == RM_SYMBOL_SOURCE &&
        (s->source == RM_SOURCE_INPUT_LENGTH || s->source == RM_SOURCE_OUTPUT_LENGTH ||
         s->source == RM_SOURCE_LENGTH)) {
        return RM_CHECK_LENGTH;
    }
    if (s != NULL && s->op == RM_SYMBOL_ARITH && s->arith == RM_OP('&', 0)) {
        return RM_CHECK_MASK;
    }
    return op == RM_OP('=', '=') || op == RM_OP('!', '=') ? RM_CHECK_EQUALITY : RM_CHECK_RANGE;
}

static uint32_t guard_of(rm_walk *w, const rm_expr *e, rm_value a, rm_value b) {
    bool first = rm_value_taint(w, a) == RM_TAINT_USER;
    if (!first && rm_value_taint(w, b) != RM_TAINT_USER) {
        return RM_NONE;
    }
    rm_value tested = first ? a : b;
    for (uint32_t i = w->guards.count; i > 0 && i + 16 > w->guards.count; i--) {
        const rm_guard *g = &w->guards.at[i - 1];
        if (g->span.start == e->span.start && g->span.file == e->span.file &&
            g->span.end == e->span.end && g->symbol == tested.id && g->why_not == NULL) {
            return i - 1;
        }
    }
    uint32_t id = rm_guard_new(w, e->span, kind_of_test(w, e->op, tested), tested.id);
    if (id != RM_NONE) {
        w->guards.at[id].well_formed = !e->chained;
    }
    return id;
}

/* min <= x <= max compares 0 or 1 with max: nothing is learnt of x. */
static void note_chain(rm_walk *w, rm_world *world, const rm_expr *e, rm_value x) {
    if (rm_value_taint(w, x) != RM_TAINT_USER) {
        return;
    }
    uint32_t id = guard_of(w, e, x, rm_value_const(0));
    rm_fact *fact = rm_world_fact(w, world, x.id);
    if (id != RM_NONE && fact != NULL) {
        w->guards.at[id].well_formed = false;
        w->guards.at[id].why_not = "min <= x <= max is (min <= x) <= max in C, whatever x is";
        fact->vain = id;
    }
}

static void branch_on_chain(rm_walk *w, const rm_expr *e, rm_world_list *worlds, rm_world_list *yes,
                            rm_world_list *no) {
    bool left = e->a->kind == RM_EXPR_COMPARE;
    const rm_expr *inner = left ? e->a : e->b;
    const rm_expr *outer = left ? e->b : e->a;
    rm_eval(w, inner->a, worlds);
    rm_eval(w, inner->b, worlds);
    rm_eval(w, outer, worlds);
    for (uint32_t i = 0; i < worlds->count; i++) {
        rm_world *world = worlds->at[i];
        rm_value limit = rm_world_pop(world);
        rm_value b = rm_world_pop(world);
        rm_value a = rm_world_pop(world);
        note_chain(w, world, e, a);
        note_chain(w, world, e, b);
        note_chain(w, world, e, limit);
        bool always =
            left && limit.kind == RM_VALUE_CONST &&
            ((e->op == RM_OP('<', '=') && limit.n >= 1) || (e->op == RM_OP('<', 0) && limit.n > 1));
        if (!always) {
            rm_worlds_add(w, no, rm_world_copy(w, world));
        }
        rm_worlds_add(w, yes, world);
    }
    worlds->count = 0;
}

/* The type in which C compares: a signed value beside an unsigned one becomes unsigned. */
static bool compared_as(const rm_expr *e, rm_type *out) {
    const rm_type *a = &e->a->type;
    const rm_type *b = &e->b->type;
    if (a->pointers > 0 || a->dims > 0 || b->pointers > 0 || b->dims > 0 || a->bits == 0 ||
        b->bits == 0) {
        return false;
    }
    uint8_t bits = a->bits > b->bits ? a->bits : b->bits;
    bool a_unsigned = !a->is_signed && a->bits >= 32;
    bool b_unsigned = !b->is_signed && b->bits >= 32;
    bool is_unsigned = (a_unsigned && a->bits == bits) || (b_unsigned && b->bits == bits);
    *out = rm_type_integer(bits < 32 ? 32 : bits, bits < 32 || !is_unsigned);
    return true;
}

static void branch_on_comparison(rm_walk *w, const rm_expr *e, rm_world_list *worlds,
                                 rm_world_list *yes, rm_world_list *no) {
    if (e->chained) {
        branch_on_chain(w, e, worlds, yes, no);
        return;
    }
    rm_type type;
    bool converts = compared_as(e, &type);
    rm_eval(w, e->a, worlds);
    rm_eval(w, e->b, worlds);
    for (uint32_t i = 0; i < worlds->count && w->status == RM_OK; i++) {
        rm_world *world = worlds->at[i];
        rm_value b = rm_world_pop(world);
        rm_value a = rm_world_pop(world);
        if (branch_on_code(w, world, e, a, b, yes, no)) {
            continue;
        }
        rm_answer_acted_on(w, world, a);
        rm_answer_acted_on(w, world, b);
        rm_null_looked_at(w, world, a);
        rm_null_looked_at(w, world, b);
        if (converts) {
            a = rm_symbol_cast(w, a, &type);
            b = rm_symbol_cast(w, b, &type);
        }
        split(w, world, e->op, a, b, guard_of(w, e, a, b), yes, no);
    }
    worlds->count = 0;
}

/* if (x): x is not zero */
static void branch_on_value(rm_walk *w, const rm_expr *e, rm_world_list *worlds, rm_world_list *yes,
                            rm_world_list *no) {
    rm_eval(w, e, worlds);
    for (uint32_t i = 0; i < worlds->count && w->status == RM_OK; i++) {
        rm_world *world = worlds->at[i];
        rm_value value = rm_world_pop(world);
        rm_answer_acted_on(w, world, value);
        rm_null_looked_at(w, world, value);
        split(w, world, RM_OP('!', '='), value, rm_value_const(0), RM_NONE, yes, no);
    }
    worlds->count = 0;
}

void rm_branch_on(rm_walk *w, const rm_expr *e, rm_world_list *worlds, rm_world_list *yes,
                  rm_world_list *no) {
    rm_world_list middle = {0};
    if (worlds->count == 0 || w->status != RM_OK) {
        return;
    }
    switch ((int)e->kind) {
    case RM_EXPR_NOT: rm_branch_on(w, e->a, worlds, no, yes); break;
    case RM_EXPR_AND:
        rm_branch_on(w, e->a, worlds, &middle, no);
        rm_branch_on(w, e->b, &middle, yes, no);
        break;
    case RM_EXPR_OR:
        rm_branch_on(w, e->a, worlds, yes, &middle);
        rm_branch_on(w, e->b, &middle, yes, no);
        break;
    case RM_EXPR_COMPARE: branch_on_comparison(w, e, worlds, yes, no); break;
    default: branch_on_value(w, e, worlds, yes, no); break;
    }
    rm_worlds_join(w, yes, rm_walk_ways(w));
    rm_worlds_join(w, no, rm_walk_ways(w));
}

/* --- questions put to code that is not here --- */

void rm_ask_about(rm_walk *w, rm_world *world, rm_value value) {
    if (value.kind == RM_VALUE_POINTER && rm_cell_is_user(w, value.id)) {
        value = rm_memory_peek(w, world, w->cells.at[value.id].root);
    }
    if (rm_value_taint(w, value) != RM_TAINT_USER) {
        return;
    }
    rm_fact *fact = rm_world_fact(w, world, value.id);
    if (fact != NULL) {
        fact->asked = true;
    }
}

static void judged(rm_walk *w, rm_world *world, uint32_t call) {
    for (uint32_t i = 0; i < w->asks.count; i++) {
        if (w->asks.at[i].call == call) {
            rm_ask_about(w, world, w->asks.at[i].about);
        }
    }
}

void rm_test_decided(rm_walk *w, rm_world *world, uint32_t symbol, bool zero) {
    for (unsigned depth = 0; depth < 4; depth++) {
        const rm_symbol *s = &w->symbols.at[symbol];
        if (s->op == RM_SYMBOL_FRESH && s->tested != RM_TESTED_NOTHING) {
            if (zero == (s->tested == RM_TESTED_ORDER)) {
                judged(w, world, s->asked);
            }
            return;
        }
        if (s->op != RM_SYMBOL_CAST || s->a.kind != RM_VALUE_SYMBOL) {
            return;
        }
        symbol = s->a.id;
    }
}

void rm_answer_acted_on(rm_walk *w, rm_world *world, rm_value value) {
    for (unsigned depth = 0; depth < 4; depth++) {
        const rm_symbol *s = rm_symbol_of(w, value);
        if (s == NULL) {
            return;
        }
        if (s->asked != RM_NONE && s->tested == RM_TESTED_NOTHING) {
            judged(w, world, s->asked);
        }
        if (s->op != RM_SYMBOL_CAST && s->op != RM_SYMBOL_ARITH) {
            return;
        }
        value = s->a;
    }
}
