#include "support.h"

#include "project.h"

struct tree {
    struct fixture *f;
    rm_input_files files;
    const rm_file_index *index;
    rm_projects projects;
};

static void add(struct tree *t, const char *path, const char *text) {
    rm_input_file *file = rm_push(t->f->arena, &t->files);
    assert_non_null(file);
    *file = (rm_input_file){.path = rm_str_from(path), .bytes = rm_str_from(text)};
    if (!rm_artifact_kind_of(file->path, &file->kind)) {
        fail_msg("%s is no artifact", path);
    }
}

static struct tree tree_of(void **state) {
    return (struct tree){.f = *state};
}

static rm_status read_file_of(struct tree *t, const char *path) {
    assert_int_equal(rm_file_index_new(t->f->arena, &t->files, &t->index), RM_OK);
    const rm_input_file *file = rm_file_index_find(t->index, rm_str_from(path));
    assert_non_null(file);
    return rm_project_read(t->f->arena, &t->f->sink, t->index, file, &t->projects);
}

static const rm_project *only(struct tree *t, const char *path) {
    assert_int_equal(read_file_of(t, path), RM_OK);
    assert_int_equal(t->projects.count, 1);
    return &t->projects.at[0];
}

/* Paths of a list, joined by a blank; those that the scan does not have in brackets. */
static rm_str paths(struct tree *t, const rm_project_items *list) {
    rm_buf buf = {.arena = t->f->arena};
    for (uint32_t i = 0; i < list->count; i++) {
        rm_buf_text(&buf, i > 0 ? " " : "");
        rm_buf_printf(&buf, list->at[i].file != NULL ? "%.*s" : "[%.*s]",
                      RM_STR_ARG(list->at[i].path));
    }
    return rm_buf_view(&buf);
}

/* ---- names ---- */

static void a_path_never_leaves_the_root(void **state) {
    struct fixture *f = *state;
    rm_str out = RM_STR("untouched");
    assert_true(rm_path_resolve(f->arena, RM_STR("a/b"), RM_STR("..\\c\\.\\d.c"), &out));
    assert_str(out, "a/c/d.c");
    assert_true(rm_path_resolve(f->arena, RM_STR(""), RM_STR("x//y"), &out));
    assert_str(out, "x/y");
    assert_false(rm_path_resolve(f->arena, RM_STR("a"), RM_STR("..\\..\\etc"), &out));
    assert_false(rm_path_resolve(f->arena, RM_STR("a"), RM_STR("/etc/passwd"), &out));
    assert_false(rm_path_resolve(f->arena, RM_STR("a"), RM_STR("C:\\x"), &out));
    assert_str(out, "x/y");
}

static void files_are_found_whatever_their_case(void **state) {
    struct tree t = tree_of(state);
    add(&t, "Sys/Driver.C", "1");
    add(&t, "sys/driver.c", "2");
    add(&t, "a.c", "3");
    assert_int_equal(rm_file_index_new(t.f->arena, &t.files, &t.index), RM_OK);
    assert_str(rm_file_index_find(t.index, RM_STR("sys\\driver.c"))->bytes, "2");
    assert_str(rm_file_index_find(t.index, RM_STR("Sys/x/../Driver.C"))->bytes, "1");
    assert_non_null(rm_file_index_find(t.index, RM_STR("SYS/DRIVER.C")));
    assert_null(rm_file_index_find(t.index, RM_STR("b.c")));
    assert_null(rm_file_index_find(t.index, RM_STR("../a.c")));
}

/* ---- Visual Studio ---- */

