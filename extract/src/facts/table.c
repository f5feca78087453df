#include "facts/table.h"

#define COUNT(fields) (sizeof(fields) / sizeof(fields)[0])

/* ---- words ---- */

#define WORD(name, text) text,
#define WORDS(type, LIST)                                                                          \
    static bool take_##type(rm_str text, void *out) {                                              \
        return rm_##type##_from(text, out);                                                        \
    }                                                                                              \
    static const char *const list_##type[] = {LIST(WORD) NULL};                                    \
    static const rm_fact_words type##_words = {list_##type, take_##type}

WORDS(state, RM_STATE_LIST);
WORDS(validation, RM_VALIDATION_LIST);
WORDS(framework, RM_FRAMEWORK_LIST);
WORDS(driver_mode, RM_DRIVER_MODE_LIST);
WORDS(role, RM_ROLE_LIST);
WORDS(created, RM_CREATED_LIST);
WORDS(device_reach, RM_DEVICE_REACH_LIST);
WORDS(sddl_source, RM_SDDL_SOURCE_LIST);
WORDS(subject, RM_SUBJECT_LIST);
WORDS(door_kind, RM_DOOR_LIST);
WORDS(entry_kind, RM_ENTRY_LIST);
WORDS(buffer, RM_BUFFER_LIST);
WORDS(check_kind, RM_CHECK_LIST);
WORDS(check_at, RM_CHECK_AT_LIST);
WORDS(found, RM_FOUND_LIST);
WORDS(mode_after, RM_MODE_AFTER_LIST);
WORDS(capability_kind, RM_CAPABILITY_LIST);

static const char *const start_types[] = {"boot", "system", "auto", "demand", "disabled", NULL};
static const rm_fact_words start_type_words = {start_types, NULL};
static const char *const execution_levels[] = {"asInvoker", "highestAvailable",
                                               "requireAdministrator", NULL};
static const rm_fact_words execution_level_words = {execution_levels, NULL};
static const char *const trust_levels[] = {"appContainer", "mediumIL", NULL};
static const rm_fact_words trust_level_words = {trust_levels, NULL};

/* ---- records, the inner ones first ---- */

#define AT(member) offsetof(ROW, member)
#define STATE_FIELD                                                                                \
    {                                                                                              \
        "state", RM_FACT_WORD, false, AT(state), &state_words, NULL,                               \
            "How sure this is; declared when left out."                                            \
    }

#define ROW rm_input
static const rm_fact_field input_fields[] = {
    {"name", RM_FACT_NAME, true, AT(name), NULL, NULL, "The value, as its field is called."},
    {"type", RM_FACT_TEXT, false, AT(type), NULL, NULL, "Its C type."},
    {"buffer", RM_FACT_WORD, false, AT(buffer), &buffer_words, NULL,
     "Where the caller's value arrives; system when left out."},
    {"validation", RM_FACT_WORD, false, AT(validation), &validation_words, NULL,
     "Whether it is constrained before use; unknown when left out."},
    {"reason", RM_FACT_TEXT, false, AT(reason), NULL, NULL, "Why the validation has this word."},
    STATE_FIELD,
};
#undef ROW

#define ROW rm_sink_call
static const rm_fact_field sink_fields[] = {
    {"class", RM_FACT_CLASS, true, AT(class_name), NULL, NULL,
     "Class of the privileged operation, such as port_out or msr_write."},
    {"api", RM_FACT_TEXT, false, AT(api), NULL, NULL, "What is called; the class when left out."},
    {"argument", RM_FACT_TEXT, false, AT(argument), NULL, NULL,
     "The arguments that carry caller data, joined by a comma."},
    {"validation", RM_FACT_WORD, false, AT(validation), &validation_words, NULL,
     "Whether those arguments are constrained; unknown when left out."},
    {"reason", RM_FACT_TEXT, false, AT(reason), NULL, NULL, "Why the validation has this word."},
    {"text", RM_FACT_TEXT, false, AT(text), NULL, NULL, "The statement, for the reader."},
    STATE_FIELD,
};
#undef ROW

