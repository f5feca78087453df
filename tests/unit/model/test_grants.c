#include "support.h"

#include "model/derive.h"

/*
 * What manifests open to apps. Scores by hand from the ontology's 4.3: port_out has S 900, an
 * AppContainer D 900; behind a capability that an SCCD gives to named apps R is 600 ("(1) behind
 * custom capability with named entities": 486), with AllowAny 800 (900 * 0.8 * 0.9 = 648), with the
 * door open 1000 (810).
 */

#define USERS "D:P(A;;GA;;;SY)(A;;GA;;;BA)(A;;GRGW;;;BU)"
#define CLASS "{573e8c73-0cb4-4471-a1bf-fab26c31d384}"
#define FAMILY "Contoso.Lamp_8wekyb3d8bbwe"
#define PACKAGE_SID "S-1-15-2-1-2-3-4-5-6-7"
#define CAPABILITY_SID "S-1-15-3-1024-1-2-3-4-5-6-7-8"

enum { WRITE_CODE = 0x2A000 }; /* buffered, FILE_WRITE_DATA */

static rm_str text(const char *s) {
    return rm_str_from(s);
}

/* A lamp with one interface and one code that writes a port, and an app without capabilities. */
static rm_model *lamp(const char *sddl, const char *listed) {
    rm_model *m = rm_model_new((size_t)64 << 20);
    uint32_t driver = RM_NONE;
    assert_non_null(m);
    assert_int_equal(rm_model_driver(m, RM_STR("lamp"), RM_STR_NONE, (rm_place){0}, &driver),
                     RM_OK);
    *(rm_device *)rm_push(m->arena, &m->devices) =
        (rm_device){.driver = driver,
                    .created_by = RM_CREATED_WDFDEVICECREATE,
                    .secure_open = RM_TRI_YES,
                    .exclusive = RM_TRI_NO,
                    .descriptor = RM_NONE};
    *(rm_descriptor *)rm_push(m->arena, &m->descriptors) =
        (rm_descriptor){.subject_kind = RM_SUBJECT_DEVICE,
                        .sddl = text(sddl),
                        .source = RM_SDDL_INF_DEVICE,
                        .outranked_by = RM_NONE};
    *(rm_door *)rm_push(m->arena, &m->doors) = (rm_door){.service = RM_NONE,
                                                         .kind = RM_DOOR_INTERFACE,
                                                         .name = text(CLASS),
                                                         .class_guid = text(CLASS),
                                                         .capabilities = text(listed)};
    *(rm_entry *)rm_push(m->arena, &m->entries) = (rm_entry){.driver = driver,
                                                             .kind = RM_ENTRY_IOCTL,
                                                             .name = text("LAMP_WRITE"),
                                                             .handler = text("LampControl"),
                                                             .has_code = true,
                                                             .code = WRITE_CODE};
    *(rm_app *)rm_push(m->arena, &m->apps) = (rm_app){.package = text("Contoso.Lamp"),
                                                      .name = text("App"),
                                                      .principal = text("appcontainer"),
                                                      .family_name = text(FAMILY),
                                                      .package_sid = text(PACKAGE_SID)};
    return m;
}

static void with_sink(rm_model *m) {
    *(rm_sink_call *)rm_push(m->arena, &m->sinks) =
        (rm_sink_call){.class_name = text("port_out"),
                       .api = text("__outdword"),
                       .validation = RM_VALIDATION_UNVALIDATED};
}

static void declares(rm_model *m, const char *name, rm_capability_kind kind, const char *sid) {
    *(rm_capability *)rm_push(m->arena, &m->capabilities) = (rm_capability){
        .name = text(name), .kind = kind, .sid = text(sid), .place = {text("App.xml"), 9, 5}};
}

static void authorised(rm_model *m, bool any, const char *family) {
    *(rm_authorized *)rm_push(m->arena, &m->authorizeds) =
        (rm_authorized){.capability = text("contoso.lamp_q536wpkpf5cy2"),
                        .allow_any = any,
                        .family_name = text(family),
                        .place = {text("App.SCCD"), 7, 3}};
}

