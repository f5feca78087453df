#include "source/scan.h"

#include "source/lex.h"
#include "source/limits.h"

typedef struct scanner {
    rm_arena *arena;
    rm_lexer lexer;
    rm_scan *out;
    uint32_t file;
    uint32_t line; /* of `counted` */
    size_t counted;
    uint32_t open[RM_MAX_IF_DEPTH]; /* the current group of each open chain */
    uint32_t depth;
    uint32_t too_deep; /* open #ifs beyond the limit */
    rm_status status;
} scanner;

bool rm_branch_holds(const rm_branch *branch, uint32_t at) {
    return at >= branch->body && at < branch->to;
}

static uint32_t line_of(scanner *s, size_t at) {
    for (; s->counted < at; s->counted++) {
        s->line += s->lexer.text.ptr[s->counted] == '\n';
    }
    return s->line;
}

static uint32_t current_branch(const scanner *s) {
    return s->depth == 0 ? RM_NONE : s->open[s->depth - 1];
}

static rm_macro *add_macro(scanner *s, rm_token name, rm_macro_kind kind, rm_str body) {
    rm_macro *macro = rm_push(s->arena, &s->out->macros);
    if (macro == NULL) {
        s->status = RM_NOMEM;
        return NULL;
    }
    *macro = (rm_macro){.name = name.text,
                        .body = rm_str_trim(body),
                        .kind = kind,
                        .file = s->file,
                        .at = (uint32_t)name.at,
                        .line = line_of(s, name.at),
                        .branch = current_branch(s),
                        .next = RM_NONE};
    return macro;
}

/* ---- #define ---- */

/* Parameters up to ')'; false when the list is not one. */
static bool read_params(scanner *s, rm_lexer *in, rm_macro *macro) {
    rm_str names[RM_MAX_MACRO_PARAMS];
    uint32_t count = 0;
    for (;;) {
        rm_token token = rm_lex(in);
        if (rm_token_is(token, ")")) {
            break;
        }
        if (rm_token_is(token, "...")) {
            macro->variadic = true;
        } else if (token.kind == RM_TOKEN_NAME && count < RM_MAX_MACRO_PARAMS) {
            names[count++] = token.text;
        } else if (!rm_token_is(token, ",")) {
            return false;
        }
    }
    rm_str *params = RM_NEW_ARRAY(s->arena, rm_str, count > 0 ? count : 1);
    if (params == NULL) {
        s->status = RM_NOMEM;
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        params[i] = names[i];
    }
    macro->params = params;
    macro->param_count = count;
    return true;
}

static void read_define(scanner *s, rm_lexer line) {
    rm_token name = rm_lex(&line);
    if (name.kind != RM_TOKEN_NAME) {
        return;
    }
    rm_macro *macro = add_macro(s, name, RM_MACRO_OBJECT, RM_STR_NONE);
    if (macro == NULL) {
        return;
    }
    rm_token open = rm_lex_peek(&line);
    if (rm_token_is(open, "(") && !open.blank_before) {
        (void)rm_lex(&line);
        macro->kind = RM_MACRO_FUNCTION;
        if (!read_params(s, &line, macro)) {
            s->out->macros.count--;
            return;
        }
    }
    macro->body = rm_str_trim(rm_str_slice(line.text, line.at, line.text.len));
}

/* ---- #include, #undef ---- */

static void read_include(scanner *s, rm_str rest) {
    rest = rm_str_trim(rest);
    char close = rest.len == 0 ? '\0' : rest.ptr[0] == '<' ? '>' : '"';
    size_t end = 0;
    if (rest.len < 3 || (rest.ptr[0] != '<' && rest.ptr[0] != '"') ||
        !rm_str_find_char(rm_str_slice(rest, 1, rest.len), close, &end)) {
        return;
    }
    rm_include *include = rm_push(s->arena, &s->out->includes);
    if (include == NULL) {
        s->status = RM_NOMEM;
        return;
    }
    include->name = rm_str_slice(rest, 1, 1 + end);
    include->angled = close == '>';
    include->at = (uint32_t)s->lexer.at;
}

