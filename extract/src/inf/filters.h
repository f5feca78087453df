#ifndef EXTRACT_INF_FILTERS_H
#define EXTRACT_INF_FILTERS_H

#include "inf/registry.h"

/*
 * Filter drivers of a device, in the order in which they attach: the first is the lowest of its
 * side. Sources: Windows driver documentation, "INF AddFilter directive", "Device filter driver
 * ordering", "INF AddReg directive" (UpperFilters, LowerFilters).
 */

typedef struct rm_inf_filter {
    rm_str service;
    bool upper;
    bool side_known;  /* false: a level whose side the device's own INF decides */
    bool order_known; /* false: appended, or by level or position, where others may be too */
    rm_str level;     /* AddFilter with FilterLevel */
    rm_str from;      /* section of the AddFilter, or the add-registry section */
    rm_str section;   /* of AddFilter */
    rm_loc loc;
} rm_inf_filter;

RM_LIST(rm_inf_filters, rm_inf_filter);

enum { RM_INF_MAX_LEVELS = 256 /* of a side; devices have a handful */ };

RM_LIST(rm_inf_names, rm_str);

/*
 * The levels that the device's own INF defines, those of each side from the function driver
 * outwards. Source: "Device filter driver ordering".
 */
typedef struct rm_inf_levels {
    rm_inf_names upper, lower;
    rm_str upper_default, lower_default; /* where filters without a level go */
} rm_inf_levels;

/* From UpperFilterLevels and the like among the values of the device's key. */
rm_status rm_inf_levels_read(rm_inf_set *set, const rm_inf_values *values,
                             rm_inf_levels *out) RM_CHECK_RESULT;

/* From UpperFilters and LowerFilters among the values of the device's (or class's) key. */
rm_status rm_inf_filters_listed(rm_inf_set *set, const rm_inf_values *values,
                                rm_inf_filters *out) RM_CHECK_RESULT;

/* From the AddFilter lines of [DDInstall.Filters]. */
rm_status rm_inf_filters_added(rm_inf_set *set, const rm_inf_items *lines,
                               rm_inf_filters *out) RM_CHECK_RESULT;

#endif
