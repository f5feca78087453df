#ifndef RENDER_REPORT_REPORT_H
#define RENDER_REPORT_REPORT_H

#include "json.h"
#include "render/report.h"
#include "select.h"

/* What each writer of a report needs. */
typedef struct rm_report {
    rm_arena *arena;
    rm_sink *sink;
    const rm_model *model;
    const rm_report_options *options;
    rm_selection chosen;
    rm_str title;
} rm_report;

enum { /* what a page holds, worst first; it says what it does not hold */
       RM_PAGE_PATHS = 10000,
       RM_PAGE_FINDINGS = 20000,
       RM_PAGE_PICTURES = 16, /* of drivers, besides that of the system */
       RM_MD_ROWS = 100       /* paths and findings in Markdown */
};

/* ---- names, as the views of the model have them ---- */

rm_str rm_report_device(const rm_model *model, uint32_t device);
rm_str rm_report_door(const rm_model *model, uint32_t door);
rm_str rm_report_entry(const rm_model *model, uint32_t entry);
rm_str rm_report_app(rm_report *report, uint32_t app); /* Package!App */

/* The driver that a finding is about, by the id of its subject; RM_NONE: not known. */
uint32_t rm_report_driver(const rm_model *model, const rm_finding *finding);

/* ---- parts that several formats have ---- */

/* What no model of ours holds, in sentences; NULL ends the list. */
extern const char *const rm_report_not_modelled[];

/* Diagnostics that mean that something was not read, or not to its end. */
bool rm_report_is_unread(const rm_diagnostic *diagnostic);

/* What could not be decided about operations, the most frequent reason first. */
typedef struct rm_report_unknown {
    rm_str driver; /* empty: not known */
    rm_str reason;
    uint32_t operations;
} rm_report_unknown;

RM_LIST(rm_report_unknowns, rm_report_unknown);

rm_status rm_report_count_unknowns(rm_arena *arena, const rm_model *model,
                                   rm_report_unknowns *out) RM_CHECK_RESULT;

/* The members of a report's object, without its brackets. */
void rm_report_data(rm_report *report, rm_json_out *json);

/* ---- formats ---- */

void rm_report_json(rm_report *report, rm_buf *out);
rm_status rm_report_html(rm_report *report, rm_buf *out) RM_CHECK_RESULT;
rm_status rm_report_markdown(rm_report *report, rm_buf *out) RM_CHECK_RESULT;

/* Appends base 64 (RFC 4648) with padding. */
void rm_base64(rm_buf *out, rm_str bytes);

#endif
