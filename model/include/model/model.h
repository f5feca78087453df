#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include "base/diag.h"
#include "base/list.h"
#include "base/str.h"
#include "model/sid.h"
#include "model/vocabulary.h"

/*
 * The model: what was read (facts), and what follows from it (derived). One struct for each public
 * view of the contract; a field has the name of its column.
 *
 * Ownership: everything, texts included, lives in the model's arena. Extractors push facts and
 * copy what they keep. References between entities are indices into the lists (RM_NONE: none,
 * printed as NULL); indices stay valid while facts are pushed, pointers into lists do not.
 * `id` fields are empty until rm_model_link() fills them from what a thing is.
 *
 * Texts are stored as the source means them and are hostile; writers neutralise them.
 */

/*
 * Where a fact was read: path relative to the scanned root, with '/'. line 0: the whole file. The
 * path is borrowed and outlives the model (it is the artifact's, or lives in the model's arena).
 */
typedef rm_loc rm_place;

/* ---- what was read ---- */

typedef struct rm_artifact {
    rm_str id;
    rm_str path;
    rm_artifact_kind kind;
    rm_str sha256; /* lower-case hex */
    uint64_t bytes;
    rm_str encoding;
    bool used; /* a fact came from it */
} rm_artifact;

typedef struct rm_diagnostic {
    rm_place place;
    rm_level level;
    rm_str id;
    rm_str message;
} rm_diagnostic;

typedef struct rm_driver {
    rm_str id;
    rm_str name;
    rm_framework framework;
    rm_driver_mode mode;
    rm_role role;
    rm_str service;
    rm_str start_type; /* boot system auto demand disabled, or empty */
    rm_str inf;        /* path of the INF that installs it */
    rm_state state;
    rm_str unit; /* folder or project it was read from; keeps drivers of one name apart */
    rm_place place;
} rm_driver;

typedef struct rm_install {
    rm_str id;
    rm_str inf;
    rm_str model; /* the device description */
    rm_str hwid;
    rm_str arch; /* x86 amd64 arm arm64 or empty */
    rm_str section;
    uint32_t driver; /* function driver */
    rm_str class_guid;
    rm_str id_kind; /* of hwid: hardware or compatible; empty: [DefaultInstall], which has none */
    rm_place place;
} rm_install;

typedef struct rm_service {
    rm_str id;
    rm_str name;
    rm_str kind; /* kernel filesystem own_process share_process … as in the INF's type */
    rm_str start_type;
    rm_str account; /* LocalSystem, NT AUTHORITY\LocalService, … */
    rm_str sddl;
    rm_str inf;
    uint32_t driver;   /* the driver it runs, if it is a driver's */
    bool impersonates; /* opens devices as its caller */
    rm_str sid_type;   /* none unrestricted restricted; empty: not told */
    rm_str sid;        /* of NT SERVICE\name; of a driver's none. Set by rm_model_link() */
    rm_state state;
    rm_place place;
} rm_service;

typedef struct rm_device {
    rm_str id;
    uint32_t driver;
    rm_str nt_name; /* empty: none or not known */
    rm_created created_by;
    bool filter;              /* a filter device object: its own descriptor is not the door */
    bool pnp;                 /* part of a PnP stack: the registry's descriptor applies */
    bool name_unknown;        /* it has a name, computed at run time */
    uint32_t device_type;     /* FILE_DEVICE_… number; 0 unknown */
    uint32_t characteristics; /* given in code, ORed with the INF's by rm_model_link() */
    bool characteristics_known;
    rm_tri secure_open;    /* effective */
    rm_tri exclusive;      /* effective */
    uint32_t descriptor;   /* the effective one; RM_NONE: unknown. Set by rm_model_link() */
    rm_str class_guid;     /* the DeviceClassGuid argument, or the interface class in facts */
    rm_str alias;          /* what facts files call a device that has no NT name */
    rm_device_reach reach; /* told by facts files alone */
    rm_state state;
    rm_place place;
} rm_device;

