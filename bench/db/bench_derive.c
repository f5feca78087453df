/*
 * Derivation on a generated model: N drivers with 50 codes and 10 forwards each, a tenth of the
 * codes with a privileged call, a tenth of the devices open to users. Measured: the search for what
 * leads to a privileged call, beside a bare breadth-first search over the same edges and SQLite's
 * recursive query; the whole derivation and the writing of the model, beside a bulk insert of the
 * same rows; the rules. usage: bench_derive DRIVERS FILE
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "db/store.h"
#include "model/derive.h"
#include "model/rules.h"
#include "search.h"

enum { CODES = 50, FORWARDS = 10, SINKS = 5 };

static double now(void) {
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void need(bool good, const char *what) {
    if (!good) {
        fprintf(stderr, "bench_derive: %s\n", what);
        exit(1);
    }
}

static uint32_t draw(uint32_t *seed, uint32_t below) {
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) % below;
}

static rm_str say(rm_model *m, const char *fmt, unsigned a, unsigned b) {
    char text[64];
    rm_str kept = RM_STR_NONE;
    int n = snprintf(text, sizeof text, fmt, a, b);
    need(n > 0 && rm_str_copy(m->arena, (rm_str){text, (size_t)n}, &kept) == RM_OK, "memory");
    return kept;
}

static void add_driver(rm_model *m, uint32_t i, uint32_t drivers, uint32_t *seed) {
    bool open = i % 10 == 0;
    *rm_push(m->arena, &m->drivers) =
        (rm_driver){.name = say(m, "d%05u", i, 0), .framework = RM_FRAMEWORK_WDM};
    *rm_push(m->arena, &m->devices) = (rm_device){.driver = i,
                                                  .nt_name = say(m, "\\Device\\d%05u", i, 0),
                                                  .created_by = RM_CREATED_FACTS,
                                                  .secure_open = RM_TRI_YES,
                                                  .descriptor = RM_NONE};
    *rm_push(m->arena, &m->descriptors) =
        (rm_descriptor){.subject_kind = RM_SUBJECT_DEVICE,
                        .subject = i,
                        .sddl = open ? RM_STR("D:P(A;;GA;;;SY)(A;;GA;;;BA)(A;;GRGW;;;BU)")
                                     : RM_STR("D:P(A;;GA;;;SY)(A;;GA;;;BA)"),
                        .source = RM_SDDL_CODE,
                        .outranked_by = RM_NONE};
    for (uint32_t k = 0; k < CODES; k++) {
        *rm_push(m->arena, &m->entries) = (rm_entry){.driver = i,
                                                     .device = i,
                                                     .kind = RM_ENTRY_IOCTL,
                                                     .name = say(m, "C%u", k, 0),
                                                     .has_code = true,
                                                     .code = 0x22A000 + 4 * k};
        uint32_t entry = m->entries.count - 1;
        if (k < SINKS) {
            *rm_push(m->arena, &m->sinks) = (rm_sink_call){.entry = entry,
                                                           .class_name = RM_STR("port_out"),
                                                           .api = RM_STR("__outdword"),
                                                           .validation = RM_VALIDATION_UNVALIDATED};
        } else if (k < SINKS + FORWARDS) {
            *rm_push(m->arena, &m->forwards) =
                (rm_forward){.from_driver = i,
                             .from_service = RM_NONE,
                             .entry = entry,
                             .to_driver = RM_NONE,
                             .to_device = RM_NONE,
                             .to_entry_kind = RM_ENTRY_IOCTL,
                             .code_sent = 0x22A000 + 4 * (int64_t)draw(seed, CODES),
                             .target = say(m, "\\Device\\d%05u", draw(seed, drivers), 0),
                             .how_found = RM_FOUND_NAME,
                             .requestor_mode_after = RM_AFTER_KERNEL,
                             .carries_user_data = RM_TRI_YES,
                             .validation = RM_VALIDATION_UNVALIDATED};
        }
    }
}

/* ---- what leads to a privileged call ---- */

