#include "alias.h"
#include "guid.h"
#include "sddl.h"

/*
 * One ACE: (type;flags;rights;object;inherited;sid[;tail]). Blanks: Windows skips them at the head
 * of a field and, in rights, between two codes; never before the ';' that ends a field with text.
 */

/* Where the field at the cursor ends: at the next ';' , before the ACE does. */
static rm_status field_end(struct sddl *s, const char *what, size_t *out) {
    for (size_t i = s->pos; i < s->text.len; i++) {
        char c = s->text.ptr[i];
        if (c == ';') {
            *out = i;
            return RM_OK;
        }
        if (c == ')' || c == '(') {
            return sddl_fail(s, i, "sddl-ace-fields", "the ACE ends within its %s", what);
        }
    }
    return sddl_fail(s, s->text.len, "sddl-ace-fields", "the string ends within the ACE's %s",
                     what);
}

static bool is_small(char c) {
    return c >= 'a' && c <= 'z';
}

static void note_case(struct sddl *s, rm_str code) {
    for (size_t i = 0; i < code.len; i++) {
        if (is_small(code.ptr[i])) {
            sddl_lax(s, s->pos, LAX_CASE);
        }
    }
}

static rm_status read_type(struct sddl *s, bool in_sacl, const struct ace_kind **out) {
    size_t end = 0;
    sddl_skip_blanks(s);
    rm_status st = field_end(s, "type", &end);
    if (st != RM_OK) {
        return st;
    }
    rm_str code = rm_str_slice(s->text, s->pos, end);
    const struct ace_kind *kind = ace_kind_find(code);
    if (kind == NULL) {
        return sddl_fail(s, s->pos, "sddl-ace-type", "no such ACE type: '%.*s'", RM_STR_ARG(code));
    }
    if (kind->in_sacl != in_sacl) {
        return sddl_fail(s, s->pos, "sddl-ace-type",
                         "an ACE of type %s does not belong into %s:", kind->code,
                         in_sacl ? "S" : "D");
    }
    note_case(s, code);
    s->pos = end + 1;
    *out = kind;
    return RM_OK;
}

static rm_status read_flags(struct sddl *s, rm_ace *ace) {
    size_t end = 0;
    sddl_skip_blanks(s);
    rm_status st = field_end(s, "flags", &end);
    for (; st == RM_OK && s->pos < end; s->pos += 2) {
        uint8_t bit = 0;
        sddl_skip_blanks(s);
        rm_str code = rm_str_slice(s->text, s->pos, s->pos + 2 < end ? s->pos + 2 : end);
        if (!ace_flag_find(code, ace->type, &bit)) {
            return sddl_fail(s, s->pos, "sddl-ace-flags", "no such ACE flag: '%.*s'",
                             RM_STR_ARG(code));
        }
        note_case(s, code);
        ace->flags |= bit;
    }
    s->pos = end + 1;
    return st;
}

/*
 * A number in C's manner: 0x hex, 0 octal, else decimal. What is larger than 32 bits saturates,
 * what is negative wraps.
 */
static rm_status read_number(struct sddl *s, size_t end, uint32_t *out) {
    size_t start = s->pos;
    bool negative = sddl_peek(s) == '-';
    uint64_t value = 0;
    unsigned base = 10;
    s->pos += negative;
    if (s->pos < end && sddl_peek(s) == '0') {
        base = s->pos + 1 < end && (s->text.ptr[s->pos + 1] | 0x20) == 'x' ? 16 : 8;
        s->pos += base == 16 ? 2 : 0;
    }
    size_t digits = s->pos;
    for (; s->pos < end && hex_digit(s->text.ptr[s->pos]) < (int)base; s->pos++) {
        value = value * base + (unsigned)hex_digit(s->text.ptr[s->pos]);
        value = value > UINT32_MAX ? (uint64_t)UINT32_MAX + 1 : value;
    }
    if (s->pos == digits) {
        return sddl_fail(s, s->pos, "sddl-rights", "not a number: '%.*s'",
                         RM_STR_ARG(rm_str_slice(s->text, start, end)));
    }
    if (negative || value > UINT32_MAX) {
        sddl_lax(s, start, LAX_NUMBER);
    }
    uint32_t bits = value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
    *out = negative && value <= UINT32_MAX ? 0u - bits : bits;
    return RM_OK;
}

static rm_status read_code(struct sddl *s, size_t end, rm_ace *ace, uint32_t *out) {
    rm_str code = rm_str_slice(s->text, s->pos, s->pos + 2 < end ? s->pos + 2 : end);
    if (!right_find(code, ace->type, out)) {
        return sddl_fail(s, s->pos, "sddl-rights", "no such right: '%.*s'", RM_STR_ARG(code));
    }
    note_case(s, code);
    ace->beyond_rights = ace->beyond_rights || !right_in_kernel_subset(code);
    s->pos += 2;
    return RM_OK;
}

static bool at_number(const struct sddl *s, size_t end) {
    int c = s->pos < end ? sddl_peek(s) : ' ';
    return c == '-' || (c >= '0' && c <= '9');
}

