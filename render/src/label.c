#include "label.h"

#include "base/text.h"

enum { SLUG_MAX = 40 };

rm_str rm_label_head(rm_str text, unsigned most) {
    size_t at = 0;
    for (unsigned seen = 0; at < text.len && seen < most; seen++) {
        (void)rm_text_next(text, &at);
    }
    return rm_str_slice(text, 0, at);
}

/* The last `most` code points; of what is no UTF-8 at most four bytes count as one. */
static rm_str tail_of(rm_str text, unsigned most) {
    size_t at = text.len;
    for (unsigned seen = 0; at > 0 && seen < most; seen++) {
        at--;
        for (unsigned more = 0; more < 3 && at > 0 && ((unsigned char)text.ptr[at] & 0xC0) == 0x80;
             more++) {
            at--;
        }
    }
    return rm_str_slice(text, at, text.len);
}

/* The safe text of the first and the last code points, as many as asked for. */
static rm_str cut(rm_arena *arena, rm_str text, unsigned first, unsigned last, rm_status *status) {
    rm_buf safe = {.arena = arena};
    rm_str head = rm_label_head(text, first + last);
    if (head.len == text.len) {
        rm_text_safe(&safe, text);
    } else {
        rm_text_safe(&safe, rm_label_head(text, first));
        rm_buf_text(&safe, "\xE2\x80\xA6");
        rm_text_safe(&safe, tail_of(text, last));
    }
    *status = safe.status;
    return rm_buf_view(&safe);
}

/* The entity of a character that means something in XML, NULL for the others. */
static const char *entity(char c) {
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

static void escape(rm_buf *buf, rm_str text, unsigned first, unsigned last, const char *backslash) {
    rm_status status = RM_OK;
    rm_str safe = cut(buf->arena, text, first, last, &status);
    if (status != RM_OK) {
        buf->status = status;
        return;
    }
    for (size_t i = 0; i < safe.len; i++) {
        const char *name = entity(safe.ptr[i]);
        if (name != NULL) {
            rm_buf_text(buf, name);
        } else if (safe.ptr[i] == '\\') {
            rm_buf_text(buf, backslash);
        } else {
            rm_buf_char(buf, safe.ptr[i]);
        }
    }
}

void rm_label_html(rm_buf *buf, rm_str text, unsigned most) {
    if (text.len == 0) { /* an element without content is a syntax error there */
        rm_buf_text(buf, "&#160;");
    }
    escape(buf, text, most, 0, "\\\\");
}

void rm_label_html_name(rm_buf *buf, rm_str name, unsigned most) {
    if (name.len == 0) {
        rm_buf_text(buf, "&#160;");
    }
    escape(buf, name, most - most / 3, most / 3, "\\\\");
}

void rm_label_xml(rm_buf *buf, rm_str text, unsigned most) {
    escape(buf, text, most, 0, "\\");
}

static bool is_one_of(char c, const char *set) {
    while (*set != '\0' && *set != c) {
        set++;
    }
    return *set != '\0';
}

static bool is_alnum(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/*
 * What no backslash keeps from meaning something: HTML, ends of cells, mentions, links that hosts
 * make of "www." and "http:", emoji between colons, templates of site generators.
 */
static bool is_active(rm_str text, size_t at) {
    char c = text.ptr[at];
    char next = at + 1 < text.len ? text.ptr[at + 1] : ' ';
    if (c == '.') {
        return at >= 3 && rm_str_ieq(rm_str_slice(text, at - 3, at), RM_STR("www"));
    }
    if (c == ':') {
        return next != ' ' && !(next >= '0' && next <= '9');
    }
    return is_one_of(c, "<>&@|\n\r\t") || (c == '{' && is_one_of(next, "{%#"));
}

void rm_label_markdown(rm_buf *buf, rm_str text, unsigned most) {
    rm_status status = RM_OK;
    rm_str safe = cut(buf->arena, text, most, 0, &status);
    if (status != RM_OK) {
        buf->status = status;
        return;
    }
    for (size_t i = 0; i < safe.len; i++) {
        if (is_active(safe, i)) {
            rm_buf_printf(buf, "&#%u;", (unsigned)(unsigned char)safe.ptr[i]);
        } else {
            rm_buf_text(buf, is_one_of(safe.ptr[i], "\\`*_{}[]#~$") ? "\\" : "");
            rm_buf_char(buf, safe.ptr[i]);
        }
    }
}

static bool is_plain_mermaid(uint32_t c) {
    return c > 0x9F || (c < 0x80 && (is_alnum((char)c) || c == ' ' || c == '.' || c == ',' ||
                                     c == '-' || c == '_' || c == '/' || c == ':'));
}

void rm_label_mermaid(rm_buf *buf, rm_str text, unsigned most) {
    rm_status status = RM_OK;
    rm_str safe = cut(buf->arena, text, most, 0, &status);
    if (status != RM_OK) {
        buf->status = status;
        return;
    }
    for (size_t at = 0; at < safe.len;) {
        uint32_t c = rm_text_next(safe, &at);
        if (is_plain_mermaid(c)) {
            rm_text_put(buf, c);
        } else {
            rm_buf_printf(buf, "#%u;", (unsigned)c);
        }
    }
}

void rm_label_slug(rm_buf *buf, rm_str text) {
    size_t from = buf->len;
    bool lost = false;
    bool gap = false;
    for (size_t i = 0; i < text.len && buf->len - from < SLUG_MAX; i++) {
        char c = text.ptr[i];
        if (!is_alnum(c)) {
            gap = true;
            lost = lost || (c != '-' && c != '_' && c != '.' && c != ' ' && c != '\\' && c != ':');
            continue;
        }
        if (gap && buf->len > from) {
            rm_buf_char(buf, '-');
        }
        gap = false;
        rm_buf_char(buf, (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c));
    }
    if (lost || text.len > SLUG_MAX || buf->len == from) {
        rm_buf_printf(buf, "%s%06x", buf->len == from ? "" : "-",
                      (unsigned)(rm_str_hash(text) & 0xFFFFFFu));
    }
}
