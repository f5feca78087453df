#include "source/values.h"

#include <string.h>

#include "base/text.h"
#include "model/descriptor.h"
#include "source/fills.h"
#include "source/lex.h"
#include "source/literals.h"
#include "source/macros.h"

enum { MAX_DEPTH = 16, MAX_STEPS = 4096 };

typedef struct seeker {
    const rm_source_unit *unit;
    rm_values *out;
    rm_status status;
    uint32_t *steps; /* of the whole search */
    bool of_others;  /* in what another object's member is filled with */
    bool *by_caller; /* set where any caller of the outermost function was asked; NULL: not kept */
    const rm_function *outermost;
} seeker;

/* A search within the search, with values of its own. */
static seeker inner_seeker(const seeker *s, rm_values *out) {
    return (seeker){.unit = s->unit,
                    .out = out,
                    .steps = s->steps,
                    .of_others = s->of_others,
                    .by_caller = s->by_caller,
                    .outermost = s->outermost};
}

static void seek(seeker *s, const rm_context *in, TSNode node, rm_str condition, unsigned depth);

static void not_known(seeker *s, const char *reason) {
    s->out->unknown = true;
    s->out->reason = s->out->reason == NULL ? reason : s->out->reason;
}

static rm_value *add(seeker *s, rm_str text, rm_str condition, rm_place place) {
    for (uint32_t i = 0; i < s->out->count; i++) {
        if (rm_str_eq(s->out->at[i].text, text)) {
            if (!rm_str_eq(s->out->at[i].condition, condition)) {
                s->out->at[i].condition = RM_STR_NONE; /* it depends on neither */
            }
            return &s->out->at[i];
        }
    }
    if (s->out->count == RM_MAX_VALUES) {
        not_known(s, "more values than are followed");
        return NULL;
    }
    rm_value *value = &s->out->at[s->out->count++];
    *value = (rm_value){.text = text, .condition = condition, .place = place};
    return value;
}

/* ---- roots ---- */

bool rm_is_cast_of_address(TSNode node) {
    TSNode left = rm_node_field(node, "left");
    return rm_node_is(node, "binary_expression") && rm_node_is(left, "parenthesized_expression") &&
           rm_node_is(ts_node_named_child(left, 0), "identifier") &&
           (rm_node_is(rm_node_field(node, "operator"), "&") ||
            rm_node_is(rm_node_field(node, "operator"), "*"));
}

TSNode rm_value_root(TSNode node) {
    for (unsigned i = 0; i < 32 && !ts_node_is_null(node); i++) {
        if (rm_node_is(node, "parenthesized_expression")) {
            node = ts_node_named_child(node, 0);
        } else if (rm_node_is(node, "cast_expression")) {
            node = rm_node_field(node, "value");
        } else if (rm_node_is(node, "pointer_expression") ||
                   rm_node_is(node, "subscript_expression")) {
            node = rm_node_field(node, "argument");
        } else if (rm_is_cast_of_address(node)) {
            node = rm_node_field(node, "right");
        } else {
            break;
        }
    }
    return node;
}

/* The name to look up: of p->Name.Buffer it is Name, of p->Name too, of x.Buffer x. */
static TSNode name_node(const rm_source_file *file, TSNode node) {
    for (unsigned i = 0; i < 32; i++) {
        node = rm_value_root(node);
        if (!rm_node_is(node, "field_expression")) {
            break;
        }
        TSNode field = rm_node_field(node, "field");
        if (!rm_str_eq(rm_node_text(file, field), RM_STR("Buffer"))) {
            return field;
        }
        node = rm_node_field(node, "argument");
    }
    if (rm_node_is(node, "qualified_identifier")) {
        return rm_node_field(node, "name");
    }
    return node;
}

rm_str rm_value_root_name(const rm_source_unit *unit, const rm_context *in, TSNode expression) {
    const rm_source_file *file = rm_context_file(unit, in);
    TSNode node = ts_node_is_null(expression) ? expression : name_node(file, expression);
    bool named = rm_node_is(node, "identifier") || rm_node_is(node, "field_identifier");
    return named ? rm_node_text(file, node) : RM_STR_NONE;
}

static uint32_t parameter_named(const rm_function *function, rm_str name) {
    for (uint32_t i = 0; name.len > 0 && i < function->param_count; i++) {
        if (rm_str_eq(function->params[i].name, name)) {
            return i;
        }
    }
    return RM_NONE;
}

