#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/parallel.h"

/* Items are squared in parallel and written down in order. */
enum { ITEMS = 1000, NEVER = ITEMS };

typedef struct squares {
    uint64_t made[ITEMS];
    uint64_t taken[ITEMS];
    uint32_t taken_count;
    uint32_t fails_at, refuses_at;
    unsigned most_worker; /* written by whoever makes item 0 */
    uint32_t dropped[ITEMS];
} squares;

static rm_status make(void *payload, unsigned worker, uint32_t index) {
    squares *s = payload;
    s->made[index] = (uint64_t)index * index;
    if (index == 0) {
        s->most_worker = worker;
    }
    return index == s->fails_at ? RM_LIMIT : RM_OK;
}

static rm_status take(void *payload, uint32_t index) {
    squares *s = payload;
    s->taken[s->taken_count++] = s->made[index];
    return index == s->refuses_at ? RM_IO : RM_OK;
}

static void drop(void *payload, uint32_t index) {
    squares *s = payload;
    s->dropped[index]++;
}

static rm_status work(squares *s, unsigned jobs) {
    rm_row row = {.count = ITEMS, .payload = s, .make = make, .take = take, .drop = drop};
    return rm_row_work(&row, jobs);
}

static void items_are_taken_in_order_for_any_number_of_threads(void **state) {
    static const unsigned jobs[] = {0, 1, 2, 3, 16};
    (void)state;
    for (size_t i = 0; i < sizeof jobs / sizeof jobs[0]; i++) {
        squares s = {.fails_at = NEVER, .refuses_at = NEVER};
        assert_int_equal(work(&s, jobs[i]), RM_OK);
        assert_int_equal(s.taken_count, ITEMS);
        for (uint64_t k = 0; k < ITEMS; k++) {
            assert_int_equal(s.taken[k], k * k);
            assert_int_equal(s.dropped[k], 0);
        }
        assert_true(s.most_worker < (jobs[i] == 0 ? 1 : jobs[i]));
    }
}

static void an_item_that_cannot_be_made_ends_the_work_and_is_dropped(void **state) {
    (void)state;
    for (unsigned jobs = 1; jobs <= 4; jobs++) {
        squares s = {.fails_at = 500, .refuses_at = NEVER};
        assert_int_equal(work(&s, jobs), RM_LIMIT);
        assert_int_equal(s.taken_count, 500);
        assert_int_equal(s.dropped[500], 1);
        assert_int_equal(s.dropped[499], 0);
        assert_true(s.dropped[501] <= 1);
    }
}

static void an_item_that_is_refused_ends_the_work(void **state) {
    (void)state;
    for (unsigned jobs = 1; jobs <= 4; jobs++) {
        squares s = {.fails_at = NEVER, .refuses_at = 7};
        assert_int_equal(work(&s, jobs), RM_IO);
        assert_int_equal(s.taken_count, 8);
        assert_int_equal(s.dropped[7], 0);
        for (uint32_t k = 8; k < ITEMS; k++) { /* let go exactly when it was made */
            assert_int_equal(s.dropped[k], s.made[k] != 0);
        }
    }
}

static void a_row_of_nothing_is_done_at_once(void **state) {
    (void)state;
    rm_row row = {.make = make, .take = take};
    assert_int_equal(rm_row_work(&row, 4), RM_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_are_taken_in_order_for_any_number_of_threads),
        cmocka_unit_test(an_item_that_cannot_be_made_ends_the_work_and_is_dropped),
        cmocka_unit_test(an_item_that_is_refused_ends_the_work),
        cmocka_unit_test(a_row_of_nothing_is_done_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
