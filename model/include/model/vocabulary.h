#ifndef MODEL_VOCABULARY_H
#define MODEL_VOCABULARY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/*
 * Words with one meaning: every enumerated column of the public views, written once. The texts are
 * the public face (commands, views, JSON): append only.
 */

/* X(enumerator, text), in lines that clang-format would not keep */
/* clang-format off */
#define RM_STATE_LIST(X)                                                                           \
    X(CONFIRMED, "confirmed")                                                                      \
    X(DERIVED, "derived")                                                                          \
    X(DECLARED, "declared")                                                                        \
    X(ASSUMED, "assumed")                                                                          \
    X(UNKNOWN, "unknown")                                                                          \
    X(CONFLICTING, "conflicting") /* in the order in which the last one along a path wins */

#define RM_VALIDATION_LIST(X)                                                                      \
    X(UNVALIDATED, "unvalidated")                                                                  \
    X(UNKNOWN, "unknown")                                                                          \
    X(PARTIAL, "partial")                                                                          \
    X(VALIDATED, "validated") /* from the worst to the best */

#define RM_SEVERITY_LIST(X)                                                                        \
    X(INFO, "info") X(LOW, "low") X(MEDIUM, "medium") X(HIGH, "high") X(CRITICAL, "critical")

#define RM_CONFIDENCE_LIST(X) X(LOW, "low") X(MEDIUM, "medium") X(HIGH, "high")

#define RM_GATE_LIST(X) X(OPEN, "open") X(UNKNOWN, "unknown") X(CLOSED, "closed")

#define RM_AUTHORISATION_LIST(X)                                                                   \
    X(NONE, "none") X(SATISFIED, "satisfied") X(UNDECIDED, "undecided") X(REFUSED, "refused")

#define RM_MODE_LIST(X) X(USER, "user") X(KERNEL, "kernel") X(UNKNOWN, "unknown")

#define RM_MODE_AFTER_LIST(X)                                                                      \
    X(PRESERVED, "preserved") X(KERNEL, "kernel") X(USER, "user") X(UNKNOWN, "unknown")

#define RM_FRAMEWORK_LIST(X)                                                                       \
    X(UNKNOWN, "unknown") X(WDM, "wdm") X(KMDF, "kmdf") X(UMDF1, "umdf1") X(UMDF2, "umdf2")        \
    X(NDIS, "ndis") X(STORPORT, "storport") X(MINIFILTER, "minifilter") X(FILESYSTEM, "filesystem")

#define RM_DRIVER_MODE_LIST(X) X(KERNEL, "kernel") X(USER, "user")

#define RM_ROLE_LIST(X)                                                                            \
    X(UNKNOWN, "unknown") X(FUNCTION, "function") X(UPPER_FILTER, "upper_filter")                  \
    X(LOWER_FILTER, "lower_filter") X(BUS, "bus") X(CONTROL, "control")                            \
    X(MINIFILTER, "minifilter") X(CLASS, "class")

#define RM_CREATED_LIST(X)                                                                         \
    X(IOCREATEDEVICE, "IoCreateDevice") X(IOCREATEDEVICESECURE, "IoCreateDeviceSecure")            \
    X(WDFDEVICECREATE, "WdfDeviceCreate") X(WDFCONTROLDEVICE, "WdfControlDevice")                  \
    X(WDFRAWPDO, "WdfRawPdo") X(NDIS, "NdisRegisterDeviceEx")                                      \
    X(FLTPORT, "FltCreateCommunicationPort") X(INF, "inf") X(FACTS, "facts")

/* How far a device is out of reach, by what a team says: nothing said, one that a service normally
   holds open and nobody else then, one that only specific hardware brings. */
#define RM_DEVICE_REACH_LIST(X) X(ANY, "any") X(HELD, "held") X(HARDWARE, "hardware")

#define RM_SDDL_SOURCE_LIST(X)                                                                     \
    X(UNKNOWN, "unknown") X(INF_DEVICE, "inf_device") X(INF_CLASS, "inf_class") X(CODE, "code")    \
    X(RUNTIME, "runtime") X(WDF_DEFAULT, "wdf_default") X(TYPE_DEFAULT, "type_default")            \
    X(FILE, "file") X(FACTS, "facts")

#define RM_SUBJECT_LIST(X)                                                                         \
    X(DEVICE, "device") X(INTERFACE, "interface") X(PORT, "port") X(SERVICE, "service")            \
    X(KEY, "key") X(FILE, "file")