static void derive(rm_model *m) {
    rm_derive_options options = {.weights = &rm_default_weights};
    assert_int_equal(rm_model_link(m, NULL), RM_OK);
    assert_int_equal(rm_derive(m, NULL, &options), RM_OK);
}

/* The only row of the app (or of any code that runs as `origin`, where it is set); NULL: none. */
static const rm_path *row_of(const rm_model *m, const char *origin) {
    const rm_path *found = NULL;
    for (uint32_t i = 0; i < m->paths.count; i++) {
        const rm_path *p = &m->paths.at[i];
        bool meant = origin == NULL ? p->app != RM_NONE
                                    : p->app == RM_NONE && rm_str_eq(p->origin, text(origin));
        if (meant) {
            assert_null(found);
            found = p;
        }
    }
    return found;
}

static void expect(rm_model *m, uint32_t score, rm_gate open, rm_state state) {
    derive(m);
    const rm_path *p = row_of(m, NULL);
    if (p == NULL) {
        fail_msg("the app has no path");
        return;
    }
    assert_str(p->origin, "appcontainer");
    assert_int_equal(p->score, score);
    assert_int_equal(p->gate_open, open);
    assert_int_equal(p->state, state);
    rm_model_free(m);
}

static void a_custom_capability_that_the_interface_lists_opens_it_to_named_apps(void **state) {
    (void)state;
    rm_model *m = lamp(USERS, "contoso.lamp_q536wpkpf5cy2");
    with_sink(m);
    declares(m, "Contoso.Lamp_q536wpkpf5cy2", RM_CAPABILITY_CUSTOM, CAPABILITY_SID);
    authorised(m, false, FAMILY);
    expect(m, 486, RM_GATE_OPEN, RM_STATE_DERIVED);
}

static void allow_any_is_a_wider_door(void **state) {
    (void)state;
    rm_model *m = lamp(USERS, "other.thing_q536wpkpf5cy2 contoso.lamp_q536wpkpf5cy2");
    with_sink(m);
    declares(m, "contoso.lamp_q536wpkpf5cy2", RM_CAPABILITY_CUSTOM, CAPABILITY_SID);
    authorised(m, false, FAMILY);
    authorised(m, true, "");
    expect(m, 648, RM_GATE_OPEN, RM_STATE_DERIVED);
}

static void without_an_sccd_it_is_unknown_whether_the_app_may(void **state) {
    (void)state;
    rm_model *m = lamp(USERS, "contoso.lamp_q536wpkpf5cy2");
    with_sink(m);
    declares(m, "contoso.lamp_q536wpkpf5cy2", RM_CAPABILITY_CUSTOM, CAPABILITY_SID);
    expect(m, 486, RM_GATE_UNKNOWN, RM_STATE_UNKNOWN);
}

static void an_sccd_for_others_closes_it(void **state) {
    (void)state;
    rm_model *m = lamp(USERS, "contoso.lamp_q536wpkpf5cy2");
    with_sink(m);
    declares(m, "contoso.lamp_q536wpkpf5cy2", RM_CAPABILITY_CUSTOM, CAPABILITY_SID);
    authorised(m, false, "Fabrikam.Lamp_8wekyb3d8bbwe");
    derive(m);
    assert_null(row_of(m, NULL));
    rm_model_free(m);
}

static void a_device_capability_names_the_class_of_the_interface(void **state) {
    (void)state;
    rm_model *m = lamp(USERS, "");
    with_sink(m);
    declares(m, "573E8C73-0CB4-4471-A1BF-FAB26C31D384", RM_CAPABILITY_DEVICE, "");
    expect(m, 810, RM_GATE_OPEN, RM_STATE_DERIVED);
}

