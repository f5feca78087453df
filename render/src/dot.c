#include "dot.h"

#include "column.h"
#include "dot_parts.h"
#include "dot_table.h"
#include "label.h"
#include "palette.h"
#include "words.h"

enum { NAME_MAX = 48, SINK_WIDTH = 18, NOTE_WIDTH = 16, MARKS_MAX = 4 };

/* ---- nodes ---- */

static void write_lines(const rm_texts *lines, unsigned most, rm_buf *out) {
    for (uint32_t i = 0; i < lines->count; i++) {
        rm_buf_text(out, "<BR/>");
        rm_label_html(out, lines->at[i], most);
    }
}

static void write_principal(const rm_node *node, rm_buf *out) {
    rm_buf_printf(out, "\"%.*s\" [id=\"%.*s\", class=\"principal\", label=<<B>",
                  RM_STR_ARG(node->id), RM_STR_ARG(node->id));
    rm_label_html_name(out, node->title, NAME_MAX);
    rm_buf_text(out, "</B>");
    write_lines(&node->lines, NAME_MAX, out);
    rm_buf_text(out, ">];\n");
}

static void write_service(const rm_node *node, rm_buf *out) {
    rm_buf_printf(out,
                  "\"%.*s\" [id=\"%.*s\", class=\"service\", style=\"rounded,filled\", label=<<B>",
                  RM_STR_ARG(node->id), RM_STR_ARG(node->id));
    rm_label_html_name(out, node->title, NAME_MAX);
    rm_buf_text(out, "</B>");
    write_lines(&node->lines, NAME_MAX, out);
    rm_buf_text(out, ">];\n");
}

static void write_sink(const rm_node *node, const rm_dot_style *style, rm_buf *out) {
    rm_buf_printf(out,
                  "\"%.*s\" [id=\"%.*s\", class=\"sink\", shape=cylinder, margin=\"0.12,0.1\", "
                  "fillcolor=\"%s\", "
                  "label=<<B>",
                  RM_STR_ARG(node->id), RM_STR_ARG(node->id), rm_dot_colour(style, RM_COLOUR_SINK));
    rm_dot_wrapped(node->title, SINK_WIDTH, out);
    rm_buf_text(out, "</B>");
    write_lines(&node->lines, NAME_MAX, out);
    if (node->rest.len > 0) {
        rm_buf_text(out, "<BR/>");
        rm_label_html(out, node->rest, NAME_MAX);
    }
    rm_buf_text(out, ">];\n");
}

static void write_node(const rm_node *node, const rm_dot_style *style, rm_buf *out) {
    if (node->ring > 0) {
        rm_buf id = {.arena = out->arena};
        rm_buf_text(&id, "ring-");
        rm_buf_str(&id, node->id);
        rm_buf_printf(out, "subgraph \"cluster_%.*s\" {", RM_STR_ARG(rm_buf_view(&id)));
        rm_dot_box("ring", rm_buf_view(&id), RM_COLOUR_RING_FILL, style, out);
        rm_buf_printf(out, "label=\"TB%u  from another driver\";\n", node->ring);
    }
    switch (node->kind) {
    case RM_NODE_PRINCIPAL: write_principal(node, out); break;
    case RM_NODE_SERVICE: write_service(node, out); break;
    case RM_NODE_DEVICE: rm_dot_device(node, style, out); break;
    case RM_NODE_SINK: write_sink(node, style, out); break;
    case RM_NODE_MORE: rm_dot_device(node, style, out); break;
    }
    if (node->ring > 0) {
        rm_buf_text(out, "}\n");
    }
}

static void write_zone(const rm_figure *figure, uint32_t index, const rm_dot_style *style,
                       rm_buf *out) {
    const rm_zone *zone = &figure->zones.at[index];
    rm_buf_printf(out, "subgraph \"cluster_%.*s\" {", RM_STR_ARG(zone->id));
    rm_dot_box("zone", zone->id, zone->kernel ? RM_COLOUR_KERNEL_FILL : RM_COLOUR_ZONE_FILL, style,
               out);
    if (zone->number > 0) {
        rm_buf_printf(out, "label=\"TB%u  %.*s\";\n", zone->number, RM_STR_ARG(zone->title));
    } else {
        rm_buf_printf(out, "label=\"%.*s\";\n", RM_STR_ARG(zone->title));
    }
    for (uint32_t i = 0; i < figure->nodes.count; i++) {
        if (figure->nodes.at[i].zone == index) {
            write_node(&figure->nodes.at[i], style, out);
        }
    }
    rm_buf_text(out, "}\n");
}

