/* Paths through several drivers, services and handles; every number is worked by hand. */
#include "support.h"

#include <stdio.h>

#include "model/derive.h"

#define ADMINS "D:P(A;;GA;;;SY)(A;;GA;;;BA)"
#define USERS "D:P(A;;GA;;;SY)(A;;GA;;;BA)(A;;GRGW;;;BU)"
#define EVERYBODY "D:P(A;;GA;;;SY)(A;;GA;;;BA)(A;;GRGW;;;BU)(A;;GRGW;;;AC)"

enum { WRITE = 0x22A000, ANY = 0x222000 }; /* buffered; FILE_WRITE_DATA and FILE_ANY_ACCESS */

static rm_str text(const char *s) {
    return rm_str_from(s);
}

static rm_model *new_model(void) {
    rm_model *m = rm_model_new((size_t)2 << 30); /* the largest take one of them */
    assert_non_null(m);
    return m;
}

static uint32_t driver(rm_model *m, const char *name) {
    uint32_t i = RM_NONE;
    assert_int_equal(rm_model_driver(m, text(name), RM_STR_NONE, (rm_place){0}, &i), RM_OK);
    return i;
}

/* A driver with a device \Device\NAME of that descriptor. */
static uint32_t device(rm_model *m, const char *name, const char *sddl) {
    rm_str nt_name = RM_STR_NONE;
    uint32_t owner = driver(m, name);
    assert_int_equal(rm_str_printf(m->arena, &nt_name, "\\Device\\%s", name), RM_OK);
    *rm_push(m->arena, &m->devices) = (rm_device){.driver = owner,
                                                  .nt_name = nt_name,
                                                  .created_by = RM_CREATED_FACTS,
                                                  .secure_open = RM_TRI_YES,
                                                  .exclusive = RM_TRI_NO,
                                                  .descriptor = RM_NONE};
    *rm_push(m->arena, &m->descriptors) = (rm_descriptor){.subject_kind = RM_SUBJECT_DEVICE,
                                                          .subject = m->devices.count - 1,
                                                          .sddl = text(sddl),
                                                          .source = RM_SDDL_CODE,
                                                          .outranked_by = RM_NONE};
    return m->devices.count - 1;
}

static uint32_t entry(rm_model *m, uint32_t dev, const char *name, uint32_t code) {
    *rm_push(m->arena, &m->entries) = (rm_entry){.driver = m->devices.at[dev].driver,
                                                 .device = dev,
                                                 .kind = RM_ENTRY_IOCTL,
                                                 .name = text(name),
                                                 .has_code = true,
                                                 .code = code};
    return m->entries.count - 1;
}

static void port_out(rm_model *m, uint32_t of) {
    *rm_push(m->arena, &m->sinks) = (rm_sink_call){.entry = of,
                                                   .class_name = text("port_out"),
                                                   .api = text("__outdword"),
                                                   .argument = text("Port"),
                                                   .validation = RM_VALIDATION_UNVALIDATED};
}

static rm_forward *forward(rm_model *m, uint32_t from, const char *target, rm_mode_after mode) {
    rm_forward *f = rm_push(m->arena, &m->forwards);
    *f = (rm_forward){.from_driver = m->entries.at[from].driver,
                      .from_service = RM_NONE,
                      .entry = from,
                      .to_driver = RM_NONE,
                      .to_device = RM_NONE,
                      .to_entry_kind = RM_ENTRY_IOCTL,
                      .code_sent = WRITE,
                      .target = text(target),
                      .how_found = target[0] == 'n' ? RM_FOUND_STACK : RM_FOUND_NAME,
                      .via_api = text("IoCallDriver"),
                      .requestor_mode_after = mode,
                      .carries_user_data = RM_TRI_YES,
                      .validation = RM_VALIDATION_UNVALIDATED};
    return f;
}

static void stack(rm_model *m, const char *hwid, uint32_t at, uint32_t of_driver, uint32_t dev,
                  rm_stack_how how) {
    *rm_push(m->arena, &m->stacks) = (rm_stack_position){
        .hwid = text(hwid), .position = at, .driver = of_driver, .device = dev, .how = how};
}

static void app(rm_model *m, const char *name, const char *principal, const char *opens) {
    *rm_push(m->arena, &m->apps) = (rm_app){.name = text(name), .principal = text(principal)};
    *rm_push(m->arena, &m->opens) = (rm_open){.app = m->apps.count - 1,
                                              .service = RM_NONE,
                                              .target = text(opens),
                                              .device = RM_NONE,
                                              .to_service = RM_NONE};
}

static void derive(rm_model *m, rm_sink *sink) {
    rm_derive_options options = {.weights = &rm_default_weights};
    assert_int_equal(rm_model_link(m, NULL), RM_OK);
    assert_int_equal(rm_derive(m, sink, &options), RM_OK);
}

/* The row of any code that runs as `who`, or of the app of that name; NULL: none. */
static const rm_path *path(const rm_model *m, const char *who, const char *drivers) {
    for (uint32_t i = 0; i < m->paths.count; i++) {
        const rm_path *p = &m->paths.at[i];
        rm_str name = p->app == RM_NONE ? p->origin : m->apps.at[p->app].name;
        if (rm_str_eq(name, text(who)) && rm_str_eq(p->drivers, text(drivers))) {
            return p;
        }
    }
    return NULL;
}