static const char driver_project[] =
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
    "<Project xmlns=\"http://schemas.microsoft.com/developer/msbuild/2003\">\n"
    "  <PropertyGroup Label=\"Globals\"><RootNamespace>x</RootNamespace></PropertyGroup>\n"
    "  <PropertyGroup Condition=\"'$(Configuration)'=='Debug'\" Label=\"Configuration\">\n"
    "    <ConfigurationType>Driver</ConfigurationType>\n"
    "    <DriverType>KMDF</DriverType>\n"
    "    <PlatformToolset>WindowsKernelModeDriver10.0</PlatformToolset>\n"
    "  </PropertyGroup>\n"
    "  <PropertyGroup><TargetName>$(Prefix)Port</TargetName></PropertyGroup>\n"
    "  <Import Project=\"$(VCTargetsPath)\\Microsoft.Cpp.props\" />\n"
    "  <ImportGroup><Import Project=\"..\\common.props\" /></ImportGroup>\n"
    "  <PropertyGroup><TargetName>$(Prefix)Port</TargetName></PropertyGroup>\n"
    "  <ItemDefinitionGroup><ClCompile>\n"
    "    <PreprocessorDefinitions>POOL_NX_OPTIN=1;%(PreprocessorDefinitions)"
    "</PreprocessorDefinitions>\n"
    "    <PreprocessorDefinitions Condition=\"1\">SECURE</PreprocessorDefinitions>\n"
    "    <AdditionalIncludeDirectories>..\\inc;$(DDK_INC_PATH);$(ProjectDir)own"
    "</AdditionalIncludeDirectories>\n"
    "  </ClCompile></ItemDefinitionGroup>"
    "  <ItemDefinitionGroup Condition=\"'$(Configuration)|$(Platform)'=='Release|x64'\">"
    "<ClCompile><PreprocessorDefinitions>RELEASE64</PreprocessorDefinitions></ClCompile>"
    "</ItemDefinitionGroup>"
    "  <ItemDefinitionGroup Condition=\"'$(Configuration)|$(Platform)'=='Debug|x64'\">"
    "<ClCompile><PreprocessorDefinitions>DEBUG64</PreprocessorDefinitions></ClCompile>"
    "</ItemDefinitionGroup>\n"
    "  <ItemGroup>\n"
    "    <ClCompile Include=\"driver.c;..\\lib\\Queue.c\" />\n"
    "    <ClCompile Include=\"not.c\"><ExcludedFromBuild>true</ExcludedFromBuild></ClCompile>\n"
    "    <ClCompile Include=\"some.c\"><ExcludedFromBuild "
    "Condition=\"1\">true</ExcludedFromBuild>\n"
    "    </ClCompile>\n"
    "    <ClCompile Include=\"more\\*.c\" />\n"
    "    <ClCompile Include=\"$(SolutionDir)lib\\queue.c\" />\n"
    "    <ClCompile Include=\"gone.c\" />\n"
    "    <ClInclude Include=\"driver.h\" /><ResourceCompile Include=\"driver.rc\" />\n"
    "    <Inf Include=\"port.inx\" /><None Include=\"second.inf;readme.txt\" />\n"
    "  </ItemGroup>\n"
    "</Project>\n";

static void add_driver(struct tree *t) {
    static const char *const names[] = {"p/sys/driver.c",   "p/sys/driver.h", "p/sys/driver.rc",
                                        "p/sys/port.inx",   "p/sys/some.c",   "p/sys/not.c",
                                        "p/sys/second.inf", "p/sys/more/a.c", "p/sys/more/b.c",
                                        "p/sys/more/x/c.c", "p/lib/queue.c"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        add(t, names[i], "");
    }
    add(t, "p/sys/port.vcxproj", driver_project);
    add(t, "p/common.props",
        "<Project><PropertyGroup><Prefix>Contoso</Prefix></PropertyGroup>\n"
        "<ItemGroup><ClCompile Include=\"$(MSBuildThisFileDirectory)lib\\shared.c\" /></ItemGroup>"
        "<Import Project=\"common.props\" /></Project>");
}

static void a_driver_project_says_what_it_builds_from_which_files(void **state) {
    struct tree t = tree_of(state);
    add_driver(&t);
    const rm_project *p = only(&t, "p/sys/port.vcxproj");
    assert_str(p->name, "port");
    assert_str(p->target, "ContosoPort");
    assert_int_equal(p->kind, RM_PROJECT_DRIVER);
    assert_int_equal(p->framework, RM_FRAMEWORK_KMDF);
    assert_int_equal(p->mode, RM_DRIVER_MODE_KERNEL);
    assert_int_equal(p->place.line, 5);
    assert_str(paths(&t, &p->sources),
               "[p/lib/shared.c] p/sys/driver.c p/lib/queue.c p/sys/some.c p/sys/more/a.c "
               "p/sys/more/b.c [p/sys/gone.c]");
    assert_str(paths(&t, &p->headers), "p/sys/driver.h");
    assert_str(paths(&t, &p->infs), "p/sys/port.inx p/sys/second.inf");
    assert_str(paths(&t, &p->resources), "p/sys/driver.rc");
    assert_str(paths(&t, &p->includes), "[p/inc] [p/sys/own]");
    assert_int_equal(p->sources.at[1].place.line, 19);
    assert_int_equal(p->sources.at[1].place.column, 25);
}

