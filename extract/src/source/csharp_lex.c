#include "source/csharp_lex.h"

#include "base/text.h"

rm_cs_lexer rm_cs_lexer_of(rm_arena *arena, rm_str text) {
    return (rm_cs_lexer){.arena = arena, .text = text};
}

bool rm_cs_is(rm_cs_token token, const char *text) {
    return token.kind != RM_CS_STRING && rm_str_eq(token.text, rm_str_from(text));
}

static char here(const rm_cs_lexer *l, size_t ahead) {
    return l->at + ahead < l->text.len ? l->text.ptr[l->at + ahead] : '\0';
}

static bool is_name_sign(char c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (unsigned char)c >= 0x80;
}

static void skip_line(rm_cs_lexer *l) {
    while (l->at < l->text.len && here(l, 0) != '\n') {
        l->at++;
    }
}

static rm_str behind_sign(rm_str line) {
    return rm_str_trim(rm_str_slice(line, 1, line.len));
}

static bool is_directive(rm_str line, const char *word) {
    return rm_str_starts(behind_sign(line), rm_str_from(word));
}

/* Whole: "false || X" may be true. */
static bool is_if(rm_str line, const char *condition) {
    rm_str rest = behind_sign(line);
    return is_directive(line, "if") &&
           rm_str_eq(rm_str_trim(rm_str_slice(rest, 2, rest.len)), rm_str_from(condition));
}

enum { MAX_GROUPS = 64 }; /* one in the other that are told apart */

static void enter_group(rm_cs_lexer *l, bool perhaps) {
    if (l->groups < MAX_GROUPS) {
        l->perhaps &= ~(UINT64_C(1) << l->groups);
        l->perhaps |= (uint64_t)perhaps << l->groups;
    }
    l->groups++;
}

static void leave_group(rm_cs_lexer *l) {
    l->groups -= l->groups > 0;
    if (l->groups < MAX_GROUPS) {
        l->perhaps &= (UINT64_C(1) << l->groups) - 1;
    }
}

/* The line that `at` is on, which it is moved behind. */
static rm_str take_line(rm_cs_lexer *l) {
    size_t start = l->at;
    skip_line(l);
    return rm_str_trim(rm_str_slice(l->text, start, l->at));
}

/* Behind "#if false", which no build has: up to the end of the group, and into the next one. */
static void skip_group(rm_cs_lexer *l) {
    for (unsigned depth = 1; l->at < l->text.len;) {
        l->at++;
        rm_str line = take_line(l);
        if (!rm_str_starts(line, RM_STR("#"))) {
            continue;
        }
        depth += is_directive(line, "if");
        if (depth == 1 && is_directive(line, "el")) {
            enter_group(l, is_directive(line, "elif"));
            return;
        }
        depth -= is_directive(line, "endif");
        if (depth == 0) {
            return;
        }
    }
}

/*
 * At '#'. Which symbols a build defines is not asked: both sides of an #if are read, and stand in
 * it perhaps.
 */
static void skip_directive(rm_cs_lexer *l) {
    rm_str line = take_line(l);
    if (is_if(line, "false")) {
        skip_group(l);
    } else if (is_directive(line, "if")) {
        enter_group(l, !is_if(line, "true"));
    } else if (is_directive(line, "endif")) {
        leave_group(l);
    } else if (is_directive(line, "el")) {
        leave_group(l);
        enter_group(l, true);
    }
}

static void skip_blanks(rm_cs_lexer *l) {
    while (l->at < l->text.len) {
        char c = here(l, 0);
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
            l->at++;
        } else if (c == '/' && here(l, 1) == '/') {
            skip_line(l);
        } else if (c == '#') {
            skip_directive(l);
        } else if (c == '/' && here(l, 1) == '*') {
            l->at += 2;
            while (l->at < l->text.len && !(here(l, 0) == '*' && here(l, 1) == '/')) {
                l->at++;
            }
            l->at += 2;
        } else {
            return;
        }
    }
}

/* ---- strings ---- */

static unsigned hex_value(char c) {
    return c >= '0' && c <= '9'   ? (unsigned)(c - '0')
           : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
           : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10
                                  : 16;
}

