#ifndef DB_SRC_SAVE_H
#define DB_SRC_SAVE_H

#include "db/store.h"

/* The bytes that rm_store_save() would write, in `arena`. */
rm_status rm_save_bytes(rm_arena *arena, const rm_model *model, rm_str *out,
                        rm_str *why) RM_CHECK_RESULT;

#endif
