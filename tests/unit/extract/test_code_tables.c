#include "flow_case.h"

/*
 * Tables whose rows name a code and the function for it. DMF's IoctlHandler compares the code and
 * calls the function with the request's buffers (EVT_DMF_IoctlHandler_Callback); the module itself
 * is not among a driver's sources.
 */

#define DRIVER                                                                                     \
    "typedef struct _IN1 { ULONG Reg; ULONG Len; } IN1, *PIN1;\n"                                  \
    "#define IOCTL_ONE CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)\n"   \
    "#define IOCTL_TWO CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)\n"   \
    "#define IOCTL_THREE CTL_CODE(FILE_DEVICE_UNKNOWN, 0x802, METHOD_BUFFERED, FILE_ANY_ACCESS)\n" \
    "NTSTATUS One(DMFMODULE m, WDFQUEUE q, WDFREQUEST r, ULONG code, VOID *in, size_t inSize,\n"   \
    "             VOID *out, size_t outSize, size_t *done) {\n"                                    \
    "  PIN1 p = (PIN1)in; *(ULONG64 *)out = __readmsr(p->Reg); return STATUS_SUCCESS; }\n"         \
    "NTSTATUS Two(DMFMODULE m, WDFQUEUE q, WDFREQUEST r, ULONG code, VOID *in, size_t inSize,\n"   \
    "             VOID *out, size_t outSize, size_t *done) {\n"                                    \
    "  PIN1 p = (PIN1)in; if (p->Reg > 0x20) return STATUS_INVALID_PARAMETER;\n"                   \
    "  *(ULONG64 *)out = __readmsr(p->Reg); return STATUS_SUCCESS; }\n"                            \
    "NTSTATUS Three(PVOID in) { __readmsr(((PIN1)in)->Reg); return STATUS_SUCCESS; }\n"            \
    "IoctlHandler_IoctlRecord g_table[] = {\n"                                                     \
    "  {IOCTL_ONE, sizeof(IN1), sizeof(ULONG64), One},\n"                                          \
    "  {(LONG)IOCTL_TWO, sizeof(IN1), sizeof(ULONG64), Two, IoctlHandler_AccessModeDefault},\n"    \
    "  {IOCTL_THREE, sizeof(IN1), 0, Three},\n"                                                    \
    "};\n"

static void a_callback_is_walked_for_its_row(void **state) {
    rm_model *model = flow_of(*state, "case.c", RM_STR(DRIVER));
    uint32_t entry = entry_named(model, "IOCTL_ONE");
    assert_int_not_equal(entry, RM_NONE);
    const rm_sink_call *sink = sink_of(model, entry, "__readmsr");
    assert_non_null(sink);
    assert_int_equal(sink->validation, RM_VALIDATION_UNVALIDATED);
    assert_int_equal(model->entries.at[entry].code, 0x222000);
    assert_int_equal(model->entries.at[entry].place.line, 14);
    assert_true(rm_str_eq(model->entries.at[entry].handler, RM_STR("One")));
}

static void its_checks_count(void **state) {
    rm_model *model = flow_of(*state, "case.c", RM_STR(DRIVER));
    const rm_sink_call *sink = sink_of(model, entry_named(model, "IOCTL_TWO"), "__readmsr");
    assert_non_null(sink);
    assert_int_equal(sink->validation, RM_VALIDATION_VALIDATED);
}

static void a_function_of_another_form_is_no_callback(void **state) {
    rm_model *model = flow_of(*state, "case.c", RM_STR(DRIVER));
    assert_int_equal(entry_named(model, "IOCTL_THREE"), RM_NONE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(a_callback_is_walked_for_its_row),
        WITH_FIXTURE(its_checks_count),
        WITH_FIXTURE(a_function_of_another_form_is_no_callback),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
