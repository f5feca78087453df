#include "extract/extract.h"

#include "archive.h"
#include "base/hash.h"
#include "base/parallel.h"
#include "base/text.h"
#include "facts.h"
#include "held.h"
#include "inf/inf.h"
#include "load.h"
#include "manifest.h"
#include "sddl_file.h"
#include "source/codes.h"
#include "source/limits.h"
#include "source/opens.h"
#include "source/plans.h"

/*
 * The order of a scan: projects and INFs first, since they name the drivers; then sources, driver
 * by driver; then what speaks of apps and what was declared by hand.
 */
typedef struct extraction {
    rm_model *model;
    rm_sink *sink;
    const rm_input_files *files;
    const rm_extract_options *options;
    rm_arena *arena;   /* for the time of the extraction */
    rm_loads loads;    /* per file */
    uint32_t *in_set;  /* per file: its place in the set of sources, or RM_NONE */
    uint32_t *of_set;  /* the other way round */
    uint32_t artifact; /* index in the model of the first file's artifact */
    rm_source_set set;
    rm_projects projects;
    rm_file_bits counted; /* files whose figures are in */
    uint32_t unusable;
    uint32_t done;
} extraction;

static void progress(extraction *x, rm_str path) {
    if (x->options->progress != NULL) {
        uint32_t total = x->files->count;
        x->options->progress(x->options->payload, x->done < total ? x->done : total, total, path);
    }
}

/* ---- artifacts ---- */

static rm_status add_artifact(extraction *x, uint32_t i) {
    const rm_input_file *file = &x->files->at[i];
    const rm_loaded *loaded = &x->loads.at[i];
    rm_arena *arena = x->model->arena;
    char hex[2 * sizeof loaded->digest + 1];
    rm_hex(loaded->digest, sizeof loaded->digest, hex);
    rm_artifact row = {.kind = file->kind,
                       .bytes = file->on_disk.len > 0 ? file->size : file->bytes.len,
                       .encoding = rm_str_from(rm_encoding_name(loaded->encoding))};
    rm_status st = rm_str_copy(arena, file->path, &row.path);
    if (st == RM_OK) {
        st = rm_str_copy(arena, rm_str_from(hex), &row.sha256);
    }
    rm_artifact *slot = st == RM_OK ? rm_push(arena, &x->model->artifacts) : NULL;
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = row;
    x->unusable += loaded->unusable;
    return RM_OK;
}

static void mark_used(extraction *x, uint32_t i) {
    x->model->artifacts.at[x->artifact + i].used = !x->loads.at[i].unusable;
}

/* ---- projects ---- */

static rm_status read_projects(extraction *x) {
    const rm_file_index *index = NULL;
    rm_status st = rm_file_index_new(x->arena, x->files, &index);
    for (uint32_t i = 0; st == RM_OK && i < x->files->count; i++) {
        if (x->files->at[i].kind != RM_ARTIFACT_PROJECT) {
            continue;
        }
        uint32_t before = x->projects.count;
        st = rm_project_read(x->arena, x->sink, index, &x->files->at[i], &x->projects);
        x->done++;
        if (x->projects.count > before) {
            mark_used(x, i);
        }
    }
    return st;
}

/* ---- sources ---- */

static rm_status add_source(extraction *x, uint32_t i) {
    const rm_loaded *loaded = &x->loads.at[i];
    bool is_header = x->files->at[i].kind == RM_ARTIFACT_HEADER;
    x->in_set[i] = loaded->in_set;
    if (loaded->in_set == RM_NONE) {
        return RM_OK;
    }
    x->of_set[loaded->in_set] = i;
    /* Facts borrow the artifact's path, which outlives the input. */
    rm_status st = rm_set_add_scanned(&x->set, x->model->artifacts.at[x->artifact + i].path,
                                      loaded->text, is_header, &loaded->scan);
    if (st == RM_OK) {
        x->set.files.at[loaded->in_set].guessed = loaded->encoding == RM_ENC_WINDOWS_1252;
    }
    return st;
}

/* ---- how well it parses (options->figures) ---- */

