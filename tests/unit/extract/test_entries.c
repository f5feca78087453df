#include "support.h"

#include <string.h>

#include "source/build.h"

/* Registers of handlers as drivers write them; what each must come to is told beside it. */

typedef struct expected {
    rm_entry_kind kind;
    const char *function;
} expected;

static void check(struct fixture *f, const char *path, const char *text, const expected *wanted,
                  uint32_t count) {
    rm_source_set set = {.arena = f->arena};
    rm_source_unit *unit = NULL;
    rm_handler_list found = {0};
    assert_int_equal(
        rm_unit_of_text(&set, rm_str_from(path), rm_str_from(text), NULL, &f->sink, &unit), RM_OK);
    assert_int_equal(rm_source_handlers(unit, &found), RM_OK);
    for (uint32_t i = 0; i < found.count; i++) {
        print_message("%s -> %.*s\n", rm_entry_kind_name(found.at[i].kind),
                      RM_STR_ARG(found.at[i].function->name));
    }
    assert_int_equal(found.count, count);
    for (uint32_t w = 0; w < count; w++) {
        bool seen = false;
        for (uint32_t i = 0; i < found.count; i++) {
            seen = seen || (found.at[i].kind == wanted[w].kind &&
                            rm_str_eq(found.at[i].function->name, rm_str_from(wanted[w].function)));
        }
        assert_true(seen);
    }
    rm_unit_free(unit);
}

#define CHECK(f, path, text, wanted)                                                               \
    check((f), (path), (text), (wanted), sizeof(wanted) / sizeof(wanted)[0])

#define TWO                                                                                        \
    "NTSTATUS A(PDEVICE_OBJECT d, PIRP i) { return 0; }\nNTSTATUS B(PDEVICE_OBJECT d, PIRP i) { "  \
    "return 0; }\n"

static void a_dispatch_table_names_its_handlers(void **state) {
    static const expected wanted[] = {{RM_ENTRY_CREATE, "A"}, {RM_ENTRY_IOCTL, "B"}};
    CHECK(*state, "a.c",
          TWO "NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING R) {\n"
              "  D->MajorFunction[IRP_MJ_CREATE] = A;\n  D->MajorFunction[IRP_MJ_CLOSE] = A;\n"
              "  D->MajorFunction[IRP_MJ_DEVICE_CONTROL] = (PDRIVER_DISPATCH)&B;\n  return 0; }\n",
          wanted);
}

static void a_chained_assignment_serves_every_index(void **state) {
    static const expected wanted[] = {
        {RM_ENTRY_CREATE, "A"}, {RM_ENTRY_IOCTL, "A"}, {RM_ENTRY_FSCTL, "A"}};
    CHECK(*state, "a.c",
          TWO "VOID F(PDRIVER_OBJECT D) { D->MajorFunction[IRP_MJ_CREATE] =\n"
              " D->MajorFunction[IRP_MJ_FILE_SYSTEM_CONTROL] = D->MajorFunction[14] = (CAST)A; }\n",
          wanted);
}

static void a_loop_serves_everything_but_what_is_set_after_it(void **state) {
    static const expected wanted[] = {{RM_ENTRY_CREATE, "A"}, {RM_ENTRY_READ, "A"},
                                      {RM_ENTRY_WRITE, "A"},  {RM_ENTRY_INTERNAL_IOCTL, "A"},
                                      {RM_ENTRY_FSCTL, "A"},  {RM_ENTRY_WMI, "A"},
                                      {RM_ENTRY_IOCTL, "B"}};
    CHECK(*state, "a.c",
          TWO "VOID F(PDRIVER_OBJECT D) { int i; for (i = 0; i <= IRP_MJ_MAXIMUM_FUNCTION; i++)\n"
              " D->MajorFunction[i] = A;\n D->MajorFunction[IRP_MJ_DEVICE_CONTROL] = B; }\n",
          wanted);
}

static void wdf_queues_name_their_callbacks(void **state) {
    static const expected wanted[] = {{RM_ENTRY_IOCTL, "Control"},
                                      {RM_ENTRY_READ, "Read"},
                                      {RM_ENTRY_CREATE, "Create"},
                                      {RM_ENTRY_IOCTL, "Context"}};
    CHECK(*state, "a.cpp",
          "VOID Control(WDFQUEUE q, WDFREQUEST r, size_t o, size_t i, ULONG c) { }\n"
          "VOID Read(WDFQUEUE q, WDFREQUEST r, size_t l) { }\n"
          "VOID Create(WDFDEVICE d, WDFREQUEST r, WDFFILEOBJECT f) { }\n"
          "VOID Context(WDFDEVICE d, WDFREQUEST r) { }\n"
          "NTSTATUS Add(WDFDRIVER D, PWDFDEVICE_INIT Init) {\n"
          "  WDF_FILEOBJECT_CONFIG_INIT(&fc, Create, WDF_NO_EVENT_CALLBACK, NULL);\n"
          "  WdfDeviceInitSetIoInCallerContextCallback(Init, Context);\n"
          "  queueConfig.EvtIoDeviceControl = Control;\n  queueConfig.EvtIoRead = Read;\n"
          "  queueConfig.EvtIoWrite = NULL;\n  return STATUS_SUCCESS; }\n",
          wanted);
}

