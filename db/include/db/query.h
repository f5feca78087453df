#ifndef DB_QUERY_H
#define DB_QUERY_H

#include "model/model.h"

/*
 * Questions to a stored model: the filters of `paths` and `findings`, and SQL of the user's own. A
 * model is a stranger's file: it is opened as rm_store_load() opens it, and nothing here writes.
 */
typedef struct rm_store rm_store;

/*
 * `path` "-" is standard input. RM_IO when it cannot be read, RM_FOREIGN when it is no model, newer
 * or damaged; *why (in `arena`) says which, or, with RM_OK, that an older one was brought up to
 * date on a copy. Close with rm_store_close().
 */
rm_status rm_store_open(const char *path, rm_arena *arena, rm_store **out,
                        rm_str *why) RM_CHECK_RESULT;
void rm_store_close(rm_store *store); /* NULL is fine */

/* The same over a linked and derived model in memory, as it would be written. */
rm_status rm_store_of(const rm_model *model, rm_arena *arena, rm_store **out,
                      rm_str *why) RM_CHECK_RESULT;

/* ---- answers ---- */

typedef enum rm_cell_kind {
    RM_CELL_NULL,
    RM_CELL_INTEGER,
    RM_CELL_REAL,
    RM_CELL_TEXT,
    RM_CELL_BLOB
} rm_cell_kind;

typedef struct rm_cell {
    rm_cell_kind kind;
    int64_t integer;
    double real;
    rm_str text; /* TEXT and BLOB: bytes, hostile; valid during the call */
} rm_cell;

/*
 * Who takes the rows: columns() once, first, then row() for each. Another status than RM_OK ends
 * the query, which returns it.
 */
typedef struct rm_row_taker {
    rm_status (*columns)(void *payload, const rm_str *names, uint32_t count);
    rm_status (*row)(void *payload, const rm_cell *cells, uint32_t count);
    void *payload;
} rm_row_taker;

/* ---- filters ---- */

/* Empty texts, RM_SEVERITY_INFO, false and 0 filter nothing. */
typedef struct rm_filter {
    rm_str from;       /* a principal; low, user and admin too */
    rm_str app;        /* Package!App, App, Package, program or id */
    rm_str device;     /* the device or one of its doors, by name or id */
    rm_str driver;     /* any that the request passes, by name or id */
    rm_str entry;      /* what is sent at the door: name, code or id */
    rm_str sink;       /* class or family */
    rm_str rule;       /* of a finding; paths: those with such a finding */
    rm_str validation; /* of the path */
    rm_str boundary;   /* a kind that it crosses */
    rm_severity min_severity;
    bool chained;   /* crosses more than one boundary */
    bool leads;     /* findings that are no part of another */
    uint32_t limit; /* rows */
} rm_filter;

typedef enum rm_view_kind { RM_VIEW_PATHS, RM_VIEW_FINDINGS } rm_view_kind;

/*
 * The rows of v_path or v_finding that pass every filter, worst first, all columns of the view. A
 * finding passes a filter of paths when its path does, or when its subject is what is asked for.
 * RM_USAGE with *why when a name is in no such place of the model or a word is none of its kind.
 */
rm_status rm_query_run(rm_store *store, rm_view_kind kind, const rm_filter *filter,
                       const rm_row_taker *taker, rm_str *why) RM_CHECK_RESULT;

/* The public views, in the order of the contract; NULL past the last. */
const char *rm_query_view(uint32_t index);

/* ---- SQL of the user's own ---- */

typedef struct rm_sql_limits {
    uint32_t milliseconds;
    uint32_t rows;
    uint64_t bytes;  /* of all cells together */
    uint64_t memory; /* of SQLite */
    bool views_only; /* refuse the tables behind the public views */
} rm_sql_limits;

extern const rm_sql_limits rm_sql_default_limits;

/*
 * One SELECT (or EXPLAIN) over the model. RM_USAGE with *why for SQL that is wrong, that would
 * write, attach, load or call what is not allowed, and for more than one statement; RM_LIMIT with
 * *why when a limit is reached.
 */
rm_status rm_query_sql(rm_store *store, rm_str sql, const rm_sql_limits *limits,
                       const rm_row_taker *taker, rm_str *why) RM_CHECK_RESULT;

/* ---- named queries ---- */

/* A question that review boards ask, as SQL: one file each in db/queries (docs/questions.md). */
typedef struct rm_named_query {
    const char *name;
    const char *question;
    const char *sql;
} rm_named_query;

const rm_named_query *rm_named_queries(uint32_t *count); /* sorted by name */
const rm_named_query *rm_named_query_find(rm_str name);  /* NULL when there is none */

#endif
