#include "source/flow/types.h"

/* How tightly records are laid out: the pragma of the compiler and the kit's headers for it. */

static void push(rm_pack_scan *s) {
    if (s->depth < RM_PACK_DEPTH) {
        s->stack[s->depth] = s->pack;
    }
    s->depth++;
}

static void pop(rm_pack_scan *s) {
    s->depth -= s->depth > 0;
    s->pack = s->depth < RM_PACK_DEPTH ? s->stack[s->depth] : 0;
}

static bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* What stands between the parentheses: push, pop, a name, a number; nothing is the default. */
static void read_pragma(rm_pack_scan *s, rm_str inside) {
    bool empty = rm_str_trim(inside).len == 0;
    size_t at = 0;
    while (at < inside.len) {
        size_t start = at;
        while (at < inside.len && is_word(inside.ptr[at])) {
            at++;
        }
        rm_str word = rm_str_slice(inside, start, at);
        uint64_t number = 0;
        if (rm_str_eq(word, RM_STR("push"))) {
            push(s);
        } else if (rm_str_eq(word, RM_STR("pop"))) {
            pop(s);
        } else if (word.len > 0 && rm_str_u64(word, &number) && number <= 16) {
            s->pack = (uint32_t)number;
        }
        at += at == start;
    }
    s->pack = empty ? 0 : s->pack;
}

/* The line that holds "pack" at `at`. */
static void read_line(rm_pack_scan *s, size_t at) {
    size_t start = at;
    size_t end = at;
    size_t open = 0;
    size_t close = 0;
    while (start > 0 && s->text.ptr[start - 1] != '\n') {
        start--;
    }
    while (end < s->text.len && s->text.ptr[end] != '\n') {
        end++;
    }
    rm_str line = rm_str_trim(rm_str_slice(s->text, start, end));
    if (!rm_str_starts(line, RM_STR("#"))) {
        return;
    }
    line = rm_str_trim(rm_str_slice(line, 1, line.len));
    if (rm_str_starts(line, RM_STR("pragma")) && rm_str_find_char(line, '(', &open) &&
        rm_str_find_char(line, ')', &close)) {
        read_pragma(s, rm_str_slice(line, open + 1, close));
    } else if (rm_str_find(line, RM_STR("poppack.h"), &open)) {
        pop(s);
    } else if (rm_str_find(line, RM_STR("pshpack"), &open) && open + 7 < line.len) {
        push(s);
        s->pack = (uint32_t)(line.ptr[open + 7] - '0') % 10;
    }
}

uint32_t rm_pack_at(rm_pack_scan *s, rm_str text, size_t byte) {
    if (s->text.ptr != text.ptr || s->text.len != text.len || byte < s->at) {
        *s = (rm_pack_scan){.text = text};
    }
    rm_str rest = rm_str_slice(text, s->at, byte);
    size_t found = 0;
    while (rm_str_find(rest, RM_STR("pack"), &found)) {
        read_line(s, s->at + found);
        s->at += found;
        while (s->at < byte && text.ptr[s->at] != '\n') {
            s->at++;
        }
        rest = rm_str_slice(text, s->at, byte);
    }
    s->at = byte;
    return s->pack;
}
