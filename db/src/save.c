#include "save.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "base/platform.h"
#include "schema.h"
#include "sqlite.h"

/* Rows in one INSERT: measured about twice as fast as one by one; more gains little. */
enum { ROWS_AT_ONCE = 8 };

typedef struct writer {
    rm_arena *arena; /* of this save: the image, statements */
    sqlite3 *db;
    rm_image image;
    rm_arena *why_arena;
    rm_str *why;
} writer;

static rm_status done(writer *w, int code, const char *what) {
    return rm_sqlite_status(w->why_arena, w->db, code, what, w->why);
}

static rm_status run(writer *w, const char *sql) {
    return done(w, sqlite3_exec(w->db, sql, NULL, NULL, NULL), "cannot write the model");
}

/* ---- binding ---- */

static int bind_text(sqlite3_stmt *into, int i, rm_str text, bool empty_is_null) {
    if (text.len == 0) {
        return empty_is_null ? sqlite3_bind_null(into, i)
                             : sqlite3_bind_text(into, i, "", 0, SQLITE_STATIC);
    }
    return sqlite3_bind_text64(into, i, text.ptr, text.len, SQLITE_STATIC, SQLITE_UTF8);
}

static int bind_unless(sqlite3_stmt *into, int i, bool null, int64_t value) {
    return null ? sqlite3_bind_null(into, i) : sqlite3_bind_int64(into, i, value);
}

static int bind_word(sqlite3_stmt *into, int i, const rm_words *words, uint32_t value) {
    return sqlite3_bind_text(into, i, words->text(value), -1, SQLITE_STATIC);
}

static bool flag_at(const unsigned char *item, size_t at) {
    bool value;
    memcpy(&value, item + at, sizeof value);
    return value;
}

static uint32_t u32_at(const unsigned char *item, size_t at) {
    uint32_t value;
    memcpy(&value, item + at, sizeof value);
    return value;
}

static int64_t i64_at(const unsigned char *item, size_t at) {
    int64_t value;
    memcpy(&value, item + at, sizeof value);
    return value;
}

static rm_str str_at(const unsigned char *item, size_t at) {
    rm_str value;
    memcpy(&value, item + at, sizeof value);
    return value;
}

static int bind_column(sqlite3_stmt *into, int i, const rm_column *c, const unsigned char *item) {
    const size_t at = c->at;
    switch (c->kind) {
    case RM_COLUMN_TEXT: return bind_text(into, i, str_at(item, at), true);
    case RM_COLUMN_TEXT_IF:
        return flag_at(item, c->flag) ? bind_text(into, i, str_at(item, at), false)
                                      : sqlite3_bind_null(into, i);
    case RM_COLUMN_WORD: return bind_word(into, i, c->words, u32_at(item, at));
    case RM_COLUMN_WORD_IF:
        return u32_at(item, at) < c->words->count ? bind_word(into, i, c->words, u32_at(item, at))
                                                  : sqlite3_bind_null(into, i);
    case RM_COLUMN_FLAG: return sqlite3_bind_int64(into, i, flag_at(item, at));
    case RM_COLUMN_TRI: {
        const int32_t value = (int32_t)u32_at(item, at);
        return bind_unless(into, i, value == RM_TRI_UNKNOWN, value);
    }
    case RM_COLUMN_U32: return sqlite3_bind_int64(into, i, u32_at(item, at));
    case RM_COLUMN_U32_KNOWN: return bind_unless(into, i, u32_at(item, at) == 0, u32_at(item, at));
    case RM_COLUMN_U32_IF: return bind_unless(into, i, !flag_at(item, c->flag), u32_at(item, at));
    case RM_COLUMN_REF:
    case RM_COLUMN_SUBJECT:
        return bind_unless(into, i, u32_at(item, at) == RM_NONE, u32_at(item, at));
    case RM_COLUMN_U64: return sqlite3_bind_int64(into, i, i64_at(item, at));
    case RM_COLUMN_CODE_SENT:
        return bind_unless(into, i, i64_at(item, at) == RM_CODE_RECEIVED, i64_at(item, at));
    }
    return SQLITE_MISUSE;
}

