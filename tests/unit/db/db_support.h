#ifndef TESTS_UNIT_DB_SUPPORT_H
#define TESTS_UNIT_DB_SUPPORT_H

/* A model in a file of its own, and what SQLite says about it. */
#include "support.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/store.h"

struct store_fixture {
    rm_arena *arena; /* for texts of the test */
    rm_model *model;
    rm_model *loaded;
    char folder[64];
    char path[96];
};

static inline int store_setup(void **state) {
    struct store_fixture *f = calloc(1, sizeof *f);
    if (f == NULL) {
        return 1;
    }
    f->arena = rm_arena_new((size_t)1 << 28);
    f->model = rm_model_new((size_t)1 << 28);
    f->loaded = rm_model_new((size_t)1 << 28);
    (void)snprintf(f->folder, sizeof f->folder, "/tmp/ringmap-db-XXXXXX");
    if (mkdtemp(f->folder) == NULL) {
        return 1;
    }
    (void)snprintf(f->path, sizeof f->path, "%s/model.db", f->folder);
    *state = f;
    return f->arena == NULL || f->model == NULL || f->loaded == NULL;
}

static inline int store_teardown(void **state) {
    struct store_fixture *f = *state;
    (void)unlink(f->path);
    if (rmdir(f->folder) != 0) { /* it fails when a temporary file was left behind */
        print_error("%s is not empty\n", f->folder);
        return 1;
    }
    rm_model_free(f->model);
    rm_model_free(f->loaded);
    rm_arena_free(f->arena);
    free(f);
    return 0;
}

#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, store_setup, store_teardown)

static inline void save(struct store_fixture *f, const rm_model *model) {
    rm_str why = RM_STR_NONE;
    if (rm_store_save(model, f->path, &why) != RM_OK) {
        fail_msg("cannot save: %.*s", RM_STR_ARG(why));
    }
}

static inline void load(struct store_fixture *f) {
    rm_str why = RM_STR_NONE;
    if (rm_store_load(f->path, f->loaded, &why) != RM_OK) {
        fail_msg("cannot load: %.*s", RM_STR_ARG(why));
    }
}

/* Changes the saved file as its owner could. */
static inline void change(struct store_fixture *f, const char *sql) {
    sqlite3 *db = NULL;
    char *error = NULL;
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &error) != SQLITE_OK) {
        fail_msg("%s: %s", sql, error);
    }
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* The rows of a statement as text: columns separated by '|', NULL as "-", rows ended by '\n'. */
static inline const char *ask(struct store_fixture *f, const char *sql) {
    sqlite3 *db = NULL;
    sqlite3_stmt *rows = NULL;
    rm_buf out = {.arena = f->arena};
    assert_int_equal(sqlite3_open_v2(f->path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    if (sqlite3_prepare_v2(db, sql, -1, &rows, NULL) != SQLITE_OK) {
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    }
    while (sqlite3_step(rows) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(rows); i++) {
            const unsigned char *text = sqlite3_column_text(rows, i);
            rm_buf_text(&out, i == 0 ? "" : "|");
            rm_buf_text(&out, text == NULL ? "-" : (const char *)text);
        }
        rm_buf_char(&out, '\n');
    }
    rm_buf_char(&out, '\0');
    assert_int_equal(sqlite3_finalize(rows), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    assert_int_equal(out.status, RM_OK);
    return out.ptr;
}

#endif
