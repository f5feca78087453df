#include "source/devices.h"

#include <string.h>

/* Which calls are looked at: the beginnings of their names. */
static const char *const prefixes[] = {"IoCreate",
                                       "WdmlibIoCreate",
                                       "IoRegisterDeviceInterface",
                                       "IoSetDeviceInterfaceProperty",
                                       "g_pIoSetDeviceInterfaceProperty", /* found at run time */
                                       "pIoSetDeviceInterfaceProperty",
                                       "Wdf",
                                       "WDF_DEVICE_INTERFACE_PROPERTY_DATA_INIT",
                                       "NdisRegisterDeviceEx",
                                       "NdisMRegisterDevice",
                                       "FltCreateCommunicationPort",
                                       "CreateDeviceInterface",
                                       NULL};

static rm_status copy(const rm_source_unit *unit, rm_str text, rm_str *out) {
    return rm_str_copy(unit->model->arena, text, out);
}

/* ---- descriptors ---- */

static const rm_context *within(const rm_context *own, const rm_context *creating) {
    return own != NULL ? own : creating;
}

static rm_status add_descriptor(rm_device_reader *reader, rm_descriptor row, rm_str sddl,
                                rm_str condition) {
    row.outranked_by = RM_NONE;
    rm_status st = copy(reader->unit, sddl, &row.sddl);
    if (st == RM_OK) {
        st = copy(reader->unit, condition, &row.condition);
    }
    if (st != RM_OK) {
        return st;
    }
    rm_descriptor *slot = rm_push(reader->unit->model->arena, &reader->unit->model->descriptors);
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = row;
    return RM_OK;
}

rm_status rm_device_add_descriptors(rm_device_reader *reader, const rm_context *in, TSNode sddl,
                                    uint32_t device, rm_subject kind, rm_place place) {
    rm_values values = {0};
    if (ts_node_is_null(sddl)) {
        return RM_OK;
    }
    rm_status st = rm_values_text(reader->unit, in, sddl, &values);
    rm_descriptor row = {.subject_kind = kind, .subject = device, .source = RM_SDDL_CODE};
    for (uint32_t i = 0; i < values.count && st == RM_OK; i++) {
        row.state = values.at[i].pattern ? RM_STATE_UNKNOWN : RM_STATE_CONFIRMED;
        row.source = values.at[i].pattern ? RM_SDDL_RUNTIME : RM_SDDL_CODE;
        row.place = values.at[i].place;
        st = add_descriptor(reader, row, values.at[i].text,
                            values.count > 1 || values.unknown ? values.at[i].condition
                                                               : RM_STR_NONE);
    }
    if (st == RM_OK && values.unknown) {
        row.state = RM_STATE_UNKNOWN;
        row.source = RM_SDDL_RUNTIME;
        row.place = place;
        rm_diag(reader->unit->sink, RM_NOTE, place, "device-sddl-unknown",
                "the descriptor is not known: %s", values.reason);
        st = add_descriptor(reader, row, RM_STR_NONE, rm_str_from(values.reason));
    }
    return st;
}

/* ---- PnP ---- */

static bool function_mentions(const rm_source_unit *unit, const rm_function *function,
                              const char *word) {
    size_t at = 0;
    const rm_source_file *file = &unit->files.at[function->file];
    return rm_str_find(rm_str_slice(file->clean, ts_node_start_byte(function->body),
                                    ts_node_end_byte(function->body)),
                       rm_str_from(word), &at);
}

static bool is_add_device(const rm_source_unit *unit, const rm_function *function) {
    for (uint32_t f = 0; f < unit->files.count; f++) {
        const rm_source_file *file = &unit->files.at[f];
        uint32_t at = 0;
        for (;;) {
            TSNode node = rm_next_occurrence(file, function->name, &at, (uint32_t)file->clean.len);
            if (ts_node_is_null(node)) {
                break;
            }
            TSNode parent = rm_value_root(ts_node_parent(node));
            rm_str left = rm_node_text(file, rm_node_field(parent, "left"));
            if (rm_node_is(parent, "assignment_expression") &&
                rm_str_iends(left, RM_STR("AddDevice"))) {
                return true;
            }
        }
    }
    return false;
}

bool rm_device_is_pnp(const rm_source_unit *unit, const rm_function *function) {
    return function_mentions(unit, function, "IoAttachDeviceToDeviceStack") ||
           is_add_device(unit, function);
}

