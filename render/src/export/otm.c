/* Open Threat Model 0.2.0 (iriusrisk/OpenThreatModel, otm_schema.json). */
#include "base/json_writer.h"
#include "trust_graph.h"

#define SOURCES "src" /* the representation that places refer to */

typedef struct otm {
    const rm_trust_graph *graph;
    rm_json_writer out;
} otm;

static const rm_trust_node *node_at(const otm *w, uint32_t index) {
    return &w->graph->nodes.at[index];
}

/* ---- trust zones ---- */

/* A rating is 0 to 100: privilege is 0 to 1000. */
static int64_t rating_of(const rm_trust_node *zone) {
    for (uint32_t i = 0; i < zone->properties.count; i++) {
        if (zone->properties.at[i].kind == RM_PROPERTY_NUMBER) {
            return zone->properties.at[i].number / 10;
        }
    }
    return 0;
}

static void zones(otm *w) {
    rm_json_writer *o = &w->out;
    rm_write_open(o, "trustZones", '[');
    for (uint32_t i = 0; i < w->graph->nodes.count; i++) {
        const rm_trust_node *n = node_at(w, i);
        if (n->kind == RM_TRUST_NODE_ZONE) {
            rm_write_line(o);
            rm_write_open(o, NULL, '{');
            rm_write_text(o, "id", n->id);
            rm_write_text(o, "name", n->name);
            rm_write_text(o, "type", n->name);
            rm_write_open(o, "risk", '{');
            rm_write_number(o, "trustRating", rating_of(n));
            rm_write_close(o, '}');
            rm_write_close(o, '}');
        }
    }
    rm_write_close(o, ']');
}

/* ---- components ---- */

static const char *const types[RM_TRUST_NODE_COUNT] = {
    [RM_TRUST_NODE_PRINCIPAL] = "windows-principal", [RM_TRUST_NODE_APP] = "windows-app",
    [RM_TRUST_NODE_SERVICE] = "windows-service",     [RM_TRUST_NODE_DRIVER] = "windows-driver",
    [RM_TRUST_NODE_DEVICE] = "windows-device",
};

/* Entries and operations are in the data flows; a component has exactly one parent. */
static bool is_component(const rm_trust_node *n) {
    return types[n->kind] != NULL && (n->zone != RM_NONE || n->parent != RM_NONE);
}

static void attributes(otm *w, const rm_properties *list) {
    rm_json_writer *o = &w->out;
    rm_write_open(o, "attributes", '{');
    for (uint32_t i = 0; i < list->count; i++) {
        const rm_property *p = &list->at[i];
        if (p->kind == RM_PROPERTY_TEXT) {
            rm_write_text(o, p->name, p->text);
        } else if (p->kind == RM_PROPERTY_FLAG) {
            rm_write_flag(o, p->name, p->number != 0);
        } else {
            rm_write_number(o, p->name, p->number);
        }
    }
    rm_write_close(o, '}');
}

static void source_of(otm *w, const rm_trust_node *n) {
    rm_json_writer *o = &w->out;
    if (n->place.file.len == 0) {
        return;
    }
    rm_write_open(o, "representations", '[');
    rm_write_open(o, NULL, '{');
    rm_write_word(o, "representation", SOURCES);
    rm_write_text(o, "id", n->id);
    rm_write_text(o, "file", n->place.file);
    rm_write_number(o, "line", n->place.line);
    rm_write_close(o, '}');
    rm_write_close(o, ']');
}

/* The component that a finding is shown at: a device's or driver's own, else that of its path. */
static uint32_t component_of(const otm *w, const rm_finding *f) {
    const rm_model *m = w->graph->model;
    uint32_t at = rm_trust_graph_find(w->graph, f->subject_id);
    while (at != RM_NONE && !is_component(node_at(w, at))) {
        at = node_at(w, at)->parent;
    }
    if (at == RM_NONE && f->path != RM_NONE && m->paths.at[f->path].device != RM_NONE) {
        at = rm_trust_graph_find(w->graph, m->devices.at[m->paths.at[f->path].device].id);
    }
    return at != RM_NONE && is_component(node_at(w, at)) ? at : RM_NONE;
}

static void threats_of(otm *w, const rm_findings *findings, const uint32_t *next, uint32_t first) {
    rm_json_writer *o = &w->out;
    if (first == RM_NONE) {
        return;
    }
    rm_write_open(o, "threats", '[');
    for (uint32_t i = first; i != RM_NONE; i = next[i]) {
        const rm_finding *f = &findings->at[i];
        rm_write_open(o, NULL, '{');
        rm_write_text(o, "threat", f->id);
        rm_write_word(o, "state", f->waived ? "accepted" : "exposed");
        rm_write_open(o, "mitigations", '[');
        if (f->fix.len > 0) {
            rm_write_open(o, NULL, '{');
            rm_write_text(o, "mitigation", f->id);
            rm_write_word(o, "state", "recommended");
            rm_write_close(o, '}');
        }
        rm_write_close(o, ']');
        rm_write_close(o, '}');
    }
    rm_write_close(o, ']');
}

