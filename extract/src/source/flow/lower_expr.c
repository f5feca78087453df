#include <string.h>

#include "source/flow/lower.h"

rm_span rm_lower_span(const rm_lower *l, TSNode node) {
    if (l->in_macro || ts_node_is_null(node)) {
        return l->macro_use;
    }
    TSPoint at = ts_node_start_point(node);
    return (rm_span){.file = l->file_index,
                     .start = ts_node_start_byte(node),
                     .end = ts_node_end_byte(node),
                     .line = at.row + 1,
                     .column = at.column + 1};
}

rm_expr *rm_expr_new(rm_lower *l, rm_expr_kind kind, TSNode node) {
    rm_expr *e = RM_NEW(l->flow->arena, rm_expr);
    if (e == NULL) {
        l->flow->status = RM_NOMEM;
        return NULL;
    }
    e->kind = kind;
    e->span = rm_lower_span(l, node);
    return e;
}

const rm_expr *rm_expr_const(rm_lower *l, TSNode node, int64_t value, rm_type type) {
    rm_expr *e = rm_expr_new(l, RM_EXPR_CONST, node);
    if (e != NULL) {
        e->value = value;
        e->type = type;
    }
    return e;
}

const rm_expr *rm_expr_opaque(rm_lower *l, TSNode node, const char *why) {
    rm_expr *e = rm_expr_new(l, RM_EXPR_OPAQUE, node);
    if (e != NULL) {
        e->name = rm_str_from(why);
    }
    return e;
}

static const rm_expr *child(rm_lower *l, TSNode node, const char *field) {
    TSNode inner = rm_node_field(node, field);
    return ts_node_is_null(inner) ? rm_expr_opaque(l, node, "an expression is missing")
                                  : rm_lower_expr(l, inner);
}

static uint32_t operator_of(const rm_lower *l, TSNode node) {
    rm_str text = rm_node_text(l->file, rm_node_field(node, "operator"));
    return text.len == 0 ? 0 : RM_OP(text.ptr[0], text.len > 1 ? text.ptr[1] : 0);
}

/* --- types of results, by the usual arithmetic conversions --- */

static rm_type promoted(const rm_type *type) {
    if (type->pointers == 0 && type->dims == 0 && type->bits > 0 && type->bits < 32) {
        return rm_type_integer(32, true);
    }
    return *type;
}

static rm_type common_type(const rm_type *left, const rm_type *right) {
    rm_type a = promoted(left);
    rm_type b = promoted(right);
    if (a.pointers > 0 || a.dims > 0) {
        return *left;
    }
    if (b.pointers > 0 || b.dims > 0) {
        return *right;
    }
    if (a.bits == 0 || b.bits == 0) {
        return (rm_type){.name = RM_STR_NONE};
    }
    if (a.bits != b.bits) {
        return a.bits > b.bits ? a : b;
    }
    return a.is_signed ? b : a;
}

/* --- one function per kind of node --- */

static const rm_expr *lower_paren(rm_lower *l, TSNode node) {
    uint32_t count = ts_node_named_child_count(node);
    for (uint32_t i = 0; i < count; i++) {
        TSNode inner = ts_node_named_child(node, i);
        if (!rm_node_is(inner, "comment")) {
            return rm_lower_expr(l, inner);
        }
    }
    return rm_expr_opaque(l, node, "an empty parenthesis");
}

static const rm_expr *lower_number(rm_lower *l, TSNode node) {
    rm_str text = rm_node_text(l->file, node);
    int64_t value = 0;
    if (!rm_unit_eval(l->flow->unit, text, &value)) {
        rm_expr *e =
            rm_expr_new(l, RM_EXPR_NAMED, node); /* 0xFFFFFFFFFFFFFFFF: a constant, still */
        if (e != NULL) {
            e->name = text;
            e->type = rm_type_integer(64, false);
        }
        return e;
    }
    bool is_unsigned = false;
    bool wide = value > INT32_MAX || value < INT32_MIN;
    bool hex = text.len > 1 && text.ptr[0] == '0';
    for (size_t i = 0; i < text.len; i++) {
        is_unsigned |= text.ptr[i] == 'u' || text.ptr[i] == 'U';
    }
    if (wide && hex && value >= 0 && value <= UINT32_MAX) {
        return rm_expr_const(l, node, value, rm_type_integer(32, false));
    }
    return rm_expr_const(l, node, value, rm_type_integer(wide ? 64 : 32, !is_unsigned));
}

