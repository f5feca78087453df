#include "source/fills.h"

#include <string.h>

#include "source/lex.h"
#include "source/macros.h"
#include "source/passage.h"

/* Routines that fill a string: which argument is filled, and which holds what it becomes. */
static const struct {
    const char *name;
    rm_fill_kind kind;
    uint8_t target, source;
} routines[] = {
    {"RtlInitUnicodeString", RM_FILL_VALUE, 0, 1},
    {"RtlInitUnicodeStringEx", RM_FILL_VALUE, 0, 1},
    {"RtlInitAnsiString", RM_FILL_VALUE, 0, 1},
    {"RtlInitString", RM_FILL_VALUE, 0, 1},
    {"RtlUnicodeStringInit", RM_FILL_VALUE, 0, 1},
    {"RtlUnicodeStringInitEx", RM_FILL_VALUE, 0, 1},
    {"NdisInitUnicodeString", RM_FILL_VALUE, 0, 1},
    {"NdisInitializeString", RM_FILL_VALUE, 0, 1},
    {"RtlCopyUnicodeString", RM_FILL_VALUE, 0, 1},
    {"RtlUnicodeStringCopy", RM_FILL_VALUE, 0, 1},
    {"RtlUnicodeStringCopyString", RM_FILL_VALUE, 0, 1},
    {"RtlStringCchCopyW", RM_FILL_VALUE, 0, 2},
    {"RtlStringCbCopyW", RM_FILL_VALUE, 0, 2},
    {"RtlStringCchCopyUnicodeString", RM_FILL_VALUE, 0, 2},
    {"wcscpy", RM_FILL_VALUE, 0, 1},
    {"wcscpy_s", RM_FILL_VALUE, 0, 2},
    {"RtlDuplicateUnicodeString", RM_FILL_VALUE, 2, 1},
    {"DECLARE_CONST_UNICODE_STRING", RM_FILL_VALUE, 0, 1},
    {"DECLARE_GLOBAL_CONST_UNICODE_STRING", RM_FILL_VALUE, 0, 1},
    {"RtlUnicodeStringPrintf", RM_FILL_FORMAT, 0, 1},
    {"RtlUnicodeStringPrintfEx", RM_FILL_FORMAT, 0, 4},
    {"RtlStringCchPrintfW", RM_FILL_FORMAT, 0, 2},
    {"RtlStringCbPrintfW", RM_FILL_FORMAT, 0, 2},
    {"StringCchPrintfW", RM_FILL_FORMAT, 0, 2},
    {"_snwprintf", RM_FILL_FORMAT, 0, 2},
    {"_snwprintf_s", RM_FILL_FORMAT, 0, 3},
    {"swprintf_s", RM_FILL_FORMAT, 0, 2},
    {"swprintf", RM_FILL_FORMAT, 0, 1},
    {"_swprintf", RM_FILL_FORMAT, 0, 1},
    {"RtlAppendUnicodeToString", RM_FILL_APPEND, 0, 1},
    {"RtlAppendUnicodeStringToString", RM_FILL_APPEND, 0, 1},
    {"RtlUnicodeStringCat", RM_FILL_APPEND, 0, 1},
    {"RtlUnicodeStringCatString", RM_FILL_APPEND, 0, 1},
    {"RtlStringCchCatW", RM_FILL_APPEND, 0, 2},
    {"RtlStringCbCatW", RM_FILL_APPEND, 0, 2},
    {"wcscat", RM_FILL_APPEND, 0, 1},
    {"wcscat_s", RM_FILL_APPEND, 0, 2},
    {"DECLARE_UNICODE_STRING_SIZE", RM_FILL_DECLARED, 0, 0},
    {"RtlInitEmptyUnicodeString", RM_FILL_DECLARED, 0, 0},
    {"RtlAnsiStringToUnicodeString", RM_FILL_RUNTIME, 0, 0},
    {"RtlIntegerToUnicodeString", RM_FILL_RUNTIME, 2, 0},
    {"RtlInt64ToUnicodeString", RM_FILL_RUNTIME, 2, 0},
    {"RtlStringFromGUID", RM_FILL_RUNTIME, 1, 0},
    {"RtlUpcaseUnicodeString", RM_FILL_RUNTIME, 0, 0},
    {"RtlMultiByteToUnicodeN", RM_FILL_RUNTIME, 0, 0},
    {"WdfStringGetUnicodeString", RM_FILL_RUNTIME, 1, 0},
    {"WdfRegistryQueryUnicodeString", RM_FILL_RUNTIME, 4, 0},
    {"RtlCopyMemory", RM_FILL_RUNTIME, 0, 0},
    {"memcpy", RM_FILL_RUNTIME, 0, 0},
    {"RtlMoveMemory", RM_FILL_RUNTIME, 0, 0},
};

