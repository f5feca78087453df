#include <string.h>

#include <tree_sitter/api.h>

#include "source/catalogue.h"
#include "source/flow/lower.h"
#include "source/flow/purpose.h"
#include "source/flow/walk.h"
#include "source/flow/words.h"
#include "source/kit_outs.h"
#include "source/normalise.h"

const TSLanguage *tree_sitter_c(void);
const TSLanguage *tree_sitter_cpp(void);

/* --- names that are no variables --- */

static const rm_expr *constant(rm_lower *l, TSNode node, rm_str name, int64_t value) {
    bool wide = value > UINT32_MAX || value < INT32_MIN;
    bool is_unsigned = (value > INT32_MAX && !wide) || rm_macro_is_unsigned(l->flow->unit, name);
    rm_expr *e = rm_expr_new(l, RM_EXPR_CONST, node);
    if (e != NULL) {
        e->value = value;
        e->name = name;
        e->type = rm_type_integer(wide ? 64 : 32, !is_unsigned);
    }
    return e;
}

static const rm_expr *named(rm_lower *l, TSNode node, rm_expr_kind kind, rm_str name) {
    rm_expr *e = rm_expr_new(l, kind, node);
    if (e != NULL) {
        e->name = name;
    }
    return e;
}

static bool all_capitals(rm_str name) {
    bool letter = false;
    for (size_t i = 0; i < name.len; i++) {
        if (name.ptr[i] >= 'a' && name.ptr[i] <= 'z') {
            return false;
        }
        letter |= name.ptr[i] >= 'A' && name.ptr[i] <= 'Z';
    }
    return letter;
}

/* Is it one of our cases' labels: T01_none, IoctlFoo … a name nothing defines? */
static bool is_constant_name(rm_str name) {
    return all_capitals(name) || rm_str_starts(name, RM_STR("IRP_M")) ||
           rm_str_starts(name, RM_STR("STATUS_"));
}

static const rm_function *function_named(rm_lower *l, rm_str name) {
    bool several = false;
    const rm_function *f = rm_unit_function(l->flow->unit, name, &several);
    for (uint32_t i = 0; f == NULL && several && i < l->flow->unit->functions.count; i++) {
        const rm_function *other = &l->flow->unit->functions.at[i];
        if (other->file == l->file_index && rm_str_eq(other->name, name)) {
            f = other; /* a static one of the same file */
        }
    }
    return f;
}

/* A::B::name: what stands last, what stands just before it, and all that does. */
typedef struct qualified {
    rm_str name, scope, all;
} qualified;

static bool split_qualified(rm_str text, qualified *out) {
    *out = (qualified){.name = text, .scope = RM_STR_NONE};
    size_t at = 0;
    while (rm_str_find(out->name, RM_STR("::"), &at)) {
        out->scope = rm_str_slice(out->name, 0, at);
        out->name = rm_str_slice(out->name, at + 2, out->name.len);
    }
    bool parts = out->name.len < text.len && out->name.len > 0;
    out->all = parts ? rm_str_slice(text, 0, text.len - out->name.len - 2) : RM_STR_NONE;
    return parts;
}

static bool is_in_space(const rm_function *f, rm_str all) {
    rm_str space = f->space;
    bool ends =
        space.len >= all.len && rm_str_eq(rm_str_slice(space, space.len - all.len, space.len), all);
    return ends && (space.len == all.len || space.ptr[space.len - all.len - 1] == ':');
}

/* Scope::Name: the class's own, or the one in such a namespace. */
static const rm_function *function_qualified(const rm_lower *l, rm_str text) {
    const rm_source_unit *unit = l->flow->unit;
    const rm_function *found[2] = {NULL, NULL}; /* of a class, in a namespace */
    unsigned count[2] = {0, 0};
    qualified q;
    if (!l->file->is_cpp || unit->by_name == NULL || !split_qualified(text, &q)) {
        return NULL;
    }
    uint32_t i = unit->by_name[rm_str_hash(q.name) & unit->name_mask];
    for (; i != RM_NONE; i = unit->next_of_name[i]) {
        const rm_function *f = &unit->functions.at[i];
        bool own = rm_str_eq(f->scope, q.scope);
        if (rm_str_eq(f->name, q.name) && (own || (f->scope.len == 0 && is_in_space(f, q.all)))) {
            found[own ? 0 : 1] = f;
            count[own ? 0 : 1]++;
        }
    }
    return count[0] == 1 ? found[0] : count[0] == 0 && count[1] == 1 ? found[1] : NULL;
}

/* The text of an object-like macro as an expression in its place; NULL: not one. */
static const rm_expr *expand_text(rm_lower *l, TSNode node, rm_str text);

