#ifndef EXTRACT_INF_CHARS_H
#define EXTRACT_INF_CHARS_H

#include <stddef.h>
#include <string.h>

/* What a byte means to the lexer. Everything else is text. */
enum byte_class { TEXT, BLANK, END_OF_LINE, SPECIAL, PERCENT, WIDE };

static inline enum byte_class class_of(unsigned char c) {
    static const unsigned char classes[256] = {
        ['\0'] = END_OF_LINE, ['\n'] = END_OF_LINE, [0x1A] = END_OF_LINE, [' '] = BLANK,
        ['\t'] = BLANK,       ['\r'] = BLANK,       ['\v'] = BLANK,       ['\f'] = BLANK,
        ['"'] = SPECIAL,      [','] = SPECIAL,      [';'] = SPECIAL,      ['='] = SPECIAL,
        ['\\'] = SPECIAL,     ['%'] = PERCENT,      [0xC2] = WIDE,        [0xE3] = WIDE,
    };
    return (enum byte_class)classes[c];
}

/* Length of the blank at `p`: ASCII, or U+0085, U+00A0, U+3000; 0 when it is none. */
static inline size_t blank_length(const char *p, const char *end) {
    size_t left = (size_t)(end - p);
    if (left == 0) {
        return 0;
    }
    switch (class_of((unsigned char)*p)) {
    case BLANK: return 1;
    case WIDE:
        if (left >= 2 && (memcmp(p, "\xC2\x85", 2) == 0 || memcmp(p, "\xC2\xA0", 2) == 0)) {
            return 2;
        }
        return left >= 3 && memcmp(p, "\xE3\x80\x80", 3) == 0 ? 3 : 0;
    case TEXT:
    case END_OF_LINE:
    case SPECIAL:
    case PERCENT: break;
    }
    return 0;
}

#endif
