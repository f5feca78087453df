#ifndef EXTRACT_SOURCE_SCAN_H
#define EXTRACT_SOURCE_SCAN_H

#include "base/diag.h"
#include "base/list.h"
#include "model/vocabulary.h"

/*
 * The lexical pass over one source file: what its preprocessor lines say and which words occur.
 * It sees every branch of every #if, and it decides what the later, dearer passes look at.
 */

typedef enum rm_macro_kind {
    RM_MACRO_OBJECT,   /* #define NAME body */
    RM_MACRO_FUNCTION, /* #define NAME(a, b) body */
    RM_MACRO_ENUM,     /* an enumerator; its value is that of `body` plus `step` */
    RM_MACRO_CONST,    /* const, constexpr: NAME = body; */
    RM_MACRO_CONSTEXPR /* constexpr, consteval: NAME(a, b) { return body; } that makes codes */
} rm_macro_kind;

typedef struct rm_macro {
    rm_str name;
    rm_str body; /* raw: may hold comments and continued lines */
    const rm_str *params;
    uint32_t param_count;
    const rm_str *defaults;  /* CONSTEXPR: for each parameter; empty: it has none */
    uint32_t template_count; /* CONSTEXPR: so many parameters stand in < >, the rest in ( ) */
    bool plain;              /* CONSTEXPR: a template of a variable, without ( ) */
    bool variadic;
    rm_macro_kind kind;
    rm_str tag; /* of an enumerator's enumeration; empty: it has none */
    uint32_t step;
    uint32_t file;   /* index in the set */
    uint32_t at;     /* offset of the name */
    uint32_t line;   /* of the name */
    uint32_t branch; /* innermost #if group that holds it, or RM_NONE */
    uint32_t next;   /* another definition of the name in the set, or RM_NONE */
} rm_macro;

typedef struct rm_include {
    rm_str name;
    bool angled;
    uint32_t at;
} rm_include;

typedef enum rm_branch_kind {
    RM_BRANCH_IF,
    RM_BRANCH_IFDEF,
    RM_BRANCH_IFNDEF,
    RM_BRANCH_ELIF,
    RM_BRANCH_ELSE
} rm_branch_kind;

/* One group of an #if chain: from its directive to the next of the chain. */
typedef struct rm_branch {
    rm_branch_kind kind;
    rm_str condition;
    uint32_t parent;   /* group that holds the chain, or RM_NONE */
    uint32_t previous; /* group of the same chain before this one, or RM_NONE */
    uint32_t next;     /* and after it */
    uint32_t from;     /* offset of its '#' */
    uint32_t body;     /* offset behind its line */
    uint32_t to;       /* offset of the '#' that ends it, or the end of the text */
    bool guard;        /* #ifndef X directly followed by #define X */
} rm_branch;

/* A file's #undef, for #ifdef. */
typedef struct rm_undef {
    rm_str name;
    uint32_t at;
} rm_undef;

/* CTL_CODE(…) in the middle of code. */
typedef struct rm_inline_code {
    rm_str text;
    uint32_t at;
    uint32_t line;
} rm_inline_code;

/* DEFINE_GUID(NAME, …): the arguments as written. */
typedef struct rm_guid_text {
    rm_str name;
    rm_str numbers;
} rm_guid_text;

RM_LIST(rm_macro_list, rm_macro);
RM_LIST(rm_guid_texts, rm_guid_text);
RM_LIST(rm_inline_codes, rm_inline_code);
RM_LIST(rm_include_list, rm_include);
RM_LIST(rm_branch_list, rm_branch);
RM_LIST(rm_undef_list, rm_undef);

/* Words that decide what a file can hold. */
typedef enum rm_word {
    RM_WORD_DRIVER_ENTRY = 1 << 0, /* a definition of DriverEntry */
    RM_WORD_UMDF1 = 1 << 1,        /* IDriverEntry: a UMDF 1 driver */
    RM_WORD_CODES = 1 << 2,        /* CTL_CODE, IOCTL_…, FSCTL_… */
    RM_WORD_DEVICE = 1 << 3,       /* a creating or naming call */
    RM_WORD_ENTRY = 1 << 4,        /* a dispatch table, a callback, a handler's usual words */
    RM_WORD_BODY = 1 << 5          /* a function body, or a text: a header worth parsing */
} rm_word;

typedef struct rm_scan {
    rm_macro_list macros;
    rm_include_list includes;
    rm_branch_list branches;
    rm_undef_list undefs;
    rm_inline_codes inlines;
    rm_guid_texts guids;
    unsigned words;      /* rm_word */
    unsigned frameworks; /* a bit for each rm_framework whose registering routine occurs */
} rm_scan;

/*
 * Scans `text`, the UTF-8 text of file `file` of the set. Everything borrowed points into `text`;
 * lists live in `arena`. Limits: RM_MAX_* in limits.h; what is beyond them is left out.
 */
rm_status rm_scan_file(rm_arena *arena, rm_str text, uint32_t file, rm_scan *out) RM_CHECK_RESULT;

/* Is the offset within the group, its directive line not counted? */
bool rm_branch_holds(const rm_branch *branch, uint32_t at);

#endif
