#include <string.h>

#include "source/flow/walk.h"

/* --- making and dropping --- */

rm_world *rm_world_new(rm_walk *w) {
    rm_world *world = w->free_worlds;
    if (world != NULL) {
        w->free_worlds = world->next_free;
        world->next_free = NULL;
        return world;
    }
    world = RM_NEW(w->arena, rm_world);
    if (world == NULL) {
        w->status = RM_NOMEM;
    }
    return world;
}

void rm_world_drop(rm_walk *w, rm_world *world) {
    if (world == NULL) {
        return;
    }
    world->memory.count = 0;
    world->sum = 0;
    world->facts.count = 0;
    world->relation_count = 0;
    world->depth = 0;
    world->has_result = false;
    world->next_free = w->free_worlds;
    w->free_worlds = world;
}

static bool copy_items(rm_walk *w, void *to, uint32_t *capacity, uint32_t *count, const void *from,
                       uint32_t n, size_t size) {
    void *at = NULL;
    while (*capacity < n) {
        if (rm_list_grow(w->arena, to, capacity, *capacity, size) != RM_OK) {
            w->status = RM_NOMEM;
            return false;
        }
    }
    memcpy(&at, to, sizeof at);
    if (n > 0) {
        memcpy(at, from, n * size);
    }
    *count = n;
    return true;
}

rm_world *rm_world_copy(rm_walk *w, const rm_world *from) {
    rm_world *to = rm_world_new(w);
    if (to == NULL || from == NULL) {
        return NULL;
    }
    bool done = copy_items(w, &to->memory.at, &to->memory.capacity, &to->memory.count,
                           from->memory.at, from->memory.count, sizeof(rm_binding)) &&
                copy_items(w, &to->facts.at, &to->facts.capacity, &to->facts.count, from->facts.at,
                           from->facts.count, sizeof(rm_fact));
    memcpy(to->relations, from->relations, from->relation_count * sizeof(rm_relation));
    memcpy(to->stack, from->stack, from->depth * sizeof(rm_value));
    to->relation_count = from->relation_count;
    to->depth = from->depth;
    to->sum = from->sum;
    to->result = from->result;
    to->has_result = from->has_result;
    return done ? to : NULL;
}

void rm_worlds_add(rm_walk *w, rm_world_list *list, rm_world *world) {
    rm_world **slot = world == NULL ? NULL : rm_push(w->arena, list);
    if (slot == NULL) {
        w->status = world == NULL ? w->status : RM_NOMEM;
        return;
    }
    *slot = world;
}

void rm_worlds_move(rm_walk *w, rm_world_list *to, rm_world_list *from) {
    if (to->count == 0) {
        rm_world_list swap = *to;
        *to = *from;
        *from = swap;
        from->count = 0;
        return;
    }
    for (uint32_t i = 0; i < from->count; i++) {
        rm_worlds_add(w, to, from->at[i]);
    }
    from->count = 0;
}

void rm_worlds_drop(rm_walk *w, rm_world_list *list) {
    for (uint32_t i = 0; i < list->count; i++) {
        rm_world_drop(w, list->at[i]);
    }
    list->count = 0;
}

/* --- operands --- */

void rm_world_push(rm_walk *w, rm_world *world, rm_value value) {
    if (world->depth == RM_WORLD_STACK) {
        rm_walk_limit(w, "an expression is too long", (rm_span){.file = RM_NONE});
        world->stack[RM_WORLD_STACK - 1] = value;
        return;
    }
    world->stack[world->depth++] = value;
}

rm_value rm_world_pop(rm_world *world) {
    return world->depth > 0 ? world->stack[--world->depth] : rm_value_const(0);
}

/* --- memory: sorted by cell --- */

