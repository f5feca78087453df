#include <string.h>

#include "support.h"

#include "label.h"
#include "palette.h"

static rm_str html(struct fixture *f, rm_str text) {
    rm_buf buf = {.arena = f->arena};
    rm_label_html(&buf, text, 40);
    assert_int_equal(buf.status, RM_OK);
    return rm_buf_view(&buf);
}

static rm_str mermaid(struct fixture *f, rm_str text) {
    rm_buf buf = {.arena = f->arena};
    rm_label_mermaid(&buf, text, 40);
    return rm_buf_view(&buf);
}

static rm_str slug(struct fixture *f, rm_str text) {
    rm_buf buf = {.arena = f->arena};
    rm_label_slug(&buf, text);
    return rm_buf_view(&buf);
}

static void markup_in_a_label_is_text(void **state) {
    struct fixture *f = *state;
    assert_str(html(f, RM_STR("<b>\"a\" & 'b'</b>")),
               "&lt;b&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/b&gt;");
    assert_str(mermaid(f, RM_STR("a\"]; end `x` #1")), "a#34;#93;#59; end #96;x#96; #35;1");
}

/* Graphviz expands \N, \G, \L, \l … and eats every other backslash. */
static void every_backslash_is_doubled(void **state) {
    struct fixture *f = *state;
    assert_str(html(f, RM_STR("\\Device\\Null\\")), "\\\\Device\\\\Null\\\\");
    assert_str(mermaid(f, RM_STR("\\Device")), "#92;Device");
}

static void controls_and_bidi_are_spelled_out(void **state) {
    struct fixture *f = *state;
    assert_str(html(f, RM_STR("a\x1b[1m\n\x00z")), "a\\\\x1B[1m\\\\x0A\\\\x00z");
    assert_str(html(f, RM_STR("\xe2\x80\xaeZ\xef\xbf\xbf\xff")),
               "\\\\u{202E}Z\\\\u{FFFF}\xef\xbf\xbd");
}

static void a_long_text_is_cut_on_a_whole_character(void **state) {
    struct fixture *f = *state;
    rm_buf long_text = {.arena = f->arena};
    for (unsigned i = 0; i < 1u << 19; i++) {
        rm_buf_text(&long_text, "\xC3\xA9");
    }
    rm_str cut = html(f, rm_buf_view(&long_text));
    assert_int_equal(cut.len, 40 * 2 + 3);
    assert_true(rm_str_eq(rm_str_slice(cut, 78, 83), RM_STR("\xC3\xA9\xE2\x80\xA6")));
}

/* Two names of one family stay apart; whole characters are kept on both sides. */
static void a_name_is_cut_in_the_middle(void **state) {
    struct fixture *f = *state;
    static const struct {
        const char *name, *label;
    } cases[] = {
        {"SHORT_NAME", "SHORT_NAME"},
        {"123456789012", "123456789012"},
        {"IOCTL_FREE_OBJECT_POOL_NX", "IOCTL_FR\xE2\x80\xA6L_NX"},
        {"IOCTL_FREE_OBJECT_POOL", "IOCTL_FR\xE2\x80\xA6POOL"},
        {"aaaaaaaaaaaa\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9",
         "aaaaaaaa\xE2\x80\xA6\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rm_buf buf = {.arena = f->arena};
        rm_label_html_name(&buf, rm_str_from(cases[i].name), 12);
        assert_true(rm_str_eq(rm_buf_view(&buf), rm_str_from(cases[i].label)));
    }
    char bytes[1000]; /* that only go on, and no beginning */
    memset(bytes, 0x80, sizeof bytes);
    rm_buf broken = {.arena = f->arena};
    rm_label_html_name(&broken, (rm_str){bytes, sizeof bytes}, 12);
    assert_int_equal(broken.status, RM_OK);
    assert_in_range(broken.len, 12, 400);
}

static void a_slug_is_an_id(void **state) {
    struct fixture *f = *state;
    assert_str(slug(f, RM_STR("Driver_1.sys")), "driver-1-sys");
    assert_str(slug(f, RM_STR("\\Device\\Foo")), "device-foo");
    static const char *const hostile[] = {"\" onload=\"x", "<svg>", "", "\xff\xfe",
                                          "\xc3\xa9t\xc3\xa9"};
    for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
        rm_str id = slug(f, rm_str_from(hostile[i]));
        assert_true(id.len > 0 && id.len <= 48);
        for (size_t c = 0; c < id.len; c++) {
            assert_true((id.ptr[c] >= 'a' && id.ptr[c] <= 'z') ||
                        (id.ptr[c] >= '0' && id.ptr[c] <= '9') || id.ptr[c] == '-');
        }
    }
}

static void texts_that_differ_have_slugs_that_differ(void **state) {
    struct fixture *f = *state;
    assert_false(rm_str_eq(slug(f, RM_STR("a<b")), slug(f, RM_STR("a>b"))));
    assert_false(rm_str_eq(slug(f, RM_STR("0123456789012345678901234567890123456789a")),
                           slug(f, RM_STR("0123456789012345678901234567890123456789b"))));
}

static rm_str markdown(struct fixture *f, const char *text) {
    rm_buf out = {.arena = f->arena};
    rm_label_markdown(&out, rm_str_from(text), 200);
    assert_int_equal(out.status, RM_OK);
    return rm_buf_view(&out);
}

