/* Resource attributes as text: ("name",TYPE,flags,value,…) (MS-DTYP 2.5.1.1). */
#include <inttypes.h>

#include "condition.h"
#include "guid.h"
#include "sddl.h"
#include "utf16.h"

static const struct {
    char code[3];
    rm_claim_type type;
} types[] = {
    {"TI", RM_CLAIM_INT}, {"TU", RM_CLAIM_UINT},   {"TS", RM_CLAIM_STRING},
    {"TD", RM_CLAIM_SID}, {"TX", RM_CLAIM_OCTETS}, {"TB", RM_CLAIM_BOOL},
};

enum { MAX_BYTES = 65535 };

static rm_status fail(struct sddl *s, const char *text) {
    return sddl_fail(s, s->pos, "sddl-resource", "%s", text);
}

static void skip_space(struct sddl *s) {
    while (sddl_peek(s) == ' ' || sddl_peek(s) == '\t' || sddl_peek(s) == '\n' ||
           sddl_peek(s) == '\r') {
        s->pos++;
    }
}

/* One character, blanks around it allowed. */
static bool take(struct sddl *s, char c) {
    skip_space(s);
    if (sddl_peek(s) != c) {
        return false;
    }
    s->pos++;
    skip_space(s);
    return true;
}

/* In the binary form a NUL ends the text. */
static bool has_nul(rm_str wide) {
    for (size_t at = 0; at + 1 < wide.len; at += 2) {
        if (wide.ptr[at] == 0 && wide.ptr[at + 1] == 0) {
            return true;
        }
    }
    return false;
}

static rm_status read_quoted(struct sddl *s, bool escapes, rm_str *out) {
    size_t length = 0;
    if (sddl_peek(s) != '"') {
        return fail(s, "expected a string");
    }
    s->pos++;
    if (!rm_str_find_char(rm_str_slice(s->text, s->pos, s->text.len), '"', &length)) {
        return fail(s, "the string does not end");
    }
    rm_str raw = rm_str_slice(s->text, s->pos, s->pos + length);
    rm_status st = utf16_from(s->arena, raw, escapes, out);
    if (st == RM_OK && has_nul(*out)) {
        return fail(s, "a NUL would end the string");
    }
    s->pos += length + 1;
    return st;
}

static rm_status read_type(struct sddl *s, rm_claim_type *out) {
    rm_str code = rm_str_slice(s->text, s->pos, s->pos + 2);
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (rm_str_ieq(code, rm_str_from(types[i].code))) {
            s->pos += 2;
            *out = types[i].type;
            return RM_OK;
        }
    }
    return fail(s, "expected TI, TU, TS, TD, TX or TB");
}

/* In C's manner: 0x hex, 0 octal, decimal; `sign`: a '-' may stand in front. */
static rm_status read_number(struct sddl *s, bool sign, uint64_t max, int64_t *out) {
    bool minus = sign && sddl_peek(s) == '-';
    unsigned base = 10;
    uint64_t value = 0;
    max += minus; /* two's complement reaches one further down */
    s->pos += minus || (sign && sddl_peek(s) == '+');
    rm_str rest = rm_str_slice(s->text, s->pos, s->text.len);
    if (rm_str_istarts(rest, RM_STR("0x"))) {
        base = 16;
        s->pos += 2;
    } else if (rm_str_starts(rest, RM_STR("0"))) {
        base = 8;
    }
    size_t digits = s->pos;
    for (; s->pos < s->text.len && hex_digit(s->text.ptr[s->pos]) < (int)base; s->pos++) {
        unsigned digit = (unsigned)hex_digit(s->text.ptr[s->pos]);
        if (digit > max || value > (max - digit) / base) {
            return fail(s, "the number is too large");
        }
        value = value * base + digit;
    }
    if (s->pos == digits) {
        return fail(s, "expected a number");
    }
    *out = (int64_t)(minus ? 0 - value : value);
    return RM_OK;
}

static rm_status read_sid(struct sddl *s, const rm_sid **out) {
    if (at_sid_literal(s)) {
        return sid_literal_read(s, out);
    }
    rm_sid *sid = RM_NEW(s->arena, rm_sid);
    size_t end = s->pos;
    while (end < s->text.len && s->text.ptr[end] != ',' && s->text.ptr[end] != ')') {
        end++;
    }
    *out = sid;
    return sid == NULL ? RM_NOMEM : sddl_sid(s, end, sid);
}

static rm_status read_octets(struct sddl *s, rm_str *out) {
    s->pos += sddl_peek(s) == '#';
    return octets_read(s, out);
}

