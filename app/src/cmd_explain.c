#include "base/platform.h"
#include "explain.h"
#include "model_file.h"
#include "principals.h"

enum { CANDIDATES = 20 }; /* ids that are told when a name means several things */

static void explain_thing(rm_explainer *e, rm_thing thing) {
    switch (thing.kind) {
#define X(name, suffix)                                                                            \
    case RM_THING_##name: rm_explain_##suffix(e, thing.index); return;
        RM_THING_LIST(X)
#undef X
    case RM_THING_COUNT: return;
    }
}

static int tell_candidates(const rm_invocation *in, const rm_explainer *e,
                           const rm_things *things) {
    rm_buf list = {.arena = in->arena};
    for (uint32_t i = 0; i < things->count && i < CANDIDATES; i++) {
        rm_buf_text(&list, i == 0 ? "" : ", ");
        rm_buf_str(&list, rm_thing_id(e->model, things->at[i]));
    }
    rm_buf_text(&list, things->count > CANDIDATES ? ", ..." : "");
    return rm_fail(in, RM_EXIT_USAGE, "'%s' means %u things; say which id: %.*s", in->operands[1],
                   (unsigned)things->count, RM_STR_ARG(rm_buf_view(&list)));
}

static int explain(rm_invocation *in, rm_explainer *e) {
    rm_things things = {0};
    rm_status st = rm_explain_find(e, rm_str_from(in->operands[1]), &things);
    if (st == RM_USAGE) {
        return rm_fail(in, RM_EXIT_USAGE, "nothing in the model has the id or name '%s'",
                       in->operands[1]);
    }
    if (st == RM_OK && things.count > 1) {
        return tell_candidates(in, e, &things);
    }
    if (st == RM_OK) {
        explain_thing(e, things.at[0]);
        st = e->doc.out.status;
    }
    return st == RM_OK ? rm_print(in, rm_buf_view(&e->doc.out))
                       : rm_fail(in, RM_EXIT_OUTPUT, "%s", rm_status_text(st));
}

static int run(rm_invocation *in) {
    static const char *const formats[] = {"text", "json", NULL};
    rm_model *model = NULL;
    rm_explainer e = {.arena = in->arena};
    const int format = rm_given_word(in, "--format", formats, 0);
    if (format < 0) {
        return RM_EXIT_USAGE;
    }
    e.doc = (rm_document){.json = format == 1, .width = rm_terminal_width()};
    int code = rm_open_model(in, in->operands[0], &model);
    if (model != NULL) {
        e.model = model;
        const rm_status st = rm_model_principals(in, model, in->arena, &e.principals);
        code = st == RM_OK       ? explain(in, &e)
               : st == RM_SYNTAX ? RM_EXIT_INPUT
                                 : rm_fail(in, RM_EXIT_OUTPUT, "%s", rm_status_text(st));
    }
    rm_model_free(model);
    return code;
}

static const rm_option options[] = {
    {"--format", "FORMAT", "text or json", NULL, false},
    RM_PRINCIPALS_OPTION,
};

const rm_command rm_command_explain = {
    .name = "explain",
    .operands = "model.db ID|NAME",
    .summary = "one path, finding, device or code: steps, evidence, access, score",
    .details =
        "Takes an id, p1 or f1 as 'ringmap paths' and 'ringmap findings' number their rows,\n"
        "the name of a driver, a device or one of its links, an app, a service or an entry,\n"
        "a control code, or the id of a rule. A path is told step by step with the source of each, "
        "and the\n"
        "access check that opens its door is made again.",
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .least_operands = 2,
    .most_operands = 2,
    .run = run,
};
