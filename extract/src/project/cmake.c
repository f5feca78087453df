#include "project/build.h"

#include "base/text.h"
#include "project/cmake_lex.h"

/*
 * CMakeLists.txt as far as it says which files make a driver: targets, the variables and globs that
 * list their files, and FindWDK's wdk_add_driver. Nothing is run; both sides of an if are read.
 * Source: cmake-language(7).
 */

typedef rm_cmake_arguments arguments;

typedef struct script {
    rm_build *build; /* variables and limits; its project is a fresh one for each target */
    rm_cmake_lex lex;
    unsigned conditions; /* open if() blocks */
    rm_projects targets;
    rm_str defines;     /* of add_definitions, for every target */
    rm_project options; /* of the linker for every target: only the level counts */
    rm_projects *out;
} script;

/* Replaces variables; an unquoted value falls apart at its semicolons. */
static rm_status expand(script *s, const arguments *in, arguments *out) {
    for (uint32_t i = 0; i < in->count; i++) {
        rm_cmake_argument a = in->at[i];
        rm_status st = rm_build_expand(s->build, a.text, &a.text);
        rm_str rest = a.text;
        while (st == RM_OK && rm_next_piece(&rest, ";", &a.text) &&
               out->count < RM_CMAKE_MAX_ARGUMENTS) {
            rm_cmake_argument *slot = rm_push(s->build->arena, out);
            if (slot == NULL) {
                return RM_NOMEM;
            }
            *slot = a;
        }
        if (st != RM_OK) {
            return st;
        }
    }
    return RM_OK;
}

/* ---- variables ---- */

static rm_status joined(script *s, rm_str first, const arguments *args, uint32_t from,
                        rm_str *out) {
    rm_buf buf = {.arena = s->build->arena};
    rm_buf_str(&buf, first);
    for (uint32_t i = from; i < args->count && buf.len < PROJECT_MAX_VALUE; i++) {
        rm_buf_text(&buf, buf.len > 0 ? ";" : "");
        rm_buf_str(&buf, args->at[i].text);
    }
    *out = rm_buf_view(&buf);
    return buf.status;
}

static rm_status set_joined(script *s, rm_str name, rm_str first, const arguments *args,
                            uint32_t from) {
    rm_str value = RM_STR_NONE;
    rm_status st = joined(s, first, args, from, &value);
    return st != RM_OK ? st : rm_build_set(s->build, name, value, false);
}

/* set(NAME value… [CACHE type doc] [PARENT_SCOPE]) */
static rm_status do_set(script *s, const arguments *args) {
    arguments values = *args;
    for (uint32_t i = 1; i < args->count; i++) {
        if (!args->at[i].quoted && (rm_str_eq(args->at[i].text, RM_STR("CACHE")) ||
                                    rm_str_eq(args->at[i].text, RM_STR("PARENT_SCOPE")))) {
            values.count = i;
            break;
        }
    }
    return args->count == 0 ? RM_OK : set_joined(s, args->at[0].text, RM_STR_NONE, &values, 1);
}

static rm_status do_list(script *s, const arguments *args) {
    if (args->count < 2 || !rm_str_ieq(args->at[0].text, RM_STR("APPEND"))) {
        return RM_OK;
    }
    rm_str name = args->at[1].text;
    return set_joined(s, name, rm_build_property(s->build, name), args, 2);
}

/* file(GLOB VAR patterns): the patterns stay, to be matched where the variable is used. */
static rm_status do_file(script *s, const arguments *args) {
    bool recursive = args->count > 1 && rm_str_ieq(args->at[0].text, RM_STR("GLOB_RECURSE"));
    if (args->count < 2 || !(recursive || rm_str_ieq(args->at[0].text, RM_STR("GLOB")))) {
        return RM_OK;
    }
    rm_buf buf = {.arena = s->build->arena};
    for (uint32_t i = 2; i < args->count && buf.len < PROJECT_MAX_VALUE; i++) {
        rm_str pattern = args->at[i].text;
        if (!rm_path_is_pattern(pattern)) {
            continue; /* CONFIGURE_DEPENDS, or a plain file that a glob may not name */
        }
        rm_str folder = rm_path_dir(pattern);
        rm_buf_text(&buf, buf.len > 0 ? ";" : "");
        rm_buf_str(&buf, folder);
        rm_buf_text(&buf, folder.len > 0 ? "/" : "");
        rm_buf_text(&buf, recursive ? "**/" : "");
        rm_buf_str(&buf, rm_path_base(pattern));
    }
    return buf.status != RM_OK ? buf.status
                               : rm_build_set(s->build, args->at[1].text, rm_buf_view(&buf), false);
}

