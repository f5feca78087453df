#ifndef MODEL_LINK_LINK_H
#define MODEL_LINK_LINK_H

#include "names.h"

/* The stages of rm_model_link(), in their order. Each leaves the model whole. */

/* resolve.c: names become indices, INF-made devices and the sources' become one. */
rm_status rm_link_names(rm_model *model, rm_sink *sink) RM_CHECK_RESULT;

/* subjects.c, within the former: descriptors that name their subject; what is new joins `names`. */
rm_status rm_link_subjects(rm_model *model, rm_names *names) RM_CHECK_RESULT;

/* resolve.c: a warning that a fact names what nothing else tells of. */
void rm_link_not_here(rm_sink *sink, rm_place place, const char *what, rm_str name);

/*
 * opens.c, within the same: what apps and services open, handles handed over. A class of interfaces
 * that sources ask for is the devices of each driver that has it.
 */
rm_status rm_link_opens(rm_model *model, const rm_names *names, rm_sink *sink) RM_CHECK_RESULT;

/*
 * claims.c, within the same: names that devices of several drivers claim are told of, and whatever
 * goes by such a name goes to each of them.
 */
rm_status rm_link_claims(rm_model *model, const rm_names *names, rm_sink *sink) RM_CHECK_RESULT;

/* opens.c: the part of a target that is the name of a device; of \\.\Name\rest it is \\.\Name. */
rm_str rm_link_name_opened(const rm_names *names, rm_str target);

/* calls.c, within the same: calls that nobody answers go, and programs of which nothing else is
 * known.
 */
rm_status rm_link_calls(rm_model *model) RM_CHECK_RESULT;

/* apps.c, within the same: what is declared of a program holds for each principal it runs as. */
rm_status rm_link_twin_apps(rm_model *model) RM_CHECK_RESULT;

/* doors.c: a door that an INF and a source both tell of becomes one. */
rm_status rm_link_doors(rm_model *model) RM_CHECK_RESULT;

/* settings.c: what INFs set for a device's registry key reaches its devices. */
rm_status rm_link_settings(rm_model *model) RM_CHECK_RESULT;

/* stacks.c: what a declared stack's members are, and who attaches on top of whom. */
rm_status rm_link_stacks(rm_model *model) RM_CHECK_RESULT;

/* stacks.c, after the settings: secure open goes through a stack. */
rm_status rm_link_secure_open(rm_model *model) RM_CHECK_RESULT;

/* interfaces.c, after the descriptors: an interface opens the PDO, not a named device above it. */
rm_status rm_link_interfaces(rm_model *model) RM_CHECK_RESULT;

/* services.c: who may control a service, and whose key inherits. */
rm_status rm_link_services(rm_model *model) RM_CHECK_RESULT;

/* The default for a device without any descriptor; NULL: none is documented. */
const char *rm_link_type_default(const rm_device *device);

/* descriptors.c: which descriptor each device has, and what it outranks (ontology 1.1). */
rm_status rm_link_descriptors(rm_model *model, rm_sink *sink) RM_CHECK_RESULT;

/* identity.c: ids from what things are, every list in the order of its ids. */
rm_status rm_link_identity(rm_model *model) RM_CHECK_RESULT;

#endif
