#include "source/asked.h"
#include "source/build.h"
#include "source/code_tables.h"
#include "source/flow/region.h"
#include "source/lex.h"
#include "source/macros.h"
#include "source/values.h"

/*
 * Control codes that a handler's text asks for although the walk did not get there: too long a way,
 * a call through a table or an object. What is done for them is unknown, that they are handled is
 * not.
 */

RM_LIST(rm_function_queue, uint32_t);

typedef struct tracer {
    rm_source_unit *unit;
    const rm_handler *handler;
    rm_arena *arena;
    bool *seen; /* per function of the unit */
    rm_function_queue queue;
    struct rm_reach *names; /* what labels name; NULL: not asked for yet */
    const rm_function *reading;
    bool other_kind; /* FSCTL and IOCTL share code: the device type tells them apart */
    rm_status status;
} tracer;

enum { MEMORY = 64 << 20, MOST_FUNCTIONS = 4096, MOST_TABLE = 64 << 10, MOST_CHOSEN = 512 };

/* ---- which functions are reached ---- */

static void reach(tracer *t, uint32_t function) {
    if (t->seen[function] || t->queue.count >= MOST_FUNCTIONS) {
        return;
    }
    uint32_t *slot = rm_push(t->arena, &t->queue);
    if (slot == NULL) {
        t->status = RM_NOMEM;
        return;
    }
    *slot = function;
    t->seen[function] = true;
}

static bool is_in_file(const rm_source_unit *unit, uint32_t function, uint32_t file) {
    return unit->functions.at[function].file == file;
}

static uint32_t first_named(const rm_source_unit *unit, rm_str name) {
    uint32_t i = unit->by_name[rm_str_hash(name) & unit->name_mask];
    while (i != RM_NONE && !rm_str_eq(unit->functions.at[i].name, name)) {
        i = unit->next_of_name[i];
    }
    return i == RM_NONE ? 0 : i;
}

/* Every function of the name; where the calling file has one, that one. An object's: all. */
static void reach_named(tracer *t, rm_str name, uint32_t file, bool member) {
    const rm_source_unit *unit = t->unit;
    uint32_t first = unit->by_name[rm_str_hash(name) & unit->name_mask];
    bool here = false;
    for (uint32_t i = first; i != RM_NONE; i = unit->next_of_name[i]) {
        here |= rm_str_eq(unit->functions.at[i].name, name) && is_in_file(unit, i, file);
    }
    for (uint32_t i = first; i != RM_NONE; i = unit->next_of_name[i]) {
        if (rm_str_eq(unit->functions.at[i].name, name) &&
            (member || !here || is_in_file(unit, i, file))) {
            reach(t, i);
        }
    }
}

/* Behind a member's name: = F, however it is qualified or cast. */
static rm_str assigned_function(rm_str text, size_t at) {
    rm_lexer lexer = rm_lexer_of(rm_str_slice(text, at, at + 256));
    rm_token token = rm_lex(&lexer);
    rm_str name = RM_STR_NONE;
    if (!rm_token_is(token, "=")) {
        return name;
    }
    for (token = rm_lex(&lexer); token.kind != RM_TOKEN_END; token = rm_lex(&lexer)) {
        if (token.kind == RM_TOKEN_NAME) {
            name = token.text;
        } else if (!rm_token_is(token, "&") && !rm_token_is(token, "(") &&
                   !rm_token_is(token, ")") && !rm_token_is(token, "::") &&
                   !rm_token_is(token, "*")) {
            break;
        }
    }
    return name;
}

/* p->member(…): whatever the driver's tables and objects have under the member's name. */
static void reach_member(tracer *t, rm_str member, uint32_t file) {
    if (t->unit->files.at[file].is_cpp) { /* a method, whichever class has it */
        reach_named(t, member, file, true);
    }
    for (uint32_t f = 0; f < t->unit->files.count && t->status == RM_OK; f++) {
        const rm_source_file *source = &t->unit->files.at[f];
        uint32_t at = 0;
        while (!ts_node_is_null(
            rm_next_occurrence(source, member, &at, (uint32_t)source->clean.len))) {
            rm_str name = assigned_function(source->clean, at);
            if (name.len > 0) {
                reach_named(t, name, f, false);
            }
        }
    }
}

