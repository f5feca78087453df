#include "flow_case.h"

/*
 * The operations of the catalogue, each raw, with all of its arguments constrained, with some of
 * them, and with what only looks like it: physical memory in windows of the driver's, offsets into
 * registers and tables, names that are compared or opened with the caller's own rights, handles,
 * pointers with an offset.
 */

#define HEAD                                                                                       \
    "typedef struct _IN1 { ULONG Reg; ULONG Len; ULONGLONG Val; PVOID Ptr; LONG Signed;\n"         \
    "  USHORT Port; UCHAR Small; ULONG Items[8]; PHYSICAL_ADDRESS Pa; HANDLE Handle;\n"            \
    "  WCHAR Name[64]; UCHAR Data[64]; } IN1, *PIN1;\n"                                            \
    "ULONG g_limit; PVOID g_base; PHYSICAL_ADDRESS g_bar; ULONG g_barLength; HANDLE g_key;\n"      \
    "UCHAR g_table[256];\n"

static const char before[] = HEAD
    "static BOOLEAN InBar(ULONGLONG a, ULONG n){ return a >= 0xFED00000 && n <= 0x1000 && a <= "
    "0xFED01000 - n; }\n"
    "DECLARE_CONST_UNICODE_STRING(g_allowedName, L\"\\\\Registry\\\\Machine\\\\Software\\\\X\");\n"
    "static const PCWSTR g_names[3] = { L\"A\", L\"B\", L\"C\" };\n"
    "ULONGLONG g_start;\n"
    "ULONG g_len;\n"
    "typedef struct _EXT { ULONG Mode; PVOID Buf; ULONG BufLen; UCHAR Raw[32]; ULONG Count; HANDLE "
    "Key; } EXT, *PEXT;\n"
    "EXT g_ext;\n"
    "ULONG g_mode;\n"
    "BOOLEAN g_active;\n"
    "UNICODE_STRING g_fixed;\n"
    "DECLARE_CONST_UNICODE_STRING(g_name, L\"\\\\Registry\\\\X\");\n"
    "static const GUID g_guid = {1};\n";

static const char dispatch[] =
    "NTSTATUS Disp(PDEVICE_OBJECT d, PIRP Irp) {\n"
    "  PIO_STACK_LOCATION sp = IoGetCurrentIrpStackLocation(Irp);\n"
    "  PIN1 p = (PIN1)Irp->AssociatedIrp.SystemBuffer;\n"
    "  ULONG inLen = sp->Parameters.DeviceIoControl.InputBufferLength;\n"
    "  NTSTATUS status = STATUS_SUCCESS; ULONG r; LONG s; ULONGLONG o; BOOLEAN ok; PVOID v;\n"
    "  HANDLE h; UCHAR buf[16]; ULONG data; PHYSICAL_ADDRESS pa; PEPROCESS proc;\n"
    "  UNICODE_STRING us; OBJECT_ATTRIBUTES oa; IO_STATUS_BLOCK iosb;\n"
    "  switch (sp->Parameters.DeviceIoControl.IoControlCode) {\n  case 0x222000: {\n";

typedef struct operation_case {
    const char *title;
    const char *code;
    const char *class_name;
    int wanted;
} operation_case;