static void a_definition_of_one_configuration_is_none_of_the_projects(void **state) {
    struct tree t = tree_of(state);
    add_driver(&t);
    assert_str(only(&t, "p/sys/port.vcxproj")->defines, "POOL_NX_OPTIN=1;RELEASE64");
}

/* $(SolutionDir): the folder of a solution, which no project names. */
static void the_solutions_folder_is_where_what_is_imported_lies(void **state) {
    struct tree t = tree_of(state);
    add(&t, "r/props/common.props",
        "<Project><PropertyGroup><Product>Acme</Product></PropertyGroup><PropertyGroup>"
        "<TargetName>$(Product)$(ProjectName)</TargetName></PropertyGroup><ItemDefinitionGroup>"
        "<ClCompile><PreprocessorDefinitions>SECOND=1</PreprocessorDefinitions></ClCompile>"
        "</ItemDefinitionGroup></Project>");
    add(&t, "r/src/drv/Drv.vcxproj",
        "<Project><PropertyGroup><ConfigurationType>Driver</ConfigurationType></PropertyGroup>"
        "<Import Project=\"$(SolutionDir)props\\common.props\" />"
        "<Import Project=\"$(SolutionDir)props\\absent.props\" />"
        "<ItemDefinitionGroup><ClCompile><AdditionalIncludeDirectories>$(SolutionDir)inc"
        "</AdditionalIncludeDirectories></ClCompile></ItemDefinitionGroup></Project>");
    const rm_project *p = only(&t, "r/src/drv/Drv.vcxproj");
    assert_str(p->target, "AcmeDrv");
    assert_str(p->defines, "SECOND=1");
    assert_str(paths(&t, &p->includes), "[r/inc]");
}

static void without_the_solution_each_folder_above_may_hold_the_headers(void **state) {
    struct tree t = tree_of(state);
    add(&t, "r/drv/d.vcxproj",
        "<Project><PropertyGroup><ConfigurationType>Driver</ConfigurationType></PropertyGroup>"
        "<ItemDefinitionGroup><ClCompile><AdditionalIncludeDirectories>$(SolutionDir)inc;"
        "$(Unknown)x</AdditionalIncludeDirectories></ClCompile></ItemDefinitionGroup></Project>");
    const rm_project *p = only(&t, "r/drv/d.vcxproj");
    assert_str(paths(&t, &p->includes), "[r/drv/inc] [r/inc] [inc]");
    assert_str(p->target, "d");
}

static void a_source_that_was_not_read_is_told(void **state) {
    struct tree t = tree_of(state);
    add_driver(&t);
    (void)only(&t, "p/sys/port.vcxproj");
    assert_diag(t.f, 25, 25, "project-missing-file");
    assert_diag(t.f, 0, 0, "project-import-limit"); /* common.props imports itself */
}

