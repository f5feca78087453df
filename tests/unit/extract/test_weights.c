/* A team's own weights, and what they may move. */
#include "support.h"

#include "extract/weights.h"

static rm_status read(struct fixture *f, const char *text, rm_weights *out) {
    rm_principals all = {0};
    assert_int_equal(rm_principals_builtin(f->arena, &all), RM_OK);
    *out = rm_default_weights;
    return rm_weights_read(f->arena, &f->sink, RM_STR("w.json"), rm_str_from(text), &all, out);
}

static void what_is_not_named_keeps_the_standard_value(void **state) {
    struct fixture *f = *state;
    rm_weights w;
    assert_int_equal(read(f, "{\"ringmap\":1,\"who\":\"us\",\"V\":{\"partial\":400}}", &w), RM_OK);
    assert_int_equal(w.partial, 400);
    assert_int_equal(w.validated, 100);
    assert_int_equal(w.per_boundary, 150);
}

static void every_factor_can_be_given(void **state) {
    struct fixture *f = *state;
    rm_weights w;
    assert_int_equal(read(f,
                          "{\"ringmap\":1,\"c\":{\"per_boundary\":120,\"kernel_mode\":160},"
                          "\"R\":{\"undecided\":500,\"allow_any\":700,\"named\":400},"
                          "\"D\":{\"admin\":300},\"S\":{\"port_out\":800}}",
                          &w),
                     RM_OK);
    assert_int_equal(w.per_boundary, 120);
    assert_int_equal(w.kernel_mode, 160);
    assert_int_equal(w.reach_undecided, 500);
    assert_int_equal(w.reach_allow_any, 700);
    assert_int_equal(w.reach_named, 400);
    assert_int_equal(rm_weight_of(&w, "D", RM_STR("admin_elevated"), 250), 300);
    assert_int_equal(rm_weight_of(&w, "D", RM_STR("system"), 150), 150);
    assert_int_equal(rm_severity_of(&w, RM_STR("port_out")), 800);
    assert_int_equal(rm_severity_of(&w, RM_STR("port_in")), 500);
}

static void what_is_wrong_is_refused_at_its_place(void **state) {
    struct fixture *f = *state;
    static const struct {
        const char *text, *id;
        uint32_t column;
    } wrong[] = {
        {"{\"ringmap\":2}", "weights-version", 12},
        {"{\"V\":{}}", "weights-version", 1},
        {"{\"ringmap\":1,\"W\":{}}", "weights-unknown-name", 14},
        {"{\"ringmap\":1,\"V\":3}", "weights-value", 18},
        {"{\"ringmap\":1,\"V\":{\"half\":3}}", "weights-unknown-name", 19},
        {"{\"ringmap\":1,\"V\":{\"partial\":1001}}", "weights-value", 29},
        {"{\"ringmap\":1,\"V\":{\"partial\":-1}}", "weights-value", 29},
        {"{\"ringmap\":1,\"V\":{\"partial\":0.5}}", "weights-value", 29},
        {"{\"ringmap\":1,\"D\":{\"nobody\":3}}", "weights-unknown-name", 19},
        {"{\"ringmap\":1,\"S\":{\"nothing\":3}}", "weights-unknown-name", 19},
        {"[1", "json-syntax", 3},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        rm_weights w;
        f->seen = 0;
        assert_int_equal(read(f, wrong[i].text, &w), RM_SYNTAX);
        assert_diag(f, 1, wrong[i].column, wrong[i].id);
        assert_int_equal(w.partial, 500);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(what_is_not_named_keeps_the_standard_value),
        WITH_FIXTURE(every_factor_can_be_given),
        WITH_FIXTURE(what_is_wrong_is_refused_at_its_place),
    };
    return cmocka_run_group_tests_name("weights", tests, NULL, NULL);
}
