#include "class_case.h"

/* What is read or written through a view of physical memory is physical, where the caller chose
   which: as well checked as the place was. */

#define AT(ADDRESS)                                                                                \
    "PHYSICAL_ADDRESS pa; PVOID va; pa.QuadPart = " ADDRESS ";\n"                                  \
    "va = MmMapIoSpace(pa, 4096, MmNonCached); if (!va) break;\n"

static void an_access_through_a_view(void **state) {
    static const class_case cases[] = {
        {"loaded", NULL, AT("p->Val") "p->Len = *(volatile ULONG *)va;", "phys_read", OPEN},
        {"and not written", NULL, AT("p->Val") "p->Len = *(volatile ULONG *)va;", "phys_write",
         NO_SINK},
        {"stored", NULL, AT("p->Val") "*(volatile ULONG *)va = 1;", "phys_write", OPEN},
        {"and not read", NULL, AT("p->Val") "*(volatile ULONG *)va = 1;", "phys_read", NO_SINK},
        {"copied from", NULL, AT("p->Val") "RtlCopyMemory(p, va, 4);", "phys_read", OPEN},
        {"copied from, not to", NULL, AT("p->Val") "RtlCopyMemory(p, va, 4);", "phys_write",
         NO_SINK},
        {"copied to", NULL, AT("p->Val") "RtlCopyMemory(va, p, 4);", "phys_write", OPEN},
        {"behind its beginning", NULL, AT("p->Val") "((ULONG *)va)[4] = 1;", "phys_write", OPEN},
        {"moved on", NULL, AT("p->Val") "va = (PUCHAR)va + 8; p->Len = *(PULONG)va;", "phys_read",
         OPEN},
        {"one page that was asked for by number", NULL,
         "if (p->Val != 0xFED00000) break;\n" AT("p->Val") "p->Len = *(PULONG)va;", "phys_read",
         VALID},
        {"the driver's own page", NULL, AT("0xFED00000") "p->Len = *(PULONG)va;", "phys_read",
         NO_SINK},
        {"mapped and let be", NULL, AT("p->Val") "MmUnmapIoSpace(va, 4096);", "phys_read", NO_SINK},
        {"other memory", NULL, AT("p->Val") "ULONG own = 0; p->Len = own;", "phys_read", NO_SINK},
        {"what the page points to is not physical", NULL,
         AT("0xFED00000") "p->Len = **(PULONG *)va;", "phys_read", NO_SINK},
        {"by a helper", "static ULONG In(volatile ULONG *at) { return *at; }\n",
         AT("p->Val") "p->Len = In((volatile ULONG *)va);", "phys_read", OPEN},
    };
    CHECK_CLASSES(*state, cases);
}

#define SECTION(NAME, ADDRESS)                                                                     \
    "WCHAR text[] = L\"" NAME "\"; UNICODE_STRING n; OBJECT_ATTRIBUTES a;\n"                       \
    "HANDLE h; PUCHAR v = NULL; PHYSICAL_ADDRESS b; SIZE_T len = 4096;\n"                          \
    "RtlInitUnicodeString(&n, text);\n"                                                            \
    "InitializeObjectAttributes(&a, &n, OBJ_CASE_INSENSITIVE, NULL, NULL);\n"                      \
    "if (ZwOpenSection(&h, SECTION_ALL_ACCESS, &a) < 0) break; b.QuadPart = " ADDRESS ";\n"        \
    "if (ZwMapViewOfSection(h, (HANDLE)-1, (PVOID *)&v, 0, len, &b, &len, ViewShare, 0,\n"         \
    "                       PAGE_READWRITE) < 0) break;\n"

static void an_access_through_the_section(void **state) {
    static const class_case cases[] = {
        {"read", NULL, SECTION("\\\\Device\\\\PhysicalMemory", "p->Val") "RtlCopyMemory(p, v, 4);",
         "phys_read", OPEN},
        {"written", NULL, SECTION("\\\\Device\\\\PhysicalMemory", "p->Val") "v[0] = 1;",
         "phys_write", OPEN},
        {"at the driver's own address", NULL,
         SECTION("\\\\Device\\\\PhysicalMemory", "0x1000") "RtlCopyMemory(p, v, 4);", "phys_read",
         NO_SINK},
        {"of another section", NULL,
         SECTION("\\\\KnownDlls\\\\a.dll", "p->Val") "RtlCopyMemory(p, v, 4);", "phys_read",
         NO_SINK},
    };
    CHECK_CLASSES(*state, cases);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(an_access_through_a_view),
        WITH_FIXTURE(an_access_through_the_section),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