/* ---- columns ---- */

static bool in_column(const rm_node *node, unsigned column, bool sinks) {
    return sinks ? node->kind == RM_NODE_SINK
                 : node->kind != RM_NODE_SINK && node->column == column;
}

/*
 * Nodes of one depth stand in one column, whatever the lengths of the flows to them. `link` joins
 * them: "; " leaves their order to Graphviz, " -> " is the order of trust.
 */
static void write_column(const rm_figure *figure, unsigned column, bool sinks, const char *link,
                         rm_buf *out) {
    unsigned count = 0;
    for (uint32_t zone = 0; zone < figure->zones.count; zone++) {
        for (uint32_t i = 0; i < figure->nodes.count; i++) {
            const rm_node *node = &figure->nodes.at[i];
            if (node->zone == zone && in_column(node, column, sinks)) {
                rm_buf_printf(out, "%s\"%.*s\"",
                              count++ == 0 ? "{rank=same; edge [style=invis]; " : link,
                              RM_STR_ARG(node->id));
            }
        }
    }
    rm_buf_text(out, count > 0 ? "}\n" : "");
}

static void write_columns(const rm_figure *figure, rm_buf *out) {
    write_column(figure, 0, false, " -> ", out);
    for (unsigned column = 1; column < RM_FIGURE_NODES; column++) {
        write_column(figure, column, false, "; ", out);
    }
    write_column(figure, 0, true, "; ", out);
}

/* ---- edges ---- */

/*
 * `right`: at the right side, where flows leave that run as most do. From one point, so that none
 * crosses the title of its zone.
 */
static void write_end(const rm_figure *figure, uint32_t node, uint32_t row, bool tail, bool right,
                      rm_buf *out) {
    const rm_node *n = &figure->nodes.at[node];
    rm_buf_printf(out, "\"%.*s\"", RM_STR_ARG(n->id));
    if (row != RM_NONE) {
        rm_buf_printf(out, ":r%u%s", row, right ? "o:e" : ":w");
    } else if (n->kind == RM_NODE_DEVICE) {
        rm_buf_printf(out, ":%s:%s", rm_dot_door(n), right ? "e" : "w");
    } else if (tail && right) {
        rm_buf_text(out, ":e");
    } else if (!tail && !right && n->kind == RM_NODE_SERVICE) {
        rm_buf_text(out, ":w");
    }
}

/* What is gone stands back: grey and thin, whatever its verdict was. */
static bool is_gone(const rm_figure *figure, const rm_edge *edge) {
    return figure->diff && edge->change == RM_CHANGE_GONE;
}

static rm_colour text_of(const rm_figure *figure, const rm_edge *edge) {
    return is_gone(figure, edge) ? RM_COLOUR_MUTED : rm_look_of(edge->verdict)->text;
}

/* The marks and the sign; on the worst path on a filled ground, which no printer loses. */
static void write_marks(const rm_figure *figure, const rm_edge *edge, const rm_dot_style *style,
                        rm_buf *out) {
    bool filled = !is_gone(figure, edge) && edge->worst && edge->verdict != RM_VALIDATION_VALIDATED;
    if (filled) {
        rm_buf_printf(out,
                      "<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"0\" CELLPADDING=\"2\" "
                      "BGCOLOR=\"%s\"><TR><TD>",
                      rm_dot_colour(style, rm_look_of(edge->verdict)->text));
    }
    rm_buf_printf(out, "<FONT COLOR=\"%s\"><B>",
                  rm_dot_colour(style, filled ? RM_COLOUR_WORST_TEXT : text_of(figure, edge)));
    if (figure->diff) {
        rm_buf_printf(out, "%s ", rm_change_sign(edge->change));
    }
    rm_words_marks(edge, MARKS_MAX, out);
    rm_buf_printf(out, " %s", rm_verdict_sign(edge->verdict));
    rm_buf_printf(out, "</B></FONT>%s", filled ? "</TD></TR></TABLE>" : "");
}

