#include "source/flow/report.h"

/* Rows of sinks, with the inputs they take and the tests that these went through. */

void rm_write_input(rm_writing *out, const rm_argument_verdict *v) {
    rm_walk *w = out->w;
    const rm_symbol *s = &w->symbols.at[v->symbol];
    rm_str name = rm_symbol_name(w, v->symbol);
    if (s->taint != RM_TAINT_USER) {
        return;
    }
    rm_member member = rm_member_of(w, v->symbol);
    rm_span span = rm_symbol_place(w, v->symbol);
    for (uint32_t i = out->model->inputs.count; i > 0; i--) {
        rm_input *in = &out->model->inputs.at[i - 1];
        if (in->entry == out->entry && rm_str_eq(in->name, name) && in->buffer == v->buffer &&
            rm_str_eq(in->member, member.path)) {
            if (v->validation < in->validation) {
                in->validation = v->validation;
                in->reason = rm_writing_text(out, v->reason);
            }
            return;
        }
    }
    rm_input *in = RM_WRITE(out, &out->model->inputs);
    if (in != NULL) {
        *in = (rm_input){.entry = out->entry,
                         .name = rm_writing_text(out, name),
                         .type = rm_writing_text(out, rm_symbol_type(w, v->symbol)),
                         .buffer = v->buffer,
                         .validation = v->validation,
                         .reason = rm_writing_text(out, v->reason),
                         .state = RM_STATE_DERIVED,
                         .place = rm_writing_place(out, span),
                         .member = rm_writing_text(out, member.path),
                         .has_offset = member.has_offset,
                         .offset = member.offset,
                         .size = member.size,
                         .text = rm_writing_text(out, rm_span_line(out->report->unit, span))};
    }
}

static void guard_row(rm_writing *out, const rm_found_sink *s, const rm_sink_guard *of,
                      uint32_t sink) {
    const rm_guard *g = &out->w->guards.at[of->guard];
    rm_check *row = RM_WRITE(out, &out->model->checks);
    if (row != NULL) {
        bool vain = of->role == RM_GUARD_VAIN || of->role == RM_GUARD_REFETCHED;
        bool passed = of->role == RM_GUARD_PASSED;
        *row = (rm_check){.entry = out->entry,
                          .sink = sink,
                          .driver = out->report->unit->driver,
                          .kind = g->kind,
                          .argument = rm_writing_text(out, rm_symbol_name(out->w, g->symbol)),
                          .at = RM_AT_ENTRY,
                          .well_formed = g->well_formed ? RM_TRI_YES : RM_TRI_NO,
                          .dominates = rm_sink_guard_dominates(s, of) ? RM_TRI_YES : RM_TRI_NO,
                          .can_refuse = vain     ? RM_TRI_NO
                                        : passed ? RM_TRI_YES
                                                 : RM_TRI_UNKNOWN,
                          .state = RM_STATE_DERIVED,
                          .place = rm_writing_place(out, g->span),
                          .reason = rm_guard_reason(out, s, of),
                          .text = rm_writing_text(out, rm_span_line(out->report->unit, g->span))};
    }
}

