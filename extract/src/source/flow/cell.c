#include "source/flow/walk.h"

/* Places in memory: a root (a variable, the caller's buffer, what a pointer leads to) and fields
   and elements below it. Made once for what they are. */

static uint32_t cell_once(rm_walk *w, rm_key key, const rm_cell *cell) {
    uint32_t id = rm_keys_add(w->keys, key, w->cells.count);
    if (id == RM_NONE) {
        w->status = RM_NOMEM;
        return 0;
    }
    if (id < w->cells.count) {
        return id;
    }
    rm_cell *slot = rm_push(w->arena, &w->cells);
    if (slot == NULL) {
        w->status = RM_NOMEM;
        return 0;
    }
    *slot = *cell;
    slot->root = cell->parent == RM_NONE ? id : w->cells.at[cell->parent].root;
    return id;
}

enum { CELL_KEYS = 1 << 20 }; /* apart from the keys of symbols */

uint32_t rm_cell_root(rm_walk *w, rm_cell_kind kind, uint32_t a, uint32_t b) {
    rm_cell cell = {.kind = kind,
                    .parent = RM_NONE,
                    .a = a,
                    .b = b,
                    .initial = RM_NONE,
                    .last_fetch = RM_NONE,
                    .view = RM_NONE};
    return cell_once(w, (rm_key){CELL_KEYS + (uint32_t)kind, a, b, 0}, &cell);
}

static uint32_t record_id(rm_walk *w, const rm_type *type) {
    rm_str name =
        type->record != NULL && type->record->name.len > 0 ? type->record->name : type->name;
    return rm_names_id(w->names, name);
}

uint32_t rm_cell_field(rm_walk *w, uint32_t of, rm_str name, const rm_type *of_type) {
    rm_cell cell = {.kind = RM_CELL_FIELD,
                    .parent = of,
                    .a = rm_names_id(w->names, name),
                    .b = record_id(w, of_type),
                    .type = rm_type_member(of_type, name),
                    .record = of_type->record,
                    .initial = RM_NONE,
                    .last_fetch = RM_NONE};
    return cell_once(w, (rm_key){CELL_KEYS + RM_CELL_FIELD, of, cell.a, cell.b}, &cell);
}

static bool is_scalar(const rm_type *type) {
    return type->dims == 0 && (type->pointers > 0 || type->bits > 0);
}

static uint8_t scalar_bits(const rm_type *type) {
    return type->pointers > 0 || type->dims > 0 ? 64 : type->bits;
}

static uint32_t scalar_cell(rm_walk *w, uint32_t of, const rm_type *type) {
    rm_cell cell = {.kind = RM_CELL_SCALAR,
                    .parent = of,
                    .b = scalar_bits(type),
                    .type = *type,
                    .initial = RM_NONE,
                    .last_fetch = RM_NONE};
    return cell_once(w, (rm_key){CELL_KEYS + RM_CELL_SCALAR, of, cell.b, 0}, &cell);
}

uint32_t rm_cell_bytes(rm_walk *w, uint32_t of, uint32_t bytes) {
    rm_cell cell = {.kind = RM_CELL_SCALAR,
                    .parent = of,
                    .b = bytes * 8,
                    .initial = RM_NONE,
                    .last_fetch = RM_NONE};
    return cell_once(w, (rm_key){CELL_KEYS + RM_CELL_SCALAR, of, cell.b, 0}, &cell);
}

/* The cell itself when it is of that type; else its first bytes, as that type. */
static uint32_t seen_as(rm_walk *w, uint32_t cell, const rm_type *type) {
    const rm_cell *c = &w->cells.at[cell];
    if (!is_scalar(type) || c->kind == RM_CELL_SCALAR) {
        return cell;
    }
    if (is_scalar(&c->type)
            ? scalar_bits(&c->type) == scalar_bits(type)
            : c->type.name.len == 0 && (c->kind == RM_CELL_LOCAL || c->kind == RM_CELL_FIELD)) {
        return cell;
    }
    return scalar_cell(w, cell, type);
}

static bool is_root_of_bytes(const rm_cell *c) {
    return c->type.dims == 0;
}

