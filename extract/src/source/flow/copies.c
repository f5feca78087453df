#include "source/flow/walk.h"

/*
 * Copies: addresses that only the driver may choose (or that were probed), and a length within
 * both the destination and the source.
 */

static const rm_fact *fact_of(const rm_world *world, rm_value value) {
    return value.kind == RM_VALUE_SYMBOL ? rm_world_find_fact(world, value.id) : NULL;
}

/* The user pointer that an address rests on: itself, or what it is an offset from. */
static rm_value pointer_below(const rm_walk *w, rm_value address) {
    if (address.kind == RM_VALUE_POINTER) {
        const rm_cell *root = &w->cells.at[w->cells.at[address.id].root];
        if (root->kind == RM_CELL_POINTEE && rm_cell_shared(w, address.id)) {
            return rm_value_symbol(root->a);
        }
    }
    return address;
}

/* Does a probe cover what is copied? A length of the caller's is judged by itself. */
static void settle_probe(rm_walk *w, rm_world *world, const rm_fact *fact, bool write,
                         rm_value length, rm_judgement *j) {
    rm_value probed = write ? fact->write_length : fact->probe_length;
    j->validation = RM_VALIDATION_VALIDATED;
    j->reason = RM_STR("probed");
    if (rm_value_taint(w, length) >= RM_TAINT_UNKNOWN || rm_range_le(w, world, length, probed)) {
        return;
    }
    bool shorter = length.kind == RM_VALUE_CONST && probed.kind == RM_VALUE_CONST;
    j->validation = shorter ? RM_VALIDATION_UNVALIDATED : RM_VALIDATION_UNKNOWN;
    j->reason = shorter ? RM_STR("it is probed for fewer bytes than are copied")
                        : RM_STR("it is probed for a length that may be less than what is copied");
}

typedef enum rm_fit { FIT_YES, FIT_NO, FIT_UNKNOWN } rm_fit;

/* The caller's index that an address ends with: &table[index]; RM_NONE: there is none. */
static uint32_t indexed_cell(const rm_walk *w, rm_value address) {
    uint32_t cell = address.kind == RM_VALUE_POINTER ? address.id : RM_NONE;
    if (cell != RM_NONE && w->cells.at[cell].kind == RM_CELL_SCALAR) {
        cell = w->cells.at[cell].parent;
    }
    bool indexed = cell != RM_NONE && w->cells.at[cell].kind == RM_CELL_INDEX &&
                   w->cells.at[cell].index.kind == RM_VALUE_SYMBOL &&
                   w->symbols.at[w->cells.at[cell].index.id].taint == RM_TAINT_USER;
    return indexed ? cell : RM_NONE;
}

/* Was the one tested against what the other leaves, or their sum against an end? */
static bool tested_together(const rm_walk *w, const rm_world *world, rm_value a, rm_value b) {
    for (uint32_t i = 0; i < world->relation_count; i++) {
        const rm_relation *r = &world->relations[i];
        rm_value other = r->symbol == a.id ? b : a;
        const rm_symbol *limit =
            r->limit.kind == RM_VALUE_SYMBOL ? &w->symbols.at[r->limit.id] : NULL;
        if ((r->symbol == a.id || r->symbol == b.id) && limit != NULL &&
            limit->op == RM_SYMBOL_ARITH &&
            (rm_value_eq(limit->a, other) || rm_value_eq(limit->b, other))) {
            return true;
        }
    }
    for (uint32_t i = 0; i < world->facts.count; i++) {
        const rm_symbol *s = &w->symbols.at[world->facts.at[i].symbol];
        if (s->op == RM_SYMBOL_ARITH && ((rm_value_eq(s->a, a) && rm_value_eq(s->b, b)) ||
                                         (rm_value_eq(s->a, b) && rm_value_eq(s->b, a)))) {
            return true;
        }
    }
    return false;
}

/* From the caller's index into a table of a known size: do that many bytes fit behind it? */
static rm_fit fits_at_index(rm_walk *w, rm_world *world, rm_value length, uint32_t cell) {
    const rm_cell *c = &w->cells.at[cell];
    const rm_cell *array = &w->cells.at[c->parent];
    int64_t one = rm_type_size(&c->type);
    int64_t whole = array->type.dims > 0 ? rm_type_size(&array->type) : 0;
    if (array->kind == RM_CELL_HEAP && array->has_size && array->size.kind == RM_VALUE_CONST) {
        whole = array->size.n;
    }
    rm_range index = rm_range_of(w, world, c->index);
    rm_range bytes = rm_range_of(w, world, length);
    int64_t most = (int64_t)1 << 32;
    if (one <= 0 || one > most || whole <= 0 || !index.has_hi || !bytes.has_hi || index.hi > most ||
        index.hi < 0 || bytes.hi > most) {
        return FIT_UNKNOWN;
    }
    if (index.hi * one + bytes.hi <= whole) {
        return FIT_YES;
    }
    bool together = length.kind == RM_VALUE_SYMBOL && tested_together(w, world, c->index, length);
    return together ? FIT_UNKNOWN : FIT_NO;
}

