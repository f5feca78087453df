#include "json.h"

#include "base/text.h"
#include "label.h"

enum { PAGE_TEXT_MAX = 2000 }; /* code points; whoever wants a megabyte of name asks the model */

static void begin(rm_json_out *json, const char *key) {
    rm_buf_text(json->out, json->comma ? "," : "");
    rm_buf_text(json->out, json->comma && key == NULL && !json->compact ? "\n" : "");
    if (key != NULL) {
        rm_buf_printf(json->out, "\"%s\":", key);
    }
    json->comma = true;
}

void rm_json_open(rm_json_out *json, const char *key, char bracket) {
    begin(json, key);
    rm_buf_char(json->out, bracket);
    json->comma = false;
}

void rm_json_close(rm_json_out *json, char bracket) {
    rm_buf_char(json->out, bracket);
    json->comma = true;
}

/* Inside a <script> the text must not hold "</script" or "<!--", whatever a name says. */
static void put_for_page(rm_buf *out, rm_str text) {
    rm_buf safe = {.arena = out->arena};
    rm_buf quoted = {.arena = out->arena};
    rm_str head = rm_label_head(text, PAGE_TEXT_MAX);
    rm_text_safe(&safe, head);
    rm_buf_text(&safe, head.len < text.len ? "\xE2\x80\xA6" : "");
    rm_text_json(&quoted, rm_buf_view(&safe));
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
    begin(json, key);
    if (text.len == 0) {
        rm_buf_text(json->out, "null");
    } else if (json->page) {
        put_for_page(json->out, text);
    } else {
        rm_text_json(json->out, text);
    }
}

void rm_json_word(rm_json_out *json, const char *key, const char *word) {
    rm_json_text(json, key, rm_str_from(word));
}

void rm_json_number(rm_json_out *json, const char *key, uint64_t number) {
    begin(json, key);
    rm_buf_printf(json->out, "%llu", (unsigned long long)number);
}

void rm_json_flag(rm_json_out *json, const char *key, bool flag) {
    begin(json, key);
    rm_buf_text(json->out, flag ? "1" : "0"); /* as everywhere */
}

void rm_json_null(rm_json_out *json, const char *key) {
    begin(json, key);
    rm_buf_text(json->out, "null");
}

void rm_json_place(rm_json_out *json, rm_loc place) {
    rm_json_text(json, "path", place.file);
    if (place.line > 0) {
        rm_json_number(json, "line", place.line);
    } else {
        rm_json_null(json, "line");
    }
}
