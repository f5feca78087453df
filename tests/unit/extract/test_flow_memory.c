#include "flow_case.h"

/*
 * Copies, mappings, allocations, processes: what must be constrained are addresses and sizes, a
 * copy's three parts, the object that an id stands for.
 */

#define VALID RM_VALIDATION_VALIDATED
#define PARTIAL RM_VALIDATION_PARTIAL
#define OPEN RM_VALIDATION_UNVALIDATED
#define UNKNOWN RM_VALIDATION_UNKNOWN

static void copies_stay_within_both_ends(void **state) {
    static const flow_case cases[] = {
        {"length of the caller's", NULL, "RtlCopyMemory(buf, p, inLen);", "RtlCopyMemory", OPEN},
        {"length checked", NULL, "if (inLen > sizeof(buf)) goto out; RtlCopyMemory(buf, p, inLen);",
         "RtlCopyMemory", VALID},
        {"length checked, off by one", NULL,
         "if (inLen > sizeof(buf) + 1) goto out; RtlCopyMemory(buf, p, inLen);", "RtlCopyMemory",
         OPEN},
        {"length in a field", NULL, "RtlCopyMemory(buf, p, p->Len);", "RtlCopyMemory", OPEN},
        {"field checked against the destination only", NULL,
         "if (p->Len > sizeof(buf)) goto out; RtlCopyMemory(buf, p, p->Len);", "RtlCopyMemory",
         UNKNOWN},
        {"field checked against both", NULL,
         "if (p->Len > sizeof(buf) || p->Len > inLen) goto out; RtlCopyMemory(buf, p, p->Len);",
         "RtlCopyMemory", VALID},
        {"signed length", NULL,
         "s = p->Signed; if (s > sizeof(buf)) goto out; if ((ULONG)s > inLen) goto out;\n"
         "RtlCopyMemory(buf, p, s);",
         "RtlCopyMemory", VALID},
        {"signed length against a signed bound", NULL,
         "s = p->Signed; if (s > 16) goto out; RtlCopyMemory(buf, p, s);", "RtlCopyMemory",
         PARTIAL},
        {"minimum of the length and the size", NULL,
         "RtlCopyMemory(buf, p, min(inLen, sizeof(buf)));", "RtlCopyMemory", VALID},
        {"out, as long as the caller's buffer", NULL, "RtlCopyMemory(p, buf, outLen);",
         "RtlCopyMemory", PARTIAL},
        {"out, shortened", NULL, "RtlCopyMemory(p, buf, min(outLen, sizeof(buf)));",
         "RtlCopyMemory", VALID},
        {"constant", NULL, "RtlCopyMemory(buf, p, 8);", "RtlCopyMemory", NO_SINK},
        {"embedded destination", NULL, "RtlCopyMemory(p->Ptr, buf, 8);", "RtlCopyMemory", OPEN},
        {"embedded source", NULL, "RtlCopyMemory(buf, p->Ptr, 8);", "RtlCopyMemory", OPEN},
        {"embedded source, probed", NULL,
         "PVOID q = p->Ptr; ProbeForRead(q, 8, 1); RtlCopyMemory(buf, q, 8);", "RtlCopyMemory",
         VALID},
        {"embedded destination, probed for reading", NULL,
         "PVOID q = p->Ptr; ProbeForRead(q, 8, 1); RtlCopyMemory(q, buf, 8);", "RtlCopyMemory",
         PARTIAL},
        {"embedded destination, probed", NULL,
         "PVOID q = p->Ptr; ProbeForWrite(q, 8, 1); RtlCopyMemory(q, buf, 8);", "RtlCopyMemory",
         VALID},
        {"probed shorter than copied", NULL,
         "PVOID q = p->Ptr; ProbeForRead(q, 4, 1); if (p->Len > 16) goto out;\n"
         "RtlCopyMemory(buf, q, p->Len);",
         "RtlCopyMemory", PARTIAL},
        {"user pointer, its length", NULL,
         "PVOID u = sp->Parameters.DeviceIoControl.Type3InputBuffer; ProbeForRead(u, inLen, 1);\n"
         "if (inLen > 16) goto out; memcpy(buf, u, inLen);",
         "memcpy", VALID},
        {"user pointer, not probed", NULL,
         "PVOID u = sp->Parameters.DeviceIoControl.Type3InputBuffer; memcpy(buf, u, 16);", "memcpy",
         OPEN},
        {"allocated as long", NULL,
         "PVOID a = ExAllocatePoolWithTag(0, inLen, 'x'); if (a) RtlCopyMemory(a, p, inLen);",
         "RtlCopyMemory", VALID},
        {"allocated shorter", NULL,
         "PVOID a = ExAllocatePoolWithTag(0, 64, 'x'); if (a) RtlCopyMemory(a, p, inLen);",
         "RtlCopyMemory", OPEN},
        {"length fetched again", NULL,
         "PIN1 u = sp->Parameters.DeviceIoControl.Type3InputBuffer; ProbeForRead(u, sizeof(*u), "
         "1);\n"
         "if (u->Len > sizeof(buf)) goto out; RtlCopyMemory(buf, u->Items, u->Len);",
         "fetched twice", OPEN},
        {"zeroing", NULL, "RtlZeroMemory(buf, p->Len);", "RtlZeroMemory", OPEN},
        {"zeroing, bounded", NULL,
         "if (p->Len > sizeof(buf)) goto out; RtlZeroMemory(buf, p->Len);", "RtlZeroMemory", VALID},
        {"sum of lengths", NULL,
         "if (p->Len + 4 > sizeof(buf)) goto out; RtlCopyMemory(buf, p, p->Len);", "RtlCopyMemory",
         OPEN},
        {"difference of lengths", NULL,
         "if (p->Len > sizeof(buf) - 4 || p->Len > inLen) goto out; RtlCopyMemory(buf, p, p->Len);",
         "RtlCopyMemory", VALID},
    };
    CHECK_CASES(*state, cases);
}

