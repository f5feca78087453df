/* The access check: the seed's examples, each step of it, and who the principals are. */
#include "support.h"

#include <string.h>

#include "model/access.h"

enum {
    READ = 0x1,
    WRITE = 0x2,
    APPEND = 0x4,
    DELETE = 0x10000,
    READ_CONTROL = 0x20000,
    WRITE_DAC = 0x40000,
    WRITE_OWNER = 0x80000
};

static const rm_security *parse(struct fixture *f, const char *text) {
    const rm_security *sd = NULL;
    if (rm_sddl_parse(f->arena, &f->sink, (rm_loc){.line = 1, .column = 1}, rm_str_from(text), NULL,
                      &sd) != RM_OK) {
        fail_msg("rejected: %s", text);
    }
    return sd;
}

static const rm_token *builtin(struct fixture *f, const char *name) {
    rm_principals all = {0};
    assert_int_equal(rm_principals_builtin(f->arena, &all), RM_OK);
    uint32_t i = rm_principal_find(&all, rm_str_from(name));
    assert_int_not_equal(i, RM_NONE);
    return &all.at[i].token;
}

static bool check(struct fixture *f, const char *sddl, const rm_token *token, uint32_t desired) {
    bool granted = false;
    assert_int_equal(
        rm_access_check(f->arena, parse(f, sddl), token, desired, RM_OBJECT_FILE, &granted, NULL),
        RM_OK);
    return granted;
}

static bool opens(struct fixture *f, const char *sddl, const char *who, uint32_t desired) {
    return check(f, sddl, builtin(f, who), desired);
}

static uint32_t max(struct fixture *f, const char *sddl, const char *who) {
    rm_access_answer a;
    assert_int_equal(
        rm_access_answer_of(f->arena, parse(f, sddl), builtin(f, who), RM_OBJECT_DEVICE, &a),
        RM_OK);
    return a.max;
}

/*
 * The seed's sample ACL: Accounting may write and delete, Sales append, Legal is denied append,
 * write and delete, Everyone may read. Jim is in Accounting and Legal. The seed walks the token's
 * SIDs; Windows walks the ACEs (ontology section 6, rows 8 to 10), which gives these answers.
 */
#define ACCOUNTING "S-1-5-22-1"
#define SALES "S-1-5-22-2"
#define LEGAL "S-1-5-22-3"
static const char sample[] =
    "O:SYD:(A;;0x10002;;;" ACCOUNTING ")(A;;0x4;;;" SALES ")(D;;0x10006;;;" LEGAL ")(A;;0x1;;;WD)";
static const char legal_first[] =
    "O:SYD:(D;;0x10006;;;" LEGAL ")(A;;0x10002;;;" ACCOUNTING ")(A;;0x4;;;" SALES ")(A;;0x1;;;WD)";

static rm_token jim(rm_token_sid sids[4], bool deny_only) {
    static const char *const names[] = {"S-1-5-21-1-1-1-1000", ACCOUNTING, LEGAL, "WD"};
    for (unsigned i = 0; i < 4; i++) {
        bool denies = deny_only && i < 3;
        sids[i] = (rm_token_sid){.enabled = !denies, .deny_only = denies};
        assert_true(rm_sid_from(rm_str_from(names[i]), &sids[i].sid));
    }
    return (rm_token){.sids = {.at = sids, .count = 4}, .integrity = 0x2000};
}

static void walks_the_aces_for_jim(void **state) {
    struct fixture *f = *state;
    rm_token_sid sids[4];
    rm_token token = jim(sids, false);
    assert_true(check(f, sample, &token, WRITE | DELETE));
    assert_true(check(f, sample, &token, WRITE | READ));
    assert_true(check(f, sample, &token, READ));
    assert_false(check(f, sample, &token, APPEND));
    assert_false(check(f, sample, &token, WRITE | APPEND));
    assert_false(check(f, legal_first, &token, WRITE));
    assert_false(check(f, legal_first, &token, DELETE));
    assert_true(check(f, legal_first, &token, READ));
}

/* The seed's second example: everything but Everyone is deny-only. Everyone still may read. */
static void matches_deny_only_groups_with_deny_aces_alone(void **state) {
    struct fixture *f = *state;
    rm_token_sid sids[4];
    rm_token token = jim(sids, true);
    assert_false(check(f, sample, &token, WRITE));
    assert_false(check(f, sample, &token, APPEND));
    assert_false(check(f, sample, &token, DELETE));
    assert_true(check(f, sample, &token, READ));
}

