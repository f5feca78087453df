#include "source/asked.h"

#include "source/flow/words.h"
#include "source/values.h"

/* What is done for a control code where it is asked for: see asked.h. */

enum { MAX_CLIMB = 32, MAX_NESTED = 16, MAX_FOLLOWED = 3, MAX_CALLERS = 16 };

typedef struct asking {
    const rm_source_unit *unit;
    const rm_source_file *file;
    uint32_t file_index;
    const rm_function *in; /* NULL: outside of functions */
    unsigned followed;     /* predicates and variables on the way */
} asking;

/* What statements do; several may be true. */
enum { DOES = 1, REFUSES = 2, NAMES = 4, TELLS = 8, LEAVES = 16 };

/* ---- expressions ---- */

static bool is_refusal(const rm_source_file *file, TSNode node) {
    static const char *const statuses[] = {"STATUS_INVALID_DEVICE_REQUEST",
                                           "STATUS_NOT_SUPPORTED",
                                           "STATUS_NOT_IMPLEMENTED",
                                           "STATUS_ILLEGAL_FUNCTION",
                                           "STATUS_ACCESS_DENIED",
                                           "NDIS_STATUS_NOT_SUPPORTED",
                                           "NDIS_STATUS_INVALID_OID",
                                           "ERROR_NOT_SUPPORTED",
                                           "E_NOTIMPL",
                                           NULL};
    return rm_word_among(rm_node_text(file, rm_value_root(node)), statuses);
}

static bool is_text(TSNode node) {
    node = rm_value_root(node);
    return rm_node_is(node, "string_literal") || rm_node_is(node, "concatenated_string") ||
           rm_node_is(node, "raw_string_literal");
}

static bool ends_with(rm_str text, const char *end) {
    return rm_str_iends(text, rm_str_from(end));
}

/* Writes a message and does nothing else. */
static bool is_message(rm_str name) {
    static const char *const beginnings[] = {"Trace", "DbgPrint",   "KdPrint", "DoTrace",
                                             "WPP_",  "DebugPrint", "dprintf", "LOG",
                                             "Log",   "log",        NULL};
    if (rm_str_eq(name, RM_STR("IoCompleteRequest")) ||
        rm_str_eq(name, RM_STR("IofCompleteRequest"))) {
        return false;
    }
    for (const char *const *b = beginnings; *b != NULL; b++) {
        if (rm_str_starts(name, rm_str_from(*b))) {
            return true;
        }
    }
    return rm_word_is_quiet(name) || ends_with(name, "print") || ends_with(name, "printf") ||
           ends_with(name, "trace") || ends_with(name, "DebugOut");
}

/* Complete(irp, STATUS_NOT_SUPPORTED): whatever is called, it is handed a refusal. */
static bool hands_refusal(const rm_source_file *file, TSNode call) {
    TSNode arguments[16];
    uint32_t count = rm_node_arguments(rm_node_field(call, "arguments"), arguments, 16);
    for (uint32_t i = 0; i < count; i++) {
        if (is_refusal(file, arguments[i])) {
            return true;
        }
    }
    return false;
}

/* strcpy(buffer, "IOCTL_X"): the code's name is put somewhere. A text for the caller has no such.
 */
static bool copies_its_name(const rm_source_file *file, TSNode call, rm_str name) {
    static const char *const words[] = {"cpy", "Copy", "cat", "Cat", "InitString", "InitUnicode"};
    TSNode arguments[16];
    uint32_t count = rm_node_arguments(rm_node_field(call, "arguments"), arguments, 16);
    bool copies = false;
    bool text = false;
    size_t at = 0;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        copies = copies || rm_str_find(name, rm_str_from(words[i]), &at);
    }
    for (uint32_t i = 1; i < count && copies; i++) {
        text = text || (is_text(arguments[i]) &&
                        rm_str_find(rm_node_text(file, arguments[i]), RM_STR("CTL_"), &at));
    }
    return text;
}

static unsigned call_does(const rm_source_file *file, TSNode call) {
    rm_str name = rm_call_name(file, call);
    if (is_message(name)) {
        return TELLS;
    }
    if (copies_its_name(file, call, name)) {
        return NAMES;
    }
    return hands_refusal(file, call) ? REFUSES : DOES;
}

static unsigned expression_does(const rm_source_file *file, TSNode node);

