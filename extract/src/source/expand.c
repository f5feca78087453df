#include "source/lex.h"
#include "source/limits.h"
#include "source/macros.h"

/* Macros being replaced: C replaces none within itself. */
typedef struct active {
    const rm_macro *macro;
    const struct active *outer;
} active;

typedef struct expander {
    const rm_macros *macros;
    rm_arena *arena;
    uint32_t steps;
    bool control_code;
    rm_status status;
} expander;

typedef struct argument {
    rm_str raw;
    rm_str expanded;
} argument;

static void expand(expander *x, rm_scope scope, rm_str text, const active *outer, unsigned depth,
                   rm_buf *out);

/* Bounds both the size of the result and the work that leads to an empty one. */
static bool may_go_on(expander *x, const rm_buf *out) {
    if (x->status == RM_OK && out->status != RM_OK) {
        x->status = out->status;
    }
    if (x->status == RM_OK && (out->len > RM_MAX_EXPANSION || ++x->steps > RM_MAX_EXPANSION)) {
        x->status = RM_LIMIT;
    }
    return x->status == RM_OK;
}

static void put(rm_buf *out, rm_str text, bool glue) {
    if (!glue && out->len > 0) {
        rm_buf_char(out, ' ');
    }
    rm_buf_str(out, text);
}

/* ---- function-like macros ---- */

/* Without blanks at both ends; a continued line's backslash at the end is one of them. */
static rm_str bare(rm_str text) {
    text = rm_str_trim(text);
    while (text.len > 0 && text.ptr[text.len - 1] == '\\') {
        text = rm_str_trim(rm_str_slice(text, 0, text.len - 1));
    }
    return text;
}

/* Splits the text between parentheses at commas of its outermost level. */
static uint32_t split_arguments(rm_str inside, argument *out, uint32_t max, bool *fits) {
    rm_lexer lexer = rm_lexer_of(inside);
    size_t from = 0;
    uint32_t count = 0;
    *fits = true;
    for (;;) {
        rm_token token = rm_lex(&lexer);
        bool end = token.kind == RM_TOKEN_END;
        if (end || rm_token_is(token, ",")) {
            if (count == max) {
                *fits = false;
                return count;
            }
            out[count++].raw = bare(rm_str_slice(inside, from, token.at));
            from = lexer.at;
            if (end) {
                return count;
            }
        } else if (rm_token_is(token, "(")) {
            (void)rm_lex_skip_group(&lexer, NULL);
        }
    }
}

static uint32_t param_index(const rm_macro *macro, rm_token token) {
    for (uint32_t i = 0; token.kind == RM_TOKEN_NAME && i < macro->param_count; i++) {
        if (rm_str_eq(macro->params[i], token.text)) {
            return i;
        }
    }
    if (macro->variadic && rm_token_is(token, "__VA_ARGS__")) {
        return macro->param_count;
    }
    return RM_NONE;
}

/* The body with its parameters replaced: as written beside # and ##, else expanded. */
static rm_str substitute(expander *x, const rm_macro *macro, const argument *arguments) {
    rm_buf out = {.arena = x->arena};
    rm_lexer lexer = rm_lexer_of(macro->body);
    bool glue = false;
    for (;;) {
        rm_token token = rm_lex(&lexer);
        if (token.kind == RM_TOKEN_END || !may_go_on(x, &out)) {
            return rm_buf_view(&out);
        }
        if (rm_token_is(token, "##")) {
            glue = true;
            continue;
        }
        if (rm_token_is(token, "#") && param_index(macro, rm_lex_peek(&lexer)) != RM_NONE) {
            uint32_t i = param_index(macro, rm_lex(&lexer));
            put(&out, RM_STR("\""), glue);
            put(&out, arguments[i].raw, true);
            put(&out, RM_STR("\""), true);
            glue = false;
            continue;
        }
        uint32_t i = param_index(macro, token);
        bool glued = glue || rm_token_is(rm_lex_peek(&lexer), "##");
        put(&out,
            i == RM_NONE ? token.text
            : glued      ? arguments[i].raw
                         : arguments[i].expanded,
            glue);
        glue = false;
    }
}

