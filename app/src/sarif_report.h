#ifndef APP_SARIF_REPORT_H
#define APP_SARIF_REPORT_H

#include "command.h"

/* Does --type, else the ending of --output, ask for SARIF? */
bool rm_wants_sarif(const rm_invocation *in);

/* The findings of operand 1 as SARIF, with --policy and --baseline. */
int rm_report_sarif(rm_invocation *in);

#endif
