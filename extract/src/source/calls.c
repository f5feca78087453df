#include <string.h>

#include "source/lex.h"
#include "source/values.h"

const rm_source_file *rm_context_file(const rm_source_unit *unit, const rm_context *in) {
    return &unit->files.at[in->function->file];
}

TSNode rm_call_argument(TSNode call, uint32_t index) {
    TSNode nodes[32];
    TSNode list = rm_node_field(call, "arguments");
    uint32_t count = rm_node_arguments(list, nodes, sizeof nodes / sizeof nodes[0]);
    TSNode none = {{0}, NULL, NULL};
    return index < count ? nodes[index] : none;
}

TSNode rm_next_occurrence(const rm_source_file *file, rm_str name, uint32_t *at, uint32_t end) {
    TSNode none = {{0}, NULL, NULL};
    rm_str text = rm_str_slice(file->clean, 0, end);
    while (file->tree != NULL && name.len > 0 && *at < text.len) {
        size_t found = 0;
        if (!rm_str_find(rm_str_slice(text, *at, text.len), name, &found)) {
            break;
        }
        size_t from = *at + found;
        size_t to = from + name.len;
        *at = (uint32_t)to;
        bool word = (from == 0 || !rm_is_name_char(text.ptr[from - 1])) &&
                    (to == file->clean.len || !rm_is_name_char(file->clean.ptr[to]));
        if (!word) {
            continue;
        }
        TSNode node = ts_node_descendant_for_byte_range(ts_tree_root_node(file->tree),
                                                        (uint32_t)from, (uint32_t)to);
        if (rm_node_is(node, "identifier") || rm_node_is(node, "field_identifier")) {
            return node;
        }
    }
    *at = end;
    return none;
}

const rm_function *rm_unit_function_at(const rm_source_unit *unit, uint32_t file, TSNode node) {
    const rm_function *found = NULL;
    uint32_t at = ts_node_start_byte(node);
    for (uint32_t i = 0; i < unit->functions.count; i++) {
        const rm_function *f = &unit->functions.at[i];
        if (f->file == file && ts_node_start_byte(f->node) <= at &&
            at < ts_node_end_byte(f->node)) {
            found = f; /* later ones are further in */
        }
    }
    return found;
}

/* ---- calls within a function ---- */

static bool has_prefix(rm_str name, const char *const *prefixes) {
    for (; *prefixes != NULL; prefixes++) {
        if (rm_str_starts(name, rm_str_from(*prefixes))) {
            return true;
        }
    }
    return false;
}

static bool mentions(rm_str text, const char *const *prefixes) {
    for (; *prefixes != NULL; prefixes++) {
        size_t at = 0;
        if (rm_str_find(text, rm_str_from(*prefixes), &at)) {
            return true;
        }
    }
    return false;
}

static rm_status take_call(rm_arena *arena, const rm_source_file *file, const rm_function *function,
                           TSNode node, const char *const *prefixes, rm_calls *out) {
    rm_str name = rm_call_name(file, node);
    if (!has_prefix(name, prefixes)) {
        return RM_OK;
    }
    rm_call *call = rm_push(arena, out);
    if (call == NULL) {
        return RM_NOMEM;
    }
    *call = (rm_call){function, node, name};
    return RM_OK;
}

/* Moves to the next node in the order of the text; false when the walk is back at its root. */
static bool next_node(TSTreeCursor *cursor, unsigned *depth) {
    if (ts_tree_cursor_goto_first_child(cursor)) {
        (*depth)++;
        return true;
    }
    while (*depth > 0) {
        if (ts_tree_cursor_goto_next_sibling(cursor)) {
            return true;
        }
        (void)ts_tree_cursor_goto_parent(cursor);
        (*depth)--;
    }
    return false;
}

rm_status rm_calls_within(const rm_source_unit *unit, rm_arena *arena, const rm_function *function,
                          const char *const *prefixes, rm_calls *out) {
    const rm_source_file *file = &unit->files.at[function->file];
    if (!mentions(rm_node_text(file, function->body), prefixes)) {
        return RM_OK;
    }
    rm_status st = RM_OK;
    unsigned depth = 0;
    TSTreeCursor cursor = ts_tree_cursor_new(function->body);
    do {
        TSNode node = ts_tree_cursor_current_node(&cursor);
        if (rm_node_is(node, "call_expression")) {
            st = take_call(arena, file, function, node, prefixes, out);
        }
    } while (st == RM_OK && next_node(&cursor, &depth));
    ts_tree_cursor_delete(&cursor);
    return st;
}

/* ---- callers ---- */

static bool is_callee(TSNode name, TSNode *call) {
    TSNode node = name;
    for (unsigned i = 0; i < 4; i++) {
        TSNode parent = ts_node_parent(node);
        if (rm_node_is(parent, "call_expression")) {
            *call = parent;
            return ts_node_eq(rm_node_field(parent, "function"), node);
        }
        if (!rm_node_is(parent, "qualified_identifier") &&
            !rm_node_is(parent, "field_expression") &&
            !rm_node_is(parent, "parenthesized_expression")) {
            return false;
        }
        node = parent;
    }
    return false;
}

uint32_t rm_callers(const rm_source_unit *unit, const rm_function *function, rm_call *out,
                    uint32_t max) {
    uint32_t count = 0;
    for (uint32_t f = 0; f < unit->files.count && count < max; f++) {
        const rm_source_file *file = &unit->files.at[f];
        uint32_t at = 0;
        while (count < max) {
            TSNode node = rm_next_occurrence(file, function->name, &at, (uint32_t)file->clean.len);
            TSNode call;
            if (ts_node_is_null(node)) {
                break;
            }
            if (!is_callee(node, &call)) {
                continue;
            }
            const rm_function *holder = rm_unit_function_at(unit, f, node);
            if (holder != NULL && holder != function) {
                out[count++] = (rm_call){holder, call, function->name};
            }
        }
    }
    return count;
}
