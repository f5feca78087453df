#include <string.h>

#include "source/devices.h"

/* Devices that other frameworks make for a driver: NDIS control devices, minifilter ports. */

/* The value that the function assigns to variable.member or variable->member before `end`. */
static TSNode member_value(const rm_source_unit *unit, const rm_context *in, rm_str variable,
                           const char *member, uint32_t end) {
    const rm_source_file *file = rm_context_file(unit, in);
    uint32_t at = ts_node_start_byte(in->function->body);
    TSNode found = {{0}, NULL, NULL};
    for (;;) {
        TSNode node = rm_next_occurrence(file, rm_str_from(member), &at, end);
        if (ts_node_is_null(node)) {
            return found;
        }
        TSNode whole = ts_node_parent(node);
        TSNode assignment = ts_node_parent(whole);
        if (rm_node_is(whole, "field_expression") &&
            rm_node_is(assignment, "assignment_expression") &&
            ts_node_eq(rm_node_field(assignment, "left"), whole) &&
            rm_str_eq(rm_value_root_name(unit, in, rm_node_field(whole, "argument")), variable)) {
            found = rm_node_field(assignment, "right");
        }
    }
}

static rm_status add_link(rm_device_reader *reader, const rm_context *in, TSNode link,
                          uint32_t first) {
    rm_source_unit *unit = reader->unit;
    rm_values values = {0};
    if (ts_node_is_null(link) || reader->made.count == first) {
        return RM_OK;
    }
    rm_status st = rm_values_text(unit, in, link, &values);
    for (uint32_t i = 0; i < values.count && st == RM_OK; i++) {
        rm_door *door = rm_push(unit->model->arena, &unit->model->doors);
        if (door == NULL) {
            return RM_NOMEM;
        }
        *door = (rm_door){.device = reader->made.at[first].device,
                          .service = RM_NONE,
                          .kind = RM_DOOR_SYMLINK,
                          .state = RM_STATE_CONFIRMED,
                          .place = rm_node_place(rm_context_file(unit, in), link)};
        st = rm_str_copy(unit->model->arena, values.at[i].text, &door->name);
    }
    return st;
}

rm_status rm_device_read_ndis(rm_device_reader *reader, const rm_call *call) {
    const rm_source_unit *unit = reader->unit;
    rm_context in = {.function = call->function};
    uint32_t end = ts_node_start_byte(call->node);
    uint32_t first = reader->made.count;
    bool extended = rm_str_eq(call->name, RM_STR("NdisRegisterDeviceEx"));
    rm_creation c = {.created_by = RM_CREATED_NDIS};
    TSNode link = rm_call_argument(call->node, 2);
    if (extended) {
        rm_str attributes = rm_value_root_name(unit, &in, rm_call_argument(call->node, 1));
        c.name = member_value(unit, &in, attributes, "DeviceName", end);
        c.sddl = member_value(unit, &in, attributes, "DefaultSDDLString", end);
        c.class_guid = member_value(unit, &in, attributes, "DeviceClassGuid", end);
        link = member_value(unit, &in, attributes, "SymbolicName", end);
        c.variable = rm_call_argument(call->node, 2);
    } else {
        c.name = rm_call_argument(call->node, 1);
        c.variable = rm_call_argument(call->node, 4);
    }
    c.unnamed = ts_node_is_null(c.name);
    rm_status st = rm_device_add(reader, &in, call->node, &c);
    return st == RM_OK ? add_link(reader, &in, link, first) : st;
}

/* ---- minifilter ports ---- */

/* InitializeObjectAttributes(&oa, &name, attributes, root, sd) before the call. */
static TSNode attributes_call(const rm_source_unit *unit, const rm_context *in, rm_str variable,
                              uint32_t end) {
    const rm_source_file *file = rm_context_file(unit, in);
    uint32_t at = ts_node_start_byte(in->function->body);
    TSNode found = {{0}, NULL, NULL};
    for (;;) {
        TSNode node = rm_next_occurrence(file, RM_STR("InitializeObjectAttributes"), &at, end);
        if (ts_node_is_null(node)) {
            return found;
        }
        TSNode call = ts_node_parent(node);
        if (rm_node_is(call, "call_expression") &&
            rm_str_eq(rm_value_root_name(unit, in, rm_call_argument(call, 0)), variable)) {
            found = call;
        }
    }
}