uint32_t rm_value_parameter(const rm_source_unit *unit, const rm_context *in, TSNode expression) {
    const rm_source_file *file = rm_context_file(unit, in);
    TSNode node = rm_value_root(expression);
    return rm_node_is(node, "identifier") ? parameter_named(in->function, rm_node_text(file, node))
                                          : RM_NONE;
}

bool rm_value_is_of_parameter(const rm_source_unit *unit, const rm_context *in, TSNode expression) {
    TSNode node = rm_value_root(expression);
    while (rm_node_is(node, "field_expression")) {
        node = rm_value_root(rm_node_field(node, "argument"));
    }
    return !ts_node_is_null(node) && rm_value_parameter(unit, in, node) != RM_NONE;
}

/* ---- text ---- */

/*
 * A literal with the names and literals that stand right behind it: L"…" NAME, which the C++
 * grammar does not take for one text.
 */
static rm_str with_neighbours(const rm_source_unit *unit, const rm_source_file *file, TSNode node) {
    size_t from = ts_node_start_byte(node);
    size_t end = ts_node_end_byte(node) - from;
    rm_str text = rm_str_slice(file->clean, from, from + end + 512);
    rm_scope scope = {file->in_set, ts_node_start_byte(node)};
    rm_lexer lexer = rm_lexer_of(text);
    for (rm_token t = rm_lex(&lexer); t.kind != RM_TOKEN_END; t = rm_lex(&lexer)) {
        bool inside = t.at < end;
        bool joins = t.kind == RM_TOKEN_STRING ||
                     (t.kind == RM_TOKEN_NAME && rm_macros_find(unit->macros, scope, t.text));
        if (!inside && !joins) {
            break;
        }
        end = inside ? end : t.at + t.text.len;
    }
    return rm_str_slice(file->text, from, from + end);
}

/* L"\\Device\\" NAME, where NAME is not in the files read: open there. */
static bool open_literal(seeker *s, rm_str expanded, rm_str *out) {
    rm_lexer lexer = rm_lexer_of(expanded);
    rm_buf text = {.arena = s->unit->arena};
    unsigned literals = 0;
    for (rm_token t = rm_lex(&lexer); t.kind != RM_TOKEN_END; t = rm_lex(&lexer)) {
        rm_str piece = RM_STR("*");
        bool literal = t.kind == RM_TOKEN_STRING;
        if ((!literal && t.kind != RM_TOKEN_NAME) ||
            (literal && !rm_literal_text(s->unit->arena, t.text, &piece))) {
            return false;
        }
        literals += literal;
        rm_buf_str(&text, piece);
    }
    *out = rm_buf_view(&text);
    return literals > 0 && text.status == RM_OK;
}

/*
 * A source that is not UTF-8 does not tell its code page: its letters beyond ASCII are what the
 * author's machine made of them. A macro's text may stand in any file of the driver.
 */
static bool is_of_unknown_letters(const rm_source_unit *unit, const rm_source_file *file,
                                  rm_str written, rm_str text) {
    bool ascii = true;
    for (size_t i = 0; i < text.len; i++) {
        ascii = ascii && (unsigned char)text.ptr[i] < 0x80;
    }
    bool guessed = !ascii && unit->set->files.at[file->in_set].guessed;
    for (uint32_t i = 0; !ascii && !rm_str_eq(written, text) && i < unit->files.count; i++) {
        guessed = guessed || unit->set->files.at[unit->files.at[i].in_set].guessed;
    }
    return guessed;
}

/* Literals and macros for literals: expanded, then decoded. */
static bool literal(seeker *s, const rm_context *in, TSNode node, rm_str condition) {
    const rm_source_file *file = rm_context_file(s->unit, in);
    rm_expansion x = {0};
    rm_str text = RM_STR_NONE;
    rm_scope scope = {file->in_set, ts_node_start_byte(node)};
    rm_str written = rm_node_is(node, "string_literal") ? with_neighbours(s->unit, file, node)
                                                        : rm_node_text(file, node);
    if (rm_macros_expand(s->unit->macros, s->unit->arena, scope, written, &x) != RM_OK) {
        return false;
    }
    bool whole = rm_literal_text(s->unit->arena, x.text, &text);
    if (!whole && !open_literal(s, x.text, &text)) {
        return false;
    }
    if (is_of_unknown_letters(s->unit, file, written, x.text)) {
        not_known(s, "its letters are in a code page that the file does not tell");
        return true;
    }
    rm_value *value = add(s, text, condition, rm_node_place(file, node));
    if (value != NULL) {
        value->pattern |= !whole;
    }
    return true;
}

