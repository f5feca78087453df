#include "inf/push.h"

/* ---- what a service section says about its driver ---- */

static bool has_dependency(const rm_inf_service *service, rm_str name) {
    rm_str rest = service->dependencies;
    for (size_t at = 0; rest.len > 0; rest = rm_str_slice(rest, at + 1, rest.len)) {
        at = rest.len;
        (void)rm_str_find_char(rest, ',', &at);
        if (rm_str_ieq(rm_str_trim(rm_str_slice(rest, 0, at)), name)) {
            return true;
        }
    }
    return false;
}

static bool sets_altitude(const rm_inf_service *service) {
    for (uint32_t i = 0; i < service->values.count; i++) {
        if (rm_str_ieq(service->values.at[i].name, RM_STR("Altitude"))) {
            return true;
        }
    }
    return false;
}

/* Source: Windows driver documentation, "Creating an INF file for a minifilter driver". */
static bool is_minifilter(const rm_inf_service *service) {
    return sets_altitude(service) ||
           (rm_str_istarts(service->load_order_group, RM_STR("FSFilter")) &&
            has_dependency(service, RM_STR("FltMgr")));
}

static bool is_kmdf(const rm_inf_unit *unit, rm_str service) {
    for (uint32_t i = 0; i < unit->wdf.kmdf.count; i++) {
        if (rm_str_ieq(unit->wdf.kmdf.at[i].service, service)) {
            return true;
        }
    }
    return false;
}

/* A first hint; sources know better where they are there. */
static rm_framework framework_of(const rm_inf_push *push, const rm_inf_unit *unit,
                                 const rm_inf_service *service) {
    static const char *const ndis_classes[] = {"Net", "NetTrans", "NetService"};
    if (is_kmdf(unit, service->name)) {
        return RM_FRAMEWORK_KMDF;
    }
    if (is_minifilter(service)) {
        return RM_FRAMEWORK_MINIFILTER;
    }
    if (service->type.known && service->type.value == 2) {
        return RM_FRAMEWORK_FILESYSTEM;
    }
    if (rm_str_ieq(service->load_order_group, RM_STR("SCSI Miniport"))) {
        return RM_FRAMEWORK_STORPORT;
    }
    for (size_t i = 0; i < sizeof ndis_classes / sizeof ndis_classes[0]; i++) {
        if (rm_str_ieq(push->package->class_name, rm_str_from(ndis_classes[i])) ||
            rm_str_ieq(service->load_order_group, RM_STR("NDIS"))) {
            return RM_FRAMEWORK_NDIS;
        }
    }
    return RM_FRAMEWORK_UNKNOWN;
}

/* ---- drivers ---- */

static bool is_driver(const rm_inf_service *service) {
    if (service->type.known) {
        return rm_inf_service_is_driver(service);
    }
    return service->binary.len == 0 ? rm_inf_service_is_function(service)
                                    : rm_str_iends(service->binary, RM_STR(".sys"));
}

static rm_status describe_driver(rm_inf_push *push, const rm_inf_unit *unit,
                                 const rm_inf_service *service, uint32_t driver) {
    rm_framework framework = framework_of(push, unit, service);
    rm_driver *d = &push->model->drivers.at[driver];
    d->framework = d->framework == RM_FRAMEWORK_UNKNOWN ? framework : d->framework;
    d->inf = d->inf.len == 0 ? push->inf : d->inf;
    if (framework == RM_FRAMEWORK_MINIFILTER && d->role == RM_ROLE_UNKNOWN) {
        d->role = RM_ROLE_MINIFILTER;
    }
    if (d->start_type.len == 0) {
        d->start_type = rm_inf_service_start(service->start);
    }
    return d->service.len == 0 ? rm_inf_keep(push, service->name, &d->service) : RM_OK;
}

static rm_status driver_of(rm_inf_push *push, const rm_inf_unit *unit,
                           const rm_inf_service *service, rm_service *row) {
    bool guessed = false;
    uint32_t *out = &row->driver;
    rm_status st = rm_inf_driver_of_binary(push, service, row->place, out, &guessed);
    if (st == RM_OK) {
        st = describe_driver(push, unit, service, *out);
    }
    if (st == RM_OK && guessed) {
        row->state = RM_STATE_DERIVED;
    }
    if (st == RM_OK && rm_path_stem(service->binary).len == 0) {
        push->model->drivers.at[*out].state = RM_STATE_DERIVED; /* named by its service only */
    }
    return st == RM_OK ? rm_inf_push_minifilter(push, *out, service) : st;
}

/* ---- services ---- */

static bool same(const rm_service *a, const rm_service *b) {
    return rm_str_ieq(a->name, b->name) && rm_str_eq(a->kind, b->kind) &&
           rm_str_eq(a->start_type, b->start_type) && rm_str_ieq(a->account, b->account) &&
           rm_str_eq(a->sddl, b->sddl) && a->driver == b->driver;
}

/* Sections for several platforms add one service several times. */
static bool is_known(const rm_inf_push *push, const rm_service *service) {
    for (uint32_t i = push->first_service; i < push->model->services.count; i++) {
        if (same(&push->model->services.at[i], service)) {
            return true;
        }
    }
    return false;
}

