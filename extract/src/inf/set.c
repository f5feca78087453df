#include "inf/set.h"

rm_status rm_inf_set_open(rm_inf_set *set, rm_arena *arena, rm_sink *sink, const rm_inf_file *files,
                          uint32_t file_count, uint32_t main) {
    *set = (rm_inf_set){.arena = arena, .sink = sink, .files = files, .file_count = file_count};
    rm_status st = rm_inf_lex(arena, sink, files[main].path, files[main].text, &set->main);
    if (st == RM_OK) {
        set->steps = RM_INF_MAX_STEPS + (uint64_t)set->main->lines.count * RM_INF_STEPS_PER_LINE;
    }
    return st;
}

bool rm_inf_step(rm_inf_set *set, uint64_t n) {
    if (set->steps == 0) {
        return false;
    }
    if (set->steps <= n) {
        set->steps = 0;
        rm_diag(set->sink, RM_ERROR, (rm_loc){set->main->path, 0, 0}, "inf-too-much-work",
                "sections refer to each other too often; some of their facts are left out");
        return false;
    }
    set->steps -= n;
    return true;
}

/* ---- Include ---- */

/* The file of that name: in the folder of the main file, else the first of all. */
static const rm_inf_file *file_named(const rm_inf_set *set, rm_str name) {
    rm_str folder = rm_path_dir(set->main->path);
    const rm_inf_file *found = NULL;
    for (uint32_t i = 0; i < set->file_count; i++) {
        const rm_inf_file *file = &set->files[i];
        if (!rm_str_ieq(rm_path_base(file->path), name)) {
            continue;
        }
        if (rm_str_eq(rm_path_dir(file->path), folder)) {
            return file;
        }
        found = found == NULL ? file : found;
    }
    return found;
}

/* Each file is looked for once, whatever number of Include lines name it. */
static rm_status include(rm_inf_set *set, rm_str name, rm_loc at, rm_inf **out) {
    for (uint32_t i = 0; i < set->included.count; i++) {
        if (rm_str_ieq(set->included.at[i].name, name)) {
            *out = set->included.at[i].inf;
            return RM_OK;
        }
    }
    rm_inf *inf = NULL;
    const rm_inf_file *file = file_named(set, name);
    if (file == NULL) {
        rm_diag(set->sink, RM_NOTE, at, "inf-include-missing",
                "%.*s is not among the files read; what it sets is unknown", RM_STR_ARG(name));
    } else if (rm_str_eq(file->path, set->main->path)) {
        inf = set->main;
    } else if (rm_inf_step(set, file->text.len / 8)) {
        rm_status st = rm_inf_lex(set->arena, NULL, file->path, file->text, &inf);
        if (st != RM_OK) {
            return st;
        }
    }
    rm_inf_included *kept = rm_push(set->arena, &set->included);
    if (kept == NULL) {
        return RM_NOMEM;
    }
    *kept = (rm_inf_included){name, inf};
    *out = inf;
    return RM_OK;
}

/* ---- Needs ---- */

RM_LIST(section_list, const rm_inf_section *);

struct gathering {
    rm_inf_set *set;
    rm_inf_lines_read *out;
    section_list seen;
};

static rm_status gather(struct gathering *g, rm_inf *inf, const rm_inf_section *section,
                        unsigned depth);

static bool seen(const struct gathering *g, const rm_inf_section *section) {
    for (uint32_t i = 0; i < g->seen.count; i++) {
        if (g->seen.at[i] == section) {
            return true;
        }
    }
    return false;
}

/* A needed section is looked for in the files included so far, the including file first. */
static const rm_inf_section *needed(const rm_inf_set *set, rm_inf *inf, rm_str name,
                                    rm_inf **owner) {
    const rm_inf_section *section = rm_inf_section_named(inf, name);
    *owner = inf;
    for (uint32_t i = 0; section == NULL && i < set->included.count; i++) {
        if (set->included.at[i].inf != NULL) {
            *owner = set->included.at[i].inf;
            section = rm_inf_section_named(*owner, name);
        }
    }
    return section;
}

static void note_missing(struct gathering *g, rm_inf_need need) {
    if (g->out->missing.name.len == 0) {
        g->out->missing = need;
    }
    if (g->out->unknown.name.len == 0 && !rm_inf_need_is_documented(need.name)) {
        g->out->unknown = need;
    }
}

