#ifndef RENDER_ANSWER_H
#define RENDER_ANSWER_H

#include "model/model.h"

/*
 * What brings information back to whoever asked: an entry that fills an output buffer (as its
 * handler shows, or facts say), a read, a control code that exists for its output
 * (METHOD_OUT_DIRECT), an operation that reads or leaks.
 */
bool rm_entry_answers(const rm_model *model, uint32_t entry);
bool rm_sink_answers(const rm_model *model, uint32_t sink);

#endif
