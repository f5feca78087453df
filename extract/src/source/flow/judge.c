#include "source/flow/walk.h"

/* Is a value what the driver means it to be? Every verdict comes with the line that made it so. */

/* --- names for people --- */

rm_str rm_symbol_name(rm_walk *w, uint32_t symbol) {
    const rm_symbol *s = &w->symbols.at[symbol];
    if (s->name != RM_NONE && rm_names_text(w->names, s->name).len > 0) {
        return rm_names_text(w->names, s->name);
    }
    return RM_STR("a value");
}

static rm_str at_line(rm_walk *w, const char *words, rm_span at, const char *more) {
    rm_str out = RM_STR_NONE;
    rm_place place = rm_span_place(w->flow->unit, at);
    if (rm_str_printf(w->arena, &out, "%s %.*s:%u%s", words, RM_STR_ARG(rm_path_base(place.file)),
                      place.line, more) != RM_OK) {
        w->status = RM_NOMEM;
    }
    return out;
}

static rm_buffer buffer_of(const rm_symbol *s) {
    if (!s->is_source) {
        return RM_BUFFER_EMBEDDED;
    }
    switch ((int)s->source) {
    case RM_SOURCE_SYSTEM_BUFFER: return RM_BUFFER_SYSTEM;
    case RM_SOURCE_TYPE3_BUFFER: return RM_BUFFER_TYPE3;
    case RM_SOURCE_USER_BUFFER: return RM_BUFFER_USER;
    case RM_SOURCE_MDL:
    case RM_SOURCE_MDL_BUFFER: return RM_BUFFER_MDL;
    case RM_SOURCE_FILE_NAME: return RM_BUFFER_FILE_NAME;
    case RM_SOURCE_INPUT_LENGTH:
    case RM_SOURCE_OUTPUT_LENGTH:
    case RM_SOURCE_LENGTH: return RM_BUFFER_LENGTH;
    default: return RM_BUFFER_SYSTEM;
    }
}

static rm_judgement verdict(rm_walk *w, uint32_t symbol, rm_validation validation, rm_str reason) {
    return (rm_judgement){.carries = true,
                          .validation = validation,
                          .reason = reason,
                          .symbol = symbol,
                          .buffer = buffer_of(&w->symbols.at[symbol])};
}

static rm_judgement no_caller_data(void) {
    return (rm_judgement){.validation = RM_VALIDATION_VALIDATED,
                          .reason = RM_STR("no caller data"),
                          .symbol = RM_NONE};
}

/* --- why not --- */

/* The guard that an earlier fetch of the same memory passed; RM_NONE: none. */
static uint32_t checked_before(const rm_walk *w, const rm_world *world, uint32_t symbol) {
    const rm_symbol *s = &w->symbols.at[symbol];
    const rm_fact *before = s->op == RM_SYMBOL_FETCH && s->fetched_before != RM_NONE
                                ? rm_world_find_fact(world, s->fetched_before)
                                : NULL;
    return before != NULL ? before->guard : RM_NONE;
}

static rm_str why_not(rm_walk *w, const rm_world *world, uint32_t symbol) {
    const rm_fact *fact = rm_world_find_fact(world, symbol);
    const rm_symbol *s = &w->symbols.at[symbol];
    uint32_t again = checked_before(w, world, symbol);
    if (again != RM_NONE) {
        return at_line(w, "it is fetched again after the check at", w->guards.at[again].span, "");
    }
    if (fact != NULL && fact->vain != RM_NONE) {
        const rm_guard *guard = &w->guards.at[fact->vain];
        if (guard->why_not != NULL) {
            rm_str out = RM_STR_NONE;
            if (rm_str_printf(w->arena, &out, "%s (line %u)", guard->why_not, guard->span.line) !=
                RM_OK) {
                w->status = RM_NOMEM;
            }
            return out;
        }
        if (fact->range.caller_hi) {
            return at_line(w, "it is bounded only by another of the caller's values at",
                           guard->span, "");
        }
        return at_line(w, "the check at", guard->span, " is not on every way");
    }
    if ((s->op == RM_SYMBOL_CAST || s->op == RM_SYMBOL_ARITH || s->op == RM_SYMBOL_LOOKUP) &&
        s->a.kind == RM_VALUE_SYMBOL) {
        return why_not(w, world, s->a.id);
    }
    return RM_STR("it is not checked");
}

