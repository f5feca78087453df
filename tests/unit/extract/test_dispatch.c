#include "support.h"

#include "extract/extract.h"

/* Dispatch tables under other names, ports' connect callbacks, and questions that ask for nothing.
 */

static rm_model *extract(struct fixture *f, const char *path, rm_str text) {
    rm_input_files files = {0};
    uint32_t unusable = 0;
    rm_input_file *added = rm_push(f->arena, &files);
    *added = (rm_input_file){.path = rm_str_from(path), .bytes = text};
    assert_true(rm_artifact_kind_of(added->path, &added->kind));
    rm_model *model = rm_model_new((size_t)1 << 28);
    assert_int_equal(rm_extract(model, &f->sink, &files, NULL, &unusable), RM_OK);
    return model;
}

static const rm_entry *entry_of(const rm_model *m, rm_entry_kind kind) {
    for (uint32_t i = 0; i < m->entries.count; i++) {
        if (m->entries.at[i].kind == kind && !m->entries.at[i].any_code) {
            return &m->entries.at[i];
        }
    }
    return NULL;
}

/* The handler of each kind: "Create Read Control", "-" for none. */
static void expect_handlers(struct fixture *f, const char *path, const char *helpers,
                            const char *registers, const char *expected) {
    static const rm_entry_kind kinds[] = {RM_ENTRY_CREATE, RM_ENTRY_READ, RM_ENTRY_IOCTL};
    rm_buf text = {.arena = f->arena};
    rm_buf found = {.arena = f->arena};
    rm_buf_printf(
        &text,
        "NTSTATUS All(PDEVICE_OBJECT d, PIRP irp) {\n"
        "  PIO_STACK_LOCATION at = IoGetCurrentIrpStackLocation(irp);\n"
        "  if (at->MajorFunction == IRP_MJ_DEVICE_CONTROL && at->Parameters."
        "DeviceIoControl.IoControlCode == 0x222000) { __writemsr(1, 2); }\n  return 0; }\n"
        "NTSTATUS Refuse(PDEVICE_OBJECT d, PIRP irp) {\n"
        "  irp->IoStatus.Status = STATUS_NOT_SUPPORTED; IoCompleteRequest(irp, 0);\n"
        "  return STATUS_NOT_SUPPORTED; }\n"
        "NTSTATUS Create(PDEVICE_OBJECT d, PIRP irp) { return 0; }\n%s\n"
        "NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING P) {\n%s\n"
        "  return 0; }\n",
        helpers, registers);
    rm_model *m = extract(f, path, rm_buf_view(&text));
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        const rm_entry *e = entry_of(m, kinds[i]);
        rm_buf_printf(&found, "%s%.*s", i > 0 ? " " : "",
                      RM_STR_ARG(e == NULL ? RM_STR("-") : e->handler));
    }
    if (!rm_str_eq(rm_buf_view(&found), rm_str_from(expected))) {
        fail_msg("%s%s: %.*s, not %s", helpers, registers, RM_STR_ARG(rm_buf_view(&found)),
                 expected);
    }
    rm_model_free(m);
}

#define FILL                                                                                       \
    "static void Fill(PDRIVER_DISPATCH *t, PDRIVER_DISPATCH f) { ULONG i;\n"                       \
    "  for (i = 0; i <= IRP_MJ_MAXIMUM_FUNCTION; i++) { t[i] = f; } }"

#define SET                                                                                        \
    "static void Set(PDRIVER_OBJECT o, UCHAR m, PDRIVER_DISPATCH f) { o->MajorFunction[m] = f; }"