static void a_device_capability_is_in_doubt_at_a_restricted_interface(void **state) {
    (void)state;
    rm_model *m = lamp(USERS, "");
    with_sink(m);
    m->doors.at[0].restricted = RM_TRI_YES;
    declares(m, "573E8C73-0CB4-4471-A1BF-FAB26C31D384", RM_CAPABILITY_DEVICE, "");
    expect(m, 486, RM_GATE_UNKNOWN, RM_STATE_UNKNOWN);
    /* the list says for whom it is not restricted */
    m = lamp(USERS, "contoso.lamp_q536wpkpf5cy2");
    with_sink(m);
    m->doors.at[0].restricted = RM_TRI_YES;
    declares(m, "contoso.lamp_q536wpkpf5cy2", RM_CAPABILITY_CUSTOM, CAPABILITY_SID);
    authorised(m, false, FAMILY);
    expect(m, 486, RM_GATE_OPEN, RM_STATE_DERIVED);
}

static void a_capability_admits_nobody_whose_user_the_descriptor_refuses(void **state) {
    (void)state;
    rm_model *m = lamp("D:P(A;;GA;;;SY)(A;;GA;;;BA)", "contoso.lamp_q536wpkpf5cy2");
    with_sink(m);
    declares(m, "contoso.lamp_q536wpkpf5cy2", RM_CAPABILITY_CUSTOM, CAPABILITY_SID);
    authorised(m, false, FAMILY);
    derive(m);
    assert_null(row_of(m, NULL));
    rm_model_free(m);
}

static void a_capability_that_is_not_listed_opens_nothing(void **state) {
    (void)state;
    rm_model *m = lamp(USERS, "contoso.lamps_q536wpkpf5cy2");
    with_sink(m);
    declares(m, "contoso.lamp_q536wpkpf5cy2", RM_CAPABILITY_CUSTOM, CAPABILITY_SID);
    authorised(m, false, FAMILY);
    derive(m);
    assert_null(row_of(m, NULL));
    rm_model_free(m);
}

static void a_descriptor_that_names_the_package_admits_its_app(void **state) {
    (void)state;
    rm_model *m = lamp(USERS "(A;;GRGW;;;" PACKAGE_SID ")", "");
    with_sink(m);
    expect(m, 810, RM_GATE_OPEN, RM_STATE_CONFIRMED);
}

static void a_descriptor_that_names_a_capability_admits_who_declares_it(void **state) {
    (void)state;
    rm_model *m = lamp(USERS "(A;;GRGW;;;" CAPABILITY_SID ")", "");
    with_sink(m);
    declares(m, "lampAccess", RM_CAPABILITY_GENERAL, CAPABILITY_SID);
    expect(m, 810, RM_GATE_OPEN, RM_STATE_CONFIRMED);
}

static void a_descriptor_admits_no_app_to_which_its_capability_is_refused(void **state) {
    (void)state;
    rm_model *m = lamp(USERS "(A;;GRGW;;;" CAPABILITY_SID ")", "");
    with_sink(m);
    declares(m, "contoso.lamp_q536wpkpf5cy2", RM_CAPABILITY_CUSTOM, CAPABILITY_SID);
    authorised(m, false, "Fabrikam.Lamp_8wekyb3d8bbwe");
    derive(m);
    assert_null(row_of(m, NULL));
    rm_model_free(m);
}

/* The app opens the lamp by its interface; a descriptor that names the capability lets it in. */
static rm_model *lamp_that_it_opens(const char *sddl) {
    rm_model *m = lamp(sddl, "");
    with_sink(m);
    declares(m, "contoso.lamp_q536wpkpf5cy2", RM_CAPABILITY_CUSTOM, CAPABILITY_SID);
    *(rm_open *)rm_push(m->arena, &m->opens) = (rm_open){.app = 0,
                                                         .service = RM_NONE,
                                                         .target = text(CLASS),
                                                         .device = RM_NONE,
                                                         .to_service = RM_NONE,
                                                         .state = RM_STATE_DERIVED};
    return m;
}

