#include "view.h"

#include "label.h"
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

static bool enters_stack(const rm_view *view, const rm_path *path) {
    const rm_drivers *drivers = &view->model->drivers;
    for (uint32_t i = 0; i < view->stack.count; i++) {
        uint32_t driver = view->model->stacks.at[view->stack.places[i]].driver;
        if (driver < drivers->count && rm_view_lists(path->drivers, drivers->at[driver].name)) {
            return true;
        }
    }
    return false;
}

bool rm_view_wants(const rm_view *view, const rm_path *path) {
    switch (view->kind) {
    case RM_VIEW_SYSTEM:
    case RM_VIEW_DIFF: return true;
    case RM_VIEW_DRIVER:
        return rm_view_lists(path->drivers, view->model->drivers.at[view->focus].name);
    case RM_VIEW_STACK: return enters_stack(view, path);
    case RM_VIEW_PATH: return path == &view->model->paths.at[view->focus];
    case RM_VIEW_APP: return path->app == view->focus;
    }
    return false;
}

/* ---- what a name means ---- */

enum { TOLD = 12 }; /* names that a message tells */

/* Things of one kind that a name means. */
typedef struct meaning {
    uint32_t at[TOLD];
    uint32_t count;
} meaning;

static void add_meaning(meaning *found, uint32_t index) {
    for (uint32_t i = 0; i < found->count && i < TOLD; i++) {
        if (found->at[i] == index) {
            return;
        }
    }
    if (found->count < TOLD) {
        found->at[found->count] = index;
    }
    found->count++;
}

static void find_devices(const rm_model *model, rm_str name, meaning *devices) {
    for (uint32_t i = 0; i < model->devices.count; i++) {
        const rm_device *device = &model->devices.at[i];
        if (rm_str_eq(device->id, name) ||
            (device->nt_name.len > 0 && rm_object_name_eq(device->nt_name, name))) {
            add_meaning(devices, i);
        }
    }
    for (uint32_t i = 0; i < model->doors.count; i++) {
        const rm_door *door = &model->doors.at[i];
        if (door->device < model->devices.count &&
            (rm_str_eq(door->id, name) ||
             (door->name.len > 0 && rm_object_name_eq(door->name, name)))) {
            add_meaning(devices, door->device);
        }
    }
}

/* A driver, or the one that a device or a door belongs to. */
static void find_drivers(rm_arena *arena, const rm_model *model, rm_str name, meaning *out) {
    meaning devices = {.count = 0};
    (void)arena;
    for (uint32_t i = 0; i < model->drivers.count && out->count == 0; i++) {
        if (rm_str_eq(model->drivers.at[i].id, name)) {
            add_meaning(out, i);
            return;
        }
    }
    for (uint32_t i = 0; i < model->drivers.count; i++) {
        if (rm_str_ieq(model->drivers.at[i].name, name)) {
            add_meaning(out, i);
        }
    }
    if (out->count == 0) {
        find_devices(model, name, &devices);
    }
    for (uint32_t i = 0; i < devices.count && i < TOLD; i++) {
        uint32_t driver = model->devices.at[devices.at[i]].driver;
        if (driver < model->drivers.count) {
            add_meaning(out, driver);
        }
    }
}

/* A letter and a number: R3, p3. */
static bool is_numbered(rm_str name, char letter, uint64_t *number) {
    return name.len > 1 && (name.ptr[0] | 0x20) == letter &&
           rm_str_u64(rm_str_slice(name, 1, name.len), number) && *number > 0;
}

/* "R3" and "3" as the pictures of this model number it, "p3" as the lists do. */
static void find_numbered(rm_arena *arena, const rm_model *model, rm_str name, meaning *out) {
    uint64_t number = 0;
    rm_selection chosen;
    if (is_numbered(name, 'p', &number) && number <= model->paths.count) {
        add_meaning(out, (uint32_t)(number - 1));
    } else if ((is_numbered(name, 'r', &number) || rm_str_u64(name, &number)) &&
               rm_select_paths(arena, model, NULL, &chosen) == RM_OK) {
        for (uint32_t i = 0; i < model->paths.count; i++) {
            if (chosen.ranks[i] == number) {
                add_meaning(out, i);
            }
        }
    }
}