static const operation_case cases[] = {
    {"map raw", "pa.QuadPart = p->Val; v = MmMapIoSpace(pa, p->Len, 0);", "phys_map",
     RM_VALIDATION_UNVALIDATED},
    {"map fixed", "pa.QuadPart = 0xFED00000; v = MmMapIoSpace(pa, 0x1000, 0);", "phys_map",
     RM_VALIDATION_VALIDATED},
    {"map eq both",
     "if (p->Val != 0xFED00000 || p->Len != 0x1000) { status = 1; break; } pa.QuadPart = p->Val; v "
     "= "
     "MmMapIoSpace(pa, p->Len, 0);",
     "phys_map", RM_VALIDATION_VALIDATED},
    {"map addr only",
     "if (p->Val != 0xFED00000) { status = 1; break; } pa.QuadPart = p->Val; v = MmMapIoSpace(pa, "
     "p->Len, 0);",
     "phys_map", RM_VALIDATION_PARTIAL},
    {"map size only",
     "if (p->Len > 0x1000) { status = 1; break; } pa.QuadPart = p->Val; v = MmMapIoSpace(pa, "
     "p->Len, "
     "0);",
     "phys_map", RM_VALIDATION_PARTIAL},
    {"map range",
     "if (p->Val < 0xFED00000 || p->Len > 0x1000 || p->Val > 0xFED01000-p->Len) { status = 1; "
     "break; } "
     "pa.QuadPart = p->Val; v = MmMapIoSpace(pa, p->Len, 0);",
     "phys_map", RM_VALIDATION_VALIDATED},
    {"map overflow",
     "if (p->Val < 0xFED00000 || p->Val+p->Len > 0xFED01000) { status = 1; break; } pa.QuadPart = "
     "p->Val; v = MmMapIoSpace(pa, p->Len, 0);",
     "phys_map", NOT_VALID},
    {"map helper",
     "if (!InBar(p->Val, p->Len)) { status = 1; break; } pa.QuadPart = p->Val; v = "
     "MmMapIoSpace(pa, "
     "p->Len, 0);",
     "phys_map", RM_VALIDATION_VALIDATED},
    {"map bar",
     "if (p->Val < (ULONGLONG)g_bar.QuadPart || p->Len > g_barLength || "
     "p->Val-g_bar.QuadPart > g_barLength-p->Len) { status = 1; break; } pa.QuadPart = p->Val; v = "
     "MmMapIoSpace(pa, p->Len, 0);",
     "phys_map", NO_ALARM},
    {"map offset in bar",
     "if (p->Reg >= 0x1000) { status = 1; break; } pa.QuadPart = g_bar.QuadPart+p->Reg; v = "
     "MmMapIoSpace(pa, 4, 0);",
     "phys_map", RM_VALIDATION_VALIDATED},
    {"map offset bar raw", "pa.QuadPart = g_bar.QuadPart+p->Reg; v = MmMapIoSpace(pa, 4, 0);",
     "phys_map", RM_VALIDATION_UNVALIDATED},
    {"map Pa member", "v = MmMapIoSpace(p->Pa, p->Len, 0);", "phys_map", RM_VALIDATION_UNVALIDATED},
    {"map Pa member checked",
     "if (p->Pa.QuadPart != 0xFED00000 || p->Len != 4096) break; v = MmMapIoSpace(p->Pa, p->Len, "
     "0);",
     "phys_map", RM_VALIDATION_VALIDATED},
    {"map lowpart",
     "if (p->Pa.LowPart != 0xFED00000 || p->Len != 4096) break; v = MmMapIoSpace(p->Pa, p->Len, "
     "0);",
     "phys_map", NOT_VALID},
    {"reg raw", "r = READ_REGISTER_ULONG((PULONG)((PUCHAR)g_base+p->Reg));", "phys_read",
     RM_VALIDATION_UNVALIDATED},
    {"reg ok",
     "if (p->Reg >= 0x1000) break; r = READ_REGISTER_ULONG((PULONG)((PUCHAR)g_base+p->Reg));",
     "phys_read", RM_VALIDATION_VALIDATED},
    {"reg mask", "r = READ_REGISTER_ULONG((PULONG)((PUCHAR)g_base+(p->Reg&0xFFC)));", "phys_read",
     RM_VALIDATION_VALIDATED},
    {"reg write val",
     "if (p->Reg >= 0x1000) break; WRITE_REGISTER_ULONG((PULONG)((PUCHAR)g_base+p->Reg), p->Len);",
     "phys_write", NOT_VALID},
    {"reg write both",
     "if (p->Reg >= 0x1000 || p->Len > 1) break; "
     "WRITE_REGISTER_ULONG((PULONG)((PUCHAR)g_base+p->Reg), "
     "p->Len);",
     "phys_write", RM_VALIDATION_VALIDATED},
    {"copy out len", "RtlCopyMemory(buf, p->Data, p->Len);", "copy_unbounded", NOT_VALID},
    {"copy both ok",
     "if (p->Len > sizeof(buf) || inLen < sizeof(IN1)) break; RtlCopyMemory(buf, p->Data, p->Len);",
     "copy_unbounded", RM_VALIDATION_VALIDATED},
    {"copy ptr dst", "RtlCopyMemory(p->Ptr, buf, 16);", "virt_write", RM_VALIDATION_UNVALIDATED},
    {"copy ptr src", "RtlCopyMemory(buf, p->Ptr, 16);", "virt_read", RM_VALIDATION_UNVALIDATED},
    {"copy min", "RtlCopyMemory(buf, p, min(inLen, sizeof(buf)));", "copy_unbounded", NO_ALARM},
    {"copy off by one", "if (p->Len > sizeof(buf)+1) break; RtlCopyMemory(buf, p->Data, p->Len);",
     "copy_unbounded", NOT_VALID},
    {"copy index", "if (p->Reg >= 16) break; buf[p->Reg]=1;", "virt_write", NO_ALARM},
    {"idx off", "if (p->Reg > 16) break; buf[p->Reg]=1;", "virt_write", NOT_VALID},
    {"idx neg", "s = p->Signed; if (s >= 16) break; buf[s]=1;", "virt_write", NOT_VALID},
    {"idx small 256", "r = g_table[p->Small];", "virt_read", NO_ALARM},
    {"pci all",
     "HalSetBusDataByOffset(PCIConfiguration, p->Reg, p->Len, buf, p->Items[0], p->Items[1]);",
     "pci_write", RM_VALIDATION_UNVALIDATED},
    {"pci off only",
     "if (p->Items[0] > 0x40) break; HalSetBusDataByOffset(PCIConfiguration, p->Reg, p->Len, buf, "
     "p->Items[0], 4);",
     "pci_write", RM_VALIDATION_PARTIAL},
    {"pci fixed",
     "if (p->Items[0] > 0x40 || p->Items[1] > 16) break; HalSetBusDataByOffset(PCIConfiguration, "
     "0, 0, "
     "buf, p->Items[0], p->Items[1]);",
     "pci_write", RM_VALIDATION_VALIDATED},
    {"pci sum",
     "if (p->Items[0]+p->Items[1] > 256) break; HalGetBusDataByOffset(PCIConfiguration, 0, 0, buf, "
     "p->Items[0], p->Items[1]);",
     "pci_read", NOT_VALID},
    {"pci sum ok",
     "if (p->Items[0] > 256 || p->Items[1] > 256-p->Items[0]) break; "
     "HalGetBusDataByOffset(PCIConfiguration, 0, 0, buf, p->Items[0], p->Items[1]);",
     "pci_read", RM_VALIDATION_VALIDATED},
    {"cr", "__writecr4(p->Val);", "cr_write", RM_VALIDATION_UNVALIDATED},
    {"cr ok", "__writecr4(p->Val&0xff);", "cr_write", RM_VALIDATION_VALIDATED},
    {"cr const", "__writecr4(__readcr4()|0x10);", "cr_write", NO_ALARM},
    {"term", "ZwTerminateProcess(p->Handle, 0);", "process_terminate", RM_VALIDATION_UNVALIDATED},
    {"term lookup",
     "if (NT_SUCCESS(PsLookupProcessByProcessId(p->Handle, &proc))) { ObOpenObjectByPointer(proc, "
     "0, 0, 1, 0, KernelMode, &h); ZwTerminateProcess(h, 0); }",
     "process_terminate", RM_VALIDATION_UNVALIDATED},
    {"term ppl",
     "if (NT_SUCCESS(PsLookupProcessByProcessId(p->Handle, &proc))) { if "
     "(PsIsProtectedProcess(proc)) {break; } ObOpenObjectByPointer(proc, 0, 0, 1, 0, KernelMode, "
     "&h); ZwTerminateProcess(h, 0); }",
     "process_terminate", RM_VALIDATION_PARTIAL},
    {"term own",
     "if (p->Handle != PsGetCurrentProcessId()) break; if "
     "(NT_SUCCESS(PsLookupProcessByProcessId(p->Handle, &proc))) { ObOpenObjectByPointer(proc, 0, "
     "0, 1, 0, KernelMode, &h); ZwTerminateProcess(h, 0); }",
     "process_terminate", RM_VALIDATION_VALIDATED},
    {"term fixed",
     "if (p->Handle != (HANDLE)1234) break; if (NT_SUCCESS(PsLookupProcessByProcessId(p->Handle, "
     "&proc))) { ObOpenObjectByPointer(proc, 0, 0, 1, 0, KernelMode, &h); ZwTerminateProcess(h, "
     "0); }",
     "process_terminate", RM_VALIDATION_VALIDATED},
    {"attach cur", "KeStackAttachProcess(PsGetCurrentProcess(), (PKAPC_STATE)buf);",
     "process_attach", NO_ALARM},
    {"handle user mode",
     "status = ObReferenceObjectByHandle(p->Handle, 1, *PsProcessType, UserMode, &v, 0);",
     "handle_open", RM_VALIDATION_VALIDATED},
    {"handle kernel mode",
     "status = ObReferenceObjectByHandle(p->Handle, 1, *PsProcessType, KernelMode, &v, 0);",
     "handle_open", RM_VALIDATION_UNVALIDATED},
    {"handle no type", "status = ObReferenceObjectByHandle(p->Handle, 1, NULL, UserMode, &v, 0);",
     "handle_open", RM_VALIDATION_PARTIAL},
    {"close", "ZwClose(p->Handle);", "handle_close", RM_VALIDATION_UNVALIDATED},
    {"close own", "ZwClose(g_key);", "handle_close", NO_ALARM},
    {"free user", "ExFreePool(p->Ptr);", "pool_free", RM_VALIDATION_UNVALIDATED},
    {"deref", "ObDereferenceObject(p->Ptr);", "deref_object", RM_VALIDATION_UNVALIDATED},
    {"prio", "KeSetPriorityThread(KeGetCurrentThread(), p->Reg);", "thread_priority", NOT_VALID},
    {"prio ok",
     "if (p->Reg < 1 || p->Reg > 31) break; KeSetPriorityThread(KeGetCurrentThread(), p->Reg);",
     "thread_priority", RM_VALIDATION_VALIDATED},
    {"regw name", "RtlWriteRegistryValue(RTL_REGISTRY_SERVICES, p->Name, L\"V\", 4, &data, 4);",
     "registry_write", RM_VALIDATION_UNVALIDATED},
    {"regw fixed data user",
     "RtlWriteRegistryValue(RTL_REGISTRY_SERVICES, L\"X\", L\"V\", 4, &p->Reg, 4);",
     "registry_write", NOT_VALID},
    {"regw fixed data ok",
     "if (p->Reg > 1) break; data = p->Reg; RtlWriteRegistryValue(RTL_REGISTRY_SERVICES, L\"X\", "
     "L\"V\", 4, &data, 4);",
     "registry_write", RM_VALIDATION_VALIDATED},
    {"regw bool",
     "data = p->Reg != 0; RtlWriteRegistryValue(RTL_REGISTRY_SERVICES, L\"X\", L\"V\", 4, &data, "
     "4);",
     "registry_write", RM_VALIDATION_VALIDATED},
    {"regw names",
     "if (p->Reg >= 3) break; RtlWriteRegistryValue(RTL_REGISTRY_SERVICES, L\"X\", "
     "g_names[p->Reg], "
     "4, &data, 4);",
     "registry_write", NO_ALARM},
    {"key fixed",
     "RtlInitUnicodeString(&us, L\"\\\\Registry\\\\X\"); InitializeObjectAttributes(&oa, &us, 0, "
     "0, 0); ZwOpenKey(&h, KEY_WRITE, &oa);",
     "registry_open", NO_ALARM},
    {"setval", "RtlInitUnicodeString(&us, p->Name); ZwSetValueKey(g_key, &us, 0, 4, &data, 4);",
     "registry_write", RM_VALIDATION_UNVALIDATED},
    {"delval", "RtlInitUnicodeString(&us, p->Name); ZwDeleteValueKey(g_key, &us);",
     "registry_write", RM_VALIDATION_UNVALIDATED},
    {"file user",
     "RtlInitUnicodeString(&us, p->Name); InitializeObjectAttributes(&oa, &us, 0, 0, 0); "
     "ZwCreateFile(&h, GENERIC_WRITE, &oa, &iosb, 0, 0, 0, FILE_OPEN_IF, 0, 0, 0);",
     "file_open", RM_VALIDATION_UNVALIDATED},
    {"file fixed",
     "RtlInitUnicodeString(&us, L\"\\\\SystemRoot\\\\x.log\"); InitializeObjectAttributes(&oa, "
     "&us, 0, 0, 0); ZwCreateFile(&h, GENERIC_WRITE, &oa, &iosb, 0, 0, 0, FILE_OPEN_IF, 0, 0, 0);",
     "file_open", NO_ALARM},
    {"file access",
     "RtlInitUnicodeString(&us, L\"\\\\SystemRoot\\\\x.log\"); InitializeObjectAttributes(&oa, "
     "&us, 0, 0, 0); ZwCreateFile(&h, p->Reg, &oa, &iosb, 0, 0, 0, FILE_OPEN_IF, 0, 0, 0);",
     "file_open", NOT_VALID},
    {"file del",
     "RtlInitUnicodeString(&us, p->Name); InitializeObjectAttributes(&oa, &us, 0, 0, 0); "
     "ZwDeleteFile(&oa);",
     "file_delete", RM_VALIDATION_UNVALIDATED},
    {"file write handle", "ZwWriteFile(p->Handle, 0, 0, 0, &iosb, buf, 16, 0, 0);", "file_write",
     RM_VALIDATION_UNVALIDATED},
    {"load", "RtlInitUnicodeString(&us, p->Name); ZwLoadDriver(&us);", "driver_load",
     RM_VALIDATION_UNVALIDATED},
    {"load fixed", "RtlInitUnicodeString(&us, L\"\\\\Registry\\\\X\"); ZwLoadDriver(&us);",
     "driver_load", NO_ALARM},
    {"call", "((void(*)(void))p->Ptr)();", "code_exec", RM_VALIDATION_UNVALIDATED},
    {"thread", "PsCreateSystemThread(&h, 0, 0, 0, 0, (PKSTART_ROUTINE)p->Ptr, 0);", "code_exec",
     RM_VALIDATION_UNVALIDATED},
    {"sysinfo", "ZwSetSystemInformation(p->Reg, p->Data, p->Len);", "driver_load",
     RM_VALIDATION_UNVALIDATED},
    {"bugcheck", "KeBugCheck(p->Reg);", "bugcheck", RM_VALIDATION_UNVALIDATED},
    {"halt", "HalReturnToFirmware(p->Reg);", "halt", RM_VALIDATION_UNVALIDATED},
    {"nvram",
     "RtlInitUnicodeString(&us, p->Name); ExSetFirmwareEnvironmentVariable(&us, (LPGUID)p->Data, "
     "p->Items, 4, 7);",
     "nvram_write", RM_VALIDATION_UNVALIDATED},
    {"vm", "MmCopyVirtualMemory(proc, p->Ptr, PsGetCurrentProcess(), buf, 16, KernelMode, &o);",
     "process_memory_read", NOT_VALID},
    {"mmcopy",
     "MM_COPY_ADDRESS ca; ca.PhysicalAddress.QuadPart = p->Val; MmCopyMemory(buf, ca, p->Len, "
     "MM_COPY_MEMORY_PHYSICAL, &o);",
     "phys_read", RM_VALIDATION_UNVALIDATED},
    {"mmcopy ok",
     "MM_COPY_ADDRESS ca; if (p->Val != 0xFED00000 || p->Len > 16) break; "
     "ca.PhysicalAddress.QuadPart "
     "= p->Val; MmCopyMemory(buf, ca, p->Len, MM_COPY_MEMORY_PHYSICAL, &o);",
     "phys_read", RM_VALIDATION_VALIDATED},
    {"a window by subtraction",
     "if (p->Val < g_start || p->Val-g_start > 0x1000) break; pa.QuadPart = p->Val; v = "
     "MmMapIoSpace(pa, 4, 0);",
     "phys_map", RM_VALIDATION_VALIDATED},
    {"a window of a length",
     "if (p->Val < g_start || p->Val-g_start >= g_len) break; pa.QuadPart = p->Val; v = "
     "MmMapIoSpace(pa, 4, 0);",
     "phys_map", RM_VALIDATION_VALIDATED},
    {"what the length leaves",
     "if (p->Len > g_len) break; if (p->Val-g_start > g_len-p->Len) break; pa.QuadPart = p->Val; v "
     "= "
     "MmMapIoSpace(pa, p->Len, 0);",
     "phys_map", RM_VALIDATION_VALIDATED},
    {"before the end less the length",
     "if (p->Len > g_len) break; if (p->Val < g_start || p->Val > g_start+g_len-p->Len) break; "
     "pa.QuadPart = p->Val; v = MmMapIoSpace(pa, p->Len, 0);",
     "phys_map", RM_VALIDATION_VALIDATED},
    {"between begin and end",
     "if (p->Val < g_start || p->Val >= g_start+g_len) break; pa.QuadPart = p->Val; v = "
     "MmMapIoSpace(pa, 4, 0);",
     "phys_map", RM_VALIDATION_VALIDATED},
    {"a window by subtraction, cast",
     "if (p->Val-(ULONGLONG)g_bar.QuadPart >= g_len) break; pa.QuadPart = p->Val; v = "
     "MmMapIoSpace(pa, 4, 0);",
     "phys_map", RM_VALIDATION_VALIDATED},
    {"a window by subtraction, mixed signs",
     "if (p->Val-g_bar.QuadPart >= g_len) break; pa.QuadPart = p->Val; v = MmMapIoSpace(pa, 4, 0);",
     "phys_map", RM_VALIDATION_VALIDATED},
    {"only above",
     "if (p->Val > g_start+g_len) break; pa.QuadPart = p->Val; v = MmMapIoSpace(pa, 4, 0);",
     "phys_map", NOT_VALID},
    {"only below", "if (p->Val < g_start) break; pa.QuadPart = p->Val; v = MmMapIoSpace(pa, 4, 0);",
     "phys_map", NOT_VALID},
    {"len not",
     "if (p->Val < g_start || p->Val >= g_start+g_len) break; pa.QuadPart = p->Val; v = "
     "MmMapIoSpace(pa, p->Len, 0);",
     "phys_map", RM_VALIDATION_PARTIAL},
    {"wrapped",
     "if (p->Val-g_start > g_len-p->Len) break; pa.QuadPart = p->Val; v = MmMapIoSpace(pa, p->Len, "
     "0);",
     "phys_map", NOT_VALID},
    {"sum",
     "if (p->Val < g_start || p->Val+p->Len > g_start+g_len) break; pa.QuadPart = p->Val; v = "
     "MmMapIoSpace(pa, p->Len, 0);",
     "phys_map", NOT_VALID},
    {"mul",
     "if (p->Reg >= 16) break; pa.QuadPart = g_start+p->Reg*4096; v = MmMapIoSpace(pa, 4096, 0);",
     "phys_map", RM_VALIDATION_VALIDATED},
    {"big const above",
     "if (p->Val > 0xFFFFFFFF) break; pa.QuadPart = p->Val; v = MmMapIoSpace(pa, 4, 0);",
     "phys_map", NOT_VALID},
    {"low mem", "if (p->Val >= 0x100000) break; pa.QuadPart = p->Val; v = MmMapIoSpace(pa, 4, 0);",
     "phys_map", RM_VALIDATION_VALIDATED},
    {"reg", "if (p->Reg >= g_len) break; r = READ_REGISTER_ULONG((PULONG)((PUCHAR)g_base+p->Reg));",
     "phys_read", RM_VALIDATION_VALIDATED},
    {"reg ptr",
     "PULONG q = (PULONG)((PUCHAR)g_base+p->Reg); if (p->Reg > g_len-4) break; r = "
     "READ_REGISTER_ULONG(q);",
     "phys_read", RM_VALIDATION_VALIDATED},
    {"reg arr", "if (p->Reg >= 64) break; r = READ_REGISTER_ULONG(&((PULONG)g_base)[p->Reg]);",
     "phys_read", RM_VALIDATION_VALIDATED},
    {"reg arr raw", "r = READ_REGISTER_ULONG(&((PULONG)g_base)[p->Reg]);", "phys_read",
     RM_VALIDATION_UNVALIDATED},
    {"user base",
     "if (p->Reg >= 64) break; r = READ_REGISTER_ULONG((PULONG)((PUCHAR)p->Ptr+p->Reg));",
     "phys_read", RM_VALIDATION_UNVALIDATED},
    {"port base",
     "if (p->Reg >= 8) break; r = READ_PORT_UCHAR((PUCHAR)(ULONG_PTR)(g_limit+p->Reg));", "port_in",
     RM_VALIDATION_VALIDATED},
    {"port base raw", "r = READ_PORT_UCHAR((PUCHAR)(ULONG_PTR)(g_limit+p->Reg));", "port_in",
     RM_VALIDATION_UNVALIDATED},
    {"own limit bigger",
     "if (p->Reg > 0xfffffff0) break; r = READ_PORT_UCHAR((PUCHAR)(ULONG_PTR)(g_limit+p->Reg));",
     "port_in", NOT_VALID},
    {"force key",
     "RtlInitUnicodeString(&us, p->Name); InitializeObjectAttributes(&oa, &us, "
     "OBJ_KERNEL_HANDLE|OBJ_FORCE_ACCESS_CHECK, 0, 0); ZwOpenKey(&h, KEY_WRITE, &oa);",
     "registry_write", RM_VALIDATION_VALIDATED},
    {"noforce key",
     "RtlInitUnicodeString(&us, p->Name); InitializeObjectAttributes(&oa, &us, "
     "OBJ_KERNEL_HANDLE|OBJ_CASE_INSENSITIVE, 0, 0); ZwOpenKey(&h, KEY_WRITE, &oa);",
     "registry_write", RM_VALIDATION_UNVALIDATED},
    {"force file",
     "RtlInitUnicodeString(&us, p->Name); InitializeObjectAttributes(&oa, &us, "
     "OBJ_KERNEL_HANDLE|OBJ_FORCE_ACCESS_CHECK, 0, 0); ZwCreateFile(&h, p->Reg, &oa, &iosb, 0, 0, "
     "0, FILE_OPEN_IF, 0, 0, 0);",
     "file_open", RM_VALIDATION_VALIDATED},
    {"noforce file",
     "RtlInitUnicodeString(&us, p->Name); InitializeObjectAttributes(&oa, &us, "
     "OBJ_KERNEL_HANDLE|OBJ_CASE_INSENSITIVE, 0, 0); ZwCreateFile(&h, p->Reg, &oa, &iosb, 0, 0, 0, "
     "FILE_OPEN_IF, 0, 0, 0);",
     "file_open", RM_VALIDATION_UNVALIDATED},
    {"io force",
     "RtlInitUnicodeString(&us, p->Name); InitializeObjectAttributes(&oa, &us, "
     "OBJ_KERNEL_HANDLE|OBJ_CASE_INSENSITIVE, 0, 0); IoCreateFile(&h, GENERIC_WRITE, &oa, &iosb, "
     "0, 0, 0, FILE_OPEN_IF, 0, 0, 0, CreateFileTypeNone, 0, IO_FORCE_ACCESS_CHECK);",
     "file_open", RM_VALIDATION_VALIDATED},
    {"io noforce",
     "RtlInitUnicodeString(&us, p->Name); InitializeObjectAttributes(&oa, &us, "
     "OBJ_KERNEL_HANDLE|OBJ_CASE_INSENSITIVE, 0, 0); IoCreateFile(&h, GENERIC_WRITE, &oa, &iosb, "
     "0, 0, 0, FILE_OPEN_IF, 0, 0, 0, CreateFileTypeNone, 0, IO_NO_PARAMETER_CHECKING);",
     "file_open", RM_VALIDATION_UNVALIDATED},
    {"free in user mem", "ExFreePool((PUCHAR)p->Ptr+8);", "pool_free", NOT_VALID},
    {"free idx", "if (p->Reg > 4) break; ExFreePool((PUCHAR)p->Ptr+p->Reg);", "pool_free",
     NOT_VALID},
    {"deref member", "ObDereferenceObject(&((PIN1)p->Ptr)->Items);", "deref_object", NOT_VALID},
    {"thread code off",
     "PsCreateSystemThread(&h, 0, 0, 0, 0, (PKSTART_ROUTINE)((PUCHAR)p->Ptr+8), 0);", "code_exec",
     NOT_VALID},
    {"call off", "if (p->Reg > 4) break; ((void(*)(void))((PUCHAR)p->Ptr+p->Reg))();", "code_exec",
     NOT_VALID},
    {"getphys", "pa = MmGetPhysicalAddress((PUCHAR)p->Ptr+4);", "addr_translate", NOT_VALID},
    {"getphys2", "if (p->Reg > 4) break; pa = MmGetPhysicalAddress((PUCHAR)p->Ptr+p->Reg);",
     "addr_translate", NOT_VALID},
    {"getphys own", "pa = MmGetPhysicalAddress(&g_ext);", "addr_translate", NO_ALARM},
    {"getphys own off", "if (p->Reg >= 32) break; pa = MmGetPhysicalAddress(&g_ext.Raw[p->Reg]);",
     "addr_translate", RM_VALIDATION_VALIDATED},
    {"unmap", "MmUnmapIoSpace(p->Ptr, p->Len);", "unmap_arbitrary", RM_VALIDATION_UNVALIDATED},
    {"unmap off", "MmUnmapIoSpace((PUCHAR)p->Ptr+4, 4);", "unmap_arbitrary", NOT_VALID},
    {"fncopy src off", "RtlCopyMemory(buf, (PUCHAR)p->Ptr+8, 8);", "virt_read", NOT_VALID},
    {"fncopy dst off", "RtlCopyMemory((PUCHAR)p->Ptr+8, buf, 8);", "virt_write", NOT_VALID},
    {"fncopy dst idx", "if (p->Reg > 8) break; RtlCopyMemory((PUCHAR)p->Ptr+p->Reg, buf, 8);",
     "virt_write", NOT_VALID},
    {"zero", "RtlZeroMemory(p->Ptr, 8);", "virt_write", NOT_VALID},
    {"zero off", "RtlZeroMemory((PUCHAR)p->Ptr+1, 8);", "virt_write", NOT_VALID},
    {"memset field", "RtlZeroMemory(&((PIN1)p->Ptr)->Len, 8);", "virt_write", NOT_VALID},
    {"dst idx own", "if (p->Reg > 8) break; RtlCopyMemory(g_ext.Raw+p->Reg, buf, 16);",
     "virt_write", NO_ALARM},
    {"dst idx own raw", "RtlCopyMemory(g_ext.Raw+p->Reg, buf, 16);", "virt_write", NOT_VALID},
    {"dst idx own bad", "if (p->Reg >= 32) break; RtlCopyMemory(g_ext.Raw+p->Reg, buf, 16);",
     "virt_write", NOT_VALID},
    {"state len", "g_ext.BufLen = p->Len; RtlCopyMemory(g_ext.Raw, p->Data, g_ext.BufLen);",
     "copy_unbounded", NOT_VALID},
    {"state cfg", "g_mode = p->Reg;", "config_state", RM_VALIDATION_UNVALIDATED},
    {"state cfg ok", "if (p->Reg > 3) break; g_mode = p->Reg;", "config_state",
     RM_VALIDATION_VALIDATED},
    {"state bool", "g_active = (p->Reg != 0);", "config_state", RM_VALIDATION_VALIDATED},
    {"state const", "g_active = TRUE;", "config_state", RM_VALIDATION_VALIDATED},
    {"sid", "g_ext.Mode = p->Reg&3;", "config_state", RM_VALIDATION_VALIDATED},
    {"user cell memcpy state", "RtlCopyMemory(&g_ext, p, sizeof(g_ext));", "config_state",
     RM_VALIDATION_UNVALIDATED},
    {"physmem section",
     "RtlInitUnicodeString(&us, L\"\\\\Device\\\\PhysicalMemory\"); "
     "InitializeObjectAttributes(&oa, &us, 0, 0, 0); ZwOpenSection(&h, SECTION_ALL_ACCESS, &oa); "
     "pa.QuadPart = p->Val; v = 0; o = p->Len; ZwMapViewOfSection(h, (HANDLE)-1, &v, 0, 0, &pa, "
     "&o, 1, 0, 4);",
     "phys_map", RM_VALIDATION_UNVALIDATED},
    {"physmem section ok",
     "if (p->Val != 0xF0000 || p->Len != 0x1000) break; RtlInitUnicodeString(&us, "
     "L\"\\\\Device\\\\PhysicalMemory\"); InitializeObjectAttributes(&oa, &us, 0, 0, 0); "
     "ZwOpenSection(&h, SECTION_ALL_ACCESS, &oa); pa.QuadPart = p->Val; v = 0; o = p->Len; "
     "ZwMapViewOfSection(h, (HANDLE)-1, &v, 0, 0, &pa, &o, 1, 0, 4);",
     "phys_map", RM_VALIDATION_VALIDATED},
    {"physmem section half",
     "if (p->Val != 0xF0000) break; RtlInitUnicodeString(&us, L\"\\\\Device\\\\PhysicalMemory\"); "
     "InitializeObjectAttributes(&oa, &us, 0, 0, 0); ZwOpenSection(&h, SECTION_ALL_ACCESS, &oa); "
     "pa.QuadPart = p->Val; v = 0; o = p->Len; ZwMapViewOfSection(h, (HANDLE)-1, &v, 0, 0, &pa, "
     "&o, 1, 0, 4);",
     "phys_map", RM_VALIDATION_PARTIAL},
    {"mdl kernel va",
     "PMDL m = IoAllocateMdl(p->Ptr, p->Len, 0, 0, 0); MmBuildMdlForNonPagedPool(m); v = "
     "MmMapLockedPagesSpecifyCache(m, UserMode, MmCached, 0, 0, NormalPagePriority);",
     "mdl_user_map", RM_VALIDATION_UNVALIDATED},
    {"mdl own",
     "PMDL m = IoAllocateMdl(g_ext.Raw, 32, 0, 0, 0); MmBuildMdlForNonPagedPool(m); v = "
     "MmMapLockedPagesSpecifyCache(m, UserMode, MmCached, 0, 0, NormalPagePriority);",
     "mdl_user_map", NO_ALARM},
    {"probe user",
     "PMDL m = IoAllocateMdl(p->Ptr, p->Len, 0, 0, 0); MmProbeAndLockPages(m, UserMode, "
     "IoReadAccess);",
     "mdl_lock", RM_VALIDATION_VALIDATED},
    {"probe kernel",
     "PMDL m = IoAllocateMdl(p->Ptr, p->Len, 0, 0, 0); MmProbeAndLockPages(m, KernelMode, "
     "IoReadAccess);",
     "mdl_lock", NOT_VALID},
    {"fixed len at idx ok", "if (p->Reg > 16) break; RtlCopyMemory(g_ext.Raw+p->Reg, buf, 16);",
     "virt_write", NO_ALARM},
    {"len at idx",
     "if (p->Reg >= 32 || p->Len > 16) break; RtlCopyMemory(g_ext.Raw+p->Reg, buf, p->Len);",
     "copy_unbounded", NOT_VALID},
    {"len at idx ok",
     "if (p->Reg > 16 || p->Len > 16) break; RtlCopyMemory(g_ext.Raw+p->Reg, buf, p->Len);",
     "copy_unbounded", RM_VALIDATION_VALIDATED},
    {"len at idx rest",
     "if (p->Len > 16 || p->Reg > 32-p->Len) break; RtlCopyMemory(g_ext.Raw+p->Reg, buf, p->Len);",
     "copy_unbounded", NO_ALARM},
    {"len at idx sum64",
     "if (p->Len > 16 || (ULONGLONG)p->Reg+p->Len > 32) break; RtlCopyMemory(g_ext.Raw+p->Reg, "
     "buf, "
     "p->Len);",
     "copy_unbounded", NO_ALARM},
    {"probed field",
     "PIN1 u = (PIN1)sp->Parameters.DeviceIoControl.Type3InputBuffer; __try{ProbeForRead(u, "
     "sizeof(IN1), 1); RtlCopyMemory(buf, u->Data, 16); }__except(1) {}",
     "virt_read", NO_ALARM},
    {"probed field2",
     "PIN1 u = (PIN1)sp->Parameters.DeviceIoControl.Type3InputBuffer; __try{ProbeForRead(u, "
     "sizeof(IN1), 1); RtlCopyMemory(buf, (PUCHAR)u+4, 16); }__except(1) {}",
     "virt_read", NO_ALARM},
    {"unprobed field",
     "PIN1 u = (PIN1)sp->Parameters.DeviceIoControl.Type3InputBuffer; RtlCopyMemory(buf, u->Data, "
     "16);",
     "virt_read", NOT_VALID},
    {"section ok",
     "if (p->Pa.QuadPart != 0xF0000 || p->Len != 0x1000) break; RtlInitUnicodeString(&us, "
     "L\"\\\\Device\\\\PhysicalMemory\"); InitializeObjectAttributes(&oa, &us, 0, 0, 0); "
     "ZwOpenSection(&h, SECTION_ALL_ACCESS, &oa); v = 0; o = p->Len; ZwMapViewOfSection(h, "
     "(HANDLE)-1, &v, 0, 0, &p->Pa, &o, 1, 0, 4);",
     "phys_map", RM_VALIDATION_VALIDATED},
    {"index copy elems", "ULONG t[8]; if (p->Reg >= 8) break; RtlCopyMemory(&t[p->Reg], buf, 4);",
     "virt_write", NO_ALARM},
    {"index copy elems bad",
     "ULONG t[8]; if (p->Reg >= 8) break; RtlCopyMemory(&t[p->Reg], buf, 8);", "virt_write",
     NOT_VALID},
    {"eq ok",
     "RtlInitUnicodeString(&us, p->Name); if (!RtlEqualUnicodeString(&us, &g_name, TRUE)) break; "
     "InitializeObjectAttributes(&oa, &us, 0, 0, 0); ZwOpenKey(&h, KEY_WRITE, &oa);",
     "registry_write", NO_ALARM},
    {"eq nested",
     "RtlInitUnicodeString(&us, p->Name); if (RtlEqualUnicodeString(&us, &g_name, TRUE)) { "
     "InitializeObjectAttributes(&oa, &us, 0, 0, 0); ZwOpenKey(&h, KEY_WRITE, &oa); }",
     "registry_write", NO_ALARM},
    {"eq refused",
     "RtlInitUnicodeString(&us, p->Name); if (RtlEqualUnicodeString(&us, &g_name, TRUE)) break; "
     "InitializeObjectAttributes(&oa, &us, 0, 0, 0); ZwOpenKey(&h, KEY_WRITE, &oa);",
     "registry_write", RM_VALIDATION_UNVALIDATED},
    {"cmp ok",
     "RtlInitUnicodeString(&us, p->Name); if (RtlCompareUnicodeString(&us, &g_name, TRUE) != 0) "
     "break; InitializeObjectAttributes(&oa, &us, 0, 0, 0); ZwOpenKey(&h, KEY_WRITE, &oa);",
     "registry_write", NO_ALARM},
    {"cmp refused",
     "RtlInitUnicodeString(&us, p->Name); if (RtlCompareUnicodeString(&us, &g_name, TRUE) == 0) "
     "break; InitializeObjectAttributes(&oa, &us, 0, 0, 0); ZwOpenKey(&h, KEY_WRITE, &oa);",
     "registry_write", RM_VALIDATION_UNVALIDATED},
    {"cmp flipped",
     "RtlInitUnicodeString(&us, p->Name); if (RtlCompareUnicodeString(&us, &g_name, TRUE)) break; "
     "InitializeObjectAttributes(&oa, &us, 0, 0, 0); ZwOpenKey(&h, KEY_WRITE, &oa);",
     "registry_write", NO_ALARM},
    {"wcscmp ok",
     "if (_wcsicmp(p->Name, L\"A\") != 0 && _wcsicmp(p->Name, L\"B\") != 0) break; "
     "RtlInitUnicodeString(&us, p->Name); InitializeObjectAttributes(&oa, &us, 0, 0, 0); "
     "ZwOpenKey(&h, KEY_WRITE, &oa);",
     "registry_write", NO_ALARM},
    {"wcscmp bad",
     "if (_wcsicmp(p->Name, L\"A\") == 0 || _wcsicmp(p->Name, L\"B\") == 0) break; "
     "RtlInitUnicodeString(&us, p->Name); InitializeObjectAttributes(&oa, &us, 0, 0, 0); "
     "ZwOpenKey(&h, KEY_WRITE, &oa);",
     "registry_write", RM_VALIDATION_UNVALIDATED},
    {"kept ok",
     "ok = RtlEqualUnicodeString(&us, &g_name, TRUE); RtlInitUnicodeString(&us, p->Name); ok = "
     "RtlEqualUnicodeString(&us, &g_name, TRUE); if (!ok) break; InitializeObjectAttributes(&oa, "
     "&us, 0, 0, 0); ZwOpenKey(&h, KEY_WRITE, &oa);",
     "registry_write", NO_ALARM},
    {"mem other",
     "if (memcmp(p->Data, &g_guid, 16) != 0) break; RtlInitUnicodeString(&us, p->Name); "
     "InitializeObjectAttributes(&oa, &us, 0, 0, 0); ZwOpenKey(&h, KEY_WRITE, &oa);",
     "registry_write", RM_VALIDATION_UNVALIDATED},
    {"mem ok msr", "if (memcmp(&p->Reg, &g_guid, 4) != 0) break; __readmsr(p->Reg);", "msr_read",
     NO_ALARM},
    {"mem other msr", "if (memcmp(p->Data, &g_guid, 16) != 0) break; __readmsr(p->Reg);",
     "msr_read", RM_VALIDATION_UNVALIDATED},
    {"mem whole msr", "if (memcmp(p, &g_guid, 16) != 0) break; __readmsr(p->Reg);", "msr_read",
     NO_ALARM},
};

