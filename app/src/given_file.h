#ifndef APP_GIVEN_FILE_H
#define APP_GIVEN_FILE_H

#include "command.h"

/*
 * The text of a file that an option names. After a complaint RM_SYNTAX (an input that cannot be
 * used), or RM_NOMEM.
 */
rm_status rm_read_given(rm_invocation *in, rm_arena *arena, const char *path,
                        rm_str *out) RM_CHECK_RESULT;

#endif