#define USERS_AND_CAPABILITY USERS "(A;;GRGW;;;" CAPABILITY_SID ")"

static void nobody_knows_whether_an_app_has_what_no_sccd_tells_of(void **state) {
    (void)state;
    rm_model *m = lamp_that_it_opens(USERS_AND_CAPABILITY);
    expect(m, 486, RM_GATE_UNKNOWN, RM_STATE_UNKNOWN); /* 900 * 0.6 * 0.9 */
    m = lamp_that_it_opens(USERS_AND_CAPABILITY);
    authorised(m, true, "");
    m->authorizeds.at[0].capability = text("contoso.other_q536wpkpf5cy2");
    expect(m, 486, RM_GATE_UNKNOWN, RM_STATE_UNKNOWN);
    /* and so where the manifest alone leads it there */
    m = lamp(USERS_AND_CAPABILITY, "");
    with_sink(m);
    declares(m, "contoso.lamp_q536wpkpf5cy2", RM_CAPABILITY_CUSTOM, CAPABILITY_SID);
    expect(m, 486, RM_GATE_UNKNOWN, RM_STATE_UNKNOWN);
}

static void an_open_by_a_capability_that_an_sccd_gives_is_as_sure_as_the_open(void **state) {
    (void)state;
    rm_model *m = lamp_that_it_opens(USERS_AND_CAPABILITY);
    authorised(m, false, FAMILY);
    expect(m, 486, RM_GATE_OPEN, RM_STATE_DERIVED);
    m = lamp_that_it_opens(USERS_AND_CAPABILITY);
    authorised(m, true, "");
    expect(m, 648, RM_GATE_OPEN, RM_STATE_DERIVED);
}

static void what_the_descriptor_gives_to_every_app_needs_no_sccd(void **state) {
    (void)state;
    rm_model *m = lamp_that_it_opens(USERS_AND_CAPABILITY "(A;;GRGW;;;AC)");
    derive(m);
    const rm_path *p = row_of(m, NULL);
    assert_non_null(p);
    assert_int_equal(p->score, 810);
    assert_int_equal(p->gate_open, RM_GATE_OPEN);
    rm_model_free(m);
    /* reading it is everybody's; the code asks for writing */
    m = lamp_that_it_opens(USERS_AND_CAPABILITY "(A;;GR;;;AC)");
    expect(m, 486, RM_GATE_UNKNOWN, RM_STATE_UNKNOWN);
}

static void the_steps_say_that_no_sccd_tells_whether_it_may(void **state) {
    (void)state;
    rm_model *m = lamp_that_it_opens(USERS_AND_CAPABILITY);
    derive(m);
    const rm_step *s = &row_of(m, NULL)->steps.at[1];
    assert_int_equal(s->kind, RM_STEP_CAPABILITY);
    assert_str(s->text, "declares the capability contoso.lamp_q536wpkpf5cy2, whose SID the "
                        "descriptor names; no SCCD that was read says whether it may");
    assert_int_equal(s->place.line, 9);
    rm_model_free(m);
}

/* A helper that gets nothing by itself has a handle from the app. */
static void expect_handle_from_app(rm_model *m, rm_gate open) {
    *(rm_app *)rm_push(m->arena, &m->apps) =
        (rm_app){.name = text("Helper.exe"), .principal = text("lpac")};
    *(rm_handle *)rm_push(m->arena, &m->handles) = (rm_handle){.from = text("Contoso.Lamp!App"),
                                                               .to = text("Helper.exe"),
                                                               .device_name = text("lamp"),
                                                               .app = RM_NONE,
                                                               .device = RM_NONE,
                                                               .mask = 0x3,
                                                               .state = RM_STATE_DECLARED};
    derive(m);
    uint32_t found = 0;
    for (uint32_t i = 0; i < m->paths.count; i++) {
        const rm_path *p = &m->paths.at[i];
        if (p->app != RM_NONE && rm_str_eq(m->apps.at[p->app].name, text("Helper.exe"))) {
            assert_int_equal(p->gate_open, open);
            found++;
        }
    }
    assert_int_equal(found, open == RM_GATE_CLOSED ? 0 : 1);
    rm_model_free(m);
}