/* A macro for the address of a variable: #define SDDL (&g_sddl). */
static rm_str macro_for_name(const seeker *s, const rm_context *in, TSNode node) {
    const rm_source_file *file = rm_context_file(s->unit, in);
    rm_expansion x = {0};
    rm_scope scope = {file->in_set, ts_node_start_byte(node)};
    rm_str found = RM_STR_NONE;
    if (rm_macros_expand(s->unit->macros, s->unit->arena, scope, rm_node_text(file, node), &x) !=
        RM_OK) {
        return found;
    }
    rm_lexer lexer = rm_lexer_of(x.text);
    for (rm_token t = rm_lex(&lexer); t.kind != RM_TOKEN_END; t = rm_lex(&lexer)) {
        if (t.kind == RM_TOKEN_NAME && found.len == 0) {
            found = t.text;
        } else if (!rm_token_is(t, "&") && !rm_token_is(t, "(") && !rm_token_is(t, ")")) {
            return RM_STR_NONE;
        }
    }
    return found;
}

static bool is_null_text(rm_str text) {
    return rm_str_eq(text, RM_STR("NULL")) || rm_str_eq(text, RM_STR("nullptr")) ||
           rm_str_eq(text, RM_STR("0"));
}

/* What follows is not known: a '*', which no name can hold, stands for it. */
static void mark_open(seeker *s, rm_value *value) {
    rm_str open = RM_STR_NONE;
    bool already = value->text.len > 0 && value->text.ptr[value->text.len - 1] == '*';
    value->pattern = true;
    if (!already && s->status == RM_OK) {
        s->status = rm_str_printf(s->unit->arena, &open, "%.*s*", RM_STR_ARG(value->text));
        value->text = s->status == RM_OK ? open : value->text;
    }
}

static void append(seeker *s, rm_values *tail) {
    if (tail->count != 1 || tail->unknown) {
        for (uint32_t i = 0; i < s->out->count; i++) {
            mark_open(s, &s->out->at[i]);
        }
        not_known(s, "completed at run time");
        return;
    }
    for (uint32_t i = 0; i < s->out->count; i++) {
        rm_buf both = {.arena = s->unit->arena};
        rm_buf_str(&both, s->out->at[i].text);
        rm_buf_str(&both, tail->at[0].text);
        s->status = both.status != RM_OK ? both.status : s->status;
        s->out->at[i].text = rm_buf_view(&both);
    }
}

/* ---- formats ---- */

/* One conversion of a format: %-08.3lu, %ws, %wZ. The letter that ends it; '\0': none. */
static char conversion_at(rm_str format, size_t at, size_t *end) {
    static const char inside[] = "-+ #0123456789.*lhwIjztL";
    for (*end = at + 1; *end < format.len; (*end)++) {
        char c = format.ptr[*end];
        if (strchr(inside, c) == NULL) {
            (*end)++;
            return c;
        }
    }
    return '\0';
}

static bool one_text(seeker *s, const rm_context *in, TSNode argument, unsigned depth,
                     rm_str *out) {
    rm_values values = {0};
    seeker of_text = inner_seeker(s, &values);
    seek(&of_text, in, argument, RM_STR_NONE, depth + 1);
    s->status = of_text.status != RM_OK ? of_text.status : s->status;
    *out = values.count == 1 ? values.at[0].text : RM_STR_NONE;
    return values.count == 1 && !values.unknown && !values.null && !values.at[0].pattern;
}