/* A filter takes type and characteristics from the device below it. */
static bool looks_like_filter(const rm_source_file *file, TSNode type) {
    rm_str text = rm_node_text(file, type);
    size_t at = 0;
    return rm_str_find(text, RM_STR("->DeviceType"), &at);
}

/* ---- devices ---- */

static rm_tri as_tri(bool known, int64_t value) {
    return !known ? RM_TRI_UNKNOWN : value != 0 ? RM_TRI_YES : RM_TRI_NO;
}

/* device->Characteristics |= … behind the call. */
static uint32_t characteristics_set_later(const rm_source_unit *unit, const rm_context *in,
                                          rm_str variable, bool *unknown) {
    const rm_source_file *file = rm_context_file(unit, in);
    uint32_t at = ts_node_start_byte(in->function->body);
    uint32_t end = ts_node_end_byte(in->function->body);
    uint32_t bits = 0;
    for (;;) {
        TSNode node = rm_next_occurrence(file, RM_STR("Characteristics"), &at, end);
        if (ts_node_is_null(node)) {
            return bits;
        }
        TSNode member = ts_node_parent(node);
        TSNode assignment = ts_node_parent(member);
        int64_t value = 0;
        if (rm_node_is(assignment, "assignment_expression") &&
            ts_node_eq(rm_node_field(assignment, "left"), member) &&
            rm_str_eq(rm_value_root_name(unit, in, rm_node_field(member, "argument")), variable)) {
            bool known = rm_value_number(unit, in, rm_node_field(assignment, "right"), &value);
            *unknown |= !known;
            bits |= known ? (uint32_t)value : 0;
        }
    }
}

static void read_characteristics(const rm_source_unit *unit, const rm_context *in,
                                 const rm_creation *c, rm_str variable, rm_device *device) {
    int64_t value = 0;
    bool unknown = false;
    device->characteristics_known = c->framework_defaults && !c->filter;
    if (!ts_node_is_null(c->characteristics)) {
        device->characteristics_known =
            rm_value_number(unit, within(c->characteristics_in, in), c->characteristics, &value);
        device->characteristics = device->characteristics_known ? (uint32_t)value : 0;
    }
    if (variable.len > 0 && function_mentions(unit, in->function, "->Characteristics")) {
        device->characteristics |= characteristics_set_later(unit, in, variable, &unknown);
        device->characteristics_known &= !unknown;
    }
}

static rm_status describe(rm_device_reader *reader, const rm_context *in, TSNode call,
                          const rm_creation *c, rm_device *device) {
    const rm_source_unit *unit = reader->unit;
    const rm_source_file *file = rm_context_file(unit, in);
    rm_str guid = RM_STR_NONE;
    int64_t value = 0;
    *device = (rm_device){.driver = unit->driver,
                          .created_by = c->created_by,
                          .pnp = c->pnp,
                          .filter = c->filter,
                          .secure_open = RM_TRI_UNKNOWN,
                          .descriptor = RM_NONE,
                          .place = rm_node_place(file, call)};
    if (!ts_node_is_null(c->type) &&
        rm_value_number(unit, within(c->type_in, in), c->type, &value)) {
        device->device_type = (uint32_t)value;
    }
    read_characteristics(unit, in, c, rm_value_root_name(unit, in, c->variable), device);
    bool known = !ts_node_is_null(c->exclusive) &&
                 rm_value_number(unit, within(c->exclusive_in, in), c->exclusive, &value);
    device->exclusive =
        c->framework_defaults && ts_node_is_null(c->exclusive) ? RM_TRI_NO : as_tri(known, value);
    rm_status st = rm_value_guid(unit, within(c->class_in, in), c->class_guid, &guid);
    return st == RM_OK ? copy(unit, guid, &device->class_guid) : st;
}

static rm_status add_name_door(rm_device_reader *reader, uint32_t index) {
    rm_model *model = reader->unit->model;
    const rm_device *device = &model->devices.at[index];
    rm_door row = {.device = index,
                   .service = RM_NONE,
                   .kind = device->created_by == RM_CREATED_FLTPORT ? RM_DOOR_COMM_PORT
                                                                    : RM_DOOR_NT_NAME,
                   .name = device->nt_name,
                   .state = device->state,
                   .place = device->place};
    rm_door *slot = rm_push(model->arena, &model->doors);
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = row;
    return RM_OK;
}

