#include "weights.h"

#include "extract/weights.h"
#include "given_file.h"

rm_status rm_given_weights(rm_invocation *in, rm_arena *arena, const rm_principals *principals,
                           rm_weights *out) {
    rm_str text = RM_STR_NONE;
    const char *path = rm_given(in, "--weights");
    *out = rm_default_weights;
    if (path == NULL) {
        return RM_OK;
    }
    rm_status st = rm_read_given(in, arena, path, &text);
    return st == RM_OK ? rm_weights_read(arena, &in->sink, rm_str_from(path), text, principals, out)
                       : st;
}
