#ifndef EXTRACT_SOURCE_BUILD_H
#define EXTRACT_SOURCE_BUILD_H

#include "source/set.h"
#include "source/unit.h"

/* Making units: from a set of scanned files, the ones of one driver are normalised and parsed. */

/* What a driver is made of: sources of the set. Headers follow from their includes. */
typedef struct rm_unit_plan {
    rm_str name;
    rm_str root;             /* folder or project */
    const uint32_t *sources; /* places in the set */
    uint32_t source_count;
    rm_str defines; /* of the project: NAME or NAME=VALUE, joined by ';' */
    uint32_t driver;
    bool complement;            /* in the other configuration (macros.h) */
    const rm_source_unit *twin; /* of the same plan: its trees serve files that read alike */
    bool user_mode;             /* UMDF: _KERNEL_MODE is not defined */
    bool whole;                 /* parse every file, whether or not it can hold a fact */
} rm_unit_plan;

/*
 * Builds the unit of a plan in an arena of its own. Sources and those headers that hold function
 * bodies are parsed; what cannot be (too long) is a diagnostic and left unparsed. The set, model
 * and options are borrowed and must outlive *out. Free with rm_unit_free().
 */
rm_status rm_unit_build(const rm_source_set *set, const rm_unit_plan *plan, rm_model *model,
                        rm_sink *sink, const rm_extract_options *options,
                        rm_source_unit **out) RM_CHECK_RESULT;

/* --- source/configurations.c: a driver in the declared configuration and in the other one --- */

/*
 * A driver's units. The other one is there only where it has text, calls or code of its own; it
 * borrows the trees of files that read alike. Building writes nothing to the model.
 */
typedef struct rm_configurations {
    rm_source_unit *unit;
    rm_handler_list handlers;
    rm_source_unit *other; /* NULL: nothing that the declared one does not say */
    rm_handler_list other_handlers;
    bool other_names; /* it may make or name other devices */
    bool other_flow;  /* its handlers may do something else */
} rm_configurations;

/* Free with rm_configurations_done(), whatever the result. */
rm_status rm_configurations_build(const rm_source_set *set, const rm_unit_plan *plan,
                                  rm_model *model, rm_sink *sink, const rm_extract_options *options,
                                  rm_configurations *out) RM_CHECK_RESULT;
void rm_configurations_done(rm_configurations *configurations);

/*
 * source/complement.c: reads the devices and doors that the driver has in the other configuration
 * and pushes those that are not in the model yet.
 */
rm_status rm_source_complement(rm_configurations *configurations) RM_CHECK_RESULT;

/*
 * rm_source_flow over both configurations; of each fact the worse is kept.
 */
rm_status rm_source_flow_both(rm_configurations *configurations) RM_CHECK_RESULT;

/*
 * source/handled.c: entries for the control codes that the handlers' text asks for and no walk came
 * to; what they do is unknown.
 */
rm_status rm_source_handled(rm_configurations *configurations) RM_CHECK_RESULT;

void rm_unit_free(rm_source_unit *unit); /* NULL is fine */

/* --- source/tree.c --- */

/*
 * Parses file->clean into file->tree; NULL tree and RM_OK when the parser gives none. `twin` (may
 * be NULL) is the file in another configuration: its tree serves where both read alike, and only
 * what differs is parsed anew.
 */
rm_status rm_tree_parse(rm_source_file *file, const rm_source_file *twin) RM_CHECK_RESULT;

/* --- source/functions.c --- */

/* Fills unit->functions from the parsed files, and the hash of their names. */
rm_status rm_unit_find_functions(rm_source_unit *unit) RM_CHECK_RESULT;

/*
 * For tests and small uses: one source text as a driver of its own, made with everything it needs.
 * `set` is filled (its arena must be set) and must outlive the unit.
 */
rm_status rm_unit_of_text(rm_source_set *set, rm_str path, rm_str text, rm_model *model,
                          rm_sink *sink, rm_source_unit **out) RM_CHECK_RESULT;

#endif
