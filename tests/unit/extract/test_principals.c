/* A team's own principals. */
#include "support.h"

#include <string.h>

#include "extract/principals.h"
#include "model/access.h"
#include "model/condition.h"

static rm_status read(struct fixture *f, const char *text, rm_principals *all) {
    assert_int_equal(rm_principals_builtin(f->arena, all), RM_OK);
    return rm_principals_read(f->arena, &f->sink, RM_STR("p.json"), rm_str_from(text), all);
}

static const rm_principal *one(struct fixture *f, const char *body) {
    rm_principals *all = RM_NEW(f->arena, rm_principals);
    rm_str text = RM_STR_NONE;
    assert_int_equal(rm_str_printf(f->arena, &text,
                                   "{\"ringmap\":1,\"principals\":[{\"name\":\"x\",%s}]}", body),
                     RM_OK);
    rm_status st = read(f, text.ptr, all);
    if (st != RM_OK) {
        fail_msg("%s: %s", f->diags[0].id, f->diags[0].text);
    }
    assert_int_equal(all->count, 17);
    return &all->at[16];
}

static bool opens(struct fixture *f, const rm_principal *who, const char *sddl, uint32_t mask) {
    const rm_security *sd = NULL;
    bool granted = false;
    assert_int_equal(rm_sddl_parse(f->arena, &f->sink, (rm_loc){0}, rm_str_from(sddl), NULL, &sd),
                     RM_OK);
    assert_int_equal(
        rm_access_check(f->arena, sd, &who->token, mask, RM_OBJECT_DEVICE, &granted, NULL), RM_OK);
    return granted;
}

static void reads_a_service_of_a_team(void **state) {
    struct fixture *f = *state;
    const rm_principal *p =
        one(f, "\"like\":\"local_service\",\"title\":\"our updater\",\"groups\":[\"S-1-5-80-9\"],"
               "\"restricting\":[\"WR\",\"S-1-5-80-9\"],\"write_restricted\":true,"
               "\"privileges\":[\"SeImpersonatePrivilege\"]");
    assert_str(p->title, "our updater");
    assert_int_equal(p->boundary, RM_BOUNDARY_SERVICE);
    assert_int_equal(p->disparity, 500);
    assert_false(p->builtin);
    assert_int_equal(p->token.privileges, RM_PRIV_IMPERSONATE);
    assert_true(opens(f, p, "D:(A;;GRGW;;;S-1-5-80-9)", 0x2));
    assert_false(opens(f, p, "D:(A;;GRGW;;;LS)", 0x2));
    assert_true(opens(f, p, "D:(A;;GRGW;;;LS)", 0x1));
}

static void leaves_the_original_alone(void **state) {
    struct fixture *f = *state;
    rm_principals all = {0};
    assert_int_equal(read(f,
                          "{\"ringmap\":1,\"principals\":["
                          "{\"name\":\"a\",\"like\":\"user\",\"groups\":[\"BA\"]},"
                          "{\"name\":\"b\",\"like\":\"user\",\"groups\":[\"SY\"]}]}",
                          &all),
                     RM_OK);
    assert_false(opens(f, &all.at[8], "D:(A;;GR;;;BA)", 1));
    assert_true(opens(f, &all.at[16], "D:(A;;GR;;;BA)", 1));
    assert_false(opens(f, &all.at[17], "D:(A;;GR;;;BA)", 1));
    assert_true(opens(f, &all.at[17], "D:(A;;GR;;;SY)", 1));
}

static void reads_an_app_with_capabilities(void **state) {
    struct fixture *f = *state;
    const rm_principal *p =
        one(f, "\"sids\":[\"@1001\",\"WD\"],\"integrity\":\"low\","
               "\"package\":\"Microsoft.WindowsStore_8wekyb3d8bbwe\","
               "\"capabilities\":[\"contacts\",\"{04030201-0605-0807-090a-0b0c0d0e0f10}\"]");
    assert_int_equal(p->disparity, 900);
    assert_true(opens(f, p, "D:(A;;GR;;;WD)(A;;GR;;;S-1-15-3-12)", 1));
    assert_true(
        opens(f, p, "D:(A;;GR;;;WD)(A;;GR;;;S-1-15-3-67305985-134678021-202050057-269422093)", 1));
    assert_false(opens(f, p, "D:(A;;GR;;;WD)(A;;GR;;;S-1-15-3-1)", 1));
}

