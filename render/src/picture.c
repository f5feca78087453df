#include "render/picture.h"

#include "dot.h"
#include "mermaid.h"
#include "picture_parts.h"
#include "svg.h"

enum { POINTS_PER_INCH = 72, MAX_SCALE = 8 };

/* By extension or by the name given with -T. */
static const struct {
    const char *name;
    const char *graphviz; /* NULL: we write it ourselves */
} formats[] = {
    [RM_PIC_DOT] = {"dot", NULL},        [RM_PIC_SVG] = {"svg", "svg"},
    [RM_PIC_PNG] = {"png", "png:cairo"}, [RM_PIC_PDF] = {"pdf", "pdf:cairo"},
    [RM_PIC_MMD] = {"mmd", NULL},
};

bool rm_picture_format_from(rm_str name_or_extension, rm_picture_format *out) {
    size_t dot = 0;
    rm_str name = name_or_extension;
    while (rm_str_find_char(name, '.', &dot)) {
        name = rm_str_slice(name, dot + 1, name.len);
    }
    for (unsigned i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        if (rm_str_ieq(name, rm_str_from(formats[i].name))) {
            *out = (rm_picture_format)i;
            return true;
        }
    }
    return false;
}

static rm_dot_style style_of(const rm_picture_options *options, bool simple) {
    return (rm_dot_style){
        .dark = options->theme == RM_THEME_DARK, .legend = options->legend, .quick = simple};
}

static unsigned dpi_of(const rm_picture_options *options) {
    unsigned scale = options->scale < 1 ? 1 : options->scale;
    scale = scale > MAX_SCALE ? MAX_SCALE : scale;
    return options->format == RM_PIC_PNG ? scale * POINTS_PER_INCH : POINTS_PER_INCH;
}

/* The same picture gives the same bytes: Cairo writes the time into a PDF. */
static rm_status without_time(rm_arena *arena, rm_str pdf, rm_str *out) {
    static const char mark[] = "/CreationDate (D:";
    size_t at = 0;
    if (!rm_str_find(pdf, rm_str_from(mark), &at)) {
        *out = pdf;
        return RM_OK;
    }
    rm_buf fixed = {.arena = arena};
    rm_buf_str(&fixed, rm_str_slice(pdf, 0, at + sizeof mark - 1));
    rm_buf_text(&fixed, "20000101000000"); /* as long as any other time */
    rm_buf_str(&fixed, rm_str_slice(pdf, fixed.len, pdf.len));
    if (fixed.status == RM_OK) {
        *out = rm_buf_view(&fixed);
    }
    return fixed.status;
}

/* What Graphviz has to draw. `why` is set when it did not. */
static rm_status draw_figure(rm_arena *arena, const rm_figure *figure,
                             const rm_picture_options *options, bool simple, rm_layout_fn layout,
                             rm_str *out, rm_str *why) {
    rm_buf dot = {.arena = arena};
    rm_str drawn = RM_STR_NONE;
    rm_dot_write(figure, style_of(options, simple), &dot);
    if (dot.status != RM_OK) {
        return dot.status;
    }
    rm_layout_job job = {rm_buf_view(&dot), formats[options->format].graphviz, dpi_of(options)};
    rm_status st = layout(arena, &job, rm_layout_limits, &drawn, why);
    if (st == RM_OK && options->format == RM_PIC_PDF) {
        return without_time(arena, drawn, out);
    }
    if (st != RM_OK || options->format != RM_PIC_SVG) {
        *out = st == RM_OK ? drawn : *out;
        return st;
    }
    rm_buf svg = {.arena = arena};
    rm_svg_write(figure, drawn, options->theme, &svg);
    if (svg.status == RM_OK) {
        *out = rm_buf_view(&svg);
    }
    return svg.status;
}

static rm_status write_text(rm_arena *arena, const rm_figure *figure,
                            const rm_picture_options *options, rm_str *out) {
    rm_buf text = {.arena = arena};
    if (options->format == RM_PIC_MMD) {
        rm_mermaid_write(figure, &text);
    } else {
        rm_dot_write(figure, style_of(options, false), &text);
    }
    if (text.status == RM_OK) {
        *out = rm_buf_view(&text);
    }
    return text.status;
}

/* The fallback: the overview, laid out with straight lines. */
static rm_status draw_simpler(rm_arena *arena, rm_sink *sink, const rm_model *model,
                              const rm_picture_options *options, rm_layout_fn layout, rm_str why,
                              rm_str *out) {
    rm_figure *figure = NULL;
    rm_picture_options simpler = *options;
    simpler.view = RM_STR_NONE;
    simpler.focus = RM_STR_NONE;
    rm_diag(sink, RM_WARNING, (rm_loc){0}, "picture-simplified",
            "the picture could not be laid out (%.*s); the overview is drawn instead",
            RM_STR_ARG(why));
    rm_status st = rm_figure_build(arena, sink, model, &simpler, true, &figure);
    if (st == RM_OK) {
        st = draw_figure(arena, figure, &simpler, true, layout, out, &why);
    }
    if (st == RM_LIMIT || st == RM_INTERNAL) {
        rm_diag(sink, RM_ERROR, (rm_loc){0}, "picture-failed",
                "the overview could not be laid out either (%.*s)", RM_STR_ARG(why));
    }
    return st;
}

rm_status rm_picture_draw_with(rm_arena *arena, rm_sink *sink, const rm_model *model,
                               const rm_picture_options *options, rm_layout_fn layout,
                               rm_str *out) {
    rm_figure *figure = NULL;
    rm_str why = RM_STR_NONE;
    rm_status st = rm_figure_build(arena, sink, model, options, false, &figure);
    if (st != RM_OK) {
        return st;
    }
    if (formats[options->format].graphviz == NULL) {
        return write_text(arena, figure, options, out);
    }
    st = draw_figure(arena, figure, options, false, layout, out, &why);
    if (st == RM_LIMIT || st == RM_INTERNAL) {
        st = draw_simpler(arena, sink, model, options, layout, why, out);
    }
    return st;
}

rm_status rm_picture_draw(rm_arena *arena, rm_sink *sink, const rm_model *model,
                          const rm_picture_options *options, rm_str *out) {
    return rm_picture_draw_with(arena, sink, model, options, rm_layout_run, out);
}
