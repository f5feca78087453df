#include "base/hash.h"

#include <sha1.h>
#include <sha2.h>
#include <sys/types.h>

void rm_sha1(rm_str bytes, uint8_t digest[20]) {
    SHA1_CTX context;
    SHA1Init(&context);
    SHA1Update(&context, (const uint8_t *)bytes.ptr, bytes.len);
    SHA1Final(digest, &context);
}

void rm_sha256(rm_str bytes, uint8_t digest[32]) {
    SHA2_CTX context;
    SHA256Init(&context);
    SHA256Update(&context, (const uint8_t *)bytes.ptr, bytes.len);
    SHA256Final(digest, &context);
}

void rm_sha256_pieces(bool (*next)(void *payload, rm_str *piece), void *payload,
                      uint8_t digest[32]) {
    SHA2_CTX context;
    rm_str piece = RM_STR_NONE;
    SHA256Init(&context);
    while (next(payload, &piece)) {
        SHA256Update(&context, (const uint8_t *)piece.ptr, piece.len);
    }
    SHA256Final(digest, &context);
}

void rm_hex(const uint8_t *bytes, size_t size, char *text) {
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < size; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15u];
    }
    text[2 * size] = '\0';
}
