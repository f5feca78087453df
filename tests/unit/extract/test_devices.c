#include "support.h"

#include "source/build.h"

/* One source file as a driver, its devices read. */
struct driver {
    rm_model *model;
    rm_source_set set;
    rm_source_unit *unit;
};

static void read_text(struct fixture *f, struct driver *d, const char *path, const char *text) {
    rm_place place = {RM_STR("d.c"), 1, 1};
    uint32_t index = 0;
    d->model = rm_model_new((size_t)1 << 28);
    d->set = (rm_source_set){.arena = f->arena};
    assert_int_equal(rm_model_driver(d->model, RM_STR("d"), RM_STR("d"), place, &index), RM_OK);
    assert_int_equal(rm_unit_of_text(&d->set, rm_str_from(path), rm_str_from(text), d->model,
                                     &f->sink, &d->unit),
                     RM_OK);
    d->unit->driver = index;
    assert_int_equal(rm_source_devices(d->unit), RM_OK);
    assert_int_equal(rm_source_attachments(d->unit), RM_OK);
}

static void done(struct driver *d) {
    rm_unit_free(d->unit);
    rm_model_free(d->model);
}

static const rm_door *door_of(const struct driver *d, rm_door_kind kind) {
    for (uint32_t i = 0; i < d->model->doors.count; i++) {
        if (d->model->doors.at[i].kind == kind) {
            return &d->model->doors.at[i];
        }
    }
    return NULL;
}

static void a_name_may_be_a_list_of_characters(void **state) {
    struct fixture *f = *state;
    struct driver d;
    read_text(f, &d, "d.c",
              "static const WCHAR name_text[] = {'\\\\', L'X', '\\x59', /* no */ 'Z', 0, 'Q'};\n"
              "static const ULONG numbers[] = {1, 2, 0};\n"
              "NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path) {\n"
              "  UNICODE_STRING name, other; PDEVICE_OBJECT device;\n"
              "  name.Buffer = (WCHAR*)name_text;\n"
              "  name.Length = name.MaximumLength = sizeof(name_text) - sizeof(WCHAR);\n"
              "  other.Buffer = (WCHAR*)numbers;\n"
              "  IoCreateDevice(Driver, 0, &other, 34, 0, FALSE, &device);\n"
              "  return IoCreateDevice(Driver, 0, &name, 34, 0, FALSE, &device);\n"
              "}\n");
    assert_int_equal(d.model->devices.count, 2);
    assert_int_equal(d.model->devices.at[0].nt_name.len, 0);
    assert_str(d.model->devices.at[1].nt_name, "\\XYZ");
    done(&d);
}

/* What is put on the device later is what holds; of what is put elsewhere nothing is said. */
static void a_descriptor_may_be_set_on_the_device_afterwards(void **state) {
    static const char bytes[] =
        "static UCHAR Bytes[] = {1, 0, 4, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0,\n"
        "  2, 0, 28, 0, 1, 0, 0, 0, 0, 0, 20, 0, 0, 0, 0, 0x10, 1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0,"
        " 0};\n";
    static const struct {
        const char *set;
        const char *sddl; /* NULL: no row */
        rm_sddl_source source;
    } cases[] = {
        {"ObOpenObjectByPointer(d, 0, 0, WRITE_DAC, 0, KernelMode, &h);\n"
         "ZwSetSecurityObject(h, DACL_SECURITY_INFORMATION, (PSECURITY_DESCRIPTOR)Bytes);",
         "D:(A;;GA;;;SY)", RM_SDDL_CODE},
        {"PSECURITY_DESCRIPTOR s = Bytes; ObSetSecurityObjectByPointer(d, 4, s);", "D:(A;;GA;;;SY)",
         RM_SDDL_CODE},
        {"SECURITY_DESCRIPTOR s; RtlCreateSecurityDescriptor(&s, 1);\n"
         "RtlSetDaclSecurityDescriptor(&s, TRUE, NULL, FALSE);\n"
         "ObSetSecurityObjectByPointer(d, DACL_SECURITY_INFORMATION, &s);",
         "D:NO_ACCESS_CONTROL", RM_SDDL_CODE},
        {"Protect(d);", "", RM_SDDL_RUNTIME},
        {"ObOpenObjectByPointer(other, 0, 0, WRITE_DAC, 0, KernelMode, &h);\n"
         "ZwSetSecurityObject(h, DACL_SECURITY_INFORMATION, Bytes);",
         NULL, RM_SDDL_UNKNOWN},
        {"ZwSetSecurityObject(key, DACL_SECURITY_INFORMATION, Bytes);", NULL, RM_SDDL_UNKNOWN},
        {"ObSetSecurityObjectByPointer(d, OWNER_SECURITY_INFORMATION, Bytes);", NULL,
         RM_SDDL_UNKNOWN},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct driver d;
        rm_buf text = {.arena = f->arena};
        rm_buf_printf(&text,
                      "%sstatic void Protect(PDEVICE_OBJECT dev) { HANDLE k; PVOID s = Build();\n"
                      "  ObOpenObjectByPointer(dev, 0, 0, WRITE_DAC, 0, KernelMode, &k);\n"
                      "  ZwSetSecurityObject(k, DACL_SECURITY_INFORMATION, s); }\n"
                      "NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING P) {\n"
                      "  UNICODE_STRING n; PDEVICE_OBJECT d; HANDLE h;\n"
                      "  RtlInitUnicodeString(&n, L\"\\\\Device\\\\A\");\n"
                      "  IoCreateDevice(D, 0, &n, 34, 0, FALSE, &d);\n  %s\n  return 0; }\n",
                      bytes, cases[i].set);
        rm_str all = rm_buf_view(&text);
        read_text(f, &d, "d.c", rm_str_dup(f->arena, all));
        assert_int_equal(d.model->descriptors.count, cases[i].sddl == NULL ? 0 : 1);
        if (cases[i].sddl != NULL) {
            assert_str(d.model->descriptors.at[0].sddl, cases[i].sddl);
            assert_int_equal(d.model->descriptors.at[0].source, cases[i].source);
        }
        done(&d);
    }
}

