#include "class_case.h"

/*
 * What a request changes in the driver's own memory, and what that memory is for. A request that
 * only reads it, or keeps books, changes nothing that counts.
 */

#define STATE                                                                                      \
    "typedef struct _EXT { ULONG Mode; BOOLEAN Active; ULONG Limit; LONG Refs; KSPIN_LOCK Lock;\n" \
    "  LIST_ENTRY Rules; ULONG Table[8]; PVOID Block; HANDLE Child; ULONG Seen; } EXT, *PEXT;\n"   \
    "typedef struct _RULE { LIST_ENTRY Link; ULONG Id; } RULE, *PRULE;\n"                          \
    "EXT g_ext;\n"
#define EXTENSION "PEXT x = (PEXT)d->DeviceExtension;\n"

static void what_a_request_leaves_behind_is_a_change_of_state(void **state) {
    static const class_case cases[] = {
        {"the caller's value", STATE, EXTENSION "x->Mode = p->Reg;", "config_state", OPEN},
        {"the caller's value, bounded", STATE,
         EXTENSION "if (p->Reg > 3) goto out; x->Mode = p->Reg;", "config_state", VALID},
        {"a constant in the extension", STATE, EXTENSION "x->Active = TRUE;", "config_state",
         VALID},
        {"a constant in a global", STATE, "g_ext.Active = FALSE;", "config_state", VALID},
        {"a choice of the caller's", STATE,
         EXTENSION "if (p->Reg == 1) x->Mode = 4; else x->Mode = 5;", "config_state", VALID},
        {"zeroing a member", STATE, EXTENSION "RtlZeroMemory(x->Table, sizeof(x->Table));",
         "config_state", VALID},
        {"an address of kernel mode's", STATE,
         EXTENSION "if (Irp->RequestorMode != KernelMode) goto out;\n"
                   "x->Block = sp->Parameters.DeviceIoControl.Type3InputBuffer;",
         "config_state", RM_VALIDATION_UNKNOWN},
        {"an address of user mode's", STATE,
         EXTENSION "if (Irp->RequestorMode == KernelMode) goto out;\n"
                   "x->Block = sp->Parameters.DeviceIoControl.Type3InputBuffer;",
         "config_state", OPEN},
        {"an interlocked exchange", STATE, EXTENSION "InterlockedExchange(&x->Mode, p->Reg);",
         "config_state", OPEN},
        {"an interlocked exchange of a constant", STATE,
         EXTENSION "InterlockedExchange(&x->Mode, 1);", "config_state", VALID},
        {"an entry of a list", STATE,
         EXTENSION "PRULE rule = ExAllocatePoolWithTag(0, sizeof(RULE), 'x');\n"
                   "InsertTailList(&x->Rules, &rule->Link);",
         "config_state", VALID},
        {"an entry leaves a list", STATE,
         EXTENSION "PLIST_ENTRY e = x->Rules.Flink; RemoveEntryList(e);", "config_state", VALID},
        {"a handle made and kept", STATE,
         EXTENSION "HANDLE h; if (!NT_SUCCESS(ZwCreateEvent(&h, 0, 0, 0, 0))) goto out;\n"
                   "x->Child = h;",
         "config_state", VALID},
        {"in a helper", STATE "static void Set(PEXT x, ULONG m) { x->Mode = m; }\n",
         EXTENSION "Set(x, 7);", "config_state", VALID},
        {"the request itself in a queue", STATE,
         EXTENSION "InsertTailList(&x->Rules, &Irp->Tail.Overlay.ListEntry);", "config_state",
         NO_SINK},
        {"reading", STATE, EXTENSION "p->Reg = x->Mode;", "config_state", NO_SINK},
        {"counting", STATE, EXTENSION "x->Seen++; InterlockedIncrement(&x->Refs);", "config_state",
         NO_SINK},
        {"locking", STATE,
         EXTENSION "KIRQL irql; KeAcquireSpinLock(&x->Lock, &irql); p->Reg = x->Mode;\n"
                   "KeReleaseSpinLock(&x->Lock, irql);",
         "config_state", NO_SINK},
        {"the answer to the caller", STATE, "Irp->IoStatus.Information = 4; p->Reg = 1;",
         "config_state", NO_SINK},
        {"a local structure", STATE, "EXT local; local.Mode = 1;", "config_state", NO_SINK},
        {"a block made for the request", STATE,
         "PEXT b = ExAllocatePoolWithTag(0, sizeof(EXT), 'x'); if (b) { b->Mode = 1; "
         "ExFreePool(b); }",
         "config_state", NO_SINK},
        {"a block of an allocator that is not here", STATE, "PEXT b = MyAlloc(64); b->Mode = 1;",
         "config_state", NO_SINK},
    };
    CHECK_CLASSES(*state, cases);
}

