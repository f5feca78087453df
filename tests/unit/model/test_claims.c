/* Names that drivers which were read together both claim: each keeps what is its own. */
#include "support.h"

#include "model/derive.h"

#define SHARED "\\Device\\Shared"
#define LINK "\\DosDevices\\Shared"

static rm_str text(const char *s) {
    return rm_str_from(s);
}

/* A driver in a file of its own, with a device, a link, and a code that writes a port. */
static uint32_t add_driver(rm_model *m, const char *name, const char *device, rm_state state) {
    const rm_place place = {.file = text(name), .line = 4, .column = 2};
    uint32_t driver = RM_NONE;
    assert_int_equal(rm_model_driver(m, text(name), RM_STR_NONE, place, &driver), RM_OK);
    *rm_push(m->arena, &m->devices) = (rm_device){.driver = driver,
                                                  .nt_name = text(device),
                                                  .created_by = RM_CREATED_IOCREATEDEVICE,
                                                  .secure_open = RM_TRI_YES,
                                                  .exclusive = RM_TRI_NO,
                                                  .descriptor = RM_NONE,
                                                  .state = state,
                                                  .place = place};
    *rm_push(m->arena, &m->doors) = (rm_door){.device = RM_NONE,
                                              .service = RM_NONE,
                                              .kind = RM_DOOR_SYMLINK,
                                              .name = text(LINK),
                                              .driver_name = text(name),
                                              .device_name = text(device),
                                              .state = state,
                                              .place = place};
    *rm_push(m->arena, &m->entries) = (rm_entry){.driver = driver,
                                                 .device = RM_NONE,
                                                 .device_name = text(device),
                                                 .kind = RM_ENTRY_IOCTL,
                                                 .name = text(name),
                                                 .has_code = true,
                                                 .code = 0x2A000,
                                                 .place = place};
    *rm_push(m->arena, &m->sinks) = (rm_sink_call){.entry = m->entries.count - 1,
                                                   .class_name = text("port_out"),
                                                   .api = text("__outdword"),
                                                   .validation = RM_VALIDATION_UNVALIDATED};
    return driver;
}

static void add_app(rm_model *m, const char *opens) {
    *rm_push(m->arena, &m->apps) =
        (rm_app){.name = text("app.exe"), .principal = text("admin_elevated")};
    *rm_push(m->arena, &m->opens) = (rm_open){.app = 0,
                                              .service = RM_NONE,
                                              .target = text(opens),
                                              .device = RM_NONE,
                                              .to_service = RM_NONE,
                                              .state = RM_STATE_DERIVED};
}

static void derive(rm_model *m, struct fixture *f) {
    rm_derive_options options = {.weights = &rm_default_weights};
    assert_int_equal(rm_model_link(m, &f->sink), RM_OK);
    assert_int_equal(rm_derive(m, NULL, &options), RM_OK);
}

/* The state of the app's path through these drivers; RM_STATE_COUNT: there is none. */
static rm_state state_of(const rm_model *m, const char *drivers) {
    for (uint32_t i = 0; i < m->paths.count; i++) {
        const rm_path *p = &m->paths.at[i];
        if (p->app == 0 && rm_str_eq(p->drivers, text(drivers))) {
            return p->state;
        }
    }
    return RM_STATE_COUNT;
}

static void each_driver_keeps_its_device_its_link_and_its_codes(void **state) {
    struct fixture *f = *state;
    rm_model *m = rm_model_new((size_t)64 << 20);
    add_driver(m, "a", SHARED, RM_STATE_CONFIRMED);
    add_driver(m, "b", SHARED, RM_STATE_CONFIRMED);
    add_app(m, "\\\\.\\Shared\\below");
    derive(m, f);
    assert_diag(f, 4, 2, "link-name-twice");
    assert_int_equal(f->seen, 2); /* of the device, of the link */
    assert_int_equal(m->devices.count, 2);
    assert_int_equal(m->doors.count, 4);
    for (uint32_t i = 0; i < m->entries.count; i++) {
        assert_int_equal(m->devices.at[m->entries.at[i].device].driver, m->entries.at[i].driver);
    }
    assert_int_equal(state_of(m, "a"), RM_STATE_UNKNOWN);
    assert_int_equal(state_of(m, "b"), RM_STATE_UNKNOWN);
    rm_model_free(m);
}

