/* Services between an app and a device, one behind the other, and the accounts that they run as. */
#include "support.h"

#include "model/derive.h"

/* "EbpfSvc", as the descriptor of a public driver has it (ebpf-for-windows, ebpf_drv.cpp) */
#define EBPF_SID "S-1-5-80-3453964624-2861012444-1105579853-3193141192-1897355174"

static rm_str text(const char *s) {
    return rm_str_from(s);
}

/* A device whose one code writes a port, and an app of a user that asks the service "first". */
static rm_model *begin(const char *sddl) {
    rm_model *m = rm_model_new((size_t)64 << 20);
    uint32_t driver = RM_NONE;
    assert_non_null(m);
    assert_int_equal(rm_model_driver(m, RM_STR("lamp"), RM_STR_NONE, (rm_place){0}, &driver),
                     RM_OK);
    *rm_push(m->arena, &m->devices) = (rm_device){.driver = driver,
                                                  .nt_name = RM_STR("\\Device\\Lamp"),
                                                  .created_by = RM_CREATED_FACTS,
                                                  .secure_open = RM_TRI_YES,
                                                  .exclusive = RM_TRI_NO,
                                                  .descriptor = RM_NONE};
    *rm_push(m->arena, &m->descriptors) = (rm_descriptor){.subject_kind = RM_SUBJECT_DEVICE,
                                                          .sddl = text(sddl),
                                                          .source = RM_SDDL_CODE,
                                                          .outranked_by = RM_NONE};
    *rm_push(m->arena, &m->entries) = (rm_entry){.driver = driver,
                                                 .kind = RM_ENTRY_IOCTL,
                                                 .name = RM_STR("WRITE"),
                                                 .has_code = true,
                                                 .code = 0x2A000};
    *rm_push(m->arena, &m->sinks) = (rm_sink_call){.class_name = text("port_out"),
                                                   .api = text("__outdword"),
                                                   .validation = RM_VALIDATION_UNVALIDATED};
    *rm_push(m->arena, &m->apps) =
        (rm_app){.name = RM_STR("app.exe"), .principal = RM_STR("standard_user")};
    return m;
}

static void add_open(rm_model *m, uint32_t app, uint32_t service, const char *target) {
    *rm_push(m->arena, &m->opens) = (rm_open){.app = app,
                                              .service = service,
                                              .target = text(target),
                                              .device = RM_NONE,
                                              .to_service = RM_NONE};
}

static uint32_t add_service(rm_model *m, const char *name, const char *account, bool impersonates,
                            const char *opens) {
    *rm_push(m->arena, &m->services) = (rm_service){.name = text(name),
                                                    .kind = text("own_process"),
                                                    .account = text(account),
                                                    .impersonates = impersonates,
                                                    .sid_type = text("none"),
                                                    .driver = RM_NONE};
    add_open(m, RM_NONE, m->services.count - 1, opens);
    return m->services.count - 1;
}

/* The app's only path; NULL: it has none. */
static const rm_path *path_of(rm_model *m) {
    rm_derive_options options = {.weights = &rm_default_weights};
    const rm_path *found = NULL;
    add_open(m, 0, RM_NONE, "first");
    assert_int_equal(rm_model_link(m, NULL), RM_OK);
    assert_int_equal(rm_derive(m, NULL, &options), RM_OK);
    for (uint32_t i = 0; i < m->paths.count; i++) {
        if (m->paths.at[i].app == 0) {
            assert_null(found);
            found = &m->paths.at[i];
        }
    }
    return found;
}

#define SYSTEM_ONLY "D:P(A;;GA;;;SY)"

/*
 * Both hand on what nothing is known of: 600 * 0.9 = 540, * 0.9 = 486, * 0.9 = 437; three
 * boundaries, c = 0.3: 131 * 563 / 1000 = 73.
 */
