#include "truth_inf.h"

#include "inf/folders.h"
#include "inf/lex.h"

/* The small cases that Wine asserts of Windows' behaviour: what opens, and how lines are read. */

struct tally {
    unsigned cases, equal;
};

static int64_t hex_of(const rm_json *row, const char *key) {
    uint64_t value = 0;
    assert_true(rm_str_u64(truth_text(row, key), &value));
    return (int64_t)value;
}

static bool opens_alike(const rm_inf *inf, const rm_json *row) {
    static const int64_t refusals[] = {[RM_INF_OPENS] = 0,
                                       [RM_INF_EXPECTED_SECTION] = 0xE0000000,
                                       [RM_INF_BAD_SECTION_LINE] = 0xE0000001,
                                       [RM_INF_SECTION_NAME_TOO_LONG] = 0xE0000002,
                                       [RM_INF_WRONG_STYLE] = 0xE0000100};
    return refusals[inf->refusal] == hex_of(row, "expect_error") &&
           inf->refusal_line == rm_json_get(row, "expect_errline")->integer;
}

static bool section_alike(const rm_inf *inf, const rm_json *row) {
    bool found = rm_inf_section_named(inf, truth_text(row, "section")) != NULL;
    return found == (hex_of(row, "expect_error") == 0);
}

static bool fields_alike(rm_inf *inf, const rm_json *row) {
    rm_inf_cursor cursor = rm_inf_lines_of(rm_inf_section_named(inf, truth_text(row, "section")));
    const rm_inf_line *line = rm_inf_next(inf, &cursor);
    const rm_json *key = rm_json_get(row, "expect_key");
    const rm_json *fields = rm_json_get(row, "expect_fields");
    bool has_key = line != NULL && (line->has_key || line->count == 1);
    if (line == NULL || has_key != (key->kind == RM_JSON_STRING) ||
        !rm_str_eq(rm_inf_key(inf, line), key->text) || line->count != fields->children) {
        return false;
    }
    uint32_t i = 0;
    for (const rm_json *field = fields->child; field != NULL; field = field->next, i++) {
        rm_str read = RM_STR_NONE;
        assert_int_equal(rm_inf_folders(inf->arena, rm_inf_field_at(inf, line, i), &read), RM_OK);
        if (!rm_str_eq(read, field->text)) {
            return false;
        }
    }
    return true;
}

static void compare(struct fixture *f, rm_arena *arena, const rm_json *row, void *tally) {
    struct tally *t = tally;
    rm_inf *inf = NULL;
    rm_str table = truth_text(row, "table");
    (void)f;
    rm_str input = truth_with_nul(arena, truth_text(row, "input"));
    assert_int_equal(rm_inf_lex(arena, NULL, RM_STR("case"), input, &inf), RM_OK);
    bool same = rm_str_eq(table, RM_STR("open"))      ? opens_alike(inf, row)
                : rm_str_eq(table, RM_STR("section")) ? section_alike(inf, row)
                                                      : fields_alike(inf, row);
    t->cases++;
    t->equal += same;
    if (!same) {
        print_message("differs: %.*s %u\n", RM_STR_ARG(table),
                      (unsigned)rm_json_get(row, "n")->integer);
    }
}

static void small_cases_are_read_as_windows_reads_them(void **state) {
    struct tally t = {0};
    truth_each_row(*state, RINGMAP_SHARED_DIR "/truth/inf/inf_wine_cases.jsonl", compare, &t);
    print_message("inf cases: %u of %u equal\n", t.equal, t.cases);
    assert_int_equal(t.equal, t.cases);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(small_cases_are_read_as_windows_reads_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
