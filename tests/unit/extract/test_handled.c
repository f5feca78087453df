#include "support.h"

#include "extract/extract.h"

/* Codes that are handled although a plain walk of the handler does not come to them. */
struct scan {
    rm_input_files files;
    rm_model *model;
    uint32_t unusable;
};

static void file(struct fixture *f, struct scan *s, const char *path, const char *text) {
    rm_input_file *added = rm_push(f->arena, &s->files);
    *added = (rm_input_file){.path = rm_str_from(path), .bytes = rm_str_from(text)};
    assert_true(rm_artifact_kind_of(added->path, &added->kind));
}

static void extract(struct fixture *f, struct scan *s) {
    s->model = rm_model_new((size_t)1 << 28);
    assert_int_equal(rm_extract(s->model, &f->sink, &s->files, NULL, &s->unusable), RM_OK);
}

static const rm_entry *entry_of(const struct scan *s, const char *name) {
    for (uint32_t i = 0; i < s->model->entries.count; i++) {
        if (rm_str_eq(s->model->entries.at[i].name, rm_str_from(name))) {
            return &s->model->entries.at[i];
        }
    }
    return NULL;
}

static bool has_sink(const struct scan *s, const rm_entry *entry, const char *class) {
    for (uint32_t i = 0; i < s->model->sinks.count; i++) {
        const rm_sink_call *sink = &s->model->sinks.at[i];
        if (&s->model->entries.at[sink->entry] == entry &&
            rm_str_eq(sink->class_name, rm_str_from(class))) {
            return true;
        }
    }
    return false;
}

#define CODES                                                                                      \
    "#define IOCTL_A CTL_CODE(0x22, 0x800, 0, 0)\n#define IOCTL_B CTL_CODE(0x22, 0x801, 0, 0)\n"

#define ENTRY                                                                                      \
    "NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING P) {\n"                                \
    "  D->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Control; return 0; }\n"

static void a_table_of_functions_is_looked_into_and_its_codes_do_something_unknown(void **state) {
    struct fixture *f = *state;
    struct scan s = {0};
    file(f, &s, "d/d.c",
         CODES
         "static NTSTATUS OnControl(PIRP irp, PIO_STACK_LOCATION at) {\n"
         "  switch (at->Parameters.DeviceIoControl.IoControlCode) {\n"
         "  case IOCTL_A: return 0;\n  case (IOCTL_B): return 0; } return 1; }\n"
         "static const OBJECT_DISPATCH table = { .Control = OnControl };\n"
         "NTSTATUS Control(PDEVICE_OBJECT device, PIRP irp) {\n"
         "  PFILE_THING thing = IoGetCurrentIrpStackLocation(irp)->FileObject->FsContext;\n"
         "  return thing->Dispatch->Control(irp, IoGetCurrentIrpStackLocation(irp)); }\n" ENTRY);
    extract(f, &s);
    const rm_entry *a = entry_of(&s, "IOCTL_A");
    assert_non_null(a);
    assert_int_equal(a->code, 0x222000);
    assert_str(a->handler, "Control");
    assert_int_equal(a->state, RM_STATE_DERIVED);
    assert_int_equal(a->place.line, 5);
    assert_true(has_sink(&s, a, "unknown_body"));
    assert_non_null(entry_of(&s, "IOCTL_B"));
    assert_true(s.model->ioctls.at[0].handled);
    rm_model_free(s.model);
}

static void a_row_of_a_code_and_a_function_is_an_entry_of_that_function(void **state) {
    struct fixture *f = *state;
    struct scan s = {0};
    file(f, &s, "d/d.c",
         CODES "NTSTATUS DoA(WDFREQUEST r) { return 0; }\n"
               "RECORD records[] = { {IOCTL_A, sizeof(ULONG), 0, DoA}, {IOCTL_B, 4, 0, 0} };\n"
               "NTSTATUS Control(PDEVICE_OBJECT d, PIRP i) { return Module(records); }\n" ENTRY);
    extract(f, &s);
    assert_non_null(entry_of(&s, "IOCTL_A"));
    assert_str(entry_of(&s, "IOCTL_A")->handler, "DoA");
    assert_null(entry_of(&s, "IOCTL_B"));
    rm_model_free(s.model);
}