static rm_str why_so(rm_walk *w, const rm_world *world, uint32_t symbol, unsigned depth) {
    const rm_fact *fact = rm_world_find_fact(world, symbol);
    const rm_symbol *s = &w->symbols.at[symbol];
    if (fact != NULL && fact->guard != RM_NONE) {
        return at_line(w, "checked at", w->guards.at[fact->guard].span, "");
    }
    if (s->op == RM_SYMBOL_ARITH && (s->arith == RM_OP('&', 0) || s->arith == RM_OP('%', 0))) {
        return at_line(w, "masked at", s->span, "");
    }
    if (depth < 8 && s->a.kind == RM_VALUE_SYMBOL &&
        (s->op == RM_SYMBOL_CAST || s->op == RM_SYMBOL_ARITH || s->op == RM_SYMBOL_LOOKUP ||
         s->op == RM_SYMBOL_PHI)) {
        return why_so(w, world, s->a.id, depth + 1);
    }
    return RM_STR("checked");
}

/* Did code that is not here judge the value, or what it is part of? */
static bool judged_elsewhere(rm_walk *w, const rm_world *world, uint32_t symbol, unsigned depth) {
    const rm_fact *fact = rm_world_find_fact(world, symbol);
    const rm_symbol *s = &w->symbols.at[symbol];
    if (fact != NULL && fact->asked) {
        return true;
    }
    return depth < 16 && s->a.kind == RM_VALUE_SYMBOL && s->op != RM_SYMBOL_SOURCE &&
           s->op != RM_SYMBOL_FRESH && judged_elsewhere(w, world, s->a.id, depth + 1);
}

/* --- values that select, numbers that are written, addresses, sizes --- */

static bool is_exact(const rm_range *r) {
    return r->equal && r->lo_ok && r->hi_ok;
}

/* A bound that lets nearly every value of its type pass is none. */
static bool lets_all_pass(const rm_range *r, const rm_symbol *s) {
    rm_range type = rm_range_type(s->bits, s->is_signed);
    if (s->bits < 16 || !r->has_hi || r->hi < 0 || !type.has_hi) {
        return s->bits == 64 && r->has_hi && r->hi > INT64_MAX - INT64_MAX / 4;
    }
    int64_t lo = r->has_lo && r->lo > 0 ? r->lo : 0;
    return r->hi - lo > type.hi - type.hi / 4;
}

static bool bounded_above(const rm_range *r, const rm_symbol *s, const rm_arg_rule *rule) {
    bool says_nothing =
        rule->largest > 0 && r->has_hi && r->hi >= 0 && (uint64_t)r->hi >= rule->largest;
    return r->hi_ok && (r->hi_own || (!says_nothing && !lets_all_pass(r, s)));
}

static bool bounded_below(const rm_range *r) {
    return r->sign_known ? r->has_lo && r->lo >= 0 : r->lo_ok && r->has_lo && r->lo >= 0;
}

/* Was an element of the same array checked by a loop that may have come to this one? */
static bool checked_in_loop(const rm_walk *w, const rm_world *world, uint32_t symbol) {
    const rm_symbol *s = &w->symbols.at[symbol];
    for (uint32_t i = 0; s->op == RM_SYMBOL_PART && i < world->facts.count; i++) {
        const rm_fact *fact = &world->facts.at[i];
        const rm_symbol *other = &w->symbols.at[fact->symbol];
        if (fact->looped && s->part == RM_CELL_INDEX && rm_value_eq(other->a, s->a)) {
            rm_range wanted = rm_range_of(w, world, s->index);
            return !wanted.has_lo || wanted.lo <= fact->last;
        }
    }
    return false;
}

