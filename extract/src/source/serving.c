#include "source/devices.h"

/*
 * Which device a handler serves. A driver object's table serves all of them; a queue serves the
 * device that it is made for, a port's callback the port, NDIS' table the device of its attributes.
 * What is not plain stays open: RM_NONE, any of the driver's devices.
 */

enum { MAX_DEPTH = 4, MAX_SITES = 8 };

/* The one device that the function makes into that variable; several rows are several names. */
static uint32_t made_into(const rm_device_reader *reader, const rm_function *function,
                          rm_str variable) {
    uint32_t found = RM_NONE;
    for (uint32_t i = 0; i < reader->made.count; i++) {
        const rm_made *made = &reader->made.at[i];
        if (made->function == function && variable.len > 0 && rm_str_eq(made->variable, variable)) {
            if (found != RM_NONE) {
                return RM_NONE;
            }
            found = made->device;
        }
    }
    return found;
}

/* The only device that a function makes in one of the ways; RM_NONE: none, or several. */
static uint32_t only_made(const rm_device_reader *reader, const rm_function *function, bool wdf,
                          rm_created by) {
    uint32_t found = RM_NONE;
    for (uint32_t i = 0; i < reader->made.count; i++) {
        const rm_made *made = &reader->made.at[i];
        if (made->function == function && (wdf ? made->wdf : made->by == by)) {
            if (found != RM_NONE) {
                return RM_NONE;
            }
            found = made->device;
        }
    }
    return found;
}

/* What an argument means: made here, or by every caller that hands it in the same one. */
static uint32_t device_meant(const rm_device_reader *reader, const rm_function *function,
                             TSNode argument, unsigned depth) {
    const rm_source_unit *unit = reader->unit;
    rm_context in = {.function = function};
    rm_call sites[MAX_SITES];
    uint32_t device = made_into(reader, function, rm_value_root_name(unit, &in, argument));
    uint32_t parameter = rm_value_parameter(unit, &in, argument);
    if (device != RM_NONE || parameter == RM_NONE || depth == MAX_DEPTH) {
        return device;
    }
    uint32_t count = rm_callers(unit, function, sites, MAX_SITES);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t of_site = device_meant(reader, sites[i].function,
                                        rm_call_argument(sites[i].node, parameter), depth + 1);
        if (of_site == RM_NONE || (i > 0 && of_site != device)) {
            return RM_NONE;
        }
        device = of_site;
    }
    return count == MAX_SITES ? RM_NONE : device;
}

uint32_t rm_device_meant(const rm_device_reader *reader, const rm_function *function,
                         TSNode expression) {
    return device_meant(reader, function, expression, 0);
}

/* config.EvtIoX = f; … WdfIoQueueCreate(device, &config, …): the first one behind. */
static uint32_t device_of_queue(const rm_device_reader *reader, const rm_function *function,
                                uint32_t at) {
    for (uint32_t i = 0; i < reader->calls.count; i++) {
        const rm_call *call = &reader->calls.at[i];
        if (call->function == function && ts_node_start_byte(call->node) > at &&
            rm_str_eq(call->name, RM_STR("WdfIoQueueCreate"))) {
            return device_meant(reader, function, rm_call_argument(call->node, 0), 0);
        }
    }
    return RM_NONE;
}

/* The one port that a wrapper makes for the call whose arguments hold the callback. */
static uint32_t device_of_site(const rm_device_reader *reader, const rm_source_file *file,
                               uint32_t at) {
    uint32_t found = RM_NONE;
    for (uint32_t i = 0; i < reader->made.count; i++) {
        const rm_made *made = &reader->made.at[i];
        if (made->by != RM_CREATED_FLTPORT || ts_node_is_null(made->site) ||
            made->site.tree != file->tree || ts_node_start_byte(made->site) > at ||
            ts_node_end_byte(made->site) <= at) {
            continue;
        }
        if (found != RM_NONE && found != made->device) {
            return RM_NONE;
        }
        found = made->device;
    }
    return found;
}

static uint32_t device_of_port(const rm_device_reader *reader, const rm_function *function,
                               uint32_t at) {
    uint32_t found = RM_NONE;
    uint32_t nearest = 0;
    bool several = false; /* a wrapper's call makes them all */
    for (uint32_t i = 0; i < reader->made.count; i++) {
        const rm_made *made = &reader->made.at[i];
        if (made->function == function && made->by == RM_CREATED_FLTPORT && made->at < at) {
            bool same = found != RM_NONE && made->at == nearest;
            several = same && (several || made->device != found);
            found = made->device;
            nearest = made->at;
        }
    }
    return several ? RM_NONE : found;
}

static uint32_t device_served(const rm_device_reader *reader, const rm_handler *h) {
    const rm_source_unit *unit = reader->unit;
    const rm_source_file *file = &unit->files.at[h->file];
    if (h->again || file->tree == NULL) {
        return RM_NONE;
    }
    TSNode node = ts_node_descendant_for_byte_range(ts_tree_root_node(file->tree), h->at, h->at);
    const rm_function *in = rm_unit_function_at(unit, h->file, node);
    if (in == h->function) { /* a lambda is a function where it stands */
        in = rm_unit_function_at(unit, h->file, ts_node_parent(h->function->node));
    }
    if (in == NULL) {
        return RM_NONE;
    }
    if (h->kind == RM_ENTRY_MESSAGE || h->port) {
        uint32_t of_site = device_of_site(reader, file, h->at);
        return of_site != RM_NONE ? of_site : device_of_port(reader, in, h->at);
    }
    if (!h->wdf) {
        return h->own_table ? only_made(reader, in, false, RM_CREATED_NDIS) : RM_NONE;
    }
    uint32_t device = device_of_queue(reader, in, h->at);
    return device != RM_NONE || h->kind != RM_ENTRY_CREATE
               ? device
               : only_made(reader, in, true, RM_CREATED_WDFDEVICECREATE);
}

void rm_source_serving(const rm_source_unit *unit, rm_handler_list *handlers) {
    for (uint32_t i = 0; unit->devices != NULL && i < handlers->count; i++) {
        handlers->at[i].device = device_served(unit->devices, &handlers->at[i]);
    }
}