static void read_undef(scanner *s, rm_lexer line) {
    rm_token name = rm_lex(&line);
    if (name.kind != RM_TOKEN_NAME) {
        return;
    }
    rm_undef *undef = rm_push(s->arena, &s->out->undefs);
    if (undef == NULL) {
        s->status = RM_NOMEM;
        return;
    }
    *undef = (rm_undef){name.text, (uint32_t)name.at};
}

/* ---- #if … #endif ---- */

/* Is the next directive behind `at` a #define of that name? Then the group is an include guard. */
static bool defines_next(rm_str text, size_t at, rm_str name) {
    rm_lexer lexer = rm_lexer_of(text);
    lexer.at = at;
    if (!rm_token_is(rm_lex(&lexer), "#") || !rm_token_is(rm_lex(&lexer), "define")) {
        return false;
    }
    rm_token defined = rm_lex(&lexer);
    return defined.kind == RM_TOKEN_NAME && rm_str_eq(defined.text, name);
}

static void open_branch(scanner *s, rm_branch_kind kind, rm_str condition, size_t hash,
                        uint32_t parent, uint32_t previous) {
    rm_branch *branch = rm_push(s->arena, &s->out->branches);
    if (branch == NULL) {
        s->status = RM_NOMEM;
        return;
    }
    *branch = (rm_branch){.kind = kind,
                          .condition = rm_str_trim(condition),
                          .parent = parent,
                          .previous = previous,
                          .next = RM_NONE,
                          .from = (uint32_t)hash,
                          .body = (uint32_t)s->lexer.at,
                          .to = (uint32_t)s->lexer.text.len};
    if (kind == RM_BRANCH_IFNDEF) {
        branch->guard = defines_next(s->lexer.text, s->lexer.at, branch->condition);
    }
    s->open[s->depth - 1] = s->out->branches.count - 1;
}

static void begin_if(scanner *s, rm_branch_kind kind, rm_str condition, size_t hash) {
    if (s->depth >= RM_MAX_IF_DEPTH) {
        s->too_deep++;
        return;
    }
    uint32_t parent = current_branch(s);
    s->depth++;
    s->open[s->depth - 1] = RM_NONE;
    open_branch(s, kind, condition, hash, parent, RM_NONE);
}

static void next_branch(scanner *s, rm_branch_kind kind, rm_str condition, size_t hash) {
    if (s->depth == 0 || s->too_deep > 0 || s->open[s->depth - 1] == RM_NONE) {
        return;
    }
    uint32_t previous = s->open[s->depth - 1];
    rm_branch *before = &s->out->branches.at[previous];
    before->to = (uint32_t)hash;
    before->next = s->out->branches.count;
    open_branch(s, kind, condition, hash, before->parent, previous);
}

static void end_if(scanner *s, size_t hash) {
    if (s->too_deep > 0) {
        s->too_deep--;
    } else if (s->depth > 0) {
        uint32_t last = s->open[--s->depth];
        if (last != RM_NONE) {
            s->out->branches.at[last].to = (uint32_t)hash;
        }
    }
}

/* ---- one directive ---- */

static void read_directive(scanner *s, size_t hash) {
    rm_str text = s->lexer.text;
    size_t end = rm_lex_line_end(text, s->lexer.at);
    rm_lexer line = {.text = rm_str_slice(text, 0, end), .at = s->lexer.at};
    rm_token word = rm_lex(&line);
    rm_str rest = rm_str_slice(text, line.at, end);
    s->lexer.at = end;
    if (rm_token_is(word, "define")) {
        read_define(s, line);
    } else if (rm_token_is(word, "include")) {
        read_include(s, rest);
    } else if (rm_token_is(word, "undef")) {
        read_undef(s, line);
    } else if (rm_token_is(word, "if")) {
        begin_if(s, RM_BRANCH_IF, rest, hash);
    } else if (rm_token_is(word, "ifdef")) {
        begin_if(s, RM_BRANCH_IFDEF, rm_lex(&line).text, hash);
    } else if (rm_token_is(word, "ifndef")) {
        begin_if(s, RM_BRANCH_IFNDEF, rm_lex(&line).text, hash);
    } else if (rm_token_is(word, "elif")) {
        next_branch(s, RM_BRANCH_ELIF, rest, hash);
    } else if (rm_token_is(word, "else")) {
        next_branch(s, RM_BRANCH_ELSE, RM_STR_NONE, hash);
    } else if (rm_token_is(word, "endif")) {
        end_if(s, hash);
    }
}

