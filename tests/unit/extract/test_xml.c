#include "support.h"

#include <time.h>

#include "xml.h"

#define BYTES(text)                                                                                \
    { (text), sizeof(text) - 1 }

static rm_status parse(struct fixture *f, rm_str text, const rm_xml **root) {
    return rm_xml_parse(f->arena, &f->sink, RM_STR("a.xml"), text, NULL, root);
}

static const rm_xml *good(struct fixture *f, const char *text) {
    const rm_xml *root = NULL;
    assert_int_equal(parse(f, rm_str_from(text), &root), RM_OK);
    assert_no_diag(f);
    return root;
}

static void elements_and_attributes_know_their_places(void **state) {
    struct fixture *f = *state;
    const rm_xml *root = good(f, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                                 "<a xmlns=\"u:1\" xmlns:p='u:2'>\n"
                                 "  <p:b\n"
                                 "     p:x = 'a &lt; b'\n"
                                 "     xmlns:q=\"u:3\" y=\"2\" q:z=''>t<![CDATA[<u>]]>v</p:b>\n"
                                 "  <c/></a>");
    assert_str(root->name, "a");
    assert_str(root->ns, "u:1");
    assert_int_equal(root->loc.line, 2);
    assert_int_equal(root->loc.column, 1);
    const rm_xml *b = rm_xml_child(root, "b");
    assert_str(b->ns, "u:2");
    assert_int_equal(b->loc.line, 3);
    assert_int_equal(b->loc.column, 3);
    assert_str(b->text, "t<u>v");
    const rm_xml_attribute *x = rm_xml_attribute_of(b, "x");
    assert_str(x->value, "a < b");
    assert_str(x->ns, "u:2");
    assert_int_equal(x->loc.line, 4);
    assert_int_equal(x->loc.column, 13);
    const rm_xml_attribute *y = rm_xml_attribute_of(b, "y");
    assert_int_equal(y->loc.line, 5);
    assert_int_equal(y->loc.column, 23);
    assert_int_equal(rm_xml_attribute_of(b, "z")->loc.column, 31);
    assert_ptr_equal(rm_xml_next(b, "c")->parent, root);
    assert_null(rm_xml_child(root, "d"));
}

static void places_hold_in_a_long_document(void **state) {
    struct fixture *f = *state;
    rm_buf buf = {.arena = f->arena};
    const rm_xml *root = NULL;
    rm_buf_text(&buf, "<a>\n");
    for (unsigned i = 0; i < 70000; i++) {
        rm_buf_text(&buf, "  <b c=\"d\">text &amp; text</b>\n");
    }
    rm_buf_text(&buf, "</a>");
    assert_int_equal(parse(f, rm_buf_view(&buf), &root), RM_OK);
    uint32_t line = 2;
    for (const rm_xml *b = root->child; b != NULL; b = b->next, line++) {
        assert_int_equal(b->loc.line, line);
        assert_int_equal(b->loc.column, 3);
        assert_int_equal(b->attributes->loc.column, 9);
        assert_str(b->text, "text & text");
    }
    assert_int_equal(line, 70002);
}

static const struct refusal {
    rm_str text;
    uint32_t line, column;
    const char *id;
} refusals[] = {
    {BYTES("<?xml version=\"1.0\"?>\n<!DOCTYPE a [<!ENTITY x \"y\">]>\n<a>&x;</a>"), 2, 1,
     "xml-doctype"},
    {BYTES("<!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">"
           "<!ENTITY c \"&b;&b;&b;&b;&b;&b;\">]><l>&c;</l>"),
     1, 1, "xml-doctype"},
    {BYTES("<!-- <!DOCTYPE -->\n <!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>"), 2, 2,
     "xml-doctype"},
    {BYTES("<!DOCTYPE a PUBLIC \"x\" \"http://localhost:1/a.dtd\"><a/>"), 1, 1, "xml-doctype"},
    {BYTES("<a>\n&x;</a>"), 2, 4, "xml-syntax"},
    {BYTES("<a>\n <b c='1' c='2'/></a>"), 2, 16, "xml-syntax"},
    {BYTES("<a><b></a>"), 1, 11, "xml-syntax"},
    {BYTES("<a><p:b/></a>"), 1, 8, "xml-syntax"},
    {BYTES("<a/><b/>"), 1, 5, "xml-syntax"},
    {BYTES("<a x='<'/>"), 1, 7, "xml-syntax"},
    {BYTES("<a>\x01</a>"), 1, 4, "xml-syntax"},
    {BYTES("<?xml version='1.0' encoding='utf-16'?><a/>"), 1, 31, "xml-encoding"},
    {BYTES("<?xml version='1.0' encoding='utf-8'?><a>\xe9</a>"), 1, 31, "xml-encoding"},
    {BYTES("<a>\xe9</a>"), 1, 1, "xml-encoding"},
    {BYTES("<?xml version='1.0' encoding='ebcdic'?><a>\xe9</a>"), 1, 31, "xml-encoding"},
    {BYTES("<?xml version='1.0' encoding='UTF-7'?><a/>"), 1, 31, "xml-encoding"},
    {BYTES("<?xml version='1.0' encoding='utf-32'?><a/>"), 1, 31, "xml-encoding"},
    {BYTES("<?xml version='1.0' encoding='IBM037'?><a/>"), 1, 31, "xml-encoding"},
    {BYTES("\xff\xfe<\0?\0x\0m\0l\0 \0v\0=\0\"\0"
           "1\0\"\0 \0e\0n\0c\0o\0d\0i\0n\0g\0=\0\"\0u\0t\0f\0-\0"
           "8\0\"\0?\0>\0<\0a\0/\0>\0"),
     1, 23, "xml-encoding"},
};

