#include "support.h"

#include "manifest.h"

#define PACKAGE(inner)                                                                             \
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"                                                 \
    "<Package xmlns=\"http://schemas.microsoft.com/appx/manifest/foundation/windows10\"\n"         \
    " xmlns:uap=\"http://schemas.microsoft.com/appx/manifest/uap/windows10\"\n"                    \
    " xmlns:uap4=\"http://schemas.microsoft.com/appx/manifest/uap/windows10/4\"\n"                 \
    " xmlns:uap10=\"http://schemas.microsoft.com/appx/manifest/uap/windows10/10\"\n"               \
    " xmlns:uap18=\"http://schemas.microsoft.com/appx/manifest/uap/windows10/18\""                 \
    " xmlns:previewsecurity2=\"http://schemas.microsoft.com/appx/manifest/preview/windows10/"      \
    "security/2\""                                                                                 \
    " xmlns:com=\"http://schemas.microsoft.com/appx/manifest/com/windows10\"\n"                    \
    " xmlns:desktop=\"http://schemas.microsoft.com/appx/manifest/desktop/windows10\"\n"            \
    " xmlns:desktop6=\"http://schemas.microsoft.com/appx/manifest/desktop/windows10/6\"\n"         \
    " xmlns:rescap=\"http://schemas.microsoft.com/appx/manifest/foundation/windows10/"             \
    "restrictedcapabilities\">\n"                                                                  \
    "<Identity Name=\"Microsoft.Sample\" Version=\"1.0.0.0\"\n"                                    \
    " Publisher=\"CN=Microsoft Corporation, O=Microsoft Corporation, L=Redmond, S=Washington, "    \
    "C=US\"/>\n" inner "</Package>"

static rm_model *read_as(struct fixture *f, const char *path, const char *text, const char *program,
                         bool *used) {
    rm_model *model = rm_model_new((size_t)64 << 20);
    assert_non_null(model);
    assert_int_equal(rm_manifest_read(model, &f->sink, rm_str_from(path), rm_str_from(text),
                                      rm_str_from(program), used),
                     RM_OK);
    return model;
}

static rm_model *read(struct fixture *f, const char *path, const char *text) {
    bool used = false;
    return read_as(f, path, text, "", &used);
}

static rm_manifest parse(struct fixture *f, const char *text) {
    rm_manifest manifest;
    assert_int_equal(rm_manifest_parse(f->arena, &f->sink, RM_STR("AppxManifest.xml"),
                                       rm_str_from(text), &manifest),
                     RM_OK);
    return manifest;
}

/* ---- packages ---- */

/* 8wekyb3d8bbwe is the public publisher id of that publisher. */
static void a_packaged_app_has_its_family_and_container(void **state) {
    struct fixture *f = *state;
    rm_model *m =
        read(f, "a/AppxManifest.xml",
             PACKAGE("<Applications>\n"
                     " <Application Id=\"App\" Executable=\"a.exe\" EntryPoint=\"A.App\"/>\n"
                     "</Applications>\n"));
    assert_no_diag(f);
    assert_int_equal(m->apps.count, 1);
    const rm_app *app = m->apps.at;
    assert_str(app->package, "Microsoft.Sample");
    assert_str(app->name, "App");
    assert_str(app->principal, "appcontainer");
    assert_str(app->trust_level, "appContainer");
    assert_str(app->family_name, "Microsoft.Sample_8wekyb3d8bbwe");
    assert_true(rm_str_starts(app->package_sid, RM_STR("S-1-15-2-")));
    assert_str(app->place.file, "a/AppxManifest.xml");
    assert_int_equal(app->place.line, 13);
    assert_int_equal(app->place.column, 2);
    assert_int_equal(app->state, RM_STATE_CONFIRMED);
    rm_model_free(m);
}

/* IgnorableNamespaces: what stands there is for others. */
static void elements_of_foreign_namespaces_are_not_read(void **state) {
    struct fixture *f = *state;
    rm_model *m =
        read(f, "AppxManifest.xml",
             PACKAGE("<x:Applications xmlns:x='http://example.com/x'>"
                     "<Application Id='Inner'/></x:Applications>\n"
                     "<Applications xmlns:x='http://example.com/x'>\n"
                     " <Application Id='App' Executable='a.exe' EntryPoint='A.App'"
                     " x:TrustLevel='mediumIL'/>\n"
                     " <x:Application Id='Fake' Executable='z.exe'/>\n"
                     "</Applications>\n"
                     "<Capabilities xmlns:x='http://example.com/x'><Capability Name='good'/>\n"
                     " <x:Capability Name='webcam'/><x:y><DeviceCapability Name='usb'/></x:y>\n"
                     " <rescap:Capability Name='runFullTrust'/></Capabilities>"));
    assert_no_diag(f);
    assert_int_equal(m->apps.count, 1);
    assert_str(m->apps.at[0].name, "App");
    assert_str(m->apps.at[0].principal, "appcontainer");
    assert_int_equal(m->capabilities.count, 2);
    assert_str(m->capabilities.at[0].name, "good");
    assert_str(m->capabilities.at[1].name, "runFullTrust");
    rm_model_free(m);
}