/* Texts that are printed into the format where they are known; what is not stays a conversion. */
static void print_texts(seeker *s, const rm_context *in, TSNode format, rm_value *value,
                        unsigned depth) {
    TSNode nodes[16];
    rm_buf out = {.arena = s->unit->arena};
    rm_str text = value->text;
    uint32_t next = 0;
    uint32_t count = rm_node_arguments(ts_node_parent(format), nodes, 16);
    while (next < count && !ts_node_eq(nodes[next], format)) {
        next++;
    }
    value->pattern = false;
    for (size_t at = 0; at < text.len;) {
        size_t end = at + 1;
        char letter = text.ptr[at] == '%' ? conversion_at(text, at, &end) : '\0';
        rm_str part = rm_str_slice(text, at, end);
        bool takes = letter != '\0' && letter != '%';
        next += takes ? 1 : 0;
        bool string = letter == 's' || letter == 'S' || letter == 'Z';
        if (letter == '%') {
            part = RM_STR("%");
        } else if (takes &&
                   !(string && next < count && one_text(s, in, nodes[next], depth, &part))) {
            part = rm_str_slice(text, at, end);
            value->pattern = true;
        }
        rm_buf_str(&out, part);
        at = end;
    }
    s->status = out.status != RM_OK ? out.status : s->status;
    value->text = out.status == RM_OK ? rm_buf_view(&out) : text;
}

static void follow_fill(seeker *s, const rm_context *in, const rm_fill *fill, rm_str condition,
                        unsigned depth);

static const rm_function *function_called(const seeker *s, const rm_context *in, TSNode call);

/* f(&x): what f leaves in its parameter. */
static void follow_filling_call(seeker *s, const rm_context *in, TSNode argument, rm_str condition,
                                unsigned depth) {
    rm_fill fills[RM_MAX_FILLS];
    TSNode call = ts_node_parent(ts_node_parent(argument)); /* of its list */
    const rm_function *callee = function_called(s, in, call);
    rm_context at = {.function = callee, .call = call, .outer = in};
    if (callee == NULL || depth > MAX_DEPTH) {
        not_known(s, "filled at run time");
        return;
    }
    for (uint32_t p = 0; p < callee->param_count; p++) {
        TSNode given = rm_call_argument(call, p);
        if (ts_node_is_null(given) || !ts_node_eq(given, argument)) {
            continue;
        }
        uint32_t count = rm_fills_of_parameter(s->unit, callee, p, fills);
        for (uint32_t i = 0; i < count; i++) {
            follow_fill(s, &at, &fills[i], condition, depth + 1);
        }
    }
}

static void follow_fill(seeker *s, const rm_context *in, const rm_fill *fill, rm_str condition,
                        unsigned depth) {
    rm_context at = {.function = fill->function != NULL ? fill->function : in->function};
    rm_function outside = {.file = fill->file};
    if (fill->function == in->function) {
        at = *in;
    } else if (fill->function == NULL) {
        at.function = &outside;
    }
    rm_str when = fill->condition.len > 0 ? fill->condition : condition;
    uint32_t before = s->out->count;
    rm_values tail = {0};
    seeker of_tail = inner_seeker(s, &tail);
    switch (fill->kind) {
    case RM_FILL_VALUE: seek(s, &at, fill->value, when, depth + 1); break;
    case RM_FILL_FORMAT:
        seek(s, &at, fill->value, when, depth + 1);
        for (uint32_t i = before; i < s->out->count; i++) {
            print_texts(s, &at, fill->value, &s->out->at[i], depth);
        }
        break;
    case RM_FILL_APPEND:
        seek(&of_tail, &at, fill->value, RM_STR_NONE, depth + 1);
        append(s, &tail);
        break;
    case RM_FILL_CALL: follow_filling_call(s, &at, fill->value, when, depth); break;
    case RM_FILL_RUNTIME: not_known(s, "filled at run time"); break;
    case RM_FILL_DECLARED: break;
    }
}

/* Each object's member has what its own caller gave: known only where all gave the same. */
static void take_alike(seeker *s, const rm_values *values) {
    bool alike = values->count == 1 && !values->unknown && !values->null;
    rm_value *value =
        alike ? add(s, values->at[0].text, values->at[0].condition, values->at[0].place) : NULL;
    if (value != NULL) {
        value->pattern |= values->at[0].pattern;
    } else {
        not_known(s, "a member of several objects");
    }
}