/* ---- targets ---- */

static rm_project *target_of(script *s, rm_str name) {
    for (uint32_t i = 0; i < s->targets.count; i++) {
        if (rm_str_eq(s->targets.at[i].name, name)) {
            return &s->targets.at[i];
        }
    }
    return NULL;
}

/* Files go through the build, which works on one project at a time. */
static rm_status add_files(script *s, rm_project *project, const arguments *args, uint32_t from) {
    rm_status st = RM_OK;
    s->build->project = *project;
    for (uint32_t i = from; i < args->count && st == RM_OK; i++) {
        rm_project_items *list = rm_build_list_of(&s->build->project, args->at[i].text);
        if (list != NULL) {
            st = rm_build_add(s->build, list, args->at[i].text, args->at[i].place);
        }
    }
    *project = s->build->project;
    return st;
}

static rm_status add_target(script *s, const arguments *args, rm_project made) {
    if (args->count == 0 || s->targets.count == PROJECT_MAX_TARGETS) {
        return RM_OK;
    }
    rm_project *project = rm_push(s->build->arena, &s->targets);
    if (project == NULL) {
        return RM_NOMEM;
    }
    *project = made;
    project->path = s->lex.file;
    project->name = args->at[0].text;
    project->target = args->at[0].text;
    project->place = args->at[0].place;
    return add_files(s, project, args, 1);
}

static rm_status do_executable(script *s, const arguments *args) {
    return add_target(s, args,
                      (rm_project){.kind = RM_PROJECT_PROGRAM, .mode = RM_DRIVER_MODE_USER});
}

static bool has_word(const arguments *args, const char *word) {
    for (uint32_t i = 1; i < args->count; i++) {
        if (!args->at[i].quoted && rm_str_eq(args->at[i].text, rm_str_from(word))) {
            return true;
        }
    }
    return false;
}

static rm_status do_library(script *s, const arguments *args) {
    bool shared = has_word(args, "SHARED") || has_word(args, "MODULE");
    if (has_word(args, "INTERFACE") || has_word(args, "ALIAS")) {
        return RM_OK;
    }
    return add_target(s, args,
                      (rm_project){.kind = shared ? RM_PROJECT_LIBRARY : RM_PROJECT_STATIC_LIBRARY,
                                   .mode = RM_DRIVER_MODE_USER});
}

static rm_status do_wdk_driver(script *s, const arguments *args) {
    rm_framework framework = has_word(args, "KMDF") ? RM_FRAMEWORK_KMDF : RM_FRAMEWORK_WDM;
    return add_target(s, args, (rm_project){.kind = RM_PROJECT_DRIVER, .framework = framework});
}

static rm_status do_wdk_library(script *s, const arguments *args) {
    bool shared = has_word(args, "SHARED"); /* a kernel DLL */
    return add_target(s, args,
                      (rm_project){.kind = shared ? RM_PROJECT_DRIVER : RM_PROJECT_STATIC_LIBRARY});
}

static rm_status do_target_sources(script *s, const arguments *args) {
    rm_project *project = args->count > 0 ? target_of(s, args->at[0].text) : NULL;
    return project == NULL ? RM_OK : add_files(s, project, args, 1);
}

/* Options of the linker, in whichever command they stand. */
static void take_options(rm_project *project, const arguments *args, uint32_t from) {
    for (uint32_t i = from; i < args->count; i++) {
        rm_project_linker_options(project, args->at[i].text);
    }
}

static rm_status do_target_options(script *s, const arguments *args) {
    rm_project *project = args->count > 0 ? target_of(s, args->at[0].text) : NULL;
    if (project != NULL) {
        take_options(project, args, 1);
    }
    return RM_OK;
}

/* add_link_options(): for the targets that come after it. */
static rm_status do_options(script *s, const arguments *args) {
    take_options(&s->options, args, 0);
    return RM_OK;
}

