#include "internal.h"

/*
 * A request on its way: from the door to the top of the stack, down the stack where a filter passes
 * it on, across forwards to other drivers, until an entry's privileged calls. Each handler is
 * visited once per trail, which cuts cycles.
 */

enum {
    MAX_VISITS = 1000,  /* handlers that forwards lead to, from one request of one origin */
    DOOR_VISITS = 8000, /* the same for all requests of a door, */
    FEWEST_VISITS = 64, /* which leaves every request so many */
    FIRST_DEPTH = 2,    /* hops of the shortest ways across a forward */
};

typedef struct request {
    rm_entry_kind kind;
    bool has_code;
    bool chosen; /* the caller chooses the code: every code of the target */
    uint32_t code;
    rm_mode mode;
    rm_validation validation; /* of the hop that brings it */
    rm_state state;
    uint32_t forward; /* RM_NONE: from the door or down the stack */
} request;

static rm_state later(rm_state a, rm_state b) {
    return a > b ? a : b; /* the enumeration stands in that order */
}

static bool visited(const rm_trail *t, uint32_t entry) {
    for (uint32_t i = 0; i < t->hop_count; i++) {
        if (t->hops[i].entry == entry) {
            return true;
        }
    }
    return false;
}

static bool push_hop(rm_derivation *d, rm_trail *t, rm_hop hop) {
    if (t->hop_count == RM_MAX_HOPS) {
        d->cut_deep++;
        return false;
    }
    t->hops[t->hop_count++] = hop;
    return true;
}

static rm_status enter_driver(rm_derivation *d, rm_trail *t, uint32_t driver, uint32_t device,
                              const request *r, bool *found);

static rm_mode mode_after(const rm_forward *f, rm_mode before) {
    switch (f->requestor_mode_after) {
    case RM_AFTER_PRESERVED: return before;
    case RM_AFTER_KERNEL: return RM_MODE_KERNEL;
    case RM_AFTER_USER: return RM_MODE_USER;
    case RM_AFTER_UNKNOWN:
    case RM_AFTER_COUNT: break;
    }
    return RM_MODE_UNKNOWN;
}

/* ---- down the stack ---- */

/* Where a driver stands in the way that the request takes; RM_NONE: not in it. */
static uint32_t place_in_way(const rm_derivation *d, const rm_way *way, uint32_t driver) {
    for (uint32_t i = 0; way != NULL && i < way->count; i++) {
        if (d->model->stacks.at[way->positions[i]].driver == driver) {
            return i;
        }
    }
    return RM_NONE;
}

/*
 * The request goes to the driver at place `at` and, while filters without a handler for it stand
 * there, on to the next. A driver that handles it decides by its forwards whether it goes on.
 */
static rm_status enter_way(rm_derivation *d, rm_trail *t, const rm_way *way, uint32_t at,
                           const request *r) {
    const rm_trail before = {.way = t->way, .hop_count = t->hop_count, .state = t->state};
    request on_its_way = *r;
    rm_status st = RM_OK;
    t->way = way;
    for (uint32_t i = at; i < way->count; i++) {
        const rm_stack_position *p = &d->model->stacks.at[way->positions[i]];
        bool found = false;
        on_its_way.state = later(on_its_way.state, later(p->state, p->order_state));
        st = p->driver == RM_NONE ? RM_OK
                                  : enter_driver(d, t, p->driver, p->device, &on_its_way, &found);
        if (st != RM_OK || found || (p->driver != RM_NONE && !rm_passes_on(p->how))) {
            break;
        }
        t->state = later(t->state, on_its_way.state);
        if (!push_hop(d, t,
                      (rm_hop){.driver = p->driver,
                               .entry = RM_NONE,
                               .forward = on_its_way.forward,
                               .validation = on_its_way.validation,
                               .mode = on_its_way.mode})) {
            break;
        }
        on_its_way.forward = RM_NONE;
        on_its_way.validation = RM_VALIDATION_UNVALIDATED; /* passed on as it is */
    }
    t->way = before.way;
    t->hop_count = before.hop_count;
    t->state = before.state;
    return st;
}

