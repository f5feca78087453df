#include "class_case.h"

/*
 * Which request a piece of code belongs to: the code read through another name of the parameters,
 * written out where it is asked for, or handed over by another driver in the request.
 */

typedef struct code_case {
    const char *title;
    const char *path;
    const char *before; /* declarations; NULL: none */
    const char *body;   /* of the dispatch routine */
    const char *entry;  /* its name */
    const char *wanted_class;
    rm_validation wanted; /* NO_SINK: nothing of that class, but the entry is there */
} code_case;

#define HEAD                                                                                       \
    "typedef struct _IN1 { ULONG Reg; ULONG Len; HANDLE Pid; } IN1, *PIN1;\n"                      \
    "#define IOCTL_ONE CTL_CODE(0x22, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)\n"                  \
    "#define IOCTL_TWO CTL_CODE(0x22, 0x802, METHOD_BUFFERED, FILE_ANY_ACCESS)\n"                  \
    "#define MAKE(n) CTL_CODE(0x22, 0x900 + (n), METHOD_BUFFERED, FILE_ANY_ACCESS)\n"              \
    "enum { BASE = 0x22A000 };\nBOOLEAN g_loaded;\n"
#define DISPATCH                                                                                   \
    "NTSTATUS Disp(PDEVICE_OBJECT d, PIRP Irp) {\n"                                                \
    "  PIO_STACK_LOCATION sp = IoGetCurrentIrpStackLocation(Irp);\n"                               \
    "  PIN1 p = (PIN1)Irp->AssociatedIrp.SystemBuffer; ULONG code = 0;\n"
#define TAIL                                                                                       \
    "\n  return STATUS_SUCCESS; }\n"                                                               \
    "NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING R) {\n"                                \
    "  D->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Disp; return 0; }\n"

static bool code_case_holds(struct fixture *f, const code_case *c) {
    rm_buf text = {.arena = f->arena};
    rm_buf_printf(&text, "%s%s%s%s%s", HEAD, c->before != NULL ? c->before : "", DISPATCH, c->body,
                  TAIL);
    rm_model *model = flow_of(f, c->path, rm_buf_view(&text));
    uint32_t entry = entry_named(model, c->entry);
    const rm_sink_call *sink =
        entry == RM_NONE ? NULL : worst_of_class(model, entry, c->wanted_class);
    bool holds =
        entry != RM_NONE &&
        (c->wanted == NO_SINK ? sink == NULL : sink != NULL && sink->validation == c->wanted);
    if (!holds) {
        print_error("%s: %s of %s is %s, expected %s\n", c->title, c->wanted_class, c->entry,
                    entry == RM_NONE ? "no entry" : word_of(sink),
                    c->wanted == NO_SINK ? "no sink" : rm_validation_name(c->wanted));
    }
    return holds;
}

static void check_codes(struct fixture *f, const code_case *cases, size_t count) {
    unsigned wrong = 0;
    for (size_t i = 0; i < count; i++) {
        wrong += !code_case_holds(f, &cases[i]);
    }
    assert_int_equal(wrong, 0);
}

#define CHECK_CODES(f, cases) check_codes((f), (cases), sizeof(cases) / sizeof(cases)[0])

#define REFERENCE "auto &dic = sp->Parameters.DeviceIoControl;\n"
#define BY_REFERENCE                                                                               \
    REFERENCE "switch (dic.IoControlCode) { case IOCTL_ONE: __readmsr(p->Reg); break;\n"           \
              "  case IOCTL_TWO: if (p->Reg == 0x10) __readmsr(p->Reg); break; }"

