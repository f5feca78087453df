#include "db/query.h"

#include <stdlib.h>

#include "rows.h"
#include "sql.h"
#include "sqlite.h"

const rm_sql_limits rm_sql_default_limits = {
    .milliseconds = 10000,
    .rows = 1000000,
    .bytes = (uint64_t)256 << 20,
    .memory = (uint64_t)256 << 20,
};

/*
 * What SQL may call, sorted. An allow-list: a single call of printf or zeroblob can work for
 * seconds before SQLite next looks at the clock, and load_extension needs no word. Nothing here
 * asks the clock or chance: the same question has the same answer.
 */
const char *const rm_sql_functions[] = {
    "->",
    "->>",
    "abs",
    "avg",
    "ceil",
    "char",
    "coalesce",
    "count",
    "cume_dist",
    "dense_rank",
    "first_value",
    "floor",
    "glob",
    "group_concat",
    "hex",
    "ifnull",
    "iif",
    "instr",
    "json",
    "json_array",
    "json_array_length",
    "json_extract",
    "json_group_array",
    "json_group_object",
    "json_object",
    "json_quote",
    "json_type",
    "json_valid",
    "lag",
    "last_value",
    "lead",
    "length",
    "like",
    "lower",
    "ltrim",
    "max",
    "min",
    "mod",
    "nth_value",
    "ntile",
    "nullif",
    "percent_rank",
    "quote",
    "rank",
    "replace",
    "round",
    "row_number",
    "rtrim",
    "sign",
    "substr",
    "substring",
    "sum",
    "total",
    "trim",
    "trunc",
    "typeof",
    "unicode",
    "upper",
};
const size_t rm_sql_function_count = sizeof rm_sql_functions / sizeof rm_sql_functions[0];

static int by_name(const void *key, const void *item) {
    return rm_str_icmp(*(const rm_str *)key, rm_str_from(*(const char *const *)item));
}

static bool is_allowed_function(const char *name) {
    const rm_str key = rm_str_from(name);
    return bsearch(&key, rm_sql_functions, rm_sql_function_count, sizeof rm_sql_functions[0],
                   by_name) != NULL;
}

typedef struct judge {
    bool views_only;
    const char *refused; /* the function that was not allowed, for the message; NULL: none */
    char name[64];
} judge;

/*
 * Views may read tables; a statement of its own may read views, and arrays as tables. SQLite names
 * no database where rows are only counted.
 */
static bool may_read(const judge *j, const char *table, const char *database, const char *view) {
    if (table == NULL || !j->views_only || database == NULL) {
        return table != NULL;
    }
    const rm_str name = rm_str_from(table);
    return rm_str_istarts(rm_str_from(view), RM_STR("v_")) || rm_str_istarts(name, RM_STR("v_")) ||
           rm_str_ieq(name, RM_STR("json_each")) || rm_str_ieq(name, RM_STR("json_tree"));
}

static void remember(judge *j, const char *name) {
    (void)sqlite3_snprintf(sizeof j->name, j->name, "%s", name);
    j->refused = j->name;
}

/* Called by SQLite for everything a statement would do, when it is prepared. */
static int authorize(void *payload, int action, const char *first, const char *second,
                     const char *database, const char *view) {
    judge *j = payload;
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE: return SQLITE_OK;
    case SQLITE_READ: return may_read(j, first, database, view) ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_FUNCTION:
        if (second != NULL && is_allowed_function(second)) {
            return SQLITE_OK;
        }
        remember(j, second == NULL ? "?" : second);
        return SQLITE_DENY;
    default: return SQLITE_DENY;
    }
}

/* An authorizer that denies by default also denies making these; made once, they stay. */
static int make_table_functions(sqlite3 *db) {
    return sqlite3_exec(db, "SELECT 1 FROM json_each('[]'); SELECT 1 FROM json_tree('[]')", NULL,
                        NULL, NULL);
}

