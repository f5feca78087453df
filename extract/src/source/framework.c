#include "source/devices.h"

/* The routine by which a driver registers with its framework; the first that occurs decides. */
static const struct {
    const char *routine;
    rm_framework framework;
} routines[] = {
    {"FltRegisterFilter", RM_FRAMEWORK_MINIFILTER},
    {"NdisMRegisterMiniportDriver", RM_FRAMEWORK_NDIS},
    {"NdisFRegisterFilterDriver", RM_FRAMEWORK_NDIS},
    {"NdisRegisterProtocolDriver", RM_FRAMEWORK_NDIS},
    {"StorPortInitialize", RM_FRAMEWORK_STORPORT},
    {"IoRegisterFileSystem", RM_FRAMEWORK_FILESYSTEM},
    {"WdfDriverCreate", RM_FRAMEWORK_KMDF},
    {"IDriverEntry", RM_FRAMEWORK_UMDF1},
    {"MajorFunction", RM_FRAMEWORK_WDM},
    {"AddDevice", RM_FRAMEWORK_WDM},
};

static bool occurs(const rm_source_unit *unit, rm_str word) {
    for (uint32_t i = 0; i < unit->files.count; i++) {
        const rm_source_file *file = &unit->files.at[i];
        uint32_t at = 0;
        if (!file->is_header &&
            !ts_node_is_null(rm_next_occurrence(file, word, &at, (uint32_t)file->clean.len))) {
            return true;
        }
    }
    return false;
}

void rm_source_framework(const rm_source_unit *unit) {
    if (unit->driver == RM_NONE ||
        unit->model->drivers.at[unit->driver].framework != RM_FRAMEWORK_UNKNOWN) {
        return;
    }
    for (size_t i = 0; i < sizeof routines / sizeof routines[0]; i++) {
        if (occurs(unit, rm_str_from(routines[i].routine))) {
            unit->model->drivers.at[unit->driver].framework = routines[i].framework;
            return;
        }
    }
}