static void a_plain_device_has_its_arguments_read(void **state) {
    struct fixture *f = *state;
    struct driver d;
    read_text(f, &d, "d.c",
              "#define DEVICE_NAME L\"\\\\Device\\\\\" L\"Plain\"\n"
              "#define TYPE 40000\n"
              "NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path) {\n"
              "  UNICODE_STRING name, link;\n"
              "  PDEVICE_OBJECT device;\n"
              "  RtlInitUnicodeString(&name, DEVICE_NAME);\n"
              "  RtlInitUnicodeString(&link, L\"\\\\DosDevices\\\\Plain\");\n"
              "  IoCreateDevice(Driver, 0, &name, TYPE, FILE_DEVICE_SECURE_OPEN, TRUE, &device);\n"
              "  return IoCreateSymbolicLink(&link, &name);\n"
              "}\n");
    assert_int_equal(d.model->devices.count, 1);
    const rm_device *device = &d.model->devices.at[0];
    assert_str(device->nt_name, "\\Device\\Plain");
    assert_int_equal(device->created_by, RM_CREATED_IOCREATEDEVICE);
    assert_int_equal(device->device_type, 40000);
    assert_int_equal(device->characteristics, 0x100);
    assert_true(device->characteristics_known);
    assert_int_equal(device->exclusive, RM_TRI_YES);
    assert_int_equal(device->state, RM_STATE_CONFIRMED);
    assert_false(device->pnp);
    assert_int_equal(device->place.line, 8);
    assert_int_equal(d.model->descriptors.count, 0);
    assert_str(door_of(&d, RM_DOOR_SYMLINK)->name, "\\DosDevices\\Plain");
    assert_int_equal(door_of(&d, RM_DOOR_SYMLINK)->device, 0);
    assert_str(door_of(&d, RM_DOOR_NT_NAME)->name, "\\Device\\Plain");
    assert_int_equal(d.model->drivers.at[0].framework, RM_FRAMEWORK_UNKNOWN);
    done(&d);
}

/* SDDL_DEVOBJ_SYS_ALL_ADM_ALL: wdmsec.h, "SDDL for Device Objects". */
static void both_sides_of_a_choice_of_descriptors_are_kept(void **state) {
    struct fixture *f = *state;
    struct driver d;
    read_text(f, &d, "d.c",
              "DECLARE_CONST_UNICODE_STRING(g_open, L\"D:P(A;;GA;;;WD)\");\n"
              "static const UNICODE_STRING g_name = RTL_CONSTANT_STRING(L\"\\\\Device\\\\X\");\n"
              "DEFINE_GUID(GUID_X, 0x01020304, 0x0506, 0x0708, 1, 2, 3, 4, 5, 6, 7, 8);\n"
              "NTSTATUS Make(PDRIVER_OBJECT Driver, BOOLEAN AdminOnly) {\n"
              "  return IoCreateDeviceSecure(Driver, 0, (PUNICODE_STRING)&g_name, 0x22, 0, FALSE,\n"
              "    AdminOnly ? &SDDL_DEVOBJ_SYS_ALL_ADM_ALL : &g_open, (LPCGUID)&GUID_X, &dev);\n"
              "}\n");
    assert_int_equal(d.model->devices.count, 1);
    assert_str(d.model->devices.at[0].class_guid, "{01020304-0506-0708-0102-030405060708}");
    assert_int_equal(d.model->descriptors.count, 2);
    assert_str(d.model->descriptors.at[0].sddl, "D:P(A;;GA;;;SY)(A;;GA;;;BA)");
    assert_str(d.model->descriptors.at[0].condition, "AdminOnly");
    assert_str(d.model->descriptors.at[1].sddl, "D:P(A;;GA;;;WD)");
    assert_str(d.model->descriptors.at[1].condition, "!(AdminOnly)");
    assert_int_equal(d.model->descriptors.at[1].place.line, 1);
    done(&d);
}

static void what_is_made_at_run_time_is_unknown_and_says_why(void **state) {
    struct fixture *f = *state;
    struct driver d;
    read_text(f, &d, "d.c",
              "NTSTATUS Make(PDRIVER_OBJECT Driver, PUNICODE_STRING Path) {\n"
              "  UNICODE_STRING name, sddl;\n"
              "  ReadName(Path, &name);\n"
              "  RtlAnsiStringToUnicodeString(&sddl, &ansi, TRUE);\n"
              "  return IoCreateDeviceSecure(Driver, 0, &name, 0x22, 0, FALSE, &sddl, NULL, &d);\n"
              "}\n");
    assert_int_equal(d.model->devices.count, 1);
    assert_true(d.model->devices.at[0].name_unknown);
    assert_str(d.model->devices.at[0].nt_name, "");
    assert_int_equal(d.model->devices.at[0].state, RM_STATE_UNKNOWN);
    assert_int_equal(d.model->descriptors.count, 1);
    assert_int_equal(d.model->descriptors.at[0].source, RM_SDDL_RUNTIME);
    assert_int_equal(d.model->descriptors.at[0].state, RM_STATE_UNKNOWN);
    assert_str(d.model->descriptors.at[0].sddl, "");
    assert_diag(f, 5, 10, "device-name-unknown");
    assert_diag(f, 5, 10, "device-sddl-unknown");
    done(&d);
}

