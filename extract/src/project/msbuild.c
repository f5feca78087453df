#include "project/build.h"

#include "xml.h"

/*
 * Visual Studio projects. Conditions are not evaluated: every configuration is read. Source:
 * "MSBuild project file schema reference", "Visual Studio properties and property sheets for
 * drivers".
 */

typedef struct sheet {
    rm_build *build;
    rm_str folder; /* of the file being read: $(MSBuildThisFileDirectory), imports */
    unsigned depth;
} sheet;

static bool is_conditional(const rm_xml *element) {
    return rm_xml_attribute_of(element, "Condition") != NULL;
}

/* ---- properties ---- */

static rm_status set_folder(rm_build *build, const char *name, rm_str folder) {
    rm_str value = RM_STR_NONE;
    rm_status st = rm_str_printf(build->arena, &value, "//%.*s%s", RM_STR_ARG(folder),
                                 folder.len > 0 ? "/" : "");
    return st != RM_OK ? st : rm_build_set(build, rm_str_from(name), value, false);
}

static rm_status set_well_known(rm_build *build) {
    rm_str name = build->project.name;
    static const char *const names[] = {"MSBuildProjectName", "ProjectName"};
    static const char *const folders[] = {"ProjectDir", "MSBuildProjectDirectory"};
    rm_status st = RM_OK;
    for (size_t i = 0; i < 2 && st == RM_OK; i++) {
        st = rm_build_set(build, rm_str_from(names[i]), name, false);
    }
    for (size_t i = 0; i < 2 && st == RM_OK; i++) {
        st = set_folder(build, folders[i], build->folder);
    }
    return st;
}

static rm_status read_properties(const sheet *s, const rm_xml *group) {
    rm_status st = RM_OK;
    for (const rm_xml *e = group->child; e != NULL && st == RM_OK; e = e->next) {
        rm_str value = RM_STR_NONE;
        st = rm_build_expand(s->build, rm_str_trim(e->text), &value);
        if (st == RM_OK) {
            bool conditional = is_conditional(group) || is_conditional(e);
            st = rm_build_set(s->build, e->name, value, conditional);
        }
        if (st == RM_OK && (rm_xml_is(e, "ConfigurationType") || rm_xml_is(e, "OutputType")) &&
            s->build->project.place.line == 0) {
            s->build->project.place = e->loc;
        }
    }
    return st;
}

/* ---- items ---- */

/* The items that matter, and the list each goes to; RM_NONE_LIST: by the file's extension. */
static const struct {
    const char *name;
    size_t list;
} items[] = {
    {"ClCompile", offsetof(rm_project, sources)},
    {"Compile", offsetof(rm_project, sources)},
    {"ClInclude", offsetof(rm_project, headers)},
    {"ResourceCompile", offsetof(rm_project, resources)},
    {"Inf", offsetof(rm_project, infs)},
    {"Manifest", offsetof(rm_project, manifests)},
    {"AppxManifest", offsetof(rm_project, packages)},
    {"ProjectReference", offsetof(rm_project, references)},
};

static rm_project_items *list_of(rm_project *project, const rm_xml *item) {
    for (size_t i = 0; i < sizeof items / sizeof items[0]; i++) {
        if (rm_xml_is(item, items[i].name)) {
            return (rm_project_items *)(void *)((char *)project + items[i].list);
        }
    }
    return NULL;
}

/* A file that no configuration builds. */
static bool is_excluded(const rm_xml *item) {
    const rm_xml *e = rm_xml_child(item, "ExcludedFromBuild");
    for (; e != NULL; e = rm_xml_next(e, "ExcludedFromBuild")) {
        if (!is_conditional(e) && rm_str_ieq(rm_str_trim(e->text), RM_STR("true"))) {
            return true;
        }
    }
    return false;
}

