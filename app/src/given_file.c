#include "given_file.h"

#include <errno.h>
#include <string.h>

#include "base/platform.h"

enum { MAX_FILE = 16 << 20 };

rm_status rm_read_file_or_input(rm_arena *arena, const char *path, rm_str *out) {
    return strcmp(path, "-") == 0 ? rm_stdin_read(arena, MAX_FILE, out)
                                  : rm_file_read(arena, path, MAX_FILE, out);
}

rm_status rm_read_given(rm_invocation *in, rm_arena *arena, const char *path, rm_str *out) {
    rm_status st = rm_read_file_or_input(arena, path, out);
    if (st == RM_OK || st == RM_NOMEM) {
        return st;
    }
    (void)rm_fail(in, 0, "cannot read '%s': %s", path,
                  st == RM_IO ? strerror(errno) : rm_status_text(st));
    return RM_SYNTAX;
}
