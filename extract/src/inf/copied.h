#ifndef EXTRACT_INF_COPIED_H
#define EXTRACT_INF_COPIED_H

#include "inf/set.h"

/*
 * Files that a package brings. Sources: Windows driver documentation, "INF CopyFiles directive",
 * "INF SourceDisksFiles section".
 */
typedef struct rm_inf_copied {
    rm_str name;   /* as installed */
    rm_str source; /* as built: another one where the list renames it */
} rm_inf_copied;

RM_LIST(rm_inf_copies, rm_inf_copied);

/*
 * The drivers (.sys and .dll) among the CopyFiles lists of the main file, and, where no list names
 * them, among [SourceDisksFiles]. Fails with RM_NOMEM only.
 */
rm_status rm_inf_copies_read(rm_inf_set *set, rm_inf_copies *out) RM_CHECK_RESULT;

/* The one installed by that name, case ignored; NULL when the package copies none. */
const rm_inf_copied *rm_inf_copied_as(const rm_inf_copies *copies, rm_str name);

#endif
