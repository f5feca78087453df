#include <string.h>

#include "source/code_tables.h"
#include "source/dispatch.h"
#include "source/fills.h"
#include "source/lex.h"
#include "source/macros.h"
#include "source/unit.h"

/*
 * Which function serves which entry: dispatch tables, fast I/O tables, WDF queues and callbacks,
 * minifilter ports.
 */

/* What a dispatch table's index, a structure's field or a call's argument says of a function. */
typedef struct rm_slot {
    const char *name;
    rm_entry_kind kind;
    bool wdf;
    uint32_t argument; /* of the call that registers it; RM_NONE: it is assigned */
} rm_slot;

/* IRP_MJ_… (Windows: "IRP Major Function Codes"). Close, cleanup, PnP and power carry no input. */
static const rm_slot majors[] = {
    {"IRP_MJ_CREATE", RM_ENTRY_CREATE, false, RM_NONE},
    {"IRP_MJ_READ", RM_ENTRY_READ, false, RM_NONE},
    {"IRP_MJ_WRITE", RM_ENTRY_WRITE, false, RM_NONE},
    {"IRP_MJ_DEVICE_CONTROL", RM_ENTRY_IOCTL, false, RM_NONE},
    {"IRP_MJ_INTERNAL_DEVICE_CONTROL", RM_ENTRY_INTERNAL_IOCTL, false, RM_NONE},
    {"IRP_MJ_SCSI", RM_ENTRY_INTERNAL_IOCTL, false, RM_NONE},
    {"IRP_MJ_FILE_SYSTEM_CONTROL", RM_ENTRY_FSCTL, false, RM_NONE},
    {"IRP_MJ_SYSTEM_CONTROL", RM_ENTRY_WMI, false, RM_NONE},
};

/* Fields that take a callback: WDF_IO_QUEUE_CONFIG, FAST_IO_DISPATCH, class extensions'. */
static const rm_slot fields[] = {
    {"EvtIoDeviceControl", RM_ENTRY_IOCTL, true, RM_NONE},
    {"EvtIoInternalDeviceControl", RM_ENTRY_INTERNAL_IOCTL, true, RM_NONE},
    {"EvtIoRead", RM_ENTRY_READ, true, RM_NONE},
    {"EvtIoWrite", RM_ENTRY_WRITE, true, RM_NONE},
    {"EvtIoDefault", RM_ENTRY_IOCTL, true, RM_NONE},
    {"EvtIddCxDeviceIoControl", RM_ENTRY_IOCTL, true, RM_NONE}, /* IDD_CX_CLIENT_CONFIG */
    {"EvtDeviceFileCreate", RM_ENTRY_CREATE, true, RM_NONE},
    {"EvtFileCreate", RM_ENTRY_CREATE, true, RM_NONE},
    {"FastIoDeviceControl", RM_ENTRY_FAST_IO, false, RM_NONE},
    {"FastIoRead", RM_ENTRY_FAST_IO, false, RM_NONE},
    {"FastIoWrite", RM_ENTRY_FAST_IO, false, RM_NONE},
};

/* Calls that take a callback as an argument. */
static const rm_slot calls[] = {
    {"WDF_FILEOBJECT_CONFIG_INIT", RM_ENTRY_CREATE, true, 1},
    {"WdfDeviceInitSetIoInCallerContextCallback", RM_ENTRY_IOCTL, true, 1},
    {"FltCreateCommunicationPort", RM_ENTRY_MESSAGE, false, 6},
    {"SpbControllerSetIoOtherCallback", RM_ENTRY_IOCTL, true, 1},
};

/* WdfDeviceInitAssignWdmIrpPreprocessCallback(Init, Callback, Major, …). */
static const char preprocess[] = "WdfDeviceInitAssignWdmIrpPreprocessCallback";

#define FIND(table, name) find_slot((table), sizeof(table) / sizeof(table)[0], (name))

static const rm_slot *find_slot(const rm_slot *slots, size_t count, rm_str name) {
    for (size_t i = 0; i < count; i++) {
        if (rm_str_eq(name, rm_str_from(slots[i].name))) {
            return &slots[i];
        }
    }
    return NULL;
}

