#include "source/flow/walk.h"

/* Where ways through the code meet. */

static bool same_memory(const rm_world *a, const rm_world *b) {
    if (a->sum != b->sum || a->memory.count != b->memory.count || a->depth != b->depth ||
        a->has_result != b->has_result || (a->has_result && !rm_value_eq(a->result, b->result))) {
        return false;
    }
    for (uint32_t i = 0; i < a->memory.count; i++) {
        if (a->memory.at[i].cell != b->memory.at[i].cell ||
            !rm_value_eq(a->memory.at[i].value, b->memory.at[i].value)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < a->depth; i++) {
        if (!rm_value_eq(a->stack[i], b->stack[i])) {
            return false;
        }
    }
    return true;
}

static bool same_range(const rm_range *a, const rm_range *b) {
    return a->has_lo == b->has_lo && a->has_hi == b->has_hi && a->lo == b->lo && a->hi == b->hi &&
           a->lo_ok == b->lo_ok && a->hi_ok == b->hi_ok && a->hi_open == b->hi_open &&
           a->hi_own == b->hi_own && a->equal == b->equal && a->caller_hi == b->caller_hi &&
           a->kept == b->kept;
}

static bool same_fact(const rm_fact *a, const rm_fact *b) {
    return a->symbol == b->symbol && same_range(&a->range, &b->range) &&
           a->not_zero == b->not_zero && a->is_zero == b->is_zero &&
           a->probed_read == b->probed_read && a->probed_write == b->probed_write &&
           a->freed == b->freed && a->shielded == b->shielded && a->asked == b->asked &&
           a->changed == b->changed && a->looped == b->looped;
}

static bool same_facts(const rm_world *a, const rm_world *b) {
    if (a->facts.count != b->facts.count) {
        return false;
    }
    for (uint32_t i = 0; i < a->facts.count; i++) {
        if (!same_fact(&a->facts.at[i], &b->facts.at[i])) {
            return false;
        }
    }
    return true;
}

bool rm_world_same(const rm_world *a, const rm_world *b) {
    return same_memory(a, b) && same_facts(a, b);
}

/* A pointer that is probed for user mode, where the other way is kernel mode's alone. */
static void keep_probe(rm_fact *both, const rm_fact *probed) {
    both->probed_read = probed->probed_read;
    both->probed_write = probed->probed_write;
    both->probe_length = probed->probe_length;
    both->write_length = probed->write_length;
}

/* What both say of a symbol. */
static rm_fact both_facts(const rm_walk *w, const rm_world *world_a, const rm_fact *a,
                          const rm_world *world_b, const rm_fact *b) {
    rm_fact both = *a;
    bool same_probe = rm_value_eq(a->probe_length, b->probe_length);
    bool same_write = rm_value_eq(a->write_length, b->write_length);
    if (!same_range(&a->range, &b->range)) {
        rm_range ra = rm_range_of(w, world_a, rm_value_symbol(a->symbol));
        rm_range rb = rm_range_of(w, world_b, rm_value_symbol(b->symbol));
        both.range = rm_range_join(&ra, &rb);
    }
    both.not_zero = a->not_zero && b->not_zero;
    both.is_zero = a->is_zero && b->is_zero;
    both.freed = a->freed || b->freed;
    both.shielded = a->shielded && b->shielded;
    both.probed_read = a->probed_read && b->probed_read && same_probe;
    both.probed_write = a->probed_write && b->probed_write && same_write;
    if (a->is_zero != b->is_zero) { /* if (p) ProbeForWrite(p, …): NULL needs none */
        keep_probe(&both, a->is_zero ? b : a);
    }
    both.asked = a->asked || b->asked; /* "perhaps judged elsewhere" is never made less */
    both.changed = a->changed || b->changed;
    both.looped = a->looped || b->looped;
    both.last = a->looped ? a->last : b->last;
    bool both_sides = a->guard == b->guard && a->guard2 != RM_NONE && a->guard2 == b->guard2 &&
                      !same_range(&a->range, &b->range);
    if (both_sides) { /* the last test stopped nobody */
        both.guard = a->guard2;
        both.guard2 = RM_NONE;
    } else if (a->guard == RM_NONE) {
        both.guard = b->guard;
    } else if (a->guard2 == RM_NONE && b->guard != a->guard) {
        both.guard2 = b->guard;
    }
    both.vain = a->vain != RM_NONE ? a->vain : b->vain;
    return both;
}

/* Only one of the ways knows something: what is left is that a check stands elsewhere. */
static bool one_fact(const rm_fact *only, rm_fact *out) {
    uint32_t note = only->vain != RM_NONE ? only->vain : only->guard;
    *out = (rm_fact){.symbol = only->symbol,
                     .asked = only->asked,
                     .freed = only->freed,
                     .changed = only->changed,
                     .looped = only->looped,
                     .last = only->last,
                     .guard = RM_NONE,
                     .guard2 = RM_NONE,
                     .vain = note};
    return only->asked || only->changed || only->looped || only->freed || note != RM_NONE;
}

static void keep_fact(rm_walk *w, rm_facts *out, const rm_fact *fact) {
    rm_fact *slot = rm_push(w->arena, out);
    if (slot == NULL) {
        w->status = RM_NOMEM;
        return;
    }
    *slot = *fact;
}

static void join_facts(rm_walk *w, rm_world *into, const rm_world *from) {
    rm_world *out = rm_world_new(w);
    bool mine = rm_from_kernel_mode(w, into);
    bool theirs = rm_from_kernel_mode(w, from);
    uint32_t i = 0;
    uint32_t j = 0;
    if (out == NULL) {
        return;
    }
    while (w->status == RM_OK && (i < into->facts.count || j < from->facts.count)) {
        uint32_t a = i < into->facts.count ? into->facts.at[i].symbol : RM_NONE;
        uint32_t b = j < from->facts.count ? from->facts.at[j].symbol : RM_NONE;
        rm_fact fact;
        if (a == b) {
            const rm_fact *x = &into->facts.at[i++];
            const rm_fact *y = &from->facts.at[j++];
            fact = both_facts(w, into, x, from, y);
            if (mine != theirs && (mine ? y : x)->probed_read) {
                keep_probe(&fact, mine ? y : x);
            }
            keep_fact(w, &out->facts, &fact);
            continue;
        }
        const rm_fact *only = a < b ? &into->facts.at[i++] : &from->facts.at[j++];
        bool kept = one_fact(only, &fact);
        if (only->probed_read && (a < b ? theirs && !mine : mine && !theirs)) {
            keep_probe(&fact, only);
            kept = true;
        }
        if (kept) {
            keep_fact(w, &out->facts, &fact);
        }
    }
    rm_facts swap = into->facts;
    into->facts = out->facts;
    out->facts = swap;
    rm_world_drop(w, out);
}

static void join_relations(rm_world *into, const rm_world *from) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < into->relation_count; i++) {
        for (uint32_t j = 0; j < from->relation_count; j++) {
            const rm_relation *other = &from->relations[j];
            if (other->symbol == into->relations[i].symbol &&
                rm_value_eq(other->limit, into->relations[i].limit)) {
                rm_relation both = into->relations[i];
                both.strict = both.strict && other->strict;
                into->relations[kept++] = both;
                break;
            }
        }
    }
    into->relation_count = kept;
}

