#include "source/flow/walk.h"

/*
 * Tests and what they establish. Only a comparison that is well formed says anything, only about
 * the very value compared (and what it was made of, where that is certain), and only in the world
 * that goes its way.
 */

bool rm_value_trusted(const rm_walk *w, const rm_world *world, rm_value value) {
    if (rm_value_taint(w, value) > RM_TAINT_KEPT ||
        (value.kind == RM_VALUE_SYMBOL && w->symbols.at[value.id].unset)) {
        return false;
    }
    /* a counter may run to wherever the caller says */
    return value.kind != RM_VALUE_SYMBOL || !w->symbols.at[value.id].loop ||
           rm_range_of(w, world, value).hi_ok;
}

uint32_t rm_op_negate(uint32_t op) {
    switch (op) {
    case RM_OP('<', 0): return RM_OP('>', '=');
    case RM_OP('>', 0): return RM_OP('<', '=');
    case RM_OP('<', '='): return RM_OP('>', 0);
    case RM_OP('>', '='): return RM_OP('<', 0);
    case RM_OP('=', '='): return RM_OP('!', '=');
    default: return RM_OP('=', '=');
    }
}

static uint32_t mirrored(uint32_t op) {
    switch (op) {
    case RM_OP('<', 0): return RM_OP('>', 0);
    case RM_OP('>', 0): return RM_OP('<', 0);
    case RM_OP('<', '='): return RM_OP('>', '=');
    case RM_OP('>', '='): return RM_OP('<', '=');
    default: return op;
    }
}

uint32_t rm_guard_new(rm_walk *w, rm_span span, rm_check_kind kind, uint32_t symbol) {
    rm_guard *guard = rm_push(w->arena, &w->guards);
    if (guard == NULL) {
        w->status = RM_NOMEM;
        return RM_NONE;
    }
    *guard = (rm_guard){
        .span = span, .kind = kind, .symbol = symbol, .well_formed = true, .moment = w->clock++};
    return w->guards.count - 1;
}

static void credit(rm_fact *fact, uint32_t guard) {
    if (guard != RM_NONE && fact->guard != guard) {
        fact->guard2 = fact->guard;
        fact->guard = guard;
    }
}

/* --- one symbol against one limit --- */

/* A number, not only what the limit's type allows. */
static bool has_number(const rm_walk *w, rm_value limit, const rm_range *r) {
    if (limit.kind != RM_VALUE_SYMBOL || !r->has_hi) {
        return r->has_hi;
    }
    const rm_symbol *s = &w->symbols.at[limit.id];
    rm_range type = rm_range_type(s->bits, s->is_signed);
    return !type.has_hi || r->hi < type.hi;
}

static bool at_most(rm_walk *w, rm_world *world, uint32_t symbol, rm_value limit, bool strict,
                    uint32_t guard) {
    rm_range mine = rm_range_of(w, world, rm_value_symbol(symbol));
    rm_range theirs = rm_range_of(w, world, limit);
    const rm_symbol *s = &w->symbols.at[symbol];
    rm_range type = rm_range_type(s->bits, s->is_signed);
    rm_fact *fact = rm_world_fact(w, world, symbol);
    if (fact == NULL) {
        return false;
    }
    if (limit.kind != RM_VALUE_CONST) {
        rm_world_relate(world, symbol, limit, strict);
    }
    bool counts = rm_value_trusted(w, world, limit) || theirs.hi_ok;
    /* what a routine found for the caller's value is not his to choose */
    bool chosen = theirs.caller_hi ||
                  (rm_value_taint(w, limit) == RM_TAINT_USER && !rm_symbol_is_found(w, limit.id));
    if (has_number(w, limit, &theirs) && theirs.hi > INT64_MIN) {
        int64_t hi = theirs.hi - (strict ? 1 : 0);
        if (mine.has_lo && hi < mine.lo) {
            return false;
        }
        if (type.has_hi && hi >= type.hi) {
            fact->range.caller_hi = fact->range.caller_hi || (!counts && chosen);
            return true; /* every value of the type passes */
        }
        if (!fact->range.has_hi || hi < fact->range.hi) {
            fact->range.has_hi = true;
            fact->range.hi = hi;
        }
    } else if (counts) {
        fact->range.hi_own = true;
        fact->range.hi_open = fact->range.hi_open || strict;
    }
    if (counts) {
        bool alone = fact->range.hi_ok && fact->range.kept == 0;
        fact->range.kept = alone ? 0 : theirs.kept;
        fact->range.hi_ok = true;
        credit(fact, guard);
    } else {
        fact->range.caller_hi = fact->range.caller_hi || chosen;
        fact->vain = guard;
    }
    return true;
}

