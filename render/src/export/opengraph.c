/*
 * BloodHound OpenGraph (SpecterOps: "OpenGraph", nodes, edges, metadata). No colon in an id, no
 * nested property, names of kinds begin with the namespace, every edge has properties.
 */
#include "base/json_writer.h"
#include "trust_graph.h"

#define NAMESPACE "RM"

static void id_text(rm_json_writer *o, rm_arena *arena, const char *key, rm_str id) {
    rm_buf text = {.arena = arena};
    for (size_t i = 0; i < id.len; i++) {
        rm_buf_char(&text, id.ptr[i] == ':' ? '/' : id.ptr[i]);
    }
    rm_write_text(o, key, rm_buf_view(&text));
}

static void kind_word(rm_json_writer *o, rm_arena *arena, const char *key, const char *word) {
    rm_buf text = {.arena = arena};
    rm_buf_printf(&text, NAMESPACE "_%s", word);
    rm_write_text(o, key, rm_buf_view(&text));
}

static void property(rm_json_writer *o, const rm_property *p) {
    switch (p->kind) {
    case RM_PROPERTY_TEXT: rm_write_text(o, p->name, p->text); break;
    case RM_PROPERTY_NUMBER: rm_write_number(o, p->name, p->number); break;
    case RM_PROPERTY_FLAG: rm_write_flag(o, p->name, p->number != 0); break;
    }
}

static void properties(rm_json_writer *o, const rm_properties *list) {
    for (uint32_t i = 0; i < list->count; i++) {
        property(o, &list->at[i]);
    }
}

static void node(rm_json_writer *o, const rm_trust_graph *g, const rm_trust_node *n) {
    rm_write_line(o);
    rm_write_open(o, NULL, '{');
    id_text(o, g->arena, "id", n->id);
    rm_write_open(o, "kinds", '[');
    kind_word(o, g->arena, NULL, rm_trust_node_word(n->kind));
    rm_write_close(o, ']');
    rm_write_open(o, "properties", '{');
    rm_write_text(o, "name", n->name.len > 0 ? n->name : n->id);
    rm_write_text(o, "displayname", n->name.len > 0 ? n->name : n->id);
    rm_write_text(o, "ringmap_id", n->id);
    if (n->zone != RM_NONE) {
        rm_write_text(o, "zone", g->nodes.at[n->zone].name);
    }
    properties(o, &n->properties);
    if (n->place.file.len > 0) {
        rm_write_text(o, "source", n->place.file);
        rm_write_number(o, "line", n->place.line);
    }
    rm_write_close(o, '}');
    rm_write_close(o, '}');
}

static void end(rm_json_writer *o, const rm_trust_graph *g, const char *key, uint32_t at) {
    rm_write_open(o, key, '{');
    rm_write_word(o, "match_by", "id");
    id_text(o, g->arena, "value", g->nodes.at[at].id);
    rm_write_close(o, '}');
}

static void edge(rm_json_writer *o, const rm_trust_graph *g, const rm_trust_edge *e) {
    rm_write_line(o);
    rm_write_open(o, NULL, '{');
    kind_word(o, g->arena, "kind", rm_trust_edge_word(e->kind));
    end(o, g, "start", e->from);
    end(o, g, "end", e->to);
    rm_write_open(o, "properties", '{');
    if (e->name.len > 0) {
        rm_write_text(o, "label", e->name);
    }
    properties(o, &e->properties);
    rm_write_close(o, '}');
    rm_write_close(o, '}');
}

