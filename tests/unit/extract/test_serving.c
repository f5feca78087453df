#include "support.h"

#include "extract/extract.h"

/* Which device an entry belongs to, in drivers that make several. */

static rm_model *extract(struct fixture *f, const char *text) {
    rm_input_files files = {0};
    uint32_t unusable = 0;
    rm_input_file *added = rm_push(f->arena, &files);
    *added = (rm_input_file){.path = RM_STR("d/d.c"), .bytes = rm_str_from(text)};
    assert_true(rm_artifact_kind_of(added->path, &added->kind));
    rm_model *model = rm_model_new((size_t)1 << 28);
    assert_int_equal(rm_extract(model, &f->sink, &files, NULL, &unusable), RM_OK);
    return model;
}

/* The line of the device that the entry of the name serves; 0: any of the driver's. */
static uint32_t line_served(const rm_model *model, rm_entry_kind kind, uint32_t code) {
    for (uint32_t i = 0; i < model->entries.count; i++) {
        const rm_entry *e = &model->entries.at[i];
        if (e->kind == kind && e->code == code && !e->any_code) {
            return e->device == RM_NONE ? 0 : model->devices.at[e->device].place.line;
        }
    }
    fail_msg("no such entry");
    return 0;
}

#define HANDLER(name, code)                                                                        \
    "VOID " name "(WDFQUEUE q, WDFREQUEST r, size_t o, size_t i, ULONG c) { switch (c) {\n"        \
    "  case " code ": break; } WdfRequestComplete(r, 0); }\n"

#define DRIVER_ENTRY                                                                               \
    "NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING P) {\n"                                \
    "  return WdfDriverCreate(D, P, NULL, &config, NULL); }\n"

static void a_queue_serves_the_device_that_it_is_made_for(void **state) {
    rm_model *m = extract(
        *state, HANDLER("Control", "0x222000") HANDLER("Filter", "0x222004") /* lines 1 to 6 */
        "NTSTATUS MakeQueue(WDFDEVICE given) {\n"
        "  config.EvtIoDeviceControl = Filter;\n"
        "  return WdfIoQueueCreate(given, &config, NULL, NULL); }\n"
        "NTSTATUS Add(WDFDRIVER D, PWDFDEVICE_INIT Init) {\n"
        "  WdfFdoInitSetFilter(Init);\n"
        "  WdfDeviceCreate(&Init, NULL, &fdo);\n"
        "  MakeQueue(fdo);\n"
        "  PWDFDEVICE_INIT own = WdfControlDeviceInitAllocate(D, &SDDL_DEVOBJ_SYS_ALL_ADM_ALL);\n"
        "  WdfDeviceCreate(&own, NULL, &control);\n"
        "  queue.EvtIoDeviceControl = Control;\n"
        "  return WdfIoQueueCreate(control, &queue, NULL, NULL); }\n" DRIVER_ENTRY);
    assert_int_equal(line_served(m, RM_ENTRY_IOCTL, 0x222000), 13);
    assert_int_equal(line_served(m, RM_ENTRY_IOCTL, 0x222004), 10);
    rm_model_free(m);
}

static void a_helper_that_is_handed_two_devices_serves_any(void **state) {
    rm_model *m = extract(
        *state,
        HANDLER(
            "Control",
            "0x222000") "NTSTATUS MakeQueue(WDFDEVICE given) {\n"
                        "  config.EvtIoDeviceControl = Control;\n"
                        "  return WdfIoQueueCreate(given, &config, NULL, NULL); }\n"
                        "NTSTATUS Add(WDFDRIVER D, PWDFDEVICE_INIT Init, PWDFDEVICE_INIT Own) {\n"
                        "  WdfDeviceCreate(&Init, NULL, &fdo);\n  MakeQueue(fdo);\n"
                        "  WdfDeviceCreate(&Own, NULL, &other);\n  MakeQueue(other);\n"
                        "  return 0; }\n" DRIVER_ENTRY);
    assert_int_equal(m->devices.count, 2);
    assert_int_equal(line_served(m, RM_ENTRY_IOCTL, 0x222000), 0);
    rm_model_free(m);
}

