#include "explain.h"
#include "model/closed.h"
#include "model/derive.h"
#include "model/ioctl.h"
#include "model/sinks.h"

/* ---- gates ---- */

static void write_gate(rm_explainer *e, const char *name, rm_gate gate, rm_str why) {
    rm_document_item(&e->doc, "gate",
                     e->doc.json ? rm_str_from(name)
                                 : rm_say(e, "%-8s %s", name, rm_gate_name(gate)));
    rm_document_word(&e->doc, "state", NULL, rm_gate_name(gate));
    rm_document_text(&e->doc, "reason", "", why);
    rm_document_item_end(&e->doc);
}

static rm_str why_named(rm_explainer *e, const rm_path *p) {
    if (p->door == RM_NONE) {
        return RM_STR("no name for it was read");
    }
    const rm_door *door = &e->model->doors.at[p->door];
    return rm_say(e, "by %s %.*s", rm_door_kind_name(door->kind), RM_STR_ARG(door->name));
}

static rm_str why_delivered(rm_explainer *e, const rm_path *p) {
    if (p->entry == RM_NONE || !e->model->entries.at[p->entry].has_code) {
        return RM_STR("the handle's bits cover what the request needs");
    }
    static const char *const needs[RM_ACCESS_COUNT] = {
        [RM_ACCESS_READ] = "FILE_READ_DATA",
        [RM_ACCESS_WRITE] = "FILE_WRITE_DATA",
        [RM_ACCESS_READ_WRITE] = "FILE_READ_DATA and FILE_WRITE_DATA",
    };
    const char *bits = needs[rm_ioctl_decode(e->model->entries.at[p->entry].code).access];
    return bits == NULL ? RM_STR("the code asks for no access bits: any handle will do")
                        : rm_say(e, "the code asks for %s, which the handle %s have", bits,
                                 p->gate_deliver == RM_GATE_OPEN ? "can" : "may");
}

static rm_str why_handled(rm_explainer *e, const rm_path *p) {
    if (p->entry == RM_NONE) {
        return RM_STR_NONE;
    }
    const rm_entry *x = &e->model->entries.at[p->entry];
    return rm_say(e, "%.*s%s%.*s", RM_STR_ARG(rm_driver_called(e->model, x->driver)),
                  x->handler.len > 0 ? " handles it in " : " handles it", RM_STR_ARG(x->handler));
}

/* The step that opens the door says why it opens. */
static rm_str why_open(const rm_path *p) {
    for (uint32_t i = 0; i < p->steps.count; i++) {
        if (p->steps.at[i].kind == RM_STEP_DOOR) {
            return p->steps.at[i].text;
        }
    }
    return RM_STR_NONE;
}

static void write_gates(rm_explainer *e, const rm_path *p) {
    rm_document_list(&e->doc, "gates", "gates");
    write_gate(e, "open", p->gate_open, why_open(p));
    write_gate(e, "name", p->gate_name, why_named(e, p));
    write_gate(e, "deliver", p->gate_deliver, why_delivered(e, p));
    write_gate(e, "handle", p->gate_handle, why_handled(e, p));
    rm_document_list_end(&e->doc, "none");
}

/* ---- steps ---- */

static void write_step(rm_explainer *e, const rm_step *s) {
    rm_document_item(&e->doc, "text", s->text);
    rm_document_word(&e->doc, "kind", NULL, rm_step_kind_name(s->kind));
    rm_document_text(&e->doc, "node", NULL, s->node);
    rm_document_text(&e->doc, "boundary", "crosses", s->boundary);
    if (s->validation < RM_VALIDATION_COUNT) {
        rm_document_word(&e->doc, "validation", "input", rm_validation_name(s->validation));
    } else {
        rm_document_null(&e->doc, "validation");
    }
    rm_document_word(&e->doc, "requestor_mode", NULL, rm_mode_name(s->requestor_mode));
    rm_document_text(&e->doc, "evidence", "evidence", s->evidence);
    rm_document_place(&e->doc, s->place);
    rm_document_item_end(&e->doc);
}

static void write_steps(rm_explainer *e, const rm_path *p) {
    rm_document_list(&e->doc, "steps", "steps");
    for (uint32_t i = 0; i < p->steps.count; i++) {
        write_step(e, &p->steps.at[i]);
    }
    rm_document_list_end(&e->doc, "none");
}

/* ---- the operation and what stands before it ---- */

/* Does the path go through this entry? Its steps say. */
static bool passes(const rm_model *m, const rm_path *p, uint32_t entry) {
    for (uint32_t i = 0; entry != RM_NONE && i < p->steps.count; i++) {
        if (rm_str_eq(p->steps.at[i].node, m->entries.at[entry].id)) {
            return true;
        }
    }
    return entry != RM_NONE && p->entry == entry;
}

static bool passes_driver(const rm_model *m, const rm_path *p, uint32_t driver) {
    for (uint32_t i = 0; driver != RM_NONE && i < m->entries.count; i++) {
        if (m->entries.at[i].driver == driver && passes(m, p, i)) {
            return true;
        }
    }
    return false;
}

