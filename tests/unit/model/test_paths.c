#include "support.h"

#include <string.h>

#include "model/derive.h"

/*
 * The figure of the security model document, as the ontology's section 4.3 tells it: Driver1 has
 * its own port write and sends another code on to Driver3 in a new IRP; Driver2 and Driver3 write
 * ports; App1 is an AppContainer, App2 an administrator. Scores are worked there by hand.
 */

#define DRIVER1_SDDL "D:P(A;;GA;;;SY)(A;;GA;;;BA)(A;;GRGW;;;BU)(A;;GRGW;;;AC)"
#define ADMINS_SDDL "D:P(A;;GA;;;SY)(A;;GA;;;BA)"

typedef struct figure {
    rm_model *model;
    uint32_t driver[3], device[3], app[2];
    uint32_t own_entry, forward_entry;
} figure;

static rm_str text(const char *s) {
    return rm_str_from(s);
}

static uint32_t add_driver(rm_model *m, const char *name) {
    uint32_t i = RM_NONE;
    assert_int_equal(rm_model_driver(m, text(name), RM_STR_NONE, (rm_place){0}, &i), RM_OK);
    return i;
}

static uint32_t add_device(rm_model *m, uint32_t driver, const char *name, const char *sddl,
                           bool pnp) {
    rm_device *d = rm_push(m->arena, &m->devices);
    *d = (rm_device){.driver = driver,
                     .nt_name = text(name),
                     .created_by = RM_CREATED_FACTS,
                     .pnp = pnp,
                     .secure_open = RM_TRI_YES,
                     .exclusive = RM_TRI_NO,
                     .descriptor = RM_NONE};
    uint32_t index = m->devices.count - 1;
    rm_descriptor *row = rm_push(m->arena, &m->descriptors);
    *row = (rm_descriptor){.subject_kind = RM_SUBJECT_DEVICE,
                           .subject = index,
                           .sddl = text(sddl),
                           .source = RM_SDDL_CODE,
                           .outranked_by = RM_NONE};
    rm_door *door = rm_push(m->arena, &m->doors);
    *door =
        (rm_door){.device = index, .service = RM_NONE, .kind = RM_DOOR_NT_NAME, .name = text(name)};
    return index;
}

static uint32_t add_entry(rm_model *m, uint32_t driver, uint32_t device, const char *name,
                          uint32_t code) {
    rm_entry *e = rm_push(m->arena, &m->entries);
    *e = (rm_entry){.driver = driver,
                    .device = device,
                    .kind = RM_ENTRY_IOCTL,
                    .name = text(name),
                    .has_code = true,
                    .code = code};
    return m->entries.count - 1;
}

static void add_sink(rm_model *m, uint32_t entry) {
    rm_sink_call *s = rm_push(m->arena, &m->sinks);
    *s = (rm_sink_call){.entry = entry,
                        .class_name = text("port_out"),
                        .api = text("__outdword"),
                        .argument = text("Port"),
                        .validation = RM_VALIDATION_UNVALIDATED};
}

static uint32_t add_app(rm_model *m, const char *name, const char *principal, const char *opens[],
                        size_t count) {
    rm_app *a = rm_push(m->arena, &m->apps);
    *a = (rm_app){.name = text(name), .principal = text(principal)};
    uint32_t index = m->apps.count - 1;
    for (size_t i = 0; i < count; i++) {
        rm_open *o = rm_push(m->arena, &m->opens);
        *o = (rm_open){.app = index,
                       .service = RM_NONE,
                       .target = text(opens[i]),
                       .device = RM_NONE,
                       .to_service = RM_NONE};
    }
    return index;
}

enum { WRITE_A = 0x2A000, WRITE_B = 0x2A004 }; /* buffered, FILE_WRITE_DATA */

