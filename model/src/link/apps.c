#include "link.h"

#include "base/map.h"

/*
 * One program may run as several principals: highestAvailable is an administrator's program for an
 * administrator and a user's for everybody else. Each is a row of its own; what is declared of the
 * program holds for all of them.
 */

enum { MAX_PRINCIPALS = 16 }; /* of one program, so that declared ones cannot multiply rows */

/* Per app: the next of the same name with another principal, and the first of the name. */
typedef struct twins {
    uint32_t *first, *next;
} twins;

static rm_status first_of_name(rm_map *map, rm_arena *arena, const rm_app *app, uint32_t index,
                               uint32_t *first) {
    rm_buf name = {.arena = arena};
    uint32_t *value = NULL;
    bool is_new = false;
    rm_buf_str(&name, app->package);
    rm_buf_char(&name, '!');
    rm_buf_str(&name, app->name);
    rm_status st = name.status;
    if (st == RM_OK) {
        st = rm_map_at(map, rm_buf_view(&name), &value, &is_new);
    }
    if (st != RM_OK) {
        return st;
    }
    if (is_new) {
        *value = index;
    }
    *first = *value;
    return RM_OK;
}

/* Joins the chain of its name unless its principal is in it already. */
static void join(const rm_model *model, const twins *t, uint32_t app) {
    uint32_t last = t->first[app];
    for (unsigned i = 0; i < MAX_PRINCIPALS; i++) {
        if (rm_str_eq(model->apps.at[last].principal, model->apps.at[app].principal)) {
            return;
        }
        if (t->next[last] == RM_NONE) {
            t->next[last] = app;
            return;
        }
        last = t->next[last];
    }
}

static rm_status find_twins(rm_model *model, twins *t) {
    uint32_t count = model->apps.count;
    rm_map names = {.arena = model->arena, .fold = true};
    rm_status st = RM_OK;
    t->first = RM_NEW_ARRAY(model->arena, uint32_t, count);
    t->next = RM_NEW_ARRAY(model->arena, uint32_t, count);
    if (t->first == NULL || t->next == NULL) {
        return RM_NOMEM;
    }
    for (uint32_t i = 0; i < count && st == RM_OK; i++) {
        t->next[i] = RM_NONE;
        st = first_of_name(&names, model->arena, &model->apps.at[i], i, &t->first[i]);
        if (st == RM_OK && t->first[i] != i) {
            join(model, t, i);
        }
    }
    return st;
}

/* The next of a chain whose principal is not that of `app`. */
static uint32_t other_than(const rm_model *model, const twins *t, uint32_t at, uint32_t app) {
    while (at != RM_NONE &&
           rm_str_eq(model->apps.at[at].principal, model->apps.at[app].principal)) {
        at = t->next[at];
    }
    return at;
}

static rm_status copy_opens(rm_model *model, const twins *t) {
    uint32_t count = model->opens.count;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t app = model->opens.at[i].app;
        uint32_t twin = app == RM_NONE ? RM_NONE : other_than(model, t, t->first[app], app);
        while (twin != RM_NONE) {
            rm_open *copy = rm_push(model->arena, &model->opens);
            if (copy == NULL) {
                return RM_NOMEM;
            }
            *copy = model->opens.at[i];
            copy->app = twin;
            twin = other_than(model, t, t->next[twin], app);
        }
    }
    return RM_OK;
}

static rm_status copy_handles(rm_model *model, const twins *t) {
    uint32_t count = model->handles.count;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t app = model->handles.at[i].app;
        uint32_t twin = app == RM_NONE ? RM_NONE : other_than(model, t, t->first[app], app);
        while (twin != RM_NONE) {
            rm_handle *copy = rm_push(model->arena, &model->handles);
            if (copy == NULL) {
                return RM_NOMEM;
            }
            *copy = model->handles.at[i];
            copy->app = twin;
            twin = other_than(model, t, t->next[twin], app);
        }
    }
    return RM_OK;
}

rm_status rm_link_twin_apps(rm_model *model) {
    twins t = {NULL, NULL};
    if (model->apps.count < 2) {
        return RM_OK;
    }
    rm_status st = find_twins(model, &t);
    if (st == RM_OK) {
        st = copy_opens(model, &t);
    }
    return st == RM_OK ? copy_handles(model, &t) : st;
}
