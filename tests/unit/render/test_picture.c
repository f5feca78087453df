#include "support.h"

#include <stdio.h>
#include <stdlib.h>

#include "model_fixture.h"
#include "picture_parts.h"

/* With RINGMAP_SHOW=folder the pictures are kept there, to be looked at. */
static void keep(const char *name, rm_str bytes) {
    const char *folder = getenv("RINGMAP_SHOW");
    char path[512];
    FILE *out = NULL;
    if (folder != NULL) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, name);
        out = fopen(path, "wb");
        assert_non_null(out);
        assert_int_equal(fwrite(bytes.ptr, 1, bytes.len, out), bytes.len);
        assert_int_equal(fclose(out), 0);
    }
}

static bool has(rm_str text, const char *part) {
    size_t at = 0;
    return rm_str_find(text, rm_str_from(part), &at);
}

static rm_str draw(struct fixture *f, const rm_model *m, rm_picture_options options) {
    rm_str out = RM_STR_NONE;
    assert_int_equal(rm_picture_draw(f->arena, &f->sink, m, &options, &out), RM_OK);
    assert_no_diag(f);
    return out;
}

static void an_svg_tells_itself_in_words(void **state) {
    struct fixture *f = *state;
    rm_model m;
    fixture_three_paths(&m, f->arena);
    rm_str svg = draw(f, &m, (rm_picture_options){.format = RM_PIC_SVG, .legend = true});
    keep("three.svg", svg);
    assert_true(has(svg, "role=\"img\" aria-labelledby=\"ringmap-title ringmap-desc\""));
    assert_true(
        has(svg, "<title id=\"ringmap-title\">Trust map: Driver1, Driver2, Driver3</title>"));
    assert_true(has(svg, "R1, score 863, critical: App1"));
    assert_true(has(svg, "<title>R1.1: App1 \xE2\x86\x92 Driver1 IOCTL_DRIVER1_SEND, unvalidated, "
                         "crosses TB1</title>"));
    assert_true(has(svg, "@media (prefers-color-scheme:dark)"));
    assert_false(has(svg, "<!"));
    assert_false(has(svg, "<script"));
}

static void a_theme_is_a_palette(void **state) {
    struct fixture *f = *state;
    rm_model m;
    fixture_three_paths(&m, f->arena);
    rm_str light = draw(
        f, &m, (rm_picture_options){.format = RM_PIC_SVG, .theme = RM_THEME_LIGHT, .legend = true});
    rm_str dark = draw(
        f, &m, (rm_picture_options){.format = RM_PIC_SVG, .theme = RM_THEME_DARK, .legend = true});
    keep("three-dark.svg", dark);
    assert_false(has(light, "@media"));
    assert_true(has(light, "#d55e00"));
    assert_false(has(dark, "#d55e00"));
}

static void every_format_has_its_first_bytes(void **state) {
    struct fixture *f = *state;
    rm_model m;
    fixture_three_paths(&m, f->arena);
    rm_str png =
        draw(f, &m, (rm_picture_options){.format = RM_PIC_PNG, .legend = true, .scale = 2});
    keep("three.png", png);
    assert_true(rm_str_starts(png, RM_STR("\x89PNG\r\n")));
    rm_str pdf = draw(f, &m, (rm_picture_options){.format = RM_PIC_PDF, .legend = true});
    keep("three.pdf", pdf);
    assert_true(rm_str_starts(pdf, RM_STR("%PDF-")));
    rm_str mmd = draw(f, &m, (rm_picture_options){.format = RM_PIC_MMD, .legend = true});
    keep("three.mmd", mmd);
    assert_true(rm_str_starts(mmd, RM_STR("flowchart LR\n")));
    keep("three.dot", draw(f, &m, (rm_picture_options){.format = RM_PIC_DOT, .legend = true}));
    keep("three-plain.png", draw(f, &m, (rm_picture_options){.format = RM_PIC_PNG, .scale = 2}));
    keep("three-dark.png",
         draw(f, &m,
              (rm_picture_options){
                  .format = RM_PIC_PNG, .legend = true, .theme = RM_THEME_DARK, .scale = 2}));
}

static void many_codes_share_lines(void **state) {
    struct fixture *f = *state;
    rm_model m;
    fixture_many_codes(&m, f->arena, 28);
    keep("dense.png",
         draw(f, &m, (rm_picture_options){.format = RM_PIC_PNG, .legend = true, .scale = 2}));
    fixture_many_codes(&m, f->arena, 5);
    keep("mixed.png",
         draw(f, &m, (rm_picture_options){.format = RM_PIC_PNG, .legend = true, .scale = 2}));
}

static void an_overview_in_mermaid_names_its_drivers(void **state) {
    struct fixture *f = *state;
    rm_model m;
    fixture_many_drivers(&m, f->arena, 100);
    rm_str mmd = draw(f, &m, (rm_picture_options){.format = RM_PIC_MMD});
    assert_true(has(mmd, "n0r0[\"\xE2\x9A\xA0 drv00000 "));
    assert_true(has(mmd, " n0r0\n"));
}

static void mermaid_says_what_the_other_formats_say(void **state) {
    struct fixture *f = *state;
    rm_model m;
    fixture_three_paths(&m, f->arena);
    rm_str mmd = draw(f, &m, (rm_picture_options){.format = RM_PIC_MMD});
    assert_true(has(mmd, "crosses TB1"));
    assert_true(has(mmd, "new request, KernelMode"));
    assert_true(has(mmd, "inside TB3"));
    assert_true(has(mmd, "SDDL D:P#40;A#59;#59;GA#59;#59;#59;SY#41;"));
    assert_true(has(mmd, "Not shown: 4 paths of other principals on the lines drawn"));
    m.paths.count = 0;
    mmd = draw(f, &m, (rm_picture_options){.format = RM_PIC_MMD});
    assert_true(has(mmd, "No path to a privileged operation is known"));
}

static void many_drivers_make_an_overview(void **state) {
    struct fixture *f = *state;
    rm_model m;
    fixture_many_drivers(&m, f->arena, 100);
    keep("many.png",
         draw(f, &m, (rm_picture_options){.format = RM_PIC_PNG, .legend = true, .scale = 1}));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(an_svg_tells_itself_in_words),
        WITH_FIXTURE(a_theme_is_a_palette),
        WITH_FIXTURE(every_format_has_its_first_bytes),
        WITH_FIXTURE(many_codes_share_lines),
        WITH_FIXTURE(an_overview_in_mermaid_names_its_drivers),
        WITH_FIXTURE(mermaid_says_what_the_other_formats_say),
        WITH_FIXTURE(many_drivers_make_an_overview),
    };
    return cmocka_run_group_tests_name("picture", tests, NULL, NULL);
}
