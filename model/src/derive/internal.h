#ifndef MODEL_DERIVE_INTERNAL_H
#define MODEL_DERIVE_INTERNAL_H

#include "base/map.h"
#include "group.h"
#include "model/access.h"
#include "model/derive.h"
#include "model/model.h"

/* What the stages of rm_derive() share. Scratch memory goes when the derivation ends. */

/* Who may use a custom capability, by the SCCDs that were read. */
typedef struct rm_permit {
    bool refused;   /* SCCDs were read and none of them names the app */
    bool unknown;   /* no SCCD that was read says who may use it */
    uint32_t reach; /* R, in thousandths */
    uint32_t row;   /* of model->authorizeds; RM_NONE */
} rm_permit;

/* A token that an app has as far as an SCCD gives it what it declares. */
typedef struct rm_allowance {
    const rm_token *token;
    rm_permit permit;    /* reach 0: none is needed */
    uint32_t capability; /* of model->capabilities, that needs it; RM_NONE */
} rm_allowance;

/* First without custom capabilities, then with those that are permitted, then with all. */
typedef struct rm_allowances {
    rm_allowance at[3];
    uint32_t count;
} rm_allowances;

/* Who sends: a principal, or an app that runs as one. */
typedef struct rm_origin {
    rm_str name;        /* of the principal */
    uint32_t app;       /* RM_NONE: any code that runs as the principal */
    uint32_t principal; /* index of it */
    uint32_t disparity;
    rm_boundary_kind boundary;
    bool own_token;           /* `token` is another than the principal's */
    const rm_token *token;    /* with all that may be in it */
    rm_allowances allowances; /* of an app in an AppContainer; else none */
} rm_origin;

/*
 * One way down through drivers: positions in model->stacks from the top. Ways that differ in the
 * hardware id or architecture alone are one.
 */
typedef struct rm_way {
    const uint32_t *positions;
    uint32_t count;
} rm_way;

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

RM_LIST(rm_ways, rm_way);

/* A device and one of the ways that it stands in. */
typedef struct rm_way_of_device {
    uint32_t device;
    uint32_t way;
} rm_way_of_device;

RM_LIST(rm_ways_of_devices, rm_way_of_device);

/* What an origin gets of a device. */
typedef struct rm_reach {
    rm_access_answer answer;
    rm_via via;
    rm_gate open;  /* the gate: open, unknown, closed */
    rm_gate below; /* does a name below the device open it without a look at the descriptor? */
    rm_state state;
    const rm_security *security; /* that was asked; NULL: not known */
} rm_reach;

enum { RM_MAX_HOPS = 64 };   /* drivers a request may pass: longer chains are cut and said */
enum { RM_MAX_BROKERS = 4 }; /* services that ask each other before a device is opened */
enum { RM_NAMED_CUTS = 4 };  /* doors and codes with too many ways that the note names */

/* A driver that a request passes. */
typedef struct rm_hop {
    uint32_t driver;
    uint32_t entry;           /* RM_NONE: passed on unchanged by a filter */
    uint32_t forward;         /* how it came here; RM_NONE: at the door, or down the stack */
    rm_validation validation; /* of that forward */
    rm_mode mode;             /* of the request as it arrives */
    rm_state state;
} rm_hop;

/* What is kept of a request's way until the row's texts are made. */
typedef struct rm_chain {
    const struct rm_admission *admission;
    const rm_hop *hops;
    rm_hop *own; /* `hops`, where they are the chain's */
    uint32_t hop_count;
    bool kernel_hop;
} rm_chain;

RM_LIST(rm_chains, rm_chain);

RM_LIST(rm_requests, uint32_t); /* entries that tell of what to send */

/* A service that a request passes before a device is opened. */
typedef struct rm_broker {
    uint32_t service;
    bool as_caller;           /* what it asks for, it asks for as whoever asked it */
    rm_validation validation; /* of what it hands on */
} rm_broker;

typedef struct rm_brokers {
    rm_broker at[RM_MAX_BROKERS];
    uint32_t count;
} rm_brokers;

