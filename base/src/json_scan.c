#include "json_scan.h"

#include <stdbool.h>

#include "base/text.h"

/* A position in the text; line breaks occur only between tokens, so only blanks() counts them. */
typedef struct scanner {
    rm_arena *arena;
    rm_sink *sink;
    rm_str file;
    rm_str text;
    size_t at;
    uint32_t line;
    size_t line_start;
    unsigned depth;
    json_places *places;
} scanner;

/* ---- characters ---- */

/* The byte at the position; 0 at the end, which no token begins with. */
static unsigned char peek(const scanner *s) {
    return s->at < s->text.len ? (unsigned char)s->text.ptr[s->at] : 0;
}

static bool accept(scanner *s, char c) {
    bool found = s->at < s->text.len && s->text.ptr[s->at] == c;
    s->at += found;
    return found;
}

static uint32_t column(const scanner *s) {
    return (uint32_t)(s->at - s->line_start) + 1;
}

static void blanks(scanner *s) {
    for (; s->at < s->text.len; s->at++) {
        char c = s->text.ptr[s->at];
        if (c == '\n') {
            s->line++;
            s->line_start = s->at + 1;
        } else if (c != ' ' && c != '\t' && c != '\r') {
            return;
        }
    }
}

static bool is_digit(unsigned char c) {
    return c >= '0' && c <= '9';
}

static bool is_word(unsigned char c) {
    return is_digit(c) || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* ---- refusals ---- */

static rm_loc here(const scanner *s) {
    return (rm_loc){s->file, s->line, column(s)};
}

static rm_status refuse(const scanner *s, const char *why) {
    rm_diag(s->sink, RM_ERROR, here(s), "json-syntax", "%s", why);
    return RM_SYNTAX;
}

/* The character at the position, whole; a run of letters and digits up to 20; empty at the end. */
static rm_str found_text(const scanner *s) {
    size_t end = s->at;
    while (end < s->text.len && end - s->at < 20 && is_word((unsigned char)s->text.ptr[end])) {
        end++;
    }
    if (end == s->at && end < s->text.len) {
        (void)rm_text_next(s->text, &end);
    }
    return rm_str_slice(s->text, s->at, end);
}

static rm_status expected(const scanner *s, const char *what) {
    if (s->at >= s->text.len) {
        rm_diag(s->sink, RM_ERROR, here(s), "json-syntax", "expected %s, found the end of the text",
                what);
    } else {
        rm_str found = found_text(s);
        rm_diag(s->sink, RM_ERROR, here(s), "json-syntax", "expected %s, found '%.*s'", what,
                RM_STR_ARG(found));
    }
    return RM_SYNTAX;
}

/* ---- strings ---- */

static bool hex4(scanner *s, uint32_t *value) {
    *value = 0;
    for (int i = 0; i < 4; i++, s->at++) {
        unsigned char c = peek(s);
        unsigned char low = (unsigned char)(c | 0x20u);
        if (!is_digit(c) && !(low >= 'a' && low <= 'f')) {
            return false;
        }
        *value = *value << 4 | (is_digit(c) ? c - (uint32_t)'0' : low - (uint32_t)'a' + 10);
    }
    return true;
}

/* After "\u". A character outside the BMP is a pair; half of one is no character. */
static rm_status unicode_escape(scanner *s) {
    uint32_t unit = 0;
    uint32_t low = 0;
    if (!hex4(s, &unit)) {
        return expected(s, "four hexadecimal digits");
    }
    if (unit == 0) {
        return refuse(s, "the character U+0000 is not supported in a string");
    }
    if (unit < 0xD800 || unit > 0xDFFF) {
        return RM_OK;
    }
    if (unit > 0xDBFF || !accept(s, '\\') || !accept(s, 'u') || !hex4(s, &low) || low < 0xDC00 ||
        low > 0xDFFF) {
        return refuse(s, "half of a surrogate pair is no character");
    }
    return RM_OK;
}

static rm_status escape(scanner *s) {
    if (accept(s, 'u')) {
        return unicode_escape(s);
    }
    for (const char *known = "\"\\/bfnrt"; *known != '\0'; known++) {
        if (accept(s, *known)) {
            return RM_OK;
        }
    }
    return expected(s, "one of \" \\ / b f n r t u after a backslash");
}

static rm_status character(scanner *s) {
    if (accept(s, '\\')) {
        return escape(s);
    }
    if (peek(s) < 0x20) {
        return refuse(s, "a control character in a string must be written as an escape; "
                         "is the closing quote missing?");
    }
    size_t before = s->at;
    if (rm_text_next(s->text, &s->at) == 0xFFFD && s->at - before == 1) {
        s->at = before;
        return refuse(s, "bytes that are no UTF-8");
    }
    return RM_OK;
}

static rm_status string(scanner *s) {
    rm_loc start = here(s);
    s->at++;
    while (s->at < s->text.len) {
        if (accept(s, '"')) {
            return RM_OK;
        }
        rm_status st = character(s);
        if (st != RM_OK) {
            return st;
        }
    }
    rm_diag(s->sink, RM_ERROR, start, "json-syntax", "the string has no closing quote");
    return RM_SYNTAX;
}

/* ---- numbers and words ---- */

static rm_status digits(scanner *s) {
    if (!is_digit(peek(s))) {
        return expected(s, "a digit");
    }
    while (is_digit(peek(s))) {
        s->at++;
    }
    return RM_OK;
}

/* An integer part has no leading zero, a fraction and an exponent have digits (RFC 8259, 6). */
static rm_status number_parts(scanner *s) {
    rm_status st = RM_OK;
    (void)accept(s, '-');
    if (!accept(s, '0')) {
        st = digits(s);
    } else if (is_word(peek(s)) && (peek(s) | 0x20) != 'e') {
        return refuse(s, "a number is decimal without leading zeros; write a hexadecimal one as a "
                         "string");
    }
    if (st == RM_OK && accept(s, '.')) {
        st = digits(s);
    }
    if (st == RM_OK && (accept(s, 'e') || accept(s, 'E'))) {
        if (!accept(s, '+')) {
            (void)accept(s, '-');
        }
        st = digits(s);
    }
    return st;
}

static rm_status number(scanner *s, uint32_t place) {
    size_t start = s->at;
    rm_status st = number_parts(s);
    if (st != RM_OK) {
        return st;
    }
    if (s->at - start > RM_JSON_MAX_NUMBER) {
        s->at = start;
        return refuse(s, "a number of more than 63 characters");
    }
    s->places->at[place].written = rm_str_slice(s->text, start, s->at);
    return RM_OK;
}

static rm_status word(scanner *s) {
    static const char *const words[] = {"true", "false", "null"};
    rm_str found = found_text(s);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (rm_str_eq(found, rm_str_from(words[i]))) {
            s->at += found.len;
            return RM_OK;
        }
    }
    return expected(s, "a value");
}

