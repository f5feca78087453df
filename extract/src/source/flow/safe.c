#include "source/flow/walk.h"

/*
 * Arithmetic that says when it overflows (ntintsafe.h): RtlULongAdd(a, b, &sum) and its kin. It
 * goes two ways: the exact result, or a failure and the largest value.
 */

enum { FAILURE = -0x3FFFFFFF }; /* any NTSTATUS below zero */

static const struct {
    const char *name;
    uint8_t bits;
} operands[] = {
    {"UChar", 8},    {"UInt8", 8},      {"UShort", 16},  {"UInt16", 16},   {"Word", 16},
    {"ULong", 32},   {"UInt", 32},      {"UInt32", 32},  {"DWord", 32},    {"ULongLong", 64},
    {"UInt64", 64},  {"SizeT", 64},     {"UIntPtr", 64}, {"ULongPtr", 64}, {"DWordPtr", 64},
    {"ULong64", 64}, {"DWordLong", 64},
};

static const struct {
    const char *name;
    uint32_t op; /* 0: a conversion, (from, &to) */
} operations[] = {
    {"Add", RM_OP('+', 0)},
    {"Sub", RM_OP('-', 0)},
    {"Mult", RM_OP('*', 0)},
};

static uint8_t bits_of(rm_str name) {
    for (size_t i = 0; i < sizeof operands / sizeof operands[0]; i++) {
        if (rm_str_eq(name, rm_str_from(operands[i].name))) {
            return operands[i].bits;
        }
    }
    return 0;
}

/* RtlULongAdd: 32 and +; RtlSizeTToULong: 32 and 0. False: none of them. */
static bool read_name(rm_str name, uint8_t *bits, uint32_t *op) {
    size_t at = 0;
    if (rm_str_starts(name, RM_STR("Rtl"))) {
        name = rm_str_slice(name, 3, name.len);
    }
    for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++) {
        rm_str end = rm_str_from(operations[i].name);
        if (name.len > end.len &&
            rm_str_eq(rm_str_slice(name, name.len - end.len, name.len), end)) {
            *op = operations[i].op;
            *bits = bits_of(rm_str_slice(name, 0, name.len - end.len));
            return *bits != 0;
        }
    }
    *op = 0;
    if (!rm_str_find(name, RM_STR("To"), &at) || bits_of(rm_str_slice(name, 0, at)) == 0) {
        return false;
    }
    *bits = bits_of(rm_str_slice(name, at + 2, name.len));
    return *bits != 0;
}

static void put(rm_walk *w, rm_world *world, const rm_call_site *site, rm_value value) {
    rm_value to = site->args[site->count - 1];
    if (to.kind == RM_VALUE_POINTER) {
        rm_memory_store(w, world, to.id, value);
        rm_kept_store(w, world, to.id, value, site->e->span);
    }
}

static bool succeed(rm_walk *w, rm_world *world, const rm_call_site *site, uint8_t bits,
                    uint32_t op) {
    rm_type type = rm_type_integer(bits, false);
    rm_value a = site->args[0];
    if (op == 0) {
        rm_range all = rm_range_type(bits, false);
        put(w, world, site, rm_symbol_cast(w, a, &type));
        return !all.has_hi ||
               rm_assume(w, world, RM_OP('<', '='), a, rm_value_const(all.hi), RM_NONE);
    }
    rm_value b = site->args[1];
    rm_value value = rm_symbol_exact(w, op, a, b, &type, site->e->span);
    put(w, world, site, value);
    if (op == RM_OP('+', 0) && a.kind == RM_VALUE_SYMBOL) {
        rm_world_relate(world, a.id, value, false);
    }
    if (op == RM_OP('+', 0) && b.kind == RM_VALUE_SYMBOL) {
        rm_world_relate(world, b.id, value, false);
    }
    if (op == RM_OP('-', 0) && value.kind == RM_VALUE_SYMBOL) {
        rm_world_relate(world, value.id, a, false);
    }
    return true;
}

bool rm_safe_call(rm_walk *w, rm_world *world, const rm_call_site *site, rm_world_list *out) {
    uint8_t bits = 0;
    uint32_t op = 0;
    if (site->count < 2 || !read_name(site->name, &bits, &op) || site->count != (op == 0 ? 2 : 3)) {
        return false;
    }
    rm_world *failed = rm_world_copy(w, world);
    if (succeed(w, world, site, bits, op)) {
        rm_world_push(w, world, rm_value_const(0));
        rm_worlds_add(w, out, world);
    } else {
        rm_world_drop(w, world);
    }
    if (failed != NULL) {
        rm_range all = rm_range_type(bits, false);
        put(w, failed, site, rm_value_const(all.has_hi ? all.hi : -1));
        rm_world_push(w, failed, rm_value_const(FAILURE));
        rm_worlds_add(w, out, failed);
    }
    return true;
}