static void what_is_left_behind_a_member_is_a_bound(void **state) {
#define QUERY                                                                                      \
    "typedef struct _QUERY { NDIS_OID Oid; UCHAR Data[sizeof(ULONG)]; } QUERY, *PQUERY;\n"         \
    "ULONGLONG g_count; UCHAR g_room[16];\n"
#define ASKED                                                                                      \
    "PQUERY q = (PQUERY)p; if (outLen < sizeof(QUERY)) return 1;\n"                                \
    "i = outLen - FIELD_OFFSET(QUERY, Data); r = sizeof(g_count);\n"
    static const flow_case cases[] = {
        {"the smaller of it and the source", QUERY,
         ASKED "r = min(i, r); RtlMoveMemory(&q->Data[0], &g_count, r);", "RtlMoveMemory", VALID},
        {"cut to it", QUERY,
         ASKED "r = i; if (r > sizeof(g_count)) r = sizeof(g_count);\n"
               "RtlMoveMemory(q->Data, &g_count, r);",
         "RtlMoveMemory", VALID},
        {"the whole length", QUERY,
         ASKED "r = min(outLen, 16); RtlMoveMemory(&q->Data[0], g_room, r);", "RtlMoveMemory",
         NOT_VALID},
        {"what is left behind another member", QUERY,
         ASKED "i = outLen - FIELD_OFFSET(QUERY, Oid); r = min(i, 16);\n"
               "RtlMoveMemory(&q->Data[0], g_room, r);",
         "RtlMoveMemory", NOT_VALID},
        {"one of several numbers", QUERY,
         ASKED
         "switch (p->Reg) { case 1: r = 4; break; case 2: if (i < 6) return 1; r = 6; break;\n"
         "default: r = min(i, r); } RtlMoveMemory(&q->Data[0], g_room, r);",
         "RtlMoveMemory", NO_ALARM},
        {"one of several numbers, into a member that others follow",
         QUERY "typedef struct _FRONT { UCHAR Data[4]; ULONG Next; } FRONT;\n",
         ASKED "switch (p->Reg) { case 1: r = 4; break; case 2: r = 6; break;\n"
               "default: r = min(i, r); } RtlMoveMemory(&((FRONT *)p)->Data[0], g_room, r);",
         "RtlMoveMemory", OPEN},
        {"more than the source has", QUERY, ASKED "RtlMoveMemory(&q->Data[0], &g_count, i);",
         "RtlMoveMemory", NOT_VALID},
    };
    CHECK_CASES(*state, cases);
}

