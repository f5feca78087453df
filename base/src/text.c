#include "base/text.h"

#include <string.h>

enum { REPLACEMENT = 0xFFFD };

const char *rm_encoding_name(rm_encoding encoding) {
    static const char *const names[] = {
#define X(name, text) [RM_ENC_##name] = text,
        RM_ENCODING_LIST(X)
#undef X
    };
    return (unsigned)encoding < RM_ENC_COUNT ? names[encoding] : "binary";
}

/* ---- UTF-8, code point by code point ---- */

static unsigned char byte_at(rm_str s, size_t at) {
    return (unsigned char)s.ptr[at];
}

/* Length of the sequence that a lead byte opens, and the bits it carries; 0 for no lead byte. */
static unsigned lead(unsigned char b, uint32_t *bits) {
    if (b < 0x80) {
        *bits = b;
        return 1;
    }
    if (b >= 0xC2 && b <= 0xDF) {
        *bits = b & 0x1Fu;
        return 2;
    }
    if (b >= 0xE0 && b <= 0xEF) {
        *bits = b & 0x0Fu;
        return 3;
    }
    if (b >= 0xF0 && b <= 0xF4) {
        *bits = b & 0x07u;
        return 4;
    }
    return 0;
}

/* Overlong forms, surrogates and values beyond Unicode are damage (RFC 3629). */
static bool in_range(uint32_t code_point, unsigned length) {
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    return code_point >= least[length] && code_point <= 0x10FFFF &&
           !(code_point >= 0xD800 && code_point <= 0xDFFF);
}

/* False when the bytes at `at` are no character; *length is then 1. */
static bool decode_one(rm_str s, size_t at, uint32_t *code_point, unsigned *length) {
    uint32_t value = 0;
    unsigned n = lead(byte_at(s, at), &value);
    *length = 1;
    *code_point = REPLACEMENT;
    if (n == 0 || n > s.len - at) {
        return false;
    }
    for (unsigned i = 1; i < n; i++) {
        unsigned char b = byte_at(s, at + i);
        if ((b & 0xC0u) != 0x80u) {
            return false;
        }
        value = (value << 6) | (b & 0x3Fu);
    }
    if (!in_range(value, n)) {
        return false;
    }
    *code_point = value;
    *length = n;
    return true;
}

uint32_t rm_text_next(rm_str s, size_t *at) {
    uint32_t code_point = REPLACEMENT;
    unsigned length = 1;
    (void)decode_one(s, *at, &code_point, &length);
    *at += length;
    return code_point;
}

void rm_text_put(rm_buf *buf, uint32_t c) {
    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) {
        c = REPLACEMENT;
    }
    if (c < 0x80) {
        rm_buf_char(buf, (char)c);
    } else if (c < 0x800) {
        const char two[] = {(char)(0xC0u | c >> 6), (char)(0x80u | (c & 0x3Fu))};
        rm_buf_str(buf, (rm_str){two, 2});
    } else if (c < 0x10000) {
        const char three[] = {(char)(0xE0u | c >> 12), (char)(0x80u | (c >> 6 & 0x3Fu)),
                              (char)(0x80u | (c & 0x3Fu))};
        rm_buf_str(buf, (rm_str){three, 3});
    } else {
        const char four[] = {(char)(0xF0u | c >> 18), (char)(0x80u | (c >> 12 & 0x3Fu)),
                             (char)(0x80u | (c >> 6 & 0x3Fu)), (char)(0x80u | (c & 0x3Fu))};
        rm_buf_str(buf, (rm_str){four, 4});
    }
}

/* ---- encodings of files ---- */

/* How many of the bytes from `at` on are ASCII, eight at a time: sources are nearly all ASCII. */
static size_t ascii_run(rm_str s, size_t at) {
    size_t from = at;
    for (uint64_t eight; at + sizeof eight <= s.len; at += sizeof eight) {
        memcpy(&eight, s.ptr + at, sizeof eight);
        if ((eight & UINT64_C(0x8080808080808080)) != 0) {
            break;
        }
    }
    return at - from;
}

