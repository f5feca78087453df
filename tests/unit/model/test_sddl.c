/* SDDL text: what Windows takes, what it rejects and where, and how it prints. */
#include "support.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "model/descriptor.h"
#include "security/alias.h"
#include "security/rights.h"

static const rm_security *parse_in(struct fixture *f, const char *text, const char *domain) {
    const rm_security *sd = NULL;
    rm_sid sid;
    rm_sddl_options options = {.domain = domain == NULL ? NULL : &sid};
    assert_true(domain == NULL || rm_sid_from(rm_str_from(domain), &sid));
    rm_status st = rm_sddl_parse(f->arena, &f->sink, (rm_loc){.line = 1, .column = 1},
                                 rm_str_from(text), &options, &sd);
    assert_true(st == RM_OK || (st == RM_SYNTAX && f->sink.errors > 0));
    return sd;
}

static const rm_security *parse(struct fixture *f, const char *text) {
    return parse_in(f, text, NULL);
}

static void assert_prints(struct fixture *f, const char *text, const char *canonical) {
    rm_str out = RM_STR_NONE;
    const rm_security *sd = parse(f, text);
    if (sd == NULL) {
        fail_msg("rejected: %s: %s", text, f->diags[0].text);
    }
    assert_int_equal(rm_sddl_format(f->arena, sd, &out), RM_OK);
    assert_str(out, canonical);
}

static void assert_rejected(struct fixture *f, const char *text, uint32_t column, const char *id) {
    f->seen = 0;
    if (parse(f, text) != NULL) {
        fail_msg("accepted: %s", text);
    }
    assert_diag(f, 1, column, id);
}

/* Seed "windows-security-model-for-driver-developers", section on SDDL; its quotes included. */
static void reads_both_strings_of_the_seed(void **state) {
    struct fixture *f = *state;
    assert_prints(f,
                  "\xE2\x80\x9C"
                  "D:P(A;;GA;;;SY)(A;;GR;;;WD)"
                  "\xE2\x80\x9D",
                  "D:P(A;;GA;;;SY)(A;;GR;;;WD)");
    assert_diag(f, 1, 1, "sddl-quotes");
    assert_prints(f, "\"D:P(A;;GA;;;SY)(A;;GRGWGX;;;BA)(A;;GRGWGX;;;WD)(A;;GRGWGX;;;RC)\"",
                  "D:P(A;;GA;;;SY)(A;;GXGWGR;;;BA)(A;;GXGWGR;;;WD)(A;;GXGWGR;;;RC)");
}

/* Windows: "SDDL for Device Objects"; wdmsec.h. */
static void knows_the_eight_predefined_strings(void **state) {
    struct fixture *f = *state;
    static const char *const names[] = {
        "SDDL_DEVOBJ_KERNEL_ONLY",
        "SDDL_DEVOBJ_SYS_ALL",
        "SDDL_DEVOBJ_SYS_ALL_ADM_ALL",
        "SDDL_DEVOBJ_SYS_ALL_ADM_RX",
        "SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_R",
        "SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_R_RES_R",
        "SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_RW_RES_R",
        "SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_RWX_RES_RWX",
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *text = rm_sddl_devobj(rm_str_from(names[i]));
        assert_non_null(text);
        const rm_security *sd = parse(f, text);
        assert_non_null(sd);
        rm_sddl_kernel_subset(&f->sink, (rm_loc){.line = 1, .column = 1}, sd);
    }
    assert_no_diag(f);
    assert_null(rm_sddl_devobj(RM_STR("SDDL_DEVOBJ_ALL")));
}