/* ---- what the place of a name says ---- */

/* Walks from the name up to the whole of what is filled: &x, (T)x, x.Buffer, p->x, x[0]. */
static TSNode whole_of(const rm_source_file *file, TSNode node) {
    for (unsigned i = 0; i < 16; i++) {
        TSNode parent = ts_node_parent(node);
        bool field = rm_node_is(parent, "field_expression");
        bool is_field = field && ts_node_eq(rm_node_field(parent, "field"), node);
        bool buffer =
            field && !is_field &&
            rm_str_eq(rm_node_text(file, rm_node_field(parent, "field")), RM_STR("Buffer"));
        bool wraps = rm_node_is(parent, "pointer_expression") ||
                     rm_node_is(parent, "parenthesized_expression") ||
                     rm_node_is(parent, "cast_expression") || rm_is_cast_of_address(parent) ||
                     rm_node_is(parent, "array_declarator") ||
                     rm_node_is(parent, "pointer_declarator") ||
                     rm_node_is(parent, "reference_declarator");
        if (!is_field && !buffer && !wraps) {
            break;
        }
        node = parent;
    }
    return node;
}

/* Which argument of a macro an identifier of its body stands for; RM_NONE: for none. */
static uint32_t parameter_of(const rm_macro *macro, rm_str name) {
    for (uint32_t i = 0; i < macro->param_count; i++) {
        if (rm_str_eq(macro->params[i], name)) {
            return i;
        }
    }
    return RM_NONE;
}

/* What may stand beside the text in the initialiser of a string: nothing that makes another. */
static bool is_of_initialiser(rm_token token) {
    static const char *const words[] = {
        "RTL_CONSTANT_STRING", "sizeof", "WCHAR", "wchar_t", "USHORT",
        "UNICODE_NULL",        "PWSTR",  "PWCH",  "L",       "TEXT"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (rm_token_is(token, words[i])) {
            return true;
        }
    }
    return token.kind == RM_TOKEN_MARK && !rm_token_is(token, "#");
}

/* A macro of the driver that declares a string: UNICODE_STRING _s = RTL_CONSTANT_STRING(_text). */
static bool declares_string(const rm_macro *macro, uint32_t *target, uint32_t *source) {
    rm_lexer lexer = rm_lexer_of(macro->body);
    rm_token token = rm_lex(&lexer);
    *target = *source = RM_NONE;
    for (; token.kind != RM_TOKEN_END && !rm_token_is(token, ";"); token = rm_lex(&lexer)) {
        uint32_t parameter = parameter_of(macro, token.text);
        if (*target != RM_NONE && parameter != RM_NONE && parameter != *target) {
            *source = parameter; /* the last is the text, the others ask for its size */
        } else if (*target != RM_NONE && !is_of_initialiser(token)) {
            return false;
        } else if (rm_token_is(token, "UNICODE_STRING") || rm_token_is(token, "NDIS_STRING")) {
            uint32_t named = parameter_of(macro, rm_lex(&lexer).text);
            *target = rm_token_is(rm_lex(&lexer), "=") ? named : RM_NONE;
        }
    }
    return *source != RM_NONE;
}