/* A member of the class whose function this is, named without an object. */
static rm_type member_type(const rm_lower *l, rm_str name) {
    const rm_function *f = l->body->function;
    rm_type none = {.name = RM_STR_NONE};
    if (!l->file->is_cpp || f == NULL || f->scope.len == 0) {
        return none;
    }
    rm_type class = rm_type_named(l->flow->decls, f->scope);
    return class.record != NULL ? rm_type_member(&class, name) : none;
}

/* In C++ an enumerator of another scope may have the name of a function; without its scope the name
   is the function's. */
static bool is_enumerator_elsewhere(const rm_lower *l, rm_str name) {
    const rm_macro *macro = rm_macros_find(l->flow->unit->macros, RM_SCOPE_UNIT, name);
    return l->file->is_cpp && macro != NULL && macro->kind == RM_MACRO_ENUM && macro->tag.len > 0;
}

const rm_expr *rm_lower_name(rm_lower *l, TSNode node, rm_str name) {
    int64_t value = 0;
    rm_str body;
    const rm_function *f = function_named(l, name);
    if ((f == NULL || !is_enumerator_elsewhere(l, name)) &&
        (rm_unit_eval(l->flow->unit, name, &value) || rm_word_constant(name, &value) ||
         rm_macros_enumerator(l->flow->unit->macros, name, &value))) {
        return constant(l, node, name, value);
    }
    f = f != NULL ? f : function_qualified(l, name);
    if (f != NULL) {
        rm_expr *e = rm_expr_new(l, RM_EXPR_FUNCTION, node);
        if (e != NULL) {
            e->function = f;
            e->name = name;
        }
        return e;
    }
    if (rm_unit_macro(l->flow->unit, name, &body) && body.len > 0 && !rm_str_eq(body, name)) {
        const rm_expr *e = expand_text(l, node, body);
        if (e != NULL) {
            return e;
        }
        return named(l, node, RM_EXPR_NAMED, name);
    }
    const rm_global *global = rm_decls_global(l->flow->decls, name);
    qualified q;
    if (global == NULL && split_qualified(name, &q) &&
        rm_decls_global(l->flow->decls, q.name) != NULL) {
        global = rm_decls_global(l->flow->decls, q.name); /* inside its namespace it is bare */
        name = q.name;
    }
    if (global == NULL && is_constant_name(name)) {
        return named(l, node, RM_EXPR_NAMED, name);
    }
    rm_expr *e = rm_expr_new(l, RM_EXPR_GLOBAL, node);
    if (e != NULL) {
        e->name = name;
        e->type = global != NULL ? global->type : member_type(l, name);
    }
    return e;
}

/* --- macros --- */

/* A tree of `text` wrapped so that it can stand alone; the caller deletes it. */
static TSTree *parse_text(rm_lower *l, rm_str text) {
    TSParser *parser = ts_parser_new();
    TSTree *tree = NULL;
    if (parser != NULL &&
        ts_parser_set_language(parser, l->file->is_cpp ? tree_sitter_cpp() : tree_sitter_c())) {
        tree = ts_parser_parse_string(parser, NULL, text.ptr, (uint32_t)text.len);
    }
    ts_parser_delete(parser);
    return tree;
}

/* The first node of that kind, looking down the first children of a wrapped snippet. */
static TSNode body_of_snippet(TSTree *tree) {
    TSNode node = ts_tree_root_node(tree);
    TSNode definition = ts_node_named_child(node, 0);
    return rm_node_field(definition, "body");
}

typedef struct snippet {
    rm_source_file file;
    TSTree *tree;
    TSNode body;
} snippet;

static bool snippet_open(rm_lower *l, rm_str before, rm_str text, rm_str after, snippet *out) {
    rm_buf buf = {.arena = l->flow->arena};
    rm_buf_str(&buf, before);
    rm_buf_str(&buf, text);
    rm_buf_str(&buf, after);
    if (buf.status != RM_OK) {
        l->flow->status = buf.status;
        return false;
    }
    rm_str whole = rm_buf_view(&buf);
    TSTree *tree = parse_text(l, whole);
    if (tree == NULL) {
        return false;
    }
    if (ts_node_has_error(ts_tree_root_node(tree))) {
        ts_tree_delete(tree);
        return false;
    }
    *out = (snippet){.file = *l->file, .tree = tree, .body = body_of_snippet(tree)};
    out->file.text = whole;
    out->file.clean = whole;
    out->file.tree = tree;
    return true;
}

