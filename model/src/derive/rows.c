#include "internal.h"

#include <string.h>

/*
 * The rows of v_path as the walk finds them: one for each origin, app, door, entry, chain of
 * drivers, and class and api of a privileged call; of several trails to one row the worst stays.
 * Texts come later (texts.c), for the rows that are kept.
 */

enum {
    ROW_LIMIT = 100000,    /* above it a scan keeps what the contract says */
    MOST_ROWS = 400000,    /* kept at all: what is beyond would not be read, and memory ends */
    MOST_OF_ALL = 2000000, /* the same where every origin is asked for */
};

/* ---- what a trail comes to ---- */

uint32_t rm_services_between(const rm_admission *a) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < a->brokers.count; i++) {
        count += !a->brokers.at[i].as_caller;
    }
    return count;
}

/* The words of hops and sink, the sink first; returns how many. */
static uint32_t validations_of(const rm_model *m, const rm_chain *c, uint32_t sink,
                               rm_validation out[RM_MAX_WORDS]) {
    uint32_t count = 0;
    out[count++] = m->sinks.at[sink].validation;
    for (uint32_t i = 1; i < c->hop_count; i++) {
        out[count++] = c->hops[i].validation;
    }
    const rm_brokers *brokers = &c->admission->brokers;
    for (uint32_t i = 0; i < brokers->count; i++) {
        if (!brokers->at[i].as_caller) {
            out[count++] = brokers->at[i].validation;
        }
    }
    return count;
}

/* The word of the smallest V: one hop that validates makes the path validated. */
static rm_validation best_of(const rm_validation *words, uint32_t count) {
    rm_validation best = RM_VALIDATION_UNVALIDATED;
    for (uint32_t i = 0; i < count; i++) {
        best = words[i] > best ? words[i] : best;
    }
    return best;
}

static bool is_undecided(const rm_path *p) {
    return p->gate_open == RM_GATE_UNKNOWN || p->gate_name == RM_GATE_UNKNOWN ||
           p->gate_deliver == RM_GATE_UNKNOWN || p->gate_handle == RM_GATE_UNKNOWN ||
           p->authorisation == RM_AUTH_UNDECIDED;
}

/* Whether the way is open at all, or to some: the smallest that applies (ontology 4.3). */
static uint32_t reach_of(const rm_derivation *d, const rm_admission *a, const rm_path *p) {
    uint32_t reach = is_undecided(p) ? d->weights->reach_undecided : 1000;
    const uint32_t of_device[RM_DEVICE_REACH_COUNT] = {
        [RM_DEVICE_REACH_ANY] = 1000,
        [RM_DEVICE_REACH_HELD] = d->weights->reach_held,
        [RM_DEVICE_REACH_HARDWARE] = d->weights->reach_hardware,
    };
    const rm_device_reach told = d->model->devices.at[a->device].reach;
    if (!a->handed_over && told < RM_DEVICE_REACH_COUNT && of_device[told] < reach) {
        reach = of_device[told]; /* whoever is handed a handle needs no open */
    }
    return a->permit.reach != 0 && a->permit.reach < reach ? a->permit.reach : reach;
}

void rm_score_input_of(const rm_derivation *d, const rm_chain *c, const rm_path *p,
                       rm_validation words[RM_MAX_WORDS], rm_score_input *out) {
    *out = (rm_score_input){
        .disparity = c->admission->disparity,
        .severity = d->severities[d->sink_kinds[p->sink]],
        .validations = words,
        .validation_count = validations_of(d->model, c, p->sink, words),
        .boundaries = c->hop_count + rm_services_between(c->admission),
        .kernel_hop = c->kernel_hop,
        .reach = reach_of(d, c->admission, p),
    };
}

static rm_state later(rm_state a, rm_state b) {
    return a > b ? a : b;
}

