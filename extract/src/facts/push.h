#ifndef EXTRACT_FACTS_PUSH_H
#define EXTRACT_FACTS_PUSH_H

#include "base/map.h"
#include "facts/limits.h"
#include "facts/table.h"

/* One facts file while it is read. */
typedef struct rm_facts {
    rm_model *model;
    rm_sink *sink;
    rm_str who, why;
    rm_str reason; /* "declared by WHO: WHY", for values that give none */
    uint32_t pushed;
    rm_map drivers; /* names that this file used: index in the model */
} rm_facts;

/* Turns one element into facts. Elements with errors are left out: RM_OK, `pushed` as it was. */
typedef rm_status rm_fact_push(rm_facts *facts, const rm_json *object);

rm_fact_push rm_fact_push_driver, rm_fact_push_device, rm_fact_push_door, rm_fact_push_descriptor,
    rm_fact_push_entry, rm_fact_push_stack, rm_fact_push_service, rm_fact_push_app,
    rm_fact_push_handle, rm_fact_push_confirm;

/* Reads an element of `record` into `row`; *good is false when it is to be left out. */
rm_status rm_fact_take(rm_facts *facts, const rm_fact_record *record, const rm_json *object,
                       void *row, bool *good) RM_CHECK_RESULT;

/*
 * The driver of that name, which other files may tell more about; a new one is `declared`.
 * RM_NONE for an empty name.
 */
rm_status rm_fact_driver_of(rm_facts *facts, rm_str name, rm_place place,
                            uint32_t *index) RM_CHECK_RESULT;

/* Is there room for one more after `count`? Where not, says so at the element that is too many. */
bool rm_fact_has_room(rm_facts *facts, const rm_json *element, uint32_t count, uint32_t limit);

/* Hands every element of `list` (NULL: none) to `push`. */
rm_status rm_fact_each(rm_facts *facts, const rm_json *list, rm_fact_push *push) RM_CHECK_RESULT;

/* Puts a copy of `row` at the end of a list of the model and counts it. RM_NOMEM or RM_OK. */
#define rm_fact_add(facts, list, row)                                                              \
    rm_fact_append((facts), &(facts)->model->list.at, &(facts)->model->list.capacity,              \
                   &(facts)->model->list.count, sizeof *(facts)->model->list.at, &(row))

/* `at` is the address of the list's pointer, `row` of `size` bytes. */
rm_status rm_fact_append(rm_facts *facts, void *at, uint32_t *capacity, uint32_t *count,
                         size_t size, const void *row) RM_CHECK_RESULT;

#endif
