#ifndef RENDER_REPORT_H
#define RENDER_REPORT_H

#include "model/model.h"

/*
 * Reports of a derived model: what was read, the ranked paths with their steps, the findings with
 * evidence and fix, what only people can check, and the limits of it all (docs/reports.md).
 */
typedef enum rm_report_format {
    RM_REPORT_HTML, /* one file for a browser: no network, no script but ours */
    RM_REPORT_MD,   /* for a documentation site, with its pictures inside */
    RM_REPORT_JSON  /* docs/schema/report.schema.json */
} rm_report_format;

/* How the pictures stand in a Markdown report. */
typedef enum rm_report_pictures {
    RM_REPORT_SVG,    /* data: addresses, which most sites show */
    RM_REPORT_MERMAID /* text, for hosts that draw it */
} rm_report_pictures;

typedef struct rm_report_options {
    rm_report_format format;
    rm_report_pictures pictures;
    rm_str title; /* empty: made from the model */
} rm_report_options;

/*
 * Writes a report. The bytes live in `arena`; the same model gives the same bytes. A picture that
 * cannot be laid out is left out, and `sink` says so.
 */
rm_status rm_report_write(rm_arena *arena, rm_sink *sink, const rm_model *model,
                          const rm_report_options *options, rm_str *out) RM_CHECK_RESULT;

/* "html", "md", "json", or a file name that ends so. */
bool rm_report_format_from(rm_str name_or_extension, rm_report_format *out);

#endif
