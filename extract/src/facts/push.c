#include "facts/push.h"

#include <string.h>

#include "manifest.h"
#include "model/sid.h"

rm_status rm_fact_append(rm_facts *facts, void *at, uint32_t *capacity, uint32_t *count,
                         size_t size, const void *row) {
    char *items = NULL;
    rm_status st = rm_list_grow(facts->model->arena, at, capacity, *count, size);
    if (st != RM_OK) {
        return st;
    }
    memcpy(&items, at, sizeof items); /* pointers to any type are of one shape here */
    memcpy(items + (size_t)*count * size, row, size);
    *count += 1;
    facts->pushed++;
    return RM_OK;
}

rm_status rm_fact_take(rm_facts *facts, const rm_fact_record *record, const rm_json *object,
                       void *row, bool *good) {
    rm_status st = RM_OK;
    *good = rm_fact_record_read(facts->model->arena, facts->sink, record, object, row, &st);
    return st;
}

bool rm_fact_has_room(rm_facts *facts, const rm_json *element, uint32_t count, uint32_t limit) {
    if (count < limit) {
        return true;
    }
    rm_diag(facts->sink, RM_ERROR, element->loc, "facts-limit",
            "more than %u elements here: the rest is not read", (unsigned)limit);
    return false;
}

rm_status rm_fact_each(rm_facts *facts, const rm_json *list, rm_fact_push *push) {
    rm_status st = RM_OK;
    const rm_json *item = list != NULL ? list->child : NULL;
    for (uint32_t i = 0; item != NULL && st == RM_OK; item = item->next, i++) {
        if (!rm_fact_has_room(facts, item, i, RM_FACTS_MAX_ELEMENTS)) {
            break;
        }
        st = push(facts, item);
    }
    return st;
}

rm_status rm_fact_driver_of(rm_facts *facts, rm_str name, rm_place place, uint32_t *index) {
    uint32_t before = facts->model->drivers.count;
    uint32_t *known = NULL;
    bool is_new = false;
    if (name.len == 0) {
        *index = RM_NONE;
        return RM_OK;
    }
    rm_status st = rm_map_at(&facts->drivers, name, &known, &is_new);
    if (st == RM_OK && is_new) {
        st = rm_model_driver(facts->model, name, RM_STR_NONE, place, known);
    }
    if (st != RM_OK) {
        return st;
    }
    if (*known >= before) {
        facts->model->drivers.at[*known].state = RM_STATE_DECLARED;
    }
    *index = *known;
    return RM_OK;
}

/* What another file already told about the driver stays; a facts file fills what is not known. */
rm_status rm_fact_push_driver(rm_facts *facts, const rm_json *object) {
    rm_driver told = {.state = RM_STATE_DECLARED};
    uint32_t index = 0;
    bool good = false;
    rm_status st = rm_fact_take(facts, &rm_fact_driver_record, object, &told, &good);
    if (st != RM_OK || !good) {
        return st;
    }
    st = rm_fact_driver_of(facts, told.name, object->loc, &index);
    if (st != RM_OK) {
        return st;
    }
    told.place = object->loc;
    st = rm_model_fill_driver(facts->model, facts->sink, index, &told);
    facts->pushed++;
    return st;
}

static rm_status add_descriptor(rm_facts *facts, rm_descriptor row, rm_fact_text sddl) {
    row.sddl = sddl.text;
    row.place = sddl.at;
    row.outranked_by = RM_NONE;
    return sddl.at.line != 0 ? rm_fact_add(facts, descriptors, row) : RM_OK;
}

rm_status rm_fact_push_device(rm_facts *facts, const rm_json *object) {
    rm_fact_device told = {
        .row = {.created_by = RM_CREATED_FACTS,
                .descriptor = RM_NONE,
                .secure_open = RM_TRI_UNKNOWN,
                .exclusive = RM_TRI_UNKNOWN,
                .state = RM_STATE_DECLARED,
                .place = object->loc},
        .sddl_source = RM_SDDL_FACTS,
    };
    bool good = false;
    rm_status st = rm_fact_take(facts, &rm_fact_device_record, object, &told, &good);
    if (st != RM_OK || !good) {
        return st;
    }
    told.row.device_type = told.device_type.value;
    if ((st = rm_fact_driver_of(facts, told.driver, object->loc, &told.row.driver)) != RM_OK ||
        (st = rm_fact_add(facts, devices, told.row)) != RM_OK) {
        return st;
    }
    rm_descriptor descriptor = {
        .subject_kind =
            told.row.created_by == RM_CREATED_FLTPORT ? RM_SUBJECT_PORT : RM_SUBJECT_DEVICE,
        .subject = facts->model->devices.count - 1,
        .subject_name = told.row.nt_name.len > 0 ? told.row.nt_name : told.row.alias,
        .source = told.sddl_source,
        .state = told.row.state,
    };
    return add_descriptor(facts, descriptor, told.sddl);
}

/* Exactly one of two keys; says so otherwise. */
static bool one_of(rm_facts *facts, const rm_json *object, bool first, bool second,
                   const char *names) {
    if (first != second) {
        return true;
    }
    rm_diag(facts->sink, RM_ERROR, object->loc, "facts-one-of", "expected exactly one of %s",
            names);
    return false;
}

