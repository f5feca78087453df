#include "flow_case.h"

/*
 * Requests that a driver makes of one: what goes to another device, and which way. And what a
 * request may be for though nothing of the caller's is in it.
 */

#define VALID RM_VALIDATION_VALIDATED
#define OPEN RM_VALIDATION_UNVALIDATED

#define TARGET                                                                                     \
    "typedef struct _CTX { WDFIOTARGET Target; WDFREQUEST Req; WDFMEMORY Memory; KEVENT Event;\n"  \
    "  PKEVENT Users; ULONG Length; ULONG Flags; WDFUSBDEVICE Usb; } CTX, *PCTX;\n"                \
    "WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(CTX, GetCtx);\n"
#define HERE "PCTX x = GetCtx(d); WDF_MEMORY_DESCRIPTOR md; UNICODE_STRING us;\n"

static const rm_sink_call *of_class(const rm_model *model, uint32_t entry, const char *class_name) {
    const rm_sink_call *found = NULL;
    for (uint32_t i = 0; i < model->sinks.count; i++) {
        const rm_sink_call *s = &model->sinks.at[i];
        if (s->entry == entry && rm_str_eq(s->class_name, rm_str_from(class_name)) &&
            (found == NULL || s->validation < found->validation)) {
            found = s;
        }
    }
    return found;
}

