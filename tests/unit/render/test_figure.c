#include "support.h"

#include "dot.h"
#include "figure.h"
#include "model_fixture.h"
#include "zone.h"

static rm_figure *build(struct fixture *f, const rm_model *m, const char *view, const char *focus) {
    rm_figure *figure = NULL;
    rm_picture_options options = {.view = rm_str_from(view), .focus = rm_str_from(focus)};
    assert_int_equal(rm_figure_build(f->arena, &f->sink, m, &options, false, &figure), RM_OK);
    return figure;
}

static const rm_edge *edge_with(const rm_figure *figure, unsigned rank, unsigned step) {
    for (uint32_t i = 0; i < figure->edges.count; i++) {
        const rm_marks *marks = &figure->edges.at[i].marks;
        for (uint32_t k = 0; k < marks->count; k++) {
            if (marks->at[k].rank == rank && marks->at[k].step == step) {
                return &figure->edges.at[i];
            }
        }
    }
    fail_msg("no step R%u.%u", rank, step);
    return NULL;
}

static const rm_node *to_of(const rm_figure *figure, const rm_edge *edge) {
    return &figure->nodes.at[edge->to];
}

static const rm_row *row_of(const rm_figure *figure, const rm_edge *edge) {
    return &to_of(figure, edge)->rows.at[edge->to_row];
}

static void the_derived_path_is_followed_through_both_drivers(void **state) {
    struct fixture *f = *state;
    rm_model m;
    fixture_three_paths(&m, f->arena);
    rm_figure *figure = build(f, &m, "", "");
    assert_str(row_of(figure, edge_with(figure, 1, 1))->name, "IOCTL_DRIVER1_SEND");
    assert_str(to_of(figure, edge_with(figure, 1, 2))->title, "Driver3");
    assert_int_equal(to_of(figure, edge_with(figure, 1, 3))->kind, RM_NODE_SINK);
    assert_true(edge_with(figure, 1, 3)->worst);
    assert_ptr_equal(edge_with(figure, 1, 2), edge_with(figure, 3, 2)); /* one line for both */
    assert_str(edge_with(figure, 1, 2)->note, "new request, KernelMode");
}

static void boundaries_are_numbered_from_the_least_trusted(void **state) {
    struct fixture *f = *state;
    rm_model m;
    fixture_three_paths(&m, f->arena);
    rm_figure *figure = build(f, &m, "", "");
    assert_int_equal(edge_with(figure, 1, 1)->crosses, 1);
    assert_int_equal(edge_with(figure, 3, 1)->crosses, 2);
    assert_int_equal(edge_with(figure, 1, 2)->crosses, 3); /* between drivers */
    assert_int_equal(edge_with(figure, 1, 3)->crosses, 0);
    assert_str(figure->zones.at[0].id, "zone-appcontainer-to-kernel");
    assert_true(figure->zones.at[figure->zones.count - 1].kernel);
}

static void numbers_hold_in_every_picture_of_a_model(void **state) {
    struct fixture *f = *state;
    rm_model m;
    fixture_three_paths(&m, f->arena);
    rm_figure *figure = build(f, &m, "app", "App2");
    assert_int_equal(figure->paths.count, 3);
    assert_int_equal(figure->paths.at[0].rank, 3);
    assert_int_equal(edge_with(figure, 3, 1)->crosses, 2);
    assert_int_equal(edge_with(figure, 3, 2)->crosses, 3);
    assert_false(edge_with(figure, 3, 1)->worst);
}

/* Path 6 is a standard user's, whom the picture of the system does not draw. */
static void a_principal_that_only_one_picture_draws_has_a_boundary(void **state) {
    struct fixture *f = *state;
    rm_model m;
    fixture_three_paths(&m, f->arena);
    rm_figure *figure = build(f, &m, "path", "p6");
    assert_int_equal(figure->paths.count, 1);
    assert_int_equal(figure->zones.at[0].number, 4); /* after those of the system */
    assert_int_equal(edge_with(figure, figure->paths.at[0].rank, 1)->crosses, 4);
}

