#include "declared.h"

#include <stdlib.h>

/*
 * A stack that a team declares and one that was read, of one hardware id. The declared order fills
 * what reading could not know (filters of one level, drivers that attach on their own); where
 * reading does know it otherwise, both stay and conflict.
 */

/* Positions of one hardware id, in their order: [first, end) of `at`. */
typedef struct run {
    uint32_t first, end;
} run;

typedef struct order {
    rm_model *m;
    rm_sink *sink;
    uint32_t *at; /* indices of positions: by id, declared ones first, then by stack and place */
    uint32_t count;
    bool *dropped;
} order;

static bool is_declared(const rm_stack_position *p) {
    return p->order_state == RM_STATE_DECLARED;
}

static int by_stack(const rm_stack_position *a, const rm_stack_position *b) {
    int by = rm_str_icmp(a->hwid, b->hwid);
    by = by != 0 ? by : (int)is_declared(b) - (int)is_declared(a);
    by = by != 0 ? by : rm_str_cmp(a->arch, b->arch);
    return by != 0 ? by : rm_str_cmp(a->inf, b->inf);
}

typedef struct key {
    const rm_stack_position *is;
    uint32_t index;
} key;

static int in_order(const void *a, const void *b) {
    const key *x = a;
    const key *y = b;
    int by = by_stack(x->is, y->is);
    if (by != 0) {
        return by;
    }
    return x->is->position != y->is->position ? (x->is->position < y->is->position ? -1 : 1)
           : x->index < y->index              ? -1
                                              : x->index > y->index;
}

static rm_status sort(order *o) {
    const rm_stack_positions *all = &o->m->stacks;
    key *keys = RM_NEW_ARRAY(o->m->arena, key, (size_t)all->count + 1);
    o->at = RM_NEW_ARRAY(o->m->arena, uint32_t, (size_t)all->count + 1);
    o->dropped = RM_NEW_ARRAY(o->m->arena, bool, (size_t)all->count + 1);
    if (keys == NULL || o->at == NULL || o->dropped == NULL) {
        return RM_NOMEM;
    }
    o->count = all->count;
    for (uint32_t i = 0; i < all->count; i++) {
        keys[i] = (key){&all->at[i], i};
    }
    if (all->count > 1) {
        qsort(keys, all->count, sizeof keys[0], in_order);
    }
    for (uint32_t i = 0; i < all->count; i++) {
        o->at[i] = keys[i].index;
    }
    return RM_OK;
}

static rm_stack_position *position(const order *o, uint32_t i) {
    return &o->m->stacks.at[o->at[i]];
}

static uint32_t end_of_stack(const order *o, uint32_t first) {
    uint32_t end = first + 1;
    while (end < o->count && by_stack(position(o, first), position(o, end)) == 0) {
        end++;
    }
    return end;
}

/* Where a driver stands in a run; RM_NONE: nowhere. */
static uint32_t place_of(const order *o, run r, uint32_t driver) {
    for (uint32_t i = r.first; i < r.end; i++) {
        if (driver != RM_NONE && position(o, i)->driver == driver) {
            return i;
        }
    }
    return RM_NONE;
}

/* Two drivers that are known to stand the other way round; RM_NONE: none. */
static uint32_t contradicted(const order *o, run declared, run read) {
    uint32_t last = 0;
    for (uint32_t i = read.first; i < read.end; i++) {
        uint32_t place = place_of(o, declared, position(o, i)->driver);
        if (place == RM_NONE) {
            continue;
        }
        if (place < last && position(o, i)->order_state < RM_STATE_DECLARED) {
            return i;
        }
        last = place > last ? place : last;
    }
    return RM_NONE;
}

static rm_status conflict(const order *o, run declared, run read, uint32_t at) {
    const rm_stack_position *told = position(o, declared.first);
    const rm_stack_position *known = position(o, at);
    rm_str driver = o->m->drivers.at[known->driver].name;
    for (uint32_t i = declared.first; i < declared.end; i++) {
        position(o, i)->state = RM_STATE_CONFLICTING;
    }
    for (uint32_t i = read.first; i < read.end; i++) {
        position(o, i)->state = RM_STATE_CONFLICTING;
    }
    return rm_model_conflict(o->m, o->sink, told->hwid, told->place, known->place,
                             "the stack of '%.*s' is declared in an order that was read "
                             "otherwise, from '%.*s' on",
                             RM_STR_ARG(told->hwid), RM_STR_ARG(driver));
}

/*
 * The read stack takes the declared places; what it does not have comes from the declaration. A
 * driver that only was read keeps its place behind the one above it.
 */
