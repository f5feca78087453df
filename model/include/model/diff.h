#ifndef MODEL_DIFF_H
#define MODEL_DIFF_H

#include "model/model.h"

/*
 * What changed between two models. Things are the same when their ids are, and ids are made from
 * what a thing is: a line that moved or a file with another name is no difference.
 *
 * Nothing is told twice: access to a device that is itself new or gone, and checks and operations
 * of an entry that is, are left out. A check that was lost is worse, one that was added better.
 */
typedef struct rm_difference {
    rm_diff_kind kind;
    rm_change change;
    rm_str id;              /* of the thing; access: its subject's id, a blank, the principal */
    rm_str name;            /* what to call it */
    rm_str text;            /* what changed, in words; empty where `change` says it all */
    rm_severity severity;   /* of a path or finding, the newer one's; else info */
    uint32_t score;         /* of a path, the newer one's; else 0 */
    uint32_t before, after; /* its index in the older and the newer model's list, or RM_NONE */
    rm_place place;         /* in the newer model; in the older one of what is gone */
} rm_difference;

RM_LIST(rm_differences, rm_difference);

/*
 * Appends the differences to `out`, by kind, change, severity, score and id. Both models are linked
 * and derived. Texts live in `arena` or are borrowed from the models. RM_NOMEM.
 */
rm_status rm_diff(rm_arena *arena, const rm_model *before, const rm_model *after,
                  rm_differences *out) RM_CHECK_RESULT;

#endif
