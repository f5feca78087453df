#ifndef APP_ROOTS_H
#define APP_ROOTS_H

#include "base/arena.h"
#include "base/str.h"

/*
 * What the folders that are scanned are called, one name each, in their order: the folder's own
 * name (that of "." too), and of folders of one name so many of those above as tell them apart,
 * whatever the order in which they are given. Two paths of one folder keep one name.
 */
rm_status rm_root_names(rm_arena *arena, char *const *paths, unsigned count,
                        rm_str *names) RM_CHECK_RESULT;

#endif
