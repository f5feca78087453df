#include "flow_case.h"

/* Questions about the caller in IRP_MJ_CREATE: on every way, on some, or as a setting says. */

#define HEAD                                                                                       \
    "typedef struct _PARAMS { ULONG Level; } PARAMS;\nPARAMS g_params;\n"                          \
    "NTSTATUS Create(PDEVICE_OBJECT d, PIRP Irp) {\n"                                              \
    "  PIO_STACK_LOCATION sp = IoGetCurrentIrpStackLocation(Irp);\n"                               \
    "  NTSTATUS status = STATUS_SUCCESS; LUID luid = RtlConvertUlongToLuid(20);\n"
#define TAIL                                                                                       \
    "  Irp->IoStatus.Status = status; IoCompleteRequest(Irp, 0); return status; }\n"               \
    "NTSTATUS Control(PDEVICE_OBJECT d, PIRP Irp) {\n"                                             \
    "  PIO_STACK_LOCATION sp = IoGetCurrentIrpStackLocation(Irp);\n"                               \
    "  switch (sp->Parameters.DeviceIoControl.IoControlCode) { case 0x222000:\n"                   \
    "    __readmsr(*(ULONG *)Irp->AssociatedIrp.SystemBuffer); break; } return 0; }\n"             \
    "NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING R) {\n"                                \
    "  D->MajorFunction[IRP_MJ_CREATE] = Create;\n"                                                \
    "  D->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Control; return 0; }\n"

static const struct {
    const char *title;
    const char *code;
    rm_tri dominates;
} cases[] = {
    {"asked of everyone",
     "if (!SeSinglePrivilegeCheck(luid, Irp->RequestorMode)) status = STATUS_PRIVILEGE_NOT_HELD;",
     RM_TRI_YES},
    {"asked where a setting of the driver says so",
     "if (g_params.Level == 1 && !SeSinglePrivilegeCheck(luid, Irp->RequestorMode))\n"
     "  status = STATUS_PRIVILEGE_NOT_HELD;",
     RM_TRI_UNKNOWN},
    {"left out where the caller likes",
     "if (sp->FileObject->FileName.Length != 0) {\n"
     "  if (!SeSinglePrivilegeCheck(luid, Irp->RequestorMode)) status = "
     "STATUS_PRIVILEGE_NOT_HELD; }",
     RM_TRI_NO},
};

static const rm_check *question(const rm_model *model) {
    for (uint32_t i = 0; i < model->checks.count; i++) {
        if (model->checks.at[i].kind == RM_CHECK_PRIVILEGE) {
            return &model->checks.at[i];
        }
    }
    return NULL;
}

static void who_is_asked_is_told(void **state) {
    struct fixture *f = *state;
    unsigned wrong = 0;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rm_buf text = {.arena = f->arena};
        rm_buf_printf(&text, "%s%s%s", HEAD, cases[i].code, TAIL);
        const rm_check *c = question(flow_of(f, "case.c", rm_buf_view(&text)));
        bool holds = c != NULL && c->at == RM_AT_CREATE && c->dominates == cases[i].dominates &&
                     c->can_refuse == RM_TRI_YES;
        if (!holds) {
            print_error("%s: dominates %d\n", cases[i].title, c == NULL ? 9 : (int)c->dominates);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {WITH_FIXTURE(who_is_asked_is_told)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
