#ifndef EXTRACT_SOURCE_NORMALISE_H
#define EXTRACT_SOURCE_NORMALISE_H

#include "source/lex.h"
#include "source/macros.h"

/*
 * Driver sources are C or C++ plus what the kit's headers make of it: annotations, calling
 * conventions, structured exception handling, macros that stand for nothing. The normaliser blanks
 * or rewrites these in a copy of the same length and the same lines, so that a grammar of plain C
 * reads it and every place still holds. It also blanks preprocessor lines and the #if groups that
 * are not of the configuration looked at.
 */

/*
 * The copy of a file of the set, in `arena`. `macros` tells the configuration and the driver's own
 * annotation macros.
 */
rm_status rm_normalise(rm_arena *arena, const rm_macros *macros, uint32_t file,
                       rm_str *clean) RM_CHECK_RESULT;

/* What machine code becomes in the copy: a call without arguments, at the place of __asm. */
#define RM_MACHINE_CODE "_asm"

/* With lexer behind __asm: moves behind its { … } or ( … ); false: it ends with its line. */
bool rm_machine_code_group(rm_lexer *lexer);

/* --- source/annotations.c: the kit's own words --- */

/* What becomes of a word. */
typedef enum rm_word_action {
    RM_ACTION_KEEP,
    RM_ACTION_BLANK,      /* the word */
    RM_ACTION_BLANK_CALL, /* the word and the parentheses behind it, if any */
    RM_ACTION_UNWRAP,     /* the word, its parentheses and the commas between: STDMETHOD(x) */
    RM_ACTION_REPLACE,    /* by another word, no longer */
    RM_ACTION_QUALIFIER,  /* blanked where a type follows: IN and OUT are names elsewhere */
    RM_ACTION_ASM,        /* __asm with its block or line */
    RM_ACTION_INTERFACE   /* DECLARE_INTERFACE_(name, base) { … } */
} rm_word_action;

/* A small hash of the table of words; made once for each use. */
enum { RM_ANNOTATION_SLOTS = 512 };
typedef struct rm_annotations {
    unsigned char slots[RM_ANNOTATION_SLOTS]; /* index in the table plus one */
} rm_annotations;

void rm_annotations_init(rm_annotations *annotations);

/* `hash` is rm_str_hash(word). *replacement is written for RM_ACTION_REPLACE. */
rm_word_action rm_annotation(const rm_annotations *annotations, rm_str word, uint64_t hash,
                             const char **replacement);

/* Makes room for what the next function remembers; called once before it, for each view. */
rm_status rm_macros_remember(rm_macros *macros) RM_CHECK_RESULT;

/*
 * Does the macro stand for nothing but annotations, in every definition that the driver sees? Then
 * its uses, arguments included, can be blanked. `hash` is rm_str_hash(name).
 */
bool rm_macro_is_annotation(const rm_macros *macros, const rm_annotations *annotations, rm_str name,
                            uint64_t hash);

#endif
