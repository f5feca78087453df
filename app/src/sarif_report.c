#include "sarif_report.h"

#include "model_file.h"
#include "policy_file.h"
#include "render/sarif.h"

bool rm_wants_sarif(const rm_invocation *in) {
    const char *type = rm_given(in, "--type");
    return type != NULL ? rm_str_eq(rm_str_from(type), RM_STR("sarif"))
                        : rm_str_iends(rm_str_from(rm_given(in, "--output")), RM_STR(".sarif"));
}

static int write(rm_invocation *in, rm_model *model, const rm_model *baseline) {
    rm_policy policy = {0};
    const rm_sarif_options options = {
        .version = RINGMAP_VERSION, .policy = &policy, .baseline = baseline};
    rm_str text = RM_STR_NONE;
    const int code = rm_given_policy(in, model, &policy);
    if (code != RM_EXIT_OK) {
        return code;
    }
    const rm_status st = rm_sarif_write(in->arena, model, &options, &text);
    return st == RM_OK ? rm_write_output(in, rm_given(in, "--output"), text)
                       : rm_fail(in, RM_EXIT_OUTPUT, "%s", rm_status_text(st));
}

int rm_report_sarif(rm_invocation *in) {
    const char *old = rm_given(in, "--baseline");
    rm_model *model = NULL;
    rm_model *baseline = NULL;
    int code = rm_open_model(in, in->operands[0], &model);
    if (code == RM_EXIT_OK && old != NULL) {
        code = rm_open_model(in, old, &baseline);
    }
    if (code == RM_EXIT_OK) {
        code = write(in, model, baseline);
    }
    rm_model_free(model);
    rm_model_free(baseline);
    return code;
}
