#ifndef APP_WHOLE_H
#define APP_WHOLE_H

#include "command.h"
#include "model/derive.h"
#include "team_rules.h"

/* Diagnostics are printed, and kept: v_diagnostic has what the terminal showed. */
typedef struct rm_keeper {
    const rm_invocation *in;
    rm_model *model;
} rm_keeper;

/* `keeper` must outlive the sink. */
rm_sink rm_keeping_sink(rm_keeper *keeper);

/* Who is asked about, what the score is made of, and a team's own rules. */
typedef struct rm_whole_with {
    rm_principals principals;
    rm_weights weights;
    rm_team_rules rules;
} rm_whole_with;

/*
 * Links and derives facts that were read or merged, and applies the rules. RM_USAGE, told already,
 * for a team's rule that cannot be asked.
 */
rm_status rm_make_whole(rm_invocation *in, rm_model *model, rm_sink *sink,
                        const rm_whole_with *with) RM_CHECK_RESULT;

/* "3 drivers, 1 device, …", for people. */
void rm_count_whole(const rm_model *model, rm_buf *out);

#endif
