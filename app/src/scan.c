#include "scan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/platform.h"
#include "base/text.h"
#include "extract/extract.h"
#include "model/derive.h"
#include "roots.h"
#include "weights.h"
#include "whole.h"

enum {
    MAX_FILE = 64 << 20, /* larger files are generated, not written: a diagnostic, not read */
};
/* An app package may be larger: of it only the directory and the manifests are read. */
static const uint64_t max_package = (uint64_t)8 << 30;
static const size_t model_limit = (size_t)8 << 30;

RM_LIST(rm_roots, rm_str);

typedef struct scan {
    rm_invocation *in;
    rm_model *model;
    rm_keeper keeper;
    rm_sink sink; /* collects into the model, then prints */
    rm_input_files files;
    rm_roots roots;
    rm_map seen;          /* files read, by their real path */
    uint32_t passed_over; /* files that are no artifacts */
    uint32_t unusable;
} scan;

static void complain(scan *s, rm_str path, const char *id, const char *why) {
    rm_diag(&s->sink, RM_ERROR, (rm_loc){.file = path}, id, "%s", why);
    s->unusable++;
}

static const char *why_unreadable(rm_status st) {
    return st == RM_LIMIT ? "larger than 64 MiB (a package: than 8 GiB); not read"
           : st == RM_IO  ? strerror(errno)
                          : rm_status_text(st);
}

static rm_status read_file(scan *s, rm_str open_path, rm_input_file *file) {
    rm_status st = rm_file_read(s->in->arena, open_path.ptr, MAX_FILE, &file->bytes);
    if (st == RM_LIMIT && file->kind == RM_ARTIFACT_PACKAGE) {
        file->on_disk = open_path;
        st = rm_file_sha256(open_path.ptr, max_package, file->digest, &file->size);
    }
    return st;
}

static rm_status add_file(scan *s, rm_str open_path, rm_str relative, rm_artifact_kind kind) {
    rm_input_file read = {.path = relative, .kind = kind};
    rm_str real = RM_STR_NONE;
    uint32_t *times = NULL;
    bool is_new = true;
    rm_status st = rm_file_real(s->in->arena, open_path.ptr, &real);
    if (st == RM_OK) {
        st = rm_map_at(&s->seen, real, &times, &is_new);
    }
    if (st == RM_OK && !is_new) {
        return RM_OK; /* two of the paths given hold it */
    }
    if (st == RM_OK) {
        st = read_file(s, open_path, &read);
    }
    if (st == RM_NOMEM) {
        return st;
    }
    if (st != RM_OK) {
        complain(s, relative, "file-unreadable", why_unreadable(st));
        return RM_OK;
    }
    rm_input_file *file = rm_push(s->in->arena, &s->files);
    if (file == NULL) {
        return RM_NOMEM;
    }
    *file = read;
    return RM_OK;
}

/* Several roots are told apart by their own names, so that places stay unambiguous. */
static rm_status place_of(scan *s, rm_str root, rm_str relative, rm_str *out) {
    if (root.len == 0) {
        *out = relative;
        return RM_OK;
    }
    return rm_str_printf(s->in->arena, out, "%.*s/%.*s", RM_STR_ARG(root), RM_STR_ARG(relative));
}

static rm_status add_found(scan *s, rm_str root, const rm_walk_file *found) {
    rm_artifact_kind kind = RM_ARTIFACT_SOURCE;
    rm_str place = RM_STR_NONE;
    if (!rm_artifact_kind_of(found->relative, &kind)) {
        s->passed_over++;
        return RM_OK;
    }
    rm_status st = place_of(s, root, found->relative, &place);
    return st == RM_OK ? add_file(s, found->path, place, kind) : st;
}

/* A single folder's name is told of it; several are part of the places. */
static rm_status settle_root(scan *s, const char *root, bool several, const rm_walk_files *found,
                             rm_str *name) {
    const bool is_file = found->count == 1 && rm_str_eq(found->at[0].path, rm_str_from(root));
    if (is_file || found->count == 0) {
        *name = RM_STR_NONE;
        return RM_OK;
    }
    rm_str *kept = rm_push(s->in->arena, &s->roots);
    if (kept == NULL) {
        return RM_NOMEM;
    }
    *kept = several ? *name : RM_STR_NONE;
    if (several) {
        return RM_OK;
    }
    const rm_str single = *name;
    *name = RM_STR_NONE;
    return single.len > 0 ? rm_model_give(s->model, "root", single) : RM_OK;
}

