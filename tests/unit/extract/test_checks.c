#include "flow_case.h"

/* Questions about the caller: what is asked, can it refuse, does every way to the entry's doing
 * ask. */

typedef struct check_case {
    const char *title;
    const char *before; /* helpers */
    const char *code;   /* in the handler of 0x222000 */
    int kind;           /* rm_check_kind; RM_CHECK_COUNT: no question at all */
    const char *argument;
    rm_tri dominates, can_refuse;
} check_case;

#define PRIVILEGE "RtlConvertLongToLuid(SE_LOAD_DRIVER_PRIVILEGE)"
#define HAS "SeSinglePrivilegeCheck(" PRIVILEGE ", Irp->RequestorMode)"
#define SINK "__writemsr(p->Reg, p->Val);"

static const check_case cases[] = {
    {"a guard at the beginning", "",
     "if (!" HAS ") { status = STATUS_ACCESS_DENIED; goto out; } " SINK, RM_CHECK_PRIVILEGE,
     PRIVILEGE, RM_TRI_YES, RM_TRI_YES},
    {"its result is ignored", "", HAS "; " SINK, RM_CHECK_PRIVILEGE, PRIVILEGE, RM_TRI_NO,
     RM_TRI_NO},
    {"the status is overwritten", "",
     "if (!" HAS ") { status = STATUS_ACCESS_DENIED; } status = STATUS_SUCCESS; " SINK,
     RM_CHECK_PRIVILEGE, PRIVILEGE, RM_TRI_NO, RM_TRI_NO},
    {"a function that always says yes",
     "BOOLEAN Allowed(PIRP Irp) { BOOLEAN x = " HAS "; return TRUE; }\n",
     "if (!Allowed(Irp)) { status = STATUS_ACCESS_DENIED; goto out; } " SINK, RM_CHECK_PRIVILEGE,
     PRIVILEGE, RM_TRI_NO, RM_TRI_NO},
    {"a function that says what the kit says",
     "BOOLEAN Allowed(PIRP Irp) { if (" HAS ") { return TRUE; } return FALSE; }\n",
     "if (!Allowed(Irp)) { status = STATUS_ACCESS_DENIED; goto out; } " SINK, RM_CHECK_PRIVILEGE,
     PRIVILEGE, RM_TRI_YES, RM_TRI_YES},
    {"only on some ways", "",
     "if (p->Len > 4) { if (!" HAS ") { status = STATUS_ACCESS_DENIED; goto out; } } " SINK,
     RM_CHECK_PRIVILEGE, PRIVILEGE, RM_TRI_NO, RM_TRI_YES},
    {"behind what it should guard", "",
     SINK " if (!" HAS ") { status = STATUS_ACCESS_DENIED; goto out; }", RM_CHECK_PRIVILEGE,
     PRIVILEGE, RM_TRI_NO, RM_TRI_YES},
    {"nothing privileged is done", "", "if (!" HAS ") { status = STATUS_ACCESS_DENIED; goto out; }",
     RM_CHECK_PRIVILEGE, PRIVILEGE, RM_TRI_YES, RM_TRI_YES},
    {"a descriptor is asked",
     "BOOLEAN Check(KPROCESSOR_MODE mode, NTSTATUS *st) { ACCESS_MASK granted;\n"
     "  BOOLEAN ok = SeAccessCheck(g_sd, &g_subject, FALSE, FILE_WRITE_DATA, 0, NULL, &g_map, "
     "mode,\n"
     "    &granted, st); return ok; }\n",
     "if (!Check(Irp->RequestorMode, &status)) { status = STATUS_ACCESS_DENIED; goto out; } " SINK,
     RM_CHECK_ACCESS, "SeAccessCheck: FILE_WRITE_DATA", RM_TRI_YES, RM_TRI_YES},
    {"the handle is asked", "",
     "status = IoValidateDeviceIoControlAccess(Irp, FILE_WRITE_ACCESS);\n"
     "if (!NT_SUCCESS(status)) { goto out; } " SINK,
     RM_CHECK_ACCESS, "FILE_WRITE_ACCESS", RM_TRI_YES, RM_TRI_YES},
    {"the handle is asked for nothing", "",
     "status = IoValidateDeviceIoControlAccess(Irp, FILE_WRITE_ACCESS); " SINK, RM_CHECK_ACCESS,
     "FILE_WRITE_ACCESS", RM_TRI_NO, RM_TRI_NO},
    {"the kernel only", "",
     "if (Irp->RequestorMode != KernelMode) { status = STATUS_ACCESS_DENIED; goto out; } " SINK,
     RM_CHECK_REQUESTOR_MODE, "KernelMode", RM_TRI_YES, RM_TRI_YES},
    {"the mode only decides whether to probe", "",
     "if (ExGetPreviousMode() != KernelMode) { ProbeForRead(p->Ptr, 4, 1); } " SINK, RM_CHECK_COUNT,
     "", RM_TRI_NO, RM_TRI_NO},
    {"two ways lead to the guard", "",
     "if (p->Len > 4) { data = 1; } else { data = 2; }\n"
     "if (!" HAS ") { status = STATUS_ACCESS_DENIED; goto out; } " SINK,
     RM_CHECK_PRIVILEGE, PRIVILEGE, RM_TRI_YES, RM_TRI_YES},
    {"one of two operations is guarded", "",
     "if (p->Len > 4) { __writecr3(p->Val); }\n"
     "else if (!" HAS ") { status = STATUS_ACCESS_DENIED; goto out; } else { " SINK " }",
     RM_CHECK_PRIVILEGE, PRIVILEGE, RM_TRI_NO, RM_TRI_YES},
    {"administrators only", "",
     "if (!SeTokenIsAdmin(g_token)) { status = STATUS_ACCESS_DENIED; goto out; } " SINK,
     RM_CHECK_CALLER, "", RM_TRI_YES, RM_TRI_YES},
    {"the process that the driver knows", "HANDLE g_service;\n",
     "if (PsGetCurrentProcessId() != g_service) { status = STATUS_ACCESS_DENIED; goto out; } " SINK,
     RM_CHECK_CALLER, "PsGetCurrentProcessId()", RM_TRI_YES, RM_TRI_YES},
    {"the process that the request names", "",
     "if (PsGetCurrentProcess() != p->Ptr) { status = STATUS_ACCESS_DENIED; goto out; } " SINK,
     RM_CHECK_COUNT, "", RM_TRI_NO, RM_TRI_NO},
    {"who it is is only told", "", "DbgPrint(\"%p\", PsGetCurrentProcessId()); " SINK,
     RM_CHECK_COUNT, "", RM_TRI_NO, RM_TRI_NO},
};

