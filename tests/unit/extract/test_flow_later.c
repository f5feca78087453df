#include "flow_case.h"

/*
 * Code that the driver does not call by name: routines that the kit runs for it, now or later, and
 * functions that stand in its tables.
 */

#define VALID RM_VALIDATION_VALIDATED
#define OPEN RM_VALIDATION_UNVALIDATED
#define UNKNOWN RM_VALIDATION_UNKNOWN

static void others_run_it_later(void **state) {
    static const flow_case cases[] = {
        {"a work item",
         "VOID Work(PDEVICE_OBJECT d, PVOID c) { PIN1 q = (PIN1)c; __readmsr(q->Reg); }\n",
         "IoQueueWorkItem(d->DeviceExtension, Work, DelayedWorkQueue, p);", "__readmsr", NOT_VALID},
        {"a work item, checked before",
         "VOID Work(PDEVICE_OBJECT d, PVOID c) { __readmsr((ULONG)(ULONG_PTR)c); }\n",
         "if (p->Reg > MAX_R) goto out;\n"
         "IoQueueWorkItem(d->DeviceExtension, Work, DelayedWorkQueue, (PVOID)(ULONG_PTR)p->Reg);",
         "__readmsr", VALID},
        {"a work item with a block of its own",
         "VOID Work(PDEVICE_OBJECT d, PVOID c) { PIN1 q = (PIN1)c; __readmsr(q->Reg); }\n",
         "PIN1 a = ExAllocatePoolWithTag(0, sizeof(IN1), 'x'); *a = *p;\n"
         "IoQueueWorkItem(d->DeviceExtension, Work, DelayedWorkQueue, a);",
         "__readmsr", OPEN},
        {"a work item with the device's own context, by the name of a queue",
         "typedef struct _CTX { ULONG Reg; PIO_WORKITEM Item; } CTX;\n"
         "VOID Work(PDEVICE_OBJECT d, PVOID c) { __readmsr(((CTX *)c)->Reg); }\n",
         "CTX *x = d->DeviceExtension; x->Reg = p->Reg;\n"
         "IoQueueWorkItem(x->Item, Work, DelayedWorkQueue, x);",
         "__readmsr", NOT_VALID},
        {"a completion routine",
         "NTSTATUS Done(PDEVICE_OBJECT d, PIRP i, PVOID c) { __readmsr(*(PULONG)c); return 0; }\n",
         "IoSetCompletionRoutine(Irp, Done, p, TRUE, TRUE, TRUE);", "__readmsr", NOT_VALID},
        {"on every processor",
         "ULONG_PTR Each(ULONG_PTR c) { __writemsr(((PIN1)c)->Reg, ((PIN1)c)->Val); return 0; }\n",
         "KeIpiGenericCall(Each, (ULONG_PTR)p);", "__writemsr", OPEN},
        {"at the interrupt's level",
         "BOOLEAN Sync(PVOID c) { __outbyte(((PIN1)c)->Port, 1); return TRUE; }\n",
         "KeSynchronizeExecution(g_base, Sync, p);", "__outbyte", OPEN},
        {"a thread", "VOID Run(PVOID c) { __readmsr(((PIN1)c)->Reg); }\n",
         "HANDLE h; PsCreateSystemThread(&h, 0, NULL, NULL, NULL, Run, p);", "__readmsr",
         NOT_VALID},
        {"a table of functions",
         "static void A(PIN1 q) { __readmsr(q->Reg); }\nstatic void B(PIN1 q) { }\n"
         "typedef void (*FN)(PIN1);\nstatic const FN g_fns[] = {B, A};\n",
         "if (p->Small < 2) g_fns[p->Small](p);", "__readmsr", OPEN},
        {"a table of functions, checked",
         "static void A(PIN1 q) { if (q->Reg == 0x10) __readmsr(q->Reg); }\n"
         "static void B(PIN1 q) { }\n"
         "typedef void (*FN)(PIN1);\nstatic const FN g_fns[] = {B, A};\n",
         "if (p->Small < 2) g_fns[p->Small](p);", "__readmsr", VALID},
        {"a table of functions, through a pointer",
         "static void A(PIN1 q) { __readmsr(q->Reg); }\nstatic void B(PIN1 q) { }\n"
         "typedef struct _ROW { ULONG id; void (*run)(PIN1); } ROW;\n"
         "static const ROW g_rows[] = {{1, A}, {2, B}};\n",
         "const ROW *t; if (p->Small > 1) goto out; t = &g_rows[p->Small]; t->run(p);", "__readmsr",
         OPEN},
        {"a table of functions, named members",
         "static void A(PIN1 q) { __readmsr(q->Reg); }\nstatic void B(PIN1 q) { }\n"
         "typedef struct _OPS { void (*go)(PIN1); void (*stop)(PIN1); } OPS;\n"
         "static const OPS g_ops = {.stop = B, .go = A};\n",
         "g_ops.go(p);", "__readmsr", OPEN},
        {"a table of functions, another member",
         "static void A(PIN1 q) { __readmsr(q->Reg); }\nstatic void B(PIN1 q) { }\n"
         "typedef struct _OPS { void (*go)(PIN1); void (*stop)(PIN1); } OPS;\n"
         "static const OPS g_ops = {.stop = B, .go = A};\n",
         "g_ops.stop(p);", "__readmsr", NO_SINK},
        {"a work item that reads what was checked and kept",
         "VOID Work(PDEVICE_OBJECT d, PVOID c) { __readmsr(g_limit); }\n",
         "if (p->Reg > MAX_R) goto out; g_limit = p->Reg;\n"
         "IoQueueWorkItem(d->DeviceExtension, Work, DelayedWorkQueue, NULL);",
         "__readmsr", UNKNOWN},
        {"a work item that reads what was kept",
         "VOID Work(PDEVICE_OBJECT d, PVOID c) { __readmsr(g_limit); }\n",
         "g_limit = p->Reg; IoQueueWorkItem(d->DeviceExtension, Work, DelayedWorkQueue, NULL);",
         "__readmsr", OPEN},
        {"a work item of the framework's",
         "VOID Evt(WDFWORKITEM i) { __readmsr(g_limit); }\n"
         "NTSTATUS Make(void) { WDF_WORKITEM_CONFIG c; WDF_WORKITEM_CONFIG_INIT(&c, Evt); return "
         "0; }\n",
         "g_limit = p->Reg; WdfWorkItemEnqueue(g_base);", "__readmsr", OPEN},
        {"a DPC",
         "VOID Dpc(PKDPC k, PVOID c, PVOID a, PVOID b) { __readmsr(((PIN1)c)->Reg); }\nKDPC "
         "g_dpc;\n",
         "KeInitializeDpc(&g_dpc, Dpc, p); KeInsertQueueDpc(&g_dpc, NULL, NULL);", "__readmsr",
         OPEN},
        {"what a DPC is queued with",
         "VOID Dpc(PKDPC k, PVOID c, PVOID a, PVOID b) { __readmsr((ULONG)(ULONG_PTR)a); }\nKDPC "
         "g_dpc;\n",
         "KeInitializeDpc(&g_dpc, Dpc, NULL);\n"
         "KeInsertQueueDpc(&g_dpc, (PVOID)(ULONG_PTR)p->Reg, NULL);",
         "__readmsr", OPEN},
        {"what a DPC is queued with, checked",
         "VOID Dpc(PKDPC k, PVOID c, PVOID a, PVOID b) { __readmsr((ULONG)(ULONG_PTR)a); }\nKDPC "
         "g_dpc;\n",
         "if (p->Reg > MAX_R) goto out; KeInitializeDpc(&g_dpc, Dpc, NULL);\n"
         "KeInsertQueueDpc(&g_dpc, (PVOID)(ULONG_PTR)p->Reg, NULL);",
         "__readmsr", VALID},
    };
    CHECK_CASES(*state, cases);
}

