#include "db/query.h"

#include <stddef.h>
#include <string.h>

#include "filter_rules.h"
#include "model/principal.h"
#include "rows.h"
#include "sqlite.h"

static rm_str value_of(const rm_filter *filter, const rm_filter_rule *rule) {
    rm_str value;
    memcpy(&value, (const unsigned char *)filter + rule->at, sizeof value);
    return value;
}

/* ---- functions that the conditions call ---- */

static rm_str argument(sqlite3_value *value) {
    const unsigned char *text = sqlite3_value_text(value);
    const int length = sqlite3_value_bytes(value);
    return text == NULL ? RM_STR_NONE : (rm_str){(const char *)text, (size_t)length};
}

/* same_object(a, b): two names of one kernel object; an absent one is the same as nothing. */
static void same_object(sqlite3_context *context, int count, sqlite3_value **arguments) {
    (void)count;
    const rm_str a = argument(arguments[0]);
    const rm_str b = argument(arguments[1]);
    sqlite3_result_int(context, a.len > 0 && b.len > 0 && rm_object_name_eq(a, b));
}

/* control_code(text): the number it writes, NULL for anything else. */
static void control_code(sqlite3_context *context, int count, sqlite3_value **arguments) {
    uint64_t code = 0;
    (void)count;
    if (rm_str_u64(argument(arguments[0]), &code) && code <= UINT32_MAX) {
        sqlite3_result_int64(context, (sqlite3_int64)code);
    } else {
        sqlite3_result_null(context);
    }
}

static int add_functions(sqlite3 *db) {
    const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
    int code = sqlite3_create_function(db, "same_object", 2, flags, NULL, same_object, NULL, NULL);
    if (code == SQLITE_OK) {
        code =
            sqlite3_create_function(db, "control_code", 1, flags, NULL, control_code, NULL, NULL);
    }
    return code;
}

/* ---- are the words and names known ---- */

static rm_status unknown(rm_store *store, rm_str *why, const char *what, rm_str value) {
    return rm_because(store->arena, RM_USAGE, why, "no %s is called '%.*s'", what,
                      RM_STR_ARG(value));
}

static rm_status check_words(rm_store *store, const rm_filter *filter, rm_str *why) {
    rm_validation validation;
    rm_boundary_kind boundary;
    if (filter->validation.len > 0 && !rm_validation_from(filter->validation, &validation)) {
        return unknown(store, why, "validation", filter->validation);
    }
    if (filter->boundary.len > 0 && !rm_boundary_kind_from(filter->boundary, &boundary)) {
        return unknown(store, why, "boundary", filter->boundary);
    }
    return RM_OK;
}

/* low, user and admin become the names that rows carry; other names stay. */
static rm_status resolve_principal(rm_store *store, rm_str *name, bool *builtin) {
    rm_principals principals = {0};
    rm_status st = rm_principals_builtin(store->arena, &principals);
    if (st != RM_OK) {
        return st;
    }
    const uint32_t found = rm_principal_find(&principals, *name);
    *builtin = found != RM_NONE;
    if (*builtin) {
        *name = principals.at[found].name;
    }
    return RM_OK;
}

static int bind_value(sqlite3_stmt *statement, const char *parameter, rm_str value) {
    const int at = sqlite3_bind_parameter_index(statement, parameter);
    return at == 0 ? SQLITE_OK
                   : sqlite3_bind_text64(statement, at, value.ptr, value.len, SQLITE_STATIC,
                                         SQLITE_UTF8);
}

static rm_status check_known(rm_store *store, const rm_filter_rule *rule, rm_str value,
                             rm_str *why) {
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(store->db, rule->known, -1, &statement, NULL);
    if (code == SQLITE_OK) {
        code = bind_value(statement, ":v", value);
    }
    if (code == SQLITE_OK) {
        code = sqlite3_step(statement);
    }
    rm_status st = rm_sqlite_status(store->arena, store->db, code, "query failed", why);
    (void)sqlite3_finalize(statement); /* its error is `code` */
    return st == RM_OK && code != SQLITE_ROW ? unknown(store, why, rule->what, value) : st;
}

static rm_status check_names(rm_store *store, rm_filter *filter, rm_str *why) {
    bool builtin = false;
    rm_status st = filter->from.len > 0 ? resolve_principal(store, &filter->from, &builtin) : RM_OK;
    for (size_t i = 0; i < RM_FILTER_RULE_COUNT && st == RM_OK; i++) {
        const rm_str value = value_of(filter, &rm_filter_rules[i]);
        const bool sure = rm_filter_rules[i].known == NULL || value.len == 0 ||
                          (builtin && rm_filter_rules[i].at == offsetof(rm_filter, from));
        st = sure ? RM_OK : check_known(store, &rm_filter_rules[i], value, why);
    }
    return st;
}

/* ---- the statement ---- */

#define SEVERITY_RANK(row)                                                                         \
    "CASE " row ".severity WHEN 'low' THEN 1 WHEN 'medium' THEN 2 WHEN 'high' THEN 3"              \
    " WHEN 'critical' THEN 4 ELSE 0 END >= "

