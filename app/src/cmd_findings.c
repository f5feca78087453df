#include "filters.h"

static const rm_shown shown[] = {
    {.title = "FINDING", .column = "rank", .prefix = "f"},
    {.title = "SEVERITY",
     .column = "severity",
     .line = "waived",
     .flag = "waived",
     .as = RM_SHOWN_SEVERITY},
    {.title = "RULE", .column = "rule"},
    {.title = "SUBJECT", .column = "subject"},
    {.title = "PLACE", .column = "path", .line = "line"},
    {.title = "MESSAGE", .column = "message", .flows = true},
    {.title = "ID", .column = "finding_id", .spare = true},
    {.title = "path", .column = "path_summary", .below = true},
    {.title = "fix", .column = "fix", .below = true},
};

static const rm_option options[] = {
    {"--parts", NULL, "the findings that another one's fix mends too", NULL, false},
    RM_FILTER_OPTIONS,
};

static int run(rm_invocation *in) {
    return rm_list_view(in, RM_VIEW_FINDINGS, shown, sizeof shown / sizeof shown[0],
                        "no finding passes the filters");
}

const rm_command rm_command_findings = {
    .name = "findings",
    .operands = "model.db",
    .summary = "rule findings, worst first",
    .details = "A filter of paths keeps the findings whose worst path passes it, and those whose\n"
               "subject is the device, driver, entry or app asked for. 'ringmap explain model.db\n"
               "f1' tells the first one. What one change mends is one finding; the others of the "
               "same cause are\n"
               "its parts, listed with --parts or --rule. json, csv and ndjson have every column "
               "of v_finding.",
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .least_operands = 1,
    .most_operands = 1,
    .run = run,
};