#define RM_DOOR_LIST(X)                                                                            \
    X(SYMLINK, "symlink") X(INTERFACE, "interface") X(NT_NAME, "nt_name")                          \
    X(COMM_PORT, "comm_port") X(RPC, "rpc") X(PIPE, "pipe") X(SERVICE, "service")                  \
    X(HANDLE, "handle")

#define RM_STACK_HOW_LIST(X)                                                                       \
    X(FUNCTION, "function") X(UPPER_FILTER, "upper_filter") X(LOWER_FILTER, "lower_filter")        \
    X(BUS, "bus") X(ATTACH, "attach") X(MINIFILTER, "minifilter")

#define RM_VIA_LIST(X)                                                                             \
    X(DESCRIPTOR, "descriptor") X(NAMESPACE, "namespace") X(CAPABILITY, "capability")              \
    X(BACKUP, "backup")

#define RM_ENTRY_LIST(X)                                                                           \
    X(IOCTL, "ioctl") X(INTERNAL_IOCTL, "internal_ioctl") X(FSCTL, "fsctl") X(CREATE, "create")    \
    X(READ, "read") X(WRITE, "write") X(FAST_IO, "fast_io") X(MESSAGE, "message") X(WMI, "wmi")

#define RM_BUFFER_LIST(X)                                                                          \
    X(SYSTEM, "system") X(MDL, "mdl") X(TYPE3, "type3") X(USER, "user")                            \
    X(FILE_NAME, "file_name") X(LENGTH, "length") X(HANDLE, "handle") X(EMBEDDED, "embedded")

#define RM_CHECK_LIST(X)                                                                           \
    X(LENGTH, "length") X(EQUALITY, "equality") X(RANGE, "range") X(MASK, "mask")                  \
    X(PROBE, "probe") X(PRIVILEGE, "privilege") X(ACCESS, "access")                                \
    X(REQUESTOR_MODE, "requestor_mode") X(CALLER, "caller") X(OBJECT_TYPE, "object_type")          \
    X(NAME, "name") X(OVERFLOW, "overflow")

/* What a line of the code is to the way of a request, in the order in which one moment has them. */
#define RM_FLOW_LIST(X)                                                                            \
    X(ENTRY, "entry") X(CALL, "call") X(INPUT, "input") X(VALUE, "value") X(GUARD, "guard")        \
    X(FORWARD, "forward") X(OPERATION, "operation")

#define RM_CHECK_AT_LIST(X) X(CREATE, "create") X(ENTRY, "entry")

#define RM_FOUND_LIST(X)                                                                           \
    X(NAME, "name") X(INTERFACE, "interface") X(STACK, "stack") X(USER_CHOSEN, "user_chosen")      \
    X(FUNCTION_TABLE, "function_table")

#define RM_METHOD_LIST(X)                                                                          \
    X(BUFFERED, "buffered") X(IN_DIRECT, "in_direct") X(OUT_DIRECT, "out_direct")                  \
    X(NEITHER, "neither") /* in the order of the two low bits of a control code */

#define RM_CODE_ACCESS_LIST(X)                                                                     \
    X(ANY, "any") X(READ, "read") X(WRITE, "write") X(READ_WRITE, "read_write") /* bits 14, 15 */

#define RM_CAPABILITY_LIST(X)                                                                      \
    X(GENERAL, "general") X(RESTRICTED, "restricted") X(DEVICE, "device") X(CUSTOM, "custom")

#define RM_ARTIFACT_LIST(X)                                                                        \
    X(INF, "inf") X(SOURCE, "source") X(HEADER, "header") X(MANIFEST, "manifest")                  \
    X(SCCD, "sccd") X(PACKAGE, "package") X(PROJECT, "project") X(SDDL, "sddl")                    \
    X(FACTS, "facts") X(EXECUTABLE, "executable")

#define RM_STEP_LIST(X)                                                                            \
    X(ORIGIN, "origin") X(DOOR, "door") X(DEVICE, "device") X(SERVICE, "service")                  \
    X(ENTRY, "entry") X(FORWARD, "forward") X(SINK, "sink") X(CAPABILITY, "capability")

#define RM_BOUNDARY_LIST(X)                                                                        \
    X(LPAC, "lpac_to_kernel") X(APPCONTAINER, "appcontainer_to_kernel") X(LOW, "low_to_kernel")    \
    X(RESTRICTED, "restricted_to_kernel") X(GUEST, "guest_to_kernel")                              \
    X(NETWORK, "network_to_kernel") X(USER, "user_to_kernel") X(SERVICE, "service_to_kernel")      \
    X(UMDF, "umdf_to_kernel") X(ADMIN, "admin_to_kernel") X(SYSTEM, "system_to_kernel")            \
    X(APP_SERVICE, "app_to_service") X(DRIVER_DRIVER, "driver_to_driver")                          \
    X(HOST_KERNEL, "host_to_kernel")