#define OBJECTS                                                                                    \
    "typedef struct _CTX { WDFCOLLECTION Rules; RTL_AVL_TABLE Tree; RTL_BITMAP Map; LONG Flags;\n" \
    "  LIST_ENTRY Entries; LIST_ENTRY PendingIrps; HANDLE Section; ULONG Refs; } CTX, *PCTX;\n"    \
    "CTX g_ctx;\n"

static void routines_of_the_kit_change_state_too(void **state) {
    static const class_case cases[] = {
        {"an item joins a collection", OBJECTS, "WdfCollectionAdd(g_ctx.Rules, (WDFOBJECT)v);",
         "config_state", VALID},
        {"a collection is deleted and made anew", OBJECTS,
         "WdfObjectDelete(g_ctx.Rules); WdfCollectionCreate(0, &g_ctx.Rules);", "config_state",
         VALID},
        {"an element of a tree", OBJECTS,
         "RtlInsertElementGenericTableAvl(&g_ctx.Tree, buf, 16, &ok);", "config_state", VALID},
        {"bits of a map", OBJECTS, "RtlSetBits(&g_ctx.Map, 1, 2);", "config_state", VALID},
        {"flags, atomically", OBJECTS, "InterlockedOr(&g_ctx.Flags, 4);", "config_state", VALID},
        {"the head of a list leaves it", OBJECTS, "RemoveHeadList(&g_ctx.Entries);", "config_state",
         VALID},
        {"a handle is opened into it", OBJECTS, "ZwOpenSection(&g_ctx.Section, 4, 0);",
         "config_state", VALID},
        {"who asked", OBJECTS "PEPROCESS g_owner;\n", "g_owner = PsGetCurrentProcess();",
         "config_state", VALID},
        {"a waiting request leaves its queue", OBJECTS, "RemoveHeadList(&g_ctx.PendingIrps);",
         "config_state", NO_SINK},
        {"a collection of the request's own", OBJECTS,
         "WDFCOLLECTION own; WdfCollectionCreate(0, &own); WdfCollectionAdd(own, (WDFOBJECT)buf);\n"
         "WdfObjectDelete(own);",
         "config_state", NO_SINK},
        {"a map of the request's own", OBJECTS,
         "RTL_BITMAP own; RtlInitializeBitMap(&own, &data, 32); RtlSetBits(&own, 1, 2);",
         "config_state", NO_SINK},
        {"a list of the request's own", OBJECTS,
         "LIST_ENTRY own; InitializeListHead(&own); InsertTailList(&own, (PLIST_ENTRY)buf);",
         "config_state", NO_SINK},
        {"a handle of the request's own", OBJECTS, "HANDLE own; ZwOpenSection(&own, 4, 0);",
         "config_state", NO_SINK},
        {"references", OBJECTS, "InterlockedExchangeAdd(&g_ctx.Refs, 1);", "config_state", NO_SINK},
        {"reading", OBJECTS, "data = RtlNumberOfSetBits(&g_ctx.Map);", "config_state", NO_SINK},
    };
    CHECK_CLASSES(*state, cases);
}

