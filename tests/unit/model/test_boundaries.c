/* Boundaries of every kind, each derived from a fixture of its own. */
#include "support.h"

#include "model/derive.h"

enum { WRITE = 0x22A000 }; /* buffered, FILE_WRITE_DATA */

#define ONLY(who) "D:P(A;;GA;;;" who ")"
#define LOW "S:(ML;;NW;;;LW)"

/* Who is let in by the descriptor, the origin whose path is looked at, and what it crosses. */
static const struct {
    const char *sddl;
    const char *origin;
    const char *kind;
    uint32_t score; /* D * 900 of port_out */
} fixtures[] = {
    {ONLY("BU") "(A;;GA;;;S-1-15-2-2)", "lpac", "lpac_to_kernel", 900},
    {ONLY("BU") "(A;;GA;;;AC)", "appcontainer", "appcontainer_to_kernel", 810},
    {ONLY("BU") LOW, "low_il_user", "low_to_kernel", 720},
    {ONLY("BU") "(A;;GA;;;RC)", "restricted_user", "restricted_to_kernel", 720},
    {ONLY("BG"), "guest", "guest_to_kernel", 720},
    {ONLY("NU"), "remote_user", "network_to_kernel", 720},
    {ONLY("IU"), "standard_user", "user_to_kernel", 630},
    {ONLY("LS"), "local_service", "service_to_kernel", 450},
    {ONLY("UD"), "umdf_host", "umdf_to_kernel", 450},
    {ONLY("BA"), "admin_elevated", "admin_to_kernel", 225},
    {ONLY("SY"), "system", "system_to_kernel", 135},
};

static uint32_t device(rm_model *m, const char *name, const char *sddl) {
    uint32_t driver = RM_NONE;
    rm_str nt_name = RM_STR_NONE;
    assert_int_equal(rm_model_driver(m, rm_str_from(name), RM_STR_NONE, (rm_place){0}, &driver),
                     RM_OK);
    assert_int_equal(rm_str_printf(m->arena, &nt_name, "\\Device\\%s", name), RM_OK);
    *rm_push(m->arena, &m->devices) = (rm_device){.driver = driver,
                                                  .nt_name = nt_name,
                                                  .created_by = RM_CREATED_FACTS,
                                                  .secure_open = RM_TRI_YES,
                                                  .descriptor = RM_NONE};
    *rm_push(m->arena, &m->descriptors) = (rm_descriptor){.subject_kind = RM_SUBJECT_DEVICE,
                                                          .subject = m->devices.count - 1,
                                                          .sddl = rm_str_from(sddl),
                                                          .source = RM_SDDL_CODE,
                                                          .outranked_by = RM_NONE};
    return m->devices.count - 1;
}

static uint32_t entry(rm_model *m, uint32_t dev, bool sink) {
    *rm_push(m->arena, &m->entries) = (rm_entry){.driver = m->devices.at[dev].driver,
                                                 .device = dev,
                                                 .kind = RM_ENTRY_IOCTL,
                                                 .name = RM_STR("GO"),
                                                 .has_code = true,
                                                 .code = WRITE};
    if (sink) {
        *rm_push(m->arena, &m->sinks) = (rm_sink_call){.entry = m->entries.count - 1,
                                                       .class_name = RM_STR("port_out"),
                                                       .api = RM_STR("__outdword"),
                                                       .validation = RM_VALIDATION_UNVALIDATED};
    }
    return m->entries.count - 1;
}

static void forward(rm_model *m, uint32_t from, const char *target) {
    *rm_push(m->arena, &m->forwards) = (rm_forward){.from_driver = m->entries.at[from].driver,
                                                    .from_service = RM_NONE,
                                                    .entry = from,
                                                    .to_driver = RM_NONE,
                                                    .to_device = RM_NONE,
                                                    .code_sent = WRITE,
                                                    .target = rm_str_from(target),
                                                    .how_found = RM_FOUND_NAME,
                                                    .carries_user_data = RM_TRI_YES,
                                                    .validation = RM_VALIDATION_UNVALIDATED};
}

static void derive(rm_model *m) {
    const rm_derive_options options = {.weights = &rm_default_weights};
    assert_int_equal(rm_model_link(m, NULL), RM_OK);
    assert_int_equal(rm_derive(m, NULL, &options), RM_OK);
}

/* The score of the origin's path that crosses exactly these boundaries; 0: there is none. */
static uint32_t score_of(const rm_model *m, const char *origin, const char *boundaries) {
    for (uint32_t i = 0; i < m->paths.count; i++) {
        const rm_path *p = &m->paths.at[i];
        if (rm_str_eq(p->origin, rm_str_from(origin)) &&
            rm_str_eq(p->boundaries, rm_str_from(boundaries))) {
            return p->score;
        }
    }
    return 0;
}

