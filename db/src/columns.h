#ifndef DB_SRC_COLUMNS_H
#define DB_SRC_COLUMNS_H

#include <stddef.h>

#include "words.h"

/*
 * Shorthands for tables of columns. A column has the name of its field; the field's type is checked
 * when the table is compiled.
 */
#define AT(T, field, type) _Generic(((T *)0)->field, type : offsetof(T, field))

#define TEXT_AS(T, column, field)                                                                  \
    { .name = #column, .kind = RM_COLUMN_TEXT, .at = AT(T, field, rm_str) }
#define TEXT(T, field) TEXT_AS(T, field, field)
#define PATH_AS(T, column, field)                                                                  \
    { .name = #column, .kind = RM_COLUMN_TEXT, .at = AT(T, field, rm_str), .is_path = true }
#define PATH(T, field) PATH_AS(T, field, field)
#define TEXT_IF(T, field, has)                                                                     \
    {                                                                                              \
        .name = #field, .kind = RM_COLUMN_TEXT_IF, .at = AT(T, field, rm_str),                     \
        .flag = AT(T, has, bool)                                                                   \
    }
#define WORD_AS(T, column, field, type)                                                            \
    {                                                                                              \
        .name = #column, .kind = RM_COLUMN_WORD, .at = AT(T, field, rm_##type),                    \
        .words = &rm_words_##type                                                                  \
    }
#define WORD_IF_AS(T, column, field, type)                                                         \
    {                                                                                              \
        .name = #column, .kind = RM_COLUMN_WORD_IF, .at = AT(T, field, rm_##type),                 \
        .words = &rm_words_##type                                                                  \
    }
#define WORD(T, field, type) WORD_AS(T, field, field, type)
#define FLAG(T, field)                                                                             \
    { .name = #field, .kind = RM_COLUMN_FLAG, .at = AT(T, field, bool) }
#define TRI(T, field)                                                                              \
    { .name = #field, .kind = RM_COLUMN_TRI, .at = AT(T, field, rm_tri) }
#define U32(T, field)                                                                              \
    { .name = #field, .kind = RM_COLUMN_U32, .at = AT(T, field, uint32_t) }
#define U32_KNOWN_AS(T, column, field)                                                             \
    { .name = #column, .kind = RM_COLUMN_U32_KNOWN, .at = AT(T, field, uint32_t) }
#define U32_KNOWN(T, field) U32_KNOWN_AS(T, field, field)
#define U32_IF(T, field, has)                                                                      \
    {                                                                                              \
        .name = #field, .kind = RM_COLUMN_U32_IF, .at = AT(T, field, uint32_t),                    \
        .flag = AT(T, has, bool)                                                                   \
    }
#define U64(T, field)                                                                              \
    { .name = #field, .kind = RM_COLUMN_U64, .at = AT(T, field, uint64_t) }
#define REF(T, field, table)                                                                       \
    {                                                                                              \
        .name = #field, .kind = RM_COLUMN_REF, .at = AT(T, field, uint32_t),                       \
        .target = RM_TABLE_##table                                                                 \
    }
/* The field `subject`, a reference into the table that `subjects` has for the row's subject_kind.
 */
#define SUBJECT(T, subjects)                                                                       \
    {                                                                                              \
        .name = "subject", .kind = RM_COLUMN_SUBJECT, .at = AT(T, subject, uint32_t),              \
        .flag = AT(T, subject_kind, rm_subject), .targets = (subjects)                             \
    }
#define CODE_SENT(T, field)                                                                        \
    { .name = #field, .kind = RM_COLUMN_CODE_SENT, .at = AT(T, field, int64_t) }

/* Three columns for a place. The file is not called path: a finding has both. */
#define PLACE_IN(T, place)                                                                         \
    PATH_AS(T, file, place.file),                                                                  \
        {.name = "line", .kind = RM_COLUMN_U32_KNOWN, .at = AT(T, place.line, uint32_t)}, {        \
        .name = "column", .kind = RM_COLUMN_U32_KNOWN, .at = AT(T, place.column, uint32_t)         \
    }
#define PLACE(T) PLACE_IN(T, place)

/* The last of a table. */
#define END                                                                                        \
    { .name = NULL }

#define FACTS(id, list) extern const rm_column rm_columns_##list[];
RM_FACT_LIST(FACTS)
#undef FACTS
#define RESULTS(id, name, where) extern const rm_column rm_columns_##name[];
RM_RESULT_LIST(RESULTS)
#undef RESULTS

#endif
