#include <string.h>

#include "source/normaliser.h"

/*
 * Structured exception handling. The grammars know __try, __except and __finally; the C headers of
 * the kit also have try, except and finally, which are written over together with blanks beside
 * them.
 */

static size_t blanks_before(const rm_normaliser *n, size_t at) {
    size_t count = 0;
    while (count < at && rm_norm_is_blank(n->out[at - count - 1])) {
        count++;
    }
    return count;
}

static size_t blanks_at(const rm_normaliser *n, size_t at) {
    size_t count = 0;
    while (at + count < n->text.len && rm_norm_is_blank(n->out[at + count])) {
        count++;
    }
    return count;
}

/* Writes `__word` over `word` and two blanks beside it. */
static void underline(rm_normaliser *n, size_t at, size_t length) {
    size_t before = blanks_before(n, at);
    size_t shift = before >= 2 ? 2 : before;
    memmove(n->out + at - shift + 2, n->out + at, length);
    memset(n->out + at - shift, '_', 2);
}

static bool has_room(const rm_normaliser *n, size_t at, size_t length) {
    return blanks_before(n, at) + blanks_at(n, at + length) >= 2;
}

static void open_try(rm_normaliser *n, rm_token word) {
    if (!rm_token_is(rm_lex_peek(&n->lexer), "{")) {
        return;
    }
    if (n->try_count < RM_MAX_TRIES) {
        n->tries[n->try_count++] =
            (rm_try_block){word.at, n->braces, has_room(n, word.at, word.text.len)};
    } else {
        rm_norm_blank(n, word.at, word.at + word.text.len);
    }
}

/* The handler of the innermost open try whose block just closed: both words are rewritten, or both
   blanked so that the blocks remain. */
static bool close_try(rm_normaliser *n, rm_token word) {
    if (n->try_count == 0 || !rm_token_is(n->previous, "}") ||
        n->tries[n->try_count - 1].depth != n->braces) {
        return false;
    }
    rm_try_block open = n->tries[--n->try_count];
    bool except = rm_token_is(word, "except");
    if (open.room && has_room(n, word.at, word.text.len)) {
        underline(n, open.at, 3);
        underline(n, word.at, word.text.len);
    } else {
        rm_norm_blank(n, open.at, open.at + 3);
        rm_norm_overwrite(n, word, except ? "if" : "");
    }
    return true;
}

bool rm_norm_exception_word(rm_normaliser *n, rm_token word) {
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
void rm_norm_drop_tries(rm_normaliser *n) {
    while (n->try_count > 0 && n->tries[n->try_count - 1].depth > n->braces) {
        rm_try_block open = n->tries[--n->try_count];
        rm_norm_blank(n, open.at, open.at + 3);
    }
}