/* A filter does not change which boundary is which. */
static void boundaries_keep_their_numbers_under_a_filter(void **state) {
    struct fixture *f = *state;
    rm_model m;
    bool only[16] = {false};
    fixture_three_paths(&m, f->arena);
    only[3] = true; /* the administrator's */
    rm_figure *figure = NULL;
    rm_picture_options options = {.only = only, .only_why = RM_STR("--from admin")};
    assert_int_equal(rm_figure_build(f->arena, &f->sink, &m, &options, false, &figure), RM_OK);
    assert_int_equal(edge_with(figure, 3, 1)->crosses, 2);
    assert_int_equal(edge_with(figure, 3, 2)->crosses, 3);
}

static void a_path_alone_shows_where_its_steps_stand(void **state) {
    struct fixture *f = *state;
    rm_model m;
    fixture_three_paths(&m, f->arena);
    m.entries.at[1].place = fixture_place("driver1.c", 42);
    rm_figure *figure = build(f, &m, "path", "R1");
    assert_int_equal(figure->paths.count, 1);
    assert_true(figure->nodes.count <= 10);
    assert_str(row_of(figure, edge_with(figure, 1, 1))->place, "driver1.c:42");
}

/* Calling what is unvalidated validated is one of the two wrong answers that ruin the tool. */
static void a_shared_line_has_the_worst_verdict(void **state) {
    struct fixture *f = *state;
    rm_model m;
    fixture_three_paths(&m, f->arena);
    m.paths.at[0].steps.at[2].validation = RM_VALIDATION_VALIDATED; /* App1's, not App2's */
    rm_figure *figure = build(f, &m, "", "");
    assert_int_equal(edge_with(figure, 2, 2)->verdict, RM_VALIDATION_UNVALIDATED);
    assert_int_equal(edge_with(figure, 2, 1)->verdict, RM_VALIDATION_VALIDATED);
    assert_int_equal(row_of(figure, edge_with(figure, 2, 1))->verdict, RM_VALIDATION_UNVALIDATED);
}

static void what_a_hop_validated_stays_validated(void **state) {
    struct fixture *f = *state;
    rm_model m;
    fixture_three_paths(&m, f->arena);
    m.paths.at[1].steps.at[2].validation = RM_VALIDATION_VALIDATED; /* App1's forward */
    rm_figure *figure = build(f, &m, "path", "R1");
    for (unsigned step = 1; step <= 3; step++) {
        assert_int_equal(edge_with(figure, 1, step)->verdict, RM_VALIDATION_VALIDATED);
    }
}

/* Its only operation is unvalidated, but whether the caller's data gets there is not known. */
static void a_path_better_than_its_drivers_has_lines_of_its_own_verdict(void **state) {
    struct fixture *f = *state;
    rm_model m;
    rm_buf dot = {.arena = f->arena};
    size_t at = 0;
    fixture_three_paths(&m, f->arena);
    m.paths.at[4].validation = RM_VALIDATION_UNKNOWN; /* App2 to Driver2 */
    rm_figure *figure = build(f, &m, "driver", "Driver2");
    unsigned rank = figure->paths.at[0].rank;
    assert_int_equal(edge_with(figure, rank, 1)->verdict, RM_VALIDATION_UNKNOWN);
    assert_int_equal(edge_with(figure, rank, 2)->verdict, RM_VALIDATION_UNKNOWN);
    rm_dot_write(figure, (rm_dot_style){.legend = true}, &dot);
    assert_true(rm_str_find(rm_buf_view(&dot), RM_STR("hollow arrow: unknown"), &at));
}

static void an_unknown_verdict_is_told_from_the_others(void **state) {
    struct fixture *f = *state;
    rm_model m;
    fixture_many_codes(&m, f->arena, 4);
    rm_figure *figure = build(f, &m, "", "");
    for (unsigned rank = 1; rank <= 4; rank++) { /* from unvalidated to validated */
        assert_int_equal(edge_with(figure, rank, 1)->verdict, (rm_validation)(rank - 1));
        assert_int_equal(edge_with(figure, rank, 2)->verdict, (rm_validation)(rank - 1));
    }
}

