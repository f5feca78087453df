#ifndef DB_SRC_ROWS_H
#define DB_SRC_ROWS_H

#include "db/query.h"
#include "guard.h"

struct rm_store {
    rm_arena *file;  /* the bytes */
    rm_arena *arena; /* the caller's, for what is told */
    sqlite3 *db;
    rm_deadline deadline;
};

/* Starts the clock for one question. */
void rm_store_start(rm_store *store, uint32_t milliseconds);

/*
 * Hands all rows of a prepared statement to the taker. RM_LIMIT with *why when the deadline, the
 * rows or the bytes are used up. The statement stays the caller's.
 */
rm_status rm_rows_take(rm_store *store, sqlite3_stmt *statement, const rm_sql_limits *limits,
                       const rm_row_taker *taker, rm_str *why) RM_CHECK_RESULT;

#endif
