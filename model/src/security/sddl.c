#include "sddl.h"

#include <stdarg.h>
#include <stdio.h>

#include "binary.h"

/* Longer text cannot be a descriptor: an ACL ends at 64 KiB, and its text is not 16 times that. */
enum { MAX_TEXT = 1024 * 1024 };

/* MS-DTYP 2.4.5: an ACL's size is a 16-bit number of bytes, its own header of 8 included. */
enum { MAX_ACES_BYTES = 65535 - 8 };

static rm_loc place(const struct sddl *s, size_t pos) {
    rm_loc loc = s->at;
    loc.column += (uint32_t)pos;
    return loc;
}

rm_status sddl_fail(struct sddl *s, size_t pos, const char *id, const char *format, ...) {
    char text[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    rm_diag(s->sink, RM_ERROR, place(s, pos), id, "%s", text);
    return RM_SYNTAX;
}

static const struct {
    enum lax what;
    const char *id;
    const char *text;
} lax_forms[] = {
    {LAX_CASE, "sddl-lax-case", "a code in small letters: Windows takes it, no document allows it"},
    {LAX_BLANK, "sddl-lax-blank", "a blank where none belongs: Windows takes it here"},
    {LAX_NUMBER, "sddl-lax-number", "a number that Windows reads in a way of its own"},
    {LAX_RELATIVE, "sddl-domain-relative",
     "an alias that hangs below a domain: what it names is known only with the domain's SID"},
};

void sddl_lax(struct sddl *s, size_t pos, enum lax what) {
    if ((s->noted & (unsigned)what) != 0) {
        return;
    }
    s->noted |= (unsigned)what;
    for (size_t i = 0; i < sizeof lax_forms / sizeof lax_forms[0]; i++) {
        if (lax_forms[i].what == what) {
            rm_diag(s->sink, RM_NOTE, place(s, pos), lax_forms[i].id, "%s", lax_forms[i].text);
        }
    }
}

int sddl_peek(const struct sddl *s) {
    return s->pos < s->text.len ? (unsigned char)s->text.ptr[s->pos] : -1;
}

void sddl_skip_blanks(struct sddl *s) {
    while (sddl_peek(s) == ' ') {
        sddl_lax(s, s->pos, LAX_BLANK);
        s->pos++;
    }
}

/* Quotes that come with a string pasted from a page or a source. */
static const rm_str quotes[] = {
    {"\"", 1}, {"\xE2\x80\x9C", 3}, {"\xE2\x80\x9D", 3}, {"\xE2\x80\x9E", 3},
    {"'", 1},  {"\xE2\x80\x98", 3}, {"\xE2\x80\x99", 3}, {"\xE2\x80\x9A", 3},
};

enum { QUOTES = sizeof quotes / sizeof quotes[0] };

static size_t quote_at_start(rm_str text) {
    for (size_t i = 0; i < QUOTES; i++) {
        if (rm_str_starts(text, quotes[i])) {
            return quotes[i].len;
        }
    }
    return 0;
}

static size_t quote_at_end(rm_str text) {
    for (size_t i = 0; i < QUOTES; i++) {
        if (text.len >= quotes[i].len &&
            rm_str_eq(rm_str_slice(text, text.len - quotes[i].len, text.len), quotes[i])) {
            return quotes[i].len;
        }
    }
    return 0;
}

/* Sets the cursor behind an opening quote and the end before a closing one. */
static void strip_quotes(struct sddl *s) {
    size_t before = quote_at_start(s->text);
    size_t after = quote_at_end(rm_str_slice(s->text, before, s->text.len));
    if (before + after == 0) {
        return;
    }
    rm_diag(s->sink, RM_NOTE, place(s, before > 0 ? 0 : s->text.len - after), "sddl-quotes",
            "quotes around the string are left out: Windows would reject them");
    s->text.len -= after;
    s->pos = before;
}

static bool is_section(int c) {
    return c == 'O' || c == 'G' || c == 'D' || c == 'S';
}

static bool at_section(const struct sddl *s) {
    return s->pos + 1 < s->text.len && is_section(sddl_peek(s)) && s->text.ptr[s->pos + 1] == ':';
}

/* An owner or group reaches up to the letter before the next colon, or to the end. */
static size_t end_of_sid_section(const struct sddl *s) {
    size_t colon = 0;
    if (!rm_str_find_char(rm_str_slice(s->text, s->pos, s->text.len), ':', &colon)) {
        return s->text.len;
    }
    return colon == 0 ? s->pos : s->pos + colon - 1;
}

static rm_status read_sid_section(struct sddl *s, bool *has, rm_sid *out) {
    size_t end = end_of_sid_section(s);
    rm_status st = sddl_sid(s, end, out);
    if (st != RM_OK) {
        return st;
    }
    if (s->pos != end) {
        return sddl_fail(s, s->pos, "sddl-sid", "unexpected text after the SID");
    }
    *has = true;
    return RM_OK;
}

/* One flag of an ACL at the cursor; false when there is none. */
static bool take_acl_flag(struct sddl *s, rm_acl *acl) {
    static const struct {
        rm_str code;
        size_t field;
    } flags[] = {
        {{"NO_ACCESS_CONTROL", 17}, offsetof(rm_acl, null)},
        {{"AR", 2}, offsetof(rm_acl, auto_inherit_req)},
        {{"AI", 2}, offsetof(rm_acl, auto_inherited)},
        {{"P", 1}, offsetof(rm_acl, is_protected)},
    };
    rm_str rest = rm_str_slice(s->text, s->pos, s->text.len);
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        if (rm_str_istarts(rest, flags[i].code)) {
            if (!rm_str_starts(rest, flags[i].code)) {
                sddl_lax(s, s->pos, LAX_CASE);
            }
            *(bool *)((char *)acl + flags[i].field) = true;
            s->pos += flags[i].code.len;
            return true;
        }
    }
    return false;
}

