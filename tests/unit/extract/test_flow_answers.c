/* Which requests give data back to the caller, and which only a status. */
#include "flow_case.h"

typedef struct answer_case {
    const char *title;
    const char *code; /* the control code */
    const char *body;
    bool answers;
} answer_case;

#define BUFFERED "0x222000"   /* the last two bits of a code are its method: 0 */
#define IN_DIRECT "0x222001"  /* 1 */
#define OUT_DIRECT "0x222002" /* 2 */
#define NEITHER "0x222003"    /* 3 */

#define WDM_DRIVER                                                                                 \
    "NTSTATUS Disp(PDEVICE_OBJECT d, PIRP Irp) {\n"                                                \
    "  PIO_STACK_LOCATION sp = IoGetCurrentIrpStackLocation(Irp);\n"                               \
    "  PULONG p = (PULONG)Irp->AssociatedIrp.SystemBuffer; ULONG info = 0; ULONG value = 7;\n"     \
    "  PIRP other = IoAllocateIrp(1, FALSE);\n"                                                    \
    "  switch (sp->Parameters.DeviceIoControl.IoControlCode) {\n  case %s:\n __outbyte(1, *p);\n"  \
    "  %s\n  break; }\n  Irp->IoStatus.Information = info;\n"                                      \
    "  IoCompleteRequest(Irp, IO_NO_INCREMENT); return 0; }\n"                                     \
    "NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING R) {\n"                                \
    "  D->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Disp; return 0; }\n"

#define KMDF_DRIVER                                                                                \
    "VOID Evt(WDFQUEUE Queue, WDFREQUEST Request, size_t OutLen, size_t InLen, ULONG Code) {\n"    \
    "  NTSTATUS status; PULONG p; PULONG out; WDFMEMORY memory;\n"                                 \
    "  switch (Code) {\n  case %s:\n"                                                              \
    "  status = WdfRequestRetrieveInputBuffer(Request, 4, (PVOID *)&p, NULL);\n"                   \
    "  if (NT_SUCCESS(status)) __outbyte(1, *p);\n"                                                \
    "  %s\n  break; }\n  WdfRequestComplete(Request, status); }\n"                                 \
    "NTSTATUS EvtDeviceAdd(WDFDRIVER Driver, PWDFDEVICE_INIT Init) {\n"                            \
    "  WDFDEVICE D; WDF_IO_QUEUE_CONFIG q; WdfDeviceCreate(&Init, NULL, &D);\n"                    \
    "  WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&q, WdfIoQueueDispatchSequential);\n"                \
    "  q.EvtIoDeviceControl = Evt; WdfIoQueueCreate(D, &q, NULL, NULL); return 0; }\n"             \
    "NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING R) {\n"                                \
    "  WDF_DRIVER_CONFIG c; WDF_DRIVER_CONFIG_INIT(&c, EvtDeviceAdd);\n"                           \
    "  return WdfDriverCreate(D, R, NULL, &c, NULL); }\n"

static unsigned wrong_among(struct fixture *f, const char *driver, const answer_case *cases,
                            size_t count) {
    unsigned wrong = 0;
    for (size_t i = 0; i < count; i++) {
        rm_str text = rm_str_from(driver);
        rm_buf buf = {.arena = f->arena};
        size_t code = 0;
        size_t body = 0;
        assert_true(rm_str_find(text, RM_STR("%s"), &code));
        assert_true(rm_str_find(rm_str_from(driver + code + 2), RM_STR("%s"), &body));
        rm_buf_str(&buf, (rm_str){driver, code});
        rm_buf_text(&buf, cases[i].code);
        rm_buf_str(&buf, (rm_str){driver + code + 2, body});
        rm_buf_text(&buf, cases[i].body);
        rm_buf_text(&buf, driver + code + 2 + body + 2);
        rm_model *model = flow_of(f, "case.c", rm_buf_view(&buf));
        uint32_t entry = entry_named(model, cases[i].code);
        if (entry == RM_NONE || model->entries.at[entry].answers != cases[i].answers) {
            print_error("%s: %s\n", cases[i].title, entry == RM_NONE ? "no entry" : "the other");
            wrong++;
        }
    }
    return wrong;
}

/* wdm.h: the I/O manager copies IoStatus.Information bytes of a buffered request back. */
static void a_byte_count_gives_back_the_system_buffer(void **state) {
    static const answer_case cases[] = {
        {"nothing but a status", BUFFERED, "", false},
        {"a count of zero", BUFFERED, "Irp->IoStatus.Information = 0;", false},
        {"a value and its size", BUFFERED, "*p = 5; info = sizeof(ULONG);", true},
        {"a count on one way only", BUFFERED, "if (*p > 4) info = 4;", true},
        {"a count that is computed", BUFFERED, "info = min(*p, 16);", true},
        {"the count of a request of its own", BUFFERED, "other->IoStatus.Information = 4;", false},
        {"a count beside pages that are only read", IN_DIRECT, "info = 4;", false},
    };
    assert_int_equal(wrong_among(*state, WDM_DRIVER, cases, sizeof cases / sizeof cases[0]), 0);
}

static void writing_to_the_callers_pages_gives_data_back(void **state) {
    static const answer_case cases[] = {
        {"through an MDL", OUT_DIRECT,
         "PULONG o = (PULONG)MmGetSystemAddressForMdlSafe(Irp->MdlAddress, NormalPagePriority);\n"
         "if (o) *o = value;",
         true},
        {"to the address itself", NEITHER, "*(PULONG)Irp->UserBuffer = value;", true},
        {"by a copy", NEITHER, "RtlCopyMemory(Irp->UserBuffer, &value, sizeof(value));", true},
        {"only from the input", NEITHER,
         "value = *(PULONG)sp->Parameters.DeviceIoControl.Type3InputBuffer;", false},
    };
    assert_int_equal(wrong_among(*state, WDM_DRIVER, cases, sizeof cases / sizeof cases[0]), 0);
}

static void a_framework_driver_completes_with_a_count(void **state) {
    static const answer_case cases[] = {
        {"nothing but a status", BUFFERED, "", false},
        {"with a count", BUFFERED,
         "WdfRequestCompleteWithInformation(Request, status, sizeof(ULONG)); return;", true},
        {"with a count of zero", BUFFERED,
         "WdfRequestCompleteWithInformation(Request, status, 0); return;", false},
        {"a count set before", BUFFERED, "WdfRequestSetInformation(Request, OutLen);", true},
    };
    assert_int_equal(wrong_among(*state, KMDF_DRIVER, cases, sizeof cases / sizeof cases[0]), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(a_byte_count_gives_back_the_system_buffer),
        WITH_FIXTURE(writing_to_the_callers_pages_gives_data_back),
        WITH_FIXTURE(a_framework_driver_completes_with_a_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