/* What became of a thing between two models, in the order in which it is told. */
#define RM_CHANGE_LIST(X)                                                                          \
    X(NEW, "new") X(WORSE, "worse") X(CHANGED, "changed") X(BETTER, "better") X(GONE, "gone")

#define RM_DIFF_LIST(X)                                                                            \
    X(PATH, "path") X(FINDING, "finding") X(DRIVER, "driver") X(DEVICE, "device")                  \
    X(DOOR, "door") X(ACCESS, "access") X(IOCTL, "ioctl") X(OPERATION, "operation")                \
    X(CHECK, "check")
/* What sources do or leave undone, for rules. */
#define RM_OBSERVED_LIST(X)                                                                        \
    X(CLASS_GUID_NULL, "class_guid_null")           /* IoCreateDeviceSecure without a class */     \
    X(COPIES_CHARACTERISTICS, "copies_characteristics") /* of the device below */                  \
    X(NAMES_LOOKED_AT, "names_looked_at")   /* is a name below the device asked for? */            \
    X(COMPARES_DEVICE, "compares_device")           /* which of its devices is named */            \
    X(DEFAULT_SUCCEEDS, "default_succeeds")         /* an unknown code completes with success */   \
    X(CODE_MASKED, "code_masked")                   /* only some bits of the code are compared */  \
    X(NO_LEAST_LENGTH, "no_least_length")           /* a buffer of any length is taken */          \
    X(LENGTH_SUM, "length_sum")                     /* a sum or product stands in a length check */ \
    X(MDL_UNCHECKED, "mdl_unchecked")               /* the address of an MDL may be NULL */        \
    X(HANDLE_UNTYPED, "handle_untyped")             /* a handle is resolved without a type */      \
    X(HANDLE_AS_KERNEL, "handle_as_kernel")         /* … or with the kernel's rights */            \
    X(ASSERTED_ONLY, "asserted_only")               /* an ASSERT on what the caller gives */       \
    X(CHAINED_COMPARISON, "chained_comparison")     /* a <= x <= b */                              \
    X(ASSIGNED_CONDITION, "assigned_condition")     /* if (x = 1) */                               \
    X(UNSAFE_CALL, "unsafe_call")                   /* strcpy and the like */                      \
    X(EXECUTABLE_MEMORY, "executable_memory")       /* pool or pages that are written and run */   \
    X(LOGS, "logs")                                 /* traces, events, the error log */            \
    X(BROAD_OPEN, "broad_open")                     /* another driver opened with every right */   \
    X(RETURNED_IGNORED, "returned_ignored")         /* how much a lower driver wrote */            \
    X(PORT_NULL_DESCRIPTOR, "port_null_descriptor")                                                \
    X(PORT_UNBOUNDED, "port_unbounded")             /* any number of connections */                \
    X(TDI, "tdi")                                   /* attaches to the TDI devices */              \
    X(HARDWARE_CHECKED, "hardware_checked")         /* SMBIOS or firmware tables are looked at */  \
    X(SUM_COMPARED, "sum_compared")                 /* a 32-bit parameter in a sum is compared */  \
    X(OPENS_AS_CALLER, "opens_as_caller")           /* a UMDF driver, while it impersonates */

#define RM_RULE_KIND_LIST(X) X(DERIVED, "derived") X(CHECKLIST, "checklist") X(TEAM, "team")
/* clang-format on */

/*
 * RM_VOCABULARY(X) lists every enumeration above: X(type suffix, enumerator prefix, LIST).
 * Each gives an enum rm_<type>, rm_<type>_name() (never NULL) and rm_<type>_from(), which takes
 * the text (exact case) and writes *out only when it is one of the words.
 */
