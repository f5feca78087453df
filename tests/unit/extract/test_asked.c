#include "support.h"

#include "extract/extract.h"

/* A code that is asked for only to name, print or refuse it is not handled. */

static rm_model *extract(struct fixture *f, rm_str text) {
    rm_input_files files = {0};
    uint32_t unusable = 0;
    rm_input_file *added = rm_push(f->arena, &files);
    *added = (rm_input_file){.path = RM_STR("d/d.c"), .bytes = text};
    assert_true(rm_artifact_kind_of(added->path, &added->kind));
    rm_model *model = rm_model_new((size_t)1 << 28);
    assert_int_equal(rm_extract(model, &f->sink, &files, NULL, &unusable), RM_OK);
    return model;
}

static bool has_entry(const rm_model *m, const char *name) {
    for (uint32_t i = 0; i < m->entries.count; i++) {
        if (rm_str_eq(m->entries.at[i].name, rm_str_from(name))) {
            return true;
        }
    }
    return false;
}

#define DRIVER_ENTRY                                                                               \
    "NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING P) {\n"                                \
    "  D->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Control; return 0; }\n"

/* Is IOCTL_A handled by this, where IOCTL_B always is? */
static bool is_handled(struct fixture *f, const char *before, const char *in_handler) {
    rm_buf text = {.arena = f->arena};
    rm_buf_printf(&text,
                  "#define IOCTL_A CTL_CODE(0x22, 0x800, 0, 0)\n"
                  "#define IOCTL_B CTL_CODE(0x22, 0x801, 0, 0)\n%s\n"
                  "NTSTATUS Control(PDEVICE_OBJECT device, PIRP irp) {\n"
                  "  NTSTATUS status = STATUS_SUCCESS; const char *name;\n"
                  "  ULONG code = IoGetCurrentIrpStackLocation(irp)->Parameters.DeviceIoControl."
                  "IoControlCode;\n%s\n"
                  "  if (code == IOCTL_B) { __writemsr(1, 2); }\n"
                  "  irp->IoStatus.Status = status; return status; }\n" DRIVER_ENTRY,
                  before, in_handler);
    rm_model *m = extract(f, rm_buf_view(&text));
    bool handled = has_entry(m, "IOCTL_A");
    assert_true(has_entry(m, "IOCTL_B"));
    assert_int_equal(m->ioctls.at[0].handled, handled);
    rm_model_free(m);
    return handled;
}

