#ifndef MODEL_IOCTL_H
#define MODEL_IOCTL_H

#include "model/vocabulary.h"

/*
 * A control code taken apart, by the number: bits 31..16 device type, 15..14 required access,
 * 13..2 function, 1..0 method (Windows: "Defining I/O Control Codes").
 */
typedef struct rm_ioctl_fields {
    uint32_t device_type;
    uint32_t function;
    rm_method method;
    rm_code_access access;
} rm_ioctl_fields;

rm_ioctl_fields rm_ioctl_decode(uint32_t code);

/* As the macro CTL_CODE computes it: a function over 0xFFF spills into the access bits. */
uint32_t rm_ioctl_encode(uint32_t device_type, uint32_t function, uint32_t method, uint32_t access);

/* Symbols for printing: "FILE_DEVICE_UNKNOWN", NULL when the number has no name. */
const char *rm_device_type_name(uint32_t device_type);
bool rm_device_type_from(rm_str name, uint32_t *out);

#endif
