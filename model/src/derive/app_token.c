#include "model/origin.h"

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
    *out = token;
    return RM_OK;
}
