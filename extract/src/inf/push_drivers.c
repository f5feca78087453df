#include "inf/push.h"

/* ---- drivers by name ---- */

/* How many folders two paths share from the root on. */
static unsigned shared_folders(rm_str a, rm_str b) {
    unsigned shared = 0;
    while (a.len > 0 && b.len > 0) {
        size_t in_a = a.len;
        size_t in_b = b.len;
        (void)rm_str_find_char(a, '/', &in_a);
        (void)rm_str_find_char(b, '/', &in_b);
        if (!rm_str_ieq(rm_str_slice(a, 0, in_a), rm_str_slice(b, 0, in_b))) {
            break;
        }
        shared++;
        a = rm_str_slice(a, in_a + 1, a.len);
        b = rm_str_slice(b, in_b + 1, b.len);
    }
    return shared;
}

rm_status rm_inf_driver_named(rm_inf_push *push, rm_str name, rm_place place, uint32_t *out) {
    const rm_drivers *drivers = &push->model->drivers;
    rm_str folder = rm_path_dir(push->inf);
    uint32_t nearest = RM_NONE;
    unsigned most = 0;
    unsigned with_sources = 0;
    for (uint32_t i = 0; i < drivers->count; i++) {
        if (drivers->at[i].unit.len == 0 || !rm_str_ieq(drivers->at[i].name, name)) {
            continue;
        }
        unsigned shared = shared_folders(drivers->at[i].unit, folder);
        if (nearest == RM_NONE || shared > most) {
            nearest = i;
            most = shared;
        }
        with_sources++;
    }
    if (with_sources > 1) {
        *out = nearest;
        return RM_OK;
    }
    return rm_model_driver(push->model, name, RM_STR_NONE, place, out);
}

/* ---- drivers by service ---- */

uint32_t rm_inf_driver_of_service(const rm_inf_push *push, rm_str service) {
    const rm_model *model = push->model;
    for (uint32_t i = model->services.count; i > 0; i--) { /* the file at hand first */
        const rm_service *row = &model->services.at[i - 1];
        if (row->driver != RM_NONE && rm_str_ieq(row->name, service)) {
            return row->driver;
        }
    }
    return RM_NONE;
}

uint32_t rm_inf_umdf_driver(rm_inf_push *push, const rm_inf_umdf *umdf) {
    rm_str stem = rm_path_stem(umdf->binary);
    rm_str name = stem.len > 0 ? stem : umdf->name;
    uint32_t driver = RM_NONE;
    return rm_inf_driver_named(push, name, (rm_place){0}, &driver) == RM_OK ? driver : RM_NONE;
}

/* Of a service that no INF defines, the driver is named by it: those of Windows itself are. */
rm_status rm_inf_driver_by_service(rm_inf_push *push, rm_str service, rm_place place,
                                   uint32_t *out) {
    *out = rm_inf_driver_of_service(push, service);
    if (*out != RM_NONE) {
        return RM_OK;
    }
    uint32_t before = push->model->drivers.count;
    rm_status st = rm_inf_driver_named(push, service, place, out);
    if (st == RM_OK && push->model->drivers.count > before) {
        rm_driver *d = &push->model->drivers.at[*out];
        d->state = RM_STATE_DERIVED;
        st = rm_inf_keep(push, service, &d->service);
    }
    return st;
}

/* ---- what drives a device ---- */

/*
 * Sections of Windows' own INFs that packages commonly need, and the function driver that they
 * bring. Source: the pages of Windows driver documentation on WinUSB, UMDF, HID minidrivers.
 */
static const struct {
    const char *section;
    const char *service;
} inbox[] = {
    {"WINUSB.NT.Services", "WinUSB"},
    {"WUDFRD.NT.Services", "WUDFRd"},
    {"MsHidKmdf.NT.Services", "mshidkmdf"},
    {"MsHidUmdf.NT.Services", "mshidumdf"},
    {"HID_Inst.NT.Services", "HidUsb"},
    {"HID_Keyboard_Inst.NT.Services", "kbdhid"},
    {"HID_Mouse_Inst.NT.Services", "mouhid"},
    {"STANDARD_Inst.Services", "i8042prt"},
    {"STANDARD_Inst.NT.Services", "i8042prt"},
    {"PS2_Inst.Services", "i8042prt"},
    {"PS2_Inst.NT.Services", "i8042prt"},
    {"Composite.Dev.NT.Services", "usbccgp"},
    {"UmPass.Services", "umpass"},
    {"USBVideo.NT.Services", "usbvideo"},
    {"Serial_Inst.NT.Services", "Serial"},
    {"ComPort.NT.Services", "Serial"},
};

bool rm_inf_is_inbox_service(rm_str service) {
    for (size_t i = 0; i < sizeof inbox / sizeof inbox[0]; i++) {
        if (rm_str_ieq(service, rm_str_from(inbox[i].service))) {
            return true;
        }
    }
    return false;
}

const rm_inf_umdf *rm_inf_lowest_umdf(const rm_inf_unit *unit) {
    const rm_inf_item *order = &unit->wdf.order;
    rm_str lowest = order->line == NULL ? RM_STR_NONE : rm_inf_item_field(order, 0);
    for (uint32_t i = 0; i < unit->wdf.umdf.count; i++) {
        if (rm_str_ieq(unit->wdf.umdf.at[i].name, lowest)) {
            return &unit->wdf.umdf.at[i];
        }
    }
    return unit->wdf.umdf.count > 0 ? &unit->wdf.umdf.at[0] : NULL;
}

static rm_status by_service(rm_inf_push *push, const rm_inf_unit *unit, rm_inf_function *out) {
    const rm_inf_umdf *umdf = rm_inf_lowest_umdf(unit);
    if (umdf != NULL && rm_str_ieq(out->service, RM_STR("WUDFRd"))) {
        /* the reflector stands for the user-mode driver that it hosts */
        rm_str name = rm_path_stem(umdf->binary);
        out->service = umdf->name;
        return rm_inf_driver_named(push, name.len > 0 ? name : umdf->name, (rm_place){0},
                                   &out->driver);
    }
    out->driver = rm_inf_driver_of_service(push, out->service);
    return RM_OK;
}

rm_status rm_inf_function_of(rm_inf_push *push, const rm_inf_unit *unit, rm_inf_function *out) {
    *out = (rm_inf_function){.driver = RM_NONE, .loc = unit->loc};
    for (uint32_t i = 0; i < unit->services.count; i++) {
        const rm_inf_service *service = &unit->services.at[i];
        if (rm_inf_service_is_function(service)) {
            out->none = service->name.len == 0;
            out->service = service->name;
            out->loc = rm_inf_item_loc(&service->item);
        }
    }
    for (size_t i = 0; out->service.len == 0 && !out->none && i < sizeof inbox / sizeof inbox[0];
         i++) {
        if (rm_str_ieq(unit->services_missing, rm_str_from(inbox[i].section))) {
            out->service = rm_str_from(inbox[i].service);
            out->assumed = true;
        }
    }
    if (out->service.len == 0 && !out->none && unit->services_unknown.name.len > 0) {
        out->unknown = true;
        out->loc = unit->services_unknown.loc;
    }
    return out->service.len == 0 ? RM_OK : by_service(push, unit, out);
}
