#ifndef RENDER_REPORT_JSON_H
#define RENDER_REPORT_JSON_H

#include "base/diag.h"
#include "base/json_writer.h"

/*
 * What a report adds to base/json_writer.h: an empty text is null and a flag 1 or 0, as in the
 * views of the model; items of a list stand in lines of their own; texts for a page.
 */
typedef struct rm_json_out {
    rm_json_writer writer;
    bool page;    /* for a page: texts are cut, neutralised, and cannot end a <script> */
    bool compact; /* no line breaks between items */
} rm_json_out;

/* `key` NULL: an item of a list, or the whole. */
void rm_json_open(rm_json_out *json, const char *key, char bracket);
void rm_json_close(rm_json_out *json, char bracket);
void rm_json_text(rm_json_out *json, const char *key, rm_str text);
void rm_json_word(rm_json_out *json, const char *key, const char *word); /* NULL: null */
void rm_json_number(rm_json_out *json, const char *key, int64_t number);
void rm_json_flag(rm_json_out *json, const char *key, bool flag);
void rm_json_null(rm_json_out *json, const char *key);

/* "path" and "line"; null where they are not known. */
void rm_json_place(rm_json_out *json, rm_loc place);

#endif
