#include "model/origin.h"

#include "model/sid.h"

/* A SID from the text that the readers stored; false when there is none. */
static bool sid_of_text(rm_arena *arena, rm_str text, rm_sid *out) {
    const rm_security *parsed = NULL;
    rm_str sddl = RM_STR_NONE;
    if (text.len == 0 || rm_str_printf(arena, &sddl, "O:%.*s", RM_STR_ARG(text)) != RM_OK ||
        rm_sddl_parse(arena, NULL, (rm_loc){0}, sddl, NULL, &parsed) != RM_OK ||
        !parsed->has_owner) {
        return false;
    }
    *out = parsed->owner;
    return true;
}

static rm_status add_capabilities(rm_arena *arena, const rm_model *model, uint32_t app,
                                  rm_token *token) {
    rm_sid sid;
    for (uint32_t i = 0; i < model->capabilities.count; i++) {
        const rm_capability *c = &model->capabilities.at[i];
        if (c->app != app || !sid_of_text(arena, c->sid, &sid)) {
            continue;
        }
        rm_token_sid *row = rm_push(arena, &token->capabilities);
        if (row == NULL) {
            return RM_NOMEM;
        }
        *row = (rm_token_sid){.sid = sid, .enabled = true};
    }
    return RM_OK;
}

/* ---- services ---- */

static rm_status add_sid(rm_arena *arena, rm_token_sids *list, rm_sid sid) {
    rm_token_sid *slot = rm_push(arena, list);
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = (rm_token_sid){.sid = sid, .enabled = true};
    return RM_OK;
}

/* The same list without any service's SID, and with this one. */
static rm_status with_service(rm_arena *arena, const rm_token_sids *list, rm_sid sid,
                              rm_token_sids *out) {
    enum { SERVICE = 80 };
    rm_status st = RM_OK;
    *out = (rm_token_sids){0};
    for (uint32_t i = 0; st == RM_OK && i < list->count; i++) {
        const rm_sid *s = &list->at[i].sid;
        bool of_service = s->authority == 5 && s->count == 6 && s->sub[0] == SERVICE;
        rm_token_sid *slot = of_service ? NULL : rm_push(arena, out);
        if (slot != NULL) {
            *slot = list->at[i];
        }
        st = !of_service && slot == NULL ? RM_NOMEM : RM_OK;
    }
    return st == RM_OK ? add_sid(arena, out, sid) : st;
}

/* Restricting SIDs of a restricted service: its own, everyone, its logon, write-restricted code. */
static rm_status restrict_service(rm_arena *arena, rm_sid own, rm_token *token) {
    static const rm_sid everyone = {.authority = 1, .count = 1, .sub = {0}};
    static const rm_sid write_restricted = {.authority = 5, .count = 1, .sub = {33}};
    rm_token_sids all = {0};
    rm_status st = add_sid(arena, &all, own);
    for (uint32_t i = 0; st == RM_OK && i < token->sids.count; i++) {
        const rm_sid *s = &token->sids.at[i].sid;
        bool logon = s->authority == 5 && s->count == 3 && s->sub[0] == 5;
        st = logon ? add_sid(arena, &all, *s) : RM_OK;
    }
    if (st == RM_OK) {
        st = add_sid(arena, &all, everyone);
    }
    if (st == RM_OK) {
        st = add_sid(arena, &all, write_restricted);
    }
    if (st == RM_OK) {
        st = add_sid(arena, &token->sids, write_restricted);
    }
    token->restricting = all;
    token->restricted = token->write_restricted = true;
    return st;
}

#define VIRTUAL "NT SERVICE\\"

bool rm_account_is_virtual(rm_str account) {
    return account.len > sizeof VIRTUAL - 1 && rm_str_istarts(account, RM_STR(VIRTUAL));
}

/* The account's own SID where that of Local Service is. */
static rm_status with_virtual_account(rm_arena *arena, rm_str account, rm_token *token) {
    static const rm_sid local_service = {.authority = 5, .count = 1, .sub = {19}};
    rm_token_sids sids = {0};
    rm_sid own;
    rm_status st =
        rm_sid_service(arena, rm_str_slice(account, sizeof VIRTUAL - 1, account.len), &own);
    for (uint32_t i = 0; st == RM_OK && i < token->sids.count; i++) {
        const rm_sid *s = &token->sids.at[i].sid;
        st = add_sid(arena, &sids, rm_sid_eq(s, &local_service) ? own : *s);
    }
    token->sids = sids;
    return st;
}

/* Its logon, and what the INF says of its SID. */
static rm_status with_own_sid(rm_arena *arena, const rm_service *service, const rm_token *account,
                              rm_token *out) {
    rm_token token = *account;
    rm_sid sid;
    *out = token;
    if (rm_str_eq(service->sid_type, RM_STR("none")) || service->name.len == 0) {
        return RM_OK;
    }
    rm_status st = rm_sid_service(arena, service->name, &sid);
    if (st == RM_OK) {
        st = with_service(arena, &account->sids, sid, &token.sids);
    }
    if (st == RM_OK && account->write_restricted) {
        st = with_service(arena, &account->restricting, sid, &token.restricting);
    } else if (st == RM_OK && rm_str_eq(service->sid_type, RM_STR("restricted"))) {
        st = restrict_service(arena, sid, &token);
    }
    if (st == RM_OK) {
        *out = token;
    }
    return st;
}

rm_status rm_service_token(rm_arena *arena, const rm_service *service, const rm_token *account,
                           rm_token *out) {
    rm_token token = *account;
    rm_status st = rm_account_is_virtual(service->account)
                       ? with_virtual_account(arena, service->account, &token)
                       : RM_OK;
    return st == RM_OK ? with_own_sid(arena, service, &token, out) : st;
}

/* The service that a row of a package is: "App/Service" or "Service". */
static const rm_service *service_of(const rm_model *model, const rm_app *app) {
    rm_str name = rm_path_base(app->name);
    for (uint32_t i = 0; i < model->services.count; i++) {
        const rm_service *s = &model->services.at[i];
        if (rm_str_ieq(s->name, name) && rm_str_eq(s->place.file, app->place.file) &&
            s->place.line == app->place.line) {
            return s;
        }
    }
    return NULL;
}

rm_status rm_app_token(rm_arena *arena, const rm_model *model, uint32_t app,
                       const rm_principal *principal, rm_token *out) {
    rm_token token = principal->token;
    rm_sid sid;
    if (token.appcontainer) {
        token.all_capabilities = false;
        token.capabilities = (rm_token_sids){0};
        if (sid_of_text(arena, model->apps.at[app].package_sid, &sid)) {
            token.package = sid;
        }
        rm_status st = add_capabilities(arena, model, app, &token);
        if (st != RM_OK) {
            return st;
        }
    }
    const rm_service *service = service_of(model, &model->apps.at[app]);
    if (service != NULL) {
        return rm_service_token(arena, service, &principal->token, out);
    }
    *out = token;
    return RM_OK;
}
