#include "project/build.h"

#include <string.h>

/* ---- properties ---- */

static rm_property *find_property(const rm_build *build, rm_str name) {
    for (uint32_t i = 0; i < build->properties.count; i++) {
        rm_str known = build->properties.at[i].name;
        if (build->ignores_case ? rm_str_ieq(known, name) : rm_str_eq(known, name)) {
            return &build->properties.at[i];
        }
    }
    return NULL;
}

rm_str rm_build_property(const rm_build *build, rm_str name) {
    const rm_property *property = find_property(build, name);
    return property == NULL ? RM_STR_NONE : property->value;
}

rm_status rm_build_set(rm_build *build, rm_str name, rm_str value, bool conditional) {
    rm_property *property = find_property(build, name);
    if (property == NULL) {
        if (build->properties.count == PROJECT_MAX_PROPERTIES) {
            return RM_OK;
        }
        property = rm_push(build->arena, &build->properties);
        if (property == NULL) {
            return RM_NOMEM;
        }
        *property = (rm_property){.name = name, .value = value, .fixed = !conditional};
    } else if (!conditional || (!property->fixed && property->value.len == 0)) {
        property->value = value;
        property->fixed = !conditional;
    }
    return RM_OK;
}

/* A reference at text.ptr[at]: its name, and where it ends. */
static bool reference_at(const rm_build *build, rm_str text, size_t at, rm_str *name, size_t *end) {
    size_t close = 0;
    if (text.ptr[at] != '$' || at + 2 >= text.len || text.ptr[at + 1] != build->open ||
        !rm_str_find_char(rm_str_slice(text, at + 2, text.len), build->close, &close)) {
        return false;
    }
    *name = rm_str_slice(text, at + 2, at + 2 + close);
    *end = at + 3 + close;
    return true;
}

bool rm_build_has_reference(const rm_build *build, rm_str text) {
    rm_str name = RM_STR_NONE;
    size_t end = 0;
    for (size_t at = 0; at < text.len; at++) {
        if (reference_at(build, text, at, &name, &end)) {
            return true;
        }
    }
    return false;
}

rm_status rm_build_expand(rm_build *build, rm_str text, rm_str *out) {
    size_t dollar = 0;
    if (!rm_str_find_char(text, '$', &dollar)) {
        *out = text;
        return RM_OK;
    }
    rm_buf buf = {.arena = build->arena};
    for (size_t at = 0; at < text.len;) {
        rm_str name = RM_STR_NONE;
        size_t end = 0;
        const rm_property *property = NULL;
        if (reference_at(build, text, at, &name, &end)) {
            property = find_property(build, name);
        }
        if (property == NULL) {
            rm_buf_char(&buf, text.ptr[at++]);
            continue;
        }
        rm_buf_str(&buf, property->value);
        build->expanded += property->value.len;
        at = end;
        if (buf.len > PROJECT_MAX_VALUE || build->expanded > PROJECT_MAX_EXPANSION) {
            *out = text;
            return buf.status;
        }
    }
    *out = rm_buf_view(&buf);
    return buf.status;
}

/* ---- items ---- */

bool rm_next_piece(rm_str *text, const char *separators, rm_str *piece) {
    rm_str set = rm_str_from(separators);
    size_t at = 0;
    while (text->len > 0) {
        size_t end = 0;
        while (end < text->len && !rm_str_find_char(set, text->ptr[end], &at)) {
            end++;
        }
        *piece = rm_str_trim(rm_str_slice(*text, 0, end));
        *text = rm_str_slice(*text, end + 1, text->len);
        if (piece->len > 0) {
            return true;
        }
    }
    return false;
}

