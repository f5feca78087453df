#ifndef RENDER_ZONE_H
#define RENDER_ZONE_H

#include "figure.h"
#include "select.h"

/* Orders of the zones that are no principal's: after all of RM_BOUNDARY_LIST. */
enum { RM_ZONE_SERVICES = RM_BOUNDARY_COUNT, RM_ZONE_HOST, RM_ZONE_KERNEL };

/* See rm_boundaries_number(). */
typedef struct rm_numbers {
    unsigned zones[RM_ZONE_KERNEL + 1]; /* by order; 0: no path begins there */
    unsigned *rings; /* by device, then by driver (for targets whose device is not known) */
} rm_numbers;

/* The zone in which whoever starts this path stands. RM_NONE when memory is short. */
uint32_t rm_zone_of_origin(rm_figure *figure, const rm_path *path);

/* One of the zones above, or that of a boundary kind. */
uint32_t rm_zone_get(rm_figure *figure, unsigned order);

/*
 * The numbers of the boundaries are those of the whole model, so that TB2 is the same in each of
 * its pictures: first who stands behind the chosen paths, in the order of trust, then the drivers
 * that other drivers send requests to.
 */
rm_status rm_boundaries_number(rm_arena *arena, const rm_model *model, const rm_selection *chosen,
                               rm_numbers *out) RM_CHECK_RESULT;

/* n of the TBn around a device that another driver sends requests to; 0 when none does. */
unsigned rm_ring_number(const rm_numbers *numbers, const rm_model *model, uint32_t driver,
                        uint32_t device);

/* Puts the zones in the order of trust and gives them their numbers. */
void rm_zones_finish(rm_figure *figure, const rm_numbers *numbers);

/* "AppContainer", "administrator": a principal in words; its own name where the team made it. */
rm_str rm_principal_words(rm_str principal);

#endif
