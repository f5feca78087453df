#ifndef BASE_PLATFORM_H
#define BASE_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/list.h"
#include "base/str.h"

/*
 * The one door to the operating system: files, folders, processes, terminal. Everything else is
 * plain C17, so that a second implementation of this header is all that another system needs.
 * Errors give RM_IO and leave errno as the system set it.
 */

/* --- reading --- */

/*
 * Reads a whole regular file of at most `max` bytes into `arena`: RM_LIMIT when it is larger. A
 * folder, a pipe or a device gives RM_IO. The text is NUL-terminated past its length.
 */
rm_status rm_file_read(rm_arena *arena, const char *path, size_t max, rm_str *out) RM_CHECK_RESULT;

/* The SHA-256 and the size of a regular file of at most `max` bytes, without holding it. */
rm_status rm_file_sha256(const char *path, uint64_t max, uint8_t digest[32],
                         uint64_t *size) RM_CHECK_RESULT;

/*
 * The one path of an existing file, links resolved: two paths of the same file give the same text.
 * RM_IO when there is no such file.
 */
rm_status rm_file_real(rm_arena *arena, const char *path, rm_str *out) RM_CHECK_RESULT;

/* Reads standard input up to `max` bytes. */
rm_status rm_stdin_read(rm_arena *arena, size_t max, rm_str *out) RM_CHECK_RESULT;

typedef struct rm_walk_file {
    rm_str path;     /* to open it with, NUL-terminated */
    rm_str relative; /* to the root it was found under, with '/', NUL-terminated */
    uint64_t bytes;
} rm_walk_file;

RM_LIST(rm_walk_files, rm_walk_file);

typedef struct rm_walk_skip {
    rm_str path; /* relative */
    int error;   /* errno */
} rm_walk_skip;

RM_LIST(rm_walk_skips, rm_walk_skip);

/*
 * Lists the regular files below `root` (or `root` itself when it is one: its relative path is its
 * base name), sorted by relative path in byte order. `leave_out` is asked for each folder name.
 * Symbolic links to folders are not followed, so a walk ends; those to files are. Pipes, devices
 * and sockets are passed over. What cannot be read goes to `skips`. Both lists are appended to, so
 * that several roots can share them. RM_IO when the root itself cannot be read.
 */
rm_status rm_walk(rm_arena *arena, const char *root, bool (*leave_out)(rm_str folder),
                  rm_walk_files *files, rm_walk_skips *skips) RM_CHECK_RESULT;

/* --- writing --- */

/*
 * An output that is complete or untouched: written to a temporary file beside `path`, fsynced,
 * renamed over it, or over what it links to. It keeps the access rights of the file it replaces. A
 * `path` that exists and is not a regular file (device, pipe) is written in place, and so is a name
 * for standard output, such as /dev/stdout; "-" is standard output.
 */
rm_status rm_file_replace(const char *path, rm_str bytes) RM_CHECK_RESULT;

/*
 * The same for a library that wants to write the file by itself (SQLite). begin makes an empty
 * temporary file beside `path` (in TMPDIR, or /tmp, for one that is written in place) and puts its
 * NUL-terminated name into `temp` (in `arena`); commit fsyncs and renames, or copies into place,
 * and leaves no temporary file even when it fails; abort removes it. begin removes the stale
 * temporary files that killed runs for this output left. One replacement of a path at a time.
 */
rm_status rm_replace_begin(rm_arena *arena, const char *path, rm_str *temp) RM_CHECK_RESULT;
rm_status rm_replace_commit(const char *temp, const char *path) RM_CHECK_RESULT;
void rm_replace_abort(const char *temp);

/* Makes a folder that may be there already; RM_IO when it cannot, or is something else. */
rm_status rm_folder_make(const char *path) RM_CHECK_RESULT;

/* --- a child process with limits --- */

/* 0 is no limit. */
typedef struct rm_child_limits {
    unsigned cpu_seconds;
    unsigned wall_seconds;
    size_t memory_bytes; /* address space, with what we had when it began; not under ASan */
    size_t output_bytes; /* what `work` may write, both channels together */
} rm_child_limits;

typedef enum rm_child_end { RM_CHILD_DONE, RM_CHILD_TIMEOUT, RM_CHILD_CRASHED } rm_child_end;

/*
 * Runs `work` in a forked child and returns what it wrote with rm_child_write(): `output` on
 * channel 0, `errors` on channel 1, in `arena`, up to where it ended. `end` says how: RM_CHILD_DONE
 * only when `work` returned RM_OK, RM_CHILD_TIMEOUT when processor or wall time was used up. It
 * leaves no process behind. Standard streams are not flushed in the child.
 */
typedef struct rm_child rm_child;
rm_status rm_child_run(rm_arena *arena, rm_child_limits limits,
                       rm_status (*work)(void *payload, rm_child *child), void *payload,
                       rm_child_end *end, rm_str *output, rm_str *errors) RM_CHECK_RESULT;

/* In the child. RM_LIMIT, with nothing written, when that would be more than output_bytes. */
rm_status rm_child_write(rm_child *child, int channel, rm_str bytes) RM_CHECK_RESULT;

/* --- terminal and clock --- */

enum { RM_DATE_ROOM = 11 };

bool rm_terminal_is(int descriptor); /* 0 in, 1 out, 2 error */
/*
 * COLUMNS when it says a width, else that of the terminal; 0 when standard output is none and
 * nothing is said.
 */
unsigned rm_terminal_width(void);
uint64_t rm_clock_ms(void);                  /* monotonic; for progress only, never for output */
void rm_clock_today(char out[RM_DATE_ROOM]); /* UTC, YYYY-MM-DD; empty when there is no clock */
unsigned rm_processor_count(void);

#endif
