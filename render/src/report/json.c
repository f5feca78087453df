#include "json.h"

#include "base/text.h"
#include "label.h"

enum { PAGE_TEXT_MAX = 2000 }; /* code points; whoever wants a megabyte of name asks the model */

/* Items of a list stand in lines of their own. */
static void begin_item(rm_json_out *json, const char *key) {
    if (key == NULL && json->writer.comma && !json->compact) {
        rm_write_line(&json->writer);
    }
}

void rm_json_open(rm_json_out *json, const char *key, char bracket) {
    begin_item(json, key);
    rm_write_open(&json->writer, key, bracket);
}

void rm_json_close(rm_json_out *json, char bracket) {
    rm_write_close(&json->writer, bracket);
}

/* Cut, and what no reader should be shown spelled out. */
static rm_str neutral(rm_buf *safe, rm_str text) {
    rm_str head = rm_label_head(text, PAGE_TEXT_MAX);
    rm_text_safe(safe, head);
    rm_buf_text(safe, head.len < text.len ? "\xE2\x80\xA6" : "");
    return rm_buf_view(safe);
}

/* Inside a <script> the text must not hold "</script" or "<!--", whatever a name says. */
static void put_for_page(rm_json_out *json, const char *key, rm_str text) {
    rm_buf *out = json->writer.buf;
    rm_buf safe = {.arena = out->arena};
    rm_buf quoted = {.arena = out->arena};
    rm_json_writer aside = {.buf = &quoted, .comma = json->writer.comma};
    rm_write_text(&aside, key, neutral(&safe, text));
    json->writer.comma = aside.comma;
    for (size_t i = 0; i < quoted.len; i++) {
        if (quoted.ptr[i] == '<' || quoted.ptr[i] == '>' || quoted.ptr[i] == '&') {
            rm_buf_printf(out, "\\u%04x", (unsigned)quoted.ptr[i]);
        } else {
            rm_buf_char(out, quoted.ptr[i]);
        }
    }
    if (safe.status != RM_OK || quoted.status != RM_OK) {
        out->status = RM_NOMEM;
    }
}

void rm_json_text(rm_json_out *json, const char *key, rm_str text) {
    begin_item(json, key);
    if (text.len == 0) {
        rm_write_null(&json->writer, key);
    } else if (json->page) {
        put_for_page(json, key, text);
    } else {
        rm_write_text(&json->writer, key, text);
    }
}

void rm_json_word(rm_json_out *json, const char *key, const char *word) {
    rm_json_text(json, key, rm_str_from(word));
}

void rm_json_number(rm_json_out *json, const char *key, int64_t number) {
    begin_item(json, key);
    rm_write_number(&json->writer, key, number);
}

void rm_json_flag(rm_json_out *json, const char *key, bool flag) {
    rm_json_number(json, key, flag ? 1 : 0); /* as everywhere */
}

void rm_json_null(rm_json_out *json, const char *key) {
    begin_item(json, key);
    rm_write_null(&json->writer, key);
}

void rm_json_place(rm_json_out *json, rm_loc place) {
    rm_json_text(json, "path", place.file);
    if (place.line > 0) {
        rm_json_number(json, "line", place.line);
    } else {
        rm_json_null(json, "line");
    }
}