#define ROW rm_fact_check
static const rm_fact_field check_fields[] = {
    {"kind", RM_FACT_WORD, true, AT(row.kind), &check_kind_words, NULL, "What is compared."},
    {"argument", RM_FACT_TEXT, false, AT(row.argument), NULL, NULL,
     "What is asked: a privilege, access bits, a group's SID, the name of a value."},
    {"at", RM_FACT_WORD, false, AT(row.at), &check_at_words, NULL,
     "create guards every entry of the driver; entry, when left out, this one."},
    {"sink", RM_FACT_NAME, false, AT(sink), NULL, NULL,
     "Class or api of the sink of this entry that it guards; the whole entry when left out."},
    {"well_formed", RM_FACT_TRI, false, AT(row.well_formed), NULL, NULL,
     "Whether the comparison does what it seems to do."},
    {"dominates", RM_FACT_TRI, false, AT(row.dominates), NULL, NULL,
     "Whether no way leads around it."},
    {"can_refuse", RM_FACT_TRI, false, AT(row.can_refuse), NULL, NULL,
     "Whether a failed check ends the request."},
    {"state", RM_FACT_WORD, false, AT(row.state), &state_words, NULL,
     "How sure this is; declared when left out."},
};
#undef ROW

#define ROW rm_fact_forward
static const rm_fact_field forward_fields[] = {
    {"to_driver", RM_FACT_NAME, false, AT(to_driver), NULL, NULL, "The driver it is sent to."},
    {"to_device", RM_FACT_NAME, false, AT(to_device), NULL, NULL, "The device it is sent to."},
    {"to_entry_kind", RM_FACT_WORD, false, AT(row.to_entry_kind), &entry_kind_words, NULL,
     "As what it arrives there; ioctl when left out."},
    {"code_sent", RM_FACT_CODE_SENT, false, AT(row.code_sent), NULL, NULL,
     "The control code sent; \"received\" (also when left out), or \"chosen\" by the caller."},
    {"target", RM_FACT_NAME, false, AT(row.target), NULL, NULL,
     "The target as the driver finds it: \\Device\\X, an interface GUID, \"next lower\"."},
    {"how_found", RM_FACT_WORD, false, AT(row.how_found), &found_words, NULL,
     "How the driver finds its target; name when left out."},
    {"via_api", RM_FACT_TEXT, false, AT(row.via_api), NULL, NULL, "What sends it."},
    {"new_irp", RM_FACT_FLAG, false, AT(row.new_irp), NULL, NULL,
     "Whether the driver builds a request of its own."},
    {"requestor_mode_after", RM_FACT_WORD, false, AT(row.requestor_mode_after), &mode_after_words,
     NULL, "Whom the target takes for the caller; unknown when left out."},
    {"carries_user_data", RM_FACT_TRI, false, AT(row.carries_user_data), NULL, NULL,
     "Whether bytes of the caller are in it."},
    {"validation", RM_FACT_WORD, false, AT(row.validation), &validation_words, NULL,
     "Whether those bytes are constrained before they are sent; unknown when left out."},
    {"reason", RM_FACT_TEXT, false, AT(row.reason), NULL, NULL,
     "Why the validation has this word."},
    {"text", RM_FACT_TEXT, false, AT(row.text), NULL, NULL, "The statement, for the reader."},
    {"state", RM_FACT_WORD, false, AT(row.state), &state_words, NULL,
     "How sure this is; declared when left out."},
};
#undef ROW

#define ROW rm_capability
static const rm_fact_field capability_fields[] = {
    {"name", RM_FACT_NAME, true, AT(name), NULL, NULL, "As in a manifest."},
    {"kind", RM_FACT_WORD, false, AT(kind), &capability_kind_words, NULL,
     "Its kind; told from the name when left out."},
    {"sid", RM_FACT_TEXT, false, AT(sid), NULL, NULL,
     "Its SID; derived from the name when left out."},
};
#undef ROW

