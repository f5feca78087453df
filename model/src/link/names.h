#ifndef MODEL_LINK_NAMES_H
#define MODEL_LINK_NAMES_H

#include "base/map.h"
#include "model/model.h"

/* A device that has a name, and the next one that claims the same. */
typedef struct rm_claim {
    uint32_t device;
    uint32_t next; /* of rm_names.claims; RM_NONE: no other */
    uint32_t last; /* of the chain, in its first alone */
} rm_claim;

RM_LIST(rm_claims, rm_claim);

/*
 * rm_model_find_device() and its like for many questions to a model that does not change meanwhile.
 * The first of equal names is found, as there.
 */
typedef struct rm_names {
    rm_map devices, doors; /* to claims */
    rm_map drivers, services, apps;
    rm_claims claims;
} rm_names;

rm_status rm_names_build(rm_arena *arena, const rm_model *model, rm_names *out) RM_CHECK_RESULT;
uint32_t rm_names_device(const rm_names *names, const rm_model *model, rm_str name);

/* The same, and of several of that name the one that is `driver`'s, where it has one. */
uint32_t rm_names_device_of(const rm_names *names, const rm_model *model, rm_str name,
                            uint32_t driver);

/* The first claim of a name; RM_NONE: none, or a driver's name. */
uint32_t rm_names_claim(const rm_names *names, rm_str name);

/* A device that is made while names are asked for. */
rm_status rm_names_add_device(rm_names *names, const rm_model *model,
                              uint32_t device) RM_CHECK_RESULT;

uint32_t rm_names_driver(const rm_names *names, rm_str name);
uint32_t rm_names_service(const rm_names *names, rm_str name);
uint32_t rm_names_app(const rm_names *names, rm_str name); /* Name or Package!Name */

#endif