static const struct kind_case {
    const char *properties;
    rm_project_kind kind;
    rm_framework framework;
    rm_driver_mode mode;
} kinds[] = {
    {"<ConfigurationType>Driver</ConfigurationType><DriverType>WDM</DriverType>", RM_PROJECT_DRIVER,
     RM_FRAMEWORK_WDM, RM_DRIVER_MODE_KERNEL},
    {"<ConfigurationType>Driver</ConfigurationType>", RM_PROJECT_DRIVER, RM_FRAMEWORK_UNKNOWN,
     RM_DRIVER_MODE_KERNEL},
    {"<ConfigurationType>DynamicLibrary</ConfigurationType><DriverType>UMDF</DriverType>"
     "<UMDF_VERSION_MAJOR>2</UMDF_VERSION_MAJOR>",
     RM_PROJECT_DRIVER, RM_FRAMEWORK_UMDF2, RM_DRIVER_MODE_USER},
    {"<ConfigurationType>DynamicLibrary</ConfigurationType><DriverType>UMDF</DriverType>"
     "<UMDF_VERSION_MAJOR>1</UMDF_VERSION_MAJOR>",
     RM_PROJECT_DRIVER, RM_FRAMEWORK_UMDF1, RM_DRIVER_MODE_USER},
    {"<ConfigurationType>DynamicLibrary</ConfigurationType>"
     "<PlatformToolset>WindowsUserModeDriver10.0</PlatformToolset>",
     RM_PROJECT_DRIVER, RM_FRAMEWORK_UMDF2, RM_DRIVER_MODE_USER},
    {"<ConfigurationType>Application</ConfigurationType>", RM_PROJECT_PROGRAM, RM_FRAMEWORK_UNKNOWN,
     RM_DRIVER_MODE_USER},
    {"<ConfigurationType>Application</ConfigurationType><TargetExt>.sys</TargetExt>",
     RM_PROJECT_DRIVER, RM_FRAMEWORK_UNKNOWN, RM_DRIVER_MODE_KERNEL},
    {"<ConfigurationType>DynamicLibrary</ConfigurationType>"
     "<PlatformToolset>WindowsApplicationForDrivers10.0</PlatformToolset>",
     RM_PROJECT_LIBRARY, RM_FRAMEWORK_UNKNOWN, RM_DRIVER_MODE_USER},
    {"<ConfigurationType>StaticLibrary</ConfigurationType><DriverType>KMDF</DriverType>"
     "<PlatformToolset>WindowsKernelModeDriver10.0</PlatformToolset>",
     RM_PROJECT_STATIC_LIBRARY, RM_FRAMEWORK_KMDF, RM_DRIVER_MODE_KERNEL},
    {"<ConfigurationType>Utility</ConfigurationType><DriverType>KMDF</DriverType>",
     RM_PROJECT_OTHER, RM_FRAMEWORK_KMDF, RM_DRIVER_MODE_USER},
};

static void the_kind_follows_from_type_and_toolset(void **state) {
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct tree t = tree_of(state);
        rm_str text = RM_STR_NONE;
        assert_int_equal(rm_str_printf(t.f->arena, &text,
                                       "<Project><PropertyGroup>%s</PropertyGroup></Project>",
                                       kinds[i].properties),
                         RM_OK);
        add(&t, "x.vcxproj", rm_str_dup(t.f->arena, text));
        const rm_project *p = only(&t, "x.vcxproj");
        if (p->kind != kinds[i].kind || p->framework != kinds[i].framework ||
            p->mode != kinds[i].mode) {
            fail_msg("%s: %d %d %d", kinds[i].properties, (int)p->kind, (int)p->framework,
                     (int)p->mode);
        }
        assert_str(p->target, "x");
    }
}

static void an_app_project_says_its_execution_level_and_manifests(void **state) {
    struct tree t = tree_of(state);
    add(&t, "app/app.manifest", "");
    add(&t, "app/Package.appxmanifest", "");
    add(&t, "Directory.Build.props",
        "<Project><PropertyGroup><TargetName>Tool</TargetName></PropertyGroup></Project>");
    add(&t, "app/a.vcxproj",
        "<Project><PropertyGroup><ConfigurationType>Application</ConfigurationType></PropertyGroup>"
        "<ItemDefinitionGroup><Link><UACExecutionLevel>RequireAdministrator</UACExecutionLevel>"
        "<UACUIAccess>true</UACUIAccess></Link>"
        "<Manifest><AdditionalManifestFiles>app.manifest %(AdditionalManifestFiles)"
        "</AdditionalManifestFiles></Manifest></ItemDefinitionGroup>"
        "<ItemGroup><AppxManifest Include=\"package.appxmanifest\" /></ItemGroup></Project>");
    const rm_project *p = only(&t, "app/a.vcxproj");
    assert_str(p->target, "Tool");
    assert_str(p->execution_level, "requireAdministrator");
    assert_true(p->ui_access);
    assert_str(paths(&t, &p->manifests), "app/app.manifest");
    assert_str(paths(&t, &p->packages), "app/Package.appxmanifest");
}

