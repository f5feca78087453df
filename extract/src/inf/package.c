#include "inf/package.h"

#include "inf/target.h"

static rm_str version_text(rm_inf *inf, const rm_inf_section *version, const char *key) {
    const rm_inf_line *line = rm_inf_find(inf, version, rm_str_from(key));
    return line == NULL ? RM_STR_NONE : rm_inf_field_at(inf, line, 0);
}

static void read_version(rm_inf_set *set, rm_inf_package *package) {
    const rm_inf_section *version = rm_inf_section_named(set->main, RM_STR("Version"));
    package->class_name = version_text(set->main, version, "Class");
    package->class_guid = version_text(set->main, version, "ClassGuid");
    package->provider = version_text(set->main, version, "Provider");
    package->is_extension = rm_str_ieq(package->class_name, RM_STR("Extension"));
}

/* ---- units ---- */

struct units {
    rm_inf_set *set;
    rm_inf_package *package;
    uint32_t *of_section; /* by index of the section's first header; RM_NONE: not read yet */
};

static uint32_t index_of(const struct units *units, const rm_inf_section *section) {
    return (uint32_t)(section - units->set->main->sections.at);
}

static rm_status unit_of(struct units *units, const rm_inf_section *section, rm_str arch,
                         uint32_t *out) {
    uint32_t *known = &units->of_section[index_of(units, section)];
    if (*known == RM_NONE && rm_inf_step(units->set, 64 + units->package->units.count / 4)) {
        rm_inf_unit unit;
        rm_status st = rm_inf_unit_read(units->set, section, arch, &unit);
        rm_inf_unit *kept = st == RM_OK ? rm_push(units->set->arena, &units->package->units) : NULL;
        if (kept == NULL) {
            return RM_NOMEM;
        }
        *kept = unit;
        *known = units->package->units.count - 1;
    }
    *out = *known;
    return RM_OK;
}

static rm_status use(struct units *units, uint32_t model, const rm_inf_section *section,
                     rm_str arch) {
    uint32_t unit = RM_NONE;
    rm_status st = section == NULL ? RM_OK : unit_of(units, section, arch, &unit);
    rm_inf_use *kept = st == RM_OK ? rm_push(units->set->arena, &units->package->uses) : NULL;
    if (kept == NULL) {
        return RM_NOMEM;
    }
    *kept = (rm_inf_use){model, unit, arch};
    return RM_OK;
}

/*
 * A model whose architecture is not told (a bare models section, or $ARCH$ before stampinf) is
 * installed by each decorated section there is, and on the rest by the .nt or bare one.
 */
static rm_status use_on_all(struct units *units, uint32_t model, rm_str install) {
    rm_status st = RM_OK;
    bool any = false;
    for (size_t i = 0; st == RM_OK && i < RM_INF_ARCH_COUNT; i++) {
        rm_str arch = rm_str_from(rm_inf_archs[i]);
        const rm_inf_section *section = rm_inf_section_decorated(units->set->main, install, arch);
        if (section != NULL) {
            any = true;
            st = use(units, model, section, arch);
        }
    }
    const rm_inf_section *rest = rm_inf_section_for(units->set->main, install, RM_STR_NONE);
    if (st == RM_OK && (rest != NULL || !any)) {
        st = use(units, model, rest, RM_STR_NONE);
    }
    return st;
}

static void report_missing(struct units *units, const rm_inf_model *model) {
    if (model->install.len > 0) {
        rm_diag(units->set->sink, RM_WARNING, rm_inf_field_loc(units->set->main, model->line, 0),
                "inf-section-missing", "there is no section [%.*s], bare or decorated",
                RM_STR_ARG(model->install));
    }
}

