#ifndef EXTRACT_FACTS_LIMITS_H
#define EXTRACT_FACTS_LIMITS_H

enum {
    /* A security descriptor is at most 64 KiB in its binary form; no text of a fact is longer. */
    RM_FACTS_MAX_TEXT = 65536,
};

#endif
