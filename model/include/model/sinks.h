#ifndef MODEL_SINKS_H
#define MODEL_SINKS_H

#include <stdint.h>

#include "base/str.h"

/*
 * Classes of privileged operations: what a request can reach. `severity` is S of the score, in
 * thousandths. The table is sorted by name.
 */
typedef struct rm_sink_class {
    const char *name;
    const char *family;
    uint32_t severity;
    const char *title; /* in words, for pictures: "MSR write" */
} rm_sink_class;

const rm_sink_class *rm_sink_class_find(rm_str name); /* NULL when there is none */
const rm_sink_class *rm_sink_classes(uint32_t *count);

#endif
