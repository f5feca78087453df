#include "support.h"

#include "model/model.h"

static rm_model *model_with(rm_subject kind, rm_str name) {
    rm_model *m = rm_model_new((size_t)16 << 20);
    assert_non_null(m);
    rm_descriptor *d = rm_push(m->arena, &m->descriptors);
    assert_non_null(d);
    *d = (rm_descriptor){.subject_kind = kind,
                         .subject = RM_NONE,
                         .subject_name = name,
                         .sddl = RM_STR("D:P"),
                         .source = RM_SDDL_FILE,
                         .outranked_by = RM_NONE,
                         .state = RM_STATE_DECLARED,
                         .place = {RM_STR("a.sddl"), 1, 10}};
    return m;
}

static void add_device(rm_model *m, rm_str nt_name) {
    rm_device *d = rm_push(m->arena, &m->devices);
    assert_non_null(d);
    *d = (rm_device){.driver = RM_NONE,
                     .nt_name = nt_name,
                     .created_by = RM_CREATED_FACTS,
                     .descriptor = RM_NONE};
}

static void add_named_door(rm_model *m, rm_str name, rm_str device) {
    rm_door *d = rm_push(m->arena, &m->doors);
    assert_non_null(d);
    *d = (rm_door){.device = RM_NONE, .service = RM_NONE, .name = name, .device_name = device};
}

static void a_descriptor_finds_its_device_by_name(void **state) {
    struct fixture *f = *state;
    rm_model *m = model_with(RM_SUBJECT_DEVICE, RM_STR("\\device\\READER"));
    add_device(m, RM_STR("\\Device\\Other"));
    add_device(m, RM_STR("\\Device\\Reader"));
    assert_int_equal(rm_model_link(m, &f->sink), RM_OK);
    assert_int_equal(m->devices.count, 2);
    uint32_t device = m->descriptors.at[0].subject;
    assert_str(m->devices.at[device].nt_name, "\\Device\\Reader");
    assert_int_equal(m->devices.at[device].descriptor, 0);
    rm_model_free(m);
}

static void a_door_that_facts_told_of_leads_to_the_device(void **state) {
    struct fixture *f = *state;
    rm_model *m = model_with(RM_SUBJECT_DEVICE, RM_STR("\\\\.\\Reader"));
    add_device(m, RM_STR("\\Device\\Hidden"));
    add_named_door(m, RM_STR("\\DosDevices\\Reader"), RM_STR("\\Device\\Hidden"));
    rm_open *open = rm_push(m->arena, &m->opens);
    assert_non_null(open);
    *open = (rm_open){.app = RM_NONE, .service = RM_NONE, .target = RM_STR("\\??\\reader")};
    assert_int_equal(rm_model_link(m, &f->sink), RM_OK);
    assert_no_diag(f);
    assert_int_equal(m->devices.count, 1);
    assert_int_equal(m->descriptors.at[0].subject, 0);
    assert_int_equal(m->opens.at[0].device, 0);
    rm_model_free(m);
}

static void a_device_that_nothing_else_tells_of_is_made(void **state) {
    struct fixture *f = *state;
    rm_model *m = model_with(RM_SUBJECT_DEVICE, RM_STR("\\Device\\Reader"));
    assert_int_equal(rm_model_link(m, &f->sink), RM_OK);
    assert_int_equal(m->devices.count, 1);
    assert_str(m->devices.at[0].nt_name, "\\Device\\Reader");
    assert_int_equal(m->devices.at[0].state, RM_STATE_DECLARED);
    assert_int_equal(m->devices.at[0].driver, RM_NONE);
    assert_int_equal(m->devices.at[0].place.line, 1);
    assert_int_equal(m->devices.at[0].descriptor, 0);
    rm_model_free(m);
}

static void two_descriptors_of_one_name_are_of_one_device(void **state) {
    struct fixture *f = *state;
    rm_model *m = model_with(RM_SUBJECT_DEVICE, RM_STR("\\Device\\Reader"));
    rm_descriptor second = m->descriptors.at[0];
    second.subject_name = RM_STR("\\DEVICE\\Reader");
    rm_descriptor *slot = rm_push(m->arena, &m->descriptors);
    assert_non_null(slot);
    *slot = second;
    assert_int_equal(rm_model_link(m, &f->sink), RM_OK);
    assert_int_equal(m->devices.count, 1);
    rm_model_free(m);
}

static void a_service_is_made_and_a_key_is_not(void **state) {
    struct fixture *f = *state;
    rm_model *m = model_with(RM_SUBJECT_SERVICE, RM_STR("Reader"));
    assert_int_equal(rm_model_link(m, &f->sink), RM_OK);
    assert_int_equal(m->services.count, 1);
    assert_int_equal(m->descriptors.at[0].subject, 0);
    rm_model_free(m);
    m = model_with(RM_SUBJECT_KEY, RM_STR("HKLM\\Software\\X"));
    assert_int_equal(rm_model_link(m, &f->sink), RM_OK);
    assert_int_equal(m->descriptors.at[0].subject, RM_NONE);
    rm_model_free(m);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(a_descriptor_finds_its_device_by_name),
        WITH_FIXTURE(a_door_that_facts_told_of_leads_to_the_device),
        WITH_FIXTURE(a_device_that_nothing_else_tells_of_is_made),
        WITH_FIXTURE(two_descriptors_of_one_name_are_of_one_device),
        WITH_FIXTURE(a_service_is_made_and_a_key_is_not),
    };
    return cmocka_run_group_tests_name("subjects", tests, NULL, NULL);
}
