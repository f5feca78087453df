#ifndef RENDER_PICTURE_PARTS_H
#define RENDER_PICTURE_PARTS_H

#include "layout.h"
#include "render/picture.h"

/* As rm_layout_run() with the limits bound: tests put a layout in here that fails. */
typedef rm_status (*rm_layout_fn)(rm_arena *arena, const rm_layout_job *job, rm_child_limits limits,
                                  rm_str *out, rm_str *why);

rm_status rm_picture_draw_with(rm_arena *arena, rm_sink *sink, const rm_model *model,
                               const rm_picture_options *options, rm_layout_fn layout,
                               rm_str *out) RM_CHECK_RESULT;

#endif