/* ---- enumerators and constants ---- */

/* Behind an enumerator's '=': its expression, up to ',' or '}' outside of brackets. */
static rm_str enumerator_value(rm_lexer *in) {
    size_t from = in->at;
    for (;;) {
        rm_token token = rm_lex_peek(in);
        if (token.kind == RM_TOKEN_END || rm_token_is(token, ",") || rm_token_is(token, "}") ||
            rm_token_is(token, ";") || (token.first && rm_token_is(token, "#"))) {
            return rm_str_slice(in->text, from, token.at);
        }
        (void)rm_lex(in);
        if (rm_token_is(token, "(") && !rm_lex_skip_group(in, NULL)) {
            return RM_STR_NONE;
        }
    }
}

/* The lexer is behind '{'. Directives within are read as such; #if branches all count. */
static void read_enumerators(scanner *s, rm_str tag) {
    rm_str base = RM_STR_NONE;
    uint32_t step = 0;
    while (s->status == RM_OK) {
        rm_token token = rm_lex(&s->lexer);
        if (token.first && rm_token_is(token, "#")) {
            read_directive(s, token.at);
            continue;
        }
        if (rm_token_is(token, ",")) {
            continue;
        }
        if (token.kind != RM_TOKEN_NAME) {
            return;
        }
        if (rm_token_is(rm_lex_peek(&s->lexer), "=")) {
            (void)rm_lex(&s->lexer);
            base = enumerator_value(&s->lexer);
            step = 0;
        }
        rm_macro *macro = add_macro(s, token, RM_MACRO_ENUM, base);
        if (macro != NULL) {
            macro->tag = tag;
            macro->step = step++;
        }
    }
}

/* Behind `enum`: class, tag, base type, then '{'. Anything else is no definition. */
static void read_enum(scanner *s) {
    rm_str tag = RM_STR_NONE;
    bool behind_tag = false; /* the base type */
    for (unsigned i = 0; i < 8; i++) {
        rm_token token = rm_lex_peek(&s->lexer);
        if (rm_token_is(token, "{")) {
            (void)rm_lex(&s->lexer);
            read_enumerators(s, tag);
            return;
        }
        behind_tag |= rm_token_is(token, ":");
        if (token.kind == RM_TOKEN_NAME && !behind_tag && !rm_token_is(token, "class") &&
            !rm_token_is(token, "struct")) {
            tag = token.text;
        }
        if (token.kind != RM_TOKEN_NAME && !rm_token_is(token, ":") && !rm_token_is(token, "::")) {
            return;
        }
        (void)rm_lex(&s->lexer);
    }
}

/* Behind `const` or `constexpr`: TYPE NAME = value; names only, so that no pointer is taken. */
static void read_const(scanner *s) {
    rm_lexer ahead = s->lexer;
    rm_token name = {.kind = RM_TOKEN_END};
    for (unsigned i = 0; i < 6; i++) {
        rm_token token = rm_lex(&ahead);
        if (rm_token_is(token, "=") && name.kind == RM_TOKEN_NAME) {
            rm_str value = enumerator_value(&ahead);
            if (value.len > 0 && value.len < RM_MAX_CONST_LENGTH) {
                (void)add_macro(s, name, RM_MACRO_CONST, value);
            }
            return;
        }
        if (token.kind != RM_TOKEN_NAME && !rm_token_is(token, "::")) {
            return;
        }
        name = token.kind == RM_TOKEN_NAME ? token : name;
    }
}