static rm_status add_item(const sheet *s, const rm_xml *item) {
    rm_project *project = &s->build->project;
    const rm_xml_attribute *include = rm_xml_attribute_of(item, "Include");
    rm_project_items *list = list_of(project, item);
    rm_str paths = RM_STR_NONE;
    rm_str path = RM_STR_NONE;
    if (include == NULL || is_excluded(item)) {
        return RM_OK;
    }
    rm_status st = rm_build_expand(s->build, include->value, &paths);
    while (st == RM_OK && rm_next_piece(&paths, ";", &path)) {
        rm_project_items *to = list;
        if (rm_xml_is(item, "None") && rm_build_list_of(project, path) == &project->infs) {
            to = &project->infs; /* an INF without a build step of its own */
        }
        if (to != NULL) {
            st = rm_build_add(s->build, to, path, include->loc);
        }
    }
    return st;
}

static rm_status read_items(const sheet *s, const rm_xml *group) {
    rm_status st = RM_OK;
    for (const rm_xml *item = group->child; item != NULL && st == RM_OK; item = item->next) {
        st = add_item(s, item);
    }
    return st;
}

/* ---- what holds for all items of a kind ---- */

static rm_status add_defines(const sheet *s, rm_str text) {
    rm_str piece = RM_STR_NONE;
    rm_status st = rm_build_expand(s->build, text, &text);
    while (st == RM_OK && rm_next_piece(&text, ";", &piece)) {
        st = rm_build_define(s->build, piece);
    }
    return st;
}

#define SOLUTION "$(SolutionDir)"

/* $(SolutionDir)inc, where the solution's folder is not known: in any folder above the project. */
static rm_status add_below_solution(rm_build *build, rm_str rest, rm_loc loc) {
    rm_status st = RM_OK;
    for (rm_str folder = build->folder; st == RM_OK; folder = rm_path_dir(folder)) {
        rm_str path = RM_STR_NONE;
        st = rm_str_printf(build->arena, &path, "//%.*s%s%.*s", RM_STR_ARG(folder),
                           folder.len > 0 ? "/" : "", RM_STR_ARG(rest));
        if (st == RM_OK) {
            st = rm_build_add_folder(build, path, loc);
        }
        if (folder.len == 0) {
            break;
        }
    }
    return st;
}

static rm_status add_folders(const sheet *s, const rm_xml *e) {
    rm_str text = RM_STR_NONE;
    rm_str piece = RM_STR_NONE;
    size_t at = 0;
    rm_status st = rm_build_expand(s->build, e->text, &text);
    while (st == RM_OK && rm_next_piece(&text, ";", &piece)) {
        if (rm_str_starts(piece, RM_STR(SOLUTION))) {
            rm_str rest = rm_str_slice(piece, RM_STR(SOLUTION).len, piece.len);
            st = add_below_solution(s->build, rest, e->loc);
        } else if (!rm_str_find(piece, RM_STR("%("), &at)) {
            st = rm_build_add_folder(s->build, piece, e->loc);
        }
    }
    return st;
}

static rm_status add_manifests(const sheet *s, const rm_xml *e) {
    rm_str text = RM_STR_NONE;
    rm_str piece = RM_STR_NONE;
    rm_status st = rm_build_expand(s->build, e->text, &text);
    while (st == RM_OK && rm_next_piece(&text, "; ", &piece)) {
        if (rm_build_list_of(&s->build->project, piece) == &s->build->project.manifests) {
            st = rm_build_add(s->build, &s->build->project.manifests, piece, e->loc);
        }
    }
    return st;
}

static bool is_true(rm_str text) {
    return rm_str_ieq(rm_str_trim(text), RM_STR("true"));
}

static rm_status read_setting(const sheet *s, const rm_xml *e, bool conditional) {
    rm_project *project = &s->build->project;
    if (rm_xml_is(e, "PreprocessorDefinitions")) {
        return conditional ? RM_OK : add_defines(s, e->text);
    }
    if (rm_xml_is(e, "AdditionalIncludeDirectories")) {
        return add_folders(s, e);
    }
    if (rm_xml_is(e, "AdditionalManifestFiles")) {
        return add_manifests(s, e);
    }
    if (rm_xml_is(e, "UACExecutionLevel")) {
        rm_str level = rm_project_level(e->text);
        project->execution_level = level.len > 0 ? level : project->execution_level;
    } else if (rm_xml_is(e, "UACUIAccess")) {
        project->ui_access = project->ui_access || is_true(e->text);
    } else if (rm_xml_is(e, "AdditionalOptions")) {
        rm_project_linker_options(project, e->text);
    } else if (rm_xml_is(e, "Driver") || rm_xml_is(e, "EntryPointSymbol")) {
        return rm_build_set(s->build, e->name, rm_str_trim(e->text), true);
    }
    return RM_OK;
}

