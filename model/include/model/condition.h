#ifndef MODEL_CONDITION_H
#define MODEL_CONDITION_H

#include "base/list.h"
#include "model/principal.h"

/*
 * Claims: what a token or an object says about itself besides SIDs. Conditional ACEs ask for them
 * (MS-DTYP 2.4.4.17, 2.4.10.1). Texts are UTF-16LE bytes, as in a token.
 */
typedef enum rm_claim_type {
    RM_CLAIM_INT = 0x01,
    RM_CLAIM_UINT = 0x02,
    RM_CLAIM_STRING = 0x03,
    RM_CLAIM_SID = 0x05,
    RM_CLAIM_BOOL = 0x06,
    RM_CLAIM_OCTETS = 0x10
} rm_claim_type;

enum { RM_CLAIM_CASE_SENSITIVE = 0x02, RM_CLAIM_DENY_ONLY = 0x04, RM_CLAIM_DISABLED = 0x10 };

/* `text` for strings and octets, `sid` for SIDs, `integer` for the rest (unsigned as its bits). */
typedef struct rm_claim_value {
    rm_claim_type type;
    int64_t integer;
    rm_str text;
    const rm_sid *sid;
} rm_claim_value;

RM_LIST(rm_claim_values, rm_claim_value);

typedef struct rm_claim {
    rm_str name; /* UTF-16LE */
    uint32_t flags;
    rm_claim_values values;
} rm_claim;

RM_LIST(rm_claim_list, rm_claim);

struct rm_claims {
    rm_claim_list user, device, local;
    rm_token_sids device_sids; /* of the machine that the user sits at */
};

/*
 * Reads a value as a conditional expression writes it: "text", 3, SID(BA), #00ff, or {several of
 * them}, and adds it to the claim. Errors go to `sink` at `at`, as in rm_sddl_parse().
 */
rm_status rm_claim_literal(rm_arena *arena, rm_sink *sink, rm_loc at, rm_str text,
                           rm_claim *claim) RM_CHECK_RESULT;

#endif