static const struct schema_case {
    const char *ns;
    unsigned apps;
} schemas[] = {
    {"http://schemas.microsoft.com/appx/2010/manifest", 1},
    {"http://schemas.microsoft.com/appx/2013/manifest", 1},
    {"http://schemas.microsoft.com/appx/manifest/foundation/windows10", 1},
    {"http://schemas.microsoft.com/appx", 0},
    {"http://example.com/appx/manifest/foundation/windows10", 0},
};

static void a_package_is_one_by_the_namespace_of_its_schema(void **state) {
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof schemas / sizeof schemas[0]; i++) {
        rm_str text = RM_STR_NONE;
        assert_int_equal(rm_str_printf(f->arena, &text,
                                       "<Package xmlns='%s'><Identity Name='a'/><Applications>"
                                       "<Application Id='A'/></Applications></Package>",
                                       schemas[i].ns),
                         RM_OK);
        rm_model *m = read(f, "AppxManifest.xml", text.ptr);
        assert_int_equal(m->apps.count, schemas[i].apps);
        rm_model_free(m);
    }
}

static void a_trust_info_of_a_foreign_namespace_asks_for_nothing(void **state) {
    struct fixture *f = *state;
    static const char *const levels[] = {"urn:example:foreign",
                                         "standard_user",
                                         "urn:schemas-microsoft-com:asm.v2",
                                         "admin_elevated",
                                         "urn:schemas-microsoft-com:asm.v3",
                                         "admin_elevated"};
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i += 2) {
        rm_str text = RM_STR_NONE;
        assert_int_equal(
            rm_str_printf(f->arena, &text,
                          "<assembly xmlns='urn:schemas-microsoft-com:asm.v1'><trustInfo "
                          "xmlns='%s'><security><requestedPrivileges><requestedExecutionLevel "
                          "level='requireAdministrator' uiAccess='true'/></requestedPrivileges>"
                          "</security></trustInfo></assembly>",
                          levels[i]),
            RM_OK);
        rm_model *m = read(f, "tool.exe.manifest", text.ptr);
        assert_int_equal(m->apps.count, 1);
        assert_str(m->apps.at[0].principal, levels[i + 1]);
        rm_model_free(m);
    }
}

/* The schema's page on Application, attribute by attribute. */
static const struct trust_case {
    const char *attributes;
    const char *principal;
    bool full_trust; /* with runFullTrust */
    rm_state state;
} trusts[] = {
    {"EntryPoint='A.App'", "appcontainer", false, RM_STATE_CONFIRMED},
    {"EntryPoint='A.App'", "appcontainer", true, RM_STATE_CONFIRMED},
    {"EntryPoint='Windows.FullTrustApplication'", "standard_user", true, RM_STATE_CONFIRMED},
    {"EntryPoint='windows.fullTrustApplication'", "standard_user", false, RM_STATE_CONFIRMED},
    {"EntryPoint='windows.partialTrustApplication'", "appcontainer", true, RM_STATE_CONFIRMED},
    {"uap10:TrustLevel='mediumIL'", "standard_user", true, RM_STATE_CONFIRMED},
    {"uap10:TrustLevel='appContainer'", "appcontainer", true, RM_STATE_CONFIRMED},
    {"uap10:RuntimeBehavior='packagedClassicApp'", "appcontainer", true, RM_STATE_CONFIRMED},
    {"uap10:RuntimeBehavior='packagedClassicApp' uap10:TrustLevel='mediumIL'", "standard_user",
     true, RM_STATE_CONFIRMED},
    {"EntryPoint='Windows.FullTrustApplication' uap18:EntryPoint='Isolated.App' "
     "uap18:TrustLevel='appContainer' uap18:RuntimeBehavior='appSilo'",
     "appcontainer", true, RM_STATE_CONFIRMED},
    {"previewsecurity2:RuntimeBehavior='appSilo'", "appcontainer", true, RM_STATE_CONFIRMED},
    {"uap10:RuntimeBehavior='windowsApp'", "appcontainer", true, RM_STATE_CONFIRMED},
    {"uap10:RuntimeBehavior='win32App'", "standard_user", true, RM_STATE_CONFIRMED},
    {"EntryPoint='$targetentrypoint$'", "standard_user", true, RM_STATE_DERIVED},
    {"EntryPoint='$targetentrypoint$'", "appcontainer", false, RM_STATE_CONFIRMED},
    {"StartPage='default.html'", "appcontainer", true, RM_STATE_CONFIRMED},
    {"uap10:HostId='Host'", "standard_user", true, RM_STATE_DERIVED},
    {"uap10:HostId='Host'", "appcontainer", false, RM_STATE_DERIVED},
};

static void trust_follows_the_attributes_of_the_application(void **state) {
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof trusts / sizeof trusts[0]; i++) {
        rm_str text = RM_STR_NONE;
        assert_int_equal(
            rm_str_printf(f->arena, &text,
                          PACKAGE("<Capabilities>%s</Capabilities><Applications><Application "
                                  "Id='A' Executable='a.exe' %s/></Applications>"),
                          trusts[i].full_trust ? "<rescap:Capability Name='runFullTrust'/>" : "",
                          trusts[i].attributes),
            RM_OK);
        rm_model *m = read(f, "AppxManifest.xml", rm_str_dup(f->arena, text));
        if (!rm_str_eq(m->apps.at[0].principal, rm_str_from(trusts[i].principal)) ||
            m->apps.at[0].state != trusts[i].state) {
            fail_msg("%s: %.*s %s", trusts[i].attributes, RM_STR_ARG(m->apps.at[0].principal),
                     rm_state_name(m->apps.at[0].state));
        }
        rm_model_free(m);
    }
}

