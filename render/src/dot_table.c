#include "dot_table.h"

#include "label.h"
#include "words.h"

enum { NAME_MAX = 48, LINE_MAX = 48, REST_MAX = 90, MARKS_MAX = 4 };

static void write_head(const rm_node *node, const rm_dot_style *style, rm_buf *out) {
    rm_buf_printf(out, "<TR><TD PORT=\"h\" COLSPAN=\"5\" ALIGN=\"LEFT\" BGCOLOR=\"%s\"><B>",
                  rm_dot_colour(style, RM_COLOUR_HEAD));
    if (node->gone) {
        rm_buf_printf(out, "%s gone ", rm_change_sign(RM_CHANGE_GONE));
    }
    rm_label_html_name(out, node->title, NAME_MAX);
    rm_buf_text(out, "</B></TD></TR>\n");
}

/* One line of a device in small type, over the whole width. */
static void write_small(rm_str text, rm_colour c, const rm_dot_style *style, rm_buf *out) {
    rm_buf_printf(out, "<TR><TD COLSPAN=\"5\" ALIGN=\"LEFT\"><FONT POINT-SIZE=\"9\" COLOR=\"%s\">",
                  rm_dot_colour(style, c));
    rm_label_html(out, text, REST_MAX);
    rm_buf_text(out, "</FONT></TD></TR>\n");
}

static bool has_doors(const rm_node *node) {
    return node->lines.count > 0 || node->aside.len > 0;
}

static void write_doors(const rm_node *node, const rm_dot_style *style, rm_buf *out) {
    if (!has_doors(node)) {
        return;
    }
    rm_buf_printf(out,
                  "<TR><TD PORT=\"d\" COLSPAN=\"5\" ALIGN=\"LEFT\" BALIGN=\"LEFT\">"
                  "<FONT POINT-SIZE=\"9\" COLOR=\"%s\">",
                  rm_dot_colour(style, RM_COLOUR_INK));
    if (node->aside.len > 0) {
        rm_buf_text(out, "device ");
        rm_label_html(out, node->aside, LINE_MAX);
        rm_buf_text(out, node->lines.count > 0 ? "<BR/>" : "");
    }
    for (uint32_t i = 0; i < node->lines.count; i++) {
        rm_buf_text(out, i > 0 ? "<BR/>" : "");
        rm_label_html(out, node->lines.at[i], LINE_MAX);
    }
    rm_buf_text(out, "</FONT></TD></TR>\n");
}

/* Attributes of a cell of a row. */
static void open_cell(const char *port, uint32_t index, const char *end, unsigned span,
                      const char *tint, rm_buf *out) {
    rm_buf_text(out, "<TD ALIGN=\"LEFT\" BALIGN=\"LEFT\"");
    if (port != NULL) {
        rm_buf_printf(out, " PORT=\"%s%u%s\"", port, index, end);
    }
    rm_buf_printf(out, " COLSPAN=\"%u\" BGCOLOR=\"%s\">", span, tint);
}

/* Method and access of a control code; empty for other entries. */
static void write_method(const rm_row *row, const rm_dot_style *style, rm_buf *out) {
    if (row->method.len > 0) {
        rm_buf_printf(out, "<FONT POINT-SIZE=\"9\" COLOR=\"%s\">",
                      rm_dot_colour(style, RM_COLOUR_MUTED));
        rm_label_html(out, row->method, NAME_MAX);
        rm_buf_text(out, ", ");
        rm_label_html(out, row->access, NAME_MAX);
        rm_buf_text(out, "</FONT>");
    }
}

/* The first cell: the sign, in dense tables the paths that end here, the code. */
static void write_code(const rm_row *row, rm_buf *out) {
    bool marked = row->judged && row->verdict != RM_VALIDATION_VALIDATED;
    rm_buf_text(out, marked ? "<B>" : "");
    if (row->gone) {
        rm_buf_printf(out, "%s gone ", rm_change_sign(RM_CHANGE_GONE));
    }
    if (row->judged) {
        rm_buf_printf(out, "%s ", rm_verdict_sign(row->verdict));
    }
    rm_label_html(out, row->code, NAME_MAX);
    rm_buf_text(out, marked ? "</B></TD>" : "</TD>");
}

/*
 * Two ports: flows arrive at the left cell and leave from the right one, so none crosses text. The
 * name has two lines.
 */
static void write_tall_row(const rm_row *row, uint32_t index, const rm_dot_style *style,
                           rm_buf *out) {
    const char *tint =
        rm_dot_colour(style, row->judged ? rm_look_of(row->verdict)->tint : RM_COLOUR_CARD);
    rm_buf_text(out, "<TR>");
    open_cell("r", index, "", 1, tint, out);
    write_code(row, out);
    open_cell("r", index, "o", 4, tint, out);
    rm_label_html_name(out, row->name, NAME_MAX);
    rm_buf_text(out, row->method.len > 0 ? "<BR/>" : "");
    write_method(row, style, out);
    if (row->place.len > 0) {
        rm_buf_printf(out, "<BR/><FONT POINT-SIZE=\"9\" COLOR=\"%s\">",
                      rm_dot_colour(style, RM_COLOUR_MUTED));
        rm_label_html(out, row->place, LINE_MAX);
        rm_buf_text(out, "</FONT>");
    }
    rm_buf_text(out, "</TD></TR>\n");
}

