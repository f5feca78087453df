#include "load.h"

#include <string.h>

#include "base/platform.h"
#include "db/store.h"
#include "guard.h"
#include "migrate.h"
#include "schema.h"
#include "sqlite.h"

/* A hostile file may be made to be slow; an honest one of the largest size takes a tenth of it. */
enum { LOAD_SECONDS = 60 };

typedef struct reader {
    rm_arena *arena; /* the model's */
    sqlite3 *db;
    rm_image *image;
    rm_str *why;
    bool older; /* its schema may lack tables and columns */
} reader;

/* One value that was read: where, for what it says when it is wrong. */
typedef struct cell {
    sqlite3_stmt *rows;
    int column; /* of the statement */
    unsigned char *item;
    const unsigned char *previous; /* item of the list; NULL for the first */
} cell;

/* ---- values: false when the file does not hold what a column of that kind can hold ---- */

static bool is_null(const cell *c) {
    return sqlite3_column_type(c->rows, c->column) == SQLITE_NULL;
}

static bool read_integer(const cell *c, int64_t least, int64_t most, int64_t *out) {
    if (sqlite3_column_type(c->rows, c->column) != SQLITE_INTEGER) {
        return false;
    }
    const int64_t value = sqlite3_column_int64(c->rows, c->column);
    if (value < least || value > most) {
        return false;
    }
    *out = value;
    return true;
}

static bool read_u32(const cell *c, size_t at, uint32_t most) {
    int64_t value = 0;
    if (!read_integer(c, 0, most, &value)) {
        return false;
    }
    const uint32_t narrow = (uint32_t)value;
    memcpy(c->item + at, &narrow, sizeof narrow);
    return true;
}

static bool read_i64(const cell *c, size_t at, int64_t least, int64_t most) {
    int64_t value = 0;
    if (!read_integer(c, least, most, &value)) {
        return false;
    }
    memcpy(c->item + at, &value, sizeof value);
    return true;
}

static bool read_flag(const cell *c, size_t at) {
    int64_t value = 0;
    if (!read_integer(c, 0, 1, &value)) {
        return false;
    }
    const bool flag = value != 0;
    memcpy(c->item + at, &flag, sizeof flag);
    return true;
}

static void set_u32(const cell *c, size_t at, uint32_t value) {
    memcpy(c->item + at, &value, sizeof value);
}

static void set_flag(const cell *c, size_t at, bool value) {
    memcpy(c->item + at, &value, sizeof value);
}

static bool read_text(const cell *c, rm_str *out) {
    if (sqlite3_column_type(c->rows, c->column) != SQLITE_TEXT) {
        return false;
    }
    const unsigned char *text = sqlite3_column_text(c->rows, c->column);
    const int length = sqlite3_column_bytes(c->rows, c->column);
    if (text == NULL || length < 0) {
        return false;
    }
    *out = (rm_str){(const char *)text, (size_t)length};
    return true;
}

static bool read_word(const cell *c, const rm_column *column) {
    rm_str text;
    uint32_t value = 0;
    if (!read_text(c, &text) || !column->words->value(text, &value)) {
        return false;
    }
    set_u32(c, column->at, value);
    return true;
}

/* Neighbouring rows mostly come from one file: their equal texts are kept once. */
static rm_status keep_text(rm_arena *arena, const cell *c, size_t at, rm_str text) {
    rm_str kept = RM_STR_NONE;
    if (c->previous != NULL) {
        memcpy(&kept, c->previous + at, sizeof kept);
    }
    if (!rm_str_eq(kept, text)) {
        rm_status st = rm_str_copy(arena, text, &kept);
        if (st != RM_OK) {
            return st;
        }
    }
    memcpy(c->item + at, &kept, sizeof kept);
    return RM_OK;
}

static rm_status read_text_column(rm_arena *arena, const cell *c, size_t at) {
    rm_str text;
    if (is_null(c)) {
        return RM_OK; /* the item is zeroed */
    }
    return read_text(c, &text) ? keep_text(arena, c, at, text) : RM_FOREIGN;
}

