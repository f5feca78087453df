#include "class_case.h"

/* Operations that a routine's name tells: assembly that is not read, pointers named after what
   they point to, numbers of registers that mean something of their own. */

static void what_a_name_tells(void **state) {
    static const class_case cases[] = {
        {"rdmsr in assembly", NULL, "_rdmsr(p->Reg, &data);", "msr_read", OPEN},
        {"the same, checked: never called validated", NULL,
         "if (p->Reg < 0x10) _rdmsr(p->Reg, &data);", "msr_read", UNKNOWN},
        {"wrmsr", NULL, "AsmWriteMsr(p->Reg, p->Val);", "msr_write", OPEN},
        {"a counter", NULL, "my_rdpmc(p->Reg);", "pmc_read", OPEN},
        {"a port read", NULL, "ReadIOPort(p->Port, 1);", "port_in", OPEN},
        {"by the instruction alone", NULL, "inb(p->Port);", "port_in", OPEN},
        {"a port written", NULL, "WriteIOPort(p->Val, p->Port, 1);", "port_out", OPEN},
        {"and so", NULL, "_outb(p->Port, 1);", "port_out", OPEN},
        {"configuration space", NULL, "ReadPCICfg(p->Reg, 0, 0, 0, 4);", "pci_read", OPEN},
        {"written", NULL, "WritePCICfg(p->Reg, 0, 0, 0, 4, 1);", "pci_write", OPEN},
        {"a control register", NULL, "WriteCR4(p->Val);", "cr_write", OPEN},
        {"read", NULL, "o = ReadCR3();", "cr_read", UNKNOWN},
        {"a descriptor table", NULL, "_store_gdtr(buf);", "desc_table_read", UNKNOWN},
        {"loaded", NULL, "asm_lidt(p->Ptr);", "desc_table_write", OPEN},
        {"a hypercall", NULL, "hypercall(p->Reg, p->Val);", "hypercall", OPEN},
        {"a guest entered", NULL, "asm_vmlaunch(0);", "hv_launch", UNKNOWN},
        {"an SMI", NULL, "_swsmi(p);", "smi", OPEN},
        {"microcode", NULL, "load_ucode(p->Val);", "ucode_load", OPEN},
        {"a word inside of another is none", NULL, "find_index(p->Reg);", "port_in", NO_SINK},
        {"microcode by its register", NULL, "__writemsr(0x79, p->Val);", "ucode_load", OPEN},
        {"tracing by its register", NULL, "__writemsr(0x570, p->Val);", "hw_trace", OPEN},
        {"any other register", NULL, "__writemsr(0x10, p->Val);", "msr_write", OPEN},
        {"a pointer named after a routine", "PVOID (*pZwTerminateProcess)(HANDLE h, LONG s);\n",
         "pZwTerminateProcess((HANDLE)p->Ptr, 0);", "process_terminate", OPEN},
        {"a variable with the name itself", "typedef NTSTATUS (*PFN_END)(HANDLE, LONG);\n",
         "{ PFN_END ZwTerminateProcess = (PFN_END)MmGetSystemRoutineAddress(&g_base);"
         " ZwTerminateProcess((HANDLE)p->Ptr, 0); }",
         "process_terminate", OPEN},
        {"a pointer of the caller's is a call of code",
         "typedef NTSTATUS (*PFN_END)(HANDLE, LONG);\n",
         "{ PFN_END ZwTerminateProcess = (PFN_END)p->Ptr;"
         " ZwTerminateProcess((HANDLE)p->Val, 0); }",
         "code_exec", OPEN},
        {"a bug check", NULL, "KeBugCheckEx(p->Reg, 0, 0, 0, 0);", "bugcheck", OPEN},
        {"and one of its own", NULL, "KeBugCheck(0xE2);", "bugcheck", VALID},
    };
    CHECK_CLASSES(*state, cases);
}

/* --- the driver's own functions, in a driver of a known kind --- */

