#include "class_case.h"

/* C++: functions and variables of namespaces are followed to the one that is meant; a constructor
   makes an object and changes no state; a dispatch routine stands under a named cast. */

#define HEAD                                                                                       \
    "struct IN1 { ULONG Reg; ULONG Len; };\n"                                                      \
    "namespace a { ULONG g_mode; void Read(ULONG r) { __readmsr(r); }\n"                           \
    "  namespace in { void Go(ULONG r) { __writemsr(r, 0); } }\n"                                  \
    "  NTSTATUS Start() { g_mode = 1; return 0; } }\n"                                             \
    "namespace b { ULONG g_own; void Read(ULONG r) { WRITE_PORT_UCHAR((PUCHAR)r, 1); } }\n"        \
    "void c::Late(ULONG r) { __readpmc(r); }\n"                                                    \
    "class Io { public: Io(ULONG n) : m_Size(n) { m_Kept = n; } ULONG Size() { return m_Size; }\n" \
    "  void Keep(ULONG n) { m_Kept = n; } ULONG m_Size; ULONG m_Kept; };\nIo *g_io;\n"
#define BEFORE                                                                                     \
    "namespace a { NTSTATUS Disp(PDEVICE_OBJECT, PIRP Irp) {\n"                                    \
    "  auto sp = IoGetCurrentIrpStackLocation(Irp);\n"                                             \
    "  auto p = (IN1 *)Irp->AssociatedIrp.SystemBuffer;\n"                                         \
    "  switch (sp->Parameters.DeviceIoControl.IoControlCode) {\n  case 0x222000: {\n"
#define AFTER                                                                                      \
    "\n  break; }\n  }\n  return STATUS_SUCCESS; } }\n"                                            \
    "extern \"C\" NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING) {\n"                     \
    "  D->MajorFunction[IRP_MJ_DEVICE_CONTROL] = static_cast<PDRIVER_DISPATCH>(a::Disp);\n"        \
    "  return 0; }\n"

static void namespaces_lead_to_the_function_that_is_meant(void **state) {
    static const class_case cases[] = {
        {"by its namespace", NULL, "a::Read(p->Reg);", "msr_read", OPEN},
        {"and not another's of that name", NULL, "a::Read(p->Reg);", "port_out", NO_SINK},
        {"the other's", NULL, "b::Read(p->Reg);", "port_out", OPEN},
        {"of a namespace inside", NULL, "in::Go(p->Reg);", "msr_write", OPEN},
        {"with both", NULL, "a::in::Go(0x10);", "msr_write", VALID},
        {"defined outside of its namespace", NULL, "c::Late(p->Reg);", "pmc_read", OPEN},
        {"one that nothing defines", NULL, "d::Read(p->Reg);", "unknown_body", UNKNOWN},
        {"may be any of that name", NULL, "d::Read(p->Reg);", "port_out", UNKNOWN},
        {"a variable by its namespace", NULL, "a::g_mode = p->Reg;", "config_state", OPEN},
        {"a change without the caller's bytes", NULL, "a::Start();", "config_state", VALID},
    };
    struct fixture *f = *state;
    unsigned wrong = 0;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rm_buf text = {.arena = f->arena};
        rm_buf_printf(&text, "%s%s%s%s", HEAD, BEFORE, cases[i].code, AFTER);
        wrong += !class_case_is(flow_of(f, "case.cpp", rm_buf_view(&text)), &cases[i]);
    }
    assert_int_equal(wrong, 0);
}

/* Records of namespaces, and what they have of those they are derived from. */
#define RECORDS                                                                                    \
    "namespace n { struct loc { int port; char host[32]; char *far; };\n"                          \
    "  struct base { ULONG size; ULONG own; };\n"                                                  \
    "  namespace io { struct stop : base, public loc { int count; ULONG *own; }; }\n"              \
    "  enum class function { Read = 0x800, Other }; }\n"                                           \
    "void Read(ULONG r) { __readmsr(r); }\n"                                                       \
    "typedef void (*reader)(ULONG);\nreader Choose(ULONG n) { return n == 1 ? Read : nullptr; }\n"

