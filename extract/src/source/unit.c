#include "source/unit.h"

#include "source/build.h"
#include "source/limits.h"
#include "source/normalise.h"

enum { UNIT_MEMORY = 512 * 1024 * 1024 };

/* ---- which files ---- */

static bool is_header(const rm_source_set *set, uint32_t file) {
    return set->files.at[file].is_header;
}

static rm_status add_file(rm_source_unit *unit, uint32_t in_set) {
    const rm_set_file *file = &unit->set->files.at[in_set];
    rm_source_file *slot = rm_push(unit->arena, &unit->files);
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = (rm_source_file){.path = file->path,
                             .text = file->text,
                             .is_cpp = file->is_cpp,
                             .is_header = file->is_header,
                             .in_set = in_set};
    return RM_OK;
}

/* The sources of the plan, then every header that they include, in the order of the set. */
static rm_status gather_files(rm_source_unit *unit, const rm_unit_plan *plan, rm_file_bits *bits) {
    rm_status st = rm_bits_new(unit->arena, unit->set->files.count, bits);
    if (st != RM_OK) {
        return st;
    }
    for (uint32_t i = 0; i < plan->source_count && st == RM_OK; i++) {
        rm_set_closure(unit->set, plan->sources[i], bits);
        st = add_file(unit, plan->sources[i]);
    }
    rm_file_bits own;
    if (st == RM_OK) {
        st = rm_bits_new(unit->arena, unit->set->files.count, &own);
    }
    if (st != RM_OK) {
        return st;
    }
    for (uint32_t i = 0; i < plan->source_count; i++) {
        rm_bits_add(&own, plan->sources[i]);
    }
    for (uint32_t i = 0; i < unit->set->files.count && st == RM_OK; i++) {
        if (rm_bits_has(bits, i) && !rm_bits_has(&own, i)) {
            st = add_file(unit, i);
        }
    }
    return st;
}

/* ---- parsing ---- */

/*
 * Whether anything in the driver can make a device or serve a request. Where nothing can, nothing
 * is parsed: its control codes and frameworks are known from the lexical pass.
 */
static bool holds_facts(const rm_source_unit *unit) {
    for (uint32_t i = 0; i < unit->files.count; i++) {
        const rm_source_file *file = &unit->files.at[i];
        unsigned words = unit->set->files.at[file->in_set].scan.words;
        if ((words & (RM_WORD_DEVICE | RM_WORD_ENTRY)) != 0) {
            return true;
        }
    }
    return false;
}

/* A header without a function body holds nothing that a tree would tell: its text is enough. */
static bool wants_tree(const rm_source_unit *unit, const rm_source_file *file) {
    unsigned words = unit->set->files.at[file->in_set].scan.words;
    return !is_header(unit->set, file->in_set) || (words & RM_WORD_BODY) != 0;
}

static rm_status parse_file(rm_source_unit *unit, rm_source_file *file,
                            const rm_source_file *twin) {
    if (file->text.len > RM_MAX_PARSED_BYTES) {
        rm_diag(unit->sink, RM_WARNING, (rm_loc){file->path, 0, 0}, "source-too-long",
                "longer than %zu bytes: its functions are not read", RM_MAX_PARSED_BYTES);
        return RM_OK;
    }
    size_t nul = 0;
    if (rm_str_find_char(file->text, '\0', &nul)) {
        rm_diag(unit->sink, RM_WARNING, (rm_loc){file->path, 0, 0}, "source-binary",
                "it has NUL bytes and is no text: its functions are not read");
        return RM_OK;
    }
    rm_status st = rm_normalise(unit->arena, unit->macros, file->in_set, &file->clean);
    return st == RM_OK ? rm_tree_parse(file, twin) : st;
}

static rm_status parse_all(rm_source_unit *unit, bool whole, const rm_source_unit *twin) {
    rm_status st = RM_OK;
    if (!whole && !holds_facts(unit)) {
        return RM_OK;
    }
    for (uint32_t i = 0; i < unit->files.count && st == RM_OK; i++) {
        if (whole || wants_tree(unit, &unit->files.at[i])) {
            bool has_twin = twin != NULL && i < twin->files.count;
            st = parse_file(unit, &unit->files.at[i], has_twin ? &twin->files.at[i] : NULL);
        }
    }
    return st;
}

/* ---- the whole ---- */

static rm_status fill(rm_source_unit *unit, const rm_unit_plan *plan) {
    rm_file_bits visible;
    rm_status st = gather_files(unit, plan, &visible);
    if (st == RM_OK) {
        st = rm_macros_new(unit->arena, unit->set, visible, &unit->macros);
    }
    if (st == RM_OK) {
        unit->macros->user_mode = plan->user_mode;
        st = rm_macros_give(unit->macros, plan->defines);
    }
    if (st == RM_OK && plan->complement) {
        st = rm_macros_complement(unit->arena, unit->macros, &unit->macros);
    }
    if (st == RM_OK) {
        st = rm_macros_remember(unit->macros);
    }
    if (st == RM_OK) {
        bool measured = unit->options != NULL && unit->options->figures != NULL;
        st = parse_all(unit, plan->whole || measured, plan->twin);
    }
    return st == RM_OK ? rm_unit_find_functions(unit) : st;
}

rm_status rm_unit_build(const rm_source_set *set, const rm_unit_plan *plan, rm_model *model,
                        rm_sink *sink, const rm_extract_options *options, rm_source_unit **out) {
    rm_arena *arena = rm_arena_new(UNIT_MEMORY);
    rm_source_unit *unit = arena == NULL ? NULL : RM_NEW(arena, rm_source_unit);
    if (unit == NULL) {
        rm_arena_free(arena);
        return RM_NOMEM;
    }
    *unit = (rm_source_unit){.arena = arena,
                             .model = model,
                             .sink = sink,
                             .options = options,
                             .driver = plan->driver,
                             .root = plan->root,
                             .set = set};
    rm_status st = fill(unit, plan);
    if (st != RM_OK) {
        rm_unit_free(unit);
        return st;
    }
    *out = unit;
    return RM_OK;
}

void rm_unit_free(rm_source_unit *unit) {
    if (unit == NULL) {
        return;
    }
    for (uint32_t i = 0; i < unit->files.count; i++) {
        if (unit->files.at[i].tree != NULL) {
            ts_tree_delete(unit->files.at[i].tree);
        }
    }
    rm_arena_free(unit->arena);
}

rm_status rm_unit_of_text(rm_source_set *set, rm_str path, rm_str text, rm_model *model,
                          rm_sink *sink, rm_source_unit **out) {
    uint32_t index = 0;
    rm_status st = rm_set_add(set, path, text, false, &index);
    if (st == RM_OK) {
        st = rm_set_join(set);
    }
    if (st != RM_OK) {
        return st;
    }
    rm_unit_plan plan = {.name = rm_path_stem(path),
                         .root = rm_path_dir(path),
                         .sources = &index,
                         .source_count = 1,
                         .driver = RM_NONE,
                         .whole = true};
    return rm_unit_build(set, &plan, model, sink, NULL, out);
}