static void capabilities_have_kinds_sids_and_devices(void **state) {
    struct fixture *f = *state;
    const char *text = PACKAGE(
        "<Applications><Application Id='A'/><Application Id='B'/></Applications>\n"
        "<Capabilities>\n"
        "<Capability Name='internetClient'/><rescap:Capability Name='lowLevelDevices'/>\n"
        "<uap:Capability Name='appointments'/>\n"
        "<uap4:CustomCapability Name='microsoft.hsaTestCustomCapability_q536wpkpf5cy2'/>\n"
        "<DeviceCapability Name='usb'><Device Id='vidpid:045E 930A'>"
        "<Function Type='classId:ff * *'/><Function Type='name:x'/></Device></DeviceCapability>\n"
        "<DeviceCapability Name='{6f0a1b52-7c1f-4f6e-9d55-2f7a3b1c0d01}'/>\n"
        "</Capabilities>\n");
    rm_manifest manifest = parse(f, text);
    rm_model *m = read(f, "AppxManifest.xml", text);
    assert_no_diag(f);
    assert_int_equal(m->capabilities.count, 12); /* six for each app */
    const rm_capability *c = &m->capabilities.at[6];
    assert_int_equal(c[0].app, 1);
    assert_int_equal(c[0].kind, RM_CAPABILITY_GENERAL);
    assert_str(c[0].sid, "S-1-15-3-1");
    assert_int_equal(c[1].kind, RM_CAPABILITY_RESTRICTED);
    assert_str(c[2].sid, "S-1-15-3-11");
    assert_int_equal(c[3].kind, RM_CAPABILITY_CUSTOM);
    assert_true(rm_str_starts(c[3].sid, RM_STR("S-1-15-3-1024-")));
    assert_int_equal(c[4].kind, RM_CAPABILITY_DEVICE);
    assert_str(c[4].sid, "");
    /* 6f0a1b52 = 1862933330, 4f6e7c1f = 1332640799, 7a2f559d = 2049922461, 010d1c3b = 17636411 */
    assert_str(c[5].sid, "S-1-15-3-1862933330-1332640799-2049922461-17636411");
    assert_int_equal(c[5].place.line, 18);
    assert_int_equal(manifest.capabilities.at[4].devices.count, 1);
    assert_str(manifest.capabilities.at[4].devices.at[0].id, "vidpid:045E 930A");
    assert_str(manifest.capabilities.at[4].devices.at[0].functions, "classId:ff * *; name:x");
    rm_model_free(m);
}

static const rm_app *app_named(const rm_model *m, const char *name) {
    for (uint32_t i = 0; i < m->apps.count; i++) {
        if (rm_str_eq(m->apps.at[i].name, rm_str_from(name))) {
            return &m->apps.at[i];
        }
    }
    fail_msg("no app %s", name);
    return NULL;
}

static void one_package_can_be_several_principals(void **state) {
    struct fixture *f = *state;
    rm_model *m = read(
        f, "AppxManifest.xml",
        PACKAGE(
            "<Applications><Application Id='App' Executable='a.exe' EntryPoint='A.App'>"
            "<Extensions>\n"
            "<desktop:Extension Category='windows.fullTrustProcess' "
            "Executable='bin\\helper.exe'/>\n"
            "<desktop6:Extension Category='windows.service' Executable='svc.exe' "
            "EntryPoint='Windows.FullTrustApplication'>"
            "<desktop6:Service Name='SampleSvc' StartupType='auto' StartAccount='localSystem'/>"
            "</desktop6:Extension>\n"
            "<uap:Extension Category='windows.protocol'><uap:Protocol Name='x'/></uap:Extension>\n"
            "<Extension Category='windows.backgroundTasks' EntryPoint='A.Task'/>\n"
            "<com:Extension Category='windows.comServer'><com:ComServer>"
            "<com:ExeServer Executable='com.exe'/></com:ComServer></com:Extension>\n"
            "</Extensions></Application></Applications>\n"
            "<Extensions><Extension Category='windows.activatableClass.outOfProcessServer'/>"
            "</Extensions>"));
    assert_no_diag(f);
    assert_int_equal(m->apps.count, 4);
    assert_str(app_named(m, "App")->principal, "appcontainer");
    assert_str(app_named(m, "App/helper.exe")->principal, "standard_user");
    assert_str(app_named(m, "App/helper.exe")->family_name, "Microsoft.Sample_8wekyb3d8bbwe");
    assert_str(app_named(m, "App/com.exe")->principal, "standard_user");
    assert_str(app_named(m, "App/SampleSvc")->principal, "system");
    assert_int_equal(m->services.count, 1);
    assert_str(m->services.at[0].name, "SampleSvc");
    assert_str(m->services.at[0].account, "LocalSystem");
    rm_model_free(m);
}

