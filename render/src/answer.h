#ifndef RENDER_ANSWER_H
#define RENDER_ANSWER_H

#include "model/model.h"

/*
 * What brings information back to whoever asked, as far as the model says so: a read, a control
 * code whose output buffer is written through an MDL (METHOD_OUT_DIRECT), an operation that reads
 * or leaks. Whether a buffered request returns more than a status is not in the model: no claim.
 */
bool rm_entry_answers(const rm_model *model, uint32_t entry);
bool rm_sink_answers(const rm_model *model, uint32_t sink);

#endif
