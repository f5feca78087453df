#ifndef MODEL_SRC_DIFF_H
#define MODEL_SRC_DIFF_H

#include "base/map.h"
#include "model/diff.h"

/* One side of a comparison. */
typedef struct rm_diff_side {
    const rm_model *model;
    rm_map owners; /* ids of what others belong to: drivers, devices, doors, services, entries */
} rm_diff_side;

typedef struct rm_diff_run {
    rm_arena *arena;
    rm_diff_side before, after;
    rm_differences *out;
} rm_diff_run;

/* A thing of one model as the comparison sees it. */
typedef struct rm_diff_thing {
    rm_str id;
    rm_str owner; /* id: where that is new or gone, the thing is not told of; empty: none */
    rm_str name;
    rm_severity severity;
    uint32_t score;
    rm_place place;
} rm_diff_thing;

/* What a comparison of two things of one id found; RM_CHANGE_COUNT: no difference. */
typedef struct rm_diff_verdict {
    rm_change change;
    rm_buf text;
} rm_diff_verdict;

/* kinds.c: one row for each kind of thing that is compared. */
typedef struct rm_diff_rule {
    uint32_t (*count)(const rm_model *model);
    rm_status (*thing)(rm_arena *arena, const rm_model *model, uint32_t index, rm_diff_thing *out);
    /* NULL: nothing but being there can change */
    void (*compare)(const rm_model *before, uint32_t old, const rm_model *after, uint32_t now,
                    rm_diff_verdict *verdict);
    rm_change appeared, went; /* what it is called when it is only in one of the models */
} rm_diff_rule;

extern const rm_diff_rule rm_diff_rules[RM_DIFF_COUNT];

/*
 * limits.c: does a check let more pass than before, or less? RM_CHANGE_COUNT: neither, or its
 * reasons do not tell. What differs goes to `text`.
 */
rm_change rm_compare_limits(rm_str before, rm_str after, rm_buf *text);

/* compare.c: what differs between two things of one id. */
void rm_compare_paths(const rm_model *before, uint32_t old, const rm_model *after, uint32_t now,
                      rm_diff_verdict *verdict);
void rm_compare_findings(const rm_model *before, uint32_t old, const rm_model *after, uint32_t now,
                         rm_diff_verdict *verdict);
void rm_compare_devices(const rm_model *before, uint32_t old, const rm_model *after, uint32_t now,
                        rm_diff_verdict *verdict);
void rm_compare_doors(const rm_model *before, uint32_t old, const rm_model *after, uint32_t now,
                      rm_diff_verdict *verdict);
void rm_compare_accesses(const rm_model *before, uint32_t old, const rm_model *after, uint32_t now,
                         rm_diff_verdict *verdict);
void rm_compare_ioctls(const rm_model *before, uint32_t old, const rm_model *after, uint32_t now,
                       rm_diff_verdict *verdict);
void rm_compare_operations(const rm_model *before, uint32_t old, const rm_model *after,
                           uint32_t now, rm_diff_verdict *verdict);
void rm_compare_checks(const rm_model *before, uint32_t old, const rm_model *after, uint32_t now,
                       rm_diff_verdict *verdict);

#endif
