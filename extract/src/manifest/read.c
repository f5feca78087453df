#include "manifest/parse.h"
#include "manifest/push.h"
#include "pe.h"

static bool is_program_name(rm_str name) {
    return rm_str_iends(name, RM_STR(".exe")) || rm_str_iends(name, RM_STR(".dll")) ||
           rm_str_iends(name, RM_STR(".scr")) || rm_str_iends(name, RM_STR(".cpl"));
}

/* "Tool.exe" of "Tool.exe.manifest"; else what the project says; else the manifest's own name. */
static rm_str program_name(rm_str path, rm_str program) {
    rm_str base = rm_path_base(path);
    if (rm_str_iends(base, RM_STR(".manifest"))) {
        base = rm_str_slice(base, 0, base.len - (sizeof ".manifest" - 1));
    }
    return is_program_name(base) || program.len == 0 ? base : program;
}

/*
 * A component's manifest says which files it has; a program's, what it asks for. One without a
 * level is a program's when its name or a project says so: it runs as whoever starts it.
 */
static bool is_program(const rm_manifest *m, rm_str path, rm_str program) {
    size_t at = 0;
    program = rm_str_iends(program, RM_STR(".dll")) ? RM_STR_NONE : program;
    rm_str base = rm_path_base(path);
    return m->levels.count > 0 || m->auto_elevate || program.len > 0 ||
           (!m->describes_files && rm_str_find(base, RM_STR(".exe."), &at));
}

static rm_status push_program(rm_model *model, const rm_manifest *m, rm_str path, rm_str program,
                              bool *used) {
    rm_app app = {.package = m->name, .state = RM_STATE_CONFIRMED, .place = m->loc};
    *used = is_program(m, path, program);
    if (!*used) {
        return RM_OK;
    }
    app.name = m->application.len > 0 ? m->application : program_name(path, program);
    if (m->levels.count > 0) {
        const rm_manifest_level *level = &m->levels.at[0];
        app.execution_level = level->level;
        app.trust_level = rm_manifest_yes(level->ui_access) ? RM_STR("uiAccess") : RM_STR_NONE;
        app.place = level->loc;
    }
    return rm_manifest_push_program(model, app);
}

rm_status rm_manifest_read(rm_model *model, rm_sink *sink, rm_str path, rm_str bytes,
                           rm_str program, bool *used) {
    rm_manifest manifest;
    rm_status st = rm_str_copy(model->arena, path, &path);
    if (st == RM_OK) {
        st = rm_manifest_parse(model->arena, sink, path, bytes, &manifest);
    }
    if (st != RM_OK) {
        *used = false;
        return st == RM_SYNTAX ? RM_OK : st;
    }
    switch (manifest.kind) {
    case RM_MANIFEST_PACKAGE: return rm_manifest_push_package(model, &manifest, used);
    case RM_MANIFEST_PROGRAM: return push_program(model, &manifest, path, program, used);
    case RM_MANIFEST_SCCD: return rm_manifest_push_sccd(model, &manifest, used);
    case RM_MANIFEST_OTHER: break;
    }
    *used = false;
    return RM_OK;
}

/* What is left of a resource's last page is no part of its text; UTF-16 ends on a whole unit. */
static rm_str without_padding(rm_str text) {
    while (text.len > 1 && text.ptr[text.len - 1] == '\0' && text.ptr[text.len - 2] == '\0') {
        text.len -= text.len % 2 == 0 ? 2 : 1;
    }
    bool wide = text.len > 1 && (unsigned char)text.ptr[0] >= 0xFE;
    if (!wide && text.len > 0 && text.ptr[text.len - 1] == '\0') {
        text.len--;
    }
    return text;
}

rm_status rm_manifest_binary(rm_model *model, rm_sink *sink, rm_str path, rm_str bytes,
                             bool *used) {
    rm_pe_manifests found = {0};
    rm_str place = RM_STR_NONE;
    rm_str own = RM_STR_NONE;
    rm_status st = rm_str_copy(model->arena, path, &own);
    *used = false;
    if (st == RM_OK) {
        st = rm_pe_manifests_of(model->arena, sink, own, bytes, &found);
    }
    if (st == RM_OK && found.count > 0) {
        st = rm_str_printf(model->arena, &place, "%.*s/RT_MANIFEST", RM_STR_ARG(own));
    }
    for (uint32_t i = 0; st == RM_OK && i < found.count; i++) {
        bool one = false;
        st = rm_manifest_read(model, sink, place, without_padding(found.at[i].bytes),
                              rm_path_base(own), &one);
        *used = *used || one;
    }
    return st == RM_SYNTAX ? RM_OK : st;
}

