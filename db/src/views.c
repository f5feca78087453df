#include "db/query.h"
#include "schema.h"

/*
 * The public views (docs/model.md). The columns of the contract come first and in its
 * order; ours follow. Add at the end, change nothing.
 */

/* What a device is called: its NT name, else what a facts file calls it, else its driver. */
#define DEVICE_NAME(d)                                                                             \
    "COALESCE(" d ".nt_name, " d ".alias, (SELECT name FROM drivers WHERE n = " d ".driver))"
#define DOOR_NAME(d) "COALESCE(" d ".name, " d ".class_guid, " d ".id)"
#define ENTRY_NAME(e) "COALESCE(" e ".name, " e ".kind)"
#define APP_NAME(a)                                                                                \
    "CASE WHEN " a ".package IS NULL THEN " a ".name ELSE " a ".package || '!' || " a ".name END"

/* The fields of a control code, by the number. */
#define CODE_TYPE(c) c " >> 16"
#define CODE_FUNCTION(c) c " >> 2 & 4095"
#define CODE_METHOD(c)                                                                             \
    "CASE " c " & 3 WHEN 0 THEN 'buffered' WHEN 1 THEN 'in_direct' WHEN 2 THEN 'out_direct'"       \
    " WHEN 3 THEN 'neither' END"
#define CODE_ACCESS(c)                                                                             \
    "CASE " c " >> 14 & 3 WHEN 0 THEN 'any' WHEN 1 THEN 'read' WHEN 2 THEN 'write'"                \
    " WHEN 3 THEN 'read_write' END"

/* FILE_READ_DATA, FILE_WRITE_DATA, WRITE_DAC; ACCESS_SYSTEM_SECURITY opens nothing. */
#define MASK_ANY(m) "(" m " & ~16777216) <> 0"
#define MASK_READ(m) m " & 1"
#define MASK_WRITE(m) m " >> 1 & 1"
#define MASK_WRITE_DAC(m) m " >> 18 & 1"