/* set_property(TARGET name … PROPERTY LINK_FLAGS …) */
static rm_status do_property(script *s, const arguments *args) {
    bool of_target = args->count > 1 && rm_str_eq(args->at[0].text, RM_STR("TARGET"));
    rm_project *project = of_target ? target_of(s, args->at[1].text) : NULL;
    if (project != NULL) {
        take_options(project, args, 2);
    }
    return RM_OK;
}

/* OUTPUT_NAME names the binary; SUFFIX .sys makes an executable a driver. */
static rm_status do_properties(script *s, const arguments *args) {
    rm_project *project = args->count > 0 ? target_of(s, args->at[0].text) : NULL;
    if (project != NULL) {
        take_options(project, args, 1);
    }
    for (uint32_t i = 1; project != NULL && i + 1 < args->count; i++) {
        rm_str key = args->at[i].text;
        rm_str value = args->at[i + 1].text;
        if (rm_str_eq(key, RM_STR("OUTPUT_NAME")) && !rm_build_has_reference(s->build, value)) {
            project->target = value;
        } else if (rm_str_eq(key, RM_STR("SUFFIX")) && rm_str_ieq(value, RM_STR(".sys"))) {
            project->kind = RM_PROJECT_DRIVER;
            project->mode = RM_DRIVER_MODE_KERNEL;
        }
    }
    return RM_OK;
}

static rm_status define_all(script *s, rm_project *project, const arguments *args, uint32_t from) {
    rm_status st = RM_OK;
    s->build->project = *project;
    for (uint32_t i = from; i < args->count && st == RM_OK && s->conditions == 0; i++) {
        rm_str text = args->at[i].text;
        if (rm_str_starts(text, RM_STR("-D")) || rm_str_starts(text, RM_STR("/D"))) {
            text = rm_str_slice(text, 2, text.len);
        } else if (rm_str_eq(text, RM_STR("PRIVATE")) || rm_str_eq(text, RM_STR("PUBLIC")) ||
                   rm_str_eq(text, RM_STR("INTERFACE"))) {
            continue;
        }
        st = rm_build_define(s->build, text);
    }
    *project = s->build->project;
    return st;
}

static rm_status do_target_definitions(script *s, const arguments *args) {
    rm_project *project = args->count > 0 ? target_of(s, args->at[0].text) : NULL;
    return project == NULL ? RM_OK : define_all(s, project, args, 1);
}

static rm_status do_definitions(script *s, const arguments *args) {
    rm_project all = {.defines = s->defines};
    rm_status st = define_all(s, &all, args, 0);
    s->defines = all.defines;
    return st;
}

static rm_status do_target_includes(script *s, const arguments *args) {
    rm_project *project = args->count > 0 ? target_of(s, args->at[0].text) : NULL;
    rm_status st = RM_OK;
    if (project == NULL) {
        return RM_OK;
    }
    s->build->project = *project;
    for (uint32_t i = 1; i < args->count && st == RM_OK; i++) {
        rm_str text = args->at[i].text;
        if (!rm_str_eq(text, RM_STR("PRIVATE")) && !rm_str_eq(text, RM_STR("PUBLIC")) &&
            !rm_str_eq(text, RM_STR("INTERFACE")) && !rm_str_eq(text, RM_STR("SYSTEM"))) {
            st = rm_build_add_folder(s->build, text, args->at[i].place);
        }
    }
    *project = s->build->project;
    return st;
}

static rm_status do_if(script *s, const arguments *args) {
    (void)args;
    s->conditions++;
    return RM_OK;
}

static rm_status do_endif(script *s, const arguments *args) {
    (void)args;
    s->conditions -= s->conditions > 0;
    return RM_OK;
}

static const struct {
    const char *name;
    rm_status (*run)(script *, const arguments *);
} commands[] = {
    {"set", do_set},
    {"list", do_list},
    {"file", do_file},
    {"add_executable", do_executable},
    {"add_library", do_library},
    {"wdk_add_driver", do_wdk_driver},
    {"wdk_add_library", do_wdk_library},
    {"target_sources", do_target_sources},
    {"set_target_properties", do_properties},
    {"set_property", do_property},
    {"target_link_options", do_target_options},
    {"target_link_libraries", do_target_options},
    {"add_link_options", do_options},
    {"target_compile_definitions", do_target_definitions},
    {"add_compile_definitions", do_definitions},
    {"add_definitions", do_definitions},
    {"target_include_directories", do_target_includes},
    {"if", do_if},
    {"endif", do_endif},
    {"function", do_if}, /* may never be called */
    {"endfunction", do_endif},
    {"macro", do_if},
    {"endmacro", do_endif},
};

