#ifndef DB_MERGE_H
#define DB_MERGE_H

#include "model/model.h"

/*
 * Joins what several models were read from. Each is a loaded model (rm_store_load()) with its
 * `read`; `into` is new, and is to be linked and derived as after a scan. Their order makes no
 * difference, and what one scan of all of it would have read is what comes out, as long as no file
 * of one needs a file of another (a header, an INF that is included).
 *
 * Places are told apart as in a scan of several folders: by the name of the folder, which a model
 * of a single one has as a given value "root". What two models both read from a file of the same
 * place and content, such as a team's facts, is one.
 *
 * Texts are borrowed from the models, which must outlive `into`. `sink` gets a warning for two
 * files of one place and different content. RM_FOREIGN when a model does not have what it was read
 * from; *which is its index.
 */
rm_status rm_merge(rm_model *into, rm_sink *sink, const rm_model *const *models, uint32_t count,
                   uint32_t *which) RM_CHECK_RESULT;

#endif
