#ifndef MODEL_DERIVE_INTERNAL_H
#define MODEL_DERIVE_INTERNAL_H

#include "base/map.h"
#include "group.h"
#include "model/access.h"
#include "model/derive.h"
#include "model/model.h"

/* What the stages of rm_derive() share. Scratch memory goes when the derivation ends. */

/* Who sends: a principal, or an app that runs as one. */
typedef struct rm_origin {
    rm_str name;  /* of the principal */
    uint32_t app; /* RM_NONE: any code that runs as the principal */
    uint32_t disparity;
    rm_boundary_kind boundary;
    const rm_token *token;
} rm_origin;

/* A stack that a device belongs to: positions in model->stacks from top to bottom. */
typedef struct rm_stack_view {
    const uint32_t *positions;
    uint32_t count;
} rm_stack_view;

/* grants.c: what an app's manifest opens to it, by what the model has of devices. */
typedef enum rm_grant_kind {
    RM_GRANT_LIST,      /* an interface's list of unrestricted capabilities has the app's */
    RM_GRANT_CLASS,     /* a DeviceCapability names the interface class */
    RM_GRANT_DESCRIPTOR /* an ACE names the package's SID or a capability's */
} rm_grant_kind;

typedef struct rm_grant {
    rm_grant_kind kind;
    uint32_t app;
    uint32_t capability; /* of model->capabilities; RM_NONE: the package's own SID, or any app's */
    rm_str name;         /* of the capability; of the package */
    uint32_t door, device;
} rm_grant;

RM_LIST(rm_grants, rm_grant);

typedef struct rm_derivation {
    rm_model *model;
    rm_sink *sink;
    rm_arena *scratch;
    const rm_weights *weights;
    bool all_origins;
    rm_principals principals;
    const rm_security **security; /* by device; NULL: not known */
    rm_group entries_of_driver, sinks_of_entry, forwards_of_entry, forwards_of_driver;
    rm_group opens_of_app, opens_of_service, handles_of_app, forwards_of_service, doors_of_service;
    rm_group checks_of_entry, checks_of_driver, doors_of_device, inputs_of_entry;
    rm_stack_view *stack_of_device;
    rm_grants grants;
    rm_group grants_of_app;
    rm_map permits;        /* capability to its first row of model->authorizeds */
    uint32_t *next_permit; /* the next row of the same capability; RM_NONE */
    rm_map rows;           /* made so far, by what makes them one */
    bool said_full;
    uint32_t visits; /* handlers entered from the door at hand */
} rm_derivation;

/*
 * derive.c: is the door worth a row of its own? The NT name only where no link or interface leads
 * to the device: both open the same object, and a second row would say nothing new.
 */
bool rm_adds_a_door(const rm_derivation *d, uint32_t door);

/* index.c */
rm_status rm_derivation_index(rm_derivation *d) RM_CHECK_RESULT;
rm_status rm_index_sinks(rm_derivation *d) RM_CHECK_RESULT; /* again, after more were added */

/* reach.c */

/* What an origin gets of a device. */
typedef struct rm_reach {
    rm_access_answer answer;
    rm_via via;
    rm_gate open; /* the gate: open, unknown, closed */
    rm_state state;
} rm_reach;

rm_status rm_reach_device(rm_derivation *d, uint32_t device, const rm_token *token,
                          rm_reach *out) RM_CHECK_RESULT;

/* Can a handle with all of these bits be had? `reach` is the answer for the same token. */
rm_status rm_reach_bits(rm_derivation *d, uint32_t device, const rm_token *token,
                        const rm_reach *reach, uint32_t bits, rm_gate *out) RM_CHECK_RESULT;

/* Fills model->accesses. */
rm_status rm_derive_access(rm_derivation *d) RM_CHECK_RESULT;

/*
 * The same through an interface whose capability list, or whose class in a DeviceCapability, stands
 * in for the package part of the check: what the app's user may do bounds it. An AppContainer is
 * low, but not stopped by a label up to medium. How Windows enforces the list is not documented:
 * derived. *out is left alone where the descriptor itself admits the token.
 */
