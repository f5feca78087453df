#include "support.h"

#include <string.h>
#include <time.h>

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
    assert_int_equal(m->installs.count, 2);
    assert_str(m->installs.at[0].hwid, "root\\sample");
    assert_str(m->installs.at[0].id_kind, "hardware");
    assert_str(m->installs.at[1].hwid, "root\\compat");
    assert_str(m->installs.at[1].id_kind, "compatible");
    assert_int_equal(m->installs.at[1].driver, m->installs.at[0].driver);
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
    assert_str(m->descriptors.at[0].condition,
               "the service is new: AddService does not have the flag 0x400");
    rm_model_free(m);
}

/* ---- platforms ---- */

#define HEAD                                                                                       \
    "[Version]\nSignature=\"$Windows NT$\"\nClass=USBDevice\n"                                     \
    "ClassGuid={88BAE032-5A81-49f0-BC3D-A4FF138216D6}\n"
#define SVC(name) "[" name "]\nServiceType=1\nStartType=3\nServiceBinary=%12%\\" name ".sys\n"

static rm_str driver_of(const rm_model *m, const char *arch) {
    for (uint32_t i = 0; i < m->installs.count; i++) {
        const rm_install *in = &m->installs.at[i];
        if (rm_str_eq(in->arch, rm_str_from(arch)) && in->driver != RM_NONE) {
            return m->drivers.at[in->driver].name;
        }
    }
    return RM_STR_NONE;
}

/* [x.ntARCH] is taken before [x.nt], that before [x]; the extensions go with the section taken. */
static void each_architecture_has_its_own_section(void **state) {
    struct fixture *f = *state;
    rm_model *m =
        read_inf(f, HEAD "[Manufacturer]\nm=M,NTamd64,NTarm64,NTx86\n"
                         "[M.NTamd64]\nd=I,root\\x\n[M.NTarm64]\nd=I,root\\x\n"
                         "[M.NTx86]\nd=J,root\\x\n"
                         "[I.NTamd64]\n[I.NTamd64.Services]\nAddService=a,2,a\n"
                         "[I.NT]\n[I.NT.Services]\nAddService=b,2,b\n"
                         "[I.Services]\nAddService=never,2,b\n"
                         "[J]\n[J.Services]\nAddService=c,2,c\n" SVC("a") SVC("b") SVC("c"));
    assert_int_equal(m->installs.count, 3);
    assert_str(driver_of(m, "amd64"), "a");
    assert_str(driver_of(m, "arm64"), "b");
    assert_str(driver_of(m, "x86"), "c");
    rm_model_free(m);
}

static void a_placeholder_stands_for_every_architecture_there_is(void **state) {
    struct fixture *f = *state;
    rm_model *m = read_inf(f, HEAD "[Manufacturer]\nm=M,NT$ARCH$.10.0\n"
                                   "[M.NT$ARCH$.10.0]\nd=I,root\\x\n[M.NTarm.10.0]\nd=I,root\\x\n"
                                   "[I.NT]\n[I.NT.Services]\nAddService=b,2,b\n" SVC("b"));
    assert_int_equal(m->installs.count, 2);
    assert_str(driver_of(m, ""), "b");
    assert_str(driver_of(m, "arm"), "b");
    rm_model_free(m);
}

/* Windows driver documentation, "INF DefaultInstall section": drivers that no device needs. */
static void a_default_install_names_its_driver_for_each_architecture(void **state) {
    struct fixture *f = *state;
    rm_model *m = read_inf(
        f, HEAD "[DefaultInstall.NTamd64]\nCopyFiles=F\n[F]\ns.sys\n"
                "[DefaultInstall.NTamd64.Services]\nAddService=s,,s\n"
                "AddService=app,,app\n" SVC(
                    "s") "[app]\nServiceType=0x10\nStartType=2\nServiceBinary=%13%\\a.exe\n");
    assert_int_equal(m->installs.count, 1);
    assert_str(m->installs.at[0].hwid, "");
    assert_str(m->installs.at[0].id_kind, "");
    assert_str(m->installs.at[0].arch, "amd64");
    assert_str(m->installs.at[0].section, "DefaultInstall.NTamd64");
    assert_str(m->drivers.at[m->installs.at[0].driver].name, "s");
    assert_int_equal(m->devices.count, 0);
    rm_model_free(m);
}