typedef struct reading {
    rm_source_unit *unit;
    const rm_source_file *file;
    uint32_t file_index;
    rm_handler_list *out;
    bool own_table;    /* what is assigned to is not the driver object's table */
    bool port;         /* the callback is a port's */
    bool renames;      /* the file may have a table under another name */
    bool by_macro;     /* a macro of the driver's makes IRP_MJ_… of a part of the name */
    unsigned *by_loop; /* bits of the kinds whose handler a loop over the table set */
    unsigned depth;    /* callers of helpers that were gone up */
} reading;

/* ---- from an expression to a function ---- */

/* The same name in the same file is meant before one from another file. */
static const rm_function *function_named(const reading *r, rm_str name) {
    bool several = false;
    const rm_function *found = rm_unit_function(r->unit, name, &several);
    for (uint32_t i = 0; several && i < r->unit->functions.count; i++) {
        const rm_function *f = &r->unit->functions.at[i];
        if (f->file == r->file_index && rm_str_eq(f->name, name)) {
            return f;
        }
    }
    return found;
}

/* static_cast<T>(x): x; a null node: it is something else. */
static TSNode under_named_cast(const rm_source_file *file, TSNode node) {
    TSNode callee = rm_node_field(node, "function");
    TSNode args[2];
    if (!rm_node_is(callee, "template_function") ||
        !rm_str_iends(rm_node_text(file, rm_node_field(callee, "name")), RM_STR("_cast")) ||
        rm_node_arguments(rm_node_field(node, "arguments"), args, 2) != 1) {
        return (TSNode){{0}, NULL, NULL};
    }
    return args[0];
}

/* What stands under casts, parentheses, '&' and the left parts of a chained assignment. */
static TSNode bare(const rm_source_file *file, TSNode node) {
    for (int depth = 0; depth < 32; depth++) {
        TSNode inner = under_named_cast(file, node);
        node = ts_node_is_null(inner) ? node : inner;
        if (rm_node_is(node, "cast_expression")) {
            node = rm_node_field(node, "value");
        } else if (rm_node_is(node, "pointer_expression")) {
            node = rm_node_field(node, "argument");
        } else if (rm_node_is(node, "assignment_expression")) {
            node = rm_node_field(node, "right");
        } else if (rm_node_is(node, "binary_expression") &&
                   rm_node_is(rm_node_field(node, "left"), "parenthesized_expression")) {
            node = rm_node_field(node, "right"); /* (TYPE)&f, read as (TYPE) & f */
        } else if (rm_node_is(node, "parenthesized_expression")) {
            node = ts_node_named_child(node, 0);
        } else {
            break;
        }
    }
    return node;
}

static const rm_function *lambda_meant(const reading *r, TSNode node) {
    for (uint32_t i = 0; i < r->unit->functions.count; i++) {
        const rm_function *f = &r->unit->functions.at[i];
        if (f->file == r->file_index && ts_node_eq(f->node, node)) {
            return f;
        }
    }
    return NULL;
}

static const rm_function *function_meant(const reading *r, TSNode value) {
    TSNode node = bare(r->file, value);
    if (rm_node_is(node, "lambda_expression")) {
        return lambda_meant(r, node);
    }
    if (!rm_node_is(node, "identifier") && !rm_node_is(node, "qualified_identifier")) {
        return NULL;
    }
    rm_str name = rm_node_text(r->file, node);
    size_t colons = 0;
    while (rm_str_find(name, RM_STR("::"), &colons)) {
        name = rm_str_slice(name, colons + 2, name.len);
    }
    return function_named(r, name);
}

/* ---- one registration ---- */

enum { MAX_FUNCTIONS = 8 };

static bool is_by_loop(const reading *r, rm_entry_kind kind) {
    return (*r->by_loop & 1u << kind) != 0;
}

/* What a loop set for every entry, a later assignment sets anew for its own. */
static void replace_loops(const reading *r, rm_entry_kind kind) {
    uint32_t kept = 0;
    if (!is_by_loop(r, kind)) {
        return;
    }
    for (uint32_t i = 0; i < r->out->count; i++) {
        if (r->out->at[i].kind != kind) {
            r->out->at[kept++] = r->out->at[i];
        }
    }
    r->out->count = kept;
    *r->by_loop &= ~(1u << kind);
}