/* As case_holds_in, with the class of the operation in place of its routine. */
static void check_classes(struct fixture *f, const flow_case *cases, size_t count) {
    unsigned wrong = 0;
    for (size_t i = 0; i < count; i++) {
        const flow_case *c = &cases[i];
        rm_buf text = {.arena = f->arena};
        rm_buf_printf(&text, "%s%s%s%s%s", FLOW_HEAD, c->before != NULL ? c->before : "",
                      FLOW_DISPATCH, c->code, FLOW_TAIL);
        rm_model *model = flow_of(f, "case.c", rm_buf_view(&text));
        uint32_t entry = entry_named(model, "0x222000");
        const rm_sink_call *sink = entry == RM_NONE ? NULL : of_class(model, entry, c->api);
        if (!is_wanted(sink, c->wanted)) {
            print_error("%s: %s is %s, expected %s\n", c->title, c->api, word_of(sink),
                        wanted_word(c->wanted));
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}
#define CHECK_CLASSES(f, cases) check_classes((f), (cases), sizeof(cases) / sizeof(cases)[0])

static void a_request_of_the_drivers_own_is_an_operation(void **state) {
    static const flow_case cases[] = {
        {"with the caller's buffer", TARGET,
         HERE
         "WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&md, p, inLen);\n"
         "WdfIoTargetSendIoctlSynchronously(x->Target, NULL, 0x222444, &md, NULL, NULL, NULL);",
         "irp_forward", OPEN},
        {"with nothing of the caller's", TARGET,
         HERE "WdfIoTargetSendIoctlSynchronously(x->Target, NULL, 0x222444, NULL, NULL, NULL, "
              "NULL);",
         "irp_forward", RM_VALIDATION_UNKNOWN},
        {"with a number that was checked", TARGET,
         HERE
         "if (p->Reg < MIN_R || p->Reg > MAX_R) return 1; r = p->Reg;\n"
         "WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&md, &r, sizeof(r));\n"
         "WdfIoTargetSendIoctlSynchronously(x->Target, NULL, 0x222444, &md, NULL, NULL, NULL);",
         "irp_forward", VALID},
        {"in an array of a structure of the kit's", TARGET,
         HERE
         "SPB_TRANSFER_LIST_AND_ENTRIES(2) seq; SPB_TRANSFER_LIST_INIT(&(seq.List), 2);\n"
         "seq.List.Transfers[0] = SPB_TRANSFER_LIST_ENTRY_INIT_SIMPLE(0, 0, p, inLen);\n"
         "Trace(TRACE_LEVEL_INFORMATION, 1, \"%p %d\", &seq, inLen);\n"
         "WdfMemoryCreatePreallocated(NULL, (PVOID)&seq, sizeof(seq), &x->Memory);\n"
         "WdfIoTargetFormatRequestForIoctl(x->Target, x->Req, 0x222444, x->Memory, NULL, NULL, "
         "NULL);",
         "irp_forward", OPEN},
        {"the same array, filled by the driver", TARGET,
         HERE
         "SPB_TRANSFER_LIST_AND_ENTRIES(2) seq; SPB_TRANSFER_LIST_INIT(&(seq.List), 2);\n"
         "seq.List.Transfers[0] = SPB_TRANSFER_LIST_ENTRY_INIT_SIMPLE(0, 0, &data, 4);\n"
         "WdfMemoryCreatePreallocated(NULL, (PVOID)&seq, sizeof(seq), &x->Memory);\n"
         "WdfIoTargetFormatRequestForIoctl(x->Target, x->Req, 0x222444, x->Memory, NULL, NULL, "
         "NULL);",
         "irp_forward", NO_ALARM},
        {"the caller's own, passed on", NULL,
         "IoSkipCurrentIrpStackLocation(Irp);\n"
         "return IoCallDriver((PDEVICE_OBJECT)g_base, Irp);",
         "irp_forward", NO_SINK},
    };
    CHECK_CLASSES(*state, cases);
}

static void targets_are_opened_by_name(void **state) {
    static const flow_case cases[] = {
        {"of the caller's", TARGET,
         HERE "WDF_IO_TARGET_OPEN_PARAMS op; us.Buffer = (PWCHAR)p->Items; us.Length = 8;\n"
              "WDF_IO_TARGET_OPEN_PARAMS_INIT_OPEN_BY_NAME(&op, &us, GENERIC_READ);\n"
              "op.ShareAccess = 0; WdfIoTargetOpen(x->Target, &op);",
         "device_open_by_name", OPEN},
        {"of the driver's, which is all that is done", TARGET,
         HERE "WDF_IO_TARGET_OPEN_PARAMS op; RtlInitUnicodeString(&us, L\"\\\\Device\\\\Spb\");\n"
              "WDF_IO_TARGET_OPEN_PARAMS_INIT_OPEN_BY_NAME(&op, &us, GENERIC_READ);\n"
              "WdfIoTargetOpen(x->Target, &op);",
         "device_open_by_name", VALID},
        {"of the driver's, beside something else", TARGET,
         HERE "WDF_IO_TARGET_OPEN_PARAMS op; RtlInitUnicodeString(&us, L\"\\\\Device\\\\Spb\");\n"
              "WDF_IO_TARGET_OPEN_PARAMS_INIT_OPEN_BY_NAME(&op, &us, GENERIC_READ);\n"
              "WdfIoTargetOpen(x->Target, &op); __readmsr(p->Reg);",
         "device_open_by_name", NO_SINK},
    };
    CHECK_CLASSES(*state, cases);
}

static void events_are_signalled_and_kept(void **state) {
    static const flow_case cases[] = {
        {"the driver's own, which is all that is done", TARGET,
         HERE "KeSetEvent(&x->Event, 0, FALSE);", "event_signal", VALID},
        {"a local one", TARGET, "KEVENT e; KeInitializeEvent(&e, 0, 0); KeSetEvent(&e, 0, FALSE);",
         "event_signal", NO_SINK},
        {"beside something else", TARGET, HERE "KeSetEvent(&x->Event, 0, FALSE); __readmsr(0x10);",
         "event_signal", NO_SINK},
        {"at an address of the caller's", TARGET, "KeSetEvent((PKEVENT)p->Ptr, 0, FALSE);",
         "event_signal", OPEN},
        {"a handle of the caller's, with his rights", TARGET,
         HERE "ObReferenceObjectByHandle((HANDLE)p->Ptr, 2, *ExEventObjectType, "
              "Irp->RequestorMode, &x->Users, NULL);",
         "event_register", VALID},
        {"a handle of the caller's, with the kernel's", TARGET,
         HERE "ObReferenceObjectByHandle((HANDLE)p->Ptr, 2, *ExEventObjectType, KernelMode, "
              "&x->Users, NULL);",
         "event_register", OPEN},
        {"a handle to a file", TARGET,
         HERE "ObReferenceObjectByHandle((HANDLE)p->Ptr, 2, *IoFileObjectType, "
              "Irp->RequestorMode, &x->Users, NULL);",
         "event_register", NO_SINK},
    };
    CHECK_CLASSES(*state, cases);
}

static void a_control_transfer_has_a_direction(void **state) {
    static const flow_case cases[] = {
        {"to the device", TARGET,
         HERE "WDF_USB_CONTROL_SETUP_PACKET sp2;\n"
              "WDF_USB_CONTROL_SETUP_PACKET_INIT_VENDOR(&sp2, BmRequestHostToDevice, "
              "BmRequestToDevice, 0xD8, 0, 0);\n"
              "WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&md, p, 1);\n"
              "WdfUsbTargetDeviceSendControlTransferSynchronously(x->Usb, NULL, NULL, &sp2, &md, "
              "NULL);",
         "usb_io", OPEN},
        {"from the device", TARGET,
         HERE "WDF_USB_CONTROL_SETUP_PACKET sp2;\n"
              "WDF_USB_CONTROL_SETUP_PACKET_INIT_VENDOR(&sp2, BmRequestDeviceToHost, "
              "BmRequestToDevice, 0xD7, 0, 0);\n"
              "WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&md, p, 1);\n"
              "WdfUsbTargetDeviceSendControlTransferSynchronously(x->Usb, NULL, NULL, &sp2, &md, "
              "NULL);",
         "usb_io", NO_ALARM},
        {"from the device, of which the caller picks the request", TARGET,
         HERE "WDF_USB_CONTROL_SETUP_PACKET sp2;\n"
              "WDF_USB_CONTROL_SETUP_PACKET_INIT_VENDOR(&sp2, BmRequestDeviceToHost, "
              "BmRequestToDevice, p->Small, p->Port, 0);\n"
              "WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&md, p, 1);\n"
              "WdfUsbTargetDeviceSendControlTransferSynchronously(x->Usb, NULL, NULL, &sp2, &md, "
              "NULL);",
         "usb_io", NOT_VALID},
        {"in a direction of the caller's", TARGET,
         HERE "WDF_USB_CONTROL_SETUP_PACKET sp2;\n"
              "WDF_USB_CONTROL_SETUP_PACKET_INIT_VENDOR(&sp2, p->Small, BmRequestToDevice, 1, 0, "
              "0);\n"
              "WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&md, p, 1);\n"
              "WdfUsbTargetDeviceSendControlTransferSynchronously(x->Usb, NULL, NULL, &sp2, &md, "
              "NULL);",
         "usb_io", NOT_VALID},
    };
    CHECK_CLASSES(*state, cases);
}

static void a_requests_own_length_is_no_value_of_the_callers(void **state) {
    static const flow_case cases[] = {
        {"kept", TARGET, HERE "x->Length = inLen;", "config_state", VALID},
        {"a member kept", TARGET, HERE "x->Length = p->Len;", "config_state", OPEN},
        {"kept, and used as it was left", TARGET,
         HERE "if (p->Small) { x->Length = inLen; break; } __readmsr(x->Length);", "msr_read",
         NOT_VALID},
        {"what a request ends with", TARGET,
         "PIRP other = CONTAINING_RECORD(g_base, IRP, Tail.Overlay.ListEntry);\n"
         "other->IoStatus.Information = p->Len;",
         "config_state", NO_SINK},
    };
    CHECK_CLASSES(*state, cases);
}

static void a_number_of_64_bits_is_the_drivers(void **state) {
    static const flow_case cases[] = {
        {"as large as there is", NULL,
         "PHYSICAL_ADDRESS h; h.QuadPart = 0xffffffffffffffffI64;\n"
         "MmAllocatePagesForMdl(h, h, h, 4096);",
         "phys_alloc", NO_ALARM},
    };
    CHECK_CLASSES(*state, cases);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(a_request_of_the_drivers_own_is_an_operation),
        WITH_FIXTURE(targets_are_opened_by_name),
        WITH_FIXTURE(events_are_signalled_and_kept),
        WITH_FIXTURE(a_control_transfer_has_a_direction),
        WITH_FIXTURE(a_requests_own_length_is_no_value_of_the_callers),
        WITH_FIXTURE(a_number_of_64_bits_is_the_drivers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
