#include <string.h>

#include "source/observe.h"

typedef rm_status (*call_reader)(rm_observer *o, TSNode call, rm_str name, rm_observed kind);

static TSNode argument(TSNode call, uint32_t index) {
    return rm_call_argument(call, index);
}

static bool number(const rm_observer *o, TSNode node, int64_t *out) {
    rm_context in = {.function = o->function};
    return !ts_node_is_null(node) && rm_value_number(o->unit, &in, node, out);
}

/* The call alone says it. */
static rm_status plain(rm_observer *o, TSNode call, rm_str name, rm_observed kind) {
    return rm_observed_at(o, kind, name, call);
}

static rm_status secure_device(rm_observer *o, TSNode call, rm_str name, rm_observed kind) {
    return rm_observer_is_null(o, argument(call, 7)) ? rm_observed_at(o, kind, name, call) : RM_OK;
}

/* WdfRequestRetrieveInputBuffer(Request, 0, &Buffer, NULL): of any length, and nobody asks. */
/* EvtIoRead, EvtIoWrite and what they call with it know how long the buffer is. */
static bool is_given_length(const rm_observer *o) {
    for (uint32_t i = 0; i < o->function->param_count; i++) {
        rm_str parameter = o->function->params[i].name;
        if (rm_str_eq(parameter, RM_STR("Length")) || rm_str_eq(parameter, RM_STR("length"))) {
            return true;
        }
    }
    return false;
}

static rm_status retrieve(rm_observer *o, TSNode call, rm_str name, rm_observed kind) {
    int64_t least = 1;
    bool any = number(o, argument(call, 1), &least) && least == 0 && !is_given_length(o);
    return any && rm_observer_is_null(o, argument(call, 3)) ? rm_observed_at(o, kind, name, call)
                                                            : RM_OK;
}

/* ---- the address of an MDL ---- */

/* A look at the value: compared, negated, or a condition by itself. */
static bool is_looked_at(TSNode node) {
    for (unsigned i = 0; i < 4; i++) {
        TSNode parent = ts_node_parent(node);
        if (rm_node_is(parent, "field_expression")) {
            if (ts_node_eq(rm_node_field(parent, "argument"), node)) {
                return false; /* what it points to, or another member */
            }
        } else if (rm_node_is(parent, "parenthesized_expression")) {
            TSNode holder = ts_node_parent(parent);
            if (rm_node_is(holder, "if_statement") || rm_node_is(holder, "while_statement")) {
                return true;
            }
        } else {
            TSNode operation = rm_node_field(parent, "operator");
            const char *sign = ts_node_is_null(operation) ? "" : ts_node_type(operation);
            return rm_node_is(parent, "condition_clause") ||
                   (rm_node_is(parent, "conditional_expression") &&
                    ts_node_eq(rm_node_field(parent, "condition"), node)) ||
                   ((rm_node_is(parent, "binary_expression") ||
                     rm_node_is(parent, "unary_expression")) &&
                    (strcmp(sign, "==") == 0 || strcmp(sign, "!=") == 0 || strcmp(sign, "!") == 0 ||
                     strcmp(sign, "&&") == 0 || strcmp(sign, "||") == 0));
        }
        node = parent;
    }
    return false;
}

static TSNode assigned_to(TSNode call) {
    TSNode node = call;
    TSNode none = {{0}, NULL, NULL};
    for (unsigned i = 0; i < 4; i++) {
        TSNode parent = ts_node_parent(node);
        if (rm_node_is(parent, "assignment_expression")) {
            return rm_node_field(parent, "left");
        }
        if (rm_node_is(parent, "init_declarator")) {
            return rm_node_field(parent, "declarator");
        }
        if (!rm_node_is(parent, "cast_expression") &&
            !rm_node_is(parent, "parenthesized_expression")) {
            return none;
        }
        node = parent;
    }
    return none;
}

static bool is_checked_later(const rm_observer *o, TSNode call, rm_str name) {
    const rm_source_file *file = &o->unit->files.at[o->function->file];
    uint32_t at = ts_node_start_byte(call);
    uint32_t end = ts_node_end_byte(o->function->body);
    for (;;) {
        TSNode node = rm_next_occurrence(file, name, &at, end);
        if (ts_node_is_null(node)) {
            return false;
        }
        if (is_looked_at(node)) {
            return true;
        }
    }
}

