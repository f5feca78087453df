#include "db_support.h"

/* The contract, "Views in the model", copied by hand: every view with its columns, in order. */
static const struct {
    const char *view, *columns;
} contract[] = {
    {"v_artifact", "artifact_id, path, kind, sha256, bytes, encoding, used"},
    {"v_diagnostic", "path, line, column, severity, id, message"},
    {"v_driver", "driver_id, name, framework, mode, role, service, start_type, inf, state"},
    {"v_install", "install_id, inf, model, hwid, arch, section, driver"},
    {"v_service", "service_id, name, kind, start_type, account, sddl, inf, path, line, driver, "
                  "impersonates, state, sid, sid_type"},
    {"v_device", "device_id, driver_id, driver, nt_name, created_by, sddl, canonical, sddl_source, "
                 "secure_open, exclusive, device_type, state, path, line"},
    {"v_descriptor", "descriptor_id, subject_kind, subject_id, subject, sddl, canonical, source, "
                     "effective, outranked_by, condition, state, path, line"},
    {"v_door",
     "door_id, device_id, driver, kind, name, class_guid, capabilities, path, line, device, "
     "service, state, restricted"},
    {"v_stack", "stack_id, hwid, arch, position, device_id, driver, how, order_state, state"},
    {"v_access", "subject_kind, device_id, device, driver, principal, mask, win32_mask, can_open, "
                 "can_read, can_write, write_dac, via, state"},
    {"v_entry", "entry_id, driver_id, driver, device_id, device, kind, name, code, handler, path, "
                "line"},
    {"v_ioctl", "ioctl_id, driver_id, driver, device_id, device, name, code, device_type, "
                "function, method, access, handler, handled, path, line"},
    {"v_input", "input_id, entry_id, driver, entry, code, name, type, buffer, validation, reason, "
                "state, path, line"},
    {"v_check", "check_id, entry_id, sink_id, driver, kind, argument, at, well_formed, dominates, "
                "can_refuse, path, line"},
    {"v_sink", "sink_id, entry_id, driver, device, entry, code, class, family, api, argument, "
               "validation, reason, text, path, line"},
    {"v_flow", "entry_id, sink_id, driver, entry, step, kind, what, counts, reason, text, path, "
               "line"},
    {"v_forward", "forward_id, from_driver, entry_id, to_driver, to_device_id, to_entry_kind, "
                  "code_sent, target, how_found, via_api, new_irp, requestor_mode_after, "
                  "carries_user_data, validation, path, line"},
    {"v_app", "app_id, package, name, principal, trust_level, execution_level, family_name, "
              "package_sid, path, line"},
    {"v_capability", "app_id, app, name, kind, sid, path, line, devices, functions"},
    {"v_open", "app_id, app, service, target, device_id, device, to_service, state, path, line, "
               "as_caller"},
    {"v_app_entry", "app_id, app, kind, name, program, principal, path, line"},
    {"v_authorized", "capability, allow_any, family_name, cert_hash, developer_mode, path, line"},
    {"v_boundary", "boundary_id, kind, from_level, to_level, from_node, to_node"},
    {"v_path", "path_id, origin, app, door, device, entry, code, drivers, hops, boundaries, "
               "sink_class, sink_api, validation, score, severity, weakest, gate_open, gate_name, "
               "gate_deliver, gate_handle, authorisation, requestor_mode, confidence, state, "
               "summary"},
    {"v_path_step", "path_id, step, kind, node, boundary, validation, requestor_mode, evidence, "
                    "text, path, line"},
    {"v_finding", "finding_id, rule, severity, subject, message, cwe, stride, confidence, path_id, "
                  "waived, path, line"},
    {"v_rule", "rule, title, severity, cwe, stride, source, enabled"},
    /* ours, beyond the contract */
    {"v_directive", "inf, driver, section, name, value, path, line"},
    {"v_finding_place", "finding_id, number, text, path, line"},
    {"v_observation", "driver, kind, function, subject, text, path, line"},
    {"v_undecided", "rule, subject, reason, path, line"},
    {"v_weight", "factor, name, value, standard"},
    {"v_given", "name, value"},
};
enum { VIEW_COUNT = sizeof contract / sizeof contract[0] };

static const char *columns_of(struct store_fixture *f, const char *view) {
    rm_str sql;
    assert_int_equal(rm_str_printf(f->arena, &sql,
                                   "SELECT group_concat(name, ', ') FROM pragma_table_info('%s')",
                                   view),
                     RM_OK);
    return ask(f, sql.ptr);
}