static void count_file(extraction *x, const rm_source_unit *unit, uint32_t file) {
    const rm_source_file *f = &unit->files.at[file];
    rm_parse_figures *figures = x->options->figures;
    if (f->tree == NULL || rm_bits_has(&x->counted, f->in_set)) {
        return;
    }
    rm_bits_add(&x->counted, f->in_set);
    figures->files++;
    figures->clean_files += !ts_node_has_error(ts_tree_root_node(f->tree));
    figures->bytes += f->text.len;
    for (uint32_t i = 0; i < unit->functions.count; i++) {
        if (unit->functions.at[i].file == file) {
            figures->functions++;
            figures->clean_functions += !unit->functions.at[i].broken;
        }
    }
}

static rm_status count_parsed(extraction *x, const rm_source_unit *unit) {
    if (x->options->figures == NULL) {
        return RM_OK;
    }
    rm_status st =
        x->counted.words == NULL ? rm_bits_new(x->arena, x->set.files.count, &x->counted) : RM_OK;
    for (uint32_t i = 0; i < unit->files.count && st == RM_OK; i++) {
        count_file(x, unit, i);
    }
    return st;
}

/* A file of a driver that was parsed, or that defines what the driver uses, is used. */
static void mark_parsed(extraction *x, const rm_source_unit *unit) {
    for (uint32_t i = 0; i < unit->files.count; i++) {
        const rm_source_file *file = &unit->files.at[i];
        const rm_set_file *in_set = &x->set.files.at[file->in_set];
        if (file->tree != NULL || in_set->codes.count > 0 ||
            (file->is_header && in_set->scan.macros.count > 0)) {
            mark_used(x, x->of_set[file->in_set]);
        }
    }
}

static rm_status read_facts_of(extraction *x, rm_configurations *both) {
    mark_parsed(x, both->unit);
    rm_status st = count_parsed(x, both->unit);
    if (st == RM_OK) {
        st = rm_source_ioctls(both->unit);
    }
    if (st == RM_OK) {
        st = rm_source_devices(both->unit);
    }
    if (st == RM_OK) {
        st = rm_source_attachments(both->unit);
    }
    if (st == RM_OK) {
        st = rm_source_observe(both->unit);
    }
    if (st == RM_OK) {
        st = rm_source_complement(both);
    }
    if (st == RM_OK) {
        st = rm_source_flow_both(both);
    }
    return st == RM_OK ? rm_source_handled(both) : st;
}

/* The one kernel binary (or UMDF driver) that the INFs of a folder install; empty: none, several.
 */
static rm_status binary_of_folder(extraction *x, rm_str folder, rm_str *name) {
    rm_str found = RM_STR_NONE;
    for (uint32_t i = 0; i < x->files->count; i++) {
        rm_inf_binaries binaries = {0};
        const rm_input_file *file = &x->files->at[i];
        if (file->kind != RM_ARTIFACT_INF || !rm_str_ieq(rm_path_dir(file->path), folder)) {
            continue;
        }
        rm_status st = rm_inf_binaries_of(x->arena, file->path, x->loads.at[i].text, &binaries);
        if (st != RM_OK) {
            return st;
        }
        for (uint32_t b = 0; b < binaries.count; b++) {
            bool is_driver = binaries.at[b].kernel || binaries.at[b].umdf;
            if (is_driver && found.len > 0 && !rm_str_ieq(found, binaries.at[b].stem)) {
                return RM_OK;
            }
            found = is_driver ? binaries.at[b].stem : found;
        }
    }
    *name = found;
    return RM_OK;
}

/* A folder's driver has the name of the binary that an INF there, or one folder up, installs. */
static rm_status name_by_inf(extraction *x, rm_plan *plan) {
    rm_str name = RM_STR_NONE;
    if (plan->project != NULL) {
        return RM_OK;
    }
    rm_status st = binary_of_folder(x, plan->unit.root, &name);
    if (st == RM_OK && name.len == 0 && plan->unit.root.len > 0) {
        st = binary_of_folder(x, rm_path_dir(plan->unit.root), &name);
    }
    if (st == RM_OK && name.len > 0) {
        plan->unit.name = name;
    }
    return st;
}

/* What the project builds for user mode is no kernel driver; an INF that said what it is has won.
 */
static void take_user_mode(const extraction *x, const rm_plan *plan) {
    rm_driver *driver = &x->model->drivers.at[plan->unit.driver];
    rm_framework built = plan->project == NULL ? RM_FRAMEWORK_UNKNOWN : plan->project->framework;
    bool umdf = built == RM_FRAMEWORK_UMDF1 || built == RM_FRAMEWORK_UMDF2;
    if (umdf && driver->framework == RM_FRAMEWORK_UNKNOWN) {
        driver->framework = built;
        driver->mode = RM_DRIVER_MODE_USER;
    }
}

