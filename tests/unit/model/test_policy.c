/* Waivers: days, patterns, what they cover and what becomes of them. */
#include "support.h"

#include "model/policy.h"

static void days_are_those_of_the_calendar(void **state) {
    (void)state;
    static const char *const good[] = {"2026-01-01", "2024-02-29", "2000-02-29", "2026-12-31"};
    static const char *const bad[] = {"",           "2026-1-01",   "2026-13-01", "2026-00-10",
                                      "2026-04-31", "2023-02-29",  "1900-02-29", "2026-01-00",
                                      "2026/01/01", "2026-01-011", "20260101",   "-026-01-01"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(rm_is_date(rm_str_from(good[i])));
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (rm_is_date(rm_str_from(bad[i]))) {
            fail_msg("'%s' is no day", bad[i]);
        }
    }
}

static bool covers(const char *pattern, const char *id) {
    rm_waiver waiver = {.id = rm_str_from(pattern), .expires = RM_STR("2026-12-31")};
    const rm_policy policy = {.waivers = {.at = &waiver, .count = 1}};
    return rm_policy_waiver(&policy, rm_str_from(id)) != NULL;
}

static void a_star_stands_for_any_run_of_characters(void **state) {
    (void)state;
    assert_true(covers("finding:ds-04:x", "finding:ds-04:x"));
    assert_true(covers("finding:ds-04:*", "finding:ds-04:"));
    assert_true(covers("finding:*:x", "finding:ds-04:y:x"));
    assert_true(covers("*a*b*", "xxaxxabxx"));
    assert_true(covers("finding:**", "finding:z"));
    assert_false(covers("finding:ds-04:x", "finding:ds-04:xy"));
    assert_false(covers("finding:ds-04:?", "finding:ds-04:x"));
    assert_false(covers("finding:*:x", "finding:ds-04:y"));
    assert_false(covers("", "x"));
    assert_false(covers("finding:DS-04:*", "finding:ds-04:x"));
}

/* Two findings, a path; the ids end in 1, 2 and 3. */
static rm_model *model(void) {
    rm_model *m = rm_model_new(1 << 20);
    assert_non_null(m);
    *rm_push(m->arena, &m->findings) = (rm_finding){.id = RM_STR("finding:1"), .path = RM_NONE};
    *rm_push(m->arena, &m->findings) =
        (rm_finding){.id = RM_STR("finding:2"), .path = RM_NONE, .waived = true};
    *rm_push(m->arena, &m->paths) = (rm_path){.id = RM_STR("path:3"), .app = RM_NONE};
    return m;
}

static void a_waiver_holds_on_its_last_day_and_no_longer(void **state) {
    (void)state;
    rm_model *m = model();
    rm_waiver waiver = {
        .id = RM_STR("finding:1"), .date = RM_STR("2026-01-15"), .expires = RM_STR("2026-03-31")};
    rm_policy policy = {.waivers = {.at = &waiver, .count = 1}};
    rm_policy_apply(&policy, m, RM_STR("2026-03-31"));
    assert_int_equal(waiver.state, RM_WAIVER_USED);
    assert_true(m->findings.at[0].waived);
    assert_false(m->findings.at[1].waived); /* what an earlier policy waived is not kept */
    assert_false(m->paths.at[0].waived);
    rm_policy_apply(&policy, m, RM_STR("2026-01-14"));
    assert_int_equal(waiver.state, RM_WAIVER_EARLY);
    assert_false(m->findings.at[0].waived);
    rm_policy_apply(&policy, m, RM_STR("2026-04-01"));
    assert_int_equal(waiver.state, RM_WAIVER_EXPIRED);
    assert_int_equal(waiver.matches, 1);
    assert_false(m->findings.at[0].waived);
    assert_null(rm_policy_waiver(&policy, RM_STR("finding:1")));
    rm_model_free(m);
}

static void a_waiver_of_nothing_is_an_orphan_and_an_old_one_is_expired_first(void **state) {
    (void)state;
    rm_model *m = model();
    rm_waiver waivers[] = {{.id = RM_STR("finding:9"), .expires = RM_STR("2027-01-01")},
                           {.id = RM_STR("finding:8"), .expires = RM_STR("2025-01-01")},
                           {.id = RM_STR("*:3"), .expires = RM_STR("2027-01-01")}};
    rm_policy policy = {.waivers = {.at = waivers, .count = 3}};
    rm_policy_apply(&policy, m, RM_STR("2026-11-21"));
    assert_int_equal(waivers[0].state, RM_WAIVER_ORPHANED);
    assert_int_equal(waivers[1].state, RM_WAIVER_EXPIRED);
    assert_int_equal(waivers[2].state, RM_WAIVER_USED);
    assert_true(m->paths.at[0].waived);
    rm_model_free(m);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_are_those_of_the_calendar),
        cmocka_unit_test(a_star_stands_for_any_run_of_characters),
        cmocka_unit_test(a_waiver_holds_on_its_last_day_and_no_longer),
        cmocka_unit_test(a_waiver_of_nothing_is_an_orphan_and_an_old_one_is_expired_first),
    };
    return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
