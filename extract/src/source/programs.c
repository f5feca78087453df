#include "base/text.h"
#include "source/loose.h"
#include "source/opens.h"

/* Whose opens and doors a program's are: a service's, those of a package's apps, a program's. */

typedef struct program {
    const rm_project *project;
    rm_program_facts facts;
} program;

RM_LIST(programs, program);

typedef struct owner {
    rm_model *model;
    const program *of;
} owner;

/* ---- opens ---- */

/* Whether a build has the code depends on its configuration. */
static rm_state state_of(bool perhaps) {
    return perhaps ? RM_STATE_UNKNOWN : RM_STATE_DERIVED;
}

/* Places borrow the artifact's path, which outlives the input. */
static rm_status push_open(const owner *o, rm_open open, rm_str target, rm_place place) {
    open.device = RM_NONE;
    open.to_service = RM_NONE;
    open.place = place;
    rm_status st = rm_str_copy(o->model->arena, target, &open.target);
    if (st == RM_OK) {
        st = rm_str_copy(o->model->arena, place.file, &open.place.file);
    }
    rm_open *slot = st == RM_OK ? rm_push(o->model->arena, &o->model->opens) : NULL;
    if (slot == NULL) {
        return st != RM_OK ? st : RM_NOMEM;
    }
    *slot = open;
    return RM_OK;
}

/* A program that calls what it serves itself calls nobody. */
static bool calls_others(const owner *o, const rm_found_door *door) {
    for (uint32_t i = 0; i < o->of->facts.serves.count; i++) {
        if (rm_str_ieq(o->of->facts.serves.at[i].name, door->name)) {
            return false;
        }
    }
    return true;
}

static rm_status push_opens(const owner *o, uint32_t app, uint32_t service) {
    const rm_program_facts *facts = &o->of->facts;
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < facts->opens.count; i++) {
        const rm_found_open *found = &facts->opens.at[i];
        rm_open open = {.app = app,
                        .service = service,
                        .as_caller = service != RM_NONE && found->impersonating,
                        .state = state_of(found->perhaps)};
        st = push_open(o, open, found->target, found->place);
    }
    for (uint32_t i = 0; st == RM_OK && i < facts->calls.count; i++) {
        if (calls_others(o, &facts->calls.at[i])) {
            rm_open open = {.app = app,
                            .service = service,
                            .call = true,
                            .state = state_of(facts->calls.at[i].perhaps)};
            st = push_open(o, open, facts->calls.at[i].name, facts->calls.at[i].place);
        }
    }
    return st;
}

static bool opens_anything(const owner *o) {
    bool any = o->of->facts.opens.count > 0;
    for (uint32_t i = 0; !any && i < o->of->facts.calls.count; i++) {
        any = calls_others(o, &o->of->facts.calls.at[i]);
    }
    return any;
}

/* ---- services ---- */

static bool is_driver_service(const rm_service *service) {
    return service->driver != RM_NONE || rm_str_ieq(service->kind, RM_STR("kernel")) ||
           rm_str_ieq(service->kind, RM_STR("filesystem"));
}

/* By the name that its program tells the service control manager, or that of the program. */
static bool is_service_of(const program *p, const rm_service *service) {
    bool named = rm_str_ieq(service->name, p->project->target);
    for (uint32_t i = 0; !named && i < p->facts.services.count; i++) {
        named = rm_str_ieq(service->name, p->facts.services.at[i]);
    }
    return named && !is_driver_service(service);
}

static bool always_impersonates(const rm_program_facts *facts) {
    for (uint32_t i = 0; i < facts->opens.count; i++) {
        if (!facts->opens.at[i].impersonating) {
            return false;
        }
    }
    return facts->opens.count > 0;
}

