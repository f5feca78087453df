#include <string.h>

#include "source/devices.h"
#include "source/lex.h"

/* Links, interfaces and capabilities, and the device that each belongs to. */

static bool is_call(const rm_call *call, const char *name) {
    return rm_str_eq(call->name, rm_str_from(name));
}

/* ---- which device ---- */

static uint32_t device_of_name(const rm_device_reader *reader, rm_str name) {
    const rm_model *model = reader->unit->model;
    for (uint32_t i = 0; name.len > 0 && i < reader->made.count; i++) {
        uint32_t device = reader->made.at[i].device;
        if (rm_object_name_eq(model->devices.at[device].nt_name, name)) {
            return device;
        }
    }
    return RM_NONE;
}

/* Made in the function, and where both are known on the same way into it. */
static bool is_made_in(const rm_made *made, const rm_context *in) {
    return made->function == in->function &&
           (in->outer == NULL || ts_node_is_null(made->site) || ts_node_eq(made->site, in->call));
}

/* The device that the function made in that variable, else the last it made before the call. */
static uint32_t device_in_function(const rm_device_reader *reader, const rm_context *in,
                                   rm_str variable, uint32_t before) {
    uint32_t found = RM_NONE;
    for (uint32_t i = 0; i < reader->made.count; i++) {
        const rm_made *made = &reader->made.at[i];
        if (!is_made_in(made, in)) {
            continue;
        }
        if (variable.len > 0 && rm_str_eq(made->variable, variable)) {
            return made->device;
        }
        if (made->at < before) {
            found = made->device;
        }
    }
    return found;
}

/* A helper is handed the device: the one that its caller made. */
static uint32_t device_of_callers(const rm_device_reader *reader, const rm_context *in,
                                  TSNode argument) {
    rm_call callers[4];
    uint32_t parameter = rm_value_parameter(reader->unit, in, argument);
    uint32_t count = rm_callers(reader->unit, in->function, callers, 4);
    for (uint32_t i = 0; i < count; i++) {
        rm_context outer = {.function = callers[i].function};
        rm_str variable = parameter == RM_NONE
                              ? RM_STR_NONE
                              : rm_value_root_name(reader->unit, &outer,
                                                   rm_call_argument(callers[i].node, parameter));
        uint32_t device =
            device_in_function(reader, &outer, variable, ts_node_start_byte(callers[i].node));
        if (device != RM_NONE) {
            return device;
        }
    }
    return RM_NONE;
}

/* The only device of the unit that can be meant; RM_NONE when there are several. */
static uint32_t only_device(const rm_device_reader *reader, bool pnp) {
    const rm_model *model = reader->unit->model;
    uint32_t found = RM_NONE;
    for (uint32_t i = 0; i < reader->made.count; i++) {
        uint32_t device = reader->made.at[i].device;
        if (model->devices.at[device].created_by == RM_CREATED_FLTPORT ||
            (pnp && !model->devices.at[device].pnp)) {
            continue;
        }
        if (found != RM_NONE) {
            return RM_NONE;
        }
        found = device;
    }
    return found;
}

static uint32_t device_for(const rm_device_reader *reader, const rm_context *in, TSNode call,
                           TSNode argument, bool pnp) {
    rm_str variable = rm_value_root_name(reader->unit, in, argument);
    uint32_t device = device_in_function(reader, in, variable, ts_node_start_byte(call));
    if (device == RM_NONE) {
        device = device_of_callers(reader, in, argument);
    }
    return device != RM_NONE ? device : only_device(reader, pnp);
}

/* ---- links ---- */

static rm_status push_door(rm_device_reader *reader, rm_door door, rm_str name, rm_str guid) {
    rm_model *model = reader->unit->model;
    door.service = RM_NONE;
    if (door.device == RM_NONE && door.device_name.len == 0 && reader->unit->driver != RM_NONE) {
        door.device_name = model->drivers.at[reader->unit->driver].name; /* its one device */
    }
    rm_status st = rm_str_copy(model->arena, name, &door.name);
    if (st == RM_OK) {
        st = rm_str_copy(model->arena, guid, &door.class_guid);
    }
    rm_door *slot = st == RM_OK ? rm_push(model->arena, &model->doors) : NULL;
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = door;
    return RM_OK;
}

static rm_str last_part(rm_str name) {
    size_t at = 0;
    while (rm_str_find_char(name, '\\', &at)) {
        name = rm_str_slice(name, at + 1, name.len);
    }
    return name;
}