/* ---- which codes they ask for ---- */

static bool names_code(rm_str word) {
    return rm_str_starts(word, RM_STR("IOCTL_")) || rm_str_starts(word, RM_STR("FSCTL_"));
}

static const rm_ioctl *definition(const tracer *t, rm_str name) {
    const rm_model *model = t->unit->model;
    for (uint32_t i = 0; i < model->ioctls.count; i++) {
        const rm_ioctl *row = &model->ioctls.at[i];
        if (row->driver == t->unit->driver && rm_str_eq(row->name, name)) {
            return row;
        }
    }
    return NULL;
}

static bool value_of(const tracer *t, rm_str name, uint32_t file, size_t at, uint32_t *code) {
    const rm_source_file *source = &t->unit->files.at[file];
    int64_t value = 0;
    bool control_code = false;
    if (!rm_macros_eval(t->unit->macros, (rm_scope){source->in_set, (uint32_t)at}, name, &value,
                        &control_code) ||
        value < INT32_MIN || value > UINT32_MAX) {
        return false;
    }
    *code = (uint32_t)value;
    return true;
}

/* By code in either kind; by name where one of the two has no value. */
static bool is_known(const tracer *t, rm_str name, bool has_code, uint32_t code) {
    const rm_model *model = t->unit->model;
    for (uint32_t i = 0; i < model->entries.count; i++) {
        const rm_entry *e = &model->entries.at[i];
        if (e->driver == t->unit->driver && !e->any_code &&
            (e->has_code && has_code ? e->code == code : rm_str_eq(e->name, name))) {
            return true;
        }
    }
    return false;
}

/* FILE_DEVICE_FILE_SYSTEM (9) is what file system controls are made with. */
static bool suits_kind(const tracer *t, rm_str name, bool has_code, uint32_t code) {
    bool file_system = has_code ? code >> 16 == 9 : rm_str_starts(name, RM_STR("FSCTL_"));
    return !t->other_kind || file_system == (t->handler->kind == RM_ENTRY_FSCTL);
}

static void mark_handled(tracer *t, const rm_entry *entry) {
    rm_ioctls *rows = &t->unit->model->ioctls;
    for (uint32_t i = 0; i < rows->count; i++) {
        rm_ioctl *row = &rows->at[i];
        bool same = entry->has_code ? row->has_code && row->code == entry->code
                                    : rm_str_eq(row->name, entry->name);
        if (row->driver == entry->driver && same && !row->handled) {
            row->handled = true;
            row->handler = entry->handler;
        }
    }
}

/* What is done for the code is not known: a fact of its own, lest it look harmless. */
static void add_unknown_body(tracer *t, uint32_t entry) {
    const rm_model *model = t->unit->model;
    rm_sink_call *row = rm_push(model->arena, &t->unit->model->sinks);
    if (row == NULL) {
        t->status = RM_NOMEM;
        return;
    }
    *row = (rm_sink_call){.entry = entry,
                          .class_name = RM_STR("unknown_body"),
                          .api = model->entries.at[entry].handler,
                          .validation = RM_VALIDATION_UNKNOWN,
                          .reason = RM_STR("the way to what this code does is not followed"),
                          .function = model->entries.at[entry].handler,
                          .state = RM_STATE_UNKNOWN,
                          .place = model->entries.at[entry].place};
}