/* '$(Configuration)|$(Platform)'=='Release|x64': the configuration that sources are read in. */
static bool is_declared_configuration(const rm_xml *element) {
    size_t at = 0;
    rm_str condition = rm_xml_value(element, "Condition");
    return rm_str_find(condition, RM_STR("'Release|x64'"), &at) &&
           rm_str_find(condition, RM_STR("=="), &at);
}

static rm_status read_definitions(const sheet *s, const rm_xml *group) {
    rm_status st = RM_OK;
    bool other = is_conditional(group) && !is_declared_configuration(group);
    for (const rm_xml *kind = group->child; kind != NULL; kind = kind->next) {
        for (const rm_xml *e = kind->child; e != NULL && st == RM_OK; e = e->next) {
            st = read_setting(s, e, other || is_conditional(kind) || is_conditional(e));
        }
    }
    return st;
}

/* ---- files ---- */

static rm_status read_project(const sheet *s, const rm_xml *root);

static rm_status read_sheet(rm_build *build, const rm_input_file *file, unsigned depth) {
    const rm_xml *root = NULL;
    if (depth > PROJECT_MAX_IMPORT_DEPTH || build->imports == PROJECT_MAX_IMPORTS) {
        rm_diag(build->sink, RM_WARNING, (rm_loc){.file = file->path}, "project-import-limit",
                "not read: too many property sheets, or one that imports itself");
        return RM_OK;
    }
    build->imports++;
    rm_status st = rm_xml_parse(build->arena, build->sink, file->path, file->bytes, NULL, &root);
    if (st != RM_OK) {
        return st == RM_SYNTAX ? RM_OK : st;
    }
    sheet s = {build, rm_path_dir(file->path), depth};
    st = set_folder(build, "MSBuildThisFileDirectory", s.folder);
    return st != RM_OK ? st : read_project(&s, root);
}

/*
 * $(SolutionDir) is where the solution lies, which is no file of the project: the nearest folder
 * above it in which there is what the project imports from there.
 */
static rm_status find_solution(rm_build *build, rm_str *path) {
    rm_str before = RM_STR(SOLUTION);
    rm_str rest = rm_str_slice(*path, before.len, path->len);
    if (!rm_str_starts(*path, before) || rm_build_has_reference(build, rest)) {
        return RM_OK;
    }
    for (rm_str folder = build->folder;; folder = rm_path_dir(folder)) {
        rm_file_path joined;
        if (rm_path_join(folder, rest, &joined) &&
            rm_file_index_find(build->files, rm_path_text(&joined)) != NULL) {
            rm_status st = set_folder(build, "SolutionDir", folder);
            return st == RM_OK ? rm_build_expand(build, *path, path) : st;
        }
        if (folder.len == 0) {
            return RM_OK;
        }
    }
}

static rm_status import(const sheet *s, const rm_xml *element) {
    rm_str path = RM_STR_NONE;
    rm_file_path joined;
    rm_status st = rm_build_expand(s->build, rm_xml_value(element, "Project"), &path);
    if (st == RM_OK) {
        st = find_solution(s->build, &path);
    }
    if (st != RM_OK || rm_build_has_reference(s->build, path)) {
        return st; /* $(VCTargetsPath) and its like: not the project's own */
    }
    bool from_root = rm_str_starts(path, RM_STR("//"));
    if (!rm_path_join(from_root ? RM_STR_NONE : s->folder,
                      rm_str_slice(path, from_root ? 2 : 0, path.len), &joined)) {
        return RM_OK;
    }
    const rm_input_file *file = rm_file_index_find(s->build->files, rm_path_text(&joined));
    if (file == NULL) {
        return RM_OK;
    }
    st = read_sheet(s->build, file, s->depth + 1);
    return st != RM_OK ? st : set_folder(s->build, "MSBuildThisFileDirectory", s->folder);
}

