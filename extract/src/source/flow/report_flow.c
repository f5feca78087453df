#include <stdlib.h>

#include "source/flow/report.h"

/*
 * The way of a request as a reader would tell it: which functions it goes through, where each of
 * the caller's values is read and what is made of it, which tests it meets and what they are worth,
 * and the operation. Steps of all operations of an entry are brought into one order, that of the
 * walk, and numbered; a step that several operations share is one step.
 */

enum {
    MOST_VALUES = 6,     /* that one argument is made of */
    MOST_STEPS = 400,    /* of one entry */
    MOST_OTHERS = 16,    /* tests of values that no operation takes */
    MOST_EXPRESSION = 80 /* characters of an expression's text */
};

/* --- what a value is --- */

rm_span rm_symbol_place(const rm_walk *w, uint32_t symbol) {
    const rm_symbol *s = &w->symbols.at[symbol];
    return s->span.file == RM_NONE && s->is_source ? w->came_in[s->source] : s->span;
}

/* The field or element that a cell is, as text behind what is there. */
static void add_component(rm_walk *w, rm_buf *path, const rm_cell *c) {
    if (c->kind == RM_CELL_FIELD) {
        rm_buf_text(path, path->len > 0 ? "." : "");
        rm_buf_str(path, rm_names_text(w->names, c->a));
    } else if (c->kind == RM_CELL_INDEX && path->len > 0) {
        if (c->index.kind == RM_VALUE_CONST) {
            rm_buf_printf(path, "[%lld]", (long long)c->index.n);
        } else {
            rm_buf_text(path, "[]");
        }
    }
}

/* "typedef struct _IN1 { … } IN1": IN1. */
static rm_str record_title(const rm_walk *w, const rm_cell *c) {
    rm_str tag = rm_names_text(w->names, c->b);
    rm_str plain = rm_str_starts(tag, RM_STR("_")) ? rm_str_slice(tag, 1, tag.len) : tag;
    return rm_type_known(w->flow->decls, plain) ? plain : tag;
}

rm_str rm_symbol_type(rm_walk *w, uint32_t symbol) {
    const rm_symbol *s = &w->symbols.at[symbol];
    rm_str text = s->type;
    unsigned stars = s->cell != 0 ? w->cells.at[s->cell - 1].type.pointers : 0;
    if (stars > 0 && text.len > 0 &&
        rm_str_printf(w->arena, &text, "%.*s %.*s", RM_STR_ARG(s->type), (int)(stars % 4), "***") !=
            RM_OK) {
        w->status = RM_NOMEM;
    }
    return text;
}

enum { MOST_PARTS = 12 };

/* The cells from the innermost outwards that make the value a part of the buffer. */
static uint32_t parts_of(const rm_walk *w, uint32_t symbol, uint32_t *cells) {
    uint32_t count = 0;
    const rm_symbol *s = &w->symbols.at[symbol];
    while ((s->op == RM_SYMBOL_PART || s->op == RM_SYMBOL_CAST) && s->a.kind == RM_VALUE_SYMBOL &&
           count < MOST_PARTS) {
        if (s->op == RM_SYMBOL_PART && s->cell != 0) {
            cells[count++] = s->cell - 1;
        }
        s = &w->symbols.at[s->a.id];
    }
    uint32_t at = s->op == RM_SYMBOL_FETCH && s->cell != 0 ? s->cell - 1 : RM_NONE;
    while (at != RM_NONE && w->cells.at[at].parent != RM_NONE && count < MOST_PARTS) {
        cells[count++] = at;
        at = w->cells.at[at].parent;
    }
    return count;
}

rm_member rm_member_of(rm_walk *w, uint32_t symbol) {
    uint32_t cells[MOST_PARTS];
    uint32_t count = parts_of(w, symbol, cells);
    rm_member member = {.has_offset = count > 0};
    rm_buf path = {.arena = w->arena};
    int64_t offset = 0;
    for (uint32_t i = count; i > 0; i--) {
        const rm_cell *c = &w->cells.at[cells[i - 1]];
        int64_t more = rm_cell_offset_in(w, c);
        bool known = member.has_offset && more >= 0 && offset + more <= UINT32_MAX;
        if (path.len == 0 && c->kind == RM_CELL_FIELD) {
            rm_buf_str(&path, record_title(w, c));
        }
        add_component(w, &path, c);
        member.has_offset = known;
        offset += known ? more : 0;
    }
    if (count > 0) {
        int64_t size = rm_type_size(&w->cells.at[cells[0]].type);
        member.size = size > 0 && size <= UINT32_MAX ? (uint32_t)size : 0;
        member.offset = (uint32_t)offset;
    }
    member.path = rm_buf_view(&path);
    w->status = path.status != RM_OK ? path.status : w->status;
    return member;
}