static void class_extensions_hand_control_codes_on(void **state) {
    static const expected wanted[] = {{RM_ENTRY_IOCTL, "Display"}, {RM_ENTRY_IOCTL, "Other"}};
    CHECK(*state, "a.cpp",
          "VOID Display(WDFDEVICE d, WDFREQUEST r, size_t o, size_t i, ULONG c) { }\n"
          "VOID Other(WDFDEVICE d, SPBTARGET t, SPBREQUEST r, size_t o, size_t i, ULONG c) { }\n"
          "NTSTATUS Add(WDFDRIVER D, PWDFDEVICE_INIT Init) {\n"
          "  IddConfig.EvtIddCxDeviceIoControl = Display;\n"
          "  SpbControllerSetIoOtherCallback(device, Other, NULL);\n  return STATUS_SUCCESS; }\n",
          wanted);
}

static void a_lambda_without_captures_is_a_handler(void **state) {
    static const expected wanted[] = {{RM_ENTRY_IOCTL, "lambda:2"}, {RM_ENTRY_CREATE, "lambda:6"}};
    CHECK(*state, "a.cpp",
          "NTSTATUS Add(WDF_IO_QUEUE_CONFIG &config, PDRIVER_OBJECT driver) {\n"
          "  config.EvtIoDeviceControl = [](WDFQUEUE q, WDFREQUEST r, size_t o, size_t i,\n"
          "                                 ULONG code) {\n"
          "    WdfRequestComplete(r, code);\n"
          "  };\n"
          "  driver->MajorFunction[IRP_MJ_CREATE] = [](PDEVICE_OBJECT d, PIRP irp) -> NTSTATUS {\n"
          "    return 0; };\n"
          "  return STATUS_SUCCESS; }\n",
          wanted);
}

static void methods_of_umdf_1_queues_are_handlers(void **state) {
    static const expected wanted[] = {{RM_ENTRY_IOCTL, "OnDeviceIoControl"}};
    CHECK(*state, "a.cpp",
          "class Queue : public IQueueCallbackDeviceIoControl {};\n"
          "void STDMETHODCALLTYPE Queue::OnDeviceIoControl(IWDFIoQueue *queue,\n"
          "    IWDFIoRequest *request, ULONG code, SIZE_T in, SIZE_T out) {\n"
          "  request->Complete(S_OK); }\n"
          "void Other::OnDeviceIoControl(int a, int b, ULONG code, SIZE_T in, SIZE_T out) { }\n",
          wanted);
}

static void a_minifilter_port_has_a_message_handler(void **state) {
    static const expected wanted[] = {{RM_ENTRY_MESSAGE, "Message"}};
    CHECK(
        *state, "a.c",
        "NTSTATUS Message(PVOID c, PVOID i, ULONG il, PVOID o, ULONG ol, PULONG r) { return 0; }\n"
        "NTSTATUS F(void) { return FltCreateCommunicationPort(g.Filter, &g.Port, &oa, NULL,\n"
        "  Connect /* a comment is no argument */, Disconnect, Message, 1); }\n",
        wanted);
}

static void initialised_tables_count(void **state) {
    static const expected wanted[] = {{RM_ENTRY_FAST_IO, "A"}, {RM_ENTRY_WRITE, "B"}};
    CHECK(*state, "a.c",
          TWO "FAST_IO_DISPATCH fast = { .SizeOfFastIoDispatch = sizeof fast, "
              ".FastIoDeviceControl = A };\n"
              "PDRIVER_DISPATCH table[] = { [IRP_MJ_WRITE] = B };\n",
          wanted);
}

static void a_handler_of_another_driver_is_none_of_ours(void **state) {
    struct fixture *f = *state;
    check(f, "a.c", "VOID F(PDRIVER_OBJECT D) { D->MajorFunction[IRP_MJ_READ] = Elsewhere; }\n",
          NULL, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(a_dispatch_table_names_its_handlers),
        WITH_FIXTURE(a_chained_assignment_serves_every_index),
        WITH_FIXTURE(a_loop_serves_everything_but_what_is_set_after_it),
        WITH_FIXTURE(wdf_queues_name_their_callbacks),
        WITH_FIXTURE(class_extensions_hand_control_codes_on),
        WITH_FIXTURE(a_lambda_without_captures_is_a_handler),
        WITH_FIXTURE(methods_of_umdf_1_queues_are_handlers),
        WITH_FIXTURE(a_minifilter_port_has_a_message_handler),
        WITH_FIXTURE(initialised_tables_count),
        WITH_FIXTURE(a_handler_of_another_driver_is_none_of_ours),
    };
    return cmocka_run_group_tests_name("entries", tests, NULL, NULL);
}