static void a_level_may_stand_among_the_linkers_options(void **state) {
    struct tree t = tree_of(state);
    add(&t, "a.vcxproj",
        "<Project><PropertyGroup><ConfigurationType>Application</ConfigurationType></PropertyGroup>"
        "<ItemDefinitionGroup><Link><AdditionalOptions>/DYNAMICBASE "
        "/MANIFESTUAC:\"level='highestAvailable' uiAccess='true'\" %(AdditionalOptions)"
        "</AdditionalOptions></Link></ItemDefinitionGroup></Project>");
    const rm_project *p = only(&t, "a.vcxproj");
    assert_str(p->execution_level, "highestAvailable");
    assert_true(p->ui_access);
}

static void a_file_that_is_no_project_is_refused_with_its_place(void **state) {
    struct tree t = tree_of(state);
    add(&t, "a.vcxproj", "<?xml version=\"1.0\"?>\n <VisualStudioProject/>");
    add(&t, "b.vcxproj",
        "<!DOCTYPE Project [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>\n"
        "<Project>&x;</Project>");
    assert_int_equal(read_file_of(&t, "a.vcxproj"), RM_OK);
    assert_diag(t.f, 2, 2, "project-root");
    assert_int_equal(read_file_of(&t, "b.vcxproj"), RM_OK);
    assert_diag(t.f, 1, 1, "xml-doctype");
    assert_int_equal(t.projects.count, 0);
}

/* Each property is twice the one before: 2^40 bytes if it were done. */
static void properties_that_double_stay_small(void **state) {
    struct tree t = tree_of(state);
    rm_buf buf = {.arena = t.f->arena};
    rm_buf_text(&buf, "<Project><PropertyGroup><A0>xxxxxxxx</A0>");
    for (int i = 1; i < 40; i++) {
        rm_buf_printf(&buf, "<A%d>$(A%d)$(A%d)</A%d>", i, i - 1, i - 1, i);
    }
    rm_buf_text(&buf, "<TargetName>$(A39)</TargetName></PropertyGroup></Project>");
    rm_buf_char(&buf, '\0');
    add(&t, "x.vcxproj", buf.ptr);
    assert_str(only(&t, "x.vcxproj")->target, "x");
    assert_true(rm_arena_used(t.f->arena) < (size_t)16 << 20);
}

/* ---- sources ---- */

static void the_older_kits_sources_are_read(void **state) {
    struct tree t = tree_of(state);
    add(&t, "sys/port.c", "");
    add(&t, "common/queue.c", "");
    add(&t, "sys/amd64.c", "");
    add(&t, "sys/sources",
        "!IF 0\n a comment = here\nTARGETNAME=wrong\n!ENDIF\n"
        "!if \"$(CPU)\" == \"x86\"\nBITS=32\nC_DEFINES=-DSECURE\n!else\nBITS=64\n!endif\n"
        "TARGETNAME=Port$(BITS) # the name\n"
        "TARGETTYPE=DRIVER\n"
        "DRIVERTYPE=WDM\r\n"
        "INCLUDES=$(DDK_INC_PATH);..\\inc\n"
        "C_DEFINES=$(C_DEFINES) -DPOOL_NX_OPTIN=1\n"
        "SOURCES = port.rc \\\n"
        "          port.c \\\n"
        "          ..\\common\\queue.c\n"
        "AMD64_SOURCES=amd64.c\n");
    const rm_project *p = only(&t, "sys/sources");
    assert_str(p->target, "Port32");
    assert_int_equal(p->kind, RM_PROJECT_DRIVER);
    assert_int_equal(p->framework, RM_FRAMEWORK_WDM);
    assert_int_equal(p->place.line, 12);
    assert_str(paths(&t, &p->sources), "sys/port.c common/queue.c sys/amd64.c");
    assert_str(paths(&t, &p->resources), "[sys/port.rc]");
    assert_str(paths(&t, &p->includes), "[inc]");
    assert_int_equal(p->sources.at[0].place.line, 16);
    assert_no_diag(t.f);
}