rm_status rm_fact_push_door(rm_facts *facts, const rm_json *object) {
    rm_door door = {
        .device = RM_NONE, .service = RM_NONE, .state = RM_STATE_DECLARED, .place = object->loc};
    bool good = false;
    rm_status st = rm_fact_take(facts, &rm_fact_door_record, object, &door, &good);
    if (st != RM_OK || !good ||
        !one_of(facts, object, door.device_name.len > 0 || door.driver_name.len > 0,
                door.service_name.len > 0, "'device' (or 'driver') and 'service'")) {
        return st;
    }
    if (door.kind == RM_DOOR_INTERFACE && door.class_guid.len == 0) {
        door.class_guid = door.name;
    }
    return rm_fact_add(facts, doors, door);
}

rm_status rm_fact_push_descriptor(rm_facts *facts, const rm_json *object) {
    rm_fact_descriptor told = {
        .row = {.subject = RM_NONE, .source = RM_SDDL_FACTS, .state = RM_STATE_DECLARED}};
    bool good = false;
    rm_status st = rm_fact_take(facts, &rm_fact_descriptor_record, object, &told, &good);
    return st != RM_OK || !good ? st : add_descriptor(facts, told.row, told.sddl);
}

rm_status rm_fact_push_stack(rm_facts *facts, const rm_json *object) {
    rm_fact_stack told = {.devices = NULL};
    bool good = false;
    rm_status st = rm_fact_take(facts, &rm_fact_stack_record, object, &told, &good);
    const rm_json *name = st == RM_OK && good ? told.devices->child : NULL;
    for (uint32_t position = 1; name != NULL && st == RM_OK; name = name->next, position++) {
        if (!rm_fact_has_room(facts, name, position - 1, RM_FACTS_MAX_PARTS)) {
            break;
        }
        rm_stack_position row = {.hwid = told.hwid,
                                 .arch = told.arch,
                                 .position = position,
                                 .device = RM_NONE,
                                 .driver = RM_NONE,
                                 .device_name = name->text,
                                 .how = RM_STACK_ATTACH,
                                 .order_state = RM_STATE_DECLARED,
                                 .state = RM_STATE_DECLARED,
                                 .place = name->loc};
        st = rm_fact_add(facts, stacks, row);
    }
    return st;
}

/* The things an app or a service opens, by name. */
static rm_status add_opens(rm_facts *facts, const rm_json *names, rm_open open) {
    rm_status st = RM_OK;
    const rm_json *name = names != NULL ? names->child : NULL;
    for (uint32_t i = 0; name != NULL && st == RM_OK; name = name->next, i++) {
        if (!rm_fact_has_room(facts, name, i, RM_FACTS_MAX_PARTS)) {
            break;
        }
        open.target = name->text;
        open.place = name->loc;
        st = rm_fact_add(facts, opens, open);
    }
    return st;
}

static const rm_open no_open = {.app = RM_NONE,
                                .service = RM_NONE,
                                .device = RM_NONE,
                                .to_service = RM_NONE,
                                .state = RM_STATE_DECLARED};

rm_status rm_fact_push_service(rm_facts *facts, const rm_json *object) {
    rm_fact_service told = {.row = {.state = RM_STATE_DECLARED, .place = object->loc}};
    bool good = false;
    rm_status st = rm_fact_take(facts, &rm_fact_service_record, object, &told, &good);
    if (st != RM_OK || !good) {
        return st;
    }
    told.row.sddl = told.sddl.text;
    if ((st = rm_fact_driver_of(facts, told.driver, object->loc, &told.row.driver)) != RM_OK ||
        (st = rm_fact_add(facts, services, told.row)) != RM_OK) {
        return st;
    }
    rm_open open = no_open;
    open.service = facts->model->services.count - 1;
    rm_descriptor descriptor = {.subject_kind = RM_SUBJECT_SERVICE,
                                .subject = open.service,
                                .subject_name = told.row.name,
                                .source = RM_SDDL_FACTS,
                                .state = told.row.state};
    st = add_descriptor(facts, descriptor, told.sddl);
    return st != RM_OK ? st : add_opens(facts, told.opens, open);
}

static rm_status add_capability(rm_facts *facts, const rm_json *item, uint32_t app) {
    rm_capability row = {.app = app, .kind = RM_CAPABILITY_COUNT, .place = item->loc};
    bool good = true;
    rm_status st = RM_OK;
    if (item->kind == RM_JSON_STRING) {
        row.name = item->text;
    } else {
        st = rm_fact_take(facts, &rm_fact_capability_record, item, &row, &good);
    }
    if (st != RM_OK || !good) {
        return st;
    }
    if (row.kind == RM_CAPABILITY_COUNT) {
        row.kind = rm_capability_kind_of(row.name);
    }
    if (row.sid.len == 0) {
        st = rm_capability_sid(facts->model->arena, row.name, row.kind, &row.sid);
    }
    return st != RM_OK ? st : rm_fact_add(facts, capabilities, row);
}