static void expect(const rm_model *m, const char *who, const char *drivers, uint32_t score,
                   const char *boundaries) {
    const rm_path *p = path(m, who, drivers);
    if (p == NULL) {
        fail_msg("no path of %s through %s", who, drivers);
        return;
    }
    assert_int_equal(p->score, score);
    assert_str(p->boundaries, boundaries);
}

/* ---- stacks ---- */

static void a_device_that_two_ids_install_is_walked_in_both_stacks(void **state) {
    rm_model *m = new_model();
    uint32_t d = device(m, "d", USERS);
    (void)state;
    port_out(m, entry(m, d, "GO", WRITE));
    stack(m, "usb\\one", 1, driver(m, "above"), RM_NONE, RM_STACK_UPPER_FILTER);
    stack(m, "usb\\one", 2, m->devices.at[d].driver, d, RM_STACK_FUNCTION);
    stack(m, "usb\\two", 1, driver(m, "other"), RM_NONE, RM_STACK_UPPER_FILTER);
    stack(m, "usb\\two", 2, m->devices.at[d].driver, d, RM_STACK_FUNCTION);
    stack(m, "usb\\three", 1, driver(m, "other"), RM_NONE, RM_STACK_UPPER_FILTER);
    stack(m, "usb\\three", 2, m->devices.at[d].driver, d, RM_STACK_FUNCTION);
    derive(m, NULL);
    /* 630, c 150: 630 + 94 * 370 / 1000 = 664 */
    expect(m, "standard_user", "above > d", 664, "user_to_kernel > driver_to_driver");
    expect(m, "standard_user", "other > d", 664, "user_to_kernel > driver_to_driver");
    assert_null(path(m, "standard_user", "d"));
    rm_model_free(m);
}

static void a_driver_opened_by_name_is_entered_at_the_top_of_its_stack(void **state) {
    rm_model *m = new_model();
    uint32_t first = device(m, "first", USERS);
    uint32_t target = device(m, "target", "D:P");
    (void)state;
    forward(m, entry(m, first, "SEND", WRITE), "\\Device\\target", RM_AFTER_KERNEL);
    port_out(m, entry(m, target, "GO", WRITE));
    stack(m, "root\\t", 1, driver(m, "guard"), RM_NONE, RM_STACK_UPPER_FILTER);
    stack(m, "root\\t", 2, m->devices.at[target].driver, target, RM_STACK_FUNCTION);
    derive(m, NULL);
    /* 630, c 2 * 150 + 200 = 500: 630 + 315 * 370 / 1000 = 746 */
    expect(m, "standard_user", "first > guard > target", 746,
           "user_to_kernel > driver_to_driver > driver_to_driver");
    assert_null(path(m, "standard_user", "first > target"));
    rm_model_free(m);
}

static void what_a_filter_handles_and_sends_down_goes_on_below_it(void **state) {
    rm_model *m = new_model();
    uint32_t d = device(m, "d", USERS);
    (void)state;
    port_out(m, entry(m, d, "GO", WRITE));
    uint32_t filter = driver(m, "filter");
    *rm_push(m->arena, &m->entries) = (rm_entry){.driver = filter,
                                                 .device = RM_NONE,
                                                 .kind = RM_ENTRY_IOCTL,
                                                 .name = text("any"),
                                                 .any_code = true};
    rm_forward *f = forward(m, m->entries.count - 1, "next lower", RM_AFTER_PRESERVED);
    f->code_sent = RM_CODE_RECEIVED;
    f->validation = RM_VALIDATION_PARTIAL;
    stack(m, "a", 1, filter, RM_NONE, RM_STACK_UPPER_FILTER);
    stack(m, "a", 2, m->devices.at[d].driver, d, RM_STACK_FUNCTION);
    derive(m, NULL);
    /* 630 * 500 = 315, c 150: 315 + 47 * 685 / 1000 = 347 */
    expect(m, "standard_user", "filter > d", 347, "user_to_kernel > driver_to_driver");
    rm_model_free(m);
}

static void out_of_a_umdf_host_is_a_boundary_of_its_own(void **state) {
    rm_model *m = new_model();
    uint32_t host = device(m, "host", USERS);
    uint32_t below = device(m, "below", "D:P(A;;GA;;;UD)");
    (void)state;
    m->drivers.at[m->devices.at[host].driver].mode = RM_DRIVER_MODE_USER;
    m->drivers.at[m->devices.at[host].driver].framework = RM_FRAMEWORK_UMDF2;
    forward(m, entry(m, host, "SEND", WRITE), "\\Device\\below", RM_AFTER_USER);
    port_out(m, entry(m, below, "GO", WRITE));
    derive(m, NULL);
    expect(m, "standard_user", "host > below", 664, "user_to_kernel > host_to_kernel");
    unsigned hosts = 0;
    for (uint32_t i = 0; i < m->boundaries.count; i++) {
        const rm_boundary *b = &m->boundaries.at[i];
        if (b->kind == RM_BOUNDARY_HOST_KERNEL) {
            assert_str(b->from_level, "umdf_host");
            assert_str(b->to_level, "kernel");
            hosts++;
        }
    }
    assert_int_equal(hosts, 1);
    rm_model_free(m);
}

