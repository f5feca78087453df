#include "model/sid.h"

#include "base/hash.h"
#include "base/text.h"
#include "guid.h"
#include "utf16.h"

/* SIDs that Windows computes from names (specification section 7). */

/* The name as UTF-16LE with its letters in one case, as Windows' own table folds them. */
static rm_status fold_utf16(rm_arena *scratch, rm_str name, bool upper, rm_str *out) {
    rm_str wide = RM_STR_NONE;
    rm_buf folded = {.arena = scratch};
    rm_status st = rm_text_utf16le(scratch, name, &wide);
    for (size_t i = 0; st == RM_OK && i + 1 < wide.len; i += 2) {
        unsigned low = (unsigned char)wide.ptr[i];
        uint16_t unit = (uint16_t)(low | (unsigned)(unsigned char)wide.ptr[i + 1] << 8);
        unit = upper ? utf16_upper(unit) : utf16_lower(unit);
        rm_buf_char(&folded, (char)(unit & 0xFFu));
        rm_buf_char(&folded, (char)(unit >> 8));
    }
    if (st == RM_OK && folded.status == RM_OK) {
        *out = rm_buf_view(&folded);
    }
    return st == RM_OK ? folded.status : st;
}

/* `count` little-endian numbers of a digest, appended to the SID. */
static void append_numbers(const uint8_t *bytes, unsigned count, rm_sid *sid) {
    for (unsigned i = 0; i < count; i++) {
        const uint8_t *b = bytes + (size_t)4 * i;
        sid->sub[sid->count++] =
            (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
    }
}

rm_status rm_sid_package(rm_arena *scratch, rm_str family_name, rm_sid *out) {
    uint8_t digest[32];
    rm_str wide = RM_STR_NONE;
    rm_status st = fold_utf16(scratch, family_name, false, &wide);
    if (st != RM_OK) {
        return st;
    }
    rm_sha256(wide, digest);
    *out = (rm_sid){.authority = 15, .count = 1, .sub = {2}};
    append_numbers(digest, 7, out);
    return RM_OK;
}

/* The capabilities of Windows 8 have numbers, in this order from 1. */
static const char *const numbered[] = {
    "internetClient",
    "internetClientServer",
    "privateNetworkClientServer",
    "picturesLibrary",
    "videosLibrary",
    "musicLibrary",
    "documentsLibrary",
    "enterpriseAuthentication",
    "sharedUserCertificates",
    "removableStorage",
    "appointments",
    "contacts",
};

rm_status rm_sid_capability(rm_arena *scratch, rm_str name, rm_sid *out) {
    uint8_t digest[32];
    rm_str wide = RM_STR_NONE;
    for (uint32_t i = 0; i < sizeof numbered / sizeof numbered[0]; i++) {
        if (rm_str_ieq(name, rm_str_from(numbered[i]))) {
            *out = (rm_sid){.authority = 15, .count = 2, .sub = {3, i + 1}};
            return RM_OK;
        }
    }
    rm_status st = fold_utf16(scratch, name, true, &wide);
    if (st != RM_OK) {
        return st;
    }
    rm_sha256(wide, digest);
    *out = (rm_sid){.authority = 15, .count = 2, .sub = {3, 1024}};
    append_numbers(digest, 8, out);
    return RM_OK;
}

rm_status rm_sid_service(rm_arena *scratch, rm_str name, rm_sid *out) {
    uint8_t digest[20];
    rm_str wide = RM_STR_NONE;
    rm_status st = fold_utf16(scratch, name, true, &wide);
    if (st != RM_OK) {
        return st;
    }
    rm_sha1(wide, digest);
    *out = (rm_sid){.authority = 5, .count = 1, .sub = {80}};
    append_numbers(digest, 5, out);
    return RM_OK;
}

/* The first 8 bytes of the digest and one 0 bit, in 13 digits of 5 bits. */
rm_status rm_publisher_id(rm_arena *scratch, rm_str publisher, char out[14]) {
    static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
    uint8_t digest[32];
    rm_str wide = RM_STR_NONE;
    rm_status st = rm_text_utf16le(scratch, publisher, &wide);
    if (st != RM_OK) {
        return st;
    }
    rm_sha256(wide, digest);
    for (unsigned i = 0; i < 13; i++) {
        unsigned value = 0;
        for (unsigned bit = i * 5; bit < i * 5 + 5; bit++) {
            unsigned set = bit < 64 ? (unsigned)digest[bit / 8] >> (7 - bit % 8) & 1u : 0u;
            value = value << 1 | set;
        }
        out[i] = digits[value];
    }
    out[13] = '\0';
    return RM_OK;
}

/* {guid} or bare: its 16 bytes as four numbers. */
rm_status rm_sid_device_capability(rm_str guid, rm_sid *out) {
    uint8_t bytes[16];
    bool braces = guid.len == 38 && guid.ptr[0] == '{' && guid.ptr[37] == '}';
    if (!guid_parse(braces ? rm_str_slice(guid, 1, 37) : guid, bytes)) {
        return RM_SYNTAX;
    }
    *out = (rm_sid){.authority = 15, .count = 1, .sub = {3}};
    append_numbers(bytes, 4, out);
    return RM_OK;
}