static rm_status read_units(struct units *units) {
    rm_inf_package *package = units->package;
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < package->models.count; i++) {
        const rm_inf_model *model = &package->models.at[i];
        rm_str written = package->models_sections.at[model->models_section].target;
        rm_inf_target target = {0};
        (void)rm_inf_target_parse(written, &target);
        uint32_t before = package->uses.count;
        if (target.arch.len > 0) {
            st = use(units, i, rm_inf_section_for(units->set->main, model->install, target.arch),
                     target.arch);
        } else {
            st = use_on_all(units, i, model->install);
        }
        if (st == RM_OK && package->uses.at[before].unit == RM_NONE) {
            report_missing(units, model);
        }
    }
    return st;
}

/* ---- DefaultInstall ---- */

static bool is_default(rm_str name, rm_inf_target *target) {
    const rm_str base = RM_STR("DefaultInstall");
    rm_str rest = rm_str_slice(name, base.len, name.len);
    *target = (rm_inf_target){0};
    return rm_str_istarts(name, base) &&
           (rest.len == 0 || (rm_str_starts(rest, RM_STR(".")) &&
                              rm_inf_target_parse(rm_str_slice(rest, 1, rest.len), target)));
}

static rm_status read_defaults(rm_inf_set *set, rm_inf_package *package) {
    for (uint32_t i = 0; i < set->main->distinct; i++) {
        const rm_inf_section *section = &set->main->sections.at[set->main->by_name[i]];
        rm_inf_target target;
        if (!is_default(section->name, &target)) {
            continue;
        }
        rm_inf_unit unit;
        rm_inf_unit *kept = rm_inf_unit_read(set, section, target.arch, &unit) == RM_OK
                                ? rm_push(set->arena, &package->defaults)
                                : NULL;
        if (kept == NULL) {
            return RM_NOMEM;
        }
        *kept = unit;
    }
    return RM_OK;
}

/* ---- services that nothing in this file installs: other INFs may need them ---- */

static bool is_read(const struct units *units, rm_str name) {
    const rm_inf_section *section = rm_inf_section_named(units->set->main, name);
    rm_inf_target unused;
    return section != NULL && (units->of_section[index_of(units, section)] != RM_NONE ||
                               is_default(section->name, &unused));
}

static rm_status read_orphans(struct units *units) {
    const rm_str suffix = RM_STR(".Services");
    rm_inf_set *set = units->set;
    for (uint32_t i = 0; i < set->main->distinct; i++) {
        const rm_inf_section *section = &set->main->sections.at[set->main->by_name[i]];
        if (!rm_str_iends(section->name, suffix)) {
            continue;
        }
        rm_str base = rm_str_slice(section->name, 0, section->name.len - suffix.len);
        if (is_read(units, base)) {
            continue;
        }
        rm_inf_unit unit = {.name = base, .loc = {set->main->path, section->line, 1}};
        rm_inf_unit *kept = rm_inf_unit_services(set, &unit) == RM_OK
                                ? rm_push(set->arena, &units->package->orphans)
                                : NULL;
        if (kept == NULL) {
            return RM_NOMEM;
        }
        *kept = unit;
    }
    return RM_OK;
}

rm_status rm_inf_package_read(rm_inf_set *set, rm_inf_package *out) {
    struct units units = {.set = set, .package = out};
    uint32_t sections = set->main->sections.count;
    *out = (rm_inf_package){0};
    read_version(set, out);
    units.of_section = RM_NEW_ARRAY(set->arena, uint32_t, sections > 0 ? sections : 1);
    if (units.of_section == NULL) {
        return RM_NOMEM;
    }
    for (uint32_t i = 0; i < sections; i++) {
        units.of_section[i] = RM_NONE;
    }
    rm_status st = rm_inf_models_read(set, out);
    if (st == RM_OK) {
        st = read_units(&units);
    }
    if (st == RM_OK) {
        st = read_defaults(set, out);
    }
    if (st == RM_OK) {
        st = rm_inf_classes_read(set, out);
    }
    if (st == RM_OK) {
        st = read_orphans(&units);
    }
    if (st == RM_OK) {
        st = rm_inf_interface_classes_read(set, &out->interface_classes);
    }
    if (st == RM_OK) {
        st = rm_inf_copies_read(set, &out->copies);
    }
    return st == RM_OK ? set->main->status : st;
}
