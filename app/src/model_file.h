#ifndef APP_MODEL_FILE_H
#define APP_MODEL_FILE_H

#include "command.h"
#include "db/query.h"
#include "model/model.h"

/*
 * Opens a model that scan wrote. RM_EXIT_INPUT after a message when it is missing, foreign, damaged
 * or newer. *model is the caller's to free; NULL on failure.
 */
int rm_open_model(rm_invocation *in, const char *path, rm_model **model);

/*
 * Opens the first operand to ask it questions. *why as rm_store_open() has it; that it was written
 * by an older program has been told.
 */
rm_status rm_open_store(rm_invocation *in, rm_store **store, rm_str *why) RM_CHECK_RESULT;

/* The domain that the scan was told of: later questions are asked of the same SIDs. */
rm_status rm_model_settle_domain(rm_model *model) RM_CHECK_RESULT;

#endif
