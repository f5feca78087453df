#include <string.h>

#include "source/kit.h"
#include "source/lex.h"
#include "source/limits.h"
#include "source/macros.h"

/*
 * Integer constant expressions as the Microsoft compilers have them: int and long are 32 bits,
 * long long 64, char is signed, pointers are 64 bits. Overflow wraps.
 */
typedef struct value {
    uint64_t bits; /* sign- or zero-extended from its width */
    bool is_unsigned;
    bool wide; /* 64 bits */
} value;

typedef struct evaluator {
    rm_lexer lexer;
    rm_token token; /* the current one */
    rm_unknown_names names;
    unsigned depth;
    unsigned skipping; /* within an operand that is not evaluated: && || ?: */
    bool failed;
} evaluator;

static const value zero = {0, false, false};

static value conditional(evaluator *e);

static value fail(evaluator *e) {
    e->failed = true;
    return zero;
}

static void advance(evaluator *e) {
    e->token = rm_lex(&e->lexer);
}

static bool at_mark(const evaluator *e, const char *mark) {
    return e->token.kind == RM_TOKEN_MARK && rm_str_eq(e->token.text, rm_str_from(mark));
}

static bool take(evaluator *e, const char *mark) {
    if (!at_mark(e, mark)) {
        return false;
    }
    advance(e);
    return true;
}

/* Brings the bits into the range of the value's type. */
static value normal(value v) {
    if (!v.wide) {
        uint32_t low = (uint32_t)v.bits;
        v.bits = v.is_unsigned || low < 0x80000000u ? low : 0xFFFFFFFF00000000u | low;
    }
    return v;
}

static value truth(bool yes) {
    return (value){yes ? 1 : 0, false, false};
}

/* ---- types ---- */

static const struct {
    const char *name;
    unsigned char bytes;
    bool is_unsigned;
} types[] = {
    {"char", 1, false},          {"short", 2, false},
    {"int", 4, false},           {"long", 4, false},
    {"unsigned", 4, true},       {"signed", 4, false},
    {"bool", 1, true},           {"wchar_t", 2, true},
    {"size_t", 8, true},         {"__int8", 1, false},
    {"__int16", 2, false},       {"__int32", 4, false},
    {"__int64", 8, false},       {"int8_t", 1, false},
    {"int16_t", 2, false},       {"int32_t", 4, false},
    {"int64_t", 8, false},       {"uint8_t", 1, true},
    {"uint16_t", 2, true},       {"uint32_t", 4, true},
    {"uint64_t", 8, true},       {"uintptr_t", 8, true},
    {"intptr_t", 8, false},      {"ptrdiff_t", 8, false},
    {"CHAR", 1, false},          {"CCHAR", 1, false},
    {"UCHAR", 1, true},          {"BYTE", 1, true},
    {"BOOLEAN", 1, true},        {"WCHAR", 2, true},
    {"SHORT", 2, false},         {"CSHORT", 2, false},
    {"USHORT", 2, true},         {"WORD", 2, true},
    {"INT", 4, false},           {"UINT", 4, true},
    {"LONG", 4, false},          {"ULONG", 4, true},
    {"DWORD", 4, true},          {"BOOL", 4, false},
    {"NTSTATUS", 4, false},      {"HRESULT", 4, false},
    {"ACCESS_MASK", 4, true},    {"DEVICE_TYPE", 4, true},
    {"NDIS_OID", 4, true},       {"NDIS_PORT_NUMBER", 4, true},
    {"NDIS_STATUS", 4, false},   {"NDIS_HANDLE", 8, true},
    {"INT8", 1, false},          {"INT16", 2, false},
    {"INT32", 4, false},         {"INT64", 8, false},
    {"UINT8", 1, true},          {"UINT16", 2, true},
    {"UINT32", 4, true},         {"UINT64", 8, true},
    {"LONG32", 4, false},        {"ULONG32", 4, true},
    {"DWORD32", 4, true},        {"LONG64", 8, false},
    {"ULONG64", 8, true},        {"DWORD64", 8, true},
    {"LONGLONG", 8, false},      {"ULONGLONG", 8, true},
    {"DWORDLONG", 8, true},      {"LONG_PTR", 8, false},
    {"ULONG_PTR", 8, true},      {"INT_PTR", 8, false},
    {"UINT_PTR", 8, true},       {"DWORD_PTR", 8, true},
    {"SIZE_T", 8, true},         {"SSIZE_T", 8, false},
    {"PVOID", 8, true},          {"HANDLE", 8, true},
    {"LARGE_INTEGER", 8, false}, {"PHYSICAL_ADDRESS", 8, false},
    {"GUID", 16, true},          {"UNICODE_STRING", 16, true},
};

