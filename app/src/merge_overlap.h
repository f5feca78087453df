#ifndef APP_MERGE_OVERLAP_H
#define APP_MERGE_OVERLAP_H

#include "command.h"
#include "model/model.h"

/*
 * Says where two of the models were scanned from trees of which one holds a part of the other: the
 * same file then stands in both, under two paths, and what it tells of is there twice.
 */
rm_status rm_tell_overlaps(rm_invocation *in, rm_model *const *models,
                           uint32_t count) RM_CHECK_RESULT;

#endif
