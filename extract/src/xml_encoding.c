#include "xml_encoding.h"

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static size_t skip_blanks(rm_str text, size_t at) {
    while (at < text.len && is_blank(text.ptr[at])) {
        at++;
    }
    return at;
}

/* The value of encoding="…" in the XML declaration, and where it stands. */
static bool declared_encoding(rm_str text, rm_str *name, size_t *offset) {
    size_t end = 0;
    size_t at = 0;
    if (!rm_str_starts(text, RM_STR("<?xml")) || !rm_str_find(text, RM_STR("?>"), &end) ||
        !rm_str_find(rm_str_slice(text, 0, end), RM_STR("encoding"), &at)) {
        return false;
    }
    at = skip_blanks(text, at + 8);
    at = at < end && text.ptr[at] == '=' ? skip_blanks(text, at + 1) : end;
    size_t close = 0;
    if (at + 1 >= end || !rm_str_find_char(rm_str_slice(text, at + 1, end), text.ptr[at], &close)) {
        return false;
    }
    *offset = at + 1;
    *name = rm_str_slice(text, at + 1, at + 1 + close);
    return true;
}

static bool is_wide(rm_encoding encoding) {
    return encoding == RM_ENC_UTF16LE || encoding == RM_ENC_UTF16BE;
}

static bool is_ascii(rm_str text) {
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.ptr[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

/* Encodings in which even the letters of a declaration are other bytes, or may be. */
static bool is_foreign(rm_str declared) {
    static const char *const beginnings[] = {
        "utf-7", "utf-32", "ucs-",   "iso-10646-ucs", "ebcdic",   "ibm0", "ibm1",
        "cp037", "cp500",  "cp1026", "cp1140",        "iso-2022", "hz-gb"};
    for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++) {
        if (rm_str_istarts(declared, rm_str_from(beginnings[i]))) {
            return true;
        }
    }
    return false;
}

/* Does the text have the encoding that it says (XML 1.0, 4.3.3)? */
static bool agrees(rm_str declared, rm_encoding found, rm_str text) {
    static const char *const western[] = {"windows-1252", "iso-8859-1", "us-ascii", "latin1"};
    if (rm_str_istarts(declared, RM_STR("utf-16"))) {
        return is_wide(found);
    }
    if (is_wide(found) || rm_str_ieq(declared, RM_STR("utf-8")) || declared.len == 0) {
        return is_wide(found) ? declared.len == 0
                              : found == RM_ENC_UTF8 || found == RM_ENC_UTF8_BOM;
    }
    for (size_t i = 0; i < sizeof western / sizeof western[0]; i++) {
        if (rm_str_ieq(declared, rm_str_from(western[i]))) {
            return found == RM_ENC_WINDOWS_1252 || is_ascii(text);
        }
    }
    return !is_foreign(declared) && is_ascii(text);
}

bool rm_xml_encoding_agrees(rm_str text, rm_encoding found, rm_str *declared, size_t *offset) {
    *declared = RM_STR_NONE;
    *offset = 0;
    (void)declared_encoding(text, declared, offset);
    bool good = found != RM_ENC_BINARY && agrees(*declared, found, text);
    if (declared->len == 0) {
        *declared = RM_STR("utf-8"); /* what XML means where nothing is said */
    }
    return good;
}