/* While a macro's text is lowered every place is where the macro was used. */
static rm_lower enter_snippet(rm_lower *l, TSNode node, const snippet *s) {
    rm_lower inner = *l;
    inner.macro_use = rm_lower_span(l, node);
    inner.in_macro = true;
    inner.macros++;
    inner.file = &s->file;
    return inner;
}

static void leave_snippet(rm_lower *l, const rm_lower *inner, snippet *s) {
    l->scope = inner->scope;
    ts_tree_delete(s->tree);
}

static const rm_expr *expand_text(rm_lower *l, TSNode node, rm_str text) {
    snippet s;
    if (l->macros >= RM_LOWER_MACROS ||
        !snippet_open(l, RM_STR("void f(void){return("), text, RM_STR(");}"), &s)) {
        return NULL;
    }
    const rm_expr *e = NULL;
    TSNode statement = ts_node_named_child(s.body, 0);
    if (ts_node_named_child_count(s.body) == 1 && rm_node_is(statement, "return_statement")) {
        rm_lower inner = enter_snippet(l, node, &s);
        e = rm_lower_expr(&inner, ts_node_named_child(statement, 0));
        leave_snippet(l, &inner, &s);
    } else {
        ts_tree_delete(s.tree);
    }
    return e;
}

static bool is_name_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* Replaces parameters by arguments, each in parentheses where it is not a plain word. */
static bool substitute(rm_lower *l, const rm_macro_view *view, const rm_str *args, rm_str *out) {
    rm_buf buf = {.arena = l->flow->arena};
    rm_str body = view->body;
    for (size_t i = 0; i < body.len;) {
        if (body.ptr[i] == '#') {
            return false; /* pasting and quoting make new words */
        }
        size_t end = i;
        while (end < body.len && is_name_char(body.ptr[end])) {
            end++;
        }
        if (end == i) {
            if (body.ptr[i] != '\\') {
                rm_buf_char(&buf, body.ptr[i]);
            }
            i++;
            continue;
        }
        rm_str word = rm_str_slice(body, i, end);
        for (uint32_t p = 0; p < view->param_count; p++) {
            if (rm_str_eq(word, view->params[p])) {
                word = args[p];
                break;
            }
        }
        rm_buf_str(&buf, word);
        i = end;
    }
    *out = rm_buf_view(&buf);
    l->flow->status = buf.status != RM_OK ? buf.status : l->flow->status;
    return buf.status == RM_OK;
}

/* The text that a call of a function-like macro stands for. */
static bool macro_text(rm_lower *l, TSNode call, rm_str *out) {
    rm_macro_view view;
    rm_str args[RM_LOWER_ARGS];
    TSNode nodes[RM_LOWER_ARGS];
    rm_str name = rm_call_name(l->file, call);
    if (name.len == 0 || !rm_unit_macro_view(l->flow->unit, name, &view) || !view.function_like) {
        return false;
    }
    uint32_t count = rm_node_arguments(rm_node_field(call, "arguments"), nodes, RM_LOWER_ARGS);
    if (count != view.param_count || count > RM_LOWER_ARGS) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        args[i] = rm_node_text(l->file, nodes[i]);
    }
    return substitute(l, &view, args, out);
}

const rm_stmt *rm_lower_macro_stmt(rm_lower *l, TSNode call) {
    rm_str text;
    snippet s;
    rm_str name = rm_call_name(l->file, call);
    if (rm_word_is_quiet(name) || rm_api_find(name) != NULL || l->macros >= RM_LOWER_MACROS ||
        !macro_text(l, call, &text) ||
        !snippet_open(l, RM_STR("void f(void){"), text, RM_STR(";}"), &s)) {
        return NULL;
    }
    rm_lower inner = enter_snippet(l, call, &s);
    const rm_stmt *block = rm_lower_stmt(&inner, s.body);
    leave_snippet(l, &inner, &s);
    return block;
}

/* --- calls --- */

static const rm_expr *operation(rm_lower *l, TSNode node, rm_expr_kind kind, uint32_t op,
                                const rm_expr *a, const rm_expr *b) {
    rm_expr *e = rm_expr_new(l, kind, node);
    if (e != NULL) {
        e->op = op;
        e->a = a;
        e->b = b;
        e->type = kind == RM_EXPR_COMPARE ? rm_type_integer(32, true) : a->type;
    }
    return e;
}

/* min(a, b): a < b ? a : b, as the macro has it. */
static const rm_expr *lesser(rm_lower *l, TSNode node, bool greater, const rm_expr *a,
                             const rm_expr *b) {
    const rm_expr *test =
        operation(l, node, RM_EXPR_COMPARE, greater ? RM_OP('>', 0) : RM_OP('<', 0), a, b);
    rm_expr *e = rm_expr_new(l, RM_EXPR_CHOOSE, node);
    if (e == NULL || test == NULL) {
        return NULL;
    }
    e->a = test;
    e->b = a;
    e->c = b;
    e->type = a->type.bits >= b->type.bits ? a->type : b->type;
    return e;
}

