#ifndef APP_DOCUMENT_H
#define APP_DOCUMENT_H

#include "base/diag.h"
#include "base/str.h"

/*
 * One account of a thing, written once for people and for programs: sections of labelled values and
 * numbered lists as text, or the same as one JSON object. Texts are hostile and neutralised here.
 *
 * A value whose `label` is NULL is for programs alone, a text whose `key` is NULL for people; an
 * absent text is null in JSON and left out of the text.
 */
enum { RM_DOCUMENT_DEPTH = 8 };

typedef struct rm_document {
    rm_buf out; /* its status is the document's */
    bool json;
    bool comma;     /* JSON: something stands before, in the object or list at hand */
    unsigned depth; /* objects and lists that are open */
    unsigned items[RM_DOCUMENT_DEPTH]; /* of the lists that are open */
    unsigned indent;                   /* of values, in blanks */
    unsigned width;                    /* text: lines are broken there; 0: never */
} rm_document;

/*
 * The whole: `title` heads the text, `kind` is the first key of the object. `json` and `width` of
 * *doc are set before, everything else is set here.
 */
void rm_document_begin(rm_document *doc, rm_arena *arena, const char *kind, rm_str title);
void rm_document_end(rm_document *doc);

void rm_document_section(rm_document *doc, const char *key, const char *title);
void rm_document_section_end(rm_document *doc);

/* A list is written with its title even when it stays empty; `none` is the text for that. */
void rm_document_list(rm_document *doc, const char *key, const char *title);
void rm_document_list_end(rm_document *doc, const char *none);

/* An item of a list: `headline` is its value called `key`. */
void rm_document_item(rm_document *doc, const char *key, rm_str headline);
void rm_document_item_end(rm_document *doc);

void rm_document_text(rm_document *doc, const char *key, const char *label, rm_str value);
void rm_document_word(rm_document *doc, const char *key, const char *label, const char *value);
void rm_document_number(rm_document *doc, const char *key, const char *label, uint64_t value);
void rm_document_hex(rm_document *doc, const char *key, const char *label, uint32_t value);
void rm_document_flag(rm_document *doc, const char *key, const char *label, bool value);
void rm_document_null(rm_document *doc, const char *key);

/* "path" and "line"; as text "at path:line", nothing where the place is not known. */
void rm_document_place(rm_document *doc, rm_loc place);

#endif
