#include <string.h>

#include "source/flow/lower.h"

rm_stmt *rm_stmt_new(rm_lower *l, rm_stmt_kind kind, TSNode node) {
    rm_stmt *s = RM_NEW(l->flow->arena, rm_stmt);
    if (s == NULL) {
        l->flow->status = RM_NOMEM;
        return NULL;
    }
    s->kind = kind;
    s->span = rm_lower_span(l, node);
    return s;
}

void rm_lower_broken(rm_lower *l, rm_str why) {
    if (!l->body->broken) {
        l->body->broken = true;
        l->body->why = why;
    }
}

uint32_t rm_lower_declare(rm_lower *l, rm_str name, rm_type type) {
    rm_variable *v = rm_push(l->flow->arena, &l->body->variables);
    rm_scope_name *s = rm_push(l->flow->arena, &l->scope);
    if (v == NULL || s == NULL) {
        l->flow->status = RM_NOMEM;
        return RM_NONE;
    }
    *v = (rm_variable){.name = name, .type = type};
    *s = (rm_scope_name){.name = name, .variable = l->body->variables.count - 1};
    return s->variable;
}

bool rm_lower_find(const rm_lower *l, rm_str name, uint32_t *variable) {
    for (uint32_t i = l->scope.count; i > 0; i--) {
        if (rm_str_eq(l->scope.at[i - 1].name, name)) {
            *variable = l->scope.at[i - 1].variable;
            return true;
        }
    }
    return false;
}

static void append(rm_lower *l, rm_stmt_list *list, const rm_stmt *stmt) {
    const rm_stmt **slot = stmt == NULL ? NULL : rm_push(l->flow->arena, list);
    if (slot == NULL) {
        l->flow->status = RM_NOMEM;
        return;
    }
    *slot = stmt;
}

static rm_stmt *block_of(rm_lower *l, TSNode node, const rm_stmt_list *list) {
    rm_stmt *s = rm_stmt_new(l, RM_STMT_BLOCK, node);
    if (s != NULL) {
        s->list = list->at;
        s->count = list->count;
        for (uint32_t i = 0; i < list->count; i++) {
            s->has_label |= list->at[i]->has_label;
            s->has_case |= list->at[i]->has_case;
        }
    }
    return s;
}

void rm_lower_too_deep(rm_lower *l, TSNode node) {
    if (!l->said_deep) {
        l->said_deep = true;
        rm_diag(l->flow->unit->sink, RM_WARNING,
                rm_span_place(l->flow->unit, rm_lower_span(l, node)), "flow-limit",
                "nested more than %d deep: what stands further in is not followed", RM_LOWER_DEPTH);
    }
}

static const rm_stmt *opaque(rm_lower *l, TSNode node, const char *why) {
    rm_stmt *s = rm_stmt_new(l, RM_STMT_OPAQUE, node);
    if (s != NULL) {
        s->name = rm_str_from(why);
        rm_lower_broken(l, s->name);
    }
    return s;
}

static const rm_stmt *child_stmt(rm_lower *l, TSNode node, const char *field) {
    TSNode inner = rm_node_field(node, field);
    return ts_node_is_null(inner) ? NULL : rm_lower_stmt(l, inner);
}

static const rm_expr *child_expr(rm_lower *l, TSNode node, const char *field) {
    TSNode inner = rm_node_field(node, field);
    return ts_node_is_null(inner) ? NULL : rm_lower_expr(l, inner);
}

static const rm_stmt *expression(rm_lower *l, TSNode node, const rm_expr *a) {
    rm_stmt *s = rm_stmt_new(l, RM_STMT_EXPR, node);
    if (s != NULL) {
        s->a = a;
    }
    return a == NULL ? NULL : s;
}

static TSNode first_child(TSNode node) {
    uint32_t count = ts_node_named_child_count(node);
    for (uint32_t i = 0; i < count; i++) {
        TSNode child = ts_node_named_child(node, i);
        if (!rm_node_is(child, "comment")) {
            return child;
        }
    }
    return (TSNode){{0}, NULL, NULL};
}

