#include "inf/package.h"
#include "inf/target.h"

/*
 * [Manufacturer] name = models [, TargetOSVersion...]: the bare section serves every Windows that
 * no decorated one fits.
 */
static rm_status add_models_section(rm_inf_set *set, rm_inf_package *package,
                                    const rm_inf_line *line, uint32_t field) {
    rm_inf *inf = set->main;
    char buffer[RM_INF_NAME_SIZE];
    rm_str base = rm_inf_field_at(inf, line, 0);
    rm_str target = field == 0 ? RM_STR_NONE : rm_inf_field_at(inf, line, field);
    rm_str name = base;
    if (field > 0) {
        rm_buf whole = {.arena = set->arena};
        rm_buf_char(&whole, '.');
        rm_buf_str(&whole, target);
        rm_buf_char(&whole, '\0');
        if (whole.status != RM_OK) {
            return whole.status;
        }
        name = rm_inf_name_with(buffer, base, whole.ptr);
    }
    rm_inf_models_section *kept = rm_push(set->arena, &package->models_sections);
    if (kept == NULL) {
        return RM_NOMEM;
    }
    *kept = (rm_inf_models_section){rm_inf_key(inf, line), base, target,
                                    name.len == 0 ? NULL : rm_inf_section_named(inf, name)};
    return RM_OK;
}

/* A line without '=' is its own manufacturer and models section. */
static rm_status read_manufacturers(rm_inf_set *set, rm_inf_package *package) {
    rm_inf_cursor cursor = rm_inf_lines_of(rm_inf_section_named(set->main, RM_STR("Manufacturer")));
    rm_status st = RM_OK;
    for (const rm_inf_line *line; (line = rm_inf_next(set->main, &cursor)) != NULL;) {
        for (uint32_t i = 0; st == RM_OK && i < line->count; i++) {
            if (i == 0 || rm_inf_field_at(set->main, line, i).len > 0) {
                st = add_models_section(set, package, line, i);
            }
        }
    }
    return st;
}

static rm_status add_model(rm_inf_set *set, rm_inf_package *package, uint32_t from,
                           const rm_inf_line *line) {
    rm_inf_model *model = rm_push(set->arena, &package->models);
    if (model == NULL) {
        return RM_NOMEM;
    }
    *model = (rm_inf_model){.models_section = from,
                            .description = rm_inf_key(set->main, line),
                            .install = rm_inf_field_at(set->main, line, 0),
                            .hwid = rm_inf_field_at(set->main, line, 1),
                            .line = line};
    return RM_OK;
}

static bool read_before(const rm_inf_package *package, uint32_t index) {
    const rm_inf_models_section *section = &package->models_sections.at[index];
    for (uint32_t i = 0; i < index; i++) {
        if (package->models_sections.at[i].section == section->section) {
            return true;
        }
    }
    return false;
}

rm_status rm_inf_models_read(rm_inf_set *set, rm_inf_package *package) {
    rm_status st = read_manufacturers(set, package);
    for (uint32_t i = 0; st == RM_OK && i < package->models_sections.count; i++) {
        const rm_inf_section *section = package->models_sections.at[i].section;
        if (section == NULL || !rm_inf_step(set, 1 + i / 8) || read_before(package, i)) {
            continue;
        }
        rm_inf_cursor cursor = rm_inf_lines_of(section);
        for (const rm_inf_line *line;
             st == RM_OK && (line = rm_inf_next(set->main, &cursor)) != NULL;) {
            st = add_model(set, package, i, line);
        }
    }
    return st;
}
