#include "support.h"

#include "model_fixture.h"
#include "select.h"
#include "view.h"

static rm_selection select_of(struct fixture *f, const rm_model *m) {
    rm_selection out = {0};
    assert_int_equal(rm_select_paths(f->arena, m, &out), RM_OK);
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

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(apps_come_first_and_the_weakest_adds_nothing_to_them),
        WITH_FIXTURE(a_weaker_principal_than_every_app_is_drawn),
        WITH_FIXTURE(two_doors_of_one_device_are_one_line),
        WITH_FIXTURE(a_focus_has_many_names),
        WITH_FIXTURE(an_unknown_focus_or_view_is_told),
    };
    return cmocka_run_group_tests_name("select", tests, NULL, NULL);
}
