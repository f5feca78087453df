#include "source/flow/walk.h"

/*
 * Who is the caller? A question counts when every way to what it guards has the right answer, and
 * a way with the other answer exists that ends elsewhere.
 */

/* The same call on another way is the same question. */
static bool is_same_question(const rm_question *a, const rm_question *b) {
    return a->row == b->row && a->span.file == b->span.file && a->span.start == b->span.start;
}

/* What was reached before anyone asked, was reached without asking. */
static void start_at_sinks(const rm_walk *w, rm_question *q) {
    q->asked_at_sinks = !w->sink_seen;
    q->seen_at_sink = w->sink_seen;
    for (uint32_t i = 0; i < w->questions.count; i++) {
        const rm_question *known = &w->questions.at[i];
        if (known != q && is_same_question(known, q)) {
            q->asked_at_sinks = known->asked_at_sinks;
            q->seen_at_sink = known->seen_at_sink;
            break;
        }
    }
}

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
                       .of = RM_NONE,
                       .argument = argument,
                       .span = span};
    start_at_sinks(w, q);
    return w->questions.count - 1;
}

enum { MOST_IDENTITIES = 64 };

/* Who the caller is: the answer is in what it is compared with. */
static void ask_identity(rm_walk *w, const rm_call_site *site, rm_value *result) {
    const rm_auth_row *row = site->e->routine.question;
    uint32_t caller = rm_symbol_fresh(w, RM_TAINT_NONE, NULL, site->e->span);
    *result = rm_value_symbol(caller);
    if (w->questions.count < MOST_IDENTITIES) {
        uint32_t answer = rm_symbol_fresh(w, RM_TAINT_NONE, NULL, site->e->span);
        uint32_t index = add_question(w, row, row->kind, answer,
                                      rm_span_text(w->flow->unit, site->e->span), site->e->span);
        if (w->status == RM_OK) {
            w->questions.at[index].of = caller;
        }
    }
}

/* Through casts: the question whose caller the value is. */
static const rm_question *question_about(const rm_walk *w, rm_value value) {
    for (unsigned depth = 0; depth < 3 && value.kind == RM_VALUE_SYMBOL; depth++) {
        for (uint32_t i = 0; i < w->questions.count; i++) {
            if (w->questions.at[i].of == value.id) {
                return &w->questions.at[i];
            }
        }
        const rm_symbol *s = &w->symbols.at[value.id];
        if (s->op != RM_SYMBOL_CAST) {
            break;
        }
        value = s->a;
    }
    return NULL;
}

/* What the request itself brings is no one that the driver knows; neither is a constant. */
static bool is_known_one(rm_walk *w, rm_value value) {
    const rm_symbol *s = rm_symbol_of(w, value);
    return s != NULL && s->taint != RM_TAINT_USER;
}

void rm_question_compared(rm_walk *w, rm_world *world, uint32_t op, rm_value a, rm_value b) {
    bool equal = op == RM_OP('=', '=');
    if ((!equal && op != RM_OP('!', '=')) || w->questions.count == 0) {
        return;
    }
    const rm_question *q = question_about(w, a);
    rm_value other = b;
    if (q == NULL) {
        q = question_about(w, b);
        other = a;
    }
    rm_fact *fact =
        q == NULL || !is_known_one(w, other) ? NULL : rm_world_fact(w, world, q->symbol);
    if (fact != NULL) {
        fact->not_zero = equal;
        fact->is_zero = !equal;
    }
}

