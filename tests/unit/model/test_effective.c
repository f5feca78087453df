#include "support.h"

#include "model/model.h"

/*
 * Which descriptor wins, and what becomes of those that lose. Sources: Windows driver
 * documentation, "Controlling device access", "Controlling device access in KMDF drivers",
 * "Specifying device characteristics"; wdmsec.h, IoCreateDeviceSecure.
 */

#define TIGHT "D:P(A;;GA;;;SY)"
#define LOOSE "D:P(A;;GA;;;WD)"
#define WDF_DEFAULT "D:P(A;;GA;;;SY)(A;;GA;;;BA)"
#define CLASS "{78a1c341-4539-11d3-b88d-00c04fad5171}"

static rm_model *new_model(rm_driver_mode mode, rm_framework framework) {
    rm_model *m = rm_model_new((size_t)16 << 20);
    uint32_t driver = RM_NONE;
    assert_non_null(m);
    assert_int_equal(rm_model_driver(m, RM_STR("drv"), RM_STR("src"), (rm_place){0}, &driver),
                     RM_OK);
    m->drivers.at[driver].mode = mode;
    m->drivers.at[driver].framework = framework;
    return m;
}

static uint32_t add_device(rm_model *m, rm_created by, const char *name, bool pnp) {
    rm_device *d = rm_push(m->arena, &m->devices);
    assert_non_null(d);
    *d = (rm_device){.driver = 0,
                     .nt_name = rm_str_from(name),
                     .created_by = by,
                     .pnp = pnp,
                     .device_type = 0x22,
                     .secure_open = RM_TRI_UNKNOWN,
                     .exclusive = RM_TRI_UNKNOWN,
                     .characteristics_known = true,
                     .descriptor = RM_NONE};
    return m->devices.count - 1;
}

static void add_code(rm_model *m, uint32_t device, const char *sddl) {
    rm_descriptor *d = rm_push(m->arena, &m->descriptors);
    assert_non_null(d);
    *d = (rm_descriptor){.subject_kind = RM_SUBJECT_DEVICE,
                         .subject = device,
                         .sddl = rm_str_from(sddl),
                         .source = RM_SDDL_CODE,
                         .outranked_by = RM_NONE};
}

static rm_registry_setting *add_setting(rm_model *m, bool class_level, const char *sddl) {
    rm_registry_setting *s = rm_push(m->arena, &m->settings);
    assert_non_null(s);
    *s = (rm_registry_setting){.driver = class_level ? RM_NONE : 0,
                               .class_guid = rm_str_from(class_level ? CLASS : NULL),
                               .class_level = class_level,
                               .creates_class = class_level,
                               .sddl = rm_str_from(sddl),
                               .has_sddl = sddl != NULL,
                               .exclusive = RM_TRI_UNKNOWN};
    if (class_level) {
        rm_install *in = rm_push(m->arena, &m->installs);
        assert_non_null(in);
        *in = (rm_install){.driver = 0, .class_guid = RM_STR(CLASS)};
    }
    return s;
}

static void add_interface(rm_model *m, uint32_t device) {
    rm_door *d = rm_push(m->arena, &m->doors);
    assert_non_null(d);
    *d = (rm_door){.device = device,
                   .service = RM_NONE,
                   .kind = RM_DOOR_INTERFACE,
                   .class_guid = RM_STR("{11111111-1111-2222-3333-444444444444}")};
}

static const rm_descriptor *effective(const rm_model *m) {
    assert_int_equal(m->devices.count, 1);
    assert_int_not_equal(m->devices.at[0].descriptor, RM_NONE);
    return &m->descriptors.at[m->devices.at[0].descriptor];
}

static const rm_descriptor *from(const rm_model *m, rm_sddl_source source) {
    for (uint32_t i = 0; i < m->descriptors.count; i++) {
        if (m->descriptors.at[i].source == source) {
            return &m->descriptors.at[i];
        }
    }
    return NULL;
}

static const rm_descriptor *of_interface(const rm_model *m) {
    for (uint32_t i = 0; i < m->descriptors.count; i++) {
        if (m->descriptors.at[i].subject_kind == RM_SUBJECT_INTERFACE) {
            return &m->descriptors.at[i];
        }
    }
    return NULL;
}

