#include "zone.h"

#include <stdlib.h>
#include <string.h>

#include "label.h"

/* Who stands behind a boundary, as a box's name. Indexed by RM_BOUNDARY_…, then the others. */
static const char *const titles[RM_ZONE_KERNEL + 1] = {
    [RM_BOUNDARY_LPAC] = "LPAC (less privileged AppContainer)",
    [RM_BOUNDARY_APPCONTAINER] = "AppContainer (low integrity)",
    [RM_BOUNDARY_LOW] = "Low integrity",
    [RM_BOUNDARY_RESTRICTED] = "Restricted token",
    [RM_BOUNDARY_GUEST] = "Guest, anonymous",
    [RM_BOUNDARY_NETWORK] = "Remote user",
    [RM_BOUNDARY_USER] = "Standard user (medium integrity)",
    [RM_BOUNDARY_SERVICE] = "Service account",
    [RM_BOUNDARY_UMDF] = "Driver host (UMDF)",
    [RM_BOUNDARY_ADMIN] = "Administrator (high integrity)",
    [RM_BOUNDARY_SYSTEM] = "SYSTEM",
    [RM_BOUNDARY_APP_SERVICE] = "User mode",
    [RM_BOUNDARY_DRIVER_DRIVER] = "Other drivers",
    [RM_BOUNDARY_HOST_KERNEL] = "Driver host",
    [RM_ZONE_SERVICES] = "Services (user mode)",
    [RM_ZONE_HOST] = "Driver host (UMDF, user mode)",
    [RM_ZONE_KERNEL] = "Kernel mode (ring 0)",
};

static const struct {
    const char *name;
    rm_boundary_kind zone;
    const char *words;
} principals[] = {
    {"lpac", RM_BOUNDARY_LPAC, "LPAC app"},
    {"appcontainer", RM_BOUNDARY_APPCONTAINER, "AppContainer app"},
    {"appcontainer_with_caps", RM_BOUNDARY_APPCONTAINER, "AppContainer app with every capability"},
    {"low_il_user", RM_BOUNDARY_LOW, "low-integrity process"},
    {"restricted_user", RM_BOUNDARY_RESTRICTED, "restricted process"},
    {"guest", RM_BOUNDARY_GUEST, "guest"},
    {"anonymous", RM_BOUNDARY_GUEST, "anonymous"},
    {"remote_user", RM_BOUNDARY_NETWORK, "remote user"},
    {"standard_user", RM_BOUNDARY_USER, "standard user"},
    {"admin_filtered", RM_BOUNDARY_USER, "administrator, not elevated"},
    {"write_restricted_service", RM_BOUNDARY_SERVICE, "write-restricted service"},
    {"local_service", RM_BOUNDARY_SERVICE, "LocalService"},
    {"network_service", RM_BOUNDARY_SERVICE, "NetworkService"},
    {"umdf_host", RM_BOUNDARY_UMDF, "UMDF host"},
    {"admin_elevated", RM_BOUNDARY_ADMIN, "administrator"},
    {"system", RM_BOUNDARY_SYSTEM, "SYSTEM"},
};

rm_str rm_principal_words(rm_str principal) {
    for (size_t i = 0; i < sizeof principals / sizeof principals[0]; i++) {
        if (rm_str_eq(principal, rm_str_from(principals[i].name))) {
            return rm_str_from(principals[i].words);
        }
    }
    return principal;
}

/* A principal of a team's own stands behind the boundary that its paths cross first. */
static unsigned first_boundary(rm_str boundaries) {
    size_t end = boundaries.len;
    rm_boundary_kind kind = RM_BOUNDARY_APP_SERVICE;
    (void)rm_str_find(boundaries, RM_STR(" > "), &end);
    (void)rm_boundary_kind_from(rm_str_slice(boundaries, 0, end), &kind);
    return kind;
}

