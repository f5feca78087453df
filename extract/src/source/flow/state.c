#include "source/flow/walk.h"

/*
 * What a request changes in the driver's own memory, whatever it writes there: switching a filter
 * off needs no byte of the caller's. One place for each request is enough; bookkeeping (locks,
 * counters, links of lists) is none.
 */

bool rm_state_asked(const rm_walk *w) {
    switch ((int)w->handler->kind) {
    case RM_ENTRY_MESSAGE: return true;
    case RM_ENTRY_IOCTL:
    case RM_ENTRY_INTERNAL_IOCTL:
    case RM_ENTRY_FSCTL:
    case RM_ENTRY_FAST_IO: return w->code_matched; /* not what happens for every code */
    default: return false;
    }
}

/* An object or block that was made for this request and stays, or who asked for it. */
static bool is_made(const rm_walk *w, const rm_symbol *s) {
    static const char *const words[] = {"Create", "Alloc", "GetCurrent", "Requestor", "Reference"};
    size_t at = 0;
    if (s->op != RM_SYMBOL_FRESH || s->taint != RM_TAINT_NONE || s->span.file == RM_NONE) {
        return false;
    }
    rm_str call = rm_span_text(w->flow->unit, s->span);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (rm_str_find(call, rm_str_from(words[i]), &at)) {
            return true;
        }
    }
    return false;
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

/* A list by its head, or by an entry whose links are all that is named. */
static uint32_t list_name(const rm_walk *w, rm_value list) {
    const rm_symbol *s = list.kind == RM_VALUE_SYMBOL ? &w->symbols.at[list.id] : NULL;
    if (is_the_request(w, list)) {
        return RM_NONE;
    }
    if (list.kind == RM_VALUE_POINTER && is_state(w, list.id)) {
        return rm_kept_name(w, list.id);
    }
    return s != NULL && s->taint == RM_TAINT_KEPT ? s->owner : RM_NONE;
}

/* What a list lies in, or the entry found before the place, may be any of the driver's. */
static bool may_be_state(const rm_walk *w, rm_value value) {
    const rm_symbol *s = value.kind == RM_VALUE_SYMBOL ? &w->symbols.at[value.id] : NULL;
    return s != NULL && s->scattered && s->taint <= RM_TAINT_UNKNOWN && s->op == RM_SYMBOL_PHI;
}

uint32_t rm_state_kept(const rm_walk *w, rm_value object) {
    const rm_symbol *s = object.kind == RM_VALUE_SYMBOL ? &w->symbols.at[object.id] : NULL;
    uint32_t name = RM_NONE;
    if (is_the_request(w, object)) {
        return RM_NONE;
    }
    if (object.kind == RM_VALUE_POINTER && is_state(w, object.id)) {
        name = rm_kept_name(w, object.id);
    } else if (s != NULL && s->taint == RM_TAINT_KEPT) {
        name = s->owner;
    }
    return name != RM_NONE && is_bookkeeping(rm_names_text(w->names, name)) ? RM_NONE : name;
}

void rm_state_list(rm_walk *w, rm_world *world, rm_value list, rm_value entry, rm_span span) {
    if (w->frame == NULL || !rm_state_asked(w) || is_the_request(w, entry)) {
        return;
    }
    uint32_t name = list_name(w, list);
    if (name != RM_NONE) {
        rm_sink_state(w, world, &(rm_state_change){.name = name, .span = span});
    } else if (may_be_state(w, list)) {
        rm_state_change change = {.name = rm_names_id(w->names, RM_STR("a list")),
                                  .unsure =
                                      "which list it is, the driver's or the request's own, is "
                                      "not known",
                                  .span = span};
        rm_sink_state(w, world, &change);
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

static void changed(rm_walk *w, rm_world *world, uint32_t cell, bool off, rm_span span) {
    uint32_t name = rm_kept_name(w, cell);
    if (name != RM_NONE && !is_bookkeeping(rm_names_text(w->names, name))) {
        bool searched = is_searched(w, cell);
        rm_state_change change = {
            .name = name,
            .off = off,
            .searched = searched,
            .unsure = searched ? "which element is changed is found by a search that "
                                 "the caller's value may decide"
                               : NULL,
            .span = span};
        rm_sink_state(w, world, &change);
    }
}

void rm_state_changed(rm_walk *w, rm_world *world, uint32_t cell, rm_value value, rm_span span) {
    if (w->frame != NULL && rm_state_asked(w) && is_written_down(w, value, 0) &&
        is_state(w, cell) && !rm_kept_of_constructor(w, cell) &&
        !rm_object_stored(w, world, cell, value, span)) {
        changed(w, world, cell, value.kind == RM_VALUE_CONST && value.n == 0, span);
    }
}

void rm_state_length(rm_walk *w, rm_world *world, uint32_t cell, rm_span span) {
    if (w->frame != NULL && rm_state_asked(w) && is_state(w, cell)) {
        changed(w, world, cell, false, span);
    }
}