static void build(figure *f) {
    static const char *app1[] = {"\\Device\\Driver1"};
    static const char *app2[] = {"\\Device\\Driver1", "\\Device\\Driver2"};
    rm_model *m = f->model = rm_model_new((size_t)256 << 20);
    assert_non_null(m);
    f->driver[0] = add_driver(m, "driver1");
    f->driver[1] = add_driver(m, "driver2");
    f->driver[2] = add_driver(m, "driver3");
    f->device[0] = add_device(m, f->driver[0], "\\Device\\Driver1", DRIVER1_SDDL, true);
    f->device[1] = add_device(m, f->driver[1], "\\Device\\Driver2", ADMINS_SDDL, true);
    f->device[2] = add_device(m, f->driver[2], "\\Device\\Driver3", "D:P", false);
    f->own_entry = add_entry(m, f->driver[0], f->device[0], "DRIVER1_WRITE", WRITE_A);
    f->forward_entry = add_entry(m, f->driver[0], f->device[0], "DRIVER1_SEND", WRITE_B);
    add_sink(m, f->own_entry);
    add_sink(m, add_entry(m, f->driver[1], f->device[1], "DRIVER2_WRITE", WRITE_A));
    add_sink(m, add_entry(m, f->driver[2], f->device[2], "DRIVER3_WRITE", WRITE_A));
    rm_forward *fw = rm_push(m->arena, &m->forwards);
    *fw = (rm_forward){.from_driver = f->driver[0],
                       .from_service = RM_NONE,
                       .entry = f->forward_entry,
                       .to_driver = RM_NONE,
                       .to_device = RM_NONE,
                       .to_entry_kind = RM_ENTRY_IOCTL,
                       .code_sent = WRITE_A,
                       .target = text("\\Device\\Driver3"),
                       .how_found = RM_FOUND_NAME,
                       .via_api = text("IoBuildDeviceIoControlRequest"),
                       .new_irp = true,
                       .requestor_mode_after = RM_AFTER_KERNEL,
                       .carries_user_data = RM_TRI_YES,
                       .validation = RM_VALIDATION_UNVALIDATED};
    f->app[0] = add_app(m, "App1", "appcontainer", app1, 1);
    f->app[1] = add_app(m, "App2", "admin_elevated", app2, 2);
}

static void derive(figure *f) {
    rm_derive_options options = {.weights = &rm_default_weights};
    assert_int_equal(rm_model_link(f->model, NULL), RM_OK);
    assert_int_equal(rm_derive(f->model, NULL, &options), RM_OK);
}

/* The row of that app (NULL: none) and origin, by chain of drivers; fails when there is none. */
static const rm_path *path_of(const figure *f, const char *app, const char *origin,
                              const char *drivers) {
    for (uint32_t i = 0; i < f->model->paths.count; i++) {
        const rm_path *p = &f->model->paths.at[i];
        bool its_app =
            app == NULL ? p->app == RM_NONE
                        : p->app != RM_NONE && rm_str_eq(f->model->apps.at[p->app].name, text(app));
        if (its_app && rm_str_eq(p->origin, text(origin)) && rm_str_eq(p->drivers, text(drivers))) {
            return p;
        }
    }
    return NULL;
}

static void expect(const figure *f, const char *app, const char *origin, const char *drivers,
                   uint32_t score, const char *boundaries) {
    const rm_path *p = path_of(f, app, origin, drivers);
    if (p == NULL) {
        fail_msg("no path of %s through %s", origin, drivers);
        return;
    }
    assert_int_equal(p->score, score);
    assert_str(p->boundaries, boundaries);
    assert_int_equal(p->gate_open, RM_GATE_OPEN);
    assert_int_equal(p->gate_deliver, RM_GATE_OPEN);
    assert_int_equal(p->gate_handle, RM_GATE_OPEN);
}