static const struct {
    const char *ending;
    size_t list;
} endings[] = {
    {".c", offsetof(rm_project, sources)},
    {".cpp", offsetof(rm_project, sources)},
    {".cc", offsetof(rm_project, sources)},
    {".cxx", offsetof(rm_project, sources)},
    {".cs", offsetof(rm_project, sources)},
    {".h", offsetof(rm_project, headers)},
    {".hpp", offsetof(rm_project, headers)},
    {".hh", offsetof(rm_project, headers)},
    {".rc", offsetof(rm_project, resources)},
    {".inf", offsetof(rm_project, infs)},
    {".inx", offsetof(rm_project, infs)},
    {".inf.in", offsetof(rm_project, infs)},
    {".manifest", offsetof(rm_project, manifests)},
    {".appxmanifest", offsetof(rm_project, packages)},
};

rm_project_items *rm_build_list_of(rm_project *project, rm_str path) {
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        if (rm_str_iends(path, rm_str_from(endings[i].ending))) {
            return (rm_project_items *)(void *)((char *)project + endings[i].list);
        }
    }
    return NULL;
}

static rm_status push_item(rm_build *build, rm_project_items *list, rm_str path,
                           const rm_input_file *file, rm_place place) {
    path = file != NULL ? file->path : path;
    for (uint32_t i = 0; i < list->count; i++) {
        if (rm_str_ieq(list->at[i].path, path)) {
            return RM_OK;
        }
    }
    if (list->count == PROJECT_MAX_ITEMS) {
        return RM_OK;
    }
    rm_project_item *item = rm_push(build->arena, list);
    if (item == NULL) {
        return RM_NOMEM;
    }
    item->file = file;
    item->place = place;
    return rm_str_copy(build->arena, path, &item->path);
}

/* The part of a pattern before its first wildcard, up to a '/': where its matches begin. */
static rm_str fixed_part(rm_str pattern) {
    size_t end = 0;
    while (end < pattern.len && pattern.ptr[end] != '*' && pattern.ptr[end] != '?') {
        end++;
    }
    while (end > 0 && pattern.ptr[end - 1] != '/') {
        end--;
    }
    return rm_str_slice(pattern, 0, end);
}

static rm_status add_pattern(rm_build *build, rm_project_items *list, rm_str pattern,
                             rm_place place) {
    rm_str prefix = fixed_part(pattern);
    const rm_file_index *files = build->files;
    rm_status st = RM_OK;
    for (uint32_t i = rm_file_index_from(files, prefix); i < files->count && st == RM_OK; i++) {
        const rm_input_file *file = files->at[i];
        if (!rm_str_istarts(file->path, prefix)) {
            break;
        }
        if (rm_path_matches(pattern, file->path)) {
            st = push_item(build, list, file->path, file, place);
        }
    }
    return st;
}

/* "$(SolutionDir)common\x.c": x.c may lie below any folder above this one. */
static rm_status add_from_above(rm_build *build, rm_project_items *list, rm_str path,
                                rm_place place) {
    rm_str name = RM_STR_NONE;
    size_t end = 0;
    if (!reference_at(build, path, 0, &name, &end)) {
        return RM_OK;
    }
    rm_str rest = rm_str_slice(path, end, path.len);
    while (rest.len > 0 && (rest.ptr[0] == '\\' || rest.ptr[0] == '/')) {
        rest = rm_str_slice(rest, 1, rest.len);
    }
    for (rm_str folder = build->folder;; folder = rm_path_dir(folder)) {
        rm_file_path joined;
        const rm_input_file *file = NULL;
        if (rm_path_join(folder, rest, &joined)) {
            file = rm_file_index_find(build->files, rm_path_text(&joined));
        }
        if (file != NULL || folder.len == 0) {
            return file == NULL ? RM_OK : push_item(build, list, file->path, file, place);
        }
    }
}

static rm_str unquoted(rm_str path) {
    path = rm_str_trim(path);
    if (path.len > 1 && path.ptr[0] == '"' && path.ptr[path.len - 1] == '"') {
        path = rm_str_slice(path, 1, path.len - 1);
    }
    return path;
}