static rm_status mdl_address(rm_observer *o, TSNode call, rm_str name, rm_observed kind) {
    rm_context in = {.function = o->function};
    TSNode target = assigned_to(call);
    (void)name;
    if (ts_node_is_null(target)) {
        return RM_OK; /* returned or handed on: the receiver looks, or not */
    }
    while (rm_node_is(target, "pointer_declarator")) {
        target = rm_node_field(target, "declarator");
    }
    rm_str variable = rm_node_is(target, "identifier") ? rm_observer_text(o, target)
                                                       : rm_value_root_name(o->unit, &in, target);
    TSNode whole = ts_node_parent(ts_node_parent(target));
    if (variable.len == 0 || is_checked_later(o, call, variable) || is_looked_at(whole) ||
        is_looked_at(ts_node_parent(target))) {
        return RM_OK;
    }
    return rm_observed_at(o, kind, variable, call);
}

/* ---- assertions ---- */

static const char *const callers_words[] = {"InputBufferLength", "OutputBufferLength",
                                            "SystemBuffer", "Type3InputBuffer", "UserBuffer"};

/* ASSERT(InputBufferLength >= n) where nothing else in the function looks at it. */
static rm_status assertion(rm_observer *o, TSNode call, rm_str name, rm_observed kind) {
    const rm_source_file *file = &o->unit->files.at[o->function->file];
    rm_str text = rm_observer_text(o, argument(call, 0));
    (void)name;
    for (size_t i = 0; i < sizeof callers_words / sizeof callers_words[0]; i++) {
        uint32_t at = ts_node_start_byte(o->function->body);
        bool checked = false;
        if (!rm_text_holds(text, callers_words[i])) {
            continue;
        }
        for (TSNode node;
             !ts_node_is_null(node = rm_next_occurrence(file, rm_str_from(callers_words[i]), &at,
                                                        ts_node_end_byte(o->function->body)));) {
            bool inside = ts_node_start_byte(node) >= ts_node_start_byte(call) &&
                          ts_node_end_byte(node) <= ts_node_end_byte(call);
            for (TSNode p = node;
                 !inside && !checked && !ts_node_is_null(p) && !ts_node_eq(p, o->function->body);
                 p = ts_node_parent(p)) {
                checked = rm_node_is(ts_node_parent(p), "if_statement") &&
                          ts_node_eq(rm_node_field(ts_node_parent(p), "condition"), p);
            }
        }
        if (!checked) {
            return rm_observed_at(o, kind, rm_str_from(callers_words[i]), call);
        }
    }
    return RM_OK;
}

/* ---- other drivers ---- */

enum { STANDARD_RIGHTS_ALL = 0x1F0000, FILE_ALL_ACCESS = 0x1F01FF, GENERIC_ALL = 0x10000000 };

static bool is_broad(int64_t mask) {
    return (mask & STANDARD_RIGHTS_ALL) == STANDARD_RIGHTS_ALL || (mask & GENERIC_ALL) != 0;
}

static rm_status open_target(rm_observer *o, TSNode call, rm_str name, rm_observed kind) {
    uint32_t index = rm_str_eq(name, RM_STR("IoGetDeviceObjectPointer")) ? 1 : 2;
    TSNode access = argument(call, index);
    int64_t mask = 0;
    rm_str text = rm_observer_text(o, access);
    bool broad = rm_str_eq(text, RM_STR("STANDARD_RIGHTS_ALL")) ||
                 rm_str_eq(text, RM_STR("FILE_ALL_ACCESS")) ||
                 rm_str_eq(text, RM_STR("GENERIC_ALL")) ||
                 (number(o, access, &mask) && is_broad(mask));
    return broad ? rm_observed_at(o, kind, text, call) : RM_OK;
}

static rm_status send_synchronously(rm_observer *o, TSNode call, rm_str name, rm_observed kind) {
    TSNode output = argument(call, 4);
    TSNode returned = argument(call, 6);
    return !ts_node_is_null(output) && !rm_observer_is_null(o, output) &&
                   rm_observer_is_null(o, returned)
               ? rm_observed_at(o, kind, name, call)
               : RM_OK;
}