static void edges_of(const rm_model *m, rm_arena *arena, rm_edges *out) {
    uint32_t *first = RM_NEW_ARRAY(arena, uint32_t, (size_t)m->drivers.count + 1);
    need(first != NULL, "memory");
    for (uint32_t i = m->entries.count; i-- > 0;) {
        first[m->entries.at[i].driver] = i;
    }
    for (uint32_t i = 0; i < m->forwards.count; i++) {
        const rm_forward *f = &m->forwards.at[i];
        for (uint32_t e = first[f->to_driver];
             e < m->entries.count && m->entries.at[e].driver == f->to_driver; e++) {
            if (m->entries.at[e].code == (uint32_t)f->code_sent) {
                *rm_push(arena, out) = (rm_edge){f->entry, e};
            }
        }
    }
}

/* The least that such a search can do: the same edges, an array of sources, a queue. */
static uint32_t bare_search(const rm_edges *edges, uint32_t nodes, const bool *from) {
    uint32_t *first = calloc((size_t)nodes + 2, sizeof *first);
    uint32_t *source = malloc(((size_t)edges->count + 1) * sizeof *source);
    uint32_t *queue = malloc(((size_t)nodes + 1) * sizeof *queue);
    bool *seen = calloc((size_t)nodes + 1, sizeof *seen);
    uint32_t count = 0;
    need(first != NULL && source != NULL && queue != NULL && seen != NULL, "memory");
    for (uint32_t i = 0; i < edges->count; i++) {
        first[edges->at[i].to + 2]++;
    }
    for (uint32_t i = 2; i < nodes + 2; i++) {
        first[i] += first[i - 1];
    }
    for (uint32_t i = 0; i < edges->count; i++) {
        source[first[edges->at[i].to + 1]++] = edges->at[i].from;
    }
    for (uint32_t i = 0; i < nodes; i++) {
        if (from[i]) {
            seen[i] = true;
            queue[count++] = i;
        }
    }
    for (uint32_t next = 0; next < count; next++) {
        for (uint32_t i = first[queue[next]]; i < first[queue[next] + 1]; i++) {
            if (!seen[source[i]]) {
                seen[source[i]] = true;
                queue[count++] = source[i];
            }
        }
    }
    free(first);
    free(source);
    free(queue);
    free(seen);
    return count;
}

static void run(sqlite3 *db, const char *sql) {
    char *why = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK) {
        need(false, why);
    }
}

static uint32_t count_of(sqlite3 *db, const char *sql) {
    sqlite3_stmt *q = NULL;
    need(sqlite3_prepare_v2(db, sql, -1, &q, NULL) == SQLITE_OK && sqlite3_step(q) == SQLITE_ROW,
         sqlite3_errmsg(db));
    uint32_t n = (uint32_t)sqlite3_column_int64(q, 0);
    (void)sqlite3_finalize(q);
    return n;
}

static double recursive_query(const rm_edges *edges, uint32_t nodes, const bool *from,
                              uint32_t *found) {
    sqlite3 *db = NULL;
    sqlite3_stmt *q = NULL;
    need(sqlite3_open(":memory:", &db) == SQLITE_OK, "sqlite");
    run(db, "CREATE TABLE e(f INT, t INT); CREATE TABLE s(n INT); BEGIN");
    need(sqlite3_prepare_v2(db, "INSERT INTO e VALUES(?, ?)", -1, &q, NULL) == SQLITE_OK, "sqlite");
    for (uint32_t i = 0; i < edges->count; i++) {
        (void)sqlite3_bind_int64(q, 1, edges->at[i].from);
        (void)sqlite3_bind_int64(q, 2, edges->at[i].to);
        (void)sqlite3_step(q);
        (void)sqlite3_reset(q);
    }
    (void)sqlite3_finalize(q);
    need(sqlite3_prepare_v2(db, "INSERT INTO s VALUES(?)", -1, &q, NULL) == SQLITE_OK, "sqlite");
    for (uint32_t i = 0; i < nodes; i++) {
        if (from[i]) {
            (void)sqlite3_bind_int64(q, 1, i);
            (void)sqlite3_step(q);
            (void)sqlite3_reset(q);
        }
    }
    (void)sqlite3_finalize(q);
    run(db, "COMMIT; CREATE INDEX by_target ON e(t)");
    double start = now();
    *found = count_of(db, "WITH RECURSIVE r(n) AS (SELECT n FROM s UNION SELECT e.f FROM r JOIN e "
                          "ON e.t = r.n) SELECT count(*) FROM r");
    double took = now() - start;
    (void)sqlite3_close(db);
    return took;
}