/* The one device that is called like the link: \DosDevices\X and \Device\X. */
static uint32_t device_called_alike(const rm_device_reader *reader, rm_str link) {
    const rm_model *model = reader->unit->model;
    uint32_t found = RM_NONE;
    for (uint32_t i = 0; i < reader->made.count; i++) {
        uint32_t device = reader->made.at[i].device;
        rm_str name = last_part(model->devices.at[device].nt_name);
        if (name.len > 0 && rm_str_ieq(name, last_part(link)) && device != found) {
            if (found != RM_NONE) {
                return RM_NONE;
            }
            found = device;
        }
    }
    return found;
}

static rm_status push_links(rm_device_reader *reader, const rm_values *links, uint32_t device,
                            rm_str target, rm_place place) {
    rm_door door = {.device = device, .kind = RM_DOOR_SYMLINK, .place = place};
    rm_status st = RM_OK;
    if (device == RM_NONE) {
        st = rm_str_copy(reader->unit->model->arena, target, &door.device_name);
    }
    for (uint32_t i = 0; i < links->count && st == RM_OK; i++) {
        door.state = links->at[i].pattern ? RM_STATE_DERIVED : RM_STATE_CONFIRMED;
        if (device == RM_NONE && target.len == 0) {
            door.device = device_called_alike(reader, links->at[i].text);
            door.state = door.device == RM_NONE ? door.state : RM_STATE_DERIVED;
        }
        st = push_door(reader, door, links->at[i].text, RM_STR_NONE);
    }
    if (st == RM_OK && links->count == 0) {
        door.state = RM_STATE_UNKNOWN;
        rm_diag(reader->unit->sink, RM_NOTE, place, "device-link-unknown",
                "the link's name is not known: %s",
                links->reason == NULL ? "it is NULL" : links->reason);
        st = push_door(reader, door, RM_STR_NONE, RM_STR_NONE);
    }
    return st;
}

/* IoCreateSymbolicLink(link, device's name). */
static rm_status link_in(rm_device_reader *reader, const rm_context *in, const rm_call *call) {
    rm_values links = {0};
    rm_values targets = {0};
    rm_status st = rm_values_text(reader->unit, in, rm_call_argument(call->node, 0), &links);
    if (st == RM_OK) {
        st = rm_values_text(reader->unit, in, rm_call_argument(call->node, 1), &targets);
    }
    if (st != RM_OK) {
        return st;
    }
    rm_str target = targets.count > 0 ? targets.at[0].text : RM_STR_NONE;
    uint32_t device = device_of_name(reader, target);
    TSNode none = {{0}, NULL, NULL};
    if (device == RM_NONE && target.len == 0) {
        device = device_for(reader, in, call->node, none, false);
    }
    rm_place place = rm_node_place(rm_context_file(reader->unit, in), call->node);
    if (links.count > 1 && links.count == targets.count) { /* pairs of one choice */
        for (uint32_t i = 0; i < links.count && st == RM_OK; i++) {
            rm_values one = {.at = {links.at[i]}, .count = 1};
            st = push_links(reader, &one, device_of_name(reader, targets.at[i].text),
                            targets.at[i].text, place);
        }
        return st;
    }
    return push_links(reader, &links, device, target, place);
}

static rm_status wdf_link_in(rm_device_reader *reader, const rm_context *in, const rm_call *call) {
    rm_values links = {0};
    rm_status st = rm_values_text(reader->unit, in, rm_call_argument(call->node, 1), &links);
    if (st != RM_OK) {
        return st;
    }
    uint32_t device = device_for(reader, in, call->node, rm_call_argument(call->node, 0), false);
    return push_links(reader, &links, device, RM_STR_NONE,
                      rm_node_place(rm_context_file(reader->unit, in), call->node));
}

enum { MAX_CALLERS = 16 };

/* A link, or one for each caller of the function where that passes one of `arguments`. */
static rm_status read_for_callers(rm_device_reader *reader, const rm_call *call,
                                  const uint32_t arguments[2],
                                  rm_status (*read)(rm_device_reader *reader, const rm_context *in,
                                                    const rm_call *call)) {
    rm_call callers[MAX_CALLERS];
    rm_context in = {.function = call->function};
    bool wrapper = false;
    for (size_t i = 0; i < 2; i++) {
        TSNode argument = rm_call_argument(call->node, arguments[i]);
        wrapper |= rm_value_is_of_parameter(reader->unit, &in, argument) ||
                   rm_value_is_of_caller(reader->unit, &in, argument);
    }
    uint32_t count = wrapper ? rm_callers(reader->unit, call->function, callers, MAX_CALLERS) : 0;
    if (count == 0) {
        return read(reader, &in, call);
    }
    rm_status st = RM_OK;
    for (uint32_t i = 0; i < count && st == RM_OK; i++) {
        rm_context outer = {.function = callers[i].function};
        in.call = callers[i].node;
        in.outer = &outer;
        st = read(reader, &in, call);
    }
    return st;
}