static rm_status add_function(const reading *r, const rm_slot *slot, const rm_function *function,
                              TSNode value) {
    replace_loops(r, slot->kind);
    for (uint32_t i = 0; i < r->out->count; i++) {
        rm_handler *known = &r->out->at[i];
        if (known->kind == slot->kind && known->function == function) {
            known->again = true;
            return RM_OK;
        }
    }
    rm_handler *h = rm_push(r->unit->arena, r->out);
    if (h == NULL) {
        return RM_NOMEM;
    }
    *h = (rm_handler){.kind = slot->kind,
                      .function = function,
                      .device = RM_NONE,
                      .wdf = slot->wdf,
                      .own_table = r->own_table,
                      .port = r->port,
                      .file = r->file_index,
                      .at = ts_node_start_byte(value),
                      .place = rm_node_place(r->file, value)};
    return RM_OK;
}

static rm_status add(const reading *r, const rm_slot *slot, TSNode value) {
    const rm_function *functions[MAX_FUNCTIONS] = {function_meant(r, value)};
    uint32_t count = 1;
    if (functions[0] == NULL) { /* NULL, another driver's function, or what a variable holds */
        count = rm_dispatch_functions(r->unit, r->file_index, value, functions, MAX_FUNCTIONS);
    }
    rm_status st = RM_OK;
    for (uint32_t i = 0; i < count && st == RM_OK; i++) {
        st = add_function(r, slot, functions[i], value);
    }
    return st;
}

/* The major function that a text means: by name, or by a number as IRP_MJ_ has it. */
static const rm_slot *major_named(const reading *r, rm_str text, bool number) {
    static const struct {
        int64_t number;
        const char *name;
    } numbers[] = {{0x00, "IRP_MJ_CREATE"},         {0x03, "IRP_MJ_READ"},
                   {0x04, "IRP_MJ_WRITE"},          {0x0D, "IRP_MJ_FILE_SYSTEM_CONTROL"},
                   {0x0E, "IRP_MJ_DEVICE_CONTROL"}, {0x0F, "IRP_MJ_INTERNAL_DEVICE_CONTROL"},
                   {0x17, "IRP_MJ_SYSTEM_CONTROL"}};
    int64_t value = -1;
    const rm_slot *found = FIND(majors, text);
    if (found != NULL || !number || !rm_unit_eval(r->unit, text, &value)) {
        return found;
    }
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (numbers[i].number == value) {
            return FIND(majors, rm_str_from(numbers[i].name));
        }
    }
    return NULL;
}

static const rm_slot *major_of(const reading *r, TSNode index) {
    return major_named(r, rm_node_text(r->file, index), rm_node_is(index, "number_literal"));
}

static bool has_own(const reading *r, rm_entry_kind kind) {
    for (uint32_t i = 0; i < r->out->count && !is_by_loop(r, kind); i++) {
        if (r->out->at[i].kind == kind && !r->out->at[i].wdf && !r->out->at[i].port) {
            return true;
        }
    }
    return false;
}

/* A table filled in a loop over all majors: one function for every entry that has no other. */
static rm_status add_for_all(const reading *r, TSNode value) {
    rm_status st = RM_OK;
    unsigned own = 0;
    for (size_t i = 0; i < sizeof majors / sizeof majors[0]; i++) {
        own |= has_own(r, majors[i].kind) ? 1u << majors[i].kind : 0;
    }
    for (size_t i = 0; st == RM_OK && i < sizeof majors / sizeof majors[0]; i++) {
        if ((own & 1u << majors[i].kind) == 0) {
            st = add(r, &majors[i], value);
            *r->by_loop |= 1u << majors[i].kind;
        }
    }
    return st;
}

/* ---- helpers and tables that register for others ---- */

enum { MAX_CALLERS = 32, MAX_HELPERS = 3 };

/* A parameter of the function around it; RM_NONE: it is none. */
static uint32_t parameter_meant(const reading *r, TSNode node) {
    rm_context in = {.function = ts_node_is_null(node)
                                     ? NULL
                                     : rm_unit_function_at(r->unit, r->file_index, node)};
    return in.function == NULL ? RM_NONE : rm_value_parameter(r->unit, &in, bare(r->file, node));
}

static bool is_in_loop(TSNode node) {
    for (; !ts_node_is_null(node) && !rm_node_is(node, "function_definition");
         node = ts_node_parent(node)) {
        if (rm_node_is(node, "for_statement") || rm_node_is(node, "while_statement") ||
            rm_node_is(node, "do_statement")) {
            return true;
        }
    }
    return false;
}