static void escape(rm_cs_lexer *l, rm_buf *out) {
    char c = here(l, 0);
    l->at++;
    if (c == 'u' || c == 'x') {
        uint32_t value = 0;
        for (unsigned i = 0; i < 4 && hex_value(here(l, 0)) < 16; i++) {
            value = value * 16 + hex_value(here(l, 0));
            l->at++;
        }
        rm_text_put(out, value);
        return;
    }
    rm_buf_char(out, c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c);
}

static void regular(rm_cs_lexer *l, rm_buf *out) {
    for (l->at++; l->at < l->text.len && here(l, 0) != '"' && here(l, 0) != '\n';) {
        if (here(l, 0) == '\\') {
            l->at++;
            escape(l, out);
        } else {
            rm_buf_char(out, here(l, 0));
            l->at++;
        }
    }
    l->at++;
}

/* @"…": a backslash is one, "" is a quotation mark. */
static void verbatim(rm_cs_lexer *l, rm_buf *out) {
    for (l->at++; l->at < l->text.len; l->at++) {
        if (here(l, 0) == '"') {
            if (here(l, 1) != '"') {
                break;
            }
            l->at++;
        }
        rm_buf_char(out, here(l, 0));
    }
    l->at++;
}

/* """…""", with as many quotation marks as there are. */
static void raw(rm_cs_lexer *l, rm_buf *out) {
    size_t marks = 0;
    while (here(l, marks) == '"') {
        marks++;
    }
    size_t run = 0;
    for (l->at += marks; l->at < l->text.len && run < marks; l->at++) {
        run = here(l, 0) == '"' ? run + 1 : 0;
        rm_buf_char(out, here(l, 0));
    }
    out->len -= out->status == RM_OK && run == marks ? marks : 0;
}

/* At $, @ or the first mark; false: no string. */
static bool string(rm_cs_lexer *l, rm_buf *out) {
    size_t prefix = 0;
    bool is_verbatim = false;
    while (here(l, prefix) == '$' || here(l, prefix) == '@') {
        is_verbatim = is_verbatim || here(l, prefix) == '@';
        prefix++;
    }
    if (here(l, prefix) != '"') {
        return false;
    }
    l->at += prefix;
    if (!is_verbatim && here(l, 1) == '"' && here(l, 2) == '"') {
        raw(l, out);
    } else if (is_verbatim) {
        verbatim(l, out);
    } else {
        regular(l, out);
    }
    return true;
}

static void skip_character(rm_cs_lexer *l) {
    for (l->at++; l->at < l->text.len && here(l, 0) != '\'' && here(l, 0) != '\n'; l->at++) {
        l->at += here(l, 0) == '\\';
    }
    l->at++;
}

rm_cs_token rm_cs_lex(rm_cs_lexer *l) {
    rm_buf text = {.arena = l->arena};
    skip_blanks(l);
    rm_cs_token t = {.kind = RM_CS_OTHER,
                     .at = l->at < l->text.len ? l->at : l->text.len,
                     .perhaps = l->perhaps != 0};
    if (l->at >= l->text.len || l->status != RM_OK) {
        t.kind = RM_CS_END;
        return t;
    }
    if (string(l, &text)) {
        t.kind = RM_CS_STRING;
        t.text = rm_buf_view(&text);
        l->status = text.status;
        return t;
    }
    if (here(l, 0) == '\'') {
        skip_character(l);
    } else if (is_name_sign(here(l, 0))) {
        bool digit = here(l, 0) >= '0' && here(l, 0) <= '9';
        t.kind = digit ? RM_CS_OTHER : RM_CS_NAME;
        while (is_name_sign(here(l, 0))) {
            l->at++;
        }
    } else {
        l->at++;
    }
    t.text = rm_str_slice(l->text, t.at, l->at);
    return t;
}

rm_cs_token rm_cs_peek(const rm_cs_lexer *lexer) {
    rm_cs_lexer copy = *lexer;
    skip_blanks(&copy);
    rm_cs_token t = {.kind = RM_CS_OTHER, .at = copy.at};
    char c = here(&copy, 0);
    t.kind = copy.at >= copy.text.len           ? RM_CS_END
             : c == '"' || c == '@' || c == '$' ? RM_CS_STRING
                                                : RM_CS_OTHER;
    t.text = rm_str_slice(copy.text, copy.at, copy.at + 1);
    return t;
}