static void pend(rm_writing *out, const rm_found_sink *s, uint32_t sink) {
    for (uint32_t i = 0; i < s->kept_count; i++) {
        uint32_t kept = s->kept[i];
        bool named = kept != RM_KEPT_NAMELESS && kept != RM_KEPT_SEVERAL;
        rm_str owner = named ? rm_names_text(out->w->names, kept - 1) : RM_STR_NONE;
        rm_pending *p = rm_push(out->report->arena, &out->report->pending);
        if (p == NULL || rm_str_copy(out->report->arena, owner, &p->owner) != RM_OK) {
            out->status = RM_NOMEM;
            return;
        }
        p->sink = sink;
        p->several = kept == RM_KEPT_SEVERAL;
        p->raw = named && kept == s->raw;
        p->argument = p->raw && s->raw_arg < RM_API_ARGS
                          ? rm_str_from(s->api->args[s->raw_arg].name)
                          : RM_STR_NONE;
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
static void late_row(rm_writing *out, const rm_found_sink *s) {
    const rm_symbol *what = &out->w->symbols.at[s->args[0].symbol];
    rm_late *late = rm_push(out->report->arena, &out->report->late);
    if (late == NULL || rm_str_copy(out->report->arena, rm_names_text(out->w->names, what->owner),
                                    &late->owner) != RM_OK) {
        out->status = RM_NOMEM;
        return;
    }
    late->holder = rm_writing_text(out, holder_name(out->w, what));
    late->row =
        (rm_sink_call){.entry = out->entry,
                       .class_name = rm_str_from(rm_sink_class_of(out->w, s)),
                       .api = rm_str_from(s->api->name),
                       .argument = rm_str_from(s->api->args[0].name),
                       .validation = RM_VALIDATION_UNKNOWN,
                       .text = rm_writing_text(out, rm_span_line(out->report->unit, s->span)),
                       .function = rm_writing_text(out, s->function),
                       .state = RM_STATE_DERIVED,
                       .place = rm_writing_place(out, s->span)};
}

static rm_sink_call *same_sink(rm_writing *out, rm_str api, rm_place place, uint32_t *index) {
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

/* Does the request leave the caller's own values in memory of that purpose, too? */
static bool keeps_more(const rm_walk *w, const rm_found_sink *state) {
    const rm_api *kept = rm_api_expression(RM_STR("state change"));
    rm_str class_name = rm_str_from(rm_sink_class_of(w, state));
    for (uint32_t i = 0; i < w->sinks.count; i++) {
        const rm_found_sink *s = &w->sinks.at[i];
        if (s->api == kept && !rm_about_state(s->about) &&
            rm_str_eq(class_name, rm_str_from(rm_sink_class_of(w, s)))) {
            return true;
        }
    }
    return false;
}

void rm_write_sink(rm_writing *out, const rm_found_sink *s) {
    rm_walk *w = out->w;
    rm_arena *arena = out->model->arena;
    if (rm_about_state(s->about) && keeps_more(w, s)) {
        return;
    }
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
        row = RM_WRITE(out, &out->model->sinks);
        index = out->model->sinks.count - 1;
    }
    if (row == NULL) {
        return;
    }
    *row = (rm_sink_call){.entry = out->entry,
                          .class_name = rm_str_from(rm_sink_class_of(w, s)),
                          .api = rm_writing_text(out, api),
                          .validation = validation,
                          .text = rm_writing_text(out, rm_span_line(out->report->unit, s->span)),
                          .function = rm_writing_text(out, s->function),
                          .state = RM_STATE_DERIVED,
                          .place = rm_writing_place(out, s->span)};
    if (out->status == RM_OK) {
        out->status = rm_sink_arguments(arena, s, &row->argument);
    }
    if (out->status == RM_OK) {
        out->status = rm_sink_reason(arena, w, s, validation, &row->reason);
    }
    for (uint32_t i = 0; i < s->guard_count && out->status == RM_OK; i++) {
        guard_row(out, s, &s->guards[i], index);
    }
    for (uint32_t i = 0; i < RM_SINK_ARGS && out->status == RM_OK; i++) {
        if (s->args[i].carries && s->args[i].symbol != RM_NONE) {
            rm_write_input(out, &s->args[i]);
        }
    }
    pend(out, s, index);
    rm_write_way(out, s, index);
}

static rm_status reason_of_freed(rm_writing *out, rm_str owner, rm_str *reason) {
    const rm_walk *w = out->w;
    const char *unsure = w->limit != NULL ? w->limit
                         : w->coarse      ? "too many ways lead here to keep each apart"
                                          : NULL;
    return rm_str_printf(out->model->arena, reason,
                         "%s%s%.*s is freed and keeps its value: a later request can use it",
                         unsure != NULL ? unsure : "", unsure != NULL ? "; " : "",
                         RM_STR_ARG(owner));
}

/* What was freed and still has a pointer to it in the driver's memory. */
void rm_write_freed(rm_writing *out, const rm_freed *freed) {
    rm_str api = RM_STR("freed and kept");
    rm_str owner = rm_names_text(out->w->names, freed->owner);
    rm_place place = rm_span_place(out->report->unit, freed->span);
    uint32_t index = 0;
    bool unsure = out->w->limit != NULL || out->w->coarse;
    rm_validation validation = unsure ? RM_VALIDATION_UNKNOWN : RM_VALIDATION_UNVALIDATED;
    if (!rm_kept_dangles(out->w, freed)) {
        return;
    }
    rm_sink_call *row = same_sink(out, api, place, &index);
    if (row != NULL && row->validation <= validation) {
        return;
    }
    row = row != NULL ? row : RM_WRITE(out, &out->model->sinks);
    if (row == NULL || rm_names_id(out->report->dangling, owner) == RM_NONE) {
        out->status = RM_NOMEM;
        return;
    }
    *row =
        (rm_sink_call){.entry = out->entry,
                       .class_name = RM_STR("use_after_free"),
                       .api = api,
                       .argument = RM_STR("pointer"),
                       .validation = validation,
                       .text = rm_writing_text(out, rm_span_line(out->report->unit, freed->span)),
                       .function = rm_writing_text(out, out->w->handler->function->name),
                       .state = RM_STATE_DERIVED,
                       .place = rm_writing_place(out, freed->span)};
    if (out->status == RM_OK) {
        out->status = reason_of_freed(out, owner, &row->reason);
    }
}
