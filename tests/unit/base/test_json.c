#include "support.h"

#include <string.h>

#include "base/json.h"
#include "json_scan.h"

/* With nothing behind the text, so that a sanitizer sees a read past its end. */
static rm_status parse(struct fixture *f, rm_str text, const rm_json **out) {
    char *bare = RM_NEW_ARRAY(f->arena, char, text.len);
    assert_non_null(bare);
    memcpy(bare, text.ptr, text.len);
    return rm_json_parse(f->arena, &f->sink, RM_STR("a.ringmap.json"), (rm_str){bare, text.len},
                         out);
}

static const rm_json *parsed(struct fixture *f, const char *text) {
    const rm_json *root = NULL;
    assert_int_equal(parse(f, rm_str_from(text), &root), RM_OK);
    assert_non_null(root);
    assert_no_diag(f);
    return root;
}

static void refused(struct fixture *f, rm_str text, uint32_t line, uint32_t column,
                    const char *id) {
    const rm_json *root = NULL;
    assert_int_equal(parse(f, text, &root), RM_SYNTAX);
    assert_null(root);
    assert_diag(f, line, column, id);
    assert_int_equal(f->seen, 1);
    f->seen = 0;
}

static void assert_place(rm_loc loc, uint32_t line, uint32_t column) {
    assert_str(loc.file, "a.ringmap.json");
    assert_int_equal(loc.line, line);
    assert_int_equal(loc.column, column);
}

static void every_kind_of_value_is_read(void **state) {
    const rm_json *root = parsed(
        *state, "{\"n\":null,\"t\":true,\"f\":false,\"i\":7,\"s\":\"x\",\"a\":[1,[]],\"o\":{}}");
    assert_int_equal(root->kind, RM_JSON_OBJECT);
    assert_int_equal(root->children, 7);
    assert_int_equal(rm_json_get(root, "n")->kind, RM_JSON_NULL);
    assert_true(rm_json_get(root, "t")->is_true);
    assert_int_equal(rm_json_get(root, "f")->kind, RM_JSON_BOOL);
    assert_false(rm_json_get(root, "f")->is_true);
    assert_int_equal(rm_json_get(root, "i")->integer, 7);
    assert_str(rm_json_get(root, "s")->text, "x");
    assert_int_equal(rm_json_get(root, "a")->children, 2);
    assert_int_equal(rm_json_get(root, "a")->child->next->kind, RM_JSON_ARRAY);
    assert_int_equal(rm_json_get(root, "o")->children, 0);
    assert_null(rm_json_get(root, "T"));
    assert_null(rm_json_get(rm_json_get(root, "a"), "n"));
    assert_null(rm_json_get(NULL, "n"));
}

static void every_value_and_key_knows_its_place(void **state) {
    const rm_json *root =
        parsed(*state, " {\"a\" : [10,\r\n\t\"\xc3\xa9\", {\"b\"\n:\n  null}]}\n");
    assert_place(root->loc, 1, 2);
    const rm_json *a = rm_json_get(root, "a");
    assert_place(a->key_loc, 1, 3);
    assert_place(a->loc, 1, 9);
    const rm_json *ten = a->child;
    assert_place(ten->loc, 1, 10);
    assert_place(ten->next->loc, 2, 2);
    const rm_json *object = ten->next->next;
    assert_place(object->loc, 2, 8); /* the column counts bytes of UTF-8 */
    assert_place(object->child->key_loc, 2, 9);
    assert_place(object->child->loc, 4, 3);
}

static void escapes_are_decoded(void **state) {
    const rm_json *root =
        parsed(*state, "{\"\\u0041\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\uDE00\"}");
    assert_str(root->child->key, "A");
    assert_str(root->child->text, "\"\\/\b\f\n\r\t\xc3\xa9\xf0\x9f\x98\x80");
}