/* What the file of a caller says, read one helper further out. */
static reading reading_of_caller(const reading *r, const rm_call *caller) {
    reading of = *r;
    of.file_index = caller->function->file;
    of.file = &r->unit->files.at[of.file_index];
    of.depth++;
    return of;
}

static rm_status read_element(const reading *r, TSNode index, bool dispatch, TSNode right);

/* driver->MajorFunction[major] = f in a helper: each caller's Set(driver, IRP_MJ_READ, Read). */
static rm_status read_for_callers(const reading *r, TSNode index, TSNode right) {
    rm_call callers[MAX_CALLERS];
    uint32_t major = parameter_meant(r, index);
    uint32_t function = parameter_meant(r, right);
    uint32_t count = r->depth == MAX_HELPERS
                         ? 0
                         : rm_callers(r->unit, rm_unit_function_at(r->unit, r->file_index, index),
                                      callers, MAX_CALLERS);
    rm_status st = RM_OK;
    for (uint32_t i = 0; i < count && st == RM_OK; i++) {
        reading of = reading_of_caller(r, &callers[i]);
        TSNode given = rm_call_argument(callers[i].node, major);
        if (ts_node_is_null(given)) {
            continue;
        }
        if (function != RM_NONE) {
            st = read_element(&of, given, true, rm_call_argument(callers[i].node, function));
        } else {
            const rm_slot *slot = major_of(&of, given);
            st = slot == NULL ? RM_OK : add(r, slot, right);
        }
    }
    return st;
}

/* { IRP_MJ_CREATE, Create }, with or without the members' names */
static rm_status read_row(const reading *r, TSNode row) {
    const rm_slot *slot = NULL;
    TSNode function = {{0}, NULL, NULL};
    for (uint32_t i = 0; i < ts_node_named_child_count(row); i++) {
        TSNode value = ts_node_named_child(row, i);
        value = rm_node_is(value, "initializer_pair") ? rm_node_field(value, "value") : value;
        if (slot == NULL) {
            slot = major_of(r, bare(r->file, value));
        }
        if (function_meant(r, value) != NULL) {
            function = value;
        }
    }
    return slot == NULL || ts_node_is_null(function) ? RM_OK : add(r, slot, function);
}

/* driver->MajorFunction[table[i].major] = table[i].function: what the rows of the table say. */
static rm_status read_rows(const reading *r, TSNode index, unsigned depth) {
    rm_fill fills[RM_MAX_FILLS];
    bool local = false;
    rm_context in = {.function = rm_unit_function_at(r->unit, r->file_index, index)};
    TSNode node = bare(r->file, index);
    while (rm_node_is(node, "field_expression") || rm_node_is(node, "subscript_expression")) {
        node = bare(r->file, rm_node_field(node, "argument"));
    }
    if (in.function == NULL || !rm_node_is(node, "identifier") || depth > MAX_HELPERS) {
        return RM_OK;
    }
    uint32_t count = rm_fills_of(r->unit, &in, node, fills, &local);
    rm_status st = RM_OK;
    for (uint32_t i = 0; i < count && st == RM_OK; i++) {
        if (fills[i].kind != RM_FILL_VALUE) {
            continue;
        }
        reading of = *r;
        of.file_index = fills[i].file;
        of.file = &r->unit->files.at[of.file_index];
        TSNode rows = fills[i].value;
        if (!rm_node_is(rows, "initializer_list")) {
            st = read_rows(&of, rows, depth + 1);
            continue;
        }
        for (uint32_t k = 0; k < ts_node_named_child_count(rows) && st == RM_OK; k++) {
            TSNode row = ts_node_named_child(rows, k);
            st = rm_node_is(row, "initializer_list") ? read_row(&of, row) : RM_OK;
        }
    }
    return st;
}