static void a_table_by_another_name_is_the_table(void **state) {
    static const struct {
        const char *path, *helpers, *registers, *expected;
    } cases[] = {
        {"d/d.c", "", "PDRIVER_DISPATCH *t = D->MajorFunction; t[IRP_MJ_DEVICE_CONTROL] = All;",
         "- - All"},
        {"d/d.c", "", "PDRIVER_DISPATCH *t; t = D->MajorFunction; t[IRP_MJ_CREATE] = Create;",
         "Create - -"},
        {"d/d.c", "",
         "PDRIVER_DISPATCH *t = D->MajorFunction;\n"
         "for (int i = 0; i <= IRP_MJ_MAXIMUM_FUNCTION; i++) { t[i] = All; }",
         "All All All"},
        {"d/d.c", "",
         "PDRIVER_DISPATCH *p;\nfor (p = D->MajorFunction; p <= &D->MajorFunction[27]; p++)\n"
         "  { *p = All; }\nD->MajorFunction[IRP_MJ_CREATE] = Create;",
         "Create All All"},
        {"d/d.c", FILL, "Fill(D->MajorFunction, All);", "All All All"},
        {"d/d.c", "",
         "Fill(D->MajorFunction, All); D->MajorFunction[IRP_MJ_CREATE] = Create;\n}\n" FILL
         "\nvoid Unused(void) {",
         "Create All All"},
        {"d/d.cpp", "", "std::fill(std::begin(D->MajorFunction), std::end(D->MajorFunction), All);",
         "All All All"},
        {"d/d.c",
         "static void Set(PDRIVER_OBJECT o, PDRIVER_DISPATCH f) {\n"
         "  o->MajorFunction[IRP_MJ_DEVICE_CONTROL] = f; }",
         "Set(D, All);", "- - All"},
        {"d/d.c", "static void Put(PDRIVER_DISPATCH *slot, PDRIVER_DISPATCH f) { *slot = f; }",
         "Put(&D->MajorFunction[IRP_MJ_DEVICE_CONTROL], All);", "- - All"},
        {"d/d.c", "", "PDRIVER_DISPATCH f = All; D->MajorFunction[IRP_MJ_DEVICE_CONTROL] = f;",
         "- - All"},
        /* helpers and tables that register each entry with its own function */
        {"d/d.c", SET, "Set(D, IRP_MJ_DEVICE_CONTROL, All); Set(D, IRP_MJ_CREATE, Create);",
         "Create - All"},
        {"d/d.c", SET, "Set(D, 14, All); Set(D, IRP_MJ_CLOSE, Create);", "- - All"},
        {"d/d.c", SET " static void Both(PDRIVER_OBJECT o, UCHAR m) { Set(o, m, All); }",
         "Both(D, IRP_MJ_DEVICE_CONTROL);", "- - All"},
        {"d/d.c", "static void Set(PDRIVER_OBJECT o, UCHAR m) { o->MajorFunction[m] = All; }",
         "Set(D, IRP_MJ_DEVICE_CONTROL); Set(D, IRP_MJ_READ);", "- All All"},
        {"d/d.c", SET, "", "- - -"},
        {"d/d.c",
         "static void To(PDRIVER_OBJECT o, UCHAR i, PDRIVER_DISPATCH f) {\n"
         "  for (; i <= IRP_MJ_MAXIMUM_FUNCTION; i++) { o->MajorFunction[i] = f; } }",
         "To(D, 0, All);", "All All All"},
        {"d/d.c",
         "static const struct { UCHAR m; PDRIVER_DISPATCH f; } T[] = {\n"
         "  {IRP_MJ_CREATE, Create}, {IRP_MJ_CLOSE, Create}, {IRP_MJ_DEVICE_CONTROL, All} };",
         "for (int i = 0; i < 3; i++) { D->MajorFunction[T[i].m] = T[i].f; }", "Create - All"},
        {"d/d.c",
         "static const struct row { PDRIVER_DISPATCH f; UCHAR m; } T[] = {\n"
         "  {.f = All, .m = IRP_MJ_DEVICE_CONTROL} };",
         "const struct row *p = &T[0]; D->MajorFunction[p->m] = p->f;", "- - All"},
        {"d/d.c", "#define PUT(o, m, f) (o)->MajorFunction[m] = (PDRIVER_DISPATCH)(f)\n",
         "PUT(D, IRP_MJ_DEVICE_CONTROL, All); PUT(D, IRP_MJ_CLOSE, Create);", "- - All"},
        {"d/d.c", "#define PUT(o, m, f) do { (o)->MajorFunction[IRP_MJ_##m] = f; } while (0)\n",
         "PUT(D, DEVICE_CONTROL, All); PUT(D, CREATE, Create);", "Create - All"},
        {"d/d.c", "#define ASK(o, m, f) ((o)->MajorFunction[m] == f)\n",
         "if (ASK(D, IRP_MJ_DEVICE_CONTROL, All)) { return 1; }", "- - -"},
        /* a table of the driver's own, and one that is only looked at */
        {"d/d.c", "PDRIVER_DISPATCH own[28];", "for (int i = 0; i < 28; i++) { own[i] = All; }",
         "- - -"},
        {"d/d.c", "", "Save(saved, D->MajorFunction); Compare(D->MajorFunction[IRP_MJ_READ], 0);",
         "- - -"},
        {"d/d.c",
         "static void Watch(PVOID f, UCHAR MajorFunction) { Register(All, MajorFunction); }",
         "Watch(0, IRP_MJ_PNP);", "- - -"},
        /* what turns every read away serves none */
        {"d/d.c", FILL, "Fill(D->MajorFunction, Refuse); D->MajorFunction[IRP_MJ_CREATE] = Create;",
         "Create - -"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        expect_handlers(*state, cases[i].path, cases[i].helpers, cases[i].registers,
                        cases[i].expected);
    }
}

static const rm_check *check_of(const rm_model *m, rm_check_kind kind) {
    for (uint32_t i = 0; i < m->checks.count; i++) {
        if (m->checks.at[i].kind == kind) {
            return &m->checks.at[i];
        }
    }
    return NULL;
}

static void who_connects_to_a_port_is_an_entry_of_the_port(void **state) {
    rm_model *m = extract(
        *state, "d/d.c",
        RM_STR(
            "NTSTATUS Connect(PFLT_PORT p, PVOID c, PVOID context, ULONG size, PVOID *cookie) {\n"
            "  if (!SeSinglePrivilegeCheck(SeExports->SeDebugPrivilege, UserMode)) {\n"
            "    return STATUS_ACCESS_DENIED; }\n"
            "  __writemsr(*(ULONG *)context, 1); return STATUS_SUCCESS; }\n"
            "NTSTATUS Message(PVOID c, PVOID i, ULONG il, PVOID o, ULONG ol, PULONG r) {\n"
            "  return 0; }\n"
            "NTSTATUS Control(PDEVICE_OBJECT d, PIRP irp) { switch (IoGetCurrentIrpStackLocation(\n"
            "  irp)->Parameters.DeviceIoControl.IoControlCode) { case 0x222000: __writemsr(1, 2); "
            "}\n"
            "  return 0; }\n"
            "NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING P) {\n"
            "  D->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Control;\n"
            "  RtlInitUnicodeString(&a, L\"\\\\Device\\\\A\");\n"
            "  IoCreateDevice(D, 0, &a, 0x22, 0, FALSE, &first);\n"
            "  RtlInitUnicodeString(&name, L\"\\\\Port\");\n"
            "  InitializeObjectAttributes(&oa, &name, 0, NULL, sd);\n"
            "  return FltCreateCommunicationPort(f, &p, &oa, NULL, Connect, Off, Message, 1); "
            "}\n"));
    const rm_entry *connect = entry_of(m, RM_ENTRY_CREATE);
    assert_non_null(connect);
    assert_str(connect->name, "connect");
    assert_str(m->devices.at[connect->device].nt_name, "\\Port");
    const rm_sink_call *sink = &m->sinks.at[0];
    while (&m->entries.at[sink->entry] != connect ||
           !rm_str_eq(sink->class_name, RM_STR("msr_write"))) {
        assert_ptr_not_equal(++sink, &m->sinks.at[m->sinks.count]);
    }
    assert_int_equal(sink->validation, RM_VALIDATION_UNVALIDATED);
    const rm_check *asked = check_of(m, RM_CHECK_PRIVILEGE);
    assert_non_null(asked);
    assert_int_equal(asked->at, RM_AT_CREATE);
    assert_ptr_equal(&m->entries.at[asked->entry], connect); /* not for the device's handles */
    rm_model_free(m);
}

static void a_helper_for_ports_gives_each_its_own_callback(void **state) {
    rm_model *m = extract(
        *state, "d/d.c",
        RM_STR(
            "NTSTATUS One(PVOID c, PVOID i, ULONG il, PVOID o, ULONG ol, PULONG r) { return 0; }\n"
            "NTSTATUS Two(PVOID c, PVOID i, ULONG il, PVOID o, ULONG ol, PULONG r) { return 0; }\n"
            "NTSTATUS On(PFLT_PORT p, PVOID c, PVOID x, ULONG s, PVOID *k) { return 0; }\n"
            "static NTSTATUS Open(PCWSTR name, PFLT_MESSAGE_NOTIFY m) {\n"
            "  RtlInitUnicodeString(&u, name); InitializeObjectAttributes(&oa, &u, 0, 0, sd);\n"
            "  return FltCreateCommunicationPort(f, &p, &oa, NULL, On, Off, m, 1); }\n"
            "NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING P) {\n"
            "  Open(L\"\\\\A\", One); return Open(L\"\\\\B\", Two); }\n"));
    uint32_t messages = 0;
    for (uint32_t i = 0; i < m->entries.count; i++) {
        const rm_entry *e = &m->entries.at[i];
        if (e->kind == RM_ENTRY_MESSAGE) {
            messages++;
            assert_int_not_equal(e->device, RM_NONE);
            assert_str(m->devices.at[e->device].nt_name,
                       rm_str_eq(e->handler, RM_STR("One")) ? "\\A" : "\\B");
        } else {
            assert_int_equal(e->device, RM_NONE); /* who connects does so to either */
        }
    }
    assert_int_equal(messages, 2);
    rm_model_free(m);
}

/* Windows: IoValidateDeviceIoControlAccess; FILE_ANY_ACCESS is 0, which every handle has. */
static void a_question_for_any_access_refuses_nobody(void **state) {
    static const struct {
        const char *access;
        rm_tri can_refuse;
    } cases[] = {
        {"FILE_ANY_ACCESS", RM_TRI_NO}, {"0", RM_TRI_NO}, {"FILE_WRITE_ACCESS", RM_TRI_YES}};
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rm_buf text = {.arena = f->arena};
        rm_buf_printf(&text,
                      "NTSTATUS Control(PDEVICE_OBJECT d, PIRP irp) { NTSTATUS s;\n"
                      "  switch (IoGetCurrentIrpStackLocation(irp)->Parameters.DeviceIoControl."
                      "IoControlCode) { case 0x222000:\n"
                      "  s = IoValidateDeviceIoControlAccess(irp, %s);\n"
                      "  if (!NT_SUCCESS(s)) { return s; } __writemsr(1, 2); }\n  return 0; }\n"
                      "NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING P) {\n"
                      "  D->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Control; return 0; }\n",
                      cases[i].access);
        rm_model *m = extract(f, "d/d.c", rm_buf_view(&text));
        assert_non_null(check_of(m, RM_CHECK_ACCESS));
        assert_int_equal(check_of(m, RM_CHECK_ACCESS)->can_refuse, cases[i].can_refuse);
        rm_model_free(m);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(a_table_by_another_name_is_the_table),
        WITH_FIXTURE(who_connects_to_a_port_is_an_entry_of_the_port),
        WITH_FIXTURE(a_helper_for_ports_gives_each_its_own_callback),
        WITH_FIXTURE(a_question_for_any_access_refuses_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
