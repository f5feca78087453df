#include "rows.h"

#include "base/platform.h"
#include "migrate.h"
#include "save.h"
#include "sqlite.h"

/* Opening checks every page of the file. */
enum { OPEN_MILLISECONDS = 60000 };

void rm_store_start(rm_store *store, uint32_t milliseconds) {
    store->deadline = (rm_deadline){.at_ms = rm_clock_ms() + milliseconds};
}

/* Of a file, or of a model in memory. */
static rm_status read_bytes(rm_store *store, const char *path, const rm_model *model, rm_str *bytes,
                            rm_str *why) {
    return model == NULL ? rm_bytes_of_model(store->file, store->arena, path, bytes, why)
                         : rm_save_bytes(store->file, model, bytes, why);
}

static rm_status open_store(rm_store *store, const char *path, const rm_model *model, rm_str *why) {
    rm_str bytes = RM_STR_NONE;
    store->file = rm_arena_new(RM_GUARD_MAX_FILE + (RM_GUARD_MAX_FILE >> 4));
    if (store->file == NULL) {
        return RM_NOMEM;
    }
    rm_store_start(store, OPEN_MILLISECONDS);
    rm_status st = read_bytes(store, path, model, &bytes, why);
    return st == RM_OK ? rm_guard_open(store->arena, bytes, &store->deadline, &store->db, why) : st;
}

static rm_status open_new(const char *path, const rm_model *model, rm_arena *arena, rm_store **out,
                          rm_str *why) {
    rm_store *store = RM_NEW(arena, rm_store);
    if (store == NULL) {
        return RM_NOMEM;
    }
    store->arena = arena;
    rm_status st = open_store(store, path, model, why);
    if (st != RM_OK) {
        rm_store_close(store);
        return st;
    }
    *out = store;
    return RM_OK;
}

rm_status rm_store_open(const char *path, rm_arena *arena, rm_store **out, rm_str *why) {
    return open_new(path, NULL, arena, out, why);
}

rm_status rm_store_of(const rm_model *model, rm_arena *arena, rm_store **out, rm_str *why) {
    return open_new(NULL, model, arena, out, why);
}

void rm_store_close(rm_store *store) {
    if (store != NULL) {
        (void)sqlite3_close(store->db);
        rm_arena_free(store->file);
    }
}

/* ---- rows ---- */

static rm_cell cell_of(sqlite3_stmt *row, int column) {
    rm_cell cell = {.kind = RM_CELL_NULL};
    switch (sqlite3_column_type(row, column)) {
    case SQLITE_INTEGER:
        cell.kind = RM_CELL_INTEGER;
        cell.integer = sqlite3_column_int64(row, column);
        break;
    case SQLITE_FLOAT:
        cell.kind = RM_CELL_REAL;
        cell.real = sqlite3_column_double(row, column);
        break;
    case SQLITE_TEXT:
        cell.kind = RM_CELL_TEXT;
        cell.text.ptr = (const char *)sqlite3_column_text(row, column);
        break;
    case SQLITE_BLOB:
        cell.kind = RM_CELL_BLOB;
        cell.text.ptr = sqlite3_column_blob(row, column);
        break;
    default: break;
    }
    cell.text.len = cell.text.ptr == NULL ? 0 : (size_t)sqlite3_column_bytes(row, column);
    return cell;
}

typedef struct answer {
    sqlite3_stmt *statement;
    const rm_sql_limits *limits;
    const rm_row_taker *taker;
    uint32_t columns;
    rm_cell *cells;
    uint32_t rows;
    uint64_t bytes;
} answer;

static rm_status name_columns(rm_store *store, answer *a) {
    a->columns = (uint32_t)sqlite3_column_count(a->statement);
    a->cells = RM_NEW_ARRAY(store->arena, rm_cell, a->columns);
    rm_str *names = RM_NEW_ARRAY(store->arena, rm_str, a->columns);
    if (a->cells == NULL || names == NULL) {
        return RM_NOMEM;
    }
    for (uint32_t i = 0; i < a->columns; i++) {
        names[i] = rm_str_from(sqlite3_column_name(a->statement, (int)i));
    }
    return a->taker->columns(a->taker->payload, names, a->columns);
}

static rm_status take_row(rm_store *store, answer *a, rm_str *why) {
    for (uint32_t i = 0; i < a->columns; i++) {
        a->cells[i] = cell_of(a->statement, (int)i);
        a->bytes += sizeof(rm_cell) + a->cells[i].text.len;
    }
    if (a->rows++ >= a->limits->rows) {
        return rm_because(store->arena, RM_LIMIT, why, "more than %u rows: add a LIMIT",
                          a->limits->rows);
    }
    if (a->bytes > a->limits->bytes) {
        return rm_because(store->arena, RM_LIMIT, why, "the answer has more than %llu MiB",
                          (unsigned long long)(a->limits->bytes >> 20));
    }
    return a->taker->row(a->taker->payload, a->cells, a->columns);
}

static rm_status ended(rm_store *store, int code, rm_str *why) {
    if (store->deadline.passed) {
        return rm_because(store->arena, RM_LIMIT, why, "stopped: it took too long");
    }
    if (code == SQLITE_NOMEM || code == SQLITE_TOOBIG) {
        return rm_because(store->arena, RM_LIMIT, why, "stopped: it needs too much memory");
    }
    return rm_sqlite_status(store->arena, store->db, code, "query failed", why);
}

rm_status rm_rows_take(rm_store *store, sqlite3_stmt *statement, const rm_sql_limits *limits,
                       const rm_row_taker *taker, rm_str *why) {
    answer a = {.statement = statement, .limits = limits, .taker = taker};
    rm_status st = name_columns(store, &a);
    int code = SQLITE_ROW;
    while (st == RM_OK && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        st = take_row(store, &a, why);
    }
    return st == RM_OK ? ended(store, code, why) : st;
}