/* A value that is one of two, with what is known of each in its own world. */
static rm_value join_value(rm_walk *w, rm_world *into, rm_value a, const rm_world *from, rm_value b,
                           const rm_type *type, rm_world *facts) {
    if (rm_value_eq(a, b)) {
        return a;
    }
    rm_range ra = rm_range_of(w, into, a);
    rm_range rb = rm_range_of(w, from, b);
    rm_value value = rm_symbol_phi(w, a, b, type, false);
    rm_range both = rm_range_join(&ra, &rb);
    if (value.kind != RM_VALUE_SYMBOL) {
        return value;
    }
    rm_fact *fact = rm_world_fact(w, facts, value.id);
    if (fact != NULL) {
        *fact = (rm_fact){.symbol = value.id,
                          .range = both,
                          .guard = RM_NONE,
                          .guard2 = RM_NONE,
                          .vain = RM_NONE};
        const rm_fact *fa = a.kind == RM_VALUE_SYMBOL ? rm_world_find_fact(into, a.id) : NULL;
        const rm_fact *fb = b.kind == RM_VALUE_SYMBOL ? rm_world_find_fact(from, b.id) : NULL;
        fact->guard = fa != NULL ? fa->guard : fb != NULL ? fb->guard : RM_NONE;
        fact->asked = (fa != NULL && fa->asked) || (fb != NULL && fb->asked);
        fact->changed = (fa != NULL && fa->changed) || (fb != NULL && fb->changed);
    }
    return value;
}

static uint32_t leading_bindings(const rm_world *a, const rm_world *b) {
    uint32_t i = 0;
    while (i < a->memory.count && i < b->memory.count &&
           a->memory.at[i].cell == b->memory.at[i].cell &&
           rm_value_eq(a->memory.at[i].value, b->memory.at[i].value)) {
        i++;
    }
    return i;
}

