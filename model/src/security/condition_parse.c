#include "condition.h"
#include "guid.h"
#include "sddl.h"
#include "utf16.h"

/*
 * expression = term | "(" expression ")" | "!" "(" expression ")" | expression "&&" expression
 *            | expression "||" expression          (&& binds tighter; both to the left)
 * term       = attribute [relation operand] | Exists attribute | Member_of operand …
 * Read without recursion, so that the depth of parentheses is bounded by the size of an ACE alone.
 */

enum { MAX_BYTES = 65535 }; /* an ACE's size is 16 bits */

struct reader {
    struct sddl *s;
    rm_condition *out;
    size_t bytes;    /* of the binary form so far */
    struct pending { /* '(' '!' and operators that wait for their right side */
        char *at;
        uint32_t count, capacity;
    } pending;
};

static bool is_space(int c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}

static void skip_space(struct sddl *s) {
    while (is_space(sddl_peek(s))) {
        s->pos++;
    }
}

static rm_status fail(struct reader *r, size_t pos, const char *text) {
    return sddl_fail(r->s, pos, "sddl-condition", "%s", text);
}

static rm_status emit(struct reader *r, struct cond_token token) {
    r->bytes += cond_token_size(&token);
    if (r->bytes > MAX_BYTES) {
        return sddl_fail(r->s, r->s->pos, "sddl-limit",
                         "the condition is larger than an ACE can be");
    }
    struct cond_token *slot = rm_push(r->s->arena, &r->out->tokens);
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = token;
    return RM_OK;
}

static rm_status emit_operator(struct reader *r, uint8_t code) {
    return emit(r, (struct cond_token){.code = code});
}

/* --- attributes --- */

static const struct {
    rm_str prefix;
    uint8_t code;
} prefixes[] = {
    {{"@User.", 6}, COND_USER},
    {{"@Device.", 8}, COND_DEVICE},
    {{"@Resource.", 10}, COND_RESOURCE},
};

/* Name characters from the cursor on: plain ones, "%xxxx", and all that is not ASCII. */
static rm_str take_name(struct sddl *s, bool (*plain)(uint32_t unit)) {
    size_t start = s->pos;
    for (int c = sddl_peek(s); c >= 0x80 || c == '%' || (c >= 0 && plain((uint32_t)c));
         c = sddl_peek(s)) {
        s->pos++;
    }
    return rm_str_slice(s->text, start, s->pos);
}

static rm_status make_attribute(struct reader *r, uint8_t code, rm_str name, size_t start,
                                struct cond_token *out) {
    if (name.len == 0) {
        return fail(r, start, "expected an attribute");
    }
    *out = (struct cond_token){.code = code};
    return utf16_from(r->s->arena, name, true, &out->text);
}

/* "@User.Name" at the cursor. */
static rm_status read_prefixed(struct reader *r, struct cond_token *out) {
    struct sddl *s = r->s;
    size_t start = s->pos;
    rm_str rest = rm_str_slice(s->text, start, s->text.len);
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        if (rm_str_istarts(rest, prefixes[i].prefix)) {
            s->pos += prefixes[i].prefix.len;
            return make_attribute(r, prefixes[i].code, take_name(s, cond_name_plain), start, out);
        }
    }
    return fail(r, start, "expected @User., @Device. or @Resource.");
}

static rm_status read_attribute(struct reader *r, struct cond_token *out) {
    struct sddl *s = r->s;
    size_t start = s->pos;
    if (sddl_peek(s) == '@') {
        return read_prefixed(r, out);
    }
    return make_attribute(r, COND_LOCAL, take_name(s, cond_local_name_plain), start, out);
}

/* --- literals --- */

static unsigned read_base(struct sddl *s, uint8_t *base) {
    size_t left = s->text.len - s->pos;
    const char *p = s->text.ptr + s->pos;
    bool zero = left >= 2 && p[0] == '0';
    if (zero && (p[1] == 'x' || p[1] == 'X')) {
        s->pos += 2;
        *base = BASE_HEX;
        return 16;
    }
    if (zero && hex_digit(p[1]) < 8) {
        s->pos++;
        *base = BASE_OCTAL;
        return 8;
    }
    *base = BASE_DECIMAL;
    return 10;
}

