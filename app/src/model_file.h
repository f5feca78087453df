#ifndef APP_MODEL_FILE_H
#define APP_MODEL_FILE_H

#include "command.h"
#include "model/model.h"

/*
 * Opens a model that scan wrote. RM_EXIT_INPUT after a message when it is missing, foreign, damaged
 * or newer. *model is the caller's to free; NULL on failure.
 */
int rm_open_model(rm_invocation *in, const char *path, rm_model **model);

#endif