static const rm_stmt *lower_expression(rm_lower *l, TSNode node) {
    TSNode inner = first_child(node);
    if (ts_node_is_null(inner)) {
        return rm_stmt_new(l, RM_STMT_BLOCK, node); /* a lone ; */
    }
    if (rm_node_is(inner, "call_expression")) {
        const rm_stmt *macro = rm_lower_macro_stmt(l, inner);
        if (macro != NULL) {
            return macro;
        }
    }
    return expression(l, node, rm_lower_expr(l, inner));
}

static void inherit_label(rm_stmt *s) {
    s->has_label = s->has_label || (s->body != NULL && s->body->has_label) ||
                   (s->other != NULL && s->other->has_label);
    s->has_case = s->has_case || (s->body != NULL && s->body->has_case) ||
                  (s->other != NULL && s->other->has_case);
}

/* --- declarations --- */

/* T x(args); T x{args}; of a class: its constructor runs. NULL: nothing of the kind. */
static const rm_expr *construction(rm_lower *l, TSNode declaration, TSNode declarator,
                                   TSNode value) {
    TSNode type = rm_node_field(declaration, "type");
    TSNode args[2];
    if (!l->file->is_cpp || ts_node_is_null(type)) {
        return NULL;
    }
    rm_str name = rm_node_text(l->file, type);
    bool init = rm_node_is(declarator, "init_declarator");
    TSNode plain = init ? rm_node_field(declarator, "declarator") : declarator;
    TSNode params = rm_node_field(declarator, "parameters");
    if (rm_node_is(declarator, "function_declarator")) {
        return rm_lower_is_arguments(l, params) ? rm_lower_object(l, declarator, name, params)
                                                : NULL;
    }
    bool round = init && rm_node_is(value, "argument_list");
    bool number = !rm_node_is(plain, "identifier") || rm_type_named(l->flow->decls, name).bits > 0;
    if (round && number && rm_node_arguments(value, args, 2) == 1) {
        return rm_lower_expr(l, args[0]); /* ULONG x(5) */
    }
    bool braces = init && rm_node_is(value, "initializer_list");
    bool object = round || ((braces || !init) && rm_node_is(plain, "identifier") &&
                            rm_lower_is_class(l, name));
    return object ? rm_lower_object(l, declarator, name, value) : NULL;
}

/* auto &[a, b] = s: names for the members of s, in their order. */
static void declare_binding(rm_lower *l, TSNode declarator, TSNode binding, rm_stmt_list *out) {
    for (uint32_t i = 0; i < ts_node_named_child_count(binding); i++) {
        TSNode one = ts_node_named_child(binding, i);
        rm_stmt *s = rm_stmt_new(l, RM_STMT_DECLARE, declarator);
        uint32_t variable =
            rm_node_is(one, "identifier")
                ? rm_lower_declare(l, rm_node_text(l->file, one), (rm_type){.name = RM_STR_NONE})
                : RM_NONE;
        if (s == NULL || variable == RM_NONE) {
            return;
        }
        s->index = variable;
        s->a = rm_expr_opaque(l, one, "a member that a name is bound to by its place");
        append(l, out, s);
    }
    l->body->shaken = "members are changed by other names";
}

/* The [a, b] below & or &&; a null node: there is none. */
static TSNode binding_below(TSNode declarator) {
    for (unsigned depth = 0; depth < 3 && !ts_node_is_null(declarator); depth++) {
        if (rm_node_is(declarator, "structured_binding_declarator")) {
            return declarator;
        }
        TSNode inner = rm_node_field(declarator, "declarator");
        declarator = ts_node_is_null(inner) ? ts_node_named_child(declarator, 0) : inner;
    }
    return (TSNode){{0}, NULL, NULL};
}

