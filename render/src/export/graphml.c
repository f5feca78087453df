/* GraphML (graphdrawing.org, "GraphML Specification"): ids are ours, everything else is data. */
#include <inttypes.h>

#include "base/text.h"
#include "trust_graph.h"

/* Every property name in use, in the order in which it first appears; the same for both ends. */
typedef struct key {
    const char *name;
    rm_property_kind kind;
} key;

RM_LIST(keys, key);

static rm_status note_keys(rm_arena *arena, const rm_properties *list, rm_map *seen, keys *out) {
    for (uint32_t i = 0; i < list->count; i++) {
        const rm_property *p = &list->at[i];
        uint32_t *at = NULL;
        bool is_new = false;
        const rm_status st = rm_map_at(seen, rm_str_from(p->name), &at, &is_new);
        if (st != RM_OK) {
            return st;
        }
        key *slot = is_new ? rm_push(arena, out) : NULL;
        if (is_new && slot == NULL) {
            return RM_NOMEM;
        }
        if (is_new) {
            *slot = (key){p->name, p->kind};
        }
    }
    return RM_OK;
}

static void declare(rm_buf *out, const char *name, rm_property_kind kind) {
    static const char *const types[] = {"string", "long", "boolean"};
    rm_buf_printf(out, "  <key id=\"%s\" for=\"all\" attr.name=\"%s\" attr.type=\"%s\"/>\n", name,
                  name, types[kind]);
}

static void data(rm_buf *out, const char *name, rm_str text) {
    if (text.len > 0) {
        rm_buf_printf(out, "<data key=\"%s\">", name);
        rm_text_xml(out, text);
        rm_buf_text(out, "</data>");
    }
}

static void properties(rm_buf *out, const rm_properties *list) {
    for (uint32_t i = 0; i < list->count; i++) {
        const rm_property *p = &list->at[i];
        if (p->kind == RM_PROPERTY_TEXT) {
            data(out, p->name, p->text);
        } else if (p->kind == RM_PROPERTY_FLAG) {
            data(out, p->name, p->number != 0 ? RM_STR("true") : RM_STR("false"));
        } else {
            rm_buf_printf(out, "<data key=\"%s\">%" PRId64 "</data>", p->name, p->number);
        }
    }
}

static void write_node(const rm_trust_graph *g, uint32_t index, rm_buf *out) {
    const rm_trust_node *n = &g->nodes.at[index];
    rm_buf_printf(out, "    <node id=\"n%u\">", (unsigned)index);
    data(out, "kind", rm_str_from(rm_trust_node_word(n->kind)));
    data(out, "ringmap_id", n->id);
    data(out, "label", n->name);
    properties(out, &n->properties);
    rm_buf_text(out, "</node>\n");
}

static void write_edge(const rm_trust_graph *g, uint32_t index, rm_buf *out) {
    const rm_trust_edge *e = &g->edges.at[index];
    rm_buf_printf(out, "    <edge id=\"e%u\" source=\"n%u\" target=\"n%u\">", (unsigned)index,
                  (unsigned)e->from, (unsigned)e->to);
    data(out, "kind", rm_str_from(rm_trust_edge_word(e->kind)));
    data(out, "label", e->name);
    properties(out, &e->properties);
    rm_buf_text(out, "</edge>\n");
}

static rm_status declare_keys(const rm_trust_graph *g, rm_buf *out) {
    rm_map seen = {.arena = g->arena};
    keys all = {0};
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < g->nodes.count; i++) {
        st = note_keys(g->arena, &g->nodes.at[i].properties, &seen, &all);
    }
    for (uint32_t i = 0; st == RM_OK && i < g->edges.count; i++) {
        st = note_keys(g->arena, &g->edges.at[i].properties, &seen, &all);
    }
    declare(out, "kind", RM_PROPERTY_TEXT);
    declare(out, "ringmap_id", RM_PROPERTY_TEXT);
    declare(out, "label", RM_PROPERTY_TEXT);
    for (uint32_t i = 0; i < all.count; i++) {
        declare(out, all.at[i].name, all.at[i].kind);
    }
    return st;
}

void rm_export_graphml(const rm_trust_graph *graph, rm_buf *out) {
    rm_buf_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                     "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n");
    const rm_status st = declare_keys(graph, out);
    rm_buf_text(out, "  <graph id=\"ringmap\" edgedefault=\"directed\">\n");
    for (uint32_t i = 0; i < graph->nodes.count; i++) {
        write_node(graph, i, out);
    }
    for (uint32_t i = 0; i < graph->edges.count; i++) {
        write_edge(graph, i, out);
    }
    rm_buf_text(out, "  </graph>\n</graphml>\n");
    out->status = st != RM_OK ? st : out->status;
}