static rm_status read_link(rm_device_reader *reader, const rm_call *call) {
    static const uint32_t texts[2] = {0, 1};
    return read_for_callers(reader, call, texts, link_in);
}

static rm_status read_wdf_link(rm_device_reader *reader, const rm_call *call) {
    static const uint32_t text[2] = {1, 1};
    return read_for_callers(reader, call, text, wdf_link_in);
}

/* ---- interfaces ---- */

static rm_status read_interface(rm_device_reader *reader, const rm_call *call) {
    const rm_source_unit *unit = reader->unit;
    rm_context in = {.function = call->function};
    const rm_source_file *file = rm_context_file(unit, &in);
    bool method = is_call(call, "CreateDeviceInterface"); /* UMDF 1: pDevice->… (guid, ref) */
    TSNode argument = rm_call_argument(call->node, method ? 0 : 1);
    TSNode none = {{0}, NULL, NULL};
    TSNode holder =
        is_call(call, "WdfDeviceCreateDeviceInterface") ? rm_call_argument(call->node, 0) : none;
    rm_str guid = RM_STR_NONE;
    rm_status st = rm_value_guid(unit, &in, argument, &guid);
    if (st != RM_OK) {
        return st;
    }
    rm_door door = {.device = device_for(reader, &in, call->node, holder, true),
                    .kind = RM_DOOR_INTERFACE,
                    .state = guid.len > 0 ? RM_STATE_CONFIRMED : RM_STATE_UNKNOWN,
                    .place = rm_node_place(file, call->node)};
    rm_str name = guid.len > 0 ? guid : rm_value_root_name(unit, &in, argument);
    return push_door(reader, door, name, guid);
}

/* ---- capabilities ---- */

/* A list of strings, each ended by NUL: as words. */
static rm_status words_of(rm_arena *arena, rm_str list, rm_str *out) {
    rm_buf buf = {.arena = arena};
    for (size_t i = 0; i < list.len; i++) {
        bool end = list.ptr[i] == '\0';
        if (!end || (buf.len > 0 && buf.ptr[buf.len - 1] != ' ')) {
            rm_buf_char(&buf, end ? ' ' : list.ptr[i]);
        }
    }
    *out = rm_str_trim(rm_buf_view(&buf));
    return buf.status;
}

/* The properties that say which apps may use an interface. */
typedef enum interface_key { OTHER_KEY, CAPABILITIES_KEY, RESTRICTED_KEY } interface_key;

static interface_key key_of(const rm_source_unit *unit, const rm_context *in, TSNode argument) {
    rm_str name = rm_value_root_name(unit, in, argument);
    return rm_str_eq(name, RM_STR("DEVPKEY_DeviceInterface_UnrestrictedAppCapabilities"))
               ? CAPABILITIES_KEY
           : rm_str_eq(name, RM_STR("DEVPKEY_DeviceInterface_Restricted")) ? RESTRICTED_KEY
                                                                           : OTHER_KEY;
}

/* The interface class that property data was made for last, before the call, and its key. */
static interface_key property_class(const rm_device_reader *reader, const rm_call *assign,
                                    rm_str *guid) {
    const rm_source_unit *unit = reader->unit;
    rm_context in = {.function = assign->function};
    rm_str variable = rm_value_root_name(unit, &in, rm_call_argument(assign->node, 1));
    interface_key key = OTHER_KEY;
    for (uint32_t i = 0; i < reader->calls.count; i++) {
        const rm_call *call = &reader->calls.at[i];
        if (call->function == assign->function &&
            ts_node_start_byte(call->node) < ts_node_start_byte(assign->node) &&
            is_call(call, "WDF_DEVICE_INTERFACE_PROPERTY_DATA_INIT") &&
            rm_str_eq(rm_value_root_name(unit, &in, rm_call_argument(call->node, 0)), variable)) {
            bool named = rm_value_guid(unit, &in, rm_call_argument(call->node, 1), guid) == RM_OK;
            key = named ? key_of(unit, &in, rm_call_argument(call->node, 2)) : OTHER_KEY;
        }
    }
    return key;
}