static void a_missing_install_section_is_told(void **state) {
    struct fixture *f = *state;
    rm_model *m = read_inf(f, HEAD "[Manufacturer]\nm=M\n[M]\nd=I,root\\x\n");
    assert_int_equal(m->installs.count, 1);
    assert_int_equal(m->installs.at[0].driver, RM_NONE);
    assert_diag(f, 8, 3, "inf-section-missing");
    rm_model_free(m);
}

/* ---- values ---- */

static rm_model *with_values(struct fixture *f, const char *values) {
    rm_buf text = {.arena = f->arena};
    rm_buf_text(&text, HEAD "[Manufacturer]\nm=M\n[M]\nd=I,root\\x\n[I]\n[I.HW]\nAddReg=R\n"
                            "[I.Services]\nAddService=s,2,s\n" SVC("s") "[R]\n");
    rm_buf_text(&text, values);
    rm_buf_char(&text, '\0');
    return read_inf(f, text.ptr);
}

static void a_binary_descriptor_is_kept_as_its_text(void **state) {
    struct fixture *f = *state;
    /* revision 1, DACL present, at 20: an ACL of one ACE that gives S-1-5-18 everything */
    rm_model *m =
        with_values(f, "HKR,,Security,1,01,00,04,80,00,00,00,00,00,00,00,00,00,00,00,00,\\\n"
                       "14,00,00,00,02,00,1c,00,01,00,00,00,00,00,14,00,00,00,00,10,\\\n"
                       "01,01,00,00,00,00,00,05,12,00,00,00\n");
    assert_no_diag(f);
    assert_int_equal(m->settings.count, 1);
    assert_str(m->settings.at[0].sddl, "D:(A;;GA;;;SY)");
    assert_int_equal(m->settings.at[0].place.line, 19);
    assert_int_equal(m->settings.at[0].place.column, 17);
    rm_model_free(m);
}

static void a_damaged_binary_descriptor_is_refused(void **state) {
    struct fixture *f = *state;
    rm_model_free(with_values(f, "HKR,,Security,1,01,00,zz\n"));
    assert_diag(f, 19, 23, "inf-byte");
}

static void numbers_are_read_as_setupapi_reads_them(void **state) {
    struct fixture *f = *state;
    rm_model *m = with_values(f, "HKR,,DeviceCharacteristics,0x00010001,010\n"
                                 "HKR,,DeviceType,0x10001,22,00,00,00\nHKR,,Exclusive,0x10001,x\n");
    assert_int_equal(m->settings.at[0].characteristics, 10);
    assert_int_equal(m->settings.at[0].device_type, 0x22);
    assert_int_equal(m->settings.at[0].exclusive, RM_TRI_UNKNOWN);
    assert_diag(f, 21, 24, "inf-number");
    rm_model_free(m);
}

static void values_elsewhere_are_not_the_devices(void **state) {
    struct fixture *f = *state;
    rm_model *m = with_values(f, "HKR,Parameters,Security,,\"D:(A;;GA;;;WD)\"\n"
                                 "HKLM,,Security,,\"D:(A;;GA;;;WD)\"\n"
                                 "HKR,,Security,0x4,\"D:(A;;GA;;;WD)\"\n");
    assert_int_equal(m->settings.count, 0);
    rm_model_free(m);
}

static void an_existing_class_keeps_its_values(void **state) {
    struct fixture *f = *state;
    rm_model *m = read_inf(f, HEAD "[ClassInstall32]\nAddReg=C\n"
                                   "[C]\nHKR,,Security,,\"D:(A;;GA;;;SY)\"\n");
    assert_int_equal(m->settings.count, 1);
    assert_true(m->settings.at[0].class_level);
    assert_false(m->settings.at[0].creates_class);
    assert_diag(f, 8, 16, "inf-class-exists");
    rm_model_free(m);
}

