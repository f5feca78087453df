#include "flow_case.h"

#include "source/kit_outs.h"

/*
 * What a routine of the kit writes through its arguments: by the directions of its parameters in
 * Windows' reference. What it only reads is what it was before the call.
 */

#define VALID RM_VALIDATION_VALIDATED
#define OPEN RM_VALIDATION_UNVALIDATED
#define UNKNOWN RM_VALIDATION_UNKNOWN

/* Directions as the pages of these routines have them. */
static const struct {
    const char *name;
    bool known;
    uint32_t outs;
} pages[] = {
    {"MmIsAddressValid", true, 0x0},       /* [in] */
    {"KeWaitForSingleObject", true, 0x0},  /* five times [in] */
    {"InsertTailList", true, 0x3},         /* [in, out] [in, out] */
    {"ZwQueryInformationFile", true, 0x6}, /* [in] [out] [out] [in] [in] */
    {"KeInitializeEvent", true, 0x1},      /* [out] [in] [in] */
    {"NdisZeroMemory", false, 0},          /* [in], says its page, and it writes */
    {"RtlSetBits", false, 0},              /* likewise, behind the header */
    {"KeSetTheMoonOnFire", false, 0},
};

static void directions_are_those_of_the_reference(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        uint32_t outs = 0;
        assert_int_equal(rm_kit_outs(rm_str_from(pages[i].name), &outs), pages[i].known);
        assert_int_equal(outs, pages[i].outs);
    }
}

static void what_is_only_read_keeps_its_value(void **state) {
    static const flow_case cases[] = {
        {"an address that is looked at, unchecked", NULL,
         "r = p->Reg; if (!MmIsAddressValid(&r)) goto out; __readmsr(r);", "__readmsr", OPEN},
        {"an address that is looked at, checked", NULL,
         "r = p->Reg; if (r > MAX_R) goto out; if (!MmIsAddressValid(&r)) goto out; __readmsr(r);",
         "__readmsr", VALID},
        {"checked, then filled", NULL,
         "r = p->Reg; if (r > MAX_R) goto out; ZwQueryInformationFile((HANDLE)p->Ptr, &r, buf, 4, "
         "5); __readmsr(r);",
         "__readmsr", UNKNOWN},
        {"a routine that calls back, checked before",
         "static BOOLEAN Sync(WDFINTERRUPT i, PVOID c)"
         " { *(ULONG *)c = *g_more; return TRUE; }\n",
         "r = p->Reg; if (r > MAX_R) goto out; WdfInterruptSynchronize(p->Ptr, Sync, &r); "
         "__readmsr(r);",
         "__readmsr", UNKNOWN},
    };
    CHECK_CASES(*state, cases);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(directions_are_those_of_the_reference),
        WITH_FIXTURE(what_is_only_read_keeps_its_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
