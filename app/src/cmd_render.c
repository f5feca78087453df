#include <string.h>

#include "base/platform.h"
#include "command.h"
#include "model_file.h"
#include "picture.h"

static const rm_option options[] = {RM_PICTURE_OPTIONS, RM_FILTERS};

/* Two models are an older and a newer one, as for 'ringmap diff'. */
static const char *newest(const rm_invocation *in) {
    return in->operands[in->operand_count - 1];
}

static int draw(rm_invocation *in, const rm_model *model) {
    const char *view = rm_given(in, "--view");
    const bool diff = view != NULL && strcmp(view, "diff") == 0;
    rm_kept_paths kept = {0};
    if (in->operand_count == 2 && !diff) {
        return rm_fail(in, RM_EXIT_USAGE, "two models are for --view diff");
    }
    if (diff && rm_filters_given(in).len > 0) {
        return rm_fail(in, RM_EXIT_USAGE, "--view diff takes no filter");
    }
    const int code = diff ? RM_EXIT_OK : rm_keep_paths(in, model, newest(in), &kept);
    return code == RM_EXIT_OK
               ? rm_draw(in, model, &kept, in->operand_count == 2 ? in->operands[0] : NULL)
               : code;
}

/* Is the output one of the models? */
static bool is_model(rm_invocation *in) {
    rm_str output = RM_STR_NONE;
    if (rm_file_real(in->arena, rm_given(in, "--output"), &output) != RM_OK) {
        return false;
    }
    for (unsigned i = 0; i < in->operand_count; i++) {
        rm_str model = RM_STR_NONE;
        if (rm_file_real(in->arena, in->operands[i], &model) == RM_OK && rm_str_eq(model, output)) {
            return true;
        }
    }
    return false;
}

static int run(rm_invocation *in) {
    rm_model *model = NULL;
    int code = rm_draw_check(in);
    if (code == RM_EXIT_OK && is_model(in)) {
        return rm_fail(in, RM_EXIT_USAGE, "'%s' is the model; write the picture elsewhere",
                       rm_given(in, "--output"));
    }
    if (code == RM_EXIT_OK) {
        code = rm_open_model(in, newest(in), &model);
    }
    if (code == RM_EXIT_OK) {
        code = draw(in, model);
    }
    rm_model_free(model);
    return code;
}

const rm_command rm_command_render = {
    .name = "render",
    .operands = "[old.db] model.db -o FILE",
    .summary = "draw a picture of a model",
    .details =
        "The filters are those of 'ringmap paths': the picture shows no other path, and says how\n"
        "many that leaves out. Numbers (R1, TB2) are those of the whole model. A view of one\n"
        "thing needs --focus; without it the message lists what there is. The view diff draws\n"
        "what changed between an older model (the first of two, or --baseline) and the newer.",
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .least_operands = 1,
    .most_operands = 2,
    .run = run,
};
