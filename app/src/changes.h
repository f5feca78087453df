#ifndef APP_CHANGES_H
#define APP_CHANGES_H

#include "command.h"
#include "model/diff.h"

/*
 * What changed between two models, for people, programs and pull requests. The same change for
 * several principals or apps is one line for people, with the worst of them and the names of the
 * others; programs get every difference.
 */
typedef struct rm_changes {
    const rm_model *before, *after;
    rm_differences all;
} rm_changes;

typedef enum rm_change_format {
    RM_CHANGES_TABLE,
    RM_CHANGES_JSON,
    RM_CHANGES_NDJSON,
    RM_CHANGES_MARKDOWN
} rm_change_format;

/* In `arena`; RM_NOMEM. `width` 0: as wide as it takes. */
rm_status rm_changes_text(rm_arena *arena, const rm_changes *changes, rm_change_format format,
                          unsigned width, bool color, rm_str *out) RM_CHECK_RESULT;

/* changes_group.c */

/* A path's id without its second part, the principal or app: what is the same for all of them. */
rm_str rm_path_way(rm_str id);

/* Differences that are one for people: the first of them, and how the others are called. */
typedef struct rm_change_group {
    uint32_t first; /* in `all` */
    uint32_t count;
    rm_buf others; /* principals and apps, joined by ", " */
} rm_change_group;

RM_LIST(rm_change_groups, rm_change_group);

rm_status rm_changes_group(rm_arena *arena, const rm_changes *changes,
                           rm_change_groups *out) RM_CHECK_RESULT;

/* How many of a kind changed in a way. */
uint32_t rm_changes_count(const rm_differences *all, rm_diff_kind kind, rm_change change);

#endif
