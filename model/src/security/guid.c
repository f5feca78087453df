#include "guid.h"

int hex_digit(char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : 99;
}

bool guid_parse(rm_str text, uint8_t guid[16]) {
    static const uint8_t at[16] = {6, 4, 2, 0, 11, 9, 16, 14, 19, 21, 24, 26, 28, 30, 32, 34};
    if (text.len != 36 || text.ptr[8] != '-' || text.ptr[13] != '-' || text.ptr[18] != '-' ||
        text.ptr[23] != '-') {
        return false;
    }
    for (size_t i = 0; i < 16; i++) {
        int high = hex_digit(text.ptr[at[i]]);
        int low = hex_digit(text.ptr[at[i] + 1]);
        if (high > 15 || low > 15) {
            return false;
        }
        guid[i] = (uint8_t)(high * 16 + low);
    }
    return true;
}

void guid_put(rm_buf *buf, const uint8_t g[16]) {
    rm_buf_printf(buf, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", g[3],
                  g[2], g[1], g[0], g[5], g[4], g[7], g[6], g[8], g[9], g[10], g[11], g[12], g[13],
                  g[14], g[15]);
}
