#include "document.h"

#include "base/text.h"
#include "grid.h"

enum { LABEL_WIDTH = 13, STEP = 2, ITEM_INDENT = 5 };

/* ---- JSON ---- */

static void json_key(rm_document *doc, const char *key) {
    rm_buf_text(&doc->out, doc->comma ? "," : "");
    if (key != NULL) {
        rm_text_json(&doc->out, rm_str_from(key));
        rm_buf_char(&doc->out, ':');
    }
    doc->comma = true;
}

static void json_open(rm_document *doc, const char *key, char bracket) {
    json_key(doc, key);
    rm_buf_char(&doc->out, bracket);
    doc->comma = false;
}

static void json_close(rm_document *doc, char bracket) {
    rm_buf_char(&doc->out, bracket);
    doc->comma = true;
}

/* ---- text ---- */

static void blanks(rm_document *doc, size_t count) {
    for (size_t i = 0; i < count; i++) {
        rm_buf_char(&doc->out, ' ');
    }
}

/* The column that the next character goes to. */
static size_t column(const rm_document *doc) {
    size_t start = doc->out.len;
    while (start > 0 && doc->out.ptr[start - 1] != '\n') {
        start--;
    }
    return rm_text_width(rm_str_slice(rm_buf_view(&doc->out), start, doc->out.len));
}

/* The first word of `rest` with the blanks before it. */
static rm_str next_word(rm_str rest) {
    size_t end = 0;
    while (end < rest.len && rest.ptr[end] == ' ') {
        end++;
    }
    while (end < rest.len && rest.ptr[end] != ' ') {
        end++;
    }
    return rm_str_slice(rest, 0, end);
}

/* The text to the end of its line, broken between words; later lines begin at column `hang`. */
static void put_text(rm_document *doc, rm_str text, size_t hang) {
    rm_buf safe = {.arena = doc->out.arena};
    rm_text_safe(&safe, text);
    rm_str rest = rm_buf_view(&safe);
    size_t at = column(doc);
    while (rest.len > 0) {
        rm_str word = next_word(rest);
        rest = rm_str_slice(rest, word.len, rest.len);
        if (doc->width > 0 && at > hang && at + rm_text_width(word) > doc->width) {
            rm_buf_char(&doc->out, '\n');
            blanks(doc, hang);
            word = rm_str_trim(word);
            at = hang;
        }
        rm_buf_str(&doc->out, word);
        at += rm_text_width(word);
    }
    rm_buf_char(&doc->out, '\n');
    doc->out.status = doc->out.status == RM_OK ? safe.status : doc->out.status;
}

/* "label        " where values begin. */
static void begin_line(rm_document *doc, const char *label) {
    const size_t length = rm_str_from(label).len;
    blanks(doc, doc->indent);
    rm_buf_text(&doc->out, label);
    if (length > 0) {
        blanks(doc, length < LABEL_WIDTH - 1 ? LABEL_WIDTH - length : 1);
    }
}

static void heading(rm_document *doc, const char *title) {
    blanks(doc, doc->indent);
    rm_buf_printf(&doc->out, "%s\n", title);
}

/* ---- structure ---- */

static void enter(rm_document *doc) {
    if (doc->depth + 1 < RM_DOCUMENT_DEPTH) {
        doc->depth++;
    } else {
        doc->out.status = RM_INTERNAL;
    }
    doc->items[doc->depth] = 0;
}

static void leave(rm_document *doc) {
    doc->depth -= doc->depth > 0;
}

void rm_document_begin(rm_document *doc, rm_arena *arena, const char *kind, rm_str title) {
    *doc = (rm_document){.out = {.arena = arena}, .json = doc->json, .width = doc->width};
    if (doc->json) {
        json_open(doc, NULL, '{');
        rm_document_word(doc, "kind", NULL, kind);
        return;
    }
    put_text(doc, title, STEP);
    doc->indent = STEP;
}

void rm_document_end(rm_document *doc) {
    if (doc->json) {
        json_close(doc, '}');
        rm_buf_char(&doc->out, '\n');
    }
}

void rm_document_section(rm_document *doc, const char *key, const char *title) {
    enter(doc);
    if (doc->json) {
        json_open(doc, key, '{');
        return;
    }
    rm_buf_char(&doc->out, '\n');
    doc->indent -= STEP;
    heading(doc, title);
    doc->indent += STEP;
}