static bool is_utf8(rm_str s) {
    for (size_t at = ascii_run(s, 0); at < s.len; at += ascii_run(s, at)) {
        uint32_t code_point = 0;
        unsigned length = 1;
        if (!decode_one(s, at, &code_point, &length)) {
            return false;
        }
        at += length;
    }
    return true;
}

/* UTF-16 of western text without a mark: nearly all bytes of one parity are zero. */
static bool looks_utf16(rm_str s, rm_encoding *encoding) {
    size_t zeros[2] = {0, 0};
    size_t n = s.len < 512 ? s.len & ~(size_t)1 : 512;
    for (size_t i = 0; i < n; i++) {
        zeros[i & 1] += s.ptr[i] == 0;
    }
    if (n < 4) {
        return false;
    }
    *encoding = zeros[1] > zeros[0] ? RM_ENC_UTF16LE : RM_ENC_UTF16BE;
    size_t many = zeros[1] > zeros[0] ? zeros[1] : zeros[0];
    size_t few = zeros[1] > zeros[0] ? zeros[0] : zeros[1];
    return many * 10 >= n * 4 && few * 20 <= n;
}

rm_encoding rm_text_encoding(rm_str s) {
    rm_encoding guessed = RM_ENC_UTF16LE;
    size_t at = 0;
    if (rm_str_starts(s, RM_STR("\xEF\xBB\xBF"))) {
        return RM_ENC_UTF8_BOM;
    }
    if (rm_str_starts(s, RM_STR("\xFF\xFE"))) {
        return RM_ENC_UTF16LE;
    }
    if (rm_str_starts(s, RM_STR("\xFE\xFF"))) {
        return RM_ENC_UTF16BE;
    }
    if (looks_utf16(s, &guessed)) {
        return guessed;
    }
    if (rm_str_find_char(s, '\0', &at)) {
        return RM_ENC_BINARY;
    }
    return is_utf8(s) ? RM_ENC_UTF8 : RM_ENC_WINDOWS_1252;
}

