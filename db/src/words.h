#ifndef DB_SRC_WORDS_H
#define DB_SRC_WORDS_H

#include "schema.h"

/* rm_words_<type> for every enumeration of the vocabulary, and for the level of a diagnostic. */
#define X(type, prefix, list) extern const rm_words rm_words_##type;
RM_VOCABULARY(X)
#undef X
extern const rm_words rm_words_level;

#endif
