#ifndef DB_SRC_FILTER_RULES_H
#define DB_SRC_FILTER_RULES_H

#include <stdbool.h>
#include <stddef.h>

/*
 * One filter of `paths` and `findings` in SQL. `:v` is its value. Paths are rows `p` of v_path,
 * findings rows `f` of v_finding with their path, if any, as `p`.
 */
typedef struct rm_filter_rule {
    size_t at;           /* of the rm_str in rm_filter */
    const char *what;    /* in words, for "no device is called 'x'" */
    const char *path;    /* what makes a path pass */
    const char *finding; /* what makes a finding pass, beside its path; NULL: nothing */
    bool own;            /* only the finding itself counts, its path does not */
    const char *known;   /* has a row when the model knows the name; NULL: not asked */
} rm_filter_rule;

enum { RM_FILTER_RULE_COUNT = 9 };

extern const rm_filter_rule rm_filter_rules[RM_FILTER_RULE_COUNT];

#endif
