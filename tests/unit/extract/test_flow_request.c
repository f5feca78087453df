#include "flow_case.h"

/*
 * The request's own parts under other names: a reference to them, a pointer, a copy. What they are
 * follows from C++ and from wdm.h, and a structure of the driver's own stays one.
 */

#define OPEN RM_VALIDATION_UNVALIDATED
#define VALID RM_VALIDATION_VALIDATED
#define NO_ENTRY (-1)

typedef struct request_case {
    const char *title;
    const char *before; /* the dispatch routine */
    const char *parts;  /* its first lines */
    const char *code;   /* what is switched on */
    const char *body;   /* of the case */
    const char *api;
    int wanted;
} request_case;

#define MSR "__readmsr(*(PULONG)Irp->AssociatedIrp.SystemBuffer);", "__readmsr"

static bool request_holds(struct fixture *f, const request_case *c) {
    rm_buf text = {.arena = f->arena};
    rm_buf_printf(&text,
                  "%sNTSTATUS Disp(PDEVICE_OBJECT d, PIRP Irp) {\n"
                  "auto sp = IoGetCurrentIrpStackLocation(Irp); UCHAR buf[16];\n%s\n"
                  "switch (%s) { case 0x222000: %s break; }\nreturn 0; }\n"
                  "NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING R) {\n"
                  "D->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Disp; return 0; }\n",
                  c->before, c->parts, c->code, c->body);
    rm_model *model = flow_of(f, "case.cpp", rm_buf_view(&text));
    uint32_t entry = entry_named(model, "0x222000");
    const rm_sink_call *sink = entry == RM_NONE ? NULL : sink_of(model, entry, c->api);
    bool holds =
        c->wanted == NO_ENTRY ? entry == RM_NONE : entry != RM_NONE && is_wanted(sink, c->wanted);
    if (!holds) {
        print_error("%s: %s\n", c->title, entry == RM_NONE ? "no entry" : word_of(sink));
    }
    return holds;
}

static void check_requests(struct fixture *f, const request_case *cases, size_t count) {
    unsigned wrong = 0;
    for (size_t i = 0; i < count; i++) {
        wrong += !request_holds(f, &cases[i]);
    }
    assert_int_equal(wrong, 0);
}

static void a_part_of_the_request_by_another_name_is_that_part(void **state) {
    static const request_case cases[] = {
        {"a reference", "", "auto &part = sp->Parameters.DeviceIoControl;", "part.IoControlCode",
         MSR, OPEN},
        {"a reference to const", "", "const auto &part = sp->Parameters.DeviceIoControl;",
         "part.IoControlCode", MSR, OPEN},
        {"a reference to all parameters", "", "auto &all = sp->Parameters;",
         "all.DeviceIoControl.IoControlCode", MSR, OPEN},
        {"a pointer", "", "auto part = &sp->Parameters.DeviceIoControl;", "part->IoControlCode",
         MSR, OPEN},
        {"a copy", "", "auto part = sp->Parameters.DeviceIoControl;", "part.IoControlCode", MSR,
         OPEN},
        {"its length", "", "auto &part = sp->Parameters.DeviceIoControl;", "part.IoControlCode",
         "RtlCopyMemory(buf, Irp->AssociatedIrp.SystemBuffer, part.InputBufferLength);",
         "RtlCopyMemory", OPEN},
        {"its length, checked", "", "auto &part = sp->Parameters.DeviceIoControl;",
         "part.IoControlCode",
         "if (part.InputBufferLength > sizeof(buf)) return 1;\n"
         "RtlCopyMemory(buf, Irp->AssociatedIrp.SystemBuffer, part.InputBufferLength);",
         "RtlCopyMemory", VALID},
        {"its buffer", "", "auto &part = Irp->AssociatedIrp;",
         "sp->Parameters.DeviceIoControl.IoControlCode", "__readmsr(*(PULONG)part.SystemBuffer);",
         "__readmsr", OPEN},
        {"a structure of the driver's own",
         "struct LAST { ULONG IoControlCode; }; struct ALL { LAST Control; }; ALL g_all;\n",
         "LAST &part = g_all.Control;", "part.IoControlCode", MSR, NO_ENTRY},
    };
    check_requests(*state, cases, sizeof cases / sizeof cases[0]);
}