typedef struct type {
    unsigned bytes;
    bool is_unsigned;
} type;

/* The types that are more than one word are told by their parts: unsigned long long. */
static bool add_type_word(rm_str word, type *t, unsigned *longs) {
    if (rm_str_eq(word, RM_STR("const")) || rm_str_eq(word, RM_STR("volatile"))) {
        return true;
    }
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (!rm_str_eq(word, rm_str_from(types[i].name))) {
            continue;
        }
        *longs += rm_str_eq(word, RM_STR("long"));
        bool sign_only = rm_str_eq(word, RM_STR("unsigned")) || rm_str_eq(word, RM_STR("signed"));
        bool plain_int = rm_str_eq(word, RM_STR("int"));
        if (t->bytes == 0 || (!sign_only && !plain_int)) {
            t->bytes = types[i].bytes;
        }
        t->is_unsigned |= types[i].is_unsigned;
        if (*longs == 2) {
            t->bytes = 8;
        }
        return true;
    }
    return false;
}

/* A type and its '*'s up to `close`, which is taken too. False, nothing taken: it is no type. */
static bool take_type(evaluator *e, const char *close, type *out) {
    evaluator before = *e;
    type t = {0, false};
    unsigned longs = 0;
    while (e->token.kind == RM_TOKEN_NAME && add_type_word(e->token.text, &t, &longs)) {
        advance(e);
    }
    bool pointer = false;
    while (t.bytes > 0 && at_mark(e, "*")) {
        pointer = true;
        advance(e);
    }
    if (t.bytes == 0 || !take(e, close)) {
        *e = before;
        return false;
    }
    *out = pointer ? (type){8, true} : t;
    return true;
}

static value convert(value v, type t) {
    unsigned shift = t.bytes >= 8 ? 0 : 64 - 8 * t.bytes;
    uint64_t high = v.bits << shift;
    v.bits = high >> shift;
    if (!t.is_unsigned && shift > 0 && (high >> 63) != 0) {
        v.bits |= ~(UINT64_MAX >> shift);
    }
    v.wide = t.bytes >= 8;
    v.is_unsigned = t.is_unsigned && t.bytes >= 4; /* narrower ones become int */
    return normal(v);
}

/* ---- literals ---- */

static bool take_suffix(rm_str *digits, value *v, bool *long_long) {
    rm_str s = *digits;
    static const struct {
        const char *text;
        bool is_unsigned, wide;
    } suffixes[] = {{"ui64", true, true},  {"i64", false, true}, {"ui32", true, false},
                    {"i32", false, false}, {"ull", true, true},  {"llu", true, true},
                    {"ll", false, true},   {"ul", true, false},  {"lu", true, false},
                    {"u", true, false},    {"l", false, false}};
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        rm_str text = rm_str_from(suffixes[i].text);
        if (s.len > text.len && rm_str_iends(s, text)) {
            *digits = rm_str_slice(s, 0, s.len - text.len);
            v->is_unsigned = suffixes[i].is_unsigned;
            *long_long = suffixes[i].wide;
            return true;
        }
    }
    return false;
}

static bool binary_digits(rm_str s, uint64_t *out) {
    uint64_t n = 0;
    if (s.len < 3 || s.len > 66 || s.ptr[0] != '0' || (s.ptr[1] | 0x20) != 'b') {
        return false;
    }
    for (size_t i = 2; i < s.len; i++) {
        if (s.ptr[i] != '0' && s.ptr[i] != '1') {
            return false;
        }
        n = n << 1 | (uint64_t)(s.ptr[i] - '0');
    }
    *out = n;
    return true;
}