static void keys_files_and_wmi_classes_have_descriptors(void **state) {
    struct fixture *f = *state;
    rm_model *m = read_inf(
        f, HEAD "[Manufacturer]\nm=M\n[M]\nd=I,root\\x\n"
                "[I]\nCopyFiles=F\n[F]\na.sys,b.sys\n[F.Security]\n\"D:P(A;;GA;;;SY)\"\n"
                "[DestinationDirs]\nF=12,sub\n"
                "[I.Services]\nAddService=s,2,s\n" SVC(
                    "s") "AddReg=R\n"
                         "[R]\nHKR,Parameters,v,,x\n[R.Security]\n\"D:(A;;GA;;;BA)\"\n"
                         "[I.WMI]\nWMIInterface={G},1,W\n[W]\nSecurity=\"D:(A;;GA;;;WD)\"\n");
    assert_int_equal(m->descriptors.count, 3);
    assert_str(m->descriptors.at[0].subject_name,
               "HKLM\\SYSTEM\\CurrentControlSet\\Services\\s\\Parameters");
    assert_int_equal(m->descriptors.at[0].subject_kind, RM_SUBJECT_KEY);
    assert_str(m->descriptors.at[1].subject_name, "%12%\\sub\\a.sys");
    assert_int_equal(m->descriptors.at[1].subject_kind, RM_SUBJECT_FILE);
    assert_str(m->descriptors.at[2].subject_name, "WMI {G}");
    assert_str(m->descriptors.at[2].sddl, "D:(A;;GA;;;WD)");
    rm_model_free(m);
}

/* ---- services ---- */

static void programs_run_as_localsystem_unless_told(void **state) {
    struct fixture *f = *state;
    rm_model *m = read_inf(f, HEAD "[Manufacturer]\nm=M\n[M]\nd=I,root\\x\n[I]\n[I.Services]\n"
                                   "AddService=a,,A\nAddService=b,,B\n"
                                   "[A]\nServiceType=0x10\nStartType=2\nServiceBinary=%11%\\a.exe\n"
                                   "[B]\nServiceType=0x20\nStartType=3\nServiceBinary=%11%\\b.exe\n"
                                   "StartName=\"NT AUTHORITY\\LocalService\"\n");
    assert_int_equal(m->services.count, 2);
    assert_str(m->services.at[0].kind, "own_process");
    assert_str(m->services.at[0].start_type, "auto");
    assert_str(m->services.at[0].account, "LocalSystem");
    assert_str(m->services.at[1].account, "NT AUTHORITY\\LocalService");
    assert_int_equal(m->drivers.count, 0);
    rm_model_free(m);
}

static void a_umdf_driver_stands_for_its_reflector(void **state) {
    struct fixture *f = *state;
    rm_model *m = read_inf(f, HEAD "[Manufacturer]\nm=M\n[M]\nd=I,root\\x\n[I.NT]\n"
                                   "[I.NT.Services]\nInclude=wudfrd.inf\nNeeds=WUDFRD.NT.Services\n"
                                   "[I.NT.Wdf]\nUmdfService=mine,U\nUmdfService=above,V\n"
                                   "UmdfServiceOrder=mine,above\n"
                                   "[U]\nUmdfLibraryVersion=2.15\nServiceBinary=%13%\\my.dll\n"
                                   "[V]\nUmdfLibraryVersion=1.11\nServiceBinary=%13%\\up.dll\n");
    const rm_driver *d = &m->drivers.at[m->installs.at[0].driver];
    assert_str(d->name, "my");
    assert_int_equal(d->framework, RM_FRAMEWORK_UMDF2);
    assert_int_equal(d->mode, RM_DRIVER_MODE_USER);
    assert_int_equal(m->stacks.count, 2);
    assert_diag(f, 11, 9, "inf-include-missing");
    for (uint32_t i = 0; i < 2; i++) {
        const rm_stack_position *p = &m->stacks.at[i];
        assert_str(m->drivers.at[p->driver].name, p->position == 1 ? "up" : "my");
    }
    rm_model_free(m);
}

static void a_reflector_among_the_filters_stands_for_its_driver_too(void **state) {
    struct fixture *f = *state;
    rm_model *m =
        read_inf(f, HEAD "[Manufacturer]\nm=M\n[M]\nd=I,root\\x\n[I.NT]\n[I.NT.HW]\nAddReg=R\n"
                         "[R]\nHKR,,LowerFilters,0x10008,WUDFRd\n"
                         "[I.NT.Services]\nAddService=k,2,k\n" SVC(
                             "k") "[I.NT.Wdf]\nUmdfService=mine,U\nUmdfServiceOrder=mine\n"
                                  "[U]\nUmdfLibraryVersion=2.15\nServiceBinary=%13%\\my.dll\n");
    assert_int_equal(m->stacks.count, 2);
    for (uint32_t i = 0; i < 2; i++) {
        const rm_stack_position *p = &m->stacks.at[i];
        assert_str(m->drivers.at[p->driver].name, p->position == 1 ? "k" : "my");
    }
    assert_int_equal(rm_model_find_driver(m, RM_STR("WUDFRd")), RM_NONE);
    rm_model_free(m);
}

