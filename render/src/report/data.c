#include "model/sinks.h"
#include "report.h"

/* ---- summary ---- */

static void write_severities(rm_json_out *json, const char *key, const uint32_t *counts) {
    rm_json_open(json, key, '{');
    for (unsigned s = RM_SEVERITY_COUNT; s-- > 0;) {
        rm_json_number(json, rm_severity_name((rm_severity)s), counts[s]);
    }
    rm_json_close(json, '}');
}

static void write_validations(const rm_model *model, rm_json_out *json) {
    uint32_t counts[RM_VALIDATION_COUNT] = {0};
    for (uint32_t i = 0; i < model->paths.count; i++) {
        counts[model->paths.at[i].validation]++;
    }
    rm_json_open(json, "paths_by_validation", '{');
    for (unsigned v = 0; v < RM_VALIDATION_COUNT; v++) {
        rm_json_number(json, rm_validation_name((rm_validation)v), counts[v]);
    }
    rm_json_close(json, '}');
}

static void write_summary(const rm_model *model, rm_json_out *json) {
    uint32_t paths[RM_SEVERITY_COUNT] = {0};
    uint32_t findings[RM_SEVERITY_COUNT] = {0};
    uint32_t waived = 0;
    for (uint32_t i = 0; i < model->paths.count; i++) {
        paths[model->paths.at[i].severity]++;
    }
    for (uint32_t i = 0; i < model->findings.count; i++) {
        findings[model->findings.at[i].severity]++;
        waived += model->findings.at[i].waived;
    }
    rm_json_open(json, "summary", '{');
    rm_json_number(json, "artifacts", model->artifacts.count);
    rm_json_number(json, "drivers", model->drivers.count);
    rm_json_number(json, "devices", model->devices.count);
    rm_json_number(json, "doors", model->doors.count);
    rm_json_number(json, "entries", model->entries.count);
    rm_json_number(json, "apps", model->apps.count);
    rm_json_number(json, "paths", model->paths.count);
    rm_json_number(json, "findings", model->findings.count);
    rm_json_number(json, "waived", waived);
    write_severities(json, "paths_by_severity", paths);
    write_severities(json, "findings_by_severity", findings);
    write_validations(model, json);
    rm_json_close(json, '}');
}

/* ---- paths: the columns of v_path, and the steps ---- */

static void write_step(const rm_step *s, uint32_t number, rm_json_out *json) {
    rm_json_open(json, NULL, '{');
    rm_json_number(json, "step", number);
    rm_json_word(json, "kind", rm_step_kind_name(s->kind));
    rm_json_text(json, "node", s->node);
    rm_json_text(json, "boundary", s->boundary);
    rm_json_word(json, "validation",
                 s->validation < RM_VALIDATION_COUNT ? rm_validation_name(s->validation) : NULL);
    rm_json_word(json, "requestor_mode", rm_mode_name(s->requestor_mode));
    rm_json_text(json, "text", s->text);
    rm_json_text(json, "evidence", s->evidence);
    rm_json_place(json, s->place);
    rm_json_close(json, '}');
}

static void write_way(rm_report *report, const rm_path *p, rm_json_out *json) {
    const rm_model *m = report->model;
    rm_json_text(json, "origin", p->origin);
    rm_json_text(json, "app", rm_report_app(report, p->app));
    rm_json_text(json, "door", rm_report_door(m, p->door));
    rm_json_text(json, "device", rm_report_device(m, p->device));
    rm_json_text(json, "entry", rm_report_entry(m, p->entry));
    if (p->entry < m->entries.count && m->entries.at[p->entry].has_code) {
        rm_json_number(json, "code", m->entries.at[p->entry].code);
    } else {
        rm_json_null(json, "code");
    }
    rm_json_text(json, "drivers", p->drivers);
    rm_json_number(json, "hops", p->hops);
    rm_json_text(json, "boundaries", p->boundaries);
}

static void write_operation(const rm_model *m, const rm_path *p, rm_json_out *json) {
    const rm_sink_call *call = p->sink < m->sinks.count ? &m->sinks.at[p->sink] : NULL;
    const rm_sink_class *class = call != NULL ? rm_sink_class_find(call->class_name) : NULL;
    rm_json_text(json, "sink_class", call != NULL ? call->class_name : RM_STR_NONE);
    rm_json_word(json, "sink_family", class != NULL ? class->family : NULL);
    rm_json_word(json, "sink_title", class != NULL ? class->title : NULL);
    rm_json_text(json, "sink_api", call != NULL ? call->api : RM_STR_NONE);
}