/* A dispatch routine that finds the handler of a code in a table. */
static void a_table_dispatches(void **state) {
    struct fixture *f = *state;
    static const char *const loops[] = {
        "for (i = 0; i < ARRAYSIZE(g_rows); i++) { if (g_rows[i].Code == code) return "
        "g_rows[i].Run(p); }\n",
        "for (i = 0; i < 2; i++) { const ROW *t = &g_rows[i]; if (code != t->Code) continue;\n"
        "  return t->Run(p); }\n",
    };
    for (size_t i = 0; i < sizeof loops / sizeof loops[0]; i++) {
        rm_buf text = {.arena = f->arena};
        rm_buf_printf(&text,
                      FLOW_HEAD
                      "static NTSTATUS A(PIN1 q) { __readmsr(q->Reg); return 0; }\n"
                      "static NTSTATUS B(PIN1 q) { if (q->Reg == 1) __inbyte(q->Reg); return 0; }\n"
                      "typedef struct _ROW { ULONG Code; NTSTATUS (*Run)(PIN1); } ROW;\n"
                      "static const ROW g_rows[] = {{0x222000, A}, {0x222004, B}};\n"
                      "NTSTATUS Disp(PDEVICE_OBJECT d, PIRP Irp) { ULONG i;\n"
                      "  PIO_STACK_LOCATION sp = IoGetCurrentIrpStackLocation(Irp);\n"
                      "  PIN1 p = (PIN1)Irp->AssociatedIrp.SystemBuffer;\n"
                      "  ULONG code = sp->Parameters.DeviceIoControl.IoControlCode;\n"
                      "  %s  return STATUS_INVALID_DEVICE_REQUEST; }\n"
                      "NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING R) {\n"
                      "  D->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Disp; return 0; }\n",
                      loops[i]);
        rm_model *model = flow_of(f, "table.c", rm_buf_view(&text));
        uint32_t first = entry_named(model, "0x222000");
        uint32_t second = entry_named(model, "0x222004");
        assert_int_not_equal(first, RM_NONE);
        assert_int_not_equal(second, RM_NONE);
        const rm_sink_call *open = sink_of(model, first, "__readmsr");
        const rm_sink_call *shut = sink_of(model, second, "__inbyte");
        assert_non_null(open);
        assert_non_null(shut);
        assert_int_equal(open->validation, OPEN);
        assert_int_equal(shut->validation, VALID);
        assert_null(sink_of(model, first, "__inbyte"));
        assert_null(sink_of(model, second, "__readmsr"));
    }
}