static void compare_searches(const rm_model *m, rm_arena *arena) {
    rm_edges edges = {0};
    uint32_t nodes = m->entries.count;
    bool *from = RM_NEW_ARRAY(arena, bool, (size_t)nodes + 1);
    bool *marked = RM_NEW_ARRAY(arena, bool, (size_t)nodes + 1);
    uint32_t found = 0;
    need(from != NULL && marked != NULL, "memory");
    edges_of(m, arena, &edges);
    for (uint32_t i = 0; i < m->sinks.count; i++) {
        from[m->sinks.at[i].entry] = true;
    }
    double best[2] = {1e9, 1e9};
    uint32_t counts[3] = {0};
    for (unsigned round = 0; round < 5; round++) {
        memcpy(marked, from, nodes);
        double start = now();
        need(rm_search_back(arena, &edges, nodes, marked) == RM_OK, "memory");
        double took = now() - start;
        best[0] = took < best[0] ? took : best[0];
        start = now();
        counts[1] = bare_search(&edges, nodes, from);
        took = now() - start;
        best[1] = took < best[1] ? took : best[1];
    }
    for (uint32_t i = 0; i < nodes; i++) {
        counts[0] += marked[i];
    }
    double sql = recursive_query(&edges, nodes, from, &found);
    counts[2] = found;
    need(counts[0] == counts[1] && counts[1] == counts[2], "the searches differ");
    printf("search: %u nodes, %u edges, %u lead on: %.1f ms; bare %.1f ms (x%.2f); "
           "recursive query %.1f ms\n",
           nodes, edges.count, counts[0], best[0] * 1e3, best[1] * 1e3, best[0] / best[1],
           sql * 1e3);
}

/* ---- rows ---- */

/* A value as SQLite has it; texts live in the arena of the table. */
typedef struct cell {
    int type;
    int64_t number;
    rm_str text;
} cell;

typedef struct rows {
    rm_arena *arena;
    cell *at;
    uint32_t count, columns;
} rows;

static rows rows_of(sqlite3 *db, const char *table) {
    sqlite3_stmt *q = NULL;
    char sql[256];
    rows r = {.arena = rm_arena_new((size_t)4 << 30)};
    need(r.arena != NULL, "memory");
    (void)snprintf(sql, sizeof sql, "SELECT count(*) FROM \"%s\"", table);
    r.count = count_of(db, sql);
    (void)snprintf(sql, sizeof sql, "SELECT * FROM \"%s\"", table);
    need(sqlite3_prepare_v2(db, sql, -1, &q, NULL) == SQLITE_OK, sqlite3_errmsg(db));
    r.columns = (uint32_t)sqlite3_column_count(q);
    r.at = RM_NEW_ARRAY(r.arena, cell, (size_t)r.count * r.columns + 1);
    need(r.at != NULL, "memory");
    for (cell *c = r.at; sqlite3_step(q) == SQLITE_ROW;) {
        for (uint32_t k = 0; k < r.columns; k++, c++) {
            c->type = sqlite3_column_type(q, (int)k);
            c->number = sqlite3_column_int64(q, (int)k);
            if (c->type == SQLITE_TEXT) {
                const rm_str borrowed = {(const char *)sqlite3_column_text(q, (int)k),
                                         (size_t)sqlite3_column_bytes(q, (int)k)};
                need(rm_str_copy(r.arena, borrowed, &c->text) == RM_OK, "memory");
            }
        }
    }
    (void)sqlite3_finalize(q);
    return r;
}

