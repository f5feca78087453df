#include "bytes.h"

static uint64_t little_endian(rm_str bytes) {
    uint64_t value = 0;
    for (size_t i = bytes.len; i-- > 0;) {
        value = value << 8 | (unsigned char)bytes.ptr[i];
    }
    return value;
}

bool bytes_take(struct bytes *b, size_t count, rm_str *out) {
    if (b->pos > b->data.len || count > b->data.len - b->pos) {
        return false;
    }
    *out = rm_str_slice(b->data, b->pos, b->pos + count);
    b->pos += count;
    return true;
}

static bool number(struct bytes *b, size_t size, uint64_t *out) {
    rm_str raw = RM_STR_NONE;
    if (!bytes_take(b, size, &raw)) {
        return false;
    }
    *out = little_endian(raw);
    return true;
}

bool bytes_u8(struct bytes *b, uint8_t *out) {
    uint64_t value = 0;
    bool there = number(b, 1, &value);
    *out = there ? (uint8_t)value : *out;
    return there;
}

bool bytes_u16(struct bytes *b, uint16_t *out) {
    uint64_t value = 0;
    bool there = number(b, 2, &value);
    *out = there ? (uint16_t)value : *out;
    return there;
}

bool bytes_u32(struct bytes *b, uint32_t *out) {
    uint64_t value = 0;
    bool there = number(b, 4, &value);
    *out = there ? (uint32_t)value : *out;
    return there;
}

bool bytes_u64(struct bytes *b, uint64_t *out) {
    return number(b, 8, out);
}

bool bytes_counted(struct bytes *b, rm_str *out) {
    size_t start = b->pos;
    uint32_t length = 0;
    if (bytes_u32(b, &length) && bytes_take(b, length, out)) {
        return true;
    }
    b->pos = start;
    return false;
}

bool bytes_sid(struct bytes *b, rm_sid *out) {
    struct bytes from = *b;
    rm_sid sid = {0};
    uint8_t revision = 0;
    rm_str authority = RM_STR_NONE;
    if (!bytes_u8(&from, &revision) || revision != 1 || !bytes_u8(&from, &sid.count) ||
        sid.count == 0 || sid.count > RM_SID_MAX_SUBS || !bytes_take(&from, 6, &authority)) {
        return false;
    }
    for (size_t i = 0; i < authority.len; i++) { /* the one number that is big-endian */
        sid.authority = sid.authority << 8 | (unsigned char)authority.ptr[i];
    }
    for (unsigned i = 0; i < sid.count; i++) {
        if (!bytes_u32(&from, &sid.sub[i])) {
            return false;
        }
    }
    *b = from;
    *out = sid;
    return true;
}

static void put(rm_buf *buf, uint64_t value, unsigned size) {
    for (unsigned i = 0; i < size; i++) {
        rm_buf_char(buf, (char)(value >> (8 * i) & 0xFFu));
    }
}

void bytes_put_u16(rm_buf *buf, uint32_t value) {
    put(buf, value, 2);
}
void bytes_put_u32(rm_buf *buf, uint32_t value) {
    put(buf, value, 4);
}
void bytes_put_u64(rm_buf *buf, uint64_t value) {
    put(buf, value, 8);
}

void bytes_put_sid(rm_buf *buf, const rm_sid *sid) {
    put(buf, 1, 1);
    put(buf, sid->count, 1);
    for (int shift = 40; shift >= 0; shift -= 8) {
        put(buf, sid->authority >> shift & 0xFFu, 1);
    }
    for (unsigned i = 0; i < sid->count; i++) {
        put(buf, sid->sub[i], 4);
    }
}

void bytes_put_zeros(rm_buf *buf, size_t count) {
    for (size_t i = 0; i < count; i++) {
        rm_buf_char(buf, '\0');
    }
}

size_t sid_bytes_size(const rm_sid *sid) {
    return 8 + (size_t)4 * sid->count;
}
