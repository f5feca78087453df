#include "ident.h"

static bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '+';
}

static void add_part(rm_buf *buf, rm_str part) {
    bool gap = false;
    rm_buf_char(buf, ':');
    size_t start = buf->len;
    for (size_t i = 0; i < part.len; i++) {
        char c = part.ptr[i];
        c = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c == '>' ? '+' : c;
        if (!is_plain(c)) {
            gap = true;
            continue;
        }
        bool joint = c == '+' || (buf->len > start && buf->ptr[buf->len - 1] == '+');
        if (gap && buf->len > start && !joint) {
            rm_buf_char(buf, '-');
        }
        gap = false;
        rm_buf_char(buf, c);
    }
}

void rm_ident_part(rm_ident *ident, rm_str text) {
    if (ident->count < RM_IDENT_PARTS) {
        ident->at[ident->count++] = text;
    }
}

rm_status rm_ident_make(rm_arena *arena, const char *kind, const rm_ident *ident, rm_str *out) {
    rm_buf buf = {.arena = arena};
    unsigned count = ident->count;
    while (count > 0 && ident->at[count - 1].len == 0) {
        count--; /* what is not there at the end needs no ':' */
    }
    rm_buf_text(&buf, kind);
    for (unsigned i = 0; i < count; i++) {
        add_part(&buf, ident->at[i]);
    }
    if (buf.status == RM_OK) {
        *out = rm_buf_take(&buf);
    }
    return buf.status;
}

rm_status rm_ident_tell_apart(rm_arena *arena, rm_map *seen, rm_str *id) {
    uint32_t *times = NULL;
    rm_status st = rm_map_at(seen, *id, &times, NULL);
    if (st != RM_OK || ++*times == 1) {
        return st;
    }
    return rm_str_printf(arena, id, "%.*s~%u", RM_STR_ARG(*id), (unsigned)*times);
}
