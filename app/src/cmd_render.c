#include "base/platform.h"
#include "command.h"
#include "model_file.h"
#include "picture.h"

static const rm_option options[] = {RM_PICTURE_OPTIONS, RM_FILTERS};

static int draw_kept(rm_invocation *in, const rm_model *model) {
    rm_kept_paths kept = {0};
    int code = rm_keep_paths(in, model->paths.count, &kept);
    return code == RM_EXIT_OK ? rm_draw(in, model, &kept) : code;
}

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
        code = draw_kept(in, model);
    }
    rm_model_free(model);
    return code;
}

const rm_command rm_command_render = {
    .name = "render",
    .operands = "model.db -o FILE",
    .summary = "draw a picture of a model",
    .details =
        "The filters are those of 'ringmap paths': the picture shows no other path, and says how\n"
        "many that leaves out. Numbers (R1, TB2) are those of the whole model. A view of one\n"
        "thing needs --focus; without it the message lists what there is.",
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .least_operands = 1,
    .most_operands = 1,
    .run = run,
};