/* Which paths end on this row, since the flow to the door does not say. */
static void write_row_marks(const rm_row *row, const char *tint, const rm_dot_style *style,
                            rm_buf *out) {
    open_cell(NULL, 0, "", 1, tint, out);
    rm_buf_printf(
        out, "<FONT POINT-SIZE=\"9\" COLOR=\"%s\">",
        rm_dot_colour(style, row->judged ? rm_look_of(row->verdict)->text : RM_COLOUR_INK));
    rm_words_ranks(&row->marks, MARKS_MAX, out);
    rm_buf_text(out, "&#160;</FONT></TD>");
}

/* One line; the last cell is shared by the rows that go on to the same place. */
static void write_dense_row(const rm_row *row, uint32_t index, const rm_dot_style *style,
                            rm_buf *out) {
    const char *tint =
        rm_dot_colour(style, row->judged ? rm_look_of(row->verdict)->tint : RM_COLOUR_CARD);
    rm_buf_text(out, "<TR>");
    open_cell("r", index, "", 1, tint, out);
    write_code(row, out);
    open_cell(NULL, 0, "", 1, tint, out);
    rm_label_html_name(out, row->name, NAME_MAX);
    rm_buf_text(out, "&#160;</TD>");
    open_cell(NULL, 0, "", 1, tint, out);
    write_method(row, style, out);
    rm_buf_text(out, "&#160;</TD>");
    write_row_marks(row, tint, style, out);
    if (row->span > 0) {
        rm_buf_printf(out, "<TD PORT=\"r%uo\" ROWSPAN=\"%u\" BGCOLOR=\"%s\">", index, row->span,
                      tint);
        rm_buf_printf(out, row->span > 1 ? "%u rows</TD>" : "&#160;</TD>", row->span);
    }
    rm_buf_text(out, "</TR>\n");
}

/* The names of an overview's columns. */
static void write_overview_head(const rm_dot_style *style, rm_buf *out) {
    static const char *const names[] = {"driver", "worst score", "paths", "reached operations"};
    rm_buf_text(out, "<TR>");
    for (size_t i = 0; i < 4; i++) {
        rm_buf_printf(out,
                      "<TD ALIGN=\"LEFT\" COLSPAN=\"%d\"><FONT POINT-SIZE=\"9\" COLOR=\"%s\">%s"
                      "</FONT></TD>",
                      i == 3 ? 2 : 1, rm_dot_colour(style, RM_COLOUR_MUTED), names[i]);
    }
    rm_buf_text(out, "</TR>\n");
}

/* A driver in an overview. */
static void write_overview_row(const rm_row *row, uint32_t index, const rm_dot_style *style,
                               rm_buf *out) {
    const char *tint =
        rm_dot_colour(style, row->judged ? rm_look_of(row->verdict)->tint : RM_COLOUR_CARD);
    const rm_str cells[] = {row->access, row->name, row->method, row->place};
    size_t last = row->place.len > 0 ? 3 : 2;
    rm_buf_text(out, "<TR>");
    open_cell("r", index, "", 1, tint, out);
    write_code(row, out);
    for (size_t i = 0; i <= last; i++) {
        open_cell(NULL, 0, "", i == last ? 4 - (unsigned)last : 1, tint, out);
        rm_label_html(out, cells[i], LINE_MAX);
        rm_buf_text(out, "&#160;</TD>");
    }
    rm_buf_text(out, "</TR>\n");
}

static void write_table_row(const rm_node *node, uint32_t index, const rm_dot_style *style,
                            rm_buf *out) {
    const rm_row *row = &node->rows.at[index];
    if (node->kind == RM_NODE_MORE) {
        write_overview_row(row, index, style, out);
    } else if (node->dense) {
        write_dense_row(row, index, style, out);
    } else {
        write_tall_row(row, index, style, out);
    }
}

const char *rm_dot_door(const rm_node *node) {
    return has_doors(node) ? "d" : "h";
}

void rm_dot_device(const rm_node *node, const rm_dot_style *style, rm_buf *out) {
    rm_buf_printf(out,
                  "\"%.*s\" [id=\"%.*s\", class=\"device\", shape=plain, style=\"\", label=<\n"
                  "<TABLE BORDER=\"0\" CELLBORDER=\"1\" CELLSPACING=\"0\" CELLPADDING=\"4\" "
                  "COLOR=\"%s\" BGCOLOR=\"%s\">\n",
                  RM_STR_ARG(node->id), RM_STR_ARG(node->id),
                  rm_dot_colour(style, RM_COLOUR_BORDER), rm_dot_colour(style, RM_COLOUR_CARD));
    write_head(node, style, out);
    if (node->place.len > 0) {
        write_small(node->place, RM_COLOUR_MUTED, style, out);
    }
    write_doors(node, style, out);
    if (node->kind == RM_NODE_MORE) {
        write_overview_head(style, out);
    }
    for (uint32_t i = 0; i < node->rows.count; i++) {
        write_table_row(node, i, style, out);
    }
    if (node->rest.len > 0) {
        write_small(node->rest, RM_COLOUR_MUTED, style, out);
    }
    rm_buf_text(out, "</TABLE>>];\n");
}