/* ---- functions that make constants ---- */

enum { MAX_SPECIFIERS = 10 };

typedef struct signature {
    rm_str names[RM_MAX_MACRO_PARAMS];
    rm_str defaults[RM_MAX_MACRO_PARAMS];
    uint32_t count;
} signature;

/* TYPE NAME = default, … up to the closing token; false: it is no such list. */
static bool read_signature(rm_lexer *in, const char *close, signature *out) {
    rm_token name = {.kind = RM_TOKEN_END};
    size_t from = 0; /* of a default value; 0: none is being read */
    for (;;) {
        rm_token token = rm_lex(in);
        bool end = rm_token_is(token, close);
        if (token.kind == RM_TOKEN_END || rm_token_is(token, "{") || rm_token_is(token, ";")) {
            return false;
        }
        if (end || rm_token_is(token, ",")) {
            if (name.kind == RM_TOKEN_NAME && !rm_token_is(name, "void")) {
                if (out->count == RM_MAX_MACRO_PARAMS) {
                    return false;
                }
                out->names[out->count] = name.text;
                out->defaults[out->count++] =
                    from == 0 ? RM_STR_NONE : rm_str_trim(rm_str_slice(in->text, from, token.at));
            }
            name = (rm_token){.kind = RM_TOKEN_END};
            from = 0;
            if (end) {
                return true;
            }
        } else if (rm_token_is(token, "=")) {
            from = in->at;
        } else if (rm_token_is(token, "(")) {
            if (!rm_lex_skip_group(in, NULL)) {
                return false;
            }
        } else if (from == 0 && token.kind == RM_TOKEN_NAME) {
            name = token;
        }
    }
}

/* Behind a function's parameters: { return expression; } and nothing else. */
static rm_str returned_expression(rm_lexer *in) {
    for (unsigned i = 0; i < MAX_SPECIFIERS; i++) {
        rm_token token = rm_lex(in);
        if (rm_token_is(token, "{")) {
            rm_str value = RM_STR_NONE;
            if (rm_token_is(rm_lex(in), "return")) {
                value = rm_str_trim(enumerator_value(in));
            }
            bool ends = rm_token_is(rm_lex(in), ";") && rm_token_is(rm_lex(in), "}");
            return ends ? value : RM_STR_NONE;
        }
        if (token.kind != RM_TOKEN_NAME && !rm_token_is(token, "->") && !rm_token_is(token, "::")) {
            break;
        }
    }
    return RM_STR_NONE;
}

/* Only what can make a code: with CTL_CODE, with shifts, or through another that does. */
static bool makes_codes(const scanner *s, rm_str body) {
    size_t at = 0;
    if (rm_str_find(body, RM_STR("CTL_CODE"), &at) || rm_str_find(body, RM_STR("<<"), &at)) {
        return true;
    }
    for (uint32_t i = 0; i < s->out->macros.count; i++) {
        const rm_macro *m = &s->out->macros.at[i];
        if (m->kind == RM_MACRO_CONSTEXPR && rm_str_find(body, m->name, &at)) {
            return true;
        }
    }
    return false;
}

static void add_constexpr(scanner *s, rm_token name, const signature *params, uint32_t templates,
                          bool plain, rm_str body) {
    rm_str *names = RM_NEW_ARRAY(s->arena, rm_str, (size_t)params->count + 1);
    rm_str *defaults = RM_NEW_ARRAY(s->arena, rm_str, (size_t)params->count + 1);
    rm_macro *macro = NULL;
    if (names == NULL || defaults == NULL) {
        s->status = RM_NOMEM;
        return;
    }
    for (uint32_t i = 0; i < params->count; i++) {
        names[i] = params->names[i];
        defaults[i] = params->defaults[i];
    }
    macro = add_macro(s, name, RM_MACRO_CONSTEXPR, body);
    if (macro != NULL) {
        macro->params = names;
        macro->defaults = defaults;
        macro->param_count = params->count;
        macro->template_count = templates;
        macro->plain = plain;
    }
}

