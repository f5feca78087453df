#include "support.h"

#include "model/derive.h"

/* Expected values: the computed table of the scoring method, each row worked by hand. */
typedef struct row {
    const char *what;
    uint32_t disparity, reach, severity;
    rm_validation hop, sink;
    uint32_t hops; /* driver to driver */
    bool kernel;
    uint32_t score;
    rm_severity band;
} row;

#define U RM_VALIDATION_UNVALIDATED
#define V RM_VALIDATION_VALIDATED
#define BAND(x) RM_SEVERITY_##x

static const row table[] = {
    {"AppContainer to driver", 900, 1000, 900, U, U, 0, false, 810, BAND(CRITICAL)},
    {"admin, forwarded, mode kept", 250, 1000, 900, U, U, 1, false, 250, BAND(MEDIUM)},
    {"admin, forwarded in a new IRP", 250, 1000, 900, U, U, 1, true, 285, BAND(MEDIUM)},
    {"admin to driver", 250, 1000, 900, U, U, 0, false, 225, BAND(MEDIUM)},
    {"AppContainer, forwarded, mode kept", 900, 1000, 900, U, U, 1, false, 832, BAND(CRITICAL)},
    {"AppContainer, forwarded in a new IRP", 900, 1000, 900, U, U, 1, true, 863, BAND(CRITICAL)},
    {"user to driver", 700, 1000, 900, U, U, 0, false, 630, BAND(HIGH)},
    {"admin, constrained by the first driver", 250, 1000, 900, V, U, 1, true, 28, BAND(INFO)},
    {"AppContainer, constrained by the first", 900, 1000, 900, V, U, 1, true, 106, BAND(LOW)},
    {"behind named entities", 900, 600, 900, U, U, 0, false, 486, BAND(HIGH)},
    {"a benign operation", 900, 1000, 100, U, U, 0, false, 90, BAND(LOW)},
    {"admin writes an MSR", 250, 1000, 1000, U, U, 0, false, 250, BAND(MEDIUM)},
};

static void scores_are_those_of_the_computed_table(void **state) {
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const row *r = &table[i];
        const rm_validation validations[] = {r->sink, r->hop};
        rm_score_input in = {.disparity = r->disparity,
                             .reach = r->reach,
                             .severity = r->severity,
                             .validations = validations,
                             .validation_count = 1 + r->hops,
                             .boundaries = 1 + r->hops,
                             .kernel_hop = r->kernel};
        uint32_t score = rm_score(&rm_default_weights, &in);
        if (score != r->score || rm_score_band(score) != r->band) {
            fail_msg("%s: %u %s, expected %u", r->what, score,
                     rm_severity_name(rm_score_band(score)), r->score);
        }
    }
    (void)f;
}

static void bands_begin_where_they_should(void **state) {
    (void)state;
    assert_int_equal(rm_score_band(700), RM_SEVERITY_CRITICAL);
    assert_int_equal(rm_score_band(699), RM_SEVERITY_HIGH);
    assert_int_equal(rm_score_band(450), RM_SEVERITY_HIGH);
    assert_int_equal(rm_score_band(449), RM_SEVERITY_MEDIUM);
    assert_int_equal(rm_score_band(200), RM_SEVERITY_MEDIUM);
    assert_int_equal(rm_score_band(199), RM_SEVERITY_LOW);
    assert_int_equal(rm_score_band(50), RM_SEVERITY_LOW);
    assert_int_equal(rm_score_band(49), RM_SEVERITY_INFO);
}

static void the_chain_term_is_bounded(void **state) {
    (void)state;
    const rm_validation one = U;
    rm_score_input in = {.disparity = 900,
                         .reach = 1000,
                         .severity = 900,
                         .validations = &one,
                         .validation_count = 1,
                         .boundaries = 1000,
                         .kernel_hop = true};
    assert_int_equal(rm_score(&rm_default_weights, &in), 810 + 810 * 190 / 1000);
}