static void declare_one(rm_lower *l, TSNode declaration, TSNode declarator, rm_stmt_list *out) {
    bool init = rm_node_is(declarator, "init_declarator");
    rm_str name;
    TSNode binding = l->file->is_cpp ? binding_below(declarator) : (TSNode){{0}, NULL, NULL};
    if (!ts_node_is_null(binding)) {
        declare_binding(l, declarator, binding, out);
        return;
    }
    rm_type type =
        rm_type_of_declarator(l->flow->decls, l->file, rm_node_field(declaration, "type"),
                              init ? rm_node_field(declarator, "declarator") : declarator, &name);
    /* if (T x = value): the declaration has the value itself */
    TSNode value = rm_node_field(init ? declarator : declaration, "value");
    if (name.len == 0 || (rm_node_is(declarator, "function_declarator") && !l->file->is_cpp)) {
        return;
    }
    const rm_expr *a = construction(l, declaration, declarator, value);
    if (a == NULL && !ts_node_is_null(value)) {
        a = rm_lower_expr(l, value);
    }
    if (a != NULL && rm_node_is(declarator, "function_declarator")) {
        /* T x(y), which looks like a prototype */
        type = rm_type_named(l->flow->decls,
                             rm_node_text(l->file, rm_node_field(declaration, "type")));
    }
    if (type.name.len == 0 || rm_str_eq(type.name, RM_STR("auto"))) {
        type = a != NULL ? a->type : type;
    }
    if (a != NULL && type.dims > 0 && type.count[0] == 0 && a->kind == RM_EXPR_LIST) {
        type.count[0] = a->arg_count;
    }
    rm_stmt *s = rm_stmt_new(l, RM_STMT_DECLARE, declarator);
    uint32_t variable = rm_lower_declare(l, name, type);
    if (s == NULL || variable == RM_NONE) {
        return;
    }
    bool reference = rm_node_is(init ? rm_node_field(declarator, "declarator") : declarator,
                                "reference_declarator") &&
                     !ts_node_is_null(value);
    if (!reference && type.record != NULL && type.pointers == 0 && type.record->ends_with_stores) {
        l->body->shaken = "a destructor changes memory where its variable ends";
    }
    l->body->variables.at[variable].is_reference = reference;
    rm_str head = rm_str_slice(rm_node_text(l->file, declaration), 0, 7);
    l->body->variables.at[variable].is_static = rm_str_eq(head, RM_STR("static "));
    s->index = variable;
    s->a = a;
    append(l, out, s);
}

static void lower_declaration(rm_lower *l, TSNode node, rm_stmt_list *out) {
    TSNode declarators[RM_TYPE_DECLARATORS];
    uint32_t count = rm_node_children(node, "declarator", declarators, RM_TYPE_DECLARATORS);
    for (uint32_t i = 0; i < count; i++) {
        declare_one(l, node, declarators[i], out);
    }
}

/* --- blocks --- */

static void lower_case(rm_lower *l, TSNode node, rm_stmt_list *out) {
    TSNode value = rm_node_field(node, "value");
    rm_stmt *s = rm_stmt_new(l, RM_STMT_CASE, node);
    if (s == NULL) {
        return;
    }
    s->has_case = true;
    s->a = ts_node_is_null(value) ? NULL : rm_lower_expr(l, value);
    append(l, out, s);
    uint32_t count = ts_node_named_child_count(node);
    for (uint32_t i = 0; i < count && l->flow->status == RM_OK; i++) {
        TSNode child = ts_node_named_child(node, i);
        if (ts_node_is_null(value) || !ts_node_eq(child, value)) {
            rm_stmt_list one = {0};
            if (rm_node_is(child, "declaration")) {
                lower_declaration(l, child, out);
            } else if (rm_node_is(child, "case_statement")) {
                lower_case(l, child, out);
            } else if (!rm_node_is(child, "comment")) {
                append(l, &one, rm_lower_stmt(l, child));
                append(l, out, one.count > 0 ? one.at[0] : NULL);
            }
        }
    }
}

