#include "source/opens.h"

#include "base/text.h"
#include "source/lex.h"

/* Whose opens a project's are: a service's, those of a package's apps, a program's. */

typedef struct owner {
    rm_model *model;
    const rm_project *project;
    const rm_program_facts *facts;
} owner;

static rm_status push_opens(const owner *o, uint32_t app, uint32_t service) {
    rm_arena *arena = o->model->arena;
    for (uint32_t i = 0; i < o->facts->opens.count; i++) {
        const rm_found_open *found = &o->facts->opens.at[i];
        rm_open open = {.app = app,
                        .service = service,
                        .device = RM_NONE,
                        .to_service = RM_NONE,
                        .state = RM_STATE_DERIVED,
                        .place = found->place};
        rm_status st = rm_str_copy(arena, found->target, &open.target);
        rm_open *slot = st == RM_OK ? rm_push(arena, &o->model->opens) : NULL;
        if (slot == NULL) {
            return st != RM_OK ? st : RM_NOMEM;
        }
        *slot = open;
    }
    return RM_OK;
}

/* As its caller only where every device is opened so. */
static bool always_impersonates(const rm_program_facts *facts) {
    for (uint32_t i = 0; i < facts->opens.count; i++) {
        if (!facts->opens.at[i].impersonating) {
            return false;
        }
    }
    return facts->opens.count > 0;
}

static bool is_driver_service(const rm_service *service) {
    return service->driver != RM_NONE || rm_str_ieq(service->kind, RM_STR("kernel")) ||
           rm_str_ieq(service->kind, RM_STR("filesystem"));
}

/* A service has the name of its program more often than not. */
static rm_status push_to_services(const owner *o, bool *found) {
    rm_services *services = &o->model->services;
    rm_status st = RM_OK;
    for (uint32_t i = 0; i < services->count && st == RM_OK; i++) {
        rm_service *service = &services->at[i];
        if (rm_str_ieq(service->name, o->project->target) && !is_driver_service(service)) {
            service->impersonates = service->impersonates || always_impersonates(o->facts);
            st = push_opens(o, RM_NONE, i);
            *found = true;
        }
    }
    return st;
}

static bool is_of_package(const rm_project *project, const rm_app *app) {
    size_t at = 0;
    for (uint32_t i = 0; i < project->packages.count; i++) {
        if (rm_str_ieq(project->packages.at[i].path, app->place.file)) {
            return !rm_str_find_char(app->name, '/',
                                     &at); /* its other processes are others' code */
        }
    }
    return false;
}

/* Rows of one name that differ in their principal share what they open (rm_link_twin_apps). */
static rm_status push_to_apps(const owner *o, rm_str program, bool *found) {
    rm_apps *apps = &o->model->apps;
    bool named = false;
    rm_status st = RM_OK;
    for (uint32_t i = 0; i < apps->count && st == RM_OK; i++) {
        bool by_name =
            !named && apps->at[i].package.len == 0 && rm_str_ieq(apps->at[i].name, program);
        if (by_name || is_of_package(o->project, &apps->at[i])) {
            named = named || by_name;
            *found = true;
            st = push_opens(o, i, RM_NONE);
        }
    }
    return st;
}

/* Without a manifest a program runs as whoever starts it. */
static rm_status push_to_new_app(const owner *o, rm_str program) {
    rm_app app = {.principal = RM_STR("standard_user"),
                  .state = RM_STATE_ASSUMED,
                  .place = o->project->place};
    rm_status st = rm_str_copy(o->model->arena, program, &app.name);
    if (st == RM_OK) {
        st = rm_str_copy(o->model->arena, app.place.file, &app.place.file);
    }
    rm_app *slot = st == RM_OK ? rm_push(o->model->arena, &o->model->apps) : NULL;
    if (slot == NULL) {
        return st != RM_OK ? st : RM_NOMEM;
    }
    *slot = app;
    return push_opens(o, o->model->apps.count - 1, RM_NONE);
}

static rm_status push_facts(const owner *o, rm_arena *arena, rm_sink *sink) {
    rm_str program = RM_STR_NONE;
    bool found = false;
    if (o->facts->opens.count == 0) {
        return RM_OK;
    }
    if (o->facts->hands_over) {
        rm_diag(
            sink, RM_NOTE, o->facts->hands_over_at, "app-hands-over-handle",
            "a handle goes to another process: tell which device's in a facts file, \"handles\"");
    }
    rm_status st = rm_str_printf(arena, &program, "%.*s.exe", RM_STR_ARG(o->project->target));
    if (st == RM_OK) {
        st = push_to_services(o, &found);
    }
    if (st == RM_OK) {
        st = push_to_apps(o, program, &found);
    }
    return st != RM_OK || found ? st : push_to_new_app(o, program);
}

static size_t line_start(rm_str text, size_t at) {
    while (at > 0 && text.ptr[at - 1] != '\n') {
        at--;
    }
    return at;
}

void rm_source_pragmas(rm_str text, rm_project *project) {
    static const char directive[] = "#pragma";
    size_t at = 0;
    while (rm_str_find(text, rm_str_from(directive), &at)) {
        bool first = rm_str_trim(rm_str_slice(text, line_start(text, at), at)).len == 0;
        text = rm_str_slice(text, at + sizeof directive - 1, text.len);
        rm_str line = rm_str_slice(text, 0, rm_lex_line_end(text, 0));
        if (first && rm_str_istarts(rm_str_trim(line), RM_STR("comment"))) {
            rm_project_linker_options(project, line);
        }
    }
}

static rm_status sources_of(rm_arena *arena, const rm_project *project, const rm_input_files *files,
                            const uint32_t *in_set, uint32_t **out, uint32_t *count) {
    *count = 0;
    *out = RM_NEW_ARRAY(arena, uint32_t, (size_t)project->sources.count + 1);
    if (*out == NULL) {
        return RM_NOMEM;
    }
    for (uint32_t i = 0; i < project->sources.count; i++) {
        const rm_input_file *file = project->sources.at[i].file;
        if (file != NULL && in_set[file - files->at] != RM_NONE) {
            (*out)[(*count)++] = in_set[file - files->at];
        }
    }
    return RM_OK;
}

rm_status rm_programs_read(rm_model *model, rm_sink *sink, rm_arena *arena,
                           const rm_source_set *set, const rm_projects *projects,
                           const rm_input_files *files, const uint32_t *in_set) {
    rm_status st = RM_OK;
    for (uint32_t p = 0; p < projects->count && st == RM_OK; p++) {
        rm_program_facts facts = {0};
        owner o = {model, &projects->at[p], &facts};
        uint32_t *sources = NULL;
        uint32_t count = 0;
        if (o.project->kind != RM_PROJECT_PROGRAM) {
            continue;
        }
        st = sources_of(arena, o.project, files, in_set, &sources, &count);
        if (st == RM_OK && count > 0) {
            st = rm_source_opens(arena, set, sources, count, &facts);
        }
        if (st == RM_OK) {
            st = push_facts(&o, arena, sink);
        }
    }
    return st;
}
