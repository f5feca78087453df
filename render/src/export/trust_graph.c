#include "trust_graph.h"

#include "model/ioctl.h"
#include "model/principal.h"
#include "model/sinks.h"

const char *rm_trust_node_word(rm_trust_node_kind kind) {
#define X(name, word, title, text) word,
    static const char *const words[] = {RM_TRUST_NODE_LIST(X)};
#undef X
    return words[kind];
}

const char *rm_trust_edge_word(rm_trust_edge_kind kind) {
#define X(name, word, traversable, text) word,
    static const char *const words[] = {RM_TRUST_EDGE_LIST(X)};
#undef X
    return words[kind];
}

uint32_t rm_trust_graph_find(const rm_trust_graph *graph, rm_str id) {
    uint32_t node = RM_NONE;
    return rm_map_get(&graph->ids, id, &node) ? node : RM_NONE;
}

/* ---- making nodes and edges ---- */

static rm_status add_node(rm_trust_graph *g, rm_trust_node_kind kind, rm_str id, rm_str name,
                          uint32_t *out) {
    uint32_t *at = NULL;
    bool is_new = false;
    rm_status st = rm_map_at(&g->ids, id, &at, &is_new);
    if (st != RM_OK || !is_new) {
        *out = st == RM_OK ? *at : RM_NONE;
        return st;
    }
    *at = *out = g->nodes.count;
    rm_trust_node *node = rm_push(g->arena, &g->nodes);
    if (node == NULL) {
        return RM_NOMEM;
    }
    *node =
        (rm_trust_node){.id = id, .kind = kind, .name = name, .zone = RM_NONE, .parent = RM_NONE};
    return RM_OK;
}

static rm_status add_edge(rm_trust_graph *g, rm_trust_edge_kind kind, uint32_t from, uint32_t to,
                          rm_str name, uint32_t *out) {
    *out = g->edges.count;
    if (from == RM_NONE || to == RM_NONE) {
        *out = RM_NONE;
        return RM_OK;
    }
    rm_trust_edge *edge = rm_push(g->arena, &g->edges);
    if (edge == NULL) {
        return RM_NOMEM;
    }
    *edge = (rm_trust_edge){.kind = kind, .from = from, .to = to, .name = name};
    return RM_OK;
}

/* An absent text is left out. */
static rm_status put(rm_trust_graph *g, rm_properties *list, rm_property property) {
    if (property.kind == RM_PROPERTY_TEXT && property.text.len == 0) {
        return RM_OK;
    }
    rm_property *slot = rm_push(g->arena, list);
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = property;
    return RM_OK;
}

static rm_property text(const char *name, rm_str value) {
    return (rm_property){.name = name, .kind = RM_PROPERTY_TEXT, .text = value};
}

static rm_property word(const char *name, const char *value) {
    return text(name, rm_str_from(value));
}

static rm_property number(const char *name, int64_t value) {
    return (rm_property){.name = name, .kind = RM_PROPERTY_NUMBER, .number = value};
}

static rm_property flag(const char *name, bool value) {
    return (rm_property){.name = name, .kind = RM_PROPERTY_FLAG, .number = value};
}

static rm_status put_all(rm_trust_graph *g, rm_properties *list, const rm_property *properties,
                         size_t count) {
    rm_status st = RM_OK;
    for (size_t i = 0; st == RM_OK && i < count; i++) {
        st = put(g, list, properties[i]);
    }
    return st;
}

#define PUT_NODE(g, node, ...)                                                                     \
    put_all((g), &(g)->nodes.at[node].properties, (const rm_property[]){__VA_ARGS__},              \
            sizeof((const rm_property[]){__VA_ARGS__}) / sizeof(rm_property))
#define PUT_EDGE(g, edge, ...)                                                                     \
    put_all((g), &(g)->edges.at[edge].properties, (const rm_property[]){__VA_ARGS__},              \
            sizeof((const rm_property[]){__VA_ARGS__}) / sizeof(rm_property))

/* ---- zones and who is in them ---- */