/* Below the marks: the boundary that is crossed, then what happens to the request. */
static void write_note(const rm_figure *figure, const rm_edge *edge, bool to_sink,
                       const rm_dot_style *style, rm_buf *out) {
    rm_str note = to_sink ? rm_str_from(rm_verdict_word(edge->verdict)) : edge->note;
    if (edge->crosses == 0 && note.len == 0 && !figure->diff) {
        return;
    }
    rm_buf_printf(out, "<TR><TD BGCOLOR=\"%s\"><FONT COLOR=\"%s\">",
                  rm_dot_colour(style, RM_COLOUR_LABEL),
                  rm_dot_colour(style, text_of(figure, edge)));
    if (figure->diff) {
        rm_buf_printf(out, "<B>%s</B>%s", rm_change_word(edge->change),
                      edge->crosses > 0 || note.len > 0 ? "<BR/>" : "");
    }
    if (edge->crosses > 0) {
        rm_buf_printf(out, "crosses TB%u%s", edge->crosses, note.len > 0 ? "<BR/>" : "");
    }
    if (note.len > 0) {
        rm_dot_wrapped(note, NOTE_WIDTH, out);
    }
    rm_buf_text(out, "</FONT></TD></TR>");
}

static void write_edge_label(const rm_figure *figure, const rm_edge *edge,
                             const rm_dot_style *style, rm_buf *out) {
    bool to_sink = figure->nodes.at[edge->to].kind == RM_NODE_SINK;
    rm_buf_printf(out,
                  "label=<<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"0\" "
                  "CELLPADDING=\"1\"><TR><TD BGCOLOR=\"%s\">",
                  rm_dot_colour(style, RM_COLOUR_LABEL));
    write_marks(figure, edge, style, out);
    rm_buf_text(out, "</TD></TR>");
    write_note(figure, edge, to_sink, style, out);
    rm_buf_text(out, "<TR><TD HEIGHT=\"4\"></TD></TR></TABLE>>");
}

/* What joins two places of a stack: no flow, so no arrow and no weight. */
static void write_link(const rm_figure *figure, const rm_edge *edge, const rm_dot_style *style,
                       rm_buf *out) {
    write_end(figure, edge->from, edge->from_row, true, true, out);
    rm_buf_text(out, " -> ");
    write_end(figure, edge->to, edge->to_row, false, false, out);
    rm_buf_printf(out,
                  " [id=\"%.*s\", class=\"link\", color=\"%s\", penwidth=\"1\", arrowhead=none, "
                  "weight=4, fontcolor=\"%s\", label=\"%.*s\"];\n",
                  RM_STR_ARG(edge->id), rm_dot_colour(style, RM_COLOUR_MUTED),
                  rm_dot_colour(style, RM_COLOUR_MUTED), RM_STR_ARG(edge->note));
}

static void write_flow(const rm_figure *figure, const rm_edge *edge, const rm_dot_style *style,
                       rm_buf *out) {
    const rm_look *how = rm_look_of(edge->verdict);
    bool gone = is_gone(figure, edge);
    unsigned width = gone ? 4 : how->width + (edge->worst ? 4 : 0);
    bool backward = rm_edge_is_backward(figure, edge);
    write_end(figure, edge->from, edge->from_row, true, !backward, out);
    rm_buf_text(out, " -> ");
    write_end(figure, edge->to, edge->to_row, false, backward, out);
    rm_buf_printf(out, " [id=\"%.*s\", class=\"flow %s", RM_STR_ARG(edge->id),
                  rm_validation_name(edge->verdict));
    for (uint32_t i = 0; i < edge->marks.count; i++) {
        if (!edge->marks.at[i].gone) {
            rm_buf_printf(out, " r%u", edge->marks.at[i].rank);
        }
    }
    if (figure->diff) {
        rm_buf_printf(out, " %s", rm_change_word(edge->change));
    }
    rm_buf_printf(out, "\", color=\"%s\", penwidth=\"%u.%02u\", arrowhead=%s, weight=%d, ",
                  rm_dot_colour(style, gone ? RM_COLOUR_MUTED : how->line), width / 4,
                  width % 4 * 25, gone ? "vee" : how->arrow, edge->worst ? 8 : 1);
    if (edge->back) { /* an open arrow: it is told from the verdict's at the other end */
        rm_buf_text(out, "dir=both, arrowtail=vee, ");
    }
    if (!figure->overview) { /* there the rows say it */
        write_edge_label(figure, edge, style, out);
    }
    rm_buf_text(out, "];\n");
}

