#include <string.h>

#include "source/build.h"
#include "source/lex.h"

const TSLanguage *tree_sitter_c(void);
const TSLanguage *tree_sitter_cpp(void);

rm_status rm_tree_parse(rm_source_file *file) {
    TSParser *parser = ts_parser_new();
    if (parser == NULL) {
        return RM_NOMEM;
    }
    if (!ts_parser_set_language(parser, file->is_cpp ? tree_sitter_cpp() : tree_sitter_c())) {
        ts_parser_delete(parser);
        return RM_INTERNAL;
    }
    file->tree = ts_parser_parse_string(parser, NULL, file->clean.ptr, (uint32_t)file->clean.len);
    ts_parser_delete(parser);
    return RM_OK;
}

rm_str rm_node_text(const rm_source_file *file, TSNode node) {
    return ts_node_is_null(node)
               ? RM_STR_NONE
               : rm_str_slice(file->text, ts_node_start_byte(node), ts_node_end_byte(node));
}

rm_place rm_node_place(const rm_source_file *file, TSNode node) {
    if (ts_node_is_null(node)) {
        return (rm_place){file->path, 0, 0};
    }
    TSPoint at = ts_node_start_point(node);
    return (rm_place){file->path, at.row + 1, at.column + 1};
}

rm_str rm_node_line(const rm_source_file *file, TSNode node) {
    if (ts_node_is_null(node)) {
        return RM_STR_NONE;
    }
    size_t from = ts_node_start_byte(node);
    size_t to = from;
    while (from > 0 && file->text.ptr[from - 1] != '\n') {
        from--;
    }
    while (to < file->text.len && file->text.ptr[to] != '\n') {
        to++;
    }
    return rm_str_trim(rm_str_slice(file->text, from, to));
}

bool rm_node_is(TSNode node, const char *type) {
    return !ts_node_is_null(node) && strcmp(ts_node_type(node), type) == 0;
}

TSNode rm_node_field(TSNode node, const char *field) {
    if (ts_node_is_null(node)) {
        return node;
    }
    return ts_node_child_by_field_name(node, field, (uint32_t)strlen(field));
}

uint32_t rm_node_arguments(TSNode list, TSNode *out, uint32_t max) {
    uint32_t count = 0;
    if (ts_node_is_null(list)) {
        return 0;
    }
    uint32_t children = ts_node_named_child_count(list);
    for (uint32_t i = 0; i < children && count < max; i++) {
        TSNode child = ts_node_named_child(list, i);
        if (!rm_node_is(child, "comment")) {
            out[count++] = child;
        }
    }
    return count;
}

rm_str rm_call_name(const rm_source_file *file, TSNode call) {
    TSNode callee = rm_node_field(call, "function");
    for (unsigned i = 0; i < 16 && !ts_node_is_null(callee); i++) {
        if (rm_node_is(callee, "identifier") || rm_node_is(callee, "field_identifier")) {
            return rm_node_text(file, callee);
        }
        if (rm_node_is(callee, "field_expression")) {
            callee = rm_node_field(callee, "field");
        } else if (rm_node_is(callee, "qualified_identifier") ||
                   rm_node_is(callee, "template_function") ||
                   rm_node_is(callee, "dependent_name")) {
            callee = rm_node_field(callee, "name");
        } else if (rm_node_is(callee, "parenthesized_expression")) {
            callee = ts_node_named_child(callee, 0);
        } else {
            break;
        }
    }
    return RM_STR_NONE;
}
