#include <string.h>

#include "source/lex.h"
#include "source/observe.h"

static const char *sign_of(TSNode node) {
    TSNode sign = rm_node_field(node, "operator");
    return ts_node_is_null(sign) ? "" : ts_node_type(sign);
}

static bool is_less(const char *sign) {
    return strcmp(sign, "<") == 0 || strcmp(sign, "<=") == 0;
}

static bool is_greater(const char *sign) {
    return strcmp(sign, ">") == 0 || strcmp(sign, ">=") == 0;
}

/* a <= x <= b compares the truth of the first comparison with b. */
static bool is_chained(TSNode node) {
    TSNode left = rm_node_field(node, "left");
    return rm_node_is(left, "binary_expression") &&
           ((is_less(sign_of(node)) && is_less(sign_of(left))) ||
            (is_greater(sign_of(node)) && is_greater(sign_of(left))));
}

static bool is_constant_name(rm_str text) {
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_')) {
            return false;
        }
    }
    return text.len > 0;
}

static TSNode bare(TSNode node) {
    while (rm_node_is(node, "parenthesized_expression")) {
        node = ts_node_named_child(node, 0);
    }
    return node;
}

/* ---- lengths ---- */

static bool is_length(rm_str text) {
    return rm_text_holds(text, "BufferLength") || rm_str_iends(text, RM_STR("BufferSize")) ||
           rm_str_eq(text, RM_STR("inputLength")) || rm_str_eq(text, RM_STR("InputLength"));
}

/* The name before the first "->" of a text. */
static rm_str pointer_in(rm_str text) {
    size_t end = 0;
    if (!rm_str_find(text, RM_STR("->"), &end)) {
        return RM_STR_NONE;
    }
    size_t from = end;
    while (from > 0 && rm_is_name_char(text.ptr[from - 1])) {
        from--;
    }
    return rm_str_slice(text, from, end);
}

/* What sets the variable at that node: an assignment, a declaration, a call that fills it. */
static TSNode setter(TSNode node) {
    TSNode none = {{0}, NULL, NULL};
    for (unsigned i = 0; i < 5; i++) {
        node = ts_node_parent(node);
        if (rm_node_is(node, "assignment_expression") || rm_node_is(node, "init_declarator") ||
            rm_node_is(node, "call_expression")) {
            return node;
        }
        if (!rm_node_is(node, "pointer_declarator") && !rm_node_is(node, "pointer_expression") &&
            !rm_node_is(node, "cast_expression") && !rm_node_is(node, "argument_list") &&
            !rm_node_is(node, "parenthesized_expression")) {
            break;
        }
    }
    return none;
}

/* Does the pointer come from the caller's input buffer, by what this function assigns to it? */
static bool is_callers(const rm_observer *o, rm_str text) {
    static const char *const words[] = {"SystemBuffer", "Type3InputBuffer", "RetrieveInput",
                                        "InputBuffer"};
    const rm_source_file *file = &o->unit->files.at[o->function->file];
    rm_str name = pointer_in(text);
    uint32_t at = ts_node_start_byte(o->function->body);
    uint32_t end = ts_node_end_byte(o->function->body);
    TSNode node = rm_next_occurrence(file, name, &at, end);
    for (; !ts_node_is_null(node); node = rm_next_occurrence(file, name, &at, end)) {
        TSNode whole = setter(node);
        rm_str set = rm_observer_text(o, whole);
        for (size_t i = 0; !ts_node_is_null(whole) && i < sizeof words / sizeof words[0]; i++) {
            if (rm_text_holds(set, words[i])) {
                return true;
            }
        }
    }
    return false;
}