static void reads_claims_in_both_forms(void **state) {
    struct fixture *f = *state;
    const rm_principal *p =
        one(f, "\"sids\":[\"WD\"],\"user_claims\":{\"n\":3,\"s\":[\"a\",\"b\"],\"t\":true,"
               "\"c\":{\"values\":[\"Red\"],\"case_sensitive\":true}},"
               "\"device_sids\":[\"BG\"]");
    assert_true(opens(f, p, "D:(XA;;GR;;;WD;(@User.n == 3))", 1));
    assert_true(opens(f, p, "D:(XA;;GR;;;WD;(@User.s == {\"b\",\"A\"}))", 1));
    assert_true(opens(f, p, "D:(XA;;GR;;;WD;(@User.t && Device_Member_of SID(BG)))", 1));
    assert_false(opens(f, p, "D:(XA;;GR;;;WD;(@User.c == \"red\"))", 1));
    p = one(f, "\"sids\":[\"WD\"],\"claims_form\":\"sddl-literal\","
               "\"device_claims\":{\"x\":\"{SID(BA), SID(WD)}\"}");
    assert_true(opens(f, p, "D:(XA;;GR;;;WD;(@Device.x Contains SID(BA)))", 1));
}

static void reads_whose_token_it_is(void **state) {
    struct fixture *f = *state;
    const rm_principal *p = one(f, "\"like\":\"system\",\"impersonation\":\"identification\"");
    assert_false(opens(f, p, "D:(A;;GA;;;WD)", 1));
}

static void refuses_what_it_does_not_understand(void **state) {
    struct fixture *f = *state;
    static const struct {
        const char *text, *id;
        uint32_t column;
    } cases[] = {
        {"[]", "principals-wrong-type", 1},
        {"{}", "principals-version", 1},
        {"{\"ringmap\":1}", "principals-missing-key", 1},
        {"{\"ringmap\":1,\"x\":1}", "principals-unknown-key", 14},
        {"{\"ringmap\":1,\"principals\":[{\"name\":\"x\"}]}", "principals-missing-key", 28},
        {"{\"ringmap\":1,\"principals\":[{\"sids\":[\"WD\"]}]}", "principals-missing-key", 28},
        {"{\"ringmap\":1,\"principals\":[{\"sid\":[\"WD\"]}]}", "principals-unknown-key", 29},
        {"{\"ringmap\":1,\"principals\":[{\"sids\":[\"QQ\"]}]}", "principals-sid", 37},
        {"{\"ringmap\":1,\"principals\":[{\"name\":\"a b\"}]}", "principals-name", 36},
        {"{\"ringmap\":1,\"principals\":[{\"name\":\"user\",\"like\":\"nobody\"}]}",
         "principals-unknown-word", 50},
        {"{\"ringmap\":1,\"principals\":[{\"name\":\"guest\",\"like\":\"user\"}]}",
         "principals-name", 28},
        {"{\"ringmap\":1,\"principals\":[{\"privileges\":[\"SeX\"]}]}", "principals-unknown-word",
         43},
        {"{\"ringmap\":1,\"principals\":[{\"user_claims\":{\"a\":null}}]}", "principals-wrong-type",
         48},
        {"{\"ringmap\":1,\"principals\":[{\"name\":\"x\",\"sids\":[\"WD\"],\"lpac\":true}]}",
         "principals-missing-key", 28},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rm_principals all = {0};
        f->seen = 0;
        assert_int_equal(read(f, cases[i].text, &all), RM_SYNTAX);
        assert_diag(f, 1, cases[i].column, cases[i].id);
        assert_int_equal(all.count, 16);
    }
}

static void survives_every_failing_allocation(void **state) {
    (void)state;
    static const char text[] =
        "{\"ringmap\":1,\"principals\":[{\"name\":\"x\",\"like\":\"lpac\",\"groups\":[\"BA\"],"
        "\"capabilities\":[\"contacts\"],\"user_claims\":{\"a\":[\"b\",1]}}]}";
    for (long n = 0;; n++) {
        rm_arena *arena = rm_arena_new((size_t)1 << 20);
        rm_principals all = {0};
        rm_arena_fail_after(arena, n);
        rm_status st = rm_principals_builtin(arena, &all);
        st = st == RM_OK ? rm_principals_read(arena, NULL, RM_STR("p"), RM_STR(text), &all) : st;
        rm_arena_free(arena);
        if (st == RM_OK) {
            assert_true(n > 20);
            return;
        }
        assert_int_equal(st, RM_NOMEM);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(reads_a_service_of_a_team),
        WITH_FIXTURE(leaves_the_original_alone),
        WITH_FIXTURE(reads_an_app_with_capabilities),
        WITH_FIXTURE(reads_claims_in_both_forms),
        WITH_FIXTURE(reads_whose_token_it_is),
        WITH_FIXTURE(refuses_what_it_does_not_understand),
        WITH_FIXTURE(survives_every_failing_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