static void a_driver_objects_table_serves_all_of_its_devices(void **state) {
    rm_model *m = extract(
        *state,
        "NTSTATUS Control(PDEVICE_OBJECT d, PIRP irp) {\n"
        "  switch (IoGetCurrentIrpStackLocation(irp)->Parameters.DeviceIoControl.IoControlCode) {\n"
        "  case 0x222000: break; } return 0; }\n"
        "NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING P) {\n"
        "  D->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Control;\n"
        "  RtlInitUnicodeString(&a, L\"\\\\Device\\\\A\");\n"
        "  IoCreateDevice(D, 0, &a, 0x22, 0, FALSE, &first);\n"
        "  RtlInitUnicodeString(&b, L\"\\\\Device\\\\B\");\n"
        "  return IoCreateDevice(D, 0, &b, 0x22, 0, FALSE, &second); }\n");
    assert_int_equal(m->devices.count, 2);
    assert_int_equal(line_served(m, RM_ENTRY_IOCTL, 0x222000), 0);
    rm_model_free(m);
}

static void a_message_is_the_ports_and_nothing_elses(void **state) {
    rm_model *m = extract(
        *state,
        "NTSTATUS Message(PVOID c, PVOID i, ULONG il, PVOID o, ULONG ol, PULONG r) { return 0; }\n"
        "NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING P) {\n"
        "  RtlInitUnicodeString(&a, L\"\\\\Device\\\\A\");\n"
        "  IoCreateDevice(D, 0, &a, 0x22, 0, FALSE, &first);\n"
        "  RtlInitUnicodeString(&name, L\"\\\\Port\");\n"
        "  InitializeObjectAttributes(&oa, &name, 0, NULL, sd);\n"
        "  return FltCreateCommunicationPort(filter, &port, &oa, NULL, On, Off, Message, 1); }\n");
    assert_int_equal(line_served(m, RM_ENTRY_MESSAGE, 0), 7);
    rm_model_free(m);
}

/* ---- a dispatch routine that asks which device it is called for ---- */

/* The devices' names that have an entry for the code, in the order of the rows: "Ctl Data". */
static void expect_served(struct fixture *f, const rm_model *m, uint32_t code, const char *names) {
    rm_buf found = {.arena = f->arena};
    for (uint32_t i = 0; i < m->entries.count; i++) {
        const rm_entry *e = &m->entries.at[i];
        if (e->kind != RM_ENTRY_IOCTL || e->code != code || e->any_code) {
            continue;
        }
        rm_str name = e->device == RM_NONE ? RM_STR("any") : m->devices.at[e->device].nt_name;
        rm_buf_printf(&found, "%s%.*s", found.len > 0 ? " " : "", RM_STR_ARG(name));
    }
    if (!rm_str_eq(rm_buf_view(&found), rm_str_from(names))) {
        fail_msg("0x%x is served by %.*s, not by %s", (unsigned)code,
                 RM_STR_ARG(rm_buf_view(&found)), names);
    }
}

#define TWO_DEVICES(after_first, after_second)                                                     \
    "NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING P) {\n"                                \
    "  PDEVICE_OBJECT data; EXT *ext;\n"                                                           \
    "  D->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Control;\n"                                       \
    "  RtlInitUnicodeString(&a, L\"Ctl\"); IoCreateDevice(D, 0, &a, 7, 0, FALSE, &g_ctl);\n"       \
    "  " after_first "\n"                                                                          \
    "  RtlInitUnicodeString(&b, L\"Data\"); IoCreateDevice(D, 0, &b, 7, 0, FALSE, &data);\n"       \
    "  " after_second "\n  return 0; }\n"

#define KINDS "typedef struct { ULONG Kind; ULONG Count; } EXT;\nPDEVICE_OBJECT g_ctl;\n"

