#include "source/lex.h"

#include <string.h>

/* Classes of bytes; those over 0x7F count as name characters, as compilers take them. */
enum { BLANK = 1, NEWLINE = 2, NAME_START = 4, DIGIT = 8, NAME_CHAR = NAME_START | DIGIT };

static const unsigned char classes[256] = {
    ['\t'] = BLANK,
    ['\v'] = BLANK,
    ['\f'] = BLANK,
    ['\r'] = BLANK,
    [' '] = BLANK,
    ['\n'] = NEWLINE,
    ['_'] = NAME_START,
    ['$'] = NAME_START,
    ['0'] = DIGIT,
    ['1'] = DIGIT,
    ['2'] = DIGIT,
    ['3'] = DIGIT,
    ['4'] = DIGIT,
    ['5'] = DIGIT,
    ['6'] = DIGIT,
    ['7'] = DIGIT,
    ['8'] = DIGIT,
    ['9'] = DIGIT,
#define L(c) [c] = NAME_START
    L('a'),
    L('b'),
    L('c'),
    L('d'),
    L('e'),
    L('f'),
    L('g'),
    L('h'),
    L('i'),
    L('j'),
    L('k'),
    L('l'),
    L('m'),
    L('n'),
    L('o'),
    L('p'),
    L('q'),
    L('r'),
    L('s'),
    L('t'),
    L('u'),
    L('v'),
    L('w'),
    L('x'),
    L('y'),
    L('z'),
    L('A'),
    L('B'),
    L('C'),
    L('D'),
    L('E'),
    L('F'),
    L('G'),
    L('H'),
    L('I'),
    L('J'),
    L('K'),
    L('L'),
    L('M'),
    L('N'),
    L('O'),
    L('P'),
    L('Q'),
    L('R'),
    L('S'),
    L('T'),
    L('U'),
    L('V'),
    L('W'),
    L('X'),
    L('Y'),
    L('Z'),
#undef L
};

static unsigned class_of(char c) {
    return (unsigned char)c >= 0x80 ? (unsigned)NAME_START : classes[(unsigned char)c];
}

bool rm_is_name_start(char c) {
    return (class_of(c) & NAME_START) != 0;
}

bool rm_is_name_char(char c) {
    return (class_of(c) & NAME_CHAR) != 0;
}

rm_lexer rm_lexer_of(rm_str text) {
    return (rm_lexer){.text = text, .at = 0, .line_start = true};
}

static char at_or_nul(rm_str s, size_t at) {
    return at < s.len ? s.ptr[at] : '\0';
}

/* Length of a backslash-newline at `at`, with an optional CR between; 0 when there is none. */
static size_t continuation(rm_str s, size_t at) {
    if (at_or_nul(s, at) != '\\') {
        return 0;
    }
    if (at_or_nul(s, at + 1) == '\n') {
        return 2;
    }
    return at_or_nul(s, at + 1) == '\r' && at_or_nul(s, at + 2) == '\n' ? 3 : 0;
}

/* The end of a line comment: its newline, continued lines included. */
static size_t line_comment_end(rm_str s, size_t at) {
    while (at < s.len) {
        const char *newline = memchr(s.ptr + at, '\n', s.len - at);
        if (newline == NULL) {
            return s.len;
        }
        size_t end = (size_t)(newline - s.ptr);
        size_t before = end > at && s.ptr[end - 1] == '\r' ? end - 1 : end;
        if (before == at || s.ptr[before - 1] != '\\') {
            return end;
        }
        at = end + 1;
    }
    return at;
}

static size_t block_comment_end(rm_str s, size_t at) {
    for (at += 2; at < s.len; at++) {
        const char *star = memchr(s.ptr + at, '*', s.len - at);
        if (star == NULL) {
            return s.len;
        }
        at = (size_t)(star - s.ptr);
        if (at_or_nul(s, at + 1) == '/') {
            return at + 2;
        }
    }
    return s.len;
}