static bool declared_by_macro(const rm_source_unit *unit, const rm_source_file *file, TSNode call,
                              TSNode whole, rm_fill *fill) {
    uint32_t target, source;
    const rm_macro *macro = rm_macros_find(unit->macros, RM_SCOPE_UNIT, rm_call_name(file, call));
    if (macro == NULL || macro->kind != RM_MACRO_FUNCTION ||
        !declares_string(macro, &target, &source)) {
        return false;
    }
    TSNode filled = rm_call_argument(call, target);
    fill->kind = RM_FILL_VALUE;
    fill->value = rm_call_argument(call, source);
    return !ts_node_is_null(filled) && ts_node_eq(filled, whole) && !ts_node_is_null(fill->value);
}

static bool argument_fill(const rm_source_unit *unit, const rm_source_file *file, TSNode list,
                          TSNode whole, rm_fill *fill) {
    TSNode call = ts_node_parent(list);
    rm_str name = rm_call_name(file, call);
    for (size_t i = 0; i < sizeof routines / sizeof routines[0]; i++) {
        if (!rm_str_eq(name, rm_str_from(routines[i].name))) {
            continue;
        }
        TSNode target = rm_call_argument(call, routines[i].target);
        if (ts_node_is_null(target) || !ts_node_eq(target, whole)) {
            return false;
        }
        fill->kind = routines[i].kind;
        fill->value = rm_call_argument(call, routines[i].source);
        if (rm_str_eq(name, RM_STR("swprintf")) && !rm_node_is(fill->value, "string_literal")) {
            fill->value = rm_call_argument(call, 2); /* the form with a size */
        }
        return true;
    }
    return declared_by_macro(unit, file, call, whole, fill);
}

/* copy(text + 8, …): whatever is called, it writes over part of the text. */
static bool is_into_middle(TSNode sum, TSNode whole) {
    TSNode list = ts_node_parent(sum);
    return rm_node_is(sum, "binary_expression") && ts_node_eq(rm_node_field(sum, "left"), whole) &&
           rm_node_is(rm_node_field(sum, "operator"), "+") && rm_node_is(list, "argument_list") &&
           ts_node_eq(rm_call_argument(ts_node_parent(list), 0), sum);
}

/* Is the name filled or declared at this place? */
static bool fill_at(const rm_source_unit *unit, const rm_source_file *file, TSNode name,
                    rm_fill *fill) {
    TSNode whole = whole_of(file, name);
    TSNode parent = ts_node_parent(whole);
    if (rm_node_is(parent, "init_declarator") &&
        ts_node_eq(rm_node_field(parent, "declarator"), whole)) {
        fill->kind = RM_FILL_VALUE;
        fill->value = rm_node_field(parent, "value");
        return true;
    }
    if (rm_node_is(parent, "declaration") && !rm_node_is(whole, "call_expression")) {
        fill->kind = RM_FILL_DECLARED;
        return true;
    }
    if (rm_node_is(parent, "assignment_expression") &&
        ts_node_eq(rm_node_field(parent, "left"), whole)) {
        fill->kind = RM_FILL_VALUE;
        fill->value = rm_node_field(parent, "right");
        return true;
    }
    if (is_into_middle(parent, whole)) {
        fill->kind = RM_FILL_RUNTIME;
        return true;
    }
    return rm_node_is(parent, "argument_list") && argument_fill(unit, file, parent, whole, fill);
}

/* ---- collecting ---- */

typedef struct collector {
    const rm_source_unit *unit;
    rm_str name;
    bool field;    /* a member's name, not a variable's */
    rm_str object; /* of a member: whose it is, where that is a variable; empty: anyone's */
    rm_fill *out;
    uint32_t count;
    unsigned nested; /* calls that fill it, and calls in those */
    bool settled;    /* what it held before the function does not matter */
} collector;

static void keep(collector *c, rm_fill fill) {
    if (c->count < RM_MAX_FILLS) {
        c->out[c->count++] = fill;
    }
}

static bool is_filled_within(const void *of, uint32_t from, uint32_t end) {
    const collector *c = of;
    for (uint32_t i = 0; i < c->count; i++) {
        if (c->out[i].at >= from && c->out[i].at < end && c->out[i].kind != RM_FILL_DECLARED) {
            return true;
        }
    }
    return false;
}

