#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/diag.h"
#include "base/str.h"

/* The encodings of input files, named as `v_artifact.encoding` names them. */
#define RM_ENCODING_LIST(X)                                                                        \
    X(UTF8, "utf-8")                                                                               \
    X(UTF8_BOM, "utf-8-bom")                                                                       \
    X(UTF16LE, "utf-16le")                                                                         \
    X(UTF16BE, "utf-16be")                                                                         \
    X(WINDOWS_1252, "windows-1252")                                                                \
    X(BINARY, "binary")

typedef enum rm_encoding {
#define X(name, text) RM_ENC_##name,
    RM_ENCODING_LIST(X)
#undef X
        RM_ENC_COUNT
} rm_encoding;

const char *rm_encoding_name(rm_encoding encoding);

/*
 * Guesses the encoding of a file's bytes: by byte order mark, else UTF-16 without one (every other
 * byte of the first 512 nearly always zero), else UTF-8 where it is valid, else Windows-1252, as a
 * western Windows reads such files. Text with NUL bytes that is none of these is BINARY.
 */
rm_encoding rm_text_encoding(rm_str bytes);

/*
 * Turns the bytes of a file into UTF-8 without a byte order mark. Where the bytes already are
 * that, *out borrows from `bytes`; else it lives in `arena`. A damaged UTF-16 unit or UTF-8 byte
 * becomes U+FFFD and is reported once per file as "text-damaged" at its place. Line structure is
 * kept. BINARY is decoded as Windows-1252 with NUL kept.
 */
rm_status rm_text_decode(rm_arena *arena, rm_sink *sink, rm_str file, rm_str bytes,
                         rm_encoding *encoding, rm_str *out) RM_CHECK_RESULT;

/*
 * Appends `s` so that it can do no harm on a terminal or in a picture: valid UTF-8, C0, C1 and DEL
 * as \xNN, bidi and other invisible format controls as \u{NNNN}, backslash untouched.
 */
void rm_text_safe(rm_buf *buf, rm_str s);

/* Appends `s` for XML text and double-quoted attributes: rm_text_safe, then & < > " ' escaped. */
void rm_text_xml(rm_buf *buf, rm_str s);

/* Appends one CSV field (RFC 4180) that a spreadsheet cannot take for a formula. */
void rm_text_csv(rm_buf *buf, rm_str s);

/*
 * Appends `s` as a code span of Markdown, which no host takes for markup, a link, a mention or a
 * cell's end: rm_text_safe between backticks, more of them than stand in the text, '|' as "\|".
 */
void rm_text_code_span(rm_buf *buf, rm_str s);

/* Appends a JSON string with its quotes; invalid UTF-8 becomes U+FFFD. */
void rm_text_json(rm_buf *buf, rm_str s);

/* Decodes one code point at s.ptr[*at], advancing *at; 0xFFFD and one byte for a damaged one. */
uint32_t rm_text_next(rm_str s, size_t *at);

/* Appends a code point as UTF-8; surrogates and values over 0x10FFFF become U+FFFD. */
void rm_text_put(rm_buf *buf, uint32_t code_point);

/* UTF-8 to UTF-16LE bytes, for hashing names as Windows does. */
rm_status rm_text_utf16le(rm_arena *arena, rm_str s, rm_str *out) RM_CHECK_RESULT;

#endif
