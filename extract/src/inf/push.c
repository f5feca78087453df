#include "inf/push.h"

#include <stdlib.h>

rm_status rm_inf_keep(rm_inf_push *push, rm_str text, rm_str *out) {
    if (text.len == 0) {
        *out = RM_STR_NONE;
        return RM_OK;
    }
    return rm_str_copy(push->model->arena, text, out);
}

/* Places in the main file share its path; those in an included one bring their own. */
rm_status rm_inf_place(rm_inf_push *push, rm_loc at, rm_place *out) {
    rm_str file = push->inf;
    if (!rm_str_eq(at.file, push->inf) &&
        rm_str_copy(push->model->arena, at.file, &file) != RM_OK) {
        return RM_NOMEM;
    }
    *out = (rm_place){file, at.line, at.column};
    return RM_OK;
}

rm_status rm_inf_wait(rm_inf_push *push, rm_inf_awaits what, uint32_t index, rm_str key,
                      rm_place place) {
    rm_inf_pending *pending = rm_push(push->scratch, &push->pending);
    if (pending == NULL) {
        return RM_NOMEM;
    }
    *pending = (rm_inf_pending){.what = what, .index = index, .place = place};
    return rm_str_copy(push->scratch, key, &pending->key);
}

/* ---- installs ---- */

struct sorted_use {
    const rm_inf_model *model;
    const rm_inf_use *use;
};

static int by_what_is_installed(const void *a, const void *b) {
    const struct sorted_use *x = a;
    const struct sorted_use *y = b;
    int order = rm_str_icmp(x->model->hwid, y->model->hwid);
    order = order != 0 ? order : rm_str_cmp(x->use->arch, y->use->arch);
    order = order != 0 ? order : rm_str_icmp(x->model->install, y->model->install);
    return order != 0 ? order : rm_str_cmp(x->model->description, y->model->description);
}

static int by_what_then_where(const void *a, const void *b) {
    const struct sorted_use *x = a;
    const struct sorted_use *y = b;
    int order = by_what_is_installed(a, b);
    return order != 0 ? order : (x->use > y->use) - (x->use < y->use);
}

/*
 * Network protocols, filters and clients have no device, and so no function driver: the driver
 * they install is the unit's only one (Windows driver documentation, "Network INF files").
 */
static uint32_t component_driver(const rm_inf_push *push, uint32_t unit) {
    static const char *const classes[] = {"NetService", "NetTrans", "NetClient"};
    const rm_inf_services *services = &push->package->units.at[unit].services;
    uint32_t found = RM_NONE;
    bool component = false;
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++) {
        component = component || rm_str_ieq(push->package->class_name, rm_str_from(classes[i]));
    }
    for (uint32_t i = 0; component && i < services->count; i++) {
        if (rm_inf_service_is_driver(&services->at[i])) {
            if (found != RM_NONE) {
                return RM_NONE;
            }
            found = rm_inf_driver_of_service(push, services->at[i].name);
        }
    }
    return found;
}

static rm_status keep_install(rm_inf_push *push, const rm_install *row) {
    rm_install *kept = rm_push(push->model->arena, &push->model->installs);
    if (kept == NULL) {
        return RM_NOMEM;
    }
    *kept = *row;
    push->used = true;
    return RM_OK;
}

/* One row for each of the ids; the driver may be told by a file that is still to come. */
static rm_status push_install(rm_inf_push *push, const struct sorted_use *item,
                              const rm_inf_function *function, rm_str id, const char *id_kind) {
    rm_install row = {.inf = push->inf,
                      .arch = item->use->arch,
                      .id_kind = rm_str_from(id.len > 0 ? id_kind : ""),
                      .driver = function == NULL ? RM_NONE : function->driver};
    const rm_loc at = rm_inf_line_loc(push->set->main, item->model->line);
    if (function != NULL && function->service.len == 0 && !function->none) {
        row.driver = component_driver(push, item->use->unit);
    }
    if (rm_inf_place(push, at, &row.place) != RM_OK ||
        rm_inf_keep(push, item->model->description, &row.model) != RM_OK ||
        rm_inf_keep(push, id, &row.hwid) != RM_OK ||
        rm_inf_keep(push, item->model->install, &row.section) != RM_OK ||
        rm_inf_keep(push, push->package->class_guid, &row.class_guid) != RM_OK) {
        return RM_NOMEM;
    }
    rm_status st = keep_install(push, &row);
    if (st != RM_OK || row.driver != RM_NONE || function == NULL || function->service.len == 0) {
        return st;
    }
    return rm_inf_wait(push, RM_INF_AWAITS_INSTALL, push->model->installs.count - 1,
                       function->service, row.place);
}

