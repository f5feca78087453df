#include "source/flow/report.h"

typedef struct writing {
    rm_report *report;
    rm_model *model;
    rm_walk *w;
    uint32_t entry;
    rm_status status;
} writing;

static rm_str kept_text(writing *out, rm_str text) {
    rm_str copy = RM_STR_NONE;
    if (out->status == RM_OK) {
        out->status = rm_str_copy(out->model->arena, text, &copy);
    }
    return copy;
}

static rm_place kept_place(writing *out, rm_span span) {
    rm_place place = rm_span_place(out->report->unit, span);
    place.file = kept_text(out, place.file);
    return place;
}

#define PUSH(out, list) push_failed((out), rm_push((out)->model->arena, (list)))

static void *push_failed(writing *out, void *item) {
    if (item == NULL) {
        out->status = RM_NOMEM;
    }
    return item;
}

/* --- the entry --- */

static const struct {
    rm_entry_kind kind;
    const char *name;
} plain_names[] = {
    {RM_ENTRY_CREATE, "IRP_MJ_CREATE"}, {RM_ENTRY_READ, "IRP_MJ_READ"},
    {RM_ENTRY_WRITE, "IRP_MJ_WRITE"},   {RM_ENTRY_WMI, "IRP_MJ_SYSTEM_CONTROL"},
    {RM_ENTRY_MESSAGE, "message"},
};

static bool has_codes(rm_entry_kind kind) {
    return kind == RM_ENTRY_IOCTL || kind == RM_ENTRY_INTERNAL_IOCTL || kind == RM_ENTRY_FSCTL ||
           kind == RM_ENTRY_FAST_IO;
}

static bool is_word(rm_str text) {
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        if (!letter && !(i > 0 && c >= '0' && c <= '9')) {
            return false;
        }
    }
    return text.len > 0;
}

/* The name that the driver gives the number; else the label's text. */
static rm_str name_of_code(const writing *out, uint32_t code) {
    if (is_word(out->w->matched_name)) {
        return out->w->matched_name;
    }
    for (uint32_t i = 0; i < out->model->ioctls.count; i++) {
        const rm_ioctl *ioctl = &out->model->ioctls.at[i];
        if (ioctl->driver == out->report->unit->driver && ioctl->has_code && ioctl->code == code) {
            return ioctl->name;
        }
    }
    return rm_span_text(out->report->unit, out->w->matched_at);
}

static rm_str plain_name(rm_entry_kind kind) {
    for (size_t i = 0; i < sizeof plain_names / sizeof plain_names[0]; i++) {
        if (plain_names[i].kind == kind) {
            return rm_str_from(plain_names[i].name);
        }
    }
    return RM_STR("any");
}

static void mark_handled(writing *out, const rm_entry *entry) {
    for (uint32_t i = 0; i < out->model->ioctls.count; i++) {
        rm_ioctl *ioctl = &out->model->ioctls.at[i];
        bool same = entry->has_code ? ioctl->has_code && ioctl->code == entry->code
                                    : rm_str_eq(ioctl->name, entry->name);
        if (ioctl->driver == out->report->unit->driver && same) {
            ioctl->handled = true;
            ioctl->handler = entry->handler;
        }
    }
}

/* The entry's row; one that is there already is used again. */
static uint32_t entry_row(writing *out, bool any_code) {
    const rm_handler *h = out->w->handler;
    rm_value code = out->w->code;
    rm_entry entry = {.driver = out->report->unit->driver,
                      .device = h->device,
                      .kind = h->kind,
                      .any_code = has_codes(h->kind) && any_code,
                      .state = RM_STATE_CONFIRMED};
    if (has_codes(h->kind) && !any_code && code.kind == RM_VALUE_CONST) {
        entry.has_code = true;
        entry.code = (uint32_t)code.n;
        entry.name = name_of_code(out, entry.code);
    } else if (has_codes(h->kind) && !any_code) {
        entry.name = out->w->matched_name;
        entry.state = RM_STATE_UNKNOWN;
    } else {
        entry.name = plain_name(h->kind);
    }
    for (uint32_t i = 0; i < out->model->entries.count; i++) {
        const rm_entry *e = &out->model->entries.at[i];
        if (e->driver == entry.driver && e->device == entry.device && e->kind == entry.kind &&
            e->has_code == entry.has_code && e->code == entry.code &&
            e->any_code == entry.any_code && (e->has_code || rm_str_eq(e->name, entry.name))) {
            return i;
        }
    }
    rm_entry *row = PUSH(out, &out->model->entries);
    if (row == NULL) {
        return RM_NONE;
    }
    entry.name = kept_text(out, entry.name);
    entry.handler = kept_text(out, h->function->name);
    entry.place = any_code || !has_codes(h->kind) ? h->place : (rm_place){.line = 0};
    if (entry.place.line == 0) {
        entry.place = kept_place(out, out->w->matched_at);
    } else {
        entry.place.file = kept_text(out, entry.place.file);
    }
    *row = entry;
    mark_handled(out, row);
    return out->model->entries.count - 1;
}

