#ifndef EXTRACT_ARCHIVE_ZIP_H
#define EXTRACT_ARCHIVE_ZIP_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/str.h"

/* A ZIP, in memory or on disk, through libzip, whose only home this is. */

enum {
    ZIP_MAX_MEMBERS = 65536,      /* packages have some thousands */
    ZIP_MAX_DIRECTORY = 64 << 20, /* bytes of it, which libzip takes in at once */
    ZIP_MAX_NAME = 1024,          /* Windows' paths end at 260 or, of long ones, at 32,767 */
    ZIP_MAX_RATIO = 200,          /* XML packs 20:1; a bomb 1000:1 */
    ZIP_FREE_OF_RATIO = 1 << 20,  /* below that size a ratio says nothing */
    ZIP_MAX_TEXT = 16 << 20,      /* a manifest: what the XML reader takes */
    ZIP_MAX_PROGRAM = 256 << 20,  /* whose resources are looked at */
    ZIP_MAX_PACKAGE = 512 << 20,  /* a package in a bundle */
};

typedef struct rm_zip rm_zip;

/*
 * Opens and looks at every name. RM_SYNTAX, with an error in `sink`, for what archive.h refuses.
 * `bytes` and `path` are borrowed until rm_zip_close(); *out lives in `arena`.
 */
rm_status rm_zip_open(rm_arena *arena, rm_sink *sink, rm_str path, rm_str bytes,
                      rm_zip **out) RM_CHECK_RESULT;
/* The same of a file, which is read as it is needed. */
rm_status rm_zip_open_file(rm_arena *arena, rm_sink *sink, rm_str path, const char *on_disk,
                           rm_zip **out) RM_CHECK_RESULT;
void rm_zip_close(rm_zip *zip); /* NULL is fine */

uint32_t rm_zip_count(const rm_zip *zip);

/* With '/', percent escapes decoded; unique when case is ignored. */
rm_str rm_zip_name(const rm_zip *zip, uint32_t member);

/* By that name, case ignored; RM_NONE. */
uint32_t rm_zip_find(const rm_zip *zip, rm_str name);

/*
 * Unpacks a member of at most `limit` bytes into `arena`. RM_SYNTAX with an error in `sink` for one
 * that is larger, packed too well, damaged, or neither stored nor deflated.
 */
rm_status rm_zip_read(rm_zip *zip, rm_arena *arena, uint32_t member, size_t limit,
                      rm_str *out) RM_CHECK_RESULT;

#endif