static void minifilters_stand_by_altitude(void **state) {
    struct fixture *f = *state;
    static const char *const altitudes[] = {"40500", "385100.5", "385100"};
    rm_model *m = rm_model_new((size_t)64 << 20);
    rm_inf_file files[3];
    for (size_t i = 0; i < 3; i++) {
        rm_buf text = {.arena = f->arena};
        rm_buf_printf(&text,
                      HEAD "[DefaultInstall.NTamd64.Services]\nAddService=m%zu,,S\n"
                           "[DefaultInstall.NTamd64]\n[S]\nServiceType=2\nAddReg=R\n"
                           "ServiceBinary=%%13%%\\m%zu.sys\n[R]\n"
                           "HKR,Instances\\a,Altitude,0,%s\n",
                      i, i, altitudes[i]);
        files[i] = (rm_inf_file){.path = RM_STR("m.inf"), .text = rm_buf_view(&text)};
    }
    assert_int_equal(rm_inf_read_set(m, &f->sink, files, 3), RM_OK);
    assert_int_equal(m->stacks.count, 3);
    for (uint32_t i = 0; i < 3; i++) {
        static const char *const order[] = {"m1", "m2", "m0"};
        const rm_stack_position *p = &m->stacks.at[i];
        assert_int_equal(p->how, RM_STACK_MINIFILTER);
        assert_str(m->drivers.at[p->driver].name, order[p->position - 1]);
        assert_int_equal(m->drivers.at[p->driver].framework, RM_FRAMEWORK_MINIFILTER);
    }
    rm_model_free(m);
}

/* ---- several files ---- */

#define EXTENSION                                                                                  \
    "[Version]\nSignature=\"$Windows NT$\"\nClass=Extension\n"                                     \
    "ClassGuid={e2f84ce7-8efa-411c-aa69-97454ca4cb57}\n"

static void an_extension_joins_the_stack_of_its_device(void **state) {
    struct fixture *f = *state;
    rm_inf_file files[2] = {
        {.path = RM_STR("e.inf"),
         .text = RM_STR(EXTENSION
                        "[Manufacturer]\nm=M,NTamd64\n[M.NTamd64]\nd=E,root\\x\n[E]\n"
                        "[E.Filters]\nAddFilter=flt,,F\n[F]\nFilterPosition=Lower\n"
                        "[E.Services]\nAddService=flt,,flt\n" SVC(
                            "flt") "[E.HW]\nAddReg=R\n[R]\nHKR,,Security,,\"D:P(A;;GA;;;WD)\"\n")},
        {.path = RM_STR("b.inf"),
         .text = RM_STR(HEAD "[Manufacturer]\nm=M,NTamd64\n[M.NTamd64]\nd=I,ROOT\\X\n[I]\n"
                             "[I.Services]\nAddService=base,2,base\n" SVC("base"))},
    };
    rm_model *m = rm_model_new((size_t)64 << 20);
    assert_int_equal(rm_inf_read_set(m, &f->sink, files, 2), RM_OK);
    assert_no_diag(f);
    assert_int_equal(m->stacks.count, 2);
    for (uint32_t i = 0; i < 2; i++) {
        const rm_stack_position *p = &m->stacks.at[i];
        assert_str(p->inf, "b.inf");
        assert_str(m->drivers.at[p->driver].name, p->position == 1 ? "base" : "flt");
    }
    assert_int_equal(m->settings.count, 1);
    assert_str(m->drivers.at[m->settings.at[0].driver].name, "base");
    rm_model_free(m);
}

static void a_needed_section_of_another_file_is_followed(void **state) {
    struct fixture *f = *state;
    rm_inf_file files[2] = {
        {.path = RM_STR("p/a.inf"),
         .text = RM_STR(HEAD "[Manufacturer]\nm=M\n[M]\nd=I,root\\x\n[I]\n[I.Services]\n"
                             "Include=B.INF\nNeeds=Shared.Services\n")},
        {.path = RM_STR("p/b.inf"),
         .text = RM_STR(HEAD "[Shared.Services]\nAddService=%n%,2,S\n[S]\nServiceType=1\n"
                             "ServiceBinary=%12%\\shared.sys\n[Strings]\nn=shared\n")},
    };
    rm_model *m = rm_model_new((size_t)64 << 20);
    assert_int_equal(rm_inf_read_set(m, &f->sink, files, 2), RM_OK);
    assert_no_diag(f);
    assert_str(m->drivers.at[m->installs.at[0].driver].name, "shared");
    rm_model_free(m);
}

