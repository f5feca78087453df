#ifndef EXTRACT_SOURCE_PLANS_H
#define EXTRACT_SOURCE_PLANS_H

#include "project.h"
#include "source/build.h"

/*
 * Which files make a driver: what a project builds that has a DriverEntry or says it is a driver;
 * for files that no project lists, the folder that holds a DriverEntry.
 */

typedef struct rm_plan {
    rm_unit_plan unit;
    const rm_project *project; /* NULL: a folder */
    rm_place place;            /* of what says so: project, or DriverEntry's file */
} rm_plan;

RM_LIST(rm_plans, rm_plan);

/* A place in the set for each input file that is a source or header; RM_NONE for others. */
typedef struct rm_plan_input {
    const rm_source_set *set;
    const rm_input_files *files;
    const uint32_t *in_set; /* per input file */
    const rm_projects *projects;
    const rm_extract_options *options; /* its roots give no driver its name */
} rm_plan_input;

/*
 * Plans every driver, in the order of their roots. Names come from the project's target or the
 * folder; rm_plan_name() may know better. `unit.driver` is RM_NONE. Lives in `arena`.
 */
rm_status rm_plan_drivers(rm_arena *arena, const rm_plan_input *input,
                          rm_plans *out) RM_CHECK_RESULT;

#endif