typedef struct rm_descriptor {
    rm_str id;
    rm_subject subject_kind;
    uint32_t subject; /* index of the device, door (interface) or service; RM_NONE for the rest */
    rm_str subject_name;
    rm_str sddl;      /* as written, strings substituted, SDDL_DEVOBJ_* expanded */
    rm_str canonical; /* empty when it cannot be parsed */
    rm_sddl_source source;
    bool effective;
    uint32_t outranked_by; /* descriptor */
    rm_str condition;      /* "#if FOO", "model X", "registry" … when it is one of several */
    rm_state state;
    rm_place place;
} rm_descriptor;

typedef struct rm_door {
    rm_str id;
    uint32_t device;  /* RM_NONE for a service's door */
    uint32_t service; /* RM_NONE for a device's door */
    rm_door_kind kind;
    rm_str name; /* as the source has it: \DosDevices\X, {guid}, \Device\X */
    rm_str class_guid;
    rm_str capabilities; /* unrestricted app capabilities, joined by ' ' */
    rm_tri restricted;   /* an interface that its driver restricts; NO where nothing says so */
    rm_str driver_name, device_name, service_name; /* facts: whose door, until linked */
    rm_state state;
    rm_place place;
} rm_door;

typedef struct rm_stack_position {
    rm_str id;
    rm_str hwid;
    rm_str arch;
    uint32_t position; /* 1 = top */
    uint32_t device;   /* RM_NONE: the driver is known, not its device object */
    uint32_t driver;
    rm_str device_name; /* facts: device or driver by name, until linked */
    rm_str inf;         /* that installs it: one id may have several, as alternatives */
    rm_str altitude;    /* of a minifilter */
    rm_stack_how how;
    rm_state order_state;
    rm_state state;
    rm_place place;
} rm_stack_position;

typedef struct rm_entry {
    rm_str id;
    uint32_t driver;
    uint32_t device;    /* RM_NONE: which of the driver's devices is not known */
    rm_str device_name; /* facts: the device by name, until linked */
    rm_entry_kind kind;
    rm_str name;   /* of the code, or IRP_MJ_CREATE, EvtIoRead … */
    bool has_code; /* kind ioctl, internal_ioctl, fsctl: a value is known */
    bool any_code; /* a handler or default branch that takes every code (a pass-through) */
    uint32_t code;
    bool answers;   /* data goes back: an output buffer is filled */
    rm_str handler; /* function */
    rm_state state;
    rm_place place;
} rm_entry;

typedef struct rm_ioctl {
    rm_str id;
    uint32_t driver; /* RM_NONE: no driver includes its file */
    uint32_t device;
    rm_str name;
    bool has_code; /* false: cannot be evaluated; a diagnostic says why */
    uint32_t code;
    rm_str handler;
    bool handled;
    rm_place place; /* of the definition */
} rm_ioctl;

typedef struct rm_input {
    rm_str id;
    uint32_t entry;
    rm_str name; /* Address, SystemBuffer->Reg, … */
    rm_str type;
    rm_buffer buffer;
    rm_validation validation;
    rm_str reason;
    rm_state state;
    rm_place place;
    rm_str member; /* IN1.Reg: the structure and its member; empty where none is known */
    bool has_offset;
    uint32_t offset; /* bytes from the buffer's start, or from where an embedded pointer leads */
    uint32_t size;   /* in bytes; 0: not known */
    rm_str text;     /* the source line, trimmed */
} rm_input;

typedef struct rm_check {
    rm_str id;
    uint32_t entry; /* RM_NONE with at = create: guards every entry of `driver` */
    uint32_t sink;  /* RM_NONE: guards the whole entry */
    uint32_t driver;
    rm_check_kind kind;
    rm_str argument; /* what is asked: a privilege, access bits, a group's SID, a value's name */
    rm_check_at at;
    rm_tri well_formed;
    rm_tri dominates;
    rm_tri can_refuse;
    rm_state state;
    rm_place place;
    rm_str reason; /* why it counts, or does not */
    rm_str text;   /* the source line, trimmed */
} rm_check;