/* bounded - own: second halves of ring buffers */
static bool is_rest_of_bounded(const rm_walk *w, const rm_world *world, uint32_t symbol) {
    const rm_symbol *s = &w->symbols.at[symbol];
    while (s->op == RM_SYMBOL_CAST && s->a.kind == RM_VALUE_SYMBOL) {
        s = &w->symbols.at[s->a.id];
    }
    if (s->op != RM_SYMBOL_ARITH || s->arith != RM_OP('-', 0) || s->b.kind == RM_VALUE_CONST ||
        !rm_value_trusted(w, world, s->b)) {
        return false;
    }
    rm_range whole = rm_range_of(w, world, s->a);
    return whole.hi_ok && whole.has_lo && whole.lo >= 0;
}

/* Below the first megabyte an address needs no lower bound: nothing of the system's is there. */
enum { LOW_MEMORY = 0x100000 };

/* An address that is only compared with an end: all that lies before it can be meant. */
static bool lacks_begin(const rm_range *r, const rm_arg_rule *rule) {
    bool place = rule->kind == RM_ARG_ADDRESS &&
                 !rm_str_starts(rm_str_from(rule->name), RM_STR("High")) &&
                 !rm_str_starts(rm_str_from(rule->name), RM_STR("Low"));
    bool low = r->has_hi && r->hi < LOW_MEMORY;
    return place && !r->lo_ok && !r->based && !low;
}

static rm_judgement judge_number(rm_walk *w, rm_world *world, uint32_t symbol,
                                 const rm_arg_rule *rule) {
    rm_range r = rm_range_of(w, world, rm_value_symbol(symbol));
    bool above = bounded_above(&r, &w->symbols.at[symbol], rule);
    bool below = bounded_below(&r);
    bool lower_check = r.lo_ok && r.has_lo && r.lo > 0;
    if (above && !is_exact(&r) && lacks_begin(&r, rule)) {
        return verdict(w, symbol, RM_VALIDATION_PARTIAL,
                       RM_STR("only its upper bound is checked: all that lies below can be meant"));
    }
    if (is_exact(&r) || (r.based && r.lo_ok && r.hi_ok) || (above && below) ||
        (above && r.lo_ok && r.sign_known)) {
        return verdict(w, symbol, RM_VALIDATION_VALIDATED, why_so(w, world, symbol, 0));
    }
    if (judged_elsewhere(w, world, symbol, 0)) {
        return verdict(w, symbol, RM_VALIDATION_UNKNOWN,
                       RM_STR("a function that is not in these sources judged it"));
    }
    if (!above && is_rest_of_bounded(w, world, symbol)) {
        return verdict(w, symbol, RM_VALIDATION_UNKNOWN,
                       RM_STR("it is what is left of a bounded value when one of the driver's own "
                              "is taken away: whether that can be less than 0 is not known"));
    }
    if (!above && checked_in_loop(w, world, symbol)) {
        return verdict(w, symbol, RM_VALIDATION_UNKNOWN,
                       RM_STR("elements of the array are checked in a loop: whether this one is "
                              "among them is not known"));
    }
    if (above && !r.sign_known) {
        return verdict(w, symbol, RM_VALIDATION_UNKNOWN,
                       RM_STR("it has an upper bound, but its type is not known: it may be "
                              "negative"));
    }
    if (above) {
        return verdict(w, symbol, RM_VALIDATION_PARTIAL,
                       RM_STR("only its upper bound is checked, and it may be negative"));
    }
    if (lower_check) {
        return verdict(w, symbol, RM_VALIDATION_PARTIAL, RM_STR("only its lower bound is checked"));
    }
    return verdict(w, symbol, RM_VALIDATION_UNVALIDATED, why_not(w, world, symbol));
}