rm_status rm_build_add(rm_build *build, rm_project_items *list, rm_str path, rm_place place) {
    rm_file_path joined;
    path = unquoted(path);
    if (path.len == 0) {
        return RM_OK;
    }
    if (rm_build_has_reference(build, path)) {
        return add_from_above(build, list, path, place);
    }
    /* The readers write a folder they know from the root as "//folder/". */
    bool from_root = rm_str_starts(path, RM_STR("//"));
    rm_str relative = from_root ? rm_str_slice(path, 2, path.len) : path;
    if (!rm_path_join(from_root ? RM_STR_NONE : build->folder, relative, &joined)) {
        return RM_OK;
    }
    rm_str text = rm_path_text(&joined);
    if (rm_path_is_pattern(text)) {
        return add_pattern(build, list, text, place);
    }
    return push_item(build, list, text, rm_file_index_find(build->files, text), place);
}

rm_status rm_build_add_folder(rm_build *build, rm_str path, rm_place place) {
    path = unquoted(path);
    return rm_build_has_reference(build, path) || rm_path_is_pattern(path)
               ? RM_OK
               : rm_build_add(build, &build->project.includes, path, place);
}

static bool has_definition(rm_str defines, rm_str definition) {
    rm_str piece = RM_STR_NONE;
    while (rm_next_piece(&defines, ";", &piece)) {
        if (rm_str_eq(piece, definition)) {
            return true;
        }
    }
    return false;
}

rm_status rm_build_define(rm_build *build, rm_str definition) {
    rm_project *project = &build->project;
    size_t at = 0;
    definition = unquoted(definition);
    if (definition.len == 0 || rm_build_has_reference(build, definition) ||
        rm_str_find(definition, RM_STR("%("), &at) || rm_str_find_char(definition, ';', &at) ||
        has_definition(project->defines, definition) ||
        project->defines.len + definition.len > PROJECT_MAX_VALUE) {
        return RM_OK;
    }
    rm_buf buf = {.arena = build->arena};
    rm_buf_str(&buf, project->defines);
    rm_buf_text(&buf, buf.len > 0 ? ";" : "");
    rm_buf_str(&buf, definition);
    project->defines = rm_buf_view(&buf);
    return buf.status;
}

/* Adds the path as seen from a folder: "../common/x.c". Both are relative to one root, with '/'. */
static void path_from(rm_buf *out, rm_str folder, rm_str path) {
    size_t same = 0; /* of both, in whole components */
    for (size_t i = 0; i < folder.len && i < path.len && folder.ptr[i] == path.ptr[i]; i++) {
        const bool ends = i + 1 == folder.len && i + 1 < path.len && path.ptr[i + 1] == '/';
        same = ends ? i + 2 : folder.ptr[i] == '/' ? i + 1 : same;
    }
    for (size_t i = same; i < folder.len; i++) {
        const bool begins = i == same || folder.ptr[i - 1] == '/';
        rm_buf_text(out, begins ? "../" : "");
    }
    rm_buf_str(out, rm_str_slice(path, same, path.len));
}

static rm_status tell_missing(rm_build *build, const rm_project_item *item) {
    rm_buf seen = {.arena = build->arena};
    path_from(&seen, rm_path_dir(item->place.file), item->path);
    if (seen.status == RM_OK) {
        rm_diag(build->sink, RM_NOTE, item->place, "project-missing-file",
                "'%.*s' is not among the files read", RM_STR_ARG(rm_buf_view(&seen)));
    }
    return seen.status;
}

rm_status rm_build_finish(rm_build *build, rm_projects *out) {
    const rm_project_items *sources = &build->project.sources;
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < sources->count; i++) {
        if (sources->at[i].file == NULL) {
            st = tell_missing(build, &sources->at[i]);
        }
    }
    rm_project *project = st == RM_OK ? rm_push(build->arena, out) : NULL;
    if (project == NULL) {
        return RM_NOMEM;
    }
    *project = build->project;
    return RM_OK;
}
