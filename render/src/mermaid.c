#include "mermaid.h"

#include "label.h"
#include "palette.h"
#include "words.h"

enum { NAME_MAX = 48, DOOR_MAX = 150, MARKS_MAX = 4, PATH_TEXT_MAX = 150 };

/* Numbers, so that no name can be one of Mermaid's own words ("end"); a row is a node of its own.
 */
static void write_id(uint32_t node, uint32_t row, rm_buf *out) {
    rm_buf_printf(out, "n%u", node);
    if (row != RM_NONE) {
        rm_buf_printf(out, "r%u", row);
    }
}

static void write_lines(const rm_node *node, rm_buf *out) {
    rm_label_mermaid(out, node->title, NAME_MAX);
    if (node->aside.len > 0) {
        rm_buf_char(out, ' ');
        rm_label_mermaid(out, node->aside, NAME_MAX);
    }
    if (node->ring > 0) {
        rm_buf_printf(out, "<br/>inside TB%u", node->ring);
    }
    if (node->place.len > 0) {
        rm_buf_text(out, "<br/>");
        rm_label_mermaid(out, node->place, DOOR_MAX);
    }
    for (uint32_t i = 0; i < node->lines.count; i++) { /* doors, and who may open them */
        rm_buf_text(out, "<br/>");
        rm_label_mermaid(out, node->lines.at[i], DOOR_MAX);
    }
}

static void write_row(const rm_figure *figure, uint32_t node, uint32_t row, rm_buf *out) {
    const rm_row *r = &figure->nodes.at[node].rows.at[row];
    rm_buf_text(out, "      ");
    write_id(node, row, out);
    rm_buf_text(out, "[\"");
    if (r->judged) {
        rm_label_mermaid(out, rm_str_from(rm_verdict_sign(r->verdict)), NAME_MAX);
        rm_buf_char(out, ' ');
    }
    rm_label_mermaid(out, r->code, NAME_MAX);
    rm_buf_char(out, ' ');
    rm_label_mermaid(out, r->name, NAME_MAX);
    rm_buf_printf(out, "\"]%s%s\n", r->judged ? ":::" : "",
                  r->judged ? rm_validation_name(r->verdict) : "");
}

/* A device is a box of its own that holds a node for each row. */
static void write_device(const rm_figure *figure, uint32_t index, rm_buf *out) {
    const rm_node *node = &figure->nodes.at[index];
    rm_buf_printf(out, "    subgraph n%u [\"", index);
    write_lines(node, out);
    rm_buf_text(out, "\"]\n");
    for (uint32_t row = 0; row < node->rows.count; row++) {
        write_row(figure, index, row, out);
    }
    if (node->rest.len > 0 || node->rows.count == 0) {
        rm_buf_printf(out, "      n%urest[\"", index);
        rm_label_mermaid(out, node->rest.len > 0 ? node->rest : RM_STR("no entry shown"), NAME_MAX);
        rm_buf_text(out, "\"]\n");
    }
    rm_buf_text(out, "    end\n");
}

static void write_node(const rm_figure *figure, uint32_t index, rm_buf *out) {
    static const char *const shapes[][2] = {[RM_NODE_PRINCIPAL] = {"[\"", "\"]"},
                                            [RM_NODE_SERVICE] = {"(\"", "\")"},
                                            [RM_NODE_DEVICE] = {"", ""},
                                            [RM_NODE_SINK] = {"[(\"", "\")]"},
                                            [RM_NODE_MORE] = {"(\"", "\")"}};
    const rm_node *node = &figure->nodes.at[index];
    if (node->kind == RM_NODE_DEVICE || node->kind == RM_NODE_MORE) {
        write_device(figure, index, out);
        return;
    }
    rm_buf_printf(out, "    n%u%s", index, shapes[node->kind][0]);
    write_lines(node, out);
    rm_buf_printf(out, "%s\n", shapes[node->kind][1]);
}

static void write_zone(const rm_figure *figure, uint32_t index, rm_buf *out) {
    const rm_zone *zone = &figure->zones.at[index];
    rm_buf_printf(out, "  subgraph z%u [\"", index);
    if (zone->number > 0) {
        rm_buf_printf(out, "TB%u ", zone->number);
    }
    rm_label_mermaid(out, zone->title, NAME_MAX);
    rm_buf_text(out, "\"]\n");
    for (uint32_t i = 0; i < figure->nodes.count; i++) {
        if (figure->nodes.at[i].zone == index) {
            write_node(figure, i, out);
        }
    }
    rm_buf_text(out, "  end\n");
}

/* Marks, verdict, the boundary that is crossed, what happens to the request: each safe as it is
 * but for the note. */
static void write_flow_label(const rm_figure *figure, const rm_edge *edge, rm_buf *out) {
    rm_buf label = {.arena = out->arena};
    if (figure->diff) {
        rm_buf_printf(&label, "%s ", rm_change_word(edge->change));
    }
    rm_words_marks(edge, MARKS_MAX, &label);
    rm_buf_printf(&label, " %s %s", rm_verdict_sign(edge->verdict), rm_verdict_word(edge->verdict));
    rm_label_mermaid(out, rm_buf_view(&label), PATH_TEXT_MAX);
    if (edge->crosses > 0) {
        rm_buf_printf(out, "<br/>crosses TB%u", edge->crosses);
    }
    if (edge->note.len > 0) {
        rm_buf_text(out, "<br/>");
        rm_label_mermaid(out, edge->note, PATH_TEXT_MAX);
    }
    if (label.status != RM_OK) {
        out->status = label.status;
    }
}