/* A parameter stands for what callers pass: the one of the context, else all of the unit. */
static void follow_callers(seeker *s, const rm_context *in, uint32_t parameter, rm_str condition,
                           unsigned depth) {
    if (in->outer != NULL && !ts_node_is_null(in->call)) {
        seek(s, in->outer, rm_call_argument(in->call, parameter), condition, depth + 1);
        return;
    }
    rm_call callers[RM_MAX_VALUES];
    uint32_t count = rm_callers(s->unit, in->function, callers, RM_MAX_VALUES);
    if (s->by_caller != NULL && in->function == s->outermost) {
        *s->by_caller = true;
    }
    if (count == 0) {
        not_known(s, "a parameter of a function that is not called here");
    }
    rm_values values = {0};
    seeker apart = inner_seeker(s, &values);
    seeker *to = s->of_others ? &apart : s;
    for (uint32_t i = 0; i < count; i++) {
        rm_context at = {.function = callers[i].function};
        seek(to, &at, rm_call_argument(callers[i].node, parameter), condition, depth + 1);
    }
    if (s->of_others) {
        take_alike(s, &values);
    }
}

static bool has_value_fill(const rm_fill *fills, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        if (fills[i].kind != RM_FILL_DECLARED) {
            return true;
        }
    }
    return false;
}

/* ---- members of objects ---- */

static bool is_of_function(const rm_fill *fills, uint32_t count, const rm_function *function) {
    for (uint32_t i = 0; i < count; i++) {
        if (fills[i].kind != RM_FILL_DECLARED && fills[i].function == function) {
            return true;
        }
    }
    return false;
}

static const rm_function *function_called(const seeker *s, const rm_context *in, TSNode call) {
    rm_str name = rm_call_name(rm_context_file(s->unit, in), call);
    return name.len == 0 ? NULL : rm_unit_function(s->unit, name, NULL);
}

static bool member_of(seeker *s, const rm_context *in, rm_str member, TSNode object, uint32_t use,
                      rm_str condition, unsigned depth);

/* What the member is filled with in a function, entered through a call, up to an offset. */
static bool member_within(seeker *s, const rm_context *in, rm_str member, uint32_t end,
                          rm_str condition, unsigned depth) {
    rm_fill fills[RM_MAX_FILLS];
    uint32_t count = rm_fills_of_member(s->unit, in->function, member, end, fills);
    if (!has_value_fill(fills, count)) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        follow_fill(s, in, &fills[i], condition, depth + 1);
    }
    return true;
}

/* A local variable that a function of the unit made: make(…) fills its member. */
static bool member_of_made(seeker *s, const rm_context *in, rm_str member, TSNode variable,
                           rm_str condition, unsigned depth) {
    rm_fill fills[RM_MAX_FILLS];
    bool local = false;
    uint32_t count = rm_fills_of(s->unit, in, variable, fills, &local);
    bool found = false;
    for (uint32_t i = 0; local && i < count; i++) {
        if (fills[i].kind == RM_FILL_VALUE &&
            rm_node_is(rm_value_root(fills[i].value), "call_expression")) {
            found |= member_of(s, in, member, fills[i].value, ts_node_start_byte(fills[i].value),
                               condition, depth + 1);
        }
    }
    return found;
}

/* The member of what an expression in the function means. False: nothing is known of the object. */
static bool member_of(seeker *s, const rm_context *in, rm_str member, TSNode object, uint32_t use,
                      rm_str condition, unsigned depth) {
    TSNode root = rm_value_root(object);
    if (depth > MAX_DEPTH || ts_node_is_null(root)) {
        return false;
    }
    if (rm_node_is(root, "call_expression")) {
        const rm_function *made_by = function_called(s, in, root);
        rm_context at = {.function = made_by, .call = root, .outer = in};
        return made_by != NULL && made_by != in->function &&
               member_within(s, &at, member, ts_node_end_byte(made_by->body), condition, depth + 1);
    }
    if (!rm_node_is(root, "identifier")) {
        return false;
    }
    if (member_within(s, in, member, use, condition, depth)) {
        return true;
    }
    uint32_t parameter =
        parameter_named(in->function, rm_node_text(rm_context_file(s->unit, in), root));
    if (parameter == RM_NONE) {
        return member_of_made(s, in, member, root, condition, depth);
    }
    if (in->outer == NULL || ts_node_is_null(in->call)) {
        return false;
    }
    return member_of(s, in->outer, member, rm_call_argument(in->call, parameter),
                     ts_node_start_byte(in->call), condition, depth + 1);
}

static bool follow_member(seeker *s, const rm_context *in, rm_str member, TSNode object,
                          rm_str condition, unsigned depth) {
    return !ts_node_is_null(object) &&
           member_of(s, in, member, object, ts_node_start_byte(object), condition, depth + 1);
}