/* "ULONG, 4 bytes at offset 8 of SystemBuffer" */
static rm_str described(rm_walk *w, uint32_t symbol) {
    const rm_symbol *s = &w->symbols.at[symbol];
    rm_member m = rm_member_of(w, symbol);
    rm_buf buf = {.arena = w->arena};
    rm_str type = rm_symbol_type(w, symbol);
    if (type.len > 0) {
        rm_buf_str(&buf, type);
        rm_buf_text(&buf, ", ");
    }
    if (m.size > 0) {
        rm_buf_printf(&buf, "%u byte%s ", (unsigned)m.size, m.size == 1 ? "" : "s");
    }
    if (m.has_offset) {
        rm_buf_printf(&buf, "at offset %u ", (unsigned)m.offset);
    }
    rm_buf_text(&buf, "of ");
    rm_buf_text(&buf, s->is_source ? rm_source_title(s->source) : "the caller's memory");
    if (s->op == RM_SYMBOL_FETCH) {
        rm_buf_text(&buf, s->fetched_before != RM_NONE
                              ? ", read again from memory that the caller can change"
                              : ", read from memory that the caller can change");
    }
    return rm_buf_view(&buf);
}

/* --- what a test is worth --- */

/* "0x10 to 0x20"; false: no two numbers are known. */
static bool bounds_text(const rm_range *r, rm_buf *out) {
    if (!r->has_lo || !r->has_hi || (!r->lo_ok && !r->hi_ok) || r->lo < 0) {
        return false;
    }
    rm_buf_printf(out, r->lo == r->hi ? "only 0x%llx" : "0x%llx", (unsigned long long)r->lo);
    if (r->lo != r->hi) {
        rm_buf_printf(out, " to 0x%llx", (unsigned long long)r->hi);
    }
    return true;
}

static const char about_length[] = "how long the buffer is, not what is in it";
static const char about_short[] = "it does not keep a short buffer out";
static const char about_probe[] =
    "the address is the caller's own: what it may touch, not what is there";

static void reason_that_counts(const rm_guard *g, const rm_argument_verdict *v, rm_buf *out) {
    if (g->kind == RM_CHECK_PROBE) {
        rm_buf_text(out, about_probe);
    } else if (v->same_symbol && v->range.hi_own) {
        rm_buf_text(out, "not more than a value of the driver's own can pass, and every way to the "
                         "operation goes through it");
    } else if (v->same_symbol && bounds_text(&v->range, out)) {
        rm_buf_text(out, " can pass, and every way to the operation goes through it");
    } else if (g->kind == RM_CHECK_EQUALITY) {
        rm_buf_text(out, "equal to what the driver chose, on this way to the operation");
    } else {
        rm_buf_text(out, "it refuses, before the use and on every way to it");
    }
}

bool rm_input_may_be_short(const rm_found_sink *s) {
    return !s->input.lo_ok && (!s->input.has_lo || s->input.lo <= 0);
}

/* Of a test of the input's length: how long the buffer is at least, where that is a number. */
static void reason_of_length(const rm_walk *w, const rm_found_sink *s, const rm_guard *g,
                             rm_buf *out) {
    const rm_symbol *symbol = &w->symbols.at[g->symbol];
    bool input = symbol->op == RM_SYMBOL_SOURCE && symbol->source == RM_SOURCE_INPUT_LENGTH;
    if (input && rm_input_may_be_short(s)) {
        rm_buf_text(out, about_short);
        return;
    }
    if (input && s->input.has_lo && s->input.lo > 0) {
        rm_buf_printf(out, "at least %lld byte%s of it: ", (long long)s->input.lo,
                      s->input.lo == 1 ? "" : "s");
    }
    rm_buf_text(out, about_length);
}

/* Of an argument whose verdict is not `validated`. */
static void reason_not_enough(const rm_argument_verdict *v, rm_buf *out) {
    rm_buf_text(out, v->validation == RM_VALIDATION_UNKNOWN ? "not known: " : "not enough: ");
    rm_buf_str(out, v->reason);
}