static uint32_t binding_at(const rm_world *world, uint32_t cell) {
    uint32_t low = 0;
    uint32_t high = world->memory.count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (world->memory.at[middle].cell < cell) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

bool rm_world_get(const rm_world *world, uint32_t cell, rm_value *out) {
    uint32_t at = binding_at(world, cell);
    if (at == world->memory.count || world->memory.at[at].cell != cell) {
        return false;
    }
    *out = world->memory.at[at].value;
    return true;
}

/* What a binding adds to the sum of its world. */
static uint64_t weight(uint32_t cell, rm_value value) {
    uint64_t h = ((uint64_t)cell << 32 | value.id) * 0x9E3779B97F4A7C15u;
    h ^= ((uint64_t)value.n + (uint64_t)value.kind) * 0xC2B2AE3D27D4EB4Fu;
    return (h ^ h >> 29) * 0xFF51AFD7ED558CCDu;
}

void rm_world_set(rm_walk *w, rm_world *world, uint32_t cell, rm_value value) {
    uint32_t count = world->memory.count;
    bool behind = count == 0 || world->memory.at[count - 1].cell < cell;
    uint32_t at = behind ? count : binding_at(world, cell);
    world->sum += weight(cell, value);
    if (at < world->memory.count && world->memory.at[at].cell == cell) {
        world->sum -= weight(cell, world->memory.at[at].value);
        world->memory.at[at].value = value;
        return;
    }
    if (rm_push(w->arena, &world->memory) == NULL) {
        w->status = RM_NOMEM;
        return;
    }
    memmove(&world->memory.at[at + 1], &world->memory.at[at],
            (world->memory.count - 1 - at) * sizeof(rm_binding));
    world->memory.at[at] = (rm_binding){.cell = cell, .value = value};
}

void rm_world_unset(rm_world *world, uint32_t from, uint32_t to) {
    for (uint32_t i = from; i < to; i++) {
        world->sum -= weight(world->memory.at[i].cell, world->memory.at[i].value);
    }
    memmove(&world->memory.at[from], &world->memory.at[to],
            (world->memory.count - to) * sizeof(rm_binding));
    world->memory.count -= to - from;
}

void rm_world_cut(rm_world *world, uint32_t count) {
    world->memory.count = count;
    world->sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        world->sum += weight(world->memory.at[i].cell, world->memory.at[i].value);
    }
}

void rm_world_leave(const rm_walk *w, rm_world *world, uint32_t frame) {
    for (uint32_t i = world->memory.count; i > 0; i--) {
        const rm_cell *root = &w->cells.at[w->cells.at[world->memory.at[i - 1].cell].root];
        if (root->kind == RM_CELL_LOCAL && root->a == frame) {
            rm_world_unset(world, i - 1, i);
        }
    }
}

/* --- facts: sorted by symbol --- */

static uint32_t fact_at(const rm_world *world, uint32_t symbol) {
    uint32_t low = 0;
    uint32_t high = world->facts.count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (world->facts.at[middle].symbol < symbol) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

const rm_fact *rm_world_find_fact(const rm_world *world, uint32_t symbol) {
    uint32_t at = fact_at(world, symbol);
    return at < world->facts.count && world->facts.at[at].symbol == symbol ? &world->facts.at[at]
                                                                           : NULL;
}

rm_fact *rm_world_fact(rm_walk *w, rm_world *world, uint32_t symbol) {
    uint32_t at = fact_at(world, symbol);
    if (at < world->facts.count && world->facts.at[at].symbol == symbol) {
        return &world->facts.at[at];
    }
    if (rm_push(w->arena, &world->facts) == NULL) {
        w->status = RM_NOMEM;
        return NULL;
    }
    memmove(&world->facts.at[at + 1], &world->facts.at[at],
            (world->facts.count - 1 - at) * sizeof(rm_fact));
    world->facts.at[at] =
        (rm_fact){.symbol = symbol, .guard = RM_NONE, .guard2 = RM_NONE, .vain = RM_NONE};
    return &world->facts.at[at];
}

void rm_world_relate(rm_world *world, uint32_t symbol, rm_value limit, bool strict) {
    for (uint32_t i = 0; i < world->relation_count; i++) {
        rm_relation *r = &world->relations[i];
        if (r->symbol == symbol && rm_value_eq(r->limit, limit)) {
            r->strict = r->strict || strict;
            return;
        }
    }
    if (world->relation_count == RM_WORLD_RELATIONS) {
        memmove(&world->relations[0], &world->relations[1],
                (RM_WORLD_RELATIONS - 1) * sizeof(rm_relation));
        world->relation_count--;
    }
    world->relations[world->relation_count++] =
        (rm_relation){.symbol = symbol, .limit = limit, .strict = strict};
}
