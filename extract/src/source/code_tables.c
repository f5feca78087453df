#include "source/code_tables.h"

#include "source/lex.h"
#include "source/macros.h"

/* The function of the unit that a row names; none, or several: empty. */
static rm_str function_in_row(const rm_source_unit *unit, rm_str row) {
    rm_lexer lexer = rm_lexer_of(row);
    rm_str found = RM_STR_NONE;
    for (rm_token t = rm_lex(&lexer); t.kind != RM_TOKEN_END; t = rm_lex(&lexer)) {
        bool several = false;
        if (t.kind == RM_TOKEN_NAME &&
            (rm_unit_function(unit, t.text, &several) != NULL || several)) {
            if (found.len > 0 && !rm_str_eq(found, t.text)) {
                return RM_STR_NONE;
            }
            found = t.text;
        }
    }
    return found;
}

/* Behind the code's name: the rest of its row, up to the brace that ends it. */
static rm_str rest_of_row(rm_str text, size_t at) {
    static const size_t longest = 1024;
    rm_str rest = rm_str_slice(text, at, at + longest);
    size_t end = 0;
    size_t inner = 0;
    bool ends = rm_str_find_char(rest, '}', &end);
    rest = rm_str_slice(rest, 0, ends ? end : 0);
    return rm_str_find_char(rest, '{', &inner) ? RM_STR_NONE : rest;
}

rm_str rm_code_row_function(const rm_source_unit *unit, rm_str text, size_t at) {
    return function_in_row(unit, rest_of_row(text, at));
}

/* --- DMF --- */

/* EVT_DMF_IoctlHandler_Callback: module, queue, request, code, in, its size, out, its size, done */
static bool is_dmf_callback(const rm_function *function) {
    return function->param_count == 9 && rm_str_eq(function->params[0].type, RM_STR("DMFMODULE")) &&
           rm_str_eq(function->params[2].type, RM_STR("WDFREQUEST"));
}

static bool has_dmf_callback(const rm_source_unit *unit) {
    for (uint32_t i = 0; i < unit->functions.count; i++) {
        if (is_dmf_callback(&unit->functions.at[i])) {
            return true;
        }
    }
    return false;
}

static rm_status add_row(rm_source_unit *unit, uint32_t file, rm_token code,
                         const rm_function *function, rm_handler_list *out) {
    const rm_source_file *source = &unit->files.at[file];
    int64_t value = 0;
    bool control_code = false;
    bool known = rm_macros_eval(unit->macros, (rm_scope){source->in_set, (uint32_t)code.at},
                                code.text, &value, &control_code) &&
                 value >= INT32_MIN && value <= UINT32_MAX;
    rm_place place = {.file = source->path};
    rm_lex_position(source->text, code.at, &place.line, &place.column);
    rm_handler *slot = rm_push(unit->arena, out);
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = (rm_handler){.kind = RM_ENTRY_IOCTL,
                         .function = function,
                         .device = RM_NONE,
                         .wdf = true,
                         .file = file,
                         .at = (uint32_t)code.at,
                         .place = place,
                         .of_row = true,
                         .has_code = known,
                         .code = (uint32_t)value,
                         .code_name = code.text};
    return RM_OK;
}

/* The code's name at the start of a row, behind a cast. */
static rm_token code_of_row(rm_lexer *lexer) {
    rm_token token = rm_lex(lexer);
    while (rm_token_is(token, "(")) {
        while (token.kind != RM_TOKEN_END && !rm_token_is(token, ")")) {
            token = rm_lex(lexer);
        }
        token = rm_lex(lexer);
    }
    return token;
}

static rm_status read_file(rm_source_unit *unit, uint32_t file, rm_handler_list *out) {
    const rm_source_file *source = &unit->files.at[file];
    rm_lexer lexer = rm_lexer_of(source->clean);
    rm_status st = RM_OK;
    for (rm_token t = rm_lex(&lexer); t.kind != RM_TOKEN_END && st == RM_OK; t = rm_lex(&lexer)) {
        rm_lexer row = lexer;
        rm_token code = rm_token_is(t, "{") ? code_of_row(&row) : t;
        rm_token behind = rm_token_is(t, "{") ? rm_lex(&row) : t;
        if (code.kind != RM_TOKEN_NAME || !rm_token_is(behind, ",")) {
            continue;
        }
        rm_str name = rm_code_row_function(unit, source->clean, behind.at);
        const rm_function *function = name.len > 0 ? rm_unit_function(unit, name, NULL) : NULL;
        if (function != NULL && is_dmf_callback(function)) {
            st = add_row(unit, file, code, function, out);
        }
    }
    return st;
}

rm_status rm_source_code_tables(rm_source_unit *unit, rm_handler_list *out) {
    rm_status st = RM_OK;
    if (!has_dmf_callback(unit)) {
        return RM_OK;
    }
    for (uint32_t f = 0; f < unit->files.count && st == RM_OK; f++) {
        if (unit->files.at[f].tree != NULL) {
            st = read_file(unit, f, out);
        }
    }
    return st;
}
