#include <stdlib.h>

#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Valid UTF-8 without control characters: nothing that a terminal would obey. */
static void check_safe(rm_str s) {
    for (size_t at = 0; at < s.len;) {
        size_t before = at;
        uint32_t c = rm_text_next(s, &at);
        if ((c == 0xFFFD && at - before == 1) || c < 0x20 || (c >= 0x7F && c <= 0x9F) ||
            (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069)) {
            abort();
        }
    }
}

static void write_all(rm_arena *arena, rm_str s) {
    static void (*const writers[])(rm_buf *, rm_str) = {rm_text_safe, rm_text_xml, rm_text_csv,
                                                        rm_text_json};
    for (size_t i = 0; i < sizeof writers / sizeof writers[0]; i++) {
        rm_buf buf = {.arena = arena};
        writers[i](&buf, s);
        if (buf.status != RM_OK) {
            abort();
        }
        check_safe(rm_buf_view(&buf));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    rm_arena *arena = rm_arena_new((size_t)64 << 20);
    rm_str bytes = {(const char *)data, size};
    rm_str text = RM_STR_NONE;
    rm_str units = RM_STR_NONE;
    rm_encoding encoding = RM_ENC_BINARY;
    if (arena == NULL || size > (1u << 16)) {
        rm_arena_free(arena);
        return 0;
    }
    if (rm_text_decode(arena, NULL, RM_STR("fuzz"), bytes, &encoding, &text) != RM_OK ||
        rm_text_utf16le(arena, text, &units) != RM_OK) {
        abort();
    }
    write_all(arena, bytes);
    write_all(arena, text);
    rm_arena_free(arena);
    return 0;
}
