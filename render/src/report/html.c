/*
 * The page: a template with slots, our style and script in it, the pictures and the data. Nothing
 * of a model ever stands in the markup but as escaped text; the script makes elements, not markup.
 */
#include "assets.h"
#include "base/hash.h"
#include "label.h"
#include "page_picture.h"
#include "report.h"
#include "svg.h"

typedef struct page {
    rm_report *report;
    rm_page_pictures pictures;
    rm_str style;
    rm_str script;
} page;

#define ASSET(name) ((rm_str){(const char *)rm_asset_##name, rm_asset_##name##_size})

/* ---- what fills the slots ---- */

static void put_hash(rm_buf *out, const char *directive, rm_str text) {
    uint8_t digest[32];
    rm_sha256(text, digest);
    rm_buf_printf(out, "%s 'sha256-", directive);
    rm_base64(out, (rm_str){(const char *)digest, sizeof digest});
    rm_buf_text(out, "'; ");
}

/* Nothing is allowed but this very script and this very style. */
static void put_policy(const page *p, rm_buf *out) {
    rm_buf_text(out, "default-src 'none'; ");
    put_hash(out, "script-src", p->script);
    put_hash(out, "style-src", p->style);
    rm_buf_text(out, "base-uri 'none'; form-action 'none'");
}

static void put_title(const page *p, rm_buf *out) {
    rm_label_xml(out, p->report->title, 200);
}

static void put_style(const page *p, rm_buf *out) {
    rm_buf_str(out, p->style);
}

static void put_script(const page *p, rm_buf *out) {
    rm_buf_str(out, p->script);
}

static void put_map(const page *p, rm_buf *out) {
    rm_buf_str(out, p->pictures.count > 0 ? p->pictures.at[0].svg : RM_STR_NONE);
}

static void put_others(const page *p, rm_buf *out) {
    for (uint32_t i = 1; i < p->pictures.count; i++) {
        rm_buf_printf(out, "<template id=\"picture-%u\">\n", (unsigned)i);
        rm_buf_str(out, p->pictures.at[i].svg);
        rm_buf_text(out, "</template>\n");
    }
}

static void put_data(const page *p, rm_buf *out) {
    rm_json_out json = {.writer = {.buf = out}, .page = true};
    rm_json_open(&json, NULL, '{');
    rm_report_data(p->report, &json);
    rm_page_pictures_data(&p->pictures, &json);
    rm_json_close(&json, '}');
}

static const struct {
    const char *name;
    void (*put)(const page *p, rm_buf *out);
} slots[] = {
    {"{{policy}}", put_policy}, {"{{title}}", put_title},   {"{{style}}", put_style},
    {"{{map}}", put_map},       {"{{others}}", put_others}, {"{{data}}", put_data},
    {"{{script}}", put_script},
};

/* ---- the page ---- */

/* The slot that comes first in the template's rest; false when there is none left. */
static bool next_slot(rm_str rest, size_t *slot, size_t *at) {
    bool found = false;
    for (size_t i = 0; i < sizeof slots / sizeof slots[0]; i++) {
        size_t here = 0;
        if (rm_str_find(rest, rm_str_from(slots[i].name), &here) && (!found || here < *at)) {
            *at = here;
            *slot = i;
            found = true;
        }
    }
    return found;
}

static void fill(const page *p, rm_str template, rm_buf *out) {
    size_t slot = 0;
    size_t at = 0;
    while (next_slot(template, &slot, &at)) {
        rm_buf_str(out, rm_str_slice(template, 0, at));
        slots[slot].put(p, out);
        template = rm_str_slice(template, at + rm_str_from(slots[slot].name).len, template.len);
    }
    rm_buf_str(out, template);
}

rm_status rm_report_html(rm_report *report, rm_buf *out) {
    page p = {.report = report, .script = ASSET(report_js)};
    rm_buf style = {.arena = report->arena};
    rm_buf_str(&style, ASSET(report_css));
    rm_svg_dark_rules(&style);
    p.style = rm_buf_view(&style);
    rm_status st = style.status;
    if (st == RM_OK) {
        st = rm_page_pictures_draw(report, &p.pictures);
    }
    if (st == RM_OK) {
        fill(&p, ASSET(report_html), out);
    }
    return st == RM_OK ? out->status : st;
}