/* Within a function, in the order of the text: what it held before may be gone. */
static void keep_in_order(collector *c, rm_fill fill, const rm_passage *passage) {
    uint32_t from = 0;
    if (fill.kind == RM_FILL_APPEND) {
        keep(c, fill);
        return;
    }
    if (fill.condition.len == 0) {
        c->count = 0;
    } else if (fill.kind != RM_FILL_DECLARED &&
               rm_passage_is_last(passage, is_filled_within, c, &from)) {
        uint32_t kept = 0; /* one of the branches was taken */
        for (uint32_t i = 0; i < c->count; i++) {
            if (c->out[i].at >= from) {
                c->out[kept++] = c->out[i];
            }
        }
        c->count = kept;
        c->settled = true;
    }
    c->settled = c->settled || fill.condition.len == 0;
    keep(c, fill);
}

static bool is_parameter(const rm_function *function, rm_str name) {
    for (uint32_t i = 0; i < function->param_count; i++) {
        if (rm_str_eq(function->params[i].name, name)) {
            return true;
        }
    }
    return false;
}

/* A member is filled under a member's name, a variable under a variable's. */
static bool is_kind(const collector *c, TSNode node) {
    return c->field == rm_node_is(node, "field_identifier");
}

/* The variable whose member a field is: a of a->Name and of (&a)->Name; empty: it is not so simple.
 */
static rm_str object_of(const rm_source_file *file, TSNode field) {
    TSNode whole = ts_node_parent(field);
    TSNode object = rm_value_root(
        rm_node_is(whole, "field_expression") ? rm_node_field(whole, "argument") : whole);
    return rm_node_is(object, "identifier") ? rm_node_text(file, object) : RM_STR_NONE;
}

enum { MAX_NESTED = 3 };

static uint32_t fills_of_parameter(const rm_source_unit *unit, const rm_function *function,
                                   uint32_t parameter, unsigned nested, rm_fill out[RM_MAX_FILLS]);

/* f(&x), or f(x) where x is itself such an address: a function of the unit that fills it. */
static bool is_filled_by_call(const collector *c, const rm_source_file *file, TSNode name,
                              rm_fill *fill) {
    TSNode address = ts_node_parent(name);
    bool handed_on = c->nested > 0 && rm_node_is(address, "argument_list");
    address = handed_on ? name : address;
    TSNode list = ts_node_parent(address);
    TSNode call = ts_node_parent(list);
    rm_fill inner[RM_MAX_FILLS];
    bool is_address = handed_on || (rm_node_is(address, "pointer_expression") &&
                                    rm_node_is(rm_node_field(address, "operator"), "&"));
    if (c->field || c->nested >= MAX_NESTED || !is_address || !rm_node_is(list, "argument_list") ||
        !rm_node_is(call, "call_expression")) {
        return false;
    }
    const rm_function *callee = rm_unit_function(c->unit, rm_call_name(file, call), NULL);
    for (uint32_t i = 0; callee != NULL && i < callee->param_count; i++) {
        TSNode argument = rm_call_argument(call, i);
        if (!ts_node_is_null(argument) && ts_node_eq(argument, address) &&
            fills_of_parameter(c->unit, callee, i, c->nested + 1, inner) > 0) {
            fill->kind = RM_FILL_CALL;
            fill->value = address;
            return true;
        }
    }
    return false;
}

static bool is_of_object(const collector *c, const rm_source_file *file, TSNode node) {
    rm_str object = c->object.len > 0 ? object_of(file, node) : RM_STR_NONE;
    return object.len == 0 || rm_str_eq(object, c->object);
}

