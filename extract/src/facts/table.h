#ifndef EXTRACT_FACTS_TABLE_H
#define EXTRACT_FACTS_TABLE_H

#include "base/json.h"
#include "model/model.h"

/*
 * The shape of a facts file as data: for each kind of element its keys, their types and the field
 * of the row that takes the value. The reader, the published schema and its test follow this one
 * table.
 */

/* What a key takes; the C type of its target stands beside it. */
typedef enum rm_fact_type {
    RM_FACT_TEXT,        /* string -> rm_str */
    RM_FACT_NAME,        /* string that is not empty -> rm_str */
    RM_FACT_SDDL,        /* string -> rm_fact_text */
    RM_FACT_WORD,        /* string among `words` -> the enum of their vocabulary */
    RM_FACT_CHOICE,      /* string among `words` -> rm_str */
    RM_FACT_CLASS,       /* string, a class of model/sinks.h -> rm_str */
    RM_FACT_FLAG,        /* true, false, 1, 0 -> bool */
    RM_FACT_TRI,         /* true, false, 1, 0, null -> rm_tri */
    RM_FACT_VERSION,     /* the number 1 -> nothing; the reader of the file looks at it first */
    RM_FACT_NUMBER,      /* 0..2^32-1, or a string of a number as C writes it -> rm_fact_number */
    RM_FACT_DEVICE_TYPE, /* the same, or FILE_DEVICE_… -> rm_fact_number */
    RM_FACT_CODE_SENT,   /* the same, or "received", "chosen" -> int64_t as in rm_forward */
    RM_FACT_JOINED,      /* string, or array of strings, joined by ' ' -> rm_str */
    RM_FACT_NAMES,       /* array of strings that are not empty -> const rm_json * */
    RM_FACT_ROWS,        /* array of objects shaped as `rows` -> const rm_json * */
    RM_FACT_ITEMS        /* array of such objects or of names -> const rm_json * */
} rm_fact_type;

/* A text and the place of its first character. */
typedef struct rm_fact_text {
    rm_str text;
    rm_loc at;
} rm_fact_text;

typedef struct rm_fact_number {
    bool set;
    uint32_t value;
} rm_fact_number;

typedef struct rm_fact_words {
    const char *const *list;         /* ends with NULL */
    bool (*take)(rm_str, void *out); /* writes the enum; NULL for RM_FACT_CHOICE */
} rm_fact_words;

struct rm_fact_record;

typedef struct rm_fact_field {
    const char *key;
    rm_fact_type type;
    bool required;
    size_t offset; /* of the target in the row */
    const rm_fact_words *words;
    const struct rm_fact_record *rows;
    const char *about; /* one sentence, for the schema */
} rm_fact_field;

typedef struct rm_fact_record {
    const char *name; /* of one element: "driver" */
    const char *about;
    const rm_fact_field *fields;
    uint32_t count;
} rm_fact_record;

/* ---- the rows ---- */

typedef struct rm_fact_file {
    rm_str schema;
    rm_str who, why;
    const rm_json *drivers, *devices, *doors, *descriptors, *entries, *stacks, *services, *apps,
        *handles, *confirm;
} rm_fact_file;

typedef struct rm_fact_device {
    rm_device row;
    rm_str driver;
    rm_fact_text sddl;
    rm_sddl_source sddl_source;
    rm_fact_number device_type;
} rm_fact_device;

typedef struct rm_fact_descriptor {
    rm_descriptor row;
    rm_fact_text sddl;
} rm_fact_descriptor;

typedef struct rm_fact_entry {
    rm_entry row;
    rm_str driver;
    rm_fact_number code;
    const rm_json *inputs, *checks, *sinks, *forwards;
} rm_fact_entry;

typedef struct rm_fact_check {
    rm_check row;
    rm_str sink; /* class or api of a sink of the same entry */
} rm_fact_check;

typedef struct rm_fact_forward {
    rm_forward row;
    rm_str to_driver;
    rm_str to_device;
} rm_fact_forward;

typedef struct rm_fact_stack {
    rm_str hwid, arch;
    const rm_json *devices;
} rm_fact_stack;

typedef struct rm_fact_service {
    rm_service row;
    rm_str driver;
    rm_fact_text sddl;
    const rm_json *opens;
} rm_fact_service;

typedef struct rm_fact_app {
    rm_app row;
    const rm_json *capabilities, *opens;
} rm_fact_app;

typedef struct rm_fact_handle {
    rm_handle row;
    rm_fact_number mask;
} rm_fact_handle;

extern const rm_fact_record rm_fact_file_record, rm_fact_driver_record, rm_fact_device_record,
    rm_fact_door_record, rm_fact_descriptor_record, rm_fact_entry_record, rm_fact_input_record,
    rm_fact_check_record, rm_fact_sink_record, rm_fact_forward_record, rm_fact_stack_record,
    rm_fact_service_record, rm_fact_app_record, rm_fact_capability_record, rm_fact_handle_record,
    rm_fact_confirm_record;

/* Every record but the file's own, for the schema. Ends with NULL. */
extern const rm_fact_record *const rm_fact_records[];

/*
 * Reads one object into `row`, whose fields hold the defaults. Keys that the record does not know,
 * that miss or that do not fit are errors in `sink`; false when there was one. `status` receives
 * RM_NOMEM where memory is short.
 */
bool rm_fact_record_read(rm_arena *arena, rm_sink *sink, const rm_fact_record *record,
                         const rm_json *object, void *row, rm_status *status);

/* Reads one value into its target in `row`; the rest as above. */
bool rm_fact_value_read(rm_arena *arena, rm_sink *sink, const rm_fact_field *field,
                        const rm_json *value, void *row, rm_status *status) RM_CHECK_RESULT;

/* What was expected, for a message: names joined by a comma, cut where there is no room. */
typedef struct rm_fact_names {
    char text[400];
    size_t len;
} rm_fact_names;

void rm_fact_names_add(rm_fact_names *names, const char *name);

/* Appends the JSON Schema of the tables, as docs/schema/facts.schema.json has it. */
void rm_facts_schema(rm_buf *buf);

#endif
