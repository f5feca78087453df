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

/* ---- custom capabilities, which an SCCD gives ---- */

/* How sure it is that the app has one: in the token of which allowance it is first. */
enum { ALWAYS, PERMITTED, PERHAPS, NEVER };

static int sureness(const rm_derivation *d, const rm_capability *c, rm_permit *permit) {
    rm_str family = d->model->apps.at[c->app].family_name;
    if (c->kind != RM_CAPABILITY_CUSTOM) {
        return ALWAYS;
    }
    *permit = rm_permit_of(d, c->name, family);
    /* Windows registers no package that an SCCD shuts out */
    return permit->unknown ? PERHAPS : permit->refused && family.len > 0 ? NEVER : PERMITTED;
}

static void drop(rm_token_sids *sids, rm_str sid) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < sids->count; i++) {
        char text[RM_SID_TEXT];
        rm_sid_text(&sids->at[i].sid, text);
        if (!rm_str_ieq(rm_str_from(text), sid)) {
            sids->at[kept++] = sids->at[i];
        }
    }
    sids->count = kept;
}

/* The token without those capabilities that are less sure; whether it has one that is just so. */
static rm_status allow(const rm_derivation *d, uint32_t app, const rm_token *full, int sure,
                       rm_allowance *out, bool *adds) {
    const rm_capabilities *told = &d->model->capabilities;
    rm_token *token = RM_NEW(d->scratch, rm_token);
    rm_token_sid *sids = RM_NEW_ARRAY(d->scratch, rm_token_sid, full->capabilities.count + 1);
    if (token == NULL || sids == NULL) {
        return RM_NOMEM;
    }
    *token = *full;
    for (uint32_t i = 0; i < full->capabilities.count; i++) {
        sids[i] = full->capabilities.at[i];
    }
    token->capabilities.at = sids;
    *out = (rm_allowance){.token = token, .permit = {.row = RM_NONE}, .capability = RM_NONE};
    *adds = sure == ALWAYS;
    for (uint32_t c = 0; c < told->count; c++) {
        rm_permit permit = {.row = RM_NONE};
        int of_it = told->at[c].app == app ? sureness(d, &told->at[c], &permit) : ALWAYS;
        if (of_it > sure) {
            drop(&token->capabilities, told->at[c].sid);
        } else if (of_it == sure && sure != ALWAYS && permit.reach > out->permit.reach) {
            out->permit = permit; /* of several the easiest */
            out->capability = c;
            *adds = true;
        }
    }
    return RM_OK;
}

rm_status rm_allowances_of(const rm_derivation *d, uint32_t app, const rm_token *full,
                           rm_allowances *out) {
    rm_allowances all = {.count = 0};
    rm_status st = RM_OK;
    for (int sure = ALWAYS; st == RM_OK && sure < NEVER; sure++) {
        bool adds = false;
        st = allow(d, app, full, sure, &all.at[all.count], &adds);
        all.count += adds;
    }
    *out = all;
    return st;
}

/* ---- who sends ---- */

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
        rm_origin origin = origin_of(d, found, a, token);
        if (st == RM_OK && token->appcontainer) {
            st = rm_allowances_of(d, a, token, &origin.allowances);
            origin.token = origin.allowances.at[origin.allowances.count - 1].token;
        }
        if (st == RM_OK) {
            st = add(d, out, origin);
        }
        if (st != RM_OK) {
            return st;
        }
    }
    return RM_OK;
}
