#ifndef BASE_POSIX_IO_H
#define BASE_POSIX_IO_H

#include "base/str.h"

/* Interrupted calls are taken up again; on failure errno says why. */
rm_status posix_write_all(int fd, rm_str bytes) RM_CHECK_RESULT;

/*
 * Reads to the end of `fd`. `expected` is a guess of the size that saves copies; RM_LIMIT as soon
 * as there is more than `max`. The text is NUL-terminated past its length.
 */
rm_status posix_read_all(rm_arena *arena, int fd, size_t expected, size_t max,
                         rm_str *out) RM_CHECK_RESULT;

/* Closes and keeps errno, for the way out after a failure. */
void posix_close_quietly(int fd);

#endif
