#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "base/str.h"

/* Where something was read: path relative to the scanned root. Counts from 1; 0 means unknown. */
typedef struct rm_loc {
    rm_str file;
    uint32_t line;
    uint32_t column; /* in bytes of the UTF-8 text */
} rm_loc;

typedef enum rm_level { RM_NOTE, RM_WARNING, RM_ERROR } rm_level;

/* One place where a diagnostic goes. Layers below the program never print. */
typedef struct rm_sink {
    void (*emit)(void *payload, rm_level level, rm_loc loc, const char *id, rm_str text);
    void *payload;
    unsigned errors;
    unsigned warnings;
} rm_sink;

/*
 * `id` is stable, documented in docs/diagnostics.md, e.g. "inf-unterminated-string". The text is
 * one line, lower case, no full stop; it is cut at 512 bytes on a whole character. `sink` may be
 * NULL: then nothing happens.
 */
void rm_diag(rm_sink *sink, rm_level level, rm_loc loc, const char *id, const char *fmt, ...)
    RM_PRINTF(5, 6);

const char *rm_level_name(rm_level level); /* "note", "warning", "error" */

/* file:line:column: level: text [id], made safe for a terminal (see rm_text_safe). */
rm_status rm_diag_format(rm_arena *arena, rm_level level, rm_loc loc, const char *id, rm_str text,
                         rm_str *out) RM_CHECK_RESULT;

#endif