static void a_printed_name_is_kept_as_a_pattern(void **state) {
    struct fixture *f = *state;
    struct driver d;
    read_text(f, &d, "d.c",
              "NTSTATUS Make(PDRIVER_OBJECT Driver, USHORT id) {\n"
              "  WCHAR text[64]; UNICODE_STRING name;\n"
              "  RtlStringCchPrintfW(text, 64, L\"\\\\Device\\\\Tap%hu\", id);\n"
              "  RtlInitUnicodeString(&name, text);\n"
              "  return IoCreateDevice(Driver, 0, &name, 0x22, 0, FALSE, &d);\n"
              "}\n");
    assert_str(d.model->devices.at[0].nt_name, "\\Device\\Tap%hu");
    assert_true(d.model->devices.at[0].name_unknown);
    assert_int_equal(d.model->devices.at[0].state, RM_STATE_DERIVED);
    done(&d);
}

static void texts_that_are_known_are_printed_into_a_name(void **state) {
    struct fixture *f = *state;
    struct driver d;
    read_text(f, &d, "d.c",
              "#define NAME L\"SPBTEST\"\n"
              "NTSTATUS Make(PDRIVER_OBJECT Driver, USHORT id) {\n"
              "  DECLARE_UNICODE_STRING_SIZE(name, 128);\n"
              "  RtlUnicodeStringPrintf(&name, L\"\\\\Device\\\\%ws-%ws\", NAME, L\"a\");\n"
              "  IoCreateDevice(Driver, 0, &name, 0x22, 0, FALSE, &d);\n"
              "  RtlUnicodeStringPrintf(&name, L\"\\\\Device\\\\%u%ws\", id, NAME);\n"
              "  return IoCreateDevice(Driver, 0, &name, 0x22, 0, FALSE, &d);\n"
              "}\n");
    assert_int_equal(d.model->devices.count, 2);
    assert_str(d.model->devices.at[0].nt_name, "\\Device\\SPBTEST-a");
    assert_false(d.model->devices.at[0].name_unknown);
    assert_str(d.model->devices.at[1].nt_name, "\\Device\\%uSPBTEST");
    assert_true(d.model->devices.at[1].name_unknown);
    done(&d);
}

static void the_last_name_before_the_call_counts(void **state) {
    struct fixture *f = *state;
    struct driver d;
    read_text(f, &d, "d.c",
              "void Make(PDRIVER_OBJECT Driver, int other) {\n"
              "  UNICODE_STRING name;\n"
              "  RtlInitUnicodeString(&name, L\"\\\\Device\\\\A\");\n"
              "  IoCreateDevice(Driver, 0, &name, 0x22, 0, FALSE, &a);\n"
              "  RtlInitUnicodeString(&name, L\"\\\\Device\\\\B\");\n"
              "  if (other) { RtlInitUnicodeString(&name, L\"\\\\Device\\\\C\"); }\n"
              "  IoCreateDevice(Driver, 0, &name, 0x22, 0, FALSE, &b);\n"
              "}\n");
    assert_int_equal(d.model->devices.count, 3);
    assert_str(d.model->devices.at[0].nt_name, "\\Device\\A");
    assert_str(d.model->devices.at[1].nt_name, "\\Device\\B");
    assert_str(d.model->devices.at[2].nt_name, "\\Device\\C");
    done(&d);
}

static void a_wrapper_makes_a_device_for_each_of_its_callers(void **state) {
    struct fixture *f = *state;
    struct driver d;
    read_text(f, &d, "d.c",
              "static NTSTATUS Make(PDRIVER_OBJECT Driver, PCWSTR text, ULONG type) {\n"
              "  UNICODE_STRING name;\n"
              "  RtlInitUnicodeString(&name, text);\n"
              "  return Create(Driver, &name, type);\n"
              "}\n"
              "static NTSTATUS Create(PDRIVER_OBJECT Driver, PUNICODE_STRING name, ULONG type) {\n"
              "  return IoCreateDevice(Driver, 0, name, type, 0, FALSE, &g_device);\n"
              "}\n"
              "void DriverEntry(PDRIVER_OBJECT Driver) {\n"
              "  Make(Driver, L\"\\\\Device\\\\One\", 0x22);\n"
              "  Make(Driver, L\"\\\\Device\\\\Two\", 0x23);\n"
              "}\n");
    assert_int_equal(d.model->devices.count, 2);
    assert_str(d.model->devices.at[0].nt_name, "\\Device\\One");
    assert_str(d.model->devices.at[1].nt_name, "\\Device\\Two");
    done(&d);
}

/* The descriptor of one call is not that of the other. */
static void each_call_of_a_wrapper_has_the_descriptor_it_gives(void **state) {
    static const char *const made[] = {
        "static NTSTATUS Mk(PDRIVER_OBJECT o, PCWSTR name, PCUNICODE_STRING sd) {\n"
        "  UNICODE_STRING n; RtlInitUnicodeString(&n, name);\n"
        "  return IoCreateDeviceSecure(o, 0, &n, 7, 0, FALSE, sd, NULL, &g); }\n"
        "UNICODE_STRING a = RTL_CONSTANT_STRING(L\"D:P(A;;GA;;;SY)\");\n"
        "UNICODE_STRING b = RTL_CONSTANT_STRING(L\"D:P(A;;GA;;;WD)\");\n"
        "void F(PDRIVER_OBJECT o) {\n"
        "  Mk(o, L\"\\\\Device\\\\A\", &a); Mk(o, L\"\\\\Device\\\\B\", &b); }\n",
        "static NTSTATUS Mk(PDRIVER_OBJECT o, PCWSTR name, PCWSTR sddl) {\n"
        "  UNICODE_STRING n, sd; RtlInitUnicodeString(&n, name);\n"
        "  RtlInitUnicodeString(&sd, sddl);\n"
        "  return IoCreateDeviceSecure(o, 0, &n, 7, 0, FALSE, &sd, NULL, &g); }\n"
        "static NTSTATUS Outer(PDRIVER_OBJECT o, PCWSTR name, PCWSTR sddl) {\n"
        "  return Mk(o, name, sddl); }\n"
        "void F(PDRIVER_OBJECT o) {\n"
        "  Outer(o, L\"\\\\Device\\\\A\", L\"D:P(A;;GA;;;SY)\");\n"
        "  Outer(o, L\"\\\\Device\\\\B\", L\"D:P(A;;GA;;;WD)\"); }\n"};
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof made / sizeof made[0]; i++) {
        struct driver d;
        read_text(f, &d, "d.c", made[i]);
        assert_int_equal(d.model->devices.count, 2);
        assert_int_equal(d.model->descriptors.count, 2);
        assert_str(d.model->devices.at[0].nt_name, "\\Device\\A");
        assert_str(d.model->devices.at[1].nt_name, "\\Device\\B");
        assert_int_equal(d.model->descriptors.at[0].subject, 0);
        assert_str(d.model->descriptors.at[0].sddl, "D:P(A;;GA;;;SY)");
        assert_int_equal(d.model->descriptors.at[1].subject, 1);
        assert_str(d.model->descriptors.at[1].sddl, "D:P(A;;GA;;;WD)");
        done(&d);
    }
}

