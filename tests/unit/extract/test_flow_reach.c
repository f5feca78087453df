#include "class_case.h"

/*
 * Where the walk cannot go: what is called there is told by its name, as unknown, for the request
 * that comes there and for no other.
 */

#define DEEP                                                                                       \
    "void Last(ULONG port) { WRITE_PORT_UCHAR((PUCHAR)port, 1); }\n"                               \
    "void Again(ULONG n) { if (n) { Again(n - 1); Last(n); } }\n"
#define HELPERS                                                                                    \
    "void Worker(PVOID context) { HANDLE h; ZwTerminateProcess(h, 0); }\n"                         \
    "void Other(PVOID context) { ULONG v = __readmsr(0x10); }\n"

static void what_is_handed_over_is_called_by_somebody(void **state) {
    static const class_case cases[] = {
        {"a routine given to one that is not here", HELPERS, "QueueIt(Worker, p);",
         "process_terminate", UNKNOWN},
        {"its address", HELPERS, "QueueIt(&Worker, p);", "process_terminate", UNKNOWN},
        {"not the one that is not", HELPERS, "QueueIt(Worker, p);", "msr_read", NO_SINK},
        {"a function that calls itself", DEEP, "Again(p->Reg);", "port_out", OPEN},
    };
    CHECK_CLASSES(*state, cases);
}

#define TABLE                                                                                      \
    "typedef struct _ROW { ULONG Pid; ULONG Size; } ROW, *PROW; RTL_GENERIC_TABLE g_table;\n"
#define FIND "ROW key; key.Pid = 4; PROW row = RtlLookupElementGenericTable(&g_table, &key);\n"
#define KILL "PEPROCESS e; PsLookupProcessByProcessId((HANDLE)row->Pid, &e); KeAttachProcess(e);"

/* The other entry puts the caller's value into a table of the kit's. */
static void a_table_of_the_kits_keeps_what_it_is_given(void **state) {
    static const class_case cases[] = {
        {"filled by another request", TABLE,
         FIND KILL "\n  break;\n  case 0x222004: { ROW fresh; fresh.Pid = p->Reg;\n"
                   "  RtlInsertElementGenericTable(&g_table, &fresh, sizeof(fresh), 0); }",
         "process_attach", UNKNOWN},
        {"filled by nobody", TABLE, FIND KILL, "process_attach", VALID},
        {"filled with the driver's own", TABLE,
         FIND KILL "\n  break;\n  case 0x222004: { ROW fresh; fresh.Pid = 4;\n"
                   "  RtlInsertElementGenericTable(&g_table, &fresh, sizeof(fresh), 0); }",
         "process_attach", VALID},
    };
    CHECK_CLASSES(*state, cases);
}

#define CALLBACK                                                                                   \
    "typedef struct _CTX { ULONG Id; void (*Done)(void); } CTX, *PCTX; PCTX g_ctx;\n"              \
    "void Done(void) {}\n"

static void calls_through_memory_that_nobody_filled(void **state) {
    static const class_case cases[] = {
        {"not set on one way", CALLBACK, "CTX c; if (p->Reg == 1) { c.Done = Done; } c.Done();",
         "uninit", OPEN},
        {"set on every way", CALLBACK, "CTX c; c.Done = Done; c.Done();", "uninit", NO_SINK},
        {"no pointer on one way", CALLBACK,
         "PCTX c = NULL; if (p->Reg == 1) { c = g_ctx; } c->Done();", "null_deref", OPEN},
        {"freed by another request, and the pointer stays", CALLBACK,
         "g_ctx->Done();\n  break;\n  case 0x222004: ExFreePool(g_ctx);", "code_exec", OPEN},
        {"freed, and the pointer goes", CALLBACK,
         "if (g_ctx) g_ctx->Done();\n  break;\n  case 0x222004: ExFreePool(g_ctx); g_ctx = NULL;",
         "code_exec", NO_SINK},
    };
    CHECK_CLASSES(*state, cases);
}

#define HOLDER                                                                                     \
    "typedef struct _HOLDER { PVOID Name; } HOLDER, *PHOLDER; PHOLDER g_h; PHOLDER g_all[8];\n"

static void what_goes_with_its_holder_does_not_dangle(void **state) {
    static const class_case cases[] = {
        {"a member is freed and stays", HOLDER, "ExFreePool(g_h->Name);", "use_after_free", OPEN},
        {"a member is freed, and forgotten", HOLDER, "ExFreePool(g_h->Name); g_h->Name = NULL;",
         "use_after_free", NO_SINK},
        {"a member is freed, and what holds it", HOLDER,
         "ExFreePool(g_h->Name); ExFreePool(g_h); g_h = NULL;", "use_after_free", NO_SINK},
        {"a member is freed, its holder stays where it was", HOLDER,
         "ExFreePool(g_h->Name); ExFreePool(g_h);", "use_after_free", OPEN},
        {"found by an index, twice", HOLDER,
         "if (p->Len >= 8) return 1; ExFreePool(g_all[p->Len]->Name); ExFreePool(g_all[p->Len]);\n"
         "g_all[p->Len] = NULL;",
         "use_after_free", NO_SINK},
        {"a device's own, and the device", HOLDER,
         "PHOLDER h = (PHOLDER)d->DeviceExtension; ExFreePool(h->Name); IoDeleteDevice(d);",
         "use_after_free", NO_SINK},
    };
    CHECK_CLASSES(*state, cases);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(what_is_handed_over_is_called_by_somebody),
        WITH_FIXTURE(a_table_of_the_kits_keeps_what_it_is_given),
        WITH_FIXTURE(calls_through_memory_that_nobody_filled),
        WITH_FIXTURE(what_goes_with_its_holder_does_not_dangle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
