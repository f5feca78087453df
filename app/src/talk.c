#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/platform.h"
#include "base/text.h"
#include "options.h"

void rm_print_diagnostic(void *payload, rm_level level, rm_loc loc, const char *id, rm_str text) {
    const rm_invocation *in = payload;
    rm_str line = RM_STR_NONE;
    if (in->quiet && level == RM_NOTE) {
        return;
    }
    if (rm_diag_format(in->arena, level, loc, id, text, &line) == RM_OK) {
        rm_progress(in, NULL, 0, 0);
        (void)fprintf(stderr, "%.*s\n", (int)line.len, line.ptr);
    }
}

int rm_fail(const rm_invocation *in, int code, const char *fmt, ...) {
    char text[1024];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    rm_buf safe = {.arena = in->arena};
    rm_text_safe(&safe, rm_str_from(text));
    rm_progress(in, NULL, 0, 0);
    (void)fprintf(stderr, "ringmap%s%s: %.*s\n", in->command != NULL ? " " : "",
                  in->command != NULL ? in->command->name : "", (int)safe.len,
                  safe.len > 0 ? safe.ptr : "");
    return code;
}

int rm_print(const rm_invocation *in, rm_str text) {
    const bool written = text.len == 0 || fwrite(text.ptr, 1, text.len, stdout) == text.len;
    if (written && fflush(stdout) == 0) {
        return RM_EXIT_OK;
    }
    if (errno == EPIPE) {
        return RM_EXIT_OUTPUT; /* head and pagers go when they have enough: nothing to say */
    }
    return rm_fail(in, RM_EXIT_OUTPUT, "cannot write to standard output: %s", strerror(errno));
}

int rm_write_output(const rm_invocation *in, const char *path, rm_str bytes) {
    rm_status st = rm_file_replace(path, bytes);
    if (st != RM_OK) {
        return rm_fail(in, RM_EXIT_OUTPUT, "cannot write '%s': %s", path,
                       st == RM_IO ? strerror(errno) : rm_status_text(st));
    }
    return RM_EXIT_OK;
}

void rm_progress(const rm_invocation *in, const char *what, uint32_t done, uint32_t total) {
    if (in->quiet || in->no_progress || !rm_terminal_is(2)) {
        return;
    }
    if (what == NULL || done >= total) {
        (void)fputs("\r\033[K", stderr);
        return;
    }
    (void)fprintf(stderr, "\r\033[K%s %u of %u", what, (unsigned)done, (unsigned)total);
    (void)fflush(stderr);
}