static unsigned order_of_origin(const rm_path *path) {
    for (size_t i = 0; i < sizeof principals / sizeof principals[0]; i++) {
        if (rm_str_eq(path->origin, rm_str_from(principals[i].name))) {
            return principals[i].zone;
        }
    }
    return first_boundary(path->boundaries);
}

uint32_t rm_zone_of_origin(rm_figure *figure, const rm_path *path) {
    return rm_zone_get(figure, order_of_origin(path));
}

uint32_t rm_zone_get(rm_figure *figure, unsigned order) {
    for (uint32_t i = 0; i < figure->zones.count; i++) {
        if (figure->zones.at[i].order == order) {
            return i;
        }
    }
    rm_zone *zone = rm_push(figure->arena, &figure->zones);
    if (zone == NULL) {
        figure->status = RM_NOMEM;
        return RM_NONE;
    }
    zone->order = order;
    zone->kernel = order == RM_ZONE_KERNEL;
    zone->title = rm_str_from(titles[order]);
    return figure->zones.count - 1;
}

static int by_trust(const void *a, const void *b) {
    const rm_zone *x = a;
    const rm_zone *y = b;
    return (x->order > y->order) - (x->order < y->order);
}

/* The id says who stands in the zone, so that it stays when other zones come or go. */
static void name_zone(rm_figure *figure, rm_zone *zone) {
    rm_buf id = {.arena = figure->arena};
    rm_buf_text(&id, "zone-");
    if (zone->order < RM_BOUNDARY_COUNT) {
        rm_label_slug(&id, rm_str_from(rm_boundary_kind_name((rm_boundary_kind)zone->order)));
    } else {
        static const char *const others[] = {"services", "host", "kernel"};
        rm_buf_text(&id, others[zone->order - RM_ZONE_SERVICES]);
    }
    zone->id = rm_buf_view(&id);
    if (id.status != RM_OK) {
        figure->status = id.status;
    }
}

/* ---- numbers ---- */

/* Where the path begins, and the services that it goes through. */
static void mark_zones(const rm_path *path, bool present[RM_ZONE_KERNEL + 1]) {
    present[order_of_origin(path)] = true;
    if (first_boundary(path->boundaries) == RM_BOUNDARY_APP_SERVICE && path->boundaries.len > 0) {
        present[RM_ZONE_SERVICES] = true;
    }
}

static void number_marked(const bool present[RM_ZONE_KERNEL + 1], rm_numbers *out, unsigned *next) {
    for (unsigned order = 0; order < RM_ZONE_KERNEL; order++) {
        if (present[order] && out->zones[order] == 0) {
            out->zones[order] = (*next)++;
        }
    }
}

/* Those of the picture of the system, whatever a filter leaves of it. */
static void number_zones(const rm_model *model, const rm_selection *chosen, rm_numbers *out,
                         unsigned *next) {
    bool present[RM_ZONE_KERNEL + 1] = {false};
    for (uint32_t i = 0; i < model->paths.count; i++) {
        if (chosen->ranks[i] <= chosen->whole) {
            mark_zones(&model->paths.at[i], present);
        }
    }
    for (uint32_t i = 0; i < model->drivers.count; i++) {
        present[RM_ZONE_HOST] |= model->drivers.at[i].mode == RM_DRIVER_MODE_USER;
    }
    number_marked(present, out, next);
}

/* Those of paths that only a filter or a picture of one path draws have the numbers after all
 * others. */
static void number_other_zones(const rm_model *model, rm_numbers *out, unsigned *next) {
    bool present[RM_ZONE_KERNEL + 1] = {false};
    for (uint32_t i = 0; i < model->paths.count; i++) {
        mark_zones(&model->paths.at[i], present);
    }
    number_marked(present, out, next);
}

static uint32_t ring_place(const rm_model *model, uint32_t driver, uint32_t device) {
    if (device < model->devices.count) {
        return device;
    }
    return driver < model->drivers.count ? model->devices.count + driver : RM_NONE;
}

