#ifndef RENDER_TRUST_GRAPH_H
#define RENDER_TRUST_GRAPH_H

#include "base/map.h"
#include "model/model.h"

/*
 * Who reaches what, as nodes and edges with properties: what every export is written from. Edges
 * point the way an attack goes.
 */
#define RM_TRUST_NODE_LIST(X)                                                                      \
    X(ZONE, "Zone", "Trust zone", "What code with the same rights runs in")                        \
    X(PRINCIPAL, "Principal", "Principal", "Any code that runs with such a token")                 \
    X(APP, "App", "App", "An app or program and what it declares")                                 \
    X(SERVICE, "Service", "Service", "A service that stands between apps and drivers")             \
    X(DRIVER, "Driver", "Driver", "A driver")                                                      \
    X(DEVICE, "Device", "Device", "A device object or port, with its descriptor")                  \
    X(ENTRY, "Entry", "Entry", "A control code or another request that a driver handles")          \
    X(OPERATION, "Operation", "Privileged operation", "A privileged call that an entry reaches")

#define RM_TRUST_EDGE_LIST(X)                                                                      \
    X(IN_ZONE, "InZone", false, "Runs in the zone")                                                \
    X(SERVES, "Serves", false, "The driver made the device")                                       \
    X(CAN_OPEN, "CanOpen", true, "Gets a handle with at least one right from the descriptor")      \
    X(CAN_IOCTL, "CanIoctl", true, "Can send requests that reach a privileged operation")          \
    X(EXPOSES, "Exposes", true, "Requests to the device arrive at the entry")                      \
    X(FORWARDS, "Forwards", true, "The driver passes requests on to the other one")                \
    X(SENDS_ON, "SendsOn", true, "The entry passes its request on to the device")                  \
    X(REACHES, "Reaches", true, "The entry reaches the operation")

#define X(name, word, title, text) RM_TRUST_NODE_##name,
typedef enum rm_trust_node_kind { RM_TRUST_NODE_LIST(X) RM_TRUST_NODE_COUNT } rm_trust_node_kind;
#undef X
#define X(name, word, traversable, text) RM_TRUST_EDGE_##name,
typedef enum rm_trust_edge_kind { RM_TRUST_EDGE_LIST(X) RM_TRUST_EDGE_COUNT } rm_trust_edge_kind;
#undef X

const char *rm_trust_node_word(rm_trust_node_kind kind);
const char *rm_trust_edge_word(rm_trust_edge_kind kind);

typedef enum rm_property_kind {
    RM_PROPERTY_TEXT,
    RM_PROPERTY_NUMBER,
    RM_PROPERTY_FLAG
} rm_property_kind;

typedef struct rm_property {
    const char *name; /* lower case, ours */
    rm_property_kind kind;
    rm_str text;
    int64_t number; /* a flag too: 0 or 1 */
} rm_property;

RM_LIST(rm_properties, rm_property);

typedef struct rm_trust_node {
    rm_str id; /* of the entity; zones: "zone:NAME", principals: "principal:NAME" */
    rm_trust_node_kind kind;
    rm_str name;
    uint32_t zone;   /* node; RM_NONE: none */
    uint32_t parent; /* a device's driver, an entry's device or driver; RM_NONE */
    rm_properties properties;
    rm_place place;
} rm_trust_node;

typedef struct rm_trust_edge {
    rm_trust_edge_kind kind;
    uint32_t from, to;
    rm_str name;
    rm_properties properties;
} rm_trust_edge;

RM_LIST(rm_trust_nodes, rm_trust_node);
RM_LIST(rm_trust_edges, rm_trust_edge);

typedef struct rm_trust_graph {
    rm_arena *arena;
    const rm_model *model;
    rm_trust_nodes nodes;
    rm_trust_edges edges;
    rm_map ids;                           /* id to node */
    uint32_t *first_device, *next_device; /* of a driver, of the same driver; RM_NONE ends */
} rm_trust_graph;

/* Nodes and edges in the order of the model's lists. */
rm_status rm_trust_graph_build(rm_arena *arena, const rm_model *model,
                               rm_trust_graph *out) RM_CHECK_RESULT;

/* The node of an id; RM_NONE: none. */
uint32_t rm_trust_graph_find(const rm_trust_graph *graph, rm_str id);

/* Each of the writers, into a buffer whose status tells. */
void rm_export_opengraph(const rm_trust_graph *graph, rm_buf *out);
void rm_export_opengraph_extension(const char *version, rm_buf *out);
void rm_export_otm(const rm_trust_graph *graph, const char *version, rm_buf *out);
void rm_export_graphml(const rm_trust_graph *graph, rm_buf *out);

#endif
