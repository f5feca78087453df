#ifndef EXTRACT_TEAM_RULES_H
#define EXTRACT_TEAM_RULES_H

#include "base/diag.h"
#include "model/team_rules.h"

/*
 * Rules of a team's own from a file {"ringmap": 1, "rules": [{"id", "title", "severity", "sql",
 * "message", …}]} (docs/schema/rules.schema.json), added to *out: several files may be read one
 * after the other. RM_SYNTAX when the file cannot be used whole, with diagnostics; *out is then as
 * it was. Texts live in `arena`. The SQL is not looked at.
 */
rm_status rm_team_rules_read(rm_arena *arena, rm_sink *sink, rm_str file, rm_str text,
                             rm_team_rules *out) RM_CHECK_RESULT;

#endif