/* The same with the numbers it can be, for joining over all ways to a call. */
static rm_judgement judge_range(rm_walk *w, rm_world *world, uint32_t symbol,
                                const rm_arg_rule *rule) {
    rm_judgement j = judge_number(w, world, symbol, rule);
    j.range = rm_range_of(w, world, rm_value_symbol(symbol));
    j.by_range = true;
    j.refetched =
        j.validation != RM_VALIDATION_VALIDATED && checked_before(w, world, symbol) != RM_NONE;
    return j;
}

/* --- objects and addresses that only the driver should choose --- */

/* Was the process, or what this handle was opened from, asked about? */
static bool is_shielded(const rm_walk *w, const rm_world *world, uint32_t symbol) {
    for (unsigned depth = 0; depth < 8; depth++) {
        const rm_fact *fact = rm_world_find_fact(world, symbol);
        const rm_symbol *s = &w->symbols.at[symbol];
        if (fact != NULL && fact->shielded) {
            return true;
        }
        if (s->op != RM_SYMBOL_LOOKUP || s->a.kind != RM_VALUE_SYMBOL) {
            return false;
        }
        symbol = s->a.id;
    }
    return false;
}

bool rm_from_kernel_mode(rm_walk *w, const rm_world *world) {
    uint32_t mode = rm_symbol_source(w, RM_SOURCE_REQUESTOR_MODE);
    const rm_fact *fact = rm_world_find_fact(world, mode);
    rm_range r = rm_range_of(w, world, rm_value_symbol(mode));
    return fact != NULL && (fact->is_zero || (r.has_hi && r.hi == 0 && r.has_lo && r.lo == 0));
}

static rm_value under_casts(const rm_walk *w, rm_value value) {
    while (value.kind == RM_VALUE_SYMBOL && w->symbols.at[value.id].op == RM_SYMBOL_CAST) {
        value = w->symbols.at[value.id].a;
    }
    return value;
}

/* Is it the pointer, or its end: (ULONG_PTR)p + length? */
static bool is_or_ends(const rm_walk *w, uint32_t compared, uint32_t pointer) {
    rm_value value = under_casts(w, rm_value_symbol(compared));
    rm_value wanted = rm_value_symbol(pointer);
    const rm_symbol *s = value.kind == RM_VALUE_SYMBOL ? &w->symbols.at[value.id] : NULL;
    return rm_value_eq(value, wanted) ||
           (s != NULL && s->op == RM_SYMBOL_ARITH && s->arith == RM_OP('+', 0) &&
            (rm_value_eq(under_casts(w, s->a), wanted) ||
             rm_value_eq(under_casts(w, s->b), wanted)));
}

bool rm_below_user_end(const rm_walk *w, const rm_world *world, uint32_t symbol) {
    static const char *const ends[] = {"MmUserProbeAddress", "MmHighestUserAddress",
                                       "MM_USER_PROBE_ADDRESS", "MM_HIGHEST_USER_ADDRESS"};
    for (uint32_t i = 0; i < world->relation_count; i++) {
        rm_value limit = world->relations[i].limit;
        uint32_t name = limit.kind == RM_VALUE_NAMED    ? limit.id
                        : limit.kind == RM_VALUE_SYMBOL ? w->symbols.at[limit.id].name
                                                        : RM_NONE;
        for (size_t k = 0; is_or_ends(w, world->relations[i].symbol, symbol) && name != RM_NONE &&
                           k < sizeof ends / sizeof ends[0];
             k++) {
            if (rm_str_eq(rm_names_text(w->names, name), rm_str_from(ends[k]))) {
                return true;
            }
        }
    }
    return false;
}

