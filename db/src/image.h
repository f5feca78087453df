#ifndef DB_SRC_IMAGE_H
#define DB_SRC_IMAGE_H

#include "model/derive.h"

/*
 * A model as flat lists, one for each table: the model itself, the steps of its paths in a list of
 * their own, and the program's tables that queries join with.
 */
typedef struct rm_path_step {
    uint32_t path;
    uint32_t number; /* from 1 */
    rm_step is;
} rm_path_step;

typedef struct rm_finding_place {
    uint32_t finding;
    uint32_t number; /* from 1 */
    rm_evidence is;
} rm_finding_place;

typedef struct rm_sink_class_row {
    rm_str name, family, title;
    uint32_t severity;
} rm_sink_class_row;

RM_LIST(rm_path_steps, rm_path_step);
RM_LIST(rm_finding_places, rm_finding_place);
RM_LIST(rm_sink_class_rows, rm_sink_class_row);

typedef struct rm_image {
    rm_model model; /* a shallow copy: the lists are the model's */
    rm_model read;  /* of model->read, the same; empty where there is none */
    rm_path_steps steps;
    rm_finding_places finding_places;
    rm_sink_class_rows sink_classes;
} rm_image;

/* X(enumerator, name and list, where in the image): what follows from the facts. */
#define RM_RESULT_LIST(X)                                                                          \
    X(ACCESSES, accesses, model.accesses)                                                          \
    X(BOUNDARIES, boundaries, model.boundaries)                                                    \
    X(PATHS, paths, model.paths)                                                                   \
    X(STEPS, steps, steps)                                                                         \
    X(FINDINGS, findings, model.findings)                                                          \
    X(WEIGHTS, weights, model.weights)                                                             \
    X(GIVENS, givens, model.givens)                                                                \
    X(RULES, rules, model.rules)                                                                   \
    X(FINDING_PLACES, finding_places, finding_places)                                              \
    X(UNDECIDED, undecided, model.undecided)                                                       \
    X(SINK_CLASSES, sink_classes, sink_classes)

/* Each list of facts has two tables: as it was linked, and as it was read, for merging. */
typedef enum rm_table_id {
#define FACTS(id, list) RM_TABLE_##id,
#define RESULTS(id, name, where) RM_TABLE_##id,
#define READ(id, list) RM_TABLE_READ_##id,
    RM_FACT_LIST(FACTS) RM_RESULT_LIST(RESULTS) RM_FACT_LIST(READ) RM_TABLE_COUNT,
#undef FACTS
#undef RESULTS
#undef READ
    RM_TABLE_READ = RM_TABLE_READ_ARTIFACTS /* the first of what was read, before it was linked */
} rm_table_id;

/* A list of any item type: what every RM_LIST has. */
typedef struct rm_any_list {
    unsigned char *at;
    uint32_t count;
    uint32_t capacity;
} rm_any_list;

/* `list` is the offset of a list in the image. */
rm_any_list rm_image_list(const rm_image *image, size_t list);

/* A zeroed new last item; NULL when `arena` is exhausted. */
void *rm_image_push(rm_arena *arena, rm_image *image, size_t list, size_t item_size);

/* The image of a model. What is new in it lives in `arena`, the rest is borrowed. */
rm_status rm_image_of(rm_arena *arena, const rm_model *model, rm_image *out) RM_CHECK_RESULT;

/*
 * The way back: gives the paths their steps, and the model what was read. Steps must be in the
 * order of their paths, which must exist; RM_FOREIGN when they are not.
 */
rm_status rm_image_settle(rm_arena *arena, rm_image *image) RM_CHECK_RESULT;

#endif