static const rm_expr *lower_char(rm_lower *l, TSNode node) {
    int64_t value = 0;
    if (rm_unit_eval(l->flow->unit, rm_node_text(l->file, node), &value)) {
        return rm_expr_const(l, node, value, rm_type_integer(32, true));
    }
    rm_expr *e = rm_expr_new(l, RM_EXPR_NAMED, node);
    if (e != NULL) {
        e->name = rm_node_text(l->file, node);
        e->type = rm_type_integer(32, true);
    }
    return e;
}

static const rm_expr *lower_string(rm_lower *l, TSNode node) {
    rm_expr *e = rm_expr_new(l, RM_EXPR_STRING, node);
    if (e != NULL) {
        e->name = rm_node_text(l->file, node);
        bool is_wide = e->name.len > 0 && e->name.ptr[0] == 'L';
        e->type = rm_type_integer(is_wide ? 16 : 8, true);
        e->type.pointers = 1;
    }
    return e;
}

static const rm_expr *lower_true(rm_lower *l, TSNode node) {
    return rm_expr_const(l, node, rm_node_is(node, "true"), rm_type_integer(8, false));
}

static const rm_expr *lower_null(rm_lower *l, TSNode node) {
    rm_type type = {.name = RM_STR("void"), .pointers = 1};
    return rm_expr_const(l, node, 0, type);
}

static const rm_expr *lower_identifier(rm_lower *l, TSNode node) {
    rm_str name = rm_node_text(l->file, node);
    uint32_t variable = 0;
    if (!rm_lower_find(l, name, &variable)) {
        return rm_lower_name(l, node, name);
    }
    rm_expr *e = rm_expr_new(l, RM_EXPR_LOCAL, node);
    if (e != NULL) {
        e->index = variable;
        e->name = name;
        e->type = l->body->variables.at[variable].type;
    }
    return e;
}

/* A class or an instance of a template, no pointer to one. */
static bool is_object(const rm_type *type) {
    size_t at = 0;
    return type->pointers == 0 && type->dims == 0 && type->bits == 0 &&
           (type->record != NULL || rm_str_find_char(type->name, '<', &at));
}

enum { MOST_CASTS = 4 };

/*
 * (TYPE)(x)->m: the cast is of the whole, and the grammar takes (TYPE)(x) for a call. How many
 * casts stand so in front of what something is selected from.
 */
static uint32_t casts_in_front(rm_lower *l, TSNode node) {
    rm_type types[MOST_CASTS];
    TSNode args[2];
    while (rm_node_is(node, "field_expression") || rm_node_is(node, "subscript_expression")) {
        node = rm_node_field(node, "argument");
    }
    return rm_node_is(node, "call_expression") &&
                   rm_node_arguments(rm_node_field(node, "arguments"), args, 2) == 1
               ? rm_lower_cast_chain(l, rm_node_field(node, "function"), types, MOST_CASTS)
               : 0;
}

/* What a member or an element is selected from; front: with the casts that are of the whole. */
static const rm_expr *selected_from(rm_lower *l, TSNode node, const rm_expr **front) {
    const rm_expr *a = child(l, node, "argument");
    uint32_t count = casts_in_front(l, rm_node_field(node, "argument"));
    *front = a;
    for (uint32_t i = 0; i < count && a != NULL && a->kind == RM_EXPR_CAST; i++) {
        a = a->a;
    }
    return a;
}

/* Puts the casts around the whole; what a called member gives is another thing. */
static const rm_expr *cast_again(rm_lower *l, TSNode node, const rm_expr *front, const rm_expr *e) {
    const rm_expr *from = e->a;
    TSNode parent = ts_node_parent(node);
    bool called = front != from && rm_node_is(parent, "call_expression") &&
                  ts_node_eq(rm_node_field(parent, "function"), node);
    rm_type types[MOST_CASTS];
    uint32_t count = 0;
    for (; front != from && !called; front = front->a) {
        types[count++] = front->type;
    }
    for (uint32_t i = count; i > 0 && e != NULL; i--) {
        rm_expr *cast = rm_expr_new(l, RM_EXPR_CAST, node);
        if (cast != NULL) {
            cast->type = types[i - 1];
            cast->a = e;
        }
        e = cast;
    }
    return e;
}

