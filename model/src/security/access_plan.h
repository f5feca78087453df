#ifndef SECURITY_ACCESS_PLAN_H
#define SECURITY_ACCESS_PLAN_H

#include "model/access.h"
#include "rights.h"

/*
 * A descriptor seen by one token: what does not depend on the request is worked out once, so that
 * a check of one bit is a walk over masks.
 */

/* An ACE of the DACL that says something to this token. */
struct judged_ace {
    uint32_t index; /* in the DACL */
    uint32_t mask;  /* generic bits mapped */
    bool deny;
    bool user;        /* names the user or a group, as the kind of ACE wants it */
    bool package;     /* names the package, a capability, or all packages */
    bool restricting; /* names a restricting SID */
};

struct access_plan {
    const rm_security *sd;
    const rm_token *token;
    rm_generic_mapping mapping;
    struct judged_ace *aces;
    uint32_t count;
    bool hopeful;   /* what cannot be decided is taken as it suits the caller */
    bool undecided; /* a condition could not be decided */
    bool is_owner;  /* implicit READ_CONTROL and WRITE_DAC */
    bool lowbox;
    uint32_t label;         /* integrity level of the object */
    uint32_t label_allows;  /* what the label leaves to a lower token */
    uint32_t filter_allows; /* what trust label and access filters leave to this token */
};

uint32_t access_map(const rm_generic_mapping *mapping, uint32_t mask);

rm_status access_plan_make(rm_arena *arena, const rm_security *sd, const rm_token *token,
                           rm_object_type type, bool hopeful,
                           struct access_plan *out) RM_CHECK_RESULT;

#endif
