#include "node.h"

#include "label.h"
#include "model/ioctl.h"
#include "model/sinks.h"
#include "zone.h"

enum { MAX_DOORS = 2, MAX_APIS = 2, MAX_SDDL_LINES = 3, SDDL_WIDTH = 28, SDDL_MAX = 1000 };

static bool id_taken(const rm_figure *figure, rm_str id) {
    for (uint32_t i = 0; i + 1 < figure->nodes.count; i++) {
        if (rm_str_eq(figure->nodes.at[i].id, id)) {
            return true;
        }
    }
    return false;
}

/* "drv-driver1", and "drv-driver1-2" for a second thing of that name. */
static void name_node(rm_figure *figure, rm_node *node, const char *prefix, rm_str what) {
    rm_buf id = {.arena = figure->arena};
    rm_buf_text(&id, prefix);
    rm_label_slug(&id, what);
    size_t stem = id.len;
    for (unsigned n = 2; id.status == RM_OK && id_taken(figure, rm_buf_view(&id)); n++) {
        id.len = stem;
        rm_buf_printf(&id, "-%u", n);
    }
    node->id = rm_buf_view(&id);
    if (id.status != RM_OK) {
        figure->status = id.status;
    }
}

static void add_line(rm_figure *figure, rm_node *node, rm_buf *line) {
    if (line->status != RM_OK) {
        figure->status = line->status;
    } else {
        rm_figure_text(figure, &node->lines, rm_buf_view(line));
    }
}

/* Every node is told from the others of its kind by these. */
static uint32_t find_node(const rm_figure *figure, rm_node_kind kind, uint32_t key, rm_str name) {
    for (uint32_t i = 0; i < figure->nodes.count; i++) {
        const rm_node *node = &figure->nodes.at[i];
        if (node->kind == kind && node->key == key && rm_str_eq(node->name, name)) {
            return i;
        }
    }
    return RM_NONE;
}

static rm_node *new_node(rm_figure *figure, rm_node_kind kind, uint32_t key, rm_str name) {
    rm_node *node = rm_push(figure->arena, &figure->nodes);
    if (node == NULL) {
        figure->status = RM_NOMEM;
        return NULL;
    }
    node->kind = kind;
    node->key = key;
    node->name = name;
    node->driver = RM_NONE;
    return node;
}

/* ---- who asks ---- */

uint32_t rm_node_origin(rm_figure *figure, const rm_path *path) {
    const rm_app *app =
        path->app < figure->model->apps.count ? &figure->model->apps.at[path->app] : NULL;
    rm_str words = rm_principal_words(path->origin);
    uint32_t key = app != NULL ? path->app : RM_NONE;
    rm_str name = app != NULL ? RM_STR_NONE : path->origin;
    uint32_t found = find_node(figure, RM_NODE_PRINCIPAL, key, name);
    if (found != RM_NONE) {
        return found;
    }
    uint32_t zone = rm_zone_of_origin(figure, path);
    rm_node *node = new_node(figure, RM_NODE_PRINCIPAL, key, name);
    if (node == NULL) {
        return RM_NONE;
    }
    node->zone = zone;
    if (app != NULL) {
        name_node(figure, node, "app-", app->name);
        node->title = app->name;
        rm_figure_text(figure, &node->lines, words);
        if (app->package.len > 0 && !rm_str_eq(app->package, app->name)) {
            rm_figure_text(figure, &node->lines, app->package);
        }
    } else {
        name_node(figure, node, "who-", path->origin);
        node->title = words;
        rm_figure_text(figure, &node->lines, RM_STR("any code that runs as such"));
    }
    return figure->nodes.count - 1;
}