/* Windows: "SDDL for Device Objects" tells in words who gets what from each. */
static void answers_for_the_predefined_strings(void **state) {
    struct fixture *f = *state;
    static const struct {
        const char *name;
        uint32_t system, admin, user;
    } rows[] = {
        {"SDDL_DEVOBJ_KERNEL_ONLY", 0, 0, 0},
        {"SDDL_DEVOBJ_SYS_ALL", 0x1F01FF, 0, 0},
        {"SDDL_DEVOBJ_SYS_ALL_ADM_ALL", 0x1F01FF, 0x1F01FF, 0},
        {"SDDL_DEVOBJ_SYS_ALL_ADM_RX", 0x1F01FF, 0x1200A9, 0},
        {"SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_R", 0x1F01FF, 0x1201BF, 0x120089},
        {"SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_R_RES_R", 0x1F01FF, 0x1201BF, 0x120089},
        {"SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_RW_RES_R", 0x1F01FF, 0x1201BF, 0x12019F},
        {"SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_RWX_RES_RWX", 0x1F01FF, 0x1201BF, 0x1201BF},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const rm_security *sd = parse(f, rm_sddl_devobj(rm_str_from(rows[i].name)));
        static const char *const who[] = {"system", "admin", "user"};
        const uint32_t want[] = {rows[i].system, rows[i].admin, rows[i].user};
        for (unsigned k = 0; k < 3; k++) {
            rm_access_answer a;
            assert_int_equal(
                rm_access_answer_of(f->arena, sd, builtin(f, who[k]), RM_OBJECT_DEVICE, &a), RM_OK);
            assert_int_equal(a.dacl, want[k]);
        }
    }
}

static void counts_ownership_and_privileges_beside_the_dacl(void **state) {
    struct fixture *f = *state;
    rm_access_answer a;
    assert_int_equal(max(f, "D:P", "admin"), 0x10E0000);
    assert_int_equal(max(f, "O:SYD:P", "admin"), 0x1080000);
    assert_int_equal(max(f, "O:BAD:P(A;;RC;;;OW)", "admin"), 0x10A0000);
    assert_int_equal(max(f, "D:P", "user"), 0);
    assert_int_equal(
        rm_access_answer_of(f->arena, parse(f, "D:P"), builtin(f, "admin"), RM_OBJECT_DEVICE, &a),
        RM_OK);
    assert_int_equal(a.dacl, 0);
    assert_true(a.any);
    assert_false(a.read || a.write || a.win32_any);
    assert_int_equal(a.win32_max, 0);
}

/* CreateFile asks for 0x100080 besides: an ACE for the bare bits serves NtOpenFile alone. */
static void tells_createfile_from_ntopenfile(void **state) {
    struct fixture *f = *state;
    rm_access_answer a;
    assert_int_equal(rm_access_answer_of(f->arena, parse(f, "D:P(A;;0x3;;;WD)"), builtin(f, "user"),
                                         RM_OBJECT_DEVICE, &a),
                     RM_OK);
    assert_int_equal(a.max, 0x3);
    assert_true(a.any && a.read && a.write);
    assert_false(a.win32_any || a.win32_read || a.win32_write);
}

static void tells_a_missing_dacl_from_an_empty_one(void **state) {
    struct fixture *f = *state;
    assert_int_equal(max(f, "", "user"), 0x1F01FF);
    assert_int_equal(max(f, "D:NO_ACCESS_CONTROL", "user"), 0x1F01FF);
    assert_int_equal(max(f, "D:", "user"), 0);
    assert_int_equal(max(f, "D:NO_ACCESS_CONTROL", "appcontainer"), 0);
}

/* Windows: "Mandatory Integrity Control": without a label an object is medium, no write up. */
static void keeps_low_integrity_from_writing_up(void **state) {
    struct fixture *f = *state;
    assert_int_equal(max(f, "D:(A;;GA;;;WD)", "low"), 0x1200A9);
    assert_int_equal(max(f, "D:(A;;GA;;;WD)S:(ML;;NW;;;LW)", "low"), 0x1F01FF);
    assert_int_equal(max(f, "D:(A;;GA;;;WD)S:(ML;;NWNR;;;ME)", "low"), 0x1200A0);
    assert_int_equal(max(f, "D:(A;;GA;;;WD)S:(ML;IO;NW;;;LW)", "low"), 0x1200A9);
    assert_int_equal(max(f, "D:(A;;GA;;;WD)S:(ML;;NWNRNX;;;HI)", "user"), 0);
}

