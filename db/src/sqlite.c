#include "sqlite.h"

#include <stdarg.h>
#include <stdio.h>

rm_status rm_because(rm_arena *arena, rm_status status, rm_str *why, const char *fmt, ...) {
    char text[512];
    va_list args;
    va_start(args, fmt);
    int length = vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    size_t kept = length < 0 ? 0 : (size_t)length < sizeof text ? (size_t)length : sizeof text - 1;
    if (why != NULL && rm_str_copy(arena, (rm_str){text, kept}, why) != RM_OK) {
        *why = RM_STR_NONE; /* the status alone has to do */
    }
    return status;
}

/* Read and write trouble look alike here; only the caller knows which it was. */
static rm_status status_of(int code) {
    switch (code & 0xFF) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE: return RM_OK;
    case SQLITE_NOMEM: return RM_NOMEM;
    case SQLITE_TOOBIG:
    case SQLITE_INTERRUPT: return RM_LIMIT;
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_IOERR:
    case SQLITE_FULL:
    case SQLITE_CANTOPEN:
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return RM_IO;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
    case SQLITE_SCHEMA: return RM_FOREIGN;
    default: return RM_INTERNAL;
    }
}

rm_status rm_sqlite_status(rm_arena *arena, sqlite3 *db, int code, const char *what, rm_str *why) {
    rm_status status = status_of(code);
    if (status == RM_OK) {
        return RM_OK;
    }
    return rm_because(arena, status, why, "%s: %s", what,
                      db != NULL ? sqlite3_errmsg(db) : sqlite3_errstr(code));
}
