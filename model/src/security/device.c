#include "model/descriptor.h"

#include <stddef.h>

/* Windows: "SDDL for Device Objects" and wdmsec.h's names (docs/security-model.md). */
static const struct {
    const char *name;
    const char *sddl;
} devobj[] = {
    {"SDDL_DEVOBJ_KERNEL_ONLY", "D:P"},
    {"SDDL_DEVOBJ_INF_SUPPLIED", "D:P"},
    {"SDDL_DEVOBJ_SYS_ALL", "D:P(A;;GA;;;SY)"},
    {"SDDL_DEVOBJ_SYS_ALL_ADM_ALL", "D:P(A;;GA;;;SY)(A;;GA;;;BA)"},
    {"SDDL_DEVOBJ_SYS_ALL_ADM_RX", "D:P(A;;GA;;;SY)(A;;GRGX;;;BA)"},
    {"SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_R", "D:P(A;;GA;;;SY)(A;;GRGWGX;;;BA)(A;;GR;;;WD)"},
    {"SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_R_RES_R",
     "D:P(A;;GA;;;SY)(A;;GRGWGX;;;BA)(A;;GR;;;WD)(A;;GR;;;RC)"},
    {"SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_RW_RES_R",
     "D:P(A;;GA;;;SY)(A;;GRGWGX;;;BA)(A;;GRGW;;;WD)(A;;GR;;;RC)"},
    {"SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_RWX_RES_RWX",
     "D:P(A;;GA;;;SY)(A;;GRGWGX;;;BA)(A;;GRGWGX;;;WD)(A;;GRGWGX;;;RC)"},
};

const char *rm_sddl_devobj(rm_str name) {
    for (size_t i = 0; i < sizeof devobj / sizeof devobj[0]; i++) {
        if (rm_str_eq(name, rm_str_from(devobj[i].name))) {
            return devobj[i].sddl;
        }
    }
    return NULL;
}

const char *rm_sddl_devobj_name(rm_str sddl) {
    for (size_t i = 0; i < sizeof devobj / sizeof devobj[0]; i++) {
        if (rm_str_eq(sddl, rm_str_from(devobj[i].sddl))) {
            return devobj[i].name;
        }
    }
    return NULL;
}

/*
 * What IoCreateDevice gives (specification section 3). Most types are open to everyone, at Low
 * integrity too; file systems and disks give everyone traverse only. A disk is taken as not
 * removable and a client edition of Windows is assumed: the wider of the two readings.
 */
static const char most_types[] =
    "D:(A;;GRGWGX;;;WD)(A;;GA;;;SY)(A;;GA;;;BA)(A;;GRGX;;;RC)S:(ML;;NW;;;LW)";
static const char file_systems[] = "D:(A;;GX;;;WD)(A;;GA;;;SY)(A;;GA;;;BA)(A;;GRGX;;;RC)";
static const char cd_rom[] = "D:(A;;GX;;;WD)(A;;GRGWGX;;;IU)(A;;GA;;;SY)(A;;GA;;;BA)(A;;GRGX;;;RC)";

const char *rm_sddl_device_default(uint32_t device_type) {
    switch (device_type) {
    case 0x02: return cd_rom;
    case 0x03: /* FILE_DEVICE_CD_ROM_FILE_SYSTEM */
    case 0x07: /* FILE_DEVICE_DISK */
    case 0x08: /* FILE_DEVICE_DISK_FILE_SYSTEM */
    case 0x09: /* FILE_DEVICE_FILE_SYSTEM */
    case 0x12: /* FILE_DEVICE_NETWORK */
    case 0x14: /* FILE_DEVICE_NETWORK_FILE_SYSTEM */
    case 0x20: /* FILE_DEVICE_TAPE_FILE_SYSTEM */
    case 0x24: /* FILE_DEVICE_VIRTUAL_DISK */
    case 0x2D: /* FILE_DEVICE_MASS_STORAGE */
    case 0x35: /* FILE_DEVICE_DFS_FILE_SYSTEM */ return file_systems;
    default: return most_types;
    }
}

rm_generic_mapping rm_object_mapping(rm_object_type type) {
    switch (type) {
    case RM_OBJECT_KEY: return (rm_generic_mapping){0x20019, 0x20006, 0x20019, 0xF003F};
    case RM_OBJECT_SERVICE: return (rm_generic_mapping){0x2008D, 0x20002, 0x20170, 0xF01FF};
    case RM_OBJECT_DEVICE:
    case RM_OBJECT_FILE: break;
    }
    return (rm_generic_mapping){0x120089, 0x120116, 0x1200A0, 0x1F01FF};
}