static value number(evaluator *e, rm_str text) {
    char plain[80]; /* without digit separators */
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] != '\'') {
            if (n == sizeof plain) {
                return fail(e);
            }
            plain[n++] = text.ptr[i];
        }
    }
    value v = zero;
    bool long_long = false;
    rm_str digits = {plain, n};
    (void)take_suffix(&digits, &v, &long_long);
    if (!binary_digits(digits, &v.bits) && !rm_str_u64(digits, &v.bits)) {
        return fail(e);
    }
    bool decimal = digits.ptr[0] != '0';
    uint64_t narrow = v.is_unsigned || !decimal ? UINT32_MAX : INT32_MAX;
    v.wide = long_long || v.bits > narrow;
    uint64_t positive = v.wide ? (uint64_t)INT64_MAX : (uint64_t)INT32_MAX;
    v.is_unsigned |= v.bits > positive;
    return v;
}

static bool escaped(rm_str s, size_t *at, uint64_t *out) {
    static const char names[] = "n\nt\tr\ra\ab\bf\fv\v\\\\''\"\"??";
    char c = s.ptr[*at];
    if (c == 'x' || (c >= '0' && c <= '7')) {
        unsigned base = c == 'x' ? 16 : 8;
        uint64_t n = 0;
        for (*at += c == 'x'; *at < s.len; (*at)++) {
            int digit = s.ptr[*at] | 0x20;
            unsigned d = digit >= 'a' && digit <= 'f' ? (unsigned)(digit - 'a') + 10
                                                      : (unsigned)(s.ptr[*at] - '0');
            if (d >= base || n > 0xFFFF) {
                break;
            }
            n = n * base + d;
        }
        *out = n;
        return true;
    }
    for (size_t i = 0; names[i] != '\0'; i += 2) {
        if (names[i] == c) {
            *out = (unsigned char)names[i + 1];
            (*at)++;
            return true;
        }
    }
    return false;
}

/* 'a', and 'abcd', whose first character is the most significant one. */
static value character(evaluator *e, rm_str text) {
    size_t open = 0;
    if (!rm_str_find_char(text, '\'', &open) || text.len < open + 3) {
        return fail(e);
    }
    rm_str inside = rm_str_slice(text, open + 1, text.len - 1);
    uint64_t n = 0;
    unsigned count = 0;
    for (size_t at = 0; at < inside.len; count++) {
        uint64_t c = (unsigned char)inside.ptr[at];
        if (c == '\\') {
            at++;
            if (at >= inside.len || !escaped(inside, &at, &c)) {
                return fail(e);
            }
        } else {
            at++;
        }
        n = n << 8 | c;
    }
    if (count > 4 || (open > 0 && count > 1)) {
        return fail(e);
    }
    return normal((value){n, false, false});
}

/* ---- expressions ---- */

static value size_of(evaluator *e) {
    type t = {0, false};
    if (take(e, "(") && take_type(e, ")", &t)) {
        return (value){t.bytes, true, true};
    }
    return fail(e);
}

/* static_cast<T>(x) and the like. */
static bool is_named_cast(rm_token token) {
    return rm_token_is(token, "static_cast") || rm_token_is(token, "reinterpret_cast") ||
           rm_token_is(token, "const_cast");
}

static value grouped(evaluator *e) {
    value v = conditional(e);
    while (take(e, ",")) {
        v = conditional(e);
    }
    return take(e, ")") ? v : fail(e);
}

static value named(evaluator *e) {
    rm_token name = e->token;
    type t = {0, false};
    if (rm_token_is(name, "sizeof")) {
        advance(e);
        return size_of(e);
    }
    if (is_named_cast(name)) {
        advance(e);
        bool good = take(e, "<") && take_type(e, ">", &t) && take(e, "(");
        return good ? convert(grouped(e), t) : fail(e);
    }
    if (take_type(e, "(", &t)) { /* ULONG(x) */
        return convert(grouped(e), t);
    }
    advance(e);
    if (rm_token_is(name, "true") || rm_token_is(name, "TRUE")) {
        return truth(true);
    }
    bool is_false = rm_token_is(name, "false") || rm_token_is(name, "FALSE");
    if (is_false || (e->names == RM_NAMES_ZERO && !at_mark(e, "("))) {
        return zero;
    }
    return fail(e);
}

static value primary(evaluator *e) {
    rm_token token = e->token;
    switch (token.kind) {
    case RM_TOKEN_NUMBER: advance(e); return number(e, token.text);
    case RM_TOKEN_CHAR: advance(e); return character(e, token.text);
    case RM_TOKEN_NAME: return named(e);
    case RM_TOKEN_MARK: return take(e, "(") ? grouped(e) : fail(e);
    case RM_TOKEN_STRING:
    case RM_TOKEN_END: break;
    }
    return fail(e);
}