static void codes_of_functions_that_no_handler_comes_to_are_not_handled(void **state) {
    struct fixture *f = *state;
    struct scan s = {0};
    file(f, &s, "d/d.c",
         CODES "NTSTATUS Send(ULONG code) { switch (code) { case IOCTL_A: return 1; } return 0; }\n"
               "NTSTATUS Control(PDEVICE_OBJECT d, PIRP i) { return 0; }\n" ENTRY);
    extract(f, &s);
    assert_null(entry_of(&s, "IOCTL_A"));
    assert_false(s.model->ioctls.at[0].handled);
    rm_model_free(s.model);
}

static void a_cast_of_the_code_is_still_the_code(void **state) {
    struct fixture *f = *state;
    struct scan s = {0};
    file(f, &s, "d/d.c",
         CODES "VOID Control(WDFQUEUE q, WDFREQUEST r, size_t o, size_t i, ULONG code) {\n"
               "  switch ((long)code) { case IOCTL_A: __writemsr(1, 2); break; } }\n"
               "NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING P) {\n"
               "  config.EvtIoDeviceControl = Control; return 0; }\n");
    extract(f, &s);
    const rm_entry *a = entry_of(&s, "IOCTL_A");
    assert_non_null(a);
    assert_int_equal(a->state, RM_STATE_CONFIRMED);
    assert_true(has_sink(&s, a, "msr_write"));
    rm_model_free(s.model);
}

static void of_headers_for_several_systems_the_included_one_gives_the_value(void **state) {
    struct fixture *f = *state;
    struct scan s = {0};
    file(f, &s, "d/all.h",
         "#if defined(__linux__)\n#define ON_LINUX\n#elif defined(_WIN32)\n#define ON_WINDOWS\n"
         "#endif\n#ifdef ON_LINUX\n#include \"linux.h\"\n#endif\n#ifdef ON_WINDOWS\n"
         "#include \"windows_codes.h\"\n#endif\n");
    file(f, &s, "d/linux.h", "#define HAX_VERSION _IOWR(0, 0x20, int)\n");
    file(f, &s, "d/windows_codes.h",
         "#define HAX_VERSION CTL_CODE(0x4000, 0x900, METHOD_BUFFERED, FILE_ANY_ACCESS)\n");
    file(
        f, &s, "d/d.c",
        "#include \"all.h\"\nNTSTATUS Control(PDEVICE_OBJECT d, PIRP irp) {\n"
        "  switch (IoGetCurrentIrpStackLocation(irp)->Parameters.DeviceIoControl.IoControlCode) {\n"
        "  case HAX_VERSION: return 0; } return 1; }\n" ENTRY);
    extract(f, &s);
    assert_non_null(entry_of(&s, "HAX_VERSION"));
    assert_true(entry_of(&s, "HAX_VERSION")->has_code);
    assert_int_equal(entry_of(&s, "HAX_VERSION")->code, 0x40002400);
    rm_model_free(s.model);
}

static void two_projects_of_one_binary_make_one_driver(void **state) {
    struct fixture *f = *state;
    struct scan s = {0};
    file(f, &s, "d/sources", "TARGETNAME=disk\nTARGETTYPE=DRIVER\nSOURCES=d.c\n");
    file(f, &s, "d/d.vcxproj",
         "<Project><PropertyGroup><ConfigurationType>Driver</ConfigurationType>"
         "<TargetName>disk</TargetName></PropertyGroup><ItemGroup><ClCompile Include=\"d.c\"/>"
         "<ClCompile Include=\"more.c\"/></ItemGroup></Project>");
    file(f, &s, "d/more.c", "int more;\n");
    file(f, &s, "d/d.c",
         "NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING P) {\n"
         "  return IoCreateDevice(D, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &device); }\n");
    extract(f, &s);
    assert_int_equal(s.model->drivers.count, 1);
    assert_int_equal(s.model->devices.count, 1);
    rm_model_free(s.model);
}

