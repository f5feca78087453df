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
    rm_map rows; /* made so far, by what makes them one */
    bool said_full;
    uint32_t visits; /* handlers entered from the door at hand */
} rm_derivation;

/* index.c */
rm_status rm_derivation_index(rm_derivation *d) RM_CHECK_RESULT;

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
    rm_str from;      /* who handed it over */
    uint32_t service; /* a broker between origin and device; RM_NONE */
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