static rm_status read_integer(struct reader *r, struct cond_token *out) {
    struct sddl *s = r->s;
    size_t start = s->pos;
    struct cond_token token = {.code = COND_INT64, .sign = SIGN_NONE};
    int c = sddl_peek(s);
    if (c == '+' || c == '-') {
        token.sign = c == '-' ? SIGN_MINUS : SIGN_PLUS;
        s->pos++;
    }
    unsigned base = read_base(s, &token.base);
    uint64_t limit = (uint64_t)INT64_MAX + (token.sign == SIGN_MINUS);
    uint64_t value = 0;
    size_t digits = s->pos;
    for (; s->pos < s->text.len && hex_digit(s->text.ptr[s->pos]) < (int)base; s->pos++) {
        unsigned digit = (unsigned)hex_digit(s->text.ptr[s->pos]);
        if (value > (limit - digit) / base) {
            return fail(r, start, "the number does not fit in 64 bits");
        }
        value = value * base + digit;
    }
    c = sddl_peek(s);
    if (s->pos == digits || (c >= 0 && cond_local_name_plain((uint32_t)c))) {
        return fail(r, start, "not a number");
    }
    token.value = (int64_t)(token.sign == SIGN_MINUS ? 0 - value : value);
    *out = token;
    return RM_OK;
}

static rm_status read_string(struct reader *r, struct cond_token *out) {
    struct sddl *s = r->s;
    size_t start = ++s->pos;
    while (s->pos < s->text.len && s->text.ptr[s->pos] != '"') {
        s->pos++;
    }
    if (s->pos == s->text.len) {
        return fail(r, start - 1, "the string does not end");
    }
    *out = (struct cond_token){.code = COND_STRING};
    return utf16_from(s->arena, rm_str_slice(s->text, start, s->pos++), false, &out->text);
}

/* Windows reads '#' among the digits as the digit 0 (Windows: "ACE Strings", OctetStringType). */
static int octet_digit(int c) {
    return c == '#' ? 0 : c < 0 ? 99 : hex_digit((char)c);
}

rm_status octets_read(struct sddl *s, rm_str *out) {
    rm_buf buf = {.arena = s->arena};
    size_t start = s->pos;
    while (octet_digit(sddl_peek(s)) < 16) {
        s->pos++;
    }
    rm_str digits = rm_str_slice(s->text, start, s->pos);
    unsigned byte = 0;
    for (size_t i = 0; i < digits.len; i++) {
        byte = (byte << 4 | (unsigned)octet_digit(digits.ptr[i])) & 0xFFu;
        if ((digits.len - i) % 2 == 1) { /* an odd count lacks a leading 0 */
            rm_buf_char(&buf, (char)byte);
            byte = 0;
        }
    }
    *out = rm_buf_view(&buf);
    return buf.status;
}

static rm_status read_octets(struct reader *r, struct cond_token *out) {
    r->s->pos++; /* '#' */
    *out = (struct cond_token){.code = COND_OCTETS};
    return octets_read(r->s, &out->text);
}

/* "SID" "(" sid ")" at the cursor. */
rm_status sid_literal_read(struct sddl *s, const rm_sid **out) {
    size_t close = 0;
    rm_sid *sid = RM_NEW(s->arena, rm_sid);
    if (sid == NULL) {
        return RM_NOMEM;
    }
    s->pos += 3;
    skip_space(s);
    if (sddl_peek(s) != '(' ||
        !rm_str_find_char(rm_str_slice(s->text, s->pos, s->text.len), ')', &close)) {
        return sddl_fail(s, s->pos, "sddl-condition", "expected a SID in parentheses");
    }
    size_t end = s->pos + close;
    s->pos++;
    skip_space(s);
    rm_status st = sddl_sid(s, end, sid);
    if (st != RM_OK) {
        return st;
    }
    skip_space(s);
    if (s->pos != end) {
        return sddl_fail(s, s->pos, "sddl-sid", "unexpected text after the SID");
    }
    s->pos++;
    *out = sid;
    return RM_OK;
}

bool at_sid_literal(const struct sddl *s) {
    rm_str rest = rm_str_slice(s->text, s->pos, s->text.len);
    size_t i = 3;
    while (i < rest.len && is_space(rest.ptr[i])) {
        i++;
    }
    return rm_str_istarts(rest, RM_STR("SID")) && i < rest.len && rest.ptr[i] == '(';
}

static bool at_number(const struct sddl *s) {
    int c = sddl_peek(s);
    return (c >= '0' && c <= '9') || c == '-' || c == '+';
}