/* At the top of every stack that the device stands in; else to its driver alone. */
static rm_status enter_device(rm_derivation *d, rm_trail *t, uint32_t driver, uint32_t device,
                              const request *r) {
    const rm_group *g = &d->ways_of_device;
    const rm_way *before = t->way;
    bool found = false;
    rm_status st = RM_OK;
    if (device != RM_NONE && g->first[device] < g->first[device + 1]) {
        for (uint32_t i = g->first[device]; st == RM_OK && i < g->first[device + 1]; i++) {
            uint32_t way = d->ways_of_devices.at[g->order[i]].way;
            st = enter_way(d, t, &d->ways.at[way], 0, r);
        }
        return st;
    }
    t->way = NULL;
    st = driver == RM_NONE ? RM_OK : enter_driver(d, t, driver, device, r, &found);
    t->way = before;
    return st;
}

/* ---- across a forward ---- */

static request request_after(const rm_derivation *d, const rm_trail *t, uint32_t forward,
                             const request *before) {
    const rm_forward *f = &d->model->forwards.at[forward];
    request r = {.kind = f->to_entry_kind,
                 .has_code = before->has_code,
                 .code = before->code,
                 .chosen = f->code_sent == RM_CODE_CHOSEN,
                 .mode = mode_after(f, before->mode),
                 .validation = f->validation,
                 .state = later(t->state, f->state),
                 .forward = forward};
    if (f->code_sent >= 0) {
        r.has_code = true;
        r.code = (uint32_t)f->code_sent;
    }
    if (f->carries_user_data == RM_TRI_UNKNOWN && r.validation == RM_VALIDATION_UNVALIDATED) {
        r.validation = RM_VALIDATION_UNKNOWN;
    }
    return r;
}

/* A UMDF driver's policy for kernel drivers that open it; what comes down a stack asks nobody. */
static rm_gate lets_in(const rm_derivation *d, const rm_forward *f, uint32_t from) {
    const rm_model *m = d->model;
    uint32_t to = f->to_driver != RM_NONE   ? f->to_driver
                  : f->to_device != RM_NONE ? m->devices.at[f->to_device].driver
                                            : RM_NONE;
    bool opens = f->how_found != RM_FOUND_STACK && to != RM_NONE && from != RM_NONE &&
                 m->drivers.at[from].mode != RM_DRIVER_MODE_USER;
    return opens ? d->kernel_clients[to] : RM_GATE_OPEN;
}

/* Does a UMDF driver open the forward's target while it acts for the client of a request? */
bool rm_opens_as_caller(const rm_model *m, uint32_t driver, const rm_forward *f) {
    if (driver == RM_NONE || m->drivers.at[driver].mode != RM_DRIVER_MODE_USER ||
        f->target.len == 0) {
        return false;
    }
    for (uint32_t i = 0; i < m->observations.count; i++) {
        const rm_observation *o = &m->observations.at[i];
        if (o->kind == RM_OBSERVED_OPENS_AS_CALLER && o->driver == driver &&
            rm_object_name_eq(o->subject, f->target)) {
            return true;
        }
    }
    return false;
}

static rm_status opens_with(rm_derivation *d, rm_trail *t, const rm_token *token, uint32_t device,
                            const request *r, rm_gate *open) {
    bool codes = r->kind == RM_ENTRY_IOCTL || r->kind == RM_ENTRY_FSCTL;
    rm_reach reach = {0};
    rm_status st = rm_reach_device(d, device, token, &reach);
    if (st == RM_OK) {
        st = rm_reach_bits(d, token, &reach, codes && r->has_code ? r->code >> 14 & 3u : 0, open);
    }
    t->asked = (rm_asked){
        .token = token, .available = reach.answer.dacl, .possible = reach.answer.undecided};
    return st;
}