static const struct {
    const char *name;
    rm_status (*read)(const sheet *, const rm_xml *);
} groups[] = {
    {"PropertyGroup", read_properties},
    {"ItemGroup", read_items},
    {"ItemDefinitionGroup", read_definitions},
    {"Import", import},
    {"ImportGroup", read_project}, /* these four hold more of the same */
    {"Choose", read_project},
    {"When", read_project},
    {"Otherwise", read_project},
};

/* Goes no deeper than the XML reader allows. */
static rm_status read_project(const sheet *s, const rm_xml *root) {
    rm_status st = RM_OK;
    for (const rm_xml *e = root->child; e != NULL && st == RM_OK; e = e->next) {
        for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
            if (rm_xml_is(e, groups[i].name)) {
                st = groups[i].read(s, e);
                break;
            }
        }
    }
    return st;
}

/* MSBuild imports the nearest Directory.Build.props above a project by itself. */
static rm_status read_directory_props(rm_build *build) {
    for (rm_str folder = build->folder;; folder = rm_path_dir(folder)) {
        rm_file_path joined;
        if (rm_path_join(folder, RM_STR("Directory.Build.props"), &joined)) {
            const rm_input_file *file = rm_file_index_find(build->files, rm_path_text(&joined));
            if (file != NULL) {
                return read_sheet(build, file, 1);
            }
        }
        if (folder.len == 0) {
            return RM_OK;
        }
    }
}

/* ---- what it builds ---- */

static bool says(const rm_build *build, const char *property, const char *value) {
    return rm_str_ieq(rm_build_property(build, rm_str_from(property)), rm_str_from(value));
}

static bool toolset_has(const rm_build *build, const char *part) {
    size_t at = 0;
    return rm_str_find(rm_build_property(build, RM_STR("PlatformToolset")), rm_str_from(part), &at);
}

static bool is_kernel_binary(const rm_build *build) {
    return says(build, "ConfigurationType", "Driver") || says(build, "TargetExt", ".sys") ||
           says(build, "Driver", "Driver") || says(build, "Driver", "WDM") ||
           says(build, "Driver", "UpOnly") || says(build, "EntryPointSymbol", "DriverEntry") ||
           says(build, "EntryPointSymbol", "GsDriverEntry");
}

static bool is_user_driver(const rm_build *build) {
    return says(build, "ConfigurationType", "DynamicLibrary") &&
           (says(build, "DriverType", "UMDF") || toolset_has(build, "WindowsUserModeDriver"));
}

static rm_project_kind kind_of(const rm_build *build) {
    static const struct {
        const char *type;
        rm_project_kind kind;
    } types[] = {
        {"Application", RM_PROJECT_PROGRAM},
        {"DynamicLibrary", RM_PROJECT_LIBRARY},
        {"StaticLibrary", RM_PROJECT_STATIC_LIBRARY},
    };
    if (says(build, "ConfigurationType", "StaticLibrary")) {
        return RM_PROJECT_STATIC_LIBRARY;
    }
    if (is_kernel_binary(build) || is_user_driver(build)) {
        return RM_PROJECT_DRIVER;
    }
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (says(build, "ConfigurationType", types[i].type)) {
            return types[i].kind;
        }
    }
    return RM_PROJECT_OTHER;
}

static rm_framework framework_of(const rm_build *build) {
    if (says(build, "DriverType", "KMDF")) {
        return RM_FRAMEWORK_KMDF;
    }
    if (says(build, "DriverType", "UMDF") || is_user_driver(build)) {
        return says(build, "UMDF_VERSION_MAJOR", "1") ? RM_FRAMEWORK_UMDF1 : RM_FRAMEWORK_UMDF2;
    }
    return says(build, "DriverType", "WDM") ? RM_FRAMEWORK_WDM : RM_FRAMEWORK_UNKNOWN;
}

