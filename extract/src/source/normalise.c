#include "source/normalise.h"

#include <string.h>

#include "source/limits.h"
#include "source/normaliser.h"

void rm_norm_blank(rm_normaliser *n, size_t from, size_t to) {
    for (size_t i = from; i < to; i++) {
        if (n->out[i] != '\n' && n->out[i] != '\r') {
            n->out[i] = ' ';
        }
    }
}

void rm_norm_overwrite(rm_normaliser *n, rm_token token, const char *word) {
    rm_norm_blank(n, token.at, token.at + token.text.len);
    memcpy(n->out + token.at, word, strlen(word));
}

bool rm_norm_skip_call(rm_normaliser *n) {
    rm_lexer ahead = n->lexer;
    if (!rm_token_is(rm_lex(&ahead), "(")) {
        return false;
    }
    ahead.text = rm_str_slice(ahead.text, 0, ahead.at + RM_MAX_PARAMETER_LIST);
    if (!rm_lex_skip_group(&ahead, NULL)) {
        return false;
    }
    n->lexer.at = ahead.at;
    return true;
}

bool rm_norm_is_blank(char c) {
    return c == ' ' || c == '\t';
}

/* ---- preprocessor lines ---- */

/* The #if group that begins at this '#'; RM_NONE for other directives. */
static uint32_t branch_at(rm_normaliser *n, size_t hash) {
    const rm_branch_list *branches = &n->macros->set->files.at[n->file].scan.branches;
    while (n->branch < branches->count && branches->at[n->branch].from < hash) {
        n->branch++;
    }
    bool here = n->branch < branches->count && branches->at[n->branch].from == hash;
    return here ? n->branch : RM_NONE;
}

static void directive(rm_normaliser *n, rm_token hash) {
    size_t end = rm_lex_line_end(n->text, n->lexer.at);
    uint32_t branch = branch_at(n, hash.at);
    if (branch != RM_NONE && !rm_macros_active(n->macros, n->file, branch)) {
        end = n->macros->set->files.at[n->file].scan.branches.at[branch].to;
        n->lexer.line_start = true;
    }
    n->lexer.at = end;
    rm_norm_blank(n, hash.at, end);
}

/* ---- words ---- */

/* STDMETHOD_(ULONG, AddRef)(THIS) PURE: the word, both parentheses and the comma go. */
static void unwrap(rm_normaliser *n, rm_token word) {
    size_t open = n->lexer.at;
    rm_norm_blank(n, word.at, open);
    if (!rm_norm_skip_call(n)) {
        return;
    }
    rm_str inside = rm_str_slice(n->text, open, n->lexer.at - 1);
    for (size_t i = 0; i < inside.len; i++) {
        if (inside.ptr[i] == '(' || inside.ptr[i] == ',') {
            rm_norm_blank(n, open + i, open + i + 1);
            if (inside.ptr[i] == ',') {
                break;
            }
        }
    }
    rm_norm_blank(n, n->lexer.at - 1, n->lexer.at);
}

/* DECLARE_INTERFACE_(IFoo, IUnknown) becomes `struct IFoo`. */
static void interface(rm_normaliser *n, rm_token word) {
    size_t open = n->lexer.at;
    if (!rm_norm_skip_call(n)) {
        return;
    }
    size_t comma = 0;
    rm_str inside = rm_str_slice(n->text, open, n->lexer.at);
    rm_norm_overwrite(n, word, "struct");
    rm_norm_blank(n, open, open + 1);
    if (rm_str_find_char(inside, ',', &comma)) {
        rm_norm_blank(n, open + comma, n->lexer.at);
    }
    rm_norm_blank(n, n->lexer.at - 1, n->lexer.at);
}

