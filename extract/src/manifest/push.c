#include "manifest/push.h"

#include "model/sid.h"

static rm_status add_app(rm_model *model, rm_app app) {
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

static rm_status add_capabilities(rm_model *model, const rm_manifest *m, uint32_t app) {
    for (uint32_t i = 0; i < m->capabilities.count; i++) {
        const rm_manifest_capability *told = &m->capabilities.at[i];
        rm_capability row = {
            .app = app, .name = told->name, .kind = told->kind, .place = told->loc};
        rm_status st = rm_capability_sid(model->arena, row.name, row.kind, &row.sid);
        rm_capability *slot = st == RM_OK ? rm_push(model->arena, &model->capabilities) : NULL;
        if (slot == NULL) {
            return st != RM_OK ? st : RM_NOMEM;
        }
        *slot = row;
    }
    return RM_OK;
}

static void set_trust(rm_app *app, rm_trust trust) {
    app->principal = rm_str_from(trust.principal);
    app->trust_level = rm_str_from(trust.level);
    app->state = trust.state;
}

static rm_status push_apps(rm_model *model, const rm_manifest *m, rm_app common) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; i < m->apps.count && st == RM_OK; i++) {
        rm_app app = common;
        app.name = m->apps.at[i].id;
        app.place = m->apps.at[i].loc;
        set_trust(&app, rm_manifest_trust(m, &m->apps.at[i]));
        st = add_app(model, app);
        if (st == RM_OK) {
            st = add_capabilities(model, m, model->apps.count - 1);
        }
    }
    return st;
}

/* ---- other processes of the package ---- */

static rm_str program_of(const rm_manifest_extension *e) {
    return e->server.len > 0 ? e->server : e->executable;
}

/* Does the extension run in a process that the app's own row does not tell of? */
static bool is_other_process(const rm_manifest *m, const rm_manifest_extension *e, rm_trust trust) {
    if (e->app == RM_NONE) {
        return program_of(e).len > 0 || e->service.len > 0;
    }
    const rm_manifest_app *app = &m->apps.at[e->app];
    rm_trust own = rm_manifest_trust(m, app);
    return !rm_str_eq(rm_str_from(own.principal), rm_str_from(trust.principal));
}

static rm_status name_process(rm_model *model, const rm_manifest *m, const rm_manifest_extension *e,
                              rm_str *out) {
    rm_str app = e->app == RM_NONE ? RM_STR_NONE : m->apps.at[e->app].id;
    rm_str own = e->service.len > 0 ? e->service : rm_path_base(program_of(e));
    if (own.len == 0) {
        own = e->category;
    }
    return rm_str_printf(model->arena, out, "%.*s%s%.*s", RM_STR_ARG(app), app.len > 0 ? "/" : "",
                         RM_STR_ARG(own));
}

static bool is_known(const rm_model *model, uint32_t first, const rm_app *app) {
    for (uint32_t i = first; i < model->apps.count; i++) {
        const rm_app *other = &model->apps.at[i];
        if (rm_str_eq(other->name, app->name) && rm_str_eq(other->principal, app->principal)) {
            return true;
        }
    }
    return false;
}

static rm_status push_service(rm_model *model, const rm_manifest_extension *e) {
    static const struct {
        const char *account;
        const char *name;
    } accounts[] = {
        {"localSystem", "LocalSystem"},
        {"localService", "NT AUTHORITY\\LocalService"},
        {"networkService", "NT AUTHORITY\\NetworkService"},
    };
    rm_service *slot = rm_push(model->arena, &model->services);
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = (rm_service){.name = e->service,
                         .kind = RM_STR("own_process"),
                         .start_type = e->startup_type,
                         .account = e->start_account,
                         .driver = RM_NONE,
                         .state = RM_STATE_CONFIRMED,
                         .place = e->loc};
    for (size_t i = 0; i < sizeof accounts / sizeof accounts[0]; i++) {
        if (rm_str_ieq(e->start_account, rm_str_from(accounts[i].account))) {
            slot->account = rm_str_from(accounts[i].name);
        }
    }
    return RM_OK;
}

static rm_status push_extension(rm_model *model, const rm_manifest *m,
                                const rm_manifest_extension *e, rm_app app, uint32_t first) {
    rm_trust trust;
    if (!rm_manifest_extension_trust(e, &trust) || !is_other_process(m, e, trust)) {
        return RM_OK;
    }
    set_trust(&app, trust);
    app.place = e->loc;
    rm_status st = name_process(model, m, e, &app.name);
    if (st == RM_OK && !is_known(model, first, &app)) {
        st = add_app(model, app);
        if (st == RM_OK && e->service.len > 0) {
            st = push_service(model, e);
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
    for (uint32_t i = 0; i < m->extensions.count && st == RM_OK; i++) {
        st = push_extension(model, m, &m->extensions.at[i], common, first);
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
 * starts it.
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

rm_status rm_manifest_push_program(rm_model *model, rm_app app, bool elevates) {
    static const char *const elevated[2] = {"admin_elevated", NULL};
    static const char *const plain[2] = {"standard_user", NULL};
    const char *const *principals = elevates ? elevated : plain;
    rm_status st = RM_OK;
    for (size_t i = 0; !elevates && i < sizeof levels / sizeof levels[0]; i++) {
        if (rm_str_ieq(app.execution_level, rm_str_from(levels[i].level))) {
            principals = levels[i].principals;
        }
    }
    for (size_t i = 0; i < 2 && principals[i] != NULL && st == RM_OK; i++) {
        app.principal = rm_str_from(principals[i]);
        st = add_app(model, app);
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
                                    .place = entity->loc};
        }
    }
    *used = m->custom.count > 0 && m->entities.count > 0;
    return RM_OK;
}