static rm_status adopt(const order *o, run declared, run read) {
    uint32_t count = declared.end - declared.first;
    uint32_t own = 0;
    uint32_t last = 0;
    const rm_stack_position like = *position(o, read.first);
    for (uint32_t i = read.first; i < read.end; i++) {
        rm_stack_position *p = position(o, i);
        uint32_t place = place_of(o, declared, p->driver);
        last = place == RM_NONE ? last : (place - declared.first + 1) * (count + 1);
        p->position = place == RM_NONE ? last + ++own : last;
        p->order_state = place == RM_NONE ? p->order_state : RM_STATE_DECLARED;
    }
    for (uint32_t i = declared.first; i < declared.end; i++) {
        if (place_of(o, read, position(o, i)->driver) != RM_NONE) {
            continue;
        }
        rm_stack_position copy = *position(o, i);
        copy.arch = like.arch;
        copy.inf = like.inf;
        copy.position = (i - declared.first + 1) * (count + 1);
        rm_stack_position *row = rm_push(o->m->arena, &o->m->stacks);
        if (row == NULL) {
            return RM_NOMEM;
        }
        *row = copy;
    }
    return RM_OK;
}

static int by_position(const void *a, const void *b) {
    const rm_stack_position *x = *(rm_stack_position *const *)a;
    const rm_stack_position *y = *(rm_stack_position *const *)b;
    return x->position < y->position ? -1 : x->position > y->position;
}

/* Places counted from 1 again, in the stack of which `one` is a position. */
static rm_status renumber(const order *o, uint32_t one) {
    rm_stack_positions *all = &o->m->stacks;
    rm_stack_position **members = RM_NEW_ARRAY(o->m->arena, rm_stack_position *, all->count);
    uint32_t count = 0;
    if (members == NULL) {
        return RM_NOMEM;
    }
    for (uint32_t i = 0; i < all->count; i++) {
        bool dropped = i < o->count && is_declared(&all->at[i]) && all->at[i].inf.len == 0 &&
                       all->at[one].inf.len > 0;
        if (!dropped && rm_str_ieq(all->at[i].hwid, all->at[one].hwid) &&
            rm_str_eq(all->at[i].arch, all->at[one].arch) &&
            rm_str_eq(all->at[i].inf, all->at[one].inf)) {
            members[count++] = &all->at[i];
        }
    }
    qsort(members, count, sizeof members[0], by_position);
    for (uint32_t i = 0; i < count; i++) {
        members[i]->position = i + 1;
    }
    return RM_OK;
}

static rm_status settle(order *o, run declared, run read, bool *adopted) {
    uint32_t at = contradicted(o, declared, read);
    bool shared = false;
    for (uint32_t i = read.first; i < read.end; i++) {
        shared = shared || place_of(o, declared, position(o, i)->driver) != RM_NONE;
    }
    if (!shared) {
        return RM_OK;
    }
    if (at != RM_NONE) {
        return conflict(o, declared, read, at);
    }
    *adopted = true;
    uint32_t one = o->at[read.first];
    rm_status st = adopt(o, declared, read);
    return st == RM_OK ? renumber(o, one) : st;
}

static void drop(order *o) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < o->m->stacks.count; i++) {
        if (i >= o->count || !o->dropped[i]) {
            o->m->stacks.at[kept++] = o->m->stacks.at[i];
        }
    }
    o->m->stacks.count = kept;
}

/* All stacks of one hardware id: the declared one first. */
static rm_status settle_id(order *o, uint32_t first, uint32_t *end) {
    run declared = {first, end_of_stack(o, first)};
    bool adopted = false;
    rm_status st = RM_OK;
    *end = declared.end;
    if (!is_declared(position(o, first))) {
        return RM_OK;
    }
    while (st == RM_OK && *end < o->count &&
           rm_str_ieq(position(o, *end)->hwid, position(o, first)->hwid)) {
        run read = {*end, end_of_stack(o, *end)};
        bool is_read = !is_declared(position(o, read.first));
        st = is_read ? settle(o, declared, read, &adopted) : RM_OK;
        *end = read.end;
    }
    for (uint32_t i = declared.first; adopted && i < declared.end; i++) {
        o->dropped[o->at[i]] = true;
    }
    return st;
}

rm_status rm_link_declared_orders(rm_model *m, rm_sink *sink) {
    order o = {.m = m, .sink = sink};
    rm_status st = sort(&o);
    for (uint32_t i = 0; st == RM_OK && i < o.count;) {
        st = settle_id(&o, i, &i);
    }
    if (st == RM_OK) {
        drop(&o);
    }
    return st;
}