uint32_t rm_node_service(rm_figure *figure, uint32_t service) {
    uint32_t found = find_node(figure, RM_NODE_SERVICE, service, RM_STR_NONE);
    if (found != RM_NONE) {
        return found;
    }
    uint32_t zone = rm_zone_get(figure, RM_ZONE_SERVICES);
    rm_node *node = new_node(figure, RM_NODE_SERVICE, service, RM_STR_NONE);
    if (node == NULL) {
        return RM_NONE;
    }
    const rm_service *s =
        service < figure->model->services.count ? &figure->model->services.at[service] : NULL;
    node->zone = zone;
    node->column = 1;
    node->title = s != NULL ? s->name : RM_STR("service, not known");
    name_node(figure, node, "svc-", node->title);
    if (s != NULL) {
        rm_buf line = {.arena = figure->arena};
        rm_buf_text(&line, s->account.len > 0 ? "runs as " : "account not known");
        rm_buf_str(&line, s->account);
        rm_buf_text(&line, s->impersonates ? ", impersonates its caller" : "");
        add_line(figure, node, &line);
    }
    return figure->nodes.count - 1;
}

/* ---- devices ---- */

/* Headers and INF files write one GUID in different cases. */
static bool told_before(const rm_doors *doors, uint32_t index) {
    const rm_door *door = &doors->at[index];
    for (uint32_t i = 0; i < index; i++) {
        if (doors->at[i].device == door->device && doors->at[i].kind == door->kind &&
            rm_str_ieq(doors->at[i].name, door->name)) {
            return true;
        }
    }
    return false;
}

static void door_lines(rm_figure *figure, rm_node *node) {
    const rm_doors *doors = &figure->model->doors;
    unsigned shown = 0;
    unsigned more = 0;
    for (uint32_t i = 0; i < doors->count; i++) {
        const rm_door *door = &doors->at[i];
        if (door->device != node->key || node->key == RM_NONE || door->kind == RM_DOOR_NT_NAME ||
            told_before(doors, i)) {
            continue;
        }
        if (shown == MAX_DOORS) {
            more++;
            continue;
        }
        shown++;
        rm_buf line = {.arena = figure->arena};
        rm_buf_text(&line, door->kind == RM_DOOR_SYMLINK     ? "link "
                           : door->kind == RM_DOOR_COMM_PORT ? "port "
                           : door->kind == RM_DOOR_INTERFACE ? "interface "
                                                             : "door ");
        rm_str name = door->name.len > 0 ? door->name : door->class_guid;
        rm_buf_str(&line, name.len > 0 ? name : RM_STR("name not known"));
        add_line(figure, node, &line);
    }
    if (more > 0) {
        rm_buf line = {.arena = figure->arena};
        rm_buf_printf(&line, "and %u more %s", more, rm_plural(more, "door", "doors"));
        add_line(figure, node, &line);
    }
}

/* A descriptor in lines that end between ACEs. */
static void sddl_lines(rm_figure *figure, rm_node *node, const char *lead, rm_str sddl) {
    rm_buf line = {.arena = figure->arena};
    unsigned lines = 0;
    rm_buf_text(&line, lead);
    sddl = rm_label_head(sddl, SDDL_MAX);
    for (size_t i = 0; i < sddl.len && lines < MAX_SDDL_LINES; i++) {
        rm_buf_char(&line, sddl.ptr[i]);
        if (sddl.ptr[i] == ')' && i + 1 < sddl.len && line.len >= SDDL_WIDTH) {
            if (++lines == MAX_SDDL_LINES) {
                rm_buf_text(&line, " \xE2\x80\xA6");
            }
            add_line(figure, node, &line);
            line = (rm_buf){.arena = figure->arena};
        }
    }
    if (line.len > 0) {
        add_line(figure, node, &line);
    }
}

static void descriptor_line(rm_figure *figure, rm_node *node) {
    const rm_model *model = figure->model;
    if (node->key >= model->devices.count) {
        return;
    }
    uint32_t d = model->devices.at[node->key].descriptor;
    if (d >= model->descriptors.count) {
        rm_figure_text(figure, &node->lines, RM_STR("SDDL not known"));
    } else {
        const rm_descriptor *descriptor = &model->descriptors.at[d];
        sddl_lines(figure, node, descriptor->state == RM_STATE_ASSUMED ? "default SDDL " : "SDDL ",
                   descriptor->sddl);
    }
}

static unsigned devices_of(const rm_model *model, uint32_t driver, uint32_t *only) {
    unsigned count = 0;
    for (uint32_t i = 0; i < model->devices.count; i++) {
        if (model->devices.at[i].driver == driver) {
            *only = i;
            count++;
        }
    }
    return count;
}