static void add_entry(tracer *t, rm_token token, uint32_t file, size_t at, rm_str handler) {
    uint32_t code = 0;
    bool has_code = value_of(t, token.text, file, at, &code);
    if (is_known(t, token.text, has_code, code) || !suits_kind(t, token.text, has_code, code) ||
        !rm_asked_is_served(t->unit, file, (uint32_t)at, (uint32_t)(at + token.text.len))) {
        return;
    }
    rm_model *model = t->unit->model;
    const rm_source_file *source = &t->unit->files.at[file];
    TSNode node = ts_node_descendant_for_byte_range(ts_tree_root_node(source->tree), (uint32_t)at,
                                                    (uint32_t)at);
    rm_entry entry = {.driver = t->unit->driver,
                      .device = t->handler->device,
                      .kind = t->handler->kind,
                      .has_code = has_code,
                      .code = code,
                      .state = has_code ? RM_STATE_DERIVED : RM_STATE_UNKNOWN,
                      .place = rm_node_place(source, node)};
    t->status = rm_str_copy(model->arena, token.text, &entry.name);
    if (t->status == RM_OK) {
        t->status = rm_str_copy(model->arena, handler, &entry.handler);
    }
    rm_entry *row = t->status == RM_OK ? rm_push(model->arena, &model->entries) : NULL;
    if (row == NULL) {
        t->status = RM_NOMEM;
        return;
    }
    *row = entry;
    mark_handled(t, row);
    add_unknown_body(t, model->entries.count - 1);
    if (t->status == RM_OK && t->reading != NULL) {
        t->status = rm_report_region(t->unit, t->arena, &t->names, model->entries.count - 1, file,
                                     at, at + token.text.len, t->reading);
    }
}

/* ---- a function's text ---- */

/* A code's name where something is compared with it: case X, == X, X ==, and likewise with !=. */
static bool is_asked_for(const rm_token *before, const rm_token *behind) {
    return rm_token_is(*before, "case") || rm_token_is(*before, "==") ||
           rm_token_is(*before, "!=") || rm_token_is(*behind, "==") || rm_token_is(*behind, "!=");
}

static bool is_assertion(rm_token token) {
    return rm_token_is(token, "static_assert") || rm_token_is(token, "C_ASSERT") ||
           rm_token_is(token, "NT_ASSERT") || rm_token_is(token, "ASSERT");
}

static void read_function(tracer *t, const rm_function *function) {
    const rm_source_file *source = &t->unit->files.at[function->file];
    size_t from = ts_node_start_byte(function->body);
    t->reading = function;
    rm_lexer lexer =
        rm_lexer_of(rm_str_slice(source->clean, from, ts_node_end_byte(function->body)));
    rm_token before = {.kind = RM_TOKEN_END};
    rm_token token = rm_lex(&lexer);
    while (token.kind != RM_TOKEN_END && t->status == RM_OK) {
        rm_token behind = rm_lex(&lexer);
        if (is_assertion(token) && rm_token_is(behind, "(")) {
            (void)rm_lex_skip_group(&lexer, NULL); /* a == b is said there, not asked */
            token = rm_lex(&lexer);
            continue;
        }
        if (token.kind == RM_TOKEN_NAME && rm_token_is(behind, "(")) {
            bool member = rm_token_is(before, "->") || rm_token_is(before, ".");
            if (member) {
                reach_member(t, token.text, function->file);
            } else {
                reach_named(t, token.text, function->file, false);
            }
        } else if (token.kind == RM_TOKEN_NAME && is_asked_for(&before, &behind) &&
                   (names_code(token.text) || definition(t, token.text) != NULL)) {
            add_entry(t, token, function->file, from + token.at, t->handler->function->name);
        }
        /* Parentheses around a label or an operand say nothing. */
        before = rm_token_is(token, "(") && rm_token_is(before, "case") ? before : token;
        token = behind;
    }
}

/* ---- tables: { code, …, function } ---- */

static void read_tables(tracer *t, uint32_t file) {
    const rm_source_file *source = &t->unit->files.at[file];
    rm_lexer lexer = rm_lexer_of(source->clean);
    rm_token before = {.kind = RM_TOKEN_END};
    rm_token token = rm_lex(&lexer);
    while (token.kind != RM_TOKEN_END && t->status == RM_OK) {
        rm_token behind = rm_lex(&lexer);
        if (token.kind == RM_TOKEN_NAME && rm_token_is(before, "{") && rm_token_is(behind, ",") &&
            (names_code(token.text) || definition(t, token.text) != NULL)) {
            rm_str function = rm_code_row_function(t->unit, source->clean, behind.at);
            if (function.len > 0) {
                add_entry(t, token, file, token.at, function);
            }
        }
        before = token;
        token = behind;
    }
}

