#ifndef APP_MODEL_FILE_H
#define APP_MODEL_FILE_H

#include "command.h"
#include "model/model.h"

/*
 * Opens a model that scan wrote. RM_EXIT_INPUT after a message when it is missing, foreign, damaged
 * or newer. *model is the caller's to free; NULL on failure.
 */
int rm_open_model(rm_invocation *in, const char *path, rm_model **model);

/* The domain that the scan was told of: later questions are asked of the same SIDs. */
rm_status rm_model_settle_domain(rm_model *model) RM_CHECK_RESULT;

#endif