static rm_confidence confidence_of(const rm_path *p) {
    if (p->state >= RM_STATE_UNKNOWN || p->validation == RM_VALIDATION_UNKNOWN) {
        return RM_CONFIDENCE_LOW;
    }
    return p->state >= RM_STATE_DERIVED && p->state != RM_STATE_DECLARED ? RM_CONFIDENCE_MEDIUM
                                                                         : RM_CONFIDENCE_HIGH;
}

static rm_path row_of(const rm_derivation *d, const rm_trail *t, const rm_chain *c, uint32_t sink) {
    const rm_admission *a = t->admission;
    const rm_device *device = &d->model->devices.at[a->device];
    rm_validation words[RM_MAX_WORDS];
    rm_score_input in;
    rm_path p = {
        .origin = a->caller,
        .app = a->app,
        .door = a->door,
        .device = a->device,
        .entry = t->first_entry,
        .hops = t->hop_count,
        .sink = sink,
        .requestor_mode = t->hops[t->hop_count - 1].mode,
        .gate_open = a->handed_over      ? (a->certain != 0 ? RM_GATE_OPEN : RM_GATE_UNKNOWN)
                     : a->permit.unknown ? RM_GATE_UNKNOWN
                                         : a->reach.open,
        .gate_name = device->name_unknown && a->door == RM_NONE ? RM_GATE_UNKNOWN : RM_GATE_OPEN,
        .gate_deliver = t->deliver,
        .gate_handle = t->handle,
        .authorisation = t->authorisation,
    };
    rm_score_input_of(d, c, &p, words, &in);
    p.validation = best_of(words, in.validation_count);
    p.state = later(later(t->state, d->model->sinks.at[sink].state), a->state);
    p.state = is_undecided(&p) ? later(p.state, RM_STATE_UNKNOWN) : p.state;
    p.confidence = confidence_of(&p);
    p.score = rm_score(d->weights, &in);
    p.severity = rm_score_band(p.score);
    return p;
}

/* ---- which row it is ---- */

enum { KEY_OF_ORIGIN = 2 + RM_MAX_BROKERS, KEY_FIXED = KEY_OF_ORIGIN + 4 };

/* What makes a row one, the origin's part first; returns the length in numbers. */
static uint32_t key_of(const rm_derivation *d, const rm_trail *t, uint32_t sink,
                       uint32_t key[KEY_FIXED + RM_MAX_HOPS]) {
    const rm_admission *a = t->admission;
    key[0] = a->app != RM_NONE ? 0 : a->origin->principal;
    key[1] = a->app;
    for (uint32_t i = 0; i < RM_MAX_BROKERS; i++) {
        key[2 + i] = i < a->brokers.count ? a->brokers.at[i].service : RM_NONE;
    }
    key[KEY_OF_ORIGIN] = a->door;
    key[KEY_OF_ORIGIN + 1] = a->device;
    key[KEY_OF_ORIGIN + 2] = t->first_entry;
    key[KEY_OF_ORIGIN + 3] = d->sink_kinds[sink];
    for (uint32_t i = 0; i < t->hop_count; i++) {
        key[KEY_FIXED + i] = t->hops[i].driver;
    }
    return KEY_FIXED + t->hop_count;
}

static rm_str bytes_of(const uint32_t *key, uint32_t count) {
    return (rm_str){(const char *)key, count * sizeof *key};
}

static rm_status remember(rm_derivation *d, rm_map *map, rm_str key, uint32_t row) {
    rm_str kept = RM_STR_NONE;
    uint32_t *value = NULL;
    rm_status st = rm_str_copy(d->door_scratch, key, &kept);
    if (st == RM_OK) {
        st = rm_map_at(map, kept, &value, NULL);
    }
    if (st == RM_OK) {
        *value = row;
    }
    return st;
}

static bool always_kept(const rm_path *p) {
    return p->weakest || p->app != RM_NONE || rm_str_eq(p->origin, RM_STR("admin_elevated"));
}

