#include "support.h"

#include "dot.h"
#include "model_fixture.h"

#include <stdio.h>
#include <stdlib.h>

static rm_str dot_of(struct fixture *f, const rm_model *m, rm_dot_style style) {
    rm_figure *figure = NULL;
    rm_picture_options options = {.format = RM_PIC_DOT, .legend = true};
    rm_buf out = {.arena = f->arena};
    assert_int_equal(rm_figure_build(f->arena, &f->sink, m, &options, false, &figure), RM_OK);
    rm_dot_write(figure, style, &out);
    assert_int_equal(out.status, RM_OK);
    return rm_buf_view(&out);
}

static void draws_the_four_paths(void **state) {
    struct fixture *f = *state;
    rm_model m;
    fixture_three_paths(&m, f->arena);
    rm_str dot = dot_of(f, &m, (rm_dot_style){.legend = true});
    size_t at = 0;
    static const char *const wanted[] = {
        "R1.1",        "R1.2",       "R1.3",
        "R2.1",        "R2.2",       "crosses TB1",
        "crosses TB2", "KernelMode", "class=\"flow unvalidated r1",
    };
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        assert_true(rm_str_find(dot, rm_str_from(wanted[i]), &at));
    }
    if (getenv("SHOW_DOT") != NULL) {
        (void)printf("%s", rm_str_dup(f->arena, dot));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(draws_the_four_paths),
    };
    return cmocka_run_group_tests_name("dot", tests, NULL, NULL);
}
