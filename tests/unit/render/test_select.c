#include "support.h"

#include "model_fixture.h"
#include "select.h"
#include "view.h"

static rm_selection select_of(struct fixture *f, const rm_model *m) {
    rm_selection out = {0};
    assert_int_equal(rm_select_paths(f->arena, m, NULL, &out), RM_OK);
    return out;
}

static void apps_come_first_and_the_weakest_adds_nothing_to_them(void **state) {
    struct fixture *f = *state;
    rm_model m;
    fixture_three_paths(&m, f->arena);
    rm_selection s = select_of(f, &m);
    static const uint32_t scores[] = {863, 810, 285, 225, 225};
    assert_int_equal(s.count, 5);
    for (uint32_t i = 0; i < 5; i++) {
        assert_int_equal(m.paths.at[s.paths[i]].score, scores[i]);
        assert_int_not_equal(m.paths.at[s.paths[i]].app, RM_NONE);
    }
    assert_int_equal(s.others, 4);
}

/* Ontology 4.2: an administrator's app does not stand for what any AppContainer can do. */
static void a_weaker_principal_than_every_app_is_drawn(void **state) {
    struct fixture *f = *state;
    rm_model m;
    fixture_three_paths(&m, f->arena);
    for (uint32_t i = 0; i < m.paths.count; i++) {
        if (m.paths.at[i].app == 0) { /* App1 does not exist any more */
            m.paths.at[i].app = RM_NONE;
            m.paths.at[i].weakest = false;
        }
    }
    rm_selection s = select_of(f, &m);
    assert_int_equal(s.count, 5);
    assert_int_equal(m.paths.at[s.paths[0]].score, 863);
    assert_int_equal(m.paths.at[s.paths[0]].app, RM_NONE);
    assert_true(m.paths.at[s.paths[0]].weakest);
}

/* A remote user's path may score more than the weakest principal's, and than the app's. */
static void the_worst_path_of_a_model_is_the_first(void **state) {
    struct fixture *f = *state;
    rm_model m;
    fixture_three_paths(&m, f->arena);
    m.paths.at[6].score = 880; /* nameless, not the weakest */
    rm_selection s = select_of(f, &m);
    assert_int_equal(s.count, 6);
    assert_int_equal(s.paths[0], 6);
    assert_int_equal(s.ranks[6], 1);
    assert_int_equal(m.paths.at[s.paths[1]].score, 863);
}

static void two_doors_of_one_device_are_one_line(void **state) {
    struct fixture *f = *state;
    rm_model m;
    fixture_three_paths(&m, f->arena);
    rm_path *again = rm_push(f->arena, &m.paths);
    assert_non_null(again);
    *again = m.paths.at[0];
    again->door = 1;
    again->id = RM_STR("path:another door");
    rm_selection s = select_of(f, &m);
    assert_int_equal(s.count, 5);
    assert_int_equal(s.same, 1);
}

static rm_status find(struct fixture *f, const rm_model *m, const char *view, const char *focus,
                      rm_view *out) {
    rm_picture_options options = {.view = rm_str_from(view), .focus = rm_str_from(focus)};
    return rm_view_find(f->arena, &f->sink, m, &options, out);
}

static void a_focus_has_many_names(void **state) {
    struct fixture *f = *state;
    rm_model m;
    rm_view view;
    fixture_three_paths(&m, f->arena);
    static const struct {
        const char *view, *focus;
        uint32_t found;
    } names[] = {
        {"driver", "Driver3", 2},
        {"driver", "dRIVER3", 2},
        {"driver", "driver:Driver2", 1},
        {"driver", "\\Device\\Driver3", 2},
        {"driver", "\\\\.\\Driver2", 1},
        {"app", "App2", 1},
        {"app", "app:App1", 0},
        {"path", "R1", 1},
        {"path", "2", 0},
        {"path", "p1", 0},
        {"path", "p3", 2},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (find(f, &m, names[i].view, names[i].focus, &view) != RM_OK ||
            view.focus != names[i].found) {
            fail_msg("%s %s", names[i].view, names[i].focus);
        }
    }
    assert_no_diag(f);
}

static void an_unknown_focus_or_view_is_told(void **state) {
    struct fixture *f = *state;
    rm_model m;
    rm_view view;
    fixture_three_paths(&m, f->arena);
    assert_int_equal(find(f, &m, "driver", "nobody", &view), RM_USAGE);
    assert_int_equal(find(f, &m, "path", "R99", &view), RM_USAGE);
    assert_int_equal(find(f, &m, "path", "R0", &view), RM_USAGE);
    assert_int_equal(find(f, &m, "driver", "", &view), RM_USAGE);
    assert_diag(f, 0, 0, "picture-focus");
    assert_int_equal(find(f, &m, "moon", "", &view), RM_USAGE);
    assert_diag(f, 0, 0, "picture-view");
}

/* Nine paths: the five drawn ones are R1 to R5, the four of other principals R6 to R9. */
static void every_path_has_a_number_and_says_whose_lines_draw_it(void **state) {
    struct fixture *f = *state;
    rm_model m;
    fixture_three_paths(&m, f->arena);
    rm_selection s = select_of(f, &m);
    bool seen[10] = {false};
    for (uint32_t i = 0; i < m.paths.count; i++) {
        assert_in_range(s.ranks[i], 1, 9);
        assert_false(seen[s.ranks[i]]);
        seen[s.ranks[i]] = true;
        assert_int_not_equal(s.drawn_by[i], RM_NONE);
        assert_true(s.ranks[s.drawn_by[i]] <= s.count);
        assert_int_equal(s.drawn_by[i] == i, s.ranks[i] <= s.count);
    }
}

