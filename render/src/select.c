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

/* Worst first; apps before nameless code; the weakest before others; then by what stays when
 * something else changes. */
static int by_rank(const void *a, const void *b) {
    const candidate *x = a;
    const candidate *y = b;
    if (x->path->score != y->path->score) {
        return x->path->score > y->path->score ? -1 : 1;
    }
    if ((x->path->app == RM_NONE) != (y->path->app == RM_NONE)) {
        return x->path->app == RM_NONE ? 1 : -1;
    }
    if (x->path->weakest != y->path->weakest) {
        return x->path->weakest ? -1 : 1;
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

/* The kept path of the same principal; RM_NONE when there is none. */
static uint32_t kept_of(const candidate *kept, uint32_t n, uint64_t who) {
    for (uint32_t i = 0; i < n; i++) {
        if (kept[i].who == who) {
            return kept[i].index;
        }
    }
    return RM_NONE;
}

/* Whose lines draw a path that is not kept: those of the same principal's app, else the worst. */
static uint32_t stand_in(const candidate *kept, uint32_t n, const candidate *dropped) {
    for (uint32_t i = 0; i < n; i++) {
        if (rm_str_eq(kept[i].path->origin, dropped->path->origin)) {
            return kept[i].index;
        }
    }
    return kept[0].index;
}

/*
 * Keeps of one group of equal ways what is drawn; the kept ones move to `kept`. A group is in
 * rank order, so an app that goes this way with at least this score has been seen.
 */
static uint32_t keep_of(const candidate *group, uint32_t n, candidate *kept, rm_selection *out) {
    uint32_t count = 0;
    bool by_app = false;
    bool nameless = false; /* the worst is drawn, and the weakest if that is another one */
    for (uint32_t i = 0; i < n; i++) {
        bool app = group[i].path->app != RM_NONE;
        uint32_t same = kept_of(kept, count, group[i].who);
        if (same != RM_NONE) {
            out->drawn_by[group[i].index] = same;
            out->same++;
        } else if (app || (!by_app && (group[i].path->weakest || !nameless))) {
            nameless = nameless || !app;
            kept[count++] = group[i];
            out->drawn_by[group[i].index] = group[i].index;
            by_app = by_app || app;
        } else {
            out->others++;
        }
    }
    for (uint32_t i = 0; i < n && count > 0; i++) {
        uint32_t *by = &out->drawn_by[group[i].index];
        *by = *by == RM_NONE ? stand_in(kept, count, &group[i]) : *by;
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

/* The chosen ones have the first numbers, the others those after them. */
static void number_paths(candidate *all, uint32_t n, const candidate *kept, rm_selection *out) {
    unsigned next = 1;
    for (uint32_t i = 0; i < out->count; i++) {
        out->ranks[kept[i].index] = next++;
    }
    if (n > 0) {
        qsort(all, n, sizeof *all, by_rank);
    }
    for (uint32_t i = 0; i < n; i++) {
        if (out->ranks[all[i].index] == 0) {
            out->ranks[all[i].index] = next++;
        }
    }
}

static uint32_t candidates_of(const rm_model *model, const bool *only, candidate *all) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < model->paths.count; i++) {
        if (only == NULL || only[i]) {
            all[count++] = candidate_of(model, i);
        }
    }
    return count;
}

/* What is known of no path yet. */
static void forget(rm_selection *found, uint32_t n) {
    found->same = 0;
    found->others = 0;
    for (uint32_t i = 0; i < n; i++) {
        found->drawn_by[i] = RM_NONE;
    }
}

rm_status rm_select_paths(rm_arena *arena, const rm_model *model, const bool *only,
                          rm_selection *out) {
    uint32_t n = model->paths.count;
    candidate *all = RM_NEW_ARRAY(arena, candidate, n + 1u);
    candidate *kept = RM_NEW_ARRAY(arena, candidate, n + 1u);
    rm_selection found = {.paths = RM_NEW_ARRAY(arena, uint32_t, n + 1u),
                          .ranks = RM_NEW_ARRAY(arena, unsigned, n + 1u),
                          .drawn_by = RM_NEW_ARRAY(arena, uint32_t, n + 1u)};
    if (all == NULL || kept == NULL || found.paths == NULL || found.ranks == NULL ||
        found.drawn_by == NULL) {
        return RM_NOMEM;
    }
    forget(&found, n);
    found.count = keep_all(all, candidates_of(model, NULL, all), kept, &found);
    found.whole = found.count;
    number_paths(all, n, kept, &found);
    if (only != NULL) {
        forget(&found, n);
        found.count = keep_all(all, candidates_of(model, only, all), kept, &found);
    }
    for (uint32_t i = 0; i < found.count; i++) {
        found.paths[i] = kept[i].index;
    }
    *out = found;
    return RM_OK;
}
