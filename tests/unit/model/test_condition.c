/* Conditional expressions: text both ways, the binary form, three-valued evaluation. */
#include "support.h"

#include <time.h>

#include "base/hash.h"
#include "base/text.h"
#include "model/access.h"
#include "security/condition.h"

static const rm_security *parse(struct fixture *f, const char *condition, const char *sacl) {
    const rm_security *sd = NULL;
    rm_str text = RM_STR_NONE;
    assert_int_equal(rm_str_printf(f->arena, &text, "D:(XA;;CC;;;WD;%s)%s", condition, sacl),
                     RM_OK);
    rm_status st =
        rm_sddl_parse(f->arena, &f->sink, (rm_loc){.line = 1, .column = 1}, text, NULL, &sd);
    return st == RM_OK ? sd : NULL;
}

static void assert_prints(struct fixture *f, const char *condition, const char *printed) {
    const rm_security *sd = parse(f, condition, "");
    rm_str out = RM_STR_NONE;
    if (sd == NULL) {
        fail_msg("rejected: %s: %s", condition, f->diags[0].text);
    }
    assert_int_equal(rm_sddl_format(f->arena, sd, &out), RM_OK);
    assert_str(rm_str_slice(out, 15, out.len - 1), printed);
}

/* Windows: "Security Descriptor Definition Language for Conditional ACEs". */
static void prints_as_windows_does(void **state) {
    struct fixture *f = *state;
    assert_prints(
        f, "(@User.Title==\"PM\"&&(@User.Division==\"Finance\"||@user.Division ==\"Sales\"))",
        "((@USER.Title == \"PM\") && ((@USER.Division == \"Finance\") || "
        "(@USER.Division == \"Sales\")))");
    assert_prints(f, "(a && b || c && d)", "(((a) && (b)) || ((c) && (d)))");
    assert_prints(f, "(a || b || c)", "(((a) || (b)) || (c))");
    assert_prints(f, "(!(!(a)))", "(!(!(a)))");
    assert_prints(f, "((((a))))", "(a)");
    assert_prints(f, "(Member_of{SID(BA),SID(S-1-5-32-545)})", "(Member_of {SID(BA), SID(BU)})");
    assert_prints(f, "(not_device_MEMBER_OF_any ((SID(BA))))",
                  "(Not_Device_Member_of_any SID(BA))");
    assert_prints(f, "(Exists WIN://SYSAPPID)", "(Exists WIN://SYSAPPID)");
    assert_prints(f, "(@Device.x Not_Contains{1,-2,+3,0x1F,017,#ab,\"s\"})",
                  "(@DEVICE.x Not_Contains {1, -2, +3, 0x1f, 017, #ab, \"s\"})");
    assert_prints(f, "(o == #1#2#3##)", "(o == #01020300)"); /* "ACE Strings" */
    assert_prints(f, "(@Resource.a%0020b > -0x8000000000000000)",
                  "(@RESOURCE.a%0020b > -0x8000000000000000)");
    assert_prints(f, "(@User.\xC3\xA4 <= \"\xC3\xA4\xF0\x9F\x98\x80\")",
                  "(@USER.%00e4 <= \"\xC3\xA4\xF0\x9F\x98\x80\")");
    assert_prints(f, "(%0045xists == 1)", "(%0045xists == 1)");
}

static void rejects_with_the_place(void **state) {
    struct fixture *f = *state;
    static const struct {
        const char *text;
        uint32_t column;
    } cases[] = {
        {"()", 17},
        {"(!a)", 18},
        {"(!!(a))", 18},
        {"(a b)", 19},
        {"(a && )", 22},
        {"(a == )", 22},
        {"(a == b", 24},
        {"(\"a\" == b)", 17},
        {"(a == {1 2})", 25},
        {"(a == \"x)", 22},
        {"(@Foo.a)", 17},
        {"(Member_of_AnySID(BA))", 33},
        {"(a == 9223372036854775808)", 22},
        {"(a == 1x)", 22},
        {"a", 16},
        {"(a == {{1}})", 23},
        {"(a == SID(QQ))", 26},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        f->seen = 0;
        if (parse(f, cases[i].text, "") != NULL) {
            fail_msg("accepted: %s", cases[i].text);
        }
        assert_true(f->seen > 0);
        if (f->diags[0].column != cases[i].column) {
            fail_msg("%s: column %u", cases[i].text, f->diags[0].column);
        }
    }
}

/* By hand from MS-DTYP 2.4.4.17: attribute, literal, operator, zeros up to four bytes. */
static void writes_the_documented_bytes(void **state) {
    struct fixture *f = *state;
    const rm_security *sd = parse(f, "(@User.a == -1)", "");
    rm_buf buf = {.arena = f->arena};
    char hex[64];
    condition_write(&buf, sd->dacl.aces.at[0].condition);
    assert_int_equal(buf.len, 23);
    rm_hex((const uint8_t *)buf.ptr, buf.len, hex);
    assert_string_equal(hex, "61727478"
                             "f9020000006100"
                             "04ffffffffffffffff0202"
                             "80");
}

