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

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(functions_of_classes_are_followed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
