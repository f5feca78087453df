#include "support.h"

#include "base/str.h"

static void texts_compare_by_their_bytes(void **state) {
    (void)state;
    assert_true(rm_str_eq(RM_STR("a\0b"), RM_STR("a\0b")));
    assert_false(rm_str_eq(RM_STR("a\0b"), RM_STR("a\0c")));
    assert_true(rm_str_eq(RM_STR_NONE, RM_STR("")));
    assert_true(rm_str_cmp(RM_STR("a"), RM_STR("ab")) < 0);
    assert_true(rm_str_cmp(RM_STR("\xff"), RM_STR("a")) > 0);
    assert_int_equal(rm_str_cmp(RM_STR_NONE, RM_STR_NONE), 0);
    assert_true(rm_str_cmp(RM_STR("B"), RM_STR("a")) < 0);
    assert_true(rm_str_icmp(RM_STR("B"), RM_STR("a")) > 0);
}

/* Windows folds more letters than these; where that matters the caller has to. */
static void case_is_folded_in_ascii_only(void **state) {
    (void)state;
    assert_true(rm_str_ieq(RM_STR("\\Device\\Foo"), RM_STR("\\DEVICE\\fOO")));
    assert_false(rm_str_ieq(RM_STR("\xc3\xa4"), RM_STR("\xc3\x84")));
    assert_false(rm_str_ieq(RM_STR("["), RM_STR("{"))); /* 32 apart, and no letters */
    assert_true(rm_str_istarts(RM_STR("0XFF"), RM_STR("0x")));
    assert_true(rm_str_iends(RM_STR("A.INF"), RM_STR(".inf")));
    assert_false(rm_str_iends(RM_STR("inf"), RM_STR(".inf")));
    assert_true(rm_str_ihash(RM_STR("AbC")) == rm_str_ihash(RM_STR("aBc")));
    assert_false(rm_str_hash(RM_STR("AbC")) == rm_str_hash(RM_STR("aBc")));
}

/* From the authors' table of test vectors for FNV-1a, 64 bits. */
static void the_hash_is_fnv_1a(void **state) {
    (void)state;
    assert_true(rm_str_hash(RM_STR_NONE) == UINT64_C(0xcbf29ce484222325));
    assert_true(rm_str_hash(RM_STR("a")) == UINT64_C(0xaf63dc4c8601ec8c));
    assert_true(rm_str_hash(RM_STR("foobar")) == UINT64_C(0x85944171f73967e8));
}

static void a_slice_never_leaves_its_text(void **state) {
    (void)state;
    rm_str s = RM_STR("abc");
    assert_str(rm_str_slice(s, 1, 2), "b");
    assert_str(rm_str_slice(s, 1, 99), "bc");
    assert_int_equal(rm_str_slice(s, 3, 99).len, 0);
    assert_int_equal(rm_str_slice(s, 2, 1).len, 0);
    assert_int_equal(rm_str_slice(s, SIZE_MAX, SIZE_MAX).len, 0);
    assert_str(rm_str_trim(RM_STR(" \t\r\n a b\n")), "a b");
    assert_int_equal(rm_str_trim(RM_STR(" \t")).len, 0);
}

static void finding_says_where_only_when_found(void **state) {
    (void)state;
    size_t at = 77;
    assert_false(rm_str_find(RM_STR("aab"), RM_STR("abc"), &at));
    assert_false(rm_str_find_char(RM_STR_NONE, 'a', &at));
    assert_int_equal(at, 77);
    assert_true(rm_str_find(RM_STR("aaab"), RM_STR("aab"), &at));
    assert_int_equal(at, 1);
    assert_true(rm_str_find(RM_STR("a\0b"), RM_STR("\0b"), &at));
    assert_int_equal(at, 1);
    assert_true(rm_str_find(RM_STR("abc"), RM_STR_NONE, &at));
    assert_int_equal(at, 0);
}