/* A branch that what the caller gives does not come to makes no device. */
static void a_wrapper_makes_what_its_argument_chooses(void **state) {
    static const struct {
        const char *condition, *given;
        bool secure; /* alone; one of several calls for a name that has none counts */
    } cases[] = {
        {"0 != sd", "&a", true},     {"sd != NULL", "&a", true}, {"sd", "&a", true},
        {"sd", "NULL", false},       {"sd != NULL", "p", false}, /* which of both: not known */
        {"sd && type", "&a", false}, {"type", "&a", false},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rm_buf text = {.arena = f->arena};
        struct driver d;
        rm_buf_printf(&text,
                      "UNICODE_STRING a = RTL_CONSTANT_STRING(L\"D:P(A;;GA;;;SY)\");\n"
                      "static NTSTATUS Mk(PDRIVER_OBJECT o, PUNICODE_STRING n, ULONG type,\n"
                      "                   PCUNICODE_STRING sd) {\n"
                      "  if (%s) return IoCreateDeviceSecure(o, 0, n, 7, 0, FALSE, sd, NULL, &g);\n"
                      "  else return IoCreateDevice(o, 0, n, 7, 0, FALSE, &g); }\n"
                      "void F(PDRIVER_OBJECT o, PUNICODE_STRING p) {\n"
                      "  UNICODE_STRING n = RTL_CONSTANT_STRING(L\"\\\\Device\\\\A\");\n"
                      "  Mk(o, &n, 7, %s); }\n%c",
                      cases[i].condition, cases[i].given, 0);
        read_text(f, &d, "d.c", (const char *)rm_buf_view(&text).ptr);
        assert_int_equal(d.model->devices.count, 1);
        assert_int_equal(d.model->devices.at[0].created_by, cases[i].secure
                                                                ? RM_CREATED_IOCREATEDEVICESECURE
                                                                : RM_CREATED_IOCREATEDEVICE);
        done(&d);
    }
}

static void a_filter_without_a_name_is_one_of_its_stack(void **state) {
    struct fixture *f = *state;
    struct driver d;
    read_text(
        f, &d, "d.c",
        "NTSTATUS AddDevice(PDRIVER_OBJECT Driver, PDEVICE_OBJECT Pdo) {\n"
        "  IoCreateDevice(Driver, 8, NULL, Pdo->DeviceType, Pdo->Characteristics, FALSE, &f);\n"
        "  next = IoAttachDeviceToDeviceStack(f, Pdo);\n"
        "}\n");
    assert_int_equal(d.model->devices.count, 1);
    assert_true(d.model->devices.at[0].pnp);
    assert_true(d.model->devices.at[0].filter);
    assert_false(d.model->devices.at[0].name_unknown);
    assert_false(d.model->devices.at[0].characteristics_known);
    assert_int_equal(d.model->doors.count, 0);
    done(&d);
}

static void a_wdf_control_device_is_what_its_init_was_told(void **state) {
    struct fixture *f = *state;
    struct driver d;
    read_text(f, &d, "d.c",
              "DECLARE_CONST_UNICODE_STRING(ntName, L\"\\\\Device\\\\Ctl\");\n"
              "static void Describe(PWDFDEVICE_INIT Init) {\n"
              "  WdfDeviceInitSetExclusive(Init, TRUE);\n"
              "  WdfDeviceInitSetDeviceType(Init, FILE_DEVICE_NETWORK);\n"
              "}\n"
              "NTSTATUS Make(WDFDRIVER Driver) {\n"
              "  PWDFDEVICE_INIT init = NULL; WDFDEVICE control;\n"
              "  init = WdfControlDeviceInitAllocate(Driver, &SDDL_DEVOBJ_KERNEL_ONLY);\n"
              "  WdfDeviceInitAssignName(init, &ntName);\n"
              "  Describe(init);\n"
              "  WdfDeviceCreate(&init, WDF_NO_OBJECT_ATTRIBUTES, &control);\n"
              "  return WdfDeviceCreateSymbolicLink(control, &link);\n"
              "}\n");
    assert_int_equal(d.model->devices.count, 1);
    const rm_device *device = &d.model->devices.at[0];
    assert_str(device->nt_name, "\\Device\\Ctl");
    assert_int_equal(device->created_by, RM_CREATED_WDFCONTROLDEVICE);
    assert_int_equal(device->exclusive, RM_TRI_YES);
    assert_int_equal(device->device_type, 0x12);
    assert_false(device->pnp);
    assert_str(d.model->descriptors.at[0].sddl, "D:P");
    assert_str(door_of(&d, RM_DOOR_SYMLINK)->name, "");
    assert_int_equal(door_of(&d, RM_DOOR_SYMLINK)->state, RM_STATE_UNKNOWN);
    assert_diag(f, 12, 10, "device-link-unknown");
    done(&d);
}

