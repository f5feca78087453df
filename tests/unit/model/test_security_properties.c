/* What must hold for any descriptor, tried on a few thousand from a seeded generator. */
#include "support.h"

#include <string.h>

#include "model/access.h"
#include "model/condition.h"

enum { ROUNDS = 4000 };

/* xorshift: the same sequence everywhere. */
static uint32_t next(uint32_t *seed) {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

static uint32_t below(uint32_t *seed, uint32_t n) {
    return next(seed) % n;
}

static const char *const sids[] = {
    "WD",
    "AU",
    "BU",
    "BA",
    "SY",
    "IU",
    "AN",
    "RC",
    "WR",
    "LS",
    "AC",
    "OW",
    "CO",
    "LG",
    "DU",
    "S-1-15-2-2",
    "S-1-15-3-1",
    "S-1-15-3-1024-1-2-3-4-5-6-7-8",
    "S-1-5-80-1-2-3-4-5",
    "S-1-5-21-1-2-3-1001",
    "S-1-0x100000000-4294967295",
};
static const char *const masks[] = {
    "",   "GA",   "GR",   "GRGW",     "FA", "FR",         "0x3", "CC",    "DC",
    "LC", "RCWD", "SDWO", "0x100080", "KA", "0xffffffff", "GX",  "0x200",
};
static const char *const flags[] = {"", "", "", "OI", "CIIO", "ID", "OICINPIOID", "SAFA"};
static const char *const conditions[] = {
    "(Member_of {SID(BA), SID(WD)})",
    "(@User.a == 3 && (b || !(Exists @Device.c)))",
    "(@Resource.r Any_of {\"x\", 017, -0x5, #00ff, SID(SY)})",
    "(Not_Member_of_any SID(S-1-5-32-545) || @User.%000a%d800[] >= @Resource.q)",
    "(@User.x)",
};
static const char *const labels[] = {"LW", "ME", "HI", "SI", "S-1-16-0"};
static const char *const resources[] = {
    "(\"r\",TS,0x0,\"x\",\"y\")",        "(\"q\",TI,2,-5,077)",
    "(\"a%0022b\",TX,0x10,00ff,)",       "(\"b\",TB,0,1)",
    "(\"s\",TD,0,SID(BA),SID(S-1-1-0))", "(\"u\",TU,0,18446744073709551615)",
};

#define PICK(seed, array) (array)[below((seed), sizeof(array) / sizeof(array)[0])]

static void put_dacl_ace(rm_buf *buf, uint32_t *seed) {
    static const char *const types[] = {"A", "A", "A", "D", "XA", "XD", "OA"};
    const char *type = PICK(seed, types);
    const char *guid = strcmp(type, "OA") == 0 ? "01234567-89ab-cdef-0123-456789abcdef" : "";
    rm_buf_printf(buf, "(%s;%s;%s;%s;;%s", type, PICK(seed, flags), PICK(seed, masks), guid,
                  PICK(seed, sids));
    if (type[0] == 'X') {
        rm_buf_printf(buf, ";%s", PICK(seed, conditions));
    }
    rm_buf_char(buf, ')');
}

static void put_sacl_ace(rm_buf *buf, uint32_t *seed) {
    switch (below(seed, 4)) {
    case 0: rm_buf_printf(buf, "(ML;;NW;;;%s)", PICK(seed, labels)); return;
    case 1: rm_buf_printf(buf, "(AU;SAFA;%s;;;%s)", PICK(seed, masks), PICK(seed, sids)); return;
    case 2: rm_buf_printf(buf, "(TL;;0x1;;;S-1-19-512-4096)"); return;
    default: rm_buf_printf(buf, "(RA;CI;;;;WD;%s)", PICK(seed, resources));
    }
}

static rm_str generate(rm_arena *arena, uint32_t *seed) {
    rm_buf buf = {.arena = arena};
    if (below(seed, 2) == 0) {
        rm_buf_printf(&buf, "O:%s", PICK(seed, sids));
    }
    if (below(seed, 4) == 0) {
        rm_buf_printf(&buf, "G:%s", PICK(seed, sids));
    }
    if (below(seed, 20) != 0) {
        static const char *const acl_flags[] = {"", "P", "AI", "PARAI"};
        rm_buf_printf(&buf, "D:%s", PICK(seed, acl_flags));
        for (uint32_t n = below(seed, 6); n > 0; n--) {
            put_dacl_ace(&buf, seed);
        }
    }
    if (below(seed, 3) == 0) {
        rm_buf_text(&buf, "S:");
        for (uint32_t n = below(seed, 3); n > 0; n--) {
            put_sacl_ace(&buf, seed);
        }
    }
    assert_int_equal(buf.status, RM_OK);
    return rm_buf_view(&buf);
}

static const rm_security *parse(rm_arena *arena, rm_str text) {
    const rm_security *sd = NULL;
    rm_sid domain;
    assert_true(rm_sid_from(RM_STR("S-1-5-21-1-2-3"), &domain));
    rm_sddl_options options = {.domain = &domain};
    if (rm_sddl_parse(arena, NULL, (rm_loc){0}, text, &options, &sd) != RM_OK) {
        fail_msg("rejected: %.*s", RM_STR_ARG(text));
    }
    return sd;
}

static rm_str print(rm_arena *arena, const rm_security *sd) {
    rm_str out = RM_STR_NONE;
    assert_int_equal(rm_sddl_format(arena, sd, &out), RM_OK);
    return out;
}

static rm_str binary(rm_arena *arena, const rm_security *sd) {
    rm_str out = RM_STR_NONE;
    assert_int_equal(rm_security_to_binary(arena, sd, &out), RM_OK);
    return out;
}

static void is_the_same_after_print_and_parse(void **state) {
    (void)state;
    uint32_t seed = 20240607;
    for (int i = 0; i < ROUNDS; i++) {
        rm_arena *arena = rm_arena_new((size_t)16 << 20);
        rm_str text = generate(arena, &seed);
        const rm_security *sd = parse(arena, text);
        rm_str printed = print(arena, sd);
        const rm_security *again = parse(arena, printed);
        if (!rm_str_eq(printed, print(arena, again)) ||
            !rm_str_eq(binary(arena, sd), binary(arena, again))) {
            fail_msg("%.*s prints as %.*s", RM_STR_ARG(text), RM_STR_ARG(printed));
        }
        const rm_security *read = NULL;
        assert_int_equal(
            rm_security_from_binary(arena, NULL, (rm_loc){0}, binary(arena, sd), &read), RM_OK);
        assert_true(rm_str_eq(binary(arena, read), binary(arena, sd)));
        rm_arena_free(arena);
    }
}

static uint32_t max_of(rm_arena *arena, const rm_security *sd, const rm_token *token) {
    rm_access_answer a;
    assert_int_equal(rm_access_answer_of(arena, sd, token, RM_OBJECT_DEVICE, &a), RM_OK);
    assert_int_equal(a.dacl & ~a.max, 0);
    assert_int_equal(a.undecided & a.max, 0);
    return a.max;
}

/* The principals and a descriptor that the property may change. */
struct trial {
    rm_arena *arena;
    rm_principals principals;
    rm_security *sd;
    uint32_t seed;
};

static void for_many(uint32_t seed, void (*property)(struct trial *)) {
    for (int i = 0; i < ROUNDS; i++) {
        struct trial t = {.arena = rm_arena_new((size_t)16 << 20)};
        assert_int_equal(rm_principals_builtin(t.arena, &t.principals), RM_OK);
        t.sd = RM_NEW(t.arena, rm_security);
        assert_non_null(t.sd);
        *t.sd = *parse(t.arena, generate(t.arena, &seed));
        t.seed = next(&seed);
        property(&t);
        rm_arena_free(t.arena);
    }
}

static void broaden(struct trial *t) {
    rm_aces *aces = &t->sd->dacl.aces;
    if (aces->count == 0) {
        return;
    }
    rm_ace *ace = &aces->at[below(&t->seed, aces->count)];
    if (ace->type != 0x00) {
        return;
    }
    for (uint32_t i = 0; i < t->principals.count; i++) {
        const rm_token *token = &t->principals.at[i].token;
        uint32_t mask = ace->mask;
        uint32_t before = max_of(t->arena, t->sd, token);
        ace->mask |= next(&t->seed);
        assert_int_equal(before & ~max_of(t->arena, t->sd, token), 0);
        ace->mask = mask;
    }
}

static void never_takes_a_right_away_by_a_broader_allow(void **state) {
    (void)state;
    for_many(7, broaden);
}

static void move_deny_up(struct trial *t) {
    rm_aces *aces = &t->sd->dacl.aces;
    uint32_t before[16];
    uint32_t from = aces->count == 0 ? 0 : below(&t->seed, aces->count);
    if (from == 0 || aces->at[from].type != 0x01) {
        return;
    }
    for (uint32_t i = 0; i < 16; i++) {
        before[i] = max_of(t->arena, t->sd, &t->principals.at[i].token);
    }
    uint32_t to = below(&t->seed, from);
    rm_ace moved = aces->at[from];
    memmove(&aces->at[to + 1], &aces->at[to], (from - to) * sizeof moved);
    aces->at[to] = moved;
    for (uint32_t i = 0; i < 16; i++) {
        assert_int_equal(max_of(t->arena, t->sd, &t->principals.at[i].token) & ~before[i], 0);
    }
}

static void never_gives_a_right_by_moving_a_deny_up(void **state) {
    (void)state;
    for_many(11, move_deny_up);
}

/* An AppContainer's token is its user's with the package added; integrity aside, it gets less. */
static void compare_container(struct trial *t) {
    uint32_t i = rm_principal_find(&t->principals, RM_STR("appcontainer_with_caps"));
    rm_token container = t->principals.at[i].token;
    rm_token user = container;
    user.appcontainer = false;
    user.integrity = 0x2000;
    assert_int_equal(max_of(t->arena, t->sd, &container) & ~max_of(t->arena, t->sd, &user), 0);
}

static void never_gives_an_appcontainer_more_than_its_user(void **state) {
    (void)state;
    for_many(13, compare_container);
}

/* For a token that is not write-restricted a request is granted when each of its bits is. */
static void compare_bits(struct trial *t) {
    uint32_t i = below(&t->seed, t->principals.count);
    const rm_token *token = &t->principals.at[i].token;
    uint32_t max = max_of(t->arena, t->sd, token);
    bool granted = false;
    if (token->write_restricted) {
        return;
    }
    uint32_t asked = next(&t->seed) & 0x11F01FFu;
    asked &= next(&t->seed); /* a quarter of the bits */
    assert_int_equal(
        rm_access_check(t->arena, t->sd, token, asked, RM_OBJECT_DEVICE, &granted, NULL), RM_OK);
    assert_true(asked == 0 || granted == ((asked & ~max) == 0));
}

static void grants_a_request_when_it_grants_each_bit(void **state) {
    (void)state;
    for_many(17, compare_bits);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_the_same_after_print_and_parse),
        cmocka_unit_test(never_takes_a_right_away_by_a_broader_allow),
        cmocka_unit_test(never_gives_a_right_by_moving_a_deny_up),
        cmocka_unit_test(never_gives_an_appcontainer_more_than_its_user),
        cmocka_unit_test(grants_a_request_when_it_grants_each_bit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