/* ---- memory ---- */

static rm_status memory(rm_observer *o, TSNode call, rm_str name, rm_observed kind) {
    static const char *const words[] = {"NonPagedPoolExecute", "PAGE_EXECUTE_READWRITE",
                                        "POOL_FLAG_NON_PAGED_EXECUTE"};
    for (uint32_t i = 0; i < 8; i++) {
        rm_str text = rm_observer_text(o, argument(call, i));
        for (size_t w = 0; w < sizeof words / sizeof words[0]; w++) {
            if (rm_text_holds(text, words[w])) {
                return rm_observed_at(o, kind, name, call);
            }
        }
    }
    return RM_OK;
}

/* ---- minifilter ports ---- */

enum { MANY_CONNECTIONS = 64 };

static bool has_null_descriptor(const rm_observer *o, TSNode port) {
    const rm_source_file *file = &o->unit->files.at[o->function->file];
    rm_context in = {.function = o->function};
    rm_str attributes = rm_value_root_name(o->unit, &in, argument(port, 2));
    uint32_t at = ts_node_start_byte(o->function->body);
    for (TSNode node;
         !ts_node_is_null(node = rm_next_occurrence(file, RM_STR("InitializeObjectAttributes"), &at,
                                                    ts_node_start_byte(port)));) {
        TSNode call = ts_node_parent(node);
        if (rm_node_is(call, "call_expression") &&
            rm_str_eq(rm_value_root_name(o->unit, &in, argument(call, 0)), attributes) &&
            rm_observer_is_null(o, argument(call, 4))) {
            return true;
        }
    }
    return false;
}

static rm_status port(rm_observer *o, TSNode call, rm_str name, rm_observed kind) {
    int64_t most = 0;
    rm_status st = RM_OK;
    (void)kind;
    if (number(o, argument(call, 7), &most) && (most > MANY_CONNECTIONS || most < 0)) {
        st = rm_observed_at(o, RM_OBSERVED_PORT_UNBOUNDED, name, call);
    }
    if (st == RM_OK && has_null_descriptor(o, call)) {
        st = rm_observed_at(o, RM_OBSERVED_PORT_NULL_DESCRIPTOR, name, call);
    }
    return st;
}

/* ---- TDI, firmware tables ---- */

static rm_status names_tdi(rm_observer *o, TSNode call, rm_str name, rm_observed kind) {
    static const char *const devices[] = {"\\\\Device\\\\Tcp\"", "\\\\Device\\\\Udp\"",
                                          "\\\\Device\\\\RawIp\""};
    (void)name;
    for (size_t i = 0; i < sizeof devices / sizeof devices[0]; i++) {
        if (rm_text_holds(rm_observer_text(o, rm_node_field(call, "arguments")), devices[i])) {
            return rm_observed_at(o, kind, RM_STR("TDI"), call);
        }
    }
    return RM_OK;
}

static rm_status asks_firmware(rm_observer *o, TSNode call, rm_str name, rm_observed kind) {
    return rm_text_holds(rm_observer_text(o, rm_node_field(call, "arguments")),
                         "SystemFirmwareTableInformation")
               ? rm_observed_at(o, kind, name, call)
               : RM_OK;
}

/* ---- all ---- */

