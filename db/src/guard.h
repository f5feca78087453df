#ifndef DB_SRC_GUARD_H
#define DB_SRC_GUARD_H

#include <sqlite3.h>

#include "base/str.h"

/*
 * Opening a model that a stranger may have made. The whole file is in memory, so nothing can change
 * under us and nothing can be written; SQLite sees it read-only, defensive, without trusted schema,
 * attached files or extensions. The schema must be ours to the letter: then no trigger, view with
 * side effects or virtual table of theirs can ever run.
 */

enum {
    RM_GUARD_MAX_TEXT = 16 << 20, /* one value; the longest text that readers keep is far smaller */
    RM_GUARD_STEP = 10000         /* SQLite instructions between two looks at the clock */
};

/* Largest model file that is read. A million paths take about 1 GiB. */
#define RM_GUARD_MAX_FILE ((size_t)2 << 30)

/* When the work on one connection must end. */
typedef struct rm_deadline {
    uint64_t at_ms; /* by rm_clock_ms() */
    bool passed;
} rm_deadline;

/*
 * `bytes` and `deadline` are borrowed until sqlite3_close(*db). RM_FOREIGN with *why (in
 * `why_arena`) when they are no model of a schema that this or an older program wrote, a damaged
 * one, or one that cannot be checked before the deadline. *db is written only on success.
 */
rm_status rm_guard_open(rm_arena *why_arena, rm_str bytes, rm_deadline *deadline, sqlite3 **db,
                        rm_str *why) RM_CHECK_RESULT;

/* The schema that the bytes say they have; 0: none. */
uint32_t rm_guard_version(rm_str bytes);

/* The bytes of a model file, or of standard input for "-". RM_FOREIGN when it is too large. */
rm_status rm_guard_read(rm_arena *arena, rm_arena *why_arena, const char *path, rm_str *bytes,
                        rm_str *why) RM_CHECK_RESULT;

#endif
