#include "picture.h"

#include <string.h>

#include "model_file.h"
#include "render/picture.h"

/* The format by -T, else by the output's ending. */
static bool format_of(const rm_invocation *in, rm_picture_format *out) {
    const char *type = rm_given(in, "--type");
    const char *output = rm_given(in, "--output");
    if (type != NULL) {
        return rm_picture_format_from(rm_str_from(type), out) ||
               (rm_fail(in, RM_EXIT_USAGE, "-T takes dot, svg, png, pdf or mmd, not '%s'", type),
                false);
    }
    const char *dot = output == NULL ? NULL : strrchr(output, '.');
    if (dot != NULL && rm_picture_format_from(rm_str_from(dot + 1), out)) {
        return true;
    }
    (void)rm_fail(in, RM_EXIT_USAGE,
                  "the output's ending tells no format; use -T dot, svg, png, pdf or mmd");
    return false;
}

/* The whole system is about no one thing; what changed takes an older model. */
static bool focus_is_used(const rm_invocation *in, const rm_picture_options *options) {
    if (rm_given(in, "--focus") == NULL || !rm_str_eq(options->view, RM_STR("system"))) {
        return true;
    }
    (void)rm_fail(in, RM_EXIT_USAGE,
                  "--focus is for a view of one thing; say which with --view driver, stack, path "
                  "or app");
    return false;
}

static int options_of(const rm_invocation *in, rm_picture_options *out) {
    static const char *const themes[] = {"auto", "light", "dark", NULL};
    static const char *const switches[] = {"on", "off", NULL};
    static const char *const views[] = {"system", "driver", "stack", "path", "app", "diff", NULL};
    uint64_t scale = 2;
    const char *scale_text = rm_given(in, "--scale");
    int theme = rm_given_word(in, "--theme", themes, RM_THEME_AUTO);
    int legend = rm_given_word(in, "--legend", switches, 0);
    int view = rm_given_word(in, "--view", views, 0);
    if (theme < 0 || legend < 0 || view < 0) {
        return RM_EXIT_USAGE;
    }
    if (rm_given(in, "--output") == NULL) {
        return rm_fail(in, RM_EXIT_USAGE,
                       "say where to write with -o FILE ('-' is standard output)");
    }
    if (scale_text != NULL &&
        (!rm_str_u64(rm_str_from(scale_text), &scale) || scale < 1 || scale > 8)) {
        return rm_fail(in, RM_EXIT_USAGE, "--scale takes 1 to 8, not '%s'", scale_text);
    }
    *out = (rm_picture_options){.theme = (rm_theme)theme,
                                .legend = legend == 0,
                                .scale = (unsigned)scale,
                                .view = rm_str_from(views[view]),
                                .focus = rm_str_from(rm_given(in, "--focus"))};
    return focus_is_used(in, out) && format_of(in, &out->format) ? RM_EXIT_OK : RM_EXIT_USAGE;
}

int rm_draw_check(rm_invocation *in) {
    rm_picture_options options = {0};
    return options_of(in, &options);
}

/* The older model of a comparison: a file of its own, or what --focus names. */
static int open_older(rm_invocation *in, const rm_picture_options *options, const char *older,
                      rm_model **out) {
    const char *baseline = rm_given(in, "--baseline");
    const bool diff = rm_str_eq(options->view, RM_STR("diff"));
    if (!diff && baseline != NULL) {
        return rm_fail(in, RM_EXIT_USAGE, "--baseline is for --view diff");
    }
    older = older != NULL ? older : baseline != NULL ? baseline : rm_given(in, "--focus");
    return diff && older != NULL ? rm_open_model(in, older, out) : RM_EXIT_OK;
}

static int draw(rm_invocation *in, const rm_model *model, const rm_picture_options *options) {
    rm_str bytes = RM_STR_NONE;
    rm_status st = rm_picture_draw(in->arena, &in->sink, model, options, &bytes);
    if (st == RM_USAGE) {
        return RM_EXIT_USAGE; /* told by the drawing, with what it looked for */
    }
    if (st != RM_OK) {
        return rm_fail(in, RM_EXIT_OUTPUT, "cannot draw: %s", rm_status_text(st));
    }
    return rm_write_output(in, rm_given(in, "--output"), bytes);
}

int rm_draw(rm_invocation *in, const rm_model *model, const rm_kept_paths *kept,
            const char *older) {
    rm_picture_options options = {0};
    rm_model *before = NULL;
    int code = options_of(in, &options);
    if (kept != NULL) {
        options.only = kept->only;
        options.only_why = kept->why;
    }
    if (code == RM_EXIT_OK) {
        code = open_older(in, &options, older, &before);
    }
    if (code == RM_EXIT_OK) {
        options.before = before;
        code = draw(in, model, &options);
    }
    rm_model_free(before);
    return code;
}