static void every_view_of_the_contract_has_its_columns_in_order(void **state) {
    struct store_fixture *f = *state;
    save(f, f->model);
    for (size_t i = 0; i < VIEW_COUNT; i++) {
        const char *columns = columns_of(f, contract[i].view);
        if (strncmp(columns, contract[i].columns, strlen(contract[i].columns)) != 0) {
            fail_msg("%s has %s\ninstead of %s", contract[i].view, columns, contract[i].columns);
        }
    }
}

static void there_is_no_view_that_this_list_does_not_name(void **state) {
    struct store_fixture *f = *state;
    char count[16];
    save(f, f->model);
    (void)snprintf(count, sizeof count, "%d\n", VIEW_COUNT);
    assert_string_equal(ask(f, "SELECT count(*) FROM sqlite_schema WHERE type = 'view'"), count);
}

static void every_view_has_its_line_in_the_documentation(void **state) {
    struct store_fixture *f = *state;
    const rm_str page = read_file(f->arena, RINGMAP_SOURCE_DIR "/docs/model.md");
    for (size_t i = 0; i < VIEW_COUNT; i++) {
        rm_str name;
        size_t at = 0;
        assert_int_equal(rm_str_printf(f->arena, &name, "`%s`", contract[i].view), RM_OK);
        if (!rm_str_find(page, name, &at)) {
            fail_msg("docs/model.md does not tell of %s", contract[i].view);
        }
    }
}

static void every_view_of_an_empty_model_can_be_read(void **state) {
    struct store_fixture *f = *state;
    save(f, f->model);
    for (size_t i = 0; i < VIEW_COUNT; i++) {
        rm_str sql;
        assert_int_equal(
            rm_str_printf(f->arena, &sql, "SELECT * FROM %s LIMIT 0", contract[i].view), RM_OK);
        assert_string_equal(ask(f, sql.ptr), "");
    }
    assert_string_equal(ask(f, "PRAGMA user_version; "), "2\n");
}

/* ---- what the columns hold ---- */

static rm_place at(uint32_t line) {
    return (rm_place){RM_STR("d/driver1.c"), line, 5};
}

