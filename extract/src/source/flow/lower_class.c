#include "source/flow/lower.h"
#include "source/lex.h"

/*
 * C++: objects that are made, and functions without a name. A class's own constructor is called
 * like any function; of a lambda it is known what it names, not when it runs.
 */

enum { MOST_NAMED = 16 };

static const rm_expr *local(rm_lower *l, TSNode node, uint32_t variable) {
    rm_expr *e = rm_expr_new(l, RM_EXPR_LOCAL, node);
    if (e != NULL) {
        e->index = variable;
        e->name = l->body->variables.at[variable].name;
        e->type = l->body->variables.at[variable].type;
    }
    return e;
}

const rm_expr *rm_lower_code(rm_lower *l, TSNode node, const char *what) {
    const rm_expr *found[MOST_NAMED];
    uint32_t count = 0;
    rm_expr *e = rm_expr_new(l, RM_EXPR_OPAQUE, node);
    rm_lexer lexer = rm_lexer_of(rm_node_text(l->file, node));
    for (rm_token t = rm_lex(&lexer); t.kind != RM_TOKEN_END && count < MOST_NAMED;
         t = rm_lex(&lexer)) {
        uint32_t variable = 0;
        bool known = t.kind != RM_TOKEN_NAME || !rm_lower_find(l, t.text, &variable);
        for (uint32_t i = 0; i < count && !known; i++) {
            known = found[i]->index == variable;
        }
        const rm_expr *named = known ? NULL : local(l, node, variable);
        if (named != NULL) {
            found[count++] = named;
        }
    }
    const rm_expr **args = RM_NEW_ARRAY(l->flow->arena, const rm_expr *, (size_t)count + 1);
    if (e == NULL || args == NULL) {
        l->flow->status = RM_NOMEM;
        return NULL;
    }
    for (uint32_t i = 0; i < count; i++) {
        args[i] = found[i];
    }
    e->name = rm_str_from(what);
    e->args = args;
    e->arg_count = count;
    e->is_code = true;
    return e;
}

/* One argument; of T x(y), which the grammar takes for a function's declaration, its parameter. */
static const rm_expr *argument_of(rm_lower *l, TSNode node) {
    uint32_t variable = 0;
    if (!rm_node_is(node, "parameter_declaration")) {
        return rm_lower_expr(l, node);
    }
    return rm_lower_find(l, rm_node_text(l->file, node), &variable)
               ? local(l, node, variable)
               : rm_lower_name(l, node, rm_node_text(l->file, node));
}

/* Ring<Entry *>: the class is Ring. */
static rm_str class_name(rm_str type) {
    size_t at = 0;
    type = rm_str_find_char(type, '<', &at) ? rm_str_slice(type, 0, at) : type;
    for (size_t i = type.len; i > 0; i--) {
        if (type.ptr[i - 1] == ':') {
            type = rm_str_slice(type, i, type.len);
            break;
        }
    }
    return rm_str_trim(type);
}

static const rm_expr *construct(rm_lower *l, TSNode node, rm_str type, TSNode list) {
    TSNode nodes[RM_LOWER_ARGS];
    rm_expr *e = rm_expr_new(l, RM_EXPR_CALL, node);
    uint32_t count = ts_node_is_null(list) ? 0 : rm_node_arguments(list, nodes, RM_LOWER_ARGS);
    count = count > RM_LOWER_ARGS ? RM_LOWER_ARGS : count;
    const rm_expr **args = RM_NEW_ARRAY(l->flow->arena, const rm_expr *, (size_t)count + 1);
    if (e == NULL || args == NULL) {
        l->flow->status = RM_NOMEM;
        return NULL;
    }
    for (uint32_t i = 0; i < count; i++) {
        args[i] = argument_of(l, nodes[i]);
        if (args[i] == NULL) {
            return NULL;
        }
    }
    e->name = class_name(type);
    e->args = args;
    e->arg_count = count;
    e->is_method = true;
    e->a = rm_expr_const(l, node, 0, rm_type_integer(64, false));
    e->function = rm_lower_overload(l, e->name, e);
    e->by_reference = e->function != NULL ? rm_lower_references(e->function) : 0;
    return e;
}