void rm_lower_block(rm_lower *l, TSNode node, rm_stmt_list *out) {
    uint32_t count = ts_node_named_child_count(node);
    if (l->depth >= RM_LOWER_DEPTH) {
        rm_lower_too_deep(l, node);
        append(l, out, opaque(l, node, "nested too deeply"));
        return;
    }
    l->depth++;
    TSTreeCursor cursor = ts_tree_cursor_new(node);
    bool more = count > 0 && ts_tree_cursor_goto_first_child(&cursor);
    for (; more && l->flow->status == RM_OK; more = ts_tree_cursor_goto_next_sibling(&cursor)) {
        TSNode child = ts_tree_cursor_current_node(&cursor);
        if (!ts_node_is_named(child)) {
            continue;
        }
        if (rm_node_is(child, "declaration")) {
            lower_declaration(l, child, out);
        } else if (rm_node_is(child, "case_statement")) {
            lower_case(l, child, out);
        } else if (!rm_node_is(child, "comment")) {
            append(l, out, rm_lower_stmt(l, child));
        }
    }
    ts_tree_cursor_delete(&cursor);
    l->depth--;
}

static const rm_stmt *lower_compound(rm_lower *l, TSNode node) {
    rm_stmt_list list = {0};
    uint32_t visible = l->scope.count;
    rm_lower_block(l, node, &list);
    l->scope.count = visible;
    return block_of(l, node, &list);
}

/* --- control flow --- */

RM_LIST(rm_chain, rm_stmt *);

static bool declares_in_condition(TSNode node) {
    TSNode clause = rm_node_field(node, "condition");
    return rm_node_is(clause, "condition_clause") &&
           (!ts_node_is_null(rm_node_field(clause, "initializer")) ||
            rm_node_is(rm_node_field(clause, "value"), "declaration"));
}

/* C++: if (init; condition), if (T x = value). What is declared goes before; NULL: none. */
static const rm_expr *lower_condition(rm_lower *l, TSNode node, rm_stmt_list *before) {
    TSNode clause = rm_node_field(node, "condition");
    TSNode value = rm_node_field(clause, "value");
    TSNode init = rm_node_field(clause, "initializer");
    if (!declares_in_condition(node)) {
        return child_expr(l, node, "condition");
    }
    init = ts_node_is_null(init) ? init : first_child(init);
    if (rm_node_is(init, "declaration")) {
        lower_declaration(l, init, before);
    } else if (!ts_node_is_null(init)) {
        append(l, before, rm_lower_stmt(l, init));
    }
    if (!rm_node_is(value, "declaration")) {
        return rm_lower_expr(l, value);
    }
    uint32_t known = before->count;
    lower_declaration(l, value, before);
    if (before->count == known || before->at[known]->kind != RM_STMT_DECLARE) {
        return rm_expr_opaque(l, value, "a declaration that cannot be read");
    }
    uint32_t variable = before->at[known]->index;
    rm_expr *e = rm_expr_new(l, RM_EXPR_LOCAL, value);
    if (e != NULL) {
        e->index = variable;
        e->name = l->body->variables.at[variable].name;
        e->type = l->body->variables.at[variable].type;
    }
    return e;
}

/* The statement behind what its condition declares. */
static const rm_stmt *after(rm_lower *l, TSNode node, rm_stmt_list *before, const rm_stmt *s) {
    if (before->count == 0) {
        return s;
    }
    append(l, before, s);
    return block_of(l, node, before);
}

/* What stands behind else; null: nothing. */
static TSNode else_of(TSNode node) {
    TSNode other = rm_node_field(node, "alternative");
    return rm_node_is(other, "else_clause") ? first_child(other) : other;
}

/* if (a) body, without its else. */
static rm_stmt *lower_branch(rm_lower *l, TSNode node, rm_chain *chain, rm_stmt_list *before) {
    rm_stmt *s = rm_stmt_new(l, RM_STMT_IF, node);
    rm_stmt **slot = s == NULL ? NULL : rm_push(l->flow->arena, chain);
    if (slot == NULL) {
        l->flow->status = RM_NOMEM;
        return NULL;
    }
    *slot = s;
    s->a = lower_condition(l, node, before);
    s->body = child_stmt(l, node, "consequence");
    if (s->a == NULL) {
        rm_lower_broken(l, RM_STR("a condition is missing"));
        s->a = rm_expr_opaque(l, node, "a condition is missing");
    }
    return s->a == NULL ? NULL : s;
}