#define HYPERVISOR                                                                                 \
    "static int vcpu_run(ULONG v) { return v; } static int vcpu_pause(ULONG v) { return v; }\n"    \
    "static int vmx_on(ULONG v) { return v; } static int vmcs_clear(ULONG v) { return v; }\n"      \
    "static int vcpu_set_msr(ULONG r, ULONGLONG v) { return r > 4; }\n"                            \
    "static int hax_vm_set_ram(PIN1 p) { return 0; }\n"
#define USB                                                                                        \
    "static int UsbOpen(ULONG v) { return v; } static int UsbClose(ULONG v) { return v; }\n"       \
    "static int UsbReset(ULONG v) { return v; } static int SubmitUrb(ULONG v) { return v; }\n"     \
    "static int AddRedirect(PIN1 p) { return 0; }\n"
#define FILE_SYSTEM                                                                                \
    "static void Start(PDEVICE_OBJECT d) { IoRegisterFileSystem(d); }\n"                           \
    "static int CompleteIrp(PIN1 p) { return 0; }\n"                                               \
    "static int RegisterEvent(PIN1 p) { return 0; }\n"

static void what_a_drivers_own_functions_are_called(void **state) {
    static const class_case cases[] = {
        {"memory of a guest", HYPERVISOR, "hax_vm_set_ram(p);", "guest_map", UNKNOWN},
        {"a guest's register", HYPERVISOR, "vcpu_set_msr(p->Reg, p->Val);", "guest_msr", UNKNOWN},
        {"no hypervisor", "static int vcpu_set_msr(ULONG r, ULONGLONG v) { return r > 4; }\n",
         "vcpu_set_msr(p->Reg, p->Val);", "guest_msr", NO_SINK},
        {"a device redirected", USB, "AddRedirect(p);", "usb_redirect", UNKNOWN},
        {"no USB driver", "static int AddRedirect(PIN1 p) { return 0; }\n", "AddRedirect(p);",
         "usb_redirect", NO_SINK},
        {"an answer for a file system", FILE_SYSTEM, "CompleteIrp(p);", "fs_reply", UNKNOWN},
        {"an event for it", FILE_SYSTEM, "RegisterEvent(p);", "event_register", UNKNOWN},
    };
    CHECK_CLASSES(*state, cases);
}

/* --- USB --- */

