#include <string.h>

#include "source/build.h"
#include "source/lex.h"
#include "source/limits.h"

/* The table of a unit's function definitions. */

typedef struct collector {
    rm_source_unit *unit;
    uint32_t file;
    rm_status status;
} collector;

static bool is_one_of(TSNode node, const char *const *types, size_t count) {
    const char *type = ts_node_type(node);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(type, types[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- names ---- */

/* Walks pointer, reference and parenthesised declarators down to the one asked for. */
static TSNode declarator_of(TSNode node, const char *type) {
    for (unsigned i = 0; i < 32 && !ts_node_is_null(node) && !rm_node_is(node, type); i++) {
        TSNode inner = rm_node_field(node, "declarator");
        if (ts_node_is_null(inner)) {
            inner = ts_node_named_child_count(node) > 0
                        ? ts_node_named_child(node, ts_node_named_child_count(node) - 1)
                        : inner;
        }
        node = inner;
    }
    return node;
}

/* The last part of a possibly qualified name, and what stands before it. */
static void name_and_scope(const rm_source_file *file, TSNode node, rm_str *name, rm_str *scope) {
    *scope = RM_STR_NONE;
    for (unsigned i = 0; i < 16 && rm_node_is(node, "qualified_identifier"); i++) {
        TSNode outer = rm_node_field(node, "scope");
        *scope = ts_node_is_null(outer) ? *scope : rm_node_text(file, outer);
        node = rm_node_field(node, "name");
    }
    if (rm_node_is(node, "template_function")) {
        node = rm_node_field(node, "name");
    }
    *name = rm_node_text(file, node);
}

/* Text with runs of blanks as one blank. */
static rm_str one_blank(rm_arena *arena, rm_str text, rm_status *status) {
    rm_buf out = {.arena = arena};
    rm_lexer lexer = rm_lexer_of(text);
    for (rm_token token = rm_lex(&lexer); token.kind != RM_TOKEN_END; token = rm_lex(&lexer)) {
        if (out.len > 0 && token.blank_before) {
            rm_buf_char(&out, ' ');
        }
        rm_buf_str(&out, token.text);
    }
    *status = out.status != RM_OK ? out.status : *status;
    return rm_buf_view(&out);
}

/* ---- parameters ---- */

static TSNode identifier_within(TSNode node) {
    for (unsigned i = 0; i < 32 && !ts_node_is_null(node); i++) {
        if (rm_node_is(node, "identifier") || rm_node_is(node, "field_identifier")) {
            return node;
        }
        TSNode inner = rm_node_field(node, "declarator");
        if (ts_node_is_null(inner) && ts_node_named_child_count(node) > 0) {
            inner = ts_node_named_child(node, 0);
        }
        node = inner;
    }
    return node;
}

/* The type with the stars of its declarator: everything but the name. */
static rm_param read_param(collector *c, TSNode node) {
    const rm_source_file *file = &c->unit->files.at[c->file];
    TSNode name = identifier_within(rm_node_field(node, "declarator"));
    rm_param param = {.name = rm_node_text(file, name)};
    size_t from = ts_node_start_byte(node);
    size_t to = ts_node_end_byte(node);
    rm_str clean = rm_str_slice(file->clean, from, to);
    if (!ts_node_is_null(name)) {
        rm_str before = rm_str_slice(file->clean, from, ts_node_start_byte(name));
        rm_str after = rm_str_slice(file->clean, ts_node_end_byte(name), to);
        rm_buf both = {.arena = c->unit->arena};
        rm_buf_str(&both, before);
        rm_buf_str(&both, after);
        c->status = both.status != RM_OK ? both.status : c->status;
        clean = rm_buf_view(&both);
    }
    param.type = one_blank(c->unit->arena, clean, &c->status);
    return param;
}

static bool is_void(rm_param param) {
    return param.name.len == 0 && (rm_str_ieq(param.type, RM_STR("void")));
}

enum { MAX_PARAMS = 64 };

static void read_params(collector *c, TSNode declarator, rm_function *function) {
    TSNode nodes[MAX_PARAMS];
    uint32_t count = rm_node_arguments(rm_node_field(declarator, "parameters"), nodes, MAX_PARAMS);
    rm_param *params = RM_NEW_ARRAY(c->unit->arena, rm_param, count > 0 ? count : 1);
    if (params == NULL) {
        c->status = RM_NOMEM;
        return;
    }
    uint32_t used = 0;
    for (uint32_t i = 0; i < count; i++) {
        rm_param param = read_param(c, nodes[i]);
        if (!is_void(param)) {
            params[used++] = param;
        }
    }
    function->params = params;
    function->param_count = used;
}

/* ---- definitions ---- */

static void add_function(collector *c, TSNode node, rm_str scope, rm_str space) {
    const rm_source_file *file = &c->unit->files.at[c->file];
    TSNode declarator = declarator_of(rm_node_field(node, "declarator"), "function_declarator");
    TSNode body = rm_node_field(node, "body");
    if (ts_node_is_null(declarator) || !rm_node_is(body, "compound_statement")) {
        return;
    }
    rm_function function = {
        .file = c->file, .node = node, .body = body, .broken = ts_node_has_error(node)};
    rm_str qualified = RM_STR_NONE;
    name_and_scope(file, rm_node_field(declarator, "declarator"), &function.name, &qualified);
    function.scope = qualified.len > 0 ? qualified : scope;
    function.space = space;
    read_params(c, declarator, &function);
    rm_function *slot = rm_push(c->unit->arena, &c->unit->functions);
    if (slot == NULL || function.name.len == 0) {
        c->status = slot == NULL ? RM_NOMEM : c->status;
        c->unit->functions.count -= slot != NULL;
        return;
    }
    *slot = function;
}

static const char *const containers[] = {"translation_unit",
                                         "linkage_specification",
                                         "declaration_list",
                                         "namespace_definition",
                                         "class_specifier",
                                         "struct_specifier",
                                         "field_declaration_list",
                                         "template_declaration",
                                         "declaration",
                                         "ERROR",
                                         "type_definition",
                                         "union_specifier"};

/* a, and b in it: a::b. */
static rm_str inner_space(collector *c, TSNode node, rm_str space) {
    rm_str name = rm_node_text(&c->unit->files.at[c->file], rm_node_field(node, "name"));
    rm_str both = name;
    if (space.len > 0 && name.len > 0 &&
        rm_str_printf(c->unit->arena, &both, "%.*s::%.*s", RM_STR_ARG(space), RM_STR_ARG(name)) !=
            RM_OK) {
        c->status = RM_NOMEM;
    }
    return name.len > 0 ? both : space;
}

static void collect(collector *c, TSNode node, rm_str scope, rm_str space, unsigned depth) {
    if (depth > 24 || c->status != RM_OK) {
        return;
    }
    TSTreeCursor cursor = ts_tree_cursor_new(node);
    for (bool more = ts_tree_cursor_goto_first_child(&cursor); more;
         more = ts_tree_cursor_goto_next_sibling(&cursor)) {
        TSNode child = ts_tree_cursor_current_node(&cursor);
        if (!ts_node_is_named(child)) {
            continue;
        }
        if (rm_node_is(child, "function_definition")) {
            add_function(c, child, scope, space);
        } else if (is_one_of(child, containers, sizeof containers / sizeof containers[0])) {
            bool names =
                rm_node_is(child, "class_specifier") || rm_node_is(child, "struct_specifier");
            rm_str name = rm_node_text(&c->unit->files.at[c->file],
                                       names ? rm_node_field(child, "name") : child);
            bool opens = rm_node_is(child, "namespace_definition");
            collect(c, child, names ? name : scope, opens ? inner_space(c, child, space) : space,
                    depth + 1);
        }
    }
    ts_tree_cursor_delete(&cursor);
}

/* ---- lambdas ---- */

/* [](…) { … }: without captures it is a function that a callback may be set to. */
static void add_lambda(collector *c, TSNode node) {
    const rm_source_file *file = &c->unit->files.at[c->file];
    TSNode declarator = rm_node_field(node, "declarator");
    rm_function function = {.file = c->file,
                            .node = node,
                            .body = rm_node_field(node, "body"),
                            .broken = ts_node_has_error(node)};
    if (ts_node_is_null(declarator) || !rm_node_is(function.body, "compound_statement")) {
        return;
    }
    if (rm_str_printf(c->unit->arena, &function.name, "lambda:%u",
                      rm_node_place(file, node).line) != RM_OK) {
        c->status = RM_NOMEM;
        return;
    }
    read_params(c, declarator, &function);
    rm_function *slot = rm_push(c->unit->arena, &c->unit->functions);
    if (slot == NULL) {
        c->status = RM_NOMEM;
        return;
    }
    *slot = function;
}

enum { MAX_LAMBDAS = 1024 };

static void collect_lambdas(collector *c) {
    const rm_source_file *file = &c->unit->files.at[c->file];
    size_t found = 0;
    unsigned count =
        0; /* each is searched for from the root: no more than hand-written files have */
    for (size_t at = 0;
         file->is_cpp && c->status == RM_OK && count++ < MAX_LAMBDAS &&
         rm_str_find(rm_str_slice(file->clean, at, file->clean.len), RM_STR("[]("), &found);
         at += found + 3) {
        uint32_t start = (uint32_t)(at + found);
        TSNode node =
            ts_node_descendant_for_byte_range(ts_tree_root_node(file->tree), start, start + 3);
        if (rm_node_is(node, "lambda_expression") && ts_node_start_byte(node) == start) {
            add_lambda(c, node);
        }
    }
    if (count > MAX_LAMBDAS) {
        rm_diag(c->unit->sink, RM_WARNING, (rm_loc){file->path, 0, 0}, "source-too-long",
                "more than %d lambdas: what others do is not read", MAX_LAMBDAS);
    }
}

/* ---- the hash of names ---- */

static rm_status hash_names(rm_source_unit *unit) {
    uint32_t size = 64;
    while (size < unit->functions.count * 2) {
        size *= 2;
    }
    unit->by_name = RM_NEW_ARRAY(unit->arena, uint32_t, size);
    unit->next_of_name = RM_NEW_ARRAY(unit->arena, uint32_t, unit->functions.count + 1);
    if (unit->by_name == NULL || unit->next_of_name == NULL) {
        return RM_NOMEM;
    }
    unit->name_mask = size - 1;
    memset(unit->by_name, 0xFF, size * sizeof *unit->by_name);
    for (uint32_t i = unit->functions.count; i-- > 0;) {
        uint32_t *head = &unit->by_name[rm_str_hash(unit->functions.at[i].name) & unit->name_mask];
        unit->next_of_name[i] = *head;
        *head = i;
    }
    return RM_OK;
}

/* ---- what does not parse ---- */

/* The innermost node that stands for an error, along the first way down to one. */
static TSNode first_error(TSNode node) {
    TSTreeCursor cursor = ts_tree_cursor_new(node);
    for (bool more = ts_tree_cursor_goto_first_child(&cursor); more;) {
        TSNode child = ts_tree_cursor_current_node(&cursor);
        bool here = ts_node_has_error(child);
        node = here ? child : node;
        more = here ? ts_tree_cursor_goto_first_child(&cursor)
                    : ts_tree_cursor_goto_next_sibling(&cursor);
    }
    ts_tree_cursor_delete(&cursor);
    return node;
}

static void tell_broken(const rm_source_unit *unit, uint32_t file) {
    const rm_function *first = NULL;
    unsigned count = 0;
    for (uint32_t i = 0; i < unit->functions.count; i++) {
        const rm_function *f = &unit->functions.at[i];
        if (f->file == file && f->broken) {
            first = first == NULL ? f : first;
            count++;
        }
    }
    const rm_source_file *source = &unit->files.at[file];
    if (first != NULL) {
        rm_place place = rm_node_place(source, first_error(first->node));
        rm_diag(unit->sink, RM_WARNING, place, "source-unparsed",
                "code that does not parse in %u of the functions, first %.*s: nothing in them is "
                "called validated",
                count, RM_STR_ARG(rm_str_slice(first->name, 0, 100)));
    } else if (!source->is_header && ts_node_has_error(ts_tree_root_node(source->tree))) {
        rm_place place = rm_node_place(source, first_error(ts_tree_root_node(source->tree)));
        rm_diag(unit->sink, RM_NOTE, place, "source-unparsed",
                "code outside of functions does not parse: what it declares is not known");
    }
}

rm_status rm_unit_find_functions(rm_source_unit *unit) {
    collector c = {.unit = unit};
    for (c.file = 0; c.file < unit->files.count && c.status == RM_OK; c.file++) {
        if (unit->files.at[c.file].tree != NULL) {
            collect(&c, ts_tree_root_node(unit->files.at[c.file].tree), RM_STR_NONE, RM_STR_NONE,
                    0);
            collect_lambdas(&c);
            tell_broken(unit, c.file);
        }
    }
    return c.status != RM_OK ? c.status : hash_names(unit);
}

const rm_function *rm_unit_function(const rm_source_unit *unit, rm_str name, bool *several) {
    const rm_function *found = NULL;
    bool more = false;
    uint32_t i =
        unit->by_name == NULL ? RM_NONE : unit->by_name[rm_str_hash(name) & unit->name_mask];
    for (; i != RM_NONE; i = unit->next_of_name[i]) {
        if (rm_str_eq(unit->functions.at[i].name, name)) {
            more = found != NULL;
            found = &unit->functions.at[i];
            if (more) {
                break;
            }
        }
    }
    if (several != NULL) {
        *several = more;
    }
    return more ? NULL : found;
}
