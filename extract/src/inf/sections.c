#include "inf/sections.h"

#include <stdlib.h>

struct named {
    rm_str name;
    uint32_t index;
};

static int by_name_then_order(const void *a, const void *b) {
    const struct named *x = a;
    const struct named *y = b;
    int order = rm_str_icmp(x->name, y->name);
    if (order != 0) {
        return order;
    }
    return (x->index > y->index) - (x->index < y->index);
}

rm_status rm_inf_sections_merge(rm_inf *inf) {
    uint32_t n = inf->sections.count;
    if (n == 0) {
        return RM_OK;
    }
    struct named *sorted = RM_NEW_ARRAY(inf->arena, struct named, n);
    inf->by_name = RM_NEW_ARRAY(inf->arena, uint32_t, n);
    if (sorted == NULL || inf->by_name == NULL) {
        return RM_NOMEM;
    }
    for (uint32_t i = 0; i < n; i++) {
        sorted[i] = (struct named){inf->sections.at[i].name, i};
    }
    qsort(sorted, n, sizeof *sorted, by_name_then_order);
    for (uint32_t i = 0; i < n; i++) {
        if (i > 0 && rm_str_ieq(sorted[i - 1].name, sorted[i].name)) {
            inf->sections.at[sorted[i - 1].index].next = sorted[i].index;
            inf->sections.at[sorted[i].index].repeated = true;
        } else {
            inf->by_name[inf->distinct++] = sorted[i].index;
        }
    }
    return RM_OK;
}

const rm_inf_section *rm_inf_section_named(const rm_inf *inf, rm_str name) {
    uint32_t low = 0;
    uint32_t high = inf->distinct;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const rm_inf_section *section = &inf->sections.at[inf->by_name[middle]];
        int order = rm_str_icmp(name, section->name);
        if (order == 0) {
            return section;
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return NULL;
}

rm_inf_cursor rm_inf_lines_of(const rm_inf_section *section) {
    return (rm_inf_cursor){section, 0};
}

const rm_inf_line *rm_inf_next(const rm_inf *inf, rm_inf_cursor *cursor) {
    while (cursor->section != NULL) {
        if (cursor->at < cursor->section->count) {
            return &inf->lines.at[cursor->section->first + cursor->at++];
        }
        uint32_t next = cursor->section->next;
        cursor->section = next == RM_NONE ? NULL : &inf->sections.at[next];
        cursor->at = 0;
    }
    return NULL;
}

rm_loc rm_inf_line_loc(const rm_inf *inf, const rm_inf_line *line) {
    const rm_inf_field *field = &inf->fields.at[line->first];
    return (rm_loc){inf->path, field->line, field->column};
}

rm_loc rm_inf_field_loc(const rm_inf *inf, const rm_inf_line *line, uint32_t i) {
    if (i >= line->count) {
        return rm_inf_line_loc(inf, line);
    }
    const rm_inf_field *field = &inf->fields.at[line->first + (line->has_key ? 1u : 0u) + i];
    return (rm_loc){inf->path, field->line, field->column};
}

static rm_str text_of(rm_inf_field *field) {
    return (rm_str){field->ptr, field->len};
}

rm_str rm_inf_raw_key(const rm_inf *inf, const rm_inf_line *line) {
    if (!line->has_key && line->count != 1) {
        return RM_STR_NONE;
    }
    return text_of(&inf->fields.at[line->first]);
}

const rm_inf_line *rm_inf_find(rm_inf *inf, const rm_inf_section *section, rm_str key) {
    rm_inf_cursor cursor = rm_inf_lines_of(section);
    for (const rm_inf_line *line; (line = rm_inf_next(inf, &cursor)) != NULL;) {
        if (rm_str_ieq(rm_inf_key(inf, line), key)) {
            return line;
        }
    }
    return NULL;
}
