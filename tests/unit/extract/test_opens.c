#include "support.h"

#include "extract/extract.h"

/*
 * What programs open, from their sources as a scan has them: a project says which files make the
 * program. The device paths are those of CreateFile's documentation, "Win32 Device Namespaces".
 */

#define PROGRAM(inner)                                                                             \
    "<Project><PropertyGroup><ConfigurationType>Application</ConfigurationType>"                   \
    "<TargetName>Tool</TargetName></PropertyGroup><ItemGroup>"                                     \
    "<ClCompile Include=\"tool.c\"/>" inner "</ItemGroup></Project>"

typedef struct tree {
    struct fixture *f;
    rm_input_files files;
} tree;

static void add(tree *t, const char *path, const char *text) {
    rm_input_file file = {.path = rm_str_from(path), .bytes = rm_str_from(text)};
    assert_true(rm_artifact_kind_of(file.path, &file.kind));
    rm_input_file *slot = rm_push(t->f->arena, &t->files);
    assert_non_null(slot);
    *slot = file;
}

static rm_model *extract(tree *t) {
    uint32_t unusable = 0;
    rm_model *m = rm_model_new((size_t)64 << 20);
    assert_non_null(m);
    assert_int_equal(rm_extract(m, &t->f->sink, &t->files, NULL, &unusable), RM_OK);
    return m;
}

static rm_model *program(void **state, const char *source) {
    tree t = {.f = *state};
    add(&t, "tool.vcxproj", PROGRAM(""));
    add(&t, "tool.c", source);
    add(&t, "public.h",
        "#define LAMP_PATH L\"\\\\\\\\.\\\\\" LAMP_NAME\n#define LAMP_NAME L\"Lamp\"\n"
        "DEFINE_GUID(GUID_LAMP, 0x3fb7299d, 0x6847, 0x4490, 0xb0, 0xc9, 0x99, 0xe0, 0x98, 0x6a, "
        "0xb8, 0x86);\n"
        "DEFINE_GUID(GUID_OTHER, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);\n");
    return extract(&t);
}

static void expect(void **state, const char *source, const char *target, uint32_t line,
                   uint32_t column) {
    rm_model *m = program(state, source);
    assert_int_equal(m->opens.count, 1);
    assert_str(m->opens.at[0].target, target);
    assert_str(m->opens.at[0].place.file, "tool.c");
    assert_int_equal(m->opens.at[0].place.line, line);
    assert_int_equal(m->opens.at[0].place.column, column);
    assert_int_equal(m->opens.at[0].state, RM_STATE_DERIVED);
    assert_str(m->apps.at[m->opens.at[0].app].name, "Tool.exe");
    rm_model_free(m);
}

static void a_device_path_that_is_opened_is_found(void **state) {
    expect(state, "int main(void) {\n  h = CreateFile(\"\\\\\\\\.\\\\Lamp\", 0, 0);\n}",
           "\\\\.\\Lamp", 2, 7);
    expect(state, "void f(void) {\n h = CreateFileW(L\"\\\\\\\\.\\\\Lamp\\\\log\", 0);}",
           "\\\\.\\Lamp\\log", 2, 6);
    expect(state, "const char *p =\n \"\\\\\\\\.\\\\Lamp\";", "\\\\.\\Lamp", 2, 2);
    expect(state, "h = CreateFile2(TEXT(\"\\\\\\\\?\\\\GLOBALROOT\\\\Device\\\\Lamp\"), 1);",
           "\\Device\\Lamp", 1, 5);
    expect(state, "char *p = \"\\\\\\\\.\\\\\\\\Lamp\";", "\\\\.\\Lamp", 1, 11);
}

static void a_path_made_of_macros_is_found(void **state) {
    expect(state, "#include \"public.h\"\nvoid f() { CreateFile(LAMP_PATH, GENERIC_READ, 0); }",
           "\\\\.\\Lamp", 2, 12);
}

static void the_class_that_windows_is_asked_for_is_found(void **state) {
    static const char guid[] = "{3fb7299d-6847-4490-b0c9-99e0986ab886}";
    expect(state,
           "#include \"public.h\"\n"
           "x = CM_Get_Device_Interface_ListW((LPGUID)&GUID_LAMP, NULL, b, n, 0);",
           guid, 2, 5);
    expect(state, "#include \"public.h\"\nx = SetupDiGetClassDevs(&GUID_LAMP, 0, 0, 18);", guid, 2,
           5);
    expect(state,
           "#include \"public.h\"\n"
           "void find(const GUID *g) { SetupDiGetClassDevs(g, 0, 0, 18); }\n"
           "void f() { find(&GUID_LAMP); }",
           guid, 3, 18);
}

static void what_is_no_device_of_a_driver_is_not_found(void **state) {
    static const char *const sources[] = {
        "h = CreateFile(\"\\\\\\\\.\\\\pipe\\\\lamp\", 0);",
        "h = CreateFile(\"\\\\\\\\.\\\\PhysicalDrive0\", 0);",
        "h = CreateFile(\"\\\\\\\\.\\\\C:\", 0);",
        "p = \"\\\\\\\\.\\\\%s\";",
        "p = \"\\\\\\\\.\\\\\";",
        "// CreateFile(\"\\\\\\\\.\\\\Lamp\")\n/* \"\\\\\\\\.\\\\Lamp\" */ int x;",
        "h = CreateFile(\"lamp.txt\", 0);",
        "#include \"public.h\"\nint use(void) { return GUID_OTHER.Data1; }",
    };
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        rm_model *m = program(state, sources[i]);
        assert_int_equal(m->opens.count, 0);
        assert_int_equal(m->apps.count, 0);
        rm_model_free(m);
    }
}