static void refuses_damaged_bytes(void **state) {
    struct fixture *f = *state;
    static const rm_str cases[] = {
        {"", 0},
        {"artx", 4},                                                 /* nothing in it */
        {"arty\xf9\2\0\0\0a\0", 11},                                 /* not the magic */
        {"artx\xf9\3\0\0\0a\0", 11},                                 /* longer than it is */
        {"artx\xf9\0\0\0\0", 9},                                     /* no name */
        {"artx\x80", 5},                                             /* nothing to compare */
        {"artx\xf9\2\0\0\0a\0\xf9\2\0\0\0a\0", 18},                  /* two values left */
        {"artx\x10\2\0\0\0a\0", 11},                                 /* a literal alone */
        {"artx\xf9\2\0\0\0a\0\x50\7\0\0\0\x50\2\0\0\0\0\0\x80", 24}, /* a list in a list */
        {"artx\xf9\2\0\0\0a\0\4\1\0\0\0\0\0\0\0\7\2\x80", 23},       /* no such sign */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const rm_condition *condition = NULL;
        assert_int_equal(condition_read(f->arena, cases[i], &condition), RM_SYNTAX);
    }
}

static rm_claim claim(struct fixture *f, const char *name, rm_claim_value value) {
    rm_claim c = {0};
    assert_int_equal(rm_text_utf16le(f->arena, rm_str_from(name), &c.name), RM_OK);
    rm_claim_value *slot = rm_push(f->arena, &c.values);
    *slot = value;
    return c;
}

static rm_claim_value string(struct fixture *f, const char *text) {
    rm_claim_value value = {.type = RM_CLAIM_STRING};
    assert_int_equal(rm_text_utf16le(f->arena, rm_str_from(text), &value.text), RM_OK);
    return value;
}

static rm_tri evaluate(struct fixture *f, const char *condition, const char *sacl, bool deny) {
    rm_claim user[2];
    user[0] = claim(f, "n", (rm_claim_value){.type = RM_CLAIM_INT, .integer = 3});
    user[1] = claim(f, "s", string(f, "Red"));
    rm_claims claims = {.user = {.at = user, .count = 2}};
    rm_token_sid sids[3] = {{.enabled = true}, {.enabled = true}, {.deny_only = true}};
    assert_true(rm_sid_from(RM_STR("WD"), &sids[0].sid));
    assert_true(rm_sid_from(RM_STR("BU"), &sids[1].sid));
    assert_true(rm_sid_from(RM_STR("BA"), &sids[2].sid));
    rm_token token = {.sids = {.at = sids, .count = 3}, .claims = &claims};
    const rm_security *sd = parse(f, condition, sacl);
    rm_tri out = RM_TRI_UNKNOWN;
    assert_non_null(sd);
    struct evaluation e;
    evaluation_begin(&e, sd, &token);
    assert_int_equal(condition_evaluate(&e, sd->dacl.aces.at[0].condition, deny, &out), RM_OK);
    evaluation_end(&e);
    return out;
}