static bool has_boundary(const rm_model *m, const char *kind) {
    for (uint32_t i = 0; i < m->boundaries.count; i++) {
        if (rm_str_eq(rm_str_from(rm_boundary_kind_name(m->boundaries.at[i].kind)),
                      rm_str_from(kind))) {
            return true;
        }
    }
    return false;
}

static void who_comes_from_where_crosses_its_own_boundary(void **state) {
    unsigned wrong = 0;
    (void)state;
    for (size_t i = 0; i < sizeof fixtures / sizeof fixtures[0]; i++) {
        rm_model *m = rm_model_new((size_t)1 << 28);
        assert_non_null(m);
        (void)entry(m, device(m, "d", fixtures[i].sddl), true);
        derive(m);
        uint32_t score = score_of(m, fixtures[i].origin, fixtures[i].kind);
        if (score != fixtures[i].score || !has_boundary(m, fixtures[i].kind)) {
            print_error("%s: %s scores %u, not %u\n", fixtures[i].kind, fixtures[i].origin,
                        (unsigned)score, (unsigned)fixtures[i].score);
            wrong++;
        }
        rm_model_free(m);
    }
    assert_int_equal(wrong, 0);
}

static void between_drivers_and_out_of_a_host_are_boundaries_too(void **state) {
    (void)state;
    for (unsigned user = 0; user < 2; user++) {
        rm_model *m = rm_model_new((size_t)1 << 28);
        assert_non_null(m);
        uint32_t first = device(m, "first", ONLY("IU"));
        (void)entry(m, device(m, "second", "D:P(A;;GA;;;UD)"), true); /* hosts of UMDF */
        m->drivers.at[m->devices.at[first].driver].mode =
            user != 0 ? RM_DRIVER_MODE_USER : RM_DRIVER_MODE_KERNEL;
        forward(m, entry(m, first, false), "\\Device\\second");
        derive(m);
        const char *kind = user != 0 ? "host_to_kernel" : "driver_to_driver";
        /* 630, c 150: 630 + 94 * 370 / 1000 */
        assert_int_equal(score_of(m, "standard_user",
                                  user != 0 ? "user_to_kernel > host_to_kernel"
                                            : "user_to_kernel > driver_to_driver"),
                         664);
        assert_true(has_boundary(m, kind));
        rm_model_free(m);
    }
}

static void a_service_between_is_one(void **state) {
    rm_model *m = rm_model_new((size_t)1 << 28);
    (void)state;
    assert_non_null(m);
    (void)entry(m, device(m, "d", ONLY("LS")), true);
    *rm_push(m->arena, &m->services) = (rm_service){
        .name = RM_STR("Broker"), .account = RM_STR("LocalService"), .driver = RM_NONE};
    *rm_push(m->arena, &m->doors) = (rm_door){
        .device = RM_NONE, .service = 0, .kind = RM_DOOR_RPC, .name = RM_STR("ncalrpc:[broker]")};
    *rm_push(m->arena, &m->apps) =
        (rm_app){.name = RM_STR("App"), .principal = RM_STR("standard_user")};
    *rm_push(m->arena, &m->opens) = (rm_open){.app = RM_NONE,
                                              .service = 0,
                                              .target = RM_STR("\\Device\\d"),
                                              .device = RM_NONE,
                                              .to_service = RM_NONE};
    *rm_push(m->arena, &m->opens) = (rm_open){.app = 0,
                                              .service = RM_NONE,
                                              .target = RM_STR("Broker"),
                                              .device = RM_NONE,
                                              .to_service = RM_NONE};
    derive(m);
    /* D 600 towards a service; what it checks is not known: 540 * 900 = 486; c 150:
       486 + 72 * 514 / 1000 */
    assert_int_equal(score_of(m, "standard_user", "app_to_service > service_to_kernel"), 523);
    assert_true(has_boundary(m, "app_to_service"));
    assert_true(has_boundary(m, "service_to_kernel"));
    rm_model_free(m);
}

/* A team says that a service holds the device, or that only some hardware brings it. */
static void what_a_team_says_of_reach_lowers_r(void **state) {
    static const uint32_t wanted[RM_DEVICE_REACH_COUNT] = {630, 252, 378}; /* 1000, 400, 600 */
    (void)state;
    for (unsigned told = 0; told < RM_DEVICE_REACH_COUNT; told++) {
        rm_model *m = rm_model_new((size_t)1 << 28);
        assert_non_null(m);
        (void)entry(m, device(m, "d", ONLY("IU")), true);
        m->devices.at[0].reach = (rm_device_reach)told;
        derive(m);
        assert_int_equal(score_of(m, "standard_user", "user_to_kernel"), wanted[told]);
        rm_model_free(m);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_comes_from_where_crosses_its_own_boundary),
        cmocka_unit_test(between_drivers_and_out_of_a_host_are_boundaries_too),
        cmocka_unit_test(a_service_between_is_one),
        cmocka_unit_test(what_a_team_says_of_reach_lowers_r),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
