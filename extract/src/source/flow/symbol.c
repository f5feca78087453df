#include "source/flow/walk.h"

/* Symbols are made once for what they are: the same field of the same memory, the same sum. */

static uint32_t symbol_new(rm_walk *w, const rm_symbol *symbol) {
    if (w->symbols.count >= RM_WALK_SYMBOLS) {
        rm_walk_limit(w, "too many values", symbol->span);
        return 0;
    }
    rm_symbol *slot = rm_push(w->arena, &w->symbols);
    if (slot == NULL) {
        w->status = RM_NOMEM;
        return 0;
    }
    *slot = *symbol;
    slot->shields = RM_NONE;
    slot->moment = w->clock++;
    return w->symbols.count - 1;
}

/* The symbol under a key; made from `symbol` when it is the first time. */
static uint32_t symbol_once(rm_walk *w, rm_key key, const rm_symbol *symbol) {
    uint32_t id = rm_keys_add(w->keys, key, w->symbols.count);
    if (id == RM_NONE) {
        w->status = RM_NOMEM;
        return 0;
    }
    return id < w->symbols.count ? id : symbol_new(w, symbol);
}

rm_symbol *rm_symbol_of(rm_walk *w, rm_value value) {
    return value.kind == RM_VALUE_SYMBOL && value.id < w->symbols.count ? &w->symbols.at[value.id]
                                                                        : NULL;
}

static bool is_found(const rm_walk *w, rm_value value, unsigned depth) {
    if (rm_value_taint(w, value) < RM_TAINT_USER) {
        return true;
    }
    const rm_symbol *s = &w->symbols.at[value.id];
    if (s->op == RM_SYMBOL_PHI && depth < 6) {
        return is_found(w, s->a, depth + 1) && is_found(w, s->b, depth + 1);
    }
    return s->op == RM_SYMBOL_LOOKUP;
}

/* An object of the kernel's and an offset that the driver chose: a member of it. */
static bool is_in_object(const rm_walk *w, const rm_symbol *s) {
    for (unsigned depth = 0; depth < 8; depth++) {
        bool sum = s->op == RM_SYMBOL_ARITH &&
                   (s->arith == RM_OP('+', 0) || s->arith == RM_OP('-', 0)) &&
                   rm_value_taint(w, s->b) <= RM_TAINT_KEPT;
        if ((!sum && s->op != RM_SYMBOL_CAST) || s->a.kind != RM_VALUE_SYMBOL) {
            return s->op == RM_SYMBOL_LOOKUP && s->of_kernel;
        }
        s = &w->symbols.at[s->a.id];
    }
    return false;
}

bool rm_symbol_is_found(const rm_walk *w, uint32_t id) {
    const rm_symbol *s = &w->symbols.at[id];
    if (s->op == RM_SYMBOL_ARITH || s->op == RM_SYMBOL_CAST) {
        return is_in_object(w, s);
    }
    return s->op == RM_SYMBOL_LOOKUP ||
           (s->op == RM_SYMBOL_PHI && is_found(w, rm_value_symbol(id), 0));
}

rm_taint rm_value_taint(const rm_walk *w, rm_value value) {
    return value.kind == RM_VALUE_SYMBOL && value.id < w->symbols.count
               ? w->symbols.at[value.id].taint
               : RM_TAINT_NONE;
}

