#include "internal.h"

#include "search.h"

/*
 * Which entries come to something: a privileged call lies in them, or in an entry that a request
 * may go on to. One search backwards from the calls over the edges that the facts give, each edge
 * at most once. The edges are a little too many (a stack's driver stands for all its handlers),
 * never too few: what is left out of the walk leads nowhere.
 *
 * Nodes: the entries; each driver as "any handler of it"; each driver as "what it sends whatever
 * the entry"; each place of a way.
 */

typedef struct graph {
    rm_derivation *d;
    rm_edges edges;
    uint32_t handlers, senders, places, nodes; /* where each kind of node begins */
    uint32_t *place_of_way;                    /* first node of each way */
    rm_status status;
} graph;

static void add(graph *g, uint32_t from, uint32_t to) {
    rm_edge *e = g->status == RM_OK ? rm_push(g->d->scratch, &g->edges) : NULL;
    if (e == NULL) {
        g->status = RM_NOMEM;
        return;
    }
    *e = (rm_edge){from, to};
}

static rm_status number_nodes(graph *g) {
    const rm_derivation *d = g->d;
    g->handlers = d->model->entries.count;
    g->senders = g->handlers + d->model->drivers.count;
    g->places = g->senders + d->model->drivers.count;
    g->nodes = g->places;
    g->place_of_way = RM_NEW_ARRAY(d->scratch, uint32_t, (size_t)d->ways.count + 1);
    if (g->place_of_way == NULL) {
        return RM_NOMEM;
    }
    for (uint32_t i = 0; i < d->ways.count; i++) {
        g->place_of_way[i] = g->nodes;
        g->nodes += d->ways.at[i].count;
    }
    return RM_OK;
}

static void add_handlers(graph *g) {
    const rm_group *of = &g->d->entries_of_driver;
    for (uint32_t driver = 0; driver < g->d->model->drivers.count; driver++) {
        for (uint32_t i = of->first[driver]; i < of->first[driver + 1]; i++) {
            add(g, g->handlers + driver, of->order[i]);
        }
    }
}

static void add_ways(graph *g) {
    const rm_derivation *d = g->d;
    for (uint32_t w = 0; w < d->ways.count; w++) {
        const rm_way *way = &d->ways.at[w];
        for (uint32_t i = 0; i < way->count; i++) {
            const rm_stack_position *p = &d->model->stacks.at[way->positions[i]];
            if (p->driver != RM_NONE) {
                add(g, g->place_of_way[w] + i, g->handlers + p->driver);
            }
            if (i + 1 < way->count && (p->driver == RM_NONE || rm_passes_on(p->how))) {
                add(g, g->place_of_way[w] + i, g->place_of_way[w] + i + 1);
            }
        }
    }
}

/* ---- where forwards lead ---- */

static void to_driver(graph *g, uint32_t from, const rm_forward *f) {
    const rm_derivation *d = g->d;
    bool received = f->code_sent == RM_CODE_RECEIVED;
    const rm_entry *e = received && f->entry != RM_NONE ? &d->model->entries.at[f->entry] : NULL;
    bool known = f->code_sent >= 0 || (e != NULL && e->has_code);
    rm_handlers h = rm_handlers_of(d, f->to_driver, f->to_entry_kind);
    uint32_t first = h.exact;
    uint32_t end = h.exact;
    if (known) {
        uint32_t code = f->code_sent >= 0 ? (uint32_t)f->code_sent : e->code;
        rm_handlers_exact(d, &h, code, &first, &end);
    }
    if (first == end) {
        add(g, from, g->handlers + f->to_driver);
        return;
    }
    for (uint32_t i = first; i < end; i++) {
        add(g, from, d->entries_of_driver.order[i]);
    }
    for (uint32_t i = h.vague; i < h.end; i++) {
        add(g, from, d->entries_of_driver.order[i]);
    }
}