static bool read_number_column(const cell *c, const rm_column *column) {
    const bool null = is_null(c);
    switch (column->kind) {
    case RM_COLUMN_WORD: return read_word(c, column);
    case RM_COLUMN_WORD_IF:
        set_u32(c, column->at, column->words->count);
        return null || read_word(c, column);
    case RM_COLUMN_FLAG: return read_flag(c, column->at);
    case RM_COLUMN_TRI:
        set_u32(c, column->at, (uint32_t)RM_TRI_UNKNOWN);
        return null || read_u32(c, column->at, RM_TRI_YES);
    case RM_COLUMN_U32: return read_u32(c, column->at, UINT32_MAX);
    case RM_COLUMN_U32_KNOWN: return null || read_u32(c, column->at, UINT32_MAX);
    case RM_COLUMN_U32_IF:
        set_flag(c, column->flag, !null);
        return null || read_u32(c, column->at, UINT32_MAX);
    case RM_COLUMN_U64: return read_i64(c, column->at, 0, INT64_MAX);
    case RM_COLUMN_REF:
    case RM_COLUMN_SUBJECT:
        set_u32(c, column->at, RM_NONE);
        return null || read_u32(c, column->at, RM_NONE - 1);
    case RM_COLUMN_CODE_SENT: {
        const int64_t received = RM_CODE_RECEIVED;
        memcpy(c->item + column->at, &received, sizeof received);
        return null || read_i64(c, column->at, RM_CODE_CHOSEN, UINT32_MAX);
    }
    case RM_COLUMN_TEXT:
    case RM_COLUMN_TEXT_IF: break; /* the caller's */
    }
    return false;
}

static rm_status read_column(rm_arena *arena, const cell *c, const rm_column *column) {
    if (column->kind == RM_COLUMN_TEXT_IF) {
        set_flag(c, column->flag, !is_null(c));
    }
    if (column->kind == RM_COLUMN_TEXT || column->kind == RM_COLUMN_TEXT_IF) {
        return read_text_column(arena, c, column->at);
    }
    return read_number_column(c, column) ? RM_OK : RM_FOREIGN;
}

/* ---- rows and tables ---- */

static rm_status damaged(reader *r, const rm_table *table, uint32_t row, const char *column) {
    return rm_because(r->arena, RM_FOREIGN, r->why, "damaged model: table %s, row %u, column %s",
                      table->name, row, column);
}

static rm_status read_row(reader *r, const rm_table *table, sqlite3_stmt *rows) {
    const uint32_t n = rm_image_list(r->image, table->list).count;
    if (sqlite3_column_int64(rows, 0) != n) {
        return damaged(r, table, n, "n");
    }
    unsigned char *item = rm_image_push(r->arena, r->image, table->list, table->item_size);
    if (item == NULL) {
        return RM_NOMEM;
    }
    cell c = {rows, 0, item, n == 0 ? NULL : item - table->item_size};
    for (const rm_column *column = table->columns; column->name != NULL; column++) {
        c.column++;
        rm_status st = read_column(r->arena, &c, column);
        if (st != RM_OK) {
            return st == RM_FOREIGN ? damaged(r, table, n, column->name) : st;
        }
    }
    return RM_OK;
}

/* ---- an older schema: what it did not have ---- */

static bool has_column(reader *r, const char *table, const char *column) {
    return sqlite3_table_column_metadata(r->db, "main", table, column, NULL, NULL, NULL, NULL,
                                         NULL) == SQLITE_OK;
}

static bool has_table(reader *r, const char *table) {
    return has_column(r, table, "n");
}

/* The word "unknown" where there is one, nothing else that somebody could have meant. */
static const char *missing_word(const rm_words *words) {
    uint32_t unknown = 0;
    return words->value(RM_STR("unknown"), &unknown) ? "unknown" : words->text(0);
}

static void select_missing(sqlite3_str *sql, const rm_column *c) {
    switch (c->kind) {
    case RM_COLUMN_WORD: sqlite3_str_appendf(sql, ", %Q", missing_word(c->words)); break;
    case RM_COLUMN_FLAG:
    case RM_COLUMN_U32:
    case RM_COLUMN_U64: sqlite3_str_appendall(sql, ", 0"); break;
    case RM_COLUMN_TEXT:
    case RM_COLUMN_TEXT_IF:
    case RM_COLUMN_WORD_IF:
    case RM_COLUMN_TRI:
    case RM_COLUMN_U32_KNOWN:
    case RM_COLUMN_U32_IF:
    case RM_COLUMN_REF:
    case RM_COLUMN_SUBJECT:
    case RM_COLUMN_CODE_SENT: sqlite3_str_appendall(sql, ", NULL"); break;
    }
}