static void capabilities_of_less_privileged_containers_say_that_there_is_one(void **state) {
    struct fixture *f = *state;
    rm_model *m = read(f, "AppxManifest.xml",
                       PACKAGE("<Applications><Application Id='A' Executable='a.exe' "
                               "EntryPoint='A.App'/><Application Id='Full' Executable='b.exe' "
                               "EntryPoint='Windows.FullTrustApplication'/></Applications>"
                               "<Capabilities><rescap:Capability Name='lpacCom'/></Capabilities>"));
    assert_int_equal(m->apps.count, 3);
    assert_str(m->apps.at[0].principal, "appcontainer");
    assert_str(m->apps.at[1].principal, "standard_user");
    assert_str(m->apps.at[2].name, "A");
    assert_str(m->apps.at[2].principal, "lpac");
    assert_int_equal(m->apps.at[2].state, RM_STATE_ASSUMED);
    assert_int_equal(m->capabilities.count, 3);
    rm_model_free(m);
}

/* ---- programs ---- */

#define ASSEMBLY(inner)                                                                            \
    "<assembly xmlns='urn:schemas-microsoft-com:asm.v1' manifestVersion='1.0'>\n" inner            \
    "</assembly>"
#define LEVEL(level)                                                                               \
    "<trustInfo xmlns='urn:schemas-microsoft-com:asm.v3'><security><requestedPrivileges>\n"        \
    "<requestedExecutionLevel " level "/></requestedPrivileges></security></trustInfo>\n"

#define AUTO                                                                                       \
    "<application xmlns='urn:schemas-microsoft-com:asm.v3'><windowsSettings>"                      \
    "<autoElevate>true</autoElevate></windowsSettings></application>"

static const struct program_case {
    const char *path, *text, *program;
    const char *name, *principal, *second, *level, *trust;
} programs[] = {
    {"a/Tool.exe.manifest", ASSEMBLY(LEVEL("level='requireAdministrator' uiAccess='false'")), "",
     "Tool.exe", "admin_elevated", NULL, "requireAdministrator", ""},
    {"app.manifest", ASSEMBLY(LEVEL("level='asInvoker' uiAccess='true'")), "Tool.exe", "Tool.exe",
     "standard_user", NULL, "asInvoker", "uiAccess"},
    {"app.manifest", ASSEMBLY(LEVEL("level='highestAvailable'")), "", "app", "standard_user",
     "admin_elevated", "highestAvailable", ""},
    {"x.exe.manifest", ASSEMBLY(""), "", "x.exe", "standard_user", NULL, "", ""},
    {"app.manifest", ASSEMBLY(""), "Tool.exe", "Tool.exe", "standard_user", NULL, "", ""},
    {"a.manifest", ASSEMBLY(AUTO), "", "a", "standard_user", NULL, "", ""},
    {"a.manifest", ASSEMBLY(LEVEL("level='asInvoker'") AUTO), "", "a", "standard_user", NULL,
     "asInvoker", ""},
    {"a.manifest", ASSEMBLY(LEVEL("level='highestAvailable'") AUTO), "", "a", "standard_user",
     "admin_elevated", "highestAvailable", ""},
    {"a.manifest", ASSEMBLY(LEVEL("level='requireAdministrator'") AUTO), "", "a", "admin_elevated",
     NULL, "requireAdministrator", ""},
};

static void a_programs_level_says_what_it_runs_as(void **state) {
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++) {
        const struct program_case *p = &programs[i];
        bool used = false;
        rm_model *m = read_as(f, p->path, p->text, p->program, &used);
        assert_true(used);
        assert_int_equal(m->apps.count, p->second != NULL ? 2 : 1);
        assert_str(m->apps.at[0].name, p->name);
        assert_str(m->apps.at[0].principal, p->principal);
        assert_str(m->apps.at[0].execution_level, p->level);
        assert_str(m->apps.at[0].trust_level, p->trust);
        if (p->second != NULL) {
            assert_str(m->apps.at[1].principal, p->second);
        }
        rm_model_free(m);
    }
    assert_no_diag(f);
}

static void a_components_manifest_is_no_program(void **state) {
    struct fixture *f = *state;
    bool used = true;
    rm_model *m = read_as(f, "controls.manifest",
                          ASSEMBLY("<assemblyIdentity name='C'/><file name='c.dll'/>"), "", &used);
    assert_false(used);
    assert_int_equal(m->apps.count, 0);
    rm_model_free(m);
}

static void a_program_can_belong_to_a_package(void **state) {
    struct fixture *f = *state;
    rm_model *m = read(f, "a.exe.manifest",
                       ASSEMBLY("<msix xmlns='urn:schemas-microsoft-com:msix.v1' publisher='CN=X' "
                                "packageName='Pkg' applicationId='App'/>"));
    assert_str(m->apps.at[0].package, "Pkg");
    assert_str(m->apps.at[0].name, "App");
    rm_model_free(m);
}

static void a_projects_level_counts_where_no_manifest_has_one(void **state) {
    struct fixture *f = *state;
    rm_model *m = rm_model_new((size_t)1 << 20);
    assert_non_null(m);
    rm_project project = {.target = RM_STR("Tool"),
                          .kind = RM_PROJECT_PROGRAM,
                          .execution_level = RM_STR("requireAdministrator"),
                          .place = {RM_STR("a.vcxproj"), 3, 1}};
    assert_int_equal(rm_manifest_project(m, NULL, &project), RM_OK);
    assert_str(m->apps.at[0].name, "Tool.exe");
    assert_str(m->apps.at[0].principal, "admin_elevated");
    project.kind = RM_PROJECT_LIBRARY;
    assert_int_equal(rm_manifest_project(m, NULL, &project), RM_OK);
    assert_int_equal(m->apps.count, 1);
    rm_model_free(m);
    assert_no_diag(f);
}