static void security_of_the_drivers_key_is_told_to_be_misplaced(void **state) {
    struct fixture *f = *state;
    rm_model *m = read_inf(f, HEAD "[Manufacturer]\nm=M\n[M]\nd=I,root\\x\n[I]\nAddReg=R\n"
                                   "[R]\nHKR,,Security,,\"D:P(A;;GA;;;SY)\"\n");
    assert_int_equal(m->settings.count, 0);
    assert_diag(f, 12, 1, "inf-security-misplaced");
    rm_model_free(m);
}

static void a_services_binary_descriptor_is_read_too(void **state) {
    struct fixture *f = *state;
    rm_model *m = read_inf(
        f, HEAD "[Manufacturer]\nm=M\n[M]\nd=I,root\\x\n[I]\n[I.Services]\n"
                "AddService=s,2,s\n" SVC(
                    "s") "AddReg=R\n[R]\n"
                         "HKR,Security,Security,1,01,00,04,80,00,00,00,00,00,00,00,00,00,00,00,00,"
                         "14,00,00,00,02,00,1c,00,01,00,00,00,00,00,14,00,00,00,00,10,"
                         "01,01,00,00,00,00,00,05,12,00,00,00\n");
    assert_str(m->services.at[0].sddl, "D:(A;;GA;;;SY)");
    rm_model_free(m);
}

/* A filter written into a class's key stands in every stack of that class, at an unknown place. */
static void a_filter_of_a_class_joins_its_stacks(void **state) {
    struct fixture *f = *state;
    rm_model *m = read_inf(
        f, HEAD "[Manufacturer]\nm=M\n[M]\nd=I,root\\x\n[I]\n[I.Services]\nAddService=s,2,s\n" SVC(
               "s") "[DefaultInstall]\nAddReg=C\n[DefaultInstall.Services]\nAddService=flt,,"
                    "flt\n" SVC("flt") "[C]\nHKLM,System\\CurrentControlSet\\Control\\Class\\{"
                                       "88bae032-5a81-49f0-bc3d-a4ff138216d6},"
                                       "UpperFilters,0x10008,flt\n");
    assert_int_equal(m->stacks.count, 3);
    unsigned in_stack = 0;
    for (uint32_t i = 0; i < 3; i++) {
        const rm_stack_position *p = &m->stacks.at[i];
        bool filter = rm_str_eq(m->drivers.at[p->driver].name, RM_STR("flt"));
        in_stack += rm_str_eq(p->hwid, RM_STR("root\\x"));
        assert_int_equal(p->position, filter ? 1 : rm_str_eq(p->hwid, RM_STR("root\\x")) ? 2 : 1);
    }
    assert_int_equal(in_stack, 2);
    rm_model_free(m);
}

static void of_several_drivers_of_one_name_the_nearest_is_meant(void **state) {
    struct fixture *f = *state;
    static const char *const units[] = {"lib/one", "src/two", "src/three"};
    rm_inf_file file = {.path = RM_STR("src/two/pkg/a.inf"),
                        .text = RM_STR(HEAD "[Manufacturer]\nm=M\n[M]\nd=I,root\\x\n[I]\n"
                                            "[I.Services]\nAddService=s,2,s\n" SVC("s"))};
    rm_model *m = rm_model_new((size_t)64 << 20);
    uint32_t driver = RM_NONE;
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(
            rm_model_driver(m, RM_STR("s"), rm_str_from(units[i]), (rm_place){0}, &driver), RM_OK);
    }
    assert_int_equal(rm_inf_read_set(m, &f->sink, &file, 1), RM_OK);
    assert_int_equal(m->drivers.count, 3);
    assert_str(m->drivers.at[m->installs.at[0].driver].unit, "src/two");
    rm_model_free(m);
}

static void a_network_component_names_its_driver_but_has_no_device(void **state) {
    struct fixture *f = *state;
    rm_model *m = read_inf(
        f, "[Version]\nSignature=\"$Windows NT$\"\nClass=NetService\n"
           "ClassGuid={4D36E974-E325-11CE-BFC1-08002BE10318}\n"
           "[Manufacturer]\nm=M\n[M]\nd=I,ms_lwf\n[I]\n[I.Services]\nAddService=s,,s\n" SVC("s"));
    assert_str(m->drivers.at[m->installs.at[0].driver].name, "s");
    assert_int_equal(m->drivers.at[0].framework, RM_FRAMEWORK_NDIS);
    assert_int_equal(m->devices.count, 0);
    assert_int_equal(m->stacks.count, 0);
    rm_model_free(m);
}