bool rm_machine_code_group(rm_lexer *lexer) {
    rm_token t = rm_lex(lexer);
    while (rm_token_is(t, "volatile") || rm_token_is(t, "__volatile__") ||
           rm_token_is(t, "__volatile")) {
        t = rm_lex(lexer);
    }
    return (rm_token_is(t, "{") || rm_token_is(t, "(")) && rm_lex_skip_group(lexer, NULL);
}

/* __asm { … } and __asm to the end of its line: a call, whose text says what it does. */
static void machine_code(rm_normaliser *n, rm_token word) {
    rm_lexer ahead = n->lexer;
    if (rm_machine_code_group(&ahead)) {
        n->lexer.at = ahead.at;
    } else {
        n->lexer.at = rm_lex_line_end(n->text, n->lexer.at);
    }
    static const char call[] = RM_MACHINE_CODE "();";
    size_t length = n->lexer.at - word.at;
    rm_norm_blank(n, word.at, n->lexer.at);
    if (length >= sizeof call - 1) {
        memcpy(n->out + word.at, call, sizeof call - 1);
    } else if (length > 0) {
        n->out[word.at] = ';';
    }
}

static bool precedes_type(const rm_normaliser *n) {
    rm_token next = rm_lex_peek(&n->lexer);
    return next.kind == RM_TOKEN_NAME || rm_token_is(next, "*") || rm_token_is(next, ")") ||
           rm_token_is(next, ",") || rm_token_is(next, "(");
}

static bool follows_tag(const rm_normaliser *n) {
    return rm_token_is(n->previous, "struct") || rm_token_is(n->previous, "union") ||
           rm_token_is(n->previous, "enum") || rm_token_is(n->previous, "class");
}

static bool follows_member(const rm_normaliser *n) {
    return rm_token_is(n->previous, ".") || rm_token_is(n->previous, "->") ||
           rm_token_is(n->previous, "::");
}

/* False: the word stays. */
static bool act(rm_normaliser *n, rm_token word, rm_word_action action, const char *replacement) {
    size_t end = word.at + word.text.len;
    switch (action) {
    case RM_ACTION_KEEP: return false;
    case RM_ACTION_QUALIFIER:
        if (!precedes_type(n) || n->previous.kind == RM_TOKEN_NUMBER) {
            return false;
        }
        rm_norm_blank(n, word.at, end);
        return true;
    case RM_ACTION_BLANK: rm_norm_blank(n, word.at, end); return true;
    case RM_ACTION_BLANK_CALL:
        (void)rm_norm_skip_call(n);
        rm_norm_blank(n, word.at, n->lexer.at);
        return true;
    case RM_ACTION_REPLACE: rm_norm_overwrite(n, word, replacement); return true;
    case RM_ACTION_UNWRAP: unwrap(n, word); return true;
    case RM_ACTION_INTERFACE: interface(n, word); return true;
    case RM_ACTION_ASM: machine_code(n, word); return true;
    }
    return false;
}

/* struct DECLSPEC_ALIGN(8) X: behind struct an annotation stands before the tag, never as the tag.
 */
static bool may_be_tag(const rm_normaliser *n, rm_token word) {
    if (!follows_tag(n)) {
        return false;
    }
    rm_token next = rm_lex_peek(&n->lexer);
    bool sal = word.text.ptr[word.text.len - 1] == '_';
    return sal || (next.kind != RM_TOKEN_NAME && !rm_token_is(next, "("));
}

/* A function that a macro stands in for in another configuration: name(…) { or name(…); */
static bool is_declared_here(const rm_normaliser *n) {
    rm_lexer ahead = n->lexer;
    if (n->function > 0 || n->parens > 0 || !rm_token_is(rm_lex(&ahead), "(")) {
        return false;
    }
    ahead.text = rm_str_slice(ahead.text, 0, ahead.at + RM_MAX_PARAMETER_LIST);
    if (!rm_lex_skip_group(&ahead, NULL)) {
        return false;
    }
    rm_token next = rm_lex(&ahead);
    return rm_token_is(next, "{") || rm_token_is(next, ";");
}