/* CommonMark 2.4 and 2.5, GFM 4.10 (cells) and 6.9 (autolinks), and what hosts add to them. */
static void markdown_is_text(void **state) {
    struct fixture *f = *state;
    assert_str(markdown(f, "drivers/a.c:42: MSR"), "drivers/a.c:42: MSR");
    assert_str(markdown(f, "<b>&amp;"), "&#60;b&#62;&#38;amp;");
    assert_str(markdown(f, "[a](b) `c` *d* __e__ #1"),
               "\\[a\\](b) \\`c\\` \\*d\\* \\_\\_e\\_\\_ \\#1");
    assert_str(markdown(f, "a | b"), "a &#124; b");
    assert_str(markdown(f, "a\nb"), "a\\\\x0Ab");
    assert_str(markdown(f, "http://x www.x @me :x:"), "http&#58;//x www&#46;x &#64;me &#58;x:");
    assert_str(markdown(f, "{{x}} {%x%} {x}"), "&#123;\\{x\\}\\} &#123;%x%\\} \\{x\\}");
}

/* The dark theme replaces colours by value: two meanings may not share a light one. */
static void no_two_colours_share_a_value(void **state) {
    (void)state;
    for (unsigned i = 0; i < RM_COLOUR_COUNT; i++) {
        for (unsigned j = 0; j < i; j++) {
            assert_string_not_equal(rm_colour_text((rm_colour)i, 0),
                                    rm_colour_text((rm_colour)j, 0));
        }
    }
}

static double channel(const char *colour, unsigned at) {
    static const char digits[] = "0123456789abcdef";
    unsigned value = 0;
    for (unsigned i = 0; i < 2; i++) {
        for (unsigned d = 0; d < 16; d++) {
            value = digits[d] == colour[1 + 2 * at + i] ? value * 16 + d : value;
        }
    }
    /* sRGB to linear: the cubic that stays within 0.001 of the standard's curve */
    double c = value / 255.0;
    return c * (c * (c * 0.305306011 + 0.682171111) + 0.012522878);
}

/* Contrast as in WCAG 2.1, relative luminance of the two colours. */
static double contrast(const char *a, const char *b) {
    double la = 0.2126 * channel(a, 0) + 0.7152 * channel(a, 1) + 0.0722 * channel(a, 2) + 0.05;
    double lb = 0.2126 * channel(b, 0) + 0.7152 * channel(b, 1) + 0.0722 * channel(b, 2) + 0.05;
    return la > lb ? la / lb : lb / la;
}

static void text_can_be_read_on_what_it_stands_on(void **state) {
    (void)state;
    static const rm_colour pairs[][2] = {
        {RM_COLOUR_INK, RM_COLOUR_PAGE},
        {RM_COLOUR_INK, RM_COLOUR_HEAD},
        {RM_COLOUR_INK, RM_COLOUR_SINK},
        {RM_COLOUR_INK, RM_COLOUR_UNVALIDATED_TINT},
        {RM_COLOUR_INK, RM_COLOUR_UNKNOWN_TINT},
        {RM_COLOUR_INK, RM_COLOUR_PARTIAL_TINT},
        {RM_COLOUR_MUTED, RM_COLOUR_CARD},
        {RM_COLOUR_MUTED, RM_COLOUR_UNVALIDATED_TINT},
        {RM_COLOUR_ZONE_LINE, RM_COLOUR_ZONE_FILL},
        {RM_COLOUR_ZONE_LINE, RM_COLOUR_KERNEL_FILL},
        {RM_COLOUR_ZONE_LINE, RM_COLOUR_RING_FILL},
        {RM_COLOUR_UNVALIDATED_TEXT, RM_COLOUR_KERNEL_FILL},
        {RM_COLOUR_UNVALIDATED_TEXT, RM_COLOUR_UNVALIDATED_TINT},
        {RM_COLOUR_UNKNOWN_TEXT, RM_COLOUR_UNKNOWN_TINT},
        {RM_COLOUR_PARTIAL_TEXT, RM_COLOUR_PARTIAL_TINT},
        {RM_COLOUR_WORST_TEXT, RM_COLOUR_UNVALIDATED_TEXT},
        {RM_COLOUR_WORST_TEXT, RM_COLOUR_UNKNOWN_TEXT},
        {RM_COLOUR_WORST_TEXT, RM_COLOUR_PARTIAL_TEXT},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        for (int dark = 0; dark < 2; dark++) {
            double ratio =
                contrast(rm_colour_text(pairs[i][0], dark), rm_colour_text(pairs[i][1], dark));
            if (ratio < 4.5) {
                fail_msg("%s on %s: %.2f", rm_colour_text(pairs[i][0], dark),
                         rm_colour_text(pairs[i][1], dark), ratio);
            }
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(markup_in_a_label_is_text),
        WITH_FIXTURE(every_backslash_is_doubled),
        WITH_FIXTURE(controls_and_bidi_are_spelled_out),
        WITH_FIXTURE(a_long_text_is_cut_on_a_whole_character),
        WITH_FIXTURE(a_name_is_cut_in_the_middle),
        WITH_FIXTURE(a_slug_is_an_id),
        WITH_FIXTURE(texts_that_differ_have_slugs_that_differ),
        WITH_FIXTURE(markdown_is_text),
        cmocka_unit_test(no_two_colours_share_a_value),
        cmocka_unit_test(text_can_be_read_on_what_it_stands_on),
    };
    return cmocka_run_group_tests_name("label", tests, NULL, NULL);
}