static void the_manifest_of_a_project_is_its_programs(void **state) {
    struct fixture *f = *state;
    rm_project_item item = {.path = RM_STR("t/app.manifest")};
    rm_project project = {
        .target = RM_STR("Tool"), .kind = RM_PROJECT_PROGRAM, .manifests = {&item, 1, 1}};
    rm_projects projects = {&project, 1, 1};
    rm_str name = RM_STR_NONE;
    assert_int_equal(rm_manifest_program(f->arena, &projects, RM_STR("T/App.manifest"), &name),
                     RM_OK);
    assert_str(name, "Tool.exe");
    assert_int_equal(rm_manifest_program(f->arena, &projects, RM_STR("app.manifest"), &name),
                     RM_OK);
    assert_str(name, "");
}

static void a_resource_script_puts_a_manifest_into_its_program(void **state) {
    struct fixture *f = *state;
    static const char script[] =
        "#include <windows.h>\n"
        "/* 1 RT_MANIFEST \"commented.manifest\" */ // 1 24 \"too.manifest\"\n"
        "STRINGTABLE BEGIN 24 \"no file\" END\n"
        "CREATEPROCESS_MANIFEST_RESOURCE_ID RT_MANIFEST MOVEABLE PURE \"res\\\\tool.manifest\"\n"
        "1 24 \"..\\up.manifest\"\n"
        "1 24 \"..\\..\\..\\outside.manifest\"\n"
        "2 rt_manifest plain.manifest\n"
        "1 ICON \"a.ico\"\n"
        "1 RT_MANIFEST";
    rm_project project = {.target = RM_STR("Tool"), .kind = RM_PROJECT_PROGRAM};
    rm_projects projects = {&project, 1, 1};
    rm_str name = RM_STR_NONE;
    assert_int_equal(
        rm_manifest_resources(f->arena, RM_STR("a/b/tool.rc"), RM_STR(script), &project), RM_OK);
    /* a 24 with a text behind it in a string table names a file that no scan has */
    static const char *const expected[] = {"a/b/no file", "a/b/res/tool.manifest", "a/up.manifest",
                                           "a/b/plain.manifest"};
    assert_int_equal(project.manifests.count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_str(project.manifests.at[i].path, expected[i]);
    }
    assert_int_equal(project.manifests.at[1].place.line, 4);
    assert_int_equal(
        rm_manifest_program(f->arena, &projects, RM_STR("a/b/res/tool.manifest"), &name), RM_OK);
    assert_str(name, "Tool.exe");
}

static void a_manifest_may_be_written_into_the_script(void **state) {
    struct fixture *f = *state;
    static const char script[] =
        "1 24 BEGIN\n"
        "  \"<assembly xmlns=\"\"urn:schemas-microsoft-com:asm.v1\"\"><trustInfo>\"\n"
        "  \"<security><requestedPrivileges>\\n\"\n"
        "  \"<requestedExecutionLevel level=\\\"requireAdministrator\\\"/>\"\n"
        "  \"</requestedPrivileges></security></trustInfo></assembly>\\0\"\n"
        "END\n"
        "2 RT_MANIFEST { \"<!DOCTYPE a><assembly/>\" }\n"
        "1 ICON \"a.ico\"\n";
    rm_project project = {.target = RM_STR("Tool"), .kind = RM_PROJECT_PROGRAM};
    rm_model *m = rm_model_new((size_t)64 << 20);
    assert_non_null(m);
    assert_int_equal(rm_manifest_resources(f->arena, RM_STR("a/tool.rc"), RM_STR(script), &project),
                     RM_OK);
    assert_int_equal(project.manifests.count, 0);
    assert_int_equal(project.inline_manifests.count, 2);
    assert_int_equal(rm_manifest_project(m, &f->sink, &project), RM_OK);
    assert_int_equal(m->apps.count, 1);
    assert_str(m->apps.at[0].name, "Tool.exe");
    assert_str(m->apps.at[0].principal, "admin_elevated");
    assert_str(m->apps.at[0].place.file, "a/tool.rc");
    assert_int_equal(m->apps.at[0].place.line, 1);
    assert_diag(f, 1, 1, "xml-doctype");
    rm_model_free(m);
}