void rm_document_section_end(rm_document *doc) {
    leave(doc);
    if (doc->json) {
        json_close(doc, '}');
    }
}

void rm_document_list(rm_document *doc, const char *key, const char *title) {
    const bool nested = doc->depth > 0;
    enter(doc);
    if (doc->json) {
        json_open(doc, key, '[');
        return;
    }
    if (!nested) {
        rm_buf_char(&doc->out, '\n');
        doc->indent -= STEP;
    }
    heading(doc, title);
    doc->indent += nested ? 0 : STEP;
}

void rm_document_list_end(rm_document *doc, const char *none) {
    const bool empty = doc->items[doc->depth] == 0;
    leave(doc);
    if (doc->json) {
        json_close(doc, ']');
    } else if (empty) {
        heading(doc, none);
    }
}

void rm_document_item(rm_document *doc, const char *key, rm_str headline) {
    const unsigned number = ++doc->items[doc->depth];
    if (doc->json) {
        json_open(doc, NULL, '{');
        rm_document_text(doc, key, NULL, headline);
        enter(doc);
        return;
    }
    enter(doc);
    blanks(doc, doc->indent);
    rm_buf_printf(&doc->out, "%2u  ", number);
    put_text(doc, headline, doc->indent + ITEM_INDENT - 1);
    doc->indent += ITEM_INDENT - 1;
}

void rm_document_item_end(rm_document *doc) {
    leave(doc);
    if (doc->json) {
        json_close(doc, '}');
    } else {
        doc->indent -= ITEM_INDENT - 1;
    }
}

/* ---- values ---- */

void rm_document_null(rm_document *doc, const char *key) {
    if (doc->json) {
        json_key(doc, key);
        rm_buf_text(&doc->out, "null");
    }
}

void rm_document_text(rm_document *doc, const char *key, const char *label, rm_str value) {
    if (doc->json && key == NULL) {
        return; /* for people alone */
    }
    if (doc->json && value.len == 0) {
        rm_document_null(doc, key);
    } else if (doc->json) {
        json_key(doc, key);
        rm_text_json(&doc->out, value);
    } else if (label != NULL && value.len > 0) {
        begin_line(doc, label);
        put_text(doc, value, doc->indent + (*label == '\0' ? 0 : LABEL_WIDTH));
    }
}

void rm_document_word(rm_document *doc, const char *key, const char *label, const char *value) {
    rm_document_text(doc, key, label, rm_str_from(value));
}

void rm_document_number(rm_document *doc, const char *key, const char *label, uint64_t value) {
    if (doc->json) {
        json_key(doc, key);
    } else if (label != NULL) {
        begin_line(doc, label);
    } else {
        return;
    }
    rm_buf_printf(&doc->out, doc->json ? "%llu" : "%llu\n", (unsigned long long)value);
}

void rm_document_hex(rm_document *doc, const char *key, const char *label, uint32_t value) {
    if (doc->json) {
        json_key(doc, key);
    } else if (label != NULL) {
        begin_line(doc, label);
    } else {
        return;
    }
    rm_buf_printf(&doc->out, doc->json ? "\"0x%x\"" : "0x%x\n", (unsigned)value);
}

void rm_document_flag(rm_document *doc, const char *key, const char *label, bool value) {
    if (doc->json) {
        json_key(doc, key);
        rm_buf_text(&doc->out, value ? "true" : "false");
    } else if (label != NULL) {
        begin_line(doc, label);
        rm_buf_text(&doc->out, value ? "yes\n" : "no\n");
    }
}

void rm_document_place(rm_document *doc, rm_loc place) {
    if (doc->json) {
        rm_document_text(doc, "path", NULL, place.file);
        if (place.line > 0) {
            rm_document_number(doc, "line", NULL, place.line);
        } else {
            rm_document_null(doc, "line");
        }
        return;
    }
    if (place.file.len == 0) {
        return;
    }
    begin_line(doc, "at");
    rm_text_safe(&doc->out, place.file);
    if (place.line > 0) {
        rm_buf_printf(&doc->out, ":%u", (unsigned)place.line);
    }
    rm_buf_char(&doc->out, '\n');
}
