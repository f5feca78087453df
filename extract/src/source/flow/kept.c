#include "source/flow/walk.h"

/*
 * Values that outlive a request: what one entry stores in a global or in the driver's own
 * structures, another may use. Names of variables and members that received the caller's data are
 * remembered for the whole driver; whoever reads such memory gets `unknown`.
 */

static void remember(rm_walk *w, uint32_t name) {
    rm_str text = rm_names_text(w->names, name);
    if (text.len > 0 && rm_names_id(w->kept, text) == RM_NONE) {
        w->status = RM_NOMEM;
    }
}

uint32_t rm_kept_name(const rm_walk *w, uint32_t cell) {
    const rm_cell *c = &w->cells.at[cell];
    while (c->kind != RM_CELL_FIELD && c->kind != RM_CELL_GLOBAL && c->parent != RM_NONE) {
        c = &w->cells.at[c->parent];
    }
    if (c->kind == RM_CELL_FIELD || c->kind == RM_CELL_GLOBAL) {
        return c->a;
    }
    if (c->kind == RM_CELL_POINTEE && c->a < w->symbols.count) {
        return w->symbols.at[c->a].owner; /* *ctx->Buffer: by the name of the pointer */
    }
    return RM_NONE;
}

static void remember_record(rm_walk *w, const rm_type *type) {
    for (uint32_t i = 0; type->record != NULL && i < type->record->fields.count; i++) {
        remember(w, rm_names_id(w->names, type->record->fields.at[i].name));
    }
}

/* A block that the driver keeps: what the caller put into it is kept under its members' names,
   bytes without a member's name under that of the pointer. The pointer itself is the driver's. */
static void remember_block(rm_walk *w, const rm_world *world, uint32_t root, uint32_t holder) {
    for (uint32_t i = 0; i < world->memory.count; i++) {
        const rm_binding *b = &world->memory.at[i];
        if (w->cells.at[b->cell].root == root && rm_value_taint(w, b->value) >= RM_TAINT_UNKNOWN) {
            uint32_t name = rm_kept_name(w, b->cell);
            remember(w, name != RM_NONE ? name : holder);
            remember_record(w, &w->cells.at[b->cell].type);
        }
    }
}

/* Whoever reads a structure as a whole reads what was stored in one of its members. */
static void remember_enclosing(rm_walk *w, uint32_t cell) {
    for (uint32_t at = w->cells.at[cell].parent; at != RM_NONE; at = w->cells.at[at].parent) {
        if (w->cells.at[at].kind == RM_CELL_FIELD) {
            remember(w, w->cells.at[at].a);
        }
    }
}

static bool outlives(const rm_walk *w, uint32_t cell) {
    const rm_cell *root = &w->cells.at[w->cells.at[cell].root];
    return (root->kind == RM_CELL_GLOBAL || root->kind == RM_CELL_STATIC ||
            root->kind == RM_CELL_POINTEE || (root->kind == RM_CELL_HEAP && root->mixed)) &&
           !rm_cell_shared(w, cell);
}

/* Objects of the kit that live no longer than the request. */
static bool of_request(const rm_walk *w, uint32_t cell) {
    const rm_cell *root = &w->cells.at[w->cells.at[cell].root];
    if (root->kind != RM_CELL_POINTEE || root->a >= w->symbols.count) {
        return false;
    }
    const rm_symbol *s = &w->symbols.at[root->a];
    return s->op == RM_SYMBOL_SOURCE &&
           (s->source == RM_SOURCE_IRP || s->source == RM_SOURCE_STACK_LOCATION);
}

/* A member of a structure that the sources do not have is the kit's, whatever it is called. */
static bool is_own_place(const rm_walk *w, uint32_t cell) {
    const rm_cell *c = &w->cells.at[cell];
    while (c->kind != RM_CELL_FIELD && c->kind != RM_CELL_GLOBAL && c->parent != RM_NONE) {
        c = &w->cells.at[c->parent];
    }
    return c->kind != RM_CELL_FIELD || c->record != NULL;
}