/* A quoted literal whose quote is at `at`: behind its end, or before the newline that cuts it. */
static size_t quoted_end(rm_str s, size_t at) {
    char quote = s.ptr[at];
    for (at++; at < s.len; at++) {
        char c = s.ptr[at];
        if (c == quote) {
            return at + 1;
        }
        if (c == '\n') {
            return at;
        }
        if (c == '\\') {
            size_t joined = continuation(s, at);
            at += joined > 0 ? joined - 1 : 1;
        }
    }
    return s.len;
}

/* A raw string R"tag(…)tag" whose quote is at `at`. */
static size_t raw_end(rm_str s, size_t at) {
    size_t open = at + 1;
    while (open < s.len && open - at <= 17 && s.ptr[open] != '(' && s.ptr[open] != '\n') {
        open++;
    }
    if (at_or_nul(s, open) != '(') {
        return quoted_end(s, at);
    }
    rm_str tag = rm_str_slice(s, at + 1, open);
    for (size_t i = open + 1; i < s.len; i++) {
        const char *close = memchr(s.ptr + i, ')', s.len - i);
        if (close == NULL) {
            return s.len;
        }
        i = (size_t)(close - s.ptr);
        if (rm_str_eq(rm_str_slice(s, i + 1, i + 1 + tag.len), tag) &&
            at_or_nul(s, i + 1 + tag.len) == '"') {
            return i + tag.len + 2;
        }
    }
    return s.len;
}

static size_t name_end(rm_str s, size_t at) {
    while (at < s.len && rm_is_name_char(s.ptr[at])) {
        at++;
    }
    return at;
}

/* A preprocessing number: digits, letters, dots, digit separators, signs behind an exponent. */
static size_t number_end(rm_str s, size_t at) {
    bool hex = at_or_nul(s, at) == '0' && (at_or_nul(s, at + 1) | 0x20) == 'x';
    for (at++; at < s.len; at++) {
        char c = s.ptr[at];
        bool sign = (c == '+' || c == '-') && !hex && (s.ptr[at - 1] | 0x20) == 'e';
        bool separator = c == '\'' && rm_is_name_char(at_or_nul(s, at + 1));
        if (!rm_is_name_char(c) && c != '.' && !sign && !separator) {
            break;
        }
    }
    return at;
}

/* How many bytes the operator has that begins with these: the longest of C's. */
static size_t mark_length(char c, char next, char third) {
    switch (c) {
    case '<':
    case '>':
        if (next == c) {
            return third == '=' ? 3 : 2;
        }
        return next == '=' ? 2 : 1;
    case '-':
        if (next == '>') {
            return third == '*' ? 3 : 2;
        }
        return next == '-' || next == '=' ? 2 : 1;
    case '+':
    case '&':
    case '|': return next == c || next == '=' ? 2 : 1;
    case '=':
    case '!':
    case '*':
    case '/':
    case '%':
    case '^': return next == '=' ? 2 : 1;
    case ':':
    case '#': return next == c ? 2 : 1;
    case '.': return next == '.' && third == '.' ? 3 : 1;
    default: return 1;
    }
}

static bool is_prefix(rm_str name, bool *raw) {
    static const char *const prefixes[] = {"L", "u", "U", "u8", "R", "LR", "uR", "UR", "u8R"};
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        if (rm_str_eq(name, rm_str_from(prefixes[i]))) {
            *raw = i >= 4;
            return true;
        }
    }
    return false;
}

/* Skips blanks, comments and joined lines; tells whether a line began meanwhile. */
static bool skip_blanks(rm_lexer *lexer) {
    rm_str s = lexer->text;
    size_t at = lexer->at;
    size_t from = at;
    while (at < s.len) {
        char c = s.ptr[at];
        unsigned k = class_of(c);
        if (k == NEWLINE) {
            lexer->line_start = true;
            at++;
        } else if (k == BLANK) {
            at++;
        } else if (c == '/' && at_or_nul(s, at + 1) == '/') {
            at = line_comment_end(s, at);
        } else if (c == '/' && at_or_nul(s, at + 1) == '*') {
            at = block_comment_end(s, at);
        } else if (c == '\\' && continuation(s, at) > 0) {
            at += continuation(s, at);
        } else {
            break;
        }
    }
    lexer->at = at;
    return at > from;
}