/* A chain of else if is long, not deep. */
static const rm_stmt *lower_if(rm_lower *l, TSNode node) {
    rm_chain chain = {0};
    rm_stmt_list before = {0};
    uint32_t visible = l->scope.count;
    rm_stmt *last = lower_branch(l, node, &chain, &before);
    TSNode other = else_of(node);
    while (last != NULL && rm_node_is(other, "if_statement") && !declares_in_condition(other) &&
           chain.count < RM_LOWER_CHAIN) {
        last = lower_branch(l, other, &chain, &before);
        other = else_of(other);
    }
    if (last == NULL) {
        return NULL;
    }
    last->other = ts_node_is_null(other) ? NULL : rm_lower_stmt(l, other);
    for (uint32_t i = chain.count; i > 0; i--) {
        chain.at[i - 1]->other = i < chain.count ? chain.at[i] : last->other;
        inherit_label(chain.at[i - 1]);
    }
    l->scope.count = visible;
    return after(l, node, &before, chain.at[0]);
}

static const rm_stmt *lower_switch(rm_lower *l, TSNode node) {
    rm_stmt *s = rm_stmt_new(l, RM_STMT_SWITCH, node);
    uint32_t visible = l->scope.count;
    if (s == NULL) {
        return NULL;
    }
    rm_stmt_list before = {0};
    s->a = lower_condition(l, node, &before);
    s->body = child_stmt(l, node, "body");
    l->scope.count = visible;
    s->has_label = s->body != NULL && s->body->has_label; /* its cases are its own affair */
    return s->a == NULL || s->body == NULL ? opaque(l, node, "a switch without a value")
                                           : after(l, node, &before, s);
}

static const rm_stmt *lower_loop(rm_lower *l, TSNode node) {
    rm_stmt *s = rm_stmt_new(l, RM_STMT_LOOP, node);
    uint32_t visible = l->scope.count;
    if (s == NULL) {
        return NULL;
    }
    s->after_body = rm_node_is(node, "do_statement");
    TSNode init = rm_node_field(node, "initializer");
    if (rm_node_is(init, "declaration")) {
        rm_stmt_list list = {0};
        lower_declaration(l, init, &list);
        s->init = block_of(l, init, &list);
    } else if (!ts_node_is_null(init)) {
        s->init = expression(l, init, rm_lower_expr(l, init));
    }
    s->a = child_expr(l, node, "condition");
    s->step = child_expr(l, node, "update");
    s->body = child_stmt(l, node, "body");
    l->scope.count = visible;
    inherit_label(s);
    return s;
}

/* The elements of an array that is named: how many there are is known. */
static const rm_expr *array_of_range(rm_lower *l, TSNode node) {
    TSNode range = rm_node_field(node, "right");
    if (ts_node_is_null(range) || !rm_node_is(range, "identifier")) {
        return NULL;
    }
    const rm_expr *array = rm_lower_expr(l, range);
    bool known = array != NULL && (array->kind == RM_EXPR_LOCAL || array->kind == RM_EXPR_GLOBAL) &&
                 array->type.dims == 1 && array->type.count[0] > 0;
    return known ? array : NULL;
}

/* for (i = 0; i < count; i++): sets the loop's parts; the counter has no name. NULL: memory. */
static const rm_expr *count_elements(rm_lower *l, TSNode node, const rm_expr *array, rm_stmt *s) {
    rm_type number = rm_type_integer(64, false);
    rm_stmt *init = rm_stmt_new(l, RM_STMT_DECLARE, node);
    rm_expr *counter = rm_expr_new(l, RM_EXPR_LOCAL, node);
    rm_expr *test = rm_expr_new(l, RM_EXPR_COMPARE, node);
    rm_expr *step = rm_expr_new(l, RM_EXPR_STEP, node);
    rm_expr *element = rm_expr_new(l, RM_EXPR_INDEX, node);
    if (init == NULL || counter == NULL || test == NULL || step == NULL || element == NULL) {
        return NULL;
    }
    init->index = rm_lower_declare(l, RM_STR_NONE, number);
    init->a = rm_expr_const(l, node, 0, number);
    counter->index = init->index;
    counter->type = number;
    test->op = RM_OP('<', 0);
    test->a = counter;
    test->b = rm_expr_const(l, node, array->type.count[0], number);
    test->type = rm_type_integer(32, true);
    step->op = RM_OP('+', 0);
    step->a = counter;
    step->type = number;
    element->a = array;
    element->b = counter;
    element->type = rm_type_deref(&array->type);
    s->init = init;
    s->a = test;
    s->step = step;
    return element;
}

