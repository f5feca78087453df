#include "project/build.h"

#include "base/text.h"

/*
 * The older kit's `sources` files: nmake assignments. Source: "Utilizing a Sources File". Of !if
 * and !else both sides are read, save those of `!if 0`, which serve as comments.
 */

typedef struct makefile {
    rm_build *build;
    rm_str folder;
    rm_str file;
    unsigned depth;
    unsigned conditions; /* open !if blocks */
    unsigned shut;       /* of these, since the outermost `!if 0` */
} makefile;

/* A line with its continuations: the pieces between backslashes, one after another. */
static rm_str logical_line(rm_arena *arena, rm_str text, size_t *at, uint32_t *line,
                           rm_status *status) {
    rm_buf buf = {.arena = arena};
    rm_str piece = RM_STR_NONE;
    bool more = true;
    bool joined = false;
    while (more && *at < text.len) {
        size_t length = 0;
        rm_str rest = rm_str_slice(text, *at, text.len);
        if (!rm_str_find_char(rest, '\n', &length)) {
            length = rest.len;
        }
        piece = rm_str_trim(rm_str_slice(rest, 0, length));
        *at += length + 1;
        *line += 1;
        more = piece.len > 0 && piece.ptr[piece.len - 1] == '\\';
        piece = rm_str_slice(piece, 0, piece.len - more);
        if (more || joined) {
            rm_buf_str(&buf, piece);
            rm_buf_char(&buf, ' ');
            joined = true;
        }
    }
    *status = buf.status;
    return joined ? rm_buf_view(&buf) : piece;
}

static rm_str without_comment(rm_str line) {
    size_t at = 0;
    return rm_str_find_char(line, '#', &at) ? rm_str_slice(line, 0, at) : line;
}

/* ---- directives ---- */

static rm_status read_file(makefile *parent, rm_str path);

static bool takes_word(rm_str *text, const char *word) {
    rm_str prefix = rm_str_from(word);
    if (!rm_str_istarts(*text, prefix)) {
        return false;
    }
    *text = rm_str_trim(rm_str_slice(*text, prefix.len, text->len));
    return true;
}

static rm_status directive(makefile *m, rm_str text) {
    text = rm_str_trim(text);
    if (takes_word(&text, "endif")) {
        m->conditions -= m->conditions > 0;
        m->shut -= m->shut > 0;
    } else if (takes_word(&text, "else")) {
        m->shut = m->shut == 1 ? 0 : m->shut;
    } else if (takes_word(&text, "if")) {
        m->conditions++;
        m->shut += m->shut > 0 || rm_str_eq(text, RM_STR("0"));
    } else if (m->shut == 0 && takes_word(&text, "include")) {
        return read_file(m, text);
    }
    return RM_OK;
}

/* ---- assignments ---- */

static rm_status add_files(makefile *m, rm_str value, rm_place place) {
    rm_status st = RM_OK;
    rm_str piece = RM_STR_NONE;
    while (st == RM_OK && rm_next_piece(&value, " \t", &piece)) {
        rm_project_items *list = rm_build_list_of(&m->build->project, piece);
        if (list != NULL) {
            st = rm_build_add(m->build, list, piece, place);
        }
    }
    return st;
}

static rm_status add_folders(makefile *m, rm_str value, rm_place place) {
    rm_status st = RM_OK;
    rm_str piece = RM_STR_NONE;
    while (st == RM_OK && rm_next_piece(&value, "; \t", &piece)) {
        st = rm_build_add_folder(m->build, piece, place);
    }
    return st;
}

static rm_status add_defines(makefile *m, rm_str value) {
    rm_status st = RM_OK;
    rm_str piece = RM_STR_NONE;
    while (st == RM_OK && m->conditions == 0 && rm_next_piece(&value, " \t", &piece)) {
        if (rm_str_starts(piece, RM_STR("-D")) || rm_str_starts(piece, RM_STR("/D"))) {
            st = rm_build_define(m->build, rm_str_slice(piece, 2, piece.len));
        }
    }
    return st;
}

static rm_status take_value(makefile *m, rm_str name, rm_str value, rm_place place) {
    if (rm_str_iends(name, RM_STR("SOURCES"))) { /* SOURCES, AMD64_SOURCES … */
        return add_files(m, value, place);
    }
    if (rm_str_ieq(name, RM_STR("SXS_APPLICATION_MANIFEST"))) {
        return add_files(m, value, place);
    }
    if (rm_str_ieq(name, RM_STR("INCLUDES"))) {
        return add_folders(m, value, place);
    }
    if (rm_str_ieq(name, RM_STR("C_DEFINES"))) {
        return add_defines(m, value);
    }
    if (rm_str_ieq(name, RM_STR("TARGETTYPE")) && m->build->project.place.line == 0) {
        m->build->project.place = place;
    }
    return RM_OK;
}

static rm_status assign(makefile *m, rm_str line, rm_place place) {
    size_t equals = 0;
    if (!rm_str_find_char(line, '=', &equals)) {
        return RM_OK;
    }
    rm_str name = rm_str_trim(rm_str_slice(line, 0, equals));
    rm_str value = rm_str_trim(rm_str_slice(line, equals + 1, line.len));
    rm_status st = rm_build_expand(m->build, value, &value);
    if (st == RM_OK) {
        st = rm_build_set(m->build, name, value, m->conditions > 0);
    }
    return st != RM_OK ? st : take_value(m, name, value, place);
}