#define RM_VOCABULARY(X)                                                                           \
    X(state, STATE, RM_STATE_LIST)                                                                 \
    X(validation, VALIDATION, RM_VALIDATION_LIST)                                                  \
    X(severity, SEVERITY, RM_SEVERITY_LIST)                                                        \
    X(confidence, CONFIDENCE, RM_CONFIDENCE_LIST)                                                  \
    X(gate, GATE, RM_GATE_LIST)                                                                    \
    X(authorisation, AUTH, RM_AUTHORISATION_LIST)                                                  \
    X(mode, MODE, RM_MODE_LIST)                                                                    \
    X(mode_after, AFTER, RM_MODE_AFTER_LIST)                                                       \
    X(framework, FRAMEWORK, RM_FRAMEWORK_LIST)                                                     \
    X(driver_mode, DRIVER_MODE, RM_DRIVER_MODE_LIST)                                               \
    X(role, ROLE, RM_ROLE_LIST)                                                                    \
    X(created, CREATED, RM_CREATED_LIST)                                                           \
    X(device_reach, DEVICE_REACH, RM_DEVICE_REACH_LIST)                                            \
    X(sddl_source, SDDL, RM_SDDL_SOURCE_LIST)                                                      \
    X(subject, SUBJECT, RM_SUBJECT_LIST)                                                           \
    X(door_kind, DOOR, RM_DOOR_LIST)                                                               \
    X(stack_how, STACK, RM_STACK_HOW_LIST)                                                         \
    X(via, VIA, RM_VIA_LIST)                                                                       \
    X(entry_kind, ENTRY, RM_ENTRY_LIST)                                                            \
    X(buffer, BUFFER, RM_BUFFER_LIST)                                                              \
    X(check_kind, CHECK, RM_CHECK_LIST)                                                            \
    X(check_at, AT, RM_CHECK_AT_LIST)                                                              \
    X(flow_kind, FLOW, RM_FLOW_LIST)                                                               \
    X(found, FOUND, RM_FOUND_LIST)                                                                 \
    X(method, METHOD, RM_METHOD_LIST)                                                              \
    X(code_access, ACCESS, RM_CODE_ACCESS_LIST)                                                    \
    X(capability_kind, CAPABILITY, RM_CAPABILITY_LIST)                                             \
    X(artifact_kind, ARTIFACT, RM_ARTIFACT_LIST)                                                   \
    X(step_kind, STEP, RM_STEP_LIST)                                                               \
    X(boundary_kind, BOUNDARY, RM_BOUNDARY_LIST)                                                   \
    X(change, CHANGE, RM_CHANGE_LIST)                                                              \
    X(diff_kind, DIFF, RM_DIFF_LIST)                                                               \
    X(observed, OBSERVED, RM_OBSERVED_LIST)                                                        \
    X(rule_kind, RULE, RM_RULE_KIND_LIST)

#define RM_ENUM(type, prefix, list, item)                                                          \
    typedef enum rm_##type{list(item) RM_##prefix##_COUNT} rm_##type;                              \
    const char *rm_##type##_name(rm_##type value);                                                 \
    bool rm_##type##_from(rm_str text, rm_##type *out)

