#ifndef EXTRACT_FACTS_LIMITS_H
#define EXTRACT_FACTS_LIMITS_H

enum {
    /* A security descriptor is at most 64 KiB in its binary form; no text of a fact is longer. */
    RM_FACTS_MAX_TEXT = 65536,
    /* Written by hand, or by a small program: elements of one kind in a file, and in one element.
     */
    RM_FACTS_MAX_ELEMENTS = 16384,
    RM_FACTS_MAX_PARTS = 1024,
};

#endif