/* A zone is what a principal's name says, or kernel; its privilege is what disparity leaves. */
static rm_status add_zone(rm_trust_graph *g, rm_str name, uint32_t *out) {
    rm_str id = RM_STR_NONE;
    const uint32_t before = g->nodes.count;
    rm_principals known = {0};
    rm_status st = rm_str_printf(g->arena, &id, "zone:%.*s", RM_STR_ARG(name));
    st = st == RM_OK ? add_node(g, RM_TRUST_NODE_ZONE, id, name, out) : st;
    if (st != RM_OK || g->nodes.count == before) {
        return st;
    }
    if (rm_str_eq(name, RM_STR("kernel"))) {
        return PUT_NODE(g, *out, number("privilege", 1000));
    }
    st = rm_principals_builtin(g->arena, &known);
    const uint32_t at = st == RM_OK ? rm_principal_find(&known, name) : RM_NONE;
    return st != RM_OK || at == RM_NONE
               ? st
               : PUT_NODE(g, *out, number("privilege", 1000 - (int64_t)known.at[at].disparity));
}

static rm_status put_in_zone(rm_trust_graph *g, uint32_t node, rm_str zone_name) {
    uint32_t zone = RM_NONE;
    uint32_t edge = RM_NONE;
    rm_status st = add_zone(g, zone_name, &zone);
    if (st == RM_OK) {
        g->nodes.at[node].zone = zone;
        st = add_edge(g, RM_TRUST_EDGE_IN_ZONE, node, zone, RM_STR_NONE, &edge);
    }
    return st;
}

static rm_status add_principal(rm_trust_graph *g, rm_str name, uint32_t *out) {
    rm_str id = RM_STR_NONE;
    const uint32_t before = g->nodes.count;
    rm_status st = rm_str_printf(g->arena, &id, "principal:%.*s", RM_STR_ARG(name));
    st = st == RM_OK ? add_node(g, RM_TRUST_NODE_PRINCIPAL, id, name, out) : st;
    return st == RM_OK && g->nodes.count > before ? put_in_zone(g, *out, name) : st;
}

static rm_status add_app(rm_trust_graph *g, uint32_t index) {
    const rm_app *app = &g->model->apps.at[index];
    uint32_t node = RM_NONE;
    rm_status st = add_node(g, RM_TRUST_NODE_APP, app->id, app->name, &node);
    if (st == RM_OK) {
        g->nodes.at[node].place = app->place;
        st = PUT_NODE(g, node, text("package", app->package), text("trust_level", app->trust_level),
                      text("execution_level", app->execution_level),
                      text("family_name", app->family_name), text("package_sid", app->package_sid));
    }
    return st == RM_OK && app->principal.len > 0 ? put_in_zone(g, node, app->principal) : st;
}

static rm_status add_service(rm_trust_graph *g, uint32_t index) {
    const rm_service *service = &g->model->services.at[index];
    uint32_t node = RM_NONE;
    if (service->driver != RM_NONE) {
        return RM_OK; /* it is the driver */
    }
    rm_status st = add_node(g, RM_TRUST_NODE_SERVICE, service->id, service->name, &node);
    if (st == RM_OK) {
        g->nodes.at[node].place = service->place;
        st = PUT_NODE(g, node, text("account", service->account),
                      flag("impersonates", service->impersonates));
    }
    return st;
}

/* ---- drivers and what they offer ---- */

static rm_status add_driver(rm_trust_graph *g, uint32_t index) {
    const rm_driver *driver = &g->model->drivers.at[index];
    uint32_t node = RM_NONE;
    rm_status st = add_node(g, RM_TRUST_NODE_DRIVER, driver->id, driver->name, &node);
    if (st == RM_OK) {
        g->nodes.at[node].place = driver->place;
        st = PUT_NODE(g, node, word("framework", rm_framework_name(driver->framework)),
                      word("role", rm_role_name(driver->role)), text("service", driver->service),
                      text("inf", driver->inf));
    }
    const bool user = driver->mode == RM_DRIVER_MODE_USER;
    return st == RM_OK ? put_in_zone(g, node, user ? RM_STR("umdf_host") : RM_STR("kernel")) : st;
}

