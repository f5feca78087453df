#ifndef APP_WHOLE_H
#define APP_WHOLE_H

#include "command.h"
#include "model/derive.h"

/* Diagnostics are printed, and kept: v_diagnostic has what the terminal showed. */
typedef struct rm_keeper {
    const rm_invocation *in;
    rm_model *model;
} rm_keeper;

/* `keeper` must outlive the sink. */
rm_sink rm_keeping_sink(rm_keeper *keeper);

/* Links and derives facts that were read or merged, with what the command was told (--all-origins).
 */
rm_status rm_make_whole(const rm_invocation *in, rm_model *model, rm_sink *sink,
                        const rm_principals *principals, const rm_weights *weights) RM_CHECK_RESULT;

#endif
