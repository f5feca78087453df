#include "base/diag.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"

enum { MAX_MESSAGE = 512 };

const char *rm_level_name(rm_level level) {
    switch (level) {
    case RM_NOTE: return "note";
    case RM_WARNING: return "warning";
    case RM_ERROR: return "error";
    }
    return "error";
}

/* The length of a text that was cut, without the character of which only a part is left. */
static size_t whole_characters(rm_str text) {
    static const unsigned longest = 4;
    for (size_t back = 1; back < longest && back <= text.len; back++) {
        unsigned char c = (unsigned char)text.ptr[text.len - back];
        unsigned needs = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;
        if ((c & 0xC0u) != 0x80u) {
            return needs > back ? text.len - back : text.len;
        }
    }
    return text.len;
}

void rm_diag(rm_sink *sink, rm_level level, rm_loc loc, const char *id, const char *fmt, ...) {
    char text[MAX_MESSAGE];
    va_list ap;

    if (sink == NULL) {
        return;
    }
    va_start(ap, fmt);
    int need = vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    size_t len = need < 0 ? 0 : (size_t)need;
    if (len >= sizeof text) {
        len = whole_characters((rm_str){text, sizeof text - 1});
    }
    sink->errors += level == RM_ERROR;
    sink->warnings += level == RM_WARNING;
    if (sink->emit != NULL) {
        sink->emit(sink->payload, level, loc, id, (rm_str){text, len});
    }
}

rm_status rm_diag_format(rm_arena *arena, rm_level level, rm_loc loc, const char *id, rm_str text,
                         rm_str *out) {
    rm_buf buf = {.arena = arena};
    if (loc.file.len > 0) {
        rm_text_safe(&buf, loc.file);
        if (loc.line > 0) {
            rm_buf_printf(&buf, ":%u:%u", (unsigned)loc.line, (unsigned)loc.column);
        }
        rm_buf_text(&buf, ": ");
    }
    rm_buf_printf(&buf, "%s: ", rm_level_name(level));
    rm_text_safe(&buf, text);
    rm_buf_printf(&buf, " [%s]", id);
    if (buf.status == RM_OK) {
        *out = rm_buf_view(&buf);
    }
    return buf.status;
}