static void a_device_without_a_function_driver_is_a_row_too(void **state) {
    struct fixture *f = *state;
    rm_model *m = read_inf(f, HEAD "[Manufacturer]\nm=M\n[M]\nd=I,root\\raw\n[I]\n"
                                   "[I.Services]\nAddService=,2\n"
                                   "[I.HW]\nAddReg=R\n[R]\nHKR,,Security,,\"D:P(A;;GA;;;SY)\"\n");
    assert_int_equal(m->devices.count, 1);
    assert_int_equal(m->devices.at[0].driver, RM_NONE);
    assert_str(m->devices.at[0].alias, "root\\raw");
    assert_str(m->settings.at[0].hwid, "root\\raw");
    rm_model_free(m);
}

static void binaries_name_the_drivers_of_a_folder(void **state) {
    struct fixture *f = *state;
    rm_inf_binaries list = {0};
    assert_int_equal(rm_inf_binaries_of(f->arena, RM_STR("a.inf"), rm_str_from(device), &list),
                     RM_OK);
    assert_int_equal(list.count, 1);
    assert_str(list.at[0].stem, "drv");
    assert_str(list.at[0].service, "Sample");
    assert_true(list.at[0].kernel);
    assert_int_equal(list.at[0].place.line, 22);
}

/* ---- hostile ---- */

static void sections_that_need_each_other_end(void **state) {
    struct fixture *f = *state;
    rm_model *m = read_inf(f, HEAD "[Manufacturer]\nm=M\n[M]\nd=I,root\\x\n"
                                   "[I]\nInclude=a.inf\nNeeds=J\n[J]\nNeeds=I\n"
                                   "[I.Services]\nNeeds=I.Services\n");
    assert_diag(f, 13, 7, "inf-needs-loop");
    assert_diag(f, 15, 7, "inf-needs-loop");
    rm_model_free(m);
}

static void needs_have_a_depth(void **state) {
    struct fixture *f = *state;
    rm_buf text = {.arena = f->arena};
    rm_buf_text(&text, HEAD "[Manufacturer]\nm=M\n[M]\nd=S0,root\\x\n");
    for (int i = 0; i < 40; i++) {
        rm_buf_printf(&text, "[S%d]\nNeeds=S%d\n", i, i + 1);
    }
    rm_buf_char(&text, '\0');
    rm_model_free(read_inf(f, text.ptr));
    assert_diag(f, 42, 7, "inf-needs-depth");
}

static void repeat(rm_buf *text, int times, const char *fmt) {
    for (int i = 0; i < times; i++) {
        for (const char *c = fmt; *c != '\0'; c++) {
            if (*c == '#') {
                rm_buf_printf(text, "%d", i);
            } else {
                rm_buf_char(text, *c);
            }
        }
    }
}