static void many_rows_share_lines_and_lose_no_path(void **state) {
    struct fixture *f = *state;
    rm_model m;
    fixture_many_codes(&m, f->arena, 28);
    rm_figure *figure = build(f, &m, "", "");
    unsigned marks = 0;
    assert_int_equal(figure->paths.count, 28);
    assert_int_equal(edge_with(figure, 1, 1)->marks.count, 28);
    assert_int_equal(edge_with(figure, 1, 1)->to_row, RM_NONE);
    for (uint32_t i = 0; i < figure->edges.count; i++) {
        marks += figure->edges.at[i].marks.count;
    }
    assert_int_equal(marks, 56);
    const rm_node *device = to_of(figure, edge_with(figure, 1, 1));
    unsigned spanned = 0;
    for (uint32_t i = 0; i < device->rows.count; i++) {
        assert_int_equal(device->rows.at[i].marks.count, 1);
        spanned += device->rows.at[i].span;
    }
    assert_int_equal(spanned, 28);
}

static void more_than_a_reader_takes_in_is_left_out_and_said(void **state) {
    struct fixture *f = *state;
    rm_model m;
    fixture_many_codes(&m, f->arena, 300);
    rm_figure *figure = build(f, &m, "", "");
    assert_true(figure->nodes.count <= RM_FIGURE_NODES);
    assert_true(figure->edges.count <= RM_FIGURE_EDGES);
    assert_int_equal(figure->paths.count, 40);
    assert_str(figure->left_out.at[0], "260 paths that score 300 or less");
}

static rm_figure *build_filtered(struct fixture *f, const rm_model *m, const char *view,
                                 const char *focus, const bool *only) {
    rm_figure *figure = NULL;
    rm_picture_options options = {.view = rm_str_from(view),
                                  .focus = rm_str_from(focus),
                                  .only = only,
                                  .only_why = RM_STR("--none")};
    assert_int_equal(rm_figure_build(f->arena, &f->sink, m, &options, false, &figure), RM_OK);
    return figure;
}

/* Of the nine paths four are nameless code's; Driver2 has one path, App1 two, App2 three. */
static void every_view_says_which_paths_it_does_not_draw(void **state) {
    struct fixture *f = *state;
    rm_model m;
    fixture_three_paths(&m, f->arena);
    static const struct {
        const char *view, *focus;
        uint32_t drawn, sentences;
        const char *first, *last;
    } views[] = {
        {"", "", 5, 1, "4 paths of other principals on the lines drawn",
         "4 paths of other principals on the lines drawn"},
        {"driver", "Driver1", 4, 2, "4 paths of other principals on the lines drawn",
         "1 path that is not of this view"},
        {"driver", "Driver2", 1, 1, "8 paths that are not of this view",
         "8 paths that are not of this view"},
        {"app", "App1", 2, 1, "7 paths that are not of this view",
         "7 paths that are not of this view"},
        {"path", "R1", 1, 1, "8 paths that are not of this view",
         "8 paths that are not of this view"},
    };
    for (size_t i = 0; i < sizeof views / sizeof views[0]; i++) {
        rm_figure *figure = build(f, &m, views[i].view, views[i].focus);
        assert_int_equal(figure->paths.count, views[i].drawn);
        assert_int_equal(figure->left_out.count, views[i].sentences);
        assert_str(figure->left_out.at[0], views[i].first);
        assert_str(figure->left_out.at[figure->left_out.count - 1], views[i].last);
    }
}

static void no_path_drawn_is_not_no_path_known(void **state) {
    struct fixture *f = *state;
    rm_model m;
    bool none[16] = {false};
    fixture_three_paths(&m, f->arena);
    assert_str(build_filtered(f, &m, "", "", none)->none,
               "None of the 9 paths known passes the filter");
    assert_str(build_filtered(f, &m, "driver", "Driver2", none)->none,
               "The one path known of this view does not pass the filter");
    (void)fixture_app(&m, "Idle", "admin_elevated");
    assert_str(build(f, &m, "app", "Idle")->none, "None of the 9 paths known is of this view");
    m.paths.count = 0;
    assert_str(build(f, &m, "", "")->none, "No path to a privileged operation is known");
}

static void many_drivers_become_rows_the_worst_first(void **state) {
    struct fixture *f = *state;
    rm_model m;
    fixture_many_drivers(&m, f->arena, 3000);
    rm_figure *figure = build(f, &m, "", "");
    assert_true(figure->overview);
    const rm_node *table = &figure->nodes.at[0];
    assert_int_equal(table->rows.count, 30);
    assert_str(table->rows.at[0].access, "700");
    assert_str(table->rest,
               "+ 1970 drivers with no higher scores, 1000 drivers without a known path");
    assert_true(figure->edges.count <= RM_FIGURE_EDGES);
}

