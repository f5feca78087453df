/* The columns of what was read: one line for each field of model/model.h. */
#include "columns.h"

/* What a descriptor is about, by kind; keys and files have no list. */
static const rm_table_id descriptors_subjects[RM_SUBJECT_COUNT] = {
    [RM_SUBJECT_DEVICE] = RM_TABLE_DEVICES, [RM_SUBJECT_INTERFACE] = RM_TABLE_DOORS,
    [RM_SUBJECT_PORT] = RM_TABLE_DEVICES,   [RM_SUBJECT_SERVICE] = RM_TABLE_SERVICES,
    [RM_SUBJECT_KEY] = RM_TABLE_COUNT,      [RM_SUBJECT_FILE] = RM_TABLE_COUNT,
};

const rm_column rm_columns_artifacts[] = {
    TEXT(rm_artifact, id),
    PATH(rm_artifact, path),
    WORD(rm_artifact, kind, artifact_kind),
    TEXT(rm_artifact, sha256),
    U64(rm_artifact, bytes),
    TEXT(rm_artifact, encoding),
    FLAG(rm_artifact, used),
    END,
};

const rm_column rm_columns_diagnostics[] = {
    WORD(rm_diagnostic, level, level),
    TEXT(rm_diagnostic, id),
    TEXT(rm_diagnostic, message),
    PLACE(rm_diagnostic),
    END,
};

const rm_column rm_columns_drivers[] = {
    TEXT(rm_driver, id),
    TEXT(rm_driver, name),
    WORD(rm_driver, framework, framework),
    WORD(rm_driver, mode, driver_mode),
    WORD(rm_driver, role, role),
    TEXT(rm_driver, service),
    TEXT(rm_driver, start_type),
    PATH(rm_driver, inf),
    WORD(rm_driver, state, state),
    PATH(rm_driver, unit),
    PLACE(rm_driver),
    END,
};

const rm_column rm_columns_installs[] = {
    TEXT(rm_install, id),
    PATH(rm_install, inf),
    TEXT(rm_install, model),
    TEXT(rm_install, hwid),
    TEXT(rm_install, arch),
    TEXT(rm_install, section),
    REF(rm_install, driver, DRIVERS),
    TEXT(rm_install, class_guid),
    TEXT(rm_install, id_kind),
    PLACE(rm_install),
    END,
};

const rm_column rm_columns_services[] = {
    TEXT(rm_service, id),
    TEXT(rm_service, name),
    TEXT(rm_service, kind),
    TEXT(rm_service, start_type),
    TEXT(rm_service, account),
    TEXT(rm_service, sddl),
    PATH(rm_service, inf),
    REF(rm_service, driver, DRIVERS),
    FLAG(rm_service, impersonates),
    TEXT(rm_service, sid_type),
    TEXT(rm_service, sid),
    WORD(rm_service, state, state),
    PLACE(rm_service),
    END,
};

const rm_column rm_columns_devices[] = {
    TEXT(rm_device, id),
    REF(rm_device, driver, DRIVERS),
    TEXT(rm_device, nt_name),
    WORD(rm_device, created_by, created),
    FLAG(rm_device, filter),
    FLAG(rm_device, pnp),
    FLAG(rm_device, name_unknown),
    U32_KNOWN(rm_device, device_type),
    U32_IF(rm_device, characteristics, characteristics_known),
    TRI(rm_device, secure_open),
    TRI(rm_device, exclusive),
    REF(rm_device, descriptor, DESCRIPTORS),
    TEXT(rm_device, class_guid),
    TEXT(rm_device, alias),
    WORD(rm_device, reach, device_reach),
    WORD(rm_device, state, state),
    PLACE(rm_device),
    END,
};

const rm_column rm_columns_descriptors[] = {
    TEXT(rm_descriptor, id),
    WORD(rm_descriptor, subject_kind, subject),
    SUBJECT(rm_descriptor, descriptors_subjects),
    TEXT(rm_descriptor, subject_name),
    TEXT(rm_descriptor, sddl),
    TEXT(rm_descriptor, canonical),
    WORD(rm_descriptor, source, sddl_source),
    FLAG(rm_descriptor, effective),
    REF(rm_descriptor, outranked_by, DESCRIPTORS),
    TEXT(rm_descriptor, condition),
    WORD(rm_descriptor, state, state),
    PLACE(rm_descriptor),
    END,
};

const rm_column rm_columns_doors[] = {
    TEXT(rm_door, id),
    REF(rm_door, device, DEVICES),
    REF(rm_door, service, SERVICES),
    WORD(rm_door, kind, door_kind),
    TEXT(rm_door, name),
    TEXT(rm_door, class_guid),
    TEXT(rm_door, capabilities),
    TRI(rm_door, restricted),
    TEXT(rm_door, driver_name),
    TEXT(rm_door, device_name),
    TEXT(rm_door, service_name),
    WORD(rm_door, state, state),
    PLACE(rm_door),
    END,
};