/* Specification 1.4 and 2.3; the numbers are those of winnt.h. */
static void prints_masks_as_windows_does(void **state) {
    struct fixture *f = *state;
    assert_prints(f, "D:(A;;0x1f01ff;;;WD)", "D:(A;;FA;;;WD)");
    assert_prints(f, "D:(A;;0x120089;;;WD)", "D:(A;;FR;;;WD)");
    assert_prints(f, "D:(A;;0xf003f;;;WD)", "D:(A;;KA;;;WD)");
    assert_prints(f, "D:(A;;GRGW;;;WD)", "D:(A;;GWGR;;;WD)");
    assert_prints(f, "D:(A;;3;;;WD)", "D:(A;;CCDC;;;WD)");
    assert_prints(f, "D:(A;;0x100000;;;WD)", "D:(A;;0x100000;;;WD)");
    assert_prints(f, "D:(A;;017;;;WD)", "D:(A;;CCDCLCSW;;;WD)"); /* octal */
    assert_prints(f, "D:(A;;;;;WD)", "D:(A;;;;;WD)");
    assert_prints(f, "S:(ML;;NXNWNR;;;LW)", "S:(ML;;NWNRNX;;;LW)");
    assert_prints(f, "S:(FL;TP;GR;;;WD)", "S:(FL;TP;GR;;;WD)");
}

static void prints_sids_as_windows_does(void **state) {
    struct fixture *f = *state;
    assert_prints(f, "O:S-1-5-18G:S-1-5-32-544", "O:SYG:BA");
    assert_prints(f, "D:(A;;GA;;;S-1-15-2-1)", "D:(A;;GA;;;AC)");
    assert_prints(f, "D:(A;;GA;;;S-1-15-2-2)", "D:(A;;GA;;;S-1-15-2-2)"); /* no alias for it */
    assert_prints(f, "D:(A;;GA;;;S-1-5-84-0-0-0-0-0)", "D:(A;;GA;;;UD)");
    assert_prints(f, "O:S-1-0x10000000000-1", "O:S-1-0x10000000000-1");
    assert_prints(f, "S:(ML;;NW;;;S-1-16-0)", "S:(ML;;NW;;;S-1-16-0)");
}

static void prints_sections_and_flags_in_their_order(void **state) {
    struct fixture *f = *state;
    assert_prints(f, "", "");
    assert_prints(f, "S:AID:ARPG:SYO:BA", "O:BAG:SYD:PARS:AI");
    assert_prints(f, "D:NO_ACCESS_CONTROL", "D:NO_ACCESS_CONTROL");
    assert_prints(f, "D:(A;IDOICINPIO;GR;;;WD)", "D:(A;OICINPIOID;GR;;;WD)");
    assert_prints(f, "S:(AU;FASA;GR;;;WD)", "S:(AU;SAFA;GR;;;WD)");
}

/* Windows: "ACE Strings": an object ACE without object types is a plain one. */
static void makes_object_aces_without_guids_plain(void **state) {
    struct fixture *f = *state;
    assert_prints(f, "D:(OA;;GR;;;WD)(OD;;GR;;;WD)S:(OU;;GR;;;WD)",
                  "D:(A;;GR;;;WD)(D;;GR;;;WD)S:(AU;;GR;;;WD)");
    assert_prints(f, "D:(OA;;CC;BF967ABA-0DE6-11D0-A285-00AA003049E2;;WD)",
                  "D:(OA;;CC;bf967aba-0de6-11d0-a285-00aa003049e2;;WD)");
    assert_prints(f, "D:(OA;;CC;;bf967aba-0de6-11d0-a285-00aa003049e2;WD)",
                  "D:(OA;;CC;;bf967aba-0de6-11d0-a285-00aa003049e2;WD)");
}

/* Specification section 1: forms that no document allows and Windows takes. */
static void notes_lax_forms(void **state) {
    struct fixture *f = *state;
    assert_prints(f, "D:(a;;ga;;;sy)", "D:(A;;GA;;;SY)");
    assert_diag(f, 1, 4, "sddl-lax-case");
    assert_prints(f, "D:( A; ;GA;; ; SY ) (A;;GR;;;WD)", "D:(A;;GA;;;SY)(A;;GR;;;WD)");
    assert_diag(f, 1, 4, "sddl-lax-blank");
    assert_prints(f, "D:(A;;RP LC;;;WD)", "D:(A;;LCRP;;;WD)");
    assert_prints(f, "D:(A;;-1;;;WD)", "D:(A;;0xffffffff;;;WD)");
    assert_diag(f, 1, 7, "sddl-lax-number");
    assert_prints(f, "D:(A;;99999999999;;;WD)", "D:(A;;0xffffffff;;;WD)");
    /* Wine's tests, which Windows passes: numbers and codes at once */
    assert_prints(f, "D:(A;;GR0x3;;;WD)(A;;0xFFFFFGR;;;WD)",
                  "D:(A;;CCDCGR;;;WD)"
                  "(A;;0x800fffff;;;WD)");
    assert_prints(f, "O:S-1-5-99999999999", "O:S-1-5-4294967295");
    assert_prints(f, "O:S-0x1-5-12", "O:SY"); /* 0x12 is 18 */
}