#define CAPTURE                                                                                    \
    "typedef struct _EXT { ULONG Filter[4]; ULONG Snaplen; } EXT; EXT g_ext;\n"                    \
    "void PcapStart(void) {} void PcapStop(void) {} void PcapData(void) {}\n"                      \
    "void SniffPacket(void) {} void CaptureNext(void) {}\n"

static void a_capture_that_is_switched_off_is_a_setting(void **state) {
    static const class_case cases[] = {
        {"switched on", CAPTURE, "RtlCopyMemory(g_ext.Filter, p->Items, 16);", "packet_capture",
         OPEN},
        {"switched on by the driver", CAPTURE, "g_ext.Filter[0] = 1;", "packet_capture", VALID},
        {"switched off", CAPTURE, "RtlZeroMemory(&g_ext.Filter, 16);", "config_state", VALID},
        {"switched off hands nothing on", CAPTURE, "RtlZeroMemory(&g_ext.Filter, 16);",
         "packet_capture", NO_SINK},
        {"a setting beside it", CAPTURE, "g_ext.Filter[0] = 1; g_ext.Snaplen = 64;", "config_state",
         VALID},
    };
    CHECK_CLASSES(*state, cases);
}

#define GUARD_HEAD                                                                                 \
    "typedef struct _PROT { ULONG Pids[16]; ULONG Count; ULONG Other; } PROT; PROT g_prot;\n"      \
    "static int Find(ULONG pid) { return g_prot.Pids[0] == pid; }\n"
#define OB_CALLBACK                                                                                \
    GUARD_HEAD                                                                                     \
    "OB_PREOP_CALLBACK_STATUS Pre(PVOID c, POB_PRE_OPERATION_INFORMATION info) {\n"                \
    "  if (Find(4)) info->Parameters->CreateHandleInformation.DesiredAccess = 0;\n"                \
    "  return OB_PREOP_SUCCESS; }\n"
#define OB_WATCHER                                                                                 \
    GUARD_HEAD                                                                                     \
    "OB_PREOP_CALLBACK_STATUS Pre(PVOID c, POB_PRE_OPERATION_INFORMATION info) {\n"                \
    "  if (Find(4)) DbgPrint(\"seen\"); return OB_PREOP_SUCCESS; }\n"
#define NOTIFY_CALLBACK                                                                            \
    GUARD_HEAD                                                                                     \
    "void Notify(PEPROCESS p, HANDLE pid, PPS_CREATE_NOTIFY_INFO info) {\n"                        \
    "  if (info && g_prot.Other) info->CreationStatus = STATUS_ACCESS_DENIED; }\n"

static void state_that_a_refusing_callback_reads_is_protection(void **state) {
    static const class_case cases[] = {
        {"a list that an object callback reads", OB_CALLBACK, "g_prot.Pids[1] = p->Reg;",
         "protection_change", OPEN},
        {"clearing it", OB_CALLBACK, "RtlZeroMemory(&g_prot.Pids, sizeof(g_prot.Pids));",
         "protection_change", UNKNOWN},
        {"taking out what the caller names", OB_CALLBACK,
         "for (i = 0; i < 16; i++) { if (g_prot.Pids[i] == p->Reg) { g_prot.Pids[i] = 0; } }",
         "protection_change", PARTIAL},
        {"taking out what the driver names, if the caller says so", OB_CALLBACK,
         "if (p->Len == 3) { for (i = 0; i < 16; i++) { if (g_prot.Pids[i] == g_limit) { "
         "g_prot.Pids[i] = 0; } } }",
         "protection_change", UNKNOWN},
        {"taking out what the driver names", OB_CALLBACK,
         "for (i = 0; i < 16; i++) { if (g_prot.Pids[i] == g_limit) { g_prot.Pids[i] = 0; } }",
         "protection_change", UNKNOWN},
        {"what it does not read", OB_CALLBACK, "g_prot.Other = p->Reg;", "protection_change",
         NO_SINK},
        {"a callback that refuses nothing", OB_WATCHER, "g_prot.Pids[1] = p->Reg;",
         "protection_change", NO_SINK},
        {"no callback", GUARD_HEAD, "g_prot.Pids[1] = p->Reg;", "protection_change", NO_SINK},
        {"a switch that a process callback reads", NOTIFY_CALLBACK, "g_prot.Other = 1;",
         "protection_change", UNKNOWN},
    };
    CHECK_CLASSES(*state, cases);
}