static const struct {
    const char *name;
    rm_taint taint;
    uint8_t bits;
    bool is_signed;
} sources[RM_SOURCE_COUNT] = {
    [RM_SOURCE_IRP] = {"Irp", RM_TAINT_NONE, 64, false},
    [RM_SOURCE_STACK_LOCATION] = {"IrpSp", RM_TAINT_NONE, 64, false},
    [RM_SOURCE_REQUEST] = {"Request", RM_TAINT_NONE, 64, false},
    [RM_SOURCE_DEVICE] = {"DeviceObject", RM_TAINT_NONE, 64, false},
    [RM_SOURCE_CODE] = {"IoControlCode", RM_TAINT_USER, 32, false},
    [RM_SOURCE_INPUT_LENGTH] = {"InputBufferLength", RM_TAINT_USER, 32, false},
    [RM_SOURCE_OUTPUT_LENGTH] = {"OutputBufferLength", RM_TAINT_USER, 32, false},
    [RM_SOURCE_LENGTH] = {"Length", RM_TAINT_USER, 32, false},
    [RM_SOURCE_SYSTEM_BUFFER] = {"SystemBuffer", RM_TAINT_USER, 0, false},
    [RM_SOURCE_TYPE3_BUFFER] = {"Type3InputBuffer", RM_TAINT_USER, 64, false},
    [RM_SOURCE_USER_BUFFER] = {"UserBuffer", RM_TAINT_USER, 64, false},
    [RM_SOURCE_MDL] = {"MdlAddress", RM_TAINT_NONE, 64, false},
    [RM_SOURCE_MDL_BUFFER] = {"MdlAddress", RM_TAINT_USER, 0, false},
    [RM_SOURCE_FILE_OBJECT] = {"FileObject", RM_TAINT_NONE, 64, false},
    [RM_SOURCE_FILE_NAME] = {"FileName", RM_TAINT_USER, 0, false},
    /* wdm.h, MODE: KernelMode or UserMode, no third */
    [RM_SOURCE_REQUESTOR_MODE] = {"RequestorMode", RM_TAINT_NONE, 1, false},
    [RM_SOURCE_INPUT_MEMORY] = {"InputMemory", RM_TAINT_NONE, 64, false},
    [RM_SOURCE_OUTPUT_MEMORY] = {"OutputMemory", RM_TAINT_NONE, 64, false},
};

const char *rm_source_title(rm_source source) {
    return sources[source].name;
}

uint32_t rm_symbol_source(rm_walk *w, rm_source source) {
    rm_symbol symbol = {.op = RM_SYMBOL_SOURCE,
                        .taint = sources[source].taint,
                        .bits = sources[source].bits,
                        .is_signed = sources[source].is_signed,
                        .source = source,
                        .is_source = true,
                        .owner = RM_NONE,
                        .asked = RM_NONE,
                        .fetched_before = RM_NONE,
                        .span = {.file = RM_NONE}};
    symbol.name = rm_names_id(w->names, rm_str_from(sources[source].name));
    return symbol_once(w, (rm_key){RM_SYMBOL_SOURCE, source, 0, 0}, &symbol);
}

static void set_type(rm_symbol *symbol, const rm_type *type) {
    if (type == NULL) {
        return;
    }
    bool is_pointer = type->pointers > 0 || type->dims > 0;
    symbol->bits = is_pointer ? 64 : type->bits;
    symbol->is_signed = !is_pointer && type->is_signed;
    symbol->type = type->name;
}

uint32_t rm_symbol_part(rm_walk *w, uint32_t of, const rm_cell *component) {
    const rm_symbol *whole = &w->symbols.at[of];
    rm_symbol symbol = {.op = RM_SYMBOL_PART,
                        .a = rm_value_symbol(of),
                        .taint = whole->taint,
                        .source = whole->source,
                        .is_source = whole->is_source,
                        .name = whole->name,
                        .owner = whole->owner,
                        .why = whole->why,
                        .unset = whole->unset,
                        .nowhere = whole->nowhere,
                        .asked = RM_NONE,
                        .fetched_before = RM_NONE,
                        .span = whole->span};
    symbol.part = (uint8_t)component->kind;
    /* bytes read without a member's name: they may have been stored by one */
    symbol.several = whole->contents && component->kind != RM_CELL_FIELD;
    symbol.index = component->index;
    set_type(&symbol, &component->type);
    rm_key key = {RM_SYMBOL_PART + 16 * (uint32_t)component->kind, of,
                  (int64_t)component->a << 32 | component->b, 0};
    if (component->kind == RM_CELL_FIELD) {
        symbol.name = component->a;
        /* the kit's objects have members that point to the driver's memory: DeviceExtension */
        symbol.owner = symbol.taint <= RM_TAINT_KEPT ? component->a : symbol.owner;
    } else if (component->kind == RM_CELL_SCALAR) {
        symbol.bits = symbol.bits != 0 ? symbol.bits : (uint8_t)component->b;
    } else if (component->kind == RM_CELL_INDEX) {
        key.d = component->index.n ^ (int64_t)component->index.id << 8 ^
                (int64_t)component->index.kind << 60;
    }
    return symbol_once(w, key, &symbol);
}

