#include "source/flow/walk.h"

/* Initialisers in braces: { .Field = value, … }, { value, … }, (TYPE){ value }. */

enum { MAX_DEPTH = 8 };

static void store_item(rm_walk *w, rm_world_list *worlds, uint32_t cell, const rm_expr *value,
                       const rm_type *type, unsigned depth) {
    if (value->kind == RM_EXPR_LIST) {
        rm_store_list(w, worlds, cell, value, type, depth + 1);
        return;
    }
    rm_eval(w, value, worlds);
    for (uint32_t i = 0; i < worlds->count; i++) {
        rm_value item = rm_world_pop(worlds->at[i]);
        rm_memory_store(w, worlds->at[i], cell, rm_symbol_cast(w, item, type));
    }
}

/* Where it belongs is not known: it may be any part of the whole. */
static void store_somewhere(rm_walk *w, rm_world_list *worlds, uint32_t cell,
                            const rm_expr *value) {
    rm_eval(w, value, worlds);
    for (uint32_t i = 0; i < worlds->count; i++) {
        rm_value item = rm_world_pop(worlds->at[i]);
        if (rm_value_taint(w, item) > rm_value_taint(w, rm_memory_peek(w, worlds->at[i], cell))) {
            rm_memory_store(w, worlds->at[i], cell, item);
        }
    }
}

void rm_store_list(rm_walk *w, rm_world_list *worlds, uint32_t cell, const rm_expr *list,
                   const rm_type *type, unsigned depth) {
    rm_type element = rm_type_deref(type);
    for (uint32_t i = 0; i < list->arg_count && depth < MAX_DEPTH; i++) {
        const rm_expr *item = list->args[i];
        bool named = item->kind == RM_EXPR_ASSIGN && item->a == NULL;
        if (named && item->name.len > 0) {
            rm_type member = rm_type_member(type, item->name);
            store_item(w, worlds, rm_cell_field(w, cell, item->name, type), item->b, &member,
                       depth);
        } else if (named) {
            store_somewhere(w, worlds, cell, item->b); /* [index] = value */
        } else if (type->dims > 0) {
            uint32_t at = rm_cell_index(w, cell, rm_value_const(i), &element);
            store_item(w, worlds, at, item, &element, depth);
        } else if (type->record != NULL && i < type->record->fields.count) {
            const rm_field *member = &type->record->fields.at[i];
            store_item(w, worlds, rm_cell_field(w, cell, member->name, type), item, &member->type,
                       depth);
        } else {
            store_somewhere(w, worlds, cell, item);
        }
    }
}

uint32_t rm_eval_list(rm_walk *w, const rm_expr *e, rm_world_list *worlds) {
    uint32_t cell = rm_cell_root(w, RM_CELL_NOWHERE, w->serial++, 2);
    if (w->status != RM_OK) {
        return 0;
    }
    w->cells.at[cell].type = e->type;
    for (uint32_t i = 0; i < worlds->count; i++) {
        rm_memory_store(w, worlds->at[i], cell, rm_value_const(0));
    }
    rm_store_list(w, worlds, cell, e, &e->type, 0);
    return cell;
}