/* The tables of three-valued logic, MS-DTYP 2.4.4.17.7. */
static void decides_in_three_values(void **state) {
    struct fixture *f = *state;
    static const struct {
        const char *text;
        rm_tri truth;
    } cases[] = {
        {"(@User.n == 3)", RM_TRI_YES},
        {"(@User.n != 3)", RM_TRI_NO},
        {"(@User.n < 4)", RM_TRI_YES},
        {"(@User.n >= 0x4)", RM_TRI_NO},
        {"(@User.N == 3)", RM_TRI_YES}, /* names have no case */
        {"(@User.s == \"RED\")", RM_TRI_YES},
        {"(@User.s == 3)", RM_TRI_UNKNOWN},
        {"(@User.s Any_of {\"red\", \"blue\"})", RM_TRI_YES},
        {"(@User.s Contains {\"red\", \"blue\"})", RM_TRI_NO},
        {"(@User.s)", RM_TRI_YES},
        {"(@User.missing)", RM_TRI_UNKNOWN},
        {"(@User.missing == 3)", RM_TRI_UNKNOWN},
        {"(!(@User.missing == 3))", RM_TRI_UNKNOWN},
        {"(Exists @User.missing)", RM_TRI_NO},
        {"(Not_Exists @User.n)", RM_TRI_NO},
        {"(@User.missing && @User.n == 4)", RM_TRI_NO},
        {"(@User.missing && @User.n == 3)", RM_TRI_UNKNOWN},
        {"(@User.missing || @User.n == 3)", RM_TRI_YES},
        {"(Member_of {SID(WD), SID(BU)})", RM_TRI_YES},
        {"(Member_of {SID(WD), SID(SY)})", RM_TRI_NO},
        {"(Member_of_Any {SID(WD), SID(SY)})", RM_TRI_YES},
        {"(Not_Member_of_Any {SID(SY)})", RM_TRI_YES},
        {"(Device_Member_of {SID(WD)})", RM_TRI_NO},
        {"(Member_of {SID(WD), 3})", RM_TRI_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (evaluate(f, cases[i].text, "", false) != cases[i].truth) {
            fail_msg("%s is not %d", cases[i].text, (int)cases[i].truth);
        }
    }
}

static void counts_deny_only_groups_where_access_is_denied(void **state) {
    struct fixture *f = *state;
    assert_int_equal(evaluate(f, "(Member_of SID(BA))", "", false), RM_TRI_NO);
    assert_int_equal(evaluate(f, "(Member_of SID(BA))", "", true), RM_TRI_YES);
}

static void asks_the_object_for_its_attributes(void **state) {
    struct fixture *f = *state;
    static const char sacl[] = "S:(RA;;;;;WD;(\"c\",TS,0x2,\"Red\",\"blue\"))"
                               "(RA;;;;;WD;(\"d\",TS,0,\"a\",\"A\"))(RA;;;;;WD;(\"e\",TU,0x10,3))";
    assert_int_equal(evaluate(f, "(@User.s Any_of @Resource.c)", sacl, false), RM_TRI_YES);
    assert_int_equal(evaluate(f, "(@Resource.c Contains \"red\")", sacl, false), RM_TRI_NO);
    /* the same value twice: invalid; switched off: absent */
    assert_int_equal(evaluate(f, "(@Resource.d Contains \"a\")", sacl, false), RM_TRI_UNKNOWN);
    assert_int_equal(evaluate(f, "(@Resource.e == 3)", sacl, false), RM_TRI_UNKNOWN);
}

static void lets_an_unknown_condition_neither_allow_nor_fail_to_deny(void **state) {
    struct fixture *f = *state;
    static const struct {
        const char *sddl;
        uint32_t max, undecided;
    } cases[] = {
        {"D:(XA;;0x3;;;WD;(@User.x == 1))(A;;0x1;;;WD)", 0x1, 0x2},
        {"D:(XD;;0x1;;;WD;(@User.x == 1))(A;;0x3;;;WD)", 0x2, 0x1},
        {"D:(XA;;0x3;;;WD;(Member_of SID(WD)))", 0x3, 0},
    };
    rm_token_sid everyone = {.enabled = true};
    assert_true(rm_sid_from(RM_STR("WD"), &everyone.sid));
    rm_token token = {.sids = {.at = &everyone, .count = 1}, .integrity = 0x2000};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const rm_security *sd = NULL;
        rm_access_answer a;
        assert_int_equal(
            rm_sddl_parse(f->arena, &f->sink, (rm_loc){0}, rm_str_from(cases[i].sddl), NULL, &sd),
            RM_OK);
        assert_int_equal(rm_access_answer_of(f->arena, sd, &token, RM_OBJECT_DEVICE, &a), RM_OK);
        assert_int_equal(a.max, cases[i].max);
        assert_int_equal(a.undecided, cases[i].undecided);
    }
}

/* Thousands of comparisons of thousands of values: what is left when the budget ends is unknown. */
static void ends_a_condition_made_to_be_slow(void **state) {
    struct fixture *f = *state;
    rm_buf text = {.arena = f->arena};
    rm_principals all = {0};
    const rm_security *sd = NULL;
    clock_t start = clock();
    rm_buf_text(&text, "D:(XA;;CC;;;WD;(a");
    for (int i = 0; i < 1900; i++) {
        rm_buf_text(&text, "||@Resource.r Any_of @Resource.r");
    }
    rm_buf_text(&text, "))S:(RA;;;;;WD;(\"r\",TU,0");
    for (int i = 0; i < 5000; i++) {
        rm_buf_printf(&text, ",%d", i * 7919 % 100003);
    }
    rm_buf_text(&text, "))");
    assert_int_equal(rm_sddl_parse(f->arena, NULL, (rm_loc){0}, rm_buf_view(&text), NULL, &sd),
                     RM_OK);
    assert_int_equal(rm_principals_builtin(f->arena, &all), RM_OK);
    for (uint32_t i = 0; i < all.count; i++) {
        rm_access_answer a;
        assert_int_equal(rm_access_answer_of(f->arena, sd, &all.at[i].token, RM_OBJECT_DEVICE, &a),
                         RM_OK);
    }
    assert_true((double)(clock() - start) / CLOCKS_PER_SEC < 10.0);
    assert_true(rm_arena_used(f->arena) < (size_t)64 << 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(prints_as_windows_does),
        WITH_FIXTURE(rejects_with_the_place),
        WITH_FIXTURE(writes_the_documented_bytes),
        WITH_FIXTURE(refuses_damaged_bytes),
        WITH_FIXTURE(decides_in_three_values),
        WITH_FIXTURE(counts_deny_only_groups_where_access_is_denied),
        WITH_FIXTURE(asks_the_object_for_its_attributes),
        WITH_FIXTURE(ends_a_condition_made_to_be_slow),
        WITH_FIXTURE(lets_an_unknown_condition_neither_allow_nor_fail_to_deny),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