static void write_edge(const rm_figure *figure, const rm_edge *edge, const rm_dot_style *style,
                       rm_buf *out) {
    if (edge->link) {
        write_link(figure, edge, style, out);
    } else {
        write_flow(figure, edge, style, out);
    }
}

/* ---- the whole ---- */

/* The emergency settings: rendering-and-limits measured them at a thirtieth of the time. */
#define QUICK ", nslimit=\"0.2\", nslimit1=\"0.2\", mclimit=\"0.1\", splines=line"

static void write_defaults(const rm_figure *figure, const rm_dot_style *style, rm_buf *out) {
    rm_buf_printf(out,
                  "graph [rankdir=LR, newrank=true, ranksep=\"%s\", nodesep=\"0.28\", pad=\"0.2\", "
                  "fontname=\"DejaVu Sans\", fontsize=10, fontcolor=\"%s\", bgcolor=\"%s\", "
                  "outputorder=nodesfirst%s];\n",
                  figure->overview ? "2" : "0.9", rm_dot_colour(style, RM_COLOUR_INK),
                  rm_dot_colour(style, RM_COLOUR_PAGE), style->quick ? QUICK : "");
    rm_buf_printf(out,
                  "node [fontname=\"DejaVu Sans\", fontsize=10, shape=box, style=filled, "
                  "fillcolor=\"%s\", color=\"%s\", fontcolor=\"%s\", margin=\"0.12,0.06\"];\n",
                  rm_dot_colour(style, RM_COLOUR_CARD), rm_dot_colour(style, RM_COLOUR_BORDER),
                  rm_dot_colour(style, RM_COLOUR_INK));
    rm_buf_printf(out,
                  /* Without the first four, dot takes another attribute for an arrow of a flow that
                     closes a cycle. */
                  "edge [arrowhead=normal, arrowtail=normal, dir=forward, label=\"\", "
                  "fontname=\"DejaVu Sans\", fontsize=9, fontcolor=\"%s\", arrowsize=\"0.7\"];\n",
                  rm_dot_colour(style, RM_COLOUR_INK));
}

void rm_dot_write(const rm_figure *figure, rm_dot_style style, rm_buf *out) {
    rm_buf_text(out, "digraph ringmap {\n");
    write_defaults(figure, &style, out);
    rm_dot_footer(figure, &style, out);
    rm_buf_text(out, "subgraph \"cluster_page\" { id=\"page\"; peripheries=0; labelloc=t; "
                     "labeljust=l; fontsize=13; label=<<B>");
    rm_label_html(out, figure->title, 120);
    rm_buf_text(out, "</B>>;\n");
    for (uint32_t i = 0; i < figure->zones.count; i++) {
        write_zone(figure, i, &style, out);
    }
    if (figure->nodes.count == 0) { /* the title is that of a box, and boxes need content */
        rm_buf_printf(out,
                      "\"none\" [id=\"none\", class=\"none\", shape=plain, style=\"\", "
                      "label=<%s>];\n",
                      !figure->diff                ? "nothing to draw"
                      : figure->left_out.count > 0 ? "no path changed; other things did"
                                                   : "nothing changed");
    }
    write_columns(figure, out);
    for (uint32_t i = 0; i < figure->edges.count; i++) {
        write_edge(figure, &figure->edges.at[i], &style, out);
    }
    rm_buf_text(out, "}\n}\n");
}