static rm_status add_root(scan *s, char *root, rm_str name, bool several) {
    rm_walk_files found = {0};
    rm_walk_skips skips = {0};
    size_t length = strlen(root);
    while (length > 1 && root[length - 1] == '/') {
        root[--length] = '\0';
    }
    rm_status st = rm_walk(s->in->arena, root, rm_extract_leaves_out, &found, &skips);
    if (st == RM_IO) {
        complain(s, rm_str_from(root), "file-unreadable", strerror(errno));
        return RM_OK;
    }
    for (uint32_t i = 0; st == RM_OK && i < skips.count; i++) {
        complain(s, skips.at[i].path, "file-unreadable", strerror(skips.at[i].error));
    }
    if (st == RM_OK) {
        st = settle_root(s, root, several, &found, &name);
    }
    for (uint32_t i = 0; st == RM_OK && i < found.count; i++) {
        st = add_found(s, name, &found.at[i]);
    }
    return st;
}

static rm_status add_facts(scan *s) {
    rm_status st = RM_OK;
    const char *path = NULL;
    for (unsigned n = 0; st == RM_OK && (path = rm_given_nth(s->in, "--facts", n)) != NULL; n++) {
        rm_str name = rm_path_base(rm_str_from(path));
        st = rm_model_give(s->model, "facts_file", name);
        if (st == RM_OK) {
            st = add_file(s, rm_str_from(path), name, RM_ARTIFACT_FACTS);
        }
    }
    return st;
}

static void show_progress(void *payload, uint32_t done, uint32_t total, rm_str path) {
    (void)path;
    rm_progress(payload, "reading", done, total);
}

static bool is_macro_name(rm_str name) {
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool letter = c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && (i == 0 || c < '0' || c > '9')) {
            return false;
        }
    }
    return name.len > 0;
}

static rm_status defines(const rm_invocation *in, rm_extract_options *options) {
    rm_define *list = RM_NEW_ARRAY(in->arena, rm_define, in->given_count + 1);
    const char *text = NULL;
    if (list == NULL) {
        return RM_NOMEM;
    }
    while ((text = rm_given_nth(in, "--define", options->define_count)) != NULL) {
        rm_str all = rm_str_from(text);
        size_t equals = all.len;
        (void)rm_str_find_char(all, '=', &equals);
        if (!is_macro_name(rm_str_slice(all, 0, equals))) {
            (void)rm_fail(in, 0, "--define takes NAME or NAME=VALUE, not '%s'", text);
            return RM_USAGE;
        }
        list[options->define_count++] = (rm_define){
            .name = rm_str_slice(all, 0, equals), .value = rm_str_slice(all, equals + 1, all.len)};
    }
    options->defines = list;
    return RM_OK;
}

static bool jobs(const rm_invocation *in, unsigned *out) {
    uint64_t value = rm_processor_count();
    const char *text = rm_given(in, "--jobs");
    if (text != NULL && (!rm_str_u64(rm_str_from(text), &value) || value < 1 || value > 256)) {
        (void)rm_fail(in, RM_EXIT_USAGE, "--jobs takes a number from 1 to 256, not '%s'", text);
        return false;
    }
    *out = (unsigned)value;
    return true;
}

static int by_path(const void *a, const void *b) {
    return rm_str_cmp(((const rm_input_file *)a)->path, ((const rm_input_file *)b)->path);
}

/* An output that is also read would be lost with what it says. */
static bool overwrites_input(const scan *s) {
    static const char *const outputs[] = {"--output", "--db"};
    for (size_t i = 0; i < sizeof outputs / sizeof outputs[0]; i++) {
        const char *path = rm_given(s->in, outputs[i]);
        rm_str real = RM_STR_NONE;
        uint32_t times = 0;
        if (path != NULL && rm_file_real(s->in->arena, path, &real) == RM_OK &&
            rm_map_get(&s->seen, real, &times)) {
            (void)rm_fail(s->in, 0, "'%s' is one of the files that are read; write elsewhere",
                          path);
            return true;
        }
    }
    return false;
}

static rm_status work(scan *s, char **paths, unsigned count, rm_extract_options *options) {
    rm_whole_with with = {0};
    rm_status st = defines(s->in, options);
    if (st == RM_OK) {
        st = rm_scan_principals(s->in, s->model, &with.principals);
    }
    if (st == RM_OK) {
        st = rm_given_weights(s->in, s->model->arena, &with.principals, &with.weights);
    }
    if (st == RM_OK) {
        st = rm_given_team_rules(s->in, s->model->arena, &with.rules);
    }
    rm_str *names = RM_NEW_ARRAY(s->in->arena, rm_str, (size_t)count + 1);
    if (st == RM_OK) {
        st = names == NULL ? RM_NOMEM : rm_root_names(s->in->arena, paths, count, names);
    }
    for (unsigned i = 0; st == RM_OK && i < count; i++) {
        st = add_root(s, paths[i], names[i], count > 1);
    }
    if (st == RM_OK) {
        st = add_facts(s);
    }
    if (st == RM_OK && overwrites_input(s)) {
        return RM_USAGE;
    }
    if (s->files.count > 1) { /* the order of the paths given leaves no trace */
        qsort(s->files.at, s->files.count, sizeof s->files.at[0], by_path);
    }
    if (st == RM_OK && s->files.count > 0) {
        options->roots = s->roots.at;
        options->root_count = s->roots.count;
        uint32_t unusable = 0; /* beside the paths that could not be opened */
        st = rm_extract(s->model, &s->sink, &s->files, options, &unusable);
        s->unusable += unusable;
    }
    if (st == RM_OK && rm_given(s->in, "--domain-sid") != NULL) {
        st = rm_model_give(s->model, "domain_sid", rm_str_from(rm_given(s->in, "--domain-sid")));
    }
    return st == RM_OK ? rm_make_whole(s->in, s->model, &s->sink, &with) : st;
}