static rm_status name_driver(extraction *x, rm_plan *plan) {
    rm_place place = plan->place;
    rm_status st = name_by_inf(x, plan);
    if (st == RM_OK) {
        st = rm_str_copy(x->model->arena, place.file, &place.file);
    }
    if (st == RM_OK) {
        st = rm_model_driver(x->model, plan->unit.name, plan->unit.root, place, &plan->unit.driver);
    }
    if (st == RM_OK) {
        take_user_mode(x, plan);
    }
    return st;
}

/* Definitions in files that no driver includes are facts too. */
static rm_status read_orphans(extraction *x, const rm_file_bits *covered) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; i < x->set.files.count && st == RM_OK; i++) {
        if (rm_bits_has(covered, i)) {
            rm_codes_report(&x->set, i, x->model, x->sink);
        } else {
            st = rm_codes_without_driver(&x->set, i, x->model, x->sink);
            if (x->set.files.at[i].codes.count > 0) {
                mark_used(x, x->of_set[i]);
            }
        }
    }
    return st;
}

/* Driver packages are read as one set: they include each other and share services. */
static rm_status read_infs(extraction *x) {
    rm_inf_file *infs = RM_NEW_ARRAY(x->arena, rm_inf_file, (size_t)x->files->count + 1);
    uint32_t *at = RM_NEW_ARRAY(x->arena, uint32_t, (size_t)x->files->count + 1);
    uint32_t count = 0;
    if (infs == NULL || at == NULL) {
        return RM_NOMEM;
    }
    for (uint32_t i = 0; i < x->files->count; i++) {
        if (x->files->at[i].kind == RM_ARTIFACT_INF) {
            at[count] = i;
            infs[count++] =
                (rm_inf_file){.path = x->files->at[i].path, .text = x->loads.at[i].text};
        }
    }
    rm_status st = rm_inf_read_set(x->model, x->sink, infs, count);
    for (uint32_t i = 0; st == RM_OK && i < count; i++) {
        x->done++;
        if (infs[i].used) {
            mark_used(x, at[i]);
        }
        x->unusable += infs[i].unusable;
    }
    return st;
}

/*
 * Every driver has its name before the packages are read, so that an INF finds the one that lies
 * nearest where several folders make drivers of one name.
 */
static rm_status name_drivers(extraction *x, rm_plans *plans) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; i < plans->count && st == RM_OK; i++) {
        st = name_driver(x, &plans->at[i]);
    }
    return st == RM_OK ? read_infs(x) : st;
}

/* ---- drivers: parsed on several threads, read one after the other ---- */

typedef struct parsed_driver {
    rm_configurations both;
    rm_held held; /* what parsing had to say */
    rm_arena *arena;
} parsed_driver;

typedef struct driver_row {
    extraction *x;
    const rm_plans *plans;
    parsed_driver *drivers; /* one for each plan */
    rm_file_bits covered;   /* files that some driver has */
} driver_row;

enum { HELD_MEMORY = 16 << 20 };

static void drop_driver(void *payload, uint32_t index) {
    parsed_driver *driver = &((driver_row *)payload)->drivers[index];
    rm_configurations_done(&driver->both);
    rm_arena_free(driver->arena);
    driver->arena = NULL;
}

static rm_status parse_driver(void *payload, unsigned worker, uint32_t index) {
    driver_row *row = payload;
    extraction *x = row->x;
    parsed_driver *driver = &row->drivers[index];
    (void)worker;
    driver->arena = rm_arena_new(HELD_MEMORY);
    if (driver->arena == NULL) {
        return RM_NOMEM;
    }
    rm_held_init(&driver->held, driver->arena);
    return rm_configurations_build(&x->set, &row->plans->at[index].unit, x->model,
                                   &driver->held.sink, x->options, &driver->both);
}

static rm_status read_driver(void *payload, uint32_t index) {
    driver_row *row = payload;
    extraction *x = row->x;
    parsed_driver *driver = &row->drivers[index];
    const rm_unit_plan *plan = &row->plans->at[index].unit;
    for (uint32_t k = 0; k < plan->source_count; k++) {
        rm_set_closure(&x->set, plan->sources[k], &row->covered);
    }
    x->done += plan->source_count;
    progress(x, plan->root);
    rm_held_release(&driver->held, x->sink);
    driver->both.unit->sink = x->sink;
    rm_status st = read_facts_of(x, &driver->both);
    drop_driver(row, index);
    return st;
}