/* Is there an entry for code 0x222000 that reads a register that the caller chooses? */
static bool enumerator_holds(struct fixture *f, const char *before, const char *code) {
    rm_buf text = {.arena = f->arena};
    rm_buf_printf(&text,
                  "%sNTSTATUS Disp(PDEVICE_OBJECT d, PIRP Irp) {\n"
                  "ULONG code = IoGetCurrentIrpStackLocation(Irp)->Parameters.DeviceIoControl."
                  "IoControlCode;\n%s __readmsr(*(PULONG)Irp->AssociatedIrp.SystemBuffer); }\n"
                  "return 0; }\n"
                  "NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING R) {\n"
                  "D->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Disp; return 0; }\n",
                  before, code);
    rm_model *model = flow_of(f, "case.cpp", rm_buf_view(&text));
    for (uint32_t i = 0; i < model->entries.count; i++) {
        const rm_entry *e = &model->entries.at[i];
        if (e->has_code && e->code == 0x222000) {
            return is_wanted(sink_of(model, i, "__readmsr"), OPEN);
        }
    }
    return false;
}

#define CODES "enum class Codes : ULONG { Go = CTL_CODE(0x22, 0x800, 0, 0), Stop };\n"
#define ON_CODES "switch (static_cast<Codes>(code)) { case Codes::Go: "

static void a_code_may_be_a_scoped_enumerator(void **state) {
    struct fixture *f = *state;
    assert_true(enumerator_holds(f, CODES, ON_CODES));
    assert_true(enumerator_holds(f, CODES, "if (code == (ULONG)Codes::Go) { "));
    assert_true(enumerator_holds(f, "namespace N { " CODES "}\n",
                                 "switch ((N::Codes)code) { case N::Codes::Go: "));
    /* another enumeration has one of that name */
    assert_true(enumerator_holds(f, CODES "enum class Other { Go = 5 };\n", ON_CODES));
    assert_true(enumerator_holds(f, "enum class Other { Go = 5 };\n" CODES, ON_CODES));
    assert_true(enumerator_holds(f, "struct K { static const ULONG Go = 0x222000; };\n",
                                 "if (code == K::Go) { "));
    /* not that enumeration's */
    assert_false(enumerator_holds(f, CODES "enum class Other { Go = 5 };\n",
                                  "switch ((Other)code) { case Other::Go: "));
    assert_false(enumerator_holds(f, CODES, "switch ((Codes)code) { case Codes::Stop: "));
}

static void a_call_is_of_the_function_that_takes_its_arguments(void **state) {
    static const flow_case cases[] = {
        {"a function called like an enumerator",
         "enum class Codes { Read = 1 };\nstatic void Read(ULONG r) { __readmsr(r); }\n",
         "Read(p->Reg);", "__readmsr", OPEN},
        {"by a pointer",
         "void Drop(PVOID q); void Drop(ULONG r);\n"
         "void Drop(PVOID q) { __readmsr(4); }\n"
         "void Drop(ULONG r) { __readpmc(r); }\n",
         "Drop(p->Ptr);", "__readpmc", NO_SINK},
        {"by a number",
         "void Drop(PVOID q) { __readmsr(4); }\n"
         "void Drop(ULONG r) { __readpmc(r); }\n",
         "Drop(p->Reg);", "__readpmc", OPEN},
    };
    CHECK_CASES_IN(*state, cases, "case.cpp");
}

static void elements_up_to_the_buffer_s_own_length_are_there(void **state) {
    static const flow_case cases[] = {
        {"copied one by one", "IN1 g_slot;\n",
         "ULONG n = inLen / sizeof(IN1);\n"
         "for (i = 0; i < n; i++) { RtlCopyMemory(&g_slot, &p[i], sizeof(IN1)); }",
         "RtlCopyMemory", NO_ALARM},
        {"up to a count of the caller's", "IN1 g_slot;\n",
         "for (i = 0; i < p->Len; i++) { RtlCopyMemory(&g_slot, &p[i], sizeof(IN1)); }",
         "RtlCopyMemory", OPEN},
        {"the number of a process", NULL,
         "PEPROCESS e; PsLookupProcessByProcessId(UlongToHandle(p->Reg), &e);",
         "PsLookupProcessByProcessId", OPEN},
    };
    CHECK_CASES(*state, cases);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(a_part_of_the_request_by_another_name_is_that_part),
        WITH_FIXTURE(a_code_may_be_a_scoped_enumerator),
        WITH_FIXTURE(a_call_is_of_the_function_that_takes_its_arguments),
        WITH_FIXTURE(elements_up_to_the_buffer_s_own_length_are_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
