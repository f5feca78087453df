#ifndef APP_SARIF_LIST_H
#define APP_SARIF_LIST_H

#include "command.h"
#include "db/query.h"
#include "model/policy.h"

/* `paths` and `findings` as SARIF: those of the model in operand 1 that pass the filter. */
int rm_list_sarif(rm_invocation *in, rm_view_kind kind, const rm_filter *filter);

#endif