/* What is stored as the caller gave it: an operation with it is as good as one with his own. */
static void remember_open(rm_walk *w, rm_world *world, uint32_t cell, uint32_t name,
                          rm_value value) {
    rm_arg_rule rule = {.kind = RM_ARG_SELECT, .name = "value"};
    if (w->handler->kind != RM_ENTRY_INTERNAL_IOCTL && is_own_place(w, cell) &&
        rm_judge(w, world, value, &rule).validation == RM_VALIDATION_UNVALIDATED &&
        rm_names_id(w->open, rm_names_text(w->names, name)) == RM_NONE) {
        w->status = RM_NOMEM;
    }
}

bool rm_kept_of_constructor(const rm_walk *w, uint32_t cell) {
    const rm_cell *root = &w->cells.at[w->cells.at[cell].root];
    const rm_function *f = w->frame != NULL ? w->frame->body->function : NULL;
    return f != NULL && f->scope.len > 0 && rm_str_eq(f->name, f->scope) &&
           root->kind == RM_CELL_GLOBAL &&
           rm_decls_global(w->flow->decls, rm_names_text(w->names, root->a)) == NULL;
}

/* How many bytes the request itself has, which the I/O manager counted. */
static bool is_own_length(const rm_walk *w, rm_value value) {
    const rm_symbol *s = value.kind == RM_VALUE_SYMBOL ? &w->symbols.at[value.id] : NULL;
    while (s != NULL && s->op == RM_SYMBOL_CAST && s->a.kind == RM_VALUE_SYMBOL) {
        s = &w->symbols.at[s->a.id];
    }
    return s != NULL && s->op == RM_SYMBOL_SOURCE &&
           (s->source == RM_SOURCE_INPUT_LENGTH || s->source == RM_SOURCE_OUTPUT_LENGTH ||
            s->source == RM_SOURCE_LENGTH);
}

/* Irp->IoStatus, of whichever request: what it ends with. */
static bool is_result(const rm_walk *w, uint32_t cell) {
    for (; cell != RM_NONE; cell = w->cells.at[cell].parent) {
        const rm_cell *c = &w->cells.at[cell];
        if (c->kind == RM_CELL_FIELD &&
            rm_str_eq(rm_names_text(w->names, c->a), RM_STR("IoStatus"))) {
            return true;
        }
    }
    return false;
}

/* A block that is linked to what the driver keeps is kept with what the caller put into it. */
static void keep_block(rm_walk *w, rm_world *world, uint32_t root, uint32_t holder, rm_span span) {
    for (uint32_t i = 0; i < world->memory.count; i++) {
        rm_binding b = world->memory.at[i];
        if (w->cells.at[b.cell].root == root && rm_value_taint(w, b.value) == RM_TAINT_USER &&
            !is_own_length(w, b.value) && !rm_kept_of_constructor(w, b.cell)) {
            uint32_t name = rm_kept_name(w, b.cell);
            rm_sink_kept(w, world, name != RM_NONE ? name : holder, b.value, span);
        }
    }
}

void rm_kept_store(rm_walk *w, rm_world *world, uint32_t cell, rm_value value, rm_span span) {
    if (!outlives(w, cell) || of_request(w, cell) || is_result(w, cell) ||
        rm_object_stored(w, world, cell, value, span)) {
        return;
    }
    uint32_t name = rm_kept_name(w, cell);
    if (value.kind == RM_VALUE_POINTER) {
        uint32_t root = w->cells.at[value.id].root;
        if (w->cells.at[root].kind == RM_CELL_HEAP) {
            w->cells.at[root].mixed = true; /* from now on it outlives the request, too */
            remember_block(w, world, root, name);
            keep_block(w, world, root, name, span);
        }
        return;
    }
    if (rm_value_taint(w, value) < RM_TAINT_UNKNOWN) {
        return;
    }
    if (name == RM_NONE) {
        w->kept_all = true;
        return;
    }
    remember(w, name);
    remember_enclosing(w, cell);
    remember_record(w, &w->cells.at[cell].type);
    if (rm_value_taint(w, value) != RM_TAINT_USER) {
        return;
    }
    if (is_own_length(w, value)) {
        rm_state_length(w, world, cell, span);
    } else if (!rm_kept_of_constructor(w, cell)) {
        rm_sink_kept(w, world, name, value, span);
    }
    remember_open(w, world, cell, name, value);
}

