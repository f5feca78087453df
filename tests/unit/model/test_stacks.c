#include "support.h"

#include "model/stacks.h"

/* Who stands where, and what goes through a stack. */

static uint32_t add_driver(rm_model *m, const char *name, rm_role role) {
    uint32_t driver = RM_NONE;
    assert_int_equal(rm_model_driver(m, rm_str_from(name), RM_STR_NONE, (rm_place){0}, &driver),
                     RM_OK);
    m->drivers.at[driver].role = role;
    return driver;
}

static uint32_t add_device(rm_model *m, uint32_t driver, const char *name) {
    rm_device *d = rm_push(m->arena, &m->devices);
    assert_non_null(d);
    *d = (rm_device){.driver = driver,
                     .nt_name = rm_str_from(name),
                     .created_by = RM_CREATED_IOCREATEDEVICE,
                     .pnp = true,
                     .secure_open = RM_TRI_UNKNOWN,
                     .exclusive = RM_TRI_UNKNOWN,
                     .characteristics_known = true,
                     .descriptor = RM_NONE};
    return m->devices.count - 1;
}

static void put(rm_model *m, const char *hwid, uint32_t position, uint32_t driver, uint32_t device,
                rm_stack_how how, rm_state state) {
    rm_stack_position *p = rm_push(m->arena, &m->stacks);
    assert_non_null(p);
    *p = (rm_stack_position){.hwid = rm_str_from(hwid),
                             .position = position,
                             .driver = driver,
                             .device = device,
                             .how = how,
                             .order_state = state,
                             .state = state};
}

static const rm_stack_position *place_of(const rm_model *m, const char *driver) {
    for (uint32_t i = 0; i < m->stacks.count; i++) {
        const rm_stack_position *p = &m->stacks.at[i];
        if (rm_str_eq(m->drivers.at[p->driver].name, rm_str_from(driver))) {
            return p;
        }
    }
    fail_msg("%s is in no stack", driver);
    return NULL;
}

static void declared_members_have_their_roles_around_the_function_driver(void **state) {
    struct fixture *f = *state;
    rm_model *m = rm_model_new((size_t)16 << 20);
    static const char *const names[] = {"above", "middle", "below", "bus"};
    static const rm_role roles[] = {RM_ROLE_UNKNOWN, RM_ROLE_FUNCTION, RM_ROLE_UNKNOWN,
                                    RM_ROLE_BUS};
    for (uint32_t i = 0; i < 4; i++) {
        put(m, "x", i + 1, add_driver(m, names[i], roles[i]), RM_NONE, RM_STACK_ATTACH,
            RM_STATE_DECLARED);
    }
    assert_int_equal(rm_model_link(m, &f->sink), RM_OK);
    assert_int_equal(place_of(m, "above")->how, RM_STACK_UPPER_FILTER);
    assert_int_equal(place_of(m, "middle")->how, RM_STACK_FUNCTION);
    assert_int_equal(place_of(m, "below")->how, RM_STACK_LOWER_FILTER);
    assert_int_equal(place_of(m, "bus")->how, RM_STACK_BUS);
    rm_model_free(m);
}

static void who_attaches_by_name_comes_on_top_of_the_stack(void **state) {
    struct fixture *f = *state;
    rm_model *m = rm_model_new((size_t)16 << 20);
    uint32_t base = add_driver(m, "base", RM_ROLE_FUNCTION);
    uint32_t device = add_device(m, base, "\\Device\\Base");
    put(m, "root\\base", 1, base, device, RM_STACK_FUNCTION, RM_STATE_DERIVED);
    put(m, "\\device\\BASE", 0, add_driver(m, "snoop", RM_ROLE_UNKNOWN), RM_NONE, RM_STACK_ATTACH,
        RM_STATE_DERIVED);
    assert_int_equal(rm_model_link(m, &f->sink), RM_OK);
    assert_int_equal(m->stacks.count, 2);
    assert_int_equal(place_of(m, "snoop")->position, 1);
    assert_str(place_of(m, "snoop")->hwid, "root\\base");
    assert_int_equal(place_of(m, "snoop")->order_state, RM_STATE_DERIVED);
    assert_int_equal(place_of(m, "base")->position, 2);
    rm_model_free(m);
}

static void of_two_that_attach_nobody_knows_who_is_higher(void **state) {
    struct fixture *f = *state;
    rm_model *m = rm_model_new((size_t)16 << 20);
    uint32_t base = add_driver(m, "base", RM_ROLE_FUNCTION);
    (void)add_device(m, base, "\\Device\\Base");
    put(m, "\\Device\\Base", 0, add_driver(m, "one", RM_ROLE_UNKNOWN), RM_NONE, RM_STACK_ATTACH,
        RM_STATE_DERIVED);
    put(m, "\\Device\\Base", 0, add_driver(m, "two", RM_ROLE_UNKNOWN), RM_NONE, RM_STACK_ATTACH,
        RM_STATE_DERIVED);
    assert_int_equal(rm_model_link(m, &f->sink), RM_OK);
    assert_int_equal(m->stacks.count, 3);
    assert_int_equal(place_of(m, "base")->position, 3);
    assert_int_equal(place_of(m, "one")->order_state, RM_STATE_UNKNOWN);
    assert_int_equal(place_of(m, "two")->order_state, RM_STATE_UNKNOWN);
    rm_model_free(m);
}