uint32_t rm_cell_index(rm_walk *w, uint32_t of, rm_value index, const rm_type *type) {
    const rm_cell *c = &w->cells.at[of];
    if (index.kind == RM_VALUE_CONST && index.n == 0 && is_root_of_bytes(c)) {
        return seen_as(w, of, type);
    }
    rm_cell cell = {.kind = RM_CELL_INDEX,
                    .parent = of,
                    .index = index,
                    .b = scalar_bits(type),
                    .type = *type,
                    .initial = RM_NONE,
                    .last_fetch = RM_NONE};
    if (type->record != NULL) {
        cell.b = 1000 + record_id(w, type);
    }
    if (c->kind == RM_CELL_INDEX && c->b == cell.b && c->index.kind == RM_VALUE_CONST &&
        index.kind == RM_VALUE_CONST) {
        /* (p + 1)[2] is p[3] */
        cell.parent = c->parent;
        cell.index.n = index.n + c->index.n;
        return rm_cell_index(w, cell.parent, cell.index, type);
    }
    rm_key key = {CELL_KEYS + RM_CELL_INDEX + 16 * (uint32_t)index.kind, cell.parent,
                  index.kind == RM_VALUE_CONST ? index.n : (int64_t)index.id, cell.b};
    return cell_once(w, key, &cell);
}

/* FileObject->FileName.Buffer, wherever the string was copied to: the kernel's memory. */
static bool is_text_of_name(const rm_walk *w, uint32_t id) {
    const rm_symbol *s = &w->symbols.at[id];
    return s->op == RM_SYMBOL_PART && s->is_source && s->source == RM_SOURCE_FILE_NAME &&
           s->part == RM_CELL_FIELD &&
           rm_str_eq(rm_names_text(w->names, s->name), RM_STR("Buffer"));
}

uint32_t rm_cell_pointee(rm_walk *w, rm_value pointer) {
    if (pointer.kind == RM_VALUE_POINTER) {
        return pointer.id;
    }
    if (pointer.kind == RM_VALUE_SYMBOL && is_text_of_name(w, pointer.id)) {
        return rm_cell_root(w, RM_CELL_BUFFER, RM_SOURCE_FILE_NAME, 0);
    }
    if (pointer.kind == RM_VALUE_SYMBOL) {
        return rm_cell_root(w, RM_CELL_POINTEE, pointer.id, 0);
    }
    if (pointer.kind == RM_VALUE_NAMED) {
        return rm_cell_root(w, RM_CELL_NOWHERE, pointer.id, 1);
    }
    return rm_cell_root(w, RM_CELL_NOWHERE, 0, 0);
}

uint32_t rm_cell_deref(rm_walk *w, rm_value pointer, const rm_type *type) {
    return seen_as(w, rm_cell_pointee(w, pointer), type);
}

bool rm_cell_within(const rm_walk *w, uint32_t cell, uint32_t in) {
    while (cell != RM_NONE) {
        if (cell == in) {
            return true;
        }
        cell = w->cells.at[cell].parent;
    }
    return false;
}

static const rm_cell *root_of(const rm_walk *w, uint32_t cell) {
    return &w->cells.at[w->cells.at[cell].root];
}

bool rm_cell_shared(const rm_walk *w, uint32_t cell) {
    const rm_cell *root = root_of(w, cell);
    if (root->kind == RM_CELL_BUFFER) {
        return root->a == RM_SOURCE_MDL_BUFFER;
    }
    if (root->kind != RM_CELL_POINTEE || root->a >= w->symbols.count) {
        return false;
    }
    const rm_symbol *pointer = &w->symbols.at[root->a];
    return pointer->taint == RM_TAINT_USER && !rm_symbol_is_found(w, root->a);
}

bool rm_cell_is_user(const rm_walk *w, uint32_t cell) {
    return root_of(w, cell)->kind == RM_CELL_BUFFER || rm_cell_shared(w, cell);
}

int64_t rm_cell_offset_in(const rm_walk *w, const rm_cell *c) {
    if (c->kind == RM_CELL_INDEX) {
        int64_t size = rm_type_size(&c->type);
        bool fixed = c->index.kind == RM_VALUE_CONST && c->index.n >= 0 && size > 0 &&
                     c->index.n <= INT32_MAX / size;
        return fixed ? c->index.n * size : -1;
    }
    if (c->kind != RM_CELL_FIELD) {
        return 0;
    }
    rm_str name = rm_names_text(w->names, c->a);
    for (uint32_t i = 0; c->record != NULL && i < c->record->fields.count; i++) {
        if (rm_str_eq(c->record->fields.at[i].name, name)) {
            return c->record->fields.at[i].offset;
        }
    }
    return -1;
}

int64_t rm_cell_offset(const rm_walk *w, uint32_t cell) {
    int64_t offset = 0;
    for (; w->cells.at[cell].parent != RM_NONE; cell = w->cells.at[cell].parent) {
        int64_t more = rm_cell_offset_in(w, &w->cells.at[cell]);
        if (more < 0 || offset > INT32_MAX) {
            return -1;
        }
        offset += more;
    }
    return offset;
}

