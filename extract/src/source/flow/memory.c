#include "source/flow/walk.h"

/* --- what was there before --- */

static rm_taint taint_behind(const rm_symbol *pointer, bool found) {
    /* what a routine finds in a table of the driver's is the driver's */
    bool object = found && (pointer->op != RM_SYMBOL_LOOKUP || pointer->of_kernel);
    bool kit_object = pointer->op == RM_SYMBOL_SOURCE || object || pointer->kernels;
    if (pointer->taint == RM_TAINT_USER && !found) {
        return RM_TAINT_USER;
    }
    if (pointer->taint == RM_TAINT_UNKNOWN || pointer->scattered) {
        return RM_TAINT_UNKNOWN;
    }
    return kit_object ? RM_TAINT_NONE : RM_TAINT_KEPT;
}

static uint32_t make_initial(rm_walk *w, const rm_cell *root) {
    rm_span nowhere = {.file = RM_NONE};
    uint32_t id = 0;
    if (root->kind == RM_CELL_BUFFER) {
        return rm_symbol_source(w, (rm_source)root->a);
    }
    if (root->kind == RM_CELL_POINTEE && root->a < w->symbols.count) {
        const rm_symbol pointer = w->symbols.at[root->a];
        id = rm_symbol_fresh(w, taint_behind(&pointer, rm_symbol_is_found(w, root->a)), NULL,
                             pointer.span);
        rm_symbol *s = &w->symbols.at[id];
        s->source = pointer.source;
        s->is_source = pointer.is_source;
        s->name = pointer.name;
        s->owner = pointer.owner;
        s->contents = s->taint == RM_TAINT_KEPT;
        s->why = pointer.scattered && pointer.why == NULL
                     ? "it is read through a pointer to one of several places"
                     : pointer.why;
        return id;
    }
    /* what the sources do not declare is the kernel's: PsProcessType */
    bool kernels = root->kind == RM_CELL_GLOBAL &&
                   rm_decls_global(w->flow->decls, rm_names_text(w->names, root->a)) == NULL &&
                   !rm_decls_is_member(w->flow->decls, rm_names_text(w->names, root->a));
    bool outlives = (root->kind == RM_CELL_GLOBAL && !kernels) || root->kind == RM_CELL_STATIC;
    bool number = outlives && root->type.pointers == 0 && root->type.dims == 0;
    id = rm_symbol_fresh(w, outlives ? RM_TAINT_KEPT : RM_TAINT_NONE, number ? &root->type : NULL,
                         nowhere);
    w->symbols.at[id].kernels = kernels;
    w->symbols.at[id].unset = !outlives && !kernels;
    w->symbols.at[id].nowhere = root->kind == RM_CELL_NOWHERE && root->b == 0;
    if (kernels) {
        w->symbols.at[id].name = root->a;
    }
    if (outlives) {
        w->symbols.at[id].owner = root->kind == RM_CELL_GLOBAL ? root->a : RM_NONE;
        w->symbols.at[id].name = w->symbols.at[id].owner;
    }
    return id;
}

static rm_value initial_value(rm_walk *w, uint32_t root) {
    if (w->cells.at[root].initial == RM_NONE) {
        rm_cell copy = w->cells.at[root];
        uint32_t id = make_initial(w, &copy);
        w->cells.at[root].initial = id;
    }
    return rm_value_symbol(w->cells.at[root].initial);
}

static rm_value part_of(rm_walk *w, rm_value whole, uint32_t cell) {
    if (whole.kind == RM_VALUE_SYMBOL && whole.id < w->symbols.count) {
        rm_cell component = w->cells.at[cell];
        uint32_t part = rm_symbol_part(w, whole.id, &component);
        if (part < w->symbols.count && w->symbols.at[part].cell == 0) {
            w->symbols.at[part].cell = cell + 1;
        }
        return rm_value_symbol(part);
    }
    return whole; /* of zeros: zero; of anything else the walk knows no better */
}

static rm_value value_at(rm_walk *w, const rm_world *world, uint32_t cell) {
    rm_value value;
    if (rm_world_get(world, cell, &value)) {
        return value;
    }
    uint32_t parent = w->cells.at[cell].parent;
    return parent == RM_NONE ? initial_value(w, cell)
                             : part_of(w, value_at(w, world, parent), cell);
}

/* --- which places share bytes --- */