static void a_service_behind_a_service_leads_to_the_driver(void **state) {
    (void)state;
    rm_model *m = begin(SYSTEM_ONLY);
    add_service(m, "first", "LocalService", false, "second");
    add_service(m, "second", "LocalSystem", false, "\\Device\\Lamp");
    const rm_path *p = path_of(m);
    assert_non_null(p);
    assert_str(p->origin, "standard_user");
    assert_str(p->boundaries, "app_to_service > app_to_service > system_to_kernel");
    assert_int_equal(p->score, 510);
    assert_str(p->steps.at[1].text, "service first asks service second with its own token");
    assert_str(p->steps.at[2].text, "service second opens the device with its own token");
    rm_model_free(m);
}

static void whose_token_opens_goes_from_service_to_service(void **state) {
    (void)state;
    static const struct {
        const char *sddl;
        bool first, second; /* impersonate */
        const char *boundaries;
    } cases[] = {
        {SYSTEM_ONLY, true, false, "app_to_service > system_to_kernel"},
        {"D:P(A;;GA;;;LS)", false, true, "app_to_service > service_to_kernel"},
        {"D:P(A;;GA;;;BU)", true, true, "user_to_kernel"},
        {SYSTEM_ONLY, false, true, NULL}, /* the second acts for Local Service */
        {SYSTEM_ONLY, true, true, NULL},
        {"D:P(A;;GA;;;LS)", false, false, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rm_model *m = begin(cases[i].sddl);
        add_service(m, "first", "LocalService", cases[i].first, "second");
        add_service(m, "second", "LocalSystem", cases[i].second, "\\Device\\Lamp");
        const rm_path *p = path_of(m);
        assert_int_equal(p != NULL, cases[i].boundaries != NULL);
        if (p != NULL) {
            assert_str(p->boundaries, cases[i].boundaries);
        }
        rm_model_free(m);
    }
}

static void services_that_ask_in_a_circle_come_to_an_end(void **state) {
    (void)state;
    rm_model *m = begin(SYSTEM_ONLY);
    add_service(m, "first", "LocalSystem", false, "second");
    uint32_t second = add_service(m, "second", "LocalSystem", false, "first");
    assert_null(path_of(m));
    rm_model_free(m);
    m = begin(SYSTEM_ONLY);
    add_service(m, "first", "LocalSystem", false, "second");
    second = add_service(m, "second", "LocalSystem", false, "first");
    add_open(m, RM_NONE, second, "\\Device\\Lamp");
    assert_non_null(path_of(m));
    rm_model_free(m);
}

/* One service opens the device as this account. */
static bool gets_in(const char *account, const char *sddl) {
    rm_model *m = begin(sddl);
    add_service(m, "first", account, false, "\\Device\\Lamp");
    const rm_path *p = path_of(m);
    bool in = p != NULL;
    if (in) {
        assert_str(p->boundaries, "app_to_service > service_to_kernel");
    }
    rm_model_free(m);
    return in;
}

static void a_virtual_account_is_named_by_its_sid(void **state) {
    (void)state;
    assert_true(gets_in("NT SERVICE\\EbpfSvc", "D:P(A;;GA;;;" EBPF_SID ")"));
    assert_true(gets_in("nt service\\ebpfsvc", "D:P(A;;GA;;;" EBPF_SID ")"));
    assert_true(gets_in("NT SERVICE\\EbpfSvc", "D:P(A;;GA;;;SU)"));
    assert_false(gets_in("NT SERVICE\\Other", "D:P(A;;GA;;;" EBPF_SID ")"));
    assert_false(gets_in("NT SERVICE\\EbpfSvc", "D:P(A;;GA;;;LS)"));
    assert_true(gets_in("NT AUTHORITY\\LocalService", "D:P(A;;GA;;;LS)"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_service_behind_a_service_leads_to_the_driver),
        cmocka_unit_test(whose_token_opens_goes_from_service_to_service),
        cmocka_unit_test(services_that_ask_in_a_circle_come_to_an_end),
        cmocka_unit_test(a_virtual_account_is_named_by_its_sid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
