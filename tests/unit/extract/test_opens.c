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

static void global_names_and_ports_are_found(void **state) {
    expect(state, "char *p = \"\\\\\\\\.\\\\Global\\\\Lamp\";", "\\\\.\\Lamp", 1, 11);
    expect(state, "wchar_t *p = L\"\\\\\\\\?\\\\Lamp\";", "\\\\.\\Lamp", 1, 14);
    expect(state, "h = FilterConnectCommunicationPort(L\"\\\\LampPort\", 0, 0, 0, 0, &p);",
           "\\LampPort", 1, 5);
    expect(
        state,
        "static const wchar_t *s = L\"System.Devices.InterfaceClassGuid:=\\\"{3FB7299D-6847-4490-"
        "B0C9-99E0986AB886}\\\"\";",
        "{3fb7299d-6847-4490-b0c9-99e0986ab886}", 1, 27);
    expect(state,
           "static const GUID LAMP = {0x3fb7299d, 0x6847, 0x4490, {0xb0, 0xc9, 0x99, 0xe0, 0x98, "
           "0x6a, 0xb8, 0x86}};\nx = SetupDiGetClassDevsW(&LAMP, 0, 0, 18);",
           "{3fb7299d-6847-4490-b0c9-99e0986ab886}", 2, 5);
    expect(state,
           "winrt::guid lamp{ L\"3fb7299d-6847-4490-b0c9-99e0986ab886\" };\n"
           "auto s = CustomDevice::GetDeviceSelector(lamp);",
           "{3fb7299d-6847-4490-b0c9-99e0986ab886}", 2, 24);
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
        "p = \"\\\\\\\\.\\\\GLOBALROOT\";",
        "// CreateFile(\"\\\\\\\\.\\\\Lamp\")\n/* \"\\\\\\\\.\\\\Lamp\" */ int x;",
        "h = CreateFile(\"lamp.txt\", 0);",
        "#include \"public.h\"\nint use(void) { return GUID_OTHER.Data1; }",
    };
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        rm_model *m = program(state, sources[i]);
        assert_int_equal(rm_model_link(m, NULL), RM_OK); /* a call that nobody answers goes */
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

/* No project names the manifest: it lies above and names the program. Another's is not this one's.
 */
