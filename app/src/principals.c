#include "principals.h"

#include <errno.h>
#include <string.h>

#include "base/platform.h"
#include "extract/principals.h"

enum { MAX_FILE = 16 << 20 };

rm_status rm_given_principals(rm_invocation *in, rm_arena *arena, rm_principals *out) {
    const char *path = rm_given(in, "--principals");
    rm_str text = RM_STR_NONE;
    rm_status st = rm_principals_builtin(arena, out);
    if (st != RM_OK || path == NULL) {
        return st;
    }
    st = rm_file_read(arena, path, MAX_FILE, &text);
    if (st != RM_OK) {
        (void)rm_fail(in, 0, "cannot read '%s': %s", path,
                      st == RM_IO ? strerror(errno) : rm_status_text(st));
        return st == RM_NOMEM ? st : RM_SYNTAX;
    }
    return rm_principals_read(arena, &in->sink, rm_str_from(path), text, out);
}