static void the_sentence_names_every_factor(void **state) {
    struct fixture *f = *state;
    const rm_validation two[] = {U, U};
    rm_str text = RM_STR_NONE;
    rm_score_input in = {.disparity = 900,
                         .reach = 1000,
                         .severity = 900,
                         .validations = two,
                         .validation_count = 2,
                         .boundaries = 2,
                         .kernel_hop = true};
    assert_int_equal(rm_score_sentence(f->arena, &rm_default_weights, &in, &text), RM_OK);
    assert_str(text, "origin D 900, reach R 1000, operation S 900, validation V 1000: p = 810; "
                     "chain c 350 (2 boundaries, a hop made the request KernelMode) raises it by "
                     "283 * 190 / 1000; score 863");
}

/* ---- do the weights decide the order? ---- */

/* The figure's paths, worst first; S and the sink's V are the same for all of them. */
static const struct chained {
    const char *principal;
    uint32_t disparity, hops;
} figure[] = {
    {"appcontainer", 900, 1},
    {"appcontainer", 900, 0},
    {"admin_elevated", 250, 1},
    {"admin_elevated", 250, 0},
};
enum { FIGURE = sizeof figure / sizeof figure[0] };

static uint32_t varied(uint32_t value, uint32_t permille) {
    uint32_t made = value * permille / 1000;
    return made > 1000 ? 1000 : made;
}

/* An own generator: the same draws everywhere. */
static uint32_t draw(uint32_t *seed) {
    *seed = *seed * 1664525u + 1013904223u;
    return 800 + (*seed >> 8) % 401;
}

static uint32_t score_of(const struct chained *c, const rm_weights *w, uint32_t severity) {
    const rm_validation words[] = {U, U};
    rm_score_input in = {.disparity = rm_weight_of(w, "D", rm_str_from(c->principal), c->disparity),
                         .reach = 1000,
                         .severity = severity,
                         .validations = words,
                         .validation_count = 1 + c->hops,
                         .boundaries = 1 + c->hops,
                         .kernel_hop = c->hops > 0};
    return rm_score(w, &in);
}

/* Unvalidated input is the unit, from which nothing is taken off: no judgement, not varied. */
static void the_order_of_the_figure_survives_a_fifth_more_or_less_of_every_weight(void **state) {
    uint32_t seed = 1;
    (void)state;
    for (unsigned round = 0; round < 20000; round++) {
        rm_weight d[] = {
            {RM_STR("D"), RM_STR("appcontainer"), varied(900, draw(&seed)), 900},
            {RM_STR("D"), RM_STR("admin_elevated"), varied(250, draw(&seed)), 250},
        };
        rm_weights w = rm_default_weights;
        w.others = (rm_weight_table){d, 2, 2};
        w.per_boundary = varied(w.per_boundary, draw(&seed));
        w.kernel_mode = varied(w.kernel_mode, draw(&seed));
        uint32_t severity = varied(900, draw(&seed));
        for (unsigned i = 0; i + 1 < FIGURE; i++) {
            uint32_t above = score_of(&figure[i], &w, severity);
            uint32_t below = score_of(&figure[i + 1], &w, severity);
            if (above < below) {
                fail_msg("round %u: path %u has %u, path %u has %u", round, i, above, i + 1, below);
            }
        }
    }
}

static void the_table_of_weights_names_every_factor(void **state) {
    struct fixture *f = *state;
    rm_principals all = {0};
    rm_weight_table table_of = {0};
    unsigned of[128] = {0};
    assert_int_equal(rm_principals_builtin(f->arena, &all), RM_OK);
    assert_int_equal(rm_weights_list(f->arena, &rm_default_weights, &all, &table_of), RM_OK);
    for (uint32_t i = 0; i < table_of.count; i++) {
        of[(unsigned char)table_of.at[i].factor.ptr[0]]++;
        assert_int_equal(table_of.at[i].value, table_of.at[i].standard);
    }
    assert_int_equal(of['D'], all.count);
    assert_int_equal(of['R'], 5);
    assert_int_equal(of['V'], 4);
    assert_int_equal(of['c'], 2);
    assert_true(of['S'] >= 100);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(scores_are_those_of_the_computed_table),
        WITH_FIXTURE(bands_begin_where_they_should),
        WITH_FIXTURE(the_chain_term_is_bounded),
        WITH_FIXTURE(the_sentence_names_every_factor),
        cmocka_unit_test(the_order_of_the_figure_survives_a_fifth_more_or_less_of_every_weight),
        WITH_FIXTURE(the_table_of_weights_names_every_factor),
    };
    return cmocka_run_group_tests_name("score", tests, NULL, NULL);
}
