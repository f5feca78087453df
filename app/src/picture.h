#ifndef APP_PICTURE_H
#define APP_PICTURE_H

#include "command.h"
#include "filters.h"
#include "model/model.h"

#define RM_PICTURE_OPTIONS                                                                         \
    {"--output", "FILE", "where to write; '-' is standard output", "-o", false},                   \
        {"--type", "FORMAT", "dot, svg, png, pdf or mmd (default: by the file's ending)", "-T",    \
         false},                                                                                   \
        {"--view", "VIEW", "system, driver, stack, path, app or diff", NULL, false},               \
        {"--focus", "NAME|ID", "the driver, stack, path or app that the view is of", NULL, false}, \
        {"--baseline", "OLD.db", "the older model that the view diff compares with", NULL, false}, \
        {"--theme", "THEME", "auto, light or dark", NULL, false},                                  \
        {"--legend", "on|off", "the legend", NULL, false}, {                                       \
        "--scale", "N", "pixels per point of a PNG, 1 to 8", NULL, false                           \
    }

/*
 * Draws the model as the options say and writes the output; `kept` says which of its paths (NULL:
 * all); `older` is the file of the older model where the command was given one (NULL: --baseline
 * says). Returns an exit code.
 */
int rm_draw(rm_invocation *in, const rm_model *model, const rm_kept_paths *kept, const char *older);

/* Are the picture options usable? Asked before the long work begins. */
int rm_draw_check(rm_invocation *in);

#endif
