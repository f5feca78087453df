#ifndef RENDER_PICTURE_H
#define RENDER_PICTURE_H

#include "model/model.h"

typedef enum rm_picture_format {
    RM_PIC_DOT,
    RM_PIC_SVG,
    RM_PIC_PNG,
    RM_PIC_PDF,
    RM_PIC_MMD
} rm_picture_format;
typedef enum rm_theme { RM_THEME_AUTO, RM_THEME_LIGHT, RM_THEME_DARK } rm_theme;

typedef struct rm_picture_options {
    rm_picture_format format;
    rm_theme theme; /* auto: light with a dark-mode media query in SVG */
    bool legend;
    unsigned scale;         /* PNG pixels per point, 1..8 */
    rm_str title;           /* empty: made from the model */
    rm_str view;            /* system driver stack path app diff; empty: system */
    rm_str focus;           /* name or id, for driver, stack, path (or its number) and app */
    const rm_model *before; /* the older model, of the view diff */
    const bool *only;       /* by path of the model: draw no other; NULL: all */
    rm_str only_why;        /* what was asked for, in words, with `only` */
} rm_picture_options;

/*
 * Draws a slice of a derived model. The bytes live in `arena`. Layout runs in a child process with
 * limits; when it fails the picture falls back to a simpler one and `sink` says so. RM_USAGE when
 * `focus` names nothing in the model.
 */
rm_status rm_picture_draw(rm_arena *arena, rm_sink *sink, const rm_model *model,
                          const rm_picture_options *options, rm_str *out) RM_CHECK_RESULT;

bool rm_picture_format_from(rm_str name_or_extension, rm_picture_format *out);

#endif