rm_str rm_guard_reason(rm_writing *out, const rm_found_sink *s, const rm_sink_guard *of) {
    const rm_guard *g = &out->w->guards.at[of->guard];
    const rm_argument_verdict *v = of->arg < RM_SINK_ARGS ? &s->args[of->arg] : NULL;
    rm_buf buf = {.arena = out->model->arena};
    if (of->role == RM_GUARD_VAIN && g->why_not != NULL) {
        rm_buf_text(&buf, g->why_not);
    } else if (of->role == RM_GUARD_REFETCHED) {
        rm_buf_text(&buf, "the value is fetched again after this test: the caller can change it "
                          "in between");
    } else if (of->role == RM_GUARD_BY_CALLER) {
        rm_buf_text(&buf, "it is compared with another value of the caller's");
    } else if (of->role == RM_GUARD_ELSEWHERE) {
        rm_buf_text(&buf, "there is a way to the operation that it does not stop");
    } else if (v == NULL) {
        reason_of_length(out->w, s, g, &buf);
    } else if (rm_argument_validation(v) == RM_VALIDATION_VALIDATED) {
        reason_that_counts(g, v, &buf);
    } else {
        reason_not_enough(v, &buf);
    }
    out->status = out->status == RM_OK ? buf.status : out->status;
    return rm_buf_view(&buf);
}

static rm_tri counts(const rm_found_sink *s, const rm_sink_guard *of) {
    if (of->role != RM_GUARD_PASSED) {
        return RM_TRI_NO;
    }
    if (of->arg >= RM_SINK_ARGS) {
        return RM_TRI_NO;
    }
    rm_validation word = rm_argument_validation(&s->args[of->arg]);
    return word == RM_VALIDATION_VALIDATED ? RM_TRI_YES
           : word == RM_VALIDATION_UNKNOWN ? RM_TRI_UNKNOWN
                                           : RM_TRI_NO;
}

/* --- steps --- */

/* A step at a place; NULL: memory, or there are enough. */
static rm_flow_step *step(rm_writing *out, uint32_t sink, rm_flow_kind kind, rm_span span,
                          uint32_t moment) {
    if (out->status != RM_OK || out->steps.count >= MOST_STEPS ||
        span.file >= out->report->unit->files.count) {
        return NULL;
    }
    rm_trail_step *s = rm_push(out->w->arena, &out->steps);
    if (s == NULL) {
        out->status = RM_NOMEM;
        return NULL;
    }
    s->moment = moment;
    s->row = (rm_flow_step){.entry = out->entry,
                            .sink = sink,
                            .kind = kind,
                            .counts = RM_TRI_UNKNOWN,
                            .text = rm_span_line(out->report->unit, span),
                            .place = rm_span_place(out->report->unit, span)};
    return &s->row;
}

static void call_steps(rm_writing *out, const rm_trail *trail, uint32_t sink) {
    for (uint32_t i = 0; i < trail->count; i++) {
        const rm_trail_call *call = &trail->calls[i];
        rm_flow_step *row = step(out, sink, RM_FLOW_CALL, call->at, call->moment);
        if (row != NULL) {
            row->what = call->function->name;
        }
    }
}

static rm_str short_text(const rm_source_unit *unit, rm_span span) {
    rm_str text = rm_str_trim(rm_span_text(unit, span));
    size_t line = text.len;
    (void)rm_str_find_char(text, '\n', &line);
    return rm_str_slice(text, 0, line < MOST_EXPRESSION ? line : MOST_EXPRESSION);
}

static const char *made_how(const rm_symbol *s) {
    return s->op == RM_SYMBOL_LOOKUP ? "found by the kernel for the caller's value"
                                     : "computed from the caller's value";
}

