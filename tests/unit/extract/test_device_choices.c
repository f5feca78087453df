#include "support.h"

#include "extract/extract.h"

/* What a device is given under conditions, by several calls, and through wrappers. */

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

/* The descriptor of a text that code gives; NULL: it has none. */
static const rm_descriptor *descriptor(const rm_model *m, uint32_t device, const char *sddl) {
    for (uint32_t i = 0; i < m->descriptors.count; i++) {
        const rm_descriptor *row = &m->descriptors.at[i];
        if (row->subject == device && rm_str_eq(row->sddl, rm_str_from(sddl))) {
            return row;
        }
    }
    return NULL;
}

static uint32_t device_named(const rm_model *m, const char *name) {
    for (uint32_t i = 0; i < m->devices.count; i++) {
        if (rm_str_eq(m->devices.at[i].nt_name, rm_str_from(name))) {
            return i;
        }
    }
    fail_msg("no such device");
    return RM_NONE;
}

static bool has_door(const rm_model *m, uint32_t device, const char *name) {
    for (uint32_t i = 0; i < m->doors.count; i++) {
        if (m->doors.at[i].device == device && rm_str_eq(m->doors.at[i].name, rm_str_from(name))) {
            return true;
        }
    }
    return false;
}

#define SYSTEM "D:P(A;;GA;;;SY)"
#define WORLD "D:P(A;;GA;;;WD)"
#define USERS "D:P(A;;GA;;;BU)"

#define TEXTS                                                                                      \
    "DECLARE_CONST_UNICODE_STRING(g_system, L\"" SYSTEM "\");\n"                                   \
    "DECLARE_CONST_UNICODE_STRING(g_world, L\"" WORLD "\");\n"                                     \
    "DECLARE_CONST_UNICODE_STRING(g_users, L\"" USERS "\");\n"                                     \
    "DECLARE_CONST_UNICODE_STRING(g_name, L\"\\\\Device\\\\Ctl\");\n"

#define DRIVER_ENTRY                                                                               \
    "NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING P) {\n"                                \
    "  return WdfDriverCreate(D, P, NULL, &config, NULL); }\n"

/* A control device whose init is made with g_world and then told `calls`. */
static rm_model *control_device(struct fixture *f, const char *calls) {
    rm_buf text = {.arena = f->arena};
    rm_buf_printf(&text,
                  TEXTS "NTSTATUS Make(WDFDRIVER d, BOOLEAN lock) {\n  NTSTATUS s; WDFDEVICE c;\n"
                        "  PWDFDEVICE_INIT init = WdfControlDeviceInitAllocate(d, &g_world);\n"
                        "  if (init == NULL) { return STATUS_INSUFFICIENT_RESOURCES; }\n"
                        "  s = WdfDeviceInitAssignName(init, &g_name);\n%s"
                        "  return WdfDeviceCreate(&init, NULL, &c); }\n" DRIVER_ENTRY,
                  calls);
    rm_buf_char(&text, '\0');
    return extract(f, rm_buf_view(&text).ptr);
}

static void a_descriptor_under_a_condition_stands_beside_the_one_before(void **state) {
    static const char *const calls[] = {
        "  if (lock) { s = WdfDeviceInitAssignSDDLString(init, &g_system); }\n",
        "  if (!lock) { } else { s = WdfDeviceInitAssignSDDLString(init, &g_system); }\n",
        "  if (NT_SUCCESS(s) && lock) { WdfDeviceInitAssignSDDLString(init, &g_system); }\n",
        "  if (!NT_SUCCESS(s)) { WdfDeviceInitAssignSDDLString(init, &g_system); }\n",
        "  if (lock && !NT_SUCCESS(WdfDeviceInitAssignSDDLString(init, &g_system))) return 1;\n",
        "  switch (lock) { case 1: WdfDeviceInitAssignSDDLString(init, &g_system); }\n"};
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        rm_model *m = control_device(*state, calls[i]);
        assert_int_equal(m->devices.count, 1);
        assert_int_equal(m->descriptors.count, 2);
        assert_non_null(descriptor(m, 0, SYSTEM));
        assert_true(descriptor(m, 0, SYSTEM)->condition.len > 0);
        assert_non_null(descriptor(m, 0, WORLD));
        rm_model_free(m);
    }
}

