#include "internal.h"

static rm_status add(rm_derivation *d, rm_origins *out, rm_origin origin) {
    rm_origin *o = rm_push(d->scratch, out);
    if (o == NULL) {
        return RM_NOMEM;
    }
    *o = origin;
    return RM_OK;
}

/* A SID from the text that the readers stored; false when there is none. */
static bool sid_of_text(rm_derivation *d, rm_str text, rm_sid *out) {
    const rm_security *parsed = NULL;
    rm_str sddl = RM_STR_NONE;
    if (text.len == 0 || rm_str_printf(d->scratch, &sddl, "O:%.*s", RM_STR_ARG(text)) != RM_OK ||
        rm_sddl_parse(d->scratch, NULL, (rm_loc){0}, sddl, NULL, &parsed) != RM_OK ||
        !parsed->has_owner) {
        return false;
    }
    *out = parsed->owner;
    return true;
}

/* The principal's token with the app's own package and capability SIDs in the place of examples. */
static rm_status token_of_app(rm_derivation *d, uint32_t app, const rm_principal *principal,
                              const rm_token **out) {
    rm_token *token = RM_NEW(d->scratch, rm_token);
    const rm_app *a = &d->model->apps.at[app];
    rm_sid sid;
    if (token == NULL) {
        return RM_NOMEM;
    }
    *token = principal->token;
    *out = token;
    if (!token->appcontainer) {
        return RM_OK;
    }
    token->all_capabilities = false;
    token->capabilities = (rm_token_sids){0};
    if (sid_of_text(d, a->package_sid, &sid)) {
        token->package = sid;
    }
    for (uint32_t i = 0; i < d->model->capabilities.count; i++) {
        const rm_capability *c = &d->model->capabilities.at[i];
        if (c->app == app && sid_of_text(d, c->sid, &sid)) {
            rm_token_sid *row = rm_push(d->scratch, &token->capabilities);
            if (row == NULL) {
                return RM_NOMEM;
            }
            *row = (rm_token_sid){.sid = sid, .enabled = true};
        }
    }
    return RM_OK;
}

static rm_origin origin_of(const rm_principal *p, uint32_t app, const rm_token *token) {
    return (rm_origin){.name = p->name,
                       .app = app,
                       .disparity = p->disparity,
                       .boundary = p->boundary,
                       .token = token};
}

rm_status rm_derive_origins(rm_derivation *d, rm_origins *out) {
    for (uint32_t i = 0; i < d->principals.count; i++) {
        const rm_principal *p = &d->principals.at[i];
        rm_status st = add(d, out, origin_of(p, RM_NONE, &p->token));
        if (st != RM_OK) {
            return st;
        }
    }
    for (uint32_t a = 0; a < d->model->apps.count; a++) {
        const rm_app *app = &d->model->apps.at[a];
        uint32_t found = rm_principal_find(&d->principals, app->principal);
        const rm_token *token = NULL;
        if (found == RM_NONE) {
            rm_diag(d->sink, RM_WARNING, app->place, "derive-unknown-principal",
                    "app '%.*s' runs as '%.*s', which is no principal: it starts no path",
                    RM_STR_ARG(app->name), RM_STR_ARG(app->principal));
            continue;
        }
        rm_status st = token_of_app(d, a, &d->principals.at[found], &token);
        if (st == RM_OK) {
            st = add(d, out, origin_of(&d->principals.at[found], a, token));
        }
        if (st != RM_OK) {
            return st;
        }
    }
    return RM_OK;
}
