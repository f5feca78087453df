#include "model/sinks.h"
#include "source/flow/report.h"

/* What hangs on memory that another request filled or freed. */

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
        if (freed) { /* the pointer to it was seen to stay */
            row->validation = RM_VALIDATION_UNVALIDATED;
        }
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

/* Operations whose target alone says what is done: an address of devices, a port, a process. */
static bool is_by_target(rm_str class_name) {
    static const char *const families[] = {"msr", "port", "phys", "pci", "process", "thread"};
    const rm_sink_class *class = rm_sink_class_find(class_name);
    for (size_t i = 0; class != NULL && i < sizeof families / sizeof families[0]; i++) {
        if (rm_str_eq(rm_str_from(class->family), rm_str_from(families[i]))) {
            return true;
        }
    }
    return false;
}

/* One request stores what the caller gives, another does it with that: nobody asked. */
static rm_status report_open(rm_report *report, const rm_names *open) {
    rm_model *model = report->unit->model;
    for (uint32_t i = 0; i < report->pending.count; i++) {
        const rm_pending *p = &report->pending.at[i];
        rm_sink_call *s = &model->sinks.at[p->sink];
        if (s->validation != RM_VALIDATION_VALIDATED || !p->raw || !is_among(open, p->owner) ||
            !is_by_target(s->class_name)) {
            continue;
        }
        s->validation = RM_VALIDATION_UNVALIDATED;
        s->argument = s->argument.len > 0 ? s->argument : p->argument;
        rm_status st = reason_kept(
            model, s, " is stored by another request as the caller gives it, and not checked",
            p->owner);
        if (st != RM_OK) {
            return st;
        }
    }
    return RM_OK;
}

rm_status rm_report_kept(rm_report *report, const rm_names *kept, const rm_names *open,
                         bool kept_all) {
    rm_model *model = report->unit->model;
    rm_status opened = report_open(report, open);
    if (opened != RM_OK) {
        return opened;
    }
    for (uint32_t i = 0; i < report->pending.count; i++) {
        const rm_pending *p = &report->pending.at[i];
        rm_sink_call *s = &model->sinks.at[p->sink];
        bool filled =
            kept_all || is_among(kept, p->owner) || (p->several && rm_names_text(kept, 0).len > 0);
        if (s->validation != RM_VALIDATION_VALIDATED || !filled) {
            continue;
        }
        s->validation = RM_VALIDATION_UNKNOWN;
        rm_status st = reason_kept(model, s, " may hold what another request left there",
                                   p->owner.len > 0 ? p->owner : RM_STR("memory of the driver's"));
        if (st != RM_OK) {
            return st;
        }
    }
    return report_late(report, kept, kept_all);
}
