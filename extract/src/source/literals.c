#include "source/literals.h"

#include "base/text.h"
#include "source/lex.h"

static unsigned digit_value(char c) {
    if (c >= '0' && c <= '9') {
        return (unsigned)(c - '0');
    }
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? (unsigned)(lower - 'a') + 10 : 16;
}

/* Digits of a numeric escape; how many at most depends on its kind. */
static uint32_t numeric(rm_str s, size_t *at, unsigned base, unsigned most) {
    uint32_t n = 0;
    for (unsigned i = 0; i < most && *at < s.len && digit_value(s.ptr[*at]) < base; i++) {
        n = n * base + digit_value(s.ptr[(*at)++]);
    }
    return n;
}

/* Behind a backslash. */
static uint32_t escape(rm_str s, size_t *at) {
    static const struct {
        char letter;
        char meaning;
    } simple[] = {{'n', '\n'}, {'t', '\t'}, {'r', '\r'}, {'a', '\a'},
                  {'b', '\b'}, {'f', '\f'}, {'v', '\v'}};
    char c = s.ptr[*at];
    if (digit_value(c) < 8) {
        return numeric(s, at, 8, 3);
    }
    (*at)++;
    if (c == 'x') {
        return numeric(s, at, 16, 8);
    }
    if (c == 'u' || c == 'U') {
        return numeric(s, at, 16, c == 'u' ? 4 : 8);
    }
    for (size_t i = 0; i < sizeof simple / sizeof simple[0]; i++) {
        if (simple[i].letter == c) {
            return (unsigned char)simple[i].meaning;
        }
    }
    return (unsigned char)c;
}

static void decode(rm_buf *out, rm_str literal) {
    size_t open = 0;
    if (!rm_str_find_char(literal, '"', &open)) {
        return;
    }
    bool raw = open > 0 && literal.ptr[open - 1] == 'R';
    bool closed = literal.len > open + 1 && literal.ptr[literal.len - 1] == '"';
    rm_str s = rm_str_slice(literal, open + 1, closed ? literal.len - 1 : literal.len);
    if (raw) {
        size_t begin = 0;
        bool shaped = rm_str_find_char(s, '(', &begin) && s.len >= 2 * begin + 2;
        rm_buf_str(out, shaped ? rm_str_slice(s, begin + 1, s.len - begin - 1) : s);
        return;
    }
    for (size_t at = 0; at < s.len;) {
        if (s.ptr[at] == '\\' && at + 1 < s.len) {
            at++;
            if (s.ptr[at] == '\n' || s.ptr[at] == '\r') {
                at += s.ptr[at] == '\r' && at + 1 < s.len ? 2 : 1;
                continue;
            }
            rm_text_put(out, escape(s, &at));
        } else {
            rm_buf_char(out, s.ptr[at++]);
        }
    }
}

static bool is_wrapper(rm_token token) {
    static const char *const wrappers[] = {
        "RTL_CONSTANT_STRING", "NDIS_STRING_CONST", "TEXT", "_T", "__TEXT", "_TEXT", "L"};
    for (size_t i = 0; i < sizeof wrappers / sizeof wrappers[0]; i++) {
        if (rm_token_is(token, wrappers[i])) {
            return true;
        }
    }
    return false;
}

bool rm_literal_text(rm_arena *arena, rm_str expression, rm_str *out) {
    rm_buf buf = {.arena = arena};
    rm_lexer lexer = rm_lexer_of(expression);
    bool any = false;
    for (;;) {
        rm_token token = rm_lex(&lexer);
        if (token.kind == RM_TOKEN_END) {
            break;
        }
        if (token.kind == RM_TOKEN_STRING) {
            decode(&buf, token.text);
            any = true;
        } else if (!rm_token_is(token, "(") && !rm_token_is(token, ")") && !is_wrapper(token)) {
            return false;
        }
    }
    if (!any || buf.status != RM_OK) {
        return false;
    }
    *out = rm_buf_view(&buf);
    return true;
}

bool rm_literal_char(rm_str literal, uint32_t *out) {
    size_t at = 0;
    if (!rm_str_find_char(literal, '\'', &at) || at + 2 >= literal.len) {
        return false;
    }
    at++;
    if (literal.ptr[at] == '\\') {
        at++;
        *out = escape(literal, &at);
    } else {
        *out = (unsigned char)literal.ptr[at];
    }
    return true;
}
