#include "source/devices.h"

#include <string.h>

#include "model/descriptor.h"

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

/* The same one again, on another way: it depends on no condition then. */
static bool has_descriptor(const rm_model *model, const rm_descriptor *row, rm_str sddl,
                           rm_str condition) {
    for (uint32_t i = 0; i < model->descriptors.count; i++) {
        rm_descriptor *known = &model->descriptors.at[i];
        if (known->subject_kind == row->subject_kind && known->subject == row->subject &&
            known->source == row->source && rm_str_eq(known->sddl, sddl)) {
            known->condition =
                rm_str_eq(known->condition, condition) ? known->condition : RM_STR_NONE;
            return true;
        }
    }
    return false;
}

rm_status rm_device_add_descriptor(rm_device_reader *reader, rm_descriptor row, rm_str sddl,
                                   rm_str condition) {
    if (has_descriptor(reader->unit->model, &row, sddl, condition)) {
        return RM_OK;
    }
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

/* A default that applies when the code gives none, although it may. */
static rm_status add_default_descriptor(rm_device_reader *reader, uint32_t device,
                                        rm_str condition) {
    const rm_device *of = &reader->unit->model->devices.at[device];
    bool wdf = of->created_by == RM_CREATED_WDFDEVICECREATE ||
               of->created_by == RM_CREATED_WDFCONTROLDEVICE ||
               of->created_by == RM_CREATED_WDFRAWPDO;
    const char *text = wdf ? rm_sddl_devobj(RM_STR("SDDL_DEVOBJ_SYS_ALL_ADM_ALL"))
                           : rm_sddl_device_default(of->device_type);
    rm_descriptor row = {.subject_kind = RM_SUBJECT_DEVICE,
                         .subject = device,
                         .source = wdf ? RM_SDDL_WDF_DEFAULT : RM_SDDL_TYPE_DEFAULT,
                         .state = RM_STATE_ASSUMED,
                         .place = of->place};
    return text == NULL ? RM_OK
                        : rm_device_add_descriptor(reader, row, rm_str_from(text), condition);
}

static rm_status add_descriptors(rm_device_reader *reader, const rm_context *in,
                                 const rm_choices *choices, uint32_t device, rm_subject kind,
                                 rm_place place) {
    rm_values values = {0};
    rm_status st = rm_choices_values(reader->unit, in, choices, &values);
    rm_descriptor row = {.subject_kind = kind, .subject = device, .source = RM_SDDL_CODE};
    bool several = values.count > 1 || values.unknown || choices->may_lack;
    for (uint32_t i = 0; i < values.count && st == RM_OK; i++) {
        row.state = values.at[i].pattern ? RM_STATE_UNKNOWN : RM_STATE_CONFIRMED;
        row.source = values.at[i].pattern ? RM_SDDL_RUNTIME : RM_SDDL_CODE;
        row.place = values.at[i].place;
        st = rm_device_add_descriptor(reader, row, values.at[i].text,
                                      several ? values.at[i].condition : RM_STR_NONE);
    }
    if (st == RM_OK && values.unknown) {
        row.state = RM_STATE_UNKNOWN;
        row.source = RM_SDDL_RUNTIME;
        row.place = place;
        rm_diag(reader->unit->sink, RM_NOTE, place, "device-sddl-unknown",
                "the descriptor is not known: %s", values.reason);
        st = rm_device_add_descriptor(reader, row, RM_STR_NONE, rm_str_from(values.reason));
    }
    if (st == RM_OK && choices->may_lack && kind == RM_SUBJECT_DEVICE) {
        st = add_default_descriptor(reader, device, RM_STR("the code gives none"));
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
        device->characteristics_known &= !c->characteristics_open;
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
    if (!ts_node_is_null(c->type) && !c->type_open &&
        rm_value_number(unit, within(c->type_in, in), c->type, &value)) {
        device->device_type = (uint32_t)value;
    }
    read_characteristics(unit, in, c, rm_value_root_name(unit, in, c->variable), device);
    bool known = !ts_node_is_null(c->exclusive) && !c->exclusive_open &&
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

static rm_status note_made(rm_device_reader *reader, const rm_context *in, TSNode call,
                           const rm_creation *c, uint32_t device) {
    rm_source_unit *unit = reader->unit;
    rm_made *made = rm_push(unit->arena, &reader->made);
    if (made == NULL) {
        return RM_NOMEM;
    }
    *made = (rm_made){.device = device,
                      .function = in->function,
                      .at = ts_node_start_byte(call),
                      .site = in->outer != NULL ? in->call : (TSNode){{0}, NULL, NULL},
                      .variable = rm_value_root_name(unit, in, c->variable),
                      .by = c->created_by,
                      .described = c->sddls.count > 0 && !c->sddls.may_lack,
                      .wdf = c->created_by == RM_CREATED_WDFDEVICECREATE ||
                             c->created_by == RM_CREATED_WDFCONTROLDEVICE ||
                             c->created_by == RM_CREATED_WDFRAWPDO};
    return RM_OK;
}

static rm_status push_device(rm_device_reader *reader, const rm_context *in, TSNode call,
                             const rm_creation *c, rm_device device) {
    rm_source_unit *unit = reader->unit;
    rm_device *slot = rm_push(unit->model->arena, &unit->model->devices);
    if (slot == NULL) {
        return RM_NOMEM;
    }
    uint32_t index = unit->model->devices.count - 1;
    *slot = device;
    rm_status st = note_made(reader, in, call, c, index);
    rm_subject kind = c->created_by == RM_CREATED_FLTPORT ? RM_SUBJECT_PORT : RM_SUBJECT_DEVICE;
    if (st == RM_OK) {
        st = add_descriptors(reader, in, &c->sddls, index, kind, device.place);
    }
    return st == RM_OK && device.nt_name.len > 0 ? add_name_door(reader, index) : st;
}

/* ---- one name, several calls ---- */

/* The device that another call makes under this very name: at most one of both does. */
static const rm_made *made_under(const rm_device_reader *reader, const rm_device *device) {
    const rm_model *model = reader->unit->model;
    for (uint32_t i = 0; i < reader->made.count; i++) {
        const rm_device *known = &model->devices.at[reader->made.at[i].device];
        bool port = known->created_by == RM_CREATED_FLTPORT;
        if (device->nt_name.len > 0 && !device->name_unknown && !known->name_unknown &&
            port == (device->created_by == RM_CREATED_FLTPORT) &&
            rm_object_name_eq(known->nt_name, device->nt_name)) {
            return &reader->made.at[i];
        }
    }
    return NULL;
}

/* What the forms do not agree on, is not known; a flag that one lacks may be missing. */
static void weaken(rm_device *known, const rm_device *other) {
    known->characteristics &= other->characteristics;
    known->characteristics_known &= other->characteristics_known;
    known->exclusive = known->exclusive == other->exclusive ? known->exclusive : RM_TRI_UNKNOWN;
    known->pnp &= other->pnp;
    known->device_type = known->device_type == other->device_type ? known->device_type : 0;
    known->class_guid = known->class_guid.len > 0 ? known->class_guid : other->class_guid;
    if (other->created_by == RM_CREATED_IOCREATEDEVICE) {
        known->created_by = other->created_by;
    }
}

static rm_status condition_of_call(const rm_device_reader *reader, const rm_context *in,
                                   TSNode call, rm_str *out) {
    rm_passage passage;
    rm_status st = rm_passage_of(reader->unit->arena, rm_context_file(reader->unit, in), call,
                                 UINT32_MAX, RM_STR_NONE, &passage);
    *out = passage.condition.len > 0 ? passage.condition : RM_STR("another call makes it");
    return st;
}

static rm_status merge_forms(rm_device_reader *reader, const rm_context *in, TSNode call,
                             const rm_creation *c, const rm_device *device, rm_made made) {
    rm_model *model = reader->unit->model;
    rm_str condition = RM_STR_NONE;
    uint32_t before = model->descriptors.count;
    bool described = c->sddls.count > 0;
    weaken(&model->devices.at[made.device], device);
    rm_status st = condition_of_call(reader, in, call, &condition);
    if (st == RM_OK && described) {
        st = add_descriptors(reader, in, &c->sddls, made.device, RM_SUBJECT_DEVICE, device->place);
    }
    for (uint32_t i = before; i < model->descriptors.count && st == RM_OK; i++) {
        rm_str *when = &model->descriptors.at[i].condition;
        st = when->len > 0 ? RM_OK : copy(reader->unit, condition, when);
    }
    if (st == RM_OK && described != made.described && c->created_by != RM_CREATED_FLTPORT) {
        st = add_default_descriptor(reader, made.device,
                                    described ? RM_STR("another call makes it") : condition);
    }
    return st == RM_OK ? note_made(reader, in, call, c, made.device) : st;
}

/* A helper that several functions call makes a device for each; nothing tells them apart. */
static bool is_made_alike(const rm_device_reader *reader, const rm_context *in, TSNode call,
                          const rm_creation *c) {
    for (uint32_t i = 0; in->outer != NULL && i < reader->made.count; i++) {
        const rm_made *made = &reader->made.at[i];
        if (made->function == in->function && made->at == ts_node_start_byte(call) &&
            c->names.count == 0 && c->sddls.count == 0 &&
            reader->unit->model->devices.at[made->device].nt_name.len == 0) {
            return true;
        }
    }
    return false;
}

static rm_status push_named(rm_device_reader *reader, const rm_context *in, TSNode call,
                            const rm_creation *c, const rm_device *plain, const rm_values *names) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; i < names->count && st == RM_OK; i++) {
        rm_device device = *plain;
        device.name_unknown = names->at[i].pattern;
        device.state =
            names->at[i].pattern || names->unknown ? RM_STATE_DERIVED : RM_STATE_CONFIRMED;
        st = copy(reader->unit, names->at[i].text, &device.nt_name);
        if (st == RM_OK) {
            const rm_made *made = made_under(reader, &device);
            st = made != NULL ? merge_forms(reader, in, call, c, &device, *made)
                              : push_device(reader, in, call, c, device);
        }
    }
    return st;
}

rm_status rm_device_add(rm_device_reader *reader, const rm_context *in, TSNode call,
                        const rm_creation *c) {
    rm_device device;
    rm_values names = {0};
    rm_status st = describe(reader, in, call, c, &device);
    if (st == RM_OK) {
        st = rm_choices_values(reader->unit, in, &c->names, &names);
    }
    if (st == RM_OK && names.unknown) {
        rm_diag(reader->unit->sink, RM_NOTE, device.place, "device-name-unknown",
                "the device's name is not known%s: %s", names.count > 0 ? " in every case" : "",
                names.reason);
    }
    if (st != RM_OK || is_made_alike(reader, in, call, c)) {
        return st;
    }
    if (names.count > 0) {
        return push_named(reader, in, call, c, &device, &names);
    }
    device.name_unknown = names.unknown;
    device.state = names.unknown ? RM_STATE_UNKNOWN : RM_STATE_CONFIRMED;
    return push_device(reader, in, call, c, device);
}

/* ---- IoCreateDevice and its secure form ---- */

static rm_status create_in(rm_device_reader *reader, const rm_context *in, const rm_call *call) {
    const rm_source_file *file = rm_context_file(reader->unit, in);
    bool secure = rm_str_iends(call->name, RM_STR("Secure"));
    rm_creation c = {.created_by =
                         secure ? RM_CREATED_IOCREATEDEVICESECURE : RM_CREATED_IOCREATEDEVICE,
                     .names = rm_choice_of(rm_call_argument(call->node, 2)),
                     .type = rm_call_argument(call->node, 3),
                     .characteristics = rm_call_argument(call->node, 4),
                     .exclusive = rm_call_argument(call->node, 5),
                     .variable = rm_call_argument(call->node, secure ? 8 : 6)};
    if (secure) {
        c.sddls = rm_choice_of(rm_call_argument(call->node, 6));
        c.class_guid = rm_call_argument(call->node, 7);
    }
    c.pnp = rm_device_is_pnp(reader->unit, in->function);
    c.filter = c.pnp && looks_like_filter(file, c.type);
    return rm_device_add(reader, in, call->node, &c);
}

/* A wrapper passes on a name or a descriptor of its own parameters: once for each caller. */
static bool is_wrapper(rm_device_reader *reader, const rm_context *in, const rm_call *call) {
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

static rm_status read_create(rm_device_reader *reader, const rm_call *call) {
    static const rm_maker maker = {is_wrapper, create_in};
    return rm_device_for_callers(reader, &maker, call);
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
        st = rm_device_read_set(&reader);
    }
    if (st == RM_OK) {
        st = rm_device_read_doors(&reader);
    }
    return st == RM_OK ? keep_reader(unit, &reader) : st;
}
