#include "support.h"

#include "inf/inf.h"

/* What an INF says becomes facts of the model. Expected values are from the documents. */

static rm_model *read_inf(struct fixture *f, const char *text) {
    rm_model *model = rm_model_new((size_t)64 << 20);
    bool used = false;
    assert_non_null(model);
    assert_int_equal(rm_inf_read(model, &f->sink, RM_STR("a.inf"), rm_str_from(text), &used),
                     RM_OK);
    return model;
}

static const char device[] =
    "[Version]\nSignature=\"$Windows NT$\"\nClass=Sample\n"
    "ClassGuid={78A1C341-4539-11d3-B88D-00C04FAD5171}\nProvider=%V%\n"
    "[Manufacturer]\n%V%=Models,NTamd64\n"
    "[Models.NTamd64]\n%Dev%=Inst,root\\sample,root\\compat\n"
    "[Inst.NT]\nCopyFiles=F\n"
    "[Inst.NT.HW]\nAddReg=Hw\n"
    "[Hw]\nHKR,,Security,,\"D:P(A;;GA;;;SY)(A;;GRGW;;;BU)\"\n"
    "HKR,,DeviceCharacteristics,0x10001,0x100\nHKR,,Exclusive,0x10001,1\n"
    "HKR,,DeviceType,0x10001,0x22\n"
    "HKR,,UpperFilters,0x10000,upone,uptwo\nHKR,,LowerFilters,0x10008,low\n"
    "[Inst.NT.Services]\nAddService=Sample,2,Svc\n"
    "[Svc]\nServiceType=1\nStartType=3\nErrorControl=1\nServiceBinary=%12%\\drv.sys\n"
    "Security=\"D:(A;;GA;;;SY)\"\n"
    "[Inst.NT.Wdf]\nKmdfService=Sample,Kmdf\n[Kmdf]\nKmdfLibraryVersion=1.15\n"
    "[Inst.NT.Interfaces]\nAddInterface={AAAAAAAA-1111-2222-3333-444444444444},ref,If\n"
    "[If]\nAddProperty=Props\n"
    "[Props]\n{026e516e-b814-414b-83cd-856d6fef4822},8,0x2012,,\"one_x\",\"two_y\"\n"
    "[Strings]\nV=\"Vendor\"\nDev=\"A device\"\n";

static void a_device_driver_has_its_facts(void **state) {
    struct fixture *f = *state;
    rm_model *m = read_inf(f, device);
    assert_no_diag(f);
    assert_int_equal(m->installs.count, 1);
    assert_str(m->installs.at[0].hwid, "root\\sample");
    assert_str(m->installs.at[0].arch, "amd64");
    assert_str(m->installs.at[0].section, "Inst");
    assert_str(m->installs.at[0].model, "A device");
    const rm_driver *d = &m->drivers.at[m->installs.at[0].driver];
    assert_str(d->name, "drv");
    assert_str(d->service, "Sample");
    assert_str(d->start_type, "demand");
    assert_int_equal(d->framework, RM_FRAMEWORK_KMDF);
    assert_int_equal(d->role, RM_ROLE_FUNCTION);
    assert_int_equal(m->devices.count, 1);
    assert_int_equal(m->devices.at[0].created_by, RM_CREATED_INF);
    rm_model_free(m);
}

static void the_hardware_section_sets_the_devices_key(void **state) {
    struct fixture *f = *state;
    rm_model *m = read_inf(f, device);
    assert_int_equal(m->settings.count, 1);
    const rm_registry_setting *s = &m->settings.at[0];
    assert_str(s->sddl, "D:P(A;;GA;;;SY)(A;;GRGW;;;BU)");
    assert_int_equal(s->place.line, 15);
    assert_int_equal(s->place.column, 16);
    assert_true(s->has_characteristics);
    assert_int_equal(s->characteristics, 0x100);
    assert_int_equal(s->exclusive, RM_TRI_YES);
    assert_int_equal(s->device_type, 0x22);
    rm_model_free(m);
}

static void filters_stand_around_the_function_driver(void **state) {
    struct fixture *f = *state;
    rm_model *m = read_inf(f, device);
    static const char *const names[] = {"uptwo", "upone", "drv", "low"};
    assert_int_equal(m->stacks.count, 4);
    for (uint32_t i = 0; i < 4; i++) {
        const rm_stack_position *p = &m->stacks.at[i];
        assert_in_range(p->position, 1, 4);
        assert_str(m->drivers.at[p->driver].name, names[p->position - 1]);
        assert_int_equal(p->order_state, RM_STATE_DERIVED);
    }
    rm_model_free(m);
}

static void an_interface_has_its_capabilities(void **state) {
    struct fixture *f = *state;
    rm_model *m = read_inf(f, device);
    assert_int_equal(m->doors.count, 1);
    assert_int_equal(m->doors.at[0].kind, RM_DOOR_INTERFACE);
    assert_str(m->doors.at[0].class_guid, "{AAAAAAAA-1111-2222-3333-444444444444}");
    assert_str(m->doors.at[0].name, "{AAAAAAAA-1111-2222-3333-444444444444}\\ref");
    assert_str(m->doors.at[0].capabilities, "one_x two_y");
    rm_model_free(m);
}

static void a_service_has_its_own_descriptor(void **state) {
    struct fixture *f = *state;
    rm_model *m = read_inf(f, device);
    assert_int_equal(m->services.count, 1);
    assert_str(m->services.at[0].kind, "kernel");
    assert_str(m->services.at[0].sddl, "D:(A;;GA;;;SY)");
    assert_int_equal(m->descriptors.count, 1);
    assert_int_equal(m->descriptors.at[0].subject_kind, RM_SUBJECT_SERVICE);
    assert_int_equal(m->descriptors.at[0].place.line, 28);
    rm_model_free(m);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(a_device_driver_has_its_facts),
        WITH_FIXTURE(the_hardware_section_sets_the_devices_key),
        WITH_FIXTURE(filters_stand_around_the_function_driver),
        WITH_FIXTURE(an_interface_has_its_capabilities),
        WITH_FIXTURE(a_service_has_its_own_descriptor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