/* An address within the driver's memory that is given so many bytes, a fixed number of them. */
static void settle_end(rm_walk *w, rm_world *world, rm_value address, rm_value length,
                       rm_judgement *j) {
    uint32_t cell = indexed_cell(w, address);
    if (cell != RM_NONE && j->carries && j->validation == RM_VALIDATION_VALIDATED &&
        length.kind == RM_VALUE_CONST && fits_at_index(w, world, length, cell) == FIT_NO) {
        j->by_range = false;
        j->validation = RM_VALIDATION_UNVALIDATED;
        j->reason = RM_STR("from the largest index on fewer bytes are left than are copied");
    }
}

static rm_judgement judge_address(rm_walk *w, rm_world *world, rm_value address, bool write,
                                  rm_value length, const rm_arg_rule *rule) {
    rm_value pointer = pointer_below(w, address);
    /* of a place its offset: what it rests on is judged below */
    bool place = address.kind == RM_VALUE_POINTER;
    rm_judgement j = rm_judge(
        w, world, address,
        &(rm_arg_rule){.kind = place ? RM_ARG_DESTINATION : RM_ARG_POINTER, .name = rule->name});
    settle_end(w, world, address, length, &j);
    if (pointer.kind != RM_VALUE_SYMBOL || rm_value_taint(w, pointer) != RM_TAINT_USER ||
        rm_symbol_is_found(w, pointer.id)) {
        return j;
    }
    if (rm_from_kernel_mode(w, world)) {
        rm_judgement kernels =
            rm_judge(w, world, pointer, &(rm_arg_rule){.kind = RM_ARG_POINTER, .name = rule->name});
        kernels.validation = RM_VALIDATION_UNKNOWN;
        kernels.reason = RM_STR("a pointer of kernel mode's: only drivers come this way");
        return kernels;
    }
    rm_judgement user =
        rm_judge(w, world, pointer, &(rm_arg_rule){.kind = RM_ARG_POINTER, .name = rule->name});
    const rm_fact *fact = fact_of(world, pointer);
    bool probed = fact != NULL && (write ? fact->probed_write : fact->probed_read);
    if (probed) {
        settle_probe(w, world, fact, write, length, &user);
    } else if (fact != NULL && fact->probed_read && user.validation != RM_VALIDATION_VALIDATED) {
        user.validation = RM_VALIDATION_PARTIAL;
        user.reason = RM_STR("it is probed for reading, not for writing");
    } else if (user.validation == RM_VALIDATION_UNVALIDATED) {
        rm_str doubt = rm_pointer_doubt(w, pointer.id);
        user.validation = doubt.len > 0 ? RM_VALIDATION_UNKNOWN : RM_VALIDATION_UNVALIDATED;
        user.reason =
            doubt.len > 0 ? doubt : RM_STR("a pointer of the caller's is used without a probe");
    }
    bool offset = address.kind == RM_VALUE_POINTER && j.carries;
    return offset && j.validation < user.validation ? j : user;
}

static rm_value without_casts(rm_walk *w, rm_value value) {
    const rm_symbol *s = rm_symbol_of(w, value);
    for (unsigned i = 0; i < 4 && s != NULL && s->op == RM_SYMBOL_CAST; i++) {
        value = s->a;
        s = rm_symbol_of(w, value);
    }
    return value;
}

/* Is a value a whole size less at least so many bytes, which it is known to have? */
static bool is_rest(rm_walk *w, const rm_world *world, rm_value value, rm_value size,
                    int64_t offset) {
    const rm_symbol *rest = rm_symbol_of(w, without_casts(w, value));
    rm_range whole = rm_range_of(w, world, size);
    return rest != NULL && rest->op == RM_SYMBOL_ARITH && rest->arith == RM_OP('-', 0) &&
           rm_value_eq(without_casts(w, rest->a), size) && rest->b.kind == RM_VALUE_CONST &&
           rest->b.n >= offset && whole.has_lo && whole.lo >= rest->b.n;
}