static unsigned depth_of(const rm_walk *w, uint32_t cell) {
    unsigned depth = 0;
    while ((cell = w->cells.at[cell].parent) != RM_NONE) {
        depth++;
    }
    return depth;
}

static bool components_overlap(const rm_walk *w, const rm_cell *a, const rm_cell *b) {
    if (a->kind == RM_CELL_FIELD && b->kind == RM_CELL_FIELD) {
        return a->b != b->b || rm_type_overlaps(a->record, rm_names_text(w->names, a->a),
                                                rm_names_text(w->names, b->a));
    }
    if (a->kind == RM_CELL_INDEX && b->kind == RM_CELL_INDEX) {
        bool fixed = a->index.kind == RM_VALUE_CONST && b->index.kind == RM_VALUE_CONST;
        return !fixed || a->b != b->b || a->index.n == b->index.n;
    }
    const rm_cell *scalar = a->kind == RM_CELL_SCALAR ? a : b;
    const rm_cell *index = a->kind == RM_CELL_SCALAR ? b : a;
    if (scalar->kind == RM_CELL_SCALAR && index->kind == RM_CELL_INDEX &&
        index->index.kind == RM_VALUE_CONST && index->index.n > 0 && index->b < 1000) {
        return scalar->b > index->b * (uint64_t)index->index.n;
    }
    return true;
}

/* Does a place have bytes that its parent has not? *(PULONGLONG)&x->Word, (&x->Word)[1] */
static bool reaches_beyond(const rm_walk *w, uint32_t cell) {
    const rm_cell *c = &w->cells.at[cell];
    const rm_cell *parent = c->parent == RM_NONE ? NULL : &w->cells.at[c->parent];
    if (parent == NULL || parent->parent == RM_NONE ||
        (c->kind == RM_CELL_FIELD && c->record == NULL)) {
        return false;
    }
    int64_t size = rm_type_size(&parent->type);
    if (size <= 0 || c->kind == RM_CELL_SCALAR || c->kind == RM_CELL_FIELD) {
        int64_t own = c->kind == RM_CELL_FIELD ? c->record->size : c->b / 8;
        return size > 0 && own > size;
    }
    int64_t one = rm_type_size(&c->type);
    bool fixed = c->index.kind == RM_VALUE_CONST && one > 0;
    return c->kind == RM_CELL_INDEX &&
           (fixed ? c->index.n < 0 || c->index.n > (size - one) / one : parent->type.dims == 0);
}

static int64_t size_of_place(const rm_cell *c) {
    return c->kind == RM_CELL_SCALAR ? c->b / 8 : rm_type_size(&c->type);
}

/* Does one of two places end, as far as is known, before the other begins? */
static bool are_apart(const rm_walk *w, uint32_t a, uint32_t b) {
    int64_t at_a = rm_cell_offset(w, a);
    int64_t at_b = rm_cell_offset(w, b);
    int64_t size_a = size_of_place(&w->cells.at[a]);
    int64_t size_b = size_of_place(&w->cells.at[b]);
    return at_a >= 0 && at_b >= 0 && size_a > 0 && size_b > 0 &&
           (at_a + size_a <= at_b || at_b + size_b <= at_a);
}

/* May two places of one root share bytes? Neither is part of the other. */
static bool overlap(const rm_walk *w, uint32_t a, uint32_t b) {
    uint32_t one = a;
    uint32_t other = b;
    unsigned da = depth_of(w, a);
    unsigned db = depth_of(w, b);
    bool beyond = false;
    for (; da > db; da--) {
        beyond |= reaches_beyond(w, a);
        a = w->cells.at[a].parent;
    }
    for (; db > da; db--) {
        beyond |= reaches_beyond(w, b);
        b = w->cells.at[b].parent;
    }
    while (a != b && w->cells.at[a].parent != w->cells.at[b].parent) {
        beyond |= reaches_beyond(w, a) || reaches_beyond(w, b);
        a = w->cells.at[a].parent;
        b = w->cells.at[b].parent;
    }
    if (beyond) {
        return !are_apart(w, one, other);
    }
    return a == b || components_overlap(w, &w->cells.at[a], &w->cells.at[b]);
}

/* --- reading --- */

rm_value rm_memory_peek(rm_walk *w, const rm_world *world, uint32_t cell) {
    return value_at(w, world, cell);
}

static bool is_aggregate(const rm_type *type) {
    return type != NULL && type->pointers == 0 && (type->dims > 0 || type->bits == 0);
}

