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

/* Digits at `text`; SIDs are printed by the thousand, so not by printf. */
static size_t put_number(char *text, uint64_t value, unsigned base) {
    char digits[20];
    size_t count = 0;
    do {
        digits[count++] = "0123456789abcdef"[value % base];
        value /= base;
    } while (value > 0);
    for (size_t i = count; i-- > 0;) {
        *text++ = digits[i];
    }
    return count;
}

void rm_sid_text(const rm_sid *sid, char text[RM_SID_TEXT]) {
    if (sid->domain_relative) {
        (void)snprintf(text, RM_SID_TEXT, "S-1-5-21-domain-%" PRIu32, sid->sub[0]);
        return;
    }
    /* An authority of 2^32 and more is printed in hex, as Windows does. */
    bool hex = sid->authority > UINT32_MAX;
    size_t at = hex ? sizeof "S-1-0x" - 1 : sizeof "S-1-" - 1;
    memcpy(text, "S-1-0x", at);
    at += put_number(text + at, sid->authority, hex ? 16 : 10);
    for (unsigned i = 0; i < sid->count && i < RM_SID_MAX_SUBS; i++) {
        text[at++] = '-';
        at += put_number(text + at, sid->sub[i], 10);
    }
    text[at] = '\0';
}
