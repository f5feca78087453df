#include "internal.h"

#include "model/origin.h"
#include "model/sid.h"

static rm_status add(rm_derivation *d, rm_origins *out, rm_origin origin) {
    rm_origin *o = rm_push(d->scratch, out);
    if (o == NULL) {
        return RM_NOMEM;
    }
    *o = origin;
    return RM_OK;
}

static rm_origin origin_of(const rm_derivation *d, uint32_t principal, uint32_t app,
                           const rm_token *token) {
    const rm_principal *p = &d->principals.at[principal];
    return (rm_origin){.name = p->name,
                       .app = app,
                       .principal = principal,
                       .disparity = p->disparity,
                       .boundary = p->boundary,
                       .token = token};
}

/* Windows registers no package that an SCCD shuts out: no token has a capability refused to it. */
static void drop_refused(const rm_derivation *d, uint32_t app, rm_token_sids *sids) {
    const rm_capabilities *all = &d->model->capabilities;
    rm_str family = d->model->apps.at[app].family_name;
    for (uint32_t c = 0; c < all->count && family.len > 0; c++) {
        const rm_capability *told = &all->at[c];
        if (told->app != app || told->kind != RM_CAPABILITY_CUSTOM ||
            !rm_permit_of(d, told->name, family).refused) {
            continue;
        }
        uint32_t kept = 0;
        for (uint32_t i = 0; i < sids->count; i++) {
            char text[RM_SID_TEXT];
            rm_sid_text(&sids->at[i].sid, text);
            if (!rm_str_ieq(rm_str_from(text), told->sid)) {
                sids->at[kept++] = sids->at[i];
            }
        }
        sids->count = kept;
    }
}

rm_status rm_derive_origins(rm_derivation *d, rm_origins *out) {
    for (uint32_t i = 0; i < d->principals.count; i++) {
        rm_status st = add(d, out, origin_of(d, i, RM_NONE, &d->principals.at[i].token));
        if (st != RM_OK) {
            return st;
        }
    }
    for (uint32_t a = 0; a < d->model->apps.count; a++) {
        const rm_app *app = &d->model->apps.at[a];
        uint32_t found = rm_principal_find(&d->principals, app->principal);
        rm_token *token = RM_NEW(d->scratch, rm_token);
        if (found == RM_NONE) {
            rm_diag(d->sink, RM_WARNING, app->place, "derive-unknown-principal",
                    "app '%.*s' runs as '%.*s', which is no principal: it starts no path",
                    RM_STR_ARG(app->name), RM_STR_ARG(app->principal));
            continue;
        }
        rm_status st = token == NULL
                           ? RM_NOMEM
                           : rm_app_token(d->scratch, d->model, a, &d->principals.at[found], token);
        if (st == RM_OK && token->appcontainer) {
            drop_refused(d, a, &token->capabilities);
        }
        if (st == RM_OK) {
            st = add(d, out, origin_of(d, found, a, token));
        }
        if (st != RM_OK) {
            return st;
        }
    }
    return RM_OK;
}
