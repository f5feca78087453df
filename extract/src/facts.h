#ifndef EXTRACT_FACTS_H
#define EXTRACT_FACTS_H

#include "model/model.h"

/*
 * Facts files (*.ringmap.json): a system told by hand, state `declared`. What may stand in one is
 * docs/facts.md and docs/schema/facts.schema.json, both kept equal to the table the reader follows.
 *
 * Pushes every fact of one file to `model`; texts are copied into its arena. References to devices,
 * doors, services and apps stay names (rm_model_link() resolves them), since they may belong to
 * other files. An element with an error is left out whole, its neighbours are kept; the errors go
 * to `sink` with their place: facts-version, facts-unknown-key, facts-missing-key,
 * facts-wrong-type, facts-unknown-word, facts-out-of-range, facts-one-of, and those of base/json.h.
 * *used is true when a fact came of it. RM_OK also for a file of which nothing could be used.
 */
rm_status rm_facts_read(rm_model *model, rm_sink *sink, rm_str path, rm_str text,
                        bool *used) RM_CHECK_RESULT;

#endif