/* One request fills a block of the driver's, another uses it: the pointer is the driver's, what is
   in the block is not. */
static void a_block_of_the_drivers_is_filled_by_another_request(void **state) {
    static const struct {
        const char *use, *api;
        rm_validation wanted;
    } cases[] = {
        {"ExFreePoolWithTag(g_obj, 'x'); g_obj = NULL;", "ExFreePoolWithTag",
         RM_VALIDATION_VALIDATED},
        {"__readmsr(g_obj->Reg);", "__readmsr", RM_VALIDATION_UNKNOWN},
        {"__readmsr(*(PULONG)g_obj);", "__readmsr", RM_VALIDATION_UNKNOWN},
        {"__readmsr(g_obj->Own);", "__readmsr", RM_VALIDATION_VALIDATED},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rm_buf text = {.arena = f->arena};
        rm_buf_printf(&text,
                      "%stypedef struct _OBJ { ULONG Reg; ULONG Own; } OBJ; OBJ *g_obj;\n%s"
                      "g_obj = ExAllocatePoolWithTag(0, sizeof(OBJ), 'x');\n"
                      "g_obj->Reg = p->Reg; g_obj->Own = 0x10; break;\n"
                      "case 0x222004: %s%s",
                      FLOW_HEAD, FLOW_DISPATCH, cases[i].use, FLOW_TAIL);
        rm_model *model = flow_of(f, "case.c", rm_buf_view(&text));
        const rm_sink_call *sink = sink_of(model, entry_named(model, "0x222004"), cases[i].api);
        if (sink == NULL || sink->validation != cases[i].wanted) {
            print_error("%s is %s\n", cases[i].use, word_of(sink));
        }
        assert_non_null(sink);
        assert_int_equal(sink->validation, cases[i].wanted);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(a_block_of_the_drivers_is_filled_by_another_request),
        WITH_FIXTURE(others_run_it_later),
        WITH_FIXTURE(a_table_dispatches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
