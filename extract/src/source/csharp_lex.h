#ifndef EXTRACT_SOURCE_CSHARP_LEX_H
#define EXTRACT_SOURCE_CSHARP_LEX_H

#include "base/str.h"

/*
 * Tokens of C# as far as it takes to find names, calls and texts. Source: "C# language
 * specification", lexical structure: regular, verbatim, interpolated and raw string literals.
 */
typedef enum rm_cs_kind { RM_CS_END, RM_CS_NAME, RM_CS_STRING, RM_CS_OTHER } rm_cs_kind;

typedef struct rm_cs_token {
    rm_cs_kind kind;
    rm_str text; /* of a string what it means; of the others as written */
    size_t at;
    bool perhaps; /* within an #if that some builds take */
} rm_cs_token;

typedef struct rm_cs_lexer {
    rm_arena *arena; /* for decoded strings */
    rm_str text;
    size_t at;
    unsigned groups;  /* of #if, that it stands in, */
    uint64_t perhaps; /* and which of them a build may leave out, from the outermost */
    rm_status status;
} rm_cs_lexer;

rm_cs_lexer rm_cs_lexer_of(rm_arena *arena, rm_str text);

/* The next token; RM_CS_END at the end, and after status is no longer RM_OK. */
rm_cs_token rm_cs_lex(rm_cs_lexer *lexer);
rm_cs_token rm_cs_peek(const rm_cs_lexer *lexer);   /* a string's text may be empty here */
bool rm_cs_is(rm_cs_token token, const char *text); /* a name or a mark */

#endif