/* SQL, laid out as SQL */
/* clang-format off */
const rm_view rm_views[] = {
    {"v_artifact", "artifact_id, path, kind, sha256, bytes, encoding, used",
     "SELECT id, path, kind, sha256, bytes, encoding, used FROM artifacts"},

    {"v_diagnostic", "path, line, \"column\", severity, id, message",
     "SELECT file, line, \"column\", level, id, message FROM diagnostics"},

    {"v_driver",
     "driver_id, name, framework, mode, role, service, start_type, inf, state,"
     " unit, path, line",
     "SELECT id, name, framework, mode, role, service, start_type, inf, state,"
     " unit, file, line FROM drivers"},

    {"v_install", "install_id, inf, model, hwid, arch, section, driver, class_guid, path, line, id_kind",
     "SELECT i.id, i.inf, i.model, i.hwid, i.arch, i.section, r.name, i.class_guid, i.file, i.line,"
     " i.id_kind"
     " FROM installs i LEFT JOIN drivers r ON r.n = i.driver"},

    {"v_service",
     "service_id, name, kind, start_type, account, sddl, inf, path, line,"
     " driver, impersonates, state, sid, sid_type",
     "SELECT s.id, s.name, s.kind, s.start_type, s.account, s.sddl, s.inf, s.file, s.line,"
     " r.name, s.impersonates, s.state, s.sid, s.sid_type"
     " FROM services s LEFT JOIN drivers r ON r.n = s.driver"},

    {"v_device",
     "device_id, driver_id, driver, nt_name, created_by, sddl, canonical, sddl_source,"
     " secure_open, exclusive, device_type, state, path, line,"
     " name, class_guid, characteristics, filter, pnp, descriptor_id, reach",
     "SELECT d.id, r.id, r.name, d.nt_name, d.created_by, s.sddl, s.canonical,"
     " COALESCE(s.source, 'unknown'),"
     " d.secure_open, d.exclusive, d.device_type, d.state, d.file, d.line,"
     " " DEVICE_NAME("d") ", d.class_guid, d.characteristics, d.filter, d.pnp, s.id, d.reach"
     " FROM devices d"
     " LEFT JOIN drivers r ON r.n = d.driver"
     " LEFT JOIN descriptors s ON s.n = d.descriptor"},

    {"v_descriptor",
     "descriptor_id, subject_kind, subject_id, subject, sddl, canonical, source, effective,"
     " outranked_by, condition, state, path, line",
     "SELECT s.id, s.subject_kind, COALESCE(d.id, o.id, v.id),"
     " COALESCE(s.subject_name, " DEVICE_NAME("d") ", " DOOR_NAME("o") ", v.name),"
     " s.sddl, s.canonical, s.source, s.effective, w.id, s.condition, s.state, s.file, "
     "s.line"
     " FROM descriptors s"
     " LEFT JOIN devices d ON d.n = s.subject AND s.subject_kind IN ('device', 'port')"
     " LEFT JOIN doors o ON o.n = s.subject AND s.subject_kind = 'interface'"
     " LEFT JOIN services v ON v.n = s.subject AND s.subject_kind = 'service'"
     " LEFT JOIN descriptors w ON w.n = s.outranked_by"},

    {"v_door",
     "door_id, device_id, driver, kind, name, class_guid, capabilities, path, line,"
     " device, service, state, restricted",
     "SELECT o.id, d.id, r.name, o.kind, o.name, o.class_guid, o.capabilities, o.file, o.line,"
     " " DEVICE_NAME("d") ", v.name, o.state, o.restricted"
     " FROM doors o"
     " LEFT JOIN devices d ON d.n = o.device"
     " LEFT JOIN drivers r ON r.n = d.driver"
     " LEFT JOIN services v ON v.n = o.service"},

    {"v_stack",
     "stack_id, hwid, arch, position, device_id, driver, how, order_state, state,"
     " path, line, inf, altitude",
     "SELECT k.id, k.hwid, k.arch, k.position, d.id, r.name, k.how, k.order_state, k.state,"
     " k.file, k.line, k.inf, k.altitude"
     " FROM stacks k"
     " LEFT JOIN devices d ON d.n = k.device"
     " LEFT JOIN drivers r ON r.n = k.driver"},

    {"v_directive", "inf, driver, section, name, value, path, line",
     "SELECT t.inf, r.name, t.section, t.name, t.value, t.file, t.line"
     " FROM directives t LEFT JOIN drivers r ON r.n = t.driver"},

    {"v_access",
     "subject_kind, device_id, device, driver, principal, mask, win32_mask,"
     " can_open, can_read, can_write, write_dac, via, state, dacl_grants, door",
     "SELECT a.subject_kind, COALESCE(d.id, v.id, s.id),"
     " COALESCE(" DEVICE_NAME("d") ", v.name, s.subject_name), r.name, a.principal,"
     " a.mask, a.win32_mask,"
     " " MASK_ANY("a.mask") ", " MASK_READ("a.mask") ", " MASK_WRITE("a.mask") ","
     " " MASK_WRITE_DAC("a.mask") ", a.via, a.state, a.dacl_grants, o.name"
     " FROM accesses a"
     " LEFT JOIN doors o ON o.n = a.subject AND "
     "a.subject_kind = 'interface'"
     " LEFT JOIN devices d ON d.n ="
     " CASE WHEN a.subject_kind IN ('device', 'port') THEN "
     "a.subject ELSE o.device END"
     " LEFT JOIN drivers r ON r.n = d.driver"
     " LEFT JOIN services v ON v.n = a.subject AND "
     "a.subject_kind = 'service'"
     " LEFT JOIN descriptors s ON s.n = a.subject AND "
     "a.subject_kind IN ('key', 'file')"},

    {"v_entry",
     "entry_id, driver_id, driver, device_id, device, kind, name, code, handler, path, line,"
     " any_code, method, access, state, answers",
     "SELECT e.id, r.id, r.name, d.id, " DEVICE_NAME("d") ", e.kind, e.name, e.code, e.handler,"
     " e.file, e.line, e.any_code, " CODE_METHOD("e.code") ", " CODE_ACCESS("e.code") ", e.state, e.answers"
     " FROM entries e"
     " LEFT JOIN drivers r ON r.n = e.driver"
     " LEFT JOIN devices d ON d.n = e.device"},

    {"v_ioctl",
     "ioctl_id, driver_id, driver, device_id, device, name, code, device_type, function, method,"
     " access, handler, handled, path, line",
     "SELECT i.id, r.id, r.name, d.id, " DEVICE_NAME("d") ", i.name, i.code,"
     " " CODE_TYPE("i.code") ", " CODE_FUNCTION("i.code") ", " CODE_METHOD("i.code") ","
     " " CODE_ACCESS("i.code") ", i.handler, i.handled, i.file, i.line"
     " FROM ioctls i"
     " LEFT JOIN drivers r ON r.n = i.driver"
     " LEFT JOIN devices d ON d.n = i.device"},

    {"v_input",
     "input_id, entry_id, driver, entry, code, name, type, buffer, validation, reason, state,"
     " path, line, member, \"offset\", size, text",
     "SELECT i.id, e.id, r.name, " ENTRY_NAME("e") ", e.code, i.name, i.type, i.buffer,"
     " i.validation, i.reason, i.state, i.file, i.line, i.member, i.\"offset\", i.size, i.text"
     " FROM inputs i"
     " LEFT JOIN entries e ON e.n = i.entry"
     " LEFT JOIN drivers r ON r.n = e.driver"},

    {"v_check",
     "check_id, entry_id, sink_id, driver, kind, argument, at, well_formed, dominates, can_refuse,"
     " path, line, state, reason, text",
     "SELECT c.id, e.id, s.id, r.name, c.kind, c.argument, c.at, c.well_formed, c.dominates,"
     " c.can_refuse, c.file, c.line, c.state, c.reason, c.text"
     " FROM checks c"
     " LEFT JOIN entries e ON e.n = c.entry"
     " LEFT JOIN sinks s ON s.n = c.sink"
     " LEFT JOIN drivers r ON r.n = COALESCE(c.driver, e.driver)"},

    {"v_sink",
     "sink_id, entry_id, driver, device, entry, code, class, family, api, argument, validation,"
     " reason, text, path, line, severity_permille, function, state, ending",
     "SELECT s.id, e.id, r.name, " DEVICE_NAME("d") ", " ENTRY_NAME("e") ", e.code, s.class_name,"
     " k.family, s.api, s.argument, s.validation, s.reason, s.text, s.file, s.line, "
     "k.severity,"
     " s.function, s.state, s.ending"
     " FROM sinks s"
     " LEFT JOIN entries e ON e.n = s.entry"
     " LEFT JOIN drivers r ON r.n = e.driver"
     " LEFT JOIN devices d ON d.n = e.device"
     " LEFT JOIN sink_classes k ON k.name = s.class_name"},

    {"v_flow",
     "entry_id, sink_id, driver, entry, step, kind, what, counts, reason, text, path, line",
     "SELECT e.id, s.id, r.name, " ENTRY_NAME("e") ", f.number, f.kind, f.what, f.counts, f.reason,"
     " f.text, f.file, f.line"
     " FROM flow_steps f"
     " LEFT JOIN entries e ON e.n = f.entry"
     " LEFT JOIN sinks s ON s.n = f.sink"
     " LEFT JOIN drivers r ON r.n = e.driver"},

    {"v_forward",
     "forward_id, from_driver, entry_id, to_driver, to_device_id, to_entry_kind, code_sent, target,"
     " how_found, via_api, new_irp, requestor_mode_after, carries_user_data, validation, path, "
     "line,"
     " reason, text, state",
     "SELECT f.id, COALESCE(r.name, 'service:' || v.name), e.id, t.name, d.id, f.to_entry_kind,"
     " f.code_sent, f.target, f.how_found, f.via_api, f.new_irp, f.requestor_mode_after,"
     " f.carries_user_data, f.validation, f.file, f.line, f.reason, f.text, f.state"
     " FROM forwards f"
     " LEFT JOIN drivers r ON r.n = f.from_driver"
     " LEFT JOIN services v ON v.n = f.from_service"
     " LEFT JOIN entries e ON e.n = f.entry"
     " LEFT JOIN drivers t ON t.n = f.to_driver"
     " LEFT JOIN devices d ON d.n = f.to_device"},

    {"v_app",
     "app_id, package, name, principal, trust_level, execution_level, family_name, package_sid,"
     " path, line, app, state",
     "SELECT a.id, a.package, a.name, a.principal, a.trust_level, a.execution_level, a.family_name,"
     " a.package_sid, a.file, a.line, " APP_NAME("a") ", a.state FROM apps a"},

    {"v_capability", "app_id, app, name, kind, sid, path, line, devices, functions",
     "SELECT a.id, " APP_NAME("a") ", c.name, c.kind, c.sid, c.file, c.line, c.devices,"
     " c.functions"
     " FROM capabilities c LEFT JOIN apps a ON a.n = c.app"},

    {"v_app_entry", "app_id, app, kind, name, program, principal, path, line",
     "SELECT a.id, " APP_NAME("a") ", e.kind, e.name, e.program, a.principal, e.file, e.line"
     " FROM app_entries e LEFT JOIN apps a ON a.n = e.app"},

    {"v_open",
     "app_id, app, service, target, device_id, device, to_service, state, path, line, as_caller",
     "SELECT a.id, " APP_NAME("a") ", s.name, o.target, d.id, " DEVICE_NAME("d") ", t.name, o.state,"
     " o.file, o.line, o.as_caller FROM opens o"
     " LEFT JOIN apps a ON a.n = o.app LEFT JOIN services s ON s.n = o.service"
     " LEFT JOIN devices d ON d.n = o.device LEFT JOIN services t ON t.n = o.to_service"},

    {"v_authorized",
     "capability, allow_any, family_name, cert_hash, developer_mode, path, line, unsigned_catalog",
     "SELECT capability, allow_any, family_name, cert_hash, developer_mode, file, line,"
     " unsigned_catalog FROM authorizeds"},

    {"v_boundary", "boundary_id, kind, from_level, to_level, from_node, to_node",
     "SELECT id, kind, from_level, to_level, from_node, to_node FROM boundaries"},

    {"v_path",
     "path_id, origin, app, door, device, entry, code, drivers, hops, boundaries, sink_class,"
     " sink_api, validation, score, severity, weakest, gate_open, gate_name, gate_deliver,"
     " gate_handle, authorisation, requestor_mode, confidence, state, summary,"
     " app_id, door_id, device_id, entry_id, sink_id, sink_family, score_text, rank, cvss,"
     " waived",
     "SELECT p.id, p.origin, " APP_NAME("a") ", " DOOR_NAME("o") ", " DEVICE_NAME("d") ","
     " " ENTRY_NAME("e") ", e.code, p.drivers, p.hops, p.boundaries, s.class_name, s.api,"
     " p.validation, p.score, p.severity, p.weakest, p.gate_open, "
     "p.gate_name, p.gate_deliver,"
     " p.gate_handle, p.authorisation, p.requestor_mode, "
     "p.confidence, p.state, p.summary,"
     " a.id, o.id, d.id, e.id, s.id, k.family, p.score_text, p.n + 1, p.cvss, p.waived"
     " FROM paths p"
     " LEFT JOIN apps a ON a.n = p.app"
     " LEFT JOIN doors o ON o.n = p.door"
     " LEFT JOIN devices d ON d.n = p.device"
     " LEFT JOIN entries e ON e.n = p.entry"
     " LEFT JOIN sinks s ON s.n = p.sink"
     " LEFT JOIN sink_classes k ON k.name = s.class_name"},

    {"v_path_step",
     "path_id, step, kind, node, boundary, validation, requestor_mode, evidence, text, path, line",
     "SELECT p.id, t.number, t.kind, t.node, t.boundary, t.validation, t.requestor_mode,"
     " t.evidence, t.text, t.file, t.line"
     " FROM steps t JOIN paths p ON p.n = t.path"},

    {"v_finding",
     "finding_id, rule, severity, subject, message, cwe, stride, confidence, path_id, waived,"
     " path, line, title, fix, subject_id, rank, part_of, places, path_rank, path_summary",
     "SELECT f.id, f.rule, f.severity, f.subject, f.message, u.cwe, u.stride, f.confidence, p.id,"
     " f.waived, f.file, f.line, u.title, f.fix, f.subject_id, f.n + 1, f.part_of,"
     " (SELECT count(*) FROM finding_places l WHERE l.finding = f.n), p.n + 1, p.summary"
     " FROM findings f"
     " LEFT JOIN rules u ON u.id = f.rule"
     " LEFT JOIN paths p ON p.n = f.path"},

    {"v_weight", "factor, name, value, standard",
     "SELECT factor, name, value, standard FROM weights"},

    {"v_given", "name, value", "SELECT name, value FROM givens"},

    {"v_rule",
     "rule, title, severity, cwe, stride, source, enabled,"
     " statement, evidence, kind, subjects, findings, undecided",
     "SELECT id, title, severity, cwe, stride, source, enabled, statement, evidence, kind,"
     " subjects, (SELECT count(*) FROM findings f WHERE f.rule = r.id),"
     " (SELECT count(*) FROM undecided o WHERE o.rule = r.id) FROM rules r"},

    {"v_finding_place", "finding_id, number, text, path, line",
     "SELECT f.id, l.number, l.text, l.file, l.line"
     " FROM finding_places l JOIN findings f ON f.n = l.finding"},

    {"v_observation", "driver, kind, function, subject, text, path, line",
     "SELECT r.name, o.kind, o.function, o.subject, o.text, o.file, o.line"
     " FROM observations o LEFT JOIN drivers r ON r.n = o.driver"},

    {"v_undecided", "rule, subject, reason, path, line, subject_id",
     "SELECT rule, subject, reason, file, line, subject_id FROM undecided"},
};
/* clang-format on */

const uint32_t rm_view_count = sizeof rm_views / sizeof rm_views[0];

const char *rm_query_view(uint32_t index) {
    return index < rm_view_count ? rm_views[index].name : NULL;
}