static const rm_expr *lower_member(rm_lower *l, TSNode node) {
    const rm_expr *front = NULL;
    const rm_expr *a = selected_from(l, node, &front);
    rm_expr *e = rm_expr_new(l, RM_EXPR_MEMBER, node);
    if (e == NULL || a == NULL) {
        return NULL;
    }
    if (l->file->is_cpp && operator_of(l, node) == RM_OP('-', '>') && is_object(&a->type)) {
        return rm_expr_opaque(l, node, "an object's own ->");
    }
    e->a = a;
    e->arrow = operator_of(l, node) == RM_OP('-', '>');
    e->name = rm_node_text(l->file, rm_node_field(node, "field"));
    rm_type of = e->arrow ? rm_type_deref(&a->type) : a->type;
    e->type = rm_type_member(&of, e->name);
    return cast_again(l, node, front, e);
}

static const rm_expr *lower_index(rm_lower *l, TSNode node) {
    const rm_expr *front = NULL;
    const rm_expr *a = selected_from(l, node, &front);
    TSNode index = rm_node_field(node, "index");
    if (ts_node_is_null(index)) { /* C++: subscript_argument_list */
        index = rm_node_field(node, "indices");
        index = ts_node_is_null(index) ? index : ts_node_named_child(index, 0);
    }
    const rm_expr *b = ts_node_is_null(index) ? rm_expr_opaque(l, node, "an index is missing")
                                              : rm_lower_expr(l, index);
    rm_expr *e = rm_expr_new(l, RM_EXPR_INDEX, node);
    if (e == NULL || a == NULL || b == NULL) {
        return NULL;
    }
    e->a = a;
    e->b = b;
    e->type = rm_type_deref(&a->type);
    return cast_again(l, node, front, e);
}

static const rm_expr *lower_pointer(rm_lower *l, TSNode node) {
    const rm_expr *a = child(l, node, "argument");
    bool deref = operator_of(l, node) == RM_OP('*', 0);
    rm_expr *e = rm_expr_new(l, deref ? RM_EXPR_DEREF : RM_EXPR_ADDRESS, node);
    if (e == NULL || a == NULL) {
        return NULL;
    }
    if (deref && l->file->is_cpp && is_object(&a->type)) {
        return rm_expr_opaque(l, node, "an object's own *");
    }
    e->a = a;
    e->type = deref ? rm_type_deref(&a->type) : rm_type_pointer(&a->type);
    return e;
}

static const rm_expr *lower_unary(rm_lower *l, TSNode node) {
    const rm_expr *a = child(l, node, "argument");
    uint32_t op = operator_of(l, node);
    rm_expr *e = rm_expr_new(l, op == RM_OP('!', 0) ? RM_EXPR_NOT : RM_EXPR_UNARY, node);
    if (e == NULL || a == NULL) {
        return NULL;
    }
    e->a = a;
    e->op = op;
    e->type = op == RM_OP('!', 0) ? rm_type_integer(32, true) : promoted(&a->type);
    return e;
}

static const rm_expr *lower_step(rm_lower *l, TSNode node) {
    const rm_expr *a = child(l, node, "argument");
    rm_expr *e = rm_expr_new(l, RM_EXPR_STEP, node);
    if (e == NULL || a == NULL) {
        return NULL;
    }
    TSNode op = rm_node_field(node, "operator");
    e->a = a;
    e->op = operator_of(l, node) == RM_OP('-', '-') ? RM_OP('-', 0) : RM_OP('+', 0);
    e->arrow = ts_node_start_byte(op) > ts_node_start_byte(rm_node_field(node, "argument"));
    e->type = a->type;
    return e;
}

/* PCDB, a name of the kit's headers: nothing defines it here, and types are named so. */
static bool looks_like_type(const rm_lower *l, rm_str name) {
    rm_str body;
    bool pointer = name.len > 2 && name.ptr[0] == 'P' && name.ptr[1] >= 'A' && name.ptr[1] <= 'Z';
    return (pointer || rm_str_iends(name, RM_STR("_t"))) &&
           !rm_unit_macro(l->flow->unit, name, &body);
}

