#ifndef APP_TEAM_RULES_H
#define APP_TEAM_RULES_H

#include "command.h"
#include "model/team_rules.h"

#define RM_TEAM_RULES_OPTION                                                                       \
    { "--rules", "FILE", "rules of your own, as SQL over the views", NULL, true }

/* Reads the files given with --rules into `arena`; RM_SYNTAX, told already, when one is wrong. */
rm_status rm_given_team_rules(rm_invocation *in, rm_arena *arena,
                              rm_team_rules *out) RM_CHECK_RESULT;

/*
 * Applies them to a derived model. RM_USAGE for a rule whose question is refused, is stopped or has
 * no answer that findings can be made of: told already, with its name.
 */
rm_status rm_apply_team_rules(rm_invocation *in, rm_model *model,
                              const rm_team_rules *rules) RM_CHECK_RESULT;

#endif
