#include "model_file.h"

#include "db/store.h"
#include "model/sid.h"

static const size_t model_limit = (size_t)8 << 30;

rm_status rm_model_settle_domain(rm_model *model) {
    rm_str text = rm_model_given(model, "domain_sid");
    rm_sid *sid = text.len > 0 ? RM_NEW(model->arena, rm_sid) : NULL;
    if (text.len > 0 && sid == NULL) {
        return RM_NOMEM;
    }
    model->domain = sid != NULL && rm_sid_from(text, sid) && !sid->domain_relative ? sid : NULL;
    return RM_OK;
}

static void tell_older(rm_invocation *in, const char *path, rm_str why) {
    if (why.len > 0) {
        rm_diag(&in->sink, RM_WARNING, (rm_loc){.file = rm_str_from(path)}, "model-older", "%.*s",
                RM_STR_ARG(why));
    }
}

rm_status rm_open_store(rm_invocation *in, rm_store **store, rm_str *why) {
    rm_status st = rm_store_open(in->operands[0], in->arena, store, why);
    if (st == RM_OK) {
        tell_older(in, in->operands[0], *why);
        *why = RM_STR_NONE;
    }
    return st;
}

int rm_open_model(rm_invocation *in, const char *path, rm_model **model) {
    rm_model *opened = rm_model_new(model_limit);
    rm_str why = RM_STR_NONE;
    *model = NULL;
    if (opened == NULL) {
        return rm_fail(in, RM_EXIT_OUTPUT, "out of memory");
    }
    rm_status st = rm_store_load(path, opened, &why);
    if (st == RM_OK) {
        st = rm_model_settle_domain(opened);
    }
    if (st == RM_OK) {
        tell_older(in, path, why);
        *model = opened;
        return RM_EXIT_OK;
    }
    int code = st == RM_NOMEM ? RM_EXIT_OUTPUT : RM_EXIT_INPUT;
    (void)rm_fail(in, code, "cannot use '%s': %.*s", path,
                  RM_STR_ARG(why.len > 0 ? why : rm_str_from(rm_status_text(st))));
    rm_model_free(opened);
    return code;
}