/* Is it one name in parentheses, and that of a type? */
static bool is_type_in(rm_lower *l, TSNode node, const char *kind, rm_type *type) {
    uint32_t variable = 0;
    if (!rm_node_is(node, kind) || ts_node_named_child_count(node) != 1) {
        return false;
    }
    TSNode inner = ts_node_named_child(node, 0);
    rm_str name = rm_node_text(l->file, inner);
    if (!rm_node_is(inner, "identifier") || rm_lower_find(l, name, &variable) ||
        rm_decls_global(l->flow->decls, name) != NULL ||
        (!rm_type_known(l->flow->decls, name) && !looks_like_type(l, name))) {
        return false;
    }
    *type = rm_type_named(l->flow->decls, name);
    return true;
}

bool rm_lower_is_cast(rm_lower *l, TSNode node, rm_type *type) {
    return is_type_in(l, node, "parenthesized_expression", type);
}

bool rm_lower_is_cast_list(rm_lower *l, TSNode node, rm_type *type) {
    return is_type_in(l, node, "argument_list", type);
}

/* (TYPE)&x, (TYPE)*x, (A)(B)-x: the grammar takes the casts for an operand. */
static const rm_expr *lower_cast_of_unary(rm_lower *l, TSNode node, const rm_type *types,
                                          uint32_t count) {
    uint32_t op = operator_of(l, node);
    const rm_expr *a = child(l, node, "right");
    rm_expr_kind kind = op == RM_OP('&', 0)   ? RM_EXPR_ADDRESS
                        : op == RM_OP('*', 0) ? RM_EXPR_DEREF
                                              : RM_EXPR_UNARY;
    rm_expr *inner = rm_expr_new(l, kind, node);
    if (a == NULL || inner == NULL) {
        return NULL;
    }
    inner->a = a;
    inner->op = op;
    inner->type = kind == RM_EXPR_ADDRESS ? rm_type_pointer(&a->type)
                  : kind == RM_EXPR_DEREF ? rm_type_deref(&a->type)
                                          : promoted(&a->type);
    const rm_expr *value = inner;
    for (uint32_t i = count; i > 0 && value != NULL; i--) {
        rm_expr *e = rm_expr_new(l, RM_EXPR_CAST, node);
        if (e != NULL) {
            e->a = value;
            e->type = types[i - 1];
        }
        value = e;
    }
    return value;
}

static bool is_comparison(uint32_t op) {
    return op == RM_OP('<', 0) || op == RM_OP('>', 0) || op == RM_OP('<', '=') ||
           op == RM_OP('>', '=') || op == RM_OP('=', '=') || op == RM_OP('!', '=');
}

static bool is_ordering(const rm_expr *e) {
    return e->kind == RM_EXPR_COMPARE && e->op != RM_OP('=', '=') && e->op != RM_OP('!', '=');
}

static rm_expr_kind binary_kind(uint32_t op) {
    return op == RM_OP('&', '&')   ? RM_EXPR_AND
           : op == RM_OP('|', '|') ? RM_EXPR_OR
           : is_comparison(op)     ? RM_EXPR_COMPARE
                                   : RM_EXPR_BINARY;
}

static const rm_expr *lower_binary(rm_lower *l, TSNode node) {
    rm_type casts[MOST_CASTS];
    uint32_t count = rm_lower_cast_chain(l, rm_node_field(node, "left"), casts, MOST_CASTS);
    if (count > 0) {
        return lower_cast_of_unary(l, node, casts, count);
    }
    const rm_expr *a = child(l, node, "left");
    const rm_expr *b = child(l, node, "right");
    uint32_t op = operator_of(l, node);
    rm_expr *e = rm_expr_new(l, binary_kind(op), node);
    if (e == NULL || a == NULL || b == NULL) {
        return NULL;
    }
    e->a = a;
    e->b = b;
    e->op = op;
    e->type = e->kind != RM_EXPR_BINARY                        ? rm_type_integer(32, true)
              : op == RM_OP('<', '<') || op == RM_OP('>', '>') ? promoted(&a->type)
                                                               : common_type(&a->type, &b->type);
    /* C compares the 0 or 1 of the first comparison with the second bound */
    e->chained = is_ordering(e) && (is_ordering(a) || is_ordering(b));
    return e;
}

