#include "dot_parts.h"

#include "label.h"
#include "words.h"

enum { PATH_TEXT_MAX = 150, PATHS_LISTED = 12 };

static const rm_look looks[RM_VALIDATION_COUNT] = {
    [RM_VALIDATION_UNVALIDATED] = {RM_COLOUR_UNVALIDATED, RM_COLOUR_UNVALIDATED_TEXT,
                                   RM_COLOUR_UNVALIDATED_TINT, 12, "normal"},
    [RM_VALIDATION_UNKNOWN] = {RM_COLOUR_UNKNOWN, RM_COLOUR_UNKNOWN_TEXT, RM_COLOUR_UNKNOWN_TINT, 8,
                               "onormal"},
    [RM_VALIDATION_PARTIAL] = {RM_COLOUR_PARTIAL, RM_COLOUR_PARTIAL_TEXT, RM_COLOUR_PARTIAL_TINT, 8,
                               "lnormal"},
    [RM_VALIDATION_VALIDATED] = {RM_COLOUR_CHECKED, RM_COLOUR_INK, RM_COLOUR_CARD, 4, "vee"},
};

const rm_look *rm_look_of(rm_validation verdict) {
    return &looks[verdict < RM_VALIDATION_COUNT ? verdict : RM_VALIDATION_UNKNOWN];
}

const char *rm_dot_colour(const rm_dot_style *style, rm_colour c) {
    return rm_colour_text(c, style->dark);
}

void rm_dot_box(const char *class_name, rm_str id, rm_colour fill, const rm_dot_style *style,
                rm_buf *out) {
    /* lines between drivers bend round their labels: in the kernel there is room to do so */
    int margin = fill == RM_COLOUR_KERNEL_FILL ? 24 : 12;
    rm_buf_printf(
        out,
        " id=\"%.*s\"; class=\"%s\"; peripheries=1; style=dashed; penwidth=2; "
        "labelloc=t; labeljust=l; fontsize=10; margin=%d; color=\"%s\"; fontcolor=\"%s\"; "
        "bgcolor=\"%s\";\n",
        RM_STR_ARG(id), class_name, margin, rm_dot_colour(style, RM_COLOUR_ZONE_LINE),
        rm_dot_colour(style, RM_COLOUR_ZONE_LINE), rm_dot_colour(style, fill));
}

void rm_dot_wrapped(rm_str text, unsigned width, rm_buf *out) {
    bool first = true;
    text = rm_str_trim(text);
    if (text.len == 0) {
        rm_label_html(out, text, width);
    }
    for (rm_str rest = text; rest.len > 0;) {
        size_t end = rest.len;
        for (size_t i = 0; rest.len > width && i < rest.len && (i <= width || end == rest.len);
             i++) {
            end = rest.ptr[i] == ' ' && i > 0 ? i : end;
        }
        rm_buf_text(out, first ? "" : "<BR/>");
        rm_label_html(out, rm_str_slice(rest, 0, end), 2 * width);
        rest = rm_str_trim(rm_str_slice(rest, end, rest.len));
        first = false;
    }
}

/* ---- the footer ---- */

/* When a line of the legend is needed. */
typedef enum legend_when {
    ALWAYS,
    WITH_ROWS,
    WITH_DRIVERS,
    WITH_SINKS,
    WITH_STEPS,
    WITH_BACK,
    WITH_LINK,
    WITH_GONE,
    WITH_VERDICT
} legend_when;

typedef struct legend_line {
    const char *sign;
    const char *text;
    rm_colour colour;
    legend_when when;
    rm_validation verdict; /* of WITH_VERDICT */
} legend_line;

static const legend_line legend[] = {
    {"\xE2\x96\xA1", "box: principal, code that asks", RM_COLOUR_INK, ALWAYS, 0},
    {"\xE2\x96\xA4", "table: device of a driver; a row is an entry", RM_COLOUR_INK, WITH_ROWS, 0},
    {"\xE2\x96\xA4", "row: a driver", RM_COLOUR_INK, WITH_DRIVERS, 0},
    {"\xE2\x9B\x81", "drum: privileged operation", RM_COLOUR_INK, WITH_SINKS, 0},
    {"- -", "dashed box TBn: trust boundary", RM_COLOUR_ZONE_LINE, ALWAYS, 0},
    {"\xE2\x9A\xA0", "thick line, filled arrow: unvalidated", RM_COLOUR_UNVALIDATED_TEXT,
     WITH_VERDICT, RM_VALIDATION_UNVALIDATED},
    {"?", "hollow arrow: unknown, could not be decided", RM_COLOUR_UNKNOWN_TEXT, WITH_VERDICT,
     RM_VALIDATION_UNKNOWN},
    {"\xE2\x97\x90", "half arrow: partly validated", RM_COLOUR_PARTIAL_TEXT, WITH_VERDICT,
     RM_VALIDATION_PARTIAL},
    {"\xE2\x9C\x93", "thin line: validated", RM_COLOUR_INK, WITH_VERDICT, RM_VALIDATION_VALIDATED},
    {"\xE2\x86\x94", "arrow at both ends: data comes back, too", RM_COLOUR_INK, WITH_BACK, 0},
    {"\xE2\x80\x94", "grey line: next lower in the stack", RM_COLOUR_MUTED, WITH_LINK, 0},
    {"\xE2\x88\x92", "thin grey line, Gn.k: gone, path n of the older model", RM_COLOUR_MUTED,
     WITH_GONE, 0},
    {"Rn.k", "step k of path n; R1 is the worst", RM_COLOUR_INK, WITH_STEPS, 0},
};

