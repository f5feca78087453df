#ifndef MODEL_LINK_LINK_H
#define MODEL_LINK_LINK_H

#include "names.h"

/* The stages of rm_model_link(), in their order. Each leaves the model whole. */

/* resolve.c: names become indices, INF-made devices and the sources' become one. */
rm_status rm_link_names(rm_model *model, rm_sink *sink) RM_CHECK_RESULT;

/* subjects.c, within the former: descriptors that name their subject; what is new joins `names`. */
rm_status rm_link_subjects(rm_model *model, rm_names *names) RM_CHECK_RESULT;

/* apps.c, within the same: what is declared of a program holds for each principal it runs as. */
rm_status rm_link_twin_apps(rm_model *model) RM_CHECK_RESULT;

/* doors.c: a door that an INF and a source both tell of becomes one. */
rm_status rm_link_doors(rm_model *model) RM_CHECK_RESULT;

/* settings.c: what INFs set for a device's registry key reaches its devices. */
rm_status rm_link_settings(rm_model *model) RM_CHECK_RESULT;

/* descriptors.c: which descriptor each device has, and what it outranks (ontology 1.1). */
rm_status rm_link_descriptors(rm_model *model, rm_sink *sink) RM_CHECK_RESULT;

/* identity.c: ids from what things are, every list in the order of its ids. */
rm_status rm_link_identity(rm_model *model) RM_CHECK_RESULT;

#endif
