#include "manifest/push.h"

#include "model/sid.h"

rm_status rm_manifest_add_app(rm_model *model, rm_app app) {
    rm_app *slot = rm_push(model->arena, &model->apps);
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = app;
    return RM_OK;
}

/* ---- the package ---- */

/* Name_publisherid, and the SID of a container of that package. */
static rm_status name_family(rm_model *model, const rm_manifest *m, rm_app *app) {
    char publisher[14];
    char text[RM_SID_TEXT];
    rm_sid sid;
    if (m->name.len == 0 || m->publisher.len == 0) {
        return RM_OK;
    }
    rm_status st = rm_publisher_id(model->arena, m->publisher, publisher);
    if (st == RM_OK) {
        st = rm_str_printf(model->arena, &app->family_name, "%.*s_%s", RM_STR_ARG(m->name),
                           publisher);
    }
    if (st == RM_OK) {
        st = rm_sid_package(model->arena, app->family_name, &sid);
    }
    if (st == RM_OK) {
        rm_sid_text(&sid, text);
        st = rm_str_copy(model->arena, rm_str_from(text), &app->package_sid);
    }
    return st;
}

/* "any | vidpid:0547 1002" and, in the same order, what is asked of each. */
static rm_status join_devices(rm_arena *arena, const rm_manifest_capability *told,
                              rm_capability *row) {
    rm_buf devices = {.arena = arena};
    rm_buf functions = {.arena = arena};
    for (uint32_t i = 0; i < told->devices.count; i++) {
        rm_buf_text(&devices, i > 0 ? " | " : "");
        rm_buf_text(&functions, i > 0 ? " | " : "");
        rm_buf_str(&devices, told->devices.at[i].id);
        rm_buf_str(&functions, told->devices.at[i].functions);
    }
    row->devices = rm_buf_view(&devices);
    row->functions = rm_buf_view(&functions);
    return devices.status != RM_OK ? devices.status : functions.status;
}

static rm_status add_capabilities(rm_model *model, const rm_manifest *m, uint32_t app) {
    for (uint32_t i = 0; i < m->capabilities.count; i++) {
        const rm_manifest_capability *told = &m->capabilities.at[i];
        rm_capability row = {
            .app = app, .name = told->name, .kind = told->kind, .place = told->loc};
        rm_status st = rm_capability_sid(model->arena, row.name, row.kind, &row.sid);
        if (st == RM_OK) {
            st = join_devices(model->arena, told, &row);
        }
        rm_capability *slot = st == RM_OK ? rm_push(model->arena, &model->capabilities) : NULL;
        if (slot == NULL) {
            return st != RM_OK ? st : RM_NOMEM;
        }
        *slot = row;
    }
    return RM_OK;
}

void rm_manifest_set_trust(rm_app *app, rm_trust trust) {
    app->principal = rm_str_from(trust.principal);
    app->trust_level = rm_str_from(trust.level);
    app->state = trust.state;
}

static rm_status push_apps(rm_model *model, const rm_manifest *m, rm_app common) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; i < m->apps.count && st == RM_OK; i++) {
        rm_app app = common;
        app.name = m->apps.at[i].id;
        app.executable = m->apps.at[i].executable;
        app.place = m->apps.at[i].loc;
        rm_manifest_set_trust(&app, rm_manifest_trust(m, &m->apps.at[i]));
        st = rm_manifest_add_app(model, app);
        if (st == RM_OK) {
            st = add_capabilities(model, m, model->apps.count - 1);
        }
    }
    return st;
}

/*
 * The schema has no word for a less privileged container: a process is made one when it is started.
 * Capabilities that only such processes need (lpac…) say that one of the app's is.
 */
static bool needs_lpac(const rm_manifest *m) {
    for (uint32_t i = 0; i < m->capabilities.count; i++) {
        if (rm_str_starts(m->capabilities.at[i].name, RM_STR("lpac"))) {
            return true;
        }
    }
    return false;
}

/* Behind the apps, so that these keep their order. */
static rm_status push_lpacs(rm_model *model, const rm_manifest *m, uint32_t first) {
    const uint32_t end = model->apps.count;
    rm_status st = RM_OK;
    for (uint32_t i = first; st == RM_OK && i < end && needs_lpac(m); i++) {
        rm_app app = model->apps.at[i];
        if (!rm_str_eq(app.principal, RM_STR("appcontainer"))) {
            continue;
        }
        app.principal = RM_STR("lpac");
        app.state = RM_STATE_ASSUMED;
        st = rm_manifest_add_app(model, app);
        if (st == RM_OK) {
            st = add_capabilities(model, m, model->apps.count - 1);
        }
    }
    return st;
}

rm_status rm_manifest_push_package(rm_model *model, const rm_manifest *m, bool *used) {
    rm_app common = {.package = m->name};
    uint32_t first = model->apps.count;
    rm_status st = name_family(model, m, &common);
    if (st == RM_OK) {
        st = push_apps(model, m, common);
    }
    if (st == RM_OK) {
        st = push_lpacs(model, m, first);
    }
    for (uint32_t i = 0; i < m->extensions.count && st == RM_OK; i++) {
        st = rm_manifest_push_process(model, m, &m->extensions.at[i], common, first);
    }
    for (uint32_t i = 0; i < m->extensions.count && st == RM_OK; i++) {
        st = rm_manifest_push_entries(model, m, &m->extensions.at[i], common, first);
    }
    if (st == RM_OK) {
        *used = model->apps.count > first;
    }
    return st;
}

/* ---- a program ---- */

/*
 * The principals that an execution level stands for; highestAvailable is an administrator's right
 * for an administrator and a user's for everybody else. Without a level a program runs as whoever
 * starts it. autoElevate leaves out the question that elevating asks; what elevates is the level.
 */
static const struct {
    const char *level;
    const char *principals[2];
} levels[] = {
    {"requireAdministrator", {"admin_elevated", NULL}},
    {"highestAvailable", {"standard_user", "admin_elevated"}},
    {"asInvoker", {"standard_user", NULL}},
    {"", {"standard_user", NULL}},
};

rm_status rm_manifest_push_program(rm_model *model, rm_app app) {
    static const char *const plain[2] = {"standard_user", NULL};
    const char *const *principals = plain;
    rm_status st = RM_OK;
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
        if (rm_str_ieq(app.execution_level, rm_str_from(levels[i].level))) {
            principals = levels[i].principals;
        }
    }
    for (size_t i = 0; i < 2 && principals[i] != NULL && st == RM_OK; i++) {
        app.principal = rm_str_from(principals[i]);
        st = rm_manifest_add_app(model, app);
    }
    return st;
}

/* ---- who may use a custom capability ---- */

rm_status rm_manifest_push_sccd(rm_model *model, const rm_manifest *m, bool *used) {
    for (uint32_t c = 0; c < m->custom.count; c++) {
        for (uint32_t e = 0; e < m->entities.count; e++) {
            const rm_manifest_entity *entity = &m->entities.at[e];
            rm_authorized *slot = rm_push(model->arena, &model->authorizeds);
            if (slot == NULL) {
                return RM_NOMEM;
            }
            *slot = (rm_authorized){.capability = m->custom.at[c].name,
                                    .allow_any = entity->allow_any,
                                    .family_name = entity->family_name,
                                    .cert_hash = entity->certificate_hash,
                                    .developer_mode = m->developer_mode,
                                    .unsigned_catalog = m->unsigned_catalog,
                                    .place = entity->loc};
        }
    }
    *used = m->custom.count > 0 && m->entities.count > 0;
    return RM_OK;
}