static void the_linker_is_told_the_level_in_several_ways(void **state) {
    static const struct {
        const char *options;
        const char *level;
        bool ui_access;
    } rows[] = {
        {"/MANIFESTUAC:\"level='requireAdministrator' uiAccess='false'\"", "requireAdministrator",
         false},
        {"-manifestuac:level='highestAvailable' uiAccess='true'", "highestAvailable", true},
        {" comment(linker, \"\\\"/manifestuac:level='asInvoker' uiAccess='true'\\\"\")",
         "asInvoker", true},
        {"/MANIFESTUAC:level=requireadministrator", "requireAdministrator", false},
        {"/MANIFESTUAC:NO", "", false},
        {"/MANIFESTUAC:level='everything'", "", false},
        {"/MANIFEST:EMBED /DEBUG", "", false},
        {"manifestuac:", "", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        rm_project project = {.target = RM_STR("Tool")};
        rm_project_linker_options(&project, rm_str_from(rows[i].options));
        assert_str(project.execution_level, rows[i].level);
        assert_int_equal(project.ui_access, rows[i].ui_access);
    }
}

/* ---- SCCD ---- */

#define SCCD(inner)                                                                                \
    "<CustomCapabilityDescriptor xmlns='http://schemas.microsoft.com/appx/2016/sccd'>\n"           \
    "<CustomCapabilities><CustomCapability Name='a.b_q536wpkpf5cy2'/>"                             \
    "<CustomCapability Name='a.c_q536wpkpf5cy2'/></CustomCapabilities>\n" inner                    \
    "<Catalog>FFFF</Catalog></CustomCapabilityDescriptor>"

static void an_sccd_says_who_may_use_a_capability(void **state) {
    struct fixture *f = *state;
    rm_model *m =
        read(f, "a.sccd",
             SCCD("<AuthorizedEntities><AuthorizedEntity AppPackageFamilyName='P_8wekyb3d8bbwe'"
                  " CertificateSignatureHash='ca9f'/></AuthorizedEntities>\n"
                  "<DeveloperModeOnly Value='true'/>"));
    assert_no_diag(f);
    assert_int_equal(m->authorizeds.count, 2);
    assert_str(m->authorizeds.at[1].capability, "a.c_q536wpkpf5cy2");
    assert_str(m->authorizeds.at[1].family_name, "P_8wekyb3d8bbwe");
    assert_str(m->authorizeds.at[1].cert_hash, "ca9f");
    assert_false(m->authorizeds.at[1].allow_any);
    assert_true(m->authorizeds.at[1].developer_mode);
    assert_int_equal(m->authorizeds.at[1].place.line, 3);
    rm_model_free(m);
    m = read(f, "a.sccd", SCCD("<AuthorizedEntities AllowAny='true'/>"));
    assert_int_equal(m->authorizeds.count, 2);
    assert_true(m->authorizeds.at[0].allow_any);
    assert_false(m->authorizeds.at[0].developer_mode);
    assert_no_diag(f);
    rm_model_free(m);
}

static void an_sccd_that_names_nobody_is_said(void **state) {
    struct fixture *f = *state;
    rm_model *m = read(f, "a.sccd", SCCD("<AuthorizedEntities AllowAny='false'/>"));
    assert_int_equal(m->authorizeds.count, 0);
    assert_diag(f, 1, 1, "sccd-names-nobody");
    rm_model_free(m);
}

/* ---- refusals ---- */

static const struct refusal {
    const char *text;
    uint32_t line, column;
    const char *id;
} refusals[] = {
    {"<!DOCTYPE Package [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><Package>&b;</Package>", 1, 1,
     "xml-doctype"},
    {"<?xml version='1.0'?>\n<!DOCTYPE Package SYSTEM 'http://localhost:9/x.dtd'>\n<Package/>", 2,
     1, "xml-doctype"},
    {"<Package>\n<Identity Name='a' Name='b'/></Package>", 2, 28, "xml-syntax"},
    {"<Package>\n <Identity Publisher='CN=x'/>\n</Package>", 2, 2, "manifest-missing-attribute"},
    {"\n<Package/>", 2, 1, "manifest-no-identity"},
    {"<Package><Identity Name='a'/><Applications>\n<Application/></Applications></Package>", 2, 1,
     "manifest-missing-attribute"},
    {"<Package><Identity Name='a'/><Capabilities>\n<Capability/></Capabilities></Package>", 2, 1,
     "manifest-missing-attribute"},
    {"<CustomCapabilityDescriptor><AuthorizedEntities>\n<AuthorizedEntity/></AuthorizedEntities>"
     "</CustomCapabilityDescriptor>",
     2, 1, "manifest-missing-attribute"},
    {"<?xml version='1.0' encoding='utf-16'?>\n<Package/>", 1, 31, "xml-encoding"},
};

static void bad_manifests_are_refused_with_their_place(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        void *fixture = NULL;
        bool used = true;
        assert_int_equal(fixture_setup(&fixture), 0);
        rm_model *m = read_as(fixture, "AppxManifest.xml", refusals[i].text, "", &used);
        assert_false(used);
        assert_diag(fixture, refusals[i].line, refusals[i].column, refusals[i].id);
        rm_model_free(m);
        fixture_teardown(&fixture);
    }
}

static void too_many_apps_are_cut_and_told(void **state) {
    struct fixture *f = *state;
    rm_buf buf = {.arena = f->arena};
    rm_buf_text(&buf, "<Package><Identity Name='a'/><Applications>\n");
    for (int i = 0; i < 300; i++) {
        rm_buf_printf(&buf, "<Application Id='A%d'/>\n", i);
    }
    rm_buf_text(&buf, "</Applications></Package>");
    rm_buf_char(&buf, '\0');
    rm_model *m = read(f, "AppxManifest.xml", buf.ptr);
    assert_int_equal(m->apps.count, 256);
    assert_diag(f, 258, 1, "manifest-limit");
    rm_model_free(m);
}