enum { LEGEND_LINES = sizeof legend / sizeof legend[0] };

static bool has_verdict(const rm_figure *figure, rm_validation verdict) {
    for (uint32_t i = 0; i < figure->edges.count; i++) {
        if (figure->edges.at[i].verdict == verdict && !figure->edges.at[i].link) {
            return true;
        }
    }
    for (uint32_t i = 0; i < figure->nodes.count; i++) {
        const rm_rows *rows = &figure->nodes.at[i].rows;
        for (uint32_t r = 0; r < rows->count; r++) {
            if (rows->at[r].judged && rows->at[r].verdict == verdict) {
                return true;
            }
        }
    }
    return false;
}

/* Has a line, a row or a path of the list this verdict? */
static bool shows_verdict(const rm_figure *figure, rm_validation verdict) {
    for (uint32_t i = 0; i < figure->paths.count && i < PATHS_LISTED; i++) {
        if (figure->paths.at[i].of->validation == verdict) {
            return true;
        }
    }
    return has_verdict(figure, verdict);
}

static bool has_edge(const rm_figure *figure, bool back, bool link) {
    for (uint32_t i = 0; i < figure->edges.count; i++) {
        if ((back && figure->edges.at[i].back) || (link && figure->edges.at[i].link)) {
            return true;
        }
    }
    return false;
}

static bool has_gone(const rm_figure *figure) {
    for (uint32_t i = 0; i < figure->paths.count; i++) {
        if (figure->paths.at[i].gone) {
            return true;
        }
    }
    return false;
}

static bool has_sink(const rm_figure *figure) {
    for (uint32_t i = 0; i < figure->nodes.count; i++) {
        if (figure->nodes.at[i].kind == RM_NODE_SINK) {
            return true;
        }
    }
    return false;
}

static bool is_needed(const rm_figure *figure, const legend_line *line) {
    switch (line->when) {
    case ALWAYS: return true;
    case WITH_ROWS: return !figure->overview;
    case WITH_DRIVERS: return figure->overview;
    case WITH_SINKS: return has_sink(figure);
    case WITH_STEPS: return !figure->overview && figure->paths.count > 0;
    case WITH_GONE: return has_gone(figure);
    case WITH_BACK: return has_edge(figure, true, false);
    case WITH_LINK: return has_edge(figure, false, true);
    case WITH_VERDICT: return shows_verdict(figure, line->verdict);
    }
    return true;
}

/* The lines of the legend that this picture needs. */
static uint32_t legend_of(const rm_figure *figure, const legend_line *lines[LEGEND_LINES]) {
    uint32_t count = 0;
    for (size_t i = 0; i < LEGEND_LINES; i++) {
        if (is_needed(figure, &legend[i])) {
            lines[count++] = &legend[i];
        }
    }
    return count;
}

static void cell(rm_buf *out, const char *attributes, const char *text_colour) {
    rm_buf_printf(out, "<TD ALIGN=\"LEFT\"%s><FONT COLOR=\"%s\">", attributes, text_colour);
}

static void close_cell(rm_buf *out) {
    rm_buf_text(out, "</FONT></TD>");
}