/* Elements of an array: a number, or a name that stands for it. */
static const rm_expr *element_count(rm_lower *l, TSNode node, const rm_expr *array) {
    if (array->type.dims > 0 && array->type.count[0] > 0) {
        return rm_expr_const(l, node, array->type.count[0], rm_type_integer(64, false));
    }
    rm_expr *e = rm_expr_new(l, RM_EXPR_NAMED, node);
    if (e != NULL) {
        e->name = rm_node_text(l->file, node);
        e->type = rm_type_integer(64, false);
    }
    return e;
}

/* FIELD_OFFSET(TYPE, Member) of a structure that is known; NULL: it is not. */
static const rm_expr *offset_of_member(rm_lower *l, TSNode node, rm_str name) {
    TSNode parts[2];
    if (rm_node_arguments(rm_node_field(node, "arguments"), parts, 2) != 2) {
        return NULL;
    }
    rm_type type = rm_type_named(l->flow->decls, rm_node_text(l->file, parts[0]));
    rm_str member = rm_node_text(l->file, parts[1]);
    for (uint32_t i = 0; type.record != NULL && type.pointers == 0 && i < type.record->fields.count;
         i++) {
        const rm_field *field = &type.record->fields.at[i];
        if (rm_str_eq(field->name, member) && field->offset >= 0) {
            bool kits = rm_str_eq(name, RM_STR("FIELD_OFFSET")); /* a LONG, not a size_t */
            return rm_expr_const(l, node, field->offset, rm_type_integer(kits ? 32 : 64, kits));
        }
    }
    return NULL;
}

/* Helpers of the kit that are macros there; NULL: none of them. */
static const rm_expr *kit_helper(rm_lower *l, TSNode node, rm_str name, const rm_expr *const *args,
                                 uint32_t count) {
    rm_word_helper helper = rm_word_helper_of(name);
    if (helper == RM_HELPER_NT_ERROR && count == 1) {
        const rm_expr *least = rm_expr_const(l, node, 0xC0000000, rm_type_integer(32, false));
        rm_expr *status = rm_expr_new(l, RM_EXPR_CAST, node);
        if (least == NULL || status == NULL) {
            return NULL;
        }
        status->a = args[0];
        status->type = rm_type_integer(32, false);
        return operation(l, node, RM_EXPR_COMPARE, RM_OP('>', '='), status, least);
    }
    if ((helper == RM_HELPER_NT_SUCCESS || helper == RM_HELPER_FAILED) && count == 1) {
        const rm_expr *zero = rm_expr_const(l, node, 0, rm_type_integer(32, true));
        rm_expr *status = rm_expr_new(l, RM_EXPR_CAST, node);
        if (zero == NULL || status == NULL) {
            return NULL;
        }
        status->a = args[0];
        status->type = rm_type_integer(32, true);
        return operation(l, node, RM_EXPR_COMPARE,
                         helper == RM_HELPER_FAILED ? RM_OP('<', 0) : RM_OP('>', '='), status,
                         zero);
    }
    if ((helper == RM_HELPER_MIN || helper == RM_HELPER_MAX) && count == 2) {
        return lesser(l, node, helper == RM_HELPER_MAX, args[0], args[1]);
    }
    if (helper == RM_HELPER_CLAMP && count == 3 && l->file->is_cpp &&
        rm_unit_function(l->flow->unit, name, NULL) == NULL) {
        const rm_expr *above = lesser(l, node, true, args[0], args[1]);
        return above == NULL ? NULL : lesser(l, node, false, above, args[2]);
    }
    if (helper == RM_HELPER_COUNT && count == 1) {
        return element_count(l, node, args[0]);
    }
    if (helper == RM_HELPER_OFFSET) {
        const rm_expr *known = offset_of_member(l, node, name);
        if (known != NULL) {
            return known;
        }
        rm_expr *e = rm_expr_new(l, RM_EXPR_NAMED, node);
        if (e != NULL) {
            e->name = rm_node_text(l->file, node);
            e->type = rm_type_integer(64, false);
        }
        return e;
    }
    if (helper == RM_HELPER_SAME && count >= 1) {
        return args[0];
    }
    if ((helper == RM_HELPER_LOW_UNSIGNED || helper == RM_HELPER_LOW_SIGNED) && count == 1) {
        rm_expr *e = rm_expr_new(l, RM_EXPR_CAST, node);
        if (e != NULL) {
            e->a = args[0];
            e->type = rm_type_integer(32, helper == RM_HELPER_LOW_SIGNED);
        }
        return e;
    }
    return NULL;
}