/* At an offset in the caller's buffer: within what is left of its length behind it? */
static bool fits_behind(rm_walk *w, rm_world *world, rm_value length, uint32_t cell) {
    rm_value sizes[2];
    int64_t offset = rm_cell_offset(w, cell);
    uint32_t root = w->cells.at[cell].root;
    if (offset <= 0 || w->cells.at[root].kind != RM_CELL_BUFFER) {
        return false;
    }
    uint32_t count = rm_cell_sizes(w, root, sizes, 2);
    for (uint32_t i = 0; i < count; i++) {
        if (is_rest(w, world, length, sizes[i], offset)) {
            return true;
        }
        for (uint32_t k = 0; k < world->relation_count; k++) {
            rm_value limit = world->relations[k].limit;
            if (is_rest(w, world, limit, sizes[i], offset) &&
                rm_range_le(w, world, length, limit)) {
                return true;
            }
        }
    }
    return false;
}

/* The same number in a wider type. */
static rm_value without_widening(const rm_walk *w, rm_value value) {
    const rm_symbol *s = value.kind == RM_VALUE_SYMBOL ? &w->symbols.at[value.id] : NULL;
    while (s != NULL && s->op == RM_SYMBOL_CAST && s->a.kind == RM_VALUE_SYMBOL) {
        const rm_symbol *from = &w->symbols.at[s->a.id];
        if (from->bits == 0 || from->is_signed || s->bits < from->bits) {
            break;
        }
        value = s->a;
        s = from;
    }
    return value;
}

/* Is the head of a block, up to the address, no longer than that many bytes, or sizeof its type? */
static bool head_within(rm_walk *w, uint32_t cell, rm_value head) {
    int64_t offset = rm_cell_offset(w, cell);
    if (head.kind == RM_VALUE_CONST) {
        return offset >= 0 && offset <= head.n;
    }
    const rm_cell *c = &w->cells.at[cell];
    rm_str text = RM_STR_NONE;
    bool member = c->kind == RM_CELL_FIELD && c->record != NULL &&
                  w->cells.at[c->parent].kind == RM_CELL_HEAP;
    return head.kind == RM_VALUE_NAMED && member &&
           rm_str_printf(w->arena, &text, "sizeof(%.*s)", RM_STR_ARG(c->record->name)) == RM_OK &&
           rm_str_eq(rm_names_text(w->names, head.id), text);
}

/* malloc(length + sizeof(HEAD)): behind the head there is room for that length. A sum of 64 bits
   of a length of 32 does not wrap around. */
static bool fits_behind_head(rm_walk *w, rm_value length, rm_value address) {
    if (address.kind != RM_VALUE_POINTER) {
        return false;
    }
    const rm_cell *root = &w->cells.at[w->cells.at[address.id].root];
    const rm_symbol *sum =
        root->kind == RM_CELL_HEAP && root->has_size && root->size.kind == RM_VALUE_SYMBOL
            ? &w->symbols.at[root->size.id]
            : NULL;
    if (sum == NULL || sum->op != RM_SYMBOL_ARITH || sum->arith != RM_OP('+', 0) ||
        sum->bits != 64) {
        return false;
    }
    rm_value bytes = without_widening(w, length);
    const rm_symbol *s = rm_symbol_of(w, bytes);
    rm_value a = without_widening(w, sum->a);
    rm_value b = without_widening(w, sum->b);
    bool narrow = s != NULL && s->bits > 0 && s->bits <= 32 && !s->is_signed;
    return narrow && ((rm_value_eq(a, bytes) && head_within(w, address.id, b)) ||
                      (rm_value_eq(b, bytes) && head_within(w, address.id, a)));
}

/* The last member of a structure laid over the caller's buffer, which goes on behind it: Data[1].
 */
static bool is_open_end(const rm_walk *w, rm_value address) {
    uint32_t cell = address.kind == RM_VALUE_POINTER ? address.id : RM_NONE;
    while (cell != RM_NONE &&
           (w->cells.at[cell].kind == RM_CELL_SCALAR ||
            (w->cells.at[cell].kind == RM_CELL_INDEX &&
             w->cells.at[cell].index.kind == RM_VALUE_CONST && w->cells.at[cell].index.n == 0))) {
        cell = w->cells.at[cell].parent;
    }
    const rm_cell *c = cell != RM_NONE ? &w->cells.at[cell] : NULL;
    if (c == NULL || c->kind != RM_CELL_FIELD || c->record == NULL || c->record->is_union ||
        c->record->fields.count == 0 || w->cells.at[c->root].kind != RM_CELL_BUFFER) {
        return false;
    }
    const rm_field *last = &c->record->fields.at[c->record->fields.count - 1];
    return last->type.dims > 0 && rm_str_eq(last->name, rm_names_text(w->names, c->a));
}

