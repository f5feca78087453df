#include "source/flow/walk.h"

/*
 * Stores into the kernel's own objects: a process or thread that the caller named, changed at an
 * offset. Which member it is says the name of the offset, where it has one.
 */

enum { MOST_STEPS = 8 };

typedef struct object_store {
    uint32_t object; /* the symbol that a routine found for the caller's id */
    bool protection; /* of a process: an offset that is called so */
} object_store;

static bool is_called(const rm_walk *w, rm_value value, const char *word) {
    size_t at = 0;
    return value.kind == RM_VALUE_SYMBOL && w->symbols.at[value.id].name != RM_NONE &&
           rm_str_find(rm_names_text(w->names, w->symbols.at[value.id].name), rm_str_from(word),
                       &at);
}

/* The object that an address lies in: it, or it and an offset. */
static bool find_object(const rm_walk *w, uint32_t symbol, object_store *out) {
    for (unsigned i = 0; i < MOST_STEPS; i++) {
        const rm_symbol *s = &w->symbols.at[symbol];
        if (s->op == RM_SYMBOL_LOOKUP) {
            out->object = symbol;
            return s->taint == RM_TAINT_USER;
        }
        if (s->op != RM_SYMBOL_CAST && s->op != RM_SYMBOL_ARITH) {
            return false;
        }
        out->protection |= is_called(w, s->b, "Protect") || is_called(w, s->b, "Signature");
        if (s->a.kind != RM_VALUE_SYMBOL) {
            return false;
        }
        symbol = s->a.id;
    }
    return false;
}

/* Offsets that are elements: (PUCHAR)process + offset. */
static void look_at_offsets(const rm_walk *w, uint32_t cell, object_store *out) {
    while (cell != RM_NONE) {
        const rm_cell *c = &w->cells.at[cell];
        if (c->kind == RM_CELL_INDEX) {
            out->protection |=
                is_called(w, c->index, "Protect") || is_called(w, c->index, "Signature");
        }
        cell = c->parent;
    }
}

static const char *kind_of(const rm_walk *w, const object_store *store) {
    rm_str made = rm_span_text(w->flow->unit, w->symbols.at[store->object].span);
    size_t at = 0;
    if (rm_str_find(made, RM_STR("PsLookupProcess"), &at) ||
        rm_str_find(made, RM_STR("PsProcessType"), &at)) {
        return store->protection ? "process protection=v" : "process member=v";
    }
    if (rm_str_find(made, RM_STR("PsLookupThread"), &at) ||
        rm_str_find(made, RM_STR("PsThreadType"), &at)) {
        return "thread member=v";
    }
    return rm_str_find(made, RM_STR("PrimaryToken"), &at) ? "token member=v" : NULL;
}

/* What a routine gave, through casts; RM_NONE: nothing of the kind. */
static uint32_t given_by_kernel(const rm_walk *w, uint32_t symbol) {
    for (unsigned i = 0; i < MOST_STEPS; i++) {
        const rm_symbol *s = &w->symbols.at[symbol];
        if (s->op == RM_SYMBOL_LOOKUP) {
            return s->of_kernel ? symbol : RM_NONE;
        }
        if (s->op != RM_SYMBOL_CAST || s->a.kind != RM_VALUE_SYMBOL) {
            return RM_NONE;
        }
        symbol = s->a.id;
    }
    return RM_NONE;
}

/* MajorFunction[i], DriverUnload and the like of a driver's object. */
static bool is_dispatch_member(const rm_walk *w, uint32_t cell) {
    static const char *const members[] = {"MajorFunction", "DriverUnload", "DriverStartIo",
                                          "FastIoDispatch", "AddDevice"};
    for (; cell != RM_NONE; cell = w->cells.at[cell].parent) {
        const rm_cell *c = &w->cells.at[cell];
        for (size_t i = 0; c->kind == RM_CELL_FIELD && i < sizeof members / sizeof members[0];
             i++) {
            if (rm_str_eq(rm_names_text(w->names, c->a), rm_str_from(members[i]))) {
                return true;
            }
        }
    }
    return false;
}

/* Another driver's dispatch table is changed: one that was looked up. */
static bool dispatch_stored(rm_walk *w, rm_world *world, uint32_t cell, rm_span span) {
    const rm_cell *root = &w->cells.at[w->cells.at[cell].root];
    const rm_symbol *table = &w->symbols.at[root->a];
    if (table->op == RM_SYMBOL_PART && table->cell > 0) { /* MajorFunction[i]: an array or not */
        cell = table->cell - 1;
        root = &w->cells.at[w->cells.at[cell].root];
    }
    bool pointed = root->kind == RM_CELL_POINTEE && root->a < w->symbols.count;
    uint32_t driver =
        pointed && is_dispatch_member(w, cell) ? given_by_kernel(w, root->a) : RM_NONE;
    if (driver == RM_NONE) {
        return false;
    }
    rm_value object = rm_value_symbol(driver);
    rm_sink_object(w, world, rm_api_expression(RM_STR("driver dispatch=v")), &object, span);
    return true;
}

bool rm_object_stored(rm_walk *w, rm_world *world, uint32_t cell, rm_value value, rm_span span) {
    const rm_cell *root = &w->cells.at[w->cells.at[cell].root];
    object_store store = {.object = RM_NONE};
    if (w->frame == NULL || root->kind != RM_CELL_POINTEE || root->a >= w->symbols.count) {
        return false;
    }
    if (dispatch_stored(w, world, cell, span)) {
        return true;
    }
    if (!find_object(w, root->a, &store)) {
        return false;
    }
    look_at_offsets(w, cell, &store);
    const char *kind = kind_of(w, &store);
    if (kind != NULL) {
        rm_sink_object(w, world, rm_api_expression(rm_str_from(kind)),
                       (rm_value[]){rm_value_symbol(store.object), value}, span);
    }
    return kind != NULL;
}
