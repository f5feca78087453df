#ifndef EXTRACT_SOURCE_NORMALISER_H
#define EXTRACT_SOURCE_NORMALISER_H

#include "source/lex.h"
#include "source/normalise.h"

/* The state of one normalisation, shared by its parts. Private to normalise.c, seh.c, rewrites.c.
 */

/* try { … } except (…) { … } of the C headers: rewritten only when both words have room. */
typedef struct rm_try_block {
    size_t at;      /* of `try` */
    unsigned depth; /* of braces around it */
    bool room;
} rm_try_block;

enum { RM_MAX_TRIES = 32 };

typedef struct rm_normaliser {
    const rm_macros *macros;
    uint32_t file;
    bool is_cpp;
    rm_lexer lexer; /* over the original */
    rm_str text;
    char *out;
    rm_annotations annotations;
    uint32_t branch;   /* the next #if group to come */
    rm_token previous; /* the last token kept, and the one before it */
    rm_token before_previous;
    unsigned braces, parens;
    unsigned linkage;  /* braces of extern "C" and namespaces: still the outermost level */
    unsigned function; /* depth of the braces of the function body we are in; 0: in none */
    rm_try_block tries[RM_MAX_TRIES];
    unsigned try_count;
} rm_normaliser;

/* Blanks a stretch of the copy, line ends kept. */
void rm_norm_blank(rm_normaliser *n, size_t from, size_t to);

/* Puts a word, no longer than the token, in the token's place. */
void rm_norm_overwrite(rm_normaliser *n, rm_token token, const char *word);

/* Moves behind the parentheses that come next; where there are none, or no end, nothing is taken.
 */
bool rm_norm_skip_call(rm_normaliser *n);

bool rm_norm_is_blank(char c); /* blank or tab */

/* seh.c: try, except and finally in C; true when the word was one of them. */
bool rm_norm_exception_word(rm_normaliser *n, rm_token word);
void rm_norm_drop_tries(rm_normaliser *n);

/* rewrites.c: macros and forms that break the grammar; true when the word is dealt with. */
bool rm_norm_rewrite_name(rm_normaliser *n, rm_token word);
void rm_norm_rewrite_number(rm_normaliser *n, rm_token number);
void rm_norm_rewrite_mark(rm_normaliser *n, rm_token mark);

#endif