static void requests_of_the_kernel_bring_another_drivers_pointers(void **state) {
    static const flow_case cases[] = {
        {"probed unless the kernel asks", NULL,
         "if (Irp->RequestorMode != KernelMode) { __try {\n"
         "ProbeForRead(p->Ptr, 8, 1); RtlCopyMemory(buf, p->Ptr, 8); } __except (1) { return 1; }\n"
         "} else { RtlCopyMemory(buf, p->Ptr, 8); }",
         "RtlCopyMemory", NO_ALARM},
        {"stored to, unless the kernel asks probed", NULL,
         "if (Irp->RequestorMode != KernelMode) { __try {\n"
         "ProbeForWrite(p->Ptr, 4, 4); *(PULONG)p->Ptr = 1; } __except (1) { return 1; }\n"
         "} else { *(PULONG)p->Ptr = 1; }",
         "*p=v", NO_ALARM},
        {"probed when the kernel asks", NULL,
         "if (Irp->RequestorMode == KernelMode) { ProbeForRead(p->Ptr, 8, 1);\n"
         "RtlCopyMemory(buf, p->Ptr, 8); } else { RtlCopyMemory(buf, p->Ptr, 8); }",
         "RtlCopyMemory", OPEN},
        {"asked for and forgotten", NULL,
         "ok = Irp->RequestorMode == KernelMode; RtlCopyMemory(buf, p->Ptr, 8);", "RtlCopyMemory",
         OPEN},
        {"probed unless the kernel asks, and used behind", NULL,
         "if (Irp->RequestorMode != KernelMode) { r = 1; } *(PULONG)p->Ptr = r;", "*p=v", OPEN},
    };
    CHECK_CASES(*state, cases);
}

static void pointers_of_the_caller_are_followed(void **state) {
    static const flow_case cases[] = {
        {"write", NULL, "*(PULONG)p->Ptr = 1;", "*p=v", OPEN},
        {"write of a value", NULL, "*(PULONG)p->Ptr = p->Reg;", "*p=v", OPEN},
        {"read", NULL, "data = *(PULONG)p->Ptr;", "v=*p", OPEN},
        {"increment", NULL, "(*(PULONG)p->Ptr)++;", "*p=v", OPEN},
        {"write, probed where it is there", NULL,
         "PULONG q = (PULONG)p->Ptr; if (q) ProbeForWrite(q, 4, 4); r = 1; if (q) *q = 1;", "*p=v",
         NO_SINK},
        {"write, probed where something else is there", NULL,
         "PULONG q = (PULONG)p->Ptr; if (p->Len) ProbeForWrite(q, 4, 4); r = 1; if (q) *q = 1;",
         "*p=v", OPEN},
        {"write, probed where it is not there", NULL,
         "PULONG q = (PULONG)p->Ptr; if (!q) ProbeForWrite(q, 4, 4); r = 1; if (q) *q = 1;", "*p=v",
         OPEN},
        {"write, probed", NULL, "PULONG q = (PULONG)p->Ptr; ProbeForWrite(q, 4, 4); *q = 1;",
         "*p=v", NO_SINK},
        {"write, probed for nothing", NULL,
         "PULONG q = (PULONG)p->Ptr; ProbeForWrite(q, p->Len, 4); *q = 1;", "*p=v", UNKNOWN},
        {"neither, not probed", NULL,
         "PULONG q = sp->Parameters.DeviceIoControl.Type3InputBuffer; data = *q;", "v=*p", OPEN},
        {"output, not probed", NULL, "*(PULONG)Irp->UserBuffer = 1;", "*p=v", OPEN},
        {"call through it", NULL, "((void (*)(void))p->Ptr)();", "indirect call", OPEN},
        {"index into the driver's array", NULL, "buf[p->Reg] = 1;", "buf[i]=v", OPEN},
        {"index bounded", NULL, "if (p->Reg >= sizeof(buf)) goto out; buf[p->Reg] = 1;", "buf[i]=v",
         VALID},
        {"index off by one", NULL, "if (p->Reg > sizeof(buf)) goto out; buf[p->Reg] = 1;",
         "buf[i]=v", OPEN},
        {"index signed", NULL, "s = p->Signed; if (s >= 16) goto out; buf[s] = 1;", "buf[i]=v",
         PARTIAL},
        {"index masked", NULL, "buf[p->Reg & 15] = 1;", "buf[i]=v", VALID},
        {"offset in the driver's address", NULL, "*((PUCHAR)g_base + p->Reg) = 1;", "buf[i]=v",
         OPEN},
        {"mapped register", NULL, "WRITE_REGISTER_ULONG((PULONG)((PUCHAR)g_base + p->Reg), 1);",
         "WRITE_REGISTER_ULONG", OPEN},
        {"mapped register, bounded", NULL,
         "if (p->Reg >= 0x100) goto out;\n"
         "WRITE_REGISTER_ULONG((PULONG)((PUCHAR)g_base + p->Reg), 1);",
         "WRITE_REGISTER_ULONG", VALID},
        {"copying loop", NULL, "for (i = 0; i < p->Len; i++) buf[i] = ((PUCHAR)p)[i];",
         "copying loop", OPEN},
        {"copying loop, bounded", NULL,
         "if (p->Len > 16) goto out; for (i = 0; i < p->Len; i++) buf[i] = 0;", "copying loop",
         NO_SINK},
    };
    CHECK_CASES(*state, cases);
}

