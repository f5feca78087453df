#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/diag.h"
#include "base/str.h"

/*
 * JSON as a tree with places, parsed by cJSON. The tree lives in the arena it was read into and
 * knows the line and column of every value and key.
 */
typedef enum rm_json_kind {
    RM_JSON_NULL,
    RM_JSON_BOOL,
    RM_JSON_NUMBER,
    RM_JSON_STRING,
    RM_JSON_ARRAY,
    RM_JSON_OBJECT
} rm_json_kind;

typedef struct rm_json {
    rm_json_kind kind;
    rm_str key;  /* in an object; empty elsewhere */
    rm_str text; /* RM_JSON_STRING: decoded; RM_JSON_NUMBER: as written */
    bool is_true;
    bool is_integer; /* RM_JSON_NUMBER: whole and within int64 */
    int64_t integer;
    rm_loc loc;                  /* of the value */
    rm_loc key_loc;              /* of the key, in an object */
    const struct rm_json *child; /* first of an array or object */
    const struct rm_json *next;
    uint32_t children;
} rm_json;

/*
 * Parses one JSON text (RFC 8259; // comments are not JSON). Errors go to `sink` with their place:
 * json-syntax, json-duplicate-key, json-depth (RM_SYNTAX), json-limit (RM_LIMIT). `file` is
 * borrowed for the places, `text` only during the call. On failure *out is left as it was.
 */
rm_status rm_json_parse(rm_arena *arena, rm_sink *sink, rm_str file, rm_str text,
                        const rm_json **out) RM_CHECK_RESULT;

/* The member of an object; NULL when absent or when `object` is no object. Keys are exact. */
const rm_json *rm_json_get(const rm_json *object, const char *key);

const char *rm_json_kind_name(rm_json_kind kind); /* "an object", "a string", … for messages */

#endif