/* Is what is given DEVPROP_TRUE? By the values that the function gives its variable. */
static rm_tri truth_of(const rm_source_unit *unit, const rm_context *in, TSNode value) {
    const rm_source_file *file = rm_context_file(unit, in);
    rm_str variable = rm_value_root_name(unit, in, value);
    rm_lexer lexer = rm_lexer_of(rm_node_text(file, in->function->body));
    rm_token before = {0};
    bool yes = false;
    bool no = false;
    for (rm_token t = rm_lex(&lexer); t.kind != RM_TOKEN_END; t = rm_lex(&lexer)) {
        if (rm_token_is(t, "=") && rm_str_eq(before.text, variable)) {
            rm_token to = rm_lex_peek(&lexer);
            yes = yes || rm_token_is(to, "DEVPROP_TRUE");
            no = no || !rm_token_is(to, "DEVPROP_TRUE");
        }
        before = t;
    }
    return yes && !no ? RM_TRI_YES : no && !yes ? RM_TRI_NO : RM_TRI_UNKNOWN;
}

static bool is_door_of(const rm_device_reader *reader, const rm_door *door, rm_str guid) {
    const rm_model *model = reader->unit->model;
    return door->device != RM_NONE &&
           model->devices.at[door->device].driver == reader->unit->driver &&
           door->kind == RM_DOOR_INTERFACE && (guid.len == 0 || rm_str_ieq(door->class_guid, guid));
}

static rm_status restrict_doors(rm_device_reader *reader, const rm_context *in, TSNode value,
                                rm_str guid) {
    rm_model *model = reader->unit->model;
    rm_tri truth = truth_of(reader->unit, in, value);
    for (uint32_t i = 0; i < model->doors.count; i++) {
        if (is_door_of(reader, &model->doors.at[i], guid)) {
            model->doors.at[i].restricted = truth;
        }
    }
    return RM_OK;
}

static rm_status add_capabilities(rm_device_reader *reader, const rm_context *in, TSNode value,
                                  rm_str guid) {
    rm_model *model = reader->unit->model;
    rm_values values = {0};
    rm_str words = RM_STR_NONE;
    rm_status st = rm_values_text(reader->unit, in, value, &values);
    if (st == RM_OK && values.count > 0) {
        st = words_of(model->arena, values.at[0].text, &words);
    }
    for (uint32_t i = 0; i < model->doors.count && st == RM_OK; i++) {
        rm_door *door = &model->doors.at[i];
        if (is_door_of(reader, door, guid)) {
            door->capabilities = words;
        }
    }
    return st;
}

static rm_status read_property(rm_device_reader *reader, const rm_call *call) {
    const rm_source_unit *unit = reader->unit;
    rm_context in = {.function = call->function};
    rm_str guid = RM_STR_NONE;
    bool wdf = is_call(call, "WdfDeviceAssignInterfaceProperty");
    interface_key key = wdf ? property_class(reader, call, &guid)
                            : key_of(unit, &in, rm_call_argument(call->node, 1));
    TSNode value = rm_call_argument(call->node, wdf ? 4 : 6);
    switch (key) {
    case CAPABILITIES_KEY: return add_capabilities(reader, &in, value, guid);
    case RESTRICTED_KEY: return restrict_doors(reader, &in, value, guid);
    case OTHER_KEY: break;
    }
    return RM_OK;
}

/* ---- the whole ---- */

static const struct {
    const char *name;
    rm_status (*read)(rm_device_reader *reader, const rm_call *call);
    bool after; /* needs the doors */
} doors[] = {
    {"IoCreateSymbolicLink", read_link, false},
    {"IoCreateUnprotectedSymbolicLink", read_link, false},
    {"WdfDeviceCreateSymbolicLink", read_wdf_link, false},
    {"IoRegisterDeviceInterface", read_interface, false},
    {"WdfDeviceCreateDeviceInterface", read_interface, false},
    {"CreateDeviceInterface", read_interface, false},
    {"WdfDeviceAssignInterfaceProperty", read_property, true},
    {"IoSetDeviceInterfacePropertyData", read_property, true},
    {"g_pIoSetDeviceInterfacePropertyData", read_property, true},
    {"pIoSetDeviceInterfacePropertyData", read_property, true},
};

static rm_status read_pass(rm_device_reader *reader, bool after) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; i < reader->calls.count; i++) {
        for (size_t k = 0; k < sizeof doors / sizeof doors[0] && st == RM_OK; k++) {
            if (doors[k].after == after && is_call(&reader->calls.at[i], doors[k].name)) {
                st = doors[k].read(reader, &reader->calls.at[i]);
            }
        }
    }
    return st;
}

rm_status rm_device_read_doors(rm_device_reader *reader) {
    rm_status st = read_pass(reader, false);
    return st == RM_OK ? read_pass(reader, true) : st;
}
