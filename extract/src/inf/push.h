#ifndef EXTRACT_INF_PUSH_H
#define EXTRACT_INF_PUSH_H

#include "inf/package.h"

/*
 * From what a package says to facts of the model. Texts are copied into the model's arena.
 * Private to the INF reader.
 */

/* A driver that is known by the name of its service only, until all files are read. */
typedef enum rm_inf_awaits {
    RM_INF_AWAITS_INSTALL,
    RM_INF_AWAITS_STACK,
    RM_INF_AWAITS_DEVICE, /* by hardware id: an extension adds to what another INF installs */
    RM_INF_AWAITS_SETTING,
} rm_inf_awaits;

typedef struct rm_inf_pending {
    rm_inf_awaits what;
    uint32_t index; /* in the list of the model that `what` says */
    rm_str key;     /* service or hardware id */
    rm_place place;
} rm_inf_pending;

RM_LIST(rm_inf_pendings, rm_inf_pending);

/* The order of a stack's members while positions are not given out: smaller is nearer the top. */
typedef struct rm_inf_rank {
    uint32_t stack;              /* in model->stacks */
    uint32_t side;               /* RM_INF_SIDE_… */
    uint32_t level_order;        /* within the side: by level */
    uint32_t order;              /* within the level */
    bool extension;              /* joins the stacks that other INFs have for its id */
    rm_str class_guid;           /* of the package */
    rm_str joins;                /* of a class-wide filter: the class whose stacks it joins */
    rm_str level;                /* that a filter asks for */
    bool open;                   /* an INF that was not read may put others beside it */
    bool left_out;               /* asks for a level that the device's INF does not have */
    const rm_inf_levels *levels; /* of the function driver's INF; NULL: it has none */
} rm_inf_rank;

RM_LIST(rm_inf_ranks, rm_inf_rank);

enum {
    RM_INF_SIDE_CLASS_UPPER,
    RM_INF_SIDE_UPPER,
    RM_INF_SIDE_FUNCTION,
    RM_INF_SIDE_CLASS_LOWER,
    RM_INF_SIDE_LOWER,
};

typedef struct rm_inf_push {
    rm_model *model;
    rm_sink *sink;
    rm_arena *scratch; /* lives as long as the whole set of files is read */
    uint32_t built;    /* the drivers known before the first INF: sources are read of them */
    rm_inf_pendings pending;
    rm_inf_ranks ranks;
    rm_inf_set *set; /* of the file at hand */
    rm_inf_package *package;
    rm_str inf;             /* its path, in the model's arena */
    uint32_t first_service; /* of the file at hand */
    uint32_t first_descriptor;
    bool used;
} rm_inf_push;

/* Pushes all facts of one package. */
rm_status rm_inf_push_package(rm_inf_push *push) RM_CHECK_RESULT;

/* order.c: what a stack's members are to each other; `model` is where their positions are. */
typedef struct rm_inf_member {
    rm_model *model;
    rm_inf_rank rank;
} rm_inf_member;

int rm_inf_by_stack(const rm_inf_member *a, const rm_inf_member *b);
int rm_inf_by_place(const void *a, const void *b); /* two rm_inf_member */
void rm_inf_number_stack(rm_model *model, rm_sink *sink, rm_inf_member *members, uint32_t count);

/* After the last file: services to drivers across files, positions in the stacks. */
rm_status rm_inf_push_finish(rm_inf_push *push) RM_CHECK_RESULT;

/* --- the parts --- */

rm_status rm_inf_keep(rm_inf_push *push, rm_str text, rm_str *out) RM_CHECK_RESULT;
rm_status rm_inf_place(rm_inf_push *push, rm_loc at, rm_place *out) RM_CHECK_RESULT;
rm_status rm_inf_wait(rm_inf_push *push, rm_inf_awaits what, uint32_t index, rm_str key,
                      rm_place place) RM_CHECK_RESULT;

