#include "source/observe.h"

#include <string.h>

/*
 * A function of generated code may be endless; nothing is lost by leaving its tail. Lambdas within
 * lambdas are seen once for each that holds them.
 */
enum { MAX_NODES = 400000, MAX_NODES_OF_DRIVER = 20000000 };

rm_str rm_observer_text(const rm_observer *o, TSNode node) {
    return rm_node_text(&o->unit->files.at[o->function->file], node);
}

bool rm_text_holds(rm_str text, const char *part) {
    size_t at = 0;
    return rm_str_find(text, rm_str_from(part), &at);
}

bool rm_observer_is_null(const rm_observer *o, TSNode node) {
    while (rm_node_is(node, "cast_expression")) {
        node = rm_node_field(node, "value");
    }
    rm_str text = rm_str_trim(rm_observer_text(o, node));
    return rm_str_eq(text, RM_STR("NULL")) || rm_str_eq(text, RM_STR("nullptr")) ||
           rm_str_eq(text, RM_STR("0"));
}

rm_status rm_observed_at(rm_observer *o, rm_observed kind, rm_str subject, TSNode node) {
    rm_arena *arena = o->unit->model->arena;
    const rm_source_file *file = &o->unit->files.at[o->function->file];
    rm_observation row = {
        .driver = o->unit->driver, .kind = kind, .place = rm_node_place(file, node)};
    rm_status st = rm_str_copy(arena, o->function->name, &row.function);
    if (st == RM_OK) {
        st = rm_str_copy(arena, subject, &row.subject);
    }
    if (st == RM_OK) {
        st = rm_str_copy(arena, rm_node_line(file, node), &row.text);
    }
    rm_observation *slot = st == RM_OK ? rm_push(arena, &o->unit->model->observations) : NULL;
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = row;
    return RM_OK;
}

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

TSSymbol rm_symbol_named(const TSLanguage *language, const char *type) {
    return ts_language_symbol_for_name(language, type, (uint32_t)strlen(type), true);
}

static void learn_language(rm_observer *o, const TSLanguage *language) {
    o->call = rm_symbol_named(language, "call_expression");
    rm_observe_shapes_of(o, language);
}

static rm_status observe_function(rm_observer *o) {
    rm_status st = RM_OK;
    unsigned depth = 0;
    uint32_t seen = 0;
    TSTreeCursor cursor = ts_tree_cursor_new(o->function->body);
    do {
        TSNode node = ts_tree_cursor_current_node(&cursor);
        TSSymbol symbol = ts_node_symbol(node);
        st = symbol == o->call ? rm_observe_call(o, node) : rm_observe_shape(o, node, symbol);
    } while (st == RM_OK && ++seen < MAX_NODES && next_node(&cursor, &depth));
    o->seen += seen;
    ts_tree_cursor_delete(&cursor);
    return st;
}

rm_status rm_source_observe(rm_source_unit *unit) {
    rm_observer o = {.unit = unit};
    const TSLanguage *language = NULL;
    rm_status st = RM_OK;
    for (uint32_t i = 0; i < unit->functions.count && st == RM_OK && o.seen < MAX_NODES_OF_DRIVER;
         i++) {
        o.function = &unit->functions.at[i];
        if (ts_node_is_null(o.function->body)) {
            continue;
        }
        const TSLanguage *of_file = ts_tree_language(o.function->body.tree);
        if (of_file != language) {
            language = of_file;
            learn_language(&o, language);
        }
        st = observe_function(&o);
    }
    return st;
}