static const rm_expr *lower_assign(rm_lower *l, TSNode node) {
    const rm_expr *a = child(l, node, "left");
    const rm_expr *b = child(l, node, "right");
    rm_str op = rm_node_text(l->file, rm_node_field(node, "operator"));
    rm_expr *e = rm_expr_new(l, RM_EXPR_ASSIGN, node);
    if (e == NULL || a == NULL || b == NULL) {
        return NULL;
    }
    e->a = a;
    e->b = b;
    if (op.len == 2) {
        e->op = RM_OP(op.ptr[0], 0);
    } else if (op.len == 3) {
        e->op = RM_OP(op.ptr[0], op.ptr[1]);
    }
    e->type = a->type;
    return e;
}

static const rm_expr *lower_choose(rm_lower *l, TSNode node) {
    const rm_expr *a = child(l, node, "condition");
    TSNode then = rm_node_field(node, "consequence");
    const rm_expr *b = ts_node_is_null(then) ? a : rm_lower_expr(l, then); /* GNU a ?: c */
    const rm_expr *c = child(l, node, "alternative");
    rm_expr *e = rm_expr_new(l, RM_EXPR_CHOOSE, node);
    if (e == NULL || a == NULL || b == NULL || c == NULL) {
        return NULL;
    }
    e->a = a;
    e->b = b;
    e->c = c;
    e->type = common_type(&b->type, &c->type);
    return e;
}

static rm_type type_of(rm_lower *l, TSNode descriptor) {
    rm_str name;
    TSNode type = rm_node_field(descriptor, "type");
    if (ts_node_is_null(type)) {
        return rm_type_named(l->flow->decls, rm_node_text(l->file, descriptor));
    }
    return rm_type_of_declarator(l->flow->decls, l->file, type,
                                 rm_node_field(descriptor, "declarator"), &name);
}

static const rm_expr *lower_cast(rm_lower *l, TSNode node) {
    const rm_expr *a = child(l, node, "value");
    rm_expr *e = rm_expr_new(l, RM_EXPR_CAST, node);
    if (e == NULL || a == NULL) {
        return NULL;
    }
    e->a = a;
    e->type = type_of(l, rm_node_field(node, "type"));
    return e;
}

static const rm_expr *lower_comma(rm_lower *l, TSNode node) {
    const rm_expr *a = child(l, node, "left");
    const rm_expr *b = child(l, node, "right");
    rm_expr *e = rm_expr_new(l, RM_EXPR_COMMA, node);
    if (e == NULL || a == NULL || b == NULL) {
        return NULL;
    }
    e->a = a;
    e->b = b;
    e->type = b->type;
    return e;
}

static const rm_expr *lower_sizeof(rm_lower *l, TSNode node) {
    TSNode type = rm_node_field(node, "type");
    TSNode value = rm_node_field(node, "value");
    rm_type of = {.name = RM_STR_NONE};
    if (!ts_node_is_null(type)) {
        of = type_of(l, type);
    } else if (!ts_node_is_null(value) && !rm_lower_is_cast(l, value, &of)) {
        const rm_expr *e = rm_lower_expr(l, value);
        of = e != NULL ? e->type : of;
    }
    int64_t size = rm_type_size(&of);
    if (size > 0 || rm_unit_eval(l->flow->unit, rm_node_text(l->file, node), &size)) {
        return rm_expr_const(l, node, size, rm_type_integer(64, false));
    }
    rm_expr *e = rm_expr_new(l, RM_EXPR_NAMED, node);
    rm_str name = rm_type_size_name(&of);
    if (e != NULL) {
        e->name = rm_node_text(l->file, node);
        e->type = rm_type_integer(64, false);
    }
    /* by its type: sizeof(x) and sizeof(TYPE) are the same number */
    if (e != NULL && name.len > 0 &&
        rm_str_printf(l->flow->arena, &e->name, "sizeof(%.*s)", RM_STR_ARG(name)) != RM_OK) {
        l->flow->status = RM_NOMEM;
    }
    return e;
}

