#include "source/flow/walk.h"

/*
 * Values that outlive a request: what one entry stores in a global or in the driver's own
 * structures, another may use. Names of variables and members that received the caller's data are
 * remembered for the whole driver; whoever reads such memory gets `unknown`.
 */

void rm_kept_store(rm_walk *w, rm_world *world, uint32_t cell, rm_value value) {
    const rm_cell *c = &w->cells.at[cell];
    const rm_cell *root = &w->cells.at[c->root];
    bool outlives = root->kind == RM_CELL_GLOBAL || root->kind == RM_CELL_STATIC ||
                    root->kind == RM_CELL_POINTEE || root->kind == RM_CELL_HEAP;
    (void)world;
    if (!outlives || rm_cell_shared(w, cell) || rm_value_taint(w, value) < RM_TAINT_UNKNOWN) {
        return;
    }
    while (c->kind != RM_CELL_FIELD && c->kind != RM_CELL_GLOBAL && c->parent != RM_NONE) {
        c = &w->cells.at[c->parent];
    }
    if (c->kind == RM_CELL_FIELD || c->kind == RM_CELL_GLOBAL) {
        if (rm_names_id(w->kept, rm_names_text(w->names, c->a)) == RM_NONE) {
            w->status = RM_NOMEM;
        }
    } else {
        w->kept_all = true; /* memory without a name: it may be any */
    }
}
