#ifndef TESTS_TRUTH_INF_H
#define TESTS_TRUTH_INF_H

#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"

/*
 * What the comparisons with ../shared/truth/inf have in common: rows of a JSON-lines file, the
 * corpus files they speak of, and bags of facts spelled as text.
 */

static inline rm_str truth_line(rm_str *rest) {
    size_t at = 0;
    rm_str line = *rest;
    if (rm_str_find_char(*rest, '\n', &at)) {
        line = rm_str_slice(*rest, 0, at);
        *rest = rm_str_slice(*rest, at + 1, rest->len);
    } else {
        *rest = RM_STR_NONE;
    }
    return line;
}

static inline rm_str truth_text(const rm_json *object, const char *key) {
    const rm_json *value = rm_json_get(object, key);
    return value == NULL || value->kind != RM_JSON_STRING ? RM_STR_NONE : value->text;
}

/* The corpus keeps owner/name as owner+name, in one of its folders. */
static inline rm_str truth_corpus_file(rm_arena *arena, rm_str repo, rm_str path) {
    static const char *const folders[] = {"permissive", "copyleft", "other"};
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        rm_buf name = {.arena = arena};
        rm_buf_printf(&name, "%s/corpus/%s/", RINGMAP_SHARED_DIR, folders[i]);
        for (size_t k = 0; k < repo.len; k++) {
            rm_buf_char(&name, repo.ptr[k] == '/' ? '+' : repo.ptr[k]);
        }
        rm_buf_char(&name, '/');
        rm_buf_str(&name, path);
        rm_buf_char(&name, '\0');
        assert_int_equal(name.status, RM_OK);
        rm_str bytes = read_file(arena, name.ptr);
        if (bytes.ptr != NULL) {
            return bytes;
        }
    }
    return RM_STR_NONE;
}

/* cJSON cannot hold a NUL: it stands as U+E000 while a row is parsed, and comes back here. */
static inline rm_str truth_replace(rm_arena *arena, rm_str text, rm_str what, rm_str with) {
    rm_buf buf = {.arena = arena};
    size_t at = 0;
    while (rm_str_find(text, what, &at)) {
        rm_buf_str(&buf, rm_str_slice(text, 0, at));
        rm_buf_str(&buf, with);
        text = rm_str_slice(text, at + what.len, text.len);
    }
    rm_buf_str(&buf, text);
    assert_int_equal(buf.status, RM_OK);
    return rm_buf_view(&buf);
}

static inline rm_str truth_with_nul(rm_arena *arena, rm_str text) {
    return truth_replace(arena, text, RM_STR("\xEE\x80\x80"), (rm_str){"", 1});
}

/* One row at a time, each with an arena of its own. */
typedef void truth_row(struct fixture *f, rm_arena *arena, const rm_json *row, void *tally);

static inline void truth_each_row(struct fixture *f, const char *file, truth_row *visit,
                                  void *tally) {
    rm_str rest = read_file(f->arena, file);
    if (rest.ptr == NULL) {
        print_message("SKIP: %s is not at hand\n", file);
        skip();
    }
    while (rest.len > 0) {
        rm_str line = truth_line(&rest);
        if (line.len > 0) {
            const rm_json *row = NULL;
            rm_arena *arena = rm_arena_new((size_t)1 << 30);
            assert_non_null(arena);
            line = truth_replace(arena, line, RM_STR("\\u0000"), RM_STR("\\uE000"));
            assert_int_equal(rm_json_parse(arena, &f->sink, RM_STR("truth"), line, &row), RM_OK);
            visit(f, arena, row, tally);
            rm_arena_free(arena);
        }
    }
}

#endif