static void the_figure_has_its_four_paths(void **state) {
    (void)state;
    figure f;
    build(&f);
    derive(&f);
    expect(&f, "App1", "appcontainer", "driver1", 810, "appcontainer_to_kernel");
    expect(&f, "App1", "appcontainer", "driver1 > driver3", 863,
           "appcontainer_to_kernel > driver_to_driver");
    expect(&f, "App2", "admin_elevated", "driver1 > driver3", 285,
           "admin_to_kernel > driver_to_driver");
    expect(&f, "App2", "admin_elevated", "driver2", 225, "admin_to_kernel");
    expect(&f, NULL, "standard_user", "driver1", 630, "user_to_kernel");
    rm_model_free(f.model);
}

static void the_path_that_nobody_drew_is_the_worst(void **state) {
    (void)state;
    figure f;
    build(&f);
    derive(&f);
    assert_int_equal(f.model->paths.at[0].score, 863);
    assert_str(f.model->paths.at[0].origin, "appcontainer");
    assert_str(f.model->paths.at[0].drivers, "driver1 > driver3");
    assert_int_equal(f.model->paths.at[0].requestor_mode, RM_MODE_KERNEL);
    rm_model_free(f.model);
}

static void a_kernel_only_device_admits_nobody_at_its_own_door(void **state) {
    (void)state;
    figure f;
    build(&f);
    derive(&f);
    for (uint32_t i = 0; i < f.model->paths.count; i++) {
        assert_false(rm_str_eq(f.model->paths.at[i].drivers, RM_STR("driver3")));
    }
    rm_model_free(f.model);
}

static void tightening_the_descriptor_closes_the_appcontainers_paths(void **state) {
    (void)state;
    figure f;
    build(&f);
    f.model->descriptors.at[0].sddl = RM_STR(ADMINS_SDDL);
    derive(&f);
    assert_null(path_of(&f, "App1", "appcontainer", "driver1"));
    assert_null(path_of(&f, "App1", "appcontainer", "driver1 > driver3"));
    assert_null(path_of(&f, NULL, "standard_user", "driver1"));
    expect(&f, "App2", "admin_elevated", "driver1 > driver3", 285,
           "admin_to_kernel > driver_to_driver");
    rm_model_free(f.model);
}

static void a_handle_without_write_access_delivers_no_write_code(void **state) {
    (void)state;
    figure f;
    build(&f);
    f.model->descriptors.at[0].sddl = RM_STR("D:P(A;;GA;;;SY)(A;;GR;;;BU)(A;;GR;;;AC)");
    derive(&f);
    assert_null(path_of(&f, "App1", "appcontainer", "driver1"));
    rm_model_free(f.model);
}

static void a_forward_that_validates_lowers_the_whole_path(void **state) {
    (void)state;
    figure f;
    build(&f);
    f.model->forwards.at[0].validation = RM_VALIDATION_VALIDATED;
    derive(&f);
    expect(&f, "App1", "appcontainer", "driver1 > driver3", 106,
           "appcontainer_to_kernel > driver_to_driver");
    assert_int_equal(path_of(&f, "App1", "appcontainer", "driver1 > driver3")->validation,
                     RM_VALIDATION_VALIDATED);
    rm_model_free(f.model);
}

static void a_forward_without_the_callers_data_is_no_path(void **state) {
    (void)state;
    figure f;
    build(&f);
    f.model->forwards.at[0].carries_user_data = RM_TRI_NO;
    derive(&f);
    assert_null(path_of(&f, "App1", "appcontainer", "driver1 > driver3"));
    rm_model_free(f.model);
}

static void add_check(figure *f, rm_check_kind kind, const char *argument) {
    rm_check *c = rm_push(f->model->arena, &f->model->checks);
    *c = (rm_check){.entry = RM_NONE,
                    .sink = RM_NONE,
                    .driver = f->driver[0],
                    .kind = kind,
                    .argument = text(argument),
                    .at = RM_AT_CREATE,
                    .well_formed = RM_TRI_YES,
                    .dominates = RM_TRI_YES,
                    .can_refuse = RM_TRI_YES};
}