static rm_status push_doors(rm_model *model, const program *p, uint32_t service) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < p->facts.serves.count; i++) {
        const rm_found_door *found = &p->facts.serves.at[i];
        rm_door door = {.device = RM_NONE,
                        .service = service,
                        .kind = found->kind,
                        .state = RM_STATE_DERIVED,
                        .place = found->place};
        st = rm_str_copy(model->arena, found->name, &door.name);
        if (st == RM_OK) {
            st = rm_str_copy(model->arena, found->place.file, &door.place.file);
        }
        rm_door *slot = st == RM_OK ? rm_push(model->arena, &model->doors) : NULL;
        if (slot == NULL) {
            return st != RM_OK ? st : RM_NOMEM;
        }
        *slot = door;
    }
    return st;
}

/*
 * A service that no INF installs: LocalSystem is what CreateService() gives one for which no
 * account is named, and is assumed where the call was not read.
 */
static rm_status push_service(rm_model *model, const program *p) {
    rm_service service = {.kind = RM_STR("own_process"),
                          .account = RM_STR("LocalSystem"),
                          .driver = RM_NONE,
                          .state = p->facts.installs ? RM_STATE_DERIVED : RM_STATE_ASSUMED,
                          .place = p->facts.service_at};
    rm_str name = p->facts.services.count > 0 ? p->facts.services.at[0] : p->project->target;
    rm_status st = rm_str_copy(model->arena, name, &service.name);
    if (st == RM_OK) {
        st = rm_str_copy(model->arena, service.place.file, &service.place.file);
    }
    if (st == RM_OK && p->facts.account.len > 0) {
        st = rm_str_copy(model->arena, p->facts.account, &service.account);
    }
    rm_service *slot = st == RM_OK ? rm_push(model->arena, &model->services) : NULL;
    if (slot == NULL) {
        return st != RM_OK ? st : RM_NOMEM;
    }
    *slot = service;
    return RM_OK;
}

/* The services of a program get its doors, so that others' calls find them. */
static rm_status find_services(rm_model *model, const program *p) {
    const rm_program_facts *facts = &p->facts;
    rm_status st = RM_OK;
    bool found = false;
    for (uint32_t i = 0; !found && i < model->services.count; i++) {
        found = is_service_of(p, &model->services.at[i]);
    }
    if (!found && facts->is_service && facts->opens.count > 0) {
        st = push_service(model, p);
    }
    for (uint32_t i = 0; st == RM_OK && i < model->services.count; i++) {
        rm_service *service = &model->services.at[i];
        if (is_service_of(p, service)) {
            service->impersonates = service->impersonates || always_impersonates(facts);
            st = push_doors(model, p, i);
        }
    }
    return st;
}

static rm_status push_to_services(const owner *o, bool *found) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; i < o->model->services.count && st == RM_OK; i++) {
        if (is_service_of(o->of, &o->model->services.at[i])) {
            st = push_opens(o, RM_NONE, i);
            *found = true;
        }
    }
    return st;
}

/* ---- apps ---- */

static bool lies_below(rm_str folder, rm_str path) {
    return folder.len == 0 ||
           (rm_str_istarts(path, folder) && path.len > folder.len && path.ptr[folder.len] == '/');
}

/* A package's manifest beside the project, or above it, that names the program. */
static bool is_named_by_package(const rm_project *project, rm_str file_name, const rm_app *app) {
    return app->package.len > 0 && app->executable.len > 0 &&
           rm_str_ieq(rm_path_base(app->executable), file_name) &&
           lies_below(rm_path_dir(app->place.file), project->path);
}

static bool is_of_package(const rm_project *project, rm_str file_name, const rm_app *app) {
    size_t at = 0;
    if (is_named_by_package(project, file_name, app)) {
        return !rm_str_find_char(app->name, '/', &at);
    }
    for (uint32_t i = 0; i < project->packages.count; i++) {
        if (rm_str_ieq(project->packages.at[i].path, app->place.file)) {
            return !rm_str_find_char(app->name, '/',
                                     &at); /* its other processes are others' code */
        }
    }
    return false;
}

