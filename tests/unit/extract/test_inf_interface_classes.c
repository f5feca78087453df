#include "support.h"

#include "inf/inf.h"

/* [InterfaceInstall32]. Source: Windows driver documentation, "INF InterfaceInstall32 section". */

#define HEAD                                                                                       \
    "[Version]\nSignature=\"$Windows NT$\"\nClass=USBDevice\n"                                     \
    "ClassGuid={88BAE032-5A81-49f0-BC3D-A4FF138216D6}\n"
#define GUID "{aaaaaaaa-1111-2222-3333-444444444444}"

static rm_model *read_inf(struct fixture *f, const char *text) {
    rm_model *model = rm_model_new((size_t)16 << 20);
    bool used = false;
    assert_non_null(model);
    assert_int_equal(rm_inf_read(model, &f->sink, RM_STR("a.inf"), rm_str_from(text), &used),
                     RM_OK);
    return model;
}

static const rm_directive *directive(const rm_model *m, const char *name, unsigned nth) {
    for (uint32_t i = 0; i < m->directives.count; i++) {
        if (rm_str_ieq(m->directives.at[i].name, rm_str_from(name)) && nth-- == 0) {
            return &m->directives.at[i];
        }
    }
    fail_msg("no directive %s", name);
    return NULL;
}

static void a_new_interface_class_is_a_fact_with_its_properties(void **state) {
    struct fixture *f = *state;
    rm_model *m =
        read_inf(f, HEAD "[InterfaceInstall32]\n" GUID "=Cls\n[Cls]\nAddProperty=P\n"
                         "[P]\n{026e516e-b814-414b-83cd-856d6fef4822},8,0x2012,,\"cap_x\"\n"
                         "{026e516e-b814-414b-83cd-856d6fef4822},6,0x11,,1\n");
    const rm_directive *d = directive(m, "InterfaceClass", 0);
    assert_no_diag(f);
    assert_str(d->section, "InterfaceInstall32");
    assert_str(d->value, GUID ", UnrestrictedAppCapabilities cap_x, Restricted 1");
    assert_int_equal(d->place.line, 6);
    rm_model_free(m);
}

static void the_classs_key_has_the_descriptor_of_its_list(void **state) {
    struct fixture *f = *state;
    rm_model *m = read_inf(f, HEAD "[InterfaceInstall32]\n" GUID "=Cls\n[Cls.NTamd64]\nAddReg=R\n"
                                   "[R]\nHKR,,,,\"A class\"\n[R.Security]\n\"D:P(A;;GA;;;SY)\"\n");
    assert_int_equal(m->descriptors.count, 1);
    assert_int_equal(m->descriptors.at[0].subject_kind, RM_SUBJECT_KEY);
    assert_str(m->descriptors.at[0].subject_name,
               "HKLM\\SYSTEM\\CurrentControlSet\\Control\\DeviceClasses\\" GUID);
    assert_str(m->descriptors.at[0].sddl, "D:P(A;;GA;;;SY)");
    rm_model_free(m);
}

static void a_class_without_its_section_is_told(void **state) {
    struct fixture *f = *state;
    rm_model *m = read_inf(f, HEAD "[InterfaceInstall32]\n" GUID "=Cls\n");
    assert_diag(f, 6, 40, "inf-section-missing");
    rm_model_free(m);
}

static void components_software_and_wmi_are_kept(void **state) {
    struct fixture *f = *state;
    rm_model *m = read_inf(
        f,
        HEAD "[Manufacturer]\nm=M\n[M]\nd=I,root\\x\n[I]\n"
             "[I.Components]\nAddComponent=Part,,C\n[C]\nComponentIDs=VID_1\n"
             "[I.Software]\nAddSoftware=Soft,,S\n[S]\nSoftwareType=1\nSoftwareBinary=%13%\\s.exe\n"
             "[I.WMI]\nWMIInterface={11111111-1111-2222-3333-444444444444},W\n"
             "[W]\nSecurity=\"D:(A;;GA;;;SY)\"\n");
    assert_str(directive(m, "AddComponent", 0)->value, "Part, , C");
    assert_str(directive(m, "ComponentIDs", 0)->value, "VID_1");
    assert_str(directive(m, "SoftwareType", 0)->value, "1");
    assert_str(directive(m, "WMIInterface", 0)->value, "{11111111-1111-2222-3333-444444444444}, W");
    assert_str(m->descriptors.at[0].subject_name, "WMI {11111111-1111-2222-3333-444444444444}");
    rm_model_free(m);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(a_new_interface_class_is_a_fact_with_its_properties),
        WITH_FIXTURE(the_classs_key_has_the_descriptor_of_its_list),
        WITH_FIXTURE(a_class_without_its_section_is_told),
        WITH_FIXTURE(components_software_and_wmi_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
