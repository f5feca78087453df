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

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(what_a_request_leaves_behind_is_a_change_of_state),
        WITH_FIXTURE(state_that_a_refusing_callback_reads_is_protection),
        WITH_FIXTURE(filters_of_a_network_driver_decide_about_packets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
