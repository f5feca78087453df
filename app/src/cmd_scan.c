#include <stdlib.h>

#include "command.h"
#include "db/store.h"
#include "policy_file.h"
#include "scan.h"

static const rm_option options[] = {
    {"--output", "FILE", "where to write the model", "-o", false},
    RM_SCAN_OPTIONS,
    RM_POLICY_OPTIONS,
};

static int run(rm_invocation *in) {
    rm_model *model = NULL;
    rm_str why = RM_STR_NONE;
    const char *output = rm_given(in, "--output");
    if (output == NULL) {
        return rm_fail(in, RM_EXIT_USAGE, "say where to write the model with -o FILE");
    }
    int code = rm_scan(in, in->operands, in->operand_count, &model);
    if (model == NULL) {
        return code;
    }
    rm_policy policy = {0};
    const int judged = rm_given_policy(in, model, &policy);
    if (judged != RM_EXIT_OK) {
        rm_model_free(model);
        return judged;
    }
    if (rm_store_save(model, output, &why) != RM_OK) {
        code = rm_fail(in, RM_EXIT_OUTPUT, "cannot write '%s': %.*s", output, RM_STR_ARG(why));
    }
    rm_model_free(model);
    return code;
}

const rm_command rm_command_scan = {
    .name = "scan",
    .operands = "PATH... -o model.db",
    .summary = "read artifacts into a model and derive everything",
    .details = "Folders are walked; .git and build outputs are left out. The model is one SQLite\n"
               "file whose views (v_driver, v_device, v_entry, v_path, ...) are the public face.",
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .least_operands = 1,
    .most_operands = 1000,
    .run = run,
};