static void a_privilege_asked_at_create_closes_it_to_those_without(void **state) {
    (void)state;
    figure f;
    build(&f);
    add_check(&f, RM_CHECK_PRIVILEGE, "SeDebugPrivilege");
    derive(&f);
    assert_null(path_of(&f, "App1", "appcontainer", "driver1"));
    const rm_path *admin = path_of(&f, "App2", "admin_elevated", "driver1 > driver3");
    assert_non_null(admin);
    assert_int_equal(admin->authorisation, RM_AUTH_SATISFIED);
    assert_int_equal(admin->score, 285);
    rm_model_free(f.model);
}

static void a_check_that_cannot_be_decided_leaves_the_path_open_at_600(void **state) {
    (void)state;
    figure f;
    build(&f);
    add_check(&f, RM_CHECK_CALLER, "image signature");
    derive(&f);
    const rm_path *p = path_of(&f, "App1", "appcontainer", "driver1");
    assert_non_null(p);
    assert_int_equal(p->authorisation, RM_AUTH_UNDECIDED);
    assert_int_equal(p->state, RM_STATE_UNKNOWN);
    assert_int_equal(p->score, 486); /* 900 * 0.6 * 0.9 */
    rm_model_free(f.model);
}

static void a_check_that_a_setting_switches_on_is_undecided_to_those_it_would_refuse(void **state) {
    (void)state;
    figure f;
    build(&f);
    add_check(&f, RM_CHECK_PRIVILEGE, "SeDebugPrivilege");
    f.model->checks.at[0].dominates = RM_TRI_UNKNOWN;
    derive(&f);
    const rm_path *p = path_of(&f, "App1", "appcontainer", "driver1");
    assert_non_null(p);
    assert_int_equal(p->authorisation, RM_AUTH_UNDECIDED);
    assert_int_equal(p->score, 486); /* 900 * 0.6 * 0.9 */
    const rm_path *admin = path_of(&f, "App2", "admin_elevated", "driver1 > driver3");
    assert_non_null(admin);
    assert_int_equal(admin->authorisation, RM_AUTH_SATISFIED);
    rm_model_free(f.model);
}

static void a_check_that_cannot_refuse_changes_nothing(void **state) {
    (void)state;
    figure f;
    build(&f);
    add_check(&f, RM_CHECK_PRIVILEGE, "SeDebugPrivilege");
    f.model->checks.at[0].can_refuse = RM_TRI_NO;
    derive(&f);
    expect(&f, "App1", "appcontainer", "driver1", 810, "appcontainer_to_kernel");
    rm_model_free(f.model);
}

static void an_unknown_descriptor_is_unknown_not_open_and_not_shut(void **state) {
    (void)state;
    figure f;
    build(&f);
    f.model->descriptors.at[0].source = RM_SDDL_RUNTIME;
    f.model->descriptors.at[0].sddl = RM_STR_NONE;
    derive(&f);
    const rm_path *p = path_of(&f, "App1", "appcontainer", "driver1");
    assert_non_null(p);
    assert_int_equal(p->gate_open, RM_GATE_UNKNOWN);
    assert_int_equal(p->score, 486);
    assert_int_equal(p->state, RM_STATE_UNKNOWN);
    rm_model_free(f.model);
}

static void a_condition_that_cannot_be_decided_may_admit(void **state) {
    (void)state;
    figure f;
    build(&f);
    f.model->descriptors.at[0].sddl =
        RM_STR("D:P(A;;GA;;;SY)(XA;;GA;;;BU;(@RESOURCE.Secrecy == 1))");
    derive(&f);
    const rm_path *p = path_of(&f, NULL, "standard_user", "driver1");
    assert_non_null(p);
    assert_int_equal(p->gate_open, RM_GATE_UNKNOWN);
    assert_int_equal(p->gate_deliver, RM_GATE_UNKNOWN);
    assert_int_equal(p->score, 378); /* 700 * 0.6 * 0.9 */
    rm_model_free(f.model);
}

