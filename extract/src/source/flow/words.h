#ifndef EXTRACT_SOURCE_FLOW_WORDS_H
#define EXTRACT_SOURCE_FLOW_WORDS_H

#include "base/str.h"

/* Names of the driver kit and of C that the walk knows without their headers. */

/* Constants the kit defines: TRUE, UserMode, STATUS_…, IRP_MJ_…. */
bool rm_word_constant(rm_str name, int64_t *value);

/* Does nothing to the request: traces, assertions, UNREFERENCED_PARAMETER. */
bool rm_word_is_quiet(rm_str name);

typedef enum rm_word_helper {
    RM_HELPER_NONE,
    RM_HELPER_NT_SUCCESS,
    RM_HELPER_FAILED,   /* FAILED */
    RM_HELPER_NT_ERROR, /* no warning */
    RM_HELPER_MIN,
    RM_HELPER_MAX,
    RM_HELPER_CLAMP,        /* std::clamp */
    RM_HELPER_COUNT,        /* ARRAYSIZE */
    RM_HELPER_OFFSET,       /* FIELD_OFFSET */
    RM_HELPER_LOW_UNSIGNED, /* PtrToUlong: the low 32 bits */
    RM_HELPER_LOW_SIGNED,
    RM_HELPER_SAME /* gives back its argument: ReadULongNoFence … */
} rm_word_helper;

rm_word_helper rm_word_helper_of(rm_str name);

/*
 * A routine of Windows by its name (Zw…, Mm…, Wdf…): it does not judge a caller's value for the
 * driver, so calling it changes no verdict.
 */
bool rm_word_is_system(rm_str name);

/* A status that NT_SUCCESS calls a failure: anything STATUS_ that is not a success. */
bool rm_word_is_failure(rm_str name);

/* Raises an exception or stops the system: nothing after it is reached. */
bool rm_word_never_returns(rm_str name);

#endif