static void physical_memory_is_mapped(void **state) {
    static const flow_case cases[] = {
        {"free", NULL, "PHYSICAL_ADDRESS pa; pa.QuadPart = p->Val; MmMapIoSpace(pa, p->Len, 0);",
         "MmMapIoSpace", OPEN},
        {"address equal, size free", NULL,
         "PHYSICAL_ADDRESS pa; pa.QuadPart = p->Val; if (pa.QuadPart != 0xFED00000) goto out;\n"
         "MmMapIoSpace(pa, p->Len, 0);",
         "MmMapIoSpace", PARTIAL},
        {"both equal (the seed's form)", NULL,
         "PHYSICAL_ADDRESS pa; pa.QuadPart = p->Val;\n"
         "if (pa.QuadPart == 0xFED00000 && p->Len == 0x1000) { MmMapIoSpace(pa, p->Len, 0); }",
         "MmMapIoSpace", VALID},
        {"the driver's own range", NULL,
         "PHYSICAL_ADDRESS pa; pa.QuadPart = 0xFED00000; MmMapIoSpace(pa, 0x1000, 0);",
         "MmMapIoSpace", VALID},
        {"range, overflow-safe", NULL,
         "PHYSICAL_ADDRESS pa; if (p->Len > 0x1000 || p->Reg < 0x1000 || p->Reg > 0x8000) goto "
         "out;\n"
         "pa.QuadPart = p->Reg; MmMapIoSpace(pa, p->Len, 0);",
         "MmMapIoSpace", VALID},
        {"end may wrap", NULL,
         "PHYSICAL_ADDRESS pa; if (p->Val + p->Len > 0x100000) goto out; pa.QuadPart = p->Val;\n"
         "MmMapIoSpace(pa, p->Len, 0);",
         "MmMapIoSpace", OPEN},
        {"halves", NULL,
         "PHYSICAL_ADDRESS pa; pa.LowPart = p->Reg; pa.HighPart = 0; MmMapIoSpace(pa, 4, 0);",
         "MmMapIoSpace", OPEN},
        {"section of physical memory",
         "NTSTATUS Map(ULONGLONG at, SIZE_T n) { UNICODE_STRING name; OBJECT_ATTRIBUTES oa;\n"
         "  HANDLE h; LARGE_INTEGER off; PVOID base = NULL;\n"
         "  RtlInitUnicodeString(&name, L\"\\\\Device\\\\PhysicalMemory\");\n"
         "  InitializeObjectAttributes(&oa, &name, 0x40, NULL, NULL);\n"
         "  ZwOpenSection(&h, 6, &oa); off.QuadPart = at;\n"
         "  return ZwMapViewOfSection(h, (HANDLE)-1, &base, 0, n, &off, &n, 1, 0, 4); }\n",
         "Map(p->Val, p->Len);", "ZwMapViewOfSection", OPEN},
        {"copied by address", NULL,
         "MM_COPY_ADDRESS a; a.PhysicalAddress.QuadPart = p->Val; SIZE_T n;\n"
         "MmCopyMemory(buf, a, p->Len, 1, &n);",
         "MmCopyMemory", OPEN},
        {"pages of a user's choice into the user", NULL,
         "PMDL m = IoAllocateMdl(p->Ptr, p->Len, 0, 0, NULL); MmBuildMdlForNonPagedPool(m);\n"
         "MmMapLockedPagesSpecifyCache(m, UserMode, 1, NULL, 0, 0);",
         "MmMapLockedPagesSpecifyCache", OPEN},
        {"the driver's pages for itself", NULL,
         "PMDL m = IoAllocateMdl(buf, 16, 0, 0, NULL);\n"
         "MmMapLockedPagesSpecifyCache(m, KernelMode, 1, NULL, 0, 0);",
         "MmMapLockedPagesSpecifyCache", NO_SINK},
        {"locked with the caller's rights", NULL,
         "PMDL m = IoAllocateMdl(p->Ptr, p->Len, 0, 0, NULL);\n"
         "MmProbeAndLockPages(m, Irp->RequestorMode, IoWriteAccess);",
         "MmProbeAndLockPages", VALID},
        {"locked with the kernel's", NULL,
         "PMDL m = IoAllocateMdl(p->Ptr, p->Len, 0, 0, NULL);\n"
         "MmProbeAndLockPages(m, KernelMode, IoWriteAccess);",
         "MmProbeAndLockPages", OPEN},
    };
    CHECK_CASES(*state, cases);
}