static rm_status read_scalar(struct reader *r, struct cond_token *out) {
    struct sddl *s = r->s;
    if (at_sid_literal(s)) {
        *out = (struct cond_token){.code = COND_SID};
        return sid_literal_read(s, &out->sid);
    }
    if (sddl_peek(s) == '"') {
        return read_string(r, out);
    }
    if (sddl_peek(s) == '#') {
        return read_octets(r, out);
    }
    return at_number(s) ? read_integer(r, out) : fail(r, s->pos, "expected a value");
}

static rm_status read_item(struct reader *r, struct cond_tokens *items, size_t *bytes) {
    struct cond_token item = {0};
    skip_space(r->s);
    rm_status st = read_scalar(r, &item);
    if (st != RM_OK) {
        return st;
    }
    *bytes += cond_token_size(&item);
    if (*bytes > MAX_BYTES) {
        return sddl_fail(r->s, r->s->pos, "sddl-limit", "the list is larger than an ACE can be");
    }
    struct cond_token *slot = rm_push(r->s->arena, items);
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = item;
    skip_space(r->s);
    return RM_OK;
}

static rm_status read_composite(struct reader *r, struct cond_token *out) {
    struct sddl *s = r->s;
    struct cond_tokens items = {0};
    size_t bytes = 0;
    s->pos++; /* '{' */
    skip_space(s);
    bool more = sddl_peek(s) != '}';
    while (more) {
        rm_status st = read_item(r, &items, &bytes);
        if (st != RM_OK) {
            return st;
        }
        more = sddl_peek(s) == ',';
        s->pos += more;
    }
    if (sddl_peek(s) != '}') {
        return fail(r, s->pos, "expected ',' or '}' in the list");
    }
    s->pos++;
    *out =
        (struct cond_token){.code = COND_COMPOSITE, .items = items.at, .item_count = items.count};
    return RM_OK;
}

static rm_status read_literal(struct reader *r, struct cond_token *out) {
    return sddl_peek(r->s) == '{' ? read_composite(r, out) : read_scalar(r, out);
}

/* --- terms --- */

/* Windows allows the operand of a membership in any number of parentheses. */
static rm_status read_membership(struct reader *r, const struct cond_operator *op) {
    struct sddl *s = r->s;
    struct cond_token operand = {0};
    size_t open = 0;
    for (skip_space(s); sddl_peek(s) == '('; skip_space(s)) {
        s->pos++;
        open++;
    }
    rm_status st = read_literal(r, &operand);
    for (; st == RM_OK && open > 0; open--) {
        skip_space(s);
        if (sddl_peek(s) != ')') {
            return fail(r, s->pos, "expected ')'");
        }
        s->pos++;
    }
    if (st == RM_OK) {
        st = emit(r, operand);
    }
    return st == RM_OK ? emit_operator(r, op->code) : st;
}

static rm_status read_existence(struct reader *r, const struct cond_operator *op) {
    struct cond_token attribute = {0};
    skip_space(r->s);
    rm_status st = read_attribute(r, &attribute);
    if (st == RM_OK) {
        st = emit(r, attribute);
    }
    return st == RM_OK ? emit_operator(r, op->code) : st;
}

/* The relation at the cursor; NULL when there is none. A word must end where it ends. */
static const struct cond_operator *take_relation(struct sddl *s) {
    static const char *const signs[] = {"==", "!=", "<=", ">=", "<", ">"};
    rm_str rest = rm_str_slice(s->text, s->pos, s->text.len);
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (rm_str_starts(rest, rm_str_from(signs[i]))) {
            s->pos += rm_str_from(signs[i]).len;
            return cond_operator_word(rm_str_from(signs[i]));
        }
    }
    size_t start = s->pos;
    const struct cond_operator *op = cond_operator_word(take_name(s, cond_local_name_plain));
    if (op == NULL || op->shape != SHAPE_RELATION) {
        s->pos = start;
        return NULL;
    }
    return op;
}

static rm_status read_right_side(struct reader *r, struct cond_token *out) {
    struct sddl *s = r->s;
    int c = sddl_peek(s);
    bool literal = c == '{' || c == '"' || c == '#' || at_number(s) || at_sid_literal(s);
    return literal ? read_literal(r, out) : read_attribute(r, out);
}

