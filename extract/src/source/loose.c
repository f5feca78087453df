#include "source/loose.h"

#include "base/map.h"
#include "source/acting.h"
#include "source/csharp_lex.h"

/* What is known of a folder. */
typedef struct folder {
    uint32_t mains;
    bool driver;
} folder;

typedef struct finding {
    rm_arena *arena;
    const rm_program_input *in;
    bool *claimed; /* per file: a project has it */
    bool *begins;  /* per file: a program begins in it */
    rm_map names;  /* of folders, to `folders` */
    folder *folders;
    rm_projects *out;
} finding;

static bool is_main(rm_str name) {
    static const char *const names[] = {"main",    "wmain",    "_tmain",
                                        "WinMain", "wWinMain", "_tWinMain"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (rm_str_eq(name, rm_str_from(names[i]))) {
            return true;
        }
    }
    return false;
}

static bool begins_in_c(rm_str text) {
    size_t at = 0;
    if (!rm_str_find(text, RM_STR("ain("), &at) && !rm_str_find(text, RM_STR("ain ("), &at)) {
        return false;
    }
    rm_code_walk w = rm_code_walk_of(NULL, text);
    while (rm_code_next(&w)) {
        if (rm_token_is(w.now, "{") && w.now.at == w.body_at && is_main(w.next_name)) {
            return true;
        }
    }
    return false;
}

/* static void Main( */
static bool begins_in_csharp(rm_arena *arena, rm_str text) {
    size_t at = 0;
    bool is_static = false;
    if (!rm_str_find(text, RM_STR(" Main("), &at)) {
        return false;
    }
    rm_cs_lexer lexer = rm_cs_lexer_of(arena, text);
    for (rm_cs_token t = rm_cs_lex(&lexer); t.kind != RM_CS_END; t = rm_cs_lex(&lexer)) {
        if (is_static && rm_cs_is(t, "Main") && rm_cs_is(rm_cs_peek(&lexer), "(")) {
            return true;
        }
        bool ends = rm_cs_is(t, ";") || rm_cs_is(t, "{") || rm_cs_is(t, "}") || rm_cs_is(t, ")");
        is_static = !ends && (is_static || rm_cs_is(t, "static"));
    }
    return false;
}

static bool is_source(const rm_input_file *file) {
    return file->kind == RM_ARTIFACT_SOURCE && !rm_str_iends(file->path, RM_STR(".rc"));
}

static void claim(finding *f) {
    for (uint32_t p = 0; p < f->in->projects->count; p++) {
        const rm_project_items *items = &f->in->projects->at[p].sources;
        for (uint32_t i = 0; i < items->count; i++) {
            if (items->at[i].file != NULL) {
                f->claimed[items->at[i].file - f->in->files->at] = true;
            }
        }
    }
}

static rm_status folder_of(finding *f, uint32_t file, folder **out) {
    uint32_t *index = NULL;
    bool is_new = false;
    rm_str name = rm_path_dir(f->in->files->at[file].path);
    rm_status st = rm_map_at(&f->names, name.len > 0 ? name : RM_STR("/"), &index, &is_new);
    if (st == RM_OK) {
        *index = is_new ? file : *index; /* the first file of it stands for the folder */
        *out = &f->folders[*index];
    }
    return st;
}

static rm_status look_at_file(finding *f, uint32_t i) {
    const rm_input_file *file = &f->in->files->at[i];
    uint32_t in_set = f->in->in_set[i];
    folder *of = NULL;
    if (f->claimed[i] || !is_source(file)) {
        return RM_OK;
    }
    rm_status st = folder_of(f, i, &of);
    if (st != RM_OK) {
        return st;
    }
    if (in_set != RM_NONE) {
        const rm_set_file *source = &f->in->set->files.at[in_set];
        of->driver =
            of->driver || (source->scan.words & (RM_WORD_DRIVER_ENTRY | RM_WORD_UMDF1)) != 0;
        f->begins[i] = begins_in_c(source->text);
    } else if (rm_is_csharp(file->path)) {
        f->begins[i] = begins_in_csharp(f->arena, f->in->loads->at[i].text);
    }
    of->mains += f->begins[i];
    return RM_OK;
}

static rm_status add_item(finding *f, rm_project *project, uint32_t i) {
    const rm_input_file *file = &f->in->files->at[i];
    rm_project_item *slot = rm_push(f->arena, &project->sources);
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = (rm_project_item){.path = file->path, .file = file, .place = {.file = file->path}};
    return RM_OK;
}

static rm_str name_of(rm_str path) {
    rm_str stem = rm_path_stem(path);
    rm_str folder_name = rm_path_base(rm_path_dir(path));
    bool plain = rm_str_ieq(stem, RM_STR("main")) || rm_str_ieq(stem, RM_STR("program"));
    return plain && folder_name.len > 0 ? folder_name : stem;
}

static rm_status add_program(finding *f, uint32_t begin) {
    rm_str path = f->in->files->at[begin].path;
    rm_project project = {.path = path,
                          .name = name_of(path),
                          .target = name_of(path),
                          .kind = RM_PROJECT_PROGRAM,
                          .mode = RM_DRIVER_MODE_USER,
                          .place = {.file = path}};
    folder *of = NULL;
    rm_status st = folder_of(f, begin, &of);
    bool alone = st == RM_OK && of->mains == 1 && !of->driver;
    for (uint32_t i = 0; st == RM_OK && i < f->in->files->count; i++) {
        bool beside = alone && !f->claimed[i] && is_source(&f->in->files->at[i]) &&
                      rm_str_eq(rm_path_dir(f->in->files->at[i].path), rm_path_dir(path));
        if (i == begin || beside) {
            st = add_item(f, &project, i);
        }
    }
    rm_project *slot = st == RM_OK ? rm_push(f->arena, f->out) : NULL;
    if (slot != NULL) {
        *slot = project;
    }
    return st == RM_OK && slot == NULL ? RM_NOMEM : st;
}

rm_status rm_loose_programs(rm_arena *arena, const rm_program_input *in, rm_projects *out) {
    enum { MOST = 1024 };
    uint32_t count = in->files->count;
    finding f = {.arena = arena,
                 .in = in,
                 .claimed = RM_NEW_ARRAY(arena, bool, (size_t)count + 1),
                 .begins = RM_NEW_ARRAY(arena, bool, (size_t)count + 1),
                 .folders = RM_NEW_ARRAY(arena, folder, (size_t)count + 1),
                 .names = {.arena = arena},
                 .out = out};
    if (f.claimed == NULL || f.begins == NULL || f.folders == NULL) {
        return RM_NOMEM;
    }
    claim(&f);
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < count; i++) {
        st = look_at_file(&f, i);
    }
    for (uint32_t i = 0; st == RM_OK && i < count && out->count < MOST; i++) {
        st = f.begins[i] ? add_program(&f, i) : RM_OK;
    }
    return st;
}
