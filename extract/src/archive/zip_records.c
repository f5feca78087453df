#include "archive/zip_records.h"

enum {
    END_SIZE = 22,            /* the end record without its comment, 4.3.16 */
    END64_SIZE = 56,          /* that of ZIP64, 4.3.14 */
    NEAR = 256,               /* so far before the end record it may begin */
    TAIL = 0xFFFF + 22 + 256, /* the longest comment, and both records */
    ENTRY_SIZE = 46,          /* of the directory, 4.3.12 */
    LOCAL_SIZE = 30           /* 4.3.7 */
};

#define END_SIGN 0x06054b50u
#define END64_SIGN 0x06064b50u
#define ENTRY_SIGN 0x02014b50u
#define LOCAL_SIGN 0x04034b50u

static uint64_t number_at(const unsigned char *bytes, unsigned count) {
    uint64_t n = 0;
    for (unsigned i = count; i > 0; i--) {
        n = n << 8 | bytes[i - 1];
    }
    return n;
}

/* ---- the directory ---- */

typedef struct directory {
    uint64_t offset, size;
} directory;

/* By the last of the end records, or, where that is all ones, the one of ZIP64 before it. */
static directory find_directory(const unsigned char *tail, size_t size) {
    for (size_t at = size < END_SIZE ? 0 : size - END_SIZE + 1; at > 0; at--) {
        const unsigned char *end = tail + at - 1;
        if (number_at(end, 4) != END_SIGN) {
            continue;
        }
        directory told = {.offset = number_at(end + 16, 4), .size = number_at(end + 12, 4)};
        bool wide = told.size == UINT32_MAX || told.offset == UINT32_MAX;
        for (size_t back = END64_SIZE; wide && back < NEAR && back < at; back++) {
            if (number_at(end - back, 4) == END64_SIGN) {
                return (directory){.offset = number_at(end - back + 48, 8),
                                   .size = number_at(end - back + 40, 8)};
            }
        }
        return told;
    }
    return (directory){0, 0}; /* libzip says what is wrong with it */
}

static bool read_at(zip_source_t *source, uint64_t offset, void *into, uint64_t size) {
    return offset <= INT64_MAX && zip_source_seek(source, (zip_int64_t)offset, SEEK_SET) == 0 &&
           zip_source_read(source, into, size) == (zip_int64_t)size;
}

static rm_status read_directory(rm_arena *arena, zip_source_t *source, directory *out) {
    zip_stat_t is;
    unsigned char *tail = RM_NEW_ARRAY(arena, unsigned char, TAIL);
    zip_stat_init(&is);
    if (tail == NULL) {
        return RM_NOMEM;
    }
    if (zip_source_stat(source, &is) != 0 || (is.valid & ZIP_STAT_SIZE) == 0) {
        return RM_IO;
    }
    const uint64_t want = is.size < TAIL ? is.size : TAIL;
    if (!read_at(source, is.size - want, tail, want)) {
        return RM_IO;
    }
    *out = find_directory(tail, (size_t)want);
    return RM_OK;
}

/* ---- names ---- */

/* Where the local header is: in the entry, or, where that is all ones, in its extra field 1. */
static uint64_t local_offset(const unsigned char *entry, const unsigned char *extra, size_t size) {
    const uint64_t told = number_at(entry + 42, 4);
    if (told != UINT32_MAX) {
        return told;
    }
    /* the sizes stand before it, each only where the entry has no room for it: 4.5.3 */
    const size_t before = (number_at(entry + 24, 4) == UINT32_MAX ? 8u : 0u) +
                          (number_at(entry + 20, 4) == UINT32_MAX ? 8u : 0u);
    for (size_t at = 0; at + 4 <= size;) {
        const size_t length = (size_t)number_at(extra + at + 2, 2);
        if (number_at(extra + at, 2) == 1 && before + 8 <= length && at + 4 + length <= size) {
            return number_at(extra + at + 4 + before, 8);
        }
        at += 4 + length;
    }
    return told;
}

static rm_status read_name(rm_arena *arena, zip_source_t *source, uint64_t offset, rm_str *out) {
    unsigned char header[LOCAL_SIZE];
    *out = RM_STR_NONE;
    if (!read_at(source, offset, header, sizeof header) || number_at(header, 4) != LOCAL_SIGN) {
        return RM_OK;
    }
    const size_t length = (size_t)number_at(header + 26, 2);
    char *name = RM_NEW_ARRAY(arena, char, length + 1);
    if (name == NULL) {
        return RM_NOMEM;
    }
    if (zip_source_read(source, name, length) == (zip_int64_t)length) {
        *out = (rm_str){name, length};
    }
    return RM_OK;
}

static rm_status read_names(rm_arena *arena, zip_source_t *source, const unsigned char *bytes,
                            size_t size, uint32_t most, rm_zip_records *out) {
    rm_status st = RM_OK;
    for (size_t at = 0; st == RM_OK && out->count < most && at + ENTRY_SIZE <= size;) {
        const unsigned char *entry = bytes + at;
        const size_t name = (size_t)number_at(entry + 28, 2);
        const size_t extra = (size_t)number_at(entry + 30, 2);
        const size_t comment = (size_t)number_at(entry + 32, 2);
        at += ENTRY_SIZE + name + extra + comment;
        if (number_at(entry, 4) != ENTRY_SIGN || at > size) {
            break;
        }
        st = read_name(arena, source, local_offset(entry, entry + ENTRY_SIZE + name, extra),
                       &out->names[out->count]);
        out->count++;
    }
    return st;
}

rm_status rm_zip_read_records(rm_arena *arena, zip_source_t *source, uint64_t most_bytes,
                              uint32_t most, rm_zip_records *out) {
    directory found = {0, 0};
    rm_zip_records records = {0};
    rm_status st = read_directory(arena, source, &found);
    records.directory_size = found.size;
    if (st != RM_OK || found.size > most_bytes || found.size == 0) {
        *out = st == RM_OK ? records : *out;
        return st;
    }
    const uint64_t entries = found.size / ENTRY_SIZE;
    unsigned char *bytes = RM_NEW_ARRAY(arena, unsigned char, (size_t)found.size);
    records.names = RM_NEW_ARRAY(arena, rm_str, (size_t)(entries < most ? entries : most) + 1);
    if (bytes == NULL || records.names == NULL) {
        return RM_NOMEM;
    }
    if (read_at(source, found.offset, bytes, found.size)) { /* else libzip says so */
        st = read_names(arena, source, bytes, (size_t)found.size, most, &records);
    }
    *out = st == RM_OK ? records : *out;
    return st;
}