/* Driver1 with a device, a door, one code and its sink; App1 reaches it. */
static void build(rm_model *m) {
    rm_arena *a = m->arena;
    *rm_push(a, &m->drivers) = (rm_driver){.id = RM_STR("drv1"),
                                           .name = RM_STR("Driver1"),
                                           .framework = RM_FRAMEWORK_KMDF,
                                           .place = at(1)};
    *rm_push(a, &m->descriptors) = (rm_descriptor){.id = RM_STR("sd1"),
                                                   .subject_kind = RM_SUBJECT_DEVICE,
                                                   .subject = 0,
                                                   .subject_name = RM_STR("\\Device\\One"),
                                                   .sddl = RM_STR("D:P(A;;GA;;;SY)"),
                                                   .canonical = RM_STR("D:P(A;;GA;;;SY)"),
                                                   .source = RM_SDDL_CODE,
                                                   .effective = true,
                                                   .outranked_by = RM_NONE};
    *rm_push(a, &m->devices) = (rm_device){.id = RM_STR("dev1"),
                                           .driver = 0,
                                           .nt_name = RM_STR("\\Device\\One"),
                                           .created_by = RM_CREATED_WDFCONTROLDEVICE,
                                           .device_type = 0x22,
                                           .secure_open = RM_TRI_YES,
                                           .exclusive = RM_TRI_UNKNOWN,
                                           .descriptor = 0,
                                           .place = at(12)};
    *rm_push(a, &m->devices) = (rm_device){.id = RM_STR("dev2"),
                                           .driver = 0,
                                           .descriptor = RM_NONE,
                                           .secure_open = RM_TRI_UNKNOWN,
                                           .exclusive = RM_TRI_NO};
    *rm_push(a, &m->doors) = (rm_door){.id = RM_STR("door1"),
                                       .device = 0,
                                       .service = RM_NONE,
                                       .kind = RM_DOOR_SYMLINK,
                                       .name = RM_STR("\\DosDevices\\One"),
                                       .place = at(20)};
    *rm_push(a, &m->entries) = (rm_entry){.id = RM_STR("e1"),
                                          .driver = 0,
                                          .device = 0,
                                          .kind = RM_ENTRY_IOCTL,
                                          .name = RM_STR("IOCTL_POKE"),
                                          .has_code = true,
                                          .code = 0x222003,
                                          .handler = RM_STR("Control"),
                                          .place = at(30)};
    *rm_push(a, &m->ioctls) = (rm_ioctl){.id = RM_STR("i1"),
                                         .driver = 0,
                                         .device = 0,
                                         .name = RM_STR("IOCTL_POKE"),
                                         .has_code = true,
                                         .code = 0x8001E40E,
                                         .handled = true};
    *rm_push(a, &m->ioctls) = (rm_ioctl){
        .id = RM_STR("i2"), .driver = RM_NONE, .device = RM_NONE, .name = RM_STR("IOCTL_NONE")};
    *rm_push(a, &m->sinks) = (rm_sink_call){.id = RM_STR("s1"),
                                            .entry = 0,
                                            .class_name = RM_STR("port_out"),
                                            .api = RM_STR("__outdword"),
                                            .argument = RM_STR("Port"),
                                            .place = at(33)};
    *rm_push(a, &m->services) = (rm_service){
        .id = RM_STR("svc1"), .name = RM_STR("Broker"), .driver = RM_NONE, .place = at(1)};
    *rm_push(a, &m->forwards) = (rm_forward){.id = RM_STR("f1"),
                                             .from_driver = RM_NONE,
                                             .from_service = 0,
                                             .entry = RM_NONE,
                                             .to_driver = 0,
                                             .to_device = 0,
                                             .code_sent = RM_CODE_CHOSEN};
    *rm_push(a, &m->forwards) = (rm_forward){.id = RM_STR("f2"),
                                             .from_driver = 0,
                                             .from_service = RM_NONE,
                                             .entry = 0,
                                             .to_driver = RM_NONE,
                                             .to_device = RM_NONE,
                                             .code_sent = RM_CODE_RECEIVED,
                                             .carries_user_data = RM_TRI_YES};
    *rm_push(a, &m->apps) =
        (rm_app){.id = RM_STR("app1"), .package = RM_STR("Contoso.App1"), .name = RM_STR("App")};
    *rm_push(a, &m->apps) = (rm_app){.id = RM_STR("app2"), .name = RM_STR("tool.exe")};
    *rm_push(a, &m->capabilities) = (rm_capability){.app = 1, .name = RM_STR("lowLevel")};
    *rm_push(a, &m->accesses) = (rm_access){.subject_kind = RM_SUBJECT_DEVICE,
                                            .subject = 0,
                                            .principal = RM_STR("appcontainer"),
                                            .mask = 0x0016019F,
                                            .win32_mask = 0x0012019F,
                                            .dacl_grants = true};
    *rm_push(a, &m->accesses) = (rm_access){.subject_kind = RM_SUBJECT_SERVICE,
                                            .subject = 0,
                                            .principal = RM_STR("system"),
                                            .mask = 0x01000000};
    *rm_push(a, &m->accesses) = (rm_access){
        .subject_kind = RM_SUBJECT_INTERFACE, .subject = 0, .principal = RM_STR("lpac"), .mask = 3};
    rm_path *p = rm_push(a, &m->paths);
    *p = (rm_path){.id = RM_STR("p1"),
                   .origin = RM_STR("appcontainer"),
                   .app = 0,
                   .door = 0,
                   .device = 0,
                   .entry = 0,
                   .drivers = RM_STR("Driver1 > Driver3"),
                   .hops = 2,
                   .boundaries = RM_STR("appcontainer_to_kernel > driver_to_driver"),
                   .sink = 0,
                   .score = 863,
                   .severity = RM_SEVERITY_CRITICAL};
    *rm_push(a, &p->steps) = (rm_step){.kind = RM_STEP_ORIGIN, .node = RM_STR("app1")};
    *rm_push(a, &p->steps) = (rm_step){.kind = RM_STEP_SINK, .node = RM_STR("s1"), .place = at(33)};
    *rm_push(a, &m->paths) = (rm_path){.id = RM_STR("p2"),
                                       .origin = RM_STR("system"),
                                       .app = RM_NONE,
                                       .door = RM_NONE,
                                       .device = 1,
                                       .entry = RM_NONE,
                                       .sink = 0};
    *rm_push(a, &m->findings) = (rm_finding){.id = RM_STR("x1"),
                                             .rule = RM_STR("DS-04"),
                                             .subject = RM_STR("\\Device\\One"),
                                             .path = 0,
                                             .place = at(12)};
}

