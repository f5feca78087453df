#ifndef EXTRACT_INF_LEX_H
#define EXTRACT_INF_LEX_H

#include "base/diag.h"
#include "base/list.h"

/*
 * The text of an INF as Windows' SetupAPI sees it: sections of lines, lines of a key and fields.
 *
 * Sources: Windows driver documentation "General syntax rules for INF files", "INF Strings
 * section"; what these leave open follows the behaviour of Windows that Wine's tests record.
 * Everything lives in the arena of rm_inf_lex() or borrows from its text; indices of lines and
 * fields are stable. Texts may hold any character.
 */

/* Refusing more is not Windows' rule but ours: what a hostile file can make us keep. */
enum {
    RM_INF_MAX_FIELDS = 1u << 22,   /* the largest INF of Windows itself has some 50,000 */
    RM_INF_MAX_SECTIONS = 1u << 18, /* headers */
    RM_INF_MAX_SECTION_NAME = 255,  /* SetupAPI refuses longer ones */
    RM_INF_MAX_STRING = 511,        /* UTF-16 units of one string that SetupAPI substitutes */
    RM_INF_MAX_EXPANDED = 4097,     /* UTF-16 units of a field after substitution */
};

/* A key or field: quotes, continuations and blanks around it are gone, %strings% are not. */
typedef struct rm_inf_field {
    const char *ptr;
    uint32_t len;
    uint32_t line;
    uint32_t column;
    bool percent; /* there may be something to substitute */
} rm_inf_field;

RM_LIST(rm_inf_fields, rm_inf_field);

typedef struct rm_inf_line {
    uint32_t first; /* of its fields; with has_key that one is the key */
    uint32_t count; /* of fields, the key not counted */
    bool has_key;
} rm_inf_line;

RM_LIST(rm_inf_lines, rm_inf_line);

/* One header and what stands below it. Same-named ones are chained and read as one section. */
typedef struct rm_inf_section {
    rm_str name;
    uint32_t line;  /* of the header */
    uint32_t first; /* of its lines */
    uint32_t count;
    uint32_t next; /* the next of the same name, or RM_NONE */
    bool repeated; /* not the first of its name */
} rm_inf_section;

RM_LIST(rm_inf_sections, rm_inf_section);

/* Why SetupAPI would not open the file. */
typedef enum rm_inf_refusal {
    RM_INF_OPENS,
    RM_INF_EXPECTED_SECTION,      /* text before the first section, and no [Strings] */
    RM_INF_BAD_SECTION_LINE,      /* a section header without ']' */
    RM_INF_SECTION_NAME_TOO_LONG, /* over 255 characters */
    RM_INF_WRONG_STYLE,           /* no [Version] with a signature it knows */
} rm_inf_refusal;

typedef struct rm_inf {
    rm_arena *arena;
    rm_sink *sink;
    rm_str path;
    rm_inf_sections sections; /* in the order of their headers */
    rm_inf_lines lines;
    rm_inf_fields fields;
    uint32_t *by_name; /* the sections that are not repeated, sorted by name */
    uint32_t distinct; /* how many */
    rm_inf_refusal refusal;
    uint32_t refusal_line; /* 0: the file as a whole */
    rm_status status;      /* RM_NOMEM once a substitution failed; sticky, look at the end */
    struct rm_inf_strings *strings;
} rm_inf;

/*
 * Reads `text` (UTF-8, borrowed, may hold anything). What is wrong goes to `sink` with its place;
 * the rest of the file is still read, also where SetupAPI would refuse it: `refusal` tells.
 * `path` is borrowed for the places. Fails with RM_NOMEM only.
 */
rm_status rm_inf_lex(rm_arena *arena, rm_sink *sink, rm_str path, rm_str text,
                     rm_inf **out) RM_CHECK_RESULT;

/* The first header of that name, case ignored; NULL when there is none. */
const rm_inf_section *rm_inf_section_named(const rm_inf *inf, rm_str name);

/* Walks the lines of all sections of one name. NULL starts nothing. */
typedef struct rm_inf_cursor {
    const rm_inf_section *section;
    uint32_t at;
} rm_inf_cursor;

rm_inf_cursor rm_inf_lines_of(const rm_inf_section *section);
const rm_inf_line *rm_inf_next(const rm_inf *inf, rm_inf_cursor *cursor); /* NULL: no more */

/*
 * The key: for a line of one field without '=', that field, as SetupAPI has it; empty when there
 * is none. Field `i` counts from 0 and is empty when the line is shorter. Strings are substituted.
 */
rm_str rm_inf_key(rm_inf *inf, const rm_inf_line *line);
rm_str rm_inf_field_at(rm_inf *inf, const rm_inf_line *line, uint32_t i);
rm_str rm_inf_raw_key(const rm_inf *inf, const rm_inf_line *line); /* as written */

rm_loc rm_inf_line_loc(const rm_inf *inf, const rm_inf_line *line);
rm_loc rm_inf_field_loc(const rm_inf *inf, const rm_inf_line *line, uint32_t i);

/* The first line of the section with that key; NULL when there is none. */
const rm_inf_line *rm_inf_find(rm_inf *inf, const rm_inf_section *section, rm_str key);

#endif