static rm_status refuse(rm_store *store, const judge *j, rm_str *why) {
    if (j->refused != NULL) {
        return rm_because(store->arena, RM_USAGE, why, "refused: the function %s is not allowed",
                          j->refused);
    }
    return rm_because(store->arena, RM_USAGE, why, "refused: %s", sqlite3_errmsg(store->db));
}

/* Nothing but blanks, comments and semicolons after the first statement. */
static bool is_alone(sqlite3 *db, const char *tail, const char *end) {
    while (tail < end) {
        sqlite3_stmt *next = NULL;
        const char *rest = end;
        const int code = sqlite3_prepare_v2(db, tail, (int)(end - tail), &next, &rest);
        const bool empty = code == SQLITE_OK && next == NULL;
        (void)sqlite3_finalize(next);
        if (!empty) {
            return false;
        }
        if (rest <= tail) {
            break;
        }
        tail = rest;
    }
    return true;
}

static rm_status prepare(rm_store *store, rm_str sql, judge *j, sqlite3_stmt **out, rm_str *why) {
    const char *tail = NULL;
    sqlite3_stmt *statement = NULL;
    const int code = sqlite3_prepare_v2(store->db, sql.ptr, (int)sql.len, &statement, &tail);
    if (code != SQLITE_OK) {
        return store->deadline.passed
                   ? rm_because(store->arena, RM_LIMIT, why, "stopped: it took too long")
                   : refuse(store, j, why);
    }
    rm_status st = RM_OK;
    if (statement == NULL) {
        st = rm_because(store->arena, RM_USAGE, why, "refused: there is no statement");
    } else if (!sqlite3_stmt_readonly(statement)) {
        st = rm_because(store->arena, RM_USAGE, why, "refused: it would write");
    } else if (!is_alone(store->db, tail, sql.ptr + sql.len)) {
        st = rm_because(store->arena, RM_USAGE, why, "refused: more than one statement");
    }
    if (st != RM_OK) {
        (void)sqlite3_finalize(statement);
        return st;
    }
    *out = statement;
    return RM_OK;
}

static rm_status run(rm_store *store, rm_str sql, const rm_sql_limits *limits,
                     const rm_row_taker *taker, rm_str *why) {
    judge j = {.views_only = limits->views_only};
    sqlite3_stmt *statement = NULL;
    (void)sqlite3_set_authorizer(store->db, authorize, &j);
    rm_status st = prepare(store, sql, &j, &statement, why);
    if (st == RM_OK) {
        st = rm_rows_take(store, statement, limits, taker, why);
    }
    (void)sqlite3_finalize(statement); /* repeats the error of the last step */
    (void)sqlite3_set_authorizer(store->db, NULL, NULL);
    return st;
}

/* One value of an answer: what one function call may work on before the clock is asked again. */
enum { MAX_VALUE = 1 << 20, MAX_SQL = 1 << 20 };

rm_status rm_query_sql(rm_store *store, rm_str sql, const rm_sql_limits *limits,
                       const rm_row_taker *taker, rm_str *why) {
    if (sql.len > MAX_SQL) {
        return rm_because(store->arena, RM_USAGE, why, "refused: the SQL is longer than 1 MiB");
    }
    size_t at = 0;
    if (sql.len == 0 || rm_str_find_char(sql, '\0', &at)) {
        return rm_because(store->arena, RM_USAGE, why, "refused: %s",
                          sql.len == 0 ? "there is no statement" : "a NUL byte in the SQL");
    }
    rm_store_start(store, limits->milliseconds);
    int code = make_table_functions(store->db);
    if (code != SQLITE_OK) {
        return rm_sqlite_status(store->arena, store->db, code, "query failed", why);
    }
    const int length = sqlite3_limit(store->db, SQLITE_LIMIT_LENGTH, MAX_VALUE);
    const sqlite3_int64 heap =
        sqlite3_hard_heap_limit64(sqlite3_memory_used() + (sqlite3_int64)limits->memory);
    rm_status st = run(store, sql, limits, taker, why);
    (void)sqlite3_hard_heap_limit64(heap);
    (void)sqlite3_limit(store->db, SQLITE_LIMIT_LENGTH, length);
    return st;
}
