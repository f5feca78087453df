#include "source/flow/walk.h"

/*
 * __try with __except or __finally. An exception may come from anywhere in the body: the handler
 * sees what memory held before it, after it, and whatever was stored in between. A termination
 * handler runs on every way out of the body, a return's too.
 */

/* --- what the body stored --- */

typedef struct rm_stored {
    uint32_t cell;
    rm_value value;
} rm_stored;

RM_LIST(rm_stored_list, rm_stored);

struct rm_try {
    rm_try *outer;
    uint32_t frames; /* later ones are of functions that the body calls */
    rm_stored_list stored;
    rm_keys *seen;
};

void rm_try_stored(rm_walk *w, uint32_t cell, rm_value value) {
    rm_try *try = w->try;
    if (try == NULL) {
        return;
    }
    const rm_cell *root = &w->cells.at[w->cells.at[cell].root];
    bool plain = value.kind != RM_VALUE_POINTER && rm_value_taint(w, value) == RM_TAINT_NONE;
    if (plain || (root->kind == RM_CELL_LOCAL && root->a > try->frames)) {
        return; /* nothing of the caller's, or a variable that the handler does not see */
    }
    rm_key key = {cell, (uint32_t)value.kind, value.id, value.n};
    if (rm_keys_add(try->seen, key, try->stored.count) < try->stored.count) {
        return;
    }
    rm_stored *slot = rm_push(w->arena, &try->stored);
    if (slot == NULL) {
        w->status = RM_NOMEM;
        return;
    }
    *slot = (rm_stored){.cell = cell, .value = value};
}

/* Each of the stores may have been the last before the exception. */
static void add_stored(rm_walk *w, rm_world *world, const rm_stored_list *stored) {
    for (uint32_t i = 0; i < stored->count && w->status == RM_OK; i++) {
        const rm_stored *s = &stored->at[i];
        rm_value now = rm_memory_peek(w, world, s->cell);
        if (!rm_value_eq(now, s->value) && !rm_cell_shared(w, s->cell)) {
            rm_type type = w->cells.at[s->cell].type;
            rm_memory_store(w, world, s->cell, rm_symbol_phi(w, now, s->value, &type, false));
        }
    }
}

/* Walks the body; `before` gets the worlds in which an exception may leave it. */
static void walk_body(rm_walk *w, const rm_stmt *s, rm_world_list *worlds, rm_world_list *raised) {
    rm_try try = {.outer = w->try, .frames = w->frames, .seen = rm_keys_new(w->arena)};
    rm_world_list left = {0};
    rm_world_list *outer = w->frame->leaves;
    if (try.seen == NULL) {
        w->status = RM_NOMEM;
        return;
    }
    for (uint32_t i = 0; i < worlds->count; i++) {
        rm_worlds_add(w, raised, rm_world_copy(w, worlds->at[i]));
    }
    w->try = &try;
    w->frame->leaves = &left;
    rm_walk_stmt(w, s->body, worlds);
    w->frame->leaves = outer;
    w->try = try.outer;
    rm_worlds_move(w, worlds, &left);
    rm_worlds_join(w, worlds, rm_walk_ways(w));
    for (uint32_t i = 0; i < raised->count && w->status == RM_OK; i++) {
        for (uint32_t k = 0; k < worlds->count; k++) {
            rm_world_merge(w, raised->at[i], worlds->at[k]);
        }
        add_stored(w, raised->at[i], &try.stored);
    }
    for (uint32_t i = 0; i < try.stored.count && w->status == RM_OK; i++) {
        rm_try_stored(w, try.stored.at[i].cell, try.stored.at[i].value);
    }
}

/* --- on the way out --- */

/* The result of a return waits in memory of its own while the termination handler runs. */
static void put_result_away(rm_walk *w, rm_world_list *worlds, uint32_t cell) {
    for (uint32_t i = 0; i < worlds->count; i++) {
        rm_world *world = worlds->at[i];
        if (world->has_result) {
            rm_world_set(w, world, cell, world->result);
            world->has_result = false;
        }
    }
}

static void take_result_back(rm_world_list *worlds, uint32_t cell) {
    for (uint32_t i = 0; i < worlds->count; i++) {
        rm_world *world = worlds->at[i];
        world->has_result = rm_world_get(world, cell, &world->result);
    }
}

static void run_on(rm_walk *w, const rm_stmt *handler, rm_world_list *worlds) {
    uint32_t cell = rm_cell_root(w, RM_CELL_NOWHERE, w->serial++, 2);
    put_result_away(w, worlds, cell);
    rm_worlds_join(w, worlds, rm_walk_ways(w));
    rm_walk_stmt(w, handler, worlds);
    take_result_back(worlds, cell);
}

/* Those that jumped out of the body to a label come by, too. */
static void run_on_jumps(rm_walk *w, const rm_stmt *handler, uint32_t since) {
    for (rm_jump *jump = w->frame->jumps; jump != NULL; jump = jump->next) {
        if (jump->serial < since || jump->world == NULL) {
            continue;
        }
        rm_world_list one = {0};
        rm_worlds_add(w, &one, jump->world);
        run_on(w, handler, &one);
        rm_worlds_join(w, &one, 1);
        jump->world = one.count > 0 ? one.at[0] : NULL;
    }
}

typedef struct ways_out {
    rm_world_list returns, breaks, continues;
} ways_out;

static void walk_finally(rm_walk *w, const rm_stmt *s, rm_world_list *worlds) {
    rm_frame *frame = w->frame;
    rm_world_list raised = {0};
    ways_out ways = {.returns = {0}};
    rm_world_list returns = frame->returns;
    rm_world_list *breaks = frame->breaks;
    rm_world_list *continues = frame->continues;
    uint32_t since = ++w->serial;
    frame->returns = (rm_world_list){0};
    frame->breaks = breaks != NULL ? &ways.breaks : NULL;
    frame->continues = continues != NULL ? &ways.continues : NULL;
    walk_body(w, s, worlds, &raised);
    ways.returns = frame->returns;
    frame->returns = returns;
    frame->breaks = breaks;
    frame->continues = continues;
    run_on(w, s->other, worlds);
    run_on(w, s->other, &raised);
    rm_worlds_drop(w, &raised); /* the exception goes on */
    run_on(w, s->other, &ways.returns);
    rm_worlds_move(w, &frame->returns, &ways.returns);
    if (breaks != NULL) {
        run_on(w, s->other, &ways.breaks);
        rm_worlds_move(w, breaks, &ways.breaks);
    }
    if (continues != NULL) {
        run_on(w, s->other, &ways.continues);
        rm_worlds_move(w, continues, &ways.continues);
    }
    run_on_jumps(w, s->other, since);
}

void rm_walk_try(rm_walk *w, const rm_stmt *s, rm_world_list *worlds) {
    rm_world_list raised = {0};
    if (s->other != NULL && s->after_body) {
        walk_finally(w, s, worlds);
        return;
    }
    walk_body(w, s, worlds, &raised);
    if (s->other == NULL) {
        rm_worlds_drop(w, &raised);
        return;
    }
    rm_walk_stmt(w, s->other, &raised);
    rm_worlds_move(w, worlds, &raised);
    rm_worlds_join(w, worlds, rm_walk_ways(w));
}