static rm_status read_planned(extraction *x, const rm_plans *plans) {
    driver_row drivers = {.x = x, .plans = plans};
    rm_row row = {.count = plans->count,
                  .payload = &drivers,
                  .make = parse_driver,
                  .take = read_driver,
                  .drop = drop_driver};
    drivers.drivers = RM_NEW_ARRAY(x->arena, parsed_driver, (size_t)plans->count + 1);
    if (drivers.drivers == NULL) {
        return RM_NOMEM;
    }
    rm_status st = rm_bits_new(x->arena, x->set.files.count, &drivers.covered);
    if (st == RM_OK) {
        st = rm_row_work(&row, x->options->jobs);
    }
    return st == RM_OK ? read_orphans(x, &drivers.covered) : st;
}

static rm_status read_drivers(extraction *x) {
    rm_plans plans = {0};
    rm_plan_input input = {&x->set, x->files, x->in_set, &x->projects, x->options};
    rm_status st = rm_plan_drivers(x->arena, &input, &plans);
    if (st == RM_OK) {
        st = name_drivers(x, &plans);
    }
    return st == RM_OK ? read_planned(x, &plans) : st;
}

static rm_status read_sources(extraction *x) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; i < x->files->count && st == RM_OK; i++) {
        st = add_source(x, i);
    }
    if (st == RM_OK) {
        st = rm_set_join(&x->set);
    }
    if (st == RM_OK) {
        st = rm_set_find_codes(&x->set);
    }
    return st == RM_OK ? read_drivers(x) : st;
}

/* ---- the other kinds ---- */

typedef rm_status read_text(rm_model *model, rm_sink *sink, rm_str path, rm_str text, bool *used);

static rm_status read_one(extraction *x, uint32_t i, read_text *read) {
    bool used = false;
    rm_status st = read(x->model, x->sink, x->files->at[i].path, x->loads.at[i].text, &used);
    if (used) {
        mark_used(x, i);
    }
    return st;
}

/* JSON is UTF-8; what is not was taken for an old code page, and names may be others. */
static rm_status read_facts(extraction *x, uint32_t i) {
    if (x->loads.at[i].encoding == RM_ENC_WINDOWS_1252) {
        rm_diag(x->sink, RM_WARNING, (rm_loc){.file = x->files->at[i].path}, "facts-encoding",
                "not valid UTF-8; read as windows-1252");
    }
    return read_one(x, i, rm_facts_read);
}

static rm_status read_sddl(extraction *x, uint32_t i) {
    return read_one(x, i, rm_sddl_file_read);
}

/* #pragma comment(linker, "/manifestuac:…") in one of the project's sources. */
static void read_pragmas(extraction *x, rm_project *project) {
    for (uint32_t i = 0; i < project->sources.count; i++) {
        const rm_input_file *file = project->sources.at[i].file;
        uint32_t in_set = file == NULL ? RM_NONE : x->in_set[file - x->files->at];
        if (in_set != RM_NONE) {
            rm_source_pragmas(x->set.files.at[in_set].text, project);
        }
    }
}

/* Manifests may reach a program by its resource script. */
static rm_status read_resources(extraction *x) {
    rm_status st = RM_OK;
    for (uint32_t p = 0; p < x->projects.count; p++) {
        rm_project *project = &x->projects.at[p];
        read_pragmas(x, project);
        for (uint32_t i = 0; i < project->resources.count && st == RM_OK; i++) {
            const rm_input_file *script = project->resources.at[i].file;
            if (script != NULL) {
                st = rm_manifest_resources(x->arena, script->path,
                                           x->loads.at[script - x->files->at].text, project);
            }
        }
    }
    return st;
}

/* The program that a project builds with a manifest gives it its name. */
static rm_status read_manifest(extraction *x, uint32_t i) {
    const rm_input_file *file = &x->files->at[i];
    rm_str program = RM_STR_NONE;
    bool used = false;
    rm_status st = rm_manifest_program(x->model->arena, &x->projects, file->path, &program);
    if (st == RM_OK) {
        st = rm_manifest_read(x->model, x->sink, file->path, file->bytes, program, &used);
    }
    if (used) {
        mark_used(x, i);
    }
    return st;
}

