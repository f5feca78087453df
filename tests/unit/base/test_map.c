#include "support.h"

#include <stdio.h>

#include "base/map.h"

static void keys_keep_their_values_while_it_grows(void **state) {
    struct fixture *f = *state;
    rm_map map = {.arena = f->arena};
    for (uint32_t i = 0; i < 5000; i++) {
        rm_str key = RM_STR_NONE;
        uint32_t *value = NULL;
        bool is_new = false;
        assert_int_equal(rm_str_printf(f->arena, &key, "key %u", (unsigned)i), RM_OK);
        assert_int_equal(rm_map_at(&map, key, &value, &is_new), RM_OK);
        assert_true(is_new);
        *value = i;
    }
    uint32_t found = 0;
    assert_true(rm_map_get(&map, RM_STR("key 4711"), &found));
    assert_int_equal(found, 4711);
    assert_false(rm_map_get(&map, RM_STR("key 5000"), &found));
    assert_int_equal(map.count, 5000);
}

static void case_is_folded_only_when_asked(void **state) {
    struct fixture *f = *state;
    rm_map exact = {.arena = f->arena};
    rm_map folded = {.arena = f->arena, .fold = true};
    uint32_t *value = NULL;
    uint32_t found = 0;
    assert_int_equal(rm_map_at(&exact, RM_STR("Foo"), &value, NULL), RM_OK);
    assert_int_equal(rm_map_at(&folded, RM_STR("Foo"), &value, NULL), RM_OK);
    *value = 7;
    assert_false(rm_map_get(&exact, RM_STR("FOO"), &found));
    assert_true(rm_map_get(&folded, RM_STR("FOO"), &found));
    assert_int_equal(found, 7);
}

static void an_empty_key_is_a_key_and_an_empty_map_has_none(void **state) {
    struct fixture *f = *state;
    rm_map map = {.arena = f->arena};
    uint32_t *value = NULL;
    uint32_t found = 0;
    assert_false(rm_map_get(&map, RM_STR_NONE, &found));
    assert_int_equal(rm_map_at(&map, RM_STR_NONE, &value, NULL), RM_OK);
    *value = 3;
    assert_true(rm_map_get(&map, RM_STR_NONE, &found));
    assert_int_equal(found, 3);
}

static void a_failed_allocation_leaves_the_map_whole(void **state) {
    struct fixture *f = *state;
    rm_map map = {.arena = f->arena};
    uint32_t *value = NULL;
    uint32_t found = 0;
    assert_int_equal(rm_map_at(&map, RM_STR("a"), &value, NULL), RM_OK);
    *value = 1;
    static char names[64][8];
    rm_status st = RM_OK;
    rm_arena_fail_after(f->arena, 0);
    for (uint32_t i = 0; i < 64 && st == RM_OK; i++) {
        (void)snprintf(names[i], sizeof names[i], "n%u", (unsigned)i);
        st = rm_map_at(&map, rm_str_from(names[i]), &value, NULL);
    }
    assert_int_equal(st, RM_NOMEM);
    assert_true(rm_map_get(&map, RM_STR("a"), &found));
    assert_int_equal(found, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(keys_keep_their_values_while_it_grows),
        WITH_FIXTURE(case_is_folded_only_when_asked),
        WITH_FIXTURE(an_empty_key_is_a_key_and_an_empty_map_has_none),
        WITH_FIXTURE(a_failed_allocation_leaves_the_map_whole),
    };
    return cmocka_run_group_tests_name("map", tests, NULL, NULL);
}
