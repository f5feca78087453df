/* The picture of what changed between two models. */
#include "support.h"

#include "figure.h"
#include "model_fixture.h"

static rm_figure *change(struct fixture *f, const rm_model *before, const rm_model *after) {
    rm_picture_options options = {.view = RM_STR("diff"), .before = before};
    rm_figure *figure = NULL;
    assert_int_equal(rm_figure_build(f->arena, &f->sink, after, &options, false, &figure), RM_OK);
    assert_non_null(figure);
    return figure;
}

/* The same system without the paths of App1, of which those drawn are R1 and R2. */
static void without_app1(rm_model *m) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < m->paths.count; i++) {
        if (m->paths.at[i].app != 0) {
            m->paths.at[kept++] = m->paths.at[i];
        }
    }
    m->paths.count = kept;
}

static unsigned changed(const rm_figure *figure, rm_change change, bool gone) {
    unsigned count = 0;
    for (uint32_t i = 0; i < figure->paths.count; i++) {
        count += figure->paths.at[i].change == change && figure->paths.at[i].gone == gone;
    }
    return count;
}

static void nothing_changed_draws_no_path(void **state) {
    struct fixture *f = *state;
    rm_model before;
    rm_model after;
    fixture_three_paths(&before, f->arena);
    fixture_three_paths(&after, f->arena);
    rm_figure *figure = change(f, &before, &after);
    assert_int_equal(figure->paths.count, 0);
    assert_int_equal(figure->edges.count, 0);
}

static void what_is_no_path_and_changed_is_not_nothing(void **state) {
    struct fixture *f = *state;
    rm_model before;
    rm_model after;
    fixture_three_paths(&before, f->arena);
    fixture_three_paths(&after, f->arena);
    for (uint32_t i = 0; i < before.doors.count; i++) { /* the fixture's have no ids */
        before.doors.at[i].id = after.doors.at[i].id = before.doors.at[i].name;
    }
    assert_str(change(f, &before, &after)->none, "Nothing changed");
    after.drivers.at[0].id = RM_STR("driver:another"); /* one is new, one is gone */
    rm_figure *figure = change(f, &before, &after);
    assert_int_equal(figure->paths.count, 0);
    assert_str(figure->none, "No path changed; what else did is told, not drawn");
    assert_true(figure->left_out.count > 0);
}

static void paths_that_came_are_new_and_keep_their_numbers(void **state) {
    struct fixture *f = *state;
    rm_model before;
    rm_model after;
    fixture_three_paths(&before, f->arena);
    fixture_three_paths(&after, f->arena);
    without_app1(&before);
    rm_figure *figure = change(f, &before, &after);
    assert_int_equal(changed(figure, RM_CHANGE_NEW, false), 2);
    assert_int_equal(figure->paths.at[0].rank, 1);
    for (uint32_t i = 0; i < figure->edges.count; i++) {
        assert_int_equal(figure->edges.at[i].change, RM_CHANGE_NEW);
    }
}

/* The path is gone; the driver and its entries are not, and nothing says that they are. */
static void paths_that_went_are_drawn_on_what_still_stands(void **state) {
    struct fixture *f = *state;
    rm_model before;
    rm_model after;
    fixture_three_paths(&before, f->arena);
    fixture_three_paths(&after, f->arena);
    without_app1(&after);
    rm_figure *figure = change(f, &before, &after);
    assert_int_equal(changed(figure, RM_CHANGE_GONE, true), 2);
    assert_true(figure->edges.count > 0);
    for (uint32_t i = 0; i < figure->edges.count; i++) {
        assert_int_equal(figure->edges.at[i].change, RM_CHANGE_GONE);
    }
    for (uint32_t i = 0; i < figure->nodes.count; i++) {
        assert_false(figure->nodes.at[i].gone);
        for (uint32_t r = 0; r < figure->nodes.at[i].rows.count; r++) {
            assert_false(figure->nodes.at[i].rows.at[r].gone);
        }
    }
}

static void a_worse_path_says_what_it_was(void **state) {
    struct fixture *f = *state;
    rm_model before;
    rm_model after;
    fixture_three_paths(&before, f->arena);
    fixture_three_paths(&after, f->arena);
    before.paths.at[1].score = 500; /* R1, which has 863 now */
    rm_figure *figure = change(f, &before, &after);
    assert_int_equal(changed(figure, RM_CHANGE_WORSE, false), 1);
    assert_int_equal(figure->paths.count, 1);
    assert_str(figure->paths.at[0].what, "score 500 to 863");
}

static void a_comparison_needs_two_models(void **state) {
    struct fixture *f = *state;
    rm_model after;
    rm_figure *figure = NULL;
    rm_picture_options options = {.view = RM_STR("diff")};
    fixture_three_paths(&after, f->arena);
    assert_int_equal(rm_figure_build(f->arena, &f->sink, &after, &options, false, &figure),
                     RM_USAGE);
    assert_diag(f, 0, 0, "picture-baseline");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(nothing_changed_draws_no_path),
        WITH_FIXTURE(what_is_no_path_and_changed_is_not_nothing),
        WITH_FIXTURE(paths_that_came_are_new_and_keep_their_numbers),
        WITH_FIXTURE(paths_that_went_are_drawn_on_what_still_stands),
        WITH_FIXTURE(a_worse_path_says_what_it_was),
        WITH_FIXTURE(a_comparison_needs_two_models),
    };
    return cmocka_run_group_tests_name("change", tests, NULL, NULL);
}