static value unary(evaluator *e) {
    if (++e->depth > RM_MAX_EXPRESSION_DEPTH || e->failed) {
        return fail(e);
    }
    type t = {0, false};
    value v = zero;
    evaluator before = *e;
    if (take(e, "(") && take_type(e, ")", &t)) {
        v = convert(unary(e), t);
    } else {
        *e = before;
        if (take(e, "-")) {
            v = unary(e);
            v.bits = 0 - v.bits;
            v = normal(v);
        } else if (take(e, "~")) {
            v = unary(e);
            v.bits = ~v.bits;
            v = normal(v);
        } else if (take(e, "!")) {
            v = truth(unary(e).bits == 0);
        } else if (take(e, "+")) {
            v = unary(e);
        } else {
            v = primary(e);
        }
    }
    e->depth--;
    return v;
}

static int precedence(const evaluator *e) {
    static const struct {
        const char *mark;
        int level;
    } marks[] = {{"*", 10}, {"/", 10}, {"%", 10}, {"+", 9},  {"-", 9},  {"<<", 8},
                 {">>", 8}, {"<", 7},  {">", 7},  {"<=", 7}, {">=", 7}, {"==", 6},
                 {"!=", 6}, {"&", 5},  {"^", 4},  {"|", 3},  {"&&", 2}, {"||", 1}};
    for (size_t i = 0; e->token.kind == RM_TOKEN_MARK && i < sizeof marks / sizeof marks[0]; i++) {
        if (rm_str_eq(e->token.text, rm_str_from(marks[i].mark))) {
            return marks[i].level;
        }
    }
    return 0;
}

static value divide(evaluator *e, value a, value b, bool remainder) {
    if (b.bits == 0) {
        return e->skipping > 0 ? zero : fail(e);
    }
    if (a.is_unsigned) {
        a.bits = remainder ? a.bits % b.bits : a.bits / b.bits;
        return normal(a);
    }
    int64_t x = (int64_t)a.bits;
    int64_t y = (int64_t)b.bits;
    if (y == -1) { /* the smallest number has no counterpart: wrap */
        a.bits = remainder ? 0 : 0 - a.bits;
    } else {
        a.bits = (uint64_t)(remainder ? x % y : x / y);
    }
    return normal(a);
}

static value shift(evaluator *e, value a, value b, bool left) {
    if (b.bits >= (a.wide ? 64u : 32u)) {
        return e->skipping > 0 ? zero : fail(e);
    }
    if (left) {
        a.bits <<= b.bits;
    } else if (a.is_unsigned || (int64_t)a.bits >= 0) {
        a.bits >>= b.bits;
    } else {
        a.bits = ~(~a.bits >> b.bits);
    }
    return normal(a);
}

static bool less(value a, value b) {
    return a.is_unsigned ? a.bits < b.bits : (int64_t)a.bits < (int64_t)b.bits;
}

/* The usual arithmetic conversions. */
static void balance(value *a, value *b) {
    bool wide = a->wide || b->wide;
    bool is_unsigned = wide ? (a->wide && a->is_unsigned) || (b->wide && b->is_unsigned)
                            : a->is_unsigned || b->is_unsigned;
    *a = normal((value){a->bits, is_unsigned, wide});
    *b = normal((value){b->bits, is_unsigned, wide});
}

static value apply(evaluator *e, rm_str mark, value a, value b) {
    char c = mark.ptr[0];
    if (mark.len == 2 && (c == '<' || c == '>') && mark.ptr[1] == c) {
        return shift(e, a, b, c == '<');
    }
    balance(&a, &b);
    value v = {a.bits, a.is_unsigned, a.wide};
    if (mark.len == 2) {
        switch (c) {
        case '<': return truth(!less(b, a));
        case '>': return truth(!less(a, b));
        case '=': return truth(a.bits == b.bits);
        default: return truth(a.bits != b.bits);
        }
    }
    switch (c) {
    case '*': v.bits = a.bits * b.bits; break;
    case '/': return divide(e, a, b, false);
    case '%': return divide(e, a, b, true);
    case '+': v.bits = a.bits + b.bits; break;
    case '-': v.bits = a.bits - b.bits; break;
    case '<': return truth(less(a, b));
    case '>': return truth(less(b, a));
    case '&': v.bits = a.bits & b.bits; break;
    case '^': v.bits = a.bits ^ b.bits; break;
    default: v.bits = a.bits | b.bits; break;
    }
    return normal(v);
}