static rm_status read_element(const reading *r, TSNode index, bool dispatch, TSNode right) {
    const rm_slot *slot = ts_node_is_null(index) ? NULL : major_of(r, index);
    if (slot != NULL) {
        reading own = *r;
        own.own_table = !dispatch;
        return add(&own, slot, right);
    }
    if (dispatch && !ts_node_is_null(index)) {
        if (parameter_meant(r, index) != RM_NONE && !is_in_loop(index)) {
            return read_for_callers(r, index, right);
        }
        if (rm_node_is(bare(r->file, index), "field_expression")) {
            return read_rows(r, index, 0);
        }
    }
    bool runs =
        ts_node_is_null(index) || !rm_str_starts(rm_node_text(r->file, index), RM_STR("IRP_MJ_"));
    bool number = rm_node_is(index, "number_literal");
    return dispatch && runs && !number ? add_for_all(r, right) : RM_OK;
}

/* A function, or a name that the file declares to be a dispatch routine's: else nothing is looked
   for, for most of what is assigned to elements is something else. */
static bool can_be_routine(const reading *r, TSNode value) {
    TSNode node = bare(r->file, value);
    bool several = false;
    size_t at = 0;
    if (rm_node_is(node, "lambda_expression")) {
        return true;
    }
    rm_str name = rm_node_is(node, "identifier") || rm_node_is(node, "qualified_identifier")
                      ? rm_node_text(r->file, node)
                      : RM_STR_NONE;
    if (name.len == 0 || name.len > 64) {
        return false;
    }
    char declared[80];
    rm_str text = {.ptr = declared, .len = sizeof "DISPATCH " - 1 + name.len};
    memcpy(declared, "DISPATCH ", sizeof "DISPATCH " - 1);
    memcpy(declared + sizeof "DISPATCH " - 1, name.ptr, name.len);
    return rm_node_is(node, "qualified_identifier") ||
           rm_unit_function(r->unit, name, &several) != NULL || several ||
           rm_str_find(r->file->clean, text, &at);
}

static bool is_table(const reading *r, TSNode expression, TSNode right, TSNode *index) {
    size_t at = 0;
    bool named = !ts_node_is_null(expression) &&
                 rm_str_find(rm_node_text(r->file, expression), RM_STR("MajorFunction"), &at);
    return (named || (r->renames && can_be_routine(r, right))) &&
           rm_dispatch_table(r->unit, r->file_index, expression, index);
}

static rm_status read_subscript(const reading *r, TSNode left, TSNode right) {
    TSNode index = rm_subscript_index(left);
    TSNode none;
    bool dispatch = is_table(r, rm_node_field(left, "argument"), right, &none);
    return read_element(r, index, dispatch, right);
}

/* *entry = f, where entry runs through the table or is one of its elements */
static rm_status read_pointee(const reading *r, TSNode left, TSNode right) {
    TSNode index = {{0}, NULL, NULL};
    return is_table(r, rm_node_field(left, "argument"), right, &index)
               ? read_element(r, index, true, right)
               : RM_OK;
}

static rm_status read_assignment(const reading *r, TSNode node) {
    TSNode left = rm_node_field(node, "left");
    TSNode right = rm_node_field(node, "right");
    if (rm_node_is(left, "subscript_expression")) {
        return read_subscript(r, left, right);
    }
    if (rm_node_is(left, "pointer_expression")) {
        return read_pointee(r, left, right);
    }
    if (rm_node_is(left, "field_expression")) {
        const rm_slot *slot = FIND(fields, rm_node_text(r->file, rm_node_field(left, "field")));
        return slot == NULL ? RM_OK : add(r, slot, right);
    }
    return RM_OK;
}

/* A callback of a port; what a helper was handed is each caller's, for its own port. */
static rm_status add_of_port(const reading *r, const rm_slot *slot, TSNode value) {
    rm_call callers[MAX_CALLERS];
    uint32_t parameter = r->depth == MAX_HELPERS ? RM_NONE : parameter_meant(r, value);
    if (parameter == RM_NONE) {
        return add(r, slot, value);
    }
    uint32_t count = rm_callers(r->unit, rm_unit_function_at(r->unit, r->file_index, value),
                                callers, MAX_CALLERS);
    rm_status st = RM_OK;
    for (uint32_t i = 0; i < count && st == RM_OK; i++) {
        reading of = reading_of_caller(r, &callers[i]);
        TSNode given = rm_call_argument(callers[i].node, parameter);
        st = ts_node_is_null(given) ? RM_OK : add_of_port(&of, slot, given);
    }
    return st;
}

