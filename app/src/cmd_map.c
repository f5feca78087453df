#include <string.h>

#include "command.h"
#include "db/store.h"
#include "picture.h"
#include "scan.h"

static const rm_option options[] = {
    RM_PICTURE_OPTIONS,
    RM_FILTERS,
    RM_SCAN_OPTIONS,
    {"--db", "FILE", "keep the model there", NULL, false},
};

static int keep(rm_invocation *in, const rm_model *model) {
    const char *path = rm_given(in, "--db");
    rm_str why = RM_STR_NONE;
    if (path != NULL && rm_store_save(model, path, &why) != RM_OK) {
        return rm_fail(in, RM_EXIT_OUTPUT, "cannot write '%s': %.*s", path, RM_STR_ARG(why));
    }
    return RM_EXIT_OK;
}

static int draw(rm_invocation *in, const rm_model *model) {
    rm_kept_paths kept = {0};
    const int code = rm_keep_paths(in, model, rm_given(in, "--db"), &kept);
    return code == RM_EXIT_OK ? rm_draw(in, model, &kept, NULL) : code;
}

/* What is wrong is said before the long work begins. */
static int check(rm_invocation *in) {
    const char *view = rm_given(in, "--view");
    const char *db = rm_given(in, "--db");
    int code = rm_draw_check(in);
    code = code == RM_EXIT_OK ? rm_check_filters(in) : code;
    if (code == RM_EXIT_OK && view != NULL && strcmp(view, "diff") == 0 &&
        rm_filters_given(in).len > 0) {
        return rm_fail(in, RM_EXIT_USAGE, "--view diff takes no filter");
    }
    if (code == RM_EXIT_OK && db != NULL && strcmp(db, rm_given(in, "--output")) == 0) {
        return rm_fail(in, RM_EXIT_USAGE, "the picture and the model cannot be one file: '%s'", db);
    }
    return code;
}

static int run(rm_invocation *in) {
    rm_model *model = NULL;
    int code = check(in);
    if (code == RM_EXIT_OK) {
        code = rm_scan(in, in->operands, in->operand_count, &model);
    }
    if (model == NULL) {
        return code;
    }
    int kept = keep(in, model);
    int drawn = kept == RM_EXIT_OK ? draw(in, model) : kept;
    rm_model_free(model);
    return drawn != RM_EXIT_OK ? drawn : code;
}

const rm_command rm_command_map = {
    .name = "map",
    .operands = "PATH... -o map.svg",
    .summary = "one step: scan, derive, draw",
    .details = "Reads what scan reads and draws what render draws, with the filters of 'ringmap\n"
               "paths'. The model is kept only with --db FILE.",
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .least_operands = 1,
    .most_operands = 1000,
    .run = run,
};
