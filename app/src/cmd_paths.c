#include "filters.h"

static const rm_shown shown[] = {
    {.title = "PATH", .column = "rank", .prefix = "p"},
    {.title = "SCORE", .column = "score"},
    {.title = "SEVERITY",
     .column = "severity",
     .line = "waived",
     .flag = "waived",
     .as = RM_SHOWN_SEVERITY},
    {.title = "FROM", .column = "origin"},
    {.title = "APP", .column = "app", .spare = true},
    {.title = "DOOR", .column = "door", .spare = true},
    {.title = "ENTRY", .column = "entry"},
    {.title = "DRIVERS", .column = "drivers"},
    {.title = "OPERATION", .column = "sink_class"},
    {.title = "INPUT", .column = "validation"},
    {.title = "STATE", .column = "state", .spare = true},
    {.title = "ID", .column = "path_id", .spare = true},
};

static const rm_option options[] = {RM_FILTER_OPTIONS};

static int run(rm_invocation *in) {
    return rm_list_view(in, RM_VIEW_PATHS, shown, sizeof shown / sizeof shown[0],
                        "no path passes the filters");
}

const rm_command rm_command_paths = {
    .name = "paths",
    .operands = "model.db",
    .summary = "risk paths, worst first",
    .details = "A path leads from a principal or an app through a door and its drivers to a\n"
               "privileged operation. 'ringmap explain model.db p1' tells the first one step by\n"
               "step. json, csv and ndjson have every column of v_path.",
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .least_operands = 1,
    .most_operands = 1,
    .run = run,
};