static void a_later_descriptor_of_a_wdf_device_replaces_the_first(void **state) {
    struct fixture *f = *state;
    struct driver d;
    read_text(
        f, &d, "d.c",
        "void Make(WDFDRIVER Driver) {\n"
        "  PWDFDEVICE_INIT init = WdfControlDeviceInitAllocate(Driver, &SDDL_DEVOBJ_KERNEL_ONLY);\n"
        "  UNICODE_STRING s = RTL_CONSTANT_STRING(L\"D:P(A;;GA;;;BU)\");\n"
        "  WdfDeviceInitAssignSDDLString(init, &s);\n"
        "  WdfDeviceCreate(&init, NULL, &control);\n"
        "}\n");
    assert_int_equal(d.model->descriptors.count, 1);
    assert_str(d.model->descriptors.at[0].sddl, "D:P(A;;GA;;;BU)");
    done(&d);
}

/* Hardware support apps: DEVPKEY_DeviceInterface_UnrestrictedAppCapabilities. */
static void an_interface_has_its_class_and_capabilities(void **state) {
    struct fixture *f = *state;
    struct driver d;
    read_text(f, &d, "d.cpp",
              "DEFINE_GUID(GUID_IF, 0x573E8C73, 0x0CB4, 0x4471, 0xA1, 0xBF, 0xFA, 0xB2, 0x6C, "
              "0x31, 0xD3, 0x84);\n"
              "NTSTATUS Add(WDFDRIVER Driver, PWDFDEVICE_INIT Init) {\n"
              "  WDFDEVICE device;\n"
              "  WDF_DEVICE_INTERFACE_PROPERTY_DATA data;\n"
              "  static const wchar_t caps[] = L\"one.cap_x\\0two.cap_y\\0\";\n"
              "  WdfDeviceCreate(&Init, &attributes, &device);\n"
              "  WdfDeviceCreateDeviceInterface(device, (LPGUID)&GUID_IF, NULL);\n"
              "  WDF_DEVICE_INTERFACE_PROPERTY_DATA_INIT(&data, &GUID_IF,\n"
              "    &DEVPKEY_DeviceInterface_UnrestrictedAppCapabilities);\n"
              "  return WdfDeviceAssignInterfaceProperty(device, &data, DEVPROP_TYPE_STRING_LIST,\n"
              "    sizeof(caps), (PVOID)caps);\n"
              "}\n");
    const rm_door *door = door_of(&d, RM_DOOR_INTERFACE);
    assert_non_null(door);
    assert_str(door->class_guid, "{573e8c73-0cb4-4471-a1bf-fab26c31d384}");
    assert_str(door->capabilities, "one.cap_x two.cap_y");
    assert_int_equal(door->device, 0);
    assert_true(d.model->devices.at[0].pnp);
    done(&d);
}

/* DEVPKEY_DeviceInterface_Restricted, in one structure after the other, and by a found routine. */
static void an_interface_may_be_restricted(void **state) {
    static const struct {
        const char *values;
        rm_tri restricted;
    } rows[] = {{"is = DEVPROP_TRUE;", RM_TRI_YES},
                {"is = DEVPROP_FALSE;", RM_TRI_NO},
                {"is = DEVPROP_TRUE; if (x) is = DEVPROP_FALSE;", RM_TRI_UNKNOWN},
                {"Ask(&is);", RM_TRI_UNKNOWN}};
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct driver d;
        rm_str text = RM_STR_NONE;
        assert_int_equal(
            rm_str_printf(
                f->arena, &text,
                "DEFINE_GUID(GUID_IF, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);\n"
                "NTSTATUS Add(WDFDRIVER Driver, PWDFDEVICE_INIT Init) {\n"
                "  static const wchar_t caps[] = L\"one.cap_x\\0\";\n"
                "  DEVPROP_BOOLEAN is;\n"
                "  WdfDeviceCreate(&Init, &attributes, &device);\n"
                "  WdfDeviceCreateDeviceInterface(device, &GUID_IF, NULL);\n"
                "  WDF_DEVICE_INTERFACE_PROPERTY_DATA_INIT(&data, &GUID_IF,\n"
                "    &DEVPKEY_DeviceInterface_UnrestrictedAppCapabilities);\n"
                "  WdfDeviceAssignInterfaceProperty(device, &data, 1, sizeof caps, (PVOID)caps);\n"
                "  WDF_DEVICE_INTERFACE_PROPERTY_DATA_INIT(&data, &GUID_IF,\n"
                "    &DEVPKEY_DeviceInterface_Restricted);\n"
                "  %s\n"
                "  return WdfDeviceAssignInterfaceProperty(device, &data, 1, sizeof is, &is);\n"
                "}\n",
                rows[i].values),
            RM_OK);
        read_text(f, &d, "d.cpp", rm_str_dup(f->arena, text));
        assert_str(door_of(&d, RM_DOOR_INTERFACE)->capabilities, "one.cap_x");
        assert_int_equal(door_of(&d, RM_DOOR_INTERFACE)->restricted, rows[i].restricted);
        done(&d);
    }
    struct driver d;
    read_text(f, &d, "d.c",
              "NTSTATUS Add(WDFDRIVER Driver, PWDFDEVICE_INIT Init) {\n"
              "  DEVPROP_BOOLEAN is = DEVPROP_TRUE;\n"
              "  WdfDeviceCreate(&Init, &attributes, &device);\n"
              "  WdfDeviceCreateDeviceInterface(device, &GUID_IF, NULL);\n"
              "  return g_pIoSetDeviceInterfacePropertyData(&name,\n"
              "    &DEVPKEY_DeviceInterface_Restricted, 0, 0, 17, sizeof is, &is);\n"
              "}\n");
    assert_int_equal(door_of(&d, RM_DOOR_INTERFACE)->restricted, RM_TRI_YES);
    done(&d);
}