/* What a manifest would make of the levels, where no principal is told; and its short names. */
static rm_str principal_of(const rm_app *app) {
    static const struct {
        const char *word;
        const char *principal;
    } words[] = {
        {"requireAdministrator", "admin_elevated"},
        {"appContainer", "appcontainer"},
        {"mediumIL", "standard_user"},
        {"highestAvailable", "standard_user"},
        {"asInvoker", "standard_user"},
        {"low", "low_il_user"},
        {"user", "standard_user"},
        {"admin", "admin_elevated"},
    };
    rm_str told[] = {app->principal, app->execution_level, app->trust_level};
    for (size_t t = 0; t < sizeof told / sizeof told[0]; t++) {
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
            if (rm_str_eq(told[t], rm_str_from(words[i].word))) {
                return rm_str_from(words[i].principal);
            }
        }
        if (t == 0 && told[t].len > 0) {
            return told[t];
        }
    }
    return RM_STR_NONE;
}

/* The SID of the app's container, from the family name where only that is told. */
static rm_status name_container(rm_facts *facts, rm_app *app) {
    char text[RM_SID_TEXT];
    rm_sid sid;
    if (app->package_sid.len > 0 || app->family_name.len == 0) {
        return RM_OK;
    }
    rm_status st = rm_sid_package(facts->model->arena, app->family_name, &sid);
    if (st == RM_OK) {
        rm_sid_text(&sid, text);
        st = rm_str_copy(facts->model->arena, rm_str_from(text), &app->package_sid);
    }
    return st;
}

static rm_status add_row(rm_facts *facts, const rm_fact_app *told) {
    rm_status st = rm_fact_add(facts, apps, told->row);
    uint32_t app = facts->model->apps.count - 1;
    const rm_json *item = told->capabilities != NULL ? told->capabilities->child : NULL;
    for (uint32_t i = 0; item != NULL && st == RM_OK; item = item->next, i++) {
        if (!rm_fact_has_room(facts, item, i, RM_FACTS_MAX_PARTS)) {
            break;
        }
        st = add_capability(facts, item, app);
    }
    return st;
}

/*
 * An element that tells what the app runs as is an app; one that does not speaks of an app.
 * highestAvailable stands for a user's program and an administrator's.
 */
static rm_status add_app(rm_facts *facts, rm_fact_app *told, uint32_t *index) {
    bool both = told->row.principal.len == 0 &&
                rm_str_eq(told->row.execution_level, RM_STR("highestAvailable"));
    *index = RM_NONE;
    told->row.principal = principal_of(&told->row);
    if (told->row.principal.len == 0) {
        return RM_OK;
    }
    rm_status st = name_container(facts, &told->row);
    if (st == RM_OK) {
        *index = facts->model->apps.count;
        st = add_row(facts, told);
    }
    if (st == RM_OK && both) {
        told->row.principal = RM_STR("admin_elevated");
        st = add_row(facts, told);
    }
    return st;
}

rm_status rm_fact_push_app(rm_facts *facts, const rm_json *object) {
    rm_fact_app told = {.row = {.state = RM_STATE_DECLARED, .place = object->loc}};
    rm_open open = no_open;
    bool good = false;
    rm_status st = rm_fact_take(facts, &rm_fact_app_record, object, &told, &good);
    if (st != RM_OK || !good || (st = add_app(facts, &told, &open.app)) != RM_OK) {
        return st;
    }
    open.app_name = told.row.name;
    if (told.row.package.len > 0) {
        st = rm_str_printf(facts->model->arena, &open.app_name, "%.*s!%.*s",
                           RM_STR_ARG(told.row.package), RM_STR_ARG(told.row.name));
    }
    return st != RM_OK ? st : add_opens(facts, told.opens, open);
}

rm_status rm_fact_push_handle(rm_facts *facts, const rm_json *object) {
    rm_fact_handle told = {
        .row = {
            .app = RM_NONE, .device = RM_NONE, .state = RM_STATE_DECLARED, .place = object->loc}};
    bool good = false;
    rm_status st = rm_fact_take(facts, &rm_fact_handle_record, object, &told, &good);
    told.row.mask = told.mask.value;
    return st != RM_OK || !good ? st : rm_fact_add(facts, handles, told.row);
}

rm_status rm_fact_push_confirm(rm_facts *facts, const rm_json *object) {
    rm_confirmation row = {.who = facts->who, .why = facts->why, .place = object->loc};
    bool good = false;
    rm_status st = rm_fact_take(facts, &rm_fact_confirm_record, object, &row, &good);
    if (st != RM_OK || !good ||
        !one_of(facts, object, row.input.len > 0, row.sink.len > 0, "'input' and 'sink'")) {
        return st;
    }
    if (row.who.len == 0 || row.why.len == 0) {
        rm_diag(facts->sink, RM_ERROR, object->loc, "facts-missing-key",
                "confirm without '%s', and the file has none", row.who.len == 0 ? "who" : "why");
        return RM_OK;
    }
    return rm_fact_add(facts, confirmations, row);
}
