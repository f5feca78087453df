#include <string.h>

#include "model/descriptor.h"
#include "source/devices.h"
#include "source/fills.h"
#include "source/unit.h"

/*
 * Descriptors that a driver puts on a device after it made it: ZwSetSecurityObject on a handle from
 * ObOpenObjectByPointer, ObSetSecurityObjectByPointer. What the creating call gave is then past.
 */

enum { MAX_FOLLOWED = 4, MAX_BYTES = 1024, DACL_SECURITY_INFORMATION = 4 };

static const char *const setters[] = {"ZwSetSecurityObject", "NtSetSecurityObject",
                                      "ObSetSecurityObjectByPointer", NULL};

/* ---- which device ---- */

/* ObOpenObjectByPointer(device, …, &handle): the device; a null node: the handle is another's. */
static TSNode object_of_handle(const rm_source_unit *unit, const rm_context *in, TSNode handle,
                               uint32_t end) {
    const rm_source_file *file = rm_context_file(unit, in);
    rm_str name = rm_value_root_name(unit, in, handle);
    TSNode none = {{0}, NULL, NULL};
    TSNode found = none;
    uint32_t at = ts_node_start_byte(in->function->body);
    for (;;) {
        TSNode node = rm_next_occurrence(file, RM_STR("ObOpenObjectByPointer"), &at, end);
        if (ts_node_is_null(node)) {
            return found;
        }
        TSNode call = ts_node_parent(node);
        if (rm_node_is(call, "call_expression") && name.len > 0 &&
            rm_str_eq(rm_value_root_name(unit, in, rm_call_argument(call, 6)), name)) {
            found = rm_call_argument(call, 0);
        }
    }
}

static uint32_t device_of(const rm_device_reader *reader, const rm_context *in,
                          const rm_call *call) {
    bool by_handle = !rm_str_eq(call->name, RM_STR("ObSetSecurityObjectByPointer"));
    TSNode object = rm_call_argument(call->node, 0);
    if (by_handle) {
        object = object_of_handle(reader->unit, in, object, ts_node_start_byte(call->node));
    }
    return ts_node_is_null(object) ? RM_NONE : rm_device_meant(reader, in->function, object);
}

static bool sets_dacl(const rm_source_unit *unit, const rm_context *in, TSNode information) {
    rm_str text = rm_node_text(rm_context_file(unit, in), information);
    int64_t value = 0;
    size_t at = 0;
    return rm_str_find(text, RM_STR("DACL_SECURITY_INFORMATION"), &at) ||
           (rm_unit_eval(unit, text, &value) && (value & DACL_SECURITY_INFORMATION) != 0);
}

/* ---- which descriptor ---- */

/* { 0x01, 0x00, 0x04, 0x80, … }: empty when it is no list of bytes. */
static rm_str bytes_of(const rm_source_unit *unit, uint32_t file, TSNode list) {
    char bytes[MAX_BYTES];
    rm_str out = RM_STR_NONE;
    uint32_t length = 0;
    for (uint32_t i = 0; i < ts_node_named_child_count(list); i++) {
        TSNode item = ts_node_named_child(list, i);
        int64_t value = 0;
        if (rm_node_is(item, "comment")) {
            continue;
        }
        if (length == MAX_BYTES ||
            !rm_unit_eval(unit, rm_node_text(&unit->files.at[file], item), &value) || value < 0 ||
            value > UINT8_MAX) {
            return RM_STR_NONE;
        }
        bytes[length++] = (char)(uint8_t)value;
    }
    return rm_str_copy(unit->arena, (rm_str){bytes, length}, &out) == RM_OK ? out : RM_STR_NONE;
}

/* The bytes that a descriptor is written as, through pointers to them. */
static rm_str bytes_meant(const rm_source_unit *unit, const rm_context *in, TSNode descriptor,
                          unsigned depth) {
    rm_fill fills[RM_MAX_FILLS];
    bool local = false;
    TSNode root = rm_value_root(descriptor);
    if (!rm_node_is(root, "identifier") || depth > MAX_FOLLOWED ||
        rm_fills_of(unit, in, root, fills, &local) != 1 || fills[0].kind != RM_FILL_VALUE) {
        return RM_STR_NONE;
    }
    if (rm_node_is(fills[0].value, "initializer_list")) {
        return bytes_of(unit, fills[0].file, fills[0].value);
    }
    rm_context next = {.function = fills[0].function};
    return next.function == NULL ? RM_STR_NONE
                                 : bytes_meant(unit, &next, fills[0].value, depth + 1);
}

static rm_status text_of_bytes(const rm_source_unit *unit, rm_place place, rm_str bytes,
                               rm_str *out) {
    const rm_security *security = NULL;
    rm_loc at = {place.file, place.line, place.column};
    rm_status st = rm_security_from_binary(unit->arena, unit->sink, at, bytes, &security);
    st = st == RM_OK ? rm_sddl_format(unit->arena, security, out) : st;
    return st == RM_SYNTAX ? RM_OK : st;
}

/* ---- one call ---- */

static rm_status read_call(rm_device_reader *reader, const rm_call *call) {
    const rm_source_unit *unit = reader->unit;
    rm_context in = {.function = call->function};
    TSNode descriptor = rm_call_argument(call->node, 2);
    uint32_t device = device_of(reader, &in, call);
    if (device == RM_NONE || !sets_dacl(unit, &in, rm_call_argument(call->node, 1))) {
        return RM_OK;
    }
    rm_place place = rm_node_place(rm_context_file(unit, &in), call->node);
    rm_str bytes = bytes_meant(unit, &in, descriptor, 0);
    rm_str text = RM_STR_NONE;
    rm_status st = bytes.len > 0 ? text_of_bytes(unit, place, bytes, &text) : RM_OK;
    if (st != RM_OK || text.len == 0) {
        return st == RM_OK ? rm_device_read_built(reader, &in, descriptor, call->node, device) : st;
    }
    rm_descriptor row = {.subject_kind = RM_SUBJECT_DEVICE,
                         .subject = device,
                         .source = RM_SDDL_CODE,
                         .state = RM_STATE_CONFIRMED,
                         .place = place};
    return rm_device_add_descriptor(reader, row, text, RM_STR_NONE);
}

static bool has_setter(const rm_source_unit *unit, const rm_function *function) {
    const rm_source_file *file = &unit->files.at[function->file];
    size_t at = 0;
    return file->tree != NULL &&
           rm_str_find(rm_str_slice(file->clean, ts_node_start_byte(function->body),
                                    ts_node_end_byte(function->body)),
                       RM_STR("SetSecurityObject"), &at);
}

rm_status rm_device_read_set(rm_device_reader *reader) {
    rm_source_unit *unit = reader->unit;
    rm_calls calls = {0};
    rm_status st = RM_OK;
    for (uint32_t i = 0; reader->made.count > 0 && i < unit->functions.count && st == RM_OK; i++) {
        if (has_setter(unit, &unit->functions.at[i])) {
            st = rm_calls_within(unit, unit->arena, &unit->functions.at[i], setters, &calls);
        }
    }
    for (uint32_t i = 0; i < calls.count && st == RM_OK; i++) {
        st = read_call(reader, &calls.at[i]);
    }
    return st;
}
