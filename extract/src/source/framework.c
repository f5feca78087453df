#include "source/devices.h"

/* Of several frameworks that a driver registers with, the first here says most about it. */
static const rm_framework order[] = {
    RM_FRAMEWORK_MINIFILTER, RM_FRAMEWORK_NDIS,  RM_FRAMEWORK_STORPORT, RM_FRAMEWORK_FILESYSTEM,
    RM_FRAMEWORK_KMDF,       RM_FRAMEWORK_UMDF1, RM_FRAMEWORK_WDM};

static unsigned frameworks_of(const rm_source_unit *unit) {
    unsigned found = 0;
    for (uint32_t i = 0; i < unit->files.count; i++) {
        const rm_source_file *file = &unit->files.at[i];
        found |= file->is_header ? 0 : unit->set->files.at[file->in_set].scan.frameworks;
    }
    return found;
}

/* An INF made from a template may speak of a framework that the sources never call. */
static bool inf_is_wrong(rm_framework told, unsigned found) {
    return told == RM_FRAMEWORK_KMDF && (found >> RM_FRAMEWORK_KMDF & 1u) == 0 &&
           (found >> RM_FRAMEWORK_WDM & 1u) != 0;
}

void rm_source_framework(const rm_source_unit *unit) {
    if (unit->driver == RM_NONE) {
        return;
    }
    unsigned found = frameworks_of(unit);
    rm_framework told = unit->model->drivers.at[unit->driver].framework;
    if (told != RM_FRAMEWORK_UNKNOWN && !inf_is_wrong(told, found)) {
        return;
    }
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        if ((found >> order[i] & 1u) != 0) {
            unit->model->drivers.at[unit->driver].framework = order[i];
            return;
        }
    }
}