static void parameters_by_another_name_are_the_requests(void **state) {
    static const code_case cases[] = {
        {"a reference to the parameters", "case.cpp", NULL, BY_REFERENCE, "IOCTL_ONE", "msr_read",
         OPEN},
        {"its other code is another", "case.cpp", NULL, BY_REFERENCE, "IOCTL_TWO", "msr_read",
         VALID},
        {"a constant reference", "case.cpp", NULL,
         "auto const &dic = IoGetCurrentIrpStackLocation(Irp)->Parameters.DeviceIoControl;\n"
         "switch (dic.IoControlCode) { case IOCTL_ONE: __readmsr(p->Reg); }",
         "IOCTL_ONE", "msr_read", OPEN},
        {"a length read through it bounds the buffer", "case.cpp", NULL,
         REFERENCE "switch (dic.IoControlCode) { case IOCTL_ONE: { UCHAR b[8];\n"
                   "  if (dic.InputBufferLength > sizeof(b)) break;\n"
                   "  memcpy(b, p, dic.InputBufferLength); } }",
         "IOCTL_ONE", "copy_unbounded", VALID},
        {"and not where nothing asks", "case.cpp", NULL,
         REFERENCE "switch (dic.IoControlCode) { case IOCTL_ONE: { UCHAR b[8];\n"
                   "  memcpy(b, p, dic.InputBufferLength); } }",
         "IOCTL_ONE", "copy_unbounded", OPEN},
        {"members of the driver's own structure are not the request's", "case.cpp",
         "struct OWN { ULONG IoControlCode; ULONG InputBufferLength; } g_own;\n",
         "auto &own = g_own; auto &dic = sp->Parameters.DeviceIoControl;\n"
         "switch (dic.IoControlCode) { case IOCTL_ONE: if (own.IoControlCode == 5)\n"
         "  __readmsr(own.InputBufferLength); }",
         "IOCTL_ONE", "msr_read", VALID},
    };
    CHECK_CODES(*state, cases);
}

#define WRITTEN_OUT                                                                                \
    "switch (sp->Parameters.DeviceIoControl.IoControlCode) {\n"                                    \
    "  case CTL_CODE(0x22, 0x805, METHOD_BUFFERED, FILE_ANY_ACCESS): __readmsr(p->Reg); break;\n"  \
    "  case MAKE(1): __writemsr(p->Reg, 0); break;\n"                                              \
    "  case MAKE(2): __writemsr(0x10, 0); break;\n"                                                \
    "  case BASE + 4: __halt(); break;\n"                                                          \
    "  case ELSEWHERE(1): __readmsr(0x20); break;\n"                                               \
    "  case ELSEWHERE(2): __readmsr(p->Reg); break; }"
#define COMPARED                                                                                   \
    "code = sp->Parameters.DeviceIoControl.IoControlCode;\n"                                       \
    "if (code == CTL_CODE(0x22, 0x805, METHOD_BUFFERED, FILE_ANY_ACCESS)) __readmsr(p->Reg);\n"    \
    "else if (MAKE(1) == code) __writemsr(p->Reg, 0);"

static void codes_written_out_where_they_are_asked_for(void **state) {
    static const code_case cases[] = {
        {"CTL_CODE as a label", "case.c", NULL, WRITTEN_OUT,
         "CTL_CODE(0x22, 0x805, METHOD_BUFFERED, FILE_ANY_ACCESS)", "msr_read", OPEN},
        {"a macro around it", "case.c", NULL, WRITTEN_OUT, "MAKE(1)", "msr_write", OPEN},
        {"the same macro with another number", "case.c", NULL, WRITTEN_OUT, "MAKE(2)", "msr_write",
         VALID},
        {"a sum", "case.c", NULL, WRITTEN_OUT, "BASE + 4", "halt", VALID},
        {"a macro that is not here", "case.c", NULL, WRITTEN_OUT, "ELSEWHERE(1)", "msr_read",
         VALID},
        {"with another number", "case.c", NULL, WRITTEN_OUT, "ELSEWHERE(2)", "msr_read", OPEN},
        {"CTL_CODE compared", "case.c", NULL, COMPARED,
         "CTL_CODE(0x22, 0x805, METHOD_BUFFERED, FILE_ANY_ACCESS)", "msr_read", OPEN},
        {"the code behind the macro", "case.c", NULL, COMPARED, "MAKE(1)", "msr_write", OPEN},
    };
    CHECK_CODES(*state, cases);
}

#define TWO_WAYS(other)                                                                            \
    "if (!g_loaded) code = sp->Parameters.DeviceIoControl.IoControlCode;\nelse code = " other      \
    ";\nswitch (code) { case IOCTL_ONE: __readmsr(p->Reg); break;\n"                               \
    "  case IOCTL_TWO: __writemsr(p->Reg, 0); break; }"