/* The caller's values that one is made of, in the order in which they are met. */
static void value_steps(rm_writing *out, uint32_t sink, uint32_t symbol, unsigned depth,
                        unsigned *left) {
    rm_walk *w = out->w;
    const rm_symbol s = w->symbols.at[symbol];
    bool made = s.op == RM_SYMBOL_ARITH || s.op == RM_SYMBOL_LOOKUP;
    bool read = s.op == RM_SYMBOL_SOURCE || s.op == RM_SYMBOL_PART || s.op == RM_SYMBOL_FETCH;
    if (s.taint != RM_TAINT_USER || depth > 8 || *left == 0) {
        return;
    }
    if (made || s.op == RM_SYMBOL_CAST || s.op == RM_SYMBOL_PHI) {
        if (s.a.kind == RM_VALUE_SYMBOL) {
            value_steps(out, sink, s.a.id, depth + 1, left);
        }
        if (s.b.kind == RM_VALUE_SYMBOL && (made || s.op == RM_SYMBOL_PHI)) {
            value_steps(out, sink, s.b.id, depth + 1, left);
        }
    }
    rm_flow_step *row = made ? step(out, sink, RM_FLOW_VALUE, s.span, s.moment)
                        : read
                            ? step(out, sink, RM_FLOW_INPUT, rm_symbol_place(w, symbol), s.moment)
                            : NULL;
    if (row == NULL) {
        return;
    }
    --*left;
    rm_str path = read ? rm_member_of(w, symbol).path : RM_STR_NONE;
    row->what = made           ? short_text(out->report->unit, s.span)
                : path.len > 0 ? path
                               : rm_symbol_name(w, symbol);
    row->reason = made ? rm_str_from(made_how(&s)) : described(w, symbol);
}

static rm_str guard_title(rm_walk *w, const rm_guard *g) {
    rm_str out = RM_STR_NONE;
    rm_str name = rm_symbol_name(w, g->symbol);
    if (rm_str_printf(w->arena, &out, "%s %.*s", rm_check_kind_name(g->kind), RM_STR_ARG(name)) !=
        RM_OK) {
        w->status = RM_NOMEM;
    }
    return out;
}

static void guard_step(rm_writing *out, const rm_found_sink *s, const rm_sink_guard *of,
                       uint32_t sink) {
    const rm_guard *g = &out->w->guards.at[of->guard];
    rm_flow_step *row = step(out, sink, RM_FLOW_GUARD, g->span, g->moment);
    if (row != NULL) {
        row->what = guard_title(out->w, g);
        row->counts = counts(s, of);
        row->reason = rm_guard_reason(out, s, of);
    }
}

void rm_write_way(rm_writing *out, const rm_found_sink *s, uint32_t sink) {
    const rm_sink_call *call = &out->model->sinks.at[sink];
    call_steps(out, &s->trail, sink);
    for (uint32_t i = 0; i < RM_SINK_ARGS; i++) {
        unsigned left = MOST_VALUES;
        if (s->args[i].carries && s->args[i].symbol != RM_NONE) {
            value_steps(out, sink, s->args[i].symbol, 0, &left);
        }
    }
    for (uint32_t i = 0; i < s->guard_count; i++) {
        guard_step(out, s, &s->guards[i], sink);
    }
    rm_flow_step *row = step(out, sink, RM_FLOW_OPERATION, s->span, s->trail.moment);
    if (row != NULL) {
        row->what = call->api;
        row->reason = call->reason;
    }
}

void rm_write_forward_way(rm_writing *out, const rm_found_forward *f) {
    call_steps(out, &f->trail, RM_NONE);
    rm_flow_step *row = step(out, RM_NONE, RM_FLOW_FORWARD, f->span, f->trail.moment);
    if (row != NULL) {
        row->what = f->api;
        row->reason = f->reason;
    }
}

/* --- the whole entry --- */

static bool same_place(const rm_flow_step *a, const rm_flow_step *b) {
    return a->place.line == b->place.line && a->place.column == b->place.column &&
           rm_str_eq(a->place.file, b->place.file);
}

/* The same thing, for another operation. */
static bool same_step(const rm_flow_step *a, const rm_flow_step *b) {
    return a->kind == b->kind && a->counts == b->counts && same_place(a, b) &&
           rm_str_eq(a->what, b->what) && rm_str_eq(a->reason, b->reason);
}

static int by_moment(const void *a, const void *b) {
    const rm_trail_step *x = a;
    const rm_trail_step *y = b;
    if (x->moment != y->moment) {
        return x->moment < y->moment ? -1 : 1;
    }
    if (x->row.kind != y->row.kind) {
        return x->row.kind < y->row.kind ? -1 : 1;
    }
    return (x->row.sink > y->row.sink) - (x->row.sink < y->row.sink);
}

/* Is there a step for this test, whatever it is worth there? */
static bool is_told(const rm_writing *out, const rm_guard *g) {
    rm_place place = rm_span_place(out->report->unit, g->span);
    for (uint32_t i = 0; i < out->steps.count; i++) {
        const rm_flow_step *row = &out->steps.at[i].row;
        if (row->kind == RM_FLOW_GUARD && row->place.line == place.line &&
            row->place.column == place.column && rm_str_eq(row->place.file, place.file)) {
            return true;
        }
    }
    return false;
}

