#include "source/flow/walk.h"

/*
 * Tables of the driver's that hold functions and control codes:
 *     static const DISPATCH table[] = {{IOCTL_A, DoA}, {IOCTL_B, DoB}};
 * What may stand in an element that was read is known from the table's initialiser.
 */

enum { MAX_PATH = 6 };

typedef struct rm_way {
    rm_symbol parts[MAX_PATH]; /* from the table inwards */
    uint32_t count;
    const rm_global *table;
} rm_way;

/* The way from a table to what was read of it; false: it was not read of a table. */
static bool path_of(const rm_walk *w, rm_value value, rm_way *path) {
    rm_symbol inner[MAX_PATH];
    uint32_t count = 0;
    while (value.kind == RM_VALUE_SYMBOL && w->symbols.at[value.id].op == RM_SYMBOL_CAST) {
        value = w->symbols.at[value.id].a;
    }
    while (value.kind == RM_VALUE_SYMBOL && w->symbols.at[value.id].op == RM_SYMBOL_PART) {
        if (count == MAX_PATH) {
            return false;
        }
        inner[count++] = w->symbols.at[value.id];
        value = w->symbols.at[value.id].a;
    }
    if (count == 0 || value.kind != RM_VALUE_SYMBOL) {
        return false;
    }
    const rm_symbol *root = &w->symbols.at[value.id];
    if (root->op != RM_SYMBOL_FRESH || root->taint != RM_TAINT_KEPT || root->owner == RM_NONE) {
        return false;
    }
    path->table = rm_decls_global(w->flow->decls, rm_names_text(w->names, root->owner));
    path->count = count;
    for (uint32_t i = 0; i < count; i++) {
        path->parts[i] = inner[count - 1 - i];
    }
    return path->table != NULL;
}

/* The member's value in { .member = value } or by its place; NULL: not given, so 0. */
static const rm_expr *member_in(const rm_expr *list, const rm_type *type, rm_str member,
                                rm_type *out) {
    *out = rm_type_member(type, member);
    for (uint32_t i = 0; i < list->arg_count; i++) {
        const rm_expr *item = list->args[i];
        if (item->kind == RM_EXPR_ASSIGN && item->a == NULL) {
            if (rm_str_eq(item->name, member)) {
                return item->b;
            }
        } else if (type->record != NULL && i < type->record->fields.count &&
                   rm_str_eq(type->record->fields.at[i].name, member)) {
            return item;
        }
    }
    return NULL;
}

static const rm_expr *bare(const rm_expr *e) {
    while (e != NULL && (e->kind == RM_EXPR_CAST || e->kind == RM_EXPR_ADDRESS)) {
        e = e->a;
    }
    return e;
}

static void add(rm_table *out, const rm_expr *value, uint32_t row) {
    value = bare(value);
    if (value == NULL) {
        return;
    }
    if (out->count == RM_TABLE_ROWS) {
        out->complete = false;
        return;
    }
    out->values[out->count] = value;
    out->rows[out->count++] = row;
}

static void collect(rm_walk *w, const rm_world *world, const rm_way *path, uint32_t at,
                    const rm_expr *value, const rm_type *type, uint32_t row, rm_table *out);

/* All elements, or the one that the index says. */
static void collect_elements(rm_walk *w, const rm_world *world, const rm_way *path, uint32_t at,
                             const rm_expr *list, const rm_type *type, rm_table *out) {
    rm_type element = rm_type_deref(type);
    rm_value index = path->parts[at].index;
    rm_range r = rm_range_of(w, world, index);
    bool one = r.has_lo && r.has_hi && r.lo == r.hi;
    out->index = index;
    for (uint32_t i = 0; i < list->arg_count; i++) {
        const rm_expr *item = list->args[i];
        if (item->kind == RM_EXPR_ASSIGN && item->a == NULL) {
            item = item->b; /* [IOCTL_A] = …: any of them */
        } else if (one && r.lo != (int64_t)i) {
            continue;
        }
        collect(w, world, path, at + 1, item, &element, i, out);
    }
}

static void collect(rm_walk *w, const rm_world *world, const rm_way *path, uint32_t at,
                    const rm_expr *value, const rm_type *type, uint32_t row, rm_table *out) {
    if (at == path->count) {
        add(out, value, row);
        return;
    }
    const rm_symbol *part = &path->parts[at];
    if (value->kind != RM_EXPR_LIST) {
        out->complete = false;
    } else if (part->part == RM_CELL_INDEX) {
        collect_elements(w, world, path, at, value, type, out);
    } else if (part->part == RM_CELL_FIELD) {
        rm_type inner;
        const rm_expr *member = member_in(value, type, rm_names_text(w->names, part->name), &inner);
        if (member != NULL) {
            collect(w, world, path, at + 1, member, &inner, row, out);
        }
    } else {
        collect(w, world, path, at + 1, value, type, row, out);
    }
}

bool rm_table_read(rm_walk *w, const rm_world *world, rm_value value, rm_table *out) {
    rm_way path;
    *out = (rm_table){.index = rm_value_const(0)};
    if (!path_of(w, value, &path)) {
        return false;
    }
    const rm_expr *initialiser = rm_flow_initialiser(w->flow, path.table);
    if (initialiser == NULL || initialiser->kind != RM_EXPR_LIST) {
        return false;
    }
    out->complete = path.table->is_const;
    collect(w, world, &path, 0, initialiser, &path.table->type, 0, out);
    return out->count > 0;
}