static void numbers_are_read_as_c_writes_them(void **state) {
    (void)state;
    static const struct {
        const char *text;
        uint64_t value;
    } good[] = {
        {"0", 0},
        {"42", 42},
        {"0x22A000", 0x22A000},
        {"0XfF", 255},
        {"017", 15},
        {"18446744073709551615", UINT64_MAX},
        {"00", 0},
        {"0xffffffffffffffff", UINT64_MAX},
    };
    static const char *const bad[] = {"",
                                      "0x",
                                      "08",
                                      "1a",
                                      "-1",
                                      "+1",
                                      " 1",
                                      "1 ",
                                      "1u",
                                      "18446744073709551616",
                                      "0x10000000000000000"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        uint64_t value = 1;
        assert_true(rm_str_u64(rm_str_from(good[i].text), &value));
        assert_true(value == good[i].value);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        uint64_t value = 7;
        assert_false(rm_str_u64(rm_str_from(bad[i]), &value));
        assert_true(value == 7);
    }
}

static void paths_of_either_slash_come_apart(void **state) {
    (void)state;
    assert_str(rm_path_base(RM_STR("a/b\\c.inf")), "c.inf");
    assert_str(rm_path_base(RM_STR("c.inf")), "c.inf");
    assert_int_equal(rm_path_base(RM_STR("a/")).len, 0);
    assert_str(rm_path_stem(RM_STR("a.b/c.d.sys")), "c.d");
    assert_str(rm_path_stem(RM_STR("a/.hidden")), ".hidden");
    assert_str(rm_path_stem(RM_STR("a.b/plain")), "plain");
    assert_str(rm_path_dir(RM_STR("a/b\\c.inf")), "a/b");
    assert_int_equal(rm_path_dir(RM_STR("c.inf")).len, 0);
}

static void a_buffer_grows_and_stays_failed_once_it_failed(void **state) {
    struct fixture *f = *state;
    rm_buf buf = {.arena = f->arena};
    for (int i = 0; i < 1000; i++) {
        rm_buf_printf(&buf, "%d,", i % 10);
    }
    assert_int_equal(buf.status, RM_OK);
    assert_int_equal(rm_buf_view(&buf).len, 2000);
    assert_str(rm_str_slice(rm_buf_view(&buf), 1990, 2000), "5,6,7,8,9,");
    rm_arena_fail_after(f->arena, 0);
    for (int i = 0; i < 3000; i++) {
        rm_buf_char(&buf, 'x');
    }
    assert_int_equal(buf.status, RM_NOMEM);
    size_t len = buf.len;
    rm_arena_fail_after(f->arena, -1);
    rm_buf_text(&buf, "y");
    assert_int_equal(buf.len, len);
}

static void copies_are_terminated_and_their_own(void **state) {
    struct fixture *f = *state;
    char text[] = "abc";
    rm_str copy = RM_STR_NONE;
    assert_int_equal(rm_str_copy(f->arena, (rm_str){text, 2}, &copy), RM_OK);
    text[0] = 'X';
    assert_str(copy, "ab");
    assert_int_equal(copy.ptr[copy.len], 0);
    assert_int_equal(rm_str_printf(f->arena, &copy, "%s-%d", "n", 7), RM_OK);
    assert_str(copy, "n-7");
    rm_arena_fail_after(f->arena, 0);
    assert_int_equal(rm_str_copy(f->arena, RM_STR("z"), &copy), RM_NOMEM);
    assert_int_equal(rm_str_printf(f->arena, &copy, "z"), RM_NOMEM);
    assert_null(rm_str_dup(f->arena, RM_STR("z")));
    assert_str(copy, "n-7");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(texts_compare_by_their_bytes),
        WITH_FIXTURE(case_is_folded_in_ascii_only),
        WITH_FIXTURE(the_hash_is_fnv_1a),
        WITH_FIXTURE(a_slice_never_leaves_its_text),
        WITH_FIXTURE(finding_says_where_only_when_found),
        WITH_FIXTURE(numbers_are_read_as_c_writes_them),
        WITH_FIXTURE(paths_of_either_slash_come_apart),
        WITH_FIXTURE(a_buffer_grows_and_stays_failed_once_it_failed),
        WITH_FIXTURE(copies_are_terminated_and_their_own),
    };
    return cmocka_run_group_tests_name("str", tests, NULL, NULL);
}
