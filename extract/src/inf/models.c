#include "inf/package.h"
#include "inf/target.h"

/*
 * [Manufacturer] name = models [, TargetOSVersion...]: the bare section serves every Windows that
 * no decorated one fits.
 */
static rm_status add_models_section(rm_inf_set *set, rm_inf_package *package,
                                    rm_inf_models_section section) {
    rm_buf name = {.arena = set->arena};
    rm_buf_str(&name, section.base);
    rm_buf_text(&name, section.target.len > 0 ? "." : "");
    rm_buf_str(&name, section.target);
    if (name.status != RM_OK) {
        return name.status;
    }
    section.section = rm_inf_section_named(set->main, rm_buf_view(&name));
    if (section.implied && section.section == NULL) {
        return RM_OK;
    }
    rm_inf_models_section *kept = rm_push(set->arena, &package->models_sections);
    if (kept == NULL) {
        return RM_NOMEM;
    }
    *kept = section;
    return RM_OK;
}

/* NT$ARCH$.10.0 becomes NTarm.10.0 when the package is built for it: such sections count too. */
static rm_status add_implied(rm_inf_set *set, rm_inf_package *package,
                             rm_inf_models_section section) {
    rm_inf_target target;
    rm_status st = RM_OK;
    if (!rm_inf_target_parse(section.target, &target) || !target.placeholder) {
        return RM_OK;
    }
    section.implied = true;
    for (size_t i = 0; st == RM_OK && i < RM_INF_ARCH_COUNT; i++) {
        st = rm_str_printf(set->arena, &section.target, "nt%s%s%.*s", rm_inf_archs[i],
                           target.version.len > 0 ? "." : "", RM_STR_ARG(target.version));
        if (st == RM_OK) {
            st = add_models_section(set, package, section);
        }
    }
    return st;
}

static rm_status add_target(rm_inf_set *set, rm_inf_package *package, const rm_inf_line *line,
                            uint32_t field) {
    rm_inf_models_section section = {
        .manufacturer = rm_inf_key(set->main, line),
        .base = rm_inf_field_at(set->main, line, 0),
        .target = field == 0 ? RM_STR_NONE : rm_inf_field_at(set->main, line, field)};
    rm_status st = add_models_section(set, package, section);
    return st == RM_OK ? add_implied(set, package, section) : st;
}

/* A line without '=' is its own manufacturer and models section. */
static rm_status read_manufacturers(rm_inf_set *set, rm_inf_package *package) {
    rm_inf_cursor cursor = rm_inf_lines_of(rm_inf_section_named(set->main, RM_STR("Manufacturer")));
    rm_status st = RM_OK;
    for (const rm_inf_line *line; (line = rm_inf_next(set->main, &cursor)) != NULL;) {
        for (uint32_t i = 0; st == RM_OK && i < line->count; i++) {
            if (i == 0 || rm_inf_field_at(set->main, line, i).len > 0) {
                st = add_target(set, package, line, i);
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
