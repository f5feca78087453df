#ifndef APP_TABLE_H
#define APP_TABLE_H

#include "command.h"
#include "db/query.h"

/*
 * Rows of a query as text: a table for people, or JSON, CSV and NDJSON for programs. Programs get
 * every column, typed; people get the columns that the command chooses, as wide as the terminal.
 */
typedef enum rm_format {
    RM_FORMAT_TABLE,
    RM_FORMAT_JSON,   /* an array of objects */
    RM_FORMAT_CSV,    /* RFC 4180 with a header, no formulas */
    RM_FORMAT_NDJSON, /* one object a line */
    RM_FORMAT_COUNT
} rm_format;

#define RM_FORMAT_OPTION                                                                           \
    { "--format", "FORMAT", "table, json, csv or ndjson", NULL, false }

/* The format asked for; RM_FORMAT_COUNT after a message: exit with usage. */
rm_format rm_given_format(const rm_invocation *in);

typedef enum rm_shown_as { RM_SHOWN_PLAIN, RM_SHOWN_CODE, RM_SHOWN_SEVERITY } rm_shown_as;

/* One column of a table for people. */
typedef struct rm_shown {
    const char *title;
    const char *column; /* of the query */
    const char *prefix; /* before each value; NULL: none */
    const char *line;   /* a column whose number follows after ':'; NULL: none */
    const char *flag;   /* what is said instead where that number is not 0; NULL: nothing */
    rm_shown_as as;
    bool flows; /* a sentence: goes on in the next line instead of being cut */
    bool below; /* a line of its own below the row, where there is a value */
    bool spare; /* left out where the table is wider than the terminal */
} rm_shown;

typedef struct rm_table rm_table;

/* `shown` (NULL: every column) is borrowed. In the arena of `in`; NULL when that is exhausted. */
rm_table *rm_table_new(rm_invocation *in, rm_format format, const rm_shown *shown, size_t count);

rm_row_taker rm_table_taker(rm_table *table);

uint32_t rm_table_rows(const rm_table *table);

/* Everything taken, as text; RM_NOMEM. */
rm_status rm_table_text(rm_table *table, rm_str *out) RM_CHECK_RESULT;

/* Prints everything taken to standard output; returns the exit code. */
int rm_table_print(rm_table *table);

#endif