/* --- how much there is --- */

static uint32_t add_size(rm_value *sizes, uint32_t count, uint32_t max, rm_value size) {
    if (count < max) {
        sizes[count++] = size;
    }
    return count;
}

static uint32_t buffer_sizes(rm_walk *w, rm_source source, rm_value *sizes, uint32_t max) {
    uint32_t count = 0;
    rm_value input = rm_value_symbol(rm_symbol_source(w, RM_SOURCE_INPUT_LENGTH));
    rm_value output = rm_value_symbol(rm_symbol_source(w, RM_SOURCE_OUTPUT_LENGTH));
    rm_value length = rm_value_symbol(rm_symbol_source(w, RM_SOURCE_LENGTH));
    bool device_control = w->handler->kind != RM_ENTRY_READ && w->handler->kind != RM_ENTRY_WRITE;
    if (!device_control) {
        return add_size(sizes, count, max, length);
    }
    /* METHOD_BUFFERED has one buffer for both ways, as long as the longer one */
    if (source == RM_SOURCE_SYSTEM_BUFFER || source == RM_SOURCE_TYPE3_BUFFER) {
        count = add_size(sizes, count, max, input);
    }
    if (source == RM_SOURCE_MDL_BUFFER || source == RM_SOURCE_USER_BUFFER ||
        (source == RM_SOURCE_SYSTEM_BUFFER &&
         (!w->method_known || w->method == RM_METHOD_BUFFERED))) {
        count = add_size(sizes, count, max, output);
    }
    return count;
}

static rm_str variable_name(const rm_walk *w, const rm_cell *c) {
    for (const rm_frame *f = w->frame; f != NULL && c->kind == RM_CELL_LOCAL; f = f->caller) {
        if (f->id == c->a && c->b < f->body->variables.count) {
            return f->body->variables.at[c->b].name;
        }
    }
    return c->kind == RM_CELL_GLOBAL ? rm_names_text(w->names, c->a) : RM_STR_NONE;
}

static uint32_t size_of_text(rm_walk *w, rm_str what, rm_value *sizes, uint32_t count,
                             uint32_t max) {
    rm_str text;
    if (what.len == 0 ||
        rm_str_printf(w->arena, &text, "sizeof(%.*s)", RM_STR_ARG(what)) != RM_OK) {
        return count;
    }
    uint32_t id = rm_names_id(w->names, text);
    return add_size(sizes, count, max, (rm_value){.kind = RM_VALUE_NAMED, .id = id});
}

/* sizeof(name) or sizeof(TYPE), where the number is not known: both sides of a comparison have
   the same name. */
static uint32_t named_size(rm_walk *w, const rm_cell *c, rm_value *sizes, uint32_t max) {
    uint32_t count = size_of_text(w, variable_name(w, c), sizes, 0, max);
    return size_of_text(w, rm_type_size_name(&c->type), sizes, count, max);
}

uint32_t rm_cell_sizes(rm_walk *w, uint32_t cell, rm_value *sizes, uint32_t max) {
    const rm_cell *c = &w->cells.at[cell];
    if (c->kind == RM_CELL_BUFFER) {
        return buffer_sizes(w, (rm_source)c->a, sizes, max);
    }
    if (c->kind == RM_CELL_HEAP) {
        return c->has_size ? add_size(sizes, 0, max, c->size) : 0;
    }
    if (c->kind == RM_CELL_POINTEE && c->a < w->symbols.count &&
        w->symbols.at[c->a].op == RM_SYMBOL_SOURCE) {
        return buffer_sizes(w, w->symbols.at[c->a].source, sizes, max);
    }
    if (c->kind == RM_CELL_SCALAR ||
        (c->kind == RM_CELL_INDEX && c->index.kind == RM_VALUE_CONST && c->index.n == 0)) {
        return rm_cell_sizes(w, c->parent, sizes, max);
    }
    if (c->kind == RM_CELL_INDEX && c->index.kind == RM_VALUE_CONST && c->index.n > 0) {
        const rm_cell *array = &w->cells.at[c->parent];
        int64_t whole = rm_type_size(&array->type);
        int64_t one = rm_type_size(&c->type);
        if (whole > 0 && one > 0 && array->type.dims > 0 && c->index.n < whole / one) {
            return add_size(sizes, 0, max, rm_value_const(whole - c->index.n * one));
        }
        return 0;
    }
    int64_t size = c->kind == RM_CELL_INDEX ? 0 : rm_type_size(&c->type);
    if (size > 0) {
        return add_size(sizes, 0, max, rm_value_const(size));
    }
    return named_size(w, c, sizes, max);
}