static void objects_are_chosen(void **state) {
    static const flow_case cases[] = {
        {"process by id", NULL,
         "PEPROCESS e; HANDLE h; status = PsLookupProcessByProcessId((HANDLE)(ULONG_PTR)p->Reg, "
         "&e);\n"
         "if (!NT_SUCCESS(status)) goto out;\n"
         "ObOpenObjectByPointer(e, 0, NULL, 1, *PsProcessType, KernelMode, &h);\n"
         "ZwTerminateProcess(h, 0);",
         "ZwTerminateProcess", OPEN},
        {"protected processes refused", NULL,
         "PEPROCESS e; HANDLE h; status = PsLookupProcessByProcessId((HANDLE)(ULONG_PTR)p->Reg, "
         "&e);\n"
         "if (!NT_SUCCESS(status)) goto out; if (PsIsProtectedProcess(e)) goto out;\n"
         "ObOpenObjectByPointer(e, 0, NULL, 1, *PsProcessType, KernelMode, &h);\n"
         "ZwTerminateProcess(h, 0);",
         "ZwTerminateProcess", PARTIAL},
        {"protected processes looked at only", NULL,
         "PEPROCESS e; HANDLE h; status = PsLookupProcessByProcessId((HANDLE)(ULONG_PTR)p->Reg, "
         "&e);\n"
         "if (!NT_SUCCESS(status)) goto out; ok = PsIsProtectedProcess(e);\n"
         "ObOpenObjectByPointer(e, 0, NULL, 1, *PsProcessType, KernelMode, &h);\n"
         "ZwTerminateProcess(h, 0);",
         "ZwTerminateProcess", OPEN},
        {"handle of the caller's", NULL, "ZwTerminateProcess(p->Ptr, 0);", "ZwTerminateProcess",
         OPEN},
        {"the caller's handle, with his rights", NULL,
         "PVOID e; ObReferenceObjectByHandle(p->Ptr, 1, *PsProcessType, UserMode, &e, NULL);",
         "ObReferenceObjectByHandle", VALID},
        {"the caller's handle, with the kernel's", NULL,
         "PVOID e; ObReferenceObjectByHandle(p->Ptr, 1, *PsProcessType, KernelMode, &e, NULL);",
         "ObReferenceObjectByHandle", OPEN},
        {"the caller's handle, of any type", NULL,
         "PVOID e; ObReferenceObjectByHandle(p->Ptr, 1, NULL, Irp->RequestorMode, &e, NULL);",
         "ObReferenceObjectByHandle", PARTIAL},
        {"own process", NULL, "ZwTerminateProcess((HANDLE)-1, 0);", "ZwTerminateProcess", VALID},
        {"pool of any size", NULL, "ExAllocatePoolWithTag(0, p->Len, 'x');",
         "ExAllocatePoolWithTag", OPEN},
        {"pool, capped", NULL,
         "if (p->Len > 4096) goto out; ExAllocatePoolWithTag(0, p->Len, 'x');",
         "ExAllocatePoolWithTag", VALID},
        {"pool, product may overflow", NULL,
         "if (p->Len * 8 > 4096) goto out; ExAllocatePoolWithTag(0, p->Len * 8, 'x');",
         "ExAllocatePoolWithTag", VALID},
        {"pool, product of something unbounded", NULL, "ExAllocatePoolWithTag(0, p->Len * 8, 'x');",
         "ExAllocatePoolWithTag", OPEN},
        {"free of a caller's pointer", NULL, "ExFreePool(p->Ptr);", "ExFreePool", OPEN},
        {"raw object", NULL, "ObDereferenceObject(p->Ptr);", "ObDereferenceObject", OPEN},
        {"an object that was looked up", NULL,
         "PVOID e; ObReferenceObjectByHandle(p->Ptr, 1, *PsProcessType, UserMode, &e, NULL);\n"
         "ObDereferenceObject(e);",
         "ObDereferenceObject", NO_SINK},
        {"address of a kernel block", NULL, "p->Ptr = ExAllocatePoolWithTag(0, 8, 'x');",
         "pointer to the caller", OPEN},
        {"file named by the caller", NULL,
         "UNICODE_STRING n; OBJECT_ATTRIBUTES oa; HANDLE h; IO_STATUS_BLOCK io;\n"
         "RtlInitUnicodeString(&n, (PCWSTR)p); InitializeObjectAttributes(&oa, &n, 0, 0, 0);\n"
         "ZwCreateFile(&h, 1, &oa, &io, 0, 0, 0, 1, 0, 0, 0);",
         "ZwCreateFile", OPEN},
        {"file of the driver's, made with the kernel's rights", NULL,
         "UNICODE_STRING n; OBJECT_ATTRIBUTES oa; HANDLE h; IO_STATUS_BLOCK io;\n"
         "RtlInitUnicodeString(&n, L\"\\\\SystemRoot\\\\x.log\");\n"
         "InitializeObjectAttributes(&oa, &n, OBJ_KERNEL_HANDLE, 0, 0);\n"
         "ZwCreateFile(&h, 2, &oa, &io, 0, 0, 0, FILE_OPEN_IF, 0, 0, 0);",
         "ZwCreateFile", UNKNOWN},
        {"file of the driver's, made with the caller's rights", NULL,
         "UNICODE_STRING n; OBJECT_ATTRIBUTES oa; HANDLE h; IO_STATUS_BLOCK io;\n"
         "RtlInitUnicodeString(&n, L\"\\\\SystemRoot\\\\x.log\");\n"
         "InitializeObjectAttributes(&oa, &n, OBJ_KERNEL_HANDLE | OBJ_FORCE_ACCESS_CHECK, 0, 0);\n"
         "ZwCreateFile(&h, 2, &oa, &io, 0, 0, 0, FILE_OPEN_IF, 0, 0, 0);",
         "ZwCreateFile", VALID},
        {"file of the driver's", NULL,
         "UNICODE_STRING n; OBJECT_ATTRIBUTES oa; HANDLE h; IO_STATUS_BLOCK io;\n"
         "RtlInitUnicodeString(&n, L\"\\\\SystemRoot\\\\x.log\");\n"
         "InitializeObjectAttributes(&oa, &n, 0, 0, 0);\n"
         "ZwCreateFile(&h, 1, &oa, &io, 0, 0, 0, 1, 0, 0, 0);",
         "ZwCreateFile", VALID},
    };
    CHECK_CASES(*state, cases);
}

