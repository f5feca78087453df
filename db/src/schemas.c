#include "schemas.h"

#include <string.h>

#include "base/hash.h"

/* Version 1 had two shapes: it did not change when columns were added. */
static const struct {
    uint32_t version;
    const char *digest;
} known[] = {
    {1, "1155f0b8834f6b9fd7c32476fa2925779be337d9248908b9ea8b796a6f88d713"},
    {1, "11d1badf53ce2ecbe2520df89b0c0e8666d9464176ed1ffccff2b6717147f95b"},
    {2, "391b8c7466a7f662a6b72d9fde9dcb9702a2353072f595f02439b2edee271421"},
};

bool rm_schema_is_known(uint32_t version, const char digest[RM_SCHEMA_DIGEST]) {
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (known[i].version == version && strcmp(known[i].digest, digest) == 0) {
            return true;
        }
    }
    return false;
}

void rm_schema_say(rm_buf *all, rm_str type, rm_str name, rm_str sql) {
    const rm_str parts[] = {type, name, sql};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        rm_buf_str(all, parts[i]);
        rm_buf_char(all, '\0');
    }
}

void rm_schema_digest(rm_str all, char digest[RM_SCHEMA_DIGEST]) {
    uint8_t bytes[32];
    rm_sha256(all, bytes);
    rm_hex(bytes, sizeof bytes, digest);
}