/* What `host`, a UMDF driver, may send to a device of that descriptor that it opens by name. */
static rm_gate host_sends(const char *sddl, uint32_t code) {
    rm_model *m = new_model();
    uint32_t host = device(m, "host", USERS);
    uint32_t target = device(m, "target", sddl);
    m->drivers.at[m->devices.at[host].driver].mode = RM_DRIVER_MODE_USER;
    forward(m, entry(m, host, "SEND", WRITE), "\\Device\\target", RM_AFTER_USER)->code_sent = code;
    port_out(m, entry(m, target, "GO", code));
    if (sddl[0] == 0) {
        m->descriptors.at[1].source = RM_SDDL_RUNTIME;
    }
    derive(m, NULL);
    const rm_path *p = path(m, "standard_user", "host > target");
    rm_gate gate = p == NULL ? RM_GATE_CLOSED : p->gate_deliver;
    rm_model_free(m);
    return gate;
}

/* A UMDF host runs as Local Service with the group of user-mode drivers (principals, umdf_host). */
static void a_umdf_host_opens_kernel_devices_with_its_own_token(void **state) {
    (void)state;
    assert_int_equal(host_sends("D:P(A;;GA;;;SY)", ANY), RM_GATE_CLOSED);
    assert_int_equal(host_sends("D:P(A;;GA;;;SY)(A;;GRGW;;;UD)", WRITE), RM_GATE_OPEN);
    assert_int_equal(host_sends("D:P(A;;GA;;;SY)(A;;GRGW;;;LS)", WRITE), RM_GATE_OPEN);
    assert_int_equal(host_sends("D:P(A;;GA;;;SY)(A;;GR;;;LS)", ANY), RM_GATE_OPEN);
    assert_int_equal(host_sends("D:P(A;;GA;;;SY)(A;;GR;;;LS)", WRITE), RM_GATE_CLOSED);
    assert_int_equal(host_sends("", WRITE), RM_GATE_UNKNOWN);
}

static void what_goes_to_the_parents_queue_stays_in_the_driver(void **state) {
    rm_model *m = new_model();
    uint32_t top = device(m, "top", USERS);
    uint32_t below = device(m, "below", "D:P");
    (void)state;
    stack(m, "ROOT\\X", 1, m->devices.at[top].driver, top, RM_STACK_UPPER_FILTER);
    stack(m, "ROOT\\X", 2, m->devices.at[below].driver, below, RM_STACK_FUNCTION);
    rm_forward *f = forward(m, entry(m, top, "SEND", WRITE), "next lower", RM_AFTER_PRESERVED);
    f->target = RM_STR(RM_PARENT_QUEUE);
    port_out(m, entry(m, below, "GO", WRITE));
    derive(m, NULL);
    assert_null(path(m, "standard_user", "top > below"));
    rm_model_free(m);
}

/* A kernel driver sends on to a UMDF driver, whose INF was read and says that; NULL: not read. */
static rm_gate kernel_client(const char *policy) {
    rm_model *m = new_model();
    uint32_t kernel = device(m, "kernel", USERS);
    uint32_t host = device(m, "host", ADMINS);
    rm_driver *umdf = &m->drivers.at[m->devices.at[host].driver];
    umdf->mode = RM_DRIVER_MODE_USER;
    umdf->framework = RM_FRAMEWORK_UMDF2;
    if (policy != NULL) {
        umdf->inf = text("host.inf");
        *rm_push(m->arena, &m->directives) =
            (rm_directive){.inf = text("host.inf"),
                           .driver = m->devices.at[host].driver,
                           .name = text("UmdfKernelModeClientPolicy"),
                           .value = text(policy)};
    }
    forward(m, entry(m, kernel, "SEND", WRITE), "\\Device\\host", RM_AFTER_KERNEL);
    port_out(m, entry(m, host, "GO", WRITE));
    derive(m, NULL);
    const rm_path *p = path(m, "standard_user", "kernel > host");
    rm_gate gate = p == NULL ? RM_GATE_CLOSED : p->gate_deliver;
    assert_true(gate != RM_GATE_UNKNOWN || p->state == RM_STATE_UNKNOWN);
    rm_model_free(m);
    return gate;
}

static void a_umdf_driver_is_open_to_kernel_drivers_where_its_inf_says_so(void **state) {
    (void)state;
    assert_int_equal(kernel_client("AllowKernelModeClients"), RM_GATE_OPEN);
    assert_int_equal(kernel_client("RejectKernelModeClients"), RM_GATE_CLOSED);
    assert_int_equal(kernel_client(NULL), RM_GATE_UNKNOWN);
}

/* ---- what the target asks ---- */

static void add_access_check(rm_model *m, uint32_t of) {
    *rm_push(m->arena, &m->checks) = (rm_check){.entry = of,
                                                .sink = RM_NONE,
                                                .driver = m->entries.at[of].driver,
                                                .kind = RM_CHECK_ACCESS,
                                                .argument = text("FILE_WRITE_DATA"),
                                                .at = RM_AT_ENTRY,
                                                .well_formed = RM_TRI_YES,
                                                .dominates = RM_TRI_YES,
                                                .can_refuse = RM_TRI_YES};
}