static void every_bad_document_is_refused_with_its_place(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        void *fixture = NULL;
        const rm_xml *root = NULL;
        assert_int_equal(fixture_setup(&fixture), 0);
        assert_int_equal(parse(fixture, refusals[i].text, &root), RM_SYNTAX);
        assert_null(root);
        assert_diag(fixture, refusals[i].line, refusals[i].column, refusals[i].id);
        fixture_teardown(&fixture);
    }
}

static void an_empty_file_is_refused(void **state) {
    struct fixture *f = *state;
    const rm_xml *root = NULL;
    assert_int_equal(parse(f, RM_STR_NONE, &root), RM_SYNTAX);
    assert_diag(f, 1, 1, "xml-syntax");
}

static void encodings_that_agree_are_read(void **state) {
    struct fixture *f = *state;
    const rm_xml *root = NULL;
    static const rm_str texts[] = {
        BYTES("<?xml version='1.0' encoding='windows-1252'?><a>caf\xe9</a>"),
        BYTES("<?xml version='1.0' encoding='UTF-8'?><a>caf\xc3\xa9</a>"),
        BYTES("\xef\xbb\xbf<a>caf\xc3\xa9</a>"),
        BYTES("\xff\xfe<\0a\0>\0c\0a\0f\0\xe9\0<\0/\0a\0>\0"),
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_int_equal(parse(f, texts[i], &root), RM_OK);
        assert_str(root->text, "caf\xc3\xa9");
    }
    assert_no_diag(f);
}

static void depth_is_limited(void **state) {
    struct fixture *f = *state;
    rm_buf buf = {.arena = f->arena};
    const rm_xml *root = NULL;
    for (unsigned i = 0; i < 200; i++) {
        rm_buf_text(&buf, "<a>");
    }
    assert_int_equal(parse(f, rm_buf_view(&buf), &root), RM_SYNTAX);
    assert_diag(f, 1, 385, "xml-depth");
}

static rm_str many_attributes(rm_arena *arena, unsigned count, const char *before) {
    rm_buf text = {.arena = arena};
    rm_buf_printf(&text, "%s<a", before);
    for (unsigned i = 0; i < count; i++) {
        rm_buf_printf(&text, " a%u='=\"='", i);
    }
    rm_buf_text(&text, "/>");
    return rm_buf_view(&text);
}

/* libxml2 takes the square of their number: 300,000 were 23 seconds. */
static void attributes_of_one_element_are_limited_before_they_are_parsed(void **state) {
    struct fixture *f = *state;
    const rm_xml *root = NULL;
    clock_t start = clock();
    assert_int_equal(parse(f, many_attributes(f->arena, 300000, "<!-- <b a='1'> -->\n"), &root),
                     RM_SYNTAX);
    assert_true((clock() - start) / CLOCKS_PER_SEC < 2);
    assert_diag(f, 2, 1, "xml-limit");
}

static void as_many_attributes_as_allowed_are_read(void **state) {
    struct fixture *f = *state;
    const rm_xml *root = NULL;
    assert_int_equal(parse(f, many_attributes(f->arena, 256, "<?x <y a='?><!-- <y b='-->"), &root),
                     RM_OK);
    assert_str(rm_xml_value(root, "a255"), "=\"=");
}

static void memory_may_end_anywhere(void **state) {
    struct fixture *f = *state;
    rm_status st = RM_NOMEM;
    for (long n = 0; n < 200 && st != RM_OK; n++) {
        const rm_xml *root = NULL;
        rm_arena *arena = rm_arena_new((size_t)8 << 20);
        assert_non_null(arena);
        rm_arena_fail_after(arena, n);
        st = rm_xml_parse(arena, &f->sink, RM_STR("a"), RM_STR("<a b='c'><d>e</d><f/></a>"), NULL,
                          &root);
        assert_true(st == RM_OK || st == RM_NOMEM);
        rm_arena_free(arena);
    }
    assert_int_equal(st, RM_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(elements_and_attributes_know_their_places),
        WITH_FIXTURE(places_hold_in_a_long_document),
        WITH_FIXTURE(every_bad_document_is_refused_with_its_place),
        WITH_FIXTURE(an_empty_file_is_refused),
        WITH_FIXTURE(encodings_that_agree_are_read),
        WITH_FIXTURE(depth_is_limited),
        WITH_FIXTURE(attributes_of_one_element_are_limited_before_they_are_parsed),
        WITH_FIXTURE(as_many_attributes_as_allowed_are_read),
        WITH_FIXTURE(memory_may_end_anywhere),
    };
    return cmocka_run_group_tests_name("xml", tests, NULL, NULL);
}
