#ifndef EXTRACT_SOURCE_CATALOGUE_H
#define EXTRACT_SOURCE_CATALOGUE_H

#include "model/model.h"

/*
 * Routines, intrinsics and macros of the driver kit that matter to a request: privileged
 * operations, what hands values on, what passes a request to another driver, what asks who the
 * caller is. Adding one is one row here and one test.
 */

typedef enum rm_api_role {
    RM_API_SINK,         /* a privileged operation: always a fact */
    RM_API_HOUSEKEEPING, /* one only with the caller's data in it: copies, frees, closes */
    RM_API_PROPAGATOR,   /* likewise, and its result stands for its argument */
    RM_API_FORWARD       /* another driver gets the request or one made for it */
} rm_api_role;

/* How an argument is judged. */
typedef enum rm_arg_kind {
    RM_ARG_SELECT,      /* which of many: a register, port, bus, class: range, set, mask */
    RM_ARG_DATA,        /* what is written there: likewise */
    RM_ARG_ADDRESS,     /* physical or kernel address */
    RM_ARG_SIZE,        /* in bytes, not tied to a buffer */
    RM_ARG_DESTINATION, /* of a copy */
    RM_ARG_SOURCE,
    RM_ARG_LENGTH,      /* of a copy: within destination and source */
    RM_ARG_POINTER,     /* to an object or memory that the driver must own */
    RM_ARG_HANDLE,      /* or an id: which object is meant */
    RM_ARG_ACCESS_MODE, /* KernelMode skips the check of the caller's rights */
    RM_ARG_NAME,        /* OBJECT_ATTRIBUTES or a string: what it names */
    RM_ARG_STRING,      /* a counted string that is copied from: where it lies and how long it is */
    RM_ARG_CODE         /* address of code to run */
} rm_arg_kind;

typedef struct rm_arg_rule {
    uint8_t index;
    rm_arg_kind kind;
    const char *name;
    uint64_t largest; /* of what it can select; a bound at or above it says nothing. 0: no limit */
} rm_arg_rule;

enum { RM_API_ARGS = 6, RM_API_CLASSES = 3 };

typedef struct rm_api rm_api;
struct rm_api {
    const char *name;
    rm_api_role role;
    const char *classes[RM_API_CLASSES]; /* of model/sinks.h; which, when several: see sinks.c */
    rm_arg_rule args[RM_API_ARGS];       /* a name of NULL ends them */
    uint32_t out;                        /* bit n: argument n is written */
    bool gives;                          /* the result stands for the first argument */
};

const rm_api *rm_api_find(rm_str name);        /* NULL: not in the catalogue */
const rm_api *rm_apis(uint32_t *count);        /* sorted by name */
const rm_api *rm_api_instruction(rm_str name); /* of machine code, in small letters */
const rm_api *rm_api_expression(rm_str name); /* the sinks that are no calls: "*p=v", "v=*p", … */

/* Who is the caller? What a routine asks, and with which answer the request goes on. */
typedef enum rm_auth_answer {
    RM_ANSWER_TRUE,   /* BOOLEAN: not zero lets pass */
    RM_ANSWER_STATUS, /* NTSTATUS: success lets pass */
    RM_ANSWER_OUT,    /* written through the argument `out` */
    RM_ANSWER_EQUAL   /* being equal to what the driver keeps lets pass */
} rm_auth_answer;

typedef struct rm_auth_row rm_auth_row;
struct rm_auth_row {
    const char *name;
    rm_check_kind kind;
    rm_auth_answer answer;
    int8_t argument; /* which argument says what is asked for; -1: none */
    int8_t out;
};

const rm_auth_row *rm_auth_find(rm_str name);

#endif