static void expect(struct store_fixture *f, const char *sql, const char *rows) {
    const char *found = ask(f, sql);
    if (strcmp(found, rows) != 0) {
        fail_msg("%s\ngives %s\ninstead of %s", sql, found, rows);
    }
}

static void a_device_shows_its_effective_descriptor_or_says_unknown(void **state) {
    struct store_fixture *f = *state;
    build(f->model);
    save(f, f->model);
    expect(f,
           "SELECT device_id, driver, nt_name, sddl, sddl_source, secure_open, exclusive, "
           "device_type, path, line FROM v_device",
           "dev1|Driver1|\\Device\\One|D:P(A;;GA;;;SY)|code|1|-|34|d/driver1.c|12\n"
           "dev2|Driver1|-|-|unknown|-|0|-|-|-\n");
    expect(f, "SELECT subject_id, subject, effective, outranked_by FROM v_descriptor",
           "dev1|\\Device\\One|1|-\n");
}

static void the_flags_of_access_come_from_the_mask(void **state) {
    struct store_fixture *f = *state;
    build(f->model);
    save(f, f->model);
    /* ACCESS_SYSTEM_SECURITY alone (0x01000000) does not count as opening */
    expect(f,
           "SELECT device_id, device, principal, can_open, can_read, can_write, write_dac "
           "FROM v_access",
           "dev1|\\Device\\One|appcontainer|1|1|1|1\n"
           "svc1|Broker|system|0|0|0|0\n"
           "dev1|\\Device\\One|lpac|1|1|1|0\n");
}

static void a_control_code_is_taken_apart_by_its_number(void **state) {
    struct store_fixture *f = *state;
    build(f->model);
    save(f, f->model);
    /* 0x8001E40E: type 0x8001, access 3, function 0x903, method 2 */
    expect(f, "SELECT code, device_type, function, method, access, handled FROM v_ioctl",
           "2147607566|32769|2307|out_direct|read_write|1\n"
           "-|-|-|-|-|0\n");
}

static void a_path_shows_names_and_keeps_ids_beside_them(void **state) {
    struct store_fixture *f = *state;
    build(f->model);
    save(f, f->model);
    expect(f,
           "SELECT path_id, origin, app, door, device, entry, code, drivers, sink_class, sink_api, "
           "score, severity, device_id FROM v_path",
           "p1|appcontainer|Contoso.App1!App|\\DosDevices\\One|\\Device\\One|IOCTL_POKE|2236419|"
           "Driver1 > Driver3|port_out|__outdword|863|critical|dev1\n"
           "p2|system|-|-|Driver1|-|-|-|port_out|__outdword|0|info|dev2\n");
    expect(f, "SELECT path_id, step, kind, node, line FROM v_path_step",
           "p1|1|origin|app1|-\np1|2|sink|s1|33\n");
}

static void a_service_in_front_of_a_driver_is_named_as_one(void **state) {
    struct store_fixture *f = *state;
    build(f->model);
    save(f, f->model);
    expect(f, "SELECT from_driver, to_driver, code_sent, carries_user_data FROM v_forward",
           "service:Broker|Driver1|-1|0\nDriver1|-|-|1\n");
}

static void sinks_apps_and_findings_are_joined_with_their_tables(void **state) {
    struct store_fixture *f = *state;
    build(f->model);
    save(f, f->model);
    expect(f, "SELECT driver, device, entry, class, family, severity_permille FROM v_sink",
           "Driver1|\\Device\\One|IOCTL_POKE|port_out|port|900\n");
    expect(f, "SELECT app_id, app FROM v_capability", "app2|tool.exe\n");
    expect(f, "SELECT rule, cwe, path_id, waived FROM v_finding", "DS-04|CWE-732|p1|0\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_STORE(every_view_of_the_contract_has_its_columns_in_order),
        WITH_STORE(there_is_no_view_that_this_list_does_not_name),
        WITH_STORE(every_view_has_its_line_in_the_documentation),
        WITH_STORE(every_view_of_an_empty_model_can_be_read),
        WITH_STORE(a_device_shows_its_effective_descriptor_or_says_unknown),
        WITH_STORE(the_flags_of_access_come_from_the_mask),
        WITH_STORE(a_control_code_is_taken_apart_by_its_number),
        WITH_STORE(a_path_shows_names_and_keeps_ids_beside_them),
        WITH_STORE(a_service_in_front_of_a_driver_is_named_as_one),
        WITH_STORE(sinks_apps_and_findings_are_joined_with_their_tables),
    };
    return cmocka_run_group_tests_name("views", tests, NULL, NULL);
}