static void a_code_that_comes_on_two_ways_is_one_code(void **state) {
    static const code_case cases[] = {
        {"from a member of the request", "case.c", NULL, TWO_WAYS("Irp->Flags"), "IOCTL_ONE",
         "msr_read", OPEN},
        {"is not the other code's", "case.c", NULL, TWO_WAYS("Irp->Flags"), "IOCTL_ONE",
         "msr_write", NO_SINK},
        {"from the caller's bytes it may be any", "case.c", NULL, TWO_WAYS("p->Len"), "IOCTL_ONE",
         "msr_write", OPEN},
        {"a number that is no code stays one", "case.c", NULL,
         "switch (sp->Parameters.DeviceIoControl.IoControlCode) { case IOCTL_ONE:\n"
         "  switch (Irp->Flags) { case 1: __readmsr(p->Reg); break;\n"
         "    case 2: __writemsr(p->Reg, 0); break; } }",
         "IOCTL_ONE", "msr_write", OPEN},
    };
    CHECK_CODES(*state, cases);
}

/* (A)(B)*x is to the grammar A called with B, times x. */
static void casts_in_a_row_before_an_operator(void **state) {
    static const class_case cases[] = {
        {"what a pointer in the buffer leads to", NULL,
         "CLIENT_ID id; id.UniqueThread = 0;\n"
         "id.UniqueProcess = (HANDLE)(ULONG_PTR)*(PULONG)Irp->AssociatedIrp.SystemBuffer;\n"
         "HANDLE h; OBJECT_ATTRIBUTES oa; ZwOpenProcess(&h, 1, &oa, &id);",
         "process_open", OPEN},
        {"a register", NULL, "__readmsr((ULONG)(ULONG_PTR)*(PULONG)p);", "msr_read", OPEN},
        {"three of them", NULL, "__readmsr((ULONG)(ULONG_PTR)(SIZE_T)*(PULONG)p);", "msr_read",
         OPEN},
        {"a product is one", NULL, "ULONG n = 4; __readmsr((n) * (p->Reg));", "msr_read", OPEN},
        {"of constants", NULL, "ULONG n = 4; __readmsr((n) * (ULONG)0x10);", "msr_read", VALID},
        {"an address", NULL, "RtlZeroMemory((PVOID)(ULONG_PTR)&data, sizeof(data));", "virt_write",
         NO_SINK},
    };
    CHECK_CLASSES(*state, cases);
}

/* What the I/O manager alone sends is not what a caller's control code comes with. */
static void a_callers_file_system_control_has_one_minor_function(void **state) {
    static const char text[] =
        HEAD "NTSTATUS Fs(PDEVICE_OBJECT d, PIRP Irp) {\n"
             "  PIO_STACK_LOCATION sp = IoGetCurrentIrpStackLocation(Irp);\n"
             "  PIN1 p = (PIN1)Irp->AssociatedIrp.SystemBuffer;\n"
             "  switch (sp->MinorFunction) {\n"
             "  case IRP_MN_MOUNT_VOLUME: __readmsr(p->Reg); break;\n"
             "  case IRP_MN_USER_FS_REQUEST:\n"
             "    switch (sp->Parameters.FileSystemControl.FsControlCode) {\n"
             "    case IOCTL_ONE: __writemsr(p->Reg, 0); break; } }\n"
             "  return STATUS_SUCCESS; }\n"
             "NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING R) {\n"
             "  D->MajorFunction[IRP_MJ_FILE_SYSTEM_CONTROL] = Fs; return 0; }\n";
    rm_model *model = flow_of(*state, "case.c", RM_STR(text));
    uint32_t entry = entry_named(model, "IOCTL_ONE");
    assert_int_not_equal(entry, RM_NONE);
    assert_non_null(worst_of_class(model, entry, "msr_write"));
    for (uint32_t i = 0; i < model->sinks.count; i++) {
        assert_false(rm_str_eq(model->sinks.at[i].class_name, RM_STR("msr_read")));
    }
}

#define MAKER                                                                                      \
    "namespace api { enum class function { go = 0x805, halt };\n"                                  \
    "constexpr auto make(function id) { return CTL_CODE(0x22, static_cast<int>(id), 0, 0); }\n"    \
    "constexpr int twice(int n) { return n * 2; }\n"                                               \
    "enum { GO = make(function::go), HALT = make(function::halt) }; }\n"
