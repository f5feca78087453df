#ifndef MODEL_PRINCIPAL_H
#define MODEL_PRINCIPAL_H

#include "model/descriptor.h"
#include "model/vocabulary.h"

/* Attributes of a group in a token. */
typedef struct rm_token_sid {
    rm_sid sid;
    bool enabled;
    bool deny_only;
} rm_token_sid;

RM_LIST(rm_token_sids, rm_token_sid);

/* Privileges, as bits. */
enum {
    RM_PRIV_CHANGE_NOTIFY = 1u << 0,
    RM_PRIV_SECURITY = 1u << 1,
    RM_PRIV_TAKE_OWNERSHIP = 1u << 2,
    RM_PRIV_RELABEL = 1u << 3,
    RM_PRIV_BACKUP = 1u << 4,
    RM_PRIV_RESTORE = 1u << 5,
    RM_PRIV_DEBUG = 1u << 6,
    RM_PRIV_LOAD_DRIVER = 1u << 7,
    RM_PRIV_IMPERSONATE = 1u << 8,
    RM_PRIV_MANAGE_VOLUME = 1u << 9,
    RM_PRIV_TCB = 1u << 10,
    RM_PRIV_ASSIGN_PRIMARY_TOKEN = 1u << 11,
    RM_PRIV_SHUTDOWN = 1u << 12,
    RM_PRIV_UNDOCK = 1u << 13,
    RM_PRIV_INCREASE_WORKING_SET = 1u << 14,
    RM_PRIV_TIME_ZONE = 1u << 15,
    RM_PRIV_INCREASE_QUOTA = 1u << 16
};

/* "SeDebugPrivilege" and SE_DEBUG_PRIVILEGE's name alike; false when not known. */
bool rm_privilege_from(rm_str name, uint32_t *bit);

/* The one privilege that an expression names, such as RtlConvertLongToLuid(SE_TCB_PRIVILEGE). */
bool rm_privilege_in(rm_str expression, uint32_t *bit);
const char *rm_privilege_name(uint32_t bit);

typedef struct rm_claims rm_claims; /* user, device and local claims; model/condition.h */

/* A token: who asks. */
typedef struct rm_token {
    rm_token_sids sids; /* the user first */
    rm_token_sids restricting;
    bool restricted, write_restricted;
    bool appcontainer, lpac;
    rm_sid package;
    rm_token_sids capabilities;
    bool all_capabilities; /* every S-1-15-3-* that the DACL at hand names */
    uint32_t integrity;    /* RID of the label: 0x1000 low, 0x2000 medium … */
    uint32_t privileges;   /* RM_PRIV_… */
    uint32_t trust;        /* of a process trust label; 0 none */
    bool impersonation;
    uint8_t level; /* of it: 0 anonymous, 1 identification, 2 impersonation, 3 delegation */
    const rm_claims *claims;
} rm_token;

/* A principal of the map: a token with a name, its disparity D and its boundary. */
typedef struct rm_principal {
    rm_str name;
    rm_str title; /* in words, for pictures: "any AppContainer app" */
    rm_token token;
    uint32_t disparity; /* thousandths, ontology 4.2 */
    rm_boundary_kind boundary;
    bool builtin;
} rm_principal;

RM_LIST(rm_principals, rm_principal);

/* Pushes the sixteen of the specification, in the order of the contract's list. */
rm_status rm_principals_builtin(rm_arena *arena, rm_principals *out) RM_CHECK_RESULT;

/* Finds by name; also the short forms low, user, admin. RM_NONE when there is none. */
uint32_t rm_principal_find(const rm_principals *principals, rm_str name);

#endif
