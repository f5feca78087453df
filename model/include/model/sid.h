#ifndef MODEL_SID_H
#define MODEL_SID_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum { RM_SID_MAX_SUBS = 15 };

/*
 * A security identifier by value: S-1-authority-sub-sub…
 *
 * `domain_relative`: a RID below a domain that nobody named, such as the alias DA. Then authority
 * is 5, count is 1 and sub[0] is the RID; it has no binary form and its text is no SID.
 */
typedef struct rm_sid {
    uint64_t authority; /* 48 bits */
    uint8_t count;
    uint32_t sub[RM_SID_MAX_SUBS];
    bool domain_relative;
} rm_sid;

bool rm_sid_eq(const rm_sid *a, const rm_sid *b);

/* Is `sid` the domain followed by exactly one more number? Then *rid is that number. */
bool rm_sid_below(const rm_sid *sid, const rm_sid *domain, uint32_t *rid);

/* Reads "S-1-…" or a two-letter alias (domain-relative ones as such). All of `text` must be it. */
bool rm_sid_from(rm_str text, rm_sid *out);

/* The two-letter alias, NULL when there is none. `domain` as in rm_sddl_options, may be NULL. */
const char *rm_sid_alias(const rm_sid *sid, const rm_sid *domain);

/* A well-known SID in words, e.g. "Everyone"; NULL when it is none. */
const char *rm_sid_words(const rm_sid *sid, const rm_sid *domain);

/* Longest text: "S-1-0x" + 12 hex digits + 15 times "-4294967295" and a NUL. */
enum { RM_SID_TEXT = 192 };
void rm_sid_text(const rm_sid *sid, char text[RM_SID_TEXT]);

/* Derivations (security-model section 7); the names are UTF-8. RM_NOMEM from the scratch arena. */
rm_status rm_sid_package(rm_arena *scratch, rm_str family_name, rm_sid *out) RM_CHECK_RESULT;
rm_status rm_sid_capability(rm_arena *scratch, rm_str name, rm_sid *out) RM_CHECK_RESULT;
rm_status rm_sid_service(rm_arena *scratch, rm_str name, rm_sid *out) RM_CHECK_RESULT;
/* {guid} or bare: S-1-15-3-g1-g2-g3-g4. RM_SYNTAX when it is no GUID. */
rm_status rm_sid_device_capability(rm_str guid, rm_sid *out) RM_CHECK_RESULT;
/* The 13 characters after '_' in a package family name, NUL-terminated. */
rm_status rm_publisher_id(rm_arena *scratch, rm_str publisher, char out[14]) RM_CHECK_RESULT;

#endif