/* for (auto x : list): over an array with its elements; else how often, and over what, is not
   followed. */
static const rm_stmt *lower_range_loop(rm_lower *l, TSNode node) {
    rm_stmt *s = rm_stmt_new(l, RM_STMT_LOOP, node);
    rm_stmt_list list = {0};
    uint32_t visible = l->scope.count;
    rm_str name;
    TSNode declarator = rm_node_field(node, "declarator");
    rm_type type = rm_type_of_declarator(l->flow->decls, l->file, rm_node_field(node, "type"),
                                         declarator, &name);
    rm_stmt *declare = rm_stmt_new(l, RM_STMT_DECLARE, node);
    if (s == NULL || declare == NULL) {
        return NULL;
    }
    const rm_expr *array = array_of_range(l, node);
    if (array != NULL) {
        declare->a = count_elements(l, node, array, s);
        type = declare->a != NULL && rm_str_eq(type.name, RM_STR("auto")) ? declare->a->type : type;
    } else {
        declare->a = rm_expr_opaque(l, node, "an element of a range");
        s->a = rm_expr_opaque(l, node, "a range");
    }
    declare->index = rm_lower_declare(l, name, type);
    if (array != NULL && declare->index != RM_NONE) {
        l->body->variables.at[declare->index].is_reference =
            rm_node_is(declarator, "reference_declarator");
    }
    append(l, &list, declare);
    append(l, &list, child_stmt(l, node, "body"));
    s->body = block_of(l, node, &list);
    l->scope.count = visible;
    return s;
}

static const rm_stmt *lower_return(rm_lower *l, TSNode node) {
    rm_stmt *s = rm_stmt_new(l, RM_STMT_RETURN, node);
    TSNode value = first_child(node);
    if (s != NULL && !ts_node_is_null(value)) {
        s->a = rm_lower_expr(l, value);
    }
    return s;
}

static const rm_stmt *lower_jump(rm_lower *l, TSNode node) {
    rm_stmt_kind kind = rm_node_is(node, "break_statement")      ? RM_STMT_BREAK
                        : rm_node_is(node, "continue_statement") ? RM_STMT_CONTINUE
                        : rm_node_is(node, "goto_statement")     ? RM_STMT_GOTO
                                                                 : RM_STMT_LEAVE;
    rm_stmt *s = rm_stmt_new(l, kind, node);
    if (s != NULL && kind == RM_STMT_GOTO) {
        s->name = rm_node_text(l->file, rm_node_field(node, "label"));
    }
    return s;
}

static const rm_stmt *lower_label(rm_lower *l, TSNode node) {
    rm_stmt_list list = {0};
    rm_stmt *s = rm_stmt_new(l, RM_STMT_LABEL, node);
    if (s == NULL) {
        return NULL;
    }
    s->name = rm_node_text(l->file, rm_node_field(node, "label"));
    s->has_label = true;
    append(l, &list, s);
    uint32_t count = ts_node_named_child_count(node);
    for (uint32_t i = 0; i < count; i++) {
        TSNode child = ts_node_named_child(node, i);
        if (rm_node_is(child, "declaration")) {
            lower_declaration(l, child, &list);
        } else if (!rm_node_is(child, "statement_identifier") && !rm_node_is(child, "comment")) {
            append(l, &list, rm_lower_stmt(l, child));
        }
    }
    return block_of(l, node, &list);
}

