#include "report.h"

#include "figure.h"

static const struct {
    const char *name;
    rm_report_format format;
} formats[] = {
    {"html", RM_REPORT_HTML},   {"htm", RM_REPORT_HTML},  {"md", RM_REPORT_MD},
    {"markdown", RM_REPORT_MD}, {"json", RM_REPORT_JSON},
};

bool rm_report_format_from(rm_str name_or_extension, rm_report_format *out) {
    size_t dot = 0;
    rm_str name = name_or_extension;
    while (rm_str_find_char(name, '.', &dot)) {
        name = rm_str_slice(name, dot + 1, name.len);
    }
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        if (rm_str_ieq(name, rm_str_from(formats[i].name))) {
            *out = formats[i].format;
            return true;
        }
    }
    return false;
}

void rm_base64(rm_buf *out, rm_str bytes) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < bytes.len; i += 3) {
        size_t left = bytes.len - i;
        uint32_t group = (uint32_t)(unsigned char)bytes.ptr[i] << 16;
        group |= left > 1 ? (uint32_t)(unsigned char)bytes.ptr[i + 1] << 8 : 0;
        group |= left > 2 ? (uint32_t)(unsigned char)bytes.ptr[i + 2] : 0;
        rm_buf_char(out, digits[group >> 18]);
        rm_buf_char(out, digits[group >> 12 & 63]);
        rm_buf_char(out, left > 1 ? digits[group >> 6 & 63] : '=');
        rm_buf_char(out, left > 2 ? digits[group & 63] : '=');
    }
}

/* "Driver1, Driver2", "160 drivers" */
static rm_status make_title(rm_report *report) {
    const rm_drivers *drivers = &report->model->drivers;
    rm_buf title = {.arena = report->arena};
    if (drivers->count == 0 || drivers->count > 4) {
        rm_buf_printf(&title, "%u %s", (unsigned)drivers->count,
                      rm_plural(drivers->count, "driver", "drivers"));
    }
    for (uint32_t i = 0; i < drivers->count && drivers->count <= 4; i++) {
        rm_buf_text(&title, i > 0 ? ", " : "");
        rm_figure_name(&title, drivers->at[i].name);
    }
    report->title = rm_buf_view(&title);
    return title.status;
}

rm_status rm_report_write(rm_arena *arena, rm_sink *sink, const rm_model *model,
                          const rm_report_options *options, rm_str *out) {
    rm_report report = {.arena = arena, .sink = sink, .model = model, .options = options};
    rm_buf text = {.arena = arena};
    rm_status st = rm_select_paths(arena, model, NULL, &report.chosen);
    report.title = options->title;
    if (st == RM_OK && report.title.len == 0) {
        st = make_title(&report);
    }
    if (st != RM_OK) {
        return st;
    }
    switch (options->format) {
    case RM_REPORT_HTML: st = rm_report_html(&report, &text); break;
    case RM_REPORT_MD: st = rm_report_markdown(&report, &text); break;
    case RM_REPORT_JSON: rm_report_json(&report, &text); break;
    }
    st = st == RM_OK ? text.status : st;
    if (st == RM_OK) {
        *out = rm_buf_view(&text);
    }
    return st;
}