static rm_judgement judge_object(rm_walk *w, rm_world *world, uint32_t symbol,
                                 const rm_arg_rule *rule) {
    const rm_symbol *s = &w->symbols.at[symbol];
    rm_range r = rm_range_of(w, world, rm_value_symbol(symbol));
    if (is_exact(&r)) {
        rm_judgement j = verdict(w, symbol, RM_VALIDATION_VALIDATED, why_so(w, world, symbol, 0));
        j.range = r;
        return j;
    }
    if (rule->kind == RM_ARG_POINTER && rm_symbol_is_found(w, symbol)) {
        return no_caller_data(); /* an address that a routine found, whatever for */
    }
    if (s->op == RM_SYMBOL_LOOKUP && s->a.kind == RM_VALUE_SYMBOL) {
        rm_arg_rule by = *rule;
        by.kind = RM_ARG_HANDLE;
        rm_judgement j = rm_judge(w, world, s->a, &by);
        if (j.carries && j.validation < RM_VALIDATION_PARTIAL && is_shielded(w, world, symbol)) {
            j.validation = RM_VALIDATION_PARTIAL;
            j.reason = RM_STR("protected processes are refused, any other is not");
            j.by_range = false;
        }
        if (!j.carries || judged_elsewhere(w, world, symbol, 0)) {
            j.validation = j.carries ? RM_VALIDATION_UNKNOWN : j.validation;
        }
        return j;
    }
    if (rule->kind == RM_ARG_HANDLE) {
        return judge_range(w, world, symbol, rule);
    }
    if (judged_elsewhere(w, world, symbol, 0)) {
        return verdict(w, symbol, RM_VALIDATION_UNKNOWN,
                       RM_STR("a function that is not in these sources judged it"));
    }
    if (rule->kind == RM_ARG_POINTER && rm_below_user_end(w, world, symbol)) {
        return verdict(w, symbol, RM_VALIDATION_UNKNOWN, RM_STR(RM_BELOW_USER_END));
    }
    return verdict(w, symbol, RM_VALIDATION_UNVALIDATED, why_not(w, world, symbol));
}

/* An own counter whose limit is the caller's, or not known. */
static bool runs_for_caller(const rm_symbol *s, const rm_range *r) {
    return s->loop && r->caller_hi && !r->hi_ok;
}

static bool looks_inside(const rm_arg_rule *rule) {
    return rule->kind == RM_ARG_SELECT || rule->kind == RM_ARG_DATA ||
           rule->kind == RM_ARG_ADDRESS || rule->kind == RM_ARG_SIZE ||
           rule->kind == RM_ARG_HANDLE || rule->kind == RM_ARG_NAME;
}

/* An object of the kit (a collection, a key) that a routine was given together with the caller's
   data. */
static bool holds_callers(rm_walk *w, const rm_world *world, uint32_t symbol) {
    rm_value inner;
    uint32_t object = rm_cell_root(w, RM_CELL_POINTEE, symbol, 0);
    return rm_world_get(world, object, &inner) && rm_value_taint(w, inner) >= RM_TAINT_UNKNOWN;
}

static bool is_number(const rm_arg_rule *rule) {
    return rule->kind == RM_ARG_SELECT || rule->kind == RM_ARG_DATA ||
           rule->kind == RM_ARG_ADDRESS || rule->kind == RM_ARG_SIZE;
}

/* The text of a file object's name lies where the I/O manager put it. */
static bool is_place_of_name(const rm_walk *w, const rm_symbol *s, const rm_arg_rule *rule) {
    return rule->kind == RM_ARG_POINTER && s->is_source && s->source == RM_SOURCE_FILE_NAME &&
           s->op == RM_SYMBOL_PART && s->name != RM_NONE &&
           rm_str_eq(rm_names_text(w->names, s->name), RM_STR("Buffer"));
}

