#include "support.h"

#include <string.h>
#include <time.h>

#include "inf/lex.h"

/*
 * Lines of an INF, by "General syntax rules for INF files" and "INF Strings section" of the
 * Windows driver documentation.
 */

static rm_inf *lex(struct fixture *f, rm_str text) {
    rm_inf *inf = NULL;
    assert_int_equal(rm_inf_lex(f->arena, &f->sink, RM_STR("a.inf"), text, &inf), RM_OK);
    return inf;
}

#define HEAD "[Version]\nSignature=\"$Windows NT$\"\n"

/* The first line of [S]. */
static const rm_inf_line *first(rm_inf *inf) {
    rm_inf_cursor cursor = rm_inf_lines_of(rm_inf_section_named(inf, RM_STR("S")));
    return rm_inf_next(inf, &cursor);
}

static void has_fields(struct fixture *f, const char *line, const char *key, const char *a,
                       const char *b) {
    rm_buf text = {.arena = f->arena};
    rm_buf_printf(&text, HEAD "[S]\n%s\n[Strings]\nname=value\ntwo=a %%name%% b\n", line);
    rm_inf *inf = lex(f, rm_buf_view(&text));
    const rm_inf_line *read = first(inf);
    assert_non_null(read);
    assert_str(rm_inf_key(inf, read), key);
    assert_int_equal(read->count, b == NULL ? 1 : 2);
    assert_str(rm_inf_field_at(inf, read, 0), a);
    if (b != NULL) {
        assert_str(rm_inf_field_at(inf, read, 1), b);
    }
}

static void quotes_keep_blanks_and_signs(void **state) {
    struct fixture *f = *state;
    has_fields(f, "k = \" a,b;c=d \" , e", "k", " a,b;c=d ", "e");
    has_fields(f, "k=\"say \"\"hi\"\"\",\"\"", "k", "say \"hi\"", "");
    has_fields(f, "k=one\" two\"three,x", "k", "one twothree", "x");
    assert_no_diag(f);
}

static void a_comment_ends_a_line_but_not_a_quote(void **state) {
    struct fixture *f = *state;
    has_fields(f, "k=a,b ; c", "k", "a", "b");
    has_fields(f, "k=\"a;b\";c", "k", "a;b", NULL);
}

static void a_backslash_at_the_end_continues_the_line(void **state) {
    struct fixture *f = *state;
    has_fields(f, "k=a,\\\n   b", "k", "a", "b");
    has_fields(f, "k=a,\\  ; why\n   b", "k", "a", "b");
    has_fields(f, "k=C:\\x\\y,\\\\server", "k", "C:\\x\\y", "\\\\server");
}

static void strings_are_put_in_once(void **state) {
    struct fixture *f = *state;
    has_fields(f, "%name%=%NAME%x,100%%", "value", "valuex", "100%");
    has_fields(f, "k=%two%", "k", "a %name% b", NULL);
    has_fields(f, "k=%12%\\x.sys,50%", "k", "%12%\\x.sys", "50%");
    assert_no_diag(f);
}

static void an_unknown_string_stays_and_is_told(void **state) {
    struct fixture *f = *state;
    has_fields(f, "k=x,%nothing%", "k", "x", "%nothing%");
    assert_diag(f, 4, 5, "inf-string-undefined");
}

static void sections_of_one_name_are_one(void **state) {
    struct fixture *f = *state;
    rm_inf *inf = lex(f, RM_STR(HEAD "[S]\na=1\n[T]\nb=2\n[s]\nc=3\n"));
    rm_inf_cursor cursor = rm_inf_lines_of(rm_inf_section_named(inf, RM_STR("S")));
    assert_str(rm_inf_key(inf, rm_inf_next(inf, &cursor)), "a");
    assert_str(rm_inf_key(inf, rm_inf_next(inf, &cursor)), "c");
    assert_null(rm_inf_next(inf, &cursor));
    assert_int_equal(inf->distinct, 3);
}

