#ifndef EXTRACT_ARCHIVE_ZIP_RECORDS_H
#define EXTRACT_ARCHIVE_ZIP_RECORDS_H

#include <zip.h>

#include "base/arena.h"
#include "base/status.h"
#include "base/str.h"

/*
 * The records of a ZIP as they lie there (APPNOTE 4.3.7, 4.3.12, 4.3.14, 4.3.16), for what libzip
 * does not tell: how large the directory is before it is taken in, and by which name a member goes
 * where its bytes are. Readers that go by the one and by the other would see two packages.
 */
typedef struct rm_zip_records {
    uint64_t directory_size; /* as the end record says */
    rm_str *names;           /* of the local headers, in the directory's order; raw */
    uint32_t count;
} rm_zip_records;

/*
 * Reads them from an open source. RM_IO when it cannot be read. A directory of more than
 * `most_bytes`, and entries after `most`, are not gone through; a member without a local header has
 * no name. *out lives in `arena`.
 */
rm_status rm_zip_read_records(rm_arena *arena, zip_source_t *source, uint64_t most_bytes,
                              uint32_t most, rm_zip_records *out) RM_CHECK_RESULT;

#endif