/* ---- values ---- */

static rm_status value(scanner *s, json_place place);

static rm_status member(scanner *s) {
    json_place place = {.key_line = s->line, .key_column = column(s)};
    if (peek(s) != '"') {
        return expected(s, "a key in double quotes");
    }
    rm_status st = string(s);
    if (st != RM_OK) {
        return st;
    }
    blanks(s);
    if (!accept(s, ':')) {
        return expected(s, "':' after the key");
    }
    blanks(s);
    return value(s, place);
}

/* The members of an object or the items of an array, up to `close`. */
static rm_status container(scanner *s, char close) {
    s->at++;
    blanks(s);
    if (accept(s, close)) {
        return RM_OK;
    }
    for (;;) {
        rm_status st = close == '}' ? member(s) : value(s, (json_place){0});
        if (st != RM_OK) {
            return st;
        }
        blanks(s);
        if (accept(s, close)) {
            return RM_OK;
        }
        if (!accept(s, ',')) {
            return expected(s, close == '}' ? "',' or '}'" : "',' or ']'");
        }
        blanks(s);
    }
}

static rm_status nested(scanner *s, char close) {
    if (s->depth == RM_JSON_MAX_DEPTH) {
        rm_diag(s->sink, RM_ERROR, here(s), "json-depth", "nested more than %d deep",
                RM_JSON_MAX_DEPTH);
        return RM_SYNTAX;
    }
    s->depth++;
    rm_status st = container(s, close);
    s->depth--;
    return st;
}

/* Recursive, as deep as nested() allows. */
static rm_status value(scanner *s, json_place place) {
    uint32_t index = s->places->count;
    if (index == RM_JSON_MAX_VALUES) {
        rm_diag(s->sink, RM_ERROR, here(s), "json-limit", "more than %d values",
                RM_JSON_MAX_VALUES);
        return RM_LIMIT;
    }
    json_place *slot = rm_push(s->arena, s->places);
    if (slot == NULL) {
        return RM_NOMEM;
    }
    place.line = s->line;
    place.column = column(s);
    *slot = place;
    unsigned char c = peek(s);
    if (c == '{' || c == '[') {
        return nested(s, c == '{' ? '}' : ']');
    }
    if (c == '"') {
        return string(s);
    }
    return c == '-' || is_digit(c) ? number(s, index) : word(s);
}

rm_status json_scan(rm_arena *arena, rm_sink *sink, rm_str file, rm_str text, json_places *places) {
    scanner s = {
        .arena = arena, .sink = sink, .file = file, .text = text, .line = 1, .places = places};
    if (text.len >= UINT32_MAX) {
        rm_diag(sink, RM_ERROR, here(&s), "json-limit", "more than 4 GiB");
        return RM_LIMIT;
    }
    blanks(&s);
    rm_status st = value(&s, (json_place){0});
    if (st != RM_OK) {
        return st;
    }
    blanks(&s);
    return s.at == text.len ? RM_OK : expected(&s, "the end of the text after the value");
}
