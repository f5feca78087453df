#include "source/plans.h"

#include <stdlib.h>
#include <string.h>

typedef struct planner {
    rm_arena *arena;
    const rm_plan_input *in;
    rm_plans *out;
    bool *taken; /* per file of the set: some project's plan has it */
} planner;

RM_LIST(rm_indices, uint32_t);

static unsigned words_of(const planner *p, uint32_t file) {
    return p->in->set->files.at[file].scan.words;
}

static bool is_entry_file(const planner *p, uint32_t file) {
    return (words_of(p, file) & (RM_WORD_DRIVER_ENTRY | RM_WORD_UMDF1)) != 0 &&
           !p->in->set->files.at[file].is_header;
}

static bool contains(const rm_indices *list, uint32_t index) {
    for (uint32_t i = 0; i < list->count; i++) {
        if (list->at[i] == index) {
            return true;
        }
    }
    return false;
}

static rm_status add_index(planner *p, rm_indices *list, uint32_t index) {
    if (contains(list, index)) {
        return RM_OK;
    }
    uint32_t *slot = rm_push(p->arena, list);
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = index;
    return RM_OK;
}

/* ---- projects ---- */

static const rm_project *project_at(const planner *p, rm_str path) {
    for (uint32_t i = 0; i < p->in->projects->count; i++) {
        if (rm_str_ieq(p->in->projects->at[i].path, path)) {
            return &p->in->projects->at[i];
        }
    }
    return NULL;
}

static rm_status add_sources(planner *p, const rm_project *project, rm_indices *list) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; i < project->sources.count && st == RM_OK; i++) {
        const rm_input_file *file = project->sources.at[i].file;
        uint32_t in_set = file == NULL ? RM_NONE : p->in->in_set[(size_t)(file - p->in->files->at)];
        if (in_set != RM_NONE) {
            st = add_index(p, list, in_set);
        }
    }
    return st;
}

/* Static libraries that the project is linked with are part of it; theirs are not followed. */
static rm_status project_sources(planner *p, const rm_project *project, rm_indices *list) {
    rm_status st = add_sources(p, project, list);
    for (uint32_t i = 0; i < project->references.count && st == RM_OK; i++) {
        const rm_project *library = project_at(p, project->references.at[i].path);
        if (library != NULL && library->kind == RM_PROJECT_STATIC_LIBRARY) {
            st = add_sources(p, library, list);
        }
    }
    return st;
}

static bool has_entry(const planner *p, const rm_indices *list) {
    for (uint32_t i = 0; i < list->count; i++) {
        if (is_entry_file(p, list->at[i])) {
            return true;
        }
    }
    return false;
}

static bool same_sources(const rm_unit_plan *plan, const rm_indices *list) {
    return plan->source_count == list->count &&
           (list->count == 0 ||
            memcmp(plan->sources, list->at, list->count * sizeof *list->at) == 0);
}

static int compare_indices(const void *a, const void *b) {
    const uint32_t *x = a;
    const uint32_t *y = b;
    return (*x > *y) - (*x < *y);
}

/* What two projects of one folder list for one binary is that binary's. */
static rm_status join_sources(planner *p, rm_unit_plan *plan, rm_indices *list) {
    for (uint32_t i = 0; i < plan->source_count; i++) {
        rm_status st = add_index(p, list, plan->sources[i]);
        if (st != RM_OK) {
            return st;
        }
    }
    qsort(list->at, list->count, sizeof *list->at, compare_indices);
    plan->sources = list->at;
    plan->source_count = list->count;
    return RM_OK;
}

static void take_sources(planner *p, const rm_indices *list) {
    for (uint32_t i = 0; i < list->count; i++) {
        p->taken[list->at[i]] = true;
    }
}

/* Adds a plan unless one of the same sources is there: several projects may build one driver. */
static rm_status add_plan(planner *p, const rm_project *project, rm_str name, rm_str root,
                          rm_place place, rm_indices *list) {
    if (list->count > 0) {
        qsort(list->at, list->count, sizeof *list->at, compare_indices);
    }
    for (uint32_t i = 0; i < p->out->count; i++) {
        rm_plan *known = &p->out->at[i];
        if (same_sources(&known->unit, list)) {
            return RM_OK;
        }
        if (project != NULL && known->project != NULL && rm_str_ieq(known->unit.name, name) &&
            rm_str_ieq(known->unit.root, root)) {
            take_sources(p, list);
            return join_sources(p, &known->unit, list);
        }
    }
    rm_plan *plan = rm_push(p->arena, p->out);
    if (plan == NULL) {
        return RM_NOMEM;
    }
    *plan =
        (rm_plan){.unit = {.name = name,
                           .root = root,
                           .sources = list->at,
                           .source_count = list->count,
                           .defines = project == NULL ? RM_STR_NONE : project->defines,
                           .driver = RM_NONE,
                           .user_mode = project != NULL && project->mode == RM_DRIVER_MODE_USER},
                  .project = project,
                  .place = place};
    if (project != NULL) {
        take_sources(p, list);
    }
    return RM_OK;
}

