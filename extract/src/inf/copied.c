#include "inf/copied.h"

enum { MAX_COPIES = 1024 /* binaries of a package; the largest of Windows have some hundred */ };

const rm_inf_copied *rm_inf_copied_as(const rm_inf_copies *copies, rm_str name) {
    for (uint32_t i = 0; i < copies->count; i++) {
        if (rm_str_ieq(copies->at[i].name, name)) {
            return &copies->at[i];
        }
    }
    return NULL;
}

static bool is_binary(rm_str name) {
    return rm_str_iends(name, RM_STR(".sys")) || rm_str_iends(name, RM_STR(".dll"));
}

static rm_status add(rm_inf_set *set, rm_str name, rm_str source, rm_inf_copies *out) {
    if (!is_binary(name) || out->count >= MAX_COPIES || !rm_inf_step(set, 1 + out->count / 8) ||
        rm_inf_copied_as(out, name) != NULL) {
        return RM_OK;
    }
    rm_inf_copied *kept = rm_push(set->arena, out);
    if (kept == NULL) {
        return RM_NOMEM;
    }
    *kept = (rm_inf_copied){name, source.len > 0 ? source : name};
    return RM_OK;
}

/* A list's line is: name [, source name [, ...]]. */
static rm_status add_list(rm_inf_set *set, rm_str list, rm_inf_copies *out) {
    rm_inf *inf = set->main;
    rm_inf_cursor cursor = rm_inf_lines_of(rm_inf_section_named(inf, list));
    rm_status st = RM_OK;
    for (const rm_inf_line *line; st == RM_OK && (line = rm_inf_next(inf, &cursor)) != NULL;) {
        st = add(set, rm_inf_field_at(inf, line, 0), rm_inf_field_at(inf, line, 1), out);
    }
    return st;
}

/* CopyFiles = list, @single-file, ... */
static rm_status add_directive(rm_inf_set *set, const rm_inf_line *line, rm_inf_copies *out) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < line->count; i++) {
        rm_str name = rm_inf_field_at(set->main, line, i);
        if (!rm_inf_step(set, 1)) {
            return RM_OK;
        }
        st = rm_str_starts(name, RM_STR("@"))
                 ? add(set, rm_str_slice(name, 1, name.len), RM_STR_NONE, out)
                 : add_list(set, name, out);
    }
    return st;
}

static rm_status add_disks(rm_inf_set *set, rm_inf_copies *out) {
    rm_inf *inf = set->main;
    rm_status st = RM_OK;
    for (uint32_t i = 0; i < inf->distinct; i++) {
        const rm_inf_section *section = &inf->sections.at[inf->by_name[i]];
        if (!rm_str_istarts(section->name, RM_STR("SourceDisksFiles"))) {
            continue;
        }
        rm_inf_cursor cursor = rm_inf_lines_of(section);
        for (const rm_inf_line *line; st == RM_OK && (line = rm_inf_next(inf, &cursor)) != NULL;) {
            st = add(set, rm_inf_key(inf, line), RM_STR_NONE, out);
        }
    }
    return st;
}

/* The source of a renamed file stands in [SourceDisksFiles]: it is no second file. */
static bool is_source(const rm_inf_copies *copies, uint32_t index) {
    for (uint32_t i = 0; i < copies->count; i++) {
        if (i != index && rm_str_ieq(copies->at[i].source, copies->at[index].name)) {
            return true;
        }
    }
    return false;
}

static void drop_sources(rm_inf_set *set, rm_inf_copies *copies) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < copies->count; i++) {
        if (rm_inf_step(set, copies->count / 8 + 1) && !is_source(copies, i)) {
            copies->at[kept++] = copies->at[i];
        }
    }
    copies->count = kept;
}

rm_status rm_inf_copies_read(rm_inf_set *set, rm_inf_copies *out) {
    rm_inf *inf = set->main;
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < inf->lines.count; i++) {
        const rm_inf_line *line = &inf->lines.at[i];
        if (line->has_key && rm_str_ieq(rm_inf_raw_key(inf, line), RM_STR("CopyFiles"))) {
            st = add_directive(set, line, out);
        }
    }
    st = st == RM_OK ? add_disks(set, out) : st;
    if (st == RM_OK) {
        drop_sources(set, out);
    }
    return st;
}