/* Windows: "Implementing an AppContainer": both the user and the package must be let in. */
static void wants_both_user_and_package_for_an_appcontainer(void **state) {
    struct fixture *f = *state;
    assert_false(opens(f, "D:(A;;GR;;;WD)", "appcontainer", READ));
    assert_false(opens(f, "D:(A;;GR;;;AC)", "appcontainer", READ));
    assert_true(opens(f, "D:(A;;GR;;;WD)(A;;GR;;;AC)", "appcontainer", READ));
    assert_true(opens(f, "D:(A;;GRGW;;;BU)(A;;GW;;;AC)", "appcontainer", WRITE));
    assert_false(opens(f, "D:(A;;GR;;;WD)(A;;GR;;;AC)", "lpac", READ));
    assert_true(opens(f, "D:(A;;GR;;;WD)(A;;GR;;;S-1-15-2-2)", "lpac", READ));
    assert_true(opens(f, "D:(A;;GR;;;WD)(A;;GR;;;S-1-15-3-1)", "appcontainer", READ));
    assert_false(opens(f, "D:(A;;GR;;;WD)(A;;GR;;;S-1-15-3-7)", "appcontainer", READ));
    assert_true(opens(f, "D:(A;;GR;;;WD)(A;;GR;;;S-1-15-3-7)", "appcontainer_with_caps", READ));
}

/* Windows: "Restricted Tokens": the restricting SIDs must be let in as well. */
static void walks_twice_for_a_restricted_token(void **state) {
    struct fixture *f = *state;
    assert_false(opens(f, "D:(A;;GRGW;;;WD)", "restricted_user", READ));
    assert_true(opens(f, "D:(A;;GRGW;;;WD)(A;;GR;;;RC)", "restricted_user", READ));
    assert_false(opens(f, "D:(A;;GRGW;;;WD)(A;;GR;;;RC)", "restricted_user", WRITE));
    assert_false(opens(f, "D:(A;;GR;;;RC)", "restricted_user", READ));
    assert_true(opens(f, "D:(A;;GRGW;;;LS)", "write_restricted_service", READ));
    assert_false(opens(f, "D:(A;;GRGW;;;LS)", "write_restricted_service", WRITE));
    assert_false(opens(f, "D:(A;;GRGW;;;LS)", "write_restricted_service", READ | WRITE));
    assert_true(opens(f, "D:(A;;GRGW;;;LS)(A;;GW;;;WR)", "write_restricted_service", WRITE));
}

static void judges_a_filtered_administrator(void **state) {
    struct fixture *f = *state;
    assert_false(opens(f, "D:(A;;GA;;;BA)", "admin_filtered", READ));
    assert_true(opens(f, "D:(A;;GA;;;BA)", "admin", READ));
    assert_false(opens(f, "D:(D;;GR;;;BA)(A;;GA;;;WD)", "admin_filtered", READ));
}

static void lets_a_trust_label_withhold(void **state) {
    struct fixture *f = *state;
    rm_token token = *builtin(f, "system");
    static const char sddl[] = "D:(A;;GA;;;WD)S:(TL;;0x1;;;S-1-19-512-4096)";
    assert_true(check(f, sddl, &token, READ));
    assert_false(check(f, sddl, &token, WRITE));
    token.trust = 512u << 16 | 8192;
    assert_true(check(f, sddl, &token, WRITE));
}

static void opens_nothing_for_identification(void **state) {
    struct fixture *f = *state;
    rm_token token = *builtin(f, "system");
    token.impersonation = true;
    for (uint8_t level = 0; level < 4; level++) {
        token.level = level;
        assert_int_equal(check(f, "D:(A;;GA;;;WD)", &token, READ), level >= 2);
    }
}

/* A principal is in the groups of its domain, whichever that is. */
static void matches_the_domain_by_name(void **state) {
    struct fixture *f = *state;
    const rm_security *sd = NULL;
    rm_sid domain;
    bool granted = false;
    assert_true(rm_sid_from(RM_STR("S-1-5-21-1-2-3"), &domain));
    rm_sddl_options options = {.domain = &domain};
    assert_true(opens(f, "D:(A;;GR;;;DU)", "user", READ));
    assert_false(opens(f, "D:(A;;GR;;;DA)", "admin", READ));
    assert_true(opens(f, "D:(A;;GR;;;LG)", "guest", READ));
    assert_int_equal(
        rm_sddl_parse(f->arena, &f->sink, (rm_loc){0}, RM_STR("D:(A;;GR;;;DU)"), &options, &sd),
        RM_OK);
    assert_int_equal(
        rm_access_check(f->arena, sd, builtin(f, "user"), READ, RM_OBJECT_FILE, &granted, NULL),
        RM_OK);
    assert_true(granted);
}