uint32_t rm_driver_device(const rm_model *model, uint32_t driver) {
    uint32_t only = RM_NONE;
    return devices_of(model, driver, &only) == 1 ? only : RM_NONE;
}

uint32_t rm_entry_device(const rm_model *model, uint32_t entry) {
    if (entry >= model->entries.count) {
        return RM_NONE;
    }
    uint32_t device = model->entries.at[entry].device;
    return device != RM_NONE ? device : rm_driver_device(model, model->entries.at[entry].driver);
}

uint32_t rm_node_find_device(const rm_figure *figure, uint32_t driver, uint32_t device) {
    for (uint32_t i = 0; i < figure->nodes.count; i++) {
        const rm_node *node = &figure->nodes.at[i];
        if (node->kind == RM_NODE_DEVICE && node->driver == driver && node->key == device) {
            return i;
        }
    }
    return RM_NONE;
}

static bool is_user_mode(const rm_model *model, uint32_t driver) {
    return driver < model->drivers.count && model->drivers.at[driver].mode == RM_DRIVER_MODE_USER;
}

/* The folder tells drivers of one name apart. */
rm_str rm_driver_title(rm_figure *figure, uint32_t driver) {
    const rm_drivers *drivers = &figure->model->drivers;
    if (driver >= drivers->count) {
        return RM_STR("driver, not known");
    }
    rm_str title = drivers->at[driver].name;
    bool alone = true;
    for (uint32_t i = 0; i < drivers->count && alone; i++) {
        alone = i == driver || !rm_str_ieq(drivers->at[i].name, title);
    }
    rm_str unit = drivers->at[driver].unit;
    if (!alone && unit.len > 0 &&
        rm_str_printf(figure->arena, &title, "%.*s (%.*s)", RM_STR_ARG(drivers->at[driver].name),
                      RM_STR_ARG(unit)) != RM_OK) {
        figure->status = RM_NOMEM;
    }
    return title;
}

static void fill_device(rm_figure *figure, rm_node *node, uint32_t driver, uint32_t device) {
    const rm_model *model = figure->model;
    uint32_t only = RM_NONE;
    rm_buf id = {.arena = figure->arena};
    node->driver = driver;
    node->title = rm_driver_title(figure, driver);
    if (device < model->devices.count) {
        node->aside = model->devices.at[device].nt_name;
    }
    rm_buf_str(&id, node->title);
    if (node->aside.len > 0 && devices_of(model, driver, &only) > 1) {
        rm_buf_char(&id, ' ');
        rm_buf_str(&id, node->aside);
    }
    name_node(figure, node, "drv-", rm_buf_view(&id));
    door_lines(figure, node);
    descriptor_line(figure, node);
}

uint32_t rm_node_device(rm_figure *figure, uint32_t driver, uint32_t device) {
    const rm_model *model = figure->model;
    uint32_t found = rm_node_find_device(figure, driver, device);
    if (found != RM_NONE) {
        return found;
    }
    uint32_t zone =
        rm_zone_get(figure, is_user_mode(model, driver) ? RM_ZONE_HOST : RM_ZONE_KERNEL);
    rm_node *node = new_node(figure, RM_NODE_DEVICE, device, RM_STR_NONE);
    if (node == NULL) {
        return RM_NONE;
    }
    node->zone = zone;
    node->column = 2;
    fill_device(figure, node, driver, device);
    return figure->nodes.count - 1;
}

/* ---- entries ---- */

/* Where it goes is known, or chosen by the caller: then how it is sent on matters here. */
static bool has_target(const rm_forward *f) {
    return f->to_driver != RM_NONE || f->to_device != RM_NONE ||
           f->how_found == RM_FOUND_USER_CHOSEN;
}