/* An element at an index that may lie outside: whatever is there, not what the table holds. */
static bool through_loose_index(const rm_walk *w, const rm_world *world, uint32_t cell) {
    while (cell != RM_NONE) {
        const rm_cell *c = &w->cells.at[cell];
        if (c->kind == RM_CELL_INDEX && c->index.kind == RM_VALUE_SYMBOL) {
            const rm_symbol *index = &w->symbols.at[c->index.id];
            rm_range r = rm_range_of(w, world, c->index);
            const rm_type *array = &w->cells.at[c->parent].type;
            int64_t count = array->dims > 0 ? array->count[0] : 0;
            bool outside = count > 0 && !(r.has_lo && r.lo >= 0 && r.has_hi && r.hi < count);
            if ((index->taint >= RM_TAINT_UNKNOWN || (index->loop && r.caller_hi)) &&
                (!r.hi_ok || outside)) {
                return true;
            }
        }
        cell = c->parent;
    }
    return false;
}

/* Where a part was read first. */
static void note_place(rm_walk *w, rm_value value, rm_span span) {
    rm_symbol *s = rm_symbol_of(w, value);
    if (s != NULL && s->op == RM_SYMBOL_PART && s->span.file == RM_NONE) {
        s->span = span;
    }
}

rm_value rm_memory_load(rm_walk *w, rm_world *world, uint32_t cell, const rm_type *type,
                        rm_span span) {
    rm_value value;
    uint32_t root = w->cells.at[cell].root;
    bool bound = rm_world_get(world, cell, &value);
    if (!bound && rm_cell_shared(w, cell)) {
        (void)initial_value(w, root);
        return rm_value_symbol(rm_symbol_fetch(w, cell, type, span));
    }
    if (!bound) {
        value = value_at(w, world, cell);
        note_place(w, value, span);
    }
    if (bound && rm_cell_shared(w, cell)) {
        return value;
    }
    for (uint32_t i = 0; i < world->memory.count; i++) {
        uint32_t other = world->memory.at[i].cell;
        if (other == cell || w->cells.at[other].root != root || rm_cell_within(w, cell, other) ||
            (bound && !rm_cell_within(w, other, cell)) ||
            (rm_cell_within(w, other, cell) && is_aggregate(type)) || !overlap(w, cell, other)) {
            continue;
        }
        value = rm_symbol_phi(w, value, world->memory.at[i].value, type, false);
    }
    if (rm_value_taint(w, value) < RM_TAINT_UNKNOWN && through_loose_index(w, world, cell)) {
        return rm_value_unknown(w, "it is read through an index that is not bounded", span);
    }
    return value;
}

bool rm_memory_member(const rm_walk *w, const rm_world *world, uint32_t cell, rm_str name,
                      rm_value *out) {
    bool found = false;
    for (uint32_t i = 0; i < world->memory.count; i++) {
        const rm_binding *b = &world->memory.at[i];
        const rm_cell *c = &w->cells.at[b->cell];
        if (c->kind == RM_CELL_FIELD && c->parent == cell &&
            rm_str_eq(rm_names_text(w->names, c->a), name) &&
            (!found || rm_value_taint(w, b->value) > rm_value_taint(w, *out) ||
             (b->value.kind == RM_VALUE_POINTER && out->kind != RM_VALUE_POINTER))) {
            *out = b->value;
            found = true;
        }
    }
    return found;
}

rm_value rm_memory_worst(rm_walk *w, const rm_world *world, uint32_t cell) {
    uint32_t root = w->cells.at[cell].root;
    rm_value worst = rm_memory_peek(w, world, cell);
    for (uint32_t i = 0; i < world->memory.count; i++) {
        uint32_t other = world->memory.at[i].cell;
        rm_value value = world->memory.at[i].value;
        if (w->cells.at[other].root == root && rm_cell_within(w, other, cell) &&
            rm_value_taint(w, value) > rm_value_taint(w, worst)) {
            worst = value;
        }
    }
    return worst;
}

/* --- writing --- */

static void remove_below(const rm_walk *w, rm_world *world, uint32_t cell) {
    uint32_t root = w->cells.at[cell].root;
    for (uint32_t i = world->memory.count; i > 0; i--) {
        uint32_t other = world->memory.at[i - 1].cell;
        if (w->cells.at[other].root == root && rm_cell_within(w, other, cell)) {
            rm_world_unset(world, i - 1, i);
        }
    }
}