static int bind(sqlite3_stmt *into, int k, const cell *c) {
    switch (c->type) {
    case SQLITE_NULL: return sqlite3_bind_null(into, k);
    case SQLITE_TEXT:
        return sqlite3_bind_text(into, k, c->text.ptr, (int)c->text.len, SQLITE_STATIC);
    default: return sqlite3_bind_int64(into, k, c->number);
    }
}

static void insert(sqlite3 *db, const char *table, const rows *r) {
    sqlite3_stmt *q = NULL;
    rm_buf sql = {.arena = r->arena};
    rm_buf_printf(&sql, "INSERT INTO \"%s\" VALUES(?", table);
    for (uint32_t k = 1; k < r->columns; k++) {
        rm_buf_text(&sql, ",?");
    }
    rm_buf_char(&sql, ')');
    need(sqlite3_prepare_v2(db, sql.ptr, (int)sql.len, &q, NULL) == SQLITE_OK, sqlite3_errmsg(db));
    for (uint32_t i = 0; i < r->count; i++) {
        for (uint32_t k = 0; k < r->columns; k++) {
            (void)bind(q, (int)k + 1, &r->at[(size_t)i * r->columns + k]);
        }
        need(sqlite3_step(q) == SQLITE_DONE, sqlite3_errmsg(db));
        (void)sqlite3_reset(q);
    }
    (void)sqlite3_finalize(q);
}

static bool is_derived(const char *table) {
    static const char *const derived[] = {"accesses", "boundaries", "paths", "steps"};
    for (size_t i = 0; i < sizeof derived / sizeof derived[0]; i++) {
        if (strcmp(table, derived[i]) == 0) {
            return true;
        }
    }
    return false;
}

typedef struct bulk {
    double all, derived; /* seconds for all rows, and for those of the derivation */
} bulk;

/* The rows of one table of `from`, and its indexes, into `into`; reading them is not counted. */
static double insert_table(sqlite3 *from, sqlite3 *into, const char *table, const char *ddl) {
    sqlite3_stmt *q = NULL;
    rows r = rows_of(from, table);
    double start = now();
    run(into, "BEGIN");
    run(into, ddl);
    insert(into, table, &r);
    need(sqlite3_prepare_v2(from,
                            "SELECT sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? "
                            "AND sql IS NOT NULL",
                            -1, &q, NULL) == SQLITE_OK,
         sqlite3_errmsg(from));
    (void)sqlite3_bind_text(q, 1, table, -1, SQLITE_STATIC);
    while (sqlite3_step(q) == SQLITE_ROW) {
        run(into, (const char *)sqlite3_column_text(q, 0));
    }
    (void)sqlite3_finalize(q);
    run(into, "COMMIT");
    double took = now() - start;
    rm_arena_free(r.arena);
    return took;
}

/*
 * The rows of the model from memory into a new file: one prepared statement and one transaction
 * for each table, no journal, indexes last.
 */
static bulk bulk_insert(const char *path) {
    sqlite3 *from = NULL;
    sqlite3 *into = NULL;
    sqlite3_stmt *q = NULL;
    char copy[1024];
    bulk took = {0};
    (void)snprintf(copy, sizeof copy, "%s.bulk", path);
    (void)remove(copy);
    need(sqlite3_open(path, &from) == SQLITE_OK && sqlite3_open(copy, &into) == SQLITE_OK,
         "sqlite");
    run(into, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536; "
              "PRAGMA locking_mode = EXCLUSIVE; PRAGMA temp_store = MEMORY");
    need(sqlite3_prepare_v2(from, "SELECT name, sql FROM sqlite_schema WHERE type = 'table'", -1,
                            &q, NULL) == SQLITE_OK,
         sqlite3_errmsg(from));
    while (sqlite3_step(q) == SQLITE_ROW) {
        const char *table = (const char *)sqlite3_column_text(q, 0);
        double its = insert_table(from, into, table, (const char *)sqlite3_column_text(q, 1));
        took.all += its;
        took.derived += is_derived(table) ? its : 0;
    }
    (void)sqlite3_finalize(q);
    (void)sqlite3_close(into);
    (void)sqlite3_close(from);
    (void)remove(copy);
    return took;
}