static void an_ndis_device_is_described_by_its_attributes(void **state) {
    struct fixture *f = *state;
    struct driver d;
    read_text(f, &d, "d.c",
              "#define LINK L\"\\\\DosDevices\\\\N\"\n"
              "void Make(NDIS_HANDLE h) {\n"
              "  NDIS_STRING name, link; NDIS_DEVICE_OBJECT_ATTRIBUTES a;\n"
              "  NdisInitUnicodeString(&name, L\"\\\\Device\\\\N\");\n"
              "  NdisInitUnicodeString(&link, LINK);\n"
              "  a.DeviceName = &name; a.SymbolicName = &link;\n"
              "  a.DefaultSDDLString = &SDDL_DEVOBJ_SYS_ALL_ADM_ALL;\n"
              "  NdisRegisterDeviceEx(h, &a, &object, &handle);\n"
              "}\n");
    assert_str(d.model->devices.at[0].nt_name, "\\Device\\N");
    assert_int_equal(d.model->devices.at[0].created_by, RM_CREATED_NDIS);
    assert_str(d.model->descriptors.at[0].sddl, "D:P(A;;GA;;;SY)(A;;GA;;;BA)");
    assert_str(door_of(&d, RM_DOOR_SYMLINK)->name, "\\DosDevices\\N");
    done(&d);
}

/* FltBuildDefaultSecurityDescriptor admits the system and administrators. */
static void a_minifilter_port_is_a_device_and_a_door(void **state) {
    struct fixture *f = *state;
    struct driver d;
    read_text(f, &d, "d.c",
              "void Make(PFLT_FILTER filter) {\n"
              "  UNICODE_STRING name = RTL_CONSTANT_STRING(L\"\\\\Port\");\n"
              "  FltBuildDefaultSecurityDescriptor(&sd, FLT_PORT_ALL_ACCESS);\n"
              "  RtlSetDaclSecurityDescriptor(sd, TRUE, NULL, FALSE);\n"
              "  InitializeObjectAttributes(&oa, &name, OBJ_KERNEL_HANDLE, NULL, sd);\n"
              "  FltCreateCommunicationPort(filter, &port, &oa, NULL, C, D, M, 1);\n"
              "}\n");
    assert_str(d.model->devices.at[0].nt_name, "\\Port");
    assert_int_equal(d.model->devices.at[0].created_by, RM_CREATED_FLTPORT);
    assert_int_equal(door_of(&d, RM_DOOR_COMM_PORT)->device, 0);
    assert_int_equal(d.model->descriptors.count, 1);
    assert_int_equal(d.model->descriptors.at[0].subject_kind, RM_SUBJECT_PORT);
    assert_str(d.model->descriptors.at[0].sddl, "D:NO_ACCESS_CONTROL");
    done(&d);
}

/* Each port has what the descriptor was when it was made. */
static void what_is_set_after_a_port_is_made_does_not_count_for_it(void **state) {
    struct fixture *f = *state;
    struct driver d;
    read_text(f, &d, "d.c",
              "void Make(PFLT_FILTER filter) {\n"
              "  UNICODE_STRING one = RTL_CONSTANT_STRING(L\"\\\\One\");\n"
              "  UNICODE_STRING two = RTL_CONSTANT_STRING(L\"\\\\Two\");\n"
              "  FltBuildDefaultSecurityDescriptor(&sd, FLT_PORT_ALL_ACCESS);\n"
              "  InitializeObjectAttributes(&oa, &one, OBJ_KERNEL_HANDLE, NULL, sd);\n"
              "  FltCreateCommunicationPort(filter, &port, &oa, NULL, C, D, M, 1);\n"
              "  RtlSetDaclSecurityDescriptor(sd, TRUE, NULL, FALSE);\n"
              "  InitializeObjectAttributes(&oa, &two, OBJ_KERNEL_HANDLE, NULL, sd);\n"
              "  FltCreateCommunicationPort(filter, &other, &oa, NULL, C, D, M, 1);\n"
              "}\n");
    assert_int_equal(d.model->descriptors.count, 2);
    assert_str(d.model->descriptors.at[0].sddl, "D:P(A;;0x1f0001;;;SY)(A;;0x1f0001;;;BA)");
    assert_str(d.model->descriptors.at[1].sddl, "D:NO_ACCESS_CONTROL");
    done(&d);
}

static void a_driver_that_attaches_by_name_has_a_place_on_top(void **state) {
    struct fixture *f = *state;
    struct driver d;
    read_text(f, &d, "d.c",
              "NTSTATUS Hook(PDRIVER_OBJECT Driver) {\n"
              "  UNICODE_STRING name, other;\n"
              "  PDEVICE_OBJECT device, lower, target;\n"
              "  PFILE_OBJECT file;\n"
              "  RtlInitUnicodeString(&name, L\"\\\\Device\\\\KeyboardClass0\");\n"
              "  RtlInitUnicodeString(&other, L\"\\\\Device\\\\Other\");\n"
              "  IoCreateDevice(Driver, 0, NULL, FILE_DEVICE_KEYBOARD, 0, FALSE, &device);\n"
              "  IoGetDeviceObjectPointer(&other, FILE_READ_DATA, &file, &target);\n"
              "  lower = IoAttachDeviceToDeviceStack(device, target);\n"
              "  return IoAttachDevice(device, &name, &lower);\n"
              "}\n");
    assert_int_equal(d.model->stacks.count, 2);
    assert_str(d.model->stacks.at[0].hwid, "\\Device\\Other");
    assert_str(d.model->stacks.at[1].hwid, "\\Device\\KeyboardClass0");
    assert_int_equal(d.model->stacks.at[1].how, RM_STACK_ATTACH);
    assert_int_equal(d.model->stacks.at[1].position, 0);
    assert_int_equal(d.model->stacks.at[1].place.line, 10);
    done(&d);
}

static void what_adddevice_attaches_to_is_told_by_the_inf(void **state) {
    struct fixture *f = *state;
    struct driver d;
    read_text(f, &d, "d.c",
              "NTSTATUS AddDevice(PDRIVER_OBJECT Driver, PDEVICE_OBJECT Pdo) {\n"
              "  PDEVICE_OBJECT device, lower;\n"
              "  IoCreateDevice(Driver, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);\n"
              "  lower = IoAttachDeviceToDeviceStack(device, Pdo);\n"
              "  return STATUS_SUCCESS;\n"
              "}\n");
    assert_int_equal(d.model->stacks.count, 0);
    done(&d);
}