static rm_judgement judge_symbol(rm_walk *w, rm_world *world, uint32_t symbol,
                                 const rm_arg_rule *rule) {
    const rm_symbol *s = &w->symbols.at[symbol];
    if (is_place_of_name(w, s, rule)) {
        return no_caller_data();
    }
    rm_range r = rm_range_of(w, world, rm_value_symbol(symbol));
    if (s->taint <= RM_TAINT_KEPT) {
        if (runs_for_caller(s, &r)) {
            return verdict(w, symbol, RM_VALIDATION_UNVALIDATED,
                           RM_STR("a loop runs to a limit that the caller chooses"));
        }
        if (s->loop && !r.hi_ok && is_number(rule)) {
            return verdict(w, symbol, RM_VALIDATION_UNKNOWN,
                           RM_STR("it counts in a loop whose end is not known"));
        }
        if (holds_callers(w, world, symbol) && looks_inside(rule)) {
            return verdict(w, symbol, RM_VALIDATION_UNKNOWN,
                           RM_STR("the caller's data was put into it"));
        }
        rm_judgement j = no_caller_data();
        if (s->taint == RM_TAINT_KEPT) {
            j.symbol = symbol; /* who filled that memory is known when all entries were walked */
            j.range.kept = r.kept;
            j.raw = rm_kept_raw(w, world, symbol);
        }
        return j;
    }
    if (s->taint == RM_TAINT_UNKNOWN) {
        rm_str why =
            s->why != NULL ? rm_str_from(s->why) : RM_STR("where it comes from is not known");
        return verdict(w, symbol, RM_VALIDATION_UNKNOWN, why);
    }
    bool object = rule->kind == RM_ARG_POINTER || rule->kind == RM_ARG_HANDLE ||
                  rule->kind == RM_ARG_CODE || rule->kind == RM_ARG_NAME ||
                  s->op == RM_SYMBOL_LOOKUP;
    return object ? judge_object(w, world, symbol, rule) : judge_range(w, world, symbol, rule);
}

/* --- pointers --- */

/* An offset of the caller's in the driver's address. */
static rm_judgement judge_offset(rm_walk *w, rm_world *world, uint32_t cell,
                                 const rm_arg_rule *rule) {
    while (cell != RM_NONE) {
        const rm_cell c = w->cells.at[cell];
        if (c.kind == RM_CELL_INDEX && c.index.kind == RM_VALUE_SYMBOL) {
            rm_arg_rule index = {.kind = RM_ARG_SELECT, .name = rule->name};
            rm_judgement j = judge_symbol(w, world, c.index.id, &index);
            if (j.carries && j.validation == RM_VALIDATION_UNVALIDATED &&
                rm_index_of_own_length(w, world, cell)) {
                j.validation = RM_VALIDATION_UNKNOWN;
                j.by_range = false;
                j.reason = RM_STR("it is computed from the buffer's own length");
            }
            if (j.carries) {
                return j;
            }
        }
        cell = c.parent;
    }
    return no_caller_data();
}

/* The caller's pointer that an address rests on, where the address itself matters. */
static rm_judgement judge_base(rm_walk *w, rm_world *world, uint32_t cell,
                               const rm_arg_rule *rule) {
    const rm_cell *c = &w->cells.at[cell];
    const rm_cell *root = &w->cells.at[c->root];
    bool matters =
        rule->kind == RM_ARG_POINTER || rule->kind == RM_ARG_CODE || rule->kind == RM_ARG_ADDRESS;
    if (!matters || root->kind != RM_CELL_POINTEE || root->a >= w->symbols.count ||
        rm_value_taint(w, rm_value_symbol(root->a)) < RM_TAINT_UNKNOWN) {
        return no_caller_data();
    }
    return judge_symbol(w, world, root->a, rule);
}

/* What a structure handed over names: OBJECT_ATTRIBUTES.ObjectName->Buffer, a CLIENT_ID. */
static rm_judgement judge_inside(rm_walk *w, rm_world *world, uint32_t cell,
                                 const rm_arg_rule *rule, unsigned depth) {
    rm_type scalar = rm_type_integer(64, false);
    rm_span nowhere = {.file = RM_NONE};
    rm_value inner;
    if (rule->kind == RM_ARG_NAME && depth < 4) {
        static const char *const members[] = {"ObjectName", "TargetDeviceName", "Buffer"};
        for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
            if (rm_memory_member(w, world, cell, rm_str_from(members[i]), &inner)) {
                return inner.kind == RM_VALUE_POINTER
                           ? judge_inside(w, world, inner.id, rule, depth + 1)
                           : rm_judge(w, world, inner, rule);
            }
        }
    }
    rm_type type = w->cells.at[cell].type;
    if (rm_type_is_large_integer(&type)) {
        cell = rm_cell_field(w, cell, RM_STR("QuadPart"), &type);
    }
    inner = rm_memory_load(w, world, cell, &scalar, nowhere);
    if (inner.kind == RM_VALUE_POINTER) {
        return depth < 4 ? judge_inside(w, world, inner.id, rule, depth + 1) : no_caller_data();
    }
    return inner.kind == RM_VALUE_SYMBOL ? judge_symbol(w, world, inner.id, rule)
                                         : no_caller_data();
}

