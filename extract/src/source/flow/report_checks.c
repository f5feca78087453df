#include "source/flow/report.h"

/* Rows of questions about the caller, over both configurations. */

/* Does the handler end this way with a failure? */
static rm_tri refuses(const rm_world *world) {
    if (!world->has_result || world->result.kind != RM_VALUE_CONST) {
        return RM_TRI_UNKNOWN;
    }
    return world->result.n < 0 || world->result.n > INT32_MAX ? RM_TRI_YES : RM_TRI_NO;
}

/* Has this way depended on anything that the caller gave? */
static bool turned_on_caller(const rm_walk *w, const rm_world *world) {
    for (uint32_t i = 0; i < world->facts.count; i++) {
        if (rm_value_taint(w, rm_value_symbol(world->facts.at[i].symbol)) == RM_TAINT_USER) {
            return true;
        }
    }
    for (uint32_t i = 0; i < world->relation_count; i++) {
        if (rm_value_taint(w, rm_value_symbol(world->relations[i].symbol)) == RM_TAINT_USER) {
            return true;
        }
    }
    return false;
}

static bool same_check(const rm_check *a, const rm_check *b) {
    return a->entry == b->entry && a->driver == b->driver && a->kind == b->kind && a->at == b->at &&
           a->place.line == b->place.line && a->place.column == b->place.column &&
           rm_str_eq(a->place.file, b->place.file);
}

/* A question met before, in the other configuration or on another way in, is as good as the worse
   of both. */
static void keep_worse(rm_writing *out, const rm_check *check) {
    for (uint32_t i = 0; i < out->model->checks.count; i++) {
        rm_check *old = &out->model->checks.at[i];
        if (old->sink != RM_NONE || !same_check(old, check)) {
            continue;
        }
        if (check->dominates == RM_TRI_NO ||
            (check->dominates == RM_TRI_UNKNOWN && old->dominates == RM_TRI_YES)) {
            old->dominates = check->dominates;
        }
        if (check->can_refuse == RM_TRI_NO) {
            old->can_refuse = RM_TRI_NO;
        }
        if (out->report->turned && i < out->report->old_checks && out->report->check_seen != NULL) {
            out->report->check_seen[i] = true;
        }
        return;
    }
    rm_check *row = RM_WRITE(out, &out->model->checks);
    if (row != NULL) {
        *row = *check;
    }
}

void rm_write_question(rm_writing *out, const rm_question *q) {
    rm_walk *w = out->w;
    bool answered = false;
    bool refused = false;
    bool let_through = false;
    bool all_yes = true;
    bool by_state = true; /* whether it is asked at all is the driver's state alone: a setting */
    for (uint32_t i = 0; i < w->exits.count; i++) {
        const rm_world *exit = w->exits.at[i];
        bool yes = false;
        bool known = rm_question_answered(w, exit, q, &yes);
        rm_tri ends = refuses(exit);
        answered = answered || known;
        refused = refused || (known && !yes && ends != RM_TRI_NO);
        let_through = let_through || (known && !yes && ends == RM_TRI_NO);
        all_yes = all_yes && ((known && yes) || ends == RM_TRI_YES);
        by_state = by_state && (known || ends == RM_TRI_YES || !turned_on_caller(w, exit));
    }
    if (!answered && q->row == NULL) {
        return; /* the mode was only handed on */
    }
    bool create = w->handler->kind == RM_ENTRY_CREATE;
    bool at_sinks = q->seen_at_sink && q->asked_at_sinks;
    bool dominates = q->seen_at_sink ? at_sinks : all_yes;
    bool can_refuse = (refused && !(let_through && !at_sinks)) || at_sinks;
    rm_check check = {.entry = create ? RM_NONE : out->entry, /* at create: for all of the handle */
                      .sink = RM_NONE,
                      .driver = out->report->unit->driver,
                      .kind = q->kind,
                      .argument = rm_writing_text(out, q->argument),
                      .at = create ? RM_AT_CREATE : RM_AT_ENTRY,
                      .well_formed = RM_TRI_YES,
                      .dominates = dominates                       ? RM_TRI_YES
                                   : create && refused && by_state ? RM_TRI_UNKNOWN
                                                                   : RM_TRI_NO,
                      .can_refuse = can_refuse ? RM_TRI_YES : RM_TRI_NO,
                      .state = RM_STATE_DERIVED,
                      .place = rm_writing_place(out, q->span)};
    keep_worse(out, &check);
}

/* --- the other configuration --- */

/* A question that is not asked there guards nothing. */
void rm_report_turn(rm_report *report, const rm_model *model) {
    report->turned = true;
    report->old_checks = model->checks.count;
    report->check_seen = RM_NEW_ARRAY(report->arena, bool, (size_t)model->checks.count + 1);
    report->old_entries = model->entries.count;
    report->entry_seen = RM_NEW_ARRAY(report->arena, bool, (size_t)model->entries.count + 1);
}

static bool is_question(rm_check_kind kind) {
    return kind == RM_CHECK_PRIVILEGE || kind == RM_CHECK_ACCESS || kind == RM_CHECK_CALLER ||
           kind == RM_CHECK_REQUESTOR_MODE;
}

void rm_report_turned(rm_report *report) {
    rm_model *model = report->unit->model;
    for (uint32_t i = 0; report->check_seen != NULL && i < report->old_checks; i++) {
        rm_check *check = &model->checks.at[i];
        bool walked = check->entry == RM_NONE
                          ? report->create_seen
                          : check->entry < report->old_entries && report->entry_seen != NULL &&
                                report->entry_seen[check->entry];
        if (check->driver == report->unit->driver && is_question(check->kind) && walked &&
            !report->check_seen[i]) {
            check->dominates = RM_TRI_NO;
        }
    }
}