static rm_status push_device(rm_device_reader *reader, const rm_context *in, TSNode call,
                             const rm_creation *c, rm_device device) {
    rm_source_unit *unit = reader->unit;
    rm_device *slot = rm_push(unit->model->arena, &unit->model->devices);
    rm_made *made = slot == NULL ? NULL : rm_push(unit->arena, &reader->made);
    if (made == NULL) {
        return RM_NOMEM;
    }
    uint32_t index = unit->model->devices.count - 1;
    *slot = device;
    *made = (rm_made){.device = index,
                      .function = in->function,
                      .at = ts_node_start_byte(call),
                      .variable = rm_value_root_name(unit, in, c->variable),
                      .by = c->created_by,
                      .wdf = c->created_by == RM_CREATED_WDFDEVICECREATE ||
                             c->created_by == RM_CREATED_WDFCONTROLDEVICE ||
                             c->created_by == RM_CREATED_WDFRAWPDO};
    rm_subject kind = c->created_by == RM_CREATED_FLTPORT ? RM_SUBJECT_PORT : RM_SUBJECT_DEVICE;
    rm_status st = rm_device_add_descriptors(reader, within(c->sddl_in, in), c->sddl, index, kind,
                                             device.place);
    return st == RM_OK && device.nt_name.len > 0 ? add_name_door(reader, index) : st;
}

static rm_status push_named(rm_device_reader *reader, const rm_context *in, TSNode call,
                            const rm_creation *c, const rm_device *plain, const rm_values *names) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; i < names->count && st == RM_OK; i++) {
        rm_device device = *plain;
        device.name_unknown = names->at[i].pattern;
        device.state = names->at[i].pattern ? RM_STATE_DERIVED : RM_STATE_CONFIRMED;
        st = copy(reader->unit, names->at[i].text, &device.nt_name);
        if (st == RM_OK) {
            st = push_device(reader, in, call, c, device);
        }
    }
    return st;
}

rm_status rm_device_add(rm_device_reader *reader, const rm_context *in, TSNode call,
                        const rm_creation *c) {
    rm_device device;
    rm_values names = {.null = c->unnamed};
    rm_status st = describe(reader, in, call, c, &device);
    if (st == RM_OK && !c->unnamed) {
        st = rm_values_text(reader->unit, within(c->name_in, in), c->name, &names);
    }
    if (st == RM_OK && names.count > 0) {
        return push_named(reader, in, call, c, &device, &names);
    }
    device.name_unknown = names.unknown;
    device.state = names.unknown ? RM_STATE_UNKNOWN : RM_STATE_CONFIRMED;
    if (names.unknown) {
        rm_diag(reader->unit->sink, RM_NOTE, device.place, "device-name-unknown",
                "the device's name is not known: %s", names.reason);
    }
    return st == RM_OK ? push_device(reader, in, call, c, device) : st;
}

/* ---- IoCreateDevice and its secure form ---- */

static rm_status create_in(rm_device_reader *reader, const rm_context *in, const rm_call *call) {
    const rm_source_file *file = rm_context_file(reader->unit, in);
    bool secure = rm_str_iends(call->name, RM_STR("Secure"));
    rm_creation c = {.created_by =
                         secure ? RM_CREATED_IOCREATEDEVICESECURE : RM_CREATED_IOCREATEDEVICE,
                     .name = rm_call_argument(call->node, 2),
                     .type = rm_call_argument(call->node, 3),
                     .characteristics = rm_call_argument(call->node, 4),
                     .exclusive = rm_call_argument(call->node, 5),
                     .variable = rm_call_argument(call->node, secure ? 8 : 6)};
    if (secure) {
        c.sddl = rm_call_argument(call->node, 6);
        c.class_guid = rm_call_argument(call->node, 7);
    }
    c.pnp = rm_device_is_pnp(reader->unit, in->function);
    c.filter = c.pnp && looks_like_filter(file, c.type);
    return rm_device_add(reader, in, call->node, &c);
}

