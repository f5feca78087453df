#include "flow_case.h"

/*
 * Requests handed on: which bytes travel, whether they were checked, to whom, in whose name.
 */

#define WDF_HEAD                                                                                   \
    "typedef struct _IN1 { ULONG Reg; ULONG Len; } IN1, *PIN1;\n"                                  \
    "typedef struct _CTX { WDFIOTARGET Target; WDFUSBDEVICE Usb; WDFQUEUE Queue; } CTX;\nCTX "     \
    "*g_ctx;\n"                                                                                    \
    "VOID Evt(WDFQUEUE Queue, WDFREQUEST Request, size_t OutLen, size_t InLen, ULONG Code) {\n"    \
    "  PIN1 p; WDFMEMORY mem; WDF_MEMORY_DESCRIPTOR d; IN1 l; NTSTATUS status; WDFREQUEST r;\n"    \
    "  ULONG_PTR n; if (Code != 0x222000) return;\n"                                               \
    "  status = WdfRequestRetrieveInputBuffer(Request, sizeof(IN1), (PVOID *)&p, NULL);\n"         \
    "  if (!NT_SUCCESS(status)) return;\n"
#define WDF_TAIL                                                                                   \
    "\n}\nNTSTATUS Add(WDFDRIVER D, PWDFDEVICE_INIT I) { WDF_IO_QUEUE_CONFIG q;\n"                 \
    "  WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&q, WdfIoQueueDispatchSequential);\n"                \
    "  q.EvtIoDeviceControl = Evt; WdfIoQueueCreate(D, &q, NULL, NULL); return 0; }\n"

typedef struct forward_case {
    const char *title;
    const char *code;
    rm_tri carries;
    rm_validation validation;
    rm_mode_after mode;
    int64_t code_sent;
    rm_entry_kind as;
} forward_case;