static const rm_expr *lower_list(rm_lower *l, TSNode node) {
    rm_expr_list items = {0};
    rm_expr *e = rm_expr_new(l, RM_EXPR_LIST, node);
    uint32_t count = ts_node_named_child_count(node);
    for (uint32_t i = 0; i < count && e != NULL; i++) {
        TSNode item = ts_node_named_child(node, i);
        if (rm_node_is(item, "comment")) {
            continue;
        }
        const rm_expr **slot = rm_push(l->flow->arena, &items);
        const rm_expr *value = rm_lower_expr(l, item);
        if (slot == NULL || value == NULL) {
            l->flow->status = RM_NOMEM;
            return NULL;
        }
        *slot = value;
    }
    if (e != NULL) {
        e->args = items.at;
        e->arg_count = items.count;
    }
    return e;
}

/* .Field = value in an initialiser: an assignment without a left side, with the field's name. */
static const rm_expr *lower_designated(rm_lower *l, TSNode node) {
    const rm_expr *b = child(l, node, "value");
    TSNode designator = rm_node_field(node, "designator");
    rm_expr *e = rm_expr_new(l, RM_EXPR_ASSIGN, node);
    if (e == NULL || b == NULL) {
        return NULL;
    }
    e->b = b;
    if (rm_node_is(designator, "field_designator") && ts_node_named_child_count(designator) > 0) {
        e->name = rm_node_text(l->file, ts_node_named_child(designator, 0));
    } else if (rm_node_is(designator, "subscript_designator") &&
               ts_node_named_child_count(designator) > 0) {
        e->c = rm_lower_expr(l, ts_node_named_child(designator, 0));
    }
    return e;
}

static const rm_expr *lower_offsetof(rm_lower *l, TSNode node) {
    rm_expr *e = rm_expr_new(l, RM_EXPR_NAMED, node);
    if (e != NULL) {
        e->name = rm_node_text(l->file, node);
        e->type = rm_type_integer(64, false);
    }
    return e;
}

static const rm_expr *lower_compound_literal(rm_lower *l, TSNode node) {
    const rm_expr *value = child(l, node, "value");
    rm_expr *e =
        value == NULL || value->kind != RM_EXPR_LIST ? NULL : rm_expr_new(l, RM_EXPR_LIST, node);
    if (e == NULL) {
        return value;
    }
    e->args = value->args;
    e->arg_count = value->arg_count;
    e->type = type_of(l, rm_node_field(node, "type"));
    return e;
}

static const struct {
    const char *type;
    const rm_expr *(*lower)(rm_lower *l, TSNode node);
} lowerings[] = {
    {"identifier", lower_identifier},
    {"field_expression", lower_member},
    {"call_expression", rm_lower_call},
    {"number_literal", lower_number},
    {"binary_expression", lower_binary},
    {"parenthesized_expression", lower_paren},
    {"assignment_expression", lower_assign},
    {"cast_expression", lower_cast},
    {"pointer_expression", lower_pointer},
    {"unary_expression", lower_unary},
    {"string_literal", lower_string},
    {"concatenated_string", lower_string},
    {"subscript_expression", lower_index},
    {"sizeof_expression", lower_sizeof},
    {"update_expression", lower_step},
    {"conditional_expression", lower_choose},
    {"char_literal", lower_char},
    {"true", lower_true},
    {"false", lower_true},
    {"null", lower_null},
    {"comma_expression", lower_comma},
    {"initializer_list", lower_list},
    {"initializer_pair", lower_designated},
    {"offsetof_expression", lower_offsetof},
    {"compound_literal_expression", lower_compound_literal},
    {"qualified_identifier", lower_identifier},
    {"condition_clause", lower_paren},
    {"raw_string_literal", lower_string},
    {"new_expression", rm_lower_new},
    {"lambda_expression", rm_lower_lambda},
};

const rm_expr *rm_lower_expr(rm_lower *l, TSNode node) {
    const char *type = ts_node_type(node);
    const rm_expr *e = NULL;
    if (l->depth >= RM_LOWER_DEPTH) {
        rm_lower_too_deep(l, node);
        rm_lower_broken(l, RM_STR("nested too deeply"));
        return rm_expr_opaque(l, node, "nested too deeply");
    }
    l->depth++;
    for (size_t i = 0; i < sizeof lowerings / sizeof lowerings[0]; i++) {
        if (strcmp(type, lowerings[i].type) == 0) {
            e = lowerings[i].lower(l, node);
            break;
        }
    }
    l->depth--;
    if (e == NULL && l->flow->status == RM_OK) {
        e = rm_lower_code(l, node, "an expression that is not understood");
    }
    return e;
}