static void who_attaches_to_a_device_of_windows_has_a_place_too(void **state) {
    struct fixture *f = *state;
    rm_model *m = rm_model_new((size_t)16 << 20);
    put(m, "\\Device\\KeyboardClass0", 0, add_driver(m, "log", RM_ROLE_UNKNOWN), RM_NONE,
        RM_STACK_ATTACH, RM_STATE_DERIVED);
    assert_int_equal(rm_model_link(m, &f->sink), RM_OK);
    assert_no_diag(f);
    assert_int_equal(m->stacks.count, 1);
    assert_int_equal(m->stacks.at[0].position, 1);
    assert_str(m->stacks.at[0].hwid, "\\Device\\KeyboardClass0");
    rm_model_free(m);
}

/* "If ... set for any FDO or filter DO in the stack, ... for every device object in the stack." */
static void secure_open_of_one_holds_for_the_stack(void **state) {
    struct fixture *f = *state;
    rm_model *m = rm_model_new((size_t)16 << 20);
    uint32_t upper = add_driver(m, "upper", RM_ROLE_UPPER_FILTER);
    uint32_t base = add_driver(m, "base", RM_ROLE_FUNCTION);
    uint32_t filter = add_device(m, upper, NULL);
    uint32_t device = add_device(m, base, "\\Device\\Base");
    m->devices.at[filter].filter = true;
    m->devices.at[filter].characteristics = 0x100;
    put(m, "x", 1, upper, filter, RM_STACK_UPPER_FILTER, RM_STATE_DERIVED);
    put(m, "x", 2, base, device, RM_STACK_FUNCTION, RM_STATE_DERIVED);
    assert_int_equal(rm_model_link(m, &f->sink), RM_OK);
    assert_int_equal(m->devices.at[rm_model_find_device(m, RM_STR("\\Device\\Base"))].secure_open,
                     RM_TRI_YES);
    rm_model_free(m);
}

static void a_kmdf_filter_has_what_the_device_below_has(void **state) {
    struct fixture *f = *state;
    rm_model *m = rm_model_new((size_t)16 << 20);
    uint32_t upper = add_driver(m, "upper", RM_ROLE_UPPER_FILTER);
    uint32_t base = add_driver(m, "base", RM_ROLE_FUNCTION);
    uint32_t filter = add_device(m, upper, "\\Device\\Filter");
    uint32_t device = add_device(m, base, "\\Device\\Base");
    m->devices.at[filter].filter = true;
    m->devices.at[filter].created_by = RM_CREATED_WDFDEVICECREATE;
    m->devices.at[filter].characteristics_known = false;
    put(m, "x", 1, upper, filter, RM_STACK_UPPER_FILTER, RM_STATE_DERIVED);
    put(m, "x", 2, base, device, RM_STACK_FUNCTION, RM_STATE_DERIVED);
    assert_int_equal(rm_model_link(m, &f->sink), RM_OK);
    assert_int_equal(m->devices.at[rm_model_find_device(m, RM_STR("\\Device\\Filter"))].secure_open,
                     RM_TRI_NO);
    rm_model_free(m);
}

static void a_device_is_in_each_of_its_stacks_once(void **state) {
    (void)state;
    rm_model *m = rm_model_new((size_t)16 << 20);
    rm_stack_index index;
    uint32_t base = add_driver(m, "base", RM_ROLE_FUNCTION);
    uint32_t device = add_device(m, base, "\\Device\\Base");
    put(m, "a", 1, base, device, RM_STACK_FUNCTION, RM_STATE_DERIVED);
    put(m, "b", 1, base, device, RM_STACK_FUNCTION, RM_STATE_DERIVED); /* the same again */
    put(m, "c", 2, base, device, RM_STACK_FUNCTION, RM_STATE_DERIVED);
    put(m, "c", 1, add_driver(m, "up", RM_ROLE_UNKNOWN), RM_NONE, RM_STACK_UPPER_FILTER,
        RM_STATE_DERIVED);
    assert_int_equal(rm_stack_index_build(m->arena, m, &index), RM_OK);
    assert_int_equal(index.count, 3);
    assert_int_equal(index.first[device + 1] - index.first[device], 2);
    const rm_stack *second = &index.stacks[index.of_device[index.first[device] + 1]];
    assert_int_equal(second->count, 2);
    assert_int_equal(m->stacks.at[second->positions[0]].how, RM_STACK_UPPER_FILTER);
    rm_model_free(m);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(declared_members_have_their_roles_around_the_function_driver),
        WITH_FIXTURE(who_attaches_by_name_comes_on_top_of_the_stack),
        WITH_FIXTURE(of_two_that_attach_nobody_knows_who_is_higher),
        WITH_FIXTURE(who_attaches_to_a_device_of_windows_has_a_place_too),
        WITH_FIXTURE(secure_open_of_one_holds_for_the_stack),
        WITH_FIXTURE(a_kmdf_filter_has_what_the_device_below_has),
        WITH_FIXTURE(a_device_is_in_each_of_its_stacks_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