static const struct {
    const char *before, *in_handler;
    bool handled;
} cases[] = {
    /* names */
    {"static const char *NameOf(ULONG c) { switch (c) { case IOCTL_A: return \"A\";\n"
     "  default: return \"?\"; } }",
     "DbgPrint(\"%s\", NameOf(code));", false},
    {"static ULONG SizeOf(ULONG c) { switch (c) { case IOCTL_A: return 16;\n"
     "  default: return 0; } }",
     "if (SizeOf(code) > 4) { Do(irp); }", true},
    {"static void Show(ULONG c) { switch (c) { case IOCTL_A: DbgPrint(\"A\"); break; } }",
     "Show(code);", false},
    {"static NTSTATUS Do(PIRP i, ULONG c) { switch (c) { case IOCTL_A: DbgPrint(\"A\"); break; }\n"
     "  return STATUS_SUCCESS; }",
     "status = Do(irp, code);", true},
    {"", "switch (code) { case IOCTL_A: name = \"A\"; break; case IOCTL_B: name = \"B\"; }", false},
    {"static void NameOf(ULONG c, char *b) { switch (c) { case IOCTL_A: strcpy(b, \"IOCTL_A\");\n"
     "  break; default: strcpy(b, \"?\"); } }",
     "char text[64]; NameOf(code, text); DbgPrint(\"%s\", text);", false},
    {"static void Version(ULONG c, char *b) { switch (c) { case IOCTL_A: strcpy(b, \"1.0\"); } }",
     "Version(code, irp->AssociatedIrp.SystemBuffer);", true},
    {"", "name = code == IOCTL_A ? \"A\" : \"other\";", false},
    {"", "status = code == IOCTL_A ? Run(irp) : STATUS_NOT_SUPPORTED;", true},
    {"static const struct { ULONG c; const char *n; } names[] = {{IOCTL_A, \"A\"}, {1, \"\"}};",
     "for (int i = 0; i < 2; i++) { if (names[i].c == code) { DbgPrint(names[i].n); } }", false},
    /* messages */
    {"", "if (code == IOCTL_A) { DbgPrint(\"A\"); }", false},
    {"", "if (code == IOCTL_A) { DbgPrint(\"A\"); } else { status = STATUS_NOT_SUPPORTED; }", true},
    {"", "if (code != IOCTL_A) { KdPrint((\"other\")); }", false},
    {"", "DbgPrint(\"%d\", code == IOCTL_A);", false},
    /* refusals */
    {"", "switch (code) { case IOCTL_A: status = STATUS_INVALID_DEVICE_REQUEST; break; }", false},
    {"",
     "switch (code) { case IOCTL_A: irp->IoStatus.Information = 0;\n"
     "  return Complete(irp, STATUS_NOT_SUPPORTED); }",
     false},
    {"", "if (code == IOCTL_A) { return STATUS_ACCESS_DENIED; }", false},
    {"", "switch (code) { case IOCTL_A: default: Forward(irp); }", false},
    {"",
     "switch (code) { case IOCTL_A: if (!g_on) { status = STATUS_NOT_SUPPORTED; break; }\n"
     "  g_count++; break; }",
     true},
    {"",
     "switch (code) { case IOCTL_A: if (!g_on) { return STATUS_ACCESS_DENIED; } break;\n"
     "  default: return STATUS_INVALID_DEVICE_REQUEST; }",
     true},
    {"", "switch (code) { case IOCTL_A: break; default: status = STATUS_NOT_SUPPORTED; }", true},
    {"",
     "switch (code) { case IOCTL_A: { status = STATUS_NOT_SUPPORTED; break; }\n"
     "  status = Halt(); break; }",
     true},
    {"", "if (code != IOCTL_A && code != IOCTL_B) { return STATUS_INVALID_DEVICE_REQUEST; }", true},
    /* flags and predicates */
    {"", "BOOLEAN is_a = (code == IOCTL_A); DbgPrint(\"%d\", is_a);", false},
    {"", "BOOLEAN is_a; is_a = code == IOCTL_A; if (is_a) { Run(irp); }", true},
    {"static BOOLEAN IsA(ULONG c) { return c == IOCTL_A; }", "DbgPrint(\"%d\", IsA(code));", false},
    {"static BOOLEAN IsA(ULONG c) { return c == IOCTL_A; }", "if (IsA(code)) { Run(irp); }", true},
    /* rows */
    {"static NTSTATUS DoA(PIRP i) { return 0; }\nstatic const struct { ULONG c; NTSTATUS (*f)(PIRP)"
     "; } rows[] = {{IOCTL_A, NULL}, {1, DoA}};",
     "for (int i = 0; i < 2; i++) { if (rows[i].c == code && rows[i].f) return rows[i].f(irp); }",
     false},
    {"static NTSTATUS DoA(PIRP i) { return 0; }\nstatic const struct { ULONG c; NTSTATUS (*f)(PIRP)"
     "; } rows[] = {{IOCTL_A, DoA}, {1, NULL}};",
     "for (int i = 0; i < 2; i++) { if (rows[i].c == code && rows[i].f) return rows[i].f(irp); }",
     true},
};

static void what_only_names_prints_or_refuses_a_code_does_not_handle_it(void **state) {
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (is_handled(*state, cases[i].before, cases[i].in_handler) != cases[i].handled) {
            fail_msg("%s\n%s\nis %shandled", cases[i].before, cases[i].in_handler,
                     cases[i].handled ? "" : "not ");
        }
    }
}

/* The switch that prints names stands before the one that acts: the entry is at the second. */
static void an_entry_stands_where_its_code_is_handled(void **state) {
    rm_model *m = extract(
        *state,
        RM_STR("#define IOCTL_A CTL_CODE(0x22, 0x800, 0, 0)\n"
               "static const char *NameOf(ULONG c) { switch (c) { case IOCTL_A: return \"A\"; }\n"
               "  return \"\"; }\n"
               "NTSTATUS Control(PDEVICE_OBJECT device, PIRP irp) {\n"
               "  ULONG code = IoGetCurrentIrpStackLocation(irp)->Parameters.DeviceIoControl."
               "IoControlCode;\n"
               "  DbgPrint(NameOf(code));\n  switch (code) {\n  case IOCTL_A: Run(irp); break; }\n"
               "  return 0; }\n" DRIVER_ENTRY));
    assert_int_equal(m->entries.count, 1);
    assert_int_equal(m->entries.at[0].place.line, 8);
    rm_model_free(m);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(what_only_names_prints_or_refuses_a_code_does_not_handle_it),
        WITH_FIXTURE(an_entry_stands_where_its_code_is_handled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
