#ifndef RENDER_FIGURE_H
#define RENDER_FIGURE_H

#include "model/model.h"
#include "render/picture.h"

/*
 * A slice of the model, ready to be written in any format: zones that hold nodes, nodes that may
 * have rows, edges between them, and the paths that the edges are steps of. Texts are still those
 * of the inputs, uncut and hostile: the writers escape them (label.h). Ids are ours: [a-z0-9-].
 *
 * Everything lives in the arena given to rm_figure_build(); the model is borrowed.
 */

enum { /* what a reader can take in (docs/pictures.md) */
       RM_FIGURE_NODES = 40,
       RM_FIGURE_EDGES = 60,
       RM_FIGURE_CALM = 18,    /* edges, when every row is drawn with its worst path alone */
       RM_FIGURE_ROWS = 40,    /* of all devices together */
       RM_FIGURE_FEW_ROWS = 4, /* what each device may have at least; beyond it a table is dense */
       RM_FIGURE_DRIVERS = 8   /* with a path: more make an overview */
};

/* A dashed box. User-mode zones stand in the order of trust, the kernel is the last. */
typedef struct rm_zone {
    rm_str id;
    rm_str title;
    unsigned order;  /* RM_BOUNDARY_… of who stands in it; services and kernel after them */
    unsigned number; /* of TBn; 0 for the kernel, which is on the other side of each */
    bool kernel;
} rm_zone;

RM_LIST(rm_zones, rm_zone);

typedef enum rm_node_kind {
    RM_NODE_PRINCIPAL,
    RM_NODE_SERVICE,
    RM_NODE_DEVICE,
    RM_NODE_SINK,
    RM_NODE_MORE /* the table of drivers of an overview */
} rm_node_kind;

/* Step `step` of path R`rank`: what a reviewer cites. */
typedef struct rm_mark {
    unsigned rank;
    unsigned step;
    bool gone; /* of a path of the older model: G instead of R */
} rm_mark;

RM_LIST(rm_marks, rm_mark);

/* One entry of a device. `judged` is false where nothing privileged is known behind it. */
typedef struct rm_row {
    uint32_t entry; /* of the model; in overviews the driver */
    rm_str code;    /* "0x22A004", or what kind of entry it is */
    rm_str name;
    rm_str method;
    rm_str access;
    bool judged;
    rm_validation verdict;
    rm_marks marks; /* of the flows that arrive, once they are drawn as one to the device's door */
    unsigned span;  /* dense tables: rows that share the way out that begins here, 0 elsewhere */
    rm_str place;   /* "driver.c:42", in the picture of one path */
    bool gone;      /* of the older model alone; `entry` is RM_NONE then */
} rm_row;

RM_LIST(rm_rows, rm_row);
RM_LIST(rm_texts, rm_str);

typedef struct rm_node {
    rm_str id;
    rm_node_kind kind;
    uint32_t zone;
    uint32_t key;    /* index in the model of what it shows: app, service, device, driver */
    uint32_t driver; /* RM_NODE_DEVICE */
    unsigned column; /* 0 principals, 1 services, 2… devices by depth; sinks stand last */
    unsigned ring;   /* n of the TBn that a request from another driver crosses; 0: none */
    rm_str name;     /* of a principal without app, a sink class: what tells it from others */
    rm_str title;
    rm_str aside;   /* the device's name */
    rm_texts lines; /* doors and who may open them; APIs of a sink */
    rm_rows rows;
    rm_str place; /* in the picture of a stack: "1 of 3, upper filter" */
    rm_str rest;  /* what is not shown of it, in words; empty: nothing */
    bool gone;    /* of the older model alone: its indices are not those of `model` */
    bool dense;   /* many rows: one line each, flows are gathered (dense.h) */
} rm_node;

RM_LIST(rm_nodes, rm_node);

typedef struct rm_edge {
    rm_str id;
    uint32_t from, to;         /* nodes */
    uint32_t from_row, to_row; /* RM_NONE: the node as a whole */
    rm_validation verdict;     /* the worst of the paths that share it */
    bool worst;                /* a step of R1 */
    bool back;                 /* information flows back, too: an output buffer (trace.c) */
    rm_change change;          /* in the picture of a change, the worst of its paths */
    bool link;                 /* no flow: the next lower place of a device stack */
    rm_marks marks;
    unsigned crosses; /* n of the TBn that it crosses; 0: none */
    rm_str note;      /* what happens to the request, in words; "3 paths, worst 863" in overviews */
} rm_edge;

RM_LIST(rm_edges, rm_edge);

typedef struct rm_drawn_path {
    const rm_path *of;
    unsigned rank;    /* n of Rn, from 1 */
    rm_str text;      /* App1 (AppContainer) → Driver1 → port write */
    bool gone;        /* of the older model: Gn */
    rm_change change; /* in the picture of a change */
    rm_str what;      /* of the path has changed, in words */
} rm_drawn_path;

RM_LIST(rm_drawn_paths, rm_drawn_path);

typedef struct rm_figure {
    rm_arena *arena;
    const rm_model *model;
    rm_str title;
    rm_zones zones;
    rm_nodes nodes;
    rm_edges edges;
    rm_drawn_paths paths;
    rm_texts left_out;  /* sentences: what the picture does not show */
    rm_str none;        /* what to say where it shows no path */
    bool overview;      /* edges are merged, sinks are badges */
    bool diff;          /* what changed between two models (change.h) */
    unsigned rows_max;  /* of one device */
    unsigned row_paths; /* of one row and one principal: the worst ones */
    rm_status status;   /* sticky: after RM_NOMEM the figure is incomplete */
} rm_figure;

/* An empty figure; NULL when memory is short. */
rm_figure *rm_figure_new(rm_arena *arena, const rm_model *model);

/* Appends a sentence; a failure is kept in figure->status. */
void rm_figure_text(rm_figure *figure, rm_texts *texts, rm_str text);

/*
 * Chooses and builds the slice that the options ask for. `simple` asks for the overview whatever
 * the size: the fallback when a layout does not end. RM_USAGE with a diagnostic when the focus or
 * the view is not known.
 */
rm_status rm_figure_build(rm_arena *arena, rm_sink *sink, const rm_model *model,
                          const rm_picture_options *options, bool simple,
                          rm_figure **out) RM_CHECK_RESULT;

/* A name of a sentence that is put together from names: cut, and it says so. */
void rm_figure_name(rm_buf *out, rm_str name);

/* A path in words: "App1 (AppContainer app) → Driver1 → I/O port write". */
rm_str rm_picture_path_text(rm_figure *figure, const rm_path *path);

/* The picture in words, for <desc> and for alternative texts. */
void rm_figure_words(const rm_figure *figure, rm_buf *out);

#endif