static bool lower_arguments(rm_lower *l, TSNode list, rm_expr *call) {
    TSNode nodes[RM_LOWER_ARGS];
    uint32_t count = rm_node_arguments(list, nodes, RM_LOWER_ARGS);
    count = count > RM_LOWER_ARGS ? RM_LOWER_ARGS : count;
    const rm_expr **args = RM_NEW_ARRAY(l->flow->arena, const rm_expr *, count + 1);
    for (uint32_t i = 0; i < count && args != NULL; i++) {
        args[i] = rm_lower_expr(l, nodes[i]);
        if (args[i] == NULL) {
            return false;
        }
    }
    call->args = args;
    call->arg_count = count;
    return args != NULL;
}

/* static_cast<T>(x) and its kin are casts. */
static const rm_expr *lower_cpp_cast(rm_lower *l, TSNode node, TSNode callee) {
    rm_str name = rm_node_text(l->file, rm_node_field(callee, "name"));
    rm_expr *e = rm_expr_new(l, RM_EXPR_CAST, node);
    TSNode types = rm_node_field(callee, "arguments");
    TSNode args[2];
    if (!rm_str_iends(name, RM_STR("_cast")) || e == NULL ||
        rm_node_arguments(rm_node_field(node, "arguments"), args, 2) != 1) {
        return NULL;
    }
    rm_str type = rm_node_text(l->file, types);
    e->a = rm_lower_expr(l, args[0]);
    e->type = rm_type_named(l->flow->decls, rm_str_slice(type, 1, type.len - (type.len > 0)));
    return e->a == NULL ? NULL : e;
}

/* The callee of (A)(B)(x) as the grammar reads it: (A) called with B. */
uint32_t rm_lower_cast_chain(rm_lower *l, TSNode callee, rm_type *types, uint32_t max) {
    TSNode list = rm_node_field(callee, "arguments");
    TSNode cast_type = rm_node_field(callee, "type");
    uint32_t count = 0;
    if (max == 0) {
        return 0;
    }
    if (rm_lower_is_cast(l, callee, &types[0])) {
        return 1;
    }
    if (rm_node_is(callee, "call_expression")) {
        count = rm_lower_cast_chain(l, rm_node_field(callee, "function"), types, max - 1);
        return count > 0 && rm_lower_is_cast_list(l, list, &types[count]) ? count + 1 : 0;
    }
    if (rm_node_is(callee, "cast_expression") && !ts_node_is_null(cast_type)) {
        types[0] = rm_type_named(l->flow->decls, rm_node_text(l->file, cast_type));
        count = rm_lower_cast_chain(l, rm_node_field(callee, "value"), types + 1, max - 1);
        return count > 0 ? count + 1 : 0;
    }
    return 0;
}

/* (A)(B)(x) */
static const rm_expr *lower_cast_chain(rm_lower *l, TSNode node, TSNode callee) {
    enum { MOST = 4 };
    rm_type types[MOST];
    TSNode args[2];
    uint32_t count = rm_lower_cast_chain(l, callee, types, MOST);
    if (count < 2 || rm_node_arguments(rm_node_field(node, "arguments"), args, 2) != 1) {
        return NULL;
    }
    const rm_expr *value = rm_lower_expr(l, args[0]);
    for (uint32_t i = count; i > 0 && value != NULL; i--) {
        rm_expr *e = rm_expr_new(l, RM_EXPR_CAST, node);
        if (e != NULL) {
            e->type = types[i - 1];
            e->a = value;
        }
        value = e;
    }
    return value;
}

/* (TYPE)(x), and C++'s TYPE(x): the grammar takes them for calls. */
static const rm_expr *lower_cast_call(rm_lower *l, TSNode node, TSNode callee) {
    rm_type type;
    TSNode args[2];
    rm_str name = rm_node_text(l->file, callee);
    uint32_t variable = 0;
    bool functional = rm_node_is(callee, "primitive_type") ||
                      (l->file->is_cpp && rm_node_is(callee, "identifier") &&
                       !rm_lower_find(l, name, &variable) && rm_type_known(l->flow->decls, name));
    const rm_expr *chain = functional ? NULL : lower_cast_chain(l, node, callee);
    if (chain != NULL) {
        return chain;
    }
    if (rm_node_arguments(rm_node_field(node, "arguments"), args, 2) != 1 ||
        (!functional && !rm_lower_is_cast(l, callee, &type))) {
        return NULL;
    }
    if (functional && rm_lower_is_class(l, name)) {
        return rm_lower_object(l, node, name, rm_node_field(node, "arguments"));
    }
    rm_expr *e = rm_expr_new(l, RM_EXPR_CAST, node);
    if (e == NULL) {
        return NULL;
    }
    e->type = functional ? rm_type_named(l->flow->decls, name) : type;
    e->a = rm_lower_expr(l, args[0]);
    return e->a == NULL ? NULL : e;
}