/* Access bits of a handle that was handed over. */
typedef struct rm_carried {
    uint32_t certain;
    uint32_t possible; /* with those that an unknown giver, or descriptor, may have given */
} rm_carried;

typedef struct rm_derivation {
    rm_model *model;
    rm_sink *sink;
    rm_arena *scratch;
    const rm_weights *weights;
    bool all_origins;
    rm_principals principals;
    const rm_security **security; /* by device; NULL: not known */
    /* By door, where it opens another object than the device: its row (RM_NONE: the device's). */
    const rm_security **security_of_door;
    uint32_t *descriptor_of_door;
    rm_reach *reach;            /* by device and principal, as v_access has it */
    rm_group entries_of_driver; /* of each driver by kind, exact codes first, then by code */
    rm_group sinks_of_entry, forwards_of_entry, forwards_of_driver;
    rm_group opens_of_app, opens_of_service, handles_of_app, forwards_of_service, doors_of_service;
    rm_group checks_of_entry, checks_of_driver, doors_of_device, inputs_of_entry;
    rm_ways ways;
    rm_ways_of_devices ways_of_devices;
    rm_group ways_of_device; /* indices into ways_of_devices */
    rm_grants grants;
    rm_group grants_of_app;
    rm_carried *carried;   /* by handle that was handed over */
    rm_map permits;        /* capability to its first row of model->authorizeds */
    uint32_t *next_permit; /* the next row of the same capability; RM_NONE */
    rm_gate
        *kernel_clients; /* by driver: does it take requests that a kernel driver opens it for? */
    rm_gate *impersonation; /* by driver: may it open devices as the client of a request? */
    const bool *leads;      /* by entry: a privileged call lies in it or ahead of it */
    uint32_t *sink_kinds;   /* by sink: equal for those of one class and api */
    uint32_t *severities;   /* by sink kind: S */

    rm_arena *door_scratch; /* what is remembered of the rows of one door */
    rm_map rows;            /* of the door at hand, by what makes them one */
    rm_map rows_of_any;     /* the same without the origin */
    rm_chains chains;       /* by row of model->paths */
    rm_requests requests;   /* that the device `requests_of` takes */
    uint32_t requests_of;
    struct rm_trail *trail; /* the request on its way */
    bool lean;              /* above the limit: only the rows that the contract keeps */
    bool said_full;
    uint32_t visits;      /* handlers entered across forwards by the request at hand */
    uint32_t most_visits; /* that it may have */
    uint32_t door_visits; /* of all requests of the door at hand */
    uint32_t deepest;     /* hops that are followed of the request at hand */
    bool cut;             /* it has more ways than that */
    rm_map cuts;          /* doors and codes of which that was so */
    rm_str cut_names;     /* the first few of them */
    uint32_t cut_deep;    /* chains cut for their length */
    uint32_t cut_wide;    /* doors and codes with more ways than were followed */
} rm_derivation;

/*
 * admit.c: is the door worth a row of its own? The NT name only where no link or interface leads
 * to the device: both open the same object, and a second row would say nothing new.
 */
bool rm_adds_a_door(const rm_derivation *d, uint32_t door);

/* index.c */
rm_status rm_derivation_index(rm_derivation *d) RM_CHECK_RESULT;
rm_status rm_index_sinks(rm_derivation *d) RM_CHECK_RESULT; /* again, after more were added */

/* The handlers of a driver that are of one kind: from exact to any in entries_of_driver.order. */
typedef struct rm_handlers {
    uint32_t exact; /* first with a code, in their order */
    uint32_t vague; /* first whose code is not known, or of a kind without codes */
    uint32_t any;   /* first that takes every code */
    uint32_t end;
} rm_handlers;

rm_handlers rm_handlers_of(const rm_derivation *d, uint32_t driver, rm_entry_kind kind);

/* The first and the end of those among the exact ones that take `code`. */
void rm_handlers_exact(const rm_derivation *d, const rm_handlers *h, uint32_t code, uint32_t *first,
                       uint32_t *end);

