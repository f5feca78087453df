#ifndef RENDER_VIEW_H
#define RENDER_VIEW_H

#include "figure.h"

typedef enum rm_view_kind {
    RM_VIEW_SYSTEM,
    RM_VIEW_DRIVER,
    RM_VIEW_PATH,
    RM_VIEW_APP
} rm_view_kind;

/* What a picture is about. `focus` is an index of the model: driver, path or app. */
typedef struct rm_view {
    rm_view_kind kind;
    const rm_model *model;
    uint32_t focus;
} rm_view;

/*
 * Finds the view and its focus: a driver by name, id, device or door; a path by id or rank ("R3",
 * "3"); an app by name, id or Package!Name. RM_USAGE with a diagnostic when there is none. `arena`
 * is for scratch.
 */
rm_status rm_view_find(rm_arena *arena, rm_sink *sink, const rm_model *model,
                       const rm_picture_options *options, rm_view *out) RM_CHECK_RESULT;

/* For rm_select_paths(): is this path in the view? `view` is an rm_view. */
bool rm_view_wants(const void *view, const rm_path *path);

/* Does this list, joined by " > ", have that member (ASCII case ignored)? */
bool rm_view_lists(rm_str joined, rm_str member);

#endif