/* A level of the program's own; full trust is what the package's manifest gives it. */
static rm_status set_level(rm_model *model, const rm_manifest *m, uint32_t index) {
    rm_app *app = &model->apps.at[index];
    rm_str level = m->levels.count > 0 ? m->levels.at[0].level : RM_STR_NONE;
    bool elevated = rm_str_ieq(level, RM_STR("requireAdministrator"));
    app->execution_level = level;
    app->principal = elevated ? RM_STR("admin_elevated") : app->principal;
    if (elevated || !rm_str_ieq(level, RM_STR("highestAvailable"))) {
        return RM_OK;
    }
    rm_app other = *app;
    other.principal = RM_STR("admin_elevated");
    return rm_manifest_add_app(model, other);
}

rm_status rm_manifest_packaged(rm_model *model, rm_sink *sink, rm_str path, rm_str bytes,
                               uint32_t app) {
    rm_pe_manifests found = {0};
    rm_manifest manifest = {.kind = RM_MANIFEST_OTHER};
    rm_str place = RM_STR_NONE;
    rm_status st = rm_pe_manifests_of(model->arena, sink, path, bytes, &found);
    if (st == RM_OK && found.count > 0) {
        st = rm_str_printf(model->arena, &place, "%.*s/RT_MANIFEST", RM_STR_ARG(path));
    }
    if (st == RM_OK && found.count > 0) {
        st = rm_manifest_parse(model->arena, sink, place, without_padding(found.at[0].bytes),
                               &manifest);
    }
    if (st == RM_OK && manifest.kind == RM_MANIFEST_PROGRAM) {
        st = set_level(model, &manifest, app);
    }
    return st == RM_SYNTAX ? RM_OK : st;
}

/* ---- programs that projects build ---- */

static bool has_manifest(const rm_project *project, rm_str path) {
    for (uint32_t i = 0; i < project->manifests.count; i++) {
        if (rm_str_ieq(project->manifests.at[i].path, path)) {
            return true;
        }
    }
    return false;
}

rm_status rm_manifest_program(rm_arena *arena, const rm_projects *projects, rm_str path,
                              rm_str *out) {
    for (uint32_t i = 0; i < projects->count; i++) {
        const rm_project *project = &projects->at[i];
        if (project->kind == RM_PROJECT_PROGRAM && has_manifest(project, path)) {
            return rm_str_printf(arena, out, "%.*s.exe", RM_STR_ARG(project->target));
        }
    }
    *out = RM_STR_NONE;
    return RM_OK;
}

/* Its places are the resource's: the lines of its text are no lines of a file. */
static rm_status push_inline(rm_model *model, rm_sink *sink, const rm_project_text *told,
                             rm_str program, bool *used) {
    rm_place place = told->place;
    rm_str path = RM_STR_NONE;
    uint32_t first = model->apps.count;
    rm_status st = rm_str_copy(model->arena, place.file, &place.file);
    if (st == RM_OK) {
        st = rm_str_printf(model->arena, &path, "%.*s/RT_MANIFEST", RM_STR_ARG(place.file));
    }
    if (st == RM_OK) {
        st = rm_manifest_read(model, sink, path, told->text, program, used);
    }
    for (uint32_t i = first; i < model->apps.count; i++) {
        model->apps.at[i].place = place;
    }
    return st;
}

static rm_status push_level(rm_model *model, const rm_project *project, rm_str program) {
    rm_app app = {.name = program, .state = RM_STATE_CONFIRMED, .place = project->place};
    if (project->execution_level.len == 0) {
        return RM_OK;
    }
    rm_status st = rm_str_copy(model->arena, app.place.file, &app.place.file);
    app.execution_level = project->execution_level; /* one of the three words, static */
    app.trust_level = project->ui_access ? RM_STR("uiAccess") : RM_STR_NONE;
    return st != RM_OK ? st : rm_manifest_push_program(model, app);
}

rm_status rm_manifest_project(rm_model *model, rm_sink *sink, const rm_project *project) {
    rm_str program = RM_STR_NONE;
    bool told = false;
    if (project->kind != RM_PROJECT_PROGRAM) {
        return RM_OK;
    }
    rm_status st = rm_str_printf(model->arena, &program, "%.*s.exe", RM_STR_ARG(project->target));
    for (uint32_t i = 0; st == RM_OK && i < project->inline_manifests.count; i++) {
        bool used = false;
        st = push_inline(model, sink, &project->inline_manifests.at[i], program, &used);
        told = told || used;
    }
    return st == RM_OK && !told ? push_level(model, project, program) : st;
}