static void write_judgement(const rm_path *p, rm_json_out *json) {
    rm_json_word(json, "validation", rm_validation_name(p->validation));
    rm_json_number(json, "score", p->score);
    rm_json_word(json, "severity", rm_severity_name(p->severity));
    rm_json_flag(json, "weakest", p->weakest);
    rm_json_word(json, "gate_open", rm_gate_name(p->gate_open));
    rm_json_word(json, "gate_name", rm_gate_name(p->gate_name));
    rm_json_word(json, "gate_deliver", rm_gate_name(p->gate_deliver));
    rm_json_word(json, "gate_handle", rm_gate_name(p->gate_handle));
    rm_json_word(json, "authorisation", rm_authorisation_name(p->authorisation));
    rm_json_word(json, "requestor_mode", rm_mode_name(p->requestor_mode));
    rm_json_word(json, "confidence", rm_confidence_name(p->confidence));
    rm_json_word(json, "state", rm_state_name(p->state));
    rm_json_text(json, "summary", p->summary);
    rm_json_text(json, "score_text", p->score_text);
    rm_json_text(json, "cvss", p->cvss);
    rm_json_flag(json, "waived", p->waived);
}

static void write_path(rm_report *report, uint32_t index, rm_json_out *json) {
    const rm_path *p = &report->model->paths.at[index];
    uint32_t by = report->chosen.drawn_by[index];
    rm_json_open(json, NULL, '{');
    rm_json_text(json, "path_id", p->id);
    rm_json_number(json, "rank", index + 1u);
    rm_json_number(json, "number", report->chosen.ranks[index]);
    if (by != RM_NONE) {
        rm_json_number(json, "drawn_as", report->chosen.ranks[by]);
    } else {
        rm_json_null(json, "drawn_as");
    }
    write_way(report, p, json);
    write_operation(report->model, p, json);
    write_judgement(p, json);
    rm_json_open(json, "steps", '[');
    for (uint32_t i = 0; i < p->steps.count; i++) {
        write_step(&p->steps.at[i], i + 1, json);
    }
    rm_json_close(json, ']');
    rm_json_close(json, '}');
}

static void write_paths(rm_report *report, rm_json_out *json) {
    uint32_t count = report->model->paths.count;
    count = json->page && count > RM_PAGE_PATHS ? RM_PAGE_PATHS : count;
    rm_json_open(json, "paths", '[');
    for (uint32_t i = 0; i < count; i++) {
        write_path(report, i, json);
    }
    rm_json_close(json, ']');
}

/* ---- findings: the columns of v_finding, and whose they are ---- */

static const rm_rule_row *rule_of(const rm_model *model, rm_str id) {
    static const rm_rule_row none = {0};
    for (uint32_t i = 0; i < model->rules.count; i++) {
        if (rm_str_eq(model->rules.at[i].id, id)) {
            return &model->rules.at[i];
        }
    }
    return &none;
}

static void write_evidence(const rm_finding *f, rm_json_out *json) {
    rm_json_open(json, "places", '[');
    for (uint32_t i = 0; i < f->places.count; i++) {
        rm_json_open(json, NULL, '{');
        rm_json_text(json, "text", f->places.at[i].text);
        rm_json_place(json, f->places.at[i].place);
        rm_json_close(json, '}');
    }
    rm_json_close(json, ']');
}

static void write_about(const rm_model *model, const rm_finding *f, rm_json_out *json) {
    uint32_t driver = rm_report_driver(model, f);
    rm_json_text(json, "driver", driver != RM_NONE ? model->drivers.at[driver].name : RM_STR_NONE);
    rm_json_text(json, "subject", f->subject);
    rm_json_text(json, "subject_id", f->subject_id);
    rm_json_text(json, "message", f->message);
    rm_json_text(json, "fix", f->fix);
    rm_json_text(json, "part_of", f->part_of);
    rm_json_text(json, "path_id",
                 f->path < model->paths.count ? model->paths.at[f->path].id : RM_STR_NONE);
}

static void write_finding(const rm_model *model, uint32_t index, rm_json_out *json) {
    const rm_finding *f = &model->findings.at[index];
    const rm_rule_row *rule = rule_of(model, f->rule);
    rm_json_open(json, NULL, '{');
    rm_json_text(json, "finding_id", f->id);
    rm_json_number(json, "rank", index + 1u);
    rm_json_text(json, "rule", f->rule);
    rm_json_text(json, "title", rule->title);
    rm_json_word(json, "severity", rm_severity_name(f->severity));
    write_about(model, f, json);
    rm_json_text(json, "cwe", rule->cwe);
    rm_json_text(json, "stride", rule->stride);
    rm_json_word(json, "confidence", rm_confidence_name(f->confidence));
    rm_json_flag(json, "waived", f->waived);
    rm_json_place(json, f->place);
    write_evidence(f, json);
    rm_json_close(json, '}');
}

