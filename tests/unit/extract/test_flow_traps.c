#include "flow_case.h"

/*
 * Small cases that fooled a prototype (../shared/truth/traps.c, read in place). What each must be
 * is reasoned out from what its code does; where two words are defensible, both are taken, and
 * `validated` is never one of them for a value that the caller can still choose.
 */

typedef struct trap {
    const char *code;
    const char *api;
    unsigned words; /* bits of rm_validation */
    const char *why;
} trap;

#define IS(word) (1u << RM_VALIDATION_##word)

static const trap traps[] = {
    {"T01_none", "__readmsr", IS(UNVALIDATED), "no check"},
    {"T02_eq", "__readmsr", IS(VALIDATED), "equal to a constant"},
    {"T03_range", "__readmsr", IS(VALIDATED), "both bounds"},
    {"T04_chain", "__readmsr", IS(UNVALIDATED), "(min <= x) <= max is always true"},
    {"T05_early_return", "__readmsr", IS(VALIDATED), "both bounds, refused before the helper"},
    {"T06_check_then_reassign", "__readmsr", IS(UNVALIDATED), "another value is used"},
    {"T07_no_exit", "__readmsr", IS(UNVALIDATED), "the test stops nothing"},
    {"T08_helper_range", "__readmsr", IS(VALIDATED), "both bounds, in the helper"},
    {"T09_predicate", "__readmsr", IS(VALIDATED), "the predicate is in the file and acted on"},
    {"T10_macro", "__readmsr", IS(VALIDATED), "the macro returns; unsigned, upper bound"},
    {"T11_signed", "__readmsr", IS(PARTIAL) | IS(UNVALIDATED), "negative values pass"},
    {"T12_fnptr", "call not followed", IS(UNKNOWN), "through a table that is not seen"},
    {"T13_or", "__readmsr", IS(VALIDATED), "one of two constants"},
    {"T14_goto", "__readmsr", IS(VALIDATED), "unsigned, upper bound"},
    {"T15_switch", "__readmsr", IS(VALIDATED), "one of two cases"},
    {"T16_wrong_value", "__readmsr", IS(UNVALIDATED), "another value is tested"},
    {"T17_bound_by_user", "__readmsr", IS(UNVALIDATED) | IS(PARTIAL), "the caller's own bound"},
    {"T18_table", "v=buf[i]", IS(UNVALIDATED), "the index has no bound"},
    {"T18_table", "__readmsr", IS(UNVALIDATED) | IS(UNKNOWN), "so the element may be anything"},
    {"T19_mask", "__readmsr", IS(VALIDATED), "sixteen values"},
    {"T20_neither", "__readmsr", IS(UNVALIDATED), "fetched again after the check"},
    {"T21_neither_copy", "__readmsr", IS(VALIDATED), "fetched once, then checked"},
    {"T22_localcopy", "__readmsr", IS(VALIDATED), "copied, then checked"},
    {"T23_localcopy_bad", "__readmsr", IS(UNVALIDATED), "copied, not checked"},
    {"T24_assert", "__readmsr", IS(UNVALIDATED), "an assertion is gone in a free build"},
    {"T25_ternary", "__readmsr", IS(VALIDATED), "clamped"},
    {"T26_alias", "__readmsr", IS(UNVALIDATED), "overwritten through another name"},
    {"T27_min", "__readmsr", IS(VALIDATED), "clamped"},
    {"T28_neg", "__readmsr", IS(VALIDATED), "unsigned, upper bound"},
    {"T29_ctxstore", "__readmsr", IS(UNVALIDATED) | IS(UNKNOWN), "stored and used by another"},
    {"T30_loop", "__readmsr", IS(UNVALIDATED), "the loop runs to the caller's limit"},
    {"T31_ne", "__readmsr", IS(VALIDATED), "equal to a constant, the other way refused"},
    {"T32_wrongbranch", "__readmsr", IS(PARTIAL) | IS(UNVALIDATED),
     "what is left is everything else"},
    {"T40_ifchain", "__writemsr", IS(UNVALIDATED), "after the switch, nothing is checked"},
};

static bool holds(const rm_model *model, const trap *t) {
    uint32_t entry = entry_named(model, t->code);
    const rm_sink_call *sink = entry == RM_NONE ? NULL : sink_of(model, entry, t->api);
    bool right = sink != NULL && (t->words & 1u << sink->validation) != 0;
    if (!right) {
        print_error("%s: %s is %s (%s)\n", t->code, t->api, word_of(sink), t->why);
    }
    return right;
}

static void every_trap_is_seen_through(void **state) {
    struct fixture *f = *state;
    unsigned wrong = 0;
    rm_str text = read_file(f->arena, RINGMAP_SHARED_DIR "/truth/traps.c");
    if (text.len == 0) {
        print_message("SKIP: ../shared/truth/traps.c is not here\n");
        skip();
        return;
    }
    rm_model *model = flow_of(f, "traps.c", text);
    for (size_t i = 0; i < sizeof traps / sizeof traps[0]; i++) {
        wrong += !holds(model, &traps[i]);
    }
    assert_int_equal(wrong, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(every_trap_is_seen_through),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