static const rm_expr *quiet(rm_lower *l, TSNode node) {
    return rm_expr_const(l, node, 0, rm_type_integer(32, true));
}

/* The call that the normaliser left where machine code stands. */
static bool is_machine_code(const rm_lower *l, TSNode callee) {
    return rm_node_is(callee, "identifier") &&
           rm_str_eq(
               rm_str_slice(l->file->clean, ts_node_start_byte(callee), ts_node_end_byte(callee)),
               RM_STR(RM_MACHINE_CODE));
}

static const rm_expr *lower_machine_code(rm_lower *l, TSNode node, TSNode callee) {
    rm_expr *e = rm_expr_new(l, RM_EXPR_CALL, node);
    if (e != NULL) {
        e->name = RM_STR(RM_MACHINE_CODE);
        e->a = rm_expr_opaque(l, callee, "machine code");
    }
    return e == NULL || e->a == NULL ? NULL : e;
}

/*
 * object.Name(…), object->Name(…) in C++: a function of a class, unless the member is known to be a
 * pointer. Virtual ones are not looked for.
 */
static bool is_method(const rm_lower *l, const rm_expr *callee) {
    if (l->file->is_cpp && callee->kind == RM_EXPR_LOCAL) {
        /* a functor: its type is a class or a template's parameter */
        return callee->type.pointers == 0 && callee->type.bits == 0 && callee->type.dims == 0;
    }
    if (!l->file->is_cpp || callee->kind != RM_EXPR_MEMBER) {
        return false;
    }
    bool declared = rm_str_eq(callee->type.name, RM_STR("function"));
    return declared ? callee->type.pointers == 1 : callee->type.name.len == 0;
}

/* A pointer, or a name of the kit's habit for one that nothing here defines: PCWSTR. */
static bool is_pointer(const rm_type *type) {
    bool by_name =
        type->bits == 0 && type->record == NULL && type->name.len > 2 &&
        (rm_str_starts(type->name, RM_STR("LP")) ||
         (type->name.ptr[0] == 'P' && type->name.ptr[1] >= 'A' && type->name.ptr[1] <= 'Z'));
    return type->pointers > 0 || type->dims > 0 || by_name;
}

/* Do the arguments go with the parameters: as many, pointers where pointers are wanted? */
static bool takes(const rm_lower *l, const rm_function *f, const rm_expr *call) {
    if (f->param_count != call->arg_count) {
        return false;
    }
    for (uint32_t i = 0; i < f->param_count; i++) {
        rm_type wanted = rm_type_named(l->flow->decls, f->params[i].type);
        const rm_type *given = &call->args[i]->type;
        bool number = wanted.bits > 0 && !is_pointer(&wanted);
        if ((number && is_pointer(given)) ||
            (is_pointer(&wanted) && given->bits > 0 && !is_pointer(given))) {
            return false;
        }
    }
    return true;
}

uint32_t rm_lower_references(const rm_function *f) {
    uint32_t bits = 0;
    size_t at = 0;
    for (uint32_t i = 0; i < f->param_count && i < 32; i++) {
        bits |= rm_str_find_char(f->params[i].type, '&', &at) ? 1u << i : 0;
    }
    return bits;
}

/* Functions of classes of that name that take the call's arguments: at most `max`. */
static uint32_t overloads(const rm_lower *l, rm_str name, const rm_expr *call,
                          const rm_function **out, uint32_t max) {
    const rm_source_unit *unit = l->flow->unit;
    uint32_t count = 0;
    uint32_t i =
        unit->by_name == NULL ? RM_NONE : unit->by_name[rm_str_hash(name) & unit->name_mask];
    for (; i != RM_NONE && count < max; i = unit->next_of_name[i]) {
        const rm_function *f = &unit->functions.at[i];
        if (f->scope.len > 0 && rm_str_eq(f->name, name) && takes(l, f, call)) {
            out[count++] = f;
        }
    }
    return count;
}