/* FltCreateCommunicationPort(…, ConnectNotify, DisconnectNotify, MessageNotify, …) */
static rm_status read_port(const reading *r, const TSNode *arguments, uint32_t count) {
    static const rm_slot connects = {"", RM_ENTRY_CREATE, false, RM_NONE};
    static const rm_slot messages = {"", RM_ENTRY_MESSAGE, false, RM_NONE};
    reading port = *r;
    port.port = true;
    rm_status st = count > 4 ? add_of_port(&port, &connects, arguments[4]) : RM_OK;
    return st == RM_OK && count > 6 ? add_of_port(r, &messages, arguments[6]) : st;
}

/* Fill(driver->MajorFunction, f), Set(&driver->MajorFunction[IRP_MJ_CREATE], f) */
static rm_status read_filling(const reading *r, const TSNode *arguments, uint32_t count) {
    TSNode index = {{0}, NULL, NULL};
    TSNode function = index;
    bool table = false;
    bool element = false;
    for (uint32_t i = 0; i < count; i++) {
        TSNode of = index;
        if (rm_dispatch_table(r->unit, r->file_index, arguments[i], &of)) {
            table = true;
            index = of;
            element = element || !ts_node_is_null(of);
        } else if (function_meant(r, arguments[i]) != NULL) {
            function = arguments[i];
        }
    }
    if (!table || ts_node_is_null(function)) {
        return RM_OK;
    }
    const rm_slot *slot = element ? major_of(r, index) : NULL;
    return slot != NULL ? add(r, slot, function) : element ? RM_OK : add_for_all(r, function);
}

/* The index behind MajorFunction: its one token; the lexer stands behind the bracket then. */
static rm_token index_token(rm_lexer *lexer) {
    rm_token none = {.kind = RM_TOKEN_END};
    if (!rm_token_is(rm_lex(lexer), "[")) {
        return none;
    }
    rm_token index = rm_lex(lexer);
    while (rm_token_is(index, "(")) {
        index = rm_lex(lexer);
    }
    rm_token behind = rm_lex(lexer);
    while (rm_token_is(behind, ")")) {
        behind = rm_lex(lexer);
    }
    return rm_token_is(behind, "]") ? index : none;
}

/* Behind the index: the function that is assigned up to the end of the statement. */
static const rm_function *function_assigned(const reading *r, rm_lexer lexer) {
    const rm_function *found = NULL;
    rm_token t = rm_lex(&lexer);
    if (!rm_token_is(t, "=")) {
        return NULL;
    }
    for (; t.kind != RM_TOKEN_END && !rm_token_is(t, ";"); t = rm_lex(&lexer)) {
        const rm_function *named = t.kind == RM_TOKEN_NAME ? function_named(r, t.text) : NULL;
        found = named != NULL ? named : found;
    }
    return found;
}

/* SET_DISPATCH(driver, CREATE, Create): what the driver's macro makes of it. */
static rm_status read_macro(const reading *r, TSNode node) {
    rm_scope scope = {r->file->in_set, ts_node_start_byte(node)};
    const rm_macro *macro = rm_macros_find(r->unit->macros, scope, rm_call_name(r->file, node));
    rm_expansion expansion;
    size_t at = 0;
    if (macro == NULL || !rm_str_find(macro->body, RM_STR("MajorFunction"), &at)) {
        return RM_OK;
    }
    rm_status st = rm_macros_expand(r->unit->macros, r->unit->arena, scope,
                                    rm_node_text(r->file, node), &expansion);
    if (st != RM_OK) {
        return st == RM_LIMIT ? RM_OK : st;
    }
    rm_lexer lexer = rm_lexer_of(expansion.text);
    for (rm_token t = rm_lex(&lexer); t.kind != RM_TOKEN_END && st == RM_OK; t = rm_lex(&lexer)) {
        if (!rm_token_is(t, "MajorFunction")) {
            continue;
        }
        rm_token index = index_token(&lexer);
        const rm_slot *slot = major_named(r, index.text, index.kind == RM_TOKEN_NUMBER);
        const rm_function *function = function_assigned(r, lexer);
        st = slot == NULL || function == NULL ? RM_OK : add_function(r, slot, function, node);
    }
    return st;
}

