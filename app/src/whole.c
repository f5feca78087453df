#include "whole.h"

#include <stdlib.h>

static void keep_and_print(void *payload, rm_level level, rm_loc loc, const char *id, rm_str text) {
    const rm_keeper *keeper = payload;
    rm_arena *arena = keeper->model->arena;
    rm_diagnostic d = {.level = level, .place = loc};
    rm_diagnostic *kept = NULL;
    if (rm_str_copy(arena, loc.file, &d.place.file) == RM_OK &&
        rm_str_copy(arena, rm_str_from(id), &d.id) == RM_OK &&
        rm_str_copy(arena, text, &d.message) == RM_OK) {
        kept = rm_push(arena, &keeper->model->diagnostics);
    }
    if (kept != NULL) {
        *kept = d;
    }
    keeper->in->sink.emit(keeper->in->sink.payload, level, loc, id, text);
}

rm_sink rm_keeping_sink(rm_keeper *keeper) {
    return (rm_sink){.emit = keep_and_print, .payload = keeper};
}

static int compare_u32(uint32_t a, uint32_t b) {
    return (a > b) - (a < b);
}

static int by_place(const void *a, const void *b) {
    const rm_diagnostic *x = a;
    const rm_diagnostic *y = b;
    int order = rm_str_cmp(x->place.file, y->place.file);
    order = order != 0 ? order : compare_u32(x->place.line, y->place.line);
    order = order != 0 ? order : compare_u32(x->place.column, y->place.column);
    order = order != 0 ? order : rm_str_cmp(x->id, y->id);
    return order != 0 ? order : rm_str_cmp(x->message, y->message);
}

/* The order of reading leaves no trace. */
static void sort_diagnostics(rm_diagnostics *list) {
    if (list->count > 1) {
        qsort(list->at, list->count, sizeof *list->at, by_place);
    }
}

static int by_name(const void *a, const void *b) {
    const rm_given_value *x = a;
    const rm_given_value *y = b;
    const int order = rm_str_cmp(x->name, y->name);
    return order != 0 ? order : rm_str_cmp(x->value, y->value);
}

static void sort_givens(rm_given_values *list) {
    uint32_t kept = 0;
    if (list->count > 1) {
        qsort(list->at, list->count, sizeof *list->at, by_name);
    }
    for (uint32_t i = 0; i < list->count; i++) {
        if (kept == 0 || by_name(&list->at[kept - 1], &list->at[i]) != 0) {
            list->at[kept++] = list->at[i];
        }
    }
    list->count = kept;
}

rm_status rm_make_whole(rm_invocation *in, rm_model *model, rm_sink *sink,
                        const rm_whole_with *with) {
    sort_givens(&model->givens);
    sort_diagnostics(&model->diagnostics);
    rm_status st = rm_model_keep_read(model);
    if (st == RM_OK) {
        st = rm_model_link(model, sink);
    }
    if (st == RM_OK) {
        rm_derive_options derive = {.weights = &with->weights,
                                    .all_origins = rm_given(in, "--all-origins") != NULL,
                                    .principals = &with->principals};
        st = rm_derive(model, sink, &derive);
    }
    sort_diagnostics(&model->diagnostics);
    return st == RM_OK ? rm_apply_team_rules(in, model, &with->rules) : st;
}

void rm_count_whole(const rm_model *m, rm_buf *out) {
    const struct {
        uint32_t count;
        const char *one, *many;
    } lists[] = {
        {m->drivers.count, "driver", "drivers"}, {m->devices.count, "device", "devices"},
        {m->entries.count, "entry", "entries"},  {m->apps.count, "app", "apps"},
        {m->paths.count, "path", "paths"},       {m->findings.count, "finding", "findings"},
    };
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        rm_buf_printf(out, "%s%u %s", i > 0 ? ", " : "", (unsigned)lists[i].count,
                      rm_plural(lists[i].count, lists[i].one, lists[i].many));
    }
}
