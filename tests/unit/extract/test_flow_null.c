#include "class_case.h"

/* Allocations that may fail: what is done with the pointer before anybody asked whether it is one.
 */

#define BLOCK "PULONG b = ExAllocatePoolWithTag(NonPagedPool, 64, 'x');\n"
#define HELPERS                                                                                    \
    "PVOID g_kept; void Elsewhere(PVOID p);\n"                                                     \
    "static PVOID Get(void) { return ExAllocatePoolWithTag(NonPagedPool, 64, 'x'); }\n"            \
    "static PVOID GetOrFail(void) { PVOID b = ExAllocatePoolWithTag(0, 64, 'x');\n"                \
    "  if (b == NULL) DbgPrint(\"none\"); return b; }\n"

static void an_allocation_is_used_only_after_a_look_at_its_pointer(void **state) {
    static const class_case cases[] = {
        {"written", NULL, BLOCK "*b = 1;", "null_deref", OPEN},
        {"read", NULL, BLOCK "r = b[3];", "null_deref", OPEN},
        {"cleared", NULL, BLOCK "RtlZeroMemory(b, 64);", "null_deref", OPEN},
        {"copied to", NULL, BLOCK "RtlCopyMemory(b, buf, 16);", "null_deref", OPEN},
        {"copied from", NULL, BLOCK "RtlCopyMemory(buf, b, 16);", "null_deref", OPEN},
        {"by another routine", NULL, "PUCHAR b = MmAllocateNonCachedMemory(4096); *b = 'a';",
         "null_deref", OPEN},
        {"contiguous memory", NULL,
         "PUCHAR b = MmAllocateContiguousMemorySpecifyCache(4096, p->Pa, p->Pa, p->Pa, 0);\n"
         "*b = 'a';",
         "null_deref", OPEN},
        {"from a helper", HELPERS, "PULONG b = Get(); *b = 1;", "null_deref", OPEN},
        {"asked too late", NULL, BLOCK "*b = 1; if (b == NULL) goto out;", "null_deref", OPEN},
        {"asked on one way only", NULL, BLOCK "if (p->Reg) { if (!b) goto out; } else { *b = 1; }",
         "null_deref", OPEN},
        {"asked", NULL, BLOCK "if (b == NULL) goto out; *b = 1;", "null_deref", NO_SINK},
        {"used when it is one", NULL, BLOCK "if (b) { *b = 1; }", "null_deref", NO_SINK},
        {"asked in the assignment", NULL,
         "PULONG b; if (!(b = ExAllocatePoolWithTag(0, 64, 'x'))) goto out; *b = 1;", "null_deref",
         NO_SINK},
        {"by the status", NULL,
         BLOCK "status = b ? STATUS_SUCCESS : STATUS_NO_MEMORY; if (status != 0) goto out; *b = 1;",
         "null_deref", NO_SINK},
        {"asked in a helper", HELPERS, "PULONG b = GetOrFail(); *b = 1;", "null_deref", NO_SINK},
        {"handed to code that is not here", HELPERS, BLOCK "Elsewhere(b); *b = 1;", "null_deref",
         NO_SINK},
        {"read into by the kit", NULL,
         BLOCK "IO_STATUS_BLOCK io; status = ZwReadFile(g_base, 0, 0, 0, &io, b, 64, 0, 0);\n"
               "if (status < 0) goto out; r = *b;",
         "null_deref", NO_SINK},
        {"one that raises", NULL,
         "PULONG b = ExAllocatePoolWithTag(NonPagedPool | POOL_RAISE_IF_ALLOCATION_FAILURE, 64, "
         "'x'); *b = 1;",
         "null_deref", NO_SINK},
        {"one that always raises", NULL, "PULONG b = FsRtlAllocatePool(PagedPool, 64); *b = 1;",
         "null_deref", NO_SINK},
        {"in a handler's reach", NULL,
         BLOCK "__try { *b = 1; } __except (1) { status = STATUS_UNSUCCESSFUL; }", "null_deref",
         NO_SINK},
        {"kept, not used", HELPERS, BLOCK "g_kept = b;", "null_deref", NO_SINK},
        {"freed, not used", NULL, BLOCK "ExFreePool(b);", "null_deref", NO_SINK},
        {"the caller's buffer", NULL, "r = p->Reg;", "null_deref", NO_SINK},
    };
    CHECK_CLASSES(*state, cases);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(an_allocation_is_used_only_after_a_look_at_its_pointer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
