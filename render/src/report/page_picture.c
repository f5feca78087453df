#include "page_picture.h"

#include "dot.h"
#include "layout.h"
#include "svg.h"

static rm_status lay_out(rm_report *report, const rm_figure *figure, rm_str *out) {
    rm_buf dot = {.arena = report->arena};
    rm_buf svg = {.arena = report->arena};
    rm_str drawn = RM_STR_NONE;
    rm_str why = RM_STR_NONE;
    rm_dot_write(figure, (rm_dot_style){.legend = true}, &dot);
    if (dot.status != RM_OK) {
        return dot.status;
    }
    rm_layout_job job = {rm_buf_view(&dot), "svg", 72};
    rm_status st = rm_layout_run(report->arena, &job, rm_layout_limits, &drawn, &why);
    if (st == RM_LIMIT || st == RM_INTERNAL) {
        rm_diag(report->sink, RM_WARNING, (rm_loc){0}, "report-picture",
                "the picture '%.*s' could not be laid out (%.*s); the report goes without it",
                RM_STR_ARG(figure->title), RM_STR_ARG(why));
        *out = RM_STR_NONE;
        return RM_OK;
    }
    if (st == RM_OK) {
        rm_svg_write_inline(figure, drawn, &svg);
        *out = rm_buf_view(&svg);
        st = svg.status;
    }
    return st;
}

/* `driver` is an id of the model; empty for the whole system. */
static rm_status add_picture(rm_report *report, rm_str driver, rm_str name, rm_page_pictures *out) {
    rm_figure *figure = NULL;
    rm_str svg = RM_STR_NONE;
    rm_picture_options options = {.view = driver.len > 0 ? RM_STR("driver") : RM_STR("system"),
                                  .focus = driver,
                                  .legend = true};
    rm_status st =
        rm_figure_build(report->arena, report->sink, report->model, &options, false, &figure);
    if (st == RM_OK) {
        st = lay_out(report, figure, &svg);
    }
    if (st != RM_OK || svg.len == 0) {
        return st;
    }
    rm_page_picture *picture = rm_push(report->arena, out);
    if (picture == NULL) {
        return RM_NOMEM;
    }
    *picture = (rm_page_picture){name, figure, svg};
    return RM_OK;
}

static uint32_t driver_of(const rm_model *model, uint32_t path) {
    uint32_t device = model->paths.at[path].device;
    return device < model->devices.count ? model->devices.at[device].driver : RM_NONE;
}

rm_status rm_page_pictures_draw(rm_report *report, rm_page_pictures *out) {
    const rm_model *model = report->model;
    bool *drawn = RM_NEW_ARRAY(report->arena, bool, model->drivers.count + 1u);
    rm_status st = add_picture(report, RM_STR_NONE, RM_STR_NONE, out);
    if (drawn == NULL) {
        return RM_NOMEM;
    }
    for (uint32_t i = 0, left = RM_PAGE_PICTURES;
         i < report->chosen.count && left > 0 && st == RM_OK; i++) {
        uint32_t driver = driver_of(model, report->chosen.paths[i]);
        if (driver < model->drivers.count && !drawn[driver]) {
            drawn[driver] = true;
            left--;
            st = add_picture(report, model->drivers.at[driver].id, model->drivers.at[driver].name,
                             out);
        }
    }
    return st;
}

/* ---- what the script knows of them ---- */

static void write_edge(const rm_figure *figure, const rm_edge *edge, rm_json_out *json) {
    rm_json_open(json, NULL, '{');
    rm_json_text(json, "id", edge->id);
    rm_json_text(json, "from", figure->nodes.at[edge->from].id);
    rm_json_text(json, "to", figure->nodes.at[edge->to].id);
    bool sender = figure->nodes.at[edge->from].kind == RM_NODE_PRINCIPAL;
    rm_json_flag(json, "sender", sender);
    rm_json_open(json, "numbers", '[');
    for (uint32_t i = 0; i < edge->marks.count; i++) {
        rm_json_number(json, NULL, edge->marks.at[i].rank);
    }
    rm_json_close(json, ']');
    rm_json_close(json, '}');
}

void rm_page_pictures_data(const rm_page_pictures *pictures, rm_json_out *json) {
    rm_json_open(json, "pictures", '[');
    for (uint32_t i = 0; i < pictures->count; i++) {
        const rm_page_picture *picture = &pictures->at[i];
        rm_json_open(json, NULL, '{');
        rm_json_text(json, "driver", picture->driver);
        rm_json_text(json, "title", picture->figure->title);
        rm_json_open(json, "edges", '[');
        for (uint32_t e = 0; e < picture->figure->edges.count; e++) {
            write_edge(picture->figure, &picture->figure->edges.at[e], json);
        }
        rm_json_close(json, ']');
        rm_json_close(json, '}');
    }
    rm_json_close(json, ']');
}