static rm_status read_aces(struct sddl *s, bool in_sacl, rm_acl *acl) {
    size_t bytes = 0;
    for (sddl_skip_blanks(s); sddl_peek(s) == '('; sddl_skip_blanks(s)) {
        size_t start = s->pos;
        if (acl->null) {
            return sddl_fail(s, s->pos, "sddl-acl-flags", "an ACE in an ACL that is not there");
        }
        rm_ace ace = {0};
        rm_status st = sddl_ace(s, in_sacl, &ace);
        bytes += st == RM_OK ? ace_bytes_size(&ace) + (ace.was_object ? 4 : 0) : 0;
        if (bytes > MAX_ACES_BYTES) {
            return sddl_fail(s, start, "sddl-limit", "the ACL would be larger than 64 KiB");
        }
        rm_ace *slot = st == RM_OK ? rm_push(s->arena, &acl->aces) : NULL;
        if (slot == NULL) {
            return st == RM_OK ? RM_NOMEM : st;
        }
        *slot = ace;
    }
    return RM_OK;
}

static rm_status read_acl(struct sddl *s, bool in_sacl, rm_acl *acl) {
    acl->present = true;
    for (sddl_skip_blanks(s); !at_section(s) && take_acl_flag(s, acl); sddl_skip_blanks(s)) {
    }
    rm_status st = read_aces(s, in_sacl, acl);
    if (st == RM_OK && s->pos < s->text.len && !at_section(s)) {
        return sddl_fail(s, s->pos, acl->aces.count == 0 ? "sddl-acl-flags" : "sddl-ace",
                         acl->aces.count == 0 ? "neither a flag of an ACL nor an ACE"
                                              : "unexpected text after an ACE");
    }
    return st;
}

static rm_status read_section(struct sddl *s, rm_security *sd) {
    size_t start = s->pos;
    int letter = sddl_peek(s);
    bool again = (letter == 'O' && sd->has_owner) || (letter == 'G' && sd->has_group) ||
                 (letter == 'D' && sd->dacl.present) || (letter == 'S' && sd->sacl.present);
    if (!at_section(s)) {
        return sddl_fail(s, start, "sddl-section", "expected O:, G:, D: or S:");
    }
    if (again) {
        return sddl_fail(s, start, "sddl-section", "a second %c: section", letter);
    }
    s->pos += 2;
    switch (letter) {
    case 'O': return read_sid_section(s, &sd->has_owner, &sd->owner);
    case 'G': return read_sid_section(s, &sd->has_group, &sd->group);
    case 'D': return read_acl(s, false, &sd->dacl);
    default: return read_acl(s, true, &sd->sacl);
    }
}

static rm_status read_descriptor(struct sddl *s, rm_security *sd) {
    strip_quotes(s);
    for (sddl_skip_blanks(s); s->pos < s->text.len; sddl_skip_blanks(s)) {
        rm_status st = read_section(s, sd);
        if (st != RM_OK) {
            return st;
        }
    }
    return RM_OK;
}

rm_status rm_sddl_parse(rm_arena *arena, rm_sink *sink, rm_loc at, rm_str text,
                        const rm_sddl_options *options, const rm_security **out) {
    struct sddl s = {.arena = arena,
                     .sink = sink,
                     .at = at,
                     .text = text,
                     .domain = options == NULL ? NULL : options->domain};
    if (text.len > MAX_TEXT) {
        return sddl_fail(&s, MAX_TEXT, "sddl-limit", "longer than any descriptor can be");
    }
    rm_security *sd = RM_NEW(arena, rm_security);
    if (sd == NULL) {
        return RM_NOMEM;
    }
    if (s.domain != NULL) {
        sd->has_domain = true;
        sd->domain = *s.domain;
    }
    rm_status st = read_descriptor(&s, sd);
    if (st != RM_OK) {
        return st;
    }
    sd->domain_relative = s.domain_relative;
    *out = sd;
    return RM_OK;
}
