#include "source/flow/walk.h"

/*
 * Memory that may not have been had: an allocation gives NULL where there is none left, and a
 * driver that goes on with it stops the machine. Who compares the pointer with anything, or hands
 * it to code that is not here, has thought of it.
 */

enum { MAY_BE_NULL = 77 }; /* which of an allocation's side places */

/* 1 while the pointer to that memory was not looked at. */
static uint32_t doubt_of(rm_walk *w, uint32_t heap) {
    return rm_cell_root(w, RM_CELL_NOWHERE, heap, MAY_BE_NULL);
}

/* Routines that give NULL; those that raise an exception instead, or always, are not among them. */
static bool gives_null(const rm_walk *w, const rm_call_site *site) {
    static const char *const routines[] = {"ExAllocatePool",
                                           "ExAllocatePool2",
                                           "ExAllocatePoolWithTag",
                                           "ExAllocatePoolZero",
                                           "ExAllocatePoolUninitialized",
                                           "MmAllocateNonCachedMemory",
                                           "MmAllocateContiguousMemory",
                                           "MmAllocateContiguousMemorySpecifyCache"};
    size_t at = 0;
    rm_str flags =
        site->count > 0 ? rm_span_text(w->flow->unit, site->e->args[0]->span) : RM_STR_NONE;
    if (rm_str_find(flags, RM_STR("RAISE"), &at)) {
        return false;
    }
    for (size_t i = 0; i < sizeof routines / sizeof routines[0]; i++) {
        if (rm_str_eq(site->name, rm_str_from(routines[i]))) {
            return true;
        }
    }
    return false;
}

/* operator new tells the compiler what it gives, and the constructor runs behind its test. */
static bool in_operator(const rm_walk *w) {
    size_t at = 0;
    rm_str name = w->frame != NULL ? w->frame->body->function->name : RM_STR_NONE;
    return rm_str_find(name, RM_STR("operator"), &at);
}

void rm_null_made(rm_walk *w, rm_world *world, rm_value block, const rm_call_site *site) {
    if (block.kind == RM_VALUE_POINTER && gives_null(w, site) && !in_operator(w)) {
        rm_world_set(w, world, doubt_of(w, block.id), rm_value_const(1));
    }
}

void rm_null_looked_at(rm_walk *w, rm_world *world, rm_value pointer) {
    rm_value doubt;
    if (pointer.kind != RM_VALUE_POINTER) {
        return;
    }
    uint32_t root = w->cells.at[pointer.id].root;
    if (w->cells.at[root].kind == RM_CELL_HEAP && rm_world_get(world, doubt_of(w, root), &doubt)) {
        rm_world_set(w, world, doubt_of(w, root), rm_value_const(0));
    }
}

void rm_null_used(rm_walk *w, rm_world *world, uint32_t cell, rm_span span) {
    rm_value doubt;
    uint32_t root = w->cells.at[cell].root;
    /* in __try the exception is caught: the page at NULL is user mode's */
    if (w->cells.at[root].kind != RM_CELL_HEAP || w->try != NULL || w->frame == NULL ||
        !rm_world_get(world, doubt_of(w, root), &doubt)) {
        return;
    }
    if (doubt.kind == RM_VALUE_CONST && doubt.n == 1) {
        rm_sink_null(w, world, span);
    }
    rm_world_set(w, world, doubt_of(w, root), rm_value_const(0)); /* once is enough */
}