/* The last call of `name` in the function, before `end`, whose argument `index` is the variable. */
static TSNode call_on(const rm_source_unit *unit, const rm_context *in, const char *name,
                      uint32_t index, rm_str variable, uint32_t end) {
    const rm_source_file *file = rm_context_file(unit, in);
    uint32_t at = ts_node_start_byte(in->function->body);
    TSNode found = {{0}, NULL, NULL};
    for (;;) {
        TSNode node = rm_next_occurrence(file, rm_str_from(name), &at, end);
        TSNode call = ts_node_is_null(node) ? node : ts_node_parent(node);
        if (ts_node_is_null(node)) {
            return found;
        }
        if (rm_node_is(call, "call_expression") &&
            rm_str_eq(rm_value_root_name(unit, in, rm_call_argument(call, index)), variable)) {
            found = call;
        }
    }
}

static rm_status push_port_descriptor(rm_device_reader *reader, uint32_t device, const char *sddl,
                                      rm_state state, rm_place place) {
    rm_model *model = reader->unit->model;
    rm_descriptor *row = rm_push(model->arena, &model->descriptors);
    if (row == NULL) {
        return RM_NOMEM;
    }
    *row = (rm_descriptor){.subject_kind = RM_SUBJECT_PORT,
                           .subject = device,
                           .sddl = rm_str_from(sddl),
                           .source = sddl[0] == '\0' ? RM_SDDL_RUNTIME : RM_SDDL_CODE,
                           .outranked_by = RM_NONE,
                           .state = state,
                           .place = place};
    return RM_OK;
}

/*
 * FltBuildDefaultSecurityDescriptor gives system and administrators the access asked for (Windows:
 * "FltBuildDefaultSecurityDescriptor"); a DACL set to NULL after
 * that and before the port is made admits everyone.
 */
static rm_status read_port_descriptor(rm_device_reader *reader, const rm_context *in,
                                      uint32_t device, TSNode descriptor, TSNode creation) {
    const rm_source_unit *unit = reader->unit;
    const rm_source_file *file = rm_context_file(unit, in);
    rm_str variable = rm_value_root_name(unit, in, descriptor);
    rm_place place = rm_node_place(file, creation);
    uint32_t end = ts_node_start_byte(creation);
    if (rm_str_eq(variable, RM_STR("NULL")) || rm_node_is(descriptor, "null")) {
        return push_port_descriptor(reader, device, "", RM_STATE_UNKNOWN, place);
    }
    TSNode built = call_on(unit, in, "FltBuildDefaultSecurityDescriptor", 0, variable, end);
    TSNode dacl = call_on(unit, in, "RtlSetDaclSecurityDescriptor", 0, variable, end);
    TSNode acl = ts_node_is_null(dacl) ? dacl : rm_call_argument(dacl, 2);
    if (!ts_node_is_null(dacl)) {
        bool null = rm_node_is(rm_value_root(acl), "null");
        return push_port_descriptor(reader, device, null ? "D:NO_ACCESS_CONTROL" : "",
                                    null ? RM_STATE_CONFIRMED : RM_STATE_UNKNOWN,
                                    rm_node_place(file, dacl));
    }
    if (ts_node_is_null(built)) {
        return push_port_descriptor(reader, device, "", RM_STATE_UNKNOWN, place);
    }
    return push_port_descriptor(reader, device, "D:P(A;;0x1f0001;;;SY)(A;;0x1f0001;;;BA)",
                                RM_STATE_CONFIRMED, rm_node_place(file, built));
}

rm_status rm_device_read_port(rm_device_reader *reader, const rm_call *call) {
    const rm_source_unit *unit = reader->unit;
    rm_context in = {.function = call->function};
    rm_str variable = rm_value_root_name(unit, &in, rm_call_argument(call->node, 2));
    TSNode attributes = attributes_call(unit, &in, variable, ts_node_start_byte(call->node));
    uint32_t first = reader->made.count;
    rm_creation c = {.created_by = RM_CREATED_FLTPORT, .variable = rm_call_argument(call->node, 1)};
    TSNode descriptor = {{0}, NULL, NULL};
    if (!ts_node_is_null(attributes)) {
        c.name = rm_call_argument(attributes, 1);
        descriptor = rm_call_argument(attributes, 4);
    }
    rm_status st = rm_device_add(reader, &in, call->node, &c);
    for (uint32_t i = first; i < reader->made.count && st == RM_OK; i++) {
        st = read_port_descriptor(reader, &in, reader->made.at[i].device, descriptor, call->node);
    }
    return st;
}
