#include "source/flow/walk.h"

/*
 * What a request changes in the driver's own memory, whatever it writes there: switching a filter
 * off needs no byte of the caller's. One place for each request is enough; bookkeeping (locks,
 * counters, links of lists) is none.
 */

static bool is_asked_for(const rm_walk *w) {
    switch ((int)w->handler->kind) {
    case RM_ENTRY_MESSAGE: return true;
    case RM_ENTRY_IOCTL:
    case RM_ENTRY_INTERNAL_IOCTL:
    case RM_ENTRY_FSCTL:
    case RM_ENTRY_FAST_IO: return w->code_matched; /* not what happens for every code */
    default: return false;
    }
}

/* An object or block that was made for this request and stays. */
static bool is_made(const rm_walk *w, const rm_symbol *s) {
    size_t at = 0;
    if (s->op != RM_SYMBOL_FRESH || s->taint != RM_TAINT_NONE || s->span.file == RM_NONE) {
        return false;
    }
    rm_str call = rm_span_text(w->flow->unit, s->span);
    return rm_str_find(call, RM_STR("Create"), &at) || rm_str_find(call, RM_STR("Alloc"), &at);
}

/* A number, or one of several: what the driver itself wrote down. */
static bool is_written_down(const rm_walk *w, rm_value value, unsigned depth) {
    if (value.kind != RM_VALUE_SYMBOL) {
        return true;
    }
    const rm_symbol *s = &w->symbols.at[value.id];
    if (is_made(w, s)) {
        return true;
    }
    return depth < 8 && s->taint == RM_TAINT_NONE && s->op == RM_SYMBOL_PHI && !s->loop &&
           is_written_down(w, s->a, depth + 1) && is_written_down(w, s->b, depth + 1);
}

/* Made for this request: an allocation that is not followed, a mapping. */
static bool is_made_here(const rm_walk *w, const rm_symbol *pointer) {
    size_t at = 0;
    if (pointer->op != RM_SYMBOL_FRESH || pointer->span.file == RM_NONE) {
        return false;
    }
    rm_str call = rm_span_text(w->flow->unit, pointer->span);
    return rm_str_find(call, RM_STR("lloc"), &at) || rm_str_starts(call, RM_STR("Mm")) ||
           rm_str_find(call, RM_STR("StackLocation"), &at);
}

static bool has_own_member(const rm_walk *w, uint32_t cell) {
    while (cell != RM_NONE) {
        const rm_cell *c = &w->cells.at[cell];
        if (c->kind == RM_CELL_FIELD && c->record != NULL) {
            return true;
        }
        cell = c->parent;
    }
    return false;
}

/* A variable or structure that these sources declare and that outlives the request. */
static bool is_state(const rm_walk *w, uint32_t cell) {
    const rm_cell *root = &w->cells.at[w->cells.at[cell].root];
    switch ((int)root->kind) {
    case RM_CELL_GLOBAL:
        /* or a class's member, named in its functions */
        return rm_decls_global(w->flow->decls, rm_names_text(w->names, root->a)) != NULL ||
               rm_decls_is_member(w->flow->decls, rm_names_text(w->names, root->a));
    case RM_CELL_STATIC: return true;
    case RM_CELL_HEAP: return root->mixed && has_own_member(w, cell);
    case RM_CELL_POINTEE:
        return !rm_cell_shared(w, cell) && has_own_member(w, cell) && root->a < w->symbols.count &&
               !is_made_here(w, &w->symbols.at[root->a]);
    default: return false;
    }
}

static bool is_bookkeeping(rm_str name) {
    static const char *const words[] = {"Flink", "Blink",  "Next",   "Lock",  "lock", "RefCount",
                                        "Refs",  "Status", "status", "Error", "Irql", "irql"};
    size_t at = 0;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (rm_str_find(name, rm_str_from(words[i]), &at)) {
            return true;
        }
    }
    return false;
}

/* The request itself, parked until it can be completed, is no state. */
static bool is_the_request(const rm_walk *w, rm_value value) {
    if (value.kind != RM_VALUE_POINTER) {
        return false;
    }
    const rm_cell *root = &w->cells.at[w->cells.at[value.id].root];
    const rm_symbol *s = root->kind == RM_CELL_POINTEE && root->a < w->symbols.count
                             ? &w->symbols.at[root->a]
                             : NULL;
    return s != NULL && s->op == RM_SYMBOL_SOURCE;
}

void rm_state_list(rm_walk *w, rm_world *world, rm_value list, rm_value entry, rm_span span) {
    const rm_symbol *s = rm_symbol_of(w, list);
    uint32_t name = RM_NONE;
    if (w->frame == NULL || !is_asked_for(w) || is_the_request(w, entry) ||
        is_the_request(w, list)) {
        return;
    }
    if (list.kind == RM_VALUE_POINTER && is_state(w, list.id)) {
        name = rm_kept_name(w, list.id);
    } else if (s != NULL && s->taint == RM_TAINT_KEPT) {
        name = s->owner;
    }
    if (name != RM_NONE) {
        rm_sink_state(w, world, name, false, span);
    }
}

/* An element that was looked for: what it is compared with may be the caller's. */
static bool is_searched(const rm_walk *w, uint32_t cell) {
    for (; cell != RM_NONE; cell = w->cells.at[cell].parent) {
        const rm_cell *c = &w->cells.at[cell];
        if (c->kind == RM_CELL_INDEX && c->index.kind == RM_VALUE_SYMBOL) {
            return true;
        }
    }
    return false;
}

void rm_state_changed(rm_walk *w, rm_world *world, uint32_t cell, rm_value value, rm_span span) {
    if (w->frame == NULL || !is_asked_for(w) || !is_written_down(w, value, 0) ||
        !is_state(w, cell) || rm_kept_of_constructor(w, cell) ||
        rm_object_stored(w, world, cell, value, span)) {
        return;
    }
    uint32_t name = rm_kept_name(w, cell);
    if (name != RM_NONE && !is_bookkeeping(rm_names_text(w->names, name))) {
        rm_sink_state(w, world, name, is_searched(w, cell), span);
    }
}
