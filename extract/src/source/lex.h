#ifndef EXTRACT_SOURCE_LEX_H
#define EXTRACT_SOURCE_LEX_H

#include <string.h>

#include "base/str.h"

/*
 * Tokens of C and C++ text as the readers need them: names, numbers, literals, marks. Comments,
 * blanks and continued lines between tokens are skipped. No token is ever refused: a byte that
 * starts none is a mark by itself, a literal that does not end stops at its line.
 */
typedef enum rm_token_kind {
    RM_TOKEN_END,
    RM_TOKEN_NAME,
    RM_TOKEN_NUMBER,
    RM_TOKEN_STRING, /* with its prefix and quotes: L"…", u8"…" */
    RM_TOKEN_CHAR,   /* 'a', L'ab' */
    RM_TOKEN_MARK    /* one operator: the longest of C's */
} rm_token_kind;

typedef struct rm_token {
    rm_token_kind kind;
    rm_str text;
    size_t at;         /* offset in the lexer's text */
    bool first;        /* nothing but blanks and comments before it on its line */
    bool blank_before; /* white space or a comment stands before it */
} rm_token;

typedef struct rm_lexer {
    rm_str text;
    size_t at;
    bool line_start;
} rm_lexer;

rm_lexer rm_lexer_of(rm_str text);

/* The next token; RM_TOKEN_END at the end, again and again. */
rm_token rm_lex(rm_lexer *lexer);

/* The next token, not taken. */
rm_token rm_lex_peek(const rm_lexer *lexer);

/* A name or mark spelled so. Asked more often than anything else: in line. */
static inline bool rm_token_is(rm_token token, const char *text) {
    size_t n = strlen(text);
    return token.text.len == n && memcmp(token.text.ptr, text, n) == 0 &&
           (token.kind == RM_TOKEN_NAME || token.kind == RM_TOKEN_MARK);
}

/*
 * The end of the logical line that holds `at`: past continued lines and comments over several
 * lines, before its newline.
 */
size_t rm_lex_line_end(rm_str s, size_t at);

/*
 * With lexer behind an opening ( [ or {: moves behind its counterpart. False, and the lexer at the
 * end, when there is none. `inside` (may be NULL) gets the text between.
 */
bool rm_lex_skip_group(rm_lexer *lexer, rm_str *inside);

bool rm_is_name_start(char c);
bool rm_is_name_char(char c);

/* Line and column of an offset, both from 1. Counts from the start: for few calls only. */
void rm_lex_position(rm_str text, size_t at, uint32_t *line, uint32_t *column);

#endif
