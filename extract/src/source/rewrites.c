#include <string.h>

#include "source/normaliser.h"

/* Forms that neither grammar reads, most of them macros of the kit or of the driver. */

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

static bool begins_item(const rm_normaliser *n) {
    return n->previous.kind == RM_TOKEN_END || rm_token_is(n->previous, ";") ||
           rm_token_is(n->previous, "}") || rm_token_is(n->previous, "{");
}

/* MACRO(…) between declarations, without a semicolon: it declares something we need not see. */
static bool declaring_macro(rm_normaliser *n, rm_token word) {
    if (n->function > 0 || n->parens > 0 || !word.first || !begins_item(n) ||
        !is_upper_name(word.text)) {
        return false;
    }
    rm_lexer before = n->lexer;
    if (!rm_norm_skip_call(n)) {
        return false;
    }
    rm_token next = rm_lex_peek(&n->lexer);
    if (next.kind == RM_TOKEN_END ||
        (next.first &&
         (next.kind == RM_TOKEN_NAME || rm_token_is(next, "#") || rm_token_is(next, "}")))) {
        rm_norm_blank(n, word.at, n->lexer.at);
        return true;
    }
    n->lexer = before;
    return false;
}

/* FIELD_OFFSET(struct X, f): a type among arguments, which no grammar takes for one. */
static bool tag_among_arguments(rm_normaliser *n, rm_token word) {
    if (n->braces == 0 || n->parens == 0) {
        return false;
    }
    if (!rm_token_is(word, "struct") && !rm_token_is(word, "union") && !rm_token_is(word, "enum")) {
        return false;
    }
    if (!rm_token_is(n->previous, ",") && !rm_token_is(n->previous, "(")) {
        return false;
    }
    rm_norm_blank(n, word.at, word.at + word.text.len);
    return true;
}

/* ---- statements by macro ---- */

static bool is_keyword(rm_token word) {
    static const char *const keywords[] = {
        "if",   "while", "for",    "switch", "return",    "sizeof",    "catch",
        "do",   "else",  "case",   "try",    "__except",  "__finally", "__try",
        "goto", "new",   "delete", "throw",  "constexpr", "except"};
    for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++) {
        if (rm_token_is(word, keywords[i])) {
            return true;
        }
    }
    return false;
}

/* Where a ';' can go behind a closing parenthesis: over a blank on either side of it. */
static bool put_semicolon(rm_normaliser *n, size_t after) {
    if (after < n->text.len && (rm_norm_is_blank(n->out[after]) || n->out[after] == '\r')) {
        n->out[after] = ';';
        return true;
    }
    if (after >= 2 && rm_norm_is_blank(n->out[after - 2])) {
        n->out[after - 2] = ')';
        n->out[after - 1] = ';';
        return true;
    }
    return false;
}

/*
 * MACRO(…) as a statement: without its semicolon one is put behind it; before a block it is a loop;
 * before a name it is a type with arguments.
 */
static bool statement_macro(rm_normaliser *n, rm_token word) {
    if (n->function == 0 || n->parens > 0 || !word.first || is_keyword(word)) {
        return false;
    }
    if (!begins_item(n) && !rm_token_is(n->previous, ")") && !rm_token_is(n->previous, ":")) {
        return false;
    }
    rm_lexer before = n->lexer;
    if (!rm_norm_skip_call(n)) {
        return false;
    }
    size_t open = before.at;
    size_t after = n->lexer.at;
    rm_token next = rm_lex_peek(&n->lexer);
    n->lexer = before;
    if (rm_token_is(next, "{") && word.text.len >= 5 && !n->is_cpp) {
        rm_norm_overwrite(n, word, "while");
        n->previous = word;
        return true;
    }
    if (next.first && (next.kind == RM_TOKEN_NAME || rm_token_is(next, "}"))) {
        (void)put_semicolon(n, after);
    } else if (!next.first && next.kind == RM_TOKEN_NAME && is_upper_name(word.text)) {
        rm_norm_blank(n, open, after);
        n->lexer.at = after;
        n->previous = word;
        return true;
    }
    return false;
}

/* delete [] (T)p: the brackets read as a lambda's. */
static bool delete_array(rm_normaliser *n, rm_token word) {
    if (!n->is_cpp || !rm_token_is(word, "delete")) {
        return false;
    }
    rm_lexer ahead = n->lexer;
    if (rm_token_is(rm_lex(&ahead), "[") && rm_token_is(rm_lex(&ahead), "]")) {
        rm_norm_blank(n, n->lexer.at, ahead.at);
        n->lexer.at = ahead.at;
    }
    return false;
}

/* offsetof(T, a.b[0]) is more than the grammar's own expression takes: it becomes a plain call. */
static bool offset_of(rm_normaliser *n, rm_token word) {
    if (rm_token_is(word, "offsetof")) {
        n->out[word.at + 6] = '_';
    }
    return false;
}

