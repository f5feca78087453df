#include "condition_reader.h"

#include "guid.h"
#include "utf16.h"

/* The operands of a conditional expression: attributes and literals. */

bool cond_is_space(int c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}

void cond_skip_space(struct sddl *s) {
    while (cond_is_space(sddl_peek(s))) {
        s->pos++;
    }
}

rm_status cond_fail(struct sddl *s, size_t pos, const char *text) {
    return sddl_fail(s, pos, "sddl-condition", "%s", text);
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

rm_str cond_take_name(struct sddl *s, bool (*plain)(uint32_t unit)) {
    size_t start = s->pos;
    for (int c = sddl_peek(s); c >= 0x80 || c == '%' || (c >= 0 && plain((uint32_t)c));
         c = sddl_peek(s)) {
        s->pos++;
    }
    return rm_str_slice(s->text, start, s->pos);
}

static rm_status make_attribute(struct sddl *s, uint8_t code, rm_str name, size_t start,
                                struct cond_token *out) {
    if (name.len == 0) {
        return cond_fail(s, start, "expected an attribute");
    }
    *out = (struct cond_token){.code = code};
    return utf16_from(s->arena, name, true, &out->text);
}

/* "@User.Name" at the cursor. */
static rm_status read_prefixed(struct sddl *s, struct cond_token *out) {
    size_t start = s->pos;
    rm_str rest = rm_str_slice(s->text, start, s->text.len);
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        if (rm_str_istarts(rest, prefixes[i].prefix)) {
            s->pos += prefixes[i].prefix.len;
            return make_attribute(s, prefixes[i].code, cond_take_name(s, cond_name_plain), start,
                                  out);
        }
    }
    return cond_fail(s, start, "expected @User., @Device. or @Resource.");
}

rm_status cond_read_attribute(struct sddl *s, struct cond_token *out) {
    size_t start = s->pos;
    if (sddl_peek(s) == '@') {
        return read_prefixed(s, out);
    }
    return make_attribute(s, COND_LOCAL, cond_take_name(s, cond_local_name_plain), start, out);
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

static rm_status read_integer(struct sddl *s, struct cond_token *out) {
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
            return cond_fail(s, start, "the number does not fit in 64 bits");
        }
        value = value * base + digit;
    }
    c = sddl_peek(s);
    if (s->pos == digits || (c >= 0 && cond_local_name_plain((uint32_t)c))) {
        return cond_fail(s, start, "not a number");
    }
    token.value = (int64_t)(token.sign == SIGN_MINUS ? 0 - value : value);
    *out = token;
    return RM_OK;
}