static void a_control_device_whose_init_an_object_keeps_is_found_with_its_names(void **state) {
    struct fixture *f = *state;
    struct driver d;
    read_text(f, &d, "d.cpp",
              "void Init::SetExclusive() { WdfDeviceInitSetExclusive(m_Init, TRUE); }\n"
              "NTSTATUS Init::SetName(const UNICODE_STRING &Name) {\n"
              "  return WdfDeviceInitAssignName(m_Init, &Name); }\n"
              "NTSTATUS Device::Link(const UNICODE_STRING &Name) {\n"
              "  return WdfDeviceCreateSymbolicLink(m_Device, &Name); }\n"
              "NTSTATUS Device::Create(Init &init) {\n"
              "  return WdfDeviceCreate(&init.m_Init, NULL, &m_Device); }\n"
              "NTSTATUS ControlInit::Create(WDFDRIVER Driver) {\n"
              "  auto init = WdfControlDeviceInitAllocate(Driver, &SDDL_DEVOBJ_KERNEL_ONLY);\n"
              "  Attach(init);\n  SetExclusive();\n"
              "  DECLARE_CONST_UNICODE_STRING(ntName, L\"\\\\Device\\\\Kept\");\n"
              "  return SetName(ntName); }\n"
              "NTSTATUS Control::Create(ControlInit &init) {\n"
              "  DECLARE_CONST_UNICODE_STRING(dosName, L\"\\\\DosDevices\\\\Kept\");\n"
              "  return Link(dosName); }\n");
    assert_int_equal(d.model->devices.count, 2);
    const rm_device *device = &d.model->devices.at[1];
    assert_str(device->nt_name, "\\Device\\Kept");
    assert_int_equal(device->created_by, RM_CREATED_WDFCONTROLDEVICE);
    assert_int_equal(device->exclusive, RM_TRI_YES);
    assert_str(d.model->descriptors.at[0].sddl, "D:P");
    assert_str(door_of(&d, RM_DOOR_SYMLINK)->name, "\\DosDevices\\Kept");
    assert_int_equal(door_of(&d, RM_DOOR_SYMLINK)->device, 1);
    done(&d);
}

static void a_name_that_is_completed_at_run_time_is_open_at_its_end(void **state) {
    struct fixture *f = *state;
    struct driver d;
    read_text(f, &d, "d.c",
              "NTSTATUS F(PDRIVER_OBJECT Driver, PCWSTR guid) {\n"
              "  RtlStringCchCopyW(buffer, 99, L\"\\\\Device\\\\Volume\");\n"
              "  RtlStringCchCatW(buffer, 99, guid);\n"
              "  RtlInitUnicodeString(&name, buffer);\n"
              "  return IoCreateDevice(Driver, 0, &name, 7, 0, FALSE, &device); }\n");
    assert_int_equal(d.model->devices.count, 1);
    assert_str(d.model->devices.at[0].nt_name, "\\Device\\Volume*");
    assert_true(d.model->devices.at[0].name_unknown);
    assert_int_equal(d.model->devices.at[0].state, RM_STATE_DERIVED);
    done(&d);
}

static void texts_are_printed_into_a_format_and_numbers_stay_open(void **state) {
    struct fixture *f = *state;
    struct driver d;
    read_text(f, &d, "d.c",
              "#define NAME L\"\\\\Device\\\\usb\"\n"
              "NTSTATUS F(PDRIVER_OBJECT Driver, int i) {\n"
              "  _snwprintf(text, 99, L\"%s%04d%%\", NAME, i);\n"
              "  RtlInitUnicodeString(&name, text);\n"
              "  IoCreateDevice(Driver, 0, &name, 7, 0, FALSE, &device);\n"
              "  RtlStringCbPrintfW(other, 99, L\"\\\\Device\\\\%ws\", L\"Whole\");\n"
              "  RtlInitUnicodeString(&second, other);\n"
              "  return IoCreateDevice(Driver, 0, &second, 7, 0, FALSE, &device); }\n");
    assert_int_equal(d.model->devices.count, 2);
    assert_str(d.model->devices.at[0].nt_name, "\\Device\\usb%04d%");
    assert_true(d.model->devices.at[0].name_unknown);
    assert_str(d.model->devices.at[1].nt_name, "\\Device\\Whole");
    assert_false(d.model->devices.at[1].name_unknown);
    done(&d);
}

#define MAKE_STRING                                                                                \
    "struct text *Make(char *s) {\n"                                                               \
    "  struct text *t = Allocate(sizeof(struct text));\n"                                          \
    "  if (t == NULL) { return NULL; }\n"                                                          \
    "  NdisInitializeString(&t->String, s);\n  return t; }\n"                                      \
    "NDIS_STRING *Get(struct text *t) { if (t == NULL) { return NULL; } return &t->String; }\n"

