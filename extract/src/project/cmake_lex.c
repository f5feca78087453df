#include "project/cmake_lex.h"

static bool at_end(const rm_cmake_lex *s) {
    return s->at >= s->text.len;
}

static char peek(const rm_cmake_lex *s) {
    return s->text.ptr[s->at];
}

static void step(rm_cmake_lex *s) {
    if (s->text.ptr[s->at++] == '\n') {
        s->line++;
        s->line_start = s->at;
    }
}

static rm_place here(const rm_cmake_lex *s) {
    return (rm_place){s->file, s->line, (uint32_t)(s->at - s->line_start) + 1};
}

static bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* "[[", "[=[" …: the number of characters, 0 when no bracket begins here. */
static size_t bracket_open(const rm_cmake_lex *s) {
    size_t at = s->at;
    if (at_end(s) || peek(s) != '[') {
        return 0;
    }
    for (at++; at < s->text.len && s->text.ptr[at] == '='; at++) {
    }
    return at < s->text.len && s->text.ptr[at] == '[' ? at + 1 - s->at : 0;
}

/* The text up to the closing bracket of the same length; moves behind it. */
static rm_str bracket_text(rm_cmake_lex *s, size_t open) {
    for (size_t i = 0; i < open; i++) {
        step(s);
    }
    size_t start = s->at;
    for (; !at_end(s); step(s)) {
        size_t equals = 0;
        if (peek(s) != ']') {
            continue;
        }
        while (s->at + 1 + equals < s->text.len && s->text.ptr[s->at + 1 + equals] == '=') {
            equals++;
        }
        size_t close = s->at + 1 + equals;
        if (equals + 2 == open && close < s->text.len && s->text.ptr[close] == ']') {
            rm_str text = rm_str_slice(s->text, start, s->at);
            for (size_t i = 0; i < open; i++) {
                step(s);
            }
            return text;
        }
    }
    return rm_str_slice(s->text, start, s->at);
}

static void skip_blanks(rm_cmake_lex *s) {
    while (!at_end(s)) {
        if (is_space(peek(s))) {
            step(s);
        } else if (peek(s) == '#') {
            step(s);
            size_t open = bracket_open(s);
            if (open > 0) {
                (void)bracket_text(s, open);
            }
            while (open == 0 && !at_end(s) && peek(s) != '\n') {
                step(s);
            }
        } else {
            return;
        }
    }
}

static rm_str quoted_text(rm_cmake_lex *s) {
    step(s);
    size_t start = s->at;
    while (!at_end(s) && peek(s) != '"') {
        if (peek(s) == '\\' && s->at + 1 < s->text.len) {
            step(s);
        }
        step(s);
    }
    rm_str text = rm_str_slice(s->text, start, s->at);
    if (!at_end(s)) {
        step(s);
    }
    return text;
}

/* Quotes inside belong to it: NAME="value" (cmake-language(7): unquoted legacy). */
static rm_str bare_text(rm_cmake_lex *s) {
    size_t start = s->at;
    while (!at_end(s) && !is_space(peek(s)) && peek(s) != '(' && peek(s) != ')' && peek(s) != '#') {
        if (peek(s) == '"') {
            (void)quoted_text(s);
        } else {
            step(s);
        }
    }
    return rm_str_slice(s->text, start, s->at);
}

/* The arguments up to the closing parenthesis; inner parentheses only group. */
static rm_status read_arguments(rm_arena *arena, rm_cmake_lex *s, rm_cmake_arguments *out) {
    unsigned depth = 1;
    for (skip_blanks(s); !at_end(s) && depth > 0; skip_blanks(s)) {
        rm_cmake_argument a = {.place = here(s)};
        size_t open = bracket_open(s);
        if (peek(s) == '(' || peek(s) == ')') {
            depth += peek(s) == '(' ? 1u : 0u;
            depth -= peek(s) == ')' ? 1u : 0u;
            step(s);
            continue;
        }
        a.quoted = peek(s) == '"' || open > 0;
        a.text = open > 0 ? bracket_text(s, open) : peek(s) == '"' ? quoted_text(s) : bare_text(s);
        if (out->count < RM_CMAKE_MAX_ARGUMENTS) {
            rm_cmake_argument *slot = rm_push(arena, out);
            if (slot == NULL) {
                return RM_NOMEM;
            }
            *slot = a;
        }
    }
    return RM_OK;
}

bool rm_cmake_next(rm_arena *arena, rm_cmake_lex *s, rm_str *name, rm_cmake_arguments *args,
                   rm_status *status) {
    for (skip_blanks(s); !at_end(s); skip_blanks(s)) {
        size_t start = s->at;
        while (!at_end(s) && is_name(peek(s))) {
            step(s);
        }
        *name = rm_str_slice(s->text, start, s->at);
        skip_blanks(s);
        if (name->len > 0 && !at_end(s) && peek(s) == '(') {
            step(s);
            *status = read_arguments(arena, s, args);
            return *status == RM_OK;
        }
        if (name->len == 0 && !at_end(s)) {
            step(s); /* what is no command is passed over */
        }
    }
    return false;
}