/*
 * The host of a UMDF driver is a process like any other: what it opens, it opens with its own
 * token, and the target's descriptor says what it gets (WDF: "UMDF driver host process"). While it
 * acts for its client it opens with that one's, where its INF lets it.
 */
static rm_status host_opens(rm_derivation *d, rm_trail *t, uint32_t from, const rm_forward *f,
                            const request *before, const request *r) {
    uint32_t host = rm_principal_find(&d->principals, RM_STR("umdf_host"));
    bool acts = rm_opens_as_caller(d->model, from, f);
    const rm_gate may = acts ? d->impersonation[from] : RM_GATE_OPEN;
    const rm_token *token = acts              ? t->admission->token
                            : host == RM_NONE ? NULL
                                              : &d->principals.at[host].token;
    rm_gate open = RM_GATE_UNKNOWN;
    rm_status st = RM_OK;
    bool client_known = !acts || before->mode == RM_MODE_USER; /* else a driver stands between */
    if (may == RM_GATE_CLOSED) {
        open = RM_GATE_CLOSED;
    } else if (token != NULL && client_known && f->to_device != RM_NONE) {
        st = opens_with(d, t, token, f->to_device, r, &open);
        open = may == RM_GATE_UNKNOWN && open == RM_GATE_OPEN ? RM_GATE_UNKNOWN : open;
    }
    t->deliver = open == RM_GATE_OPEN ? t->deliver : open;
    return st;
}

/* Who has the handle that the request goes on with; t->deliver is closed where nobody gets one. */
static rm_status open_target(rm_derivation *d, rm_trail *t, uint32_t from, const rm_forward *f,
                             const request *before, const request *r) {
    if (!rm_opens_target(f)) {
        return RM_OK;
    }
    if (from != RM_NONE && d->model->drivers.at[from].mode == RM_DRIVER_MODE_USER) {
        return host_opens(d, t, from, f, before, r);
    }
    t->asked.opened_by_others = true;
    return RM_OK;
}

static rm_status follow(rm_derivation *d, rm_trail *t, uint32_t driver, uint32_t forward,
                        const request *before) {
    const rm_forward *f = &d->model->forwards.at[forward];
    if (f->carries_user_data == RM_TRI_NO) {
        return RM_OK; /* nothing of the caller's travels */
    }
    const rm_gate policy = lets_in(d, f, driver);
    if (policy == RM_GATE_CLOSED) {
        return RM_OK;
    }
    request r = request_after(d, t, forward, before);
    const bool kernel_before = t->kernel_hop;
    const rm_gate deliver_before = t->deliver;
    const rm_asked asked_before = t->asked;
    t->deliver = policy == RM_GATE_UNKNOWN ? RM_GATE_UNKNOWN : t->deliver;
    t->kernel_hop = t->kernel_hop || (r.mode == RM_MODE_KERNEL && before->mode != RM_MODE_KERNEL);
    rm_status st = open_target(d, t, driver, f, before, &r);
    if (st != RM_OK || t->deliver == RM_GATE_CLOSED) {
        /* the host of a UMDF driver may not open it */
    } else if (f->to_driver != RM_NONE || f->to_device != RM_NONE) {
        st = enter_device(d, t, f->to_driver, f->to_device, &r);
    } else if (f->how_found == RM_FOUND_STACK && !rm_str_eq(f->target, RM_STR(RM_PARENT_QUEUE))) {
        uint32_t here = place_in_way(d, t->way, driver);
        st = here == RM_NONE ? RM_OK : enter_way(d, t, t->way, here + 1, &r);
    }
    t->kernel_hop = kernel_before;
    t->deliver = deliver_before;
    t->asked = asked_before;
    return st;
}