static const rm_check *question_in(const rm_model *m, uint32_t entry) {
    for (uint32_t i = 0; i < m->checks.count; i++) {
        const rm_check *c = &m->checks.at[i];
        bool asks = c->kind == RM_CHECK_PRIVILEGE || c->kind == RM_CHECK_ACCESS ||
                    c->kind == RM_CHECK_CALLER || c->kind == RM_CHECK_REQUESTOR_MODE;
        if (c->sink == RM_NONE && c->entry == entry && asks) {
            return c;
        }
    }
    return NULL;
}

static bool is_as_wanted(const rm_check *c, const check_case *wanted) {
    if (c == NULL || wanted->kind == RM_CHECK_COUNT) {
        return (c == NULL) == (wanted->kind == RM_CHECK_COUNT);
    }
    return (int)c->kind == wanted->kind && rm_str_eq(c->argument, rm_str_from(wanted->argument)) &&
           c->dominates == wanted->dominates && c->can_refuse == wanted->can_refuse &&
           c->at == RM_AT_ENTRY;
}

static void every_form_of_a_check_says_what_it_is_worth(void **state) {
    struct fixture *f = *state;
    unsigned wrong = 0;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rm_buf text = {.arena = f->arena};
        rm_buf_text(&text, FLOW_HEAD);
        rm_buf_text(&text, cases[i].before);
        rm_buf_text(&text, FLOW_DISPATCH);
        rm_buf_text(&text, cases[i].code);
        rm_buf_text(&text, FLOW_TAIL);
        rm_model *m = flow_of(f, "d.c", rm_buf_view(&text));
        uint32_t entry = 0;
        while (entry < m->entries.count && m->entries.at[entry].code != 0x222000) {
            entry++;
        }
        const rm_check *c = question_in(m, entry);
        if (!is_as_wanted(c, &cases[i])) {
            wrong++;
            print_message("%s: %s '%.*s' dominates %d refuses %d\n", cases[i].title,
                          c == NULL ? "nothing" : rm_check_kind_name(c->kind),
                          RM_STR_ARG(c == NULL ? RM_STR_NONE : c->argument),
                          c == NULL ? -9 : (int)c->dominates, c == NULL ? -9 : (int)c->can_refuse);
        }
    }
    assert_int_equal(wrong, 0);
}

