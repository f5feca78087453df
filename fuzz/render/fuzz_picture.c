/*
 * Any model, linked or damaged, gives DOT that cgraph can read: the bytes choose how many things
 * there are, what refers to what (also to nothing), and every name.
 */
#include <graphviz/cgraph.h>
#include <stdlib.h>

#include "dot.h"
#include "graph.h"
#include "mermaid.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct source {
    const uint8_t *data;
    size_t size;
} source;

static unsigned take(source *s, unsigned below) {
    if (s->size == 0) {
        return 0;
    }
    s->size--;
    return *s->data++ % below;
}

/* An index of a list, now and then one that it does not have. */
static uint32_t take_index(source *s, uint32_t count) {
    unsigned n = take(s, 32);
    return n == 31 ? RM_NONE : n >= count ? count + n % 2 - (count > 0) : n;
}

static rm_str take_text(source *s) {
    size_t length = take(s, 24);
    length = length < s->size ? length : s->size;
    rm_str text = {(const char *)s->data, length};
    s->data += length;
    s->size -= length;
    return length > 0 ? text : RM_STR_NONE;
}

static void *must(void *pointer) {
    if (pointer == NULL) {
        abort();
    }
    return pointer;
}

static void make_devices(rm_model *m, source *s) {
    for (unsigned n = take(s, 14); n > 0; n--) {
        rm_driver *driver = must(rm_push(m->arena, &m->drivers));
        driver->name = take_text(s);
        driver->mode = (rm_driver_mode)take(s, RM_DRIVER_MODE_COUNT);
    }
    for (unsigned n = take(s, 14); n > 0; n--) {
        rm_device *device = must(rm_push(m->arena, &m->devices));
        device->driver = take_index(s, m->drivers.count);
        device->nt_name = take_text(s);
        device->descriptor = take_index(s, n / 2);
        rm_descriptor *descriptor = must(rm_push(m->arena, &m->descriptors));
        descriptor->sddl = take_text(s);
        rm_door *door = must(rm_push(m->arena, &m->doors));
        door->device = take_index(s, m->devices.count);
        door->kind = (rm_door_kind)take(s, RM_DOOR_COUNT);
        door->name = take_text(s);
    }
}

static void make_entries(rm_model *m, source *s) {
    for (unsigned n = take(s, 60); n > 0; n--) {
        rm_entry *entry = must(rm_push(m->arena, &m->entries));
        entry->id = take_text(s);
        entry->driver = take_index(s, m->drivers.count);
        entry->device = take_index(s, m->devices.count);
        entry->kind = (rm_entry_kind)take(s, RM_ENTRY_COUNT);
        entry->has_code = take(s, 2) == 1;
        entry->code = take(s, 256) * 0x01010101u;
        entry->name = take_text(s);
    }
    for (unsigned n = take(s, 60); n > 0; n--) {
        rm_sink_call *sink = must(rm_push(m->arena, &m->sinks));
        sink->id = take_text(s);
        sink->entry = take_index(s, m->entries.count);
        sink->class_name = take(s, 2) == 0 ? RM_STR("msr_write") : take_text(s);
        sink->api = take_text(s);
        sink->validation = (rm_validation)take(s, RM_VALIDATION_COUNT);
    }
}

static void make_hops(rm_model *m, source *s) {
    for (unsigned n = take(s, 8); n > 0; n--) {
        rm_forward *forward = must(rm_push(m->arena, &m->forwards));
        forward->id = take_text(s);
        forward->from_driver = take_index(s, m->drivers.count);
        forward->entry = take_index(s, m->entries.count);
        forward->to_driver = take_index(s, m->drivers.count);
        forward->to_device = take_index(s, m->devices.count);
        forward->new_irp = take(s, 2) == 1;
        forward->requestor_mode_after = (rm_mode_after)take(s, RM_AFTER_COUNT);
        forward->validation = (rm_validation)take(s, RM_VALIDATION_COUNT);
    }
    for (unsigned n = take(s, 4); n > 0; n--) {
        rm_app *app = must(rm_push(m->arena, &m->apps));
        app->name = take_text(s);
        app->package = take_text(s);
        rm_service *service = must(rm_push(m->arena, &m->services));
        service->id = take_text(s);
        service->name = take_text(s);
    }
}