/* A member of the caller's structure somewhere in the sum, in no type wide enough to hold it. */
static bool adds_member(const rm_observer *o, TSNode node) {
    static const char *const wide[] = {"ULONGLONG", "ULONG64", "UINT64", "uint64_t",
                                       "LONGLONG",  "SIZE_T",  "size_t"};
    rm_str text = rm_observer_text(o, node);
    const char *sign = sign_of(node);
    if (!rm_node_is(node, "binary_expression") ||
        (strcmp(sign, "+") != 0 && strcmp(sign, "*") != 0) || !is_callers(o, text)) {
        return false;
    }
    for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++) {
        if (rm_text_holds(text, wide[i])) {
            return false;
        }
    }
    return !rm_text_holds(text, "BufferLength") && !rm_text_holds(text, "Parameters");
}

static bool is_set_before(const rm_observer *o, TSNode node, rm_str sum);

static bool is_loose_sum(const rm_observer *o, TSNode sum, TSNode length) {
    return adds_member(o, sum) && is_length(rm_observer_text(o, length)) &&
           !is_set_before(o, sum, rm_observer_text(o, sum));
}

static bool is_length_sum(const rm_observer *o, TSNode node) {
    TSNode left = bare(rm_node_field(node, "left"));
    TSNode right = bare(rm_node_field(node, "right"));
    return (is_less(sign_of(node)) || is_greater(sign_of(node))) &&
           (is_loose_sum(o, left, right) || is_loose_sum(o, right, left));
}

/* p->Member = … stands before the comparison in this function: then the driver wrote it last. */
static bool is_set_before(const rm_observer *o, TSNode node, rm_str sum) {
    rm_str name = pointer_in(sum);
    size_t from = 0;
    if (name.len == 0 || !rm_str_find(sum, name, &from)) {
        return false;
    }
    size_t end = from + name.len + 2;
    while (end < sum.len && rm_is_name_char(sum.ptr[end])) {
        end++;
    }
    rm_str member = rm_str_slice(sum, from, end);
    rm_str body = rm_observer_text(o, o->function->body);
    size_t until = ts_node_start_byte(node) - ts_node_start_byte(o->function->body);
    body = rm_str_slice(body, 0, until);
    for (size_t at = 0; rm_str_find(body, member, &at);) {
        body = rm_str_slice(body, at + member.len, body.len);
        rm_str rest = rm_str_trim(body);
        if (rest.len > 1 && rest.ptr[0] == '=' && rest.ptr[1] != '=') {
            return true;
        }
    }
    return false;
}

/* (Length + x) > sizeof y, where Length is a parameter of 32 bits: the sum wraps at 2^32. */
static bool is_narrow_parameter(const rm_observer *o, TSNode node) {
    static const char *const narrow[] = {"ULONG",    "UINT32",       "DWORD",  "UINT",
                                         "uint32_t", "unsigned int", "ULONG32"};
    rm_str name = rm_observer_text(o, node);
    for (uint32_t i = 0; rm_node_is(node, "identifier") && i < o->function->param_count; i++) {
        const rm_param *param = &o->function->params[i];
        for (size_t k = 0; rm_str_eq(param->name, name) && k < sizeof narrow / sizeof narrow[0];
             k++) {
            if (rm_str_eq(param->type, rm_str_from(narrow[k]))) {
                return true;
            }
        }
    }
    return false;
}

static bool is_narrow_sum(const rm_observer *o, TSNode node) {
    return rm_node_is(node, "binary_expression") && strcmp(sign_of(node), "+") == 0 &&
           (is_narrow_parameter(o, bare(rm_node_field(node, "left"))) ||
            is_narrow_parameter(o, bare(rm_node_field(node, "right"))));
}

static bool compares_sum(const rm_observer *o, TSNode node) {
    TSNode left = bare(rm_node_field(node, "left"));
    TSNode right = bare(rm_node_field(node, "right"));
    return (is_greater(sign_of(node)) && is_narrow_sum(o, left) &&
            rm_text_holds(rm_observer_text(o, right), "sizeof")) ||
           (is_less(sign_of(node)) && is_narrow_sum(o, right) &&
            rm_text_holds(rm_observer_text(o, left), "sizeof"));
}