/* Are the arguments numbers of just the parameters' types, where they are numbers at all? */
static bool takes_as_given(const rm_lower *l, const rm_function *f, const rm_expr *call) {
    for (uint32_t i = 0; i < f->param_count; i++) {
        rm_type wanted = rm_type_named(l->flow->decls, f->params[i].type);
        const rm_type *given = &call->args[i]->type;
        bool numbers = wanted.bits > 0 && given->bits > 0;
        if (numbers && (wanted.bits != given->bits || wanted.is_signed != given->is_signed)) {
            return false;
        }
    }
    return true;
}

/* f(args) of C++ where several functions of no class are called so: the one that takes them, of
   several that which takes them without a conversion. */
static const rm_function *free_overload(const rm_lower *l, rm_str name, const rm_expr *call) {
    const rm_source_unit *unit = l->flow->unit;
    const rm_function *found = NULL;
    const rm_function *exact = NULL;
    uint32_t count = 0;
    uint32_t exactly = 0;
    uint32_t i =
        unit->by_name == NULL ? RM_NONE : unit->by_name[rm_str_hash(name) & unit->name_mask];
    for (; i != RM_NONE; i = unit->next_of_name[i]) {
        const rm_function *f = &unit->functions.at[i];
        if (f->scope.len == 0 && rm_str_eq(f->name, name) && takes(l, f, call)) {
            found = f;
            count++;
            if (takes_as_given(l, f, call)) {
                exact = f;
                exactly++;
            }
        }
    }
    return count == 1 ? found : exactly == 1 ? exact : NULL;
}

const rm_function *rm_lower_overload(const rm_lower *l, rm_str name, const rm_expr *call) {
    const rm_function *found[2];
    return overloads(l, name, call, found, 2) == 1 ? found[0] : NULL;
}

/* The class that an object is declared as; empty: not known. */
static rm_str class_of(const rm_expr *object) {
    return object->type.record != NULL && object->type.record->name.len > 0
               ? object->type.record->name
               : object->type.name;
}

/*
 * object.Name(args): the one function of that name, that of the object's own class, or, through a
 * pointer or reference, any class's that has one: it may be virtual.
 */
static void find_method(rm_lower *l, rm_expr *e) {
    enum { MOST_CLASSES = 6 };
    const rm_function *found[MOST_CLASSES];
    uint32_t count = overloads(l, e->name, e, found, MOST_CLASSES);
    rm_str class = e->a->kind == RM_EXPR_MEMBER ? class_of(e->a->a) : RM_STR_NONE;
    bool exact = e->a->kind == RM_EXPR_MEMBER && e->a->a->type.pointers == 0 && !e->a->arrow;
    if (count == 1) {
        e->function = found[0];
        return;
    }
    for (uint32_t i = 0; i < count && exact; i++) {
        if (rm_str_eq(found[i]->scope, class)) {
            e->function = found[i];
            return;
        }
    }
    const rm_function **others =
        count < 2 || count == MOST_CLASSES
            ? NULL
            : RM_NEW_ARRAY(l->flow->arena, const rm_function *, (size_t)count);
    for (uint32_t i = 0; others != NULL && i < count; i++) {
        others[i] = found[i];
        e->by_reference |= rm_lower_references(found[i]);
    }
    e->others = others;
    e->other_count = others != NULL ? count : 0;
}

/* pZwTerminateProcess, g_ZwQuerySystemInformation: pointers named after what they point to. */
static const rm_api *pointed_to(rm_str name) {
    enum { MOST_BEFORE = 6 };
    for (size_t i = 1; i <= MOST_BEFORE && i + 4 < name.len; i++) {
        const rm_api *api = rm_api_find(rm_str_slice(name, i, name.len));
        if (api != NULL) {
            return api;
        }
    }
    return NULL;
}

/* What the callee's name tells where its body is not to be had. */
static void note_name(rm_lower *l, rm_expr *e) {
    bool through = e->a->kind == RM_EXPR_LOCAL || e->a->kind == RM_EXPR_GLOBAL ||
                   e->a->kind == RM_EXPR_MEMBER || e->a->kind == RM_EXPR_DEREF;
    if (e->function != NULL) {
        e->routine.named = rm_named_own(rm_purpose_kind(l->flow->purpose), e->name);
        return;
    }
    if (e->routine.api != NULL || e->routine.effect != 0 || e->other_count > 0) {
        return;
    }
    if (through && (e->a->kind != RM_EXPR_GLOBAL || rm_decls_global(l->flow->decls, e->name))) {
        e->routine.api = pointed_to(e->name);
        e->name = e->routine.api != NULL ? rm_str_from(e->routine.api->name) : e->name;
        return;
    }
    if (!e->routine.of_kit || rm_str_starts(e->name, RM_STR("__"))) {
        e->routine.named = rm_named_wrapper(e->name);
    }
}