/* One of several places, whichever way came here: as good as the worst of them. */
static rm_judgement judge_places(rm_walk *w, rm_world *world, rm_value value,
                                 const rm_arg_rule *rule, unsigned depth) {
    enum { DEEPEST = 4 };
    const rm_symbol *s = rm_symbol_of(w, value);
    if (s == NULL || s->op != RM_SYMBOL_PHI || !s->scattered || s->taint > RM_TAINT_KEPT) {
        return s == NULL ? rm_judge(w, world, value, rule) : judge_symbol(w, world, value.id, rule);
    }
    if (depth >= DEEPEST) {
        return verdict(w, value.id, RM_VALIDATION_UNKNOWN,
                       RM_STR("it is one of many places: which is not known"));
    }
    rm_value b = s->b; /* judging may move the symbols */
    rm_judgement one = judge_places(w, world, s->a, rule, depth + 1);
    rm_judgement other = judge_places(w, world, b, rule, depth + 1);
    bool take = other.carries && (!one.carries || other.validation < one.validation);
    return take ? other : one;
}

/* What a string's Buffer holds, by whatever type the string is seen; else the string itself. */
static rm_value text_of_string(rm_walk *w, const rm_world *world, uint32_t string) {
    uint32_t buffer = rm_names_id(w->names, RM_STR("Buffer"));
    for (uint32_t i = 0; i < world->memory.count; i++) {
        const rm_binding *b = &world->memory.at[i];
        const rm_cell *c = &w->cells.at[b->cell];
        if (c->parent == string && c->kind == RM_CELL_FIELD && c->a == buffer) {
            return b->value;
        }
    }
    return rm_memory_peek(w, world, string); /* filled by a routine, or copied whole */
}

/*
 * A counted string that is copied from: its length and its pointer must be the driver's. What it
 * says may be the caller's: the routine keeps to the destination's own end.
 */
static rm_judgement judge_string(rm_walk *w, rm_world *world, rm_value value,
                                 const rm_arg_rule *rule) {
    rm_arg_rule pointer = {.kind = RM_ARG_POINTER, .name = rule->name};
    rm_arg_rule name = {.kind = RM_ARG_NAME, .name = rule->name};
    if (value.kind != RM_VALUE_POINTER || rm_cell_is_user(w, value.id)) {
        return rm_judge(w, world, value, &name);
    }
    return rm_judge(w, world, text_of_string(w, world, value.id), &pointer);
}

rm_judgement rm_judge(rm_walk *w, rm_world *world, rm_value value, const rm_arg_rule *rule) {
    if (rule->kind == RM_ARG_STRING) {
        return judge_string(w, world, value, rule);
    }
    const rm_symbol *s = rm_symbol_of(w, value);
    if (s != NULL && s->scattered && looks_inside(rule)) {
        return judge_places(w, world, value, rule, 0);
    }
    if (value.kind == RM_VALUE_SYMBOL) {
        return judge_symbol(w, world, value.id, rule);
    }
    if (value.kind == RM_VALUE_POINTER) {
        rm_judgement offset = judge_offset(w, world, value.id, rule);
        rm_judgement base = judge_base(w, world, value.id, rule);
        if (base.carries && (!offset.carries || base.validation < offset.validation)) {
            return base;
        }
        return offset.carries || !looks_inside(rule) ? offset
                                                     : judge_inside(w, world, value.id, rule, 0);
    }
    return no_caller_data();
}