static rm_status read_call(const reading *r, TSNode node) {
    TSNode arguments[16];
    rm_str name = rm_call_name(r->file, node);
    const rm_slot *slot = FIND(calls, name);
    bool with_major = rm_str_eq(name, RM_STR(preprocess));
    size_t at = 0;
    if (slot == NULL && !with_major) {
        rm_status st = read_macro(r, node);
        if (st != RM_OK) {
            return st;
        }
        bool fills = rm_str_find(rm_node_text(r->file, node), RM_STR("MajorFunction"), &at);
        uint32_t given =
            fills ? rm_node_arguments(rm_node_field(node, "arguments"), arguments, 16) : 0;
        return given > 1 ? read_filling(r, arguments, given) : RM_OK;
    }
    uint32_t count = rm_node_arguments(rm_node_field(node, "arguments"), arguments, 16);
    if (with_major) {
        slot = count > 2 ? major_of(r, arguments[2]) : NULL;
        return slot == NULL ? RM_OK : add(r, slot, arguments[1]);
    }
    if (slot->kind == RM_ENTRY_MESSAGE) {
        return read_port(r, arguments, count);
    }
    return slot != NULL && slot->argument < count ? add(r, slot, arguments[slot->argument]) : RM_OK;
}

/* for (auto &entry : driver->MajorFunction) entry = f; */
static rm_status read_range(const reading *r, TSNode node) {
    TSNode body = rm_node_field(node, "body");
    size_t at = 0;
    if (!rm_str_find(rm_node_text(r->file, rm_node_field(node, "right")), RM_STR("MajorFunction"),
                     &at)) {
        return RM_OK;
    }
    while (rm_node_is(body, "compound_statement") || rm_node_is(body, "expression_statement")) {
        if (ts_node_named_child_count(body) == 0) {
            return RM_OK;
        }
        body = ts_node_named_child(body, 0);
    }
    return rm_node_is(body, "assignment_expression") ? add_for_all(r, rm_node_field(body, "right"))
                                                     : RM_OK;
}

/* { .EvtIoDeviceControl = f } and { [IRP_MJ_CREATE] = f } */
static rm_status read_initializer(const reading *r, TSNode node) {
    TSNode designator = rm_node_field(node, "designator");
    TSNode value = rm_node_field(node, "value");
    if (ts_node_is_null(designator) || ts_node_is_null(value)) {
        return RM_OK;
    }
    TSNode what = ts_node_named_child(designator, 0);
    const rm_slot *slot = rm_node_is(designator, "field_designator")
                              ? FIND(fields, rm_node_text(r->file, what))
                              : major_of(r, what);
    return slot == NULL ? RM_OK : add(r, slot, value);
}

static rm_status read_node(const reading *r, TSNode node) {
    if (rm_node_is(node, "assignment_expression")) {
        return read_assignment(r, node);
    }
    if (rm_node_is(node, "call_expression")) {
        return read_call(r, node);
    }
    if (rm_node_is(node, "for_range_loop")) {
        return read_range(r, node);
    }
    return rm_node_is(node, "initializer_pair") ? read_initializer(r, node) : RM_OK;
}

/* ---- all nodes of a file ---- */

/* Words without which a text registers nothing. */
static bool can_register(rm_str text) {
    static const char *const words[] = {"IRP_MJ_",
                                        "MajorFunction",
                                        "EvtIo",
                                        "EvtIddCxDeviceIoControl",
                                        "SpbControllerSetIoOtherCallback",
                                        "EvtDeviceFileCreate",
                                        "EvtFileCreate",
                                        "FastIo",
                                        "FltCreateCommunicationPort",
                                        "WDF_FILEOBJECT_CONFIG_INIT",
                                        "InCallerContextCallback",
                                        "WdmIrpPreprocessCallback"};
    size_t at = 0;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (rm_str_find(text, rm_str_from(words[i]), &at)) {
            return true;
        }
    }
    return false;
}

/* Looking into a definition of the file that has none of the words is of no use. */
static bool is_worth_entering(const reading *r, TSTreeCursor *cursor, uint32_t depth) {
    TSNode node = ts_tree_cursor_current_node(cursor);
    return depth != 1 || r->by_macro ||
           can_register(
               rm_str_slice(r->file->clean, ts_node_start_byte(node), ts_node_end_byte(node)));
}

