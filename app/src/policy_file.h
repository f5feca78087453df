#ifndef APP_POLICY_FILE_H
#define APP_POLICY_FILE_H

#include "command.h"
#include "model/policy.h"

#define RM_POLICY_OPTIONS                                                                          \
    {"--policy", "FILE", "what is waived, by whom and until when (JSON)", NULL, false}, {          \
        "--today", "DATE", "the day on which waivers are judged, YYYY-MM-DD; else today (UTC)",    \
            NULL, false                                                                            \
    }

/*
 * Reads the policy given, applies it to `model` and reports expired and orphaned waivers at their
 * places. Without --policy an empty one. The exit code; RM_EXIT_INPUT for a file that is wrong.
 */
int rm_given_policy(rm_invocation *in, rm_model *model, rm_policy *out);

#endif
