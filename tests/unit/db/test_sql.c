#include "db_support.h"

#include "db/query.h"
#include "sql.h"

/* ---- a taker that keeps the rows as text ---- */

typedef struct taken {
    rm_buf text;
    uint32_t rows;
} taken;

static rm_status take_names(void *payload, const rm_str *names, uint32_t count) {
    taken *t = payload;
    for (uint32_t i = 0; i < count; i++) {
        rm_buf_text(&t->text, i == 0 ? "" : "|");
        rm_buf_str(&t->text, names[i]);
    }
    rm_buf_char(&t->text, '\n');
    return t->text.status;
}

static rm_status take_row(void *payload, const rm_cell *cells, uint32_t count) {
    taken *t = payload;
    t->rows++;
    for (uint32_t i = 0; i < count; i++) {
        rm_buf_text(&t->text, i == 0 ? "" : "|");
        switch (cells[i].kind) {
        case RM_CELL_NULL: rm_buf_char(&t->text, '-'); break;
        case RM_CELL_INTEGER: rm_buf_printf(&t->text, "%lld", (long long)cells[i].integer); break;
        case RM_CELL_REAL: rm_buf_printf(&t->text, "%.2f", cells[i].real); break;
        case RM_CELL_TEXT:
        case RM_CELL_BLOB: rm_buf_str(&t->text, cells[i].text); break;
        }
    }
    rm_buf_char(&t->text, '\n');
    return t->text.status;
}

static const rm_sql_limits quick = {
    .milliseconds = 300, .rows = 1000, .bytes = 1 << 20, .memory = 64 << 20};

static rm_status query(struct store_fixture *f, const char *sql, taken *out, rm_str *why) {
    rm_store *store = NULL;
    *out = (taken){.text = {.arena = f->arena}};
    const rm_row_taker taker = {take_names, take_row, out};
    assert_int_equal(rm_store_open(f->path, f->arena, &store, why), RM_OK);
    const rm_status st = rm_query_sql(store, rm_str_from(sql), &quick, &taker, why);
    rm_store_close(store);
    return st;
}

static void answers(struct store_fixture *f, const char *sql, const char *expected) {
    taken t;
    rm_str why = RM_STR_NONE;
    if (query(f, sql, &t, &why) != RM_OK) {
        fail_msg("%s: %.*s", sql, RM_STR_ARG(why));
    }
    assert_str(rm_buf_view(&t.text), expected);
}

static void refuses(struct store_fixture *f, const char *sql, rm_status status,
                    const char *reason) {
    taken t;
    rm_str why = RM_STR_NONE;
    size_t at = 0;
    const rm_status st = query(f, sql, &t, &why);
    if (st != status || !rm_str_find(why, rm_str_from(reason), &at)) {
        fail_msg("%s\ngives %d, %.*s\ninstead of %d, %s", sql, (int)st, RM_STR_ARG(why),
                 (int)status, reason);
    }
}

/* ---- what is answered ---- */

static void rows_come_as_what_they_are(void **state) {
    struct store_fixture *f = *state;
    save(f, f->model);
    answers(f, "SELECT 1 AS a, 2.5 AS b, 'x' AS c, NULL AS d, x'4142' AS e;",
            "a|b|c|d|e\n1|2.50|x|-|AB\n");
    answers(f, "SELECT count(*) AS n FROM v_path", "n\n0\n");
    answers(f, "SELECT severity FROM v_rule WHERE rule = 'DS-04' -- a comment\n",
            "severity\nhigh\n");
}

static void what_analysts_use_is_allowed(void **state) {
    struct store_fixture *f = *state;
    save(f, f->model);
    answers(f, "SELECT value FROM json_each('[3,4]')", "value\n3\n4\n");
    answers(f, "SELECT '{\"a\":5}' ->> 'a' AS a", "a\n5\n");
    answers(f,
            "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 3) "
            "SELECT group_concat(n, ',') AS all_n FROM r",
            "all_n\n1,2,3\n");
    answers(f, "SELECT row_number() OVER (ORDER BY family) AS i, family FROM sink_classes LIMIT 1",
            "i|family\n1|code_exec\n");
    answers(f, "SELECT count(*) > 20 AS many FROM sqlite_schema WHERE type = 'view'", "many\n1\n");
    answers(f, "SELECT upper('a') LIKE 'A' AS same, 'abc' GLOB 'a*' AS fits", "same|fits\n1|1\n");
}

/* ---- what is refused ---- */

static void whatever_would_write_is_refused(void **state) {
    static const char *const probes[] = {
        "INSERT INTO drivers(n) VALUES (1)",
        "UPDATE paths SET score = 0",
        "DELETE FROM findings",
        "DROP VIEW v_path",
        "CREATE TABLE t(x)",
        "CREATE TEMP TABLE t(x)",
        "CREATE TEMP VIEW v AS SELECT 1",
        "CREATE TEMP TRIGGER t AFTER INSERT ON drivers BEGIN SELECT 1; END",
        "ALTER TABLE drivers RENAME TO d",
        "VACUUM",
        "VACUUM INTO '/tmp/ringmap-stolen.db'",
        "ATTACH '/etc/passwd' AS p",
        "ATTACH ':memory:' AS m",
        "DETACH main",
        "PRAGMA user_version = 9",
        "PRAGMA writable_schema = ON",
        "PRAGMA journal_mode = WAL",
        "PRAGMA table_info(drivers)",
        "BEGIN",
        "SAVEPOINT s",
        "REINDEX",
        "ANALYZE",
        "REPLACE INTO drivers(n) VALUES (1)",
        "WITH t AS (SELECT 1) INSERT INTO drivers(n) SELECT * FROM t",
        "INSERT INTO drivers(n) VALUES (1) RETURNING n",
        "CREATE VIRTUAL TABLE temp.t USING fts5(x)",
    };
    struct store_fixture *f = *state;
    save(f, f->model);
    for (size_t i = 0; i < sizeof probes / sizeof probes[0]; i++) {
        refuses(f, probes[i], RM_USAGE, "refused");
    }
    assert_int_equal(access("/tmp/ringmap-stolen.db", F_OK), -1);
}

