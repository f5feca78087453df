#ifndef EXTRACT_SOURCE_KIT_OUTS_H
#define EXTRACT_SOURCE_KIT_OUTS_H

#include "base/str.h"

/*
 * Through which of its arguments a routine of the driver kit writes: bit i for the argument i. From
 * the direction of each parameter, [in] or [out], in the reference of wdm.h, ntddk.h, ntifs.h,
 * fltkernel.h, ndis.h, wdf*.h and their neighbours (Windows driver documentation). Routines of
 * which one parameter has no direction are left out, and those whose name says that they write
 * where the reference does not (NdisZeroMemory, RtlSetBits). What a routine keeps behind a handle
 * or in a table that it is given is not among them.
 *
 * False: nothing is known of that name.
 */
bool rm_kit_outs(rm_str name, uint32_t *outs);

#endif