static rm_status trace_tables(rm_source_unit *unit) {
    static const rm_handler none = {.kind = RM_ENTRY_IOCTL, .device = RM_NONE};
    tracer t = {.unit = unit, .handler = &none};
    for (uint32_t f = 0; f < unit->files.count && t.status == RM_OK; f++) {
        size_t at = 0; /* names of codes that are called otherwise are not worth the time */
        if (unit->files.at[f].tree != NULL &&
            rm_str_find(unit->files.at[f].clean, RM_STR("CTL_"), &at)) {
            read_tables(&t, f);
        }
    }
    return t.status;
}

/* ---- tables of functions that a part of the code chooses from ---- */

/* The list of functions in braces behind `name[…] =`, in any file of the unit; empty: none. */
static rm_str functions_of_table(const rm_source_unit *unit, rm_str name) {
    for (uint32_t f = 0; f < unit->files.count; f++) {
        const rm_source_file *source = &unit->files.at[f];
        uint32_t at = 0;
        while (
            !ts_node_is_null(rm_next_occurrence(source, name, &at, (uint32_t)source->clean.len))) {
            rm_lexer lexer = rm_lexer_of(rm_str_slice(source->clean, at, (size_t)at + MOST_TABLE));
            rm_token t = rm_lex(&lexer);
            bool array = rm_token_is(t, "[");
            while (array && t.kind != RM_TOKEN_END && !rm_token_is(t, "]")) {
                t = rm_lex(&lexer);
            }
            size_t end = 0;
            if (array && rm_token_is(rm_lex(&lexer), "=") && rm_token_is(rm_lex(&lexer), "{") &&
                rm_str_find_char(rm_str_slice(source->clean, at + lexer.at, at + MOST_TABLE), '}',
                                 &end)) {
                return rm_str_slice(source->clean, at + lexer.at, at + lexer.at + end);
            }
        }
    }
    return RM_STR_NONE;
}

/* Does the text work on a control code: a name that ends so, or a macro that takes one apart? */
static bool tells_of_code(rm_str text) {
    static const char *const words[] = {"ControlCode", "IoControl", "IOCTL", "CTL_CODE", "Ioctl"};
    size_t at = 0;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (rm_str_find(text, rm_str_from(words[i]), &at)) {
            return true;
        }
    }
    return false;
}

/* The last assignment to a variable before an offset of the text, up to its ';'. */
static rm_str last_value(rm_str text, rm_str variable, size_t before) {
    rm_lexer lexer = rm_lexer_of(rm_str_slice(text, 0, before));
    rm_str value = RM_STR_NONE;
    rm_token token = rm_lex(&lexer);
    while (token.kind != RM_TOKEN_END) {
        rm_token behind = rm_lex(&lexer);
        size_t end = 0;
        if (token.kind == RM_TOKEN_NAME && rm_str_eq(token.text, variable) &&
            rm_token_is(behind, "=") &&
            rm_str_find_char(rm_str_slice(text, lexer.at, text.len), ';', &end)) {
            value = rm_str_slice(text, lexer.at, lexer.at + end);
        }
        token = behind;
    }
    return value;
}

static bool has_handler(const tracer *t, rm_str handler) {
    const rm_model *model = t->unit->model;
    for (uint32_t i = 0; i < model->entries.count; i++) {
        const rm_entry *e = &model->entries.at[i];
        if (e->driver == t->unit->driver && rm_str_eq(e->handler, handler)) {
            return true;
        }
    }
    return false;
}

/* An entry whose code is not known, but what serves it. */
static void add_chosen(tracer *t, const rm_function *function) {
    rm_model *model = t->unit->model;
    rm_entry entry = {.driver = t->unit->driver,
                      .device = t->handler->device,
                      .kind = t->handler->kind,
                      .state = RM_STATE_DERIVED,
                      .place = rm_node_place(&t->unit->files.at[function->file], function->node)};
    if (has_handler(t, function->name)) {
        return;
    }
    t->status = rm_str_copy(model->arena, function->name, &entry.handler);
    entry.name = entry.handler;
    rm_entry *row = t->status == RM_OK ? rm_push(model->arena, &model->entries) : NULL;
    if (row == NULL) {
        t->status = RM_NOMEM;
        return;
    }
    *row = entry;
    add_unknown_body(t, model->entries.count - 1);
}