#define RM_ITEM(name, text) RM_STATE_##name,
RM_ENUM(state, STATE, RM_STATE_LIST, RM_ITEM);
#undef RM_ITEM
#define RM_ITEM(name, text) RM_VALIDATION_##name,
RM_ENUM(validation, VALIDATION, RM_VALIDATION_LIST, RM_ITEM);
#undef RM_ITEM
#define RM_ITEM(name, text) RM_SEVERITY_##name,
RM_ENUM(severity, SEVERITY, RM_SEVERITY_LIST, RM_ITEM);
#undef RM_ITEM
#define RM_ITEM(name, text) RM_CONFIDENCE_##name,
RM_ENUM(confidence, CONFIDENCE, RM_CONFIDENCE_LIST, RM_ITEM);
#undef RM_ITEM
#define RM_ITEM(name, text) RM_GATE_##name,
RM_ENUM(gate, GATE, RM_GATE_LIST, RM_ITEM);
#undef RM_ITEM
#define RM_ITEM(name, text) RM_AUTH_##name,
RM_ENUM(authorisation, AUTH, RM_AUTHORISATION_LIST, RM_ITEM);
#undef RM_ITEM
#define RM_ITEM(name, text) RM_MODE_##name,
RM_ENUM(mode, MODE, RM_MODE_LIST, RM_ITEM);
#undef RM_ITEM
#define RM_ITEM(name, text) RM_AFTER_##name,
RM_ENUM(mode_after, AFTER, RM_MODE_AFTER_LIST, RM_ITEM);
#undef RM_ITEM
#define RM_ITEM(name, text) RM_FRAMEWORK_##name,
RM_ENUM(framework, FRAMEWORK, RM_FRAMEWORK_LIST, RM_ITEM);
#undef RM_ITEM
#define RM_ITEM(name, text) RM_DRIVER_MODE_##name,
RM_ENUM(driver_mode, DRIVER_MODE, RM_DRIVER_MODE_LIST, RM_ITEM);
#undef RM_ITEM
#define RM_ITEM(name, text) RM_ROLE_##name,
RM_ENUM(role, ROLE, RM_ROLE_LIST, RM_ITEM);
#undef RM_ITEM
#define RM_ITEM(name, text) RM_CREATED_##name,
RM_ENUM(created, CREATED, RM_CREATED_LIST, RM_ITEM);
#undef RM_ITEM
#define RM_ITEM(name, text) RM_DEVICE_REACH_##name,
RM_ENUM(device_reach, DEVICE_REACH, RM_DEVICE_REACH_LIST, RM_ITEM);
#undef RM_ITEM
#define RM_ITEM(name, text) RM_SDDL_##name,
RM_ENUM(sddl_source, SDDL, RM_SDDL_SOURCE_LIST, RM_ITEM);
#undef RM_ITEM
#define RM_ITEM(name, text) RM_SUBJECT_##name,
RM_ENUM(subject, SUBJECT, RM_SUBJECT_LIST, RM_ITEM);
#undef RM_ITEM
#define RM_ITEM(name, text) RM_DOOR_##name,
RM_ENUM(door_kind, DOOR, RM_DOOR_LIST, RM_ITEM);
#undef RM_ITEM
#define RM_ITEM(name, text) RM_STACK_##name,
RM_ENUM(stack_how, STACK, RM_STACK_HOW_LIST, RM_ITEM);
#undef RM_ITEM
#define RM_ITEM(name, text) RM_VIA_##name,
RM_ENUM(via, VIA, RM_VIA_LIST, RM_ITEM);
#undef RM_ITEM
#define RM_ITEM(name, text) RM_ENTRY_##name,
RM_ENUM(entry_kind, ENTRY, RM_ENTRY_LIST, RM_ITEM);
#undef RM_ITEM
#define RM_ITEM(name, text) RM_BUFFER_##name,
RM_ENUM(buffer, BUFFER, RM_BUFFER_LIST, RM_ITEM);
#undef RM_ITEM
#define RM_ITEM(name, text) RM_CHECK_##name,
RM_ENUM(check_kind, CHECK, RM_CHECK_LIST, RM_ITEM);
#undef RM_ITEM
#define RM_ITEM(name, text) RM_AT_##name,
RM_ENUM(check_at, AT, RM_CHECK_AT_LIST, RM_ITEM);
#undef RM_ITEM
#define RM_ITEM(name, text) RM_FLOW_##name,
RM_ENUM(flow_kind, FLOW, RM_FLOW_LIST, RM_ITEM);
#undef RM_ITEM
#define RM_ITEM(name, text) RM_FOUND_##name,
RM_ENUM(found, FOUND, RM_FOUND_LIST, RM_ITEM);
#undef RM_ITEM
#define RM_ITEM(name, text) RM_METHOD_##name,
RM_ENUM(method, METHOD, RM_METHOD_LIST, RM_ITEM);
#undef RM_ITEM
#define RM_ITEM(name, text) RM_ACCESS_##name,
RM_ENUM(code_access, ACCESS, RM_CODE_ACCESS_LIST, RM_ITEM);
#undef RM_ITEM
#define RM_ITEM(name, text) RM_CAPABILITY_##name,
RM_ENUM(capability_kind, CAPABILITY, RM_CAPABILITY_LIST, RM_ITEM);
#undef RM_ITEM
#define RM_ITEM(name, text) RM_ARTIFACT_##name,
RM_ENUM(artifact_kind, ARTIFACT, RM_ARTIFACT_LIST, RM_ITEM);
#undef RM_ITEM
#define RM_ITEM(name, text) RM_STEP_##name,
RM_ENUM(step_kind, STEP, RM_STEP_LIST, RM_ITEM);
#undef RM_ITEM
#define RM_ITEM(name, text) RM_BOUNDARY_##name,
RM_ENUM(boundary_kind, BOUNDARY, RM_BOUNDARY_LIST, RM_ITEM);
#undef RM_ITEM
#define RM_ITEM(name, text) RM_CHANGE_##name,
RM_ENUM(change, CHANGE, RM_CHANGE_LIST, RM_ITEM);
#undef RM_ITEM
#define RM_ITEM(name, text) RM_DIFF_##name,
RM_ENUM(diff_kind, DIFF, RM_DIFF_LIST, RM_ITEM);
#undef RM_ITEM
#define RM_ITEM(name, text) RM_OBSERVED_##name,
RM_ENUM(observed, OBSERVED, RM_OBSERVED_LIST, RM_ITEM);
#undef RM_ITEM
#define RM_ITEM(name, text) RM_RULE_##name,
RM_ENUM(rule_kind, RULE, RM_RULE_KIND_LIST, RM_ITEM);
#undef RM_ITEM

/* Yes, no, or not known: columns that hold 1, 0 or NULL. */
typedef enum rm_tri { RM_TRI_UNKNOWN = -1, RM_TRI_NO = 0, RM_TRI_YES = 1 } rm_tri;

#endif