static void follow_name(seeker *s, const rm_context *in, TSNode name, rm_str condition,
                        unsigned depth) {
    rm_fill fills[RM_MAX_FILLS];
    const rm_source_file *file = rm_context_file(s->unit, in);
    rm_str text = rm_node_text(file, name);
    bool local = false;
    uint32_t count = rm_fills_of(s->unit, in, name, fills, &local);
    uint32_t parameter = rm_node_is(name, "identifier") && in->function->param_count > 0
                             ? parameter_named(in->function, text)
                             : RM_NONE;
    if (rm_node_is(name, "field_identifier") && !is_of_function(fills, count, in->function) &&
        follow_member(s, in, text, rm_node_field(ts_node_parent(name), "argument"), condition,
                      depth)) {
        return;
    }
    if (has_value_fill(fills, count)) {
        bool before = s->of_others;
        for (uint32_t i = 0; i < count; i++) {
            s->of_others = before || (rm_node_is(name, "field_identifier") &&
                                      fills[i].function != in->function);
            follow_fill(s, in, &fills[i], condition, depth);
        }
        s->of_others = before;
    } else if (parameter != RM_NONE) {
        follow_callers(s, in, parameter, condition, depth);
    } else if (rm_sddl_devobj(text) != NULL) {
        (void)add(s, rm_str_from(rm_sddl_devobj(text)), condition, rm_node_place(file, name));
    } else {
        not_known(s, count > 0 ? "not filled by a literal before its use"
                               : "not defined in the files read");
    }
}

static void follow_macro_name(seeker *s, const rm_context *in, TSNode node, rm_str condition) {
    const rm_source_file *file = rm_context_file(s->unit, in);
    rm_str name = macro_for_name(s, in, node);
    if (name.len == 0 || rm_str_eq(name, rm_node_text(file, node))) {
        return;
    }
    if (is_null_text(name)) {
        s->out->null = true;
    } else if (rm_sddl_devobj(name) != NULL) {
        (void)add(s, rm_str_from(rm_sddl_devobj(name)), condition, rm_node_place(file, node));
    } else {
        not_known(s, "a macro that is not followed");
    }
}

static void seek_name(seeker *s, const rm_context *in, TSNode node, rm_str condition,
                      unsigned depth) {
    const rm_source_file *file = rm_context_file(s->unit, in);
    TSNode name = name_node(file, node);
    rm_str text = rm_node_text(file, name);
    if (is_null_text(text)) {
        s->out->null = true;
        return;
    }
    bool object_macro =
        rm_node_is(name, "identifier") &&
        rm_macros_find(s->unit->macros, (rm_scope){file->in_set, ts_node_start_byte(name)}, text) !=
            NULL;
    if (object_macro) {
        if (!literal(s, in, name, condition)) {
            uint32_t before = s->out->count;
            follow_macro_name(s, in, name, condition);
            if (s->out->count == before && !s->out->null && !s->out->unknown) {
                not_known(s, "a macro that is not followed");
            }
        }
        return;
    }
    follow_name(s, in, name, condition, depth);
}

/* ---- expressions ---- */

/* WCHAR name[] = { 'a', 'b', 0 }. False: no list of characters. */
static bool seek_characters(seeker *s, const rm_context *in, TSNode list, rm_str condition) {
    const rm_source_file *file = rm_context_file(s->unit, in);
    rm_buf text = {.arena = s->unit->arena};
    uint32_t count = ts_node_named_child_count(list);
    for (uint32_t i = 0; i < count; i++) {
        TSNode item = ts_node_named_child(list, i);
        uint32_t c = 0;
        if (rm_node_is(item, "char_literal") && rm_literal_char(rm_node_text(file, item), &c) &&
            c != 0) {
            rm_text_put(&text, c);
        } else if (!rm_node_is(item, "comment")) {
            break; /* the 0 at its end */
        }
    }
    if (text.status != RM_OK || text.len == 0) {
        return false;
    }
    (void)add(s, rm_buf_view(&text), condition, rm_node_place(file, list));
    return true;
}