static rm_status prepare_select(reader *r, const rm_table *table, sqlite3_stmt **out) {
    sqlite3_str *sql = sqlite3_str_new(r->db);
    sqlite3_str_appendall(sql, "SELECT n");
    for (const rm_column *c = table->columns; c->name != NULL; c++) {
        if (!r->older || has_column(r, table->name, c->name)) {
            sqlite3_str_appendf(sql, ", \"%w\"", c->name);
        } else {
            select_missing(sql, c);
        }
    }
    sqlite3_str_appendf(sql, " FROM \"%w\" NOT INDEXED ORDER BY n", table->name);
    char *text = sqlite3_str_finish(sql);
    const int code = text == NULL ? SQLITE_NOMEM : sqlite3_prepare_v2(r->db, text, -1, out, NULL);
    sqlite3_free(text);
    return rm_sqlite_status(r->arena, r->db, code, "damaged model", r->why);
}

static rm_status read_table(reader *r, const rm_table *table) {
    sqlite3_stmt *rows = NULL;
    if (r->older && !has_table(r, table->name)) {
        return RM_OK;
    }
    rm_status st = prepare_select(r, table, &rows);
    int code = SQLITE_ROW;
    while (st == RM_OK && (code = sqlite3_step(rows)) == SQLITE_ROW) {
        st = read_row(r, table, rows);
    }
    if (st == RM_OK) {
        st = rm_sqlite_status(r->arena, r->db, code, "damaged model", r->why);
    }
    (void)sqlite3_finalize(rows); /* its error is `code` */
    return st;
}

/* ---- references ---- */

static uint32_t u32_at(const unsigned char *item, size_t at) {
    uint32_t value;
    memcpy(&value, item + at, sizeof value);
    return value;
}

static bool refers_to_something(const reader *r, const rm_table *table, const rm_column *column,
                                const unsigned char *item) {
    const uint32_t index = u32_at(item, column->at);
    if (index == RM_NONE) {
        return true;
    }
    const rm_table_id target = rm_column_target(table, column, item);
    return target != RM_TABLE_COUNT &&
           index < rm_image_list(r->image, rm_tables[target].list).count;
}

static rm_status check_column(reader *r, const rm_table *table, const rm_column *column) {
    const rm_any_list list = rm_image_list(r->image, table->list);
    for (uint32_t n = 0; n < list.count; n++) {
        if (!refers_to_something(r, table, column, list.at + (size_t)n * table->item_size)) {
            return damaged(r, table, n, column->name);
        }
    }
    return RM_OK;
}

static rm_status check_references(reader *r, const rm_table *table) {
    rm_status st = RM_OK;
    for (const rm_column *c = table->columns; c->name != NULL && st == RM_OK; c++) {
        if (c->kind == RM_COLUMN_REF || c->kind == RM_COLUMN_SUBJECT) {
            st = check_column(r, table, c);
        }
    }
    return st;
}

/* ---- the whole ---- */

static rm_status read_all(reader *r) {
    rm_status st = RM_OK;
    for (uint32_t t = 0; t < RM_TABLE_COUNT && st == RM_OK; t++) {
        st = read_table(r, &rm_tables[t]);
    }
    for (uint32_t t = 0; t < RM_TABLE_COUNT && st == RM_OK; t++) {
        st = check_references(r, &rm_tables[t]);
    }
    if (st == RM_OK) {
        st = rm_image_settle(r->arena, r->image);
        if (st == RM_FOREIGN) {
            (void)rm_because(r->arena, st, r->why, "damaged model: its steps do not fit its paths");
        }
    }
    return st;
}

rm_status rm_store_load_bytes(rm_str bytes, rm_model *model, rm_str *why) {
    rm_image image = {.model.arena = model->arena};
    reader r = {.arena = model->arena,
                .image = &image,
                .why = why,
                .older = rm_guard_version(bytes) != RM_SCHEMA_VERSION};
    rm_deadline deadline = {.at_ms = rm_clock_ms() + (uint64_t)LOAD_SECONDS * 1000};
    rm_status st = rm_guard_open(r.arena, bytes, &deadline, &r.db, why);
    if (st != RM_OK) {
        return st;
    }
    st = read_all(&r);
    (void)sqlite3_close(r.db);
    if (st == RM_OK) {
        *model = image.model;
    }
    return deadline.passed ? RM_LIMIT : st;
}

rm_status rm_store_load(const char *path, rm_model *model, rm_str *why) {
    rm_arena *file = rm_arena_new(RM_GUARD_MAX_FILE + (RM_GUARD_MAX_FILE >> 4));
    rm_str bytes = RM_STR_NONE;
    rm_status st =
        file == NULL ? RM_NOMEM : rm_bytes_of_model(file, model->arena, path, &bytes, why);
    if (st == RM_OK) {
        st = rm_store_load_bytes(bytes, model, why);
    }
    rm_arena_free(file);
    return st;
}