static void rejects_with_the_place(void **state) {
    struct fixture *f = *state;
    assert_rejected(f, "d:(A;;GA;;;SY)", 1, "sddl-section");
    assert_rejected(f, "D:PX", 4, "sddl-acl-flags");
    assert_rejected(f, "D:P:S:", 4, "sddl-acl-flags");
    assert_rejected(f, "D:(A;;GA;;;SY)D:", 15, "sddl-section");
    assert_rejected(f, "D:(A;;GA;;;SY)x", 15, "sddl-ace");
    assert_rejected(f, "D:(QQ;;GA;;;SY)", 4, "sddl-ace-type");
    assert_rejected(f, "D:(A ;;GA;;;SY)", 4, "sddl-ace-type");
    assert_rejected(f, "D:(AU;SA;GA;;;SY)", 4, "sddl-ace-type");
    assert_rejected(f, "S:(A;;GA;;;SY)", 4, "sddl-ace-type");
    assert_rejected(f, "D:(A;QQ;GA;;;SY)", 6, "sddl-ace-flags");
    assert_rejected(f, "D:(A;;QQ;;;SY)", 7, "sddl-rights");
    assert_rejected(f, "D:(A;;GA ;;;SY)", 10, "sddl-rights");
    assert_rejected(f, "D:(A;;ROB;;;WD)", 7, "sddl-rights");
    assert_rejected(f, "D:(A;;NW;;;SY)", 7, "sddl-rights");
    assert_rejected(f, "D:(A;;0x;;;SY)", 9, "sddl-rights");
    assert_rejected(f, "D:(OA;;GA;{bf967aba-0de6-11d0-a285-00aa003049e2};;SY)", 11, "sddl-guid");
    assert_rejected(f, "D:(A;;GA;bf967aba-0de6-11d0-a285-00aa003049e2;;SY)", 10, "sddl-guid");
    assert_rejected(f, "D:(A;;GA;;;)", 12, "sddl-sid");
    assert_rejected(f, "D:(A;;GA;;;QQ)", 12, "sddl-sid");
    assert_rejected(f, "D:(A;;GA;;;S-1-5-18 )", 20, "sddl-sid");
    assert_rejected(f, "D:(A;;GA;;;SYSY)", 14, "sddl-sid");
    assert_rejected(f, "O:S-1-5", 8, "sddl-sid");
    assert_rejected(f, "O:S-2-5-18", 6, "sddl-sid");
    assert_rejected(f, "O:S-1-5-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1", 38, "sddl-sid");
    assert_rejected(f, "O:", 3, "sddl-sid");
    assert_rejected(f, "D:(A;;GA;;SY)", 13, "sddl-ace-fields");
    assert_rejected(f, "D:(A;;GA;;;SY;)", 14, "sddl-ace-fields");
    assert_rejected(f, "D:(A;;GA;;;SY", 14, "sddl-ace-fields");
    assert_rejected(f, "D:NO_ACCESS_CONTROL(A;;GA;;;SY)", 20, "sddl-acl-flags");
    assert_rejected(f, "D:(XA;;GA;;;SY)", 15, "sddl-ace-fields");
}