static bool nothing_used(const rm_model *m) {
    for (uint32_t i = 0; i < m->artifacts.count; i++) {
        if (m->artifacts.at[i].used) {
            return false;
        }
    }
    return true;
}

static void tell_figures(scan *s, const rm_parse_figures *f) {
    double share = f->functions == 0 ? 100.0 : 100.0 * f->clean_functions / f->functions;
    rm_diag(
        &s->in->sink, RM_NOTE, (rm_loc){0}, "parse-figures",
        "%u of %u function bodies of drivers parse without an error node (%.2f %%); so do %u of "
        "%u files, %.1f MB in all",
        (unsigned)f->clean_functions, (unsigned)f->functions, share, (unsigned)f->clean_files,
        (unsigned)f->files, (double)f->bytes / 1e6);
}

/* Sources of which part was not read: each has a diagnostic at its place, and stands in reports. */
static unsigned count_unread(const rm_model *m) {
    static const char *const ids[] = {"source-binary", "source-if-unread", "source-too-large",
                                      "source-too-long", "source-unparsed"};
    unsigned count = 0;
    for (uint32_t i = 0; i < m->diagnostics.count; i++) {
        for (size_t k = 0; k < sizeof ids / sizeof ids[0]; k++) {
            count += rm_str_eq(m->diagnostics.at[i].id, rm_str_from(ids[k]));
        }
    }
    return count;
}

static int summarise(scan *s) {
    const rm_model *m = s->model;
    if (s->files.count <= s->unusable && nothing_used(m)) {
        return rm_fail(s->in, RM_EXIT_INPUT,
                       "no readable artifact: expected INF, C or C++ sources, headers, manifests, "
                       "*.sddl or *.ringmap.json");
    }
    if (!s->in->quiet) {
        rm_buf line = {.arena = s->in->arena};
        rm_buf_printf(&line, "read %u %s (%u could not be used, %u of other kinds passed over): ",
                      (unsigned)s->files.count, rm_plural(s->files.count, "file", "files"),
                      (unsigned)s->unusable, (unsigned)s->passed_over);
        rm_count_whole(m, &line);
        unsigned unread = count_unread(m);
        if (unread > 0) {
            rm_buf_printf(&line, "; %u %s of source code that was not read", unread,
                          rm_plural(unread, "note", "notes"));
        }
        rm_diag(&s->in->sink, RM_NOTE, (rm_loc){0}, "scan-summary", "%.*s",
                RM_STR_ARG(rm_buf_view(&line)));
    }
    return s->unusable > 0 && rm_given(s->in, "--strict") != NULL ? RM_EXIT_INPUT : RM_EXIT_OK;
}

int rm_scan(rm_invocation *in, char **paths, unsigned count, rm_model **model) {
    scan s = {.in = in, .model = rm_model_new(model_limit)};
    rm_extract_options options = {.progress = show_progress, .payload = in};
    rm_parse_figures figures = {0};
    *model = NULL;
    if (s.model == NULL) {
        return rm_fail(in, RM_EXIT_OUTPUT, "out of memory");
    }
    s.keeper = (rm_keeper){in, s.model};
    s.sink = rm_keeping_sink(&s.keeper);
    s.seen.arena = in->arena;
    int usable = rm_given_domain(in, &s.model->domain);
    if (usable != RM_EXIT_OK || !jobs(in, &options.jobs)) {
        rm_model_free(s.model);
        return usable != RM_EXIT_OK ? usable : RM_EXIT_USAGE;
    }
    options.figures = rm_given(in, "--parse-all") != NULL ? &figures : NULL;
    rm_status st = work(&s, paths, count, &options);
    int code = st == RM_OK       ? summarise(&s)
               : st == RM_USAGE  ? RM_EXIT_USAGE /* told already */
               : st == RM_SYNTAX ? RM_EXIT_INPUT /* told with its place already */
                                 : rm_fail(in, RM_EXIT_OUTPUT, "%s", rm_status_text(st));
    if (st == RM_OK && options.figures != NULL) {
        tell_figures(&s, &figures);
    }
    bool nothing = s.files.count <= s.unusable && nothing_used(s.model);
    if (st != RM_OK || nothing) {
        rm_model_free(s.model);
        return code;
    }
    *model = s.model;
    return code;
}
