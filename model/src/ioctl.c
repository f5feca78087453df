#include "model/ioctl.h"

rm_ioctl_fields rm_ioctl_decode(uint32_t code) {
    return (rm_ioctl_fields){.device_type = code >> 16,
                             .access = (rm_code_access)(code >> 14 & 3u),
                             .function = code >> 2 & 0xFFFu,
                             .method = (rm_method)(code & 3u)};
}

uint32_t rm_ioctl_encode(uint32_t device_type, uint32_t function, uint32_t method,
                         uint32_t access) {
    return device_type << 16 | access << 14 | function << 2 | method;
}

/* FILE_DEVICE_* of the public headers (Windows: "Specifying Device Types"), sorted by number. */
static const struct {
    uint32_t number;
    const char *name;
} device_types[] = {
    {0x01, "FILE_DEVICE_BEEP"},
    {0x02, "FILE_DEVICE_CD_ROM"},
    {0x03, "FILE_DEVICE_CD_ROM_FILE_SYSTEM"},
    {0x04, "FILE_DEVICE_CONTROLLER"},
    {0x05, "FILE_DEVICE_DATALINK"},
    {0x06, "FILE_DEVICE_DFS"},
    {0x07, "FILE_DEVICE_DISK"},
    {0x08, "FILE_DEVICE_DISK_FILE_SYSTEM"},
    {0x09, "FILE_DEVICE_FILE_SYSTEM"},
    {0x0A, "FILE_DEVICE_INPORT_PORT"},
    {0x0B, "FILE_DEVICE_KEYBOARD"},
    {0x0C, "FILE_DEVICE_MAILSLOT"},
    {0x0D, "FILE_DEVICE_MIDI_IN"},
    {0x0E, "FILE_DEVICE_MIDI_OUT"},
    {0x0F, "FILE_DEVICE_MOUSE"},
    {0x10, "FILE_DEVICE_MULTI_UNC_PROVIDER"},
    {0x11, "FILE_DEVICE_NAMED_PIPE"},
    {0x12, "FILE_DEVICE_NETWORK"},
    {0x13, "FILE_DEVICE_NETWORK_BROWSER"},
    {0x14, "FILE_DEVICE_NETWORK_FILE_SYSTEM"},
    {0x15, "FILE_DEVICE_NULL"},
    {0x16, "FILE_DEVICE_PARALLEL_PORT"},
    {0x17, "FILE_DEVICE_PHYSICAL_NETCARD"},
    {0x18, "FILE_DEVICE_PRINTER"},
    {0x19, "FILE_DEVICE_SCANNER"},
    {0x1A, "FILE_DEVICE_SERIAL_MOUSE_PORT"},
    {0x1B, "FILE_DEVICE_SERIAL_PORT"},
    {0x1C, "FILE_DEVICE_SCREEN"},
    {0x1D, "FILE_DEVICE_SOUND"},
    {0x1E, "FILE_DEVICE_STREAMS"},
    {0x1F, "FILE_DEVICE_TAPE"},
    {0x20, "FILE_DEVICE_TAPE_FILE_SYSTEM"},
    {0x21, "FILE_DEVICE_TRANSPORT"},
    {0x22, "FILE_DEVICE_UNKNOWN"},
    {0x23, "FILE_DEVICE_VIDEO"},
    {0x24, "FILE_DEVICE_VIRTUAL_DISK"},
    {0x25, "FILE_DEVICE_WAVE_IN"},
    {0x26, "FILE_DEVICE_WAVE_OUT"},
    {0x27, "FILE_DEVICE_8042_PORT"},
    {0x28, "FILE_DEVICE_NETWORK_REDIRECTOR"},
    {0x29, "FILE_DEVICE_BATTERY"},
    {0x2A, "FILE_DEVICE_BUS_EXTENDER"},
    {0x2B, "FILE_DEVICE_MODEM"},
    {0x2C, "FILE_DEVICE_VDM"},
    {0x2D, "FILE_DEVICE_MASS_STORAGE"},
    {0x2E, "FILE_DEVICE_SMB"},
    {0x2F, "FILE_DEVICE_KS"},
    {0x30, "FILE_DEVICE_CHANGER"},
    {0x31, "FILE_DEVICE_SMARTCARD"},
    {0x32, "FILE_DEVICE_ACPI"},
    {0x33, "FILE_DEVICE_DVD"},
    {0x34, "FILE_DEVICE_FULLSCREEN_VIDEO"},
    {0x35, "FILE_DEVICE_DFS_FILE_SYSTEM"},
    {0x36, "FILE_DEVICE_DFS_VOLUME"},
    {0x37, "FILE_DEVICE_SERENUM"},
    {0x38, "FILE_DEVICE_TERMSRV"},
    {0x39, "FILE_DEVICE_KSEC"},
    {0x3A, "FILE_DEVICE_FIPS"},
    {0x3B, "FILE_DEVICE_INFINIBAND"},
    {0x3E, "FILE_DEVICE_VMBUS"},
    {0x3F, "FILE_DEVICE_CRYPT_PROVIDER"},
    {0x40, "FILE_DEVICE_WPD"},
    {0x41, "FILE_DEVICE_BLUETOOTH"},
    {0x42, "FILE_DEVICE_MT_COMPOSITE"},
    {0x43, "FILE_DEVICE_MT_TRANSPORT"},
    {0x44, "FILE_DEVICE_BIOMETRIC"},
    {0x45, "FILE_DEVICE_PMI"},
    {0x46, "FILE_DEVICE_EHSTOR"},
    {0x47, "FILE_DEVICE_DEVAPI"},
    {0x48, "FILE_DEVICE_GPIO"},
    {0x49, "FILE_DEVICE_USBEX"},
    {0x50, "FILE_DEVICE_CONSOLE"},
    {0x51, "FILE_DEVICE_NFP"},
    {0x52, "FILE_DEVICE_SYSENV"},
    {0x53, "FILE_DEVICE_VIRTUAL_BLOCK"},
    {0x54, "FILE_DEVICE_POINT_OF_SERVICE"},
    {0x55, "FILE_DEVICE_STORAGE_REPLICATION"},
    {0x56, "FILE_DEVICE_TRUST_ENV"},
    {0x57, "FILE_DEVICE_UCM"},
    {0x58, "FILE_DEVICE_UCMTCPCI"},
    {0x59, "FILE_DEVICE_PERSISTENT_MEMORY"},
    {0x5A, "FILE_DEVICE_NVDIMM"},
    {0x5B, "FILE_DEVICE_HOLOGRAPHIC"},
    {0x5C, "FILE_DEVICE_SDFXHCI"},
    {0x5D, "FILE_DEVICE_UCMUCSI"},
};

const char *rm_device_type_name(uint32_t device_type) {
    for (size_t i = 0; i < sizeof device_types / sizeof device_types[0]; i++) {
        if (device_types[i].number == device_type) {
            return device_types[i].name;
        }
    }
    return NULL;
}

bool rm_device_type_from(rm_str name, uint32_t *out) {
    for (size_t i = 0; i < sizeof device_types / sizeof device_types[0]; i++) {
        if (rm_str_eq(name, rm_str_from(device_types[i].name))) {
            *out = device_types[i].number;
            return true;
        }
    }
    return false;
}