static void component(otm *w, const rm_trust_node *n) {
    rm_json_writer *o = &w->out;
    rm_write_text(o, "id", n->id);
    rm_write_text(o, "name", n->name.len > 0 ? n->name : n->id);
    rm_write_word(o, "type", types[n->kind]);
    rm_write_open(o, "parent", '{');
    if (n->parent != RM_NONE) {
        rm_write_text(o, "component", node_at(w, n->parent)->id);
    } else {
        rm_write_text(o, "trustZone", node_at(w, n->zone)->id);
    }
    rm_write_close(o, '}');
    source_of(w, n);
    attributes(w, &n->properties);
}

/* Findings by the component that shows them, as lists: the first of each node, the next of each. */
static rm_status list_threats(const otm *w, uint32_t **first, uint32_t **next) {
    const rm_findings *findings = &w->graph->model->findings;
    *first = RM_NEW_ARRAY(w->graph->arena, uint32_t, (size_t)w->graph->nodes.count + 1);
    *next = RM_NEW_ARRAY(w->graph->arena, uint32_t, (size_t)findings->count + 1);
    if (*first == NULL || *next == NULL) {
        return RM_NOMEM;
    }
    for (uint32_t i = 0; i < w->graph->nodes.count; i++) {
        (*first)[i] = RM_NONE;
    }
    for (uint32_t i = findings->count; i-- > 0;) {
        const uint32_t at = component_of(w, &findings->at[i]);
        (*next)[i] = RM_NONE;
        if (at != RM_NONE) {
            (*next)[i] = (*first)[at];
            (*first)[at] = i;
        }
    }
    return RM_OK;
}

static rm_status components(otm *w) {
    rm_json_writer *o = &w->out;
    uint32_t *first = NULL;
    uint32_t *next = NULL;
    const rm_status st = list_threats(w, &first, &next);
    rm_write_open(o, "components", '[');
    for (uint32_t i = 0; st == RM_OK && i < w->graph->nodes.count; i++) {
        if (is_component(node_at(w, i))) {
            rm_write_line(o);
            rm_write_open(o, NULL, '{');
            component(w, node_at(w, i));
            threats_of(w, &w->graph->model->findings, next, first[i]);
            rm_write_close(o, '}');
        }
    }
    rm_write_close(o, ']');
    return st;
}

/* ---- data flows ---- */

static bool is_flow(const otm *w, const rm_trust_edge *e) {
    return (e->kind == RM_TRUST_EDGE_CAN_IOCTL || e->kind == RM_TRUST_EDGE_FORWARDS) &&
           is_component(node_at(w, e->from)) && is_component(node_at(w, e->to));
}

/* The word of the property "validation". */
static rm_str validation_of(const rm_trust_edge *e) {
    for (uint32_t i = 0; i < e->properties.count; i++) {
        if (rm_str_eq(rm_str_from(e->properties.at[i].name), RM_STR("validation"))) {
            return e->properties.at[i].text;
        }
    }
    return RM_STR("unknown");
}

static void flow(otm *w, const rm_trust_edge *e, uint32_t index) {
    rm_json_writer *o = &w->out;
    rm_buf id = {.arena = w->graph->arena};
    rm_buf_printf(&id, "flow:%u", (unsigned)index);
    rm_write_line(o);
    rm_write_open(o, NULL, '{');
    rm_write_text(o, "id", rm_buf_view(&id));
    rm_write_text(o, "name", e->name.len > 0 ? e->name : RM_STR("request"));
    rm_write_text(o, "source", node_at(w, e->from)->id);
    rm_write_text(o, "destination", node_at(w, e->to)->id);
    rm_write_flag(o, "bidirectional", false);
    rm_write_open(o, "tags", '[');
    rm_write_text(o, NULL, validation_of(e));
    if (e->kind == RM_TRUST_EDGE_FORWARDS) {
        rm_write_word(o, NULL, "chained");
    }
    rm_write_close(o, ']');
    attributes(w, &e->properties);
    rm_write_close(o, '}');
}

static void flows(otm *w) {
    rm_write_open(&w->out, "dataflows", '[');
    for (uint32_t i = 0; i < w->graph->edges.count; i++) {
        if (is_flow(w, &w->graph->edges.at[i])) {
            flow(w, &w->graph->edges.at[i], i);
        }
    }
    rm_write_close(&w->out, ']');
}

/* ---- threats and mitigations ---- */