static rm_status read_relation(struct reader *r, struct cond_token left) {
    struct cond_token right = {0};
    rm_status st = emit(r, left);
    skip_space(r->s);
    const struct cond_operator *op = st == RM_OK ? take_relation(r->s) : NULL;
    if (op == NULL) {
        return st; /* the attribute alone */
    }
    skip_space(r->s);
    st = read_right_side(r, &right);
    if (st == RM_OK) {
        st = emit(r, right);
    }
    return st == RM_OK ? emit_operator(r, op->code) : st;
}

static rm_status read_term(struct reader *r) {
    struct sddl *s = r->s;
    struct cond_token attribute = {0};
    size_t start = s->pos;
    if (sddl_peek(s) != '@') {
        const struct cond_operator *op = cond_operator_word(take_name(s, cond_local_name_plain));
        if (op != NULL && op->shape == SHAPE_MEMBERSHIP) {
            return read_membership(r, op);
        }
        if (op != NULL && op->shape == SHAPE_EXISTS) {
            return read_existence(r, op);
        }
        s->pos = start;
    }
    rm_status st = read_attribute(r, &attribute);
    return st == RM_OK ? read_relation(r, attribute) : st;
}

/* --- the expression --- */

static rm_status hold(struct reader *r, char what) {
    char *slot = rm_push(r->s->arena, &r->pending);
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = what;
    return RM_OK;
}

static char held(const struct reader *r) {
    return r->pending.count == 0 ? '\0' : r->pending.at[r->pending.count - 1];
}

/* Lets the operators on top that bind at least as tightly as `by` have their right side. */
static rm_status settle(struct reader *r, char by) {
    rm_status st = RM_OK;
    while (st == RM_OK && (held(r) == '&' || (held(r) == '|' && by != '&'))) {
        st = emit_operator(r, held(r) == '&' ? COND_AND : COND_OR);
        r->pending.count--;
    }
    return st;
}

/* ')' : what stands between it and its '(' is one truth value; a '!' before the '(' is applied. */
static rm_status close(struct reader *r) {
    rm_status st = settle(r, ')');
    r->s->pos++;
    r->pending.count--; /* '(' : the first of all is taken off last, and then we are done */
    if (st == RM_OK && held(r) == '!') {
        r->pending.count--;
        st = emit_operator(r, COND_NOT);
    }
    return st;
}

/* Reads up to and with one term. */
static rm_status read_operand(struct reader *r) {
    struct sddl *s = r->s;
    rm_status st = RM_OK;
    for (skip_space(s); st == RM_OK && (sddl_peek(s) == '(' || sddl_peek(s) == '!');
         skip_space(s)) {
        if (held(r) == '!' && sddl_peek(s) == '!') {
            return fail(r, s->pos, "expected '(' after '!'");
        }
        st = hold(r, (char)sddl_peek(s));
        s->pos++;
    }
    if (st == RM_OK && held(r) == '!') {
        return fail(r, s->pos, "expected '(' after '!'");
    }
    return st == RM_OK ? read_term(r) : st;
}

/* Reads closing parentheses and then, unless the last one is closed, the next && or ||. */
static rm_status read_operator(struct reader *r) {
    struct sddl *s = r->s;
    rm_status st = RM_OK;
    for (skip_space(s); st == RM_OK && r->pending.count > 0 && sddl_peek(s) == ')';) {
        st = close(r);
        if (r->pending.count > 0) {
            skip_space(s);
        }
    }
    if (st != RM_OK || r->pending.count == 0) {
        return st;
    }
    rm_str rest = rm_str_slice(s->text, s->pos, s->text.len);
    bool both = rm_str_starts(rest, RM_STR("&&"));
    if (!both && !rm_str_starts(rest, RM_STR("||"))) {
        return fail(r, s->pos, "expected &&, || or ')'");
    }
    st = settle(r, both ? '&' : '|');
    s->pos += 2;
    return st == RM_OK ? hold(r, both ? '&' : '|') : st;
}

rm_status sddl_condition(struct sddl *s, const rm_condition **out) {
    struct reader r = {.s = s, .bytes = 4, .out = RM_NEW(s->arena, rm_condition)};
    if (r.out == NULL) {
        return RM_NOMEM;
    }
    if (sddl_peek(s) != '(') {
        return fail(&r, s->pos, "a condition begins with '('");
    }
    rm_status st = hold(&r, '(');
    s->pos++;
    while (st == RM_OK && r.pending.count > 0) {
        st = read_operand(&r);
        if (st == RM_OK) {
            st = read_operator(&r);
        }
    }
    if (st == RM_OK) {
        *out = r.out;
    }
    return st;
}