static rm_token_kind scan_one(rm_str s, size_t at, size_t *end) {
    char c = s.ptr[at];
    unsigned k = class_of(c);
    if (k == NAME_START) {
        *end = name_end(s, at + 1);
        char quote = at_or_nul(s, *end);
        bool raw = false;
        if ((quote == '"' || quote == '\'') && *end - at <= 3 &&
            is_prefix(rm_str_slice(s, at, *end), &raw)) {
            *end = raw && quote == '"' ? raw_end(s, *end) : quoted_end(s, *end);
            return quote == '"' ? RM_TOKEN_STRING : RM_TOKEN_CHAR;
        }
        return RM_TOKEN_NAME;
    }
    if (k == DIGIT) {
        *end = number_end(s, at);
        return RM_TOKEN_NUMBER;
    }
    if (c == '"' || c == '\'') {
        *end = quoted_end(s, at);
        return c == '"' ? RM_TOKEN_STRING : RM_TOKEN_CHAR;
    }
    *end = at + mark_length(c, at_or_nul(s, at + 1), at_or_nul(s, at + 2));
    return RM_TOKEN_MARK;
}

rm_token rm_lex(rm_lexer *lexer) {
    rm_token token = {.kind = RM_TOKEN_END};
    token.blank_before = skip_blanks(lexer);
    token.at = lexer->at;
    token.first = lexer->line_start;
    lexer->line_start = false;
    if (lexer->at >= lexer->text.len) {
        return token;
    }
    size_t end = lexer->at;
    token.kind = scan_one(lexer->text, lexer->at, &end);
    token.text = rm_str_slice(lexer->text, lexer->at, end);
    lexer->at = end;
    return token;
}

rm_token rm_lex_peek(const rm_lexer *lexer) {
    rm_lexer copy = *lexer;
    return rm_lex(&copy);
}

size_t rm_lex_line_end(rm_str s, size_t at) {
    while (at < s.len && s.ptr[at] != '\n') {
        char c = s.ptr[at];
        size_t joined = continuation(s, at);
        if (joined > 0) {
            at += joined;
        } else if (c == '/' && at_or_nul(s, at + 1) == '/') {
            return line_comment_end(s, at);
        } else if (c == '/' && at_or_nul(s, at + 1) == '*') {
            at = block_comment_end(s, at);
        } else if (c == '"') {
            at = quoted_end(s, at);
        } else {
            at++;
        }
    }
    return at;
}

bool rm_lex_skip_group(rm_lexer *lexer, rm_str *inside) {
    size_t from = lexer->at;
    unsigned depth = 1;
    for (;;) {
        rm_token token = rm_lex(lexer);
        if (token.kind == RM_TOKEN_END) {
            return false;
        }
        if (token.kind != RM_TOKEN_MARK || token.text.len != 1) {
            continue;
        }
        char c = token.text.ptr[0];
        depth += c == '(' || c == '[' || c == '{';
        depth -= c == ')' || c == ']' || c == '}';
        if (depth == 0) {
            if (inside != NULL) {
                *inside = rm_str_slice(lexer->text, from, token.at);
            }
            return true;
        }
    }
}

void rm_lex_position(rm_str text, size_t at, uint32_t *line, uint32_t *column) {
    uint32_t n = 1;
    size_t start = 0;
    size_t found = 0;
    while (rm_str_find_char(rm_str_slice(text, start, at), '\n', &found)) {
        n++;
        start += found + 1;
    }
    *line = n;
    *column = (uint32_t)(at - start) + 1;
}