/* ---- inserting ---- */

static uint32_t column_count(const rm_table *table) {
    uint32_t count = 0;
    while (table->columns[count].name != NULL) {
        count++;
    }
    return count;
}

static rm_status prepare_insert(writer *w, const rm_table *table, uint32_t rows,
                                sqlite3_stmt **out) {
    rm_buf sql = {.arena = w->arena};
    const uint32_t columns = column_count(table);
    rm_buf_printf(&sql, "INSERT INTO \"%s\" VALUES ", table->name);
    for (uint32_t row = 0; row < rows; row++) {
        rm_buf_text(&sql, row == 0 ? "(?" : ",(?");
        for (uint32_t column = 0; column < columns; column++) {
            rm_buf_text(&sql, ",?");
        }
        rm_buf_char(&sql, ')');
    }
    if (sql.status != RM_OK) {
        return sql.status;
    }
    return done(w, sqlite3_prepare_v2(w->db, sql.ptr, (int)sql.len, out, NULL), table->name);
}

/* Items first … first + rows - 1 into the prepared statement, and off with them. */
static int insert_rows(sqlite3_stmt *into, const rm_table *table, const rm_any_list *list,
                       uint32_t first, uint32_t rows) {
    int parameter = 1;
    int code = SQLITE_OK;
    for (uint32_t n = first; n < first + rows; n++) {
        const unsigned char *item = list->at + (size_t)n * table->item_size;
        code = sqlite3_bind_int64(into, parameter++, n);
        for (const rm_column *c = table->columns; c->name != NULL && code == SQLITE_OK; c++) {
            code = bind_column(into, parameter++, c, item);
        }
        if (code != SQLITE_OK) {
            return code;
        }
    }
    code = sqlite3_step(into);
    const int reset = sqlite3_reset(into);
    return code == SQLITE_DONE ? reset : code;
}

static rm_status insert_range(writer *w, const rm_table *table, const rm_any_list *list,
                              uint32_t first, uint32_t end, uint32_t rows_at_once) {
    sqlite3_stmt *into = NULL;
    rm_status st = first < end ? prepare_insert(w, table, rows_at_once, &into) : RM_OK;
    for (uint32_t n = first; n < end && st == RM_OK; n += rows_at_once) {
        st = done(w, insert_rows(into, table, list, n, rows_at_once), table->name);
    }
    (void)sqlite3_finalize(into); /* repeats the error of the last step */
    return st;
}

static rm_status insert_table(writer *w, const rm_table *table) {
    const rm_any_list list = rm_image_list(&w->image, table->list);
    const uint32_t whole = list.count - list.count % ROWS_AT_ONCE;
    rm_status st = insert_range(w, table, &list, 0, whole, ROWS_AT_ONCE);
    if (st == RM_OK) {
        st = insert_range(w, table, &list, whole, list.count, 1);
    }
    return st;
}

/* ---- the file ---- */

static rm_status create(writer *w, const rm_object *objects, uint32_t count) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; i < count && st == RM_OK; i++) {
        st = run(w, objects[i].sql.ptr);
    }
    return st;
}

/*
 * Nobody else sees the temporary file and a torn one is thrown away, so there is no journal; the
 * commit of the replacement syncs. Page size and the like are set, not left to the build of SQLite:
 * the same model gives the same bytes.
 */
static rm_status begin(writer *w) {
    static const char *const settings[] = {
        "PRAGMA page_size = 4096",    "PRAGMA encoding = 'UTF-8'",
        "PRAGMA auto_vacuum = NONE",  "PRAGMA journal_mode = OFF",
        "PRAGMA synchronous = OFF",   "PRAGMA locking_mode = EXCLUSIVE",
        "PRAGMA temp_store = MEMORY", "PRAGMA cache_size = -65536",
    };
    rm_status st = RM_OK;
    for (size_t i = 0; i < sizeof settings / sizeof settings[0] && st == RM_OK; i++) {
        st = run(w, settings[i]);
    }
    rm_str stamp = RM_STR_NONE;
    if (st == RM_OK) {
        st = rm_str_printf(w->arena, &stamp,
                           "PRAGMA application_id = %d; PRAGMA user_version = %d; BEGIN",
                           RM_APPLICATION_ID, RM_SCHEMA_VERSION);
    }
    return st == RM_OK ? run(w, stamp.ptr) : st;
}