static rm_status plan_project(planner *p, const rm_project *project) {
    rm_indices list = {0};
    rm_status st = project_sources(p, project, &list);
    bool driver = project->kind == RM_PROJECT_DRIVER ||
                  (has_entry(p, &list) && project->kind != RM_PROJECT_PROGRAM &&
                   project->kind != RM_PROJECT_STATIC_LIBRARY);
    if (st != RM_OK || list.count == 0 || !driver) {
        return st;
    }
    return add_plan(p, project, project->target.len > 0 ? project->target : project->name,
                    rm_path_dir(project->path), project->place, &list);
}

/* ---- folders ---- */

static rm_str folder_of(const planner *p, uint32_t file) {
    return rm_path_dir(p->in->set->files.at[file].path);
}

static uint32_t entries_in(const planner *p, rm_str folder) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < p->in->set->files.count; i++) {
        count += is_entry_file(p, i) && !p->taken[i] && rm_str_eq(folder_of(p, i), folder);
    }
    return count;
}

/* The folder's sources; of several files with a DriverEntry each is a driver of its own. */
static rm_status folder_sources(planner *p, uint32_t entry, rm_indices *list) {
    rm_str folder = folder_of(p, entry);
    rm_status st = add_index(p, list, entry);
    for (uint32_t i = 0; i < p->in->set->files.count && st == RM_OK; i++) {
        bool own = !p->in->set->files.at[i].is_header && !is_entry_file(p, i) && !p->taken[i];
        if (own && rm_str_eq(folder_of(p, i), folder)) {
            st = add_index(p, list, i);
        }
    }
    return st;
}

/* What the scanned folder is called says nothing of what is in it. */
static bool is_root(const planner *p, rm_str folder) {
    const rm_extract_options *options = p->in->options;
    for (uint32_t i = 0; i < options->root_count; i++) {
        if (rm_str_eq(options->roots[i], folder)) {
            return true;
        }
    }
    return folder.len == 0;
}

static rm_status plan_folder(planner *p, uint32_t entry, bool alone) {
    rm_str path = p->in->set->files.at[entry].path;
    rm_str folder = folder_of(p, entry);
    rm_indices list = {0};
    rm_status st = folder_sources(p, entry, &list);
    if (st != RM_OK) {
        return st;
    }
    bool named = alone && !is_root(p, folder);
    return add_plan(p, NULL, named ? rm_path_base(folder) : rm_path_stem(path),
                    named ? folder : path, (rm_place){path, 0, 0}, &list);
}

static rm_status plan_folders(planner *p) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; i < p->in->set->files.count && st == RM_OK; i++) {
        if (!is_entry_file(p, i) || p->taken[i]) {
            continue;
        }
        bool alone = entries_in(p, folder_of(p, i)) == 1;
        st = plan_folder(p, i, alone);
    }
    return st;
}

static int compare_plans(const void *a, const void *b) {
    const rm_plan *x = a;
    const rm_plan *y = b;
    int by_root = rm_str_cmp(x->unit.root, y->unit.root);
    return by_root != 0 ? by_root : rm_str_cmp(x->unit.name, y->unit.name);
}

rm_status rm_plan_drivers(rm_arena *arena, const rm_plan_input *input, rm_plans *out) {
    rm_plans plans = {0};
    planner p = {.arena = arena, .in = input, .out = &plans};
    p.taken = RM_NEW_ARRAY(arena, bool, input->set->files.count + 1);
    if (p.taken == NULL) {
        return RM_NOMEM;
    }
    rm_status st = RM_OK;
    for (uint32_t i = 0; i < input->projects->count && st == RM_OK; i++) {
        st = plan_project(&p, &input->projects->at[i]);
    }
    if (st == RM_OK) {
        st = plan_folders(&p);
    }
    if (st == RM_OK && plans.count > 0) {
        qsort(plans.at, plans.count, sizeof *plans.at, compare_plans);
    }
    if (st == RM_OK) {
        *out = plans;
    }
    return st;
}
