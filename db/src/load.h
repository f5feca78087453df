#ifndef DB_SRC_LOAD_H
#define DB_SRC_LOAD_H

#include "model/model.h"

/* rm_store_load() of a file that is in memory already. `bytes` are borrowed for the call. */
rm_status rm_store_load_bytes(rm_str bytes, rm_model *model, rm_str *why) RM_CHECK_RESULT;

#endif