/* The ids behind the hardware id: what the device says it can be used as. */
static rm_status push_compatible(rm_inf_push *push, const struct sorted_use *item,
                                 const rm_inf_function *function) {
    const rm_inf_line *line = item->model->line;
    rm_status st = RM_OK;
    for (uint32_t i = 2; st == RM_OK && i < line->count; i++) {
        rm_str id = rm_inf_field_at(push->set->main, line, i);
        if (id.len > 0 && rm_inf_step(push->set, 16)) {
            st = push_install(push, item, function, id, "compatible");
        }
    }
    return st;
}

/* [DefaultInstall] has no id: one row for each driver that it installs. */
static rm_status push_default(rm_inf_push *push, const rm_inf_unit *unit) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < unit->services.count; i++) {
        const rm_inf_service *service = &unit->services.at[i];
        rm_install row = {.inf = push->inf,
                          .arch = unit->arch,
                          .driver = rm_inf_driver_of_service(push, service->name)};
        if (row.driver == RM_NONE || !rm_inf_step(push->set, 1)) {
            continue;
        }
        if (rm_inf_place(push, rm_inf_item_loc(&service->item), &row.place) != RM_OK ||
            rm_inf_keep(push, unit->name, &row.section) != RM_OK ||
            rm_inf_keep(push, push->package->class_guid, &row.class_guid) != RM_OK) {
            return RM_NOMEM;
        }
        st = keep_install(push, &row);
    }
    return st;
}

/* ---- units ---- */

struct unit_facts {
    rm_inf_function function;
    uint32_t device;
};

static rm_status push_keys(rm_inf_push *push) {
    const rm_inf_package *package = push->package;
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < package->units.count; i++) {
        st = rm_inf_push_keys(push, &package->units.at[i]);
        if (st == RM_OK) {
            st = rm_inf_push_class_filters(push, &package->units.at[i]);
        }
    }
    for (uint32_t i = 0; st == RM_OK && i < package->defaults.count; i++) {
        st = rm_inf_push_keys(push, &package->defaults.at[i]);
        if (st == RM_OK) {
            st = rm_inf_push_class_filters(push, &package->defaults.at[i]);
        }
    }
    for (uint32_t i = 0; st == RM_OK && i < package->classes.count; i++) {
        st = rm_inf_push_class_keys(push, &package->classes.at[i]);
    }
    for (uint32_t i = 0; st == RM_OK && i < package->interface_classes.count; i++) {
        st = rm_inf_push_interface_keys(push, &package->interface_classes.at[i]);
    }
    return st;
}

/* Which units share their driver with another: what one sets holds under a condition. */
static rm_status mark_several(rm_inf_push *push, struct unit_facts *facts) {
    uint32_t units = push->package->units.count;
    uint32_t drivers = push->model->drivers.count;
    uint32_t *times = RM_NEW_ARRAY(push->set->arena, uint32_t, (size_t)drivers + 1);
    if (times == NULL) {
        return RM_NOMEM;
    }
    for (uint32_t i = 0; i < units; i++) {
        times[facts[i].function.driver == RM_NONE ? drivers : facts[i].function.driver]++;
    }
    for (uint32_t i = 0; i < units; i++) {
        uint32_t driver = facts[i].function.driver;
        facts[i].function.several = driver != RM_NONE && times[driver] > 1;
    }
    return RM_OK;
}