static void classes_follow_what_is_not_validated(void **state) {
    static const struct {
        const char *code;
        const char *api;
        const char *class_name;
    } cases[] = {
        {"RtlCopyMemory(p->Ptr, p->Items, p->Len);", "RtlCopyMemory", "virt_write"},
        {"RtlCopyMemory(buf, p->Ptr, p->Len);", "RtlCopyMemory", "virt_read"},
        {"RtlCopyMemory(buf, p, p->Len);", "RtlCopyMemory", "copy_unbounded"},
        {"PVOID u = MmGetSystemAddressForMdlSafe(Irp->MdlAddress, 0); RtlCopyMemory(u, buf, "
         "outLen);",
         "RtlCopyMemory", "info_leak"},
        {"__outdword(0xCF8, p->Reg);", "__outdword", "pci_write"},
        {"__outbyte(0xB2, p->Small);", "__outbyte", "smi"},
        {"__outbyte(0x80, p->Small);", "__outbyte", "port_out"},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rm_buf text = {.arena = f->arena};
        rm_buf_printf(&text, "%s%s%s%s", FLOW_HEAD, FLOW_DISPATCH, cases[i].code, FLOW_TAIL);
        rm_model *model = flow_of(f, "case.c", rm_buf_view(&text));
        const rm_sink_call *sink = sink_of(model, entry_named(model, "0x222000"), cases[i].api);
        assert_non_null(sink);
        assert_str(sink->class_name, cases[i].class_name);
    }
}

#define BLOCK_HEAD                                                                                 \
    "typedef struct _BLK { LIST_ENTRY Link; ULONG Size; UCHAR Data[1]; } BLK, *PBLK;\n"
#define BLOCK_OF(size)                                                                             \
    "PBLK b = ExAllocatePoolWithTag(PagedPool, " size ", 'x'); if (b == NULL) goto out;\n"

