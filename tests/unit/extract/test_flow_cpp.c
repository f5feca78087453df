#include "class_case.h"

/* C++: functions of classes are followed, chosen by what they are given; what is not here is said
   to be unknown, and is no call through a pointer of the caller's. */

#define HEAD                                                                                       \
    "struct IN1 { ULONG Reg; ULONG Len; void (*Call)(); };\n"                                      \
    "class Ports { public: void Write(ULONG port); void Write(PCWSTR name); bool Fits(ULONG p);\n" \
    "  void Set(ULONG mode); ULONG Mode; };\n"                                                     \
    "Ports g_ports;\n"                                                                             \
    "void Ports::Write(ULONG port) { WRITE_PORT_UCHAR((PUCHAR)port, 1); }\n"                       \
    "void Ports::Write(PCWSTR name) { UNICODE_STRING n; RtlInitUnicodeString(&n, name);\n"         \
    "  ZwLoadDriver(&n); }\n"                                                                      \
    "bool Ports::Fits(ULONG p) { return p >= 0x60 && p <= 0x64; }\n"                               \
    "void Ports::Set(ULONG mode) { Mode = mode; }\n"
#define BEFORE                                                                                     \
    "NTSTATUS Disp(PDEVICE_OBJECT, PIRP Irp) {\n"                                                  \
    "  auto sp = IoGetCurrentIrpStackLocation(Irp);\n"                                             \
    "  auto p = (IN1 *)Irp->AssociatedIrp.SystemBuffer;\n"                                         \
    "  switch ((long)sp->Parameters.DeviceIoControl.IoControlCode) {\n  case 0x222000: {\n"
#define AFTER                                                                                      \
    "\n  break; }\n  }\n  return STATUS_SUCCESS; }\n"                                              \
    "extern \"C\" NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING) {\n"                     \
    "  D->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Disp; return 0; }\n"

static void functions_of_classes_are_followed(void **state) {
    static const class_case cases[] = {
        {"by an object", NULL, "g_ports.Write(p->Reg);", "port_out", OPEN},
        {"what the function checks counts", NULL,
         "if (g_ports.Fits(p->Reg)) g_ports.Write(p->Reg);", "port_out", VALID},
        {"the one that takes a name", NULL, "g_ports.Write((PCWSTR)p);", "driver_load", OPEN},
        {"and not the other", NULL, "g_ports.Write((PCWSTR)p);", "port_out", NO_SINK},
        {"a member that it stores", NULL, "g_ports.Set(p->Reg);", "config_state", OPEN},
        {"one that is not here", NULL, "Request r; r.Fetch(p->Reg);", "unknown_body", UNKNOWN},
        {"is no call through a pointer", NULL, "Request r; r.Fetch(p->Reg);", "code_exec", NO_SINK},
        {"nor through memory that was not set", NULL, "Request r; r.Finish(0);", "uninit", NO_SINK},
        {"a pointer of the caller's is", NULL, "p->Call();", "code_exec", OPEN},
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

#define OBJECTS                                                                                    \
    "struct IN1 { ULONG Reg; ULONG Len; ULONG Items[4]; };\n"                                      \
    "typedef IN1 *PIN1;\n"                                                                         \
    "class Req { public: Req(PIRP irp) : m_Irp(irp) {}\n"                                          \
    "  void Fetch(PIN1 &p) { p = (PIN1)m_Irp->AssociatedIrp.SystemBuffer; }\n"                     \
    "  PIRP m_Irp; };\n"                                                                           \
    "class Reg { public: Reg(ULONG r) : m_Reg(r) {} ULONG Get() { return __readmsr(m_Reg); }\n"    \
    "  ULONG m_Reg; };\n"                                                                          \
    "class Base { public: virtual void Run(ULONG r) { UNREFERENCED_PARAMETER(r); } };\n"           \
    "class Msr : public Base { public: void Run(ULONG r) override { __readmsr(r); } };\n"          \
    "Base *g_base;\n"                                                                              \
    "static void Read(const ULONG &r) { __readmsr(r); }\n"                                         \
    "static bool Take(PIRP Irp, PIN1 &p) { p = (PIN1)Irp->AssociatedIrp.SystemBuffer;\n"           \
    "  return true; }\n"                                                                           \
    "static void Clamp(ULONG &r) { if (r > 0x20) r = 0x20; }\n"                                    \
    "struct Dev { ULONG Used; };\n"                                                                \
    "class Man { public: void Clear(int i) { auto &d = Devs[i]; d.Used = 0; } Dev Devs[4]; };\n"   \
    "Man g_man;\n"                                                                                 \
    "template <typename F> static void Each(F f) { f(1); }\n"

/* What goes through references, constructors and lambdas is not lost. */
static void objects_and_references_keep_the_callers_data(void **state) {
    static const class_case cases[] = {
        {"a reference to what is given", NULL, "Read(p->Reg);", "msr_read", OPEN},
        {"a pointer filled through a reference", NULL, "PIN1 q; Take(Irp, q); __readmsr(q->Reg);",
         "msr_read", OPEN},
        {"a value clamped through a reference", NULL, "ULONG r = p->Reg; Clamp(r); __readmsr(r);",
         "msr_read", VALID},
        {"another name for the member", NULL, "ULONG &r = p->Reg; __readmsr(r);", "msr_read", OPEN},
        {"a constant through a reference", NULL, "Read(0x10);", "msr_read", VALID},
        {"an object made of the request", NULL,
         "Req q(Irp); PIN1 b; q.Fetch(b); __readmsr(b->Reg);", "msr_read", OPEN},
        {"a member set before the body", NULL, "Reg r(p->Reg); r.Get();", "msr_read", OPEN},
        {"the same with braces", NULL, "Reg r{p->Reg}; r.Get();", "msr_read", OPEN},
        {"made by new", NULL, "Reg *r = new Reg(p->Reg); r->Get();", "msr_read", OPEN},
        {"a class that is not here", NULL, "Other o(p->Reg); o.Go();", "unknown_body", UNKNOWN},
        {"any class's virtual function", NULL, "g_base->Run(p->Reg);", "msr_read", OPEN},
        {"a lambda with the caller's data", NULL, "Each([&](ULONG) { __readmsr(p->Reg); });",
         "unknown_body", UNKNOWN},
        {"and what it calls by name", NULL, "Each([&](ULONG) { __readmsr(p->Reg); });", "msr_read",
         UNKNOWN},
        {"an element of a member, by another name", NULL, "g_man.Clear(2);", "config_state", VALID},
        {"one that the caller chooses", NULL, "g_man.Clear(p->Reg);", "virt_write", OPEN},
        {"a lambda that only counts", NULL, "ULONG n = 0; Each([&](ULONG) { n++; });",
         "unknown_body", NO_SINK},
    };
    struct fixture *f = *state;
    unsigned wrong = 0;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rm_buf text = {.arena = f->arena};
        rm_buf_printf(&text, "%s%s%s%s", OBJECTS, BEFORE, cases[i].code, AFTER);
        wrong += !class_case_is(flow_of(f, "case.cpp", rm_buf_view(&text)), &cases[i]);
    }
    assert_int_equal(wrong, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(functions_of_classes_are_followed),
        WITH_FIXTURE(objects_and_references_keep_the_callers_data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
