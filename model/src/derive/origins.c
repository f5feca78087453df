#include "internal.h"

#include "model/origin.h"

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
        if (st == RM_OK) {
            st = add(d, out, origin_of(d, found, a, token));
        }
        if (st != RM_OK) {
            return st;
        }
    }
    return RM_OK;
}