/* ---- control codes ---- */

static bool is_code_text(rm_str text) {
    return rm_text_holds(text, "IoControlCode") || rm_text_holds(text, "ioControlCode") ||
           rm_text_holds(text, "FsControlCode");
}

/* (code & 0xFFF) or code >> 2, itself, not within a call that takes a code apart for printing. */
static bool is_masked_code(const rm_observer *o, TSNode node) {
    node = bare(node);
    const char *sign = sign_of(node);
    rm_str mask = rm_observer_text(o, rm_node_field(node, "right"));
    if (rm_str_eq(mask, RM_STR("3")) || rm_str_ieq(mask, RM_STR("0x3")) ||
        rm_str_ieq(mask, RM_STR("0x03"))) {
        return false; /* the method: how buffers come, not which code it is */
    }
    return rm_node_is(node, "binary_expression") &&
           (strcmp(sign, "&") == 0 || strcmp(sign, ">>") == 0) &&
           is_code_text(rm_observer_text(o, rm_node_field(node, "left"))) &&
           !rm_node_is(bare(rm_node_field(node, "left")), "call_expression");
}

/* Every status that the branch names is success. */
static bool only_succeeds(rm_str text) {
    size_t at = 0;
    bool success = false;
    while (rm_str_find(text, RM_STR("STATUS_"), &at)) {
        rm_str rest = rm_str_slice(text, at, text.len);
        if (!rm_str_starts(rest, RM_STR("STATUS_SUCCESS"))) {
            return false;
        }
        success = true;
        text = rm_str_slice(rest, 7, rest.len);
    }
    return success;
}

static rm_status switch_on_code(rm_observer *o, TSNode node) {
    TSNode condition = rm_node_field(node, "condition");
    TSNode body = rm_node_field(node, "body");
    rm_status st = RM_OK;
    if (!is_code_text(rm_observer_text(o, condition))) {
        return RM_OK;
    }
    TSNode inner = ts_node_named_child(condition, 0);
    if (is_masked_code(o, ts_node_is_null(inner) ? condition : inner)) {
        st = rm_observed_at(o, RM_OBSERVED_CODE_MASKED, rm_observer_text(o, condition), node);
    }
    if (ts_node_is_null(body)) {
        return st;
    }
    TSTreeCursor cursor =
        ts_tree_cursor_new(body); /* thousands of cases: not each from the first */
    for (bool more = ts_tree_cursor_goto_first_child(&cursor); st == RM_OK && more;
         more = ts_tree_cursor_goto_next_sibling(&cursor)) {
        TSNode branch = ts_tree_cursor_current_node(&cursor);
        if (rm_node_is(branch, "case_statement") &&
            ts_node_is_null(rm_node_field(branch, "value")) &&
            only_succeeds(rm_observer_text(o, branch))) {
            st = rm_observed_at(o, RM_OBSERVED_DEFAULT_SUCCEEDS, RM_STR("default"), branch);
        }
    }
    ts_tree_cursor_delete(&cursor);
    return st;
}

/* ---- which device ---- */

static bool tells_devices_apart(rm_str text) {
    static const char *const words[] = {"DeviceObject", "IsFdo",     "IsFDO",      "IsPdo",
                                        "IsPDO",        "IsControl", "DeviceType", "deviceType",
                                        "DeviceKind",   "Signature", "Magic",      "ControlDevice",
                                        "DevExtType"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (rm_text_holds(text, words[i])) {
            return true;
        }
    }
    return false;
}

