#include "render/export.h"

#include "trust_graph.h"

const char *rm_export_format_name(rm_export_format format) {
    static const char *const names[RM_EXPORT_COUNT] = {
        [RM_EXPORT_OPENGRAPH] = "opengraph",
        [RM_EXPORT_OPENGRAPH_EXTENSION] = "opengraph-extension",
        [RM_EXPORT_OTM] = "otm",
        [RM_EXPORT_GRAPHML] = "graphml",
    };
    return (unsigned)format < RM_EXPORT_COUNT ? names[format] : "unknown";
}

rm_status rm_export(rm_arena *arena, const rm_model *model, rm_export_format format,
                    const char *version, rm_str *out) {
    rm_buf text = {.arena = arena};
    rm_trust_graph graph;
    rm_status st = rm_trust_graph_build(arena, model, &graph);
    if (st != RM_OK) {
        return st;
    }
    switch (format) {
    case RM_EXPORT_OPENGRAPH: rm_export_opengraph(&graph, &text); break;
    case RM_EXPORT_OPENGRAPH_EXTENSION: rm_export_opengraph_extension(version, &text); break;
    case RM_EXPORT_OTM: rm_export_otm(&graph, version, &text); break;
    case RM_EXPORT_GRAPHML: rm_export_graphml(&graph, &text); break;
    case RM_EXPORT_COUNT: return RM_USAGE;
    }
    *out = rm_buf_view(&text);
    return text.status;
}