/* What stands on one of several ways to an operation is passed, and dominates nothing. */
static void one_case_of_a_switch_does_not_dominate_what_is_behind_it(void **state) {
    struct fixture *f = *state;
    rm_model *m =
        flow_of(f, "d.c",
                RM_STR(FLOW_HEAD FLOW_DISPATCH "if (p->Reg > MAX_R) { goto out; }\n"
                                               "switch (p->Len) { case 1: data = 1; break;\n"
                                               "  case 2: data = 2; break; default: goto out; }\n"
                                               "READ_REGISTER_BUFFER_UCHAR(p->Ptr, buf, p->Len);\n"
                                               "__writemsr(p->Reg, p->Val);" FLOW_TAIL));
    unsigned of_cases = 0;
    unsigned limits = 0;
    for (uint32_t i = 0; i < m->checks.count; i++) {
        const rm_check *c = &m->checks.at[i];
        if (c->sink != RM_NONE && c->kind == RM_CHECK_EQUALITY) {
            assert_int_equal(c->dominates, RM_TRI_NO);
            of_cases++;
        }
        if (c->sink != RM_NONE && rm_str_eq(c->argument, RM_STR("Reg"))) {
            assert_int_equal(c->dominates, RM_TRI_YES);
            limits++;
        }
    }
    assert_int_equal(of_cases, 2);
    assert_true(limits > 0);
}

static void a_check_at_create_is_one_for_the_handle(void **state) {
    rm_model *m = flow_of(
        *state, "d.c",
        RM_STR("NTSTATUS Create(PDEVICE_OBJECT d, PIRP Irp) { NTSTATUS status = STATUS_SUCCESS;\n"
               "  if (!" HAS ") { status = STATUS_PRIVILEGE_NOT_HELD; }\n"
               "  Irp->IoStatus.Status = status; return status; }\n"
               "NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING R) {\n"
               "  D->MajorFunction[IRP_MJ_CREATE] = Create; return 0; }\n"));
    const rm_check *c = question_in(m, RM_NONE);
    assert_non_null(c);
    assert_int_equal(c->at, RM_AT_CREATE);
    assert_int_equal(c->kind, RM_CHECK_PRIVILEGE);
    assert_int_equal(c->dominates, RM_TRI_YES);
    assert_int_equal(c->can_refuse, RM_TRI_YES);
}

/* EvtIoDeviceControl returns nothing: the request's status tells. */
static void a_framework_request_is_refused_by_its_status(void **state) {
    static const struct {
        const char *status;
        rm_tri dominates, can_refuse;
    } wanted[] = {{"STATUS_ACCESS_DENIED", RM_TRI_YES, RM_TRI_YES},
                  {"STATUS_SUCCESS", RM_TRI_NO, RM_TRI_NO}};
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        rm_str text = RM_STR_NONE;
        assert_int_equal(
            rm_str_printf(f->arena, &text,
                          "VOID Io(WDFQUEUE q, WDFREQUEST r, size_t o, size_t i, ULONG code) {\n"
                          "  if (!SeSinglePrivilegeCheck(SE_TCB, UserMode)) {\n"
                          "    WdfRequestComplete(r, %s);\n    return;\n  }\n"
                          "  switch (code) { case 0x222000: break; }\n"
                          "  WdfRequestComplete(r, STATUS_SUCCESS); }\n"
                          "void F(void) { config.EvtIoDeviceControl = Io; }\n",
                          wanted[i].status),
            RM_OK);
        rm_model *m = flow_of(f, "d.c", text);
        uint32_t entry = 0;
        while (entry < m->entries.count && m->entries.at[entry].code != 0x222000) {
            entry++;
        }
        const rm_check *c = question_in(m, entry);
        assert_non_null(c);
        assert_int_equal(c->dominates, wanted[i].dominates);
        assert_int_equal(c->can_refuse, wanted[i].can_refuse);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(every_form_of_a_check_says_what_it_is_worth),
        WITH_FIXTURE(one_case_of_a_switch_does_not_dominate_what_is_behind_it),
        WITH_FIXTURE(a_check_at_create_is_one_for_the_handle),
        WITH_FIXTURE(a_framework_request_is_refused_by_its_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