static void what_happens_while_all_goes_well_is_no_condition(void **state) {
    static const char *const calls[] = {
        "  if (NT_SUCCESS(s)) { s = WdfDeviceInitAssignSDDLString(init, &g_system); }\n",
        "  if (s == STATUS_SUCCESS) { s = WdfDeviceInitAssignSDDLString(init, &g_system); }\n",
        "  if (!NT_SUCCESS(s)) { return s; } else { WdfDeviceInitAssignSDDLString(init, "
        "&g_system); }\n",
        "  if (init != NULL && NT_SUCCESS(s)) WdfDeviceInitAssignSDDLString(init, &g_system);\n",
        "  if (!NT_SUCCESS(WdfDeviceInitAssignSDDLString(init, &g_system))) { return 1; }\n",
        "  do { s = WdfDeviceInitAssignSDDLString(init, &g_system); } while (0);\n",
        "  if (lock) { WdfDeviceInitAssignSDDLString(init, &g_system); }\n"
        "  else { WdfDeviceInitAssignSDDLString(init, &g_system); }\n"};
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        rm_model *m = control_device(*state, calls[i]);
        assert_int_equal(m->descriptors.count, 1);
        assert_str(m->descriptors.at[0].sddl, SYSTEM);
        rm_model_free(m);
    }
}

static void of_all_branches_one_is_taken(void **state) {
    rm_model *m = control_device(
        *state, "  if (lock == 1) { WdfDeviceInitAssignSDDLString(init, &g_system); }\n"
                "  else if (lock == 2) { WdfDeviceInitAssignSDDLString(init, &g_users); }\n"
                "  else { WdfDeviceInitAssignSDDLString(init, &SDDL_DEVOBJ_KERNEL_ONLY); }\n");
    assert_int_equal(m->descriptors.count, 3);
    assert_null(descriptor(m, 0, WORLD));
    assert_str(descriptor(m, 0, SYSTEM)->condition, "lock == 1");
    assert_str(descriptor(m, 0, USERS)->condition, "!(lock == 1) && lock == 2");
    rm_model_free(m);
    m = control_device(*state,
                       "  if (lock == 1) { WdfDeviceInitAssignSDDLString(init, &g_system); }\n"
                       "  else if (lock == 2) { s = 0; }\n"
                       "  else { WdfDeviceInitAssignSDDLString(init, &g_users); }\n");
    assert_int_equal(m->descriptors.count, 3);
    assert_non_null(descriptor(m, 0, WORLD));
    rm_model_free(m);
}

static void helpers_count_where_they_are_called(void **state) {
    rm_model *m = extract(
        *state, TEXTS
        "static void Lock(PWDFDEVICE_INIT i) { WdfDeviceInitAssignSDDLString(i, &g_system); }\n"
        "static PWDFDEVICE_INIT Prepare(WDFDRIVER d) {\n"
        "  PWDFDEVICE_INIT i = WdfControlDeviceInitAllocate(d, &SDDL_DEVOBJ_KERNEL_ONLY);\n"
        "  if (i == NULL) { return NULL; }\n"
        "  WdfDeviceInitAssignName(i, &g_name); return i; }\n"
        "NTSTATUS Make(WDFDRIVER d, BOOLEAN lock) {\n  WDFDEVICE c;\n"
        "  PWDFDEVICE_INIT init = Prepare(d);\n  Lock(init);\n"
        "  WdfDeviceInitAssignSDDLString(init, &g_world);\n"
        "  if (lock) { Lock(init); }\n"
        "  return WdfDeviceCreate(&init, NULL, &c); }\n" DRIVER_ENTRY);
    assert_int_equal(m->devices.count, 1);
    assert_str(m->devices.at[0].nt_name, "\\Device\\Ctl");
    assert_int_equal(m->devices.at[0].created_by, RM_CREATED_WDFCONTROLDEVICE);
    assert_int_equal(m->descriptors.count, 2);
    assert_str(descriptor(m, 0, SYSTEM)->condition, "lock");
    assert_non_null(descriptor(m, 0, WORLD));
    rm_model_free(m);
}