const rm_column rm_columns_stacks[] = {
    TEXT(rm_stack_position, id),
    TEXT(rm_stack_position, hwid),
    TEXT(rm_stack_position, arch),
    U32(rm_stack_position, position),
    REF(rm_stack_position, device, DEVICES),
    REF(rm_stack_position, driver, DRIVERS),
    TEXT(rm_stack_position, device_name),
    PATH(rm_stack_position, inf),
    TEXT(rm_stack_position, altitude),
    WORD(rm_stack_position, how, stack_how),
    WORD(rm_stack_position, order_state, state),
    WORD(rm_stack_position, state, state),
    PLACE(rm_stack_position),
    END,
};

const rm_column rm_columns_entries[] = {
    TEXT(rm_entry, id),
    REF(rm_entry, driver, DRIVERS),
    REF(rm_entry, device, DEVICES),
    TEXT(rm_entry, device_name),
    WORD(rm_entry, kind, entry_kind),
    TEXT(rm_entry, name),
    FLAG(rm_entry, any_code),
    FLAG(rm_entry, answers),
    U32_IF(rm_entry, code, has_code),
    TEXT(rm_entry, handler),
    WORD(rm_entry, state, state),
    PLACE(rm_entry),
    END,
};

const rm_column rm_columns_ioctls[] = {
    TEXT(rm_ioctl, id),
    REF(rm_ioctl, driver, DRIVERS),
    REF(rm_ioctl, device, DEVICES),
    TEXT(rm_ioctl, name),
    U32_IF(rm_ioctl, code, has_code),
    TEXT(rm_ioctl, handler),
    FLAG(rm_ioctl, handled),
    PLACE(rm_ioctl),
    END,
};

const rm_column rm_columns_inputs[] = {
    TEXT(rm_input, id),
    REF(rm_input, entry, ENTRIES),
    TEXT(rm_input, name),
    TEXT(rm_input, type),
    WORD(rm_input, buffer, buffer),
    WORD(rm_input, validation, validation),
    TEXT(rm_input, reason),
    WORD(rm_input, state, state),
    PLACE(rm_input),
    TEXT(rm_input, member),
    U32_IF(rm_input, offset, has_offset),
    U32_KNOWN(rm_input, size),
    TEXT(rm_input, text),
    END,
};

const rm_column rm_columns_checks[] = {
    TEXT(rm_check, id),
    REF(rm_check, entry, ENTRIES),
    REF(rm_check, sink, SINKS),
    REF(rm_check, driver, DRIVERS),
    WORD(rm_check, kind, check_kind),
    TEXT(rm_check, argument),
    WORD(rm_check, at, check_at),
    TRI(rm_check, well_formed),
    TRI(rm_check, dominates),
    TRI(rm_check, can_refuse),
    WORD(rm_check, state, state),
    PLACE(rm_check),
    TEXT(rm_check, reason),
    TEXT(rm_check, text),
    END,
};

const rm_column rm_columns_sinks[] = {
    TEXT(rm_sink_call, id),
    REF(rm_sink_call, entry, ENTRIES),
    TEXT(rm_sink_call, class_name),
    TEXT(rm_sink_call, api),
    TEXT(rm_sink_call, argument),
    WORD(rm_sink_call, validation, validation),
    TEXT(rm_sink_call, reason),
    TEXT(rm_sink_call, text),
    TEXT(rm_sink_call, function),
    FLAG(rm_sink_call, ending),
    WORD(rm_sink_call, state, state),
    PLACE(rm_sink_call),
    END,
};

const rm_column rm_columns_flow_steps[] = {
    REF(rm_flow_step, entry, ENTRIES),
    REF(rm_flow_step, sink, SINKS),
    U32(rm_flow_step, number),
    WORD(rm_flow_step, kind, flow_kind),
    TEXT(rm_flow_step, what),
    TRI(rm_flow_step, counts),
    TEXT(rm_flow_step, reason),
    TEXT(rm_flow_step, text),
    PLACE(rm_flow_step),
    END,
};

const rm_column rm_columns_forwards[] = {
    TEXT(rm_forward, id),
    REF(rm_forward, from_driver, DRIVERS),
    REF(rm_forward, from_service, SERVICES),
    REF(rm_forward, entry, ENTRIES),
    REF(rm_forward, to_driver, DRIVERS),
    REF(rm_forward, to_device, DEVICES),
    WORD(rm_forward, to_entry_kind, entry_kind),
    CODE_SENT(rm_forward, code_sent),
    TEXT(rm_forward, target),
    TEXT(rm_forward, to_driver_name),
    WORD(rm_forward, how_found, found),
    TEXT(rm_forward, via_api),
    FLAG(rm_forward, new_irp),
    WORD(rm_forward, requestor_mode_after, mode_after),
    TRI(rm_forward, carries_user_data),
    WORD(rm_forward, validation, validation),
    TEXT(rm_forward, reason),
    TEXT(rm_forward, text),
    WORD(rm_forward, state, state),
    PLACE(rm_forward),
    END,
};

