#include "source/flow/walk.h"

/*
 * The numbers a value can be: what was tested on this way, and what follows from how it was made.
 * `lo_ok` and `hi_ok` say that the driver meant it: a type's own limits are no check.
 */

enum { MAX_DEPTH = 12 };

rm_range rm_range_type(uint8_t bits, bool is_signed) {
    rm_range r = {.sign_known = bits != 0};
    if (bits == 0) {
        return r;
    }
    r.has_lo = true;
    r.has_hi = !(bits == 64 && !is_signed);
    if (bits >= 64) {
        r.lo = is_signed ? INT64_MIN : 0;
        r.hi = INT64_MAX;
        return r;
    }
    r.lo = is_signed ? -((int64_t)1 << (bits - 1)) : 0;
    r.hi = is_signed ? ((int64_t)1 << (bits - 1)) - 1 : ((int64_t)1 << bits) - 1;
    return r;
}

/* What hangs on two memories. */
static uint32_t kept_of(uint32_t a, uint32_t b) {
    return a == b || b == 0 ? a : a == 0 ? b : RM_KEPT_SEVERAL;
}

static int64_t lesser(int64_t a, int64_t b) {
    return a < b ? a : b;
}
static int64_t greater(int64_t a, int64_t b) {
    return a > b ? a : b;
}

rm_range rm_range_join(const rm_range *a, const rm_range *b) {
    rm_range r = {.has_lo = a->has_lo && b->has_lo,
                  .has_hi = a->has_hi && b->has_hi,
                  .lo = lesser(a->lo, b->lo),
                  .hi = greater(a->hi, b->hi),
                  .lo_ok = a->lo_ok && b->lo_ok,
                  .hi_ok = a->hi_ok && b->hi_ok,
                  .hi_own = a->hi_own || b->hi_own,
                  .hi_open = a->hi_open && b->hi_open,
                  .equal = a->equal && b->equal,
                  .based = a->based && b->based,
                  .sign_known = a->sign_known && b->sign_known,
                  .caller_hi = a->caller_hi || b->caller_hi,
                  .kept = kept_of(a->kept, b->kept)};
    return r;
}

/* Both hold. */
static rm_range both(rm_range a, const rm_range *b) {
    if (b->has_lo && (!a.has_lo || b->lo > a.lo)) {
        a.has_lo = true;
        a.lo = b->lo;
    }
    if (b->has_hi && (!a.has_hi || b->hi < a.hi)) {
        a.has_hi = true;
        a.hi = b->hi;
    }
    bool alone = a.hi_ok && a.kept == 0; /* one of them is enough */
    bool other = b->hi_ok && b->kept == 0;
    a.kept = alone || other ? 0 : kept_of(a.kept, b->kept);
    a.lo_ok = a.lo_ok || b->lo_ok;
    a.hi_ok = a.hi_ok || b->hi_ok;
    a.hi_own = a.hi_own || b->hi_own;
    a.hi_open = a.hi_open || b->hi_open;
    a.equal = a.equal || b->equal;
    a.based = a.based || b->based;
    a.caller_hi = a.caller_hi || b->caller_hi;
    return a;
}

static rm_range of_value(const rm_walk *w, const rm_world *world, rm_value value, unsigned depth);

/* Keeps what fits the type; what may not fit wraps around and says nothing. */
static rm_range fitting(rm_range r, const rm_range *type) {
    bool fits = r.has_lo && r.has_hi && (!type->has_lo || r.lo >= type->lo) &&
                (!type->has_hi || r.hi <= type->hi);
    if (fits) {
        r.sign_known = type->sign_known;
        return r;
    }
    return *type;
}

static bool small(int64_t n) {
    return n > -((int64_t)1 << 61) && n < (int64_t)1 << 61;
}

static rm_range of_sum(const rm_range *a, const rm_range *b, bool minus, const rm_range *type) {
    rm_range r = {.lo_ok = a->lo_ok && b->lo_ok, .hi_ok = a->hi_ok && b->hi_ok};
    if (!a->has_lo || !a->has_hi || !b->has_lo || !b->has_hi || !small(a->lo) || !small(a->hi) ||
        !small(b->lo) || !small(b->hi)) {
        return *type;
    }
    r.has_lo = true;
    r.has_hi = true;
    r.lo = minus ? a->lo - b->hi : a->lo + b->lo;
    r.hi = minus ? a->hi - b->lo : a->hi + b->hi;
    return fitting(r, type);
}