static const forward_case cases[] = {
    {"a descriptor over the caller's bytes",
     "WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&d, p, sizeof(IN1));\n"
     "WdfIoTargetSendIoctlSynchronously(g_ctx->Target, NULL, 0x333000, &d, NULL, NULL, &n);",
     RM_TRI_YES, RM_VALIDATION_UNVALIDATED, RM_AFTER_KERNEL, 0x333000, RM_ENTRY_IOCTL},
    {"a descriptor over the driver's bytes",
     "l.Reg = 1; l.Len = 2; WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&d, &l, sizeof(IN1));\n"
     "WdfIoTargetSendIoctlSynchronously(g_ctx->Target, NULL, 0x333000, &d, NULL, NULL, &n);",
     RM_TRI_NO, RM_VALIDATION_VALIDATED, RM_AFTER_KERNEL, 0x333000, RM_ENTRY_IOCTL},
    {"a descriptor over the request's memory",
     "WdfRequestRetrieveInputMemory(Request, &mem);\n"
     "WDF_MEMORY_DESCRIPTOR_INIT_HANDLE(&d, mem, NULL);\n"
     "WdfIoTargetSendIoctlSynchronously(g_ctx->Target, NULL, 0x333000, &d, NULL, NULL, &n);",
     RM_TRI_YES, RM_VALIDATION_UNVALIDATED, RM_AFTER_KERNEL, 0x333000, RM_ENTRY_IOCTL},
    {"bytes copied and checked",
     "l.Reg = p->Reg; l.Len = 0; if (l.Reg > 16) return;\n"
     "WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&d, &l.Reg, sizeof(ULONG));\n"
     "WdfIoTargetSendIoctlSynchronously(g_ctx->Target, NULL, 0x333000, &d, NULL, NULL, &n);",
     RM_TRI_YES, RM_VALIDATION_VALIDATED, RM_AFTER_KERNEL, 0x333000, RM_ENTRY_IOCTL},
    {"a structure filled member by member, each checked",
     "l.Reg = p->Reg; l.Len = p->Len; if (l.Reg > 16 || l.Len > 4) return;\n"
     "WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&d, &l, sizeof(IN1));\n"
     "WdfIoTargetSendIoctlSynchronously(g_ctx->Target, NULL, 0x333000, &d, NULL, NULL, &n);",
     RM_TRI_YES, RM_VALIDATION_VALIDATED, RM_AFTER_KERNEL, 0x333000, RM_ENTRY_IOCTL},
    {"a structure of which one member is not checked",
     "l.Reg = p->Reg; l.Len = p->Len; if (l.Reg > 16) return;\n"
     "WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&d, &l, sizeof(IN1));\n"
     "WdfIoTargetSendIoctlSynchronously(g_ctx->Target, NULL, 0x333000, &d, NULL, NULL, &n);",
     RM_TRI_YES, RM_VALIDATION_UNVALIDATED, RM_AFTER_KERNEL, 0x333000, RM_ENTRY_IOCTL},
    {"a structure copied whole, one member checked",
     "RtlCopyMemory(&l, p, sizeof(IN1)); if (l.Reg > 16) return;\n"
     "WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&d, &l, sizeof(IN1));\n"
     "WdfIoTargetSendIoctlSynchronously(g_ctx->Target, NULL, 0x333000, &d, NULL, NULL, &n);",
     RM_TRI_YES, RM_VALIDATION_UNVALIDATED, RM_AFTER_KERNEL, 0x333000, RM_ENTRY_IOCTL},
    {"a structure assigned whole, one member replaced",
     "l = *p; l.Reg = 1;\n"
     "WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&d, &l, sizeof(IN1));\n"
     "WdfIoTargetSendIoctlSynchronously(g_ctx->Target, NULL, 0x333000, &d, NULL, NULL, &n);",
     RM_TRI_YES, RM_VALIDATION_UNVALIDATED, RM_AFTER_KERNEL, 0x333000, RM_ENTRY_IOCTL},
    {"a structure of which one part was copied",
     "l.Reg = 1; RtlCopyMemory((PUCHAR)&l + 4, p, 4);\n"
     "WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&d, &l, sizeof(IN1));\n"
     "WdfIoTargetSendIoctlSynchronously(g_ctx->Target, NULL, 0x333000, &d, NULL, NULL, &n);",
     RM_TRI_YES, RM_VALIDATION_UNVALIDATED, RM_AFTER_KERNEL, 0x333000, RM_ENTRY_IOCTL},
    {"a structure filled behind its members",
     "l.Reg = 1; ((PULONG)&l)[1] = p->Len;\n"
     "WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&d, &l, sizeof(IN1));\n"
     "WdfIoTargetSendIoctlSynchronously(g_ctx->Target, NULL, 0x333000, &d, NULL, NULL, &n);",
     RM_TRI_YES, RM_VALIDATION_UNVALIDATED, RM_AFTER_KERNEL, 0x333000, RM_ENTRY_IOCTL},
    {"a request of the driver's with the request's memory",
     "WdfRequestCreate(NULL, g_ctx->Target, &r); WdfRequestRetrieveInputMemory(Request, &mem);\n"
     "WdfIoTargetFormatRequestForIoctl(g_ctx->Target, r, 0x333004, mem, NULL, NULL, NULL);\n"
     "WdfRequestSend(r, g_ctx->Target, NULL);",
     RM_TRI_YES, RM_VALIDATION_UNVALIDATED, RM_AFTER_KERNEL, 0x333004, RM_ENTRY_IOCTL},
    {"a request of the driver's with memory over the caller's bytes",
     "WdfRequestCreate(NULL, g_ctx->Target, &r); WdfMemoryCreatePreallocated(NULL, p, 8, &mem);\n"
     "WdfIoTargetFormatRequestForIoctl(g_ctx->Target, r, 0x333004, mem, NULL, NULL, NULL);\n"
     "WdfRequestSend(r, g_ctx->Target, NULL);",
     RM_TRI_YES, RM_VALIDATION_UNVALIDATED, RM_AFTER_KERNEL, 0x333004, RM_ENTRY_IOCTL},
    {"the caller's request", "WdfRequestSend(Request, g_ctx->Target, NULL);", RM_TRI_YES,
     RM_VALIDATION_UNVALIDATED, RM_AFTER_PRESERVED, RM_CODE_RECEIVED, RM_ENTRY_IOCTL},
    {"a control transfer of the caller's bytes to a USB device",
     "WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&d, p, sizeof(IN1));\n"
     "WdfUsbTargetDeviceSendControlTransferSynchronously(g_ctx->Usb, NULL, NULL, &setup, &d, &n);",
     RM_TRI_YES, RM_VALIDATION_UNVALIDATED, RM_AFTER_KERNEL, 0x220003, RM_ENTRY_INTERNAL_IOCTL},
    {"a write of the caller's bytes",
     "WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&d, p, sizeof(IN1));\n"
     "WdfIoTargetSendWriteSynchronously(g_ctx->Target, NULL, &d, NULL, NULL, &n);",
     RM_TRI_YES, RM_VALIDATION_UNVALIDATED, RM_AFTER_KERNEL, RM_CODE_RECEIVED, RM_ENTRY_WRITE},
    {"the caller's request to the parent's queue",
     "WdfRequestForwardToParentDeviceIoQueue(Request, g_ctx->Queue, &options);", RM_TRI_YES,
     RM_VALIDATION_UNVALIDATED, RM_AFTER_PRESERVED, RM_CODE_RECEIVED, RM_ENTRY_IOCTL},
    {"a code of the caller's choice",
     "WdfIoTargetSendIoctlSynchronously(g_ctx->Target, NULL, p->Reg, NULL, NULL, NULL, &n);",
     RM_TRI_NO, RM_VALIDATION_UNVALIDATED, RM_AFTER_KERNEL, RM_CODE_CHOSEN, RM_ENTRY_IOCTL},
    {"a code of the caller's choice, one alone let through",
     "if (p->Reg != 0x222004) return;\n"
     "WdfIoTargetSendIoctlSynchronously(g_ctx->Target, NULL, p->Reg, NULL, NULL, NULL, &n);",
     RM_TRI_NO, RM_VALIDATION_VALIDATED, RM_AFTER_KERNEL, 0x222004, RM_ENTRY_IOCTL},
};