static void a_check_of_the_handles_access_is_none_for_a_kernel_sender(void **state) {
    rm_model *m = new_model();
    uint32_t first = device(m, "first", USERS);
    uint32_t target = device(m, "target", "D:P(A;;GA;;;SY)(A;;GR;;;BU)");
    uint32_t go = entry(m, target, "GO", ANY);
    (void)state;
    forward(m, entry(m, first, "SEND", WRITE), "\\Device\\target", RM_AFTER_KERNEL)->code_sent =
        ANY;
    port_out(m, go);
    add_access_check(m, go);
    derive(m, NULL);
    assert_null(path(m, "standard_user", "target")); /* its own handle can only read */
    assert_non_null(path(m, "system", "target"));
    const rm_path *p = path(m, "standard_user", "first > target");
    assert_non_null(p);
    assert_int_equal(p->authorisation, RM_AUTH_SATISFIED);
    assert_int_equal(p->requestor_mode, RM_MODE_KERNEL);
    rm_model_free(m);
}

static void the_same_check_holds_where_the_mode_is_kept(void **state) {
    rm_model *m = new_model();
    uint32_t first = device(m, "first", "D:P(A;;GR;;;BU)(A;;GA;;;SY)");
    uint32_t target = device(m, "target", "D:P");
    uint32_t go = entry(m, target, "GO", ANY);
    (void)state;
    forward(m, entry(m, first, "SEND", ANY), "\\Device\\target", RM_AFTER_PRESERVED)->code_sent =
        ANY;
    port_out(m, go);
    add_access_check(m, go);
    derive(m, NULL);
    assert_null(path(m, "standard_user", "first > target"));
    assert_non_null(path(m, "system", "first > target"));
    rm_model_free(m);
}

static rm_check *add_privilege_check(rm_model *m, uint32_t of_driver, uint32_t of, rm_check_at at) {
    rm_check *c = rm_push(m->arena, &m->checks);
    *c = (rm_check){.entry = of,
                    .sink = RM_NONE,
                    .driver = of_driver,
                    .kind = RM_CHECK_PRIVILEGE,
                    .argument = text("SeLoadDriverPrivilege"),
                    .at = at,
                    .well_formed = RM_TRI_YES,
                    .dominates = RM_TRI_YES,
                    .can_refuse = RM_TRI_YES};
    return c;
}

/* Is "first > target" a path of a user's, where the target asks for a privilege? */
static rm_authorisation privilege_behind_a_forward(rm_check_at at, rm_mode_after mode,
                                                   bool down_the_stack, const char *line) {
    rm_model *m = new_model();
    uint32_t first = device(m, "first", USERS);
    uint32_t target = device(m, "target", down_the_stack ? USERS : "D:P");
    uint32_t go = entry(m, target, "GO", WRITE);
    rm_forward *f = forward(m, entry(m, first, "SEND", WRITE), "\\Device\\target", mode);
    f->how_found = down_the_stack ? RM_FOUND_STACK : RM_FOUND_NAME;
    f->to_driver = m->devices.at[target].driver;
    f->to_device = target;
    port_out(m, go);
    add_privilege_check(m, m->devices.at[target].driver, at == RM_AT_CREATE ? RM_NONE : go, at)
        ->text = text(line);
    derive(m, NULL);
    const rm_path *p = path(m, "standard_user", "first > target");
    rm_authorisation said = p == NULL ? RM_AUTH_REFUSED : p->authorisation;
    rm_model_free(m);
    return said;
}

/* The forwarder opened the target: in kernel mode, whatever the mode of the requests after that. */
static void what_a_target_asks_at_create_it_asked_the_driver_that_opened_it(void **state) {
    (void)state;
    static const rm_mode_after modes[] = {RM_AFTER_PRESERVED, RM_AFTER_USER, RM_AFTER_KERNEL,
                                          RM_AFTER_UNKNOWN};
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        assert_int_equal(privilege_behind_a_forward(RM_AT_CREATE, modes[i], false, ""),
                         RM_AUTH_NONE);
    }
    assert_int_equal(privilege_behind_a_forward(RM_AT_CREATE, RM_AFTER_PRESERVED, true, ""),
                     RM_AUTH_REFUSED); /* the caller's own open went down the stack */
}

/* SeSinglePrivilegeCheck: "if PreviousMode is KernelMode, this routine always returns TRUE". */
static void a_privilege_is_asked_of_user_mode_alone(void **state) {
    (void)state;
    const char *line = "SeSinglePrivilegeCheck(luid, Irp->RequestorMode)";
    assert_int_equal(privilege_behind_a_forward(RM_AT_ENTRY, RM_AFTER_KERNEL, false, line),
                     RM_AUTH_SATISFIED);
    assert_int_equal(privilege_behind_a_forward(RM_AT_ENTRY, RM_AFTER_UNKNOWN, false, line),
                     RM_AUTH_UNDECIDED);
    assert_int_equal(privilege_behind_a_forward(RM_AT_ENTRY, RM_AFTER_PRESERVED, false, line),
                     RM_AUTH_REFUSED);
    assert_int_equal(privilege_behind_a_forward(RM_AT_ENTRY, RM_AFTER_KERNEL, false,
                                                "SeSinglePrivilegeCheck(luid, UserMode)"),
                     RM_AUTH_REFUSED);
    assert_int_equal(
        privilege_behind_a_forward(RM_AT_ENTRY, RM_AFTER_KERNEL, false,
                                   "SeSinglePrivilegeCheck(luid, ExGetPreviousMode())"),
        RM_AUTH_UNDECIDED); /* of the thread, which the IRP does not change */
}