static bool at_least(rm_walk *w, rm_world *world, uint32_t symbol, rm_value limit, bool strict,
                     uint32_t guard) {
    rm_range mine = rm_range_of(w, world, rm_value_symbol(symbol));
    rm_range theirs = rm_range_of(w, world, limit);
    const rm_symbol *s = &w->symbols.at[symbol];
    rm_range type = rm_range_type(s->bits, s->is_signed);
    rm_fact *fact = rm_world_fact(w, world, symbol);
    if (fact == NULL) {
        return false;
    }
    if (theirs.has_lo && theirs.lo < INT64_MAX) {
        int64_t lo = theirs.lo + (strict ? 1 : 0);
        if (mine.has_hi && lo > mine.hi) {
            return false;
        }
        fact->not_zero = fact->not_zero || lo > 0;
        if (type.has_lo && lo <= type.lo && limit.kind == RM_VALUE_CONST) {
            return true; /* every value of the type passes */
        }
        if (!fact->range.has_lo || lo > fact->range.lo) {
            fact->range.has_lo = true;
            fact->range.lo = lo;
        }
    }
    if (rm_value_trusted(w, world, limit) || theirs.lo_ok) {
        fact->range.lo_ok = true;
        credit(fact, guard);
    }
    return true;
}

static bool equals(rm_walk *w, rm_world *world, uint32_t symbol, rm_value limit, uint32_t guard) {
    if (limit.kind == RM_VALUE_CONST) {
        rm_test_decided(w, world, symbol, limit.n == 0);
    }
    const rm_fact *known = rm_world_find_fact(world, symbol);
    bool zero = limit.kind == RM_VALUE_CONST && limit.n == 0;
    if (zero && known != NULL && known->not_zero) {
        return false;
    }
    if (!at_most(w, world, symbol, limit, false, guard) ||
        !at_least(w, world, symbol, limit, false, guard)) {
        return false;
    }
    rm_fact *fact = rm_world_fact(w, world, symbol);
    if (fact != NULL) {
        uint32_t process = w->symbols.at[symbol].shields;
        fact->is_zero = fact->is_zero || zero;
        if (zero && process != RM_NONE) {
            rm_fact *shield = rm_world_fact(w, world, process);
            if (shield == NULL) {
                return false;
            }
            shield->shielded = true;
            fact = rm_world_fact(w, world, symbol); /* the list may have moved */
        }
        if (fact != NULL && rm_value_trusted(w, world, limit)) {
            fact->range.equal = true;
            fact->range.lo_ok = true;
            fact->range.hi_ok = true;
            if (limit.kind == RM_VALUE_CONST) {
                fact->range.has_lo = true;
                fact->range.has_hi = true;
                fact->range.lo = limit.n;
                fact->range.hi = limit.n;
            }
            credit(fact, guard);
        }
    }
    return fact != NULL;
}

