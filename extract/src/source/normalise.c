#include "source/normalise.h"

#include <string.h>

#include "source/lex.h"
#include "source/limits.h"

/* try { … } except (…) { … } of the C headers: rewritten only when both words have room. */
typedef struct try_block {
    size_t at;      /* of `try` */
    unsigned depth; /* of braces around it */
    bool room;
} try_block;

enum { MAX_TRIES = 32 };

typedef struct normaliser {
    const rm_macros *macros;
    uint32_t file;
    bool is_cpp;
    rm_lexer lexer; /* over the original */
    rm_str text;
    char *out;
    rm_annotations annotations;
    uint32_t branch;   /* the next #if group to come */
    rm_token previous; /* the last token kept */
    unsigned braces, parens;
    unsigned linkage; /* braces of extern "C" and namespaces: still the outermost level */
    try_block tries[MAX_TRIES];
    unsigned try_count;
} normaliser;

static void blank(normaliser *n, size_t from, size_t to) {
    for (size_t i = from; i < to; i++) {
        if (n->out[i] != '\n' && n->out[i] != '\r') {
            n->out[i] = ' ';
        }
    }
}

static void overwrite(normaliser *n, rm_token token, const char *word) {
    blank(n, token.at, token.at + token.text.len);
    memcpy(n->out + token.at, word, strlen(word));
}