static const rm_stmt *lower_try(rm_lower *l, TSNode node) {
    rm_stmt *s = rm_stmt_new(l, RM_STMT_TRY, node);
    uint32_t count = ts_node_named_child_count(node);
    if (s == NULL) {
        return NULL;
    }
    s->body = child_stmt(l, node, "body");
    for (uint32_t i = 0; i < count; i++) {
        TSNode child = ts_node_named_child(node, i);
        if (rm_node_is(child, "seh_except_clause") || rm_node_is(child, "catch_clause")) {
            s->other = child_stmt(l, child, "body");
        } else if (rm_node_is(child, "seh_finally_clause")) {
            s->other = child_stmt(l, child, "body");
            s->after_body = true;
        }
    }
    inherit_label(s);
    return s->body == NULL ? opaque(l, node, "a try without a body") : s;
}

/* [[likely]] { … }, [[fallthrough]]; */
static const rm_stmt *lower_attributed(rm_lower *l, TSNode node) {
    uint32_t count = ts_node_named_child_count(node);
    TSNode last = count > 0 ? ts_node_named_child(node, count - 1) : node;
    return count == 0 || rm_node_is(last, "attribute_declaration")
               ? rm_stmt_new(l, RM_STMT_BLOCK, node)
               : rm_lower_stmt(l, last);
}

static const rm_stmt *lower_nothing(rm_lower *l, TSNode node) {
    return rm_stmt_new(l, RM_STMT_BLOCK, node);
}

/* typedef union { … } U; in a body: what lies where is as real as outside of it. */
static const rm_stmt *lower_typedef(rm_lower *l, TSNode node) {
    rm_decls_typedef(l->flow->decls, l->file, node);
    return lower_nothing(l, node);
}

static const rm_stmt *lower_loose_case(rm_lower *l, TSNode node) {
    rm_stmt_list list = {0};
    lower_case(l, node, &list);
    return block_of(l, node, &list);
}

static const rm_stmt *lower_loose_declaration(rm_lower *l, TSNode node) {
    rm_stmt_list list = {0};
    lower_declaration(l, node, &list);
    return block_of(l, node, &list);
}

static const struct {
    const char *type;
    const rm_stmt *(*lower)(rm_lower *l, TSNode node);
} lowerings[] = {
    {"expression_statement", lower_expression},
    {"if_statement", lower_if},
    {"compound_statement", lower_compound},
    {"return_statement", lower_return},
    {"break_statement", lower_jump},
    {"switch_statement", lower_switch},
    {"goto_statement", lower_jump},
    {"continue_statement", lower_jump},
    {"for_statement", lower_loop},
    {"while_statement", lower_loop},
    {"do_statement", lower_loop},
    {"labeled_statement", lower_label},
    {"seh_try_statement", lower_try},
    {"seh_leave_statement", lower_jump},
    {"try_statement", lower_try},
    {"for_range_loop", lower_range_loop},
    {"case_statement", lower_loose_case},
    {"declaration", lower_loose_declaration},
    {"type_definition", lower_typedef},
    {"struct_specifier", lower_nothing},
    {"union_specifier", lower_nothing},
    {"enum_specifier", lower_nothing},
    {"class_specifier", lower_nothing},
    {"preproc_def", lower_nothing},
    {"preproc_function_def", lower_nothing},
    {"preproc_call", lower_nothing},
    {"preproc_include", lower_nothing},
    {"attributed_statement", lower_attributed},
    {"comment", lower_nothing},
    {"using_declaration", lower_nothing},
    {"alias_declaration", lower_nothing},
    {"static_assert_declaration", lower_nothing},
};

const rm_stmt *rm_lower_stmt(rm_lower *l, TSNode node) {
    const char *type = ts_node_type(node);
    const rm_stmt *s = NULL;
    if (l->depth >= RM_LOWER_DEPTH) {
        rm_lower_too_deep(l, node);
        return opaque(l, node, "nested too deeply");
    }
    l->depth++;
    for (size_t i = 0; i < sizeof lowerings / sizeof lowerings[0]; i++) {
        if (strcmp(type, lowerings[i].type) == 0) {
            s = lowerings[i].lower(l, node);
            break;
        }
    }
    l->depth--;
    if (s == NULL && l->flow->status == RM_OK) {
        s = opaque(l, node, "a statement that cannot be read");
    }
    return s;
}