static void requests_to_usb_devices(void **state) {
    static const class_case cases[] = {
        {"a pipe aborted", "WDFUSBPIPE g_pipe;\n",
         "WdfUsbTargetPipeAbortSynchronously(g_pipe, NULL, NULL);", "usb_io", VALID},
        {"one that the caller names", NULL,
         "WdfUsbTargetPipeResetSynchronously((WDFUSBPIPE)p->Ptr, NULL, NULL);", "usb_io", OPEN},
        {"read", NULL, "WdfUsbTargetPipeReadSynchronously((WDFUSBPIPE)p->Ptr, NULL, NULL, 0, 0);",
         "usb_io", OPEN},
        {"written", NULL,
         "WdfUsbTargetPipeWriteSynchronously((WDFUSBPIPE)p->Ptr, NULL, NULL, 0, 0);", "usb_io",
         OPEN},
        {"a URB of the caller's", "WDFUSBPIPE g_pipe;\n",
         "WdfUsbTargetPipeSendUrbSynchronously(g_pipe, NULL, NULL, p);", "usb_io", OPEN},
        {"a control transfer", "WDFUSBDEVICE g_usb;\n",
         "WdfUsbTargetDeviceFormatRequestForControlTransfer(g_usb, NULL, p, NULL, NULL);", "usb_io",
         OPEN},
        {"an alternate setting", "WDFUSBINTERFACE g_if;\n",
         "WdfUsbInterfaceSelectSetting(g_if, NULL, p);", "usb_io", OPEN},
        {"a configuration", "WDFUSBDEVICE g_usb;\n",
         "WdfUsbTargetDeviceSelectConfig(g_usb, NULL, p);", "usb_io", OPEN},
        {"the port reset", "WDFUSBDEVICE g_usb;\n",
         "WdfUsbTargetDeviceResetPortSynchronously(g_usb);", "usb_io", VALID},
        {"and switched off and on", "WDFUSBDEVICE g_usb;\n",
         "WdfUsbTargetDeviceCyclePortSynchronously(g_usb);", "usb_io", VALID},
        {"requests prepared: URBs", "WDFUSBDEVICE g_usb;\n",
         "WdfUsbTargetDeviceFormatRequestForUrb(g_usb, NULL, p, NULL);", "usb_io", OPEN},
        {"for a pipe", "WDFUSBPIPE g_pipe;\n",
         "WdfUsbTargetPipeFormatRequestForUrb(g_pipe, NULL, p, NULL);", "usb_io", OPEN},
        {"to read", NULL,
         "WdfUsbTargetPipeFormatRequestForRead((WDFUSBPIPE)p->Ptr, NULL, NULL, NULL);", "usb_io",
         OPEN},
        {"to write", NULL,
         "WdfUsbTargetPipeFormatRequestForWrite((WDFUSBPIPE)p->Ptr, NULL, NULL, NULL);", "usb_io",
         OPEN},
        {"to abort", NULL, "WdfUsbTargetPipeFormatRequestForAbort((WDFUSBPIPE)p->Ptr, NULL);",
         "usb_io", OPEN},
        {"to reset", NULL, "WdfUsbTargetPipeFormatRequestForReset((WDFUSBPIPE)p->Ptr, NULL);",
         "usb_io", OPEN},
        {"IOCTL_INTERNAL_USB_SUBMIT_URB",
         "PDEVICE_OBJECT g_lower; KEVENT g_e; IO_STATUS_BLOCK g_i;\n",
         "IoCallDriver(g_lower, IoBuildDeviceIoControlRequest(0x220003, g_lower, NULL, 0, NULL, 0,"
         " TRUE, &g_e, &g_i));",
         "usb_io", UNKNOWN},
    };
    CHECK_CLASSES(*state, cases);
}

/* --- members of the kernel's objects --- */

static void members_at_offsets_that_the_driver_chose(void **state) {
    static const class_case cases[] = {
        {"an offset from a table", "ULONG g_offsets[2];\n",
         "{ PEPROCESS e; PsLookupProcessByProcessId((HANDLE)p->Ptr, &e);"
         " *(PULONG)((ULONG_PTR)e + g_offsets[1]) = p->Reg; }",
         "process_modify", OPEN},
        {"it is no memory of the caller's", "ULONG g_offsets[2];\n",
         "{ PEPROCESS e; PsLookupProcessByProcessId((HANDLE)p->Ptr, &e);"
         " *(PULONG)((ULONG_PTR)e + g_offsets[1]) = p->Reg; }",
         "virt_write", NO_SINK},
        {"unless the offset is the caller's", NULL,
         "{ PEPROCESS e; PsLookupProcessByProcessId((HANDLE)p->Ptr, &e);"
         " *(PULONG)((ULONG_PTR)e + p->Val) = p->Reg; }",
         "virt_write", OPEN},
        {"privileges in a token", "ULONG g_offsets[2];\n",
         "{ PEPROCESS e; PVOID t; PsLookupProcessByProcessId((HANDLE)p->Ptr, &e);"
         " t = PsReferencePrimaryToken(e); *(PULONG)((ULONG_PTR)t + g_offsets[1]) = 0xff; }",
         "token_privs", OPEN},
    };
    CHECK_CLASSES(*state, cases);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(what_a_name_tells),
        WITH_FIXTURE(what_a_drivers_own_functions_are_called),
        WITH_FIXTURE(requests_to_usb_devices),
        WITH_FIXTURE(members_at_offsets_that_the_driver_chose),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
