#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static unsigned char lower(char c) {
    unsigned char u = (unsigned char)c;
    return (u >= 'A' && u <= 'Z') ? (unsigned char)(u + ('a' - 'A')) : u;
}

bool rm_str_ieq(rm_str a, rm_str b) {
    return a.len == b.len && rm_str_icmp(a, b) == 0;
}

static int by_length(size_t a, size_t b) {
    return (a > b) - (a < b);
}

int rm_str_cmp(rm_str a, rm_str b) {
    size_t n = a.len < b.len ? a.len : b.len;
    int order = n == 0 ? 0 : memcmp(a.ptr, b.ptr, n);
    return order != 0 ? order : by_length(a.len, b.len);
}

int rm_str_icmp(rm_str a, rm_str b) {
    for (size_t i = 0; i < a.len && i < b.len; i++) {
        int order = (int)lower(a.ptr[i]) - (int)lower(b.ptr[i]);
        if (order != 0) {
            return order;
        }
    }
    return by_length(a.len, b.len);
}

bool rm_str_starts(rm_str s, rm_str prefix) {
    return s.len >= prefix.len && rm_str_eq(rm_str_slice(s, 0, prefix.len), prefix);
}

bool rm_str_istarts(rm_str s, rm_str prefix) {
    return s.len >= prefix.len && rm_str_ieq(rm_str_slice(s, 0, prefix.len), prefix);
}

bool rm_str_iends(rm_str s, rm_str suffix) {
    return s.len >= suffix.len && rm_str_ieq(rm_str_slice(s, s.len - suffix.len, s.len), suffix);
}

bool rm_str_find_char(rm_str s, char c, size_t *at) {
    const char *hit = s.len == 0 ? NULL : memchr(s.ptr, c, s.len);
    if (hit == NULL) {
        return false;
    }
    *at = (size_t)(hit - s.ptr);
    return true;
}

bool rm_str_find(rm_str s, rm_str needle, size_t *at) {
    if (needle.len == 0) {
        *at = 0;
        return true;
    }
    size_t from = 0;
    size_t hit = 0;
    while (rm_str_find_char(rm_str_slice(s, from, s.len), needle.ptr[0], &hit)) {
        from += hit;
        if (rm_str_starts(rm_str_slice(s, from, s.len), needle)) {
            *at = from;
            return true;
        }
        from++;
    }
    return false;
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

rm_str rm_str_trim(rm_str s) {
    while (s.len > 0 && is_blank(s.ptr[0])) {
        s = rm_str_slice(s, 1, s.len);
    }
    while (s.len > 0 && is_blank(s.ptr[s.len - 1])) {
        s.len--;
    }
    return s;
}

static uint64_t fnv(rm_str s, bool fold) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < s.len; i++) {
        hash ^= fold ? lower(s.ptr[i]) : (unsigned char)s.ptr[i];
        hash *= UINT64_C(0x100000001b3);
    }
    return hash;
}

uint64_t rm_str_hash(rm_str s) {
    return fnv(s, false);
}

uint64_t rm_str_ihash(rm_str s) {
    return fnv(s, true);
}

char *rm_str_dup(rm_arena *arena, rm_str s) {
    char *copy = s.len == SIZE_MAX ? NULL : rm_arena_alloc(arena, s.len + 1, 1);
    if (copy != NULL && s.len > 0) {
        memcpy(copy, s.ptr, s.len);
    }
    return copy;
}

rm_status rm_str_copy(rm_arena *arena, rm_str s, rm_str *out) {
    char *copy = rm_str_dup(arena, s);
    if (copy == NULL) {
        return RM_NOMEM;
    }
    *out = (rm_str){copy, s.len};
    return RM_OK;
}

static rm_status print_into(rm_arena *arena, rm_str *out, const char *fmt, va_list ap)
    RM_PRINTF(3, 0);

static rm_status print_into(rm_arena *arena, rm_str *out, const char *fmt, va_list ap) {
    char small[512]; /* enough for nearly all: formatted once, then copied */
    va_list again;
    va_copy(again, ap);
    int need = vsnprintf(small, sizeof small, fmt, ap);
    char *text = need < 0 ? NULL : rm_arena_alloc(arena, (size_t)need + 1, 1);
    if (text != NULL) {
        if ((size_t)need < sizeof small) {
            memcpy(text, small, (size_t)need);
        } else {
            (void)vsnprintf(text, (size_t)need + 1, fmt, again);
        }
        *out = (rm_str){text, (size_t)need};
    }
    va_end(again);
    return text == NULL ? RM_NOMEM : RM_OK;
}