static void sources_of_the_frameworks_are_told_apart(void **state) {
    static const struct {
        const char *text;
        rm_project_kind kind;
        rm_framework framework;
    } cases[] = {
        {"TARGETTYPE=DRIVER\nKMDF_VERSION_MAJOR=1\n", RM_PROJECT_DRIVER, RM_FRAMEWORK_KMDF},
        {"TARGETTYPE=DYNLINK\nUMDF_VERSION=1\n", RM_PROJECT_DRIVER, RM_FRAMEWORK_UMDF1},
        {"TARGETTYPE=DYNLINK\n", RM_PROJECT_LIBRARY, RM_FRAMEWORK_UNKNOWN},
        {"TARGETTYPE=PROGRAM\n", RM_PROJECT_PROGRAM, RM_FRAMEWORK_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct tree t = tree_of(state);
        add(&t, "mydriver/sources", cases[i].text);
        const rm_project *p = only(&t, "mydriver/sources");
        assert_int_equal(p->kind, cases[i].kind);
        assert_int_equal(p->framework, cases[i].framework);
        assert_str(p->target, "mydriver");
    }
}

static void a_makefile_alone_builds_nothing_we_know(void **state) {
    struct tree t = tree_of(state);
    add(&t, "makefile", "!INCLUDE $(NTMAKEENV)\\makefile.def\n");
    add(&t, "a.props", "<Project/>");
    assert_int_equal(read_file_of(&t, "makefile"), RM_OK);
    assert_int_equal(read_file_of(&t, "a.props"), RM_OK);
    assert_int_equal(t.projects.count, 0);
}

/* ---- CMake ---- */

static void cmake_targets_are_read(void **state) {
    struct tree t = tree_of(state);
    add(&t, "w/a.c", "");
    add(&t, "w/src/b.c", "");
    add(&t, "w/src/deep/c.c", "");
    add(&t, "w/tool.c", "");
    add(&t, "w/CMakeLists.txt",
        "project(\"W\" C) # a comment ( with parentheses\n"
        "#[[ wdk_add_driver(no no.c) ]]\n"
        "if(SECURE)\n  add_definitions(-DSECURE)\nendif()\n"
        "add_definitions(-DALWAYS)\n"
        "file(GLOB_RECURSE MORE CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/src/*.c)\n"
        "set(NAMES a.c\n  a.h)\nlist(APPEND NAMES missing.c)\n"
        "wdk_add_driver(Port\n    KMDF 1.15\n    PFX_FILE \"my file.pfx\"\n    ${NAMES} ${MORE})\n"
        "WDK_ADD_DRIVER(Old WDM 1.0 a.c)\n"
        "add_executable(tool \"tool.c\")\n"
        "add_library(helper STATIC a.c)\n"
        "add_executable(odd a.c)\n"
        "set_target_properties(odd PROPERTIES SUFFIX .sys OUTPUT_NAME Odd1)\n"
        "target_include_directories(odd PRIVATE src)\n"
        "unfinished(\"");
    assert_int_equal(read_file_of(&t, "w/CMakeLists.txt"), RM_OK);
    assert_int_equal(t.projects.count, 5);
    const rm_project *port = &t.projects.at[0];
    assert_str(port->target, "Port");
    assert_int_equal(port->kind, RM_PROJECT_DRIVER);
    assert_int_equal(port->framework, RM_FRAMEWORK_KMDF);
    assert_int_equal(port->place.line, 11);
    assert_str(paths(&t, &port->sources), "w/a.c [w/missing.c] w/src/b.c w/src/deep/c.c");
    assert_str(paths(&t, &port->headers), "[w/a.h]");
    assert_str(port->defines, "ALWAYS");
    assert_int_equal(t.projects.at[1].framework, RM_FRAMEWORK_WDM);
    assert_int_equal(t.projects.at[2].kind, RM_PROJECT_PROGRAM);
    assert_int_equal(t.projects.at[3].kind, RM_PROJECT_STATIC_LIBRARY);
    const rm_project *odd = &t.projects.at[4];
    assert_str(odd->target, "Odd1");
    assert_int_equal(odd->kind, RM_PROJECT_DRIVER);
    assert_str(paths(&t, &odd->includes), "[w/src]");
}

static void a_cmake_folder_takes_over_what_those_above_define(void **state) {
    struct tree t = tree_of(state);
    add(&t, "a.c", "");
    add(&t, "drv/b.c", "");
    add(&t, "CMakeLists.txt",
        "set(NAME \"Port\" CACHE STRING \"how it is called\")\n"
        "add_compile_definitions(\n  DEVICE=\"${NAME}\"\n  LEVEL=2)\n"
        "add_executable(tool a.c)\nif(X)\nadd_subdirectory(drv)\n");
    add(&t, "drv/CMakeLists.txt", "wdk_add_driver(${NAME} b.c)\n");
    assert_int_equal(read_file_of(&t, "drv/CMakeLists.txt"), RM_OK);
    assert_int_equal(t.projects.count, 1);
    assert_str(t.projects.at[0].target, "Port");
    assert_str(t.projects.at[0].defines, "DEVICE=\"Port\";LEVEL=2");
    assert_str(paths(&t, &t.projects.at[0].sources), "drv/b.c");
}

static void a_pattern_made_to_be_slow_is_not(void **state) {
    struct tree t = tree_of(state);
    rm_buf name = {.arena = t.f->arena};
    rm_buf pattern = {.arena = t.f->arena};
    for (int i = 0; i < 500; i++) {
        rm_buf_text(&name, "a");
        rm_buf_text(&pattern, "a*");
    }
    rm_buf_text(&name, ".c");
    rm_buf_char(&name, '\0');
    rm_buf_text(&pattern, "b.c");
    for (int i = 0; i < 2000; i++) {
        add(&t, name.ptr, "");
    }
    rm_str text = RM_STR_NONE;
    assert_int_equal(rm_str_printf(t.f->arena, &text, "add_executable(x %.*s)",
                                   RM_STR_ARG(rm_buf_view(&pattern))),
                     RM_OK);
    add(&t, "CMakeLists.txt", rm_str_dup(t.f->arena, text));
    assert_str(paths(&t, &only(&t, "CMakeLists.txt")->sources), "");
}

static void memory_may_end_anywhere(void **state) {
    struct tree t = tree_of(state);
    add_driver(&t);
    add(&t, "p/CMakeLists.txt", "set(A a.c)\nadd_executable(x ${A} b.c)\nfile(GLOB B *.c)\n");
    assert_int_equal(rm_file_index_new(t.f->arena, &t.files, &t.index), RM_OK);
    static const char *const names[] = {"p/sys/port.vcxproj", "p/CMakeLists.txt"};
    for (size_t i = 0; i < 2; i++) {
        rm_status st = RM_NOMEM;
        for (long n = 0; n < 2000 && st != RM_OK; n++) {
            rm_projects out = {.count = 0};
            rm_arena *arena = rm_arena_new((size_t)16 << 20);
            assert_non_null(arena);
            rm_arena_fail_after(arena, n);
            st = rm_project_read(arena, &t.f->sink, t.index,
                                 rm_file_index_find(t.index, rm_str_from(names[i])), &out);
            assert_true(st == RM_OK || st == RM_NOMEM);
            rm_arena_free(arena);
        }
        assert_int_equal(st, RM_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(a_path_never_leaves_the_root),
        WITH_FIXTURE(files_are_found_whatever_their_case),
        WITH_FIXTURE(a_driver_project_says_what_it_builds_from_which_files),
        WITH_FIXTURE(a_definition_of_one_configuration_is_none_of_the_projects),
        WITH_FIXTURE(the_solutions_folder_is_where_what_is_imported_lies),
        WITH_FIXTURE(without_the_solution_each_folder_above_may_hold_the_headers),
        WITH_FIXTURE(a_source_that_was_not_read_is_told),
        WITH_FIXTURE(the_kind_follows_from_type_and_toolset),
        WITH_FIXTURE(an_app_project_says_its_execution_level_and_manifests),
        WITH_FIXTURE(a_level_may_stand_among_the_linkers_options),
        WITH_FIXTURE(a_file_that_is_no_project_is_refused_with_its_place),
        WITH_FIXTURE(properties_that_double_stay_small),
        WITH_FIXTURE(the_older_kits_sources_are_read),
        WITH_FIXTURE(sources_of_the_frameworks_are_told_apart),
        WITH_FIXTURE(a_makefile_alone_builds_nothing_we_know),
        WITH_FIXTURE(cmake_targets_are_read),
        WITH_FIXTURE(a_cmake_folder_takes_over_what_those_above_define),
        WITH_FIXTURE(a_pattern_made_to_be_slow_is_not),
        WITH_FIXTURE(memory_may_end_anywhere),
    };
    return cmocka_run_group_tests_name("project", tests, NULL, NULL);
}