bool rm_lower_is_arguments(const rm_lower *l, TSNode list) {
    uint32_t count = ts_node_named_child_count(list);
    uint32_t variable = 0;
    for (uint32_t i = 0; i < count; i++) {
        TSNode one = ts_node_named_child(list, i);
        if (!rm_node_is(one, "parameter_declaration") ||
            !rm_lower_find(l, rm_node_text(l->file, one), &variable)) {
            return false;
        }
    }
    return count > 0;
}

bool rm_lower_is_class(const rm_lower *l, rm_str type) {
    const rm_source_unit *unit = l->flow->unit;
    rm_str name = class_name(type);
    uint32_t i =
        unit->by_name == NULL ? RM_NONE : unit->by_name[rm_str_hash(name) & unit->name_mask];
    for (; i != RM_NONE; i = unit->next_of_name[i]) {
        const rm_function *f = &unit->functions.at[i];
        if (rm_str_eq(f->name, name) && rm_str_eq(class_name(f->scope), name)) {
            return true;
        }
    }
    return false;
}

/* The constructor runs; what then stands there is whatever it made of its arguments. */
const rm_expr *rm_lower_object(rm_lower *l, TSNode node, rm_str type, TSNode list) {
    const rm_expr *call = construct(l, node, type, list);
    rm_expr *made = rm_expr_new(l, RM_EXPR_OPAQUE, node);
    rm_expr *both = rm_expr_new(l, RM_EXPR_COMMA, node);
    if (call == NULL || made == NULL || both == NULL) {
        return NULL;
    }
    made->name = RM_STR("an object");
    made->args = call->args;
    made->arg_count = call->arg_count;
    made->is_made = true;
    made->type = rm_type_named(l->flow->decls, type);
    both->a = call;
    both->b = made;
    both->type = made->type;
    return both;
}

const rm_expr *rm_lower_new(rm_lower *l, TSNode node) {
    rm_expr *e = rm_expr_new(l, RM_EXPR_CAST, node);
    if (e == NULL) {
        return NULL;
    }
    e->a = rm_lower_object(l, node, rm_node_text(l->file, rm_node_field(node, "type")),
                           rm_node_field(node, "arguments"));
    e->type = e->a != NULL ? rm_type_pointer(&e->a->type) : e->type;
    return e->a == NULL ? NULL : e;
}

/* When it runs is not known: where it assigns something, any variable may have changed. */
const rm_expr *rm_lower_lambda(rm_lower *l, TSNode node) {
    if (rm_node_stores(rm_node_field(node, "body"), 0)) {
        l->body->shaken = "a lambda may change what was checked";
    }
    return rm_lower_code(l, node, "a lambda");
}

/* C::C(ULONG r) : m_Reg(r) { … }: assignments before the body. */
const rm_stmt *rm_lower_members(rm_lower *l, TSNode definition, const rm_stmt *body) {
    rm_stmt_list list = {0};
    uint32_t count = ts_node_named_child_count(definition);
    for (uint32_t i = 0; i < count; i++) {
        TSNode inits = ts_node_named_child(definition, i);
        uint32_t members =
            rm_node_is(inits, "field_initializer_list") ? ts_node_named_child_count(inits) : 0;
        for (uint32_t k = 0; k < members && l->flow->status == RM_OK; k++) {
            TSNode one = ts_node_named_child(inits, k);
            TSNode args[2];
            if (ts_node_named_child_count(one) != 2 ||
                rm_node_arguments(ts_node_named_child(one, 1), args, 2) != 1) {
                continue;
            }
            rm_stmt *s = rm_stmt_new(l, RM_STMT_EXPR, one);
            rm_expr *assign = rm_expr_new(l, RM_EXPR_ASSIGN, one);
            const rm_stmt **slot = rm_push(l->flow->arena, &list);
            TSNode name = ts_node_named_child(one, 0);
            if (s == NULL || assign == NULL || slot == NULL) {
                l->flow->status = RM_NOMEM;
                return body;
            }
            assign->a = rm_lower_name(l, name, rm_node_text(l->file, name));
            assign->b = rm_lower_expr(l, args[0]);
            s->a = assign;
            *slot = s;
        }
    }
    const rm_stmt **slot = list.count == 0 ? NULL : rm_push(l->flow->arena, &list);
    rm_stmt *block = slot == NULL ? NULL : rm_stmt_new(l, RM_STMT_BLOCK, definition);
    if (block == NULL) {
        return body;
    }
    *slot = body;
    block->list = list.at;
    block->count = list.count;
    block->has_label = body != NULL && body->has_label;
    return block;
}