uint32_t rm_symbol_fresh(rm_walk *w, rm_taint taint, const rm_type *type, rm_span span) {
    rm_symbol symbol = {.op = RM_SYMBOL_FRESH,
                        .taint = taint,
                        .name = RM_NONE,
                        .owner = RM_NONE,
                        .asked = RM_NONE,
                        .fetched_before = RM_NONE,
                        .span = span};
    set_type(&symbol, type);
    return symbol_new(w, &symbol);
}

uint32_t rm_symbol_context(rm_walk *w, rm_str name, rm_value object, rm_span span) {
    enum { CONTEXTS = 1 << 21 }; /* keys apart from those of symbols and cells */
    rm_symbol symbol = {.op = RM_SYMBOL_FRESH,
                        .taint = RM_TAINT_NONE,
                        .bits = 64,
                        .name = RM_NONE,
                        .owner = RM_NONE,
                        .asked = RM_NONE,
                        .fetched_before = RM_NONE,
                        .span = span};
    int64_t of = (int64_t)object.kind << 32 | object.id;
    rm_key key = {CONTEXTS, rm_names_id(w->names, name), of, object.n};
    return symbol_once(w, key, &symbol);
}

uint32_t rm_symbol_fetch(rm_walk *w, uint32_t cell, const rm_type *type, rm_span span) {
    const rm_cell *c = &w->cells.at[cell];
    rm_symbol symbol = {.op = RM_SYMBOL_FETCH,
                        .taint = RM_TAINT_USER,
                        .name = RM_NONE,
                        .owner = RM_NONE,
                        .asked = RM_NONE,
                        .fetched_before = c->last_fetch,
                        .span = span};
    const rm_cell *root = &w->cells.at[c->root];
    if (root->initial != RM_NONE) {
        const rm_symbol *whole = &w->symbols.at[root->initial];
        symbol.source = whole->source;
        symbol.is_source = whole->is_source;
        symbol.name = whole->name;
    }
    if (c->kind == RM_CELL_FIELD) {
        symbol.name = c->a;
    }
    set_type(&symbol, type != NULL && (type->bits > 0 || type->pointers > 0) ? type : &c->type);
    symbol.cell = cell + 1;
    uint32_t id = symbol_new(w, &symbol);
    w->cells.at[cell].last_fetch = id;
    return id;
}

uint32_t rm_symbol_lookup(rm_walk *w, rm_value of, rm_span span) {
    const rm_symbol *base = rm_symbol_of(w, of);
    rm_symbol symbol = {.op = RM_SYMBOL_LOOKUP,
                        .a = of,
                        .taint = rm_value_taint(w, of),
                        .bits = 64,
                        .name = base != NULL ? base->name : RM_NONE,
                        .owner = base != NULL ? base->owner : RM_NONE,
                        .why = base != NULL ? base->why : NULL,
                        .source = base != NULL ? base->source : RM_SOURCE_IRP,
                        .is_source = base != NULL && base->is_source,
                        .asked = RM_NONE,
                        .fetched_before = RM_NONE,
                        .span = span};
    return symbol_new(w, &symbol);
}

