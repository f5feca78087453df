#include "model_file.h"

#include "db/store.h"

static const size_t model_limit = (size_t)8 << 30;

int rm_open_model(rm_invocation *in, const char *path, rm_model **model) {
    rm_model *opened = rm_model_new(model_limit);
    rm_str why = RM_STR_NONE;
    *model = NULL;
    if (opened == NULL) {
        return rm_fail(in, RM_EXIT_OUTPUT, "out of memory");
    }
    rm_status st = rm_store_load(path, opened, &why);
    if (st == RM_OK) {
        *model = opened;
        return RM_EXIT_OK;
    }
    int code = st == RM_NOMEM ? RM_EXIT_OUTPUT : RM_EXIT_INPUT;
    (void)rm_fail(in, code, "cannot use '%s': %.*s", path,
                  RM_STR_ARG(why.len > 0 ? why : rm_str_from(rm_status_text(st))));
    rm_model_free(opened);
    return code;
}
