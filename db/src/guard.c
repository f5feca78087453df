#include "guard.h"

#include <errno.h>
#include <string.h>

#include "base/platform.h"
#include "db/store.h"
#include "schema.h"
#include "schemas.h"
#include "sqlite.h"

/* ---- before SQLite sees a byte (its file format, section 1.3) ---- */

enum { HEADER_BYTES = 100, AT_USER_VERSION = 60, AT_APPLICATION_ID = 68 };

static uint32_t big_endian(rm_str bytes, size_t at) {
    uint32_t value = 0;
    for (size_t i = 0; i < sizeof value; i++) {
        value = value << 8 | (unsigned char)bytes.ptr[at + i];
    }
    return value;
}

static rm_status check_header(rm_arena *arena, rm_str bytes, rm_str *why) {
    static const char magic[] = "SQLite format 3"; /* its NUL belongs to it */
    if (bytes.len < HEADER_BYTES || memcmp(bytes.ptr, magic, sizeof magic) != 0) {
        return rm_because(arena, RM_FOREIGN, why, "not a ringmap model (not a SQLite file)");
    }
    if (big_endian(bytes, AT_APPLICATION_ID) != RM_APPLICATION_ID) {
        return rm_because(arena, RM_FOREIGN, why,
                          "not a ringmap model (its application id is not)");
    }
    const uint32_t version = big_endian(bytes, AT_USER_VERSION);
    if (version > RM_SCHEMA_VERSION) {
        return rm_because(arena, RM_FOREIGN, why,
                          "schema version %u is newer than this program's %u", version,
                          (unsigned)RM_SCHEMA_VERSION);
    }
    if (version == 0) {
        return rm_because(arena, RM_FOREIGN, why, "schema version %u is not known", version);
    }
    return RM_OK;
}

uint32_t rm_guard_version(rm_str bytes) {
    return bytes.len < HEADER_BYTES ? 0 : big_endian(bytes, AT_USER_VERSION);
}

/* ---- a connection that can do no harm ---- */

static int out_of_time(void *payload) {
    rm_deadline *deadline = payload;
    deadline->passed = rm_clock_ms() >= deadline->at_ms;
    return deadline->passed;
}

static int configure(sqlite3 *db) {
    static const int limits[][2] = {
        {SQLITE_LIMIT_LENGTH, RM_GUARD_MAX_TEXT},
        {SQLITE_LIMIT_SQL_LENGTH, 1 << 20},
        {SQLITE_LIMIT_COLUMN, 256},
        {SQLITE_LIMIT_EXPR_DEPTH, 100},
        {SQLITE_LIMIT_COMPOUND_SELECT, 50},
        {SQLITE_LIMIT_VDBE_OP, 250000},
        {SQLITE_LIMIT_FUNCTION_ARG, 32},
        {SQLITE_LIMIT_ATTACHED, 0},
        {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000},
        {SQLITE_LIMIT_VARIABLE_NUMBER, 100},
        {SQLITE_LIMIT_TRIGGER_DEPTH, 1},
        {SQLITE_LIMIT_WORKER_THREADS, 0},
    };
    static const int options[][2] = {
        {SQLITE_DBCONFIG_DEFENSIVE, 1},       {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},  {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
        {SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0}, {SQLITE_DBCONFIG_DQS_DML, 0},
        {SQLITE_DBCONFIG_DQS_DDL, 0},
    };
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        (void)sqlite3_limit(db, limits[i][0], limits[i][1]);
    }
    int code = SQLITE_OK;
    for (size_t i = 0; i < sizeof options / sizeof options[0] && code == SQLITE_OK; i++) {
        code = sqlite3_db_config(db, options[i][0], options[i][1], NULL);
    }
    return code;
}

/* SQLite takes a pointer it could write through; SQLITE_DESERIALIZE_READONLY says it never does. */
static int attach_bytes(sqlite3 *db, rm_str bytes) {
    unsigned char *start = NULL;
    memcpy(&start, &bytes.ptr, sizeof start);
    const sqlite3_int64 size = (sqlite3_int64)bytes.len;
    return sqlite3_deserialize(db, "main", start, size, size, SQLITE_DESERIALIZE_READONLY);
}

static int open_bytes(rm_str bytes, rm_deadline *deadline, sqlite3 **db) {
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX;
    int code = sqlite3_open_v2(":memory:", db, flags, NULL);
    if (code == SQLITE_OK) {
        sqlite3_progress_handler(*db, RM_GUARD_STEP, out_of_time, deadline);
        code = configure(*db);
    }
    if (code == SQLITE_OK) {
        code = attach_bytes(*db, bytes);
    }
    if (code == SQLITE_OK) {
        code = sqlite3_exec(*db, "PRAGMA temp_store = MEMORY; PRAGMA cell_size_check = ON", NULL,
                            NULL, NULL);
    }
    return code;
}

/* ---- is it ours, is it whole ---- */

static rm_str column_text(sqlite3_stmt *row, int column) {
    const unsigned char *text = sqlite3_column_text(row, column);
    const int length = sqlite3_column_bytes(row, column);
    return text == NULL ? RM_STR_NONE : (rm_str){(const char *)text, (size_t)length};
}

static bool is_object(sqlite3_stmt *row, const rm_object *object) {
    return rm_str_eq(column_text(row, 0), rm_str_from(object->type)) &&
           rm_str_eq(column_text(row, 1), object->name) &&
           rm_str_eq(column_text(row, 2), object->sql);
}