static void a_manifest_that_names_a_program_makes_it_the_packages(void **state) {
    static const struct {
        const char *executable;
        uint32_t apps; /* with the program's own, where it is no package's */
    } cases[] = {{"bin\\Tool.exe", 1}, {"Other.exe", 2}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        tree t = {.f = *state};
        rm_str manifest = RM_STR_NONE;
        add(&t, "app/tool.vcxproj", PROGRAM(""));
        add(&t, "app/tool.c", "void use(void) { h = CreateFile(\"\\\\\\\\.\\\\Lamp\", 0); }");
        assert_int_equal(rm_str_printf(t.f->arena, &manifest,
                                       "<Package><Identity Name='Contoso.Lamp' Publisher='CN=C'/>"
                                       "<Applications><Application Id='Lamp' Executable='%s' "
                                       "EntryPoint='Lamp.App'/></Applications></Package>",
                                       cases[i].executable),
                         RM_OK);
        add(&t, "AppxManifest.xml", manifest.ptr);
        rm_model *m = extract(&t);
        assert_int_equal(m->apps.count, cases[i].apps);
        assert_int_equal(m->opens.count, 1);
        assert_str(m->apps.at[m->opens.at[0].app].name, i == 0 ? "Lamp" : "Tool.exe");
        rm_model_free(m);
    }
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

/* Who opens \\.\Lamp in the service's source: 1 as its caller, 0 with its own token. */
static void expect_caller(void **state, const char *source, bool as_caller) {
    rm_model *m = service(state, source);
    assert_int_equal(m->opens.count, 1);
    assert_int_equal(m->opens.at[0].as_caller, as_caller);
    assert_int_equal(m->services.at[0].impersonates, as_caller);
    rm_model_free(m);
}

#define OPENS "h = CreateFile(\"\\\\\\\\.\\\\Lamp\", 0);"

static void whose_token_opens_is_followed_through_routines(void **state) {
    /* a routine that only impersonating code calls */
    expect_caller(state,
                  "void open(void) { " OPENS " }\n"
                  "void serve(void) { ImpersonateNamedPipeClient(p); open(); RevertToSelf(); }",
                  true);
    expect_caller(state,
                  "void open(void) { " OPENS " }\n"
                  "void other(void) { open(); }\n"
                  "void serve(void) { ImpersonateNamedPipeClient(p); open(); RevertToSelf(); }",
                  false);
    /* a thread of its own has the process' token, whoever starts it */
    expect_caller(
        state,
        "DWORD WINAPI work(void *x) { " OPENS " }\n"
        "void serve(void) { RpcImpersonateClient(0); CreateThread(0, 0, work, 0, 0, 0); }\n"
        "void again(void) { RpcImpersonateClient(0); work(0); }",
        false);
    /* routines that begin and end it */
    expect_caller(state,
                  "HRESULT Become(void) { return CoImpersonateClient(); }\n"
                  "void Back(void) { CoRevertToSelf(); }\n"
                  "void serve(void) { Become(); " OPENS " Back(); }",
                  true);
    expect_caller(state,
                  "HRESULT Become(void) { return CoImpersonateClient(); }\n"
                  "void Back(void) { CoRevertToSelf(); }\n"
                  "void serve(void) { Become(); Back(); " OPENS " }",
                  false);
}

static void whose_token_opens_is_followed_through_blocks(void **state) {
    /* an error's way out reverts; the way on does not */
    expect_caller(state,
                  "void serve(void) { if (RpcImpersonateClient(0)) return;\n"
                  " if (!Ready()) { RpcRevertToSelf(); return; }\n " OPENS " RpcRevertToSelf(); }",
                  true);
    expect_caller(state,
                  "void serve(void) { RpcImpersonateClient(0);\n"
                  " if (Quick()) { RpcRevertToSelf(); }\n " OPENS " }",
                  false);
    /* only on one way */
    expect_caller(state, "void serve(void) { if (x) { RpcImpersonateClient(0); } " OPENS " }",
                  false);
    /* an object that reverts when its block ends */
    expect_caller(state, "void serve() { auto r = wil::CoImpersonateClient(); " OPENS " }", true);
    expect_caller(state, "void serve() { { auto r = wil::CoImpersonateClient(); } " OPENS " }",
                  false);
    expect_caller(state,
                  "void like() { auto r = wil::CoImpersonateClient(); Note(); }\n"
                  "void serve() { like(); " OPENS " }",
                  false);
    expect_caller(state,
                  "Caller::Caller() : a(1), b{2} { RpcImpersonateClient(0); }\n"
                  "Caller::~Caller() { RpcRevertToSelf(); }\n"
                  "void serve() { Caller caller; " OPENS " }",
                  true);
}

static void each_open_of_a_service_has_its_token(void **state) {
    rm_model *m = service(state, "void serve(void) { RpcImpersonateClient(0);\n" OPENS "\n"
                                 "RpcRevertToSelf(); }\n"
                                 "void own(void) { h = CreateFile(\"\\\\\\\\.\\\\Other\", 0); }");
    assert_int_equal(m->opens.count, 2);
    assert_true(m->opens.at[0].as_caller);
    assert_false(m->opens.at[1].as_caller);
    assert_false(m->services.at[0].impersonates);
    rm_model_free(m);
}

static void doors_of_a_service_lead_others_to_it(void **state) {
    static const char client[] =
        "<Project><PropertyGroup><ConfigurationType>Application"
        "</ConfigurationType><TargetName>Client</TargetName></PropertyGroup>"
        "<ItemGroup><ClCompile Include=\"client.c\"/></ItemGroup></Project>";
    tree t = {.f = *state};
    add(&t, "client.c",
        "void ask(void) { h = CreateFileW(L\"\\\\\\\\.\\\\pipe\\\\lamp\", 0); }\n"
        "void bind(void) { RpcStringBindingComposeW(0, L\"ncalrpc\", 0, L\"lamp\", 0, &s); }");
    add(&t, "client.vcxproj", client);
    add(&t, "lamp.inf", service_inf);
    add(&t, "tool.c",
        "#define PIPE L\"\\\\\\\\.\\\\pipe\\\\\" L\"lamp\"\n"
        "void serve(void) { " OPENS "\n"
        " CreateNamedPipe(PIPE, 3, 0, 1, 0, 0, 0, NULL);\n"
        " RpcServerUseProtseqEp((RPC_WSTR)L\"ncalrpc\", 10, (RPC_WSTR)L\"lamp\", NULL);\n"
        " RpcServerRegisterIf2(lamp_v1_0_s_ifspec, 0, 0, 0, 10, 10, 0);\n}");
    add(&t, "tool.vcxproj", PROGRAM(""));
    rm_model *m = extract(&t);
    assert_int_equal(m->doors.count, 3);
    assert_str(m->doors.at[0].name, "\\\\.\\pipe\\lamp");
    assert_int_equal(m->doors.at[0].kind, RM_DOOR_PIPE);
    assert_int_equal(m->doors.at[0].place.line, 3);
    assert_str(m->doors.at[1].name, "ncalrpc:[lamp]");
    assert_int_equal(m->doors.at[1].kind, RM_DOOR_RPC);
    assert_str(m->doors.at[2].name, "lamp_v1_0");
    assert_int_equal(m->opens.count, 3); /* the client's two come first, its project does */
    assert_str(m->opens.at[0].target, "\\\\.\\pipe\\lamp");
    assert_str(m->opens.at[1].target, "ncalrpc:[lamp]");
    assert_str(m->apps.at[m->opens.at[0].app].name, "Client.exe");
    assert_int_equal(rm_model_link(m, &t.f->sink), RM_OK);
    assert_int_equal(m->opens.at[0].to_service, 0);
    assert_int_equal(m->opens.at[1].to_service, 0);
    rm_model_free(m);
}

static void a_service_that_asks_another_has_a_call_too(void **state) {
    rm_model *m = service(state, "void own(void) { " OPENS " }\n"
                                 "void next(void) { RpcImpersonateClient(0);\n"
                                 " h = CreateFile(L\"\\\\\\\\.\\\\pipe\\\\next\", 0); }");
    assert_int_equal(m->opens.count, 2);
    assert_str(m->opens.at[1].target, "\\\\.\\pipe\\next");
    assert_true(m->opens.at[1].call);
    assert_int_equal(m->opens.at[1].service, 0);
    assert_int_equal(m->opens.at[1].app, RM_NONE);
    rm_model_free(m);
}

static void a_service_may_be_known_from_its_sources_alone(void **state) {
    rm_model *m =
        program(state, "void main(void) {\n"
                       " SERVICE_TABLE_ENTRYW t[] = {{(LPWSTR)L\"LampBroker\", Run}, {0, 0}};\n"
                       " StartServiceCtrlDispatcherW(t); " OPENS " }");
    assert_int_equal(m->services.count, 1);
    assert_str(m->services.at[0].name, "LampBroker");
    assert_str(m->services.at[0].account, "LocalSystem");
    assert_int_equal(m->services.at[0].state, RM_STATE_ASSUMED);
    assert_int_equal(m->services.at[0].place.line, 3);
    assert_int_equal(m->opens.at[0].service, 0);
    assert_int_equal(m->apps.count, 0);
    rm_model_free(m);
    m = program(
        state, "void main(void) { StartServiceCtrlDispatcher(t); " OPENS "\n"
               " CreateService(m, N, N, 1, SERVICE_WIN32_OWN_PROCESS, 2, 1, path, 0, 0, 0,\n"
               "  L\"NT AUTHORITY\\\\LocalService\", 0);\n"
               " CreateService(m, N, N, 1, SERVICE_KERNEL_DRIVER, 2, 1, p, 0, 0, 0, L\"x\", 0); }");
    assert_str(m->services.at[0].name, "Tool");
    assert_str(m->services.at[0].account, "NT AUTHORITY\\LocalService");
    assert_int_equal(m->services.at[0].state, RM_STATE_DERIVED);
    rm_model_free(m);
}

static void a_string_table_may_name_the_device(void **state) {
    tree t = {.f = *state};
    add(&t, "tool.c",
        "int main(void) { LoadStringW(0, IDS_DEVICE, b, n); h = CreateFileW(b, 0); }");
    add(&t, "tool.rc", "STRINGTABLE\nBEGIN\n IDS_DEVICE \"\\\\\\\\.\\\\Lamp\"\nEND\n");
    add(&t, "tool.vcxproj", PROGRAM("<ResourceCompile Include=\"tool.rc\"/>"));
    rm_model *m = extract(&t);
    assert_int_equal(m->opens.count, 1);
    assert_str(m->opens.at[0].target, "\\\\.\\Lamp");
    assert_str(m->opens.at[0].place.file, "tool.rc");
    assert_int_equal(m->opens.at[0].place.line, 3);
    rm_model_free(m);
}

static void a_librarys_helper_makes_no_service_of_a_program(void **state) {
    tree t = {.f = *state};
    add(&t, "help.c", "void Help(void) { StartServiceCtrlDispatcher(t); " OPENS " }");
    add(&t, "help.vcxproj",
        "<Project><PropertyGroup><ConfigurationType>DynamicLibrary</ConfigurationType>"
        "</PropertyGroup><ItemGroup><ClCompile Include=\"help.c\"/></ItemGroup></Project>");
    add(&t, "tool.c", "int main(void) { Help(); }");
    add(&t, "tool.vcxproj", PROGRAM("<ProjectReference Include=\"help.vcxproj\"/>"));
    rm_model *m = extract(&t);
    assert_int_equal(m->services.count, 0);
    assert_int_equal(m->opens.count, 1);
    assert_str(m->apps.at[m->opens.at[0].app].name, "Tool.exe");
    rm_model_free(m);
}

static void the_doors_of_a_program_are_its_entries(void **state) {
    rm_model *m =
        program(state, "#include \"public.h\"\nvoid f(void) { " OPENS
                       " CoRegisterClassObject(GUID_OTHER, 0, 4, 1, &c);\n"
                       " CreateNamedPipeA(\"\\\\\\\\.\\\\pipe\\\\tool\", 3, 0, 1, 0, 0, 0, 0); }");
    assert_int_equal(m->doors.count, 0);
    assert_int_equal(m->app_entries.count, 2);
    assert_str(m->app_entries.at[0].kind, "com_server");
    assert_str(m->app_entries.at[0].name, "{00000001-0002-0003-0405-060708090a0b}");
    assert_str(m->app_entries.at[1].kind, "pipe");
    assert_str(m->app_entries.at[1].name, "\\\\.\\pipe\\tool");
    rm_model_free(m);
}

/* ---- C# ---- */

#define CS_PROJECT                                                                                 \
    "<Project Sdk='Microsoft.NET.Sdk'><PropertyGroup><OutputType>Exe</OutputType>"                 \
    "<AssemblyName>Tool</AssemblyName></PropertyGroup></Project>"

static rm_model *csharp(void **state, const char *source, const char *other) {
    tree t = {.f = *state};
    add(&t, "Other.cs", other);
    add(&t, "Tool.cs", source);
    add(&t, "tool.csproj", CS_PROJECT);
    return extract(&t);
}

/* Only "#if false" is sure: which symbols a build defines is not asked. */
static void code_behind_if_false_is_not_read(void **state) {
    tree t = {.f = *state};
    add(&t, "tool.csproj", CS_PROJECT);
    add(&t, "Tool.cs",
        "class P {\n#if false\n string a = @\"\\\\.\\Never\";\n#if X\n string b = "
        "@\"\\\\.\\Inner\";\n#endif\n string c = @\"\\\\.\\Behind\";\n#else\n string d = "
        "@\"\\\\.\\Lamp\";\n#endif\n#if false || X\n string e = @\"\\\\.\\Maybe\";\n#endif\n}");
    rm_model *m = extract(&t);
    assert_int_equal(m->opens.count, 2);
    assert_int_equal(m->opens.at[0].place.line, 9);
    assert_int_equal(m->opens.at[0].state, RM_STATE_DERIVED);
    assert_int_equal(m->opens.at[1].place.line, 12);
    assert_int_equal(m->opens.at[1].state, RM_STATE_UNKNOWN);
    rm_model_free(m);
}

static void what_a_symbol_of_the_build_decides_is_unknown(void **state) {
    tree t = {.f = *state};
    add(&t, "tool.csproj", CS_PROJECT);
    add(&t, "Tool.cs",
        "class P {\n#if LAB\n string a = @\"\\\\.\\Lab\";\n#if true\n string b = "
        "@\"\\\\.\\Inner\";\n"
        "#endif\n#else\n string c = @\"\\\\.\\Field\";\n string d = @\"\\\\.\\Lamp\";\n#endif\n"
        " string e = @\"\\\\.\\Lamp\";\n#if true\n string f = @\"\\\\.\\Sure\";\n#endif\n}");
    rm_model *m = extract(&t);
    static const struct {
        const char *target;
        rm_state state;
    } expected[] = {{"\\\\.\\Field", RM_STATE_UNKNOWN},
                    {"\\\\.\\Inner", RM_STATE_UNKNOWN},
                    {"\\\\.\\Lab", RM_STATE_UNKNOWN},
                    {"\\\\.\\Lamp", RM_STATE_DERIVED}, /* once at least without a condition */
                    {"\\\\.\\Sure", RM_STATE_DERIVED}};
    assert_int_equal(m->opens.count, 5);
    for (uint32_t i = 0; i < m->opens.count; i++) {
        bool found = false;
        for (size_t k = 0; k < 5; k++) {
            bool it = rm_str_eq(m->opens.at[i].target, rm_str_from(expected[k].target));
            assert_true(!it || m->opens.at[i].state == expected[k].state);
            found |= it;
        }
        assert_true(found);
    }
    rm_model_free(m);
}

/* The state of the program's only open; RM_STATE_COUNT: there is none. */
static rm_state state_of_open(void **state, const char *source) {
    rm_model *m = program(state, source);
    rm_state is = m->opens.count > 0 ? m->opens.at[0].state : RM_STATE_COUNT;
    assert_true(m->opens.count <= 1);
    rm_model_free(m);
    return is;
}

#define OPEN "h = CreateFileW(L\"\\\\\\\\.\\\\Lamp\", 0, 0, 0, 0, 0, 0);"

static void code_that_is_never_built_or_run_opens_nothing(void **state) {
    static const char *const dead[] = {
        "int main(void) {\n#if 0\n" OPEN "\n#endif\n}",
        "int main(void) {\n#if 1\n#elif defined(X)\n" OPEN "\n#endif\n}",
        "#if (0)\n#ifdef X\nvoid f(void) { " OPEN " }\n#endif\n#endif\nint main(void) { }",
        "int main(void) { if (0) { x(); " OPEN " } }",
        "int main(void) { if (FALSE) " OPEN " }",
        "int main() { if constexpr (false) { if (y) { } " OPEN " } }",
        "int main(void) { while (false) { " OPEN " } }",
    };
    for (size_t i = 0; i < sizeof dead / sizeof dead[0]; i++) {
        assert_int_equal(state_of_open(state, dead[i]), RM_STATE_COUNT);
    }
}

static void code_that_may_be_built_or_run_opens(void **state) {
    static const struct {
        const char *source;
        rm_state is;
    } cases[] = {
        {"int main(void) {\n#ifdef LAB\n" OPEN "\n#endif\n}", RM_STATE_UNKNOWN},
        {"int main(void) {\n#if LAB > 2\n" OPEN "\n#else\n#endif\n}", RM_STATE_UNKNOWN},
        {"int main(void) {\n#ifndef LAB\n" OPEN "\n#endif\n}", RM_STATE_DERIVED},
        {"int main(void) {\n#ifdef LAB\n" OPEN "\n#else\n" OPEN "\n#endif\n}", RM_STATE_DERIVED},
        {"#define LAB\nint main(void) {\n#ifdef LAB\n" OPEN "\n#endif\n}", RM_STATE_DERIVED},
        {"int main(void) {\n#ifdef _WIN32\n" OPEN "\n#endif\n}", RM_STATE_DERIVED},
        {"int main(void) {\n#if 1\n" OPEN "\n#endif\n}", RM_STATE_DERIVED},
        {"int main(void) {\n#if 0\n#else\n" OPEN "\n#endif\n}", RM_STATE_DERIVED},
        {"int main(void) { if (0) { x(); } " OPEN " }", RM_STATE_DERIVED},
        {"int main(void) { if (0) x(); else { " OPEN " } }", RM_STATE_DERIVED},
        {"int main(void) { do { x(); } while (0); " OPEN " }", RM_STATE_DERIVED},
        {"int main(void) { if (0 == r) { " OPEN " } }", RM_STATE_DERIVED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(state_of_open(state, cases[i].source), cases[i].is);
    }
}

static void expect_cs(void **state, const char *source, const char *target, uint32_t line,
                      uint32_t column) {
    static const char names[] =
        "static class Names { public const string Prefix = @\"\\\\.\\\";\n"
        " public static readonly Guid Lamp = new Guid(\"3FB7299D-6847-4490-B0C9-99E0986AB886\");\n"
        " public static Guid Numbers => new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);\n"
        " [DllImport(\"setupapi\")] static extern IntPtr SetupDiGetClassDevs(ref Guid g, int f); }";
    rm_model *m = csharp(state, source, names);
    assert_int_equal(m->opens.count, 1);
    assert_str(m->opens.at[0].target, target);
    assert_str(m->opens.at[0].place.file, "Tool.cs");
    assert_int_equal(m->opens.at[0].place.line, line);
    assert_int_equal(m->opens.at[0].place.column, column);
    assert_str(m->apps.at[m->opens.at[0].app].name, "Tool.exe");
    rm_model_free(m);
}

static void what_csharp_opens_is_found(void **state) {
    static const char guid[] = "{3fb7299d-6847-4490-b0c9-99e0986ab886}";
    expect_cs(state, "class A { h = CreateFile(@\"\\\\.\\Lamp\", 0, 0); }", "\\\\.\\Lamp", 1, 26);
    expect_cs(state, "class A {\n h = CreateFile(\"\\\\\\\\.\\\\Lamp\", 0); }", "\\\\.\\Lamp", 2,
              17);
    expect_cs(state, "h = CreateFile(Names.Prefix + \"Lamp\", 0);", "\\\\.\\Lamp", 1, 22);
    expect_cs(state, "h = CreateFile(\"\"\"\\\\.\\Lamp\"\"\");", "\\\\.\\Lamp", 1, 16);
    expect_cs(state, "var s = CustomDevice.GetDeviceSelector(Names.Lamp);", guid, 1, 22);
    expect_cs(state, "SetupDiGetClassDevs(ref Names.Numbers, 18);",
              "{00000001-0002-0003-0405-060708090a0b}", 1, 1);
    expect_cs(state,
              "var s = CustomDevice.GetDeviceSelector(new "
              "Guid(\"3fb7299d-6847-4490-b0c9-99e0986ab886\"));",
              guid, 1, 22);
    expect_cs(
        state,
        "void F(Guid g) { CM_Get_Device_Interface_List(ref g); }\nvoid G() { F(Names.Lamp); }",
        guid, 2, 20);
    expect_cs(
        state,
        "var s = "
        "\"System.Devices.InterfaceClassGuid:=\\\"{3fb7299d-6847-4490-b0c9-99e0986ab886}\\\"\";",
        guid, 1, 9);
    expect_cs(state, "FilterConnectCommunicationPort(\"\\\\LampPort\", 0);", "\\LampPort", 1, 1);
}

static void what_is_no_device_in_csharp_is_not_found(void **state) {
    static const char *const sources[] = {
        "// CreateFile(@\"\\\\.\\Lamp\")\n/* @\"\\\\.\\Lamp\" */",
        "#region \"\\\\\\\\.\\\\Lamp\"",
        "var a = @\"c:\\\"; var c = '\"'; // @\"\\\\.\\Lamp\"",
        "h = CreateFile($@\"\\\\.\\{name}\");",
        "h = CreateFile(@\"\\\\.\\PhysicalDrive0\");",
        "var g = new Guid(\"3fb7299d-6847-4490-b0c9-99e0986ab886\");",
        "var p = new NamedPipeClientStream(\".\", \"lamp\");",
        "class A { static readonly Guid Lamp = new Guid(\"3fb7299d-6847-4490-b0c9-99e0986ab886\"); "
        "}",
    };
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        rm_model *m = csharp(state, sources[i], "");
        assert_int_equal(rm_model_link(m, NULL), RM_OK);
        assert_int_equal(m->opens.count, 0);
        rm_model_free(m);
    }
}

static void a_service_in_csharp_acts_for_its_client(void **state) {
    tree t = {.f = *state};
    add(&t, "Tool.cs",
        "class Lamp : ServiceBase { Lamp() { ServiceName = \"LampBroker\"; }\n"
        " void Serve() { var p = new NamedPipeServerStream(\"lamp\");\n"
        "  p.RunAsClient(() => { h = CreateFile(@\"\\\\.\\Lamp\"); }); k = "
        "CreateFile(@\"\\\\.\\Other\"); } }");
    add(&t, "tool.csproj", CS_PROJECT);
    rm_model *m = extract(&t);
    assert_int_equal(m->services.count, 1);
    assert_str(m->services.at[0].name, "LampBroker");
    assert_int_equal(m->doors.count, 1);
    assert_str(m->doors.at[0].name, "\\\\.\\pipe\\lamp");
    assert_int_equal(m->opens.count, 2);
    assert_true(m->opens.at[0].as_caller);
    assert_false(m->opens.at[1].as_caller);
    rm_model_free(m);
}

/* ---- programs without a project ---- */

static void a_main_without_a_project_is_a_program(void **state) {
    tree t = {.f = *state};
    add(&t, "both/driver.c",
        "NTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING r) { return 0; }");
    add(&t, "both/tool.c", "int main(void) { " OPENS " }");
    add(&t, "lamp/main.c", "#include \"x.h\"\nint wmain(int c, wchar_t **v) { return open(); }");
    add(&t, "lamp/open.c", "int open(void) {\n " OPENS " }");
    add(&t, "notes/declared.c", "int main(void);\nchar *p = \"\\\\\\\\.\\\\Lamp\";");
    add(&t, "sharp/Program.cs",
        "class P { static void Main(string[] a) { F(@\"\\\\.\\Lamp\"); } }");
    rm_model *m = extract(&t);
    static const struct {
        const char *app, *path;
    } expected[] = {{"tool.exe", "both/tool.c"},
                    {"lamp.exe", "lamp/open.c"},
                    {"sharp.exe", "sharp/Program.cs"}};
    assert_int_equal(m->opens.count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_str(m->apps.at[m->opens.at[i].app].name, expected[i].app);
        assert_str(m->opens.at[i].place.file, expected[i].path);
    }
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
        WITH_FIXTURE(global_names_and_ports_are_found),
        WITH_FIXTURE(a_path_made_of_macros_is_found),
        WITH_FIXTURE(the_class_that_windows_is_asked_for_is_found),
        WITH_FIXTURE(what_is_no_device_of_a_driver_is_not_found),
        WITH_FIXTURE(a_program_without_a_manifest_runs_as_who_starts_it),
        WITH_FIXTURE(a_program_with_a_manifest_opens_as_it_says),
        WITH_FIXTURE(the_sources_of_a_package_are_its_apps),
        WITH_FIXTURE(a_manifest_that_names_a_program_makes_it_the_packages),
        WITH_FIXTURE(code_behind_if_false_is_not_read),
        WITH_FIXTURE(what_a_symbol_of_the_build_decides_is_unknown),
        WITH_FIXTURE(code_that_is_never_built_or_run_opens_nothing),
        WITH_FIXTURE(code_that_may_be_built_or_run_opens),
        WITH_FIXTURE(a_service_opens_with_its_own_token_or_its_callers),
        WITH_FIXTURE(whose_token_opens_is_followed_through_routines),
        WITH_FIXTURE(whose_token_opens_is_followed_through_blocks),
        WITH_FIXTURE(each_open_of_a_service_has_its_token),
        WITH_FIXTURE(doors_of_a_service_lead_others_to_it),
        WITH_FIXTURE(a_service_that_asks_another_has_a_call_too),
        WITH_FIXTURE(a_service_may_be_known_from_its_sources_alone),
        WITH_FIXTURE(a_string_table_may_name_the_device),
        WITH_FIXTURE(a_librarys_helper_makes_no_service_of_a_program),
        WITH_FIXTURE(the_doors_of_a_program_are_its_entries),
        WITH_FIXTURE(what_csharp_opens_is_found),
        WITH_FIXTURE(what_is_no_device_in_csharp_is_not_found),
        WITH_FIXTURE(a_service_in_csharp_acts_for_its_client),
        WITH_FIXTURE(a_main_without_a_project_is_a_program),
        WITH_FIXTURE(a_handle_for_another_process_is_told_of),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