#define MADE                                                                                       \
    "switch (sp->Parameters.DeviceIoControl.IoControlCode) {\n"                                    \
    "  case api::GO: __readmsr(p->Reg); break;\n"                                                  \
    "  case api::HALT: __writemsr(0x10, api::twice(p->Reg)); break; }"

static void a_constexpr_function_makes_codes(void **state) {
    static const code_case cases[] = {
        {"its first", "case.cpp", MAKER, MADE, "api::GO", "msr_read", OPEN},
        {"its second", "case.cpp", MAKER, MADE, "api::HALT", "msr_write", OPEN},
        {"the first is not the second", "case.cpp", MAKER, MADE, "api::GO", "msr_write", NO_SINK},
    };
    struct fixture *f = *state;
    rm_buf text = {.arena = f->arena};
    CHECK_CODES(f, cases);
    rm_buf_printf(&text, "%s%s%s%s%s", HEAD, MAKER, DISPATCH, MADE, TAIL);
    const rm_model *model = flow_of(f, "case.cpp", rm_buf_view(&text));
    uint32_t go = entry_named(model, "api::GO");
    assert_true(go != RM_NONE && model->entries.at[go].has_code);
    assert_int_equal(model->entries.at[go].code, 0x222014);
}

#define IN_CASE(body)                                                                              \
    "switch (sp->Parameters.DeviceIoControl.IoControlCode) { case IOCTL_ONE: " body                \
    " break; case IOCTL_TWO: break; }"

/* C++17: what a condition declares, and attributes before statements. */
static void conditions_that_declare_are_conditions(void **state) {
    static const code_case cases[] = {
        {"if (T x = value)", "case.cpp", NULL, IN_CASE("if (ULONG r = p->Reg) __readmsr(r);"),
         "IOCTL_ONE", "msr_read", OPEN},
        {"if (init; condition) that checks", "case.cpp", NULL,
         IN_CASE("if (auto r = p->Reg; r == 0x10) __readmsr(r);"), "IOCTL_ONE", "msr_read", VALID},
        {"and its else, which is not checked", "case.cpp", NULL,
         IN_CASE("if (auto r = p->Reg; r == 0x10) { } else __readmsr(r);"), "IOCTL_ONE", "msr_read",
         OPEN},
        {"else if (init; condition)", "case.cpp", NULL,
         IN_CASE("if (p->Len == 1) { } else if (auto r = p->Reg; r == 0x10) __readmsr(r);"),
         "IOCTL_ONE", "msr_read", VALID},
        {"switch (init; value)", "case.cpp", NULL,
         IN_CASE("switch (auto r = p->Reg; r) { case 0x10: __readmsr(r); }"), "IOCTL_ONE",
         "msr_read", VALID},
        {"a refusal", "case.cpp", "static NTSTATUS Bad(ULONG r) { return r > 5 ? -1 : 0; }\n",
         IN_CASE("if (auto err = Bad(p->Reg)) return err; __readmsr(p->Reg);"), "IOCTL_ONE",
         "msr_read", VALID},
        {"an attribute before a statement", "case.cpp", NULL,
         IN_CASE("if (p->Len) [[unlikely]] { __readmsr(p->Reg); } else [[likely]] return 0;"),
         "IOCTL_ONE", "msr_read", OPEN},
        {"[[fallthrough]]", "case.cpp", NULL,
         "switch (sp->Parameters.DeviceIoControl.IoControlCode) { case IOCTL_ONE: code = 1;\n"
         "  [[fallthrough]]; case IOCTL_TWO: __readmsr(p->Reg); }",
         "IOCTL_ONE", "msr_read", OPEN},
    };
    CHECK_CODES(*state, cases);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(parameters_by_another_name_are_the_requests),
        WITH_FIXTURE(codes_written_out_where_they_are_asked_for),
        WITH_FIXTURE(a_code_that_comes_on_two_ways_is_one_code),
        WITH_FIXTURE(casts_in_a_row_before_an_operator),
        WITH_FIXTURE(a_callers_file_system_control_has_one_minor_function),
        WITH_FIXTURE(a_constexpr_function_makes_codes),
        WITH_FIXTURE(conditions_that_declare_are_conditions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
