#ifndef DB_SRC_SCHEMA_H
#define DB_SRC_SCHEMA_H

#include <sqlite3.h>

#include "image.h"

/*
 * How a model lies in SQLite, said once: each table with its columns, each column with the field it
 * is. CREATE TABLE, INSERT, SELECT and the checks of what is read back all follow from this.
 *
 * Every table has a first column `n`, the row's index in the model's list; a reference is such an
 * index. Empty texts, unknown yes-or-no and absent references are NULL.
 */
typedef enum rm_column_kind {
    RM_COLUMN_TEXT,      /* rm_str; empty is NULL */
    RM_COLUMN_TEXT_IF,   /* rm_str, NULL when its flag is false; may be empty */
    RM_COLUMN_WORD,      /* an enumeration, stored as its word */
    RM_COLUMN_WORD_IF,   /* the same; a value past the last word says nothing and is NULL */
    RM_COLUMN_FLAG,      /* bool: 0 or 1 */
    RM_COLUMN_TRI,       /* rm_tri: 0, 1 or NULL */
    RM_COLUMN_U32,       /* uint32_t */
    RM_COLUMN_U32_KNOWN, /* uint32_t, NULL when 0: a line, a device type */
    RM_COLUMN_U32_IF,    /* uint32_t, NULL when its flag is false */
    RM_COLUMN_U64,       /* uint64_t below 2^63 */
    RM_COLUMN_REF,       /* uint32_t, NULL for RM_NONE; the target table says what is in range */
    RM_COLUMN_SUBJECT,   /* a reference whose table depends on the row's rm_subject */
    RM_COLUMN_CODE_SENT  /* int64_t: RM_CODE_RECEIVED is NULL */
} rm_column_kind;

/* The words of one enumeration, its type forgotten. */
typedef struct rm_words {
    uint32_t count;
    const char *(*text)(uint32_t value);
    bool (*value)(rm_str text, uint32_t *out); /* *out written only when it is a word */
} rm_words;

typedef struct rm_column {
    const char *name;
    rm_column_kind kind;
    size_t at;             /* of the field in the struct */
    size_t flag;           /* kinds _IF: of the bool that says whether there is a value; SUBJECT:
                              of the rm_subject */
    const rm_words *words; /* RM_COLUMN_WORD */
    rm_table_id target;    /* RM_COLUMN_REF */
    const rm_table_id *targets; /* RM_COLUMN_SUBJECT: by kind; RM_TABLE_COUNT: refers to nothing */
    bool is_path;               /* RM_COLUMN_TEXT: a path below the scanned root */
} rm_column;

typedef struct rm_table {
    const char *name;
    size_t list; /* of its list in rm_image */
    size_t item_size;
    const rm_column *columns; /* the last has no name */
    uint32_t shift;           /* added to the targets of its references */
} rm_table;

/* In the order of rm_table_id. */
extern const rm_table rm_tables[RM_TABLE_COUNT];

/* The table that a reference of the item means; RM_TABLE_COUNT: one that refers to nothing. */
rm_table_id rm_column_target(const rm_table *table, const rm_column *column,
                             const unsigned char *item);

/* The public views of the contract. */
typedef struct rm_view {
    const char *name;
    const char *columns; /* "a, b, c" */
    const char *select;
} rm_view;

extern const rm_view rm_views[];
extern const uint32_t rm_view_count;

/* One object of the schema, exactly as sqlite_schema keeps it. */
typedef struct rm_object {
    const char *type; /* "table", "index", "view" */
    rm_str name;
    rm_str sql; /* NUL-terminated */
} rm_object;

/* All of them, in the order in which they are made: the tables first. */
typedef struct rm_ddl {
    rm_object *objects;
    uint32_t count;
    uint32_t tables; /* the first `tables` of them */
} rm_ddl;

/* In `arena`; RM_NOMEM. */
rm_status rm_schema_ddl(rm_arena *arena, rm_ddl *out) RM_CHECK_RESULT;

/* "RMAP": what the application_id of a model says. */
#define RM_APPLICATION_ID 0x524D4150

#endif