/* ---- files ---- */

static rm_status read_text(makefile *m, rm_str text) {
    rm_status st = RM_OK;
    uint32_t line = 0;
    for (size_t at = 0; at < text.len && st == RM_OK;) {
        rm_place place = {m->file, line + 1, 1};
        rm_str logical = without_comment(logical_line(m->build->arena, text, &at, &line, &st));
        if (st != RM_OK || logical.len == 0) {
            continue;
        }
        if (logical.ptr[0] == '!') {
            st = directive(m, rm_str_slice(logical, 1, logical.len));
        } else if (m->shut == 0) {
            st = assign(m, logical, place);
        }
    }
    return st;
}

static rm_status read_bytes(makefile *m, const rm_input_file *file) {
    rm_encoding encoding = RM_ENC_UTF8;
    rm_str text = RM_STR_NONE;
    m->file = file->path;
    m->folder = rm_path_dir(file->path);
    rm_status st =
        rm_text_decode(m->build->arena, m->build->sink, file->path, file->bytes, &encoding, &text);
    if (st == RM_OK && encoding == RM_ENC_BINARY) {
        rm_diag(m->build->sink, RM_WARNING, (rm_loc){.file = file->path}, "project-not-text",
                "not a text file");
        return RM_OK;
    }
    return st != RM_OK ? st : read_text(m, text);
}

static rm_status read_file(makefile *parent, rm_str path) {
    rm_file_path joined;
    makefile m = {
        .build = parent->build, .depth = parent->depth + 1, .conditions = parent->conditions};
    rm_status st = rm_build_expand(parent->build, path, &path);
    if (st != RM_OK || rm_build_has_reference(parent->build, path) ||
        !rm_path_join(parent->folder, path, &joined)) {
        return st;
    }
    const rm_input_file *file = rm_file_index_find(parent->build->files, rm_path_text(&joined));
    if (file == NULL) {
        return RM_OK;
    }
    if (m.depth > PROJECT_MAX_IMPORT_DEPTH || ++m.build->imports > PROJECT_MAX_IMPORTS) {
        rm_diag(m.build->sink, RM_WARNING, (rm_loc){.file = file->path}, "project-import-limit",
                "not read: too many included files, or one that includes itself");
        return RM_OK;
    }
    return read_bytes(&m, file);
}

/* ---- what it builds ---- */

static const struct {
    const char *type;
    rm_project_kind kind;
} types[] = {
    {"DRIVER", RM_PROJECT_DRIVER},
    {"EXPORT_DRIVER", RM_PROJECT_DRIVER},
    {"MINIPORT", RM_PROJECT_DRIVER},
    {"GDI_DRIVER", RM_PROJECT_DRIVER},
    {"PROGRAM", RM_PROJECT_PROGRAM},
    {"UMAPPL", RM_PROJECT_PROGRAM},
    {"DYNLINK", RM_PROJECT_LIBRARY},
    {"LIBRARY", RM_PROJECT_STATIC_LIBRARY},
    {"DRIVER_LIBRARY", RM_PROJECT_STATIC_LIBRARY},
};

static rm_str value_of(const rm_build *build, const char *name) {
    return rm_build_property(build, rm_str_from(name));
}

static bool is_umdf(const rm_build *build) {
    return value_of(build, "UMDF_VERSION").len > 0 || value_of(build, "UMDF_VERSION_MAJOR").len > 0;
}

static bool is_kmdf(const rm_build *build) {
    return value_of(build, "KMDF_VERSION").len > 0 || value_of(build, "KMDF_VERSION_MAJOR").len > 0;
}

static void conclude(rm_build *build) {
    rm_project *project = &build->project;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (rm_str_ieq(value_of(build, "TARGETTYPE"), rm_str_from(types[i].type))) {
            project->kind = types[i].kind;
        }
    }
    if (project->kind == RM_PROJECT_LIBRARY && is_umdf(build)) {
        bool first = !rm_str_eq(value_of(build, "UMDF_VERSION_MAJOR"), RM_STR("2"));
        project->kind = RM_PROJECT_DRIVER;
        project->framework = first ? RM_FRAMEWORK_UMDF1 : RM_FRAMEWORK_UMDF2;
        project->mode = RM_DRIVER_MODE_USER;
    } else if (is_kmdf(build)) {
        project->framework = RM_FRAMEWORK_KMDF;
    } else if (rm_str_ieq(value_of(build, "DRIVERTYPE"), RM_STR("WDM"))) {
        project->framework = RM_FRAMEWORK_WDM;
    }
    rm_str target = value_of(build, "TARGETNAME");
    bool known = target.len > 0 && !rm_build_has_reference(build, target);
    project->name = rm_path_base(build->folder);
    project->target = known ? target : project->name;
    if (project->kind == RM_PROJECT_PROGRAM || project->kind == RM_PROJECT_LIBRARY) {
        project->mode = RM_DRIVER_MODE_USER;
    }
}

rm_status rm_sources_read(rm_build *build, const rm_input_file *file, rm_projects *out) {
    makefile m = {.build = build};
    rm_status st = read_bytes(&m, file);
    if (st != RM_OK) {
        return st;
    }
    conclude(build);
    return build->project.place.line == 0 ? RM_OK : rm_build_finish(build, out);
}