static rm_status add_descriptor(rm_inf_push *push, const rm_inf_service *service, rm_loc at,
                                uint32_t index) {
    bool overwrites =
        service->flags.known && (service->flags.value & RM_INF_SERVICE_CLOBBER_SECURITY) != 0;
    const rm_service *row = &push->model->services.at[index];
    rm_descriptor descriptor = {.subject_kind = RM_SUBJECT_SERVICE,
                                .subject = index,
                                .subject_name = row->name,
                                .sddl = row->sddl,
                                .source = RM_SDDL_INF_DEVICE,
                                .effective = true,
                                .outranked_by = RM_NONE,
                                .condition = overwrites ? RM_STR_NONE
                                                        : RM_STR("the service is new: AddService "
                                                                 "does not have the flag 0x400"),
                                .state = RM_STATE_CONFIRMED};
    rm_status st = rm_inf_place(push, at, &descriptor.place);
    rm_descriptor *kept =
        st == RM_OK ? rm_push(push->model->arena, &push->model->descriptors) : NULL;
    if (kept == NULL) {
        return RM_NOMEM;
    }
    *kept = descriptor;
    return RM_OK;
}

/* Security = "SDDL", or, written by hand, the binary value Security below the key Security. */
static rm_status security_of(rm_inf_push *push, const rm_inf_service *service, rm_str *out,
                             rm_loc *loc) {
    *out = service->security;
    *loc = service->security_loc;
    for (uint32_t i = 0; service->security.len == 0 && i < service->values.count; i++) {
        const rm_inf_value *value = &service->values.at[i];
        if (rm_inf_value_type(value) == RM_INF_TYPE_BINARY &&
            rm_str_ieq(value->root, RM_STR("HKR")) &&
            rm_str_ieq(value->subkey, RM_STR("Security")) &&
            rm_str_ieq(value->name, RM_STR("Security"))) {
            *loc = rm_inf_item_field_loc(&value->item, RM_INF_DATA);
            return rm_inf_binary_sddl(push, value, out);
        }
    }
    return RM_OK;
}

/* A program's account is LocalSystem where the INF names none (INF AddService, StartName). */
static rm_str account_of(const rm_inf_service *service) {
    bool program = service->type.known && !rm_inf_service_is_driver(service);
    return service->account.len == 0 && program ? RM_STR("LocalSystem") : service->account;
}

static rm_status push_service(rm_inf_push *push, const rm_inf_unit *unit,
                              const rm_inf_service *service) {
    rm_service row = {.kind = rm_inf_service_kind(service->type),
                      .start_type = rm_inf_service_start(service->start),
                      .sid_type = rm_inf_service_sid_type(service->sid_type),
                      .inf = push->inf,
                      .driver = RM_NONE,
                      .state = service->section_missing ? RM_STATE_UNKNOWN : RM_STATE_CONFIRMED};
    rm_str sddl = RM_STR_NONE;
    rm_loc security_loc = {0};
    /* it is looked for among the services and drivers there are */
    if (!rm_inf_step(push->set, 1 + (push->model->services.count - push->first_service) / 2)) {
        return RM_OK;
    }
    rm_status st = rm_inf_place(push, rm_inf_item_loc(&service->item), &row.place);
    if (st == RM_OK && is_driver(service)) {
        st = driver_of(push, unit, service, &row);
    }
    if (st != RM_OK || rm_inf_keep(push, service->name, &row.name) != RM_OK ||
        rm_inf_keep(push, account_of(service), &row.account) != RM_OK ||
        security_of(push, service, &sddl, &security_loc) != RM_OK ||
        rm_inf_keep(push, sddl, &row.sddl) != RM_OK) {
        return RM_NOMEM;
    }
    if (is_known(push, &row)) {
        return RM_OK;
    }
    rm_service *kept = rm_push(push->model->arena, &push->model->services);
    if (kept == NULL) {
        return RM_NOMEM;
    }
    *kept = row;
    push->used = true;
    return row.sddl.len > 0
               ? add_descriptor(push, service, security_loc, push->model->services.count - 1)
               : RM_OK;
}

/* ---- UMDF drivers: no service of their own ---- */

static rm_status push_umdf(rm_inf_push *push, const rm_inf_umdf *umdf) {
    rm_place place;
    uint32_t index = RM_NONE;
    rm_str name = rm_path_stem(umdf->binary);
    rm_status st = rm_inf_place(push, rm_inf_item_loc(&umdf->item), &place);
    if (st == RM_OK) {
        st = rm_inf_driver_named(push, name.len > 0 ? name : umdf->name, place, &index);
    }
    if (st != RM_OK) {
        return st;
    }
    rm_driver *d = &push->model->drivers.at[index];
    d->framework =
        rm_str_starts(umdf->version, RM_STR("1.")) ? RM_FRAMEWORK_UMDF1 : RM_FRAMEWORK_UMDF2;
    d->mode = RM_DRIVER_MODE_USER;
    d->inf = d->inf.len == 0 ? push->inf : d->inf;
    push->used = true;
    return d->service.len == 0 ? rm_inf_keep(push, umdf->name, &d->service) : RM_OK;
}

rm_status rm_inf_push_services(rm_inf_push *push, const rm_inf_unit *unit) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < unit->services.count; i++) {
        if (unit->services.at[i].name.len > 0) {
            st = push_service(push, unit, &unit->services.at[i]);
        }
    }
    for (uint32_t i = 0; st == RM_OK && i < unit->wdf.umdf.count; i++) {
        st = push_umdf(push, &unit->wdf.umdf.at[i]);
    }
    return st;
}
