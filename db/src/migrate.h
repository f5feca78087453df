#ifndef DB_SRC_MIGRATE_H
#define DB_SRC_MIGRATE_H

#include "guard.h"

/*
 * The bytes of a model file ("-": standard input) in this program's schema: an older model is read
 * and written anew in memory, in `arena`; the file stays as it is. What the older schema did not
 * have is empty or unknown. RM_OK with *why (in `why_arena`): that this was done, for people.
 */
rm_status rm_bytes_of_model(rm_arena *arena, rm_arena *why_arena, const char *path, rm_str *bytes,
                            rm_str *why) RM_CHECK_RESULT;

/* The same of bytes that are there; *bytes is replaced when they are older. */
rm_status rm_migrate(rm_arena *arena, rm_arena *why_arena, rm_str *bytes,
                     rm_str *why) RM_CHECK_RESULT;

#endif