static unsigned assignment_does(const rm_source_file *file, TSNode node) {
    TSNode right = rm_node_field(node, "right");
    rm_str left = rm_node_text(file, rm_node_field(node, "left"));
    if (is_refusal(file, right)) {
        return REFUSES;
    }
    if (is_text(right)) {
        return NAMES;
    }
    if (ends_with(left, "Information") && rm_str_eq(rm_node_text(file, right), RM_STR("0"))) {
        return 0;
    }
    if (rm_node_is(right, "assignment_expression")) { /* a = b = STATUS_NOT_SUPPORTED */
        return expression_does(file, right);
    }
    return DOES;
}

static unsigned expression_does(const rm_source_file *file, TSNode node) {
    for (unsigned i = 0; i < MAX_NESTED && rm_node_is(node, "parenthesized_expression"); i++) {
        node = ts_node_named_child(node, 0);
    }
    if (rm_node_is(node, "call_expression")) {
        return call_does(file, node);
    }
    if (rm_node_is(node, "assignment_expression")) {
        return assignment_does(file, node);
    }
    return DOES;
}

/* ---- statements ---- */

static unsigned statement_does(const asking *a, TSNode node, unsigned depth);

/* Of a block or a label, from its child `first` on. What stands behind the way out was meant. */
static unsigned children_do(const asking *a, TSNode node, uint32_t first, unsigned depth) {
    unsigned does = 0;
    uint32_t count = ts_node_named_child_count(node);
    for (uint32_t i = first; i < count; i++) {
        TSNode child = ts_node_named_child(node, i);
        if ((does & LEAVES) == 0) {
            does |= statement_does(a, child, depth + 1);
        } else if (!rm_node_is(child, "break_statement") && !rm_node_is(child, "comment")) {
            return does | DOES;
        }
    }
    return does;
}

static unsigned return_does(const asking *a, TSNode node) {
    TSNode value = ts_node_named_child_count(node) > 0 ? ts_node_named_child(node, 0)
                                                       : (TSNode){{0}, NULL, NULL};
    TSNode root = rm_value_root(value);
    if (ts_node_is_null(value)) {
        return LEAVES;
    }
    if (is_text(value)) {
        return NAMES | LEAVES;
    }
    if (is_refusal(a->file, value)) {
        return REFUSES | LEAVES;
    }
    if (rm_node_is(root, "call_expression")) {
        return call_does(a->file, root) | LEAVES;
    }
    /* return status; is as good as what status was given */
    return (rm_node_is(root, "identifier") &&
                    !rm_str_eq(rm_node_text(a->file, root), RM_STR("STATUS_SUCCESS"))
                ? 0
                : DOES) |
           LEAVES;
}

/* Refused only under a condition is served otherwise. */
static unsigned if_does(const asking *a, TSNode node, unsigned depth) {
    unsigned yes = statement_does(a, rm_node_field(node, "consequence"), depth + 1);
    unsigned no = 0;
    TSNode otherwise = rm_node_field(node, "alternative");
    if (rm_node_is(otherwise, "else_clause")) {
        otherwise = ts_node_named_child(otherwise, 0);
    }
    if (!ts_node_is_null(otherwise)) {
        no = statement_does(a, otherwise, depth + 1);
    }
    unsigned does = (yes | no) & ~(unsigned)LEAVES;
    return ((yes ^ no) & REFUSES) != 0 ? does | DOES : does;
}

static unsigned statement_does(const asking *a, TSNode node, unsigned depth) {
    if (depth > MAX_NESTED || ts_node_is_null(node)) {
        return DOES;
    }
    if (rm_node_is(node, "comment")) {
        return 0;
    }
    if (rm_node_is(node, "compound_statement")) {
        return children_do(a, node, 0, depth);
    }
    if (rm_node_is(node, "break_statement") || rm_node_is(node, "continue_statement")) {
        return LEAVES;
    }
    if (rm_node_is(node, "return_statement")) {
        return return_does(a, node);
    }
    if (rm_node_is(node, "goto_statement")) {
        return DOES | LEAVES;
    }
    if (rm_node_is(node, "expression_statement")) {
        return ts_node_named_child_count(node) == 0
                   ? 0
                   : expression_does(a->file, ts_node_named_child(node, 0));
    }
    return rm_node_is(node, "if_statement") ? if_does(a, node, depth) : DOES;
}