/* ways.c: the stacks. */
rm_status rm_derive_ways(rm_derivation *d) RM_CHECK_RESULT;

/* Does a filter of this kind pass on what it does not handle? */
bool rm_passes_on(rm_stack_how how);

/* leads.c: fills `leads`, so that the walk enters only what comes to something. */
rm_status rm_derive_leads(rm_derivation *d) RM_CHECK_RESULT;

/* reach.c */
/* Through a door; RM_NONE, or one without a descriptor of its own: as the device. */
rm_status rm_reach_door(rm_derivation *d, uint32_t door, uint32_t device, const rm_token *token,
                        rm_reach *out) RM_CHECK_RESULT;

rm_status rm_reach_device(rm_derivation *d, uint32_t device, const rm_token *token,
                          rm_reach *out) RM_CHECK_RESULT;

/* The same for a principal, asked once. */
const rm_reach *rm_reach_of(const rm_derivation *d, uint32_t device, uint32_t principal);

/* Can a handle with all of these bits be had? `reach` is the answer for the same token. */
rm_status rm_reach_bits(rm_derivation *d, const rm_token *token, const rm_reach *reach,
                        uint32_t bits, rm_gate *out) RM_CHECK_RESULT;

/* Fills model->accesses. */
rm_status rm_derive_access(rm_derivation *d) RM_CHECK_RESULT;

/*
 * The same through an interface whose capability list, or whose class in a DeviceCapability, stands
 * in for the package part of the check: what the app's user may do bounds it. An AppContainer is
 * low, but not stopped by a label up to medium. How Windows enforces the list is not documented:
 * derived. *out is left alone where the descriptor itself admits the token.
 */
rm_status rm_reach_by_capability(rm_derivation *d, uint32_t door, uint32_t device,
                                 const rm_token *token, rm_reach *out) RM_CHECK_RESULT;

/* grants.c */

/* Fills d->grants, and gives the handlers that they lead to an end (endings.c). */
rm_status rm_derive_grants(rm_derivation *d) RM_CHECK_RESULT;

/* For an app's family name; an empty one stands for code that was given the capability. */
rm_permit rm_permit_of(const rm_derivation *d, rm_str capability, rm_str family);

/* For code that was given all that a list of an interface names: the easiest of them. */
rm_permit rm_permit_of_list(const rm_derivation *d, rm_str capabilities);

/* endings.c: a handler that an app may call and that leads to nothing privileged is an end too. */
rm_status rm_derive_endings(rm_derivation *d) RM_CHECK_RESULT;

/* handles.c: fills d->carried. */
rm_status rm_derive_handles(rm_derivation *d) RM_CHECK_RESULT;

/* origins.c: the principals without an app, then each app with its own token. */
RM_LIST(rm_origins, rm_origin);
rm_status rm_derive_origins(rm_derivation *d, rm_origins *out) RM_CHECK_RESULT;

/* What an app's token is, by what SCCDs permit; `full` has all that its manifest declares. */
rm_status rm_allowances_of(const rm_derivation *d, uint32_t app, const rm_token *full,
                           rm_allowances *out) RM_CHECK_RESULT;

/* Whom a driver's checks ask: who sends, and what the handle is that the request comes on. */
typedef struct rm_asked {
    const rm_token *token;
    uint32_t available;    /* access bits that the handle can carry, */
    uint32_t possible;     /* and with those that it may */
    bool opened_by_others; /* create is behind it: a giver, or a driver in kernel mode, passed it */
} rm_asked;

/* Does the sender of the forward open its target, by a name or as it can, instead of its stack? */
bool rm_opens_target(const rm_forward *f);

/* walk.c: is it a UMDF driver that opens the target while it acts for the client of a request? */
bool rm_opens_as_caller(const rm_model *m, uint32_t driver, const rm_forward *f);

/*
 * authorise.c: does a check of the driver close the entry? `mode` is the requestor mode of the
 * request as it arrives. `by`, where it is not NULL, gets the check that says so; RM_NONE: none.
 */