static void stride(otm *w, rm_str letters) {
    static const struct {
        char letter;
        const char *name;
    } names[] = {{'S', "Spoofing"},          {'T', "Tampering"},
                 {'R', "Repudiation"},       {'I', "Information disclosure"},
                 {'D', "Denial of service"}, {'E', "Elevation of privilege"}};
    rm_write_open(&w->out, "categories", '[');
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t at = 0;
        if (rm_str_find_char(letters, names[i].letter, &at)) {
            rm_write_word(&w->out, NULL, names[i].name);
        }
    }
    rm_write_close(&w->out, ']');
}

static const rm_rule_row *rule_of(const otm *w, rm_str id) {
    const rm_rule_rows *rules = &w->graph->model->rules;
    for (uint32_t i = 0; i < rules->count; i++) {
        if (rm_str_eq(rules->at[i].id, id)) {
            return &rules->at[i];
        }
    }
    return NULL;
}

/* Both from 0 to 100. Likelihood is the worst path's score, where there is one. */
static void risk(otm *w, const rm_finding *f) {
    static const int64_t of_severity[RM_SEVERITY_COUNT] = {[RM_SEVERITY_INFO] = 0,
                                                           [RM_SEVERITY_LOW] = 25,
                                                           [RM_SEVERITY_MEDIUM] = 50,
                                                           [RM_SEVERITY_HIGH] = 75,
                                                           [RM_SEVERITY_CRITICAL] = 100};
    const int64_t impact = of_severity[f->severity];
    const int64_t likelihood =
        f->path != RM_NONE ? w->graph->model->paths.at[f->path].score / 10 : impact;
    rm_write_open(&w->out, "risk", '{');
    rm_write_number(&w->out, "likelihood", likelihood > 100 ? 100 : likelihood);
    rm_write_number(&w->out, "impact", impact);
    rm_write_close(&w->out, '}');
}

static void threat(otm *w, const rm_finding *f) {
    rm_json_writer *o = &w->out;
    const rm_rule_row *rule = rule_of(w, f->rule);
    rm_write_line(o);
    rm_write_open(o, NULL, '{');
    rm_write_text(o, "id", f->id);
    rm_write_text(o, "name", rule != NULL ? rule->title : f->rule);
    rm_write_text(o, "description", f->message);
    stride(w, rule != NULL ? rule->stride : RM_STR_NONE);
    rm_write_open(o, "cwes", '[');
    if (rule != NULL && rule->cwe.len > 0) {
        rm_write_text(o, NULL, rule->cwe);
    }
    rm_write_close(o, ']');
    risk(w, f);
    rm_write_close(o, '}');
}

static void mitigation(otm *w, const rm_finding *f) {
    rm_json_writer *o = &w->out;
    rm_write_line(o);
    rm_write_open(o, NULL, '{');
    rm_write_text(o, "id", f->id);
    rm_write_text(o, "name", f->fix);
    rm_write_number(o, "riskReduction", 100); /* applied and scanned again, the finding is gone */
    rm_write_close(o, '}');
}

static void threats(otm *w) {
    const rm_findings *findings = &w->graph->model->findings;
    rm_write_open(&w->out, "threats", '[');
    for (uint32_t i = 0; i < findings->count; i++) {
        threat(w, &findings->at[i]);
    }
    rm_write_close(&w->out, ']');
    rm_write_open(&w->out, "mitigations", '[');
    for (uint32_t i = 0; i < findings->count; i++) {
        if (findings->at[i].fix.len > 0) {
            mitigation(w, &findings->at[i]);
        }
    }
    rm_write_close(&w->out, ']');
}

static void project(otm *w, const char *version) {
    rm_json_writer *o = &w->out;
    rm_buf generator = {.arena = o->buf->arena};
    rm_buf_printf(&generator, "ringmap %s", version);
    rm_write_word(o, "otmVersion", "0.2.0");
    rm_write_open(o, "project", '{');
    rm_write_word(o, "name", "ringmap model");
    rm_write_word(o, "id", "ringmap");
    rm_write_open(o, "attributes", '{');
    rm_write_text(o, "generator", rm_buf_view(&generator));
    rm_write_close(o, '}');
    rm_write_close(o, '}');
    rm_write_open(o, "representations", '[');
    rm_write_open(o, NULL, '{');
    rm_write_word(o, "name", "what was scanned");
    rm_write_word(o, "id", SOURCES);
    rm_write_word(o, "type", "code");
    rm_write_close(o, '}');
    rm_write_close(o, ']');
}

void rm_export_otm(const rm_trust_graph *graph, const char *version, rm_buf *out) {
    otm w = {.graph = graph, .out = {.buf = out}};
    rm_write_open(&w.out, NULL, '{');
    project(&w, version);
    zones(&w);
    const rm_status st = components(&w);
    flows(&w);
    threats(&w);
    rm_write_close(&w.out, '}');
    rm_buf_char(out, '\n');
    out->status = st != RM_OK ? st : out->status;
}
