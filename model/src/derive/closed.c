#include "model/closed.h"

#include <stdlib.h>

#include "internal.h"

const char rm_not_modelled[] =
    "Not modelled: devices and firmware as senders, what drivers read from the registry and from "
    "files, and code that was not read.";

/* One question: this path, by that principal. */
typedef struct question {
    rm_derivation d;
    const rm_path *path;
    uint32_t who;
    rm_closed *out;
} question;

static rm_str device_name(const rm_model *m, uint32_t device) {
    const rm_device *d = &m->devices.at[device];
    return d->nt_name.len > 0     ? d->nt_name
           : d->alias.len > 0     ? d->alias
           : d->driver == RM_NONE ? RM_STR("the device")
                                  : m->drivers.at[d->driver].name;
}

static const char *bits_in_words(uint32_t bits) {
    static const char *const words[] = {"any access", "FILE_READ_DATA", "FILE_WRITE_DATA",
                                        "FILE_READ_DATA and FILE_WRITE_DATA"};
    return words[bits & 3u];
}

/* What the entry at the door asks of a handle. */
static uint32_t bits_needed(const rm_model *m, const rm_path *p) {
    if (p->entry == RM_NONE) {
        return 0;
    }
    const rm_entry *e = &m->entries.at[p->entry];
    return e->has_code                 ? e->code >> 14 & 3u
           : e->kind == RM_ENTRY_READ  ? 1u
           : e->kind == RM_ENTRY_WRITE ? 2u
                                       : 0u;
}

/* The last word of the access check. */
static rm_status why_not(question *q, uint32_t bits, rm_str *out) {
    const rm_token *token = &q->d.principals.at[q->who].token;
    rm_access_trace trace = {0};
    bool granted = false;
    rm_status st = rm_access_check(q->d.scratch, q->d.security[q->path->device], token,
                                   bits == 0 ? 0x80u : bits, RM_OBJECT_DEVICE, &granted, &trace);
    *out = trace.count > 0 ? trace.at[trace.count - 1].text : RM_STR_NONE;
    return st;
}

static rm_status by_descriptor(question *q, const char *gate, uint32_t bits) {
    const rm_model *m = q->d.model;
    uint32_t row = m->devices.at[q->path->device].descriptor;
    rm_str why = RM_STR_NONE;
    rm_status st = why_not(q, bits, &why);
    q->out->gate = gate;
    q->out->place = row == RM_NONE ? (rm_place){0} : m->descriptors.at[row].place;
    return st != RM_OK
               ? st
               : rm_str_printf(m->arena, &q->out->text,
                               "%.*s would reach it but for the descriptor of %.*s, which does "
                               "not grant it %s: %.*s",
                               RM_STR_ARG(q->out->principal),
                               RM_STR_ARG(device_name(m, q->path->device)), bits_in_words(bits),
                               RM_STR_ARG(why));
}

static rm_status by_check(question *q, uint32_t check, bool *closed) {
    const rm_model *m = q->d.model;
    const rm_check *c = &m->checks.at[check];
    q->out->gate = "authorisation";
    q->out->place = c->place;
    *closed = true;
    return rm_str_printf(m->arena, &q->out->text,
                         "%.*s would reach it but for a check that it does not pass: %s %.*s%s",
                         RM_STR_ARG(q->out->principal), rm_check_kind_name(c->kind),
                         RM_STR_ARG(c->argument),
                         c->at == RM_AT_CREATE ? ", when the device is opened" : "");
}

static uint32_t entry_of(const rm_model *m, rm_str id) {
    for (uint32_t i = 0; i < m->entries.count; i++) {
        if (rm_str_eq(m->entries.at[i].id, id)) {
            return i;
        }
    }
    return RM_NONE;
}

static bool opens_target(const rm_model *m, rm_str id) {
    for (uint32_t i = 0; i < m->forwards.count; i++) {
        if (rm_str_eq(m->forwards.at[i].id, id)) {
            return rm_opens_target(&m->forwards.at[i]);
        }
    }
    return false;
}