static int compare_schema(sqlite3 *db, const rm_ddl *ddl, bool *same) {
    sqlite3_stmt *rows = NULL;
    uint32_t seen = 0;
    int code = sqlite3_prepare_v2(db, "SELECT type, name, sql FROM sqlite_schema ORDER BY rowid",
                                  -1, &rows, NULL);
    *same = true;
    while (code == SQLITE_OK && *same && (code = sqlite3_step(rows)) == SQLITE_ROW) {
        *same = seen < ddl->count && is_object(rows, &ddl->objects[seen]);
        seen++;
        code = SQLITE_OK;
    }
    *same = *same && seen == ddl->count;
    (void)sqlite3_finalize(rows); /* its error is `code` */
    return code;
}

static int compare_digest(rm_arena *scratch, sqlite3 *db, uint32_t version, bool *same) {
    sqlite3_stmt *rows = NULL;
    char digest[RM_SCHEMA_DIGEST];
    rm_buf all = {.arena = scratch};
    int code = sqlite3_prepare_v2(db, "SELECT type, name, sql FROM sqlite_schema ORDER BY rowid",
                                  -1, &rows, NULL);
    while (code == SQLITE_OK && all.status == RM_OK && (code = sqlite3_step(rows)) == SQLITE_ROW) {
        rm_schema_say(&all, column_text(rows, 0), column_text(rows, 1), column_text(rows, 2));
        code = SQLITE_OK;
    }
    (void)sqlite3_finalize(rows); /* its error is `code` */
    rm_schema_digest(rm_buf_view(&all), digest);
    *same = all.status == RM_OK && rm_schema_is_known(version, digest);
    return code;
}

static rm_status compare(rm_arena *scratch, sqlite3 *db, uint32_t version, int *code, bool *same) {
    rm_ddl ddl;
    if (version != RM_SCHEMA_VERSION) {
        *code = compare_digest(scratch, db, version, same);
        return RM_OK;
    }
    rm_status st = rm_schema_ddl(scratch, &ddl);
    if (st == RM_OK) {
        *code = compare_schema(db, &ddl, same);
    }
    return st;
}

static rm_status check_schema(rm_arena *arena, sqlite3 *db, uint32_t version, rm_str *why) {
    rm_arena *scratch = rm_arena_new(RM_GUARD_MAX_TEXT);
    int code = SQLITE_OK;
    bool same = false;
    rm_status st = scratch == NULL ? RM_NOMEM : compare(scratch, db, version, &code, &same);
    if (st == RM_OK) {
        st = rm_sqlite_status(arena, db, code, "damaged model", why);
    }
    if (st == RM_OK && !same) {
        st = rm_because(arena, RM_FOREIGN, why,
                        "not a ringmap model (its tables and views are not those of schema %u)",
                        (unsigned)version);
    }
    rm_arena_free(scratch);
    return st;
}

/* One row "ok", else the first thing that is wrong. */
static rm_status check_pages(rm_arena *arena, sqlite3 *db, rm_str *why) {
    sqlite3_stmt *rows = NULL;
    int code = sqlite3_prepare_v2(db, "PRAGMA quick_check(1)", -1, &rows, NULL);
    if (code == SQLITE_OK) {
        code = sqlite3_step(rows);
    }
    rm_status st = rm_sqlite_status(arena, db, code, "damaged model", why);
    if (st == RM_OK && !(code == SQLITE_ROW && rm_str_eq(column_text(rows, 0), RM_STR("ok")))) {
        st = rm_because(arena, RM_FOREIGN, why, "damaged model: %.*s",
                        RM_STR_ARG(column_text(rows, 0)));
    }
    (void)sqlite3_finalize(rows);
    return st;
}

rm_status rm_guard_open(rm_arena *why_arena, rm_str bytes, rm_deadline *deadline, sqlite3 **db,
                        rm_str *why) {
    rm_status st = check_header(why_arena, bytes, why);
    if (st != RM_OK) {
        return st;
    }
    sqlite3 *opened = NULL;
    st = rm_sqlite_status(why_arena, opened, open_bytes(bytes, deadline, &opened), "damaged model",
                          why);
    if (st == RM_OK) {
        st = check_schema(why_arena, opened, rm_guard_version(bytes), why);
    }
    if (st == RM_OK) {
        st = check_pages(why_arena, opened, why);
    }
    if (st == RM_OK) {
        *db = opened;
        return RM_OK;
    }
    (void)sqlite3_close(opened);
    if (deadline->passed) {
        return rm_because(why_arena, RM_FOREIGN, why, "damaged model: it takes too long to check");
    }
    return st == RM_NOMEM ? st
                          : RM_FOREIGN; /* whatever SQLite calls it: the bytes are all it has */
}

rm_status rm_guard_read(rm_arena *arena, rm_arena *why_arena, const char *path, rm_str *bytes,
                        rm_str *why) {
    errno = 0;
    rm_status st = strcmp(path, "-") == 0 ? rm_stdin_read(arena, RM_GUARD_MAX_FILE, bytes)
                                          : rm_file_read(arena, path, RM_GUARD_MAX_FILE, bytes);
    if (st == RM_IO) {
        return rm_because(why_arena, st, why, "cannot read the model: %s",
                          errno == 0 ? "not a regular file" : strerror(errno));
    }
    if (st == RM_LIMIT) {
        return rm_because(why_arena, RM_FOREIGN, why, "the model is too large");
    }
    return st;
}