#define NETWORK                                                                                    \
    "typedef struct _OPEN { PVOID PacketFilter; ULONG FilterFlags; ULONG Timeout; } OPEN, "        \
    "*POPEN;\n"                                                                                    \
    "void Register(void) { NdisFRegisterFilterDriver(0, 0, 0, 0); }\n"
#define NO_NETWORK "typedef struct _OPEN { ULONG FilterFlags; } OPEN, *POPEN;\n"
#define HANDLE_CONTEXT "POPEN x = (POPEN)sp->FileObject->FsContext;\n"

static void filters_of_a_network_driver_decide_about_packets(void **state) {
    static const class_case cases[] = {
        {"flags of a filter", NETWORK, HANDLE_CONTEXT "x->FilterFlags = p->Reg;", "packet_filter",
         OPEN},
        {"switched off", NETWORK, HANDLE_CONTEXT "x->FilterFlags = 0;", "packet_filter", VALID},
        {"something else", NETWORK, HANDLE_CONTEXT "x->Timeout = p->Reg;", "packet_filter",
         NO_SINK},
        {"a filter of a driver that sees no packets", NO_NETWORK,
         HANDLE_CONTEXT "x->FilterFlags = p->Reg;", "packet_filter", NO_SINK},
    };
    CHECK_CLASSES(*state, cases);
}

/* One request stores, another uses: both are this code's, told apart by a value of the caller's. */
#define BETWEEN "typedef struct _CTX { ULONG saved; ULONG other; } CTX, *PCTX; CTX g_ctx;\n"
#define STORE(value) "if (p->Len) { " value "; } else { "
#define DONE " }"

static void what_one_request_stores_unchecked_another_does_not_use_checked(void **state) {
    static const class_case cases[] = {
        {"a global", "ULONG g_reg;\n", STORE("g_reg = p->Reg") "__readmsr(g_reg);" DONE, "msr_read",
         OPEN},
        {"a structure without a known type", "PHYSICAL_ADDRESS g_pa; SIZE_T g_size;\n",
         STORE("g_pa = p->Pa; g_size = p->Len") "MmMapIoSpace(g_pa, g_size, 0);" DONE, "phys_map",
         OPEN},
        {"a member", BETWEEN, STORE("g_ctx.saved = p->Reg") "__readmsr(g_ctx.saved);" DONE,
         "msr_read", OPEN},
        {"a member of the extension", BETWEEN,
         "PCTX x = d->DeviceExtension;\n" STORE("x->saved = p->Reg") "__readmsr(x->saved);" DONE,
         "msr_read", OPEN},
        {"an extension without a type", NULL,
         STORE(
             "*(PULONG)d->DeviceExtension = p->Reg") "__readmsr(*(PULONG)d->DeviceExtension);" DONE,
         "msr_read", UNKNOWN},
        {"a process", "HANDLE g_pid;\n",
         STORE("g_pid = (HANDLE)p->Val") "PEPROCESS e; PsLookupProcessByProcessId(g_pid, &e);\n"
                                         "ZwTerminateProcess(e, 0);" DONE,
         "process_terminate", OPEN},
        {"checked before it is stored", BETWEEN,
         "if (p->Reg > MAX_R) return 1;\n" STORE(
             "g_ctx.saved = p->Reg") "__readmsr(g_ctx.saved);" DONE,
         "msr_read", UNKNOWN},
        {"checked before it is used", BETWEEN,
         STORE("g_ctx.saved = p->Reg") "if (g_ctx.saved > MAX_R) return 1;\n"
                                       "__readmsr(g_ctx.saved);" DONE,
         "msr_read", VALID},
        {"a part of it is checked", "LARGE_INTEGER g_pa;\n",
         STORE("g_pa.QuadPart = p->Val") "if (g_pa.QuadPart != 0xFED00000) return 1;\n"
                                         "MmMapIoSpace(g_pa, 16, 0);" DONE,
         "phys_map", VALID},
        {"another member is stored", BETWEEN,
         STORE("g_ctx.other = p->Reg") "__readmsr(g_ctx.saved);" DONE, "msr_read", VALID},
        {"a member of that name in two structures",
         BETWEEN "typedef struct _HW { ULONG saved; } HW; HW g_hw;\n",
         STORE("g_ctx.saved = p->Reg") "__readmsr(g_hw.saved);" DONE, "msr_read", UNKNOWN},
        {"a member of the kit's that is called so", BETWEEN,
         STORE("g_ctx.saved = p->Reg") "__readmsr(d->Queue.saved);" DONE, "msr_read", VALID},
        {"a length", BETWEEN,
         STORE("g_ctx.saved = p->Reg") "RtlCopyMemory(buf, g_base, g_ctx.saved);" DONE,
         "copy_unbounded", NO_SINK},
    };
    CHECK_CLASSES(*state, cases);
}