/* The next node in the order of the text, without recursion. */
static bool step(const reading *r, TSTreeCursor *cursor, uint32_t *depth) {
    if (is_worth_entering(r, cursor, *depth) && ts_tree_cursor_goto_first_child(cursor)) {
        (*depth)++;
        return true;
    }
    while (!ts_tree_cursor_goto_next_sibling(cursor)) {
        if (!ts_tree_cursor_goto_parent(cursor)) {
            return false;
        }
        (*depth)--;
    }
    return true;
}

static rm_status read_file(reading *r) {
    size_t at = 0;
    r->renames = rm_str_find(r->file->clean, RM_STR("PDRIVER_DISPATCH"), &at) ||
                 rm_str_find(r->file->clean, RM_STR("MajorFunction;"), &at) ||
                 rm_str_find(r->file->clean, RM_STR("DRIVER_DISPATCH *"), &at) ||
                 rm_str_find(r->file->clean, RM_STR("DRIVER_DISPATCH*"), &at);
    TSTreeCursor cursor = ts_tree_cursor_new(ts_tree_root_node(r->file->tree));
    uint32_t depth = 0;
    rm_status st = RM_OK;
    do {
        st = read_node(r, ts_tree_cursor_current_node(&cursor));
    } while (st == RM_OK && step(r, &cursor, &depth));
    ts_tree_cursor_delete(&cursor);
    return st;
}

/* ---- UMDF 1 ---- */

/* Methods of IQueueCallback… and their parameters (wudfddi.h). */
static const struct {
    rm_slot slot;
    uint32_t params;
} methods[] = {
    {{"OnDeviceIoControl", RM_ENTRY_IOCTL, false, RM_NONE}, 5},
    {{"OnRead", RM_ENTRY_READ, false, RM_NONE}, 3},
    {{"OnWrite", RM_ENTRY_WRITE, false, RM_NONE}, 3},
    {{"OnCreateFile", RM_ENTRY_CREATE, false, RM_NONE}, 3},
};

static bool is_framework_request(const rm_function *function) {
    size_t at = 0;
    return function->param_count > 1 &&
           rm_str_find(function->params[1].type, RM_STR("IWDFIoRequest"), &at);
}

static rm_status read_methods(rm_source_unit *unit, rm_handler_list *out) {
    for (uint32_t i = 0; i < unit->functions.count; i++) {
        const rm_function *f = &unit->functions.at[i];
        for (size_t k = 0; k < sizeof methods / sizeof methods[0]; k++) {
            if (f->param_count != methods[k].params || !is_framework_request(f) ||
                !rm_str_eq(f->name, rm_str_from(methods[k].slot.name))) {
                continue;
            }
            rm_handler *h = rm_push(unit->arena, out);
            if (h == NULL) {
                return RM_NOMEM;
            }
            *h = (rm_handler){.kind = methods[k].slot.kind,
                              .function = f,
                              .device = RM_NONE,
                              .place = rm_node_place(&unit->files.at[f->file], f->node)};
        }
    }
    return RM_OK;
}

/* #define SET(d, major, f) (d)->MajorFunction[IRP_MJ_##major] = f */
static bool makes_majors(const rm_source_unit *unit) {
    for (uint32_t i = 0; i < unit->files.count; i++) {
        const rm_macro_list *macros = &unit->set->files.at[unit->files.at[i].in_set].scan.macros;
        for (uint32_t k = 0; k < macros->count; k++) {
            size_t at = 0;
            if (rm_str_find(macros->at[k].body, RM_STR("MajorFunction"), &at) &&
                rm_str_find(macros->at[k].body, RM_STR("##"), &at)) {
                return true;
            }
        }
    }
    return false;
}

rm_status rm_source_handlers(rm_source_unit *unit, rm_handler_list *out) {
    rm_status st = RM_OK;
    unsigned by_loop = 0;
    bool by_macro = makes_majors(unit);
    for (uint32_t i = 0; st == RM_OK && i < unit->files.count; i++) {
        reading r = {.unit = unit,
                     .file = &unit->files.at[i],
                     .file_index = i,
                     .out = out,
                     .by_macro = by_macro,
                     .by_loop = &by_loop};
        if (r.file->tree != NULL && (by_macro || can_register(r.file->clean))) {
            st = read_file(&r);
        }
    }
    st = st == RM_OK ? read_methods(unit, out) : st;
    return st == RM_OK ? rm_source_code_tables(unit, out) : st;
}
