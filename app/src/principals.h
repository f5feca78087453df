#ifndef APP_PRINCIPALS_H
#define APP_PRINCIPALS_H

#include "command.h"
#include "model/model.h"
#include "model/principal.h"

#define RM_PRINCIPALS_OPTION                                                                       \
    { "--principals", "FILE", "a team's own principals beside the sixteen", NULL, false }

/* The built-in principals and those of --principals. RM_SYNTAX after diagnostics with places. */
rm_status rm_given_principals(rm_invocation *in, rm_arena *arena,
                              rm_principals *out) RM_CHECK_RESULT;

/* The same for a scan: the model keeps the text, so that later commands ask of the same tokens. */
rm_status rm_scan_principals(rm_invocation *in, rm_model *model,
                             rm_principals *out) RM_CHECK_RESULT;

/* Those that the model was scanned with, unless --principals says otherwise. */
rm_status rm_model_principals(rm_invocation *in, const rm_model *model, rm_arena *arena,
                              rm_principals *out) RM_CHECK_RESULT;

#endif