/* It, or what an offset was added to. */
static bool is_ambiguous(const rm_walk *w, uint32_t pointer) {
    for (unsigned depth = 0; depth < 4; depth++) {
        const rm_symbol *s = &w->symbols.at[pointer];
        bool goes_on =
            s->op == RM_SYMBOL_CAST || (s->op == RM_SYMBOL_ARITH && s->arith == RM_OP('+', 0));
        if (s->ambiguous || !goes_on || s->a.kind != RM_VALUE_SYMBOL) {
            return s->ambiguous;
        }
        pointer = s->a.id;
    }
    return false;
}

rm_str rm_pointer_doubt(const rm_walk *w, uint32_t pointer) {
    if (w->handler->kind == RM_ENTRY_INTERNAL_IOCTL) {
        return RM_STR("a pointer in an internal request, which only drivers send");
    }
    return is_ambiguous(w, pointer)
               ? RM_STR("its type is not known: a pointer, or an array in the buffer")
               : RM_STR_NONE;
}

static bool differs(rm_walk *w, rm_world *world, uint32_t symbol, rm_value limit) {
    if (limit.kind == RM_VALUE_CONST && limit.n == 0) {
        rm_test_decided(w, world, symbol, false);
    }
    rm_range mine = rm_range_of(w, world, rm_value_symbol(symbol));
    rm_fact *fact = rm_world_fact(w, world, symbol);
    if (fact == NULL || limit.kind != RM_VALUE_CONST) {
        return fact != NULL;
    }
    if ((limit.n == 0 && fact->is_zero) ||
        (mine.has_lo && mine.has_hi && mine.lo == mine.hi && mine.lo == limit.n)) {
        return false;
    }
    fact->not_zero = fact->not_zero || limit.n == 0;
    if (mine.has_lo && mine.lo == limit.n) {
        fact->range.has_lo = true;
        fact->range.lo = limit.n + 1;
    } else if (mine.has_hi && mine.hi == limit.n) {
        fact->range.has_hi = true;
        fact->range.hi = limit.n - 1;
    }
    return true;
}

/* --- what a test of a value says about what the value was made of --- */

static void narrow(rm_walk *w, rm_world *world, rm_value base, int64_t lo, int64_t hi, bool ok,
                   uint32_t kept, uint32_t guard) {
    if (base.kind != RM_VALUE_SYMBOL) {
        return;
    }
    rm_fact *fact = rm_world_fact(w, world, base.id);
    if (fact == NULL) {
        return;
    }
    if (!fact->range.has_lo || lo > fact->range.lo) {
        fact->range.has_lo = true;
        fact->range.lo = lo;
    }
    if (!fact->range.has_hi || hi < fact->range.hi) {
        fact->range.has_hi = true;
        fact->range.hi = hi;
    }
    if (ok) {
        bool alone = fact->range.hi_ok && fact->range.kept == 0;
        fact->range.kept = alone ? 0 : kept;
        fact->range.lo_ok = true;
        fact->range.hi_ok = true;
        credit(fact, guard);
    }
}

/* x - own <= limit: x lies in a window that begins at something of the driver's. */
static void in_window(rm_walk *w, rm_world *world, rm_value base, const rm_range *r,
                      uint32_t guard) {
    rm_fact *fact = base.kind == RM_VALUE_SYMBOL ? rm_world_fact(w, world, base.id) : NULL;
    if (fact != NULL) {
        bool alone = fact->range.hi_ok && fact->range.kept == 0;
        fact->range.kept = alone ? 0 : r->kept;
        fact->range.lo_ok = true;
        fact->range.hi_ok = true;
        fact->range.hi_own = true;
        fact->range.based = true;
        credit(fact, guard);
    }
}

static void note_vain(rm_walk *w, rm_world *world, rm_value base, uint32_t guard, const char *why) {
    rm_fact *fact = base.kind == RM_VALUE_SYMBOL ? rm_world_fact(w, world, base.id) : NULL;
    if (fact == NULL || guard == RM_NONE) {
        return;
    }
    rm_guard *copy = rm_push(w->arena, &w->guards);
    if (copy == NULL) {
        w->status = RM_NOMEM;
        return;
    }
    *copy = w->guards.at[guard];
    copy->why_not = why;
    copy->symbol = base.id;
    fact->vain = w->guards.count - 1;
}