static int64_t truncated(int64_t n, uint8_t bits, bool is_signed) {
    if (bits == 0 || bits >= 64) {
        return n;
    }
    uint64_t mask = ((uint64_t)1 << bits) - 1;
    uint64_t low = (uint64_t)n & mask;
    if (is_signed && (low >> (bits - 1)) != 0) {
        low |= ~mask;
    }
    return (int64_t)low;
}

rm_value rm_symbol_cast(rm_walk *w, rm_value value, const rm_type *type) {
    if (type->pointers > 0 || type->dims > 0 || type->bits == 0) {
        return value; /* a pointer is looked at where it is followed */
    }
    if (value.kind == RM_VALUE_CONST) {
        return rm_value_const(truncated(value.n, type->bits, type->is_signed));
    }
    const rm_symbol *from = rm_symbol_of(w, value);
    if (from == NULL) {
        return value;
    }
    if (from->op == RM_SYMBOL_LOOKUP && rm_str_eq(type->name, RM_STR("NTSTATUS"))) {
        /* whether it went well; what was found stands elsewhere */
        rm_symbol status = {.op = RM_SYMBOL_FRESH,
                            .bits = 32,
                            .is_signed = true,
                            .name = RM_NONE,
                            .owner = RM_NONE,
                            .asked = from->asked,
                            .fetched_before = RM_NONE,
                            .span = from->span,
                            .type = type->name};
        return rm_value_symbol(symbol_once(w, (rm_key){RM_SYMBOL_FRESH, value.id, 0, 0}, &status));
    }
    bool widens =
        from->bits != 0 && ((from->bits < type->bits && (!from->is_signed || type->is_signed)) ||
                            (from->bits == type->bits && from->is_signed == type->is_signed));
    if (widens) {
        return value;
    }
    rm_symbol symbol = *from;
    symbol.op = RM_SYMBOL_CAST;
    symbol.a = value;
    symbol.bits = type->bits;
    symbol.is_signed = type->is_signed;
    symbol.asked = RM_NONE;
    symbol.fetched_before = RM_NONE;
    rm_key key = {RM_SYMBOL_CAST, value.id, type->bits, type->is_signed};
    return rm_value_symbol(symbol_once(w, key, &symbol));
}

static bool fold(uint32_t op, int64_t a, int64_t b, int64_t *out) {
    uint64_t x = (uint64_t)a;
    uint64_t y = (uint64_t)b;
    switch (op) {
    case RM_OP('+', 0): *out = (int64_t)(x + y); return true;
    case RM_OP('-', 0): *out = (int64_t)(x - y); return true;
    case RM_OP('*', 0): *out = (int64_t)(x * y); return true;
    case RM_OP('&', 0): *out = (int64_t)(x & y); return true;
    case RM_OP('|', 0): *out = (int64_t)(x | y); return true;
    case RM_OP('^', 0): *out = (int64_t)(x ^ y); return true;
    case RM_OP('<', '<'): *out = b >= 0 && b < 64 ? (int64_t)(x << y) : 0; return true;
    case RM_OP('>', '>'): *out = b >= 0 && b < 64 ? (int64_t)(x >> y) : 0; return a >= 0;
    case RM_OP('/', 0): *out = b != 0 && a >= 0 && b > 0 ? a / b : 0; return b > 0 && a >= 0;
    case RM_OP('%', 0): *out = b != 0 && a >= 0 && b > 0 ? a % b : 0; return b > 0 && a >= 0;
    default: return false;
    }
}

static bool is_neutral(uint32_t op, rm_value b) {
    if (b.kind != RM_VALUE_CONST) {
        return false;
    }
    if (b.n == 0) {
        return op == RM_OP('+', 0) || op == RM_OP('-', 0) || op == RM_OP('|', 0) ||
               op == RM_OP('^', 0) || op == RM_OP('<', '<') || op == RM_OP('>', '>');
    }
    return b.n == 1 && (op == RM_OP('*', 0) || op == RM_OP('/', 0));
}