/* Does the length stay within what there is at an address? */
static rm_fit fits(rm_walk *w, rm_world *world, rm_value length, rm_value address, bool write) {
    rm_value sizes[4];
    uint32_t count = 0;
    rm_value pointer = pointer_below(w, address);
    const rm_fact *fact = fact_of(world, pointer);
    rm_range r = rm_range_of(w, world, length);
    bool user = pointer.kind == RM_VALUE_SYMBOL && rm_value_taint(w, pointer) == RM_TAINT_USER;
    if (!r.has_lo || r.lo < 0) {
        return r.sign_known ? FIT_NO : FIT_UNKNOWN; /* a negative length is a huge one */
    }
    if (user) {
        if (fact == NULL || !fact->probed_read) {
            return FIT_YES; /* the pointer itself is what is wrong */
        }
        rm_value probed = write && fact->probed_write ? fact->write_length : fact->probe_length;
        return rm_range_le(w, world, length, probed) ? FIT_YES : FIT_NO;
    }
    uint32_t indexed = indexed_cell(w, address);
    rm_fit at_index = indexed != RM_NONE ? fits_at_index(w, world, length, indexed) : FIT_UNKNOWN;
    if (at_index != FIT_UNKNOWN) {
        return at_index;
    }
    if (address.kind == RM_VALUE_POINTER) {
        count = rm_cell_sizes(w, address.id, sizes, 4);
    }
    for (uint32_t i = 0; i < count; i++) {
        if (rm_range_le(w, world, length, sizes[i])) {
            return FIT_YES;
        }
    }
    if (fits_behind_head(w, length, address) ||
        (address.kind == RM_VALUE_POINTER && fits_behind(w, world, length, address.id))) {
        return FIT_YES;
    }
    if (!r.hi_ok) {
        return FIT_NO;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (sizes[i].kind == RM_VALUE_CONST && r.has_hi && r.hi > sizes[i].n) {
            /* a bound beyond the end is none */
            return is_open_end(w, address) ? FIT_UNKNOWN : FIT_NO;
        }
    }
    return count == 0 && !r.caller_hi ? FIT_YES : FIT_UNKNOWN;
}

static rm_judgement judge_length(rm_walk *w, rm_world *world, const rm_copy *copy,
                                 const rm_arg_rule *rule) {
    rm_judgement j =
        rm_judge(w, world, copy->length, &(rm_arg_rule){.kind = RM_ARG_SIZE, .name = rule->name});
    if (!j.carries || j.validation == RM_VALIDATION_UNKNOWN) {
        return j;
    }
    j.by_range = false;
    rm_fit in_to = copy->has_to ? fits(w, world, copy->length, copy->to, true) : FIT_YES;
    rm_fit in_from = copy->has_from ? fits(w, world, copy->length, copy->from, false) : FIT_YES;
    if (in_to == FIT_YES && in_from == FIT_YES) {
        j.validation = RM_VALIDATION_VALIDATED;
        j.reason = RM_STR("within destination and source");
    } else if (in_to == FIT_YES) {
        j.validation = in_from == FIT_UNKNOWN ? RM_VALIDATION_UNKNOWN : RM_VALIDATION_PARTIAL;
        j.reason = RM_STR("within the destination, but not within the source");
    } else if (in_to == FIT_UNKNOWN || in_from == FIT_UNKNOWN) {
        j.validation = RM_VALIDATION_UNKNOWN;
        j.reason = RM_STR("it is bounded, but not by what is known of the buffers");
    } else if (j.validation == RM_VALIDATION_VALIDATED) {
        j.validation = RM_VALIDATION_UNVALIDATED;
        j.reason = RM_STR("its bound is larger than the destination");
    }
    return j;
}

rm_judgement rm_judge_copy_part(rm_walk *w, rm_world *world, const rm_arg_rule *rule,
                                const rm_copy *copy) {
    switch ((int)rule->kind) {
    case RM_ARG_DESTINATION: return judge_address(w, world, copy->to, true, copy->length, rule);
    case RM_ARG_SOURCE: return judge_address(w, world, copy->from, false, copy->length, rule);
    default: return judge_length(w, world, copy, rule);
    }
}