static void tells_who_decided_what(void **state) {
    struct fixture *f = *state;
    rm_access_trace trace = {0};
    bool granted = true;
    assert_int_equal(rm_access_check(f->arena, parse(f, "O:SYD:(A;;GR;;;WD)(D;;GW;;;BU)"),
                                     builtin(f, "user"), 0xC0000000u, RM_OBJECT_DEVICE, &granted,
                                     &trace),
                     RM_OK);
    assert_false(granted);
    assert_int_equal(trace.count, 3);
    assert_string_equal(trace.at[0].rule, "token");
    assert_str(trace.at[0].text, "the primary token of S-1-5-21-domain-1001 asks for 0x12019f");
    assert_int_equal(trace.at[1].ace, 0);
    assert_true(trace.at[1].granted);
    assert_str(trace.at[1].text, "(A;;GR;;;WD) allows the user or a group 0x120089");
    assert_int_equal(trace.at[2].ace, 1);
    assert_str(trace.at[2].text, "(D;;GW;;;BU) denies the user or a group 0x116");
}

static void knows_the_sixteen_in_order(void **state) {
    struct fixture *f = *state;
    static const char *const names[] = {
        "lpac",
        "appcontainer",
        "appcontainer_with_caps",
        "low_il_user",
        "restricted_user",
        "guest",
        "anonymous",
        "remote_user",
        "standard_user",
        "admin_filtered",
        "write_restricted_service",
        "local_service",
        "network_service",
        "umdf_host",
        "admin_elevated",
        "system",
    };
    static const uint32_t disparity[] = {1000, 900, 900, 800, 800, 800, 800, 800,
                                         700,  700, 500, 500, 500, 500, 250, 150};
    rm_principals all = {0};
    assert_int_equal(rm_principals_builtin(f->arena, &all), RM_OK);
    assert_int_equal(all.count, 16);
    for (uint32_t i = 0; i < 16; i++) {
        assert_str(all.at[i].name, names[i]);
        assert_int_equal(all.at[i].disparity, disparity[i]);
        assert_true(all.at[i].title.len > 0);
    }
    assert_int_equal(rm_principal_find(&all, RM_STR("low")), 3);
    assert_int_equal(rm_principal_find(&all, RM_STR("nobody")), RM_NONE);
}

static void survives_every_failing_allocation(void **state) {
    struct fixture *f = *state;
    const rm_security *sd = parse(f, "D:(XA;;GR;;;WD;(@Resource.a == {1, 2} || Member_of SID(WD)))"
                                     "(A;;GW;;;AC)S:(RA;;;;;WD;(\"a\",TI,0,2,1))");
    for (long n = 0;; n++) {
        rm_arena *arena = rm_arena_new((size_t)1 << 20);
        rm_access_trace trace = {0};
        rm_access_answer a;
        bool granted = false;
        rm_arena_fail_after(arena, n);
        rm_principals all = {0};
        rm_status st = rm_principals_builtin(arena, &all);
        if (st == RM_OK) {
            st =
                rm_access_check(arena, sd, &all.at[8].token, 1, RM_OBJECT_DEVICE, &granted, &trace);
        }
        if (st == RM_OK) {
            st = rm_access_answer_of(arena, sd, &all.at[1].token, RM_OBJECT_DEVICE, &a);
        }
        rm_arena_free(arena);
        if (st == RM_OK) {
            assert_true(granted && n > 20);
            return;
        }
        assert_int_equal(st, RM_NOMEM);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(walks_the_aces_for_jim),
        WITH_FIXTURE(matches_deny_only_groups_with_deny_aces_alone),
        WITH_FIXTURE(answers_for_the_predefined_strings),
        WITH_FIXTURE(counts_ownership_and_privileges_beside_the_dacl),
        WITH_FIXTURE(tells_createfile_from_ntopenfile),
        WITH_FIXTURE(tells_a_missing_dacl_from_an_empty_one),
        WITH_FIXTURE(keeps_low_integrity_from_writing_up),
        WITH_FIXTURE(wants_both_user_and_package_for_an_appcontainer),
        WITH_FIXTURE(walks_twice_for_a_restricted_token),
        WITH_FIXTURE(judges_a_filtered_administrator),
        WITH_FIXTURE(lets_a_trust_label_withhold),
        WITH_FIXTURE(opens_nothing_for_identification),
        WITH_FIXTURE(matches_the_domain_by_name),
        WITH_FIXTURE(tells_who_decided_what),
        WITH_FIXTURE(knows_the_sixteen_in_order),
        WITH_FIXTURE(survives_every_failing_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
