#include "model/descriptor.h"

rm_status rm_security_to_binary(rm_arena *arena, const rm_security *security, rm_str *out) {
    (void)security;
    return rm_str_copy(arena, RM_STR_NONE, out);
}

rm_status rm_security_from_binary(rm_arena *arena, rm_sink *sink, rm_loc at, rm_str bytes,
                                  const rm_security **out) {
    (void)arena;
    (void)bytes;
    (void)out;
    rm_diag(sink, RM_ERROR, at, "security-binary", "the binary form is not read yet");
    return RM_SYNTAX;
}
