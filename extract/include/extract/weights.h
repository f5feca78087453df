#ifndef EXTRACT_WEIGHTS_H
#define EXTRACT_WEIGHTS_H

#include "model/derive.h"

/*
 * A team's own weights of the score, from JSON (docs/model.md, docs/schema/weights.schema.json).
 *
 * What the file does not name keeps the value that *out has. `principals` are those whose D may be
 * given. Texts live in `arena`, which `text` must outlive too. Errors go to `sink` with their place
 * and make it RM_SYNTAX: a weight that is not as it was meant would rank wrongly, so nothing of
 * such a file is used.
 */
rm_status rm_weights_read(rm_arena *arena, rm_sink *sink, rm_str file, rm_str text,
                          const rm_principals *principals, rm_weights *out) RM_CHECK_RESULT;

#endif