static void reads_the_numbers_of_resource_attributes_to_their_ends(void **state) {
    struct fixture *f = *state;
    assert_prints(f, "S:(RA;;;;;WD;(\"x\",TI,0,-0x8000000000000000,9223372036854775807))",
                  "S:(RA;;;;;WD;(\"x\",TI,0x0,-9223372036854775808,9223372036854775807))");
    assert_prints(f, "S:(RA;;;;;WD;(\"x\",TU,037,0xffffffffffffffff))",
                  "S:(RA;;;;;WD;(\"x\",TU,0x1f,18446744073709551615))");
    assert_prints(f, "S:(RA;;;;;WD;(\"x\",TB,0,1,0))", "S:(RA;;;;;WD;(\"x\",TB,0x0,1,0))");
    assert_rejected(f, "S:(RA;;;;;WD;(\"x\",TI,0,-9223372036854775809))", 43, "sddl-resource");
    assert_rejected(f, "S:(RA;;;;;WD;(\"x\",TI,0,9223372036854775808))", 42, "sddl-resource");
    assert_rejected(f, "S:(RA;;;;;WD;(\"x\",TB,0,2))", 24, "sddl-resource");
    /* A NUL would cut the text short in the binary form. */
    assert_rejected(f, "S:(RA;;;;;WD;(\"x%0000y\",TS,0,\"a\"))", 16, "sddl-resource");
}

static void says_what_is_domain_relative(void **state) {
    struct fixture *f = *state;
    rm_str binary = RM_STR_NONE;
    const rm_security *sd = parse(f, "O:DAD:(A;;GA;;;LA)");
    assert_true(sd->domain_relative);
    assert_diag(f, 1, 3, "sddl-domain-relative");
    assert_int_equal(rm_security_to_binary(f->arena, sd, &binary), RM_USAGE);
    assert_prints(f, "O:DAD:(A;;GA;;;LA)", "O:DAD:(A;;GA;;;LA)");
    sd = parse_in(f, "O:DAD:(A;;GA;;;S-1-5-21-1-2-3-500)(A;;GA;;;S-1-5-21-9-2-3-500)",
                  "S-1-5-21-1-2-3");
    assert_false(sd->domain_relative);
    assert_int_equal(sd->owner.sub[4], 512);
    assert_int_equal(rm_sddl_format(f->arena, sd, &binary), RM_OK);
    assert_str(binary, "O:DAD:(A;;GA;;;LA)(A;;GA;;;S-1-5-21-9-2-3-500)");
}

static void finds_what_the_kernel_does_not_take(void **state) {
    struct fixture *f = *state;
    static const struct {
        const char *sddl;
        uint32_t column;
    } cases[] = {
        {"D:(A;;GA;;;SY)", 1},
        {"O:SYD:P", 1},
        {"D:P(A;;FA;;;SY)", 4},
        {"D:P(A;;GA;;;SY)(D;;GA;;;WD)", 16},
        {"D:P(A;OI;GA;;;SY)", 4},
        {"D:P(A;;GA;;;CO)", 4},
        {"D:PS:(ML;;NW;;;LW)", 6},
        {"D:NO_ACCESS_CONTROL", 1},
        {"D:P(XA;;GA;;;WD;(@User.a))", 4},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        f->seen = 0;
        rm_sddl_kernel_subset(&f->sink, (rm_loc){.line = 1, .column = 1}, parse(f, cases[i].sddl));
        assert_diag(f, 1, cases[i].column, "sddl-kernel-subset");
    }
    f->seen = 0;
    rm_sddl_kernel_subset(&f->sink, (rm_loc){.line = 1, .column = 1},
                          parse(f, "D:P(A;;0x1f01ff;;;UD)(A;;GRGWGXRCSDWDWO;;;S-1-15-2-1)"));
    assert_no_diag(f);
}

static void keeps_its_tables_sorted_and_whole(void **state) {
    (void)state;
    char last[3] = "";
    unsigned found = 0;
    for (int a = 'A'; a <= 'Z'; a++) {
        for (int b = 'A'; b <= 'Z'; b++) {
            char code[3] = {(char)a, (char)b, '\0'};
            rm_sid sid;
            if (!alias_find((rm_str){code, 2}, NULL, &sid)) {
                continue;
            }
            assert_true(strcmp(last, code) < 0);
            memcpy(last, code, sizeof last);
            assert_string_equal(rm_sid_alias(&sid, NULL), code);
            assert_non_null(rm_sid_words(&sid, NULL));
            found++;
        }
    }
    assert_int_equal(found, 68); /* a table out of order would hide some of them */
}

