#ifndef BASE_JSON_SCAN_H
#define BASE_JSON_SCAN_H

#include "base/diag.h"
#include "base/list.h"

/* A facts file made by hand nests five deep; more than this is an attempt on the stack. */
enum { RM_JSON_MAX_DEPTH = 64 };
/* About 250 MB of tree; the largest real facts file has some thousand values. */
enum { RM_JSON_MAX_VALUES = 1 << 20 };
/* cJSON copies a number into a buffer of 64 bytes and would split a longer one. */
enum { RM_JSON_MAX_NUMBER = 63 };

/* Where a value stands, and its key when it is a member of an object. Lines and columns from 1. */
typedef struct json_place {
    uint32_t line, column;
    uint32_t key_line, key_column;
    rm_str written; /* a number's characters, borrowed from the text */
} json_place;

RM_LIST(json_places, json_place);

/*
 * Checks that `text` is one JSON text as RFC 8259 has it, which cJSON alone is laxer about, and
 * lists the places of its values in the order in which they begin. The first error goes to `sink`
 * with what was expected. Strings with U+0000 are refused: cJSON would cut them there.
 */
rm_status json_scan(rm_arena *arena, rm_sink *sink, rm_str file, rm_str text,
                    json_places *places) RM_CHECK_RESULT;

#endif