/* A wrapper passes on a name or a descriptor of its own parameters: once for each caller. */
static bool is_wrapper(const rm_device_reader *reader, const rm_context *in, const rm_call *call) {
    const rm_source_unit *unit = reader->unit;
    bool secure = rm_str_iends(call->name, RM_STR("Secure"));
    TSNode name = rm_call_argument(call->node, 2);
    for (uint32_t i = 3; in->outer == NULL && i <= 5; i++) {
        TSNode argument = rm_call_argument(call->node, i);
        if (!ts_node_is_null(argument) && rm_value_parameter(unit, in, argument) != RM_NONE) {
            return true;
        }
    }
    return (in->outer == NULL && !ts_node_is_null(name) &&
            rm_value_is_of_parameter(unit, in, name)) ||
           rm_value_is_of_caller(unit, in, name) ||
           (secure && rm_value_is_of_caller(unit, in, rm_call_argument(call->node, 6)));
}

enum { MAX_CALLERS = 16, MAX_WRAPPERS = 3 };

/* The wrapper's call `in`, entered from `outermost`, for each way that callers come to that. */
static rm_status create_for(rm_device_reader *reader, const rm_context *in, const rm_call *call,
                            rm_context *outermost, unsigned depth) {
    rm_call callers[MAX_CALLERS];
    uint32_t count = depth < MAX_WRAPPERS && is_wrapper(reader, in, call)
                         ? rm_callers(reader->unit, outermost->function, callers, MAX_CALLERS)
                         : 0;
    if (count == 0) {
        return create_in(reader, in, call);
    }
    rm_status st = RM_OK;
    for (uint32_t i = 0; i < count && st == RM_OK; i++) {
        rm_context outer = {.function = callers[i].function};
        outermost->call = callers[i].node;
        outermost->outer = &outer;
        st = create_for(reader, in, call, &outer, depth + 1);
    }
    outermost->outer = NULL;
    return st;
}

static rm_status read_create(rm_device_reader *reader, const rm_call *call) {
    rm_context in = {.function = call->function};
    return create_for(reader, &in, call, &in, 0);
}

/* ---- the whole ---- */

static const struct {
    const char *name;
    rm_status (*read)(rm_device_reader *reader, const rm_call *call);
} creators[] = {
    {"IoCreateDevice", read_create},
    {"IoCreateDeviceSecure", read_create},
    {"WdmlibIoCreateDeviceSecure", read_create},
    {"WdfDeviceCreate", rm_device_read_wdf},
    {"NdisRegisterDeviceEx", rm_device_read_ndis},
    {"NdisMRegisterDevice", rm_device_read_ndis},
    {"FltCreateCommunicationPort", rm_device_read_port},
};

static rm_status read_creation(rm_device_reader *reader, const rm_call *call) {
    for (size_t i = 0; i < sizeof creators / sizeof creators[0]; i++) {
        if (rm_str_eq(call->name, rm_str_from(creators[i].name))) {
            return creators[i].read(reader, call);
        }
    }
    return RM_OK;
}

static bool may_hold_calls(const rm_source_unit *unit, const rm_function *function) {
    return (unit->set->files.at[unit->files.at[function->file].in_set].scan.words &
            RM_WORD_DEVICE) != 0;
}

/* Kept for who asks later what serves which of them. */
static rm_status keep_reader(rm_source_unit *unit, const rm_device_reader *reader) {
    rm_device_reader *kept = RM_NEW(unit->arena, rm_device_reader);
    if (kept == NULL) {
        return RM_NOMEM;
    }
    *kept = *reader;
    unit->devices = kept;
    return RM_OK;
}

rm_status rm_source_devices(rm_source_unit *unit) {
    rm_device_reader reader = {.unit = unit};
    rm_status st = RM_OK;
    rm_source_framework(unit);
    for (uint32_t i = 0; i < unit->functions.count && st == RM_OK; i++) {
        if (may_hold_calls(unit, &unit->functions.at[i])) {
            st =
                rm_calls_within(unit, unit->arena, &unit->functions.at[i], prefixes, &reader.calls);
        }
    }
    for (uint32_t i = 0; i < reader.calls.count && st == RM_OK; i++) {
        st = read_creation(&reader, &reader.calls.at[i]);
    }
    for (uint32_t i = 0; i < reader.calls.count && st == RM_OK; i++) {
        if (rm_str_eq(reader.calls.at[i].name, RM_STR("WdfControlDeviceInitAllocate"))) {
            st = rm_device_read_allocation(&reader, &reader.calls.at[i]);
        }
    }
    if (st == RM_OK) {
        st = rm_device_read_doors(&reader);
    }
    return st == RM_OK ? keep_reader(unit, &reader) : st;
}