/* The statements of a label, and of those that it falls through to; of default: nothing own. */
static unsigned case_does(const asking *a, TSNode label) {
    unsigned does = 0;
    while (!ts_node_is_null(label) && (does & LEAVES) == 0) {
        bool has_value = !ts_node_is_null(rm_node_field(label, "value"));
        if (!has_value && does == 0) {
            return REFUSES;
        }
        does |= children_do(a, label, has_value ? 1 : 0, 0);
        label = ts_node_next_named_sibling(label);
        while (rm_node_is(label, "comment")) {
            label = ts_node_next_named_sibling(label);
        }
        if (!rm_node_is(label, "case_statement")) {
            break;
        }
    }
    return does;
}

/* ---- what follows from the answer ---- */

/* A routine that has no request at hand can do nothing to one. */
static bool has_request(const asking *a) {
    static const char *const words[] = {"IRP", "REQUEST", "Request", "IO_STACK_LOCATION", NULL};
    for (uint32_t i = 0; a->in != NULL && i < a->in->param_count; i++) {
        for (const char *const *w = words; *w != NULL; w++) {
            size_t at = 0;
            if (rm_str_find(a->in->params[i].type, rm_str_from(*w), &at)) {
                return true;
            }
        }
    }
    return a->in == NULL;
}

/* `accepts`: where nothing is done the request goes well all the same. */
static bool is_served_by(const asking *a, unsigned does, bool accepts) {
    if ((does & DOES) != 0) {
        return true;
    }
    if ((does & (REFUSES | NAMES)) != 0) {
        return false;
    }
    return (does & TELLS) != 0 ? accepts && has_request(a) : true;
}

static bool is_truth_served(asking *a, TSNode node, bool yes);

/* flag = (code == IOCTL_A): what the flag decides later on in the function. */
static bool is_flag_served(asking *a, TSNode name, uint32_t from) {
    rm_str flag = rm_node_text(a->file, name);
    uint32_t at = from;
    if (!rm_node_is(name, "identifier") || a->in == NULL || a->followed++ >= MAX_FOLLOWED) {
        return true;
    }
    uint32_t end = ts_node_end_byte(a->in->body);
    for (;;) {
        TSNode use = rm_next_occurrence(a->file, flag, &at, end);
        if (ts_node_is_null(use)) {
            return false;
        }
        TSNode parent = ts_node_parent(use);
        bool set = rm_node_is(parent, "assignment_expression") &&
                   rm_node_same(rm_node_field(parent, "left"), use);
        if (!set && is_truth_served(a, use, true)) {
            return true;
        }
    }
}

/* return code == IOCTL_A: what the callers do with it. */
static bool is_predicate_served(asking *a) {
    rm_call callers[MAX_CALLERS];
    const rm_function *predicate = a->in;
    if (predicate == NULL || a->followed >= MAX_FOLLOWED) {
        return true;
    }
    uint32_t count = rm_callers(a->unit, predicate, callers, MAX_CALLERS);
    for (uint32_t i = 0; i < count; i++) {
        asking caller = {.unit = a->unit,
                         .file_index = callers[i].function->file,
                         .file = &a->unit->files.at[callers[i].function->file],
                         .in = callers[i].function,
                         .followed = a->followed + 1};
        if (is_truth_served(&caller, callers[i].node, true)) {
            return true;
        }
    }
    return count == 0 || count == MAX_CALLERS;
}

static bool is_if_served(const asking *a, TSNode node, bool yes) {
    TSNode otherwise = rm_node_field(node, "alternative");
    bool has_otherwise = !ts_node_is_null(otherwise);
    if (rm_node_is(otherwise, "else_clause")) {
        otherwise = ts_node_named_child(otherwise, 0);
    }
    if (yes) {
        unsigned does = statement_does(a, rm_node_field(node, "consequence"), 0);
        return is_served_by(a, does, has_otherwise);
    }
    if (has_otherwise) {
        return is_served_by(a, statement_does(a, otherwise, 0), true);
    }
    /* if (code != IOCTL_A) { return …; } and what stands behind is done for it */
    unsigned does = statement_does(a, rm_node_field(node, "consequence"), 0);
    return (does & (LEAVES | REFUSES)) != 0;
}

static bool is_choice_served(const asking *a, TSNode node, bool yes) {
    TSNode chosen = rm_node_field(node, yes ? "consequence" : "alternative");
    return !is_text(chosen) && !is_refusal(a->file, chosen);
}

/* In a call: a message only tells of it. */
static bool is_argument_served(const asking *a, TSNode list) {
    TSNode call = ts_node_parent(list);
    return !rm_node_is(call, "call_expression") || !is_message(rm_call_name(a->file, call));
}