static int64_t value_key(rm_value v) {
    return v.kind == RM_VALUE_CONST ? v.n : (int64_t)v.id | (int64_t)(v.kind + 1) << 40;
}

/* The bits that an operand can have set; 64: all of them, or it may be negative. */
static uint8_t width_of(rm_walk *w, rm_value value) {
    const rm_symbol *s = rm_symbol_of(w, value);
    if (value.kind == RM_VALUE_CONST && value.n >= 0) {
        uint8_t bits = 0;
        while (bits < 63 && value.n >> bits != 0) {
            bits++;
        }
        return bits;
    }
    return s != NULL && s->bits != 0 && !s->is_signed ? s->bits : 64;
}

/* A sum of two narrower numbers does not wrap around: (ULONGLONG)offset + length. */
static bool has_room(rm_walk *w, uint32_t op, rm_value a, rm_value b, const rm_type *type) {
    uint8_t room = type->pointers > 0 ? 64 : type->bits;
    return op == RM_OP('+', 0) && room != 0 && width_of(w, a) < room - type->is_signed &&
           width_of(w, b) < room - type->is_signed;
}

rm_value rm_symbol_arith(rm_walk *w, uint32_t op, rm_value a, rm_value b, const rm_type *type,
                         rm_span span) {
    int64_t n = 0;
    bool shifts = op == RM_OP('<', '<') || op == RM_OP('>', '>');
    a.n = a.kind == RM_VALUE_CONST ? truncated(a.n, type->bits, type->is_signed) : a.n;
    b.n = b.kind == RM_VALUE_CONST && !shifts ? truncated(b.n, type->bits, type->is_signed) : b.n;
    if (a.kind == RM_VALUE_CONST && b.kind == RM_VALUE_CONST && fold(op, a.n, b.n, &n)) {
        return rm_value_const(truncated(n, type->bits, type->is_signed));
    }
    if (is_neutral(op, b)) {
        return a;
    }
    if (is_neutral(op, a) && (op == RM_OP('+', 0) || op == RM_OP('*', 0) || op == RM_OP('|', 0))) {
        return b;
    }
    bool commutes = op == RM_OP('+', 0) || op == RM_OP('*', 0) || op == RM_OP('&', 0) ||
                    op == RM_OP('|', 0) || op == RM_OP('^', 0);
    if (commutes && a.kind == RM_VALUE_CONST && b.kind != RM_VALUE_CONST) {
        rm_value swap = a;
        a = b;
        b = swap;
    }
    rm_taint ta = rm_value_taint(w, a);
    rm_taint tb = rm_value_taint(w, b);
    const rm_symbol *from = rm_symbol_of(w, ta >= tb ? a : b);
    rm_symbol symbol = {.op = RM_SYMBOL_ARITH,
                        .arith = op,
                        .a = a,
                        .b = b,
                        .exact = has_room(w, op, a, b, type),
                        .taint = ta >= tb ? ta : tb,
                        .bits = type->pointers > 0 ? 64 : type->bits,
                        .is_signed = type->is_signed && type->pointers == 0,
                        .name = from != NULL ? from->name : RM_NONE,
                        .owner = from != NULL ? from->owner : RM_NONE,
                        .why = from != NULL ? from->why : NULL,
                        .source = from != NULL ? from->source : RM_SOURCE_IRP,
                        .is_source = from != NULL && from->is_source,
                        .asked = RM_NONE,
                        .fetched_before = RM_NONE,
                        .span = span};
    for (int side = 0; side < 2; side++) {
        const rm_symbol *s = rm_symbol_of(w, side == 0 ? a : b);
        symbol.loop = symbol.loop || (s != NULL && s->loop);
    }
    rm_key key = {RM_SYMBOL_ARITH + 16 * (op + (symbol.is_signed ? 1u << 20 : 0)),
                  (uint32_t)a.kind << 8 | (uint32_t)b.kind | (uint32_t)symbol.bits << 16,
                  value_key(a), value_key(b)};
    return rm_value_symbol(symbol_once(w, key, &symbol));
}