static void names_of_one_driver_each_are_nothing_to_tell(void **state) {
    struct fixture *f = *state;
    rm_model *m = rm_model_new((size_t)64 << 20);
    add_driver(m, "a", SHARED, RM_STATE_CONFIRMED);
    add_driver(m, "b", "\\Device\\Other", RM_STATE_CONFIRMED);
    m->doors.at[1].kind = RM_DOOR_INTERFACE; /* a class that both have */
    m->doors.at[0].kind = RM_DOOR_INTERFACE;
    m->doors.at[0].name = m->doors.at[1].name = RM_STR("{573e8c73-0cb4-4471-a1bf-fab26c31d384}");
    add_app(m, SHARED);
    derive(m, f);
    assert_no_diag(f);
    assert_int_equal(state_of(m, "a"), RM_STATE_ASSUMED); /* by the type's default */
    assert_int_equal(state_of(m, "b"), RM_STATE_COUNT);
    rm_model_free(m);
}

static void what_a_team_tells_of_a_driver_joins_that_drivers_device(void **state) {
    struct fixture *f = *state;
    rm_model *m = rm_model_new((size_t)64 << 20);
    add_driver(m, "a", SHARED, RM_STATE_CONFIRMED);
    uint32_t b = add_driver(m, "b", SHARED, RM_STATE_CONFIRMED);
    *rm_push(m->arena, &m->devices) = (rm_device){.driver = b,
                                                  .nt_name = text(SHARED),
                                                  .created_by = RM_CREATED_FACTS,
                                                  .secure_open = RM_TRI_UNKNOWN,
                                                  .exclusive = RM_TRI_UNKNOWN,
                                                  .reach = RM_DEVICE_REACH_HELD,
                                                  .descriptor = RM_NONE,
                                                  .state = RM_STATE_DECLARED};
    derive(m, f);
    assert_int_equal(m->devices.count, 2);
    for (uint32_t i = 0; i < 2; i++) {
        const rm_device *d = &m->devices.at[i];
        bool of_b = rm_str_eq(m->drivers.at[d->driver].name, text("b"));
        assert_int_equal(d->reach, of_b ? RM_DEVICE_REACH_HELD : RM_DEVICE_REACH_ANY);
    }
    rm_model_free(m);
}

/* What is sent to a name goes to each of those that have it; by a driver's name, to that one. */
static void expect_forward(struct fixture *f, const char *to_driver, rm_state a, rm_state b) {
    rm_model *m = rm_model_new((size_t)64 << 20);
    add_driver(m, "a", SHARED, RM_STATE_CONFIRMED);
    add_driver(m, "b", SHARED, RM_STATE_CONFIRMED);
    uint32_t top = add_driver(m, "top", "\\Device\\Top", RM_STATE_CONFIRMED);
    m->doors.at[2].name = RM_STR("\\DosDevices\\Top");
    *rm_push(m->arena, &m->forwards) = (rm_forward){.from_driver = top,
                                                    .from_service = RM_NONE,
                                                    .entry = RM_NONE,
                                                    .to_driver = RM_NONE,
                                                    .to_device = RM_NONE,
                                                    .to_driver_name = text(to_driver),
                                                    .to_entry_kind = RM_ENTRY_IOCTL,
                                                    .code_sent = RM_CODE_RECEIVED,
                                                    .target = text(to_driver[0] != 0 ? "" : SHARED),
                                                    .how_found = RM_FOUND_NAME,
                                                    .requestor_mode_after = RM_AFTER_KERNEL,
                                                    .carries_user_data = RM_TRI_YES,
                                                    .state = RM_STATE_DERIVED};
    add_app(m, "\\\\.\\Top");
    derive(m, f);
    assert_int_equal(state_of(m, "top > a"), a);
    assert_int_equal(state_of(m, "top > b"), b);
    rm_model_free(m);
}

static void a_forward_by_the_name_may_come_to_either(void **state) {
    expect_forward(*state, "", RM_STATE_UNKNOWN, RM_STATE_UNKNOWN);
    expect_forward(*state, "b", RM_STATE_COUNT, RM_STATE_ASSUMED);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(each_driver_keeps_its_device_its_link_and_its_codes),
        WITH_FIXTURE(names_of_one_driver_each_are_nothing_to_tell),
        WITH_FIXTURE(what_a_team_tells_of_a_driver_joins_that_drivers_device),
        WITH_FIXTURE(a_forward_by_the_name_may_come_to_either),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