static rm_status follow_all(rm_derivation *d, rm_trail *t, uint32_t entry, const request *r) {
    const rm_model *m = d->model;
    uint32_t driver = m->entries.at[entry].driver;
    rm_status st = RM_OK;
    for (uint32_t i = d->forwards_of_entry.first[entry];
         st == RM_OK && i < d->forwards_of_entry.first[entry + 1]; i++) {
        st = follow(d, t, driver, d->forwards_of_entry.order[i], r);
    }
    if (driver == RM_NONE) {
        return st;
    }
    for (uint32_t i = d->forwards_of_driver.first[driver];
         st == RM_OK && i < d->forwards_of_driver.first[driver + 1]; i++) {
        uint32_t forward = d->forwards_of_driver.order[i];
        if (m->forwards.at[forward].entry == RM_NONE) {
            st = follow(d, t, driver, forward, r);
        }
    }
    return st;
}

/* ---- into a handler ---- */

/* Is it the sending of a request that a driver of the model receives? */
static bool leads_on(const rm_derivation *d, uint32_t entry, uint32_t sink) {
    const rm_place *at = &d->model->sinks.at[sink].place;
    for (uint32_t i = d->forwards_of_entry.first[entry]; i < d->forwards_of_entry.first[entry + 1];
         i++) {
        const rm_forward *f = &d->model->forwards.at[d->forwards_of_entry.order[i]];
        if (f->to_driver != RM_NONE && f->place.line == at->line && f->place.column == at->column &&
            rm_str_eq(f->place.file, at->file)) {
            return true;
        }
    }
    return false;
}

static rm_status reach_sinks(rm_derivation *d, const rm_trail *t, uint32_t entry) {
    rm_status st = RM_OK;
    for (uint32_t i = d->sinks_of_entry.first[entry];
         st == RM_OK && i < d->sinks_of_entry.first[entry + 1]; i++) {
        uint32_t sink = d->sinks_of_entry.order[i];
        bool its_end = !d->model->sinks.at[sink].ending ||
                       (t->admission->app != RM_NONE && !leads_on(d, entry, sink));
        st = its_end ? rm_rows_add(d, t, sink) : RM_OK;
    }
    return st;
}

/* Drivers that all forward to each other make more trails than anybody reads. */
static bool within_budget(rm_derivation *d) {
    if (d->visits == d->most_visits) {
        d->cut = true;
        return false;
    }
    d->visits++;
    return true;
}

/* The part of a trail that an entry changes; its hops are counted back. */
typedef struct mark {
    uint32_t first_entry, hop_count;
    rm_gate handle;
    rm_authorisation authorisation;
    rm_state state;
} mark;

static mark mark_of(const rm_trail *t) {
    return (mark){t->first_entry, t->hop_count, t->handle, t->authorisation, t->state};
}

static void back_to(rm_trail *t, const mark *m) {
    t->first_entry = m->first_entry;
    t->hop_count = m->hop_count;
    t->handle = m->handle;
    t->authorisation = m->authorisation;
    t->state = m->state;
}

static void note_entry(rm_trail *t, const rm_entry *e, uint32_t entry, const request *r,
                       rm_authorisation authorised) {
    t->authorisation = authorised > t->authorisation ? authorised : t->authorisation;
    t->state = later(later(t->state, r->state), e->state);
    if (!e->any_code && !e->has_code && e->kind == RM_ENTRY_IOCTL) {
        t->handle = RM_GATE_UNKNOWN;
    }
    if (t->first_entry == RM_NONE) {
        t->first_entry = entry;
    }
}

static rm_status enter(rm_derivation *d, rm_trail *t, uint32_t entry, const request *r) {
    const rm_entry *e = &d->model->entries.at[entry];
    const mark before = mark_of(t);
    if (!d->leads[entry] || visited(t, entry) || t->hop_count >= d->deepest ||
        (t->hop_count > 0 && !within_budget(d)) || rm_rows_full(d)) {
        return RM_OK;
    }
    rm_authorisation authorised = rm_authorise(d, entry, &t->asked, r->mode, NULL);
    if (authorised == RM_AUTH_REFUSED) {
        return RM_OK;
    }
    note_entry(t, e, entry, r, authorised);
    rm_status st = RM_OK;
    if (push_hop(d, t,
                 (rm_hop){.driver = e->driver,
                          .entry = entry,
                          .forward = r->forward,
                          .validation = r->validation,
                          .mode = r->mode})) {
        st = reach_sinks(d, t, entry);
        if (st == RM_OK) {
            st = follow_all(d, t, entry, r);
        }
    }
    back_to(t, &before);
    return st;
}

