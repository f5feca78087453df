#include "internal.h"

/*
 * A request on its way: from the door to the top of the stack, down the stack where a filter passes
 * it on, across forwards to other drivers, until an entry's privileged calls. Each handler is
 * visited once per trail, which cuts cycles.
 */

enum { MAX_VISITS = 1000 }; /* handlers that forwards lead to, from one door of one origin */

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

static bool takes(const rm_entry *e, const request *r) {
    if (e->kind != r->kind) {
        return false;
    }
    return e->any_code || !e->has_code || r->chosen || (r->has_code && e->code == r->code);
}

/* A handler of every code stands in only where no handler names the code. */
static bool is_exact(const rm_entry *e, const request *r) {
    return takes(e, r) && !e->any_code;
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
        rm_diag(d->sink, RM_NOTE, (rm_loc){0}, "paths-too-deep",
                "a chain through more than %d drivers is cut", RM_MAX_HOPS);
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

/* Where a driver stands in the stack of the device that was opened; RM_NONE: not in it. */
static uint32_t place_in_stack(const rm_derivation *d, const rm_stack_view *stack,
                               uint32_t driver) {
    for (uint32_t i = 0; i < stack->count; i++) {
        if (d->model->stacks.at[stack->positions[i]].driver == driver) {
            return i;
        }
    }
    return RM_NONE;
}

static bool is_filter(rm_stack_how how) {
    return how == RM_STACK_UPPER_FILTER || how == RM_STACK_LOWER_FILTER || how == RM_STACK_ATTACH ||
           how == RM_STACK_MINIFILTER;
}

/*
 * The request goes to the driver at place `at` and, while filters without a handler for it stand
 * there, on to the next. A driver that handles it decides by its forwards whether it goes on.
 */
static rm_status enter_stack(rm_derivation *d, rm_trail *t, const rm_stack_view *stack, uint32_t at,
                             const request *r) {
    uint32_t hops_before = t->hop_count;
    rm_state state_before = t->state;
    request on_its_way = *r;
    for (uint32_t i = at; i < stack->count; i++) {
        const rm_stack_position *p = &d->model->stacks.at[stack->positions[i]];
        bool found = false;
        on_its_way.state = later(on_its_way.state, later(p->state, p->order_state));
        rm_status st = p->driver == RM_NONE
                           ? RM_OK
                           : enter_driver(d, t, p->driver, p->device, &on_its_way, &found);
        if (st != RM_OK) {
            return st;
        }
        if (found || !is_filter(p->how)) {
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
    t->hop_count = hops_before;
    t->state = state_before;
    return RM_OK;
}

static const rm_stack_view *stack_here(const rm_derivation *d, const rm_trail *t) {
    return &d->stack_of_device[t->admission->device];
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

static rm_status follow(rm_derivation *d, rm_trail *t, uint32_t driver, uint32_t forward,
                        const request *before) {
    const rm_forward *f = &d->model->forwards.at[forward];
    bool found = false;
    if (f->carries_user_data == RM_TRI_NO) {
        return RM_OK; /* nothing of the caller's travels */
    }
    request r = request_after(d, t, forward, before);
    bool kernel_before = t->kernel_hop;
    t->kernel_hop = t->kernel_hop || (r.mode == RM_MODE_KERNEL && before->mode != RM_MODE_KERNEL);
    rm_status st = RM_OK;
    if (f->to_driver != RM_NONE) {
        st = enter_driver(d, t, f->to_driver, f->to_device, &r, &found);
    } else if (f->how_found == RM_FOUND_STACK) {
        const rm_stack_view *stack = stack_here(d, t);
        uint32_t here = place_in_stack(d, stack, driver);
        st = here == RM_NONE ? RM_OK : enter_stack(d, t, stack, here + 1, &r);
    }
    t->kernel_hop = kernel_before;
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

static rm_status reach_sinks(rm_derivation *d, const rm_trail *t, uint32_t entry) {
    rm_status st = RM_OK;
    for (uint32_t i = d->sinks_of_entry.first[entry];
         st == RM_OK && i < d->sinks_of_entry.first[entry + 1]; i++) {
        uint32_t sink = d->sinks_of_entry.order[i];
        bool its_end = !d->model->sinks.at[sink].ending || t->admission->app != RM_NONE;
        st = its_end ? rm_rows_add(d, t, sink) : RM_OK;
    }
    return st;
}

/* Drivers that all forward to each other make more trails than anybody reads. */
static bool within_budget(rm_derivation *d) {
    if (d->visits == MAX_VISITS) {
        rm_diag(d->sink, RM_NOTE, (rm_loc){0}, "paths-cut",
                "one door leads to more than %d ways through drivers; the rest is left out",
                MAX_VISITS);
    }
    return d->visits++ < MAX_VISITS;
}

static rm_status enter(rm_derivation *d, rm_trail *t, uint32_t entry, const request *r) {
    const rm_entry *e = &d->model->entries.at[entry];
    rm_trail saved = *t;
    if (visited(t, entry) || (t->hop_count > 0 && !within_budget(d)) || rm_rows_full(d)) {
        return RM_OK;
    }
    rm_authorisation authorised = rm_authorise(
        d, entry, t->admission->origin->token,
        t->admission->handed_over ? t->admission->mask : t->admission->reach.answer.dacl, r->mode);
    if (authorised == RM_AUTH_REFUSED) {
        return RM_OK;
    }
    t->authorisation = authorised > t->authorisation ? authorised : t->authorisation;
    t->state = later(later(t->state, r->state), e->state);
    if (!e->any_code && !e->has_code && e->kind == RM_ENTRY_IOCTL) {
        t->handle = RM_GATE_UNKNOWN;
    }
    if (t->first_entry == RM_NONE) {
        t->first_entry = entry;
    }
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
    *t = saved;
    return st;
}

static rm_status enter_driver(rm_derivation *d, rm_trail *t, uint32_t driver, uint32_t device,
                              const request *r, bool *found) {
    const rm_group *g = &d->entries_of_driver;
    bool exact = false;
    rm_status st = RM_OK;
    for (uint32_t i = g->first[driver]; i < g->first[driver + 1]; i++) {
        exact = exact || is_exact(&d->model->entries.at[g->order[i]], r);
    }
    for (uint32_t i = g->first[driver]; st == RM_OK && i < g->first[driver + 1]; i++) {
        const rm_entry *e = &d->model->entries.at[g->order[i]];
        bool its_device = device == RM_NONE || e->device == RM_NONE || e->device == device;
        if (its_device && takes(e, r) && !(exact && e->any_code && !r->chosen)) {
            *found = true;
            st = enter(d, t, g->order[i], r);
        }
    }
    return st;
}

/* ---- at the door ---- */

/* Requests that user mode can send: internal control codes come from drivers only. */
static bool user_can_send(rm_entry_kind kind) {
    return kind != RM_ENTRY_INTERNAL_IOCTL;
}

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

static rm_status deliverable(rm_derivation *d, const rm_admission *a, const rm_entry *e,
                             rm_gate *out) {
    uint32_t bits = access_needed(e);
    bool vague = (e->kind == RM_ENTRY_IOCTL || e->kind == RM_ENTRY_FSCTL) && !e->has_code;
    if (a->handed_over) {
        *out = (a->mask & bits) == bits ? RM_GATE_OPEN : RM_GATE_CLOSED;
        return RM_OK;
    }
    rm_status st = rm_reach_bits(d, a->device, a->origin->token, &a->reach, bits, out);
    if (st == RM_OK && *out == RM_GATE_OPEN && vague && !e->any_code &&
        (a->reach.answer.dacl & 3u) != 3u) {
        *out = RM_GATE_UNKNOWN;
    }
    return st;
}

static rm_status send(rm_derivation *d, const rm_admission *a, uint32_t entry) {
    const rm_entry *e = &d->model->entries.at[entry];
    rm_trail t = {.admission = a,
                  .first_entry = RM_NONE,
                  .code = e->code,
                  .has_code = e->has_code,
                  .state = a->state};
    rm_status st = deliverable(d, a, e, &t.deliver);
    if (st != RM_OK || t.deliver == RM_GATE_CLOSED) {
        return st;
    }
    request r = {.kind = e->kind,
                 .has_code = e->has_code,
                 .chosen = !e->has_code && e->any_code,
                 .code = e->code,
                 .mode = RM_MODE_USER,
                 .validation = RM_VALIDATION_UNVALIDATED,
                 .forward = RM_NONE};
    const rm_stack_view *stack = &d->stack_of_device[a->device];
    if (stack->count > 0) {
        return enter_stack(d, &t, stack, 0, &r);
    }
    return enter(d, &t, entry, &r);
}

/* Every request that some driver of the stack takes is tried once at its top. */
static bool sent_before(const rm_derivation *d, const rm_entry *e, const uint32_t *sent,
                        uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        const rm_entry *other = &d->model->entries.at[sent[i]];
        if (other->kind == e->kind && other->has_code == e->has_code && other->code == e->code &&
            other->any_code == e->any_code && (e->has_code || e->any_code)) {
            return true;
        }
    }
    return false;
}

static rm_status send_stack(rm_derivation *d, const rm_admission *a, const rm_stack_view *stack) {
    const rm_group *g = &d->entries_of_driver;
    uint32_t *sent = RM_NEW_ARRAY(d->scratch, uint32_t, (size_t)d->model->entries.count + 1);
    uint32_t count = 0;
    rm_status st = sent == NULL ? RM_NOMEM : RM_OK;
    for (uint32_t p = 0; p < stack->count; p++) {
        uint32_t driver = d->model->stacks.at[stack->positions[p]].driver;
        for (uint32_t i = driver == RM_NONE ? 0 : g->first[driver];
             st == RM_OK && driver != RM_NONE && i < g->first[driver + 1]; i++) {
            const rm_entry *e = &d->model->entries.at[g->order[i]];
            if (user_can_send(e->kind) && !sent_before(d, e, sent, count)) {
                sent[count++] = g->order[i];
                st = send(d, a, g->order[i]);
            }
        }
    }
    return st;
}

rm_status rm_walk_door(rm_derivation *d, const rm_admission *a) {
    const rm_group *g = &d->entries_of_driver;
    const rm_device *device = &d->model->devices.at[a->device];
    const rm_stack_view *stack = &d->stack_of_device[a->device];
    rm_status st = RM_OK;
    d->visits = 0;
    if (stack->count > 0) {
        return send_stack(d, a, stack);
    }
    if (device->driver == RM_NONE) {
        return RM_OK;
    }
    for (uint32_t i = g->first[device->driver]; st == RM_OK && i < g->first[device->driver + 1];
         i++) {
        const rm_entry *e = &d->model->entries.at[g->order[i]];
        bool is_port = device->created_by == RM_CREATED_FLTPORT;
        bool fits = (e->kind == RM_ENTRY_MESSAGE) == is_port;
        if (fits && user_can_send(e->kind) && (e->device == RM_NONE || e->device == a->device)) {
            st = send(d, a, g->order[i]);
        }
    }
    return st;
}
