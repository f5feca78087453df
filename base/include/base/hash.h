#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stdint.h>

#include "base/str.h"

/* SHA-1 and SHA-256 by libmd. Nothing here fails. */
void rm_sha1(rm_str bytes, uint8_t digest[20]);
void rm_sha256(rm_str bytes, uint8_t digest[32]);

/* Of what comes in pieces: `next` gives one after another, false when there are no more. */
void rm_sha256_pieces(bool (*next)(void *payload, rm_str *piece), void *payload,
                      uint8_t digest[32]);

/* Lower-case hex, NUL-terminated: `text` holds 2 * size + 1 bytes. */
void rm_hex(const uint8_t *bytes, size_t size, char *text);

#endif
