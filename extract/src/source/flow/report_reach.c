#include "model/sinks.h"
#include "source/flow/reach.h"
#include "source/flow/region.h"
#include "source/flow/report.h"
#include "source/lex.h"

/*
 * Where the walk ended early, or code was handed to somebody who calls it later, what may be
 * reached there is told by the names: one operation for each class that the walk did not find
 * itself, unknown, because nothing is known of the way and of what it is given.
 */

/* The text that belongs to the code's label: up to the next one, or the block behind its test. */
static rm_span region_of(const rm_source_unit *unit, rm_span at) {
    if (at.file >= unit->files.count) {
        return (rm_span){.file = RM_NONE};
    }
    rm_str text = unit->files.at[at.file].clean;
    rm_lexer lexer = rm_lexer_of(text);
    lexer.at = at.end;
    int depth = 0;
    bool calls = false;
    for (rm_token t = rm_lex(&lexer); t.kind != RM_TOKEN_END; t = rm_lex(&lexer)) {
        bool label = rm_token_is(t, "case") || rm_token_is(t, "default");
        calls |= rm_token_is(t, "(");
        if (rm_token_is(t, "{")) {
            depth++;
        } else if (rm_token_is(t, "}")) {
            depth--;
        }
        if (depth < 0 || (label && depth == 0 && calls) ||
            (depth == 0 && calls && rm_token_is(t, "}"))) {
            break;
        }
    }
    return (rm_span){.file = at.file, .start = at.end, .end = (uint32_t)lexer.at};
}

/* Classes that need the values to mean anything, and what every function does. */
static bool says_something(const rm_api *api) {
    static const char *const others[] = {"bugcheck",     "handle_close",  "event_signal",
                                         "phys_alloc",   "config_state",  "interrupt_flag",
                                         "mdl_user_map", "registry_open", "irp_forward"};
    const rm_sink_class *class = rm_sink_class_find(rm_str_from(api->classes[0]));
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (rm_str_eq(rm_str_from(api->classes[0]), rm_str_from(others[i]))) {
            return false;
        }
    }
    return (api->role == RM_API_SINK || api->role == RM_API_FORWARD) && class != NULL &&
           !rm_str_eq(rm_str_from(class->family), RM_STR("kernel_memory"));
}

static bool has_class(const rm_writing *out, const char *name) {
    for (uint32_t i = 0; i < out->model->sinks.count; i++) {
        const rm_sink_call *s = &out->model->sinks.at[i];
        if (s->entry == out->entry && rm_str_eq(s->class_name, rm_str_from(name))) {
            return true;
        }
    }
    return false;
}

static void reached_row(rm_writing *out, const rm_reached *r, const char *why) {
    if (!says_something(r->api) || has_class(out, r->api->classes[0])) {
        return;
    }
    rm_sink_call *row = RM_WRITE(out, &out->model->sinks);
    if (row == NULL) {
        return;
    }
    *row = (rm_sink_call){.entry = out->entry,
                          .class_name = rm_str_from(r->api->classes[0]),
                          .api = rm_str_from(r->api->name),
                          .validation = RM_VALIDATION_UNKNOWN,
                          .text = rm_writing_text(out, rm_span_line(out->report->unit, r->span)),
                          .function = rm_writing_text(out, r->function->name),
                          .state = RM_STATE_UNKNOWN,
                          .place = rm_writing_place(out, r->span)};
    if (out->status == RM_OK) {
        out->status = rm_str_printf(out->model->arena, &row->reason,
                                    "called somewhere behind here, whether for this request is "
                                    "not known: %s",
                                    why);
    }
}

/* Calls that were not followed although functions of that name are here. */
static const char *start_from_unfollowed(const rm_walk *w, rm_reach *reach) {
    const char *why = NULL;
    for (uint32_t i = 0; i < w->unread.count; i++) {
        const rm_unread *u = &w->unread.at[i];
        if (u->name.len > 0) {
            rm_reach_from_name(reach, u->name);
        } else {
            rm_reach_from_span(reach, u->span, w->handler->function);
        }
        why = "a call is not followed";
    }
    for (uint32_t i = 0; i < w->handed_over.count; i++) {
        rm_reach_from_function(reach, w->handed_over.at[i]);
        why = "a routine is handed over to be called";
    }
    return why;
}

void rm_write_reached(rm_writing *out) {
    rm_walk *w = out->w;
    rm_reached_list found = {0};
    rm_reach *reach = w->flow->reach;
    const char *why = w->limit;
    if (reach == NULL || w->code.kind == RM_VALUE_SYMBOL) {
        return;
    }
    rm_reach_start(reach);
    if (why != NULL) {
        rm_reach_from_span(reach, region_of(w->flow->unit, w->matched_at), w->handler->function);
    } else {
        why = start_from_unfollowed(w, reach);
    }
    if (why == NULL) {
        return;
    }
    rm_status st = rm_reach_end(reach, &found);
    out->status = st != RM_OK ? st : out->status;
    for (uint32_t i = 0; i < found.count && out->status == RM_OK; i++) {
        reached_row(out, &found.at[i], why);
    }
}

rm_status rm_report_region(rm_source_unit *unit, rm_arena *arena, rm_reach **kept, uint32_t entry,
                           uint32_t file, size_t start, size_t end, const rm_function *in) {
    rm_span label = {.file = file, .start = (uint32_t)start, .end = (uint32_t)end};
    rm_report report = {.unit = unit, .arena = arena};
    rm_writing out = {.report = &report, .model = unit->model, .entry = entry};
    rm_reached_list found = {0};
    if (*kept == NULL) {
        const rm_purpose *purpose = rm_purpose_read(arena, unit);
        *kept = purpose == NULL ? NULL : rm_reach_new(arena, unit, rm_purpose_kind(purpose));
    }
    if (*kept == NULL) {
        return RM_NOMEM;
    }
    rm_reach_start(*kept);
    rm_reach_from_span(*kept, region_of(unit, label), in);
    out.status = rm_reach_end(*kept, &found);
    for (uint32_t i = 0; i < found.count && out.status == RM_OK; i++) {
        reached_row(&out, &found.at[i], "the way there is not followed");
    }
    return out.status;
}
