#include "base/platform.h"
#include "command.h"
#include "model_file.h"
#include "picture.h"

static const rm_option options[] = {RM_PICTURE_OPTIONS};

static int run(rm_invocation *in) {
    rm_model *model = NULL;
    int code = rm_draw_check(in);
    rm_str model_path = RM_STR_NONE;
    rm_str output = RM_STR_NONE;
    if (code == RM_EXIT_OK && rm_file_real(in->arena, in->operands[0], &model_path) == RM_OK &&
        rm_file_real(in->arena, rm_given(in, "--output"), &output) == RM_OK &&
        rm_str_eq(model_path, output)) {
        return rm_fail(in, RM_EXIT_USAGE, "'%s' is the model; write the picture elsewhere",
                       in->operands[0]);
    }
    if (code == RM_EXIT_OK) {
        code = rm_open_model(in, in->operands[0], &model);
    }
    if (code == RM_EXIT_OK) {
        code = rm_draw(in, model);
    }
    rm_model_free(model);
    return code;
}

const rm_command rm_command_render = {
    .name = "render",
    .operands = "model.db -o FILE",
    .summary = "draw a picture of a model",
    .details = NULL,
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .least_operands = 1,
    .most_operands = 1,
    .run = run,
};