static void a_block_has_room_behind_its_head(void **state) {
    static const flow_case cases[] = {
        {"the head and the length", BLOCK_HEAD,
         BLOCK_OF("inLen + sizeof(BLK)") "RtlCopyMemory(b->Data, p, inLen);", "RtlCopyMemory",
         VALID},
        {"the other way round", BLOCK_HEAD,
         BLOCK_OF("sizeof(BLK) + inLen") "RtlCopyMemory(b + 1, p, inLen);", "RtlCopyMemory", VALID},
        {"without the head", BLOCK_HEAD, BLOCK_OF("inLen") "RtlCopyMemory(b->Data, p, inLen);",
         "RtlCopyMemory", OPEN},
        {"a smaller head", BLOCK_HEAD, BLOCK_OF("inLen + 8") "RtlCopyMemory(b->Data, p, inLen);",
         "RtlCopyMemory", OPEN},
        {"behind two heads", BLOCK_HEAD,
         BLOCK_OF("inLen + sizeof(BLK)") "RtlCopyMemory(b + 2, p, inLen);", "RtlCopyMemory", OPEN},
        {"a sum that wraps around in 32 bits", BLOCK_HEAD,
         "ULONG n = inLen + (ULONG)sizeof(BLK);\n" BLOCK_OF(
             "n") "RtlCopyMemory(b->Data, p, inLen);",
         "RtlCopyMemory", OPEN},
        {"another length", BLOCK_HEAD,
         BLOCK_OF("inLen + sizeof(BLK)") "RtlCopyMemory(b->Data, p, p->Len);", "RtlCopyMemory",
         OPEN},
    };
    CHECK_CASES(*state, cases);
}

static void counted_strings_end_where_the_driver_says(void **state) {
    static const flow_case cases[] = {
        {"the caller's words in the driver's string", NULL,
         "UNICODE_STRING from, to; RtlInitUnicodeString(&from, (PWSTR)p);\n"
         "RtlCopyUnicodeString(&to, &from);",
         "RtlCopyUnicodeString", NO_ALARM},
        {"appended", NULL,
         "UNICODE_STRING to; RtlInitUnicodeString(&to, L\"x\");\n"
         "RtlAppendUnicodeToString(&to, (PWSTR)p);",
         "RtlAppendUnicodeToString", NO_ALARM},
        {"a string that lies in the caller's buffer", NULL,
         "UNICODE_STRING to; RtlCopyUnicodeString(&to, (PUNICODE_STRING)p);",
         "RtlCopyUnicodeString", OPEN},
        {"a pointer of the caller's in it", NULL,
         "UNICODE_STRING from, to; from.Length = 8; from.Buffer = p->Ptr;\n"
         "RtlCopyUnicodeString(&to, &from);",
         "RtlCopyUnicodeString", OPEN},
        {"copied out of the caller's buffer", NULL,
         "UNICODE_STRING from, to; RtlCopyMemory(&from, p, sizeof(from));\n"
         "RtlCopyUnicodeString(&to, &from);",
         "RtlCopyUnicodeString", OPEN},
    };
    CHECK_CASES(*state, cases);
}

static void pointers_of_kernel_mode_need_no_probe(void **state) {
#define USER_POINTER "PVOID u = sp->Parameters.DeviceIoControl.Type3InputBuffer;\n"
    static const flow_case cases[] = {
        {"probed for user mode", NULL,
         USER_POINTER "if (Irp->RequestorMode != KernelMode) ProbeForRead(u, 16, 1);\n"
                      "RtlCopyMemory(buf, u, 16);",
         "RtlCopyMemory", NO_ALARM},
        {"probed where it is user mode", NULL,
         USER_POINTER "if (Irp->RequestorMode == UserMode) { ProbeForRead(u, 16, 1); }\n"
                      "RtlCopyMemory(buf, u, 16);",
         "RtlCopyMemory", NO_ALARM},
        {"what is not user mode is kernel mode", NULL,
         USER_POINTER "if (UserMode == Irp->RequestorMode) { ProbeForRead(u, 16, 1);\n"
                      "RtlCopyMemory(buf, u, 16); } else RtlCopyMemory(buf, u, 16);",
         "RtlCopyMemory", NO_ALARM},
        {"probed on neither way", NULL,
         USER_POINTER
         "if (UserMode == Irp->RequestorMode) { r = 1; } else ProbeForRead(u, 16, 1);\n"
         "RtlCopyMemory(buf, u, 16);",
         "RtlCopyMemory", OPEN},
        {"by the previous mode", NULL,
         USER_POINTER "if (ExGetPreviousMode() != KernelMode) ProbeForRead(u, 16, 1);\n"
                      "RtlCopyMemory(buf, u, 16);",
         "RtlCopyMemory", NO_ALARM},
        {"probed for kernel mode, which is the wrong way", NULL,
         USER_POINTER "if (Irp->RequestorMode == KernelMode) ProbeForRead(u, 16, 1);\n"
                      "RtlCopyMemory(buf, u, 16);",
         "RtlCopyMemory", OPEN},
        {"probed if the caller wants it", NULL,
         USER_POINTER "if (outLen) ProbeForRead(u, 16, 1); RtlCopyMemory(buf, u, 16);",
         "RtlCopyMemory", OPEN},
        {"a register of kernel mode's", NULL,
         "if (Irp->RequestorMode != KernelMode && p->Reg > MAX_R) goto out; __readmsr(p->Reg);",
         "__readmsr", NOT_VALID},
    };
    CHECK_CASES(*state, cases);
}

