#include "view.h"

#include "select.h"

bool rm_view_lists(rm_str joined, rm_str member) {
    for (rm_str rest = joined; rest.len > 0;) {
        size_t at = rest.len;
        bool more = rm_str_find(rest, RM_STR(" > "), &at);
        if (rm_str_ieq(rm_str_slice(rest, 0, at), member)) {
            return true;
        }
        rest = rm_str_slice(rest, more ? at + 3 : rest.len, rest.len);
    }
    return false;
}

bool rm_view_wants(const void *payload, const rm_path *path) {
    const rm_view *view = payload;
    switch (view->kind) {
    case RM_VIEW_SYSTEM: return true;
    case RM_VIEW_DRIVER:
        return rm_view_lists(path->drivers, view->model->drivers.at[view->focus].name);
    case RM_VIEW_PATH: return path == &view->model->paths.at[view->focus];
    case RM_VIEW_APP: return path->app == view->focus;
    }
    return false;
}

/* ---- finding the focus ---- */

static bool find_device(const rm_model *model, rm_str name, uint32_t *driver) {
    for (uint32_t i = 0; i < model->devices.count; i++) {
        const rm_device *device = &model->devices.at[i];
        if (rm_str_eq(device->id, name) ||
            (device->nt_name.len > 0 && rm_object_name_eq(device->nt_name, name))) {
            *driver = device->driver;
            return *driver < model->drivers.count;
        }
    }
    for (uint32_t i = 0; i < model->doors.count; i++) {
        const rm_door *door = &model->doors.at[i];
        if (door->device < model->devices.count &&
            (rm_str_eq(door->id, name) || rm_object_name_eq(door->name, name))) {
            *driver = model->devices.at[door->device].driver;
            return *driver < model->drivers.count;
        }
    }
    return false;
}

static bool find_driver(rm_arena *arena, const rm_model *model, rm_str name, uint32_t *out) {
    (void)arena;
    for (uint32_t i = 0; i < model->drivers.count; i++) {
        if (rm_str_eq(model->drivers.at[i].id, name) ||
            rm_str_ieq(model->drivers.at[i].name, name)) {
            *out = i;
            return true;
        }
    }
    return find_device(model, name, out);
}

/* "R3" and "3": the third that the pictures of this model number. */
static bool find_rank(rm_arena *arena, const rm_model *model, rm_str name, uint32_t *out) {
    uint64_t rank = 0;
    rm_selection chosen;
    bool lettered = name.len > 1 && (name.ptr[0] == 'R' || name.ptr[0] == 'r');
    if (!rm_str_u64(rm_str_slice(name, lettered ? 1 : 0, name.len), &rank) ||
        rm_select_paths(arena, model, &chosen) != RM_OK || rank < 1 || rank > chosen.count) {
        return false;
    }
    *out = chosen.paths[rank - 1];
    return true;
}

static bool find_path(rm_arena *arena, const rm_model *model, rm_str name, uint32_t *out) {
    for (uint32_t i = 0; i < model->paths.count; i++) {
        if (rm_str_eq(model->paths.at[i].id, name)) {
            *out = i;
            return true;
        }
    }
    return find_rank(arena, model, name, out);
}

/* "Package!Name", the name of v_path.app. */
static bool is_full_name(const rm_app *app, rm_str name) {
    size_t at = 0;
    return rm_str_find_char(name, '!', &at) &&
           rm_str_ieq(rm_str_slice(name, 0, at), app->package) &&
           rm_str_ieq(rm_str_slice(name, at + 1, name.len), app->name);
}

static bool find_app(rm_arena *arena, const rm_model *model, rm_str name, uint32_t *out) {
    (void)arena;
    for (uint32_t i = 0; i < model->apps.count; i++) {
        const rm_app *app = &model->apps.at[i];
        if (rm_str_eq(app->id, name) || rm_str_ieq(app->name, name) || is_full_name(app, name)) {
            *out = i;
            return true;
        }
    }
    return false;
}

/* ---- views by name ---- */

static const struct {
    const char *name;
    rm_view_kind kind;
    bool (*find)(rm_arena *arena, const rm_model *model, rm_str name,
                 uint32_t *out); /* NULL: takes no focus */
} views[] = {
    {"system", RM_VIEW_SYSTEM, NULL},
    {"driver", RM_VIEW_DRIVER, find_driver},
    {"path", RM_VIEW_PATH, find_path},
    {"app", RM_VIEW_APP, find_app},
};

rm_status rm_view_find(rm_arena *arena, rm_sink *sink, const rm_model *model,
                       const rm_picture_options *options, rm_view *out) {
    rm_str name = options->view.len > 0 ? options->view : RM_STR("system");
    for (size_t i = 0; i < sizeof views / sizeof views[0]; i++) {
        if (!rm_str_eq(name, rm_str_from(views[i].name))) {
            continue;
        }
        rm_view view = {views[i].kind, model, RM_NONE};
        if (views[i].find != NULL && (options->focus.len == 0 ||
                                      !views[i].find(arena, model, options->focus, &view.focus))) {
            rm_diag(sink, RM_ERROR, (rm_loc){0}, "picture-focus",
                    "the model has no %s called '%.*s'", views[i].name, RM_STR_ARG(options->focus));
            return RM_USAGE;
        }
        *out = view;
        return RM_OK;
    }
    rm_diag(sink, RM_ERROR, (rm_loc){0}, "picture-view",
            "no view is called '%.*s': system, driver, path, app", RM_STR_ARG(name));
    return RM_USAGE;
}
