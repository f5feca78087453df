#ifndef APP_FILTERS_H
#define APP_FILTERS_H

#include "table.h"

/* The filters that `paths`, `findings`, `map` and `render` share. */
#define RM_FILTERS                                                                                 \
    {"--from", "PRINCIPAL", "whose reach: appcontainer, user, admin, ...", NULL, false},           \
        {"--app", "NAME", "of one app or program", NULL, false},                                   \
        {"--device", "NAME", "through a device, by any of its names", NULL, false},                \
        {"--driver", "NAME", "through a driver", NULL, false},                                     \
        {"--entry", "NAME|CODE", "what is sent at the door", NULL, false},                         \
        {"--sink", "CLASS|FAMILY", "to one kind of privileged operation", NULL, false},            \
        {"--rule", "ID", "with findings of a rule", NULL, false},                                  \
        {"--validation", "WORD", "validated, partial, unvalidated or unknown", NULL, false},       \
        {"--boundary", "KIND", "crossing a boundary, such as driver_to_driver", NULL, false},      \
        {"--min-severity", "SEVERITY", "info, low, medium, high or critical", NULL, false},        \
        {"--chained", NULL, "crossing more than one boundary", NULL, false}, {                     \
        "--limit", "N", "at most N, the worst", NULL, false                                        \
    }

#define RM_FILTER_OPTIONS                                                                          \
    RM_FILTERS, {                                                                                  \
        "--format", "FORMAT", "table, json, csv, ndjson or sarif", NULL, false                     \
    }

/*
 * What `paths` and `findings` do: rows of the model in operand 1 that pass the filters given.
 * `none` is said when there are none. Returns the exit code.
 */
int rm_list_view(rm_invocation *in, rm_view_kind kind, const rm_shown *shown, size_t count,
                 const char *none);

/* The exit code for a failed query or model file, after a message. */
int rm_fail_query(const rm_invocation *in, rm_status status, rm_str why);

/* The same where the query is ours: a limit that it reaches is the model's doing. */
int rm_fail_view(const rm_invocation *in, rm_status status, rm_str why);

/* Which paths of a model pass the filters given. */
typedef struct rm_kept_paths {
    const bool *only; /* by path of the model; NULL: no filter was given */
    rm_str why;       /* the filters as they were given */
} rm_kept_paths;

/* The filters as they were given, "--from user --chained"; empty: none. */
rm_str rm_filters_given(const rm_invocation *in);

/* Asks `file`, which holds the model; NULL: the model itself. Returns the exit code. */
int rm_keep_paths(rm_invocation *in, const rm_model *model, const char *file, rm_kept_paths *out);

/* Are the filters usable? Asked before the long work begins. */
int rm_check_filters(const rm_invocation *in);

#endif