/* Behind constexpr or consteval: TYPE NAME(…) { return …; }, or of a template: TYPE NAME = …; */
static void read_constexpr(scanner *s, rm_lexer ahead, signature *params) {
    rm_token name = {.kind = RM_TOKEN_END};
    uint32_t templates = params->count;
    ahead.text = rm_str_slice(ahead.text, 0, ahead.at + RM_MAX_CONST_LENGTH);
    for (unsigned i = 0; i < MAX_SPECIFIERS; i++) {
        rm_token token = rm_lex(&ahead);
        bool plain = rm_token_is(token, "=") && templates > 0;
        if (name.kind == RM_TOKEN_NAME && (plain || rm_token_is(token, "("))) {
            rm_str body = RM_STR_NONE;
            if (plain) {
                body = rm_str_trim(enumerator_value(&ahead));
            } else if (read_signature(&ahead, ")", params)) {
                body = returned_expression(&ahead);
            }
            if (body.len > 0 && makes_codes(s, body)) {
                add_constexpr(s, name, params, templates, plain, body);
            }
            return;
        }
        if (token.kind != RM_TOKEN_NAME && !rm_token_is(token, "::")) {
            return;
        }
        name = token;
    }
}

/* template <…> struct NAME { static constexpr TYPE value = …; }: NAME<1>::value. */
static void read_template_struct(scanner *s, rm_lexer ahead, const signature *params) {
    rm_token name = rm_lex(&ahead);
    rm_str inside = RM_STR_NONE;
    if (name.kind != RM_TOKEN_NAME || !rm_token_is(rm_lex(&ahead), "{")) {
        return;
    }
    rm_token token = rm_lex(&ahead);
    while (token.kind == RM_TOKEN_NAME) { /* static constexpr ULONG value */
        token = rm_lex(&ahead);
    }
    if (rm_token_is(token, "=")) {
        inside = rm_str_trim(enumerator_value(&ahead));
    }
    bool alone = rm_token_is(rm_lex(&ahead), ";") && rm_token_is(rm_lex(&ahead), "}");
    if (alone && inside.len > 0 && makes_codes(s, inside)) {
        add_constexpr(s, name, params, params->count, true, inside);
        s->lexer.at = ahead.at;
    }
}

/* template <ULONG Function> constexpr …: what it makes depends on the values in < >. */
static void read_template(scanner *s) {
    rm_lexer ahead = s->lexer;
    signature params = {.count = 0};
    ahead.text = rm_str_slice(ahead.text, 0, ahead.at + RM_MAX_PARAMETER_LIST);
    if (!rm_token_is(rm_lex(&ahead), "<") || !read_signature(&ahead, ">", &params)) {
        return;
    }
    for (unsigned i = 0; i < MAX_SPECIFIERS; i++) {
        rm_token token = rm_lex(&ahead);
        if (rm_token_is(token, "constexpr") || rm_token_is(token, "consteval")) {
            read_constexpr(s, ahead, &params);
            s->lexer.at = ahead.at; /* it is no plain constant */
            return;
        }
        if (rm_token_is(token, "struct")) {
            read_template_struct(s, ahead, &params);
            return;
        }
        if (token.kind != RM_TOKEN_NAME) {
            return;
        }
    }
}

static void read_plain_constexpr(scanner *s) {
    signature params = {.count = 0};
    read_constexpr(s, s->lexer, &params);
}

/* ---- words ---- */

