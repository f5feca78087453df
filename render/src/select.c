#include "select.h"

#include <stdlib.h>

/* A path with what decides whether another one is drawn by the same lines. */
typedef struct candidate {
    const rm_path *path;
    const rm_sink_call *sink; /* NULL: none */
    uint64_t way;             /* hash of entry, drivers and sink class: the lines in the picture */
    uint64_t who;             /* hash of app or origin */
    uint32_t index;
} candidate;

static uint64_t mix(uint64_t hash, uint64_t value) {
    return (hash ^ value) * 0x100000001B3u;
}

static candidate candidate_of(const rm_model *model, uint32_t index) {
    candidate c = {.path = &model->paths.at[index], .index = index};
    if (c.path->sink < model->sinks.count) {
        c.sink = &model->sinks.at[c.path->sink];
    }
    c.way = mix(rm_str_hash(c.path->drivers), c.path->entry);
    c.way = mix(c.way, c.path->device);
    c.way = mix(c.way, c.sink != NULL ? rm_str_hash(c.sink->class_name) : 0);
    c.who = c.path->app != RM_NONE ? mix(1, c.path->app) : rm_str_hash(c.path->origin);
    return c;
}

/* Worst first; apps before nameless code; then by what stays when something else changes. */
static int by_rank(const void *a, const void *b) {
    const candidate *x = a;
    const candidate *y = b;
    if (x->path->score != y->path->score) {
        return x->path->score > y->path->score ? -1 : 1;
    }
    if ((x->path->app == RM_NONE) != (y->path->app == RM_NONE)) {
        return x->path->app == RM_NONE ? 1 : -1;
    }
    int order = rm_str_cmp(x->path->id, y->path->id);
    return order != 0 ? order : (x->index > y->index) - (x->index < y->index);
}

/* The same lines together; in them who by who, the worst first. */
static int by_way(const void *a, const void *b) {
    const candidate *x = a;
    const candidate *y = b;
    if (x->way != y->way) {
        return x->way < y->way ? -1 : 1;
    }
    return by_rank(a, b);
}

static bool seen_before(const candidate *group, uint32_t n, uint64_t who) {
    for (uint32_t i = 0; i < n; i++) {
        if (group[i].who == who) {
            return true;
        }
    }
    return false;
}

/*
 * Keeps of one group of equal ways what is drawn; the kept ones move to `kept`. A group is in
 * rank order, so an app that goes this way with at least this score has been seen.
 */
static uint32_t keep_of(const candidate *group, uint32_t n, candidate *kept, rm_selection *out) {
    uint32_t count = 0;
    bool by_app = false;
    for (uint32_t i = 0; i < n; i++) {
        bool app = group[i].path->app != RM_NONE;
        if (seen_before(kept, count, group[i].who)) {
            out->same++;
        } else if (app || (group[i].path->weakest && !by_app)) {
            kept[count++] = group[i];
            by_app = by_app || app;
        } else {
            out->others++;
        }
    }
    return count;
}

static uint32_t keep_all(candidate *all, uint32_t n, candidate *kept, rm_selection *out) {
    uint32_t count = 0;
    if (n > 0) {
        qsort(all, n, sizeof *all, by_way);
    }
    for (uint32_t from = 0; from < n;) {
        uint32_t to = from + 1;
        while (to < n && all[to].way == all[from].way) {
            to++;
        }
        count += keep_of(all + from, to - from, kept + count, out);
        from = to;
    }
    if (count > 0) {
        qsort(kept, count, sizeof *kept, by_rank);
    }
    return count;
}

rm_status rm_select_paths(rm_arena *arena, const rm_model *model, rm_selection *out) {
    uint32_t n = model->paths.count;
    rm_selection found = {0};
    candidate *all = RM_NEW_ARRAY(arena, candidate, n + 1u);
    candidate *kept = RM_NEW_ARRAY(arena, candidate, n + 1u);
    found.paths = RM_NEW_ARRAY(arena, uint32_t, n + 1u);
    if (all == NULL || kept == NULL || found.paths == NULL) {
        return RM_NOMEM;
    }
    for (uint32_t i = 0; i < n; i++) {
        all[i] = candidate_of(model, i);
    }
    found.count = keep_all(all, n, kept, &found);
    for (uint32_t i = 0; i < found.count; i++) {
        found.paths[i] = kept[i].index;
    }
    *out = found;
    return RM_OK;
}