bool rm_question_call(rm_walk *w, rm_world *world, const rm_call_site *site, rm_value *result) {
    const rm_auth_row *row = site->e->routine.question;
    rm_str argument = RM_STR_NONE;
    if (row == NULL) {
        return false;
    }
    if (row->answer == RM_ANSWER_EQUAL) {
        ask_identity(w, site, result);
        return true;
    }
    uint32_t symbol = rm_symbol_fresh(w, RM_TAINT_NONE, NULL, site->e->span);
    w->symbols.at[symbol].bits = 32;
    w->symbols.at[symbol].is_signed = true;
    if (row->argument >= 0 && (uint32_t)row->argument < site->count) {
        argument = rm_span_text(w->flow->unit, site->e->args[row->argument]->span);
    }
    if (rm_str_eq(site->name, RM_STR("SeAccessCheck")) && w->status == RM_OK) {
        /* asked of a descriptor, not of the handle's granted access */
        w->status = rm_str_printf(w->arena, &argument, "SeAccessCheck: %.*s", RM_STR_ARG(argument));
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

/* The answer to the question, on whichever way to this world it was asked. */
static rm_answer answer_of_all(const rm_walk *w, const rm_world *world, const rm_question *q) {
    rm_answer found = ANSWER_NONE;
    for (uint32_t i = 0; i < w->questions.count; i++) {
        const rm_question *other = &w->questions.at[i];
        rm_answer answer =
            other == q || is_same_question(other, q) ? answer_in(w, world, other) : ANSWER_NONE;
        if (answer != ANSWER_NONE && found != ANSWER_YES) {
            found = answer;
        }
    }
    return found;
}

void rm_questions_at_sink(rm_walk *w, const rm_world *world) {
    w->sink_seen = true;
    for (uint32_t i = 0; i < w->questions.count; i++) {
        rm_question *q = &w->questions.at[i];
        q->seen_at_sink = true;
        q->asked_at_sinks = q->asked_at_sinks && answer_of_all(w, world, q) == ANSWER_YES;
    }
}

bool rm_question_answered(const rm_walk *w, const rm_world *world, const rm_question *q,
                          bool *yes) {
    rm_answer answer = answer_of_all(w, world, q);
    *yes = answer == ANSWER_YES;
    return answer != ANSWER_NONE;
}

/* --- how the request ends --- */

static const char *const completions[] = {
    "WdfRequestComplete", "WdfRequestCompleteWithInformation",
    "WdfRequestCompleteWithPriorityBoost"}; /* (Request, Status, …) */

/* Where the status of a completed request is kept: a variable of no function. */
static uint32_t completed_cell(rm_walk *w) {
    return rm_cell_root(w, RM_CELL_LOCAL, RM_NONE, 0);
}

void rm_question_completed(rm_walk *w, rm_world *world, const rm_call_site *site) {
    const rm_symbol *request = site->count > 1 ? rm_symbol_of(w, site->args[0]) : NULL;
    if (request == NULL || request->op != RM_SYMBOL_SOURCE ||
        request->source != RM_SOURCE_REQUEST) {
        return;
    }
    for (size_t i = 0; i < sizeof completions / sizeof completions[0]; i++) {
        if (rm_str_eq(site->name, rm_str_from(completions[i]))) {
            rm_world_set(w, world, completed_cell(w), site->args[1]);
        }
    }
}

rm_tri rm_question_refused(rm_walk *w, const rm_world *world) {
    rm_value status = world->result;
    bool known = world->has_result;
    if (w->handler->wdf) {
        known = rm_world_get(world, completed_cell(w), &status);
    }
    if (!known || w->handler->kind == RM_ENTRY_FAST_IO) {
        return RM_TRI_UNKNOWN; /* it tells by IoStatus, what it returns means something else */
    }
    if (status.kind == RM_VALUE_CONST) {
        return status.n < 0 || status.n > INT32_MAX ? RM_TRI_YES : RM_TRI_NO;
    }
    if (status.kind != RM_VALUE_SYMBOL) {
        return RM_TRI_UNKNOWN;
    }
    rm_range r = rm_range_of(w, world, status);
    return r.has_hi && r.hi < 0 ? RM_TRI_YES : r.has_lo && r.lo >= 0 ? RM_TRI_NO : RM_TRI_UNKNOWN;
}
