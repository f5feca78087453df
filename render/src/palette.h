#ifndef RENDER_PALETTE_H
#define RENDER_PALETTE_H

/*
 * Every colour of a picture, by what it means: Okabe-Ito hues, text at 4.5:1 or better on what it
 * stands on, in both themes. No two share a light value: the dark theme of an SVG is a style sheet
 * that replaces colours by value (CSS beats the attributes that Graphviz writes).
 *
 * X(name, light, dark)
 */
#define RM_PALETTE(X)                                                                              \
    X(PAGE, "#ffffff", "#171c22")                                                                  \
    X(INK, "#111111", "#e8edf2")                                                                   \
    X(MUTED, "#555555", "#aab5c0")                                                                 \
    X(BORDER, "#222222", "#b9c3cd")                                                                \
    X(CARD, "#fefefe", "#222a33")                                                                  \
    X(HEAD, "#dce6f0", "#284359")                                                                  \
    X(SINK, "#f2f2f2", "#2d363f")                                                                  \
    X(FRAME, "#bbbbbb", "#56616c")                                                                 \
    X(ZONE_LINE, "#0072b2", "#5cb6e8")                                                             \
    X(ZONE_FILL, "#f3f9fd", "#16242f")                                                             \
    X(KERNEL_FILL, "#fafafa", "#1c2229")                                                           \
    X(RING_FILL, "#f4f4f4", "#20272f")                                                             \
    X(LABEL, "#fcfcfc", "#1a1f26")                                                                 \
    X(CHECKED, "#444444", "#b4bec8")                                                               \
    X(UNVALIDATED, "#d55e00", "#ff9a4d")                                                           \
    X(UNVALIDATED_TEXT, "#a34700", "#ffb27a")                                                      \
    X(UNVALIDATED_TINT, "#fde7da", "#4a2914")                                                      \
    X(UNKNOWN, "#7b4ba0", "#c7a2e8")                                                               \
    X(UNKNOWN_TEXT, "#6a3d8f", "#d6b9f1")                                                          \
    X(UNKNOWN_TINT, "#efe6f6", "#352745")                                                          \
    X(PARTIAL, "#8a6d00", "#dcbd4c")                                                               \
    X(PARTIAL_TEXT, "#6f5800", "#e5cb6a")                                                          \
    X(PARTIAL_TINT, "#f7f0d2", "#3a3311")                                                          \
    X(WORST_TEXT, "#fffffe", "#1b1107")

typedef enum rm_colour {
#define X(name, light, dark) RM_COLOUR_##name,
    RM_PALETTE(X)
#undef X
        RM_COLOUR_COUNT
} rm_colour;

/* The text of a colour, "#rrggbb" in lower case. */
const char *rm_colour_text(rm_colour colour, int dark);

#endif