/* Behind the parentheses that come next; where there are none, or no end, nothing is taken. */
static bool skip_call(normaliser *n) {
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

/* ---- preprocessor lines ---- */

/* The #if group that begins at this '#'; RM_NONE for other directives. */
static uint32_t branch_at(normaliser *n, size_t hash) {
    const rm_branch_list *branches = &n->macros->set->files.at[n->file].scan.branches;
    while (n->branch < branches->count && branches->at[n->branch].from < hash) {
        n->branch++;
    }
    bool here = n->branch < branches->count && branches->at[n->branch].from == hash;
    return here ? n->branch : RM_NONE;
}

static void directive(normaliser *n, rm_token hash) {
    size_t end = rm_lex_line_end(n->text, n->lexer.at);
    uint32_t branch = branch_at(n, hash.at);
    if (branch != RM_NONE && !rm_macros_active(n->macros, n->file, branch)) {
        end = n->macros->set->files.at[n->file].scan.branches.at[branch].to;
        n->lexer.line_start = true;
    }
    n->lexer.at = end;
    blank(n, hash.at, end);
}

/* ---- words ---- */

/* STDMETHOD_(ULONG, AddRef)(THIS) PURE: the word, both parentheses and the comma go. */
static void unwrap(normaliser *n, rm_token word) {
    size_t open = n->lexer.at;
    blank(n, word.at, open);
    if (!skip_call(n)) {
        return;
    }
    rm_str inside = rm_str_slice(n->text, open, n->lexer.at - 1);
    for (size_t i = 0; i < inside.len; i++) {
        if (inside.ptr[i] == '(' || inside.ptr[i] == ',') {
            blank(n, open + i, open + i + 1);
            if (inside.ptr[i] == ',') {
                break;
            }
        }
    }
    blank(n, n->lexer.at - 1, n->lexer.at);
}

/* DECLARE_INTERFACE_(IFoo, IUnknown) becomes `struct IFoo`. */
static void interface(normaliser *n, rm_token word) {
    size_t open = n->lexer.at;
    if (!skip_call(n)) {
        return;
    }
    size_t comma = 0;
    rm_str inside = rm_str_slice(n->text, open, n->lexer.at);
    overwrite(n, word, "struct");
    blank(n, open, open + 1);
    if (rm_str_find_char(inside, ',', &comma)) {
        blank(n, open + comma, n->lexer.at);
    }
    blank(n, n->lexer.at - 1, n->lexer.at);
}

/* __asm { … } and __asm to the end of its line. */
static void machine_code(normaliser *n, rm_token word) {
    rm_lexer ahead = n->lexer;
    if (rm_token_is(rm_lex(&ahead), "{") && rm_lex_skip_group(&ahead, NULL)) {
        n->lexer.at = ahead.at;
    } else {
        n->lexer.at = rm_lex_line_end(n->text, n->lexer.at);
    }
    blank(n, word.at, n->lexer.at);
    if (n->lexer.at > word.at) {
        n->out[word.at] = ';';
    }
}

static bool precedes_type(const normaliser *n) {
    rm_token next = rm_lex_peek(&n->lexer);
    return next.kind == RM_TOKEN_NAME || rm_token_is(next, "*") || rm_token_is(next, ")") ||
           rm_token_is(next, ",") || rm_token_is(next, "(");
}

static bool follows_tag(const normaliser *n) {
    return rm_token_is(n->previous, "struct") || rm_token_is(n->previous, "union") ||
           rm_token_is(n->previous, "enum") || rm_token_is(n->previous, "class");
}

static bool follows_member(const normaliser *n) {
    return rm_token_is(n->previous, ".") || rm_token_is(n->previous, "->") ||
           rm_token_is(n->previous, "::");
}

/* False: the word stays. */
static bool act(normaliser *n, rm_token word, rm_word_action action, const char *replacement) {
    size_t end = word.at + word.text.len;
    switch (action) {
    case RM_ACTION_KEEP: return false;
    case RM_ACTION_QUALIFIER:
        if (!precedes_type(n) || n->previous.kind == RM_TOKEN_NUMBER) {
            return false;
        }
        blank(n, word.at, end);
        return true;
    case RM_ACTION_BLANK: blank(n, word.at, end); return true;
    case RM_ACTION_BLANK_CALL:
        (void)skip_call(n);
        blank(n, word.at, n->lexer.at);
        return true;
    case RM_ACTION_REPLACE: overwrite(n, word, replacement); return true;
    case RM_ACTION_UNWRAP: unwrap(n, word); return true;
    case RM_ACTION_INTERFACE: interface(n, word); return true;
    case RM_ACTION_ASM: machine_code(n, word); return true;
    }
    return false;
}

/* ---- structured exception handling in C: try, except, finally ---- */

static bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

static size_t blanks_before(const normaliser *n, size_t at) {
    size_t count = 0;
    while (count < at && is_blank(n->out[at - count - 1])) {
        count++;
    }
    return count;
}

static size_t blanks_at(const normaliser *n, size_t at) {
    size_t count = 0;
    while (at + count < n->text.len && is_blank(n->out[at + count])) {
        count++;
    }
    return count;
}

/* Writes `__word` over `word` and two blanks beside it. */
static void underline(normaliser *n, size_t at, size_t length) {
    size_t before = blanks_before(n, at);
    size_t shift = before >= 2 ? 2 : before;
    memmove(n->out + at - shift + 2, n->out + at, length);
    memset(n->out + at - shift, '_', 2);
}

static bool has_room(const normaliser *n, size_t at, size_t length) {
    return blanks_before(n, at) + blanks_at(n, at + length) >= 2;
}

static void open_try(normaliser *n, rm_token word) {
    if (!rm_token_is(rm_lex_peek(&n->lexer), "{")) {
        return;
    }
    if (n->try_count < MAX_TRIES) {
        n->tries[n->try_count++] =
            (try_block){word.at, n->braces, has_room(n, word.at, word.text.len)};
    } else {
        blank(n, word.at, word.at + word.text.len);
    }
}

/* The handler of the innermost open try whose block just closed: both words are rewritten, or both
   blanked so that the blocks remain. */
static bool close_try(normaliser *n, rm_token word) {
    if (n->try_count == 0 || !rm_token_is(n->previous, "}") ||
        n->tries[n->try_count - 1].depth != n->braces) {
        return false;
    }
    try_block open = n->tries[--n->try_count];
    bool except = rm_token_is(word, "except");
    if (open.room && has_room(n, word.at, word.text.len)) {
        underline(n, open.at, 3);
        underline(n, word.at, word.text.len);
    } else {
        blank(n, open.at, open.at + 3);
        overwrite(n, word, except ? "if" : "");
    }
    return true;
}

static bool exception_word(normaliser *n, rm_token word) {
    if (n->is_cpp) {
        return false;
    }
    if (rm_token_is(word, "try")) {
        open_try(n, word);
        return true;
    }
    return (rm_token_is(word, "except") || rm_token_is(word, "finally")) && close_try(n, word);
}

/* A try without a handler that was known stays a plain block. */
static void drop_tries(normaliser *n) {
    while (n->try_count > 0 && n->tries[n->try_count - 1].depth > n->braces) {
        try_block open = n->tries[--n->try_count];
        blank(n, open.at, open.at + 3);
    }
}

/* ---- macros that break the grammar ---- */

static bool is_upper_name(rm_str s) {
    bool letter = false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (c >= 'a' && c <= 'z') {
            return false;
        }
        letter |= c >= 'A' && c <= 'Z';
    }
    return letter && s.len > 3;
}

