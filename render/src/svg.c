#include "svg.h"

#include <string.h>

#include "label.h"
#include "palette.h"
#include "words.h"

enum { TITLE_MAX = 200, TOOLTIP_MAX = 300, DESC_MAX = 20000 };

/* ---- what is added at the top ---- */

void rm_svg_dark_rules(rm_buf *out) {
    rm_buf_printf(out, "@media (prefers-color-scheme:dark){\n.ringmap{background:%s}\n",
                  rm_colour_text(RM_COLOUR_PAGE, 1));
    for (unsigned c = 0; c < RM_COLOUR_COUNT; c++) {
        const char *light = rm_colour_text((rm_colour)c, 0);
        const char *dark = rm_colour_text((rm_colour)c, 1);
        rm_buf_printf(out, ".ringmap [fill=\"%s\"]{fill:%s}.ringmap [stroke=\"%s\"]{stroke:%s}\n",
                      light, dark, light, dark);
    }
    rm_buf_text(out, "}\n");
}

static void write_style(rm_theme theme, rm_buf *out) {
    rm_buf_text(out,
                "<style>\n"
                ".ringmap text{font-family:\"DejaVu Sans\",Verdana,\"Segoe UI\",sans-serif}\n");
    if (theme == RM_THEME_AUTO) {
        rm_svg_dark_rules(out);
    }
    rm_buf_text(out, "</style>\n");
}

static void write_words(const rm_figure *figure, rm_buf *out) {
    rm_buf words = {.arena = out->arena};
    rm_figure_words(figure, &words);
    rm_buf_text(out, "<title id=\"ringmap-title\">");
    rm_label_xml(out, figure->title, TITLE_MAX);
    rm_buf_text(out, "</title>\n<desc id=\"ringmap-desc\">");
    rm_label_xml(out, rm_buf_view(&words), DESC_MAX);
    rm_buf_text(out, "</desc>\n");
    if (words.status != RM_OK) {
        out->status = words.status;
    }
}

/* ---- line by line through what Graphviz wrote ---- */

/* Ids of ours are [a-z0-9-]; Graphviz writes the dash as an entity. */
static rm_str plain_id(rm_arena *arena, rm_str escaped) {
    rm_buf id = {.arena = arena};
    for (size_t i = 0; i < escaped.len; i++) {
        if (rm_str_starts(rm_str_slice(escaped, i, escaped.len), RM_STR("&#45;"))) {
            rm_buf_char(&id, '-');
            i += sizeof "&#45;" - 2;
        } else {
            rm_buf_char(&id, escaped.ptr[i]);
        }
    }
    return rm_buf_view(&id);
}

/* What the part with that id is, in words. False for parts that need none. */
static bool words_of(const rm_figure *figure, rm_str id, rm_buf *out) {
    for (uint32_t i = 0; i < figure->nodes.count; i++) {
        if (rm_str_eq(figure->nodes.at[i].id, id)) {
            rm_words_node(figure, &figure->nodes.at[i], out);
            return true;
        }
    }
    for (uint32_t i = 0; i < figure->edges.count; i++) {
        if (rm_str_eq(figure->edges.at[i].id, id)) {
            rm_words_edge(figure, &figure->edges.at[i], out);
            return true;
        }
    }
    for (uint32_t i = 0; i < figure->zones.count; i++) {
        if (rm_str_eq(figure->zones.at[i].id, id)) {
            rm_buf_str(out, figure->zones.at[i].title);
            return true;
        }
    }
    if (rm_str_starts(id, RM_STR("ring-"))) {
        rm_buf_text(out, "boundary between drivers");
        return true;
    }
    return false;
}

typedef struct editor {
    const rm_figure *figure;
    rm_theme theme;
    bool inlined;
    rm_buf *out;
    rm_str id;    /* of the group that was opened last */
    bool skip;    /* in a comment or the document type */
    bool in_root; /* between <svg and its > */
} editor;

static void remember_id(editor *e, rm_str line) {
    size_t from = sizeof "<g id=\"" - 1;
    size_t length = 0;
    rm_str rest = rm_str_slice(line, from, line.len);
    if (rm_str_find_char(rest, '"', &length)) {
        e->id = plain_id(e->out->arena, rm_str_slice(rest, 0, length));
    }
}

static void write_title(const editor *e) {
    rm_buf words = {.arena = e->out->arena};
    if (words_of(e->figure, e->id, &words)) {
        rm_buf_text(e->out, "<title>");
        rm_label_xml(e->out, rm_buf_view(&words), TOOLTIP_MAX);
        rm_buf_text(e->out, "</title>\n");
    }
}

static void write_root(editor *e, rm_str line) {
    rm_buf_text(e->out, "<svg class=\"ringmap\" role=\"img\" "
                        "aria-labelledby=\"ringmap-title ringmap-desc\"");
    rm_buf_str(e->out, rm_str_slice(line, sizeof "<svg" - 1, line.len));
    rm_buf_char(e->out, '\n');
    e->in_root = true;
}

static void edit(editor *e, rm_str line) {
    bool ends = line.len > 0 && line.ptr[line.len - 1] == '>';
    if (e->skip || rm_str_starts(line, RM_STR("<!"))) {
        e->skip = !ends;
    } else if (rm_str_starts(line, RM_STR("<svg"))) {
        write_root(e, line);
    } else if (rm_str_starts(line, RM_STR("<title>"))) {
        write_title(e);
    } else {
        if (rm_str_starts(line, RM_STR("<g id=\""))) {
            remember_id(e, line);
        }
        rm_buf_str(e->out, line);
        rm_buf_char(e->out, '\n');
        if (e->in_root && ends) {
            e->in_root = false;
            write_words(e->figure, e->out);
            if (!e->inlined) {
                write_style(e->theme, e->out);
            }
        }
    }
}

static void edit_all(editor *e, rm_str graphviz) {
    for (rm_str rest = graphviz; rest.len > 0 && e->out->status == RM_OK;) {
        size_t end = rest.len;
        bool more = rm_str_find_char(rest, '\n', &end);
        edit(e, rm_str_slice(rest, 0, end));
        rest = rm_str_slice(rest, more ? end + 1 : rest.len, rest.len);
    }
}

void rm_svg_write(const rm_figure *figure, rm_str graphviz, rm_theme theme, rm_buf *out) {
    editor e = {.figure = figure, .theme = theme, .out = out};
    edit_all(&e, graphviz);
}

void rm_svg_write_inline(const rm_figure *figure, rm_str graphviz, rm_buf *out) {
    editor e = {.figure = figure, .inlined = true, .out = out};
    edit_all(&e, graphviz);
}