typedef struct rm_sink_call {
    rm_str id;
    uint32_t entry;
    rm_str class_name; /* of model/sinks.h */
    rm_str api;
    rm_str argument; /* the constrained ones that carry caller data, joined by ", " */
    rm_validation validation;
    rm_str reason;
    rm_str text;     /* the source line, trimmed */
    rm_str function; /* that holds the call */
    bool ending;     /* no privileged call: where the way of an app ends (rm_derive()) */
    rm_state state;
    rm_place place;
} rm_sink_call;

/*
 * A step of an entry's flow: how its request comes to an operation. Steps of one entry stand
 * together, in the order in which the code runs; a step that several operations share has the same
 * number in each.
 */
typedef struct rm_flow_step {
    uint32_t entry;
    uint32_t sink;   /* that it leads to; RM_NONE: none that it changes */
    uint32_t number; /* in its entry, from 1 */
    rm_flow_kind kind;
    rm_str what;   /* a function, a value, a check, an operation */
    rm_tri counts; /* of a guard */
    rm_str reason; /* of a guard: why; of a value: what it is */
    rm_str text;   /* the source line, trimmed */
    rm_place place;
} rm_flow_step;

typedef struct rm_forward {
    rm_str id;
    uint32_t from_driver; /* RM_NONE when from_service is set */
    uint32_t from_service;
    uint32_t entry; /* RM_NONE: every entry of from_driver */
    uint32_t to_driver;
    uint32_t to_device;
    rm_str to_driver_name; /* facts: the target's driver by name, until linked */
    rm_entry_kind to_entry_kind;
    int64_t code_sent; /* RM_CODE_RECEIVED, RM_CODE_CHOSEN, or the number */
    rm_str target;     /* as found: \Device\X, {guid}, "next lower", "parent queue", "any device" */
    rm_found how_found;
    rm_str via_api;
    bool new_irp;
    rm_mode_after requestor_mode_after;
    rm_tri carries_user_data;
    rm_validation validation;
    rm_str reason;
    rm_str text;
    rm_state state;
    rm_place place;
} rm_forward;

#define RM_CODE_RECEIVED ((int64_t)-2) /* NULL in the view: the received one */
/*
 * The target of what a PDO's driver hands to the queue of its parent's device: a device of the same
 * driver, whose handlers are told of at the entry itself.
 */
#define RM_PARENT_QUEUE "parent queue"

#define RM_CODE_CHOSEN ((int64_t)-1) /* chosen by the caller */

typedef struct rm_app {
    rm_str id;
    rm_str package;   /* identity name; empty for a Win32 program */
    rm_str name;      /* application id, or the program's file name */
    rm_str principal; /* name of model/principal.h, or of a team's own */
    rm_str trust_level;
    rm_str execution_level;
    rm_str family_name;
    rm_str package_sid;
    rm_str executable; /* of a package's application, as its manifest has it */
    rm_state state;
    rm_place place;
} rm_app;

typedef struct rm_capability {
    uint32_t app;
    rm_str name;
    rm_capability_kind kind;
    rm_str sid;
    rm_str devices;   /* of a DeviceCapability: Id of each <Device>, joined by " | " */
    rm_str functions; /* the functions of each, joined by "; ", in the same order by " | " */
    rm_place place;
} rm_capability;

typedef struct rm_authorized {
    rm_str capability;
    bool allow_any;
    rm_str family_name;
    rm_str cert_hash;
    bool developer_mode;
    bool unsigned_catalog; /* the SCCD holds a placeholder for its signed catalog */
    rm_place place;
} rm_authorized;

/*
 * A way for data of others into an app: a protocol, a file type, a COM class, … Kinds are words of
 * the manifest reader (docs/apps.md).
 */
