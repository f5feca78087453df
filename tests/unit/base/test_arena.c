#include "support.h"

#include <stdalign.h>
#include <string.h>

#include "base/list.h"

RM_LIST(numbers, uint32_t);

static void memory_is_zeroed_aligned_and_apart(void **state) {
    struct fixture *f = *state;
    unsigned char *before = NULL;
    for (size_t size = 1; size < 5000; size += 7) {
        unsigned char *p = rm_arena_alloc(f->arena, size, 1);
        assert_non_null(p);
        assert_int_equal((uintptr_t)p % alignof(max_align_t), 0);
        assert_int_equal(p[0] | p[size - 1], 0);
        memset(p, 0xAA, size);
        assert_true(before == NULL || before[0] == 0xAA);
        before = p;
    }
    assert_non_null(rm_arena_alloc(f->arena, 0, 8));
}

static void the_limit_holds(void **state) {
    (void)state;
    rm_arena *arena = rm_arena_new(1000);
    assert_non_null(arena);
    assert_null(rm_arena_alloc(arena, 1001, 1));
    assert_non_null(rm_arena_alloc(arena, 500, 1));
    assert_null(rm_arena_alloc(arena, 501, 1));
    assert_true(rm_arena_used(arena) >= 500);
    assert_true(rm_arena_used(arena) <= 1000);
    rm_arena_free(arena);
    rm_arena_free(NULL);
}

static void sizes_that_overflow_are_refused(void **state) {
    struct fixture *f = *state;
    assert_null(rm_arena_alloc(f->arena, SIZE_MAX, 2));
    assert_null(rm_arena_alloc(f->arena, SIZE_MAX / 2 + 1, 2));
    assert_null(rm_arena_alloc(f->arena, SIZE_MAX, 1));
    assert_null(rm_arena_alloc(f->arena, 1, SIZE_MAX - 3));
}

static void a_test_can_make_allocations_fail(void **state) {
    struct fixture *f = *state;
    rm_arena_fail_after(f->arena, 2);
    assert_non_null(RM_NEW(f->arena, int));
    assert_non_null(RM_NEW(f->arena, int));
    assert_null(RM_NEW(f->arena, int));
    assert_null(RM_NEW(f->arena, int));
    rm_arena_fail_after(f->arena, -1);
    assert_non_null(RM_NEW(f->arena, int));
}

static void a_list_keeps_its_elements_as_it_grows(void **state) {
    struct fixture *f = *state;
    numbers list = {0};
    for (uint32_t i = 0; i < 1000; i++) {
        uint32_t *n = rm_push(f->arena, &list);
        assert_non_null(n);
        assert_int_equal(*n, 0);
        *n = i;
    }
    assert_int_equal(list.count, 1000);
    for (uint32_t i = 0; i < 1000; i++) {
        assert_int_equal(list.at[i], i);
    }
}

static void a_list_that_cannot_grow_is_as_it_was(void **state) {
    struct fixture *f = *state;
    numbers list = {0};
    while (list.count == 0 || list.count < list.capacity) {
        assert_non_null(rm_push(f->arena, &list));
    }
    numbers before = list;
    rm_arena_fail_after(f->arena, 0);
    assert_null(rm_push(f->arena, &list));
    assert_memory_equal(&list, &before, sizeof list);
    before.capacity = before.count = UINT32_MAX / 2;
    assert_int_equal(rm_list_grow(f->arena, &before.at, &before.capacity, before.count, 4),
                     RM_LIMIT);
}

static void what_is_given_back_is_handed_out_again_and_zeroed(void **state) {
    struct fixture *f = *state;
    unsigned char *p = rm_arena_alloc(f->arena, 256, 1);
    assert_non_null(p);
    memset(p, 0xFF, 256);
    size_t used = rm_arena_used(f->arena);
    rm_arena_give_back(f->arena, p, 256, 10);
    assert_true(rm_arena_used(f->arena) < used);
    assert_int_equal(p[9], 0xFF);
    unsigned char *q = rm_arena_alloc(f->arena, 200, 1);
    assert_non_null(q);
    assert_true(q > p && q < p + 256);
    for (size_t i = 0; i < 200; i++) {
        assert_int_equal(q[i], 0);
    }
}

static void only_the_last_allocation_gives_back(void **state) {
    struct fixture *f = *state;
    unsigned char *p = rm_arena_alloc(f->arena, 256, 1);
    unsigned char *q = rm_arena_alloc(f->arena, 16, 1);
    assert_non_null(p);
    assert_non_null(q);
    p[255] = 7;
    size_t used = rm_arena_used(f->arena);
    rm_arena_give_back(f->arena, p, 256, 10);
    rm_arena_give_back(f->arena, NULL, 256, 10);
    rm_arena_give_back(f->arena, q, 16, 16);
    assert_int_equal(rm_arena_used(f->arena), used);
    assert_int_equal(p[255], 7);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(memory_is_zeroed_aligned_and_apart),
        WITH_FIXTURE(the_limit_holds),
        WITH_FIXTURE(sizes_that_overflow_are_refused),
        WITH_FIXTURE(a_test_can_make_allocations_fail),
        WITH_FIXTURE(a_list_keeps_its_elements_as_it_grows),
        WITH_FIXTURE(a_list_that_cannot_grow_is_as_it_was),
        WITH_FIXTURE(what_is_given_back_is_handed_out_again_and_zeroed),
        WITH_FIXTURE(only_the_last_allocation_gives_back),
    };
    return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
