#include "base/json_writer.h"

#include <inttypes.h>

#include "base/text.h"

static void lead(rm_json_writer *out, const char *key) {
    if (out->comma) {
        rm_buf_char(out->buf, ',');
    }
    out->comma = true;
    if (key != NULL) {
        rm_buf_printf(out->buf, "\"%s\":", key);
    }
}

void rm_write_open(rm_json_writer *out, const char *key, char bracket) {
    lead(out, key);
    rm_buf_char(out->buf, bracket);
    out->comma = false;
}

void rm_write_close(rm_json_writer *out, char bracket) {
    rm_buf_char(out->buf, bracket);
    out->comma = true;
}

void rm_write_line(rm_json_writer *out) {
    if (out->comma) {
        rm_buf_char(out->buf, ',');
    }
    out->comma = false;
    rm_buf_char(out->buf, '\n');
}

void rm_write_text(rm_json_writer *out, const char *key, rm_str text) {
    lead(out, key);
    rm_text_json(out->buf, text);
}

void rm_write_word(rm_json_writer *out, const char *key, const char *text) {
    rm_write_text(out, key, rm_str_from(text));
}

void rm_write_number(rm_json_writer *out, const char *key, int64_t number) {
    lead(out, key);
    rm_buf_printf(out->buf, "%" PRId64, number);
}

void rm_write_flag(rm_json_writer *out, const char *key, bool value) {
    lead(out, key);
    rm_buf_text(out->buf, value ? "true" : "false");
}

void rm_write_null(rm_json_writer *out, const char *key) {
    lead(out, key);
    rm_buf_text(out->buf, "null");
}

void rm_write_text_if(rm_json_writer *out, const char *key, rm_str text) {
    if (text.len > 0) {
        rm_write_text(out, key, text);
    }
}
