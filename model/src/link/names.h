#ifndef MODEL_LINK_NAMES_H
#define MODEL_LINK_NAMES_H

#include "base/map.h"
#include "model/model.h"

/*
 * rm_model_find_device() and its like for many questions to a model that does not change meanwhile.
 * The first of equal names is found, as there.
 */
typedef struct rm_names {
    rm_map devices, doors, drivers, services, apps;
} rm_names;

rm_status rm_names_build(rm_arena *arena, const rm_model *model, rm_names *out) RM_CHECK_RESULT;
uint32_t rm_names_device(const rm_names *names, const rm_model *model, rm_str name);
uint32_t rm_names_driver(const rm_names *names, rm_str name);
uint32_t rm_names_service(const rm_names *names, rm_str name);
uint32_t rm_names_app(const rm_names *names, rm_str name); /* Name or Package!Name */

#endif
