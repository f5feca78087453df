#ifndef EXTRACT_SOURCE_DEVICE_MARKS_H
#define EXTRACT_SOURCE_DEVICE_MARKS_H

#include "source/unit.h"

/*
 * By what a driver of several devices tells them apart: variables that keep one of them, and
 * members of their extensions that are set where a device is made.
 */
enum { RM_MAX_MARKED = 4, RM_MAX_MARKS = 32 };

typedef struct rm_device_variable {
    rm_str name;
    uint32_t device; /* in the model; RM_NONE: it keeps several in turn */
} rm_device_variable;

typedef struct rm_device_member {
    rm_str name; /* of the extension's member */
    int64_t value[RM_MAX_MARKED];
    bool set[RM_MAX_MARKED]; /* else 0: the I/O manager clears extensions */
    bool open;               /* set elsewhere too, or to what is not known */
} rm_device_member;

typedef struct rm_device_marks {
    uint32_t devices[RM_MAX_MARKED]; /* in the model */
    uint32_t device_count;           /* 0: one, or more than are told apart */
    rm_device_variable variables[RM_MAX_MARKS];
    uint32_t variable_count;
    rm_device_member members[RM_MAX_MARKS];
    uint32_t member_count;
} rm_device_marks;

/* Of the devices that rm_source_devices() read. */
void rm_device_marks_read(const rm_source_unit *unit, rm_device_marks *out);

/* The device that a variable keeps; RM_NONE: none, or several. */
uint32_t rm_device_marks_variable(const rm_device_marks *marks, rm_str name);

/* What the member holds for a device of the marks; false: not known. */
bool rm_device_marks_member(const rm_device_marks *marks, rm_str name, uint32_t device,
                            int64_t *value);

#endif
