#ifndef RENDER_FIND_H
#define RENDER_FIND_H

#include <stdint.h>

#include "base/list.h"
#include "base/str.h"

/*
 * The element of a list of the model with that id, which is the first member of each such struct.
 * Lists are sorted by id once a model is linked; one that is not is searched to its end. RM_NONE:
 * none.
 */
uint32_t rm_find_id(const void *at, uint32_t count, size_t size, rm_str id);

#endif
