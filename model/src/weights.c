#include <stddef.h>

#include "model/derive.h"
#include "model/sinks.h"

/* The numbers of a struct as rows of one table, and back by name. */

static const struct {
    const char *factor;
    const char *name;
    size_t field;
} scalars[] = {
    {"R", "undecided", offsetof(rm_weights, reach_undecided)},
    {"R", "allow_any", offsetof(rm_weights, reach_allow_any)},
    {"R", "named", offsetof(rm_weights, reach_named)},
    {"R", "held", offsetof(rm_weights, reach_held)},
    {"R", "hardware", offsetof(rm_weights, reach_hardware)},
    {"V", "unvalidated", offsetof(rm_weights, unvalidated)},
    {"V", "unknown", offsetof(rm_weights, unknown)},
    {"V", "partial", offsetof(rm_weights, partial)},
    {"V", "validated", offsetof(rm_weights, validated)},
    {"c", "per_boundary", offsetof(rm_weights, per_boundary)},
    {"c", "kernel_mode", offsetof(rm_weights, kernel_mode)},
};

enum { SCALARS = sizeof scalars / sizeof scalars[0], UNKNOWN_SEVERITY = 400 };

uint32_t *rm_weight_named(rm_weights *weights, rm_str factor, rm_str name) {
    for (size_t i = 0; i < SCALARS; i++) {
        if (rm_str_eq(factor, rm_str_from(scalars[i].factor)) &&
            rm_str_eq(name, rm_str_from(scalars[i].name))) {
            return (uint32_t *)(void *)((unsigned char *)weights + scalars[i].field);
        }
    }
    return NULL;
}

static uint32_t scalar(const rm_weights *weights, size_t i) {
    return *(const uint32_t *)(const void *)((const unsigned char *)weights + scalars[i].field);
}

uint32_t rm_weight_of(const rm_weights *weights, const char *factor, rm_str name,
                      uint32_t standard) {
    for (uint32_t i = 0; i < weights->others.count; i++) {
        const rm_weight *w = &weights->others.at[i];
        if (rm_str_eq(w->factor, rm_str_from(factor)) && rm_str_eq(w->name, name)) {
            return w->value;
        }
    }
    return standard;
}

uint32_t rm_severity_of(const rm_weights *weights, rm_str sink_class) {
    const rm_sink_class *known = rm_sink_class_find(sink_class);
    return rm_weight_of(weights, "S", sink_class,
                        known == NULL ? UNKNOWN_SEVERITY : known->severity);
}

static rm_status add(rm_arena *arena, rm_weight_table *out, const char *factor, rm_str name,
                     uint32_t value, uint32_t standard) {
    rm_weight *row = rm_push(arena, out);
    if (row == NULL) {
        return RM_NOMEM;
    }
    *row = (rm_weight){rm_str_from(factor), name, value, standard};
    return RM_OK;
}

rm_status rm_weights_list(rm_arena *arena, const rm_weights *weights,
                          const rm_principals *principals, rm_weight_table *out) {
    uint32_t count = 0;
    const rm_sink_class *classes = rm_sink_classes(&count);
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < principals->count; i++) {
        const rm_principal *p = &principals->at[i];
        st = add(arena, out, "D", p->name, rm_weight_of(weights, "D", p->name, p->disparity),
                 p->disparity);
    }
    for (size_t i = 0; st == RM_OK && i < SCALARS; i++) {
        st = add(arena, out, scalars[i].factor, rm_str_from(scalars[i].name), scalar(weights, i),
                 scalar(&rm_default_weights, i));
    }
    for (uint32_t i = 0; st == RM_OK && i < count; i++) {
        rm_str name = rm_str_from(classes[i].name);
        st = add(arena, out, "S", name, rm_severity_of(weights, name), classes[i].severity);
    }
    return st;
}

rm_status rm_weights_from(rm_arena *arena, const rm_weight_table *table, rm_weights *out) {
    rm_weights weights = rm_default_weights;
    for (uint32_t i = 0; i < table->count; i++) {
        const rm_weight *row = &table->at[i];
        uint32_t *field = rm_weight_named(&weights, row->factor, row->name);
        if (field != NULL) {
            *field = row->value;
        } else if (row->value != row->standard) {
            rm_weight *other = rm_push(arena, &weights.others);
            if (other == NULL) {
                return RM_NOMEM;
            }
            *other = *row;
        }
    }
    *out = weights;
    return RM_OK;
}