/* Another request may have stored there since: what this one left is one of two values. */
void rm_kept_by_others(rm_walk *w, rm_world *world) {
    for (uint32_t i = 0; i < world->memory.count && w->status == RM_OK; i++) {
        rm_binding b = world->memory.at[i];
        if (!outlives(w, b.cell) || of_request(w, b.cell) ||
            rm_value_taint(w, b.value) < RM_TAINT_UNKNOWN) {
            continue;
        }
        rm_type type = w->cells.at[b.cell].type;
        uint32_t other = rm_symbol_fresh(w, RM_TAINT_KEPT, &type, (rm_span){.file = RM_NONE});
        w->symbols.at[other].owner = rm_kept_name(w, b.cell);
        rm_range mine = rm_range_of(w, world, b.value);
        rm_range theirs = rm_range_of(w, world, rm_value_symbol(other));
        rm_value either = rm_symbol_phi(w, b.value, rm_value_symbol(other), &type, false);
        rm_fact *fact = rm_world_fact(w, world, either.id);
        if (fact != NULL) {
            fact->range = rm_range_join(&mine, &theirs);
            rm_world_set(w, world, b.cell, either);
        }
    }
}

static bool is_kept_object(const rm_walk *w, rm_value value) {
    const rm_symbol *s = value.kind == RM_VALUE_SYMBOL ? &w->symbols.at[value.id] : NULL;
    return (value.kind == RM_VALUE_POINTER && outlives(w, value.id) && !of_request(w, value.id)) ||
           (s != NULL && s->taint == RM_TAINT_KEPT);
}

/* Does a name alone say which memory it is? A global's, a member's of one structure only, and the
   device extension that nothing describes. */
static bool names_one_memory(const rm_walk *w, uint32_t name) {
    rm_str text = rm_names_text(w->names, name);
    const rm_decls *decls = w->flow->decls;
    bool global = rm_decls_global(decls, text) != NULL;
    bool member = rm_decls_is_member(decls, text);
    return (global && !member) || (!global && member && rm_decls_is_only_member(decls, text)) ||
           rm_str_eq(text, RM_STR("DeviceExtension"));
}

/* Was the symbol, or a part of it, compared with anything? */
static bool was_asked_about(const rm_walk *w, const rm_world *world, uint32_t symbol) {
    for (uint32_t i = 0; i < world->facts.count; i++) {
        const rm_fact *f = &world->facts.at[i];
        uint32_t id = f->symbol;
        for (unsigned depth = 0; depth < 6 && id != symbol; depth++) {
            const rm_symbol *s = &w->symbols.at[id];
            if ((s->op != RM_SYMBOL_PART && s->op != RM_SYMBOL_CAST) ||
                s->a.kind != RM_VALUE_SYMBOL) {
                break;
            }
            id = s->a.id;
        }
        if (id == symbol && (f->range.has_hi || f->range.has_lo || f->range.hi_ok ||
                             f->range.lo_ok || f->range.equal || f->asked)) {
            return true;
        }
    }
    return false;
}

uint32_t rm_kept_raw(const rm_walk *w, const rm_world *world, uint32_t symbol) {
    const rm_symbol *s = &w->symbols.at[symbol];
    /* what is found for it is as good as it: the process with that number */
    while ((s->op == RM_SYMBOL_CAST || (s->op == RM_SYMBOL_LOOKUP && s->of_kernel)) &&
           s->a.kind == RM_VALUE_SYMBOL) {
        if (was_asked_about(w, world, symbol)) {
            return 0;
        }
        symbol = s->a.id;
        s = &w->symbols.at[symbol];
    }
    bool read = (s->op == RM_SYMBOL_PART || s->op == RM_SYMBOL_FRESH) && !s->several && !s->loop;
    if (!read || s->taint != RM_TAINT_KEPT || s->owner == RM_NONE ||
        was_asked_about(w, world, symbol) || (s->cell > 0 && !is_own_place(w, s->cell - 1)) ||
        !names_one_memory(w, s->owner)) {
        return 0;
    }
    return s->owner + 1;
}