static rm_str node_of(const rm_model *m, source *s, rm_step_kind kind) {
    uint32_t at = take_index(s, 30);
    switch (kind) {
    case RM_STEP_ENTRY: return at < m->entries.count ? m->entries.at[at].id : RM_STR_NONE;
    case RM_STEP_FORWARD: return at < m->forwards.count ? m->forwards.at[at].id : RM_STR_NONE;
    case RM_STEP_SINK: return at < m->sinks.count ? m->sinks.at[at].id : RM_STR_NONE;
    case RM_STEP_SERVICE: return at < m->services.count ? m->services.at[at].id : RM_STR_NONE;
    case RM_STEP_ORIGIN:
    case RM_STEP_DOOR:
    case RM_STEP_DEVICE:
    case RM_STEP_CAPABILITY:
    case RM_STEP_COUNT: break;
    }
    return take_text(s);
}

static void make_paths(rm_model *m, source *s) {
    static const char *const origins[] = {"appcontainer", "system", "standard_user", "lpac"};
    while (s->size > 0 && m->paths.count < 200) {
        rm_path *path = must(rm_push(m->arena, &m->paths));
        unsigned origin = take(s, 5);
        path->origin = origin < 4 ? rm_str_from(origins[origin]) : take_text(s);
        path->app = take(s, 2) == 0 ? RM_NONE : take_index(s, m->apps.count);
        path->weakest = take(s, 2) == 0;
        path->device = take_index(s, m->devices.count);
        path->entry = take_index(s, m->entries.count);
        path->sink = take_index(s, m->sinks.count);
        path->score = take(s, 256) * 4;
        path->severity = (rm_severity)take(s, RM_SEVERITY_COUNT);
        path->validation = (rm_validation)take(s, RM_VALIDATION_COUNT);
        path->drivers = take_text(s);
        path->boundaries = take(s, 2) == 0 ? RM_STR("app_to_service > x") : take_text(s);
        for (unsigned n = take(s, 6); n > 0; n--) {
            rm_step *step = must(rm_push(m->arena, &path->steps));
            step->kind = (rm_step_kind)take(s, RM_STEP_COUNT);
            step->validation = (rm_validation)take(s, RM_VALIDATION_COUNT);
            step->node = node_of(m, s, step->kind);
        }
    }
}

static void check(rm_arena *arena, const rm_figure *figure) {
    rm_buf dot = {.arena = arena};
    rm_buf mermaid = {.arena = arena};
    rm_dot_write(figure, (rm_dot_style){.legend = true}, &dot);
    rm_mermaid_write(figure, &mermaid);
    if (dot.status != RM_OK || mermaid.status != RM_OK || figure->nodes.count > RM_FIGURE_NODES ||
        figure->edges.count > RM_FIGURE_EDGES) {
        abort();
    }
    rm_buf_char(&dot, '\0');
    Agraph_t *graph = rm_graph_read(arena, rm_str_slice(rm_buf_view(&dot), 0, dot.len - 1));
    if (graph == NULL) {
        abort();
    }
    (void)agclose(graph);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const views[][2] = {{"system", ""}, {"path", "R1"}};
    source s = {data, size < 8192 ? size : 8192};
    rm_arena *arena = must(rm_arena_new((size_t)256 << 20));
    rm_model model = {.arena = arena};
    unsigned choice = take(&s, 3);
    (void)agseterr(AGMAX);
    make_devices(&model, &s);
    make_entries(&model, &s);
    make_hops(&model, &s);
    make_paths(&model, &s);
    rm_picture_options options = {.view = rm_str_from(views[choice % 2][0]),
                                  .focus = rm_str_from(views[choice % 2][1])};
    rm_figure *figure = NULL;
    rm_status st = rm_figure_build(arena, NULL, &model, &options, choice == 2, &figure);
    if (st == RM_OK) {
        check(arena, figure);
    } else if (st != RM_USAGE) {
        abort();
    }
    rm_arena_free(arena);
    return 0;
}