/* --- what it reaches --- */

static void input_row(writing *out, const rm_argument_verdict *v) {
    rm_walk *w = out->w;
    const rm_symbol *s = &w->symbols.at[v->symbol];
    rm_str name = rm_symbol_name(w, v->symbol);
    if (s->taint != RM_TAINT_USER) {
        return;
    }
    for (uint32_t i = out->model->inputs.count; i > 0; i--) {
        rm_input *in = &out->model->inputs.at[i - 1];
        if (in->entry == out->entry && rm_str_eq(in->name, name) && in->buffer == v->buffer) {
            if (v->validation < in->validation) {
                in->validation = v->validation;
                in->reason = kept_text(out, v->reason);
            }
            return;
        }
    }
    rm_input *in = PUSH(out, &out->model->inputs);
    if (in != NULL) {
        *in = (rm_input){.entry = out->entry,
                         .name = kept_text(out, name),
                         .type = kept_text(out, s->type),
                         .buffer = v->buffer,
                         .validation = v->validation,
                         .reason = kept_text(out, v->reason),
                         .state = RM_STATE_DERIVED,
                         .place = kept_place(out, s->span)};
    }
}

static void guard_row(writing *out, uint32_t guard, uint32_t sink) {
    const rm_guard *g = &out->w->guards.at[guard];
    rm_check *row = PUSH(out, &out->model->checks);
    if (row != NULL) {
        bool counts = g->well_formed && g->why_not == NULL;
        *row = (rm_check){.entry = out->entry,
                          .sink = sink,
                          .driver = out->report->unit->driver,
                          .kind = g->kind,
                          .argument = kept_text(out, rm_symbol_name(out->w, g->symbol)),
                          .at = RM_AT_ENTRY,
                          .well_formed = g->well_formed ? RM_TRI_YES : RM_TRI_NO,
                          .dominates = counts ? RM_TRI_YES : RM_TRI_NO,
                          .can_refuse = counts ? RM_TRI_YES : RM_TRI_NO,
                          .state = RM_STATE_DERIVED,
                          .place = kept_place(out, g->span)};
    }
}

static void pend(writing *out, const rm_found_sink *s, uint32_t sink) {
    for (uint32_t i = 0; i < RM_SINK_ARGS; i++) {
        uint32_t symbol = s->args[i].symbol;
        if (symbol == RM_NONE || s->args[i].carries) {
            continue;
        }
        const rm_symbol *what = &out->w->symbols.at[symbol];
        rm_pending *p = rm_push(out->report->arena, &out->report->pending);
        if (p == NULL || rm_str_copy(out->report->arena, rm_names_text(out->w->names, what->owner),
                                     &p->owner) != RM_OK) {
            out->status = RM_NOMEM;
            return;
        }
        p->sink = sink;
    }
}

/* The variable or member that points to the object of which the symbol is a part. */
static rm_str holder_name(const rm_walk *w, const rm_symbol *part) {
    while (part->op == RM_SYMBOL_PART && part->a.kind == RM_VALUE_SYMBOL) {
        part = &w->symbols.at[part->a.id];
    }
    return rm_names_text(w->names, part->owner);
}