static rm_range of_product(const rm_range *a, const rm_range *b, const rm_range *type) {
    rm_range r = {.lo_ok = a->lo_ok && b->lo_ok, .hi_ok = a->hi_ok && b->hi_ok};
    int64_t most = (int64_t)1 << 30;
    if (!a->has_lo || !a->has_hi || !b->has_lo || !b->has_hi || a->lo < 0 || b->lo < 0 ||
        a->hi > most || b->hi > most) {
        return *type;
    }
    r.has_lo = true;
    r.has_hi = true;
    r.lo = a->lo * b->lo;
    r.hi = a->hi * b->hi;
    return fitting(r, type);
}

/* A mask that leaves no more than three of four bits chooses among few. */
static int64_t mask_limit(const rm_range *type) {
    int64_t limit = type->has_hi && type->hi < INT64_MAX ? type->hi : INT64_MAX;
    unsigned bits = 0;
    while (bits < 63 && limit >> bits > 0) {
        bits++;
    }
    return ((int64_t)1 << (bits * 3 / 4)) - 1;
}

/* x & mask */
static rm_range of_mask(const rm_range *a, const rm_range *mask, const rm_range *type) {
    if (!mask->has_lo || !mask->has_hi || mask->lo < 0 || !mask->hi_ok) {
        return *type;
    }
    rm_range r = {.has_lo = true, .has_hi = true, .hi = mask->hi};
    bool narrows = mask->hi <= mask_limit(type);
    r.lo_ok = narrows;
    r.hi_ok = narrows;
    if (a->has_lo && a->lo >= 0 && a->has_hi && a->hi < r.hi) {
        r.hi = a->hi; /* x & m <= x */
    }
    if (a->hi_ok && a->has_lo && a->lo >= 0) {
        r.lo_ok = true;
        r.hi_ok = true;
    }
    return fitting(r, type);
}

static rm_range of_remainder(const rm_range *a, const rm_range *b, const rm_range *type) {
    if (!b->has_lo || !b->has_hi || b->lo <= 0 || !b->hi_ok || !a->has_lo || a->lo < 0) {
        return *type;
    }
    rm_range r = {.has_lo = true, .has_hi = true, .hi = b->hi - 1, .lo_ok = true, .hi_ok = true};
    return fitting(r, type);
}

static rm_range of_shift(const rm_range *a, const rm_range *b, bool left, const rm_range *type) {
    if (!b->has_lo || b->lo != b->hi || b->lo < 0 || b->lo > 62 || !a->has_lo || a->lo < 0 ||
        !a->has_hi) {
        return *type;
    }
    if (left && a->hi > INT64_MAX >> b->lo) {
        return *type;
    }
    rm_range r = {.has_lo = true, .has_hi = true, .lo_ok = a->lo_ok, .hi_ok = a->hi_ok};
    r.lo = left ? a->lo << b->lo : a->lo >> b->lo;
    r.hi = left ? a->hi << b->lo : a->hi >> b->lo;
    return fitting(r, type);
}

static rm_range of_quotient(const rm_range *a, const rm_range *b, const rm_range *type) {
    if (!b->has_lo || b->lo <= 0 || !a->has_lo || a->lo < 0 || !a->has_hi) {
        return *type;
    }
    rm_range r = {
        .has_lo = true, .has_hi = true, .hi = a->hi / b->lo, .lo_ok = a->lo_ok, .hi_ok = a->hi_ok};
    return fitting(r, type);
}

static rm_range of_union(const rm_range *a, const rm_range *b, const rm_range *type) {
    if (!a->has_lo || a->lo < 0 || !a->has_hi || !b->has_lo || b->lo < 0 || !b->has_hi) {
        return *type;
    }
    int64_t top = a->hi > b->hi ? a->hi : b->hi;
    int64_t mask = 1;
    while (mask - 1 < top && mask < (int64_t)1 << 60) {
        mask <<= 1;
    }
    if (mask - 1 < top) {
        return *type;
    }
    rm_range r = {.has_lo = true,
                  .has_hi = true,
                  .hi = mask - 1,
                  .lo_ok = a->lo_ok && b->lo_ok,
                  .hi_ok = a->hi_ok && b->hi_ok};
    return fitting(r, type);
}

