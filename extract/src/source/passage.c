#include "source/passage.h"

enum { MAX_LEVELS = 64, MAX_TEST = 16 };

static bool holds(TSNode node, uint32_t at) {
    return ts_node_start_byte(node) <= at && at < ts_node_end_byte(node);
}

/* ---- what only asks whether all went well ---- */

static bool is_success(rm_str text) {
    static const char *const words[] = {"STATUS_SUCCESS", "S_OK", "NDIS_STATUS_SUCCESS",
                                        "ERROR_SUCCESS", NULL};
    return rm_word_among(text, words);
}

static bool is_null(rm_str text) {
    static const char *const words[] = {"NULL", "nullptr", "0", NULL};
    return rm_word_among(text, words);
}

static bool is_comparison(const rm_source_file *file, TSNode node, bool equal, rm_str object) {
    rm_str left = rm_node_text(file, rm_node_field(node, "left"));
    rm_str right = rm_node_text(file, rm_node_field(node, "right"));
    if (is_success(left) || is_success(right)) {
        return equal;
    }
    return !equal && object.len > 0 &&
           ((rm_str_eq(left, object) && is_null(right)) ||
            (rm_str_eq(right, object) && is_null(left)));
}

/* Is the test `yes` whenever nothing has failed so far? */
static bool asks_for_success(const rm_source_file *file, TSNode test, bool yes, rm_str object) {
    static const char *const calls[] = {"NT_SUCCESS", "SUCCEEDED", "NT_VERIFY", NULL};
    static const char *const failures[] = {"FAILED", "NT_ERROR", NULL};
    for (unsigned i = 0; i < MAX_TEST; i++) {
        if (rm_node_is(test, "parenthesized_expression") || rm_node_is(test, "condition_clause")) {
            test = ts_node_named_child(test, 0);
        } else if (rm_node_is(test, "unary_expression") &&
                   rm_node_is(rm_node_field(test, "operator"), "!")) {
            test = rm_node_field(test, "argument");
            yes = !yes;
        } else {
            break;
        }
    }
    if (rm_node_is(test, "call_expression")) {
        rm_str name = rm_call_name(file, test);
        return yes ? rm_word_among(name, calls) : rm_word_among(name, failures);
    }
    if (rm_node_is(test, "binary_expression")) {
        TSNode operator= rm_node_field(test, "operator");
        bool equal = rm_node_is(operator, "==");
        if (equal || rm_node_is(operator, "!=")) {
            return is_comparison(file, test, equal == yes, object);
        }
        /* a && b is yes, a || b is no: both sides are. */
        return rm_node_is(operator, yes ? "&&" : "||") &&
               asks_for_success(file, rm_node_field(test, "left"), yes, object) &&
               asks_for_success(file, rm_node_field(test, "right"), yes, object);
    }
    return yes && rm_node_is(test, "identifier") && object.len > 0 &&
           rm_str_eq(rm_node_text(file, test), object);
}

/* ---- texts ---- */

rm_status rm_condition_join(rm_arena *arena, rm_str outer, rm_str inner, rm_str *out) {
    if (outer.len == 0 || inner.len == 0) {
        *out = outer.len == 0 ? inner : outer;
        return RM_OK;
    }
    return rm_str_printf(arena, out, "%.*s && %.*s", RM_STR_ARG(outer), RM_STR_ARG(inner));
}

static rm_status write_condition(rm_arena *arena, const rm_source_file *file, TSNode test, bool yes,
                                 rm_str *out) {
    rm_str text = rm_node_text(file, test);
    if (rm_node_is(test, "parenthesized_expression") || rm_node_is(test, "condition_clause")) {
        text = rm_str_trim(rm_str_slice(text, 1, text.len - 1));
    }
    *out = text;
    return yes ? RM_OK : rm_str_printf(arena, out, "!(%.*s)", RM_STR_ARG(text));
}

/* ---- one level ---- */

typedef struct level {
    bool conditional;
    bool yes;
    TSNode test; /* a null node: the line of the statement says it */
    bool is_if;
} level;

/* What the parent says of when its child is passed. */
static level level_of(TSNode parent, TSNode child) {
    level out = {.yes = true};
    out.test = rm_node_field(parent, "condition");
    if (rm_node_is(parent, "if_statement") || rm_node_is(parent, "conditional_expression")) {
        out.conditional = !rm_node_same(out.test, child);
        out.yes = !rm_node_same(rm_node_field(parent, "alternative"), child);
        out.is_if = rm_node_is(parent, "if_statement");
    } else if (rm_node_is(parent, "binary_expression")) {
        TSNode operator= rm_node_field(parent, "operator");
        bool and = rm_node_is(operator, "&&");
        out.test = rm_node_field(parent, "left");
        out.conditional = (and || rm_node_is(operator, "||")) && !rm_node_same(out.test, child);
        out.yes = and;
    } else if (rm_node_is(parent, "case_statement") || rm_node_is(parent, "for_statement") ||
               rm_node_is(parent, "while_statement") || rm_node_is(parent, "for_range_loop")) {
        out.conditional = true;
        out.test = (TSNode){{0}, NULL, NULL};
    }
    return out;
}

static rm_status add_level(rm_arena *arena, const rm_source_file *file, TSNode parent,
                           const level *is, rm_passage *out) {
    rm_str text = rm_node_line(file, parent);
    rm_status st =
        ts_node_is_null(is->test) ? RM_OK : write_condition(arena, file, is->test, is->yes, &text);
    if (out->condition.len == 0 && is->is_if) {
        out->choice = parent;
        out->otherwise = !is->yes;
    }
    return st == RM_OK ? rm_condition_join(arena, text, out->condition, &out->condition) : st;
}

rm_status rm_passage_of(rm_arena *arena, const rm_source_file *file, TSNode node, uint32_t use,
                        rm_str object, rm_passage *out) {
    rm_status st = RM_OK;
    *out = (rm_passage){.choice = {{0}, NULL, NULL}};
    for (unsigned i = 0; i < MAX_LEVELS && st == RM_OK; i++) {
        TSNode parent = ts_node_parent(node);
        if (ts_node_is_null(parent) || holds(node, use) ||
            rm_node_is(parent, "function_definition") || rm_node_is(parent, "lambda_expression")) {
            break;
        }
        level is = level_of(parent, node);
        if (is.conditional && is.is_if && holds(parent, use) &&
            !holds(rm_node_field(parent, "condition"), use)) {
            out->excluded = true;
        }
        if (is.conditional &&
            (ts_node_is_null(is.test) || !asks_for_success(file, is.test, is.yes, object))) {
            st = add_level(arena, file, parent, &is, out);
        }
        node = parent;
    }
    return st;
}

bool rm_passage_is_last(const rm_passage *passage, rm_taken_within taken, const void *of,
                        uint32_t *from) {
    TSNode node = passage->choice;
    if (!passage->otherwise) {
        return false;
    }
    for (unsigned i = 0; i < MAX_LEVELS; i++) {
        TSNode yes = rm_node_field(node, "consequence");
        if (!taken(of, ts_node_start_byte(yes), ts_node_end_byte(yes))) {
            return false;
        }
        *from = ts_node_start_byte(node);
        TSNode outer = ts_node_parent(node);
        outer = rm_node_is(outer, "else_clause") ? ts_node_parent(outer) : outer;
        if (!rm_node_is(outer, "if_statement") ||
            !holds(rm_node_field(outer, "alternative"), *from)) {
            return true;
        }
        node = outer;
    }
    return false;
}
