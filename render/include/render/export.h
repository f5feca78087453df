#ifndef RENDER_EXPORT_H
#define RENDER_EXPORT_H

#include "model/model.h"

/*
 * The model as a graph of who reaches what, in the formats of other tools (docs/export.md):
 * BloodHound OpenGraph, payload and extension definition; Open Threat Model 0.2.0; GraphML.
 */
typedef enum rm_export_format {
    RM_EXPORT_OPENGRAPH,
    RM_EXPORT_OPENGRAPH_EXTENSION, /* the kinds of nodes and edges; the same for every model */
    RM_EXPORT_OTM,
    RM_EXPORT_GRAPHML,
    RM_EXPORT_COUNT
} rm_export_format;

const char *rm_export_format_name(rm_export_format format); /* as the command line has it */

/* In `arena`; RM_NOMEM. The same model gives the same bytes. `version` is the program's. */
rm_status rm_export(rm_arena *arena, const rm_model *model, rm_export_format format,
                    const char *version, rm_str *out) RM_CHECK_RESULT;

#endif
