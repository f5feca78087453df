#include "principals.h"

#include "extract/principals.h"
#include "given_file.h"

/* What the model keeps of them. */
static const char text_given[] = "principals";
static const char file_given[] = "principals_file";

rm_status rm_given_principals(rm_invocation *in, rm_arena *arena, rm_principals *out) {
    const char *path = rm_given(in, "--principals");
    rm_str text = RM_STR_NONE;
    rm_status st = rm_principals_builtin(arena, out);
    if (st != RM_OK || path == NULL) {
        return st;
    }
    st = rm_read_given(in, arena, path, &text);
    return st == RM_OK ? rm_principals_read(arena, &in->sink, rm_str_from(path), text, out) : st;
}

rm_status rm_scan_principals(rm_invocation *in, rm_model *model, rm_principals *out) {
    const char *path = rm_given(in, "--principals");
    rm_str text = RM_STR_NONE;
    rm_status st = rm_given_principals(in, model->arena, out);
    if (st != RM_OK || path == NULL) {
        return st;
    }
    st = rm_read_given(in, model->arena, path, &text);
    if (st == RM_OK) {
        st = rm_model_give(model, text_given, text);
    }
    return st == RM_OK ? rm_model_give(model, file_given, rm_path_base(rm_str_from(path))) : st;
}

rm_status rm_model_principals(rm_invocation *in, const rm_model *model, rm_arena *arena,
                              rm_principals *out) {
    rm_str text = rm_model_given(model, text_given);
    if (rm_given(in, "--principals") != NULL || text.len == 0) {
        return rm_given_principals(in, arena, out);
    }
    rm_status st = rm_principals_builtin(arena, out);
    return st == RM_OK
               ? rm_principals_read(arena, &in->sink, rm_model_given(model, file_given), text, out)
               : st;
}