/* Pipes, RPC and COM are how data reaches a program that is no service. */
static rm_status push_entries(const owner *o, uint32_t app) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < o->of->facts.serves.count; i++) {
        const rm_found_door *found = &o->of->facts.serves.at[i];
        bool class_id = rm_str_starts(found->name, RM_STR("{"));
        rm_app_entry entry = {.app = app,
                              .kind = found->kind == RM_DOOR_PIPE ? RM_STR("pipe")
                                      : class_id                  ? RM_STR("com_server")
                                                                  : RM_STR("rpc"),
                              .place = found->place};
        st = rm_str_copy(o->model->arena, found->name, &entry.name);
        if (st == RM_OK) {
            st = rm_str_copy(o->model->arena, found->place.file, &entry.place.file);
        }
        rm_app_entry *slot = st == RM_OK ? rm_push(o->model->arena, &o->model->app_entries) : NULL;
        if (slot == NULL) {
            return st != RM_OK ? st : RM_NOMEM;
        }
        *slot = entry;
    }
    return st;
}

static rm_status push_to_app(const owner *o, uint32_t app) {
    rm_status st = push_opens(o, app, RM_NONE);
    return st == RM_OK ? push_entries(o, app) : st;
}

/* Rows of one name that differ in their principal share what they open (rm_link_twin_apps). */
static rm_status push_to_apps(const owner *o, rm_str file_name, bool *found) {
    rm_apps *apps = &o->model->apps;
    bool named = false;
    rm_status st = RM_OK;
    for (uint32_t i = 0; i < apps->count && st == RM_OK; i++) {
        bool of_manifest = apps->at[i].state != RM_STATE_ASSUMED; /* no other program's */
        bool by_name = !named && of_manifest && apps->at[i].package.len == 0 &&
                       rm_str_ieq(apps->at[i].name, file_name);
        if (by_name || is_of_package(o->of->project, file_name, &apps->at[i])) {
            named = named || by_name;
            *found = true;
            st = push_to_app(o, i);
        }
    }
    return st;
}

/* Without a manifest a program runs as whoever starts it. */
static rm_status push_to_new_app(const owner *o, rm_str file_name) {
    rm_app app = {.principal = RM_STR("standard_user"),
                  .state = RM_STATE_ASSUMED,
                  .place = o->of->project->place};
    rm_status st = rm_str_copy(o->model->arena, file_name, &app.name);
    if (st == RM_OK) {
        st = rm_str_copy(o->model->arena, app.place.file, &app.place.file);
    }
    rm_app *slot = st == RM_OK ? rm_push(o->model->arena, &o->model->apps) : NULL;
    if (slot == NULL) {
        return st != RM_OK ? st : RM_NOMEM;
    }
    *slot = app;
    return push_to_app(o, o->model->apps.count - 1);
}

static rm_status push_facts(const owner *o, rm_arena *arena, rm_sink *sink) {
    const rm_program_facts *facts = &o->of->facts;
    rm_str file_name = RM_STR_NONE;
    bool found = false;
    if (!opens_anything(o)) {
        return RM_OK;
    }
    if (facts->hands_over && facts->opens.count > 0) {
        rm_diag(
            sink, RM_NOTE, facts->hands_over_at, "app-hands-over-handle",
            "a handle goes to another process: tell which device's in a facts file, \"handles\"");
    }
    rm_status st = rm_str_printf(arena, &file_name, "%.*s.exe", RM_STR_ARG(o->of->project->target));
    if (st == RM_OK) {
        st = push_to_services(o, &found);
    }
    if (st == RM_OK) {
        st = push_to_apps(o, file_name, &found);
    }
    return st != RM_OK || found ? st : push_to_new_app(o, file_name);
}

/* ---- the sources of a program ---- */

RM_LIST(in_sets, uint32_t);

typedef struct sources {
    in_sets c; /* places in the set */
    rm_csharp_files csharp;
} sources;

