#include "model/sid.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool rm_sid_eq(const rm_sid *a, const rm_sid *b) {
    return a->authority == b->authority && a->count == b->count &&
           a->domain_relative == b->domain_relative &&
           memcmp(a->sub, b->sub, a->count * sizeof a->sub[0]) == 0;
}

bool rm_sid_below(const rm_sid *sid, const rm_sid *domain, uint32_t *rid) {
    if (sid->domain_relative || sid->authority != domain->authority ||
        sid->count != domain->count + 1 ||
        memcmp(sid->sub, domain->sub, domain->count * sizeof sid->sub[0]) != 0) {
        return false;
    }
    *rid = sid->sub[domain->count];
    return true;
}

/* An authority of 2^32 and more is printed in hex, as Windows does. */
static size_t put_authority(char text[RM_SID_TEXT], uint64_t authority) {
    int n = authority > UINT32_MAX ? snprintf(text, RM_SID_TEXT, "S-1-0x%" PRIx64, authority)
                                   : snprintf(text, RM_SID_TEXT, "S-1-%" PRIu64, authority);
    return n < 0 ? 0 : (size_t)n;
}

void rm_sid_text(const rm_sid *sid, char text[RM_SID_TEXT]) {
    if (sid->domain_relative) {
        (void)snprintf(text, RM_SID_TEXT, "S-1-5-21-domain-%" PRIu32, sid->sub[0]);
        return;
    }
    size_t at = put_authority(text, sid->authority);
    for (unsigned i = 0; i < sid->count && i < RM_SID_MAX_SUBS; i++) {
        int n = snprintf(text + at, RM_SID_TEXT - at, "-%" PRIu32, sid->sub[i]);
        at += n < 0 ? 0 : (size_t)n;
    }
}
