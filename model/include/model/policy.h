#ifndef MODEL_POLICY_H
#define MODEL_POLICY_H

#include "model/model.h"

/*
 * What a team accepts for a while: waivers of findings and paths by id, each with a reason, an
 * owner, the day it was given and the day it ends (docs/gate.md, docs/schema/policy.schema.json).
 */
typedef enum rm_waiver_state {
    RM_WAIVER_USED,
    RM_WAIVER_EXPIRED,  /* its last day is over: it waives nothing */
    RM_WAIVER_ORPHANED, /* no finding and no path has such an id */
    RM_WAIVER_EARLY     /* its first day is yet to come: it waives nothing */
} rm_waiver_state;

typedef struct rm_waiver {
    rm_str id; /* of findings or paths; '*' stands for any run of characters */
    rm_str reason, owner;
    rm_str date, expires; /* YYYY-MM-DD: the first and the last day it holds */
    rm_waiver_state state;
    uint32_t matches; /* findings and paths with such an id */
    rm_place place;
} rm_waiver;

RM_LIST(rm_waivers, rm_waiver);

typedef struct rm_policy {
    bool has_fail_on;
    rm_severity fail_on; /* what the gate objects to begins here */
    rm_waivers waivers;
} rm_policy;

const char *
rm_waiver_state_name(rm_waiver_state state); /* "used", "expired", "orphaned", "early" */

/*
 * Marks the findings and paths of `model` that a waiver covers on that day, all others as not
 * waived, and says of each waiver what became of it. `today` is YYYY-MM-DD.
 */
void rm_policy_apply(rm_policy *policy, rm_model *model, rm_str today);

/* The first waiver in force that covers an id; NULL: none does. */
const rm_waiver *rm_policy_waiver(const rm_policy *policy, rm_str id);

/* A day of the Gregorian calendar, written YYYY-MM-DD; such texts sort as days do. */
bool rm_is_date(rm_str text);

#endif
