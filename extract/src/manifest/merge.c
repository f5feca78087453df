#include "base/map.h"
#include "manifest.h"

/* A bundle has its application once for each processor: one app, with what any of them declares. */

rm_manifest_mark rm_manifest_mark_of(const rm_model *model) {
    return (rm_manifest_mark){.apps = model->apps.count,
                              .capabilities = model->capabilities.count,
                              .entries = model->app_entries.count,
                              .services = model->services.count,
                              .authorizeds = model->authorizeds.count};
}

typedef struct merging {
    rm_model *model;
    rm_arena *scratch;
    rm_map seen;
    uint32_t *new_app; /* by the app's index less `first` */
    uint32_t first;
} merging;

/* True when nothing alike was seen: `parts` are joined with a sign that no XML text holds. */
static rm_status is_first(merging *g, char kind, uint32_t app, const rm_str *parts, unsigned count,
                          uint32_t here, uint32_t *found) {
    rm_buf key = {.arena = g->scratch};
    uint32_t *value = NULL;
    bool is_new = false;
    rm_buf_printf(&key, "%c%u", kind, (unsigned)app);
    for (unsigned i = 0; i < count; i++) {
        rm_buf_char(&key, '\x01');
        rm_buf_str(&key, parts[i]);
    }
    rm_status st = key.status;
    if (st == RM_OK) {
        st = rm_map_at(&g->seen, rm_buf_view(&key), &value, &is_new);
    }
    if (st == RM_OK) {
        *value = is_new ? here : *value;
        *found = *value;
    }
    return st;
}

static rm_status merge_apps(merging *g) {
    rm_apps *apps = &g->model->apps;
    uint32_t kept = g->first;
    for (uint32_t i = g->first; i < apps->count; i++) {
        const rm_app *a = &apps->at[i];
        rm_str parts[] = {a->package, a->name, a->principal, a->family_name};
        uint32_t found = 0;
        rm_status st = is_first(g, 'a', 0, parts, 4, kept, &found);
        if (st != RM_OK) {
            return st;
        }
        g->new_app[i - g->first] = found;
        if (found == kept) {
            apps->at[kept++] = apps->at[i];
        }
    }
    apps->count = kept;
    return RM_OK;
}

static uint32_t renumbered(const merging *g, uint32_t app) {
    return app == RM_NONE || app < g->first ? app : g->new_app[app - g->first];
}

static rm_status merge_capabilities(merging *g, uint32_t first) {
    rm_capabilities *list = &g->model->capabilities;
    uint32_t kept = first;
    for (uint32_t i = first; i < list->count; i++) {
        rm_capability row = list->at[i];
        rm_str parts[] = {row.name, row.devices, row.functions};
        uint32_t found = 0;
        row.app = renumbered(g, row.app);
        rm_status st = is_first(g, 'c', row.app, parts, 3, kept, &found);
        if (st != RM_OK) {
            return st;
        }
        if (found == kept) {
            list->at[kept++] = row;
        }
    }
    list->count = kept;
    return RM_OK;
}

static rm_status merge_entries(merging *g, uint32_t first) {
    rm_app_entries *list = &g->model->app_entries;
    uint32_t kept = first;
    for (uint32_t i = first; i < list->count; i++) {
        rm_app_entry row = list->at[i];
        rm_str parts[] = {row.kind, row.name, row.program};
        uint32_t found = 0;
        row.app = renumbered(g, row.app);
        rm_status st = is_first(g, 'e', row.app, parts, 3, kept, &found);
        if (st != RM_OK) {
            return st;
        }
        if (found == kept) {
            list->at[kept++] = row;
        }
    }
    list->count = kept;
    return RM_OK;
}

static rm_status merge_services(merging *g, uint32_t first) {
    rm_services *list = &g->model->services;
    uint32_t kept = first;
    for (uint32_t i = first; i < list->count; i++) {
        rm_str parts[] = {list->at[i].name, list->at[i].account};
        uint32_t found = 0;
        rm_status st = is_first(g, 's', 0, parts, 2, kept, &found);
        if (st != RM_OK) {
            return st;
        }
        if (found == kept) {
            list->at[kept++] = list->at[i];
        }
    }
    list->count = kept;
    return RM_OK;
}

static rm_status merge_authorizeds(merging *g, uint32_t first) {
    rm_authorizeds *list = &g->model->authorizeds;
    uint32_t kept = first;
    for (uint32_t i = first; i < list->count; i++) {
        const rm_authorized *row = &list->at[i];
        rm_str parts[] = {row->capability, row->family_name, row->cert_hash,
                          rm_str_from(row->allow_any ? "any" : "named"),
                          rm_str_from(row->developer_mode ? "developer" : "")};
        uint32_t found = 0;
        rm_status st = is_first(g, 'p', 0, parts, 5, kept, &found);
        if (st != RM_OK) {
            return st;
        }
        if (found == kept) {
            list->at[kept++] = list->at[i];
        }
    }
    list->count = kept;
    return RM_OK;
}

rm_status rm_manifest_merge(rm_model *model, rm_arena *scratch, const rm_manifest_mark *mark) {
    merging g = {.model = model,
                 .scratch = scratch,
                 .seen = {.arena = scratch},
                 .first = mark->apps,
                 .new_app =
                     RM_NEW_ARRAY(scratch, uint32_t, (size_t)(model->apps.count - mark->apps) + 1)};
    rm_status st = g.new_app == NULL ? RM_NOMEM : merge_apps(&g);
    if (st == RM_OK) {
        st = merge_capabilities(&g, mark->capabilities);
    }
    if (st == RM_OK) {
        st = merge_entries(&g, mark->entries);
    }
    if (st == RM_OK) {
        st = merge_services(&g, mark->services);
    }
    return st == RM_OK ? merge_authorizeds(&g, mark->authorizeds) : st;
}