static void integers_are_exact(void **state) {
    static const struct {
        const char *text;
        bool whole;
        int64_t value;
    } cases[] = {
        {"0", true, 0},
        {"-0", true, 0},
        {"2147483648", true, 2147483648},
        {"9007199254740993", true, 9007199254740993}, /* 2^53 + 1: no double is */
        {"9223372036854775807", true, INT64_MAX},
        {"9223372036854775808", false, 0},
        {"-9223372036854775808", true, INT64_MIN},
        {"-9223372036854775809", false, 0},
        {"99999999999999999999999999", false, 0},
        {"1.0", true, 1},
        {"1e3", true, 1000},
        {"-2.5E+1", true, -25},
        {"2.5", false, 0},
        {"1e400", false, 0},
        {"1e-400", true, 0}, /* rounds to zero */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const rm_json *n = parsed(*state, cases[i].text);
        assert_int_equal(n->kind, RM_JSON_NUMBER);
        assert_str(n->text, cases[i].text);
        assert_int_equal(n->is_integer, cases[i].whole);
        assert_int_equal(n->integer, cases[i].value);
    }
}

/* RFC 8259, section 8.1: a parser may ignore it. */
static void a_byte_order_mark_is_no_part_of_the_text(void **state) {
    struct fixture *f = *state;
    const rm_json *value = NULL;
    assert_int_equal(rm_json_parse(f->arena, &f->sink, RM_STR("a.json"),
                                   RM_STR("\xef\xbb\xbf{\"a\": 1}"), &value),
                     RM_OK);
    assert_no_diag(f);
    assert_int_equal(rm_json_get(value, "a")->loc.column, 7);
}