/* Codes or a number; Windows takes both at once too, as the tests that Wine shares with it show. */
static rm_status read_rights(struct sddl *s, rm_ace *ace) {
    size_t end = 0;
    bool first = true;
    sddl_skip_blanks(s);
    rm_status st = field_end(s, "rights", &end);
    for (; st == RM_OK && s->pos < end; first = false) {
        uint32_t bits = 0;
        sddl_skip_blanks(s);
        bool number = at_number(s, end);
        if (number && !first) {
            sddl_lax(s, s->pos, LAX_NUMBER);
        }
        st = number ? read_number(s, end, &bits) : read_code(s, end, ace, &bits);
        ace->mask |= bits;
        if (st == RM_OK && number && s->pos < end) {
            sddl_lax(s, s->pos, LAX_NUMBER);
        }
    }
    s->pos = st == RM_OK ? end + 1 : s->pos;
    return st;
}

static rm_status read_guid(struct sddl *s, const struct ace_kind *kind, bool *has,
                           uint8_t guid[16]) {
    size_t end = 0;
    size_t start = s->pos;
    rm_status st = field_end(s, "GUIDs", &end);
    if (st != RM_OK) {
        return st;
    }
    while (s->pos < end && sddl_peek(s) == ' ') {
        s->pos++;
    }
    if (s->pos == end) {
        s->pos = start;
        sddl_skip_blanks(s);
    } else {
        if (!kind->object) {
            return sddl_fail(s, start, "sddl-guid", "an ACE of type %s has no object", kind->code);
        }
        if (!guid_parse(rm_str_slice(s->text, start, end), guid)) {
            return sddl_fail(s, start, "sddl-guid", "not a GUID: '%.*s'",
                             RM_STR_ARG(rm_str_slice(s->text, start, end)));
        }
        *has = true;
    }
    s->pos = end + 1;
    return RM_OK;
}

/* The SID field ends at ';' where a tail follows, else at ')'. */
static size_t sid_end(const struct sddl *s) {
    size_t end = s->pos;
    while (end < s->text.len && s->text.ptr[end] != ';' && s->text.ptr[end] != ')' &&
           s->text.ptr[end] != '(') {
        end++;
    }
    return end;
}

static rm_status read_sid(struct sddl *s, rm_ace *ace) {
    size_t end = sid_end(s);
    rm_str text = rm_str_trim(rm_str_slice(s->text, s->pos, end));
    rm_status st = sddl_sid(s, end, &ace->sid);
    ace->beyond_sid = text.len == 2 && !alias_in_kernel_subset(text);
    if (st == RM_OK && s->pos != end) {
        return sddl_fail(s, s->pos, "sddl-sid", "unexpected text after the SID");
    }
    return st;
}

static rm_status read_tail(struct sddl *s, const struct ace_kind *kind, rm_ace *ace) {
    if (kind->tail == TAIL_NONE || (kind->tail == TAIL_OPTIONAL_CONDITION && sddl_peek(s) == ')')) {
        return RM_OK;
    }
    if (sddl_peek(s) != ';') {
        return sddl_fail(s, s->pos, "sddl-ace-fields", "an ACE of type %s needs a %s", kind->code,
                         kind->tail == TAIL_RESOURCE ? "resource attribute" : "condition");
    }
    s->pos++;
    while (sddl_peek(s) == ' ') {
        s->pos++;
    }
    return kind->tail == TAIL_RESOURCE ? sddl_resource(s, &ace->resource)
                                       : sddl_condition(s, &ace->condition);
}

static rm_status read_close(struct sddl *s) {
    sddl_skip_blanks(s);
    if (sddl_peek(s) != ')') {
        return sddl_fail(s, s->pos, "sddl-ace-fields",
                         s->pos < s->text.len ? "the ACE has more fields than its type allows"
                                              : "the string ends within an ACE");
    }
    s->pos++;
    return RM_OK;
}

/* Windows makes an object ACE without any GUID a plain one. */
static uint8_t plain_type(const rm_ace *ace) {
    if (ace->has_object || ace->has_inherited) {
        return ace->type;
    }
    switch (ace->type) {
    case ACE_OBJECT_ALLOW: return ACE_ALLOW;
    case ACE_OBJECT_DENY: return ACE_DENY;
    case ACE_OBJECT_AUDIT: return ACE_AUDIT;
    case ACE_OBJECT_ALARM: return ACE_ALARM;
    default: return ace->type;
    }
}

static rm_status read_head(struct sddl *s, const struct ace_kind *kind, rm_ace *ace) {
    rm_status st = read_flags(s, ace);
    if (st == RM_OK) {
        st = read_rights(s, ace);
    }
    if (st == RM_OK) {
        st = read_guid(s, kind, &ace->has_object, ace->object);
    }
    if (st == RM_OK) {
        st = read_guid(s, kind, &ace->has_inherited, ace->inherited);
    }
    return st == RM_OK ? read_sid(s, ace) : st;
}

rm_status sddl_ace(struct sddl *s, bool in_sacl, rm_ace *out) {
    const struct ace_kind *kind = NULL;
    rm_ace ace = {.column = s->at.column + (uint32_t)s->pos};
    s->pos++; /* '(' */
    rm_status st = read_type(s, in_sacl, &kind);
    if (st != RM_OK || kind == NULL) {
        return st;
    }
    ace.type = kind->type;
    st = read_head(s, kind, &ace);
    if (st == RM_OK) {
        st = read_tail(s, kind, &ace);
    }
    if (st == RM_OK) {
        st = read_close(s);
    }
    if (st == RM_OK) {
        ace.type = plain_type(&ace);
        ace.was_object = ace.type != kind->type;
        *out = ace;
    }
    return st;
}
