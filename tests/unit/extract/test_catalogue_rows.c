#include "class_case.h"

#include "source/catalogue.h"

/*
 * Each row of the catalogue in a driver of its own: given the caller's value where the row says it
 * matters the call is an operation that is not validated; given that value after it was compared
 * with a constant it is.
 */

static bool is_number(const rm_arg_rule *rule) {
    return rule->kind == RM_ARG_SELECT || rule->kind == RM_ARG_DATA || rule->kind == RM_ARG_SIZE;
}

static bool is_judged(const rm_arg_rule *rule) {
    return rule->kind != RM_ARG_ACCESS_MODE;
}

/* Name(0, value, 0): the caller's value for each argument that is judged. */
static void write_call(rm_buf *text, const rm_api *api, bool numbers_only) {
    uint32_t last = 0;
    for (uint32_t i = 0; i < RM_API_ARGS && api->args[i].name != NULL; i++) {
        last = api->args[i].index > last ? api->args[i].index : last;
    }
    rm_buf_printf(text, "%s(", api->name);
    for (uint32_t k = 0; k <= last; k++) {
        const char *value = "0";
        for (uint32_t i = 0; i < RM_API_ARGS && api->args[i].name != NULL; i++) {
            const rm_arg_rule *rule = &api->args[i];
            if (rule->index == k && is_judged(rule) && (!numbers_only || is_number(rule))) {
                value = is_number(rule) ? "p->Reg" : "p->Ptr";
            }
        }
        rm_buf_printf(text, "%s%s", k > 0 ? ", " : "", value);
    }
    rm_buf_text(text, ");");
}

static const rm_sink_call *reached(struct fixture *f, const rm_api *api, const char *before,
                                   bool numbers_only) {
    rm_buf text = {.arena = f->arena};
    rm_buf_printf(&text, "%s%s%s", FLOW_HEAD, FLOW_DISPATCH, before);
    write_call(&text, api, numbers_only);
    rm_buf_text(&text, FLOW_TAIL);
    rm_model *model = flow_of(f, "case.c", rm_buf_view(&text));
    return sink_of(model, entry_named(model, "0x222000"), api->name);
}

/* Rows whose calls mean something else with these arguments, and why. */
static const char *const otherwise[] = {
    "STORE",
    "XENBUS_STORE", /* macros with arguments of their own */
    /* AccessMode 0 maps for the kernel's own use; UserMode: see test_flow_memory.c */
    "MmMapLockedPages",
    "MmMapLockedPagesSpecifyCache",
};

static bool is_otherwise(const rm_api *api) {
    for (size_t i = 0; i < sizeof otherwise / sizeof otherwise[0]; i++) {
        if (rm_str_eq(rm_str_from(api->name), rm_str_from(otherwise[i]))) {
            return true;
        }
    }
    return api->role == RM_API_FORWARD || api->args[0].name == NULL;
}

static void each_row_with_the_callers_value_is_not_validated(void **state) {
    uint32_t count = 0;
    unsigned wrong = 0;
    const rm_api *rows = rm_apis(&count);
    for (uint32_t i = 0; i < count; i++) {
        if (is_otherwise(&rows[i])) {
            continue;
        }
        const rm_sink_call *sink = reached(*state, &rows[i], "", false);
        if (sink == NULL || sink->validation == RM_VALIDATION_VALIDATED) {
            print_error("%s is %s\n", rows[i].name, word_of(sink));
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static void each_row_without_arguments_is_told(void **state) {
    uint32_t count = 0;
    unsigned wrong = 0;
    const rm_api *rows = rm_apis(&count);
    for (uint32_t i = 0; i < count; i++) {
        if (rows[i].role == RM_API_SINK && rows[i].args[0].name == NULL &&
            reached(*state, &rows[i], "", false) == NULL) {
            print_error("%s is no sink\n", rows[i].name);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

/* All that is judged is one number, compared with a constant before. */
static void each_row_of_numbers_is_validated_by_a_comparison(void **state) {
    uint32_t count = 0;
    unsigned wrong = 0;
    const rm_api *rows = rm_apis(&count);
    for (uint32_t i = 0; i < count; i++) {
        bool any = false;
        for (uint32_t k = 0; k < RM_API_ARGS && rows[i].args[k].name != NULL; k++) {
            any = any || is_number(&rows[i].args[k]);
        }
        if (is_otherwise(&rows[i]) || !any || rows[i].role != RM_API_SINK) {
            continue;
        }
        const rm_sink_call *sink = reached(*state, &rows[i], "if (p->Reg != 5) break;\n", true);
        if (sink == NULL || sink->validation != RM_VALIDATION_VALIDATED) {
            print_error("%s is %s (%.*s)\n", rows[i].name, word_of(sink),
                        sink == NULL ? 0 : (int)sink->reason.len,
                        sink == NULL ? "" : sink->reason.ptr);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(each_row_with_the_callers_value_is_not_validated),
        WITH_FIXTURE(each_row_without_arguments_is_told),
        WITH_FIXTURE(each_row_of_numbers_is_validated_by_a_comparison),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
