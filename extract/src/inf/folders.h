#ifndef EXTRACT_INF_FOLDERS_H
#define EXTRACT_INF_FOLDERS_H

#include "base/str.h"

/*
 * Puts the folders in for their numbers, as a Windows on drive C: has them: %12%\x.sys becomes
 * C:\windows\system32\drivers\x.sys (Windows driver documentation, "Using Dirids"). Numbers that
 * depend on the package or the user stay. *out borrows from `text` where nothing changes.
 */
rm_status rm_inf_folders(rm_arena *arena, rm_str text, rm_str *out) RM_CHECK_RESULT;

#endif