/*
 * push_drivers.c: the driver of that name; of several that sources are read of, the one whose
 * folder is nearest to the file at hand.
 */
rm_status rm_inf_driver_named(rm_inf_push *push, rm_str name, rm_place place,
                              uint32_t *out) RM_CHECK_RESULT;

/*
 * push_binaries.c: the driver that a service's binary is, also where the file has another name
 * when it is built. `guessed`: by what the package copies or by its folder, not by its name.
 */
rm_status rm_inf_driver_of_binary(rm_inf_push *push, const rm_inf_service *service, rm_place place,
                                  uint32_t *out, bool *guessed) RM_CHECK_RESULT;

/* push_services.c: services and drivers of a unit; the driver of a service by name or RM_NONE. */
rm_status rm_inf_push_services(rm_inf_push *push, const rm_inf_unit *unit) RM_CHECK_RESULT;
uint32_t rm_inf_driver_of_service(const rm_inf_push *push, rm_str service);
const rm_inf_umdf *rm_inf_lowest_umdf(const rm_inf_unit *unit); /* NULL: none */
uint32_t rm_inf_umdf_driver(rm_inf_push *push, const rm_inf_umdf *umdf);
bool rm_inf_is_inbox_service(rm_str service); /* Windows brings its driver */
rm_status rm_inf_driver_by_service(rm_inf_push *push, rm_str service, rm_place place,
                                   uint32_t *out) RM_CHECK_RESULT;

/* What drives the devices of a unit. */
typedef struct rm_inf_function {
    uint32_t driver; /* RM_NONE: unknown, or `service` is not in this file, or there is none */
    rm_str service;
    bool none;    /* the INF says that there is no function driver */
    bool unknown; /* a file that was not read says which one it is */
    bool assumed; /* by what the included INF of Windows is known to do */
    bool several; /* other sections of the file install the same driver */
    rm_loc loc;
} rm_inf_function;

rm_status rm_inf_function_of(rm_inf_push *push, const rm_inf_unit *unit,
                             rm_inf_function *out) RM_CHECK_RESULT;

/* push_devices.c: device, registry settings, doors of a unit. */
rm_status rm_inf_push_device(rm_inf_push *push, const rm_inf_unit *unit, uint32_t unit_index,
                             const rm_inf_function *function, uint32_t *device) RM_CHECK_RESULT;
rm_status rm_inf_push_classes(rm_inf_push *push) RM_CHECK_RESULT;

/* A binary descriptor as the text it stands for; a damaged one leaves a diagnostic and nothing. */
rm_status rm_inf_binary_sddl(rm_inf_push *push, const rm_inf_value *value,
                             rm_str *out) RM_CHECK_RESULT;

/* push_keys.c: descriptors of registry keys, files and WMI classes. */
rm_status rm_inf_push_keys(rm_inf_push *push, const rm_inf_unit *unit) RM_CHECK_RESULT;
rm_status rm_inf_push_class_keys(rm_inf_push *push, const rm_inf_class *class) RM_CHECK_RESULT;
rm_status rm_inf_push_interface_keys(rm_inf_push *push,
                                     const rm_inf_interface_class *class) RM_CHECK_RESULT;

/* push_directives.c: what rules on packages read. */
rm_status rm_inf_push_directives(rm_inf_push *push) RM_CHECK_RESULT;

/* push_stacks.c */
rm_status rm_inf_push_stack(rm_inf_push *push, const rm_inf_unit *unit,
                            const rm_inf_function *function, uint32_t device, rm_str hwid,
                            rm_str arch) RM_CHECK_RESULT;
rm_status rm_inf_push_class_filters(rm_inf_push *push, const rm_inf_unit *unit) RM_CHECK_RESULT;
rm_status rm_inf_push_minifilter(rm_inf_push *push, uint32_t driver,
                                 const rm_inf_service *service) RM_CHECK_RESULT;

#endif