typedef struct rm_app_entry {
    uint32_t app; /* whose process takes it; RM_NONE: not among the rows of apps */
    rm_str kind;
    rm_str name;    /* the protocol, the file type, the class id */
    rm_str program; /* executable or class that takes it; empty: the application's */
    rm_place place;
} rm_app_entry;

/* An app or a service opens a device: declared in facts, or found in its sources. */
typedef struct rm_open {
    uint32_t app; /* one of the two, the other RM_NONE */
    uint32_t service;
    rm_str app_name; /* facts: Name or Package!Name of `app`, until linked */
    rm_str target;   /* name of a device, door, driver or service */
    uint32_t device; /* set by rm_model_link(); RM_NONE: not in the model */
    uint32_t to_service;
    bool as_caller; /* a service opens it with its caller's token */
    bool call;      /* a pipe, RPC or COM: stays only where a service has that door */
    rm_state state;
    rm_place place;
} rm_open;

/* A handle handed over: a door without a DACL check, with at most the giver's mask. */
typedef struct rm_handle {
    rm_str from; /* app or service */
    rm_str to;   /* app */
    rm_str device_name;
    uint32_t app;    /* `to`, set by rm_model_link() */
    uint32_t device; /* likewise */
    uint32_t mask;
    rm_state state;
    rm_place place;
} rm_handle;

/* A value of a device's registry key that an INF sets: Security, DeviceCharacteristics, … */
typedef struct rm_registry_setting {
    uint32_t driver; /* whose device; RM_NONE for a class */
    rm_str class_guid;
    rm_str hwid;
    bool class_level;
    bool creates_class; /* the INF creates the class: only then a class setting is a fact */
    rm_str sddl;
    bool has_sddl;
    uint32_t characteristics;
    bool has_characteristics;
    uint32_t device_type;
    bool has_device_type;
    rm_tri exclusive;
    rm_str condition;
    rm_state state;
    rm_place place;
} rm_registry_setting;

/*
 * A directive of an INF that no other fact holds, for the rules on packages: the entries of
 * [Version] and [DestinationDirs], UMDF directives, components, software, service privileges.
 */
typedef struct rm_directive {
    rm_str inf;
    uint32_t driver; /* whose it is; RM_NONE: the package's */
    rm_str section;
    rm_str name;  /* as the documentation spells it, or as written */
    rm_str value; /* fields joined by ", " */
    rm_place place;
} rm_directive;

/* Something that a driver's sources do, where no entry, check or operation tells of it. */
typedef struct rm_observation {
    uint32_t driver;
    rm_observed kind;
    rm_str function; /* that does it */
    rm_str subject;  /* the routine or value that it is about */
    rm_str text;     /* the source line, trimmed */
    rm_place place;
} rm_observation;

/* A validation confirmed by a team: facts files, "confirm". */
typedef struct rm_confirmation {
    rm_str driver, device, entry, input, sink;
    rm_validation validation;
    rm_str who, why;
    bool used; /* set by rm_model_link() */
    rm_place place;
} rm_confirmation;

/* What a team declares differs from what was read, or from what another file declares. */
typedef struct rm_conflict {
    rm_str subject; /* the name of what it is about */
    rm_str text;
    rm_place told; /* the declaration */
    rm_place read; /* what it differs from */
} rm_conflict;

/* ---- what follows ---- */

/*
 * One row of the table that paths were scored with (ontology 4.3), in thousandths: D by principal,
 * R, S by class, V by word, c by cause.
 */
typedef struct rm_weight {
    rm_str factor; /* D R S V c */
    rm_str name;
    uint32_t value;
    uint32_t standard; /* what it is when nobody says otherwise */
} rm_weight;

/*
 * What a scan was given that is no artifact, so that later questions are asked of the same:
 * "domain_sid", "principals" (the text of the file), "principals_file" (its name).
 */
typedef struct rm_given_value {
    rm_str name;
    rm_str value;
} rm_given_value;