static void add_functions_of(tracer *t, rm_str table) {
    rm_lexer lexer = rm_lexer_of(table);
    uint32_t added = 0;
    for (rm_token token = rm_lex(&lexer);
         token.kind != RM_TOKEN_END && t->status == RM_OK && added < MOST_CHOSEN;
         token = rm_lex(&lexer)) {
        bool several = false;
        const rm_function *function =
            token.kind == RM_TOKEN_NAME ? rm_unit_function(t->unit, token.text, &several) : NULL;
        if (several) { /* declared in a class too, or built twice: any of them */
            function = &t->unit->functions.at[first_named(t->unit, token.text)];
        }
        if (function != NULL) {
            add_chosen(t, function);
            added++;
        }
    }
}

/* Table[index](…): where the index is a part of the control code, each function serves one. */
static void read_choices(tracer *t, const rm_function *function) {
    const rm_source_file *source = &t->unit->files.at[function->file];
    rm_str body = rm_str_slice(source->clean, ts_node_start_byte(function->body),
                               ts_node_end_byte(function->body));
    size_t call = 0;
    size_t from = 0;
    while (rm_str_find(rm_str_slice(body, from, body.len), RM_STR("]("), &call)) {
        size_t close = from + call;
        size_t open = close;
        from = close + 2;
        while (open > 0 && body.ptr[open] != '[' && body.ptr[open] != ';') {
            open--;
        }
        size_t start = open;
        while (start > 0 && rm_is_name_char(body.ptr[start - 1])) {
            start--;
        }
        rm_str index = rm_str_slice(body, open + 1, close);
        if (body.ptr[open] == '[' && start < open &&
            (tells_of_code(index) || tells_of_code(last_value(body, rm_str_trim(index), start)))) {
            add_functions_of(t, functions_of_table(t->unit, rm_str_slice(body, start, open)));
        }
    }
}

/* ---- the whole ---- */

static rm_status trace(rm_source_unit *unit, const rm_handler *handler, bool other_kind) {
    tracer t = {
        .unit = unit, .handler = handler, .arena = rm_arena_new(MEMORY), .other_kind = other_kind};
    if (t.arena == NULL) {
        return RM_NOMEM;
    }
    t.seen = RM_NEW_ARRAY(t.arena, bool, (size_t)unit->functions.count + 1);
    if (t.seen == NULL) {
        rm_arena_free(t.arena);
        return RM_NOMEM;
    }
    reach(&t, (uint32_t)(handler->function - unit->functions.at));
    for (uint32_t i = 0; i < t.queue.count && t.status == RM_OK; i++) {
        read_function(&t, &unit->functions.at[t.queue.at[i]]);
        read_choices(&t, &unit->functions.at[t.queue.at[i]]);
    }
    rm_arena_free(t.arena);
    return t.status;
}

static bool has_kind(const rm_handler_list *handlers, rm_entry_kind kind) {
    for (uint32_t i = 0; i < handlers->count; i++) {
        if (handlers->at[i].kind == kind) {
            return true;
        }
    }
    return false;
}

rm_status rm_source_handled(rm_configurations *both) {
    static const rm_entry_kind kinds[] = {RM_ENTRY_IOCTL, RM_ENTRY_FSCTL, RM_ENTRY_INTERNAL_IOCTL,
                                          RM_ENTRY_FAST_IO};
    const rm_handler_list *handlers = &both->handlers;
    bool other_kind = has_kind(handlers, RM_ENTRY_FSCTL) && has_kind(handlers, RM_ENTRY_IOCTL);
    rm_status st = RM_OK;
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        for (uint32_t i = 0; i < handlers->count && st == RM_OK; i++) {
            if (handlers->at[i].kind == kinds[k]) {
                st = trace(both->unit, &handlers->at[i], other_kind);
            }
        }
    }
    return st == RM_OK ? trace_tables(both->unit) : st;
}