static rm_status add_source(rm_arena *arena, const rm_program_input *in, size_t index,
                            sources *out) {
    if (in->in_set[index] != RM_NONE) {
        uint32_t *slot = rm_push(arena, &out->c);
        if (slot == NULL) {
            return RM_NOMEM;
        }
        *slot = in->in_set[index];
    } else if (rm_is_csharp(in->files->at[index].path)) {
        rm_csharp_file *slot = rm_push(arena, &out->csharp);
        if (slot == NULL) {
            return RM_NOMEM;
        }
        *slot = (rm_csharp_file){in->files->at[index].path, in->loads->at[index].text};
    }
    return RM_OK;
}

static rm_status add_items(rm_arena *arena, const rm_program_input *in,
                           const rm_project_items *items, sources *out) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < items->count; i++) {
        const rm_input_file *file = items->at[i].file;
        if (file != NULL) {
            st = add_source(arena, in, (size_t)(file - in->files->at), out);
        }
    }
    return st;
}

/* Names of devices may stand in the string tables of its resource scripts. */
static rm_status add_sources(rm_arena *arena, const rm_program_input *in, const rm_project *project,
                             sources *out) {
    rm_status st = add_items(arena, in, &project->sources, out);
    return st == RM_OK ? add_items(arena, in, &project->resources, out) : st;
}

/* Libraries that it refers to run within it; theirs are not followed. */
static rm_status add_libraries(rm_arena *arena, const rm_program_input *in,
                               const rm_project *project, sources *out) {
    rm_status st = RM_OK;
    for (uint32_t r = 0; r < project->references.count; r++) {
        for (uint32_t i = 0; st == RM_OK && i < in->projects->count; i++) {
            const rm_project *library = &in->projects->at[i];
            bool inside =
                library->kind == RM_PROJECT_LIBRARY || library->kind == RM_PROJECT_STATIC_LIBRARY;
            if (inside && rm_str_ieq(library->path, project->references.at[r].path)) {
                st = add_sources(arena, in, library, out);
            }
        }
    }
    return st;
}

static rm_status read_program(rm_arena *arena, const rm_program_input *in,
                              const rm_project *project, programs *out) {
    sources files = {0};
    program p = {.project = project};
    rm_status st = add_sources(arena, in, project, &files);
    const uint32_t own = files.c.count;
    if (st == RM_OK) {
        st = add_libraries(arena, in, project, &files);
    }
    if (st == RM_OK && files.c.count > 0) {
        const rm_program_sources c = {.set = in->set,
                                      .files = files.c.at,
                                      .count = files.c.count,
                                      .own = own,
                                      .defines = project->defines};
        st = rm_source_opens(arena, &c, &p.facts);
    }
    if (st == RM_OK && files.csharp.count > 0) {
        st = rm_csharp_opens(arena, files.csharp.at, files.csharp.count, &p.facts);
    }
    bool any = p.facts.opens.count > 0 || p.facts.calls.count > 0;
    program *slot = st == RM_OK && any ? rm_push(arena, out) : NULL;
    if (slot != NULL) {
        *slot = p;
    }
    return st == RM_OK && any && slot == NULL ? RM_NOMEM : st;
}

/* ---- the whole ---- */

static rm_status read_all(rm_arena *arena, const rm_program_input *in, const rm_projects *projects,
                          programs *out) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; i < projects->count && st == RM_OK; i++) {
        if (projects->at[i].kind == RM_PROJECT_PROGRAM) {
            st = read_program(arena, in, &projects->at[i], out);
        }
    }
    return st;
}

rm_status rm_programs_read(rm_model *model, rm_sink *sink, rm_arena *arena,
                           const rm_program_input *in) {
    programs all = {0};
    rm_projects loose = {0};
    rm_status st = read_all(arena, in, in->projects, &all);
    if (st == RM_OK) {
        st = rm_loose_programs(arena, in, &loose);
    }
    if (st == RM_OK) {
        st = read_all(arena, in, &loose, &all);
    }
    for (uint32_t i = 0; st == RM_OK && i < all.count; i++) {
        st = find_services(model, &all.at[i]);
    }
    for (uint32_t i = 0; st == RM_OK && i < all.count; i++) {
        const owner o = {model, &all.at[i]};
        st = push_facts(&o, arena, sink);
    }
    return st;
}