typedef struct rm_access {
    rm_subject subject_kind;
    uint32_t subject; /* device (and port), door of an interface, service, descriptor of a key */
    rm_str principal;
    uint32_t mask;
    uint32_t win32_mask;
    bool dacl_grants; /* a bit that does not come from ownership or privileges alone */
    rm_via via;
    rm_state state;
} rm_access;

typedef struct rm_boundary {
    rm_str id;
    rm_boundary_kind kind;
    rm_str from_level, to_level, from_node, to_node;
} rm_boundary;

typedef struct rm_step {
    rm_step_kind kind;
    rm_str node; /* id of the entity it is about, or a principal's name */
    rm_str boundary;
    rm_validation validation;
    rm_mode requestor_mode;
    rm_str evidence; /* source line or descriptor */
    rm_str text;     /* the step in words */
    rm_place place;
} rm_step;

RM_LIST(rm_steps, rm_step);

typedef struct rm_path {
    rm_str id;
    rm_str origin; /* a principal */
    uint32_t app;  /* RM_NONE: any code that runs as that principal */
    uint32_t door;
    uint32_t device; /* the first driver's */
    uint32_t entry;  /* what the origin sends at the door; RM_NONE where a service stands between */
    rm_str drivers;  /* joined by " > " */
    uint32_t hops;
    rm_str boundaries;
    uint32_t sink;
    rm_validation validation;
    uint32_t score;
    rm_severity severity;
    bool weakest;
    rm_gate gate_open, gate_name, gate_deliver, gate_handle;
    rm_authorisation authorisation;
    rm_mode requestor_mode;
    rm_confidence confidence;
    rm_state state;
    rm_str summary;
    rm_str score_text; /* the sentence of its factors */
    rm_str cvss;       /* a CVSS 4.0 vector for a ticket */
    bool waived;       /* by a policy (model/policy.h) */
    rm_steps steps;
} rm_path;

/* A place that a finding stands on: one of its codes, calls or ACEs. */
typedef struct rm_evidence {
    rm_str text; /* what is there: a code's name, a source line, a descriptor */
    rm_place place;
} rm_evidence;

RM_LIST(rm_evidences, rm_evidence);

/* One for each cause: what one change mends is one finding, whatever the number of places. */
typedef struct rm_finding {
    rm_str id;
    rm_str rule;
    rm_severity severity;
    rm_str subject;
    rm_str subject_id; /* of the entity it is about */
    rm_str message;
    rm_confidence confidence;
    uint32_t path; /* its worst path, or RM_NONE */
    bool waived;
    rm_str fix;
    rm_str part_of; /* id of the finding whose fix mends this one too; empty: it stands alone */
    rm_evidences places; /* `place` is one of them */
    rm_place place;
} rm_finding;

/* A rule could not be decided about something: evidence is missing. Counted, not shouted. */
typedef struct rm_undecided {
    rm_str rule;
    rm_str subject;
    rm_str subject_id;
    rm_str reason;
    rm_place place;
} rm_undecided;

/* A rule as it was applied: the program's own and a team's. */
typedef struct rm_rule_row {
    rm_str id, title, statement;
    rm_severity severity;
    rm_str cwe, stride, source;
    rm_str evidence; /* what it looks at: INF, SDDL, HDR, SRC, MAN, GRAPH, HUMAN */
    rm_rule_kind kind;
    bool enabled;
    uint32_t subjects; /* that it looked at */
} rm_rule_row;