static value binary(evaluator *e, int lowest) {
    value left = unary(e);
    for (int level = precedence(e); level >= lowest && level > 0 && !e->failed;
         level = precedence(e)) {
        rm_str mark = e->token.text;
        advance(e);
        bool logical = level <= 2;
        bool decided = logical && (left.bits != 0) == (level == 1);
        e->skipping += decided;
        value right = binary(e, level + 1);
        e->skipping -= decided;
        left = !logical  ? apply(e, mark, left, right)
               : decided ? truth(level == 1)
                         : truth(right.bits != 0);
    }
    return left;
}

static value conditional(evaluator *e) {
    value condition = binary(e, 1);
    if (e->failed || !take(e, "?")) {
        return condition;
    }
    if (++e->depth > RM_MAX_EXPRESSION_DEPTH) {
        return fail(e);
    }
    bool yes = condition.bits != 0;
    e->skipping += !yes;
    value a = conditional(e);
    e->skipping -= !yes;
    if (!take(e, ":")) {
        return fail(e);
    }
    e->skipping += yes;
    value b = conditional(e);
    e->skipping -= yes;
    e->depth--;
    balance(&a, &b);
    return yes ? a : b;
}

bool rm_evaluate(rm_str expanded, rm_unknown_names names, int64_t *out) {
    evaluator e = {.lexer = rm_lexer_of(expanded), .names = names};
    advance(&e);
    if (e.token.kind == RM_TOKEN_END) {
        return false;
    }
    value v = conditional(&e);
    if (e.failed || e.token.kind != RM_TOKEN_END) {
        return false;
    }
    *out = (int64_t)v.bits;
    return true;
}

enum { SCRATCH = 8 * 1024 * 1024 };

bool rm_macros_eval(const rm_macros *macros, rm_scope scope, rm_str text, int64_t *out,
                    bool *control_code) {
    rm_arena *scratch = rm_arena_new(SCRATCH);
    rm_expansion x = {0};
    bool known = scratch != NULL && rm_macros_expand(macros, scratch, scope, text, &x) == RM_OK &&
                 rm_evaluate(x.text, RM_NAMES_REFUSED, out);
    if (known && control_code != NULL) {
        *control_code = x.control_code;
    }
    rm_arena_free(scratch);
    return known;
}

/* Replaces defined(X) and defined X by 1 or 0, and predefined names by their values. */
static rm_status answer_defined(const rm_macros *macros, rm_scope scope, rm_str text, rm_buf *out) {
    rm_lexer lexer = rm_lexer_of(text);
    for (;;) {
        rm_token token = rm_lex(&lexer);
        rm_str word = token.text;
        if (token.kind == RM_TOKEN_END) {
            return out->status;
        }
        if (rm_token_is(token, "defined")) {
            rm_token name = rm_lex(&lexer);
            bool parenthesis = rm_token_is(name, "(");
            name = parenthesis ? rm_lex(&lexer) : name;
            if (parenthesis) {
                (void)rm_lex(&lexer);
            }
            word = rm_macros_defined(macros, scope, name.text) ? RM_STR("1") : RM_STR("0");
        } else if (token.kind == RM_TOKEN_NAME) {
            (void)rm_macros_predefined(macros, token.text, &word);
        }
        rm_buf_str(out, word);
        rm_buf_char(out, ' ');
    }
}

bool rm_macros_condition(const rm_macros *macros, rm_scope scope, rm_str text) {
    rm_arena *scratch = rm_arena_new(SCRATCH);
    int64_t result = 0;
    rm_expansion x = {0};
    rm_buf plain = {.arena = scratch};
    bool known = scratch != NULL && answer_defined(macros, scope, text, &plain) == RM_OK &&
                 rm_macros_expand(macros, scratch, scope, rm_buf_view(&plain), &x) == RM_OK &&
                 rm_evaluate(x.text, RM_NAMES_ZERO, &result);
    rm_arena_free(scratch);
    return known && result != 0;
}