/* The way below each place where the driver stands. */
static void to_lower(graph *g, uint32_t from, uint32_t driver, const rm_group *places) {
    for (uint32_t i = places->first[driver]; i < places->first[driver + 1]; i++) {
        add(g, from, g->places + places->order[i] + 1);
    }
}

static void add_forward(graph *g, const rm_forward *f, const rm_group *places) {
    const rm_derivation *d = g->d;
    uint32_t from = f->entry != RM_NONE ? f->entry : g->senders + f->from_driver;
    const rm_group *ways = &d->ways_of_device;
    if (f->to_device != RM_NONE) {
        for (uint32_t i = ways->first[f->to_device]; i < ways->first[f->to_device + 1]; i++) {
            add(g, from, g->place_of_way[d->ways_of_devices.at[ways->order[i]].way]);
        }
    }
    if (f->to_driver != RM_NONE) {
        to_driver(g, from, f);
    } else if (f->how_found == RM_FOUND_STACK && f->from_driver != RM_NONE &&
               !rm_str_eq(f->target, RM_STR(RM_PARENT_QUEUE))) {
        to_lower(g, from, f->from_driver, places);
    }
}

/* Places that have a place below them, by driver. */
static rm_status group_places(graph *g, rm_group *out) {
    const rm_derivation *d = g->d;
    uint32_t count = g->nodes - g->places;
    uint32_t *drivers = RM_NEW_ARRAY(d->scratch, uint32_t, (size_t)count + 1);
    if (drivers == NULL) {
        return RM_NOMEM;
    }
    for (uint32_t w = 0; w < d->ways.count; w++) {
        const rm_way *way = &d->ways.at[w];
        for (uint32_t i = 0; i < way->count; i++) {
            drivers[g->place_of_way[w] - g->places + i] =
                i + 1 < way->count ? d->model->stacks.at[way->positions[i]].driver : RM_NONE;
        }
    }
    return rm_group_build(d->scratch, drivers, count, sizeof drivers[0], 0, d->model->drivers.count,
                          out);
}

static void add_forwards(graph *g, const rm_group *places) {
    const rm_model *m = g->d->model;
    bool *sends = RM_NEW_ARRAY(g->d->scratch, bool, (size_t)m->drivers.count + 1);
    if (sends == NULL) {
        g->status = RM_NOMEM;
        return;
    }
    for (uint32_t i = 0; i < m->forwards.count; i++) {
        const rm_forward *f = &m->forwards.at[i];
        if (f->entry != RM_NONE || f->from_driver != RM_NONE) {
            add_forward(g, f, places);
        }
        if (f->entry == RM_NONE && f->from_driver != RM_NONE) {
            sends[f->from_driver] = true;
        }
    }
    for (uint32_t i = 0; i < m->entries.count; i++) {
        uint32_t driver = m->entries.at[i].driver;
        if (driver != RM_NONE && sends[driver]) {
            add(g, i, g->senders + driver);
        }
    }
}

/* ---- the whole ---- */

static rm_status collect_edges(graph *g) {
    rm_group places = {0};
    rm_status st = number_nodes(g);
    if (st == RM_OK) {
        st = group_places(g, &places);
    }
    if (st != RM_OK) {
        return st;
    }
    add_handlers(g);
    add_ways(g);
    add_forwards(g, &places);
    return g->status;
}

rm_status rm_derive_leads(rm_derivation *d) {
    graph g = {.d = d, .status = RM_OK};
    rm_status st = collect_edges(&g);
    bool *leads = st == RM_OK ? RM_NEW_ARRAY(d->scratch, bool, (size_t)g.nodes + 1) : NULL;
    if (leads == NULL) {
        return st == RM_OK ? RM_NOMEM : st;
    }
    for (uint32_t i = 0; i < d->model->sinks.count; i++) {
        if (d->model->sinks.at[i].entry != RM_NONE) {
            leads[d->model->sinks.at[i].entry] = true;
        }
    }
    st = rm_search_back(d->scratch, &g.edges, g.nodes, leads);
    d->leads = leads;
    return st;
}