RM_LIST(rm_artifacts, rm_artifact);
RM_LIST(rm_diagnostics, rm_diagnostic);
RM_LIST(rm_drivers, rm_driver);
RM_LIST(rm_installs, rm_install);
RM_LIST(rm_services, rm_service);
RM_LIST(rm_devices, rm_device);
RM_LIST(rm_descriptors, rm_descriptor);
RM_LIST(rm_doors, rm_door);
RM_LIST(rm_stack_positions, rm_stack_position);
RM_LIST(rm_entries, rm_entry);
RM_LIST(rm_ioctls, rm_ioctl);
RM_LIST(rm_inputs, rm_input);
RM_LIST(rm_checks, rm_check);
RM_LIST(rm_sink_calls, rm_sink_call);
RM_LIST(rm_flow_steps, rm_flow_step);
RM_LIST(rm_forwards, rm_forward);
RM_LIST(rm_apps, rm_app);
RM_LIST(rm_capabilities, rm_capability);
RM_LIST(rm_authorizeds, rm_authorized);
RM_LIST(rm_app_entries, rm_app_entry);
RM_LIST(rm_opens, rm_open);
RM_LIST(rm_handles, rm_handle);
RM_LIST(rm_registry_settings, rm_registry_setting);
RM_LIST(rm_directives, rm_directive);
RM_LIST(rm_observations, rm_observation);
RM_LIST(rm_confirmations, rm_confirmation);
RM_LIST(rm_given_values, rm_given_value);
RM_LIST(rm_weight_table, rm_weight);
RM_LIST(rm_conflicts, rm_conflict);
RM_LIST(rm_accesses, rm_access);
RM_LIST(rm_boundaries, rm_boundary);
RM_LIST(rm_paths, rm_path);
RM_LIST(rm_findings, rm_finding);
RM_LIST(rm_undecideds, rm_undecided);
RM_LIST(rm_rule_rows, rm_rule_row);

/* X(enumerator, list): what was read, in the order in which it is stored. */
#define RM_FACT_LIST(X)                                                                            \
    X(ARTIFACTS, artifacts)                                                                        \
    X(DIAGNOSTICS, diagnostics)                                                                    \
    X(DRIVERS, drivers)                                                                            \
    X(INSTALLS, installs)                                                                          \
    X(SERVICES, services)                                                                          \
    X(DEVICES, devices)                                                                            \
    X(DESCRIPTORS, descriptors)                                                                    \
    X(DOORS, doors)                                                                                \
    X(STACKS, stacks)                                                                              \
    X(ENTRIES, entries)                                                                            \
    X(IOCTLS, ioctls)                                                                              \
    X(INPUTS, inputs)                                                                              \
    X(CHECKS, checks)                                                                              \
    X(SINKS, sinks)                                                                                \
    X(FLOW_STEPS, flow_steps)                                                                      \
    X(FORWARDS, forwards)                                                                          \
    X(APPS, apps)                                                                                  \
    X(CAPABILITIES, capabilities)                                                                  \
    X(AUTHORIZEDS, authorizeds)                                                                    \
    X(APP_ENTRIES, app_entries)                                                                    \
    X(OPENS, opens)                                                                                \
    X(HANDLES, handles)                                                                            \
    X(SETTINGS, settings)                                                                          \
    X(DIRECTIVES, directives)                                                                      \
    X(OBSERVATIONS, observations)                                                                  \
    X(CONFIRMATIONS, confirmations)                                                                \
    X(CONFLICTS, conflicts)

typedef struct rm_model {
    rm_arena *arena;
    const rm_sid *domain; /* what DA, DU, LA and the like hang below; NULL: they match nobody */
    rm_artifacts artifacts;
    rm_diagnostics diagnostics;
    rm_drivers drivers;
    rm_installs installs;
    rm_services services;
    rm_devices devices;
    rm_descriptors descriptors;
    rm_doors doors;
    rm_stack_positions stacks;
    rm_entries entries;
    rm_ioctls ioctls;
    rm_inputs inputs;
    rm_checks checks;
    rm_sink_calls sinks;
    rm_flow_steps flow_steps;
    rm_forwards forwards;
    rm_apps apps;
    rm_capabilities capabilities;
    rm_authorizeds authorizeds;
    rm_app_entries app_entries;
    rm_opens opens;
    rm_handles handles;
    rm_registry_settings settings;
    rm_directives directives;
    rm_observations observations;
    rm_confirmations confirmations;
    rm_conflicts conflicts; /* rules make findings of them */
    rm_accesses accesses;
    rm_boundaries boundaries;
    rm_paths paths;
    rm_findings findings;
    rm_undecideds undecided;
    rm_rule_rows rules;      /* that were applied */
    rm_weight_table weights; /* what the paths were scored with, set by rm_derive() */
    rm_given_values givens;
    struct rm_model *read; /* the facts before they were linked, for rm_merge(); NULL: not kept */
} rm_model;