/* Tests of the caller's values that no operation takes: a reader takes them for guards. */
static void other_guards(rm_writing *out) {
    uint32_t told = out->steps.count;
    uint32_t last = 0;
    for (uint32_t i = 0; i < told; i++) {
        last = out->steps.at[i].moment > last ? out->steps.at[i].moment : last;
    }
    for (uint32_t i = 0; i < out->w->guards.count && out->steps.count < told + MOST_OTHERS; i++) {
        const rm_guard *g = &out->w->guards.at[i];
        const rm_symbol *s = &out->w->symbols.at[g->symbol];
        if (g->moment > last || s->taint != RM_TAINT_USER || is_told(out, g)) {
            continue;
        }
        rm_flow_step *row = step(out, RM_NONE, RM_FLOW_GUARD, g->span, g->moment);
        if (row != NULL) {
            row->what = guard_title(out->w, g);
            row->counts = RM_TRI_NO;
            row->reason = rm_str_from(g->why_not != NULL           ? g->why_not
                                      : g->kind == RM_CHECK_LENGTH ? about_length
                                      : g->kind == RM_CHECK_PROBE  ? about_probe
                                                                  : "no operation takes the value, "
                                                                    "or not by this way");
        }
    }
}

static void entry_step(rm_writing *out, uint32_t number) {
    const rm_entry *entry = &out->model->entries.at[out->entry];
    rm_str taken = entry->name;
    if (out->report->turned &&
        rm_str_printf(out->w->arena, &taken, "%.*s, with the other branches of #if",
                      RM_STR_ARG(entry->name)) != RM_OK) {
        out->status = RM_NOMEM;
    }
    rm_flow_step *row = RM_WRITE(out, &out->model->flow_steps);
    if (row != NULL) {
        *row = (rm_flow_step){.entry = out->entry,
                              .sink = RM_NONE,
                              .number = number,
                              .kind = RM_FLOW_ENTRY,
                              .what = entry->handler,
                              .counts = RM_TRI_UNKNOWN,
                              .reason = rm_writing_text(out, taken),
                              .place = entry->place};
        if (out->w->matched_at.file != RM_NONE) {
            row->place = rm_writing_place(out, out->w->matched_at);
            row->text = rm_writing_text(out, rm_span_line(out->report->unit, out->w->matched_at));
        }
    }
}

static void keep(rm_writing *out, const rm_flow_step *step_of, uint32_t number) {
    rm_flow_step *row = RM_WRITE(out, &out->model->flow_steps);
    if (row != NULL) {
        *row = *step_of;
        row->number = number;
        row->what = rm_writing_text(out, step_of->what);
        row->reason = rm_writing_text(out, step_of->reason);
        row->text = rm_writing_text(out, step_of->text);
        row->place.file = rm_writing_text(out, step_of->place.file);
    }
}

/* Numbers that the entry has from a walk before: of the other configuration, another handler. */
static uint32_t last_number(const rm_writing *out) {
    for (uint32_t i = out->model->flow_steps.count; out->had_entry && i > 0; i--) {
        if (out->model->flow_steps.at[i - 1].entry == out->entry) {
            return out->model->flow_steps.at[i - 1].number;
        }
    }
    return 0;
}

void rm_write_steps(rm_writing *out) {
    uint32_t number = last_number(out);
    if (out->steps.count == 0) {
        return;
    }
    other_guards(out);
    qsort(out->steps.at, out->steps.count, sizeof out->steps.at[0], by_moment);
    entry_step(out, ++number);
    uint32_t *numbers = RM_NEW_ARRAY(out->w->arena, uint32_t, out->steps.count);
    if (numbers == NULL) {
        out->status = RM_NOMEM;
        return;
    }
    for (uint32_t i = 0; i < out->steps.count && out->status == RM_OK; i++) {
        for (uint32_t k = 0; k < i && numbers[i] == 0; k++) {
            bool same = same_step(&out->steps.at[k].row, &out->steps.at[i].row);
            numbers[i] = same ? numbers[k] : 0;
        }
        numbers[i] = numbers[i] == 0 ? ++number : numbers[i];
        keep(out, &out->steps.at[i].row, numbers[i]);
    }
}