rm_authorisation rm_authorise(const rm_derivation *d, uint32_t entry, const rm_asked *asked,
                              rm_mode mode, uint32_t *by);

/* admit.c, brokers.c: who comes in where. */
struct rm_admission;
rm_status rm_admit_any_code(rm_derivation *d, const rm_origins *origins) RM_CHECK_RESULT;
rm_status rm_admit_app(rm_derivation *d, const rm_origin *app) RM_CHECK_RESULT;
/* `state` is that of the caller's open. */
rm_status rm_through_service(rm_derivation *d, const rm_origin *caller, uint32_t service,
                             rm_str target, rm_state state) RM_CHECK_RESULT;
struct rm_admission rm_admission_of(const rm_derivation *d, const rm_origin *o, uint32_t door,
                                    uint32_t device);
/* Tries a door with the origin's token; a closed gate ends it there. */
rm_status rm_try_door(rm_derivation *d, struct rm_admission *admission) RM_CHECK_RESULT;
/* The principal that a service's account is; RM_NONE: an account we know nothing of. */
uint32_t rm_principal_of_account(const rm_derivation *d, rm_str account);

/* walk.c: everything that a request from `origin` through `door` can reach. */

typedef struct rm_admission {
    const rm_origin *origin; /* whose token opens the device */
    const rm_token *token;   /* of it, that is asked */
    rm_str caller;           /* the principal that sends: another than origin's behind a service */
    uint32_t app;            /* of the caller */
    uint32_t disparity;      /* D of the caller at what it crosses first */
    uint32_t door;
    uint32_t device;
    rm_reach reach;
    rm_gate bits[4];  /* can a handle with these of FILE_READ_DATA and FILE_WRITE_DATA be had? */
    bool handed_over; /* a handle: `mask` instead of an access check */
    uint32_t mask;    /* with bits that it may have; `certain`: that it has */
    uint32_t certain;
    rm_str from;           /* who handed it over */
    const rm_grant *grant; /* why the app may; NULL: it opens the door, or any code does */
    rm_permit permit;      /* of the custom capability; reach 0: none is needed */
    rm_brokers brokers;    /* between the caller and the device, the first one asked first */
    rm_state state;        /* of the open, the door, the descriptor */
} rm_admission;

rm_status rm_walk_door(rm_derivation *d, const rm_admission *admission) RM_CHECK_RESULT;

/* requests.c: fills `requests` with what the device takes; kept until the next device. */
rm_status rm_requests_collect(rm_derivation *d, uint32_t device) RM_CHECK_RESULT;

/* rows.c: the rows of v_path. */

typedef struct rm_trail {
    const rm_admission *admission;
    const rm_way *way;    /* the stack it is in; NULL: none */
    uint32_t first_entry; /* what the origin sends */
    rm_gate deliver, handle;
    rm_asked asked;
    rm_authorisation authorisation;
    bool kernel_hop;
    rm_state state; /* of the facts along it so far */
    rm_hop hops[RM_MAX_HOPS];
    uint32_t hop_count;
} rm_trail;

/* So many rows that more would help nobody; said once. */
bool rm_rows_full(rm_derivation *d);

/* The rows of one door, or one app, come between these two. */
rm_status rm_rows_begin(rm_derivation *d) RM_CHECK_RESULT;
void rm_rows_end(rm_derivation *d);

rm_status rm_rows_add(rm_derivation *d, const rm_trail *trail, uint32_t sink) RM_CHECK_RESULT;

/* How many services stand between, with a token of their own? */
uint32_t rm_services_between(const rm_admission *a);

enum { RM_MAX_WORDS = RM_MAX_HOPS + RM_MAX_BROKERS + 1 };

/* What the row's score is made of. The words live in `words`. */
void rm_score_input_of(const rm_derivation *d, const rm_chain *chain, const rm_path *path,
                       rm_validation words[RM_MAX_WORDS], rm_score_input *out);

/* texts.c: texts, steps, ids and order. */
rm_status rm_rows_finish(rm_derivation *d) RM_CHECK_RESULT;

#endif