/* The condition with `:v` made the parameter of its rule, `:v0` … */
static void add_condition(rm_buf *sql, const char *condition, size_t rule) {
    const rm_str mark = RM_STR(":v");
    rm_str rest = rm_str_from(condition);
    size_t at = 0;
    while (rm_str_find(rest, mark, &at)) {
        rm_buf_str(sql, rm_str_slice(rest, 0, at + mark.len));
        rm_buf_printf(sql, "%zu", rule);
        rest = rm_str_slice(rest, at + mark.len, rest.len);
    }
    rm_buf_str(sql, rest);
}

static void add_filter(rm_buf *sql, rm_view_kind kind, size_t rule) {
    const rm_filter_rule *r = &rm_filter_rules[rule];
    const bool by_path = kind == RM_VIEW_PATHS || !r->own;
    const bool by_finding = kind == RM_VIEW_FINDINGS && r->finding != NULL;
    rm_buf_text(sql, " AND (");
    if (by_path) {
        add_condition(sql, r->path, rule);
    }
    if (by_finding) {
        rm_buf_text(sql, by_path ? " OR " : "");
        add_condition(sql, r->finding, rule);
    }
    rm_buf_char(sql, ')');
}

static void add_filters(rm_buf *sql, rm_view_kind kind, const rm_filter *filter) {
    for (size_t i = 0; i < RM_FILTER_RULE_COUNT; i++) {
        if (value_of(filter, &rm_filter_rules[i]).len > 0) {
            add_filter(sql, kind, i);
        }
    }
    if (filter->min_severity > RM_SEVERITY_INFO) {
        rm_buf_text(sql, kind == RM_VIEW_PATHS ? " AND " SEVERITY_RANK("p")
                                               : " AND " SEVERITY_RANK("f"));
        rm_buf_printf(sql, "%u", (unsigned)filter->min_severity);
    }
    if (filter->leads && kind == RM_VIEW_FINDINGS) {
        rm_buf_text(sql, " AND f.part_of IS NULL");
    }
    if (filter->chained) {
        rm_buf_text(sql, " AND instr(p.boundaries, ' > ') > 0");
    }
}

static rm_status write_statement(rm_arena *arena, rm_view_kind kind, const rm_filter *filter,
                                 rm_str *out) {
    rm_buf sql = {.arena = arena};
    rm_buf_text(&sql, kind == RM_VIEW_PATHS
                          ? "SELECT p.* FROM v_path p WHERE 1"
                          : "SELECT f.* FROM v_finding f"
                            " LEFT JOIN v_path p ON p.path_id = f.path_id WHERE 1");
    add_filters(&sql, kind, filter);
    rm_buf_text(&sql, kind == RM_VIEW_PATHS ? " ORDER BY p.rank" : " ORDER BY f.rank");
    if (filter->limit > 0) {
        rm_buf_printf(&sql, " LIMIT %u", filter->limit);
    }
    *out = rm_buf_view(&sql);
    return sql.status;
}

static rm_status bind_filters(rm_store *store, sqlite3_stmt *statement, const rm_filter *filter,
                              rm_str *why) {
    int code = SQLITE_OK;
    for (size_t i = 0; i < RM_FILTER_RULE_COUNT && code == SQLITE_OK; i++) {
        const char name[] = {':', 'v', (char)('0' + i), '\0'};
        const rm_str value = value_of(filter, &rm_filter_rules[i]);
        code = value.len == 0 ? SQLITE_OK : bind_value(statement, name, value);
    }
    return rm_sqlite_status(store->arena, store->db, code, "query failed", why);
}

static rm_status run(rm_store *store, rm_str sql, const rm_filter *filter,
                     const rm_row_taker *taker, rm_str *why) {
    static const rm_sql_limits unlimited = {.rows = UINT32_MAX, .bytes = UINT64_MAX};
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(store->db, sql.ptr, (int)sql.len, &statement, NULL);
    rm_status st = rm_sqlite_status(store->arena, store->db, code, "query failed", why);
    if (st == RM_OK) {
        st = bind_filters(store, statement, filter, why);
    }
    if (st == RM_OK) {
        st = rm_rows_take(store, statement, &unlimited, taker, why);
    }
    (void)sqlite3_finalize(statement); /* repeats the error of the last step */
    return st;
}

/* Filters are ours and their work is linear in the model: this is for models made to be slow. */
enum { FILTER_MILLISECONDS = 60000 };

rm_status rm_query_run(rm_store *store, rm_view_kind kind, const rm_filter *filter,
                       const rm_row_taker *taker, rm_str *why) {
    rm_filter resolved = *filter;
    rm_store_start(store, FILTER_MILLISECONDS);
    rm_str sql = RM_STR_NONE;
    rm_status st =
        rm_sqlite_status(store->arena, store->db, add_functions(store->db), "query failed", why);
    if (st == RM_OK) {
        st = check_words(store, filter, why);
    }
    if (st == RM_OK) {
        st = check_names(store, &resolved, why);
    }
    if (st == RM_OK) {
        st = write_statement(store->arena, kind, &resolved, &sql);
    }
    return st == RM_OK ? run(store, sql, &resolved, taker, why) : st;
}
