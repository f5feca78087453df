#include "base/text.h"
#include "manifest/push.h"

/* Extensions: the processes of a package beside its applications, and how data reaches both. */

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

static uint32_t find_row(const rm_model *model, uint32_t first, const rm_app *app) {
    for (uint32_t i = first; i < model->apps.count; i++) {
        const rm_app *other = &model->apps.at[i];
        if (rm_str_eq(other->name, app->name) && rm_str_eq(other->principal, app->principal)) {
            return i;
        }
    }
    return RM_NONE;
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

/* The row of the process that the extension runs in, made where it is another than the app's. */
static rm_status row_of(rm_model *model, const rm_manifest *m, const rm_manifest_extension *e,
                        rm_app app, uint32_t first, uint32_t *row) {
    rm_trust trust;
    *row = e->app == RM_NONE ? RM_NONE : first + e->app;
    if (!rm_manifest_extension_trust(e, &trust) || !is_other_process(m, e, trust)) {
        return RM_OK;
    }
    rm_manifest_set_trust(&app, trust);
    app.place = e->loc;
    rm_status st = name_process(model, m, e, &app.name);
    *row = st == RM_OK ? find_row(model, first, &app) : RM_NONE;
    if (st != RM_OK || *row != RM_NONE) {
        return st;
    }
    st = rm_manifest_add_app(model, app);
    *row = model->apps.count - 1;
    return st == RM_OK && e->service.len > 0 ? push_service(model, e) : st;
}

/* ---- how data reaches them ---- */

/* The row of the service of that name, whichever extension made it. */
static uint32_t service_row(const rm_model *model, uint32_t first, rm_str service) {
    for (uint32_t i = first; i < model->apps.count; i++) {
        if (rm_str_ieq(rm_path_base(model->apps.at[i].name), service)) {
            return i;
        }
    }
    return RM_NONE;
}

/* Whose process takes it, and the program. */
static rm_status owner_of(rm_model *model, const rm_manifest *m, const rm_manifest_extension *e,
                          const rm_manifest_entry *told, rm_app app, uint32_t first,
                          rm_app_entry *entry) {
    rm_manifest_extension one = *e;
    one.server = told->server.len > 0 ? told->server : e->server;
    entry->program = told->service.len > 0   ? told->service
                     : told->library.len > 0 ? told->library
                                             : program_of(&one);
    entry->program = entry->program.len > 0 ? entry->program : e->entry_point;
    rm_status st = row_of(model, m, &one, app, first, &entry->app);
    uint32_t service = told->service.len > 0 ? service_row(model, first, told->service) : RM_NONE;
    entry->app = service != RM_NONE ? service : entry->app;
    return st;
}

rm_status rm_manifest_push_entries(rm_model *model, const rm_manifest *m,
                                   const rm_manifest_extension *e, rm_app app, uint32_t first) {
    for (uint32_t i = 0; i < e->entries.count; i++) {
        const rm_manifest_entry *told = &e->entries.at[i];
        rm_app_entry entry = {.kind = rm_str_from(rm_manifest_entry_kind(e->category)),
                              .name = told->name,
                              .place = told->loc};
        rm_status st = owner_of(model, m, e, told, app, first, &entry);
        rm_app_entry *slot = st == RM_OK ? rm_push(model->arena, &model->app_entries) : NULL;
        if (slot == NULL) {
            return st != RM_OK ? st : RM_NOMEM;
        }
        *slot = entry;
    }
    return RM_OK;
}

rm_status rm_manifest_push_process(rm_model *model, const rm_manifest *m,
                                   const rm_manifest_extension *e, rm_app app, uint32_t first) {
    uint32_t row = RM_NONE;
    return row_of(model, m, e, app, first, &row);
}