static void a_program_without_a_manifest_runs_as_who_starts_it(void **state) {
    rm_model *m = program(state, "char *p = \"\\\\\\\\.\\\\Lamp\";");
    assert_int_equal(m->apps.count, 1);
    assert_str(m->apps.at[0].principal, "standard_user");
    assert_int_equal(m->apps.at[0].state, RM_STATE_ASSUMED);
    assert_str(m->apps.at[0].place.file, "tool.vcxproj");
    rm_model_free(m);
}

static void a_program_with_a_manifest_opens_as_it_says(void **state) {
    tree t = {.f = *state};
    add(&t, "tool.vcxproj", PROGRAM("<Manifest Include=\"tool.manifest\"/>"));
    add(&t, "tool.c", "char *p = \"\\\\\\\\.\\\\Lamp\";");
    add(&t, "tool.manifest",
        "<assembly><trustInfo><security><requestedPrivileges>"
        "<requestedExecutionLevel level='requireAdministrator'/>"
        "</requestedPrivileges></security></trustInfo></assembly>");
    rm_model *m = extract(&t);
    assert_int_equal(m->apps.count, 1);
    assert_int_equal(m->opens.count, 1);
    assert_str(m->apps.at[m->opens.at[0].app].principal, "admin_elevated");
    rm_model_free(m);
}

static void the_sources_of_a_package_are_its_apps(void **state) {
    tree t = {.f = *state};
    add(&t, "tool.vcxproj", PROGRAM("<AppxManifest Include=\"Package.appxmanifest\"/>"));
    add(&t, "tool.c", "h = CreateFile2(L\"\\\\\\\\.\\\\Lamp\", 0);");
    add(&t, "Package.appxmanifest",
        "<Package><Identity Name='Contoso.Lamp' Publisher='CN=C'/><Applications>"
        "<Application Id='App' Executable='$targetnametoken$.exe' EntryPoint='Lamp.App'/>"
        "</Applications></Package>");
    rm_model *m = extract(&t);
    assert_int_equal(m->apps.count, 1);
    assert_int_equal(m->opens.count, 1);
    assert_str(m->apps.at[m->opens.at[0].app].package, "Contoso.Lamp");
    rm_model_free(m);
}

static const char service_inf[] = "[Version]\nSignature=\"$Windows NT$\"\nClass=System\n"
                                  "ClassGuid={4d36e97d-e325-11ce-bfc1-08002be10318}\n"
                                  "Provider=%P%\nPnpLockdown=1\n"
                                  "[Manufacturer]\n%P%=M,NTamd64\n[M.NTamd64]\n%P%=I,ROOT\\Lamp\n"
                                  "[I.NT]\n[I.NT.Services]\nAddService=Tool,,S\n"
                                  "[S]\nServiceType=0x10\nStartType=3\nErrorControl=1\n"
                                  "ServiceBinary=%13%\\Tool.exe\n[Strings]\nP=\"Contoso\"\n";

static rm_model *service(void **state, const char *source) {
    tree t = {.f = *state};
    add(&t, "lamp.inf", service_inf);
    add(&t, "tool.vcxproj", PROGRAM(""));
    add(&t, "tool.c", source);
    return extract(&t);
}

static void a_service_opens_with_its_own_token_or_its_callers(void **state) {
    rm_model *m =
        service(state, "void serve(void) {\n RpcImpersonateClient(0);\n"
                       " h = CreateFile(\"\\\\\\\\.\\\\Lamp\", 0);\n RpcRevertToSelf();\n}");
    assert_int_equal(m->apps.count, 0);
    assert_int_equal(m->opens.count, 1);
    assert_int_equal(m->opens.at[0].service, 0);
    assert_true(m->services.at[0].impersonates);
    rm_model_free(m);
    m = service(state, "void serve(void) {\n RpcImpersonateClient(0);\n RpcRevertToSelf();\n"
                       " h = CreateFile(\"\\\\\\\\.\\\\Lamp\", 0); }");
    assert_false(m->services.at[0].impersonates);
    rm_model_free(m);
    m = service(state, "void serve(void) { CoImpersonateClient(); }\n"
                       "void own(void) { h = CreateFile(\"\\\\\\\\.\\\\Lamp\", 0); }");
    assert_false(m->services.at[0].impersonates);
    rm_model_free(m);
}

static void a_handle_for_another_process_is_told_of(void **state) {
    struct fixture *f = *state;
    rm_model *m =
        program(state, "void f(void) {\n h = CreateFile(\"\\\\\\\\.\\\\Lamp\", 0);\n"
                       " DuplicateHandle(GetCurrentProcess(), h, client, &c, 0, 0, 2);\n}");
    assert_diag(f, 3, 2, "app-hands-over-handle");
    rm_model_free(m);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(a_device_path_that_is_opened_is_found),
        WITH_FIXTURE(a_path_made_of_macros_is_found),
        WITH_FIXTURE(the_class_that_windows_is_asked_for_is_found),
        WITH_FIXTURE(what_is_no_device_of_a_driver_is_not_found),
        WITH_FIXTURE(a_program_without_a_manifest_runs_as_who_starts_it),
        WITH_FIXTURE(a_program_with_a_manifest_opens_as_it_says),
        WITH_FIXTURE(the_sources_of_a_package_are_its_apps),
        WITH_FIXTURE(a_service_opens_with_its_own_token_or_its_callers),
        WITH_FIXTURE(a_handle_for_another_process_is_told_of),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
