#include "base/platform.h"
#include "changes.h"
#include "model_file.h"

static const rm_option options[] = {
    {"--fail-on", "WHAT", "exit with 1 on anything new, or on anything new or worse (worse)", NULL,
     false},
    {"--output", "FILE", "write there instead of to standard output", "-o", false},
    {"--format", "FORMAT", "table, json, ndjson or md", NULL, false},
};

static const char *const format_words[] = {"table", "json", "ndjson", "md", NULL};

typedef enum fail_on { FAIL_ON_NOTHING, FAIL_ON_NEW, FAIL_ON_WORSE } fail_on;

static bool objects(const rm_differences *all, fail_on what) {
    for (uint32_t i = 0; i < all->count; i++) {
        const rm_change change = all->at[i].change;
        if ((what >= FAIL_ON_NEW && change == RM_CHANGE_NEW) ||
            (what == FAIL_ON_WORSE && change == RM_CHANGE_WORSE)) {
            return true;
        }
    }
    return false;
}

/* Colours only where a terminal shows them. */
static bool is_colored(const rm_invocation *in) {
    return in->color == RM_COLOR_ALWAYS ||
           (in->color == RM_COLOR_AUTO && rm_given(in, "--output") == NULL && rm_terminal_is(1));
}

static int print_changes(rm_invocation *in, const rm_changes *changes, rm_change_format format) {
    const char *output = rm_given(in, "--output");
    const unsigned width = output == NULL ? rm_terminal_width() : 0;
    rm_str text = RM_STR_NONE;
    if (rm_changes_text(in->arena, changes, format, width, is_colored(in), &text) != RM_OK) {
        return rm_fail(in, RM_EXIT_OUTPUT, "out of memory");
    }
    return output != NULL ? rm_write_output(in, output, text) : rm_print(in, text);
}

static int diff(rm_invocation *in, rm_changes *changes, rm_change_format format, fail_on what) {
    if (rm_diff(in->arena, changes->before, changes->after, &changes->all) != RM_OK) {
        return rm_fail(in, RM_EXIT_OUTPUT, "out of memory");
    }
    const int code = print_changes(in, changes, format);
    return code == RM_EXIT_OK && objects(&changes->all, what) ? RM_EXIT_FOUND : code;
}

static int run(rm_invocation *in) {
    static const char *const fail_words[] = {"new", "worse", NULL};
    const int format = rm_given_word(in, "--format", format_words, RM_CHANGES_TABLE);
    const int what = rm_given_word(in, "--fail-on", fail_words, -2);
    rm_model *before = NULL;
    rm_model *after = NULL;
    if (format < 0 || what == -1) {
        return RM_EXIT_USAGE;
    }
    int code = rm_open_model(in, in->operands[0], &before);
    if (code == RM_EXIT_OK) {
        code = rm_open_model(in, in->operands[1], &after);
    }
    if (code == RM_EXIT_OK) {
        rm_changes changes = {.before = before, .after = after};
        code = diff(in, &changes, (rm_change_format)format,
                    what < 0 ? FAIL_ON_NOTHING : (fail_on)(what + 1));
    }
    rm_model_free(before);
    rm_model_free(after);
    return code;
}

const rm_command rm_command_diff = {
    .name = "diff",
    .operands = "OLD.db NEW.db",
    .summary = "what appeared, went, got worse or better between two models",
    .details = "Compares paths, findings, drivers, devices, doors, access, control codes,\n"
               "privileged operations and checks. Things are the same when their ids are: a moved\n"
               "line or a renamed file is no difference. A lost check is worse, an added one\n"
               "better. md is for a pull request; json has every difference, the table tells the\n"
               "same change for several principals once.",
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .least_operands = 2,
    .most_operands = 2,
    .run = run,
};
