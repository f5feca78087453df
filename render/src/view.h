#ifndef RENDER_VIEW_H
#define RENDER_VIEW_H

#include "figure.h"
#include "stack.h"

typedef enum rm_view_kind {
    RM_VIEW_SYSTEM,
    RM_VIEW_DRIVER,
    RM_VIEW_STACK,
    RM_VIEW_PATH,
    RM_VIEW_APP,
    RM_VIEW_DIFF
} rm_view_kind;

/* What a picture is about. `focus` is an index of the model: driver, path or app. */
typedef struct rm_view {
    rm_view_kind kind;
    const rm_model *model;
    uint32_t focus;
    rm_stack stack; /* RM_VIEW_STACK */
} rm_view;

/*
 * Finds the view and its focus: a driver by name, id, device or door; a stack by hardware id or by
 * what stands in it; a path by id, as the pictures number it ("R3", "3") or as the lists do ("p3");
 * an app by name, id or Package!Name. RM_USAGE with a diagnostic when there is none, or when a name
 * means several things. `arena` is for scratch.
 */
rm_status rm_view_find(rm_arena *arena, rm_sink *sink, const rm_model *model,
                       const rm_picture_options *options, rm_view *out) RM_CHECK_RESULT;

/* Is this path in the view? */
bool rm_view_wants(const rm_view *view, const rm_path *path);

/* Does this list, joined by " > ", have that member (ASCII case ignored)? */
bool rm_view_lists(rm_str joined, rm_str member);

#endif
