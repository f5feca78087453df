#include <string.h>

#include "source/build.h"
#include "source/lex.h"

const TSLanguage *tree_sitter_c(void);
const TSLanguage *tree_sitter_cpp(void);

/* ---- a tree from the other configuration's ---- */

static size_t line_end(rm_str text, size_t at) {
    size_t end = at;
    return rm_str_find_char(rm_str_slice(text, at, text.len), '\n', &end) ? at + end + 1 : text.len;
}

/* Tells the tree that the lines from..to, before line `row`, were replaced by others as long. */
static void edit_lines(TSTree *tree, size_t from, size_t to, uint32_t row, uint32_t rows) {
    TSPoint end = {row, 0};
    TSInputEdit edit = {.start_byte = (uint32_t)from,
                        .old_end_byte = (uint32_t)to,
                        .new_end_byte = (uint32_t)to,
                        .start_point = {row - rows, 0},
                        .old_end_point = end,
                        .new_end_point = end};
    ts_tree_edit(tree, &edit);
}

/* Both texts have the same length and the same lines: neighbours that differ are one edit. */
static bool edit_differences(TSTree *tree, rm_str was, rm_str is) {
    bool differ = false;
    uint32_t row = 0;
    uint32_t rows = 0;
    size_t from = 0;
    for (size_t at = 0, end = 0; at < is.len; at = end, row++) {
        end = line_end(is, at);
        if (memcmp(was.ptr + at, is.ptr + at, end - at) != 0) {
            from = rows == 0 ? at : from;
            rows++;
            differ = true;
        } else if (rows > 0) {
            edit_lines(tree, from, at, row, rows);
            rows = 0;
        }
    }
    if (rows > 0) { /* nothing stands behind the last line: its end may be that of the next */
        edit_lines(tree, from, is.len, row, rows);
    }
    return differ;
}

static TSTree *tree_of_twin(const rm_source_file *file, const rm_source_file *twin, bool *differ) {
    bool usable = twin != NULL && twin->tree != NULL && twin->in_set == file->in_set &&
                  twin->clean.len == file->clean.len;
    TSTree *tree = usable ? ts_tree_copy(twin->tree) : NULL;
    if (tree != NULL) {
        *differ = edit_differences(tree, twin->clean, file->clean);
    }
    return tree;
}

/* ---- parsing ---- */

static rm_status parse(rm_source_file *file, const TSTree *like) {
    TSParser *parser = ts_parser_new();
    if (parser == NULL) {
        return RM_NOMEM;
    }
    if (!ts_parser_set_language(parser, file->is_cpp ? tree_sitter_cpp() : tree_sitter_c())) {
        ts_parser_delete(parser);
        return RM_INTERNAL;
    }
    file->tree = ts_parser_parse_string(parser, like, file->clean.ptr, (uint32_t)file->clean.len);
    ts_parser_delete(parser);
    return RM_OK;
}

rm_status rm_tree_parse(rm_source_file *file, const rm_source_file *twin) {
    bool differ = true;
    TSTree *like = tree_of_twin(file, twin, &differ);
    if (!differ) {
        file->tree = like;
        return RM_OK;
    }
    rm_status st = parse(file, like);
    ts_tree_delete(like);
    return st;
}

/* ---- nodes ---- */

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

/* A language's names of fields are sorted, their numbers begin at 1. 0: it has none of the name. */
static TSFieldId field_of(const TSLanguage *language, const char *field) {
    uint32_t low = 1;
    uint32_t high = ts_language_field_count(language) + 1;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = strcmp(ts_language_field_name_for_id(language, (TSFieldId)middle), field);
        if (order == 0) {
            return (TSFieldId)middle;
        }
        low = order < 0 ? middle + 1 : low;
        high = order < 0 ? high : middle;
    }
    return 0;
}

TSNode rm_node_field(TSNode node, const char *field) {
    static const TSNode no_node = {{0}, NULL, NULL};
    if (ts_node_is_null(node)) {
        return node;
    }
    TSFieldId id = field_of(ts_tree_language(node.tree), field);
    return id == 0 ? no_node : ts_node_child_by_field_id(node, id);
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

bool rm_node_same(TSNode a, TSNode b) {
    return !ts_node_is_null(a) && !ts_node_is_null(b) && ts_node_eq(a, b);
}

bool rm_word_among(rm_str text, const char *const *words) {
    for (; *words != NULL; words++) {
        if (rm_str_eq(text, rm_str_from(*words))) {
            return true;
        }
    }
    return false;
}
