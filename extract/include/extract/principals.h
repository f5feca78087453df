#ifndef EXTRACT_PRINCIPALS_H
#define EXTRACT_PRINCIPALS_H

#include "model/principal.h"

/*
 * A team's own principals, from JSON (docs/principals.md, docs/schema/principals.schema.json).
 *
 * Appends them to *out, which holds the built-in ones already; everything lives in `arena`, which
 * `text` must outlive too. Errors go to `sink` with their place and make it RM_SYNTAX: a principal
 * that is not as it was meant would answer wrongly, so nothing of such a file is used.
 */
rm_status rm_principals_read(rm_arena *arena, rm_sink *sink, rm_str file, rm_str text,
                             rm_principals *out) RM_CHECK_RESULT;

#endif
