#include "source/flow/walk.h"

/*
 * Who is the caller? A question counts when every way to what it guards has the right answer, and
 * a way with the other answer exists that ends elsewhere.
 */

static uint32_t add_question(rm_walk *w, const rm_auth_row *row, rm_check_kind kind,
                             uint32_t symbol, rm_str argument, rm_span span) {
    for (uint32_t i = 0; i < w->questions.count; i++) {
        const rm_question *q = &w->questions.at[i];
        if (q->symbol == symbol) {
            return i;
        }
    }
    rm_question *q = rm_push(w->arena, &w->questions);
    if (q == NULL) {
        w->status = RM_NOMEM;
        return 0;
    }
    *q = (rm_question){.row = row,
                       .kind = kind,
                       .symbol = symbol,
                       .argument = argument,
                       .span = span,
                       .asked_at_sinks = true};
    return w->questions.count - 1;
}

bool rm_question_call(rm_walk *w, rm_world *world, const rm_call_site *site, rm_value *result) {
    const rm_auth_row *row = site->e->routine.question;
    rm_str argument = RM_STR_NONE;
    if (row == NULL) {
        return false;
    }
    uint32_t symbol = rm_symbol_fresh(w, RM_TAINT_NONE, NULL, site->e->span);
    w->symbols.at[symbol].bits = 32;
    w->symbols.at[symbol].is_signed = true;
    if (row->argument >= 0 && (uint32_t)row->argument < site->count) {
        argument = rm_span_text(w->flow->unit, site->e->args[row->argument]->span);
    }
    (void)add_question(w, row, row->kind, symbol, argument, site->e->span);
    *result = rm_value_symbol(symbol);
    if (row->answer == RM_ANSWER_OUT && (uint32_t)row->out < site->count) {
        rm_value out = site->args[row->out];
        if (out.kind == RM_VALUE_POINTER) {
            rm_memory_store(w, world, out.id, *result);
        }
        *result = rm_value_symbol(rm_symbol_fresh(w, RM_TAINT_NONE, NULL, site->e->span));
    }
    return true;
}

uint32_t rm_question_of_mode(rm_walk *w, rm_span span) {
    uint32_t symbol = rm_symbol_source(w, RM_SOURCE_REQUESTOR_MODE);
    (void)add_question(w, NULL, RM_CHECK_REQUESTOR_MODE, symbol, RM_STR("KernelMode"), span);
    return symbol;
}

typedef enum rm_answer { ANSWER_NONE, ANSWER_YES, ANSWER_NO } rm_answer;

/* The answer that this world goes by, through the casts and tests put on it. */
static rm_answer answer_in(const rm_walk *w, const rm_world *world, const rm_question *q) {
    rm_answer found = ANSWER_NONE;
    for (uint32_t i = 0; i < world->facts.count; i++) {
        const rm_fact *f = &world->facts.at[i];
        uint32_t id = f->symbol;
        for (unsigned depth = 0; depth < 3 && id != q->symbol; depth++) {
            const rm_symbol *s = &w->symbols.at[id];
            if (s->op != RM_SYMBOL_CAST || s->a.kind != RM_VALUE_SYMBOL) {
                break;
            }
            id = s->a.id;
        }
        if (id != q->symbol) {
            continue;
        }
        rm_range r = rm_range_of(w, world, rm_value_symbol(f->symbol));
        bool zero = f->is_zero || (r.has_lo && r.has_hi && r.lo == 0 && r.hi == 0);
        bool not_zero = f->not_zero || (r.has_lo && r.lo > 0) || (r.has_hi && r.hi < 0);
        bool success = zero || (r.has_lo && r.lo >= 0);
        bool failure = r.has_hi && r.hi < 0;
        if (q->row == NULL ? zero : q->row->answer == RM_ANSWER_STATUS ? success : not_zero) {
            found = ANSWER_YES;
        } else if (q->row == NULL                       ? not_zero
                   : q->row->answer == RM_ANSWER_STATUS ? failure || not_zero
                                                        : zero) {
            found = ANSWER_NO;
        }
    }
    return found;
}

void rm_questions_at_sink(rm_walk *w, const rm_world *world) {
    for (uint32_t i = 0; i < w->questions.count; i++) {
        rm_question *q = &w->questions.at[i];
        q->seen_at_sink = true;
        q->asked_at_sinks = q->asked_at_sinks && answer_in(w, world, q) == ANSWER_YES;
    }
}

bool rm_question_answered(const rm_walk *w, const rm_world *world, const rm_question *q,
                          bool *yes) {
    rm_answer answer = answer_in(w, world, q);
    *yes = answer == ANSWER_YES;
    return answer != ANSWER_NONE;
}
