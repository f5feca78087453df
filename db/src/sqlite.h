#ifndef DB_SRC_SQLITE_H
#define DB_SRC_SQLITE_H

#include <sqlite3.h>

#include "base/str.h"

/*
 * What SQLite's result codes mean to us. On failure `why` gets "what: SQLite's message" (in
 * `arena`, empty when that is exhausted); it is left alone on success. `db` may be NULL.
 */
rm_status rm_sqlite_status(rm_arena *arena, sqlite3 *db, int code, const char *what,
                           rm_str *why) RM_CHECK_RESULT;

/* "what: detail" into *why, as well as memory allows; returns `status`. */
rm_status rm_because(rm_arena *arena, rm_status status, rm_str *why, const char *fmt, ...)
    RM_PRINTF(4, 5);

#endif