static void a_filter_keeps_the_numbers_and_draws_whom_it_asks_for(void **state) {
    struct fixture *f = *state;
    rm_model m;
    bool only[16] = {false};
    fixture_three_paths(&m, f->arena);
    rm_selection whole = select_of(f, &m);
    for (uint32_t i = 0; i < m.paths.count; i++) {
        only[i] = m.paths.at[i].app == RM_NONE; /* of nameless code alone */
    }
    rm_selection some = {0};
    assert_int_equal(rm_select_paths(f->arena, &m, only, &some), RM_OK);
    assert_true(some.count > 0);
    for (uint32_t i = 0; i < some.count; i++) {
        assert_int_equal(m.paths.at[some.paths[i]].app, RM_NONE);
    }
    assert_memory_equal(whole.ranks, some.ranks, m.paths.count * sizeof *whole.ranks);
}

static void a_view_of_one_thing_tells_what_there_is(void **state) {
    struct fixture *f = *state;
    rm_model m;
    rm_view view;
    fixture_three_paths(&m, f->arena);
    assert_int_equal(find(f, &m, "driver", "", &view), RM_USAGE);
    assert_string_equal(f->diags[0].text,
                        "the view 'driver' is of one driver; say which with --focus: "
                        "'Driver1', 'Driver2', 'Driver3'");
}

static void a_path_that_is_not_there_is_answered_with_the_numbers_that_are(void **state) {
    struct fixture *f = *state;
    rm_model m;
    rm_view view;
    fixture_three_paths(&m, f->arena);
    assert_int_equal(find(f, &m, "path", "R10", &view), RM_USAGE);
    assert_string_equal(f->diags[0].text,
                        "the model has no path called 'R10'; it has R1 to R9, or p1 to p9 as "
                        "'ringmap paths' numbers them");
    assert_int_equal(find(f, &m, "path", "R9", &view), RM_OK);
    assert_int_equal(find(f, &m, "path", "p9", &view), RM_OK);
}

static void a_name_of_several_things_is_not_guessed(void **state) {
    struct fixture *f = *state;
    rm_model m;
    rm_view view;
    fixture_three_paths(&m, f->arena);
    m.drivers.at[1].name = RM_STR("driver1");
    assert_int_equal(find(f, &m, "driver", "Driver1", &view), RM_USAGE);
    assert_diag(f, 0, 0, "picture-focus");
    assert_int_equal(find(f, &m, "driver", "driver:Driver1", &view), RM_OK);
    assert_int_equal(view.focus, 0);
}

/* A filter above Driver1 in one stack, Driver1 alone in another: the fuller one is meant. */
static void a_stack_is_found_by_hardware_id_and_by_what_stands_in_it(void **state) {
    struct fixture *f = *state;
    rm_model m;
    rm_view view;
    fixture_three_paths(&m, f->arena);
    static const struct {
        const char *hwid, *inf;
        uint32_t position, driver;
    } places[] = {{"ROOT\\A", "alone.inf", 1, 0},
                  {"ROOT\\A", "both.inf", 2, 0},
                  {"ROOT\\A", "both.inf", 1, 1},
                  {"ROOT\\B", "b.inf", 1, 2}};
    for (size_t i = 0; i < 4; i++) {
        rm_stack_position *place = rm_push(f->arena, &m.stacks);
        assert_non_null(place);
        *place = (rm_stack_position){.hwid = rm_str_from(places[i].hwid),
                                     .inf = rm_str_from(places[i].inf),
                                     .position = places[i].position,
                                     .driver = places[i].driver,
                                     .device = RM_NONE};
    }
    static const char *const names[] = {"root\\a", "Driver1", "\\Device\\Driver2"};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(find(f, &m, "stack", names[i], &view), RM_OK);
        assert_int_equal(view.stack.count, 2);
        assert_int_equal(m.stacks.at[view.stack.places[0]].driver, 1);
        assert_int_equal(m.stacks.at[view.stack.places[1]].driver, 0);
    }
    assert_int_equal(view.stack.others, 0);
    assert_int_equal(find(f, &m, "stack", "Driver1", &view), RM_OK);
    assert_int_equal(view.stack.others, 1);
    assert_int_equal(find(f, &m, "stack", "nothing", &view), RM_USAGE);
    assert_diag(f, 0, 0, "picture-focus");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(apps_come_first_and_the_weakest_adds_nothing_to_them),
        WITH_FIXTURE(a_weaker_principal_than_every_app_is_drawn),
        WITH_FIXTURE(the_worst_path_of_a_model_is_the_first),
        WITH_FIXTURE(two_doors_of_one_device_are_one_line),
        WITH_FIXTURE(a_focus_has_many_names),
        WITH_FIXTURE(an_unknown_focus_or_view_is_told),
        WITH_FIXTURE(every_path_has_a_number_and_says_whose_lines_draw_it),
        WITH_FIXTURE(a_filter_keeps_the_numbers_and_draws_whom_it_asks_for),
        WITH_FIXTURE(a_view_of_one_thing_tells_what_there_is),
        WITH_FIXTURE(a_path_that_is_not_there_is_answered_with_the_numbers_that_are),
        WITH_FIXTURE(a_name_of_several_things_is_not_guessed),
        WITH_FIXTURE(a_stack_is_found_by_hardware_id_and_by_what_stands_in_it),
    };
    return cmocka_run_group_tests_name("select", tests, NULL, NULL);
}