/* Something of the driver's whose number is not known. */
static bool is_own(const rm_walk *w, rm_value value) {
    return value.kind == RM_VALUE_NAMED ||
           (value.kind == RM_VALUE_SYMBOL && rm_value_taint(w, value) <= RM_TAINT_KEPT &&
            !w->symbols.at[value.id].loop && !w->symbols.at[value.id].unset);
}

/* A distance that the driver limits: not negative, and no more than it says. */
static bool is_distance(const rm_range *r) {
    bool limited = r->hi_own || (r->has_hi && r->hi < (int64_t)1 << 31);
    return r->hi_ok && limited && r->has_lo && r->lo >= 0;
}

/* own + distance: a place in a window of the driver's. */
static bool is_in_window(const rm_walk *w, const rm_symbol *s, const rm_range *a,
                         const rm_range *b) {
    return s->arith == RM_OP('+', 0) &&
           ((is_own(w, s->a) && is_distance(b)) || (is_own(w, s->b) && is_distance(a)));
}

static bool le(const rm_walk *w, const rm_world *world, rm_value a, rm_value b, unsigned depth);

/* own - x, where x was tested against own: what is left, no more than own. */
static bool is_rest(const rm_walk *w, const rm_world *world, const rm_symbol *s, const rm_range *a,
                    const rm_range *b, unsigned depth) {
    return s->arith == RM_OP('-', 0) && is_own(w, s->a) && a->hi_ok && is_distance(b) &&
           depth < 4 && le(w, world, s->b, s->a, depth + 1);
}

static rm_range of_arith(const rm_walk *w, const rm_world *world, const rm_symbol *s,
                         const rm_range *type, unsigned depth, uint32_t *kept) {
    rm_range a = of_value(w, world, s->a, depth + 1);
    rm_range b = of_value(w, world, s->b, depth + 1);
    *kept = kept_of(a.kept, b.kept);
    if (is_in_window(w, s, &a, &b)) {
        rm_range r = *type;
        r.lo_ok = true;
        r.hi_ok = true;
        r.hi_own = true;
        r.based = true;
        return r;
    }
    if (is_rest(w, world, s, &a, &b, depth)) {
        rm_range r = a;
        r.has_lo = true;
        r.lo = 0;
        r.lo_ok = true;
        r.hi_own = true;
        r.equal = false;
        r.sign_known = true;
        return r;
    }
    switch (s->arith) {
    case RM_OP('+', 0): return of_sum(&a, &b, false, type);
    case RM_OP('-', 0): return of_sum(&a, &b, true, type);
    case RM_OP('*', 0): return of_product(&a, &b, type);
    case RM_OP('&', 0): {
        rm_range first = of_mask(&a, &b, type);
        return first.hi_ok || a.hi_ok == false ? first : of_mask(&b, &a, type);
    }
    case RM_OP('%', 0): return of_remainder(&a, &b, type);
    case RM_OP('<', '<'): return of_shift(&a, &b, true, type);
    case RM_OP('>', '>'): return of_shift(&a, &b, false, type);
    case RM_OP('/', 0): return of_quotient(&a, &b, type);
    case RM_OP('|', 0):
    case RM_OP('^', 0): return of_union(&a, &b, type);
    default: return *type;
    }
}

/* Of what does not wrap around: what the operands say, within the type. */
static rm_range of_exact(const rm_walk *w, const rm_world *world, const rm_symbol *s,
                         const rm_range *type, unsigned depth) {
    rm_range wide = {.sign_known = true};
    uint32_t kept = 0;
    rm_range r = of_arith(w, world, s, &wide, depth, &kept);
    r.kept = kept;
    if (!r.has_lo || (type->has_lo && r.lo < type->lo)) {
        r.has_lo = type->has_lo;
        r.lo = type->lo;
    }
    if (!r.has_hi || (type->has_hi && r.hi > type->hi)) {
        r.has_hi = type->has_hi;
        r.hi = type->hi;
    }
    return r;
}

/* The same bits under another type. Limits of the driver's whose numbers are not known go along
   where no bit is lost. */
