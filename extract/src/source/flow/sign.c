#include "source/flow/lower.h"
#include "source/lex.h"

/*
 * Is the constant that a macro stands for unsigned? A signed value beside it becomes unsigned then,
 * so that one test gives both bounds. In doubt it is signed: that only asks for a second test.
 */

enum { MAX_DEPTH = 8 };

typedef enum rm_sign { SIGN_NONE, SIGN_UNSIGNED, SIGN_SIGNED } rm_sign;

static bool has_suffix_u(rm_str number) {
    for (size_t i = number.len; i > 0; i--) {
        char c = number.ptr[i - 1];
        if (c == 'u' || c == 'U') {
            return true;
        }
        if (c != 'l' && c != 'L') {
            return false;
        }
    }
    return false;
}

static rm_sign sign_of_macro(const rm_source_unit *unit, rm_str name, unsigned depth);

/* sizeof is unsigned whatever it is given. */
static void skip_operand(rm_lexer *lexer) {
    rm_token t = rm_lex(lexer);
    if (rm_token_is(t, "(")) {
        (void)rm_lex_skip_group(lexer, NULL);
    }
}

static rm_sign sign_of_word(const rm_source_unit *unit, rm_lexer *lexer, rm_str word,
                            unsigned depth) {
    rm_type type;
    if (rm_str_eq(word, RM_STR("sizeof"))) {
        skip_operand(lexer);
        return SIGN_UNSIGNED;
    }
    if (rm_str_eq(word, RM_STR("unsigned"))) {
        rm_token next = rm_lex_peek(lexer);
        bool narrow = rm_token_is(next, "char") || rm_token_is(next, "short");
        if (next.kind == RM_TOKEN_NAME) {
            (void)rm_lex(lexer);
        }
        return narrow ? SIGN_SIGNED : SIGN_UNSIGNED;
    }
    if (rm_type_plain(word, &type)) {
        /* what is narrower than int becomes int */
        return type.pointers > 0 || type.is_signed || type.bits < 32 ? SIGN_SIGNED : SIGN_UNSIGNED;
    }
    return sign_of_macro(unit, word, depth + 1);
}

static rm_sign sign_of_macro(const rm_source_unit *unit, rm_str name, unsigned depth) {
    rm_str body;
    rm_sign found = SIGN_NONE;
    if (depth > MAX_DEPTH || !rm_unit_macro(unit, name, &body)) {
        return depth > 0 ? SIGN_SIGNED : SIGN_NONE; /* an enumerator, a type that is not known */
    }
    rm_lexer lexer = rm_lexer_of(body);
    for (rm_token t = rm_lex(&lexer); t.kind != RM_TOKEN_END; t = rm_lex(&lexer)) {
        rm_sign sign = SIGN_NONE;
        if (t.kind == RM_TOKEN_NUMBER) {
            sign = has_suffix_u(t.text) ? SIGN_UNSIGNED : SIGN_NONE;
        } else if (t.kind == RM_TOKEN_NAME) {
            sign = sign_of_word(unit, &lexer, t.text, depth);
        }
        if (sign == SIGN_SIGNED) {
            return SIGN_SIGNED;
        }
        found = sign != SIGN_NONE ? sign : found;
    }
    return found;
}

bool rm_macro_is_unsigned(const rm_source_unit *unit, rm_str name) {
    return sign_of_macro(unit, name, 0) == SIGN_UNSIGNED;
}