bool rm_entry_verdict(const rm_model *model, uint32_t entry, rm_validation *verdict) {
    rm_validation worst = RM_VALIDATION_COUNT;
    for (uint32_t i = 0; i < model->sinks.count; i++) {
        if (model->sinks.at[i].entry == entry && model->sinks.at[i].validation < worst) {
            worst = model->sinks.at[i].validation;
        }
    }
    for (uint32_t i = 0; i < model->forwards.count; i++) {
        const rm_forward *f = &model->forwards.at[i];
        if (f->entry == entry && has_target(f) && f->carries_user_data != RM_TRI_NO &&
            f->validation < worst) {
            worst = f->validation;
        }
    }
    if (worst == RM_VALIDATION_COUNT) {
        return false;
    }
    *verdict = worst;
    return true;
}

bool rm_entry_passes_on(const rm_model *model, uint32_t entry) {
    for (uint32_t i = 0; i < model->forwards.count; i++) {
        if (model->forwards.at[i].entry == entry) {
            return true;
        }
    }
    return false;
}

static void fill_code(rm_figure *figure, rm_row *row, const rm_entry *entry) {
    static const char *const methods[] = {"BUFFERED", "IN_DIRECT", "OUT_DIRECT", "NEITHER"};
    static const char *const accesses[] = {"ANY", "READ", "WRITE", "READ WRITE"};
    if (entry->has_code) {
        rm_ioctl_fields fields = rm_ioctl_decode(entry->code);
        if (rm_str_printf(figure->arena, &row->code, "0x%08X", (unsigned)entry->code) != RM_OK) {
            figure->status = RM_NOMEM;
        }
        row->method = rm_str_from(methods[fields.method]);
        row->access = rm_str_from(accesses[fields.access]);
    } else if (entry->any_code) {
        row->code = RM_STR("any code");
    } else {
        row->code = rm_str_from(rm_entry_kind_name(entry->kind));
    }
    row->name = entry->name.len > 0 ? entry->name : entry->handler;
}

uint32_t rm_node_row(rm_figure *figure, uint32_t node, uint32_t entry) {
    rm_rows *rows = &figure->nodes.at[node].rows;
    for (uint32_t i = 0; i < rows->count; i++) {
        if (rows->at[i].entry == entry) {
            return i;
        }
    }
    rm_row *row = rm_push(figure->arena, rows);
    if (row == NULL) {
        figure->status = RM_NOMEM;
        return RM_NONE;
    }
    row->entry = entry;
    row->judged = rm_entry_verdict(figure->model, entry, &row->verdict);
    fill_code(figure, row, &figure->model->entries.at[entry]);
    return rows->count - 1;
}

/* ---- privileged operations ---- */

static void add_api(rm_figure *figure, rm_node *node, rm_str api) {
    for (uint32_t i = 0; i < node->lines.count; i++) {
        if (rm_str_eq(node->lines.at[i], api)) {
            return;
        }
    }
    if (api.len > 0 && node->lines.count < MAX_APIS) {
        rm_figure_text(figure, &node->lines, api);
    } else if (api.len > 0) {
        node->rest = RM_STR("and others");
    }
}

/* A driver in user mode calls in its host, not in the kernel. */
static unsigned sink_zone(const rm_model *model, const rm_sink_call *sink) {
    uint32_t driver =
        sink->entry < model->entries.count ? model->entries.at[sink->entry].driver : RM_NONE;
    return is_user_mode(model, driver) ? RM_ZONE_HOST : RM_ZONE_KERNEL;
}

uint32_t rm_node_sink(rm_figure *figure, const rm_sink_call *sink) {
    unsigned order = sink_zone(figure->model, sink);
    uint32_t found = find_node(figure, RM_NODE_SINK, order, sink->class_name);
    if (found == RM_NONE) {
        uint32_t zone = rm_zone_get(figure, order);
        const rm_sink_class *class = rm_sink_class_find(sink->class_name);
        rm_node *node = new_node(figure, RM_NODE_SINK, order, sink->class_name);
        if (node == NULL) {
            return RM_NONE;
        }
        node->zone = zone;
        node->title = class != NULL ? rm_str_from(class->title) : sink->class_name;
        name_node(figure, node, "sink-", sink->class_name);
        found = figure->nodes.count - 1;
    }
    add_api(figure, &figure->nodes.at[found], sink->api);
    return found;
}