/* Windows-1252 where it differs from Latin-1; 0 marks the five bytes it leaves undefined. */
static const uint16_t windows_1252[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

static uint32_t from_1252(unsigned char b) {
    if (b < 0x80 || b > 0x9F || windows_1252[b - 0x80] == 0) {
        return b;
    }
    return windows_1252[b - 0x80];
}

/* A reader of one encoding: counts lines so that the first damage has a place. */
typedef struct decoder {
    rm_buf out;
    rm_sink *sink;
    rm_loc at;
    bool reported;
} decoder;

static void damaged(decoder *d) {
    if (!d->reported) {
        d->reported = true;
        rm_diag(d->sink, RM_WARNING, d->at, "text-damaged",
                "bytes that are no text in the file's encoding; read as U+FFFD");
    }
}

static void put(decoder *d, uint32_t code_point) {
    size_t before = d->out.len;
    rm_text_put(&d->out, code_point);
    if (code_point == '\n') {
        d->at.line++;
        d->at.column = 1;
    } else {
        d->at.column += (uint32_t)(d->out.len - before);
    }
}

static uint32_t unit_at(rm_str s, size_t at, bool big) {
    uint32_t a = byte_at(s, at);
    uint32_t b = byte_at(s, at + 1);
    return big ? a << 8 | b : b << 8 | a;
}

static void decode_utf16(decoder *d, rm_str s, bool big) {
    size_t at = 0;
    for (; at + 1 < s.len; at += 2) {
        uint32_t unit = unit_at(s, at, big);
        if (at == 0 && unit == 0xFEFF) {
            continue;
        }
        if (unit >= 0xD800 && unit <= 0xDBFF && at + 3 < s.len) {
            uint32_t low = unit_at(s, at + 2, big);
            if (low >= 0xDC00 && low <= 0xDFFF) {
                put(d, 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
                at += 2;
                continue;
            }
        }
        if (unit >= 0xD800 && unit <= 0xDFFF) {
            damaged(d);
            unit = REPLACEMENT;
        }
        put(d, unit);
    }
    if (at < s.len) {
        damaged(d);
        put(d, REPLACEMENT);
    }
}

static void decode_utf8(decoder *d, rm_str s) {
    for (size_t at = 0; at < s.len;) {
        uint32_t code_point = 0;
        unsigned length = 1;
        if (!decode_one(s, at, &code_point, &length)) {
            damaged(d);
        }
        put(d, code_point);
        at += length;
    }
}

rm_status rm_text_decode(rm_arena *arena, rm_sink *sink, rm_str file, rm_str bytes,
                         rm_encoding *encoding, rm_str *out) {
    rm_encoding found = rm_text_encoding(bytes);
    rm_str body = found == RM_ENC_UTF8_BOM ? rm_str_slice(bytes, 3, bytes.len) : bytes;
    if (found == RM_ENC_UTF8 || (found == RM_ENC_UTF8_BOM && is_utf8(body))) {
        *encoding = found;
        *out = body;
        return RM_OK;
    }
    decoder d = {.out = {.arena = arena}, .sink = sink, .at = {file, 1, 1}};
    if (found == RM_ENC_UTF16LE || found == RM_ENC_UTF16BE) {
        decode_utf16(&d, bytes, found == RM_ENC_UTF16BE);
    } else if (found == RM_ENC_UTF8_BOM) {
        decode_utf8(&d, body);
    } else {
        for (size_t i = 0; i < bytes.len; i++) {
            put(&d, from_1252(byte_at(bytes, i)));
        }
    }
    if (d.out.status == RM_OK) {
        *encoding = found;
        *out = rm_buf_view(&d.out);
    }
    return d.out.status;
}

rm_status rm_text_utf16le(rm_arena *arena, rm_str s, rm_str *out) {
    rm_buf buf = {.arena = arena};
    for (size_t at = 0; at < s.len;) {
        uint32_t c = rm_text_next(s, &at);
        if (c >= 0x10000) {
            uint32_t high = 0xD800 + ((c - 0x10000) >> 10);
            rm_buf_char(&buf, (char)(high & 0xFFu));
            rm_buf_char(&buf, (char)(high >> 8));
            c = 0xDC00 + ((c - 0x10000) & 0x3FFu);
        }
        rm_buf_char(&buf, (char)(c & 0xFFu));
        rm_buf_char(&buf, (char)(c >> 8));
    }
    if (buf.status == RM_OK) {
        *out = rm_buf_view(&buf);
    }
    return buf.status;
}

/* ---- writing for others ---- */

/* Invisible or direction-changing characters that make one text look like another. */
static bool is_deceptive(uint32_t c) {
    return (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x2069) || c == 0xFEFF || c == 0x061C || c == 0x00AD ||
           (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE007F);
}

static bool is_control(uint32_t c) {
    return c < 0x20 || (c >= 0x7F && c <= 0x9F);
}

void rm_text_safe(rm_buf *buf, rm_str s) {
    for (size_t at = 0; at < s.len;) {
        uint32_t c = rm_text_next(s, &at);
        if (is_control(c)) {
            rm_buf_printf(buf, "\\x%02X", (unsigned)c);
        } else if (is_deceptive(c) || (c & 0xFFFEu) == 0xFFFEu) {
            rm_buf_printf(buf, "\\u{%04X}", (unsigned)c);
        } else {
            rm_text_put(buf, c);
        }
    }
}

void rm_text_xml(rm_buf *buf, rm_str s) {
    rm_buf safe = {.arena = buf->arena};
    rm_text_safe(&safe, s);
    if (safe.status != RM_OK) {
        buf->status = safe.status;
        return;
    }
    for (size_t i = 0; i < safe.len; i++) {
        switch (safe.ptr[i]) {
        case '&': rm_buf_text(buf, "&amp;"); break;
        case '<': rm_buf_text(buf, "&lt;"); break;
        case '>': rm_buf_text(buf, "&gt;"); break;
        case '"': rm_buf_text(buf, "&quot;"); break;
        case '\'': rm_buf_text(buf, "&#39;"); break;
        default: rm_buf_char(buf, safe.ptr[i]); break;
        }
    }
}

/*
 * A spreadsheet takes a cell that begins like this for a formula (OWASP: CSV injection), in some
 * languages the full-width forms too. Blanks before it do not help.
 */
static bool leads_to_a_formula(rm_str text) {
    static const uint32_t lead_ins[] = {'=', '+',    '-',    '@',    '|',
                                        '%', 0xFF1D, 0xFF0B, 0xFF0D, 0xFF20};
    const rm_str trimmed = rm_str_trim(text);
    size_t at = 0;
    const uint32_t first = trimmed.len > 0 ? rm_text_next(trimmed, &at) : 0;
    for (size_t i = 0; i < sizeof lead_ins / sizeof lead_ins[0]; i++) {
        if (first == lead_ins[i]) {
            return true;
        }
    }
    return false;
}

void rm_text_csv(rm_buf *buf, rm_str s) {
    rm_buf safe = {.arena = buf->arena};
    rm_text_safe(&safe, s);
    if (safe.status != RM_OK) {
        buf->status = safe.status;
        return;
    }
    rm_buf_char(buf, '"');
    if (leads_to_a_formula(rm_buf_view(&safe))) {
        rm_buf_char(buf, '\'');
    }
    for (size_t i = 0; i < safe.len; i++) {
        if (safe.ptr[i] == '"') {
            rm_buf_char(buf, '"');
        }
        rm_buf_char(buf, safe.ptr[i]);
    }
    rm_buf_char(buf, '"');
}

/* The longest run of `c`. */
static size_t longest_run(rm_str s, char c) {
    size_t longest = 0;
    size_t run = 0;
    for (size_t i = 0; i < s.len; i++) {
        run = s.ptr[i] == c ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

static void repeat(rm_buf *buf, char c, size_t times) {
    for (size_t i = 0; i < times; i++) {
        rm_buf_char(buf, c);
    }
}

/* CommonMark 6.1; GitHub Flavored Markdown 4.10 takes '|' for a cell's end even in code. */
void rm_text_code_span(rm_buf *buf, rm_str s) {
    rm_buf safe = {.arena = buf->arena};
    rm_text_safe(&safe, s);
    if (safe.status != RM_OK) {
        buf->status = safe.status;
        return;
    }
    const rm_str text = rm_buf_view(&safe);
    const size_t fence = longest_run(text, '`') + 1;
    const bool pad = fence > 1 || text.len == 0; /* one blank at each end is taken away again */
    repeat(buf, '`', fence);
    rm_buf_text(buf, pad ? " " : "");
    for (size_t i = 0; i < text.len; i++) {
        rm_buf_text(buf, text.ptr[i] == '|' ? "\\" : "");
        rm_buf_char(buf, text.ptr[i]);
    }
    rm_buf_text(buf, pad ? " " : "");
    repeat(buf, '`', fence);
}

void rm_text_json(rm_buf *buf, rm_str s) {
    rm_buf_char(buf, '"');
    for (size_t at = 0; at < s.len;) {
        uint32_t c = rm_text_next(s, &at);
        if (c == '"' || c == '\\') {
            rm_buf_char(buf, '\\');
            rm_buf_char(buf, (char)c);
        } else if (c == '\n') {
            rm_buf_text(buf, "\\n");
        } else if (is_control(c) || (c < 0x10000 && is_deceptive(c))) {
            rm_buf_printf(buf, "\\u%04x", (unsigned)c);
        } else {
            rm_text_put(buf, c);
        }
    }
    rm_buf_char(buf, '"');
}