static void a_privilege_is_found_in_the_expression_that_asks(void **state) {
    static const struct {
        const char *text;
        uint32_t bit;
    } cases[] = {
        {"RtlConvertLongToLuid(SE_LOAD_DRIVER_PRIVILEGE)", RM_PRIV_LOAD_DRIVER},
        {"SeExports->SeLoadDriverPrivilege", RM_PRIV_LOAD_DRIVER},
        {"RtlConvertUlongToLuid( SE_DEBUG_PRIVILEGE )", RM_PRIV_DEBUG},
        {"MY_SE_DEBUG_PRIVILEGE", 0},
        {"a ? SE_DEBUG_PRIVILEGE : SE_TCB_PRIVILEGE", 0}, /* which of them is not known */
        {"luid", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint32_t bit = 0;
        assert_int_equal(rm_privilege_in(text(cases[i].text), &bit) ? bit : 0, cases[i].bit);
    }
}

/* ---- brokers and handles ---- */

static void service(rm_model *m, bool impersonates) {
    *rm_push(m->arena, &m->services) = (rm_service){.name = text("Broker"),
                                                    .account = text("LocalSystem"),
                                                    .driver = RM_NONE,
                                                    .impersonates = impersonates};
    *rm_push(m->arena, &m->doors) = (rm_door){.device = RM_NONE,
                                              .service = m->services.count - 1,
                                              .kind = RM_DOOR_RPC,
                                              .name = text("ncalrpc:[broker]")};
    *rm_push(m->arena, &m->opens) = (rm_open){.app = RM_NONE,
                                              .service = m->services.count - 1,
                                              .target = text("\\Device\\d"),
                                              .device = RM_NONE,
                                              .to_service = RM_NONE};
}

static void a_broker_with_its_own_token_lends_its_reach(void **state) {
    rm_model *m = new_model();
    uint32_t d = device(m, "d", ADMINS);
    (void)state;
    port_out(m, entry(m, d, "GO", WRITE));
    service(m, false);
    app(m, "App", "appcontainer", "Broker");
    derive(m, NULL);
    /* D 800 towards a service; what the broker checks is not known: 720 * 900 = 648; c 150:
       648 + 97 * 352 / 1000 = 682 */
    expect(m, "App", "d", 682, "app_to_service > system_to_kernel");
    rm_model_free(m);
}

static void a_broker_that_impersonates_carries_its_clients_token(void **state) {
    rm_model *m = new_model();
    uint32_t d = device(m, "d", ADMINS);
    uint32_t open = device(m, "open", EVERYBODY);
    (void)state;
    port_out(m, entry(m, d, "GO", WRITE));
    port_out(m, entry(m, open, "GO", WRITE));
    service(m, true);
    *rm_push(m->arena, &m->opens) = (rm_open){.app = RM_NONE,
                                              .service = 0,
                                              .target = text("\\Device\\open"),
                                              .device = RM_NONE,
                                              .to_service = RM_NONE};
    app(m, "App", "appcontainer", "Broker");
    derive(m, NULL);
    assert_null(path(m, "App", "d"));
    expect(m, "App", "open", 810, "appcontainer_to_kernel");
    rm_model_free(m);
}

static void handle(rm_model *m, const char *from, const char *to, uint32_t mask) {
    *rm_push(m->arena, &m->handles) = (rm_handle){.from = text(from),
                                                  .to = text(to),
                                                  .device_name = text("\\Device\\d"),
                                                  .app = RM_NONE,
                                                  .device = RM_NONE,
                                                  .mask = mask};
}

/* Admin gives App a handle of that mask to a device of administrators. */
static bool handle_delivers(const char *giver, uint32_t mask) {
    rm_model *m = new_model();
    uint32_t d = device(m, "d", ADMINS);
    port_out(m, entry(m, d, "GO", WRITE));
    app(m, "App", "appcontainer", "\\Device\\none");
    app(m, "Admin", "admin_elevated", "\\Device\\none");
    app(m, "Other", "standard_user", "\\Device\\none");
    handle(m, giver, "App", mask);
    derive(m, NULL);
    bool found = path(m, "App", "d") != NULL;
    rm_model_free(m);
    return found;
}

static void a_handle_carries_its_mask_and_no_more_than_its_giver_has(void **state) {
    (void)state;
    assert_true(handle_delivers("Admin", 0x12019F));
    assert_false(handle_delivers("Admin", 0x120089)); /* no FILE_WRITE_DATA in it */
    assert_false(handle_delivers("Other", 0x12019F)); /* its giver cannot write itself */
}

/* What `giver` gives an app, to a device that the app "User" can read and "Admin" do all with. */
static const rm_path *handed(rm_model *m, const char *giver, uint32_t mask, uint32_t code) {
    uint32_t d = device(m, "d", "D:P(A;;GA;;;SY)(A;;GA;;;BA)(A;;GR;;;BU)");
    port_out(m, entry(m, d, "GO", code));
    app(m, "App", "appcontainer", "nothing");
    app(m, "Next", "appcontainer", "nothing");
    app(m, "Admin", "admin_elevated", "nothing");
    app(m, "User", "standard_user", "nothing");
    handle(m, "App", "Next", 0x12019F);
    handle(m, giver, "App", mask);
    derive(m, NULL);
    return path(m, "App", "d");
}

static void generic_bits_of_a_handle_are_those_of_files(void **state) {
    const uint32_t read_write = 0xC0000000;
    const uint32_t all = 0x10000000;
    const uint32_t maximum = 0x02000000; /* MAXIMUM_ALLOWED */
    const struct {
        const char *giver;
        uint32_t mask, code;
        bool there;
    } cases[] = {
        {"Admin", read_write, WRITE, true}, {"Admin", all, WRITE, true},
        {"Admin", maximum, WRITE, true},    {"Admin", 0x80000000, WRITE, false},
        {"User", read_write, WRITE, false}, {"User", maximum, WRITE, false},
        {"User", maximum, ANY, true},       {"Admin", 0x20000000, WRITE, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rm_model *m = new_model();
        assert_int_equal(handed(m, cases[i].giver, cases[i].mask, cases[i].code) != NULL,
                         cases[i].there);
        rm_model_free(m);
    }
}

static void a_handle_can_be_handed_on_with_what_it_carries(void **state) {
    (void)state;
    rm_model *m = new_model();
    assert_non_null(handed(m, "Admin", 0x12019F, WRITE));
    const rm_path *p = path(m, "Next", "d");
    assert_non_null(p);
    assert_int_equal(p->score, 810); /* 900 * 900 */
    rm_model_free(m);
    m = new_model();
    assert_null(handed(m, "Admin", 0x120089, WRITE));
    assert_null(path(m, "Next", "d")); /* who can only read hands on no more */
    rm_model_free(m);
}

static void a_handle_of_a_giver_that_nobody_knows_is_unknown(void **state) {
    (void)state;
    rm_model *m = new_model();
    const rm_path *p = handed(m, "nobody", 0x12019F, WRITE);
    assert_non_null(p);
    assert_int_equal(p->gate_open, RM_GATE_UNKNOWN);
    assert_int_equal(p->gate_deliver, RM_GATE_UNKNOWN);
    assert_int_equal(p->score, 486); /* 900 * 0.6 * 0.9 */
    p = path(m, "Next", "d");
    assert_non_null(p);
    assert_int_equal(p->score, 486);
    rm_model_free(m);
}

/* The giver passed create, with its own token; the receiver makes none. */
static void a_handle_handed_over_has_passed_create(void **state) {
    rm_model *m = new_model();
    uint32_t d = device(m, "d", ADMINS);
    (void)state;
    port_out(m, entry(m, d, "GO", WRITE));
    add_privilege_check(m, m->devices.at[d].driver, RM_NONE, RM_AT_CREATE);
    app(m, "Admin", "admin_elevated", "nothing");
    app(m, "App", "appcontainer", "nothing");
    handle(m, "Admin", "App", 0x12019F);
    derive(m, NULL);
    const rm_path *p = path(m, "App", "d");
    assert_non_null(p);
    assert_int_equal(p->score, 810); /* 900 * 900 */
    rm_model_free(m);
}

/* ---- circles, deserts and crowds ---- */

static void a_driver_that_forwards_to_itself_comes_to_an_end(void **state) {
    rm_model *m = new_model();
    uint32_t d = device(m, "d", USERS);
    uint32_t go = entry(m, d, "GO", WRITE);
    (void)state;
    port_out(m, go);
    forward(m, go, "\\Device\\d", RM_AFTER_KERNEL);
    derive(m, NULL);
    expect(m, "standard_user", "d", 630, "user_to_kernel");
    assert_null(path(m, "standard_user", "d > d"));
    rm_model_free(m);
}

static void a_target_that_is_not_there_is_a_forward_without_one(void **state) {
    rm_model *m = new_model();
    uint32_t d = device(m, "d", USERS);
    (void)state;
    forward(m, entry(m, d, "SEND", WRITE), "\\Device\\nowhere", RM_AFTER_KERNEL);
    derive(m, NULL);
    assert_int_equal(m->paths.count, 0);
    assert_int_equal(m->forwards.at[0].to_driver, RM_NONE);
    assert_int_equal(m->forwards.at[0].state, RM_STATE_UNKNOWN);
    assert_str(m->forwards.at[0].target, "\\Device\\nowhere");
    rm_model_free(m);
}

static void a_target_that_the_sender_chooses_is_any_device(void **state) {
    rm_model *m = new_model();
    uint32_t d = device(m, "monitor", USERS);
    (void)state;
    rm_forward *f = forward(m, entry(m, d, "ATTACH", WRITE), "any device", RM_AFTER_PRESERVED);
    f->how_found = RM_FOUND_USER_CHOSEN;
    derive(m, NULL);
    const rm_path *p = path(m, "standard_user", "monitor");
    assert_non_null(p);
    assert_str(m->sinks.at[p->sink].class_name, "device_open_by_name");
    assert_int_equal(p->score, 490); /* 700 * 700 */
    assert_int_equal(m->forwards.at[0].to_driver, RM_NONE);
    rm_model_free(m);
}

static void
what_attached_to_a_device_that_a_caller_named_sends_down_is_nobodys_choice(void **state) {
    rm_model *m = new_model();
    uint32_t d = device(m, "monitor", USERS);
    (void)state;
    port_out(m, entry(m, d, "ATTACH", WRITE));
    m->sinks.at[0].class_name = RM_STR("device_open_by_name");
    rm_forward *f = forward(m, entry(m, d, "ANY", WRITE), "", RM_AFTER_PRESERVED);
    f->how_found = RM_FOUND_STACK;
    f->target = RM_STR_NONE;
    derive(m, NULL);
    assert_int_equal(m->forwards.at[0].how_found, RM_FOUND_USER_CHOSEN);
    assert_int_equal(m->forwards.at[0].to_driver, RM_NONE);
    assert_int_equal(m->sinks.count, 1); /* who sends ANY chose nothing */
    rm_model_free(m);
}

enum { RING = 50 };

static void a_circle_of_fifty_drivers_is_walked_once_around(void **state) {
    rm_model *m = new_model();
    (void)state;
    for (unsigned i = 0; i < RING; i++) {
        char name[16];
        char next[32];
        (void)snprintf(name, sizeof name, "r%02u", i);
        (void)snprintf(next, sizeof next, "\\Device\\r%02u", (i + 1) % RING);
        rm_str kept_name = RM_STR_NONE;
        rm_str kept_next = RM_STR_NONE;
        assert_int_equal(rm_str_copy(m->arena, text(name), &kept_name), RM_OK);
        assert_int_equal(rm_str_copy(m->arena, text(next), &kept_next), RM_OK);
        uint32_t d = device(m, kept_name.ptr, i == 0 ? USERS : "D:P");
        uint32_t e = entry(m, d, "GO", WRITE);
        forward(m, e, kept_next.ptr, RM_AFTER_PRESERVED);
        if (i == RING - 1) {
            port_out(m, e);
        }
    }
    derive(m, NULL);
    unsigned found = 0;
    for (uint32_t i = 0; i < m->paths.count; i++) {
        const rm_path *p = &m->paths.at[i];
        if (rm_str_eq(p->origin, text("standard_user"))) {
            assert_int_equal(p->hops, RING);
            assert_int_equal(p->score, 863); /* c is 1000 at most: 630 + 630 * 370 / 1000 */
            found++;
        }
    }
    assert_int_equal(found, 1);
    rm_model_free(m);
}

/* From 0 to `count`: everybody forwards to everybody, and what comes by reads a port. */
static void mesh(rm_model *m, unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        rm_str name = RM_STR_NONE;
        assert_int_equal(rm_str_printf(m->arena, &name, "m%02u", i), RM_OK);
        uint32_t e = entry(m, device(m, name.ptr, "D:P"), "GO", WRITE);
        port_out(m, e);
        for (unsigned k = 0; k < count; k++) {
            rm_str target = RM_STR_NONE;
            assert_int_equal(rm_str_printf(m->arena, &target, "\\Device\\m%02u", k), RM_OK);
            forward(m, e, target.ptr, RM_AFTER_KERNEL);
        }
    }
}

/*
 * A way of two hops is a way, whatever else its door leads to: neither another code of the door nor
 * another forward of the same code uses up what is followed of it.
 */
static void a_tangle_hides_no_short_way(void **state) {
    struct fixture *f = *state;
    rm_model *m = new_model();
    mesh(m, 12);
    uint32_t open = device(m, "open", USERS);
    uint32_t last = device(m, "last", "D:P");
    port_out(m, entry(m, last, "END", WRITE));
    port_out(m, entry(m, last, "END2", WRITE + 4));
    uint32_t tangle = entry(m, open, "TANGLE", WRITE);
    forward(m, tangle, "\\Device\\m00", RM_AFTER_KERNEL);
    forward(m, tangle, "\\Device\\last", RM_AFTER_KERNEL); /* after the tangle, in one code */
    forward(m, entry(m, open, "LAST", WRITE + 4), "\\Device\\last", RM_AFTER_KERNEL)->code_sent =
        WRITE + 4;
    derive(m, &f->sink);
    unsigned found = 0;
    for (uint32_t i = 0; i < m->paths.count; i++) {
        const rm_path *p = &m->paths.at[i];
        found += rm_str_eq(p->origin, text("standard_user")) &&
                 rm_str_eq(p->drivers, text("open > last"));
    }
    assert_int_equal(found, 2); /* of TANGLE and of LAST */
    bool named = false;
    for (unsigned i = 0; i < f->seen && i < 64; i++) {
        named = named || rm_str_eq(text(f->diags[i].id), text("paths-cut"));
    }
    assert_true(named);
    rm_model_free(m);
}

/* Everybody forwards to everybody. */
static void a_mesh_is_cut_and_that_is_said(void **state) {
    enum { MESH = 20 };
    struct fixture *f = *state;
    rm_model *m = new_model();
    for (unsigned i = 0; i < MESH; i++) {
        rm_str name = RM_STR_NONE;
        assert_int_equal(rm_str_printf(m->arena, &name, "m%02u", i), RM_OK);
        port_out(m, entry(m, device(m, name.ptr, USERS), "GO", WRITE));
    }
    for (unsigned i = 0; i < MESH; i++) {
        for (unsigned k = 0; k < MESH; k++) {
            rm_str name = RM_STR_NONE;
            assert_int_equal(rm_str_printf(m->arena, &name, "\\Device\\m%02u", k), RM_OK);
            forward(m, i, name.ptr, RM_AFTER_KERNEL);
        }
    }
    derive(m, &f->sink);
    assert_true(m->paths.count > MESH);
    assert_true(m->paths.count <= 400000);
    assert_true(f->seen >= 1);
    bool said = false;
    for (unsigned i = 0; i < f->seen && i < 64; i++) {
        said = said || rm_str_eq(text(f->diags[i].id), text("paths-cut"));
    }
    assert_true(said);
    assert_true(f->seen <= 3); /* once, not for each door */
    rm_model_free(m);
}

/* 10 devices of 2,000 codes each, open to nine principals and two more: 220,000 rows. */
static void above_the_limit_the_weakest_and_administrators_stay(void **state) {
    struct fixture *f = *state;
    rm_model *m = new_model();
    for (unsigned i = 0; i < 10; i++) {
        rm_str name = RM_STR_NONE;
        assert_int_equal(rm_str_printf(m->arena, &name, "x%02u", i), RM_OK);
        uint32_t d = device(m, name.ptr, USERS);
        for (unsigned k = 0; k < 2000; k++) {
            rm_str code = RM_STR_NONE;
            assert_int_equal(rm_str_printf(m->arena, &code, "C%04u", k), RM_OK);
            port_out(m, entry(m, d, code.ptr, WRITE + 4 * k));
        }
    }
    derive(m, &f->sink);
    unsigned weakest = 0;
    unsigned admins = 0;
    for (uint32_t i = 0; i < m->paths.count; i++) {
        weakest += m->paths.at[i].weakest;
        admins += rm_str_eq(m->paths.at[i].origin, text("admin_elevated"));
    }
    assert_int_equal(weakest, 20000);
    assert_int_equal(admins, 20000);
    assert_int_equal(m->paths.count, 40000);
    rm_model_free(m);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_device_that_two_ids_install_is_walked_in_both_stacks),
        cmocka_unit_test(a_driver_opened_by_name_is_entered_at_the_top_of_its_stack),
        cmocka_unit_test(what_a_filter_handles_and_sends_down_goes_on_below_it),
        cmocka_unit_test(a_umdf_host_opens_kernel_devices_with_its_own_token),
        cmocka_unit_test(what_a_target_asks_at_create_it_asked_the_driver_that_opened_it),
        cmocka_unit_test(a_privilege_is_asked_of_user_mode_alone),
        cmocka_unit_test(a_privilege_is_found_in_the_expression_that_asks),
        cmocka_unit_test(generic_bits_of_a_handle_are_those_of_files),
        cmocka_unit_test(a_handle_can_be_handed_on_with_what_it_carries),
        cmocka_unit_test(a_handle_of_a_giver_that_nobody_knows_is_unknown),
        cmocka_unit_test(a_handle_handed_over_has_passed_create),
        cmocka_unit_test(out_of_a_umdf_host_is_a_boundary_of_its_own),
        cmocka_unit_test(what_goes_to_the_parents_queue_stays_in_the_driver),
        cmocka_unit_test(a_umdf_driver_is_open_to_kernel_drivers_where_its_inf_says_so),
        cmocka_unit_test(a_check_of_the_handles_access_is_none_for_a_kernel_sender),
        cmocka_unit_test(the_same_check_holds_where_the_mode_is_kept),
        cmocka_unit_test(a_broker_with_its_own_token_lends_its_reach),
        cmocka_unit_test(a_broker_that_impersonates_carries_its_clients_token),
        cmocka_unit_test(a_handle_carries_its_mask_and_no_more_than_its_giver_has),
        cmocka_unit_test(a_driver_that_forwards_to_itself_comes_to_an_end),
        cmocka_unit_test(a_target_that_is_not_there_is_a_forward_without_one),
        cmocka_unit_test(a_target_that_the_sender_chooses_is_any_device),
        cmocka_unit_test(
            what_attached_to_a_device_that_a_caller_named_sends_down_is_nobodys_choice),
        cmocka_unit_test(a_circle_of_fifty_drivers_is_walked_once_around),
        WITH_FIXTURE(a_tangle_hides_no_short_way),
        WITH_FIXTURE(a_mesh_is_cut_and_that_is_said),
        WITH_FIXTURE(above_the_limit_the_weakest_and_administrators_stay),
    };
    return cmocka_run_group_tests_name("chains", tests, NULL, NULL);
}