static void what_is_no_json_is_refused_at_its_place(void **state) {
    static const struct {
        const char *text;
        uint32_t line, column;
    } cases[] = {
        {"", 1, 1},
        {" \n ", 2, 2},
        {"[1, 2", 1, 6},
        {"[1 2]", 1, 4},
        {"[1,]", 1, 4},
        {"{\"a\":1,}", 1, 8},
        {"{a:1}", 1, 2},
        {"{'a':1}", 1, 2},
        {"{\"a\" 1}", 1, 6},
        {"{\"a\":}", 1, 6},
        {"{\"a\":1\n\"b\":2}", 2, 1},
        {"[1] x", 1, 5},
        {"{}{}", 1, 3},
        {"// no\n1", 1, 1},
        {" \xef\xbb\xbf{}", 1, 2}, /* a mark of the encoding is one at the very start alone */
        {"\xef\xbb\xbf\xef\xbb\xbf{}", 1, 1},
        {"[01]", 1, 3},
        {"[0x10]", 1, 3},
        {"[+1]", 1, 2},
        {"[.5]", 1, 2},
        {"[1.]", 1, 4},
        {"[1e]", 1, 4},
        {"[-]", 1, 3},
        {"[NaN]", 1, 2},
        {"[True]", 1, 2},
        {"[truely]", 1, 2},
        {"[\"open", 1, 2},
        {"[\"a\nb\"]", 1, 4},
        {"[\"a\tb\"]", 1, 4},
        {"[\"\\x41\"]", 1, 4},
        {"[\"\\u12G4\"]", 1, 7},
        {"[\"\\ud83d\"]", 1, 9},
        {"[\"\\ud83d\\u0041\"]", 1, 15},
        {"[\"\\ude00\"]", 1, 9},
        {"[\"a\\u0000b\"]", 1, 10},
        {"[\"a\xff\"]", 1, 4},
        {"[\"\xed\xa0\x80\"]", 1, 3},
        {"[1234567890123456789012345678901234567890123456789012345678901234]", 1, 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        refused(*state, rm_str_from(cases[i].text), cases[i].line, cases[i].column, "json-syntax");
    }
}

static void a_nul_byte_ends_nothing(void **state) {
    refused(*state, RM_STR("[1]\0"), 1, 4, "json-syntax");
    refused(*state, RM_STR("[\"a\0b\"]"), 1, 4, "json-syntax");
    refused(*state, RM_STR("[\0]"), 1, 2, "json-syntax");
}

static void a_key_that_occurs_twice_is_refused_at_the_second(void **state) {
    refused(*state, RM_STR("{\"a\":1,\n \"b\":2, \"a\":3}"), 2, 9, "json-duplicate-key");
    refused(*state, RM_STR("[{\"a\":1,\"\\u0061\":3}]"), 1, 9, "json-duplicate-key");
    struct fixture *f = *state;
    const rm_json *root = parsed(f, "{\"a\":{\"a\":1},\"A\":{\"a\":2}}");
    assert_int_equal(root->children, 2);
}

static void each_repetition_of_a_key_is_told(void **state) {
    struct fixture *f = *state;
    const rm_json *root = NULL;
    assert_int_equal(parse(f, RM_STR("{\"a\":1,\"a\":2,\"a\":3}"), &root), RM_SYNTAX);
    assert_diag(f, 1, 8, "json-duplicate-key");
    assert_diag(f, 1, 14, "json-duplicate-key");
    assert_int_equal(f->seen, 2);
}

static rm_str nested_arrays(struct fixture *f, unsigned depth) {
    rm_buf buf = {.arena = f->arena};
    for (unsigned i = 0; i < depth; i++) {
        rm_buf_char(&buf, '[');
    }
    for (unsigned i = 0; i < depth; i++) {
        rm_buf_char(&buf, ']');
    }
    return rm_buf_view(&buf);
}

static void nesting_has_a_limit(void **state) {
    struct fixture *f = *state;
    const rm_json *root = NULL;
    assert_int_equal(parse(f, nested_arrays(f, RM_JSON_MAX_DEPTH), &root), RM_OK);
    refused(f, nested_arrays(f, RM_JSON_MAX_DEPTH + 1), 1, RM_JSON_MAX_DEPTH + 1, "json-depth");
    refused(f, nested_arrays(f, 1000000), 1, RM_JSON_MAX_DEPTH + 1, "json-depth");
}

static void the_number_of_values_has_a_limit(void **state) {
    struct fixture *f = *state;
    const rm_json *root = NULL;
    rm_buf buf = {.arena = f->arena};
    rm_buf_char(&buf, '[');
    for (unsigned i = 0; i < RM_JSON_MAX_VALUES; i++) {
        rm_buf_text(&buf, "0,");
    }
    rm_buf_text(&buf, "0]");
    assert_int_equal(parse(f, rm_buf_view(&buf), &root), RM_LIMIT);
    assert_null(root);
    assert_diag(f, 1, 2 * RM_JSON_MAX_VALUES, "json-limit");
}

static void memory_that_runs_out_leaves_nothing_half_done(void **state) {
    (void)state;
    for (long n = 0;; n++) {
        rm_arena *arena = rm_arena_new(1u << 20);
        const rm_json *root = NULL;
        rm_arena_fail_after(arena, n);
        rm_status st = rm_json_parse(arena, NULL, RM_STR("a"),
                                     RM_STR("{\"a\":[1,\"x\",{\"b\":2.5,\"c\":null}]}"), &root);
        assert_true(st == RM_OK || st == RM_NOMEM);
        assert_int_equal(st == RM_OK, root != NULL);
        rm_arena_free(arena);
        if (st == RM_OK) {
            assert_true(n > 5);
            return;
        }
    }
}

static void each_kind_has_a_name_for_messages(void **state) {
    (void)state;
    assert_string_equal(rm_json_kind_name(RM_JSON_OBJECT), "an object");
    assert_string_equal(rm_json_kind_name(RM_JSON_BOOL), "true or false");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(every_kind_of_value_is_read),
        WITH_FIXTURE(every_value_and_key_knows_its_place),
        WITH_FIXTURE(escapes_are_decoded),
        WITH_FIXTURE(integers_are_exact),
        WITH_FIXTURE(a_byte_order_mark_is_no_part_of_the_text),
        WITH_FIXTURE(what_is_no_json_is_refused_at_its_place),
        WITH_FIXTURE(a_nul_byte_ends_nothing),
        WITH_FIXTURE(a_key_that_occurs_twice_is_refused_at_the_second),
        WITH_FIXTURE(each_repetition_of_a_key_is_told),
        WITH_FIXTURE(nesting_has_a_limit),
        WITH_FIXTURE(the_number_of_values_has_a_limit),
        WITH_FIXTURE(memory_that_runs_out_leaves_nothing_half_done),
        WITH_FIXTURE(each_kind_has_a_name_for_messages),
    };
    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
