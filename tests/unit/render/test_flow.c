/* Which way information flows, and what stands between two places of a stack. */
#include <string.h>

#include "support.h"

#include "figure.h"
#include "model_fixture.h"

static rm_figure *build(struct fixture *f, const rm_model *m, const char *view, const char *focus) {
    rm_picture_options options = {.view = rm_str_from(view), .focus = rm_str_from(focus)};
    rm_figure *figure = NULL;
    assert_int_equal(rm_figure_build(f->arena, &f->sink, m, &options, false, &figure), RM_OK);
    assert_non_null(figure);
    return figure;
}

static unsigned answered(const rm_figure *figure) {
    unsigned count = 0;
    for (uint32_t i = 0; i < figure->edges.count; i++) {
        count += figure->edges.at[i].back;
    }
    return count;
}

static bool leads_to(const rm_figure *figure, const rm_edge *e, uint32_t entry) {
    return figure->nodes.at[e->to].kind == RM_NODE_DEVICE && e->to_row != RM_NONE &&
           figure->nodes.at[e->to].rows.at[e->to_row].entry == entry;
}

/* Port writes whose handlers return no more than a status. */
static void a_write_brings_nothing_back(void **state) {
    struct fixture *f = *state;
    rm_model m;
    fixture_three_paths(&m, f->arena);
    assert_int_equal(answered(build(f, &m, "system", "")), 0);
}

/* METHOD_OUT_DIRECT (2): the driver writes the caller's buffer through an MDL. */
static void an_output_buffer_draws_the_flow_back(void **state) {
    struct fixture *f = *state;
    rm_model m;
    fixture_three_paths(&m, f->arena);
    uint32_t entry = m.paths.at[1].entry;
    m.entries.at[entry].code = (m.entries.at[entry].code & ~3u) | 2u;
    rm_figure *figure = build(f, &m, "system", "");
    assert_true(answered(figure) > 0);
    for (uint32_t i = 0; i < figure->edges.count; i++) {
        assert_int_equal(figure->edges.at[i].back, leads_to(figure, &figure->edges.at[i], entry));
    }
}

/* METHOD_BUFFERED: the handler sets a byte count, or facts say so. */
static void an_entry_that_answers_draws_the_flow_back(void **state) {
    struct fixture *f = *state;
    rm_model m;
    fixture_three_paths(&m, f->arena);
    uint32_t entry = m.paths.at[1].entry;
    m.entries.at[entry].answers = true;
    rm_figure *figure = build(f, &m, "system", "");
    assert_true(answered(figure) > 0);
    for (uint32_t i = 0; i < figure->edges.count; i++) {
        assert_int_equal(figure->edges.at[i].back, leads_to(figure, &figure->edges.at[i], entry));
    }
}

/* What is read arrives at whoever asked: every step of the path has two heads. */
static void a_read_comes_back_the_whole_way(void **state) {
    struct fixture *f = *state;
    rm_model m;
    fixture_three_paths(&m, f->arena);
    m.sinks.at[m.paths.at[1].sink].class_name = RM_STR("msr_read");
    rm_figure *figure = build(f, &m, "path", "R1");
    assert_int_equal(answered(figure), figure->edges.count);
}

static void a_stack_stands_in_its_order_and_is_joined(void **state) {
    struct fixture *f = *state;
    rm_model m;
    fixture_three_paths(&m, f->arena);
    for (uint32_t i = 0; i < 2; i++) { /* Driver2 above Driver1 */
        rm_stack_position *place = rm_push(f->arena, &m.stacks);
        assert_non_null(place);
        *place = (rm_stack_position){.hwid = RM_STR("ROOT\\A"),
                                     .position = 2 - i,
                                     .driver = i,
                                     .device = i,
                                     .how = i == 0 ? RM_STACK_FUNCTION : RM_STACK_UPPER_FILTER};
    }
    rm_figure *figure = build(f, &m, "stack", "ROOT\\A");
    const rm_node *upper = NULL;
    const rm_node *lower = NULL;
    for (uint32_t i = 0; i < figure->nodes.count; i++) {
        const rm_node *node = &figure->nodes.at[i];
        upper = node->kind == RM_NODE_DEVICE && node->driver == 1 ? node : upper;
        lower = node->kind == RM_NODE_DEVICE && node->driver == 0 ? node : lower;
    }
    assert_non_null(upper);
    assert_non_null(lower);
    assert_true(upper->column < lower->column);
    assert_str(upper->place, "1 of 2 from the top, upper filter");
    assert_str(lower->place, "2 of 2 from the top, function driver");
    unsigned links = 0;
    for (uint32_t i = 0; i < figure->edges.count; i++) {
        const rm_edge *e = &figure->edges.at[i];
        links += e->link && &figure->nodes.at[e->from] == upper &&
                 &figure->nodes.at[e->to] == lower && e->marks.count == 0;
    }
    assert_int_equal(links, 1);
    assert_str(figure->title, "Device stack: ROOT\\A");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(a_write_brings_nothing_back),
        WITH_FIXTURE(an_output_buffer_draws_the_flow_back),
        WITH_FIXTURE(an_entry_that_answers_draws_the_flow_back),
        WITH_FIXTURE(a_read_comes_back_the_whole_way),
        WITH_FIXTURE(a_stack_stands_in_its_order_and_is_joined),
    };
    return cmocka_run_group_tests_name("flow", tests, NULL, NULL);
}