/* Kept aside until all entries were walked. */
static void late_row(writing *out, const rm_found_sink *s) {
    const rm_symbol *what = &out->w->symbols.at[s->args[0].symbol];
    rm_late *late = rm_push(out->report->arena, &out->report->late);
    if (late == NULL || rm_str_copy(out->report->arena, rm_names_text(out->w->names, what->owner),
                                    &late->owner) != RM_OK) {
        out->status = RM_NOMEM;
        return;
    }
    late->holder = kept_text(out, holder_name(out->w, what));
    late->row = (rm_sink_call){.entry = out->entry,
                               .class_name = rm_str_from(rm_sink_class_of(out->w, s)),
                               .api = rm_str_from(s->api->name),
                               .argument = rm_str_from(s->api->args[0].name),
                               .validation = RM_VALIDATION_UNKNOWN,
                               .text = kept_text(out, rm_span_line(out->report->unit, s->span)),
                               .function = kept_text(out, s->function),
                               .state = RM_STATE_DERIVED,
                               .place = kept_place(out, s->span)};
}

static rm_sink_call *same_sink(writing *out, rm_str api, rm_place place, uint32_t *index) {
    for (uint32_t i = 0; i < out->model->sinks.count; i++) {
        rm_sink_call *s = &out->model->sinks.at[i];
        if (s->entry == out->entry && s->place.line == place.line &&
            s->place.column == place.column && rm_str_eq(s->api, api) &&
            rm_str_eq(s->place.file, place.file)) {
            *index = i;
            return s;
        }
    }
    return NULL;
}

static void sink_row(writing *out, const rm_found_sink *s) {
    rm_walk *w = out->w;
    rm_arena *arena = out->model->arena;
    if (s->late && !s->args[0].carries) {
        late_row(out, s);
        return;
    }
    rm_validation validation = rm_sink_validation(w, s);
    rm_str api =
        s->api->role == RM_API_SINK && s->name.len == 0 ? rm_str_from(s->api->name) : s->name;
    if (rm_api_expression(rm_str_from(s->api->name)) == s->api) {
        api = rm_str_from(s->api->name);
    }
    rm_place place = rm_span_place(out->report->unit, s->span);
    uint32_t index = 0;
    rm_sink_call *row = same_sink(out, api, place, &index);
    if (row != NULL && row->validation <= validation) {
        return; /* the other configuration was no better */
    }
    if (row == NULL) {
        row = PUSH(out, &out->model->sinks);
        index = out->model->sinks.count - 1;
    }
    if (row == NULL) {
        return;
    }
    *row = (rm_sink_call){.entry = out->entry,
                          .class_name = rm_str_from(rm_sink_class_of(w, s)),
                          .api = kept_text(out, api),
                          .validation = validation,
                          .text = kept_text(out, rm_span_line(out->report->unit, s->span)),
                          .function = kept_text(out, s->function),
                          .state = RM_STATE_DERIVED,
                          .place = kept_place(out, s->span)};
    if (out->status == RM_OK) {
        out->status = rm_sink_arguments(arena, s, &row->argument);
    }
    if (out->status == RM_OK) {
        out->status = rm_sink_reason(arena, w, s, validation, &row->reason);
    }
    for (uint32_t i = 0; i < s->guard_count && out->status == RM_OK; i++) {
        guard_row(out, s->guards[i], index);
    }
    for (uint32_t i = 0; i < RM_SINK_ARGS && out->status == RM_OK; i++) {
        if (s->args[i].carries && s->args[i].symbol != RM_NONE) {
            input_row(out, &s->args[i]);
        }
    }
    pend(out, s, index);
}

/* The walk ended early, or the code could not be read, and nothing was found: that is a fact. */
static void unknown_body(writing *out) {
    rm_walk *w = out->w;
    const rm_body *body = rm_flow_body(w->flow, w->handler->function);
    bool broken = body != NULL && body->broken;
    if (w->sinks.count > 0 || (w->limit == NULL && !broken)) {
        return;
    }
    rm_sink_call *row = PUSH(out, &out->model->sinks);
    if (row != NULL) {
        rm_str why = w->limit != NULL ? rm_str_from(w->limit) : body->why;
        *row = (rm_sink_call){.entry = out->entry,
                              .class_name = RM_STR("unknown_body"),
                              .api = kept_text(out, w->handler->function->name),
                              .validation = RM_VALIDATION_UNKNOWN,
                              .reason = kept_text(out, why),
                              .function = kept_text(out, w->handler->function->name),
                              .state = RM_STATE_UNKNOWN,
                              .place = out->model->entries.at[out->entry].place};
    }
}