/* enum : ULONG { … }: the base of an unnamed enumeration goes. */
static bool unnamed_enum(rm_normaliser *n, rm_token word) {
    if (!rm_token_is(word, "enum")) {
        return false;
    }
    rm_lexer ahead = n->lexer;
    if (!rm_token_is(rm_lex(&ahead), ":")) {
        return false;
    }
    rm_token type = rm_lex(&ahead);
    if (type.kind == RM_TOKEN_NAME && rm_token_is(rm_lex_peek(&ahead), "{")) {
        rm_norm_blank(n, n->lexer.at, ahead.at);
        n->lexer.at = ahead.at;
    }
    return false;
}

/* class C { void C::f(); }: a scope that only Microsoft's compilers take within the class. */
static bool scope_in_class(rm_normaliser *n, rm_token word) {
    if (!n->is_cpp || n->function > 0 || n->parens > 0 || n->braces <= n->linkage) {
        return false;
    }
    rm_lexer ahead = n->lexer;
    if (!rm_token_is(rm_lex(&ahead), "::")) {
        return false;
    }
    size_t end = ahead.at;
    if (rm_lex(&ahead).kind != RM_TOKEN_NAME || !rm_token_is(rm_lex_peek(&ahead), "(")) {
        return false;
    }
    rm_norm_blank(n, word.at, end);
    n->lexer.at = end;
    return true;
}

/* Two macros for strings side by side become one name, whose text in the file is still both. */
static bool joined_names(rm_normaliser *n, rm_token word) {
    size_t end = word.at + word.text.len;
    if (n->parens == 0 || !is_upper_name(word.text)) {
        return false;
    }
    rm_token next = rm_lex_peek(&n->lexer);
    if (next.kind != RM_TOKEN_NAME || next.first || next.at != end + 1 ||
        !is_upper_name(next.text)) {
        return false;
    }
    rm_scope scope = {n->file, (uint32_t)word.at};
    const rm_macro *macro = rm_macros_find(n->macros, scope, word.text);
    size_t quote = 0;
    if (macro == NULL || macro->kind != RM_MACRO_OBJECT ||
        !rm_str_find_char(macro->body, '"', &quote)) {
        return false;
    }
    n->out[end] = '_';
    n->lexer.at = next.at + next.text.len;
    n->previous = next;
    return true;
}

bool rm_norm_rewrite_name(rm_normaliser *n, rm_token word) {
    return offset_of(n, word) || unnamed_enum(n, word) || scope_in_class(n, word) ||
           joined_names(n, word) || delete_array(n, word) || tag_among_arguments(n, word) ||
           declaring_macro(n, word) || statement_macro(n, word);
}

/* ---- numbers and marks ---- */

/* 1UI64 and 1I64 become 1ULL and 1LL. */
void rm_norm_rewrite_number(rm_normaliser *n, rm_token number) {
    static const char *const suffixes[][2] = {{"ui64", "ULL "}, {"i64", "LL "}};
    for (size_t i = 0; i < 2; i++) {
        size_t length = strlen(suffixes[i][0]);
        if (rm_str_iends(number.text, rm_str_from(suffixes[i][0]))) {
            memcpy(n->out + number.at + number.text.len - length, suffixes[i][1], length);
            return;
        }
    }
}

/* An unnamed bit field gets a name where there is room: `unsigned : 3` reads as
   `unsigned _:3`. */
static void name_bit_field(rm_normaliser *n, rm_token colon) {
    bool after_type = n->previous.kind == RM_TOKEN_NAME && (rm_token_is(n->before_previous, ";") ||
                                                            rm_token_is(n->before_previous, "{"));
    if (n->function > 0 || n->braces == 0 || n->parens > 0 || !after_type || colon.at < 1 ||
        rm_lex_peek(&n->lexer).kind != RM_TOKEN_NUMBER || !colon.blank_before) {
        return;
    }
    if (colon.at - 1 > n->previous.at + n->previous.text.len &&
        rm_norm_is_blank(n->out[colon.at - 1])) {
        n->out[colon.at - 1] = '_';
    } else if (rm_norm_is_blank(n->out[colon.at + 1])) {
        n->out[colon.at] = '_';
        n->out[colon.at + 1] = ':';
    }
}

void rm_norm_rewrite_mark(rm_normaliser *n, rm_token mark) {
    if (rm_token_is(mark, "->*")) {
        n->out[mark.at + 2] = ' ';
    } else if (rm_token_is(mark, ":")) {
        name_bit_field(n, mark);
    } else if (n->is_cpp && rm_token_is(mark, "*") && n->previous.kind == RM_TOKEN_NAME &&
               rm_token_is(n->before_previous, ")") && rm_token_is(rm_lex_peek(&n->lexer), "[")) {
        n->out[mark.at] = ' '; /* new (pool) T *[n] */
    }
}