static rm_str sddl_of(const rm_model *m, const rm_device *device) {
    return device->descriptor != RM_NONE ? m->descriptors.at[device->descriptor].sddl : RM_STR_NONE;
}

static rm_status add_device(rm_trust_graph *g, uint32_t index) {
    const rm_model *m = g->model;
    const rm_device *device = &m->devices.at[index];
    const rm_str driver =
        device->driver != RM_NONE ? m->drivers.at[device->driver].name : RM_STR_NONE;
    const rm_str name = device->nt_name.len > 0 ? device->nt_name
                        : device->alias.len > 0 ? device->alias
                                                : driver;
    uint32_t node = RM_NONE;
    uint32_t edge = RM_NONE;
    rm_status st = add_node(g, RM_TRUST_NODE_DEVICE, device->id, name, &node);
    if (st == RM_OK) {
        g->nodes.at[node].place = device->place;
        g->nodes.at[node].parent = device->driver != RM_NONE
                                       ? rm_trust_graph_find(g, m->drivers.at[device->driver].id)
                                       : RM_NONE;
        st =
            PUT_NODE(g, node, word("created_by", rm_created_name(device->created_by)),
                     text("sddl", sddl_of(m, device)), word("state", rm_state_name(device->state)));
    }
    return st == RM_OK ? add_edge(g, RM_TRUST_EDGE_SERVES, g->nodes.at[node].parent, node,
                                  RM_STR_NONE, &edge)
                       : st;
}

static rm_status put_code(rm_trust_graph *g, uint32_t node, uint32_t code) {
    const rm_ioctl_fields fields = rm_ioctl_decode(code);
    rm_str hex = RM_STR_NONE;
    const rm_status st = rm_str_printf(g->arena, &hex, "0x%08X", (unsigned)code);
    return st != RM_OK ? st
                       : PUT_NODE(g, node, text("ioctl", hex),
                                  word("method", rm_method_name(fields.method)),
                                  word("access", rm_code_access_name(fields.access)));
}

static rm_status expose_at(rm_trust_graph *g, uint32_t device, uint32_t node) {
    uint32_t edge = RM_NONE;
    return add_edge(g, RM_TRUST_EDGE_EXPOSES,
                    rm_trust_graph_find(g, g->model->devices.at[device].id), node, RM_STR_NONE,
                    &edge);
}

/* An entry of no device in particular belongs to each of its driver's devices. */
static rm_status expose(rm_trust_graph *g, const rm_entry *entry, uint32_t node) {
    rm_status st = RM_OK;
    if (entry->device != RM_NONE) {
        return expose_at(g, entry->device, node);
    }
    for (uint32_t i = g->first_device[entry->driver]; st == RM_OK && i != RM_NONE;
         i = g->next_device[i]) {
        st = expose_at(g, i, node);
    }
    return st;
}

static rm_status add_entry(rm_trust_graph *g, uint32_t index) {
    const rm_entry *entry = &g->model->entries.at[index];
    const char *kind = rm_entry_kind_name(entry->kind);
    uint32_t node = RM_NONE;
    rm_status st = add_node(g, RM_TRUST_NODE_ENTRY, entry->id,
                            entry->name.len > 0 ? entry->name : rm_str_from(kind), &node);
    if (st == RM_OK) {
        g->nodes.at[node].place = entry->place;
        g->nodes.at[node].parent = rm_trust_graph_find(g, g->model->drivers.at[entry->driver].id);
        st = PUT_NODE(g, node, word("request", kind), text("handler", entry->handler));
    }
    st = st == RM_OK && entry->has_code ? put_code(g, node, entry->code) : st;
    return st == RM_OK ? expose(g, entry, node) : st;
}

