#ifndef SECURITY_ALIAS_H
#define SECURITY_ALIAS_H

#include "model/sid.h"

/* The two-letter SID aliases of SDDL (Windows: "SID Strings"; MS-DTYP 2.5.1.1). */

/* Finds an alias in any case. A domain-relative one is resolved below `domain` where given. */
bool alias_find(rm_str code, const rm_sid *domain, rm_sid *out);

/* Is it one that the kernel knows? Windows: "SDDL for Device Objects". */
bool alias_in_kernel_subset(rm_str code);

#endif