static void ids_are_unique(void **state) {
    struct fixture *f = *state;
    rm_model m;
    fixture_three_paths(&m, f->arena);
    for (uint32_t i = 0; i < m.drivers.count; i++) {
        m.drivers.at[i].name = RM_STR("same");
        m.devices.at[i].nt_name = RM_STR("same");
    }
    rm_figure *figure = build(f, &m, "", "");
    for (uint32_t i = 0; i < figure->nodes.count; i++) {
        for (uint32_t j = 0; j < i; j++) {
            assert_false(rm_str_eq(figure->nodes.at[i].id, figure->nodes.at[j].id));
        }
    }
    for (uint32_t i = 0; i < figure->edges.count; i++) {
        for (uint32_t j = 0; j < i; j++) {
            assert_false(rm_str_eq(figure->edges.at[i].id, figure->edges.at[j].id));
        }
    }
}

/* References of a damaged model point to nothing: nothing is drawn there, and nothing crashes. */
static void references_to_nothing_draw_nothing(void **state) {
    struct fixture *f = *state;
    rm_model m;
    fixture_three_paths(&m, f->arena);
    for (uint32_t i = 0; i < m.paths.count; i++) {
        m.paths.at[i].sink = i % 2 == 0 ? RM_NONE : 99;
        m.paths.at[i].entry = i % 3 == 0 ? RM_NONE : m.paths.at[i].entry;
        m.paths.at[i].device = i % 2 == 0 ? RM_NONE : 77;
        for (uint32_t s = 0; s < m.paths.at[i].steps.count; s++) {
            m.paths.at[i].steps.at[s].node = RM_STR("nothing");
        }
    }
    rm_figure *figure = build(f, &m, "", "");
    assert_non_null(figure);
}

static void every_allocation_may_fail(void **state) {
    struct fixture *f = *state;
    rm_model m;
    fixture_three_paths(&m, f->arena);
    rm_picture_options options = {.format = RM_PIC_DOT, .legend = true};
    rm_status st = RM_NOMEM;
    for (long n = 0; n < 100000 && st != RM_OK; n++) {
        rm_str out = RM_STR("as it was");
        rm_arena *arena = rm_arena_new((size_t)64 << 20);
        assert_non_null(arena);
        rm_arena_fail_after(arena, n);
        st = rm_picture_draw(arena, &f->sink, &m, &options, &out);
        if (st != RM_OK) {
            assert_int_equal(st, RM_NOMEM);
            assert_str(out, "as it was");
        }
        rm_arena_free(arena);
    }
    assert_int_equal(st, RM_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(the_derived_path_is_followed_through_both_drivers),
        WITH_FIXTURE(boundaries_are_numbered_from_the_least_trusted),
        WITH_FIXTURE(numbers_hold_in_every_picture_of_a_model),
        WITH_FIXTURE(a_principal_that_only_one_picture_draws_has_a_boundary),
        WITH_FIXTURE(boundaries_keep_their_numbers_under_a_filter),
        WITH_FIXTURE(a_path_alone_shows_where_its_steps_stand),
        WITH_FIXTURE(a_shared_line_has_the_worst_verdict),
        WITH_FIXTURE(what_a_hop_validated_stays_validated),
        WITH_FIXTURE(a_path_better_than_its_drivers_has_lines_of_its_own_verdict),
        WITH_FIXTURE(an_unknown_verdict_is_told_from_the_others),
        WITH_FIXTURE(many_rows_share_lines_and_lose_no_path),
        WITH_FIXTURE(more_than_a_reader_takes_in_is_left_out_and_said),
        WITH_FIXTURE(every_view_says_which_paths_it_does_not_draw),
        WITH_FIXTURE(no_path_drawn_is_not_no_path_known),
        WITH_FIXTURE(many_drivers_become_rows_the_worst_first),
        WITH_FIXTURE(ids_are_unique),
        WITH_FIXTURE(references_to_nothing_draw_nothing),
        WITH_FIXTURE(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("figure", tests, NULL, NULL);
}
