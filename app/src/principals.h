#ifndef APP_PRINCIPALS_H
#define APP_PRINCIPALS_H

#include "command.h"
#include "model/principal.h"

#define RM_PRINCIPALS_OPTION                                                                       \
    { "--principals", "FILE", "a team's own principals beside the sixteen", NULL, false }

/* The built-in principals and those of --principals. RM_SYNTAX after diagnostics with places. */
rm_status rm_given_principals(rm_invocation *in, rm_arena *arena,
                              rm_principals *out) RM_CHECK_RESULT;

#endif
