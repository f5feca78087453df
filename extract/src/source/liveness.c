#include "source/liveness.h"

static bool is_conditional(const rm_branch *b) {
    return b->kind == RM_BRANCH_IF || b->kind == RM_BRANCH_ELIF;
}

/* #if 0, #if (1): true where no name takes part, and the value in *out. */
static bool is_literal(const rm_branch *b, bool *out) {
    rm_lexer lexer = rm_lexer_of(b->condition);
    int64_t value = 0;
    for (rm_token t = rm_lex(&lexer); t.kind != RM_TOKEN_END; t = rm_lex(&lexer)) {
        if (t.kind == RM_TOKEN_NAME) {
            return false;
        }
    }
    bool known = is_conditional(b) && rm_evaluate(b->condition, RM_NAMES_ZERO, &value);
    *out = value != 0;
    return known;
}

/* Whatever is defined: which language it is read as is no matter of a build's configuration. */
static bool is_never_built(const rm_branch_list *branches, uint32_t index) {
    bool holds = false;
    size_t at = 0;
    if (is_literal(&branches->at[index], &holds) && !holds) {
        return true;
    }
    if (rm_str_find(branches->at[index].condition, RM_STR("__cplusplus"), &at)) {
        return true;
    }
    for (uint32_t i = branches->at[index].previous; i != RM_NONE; i = branches->at[i].previous) {
        bool of_language = rm_str_find(branches->at[i].condition, RM_STR("__cplusplus"), &at);
        if (of_language || (is_literal(&branches->at[i], &holds) && holds)) {
            return true;
        }
    }
    return false;
}

rm_liveness rm_liveness_at(const rm_macros *macros, uint32_t file, size_t at) {
    const rm_branch_list *branches = &macros->set->files.at[file].scan.branches;
    rm_liveness worst = RM_LIVE;
    for (uint32_t i = 0; i < branches->count && worst != RM_DEAD; i++) {
        if (rm_branch_holds(&branches->at[i], (uint32_t)at) && !rm_macros_active(macros, file, i)) {
            worst = is_never_built(branches, i) ? RM_DEAD : RM_LIVE_PERHAPS;
        }
    }
    return worst;
}

/* ---- statements ---- */

static bool is_false(rm_token t) {
    return rm_token_is(t, "false") || rm_token_is(t, "FALSE") ||
           (t.kind == RM_TOKEN_NUMBER && rm_str_eq(t.text, RM_STR("0")));
}

size_t rm_dead_statement(rm_lexer behind) {
    rm_token t = rm_lex(&behind);
    if (rm_token_is(t, "constexpr")) {
        t = rm_lex(&behind);
    }
    if (!rm_token_is(t, "(") || !is_false(rm_lex(&behind)) || !rm_token_is(rm_lex(&behind), ")")) {
        return 0;
    }
    for (t = rm_lex(&behind); t.kind != RM_TOKEN_END && !rm_token_is(t, ";"); t = rm_lex(&behind)) {
        if (rm_token_is(t, "{")) {
            (void)rm_lex_skip_group(&behind, NULL);
            return behind.at;
        }
        if (rm_token_is(t, "(")) {
            (void)rm_lex_skip_group(&behind, NULL);
        }
    }
    return behind.at;
}