static rm_status read_string(struct sddl *s, struct cond_token *out) {
    size_t start = ++s->pos;
    while (s->pos < s->text.len && s->text.ptr[s->pos] != '"') {
        s->pos++;
    }
    if (s->pos == s->text.len) {
        return cond_fail(s, start - 1, "the string does not end");
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

static rm_status read_octets(struct sddl *s, struct cond_token *out) {
    s->pos++; /* '#' */
    *out = (struct cond_token){.code = COND_OCTETS};
    return octets_read(s, &out->text);
}

/* "SID" "(" sid ")" at the cursor. */
rm_status sid_literal_read(struct sddl *s, const rm_sid **out) {
    size_t close = 0;
    rm_sid *sid = RM_NEW(s->arena, rm_sid);
    if (sid == NULL) {
        return RM_NOMEM;
    }
    s->pos += 3;
    cond_skip_space(s);
    if (sddl_peek(s) != '(' ||
        !rm_str_find_char(rm_str_slice(s->text, s->pos, s->text.len), ')', &close)) {
        return sddl_fail(s, s->pos, "sddl-condition", "expected a SID in parentheses");
    }
    size_t end = s->pos + close;
    s->pos++;
    cond_skip_space(s);
    rm_status st = sddl_sid(s, end, sid);
    if (st != RM_OK) {
        return st;
    }
    cond_skip_space(s);
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
    while (i < rest.len && cond_is_space(rest.ptr[i])) {
        i++;
    }
    return rm_str_istarts(rest, RM_STR("SID")) && i < rest.len && rest.ptr[i] == '(';
}

bool cond_at_number(const struct sddl *s) {
    int c = sddl_peek(s);
    return (c >= '0' && c <= '9') || c == '-' || c == '+';
}

static rm_status read_scalar(struct sddl *s, struct cond_token *out) {
    if (at_sid_literal(s)) {
        *out = (struct cond_token){.code = COND_SID};
        return sid_literal_read(s, &out->sid);
    }
    if (sddl_peek(s) == '"') {
        return read_string(s, out);
    }
    if (sddl_peek(s) == '#') {
        return read_octets(s, out);
    }
    return cond_at_number(s) ? read_integer(s, out) : cond_fail(s, s->pos, "expected a value");
}

static rm_status read_item(struct sddl *s, struct cond_tokens *items, size_t *bytes) {
    struct cond_token item = {0};
    cond_skip_space(s);
    rm_status st = read_scalar(s, &item);
    if (st != RM_OK) {
        return st;
    }
    *bytes += cond_token_size(&item);
    if (*bytes > COND_MAX_BYTES) {
        return sddl_fail(s, s->pos, "sddl-limit", "the list is larger than an ACE can be");
    }
    struct cond_token *slot = rm_push(s->arena, items);
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = item;
    cond_skip_space(s);
    return RM_OK;
}

static rm_status read_composite(struct sddl *s, struct cond_token *out) {
    struct cond_tokens items = {0};
    size_t bytes = 0;
    s->pos++; /* '{' */
    cond_skip_space(s);
    bool more = sddl_peek(s) != '}';
    while (more) {
        rm_status st = read_item(s, &items, &bytes);
        if (st != RM_OK) {
            return st;
        }
        more = sddl_peek(s) == ',';
        s->pos += more;
    }
    if (sddl_peek(s) != '}') {
        return cond_fail(s, s->pos, "expected ',' or '}' in the list");
    }
    s->pos++;
    *out =
        (struct cond_token){.code = COND_COMPOSITE, .items = items.at, .item_count = items.count};
    return RM_OK;
}

rm_status cond_read_literal(struct sddl *s, struct cond_token *out) {
    return sddl_peek(s) == '{' ? read_composite(s, out) : read_scalar(s, out);
}

/* --- claims of a principals file --- */

static rm_claim_value value_of(const struct cond_token *token) {
    switch (token->code) {
    case COND_STRING: return (rm_claim_value){.type = RM_CLAIM_STRING, .text = token->text};
    case COND_OCTETS: return (rm_claim_value){.type = RM_CLAIM_OCTETS, .text = token->text};
    case COND_SID: return (rm_claim_value){.type = RM_CLAIM_SID, .sid = token->sid};
    default: return (rm_claim_value){.type = RM_CLAIM_INT, .integer = token->value};
    }
}

rm_status rm_claim_literal(rm_arena *arena, rm_sink *sink, rm_loc at, rm_str text,
                           rm_claim *claim) {
    struct sddl s = {.arena = arena, .sink = sink, .at = at, .text = text};
    struct cond_token token = {0};
    cond_skip_space(&s);
    rm_status st = cond_read_literal(&s, &token);
    if (st != RM_OK) {
        return st;
    }
    cond_skip_space(&s);
    if (s.pos != text.len) {
        return cond_fail(&s, s.pos, "unexpected text after the value");
    }
    bool list = token.code == COND_COMPOSITE;
    for (uint32_t i = 0; i < (list ? token.item_count : 1); i++) {
        rm_claim_value *slot = rm_push(arena, &claim->values);
        if (slot == NULL) {
            return RM_NOMEM;
        }
        *slot = value_of(list ? &token.items[i] : &token);
    }
    return RM_OK;
}