static rm_range of_cast(const rm_walk *w, const rm_symbol *s, const rm_range *from,
                        const rm_range *type) {
    const rm_symbol *base = s->a.kind == RM_VALUE_SYMBOL ? &w->symbols.at[s->a.id] : NULL;
    bool whole = base != NULL && base->bits == 64 && s->bits == 64;
    if (!whole || !from->hi_own || !from->hi_ok || !from->has_lo || from->lo < 0 || from->has_hi) {
        return fitting(*from, type);
    }
    rm_range r = *from;
    r.sign_known = type->sign_known;
    return r;
}

static rm_range of_symbol(const rm_walk *w, const rm_world *world, uint32_t id, unsigned depth) {
    const rm_symbol *s = &w->symbols.at[id];
    const rm_fact *fact = rm_world_find_fact(world, id);
    rm_range type = rm_range_type(s->bits, s->is_signed);
    rm_range r = type;
    if (depth < MAX_DEPTH && s->op == RM_SYMBOL_ARITH) {
        uint32_t kept = 0;
        r = s->exact ? of_exact(w, world, s, &type, depth)
                     : of_arith(w, world, s, &type, depth, &kept);
        r.kept = s->exact ? r.kept : kept;
    } else if (depth < MAX_DEPTH && s->op == RM_SYMBOL_CAST) {
        rm_range from = of_value(w, world, s->a, depth + 1);
        r = of_cast(w, s, &from, &type);
        r.kept = from.kept;
    }
    if (s->taint <= RM_TAINT_KEPT && !s->loop && !s->unset) {
        r.lo_ok = true; /* the driver's own */
        r.hi_ok = true;
    }
    if (s->taint == RM_TAINT_KEPT) {
        uint32_t owner = s->several            ? RM_KEPT_SEVERAL
                         : s->owner == RM_NONE ? RM_KEPT_NAMELESS
                                               : s->owner + 1;
        r.hi_own = true;
        r.kept = s->op == RM_SYMBOL_PART || r.kept == 0 ? owner : kept_of(r.kept, owner);
    }
    if (fact != NULL) {
        r = both(r, &fact->range);
    }
    return r;
}

static rm_range of_value(const rm_walk *w, const rm_world *world, rm_value value, unsigned depth) {
    rm_range r = {.lo_ok = true, .hi_ok = true, .sign_known = true};
    if (value.kind == RM_VALUE_CONST) {
        r.has_lo = true;
        r.has_hi = true;
        r.lo = value.n;
        r.hi = value.n;
        r.equal = true;
        return r;
    }
    if (value.kind == RM_VALUE_SYMBOL && value.id < w->symbols.count) {
        return of_symbol(w, world, value.id, depth);
    }
    r.equal = true;
    return r;
}

rm_range rm_range_of(const rm_walk *w, const rm_world *world, rm_value value) {
    return of_value(w, world, value, 0);
}

static bool le(const rm_walk *w, const rm_world *world, rm_value a, rm_value b, unsigned depth) {
    /* with what is left of the depth: a range may ask again, of something smaller */
    rm_range ra = of_value(w, world, a, depth);
    rm_range rb = of_value(w, world, b, depth);
    if (rm_value_eq(a, b) || (ra.has_hi && rb.has_lo && ra.hi <= rb.lo)) {
        return true;
    }
    if (a.kind != RM_VALUE_SYMBOL || depth > 3) {
        return false;
    }
    for (uint32_t i = 0; i < world->relation_count; i++) {
        if (world->relations[i].symbol == a.id &&
            le(w, world, world->relations[i].limit, b, depth + 1)) {
            return true;
        }
    }
    /* a part of the driver's own sum */
    const rm_symbol *sum = b.kind == RM_VALUE_SYMBOL ? &w->symbols.at[b.id] : NULL;
    if (sum != NULL && sum->op == RM_SYMBOL_ARITH && sum->arith == RM_OP('+', 0) && is_own(w, b) &&
        (le(w, world, a, sum->a, depth + 1) || le(w, world, a, sum->b, depth + 1))) {
        return true;
    }
    /* a widening or a narrowing of something not negative is never more than it was */
    const rm_symbol *s = &w->symbols.at[a.id];
    if (s->op == RM_SYMBOL_CAST && !s->is_signed) {
        rm_range from = rm_range_of(w, world, s->a);
        return from.has_lo && from.lo >= 0 && le(w, world, s->a, b, depth + 1);
    }
    return false;
}

bool rm_range_le(const rm_walk *w, const rm_world *world, rm_value a, rm_value b) {
    return le(w, world, a, b, 0);
}