static bool forward_holds(struct fixture *f, const forward_case *c) {
    rm_buf text = {.arena = f->arena};
    rm_buf_printf(&text, "%s%s%s", WDF_HEAD, c->code, WDF_TAIL);
    rm_model *model = flow_of(f, "case.c", rm_buf_view(&text));
    if (model->forwards.count != 1) {
        print_error("%s: %u forwards\n", c->title, model->forwards.count);
        return false;
    }
    const rm_forward *row = &model->forwards.at[0];
    bool holds = row->carries_user_data == c->carries && row->validation == c->validation &&
                 row->requestor_mode_after == c->mode && row->code_sent == c->code_sent &&
                 row->to_entry_kind == c->as;
    if (!holds) {
        print_error("%s: carries %d, %s, mode %d, code %llx\n", c->title,
                    (int)row->carries_user_data, rm_validation_name(row->validation),
                    (int)row->requestor_mode_after, (unsigned long long)row->code_sent);
    }
    return holds;
}

static void what_is_handed_on_is_told(void **state) {
    unsigned wrong = 0;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        wrong += !forward_holds(*state, &cases[i]);
    }
    assert_int_equal(wrong, 0);
}

/* IoGetDeviceObjectPointer: of a name of the driver's own, and of one that the caller gave. */
static void a_device_that_the_caller_names_is_any_device(void **state) {
    static const struct {
        const char *name;
        rm_found how;
        const char *target;
    } opens[] = {
        {"RtlInitUnicodeString(&u, (PCWSTR)p);", RM_FOUND_USER_CHOSEN, "any device"},
        {"RtlInitUnicodeString(&u, L\"\\\\Device\\\\Lamp\");", RM_FOUND_NAME, "\\Device\\Lamp"},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof opens / sizeof opens[0]; i++) {
        rm_buf text = {.arena = f->arena};
        rm_buf_printf(
            &text,
            "%sUNICODE_STRING u; PFILE_OBJECT file; PDEVICE_OBJECT device; PIRP irp;\n%s\n"
            "status = IoGetDeviceObjectPointer(&u, 1, &file, &device);\n"
            "if (!NT_SUCCESS(status)) return;\n"
            "irp = IoBuildDeviceIoControlRequest(0x222004, device, NULL, 0, NULL, 0, FALSE, "
            "&ev, &io);\nIoCallDriver(device, irp);%s",
            WDF_HEAD, opens[i].name, WDF_TAIL);
        rm_model *model = flow_of(f, "case.c", rm_buf_view(&text));
        assert_int_equal(model->forwards.count, 1);
        assert_int_equal(model->forwards.at[0].how_found, opens[i].how);
        assert_str(model->forwards.at[0].target, opens[i].target);
    }
}

static void the_queue_of_the_parent_is_the_drivers_own(void **state) {
    struct fixture *f = *state;
    const char *code = "WdfRequestForwardToParentDeviceIoQueue(Request, g_ctx->Queue, &options);";
    rm_buf text = {.arena = f->arena};
    rm_buf_printf(&text, "%s%s%s", WDF_HEAD, code, WDF_TAIL);
    rm_model *model = flow_of(f, "case.c", rm_buf_view(&text));
    assert_int_equal(model->forwards.count, 1);
    assert_int_equal(model->forwards.at[0].how_found, RM_FOUND_STACK);
    assert_str(model->forwards.at[0].target, RM_PARENT_QUEUE);
    assert_int_equal(model->forwards.at[0].state, RM_STATE_DERIVED);
}