rm_status rm_reach_by_capability(rm_derivation *d, uint32_t device, const rm_token *token,
                                 rm_reach *out) RM_CHECK_RESULT;

/* grants.c */

/* Fills d->grants, and gives the handlers that they lead to an end (endings.c). */
rm_status rm_derive_grants(rm_derivation *d) RM_CHECK_RESULT;

/* Who may use a custom capability, by the SCCDs that were read. */
typedef struct rm_permit {
    bool refused;   /* SCCDs were read and none of them names the app */
    bool unknown;   /* no SCCD of it was read */
    uint32_t reach; /* R, in thousandths */
    uint32_t row;   /* of model->authorizeds; RM_NONE */
} rm_permit;

/* For an app's family name; an empty one stands for code that was given the capability. */
rm_permit rm_permit_of(const rm_derivation *d, rm_str capability, rm_str family);

/* For code that was given all that a list of an interface names: the easiest of them. */
rm_permit rm_permit_of_list(const rm_derivation *d, rm_str capabilities);

/* endings.c: a handler that an app may call and that leads to nothing privileged is an end too. */
rm_status rm_derive_endings(rm_derivation *d) RM_CHECK_RESULT;

/* origins.c: the principals without an app, then each app with its own token. */
RM_LIST(rm_origins, rm_origin);
rm_status rm_derive_origins(rm_derivation *d, rm_origins *out) RM_CHECK_RESULT;

/*
 * authorise.c: does a check of the driver close the entry to this token? `available` are the access
 * bits that its handle can carry, `mode` the requestor mode of the request as it arrives.
 */
rm_authorisation rm_authorise(const rm_derivation *d, uint32_t entry, const rm_token *token,
                              uint32_t available, rm_mode mode);

/* walk.c: everything that a request from `origin` through `door` can reach. */

typedef struct rm_admission {
    const rm_origin *origin; /* whose token opens the device */
    rm_str caller;           /* the principal that sends: another than origin's behind a service */
    uint32_t app;            /* of the caller */
    uint32_t disparity;      /* D of the caller at what it crosses first */
    uint32_t door;
    uint32_t device;
    rm_reach reach;
    bool handed_over; /* a handle: `mask` instead of an access check */
    uint32_t mask;
    rm_str from;           /* who handed it over */
    const rm_grant *grant; /* why the app may; NULL: it opens the door, or any code does */
    rm_permit permit;      /* of the custom capability; reach 0: none is needed */
    uint32_t service;      /* a broker between origin and device; RM_NONE */
    bool impersonates;
    rm_validation service_validation;
    rm_state state; /* of the open, the door, the descriptor */
} rm_admission;

rm_status rm_walk_door(rm_derivation *d, const rm_admission *admission) RM_CHECK_RESULT;

/* rows.c: the rows of v_path. */

enum { RM_MAX_HOPS = 16 }; /* drivers a request may pass: longer chains are cut and said */

typedef struct rm_hop {
    uint32_t driver;
    uint32_t entry;           /* RM_NONE: passed on unchanged by a filter */
    uint32_t forward;         /* how it came here; RM_NONE: at the door, or down the stack */
    rm_validation validation; /* of that forward */
    rm_mode mode;             /* of the request as it arrives */
    rm_state state;
} rm_hop;

typedef struct rm_trail {
    const rm_admission *admission;
    uint32_t first_entry; /* what the origin sends */
    uint32_t code;
    bool has_code;
    rm_gate deliver, handle;
    rm_authorisation authorisation;
    bool kernel_hop;
    rm_state state; /* of the facts along it so far */
    rm_hop hops[RM_MAX_HOPS];
    uint32_t hop_count;
} rm_trail;

/* So many rows that more would help nobody; said once. */
bool rm_rows_full(rm_derivation *d);

rm_status rm_rows_add(rm_derivation *d, const rm_trail *trail, uint32_t sink) RM_CHECK_RESULT;

/* Ids, order, weakest, the limit on rows, boundaries. */
rm_status rm_rows_finish(rm_derivation *d) RM_CHECK_RESULT;

#endif