#define RECORD(record, element, text)                                                              \
    const rm_fact_record rm_fact_##record##_record = {element, text, record##_fields,              \
                                                      COUNT(record##_fields)}

RECORD(input, "input", "A value that the caller controls.");
RECORD(sink, "sink", "A privileged operation that the entry reaches.");
RECORD(check, "check", "A check on the way to a sink.");
RECORD(forward, "forward", "The entry sends a request on to another driver.");
RECORD(capability, "capability", "A capability that an app declares.");

#define ROW rm_driver
static const rm_fact_field driver_fields[] = {
    {"name", RM_FACT_NAME, true, AT(name), NULL, NULL,
     "The binary's base name without extension; how everything else refers to the driver."},
    {"framework", RM_FACT_WORD, false, AT(framework), &framework_words, NULL,
     "What it is built on."},
    {"mode", RM_FACT_WORD, false, AT(mode), &driver_mode_words, NULL, "kernel when left out."},
    {"role", RM_FACT_WORD, false, AT(role), &role_words, NULL, "Its place in its stack."},
    {"service", RM_FACT_TEXT, false, AT(service), NULL, NULL, "The service that loads it."},
    {"start_type", RM_FACT_CHOICE, false, AT(start_type), &start_type_words, NULL,
     "When it is loaded."},
    {"inf", RM_FACT_TEXT, false, AT(inf), NULL, NULL, "The INF that installs it."},
    STATE_FIELD,
};
#undef ROW

#define ROW rm_fact_device
static const rm_fact_field device_fields[] = {
    {"driver", RM_FACT_NAME, true, AT(driver), NULL, NULL, "The driver that makes it."},
    {"nt_name", RM_FACT_TEXT, false, AT(row.nt_name), NULL, NULL,
     "Its name in the object manager, such as \\Device\\X."},
    {"name", RM_FACT_TEXT, false, AT(row.alias), NULL, NULL,
     "What the facts files call it; needed only where it has neither NT name nor door."},
    {"created_by", RM_FACT_WORD, false, AT(row.created_by), &created_words, NULL,
     "How it was made; facts when left out."},
    {"sddl", RM_FACT_SDDL, false, AT(sddl), NULL, NULL, "Its effective security descriptor."},
    {"sddl_source", RM_FACT_WORD, false, AT(sddl_source), &sddl_source_words, NULL,
     "Where that descriptor comes from; facts when left out."},
    {"secure_open", RM_FACT_TRI, false, AT(row.secure_open), NULL, NULL,
     "Whether FILE_DEVICE_SECURE_OPEN is in force; null or left out: not known."},
    {"exclusive", RM_FACT_TRI, false, AT(row.exclusive), NULL, NULL,
     "Whether only one handle may be open."},
    {"reach", RM_FACT_WORD, false, AT(row.reach), &device_reach_words, NULL,
     "held: exclusive, and a service normally has it open (R 400); hardware: only specific "
     "hardware "
     "brings it (R 600); any when left out."},
    {"device_type", RM_FACT_DEVICE_TYPE, false, AT(device_type), NULL, NULL,
     "FILE_DEVICE_ type, a number or the name."},
    {"class_guid", RM_FACT_TEXT, false, AT(row.class_guid), NULL, NULL, "Its setup class."},
    {"state", RM_FACT_WORD, false, AT(row.state), &state_words, NULL,
     "How sure this is; declared when left out."},
};
#undef ROW

#define ROW rm_door
static const rm_fact_field door_fields[] = {
    {"driver", RM_FACT_NAME, false, AT(driver_name), NULL, NULL,
     "The driver whose only device it opens, where no device is named."},
    {"device", RM_FACT_NAME, false, AT(device_name), NULL, NULL, "The device it opens."},
    {"service", RM_FACT_NAME, false, AT(service_name), NULL, NULL,
     "The service it leads to, in place of a device."},
    {"kind", RM_FACT_WORD, true, AT(kind), &door_kind_words, NULL, "What sort of name it is."},
    {"name", RM_FACT_NAME, true, AT(name), NULL, NULL,
     "The name: \\DosDevices\\X, an interface class GUID, a port or endpoint."},
    {"class_guid", RM_FACT_TEXT, false, AT(class_guid), NULL, NULL,
     "Of an interface: its class; the name when left out."},
    {"capabilities", RM_FACT_JOINED, false, AT(capabilities), NULL, NULL,
     "Of an interface: its unrestricted app capabilities."},
    STATE_FIELD,
};
#undef ROW

#define ROW rm_fact_descriptor
static const rm_fact_field descriptor_fields[] = {
    {"subject_kind", RM_FACT_WORD, true, AT(row.subject_kind), &subject_words, NULL,
     "What it protects."},
    {"subject", RM_FACT_NAME, true, AT(row.subject_name), NULL, NULL, "The name of that thing."},
    {"sddl", RM_FACT_SDDL, true, AT(sddl), NULL, NULL, "The descriptor."},
    {"source", RM_FACT_WORD, false, AT(row.source), &sddl_source_words, NULL,
     "Where it comes from; facts when left out."},
    {"condition", RM_FACT_TEXT, false, AT(row.condition), NULL, NULL,
     "When it applies, where it is one of several."},
    {"state", RM_FACT_WORD, false, AT(row.state), &state_words, NULL,
     "How sure this is; declared when left out."},
};
#undef ROW

#define ROW rm_fact_entry
static const rm_fact_field entry_fields[] = {
    {"driver", RM_FACT_NAME, true, AT(driver), NULL, NULL, "The driver that serves it."},
    {"device", RM_FACT_NAME, false, AT(row.device_name), NULL, NULL,
     "The device it is sent to; the driver's only one when left out."},
    {"kind", RM_FACT_WORD, false, AT(row.kind), &entry_kind_words, NULL, "ioctl when left out."},
    {"name", RM_FACT_TEXT, false, AT(row.name), NULL, NULL,
     "The name of the control code, or of the request."},
    {"code", RM_FACT_NUMBER, false, AT(code), NULL, NULL, "The control code."},
    {"handler", RM_FACT_TEXT, false, AT(row.handler), NULL, NULL, "The function that serves it."},
    {"answers", RM_FACT_FLAG, false, AT(row.answers), NULL, NULL,
     "Whether it fills an output buffer: data goes back to the caller."},
    {"inputs", RM_FACT_ROWS, false, AT(inputs), NULL, &rm_fact_input_record,
     "The values that the caller controls."},
    {"checks", RM_FACT_ROWS, false, AT(checks), NULL, &rm_fact_check_record,
     "What is checked on the way."},
    {"sinks", RM_FACT_ROWS, false, AT(sinks), NULL, &rm_fact_sink_record,
     "The privileged operations it reaches."},
    {"forwards", RM_FACT_ROWS, false, AT(forwards), NULL, &rm_fact_forward_record,
     "What it sends on."},
    {"state", RM_FACT_WORD, false, AT(row.state), &state_words, NULL,
     "How sure this is; declared when left out."},
};
#undef ROW

#define ROW rm_fact_stack
static const rm_fact_field stack_fields[] = {
    {"hwid", RM_FACT_NAME, true, AT(hwid), NULL, NULL, "The hardware id of the stack."},
    {"arch", RM_FACT_TEXT, false, AT(arch), NULL, NULL,
     "The processor it is for; all when left out."},
    {"devices", RM_FACT_NAMES, true, AT(devices), NULL, NULL,
     "Devices or drivers, from the top to the bottom."},
};
#undef ROW

#define ROW rm_fact_service
static const rm_fact_field service_fields[] = {
    {"name", RM_FACT_NAME, true, AT(row.name), NULL, NULL, "The service's name."},
    {"kind", RM_FACT_TEXT, false, AT(row.kind), NULL, NULL,
     "kernel, filesystem, own_process or share_process."},
    {"start_type", RM_FACT_CHOICE, false, AT(row.start_type), &start_type_words, NULL,
     "When it is started."},
    {"account", RM_FACT_TEXT, false, AT(row.account), NULL, NULL,
     "The account it runs as: LocalSystem, NT AUTHORITY\\LocalService."},
    {"sddl", RM_FACT_SDDL, false, AT(sddl), NULL, NULL, "The security descriptor of the service."},
    {"inf", RM_FACT_TEXT, false, AT(row.inf), NULL, NULL, "The INF that installs it."},
    {"driver", RM_FACT_TEXT, false, AT(driver), NULL, NULL, "The driver it loads."},
    {"opens", RM_FACT_NAMES, false, AT(opens), NULL, NULL, "The devices it opens."},
    {"impersonates", RM_FACT_FLAG, false, AT(row.impersonates), NULL, NULL,
     "Whether it opens them as its caller."},
    {"state", RM_FACT_WORD, false, AT(row.state), &state_words, NULL,
     "How sure this is; declared when left out."},
};
#undef ROW

#define ROW rm_fact_app
static const rm_fact_field app_fields[] = {
    {"name", RM_FACT_NAME, true, AT(row.name), NULL, NULL,
     "The application's id in its package, or the program's file name."},
    {"package", RM_FACT_TEXT, false, AT(row.package), NULL, NULL, "The package's identity name."},
    {"principal", RM_FACT_TEXT, false, AT(row.principal), NULL, NULL,
     "What it runs as; left out where a manifest of this app says so."},
    {"trust_level", RM_FACT_CHOICE, false, AT(row.trust_level), &trust_level_words, NULL,
     "As in a package manifest."},
    {"execution_level", RM_FACT_CHOICE, false, AT(row.execution_level), &execution_level_words,
     NULL, "As in a program's manifest."},
    {"family_name", RM_FACT_TEXT, false, AT(row.family_name), NULL, NULL, "Package family name."},
    {"package_sid", RM_FACT_TEXT, false, AT(row.package_sid), NULL, NULL, "Package SID."},
    {"capabilities", RM_FACT_ITEMS, false, AT(capabilities), NULL, &rm_fact_capability_record,
     "What it declares."},
    {"opens", RM_FACT_NAMES, false, AT(opens), NULL, NULL,
     "The devices, doors, drivers or services it opens."},
    {"state", RM_FACT_WORD, false, AT(row.state), &state_words, NULL,
     "How sure this is; declared when left out."},
};
#undef ROW

#define ROW rm_fact_handle
static const rm_fact_field handle_fields[] = {
    {"from", RM_FACT_NAME, true, AT(row.from), NULL, NULL,
     "The app or service that hands it over."},
    {"to", RM_FACT_NAME, true, AT(row.to), NULL, NULL, "The app that receives it."},
    {"device", RM_FACT_NAME, true, AT(row.device_name), NULL, NULL, "The device it is open on."},
    {"mask", RM_FACT_NUMBER, true, AT(mask), NULL, NULL, "The access it was opened with."},
    {"state", RM_FACT_WORD, false, AT(row.state), &state_words, NULL,
     "How sure this is; declared when left out."},
};
#undef ROW

#define ROW rm_confirmation
static const rm_fact_field confirm_fields[] = {
    {"driver", RM_FACT_NAME, true, AT(driver), NULL, NULL, "The driver."},
    {"device", RM_FACT_NAME, false, AT(device), NULL, NULL, "The device, where it matters."},
    {"entry", RM_FACT_NAME, true, AT(entry), NULL, NULL, "Name or code of the entry."},
    {"input", RM_FACT_NAME, false, AT(input), NULL, NULL, "The input this is about."},
    {"sink", RM_FACT_NAME, false, AT(sink), NULL, NULL, "Or the sink: its class or api."},
    {"validation", RM_FACT_WORD, true, AT(validation), &validation_words, NULL,
     "What a person found."},
    {"who", RM_FACT_NAME, false, AT(who), NULL, NULL,
     "Who looked; that of the file when left out."},
    {"why", RM_FACT_NAME, false, AT(why), NULL, NULL,
     "On what grounds; that of the file when left out."},
};
#undef ROW

RECORD(driver, "driver", "A driver.");
RECORD(device, "device", "A device object.");
RECORD(door, "door", "A name under which a device or a service is opened.");
RECORD(descriptor, "descriptor", "A security descriptor of something declared elsewhere.");
RECORD(entry, "entry", "A request that a driver serves.");
RECORD(stack, "stack", "A device stack.");
RECORD(service, "service", "A service that stands between apps and drivers.");
RECORD(app, "app", "An app.");
RECORD(handle, "handle", "An open handle that is handed over.");
RECORD(confirm, "confirm", "A validation that a person confirmed.");

#define ROW rm_fact_file
static const rm_fact_field file_fields[] = {
    {"$schema", RM_FACT_TEXT, false, AT(schema), NULL, NULL, "For editors; not read."},
    {"ringmap", RM_FACT_VERSION, true, 0, NULL, NULL, "The version of this format: 1."},
    {"who", RM_FACT_TEXT, false, AT(who), NULL, NULL, "Who declares this."},
    {"why", RM_FACT_TEXT, false, AT(why), NULL, NULL, "On what grounds."},
    {"drivers", RM_FACT_ROWS, false, AT(drivers), NULL, &rm_fact_driver_record, "Drivers."},
    {"devices", RM_FACT_ROWS, false, AT(devices), NULL, &rm_fact_device_record, "Devices."},
    {"doors", RM_FACT_ROWS, false, AT(doors), NULL, &rm_fact_door_record, "Doors."},
    {"descriptors", RM_FACT_ROWS, false, AT(descriptors), NULL, &rm_fact_descriptor_record,
     "Security descriptors."},
    {"entries", RM_FACT_ROWS, false, AT(entries), NULL, &rm_fact_entry_record, "Entries."},
    {"stacks", RM_FACT_ROWS, false, AT(stacks), NULL, &rm_fact_stack_record, "Device stacks."},
    {"services", RM_FACT_ROWS, false, AT(services), NULL, &rm_fact_service_record, "Services."},
    {"apps", RM_FACT_ROWS, false, AT(apps), NULL, &rm_fact_app_record, "Apps."},
    {"handles", RM_FACT_ROWS, false, AT(handles), NULL, &rm_fact_handle_record,
     "Handles handed over."},
    {"confirm", RM_FACT_ROWS, false, AT(confirm), NULL, &rm_fact_confirm_record,
     "Validations confirmed by hand."},
};
#undef ROW

RECORD(file, "file", "A system told by hand: facts for ringmap.");

const rm_fact_record *const rm_fact_records[] = {
    &rm_fact_app_record,        &rm_fact_capability_record,
    &rm_fact_check_record,      &rm_fact_confirm_record,
    &rm_fact_descriptor_record, &rm_fact_device_record,
    &rm_fact_door_record,       &rm_fact_driver_record,
    &rm_fact_entry_record,      &rm_fact_forward_record,
    &rm_fact_handle_record,     &rm_fact_input_record,
    &rm_fact_service_record,    &rm_fact_sink_record,
    &rm_fact_stack_record,      NULL,
};