static bool read_arguments(expander *x, rm_scope scope, rm_lexer *lexer, const rm_macro *macro,
                           const active *outer, unsigned depth, argument *arguments) {
    rm_str inside = RM_STR_NONE;
    bool fits = true;
    (void)rm_lex(lexer);
    if (!rm_lex_skip_group(lexer, &inside)) {
        return false;
    }
    uint32_t max = macro->param_count + (macro->variadic ? 1 : 0);
    uint32_t count = split_arguments(inside, arguments, max > 0 ? max : 1, &fits);
    if (!fits && macro->variadic) { /* the rest is one argument, commas included */
        argument *last = &arguments[macro->param_count];
        last->raw = rm_str_slice(inside, (size_t)(last->raw.ptr - inside.ptr), inside.len);
        fits = true;
    }
    if (!fits || (max > 0 && count < macro->param_count)) {
        return false;
    }
    for (uint32_t i = 0; i < count && max > 0; i++) {
        rm_buf out = {.arena = x->arena};
        expand(x, scope, arguments[i].raw, outer, depth + 1, &out);
        arguments[i].expanded = rm_buf_view(&out);
    }
    return true;
}

/* Of a constant function: values in < >, arguments in ( ), what is left out by its default. */
static bool read_values(expander *x, rm_scope scope, rm_lexer *lexer, const active *self,
                        unsigned depth, argument *arguments) {
    const rm_macro *macro = self->macro;
    uint32_t given = 0;
    bool fits = true;
    rm_str inside = RM_STR_NONE;
    if (macro->template_count > 0 && rm_token_is(rm_lex_peek(lexer), "<")) {
        (void)rm_lex(lexer);
        size_t from = lexer->at;
        rm_token token = rm_lex(lexer);
        while (!rm_token_is(token, ">")) {
            if (token.kind == RM_TOKEN_END ||
                (rm_token_is(token, "(") && !rm_lex_skip_group(lexer, NULL))) {
                return false;
            }
            token = rm_lex(lexer);
        }
        inside = rm_str_slice(lexer->text, from, token.at);
        given = split_arguments(inside, arguments, macro->template_count, &fits);
        if (macro->plain && rm_token_is(rm_lex_peek(lexer), "::")) { /* its only member */
            (void)rm_lex(lexer);
            (void)rm_lex(lexer);
        }
    }
    for (; given < macro->template_count; given++) {
        arguments[given].raw = macro->defaults[given];
    }
    if (fits && !macro->plain) {
        if (!rm_token_is(rm_lex(lexer), "(") || !rm_lex_skip_group(lexer, &inside)) {
            return false;
        }
        given +=
            macro->param_count == given || rm_str_trim(inside).len == 0
                ? 0
                : split_arguments(inside, arguments + given, macro->param_count - given, &fits);
    }
    for (uint32_t i = 0; i < macro->param_count; i++) {
        rm_buf out = {.arena = x->arena};
        bool by_default = i >= given || arguments[i].raw.len == 0;
        rm_scope at = by_default ? (rm_scope){macro->file, macro->at} : scope;
        expand(x, at, by_default ? macro->defaults[i] : arguments[i].raw, self->outer, depth + 1,
               &out);
        arguments[i].expanded = rm_buf_view(&out);
        fits = fits && arguments[i].expanded.len > 0;
    }
    return fits;
}

/* NAME(1, 2) or NAME<1>() of a function that a compiler evaluates. False: the name stays. */
static bool expand_constexpr(expander *x, rm_scope scope, rm_lexer *lexer, const active *self,
                             unsigned depth, rm_buf *out) {
    const rm_macro *macro = self->macro;
    argument *arguments = RM_NEW_ARRAY(x->arena, argument, (size_t)macro->param_count + 1);
    rm_lexer ahead = *lexer;
    if (arguments == NULL) {
        x->status = RM_NOMEM;
        return false;
    }
    if (!read_values(x, scope, &ahead, self, depth, arguments)) {
        return false;
    }
    for (uint32_t i = 0; i < macro->param_count; i++) { /* values, not texts */
        x->status = x->status == RM_OK ? rm_str_printf(x->arena, &arguments[i].expanded, "(%.*s)",
                                                       RM_STR_ARG(arguments[i].expanded))
                                       : x->status;
    }
    *lexer = ahead;
    put(out, RM_STR("("), false);
    expand(x, (rm_scope){macro->file, macro->at}, substitute(x, macro, arguments), self, depth + 1,
           out);
    put(out, RM_STR(")"), false);
    return true;
}

/* False: not a call, the name stays. */
static bool expand_call(expander *x, rm_scope scope, rm_lexer *lexer, const active *self,
                        unsigned depth, rm_buf *out) {
    const rm_macro *macro = self->macro;
    if (!rm_token_is(rm_lex_peek(lexer), "(")) {
        return false;
    }
    argument *arguments = RM_NEW_ARRAY(x->arena, argument, macro->param_count + 1);
    if (arguments == NULL) {
        x->status = RM_NOMEM;
        return false;
    }
    rm_lexer ahead = *lexer;
    if (!read_arguments(x, scope, &ahead, macro, self->outer, depth, arguments)) {
        return false;
    }
    *lexer = ahead;
    rm_scope inner = macro->file == RM_NONE ? scope : (rm_scope){macro->file, macro->at};
    expand(x, inner, substitute(x, macro, arguments), self, depth + 1, out);
    return true;
}