static rm_status push_units(rm_inf_push *push, struct unit_facts *facts) {
    rm_inf_package *package = push->package;
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < package->defaults.count; i++) {
        st = rm_inf_push_services(push, &package->defaults.at[i]);
    }
    for (uint32_t i = 0; st == RM_OK && i < package->units.count; i++) {
        st = rm_inf_push_services(push, &package->units.at[i]);
    }
    for (uint32_t i = 0; st == RM_OK && i < package->orphans.count; i++) {
        st = rm_inf_push_services(push, &package->orphans.at[i]);
    }
    /* only now every service of the file is known */
    for (uint32_t i = 0; st == RM_OK && i < package->units.count; i++) {
        st = rm_inf_function_of(push, &package->units.at[i], &facts[i].function);
    }
    if (st == RM_OK) {
        st = mark_several(push, facts);
    }
    for (uint32_t i = 0; st == RM_OK && i < package->units.count; i++) {
        st = rm_inf_push_device(push, &package->units.at[i], i, &facts[i].function,
                                &facts[i].device);
    }
    return st == RM_OK ? push_keys(push) : st;
}

static rm_status push_use(rm_inf_push *push, const struct sorted_use *item,
                          const struct unit_facts *facts) {
    rm_status st = RM_OK;
    if (item->use->unit == RM_NONE) {
        st = push_install(push, item, NULL, item->model->hwid, "hardware");
        return st == RM_OK ? push_compatible(push, item, NULL) : st;
    }
    const rm_inf_unit *unit = &push->package->units.at[item->use->unit];
    const struct unit_facts *own = &facts[item->use->unit];
    uint32_t from = push->model->installs.count;
    st = push_install(push, item, &own->function, item->model->hwid, "hardware");
    if (st == RM_OK) {
        st = push_compatible(push, item, &own->function);
    }
    if (st != RM_OK || item->model->hwid.len == 0 ||
        !rm_inf_step(push->set, 1 + unit->filters.count * (1 + push->model->services.count / 16))) {
        return st;
    }
    return rm_inf_push_stack(push, unit, &own->function, own->device,
                             push->model->installs.at[from].hwid, item->use->arch);
}

static rm_status push_uses(rm_inf_push *push, const struct unit_facts *facts) {
    const rm_inf_package *package = push->package;
    uint32_t count = package->uses.count;
    struct sorted_use *sorted = RM_NEW_ARRAY(push->set->arena, struct sorted_use, count + 1);
    if (sorted == NULL) {
        return RM_NOMEM;
    }
    for (uint32_t i = 0; i < count; i++) {
        const rm_inf_use *use = &package->uses.at[i];
        sorted[i] = (struct sorted_use){&package->models.at[use->model], use};
    }
    qsort(sorted, count, sizeof *sorted, by_what_then_where);
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < count; i++) {
        if (i == 0 || by_what_is_installed(&sorted[i - 1], &sorted[i]) != 0) {
            st = push_use(push, &sorted[i], facts);
        }
    }
    for (uint32_t i = 0; st == RM_OK && i < package->defaults.count; i++) {
        st = push_default(push, &package->defaults.at[i]);
    }
    return st;
}

static void take_roles(rm_inf_push *push, const struct unit_facts *facts) {
    for (uint32_t i = 0; i < push->package->units.count; i++) {
        uint32_t driver = facts[i].function.driver;
        if (driver != RM_NONE && push->model->drivers.at[driver].role == RM_ROLE_UNKNOWN) {
            push->model->drivers.at[driver].role = RM_ROLE_FUNCTION;
        }
    }
}

rm_status rm_inf_push_package(rm_inf_push *push) {
    uint32_t units = push->package->units.count;
    struct unit_facts *facts = RM_NEW_ARRAY(push->set->arena, struct unit_facts, units + 1);
    push->first_service = push->model->services.count;
    push->first_descriptor = push->model->descriptors.count;
    if (facts == NULL ||
        rm_str_copy(push->model->arena, push->set->main->path, &push->inf) != RM_OK) {
        return RM_NOMEM;
    }
    rm_status st = push_units(push, facts);
    if (st == RM_OK) {
        take_roles(push, facts);
        st = rm_inf_push_classes(push);
    }
    if (st == RM_OK) {
        st = push_uses(push, facts);
    }
    return st == RM_OK ? rm_inf_push_directives(push) : st;
}
