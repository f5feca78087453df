#ifndef RENDER_ZONE_H
#define RENDER_ZONE_H

#include "figure.h"

/* Orders of the zones that are no principal's: after all of RM_BOUNDARY_LIST. */
enum { RM_ZONE_SERVICES = RM_BOUNDARY_COUNT, RM_ZONE_HOST, RM_ZONE_KERNEL };

/* The zone in which whoever starts this path stands. RM_NONE when memory is short. */
uint32_t rm_zone_of_origin(rm_figure *figure, const rm_path *path);

/* One of the zones above, or that of a boundary kind. */
uint32_t rm_zone_get(rm_figure *figure, unsigned order);

/* Puts the zones in the order of trust and numbers them TB1… */
void rm_zones_finish(rm_figure *figure);

/* "AppContainer", "administrator": a principal in words; its own name where the team made it. */
rm_str rm_principal_words(rm_str principal);

#endif