const rm_column rm_columns_apps[] = {
    TEXT(rm_app, id),
    TEXT(rm_app, package),
    TEXT(rm_app, name),
    TEXT(rm_app, principal),
    TEXT(rm_app, trust_level),
    TEXT(rm_app, execution_level),
    TEXT(rm_app, family_name),
    TEXT(rm_app, package_sid),
    TEXT(rm_app, executable),
    WORD(rm_app, state, state),
    PLACE(rm_app),
    END,
};

const rm_column rm_columns_capabilities[] = {
    REF(rm_capability, app, APPS),
    TEXT(rm_capability, name),
    WORD(rm_capability, kind, capability_kind),
    TEXT(rm_capability, sid),
    TEXT(rm_capability, devices),
    TEXT(rm_capability, functions),
    PLACE(rm_capability),
    END,
};

const rm_column rm_columns_authorizeds[] = {
    TEXT(rm_authorized, capability),
    FLAG(rm_authorized, allow_any),
    TEXT(rm_authorized, family_name),
    TEXT(rm_authorized, cert_hash),
    FLAG(rm_authorized, developer_mode),
    FLAG(rm_authorized, unsigned_catalog),
    PLACE(rm_authorized),
    END,
};

const rm_column rm_columns_app_entries[] = {
    REF(rm_app_entry, app, APPS), TEXT(rm_app_entry, kind), TEXT(rm_app_entry, name),
    TEXT(rm_app_entry, program),  PLACE(rm_app_entry),      END,
};

const rm_column rm_columns_opens[] = {
    REF(rm_open, app, APPS),
    REF(rm_open, service, SERVICES),
    TEXT(rm_open, app_name),
    TEXT(rm_open, target),
    REF(rm_open, device, DEVICES),
    REF(rm_open, to_service, SERVICES),
    FLAG(rm_open, as_caller),
    FLAG(rm_open, call),
    WORD(rm_open, state, state),
    PLACE(rm_open),
    END,
};

const rm_column rm_columns_handles[] = {
    TEXT(rm_handle, from),
    TEXT(rm_handle, to),
    TEXT(rm_handle, device_name),
    REF(rm_handle, app, APPS),
    REF(rm_handle, device, DEVICES),
    U32(rm_handle, mask),
    WORD(rm_handle, state, state),
    PLACE(rm_handle),
    END,
};

const rm_column rm_columns_settings[] = {
    REF(rm_registry_setting, driver, DRIVERS),
    TEXT(rm_registry_setting, class_guid),
    TEXT(rm_registry_setting, hwid),
    FLAG(rm_registry_setting, class_level),
    FLAG(rm_registry_setting, creates_class),
    TEXT_IF(rm_registry_setting, sddl, has_sddl),
    U32_IF(rm_registry_setting, characteristics, has_characteristics),
    U32_IF(rm_registry_setting, device_type, has_device_type),
    TRI(rm_registry_setting, exclusive),
    TEXT(rm_registry_setting, condition),
    WORD(rm_registry_setting, state, state),
    PLACE(rm_registry_setting),
    END,
};

const rm_column rm_columns_directives[] = {
    PATH(rm_directive, inf),
    REF(rm_directive, driver, DRIVERS),
    TEXT(rm_directive, section),
    TEXT(rm_directive, name),
    TEXT(rm_directive, value),
    PLACE(rm_directive),
    END,
};

const rm_column rm_columns_observations[] = {
    REF(rm_observation, driver, DRIVERS),
    WORD(rm_observation, kind, observed),
    TEXT(rm_observation, function),
    TEXT(rm_observation, subject),
    TEXT(rm_observation, text),
    PLACE(rm_observation),
    END,
};

const rm_column rm_columns_confirmations[] = {
    TEXT(rm_confirmation, driver),
    TEXT(rm_confirmation, device),
    TEXT(rm_confirmation, entry),
    TEXT(rm_confirmation, input),
    TEXT(rm_confirmation, sink),
    WORD(rm_confirmation, validation, validation),
    TEXT(rm_confirmation, who),
    TEXT(rm_confirmation, why),
    FLAG(rm_confirmation, used),
    PLACE(rm_confirmation),
    END,
};

const rm_column rm_columns_conflicts[] = {
    TEXT(rm_conflict, subject),
    TEXT(rm_conflict, text),
    PLACE_IN(rm_conflict, told),
    PATH_AS(rm_conflict, read_file, read.file),
    U32_KNOWN_AS(rm_conflict, read_line, read.line),
    U32_KNOWN_AS(rm_conflict, read_column, read.column),
    END,
};