static rm_status run_command(script *s, rm_str name, const arguments *written) {
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (rm_str_ieq(name, rm_str_from(commands[i].name))) {
            arguments args = {.count = 0};
            rm_status st = expand(s, written, &args);
            return st != RM_OK ? st : commands[i].run(s, &args);
        }
    }
    return RM_OK;
}

static rm_status run(script *s) {
    rm_status st = RM_OK;
    rm_str name = RM_STR_NONE;
    arguments written = {.count = 0};
    while (st == RM_OK && rm_cmake_next(s->build->arena, &s->lex, &name, &written, &st)) {
        st = run_command(s, name, &written);
        written.count = 0; /* the texts stay, the list is used again */
    }
    return st;
}

/* What holds for every target stands where a target says nothing itself. */
static void take_level(rm_project *project, const rm_project *all) {
    if (project->execution_level.len == 0) {
        project->execution_level = all->execution_level;
        project->ui_access = project->ui_access || all->ui_access;
    }
}

static rm_status hand_over(script *s) {
    rm_status st = RM_OK;
    rm_project_linker_options(&s->options,
                              rm_build_property(s->build, RM_STR("CMAKE_EXE_LINKER_FLAGS")));
    for (uint32_t i = 0; i < s->targets.count && st == RM_OK; i++) {
        rm_str defines = s->defines;
        rm_str piece = RM_STR_NONE;
        s->build->project = s->targets.at[i];
        take_level(&s->build->project, &s->options);
        while (st == RM_OK && rm_next_piece(&defines, ";", &piece)) {
            st = rm_build_define(s->build, piece);
        }
        if (st == RM_OK) {
            st = rm_build_finish(s->build, s->out);
        }
    }
    return st;
}

static rm_status read_one(script *s, const rm_input_file *file) {
    static const char *const here_names[] = {"CMAKE_CURRENT_SOURCE_DIR", "CMAKE_CURRENT_LIST_DIR"};
    rm_build *build = s->build;
    rm_encoding encoding = RM_ENC_UTF8;
    rm_str folder = RM_STR_NONE;
    s->lex = (rm_cmake_lex){.file = file->path, .line = 1};
    rm_status st =
        rm_text_decode(build->arena, build->sink, file->path, file->bytes, &encoding, &s->lex.text);
    if (st == RM_OK) {
        st = rm_str_printf(build->arena, &folder, "//%.*s", RM_STR_ARG(rm_path_dir(file->path)));
    }
    for (size_t i = 0; i < sizeof here_names / sizeof here_names[0] && st == RM_OK; i++) {
        st = rm_build_set(build, rm_str_from(here_names[i]), folder, false);
    }
    return st == RM_OK ? run(s) : st;
}

/*
 * A folder takes over the variables and definitions of those above it (cmake: add_subdirectory).
 * Their targets are theirs.
 */
static rm_status inherit(script *s) {
    rm_str folder = s->build->folder;
    rm_status st = RM_OK;
    for (size_t end = 0; end < folder.len && st == RM_OK; end++) {
        if (end > 0 && folder.ptr[end] != '/') {
            continue;
        }
        rm_file_path path;
        const rm_input_file *above =
            rm_path_join(rm_str_slice(folder, 0, end), RM_STR("CMakeLists.txt"), &path)
                ? rm_file_index_find(s->build->files, rm_path_text(&path))
                : NULL;
        if (above != NULL) {
            st = read_one(s, above);
            s->targets.count = 0;
            s->conditions = 0;
        }
    }
    return st;
}

rm_status rm_cmake_read(rm_build *build, const rm_input_file *file, rm_projects *out) {
    script s = {.build = build, .out = out};
    rm_status st = inherit(&s);
    if (st == RM_OK) {
        st = read_one(&s, file);
    }
    return st != RM_OK ? st : hand_over(&s);
}
