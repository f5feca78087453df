#ifndef EXTRACT_INF_WDF_H
#define EXTRACT_INF_WDF_H

#include "inf/registry.h"

/* [DDInstall.Wdf]. Source: Windows driver documentation, "Specifying WDF directives in INF files".
 */

typedef struct rm_inf_kmdf {
    rm_str service;
    rm_str section;
    rm_str version; /* KmdfLibraryVersion */
    rm_str from;
    rm_inf_item item;
} rm_inf_kmdf;

typedef struct rm_inf_umdf {
    rm_str name; /* of UmdfService */
    rm_str section;
    rm_str version; /* UmdfLibraryVersion */
    rm_str binary;  /* ServiceBinary */
    rm_str from;
    rm_inf_item item;
} rm_inf_umdf;

RM_LIST(rm_inf_kmdfs, rm_inf_kmdf);
RM_LIST(rm_inf_umdfs, rm_inf_umdf);

typedef struct rm_inf_wdf {
    rm_inf_kmdfs kmdf;
    rm_inf_umdfs umdf;
    rm_inf_item order;       /* UmdfServiceOrder, the lowest first; line NULL: not there */
    rm_inf_items directives; /* every Umdf… directive, of the .Wdf section and of UmdfService's */
} rm_inf_wdf;

rm_status rm_inf_wdf_read(rm_inf_set *set, const rm_inf_items *lines,
                          rm_inf_wdf *out) RM_CHECK_RESULT;

#endif
