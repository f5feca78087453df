#include "inf/set.h"

/*
 * Source: Windows driver documentation: "Adding the reflector" (WUDFRD…), "WinUSB installation"
 * (WINUSB…), "I/O resource usage reduction", "INF DDInstall.HW section for PF miniport drivers",
 * "Enabling transitions to D3cold" (Pci…), "Selective suspend for HID over USB devices", "Providing
 * a UVC INF file". What is not told there may set anything.
 */
static const char *const documented[] = {
    "WUDFRD.",
    "WUDFRD_UpperFilter.",
    "WUDFRD_LowerFilter.",
    "WINUSB.NT",
    "PciIoSpaceNotRequired",
    "PciSriovSupported",
    "PciD3ColdSupported",
    "HID_SelSus_Inst.",
};

bool rm_inf_need_is_documented(rm_str section) {
    for (size_t i = 0; i < sizeof documented / sizeof documented[0]; i++) {
        if (rm_str_istarts(section, rm_str_from(documented[i]))) {
            return true;
        }
    }
    return false;
}