/* Other names for the same bytes may hold the new value now. */
static void weaken_others(rm_walk *w, rm_world *world, uint32_t cell, rm_value value) {
    uint32_t root = w->cells.at[cell].root;
    for (uint32_t i = 0; i < world->memory.count; i++) {
        uint32_t other = world->memory.at[i].cell;
        if (w->cells.at[other].root == root && other != cell && !rm_cell_within(w, cell, other) &&
            overlap(w, cell, other) && !rm_value_eq(world->memory.at[i].value, value)) {
            world->memory.at[i].value =
                rm_symbol_phi(w, world->memory.at[i].value, value, &w->cells.at[other].type, false);
        }
    }
}

void rm_memory_store(rm_walk *w, rm_world *world, uint32_t cell, rm_value value) {
    rm_answer_stored(w, cell, value);
    if (rm_cell_shared(w, cell)) {
        return; /* who reads it again gets whatever the caller made of it meanwhile */
    }
    remove_below(w, world, cell);
    weaken_others(w, world, cell, value);
    rm_try_stored(w, cell, value);
    rm_world_set(w, world, cell, value);
}

/* The place below `to` that corresponds to `cell` below `from`. */
static uint32_t rebased(rm_walk *w, uint32_t cell, uint32_t from, uint32_t to, unsigned depth) {
    if (cell == from || depth > 16) {
        return to;
    }
    rm_cell c = w->cells.at[cell];
    uint32_t parent = rebased(w, c.parent, from, to, depth + 1);
    if (c.kind == RM_CELL_FIELD) {
        rm_type of = {.name = rm_names_text(w->names, c.b), .record = c.record};
        return rm_cell_field(w, parent, rm_names_text(w->names, c.a), &of);
    }
    if (c.kind == RM_CELL_INDEX) {
        return rm_cell_index(w, parent, c.index, &c.type);
    }
    return rm_cell_deref(w, rm_value_pointer(parent), &c.type);
}

void rm_memory_copy(rm_walk *w, rm_world *world, uint32_t to, uint32_t from, rm_span span) {
    rm_bindings below = {0};
    uint32_t root = w->cells.at[from].root;
    rm_value whole = rm_memory_load(w, world, from, &(rm_type){.name = RM_STR_NONE}, span);
    for (uint32_t i = 0; i < world->memory.count; i++) {
        uint32_t other = world->memory.at[i].cell;
        if (w->cells.at[other].root == root && other != from && rm_cell_within(w, other, from)) {
            rm_binding *slot = rm_push(w->arena, &below);
            if (slot == NULL) {
                w->status = RM_NOMEM;
                return;
            }
            *slot = world->memory.at[i];
        }
    }
    rm_memory_store(w, world, to, whole);
    for (uint32_t i = 0; i < below.count && w->status == RM_OK; i++) {
        uint32_t cell = rebased(w, below.at[i].cell, from, to, 0);
        if (!rm_cell_shared(w, cell)) {
            rm_try_stored(w, cell, below.at[i].value);
            rm_world_set(w, world, cell, below.at[i].value);
        }
    }
}

/* What so many bytes from a place on are part of. */
static uint32_t holder_of(const rm_walk *w, uint32_t cell, int64_t bytes) {
    while (w->cells.at[cell].parent != RM_NONE && size_of_place(&w->cells.at[cell]) > 0 &&
           size_of_place(&w->cells.at[cell]) < bytes) {
        cell = w->cells.at[cell].parent;
    }
    return cell;
}

void rm_memory_spill(rm_walk *w, rm_world *world, uint32_t to, uint32_t from, int64_t bytes) {
    const rm_cell *c = &w->cells.at[to];
    int64_t size = rm_type_size(&c->type);
    bool part = c->kind == RM_CELL_FIELD || c->kind == RM_CELL_INDEX;
    rm_value value = rm_memory_peek(w, world, holder_of(w, from, bytes));
    if (part && size > 0 && bytes > size && bytes <= INT32_MAX / 8 &&
        rm_value_taint(w, value) != RM_TAINT_NONE) {
        rm_memory_store(w, world, rm_cell_bytes(w, to, (uint32_t)bytes), value);
    }
}

void rm_memory_forget(rm_walk *w, rm_world *world, uint32_t cell, rm_value value) {
    rm_memory_store(w, world, cell, value);
}