/* The framework's routines that copy out of the request's memory. */
static void memory_objects_hold_the_callers_bytes(void **state) {
    static const struct {
        const char *code;
        rm_validation wanted;
    } copies[] = {
        {"WdfRequestRetrieveInputMemory(Request, &mem); WdfMemoryCopyToBuffer(mem, 0, &l, 8);\n"
         "__readmsr(l.Reg);",
         RM_VALIDATION_UNVALIDATED},
        {"WdfRequestRetrieveInputMemory(Request, &mem); WdfMemoryCopyToBuffer(mem, 0, &l, 8);\n"
         "if (l.Reg > 16) return; __readmsr(l.Reg);",
         RM_VALIDATION_VALIDATED},
        {"WdfRequestRetrieveInputMemory(Request, &mem); p = WdfMemoryGetBuffer(mem, NULL);\n"
         "__readmsr(p->Reg);",
         RM_VALIDATION_UNVALIDATED},
        {"WdfMemoryCreatePreallocated(NULL, p, 8, &mem); p = WdfMemoryGetBuffer(mem, NULL);\n"
         "__readmsr(p->Reg);",
         RM_VALIDATION_UNVALIDATED},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof copies / sizeof copies[0]; i++) {
        rm_buf text = {.arena = f->arena};
        rm_buf_printf(&text, "%s%s%s", WDF_HEAD, copies[i].code, WDF_TAIL);
        rm_model *model = flow_of(f, "case.c", rm_buf_view(&text));
        const rm_sink_call *sink = sink_of(model, entry_named(model, "0x222000"), "__readmsr");
        assert_non_null(sink);
        assert_int_equal(sink->validation, copies[i].wanted);
    }
}

/* WDM: the caller's structure itself, or a copy of it, goes on. */
#define SEND(from, length)                                                                         \
    "irp = IoBuildDeviceIoControlRequest(0x333000, g_lower, " from ", " length                     \
    ", NULL, 0, FALSE, &ev, &io); IoCallDriver(g_lower, irp);"
#define DECLARED "PIRP irp; KEVENT ev; IO_STATUS_BLOCK io; IN2 l;\n"
#define BEFORE                                                                                     \
    "typedef struct _IN2 { USHORT Port; USHORT Reserved; ULONG Value; } IN2, *PIN2;\n"             \
    "typedef struct _IN3 { ULONG Count; ULONG Items[4]; } IN3, *PIN3;\n"                           \
    "PDEVICE_OBJECT g_lower;\n"
#define CHECKED "if (q->Port > 7 || q->Value > 0xFF || q->Reserved != 0) break;"

static void a_structure_of_the_callers_is_as_good_as_its_members(void **state) {
    static const struct {
        const char *title;
        const char *code;
        rm_validation wanted;
    } sent[] = {
        {"as it came", "PIN2 q = (PIN2)p; " DECLARED SEND("q", "sizeof(IN2)"),
         RM_VALIDATION_UNVALIDATED},
        {"every member checked", "PIN2 q = (PIN2)p; " DECLARED CHECKED SEND("q", "sizeof(IN2)"),
         RM_VALIDATION_VALIDATED},
        {"every member checked, but more is sent",
         "PIN2 q = (PIN2)p; " DECLARED CHECKED SEND("q", "inLen"), RM_VALIDATION_UNVALIDATED},
        {"one member not checked",
         "PIN2 q = (PIN2)p; " DECLARED
         "if (q->Port > 7 || q->Value > 0xFF) break;" SEND("q", "sizeof(IN2)"),
         RM_VALIDATION_UNVALIDATED},
        {"copied, then every member checked",
         DECLARED "PIN2 q = &l; RtlCopyMemory(&l, p, sizeof(l));" CHECKED SEND("&l", "sizeof(l)"),
         RM_VALIDATION_VALIDATED},
        {"checked, then copied",
         "PIN2 q = (PIN2)p; " DECLARED CHECKED "l = *q; " SEND("&l", "sizeof(l)"),
         RM_VALIDATION_VALIDATED},
        {"an array in it",
         "PIN3 q = (PIN3)p; " DECLARED "if (q->Count > 4) break;" SEND("q", "sizeof(IN3)"),
         RM_VALIDATION_UNVALIDATED},
    };
    struct fixture *f = *state;
    unsigned wrong = 0;
    for (size_t i = 0; i < sizeof sent / sizeof sent[0]; i++) {
        rm_buf text = {.arena = f->arena};
        rm_buf_printf(&text, "%s%s%s{ %s }%s", FLOW_HEAD, BEFORE, FLOW_DISPATCH, sent[i].code,
                      FLOW_TAIL);
        rm_model *model = flow_of(f, "case.c", rm_buf_view(&text));
        if (model->forwards.count != 1 || model->forwards.at[0].validation != sent[i].wanted) {
            print_error("%s: %u forwards, %s\n", sent[i].title, model->forwards.count,
                        model->forwards.count == 0
                            ? ""
                            : rm_validation_name(model->forwards.at[0].validation));
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(what_is_handed_on_is_told),
        WITH_FIXTURE(memory_objects_hold_the_callers_bytes),
        WITH_FIXTURE(a_structure_of_the_callers_is_as_good_as_its_members),
        WITH_FIXTURE(a_device_that_the_caller_names_is_any_device),
        WITH_FIXTURE(the_queue_of_the_parent_is_the_drivers_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