static const struct {
    const char *name; /* ends with '*': a prefix */
    call_reader read;
    rm_observed kind;
} calls[] = {
    {"IoCreateDeviceSecure", secure_device, RM_OBSERVED_CLASS_GUID_NULL},
    {"WdmlibIoCreateDeviceSecure", secure_device, RM_OBSERVED_CLASS_GUID_NULL},
    {"WdfRequestRetrieveInputBuffer", retrieve, RM_OBSERVED_NO_LEAST_LENGTH},
    {"MmGetSystemAddressForMdlSafe", mdl_address, RM_OBSERVED_MDL_UNCHECKED},
    {"MmGetSystemAddressForMdl", mdl_address, RM_OBSERVED_MDL_UNCHECKED},
    {"ASSERT", assertion, RM_OBSERVED_ASSERTED_ONLY},
    {"ASSERTMSG", assertion, RM_OBSERVED_ASSERTED_ONLY},
    {"NT_ASSERT", assertion, RM_OBSERVED_ASSERTED_ONLY},
    {"NT_ASSERTMSG", assertion, RM_OBSERVED_ASSERTED_ONLY},
    {"IoGetDeviceObjectPointer", open_target, RM_OBSERVED_BROAD_OPEN},
    {"WDF_IO_TARGET_OPEN_PARAMS_INIT_OPEN_BY_NAME", open_target, RM_OBSERVED_BROAD_OPEN},
    {"WdfIoTargetSendIoctlSynchronously", send_synchronously, RM_OBSERVED_RETURNED_IGNORED},
    {"WdfIoTargetSendInternalIoctlSynchronously", send_synchronously, RM_OBSERVED_RETURNED_IGNORED},
    {"ExAllocatePool*", memory, RM_OBSERVED_EXECUTABLE_MEMORY},
    {"MmProtectMdlSystemAddress", memory, RM_OBSERVED_EXECUTABLE_MEMORY},
    {"ZwAllocateVirtualMemory", memory, RM_OBSERVED_EXECUTABLE_MEMORY},
    {"ZwProtectVirtualMemory", memory, RM_OBSERVED_EXECUTABLE_MEMORY},
    {"FltCreateCommunicationPort", port, RM_OBSERVED_PORT_UNBOUNDED},
    {"RtlInitUnicodeString", names_tdi, RM_OBSERVED_TDI},
    {"IoAttachDevice", names_tdi, RM_OBSERVED_TDI},
    {"ZwQuerySystemInformation", asks_firmware, RM_OBSERVED_HARDWARE_CHECKED},
    {"ExGetFirmwareEnvironmentVariable", plain, RM_OBSERVED_HARDWARE_CHECKED},
    {"strcpy", plain, RM_OBSERVED_UNSAFE_CALL},
    {"strcat", plain, RM_OBSERVED_UNSAFE_CALL},
    {"sprintf", plain, RM_OBSERVED_UNSAFE_CALL},
    {"vsprintf", plain, RM_OBSERVED_UNSAFE_CALL},
    {"wcscpy", plain, RM_OBSERVED_UNSAFE_CALL},
    {"wcscat", plain, RM_OBSERVED_UNSAFE_CALL},
    {"swprintf", plain, RM_OBSERVED_UNSAFE_CALL},
    {"_vswprintf", plain, RM_OBSERVED_UNSAFE_CALL},
    {"EventWrite*", plain, RM_OBSERVED_LOGS},
    {"EtwWrite*", plain, RM_OBSERVED_LOGS},
    {"WPP_SF_*", plain, RM_OBSERVED_LOGS},
    {"SeReport*", plain, RM_OBSERVED_LOGS},
};

static bool is_named(rm_str name, const char *pattern) {
    rm_str p = rm_str_from(pattern);
    return p.ptr[p.len - 1] == '*' ? rm_str_starts(name, rm_str_slice(p, 0, p.len - 1))
                                   : rm_str_eq(name, p);
}

/* Drivers wrap what they log with: LogEvent, TraceError, XLogWrite, TRACE_ENTRY. */
static bool looks_like_logging(rm_str name) {
    return rm_text_holds(name, "Log") || rm_text_holds(name, "Trace") ||
           rm_str_starts(name, RM_STR("TRACE_")) || rm_str_starts(name, RM_STR("LOG_"));
}

rm_status rm_observe_call(rm_observer *o, TSNode call) {
    rm_str name = rm_call_name(&o->unit->files.at[o->function->file], call);
    rm_status st =
        looks_like_logging(name) ? rm_observed_at(o, RM_OBSERVED_LOGS, name, call) : RM_OK;
    for (size_t i = 0; name.len > 0 && st == RM_OK && i < sizeof calls / sizeof calls[0]; i++) {
        if (is_named(name, calls[i].name)) {
            st = calls[i].read(o, call, name, calls[i].kind);
        }
    }
    return st;
}