static void forward_row(writing *out, const rm_found_forward *f) {
    rm_forward *row = PUSH(out, &out->model->forwards);
    if (row == NULL) {
        return;
    }
    rm_entry_kind kind = out->w->handler->kind;
    bool unknown = f->target_unknown || f->code_unknown;
    *row = (rm_forward){.from_driver = out->report->unit->driver,
                        .from_service = RM_NONE,
                        .entry = out->entry,
                        .to_driver = RM_NONE,
                        .to_device = RM_NONE,
                        .to_entry_kind = f->internal  ? RM_ENTRY_INTERNAL_IOCTL
                                         : f->new_irp ? RM_ENTRY_IOCTL
                                                      : kind,
                        .code_sent = f->code,
                        .target = kept_text(out, f->target),
                        .how_found = f->how,
                        .via_api = kept_text(out, f->api),
                        .new_irp = f->new_irp,
                        .requestor_mode_after = f->mode,
                        .carries_user_data = f->carries,
                        .validation = f->validation,
                        .reason = kept_text(out, f->reason),
                        .text = kept_text(out, rm_span_line(out->report->unit, f->span)),
                        .state = unknown ? RM_STATE_UNKNOWN : RM_STATE_DERIVED,
                        .place = kept_place(out, f->span)};
    if (f->carries == RM_TRI_YES && f->symbol != RM_NONE) {
        rm_argument_verdict v = {.carries = true,
                                 .validation = f->validation,
                                 .symbol = f->symbol,
                                 .reason = f->reason,
                                 .buffer = RM_BUFFER_SYSTEM};
        input_row(out, &v);
    }
}

/* What was freed and still has a pointer to it in the driver's memory. */
static void freed_row(writing *out, const rm_freed *freed) {
    rm_str owner = rm_names_text(out->w->names, freed->owner);
    if (!rm_kept_dangles(out->w, freed)) {
        return;
    }
    rm_sink_call *row = PUSH(out, &out->model->sinks);
    if (row == NULL || rm_names_id(out->report->dangling, owner) == RM_NONE) {
        out->status = RM_NOMEM;
        return;
    }
    *row = (rm_sink_call){.entry = out->entry,
                          .class_name = RM_STR("use_after_free"),
                          .api = RM_STR("freed and kept"),
                          .argument = RM_STR("pointer"),
                          .validation = RM_VALIDATION_UNVALIDATED,
                          .text = kept_text(out, rm_span_line(out->report->unit, freed->span)),
                          .function = kept_text(out, out->w->handler->function->name),
                          .state = RM_STATE_DERIVED,
                          .place = kept_place(out, freed->span)};
    if (out->status == RM_OK) {
        out->status = rm_str_printf(out->model->arena, &row->reason,
                                    "%.*s is freed and keeps its value: a later request can use it",
                                    RM_STR_ARG(owner));
    }
}

/* --- who may ask --- */

/* Does the handler end this way with a failure? */
static rm_tri refuses(const rm_world *world) {
    if (!world->has_result || world->result.kind != RM_VALUE_CONST) {
        return RM_TRI_UNKNOWN;
    }
    return world->result.n < 0 || world->result.n > INT32_MAX ? RM_TRI_YES : RM_TRI_NO;
}

