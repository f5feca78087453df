#ifndef RENDER_LAYOUT_H
#define RENDER_LAYOUT_H

#include "base/diag.h"
#include "base/platform.h"

typedef struct rm_layout_job {
    rm_str dot;
    const char *format; /* of Graphviz: "svg", "png:cairo", "pdf:cairo" */
    unsigned dpi;       /* 72 is one pixel a point */
} rm_layout_job;

/* Time and memory for one picture: a hundred times what the largest of our own needs. */
extern const rm_child_limits rm_layout_limits;

/*
 * Lays out and renders DOT text in a child process: Graphviz hangs on some labels, crashes on
 * others, leaks, and is not safe in threads. It also returns success after most errors, so any
 * message of its own counts as one. On failure `why` says what happened, in words.
 * RM_LIMIT: it did not finish in its limits. RM_INTERNAL: it crashed or complained.
 */
rm_status rm_layout_run(rm_arena *arena, const rm_layout_job *job, rm_child_limits limits,
                        rm_str *out, rm_str *why) RM_CHECK_RESULT;

#endif
