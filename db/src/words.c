#include "words.h"

/* Fields are read and written as four bytes, whatever their enumeration. */
#define WORDS(type, prefix, list)                                                                  \
    _Static_assert(sizeof(rm_##type) == sizeof(uint32_t), "an enumeration has four bytes");        \
    static const char *type##_text(uint32_t value) {                                               \
        return rm_##type##_name((rm_##type)value);                                                 \
    }                                                                                              \
    static bool type##_value(rm_str text, uint32_t *out) {                                         \
        rm_##type found;                                                                           \
        if (!rm_##type##_from(text, &found)) {                                                     \
            return false;                                                                          \
        }                                                                                          \
        *out = (uint32_t)found;                                                                    \
        return true;                                                                               \
    }                                                                                              \
    const rm_words rm_words_##type = {RM_##prefix##_COUNT, type##_text, type##_value};

RM_VOCABULARY(WORDS)

_Static_assert(sizeof(rm_level) == sizeof(uint32_t), "an enumeration has four bytes");

static const char *level_text(uint32_t value) {
    return rm_level_name((rm_level)value);
}

static bool level_value(rm_str text, uint32_t *out) {
    for (uint32_t level = RM_NOTE; level <= RM_ERROR; level++) {
        if (rm_str_eq(text, rm_str_from(level_text(level)))) {
            *out = level;
            return true;
        }
    }
    return false;
}

const rm_words rm_words_level = {RM_ERROR + 1, level_text, level_value};
