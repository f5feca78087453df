#include "palette.h"

const char *rm_colour_text(rm_colour colour, int dark) {
    static const char *const values[][2] = {
#define X(name, light, dark) [RM_COLOUR_##name] = {light, dark},
        RM_PALETTE(X)
#undef X
    };
    return (unsigned)colour < RM_COLOUR_COUNT ? values[colour][dark != 0] : "#000000";
}
