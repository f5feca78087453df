#include "class_case.h"

/*
 * Code that was made to be long, deep or circular: the walk ends, says so, and calls nothing
 * validated that it did not follow to its end.
 */

static rm_model *driver_of(struct fixture *f, const char *before, rm_str body) {
    rm_buf text = {.arena = f->arena};
    rm_buf_printf(&text, "%s%s%s", FLOW_HEAD, before, FLOW_DISPATCH);
    rm_buf_str(&text, body);
    rm_buf_text(&text, FLOW_TAIL);
    return flow_of(f, "case.c", rm_buf_view(&text));
}

static void expect_not_validated(const rm_model *model, const char *api) {
    uint32_t entry = entry_named(model, "0x222000");
    assert_int_not_equal(entry, RM_NONE);
    const rm_sink_call *sink = sink_of(model, entry, api);
    assert_non_null(sink);
    assert_int_not_equal(sink->validation, RM_VALIDATION_VALIDATED);
}

static void functions_that_call_each_other_end(void **state) {
    rm_model *model = driver_of(
        *state,
        "static void A(PIN1 p, ULONG n); static void B(PIN1 p, ULONG n) { A(p, n + 1); }\n"
        "static void A(PIN1 p, ULONG n) { if (n < p->Len) B(p, n); __readmsr(p->Reg); }\n",
        RM_STR("A(p, 0);"));
    expect_not_validated(model, "__readmsr");
}

static void a_check_behind_a_recursion_is_none(void **state) {
    rm_model *model =
        driver_of(*state, "static ULONG Clean(ULONG v) { return v > 9 ? Clean(v / 2) : v; }\n",
                  RM_STR("__readmsr(Clean(p->Reg));"));
    expect_not_validated(model, "__readmsr");
}

/* Each if doubles the ways; their number stays within bounds. */
static void a_giant_function_ends(void **state) {
    struct fixture *f = *state;
    rm_buf body = {.arena = f->arena};
    for (unsigned i = 0; i < 4000; i++) {
        rm_buf_printf(&body, "if (p->Items[%u] == %u) r = %u; else data += %u;\n", i % 8, i, i, i);
    }
    rm_buf_text(&body, "if (p->Reg > 4) break;\n__readmsr(p->Reg);");
    rm_model *model = driver_of(f, "", rm_buf_view(&body));
    uint32_t entry = entry_named(model, "0x222000");
    assert_int_not_equal(entry, RM_NONE);
}

static void thousands_of_cases_end(void **state) {
    struct fixture *f = *state;
    rm_buf body = {.arena = f->arena};
    rm_buf_text(&body, "switch (p->Len) {\n");
    for (unsigned i = 0; i < 5000; i++) {
        rm_buf_printf(&body, "case %u: r = %u; break;\n", i, i * 3);
    }
    rm_buf_text(&body, "default: r = p->Reg; break; }\n__readmsr(r);");
    rm_model *model = driver_of(f, "", rm_buf_view(&body));
    expect_not_validated(model, "__readmsr");
}

static void a_chain_of_calls_deeper_than_is_followed_is_not_validated(void **state) {
    struct fixture *f = *state;
    rm_buf text = {.arena = f->arena};
    rm_buf_text(&text, FLOW_HEAD "static void F0(ULONG v) { __readmsr(v); }\n");
    for (unsigned i = 1; i < 40; i++) {
        rm_buf_printf(&text, "static void F%u(ULONG v) { F%u(v); }\n", i, i - 1);
    }
    rm_buf_text(&text, FLOW_DISPATCH "F39(p->Reg);" FLOW_TAIL);
    rm_model *model = flow_of(f, "case.c", rm_buf_view(&text));
    uint32_t entry = entry_named(model, "0x222000");
    const rm_sink_call *sink = worst_of_class(model, entry, "msr_read");
    assert_non_null(sink); /* told by the names */
    assert_int_equal(sink->validation, RM_VALIDATION_UNKNOWN);
    assert_non_null(worst_of_class(model, entry, "unknown_body"));
}

static void a_loop_whose_end_the_caller_chooses_is_not_validated(void **state) {
    rm_model *model =
        driver_of(*state, "", RM_STR("for (r = 0; r != p->Len; r = r * 3 + 1) __readmsr(r);"));
    expect_not_validated(model, "__readmsr");
}

/* A handler that does so much before that all its ways cannot be kept apart to the end. */
static rm_model *long_driver(struct fixture *f, const char *last) {
    rm_buf helpers = {.arena = f->arena};
    rm_buf body = {.arena = f->arena};
    rm_buf_text(&helpers, "ULONG g_flags[8];\nstatic void Note(ULONG v) {\n");
    for (unsigned i = 0; i < 8; i++) {
        rm_buf_printf(&helpers, "  if (v & 0x%xu) g_flags[%u] = %u;\n", 1u << i, i, i + 1);
    }
    rm_buf_text(&helpers, "}\n");
    for (unsigned i = 0; i < 400; i++) {
        rm_buf_printf(&body, "Note(p->Items[%u]);\n", i % 8);
    }
    rm_buf_text(&body, last);
    rm_buf_text(&helpers, FLOW_DISPATCH);
    rm_buf text = {.arena = f->arena};
    rm_buf_text(&text, FLOW_HEAD);
    rm_buf_str(&text, rm_buf_view(&helpers));
    rm_buf_str(&text, rm_buf_view(&body));
    rm_buf_text(&text, FLOW_TAIL);
    return flow_of(f, "case.c", rm_buf_view(&text));
}

static void a_long_handler_is_followed_to_its_end(void **state) {
    rm_model *model = long_driver(*state, "__readmsr(p->Reg);");
    const rm_sink_call *sink = sink_of(model, entry_named(model, "0x222000"), "__readmsr");
    assert_non_null(sink);
    assert_int_equal(sink->validation, RM_VALIDATION_UNVALIDATED);
}

static void a_check_at_the_end_of_a_long_handler_counts(void **state) {
    rm_model *model = long_driver(*state, "if (p->Reg > MAX_R) return 1;\n__readmsr(p->Reg);");
    const rm_sink_call *sink = sink_of(model, entry_named(model, "0x222000"), "__readmsr");
    assert_non_null(sink);
    assert_int_equal(sink->validation, RM_VALIDATION_VALIDATED);
}

static void a_check_on_one_of_many_folded_ways_is_none(void **state) {
    rm_model *model = long_driver(*state, "if (p->Len & 1) { if (p->Reg > MAX_R) return 1; }\n"
                                          "__readmsr(p->Reg);");
    expect_not_validated(model, "__readmsr");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(functions_that_call_each_other_end),
        WITH_FIXTURE(a_check_behind_a_recursion_is_none),
        WITH_FIXTURE(a_giant_function_ends),
        WITH_FIXTURE(thousands_of_cases_end),
        WITH_FIXTURE(a_chain_of_calls_deeper_than_is_followed_is_not_validated),
        WITH_FIXTURE(a_loop_whose_end_the_caller_chooses_is_not_validated),
        WITH_FIXTURE(a_long_handler_is_followed_to_its_end),
        WITH_FIXTURE(a_check_at_the_end_of_a_long_handler_counts),
        WITH_FIXTURE(a_check_on_one_of_many_folded_ways_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