#define ENTRIES                                                                                    \
    "typedef struct _NODE { LIST_ENTRY Link; struct _NODE *next; ULONG Id; } NODE, *PNODE;\n"      \
    "LIST_ENTRY g_list; PNODE g_head;\n"
#define NEW_NODE "PNODE n = ExAllocatePoolWithTag(0, sizeof(NODE), 'x'); if (!n) goto out;\n"
#define PUSHED "n->next = g_head; g_head = n;"

static void an_entry_is_kept_with_what_it_holds(void **state) {
    static const class_case cases[] = {
        {"linked by hand", ENTRIES, NEW_NODE "n->Id = p->Reg; " PUSHED, "config_state", OPEN},
        {"linked by the kit", ENTRIES,
         NEW_NODE "n->Id = p->Reg; InsertTailList(&g_list, &n->Link);", "config_state", OPEN},
        {"a lower bound alone", ENTRIES,
         NEW_NODE "if (p->Reg <= 0) goto out; n->Id = p->Reg; " PUSHED, "config_state", PARTIAL},
        {"checked", ENTRIES,
         NEW_NODE "if (p->Reg < MIN_R || p->Reg > MAX_R) goto out; n->Id = p->Reg; " PUSHED,
         "config_state", VALID},
        {"of the driver's", ENTRIES, NEW_NODE "n->Id = g_limit; " PUSHED, "config_state", VALID},
        {"the request's own length", ENTRIES, NEW_NODE "n->Id = inLen; " PUSHED, "config_state",
         VALID},
        {"never linked", ENTRIES, NEW_NODE "n->Id = p->Reg; ExFreePool(n);", "config_state",
         NO_SINK},
    };
    CHECK_CLASSES(*state, cases);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(what_a_request_leaves_behind_is_a_change_of_state),
        WITH_FIXTURE(routines_of_the_kit_change_state_too),
        WITH_FIXTURE(a_capture_that_is_switched_off_is_a_setting),
        WITH_FIXTURE(state_that_a_refusing_callback_reads_is_protection),
        WITH_FIXTURE(filters_of_a_network_driver_decide_about_packets),
        WITH_FIXTURE(what_one_request_stores_unchecked_another_does_not_use_checked),
        WITH_FIXTURE(an_entry_is_kept_with_what_it_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
