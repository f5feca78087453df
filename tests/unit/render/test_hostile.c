#include "support.h"

#include <locale.h>
#include <string.h>

#include "model_fixture.h"
#include "picture_parts.h"
#include "xml_check.h"

/* Every text of a model as an attacker would write it. */
static void poison(rm_model *m, rm_str text) {
    for (uint32_t i = 0; i < m->drivers.count; i++) {
        m->drivers.at[i].name = text;
    }
    for (uint32_t i = 0; i < m->devices.count; i++) {
        m->devices.at[i].nt_name = text;
    }
    for (uint32_t i = 0; i < m->descriptors.count; i++) {
        m->descriptors.at[i].sddl = text;
    }
    for (uint32_t i = 0; i < m->doors.count; i++) {
        m->doors.at[i].name = text;
    }
    for (uint32_t i = 0; i < m->entries.count; i++) {
        m->entries.at[i].name = text;
    }
    for (uint32_t i = 0; i < m->sinks.count; i++) {
        m->sinks.at[i].api = text;
        m->sinks.at[i].class_name = text;
    }
    for (uint32_t i = 0; i < m->apps.count; i++) {
        m->apps.at[i].name = text;
        m->apps.at[i].package = text;
    }
    for (uint32_t i = 0; i < m->paths.count; i++) {
        m->paths.at[i].drivers = text;
        m->paths.at[i].boundaries = text;
    }
}

static rm_str draw(struct fixture *f, const rm_model *m, rm_picture_format format) {
    rm_str out = RM_STR_NONE;
    rm_picture_options options = {.format = format, .legend = true};
    assert_int_equal(rm_picture_draw(f->arena, &f->sink, m, &options, &out), RM_OK);
    assert_no_diag(f);
    return out;
}

static bool has(rm_str text, const char *part) {
    size_t at = 0;
    return rm_str_find(text, rm_str_from(part), &at);
}

static void check(struct fixture *f, rm_str text) {
    rm_model m;
    fixture_three_paths(&m, f->arena);
    poison(&m, text);
    rm_str svg = draw(f, &m, RM_PIC_SVG);
    const char *wrong = xml_wrong(svg);
    if (wrong != NULL) {
        fail_msg("%s with '%.*s'", wrong, RM_STR_ARG(text));
    }
    assert_false(has(svg, "\x1b"));
    assert_false(has(svg, "\xE2\x80\xAE"));
    rm_str mmd = draw(f, &m, RM_PIC_MMD);
    assert_false(has(mmd, "<b>"));
    assert_false(has(mmd, "\n  click"));
}

static void hostile_names_stay_text(void **state) {
    struct fixture *f = *state;
    static const char *const names[] = {
        "\"><script>alert(1)</script>",
        "x\" onclick=\"alert(1)",
        "</svg><b>",
        "]]>--><!--",
        "&amp;&lt;&bogus;&#0;",
        "\\N\\G\\L\\E\\T\\H\\l\\n\\",
        "\\\\.\\GLOBALROOT\\Device\\X",
        "</TD></TR></TABLE>>];}",
        "<TABLE><TR><TD COLSPAN=\"65000\" ROWSPAN=\"65000\">",
        "a\x1b[2J\r\n\tb\x7f",
        "\xE2\x80\xAEtxt.exe\xE2\x80\xAC",
        "caf\xE9 \xFF\xFE\xC0\x80",
        "\xEF\xBF\xBF\xEF\xBF\xBE",
        "\xF0\x9F\x92\xA3\xCC\x81\xCC\x81\xCC\x81\xCC\x81",
        "\"]; end; click x href \"javascript:alert(1)\"",
        "",
        " ",
        "%s%n%x",
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        check(f, rm_str_from(names[i]));
    }
    check(f, RM_STR("a\0b"));
}

static void a_megabyte_of_text_is_cut(void **state) {
    struct fixture *f = *state;
    size_t size = (size_t)1 << 20;
    char *text = rm_arena_alloc(f->arena, size, 1);
    assert_non_null(text);
    memset(text, 'A', size);
    check(f, (rm_str){text, size});
    memset(text, ' ', size);
    check(f, (rm_str){text, size});
    memset(text, '\\', size);
    check(f, (rm_str){text, size});
}

/* Nothing of an input may reach an attribute that Graphviz leaves unescaped. */
static void no_input_text_outside_of_labels(void **state) {
    struct fixture *f = *state;
    rm_model m;
    fixture_three_paths(&m, f->arena);
    poison(&m, RM_STR("Zz9Marker"));
    rm_str dot = draw(f, &m, RM_PIC_DOT);
    assert_false(has(dot, "concentrate"));
    assert_false(has(dot, "URL"));
    assert_false(has(dot, "HREF"));
    assert_false(has(dot, "href"));
    size_t at = 0;
    for (rm_str rest = dot; rm_str_find(rest, RM_STR("Zz9Marker"), &at);) {
        rest = rm_str_slice(rest, at + sizeof "Zz9Marker" - 1, rest.len);
        /* In an HTML label a tag or a blank follows a text, in an attribute a quote. */
        assert_true(rest.ptr[0] != '"');
    }
}

static void the_locale_changes_no_byte(void **state) {
    struct fixture *f = *state;
    static const char *const locales[] = {"C", "C.UTF-8", "de_DE.UTF-8", "tr_TR.UTF-8"};
    rm_model m;
    fixture_three_paths(&m, f->arena);
    rm_str first = draw(f, &m, RM_PIC_SVG);
    for (size_t i = 0; i < sizeof locales / sizeof locales[0]; i++) {
        if (setlocale(LC_ALL, locales[i]) != NULL) {
            assert_true(rm_str_eq(draw(f, &m, RM_PIC_SVG), first));
        }
    }
    (void)setlocale(LC_ALL, "C");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(hostile_names_stay_text),
        WITH_FIXTURE(a_megabyte_of_text_is_cut),
        WITH_FIXTURE(no_input_text_outside_of_labels),
        WITH_FIXTURE(the_locale_changes_no_byte),
    };
    return cmocka_run_group_tests_name("hostile", tests, NULL, NULL);
}