static rm_status add_operation(rm_trust_graph *g, uint32_t index) {
    const rm_sink_call *sink = &g->model->sinks.at[index];
    const rm_sink_class *class = rm_sink_class_find(sink->class_name);
    uint32_t node = RM_NONE;
    uint32_t edge = RM_NONE;
    rm_status st = add_node(g, RM_TRUST_NODE_OPERATION, sink->id, sink->api, &node);
    if (st == RM_OK) {
        g->nodes.at[node].place = sink->place;
        st = PUT_NODE(g, node, text("class", sink->class_name),
                      word("family", class != NULL ? class->family : NULL),
                      number("severity", class != NULL ? class->severity : 0));
    }
    if (st == RM_OK && sink->entry != RM_NONE) {
        st = add_edge(g, RM_TRUST_EDGE_REACHES,
                      rm_trust_graph_find(g, g->model->entries.at[sink->entry].id), node,
                      RM_STR_NONE, &edge);
    }
    return st != RM_OK || edge == RM_NONE
               ? st
               : PUT_EDGE(g, edge, word("validation", rm_validation_name(sink->validation)),
                          flag("validated", sink->validation == RM_VALIDATION_VALIDATED),
                          text("argument", sink->argument), text("reason", sink->reason),
                          text("source", sink->place.file), number("line", sink->place.line));
}

/* ---- who reaches them ---- */

static rm_status add_access(rm_trust_graph *g, uint32_t index) {
    const rm_access *access = &g->model->accesses.at[index];
    const bool is_device =
        access->subject_kind == RM_SUBJECT_DEVICE || access->subject_kind == RM_SUBJECT_PORT;
    uint32_t node = RM_NONE;
    uint32_t edge = RM_NONE;
    if (!is_device || access->mask == 0 || !access->dacl_grants) {
        return RM_OK;
    }
    rm_str mask = RM_STR_NONE;
    rm_status st = add_principal(g, access->principal, &node);
    st = st == RM_OK ? rm_str_printf(g->arena, &mask, "0x%X", (unsigned)access->mask) : st;
    st = st == RM_OK ? add_edge(g, RM_TRUST_EDGE_CAN_OPEN, node,
                                rm_trust_graph_find(g, g->model->devices.at[access->subject].id),
                                RM_STR_NONE, &edge)
                     : st;
    return st != RM_OK || edge == RM_NONE
               ? st
               : PUT_EDGE(g, edge, text("mask", mask), flag("read", (access->mask & 1) != 0),
                          flag("write", (access->mask & 2) != 0),
                          word("state", rm_state_name(access->state)));
}

/* One edge for each origin and first driver, with the worst path between them: they stand first. */
static rm_status add_path(rm_trust_graph *g, rm_map *seen, uint32_t index) {
    const rm_model *m = g->model;
    const rm_path *path = &m->paths.at[index];
    uint32_t from = RM_NONE;
    uint32_t edge = RM_NONE;
    uint32_t *times = NULL;
    rm_str key = RM_STR_NONE;
    rm_status st = RM_OK;
    if (path->device == RM_NONE || m->devices.at[path->device].driver == RM_NONE) {
        return RM_OK;
    }
    if (path->app != RM_NONE) {
        from = rm_trust_graph_find(g, m->apps.at[path->app].id);
    } else {
        st = add_principal(g, path->origin, &from);
    }
    const uint32_t to =
        rm_trust_graph_find(g, m->drivers.at[m->devices.at[path->device].driver].id);
    st = st == RM_OK ? rm_str_printf(g->arena, &key, "%u %u", (unsigned)from, (unsigned)to) : st;
    st = st == RM_OK ? rm_map_at(seen, key, &times, NULL) : st;
    if (st != RM_OK || (*times)++ > 0) {
        return st;
    }
    const rm_str entry = path->entry != RM_NONE ? m->entries.at[path->entry].name : RM_STR_NONE;
    st = add_edge(g, RM_TRUST_EDGE_CAN_IOCTL, from, to, entry, &edge);
    return st != RM_OK || edge == RM_NONE
               ? st
               : PUT_EDGE(g, edge, number("score", path->score),
                          word("severity", rm_severity_name(path->severity)),
                          word("validation", rm_validation_name(path->validation)),
                          flag("validated", path->validation == RM_VALIDATION_VALIDATED),
                          text("path", path->id), text("summary", path->summary));
}