/* English of the United States, then English, then another English, then the bare section. */
static void the_nearest_language_wins(void **state) {
    struct fixture *f = *state;
    static const char *const texts[][2] = {
        {"[Strings]\nx=bare\n[Strings.0407]\nx=german\n", "bare"},
        {"[Strings]\nx=bare\n[Strings.0809]\nx=british\n", "british"},
        {"[Strings.0809]\nx=british\n[Strings.0009]\nx=english\n[Strings]\nx=bare\n", "english"},
        {"[Strings.0009]\nx=english\n[Strings.0409]\nx=american\n", "american"},
        {"[Strings.0409]\ny=american\n[Strings]\nx=bare\n", "bare"},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        rm_buf text = {.arena = f->arena};
        rm_buf_printf(&text, HEAD "[S]\nk=%%x%%\n%s", texts[i][0]);
        rm_inf *inf = lex(f, rm_buf_view(&text));
        assert_str(rm_inf_field_at(inf, first(inf), 0), texts[i][1]);
    }
}

static void places_are_those_of_the_file(void **state) {
    struct fixture *f = *state;
    rm_inf *inf = lex(f, RM_STR(HEAD "[S]\n\n  k = a,\\\n    \"b\"\n"));
    rm_loc key = rm_inf_line_loc(inf, first(inf));
    rm_loc b = rm_inf_field_loc(inf, first(inf), 1);
    assert_int_equal(key.line, 5);
    assert_int_equal(key.column, 3);
    assert_int_equal(b.line, 6);
    assert_int_equal(b.column, 5);
}

/* ---- what Windows would not open ---- */

static void text_before_the_first_section_is_refused(void **state) {
    struct fixture *f = *state;
    rm_inf *inf = lex(f, RM_STR("; c\n hello\n" HEAD));
    assert_int_equal(inf->refusal, RM_INF_EXPECTED_SECTION);
    assert_int_equal(inf->refusal_line, 2);
    assert_diag(f, 2, 2, "inf-text-outside-section");
    assert_diag(f, 2, 1, "inf-expected-section");
}

static void a_section_without_its_bracket_is_refused(void **state) {
    struct fixture *f = *state;
    rm_inf *inf = lex(f, RM_STR(HEAD "[S\nk=v\n"));
    assert_int_equal(inf->refusal, RM_INF_BAD_SECTION_LINE);
    assert_diag(f, 3, 1, "inf-section-unterminated");
    assert_str(rm_inf_field_at(inf, first(inf), 0), "v");
}

static void a_section_name_has_at_most_255_characters(void **state) {
    struct fixture *f = *state;
    char text[400] = HEAD "[";
    size_t head = strlen(text);
    memset(text + head, 'a', 256);
    memcpy(text + head + 256, "]\n", 3);
    assert_int_equal(lex(f, rm_str_from(text))->refusal, RM_INF_SECTION_NAME_TOO_LONG);
    assert_diag(f, 3, 1, "inf-section-name-long");
}

static void an_unclosed_quote_ends_with_its_line(void **state) {
    struct fixture *f = *state;
    rm_inf *inf = lex(f, RM_STR(HEAD "[S]\nk=\"a,b\nl=c\n"));
    assert_str(rm_inf_field_at(inf, first(inf), 0), "a,b");
    assert_diag(f, 4, 3, "inf-unterminated-string");
}

static void a_file_without_signature_is_not_installed_from(void **state) {
    struct fixture *f = *state;
    assert_int_equal(lex(f, RM_STR("[S]\nk=v\n"))->refusal, RM_INF_WRONG_STYLE);
    assert_diag(f, 0, 0, "inf-no-signature");
    assert_int_equal(lex(f, RM_STR("no section"))->refusal, RM_INF_WRONG_STYLE);
    assert_diag(f, 0, 0, "inf-no-section");
}

static void nul_ends_a_line(void **state) {
    struct fixture *f = *state;
    rm_inf *inf = lex(f, RM_STR(HEAD "[S]\nk=v\0w=x\n"));
    assert_str(rm_inf_field_at(inf, first(inf), 0), "v");
    assert_diag(f, 4, 4, "inf-nul");
}

/* ---- hostile ---- */

static double seconds_of(struct fixture *f, rm_str text) {
    clock_t before = clock();
    (void)lex(f, text);
    return (double)(clock() - before) / CLOCKS_PER_SEC;
}

static rm_str repeated(struct fixture *f, const char *head, const char *text, size_t times) {
    rm_buf buf = {.arena = f->arena};
    rm_buf_text(&buf, head);
    for (size_t i = 0; i < times; i++) {
        rm_buf_text(&buf, text);
    }
    return rm_buf_view(&buf);
}