/* C# projects say OutputType where those of C++ say ConfigurationType. */
static rm_project_kind kind_of_output(const rm_build *build) {
    static const struct {
        const char *type;
        rm_project_kind kind;
    } types[] = {
        {"Exe", RM_PROJECT_PROGRAM},
        {"WinExe", RM_PROJECT_PROGRAM},
        {"AppContainerExe", RM_PROJECT_PROGRAM},
        {"Library", RM_PROJECT_LIBRARY},
        {"winmdobj", RM_PROJECT_LIBRARY},
    };
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (says(build, "OutputType", types[i].type)) {
            return types[i].kind;
        }
    }
    return RM_PROJECT_OTHER;
}

/*
 * A project of an SDK lists no sources: all below its folder are. Its manifests are properties.
 * Source: ".NET project SDKs", "Default includes and excludes".
 */
static rm_status conclude_csharp(rm_build *build, const rm_xml *root) {
    rm_project *project = &build->project;
    rm_str manifest = rm_build_property(build, RM_STR("ApplicationManifest"));
    rm_str name = rm_build_property(build, RM_STR("AssemblyName"));
    bool sdk = rm_xml_attribute_of(root, "Sdk") != NULL || rm_xml_child(root, "Sdk") != NULL;
    rm_status st = RM_OK;
    project->kind = kind_of_output(build);
    project->mode = RM_DRIVER_MODE_USER;
    project->target = name.len > 0 && !rm_build_has_reference(build, name) ? name : project->target;
    if (sdk && !says(build, "EnableDefaultCompileItems", "false")) {
        st = rm_build_add(build, &project->sources, RM_STR("**/*.cs"), project->place);
    }
    if (st == RM_OK && sdk) {
        st = rm_build_add(build, &project->packages, RM_STR("*.appxmanifest"), project->place);
    }
    return st == RM_OK && manifest.len > 0
               ? rm_build_add(build, &project->manifests, manifest, project->place)
               : st;
}

static void conclude(rm_build *build) {
    rm_project *project = &build->project;
    rm_str target = rm_build_property(build, RM_STR("TargetName"));
    project->kind = kind_of(build);
    project->framework = framework_of(build);
    bool user =
        project->framework == RM_FRAMEWORK_UMDF1 || project->framework == RM_FRAMEWORK_UMDF2 ||
        (project->kind != RM_PROJECT_DRIVER && !toolset_has(build, "WindowsKernelModeDriver"));
    project->mode = user ? RM_DRIVER_MODE_USER : RM_DRIVER_MODE_KERNEL;
    bool known = target.len > 0 && !rm_build_has_reference(build, target);
    project->target = known ? target : project->name;
    if (project->place.file.len == 0) {
        project->place = (rm_place){.file = project->path};
    }
}

rm_status rm_msbuild_read(rm_build *build, const rm_input_file *file, rm_projects *out) {
    const rm_xml *root = NULL;
    build->project.name = rm_path_stem(file->path);
    rm_status st = rm_xml_parse(build->arena, build->sink, file->path, file->bytes, NULL, &root);
    if (st != RM_OK) {
        return st == RM_SYNTAX ? RM_OK : st;
    }
    if (!rm_xml_is(root, "Project")) {
        rm_diag(build->sink, RM_ERROR, root->loc, "project-root",
                "expected <Project>, found <%.*s>", RM_STR_ARG(root->name));
        return RM_OK;
    }
    sheet s = {build, build->folder, 0};
    if ((st = set_well_known(build)) != RM_OK || (st = read_directory_props(build)) != RM_OK ||
        (st = set_folder(build, "MSBuildThisFileDirectory", build->folder)) != RM_OK ||
        (st = read_project(&s, root)) != RM_OK) {
        return st;
    }
    conclude(build);
    if (rm_str_iends(file->path, RM_STR(".csproj"))) {
        st = conclude_csharp(build, root);
    }
    return st == RM_OK ? rm_build_finish(build, out) : st;
}
