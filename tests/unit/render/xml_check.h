#ifndef TESTS_UNIT_RENDER_XML_CHECK_H
#define TESTS_UNIT_RENDER_XML_CHECK_H

/* Is this text well-formed XML, as far as our SVG uses it? NULL, or what is wrong with it. */
#include <string.h>

#include "base/text.h"

typedef struct xml_check {
    rm_str text;
    size_t at;
    rm_str open[32];
    unsigned depth;
} xml_check;

static inline bool xml_has(const xml_check *x, const char *what) {
    return rm_str_starts(rm_str_slice(x->text, x->at, x->text.len), rm_str_from(what));
}

static inline bool xml_name_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == ':' || c == '_';
}

static inline rm_str xml_name(xml_check *x) {
    size_t from = x->at;
    while (x->at < x->text.len && xml_name_char(x->text.ptr[x->at])) {
        x->at++;
    }
    return rm_str_slice(x->text, from, x->at);
}

static inline const char *xml_entity(xml_check *x) {
    static const char *const known[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (xml_has(x, known[i])) {
            x->at++;
            return NULL;
        }
    }
    return "a bare ampersand";
}

/* Characters up to `end`, none of which may be markup or forbidden. */
static inline const char *xml_text(xml_check *x, char end) {
    while (x->at < x->text.len && x->text.ptr[x->at] != end) {
        size_t before = x->at;
        uint32_t c = rm_text_next(x->text, &x->at);
        if (c < 0x20 && c != '\n') {
            return "a control character";
        }
        if (c == 0xFFFE || c == 0xFFFF || (c == 0xFFFD && x->at - before == 1)) {
            return "no character of XML";
        }
        if (c == '<') {
            return "markup in a text";
        }
        if (c == '&') {
            x->at = before;
            const char *wrong = xml_entity(x);
            if (wrong != NULL) {
                return wrong;
            }
        }
    }
    return NULL;
}

static inline const char *xml_attributes(xml_check *x) {
    while (x->at < x->text.len && x->text.ptr[x->at] != '>' && x->text.ptr[x->at] != '/' &&
           x->text.ptr[x->at] != '?') {
        if (x->text.ptr[x->at] == ' ' || x->text.ptr[x->at] == '\n') {
            x->at++;
            continue;
        }
        rm_str name = xml_name(x);
        if (name.len == 0 || !xml_has(x, "=\"")) {
            return "an attribute without a value";
        }
        if (rm_str_istarts(name, RM_STR("on")) || rm_str_ieq(name, RM_STR("href")) ||
            rm_str_ieq(name, RM_STR("xlink:href"))) {
            return "an attribute that can act";
        }
        x->at += 2;
        const char *wrong = xml_text(x, '"');
        if (wrong != NULL) {
            return wrong;
        }
        x->at++;
    }
    return NULL;
}

static inline const char *xml_tag(xml_check *x) {
    bool closing = x->text.ptr[x->at] == '/';
    x->at += closing || x->text.ptr[x->at] == '?';
    rm_str name = xml_name(x);
    if (rm_str_ieq(name, RM_STR("script")) || rm_str_ieq(name, RM_STR("foreignObject")) ||
        rm_str_ieq(name, RM_STR("a")) || rm_str_ieq(name, RM_STR("image"))) {
        return "an element that can act";
    }
    const char *wrong = xml_attributes(x);
    if (wrong != NULL) {
        return wrong;
    }
    bool alone = xml_has(x, "/>") || xml_has(x, "?>");
    x->at += alone ? 2 : 1;
    if (closing) {
        return x->depth > 0 && rm_str_eq(x->open[--x->depth], name) ? NULL : "a wrong end tag";
    }
    if (!alone) {
        if (x->depth == 32) {
            return "too deep";
        }
        x->open[x->depth++] = name;
    }
    return NULL;
}

static inline const char *xml_wrong(rm_str text) {
    xml_check x = {.text = text};
    while (x.at < text.len) {
        const char *wrong = xml_text(&x, '<');
        if (wrong == NULL && x.at < text.len) {
            x.at++;
            wrong = xml_tag(&x);
        }
        if (wrong != NULL) {
            return wrong;
        }
    }
    return x.depth == 0 ? NULL : "an element that is not closed";
}

#endif
