#ifndef DB_STORE_H
#define DB_STORE_H

#include "model/model.h"

/* PRAGMA user_version of the models this program writes. */
#define RM_SCHEMA_VERSION 2

/*
 * Writes a linked and derived model as a new SQLite file with every view of the contract, in one
 * transaction to a temporary file that is renamed into place: complete or untouched. The same
 * model gives the same bytes. RM_IO with a text in *why (arena of the model) when it fails.
 */
rm_status rm_store_save(const rm_model *model, const char *path, rm_str *why) RM_CHECK_RESULT;

/*
 * Reads a model back, whole: the inverse of save. The file is opened read-only, immutable, and is
 * not trusted: defensive, no trusted schema, no writes, limits. RM_FOREIGN with *why when it is no
 * ringmap model, is damaged, or has a newer schema. An older schema is brought up to date on a
 * copy; then *why says so although it is RM_OK.
 */
rm_status rm_store_load(const char *path, rm_model *model, rm_str *why) RM_CHECK_RESULT;

#endif