/* At create a driver asks once for every request of the handle. */
static bool is_on_the_way(const rm_model *m, const rm_path *p, const rm_check *c) {
    if (c->entry == RM_NONE) {
        return c->at == RM_AT_CREATE && passes_driver(m, p, c->driver);
    }
    return passes(m, p, c->entry) && (c->sink == RM_NONE || c->sink == p->sink);
}

static void write_checks(rm_explainer *e, const rm_path *p) {
    const rm_model *m = e->model;
    rm_document_list(&e->doc, "checks", "checks seen on the way");
    for (uint32_t i = 0; i < m->checks.count; i++) {
        if (is_on_the_way(m, p, &m->checks.at[i])) {
            rm_explain_check(e, &m->checks.at[i]);
        }
    }
    rm_document_list_end(&e->doc, "none");
}

/* ---- may this caller? ---- */

static bool asks_who(const rm_check *c) {
    return (c->kind == RM_CHECK_PRIVILEGE || c->kind == RM_CHECK_ACCESS ||
            c->kind == RM_CHECK_CALLER || c->kind == RM_CHECK_REQUESTOR_MODE) &&
           c->can_refuse == RM_TRI_YES && c->dominates != RM_TRI_NO;
}

/* R of what cannot be decided, as the model was scored. */
static uint32_t undecided_reach(const rm_model *m) {
    for (uint32_t i = 0; i < m->weights.count; i++) {
        const rm_weight *w = &m->weights.at[i];
        if (rm_str_eq(w->factor, RM_STR("R")) && rm_str_eq(w->name, RM_STR("undecided"))) {
            return w->value;
        }
    }
    return rm_default_weights.reach_undecided;
}

static rm_str why_authorised(rm_explainer *e, const rm_path *p, const rm_check *by) {
    rm_str asked = by == NULL ? RM_STR_NONE
                              : rm_say(e, "%s %.*s, asked at %s", rm_check_kind_name(by->kind),
                                       RM_STR_ARG(by->argument), rm_check_at_name(by->at));
    switch (p->authorisation) {
    case RM_AUTH_NONE: return RM_STR("no question that could refuse this caller was seen");
    case RM_AUTH_SATISFIED: return rm_say(e, "%.*s: this caller passes", RM_STR_ARG(asked));
    case RM_AUTH_UNDECIDED:
        return rm_say(e, "%.*s%s: open, with reach R %u", RM_STR_ARG(asked),
                      by != NULL && by->dominates == RM_TRI_UNKNOWN
                          ? ", only where a setting of the driver says so"
                          : ", and whether this caller passes is not known from what was read",
                      (unsigned)undecided_reach(e->model));
    case RM_AUTH_REFUSED:
    case RM_AUTH_COUNT: break;
    }
    return RM_STR_NONE;
}

static void write_authorisation(rm_explainer *e, const rm_path *p) {
    const rm_model *m = e->model;
    const rm_check *by = NULL;
    for (uint32_t i = 0; by == NULL && i < m->checks.count; i++) {
        if (asks_who(&m->checks.at[i]) && is_on_the_way(m, p, &m->checks.at[i])) {
            by = &m->checks.at[i];
        }
    }
    rm_document_section(&e->doc, "authorised", "and then: authorised?");
    rm_document_word(&e->doc, "is", "", rm_authorisation_name(p->authorisation));
    rm_document_text(&e->doc, "reason", "", why_authorised(e, p, by));
    if (by != NULL) {
        rm_document_place(&e->doc, by->place);
    }
    rm_document_section_end(&e->doc);
}

static void write_operation(rm_explainer *e, const rm_path *p) {
    if (p->sink == RM_NONE) {
        return;
    }
    const rm_sink_call *call = &e->model->sinks.at[p->sink];
    const rm_sink_class *known = rm_sink_class_find(call->class_name);
    rm_document_section(&e->doc, "operation", "operation");
    rm_document_text(&e->doc, "api", "calls", call->api);
    rm_document_text(&e->doc, "class", "class", call->class_name);
    rm_document_word(&e->doc, "title", "which is", known == NULL ? NULL : known->title);
    rm_document_number(&e->doc, "severity_permille", "severity",
                       known == NULL ? 400 : known->severity);
    rm_document_text(&e->doc, "argument", "takes", call->argument);
    rm_document_word(&e->doc, "validation", "input", rm_validation_name(call->validation));
    rm_document_text(&e->doc, "reason", "because", call->reason);
    rm_document_text(&e->doc, "text", "source", call->text);
    rm_document_place(&e->doc, call->place);
    rm_document_section_end(&e->doc);
}

/* ---- the whole ---- */

/* A service that opens the device with its own token stands at a boundary of its own. */
static bool opened_by_service(const rm_path *p) {
    for (uint32_t i = 0; i < p->steps.count; i++) {
        if (p->steps.at[i].kind == RM_STEP_SERVICE && p->steps.at[i].boundary.len > 0) {
            return true;
        }
    }
    return false;
}