/* ---- rounds ---- */

/* Seconds; of several rounds the least, for other work on the machine only adds. */
typedef struct figures {
    double link, facts, derive, save, rules;
    bulk bulk;
    uint32_t entries, forwards, paths, accesses, findings;
    long mebibytes; /* at most, before the bulk insert has rows of its own */
} figures;

static double timed_save(const rm_model *m, const char *path) {
    rm_str why = RM_STR_NONE;
    double start = now();
    need(rm_store_save(m, path, &why) == RM_OK, "save");
    return now() - start;
}

static long most_memory(void) {
    struct rusage used;
    (void)getrusage(RUSAGE_SELF, &used);
    return used.ru_maxrss / 1024;
}

static figures one_round(uint32_t drivers, const char *path, bool first) {
    const rm_derive_options options = {.weights = &rm_default_weights, .paths_only = true};
    uint32_t seed = 1;
    figures f = {0};
    rm_model *m = rm_model_new((size_t)16 << 30);
    need(m != NULL, "memory");
    for (uint32_t i = 0; i < drivers; i++) {
        add_driver(m, i, drivers, &seed);
    }
    double start = now();
    need(rm_model_link(m, NULL) == RM_OK, "link");
    f.link = now() - start;
    if (first) {
        rm_arena *arena = rm_arena_new((size_t)2 << 30);
        need(arena != NULL, "memory");
        compare_searches(m, arena);
        rm_arena_free(arena);
    }
    f.facts = timed_save(m, path);
    start = now();
    need(rm_derive(m, NULL, &options) == RM_OK, "derive");
    f.derive = now() - start;
    f.save = timed_save(m, path);
    f.mebibytes = most_memory();
    f.bulk = bulk_insert(path);
    start = now();
    need(rm_rules_apply(m) == RM_OK, "rules");
    f.rules = now() - start;
    f.entries = m->entries.count;
    f.forwards = m->forwards.count;
    f.paths = m->paths.count;
    f.accesses = m->accesses.count;
    f.findings = m->findings.count;
    rm_model_free(m);
    return f;
}

static void keep_least(double *best, double other) {
    *best = other < *best ? other : *best;
}

static void say_figures(uint32_t drivers, const figures *f) {
    double rows_written = f->save - f->facts;
    printf("%u drivers, %u entries, %u forwards: link %.2f s, derive %.2f s (%u paths, %u rows of "
           "access), write everything %.2f s; bulk insert of the same rows %.2f s: x%.2f\n",
           drivers, f->entries, f->forwards, f->link, f->derive, f->paths, f->accesses, f->save,
           f->bulk.all, (f->derive + f->save) / f->bulk.all);
    printf("the derivation's own rows: derive and write %.2f s; bulk insert %.2f s: x%.2f\n",
           f->derive + rows_written, f->bulk.derived, (f->derive + rows_written) / f->bulk.derived);
    printf("rules %.2f s (%u findings); %ld MiB\n", f->rules, f->findings, f->mebibytes);
}

int main(int argc, char **argv) {
    enum { ROUNDS = 3 };
    need(argc == 3, "usage: bench_derive DRIVERS FILE");
    uint32_t drivers = (uint32_t)strtoul(argv[1], NULL, 10);
    figures best = one_round(drivers, argv[2], true);
    for (unsigned i = 1; i < ROUNDS; i++) {
        figures f = one_round(drivers, argv[2], false);
        keep_least(&best.link, f.link);
        keep_least(&best.facts, f.facts);
        keep_least(&best.derive, f.derive);
        keep_least(&best.save, f.save);
        keep_least(&best.rules, f.rules);
        keep_least(&best.bulk.all, f.bulk.all);
        keep_least(&best.bulk.derived, f.bulk.derived);
    }
    say_figures(drivers, &best);
    return 0;
}
