#include <string.h>

#include "base/platform.h"
#include "command.h"
#include "model_file.h"
#include "policy_file.h"
#include "render/report.h"
#include "sarif_report.h"

static const rm_option options[] = {
    {"--output", "FILE", "where to write; '-' is standard output", "-o", false},
    {"--type", "FORMAT", "html, md, json or sarif (default: by the file's ending)", "-T", false},
    {"--title", "TEXT", "what to call it (default: the names of the drivers)", NULL, false},
    {"--pictures", "HOW", "in Markdown: svg (data: addresses) or mermaid", NULL, false},
    {"--baseline", "OLD.db", "in SARIF: what is new, updated, unchanged or absent since", NULL,
     false},
    RM_POLICY_OPTIONS,
};

static int format_of(const rm_invocation *in, rm_report_format *out) {
    const char *type = rm_given(in, "--type");
    const char *output = rm_given(in, "--output");
    if (output == NULL) {
        return rm_fail(in, RM_EXIT_USAGE,
                       "say where to write with -o FILE ('-' is standard output)");
    }
    if (type != NULL) {
        return rm_report_format_from(rm_str_from(type), out)
                   ? RM_EXIT_OK
                   : rm_fail(in, RM_EXIT_USAGE, "-T takes html, md, json or sarif, not '%s'", type);
    }
    const char *dot = strrchr(output, '.');
    return dot != NULL && rm_report_format_from(rm_str_from(dot + 1), out)
               ? RM_EXIT_OK
               : rm_fail(in, RM_EXIT_USAGE,
                         "the output's ending tells no format; use -T html, md, json or sarif");
}

static int options_of(const rm_invocation *in, rm_report_options *out) {
    static const char *const pictures[] = {"svg", "mermaid", NULL};
    int how = rm_given_word(in, "--pictures", pictures, RM_REPORT_SVG);
    if (how < 0) {
        return RM_EXIT_USAGE;
    }
    out->pictures = (rm_report_pictures)how;
    out->title = rm_str_from(rm_given(in, "--title"));
    return format_of(in, &out->format);
}

/* Is the output the very model? */
static bool is_model(rm_invocation *in) {
    rm_str model = RM_STR_NONE;
    rm_str output = RM_STR_NONE;
    return rm_file_real(in->arena, in->operands[0], &model) == RM_OK &&
           rm_file_real(in->arena, rm_given(in, "--output"), &output) == RM_OK &&
           rm_str_eq(model, output);
}

static int write(rm_invocation *in, const rm_model *model, const rm_report_options *report) {
    rm_str bytes = RM_STR_NONE;
    rm_status st = rm_report_write(in->arena, &in->sink, model, report, &bytes);
    return st == RM_OK ? rm_write_output(in, rm_given(in, "--output"), bytes)
                       : rm_fail(in, RM_EXIT_OUTPUT, "cannot report: %s", rm_status_text(st));
}

static int run(rm_invocation *in) {
    rm_report_options report = {0};
    rm_model *model = NULL;
    const bool sarif = rm_wants_sarif(in);
    int code = sarif ? RM_EXIT_OK : options_of(in, &report);
    if (code == RM_EXIT_OK && is_model(in)) {
        return rm_fail(in, RM_EXIT_USAGE, "'%s' is the model; write the report elsewhere",
                       in->operands[0]);
    }
    if (sarif) {
        return rm_report_sarif(in);
    }
    if (code == RM_EXIT_OK) {
        code = rm_open_model(in, in->operands[0], &model);
    }
    if (code == RM_EXIT_OK) {
        code = write(in, model, &report);
    }
    rm_model_free(model);
    return code;
}

const rm_command rm_command_report = {
    .name = "report",
    .operands = "model.db -o FILE",
    .summary = "a report: html, md, json or sarif",
    .details =
        "The page is one file that needs no network and runs no script but its own: ranked\n"
        "paths, findings with evidence and fix, pictures to walk through, and the limits of\n"
        "it all. Markdown is for a documentation site, JSON for programs\n"
        "(docs/schema/report.schema.json), SARIF for code hosts.",
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .least_operands = 1,
    .most_operands = 1,
    .run = run,
};