/* The worst of that class. */
static const rm_sink_call *sink_of_class(const rm_model *model, uint32_t entry, const char *name) {
    const rm_sink_call *found = NULL;
    for (uint32_t i = 0; i < model->sinks.count; i++) {
        const rm_sink_call *s = &model->sinks.at[i];
        if (s->entry == entry && rm_str_eq(s->class_name, rm_str_from(name)) &&
            (found == NULL || s->validation < found->validation)) {
            found = s;
        }
    }
    return found;
}

static bool holds(struct fixture *f, const operation_case *c) {
    rm_buf text = {.arena = f->arena};
    rm_buf_printf(&text, "%s%s%s}%s", before, dispatch, c->code, FLOW_TAIL);
    rm_model *model = flow_of(f, "case.c", rm_buf_view(&text));
    uint32_t entry = entry_named(model, "0x222000");
    const rm_sink_call *sink = entry == RM_NONE ? NULL : sink_of_class(model, entry, c->class_name);
    if (!is_wanted(sink, c->wanted)) {
        print_error("%s: %s is %s, expected %s (%.*s)\n", c->title, c->class_name, word_of(sink),
                    wanted_word(c->wanted), sink == NULL ? 0 : (int)sink->reason.len,
                    sink == NULL ? "" : sink->reason.ptr);
        return false;
    }
    return true;
}

static void each_operation_is_judged_by_what_constrains_it(void **state) {
    unsigned wrong = 0;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        wrong += !holds(*state, &cases[i]);
    }
    assert_int_equal(wrong, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(each_operation_is_judged_by_what_constrains_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