static void without_secure_open_users_come_in_by_the_namespace(void **state) {
    (void)state;
    figure f;
    build(&f);
    f.model->devices.at[1].secure_open = RM_TRI_NO;
    derive(&f);
    assert_non_null(path_of(&f, NULL, "standard_user", "driver2"));
    assert_null(path_of(&f, NULL, "appcontainer", "driver2")); /* its traverse check fails */
    rm_model_free(f.model);
}

/* What nobody knows of is no guard: such ways are possible, and are said to be no more. */
static void an_unknown_secure_open_leaves_the_namespace_possible(void **state) {
    (void)state;
    figure f;
    build(&f);
    f.model->devices.at[1].secure_open = RM_TRI_UNKNOWN;
    derive(&f);
    const rm_path *user = path_of(&f, NULL, "standard_user", "driver2");
    assert_non_null(user);
    assert_int_equal(user->gate_open, RM_GATE_UNKNOWN);
    assert_int_equal(user->gate_deliver, RM_GATE_UNKNOWN);
    assert_int_equal(user->state, RM_STATE_UNKNOWN);
    assert_int_equal(user->confidence, RM_CONFIDENCE_LOW);
    assert_int_equal(user->score, 378); /* 700 * 0.6 * 0.9 */
    assert_str(user->steps.at[1].text, "may open \\Device\\Driver2 by a name below it: whether "
                                       "FILE_DEVICE_SECURE_OPEN is set is not known");
    /* by the descriptor it is as sure as before */
    expect(&f, NULL, "admin_elevated", "driver2", 225, "admin_to_kernel");
    assert_null(path_of(&f, NULL, "appcontainer", "driver2")); /* its traverse check fails */
    for (uint32_t i = 0; i < f.model->accesses.count; i++) {
        const rm_access *a = &f.model->accesses.at[i];
        bool users = rm_str_eq(a->principal, text("standard_user"));
        assert_true(!users || a->subject != f.device[1] || a->mask == 0); /* by its own name */
    }
    rm_model_free(f.model);
}

/* Reading is everybody's by the descriptor; the code asks for writing. */
static void an_unknown_secure_open_leaves_more_access_possible(void **state) {
    (void)state;
    figure f;
    build(&f);
    f.model->devices.at[1].secure_open = RM_TRI_UNKNOWN;
    f.model->descriptors.at[1].sddl = text(ADMINS_SDDL "(A;;GR;;;BU)");
    derive(&f);
    const rm_path *user = path_of(&f, NULL, "standard_user", "driver2");
    assert_non_null(user);
    assert_int_equal(user->gate_open, RM_GATE_OPEN);
    assert_int_equal(user->gate_deliver, RM_GATE_UNKNOWN);
    assert_int_equal(user->score, 378);
    rm_model_free(f.model);
}

static uint32_t users_behind_unknown_flag(void (*change)(figure *f)) {
    figure f;
    build(&f);
    f.model->devices.at[1].secure_open = RM_TRI_UNKNOWN;
    change(&f);
    derive(&f);
    uint32_t found = path_of(&f, NULL, "standard_user", "driver2") != NULL;
    rm_model_free(f.model);
    return found;
}

static void of_wdf(figure *f) {
    f->model->drivers.at[f->driver[1]].framework = RM_FRAMEWORK_KMDF;
}

static void of_wdf_by_hand(figure *f) {
    of_wdf(f);
    f->model->devices.at[1].created_by = RM_CREATED_IOCREATEDEVICE;
}

static void of_a_file_system(figure *f) {
    f->model->devices.at[1].device_type = 8;
}

static void refusing_names(figure *f) {
    *(rm_check *)rm_push(f->model->arena, &f->model->checks) = (rm_check){.entry = RM_NONE,
                                                                          .sink = RM_NONE,
                                                                          .driver = f->driver[1],
                                                                          .kind = RM_CHECK_NAME,
                                                                          .at = RM_AT_CREATE,
                                                                          .can_refuse = RM_TRI_YES};
}