/* WDF gives a named device SDDL_DEVOBJ_SYS_ALL_ADM_ALL when nothing else is said. */
static void without_the_condition_the_default_may_apply(void **state) {
    rm_model *m = extract(
        *state, TEXTS "NTSTATUS Add(WDFDRIVER d, PWDFDEVICE_INIT init) {\n"
                      "  WdfDeviceInitAssignName(init, &g_name);\n"
                      "  if (g_lock) WdfDeviceInitAssignSDDLString(init, &SDDL_DEVOBJ_KERNEL_ONLY);"
                      "\n  WdfDeviceInitSetExclusive(init, TRUE);\n"
                      "  if (g_shared) WdfDeviceInitSetExclusive(init, FALSE);\n"
                      "  return WdfDeviceCreate(&init, NULL, &device); }\n" DRIVER_ENTRY);
    assert_int_equal(m->devices.count, 1);
    assert_int_equal(m->devices.at[0].exclusive, RM_TRI_UNKNOWN);
    assert_int_equal(m->descriptors.count, 2);
    assert_str(descriptor(m, 0, "D:P")->condition, "g_lock");
    const rm_descriptor *other = descriptor(m, 0, "D:P(A;;GA;;;SY)(A;;GA;;;BA)");
    assert_int_equal(other->source, RM_SDDL_WDF_DEFAULT);
    assert_int_equal(other->state, RM_STATE_ASSUMED);
    rm_model_free(m);
}

/* Two calls cannot both make a device of one name. */
static void one_name_is_one_device_whichever_call_makes_it(void **state) {
    rm_model *m = extract(
        *state, "NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING P) {\n"
                "  UNICODE_STRING n, sd; RtlInitUnicodeString(&n, L\"\\\\Device\\\\A\");\n"
                "  RtlInitUnicodeString(&sd, L\"" SYSTEM "\");\n"
                "  if (g_secure)\n"
                "    s = IoCreateDeviceSecure(D, 0, &n, 7, 0x100, FALSE, &sd, NULL, &dev);\n"
                "  else s = IoCreateDevice(D, 0, &n, 7, 0, FALSE, &dev);\n"
                "  RtlInitUnicodeString(&n, L\"\\\\Device\\\\B\");\n"
                "  return IoCreateDevice(D, 0, &n, 7, 0, FALSE, &other); }\n");
    assert_int_equal(m->devices.count, 2);
    assert_str(m->devices.at[0].nt_name, "\\Device\\A");
    assert_int_equal(m->devices.at[0].characteristics, 0);
    assert_int_equal(m->descriptors.count, 2);
    assert_non_null(descriptor(m, 0, SYSTEM));
    assert_int_equal(m->descriptors.at[1].source, RM_SDDL_TYPE_DEFAULT);
    assert_str(m->descriptors.at[1].condition, "!(g_secure)");
    rm_model_free(m);
}

static void each_configuration_may_have_a_name_of_its_own(void **state) {
    rm_model *m = extract(*state, "NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING P) {\n"
                                  "#ifdef _AMD64_\n  WCHAR name[] = L\"\\\\Device\\\\Big\";\n"
                                  "  WCHAR link[] = L\"\\\\DosDevices\\\\Big\";\n"
                                  "#else\n  WCHAR name[] = L\"\\\\Device\\\\Small\";\n"
                                  "  WCHAR link[] = L\"\\\\DosDevices\\\\Small\";\n#endif\n"
                                  "  UNICODE_STRING n, l;\n  RtlInitUnicodeString(&n, name);\n"
                                  "  RtlInitUnicodeString(&l, link);\n"
                                  "  IoCreateDevice(D, 0, &n, 7, 0, FALSE, &dev);\n"
                                  "  return IoCreateSymbolicLink(&l, &n); }\n");
    assert_int_equal(m->devices.count, 1);
    assert_str(m->devices.at[0].nt_name, "\\Device\\Big");
    assert_true(has_door(m, 0, "\\DosDevices\\Big"));
    assert_true(has_door(m, 0, "\\DosDevices\\Small"));
    assert_true(has_door(m, 0, "\\Device\\Small"));
    rm_model_free(m);
}

/* ---- names from elsewhere ---- */

static void a_name_that_the_registry_may_replace_is_the_default(void **state) {
    struct fixture *f = *state;
    rm_model *m = extract(
        f, "static NTSTATUS Query(PUNICODE_STRING path, PUNICODE_STRING out) {\n"
           "  KEY_VALUE_PARTIAL_INFORMATION *info = Read(path);\n"
           "  if (info == NULL) { return STATUS_NOT_FOUND; }\n"
           "  out->Buffer = (PWSTR)info->Data; return STATUS_SUCCESS; }\n"
           "NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING P) { UNICODE_STRING name;\n"
           "  if (!NT_SUCCESS(Query(P, &name))) {\n"
           "    RtlInitUnicodeString(&name, L\"\\\\Device\\\\Default\"); }\n"
           "  return IoCreateDevice(D, 0, &name, 7, 0, FALSE, &dev); }\n");
    assert_int_equal(m->devices.count, 1);
    assert_str(m->devices.at[0].nt_name, "\\Device\\Default");
    assert_int_equal(m->devices.at[0].state, RM_STATE_DERIVED);
    assert_diag(f, 8, 10, "device-name-unknown");
    rm_model_free(m);
}

