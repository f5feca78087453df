#include "support.h"

#include "model_fixture.h"
#include "picture_parts.h"

static const rm_child_limits short_limits = {
    .cpu_seconds = 1, .wall_seconds = 2, .output_bytes = (size_t)1 << 20};

static rm_status run(struct fixture *f, const char *dot, rm_str *why) {
    rm_layout_job job = {rm_str_from(dot), "svg", 72};
    rm_str out = RM_STR_NONE;
    return rm_layout_run(f->arena, &job, short_limits, &out, why);
}

static void a_plain_graph_is_laid_out(void **state) {
    struct fixture *f = *state;
    rm_str why = RM_STR_NONE;
    assert_int_equal(run(f, "digraph { a -> b }", &why), RM_OK);
}

/* Each of these makes gvLayout or gvRenderData return 0, which is success. */
static void a_message_of_graphviz_is_a_failure(void **state) {
    struct fixture *f = *state;
    static const char *const wrong[] = {
        "digraph { a [label=<a & b>] }",
        "digraph { a [label=<<b>a>] }",
        "digraph { a [shape=nonesuch] }",
        "digraph { a:nowhere -> b [tailport=\"zz\"]; a [shape=record, label=\"<p> x\"] }",
        "digraph { a [label=\"\xff\xfe\"] }",
        "digraph {",
        "",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        rm_str why = RM_STR_NONE;
        if (run(f, wrong[i], &why) != RM_INTERNAL) {
            fail_msg("passed: %s", wrong[i]);
        }
        assert_true(why.len > 0);
    }
}

/* Found in Graphviz 2.42: such spans take longer than anyone waits. */
static void a_layout_that_hangs_is_ended(void **state) {
    struct fixture *f = *state;
    rm_str why = RM_STR_NONE;
    assert_int_equal(run(f,
                         "digraph { a [label=<<TABLE><TR><TD COLSPAN=\"65000\" ROWSPAN=\"65000\">x"
                         "</TD></TR></TABLE>>] }",
                         &why),
                     RM_LIMIT);
    assert_str(why, "the layout did not end in time");
}

/* ---- what a picture does then ---- */

static rm_status fails_once(rm_arena *arena, const rm_layout_job *job, rm_child_limits limits,
                            rm_str *out, rm_str *why) {
    size_t at = 0;
    if (!rm_str_find(job->dot, RM_STR("splines=line"), &at)) {
        *why = RM_STR("the layout crashed");
        return RM_INTERNAL;
    }
    return rm_layout_run(arena, job, limits, out, why);
}

static rm_status fails_always(rm_arena *arena, const rm_layout_job *job, rm_child_limits limits,
                              rm_str *out, rm_str *why) {
    (void)arena;
    (void)job;
    (void)limits;
    (void)out;
    *why = RM_STR("the layout did not end in time");
    return RM_LIMIT;
}

static void a_failed_layout_falls_back_to_the_overview(void **state) {
    struct fixture *f = *state;
    rm_model m;
    rm_str out = RM_STR_NONE;
    size_t at = 0;
    rm_picture_options options = {.format = RM_PIC_SVG};
    fixture_three_paths(&m, f->arena);
    assert_int_equal(rm_picture_draw_with(f->arena, &f->sink, &m, &options, fails_once, &out),
                     RM_OK);
    assert_diag(f, 0, 0, "picture-simplified");
    assert_true(rm_str_find(out, RM_STR("drivers, worst first"), &at));
}

static void a_picture_that_cannot_be_drawn_leaves_nothing(void **state) {
    struct fixture *f = *state;
    rm_model m;
    rm_str out = RM_STR("as it was");
    rm_picture_options options = {.format = RM_PIC_SVG};
    fixture_three_paths(&m, f->arena);
    assert_int_equal(rm_picture_draw_with(f->arena, &f->sink, &m, &options, fails_always, &out),
                     RM_LIMIT);
    assert_diag(f, 0, 0, "picture-failed");
    assert_str(out, "as it was");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(a_plain_graph_is_laid_out),
        WITH_FIXTURE(a_message_of_graphviz_is_a_failure),
        WITH_FIXTURE(a_layout_that_hangs_is_ended),
        WITH_FIXTURE(a_failed_layout_falls_back_to_the_overview),
        WITH_FIXTURE(a_picture_that_cannot_be_drawn_leaves_nothing),
    };
    return cmocka_run_group_tests_name("layout", tests, NULL, NULL);
}