static rm_status put_forward(rm_trust_graph *g, uint32_t edge, const rm_forward *f) {
    return edge == RM_NONE
               ? RM_OK
               : PUT_EDGE(g, edge, word("validation", rm_validation_name(f->validation)),
                          flag("validated", f->validation == RM_VALIDATION_VALIDATED),
                          text("via", f->via_api), text("target", f->target),
                          word("how_found", rm_found_name(f->how_found)),
                          word("requestor_mode_after", rm_mode_after_name(f->requestor_mode_after)),
                          text("source", f->place.file), number("line", f->place.line));
}

static rm_status add_forward(rm_trust_graph *g, uint32_t index) {
    const rm_model *m = g->model;
    const rm_forward *f = &m->forwards.at[index];
    const uint32_t from =
        f->from_driver != RM_NONE    ? rm_trust_graph_find(g, m->drivers.at[f->from_driver].id)
        : f->from_service != RM_NONE ? rm_trust_graph_find(g, m->services.at[f->from_service].id)
                                     : RM_NONE;
    const uint32_t to =
        f->to_driver != RM_NONE ? rm_trust_graph_find(g, m->drivers.at[f->to_driver].id) : RM_NONE;
    const uint32_t entry =
        f->entry != RM_NONE ? rm_trust_graph_find(g, m->entries.at[f->entry].id) : RM_NONE;
    const uint32_t device =
        f->to_device != RM_NONE ? rm_trust_graph_find(g, m->devices.at[f->to_device].id) : RM_NONE;
    uint32_t edge = RM_NONE;
    rm_status st = add_edge(g, RM_TRUST_EDGE_FORWARDS, from, to, f->via_api, &edge);
    st = st == RM_OK ? put_forward(g, edge, f) : st;
    st = st == RM_OK ? add_edge(g, RM_TRUST_EDGE_SENDS_ON, entry, device, f->via_api, &edge) : st;
    return st == RM_OK ? put_forward(g, edge, f) : st;
}

/* ---- the whole ---- */

/* The devices of each driver as lists, in the model's order. */
static rm_status index_devices(rm_trust_graph *g) {
    const rm_model *m = g->model;
    g->first_device = RM_NEW_ARRAY(g->arena, uint32_t, (size_t)m->drivers.count + 1);
    g->next_device = RM_NEW_ARRAY(g->arena, uint32_t, (size_t)m->devices.count + 1);
    if (g->first_device == NULL || g->next_device == NULL) {
        return RM_NOMEM;
    }
    for (uint32_t i = 0; i < m->drivers.count; i++) {
        g->first_device[i] = RM_NONE;
    }
    for (uint32_t i = m->devices.count; i-- > 0;) {
        const uint32_t driver = m->devices.at[i].driver;
        if (driver != RM_NONE) {
            g->next_device[i] = g->first_device[driver];
            g->first_device[driver] = i;
        }
    }
    return RM_OK;
}

#define EACH(list, add)                                                                            \
    for (uint32_t i = 0; st == RM_OK && i < model->list.count; i++) {                              \
        st = add(out, i);                                                                          \
    }

rm_status rm_trust_graph_build(rm_arena *arena, const rm_model *model, rm_trust_graph *out) {
    rm_map seen = {.arena = arena};
    *out = (rm_trust_graph){.arena = arena, .model = model, .ids = {.arena = arena}};
    rm_status st = index_devices(out);
    EACH(apps, add_app)
    EACH(services, add_service)
    EACH(drivers, add_driver)
    EACH(devices, add_device)
    EACH(entries, add_entry)
    EACH(sinks, add_operation)
    EACH(accesses, add_access)
    EACH(forwards, add_forward)
    for (uint32_t i = 0; st == RM_OK && i < model->paths.count; i++) {
        st = add_path(out, &seen, i);
    }
    return st;
}