static void what_settles_the_namespace_settles_an_unknown_secure_open(void **state) {
    (void)state;
    assert_int_equal(users_behind_unknown_flag(of_wdf), 0);
    assert_int_equal(users_behind_unknown_flag(of_a_file_system), 0);
    assert_int_equal(users_behind_unknown_flag(refusing_names), 0);
    assert_int_equal(users_behind_unknown_flag(of_wdf_by_hand), 1);
}

/* Security model, section 5: the privilege does not spare the traverse check on disks. */
static void a_name_below_a_disk_is_checked_for_traverse(void **state) {
    (void)state;
    figure f;
    build(&f);
    f.model->devices.at[1].secure_open = RM_TRI_NO;
    f.model->devices.at[1].device_type = 7;
    derive(&f);
    assert_null(path_of(&f, NULL, "standard_user", "driver2"));
    rm_model_free(f.model);
}

static void forwards_in_a_circle_come_to_an_end(void **state) {
    (void)state;
    figure f;
    build(&f);
    rm_forward *back = rm_push(f.model->arena, &f.model->forwards);
    *back = f.model->forwards.at[0];
    back->from_driver = f.driver[2];
    back->entry = f.model->sinks.at[2].entry;
    back->target = RM_STR("\\Device\\Driver1");
    back->code_sent = WRITE_B;
    derive(&f);
    expect(&f, "App1", "appcontainer", "driver1 > driver3", 863,
           "appcontainer_to_kernel > driver_to_driver");
    rm_model_free(f.model);
}

static rm_stack_position position(uint32_t at, uint32_t driver, uint32_t device, rm_stack_how how) {
    return (rm_stack_position){.hwid = RM_STR("root\\driver1"),
                               .position = at,
                               .driver = driver,
                               .device = device,
                               .how = how};
}

static void a_filter_without_a_handler_passes_the_request_on(void **state) {
    (void)state;
    figure f;
    build(&f);
    uint32_t filter = add_driver(f.model, "afilter");
    *rm_push(f.model->arena, &f.model->stacks) =
        position(1, filter, RM_NONE, RM_STACK_UPPER_FILTER);
    *rm_push(f.model->arena, &f.model->stacks) =
        position(2, f.driver[0], f.device[0], RM_STACK_FUNCTION);
    derive(&f);
    const rm_path *p = path_of(&f, "App1", "appcontainer", "afilter > driver1");
    assert_non_null(p);
    assert_int_equal(p->hops, 2);
    assert_int_equal(p->requestor_mode, RM_MODE_USER);
    assert_int_equal(p->score, 832); /* mode kept: c is 150 */
    rm_model_free(f.model);
}

static void a_handle_handed_over_needs_no_descriptor_and_carries_no_more(void **state) {
    (void)state;
    figure f;
    build(&f);
    rm_handle *h = rm_push(f.model->arena, &f.model->handles);
    *h = (rm_handle){.from = RM_STR("App2"),
                     .to = RM_STR("App1"),
                     .device_name = RM_STR("\\Device\\Driver2"),
                     .app = RM_NONE,
                     .device = RM_NONE,
                     .mask = 0x120116};
    derive(&f);
    assert_non_null(path_of(&f, "App1", "appcontainer", "driver2"));
    rm_model_free(f.model);
}

static void the_weakest_origin_is_marked_once(void **state) {
    (void)state;
    figure f;
    unsigned marked = 0;
    build(&f);
    derive(&f);
    for (uint32_t i = 0; i < f.model->paths.count; i++) {
        const rm_path *p = &f.model->paths.at[i];
        marked += p->weakest && rm_str_eq(p->drivers, RM_STR("driver1"));
        assert_false(p->weakest && p->app != RM_NONE);
    }
    assert_int_equal(marked, 1);
    const rm_path *p = path_of(&f, NULL, "appcontainer", "driver1");
    assert_non_null(p);
    assert_true(p->weakest);
    rm_model_free(f.model);
}