/* Four cells: Rn with its sign, score, severity, the way in words. */
static void path_cells(const rm_figure *figure, uint32_t index, const rm_dot_style *style,
                       rm_buf *out) {
    if (index >= figure->paths.count || index >= PATHS_LISTED) {
        rm_buf_text(out, "<TD></TD><TD></TD><TD></TD><TD></TD>");
        return;
    }
    const rm_drawn_path *drawn = &figure->paths.at[index];
    const rm_path *path = drawn->of;
    const char *text = rm_dot_colour(style, rm_look_of(path->validation)->text);
    cell(out, "", text);
    if (figure->diff) {
        rm_buf_printf(out, "<B>%s %s </B>", rm_change_sign(drawn->change),
                      rm_change_word(drawn->change));
    }
    rm_buf_printf(out, "<B>%c%u %s</B>", drawn->gone ? 'G' : 'R', drawn->rank,
                  rm_verdict_sign(path->validation));
    close_cell(out);
    cell(out, "", text);
    rm_buf_printf(out, "<B>%u</B>", path->score);
    close_cell(out);
    cell(out, "", text);
    rm_buf_text(out, rm_severity_name(path->severity));
    close_cell(out);
    cell(out, "", rm_dot_colour(style, RM_COLOUR_INK));
    rm_label_html(out, drawn->text, PATH_TEXT_MAX);
    rm_buf_printf(out, ", %s", rm_verdict_word(path->validation));
    if (drawn->what.len > 0) {
        rm_buf_text(out, " (");
        rm_label_html(out, drawn->what, PATH_TEXT_MAX);
        rm_buf_char(out, ')');
    }
    close_cell(out);
}

static void legend_cells(const legend_line *line, const rm_dot_style *style, rm_buf *out) {
    rm_buf_text(out, "<TD WIDTH=\"24\"></TD>");
    if (line == NULL) {
        rm_buf_text(out, "<TD></TD><TD></TD>");
        return;
    }
    cell(out, "", rm_dot_colour(style, line->colour));
    rm_buf_printf(out, "<B>%s&#160;</B>", line->sign);
    close_cell(out);
    cell(out, "", rm_dot_colour(style, line->colour));
    rm_buf_text(out, line->text);
    close_cell(out);
}

static void footer_head(const rm_figure *figure, const rm_dot_style *style, rm_buf *out) {
    const char *muted = rm_dot_colour(style, RM_COLOUR_MUTED);
    rm_buf_text(out, "<TR>");
    cell(out, " COLSPAN=\"4\"", muted);
    const char *some = figure->diff ? "<B>Paths that changed (score of 1000)</B>"
                                    : "<B>Paths, worst first (score of 1000)</B>";
    if (figure->paths.count > 0) {
        rm_buf_text(out, some);
    } else {
        rm_buf_text(out, "<B>");
        rm_label_html(out, figure->none, PATH_TEXT_MAX);
        rm_buf_text(out, "</B>");
    }
    close_cell(out);
    if (style->legend) {
        rm_buf_text(out, "<TD></TD>");
        cell(out, " COLSPAN=\"2\"", muted);
        rm_buf_text(out, "<B>Legend</B>");
        close_cell(out);
    }
    rm_buf_text(out, "</TR>\n");
}

static void footer_left_out(const rm_figure *figure, const rm_dot_style *style, rm_buf *out) {
    uint32_t unlisted = figure->paths.count > PATHS_LISTED ? figure->paths.count - PATHS_LISTED : 0;
    if (figure->left_out.count == 0 && unlisted == 0) {
        return;
    }
    rm_buf_text(out, "<TR>");
    cell(out, style->legend ? " COLSPAN=\"7\"" : " COLSPAN=\"4\"",
         rm_dot_colour(style, RM_COLOUR_MUTED));
    const char *gap = "Not shown: ";
    if (unlisted > 0) {
        rm_buf_printf(out, "%u more %s drawn but not listed here", unlisted,
                      rm_plural(unlisted, "path", "paths"));
        gap = "; not shown: ";
    }
    for (uint32_t i = 0; i < figure->left_out.count; i++) {
        rm_buf_text(out, gap);
        rm_label_html(out, figure->left_out.at[i], PATH_TEXT_MAX);
        gap = "; ";
    }
    close_cell(out);
    rm_buf_text(out, "</TR>\n");
}

void rm_dot_footer(const rm_figure *figure, const rm_dot_style *style, rm_buf *out) {
    const legend_line *lines[LEGEND_LINES] = {NULL};
    uint32_t explained = style->legend ? legend_of(figure, lines) : 0;
    uint32_t listed = figure->paths.count < PATHS_LISTED ? figure->paths.count : PATHS_LISTED;
    rm_buf_text(out, "labelloc=b; labeljust=l; label=<<TABLE BORDER=\"0\" CELLBORDER=\"0\" "
                     "CELLSPACING=\"0\" CELLPADDING=\"2\">\n");
    footer_head(figure, style, out);
    for (uint32_t i = 0; i < listed || i < explained; i++) {
        rm_buf_text(out, "<TR>");
        path_cells(figure, i, style, out);
        if (style->legend) {
            legend_cells(i < explained ? lines[i] : NULL, style, out);
        }
        rm_buf_text(out, "</TR>\n");
    }
    footer_left_out(figure, style, out);
    rm_buf_text(out, "</TABLE>>;\n");
}
