#ifndef APP_GIVEN_FILE_H
#define APP_GIVEN_FILE_H

#include "command.h"

/*
 * The text of a file that an option names; "-" is standard input. After a complaint RM_SYNTAX (an
 * input that cannot be used), or RM_NOMEM.
 */
rm_status rm_read_given(rm_invocation *in, rm_arena *arena, const char *path,
                        rm_str *out) RM_CHECK_RESULT;

/* The same without a word; "-" is standard input. */
rm_status rm_read_file_or_input(rm_arena *arena, const char *path, rm_str *out) RM_CHECK_RESULT;

#endif
