#include <string.h>

#include "command.h"
#include "db/store.h"
#include "picture.h"
#include "scan.h"

static const rm_option options[] = {
    RM_PICTURE_OPTIONS,
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

static int run(rm_invocation *in) {
    rm_model *model = NULL;
    int code = rm_draw_check(in);
    const char *db = rm_given(in, "--db");
    if (code == RM_EXIT_OK && db != NULL && strcmp(db, rm_given(in, "--output")) == 0) {
        return rm_fail(in, RM_EXIT_USAGE, "the picture and the model cannot be one file: '%s'", db);
    }
    if (code == RM_EXIT_OK) {
        code = rm_scan(in, in->operands, in->operand_count, &model);
    }
    if (model == NULL) {
        return code;
    }
    int kept = keep(in, model);
    int drawn = kept == RM_EXIT_OK ? rm_draw(in, model, NULL, NULL) : kept;
    rm_model_free(model);
    return drawn != RM_EXIT_OK ? drawn : code;
}

const rm_command rm_command_map = {
    .name = "map",
    .operands = "PATH... -o map.svg",
    .summary = "one step: scan, derive, draw",
    .details = "Reads what scan reads and draws what render draws. The model is kept only with\n"
               "--db FILE.",
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .least_operands = 1,
    .most_operands = 1000,
    .run = run,
};