/* Enters those handlers of [first, end) that serve the device. */
static rm_status enter_each(rm_derivation *d, rm_trail *t, uint32_t first, uint32_t end,
                            uint32_t device, const request *r, bool *found) {
    const uint32_t *order = d->entries_of_driver.order;
    rm_status st = RM_OK;
    for (uint32_t i = first; st == RM_OK && i < end; i++) {
        uint32_t of = d->model->entries.at[order[i]].device;
        if (device == RM_NONE || of == RM_NONE || of == device) {
            *found = true;
            st = enter(d, t, order[i], r);
        }
    }
    return st;
}

/* A handler of every code stands in only where no handler names the code. */
static rm_status enter_driver(rm_derivation *d, rm_trail *t, uint32_t driver, uint32_t device,
                              const request *r, bool *found) {
    rm_handlers h = rm_handlers_of(d, driver, r->kind);
    uint32_t first = h.exact;
    uint32_t end = h.vague;
    if (!r->chosen) {
        end = first;
        if (r->has_code) {
            rm_handlers_exact(d, &h, r->code, &first, &end);
        }
    }
    rm_status st = enter_each(d, t, first, end, device, r, found);
    if (st == RM_OK) {
        st = enter_each(d, t, h.vague, h.any, device, r, found);
    }
    return st != RM_OK || (*found && !r->chosen) ? st
                                                 : enter_each(d, t, h.any, h.end, device, r, found);
}

/* ---- at the door ---- */

/* The access that the I/O manager asks of the handle before the driver sees the request. */
static uint32_t access_needed(const rm_entry *e) {
    switch (e->kind) {
    case RM_ENTRY_IOCTL:
    case RM_ENTRY_FSCTL: return e->has_code ? e->code >> 14 & 3u : 0;
    case RM_ENTRY_READ: return 1;
    case RM_ENTRY_WRITE: return 2;
    case RM_ENTRY_INTERNAL_IOCTL:
    case RM_ENTRY_CREATE:
    case RM_ENTRY_FAST_IO:
    case RM_ENTRY_MESSAGE:
    case RM_ENTRY_WMI:
    case RM_ENTRY_COUNT: break;
    }
    return 0;
}

static bool has_codes(const rm_entry *e) {
    return e->kind == RM_ENTRY_IOCTL || e->kind == RM_ENTRY_FSCTL;
}

static rm_gate deliverable(const rm_admission *a, const rm_entry *e) {
    uint32_t bits = access_needed(e);
    bool vague = has_codes(e) && !e->has_code && !e->any_code;
    if (a->handed_over) {
        return (a->mask & bits) != bits                         ? RM_GATE_CLOSED
               : (a->certain & bits) == bits && a->certain != 0 ? RM_GATE_OPEN
                                                                : RM_GATE_UNKNOWN;
    }
    if (a->bits[bits] == RM_GATE_OPEN && vague && (a->reach.answer.dacl & 3u) != 3u) {
        return RM_GATE_UNKNOWN;
    }
    return a->bits[bits];
}

/* What a caller sends to reach an entry, along ways of at most so many hops. */
static rm_status send_within(rm_derivation *d, const rm_admission *a, uint32_t entry,
                             uint32_t deepest) {
    const rm_entry *e = &d->model->entries.at[entry];
    const uint32_t left = d->door_visits < DOOR_VISITS ? DOOR_VISITS - d->door_visits : 0;
    d->visits = 0;
    d->most_visits = left < FEWEST_VISITS ? FEWEST_VISITS : left < MAX_VISITS ? left : MAX_VISITS;
    d->deepest = deepest;
    d->cut = false;
    request r = {.kind = e->kind,
                 .has_code = e->has_code,
                 .chosen = !e->has_code && e->any_code,
                 .code = e->code,
                 .mode = RM_MODE_USER,
                 .validation = RM_VALIDATION_UNVALIDATED,
                 .forward = RM_NONE};
    const rm_group *g = &d->ways_of_device;
    rm_status st = g->first[a->device] < g->first[a->device + 1]
                       ? enter_device(d, d->trail, RM_NONE, a->device, &r)
                       : enter(d, d->trail, entry, &r);
    d->door_visits += d->visits;
    return st;
}

