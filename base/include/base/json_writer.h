#ifndef BASE_JSON_WRITER_H
#define BASE_JSON_WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/*
 * JSON written value by value, with the commas set. Every function takes the key of the value, or
 * NULL inside an array. Texts are hostile and escaped; keys are ours. The buffer's sticky status
 * says whether all of it was written.
 */
typedef struct rm_json_writer {
    rm_buf *buf;
    bool comma; /* something stands before in the object or array at hand */
} rm_json_writer;

void rm_write_open(rm_json_writer *out, const char *key, char bracket); /* '{' or '[' */
void rm_write_close(rm_json_writer *out, char bracket);                 /* '}' or ']' */
void rm_write_line(rm_json_writer *out); /* the next value begins in a new line */

void rm_write_text(rm_json_writer *out, const char *key, rm_str text);
void rm_write_word(rm_json_writer *out, const char *key, const char *text);
void rm_write_number(rm_json_writer *out, const char *key, int64_t number);
void rm_write_flag(rm_json_writer *out, const char *key, bool value);
void rm_write_null(rm_json_writer *out, const char *key);

/* Writes nothing when `text` is empty. */
void rm_write_text_if(rm_json_writer *out, const char *key, rm_str text);

#endif