/* The same number under another type has the same limits. */
static void hand_down(rm_world *world, uint32_t from, uint32_t to) {
    uint32_t count = world->relation_count;
    for (uint32_t i = 0; i < count; i++) {
        rm_relation r = world->relations[i];
        if (r.symbol == from) {
            rm_world_relate(world, to, r.limit, r.strict);
        }
    }
}

/* (LONG)x, (ULONG)x, (UCHAR)x in [r.lo, r.hi] */
static void back_through_cast(rm_walk *w, rm_world *world, uint32_t symbol, const rm_symbol *s,
                              const rm_range *r, uint32_t guard) {
    const rm_symbol *base = rm_symbol_of(w, s->a);
    if (base == NULL || base->bits == 0 || !r->has_hi) {
        return;
    }
    if (base->bits > s->bits) {
        note_vain(w, world, s->a, guard, "it is tested after truncation");
        return;
    }
    rm_range signed_type = rm_range_type(base->bits, true);
    if (r->has_lo && r->lo >= 0 && r->hi <= signed_type.hi) {
        narrow(w, world, s->a, r->lo, r->hi, r->lo_ok || r->hi_ok, r->kept, guard);
        hand_down(world, symbol, s->a.id);
    }
}

static void back_through_arith(rm_walk *w, rm_world *world, const rm_symbol *s, const rm_range *r,
                               uint32_t guard) {
    rm_range type = rm_range_type(s->bits, s->is_signed);
    if (s->exact && s->arith == RM_OP('+', 0) && r->has_hi && r->hi < INT64_MAX) {
        bool known = s->b.kind == RM_VALUE_CONST && s->b.n >= 0 && s->b.n <= r->hi;
        narrow(w, world, s->a, 0, known ? r->hi - s->b.n : r->hi, r->hi_ok, r->kept, guard);
        narrow(w, world, s->b, 0, r->hi, r->hi_ok, r->kept, guard);
        return;
    }
    bool not_negative = !s->is_signed || (r->has_lo && r->lo >= 0);
    if (s->arith == RM_OP('-', 0) && s->b.kind != RM_VALUE_CONST &&
        rm_value_taint(w, s->b) <= RM_TAINT_KEPT && r->hi_ok && not_negative) {
        in_window(w, world, s->a, r, guard);
        return;
    }
    bool fixed = s->b.kind == RM_VALUE_CONST && s->b.n >= 0 && s->b.n < (int64_t)1 << 40;
    if (!r->has_lo || !r->has_hi || r->lo < 0 || r->hi > (int64_t)1 << 60) {
        return;
    }
    if (fixed && s->arith == RM_OP('-', 0) && (!type.has_hi || r->hi + s->b.n <= type.hi)) {
        /* x - min <= max - min, unsigned: both bounds at once */
        narrow(w, world, s->a, r->lo + s->b.n, r->hi + s->b.n, r->hi_ok, r->kept, guard);
    } else if (fixed && s->arith == RM_OP('+', 0) && r->lo >= s->b.n) {
        narrow(w, world, s->a, r->lo - s->b.n, r->hi - s->b.n, r->hi_ok && r->lo_ok, r->kept,
               guard);
    } else if (fixed && s->arith == RM_OP('>', '>') && s->b.n < 32) {
        narrow(w, world, s->a, r->lo << s->b.n, ((r->hi + 1) << s->b.n) - 1, r->hi_ok, r->kept,
               guard);
    } else if (fixed && s->arith == RM_OP('/', 0) && s->b.n > 0 && s->b.n < (int64_t)1 << 20 &&
               r->hi < (int64_t)1 << 40) {
        narrow(w, world, s->a, r->lo * s->b.n, r->hi * s->b.n + s->b.n - 1, r->hi_ok, r->kept,
               guard);
    } else if (s->arith == RM_OP('&', 0) && fixed && r->lo == 0 && r->hi == 0) {
        /* (x & ~mask) == 0 */
        int64_t rest = type.has_hi ? (~s->b.n & type.hi) : -1;
        if (rest >= 0 && (rest & (rest + 1)) == 0) {
            narrow(w, world, s->a, 0, rest, rest <= type.hi / 2, r->kept, guard);
        }
    } else if (s->arith == RM_OP('+', 0) || s->arith == RM_OP('*', 0)) {
        note_vain(w, world, s->a, guard, "it is tested in arithmetic that may overflow");
        note_vain(w, world, s->b, guard, "it is tested in arithmetic that may overflow");
    }
}