/* Once for each door and code, as their origins have the same ways; the first few by name. */
static rm_status note_cut(rm_derivation *d, const rm_admission *a, uint32_t entry) {
    const rm_model *m = d->model;
    const rm_entry *e = &m->entries.at[entry];
    rm_str key = RM_STR_NONE;
    uint32_t *at = NULL;
    bool is_new = false;
    rm_status st = rm_str_printf(d->scratch, &key, "%u,%u,%u", (unsigned)a->door,
                                 (unsigned)a->device, (unsigned)entry);
    st = st == RM_OK ? rm_map_at(&d->cuts, key, &at, &is_new) : st;
    if (st != RM_OK || !is_new || ++d->cut_wide > RM_NAMED_CUTS) {
        return st;
    }
    rm_str door = a->door != RM_NONE ? m->doors.at[a->door].name : m->devices.at[a->device].nt_name;
    rm_str code = e->name;
    if (e->has_code && code.len == 0) {
        st = rm_str_printf(d->scratch, &code, "0x%08X", (unsigned)e->code);
    }
    return st != RM_OK ? st
                       : rm_str_printf(d->scratch, &d->cut_names, "%.*s%s'%.*s' at '%.*s'",
                                       RM_STR_ARG(d->cut_names), d->cut_wide > 1 ? ", " : "",
                                       RM_STR_ARG(code), RM_STR_ARG(door));
}

/*
 * One budget for each request, so that no code hides another's ways. Where a request has more ways
 * than that, the short ones are followed before it ends: a tangle hides long ways alone.
 */
static rm_status send(rm_derivation *d, const rm_admission *a, uint32_t entry) {
    rm_trail *t = d->trail;
    t->admission = a;
    t->way = NULL;
    t->first_entry = entry;
    t->handle = RM_GATE_OPEN;
    t->authorisation = RM_AUTH_NONE;
    t->kernel_hop = false;
    t->state = a->state;
    t->hop_count = 0;
    t->asked = (rm_asked){.token = a->token,
                          .available = a->handed_over ? a->certain : a->reach.answer.dacl,
                          .possible = a->handed_over ? a->mask : a->reach.answer.undecided,
                          .opened_by_others = a->handed_over};
    t->deliver = deliverable(a, &d->model->entries.at[entry]);
    if (t->deliver == RM_GATE_CLOSED) {
        return RM_OK;
    }
    rm_status st = send_within(d, a, entry, RM_MAX_HOPS);
    if (st == RM_OK && d->cut) {
        st = note_cut(d, a, entry);
        d->cut = false;
        for (uint32_t depth = FIRST_DEPTH; st == RM_OK && !d->cut && depth < RM_MAX_HOPS;
             depth += (depth + 1) / 2) {
            st = send_within(d, a, entry, depth);
        }
    }
    return st;
}

rm_status rm_walk_door(rm_derivation *d, const rm_admission *told) {
    d->door_visits = 0;
    rm_status st = rm_requests_collect(d, told->device);
    if (st != RM_OK || d->requests.count == 0) {
        return st;
    }
    rm_admission *a = RM_NEW(d->scratch, rm_admission); /* the rows name it */
    if (a == NULL) {
        return RM_NOMEM;
    }
    *a = *told;
    for (uint32_t i = 0; st == RM_OK && i < d->requests.count; i++) {
        st = send(d, a, d->requests.at[i]);
    }
    return st;
}