static void a_helper_that_fills_a_name_is_followed(void **state) {
    rm_model *m = extract(
        *state, "static void Init(PUNICODE_STRING s, PCWSTR t) { RtlInitUnicodeString(s, t); }\n"
                "static void Name(PUNICODE_STRING out) { Init(out, L\"\\\\Device\\\\A\"); }\n"
                "static void Look(PCUNICODE_STRING s) { DbgPrint(\"%wZ\", s); }\n"
                "NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING P) {\n"
                "  UNICODE_STRING a, b; Name(&a); Look(&a);\n"
                "  IoCreateDevice(D, 0, &a, 7, 0, FALSE, &dev);\n"
                "  Init(&b, L\"\\\\Device\\\\B\");\n"
                "  return IoCreateDevice(D, 0, &b, 7, 0, FALSE, &other); }\n");
    assert_int_equal(m->devices.count, 2);
    assert_str(m->devices.at[0].nt_name, "\\Device\\A");
    assert_int_equal(m->devices.at[0].state, RM_STATE_CONFIRMED);
    assert_str(m->devices.at[1].nt_name, "\\Device\\B");
    rm_model_free(m);
}

static void a_name_whose_header_is_not_read_is_open_there(void **state) {
    rm_model *m = extract(
        *state, "NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING P) {\n"
                "  UNICODE_STRING n = RTL_CONSTANT_STRING(L\"\\\\Device\\\\\" PRODUCT);\n"
                "  UNICODE_STRING l = RTL_CONSTANT_STRING(L\"\\\\??\\\\\" PRODUCT L\"Ctl\");\n"
                "  IoCreateDevice(D, 0, &n, 7, 0, FALSE, &dev);\n"
                "  return IoCreateSymbolicLink(&l, &n); }\n");
    assert_int_equal(m->devices.count, 1);
    assert_str(m->devices.at[0].nt_name, "\\Device\\*");
    assert_int_equal(m->devices.at[0].state, RM_STATE_DERIVED);
    assert_true(m->devices.at[0].name_unknown);
    assert_true(has_door(m, 0, "\\??\\*Ctl"));
    rm_model_free(m);
}

/* ---- wrappers ---- */

static void expect_pairs(const rm_model *m, const char *first, const char *second) {
    assert_int_equal(m->devices.count, 2);
    assert_int_equal(m->descriptors.count, 2);
    assert_non_null(descriptor(m, device_named(m, first), SYSTEM));
    assert_non_null(descriptor(m, device_named(m, second), WORLD));
}

static void a_wdf_wrapper_keeps_names_links_and_descriptors_together(void **state) {
    rm_model *m = extract(
        *state, TEXTS
        "static NTSTATUS Make(WDFDRIVER d, PCWSTR name, PCUNICODE_STRING link,\n"
        "                     PCUNICODE_STRING sddl) {\n  UNICODE_STRING n; WDFDEVICE c;\n"
        "  PWDFDEVICE_INIT init = WdfControlDeviceInitAllocate(d, sddl);\n"
        "  RtlInitUnicodeString(&n, name);\n  NTSTATUS s = WdfDeviceInitAssignName(init, &n);\n"
        "  if (NT_SUCCESS(s)) { s = WdfDeviceCreate(&init, NULL, &c); }\n"
        "  if (NT_SUCCESS(s)) { s = WdfDeviceCreateSymbolicLink(c, link); }\n  return s; }\n"
        "DECLARE_CONST_UNICODE_STRING(g_l1, L\"\\\\??\\\\L1\");\n"
        "DECLARE_CONST_UNICODE_STRING(g_l2, L\"\\\\??\\\\L2\");\n"
        "void Both(WDFDRIVER d) {\n  Make(d, L\"\\\\Device\\\\One\", &g_l1, &g_system);\n"
        "  Make(d, L\"\\\\Device\\\\Two\", &g_l2, &g_world); }\n" DRIVER_ENTRY);
    expect_pairs(m, "\\Device\\One", "\\Device\\Two");
    assert_true(has_door(m, device_named(m, "\\Device\\One"), "\\??\\L1"));
    assert_false(has_door(m, device_named(m, "\\Device\\One"), "\\??\\L2"));
    assert_true(has_door(m, device_named(m, "\\Device\\Two"), "\\??\\L2"));
    rm_model_free(m);
}