/* What CreateFile asks for in any case, and what the code needs. */
static uint32_t desired_access(const rm_model *m, const rm_path *p) {
    const uint32_t always = 0x100080; /* SYNCHRONIZE | FILE_READ_ATTRIBUTES */
    if (p->entry == RM_NONE || !m->entries.at[p->entry].has_code) {
        return always;
    }
    return always | (uint32_t)rm_ioctl_decode(m->entries.at[p->entry].code).access;
}

static void write_facts(rm_explainer *e, const rm_path *p) {
    const rm_model *m = e->model;
    rm_document_text(&e->doc, "summary", "", p->summary);
    rm_document_text(&e->doc, "path_id", "id", p->id);
    rm_document_text(&e->doc, "origin", "from", p->origin);
    rm_document_text(&e->doc, "app", "app", rm_app_called(e, p->app));
    rm_document_text(&e->doc, "door", "door",
                     p->door == RM_NONE ? RM_STR_NONE : m->doors.at[p->door].name);
    rm_document_text(&e->doc, "device", "device", rm_device_called(m, p->device));
    rm_document_text(&e->doc, "entry", "entry", rm_entry_called(e, p->entry));
    rm_document_text(&e->doc, "drivers", "drivers", p->drivers);
    rm_document_text(&e->doc, "boundaries", "boundaries", p->boundaries);
    rm_document_word(&e->doc, "validation", "input", rm_validation_name(p->validation));
    rm_document_word(&e->doc, "authorisation", "authorised",
                     rm_authorisation_name(p->authorisation));
    rm_document_word(&e->doc, "requestor_mode", "requestor", rm_mode_name(p->requestor_mode));
    rm_document_word(&e->doc, "confidence", "confidence", rm_confidence_name(p->confidence));
    rm_document_word(&e->doc, "state", "state", rm_state_name(p->state));
}

/* Weights that are not the standard ones, so that nobody takes the number for another's. */
static rm_str other_weights(rm_explainer *e) {
    const rm_weight_table *all = &e->model->weights;
    rm_buf text = {.arena = e->arena};
    for (uint32_t i = 0; i < all->count; i++) {
        const rm_weight *w = &all->at[i];
        if (w->value != w->standard) {
            rm_buf_printf(&text, "%s%.*s %.*s %u instead of %u", text.len > 0 ? ", " : "",
                          RM_STR_ARG(w->factor), RM_STR_ARG(w->name), (unsigned)w->value,
                          (unsigned)w->standard);
        }
    }
    return rm_buf_view(&text);
}

static void write_score(rm_explainer *e, const rm_path *p) {
    rm_document_section(&e->doc, "score", "score");
    rm_document_number(&e->doc, "value", NULL, p->score);
    rm_document_word(&e->doc, "severity", NULL, rm_severity_name(p->severity));
    rm_document_text(&e->doc, "sentence", "", p->score_text);
    rm_document_text(&e->doc, "other_weights", "weights", other_weights(e));
    rm_document_text(&e->doc, "cvss", "for a ticket", p->cvss);
    rm_document_section_end(&e->doc);
}

/* Why it is not worse. */
static void write_closed(rm_explainer *e, uint32_t index) {
    rm_closed closed = {0};
    bool found = false;
    const rm_status st =
        rm_nearest_closed(e->arena, e->model, &e->principals, index, &closed, &found);
    if (st != RM_OK) {
        e->doc.out.status = st;
        return;
    }
    if (!found) {
        return;
    }
    rm_document_section(&e->doc, "closed", "the nearest that is closed");
    rm_document_text(&e->doc, "principal", NULL, closed.principal);
    rm_document_word(&e->doc, "gate", "at the gate", closed.gate);
    rm_document_text(&e->doc, "text", "", closed.text);
    rm_document_place(&e->doc, closed.place);
    rm_document_section_end(&e->doc);
}

void rm_explain_path(rm_explainer *e, uint32_t index) {
    const rm_path *p = &e->model->paths.at[index];
    rm_document_begin(&e->doc, e->arena, "path",
                      rm_say(e, "path p%u: score %u, %s", (unsigned)index + 1, (unsigned)p->score,
                             rm_severity_name(p->severity)));
    write_facts(e, p);
    write_score(e, p);
    write_steps(e, p);
    write_gates(e, p);
    write_authorisation(e, p);
    if (p->entry != RM_NONE && p->sink != RM_NONE) {
        rm_explain_flow(e, p->entry, p->sink);
    }
    write_operation(e, p);
    write_checks(e, p);
    if (!opened_by_service(p)) {
        rm_explain_access(e, p->device, p->origin, p->app, desired_access(e->model, p));
    }
    write_closed(e, index);
    rm_explain_findings(e, RM_STR_NONE, index);
    rm_document_section(&e->doc, "limits", "limits");
    rm_document_word(&e->doc, "not_modelled", "", rm_not_modelled);
    rm_document_section_end(&e->doc);
    rm_document_end(&e->doc);
}