rm_value rm_symbol_exact(rm_walk *w, uint32_t op, rm_value a, rm_value b, const rm_type *type,
                         rm_span span) {
    rm_value value = rm_symbol_arith(w, op, a, b, type, span);
    const rm_symbol *s = rm_symbol_of(w, value);
    if (s == NULL || s->op != RM_SYMBOL_ARITH) {
        return value;
    }
    rm_symbol symbol = *s;
    symbol.exact = true;
    rm_key key = {RM_SYMBOL_ARITH + 16 * (1u << 21), value.id, 0, 0};
    return rm_value_symbol(symbol_once(w, key, &symbol));
}

/* An address, or none: it is that address wherever it is followed. */
static bool is_address_or_null(rm_value address, rm_value null) {
    return (address.kind == RM_VALUE_POINTER || address.kind == RM_VALUE_FUNCTION) &&
           null.kind == RM_VALUE_CONST && null.n == 0;
}

rm_value rm_symbol_phi(rm_walk *w, rm_value a, rm_value b, const rm_type *type, bool loop) {
    if (is_address_or_null(a, b) || is_address_or_null(b, a)) {
        return a.kind == RM_VALUE_CONST ? b : a;
    }
    if (!loop && a.kind == RM_VALUE_POINTER && rm_value_eq(a, b)) {
        return a;
    }
    rm_taint ta = rm_value_taint(w, a);
    rm_taint tb = rm_value_taint(w, b);
    const rm_symbol *sa = rm_symbol_of(w, a);
    const rm_symbol *sb = rm_symbol_of(w, b);
    const rm_symbol *from = ta >= tb && sa != NULL ? sa : sb != NULL ? sb : sa;
    rm_symbol symbol = {.op = RM_SYMBOL_PHI,
                        .a = a,
                        .b = b,
                        .taint = ta >= tb ? ta : tb,
                        .name = from != NULL ? from->name : RM_NONE,
                        .owner = from != NULL ? from->owner : RM_NONE,
                        .why = from != NULL ? from->why : NULL,
                        .source = from != NULL ? from->source : RM_SOURCE_IRP,
                        .is_source = from != NULL && from->is_source,
                        .loop = loop || (sa != NULL && sa->loop) || (sb != NULL && sb->loop),
                        .asked = RM_NONE,
                        .fetched_before = RM_NONE,
                        .span = from != NULL ? from->span : (rm_span){.file = RM_NONE}};
    if (from != NULL) {
        symbol.bits = from->bits;
        symbol.is_signed = from->is_signed || (sa != NULL && sb != NULL && sa->is_signed);
        symbol.type = from->type;
    } else if (type != NULL && type->bits > 0 && type->pointers == 0) {
        set_type(&symbol, type);
    } else {
        symbol.bits = 64; /* of constants and addresses */
        symbol.is_signed = true;
    }
    symbol.several = (sa != NULL && sa->several) || (sb != NULL && sb->several) ||
                     (ta == RM_TAINT_KEPT && tb == RM_TAINT_KEPT && sa->owner != sb->owner);
    /* where it leads is not known; that the driver chose it is */
    symbol.scattered = a.kind == RM_VALUE_POINTER || b.kind == RM_VALUE_POINTER ||
                       (sa != NULL && sa->scattered) || (sb != NULL && sb->scattered);
    return rm_value_symbol(symbol_new(w, &symbol));
}

rm_value rm_value_unknown(rm_walk *w, const char *why, rm_span span) {
    uint32_t id = rm_symbol_fresh(w, RM_TAINT_UNKNOWN, NULL, span);
    if (id < w->symbols.count) {
        w->symbols.at[id].why = why;
    }
    return rm_value_symbol(id);
}
