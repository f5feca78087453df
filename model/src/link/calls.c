#include "link.h"
#include "refs.h"

/*
 * Calls of pipes, RPC and COM that no service of the model answers say nothing of a driver, and
 * neither does a program that is known by such calls alone.
 */

/* `called` and `opens` are told for each app: lost a call, has an open left. */
static void drop_calls(rm_model *model, bool *called, bool *opens) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < model->opens.count; i++) {
        const rm_open row = model->opens.at[i];
        const bool stays = !row.call || row.to_service != RM_NONE || row.device != RM_NONE;
        if (row.app != RM_NONE) {
            called[row.app] = called[row.app] || !stays;
            opens[row.app] = opens[row.app] || stays;
        }
        if (stays) {
            model->opens.at[kept++] = row;
        }
    }
    model->opens.count = kept;
}

static void drop_entries(rm_model *model, const uint32_t *new_index) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < model->app_entries.count; i++) {
        const rm_app_entry row = model->app_entries.at[i];
        if (row.app == RM_NONE || new_index[row.app] != RM_NONE) {
            model->app_entries.at[kept++] = row;
        }
    }
    model->app_entries.count = kept;
}

rm_status rm_link_calls(rm_model *model) {
    const uint32_t count = model->apps.count;
    bool *called = RM_NEW_ARRAY(model->arena, bool, (size_t)count + 1);
    bool *opens = RM_NEW_ARRAY(model->arena, bool, (size_t)count + 1);
    uint32_t *new_index = RM_NEW_ARRAY(model->arena, uint32_t, (size_t)count + 1);
    if (called == NULL || opens == NULL || new_index == NULL) {
        return RM_NOMEM;
    }
    drop_calls(model, called, opens);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        const bool only_called =
            model->apps.at[i].state == RM_STATE_ASSUMED && called[i] && !opens[i];
        new_index[i] = only_called ? RM_NONE : kept;
        if (!only_called) {
            model->apps.at[kept++] = model->apps.at[i];
        }
    }
    drop_entries(model, new_index);
    model->apps.count = kept;
    rm_refs_rewrite(model, RM_TO_APPS, new_index, count);
    return RM_OK;
}
