#include "xml_shape.h"

/* Past the end of what begins at `at` and ends with `end`; text.len where it does not end. */
static size_t skip_past(rm_str text, size_t at, const char *end) {
    size_t found = 0;
    rm_str closing = rm_str_from(end);
    rm_str rest = rm_str_slice(text, at, text.len);
    return rm_str_find(rest, closing, &found) ? at + found + closing.len : text.len;
}

/* Comments, CDATA sections and instructions may hold anything. Not one of them: `at` itself. */
static size_t skip_other(rm_str text, size_t at) {
    static const struct {
        const char *start, *end;
    } kinds[] = {{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}};
    rm_str rest = rm_str_slice(text, at, text.len);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (rm_str_starts(rest, rm_str_from(kinds[i].start))) {
            return skip_past(text, at, kinds[i].end);
        }
    }
    return at;
}

/* '=' outside of quotes; *at moves past the tag. A quote that meets '<' is no quote of XML's. */
static size_t count_attributes(rm_str text, size_t *at) {
    size_t count = 0;
    char quote = 0;
    size_t i = *at + 1;
    for (; i < text.len && text.ptr[i] != '<'; i++) {
        char c = text.ptr[i];
        if (quote != 0) {
            quote = c == quote ? 0 : quote;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '>') {
            break;
        } else if (c == '=') {
            count++;
        }
    }
    *at = i;
    return count;
}

bool rm_xml_attributes_are_few(rm_str text, size_t limit, size_t *tag) {
    size_t at = 0;
    while (at < text.len) {
        size_t other = text.ptr[at] == '<' ? skip_other(text, at) : at;
        if (text.ptr[at] != '<') {
            at++;
        } else if (other != at) {
            at = other;
        } else {
            size_t start = at;
            if (count_attributes(text, &at) > limit) {
                *tag = start;
                return false;
            }
        }
    }
    return true;
}