#define CONTROL(before, switched)                                                                  \
    "NTSTATUS Control(PDEVICE_OBJECT dev, PIRP irp) {\n"                                           \
    "  ULONG *in = irp->AssociatedIrp.SystemBuffer; EXT *ext = (EXT *)dev->DeviceExtension;\n"     \
    "  ULONG code = "                                                                              \
    "IoGetCurrentIrpStackLocation(irp)->Parameters.DeviceIoControl.IoControlCode;\n"               \
    "  " before "\n  switch (code) { " switched " }\n  return 0; }\n"

static void a_code_belongs_to_the_device_that_the_routine_asks_for(void **state) {
    rm_model *m =
        extract(*state, KINDS
                "static NTSTATUS OfControl(PIRP irp, ULONG code, ULONG *in) { switch (code) {\n"
                "  case 0x222000: __writemsr(in[0], 1); return 0;\n"
                "  case 0x222008: __writemsr(in[0], 2); return 0; }\n"
                "  return STATUS_INVALID_DEVICE_REQUEST; }\n" CONTROL(
                    "if (dev == g_ctl) { return OfControl(irp, code, in); }",
                    "case 0x222000: __writemsr(in[0], 3); break;\n"
                    "case 0x222004: __writemsr(in[0], 4); break;") TWO_DEVICES("", ""));
    expect_served(*state, m, 0x222000, "Ctl Data"); /* one number, two meanings */
    expect_served(*state, m, 0x222004, "Data");
    expect_served(*state, m, 0x222008, "Ctl");
    rm_model_free(m);
}

static void a_member_of_the_extension_tells_devices_apart(void **state) {
    rm_model *m = extract(
        *state,
        KINDS CONTROL("", "case 0x222000: if (ext->Kind != 5) { return STATUS_NOT_SUPPORTED; }\n"
                          "  __writemsr(in[0], 1); break;\n"
                          "case 0x222004: if (ext->Kind == 5) { return STATUS_NOT_SUPPORTED; }\n"
                          "  __writemsr(in[0], 2); break;\n"
                          "case 0x222008: __writemsr(in[0], 3); break;")
            TWO_DEVICES("ext = g_ctl->DeviceExtension; ext->Kind = 5;", ""));
    expect_served(*state, m, 0x222000, "Ctl");
    expect_served(*state, m, 0x222004, "Data"); /* the I/O manager clears extensions */
    expect_served(*state, m, 0x222008, "any");
    rm_model_free(m);
}

static void what_may_be_set_elsewhere_tells_nothing(void **state) {
    rm_model *m = extract(
        *state, KINDS "void Turn(EXT *e, ULONG kind) { e->Kind = kind; }\n" CONTROL(
                    "", "case 0x222000: if (ext->Kind != 5) { return STATUS_NOT_SUPPORTED; }\n"
                        "  __writemsr(in[0], 1); break;")
                    TWO_DEVICES("ext = g_ctl->DeviceExtension; ext->Kind = 5;", ""));
    expect_served(*state, m, 0x222000, "any");
    rm_model_free(m);
}

static void a_variable_that_keeps_several_devices_tells_nothing(void **state) {
    rm_model *m =
        extract(*state, KINDS CONTROL("if (dev != g_ctl) { return STATUS_NOT_SUPPORTED; }",
                                      "case 0x222000: __writemsr(in[0], 1); break;")
                            TWO_DEVICES("", "g_ctl = data;"));
    expect_served(*state, m, 0x222000, "any");
    rm_model_free(m);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(a_queue_serves_the_device_that_it_is_made_for),
        WITH_FIXTURE(a_helper_that_is_handed_two_devices_serves_any),
        WITH_FIXTURE(a_driver_objects_table_serves_all_of_its_devices),
        WITH_FIXTURE(a_message_is_the_ports_and_nothing_elses),
        WITH_FIXTURE(a_code_belongs_to_the_device_that_the_routine_asks_for),
        WITH_FIXTURE(a_member_of_the_extension_tells_devices_apart),
        WITH_FIXTURE(what_may_be_set_elsewhere_tells_nothing),
        WITH_FIXTURE(a_variable_that_keeps_several_devices_tells_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