static void join_memory(rm_walk *w, rm_world *into, const rm_world *from, rm_world *facts) {
    uint32_t same = leading_bindings(into, from);
    uint32_t i = same;
    uint32_t j = same;
    rm_world *out = rm_world_new(w);
    if (out == NULL) {
        return;
    }
    while (w->status == RM_OK && (i < into->memory.count || j < from->memory.count)) {
        uint32_t a = i < into->memory.count ? into->memory.at[i].cell : RM_NONE;
        uint32_t b = j < from->memory.count ? from->memory.at[j].cell : RM_NONE;
        uint32_t cell = a < b ? a : b;
        rm_value va = a == cell ? into->memory.at[i].value : rm_memory_peek(w, into, cell);
        rm_value vb = b == cell ? from->memory.at[j].value : rm_memory_peek(w, from, cell);
        rm_type type = w->cells.at[cell].type;
        i += a == cell;
        j += b == cell;
        rm_world_set(w, out, cell, join_value(w, into, va, from, vb, &type, facts));
    }
    rm_world_cut(into, same);
    for (uint32_t k = 0; k < out->memory.count && w->status == RM_OK; k++) {
        rm_world_set(w, into, out->memory.at[k].cell, out->memory.at[k].value);
    }
    rm_world_drop(w, out);
}

void rm_world_merge(rm_walk *w, rm_world *into, const rm_world *from) {
    rm_world *facts = rm_world_new(w); /* of the new values */
    if (facts == NULL) {
        return;
    }
    join_memory(w, into, from, facts);
    for (uint32_t i = 0; i < into->depth && i < from->depth; i++) {
        into->stack[i] = join_value(w, into, into->stack[i], from, from->stack[i], NULL, facts);
    }
    if (into->has_result && from->has_result) {
        into->result = join_value(w, into, into->result, from, from->result, NULL, facts);
    } else {
        into->has_result = false;
    }
    join_facts(w, into, from);
    join_relations(into, from);
    for (uint32_t i = 0; i < facts->facts.count; i++) {
        rm_fact *fact = rm_world_fact(w, into, facts->facts.at[i].symbol);
        if (fact != NULL) {
            *fact = facts->facts.at[i];
        }
    }
    rm_world_drop(w, facts);
}

/* How much two worlds differ: the number of memory cells. */
static uint32_t distance(const rm_world *a, const rm_world *b) {
    uint32_t i = 0;
    uint32_t j = 0;
    uint32_t differ = 0;
    while (i < a->memory.count && j < b->memory.count) {
        const rm_binding *x = &a->memory.at[i];
        const rm_binding *y = &b->memory.at[j];
        differ += x->cell != y->cell || !rm_value_eq(x->value, y->value);
        i += x->cell <= y->cell;
        j += y->cell <= x->cell;
    }
    return differ + (a->memory.count - i) + (b->memory.count - j);
}

static void take_out(rm_world_list *list, uint32_t index) {
    list->at[index] = list->at[list->count - 1];
    list->count--;
}

/* Did the ways leave a loop at different turns? for (…) if (found) break; if (i == n) refuse; */
static bool apart_by_counter(const rm_walk *w, const rm_world *a, const rm_world *b) {
    uint32_t i = 0;
    uint32_t j = 0;
    while (i < a->facts.count && j < b->facts.count) {
        const rm_fact *x = &a->facts.at[i];
        const rm_fact *y = &b->facts.at[j];
        i += x->symbol <= y->symbol;
        j += y->symbol <= x->symbol;
        if (x->symbol == y->symbol && w->symbols.at[x->symbol].loop &&
            ((x->range.has_hi && y->range.has_lo && x->range.hi < y->range.lo) ||
             (y->range.has_hi && x->range.has_lo && y->range.hi < x->range.lo))) {
            return true;
        }
    }
    return false;
}

static void join_alike(rm_walk *w, rm_world_list *list) {
    for (uint32_t i = 0; i < list->count; i++) {
        for (uint32_t j = i + 1; j < list->count;) {
            rm_world *a = list->at[i];
            rm_world *b = list->at[j];
            if (!same_memory(a, b) || apart_by_counter(w, a, b)) {
                j++;
                continue;
            }
            if (same_facts(a, b)) {
                join_relations(a, b);
            } else {
                rm_world_merge(w, a, b);
            }
            rm_world_drop(w, b);
            take_out(list, j);
        }
    }
}

/* Folds the worlds beyond `most` into those of the first that they are nearest to. */
static void fold_rest(rm_walk *w, rm_world_list *list, uint32_t most) {
    w->coarse = w->coarse || list->count > most;
    while (list->count > most && w->status == RM_OK) {
        rm_world *extra = list->at[list->count - 1];
        uint32_t best = UINT32_MAX;
        uint32_t nearest = 0;
        for (uint32_t i = 0; i < most; i++) {
            uint32_t d = distance(list->at[i], extra);
            if (d < best) {
                best = d;
                nearest = i;
            }
        }
        rm_world_merge(w, list->at[nearest], extra);
        rm_world_drop(w, extra);
        list->count--;
    }
}

void rm_worlds_join(rm_walk *w, rm_world_list *list, uint32_t most) {
    if (list->count < 2 || w->status != RM_OK) {
        return;
    }
    join_alike(w, list);
    fold_rest(w, list, most);
}