static void question_row(writing *out, const rm_question *q) {
    rm_walk *w = out->w;
    bool answered = false;
    bool refused = false;
    bool let_through = false;
    bool all_yes = true;
    for (uint32_t i = 0; i < w->exits.count; i++) {
        const rm_world *exit = w->exits.at[i];
        bool yes = false;
        bool known = rm_question_answered(w, exit, q, &yes);
        rm_tri ends = refuses(exit);
        answered = answered || known;
        refused = refused || (known && !yes && ends != RM_TRI_NO);
        let_through = let_through || (known && !yes && ends == RM_TRI_NO);
        all_yes = all_yes && ((known && yes) || ends == RM_TRI_YES);
    }
    if (!answered && q->row == NULL) {
        return; /* the mode was only handed on */
    }
    bool at_sinks = q->seen_at_sink && q->asked_at_sinks;
    rm_check *row = PUSH(out, &out->model->checks);
    if (row != NULL) {
        bool create = w->handler->kind == RM_ENTRY_CREATE;
        bool dominates = q->seen_at_sink ? at_sinks : all_yes;
        bool can_refuse = refused && !(let_through && !at_sinks);
        *row = (rm_check){.entry = out->entry,
                          .sink = RM_NONE,
                          .driver = out->report->unit->driver,
                          .kind = q->kind,
                          .argument = kept_text(out, q->argument),
                          .at = create ? RM_AT_CREATE : RM_AT_ENTRY,
                          .well_formed = RM_TRI_YES,
                          .dominates = dominates ? RM_TRI_YES : RM_TRI_NO,
                          .can_refuse = can_refuse || at_sinks ? RM_TRI_YES : RM_TRI_NO,
                          .state = RM_STATE_DERIVED,
                          .place = kept_place(out, q->span)};
        if (create) {
            row->entry = RM_NONE; /* it guards whatever comes through the handle */
        }
    }
}

rm_status rm_report_walk(rm_report *report, rm_walk *walk, bool any_code) {
    writing out = {.report = report, .model = report->unit->model, .w = walk, .status = RM_OK};
    bool codes = has_codes(walk->handler->kind);
    if (codes && any_code && walk->sinks.count == 0 && walk->forwards.count == 0 &&
        walk->limit == NULL) {
        return RM_OK;
    }
    out.entry = entry_row(&out, any_code);
    for (uint32_t i = 0; i < walk->sinks.count && out.status == RM_OK; i++) {
        sink_row(&out, &walk->sinks.at[i]);
    }
    for (uint32_t i = 0; i < walk->forwards.count && out.status == RM_OK; i++) {
        forward_row(&out, &walk->forwards.at[i]);
    }
    for (uint32_t i = 0; i < walk->freed.count && out.status == RM_OK; i++) {
        freed_row(&out, &walk->freed.at[i]);
    }
    for (uint32_t i = 0; i < walk->questions.count && out.status == RM_OK; i++) {
        question_row(&out, &walk->questions.at[i]);
    }
    if (out.status == RM_OK) {
        unknown_body(&out);
    }
    return out.status;
}

static rm_status reason_kept(rm_model *model, rm_sink_call *sink, const char *words, rm_str owner) {
    rm_buf buf = {.arena = model->arena};
    rm_buf_str(&buf, owner);
    rm_buf_text(&buf, words);
    sink->reason = rm_buf_view(&buf);
    return buf.status;
}

static bool is_among(const rm_names *names, rm_str owner) {
    uint32_t id = 0;
    return owner.len > 0 && rm_names_find(names, owner, &id);
}

/* Calls through memory that another request filled or freed. */
static rm_status report_late(rm_report *report, const rm_names *kept, bool kept_all) {
    rm_model *model = report->unit->model;
    for (uint32_t i = 0; i < report->late.count; i++) {
        const rm_late *late = &report->late.at[i];
        bool freed = is_among(report->dangling, late->holder);
        if (!freed && !(kept_all && late->owner.len == 0) && !is_among(kept, late->owner)) {
            continue;
        }
        rm_sink_call *row = rm_push(model->arena, &model->sinks);
        if (row == NULL) {
            return RM_NOMEM;
        }
        *row = late->row;
        rm_status st =
            freed
                ? reason_kept(model, row, " may have been freed by another request", late->holder)
                : reason_kept(model, row, " may hold what another request left there", late->owner);
        if (st != RM_OK) {
            return st;
        }
    }
    return RM_OK;
}

rm_status rm_report_kept(rm_report *report, const rm_names *kept, bool kept_all) {
    rm_model *model = report->unit->model;
    for (uint32_t i = 0; i < report->pending.count; i++) {
        const rm_pending *p = &report->pending.at[i];
        rm_sink_call *s = &model->sinks.at[p->sink];
        if (s->validation != RM_VALIDATION_VALIDATED || (!kept_all && !is_among(kept, p->owner))) {
            continue;
        }
        s->validation = RM_VALIDATION_UNKNOWN;
        rm_status st = reason_kept(model, s, " may hold what another request left there", p->owner);
        if (st != RM_OK) {
            return st;
        }
    }
    return report_late(report, kept, kept_all);
}
