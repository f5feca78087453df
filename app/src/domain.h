#ifndef APP_DOMAIN_H
#define APP_DOMAIN_H

#include "command.h"
#include "model/sid.h"

#define RM_DOMAIN_OPTION                                                                           \
    { "--domain-sid", "SID", "the domain that DA, DU, LA and the like hang below", NULL, false }

/*
 * What --domain-sid says: *out in the invocation's arena, NULL when it was not given.
 * RM_EXIT_USAGE after a message when it is no domain's SID.
 */
int rm_given_domain(const rm_invocation *in, const rm_sid **out);

#endif