/* Fills within the function before the use. True: the function declares the name. */
static bool fills_in_function(collector *c, const rm_function *function, uint32_t use) {
    const rm_source_file *file = &c->unit->files.at[function->file];
    uint32_t at = ts_node_start_byte(function->node);
    bool declared = is_parameter(function, c->name);
    for (;;) {
        TSNode node = rm_next_occurrence(file, c->name, &at, use);
        rm_fill fill = {.function = function, .file = function->file};
        if (ts_node_is_null(node)) {
            return declared;
        }
        if (!is_kind(c, node) || !is_of_object(c, file, node) ||
            (!fill_at(c->unit, file, node, &fill) && !is_filled_by_call(c, file, node, &fill))) {
            continue;
        }
        TSNode parent = ts_node_parent(whole_of(file, node));
        declared |= rm_node_is(parent, "declaration") || rm_node_is(parent, "init_declarator");
        rm_passage passage;
        if (rm_passage_of(c->unit->arena, file, node, use, RM_STR_NONE, &passage) != RM_OK) {
            fill.kind = RM_FILL_RUNTIME; /* no memory: nothing is said of it */
            passage = (rm_passage){.condition = RM_STR_NONE};
        }
        fill.condition = passage.condition;
        fill.at = ts_node_start_byte(node);
        if (!passage.excluded) {
            keep_in_order(c, fill, &passage);
        }
    }
}

/* Everywhere else in the unit, functions that have such a name of their own left out. */
static void fills_in_unit(collector *c, const rm_function *but) {
    for (uint32_t f = 0; f < c->unit->files.count; f++) {
        const rm_source_file *file = &c->unit->files.at[f];
        const rm_function *own = NULL; /* the last function that declares the name */
        uint32_t at = 0;
        for (;;) {
            TSNode node = rm_next_occurrence(file, c->name, &at, (uint32_t)file->clean.len);
            if (ts_node_is_null(node)) {
                break;
            }
            rm_fill fill = {.file = f};
            if (!is_kind(c, node) || !fill_at(c->unit, file, node, &fill)) {
                continue;
            }
            fill.function = rm_unit_function_at(c->unit, f, node);
            TSNode parent = ts_node_parent(whole_of(file, node));
            bool declares =
                rm_node_is(parent, "declaration") || rm_node_is(parent, "init_declarator");
            if (fill.function != NULL &&
                (declares || fill.function == own || is_parameter(fill.function, c->name))) {
                own = fill.function;
                continue;
            }
            if (fill.function == NULL || fill.function != but) {
                keep(c, fill);
            }
        }
    }
}

uint32_t rm_fills_of(const rm_source_unit *unit, const rm_context *in, TSNode use,
                     rm_fill out[RM_MAX_FILLS], bool *local) {
    const rm_source_file *file = rm_context_file(unit, in);
    collector c = {.unit = unit,
                   .name = rm_node_text(file, use),
                   .field = rm_node_is(use, "field_identifier"),
                   .out = out};
    uint32_t at = ts_node_start_byte(use);
    c.object = c.field ? object_of(file, use) : RM_STR_NONE;
    *local = fills_in_function(&c, in->function, at);
    if (c.count == 0 && c.object.len > 0) { /* perhaps through another pointer to it */
        c.object = RM_STR_NONE;
        c.settled = false;
        *local = fills_in_function(&c, in->function, at);
    }
    if (!*local && !c.settled) {
        fills_in_unit(&c, in->function);
    }
    return c.count;
}

uint32_t rm_fills_of_member(const rm_source_unit *unit, const rm_function *function, rm_str member,
                            uint32_t end, rm_fill out[RM_MAX_FILLS]) {
    collector c = {.unit = unit, .name = member, .field = true, .out = out};
    (void)fills_in_function(&c, function, end);
    return c.count;
}

static uint32_t fills_of_parameter(const rm_source_unit *unit, const rm_function *function,
                                   uint32_t parameter, unsigned nested, rm_fill out[RM_MAX_FILLS]) {
    collector c = {
        .unit = unit, .name = function->params[parameter].name, .out = out, .nested = nested};
    (void)fills_in_function(&c, function, ts_node_end_byte(function->body));
    return c.count;
}

uint32_t rm_fills_of_parameter(const rm_source_unit *unit, const rm_function *function,
                               uint32_t parameter, rm_fill out[RM_MAX_FILLS]) {
    return fills_of_parameter(unit, function, parameter, 1, out);
}