static rm_status write_all(writer *w) {
    rm_ddl ddl;
    rm_status st = rm_schema_ddl(w->arena, &ddl);
    if (st == RM_OK) {
        st = begin(w);
    }
    if (st == RM_OK) {
        st = create(w, ddl.objects, ddl.tables);
    }
    for (uint32_t t = 0; t < RM_TABLE_COUNT && st == RM_OK; t++) {
        st = insert_table(w, &rm_tables[t]);
    }
    if (st == RM_OK) {
        st = create(w, ddl.objects + ddl.tables, ddl.count - ddl.tables);
    }
    return st == RM_OK ? run(w, "COMMIT") : st;
}

static rm_status take_bytes(writer *w, rm_arena *arena, rm_str *out) {
    sqlite3_int64 size = 0;
    unsigned char *bytes = sqlite3_serialize(w->db, "main", &size, 0);
    if (bytes == NULL) {
        return RM_NOMEM;
    }
    rm_status st = rm_str_copy(arena, (rm_str){(const char *)bytes, (size_t)size}, out);
    sqlite3_free(bytes);
    return st;
}

/* `path` may be ":memory:"; then the file's bytes are wanted, in `bytes_arena`. */
static rm_status write_database(writer *w, const char *path, rm_arena *bytes_arena, rm_str *bytes) {
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    rm_status st = done(w, sqlite3_open_v2(path, &w->db, flags, NULL), "cannot write the model");
    if (st == RM_OK) {
        st = write_all(w);
    }
    if (st == RM_OK && bytes != NULL) {
        st = take_bytes(w, bytes_arena, bytes);
    }
    const int closed = sqlite3_close(w->db);
    w->db = NULL;
    return st == RM_OK ? done(w, closed, "cannot close the model") : st;
}

/* Memory for the lists made beside the model: steps, statements. */
enum { SAVE_ARENA = INT_MAX };

static rm_status save(writer *w, const rm_model *model, const char *path) {
    rm_str temp = RM_STR_NONE;
    rm_status st = rm_image_of(w->arena, model, &w->image);
    if (st != RM_OK) {
        return st;
    }
    st = rm_replace_begin(w->arena, path, &temp);
    if (st != RM_OK) {
        return rm_because(w->why_arena, st, w->why, "cannot create the model: %s", strerror(errno));
    }
    st = write_database(w, temp.ptr, NULL, NULL);
    if (st == RM_OK) {
        st = rm_replace_commit(temp.ptr, path);
        if (st != RM_OK) {
            (void)rm_because(w->why_arena, st, w->why, "cannot put the model into place: %s",
                             strerror(errno));
        }
    }
    if (st != RM_OK) {
        rm_replace_abort(temp.ptr);
    }
    return st;
}

rm_status rm_store_save(const rm_model *model, const char *path, rm_str *why) {
    writer w = {.arena = rm_arena_new(SAVE_ARENA), .why_arena = model->arena, .why = why};
    if (w.arena == NULL) {
        return RM_NOMEM;
    }
    rm_status st = save(&w, model, path);
    rm_arena_free(w.arena);
    return st;
}

rm_status rm_save_bytes(rm_arena *arena, const rm_model *model, rm_str *out, rm_str *why) {
    writer w = {.arena = rm_arena_new(SAVE_ARENA), .why_arena = arena, .why = why};
    if (w.arena == NULL) {
        return RM_NOMEM;
    }
    rm_status st = rm_image_of(w.arena, model, &w.image);
    if (st == RM_OK) {
        st = write_database(&w, ":memory:", arena, out);
    }
    rm_arena_free(w.arena);
    return st;
}