static void link_model(struct fixture *f, rm_model *m) {
    assert_int_equal(rm_model_link(m, &f->sink), RM_OK);
    assert_no_diag(f);
}

static void the_devices_key_wins_over_class_and_code_and_losers_are_kept(void **state) {
    struct fixture *f = *state;
    rm_model *m = new_model(RM_DRIVER_MODE_KERNEL, RM_FRAMEWORK_WDM);
    add_code(m, add_device(m, RM_CREATED_IOCREATEDEVICESECURE, "\\Device\\A", true), TIGHT);
    add_setting(m, true, WDF_DEFAULT);
    add_setting(m, false, LOOSE);
    link_model(f, m);
    assert_str(effective(m)->sddl, LOOSE);
    assert_int_equal(effective(m)->source, RM_SDDL_INF_DEVICE);
    assert_true(effective(m)->effective);
    assert_int_equal(m->descriptors.count, 3);
    assert_int_equal(from(m, RM_SDDL_CODE)->outranked_by, m->devices.at[0].descriptor);
    assert_int_equal(from(m, RM_SDDL_INF_CLASS)->outranked_by, m->devices.at[0].descriptor);
    assert_false(from(m, RM_SDDL_CODE)->effective);
    rm_model_free(m);
}

static void the_classs_key_wins_over_code(void **state) {
    struct fixture *f = *state;
    rm_model *m = new_model(RM_DRIVER_MODE_KERNEL, RM_FRAMEWORK_WDM);
    add_code(m, add_device(m, RM_CREATED_IOCREATEDEVICESECURE, "\\Device\\A", true), TIGHT);
    add_setting(m, true, WDF_DEFAULT);
    link_model(f, m);
    assert_int_equal(effective(m)->source, RM_SDDL_INF_CLASS);
    rm_model_free(m);
}

static void a_control_device_has_the_key_of_the_class_it_names(void **state) {
    struct fixture *f = *state;
    rm_model *m = new_model(RM_DRIVER_MODE_KERNEL, RM_FRAMEWORK_WDM);
    uint32_t device = add_device(m, RM_CREATED_IOCREATEDEVICESECURE, "\\Device\\A", false);
    m->devices.at[device].class_guid = RM_STR(CLASS);
    add_code(m, device, TIGHT);
    add_setting(m, true, LOOSE);
    link_model(f, m);
    assert_str(effective(m)->sddl, LOOSE);
    rm_model_free(m);
}

static void a_control_device_without_a_class_has_no_key(void **state) {
    struct fixture *f = *state;
    rm_model *m = new_model(RM_DRIVER_MODE_KERNEL, RM_FRAMEWORK_WDM);
    add_code(m, add_device(m, RM_CREATED_IOCREATEDEVICESECURE, "\\Device\\A", false), TIGHT);
    add_setting(m, true, LOOSE);
    link_model(f, m);
    assert_str(effective(m)->sddl, TIGHT);
    rm_model_free(m);
}

/* "You can only create secure device objects which have a name": the rest rely on the PDO. */
static void code_gives_an_unnamed_device_no_descriptor(void **state) {
    struct fixture *f = *state;
    rm_model *m = new_model(RM_DRIVER_MODE_KERNEL, RM_FRAMEWORK_KMDF);
    add_code(m, add_device(m, RM_CREATED_WDFDEVICECREATE, NULL, true), TIGHT);
    link_model(f, m);
    assert_int_equal(effective(m)->source, RM_SDDL_TYPE_DEFAULT);
    assert_int_equal(effective(m)->state, RM_STATE_ASSUMED);
    assert_int_equal(from(m, RM_SDDL_CODE)->outranked_by, m->devices.at[0].descriptor);
    rm_model_free(m);
}

static void code_gives_a_user_mode_drivers_device_no_descriptor(void **state) {
    struct fixture *f = *state;
    rm_model *m = new_model(RM_DRIVER_MODE_USER, RM_FRAMEWORK_UMDF2);
    add_code(m, add_device(m, RM_CREATED_WDFDEVICECREATE, "\\Device\\U", true), TIGHT);
    link_model(f, m);
    assert_int_not_equal(effective(m)->source, RM_SDDL_CODE);
    rm_model_free(m);
}

