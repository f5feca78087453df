#include "schemas.h"

#include "db/store.h"
#include "db_support.h"
#include "schema.h"

/* What this program writes now. */
static void digest_of_now(rm_arena *arena, char digest[RM_SCHEMA_DIGEST]) {
    rm_ddl ddl;
    rm_buf all = {.arena = arena};
    assert_int_equal(rm_schema_ddl(arena, &ddl), RM_OK);
    for (uint32_t i = 0; i < ddl.count; i++) {
        rm_schema_say(&all, rm_str_from(ddl.objects[i].type), ddl.objects[i].name,
                      ddl.objects[i].sql);
    }
    assert_int_equal(all.status, RM_OK);
    rm_schema_digest(rm_buf_view(&all), digest);
}

static void the_schema_that_is_written_is_among_the_known_ones(void **state) {
    struct store_fixture *f = *state;
    char digest[RM_SCHEMA_DIGEST];
    digest_of_now(f->arena, digest);
    if (!rm_schema_is_known(RM_SCHEMA_VERSION, digest)) {
        fail_msg(
            "schema %u has changed to %s. When models of it have been published, give it a new "
            "RM_SCHEMA_VERSION; add a line to db/src/schemas.c",
            (unsigned)RM_SCHEMA_VERSION, digest);
    }
}

static void a_digest_counts_for_its_own_version_alone(void **state) {
    struct store_fixture *f = *state;
    char digest[RM_SCHEMA_DIGEST];
    digest_of_now(f->arena, digest);
    assert_false(rm_schema_is_known(RM_SCHEMA_VERSION - 1, digest));
    assert_false(rm_schema_is_known(RM_SCHEMA_VERSION + 1, digest));
    digest[0] = digest[0] == '0' ? '1' : '0';
    assert_false(rm_schema_is_known(RM_SCHEMA_VERSION, digest));
}

/* A name that runs into its SQL is another schema. */
static void the_parts_of_an_object_are_told_apart(void **state) {
    struct store_fixture *f = *state;
    char digests[2][RM_SCHEMA_DIGEST];
    rm_buf one = {.arena = f->arena};
    rm_buf other = {.arena = f->arena};
    rm_schema_say(&one, RM_STR("table"), RM_STR("ab"), RM_STR("c"));
    rm_schema_say(&other, RM_STR("table"), RM_STR("a"), RM_STR("bc"));
    rm_schema_digest(rm_buf_view(&one), digests[0]);
    rm_schema_digest(rm_buf_view(&other), digests[1]);
    assert_string_not_equal(digests[0], digests[1]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_STORE(the_schema_that_is_written_is_among_the_known_ones),
        WITH_STORE(a_digest_counts_for_its_own_version_alone),
        WITH_STORE(the_parts_of_an_object_are_told_apart),
    };
    return cmocka_run_group_tests_name("schemas", tests, NULL, NULL);
}
