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

void guid_put(rm_buf *buf, const uint8_t guid[16]) {
    static const uint8_t order[16] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
    static const char digits[] = "0123456789abcdef";
    char text[36];
    size_t at = 0;
    for (unsigned i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) {
            text[at++] = '-';
        }
        text[at++] = digits[guid[order[i]] >> 4];
        text[at++] = digits[guid[order[i]] & 15u];
    }
    rm_buf_str(buf, (rm_str){text, sizeof text});
}
