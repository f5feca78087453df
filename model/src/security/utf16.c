#include "utf16.h"

#include "base/text.h"
#include "guid.h"

enum { SURROGATES = 0xD800, LOW_SURROGATES = 0xDC00, AFTER_SURROGATES = 0xE000 };

static void put_unit(rm_buf *buf, uint32_t unit) {
    rm_buf_char(buf, (char)(unit & 0xFFu));
    rm_buf_char(buf, (char)(unit >> 8));
}

static void put_code_point(rm_buf *buf, uint32_t c) {
    if (c < 0x10000) {
        put_unit(buf, c);
    } else {
        put_unit(buf, SURROGATES + ((c - 0x10000) >> 10));
        put_unit(buf, LOW_SURROGATES + ((c - 0x10000) & 0x3FFu));
    }
}

/* "%xxxx" at text[at]. */
static bool escape_at(rm_str text, size_t at, uint32_t *unit) {
    uint32_t value = 0;
    if (text.len - at < 5 || text.ptr[at] != '%') {
        return false;
    }
    for (size_t i = at + 1; i < at + 5; i++) {
        int digit = hex_digit(text.ptr[i]);
        if (digit > 15) {
            return false;
        }
        value = value << 4 | (uint32_t)digit;
    }
    *unit = value;
    return true;
}

rm_status utf16_from(rm_arena *arena, rm_str text, bool escapes, rm_str *out) {
    rm_buf buf = {.arena = arena};
    for (size_t at = 0; at < text.len;) {
        uint32_t unit = 0;
        if (escapes && escape_at(text, at, &unit)) {
            put_unit(&buf, unit);
            at += 5;
        } else {
            put_code_point(&buf, rm_text_next(text, &at));
        }
    }
    if (buf.status == RM_OK) {
        *out = rm_buf_view(&buf);
    }
    return buf.status;
}

static uint32_t unit_at(rm_str text, size_t at) {
    return (unsigned char)text.ptr[at] | (uint32_t)(unsigned char)text.ptr[at + 1] << 8;
}

void utf16_put(rm_buf *buf, rm_str text, bool (*plain)(uint32_t unit)) {
    for (size_t at = 0; at + 1 < text.len; at += 2) {
        uint32_t unit = unit_at(text, at);
        uint32_t next = at + 3 < text.len ? unit_at(text, at + 2) : 0;
        bool high = unit >= SURROGATES && unit < LOW_SURROGATES;
        bool pair = high && next >= LOW_SURROGATES && next < AFTER_SURROGATES;
        if (!plain(unit) || (unit >= SURROGATES && unit < AFTER_SURROGATES && !pair)) {
            rm_buf_printf(buf, "%%%04x", (unsigned)unit);
        } else if (pair) {
            rm_text_put(buf, 0x10000 + ((unit - SURROGATES) << 10) + (next - LOW_SURROGATES));
            at += 2;
        } else {
            rm_text_put(buf, unit);
        }
    }
}

/* Runs of small letters whose capital lies at a fixed distance; `step` 2: they alternate. */
static const struct {
    uint16_t first, last;
    uint8_t step;
    int16_t to_upper;
} runs[] = {
    {'a', 'z', 1, -32},       {0x00E0, 0x00F6, 1, -32}, {0x00F8, 0x00FE, 1, -32},
    {0x00FF, 0x00FF, 1, 121}, {0x0101, 0x012F, 2, -1},  {0x0133, 0x0137, 2, -1},
    {0x013A, 0x0148, 2, -1},  {0x014B, 0x0177, 2, -1},  {0x017A, 0x017E, 2, -1},
    {0x03AC, 0x03AC, 1, -38}, {0x03AD, 0x03AF, 1, -37}, {0x03B1, 0x03C1, 1, -32},
    {0x03C3, 0x03CB, 1, -32}, {0x03CC, 0x03CC, 1, -64}, {0x03CD, 0x03CE, 1, -63},
    {0x0430, 0x044F, 1, -32}, {0x0450, 0x045F, 1, -80}, {0x0461, 0x0481, 2, -1},
    {0x048B, 0x04BF, 2, -1},  {0x04C2, 0x04CE, 2, -1},  {0x04D1, 0x052F, 2, -1},
    {0x0561, 0x0586, 1, -48}, {0x1E01, 0x1E95, 2, -1},  {0x1EA1, 0x1EFF, 2, -1},
};

uint16_t utf16_upper(uint16_t unit) {
    for (size_t i = 0; i < sizeof runs / sizeof runs[0]; i++) {
        if (unit >= runs[i].first && unit <= runs[i].last &&
            (unit - runs[i].first) % runs[i].step == 0) {
            return (uint16_t)(unit + runs[i].to_upper);
        }
    }
    return unit;
}

uint16_t utf16_lower(uint16_t unit) {
    for (size_t i = 0; i < sizeof runs / sizeof runs[0]; i++) {
        int small = unit - runs[i].to_upper;
        if (small >= runs[i].first && small <= runs[i].last &&
            (small - runs[i].first) % runs[i].step == 0) {
            return (uint16_t)small;
        }
    }
    return unit;
}

int utf16_cmp(rm_str a, rm_str b, bool fold) {
    size_t n = a.len < b.len ? a.len : b.len;
    for (size_t at = 0; at + 1 < n; at += 2) {
        uint16_t x = (uint16_t)unit_at(a, at);
        uint16_t y = (uint16_t)unit_at(b, at);
        if (x != y && fold) {
            x = utf16_upper(x);
            y = utf16_upper(y);
        }
        if (x != y) {
            return x < y ? -1 : 1;
        }
    }
    return (a.len > b.len) - (a.len < b.len);
}