static void find_paths(rm_arena *arena, const rm_model *model, rm_str name, meaning *out) {
    for (uint32_t i = 0; i < model->paths.count && name.len > 0; i++) {
        if (rm_str_eq(model->paths.at[i].id, name)) {
            add_meaning(out, i);
        }
    }
    if (out->count == 0) {
        find_numbered(arena, model, name, out);
    }
}

/* "Package!Name", the name of v_path.app. */
static bool is_full_name(const rm_app *app, rm_str name) {
    size_t at = 0;
    return rm_str_find_char(name, '!', &at) &&
           rm_str_ieq(rm_str_slice(name, 0, at), app->package) &&
           rm_str_ieq(rm_str_slice(name, at + 1, name.len), app->name);
}

static void find_apps(rm_arena *arena, const rm_model *model, rm_str name, meaning *out) {
    (void)arena;
    for (uint32_t i = 0; i < model->apps.count; i++) {
        const rm_app *app = &model->apps.at[i];
        if (rm_str_eq(app->id, name) || rm_str_ieq(app->name, name) || is_full_name(app, name)) {
            add_meaning(out, i);
        }
    }
}

/* ---- views by name ---- */

static rm_str driver_name(const rm_model *model, uint32_t i) {
    return i < model->drivers.count ? model->drivers.at[i].name : RM_STR_NONE;
}

static rm_str driver_id(const rm_model *model, uint32_t i) {
    return model->drivers.at[i].id;
}

static rm_str stack_name(const rm_model *model, uint32_t i) {
    if (i >= model->stacks.count) {
        return RM_STR_NONE;
    }
    const rm_stack_position *place = &model->stacks.at[i];
    return place->how == RM_STACK_MINIFILTER && place->hwid.len == 0 ? RM_STR("minifilters")
                                                                     : place->hwid;
}

/* All numbers there are: a path's id is long, and twelve of them would say little. */
static rm_str numbers_of(rm_arena *arena, const rm_model *model) {
    rm_str text = RM_STR("no path at all");
    unsigned last = model->paths.count;
    if (last > 0 &&
        rm_str_printf(arena, &text,
                      last > 1 ? "R1 to R%u, or p1 to p%u as 'ringmap paths' numbers them"
                               : "R%u, p%u",
                      last, last) != RM_OK) {
        text = RM_STR("R1");
    }
    return text;
}

static rm_str path_id(const rm_model *model, uint32_t i) {
    return i < model->paths.count ? model->paths.at[i].id : RM_STR_NONE;
}

static rm_str app_name(const rm_model *model, uint32_t i) {
    return i < model->apps.count ? model->apps.at[i].name : RM_STR_NONE;
}

static rm_str app_id(const rm_model *model, uint32_t i) {
    return model->apps.at[i].id;
}

typedef struct view_kind {
    const char *name;
    rm_view_kind kind;
    void (*find)(rm_arena *arena, const rm_model *model, rm_str name, meaning *out);
    rm_str (*told)(const rm_model *model, uint32_t index); /* by what to ask; empty past the last */
    rm_str (*id)(const rm_model *model, uint32_t index);   /* what tells two of one name apart */
} view_kind;

static const view_kind kinds[] = {
    {"system", RM_VIEW_SYSTEM, NULL, NULL, NULL},
    {"driver", RM_VIEW_DRIVER, find_drivers, driver_name, driver_id},
    {"stack", RM_VIEW_STACK, NULL, stack_name, NULL},
    {"path", RM_VIEW_PATH, find_paths, path_id, path_id},
    {"app", RM_VIEW_APP, find_apps, app_name, app_id},
    {"diff", RM_VIEW_DIFF, NULL, NULL, NULL},
};

static void put_quoted(rm_buf *list, rm_str name) {
    rm_str head = rm_label_head(name, 60);
    rm_buf_text(list, list->len > 0 ? ", '" : "'");
    rm_buf_str(list, head);
    rm_buf_text(list, head.len < name.len ? "\xE2\x80\xA6'" : "'");
}

static bool told_before(const view_kind *kind, const rm_model *model, uint32_t index) {
    rm_str name = kind->told(model, index);
    for (uint32_t i = 0; i < index && i < 4 * TOLD; i++) {
        if (rm_str_eq(kind->told(model, i), name)) {
            return true;
        }
    }
    return false;
}

