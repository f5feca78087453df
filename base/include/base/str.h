#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/status.h"

/*
 * A borrowed run of UTF-8 bytes: not owned, not NUL-terminated, may hold NUL and, where it comes
 * from an input, anything else. Print with "%.*s" and RM_STR_ARG(), never with "%s".
 */
typedef struct rm_str {
    const char *ptr; /* never NULL when len > 0 */
    size_t len;
} rm_str;

#define RM_STR(literal) ((rm_str){(literal), sizeof(literal) - 1})
#define RM_STR_NONE ((rm_str){NULL, 0})
#define RM_STR_ARG(s) ((s).len > 1000 ? 1000 : (int)(s).len), ((s).len > 0 ? (s).ptr : "")

/* The first three are asked of every token of every source: in line, literals cost no strlen. */

/* Of a NUL-terminated text; NULL gives the empty one. */
static inline rm_str rm_str_from(const char *text) {
    return text == NULL ? RM_STR_NONE : (rm_str){text, strlen(text)};
}

static inline bool rm_str_eq(rm_str a, rm_str b) {
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* Clamped to s. */
static inline rm_str rm_str_slice(rm_str s, size_t from, size_t to) {
    to = to > s.len ? s.len : to;
    return from >= to ? RM_STR_NONE : (rm_str){s.ptr + from, to - from};
}

bool rm_str_ieq(rm_str a, rm_str b); /* ASCII case only; the locale is not asked */
int rm_str_cmp(rm_str a, rm_str b);  /* by bytes: <0, 0, >0 */
int rm_str_icmp(rm_str a, rm_str b); /* ASCII case folded */
bool rm_str_starts(rm_str s, rm_str prefix);
bool rm_str_istarts(rm_str s, rm_str prefix);
bool rm_str_iends(rm_str s, rm_str suffix);
bool rm_str_find(rm_str s, rm_str needle, size_t *at); /* *at written only when found */
bool rm_str_find_char(rm_str s, char c, size_t *at);
rm_str rm_str_trim(rm_str s);    /* blanks, tabs, CR, LF at both ends */
uint64_t rm_str_hash(rm_str s);  /* FNV-1a, stable everywhere */
uint64_t rm_str_ihash(rm_str s); /* the same, ASCII case folded */

/* A copy in `arena`; RM_NOMEM when it is exhausted. The copy is NUL-terminated past its length. */
rm_status rm_str_copy(rm_arena *arena, rm_str s, rm_str *out) RM_CHECK_RESULT;

/* A NUL-terminated copy in `arena`; NULL when it is exhausted. Bytes after a NUL are unreachable.
 */
char *rm_str_dup(rm_arena *arena, rm_str s);

/* printf into the arena. */
rm_status rm_str_printf(rm_arena *arena, rm_str *out, const char *fmt, ...) RM_CHECK_RESULT
    RM_PRINTF(3, 4);

/*
 * Reads an unsigned number written as C and INF files do: 0x…, 0…, decimal. The whole of `s` must
 * be digits; false when it is not one or does not fit, and *out is left as it was.
 */
bool rm_str_u64(rm_str s, uint64_t *out);

/* The part after the last '/' or '\\', and that without its last extension. */
rm_str rm_path_base(rm_str path);
rm_str rm_path_stem(rm_str path);
rm_str rm_path_dir(rm_str path); /* without the last '/'; empty for a bare name */

/* --- text that grows --- */

/* Bytes in an arena, for building output. All zeros plus `arena` is empty. */
typedef struct rm_buf {
    rm_arena *arena;
    char *ptr;
    size_t len;
    size_t cap;
    rm_status status; /* sticky: after a failure every further call is a no-op */
} rm_buf;

void rm_buf_str(rm_buf *buf, rm_str s);
void rm_buf_text(rm_buf *buf, const char *text);
void rm_buf_char(rm_buf *buf, char c);
void rm_buf_printf(rm_buf *buf, const char *fmt, ...) RM_PRINTF(2, 3);

/* The word behind a number. */
const char *rm_plural(uint64_t count, const char *one, const char *many);
rm_str rm_buf_view(const rm_buf *buf);
rm_str rm_buf_take(rm_buf *buf); /* the finished text; room that it did not need goes back */

#endif
