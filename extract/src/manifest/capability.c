#include "manifest.h"

#include "model/sid.h"

/*
 * Names of capabilities by kind, for where only a name is told. Source: "App capability
 * declarations". A name in neither list is a general one.
 */
static const char *const device_names[] = {
    "activity",
    "bluetooth",
    "humaninterfacedevice",
    "location",
    "lowLevel",
    "microphone",
    "optical",
    "pointOfService",
    "proximity",
    "radios",
    "gazeInput",
    "serialcommunication",
    "usb",
    "webcam",
    "wiFiControl",
    "gpuAcceleration",
};

static const char *const restricted_names[] = {
    "allowElevation",
    "broadFileSystemAccess",
    "customInstallActions",
    "extendedExecutionUnconstrained",
    "inputInjectionBrokered",
    "interopServices",
    "localSystemServices",
    "modifiableApp",
    "packageManagement",
    "packagedServices",
    "packageQuery",
    "runFullTrust",
    "smbios",
    "uiAccess",
    "unvirtualizedResources",
};

static bool listed(rm_str name, const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (rm_str_ieq(name, rm_str_from(names[i]))) {
            return true;
        }
    }
    return false;
}

/* "name_publisherid": 13 characters of the alphabet of publisher ids after the last '_'. */
static bool is_custom(rm_str name) {
    enum { PUBLISHER_ID = 13 };
    if (name.len < PUBLISHER_ID + 2 || name.ptr[name.len - PUBLISHER_ID - 1] != '_') {
        return false;
    }
    for (size_t i = name.len - PUBLISHER_ID; i < name.len; i++) {
        char c = name.ptr[i];
        bool fits = (c >= '0' && c <= '9') ||
                    (c >= 'a' && c <= 'z' && c != 'i' && c != 'l' && c != 'o' && c != 'u');
        if (!fits) {
            return false;
        }
    }
    return true;
}

rm_capability_kind rm_capability_kind_of(rm_str name) {
    rm_sid sid;
    if (is_custom(name)) {
        return RM_CAPABILITY_CUSTOM;
    }
    if (rm_sid_device_capability(name, &sid) == RM_OK ||
        listed(name, device_names, sizeof device_names / sizeof device_names[0])) {
        return RM_CAPABILITY_DEVICE;
    }
    return listed(name, restricted_names, sizeof restricted_names / sizeof restricted_names[0])
               ? RM_CAPABILITY_RESTRICTED
               : RM_CAPABILITY_GENERAL;
}

rm_status rm_capability_sid(rm_arena *arena, rm_str name, rm_capability_kind kind, rm_str *out) {
    char text[RM_SID_TEXT];
    rm_sid sid;
    rm_status st = kind == RM_CAPABILITY_DEVICE ? rm_sid_device_capability(name, &sid)
                                                : rm_sid_capability(arena, name, &sid);
    if (st == RM_SYNTAX) {
        *out = RM_STR_NONE;
        return RM_OK;
    }
    if (st != RM_OK) {
        return st;
    }
    rm_sid_text(&sid, text);
    return rm_str_copy(arena, rm_str_from(text), out);
}