/* What could be asked for: the first few names. */
static rm_str names_of(rm_arena *arena, const view_kind *kind, const rm_model *model) {
    rm_buf list = {.arena = arena};
    uint32_t told = 0;
    uint32_t i = 0;
    for (; kind->told(model, i).len > 0 && told < TOLD; i++) {
        if (!told_before(kind, model, i)) {
            put_quoted(&list, kind->told(model, i));
            told++;
        }
    }
    rm_buf_text(&list, kind->told(model, i).len > 0 ? ", …" : "");
    return told > 0 ? rm_buf_view(&list) : RM_STR("none: the model has no such thing");
}

static rm_status refuse(rm_arena *arena, rm_sink *sink, const view_kind *kind,
                        const rm_model *model, rm_str focus) {
    rm_str names =
        kind->kind == RM_VIEW_PATH ? numbers_of(arena, model) : names_of(arena, kind, model);
    if (focus.len == 0) {
        rm_diag(sink, RM_ERROR, (rm_loc){0}, "picture-focus",
                "the view '%s' is of one %s; say which with --focus: %.*s", kind->name, kind->name,
                RM_STR_ARG(names));
    } else {
        rm_diag(sink, RM_ERROR, (rm_loc){0}, "picture-focus",
                "the model has no %s called '%.*s'; it has %.*s", kind->name, RM_STR_ARG(focus),
                RM_STR_ARG(names));
    }
    return RM_USAGE;
}

static rm_status refuse_several(rm_arena *arena, rm_sink *sink, const view_kind *kind,
                                const rm_model *model, rm_str focus, const meaning *found) {
    rm_buf ids = {.arena = arena};
    for (uint32_t i = 0; i < found->count && i < TOLD; i++) {
        put_quoted(&ids, kind->id(model, found->at[i]));
    }
    rm_diag(sink, RM_ERROR, (rm_loc){0}, "picture-focus",
            "'%.*s' means %u of the model; say which: %.*s", RM_STR_ARG(focus),
            (unsigned)found->count, RM_STR_ARG(rm_buf_view(&ids)));
    return RM_USAGE;
}

static rm_status find_stack(rm_arena *arena, rm_sink *sink, const view_kind *kind,
                            const rm_model *model, rm_str focus, rm_view *out) {
    meaning drivers = {.count = 0};
    meaning devices = {.count = 0};
    if (focus.len == 0) {
        return refuse(arena, sink, kind, model, focus);
    }
    find_devices(model, focus, &devices);
    find_drivers(arena, model, focus, &drivers);
    uint32_t device = devices.count > 0 ? devices.at[0] : RM_NONE;
    uint32_t driver = drivers.count == 1 && devices.count == 0 ? drivers.at[0] : RM_NONE;
    rm_status st = rm_stack_find(arena, model, focus, driver, device, &out->stack);
    if (st == RM_USAGE && device != RM_NONE) { /* the device's place may be its driver's */
        driver = model->devices.at[device].driver;
        st = rm_stack_find(arena, model, focus, driver, RM_NONE, &out->stack);
    }
    return st == RM_USAGE ? refuse(arena, sink, kind, model, focus) : st;
}

static rm_status find_focus(rm_arena *arena, rm_sink *sink, const view_kind *kind,
                            const rm_model *model, rm_str focus, rm_view *out) {
    meaning found = {.count = 0};
    if (kind->kind == RM_VIEW_STACK) {
        return find_stack(arena, sink, kind, model, focus, out);
    }
    if (kind->find == NULL) {
        return RM_OK;
    }
    if (focus.len > 0) {
        kind->find(arena, model, focus, &found);
    }
    if (found.count == 0) {
        return refuse(arena, sink, kind, model, focus);
    }
    if (found.count > 1) {
        return refuse_several(arena, sink, kind, model, focus, &found);
    }
    out->focus = found.at[0];
    return RM_OK;
}

rm_status rm_view_find(rm_arena *arena, rm_sink *sink, const rm_model *model,
                       const rm_picture_options *options, rm_view *out) {
    rm_str name = options->view.len > 0 ? options->view : RM_STR("system");
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (!rm_str_eq(name, rm_str_from(kinds[i].name))) {
            continue;
        }
        rm_view view = {kinds[i].kind, model, RM_NONE, {0}};
        rm_status st = find_focus(arena, sink, &kinds[i], model, options->focus, &view);
        if (st == RM_OK) {
            *out = view;
        }
        return st;
    }
    rm_diag(sink, RM_ERROR, (rm_loc){0}, "picture-view",
            "no view is called '%.*s': system, driver, stack, path, app, diff", RM_STR_ARG(name));
    return RM_USAGE;
}
