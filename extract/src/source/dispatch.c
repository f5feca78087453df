#include "source/dispatch.h"

#include "source/fills.h"

enum { MAX_FOLLOWED = 3, MAX_CALLERS = 8 };

TSNode rm_subscript_index(TSNode subscript) {
    TSNode index = rm_node_field(subscript, "index");
    return ts_node_is_null(index) ? ts_node_named_child(rm_node_field(subscript, "indices"), 0)
                                  : index;
}

/* Of an object: a parameter that is called so is a number. */
static bool mentions_table(rm_str text) {
    size_t at = 0;
    return rm_str_find(text, RM_STR(">MajorFunction"), &at) ||
           rm_str_find(text, RM_STR(".MajorFunction"), &at);
}

/* What is called, with its unqualified name; NULL: no function of the unit. */
static const rm_function *function_of(const rm_source_unit *unit, uint32_t file, TSNode value) {
    TSNode node = rm_value_root(value);
    rm_str name = rm_node_text(&unit->files.at[file], node);
    size_t colons = 0;
    while (rm_node_is(node, "qualified_identifier") && rm_str_find(name, RM_STR("::"), &colons)) {
        name = rm_str_slice(name, colons + 2, name.len);
    }
    return name.len == 0 ? NULL : rm_unit_function(unit, name, NULL);
}

/* A value that a variable or parameter was given somewhere. */
typedef struct given {
    TSNode value;
    uint32_t file;
} given;

/* What the name was given: in its function, or by the callers whose parameter it is. */
static uint32_t values_given(const rm_source_unit *unit, uint32_t file, TSNode name, given *out,
                             uint32_t max) {
    rm_fill fills[RM_MAX_FILLS];
    rm_call callers[MAX_CALLERS];
    bool local = false;
    uint32_t count = 0;
    rm_context in = {.function = rm_unit_function_at(unit, file, name)};
    if (in.function == NULL || !rm_node_is(name, "identifier")) {
        return 0;
    }
    uint32_t filled = rm_fills_of(unit, &in, name, fills, &local);
    for (uint32_t i = 0; i < filled && count < max; i++) {
        if (fills[i].kind == RM_FILL_VALUE) {
            out[count++] = (given){fills[i].value, fills[i].file};
        }
    }
    uint32_t parameter = count > 0 ? RM_NONE : rm_value_parameter(unit, &in, name);
    uint32_t called =
        parameter == RM_NONE ? 0 : rm_callers(unit, in.function, callers, MAX_CALLERS);
    for (uint32_t i = 0; i < called && count < max; i++) {
        out[count++] =
            (given){rm_call_argument(callers[i].node, parameter), callers[i].function->file};
    }
    return count;
}

static bool leads_to_table(const rm_source_unit *unit, uint32_t file, TSNode expression,
                           TSNode *index, unsigned depth) {
    given values[MAX_CALLERS];
    *index = (TSNode){{0}, NULL, NULL};
    if (ts_node_is_null(expression) || depth > MAX_FOLLOWED) {
        return false;
    }
    if (mentions_table(rm_node_text(&unit->files.at[file], expression))) {
        TSNode node = expression;
        bool address =
            rm_node_is(node, "pointer_expression") || rm_node_is(node, "cast_expression");
        node = address
                   ? rm_node_field(node, rm_node_is(node, "cast_expression") ? "value" : "argument")
                   : node;
        if (rm_node_is(node, "subscript_expression")) {
            *index = rm_subscript_index(node);
            bool first = rm_str_eq(rm_node_text(&unit->files.at[file], *index), RM_STR("0"));
            *index = first ? (TSNode){{0}, NULL, NULL} : *index;
        }
        return true;
    }
    uint32_t count = values_given(unit, file, rm_value_root(expression), values, MAX_CALLERS);
    for (uint32_t i = 0; i < count; i++) {
        if (leads_to_table(unit, values[i].file, values[i].value, index, depth + 1)) {
            return true;
        }
    }
    return false;
}

bool rm_dispatch_table(const rm_source_unit *unit, uint32_t file, TSNode expression,
                       TSNode *index) {
    return leads_to_table(unit, file, expression, index, 0);
}

static void take_functions(const rm_source_unit *unit, uint32_t file, TSNode value,
                           const rm_function **out, uint32_t max, uint32_t *count, unsigned depth) {
    given values[MAX_CALLERS];
    const rm_function *function = function_of(unit, file, value);
    if (function != NULL) {
        for (uint32_t i = 0; i < *count; i++) {
            if (out[i] == function) {
                return;
            }
        }
        if (*count < max) {
            out[(*count)++] = function;
        }
        return;
    }
    uint32_t given_count =
        depth > MAX_FOLLOWED ? 0
                             : values_given(unit, file, rm_value_root(value), values, MAX_CALLERS);
    for (uint32_t i = 0; i < given_count; i++) {
        take_functions(unit, values[i].file, values[i].value, out, max, count, depth + 1);
    }
}

uint32_t rm_dispatch_functions(const rm_source_unit *unit, uint32_t file, TSNode value,
                               const rm_function **out, uint32_t max) {
    uint32_t count = 0;
    take_functions(unit, file, value, out, max, &count, 0);
    return count;
}