static void write_edge(const rm_figure *figure, const rm_edge *edge, rm_buf *out) {
    static const char *const arrows[] = {[RM_VALIDATION_UNVALIDATED] = "==>",
                                         [RM_VALIDATION_UNKNOWN] = "--o",
                                         [RM_VALIDATION_PARTIAL] = "-->",
                                         [RM_VALIDATION_VALIDATED] = "-->"};
    static const char *const both[] = {[RM_VALIDATION_UNVALIDATED] = "<==>",
                                       [RM_VALIDATION_UNKNOWN] = "o--o",
                                       [RM_VALIDATION_PARTIAL] = "<-->",
                                       [RM_VALIDATION_VALIDATED] = "<-->"};
    rm_buf_text(out, "  ");
    write_id(edge->from, edge->from_row, out);
    if (edge->link) {
        rm_buf_text(out, " ---|\"");
        rm_label_mermaid(out, edge->note, PATH_TEXT_MAX);
    } else {
        rm_buf_printf(out, " %s|\"", edge->back ? both[edge->verdict] : arrows[edge->verdict]);
        write_flow_label(figure, edge, out);
    }
    rm_buf_text(out, "\"| ");
    write_id(edge->to, edge->to_row, out);
    rm_buf_char(out, '\n');
}

static void write_styles(const rm_figure *figure, rm_buf *out) {
    static const rm_colour colours[][3] = {
        [RM_VALIDATION_UNVALIDATED] = {RM_COLOUR_UNVALIDATED_TINT, RM_COLOUR_UNVALIDATED,
                                       RM_COLOUR_UNVALIDATED_TEXT},
        [RM_VALIDATION_UNKNOWN] = {RM_COLOUR_UNKNOWN_TINT, RM_COLOUR_UNKNOWN,
                                   RM_COLOUR_UNKNOWN_TEXT},
        [RM_VALIDATION_PARTIAL] = {RM_COLOUR_PARTIAL_TINT, RM_COLOUR_PARTIAL,
                                   RM_COLOUR_PARTIAL_TEXT},
        [RM_VALIDATION_VALIDATED] = {RM_COLOUR_CARD, RM_COLOUR_CHECKED, RM_COLOUR_INK}};
    for (unsigned v = 0; v < RM_VALIDATION_COUNT; v++) {
        rm_buf_printf(out, "  classDef %s fill:%s,stroke:%s,color:%s\n",
                      rm_validation_name((rm_validation)v), rm_colour_text(colours[v][0], 0),
                      rm_colour_text(colours[v][1], 0), rm_colour_text(colours[v][2], 0));
    }
    for (uint32_t i = 0; i < figure->edges.count; i++) {
        rm_validation v = figure->edges.at[i].verdict;
        rm_buf_printf(out, "  linkStyle %u stroke:%s,stroke-width:%s\n", i,
                      rm_colour_text(colours[v][1], 0),
                      v == RM_VALIDATION_UNVALIDATED ? "3px" : "1.5px");
    }
    for (uint32_t i = 0; i < figure->zones.count; i++) {
        rm_buf_printf(out,
                      "  style z%u fill:none,stroke:%s,stroke-width:2px,stroke-dasharray:5 3\n", i,
                      rm_colour_text(RM_COLOUR_ZONE_LINE, 0));
    }
}

/* The paths in words, as one more box: a Mermaid picture has no other place for them. */
static void write_paths(const rm_figure *figure, rm_buf *out) {
    rm_buf_text(out, "  paths[\"");
    for (uint32_t i = 0; i < figure->paths.count; i++) {
        const rm_drawn_path *drawn = &figure->paths.at[i];
        const rm_path *path = drawn->of;
        rm_buf_printf(out, "%s%s%s%c%u %u %s: ", i > 0 ? "<br/>" : "",
                      figure->diff ? rm_change_word(drawn->change) : "", figure->diff ? " " : "",
                      drawn->gone ? 'G' : 'R', drawn->rank, path->score,
                      rm_severity_name(path->severity));
        rm_label_mermaid(out, drawn->text, PATH_TEXT_MAX);
        rm_buf_printf(out, ", %s", rm_verdict_word(path->validation));
    }
    if (figure->paths.count == 0) {
        rm_label_mermaid(out, figure->none, PATH_TEXT_MAX);
    }
    for (uint32_t i = 0; i < figure->left_out.count; i++) {
        rm_buf_text(out, i > 0 ? "; " : "<br/>Not shown: ");
        rm_label_mermaid(out, figure->left_out.at[i], PATH_TEXT_MAX);
    }
    rm_buf_text(out, "\"]\n");
}

void rm_mermaid_write(const rm_figure *figure, rm_buf *out) {
    rm_buf_text(out, "flowchart LR\n");
    for (uint32_t i = 0; i < figure->zones.count; i++) {
        write_zone(figure, i, out);
    }
    for (uint32_t i = 0; i < figure->edges.count; i++) {
        write_edge(figure, &figure->edges.at[i], out);
    }
    write_paths(figure, out);
    write_styles(figure, out);
}
