#ifndef MODEL_ACCESS_H
#define MODEL_ACCESS_H

#include "model/principal.h"

/*
 * Would Windows grant it? SeAccessCheck step by step: trust label, integrity, privileges, owner,
 * DACL in ACE order, restricted pass, AppContainer intersection (docs/security-model.md).
 */

/*
 * One decision in the trace: which ACE (or rule) decided which bits. The first step says whose
 * token is judged, and the request.
 */
typedef struct rm_access_step {
    uint32_t ace;  /* index in the DACL; RM_NONE for a rule */
    uint32_t bits; /* decided here */
    bool granted;
    /* "token" "impersonation" "trust-label" "integrity" "privilege" "owner" "null-dacl" "dacl"
       "appcontainer" "restricted" */
    const char *rule;
    rm_str text; /* one line in words */
} rm_access_step;

RM_LIST(rm_access_trace, rm_access_step);

/* A descriptor without owner is judged with owner BA, as devices are made by the system. */

/*
 * True when a request for exactly `desired` (generic bits allowed) succeeds as a whole. `trace`
 * may be NULL; its texts live in `arena`.
 */
rm_status rm_access_check(rm_arena *arena, const rm_security *security, const rm_token *token,
                          uint32_t desired, rm_object_type type, bool *granted,
                          rm_access_trace *trace) RM_CHECK_RESULT;

/* MAXIMUM_ALLOWED: per bit what a request for that bit alone would get. */
typedef struct rm_access_answer {
    uint32_t max;          /* by NtOpenFile, privileges and ownership counted */
    uint32_t dacl;         /* the part of max that the DACL itself grants */
    uint32_t win32_max;    /* by CreateFile, which always adds 0x100080; 0 when that fails */
    uint32_t undecided;    /* more than max, where conditions that cannot be decided would hold */
    bool any, read, write; /* of max: without ACCESS_SYSTEM_SECURITY */
    bool win32_any, win32_read, win32_write; /* 0x100080, |1, |2 succeed as a whole */
} rm_access_answer;

rm_status rm_access_answer_of(rm_arena *arena, const rm_security *security, const rm_token *token,
                              rm_object_type type, rm_access_answer *out) RM_CHECK_RESULT;

#endif
