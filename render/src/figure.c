#include "figure.h"

#include <limits.h>

#include "label.h"
#include "model/sinks.h"
#include "zone.h"

/* ---- the sentence of a path ---- */

enum { PART_MAX = 64 }; /* of a sentence that is put together from names */

void rm_figure_name(rm_buf *out, rm_str name) {
    rm_str head = rm_label_head(name, PART_MAX);
    rm_buf_str(out, head);
    rm_buf_text(out, head.len < name.len ? "\xE2\x80\xA6" : "");
}

rm_str rm_picture_path_text(rm_figure *figure, const rm_path *path) {
    const rm_model *model = figure->model;
    rm_buf text = {.arena = figure->arena};
    if (path->app < model->apps.count) {
        rm_figure_name(&text, model->apps.at[path->app].name);
        rm_buf_text(&text, " (");
        rm_figure_name(&text, rm_principal_words(path->origin));
        rm_buf_text(&text, ")");
    } else {
        rm_buf_text(&text, "any ");
        rm_figure_name(&text, rm_principal_words(path->origin));
    }
    bool first = true;
    for (rm_str rest = path->drivers; rest.len > 0; first = false) {
        size_t at = rest.len;
        bool more = rm_str_find(rest, RM_STR(" > "), &at);
        rm_buf_text(&text, " \xE2\x86\x92 ");
        rm_figure_name(&text, rm_str_slice(rest, 0, at));
        if (first && path->entry < model->entries.count) {
            rm_buf_char(&text, ' ');
            rm_figure_name(&text, model->entries.at[path->entry].name);
        }
        rest = rm_str_slice(rest, more ? at + 3 : rest.len, rest.len);
    }
    if (path->sink < model->sinks.count) {
        const rm_sink_call *sink = &model->sinks.at[path->sink];
        const rm_sink_class *class = rm_sink_class_find(sink->class_name);
        rm_buf_text(&text, " \xE2\x86\x92 ");
        rm_figure_name(&text, class != NULL ? rm_str_from(class->title) : sink->class_name);
    }
    if (text.status != RM_OK) {
        figure->status = text.status;
    }
    return rm_buf_view(&text);
}

/* ---- an empty one ---- */

rm_figure *rm_figure_new(rm_arena *arena, const rm_model *model) {
    rm_figure *figure = RM_NEW(arena, rm_figure);
    if (figure != NULL) {
        figure->arena = arena;
        figure->model = model;
        figure->rows_max = RM_FIGURE_ROWS;
        figure->row_paths = UINT_MAX;
    }
    return figure;
}

void rm_figure_text(rm_figure *figure, rm_texts *texts, rm_str text) {
    rm_str *last = rm_push(figure->arena, texts);
    if (last == NULL) {
        figure->status = RM_NOMEM;
    } else {
        *last = text;
    }
}