void rm_export_opengraph(const rm_trust_graph *graph, rm_buf *out) {
    rm_json_writer o = {.buf = out};
    rm_write_open(&o, NULL, '{');
    rm_write_open(&o, "metadata", '{');
    rm_write_word(&o, "source_kind", NAMESPACE "_Base");
    rm_write_close(&o, '}');
    rm_write_open(&o, "graph", '{');
    rm_write_open(&o, "nodes", '[');
    for (uint32_t i = 0; i < graph->nodes.count; i++) {
        node(&o, graph, &graph->nodes.at[i]);
    }
    rm_write_close(&o, ']');
    rm_write_open(&o, "edges", '[');
    for (uint32_t i = 0; i < graph->edges.count; i++) {
        edge(&o, graph, &graph->edges.at[i]);
    }
    rm_write_close(&o, ']');
    rm_write_close(&o, '}');
    rm_write_close(&o, '}');
    rm_buf_char(out, '\n');
}

/* ---- the extension: what kinds there are ---- */

/* Icons are names of Font Awesome's free set; colours that can be told apart. */
static const struct {
    const char *icon, *color;
} looks[RM_TRUST_NODE_COUNT] = {
    [RM_TRUST_NODE_ZONE] = {"layer-group", "#7a5fa3"},
    [RM_TRUST_NODE_PRINCIPAL] = {"user", "#2f6fb0"},
    [RM_TRUST_NODE_APP] = {"window-maximize", "#4f9bd9"},
    [RM_TRUST_NODE_SERVICE] = {"gears", "#2a8f83"},
    [RM_TRUST_NODE_DRIVER] = {"microchip", "#b5452f"},
    [RM_TRUST_NODE_DEVICE] = {"plug", "#c98a1b"},
    [RM_TRUST_NODE_ENTRY] = {"right-to-bracket", "#8a8f28"},
    [RM_TRUST_NODE_OPERATION] = {"bolt", "#8b1e3f"},
};

static void node_kind(rm_json_writer *o, const char *word, const char *title, const char *text,
                      rm_trust_node_kind kind) {
    rm_buf buf = {.arena = o->buf->arena};
    rm_buf_printf(&buf, NAMESPACE "_%s", word);
    rm_write_line(o);
    rm_write_open(o, NULL, '{');
    rm_write_text(o, "name", rm_buf_view(&buf));
    rm_write_word(o, "display_name", title);
    rm_write_word(o, "description", text);
    rm_write_flag(o, "is_display_kind", true);
    rm_write_word(o, "icon", looks[kind].icon);
    rm_write_word(o, "color", looks[kind].color);
    rm_write_close(o, '}');
}

static void edge_kind(rm_json_writer *o, const char *word, const char *text, bool traversable) {
    rm_buf buf = {.arena = o->buf->arena};
    rm_buf_printf(&buf, NAMESPACE "_%s", word);
    rm_write_line(o);
    rm_write_open(o, NULL, '{');
    rm_write_text(o, "name", rm_buf_view(&buf));
    rm_write_word(o, "description", text);
    rm_write_flag(o, "is_traversable", traversable);
    rm_write_close(o, '}');
}

void rm_export_opengraph_extension(const char *version, rm_buf *out) {
    rm_json_writer o = {.buf = out};
    rm_buf number = {.arena = out->arena};
    rm_buf_printf(&number, "v%s", version);
    rm_write_open(&o, NULL, '{');
    rm_write_open(&o, "schema", '{');
    rm_write_word(&o, "name", "Ringmap");
    rm_write_word(&o, "display_name", "ringmap: ways into the kernel");
    rm_write_text(&o, "version", rm_buf_view(&number));
    rm_write_word(&o, "namespace", NAMESPACE);
    rm_write_close(&o, '}');
    rm_write_open(&o, "node_kinds", '[');
#define X(name, word, title, text) node_kind(&o, word, title, text, RM_TRUST_NODE_##name);
    RM_TRUST_NODE_LIST(X)
#undef X
    rm_write_close(&o, ']');
    rm_write_open(&o, "relationship_kinds", '[');
#define X(name, word, traversable, text) edge_kind(&o, word, text, traversable);
    RM_TRUST_EDGE_LIST(X)
#undef X
    rm_write_close(&o, ']');
    rm_write_close(&o, '}');
    rm_buf_char(out, '\n');
}