/* Many models of one section, many sections of one list, many services, many filters. */
static void packages_made_to_be_slow_are_not(void **state) {
    struct fixture *f = *state;
    static const struct {
        const char *head, *piece, *tail;
    } cases[] = {
        {"[M]\n", "d=I#,root\\x\n", ""},
        {"[M]\n", "d=I,root\\x#\n",
         "[I]\n[I.HW]\nAddReg=R\n[R]\nHKR,,UpperFilters,0x10000,a,b,c\n"},
        {"[M]\n", "d=I#,root\\x#\n[I#]\n[I#.Services]\nAddService=s#,2,S\n[M]\n",
         "[S]\nServiceType=1\n"},
        {"[M]\nd=I,root\\x\n[I.HW]\n", "AddReg=R\n", "[R]\nHKR,,Security,,\"D:\"\n[I]\n"},
        {"[M]\nd=I,root\\x\n[I]\n[I.Services]\n", "AddService=s#,,S\n", "[S]\nServiceType=1\n"},
        {"[M]\nd=I,root\\x\n[I]\n[I.Interfaces]\n", "AddInterface={G#},#,A\n",
         "[A]\nAddProperty=A\n"},
        {"[M]\nd=I,root\\x\n[I]\n", "[I]\nNeeds=I#,J#\n[J#]\nAddReg=I\n", ""},
        {"[M]\nd=I,root\\x\n[I.HW]\nAddReg=R\n[I]\n[R]\n",
         "HKR,,LowerFilters,0x10008,a#\nHKR,,UpperFilters,0x10000,b\n", ""},
        {"", "[DefaultInstall.nt.#]\n[DefaultInstall.nt.#.Services]\nAddService=s,2,S\n", ""},
        {"[Manufacturer]\n", "m=M,NT$ARCH$.#\n[M.NTx86.#]\nd=I,root\\x\n[Manufacturer]\n", "[I]\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rm_buf text = {.arena = f->arena};
        rm_buf_text(&text, HEAD "[Manufacturer]\nm=M\n");
        rm_buf_text(&text, cases[i].head);
        repeat(&text, 20000, cases[i].piece);
        rm_buf_text(&text, cases[i].tail);
        rm_buf_char(&text, '\0');
        clock_t before = clock();
        rm_model *m = rm_model_new((size_t)1 << 30);
        bool used = false;
        assert_int_equal(rm_inf_read(m, NULL, RM_STR("a.inf"), rm_buf_view(&text), &used), RM_OK);
        double seconds = (double)(clock() - before) / CLOCKS_PER_SEC;
        if (seconds > 3.0) {
            fail_msg("case %zu took %.1f s", i, seconds);
        }
        rm_model_free(m);
    }
}

static void a_failed_allocation_is_returned(void **state) {
    rm_status st = RM_NOMEM;
    (void)state;
    for (long n = 0; st != RM_OK; n++) {
        rm_model *m = rm_model_new((size_t)1 << 26);
        bool used = false;
        assert_true(n < 5000);
        rm_arena_fail_after(m->arena, n);
        st = rm_inf_read(m, NULL, RM_STR("a.inf"), rm_str_from(device), &used);
        assert_true(st == RM_OK || st == RM_NOMEM);
        rm_model_free(m);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(a_device_driver_has_its_facts),
        WITH_FIXTURE(the_hardware_section_sets_the_devices_key),
        WITH_FIXTURE(filters_stand_around_the_function_driver),
        WITH_FIXTURE(an_interface_has_its_capabilities),
        WITH_FIXTURE(a_service_has_its_own_descriptor),
        WITH_FIXTURE(each_architecture_has_its_own_section),
        WITH_FIXTURE(a_placeholder_stands_for_every_architecture_there_is),
        WITH_FIXTURE(a_default_install_names_its_driver_for_each_architecture),
        WITH_FIXTURE(a_missing_install_section_is_told),
        WITH_FIXTURE(a_binary_descriptor_is_kept_as_its_text),
        WITH_FIXTURE(a_damaged_binary_descriptor_is_refused),
        WITH_FIXTURE(numbers_are_read_as_setupapi_reads_them),
        WITH_FIXTURE(values_elsewhere_are_not_the_devices),
        WITH_FIXTURE(an_existing_class_keeps_its_values),
        WITH_FIXTURE(keys_files_and_wmi_classes_have_descriptors),
        WITH_FIXTURE(programs_run_as_localsystem_unless_told),
        WITH_FIXTURE(a_umdf_driver_stands_for_its_reflector),
        WITH_FIXTURE(a_reflector_among_the_filters_stands_for_its_driver_too),
        WITH_FIXTURE(minifilters_stand_by_altitude),
        WITH_FIXTURE(an_extension_joins_the_stack_of_its_device),
        WITH_FIXTURE(a_needed_section_of_another_file_is_followed),
        WITH_FIXTURE(security_of_the_drivers_key_is_told_to_be_misplaced),
        WITH_FIXTURE(a_services_binary_descriptor_is_read_too),
        WITH_FIXTURE(a_filter_of_a_class_joins_its_stacks),
        WITH_FIXTURE(of_several_drivers_of_one_name_the_nearest_is_meant),
        WITH_FIXTURE(a_network_component_names_its_driver_but_has_no_device),
        WITH_FIXTURE(a_device_without_a_function_driver_is_a_row_too),
        WITH_FIXTURE(binaries_name_the_drivers_of_a_folder),
        WITH_FIXTURE(sections_that_need_each_other_end),
        WITH_FIXTURE(needs_have_a_depth),
        WITH_FIXTURE(packages_made_to_be_slow_are_not),
        WITH_FIXTURE(a_failed_allocation_is_returned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