static void back(rm_walk *w, rm_world *world, uint32_t symbol, uint32_t guard) {
    for (unsigned depth = 0; depth < 4; depth++) {
        const rm_symbol s = w->symbols.at[symbol];
        rm_range r = rm_range_of(w, world, rm_value_symbol(symbol));
        if (s.op == RM_SYMBOL_CAST) {
            back_through_cast(w, world, symbol, &s, &r, guard);
        } else if (s.op == RM_SYMBOL_ARITH) {
            back_through_arith(w, world, &s, &r, guard);
        }
        if ((s.op != RM_SYMBOL_CAST && s.op != RM_SYMBOL_ARITH) || s.a.kind != RM_VALUE_SYMBOL) {
            return;
        }
        symbol = s.a.id;
    }
}

/* --- a op b --- */

static bool one_side(rm_walk *w, rm_world *world, uint32_t op, rm_value a, rm_value b,
                     uint32_t guard) {
    if (a.kind != RM_VALUE_SYMBOL) {
        return true;
    }
    bool holds = true;
    switch (op) {
    case RM_OP('<', 0): holds = at_most(w, world, a.id, b, true, guard); break;
    case RM_OP('<', '='): holds = at_most(w, world, a.id, b, false, guard); break;
    case RM_OP('>', 0): holds = at_least(w, world, a.id, b, true, guard); break;
    case RM_OP('>', '='): holds = at_least(w, world, a.id, b, false, guard); break;
    case RM_OP('=', '='): holds = equals(w, world, a.id, b, guard); break;
    default: holds = differs(w, world, a.id, b); break;
    }
    if (holds && w->status == RM_OK) {
        back(w, world, a.id, guard);
    }
    return holds;
}

static bool decided(uint32_t op, int64_t a, int64_t b) {
    switch (op) {
    case RM_OP('<', 0): return a < b;
    case RM_OP('<', '='): return a <= b;
    case RM_OP('>', 0): return a > b;
    case RM_OP('>', '='): return a >= b;
    case RM_OP('=', '='): return a == b;
    default: return a != b;
    }
}

bool rm_assume(rm_walk *w, rm_world *world, uint32_t op, rm_value a, rm_value b, uint32_t guard) {
    if (a.kind == RM_VALUE_CONST && b.kind == RM_VALUE_CONST) {
        return decided(op, a.n, b.n);
    }
    bool same = rm_value_eq(a, b);
    if (same) {
        return op == RM_OP('=', '=') || op == RM_OP('<', '=') || op == RM_OP('>', '=');
    }
    if ((a.kind == RM_VALUE_FUNCTION && b.kind == RM_VALUE_CONST && b.n == 0)) {
        return op == RM_OP('!', '=');
    }
    if (op == RM_OP('=', '=') || op == RM_OP('!', '=')) {
        rm_tri same_device = rm_device_compared(w, a, b);
        if (same_device != RM_TRI_UNKNOWN) {
            return (same_device == RM_TRI_YES) == (op == RM_OP('=', '='));
        }
    }
    rm_question_compared(w, world, op, a, b);
    return one_side(w, world, op, a, b, guard) && one_side(w, world, mirrored(op), b, a, guard);
}