/* Structures of the kit are not in these sources: a pointer, or the text that stands there. */
static void an_offset_to_a_member_of_unknown_type_is_no_pointer_for_sure(void **state) {
    static const flow_case cases[] = {
        {"a member of the kit's, and an offset", NULL,
         "REPARSE_DATA_BUFFER *q = (REPARSE_DATA_BUFFER *)Irp->AssociatedIrp.SystemBuffer;\n"
         "PWCHAR t = q->SymbolicLinkReparseBuffer.PathBuffer + outLen / 2; data = *t;",
         "v=*p", NO_ALARM},
        {"a pointer of the driver's own structure, and an offset", NULL,
         "PUCHAR t = (PUCHAR)p->Ptr + outLen; data = *t;", "v=*p", OPEN},
    };
    CHECK_CASES(*state, cases);
}

/* wdm.h: IRP's UserBuffer is the caller's with METHOD_NEITHER and METHOD_BUFFERED alone. */
static void direct_methods_leave_the_users_address_out(void **state) {
    struct fixture *f = *state;
    static const struct {
        const char *title, *code;
        rm_validation wanted; /* RM_VALIDATION_COUNT: no sink */
    } cases[] = {
        {"in direct", "0x222001", RM_VALIDATION_COUNT},
        {"out direct", "0x222002", RM_VALIDATION_COUNT},
        {"neither", "0x222003", OPEN},
        {"buffered, which is not meant to be written through it", "0x222000", OPEN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rm_buf text = {.arena = f->arena};
        rm_buf_printf(&text, "%s%s%s%s%s%s%s", FLOW_HEAD,
                      "static PVOID Mapped(PIRP Irp) {\n"
                      "  if (!Irp->MdlAddress) return Irp->UserBuffer;\n"
                      "  return MmGetSystemAddressForMdlSafe(Irp->MdlAddress, 16); }\n",
                      FLOW_DISPATCH, "break; case ", cases[i].code,
                      ":\n  RtlCopyMemory(Mapped(Irp), &data, 4);", FLOW_TAIL);
        rm_str source = rm_buf_view(&text);
        if (i == 3) { /* the case that stands in the dispatch routine */
            text = (rm_buf){.arena = f->arena};
            rm_buf_printf(&text, "%s%s%s%s", FLOW_HEAD, FLOW_DISPATCH,
                          "  RtlCopyMemory(Irp->UserBuffer, &data, 4);", FLOW_TAIL);
            source = rm_buf_view(&text);
        }
        rm_model *model = flow_of(f, "case.c", source);
        const rm_sink_call *sink =
            sink_of(model, entry_named(model, cases[i].code), "RtlCopyMemory");
        rm_validation word = sink == NULL ? RM_VALIDATION_COUNT : sink->validation;
        bool silent = word == RM_VALIDATION_COUNT || word == RM_VALIDATION_UNKNOWN;
        if (cases[i].wanted == OPEN ? word != OPEN : !silent) {
            print_error("%s: %s\n", cases[i].title, word_of(sink));
            fail();
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(copies_stay_within_both_ends),
        WITH_FIXTURE(what_is_left_behind_a_member_is_a_bound),
        WITH_FIXTURE(requests_of_the_kernel_bring_another_drivers_pointers),
        WITH_FIXTURE(pointers_of_the_caller_are_followed),
        WITH_FIXTURE(physical_memory_is_mapped),
        WITH_FIXTURE(objects_are_chosen),
        WITH_FIXTURE(classes_follow_what_is_not_validated),
        WITH_FIXTURE(a_block_has_room_behind_its_head),
        WITH_FIXTURE(counted_strings_end_where_the_driver_says),
        WITH_FIXTURE(pointers_of_kernel_mode_need_no_probe),
        WITH_FIXTURE(an_offset_to_a_member_of_unknown_type_is_no_pointer_for_sure),
        WITH_FIXTURE(direct_methods_leave_the_users_address_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