/* Aggregates: UNICODE_STRING x = { size, size, L"…" }. The member that is a text counts. */
static void seek_members(seeker *s, const rm_context *in, TSNode list, rm_str condition,
                         unsigned depth) {
    TSNode members[16];
    uint32_t count = rm_node_arguments(list, members, 16);
    uint32_t before = s->out->count;
    for (uint32_t i = 0; i < count && s->out->count == before; i++) {
        TSNode member = members[i];
        if (rm_node_is(member, "initializer_pair")) {
            member = rm_node_field(member, "value");
        }
        rm_values values = {0};
        seeker inner = inner_seeker(s, &values);
        if (!rm_node_is(member, "sizeof_expression") && !rm_node_is(member, "binary_expression") &&
            !rm_node_is(member, "number_literal")) {
            seek(&inner, in, member, condition, depth + 1);
        }
        for (uint32_t k = 0; k < values.count; k++) {
            (void)add(s, values.at[k].text, values.at[k].condition, values.at[k].place);
        }
    }
    if (s->out->count == before && count > 1) {
        not_known(s, "an aggregate without a text");
    }
}

static rm_str negated(seeker *s, rm_str condition) {
    rm_str out = RM_STR_NONE;
    if (rm_str_printf(s->unit->arena, &out, "!(%.*s)", RM_STR_ARG(condition)) != RM_OK) {
        s->status = RM_NOMEM;
    }
    return out;
}

static void seek_choice(seeker *s, const rm_context *in, TSNode node, unsigned depth) {
    const rm_source_file *file = rm_context_file(s->unit, in);
    rm_str condition = rm_node_text(file, rm_node_field(node, "condition"));
    seek(s, in, rm_node_field(node, "consequence"), condition, depth + 1);
    seek(s, in, rm_node_field(node, "alternative"), negated(s, condition), depth + 1);
}

/* ---- calls ---- */

enum { MAX_RETURNS = 4 };

uint32_t rm_returns_of(const rm_function *function, TSNode *out, uint32_t max) {
    TSTreeCursor cursor = ts_tree_cursor_new(function->body);
    uint32_t count = 0;
    bool more = true;
    while (more && count < max) {
        TSNode node = ts_tree_cursor_current_node(&cursor);
        if (rm_node_is(node, "return_statement") && ts_node_named_child_count(node) > 0) {
            out[count++] = ts_node_named_child(node, 0);
        }
        more = ts_tree_cursor_goto_first_child(&cursor);
        while (!more) {
            more = ts_tree_cursor_goto_next_sibling(&cursor);
            if (!more && !ts_tree_cursor_goto_parent(&cursor)) {
                break;
            }
        }
    }
    ts_tree_cursor_delete(&cursor);
    return count;
}

/* RTL_CONSTANT_STRING(x), or a function of the unit that gives a string: &u->Name, L"…". */
static void seek_call(seeker *s, const rm_context *in, TSNode node, rm_str condition,
                      unsigned depth) {
    TSNode found[MAX_RETURNS];
    rm_str name = rm_call_name(rm_context_file(s->unit, in), node);
    if (rm_str_eq(name, RM_STR("RTL_CONSTANT_STRING")) ||
        rm_str_eq(name, RM_STR("NDIS_STRING_CONST"))) {
        seek(s, in, rm_call_argument(node, 0), condition, depth + 1);
        return;
    }
    const rm_function *called = function_called(s, in, node);
    uint32_t count =
        called == NULL || called == in->function ? 0 : rm_returns_of(called, found, MAX_RETURNS);
    rm_values values = {0};
    seeker inner = inner_seeker(s, &values);
    rm_context at = {.function = called, .call = node, .outer = in};
    for (uint32_t i = 0; i < count; i++) {
        seek(&inner, &at, found[i], condition, depth + 1);
    }
    if (count == MAX_RETURNS || values.count == 0 || values.unknown) {
        not_known(s, "what a call returns");
    }
    for (uint32_t i = 0; i < values.count; i++) { /* NULL is how it fails */
        rm_value *value = add(s, values.at[i].text, values.at[i].condition, values.at[i].place);
        if (value != NULL) {
            value->pattern |= values.at[i].pattern;
        }
    }
}

static bool is_name(TSNode node) {
    return rm_node_is(node, "identifier") || rm_node_is(node, "field_expression") ||
           rm_node_is(node, "qualified_identifier");
}