static void a_named_wdf_device_and_a_raw_pdo_have_the_frameworks_default(void **state) {
    struct fixture *f = *state;
    for (unsigned raw = 0; raw < 2; raw++) {
        rm_model *m = new_model(RM_DRIVER_MODE_KERNEL, RM_FRAMEWORK_KMDF);
        add_device(m, raw ? RM_CREATED_WDFRAWPDO : RM_CREATED_WDFDEVICECREATE,
                   raw ? NULL : "\\Device\\A", true);
        link_model(f, m);
        assert_str(effective(m)->sddl, WDF_DEFAULT);
        assert_int_equal(effective(m)->source, RM_SDDL_WDF_DEFAULT);
        rm_model_free(m);
    }
}

/* The interface opens the PDO, which the function device's own descriptor does not guard. */
static void an_interface_of_a_named_device_has_the_pdos_descriptor(void **state) {
    struct fixture *f = *state;
    rm_model *m = new_model(RM_DRIVER_MODE_KERNEL, RM_FRAMEWORK_KMDF);
    uint32_t device = add_device(m, RM_CREATED_WDFDEVICECREATE, "\\Device\\A", true);
    add_code(m, device, TIGHT);
    add_interface(m, device);
    link_model(f, m);
    assert_str(effective(m)->sddl, TIGHT);
    assert_non_null(of_interface(m));
    assert_int_equal(of_interface(m)->source, RM_SDDL_TYPE_DEFAULT);
    assert_int_equal(of_interface(m)->state, RM_STATE_ASSUMED);
    rm_model_free(m);
}

static void what_the_inf_sets_guards_interface_and_name_alike(void **state) {
    struct fixture *f = *state;
    rm_model *m = new_model(RM_DRIVER_MODE_KERNEL, RM_FRAMEWORK_KMDF);
    uint32_t device = add_device(m, RM_CREATED_WDFDEVICECREATE, "\\Device\\A", true);
    add_code(m, device, LOOSE);
    add_interface(m, device);
    add_setting(m, false, TIGHT);
    link_model(f, m);
    assert_str(effective(m)->sddl, TIGHT);
    assert_null(of_interface(m));
    rm_model_free(m);
}

static void the_devices_characteristics_stand_for_the_classs_even_as_zero(void **state) {
    struct fixture *f = *state;
    rm_model *m = new_model(RM_DRIVER_MODE_KERNEL, RM_FRAMEWORK_WDM);
    add_device(m, RM_CREATED_IOCREATEDEVICE, "\\Device\\A", true);
    rm_registry_setting *s = add_setting(m, true, NULL);
    s->has_characteristics = true;
    s->characteristics = 0x100;
    add_setting(m, false, NULL)->has_characteristics = true;
    link_model(f, m);
    assert_int_equal(m->devices.at[0].secure_open, RM_TRI_NO);
    rm_model_free(m);
}

static void a_driver_installed_to_be_loaded_has_no_device_in_its_infs_stack(void **state) {
    struct fixture *f = *state;
    rm_model *m = new_model(RM_DRIVER_MODE_KERNEL, RM_FRAMEWORK_WDM);
    add_device(m, RM_CREATED_INF, NULL, true);
    add_device(m, RM_CREATED_IOCREATEDEVICE, "\\Device\\A", false);
    link_model(f, m);
    assert_int_equal(m->devices.count, 1);
    assert_str(m->devices.at[0].nt_name, "\\Device\\A");
    rm_model_free(m);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(the_devices_key_wins_over_class_and_code_and_losers_are_kept),
        WITH_FIXTURE(the_classs_key_wins_over_code),
        WITH_FIXTURE(a_control_device_has_the_key_of_the_class_it_names),
        WITH_FIXTURE(a_control_device_without_a_class_has_no_key),
        WITH_FIXTURE(code_gives_an_unnamed_device_no_descriptor),
        WITH_FIXTURE(code_gives_a_user_mode_drivers_device_no_descriptor),
        WITH_FIXTURE(a_named_wdf_device_and_a_raw_pdo_have_the_frameworks_default),
        WITH_FIXTURE(an_interface_of_a_named_device_has_the_pdos_descriptor),
        WITH_FIXTURE(what_the_inf_sets_guards_interface_and_name_alike),
        WITH_FIXTURE(the_devices_characteristics_stand_for_the_classs_even_as_zero),
        WITH_FIXTURE(a_driver_installed_to_be_loaded_has_no_device_in_its_infs_stack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
