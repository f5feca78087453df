#ifndef EXTRACT_POLICY_H
#define EXTRACT_POLICY_H

#include "model/policy.h"

/*
 * A team's policy, from JSON (docs/gate.md, docs/schema/policy.schema.json). Everything lives in
 * `arena`, which `text` must outlive too. Each error goes to `sink` with its place and makes the
 * whole RM_SYNTAX: a gate with half a policy would be no gate, so nothing of such a file is used.
 */
rm_status rm_policy_read(rm_arena *arena, rm_sink *sink, rm_str file, rm_str text,
                         rm_policy *out) RM_CHECK_RESULT;

#endif
