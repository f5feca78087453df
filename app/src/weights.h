#ifndef APP_WEIGHTS_H
#define APP_WEIGHTS_H

#include "command.h"
#include "model/derive.h"

/* The standard weights, changed by --weights FILE. RM_SYNTAX after diagnostics with places. */
rm_status rm_given_weights(rm_invocation *in, rm_arena *arena, const rm_principals *principals,
                           rm_weights *out) RM_CHECK_RESULT;

#endif