static void callers_that_prepare_the_init_make_a_device_each(void **state) {
    rm_model *m =
        extract(*state, TEXTS
                "static NTSTATUS Finish(PWDFDEVICE_INIT i) { WDFDEVICE c;\n"
                "  WdfDeviceInitSetExclusive(i, TRUE); return WdfDeviceCreate(&i, NULL, &c); }\n"
                "DECLARE_CONST_UNICODE_STRING(g_one, L\"\\\\Device\\\\One\");\n"
                "void First(WDFDRIVER d) {\n"
                "  PWDFDEVICE_INIT i = WdfControlDeviceInitAllocate(d, &g_system);\n"
                "  WdfDeviceInitAssignName(i, &g_one); Finish(i); }\n"
                "void Second(WDFDRIVER d) {\n"
                "  PWDFDEVICE_INIT i = WdfControlDeviceInitAllocate(d, &g_world);\n"
                "  WdfDeviceInitAssignName(i, &g_name); Finish(i); }\n" DRIVER_ENTRY);
    expect_pairs(m, "\\Device\\One", "\\Device\\Ctl");
    rm_model_free(m);
}

static void a_macro_of_the_driver_declares_a_name(void **state) {
    static const struct {
        const char *macro;
        bool named;
    } cases[] = {
        {"#define NAMED(s, t) static UNICODE_STRING s = RTL_CONSTANT_STRING(t);\n", true},
        {"#define NAMED(s, t) \\\n  const UNICODE_STRING s = \\\n  RTL_CONSTANT_STRING (t)\n",
         true},
        {"#define NAMED(s, t) UNICODE_STRING s = { sizeof(t) - sizeof(WCHAR), sizeof(t), t }\n",
         true},
        {"#define NAMED(s, t) UNICODE_STRING s = Scramble(t)\n", false},
        {"#define NAMED(s, t) UNICODE_STRING s = {0}; WCHAR s##_text[] = t\n", false},
        {"#define NAMED(s, t) ULONG s = sizeof(t)\n", false},
        {"", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fixture *f = *state;
        rm_buf text = {.arena = f->arena};
        rm_buf_printf(&text,
                      "%sNAMED(g_made, L\"\\\\Device\\\\Made\");\n"
                      "NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING P) {\n"
                      "  PDEVICE_OBJECT d; return IoCreateDevice(D, 0, &g_made,\n"
                      "    FILE_DEVICE_UNKNOWN, 0, FALSE, &d); }\n",
                      cases[i].macro);
        rm_buf_char(&text, '\0');
        rm_model *m = extract(f, rm_buf_view(&text).ptr);
        assert_int_equal(m->devices.count, 1);
        assert_int_equal(rm_str_eq(m->devices.at[0].nt_name, RM_STR("\\Device\\Made")),
                         cases[i].named);
        rm_model_free(m);
    }
}

static void an_ndis_wrapper_keeps_names_and_descriptors_together(void **state) {
    rm_model *m = extract(
        *state,
        TEXTS "static NDIS_STATUS Make(PCWSTR name, PCUNICODE_STRING sddl) {\n"
              "  NDIS_DEVICE_OBJECT_ATTRIBUTES a; NDIS_STRING n;\n"
              "  NdisInitUnicodeString(&n, name); a.DeviceName = &n; a.DefaultSDDLString = sddl;\n"
              "  return NdisRegisterDeviceEx(g_h, &a, &object, &handle); }\n"
              "NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING P) {\n"
              "  Make(L\"\\\\Device\\\\One\", &g_system);\n"
              "  return Make(L\"\\\\Device\\\\Two\", &g_world); }\n");
    expect_pairs(m, "\\Device\\One", "\\Device\\Two");
    rm_model_free(m);
}

#define PORTS                                                                                      \
    "static NTSTATUS Make(PCWSTR text, PSECURITY_DESCRIPTOR sd) {\n"                               \
    "  UNICODE_STRING n; OBJECT_ATTRIBUTES oa; RtlInitUnicodeString(&n, text);\n"                  \
    "  InitializeObjectAttributes(&oa, &n, OBJ_KERNEL_HANDLE, NULL, sd);\n"                        \
    "  return FltCreateCommunicationPort(g_f, &g_p, &oa, NULL, On, Off, Msg, 1); }\n"
#define BUILT "D:P(A;;0x1f0001;;;SY)(A;;0x1f0001;;;BA)"
#define OPEN "D:NO_ACCESS_CONTROL"

static void a_port_has_the_descriptor_that_its_caller_hands_in(void **state) {
    rm_model *m =
        extract(*state, PORTS
                "NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING P) {\n"
                "  FltRegisterFilter(D, &r, &g_f);\n"
                "  FltBuildDefaultSecurityDescriptor(&a, FLT_PORT_ALL_ACCESS);\n"
                "  Make(L\"\\\\One\", a);\n"
                "  FltBuildDefaultSecurityDescriptor(&b, FLT_PORT_ALL_ACCESS);\n"
                "  RtlSetDaclSecurityDescriptor(b, TRUE, NULL, FALSE);\n"
                "  Make(L\"\\\\Two\", b);\n  return Make(L\"\\\\Three\", g_from_elsewhere); }\n");
    assert_int_equal(m->devices.count, 3);
    assert_non_null(descriptor(m, device_named(m, "\\One"), BUILT));
    assert_non_null(descriptor(m, device_named(m, "\\Two"), OPEN));
    assert_null(descriptor(m, device_named(m, "\\Two"), BUILT));
    assert_int_equal(descriptor(m, device_named(m, "\\Three"), "")->state, RM_STATE_UNKNOWN);
    rm_model_free(m);
}

static void a_port_that_some_may_open_to_all_has_both_descriptors(void **state) {
    rm_model *m = extract(
        *state, "static NTSTATUS Build(PSECURITY_DESCRIPTOR *sd) {\n"
                "  return FltBuildDefaultSecurityDescriptor(sd, FLT_PORT_ALL_ACCESS); }\n"
                "NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING P) {\n"
                "  UNICODE_STRING wrong, n; OBJECT_ATTRIBUTES oa; PSECURITY_DESCRIPTOR sd;\n"
                "  RtlInitUnicodeString(&wrong, L\"\\\\Wrong\");\n"
                "  RtlInitUnicodeString(&n, L\"\\\\Port\");\n  Build(&sd);\n"
                "  if (g_debug) { RtlSetDaclSecurityDescriptor(sd, TRUE, NULL, FALSE); }\n"
                "  InitializeObjectAttributes(&oa, &wrong, OBJ_KERNEL_HANDLE, NULL, NULL);\n"
                "  oa.ObjectName = &n; oa.SecurityDescriptor = sd;\n"
                "  return FltCreateCommunicationPort(f, &p, &oa, NULL, On, Off, Msg, 1); }\n");
    assert_int_equal(m->devices.count, 1);
    assert_str(m->devices.at[0].nt_name, "\\Port");
    assert_int_equal(m->descriptors.count, 2);
    assert_non_null(descriptor(m, 0, BUILT));
    assert_non_null(descriptor(m, 0, OPEN));
    rm_model_free(m);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(a_descriptor_under_a_condition_stands_beside_the_one_before),
        WITH_FIXTURE(what_happens_while_all_goes_well_is_no_condition),
        WITH_FIXTURE(of_all_branches_one_is_taken),
        WITH_FIXTURE(helpers_count_where_they_are_called),
        WITH_FIXTURE(without_the_condition_the_default_may_apply),
        WITH_FIXTURE(one_name_is_one_device_whichever_call_makes_it),
        WITH_FIXTURE(each_configuration_may_have_a_name_of_its_own),
        WITH_FIXTURE(a_name_that_the_registry_may_replace_is_the_default),
        WITH_FIXTURE(a_helper_that_fills_a_name_is_followed),
        WITH_FIXTURE(a_name_whose_header_is_not_read_is_open_there),
        WITH_FIXTURE(a_wdf_wrapper_keeps_names_links_and_descriptors_together),
        WITH_FIXTURE(callers_that_prepare_the_init_make_a_device_each),
        WITH_FIXTURE(a_macro_of_the_driver_declares_a_name),
        WITH_FIXTURE(an_ndis_wrapper_keeps_names_and_descriptors_together),
        WITH_FIXTURE(a_port_has_the_descriptor_that_its_caller_hands_in),
        WITH_FIXTURE(a_port_that_some_may_open_to_all_has_both_descriptors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