static bool begins_item(const normaliser *n) {
    return n->previous.kind == RM_TOKEN_END || rm_token_is(n->previous, ";") ||
           rm_token_is(n->previous, "}");
}

/* MACRO(…) between declarations, without a semicolon: it declares something we need not see. */
static bool declaring_macro(normaliser *n, rm_token word) {
    if (n->braces > n->linkage || n->parens > 0 || !word.first || !begins_item(n) ||
        !is_upper_name(word.text)) {
        return false;
    }
    rm_lexer before = n->lexer;
    if (!skip_call(n)) {
        return false;
    }
    rm_token next = rm_lex_peek(&n->lexer);
    if (next.kind == RM_TOKEN_END ||
        (next.first && (next.kind == RM_TOKEN_NAME || rm_token_is(next, "#")))) {
        blank(n, word.at, n->lexer.at);
        return true;
    }
    n->lexer = before;
    return false;
}

/* FIELD_OFFSET(struct X, f): a type among arguments, which no grammar takes for one. */
static bool tag_among_arguments(normaliser *n, rm_token word) {
    if (n->braces == 0 || n->parens == 0) {
        return false;
    }
    if (!rm_token_is(word, "struct") && !rm_token_is(word, "union") && !rm_token_is(word, "enum")) {
        return false;
    }
    if (!rm_token_is(n->previous, ",") && !rm_token_is(n->previous, "(")) {
        return false;
    }
    blank(n, word.at, word.at + word.text.len);
    return true;
}

static bool name_goes(normaliser *n, rm_token word) {
    const char *replacement = NULL;
    if (follows_member(n) || follows_tag(n)) {
        return false;
    }
    uint64_t hash = rm_str_hash(word.text);
    rm_word_action action = rm_annotation(&n->annotations, word.text, hash, &replacement);
    if (action == RM_ACTION_KEEP && rm_macro_is_annotation(n->macros, &n->annotations, word.text)) {
        action = RM_ACTION_BLANK_CALL;
    }
    return act(n, word, action, replacement) || exception_word(n, word) ||
           tag_among_arguments(n, word) || declaring_macro(n, word);
}

/* ---- the walk ---- */

static void count_mark(normaliser *n, rm_token mark) {
    switch (mark.text.ptr[0]) {
    case '{':
        if (n->braces == n->linkage && n->previous.kind == RM_TOKEN_STRING) {
            n->linkage++; /* extern "C" { */
        }
        n->braces++;
        n->parens = 0;
        break;
    case '}':
        n->braces -= n->braces > 0;
        n->linkage = n->linkage > n->braces ? n->braces : n->linkage;
        n->parens = 0;
        drop_tries(n);
        break;
    case '(': n->parens++; break;
    case ')': n->parens -= n->parens > 0; break;
    default: break;
    }
}

static void walk(normaliser *n) {
    for (;;) {
        rm_token token = rm_lex(&n->lexer);
        if (token.kind == RM_TOKEN_END) {
            break;
        }
        if (token.first && rm_token_is(token, "#")) {
            directive(n, token);
            continue;
        }
        if (token.kind == RM_TOKEN_NAME && name_goes(n, token)) {
            continue;
        }
        if (token.kind == RM_TOKEN_MARK) {
            count_mark(n, token);
        }
        n->previous = token;
    }
    n->braces = 0;
    drop_tries(n);
}

rm_status rm_normalise(rm_arena *arena, const rm_macros *macros, uint32_t file, rm_str *clean) {
    const rm_set_file *source = &macros->set->files.at[file];
    normaliser *n = RM_NEW(arena, normaliser);
    char *out = RM_NEW_ARRAY(arena, char, source->text.len + 1);
    if (n == NULL || out == NULL) {
        return RM_NOMEM;
    }
    if (source->text.len > 0) {
        memcpy(out, source->text.ptr, source->text.len);
    }
    *n = (normaliser){.macros = macros,
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