/* The only device of each driver: where a target is told by its driver alone. */
static uint32_t *sole_devices(rm_arena *arena, const rm_model *model) {
    uint32_t *sole = RM_NEW_ARRAY(arena, uint32_t, model->drivers.count + 1u);
    bool *several = RM_NEW_ARRAY(arena, bool, model->drivers.count + 1u);
    if (sole == NULL || several == NULL) {
        return NULL;
    }
    memset(sole, 0xFF, model->drivers.count * sizeof *sole); /* RM_NONE */
    for (uint32_t i = 0; i < model->devices.count; i++) {
        uint32_t driver = model->devices.at[i].driver;
        if (driver < model->drivers.count) {
            several[driver] |= sole[driver] != RM_NONE;
            sole[driver] = i;
        }
    }
    for (uint32_t i = 0; i < model->drivers.count; i++) {
        sole[i] = several[i] ? RM_NONE : sole[i];
    }
    return sole;
}

static void mark_ring(const rm_model *model, const uint32_t *sole, uint32_t driver, uint32_t device,
                      unsigned *rings) {
    if (device == RM_NONE && driver < model->drivers.count) {
        device = sole[driver];
    }
    uint32_t place = ring_place(model, driver, device);
    if (place != RM_NONE) {
        rings[place] = 1;
    }
}

/* Stacks pass requests on without a forward in the sources: the drivers below are targets, too. */
static void mark_targets(const rm_model *model, const uint32_t *sole, unsigned *rings) {
    for (uint32_t i = 0; i < model->forwards.count; i++) {
        const rm_forward *f = &model->forwards.at[i];
        if (f->from_driver != RM_NONE) {
            mark_ring(model, sole, f->to_driver, f->to_device, rings);
        }
    }
    for (uint32_t i = 0; i < model->stacks.count; i++) {
        const rm_stack_position *p = &model->stacks.at[i];
        if (p->position > 1) {
            mark_ring(model, sole, p->driver, p->device, rings);
        }
    }
}

rm_status rm_boundaries_number(rm_arena *arena, const rm_model *model, const rm_selection *chosen,
                               rm_numbers *out) {
    uint32_t places = model->devices.count + model->drivers.count;
    unsigned next = 1;
    rm_numbers numbers = {.rings = RM_NEW_ARRAY(arena, unsigned, places + 1u)};
    const uint32_t *sole = sole_devices(arena, model);
    if (numbers.rings == NULL || sole == NULL) {
        return RM_NOMEM;
    }
    number_zones(model, chosen, &numbers, &next);
    mark_targets(model, sole, numbers.rings);
    for (uint32_t i = 0; i < places; i++) {
        numbers.rings[i] = numbers.rings[i] > 0 ? next++ : 0;
    }
    number_other_zones(model, &numbers, &next);
    *out = numbers;
    return RM_OK;
}

unsigned rm_ring_number(const rm_numbers *numbers, const rm_model *model, uint32_t driver,
                        uint32_t device) {
    uint32_t place = ring_place(model, driver, device);
    return place != RM_NONE ? numbers->rings[place] : 0;
}

void rm_zones_finish(rm_figure *figure, const rm_numbers *numbers) {
    uint32_t place[RM_ZONE_KERNEL + 1] = {0}; /* of each order, after sorting */
    unsigned order[RM_ZONE_KERNEL + 1] = {0}; /* of each place, before sorting */
    for (uint32_t i = 0; i < figure->zones.count; i++) {
        order[i] = figure->zones.at[i].order;
    }
    if (figure->zones.count > 0) {
        qsort(figure->zones.at, figure->zones.count, sizeof *figure->zones.at, by_trust);
    }
    for (uint32_t i = 0; i < figure->zones.count; i++) {
        rm_zone *zone = &figure->zones.at[i];
        place[zone->order] = i;
        zone->number = numbers->zones[zone->order];
        name_zone(figure, zone);
    }
    for (uint32_t i = 0; i < figure->nodes.count; i++) {
        figure->nodes.at[i].zone = place[order[figure->nodes.at[i].zone]];
    }
}