static rm_status read_value(struct sddl *s, rm_claim_value *value) {
    switch (value->type) {
    case RM_CLAIM_INT: return read_number(s, true, (uint64_t)INT64_MAX, &value->integer);
    case RM_CLAIM_UINT: return read_number(s, false, UINT64_MAX, &value->integer);
    case RM_CLAIM_BOOL: return read_number(s, false, 1, &value->integer);
    case RM_CLAIM_STRING: return read_quoted(s, false, &value->text);
    case RM_CLAIM_SID: return read_sid(s, &value->sid);
    case RM_CLAIM_OCTETS: return read_octets(s, &value->text);
    }
    return RM_INTERNAL;
}

static rm_status read_values(struct sddl *s, rm_claim_type type, rm_claim_values *out) {
    while (take(s, ',')) {
        rm_claim_value value = {.type = type};
        rm_status st = read_value(s, &value);
        if (st != RM_OK) {
            return st;
        }
        if (out->count >= MAX_BYTES / 8) {
            return sddl_fail(s, s->pos, "sddl-limit", "more values than an ACE can hold");
        }
        rm_claim_value *slot = rm_push(s->arena, out);
        if (slot == NULL) {
            return RM_NOMEM;
        }
        *slot = value;
    }
    return RM_OK;
}

static rm_status read_fields(struct sddl *s, rm_claim *claim, rm_claim_type *type) {
    int64_t flags = 0;
    rm_status st = read_quoted(s, true, &claim->name);
    if (st == RM_OK) {
        st = take(s, ',') ? read_type(s, type) : fail(s, "expected ','");
    }
    if (st == RM_OK) {
        st = take(s, ',') ? read_number(s, false, UINT32_MAX, &flags) : fail(s, "expected ','");
    }
    claim->flags = (uint32_t)flags;
    return st == RM_OK ? read_values(s, *type, &claim->values) : st;
}

rm_status sddl_resource(struct sddl *s, rm_str *out) {
    rm_claim claim = {0};
    rm_claim_type type = RM_CLAIM_INT;
    size_t start = s->pos;
    if (!take(s, '(')) {
        return fail(s, "a resource attribute begins with '('");
    }
    rm_status st = read_fields(s, &claim, &type);
    if (st != RM_OK) {
        return st;
    }
    if (!take(s, ')')) {
        return fail(s, "expected ',' or ')'");
    }
    st = claim_write(s->arena, &claim, type, out);
    if (st == RM_OK && out->len > MAX_BYTES) {
        return sddl_fail(s, start, "sddl-limit", "the resource attribute is larger than an ACE");
    }
    return st;
}

/* --- printing --- */

static const char *type_code(rm_claim_type type) {
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (types[i].type == type) {
            return types[i].code;
        }
    }
    return "";
}

static bool always(uint32_t unit) {
    (void)unit;
    return true;
}

static void put_value(rm_buf *buf, const rm_claim_value *value, const rm_sid *domain) {
    switch (value->type) {
    case RM_CLAIM_INT: rm_buf_printf(buf, "%" PRId64, value->integer); return;
    case RM_CLAIM_UINT:
    case RM_CLAIM_BOOL: rm_buf_printf(buf, "%" PRIu64, (uint64_t)value->integer); return;
    case RM_CLAIM_STRING:
        rm_buf_char(buf, '"');
        utf16_put(buf, value->text, always);
        rm_buf_char(buf, '"');
        return;
    case RM_CLAIM_SID:
        rm_buf_text(buf, "SID(");
        sid_put(buf, value->sid, domain);
        rm_buf_char(buf, ')');
        return;
    case RM_CLAIM_OCTETS: break;
    }
    for (size_t i = 0; i < value->text.len; i++) {
        rm_buf_printf(buf, "%02x", (unsigned)(unsigned char)value->text.ptr[i]);
    }
}

void resource_put(rm_buf *buf, rm_str bytes, const rm_sid *domain) {
    rm_claim claim = {0};
    rm_claim_type type = RM_CLAIM_INT;
    rm_status st = claim_read(buf->arena, bytes, &claim, &type);
    if (st != RM_OK) {
        buf->status = st;
        return;
    }
    rm_buf_text(buf, "(\"");
    utf16_put(buf, claim.name, cond_name_plain);
    rm_buf_printf(buf, "\",%s,0x%" PRIx32, type_code(type), claim.flags);
    for (uint32_t i = 0; i < claim.values.count; i++) {
        rm_buf_char(buf, ',');
        put_value(buf, &claim.values.at[i], domain);
    }
    rm_buf_char(buf, ')');
}