/* The members of a structure, and of those in it. */
static void remember_whole(rm_walk *w, const rm_type *type, unsigned depth) {
    remember_record(w, type);
    for (uint32_t i = 0; type->record != NULL && i < type->record->fields.count && depth < 4; i++) {
        remember_whole(w, &type->record->fields.at[i].type, depth + 1);
    }
}

static bool holds_users(rm_walk *w, const rm_world *world, uint32_t cell) {
    for (uint32_t i = 0; i < world->memory.count; i++) {
        const rm_binding *b = &world->memory.at[i];
        if (rm_cell_within(w, b->cell, cell) && rm_value_taint(w, b->value) == RM_TAINT_USER) {
            return true;
        }
    }
    return false;
}

/* RtlInsertElementGenericTable(&table, &element, …): what it is given may be kept as it is. */
void rm_kept_given(rm_walk *w, rm_world *world, const rm_value *args, uint32_t count) {
    bool kept = false;
    for (uint32_t i = 0; i < count; i++) {
        kept = kept || is_kept_object(w, args[i]);
    }
    for (uint32_t i = 0; i < count && kept; i++) {
        if (args[i].kind == RM_VALUE_POINTER && !outlives(w, args[i].id) &&
            !rm_cell_shared(w, args[i].id) && holds_users(w, world, args[i].id)) {
            remember_whole(w, &w->cells.at[args[i].id].type, 0);
        }
    }
}

/* --- what was freed and can still be reached --- */

void rm_kept_freed(rm_walk *w, rm_value pointer, rm_span span) {
    const rm_symbol *s = rm_symbol_of(w, pointer);
    if (s == NULL || s->taint != RM_TAINT_KEPT || s->owner == RM_NONE) {
        return;
    }
    rm_freed *f = rm_push(w->arena, &w->freed);
    if (f == NULL) {
        w->status = RM_NOMEM;
        return;
    }
    *f = (rm_freed){.symbol = pointer.id, .owner = s->owner, .span = span};
}

/*
 * Was it freed, or what another look at the same variable found (g[i] is looked at twice), or the
 * device and with it all that its extension holds?
 */
static bool is_freed(const rm_walk *w, const rm_world *world, uint32_t symbol) {
    uint32_t owner = w->symbols.at[symbol].owner;
    for (uint32_t i = 0; i < world->facts.count; i++) {
        const rm_fact *fact = &world->facts.at[i];
        const rm_symbol *gone = &w->symbols.at[fact->symbol];
        bool device = gone->op == RM_SYMBOL_SOURCE && gone->source == RM_SOURCE_DEVICE;
        if (fact->freed &&
            (device || fact->symbol == symbol || (owner != RM_NONE && gone->owner == owner))) {
            return true;
        }
    }
    return false;
}

/* Is the object that the pointer stood in gone, too? */
static bool is_holder_gone(const rm_walk *w, const rm_world *world, uint32_t symbol) {
    const rm_symbol *s = &w->symbols.at[symbol];
    for (unsigned depth = 0; depth < 8; depth++) {
        if ((s->op != RM_SYMBOL_PART && s->op != RM_SYMBOL_CAST) || s->a.kind != RM_VALUE_SYMBOL) {
            return false;
        }
        if (is_freed(w, world, s->a.id)) {
            return true;
        }
        s = &w->symbols.at[s->a.id];
    }
    return false;
}

/* Does a world in which the handler ended still hold the freed pointer? */
bool rm_kept_dangles(const rm_walk *w, const rm_freed *freed) {
    for (uint32_t i = 0; i < w->exits.count; i++) {
        const rm_world *exit = w->exits.at[i];
        bool overwritten = false;
        for (uint32_t k = 0; k < exit->memory.count; k++) {
            const rm_binding *b = &exit->memory.at[k];
            overwritten = overwritten ||
                          (rm_kept_name(w, b->cell) == freed->owner &&
                           !(b->value.kind == RM_VALUE_SYMBOL && b->value.id == freed->symbol));
        }
        const rm_fact *fact = rm_world_find_fact(exit, freed->symbol);
        if (!overwritten && fact != NULL && fact->freed &&
            !is_holder_gone(w, exit, freed->symbol)) {
            return true;
        }
    }
    return false;
}