static rm_status follow(struct gathering *g, rm_inf *inf, const rm_inf_line *line, uint32_t i,
                        unsigned depth) {
    rm_inf *owner = NULL;
    rm_str name = rm_inf_field_at(inf, line, i);
    const rm_inf_section *section = needed(g->set, inf, name, &owner);
    if (section == NULL) {
        note_missing(g, (rm_inf_need){name, rm_inf_field_loc(inf, line, i)});
        return RM_OK;
    }
    if (seen(g, section)) {
        rm_diag(g->set->sink, RM_WARNING, rm_inf_field_loc(inf, line, i), "inf-needs-loop",
                "section %.*s is already part of this one", RM_STR_ARG(name));
        return RM_OK;
    }
    if (depth >= RM_INF_MAX_INCLUDE_DEPTH) {
        rm_diag(g->set->sink, RM_ERROR, rm_inf_field_loc(inf, line, i), "inf-needs-depth",
                "sections need each other more than %u deep; %.*s is left out",
                RM_INF_MAX_INCLUDE_DEPTH, RM_STR_ARG(name));
        return RM_OK;
    }
    return gather(g, owner, section, depth + 1);
}

static bool is_key(rm_inf *inf, const rm_inf_line *line, rm_str key) {
    return line->has_key && rm_str_ieq(rm_inf_key(inf, line), key);
}

/* Windows takes what is included before what the section itself says. */
static rm_status gather_needs(struct gathering *g, rm_inf *inf, const rm_inf_section *section,
                              unsigned depth) {
    rm_inf_cursor cursor = rm_inf_lines_of(section);
    rm_status st = RM_OK;
    for (const rm_inf_line *line; st == RM_OK && (line = rm_inf_next(inf, &cursor)) != NULL;) {
        rm_inf *unused = NULL;
        bool includes = is_key(inf, line, RM_STR("Include"));
        bool needs = !includes && is_key(inf, line, RM_STR("Needs"));
        for (uint32_t i = 0; (includes || needs) && i < line->count && st == RM_OK; i++) {
            if (!rm_inf_step(g->set, 1 + (g->seen.count + g->set->included.count) / 8)) {
                return RM_OK;
            }
            st = includes ? include(g->set, rm_inf_field_at(inf, line, i),
                                    rm_inf_field_loc(inf, line, i), &unused)
                          : follow(g, inf, line, i, depth);
        }
    }
    return st;
}

static rm_status gather(struct gathering *g, rm_inf *inf, const rm_inf_section *section,
                        unsigned depth) {
    const rm_inf_section **mark = rm_push(g->set->arena, &g->seen);
    if (mark == NULL) {
        return RM_NOMEM;
    }
    *mark = section;
    rm_status st = gather_needs(g, inf, section, depth);
    rm_inf_cursor cursor = rm_inf_lines_of(section);
    for (const rm_inf_line *line; st == RM_OK && (line = rm_inf_next(inf, &cursor)) != NULL;) {
        if (is_key(inf, line, RM_STR("Include")) || is_key(inf, line, RM_STR("Needs"))) {
            continue;
        }
        if (!rm_inf_step(g->set, 1)) {
            return RM_OK;
        }
        rm_inf_item *item = rm_push(g->set->arena, &g->out->items);
        if (item == NULL) {
            return RM_NOMEM;
        }
        *item = (rm_inf_item){inf, line, section->name};
    }
    return st;
}

rm_status rm_inf_gather(rm_inf_set *set, rm_inf *inf, rm_str section, rm_inf_lines_read *out) {
    struct gathering g = {.set = set, .out = out};
    const rm_inf_section *first = rm_inf_section_named(inf, section);
    *out = (rm_inf_lines_read){0};
    return first == NULL ? RM_OK : gather(&g, inf, first, 0);
}

rm_str rm_inf_item_key(const rm_inf_item *item) {
    return rm_inf_key(item->inf, item->line);
}

rm_str rm_inf_item_field(const rm_inf_item *item, uint32_t i) {
    return rm_inf_field_at(item->inf, item->line, i);
}

rm_loc rm_inf_item_loc(const rm_inf_item *item) {
    return rm_inf_line_loc(item->inf, item->line);
}

rm_loc rm_inf_item_field_loc(const rm_inf_item *item, uint32_t i) {
    return rm_inf_field_loc(item->inf, item->line, i);
}