static void each_function_that_a_part_of_the_code_chooses_is_an_entry(void **state) {
    struct fixture *f = *state;
    struct scan s = {0};
    file(f, &s, "d/d.c",
         "static NTSTATUS ReadIt(PIRP irp) { return 0; }\n"
         "static NTSTATUS WriteIt(PIRP irp) { return 0; }\n"
         "static NTSTATUS Other(PIRP irp) { return 0; }\n"
         "static const HANDLER table[] = { ReadIt, WriteIt };\n"
         "static const HANDLER others[] = { Other };\n"
         "NTSTATUS Control(PDEVICE_OBJECT device, PIRP irp) {\n"
         "  ULONG code = IoGetCurrentIrpStackLocation(irp)->Parameters.DeviceIoControl"
         ".IoControlCode;\n"
         "  USHORT index = (IoControlCodeOf(code) >> 2 & 0xfff) - 0x800;\n"
         "  int unrelated = Count(device);\n"
         "  others[unrelated](irp);\n"
         "  return index < 2 ? table[index](irp) : 1; }\n" ENTRY);
    extract(f, &s);
    const rm_entry *read = entry_of(&s, "ReadIt");
    assert_non_null(read);
    assert_false(read->has_code);
    assert_int_equal(read->state, RM_STATE_DERIVED);
    assert_int_equal(read->place.line, 1);
    assert_true(has_sink(&s, read, "unknown_body"));
    assert_non_null(entry_of(&s, "WriteIt"));
    assert_null(entry_of(&s, "Other"));
    rm_model_free(s.model);
}

/* A project for user mode is built without /kernel. */
static void kernel_mode_is_not_defined_for_umdf(void **state) {
    struct fixture *f = *state;
    struct scan s = {0};
    file(f, &s, "u.vcxproj",
         "<Project xmlns=\"http://schemas.microsoft.com/developer/msbuild/2003\"><PropertyGroup>"
         "<DriverType>UMDF</DriverType><UMDF_VERSION_MAJOR>2</UMDF_VERSION_MAJOR>"
         "<ConfigurationType>DynamicLibrary</ConfigurationType></PropertyGroup><ItemGroup>"
         "<ClCompile Include=\"u.c\"/></ItemGroup></Project>");
    file(f, &s, "u.c",
         "#ifdef _KERNEL_MODE\n#define NAME L\"\\\\Device\\\\Kernel\"\n#else\n"
         "#define NAME L\"\\\\Device\\\\User\"\n#endif\n"
         "NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING P) {\n"
         "  return WdfDriverCreate(D, P, NULL, &config, NULL); }\n"
         "NTSTATUS Add(WDFDRIVER D, PWDFDEVICE_INIT Init) {\n"
         "  DECLARE_CONST_UNICODE_STRING(name, NAME);\n"
         "  WdfDeviceInitAssignName(Init, &name);\n"
         "  return WdfDeviceCreate(&Init, NULL, &device); }\n");
    extract(f, &s);
    assert_int_not_equal(s.model->devices.count, 0);
    assert_str(s.model->devices.at[0].nt_name, "\\Device\\User");
    assert_int_equal(s.model->devices.at[0].state, RM_STATE_CONFIRMED);
    assert_int_equal(s.model->drivers.at[0].framework, RM_FRAMEWORK_UMDF2);
    assert_int_equal(s.model->drivers.at[0].mode, RM_DRIVER_MODE_USER);
    rm_model_free(s.model);
}

static void what_neither_configuration_has_is_told(void **state) {
    struct fixture *f = *state;
    struct scan s = {0};
    file(f, &s, "d/d.c",
         CODES "NTSTATUS Control(PDEVICE_OBJECT device, PIRP irp) {\n"
               "#if 0\n  Old(irp);\n#endif\n#if DBG\n  Print();\n#endif\n#if 0\n#endif\n"
               "  return 0; }\n" ENTRY);
    extract(f, &s);
    assert_diag(f, 4, 1, "source-if-unread");
    assert_int_equal(s.unusable, 0);
    rm_model_free(s.model);
}