static void write_findings(const rm_model *model, rm_json_out *json) {
    uint32_t count = model->findings.count;
    count = json->page && count > RM_PAGE_FINDINGS ? RM_PAGE_FINDINGS : count;
    rm_json_open(json, "findings", '[');
    for (uint32_t i = 0; i < count; i++) {
        write_finding(model, i, json);
    }
    rm_json_close(json, ']');
}

/* ---- what people must check ---- */

static void write_checklist(const rm_model *model, rm_json_out *json) {
    rm_json_open(json, "checklist", '[');
    for (uint32_t i = 0; i < model->rules.count; i++) {
        const rm_rule_row *rule = &model->rules.at[i];
        if (rule->kind == RM_RULE_CHECKLIST && rule->enabled) {
            rm_json_open(json, NULL, '{');
            rm_json_text(json, "rule", rule->id);
            rm_json_text(json, "title", rule->title);
            rm_json_text(json, "statement", rule->statement);
            rm_json_word(json, "severity", rm_severity_name(rule->severity));
            rm_json_text(json, "source", rule->source);
            rm_json_close(json, '}');
        }
    }
    rm_json_close(json, ']');
}

/* ---- limits ---- */

static void write_undecided(const rm_model *model, rm_json_out *json) {
    rm_json_open(json, "undecided", '[');
    for (uint32_t i = 0; i < model->undecided.count; i++) {
        const rm_undecided *u = &model->undecided.at[i];
        rm_json_open(json, NULL, '{');
        rm_json_text(json, "rule", u->rule);
        rm_json_text(json, "subject", u->subject);
        rm_json_text(json, "subject_id", u->subject_id);
        rm_json_text(json, "reason", u->reason);
        rm_json_place(json, u->place);
        rm_json_close(json, '}');
    }
    rm_json_close(json, ']');
}

static void write_unread(const rm_model *model, rm_json_out *json) {
    rm_json_open(json, "not_read", '[');
    for (uint32_t i = 0; i < model->diagnostics.count; i++) {
        const rm_diagnostic *d = &model->diagnostics.at[i];
        if (rm_report_is_unread(d)) {
            rm_json_open(json, NULL, '{');
            rm_json_place(json, d->place);
            rm_json_word(json, "severity", rm_level_name(d->level));
            rm_json_text(json, "id", d->id);
            rm_json_text(json, "message", d->message);
            rm_json_close(json, '}');
        }
    }
    rm_json_close(json, ']');
}

static void write_unused(const rm_model *model, rm_json_out *json) {
    rm_json_open(json, "not_used", '[');
    for (uint32_t i = 0; i < model->artifacts.count; i++) {
        if (!model->artifacts.at[i].used) {
            rm_json_text(json, NULL, model->artifacts.at[i].path);
        }
    }
    rm_json_close(json, ']');
}

static void write_unknowns(rm_report *report, rm_json_out *json) {
    rm_report_unknowns unknown = {0};
    if (rm_report_count_unknowns(report->arena, report->model, &unknown) != RM_OK) {
        json->writer.buf->status = RM_NOMEM;
    }
    rm_json_open(json, "unknown", '[');
    for (uint32_t i = 0; i < unknown.count; i++) {
        rm_json_open(json, NULL, '{');
        rm_json_text(json, "driver", unknown.at[i].driver);
        rm_json_text(json, "reason", unknown.at[i].reason);
        rm_json_number(json, "operations", unknown.at[i].operations);
        rm_json_close(json, '}');
    }
    rm_json_close(json, ']');
}

static void write_limits(rm_report *report, rm_json_out *json) {
    const rm_model *model = report->model;
    rm_json_open(json, "limits", '{');
    rm_json_open(json, "not_modelled", '[');
    for (size_t i = 0; rm_report_not_modelled[i] != NULL; i++) {
        rm_json_word(json, NULL, rm_report_not_modelled[i]);
    }
    rm_json_close(json, ']');
    write_unread(model, json);
    write_unused(model, json);
    write_unknowns(report, json);
    write_undecided(model, json);
    rm_json_close(json, '}');
}

/* ---- the whole ---- */

void rm_report_data(rm_report *report, rm_json_out *json) {
    rm_json_number(json, "ringmap", 1);
    rm_json_word(json, "kind", "report");
    rm_json_text(json, "title", report->title);
    write_summary(report->model, json);
    write_paths(report, json);
    write_findings(report->model, json);
    write_checklist(report->model, json);
    write_limits(report, json);
}

void rm_report_json(rm_report *report, rm_buf *out) {
    rm_json_out json = {.writer = {.buf = out}};
    rm_json_open(&json, NULL, '{');
    rm_report_data(report, &json);
    rm_json_close(&json, '}');
    rm_buf_char(out, '\n');
}