/* What is done where the expression is true (`yes`), or false. */
static bool is_truth_served(asking *a, TSNode node, bool yes) {
    for (unsigned i = 0; i < MAX_CLIMB; i++) {
        TSNode parent = ts_node_parent(node);
        if (rm_node_is(parent, "unary_expression")) {
            yes = rm_node_is(rm_node_field(parent, "operator"), "!") ? !yes : yes;
        } else if (rm_node_is(parent, "if_statement")) {
            return is_if_served(a, parent, yes);
        } else if (rm_node_is(parent, "conditional_expression")) {
            return is_choice_served(a, parent, yes);
        } else if (rm_node_is(parent, "return_statement")) {
            return is_predicate_served(a);
        } else if (rm_node_is(parent, "init_declarator")) {
            return is_flag_served(a, rm_node_field(parent, "declarator"), ts_node_end_byte(parent));
        } else if (rm_node_is(parent, "assignment_expression")) {
            return is_flag_served(a, rm_node_field(parent, "left"), ts_node_end_byte(parent));
        } else if (rm_node_is(parent, "expression_statement")) {
            return false;
        } else if (rm_node_is(parent, "argument_list")) {
            return is_argument_served(a, parent);
        } else if (!rm_node_is(parent, "parenthesized_expression") &&
                   !rm_node_is(parent, "condition_clause") &&
                   !rm_node_is(parent, "cast_expression") &&
                   !rm_node_is(parent, "binary_expression")) {
            return true;
        }
        node = parent;
    }
    return true;
}

/* { IOCTL_A, "A" }, { IOCTL_A, NULL }: a row that only names the code, or has nothing for it. */
static bool is_row_served(const asking *a, TSNode row, TSNode code) {
    TSNode items[16];
    uint32_t count = rm_node_arguments(row, items, 16);
    bool nothing = false;
    for (uint32_t i = 0; i < count; i++) {
        TSNode item = items[i];
        if (ts_node_start_byte(item) <= ts_node_start_byte(code) &&
            ts_node_end_byte(code) <= ts_node_end_byte(item)) {
            continue;
        }
        item = rm_node_is(item, "initializer_pair") ? rm_node_field(item, "value") : item;
        bool null = rm_node_is(item, "null") ||
                    rm_str_eq(rm_node_text(a->file, item), RM_STR("NULL")) ||
                    rm_str_eq(rm_node_text(a->file, item), RM_STR("nullptr"));
        if (!null && !is_text(item) && !rm_node_is(item, "number_literal") &&
            !rm_node_is(item, "sizeof_expression")) {
            return true;
        }
        nothing = nothing || null || is_text(item);
    }
    return !nothing;
}

static TSNode comparison_of(TSNode node) {
    for (unsigned i = 0; i < MAX_CLIMB; i++) {
        TSNode parent = ts_node_parent(node);
        if (rm_node_is(parent, "binary_expression") || rm_node_is(parent, "case_statement") ||
            rm_node_is(parent, "initializer_list")) {
            return parent;
        }
        if (!rm_node_is(parent, "parenthesized_expression") &&
            !rm_node_is(parent, "cast_expression") && !rm_node_is(parent, "qualified_identifier") &&
            !rm_node_is(parent, "initializer_pair")) {
            break;
        }
        node = parent;
    }
    return (TSNode){{0}, NULL, NULL};
}

bool rm_asked_is_served(const rm_source_unit *unit, uint32_t file, uint32_t start, uint32_t end) {
    if (file >= unit->files.count || unit->files.at[file].tree == NULL || end <= start) {
        return true;
    }
    const rm_source_file *source = &unit->files.at[file];
    TSNode node = ts_node_descendant_for_byte_range(ts_tree_root_node(source->tree), start, end);
    TSNode asks = comparison_of(node);
    asking a = {.unit = unit,
                .file = source,
                .file_index = file,
                .in = rm_unit_function_at(unit, file, node)};
    if (rm_node_is(asks, "case_statement")) {
        return is_served_by(&a, case_does(&a, asks), true);
    }
    if (rm_node_is(asks, "initializer_list")) {
        return is_row_served(&a, asks, node);
    }
    TSNode operator= rm_node_field(asks, "operator");
    bool equal = rm_node_is(operator, "==");
    return !equal && !rm_node_is(operator, "!=") ? true : is_truth_served(&a, asks, equal);
}