bool rm_rows_full(rm_derivation *d) {
    const uint32_t most = d->all_origins ? MOST_OF_ALL : MOST_ROWS;
    bool full = d->model->paths.count >= most;
    if (full && !d->said_full) {
        d->said_full = true;
        rm_diag(d->sink, RM_WARNING, (rm_loc){0}, "paths-cut",
                "more than %u paths: the rest is left out; scan fewer drivers at once",
                (unsigned)most);
    }
    return full;
}

static rm_status keep_chain(rm_derivation *d, const rm_chain *c, rm_chain *kept) {
    rm_hop *hops = kept->hop_count == c->hop_count ? kept->own : NULL;
    if (hops == NULL) {
        hops = RM_NEW_ARRAY(d->scratch, rm_hop, c->hop_count);
    }
    if (hops == NULL) {
        return RM_NOMEM;
    }
    memcpy(hops, c->hops, c->hop_count * sizeof *hops);
    *kept = *c;
    kept->hops = kept->own = hops;
    return RM_OK;
}

static rm_status add_row(rm_derivation *d, const rm_path *made, const rm_chain *c) {
    rm_path *row = rm_push(d->model->arena, &d->model->paths);
    rm_chain *chain = rm_push(d->scratch, &d->chains);
    if (row == NULL || chain == NULL) {
        return RM_NOMEM;
    }
    *row = *made;
    return keep_chain(d, c, chain);
}

rm_status rm_rows_add(rm_derivation *d, const rm_trail *t, uint32_t sink) {
    uint32_t key[KEY_FIXED + RM_MAX_HOPS];
    uint32_t length = key_of(d, t, sink, key);
    rm_str whole = bytes_of(key, length);
    rm_str of_any = bytes_of(key + KEY_OF_ORIGIN, length - KEY_OF_ORIGIN);
    const rm_chain chain = {.admission = t->admission,
                            .hops = t->hops,
                            .hop_count = t->hop_count,
                            .kernel_hop = t->kernel_hop};
    uint32_t row = 0;
    uint32_t weakest = 0;
    bool known = rm_map_get(&d->rows, whole, &row);
    bool of_app = t->admission->app != RM_NONE;
    bool first = !of_app && !rm_map_get(&d->rows_of_any, of_any, &weakest);
    rm_path made = row_of(d, t, &chain, sink);
    if (known) {
        rm_path *before = &d->model->paths.at[row];
        if (made.score <= before->score) {
            return RM_OK; /* several calls of one class and api: the worst */
        }
        made.weakest = before->weakest;
        *before = made;
        return keep_chain(d, &chain, &d->chains.at[row]);
    }
    made.weakest = first;
    if (d->lean && !always_kept(&made)) {
        return RM_OK;
    }
    rm_status st = add_row(d, &made, &chain);
    if (st == RM_OK) {
        st = remember(d, &d->rows, whole, d->model->paths.count - 1);
    }
    return st == RM_OK && first ? remember(d, &d->rows_of_any, of_any, 0) : st;
}

/* ---- door by door ---- */

rm_status rm_rows_begin(rm_derivation *d) {
    static const size_t limit = (size_t)2 << 30;
    d->door_scratch = rm_arena_new(limit);
    d->requests_of = RM_NONE;
    d->rows = (rm_map){.arena = d->door_scratch};
    d->rows_of_any = (rm_map){.arena = d->door_scratch};
    return d->door_scratch == NULL ? RM_NOMEM : RM_OK;
}

/* Above the limit, what the contract lets go goes: now from what is there, later before it is made.
 */
static void become_lean(rm_derivation *d) {
    rm_paths *paths = &d->model->paths;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < paths->count; i++) {
        if (always_kept(&paths->at[i])) {
            paths->at[kept] = paths->at[i];
            d->chains.at[kept++] = d->chains.at[i];
        }
    }
    paths->count = d->chains.count = kept;
    d->lean = true;
}

void rm_rows_end(rm_derivation *d) {
    rm_arena_free(d->door_scratch);
    d->door_scratch = NULL;
    if (!d->lean && !d->all_origins && d->model->paths.count > ROW_LIMIT) {
        become_lean(d);
    }
}