/* Names, and beginnings of names, that make a file worth a closer look. */
static const struct {
    const char *text;
    unsigned word;
    bool prefix;
} words[] = {
    {"IDriverEntry", RM_WORD_UMDF1, false},
    {"IoCreateDevice", RM_WORD_DEVICE, true},
    {"IoAttachDevice", RM_WORD_DEVICE, true},
    {"IoCreateSymbolicLink", RM_WORD_DEVICE, false},
    {"IoCreateUnprotectedSymbolicLink", RM_WORD_DEVICE, false},
    {"IoRegisterDeviceInterface", RM_WORD_DEVICE, false},
    {"IoSetDeviceInterfacePropertyData", RM_WORD_DEVICE, false},
    {"WdmlibIoCreateDeviceSecure", RM_WORD_DEVICE, false},
    {"WdfDevice", RM_WORD_DEVICE, true},
    {"WdfControlDevice", RM_WORD_DEVICE, true},
    {"WdfPdoInit", RM_WORD_DEVICE, true},
    {"WdfFdoInit", RM_WORD_DEVICE, true},
    {"NdisRegisterDeviceEx", RM_WORD_DEVICE, false},
    {"NdisMRegisterDevice", RM_WORD_DEVICE, false},
    {"FltCreateCommunicationPort", RM_WORD_DEVICE | RM_WORD_ENTRY, false},
    {"CreateDeviceInterface", RM_WORD_DEVICE, false},
    {"ZwSetSecurityObject", RM_WORD_DEVICE, false},
    {"NtSetSecurityObject", RM_WORD_DEVICE, false},
    {"ObSetSecurityObjectByPointer", RM_WORD_DEVICE, false},
    {"MajorFunction", RM_WORD_ENTRY, false},
    {"IRP_MJ_", RM_WORD_ENTRY, true},
    {"EvtIo", RM_WORD_ENTRY, true},
    {"EvtIddCxDeviceIoControl", RM_WORD_ENTRY, false},
    {"SpbControllerSetIoOtherCallback", RM_WORD_ENTRY, false},
    {"EvtDeviceFileCreate", RM_WORD_ENTRY, false},
    {"IWDFIoRequest", RM_WORD_ENTRY, false},
    {"EvtFileCreate", RM_WORD_ENTRY, false},
    {"FastIo", RM_WORD_ENTRY, true},
    {"WDF_FILEOBJECT_CONFIG_INIT", RM_WORD_ENTRY, false},
};

static unsigned word_of(rm_str name) {
    unsigned found = 0;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (words[i].text[0] != name.ptr[0]) {
            continue;
        }
        rm_str text = rm_str_from(words[i].text);
        if (words[i].prefix ? rm_str_starts(name, text) : rm_str_eq(name, text)) {
            found |= words[i].word;
        }
    }
    return found;
}

/* The routines by which a driver registers with its framework. */
static const struct {
    const char *routine;
    rm_framework framework;
} routines[] = {
    {"FltRegisterFilter", RM_FRAMEWORK_MINIFILTER},
    {"NdisMRegisterMiniportDriver", RM_FRAMEWORK_NDIS},
    {"NdisFRegisterFilterDriver", RM_FRAMEWORK_NDIS},
    {"NdisRegisterProtocolDriver", RM_FRAMEWORK_NDIS},
    {"StorPortInitialize", RM_FRAMEWORK_STORPORT},
    {"IoRegisterFileSystem", RM_FRAMEWORK_FILESYSTEM},
    {"WdfDriverCreate", RM_FRAMEWORK_KMDF},
    {"IDriverEntry", RM_FRAMEWORK_UMDF1},
    {"MajorFunction", RM_FRAMEWORK_WDM},
    {"AddDevice", RM_FRAMEWORK_WDM},
};

static unsigned framework_of(rm_str name) {
    for (size_t i = 0; i < sizeof routines / sizeof routines[0]; i++) {
        if (routines[i].routine[0] == name.ptr[0] &&
            rm_str_eq(name, rm_str_from(routines[i].routine))) {
            return 1u << routines[i].framework;
        }
    }
    return 0;
}

/* A definition: the list of parameters is followed by neither ';' nor ',' nor an operator. */
static bool is_definition(rm_lexer lexer) {
    lexer.text = rm_str_slice(lexer.text, 0, lexer.at + RM_MAX_PARAMETER_LIST);
    if (!rm_token_is(rm_lex(&lexer), "(") || !rm_lex_skip_group(&lexer, NULL)) {
        return false;
    }
    rm_token next = rm_lex(&lexer);
    return next.kind == RM_TOKEN_NAME || rm_token_is(next, "{");
}