/* NULL when memory is short. `limit` bounds the model's arena. Free with rm_model_free(). */
rm_model *rm_model_new(size_t limit);
void rm_model_free(rm_model *model); /* NULL is fine */

/*
 * The driver of that name (ASCII case ignored) read from that unit, made when there is none yet.
 * A driver made with an empty unit (by an INF, a facts file) and one with a unit are one and the
 * same as long as the name belongs to a single unit. New ones have the place given.
 */
rm_status rm_model_driver(rm_model *model, rm_str name, rm_str unit, rm_place place,
                          uint32_t *index) RM_CHECK_RESULT;

/*
 * Fills what is not known of a driver with what `from` tells of it. A framework that differs is a
 * contradiction where `from` is a declaration.
 */
rm_status rm_model_fill_driver(rm_model *model, rm_sink *sink, uint32_t driver,
                               const rm_driver *from) RM_CHECK_RESULT;

/*
 * Adds a driver that another model was read with: the one that rm_model_driver() finds, with what
 * both know; what an INF tells goes before what sources tell, that before what is declared.
 */
rm_status rm_model_join_driver(rm_model *model, rm_sink *sink, const rm_driver *driver,
                               uint32_t *index) RM_CHECK_RESULT;

/*
 * The device that a name means: its NT name, the name of one of its doors (link, interface class,
 * port), or its driver's name where that driver has a single device. RM_NONE: none.
 */
uint32_t rm_model_find_device(const rm_model *model, rm_str name);

/* Keeps a contradiction and says it, as a warning at the declaration. */
rm_status rm_model_conflict(rm_model *model, rm_sink *sink, rm_str subject, rm_place told,
                            rm_place read, const char *fmt, ...) RM_CHECK_RESULT RM_PRINTF(6, 7);

/* What the scan was given under that name; empty: nothing. */
rm_str rm_model_given(const rm_model *model, const char *name);
rm_status rm_model_give(rm_model *model, const char *name, rm_str value) RM_CHECK_RESULT;

/* The device of a driver that has a single one; else RM_NONE. */
uint32_t rm_model_only_device(const rm_model *model, uint32_t driver);

/* By name, ASCII case ignored; RM_NONE: none. A package!App or the bare App for apps. */
uint32_t rm_model_find_driver(const rm_model *model, rm_str name);
uint32_t rm_model_find_service(const rm_model *model, rm_str name);
uint32_t rm_model_find_app(const rm_model *model, rm_str name);

/*
 * Puts the facts in the order of their places and keeps them so in model->read: its lists are the
 * model's own from then on, its texts are shared. Models that were scanned apart are merged from
 * these, since what linking makes of facts depends on all of them. To be called once, before
 * rm_model_link().
 */
rm_status rm_model_keep_read(rm_model *model) RM_CHECK_RESULT;

/*
 * Makes one whole of the facts: names to indices, INF settings to devices, the descriptor and the
 * secure-open state that win (ontology 1.1), defaults, ids; sorts every list by id so that the
 * order of reading leaves no trace. Contradictions go to `sink` and become state conflicting.
 */
rm_status rm_model_link(rm_model *model, rm_sink *sink) RM_CHECK_RESULT;

/*
 * Names of kernel objects as one: \??\X, \DosDevices\X, \GLOBAL??\X, \\.\X and \DosDevices\Global\X
 * compare equal, case ignored.
 */
bool rm_object_name_eq(rm_str a, rm_str b);

/* The name without those prefixes, borrowed from `name`. */
rm_str rm_object_name_bare(rm_str name);

#endif