static rm_status comparison(rm_observer *o, TSNode node) {
    const char *sign = sign_of(node);
    bool equal = strcmp(sign, "==") == 0 || strcmp(sign, "!=") == 0;
    if (!equal && !is_less(sign) && !is_greater(sign)) {
        return RM_OK;
    }
    rm_str text = rm_observer_text(o, node);
    rm_status st = RM_OK;
    if (is_chained(node)) {
        st = rm_observed_at(o, RM_OBSERVED_CHAINED_COMPARISON, text, node);
    }
    if (st == RM_OK && is_length_sum(o, node)) {
        st = rm_observed_at(o, RM_OBSERVED_LENGTH_SUM, text, node);
    }
    if (st == RM_OK && compares_sum(o, node)) {
        st = rm_observed_at(o, RM_OBSERVED_SUM_COMPARED, text, node);
    }
    if (st == RM_OK && equal && is_masked_code(o, rm_node_field(node, "left"))) {
        st = rm_observed_at(o, RM_OBSERVED_CODE_MASKED, text, node);
    }
    bool null = rm_text_holds(text, "NULL") || rm_text_holds(text, "nullptr");
    if (st == RM_OK && equal && !null && tells_devices_apart(text)) {
        st = rm_observed_at(o, RM_OBSERVED_COMPARES_DEVICE, text, node);
    }
    return st;
}

static rm_status condition(rm_observer *o, TSNode node) {
    TSNode test = bare(rm_node_field(node, "condition"));
    if (rm_node_is(test, "condition_clause")) {
        test = bare(ts_node_named_child(test, 0));
    }
    if (rm_node_is(test, "assignment_expression") && strcmp(sign_of(test), "=") == 0) {
        TSNode right = bare(rm_node_field(test, "right"));
        if (rm_node_is(right, "number_literal") ||
            (rm_node_is(right, "identifier") && is_constant_name(rm_observer_text(o, right)))) {
            return rm_observed_at(o, RM_OBSERVED_ASSIGNED_CONDITION, rm_observer_text(o, test),
                                  node);
        }
    }
    rm_str text = rm_observer_text(o, test);
    if (rm_text_holds(text, "FileName.Length") || rm_text_holds(text, "FileName->Length")) {
        rm_str branch = rm_observer_text(o, rm_node_field(node, "consequence"));
        return rm_text_holds(branch, "STATUS_")
                   ? rm_observed_at(o, RM_OBSERVED_NAMES_LOOKED_AT, text, node)
                   : RM_OK;
    }
    bool device =
        rm_node_is(test, "field_expression") && tells_devices_apart(rm_observer_text(o, test));
    return device ? rm_observed_at(o, RM_OBSERVED_COMPARES_DEVICE, rm_observer_text(o, test), node)
                  : RM_OK;
}

/* Filter->Characteristics = Lower->Characteristics, or |= some of it. */
static rm_status assignment(rm_observer *o, TSNode node) {
    TSNode left = rm_node_field(node, "left");
    if (!rm_str_iends(rm_observer_text(o, left), RM_STR("Characteristics")) ||
        !rm_text_holds(rm_observer_text(o, rm_node_field(node, "right")), "Characteristics")) {
        return RM_OK;
    }
    return rm_observed_at(o, RM_OBSERVED_COPIES_CHARACTERISTICS, rm_observer_text(o, left), node);
}

static const struct {
    const char *type;
    rm_status (*read)(rm_observer *o, TSNode node);
} shapes[RM_OBSERVED_SHAPES] = {
    {"binary_expression", comparison},     {"if_statement", condition},
    {"while_statement", condition},        {"switch_statement", switch_on_code},
    {"assignment_expression", assignment},
};

void rm_observe_shapes_of(rm_observer *o, const TSLanguage *language) {
    for (size_t i = 0; i < RM_OBSERVED_SHAPES; i++) {
        o->shapes[i] = rm_symbol_named(language, shapes[i].type);
    }
}

rm_status rm_observe_shape(rm_observer *o, TSNode node, TSSymbol symbol) {
    for (size_t i = 0; i < RM_OBSERVED_SHAPES; i++) {
        if (symbol == o->shapes[i]) {
            return shapes[i].read(o, node);
        }
    }
    return RM_OK;
}