static void seek(seeker *s, const rm_context *in, TSNode node, rm_str condition, unsigned depth) {
    node = rm_value_root(node);
    if (ts_node_is_null(node) || depth > MAX_DEPTH || ++*s->steps > MAX_STEPS) {
        not_known(s, "too deep to follow");
    } else if (rm_node_is(node, "null") ||
               (rm_node_is(node, "number_literal") &&
                is_null_text(rm_node_text(rm_context_file(s->unit, in), node)))) {
        s->out->null = true;
    } else if (rm_node_is(node, "conditional_expression")) {
        seek_choice(s, in, node, depth);
    } else if (rm_node_is(node, "initializer_list")) {
        if (!seek_characters(s, in, node, condition)) {
            seek_members(s, in, node, condition, depth);
        }
    } else if (is_name(node)) {
        seek_name(s, in, node, condition, depth);
    } else if (literal(s, in, node, condition)) {
        return;
    } else if (rm_node_is(node, "call_expression")) {
        seek_call(s, in, node, condition, depth);
    } else {
        not_known(s, "computed at run time");
    }
}

bool rm_value_is_of_caller(const rm_source_unit *unit, const rm_context *in, TSNode expression) {
    rm_values found = {0};
    uint32_t steps = 0;
    bool by_caller = false;
    const rm_context *outermost = in;
    for (unsigned i = 0; i < MAX_DEPTH && outermost->outer != NULL; i++) {
        outermost = outermost->outer;
    }
    seeker s = {.unit = unit,
                .out = &found,
                .steps = &steps,
                .by_caller = &by_caller,
                .outermost = outermost->function};
    if (!ts_node_is_null(expression)) {
        seek(&s, in, expression, RM_STR_NONE, 0);
    }
    return by_caller;
}

rm_status rm_values_text(const rm_source_unit *unit, const rm_context *in, TSNode expression,
                         rm_values *out) {
    rm_values found = {0};
    uint32_t steps = 0;
    seeker s = {.unit = unit, .out = &found, .steps = &steps};
    seek(&s, in, expression, RM_STR_NONE, 0);
    if (s.status == RM_OK) {
        *out = found;
    }
    return s.status;
}

void rm_values_add(rm_values *all, const rm_values *more) {
    uint32_t steps = 0;
    seeker s = {.out = all, .steps = &steps};
    for (uint32_t i = 0; i < more->count; i++) {
        rm_value *value = add(&s, more->at[i].text, more->at[i].condition, more->at[i].place);
        if (value != NULL) {
            value->pattern |= more->at[i].pattern;
        }
    }
    all->null = all->null || more->null;
    all->unknown = all->unknown || more->unknown;
    all->reason = all->reason != NULL ? all->reason : more->reason;
}

uint32_t rm_unit_texts(const rm_source_unit *unit, const rm_function *in, TSNode argument,
                       rm_str *out, uint32_t max) {
    rm_context context = {.function = in};
    rm_values values = {0};
    uint32_t count = 0;
    if (rm_values_text(unit, &context, argument, &values) != RM_OK) {
        return 0;
    }
    for (uint32_t i = 0; i < values.count && count < max; i++) {
        if (!values.at[i].pattern) {
            out[count++] = values.at[i].text;
        }
    }
    return count;
}

/* ---- numbers ---- */

static bool number_of(const rm_source_unit *unit, const rm_context *in, TSNode node, unsigned depth,
                      int64_t *out) {
    const rm_source_file *file = rm_context_file(unit, in);
    if (ts_node_is_null(node) || depth > MAX_DEPTH) {
        return false;
    }
    rm_scope scope = {file->in_set, ts_node_start_byte(node)};
    if (rm_macros_eval(unit->macros, scope, rm_node_text(file, node), out, NULL)) {
        return true;
    }
    TSNode root = rm_value_root(node);
    if (!rm_node_is(root, "identifier")) {
        return false;
    }
    rm_fill fills[RM_MAX_FILLS];
    bool local = false;
    uint32_t count = rm_fills_of(unit, in, root, fills, &local);
    uint32_t parameter = parameter_named(in->function, rm_node_text(file, root));
    if (!has_value_fill(fills, count) && parameter != RM_NONE && in->outer != NULL) {
        return number_of(unit, in->outer, rm_call_argument(in->call, parameter), depth + 1, out);
    }
    return count == 1 && fills[0].kind == RM_FILL_VALUE && fills[0].function == in->function &&
           number_of(unit, in, fills[0].value, depth + 1, out);
}

bool rm_value_number(const rm_source_unit *unit, const rm_context *in, TSNode expression,
                     int64_t *out) {
    return number_of(unit, in, expression, 0, out);
}