static void texts_made_to_be_slow_are_not(void **state) {
    struct fixture *f = *state;
    static const char *const pieces[] = {"\\ ",  "\"\"", "a\"b\"", "[S]\nx=y\n", "%x%", ",",
                                         "\\\n", "k=",   "[",      "\"",         "a ",  "% "};
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        rm_str text = repeated(f, HEAD "[S]\nk=", pieces[i], (1u << 20) / strlen(pieces[i]));
        assert_true(seconds_of(f, text) < 2.0);
    }
}

static void strings_that_grow_are_cut_where_windows_cuts_them(void **state) {
    struct fixture *f = *state;
    rm_buf text = {.arena = f->arena};
    rm_buf_text(&text, HEAD "[Strings]\nx=");
    for (int i = 0; i < 600; i++) {
        rm_buf_char(&text, 'a');
    }
    rm_buf_text(&text, "\n[S]\nk=%x%,");
    for (int i = 0; i < 20; i++) {
        rm_buf_text(&text, "%x%");
    }
    rm_inf *inf = lex(f, rm_buf_view(&text));
    assert_int_equal(rm_inf_field_at(inf, first(inf), 0).len, RM_INF_MAX_STRING);
    assert_int_equal(rm_inf_field_at(inf, first(inf), 1).len, RM_INF_MAX_EXPANDED);
    assert_diag(f, 4, 1, "inf-string-long");
    assert_diag(f, 6, 7, "inf-field-long");
}

static void substitution_has_a_budget(void **state) {
    struct fixture *f = *state;
    rm_buf text = {.arena = f->arena};
    rm_buf_text(&text, HEAD "[Strings]\nx=");
    for (int i = 0; i < 500; i++) {
        rm_buf_char(&text, 'a');
    }
    rm_buf_text(&text, "\n[S]\nk=");
    for (int i = 0; i < 10000; i++) {
        rm_buf_text(&text, "%x%%x%%x%%x%%x%%x%%x%%x%,");
    }
    rm_inf *inf = lex(f, rm_buf_view(&text));
    size_t total = 0;
    for (uint32_t i = 0; i < first(inf)->count; i++) {
        total += rm_inf_field_at(inf, first(inf), i).len;
    }
    assert_true(total < (size_t)4 << 20);
    bool told = false;
    for (unsigned i = 0; i < f->seen && i < 64; i++) {
        told = told || strcmp(f->diags[i].id, "inf-expansion-limit") == 0;
    }
    assert_true(told);
}

static void a_failed_allocation_is_returned(void **state) {
    struct fixture *f = *state;
    const rm_str text = RM_STR(HEAD "[S]\nk=\"a\"\"b\",%x%\\\n,c\n[Strings]\nx=y\n[S]\nl=m\n");
    rm_status st = RM_NOMEM;
    for (long n = 0; st != RM_OK; n++) {
        rm_arena *arena = rm_arena_new((size_t)1 << 20);
        rm_inf *inf = NULL;
        assert_true(n < 1000);
        rm_arena_fail_after(arena, n);
        st = rm_inf_lex(arena, NULL, RM_STR("a.inf"), text, &inf);
        assert_true(st == RM_OK || (st == RM_NOMEM && inf == NULL));
        rm_arena_free(arena);
    }
    (void)f;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(quotes_keep_blanks_and_signs),
        WITH_FIXTURE(a_comment_ends_a_line_but_not_a_quote),
        WITH_FIXTURE(a_backslash_at_the_end_continues_the_line),
        WITH_FIXTURE(strings_are_put_in_once),
        WITH_FIXTURE(an_unknown_string_stays_and_is_told),
        WITH_FIXTURE(sections_of_one_name_are_one),
        WITH_FIXTURE(the_nearest_language_wins),
        WITH_FIXTURE(places_are_those_of_the_file),
        WITH_FIXTURE(text_before_the_first_section_is_refused),
        WITH_FIXTURE(a_section_without_its_bracket_is_refused),
        WITH_FIXTURE(a_section_name_has_at_most_255_characters),
        WITH_FIXTURE(an_unclosed_quote_ends_with_its_line),
        WITH_FIXTURE(a_file_without_signature_is_not_installed_from),
        WITH_FIXTURE(nul_ends_a_line),
        WITH_FIXTURE(texts_made_to_be_slow_are_not),
        WITH_FIXTURE(strings_that_grow_are_cut_where_windows_cuts_them),
        WITH_FIXTURE(substitution_has_a_budget),
        WITH_FIXTURE(a_failed_allocation_is_returned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