static void memory_may_end_anywhere(void **state) {
    struct fixture *f = *state;
    static const char *const texts[] = {
        PACKAGE(
            "<Applications><Application Id='A' EntryPoint='A.App'><Extensions><desktop:Extension "
            "Category='windows.fullTrustProcess' Executable='h.exe'/><desktop6:Extension "
            "Category='windows.service'><desktop6:Service Name='S'/></desktop6:Extension>"
            "</Extensions></Application></Applications><Capabilities><Capability Name='x'/>"
            "<DeviceCapability Name='usb'><Device Id='any'><Function Type='t'/></Device>"
            "</DeviceCapability></Capabilities>"),
        ASSEMBLY(LEVEL("level='highestAvailable'")),
        SCCD("<AuthorizedEntities AllowAny='true'/>"),
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        rm_status st = RM_NOMEM;
        for (long n = 0; n < 500 && st != RM_OK; n++) {
            bool used = false;
            rm_model *m = rm_model_new((size_t)16 << 20);
            assert_non_null(m);
            rm_arena_fail_after(m->arena, n);
            st = rm_manifest_read(m, &f->sink, RM_STR("a"), rm_str_from(texts[i]), RM_STR_NONE,
                                  &used);
            assert_true(st == RM_OK || st == RM_NOMEM);
            rm_model_free(m);
        }
        assert_int_equal(st, RM_OK);
    }
}

static void names_tell_the_kind_of_a_capability(void **state) {
    (void)state;
    assert_int_equal(rm_capability_kind_of(RM_STR("internetClient")), RM_CAPABILITY_GENERAL);
    assert_int_equal(rm_capability_kind_of(RM_STR("runFullTrust")), RM_CAPABILITY_RESTRICTED);
    assert_int_equal(rm_capability_kind_of(RM_STR("usb")), RM_CAPABILITY_DEVICE);
    assert_int_equal(rm_capability_kind_of(RM_STR("{6f0a1b52-7c1f-4f6e-9d55-2f7a3b1c0d01}")),
                     RM_CAPABILITY_DEVICE);
    assert_int_equal(rm_capability_kind_of(RM_STR("a.b_q536wpkpf5cy2")), RM_CAPABILITY_CUSTOM);
    assert_int_equal(rm_capability_kind_of(RM_STR("a.b_q536wpkpf5cyl")), RM_CAPABILITY_GENERAL);
}

/* ---- how data reaches an app ---- */

static void expect_entry(const rm_model *m, uint32_t i, const char *app, const char *kind,
                         const char *name, const char *program) {
    assert_true(i < m->app_entries.count);
    const rm_app_entry *e = &m->app_entries.at[i];
    assert_str(m->apps.at[e->app].name, app);
    assert_str(e->kind, kind);
    assert_str(e->name, name);
    assert_str(e->program, program);
}

static void every_way_into_an_app_is_told(void **state) {
    struct fixture *f = *state;
    rm_model *m = read(
        f, "a/AppxManifest.xml",
        PACKAGE(
            "<Applications><Application Id=\"App\" Executable=\"a.exe\" EntryPoint=\"A.App\">\n"
            "<Extensions>\n"
            "<uap:Extension Category=\"windows.protocol\"><uap:Protocol Name=\"lamp\"/>"
            "</uap:Extension>\n"
            "<uap:Extension Category=\"windows.fileTypeAssociation\">"
            "<uap:FileTypeAssociation Name=\"l\"><uap:SupportedFileTypes>"
            "<uap:FileType>.lmp</uap:FileType><uap:FileType> .lam </uap:FileType>"
            "</uap:SupportedFileTypes></uap:FileTypeAssociation></uap:Extension>\n"
            "<uap:Extension Category=\"windows.appService\" EntryPoint=\"A.Task\">"
            "<uap:AppService Name=\"com.contoso.lamp\"/></uap:Extension>\n"
            "<desktop:Extension Category=\"windows.fullTrustProcess\" Executable=\"t\\h.exe\"/>\n"
            "<com:Extension Category=\"windows.comServer\"><com:ComServer>"
            "<com:ExeServer Executable=\"t\\s.exe\"><com:Class Id=\"c0ffee00-0000-0000-0000-"
            "000000000001\"/></com:ExeServer></com:ComServer></com:Extension>\n"
            "<desktop:Extension Category=\"windows.startupTask\" Executable=\"a.exe\""
            " EntryPoint=\"Windows.FullTrustApplication\">"
            "<desktop:StartupTask TaskId=\"Start\"/></desktop:Extension>\n"
            "<uap:Extension Category=\"windows.appExecutionAlias\"><uap:AppExecutionAlias>"
            "<desktop:ExecutionAlias Alias=\"lamp.exe\"/></uap:AppExecutionAlias></uap:Extension>\n"
            "<desktop6:Extension Category=\"windows.service\" Executable=\"v.exe\""
            " EntryPoint=\"Windows.FullTrustApplication\">"
            "<desktop6:Service Name=\"LampSvc\" StartupType=\"auto\""
            " StartAccount=\"localService\"/></desktop6:Extension>\n"
            "<uap:Extension Category=\"windows.newThing\"/>\n"
            "</Extensions></Application></Applications>\n"));
    assert_no_diag(f);
    assert_int_equal(m->app_entries.count, 10);
    expect_entry(m, 0, "App", "protocol", "lamp", "");
    expect_entry(m, 1, "App", "file_type", ".lmp", "");
    expect_entry(m, 2, "App", "file_type", ".lam", "");
    expect_entry(m, 3, "App", "app_service", "com.contoso.lamp", "A.Task");
    expect_entry(m, 4, "App/h.exe", "full_trust_process", "t\\h.exe", "t\\h.exe");
    expect_entry(m, 5, "App/s.exe", "com_server", "c0ffee00-0000-0000-0000-000000000001",
                 "t\\s.exe");
    expect_entry(m, 6, "App/a.exe", "startup_task", "Start", "a.exe");
    expect_entry(m, 7, "App", "execution_alias", "lamp.exe", "");
    expect_entry(m, 8, "App/LampSvc", "service", "LampSvc", "v.exe");
    expect_entry(m, 9, "App", "other", "windows.newThing", "");
    assert_int_equal(m->app_entries.at[3].place.line, 16);
    rm_model_free(m);
}