/* ---- names ---- */

static bool is_replacing(const active *outer, const rm_macro *macro) {
    for (; outer != NULL; outer = outer->outer) {
        if (outer->macro == macro) {
            return true;
        }
    }
    return false;
}

static void expand_value(expander *x, const active *self, unsigned depth, rm_buf *out) {
    const rm_macro *macro = self->macro;
    rm_scope inner = {macro->file, macro->at};
    if (macro->kind == RM_MACRO_OBJECT) {
        expand(x, inner, macro->body, self, depth + 1, out);
        return;
    }
    put(out, RM_STR("("), false);
    put(out, RM_STR("("), false);
    if (macro->body.len == 0) {
        put(out, RM_STR("0"), false);
    } else {
        expand(x, inner, macro->body, self, depth + 1, out);
    }
    put(out, RM_STR(")"), false);
    if (macro->step > 0) {
        rm_buf_printf(out, " +%u", macro->step);
    }
    put(out, RM_STR(")"), false);
}

static const rm_macro *meaning(const expander *x, rm_scope scope, rm_str name) {
    const rm_macro *macro = rm_macros_find(x->macros, scope, name);
    return macro == NULL && scope.file != RM_NONE ? rm_macros_find(x->macros, RM_SCOPE_UNIT, name)
                                                  : macro;
}

static void expand_name(expander *x, rm_scope scope, rm_lexer *lexer, rm_token token,
                        const active *outer, unsigned depth, rm_buf *out) {
    const rm_macro *macro = depth > RM_MAX_MACRO_DEPTH ? NULL : meaning(x, scope, token.text);
    if (macro == NULL || is_replacing(outer, macro)) {
        put(out, token.text, false);
        return;
    }
    active self = {macro, outer};
    if (macro->kind == RM_MACRO_CONSTEXPR) {
        if (!expand_constexpr(x, scope, lexer, &self, depth, out)) {
            put(out, token.text, false);
        }
    } else if (macro->kind != RM_MACRO_FUNCTION) {
        expand_value(x, &self, depth, out);
    } else if (expand_call(x, scope, lexer, &self, depth, out)) {
        x->control_code |= rm_str_eq(macro->name, RM_STR("CTL_CODE"));
    } else {
        put(out, token.text, false);
    }
}

/* A::B::NAME, the first name already taken: NAME as the enumerator of B, else as any name. */
static void expand_qualified(expander *x, rm_scope scope, rm_lexer *lexer, rm_token token,
                             const active *outer, unsigned depth, rm_buf *out) {
    rm_token tag = token;
    while (token.kind == RM_TOKEN_NAME && rm_token_is(rm_lex_peek(lexer), "::")) {
        (void)rm_lex(lexer);
        tag = token;
        token = rm_lex(lexer);
    }
    const rm_macro *tagged = token.kind == RM_TOKEN_NAME && depth <= RM_MAX_MACRO_DEPTH
                                 ? rm_macros_find_tagged(x->macros, tag.text, token.text)
                                 : NULL;
    if (tagged != NULL && !is_replacing(outer, tagged)) {
        active self = {tagged, outer};
        expand_value(x, &self, depth, out);
    } else if (token.kind == RM_TOKEN_NAME) {
        expand_name(x, scope, lexer, token, outer, depth, out);
    } else {
        put(out, token.text, false);
    }
}

static void expand(expander *x, rm_scope scope, rm_str text, const active *outer, unsigned depth,
                   rm_buf *out) {
    rm_lexer lexer = rm_lexer_of(text);
    while (may_go_on(x, out)) {
        rm_token token = rm_lex(&lexer);
        if (token.kind == RM_TOKEN_END) {
            return;
        }
        if (token.kind == RM_TOKEN_NAME && rm_token_is(rm_lex_peek(&lexer), "::")) {
            expand_qualified(x, scope, &lexer, token, outer, depth, out);
            continue;
        }
        if (token.kind == RM_TOKEN_NAME) {
            expand_name(x, scope, &lexer, token, outer, depth, out);
        } else {
            put(out, token.text, false);
        }
    }
}

rm_status rm_macros_expand(const rm_macros *macros, rm_arena *arena, rm_scope scope, rm_str text,
                           rm_expansion *out) {
    expander x = {.macros = macros, .arena = arena};
    rm_buf buf = {.arena = arena};
    expand(&x, scope, text, NULL, 0, &buf);
    if (x.status == RM_OK) {
        *out = (rm_expansion){rm_buf_view(&buf), x.control_code};
    }
    return x.status;
}
