#ifndef DB_SRC_SCHEMAS_H
#define DB_SRC_SCHEMAS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/*
 * Schemas that this program or an older one wrote. A model must have one of them to the letter:
 * then no trigger, view with side effects or virtual table of a stranger's can ever run.
 *
 * A change of a table or view that has been published is a new RM_SCHEMA_VERSION and a new line
 * here (a test compares the newest with what is written); the older stay, as long as their models
 * are to be read.
 */

enum { RM_SCHEMA_DIGEST = 2 * 32 + 1 }; /* lower-case hex and its NUL */

/*
 * Adds an object to the text that the digest is of: all objects in their order, each its type, name
 * and SQL, each of these ended by a NUL.
 */
void rm_schema_say(rm_buf *all, rm_str type, rm_str name, rm_str sql);
void rm_schema_digest(rm_str all, char digest[RM_SCHEMA_DIGEST]);

/* True when a program of that version wrote such a schema. */
bool rm_schema_is_known(uint32_t version, const char digest[RM_SCHEMA_DIGEST]);

#endif