static void an_app_hands_over_no_more_than_its_sccd_gives_it(void **state) {
    (void)state;
    expect_handle_from_app(lamp_that_it_opens(USERS_AND_CAPABILITY), RM_GATE_UNKNOWN);
    rm_model *m = lamp_that_it_opens(USERS_AND_CAPABILITY);
    authorised(m, false, FAMILY);
    expect_handle_from_app(m, RM_GATE_OPEN);
    m = lamp_that_it_opens(USERS_AND_CAPABILITY);
    authorised(m, false, "Fabrikam.Lamp_8wekyb3d8bbwe");
    expect_handle_from_app(m, RM_GATE_CLOSED);
}

static void all_packages_are_no_declared_reach(void **state) {
    (void)state;
    rm_model *m = lamp(USERS "(A;;GRGW;;;AC)", "");
    with_sink(m);
    derive(m);
    assert_null(row_of(m, NULL));
    assert_non_null(row_of(m, "appcontainer"));
    rm_model_free(m);
}

static void code_with_every_capability_comes_in_by_the_list_too(void **state) {
    (void)state;
    rm_model *m = lamp(USERS, "contoso.lamp_q536wpkpf5cy2");
    with_sink(m);
    derive(m);
    const rm_path *p = row_of(m, "appcontainer_with_caps");
    assert_non_null(p);
    assert_int_equal(p->score, 810);
    assert_null(row_of(m, "appcontainer"));
    assert_null(row_of(m, "lpac"));
    rm_model_free(m);
}

static void a_handler_without_a_privileged_call_ends_the_apps_path_alone(void **state) {
    (void)state;
    rm_model *m = lamp(USERS, "contoso.lamp_q536wpkpf5cy2");
    declares(m, "contoso.lamp_q536wpkpf5cy2", RM_CAPABILITY_CUSTOM, CAPABILITY_SID);
    authorised(m, false, FAMILY);
    derive(m);
    const rm_path *p = row_of(m, NULL);
    assert_non_null(p);
    assert_int_equal(m->paths.count, 1);
    assert_str(m->sinks.at[p->sink].class_name, "device_specific");
    assert_int_equal(p->validation, RM_VALIDATION_UNKNOWN); /* nothing says that it is checked */
    assert_int_equal(p->score, 48); /* 900 * 0.6 = 540, * 0.1 = 54, * 0.9 = 48 */
    rm_model_free(m);
}

static void the_steps_say_what_was_declared_and_who_allowed_it(void **state) {
    (void)state;
    rm_model *m = lamp(USERS, "contoso.lamp_q536wpkpf5cy2");
    with_sink(m);
    declares(m, "contoso.lamp_q536wpkpf5cy2", RM_CAPABILITY_CUSTOM, CAPABILITY_SID);
    authorised(m, false, FAMILY);
    derive(m);
    const rm_steps *steps = &row_of(m, NULL)->steps;
    assert_int_equal(steps->at[0].kind, RM_STEP_ORIGIN);
    assert_int_equal(steps->at[1].kind, RM_STEP_CAPABILITY);
    assert_str(steps->at[1].place.file, "App.xml");
    assert_int_equal(steps->at[1].place.line, 9);
    assert_int_equal(steps->at[2].kind, RM_STEP_CAPABILITY);
    assert_str(steps->at[2].text, "SCCD: " FAMILY " may use contoso.lamp_q536wpkpf5cy2");
    assert_str(steps->at[2].place.file, "App.SCCD");
    assert_int_equal(steps->at[3].kind, RM_STEP_DOOR);
    rm_model_free(m);
}

/* ---- services, by the SID of their name ---- */

