#include "model/vocabulary.h"

static bool find_word(rm_str text, const char *const *words, int count, int *out) {
    for (int i = 0; i < count; i++) {
        if (rm_str_eq(text, rm_str_from(words[i]))) {
            *out = i;
            return true;
        }
    }
    return false;
}

/* One table and two functions for each word list of the header. */
#define TEXT(name, text) text,
#define DEFINE(type, prefix, list)                                                                 \
    static const char *const type##_words[] = {list(TEXT)};                                        \
    const char *rm_##type##_name(rm_##type value) {                                                \
        return (unsigned)value < RM_##prefix##_COUNT ? type##_words[value] : "unknown";            \
    }                                                                                              \
    bool rm_##type##_from(rm_str text, rm_##type *out) {                                           \
        int found = 0;                                                                             \
        if (!find_word(text, type##_words, RM_##prefix##_COUNT, &found)) {                         \
            return false;                                                                          \
        }                                                                                          \
        *out = (rm_##type)found;                                                                   \
        return true;                                                                               \
    }

RM_VOCABULARY(DEFINE)
