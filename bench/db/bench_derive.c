/*
 * Derivation on a generated model: N drivers with 50 codes and 10 forwards each, a tenth of the
 * codes with a privileged call, a tenth of the devices open to users. Measured: the search for what
 * leads to a privileged call, beside a bare breadth-first search over the same edges and SQLite's
 * recursive query; the whole derivation and the writing of the model, beside a bulk insert of the
 * same rows. Rules are applied too where RINGMAP_BENCH_RULES is set. usage: bench_derive DRIVERS
 * FILE
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "db/store.h"
#include "model/derive.h"
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

/* Every table of the model into a new file, with one statement each, and the same indexes. */
static double bulk_insert(const char *path) {
    sqlite3 *db = NULL;
    sqlite3_stmt *q = NULL;
    char copy[1024];
    char sql[4096];
    (void)snprintf(copy, sizeof copy, "%s.bulk", path);
    (void)remove(copy);
    need(sqlite3_open(copy, &db) == SQLITE_OK, "sqlite");
    (void)snprintf(sql, sizeof sql, "PRAGMA journal_mode = OFF; ATTACH '%s' AS m; BEGIN", path);
    double start = now();
    run(db, sql);
    for (unsigned pass = 0; pass < 3; pass++) { /* tables, rows, indexes */
        const char *what = pass == 2 ? "SELECT name, sql FROM m.sqlite_schema WHERE type = 'index' "
                                       "AND sql IS NOT NULL"
                                     : "SELECT name, sql FROM m.sqlite_schema WHERE type = 'table'";
        need(sqlite3_prepare_v2(db, what, -1, &q, NULL) == SQLITE_OK, sqlite3_errmsg(db));
        while (sqlite3_step(q) == SQLITE_ROW) {
            if (pass == 1) {
                (void)snprintf(sql, sizeof sql, "INSERT INTO main.\"%s\" SELECT * FROM m.\"%s\"",
                               (const char *)sqlite3_column_text(q, 0),
                               (const char *)sqlite3_column_text(q, 0));
                run(db, sql);
            } else {
                run(db, (const char *)sqlite3_column_text(q, 1));
            }
        }
        (void)sqlite3_finalize(q);
    }
    run(db, "COMMIT");
    double took = now() - start;
    (void)sqlite3_close(db);
    (void)remove(copy);
    return took;
}

int main(int argc, char **argv) {
    need(argc == 3, "usage: bench_derive DRIVERS FILE");
    uint32_t drivers = (uint32_t)strtoul(argv[1], NULL, 10);
    uint32_t seed = 1;
    rm_model *m = rm_model_new((size_t)16 << 30);
    rm_arena *arena = rm_arena_new((size_t)2 << 30);
    rm_str why = RM_STR_NONE;
    const rm_derive_options options = {.weights = &rm_default_weights,
                                       .paths_only = getenv("RINGMAP_BENCH_RULES") == NULL};
    need(m != NULL && arena != NULL, "memory");
    for (uint32_t i = 0; i < drivers; i++) {
        add_driver(m, i, drivers, &seed);
    }
    double start = now();
    need(rm_model_link(m, NULL) == RM_OK, "link");
    double linked = now();
    compare_searches(m, arena);
    double searched = now();
    need(rm_derive(m, NULL, &options) == RM_OK, "derive");
    double derived = now();
    need(rm_store_save(m, argv[2], &why) == RM_OK, "save");
    double saved = now();
    double bulk = bulk_insert(argv[2]);
    struct rusage used;
    (void)getrusage(RUSAGE_SELF, &used);
    printf("%u drivers, %u entries, %u forwards: link %.2f s, derive %.2f s (%u paths, %u rows of "
           "access), write %.2f s; bulk insert of the same rows %.2f s; derive and write x%.2f; "
           "%ld MiB\n",
           drivers, m->entries.count, m->forwards.count, linked - start, derived - searched,
           m->paths.count, m->accesses.count, saved - derived, bulk,
           (derived - searched + saved - derived) / bulk, used.ru_maxrss / 1024);
    rm_arena_free(arena);
    rm_model_free(m);
    return 0;
}
