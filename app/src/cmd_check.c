#include "base/platform.h"
#include "gate.h"
#include "model_file.h"
#include "policy_file.h"

static const rm_option options[] = {
    {"--fail-on", "SEVERITY", "info, low, medium, high (without a policy's own) or critical", NULL,
     false},
    {"--baseline", "OLD.db", "object only to what is new or worse since this model", NULL, false},
    RM_POLICY_OPTIONS,
    {"--format", "FORMAT", "table or json", NULL, false},
};

/* What is objected to: the option, else the policy, else high. */
static bool given_severity(const rm_invocation *in, const rm_policy *policy, rm_severity *out) {
    static const char *const words[] = {
#define X(name, text) text,
        RM_SEVERITY_LIST(X)
#undef X
            NULL};
    const int word = rm_given_word(
        in, "--fail-on", words, policy->has_fail_on ? (int)policy->fail_on : (int)RM_SEVERITY_HIGH);
    *out = (rm_severity)word;
    return word >= 0;
}

static int print_result(rm_invocation *in, const rm_ci_gate *gate, const rm_gate_result *result,
                        bool json) {
    const bool color =
        in->color == RM_COLOR_ALWAYS || (in->color == RM_COLOR_AUTO && rm_terminal_is(1));
    rm_str text = RM_STR_NONE;
    const rm_status st =
        json ? rm_gate_json(in->arena, gate, result, &text)
             : rm_gate_text(in->arena, gate, result, rm_terminal_width(), color, &text);
    return st == RM_OK ? rm_print(in, text) : rm_fail(in, RM_EXIT_OUTPUT, "out of memory");
}

static int check(rm_invocation *in, rm_model *model, const rm_model *baseline, bool json) {
    rm_policy policy = {0};
    rm_ci_gate gate = {.model = model, .baseline = baseline, .policy = &policy};
    rm_gate_result result;
    rm_policy_apply(&policy, model, RM_STR_NONE); /* what a scan marked may have ended since */
    int code = rm_given_policy(in, model, &policy);
    if (code == RM_EXIT_OK && !given_severity(in, &policy, &gate.fail_on)) {
        code = RM_EXIT_USAGE;
    }
    if (code == RM_EXIT_OK && rm_gate_decide(in->arena, &gate, &result) != RM_OK) {
        code = rm_fail(in, RM_EXIT_OUTPUT, "out of memory");
    }
    if (code == RM_EXIT_OK) {
        code = print_result(in, &gate, &result, json);
    }
    return code == RM_EXIT_OK && !result.passed ? RM_EXIT_FOUND : code;
}

static int run(rm_invocation *in) {
    static const char *const formats[] = {"table", "json", NULL};
    const int format = rm_given_word(in, "--format", formats, 0);
    const char *old = rm_given(in, "--baseline");
    rm_model *model = NULL;
    rm_model *baseline = NULL;
    if (format < 0) {
        return RM_EXIT_USAGE;
    }
    int code = rm_open_model(in, in->operands[0], &model);
    if (code == RM_EXIT_OK && old != NULL) {
        code = rm_open_model(in, old, &baseline);
    }
    if (code == RM_EXIT_OK) {
        code = check(in, model, baseline, format == 1);
    }
    rm_model_free(model);
    rm_model_free(baseline);
    return code;
}

const rm_command rm_command_check = {
    .name = "check",
    .operands = "model.db",
    .summary = "a gate: exit with 1 on findings and paths that nobody waived",
    .details = "Objects to findings and paths from a severity on. With --baseline those that the\n"
               "older model has, no better, are let through. A policy waives by id; a waiver that\n"
               "has ended, or whose id nothing has any more, fails the gate. What is waived is\n"
               "listed all the same.",
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .least_operands = 1,
    .most_operands = 1,
    .run = run,
};