/* The build that is read as the usual one does not ask: the question guards nothing for sure. */
static void a_question_that_one_configuration_alone_asks_does_not_dominate(void **state) {
    static const struct {
        const char *condition;
        bool at_create;
    } cases[] = {{"#ifdef HARDENED", false},
                 {"#ifndef FAST", false},
                 {"#if defined(HARDENED)", false},
                 {"#ifdef HARDENED", true}};
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct scan s = {0};
        rm_buf text = {.arena = f->arena};
        rm_buf question = {.arena = f->arena};
        rm_buf_printf(&question,
                      "\n%s\n  if (!SeSinglePrivilegeCheck(SeExports->SeDebugPrivilege, UserMode))"
                      "\n    status = STATUS_ACCESS_DENIED;\n#endif\n"
                      "  if (status != 0) { irp->IoStatus.Status = status; return status; }\n",
                      cases[i].condition);
        rm_str asked = rm_buf_view(&question);
        rm_buf_printf(&text,
                      CODES "NTSTATUS Control(PDEVICE_OBJECT device, PIRP irp) {\n"
                            "  ULONG *in = irp->AssociatedIrp.SystemBuffer; NTSTATUS status = 0;\n"
                            "%.*s  switch (IoGetCurrentIrpStackLocation(irp)->Parameters."
                            "DeviceIoControl.IoControlCode) {\n"
                            "  case IOCTL_A: __writemsr(in[0], in[1]); break; } return 0; }\n"
                            "NTSTATUS Create(PDEVICE_OBJECT device, PIRP irp) {\n"
                            "  NTSTATUS status = 0;\n%.*s"
                            "  irp->IoStatus.Status = 0; return 0; }\n"
                            "NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING P) {\n"
                            "  D->MajorFunction[IRP_MJ_CREATE] = Create;\n"
                            "  D->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Control; return 0; }\n",
                      RM_STR_ARG(cases[i].at_create ? RM_STR_NONE : asked),
                      RM_STR_ARG(cases[i].at_create ? asked : RM_STR_NONE));
        file(f, &s, "d/d.c", rm_buf_view(&text).ptr);
        extract(f, &s);
        assert_int_equal(s.model->checks.count, 1);
        assert_int_equal(s.model->checks.at[0].kind, RM_CHECK_PRIVILEGE);
        assert_int_equal(s.model->checks.at[0].dominates, RM_TRI_NO);
        rm_model_free(s.model);
    }
}

static void an_assertion_about_codes_asks_for_none(void **state) {
    struct fixture *f = *state;
    struct scan s = {0};
    file(f, &s, "d/d.c",
         CODES "static void Later(PIRP irp, ULONG code) { static_assert(IOCTL_A == IOCTL_B);\n"
               "  NT_ASSERT(code != IOCTL_A); if (code == IOCTL_B) Other(irp); }\n"
               "static const OBJECT_DISPATCH table = { .Control = Later };\n"
               "NTSTATUS Control(PDEVICE_OBJECT device, PIRP irp) {\n"
               "  PFILE_THING thing = IoGetCurrentIrpStackLocation(irp)->FileObject->FsContext;\n"
               "  return thing->Dispatch->Control(irp, 0); }\n" ENTRY);
    extract(f, &s);
    assert_null(entry_of(&s, "IOCTL_A"));
    assert_non_null(entry_of(&s, "IOCTL_B"));
    rm_model_free(s.model);
}

static void garbage_under_a_sources_name_is_not_parsed(void **state) {
    static const char garbage[] = "\x01\x00{{{((\xff\x00 DriverEntry( IRP_MJ_READ \x00";
    struct fixture *f = *state;
    struct scan s = {0};
    file(f, &s, "d/d.c", "NTSTATUS Control(PDEVICE_OBJECT device, PIRP irp) { return 0; }\n" ENTRY);
    rm_input_file *added = rm_push(f->arena, &s.files);
    *added = (rm_input_file){.path = RM_STR("d/x.c"),
                             .bytes = {garbage, sizeof garbage - 1},
                             .kind = RM_ARTIFACT_SOURCE};
    extract(f, &s);
    assert_diag(f, 0, 0, "source-binary");
    rm_model_free(s.model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(a_table_of_functions_is_looked_into_and_its_codes_do_something_unknown),
        WITH_FIXTURE(a_row_of_a_code_and_a_function_is_an_entry_of_that_function),
        WITH_FIXTURE(codes_of_functions_that_no_handler_comes_to_are_not_handled),
        WITH_FIXTURE(a_cast_of_the_code_is_still_the_code),
        WITH_FIXTURE(of_headers_for_several_systems_the_included_one_gives_the_value),
        WITH_FIXTURE(two_projects_of_one_binary_make_one_driver),
        WITH_FIXTURE(each_function_that_a_part_of_the_code_chooses_is_an_entry),
        WITH_FIXTURE(kernel_mode_is_not_defined_for_umdf),
        WITH_FIXTURE(what_neither_configuration_has_is_told),
        WITH_FIXTURE(a_question_that_one_configuration_alone_asks_does_not_dominate),
        WITH_FIXTURE(an_assertion_about_codes_asks_for_none),
        WITH_FIXTURE(garbage_under_a_sources_name_is_not_parsed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
