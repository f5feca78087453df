#ifndef EXTRACT_SOURCE_FLOW_NAMES_H
#define EXTRACT_SOURCE_FLOW_NAMES_H

#include "base/str.h"

/* Small hash tables in an arena: text to number, and number pairs to number. */

typedef struct rm_names rm_names;

rm_names *rm_names_new(rm_arena *arena); /* NULL: memory */

/* The number of a text, given in the order of first sight from 0; UINT32_MAX: memory. */
uint32_t rm_names_id(rm_names *names, rm_str text);
bool rm_names_find(const rm_names *names, rm_str text, uint32_t *id);
rm_str rm_names_text(const rm_names *names, uint32_t id);

/* What belongs to a key of four numbers; `*fresh` when the key was not there: *value is set. */
typedef struct rm_key {
    uint32_t a, b;
    int64_t c, d;
} rm_key;

typedef struct rm_keys rm_keys;
rm_keys *rm_keys_new(rm_arena *arena);
/* The number stored under `key`, or `value` after storing it. UINT32_MAX: memory. */
uint32_t rm_keys_add(rm_keys *keys, rm_key key, uint32_t value);

#endif