/* "EbpfSvc", as the descriptor of a public driver has it (ebpf-for-windows, ebpf_drv.cpp) */
#define SERVICE_ONLY "D:P(A;;GA;;;S-1-5-80-3453964624-2861012444-1105579853-3193141192-1897355174)"

/* How many paths the app has through a service of that name as Local Service. */
static uint32_t through(const char *name, const char *sid_type) {
    rm_model *m = lamp(SERVICE_ONLY, "");
    rm_derive_options options = {.weights = &rm_default_weights};
    uint32_t count = 0;
    with_sink(m);
    m->apps.at[0].principal = text("standard_user");
    *(rm_service *)rm_push(m->arena, &m->services) =
        (rm_service){.name = text(name),
                     .kind = text("own_process"),
                     .account = text("NT AUTHORITY\\LocalService"),
                     .sid_type = text(sid_type),
                     .driver = RM_NONE};
    const rm_open opens[] = {
        {.app = 0, .service = RM_NONE, .target = text(name), .device = RM_NONE},
        {.app = RM_NONE, .service = 0, .target = text(CLASS), .device = RM_NONE}};
    for (size_t i = 0; i < 2; i++) {
        rm_open *o = rm_push(m->arena, &m->opens);
        *o = opens[i];
        o->to_service = RM_NONE;
    }
    assert_int_equal(rm_model_link(m, NULL), RM_OK);
    assert_int_equal(rm_derive(m, NULL, &options), RM_OK);
    for (uint32_t i = 0; i < m->paths.count; i++) {
        count += m->paths.at[i].app == 0;
    }
    assert_int_equal(m->paths.count, count); /* nobody else gets in */
    rm_model_free(m);
    return count;
}

static void a_descriptor_that_names_a_service_lets_that_one_in(void **state) {
    (void)state;
    assert_int_equal(through("EbpfSvc", ""), 1);
    assert_int_equal(through("ebpfsvc", "unrestricted"), 1);
    assert_int_equal(through("EbpfSvc", "restricted"), 1);
    assert_int_equal(through("EbpfSvc", "none"), 0);
    assert_int_equal(through("OtherSvc", ""), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_custom_capability_that_the_interface_lists_opens_it_to_named_apps),
        cmocka_unit_test(allow_any_is_a_wider_door),
        cmocka_unit_test(without_an_sccd_it_is_unknown_whether_the_app_may),
        cmocka_unit_test(an_sccd_for_others_closes_it),
        cmocka_unit_test(a_device_capability_names_the_class_of_the_interface),
        cmocka_unit_test(a_device_capability_is_in_doubt_at_a_restricted_interface),
        cmocka_unit_test(a_capability_admits_nobody_whose_user_the_descriptor_refuses),
        cmocka_unit_test(a_capability_that_is_not_listed_opens_nothing),
        cmocka_unit_test(a_descriptor_that_names_the_package_admits_its_app),
        cmocka_unit_test(a_descriptor_that_names_a_capability_admits_who_declares_it),
        cmocka_unit_test(a_descriptor_admits_no_app_to_which_its_capability_is_refused),
        cmocka_unit_test(nobody_knows_whether_an_app_has_what_no_sccd_tells_of),
        cmocka_unit_test(an_open_by_a_capability_that_an_sccd_gives_is_as_sure_as_the_open),
        cmocka_unit_test(what_the_descriptor_gives_to_every_app_needs_no_sccd),
        cmocka_unit_test(the_steps_say_that_no_sccd_tells_whether_it_may),
        cmocka_unit_test(an_app_hands_over_no_more_than_its_sccd_gives_it),
        cmocka_unit_test(all_packages_are_no_declared_reach),
        cmocka_unit_test(code_with_every_capability_comes_in_by_the_list_too),
        cmocka_unit_test(a_handler_without_a_privileged_call_ends_the_apps_path_alone),
        cmocka_unit_test(the_steps_say_what_was_declared_and_who_allowed_it),
        cmocka_unit_test(a_descriptor_that_names_a_service_lets_that_one_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