static void each_com_class_is_taken_by_the_process_that_serves_it(void **state) {
    struct fixture *f = *state;
    rm_model *m = read(
        f, "AppxManifest.xml",
        PACKAGE("<Applications><Application Id='App' Executable='a.exe' EntryPoint='A.App'>"
                "<Extensions><com:Extension Category='windows.comServer'><com:ComServer>\n"
                "<com:ServiceServer ServiceName='Svc'><com:Class Id='1'/></com:ServiceServer>\n"
                "<com:ExeServer Executable='one.exe'><com:Class Id='2'/></com:ExeServer>\n"
                "<com:ExeServer Executable='two.exe'><com:Class Id='3'/></com:ExeServer>\n"
                "<com:SurrogateServer><com:Class Id='4' Path='four.dll'/></com:SurrogateServer>\n"
                "</com:ComServer></com:Extension>"
                "<desktop6:Extension Category='windows.service' Executable='svc.exe'>"
                "<desktop6:Service Name='Svc' StartAccount='localService'/></desktop6:Extension>"
                "</Extensions></Application></Applications>"));
    assert_int_equal(m->app_entries.count, 5);
    static const char *const expected[][2] = {{"App/Svc", "Svc"},
                                              {"App/one.exe", "one.exe"},
                                              {"App/two.exe", "two.exe"},
                                              {"App/one.exe", "four.dll"}};
    for (size_t i = 0; i < 4; i++) {
        const rm_app_entry *entry = &m->app_entries.at[i];
        assert_str(entry->kind, "com_server");
        assert_str(m->apps.at[entry->app].name, expected[i][0]);
        assert_str(entry->program, expected[i][1]);
    }
    assert_str(app_named(m, "App/Svc")->principal, "local_service");
    assert_str(app_named(m, "App/two.exe")->principal, "standard_user");
    rm_model_free(m);
}

static void a_device_capability_keeps_its_devices_and_functions(void **state) {
    struct fixture *f = *state;
    rm_model *m = read(
        f, "a/AppxManifest.xml",
        PACKAGE("<Applications><Application Id=\"App\" Executable=\"a.exe\" EntryPoint=\"A.A\"/>"
                "</Applications><Capabilities><DeviceCapability Name=\"usb\">"
                "<Device Id=\"vidpid:0547 1002\"><Function Type=\"classId:ff * *\"/>"
                "<Function Type=\"name:vendor\"/></Device><Device Id=\"any\"/>"
                "</DeviceCapability></Capabilities>"));
    assert_int_equal(m->capabilities.count, 1);
    assert_str(m->capabilities.at[0].devices, "vidpid:0547 1002 | any");
    assert_str(m->capabilities.at[0].functions, "classId:ff * *; name:vendor | ");
    rm_model_free(m);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(a_packaged_app_has_its_family_and_container),
        WITH_FIXTURE(elements_of_foreign_namespaces_are_not_read),
        WITH_FIXTURE(a_package_is_one_by_the_namespace_of_its_schema),
        WITH_FIXTURE(a_trust_info_of_a_foreign_namespace_asks_for_nothing),
        WITH_FIXTURE(trust_follows_the_attributes_of_the_application),
        WITH_FIXTURE(capabilities_have_kinds_sids_and_devices),
        WITH_FIXTURE(one_package_can_be_several_principals),
        WITH_FIXTURE(capabilities_of_less_privileged_containers_say_that_there_is_one),
        WITH_FIXTURE(a_programs_level_says_what_it_runs_as),
        WITH_FIXTURE(a_components_manifest_is_no_program),
        WITH_FIXTURE(a_program_can_belong_to_a_package),
        WITH_FIXTURE(a_projects_level_counts_where_no_manifest_has_one),
        WITH_FIXTURE(the_manifest_of_a_project_is_its_programs),
        WITH_FIXTURE(a_manifest_may_be_written_into_the_script),
        WITH_FIXTURE(the_linker_is_told_the_level_in_several_ways),
        WITH_FIXTURE(an_sccd_says_who_may_use_a_capability),
        WITH_FIXTURE(an_sccd_that_names_nobody_is_said),
        WITH_FIXTURE(bad_manifests_are_refused_with_their_place),
        WITH_FIXTURE(too_many_apps_are_cut_and_told),
        WITH_FIXTURE(names_tell_the_kind_of_a_capability),
        WITH_FIXTURE(a_resource_script_puts_a_manifest_into_its_program),
        WITH_FIXTURE(every_way_into_an_app_is_told),
        WITH_FIXTURE(each_com_class_is_taken_by_the_process_that_serves_it),
        WITH_FIXTURE(a_device_capability_keeps_its_devices_and_functions),
        WITH_FIXTURE(memory_may_end_anywhere),
    };
    return cmocka_run_group_tests_name("manifest", tests, NULL, NULL);
}