/* CTL_CODE(…) outside of a #define. */
static void read_inline_code(scanner *s, rm_token token) {
    rm_lexer ahead = s->lexer;
    ahead.text = rm_str_slice(ahead.text, 0, ahead.at + RM_MAX_CONST_LENGTH);
    s->out->words |= RM_WORD_CODES;
    if (!rm_token_is(rm_lex(&ahead), "(") || !rm_lex_skip_group(&ahead, NULL)) {
        return;
    }
    rm_inline_code *code = rm_push(s->arena, &s->out->inlines);
    if (code == NULL) {
        s->status = RM_NOMEM;
        return;
    }
    code->text = rm_str_slice(s->lexer.text, token.at, ahead.at);
    code->at = (uint32_t)token.at;
    code->line = line_of(s, token.at);
}

static void read_guid(scanner *s) {
    rm_lexer ahead = s->lexer;
    rm_str inside = RM_STR_NONE;
    ahead.text = rm_str_slice(ahead.text, 0, ahead.at + RM_MAX_CONST_LENGTH);
    if (!rm_token_is(rm_lex(&ahead), "(") || !rm_lex_skip_group(&ahead, &inside)) {
        return;
    }
    rm_lexer list = rm_lexer_of(inside);
    rm_token name = rm_lex(&list);
    if (name.kind != RM_TOKEN_NAME || !rm_token_is(rm_lex(&list), ",")) {
        return;
    }
    rm_guid_text *guid = rm_push(s->arena, &s->out->guids);
    if (guid == NULL) {
        s->status = RM_NOMEM;
        return;
    }
    *guid = (rm_guid_text){name.text, rm_str_slice(inside, list.at, inside.len)};
}

static void read_name(scanner *s, rm_token token) {
    char c = token.text.ptr[0];
    if (c == 'e' && rm_token_is(token, "enum")) {
        read_enum(s);
    } else if (c == 'c' && rm_token_is(token, "const")) {
        read_const(s);
    } else if (c == 'c' && (rm_token_is(token, "constexpr") || rm_token_is(token, "consteval"))) {
        read_const(s);
        read_plain_constexpr(s);
    } else if (c == 't' && rm_token_is(token, "template")) {
        read_template(s);
    } else if (c == 'D' && rm_token_is(token, "DriverEntry")) {
        s->out->words |= is_definition(s->lexer) ? RM_WORD_DRIVER_ENTRY : 0;
    } else if (c == 'D' && rm_token_is(token, "DEFINE_GUID")) {
        read_guid(s);
    } else if (c == 'C' && rm_token_is(token, "CTL_CODE")) {
        read_inline_code(s, token);
    } else if (token.text.len >= 5 && c >= 'A' && c <= 'W') {
        s->out->words |= word_of(token.text);
        s->out->frameworks |= framework_of(token.text);
    }
}

rm_status rm_scan_file(rm_arena *arena, rm_str text, uint32_t file, rm_scan *out) {
    scanner s = {.arena = arena, .lexer = rm_lexer_of(text), .file = file, .line = 1};
    rm_scan found = {0};
    rm_token last = {.kind = RM_TOKEN_END};
    s.out = &found;
    while (s.status == RM_OK) {
        rm_token token = rm_lex(&s.lexer);
        if (token.kind == RM_TOKEN_END) {
            *out = found;
            return RM_OK;
        }
        if (token.kind == RM_TOKEN_NAME) {
            read_name(&s, token);
        } else if (token.first && rm_token_is(token, "#")) {
            read_directive(&s, token.at);
        } else if ((rm_token_is(last, ")") && rm_token_is(token, "{")) ||
                   (token.kind == RM_TOKEN_STRING && !rm_token_is(last, "extern"))) {
            found.words |= RM_WORD_BODY;
        }
        last = token;
    }
    return s.status;
}