static rm_status read_package(extraction *x, uint32_t i) {
    const rm_input_file *file = &x->files->at[i];
    bool used = false;
    rm_status st =
        file->on_disk.len > 0
            ? rm_package_read_file(x->model, x->sink, file->path, file->on_disk.ptr, &used)
            : rm_package_read(x->model, x->sink, file->path, file->bytes, &used);
    if (used) {
        mark_used(x, i);
    }
    return st;
}

static rm_status read_binary(extraction *x, uint32_t i) {
    const rm_input_file *file = &x->files->at[i];
    bool used = false;
    rm_status st = rm_manifest_binary(x->model, x->sink, file->path, file->bytes, &used);
    if (used) {
        mark_used(x, i);
    }
    return st;
}

static rm_status read_kind(extraction *x, rm_artifact_kind kind,
                           rm_status (*read)(extraction *x, uint32_t i)) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; i < x->files->count && st == RM_OK; i++) {
        if (x->files->at[i].kind == kind) {
            progress(x, x->files->at[i].path);
            unsigned errors = x->sink == NULL ? 0 : x->sink->errors;
            st = read(x, i);
            x->done++;
            x->unusable += x->sink != NULL && x->sink->errors > errors &&
                           !x->model->artifacts.at[x->artifact + i].used;
        }
    }
    return st;
}

/* ---- the whole ---- */

static rm_status prepare(extraction *x) {
    uint32_t count = x->files->count;
    x->in_set = RM_NEW_ARRAY(x->arena, uint32_t, count + 1);
    x->of_set = RM_NEW_ARRAY(x->arena, uint32_t, count + 1);
    if (x->in_set == NULL || x->of_set == NULL) {
        return RM_NOMEM;
    }
    x->artifact = x->model->artifacts.count;
    rm_status st = rm_load_files(x->arena, x->files, x->sink, x->options->jobs, &x->loads);
    for (uint32_t i = 0; i < count && st == RM_OK; i++) {
        st = add_artifact(x, i);
    }
    return st;
}

static rm_status run(extraction *x) {
    rm_status st = prepare(x);
    if (st == RM_OK) {
        st = read_projects(x);
    }
    if (st == RM_OK) {
        st = read_sources(x);
    }
    if (st == RM_OK) {
        st = read_resources(x);
    }
    if (st == RM_OK) {
        st = read_kind(x, RM_ARTIFACT_MANIFEST, read_manifest);
    }
    for (uint32_t i = 0; i < x->projects.count && st == RM_OK; i++) {
        st = rm_manifest_project(x->model, x->sink, &x->projects.at[i]);
    }
    if (st == RM_OK) {
        st = read_kind(x, RM_ARTIFACT_SCCD, read_manifest);
    }
    if (st == RM_OK) {
        st = read_kind(x, RM_ARTIFACT_PACKAGE, read_package);
    }
    if (st == RM_OK) {
        st = read_kind(x, RM_ARTIFACT_EXECUTABLE, read_binary);
    }
    if (st == RM_OK) {
        const rm_program_input in = {&x->set, &x->projects, x->files, &x->loads, x->in_set};
        st = rm_programs_read(x->model, x->sink, x->arena, &in);
    }
    if (st == RM_OK) {
        st = read_kind(x, RM_ARTIFACT_SDDL, read_sddl);
    }
    if (st == RM_OK) {
        st = read_kind(x, RM_ARTIFACT_FACTS, read_facts);
    }
    return st;
}

#define MEMORY ((size_t)4 << 30)

rm_status rm_extract(rm_model *model, rm_sink *sink, const rm_input_files *files,
                     const rm_extract_options *options, uint32_t *unusable) {
    static const rm_extract_options none = {0};
    extraction x = {.model = model,
                    .sink = sink,
                    .files = files,
                    .options = options == NULL ? &none : options,
                    .arena = rm_arena_new(MEMORY)};
    if (x.arena == NULL) {
        return RM_NOMEM;
    }
    x.set = (rm_source_set){
        .arena = x.arena, .defines = x.options->defines, .define_count = x.options->define_count};
    rm_status st = run(&x);
    rm_loads_done(&x.loads);
    rm_arena_free(x.arena);
    if (st == RM_OK) {
        *unusable = x.unusable;
    }
    return st;
}