static bool name_goes(rm_normaliser *n, rm_token word) {
    const char *replacement = NULL;
    if (follows_member(n) || may_be_tag(n, word)) {
        return false;
    }
    uint64_t hash = rm_str_hash(word.text);
    rm_word_action action = rm_annotation(&n->annotations, word.text, hash, &replacement);
    if (action == RM_ACTION_KEEP &&
        rm_macro_is_annotation(n->macros, &n->annotations, word.text, hash) &&
        !is_declared_here(n)) {
        action = RM_ACTION_BLANK_CALL;
    }
    return act(n, word, action, replacement) || rm_norm_exception_word(n, word) ||
           rm_norm_rewrite_name(n, word);
}

/* ---- the walk ---- */

static bool opens_linkage(const rm_normaliser *n) {
    return n->braces == n->linkage &&
           (n->previous.kind == RM_TOKEN_STRING || rm_token_is(n->previous, "namespace") ||
            rm_token_is(n->before_previous, "namespace"));
}

static bool opens_function(const rm_normaliser *n) {
    static const char *const behind[] = {")", "const", "override", "final", "noexcept", "volatile"};
    for (size_t i = 0; i < sizeof behind / sizeof behind[0]; i++) {
        if (rm_token_is(n->previous, behind[i])) {
            return n->function == 0;
        }
    }
    return false;
}

static void open_brace(rm_normaliser *n) {
    n->linkage += opens_linkage(n);
    n->braces++;
    if (opens_function(n)) {
        n->function = n->braces;
    }
    n->parens = 0;
}

static void close_brace(rm_normaliser *n) {
    if (n->function == n->braces) {
        n->function = 0;
    }
    n->braces -= n->braces > 0;
    n->linkage = n->linkage > n->braces ? n->braces : n->linkage;
    n->parens = 0;
    rm_norm_drop_tries(n);
}

static void count_mark(rm_normaliser *n, rm_token mark) {
    switch (mark.text.ptr[0]) {
    case '{': open_brace(n); break;
    case '}': close_brace(n); break;
    case '(': n->parens++; break;
    case ')': n->parens -= n->parens > 0; break;
    default: break;
    }
}

static void take(rm_normaliser *n, rm_token token) {
    if (token.kind == RM_TOKEN_NUMBER) {
        rm_norm_rewrite_number(n, token);
    } else if (token.kind == RM_TOKEN_MARK) {
        rm_norm_rewrite_mark(n, token);
        count_mark(n, token);
    }
    n->before_previous = n->previous;
    n->previous = token;
}

static void walk(rm_normaliser *n) {
    for (;;) {
        rm_token token = rm_lex(&n->lexer);
        if (token.kind == RM_TOKEN_END) {
            break;
        }
        if (token.first && rm_token_is(token, "#")) {
            directive(n, token);
        } else if (token.kind != RM_TOKEN_NAME || !name_goes(n, token)) {
            take(n, token);
        }
    }
    n->braces = 0;
    rm_norm_drop_tries(n);
}

rm_status rm_normalise(rm_arena *arena, const rm_macros *macros, uint32_t file, rm_str *clean) {
    const rm_set_file *source = &macros->set->files.at[file];
    rm_normaliser *n = RM_NEW(arena, rm_normaliser);
    char *out = RM_NEW_ARRAY(arena, char, source->text.len + 1);
    if (n == NULL || out == NULL) {
        return RM_NOMEM;
    }
    if (source->text.len > 0) {
        memcpy(out, source->text.ptr, source->text.len);
    }
    *n = (rm_normaliser){.macros = macros,
                         .file = file,
                         .is_cpp = source->is_cpp,
                         .lexer = rm_lexer_of(source->text),
                         .text = source->text,
                         .out = out};
    rm_annotations_init(&n->annotations);
    walk(n);
    *clean = (rm_str){out, source->text.len};
    return RM_OK;
}