/* What is called is a function where one is called so, whatever enumerator has its name, too. */
static const rm_expr *lower_callee(rm_lower *l, TSNode callee, rm_str name) {
    const rm_expr *e = rm_lower_expr(l, callee);
    const rm_function *f = e != NULL && e->kind == RM_EXPR_CONST ? function_named(l, name) : NULL;
    rm_expr *function = f == NULL ? NULL : rm_expr_new(l, RM_EXPR_FUNCTION, callee);
    if (function == NULL) {
        return e;
    }
    function->function = f;
    function->name = name;
    return function;
}

/* Trace(TRACE_LEVEL_ERROR, FLAG, "…", …): what the trace preprocessor makes of its own words. */
static bool is_trace(rm_lower *l, TSNode node, rm_str name) {
    TSNode arguments = rm_node_field(node, "arguments");
    size_t at = 0;
    if (!rm_str_find(name, RM_STR("Trace"), &at) || ts_node_named_child_count(arguments) < 2) {
        return false;
    }
    rm_str first = rm_node_text(l->file, ts_node_named_child(arguments, 0));
    return rm_str_starts(first, RM_STR("TRACE_LEVEL_")) &&
           rm_unit_function(l->flow->unit, name, NULL) == NULL;
}

/* std::swap(a, b), std::exchange(a, value): arguments that the standard library takes by reference.
 */
static uint32_t standard_references(const rm_lower *l, const rm_expr *e) {
    if (!l->file->is_cpp || e->arg_count != 2) {
        return 0;
    }
    return rm_str_eq(e->name, RM_STR("swap")) ? 3 : rm_str_eq(e->name, RM_STR("exchange")) ? 1 : 0;
}

const rm_expr *rm_lower_call(rm_lower *l, TSNode node) {
    TSNode callee = rm_node_field(node, "function");
    rm_str name = rm_call_name(l->file, node);
    if (is_machine_code(l, callee)) {
        return lower_machine_code(l, node, callee);
    }
    rm_str text;
    const rm_expr *cast = rm_node_is(callee, "template_function")
                              ? lower_cpp_cast(l, node, callee)
                              : lower_cast_call(l, node, callee);
    if (cast != NULL || l->flow->status != RM_OK) {
        return cast;
    }
    if (rm_word_is_quiet(name) || is_trace(l, node, name)) {
        return quiet(l, node);
    }
    if (rm_word_helper_of(name) == RM_HELPER_NONE && rm_api_find(name) == NULL &&
        macro_text(l, node, &text)) {
        const rm_expr *expanded = expand_text(l, node, text);
        if (expanded != NULL) {
            return expanded;
        }
        /* it may branch or return: whatever it is given is no longer known */
        rm_expr *opaque = rm_expr_new(l, RM_EXPR_OPAQUE, node);
        if (opaque == NULL || !lower_arguments(l, rm_node_field(node, "arguments"), opaque)) {
            return NULL;
        }
        opaque->name = name;
        return opaque;
    }
    rm_expr *e = rm_expr_new(l, RM_EXPR_CALL, node);
    if (e == NULL || !lower_arguments(l, rm_node_field(node, "arguments"), e)) {
        return NULL;
    }
    const rm_expr *helper = kit_helper(l, node, name, e->args, e->arg_count);
    if (helper != NULL) {
        return helper;
    }
    e->name = name;
    e->routine = (rm_routine){.api = rm_api_find(name),
                              .question = rm_auth_find(name),
                              .effect = rm_effect_find(name),
                              .of_kit = rm_word_is_system(name),
                              .never_returns = rm_word_never_returns(name)};
    e->routine.outs_known = rm_kit_outs(name, &e->routine.outs);
    e->a = rm_node_is(callee, "primitive_type") ? rm_expr_opaque(l, node, "a type")
                                                : lower_callee(l, callee, name);
    if (e->a != NULL && e->a->kind == RM_EXPR_FUNCTION) {
        const rm_function *other = !l->file->is_cpp                ? NULL
                                   : e->a->function->scope.len > 0 ? rm_lower_overload(l, name, e)
                                                                   : free_overload(l, name, e);
        e->function = other != NULL ? other : e->a->function;
    } else if (e->a != NULL && e->routine.api == NULL && is_method(l, e->a)) {
        e->is_method = true;
        find_method(l, e);
    }
    if (e->a != NULL) {
        note_name(l, e);
    }
    e->by_reference |=
        e->function != NULL ? rm_lower_references(e->function) : standard_references(l, e);
    return e->a == NULL ? NULL : e;
}
