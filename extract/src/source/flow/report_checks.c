#include "source/flow/report.h"

/* Rows of questions about the caller, over both configurations. */

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
        if (check->dominates == RM_TRI_NO || old->dominates == RM_TRI_YES) {
            old->dominates = check->dominates;
        }
        if (check->can_refuse == RM_TRI_NO || old->can_refuse == RM_TRI_YES) {
            old->can_refuse = check->can_refuse;
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

/* What the ways out of the handler say of a question. */
typedef struct rm_outcome {
    bool answered;     /* some way goes by an answer */
    bool refused;      /* with the wrong one a way ends in failure */
    bool may_refuse;   /* … or in a status that is not known */
    bool lets_through; /* … or in success */
    bool all_right;    /* every way has the right answer or ends in failure */
    bool by_state;     /* whether it is asked at all is the driver's state alone: a setting */
} rm_outcome;

static rm_outcome outcome_of(rm_walk *w, const rm_question *q) {
    rm_outcome o = {.all_right = true, .by_state = true};
    for (uint32_t i = 0; i < w->exits.count; i++) {
        bool yes = false;
        bool known = rm_question_answered(w, w->exits.at[i], q, &yes);
        rm_tri ends = rm_question_refused(w, w->exits.at[i]);
        bool wrong = known && !yes;
        o.answered |= known;
        o.refused |= wrong && ends == RM_TRI_YES;
        o.may_refuse |= wrong && ends == RM_TRI_UNKNOWN;
        o.lets_through |= wrong && ends == RM_TRI_NO;
        o.all_right &= (known && yes) || ends == RM_TRI_YES;
        o.by_state &= known || ends == RM_TRI_YES || !turned_on_caller(w, w->exits.at[i]);
    }
    return o;
}

/* A caller whose buffers only are probed, because of the mode, gets on with the wrong answer. */
static rm_tri can_refuse(const rm_outcome *o, bool at_sinks) {
    if (at_sinks || (o->refused && !o->lets_through && !o->may_refuse)) {
        return RM_TRI_YES;
    }
    return o->may_refuse && !o->lets_through ? RM_TRI_UNKNOWN : RM_TRI_NO;
}

/* Ways that were not walked to their end may go round it. */
static rm_tri does_dominate(const rm_walk *w, const rm_question *q, const rm_outcome *o,
                            bool at_sinks) {
    bool create = w->handler->kind == RM_ENTRY_CREATE;
    if (q->seen_at_sink ? at_sinks : o->all_right) {
        return w->limit != NULL ? RM_TRI_UNKNOWN : RM_TRI_YES;
    }
    return create && (o->refused || o->may_refuse) && o->by_state ? RM_TRI_UNKNOWN : RM_TRI_NO;
}

/* IoValidateDeviceIoControlAccess(Irp, FILE_ANY_ACCESS): every handle has no access at all. */
static bool asks_for_nothing(const rm_question *q) {
    return q->kind == RM_CHECK_ACCESS && q->row != NULL && q->row->answer == RM_ANSWER_STATUS &&
           (rm_str_eq(q->argument, RM_STR("FILE_ANY_ACCESS")) ||
            rm_str_eq(q->argument, RM_STR("0")));
}

void rm_write_question(rm_writing *out, const rm_question *q) {
    rm_walk *w = out->w;
    rm_outcome o = outcome_of(w, q);
    bool handed_on = q->row == NULL || q->row->answer == RM_ANSWER_EQUAL;
    if (!o.answered && handed_on) {
        return; /* the mode, or who the caller is, was not asked for to decide */
    }
    const rm_handler *h = w->handler;
    bool create = h->kind == RM_ENTRY_CREATE && (!h->port || h->device != RM_NONE);
    bool all_handles = create && !h->port; /* of the driver; a port's are told by its entry */
    bool at_sinks = q->seen_at_sink && q->asked_at_sinks;
    rm_check check = {.entry = all_handles ? RM_NONE : out->entry,
                      .sink = RM_NONE,
                      .driver = out->report->unit->driver,
                      .kind = q->kind,
                      .argument = rm_writing_text(out, q->argument),
                      .at = create ? RM_AT_CREATE : RM_AT_ENTRY,
                      .well_formed = RM_TRI_YES,
                      .dominates = does_dominate(w, q, &o, at_sinks),
                      .can_refuse = asks_for_nothing(q) ? RM_TRI_NO : can_refuse(&o, at_sinks),
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

/* Was what holds the question walked in the configuration that does not ask it? */
static bool walked_without(const rm_report *report, const rm_check *check, bool only_there) {
    if (check->entry == RM_NONE) {
        return only_there ? report->create_before : report->create_seen;
    }
    bool before = check->entry < report->old_entries;
    return before &&
           (only_there || (report->entry_seen != NULL && report->entry_seen[check->entry]));
}

/* A question of one configuration alone, of a handler that both have, can be left out. */
void rm_report_turned(rm_report *report) {
    rm_model *model = report->unit->model;
    for (uint32_t i = 0; report->check_seen != NULL && i < model->checks.count; i++) {
        rm_check *check = &model->checks.at[i];
        bool only_there = i >= report->old_checks;
        if (check->driver == report->unit->driver && check->sink == RM_NONE &&
            is_question(check->kind) && (only_there || !report->check_seen[i]) &&
            walked_without(report, check, only_there)) {
            check->dominates = RM_TRI_NO;
        }
    }
}
