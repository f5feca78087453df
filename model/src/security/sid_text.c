#include "alias.h"
#include "guid.h"
#include "sddl.h"

static bool is_digit(char c, unsigned base) {
    return hex_digit(c) < (int)base;
}

static bool hex_prefix(rm_str text, size_t pos) {
    return pos + 2 < text.len && text.ptr[pos] == '0' &&
           (text.ptr[pos + 1] == 'x' || text.ptr[pos + 1] == 'X') &&
           is_digit(text.ptr[pos + 2], 16);
}

/* One number of a SID, at most `max`: Windows lets a larger one saturate. */
static bool scan_number(rm_str text, size_t *pos, bool hex, uint64_t max, unsigned *lax,
                        uint64_t *out) {
    unsigned base = hex ? 16 : 10;
    uint64_t value = 0;
    bool any = false;
    if (hex_prefix(text, *pos)) {
        base = 16;
        *pos += 2;
    }
    for (; *pos < text.len && is_digit(text.ptr[*pos], base); ++*pos) {
        unsigned digit = (unsigned)hex_digit(text.ptr[*pos]);
        any = true;
        if (value > (max - digit) / base) {
            *lax |= LAX_NUMBER;
            value = max;
        } else {
            value = value * base + digit;
        }
    }
    *out = value;
    return any;
}

static void skip_blanks(rm_str text, size_t *pos, unsigned *lax) {
    for (; *pos < text.len && text.ptr[*pos] == ' '; ++*pos) {
        *lax |= LAX_BLANK;
    }
}

/* "-", perhaps blanks, and a number. */
static bool scan_part(rm_str text, size_t *pos, bool hex, uint64_t max, unsigned *lax,
                      uint64_t *out) {
    if (*pos >= text.len || text.ptr[*pos] != '-') {
        return false;
    }
    ++*pos;
    skip_blanks(text, pos, lax);
    return scan_number(text, pos, hex, max, lax, out);
}

static const uint64_t max_authority = 0xFFFFFFFFFFFFu;

bool sid_scan(rm_str text, size_t *pos, unsigned *lax, rm_sid *out) {
    rm_sid sid = {0};
    uint64_t revision = 0;
    if (*pos >= text.len || (text.ptr[*pos] != 'S' && text.ptr[*pos] != 's')) {
        return false;
    }
    *lax |= text.ptr[*pos] == 's' ? (unsigned)LAX_CASE : 0u;
    ++*pos;
    /* A revision in hex makes every number of the SID hex, prefix or not. */
    size_t ahead = *pos + 1;
    bool hex = ahead <= text.len && hex_prefix(text, ahead);
    *lax |= hex ? (unsigned)LAX_NUMBER : 0u;
    if (!scan_part(text, pos, false, UINT32_MAX, lax, &revision) || revision != 1 ||
        !scan_part(text, pos, hex, max_authority, lax, &sid.authority)) {
        return false;
    }
    while (*pos < text.len && text.ptr[*pos] == '-') {
        uint64_t sub = 0;
        if (sid.count == RM_SID_MAX_SUBS || !scan_part(text, pos, hex, UINT32_MAX, lax, &sub)) {
            return false;
        }
        sid.sub[sid.count++] = (uint32_t)sub;
    }
    if (sid.count == 0) {
        return false; /* Windows: an authority alone is no SID */
    }
    *out = sid;
    return true;
}

bool rm_sid_from(rm_str text, rm_sid *out) {
    unsigned lax = 0;
    size_t pos = 0;
    rm_sid sid = {0};
    if (text.len == 2) {
        return alias_find(text, NULL, out);
    }
    if (!sid_scan(text, &pos, &lax, &sid) || pos != text.len) {
        return false;
    }
    *out = sid;
    return true;
}

static bool is_sid_text(const struct sddl *s, size_t end) {
    return s->pos + 1 < end && (s->text.ptr[s->pos] == 'S' || s->text.ptr[s->pos] == 's') &&
           s->text.ptr[s->pos + 1] == '-';
}

static rm_status read_sid_text(struct sddl *s, size_t end, rm_sid *out) {
    size_t start = s->pos;
    unsigned lax = 0;
    if (!sid_scan(rm_str_slice(s->text, 0, end), &s->pos, &lax, out)) {
        return sddl_fail(s, s->pos, "sddl-sid", "not a SID: '%.*s'",
                         RM_STR_ARG(rm_str_slice(s->text, start, end)));
    }
    for (unsigned bit = 1; bit <= lax; bit <<= 1) {
        if ((lax & bit) != 0) {
            sddl_lax(s, start, (enum lax)bit);
        }
    }
    return RM_OK;
}

static bool has_small(rm_str code) {
    return (code.ptr[0] >= 'a' && code.ptr[0] <= 'z') || (code.ptr[1] >= 'a' && code.ptr[1] <= 'z');
}

static rm_status read_alias(struct sddl *s, size_t end, rm_sid *out) {
    size_t start = s->pos;
    rm_str code = rm_str_slice(s->text, start, start + 2 < end ? start + 2 : end);
    if (code.len != 2 || !alias_find(code, s->domain, out)) {
        return sddl_fail(s, start, "sddl-sid", "no such SID alias: '%.*s'",
                         RM_STR_ARG(rm_str_slice(s->text, start, end)));
    }
    s->pos += 2;
    if (has_small(code)) {
        sddl_lax(s, start, LAX_CASE);
    }
    if (out->domain_relative) {
        s->domain_relative = true;
        sddl_lax(s, start, LAX_RELATIVE);
    }
    while (s->pos < end && sddl_peek(s) == ' ') {
        sddl_lax(s, s->pos, LAX_BLANK);
        s->pos++;
    }
    return RM_OK;
}

rm_status sddl_sid(struct sddl *s, size_t end, rm_sid *out) {
    while (s->pos < end && sddl_peek(s) == ' ') {
        sddl_lax(s, s->pos, LAX_BLANK);
        s->pos++;
    }
    if (s->pos >= end) {
        return sddl_fail(s, s->pos, "sddl-sid", "a SID is missing");
    }
    return is_sid_text(s, end) ? read_sid_text(s, end, out) : read_alias(s, end, out);
}