rm_status rm_str_printf(rm_arena *arena, rm_str *out, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    rm_status st = print_into(arena, out, fmt, ap);
    va_end(ap);
    return st;
}

static int digit_value(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    unsigned char l = lower(c);
    return (l >= 'a' && l <= 'f') ? l - 'a' + 10 : 99;
}

bool rm_str_u64(rm_str s, uint64_t *out) {
    unsigned base = 10;
    if (rm_str_istarts(s, RM_STR("0x"))) {
        base = 16;
        s = rm_str_slice(s, 2, s.len);
    } else if (s.len > 1 && s.ptr[0] == '0') {
        base = 8;
    }
    uint64_t value = 0;
    for (size_t i = 0; i < s.len; i++) {
        unsigned digit = (unsigned)digit_value(s.ptr[i]);
        if (digit >= base || value > (UINT64_MAX - digit) / base) {
            return false;
        }
        value = value * base + digit;
    }
    if (s.len == 0) {
        return false;
    }
    *out = value;
    return true;
}

/* Where the file name begins in a path with either kind of slash. */
static size_t base_at(rm_str path) {
    size_t at = path.len;
    while (at > 0 && path.ptr[at - 1] != '/' && path.ptr[at - 1] != '\\') {
        at--;
    }
    return at;
}

rm_str rm_path_base(rm_str path) {
    return rm_str_slice(path, base_at(path), path.len);
}

rm_str rm_path_stem(rm_str path) {
    rm_str base = rm_path_base(path);
    for (size_t i = base.len; i > 1; i--) {
        if (base.ptr[i - 1] == '.') {
            return rm_str_slice(base, 0, i - 1);
        }
    }
    return base;
}

rm_str rm_path_dir(rm_str path) {
    size_t at = base_at(path);
    return at == 0 ? RM_STR_NONE : rm_str_slice(path, 0, at - 1);
}

/* ---- growing text ---- */

static bool make_room(rm_buf *buf, size_t more) {
    if (buf->status != RM_OK) {
        return false;
    }
    if (more <= buf->cap - buf->len) {
        return true;
    }
    size_t cap = buf->cap == 0 ? 256 : buf->cap;
    while (cap - buf->len < more && cap <= SIZE_MAX / 4) {
        cap *= 2;
    }
    char *grown = cap - buf->len < more ? NULL : rm_arena_alloc(buf->arena, cap, 1);
    if (grown == NULL) {
        buf->status = RM_NOMEM;
        return false;
    }
    if (buf->len > 0) {
        memcpy(grown, buf->ptr, buf->len);
    }
    buf->ptr = grown;
    buf->cap = cap;
    return true;
}

void rm_buf_str(rm_buf *buf, rm_str s) {
    if (s.len > 0 && make_room(buf, s.len)) {
        memcpy(buf->ptr + buf->len, s.ptr, s.len);
        buf->len += s.len;
    }
}

void rm_buf_text(rm_buf *buf, const char *text) {
    rm_buf_str(buf, rm_str_from(text));
}

void rm_buf_char(rm_buf *buf, char c) {
    rm_buf_str(buf, (rm_str){&c, 1});
}

void rm_buf_printf(rm_buf *buf, const char *fmt, ...) {
    va_list ap;
    va_list again;
    va_start(ap, fmt);
    va_copy(again, ap);
    const size_t room = buf->cap - buf->len;
    int need = vsnprintf(room > 0 ? buf->ptr + buf->len : NULL, room, fmt, ap);
    if (need >= 0 && make_room(buf, (size_t)need + 1)) {
        if ((size_t)need >= room) {
            (void)vsnprintf(buf->ptr + buf->len, (size_t)need + 1, fmt, again);
        }
        buf->len += (size_t)need;
    }
    va_end(again);
    va_end(ap);
}

rm_str rm_buf_view(const rm_buf *buf) {
    return (rm_str){buf->ptr, buf->len};
}

rm_str rm_buf_take(rm_buf *buf) {
    rm_arena_give_back(buf->arena, buf->ptr, buf->cap, buf->len);
    buf->cap = buf->len;
    return rm_buf_view(buf);
}

const char *rm_plural(uint64_t count, const char *one, const char *many) {
    return count == 1 ? one : many;
}
