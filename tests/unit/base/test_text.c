#include "support.h"

#include "base/text.h"

static rm_str safe(struct fixture *f, rm_str s) {
    rm_buf buf = {.arena = f->arena};
    rm_text_safe(&buf, s);
    return rm_buf_view(&buf);
}

static void a_terminal_gets_no_control_sequence(void **state) {
    struct fixture *f = *state;
    assert_str(safe(f, RM_STR("\x1b[2Jx\r\n\x7f")), "\\x1B[2Jx\\x0D\\x0A\\x7F");
    assert_str(safe(f, RM_STR("a\0b")), "a\\x00b");
    assert_str(safe(f, RM_STR("\xc2\x9b"
                              "1m")),
               "\\x9B1m");
}

static void bidi_overrides_are_spelled_out(void **state) {
    struct fixture *f = *state;
    static const char override[] = {'a', '\xe2', '\x80', '\xae', 'b', '\0'};
    assert_str(safe(f, rm_str_from(override)), "a\\u{202E}b");
}

static void broken_utf8_becomes_the_replacement_character(void **state) {
    struct fixture *f = *state;
    assert_str(safe(f, RM_STR("a\xff\xc0\x80z")), "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz");
    assert_str(safe(f, RM_STR("\xed\xa0\x80")), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
}

static void a_spreadsheet_gets_no_formula(void **state) {
    struct fixture *f = *state;
    static const char *const formulas[][2] = {
        {"=1+1", "\"'=1+1\""},
        {"@SUM(A1)", "\"'@SUM(A1)\""},
        {" =x", "\"' =x\""},
        {"-2", "\"'-2\""},
        {"a\"b", "\"a\"\"b\""},
        {"plain, text", "\"plain, text\""},
        {"\xef\xbc\x9d"
         "1",
         "\"'\xef\xbc\x9d"
         "1\""}, /* a full-width '=' */
    };
    for (size_t i = 0; i < sizeof formulas / sizeof formulas[0]; i++) {
        rm_buf buf = {.arena = f->arena};
        rm_text_csv(&buf, rm_str_from(formulas[i][0]));
        assert_str(rm_buf_view(&buf), formulas[i][1]);
    }
}

static void xml_text_is_escaped(void **state) {
    struct fixture *f = *state;
    rm_buf buf = {.arena = f->arena};
    rm_text_xml(&buf, RM_STR("<a href=\"x\" b='y'>&\n"));
    assert_str(rm_buf_view(&buf), "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;\\x0A");
}

static void code_span(struct fixture *f, const char *text, const char *expected) {
    rm_buf buf = {.arena = f->arena};
    rm_text_code_span(&buf, rm_str_from(text));
    assert_str(rm_buf_view(&buf), expected);
}

static void a_code_span_cannot_be_left(void **state) {
    struct fixture *f = *state;
    code_span(f, "\\Device\\X", "`\\Device\\X`");
    code_span(f, "a`b", "`` a`b ``");
    code_span(f, "``", "``` `` ```");
    code_span(f, "a|b", "`a\\|b`");
    code_span(f, "@you <b>\n#1", "`@you <b>\\x0A#1`");
    code_span(f, "", "`  `");
}

static void decodes(struct fixture *f, rm_str bytes, rm_encoding encoding, const char *text) {
    rm_encoding found = RM_ENC_BINARY;
    rm_str out = RM_STR_NONE;
    assert_int_equal(rm_text_decode(f->arena, &f->sink, RM_STR("a.inf"), bytes, &found, &out),
                     RM_OK);
    assert_int_equal(found, encoding);
    assert_str(out, text);
}

static void every_encoding_comes_out_as_utf8(void **state) {
    struct fixture *f = *state;
    decodes(f, RM_STR("caf\xc3\xa9"), RM_ENC_UTF8, "caf\xc3\xa9");
    decodes(f, RM_STR("\xef\xbb\xbfx"), RM_ENC_UTF8_BOM, "x");
    decodes(f, RM_STR("caf\xe9 \x93q\x94"), RM_ENC_WINDOWS_1252,
            "caf\xc3\xa9 \xe2\x80\x9cq\xe2\x80\x9d");
    decodes(f, RM_STR("\xff\xfe[\0V\0]\0"), RM_ENC_UTF16LE, "[V]");
    decodes(f, RM_STR("\xfe\xff\0[\0V\0]"), RM_ENC_UTF16BE, "[V]");
    decodes(f, RM_STR("[\0V\0]\0\n\0"), RM_ENC_UTF16LE, "[V]\n");
    assert_no_diag(f);
}

static void a_cut_utf16_file_is_told_with_its_place(void **state) {
    struct fixture *f = *state;
    decodes(f, RM_STR("\xff\xfe[\0\n\0V"), RM_ENC_UTF16LE, "[\n\xef\xbf\xbd");
    assert_diag(f, 2, 1, "text-damaged");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(a_terminal_gets_no_control_sequence),
        WITH_FIXTURE(bidi_overrides_are_spelled_out),
        WITH_FIXTURE(broken_utf8_becomes_the_replacement_character),
        WITH_FIXTURE(a_spreadsheet_gets_no_formula),
        WITH_FIXTURE(xml_text_is_escaped),
        WITH_FIXTURE(a_code_span_cannot_be_left),
        WITH_FIXTURE(every_encoding_comes_out_as_utf8),
        WITH_FIXTURE(a_cut_utf16_file_is_told_with_its_place),
    };
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