static void members_have_the_types_of_their_records(void **state) {
    static const class_case cases[] = {
        {"an array of a record in a namespace", NULL, "auto r = (n::loc *)p; __readmsr(*r->host);",
         "virt_read", NO_SINK},
        {"its bytes are the caller's", NULL, "auto r = (n::loc *)p; __readmsr(*r->host);",
         "msr_read", OPEN},
        {"a pointer of it", NULL, "auto r = (n::loc *)p; __readmsr(*r->far);", "virt_read", OPEN},
        {"an array of a base", NULL, "auto r = (n::io::stop *)p; __readmsr(*r->host);", "virt_read",
         NO_SINK},
        {"a pointer of a base", NULL, "auto r = (n::io::stop *)p; __readmsr(*r->far);", "virt_read",
         OPEN},
        {"the class's own goes first", NULL, "auto r = (n::io::stop *)p; __readmsr(*r->own);",
         "virt_read", OPEN},
        {"a function, not the enumerator of that name", NULL, "if (auto f = Choose(1)) f(p->Reg);",
         "msr_read", OPEN},
        {"the enumerator, not the function", NULL,
         "if (p->Reg == (ULONG)n::function::Read) __readmsr(p->Reg);", "msr_read", VALID},
    };
    struct fixture *f = *state;
    unsigned wrong = 0;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rm_buf text = {.arena = f->arena};
        rm_buf_printf(&text, "%s%s%s%s", HEAD RECORDS, BEFORE, cases[i].code, AFTER);
        wrong += !class_case_is(flow_of(f, "case.cpp", rm_buf_view(&text)), &cases[i]);
    }
    assert_int_equal(wrong, 0);
}

static void a_constructor_changes_no_state(void **state) {
    static const class_case cases[] = {
        {"an object of this request", NULL, "Io io(p->Len);", "config_state", NO_SINK},
        {"what it holds is the caller's all the same", NULL, "Io io(p->Len); __readmsr(io.Size());",
         "msr_read", OPEN},
        {"a function of the driver's object does", NULL, "g_io->Keep(p->Len);", "config_state",
         OPEN},
    };
    struct fixture *f = *state;
    unsigned wrong = 0;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rm_buf text = {.arena = f->arena};
        rm_buf_printf(&text, "%s%s%s%s", HEAD, BEFORE, cases[i].code, AFTER);
        wrong += !class_case_is(flow_of(f, "case.cpp", rm_buf_view(&text)), &cases[i]);
    }
    assert_int_equal(wrong, 0);
}

/* basetsd.h: the same number as a pointer or handle, or the low half of one. */
static void conversions_of_the_kit_keep_the_value(void **state) {
    static const class_case cases[] = {
        {"UlongToHandle", NULL,
         "PEPROCESS e; PsLookupProcessByProcessId(UlongToHandle(p->Reg), &e); KeAttachProcess(e);",
         "process_attach", OPEN},
        {"after a check", NULL,
         "PEPROCESS e; if (p->Reg != 4) break;\n"
         "PsLookupProcessByProcessId(UlongToHandle(p->Reg), &e); KeAttachProcess(e);",
         "process_attach", VALID},
        {"UIntToPtr", NULL, "ExFreePool(UIntToPtr(p->Reg));", "pool_free", OPEN},
        {"the half of a pointer", NULL, "__readmsr(PtrToUInt(p->Ptr));", "msr_read", OPEN},
        {"a section by a name in small letters", NULL,
         "WCHAR text[] = L\"\\\\device\\\\physicalmemory\"; UNICODE_STRING n; OBJECT_ATTRIBUTES "
         "a;\n"
         "HANDLE h; PVOID v = NULL; PHYSICAL_ADDRESS b; SIZE_T len = 4096;\n"
         "RtlInitUnicodeString(&n, text);\n"
         "InitializeObjectAttributes(&a, &n, OBJ_CASE_INSENSITIVE, NULL, NULL);\n"
         "if (ZwOpenSection(&h, SECTION_ALL_ACCESS, &a) < 0) break; b.QuadPart = p->Val;\n"
         "ZwMapViewOfSection(h, (HANDLE)-1, &v, 0, len, &b, &len, ViewShare, 0, PAGE_READWRITE);",
         "phys_map", OPEN},
        {"another section", NULL,
         "WCHAR text[] = L\"\\\\device\\\\physical\"; UNICODE_STRING n; OBJECT_ATTRIBUTES a;\n"
         "HANDLE h; RtlInitUnicodeString(&n, text);\n"
         "InitializeObjectAttributes(&a, &n, OBJ_CASE_INSENSITIVE, NULL, NULL);\n"
         "ZwOpenSection(&h, SECTION_ALL_ACCESS, &a);",
         "phys_map", NO_SINK},
    };
    CHECK_CLASSES(*state, cases);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(namespaces_lead_to_the_function_that_is_meant),
        WITH_FIXTURE(members_have_the_types_of_their_records),
        WITH_FIXTURE(a_constructor_changes_no_state),
        WITH_FIXTURE(conversions_of_the_kit_keep_the_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
