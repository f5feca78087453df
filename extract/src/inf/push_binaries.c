#include "inf/push.h"

/*
 * A service names the file that is installed; sources are known by the file that is built. Where
 * both are there and the names differ, the package itself mostly says how they belong together.
 */

static uint32_t built_as(const rm_inf_push *push, rm_str stem) {
    for (uint32_t i = 0; stem.len > 0 && i < push->built; i++) {
        if (rm_str_ieq(push->model->drivers.at[i].name, stem)) {
            return i;
        }
    }
    return RM_NONE;
}

/* CopyFiles lists say `installed name, built name`. */
static rm_str renamed_from(const rm_inf_push *push, rm_str file) {
    const rm_inf_copied *copied = rm_inf_copied_as(&push->package->copies, file);
    return copied == NULL ? RM_STR_NONE : rm_path_stem(copied->source);
}

static bool in_units(const rm_inf_units *units, rm_str file, uint32_t *kernel_services) {
    bool found = false;
    for (uint32_t u = 0; u < units->count; u++) {
        for (uint32_t i = 0; i < units->at[u].services.count; i++) {
            const rm_inf_service *service = &units->at[u].services.at[i];
            rm_str own = rm_path_base(service->binary);
            *kernel_services += own.len > 0 && !rm_str_ieq(own, file);
            found = found || rm_str_ieq(own, file);
        }
    }
    return found;
}

static bool is_a_services(const rm_inf_push *push, rm_str file) {
    uint32_t unused = 0;
    return in_units(&push->package->units, file, &unused) ||
           in_units(&push->package->defaults, file, &unused);
}

static bool is_the_only_service(const rm_inf_push *push, rm_str file) {
    uint32_t others = 0;
    (void)in_units(&push->package->units, file, &others);
    (void)in_units(&push->package->defaults, file, &others);
    return others == 0;
}

/* The only file that the package copies, that sources make, and that no service names. */
static uint32_t copied_instead(const rm_inf_push *push) {
    const rm_inf_copies *copies = &push->package->copies;
    uint32_t found = RM_NONE;
    for (uint32_t i = 0; i < copies->count; i++) {
        uint32_t driver = built_as(push, rm_path_stem(copies->at[i].source));
        if (driver == RM_NONE || !rm_str_iends(copies->at[i].name, RM_STR(".sys")) ||
            is_a_services(push, copies->at[i].name)) {
            continue;
        }
        if (found != RM_NONE && found != driver) {
            return RM_NONE;
        }
        found = driver;
    }
    return found;
}

static bool only_inf_of_folder(const rm_inf_set *set, rm_str folder) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < set->file_count; i++) {
        count += rm_str_ieq(rm_path_dir(set->files[i].path), folder);
    }
    return count == 1;
}

/* The only driver that is built in the INF's own folder, where it is the only INF. */
static uint32_t built_beside(const rm_inf_push *push) {
    rm_str folder = rm_path_dir(push->inf);
    uint32_t found = RM_NONE;
    if (!only_inf_of_folder(push->set, folder)) {
        return RM_NONE;
    }
    for (uint32_t i = 0; i < push->built; i++) {
        if (!rm_str_ieq(push->model->drivers.at[i].unit, folder)) {
            continue;
        }
        if (found != RM_NONE) {
            return RM_NONE;
        }
        found = i;
    }
    return found != RM_NONE && push->model->drivers.at[found].service.len == 0 ? found : RM_NONE;
}

static rm_loc binary_loc(const rm_inf_service *service) {
    for (uint32_t i = 0; i < service->lines.count; i++) {
        const rm_inf_item *item = &service->lines.at[i];
        if (rm_str_ieq(rm_inf_item_key(item), RM_STR("ServiceBinary"))) {
            return rm_inf_item_field_loc(item, 0);
        }
    }
    return rm_inf_item_loc(&service->item);
}

/* By evidence other than the name; RM_NONE: there is none, or it is not clear. */
static uint32_t guess(rm_inf_push *push, const rm_inf_service *service, rm_str file) {
    bool copied = rm_inf_copied_as(&push->package->copies, file) != NULL;
    if (rm_inf_is_inbox_service(rm_path_stem(file)) || !rm_str_iends(file, RM_STR(".sys"))) {
        return RM_NONE;
    }
    uint64_t cost = push->package->copies.count + push->model->drivers.count / 4 + 16;
    if (!rm_inf_step(push->set, cost)) {
        return RM_NONE;
    }
    uint32_t driver = copied ? RM_NONE : copied_instead(push);
    if (driver != RM_NONE) {
        rm_diag(push->sink, RM_WARNING, binary_loc(service), "inf-binary-not-copied",
                "%.*s is not among the files copied; %.*s is taken for it", RM_STR_ARG(file),
                RM_STR_ARG(push->model->drivers.at[driver].name));
        return driver;
    }
    driver = is_the_only_service(push, file) ? built_beside(push) : RM_NONE;
    if (driver != RM_NONE) {
        rm_diag(push->sink, RM_NOTE, binary_loc(service), "inf-binary-by-folder",
                "nothing read here is built as %.*s; %.*s, built in this folder, is taken for it",
                RM_STR_ARG(file), RM_STR_ARG(push->model->drivers.at[driver].name));
    }
    return driver;
}

rm_status rm_inf_driver_of_binary(rm_inf_push *push, const rm_inf_service *service, rm_place place,
                                  uint32_t *out, bool *guessed) {
    rm_str file = rm_path_base(service->binary);
    rm_str stem = rm_path_stem(file);
    *guessed = false;
    if (stem.len > 0 && built_as(push, stem) == RM_NONE) {
        rm_str built = renamed_from(push, file);
        if (built_as(push, built) != RM_NONE) {
            return rm_inf_driver_named(push, built, place, out);
        }
        uint32_t driver = guess(push, service, file);
        if (driver != RM_NONE) {
            *out = driver;
            *guessed = true;
            return RM_OK;
        }
    }
    return rm_inf_driver_named(push, stem.len > 0 ? stem : service->name, place, out);
}
