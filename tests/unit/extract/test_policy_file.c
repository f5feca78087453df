/* Reading a policy: what is taken, and what is refused where. */
#include "support.h"

#include "extract/policy.h"

#define WAIVER(id, reason, date, expires)                                                          \
    "{\"id\":\"" id "\",\"reason\":\"" reason "\",\"owner\":\"me\",\"date\":\"" date               \
    "\",\"expires\":\"" expires "\"}"
#define GOOD WAIVER("finding:ds-04:*", "a lab device", "2026-01-02", "2026-06-30")

static rm_status read(struct fixture *f, const char *text, rm_policy *out) {
    return rm_policy_read(f->arena, &f->sink, RM_STR("p.json"), rm_str_from(text), out);
}

static void a_policy_is_read_whole(void **state) {
    struct fixture *f = *state;
    rm_policy policy = {0};
    assert_int_equal(read(f,
                          "{\"ringmap\":1,\"$schema\":\"x\",\"fail_on\":\"critical\",\n"
                          " \"waivers\":[\n  " GOOD ",\n  " GOOD "]}",
                          &policy),
                     RM_OK);
    assert_no_diag(f);
    assert_true(policy.has_fail_on);
    assert_int_equal(policy.fail_on, RM_SEVERITY_CRITICAL);
    assert_int_equal(policy.waivers.count, 2);
    const rm_waiver *w = &policy.waivers.at[1];
    assert_str(w->id, "finding:ds-04:*");
    assert_str(w->reason, "a lab device");
    assert_str(w->owner, "me");
    assert_str(w->date, "2026-01-02");
    assert_str(w->expires, "2026-06-30");
    assert_int_equal(w->place.line, 4);
}

static void an_empty_policy_is_one(void **state) {
    struct fixture *f = *state;
    rm_policy policy = {0};
    assert_int_equal(read(f, "{\"ringmap\":1}", &policy), RM_OK);
    assert_false(policy.has_fail_on);
    assert_int_equal(policy.waivers.count, 0);
}

typedef struct refusal {
    const char *text;
    uint32_t line, column;
    const char *id;
} refusal;

static const refusal refusals[] = {
    {"{}", 1, 1, "policy-version"},
    {"{\"ringmap\":2}", 1, 12, "policy-version"},
    {"[1]", 1, 1, "policy-wrong-type"},
    {"{\"ringmap\":1,\n\"waiver\":[]}", 2, 1, "policy-unknown-key"},
    {"{\"ringmap\":1,\n \"fail_on\":\"High\"}", 2, 12, "policy-value"},
    {"{\"ringmap\":1,\n \"fail_on\":3}", 2, 12, "policy-wrong-type"},
    {"{\"ringmap\":1,\"waivers\":\n{}}", 2, 1, "policy-wrong-type"},
    {"{\"ringmap\":1,\"waivers\":[\n3]}", 2, 1, "policy-wrong-type"},
    {"{\"ringmap\":1,\"waivers\":[\n{\"id\":\"finding:1\"}]}", 2, 1, "policy-missing-key"},
    {"{\"ringmap\":1,\"waivers\":[\n" WAIVER("ds-04", "r", "2026-01-02", "2026-06-30") "]}", 2, 7,
     "policy-value"},
    {"{\"ringmap\":1,\"waivers\":[\n" WAIVER("*", "r", "2026-01-02", "2026-06-30") "]}", 2, 7,
     "policy-value"}, /* everything is no decision */
    {"{\"ringmap\":1,\"waivers\":[\n" WAIVER("path:1", " ", "2026-01-02", "2026-06-30") "]}", 2, 25,
     "policy-value"},
    {"{\"ringmap\":1,\"waivers\":[\n" WAIVER("path:1", "r", "2026-01-02", "2026-02-30") "]}", 2, 72,
     "policy-value"},
    {"{\"ringmap\":1,\"waivers\":[\n" WAIVER("path:1", "r", "2026-07-02", "2026-06-30") "]}", 2, 72,
     "policy-value"}, /* ends before it begins */
    {"{\"ringmap\":1,\"waivers\":[" GOOD "\n]", 2, 2, "json-syntax"},
};

static void a_wrong_policy_is_refused_at_its_place(void **state) {
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        rm_policy policy = {.fail_on = RM_SEVERITY_LOW};
        f->seen = 0;
        assert_int_equal(read(f, refusals[i].text, &policy), RM_SYNTAX);
        assert_diag(f, refusals[i].line, refusals[i].column, refusals[i].id);
        assert_int_equal(policy.fail_on, RM_SEVERITY_LOW); /* untouched */
        assert_int_equal(policy.waivers.count, 0);
    }
}

static void every_error_of_a_policy_is_told_at_once(void **state) {
    struct fixture *f = *state;
    rm_policy policy = {0};
    assert_int_equal(
        read(f, "{\"ringmap\":1,\"fail_on\":\"x\",\"waivers\":[\n{\"why\":1},\n7]}", &policy),
        RM_SYNTAX);
    assert_diag(f, 1, 24, "policy-value");
    assert_diag(f, 2, 2, "policy-unknown-key");
    assert_diag(f, 2, 1, "policy-missing-key");
    assert_diag(f, 3, 1, "policy-wrong-type");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(a_policy_is_read_whole),
        WITH_FIXTURE(an_empty_policy_is_one),
        WITH_FIXTURE(a_wrong_policy_is_refused_at_its_place),
        WITH_FIXTURE(every_error_of_a_policy_is_told_at_once),
    };
    return cmocka_run_group_tests_name("policy file", tests, NULL, NULL);
}