static void an_object_made_by_a_function_has_what_that_call_gave_it(void **state) {
    struct fixture *f = *state;
    struct driver d;
    read_text(f, &d, "d.c",
              MAKE_STRING
              "void Create(PDRIVER_OBJECT D, struct text *name, struct text *link) {\n"
              "  struct text *sddl = Make(\"D:P(A;;GA;;;SY)\");\n"
              "  IoCreateDeviceSecure(D, 0, &name->String, 7, 0, FALSE, Get(sddl), NULL, &dev);\n"
              "  IoCreateSymbolicLink(&link->String, &name->String); }\n"
              "void DriverEntry(PDRIVER_OBJECT D) {\n"
              "  struct text *a = Make(\"\\\\Device\\\\A\");\n"
              "  struct text *b = Make(\"\\\\DosDevices\\\\B\");\n"
              "  Create(D, a, b); }\n"
              "void PerAdapter(PDRIVER_OBJECT D, wchar_t *id) {\n"
              "  struct text *a = Make(\"\\\\Device\\\\X_0000\");\n"
              "  struct text *b = Make(\"\\\\DosDevices\\\\X_0000\");\n"
              "  Copy(a->String.Buffer + 8, id, 4);\n  Copy(b->String.Buffer + 11, id, 4);\n"
              "  Create(D, a, b); }\n");
    assert_int_equal(d.model->devices.count, 2);
    assert_str(d.model->devices.at[0].nt_name, "\\Device\\A");
    assert_int_equal(d.model->devices.at[0].state, RM_STATE_CONFIRMED);
    assert_str(d.model->devices.at[1].nt_name, "");
    assert_int_equal(d.model->devices.at[1].state, RM_STATE_UNKNOWN);
    assert_int_equal(d.model->descriptors.count, 2);
    assert_str(d.model->descriptors.at[0].sddl, "D:P(A;;GA;;;SY)");
    assert_str(door_of(&d, RM_DOOR_SYMLINK)->name, "\\DosDevices\\B");
    done(&d);
}

static void a_member_that_several_objects_have_is_not_mixed_up(void **state) {
    struct fixture *f = *state;
    struct driver d;
    read_text(f, &d, "d.c",
              MAKE_STRING "void Keep(void) { Make(\"\\\\Device\\\\A\"); }\n"
                          "void KeepOther(void) { Make(\"\\\\Device\\\\B\"); }\n"
                          "NTSTATUS F(PDRIVER_OBJECT D) {\n"
                          "  return IoCreateDevice(D, 0, &g_kept->String, 7, 0, FALSE, &dev); }\n");
    assert_int_equal(d.model->devices.count, 1);
    assert_str(d.model->devices.at[0].nt_name, "");
    assert_int_equal(d.model->devices.at[0].state, RM_STATE_UNKNOWN);
    assert_diag(f, 10, 10, "device-name-unknown");
    done(&d);
}

static void members_of_two_variables_are_kept_apart(void **state) {
    struct fixture *f = *state;
    struct driver d;
    read_text(f, &d, "d.c",
              "NTSTATUS F(PDRIVER_OBJECT D) {\n"
              "  RtlInitUnicodeString(&a->Name, L\"\\\\Device\\\\A\");\n"
              "  RtlInitUnicodeString(&b->Name, L\"\\\\Device\\\\B\");\n"
              "  return IoCreateDevice(D, 0, &a->Name, 7, 0, FALSE, &dev); }\n");
    assert_int_equal(d.model->devices.count, 1);
    assert_str(d.model->devices.at[0].nt_name, "\\Device\\A");
    done(&d);
}

static void a_literal_and_the_name_behind_it_are_one_text_in_cpp_too(void **state) {
    struct fixture *f = *state;
    struct driver d;
    read_text(f, &d, "d.cpp",
              "#define NAME \"Thing\"\n"
              "constexpr static wchar_t path[] = L\"\\\\Device\\\\\" NAME;\n"
              "NTSTATUS F(PDRIVER_OBJECT D) {\n"
              "  UNICODE_STRING name = RTL_CONSTANT_STRING(path);\n"
              "  return IoCreateDevice(D, 0, &name, 7, 0, FALSE, &dev); }\n");
    assert_int_equal(d.model->devices.count, 1);
    assert_str(d.model->devices.at[0].nt_name, "\\Device\\Thing");
    done(&d);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(a_name_may_be_a_list_of_characters),
        WITH_FIXTURE(a_descriptor_may_be_set_on_the_device_afterwards),
        WITH_FIXTURE(a_plain_device_has_its_arguments_read),
        WITH_FIXTURE(a_driver_that_attaches_by_name_has_a_place_on_top),
        WITH_FIXTURE(what_adddevice_attaches_to_is_told_by_the_inf),
        WITH_FIXTURE(both_sides_of_a_choice_of_descriptors_are_kept),
        WITH_FIXTURE(what_is_made_at_run_time_is_unknown_and_says_why),
        WITH_FIXTURE(a_printed_name_is_kept_as_a_pattern),
        WITH_FIXTURE(texts_that_are_known_are_printed_into_a_name),
        WITH_FIXTURE(the_last_name_before_the_call_counts),
        WITH_FIXTURE(a_wrapper_makes_a_device_for_each_of_its_callers),
        WITH_FIXTURE(each_call_of_a_wrapper_has_the_descriptor_it_gives),
        WITH_FIXTURE(a_wrapper_makes_what_its_argument_chooses),
        WITH_FIXTURE(a_filter_without_a_name_is_one_of_its_stack),
        WITH_FIXTURE(a_wdf_control_device_is_what_its_init_was_told),
        WITH_FIXTURE(a_later_descriptor_of_a_wdf_device_replaces_the_first),
        WITH_FIXTURE(an_interface_has_its_class_and_capabilities),
        WITH_FIXTURE(an_interface_may_be_restricted),
        WITH_FIXTURE(an_ndis_device_is_described_by_its_attributes),
        WITH_FIXTURE(a_minifilter_port_is_a_device_and_a_door),
        WITH_FIXTURE(what_is_set_after_a_port_is_made_does_not_count_for_it),
        WITH_FIXTURE(a_control_device_whose_init_an_object_keeps_is_found_with_its_names),
        WITH_FIXTURE(a_name_that_is_completed_at_run_time_is_open_at_its_end),
        WITH_FIXTURE(texts_are_printed_into_a_format_and_numbers_stay_open),
        WITH_FIXTURE(an_object_made_by_a_function_has_what_that_call_gave_it),
        WITH_FIXTURE(a_member_that_several_objects_have_is_not_mixed_up),
        WITH_FIXTURE(members_of_two_variables_are_kept_apart),
        WITH_FIXTURE(a_literal_and_the_name_behind_it_are_one_text_in_cpp_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