/* Each handler on the way asks for what it asks of whoever sends. */
static rm_status ask_handlers(question *q, const rm_access_answer *answer, bool *closed) {
    rm_asked asked = {.token = &q->d.principals.at[q->who].token,
                      .available = answer->dacl,
                      .possible = answer->undecided};
    for (uint32_t i = 0; i < q->path->steps.count; i++) {
        const rm_step *s = &q->path->steps.at[i];
        uint32_t entry = s->kind == RM_STEP_ENTRY ? entry_of(q->d.model, s->node) : RM_NONE;
        uint32_t check = RM_NONE;
        asked.opened_by_others |= s->kind == RM_STEP_FORWARD && opens_target(q->d.model, s->node);
        if (entry != RM_NONE &&
            rm_authorise(&q->d, entry, &asked, s->requestor_mode, &check) == RM_AUTH_REFUSED) {
            return by_check(q, check, closed);
        }
    }
    return RM_OK;
}

static rm_status ask(question *q, bool *closed) {
    const rm_principal *p = &q->d.principals.at[q->who];
    uint32_t bits = bits_needed(q->d.model, q->path);
    rm_reach reach = {0};
    rm_gate deliver = RM_GATE_OPEN;
    q->out->principal = p->name;
    *closed = false;
    rm_status st = rm_reach_door(&q->d, q->path->door, q->path->device, &p->token, &reach);
    if (st == RM_OK && reach.open == RM_GATE_CLOSED) {
        *closed = true;
        return by_descriptor(q, "open", bits);
    }
    if (st == RM_OK) {
        st = rm_reach_bits(&q->d, &p->token, &reach, bits, &deliver);
    }
    if (st == RM_OK && deliver == RM_GATE_CLOSED) {
        *closed = true;
        return by_descriptor(q, "deliver", bits);
    }
    return st == RM_OK ? ask_handlers(q, &reach.answer, closed) : st;
}

/* The next weaker principal after `last`, which is RM_NONE at first; RM_NONE: there is none. */
static uint32_t next_weaker(const rm_principals *all, uint32_t origin, uint32_t last) {
    uint32_t found = RM_NONE;
    for (uint32_t i = 0; i < all->count; i++) {
        uint32_t d = all->at[i].disparity;
        bool weaker = d > all->at[origin].disparity;
        bool after = last == RM_NONE || d > all->at[last].disparity ||
                     (d == all->at[last].disparity && i > last);
        if (weaker && after && (found == RM_NONE || d < all->at[found].disparity)) {
            found = i;
        }
    }
    return found;
}

static bool behind_service(const rm_path *p) {
    for (uint32_t i = 0; i < p->steps.count; i++) {
        if (p->steps.at[i].kind == RM_STEP_SERVICE) {
            return true;
        }
    }
    return false;
}

rm_status rm_nearest_closed(rm_arena *arena, const rm_model *model, const rm_principals *principals,
                            uint32_t path, rm_closed *out, bool *found) {
    rm_model copy = *model; /* lists are the model's; texts go to `arena` */
    copy.arena = arena;
    question q = {.d = {.model = &copy,
                        .scratch = arena,
                        .weights = &rm_default_weights,
                        .principals = *principals},
                  .path = &model->paths.at[path],
                  .out = out};
    uint32_t origin = rm_principal_find(principals, q.path->origin);
    *found = false;
    if (origin == RM_NONE || q.path->device == RM_NONE || behind_service(q.path)) {
        return RM_OK;
    }
    rm_status st = rm_derivation_index(&q.d);
    if (st != RM_OK || q.d.security[q.path->device] == NULL) {
        return st;
    }
    q.who = next_weaker(principals, origin, RM_NONE);
    while (st == RM_OK && q.who != RM_NONE && !*found) {
        st = ask(&q, found);
        q.who = next_weaker(principals, origin, q.who);
    }
    return st;
}