static void functions_that_work_long_or_reach_out_are_refused_by_name(void **state) {
    static const char *const probes[] = {
        "printf('%.*c', 500000000, 'x')",
        "format('%d', 1)",
        "zeroblob(500000000)",
        "randomblob(10)",
        "random()",
        "load_extension('x')",
        "readfile('/etc/passwd')",
        "fts3_tokenizer('x')",
        "sqlite_version()",
        "datetime('now')",
        "current_timestamp",
        "same_object('a', 'b')",
    };
    struct store_fixture *f = *state;
    save(f, f->model);
    for (size_t i = 0; i < sizeof probes / sizeof probes[0]; i++) {
        rm_str sql;
        assert_int_equal(rm_str_printf(f->arena, &sql, "SELECT %s", probes[i]), RM_OK);
        refuses(f, sql.ptr, RM_USAGE, "refused");
    }
    refuses(f, "SELECT printf('%.*c', 500000000, 'x')", RM_USAGE, "printf is not allowed");
}

static void the_allowed_functions_are_sorted(void **state) {
    (void)state;
    for (size_t i = 1; i < rm_sql_function_count; i++) {
        if (rm_str_icmp(rm_str_from(rm_sql_functions[i - 1]), rm_str_from(rm_sql_functions[i])) >=
            0) {
            fail_msg("%s is out of order", rm_sql_functions[i]);
        }
    }
}

static void one_statement_and_no_more(void **state) {
    struct store_fixture *f = *state;
    save(f, f->model);
    refuses(f, "SELECT 1; DROP TABLE paths", RM_USAGE, "more than one statement");
    refuses(f, "SELECT 1; SELECT 2", RM_USAGE, "more than one statement");
    refuses(f, "", RM_USAGE, "there is no statement");
    refuses(f, "-- nothing", RM_USAGE, "there is no statement");
    refuses(f, "SELEC 1", RM_USAGE, "syntax error");
    answers(f, "SELECT 1 AS a; ; -- the end\n ;", "a\n1\n");
}

static void what_never_ends_is_stopped(void **state) {
    static const char *const probes[] = {
        "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT max(n) FROM r",
        "SELECT count(*) FROM sink_classes a, sink_classes b, sink_classes c, sink_classes d, "
        "sink_classes e, sink_classes f",
    };
    struct store_fixture *f = *state;
    save(f, f->model);
    for (size_t i = 0; i < sizeof probes / sizeof probes[0]; i++) {
        refuses(f, probes[i], RM_LIMIT, "took too long");
    }
}

static void what_grows_without_end_is_stopped(void **state) {
    static const char *const probes[] = {
        "WITH RECURSIVE r(s) AS (SELECT 'xxxxxxxxxxxxxxxx' UNION ALL SELECT s || s FROM r) "
        "SELECT length(s) FROM r",
        "SELECT replace(replace(replace(replace(hex('aaaaaaaaaaaaaaaa'), '6', hex('bbbbbbbbbbbb')),"
        "'6', hex('cccccccccccccccc')), '6', hex('dddddddddddddddd')), '6', hex('eeeeeeeeeeee'))",
        "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r LIMIT 2000) SELECT n FROM "
        "r",
        "SELECT group_concat(a.title || b.title) FROM sink_classes a, sink_classes b, "
        "sink_classes c",
    };
    struct store_fixture *f = *state;
    save(f, f->model);
    for (size_t i = 0; i < sizeof probes / sizeof probes[0]; i++) {
        taken t;
        rm_str why = RM_STR_NONE;
        assert_int_equal(query(f, probes[i], &t, &why), RM_LIMIT);
        assert_true(why.len > 0);
    }
}

static void a_refusal_leaves_the_model_usable(void **state) {
    struct store_fixture *f = *state;
    rm_store *store = NULL;
    rm_str why = RM_STR_NONE;
    taken t = {.text = {.arena = f->arena}};
    const rm_row_taker taker = {take_names, take_row, &t};
    save(f, f->model);
    assert_int_equal(rm_store_open(f->path, f->arena, &store, &why), RM_OK);
    assert_int_equal(rm_query_sql(store, RM_STR("DROP TABLE paths"), &quick, &taker, &why),
                     RM_USAGE);
    assert_int_equal(
        rm_query_sql(store, RM_STR("SELECT count(*) AS n FROM paths"), &quick, &taker, &why),
        RM_OK);
    assert_str(rm_buf_view(&t.text), "n\n0\n");
    rm_store_close(store);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_STORE(rows_come_as_what_they_are),
        WITH_STORE(what_analysts_use_is_allowed),
        WITH_STORE(whatever_would_write_is_refused),
        WITH_STORE(functions_that_work_long_or_reach_out_are_refused_by_name),
        cmocka_unit_test(the_allowed_functions_are_sorted),
        WITH_STORE(one_statement_and_no_more),
        WITH_STORE(what_never_ends_is_stopped),
        WITH_STORE(what_grows_without_end_is_stopped),
        WITH_STORE(a_refusal_leaves_the_model_usable),
    };
    return cmocka_run_group_tests_name("sql", tests, NULL, NULL);
}