static void gives_devices_their_documented_default(void **state) {
    struct fixture *f = *state;
    for (uint32_t type = 0; type < 0x60; type++) {
        assert_non_null(parse(f, rm_sddl_device_default(type)));
    }
    assert_no_diag(f);
    assert_string_equal(rm_sddl_device_default(0x22),
                        "D:(A;;GRGWGX;;;WD)(A;;GA;;;SY)(A;;GA;;;BA)(A;;GRGX;;;RC)S:(ML;;NW;;;LW)");
}

/* A megabyte of anything takes no longer than a megabyte. */
static void takes_bounded_time_and_memory(void **state) {
    struct fixture *f = *state;
    static const char *const units[] = {
        "(", "D:", " ", "(A;;GA;;;WD)", "D:(A;;", "O:S-1-1", "-1", "(XA;;;;;WD;(", "!(", "a||",
    };
    static const char *const heads[] = {"", "D:", "O:S-1-1", "D:(XA;;;;;WD;(", "D:(A;;GR;;;WD)"};
    enum { SIZE = 1024 * 1024 };
    char *text = rm_arena_alloc(f->arena, SIZE + 1, 1);
    clock_t start = clock();
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        for (size_t h = 0; h < sizeof heads / sizeof heads[0]; h++) {
            rm_arena *arena = rm_arena_new((size_t)64 << 20);
            const rm_security *sd = NULL;
            size_t n = strlen(heads[h]);
            size_t unit = strlen(units[i]);
            memcpy(text, heads[h], n);
            for (; n + unit <= SIZE; n += unit) {
                memcpy(text + n, units[i], unit);
            }
            assert_int_equal(
                rm_sddl_parse(arena, &f->sink, (rm_loc){0}, (rm_str){text, n}, NULL, &sd),
                units[i][0] == ' ' && h < 2    ? RM_OK
                : units[i][0] == ' ' && h == 4 ? RM_OK
                                               : RM_SYNTAX);
            rm_arena_free(arena);
        }
    }
    assert_true((double)(clock() - start) / CLOCKS_PER_SEC < 20.0);
}

static void survives_every_failing_allocation(void **state) {
    (void)state;
    static const char text[] =
        "O:BAG:SYD:P(A;;GA;;;SY)(XA;;GR;;;WD;((@User.a == {1, \"b\", SID(BA), #00}) && "
        "(!(Member_of SID(BA)))))S:(RA;;;;;WD;(\"x\",TS,0,\"y\"))(ML;;NW;;;LW)";
    for (long n = 0;; n++) {
        rm_arena *arena = rm_arena_new((size_t)1 << 20);
        const rm_security *sd = NULL;
        const rm_security *again = NULL;
        rm_str out = RM_STR_NONE;
        rm_str binary = RM_STR_NONE;
        rm_arena_fail_after(arena, n);
        rm_status st = rm_sddl_parse(arena, NULL, (rm_loc){0}, RM_STR(text), NULL, &sd);
        st = st == RM_OK ? rm_sddl_format(arena, sd, &out) : st;
        st = st == RM_OK ? rm_security_to_binary(arena, sd, &binary) : st;
        st = st == RM_OK ? rm_security_from_binary(arena, NULL, (rm_loc){0}, binary, &again) : st;
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
        WITH_FIXTURE(reads_both_strings_of_the_seed),
        WITH_FIXTURE(knows_the_eight_predefined_strings),
        WITH_FIXTURE(prints_masks_as_windows_does),
        WITH_FIXTURE(prints_sids_as_windows_does),
        WITH_FIXTURE(prints_sections_and_flags_in_their_order),
        WITH_FIXTURE(makes_object_aces_without_guids_plain),
        WITH_FIXTURE(notes_lax_forms),
        WITH_FIXTURE(rejects_with_the_place),
        WITH_FIXTURE(reads_the_numbers_of_resource_attributes_to_their_ends),
        WITH_FIXTURE(says_what_is_domain_relative),
        WITH_FIXTURE(finds_what_the_kernel_does_not_take),
        WITH_FIXTURE(keeps_its_tables_sorted_and_whole),
        WITH_FIXTURE(gives_devices_their_documented_default),
        WITH_FIXTURE(takes_bounded_time_and_memory),
        WITH_FIXTURE(survives_every_failing_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