static unsigned findings_of(const figure *f, const char *rule) {
    unsigned count = 0;
    for (uint32_t i = 0; i < f->model->findings.count; i++) {
        count += rm_str_eq(f->model->findings.at[i].rule, text(rule));
    }
    return count;
}

static void a_code_descriptor_outside_the_kernels_subset_is_a_finding(void **state) {
    (void)state;
    figure f;
    build(&f);
    f.model->descriptors.at[0].sddl = RM_STR(ADMINS_SDDL);
    derive(&f);
    assert_int_equal(findings_of(&f, "DS-07"), 0);
    rm_model_free(f.model);
    build(&f);
    f.model->descriptors.at[0].sddl = RM_STR("D:P(D;;GW;;;BU)(A;;GA;;;SY)");
    derive(&f);
    assert_int_equal(findings_of(&f, "DS-07"), 1);
    rm_model_free(f.model);
}

static void steps_tell_the_whole_way(void **state) {
    (void)state;
    figure f;
    build(&f);
    derive(&f);
    const rm_path *p = path_of(&f, "App1", "appcontainer", "driver1 > driver3");
    static const rm_step_kind kinds[] = {RM_STEP_ORIGIN, RM_STEP_DOOR,    RM_STEP_DEVICE,
                                         RM_STEP_ENTRY,  RM_STEP_FORWARD, RM_STEP_ENTRY,
                                         RM_STEP_SINK};
    assert_int_equal(p->steps.count, 7);
    for (uint32_t i = 0; i < 7; i++) {
        assert_int_equal(p->steps.at[i].kind, kinds[i]);
    }
    assert_str(p->steps.at[1].boundary, "appcontainer_to_kernel");
    assert_str(p->steps.at[4].boundary, "driver_to_driver");
    assert_int_equal(p->steps.at[6].requestor_mode, RM_MODE_KERNEL);
    rm_model_free(f.model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_figure_has_its_four_paths),
        cmocka_unit_test(the_path_that_nobody_drew_is_the_worst),
        cmocka_unit_test(a_kernel_only_device_admits_nobody_at_its_own_door),
        cmocka_unit_test(tightening_the_descriptor_closes_the_appcontainers_paths),
        cmocka_unit_test(a_handle_without_write_access_delivers_no_write_code),
        cmocka_unit_test(a_forward_that_validates_lowers_the_whole_path),
        cmocka_unit_test(a_forward_without_the_callers_data_is_no_path),
        cmocka_unit_test(a_privilege_asked_at_create_closes_it_to_those_without),
        cmocka_unit_test(a_check_that_cannot_be_decided_leaves_the_path_open_at_600),
        cmocka_unit_test(a_check_that_a_setting_switches_on_is_undecided_to_those_it_would_refuse),
        cmocka_unit_test(a_check_that_cannot_refuse_changes_nothing),
        cmocka_unit_test(an_unknown_descriptor_is_unknown_not_open_and_not_shut),
        cmocka_unit_test(a_condition_that_cannot_be_decided_may_admit),
        cmocka_unit_test(without_secure_open_users_come_in_by_the_namespace),
        cmocka_unit_test(an_unknown_secure_open_leaves_the_namespace_possible),
        cmocka_unit_test(an_unknown_secure_open_leaves_more_access_possible),
        cmocka_unit_test(what_settles_the_namespace_settles_an_unknown_secure_open),
        cmocka_unit_test(a_name_below_a_disk_is_checked_for_traverse),
        cmocka_unit_test(forwards_in_a_circle_come_to_an_end),
        cmocka_unit_test(a_filter_without_a_handler_passes_the_request_on),
        cmocka_unit_test(a_handle_handed_over_needs_no_descriptor_and_carries_no_more),
        cmocka_unit_test(the_weakest_origin_is_marked_once),
        cmocka_unit_test(a_code_descriptor_outside_the_kernels_subset_is_a_finding),
        cmocka_unit_test(steps_tell_the_whole_way),
    };
    return cmocka_run_group_tests_name("paths", tests, NULL, NULL);
}
