/*
 * Other people's expected results, read in place: descriptors that Windows made or rejected, access
 * checks, the device matrix, SID vectors. Skipped where the folder is absent.
 */
#include "support.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"
#include "model/access.h"
#include "security/condition.h"
#include "security/guid.h"

#define TRUTH RINGMAP_SHARED_DIR "/truth/secmodel/"
#define DOMAIN_SID "S-1-5-21-2457507606-2709100691-398136650"

struct tally {
    unsigned rows, good;
};

/* One row; returns whether we agree, else says why not on standard error. */
typedef bool row_check(rm_arena *arena, const rm_json *row);

static rm_str member(const rm_json *object, const char *key) {
    const rm_json *value = rm_json_get(object, key);
    return value == NULL || value->kind != RM_JSON_STRING ? RM_STR_NONE : value->text;
}

static bool member_is(const rm_json *object, const char *key) {
    const rm_json *value = rm_json_get(object, key);
    return value != NULL && value->kind == RM_JSON_BOOL && value->is_true;
}

static bool differ(const rm_json *row, const char *what, rm_str got, rm_str want) {
    rm_str sddl = member(row, "sddl");
    print_message("%s: %.*s\n   got %.*s\n  want %.*s\n", what, RM_STR_ARG(sddl), RM_STR_ARG(got),
                  RM_STR_ARG(want));
    return false;
}

static bool check_line(row_check *check, rm_str line) {
    rm_arena *arena = rm_arena_new((size_t)64 << 20);
    const rm_json *row = NULL;
    assert_non_null(arena);
    assert_int_equal(rm_json_parse(arena, NULL, RM_STR("truth"), line, &row), RM_OK);
    bool good = check(arena, row);
    rm_arena_free(arena);
    return good;
}

/* `wrong`: rows that docs/security-model.md shows to be mistaken. */
static void check_file(const char *path, unsigned least, unsigned wrong, row_check *check) {
    rm_arena *arena = rm_arena_new((size_t)64 << 20);
    assert_non_null(arena);
    rm_str rest = read_file(arena, path);
    struct tally t = {0};
    if (rest.len == 0) {
        rm_arena_free(arena);
        print_message("SKIP: %s is not here\n", path);
        skip();
    }
    while (rest.len > 0) {
        size_t end = rest.len;
        (void)rm_str_find_char(rest, '\n', &end);
        rm_str line = rm_str_trim(rm_str_slice(rest, 0, end));
        rest = rm_str_slice(rest, end + 1, rest.len);
        if (line.len > 0) {
            t.rows++;
            t.good += check_line(check, line);
        }
    }
    rm_arena_free(arena);
    print_message("%s: %u of %u agree\n", strrchr(path, '/') + 1, t.good, t.rows);
    assert_true(t.rows >= least);
    assert_int_equal(t.good, t.rows - wrong);
}

static rm_status parse(rm_arena *arena, rm_str sddl, const rm_security **out) {
    rm_sid domain;
    assert_true(rm_sid_from(RM_STR(DOMAIN_SID), &domain));
    rm_sddl_options options = {.domain = &domain};
    return rm_sddl_parse(arena, NULL, (rm_loc){.line = 1, .column = 1}, sddl, &options, out);
}

/*
 * Seven rows give the string as printed after it was parsed: an object ACE without a GUID stands
 * there as a plain one, but its revision and room are in the binary (docs/security-model.md). Such
 * a binary, read and written again by us, is ours.
 */
static bool same_but_room(rm_arena *arena, rm_str ours, rm_str hex) {
    const rm_security *sd = NULL;
    rm_str again = RM_STR_NONE;
    char *bytes = rm_arena_alloc(arena, hex.len / 2 + 1, 1);
    assert_non_null(bytes);
    for (size_t i = 0; i + 1 < hex.len; i += 2) {
        bytes[i / 2] = (char)(hex_digit(hex.ptr[i]) * 16 + hex_digit(hex.ptr[i + 1]));
    }
    if (rm_security_from_binary(arena, NULL, (rm_loc){0}, (rm_str){bytes, hex.len / 2}, &sd) !=
            RM_OK ||
        rm_security_to_binary(arena, sd, &again) != RM_OK) {
        return false;
    }
    print_message("read again it is the same: %.*s...\n", 60, hex.ptr);
    return rm_str_eq(again, ours);
}

static bool valid_agrees(rm_arena *arena, const rm_json *row) {
    const rm_security *sd = NULL;
    const rm_security *again = NULL;
    rm_str text = RM_STR_NONE;
    rm_str binary = RM_STR_NONE;
    rm_str sddl = member(row, "sddl");
    if (parse(arena, sddl, &sd) != RM_OK) {
        return differ(row, "rejected", RM_STR_NONE, RM_STR_NONE);
    }
    assert_int_equal(rm_sddl_format(arena, sd, &text), RM_OK);
    if (rm_json_get(row, "canonical") != NULL && !rm_str_eq(text, member(row, "canonical"))) {
        return differ(row, "canonical", text, member(row, "canonical"));
    }
    assert_int_equal(rm_security_to_binary(arena, sd, &binary), RM_OK);
    char *hex = rm_arena_alloc(arena, 2 * binary.len + 1, 1);
    assert_non_null(hex);
    rm_hex((const uint8_t *)binary.ptr, binary.len, hex);
    if (rm_json_get(row, "binary") != NULL && !rm_str_eq(rm_str_from(hex), member(row, "binary")) &&
        !same_but_room(arena, binary, member(row, "binary"))) {
        return differ(row, "binary", rm_str_from(hex), member(row, "binary"));
    }
    rm_str text_again = RM_STR_NONE;
    if (parse(arena, text, &again) != RM_OK) {
        return differ(row, "its own print is rejected", text, RM_STR_NONE);
    }
    assert_int_equal(rm_sddl_format(arena, again, &text_again), RM_OK);
    if (!rm_str_eq(text, text_again)) {
        return differ(row, "print is not stable", text_again, text);
    }
    rm_str from_binary = RM_STR_NONE;
    if (rm_security_from_binary(arena, NULL, (rm_loc){0}, binary, &again) != RM_OK) {
        return differ(row, "its own binary is rejected", rm_str_from(hex), RM_STR_NONE);
    }
    rm_str binary_again = RM_STR_NONE;
    assert_int_equal(rm_security_to_binary(arena, again, &binary_again), RM_OK);
    (void)from_binary;
    return rm_str_eq(binary, binary_again) || differ(row, "binary is not stable", text, text);
}

/* --- what Wine's parser made of strings found in drivers --- */

static bool same_ace(const rm_ace *ace, const rm_json *want) {
    char sid[RM_SID_TEXT];
    uint64_t mask = 0;
    rm_sid domain;
    uint32_t rid = 0;
    assert_true(rm_sid_from(RM_STR(DOMAIN_SID), &domain));
    bool below = rm_sid_below(&ace->sid, &domain, &rid); /* Wine has its machine's own there */
    rm_sid_text(&ace->sid, sid);
    return rm_str_u64(member(want, "mask"), &mask) && mask == ace->mask &&
           rm_json_get(want, "type")->integer == ace->type &&
           rm_json_get(want, "flags")->integer == ace->flags &&
           (below || rm_str_eq(member(want, "sid"), rm_str_from(sid)));
}

static bool same_acl(const rm_acl *acl, const rm_json *want) {
    uint32_t i = 0;
    if (want == NULL || want->kind != RM_JSON_ARRAY) {
        return !acl->present;
    }
    for (const rm_json *ace = want->child; ace != NULL; ace = ace->next, i++) {
        if (i >= acl->aces.count || !same_ace(&acl->aces.at[i], ace)) {
            return false;
        }
    }
    return i == acl->aces.count;
}

/* Wine knows neither UD nor object ACEs without GUIDs; what it takes we must read alike. */
static bool wine_agrees(rm_arena *arena, const rm_json *row) {
    const rm_json *wine = rm_json_get(row, "wine");
    const rm_security *sd = NULL;
    if (!member_is(wine, "ok")) {
        return true;
    }
    if (parse(arena, member(row, "sddl"), &sd) != RM_OK) {
        return differ(row, "rejected", RM_STR_NONE, RM_STR_NONE);
    }
    return (same_acl(&sd->dacl, rm_json_get(wine, "dacl")) &&
            same_acl(&sd->sacl, rm_json_get(wine, "sacl"))) ||
           differ(row, "other ACEs", RM_STR_NONE, RM_STR_NONE);
}

/* Wine's own cases, which hold on Windows; the revision is not ours to ask for. */
static bool wine_case_agrees(rm_arena *arena, const rm_json *row) {
    const rm_json *revision = rm_json_get(row, "revision");
    const rm_security *sd = NULL;
    bool accepted = parse(arena, member(row, "sddl"), &sd) == RM_OK;
    return revision->kind != RM_JSON_NUMBER || accepted == member_is(row, "ok") ||
           differ(row, accepted ? "accepted" : "rejected", RM_STR_NONE, RM_STR_NONE);
}

static bool invalid_agrees(rm_arena *arena, const rm_json *row) {
    const rm_security *sd = NULL;
    return parse(arena, member(row, "sddl"), &sd) == RM_SYNTAX ||
           differ(row, "accepted", RM_STR_NONE, member(row, "why"));
}

static bool principal_agrees(rm_arena *arena, const rm_json *row, const rm_security *sd,
                             const rm_principal *principal) {
    const rm_json *want = NULL;
    rm_access_answer a;
    char name[64];
    (void)snprintf(name, sizeof name, "%.*s", RM_STR_ARG(principal->name));
    want = rm_json_get(rm_json_get(row, "principals"), name);
    assert_int_equal(rm_access_answer_of(arena, sd, &principal->token, RM_OBJECT_DEVICE, &a),
                     RM_OK);
    rm_str max = RM_STR_NONE;
    assert_int_equal(rm_str_printf(arena, &max, "0x%" PRIx32, a.max), RM_OK);
    if (want == NULL || !rm_str_eq(max, member(want, "max"))) {
        return differ(row, name, max, member(want, "max"));
    }
    bool same = a.any == member_is(want, "any") && a.read == member_is(want, "read") &&
                a.write == member_is(want, "write") &&
                a.win32_any == member_is(want, "win32_any") &&
                a.win32_read == member_is(want, "win32_read") &&
                a.win32_write == member_is(want, "win32_write");
    return same || differ(row, name, RM_STR("flags differ"), RM_STR_NONE);
}

static bool matrix_agrees(rm_arena *arena, const rm_json *row) {
    rm_principals principals = {0};
    const rm_security *sd = NULL;
    bool good = true;
    assert_int_equal(rm_principals_builtin(arena, &principals), RM_OK);
    assert_int_equal(principals.count, 16);
    if (parse(arena, member(row, "sddl"), &sd) != RM_OK) {
        return differ(row, "rejected", RM_STR_NONE, RM_STR_NONE);
    }
    for (uint32_t i = 0; i < principals.count; i++) {
        good = principal_agrees(arena, row, sd, &principals.at[i]) && good;
    }
    return good;
}

/* --- access checks with claims --- */

static void add_sid(rm_arena *arena, rm_token_sids *list, rm_str text) {
    rm_token_sid *slot = rm_push(arena, list);
    assert_non_null(slot);
    *slot = (rm_token_sid){.enabled = true};
    assert_true(rm_sid_from(text, &slot->sid));
}

static void add_sids(rm_arena *arena, const rm_json *array, rm_token_sids *list) {
    for (const rm_json *s = array == NULL ? NULL : array->child; s != NULL; s = s->next) {
        add_sid(arena, list, s->text);
    }
}

static void add_value(rm_arena *arena, rm_claim *claim, rm_claim_value value) {
    rm_claim_value *slot = rm_push(arena, &claim->values);
    assert_non_null(slot);
    *slot = value;
}

static void add_json(rm_arena *arena, rm_claim *claim, const rm_json *v) {
    rm_claim_value value = {.type = RM_CLAIM_INT, .integer = v->integer};
    if (v->kind == RM_JSON_STRING) {
        value = (rm_claim_value){.type = RM_CLAIM_STRING};
        assert_int_equal(rm_text_utf16le(arena, v->text, &value.text), RM_OK);
    }
    add_value(arena, claim, value);
}

static rm_claim_value value_of(const struct cond_token *token) {
    switch (token->code) {
    case COND_STRING: return (rm_claim_value){.type = RM_CLAIM_STRING, .text = token->text};
    case COND_SID: return (rm_claim_value){.type = RM_CLAIM_SID, .sid = token->sid};
    default: return (rm_claim_value){.type = RM_CLAIM_INT, .integer = token->value};
    }
}

/* The claim is written as the right side of a condition. */
static void add_literal(rm_arena *arena, rm_claim *claim, rm_str text) {
    const rm_security *sd = NULL;
    rm_str sddl = RM_STR_NONE;
    assert_int_equal(rm_str_printf(arena, &sddl, "D:(XA;;;;;WD;(x == %.*s))", RM_STR_ARG(text)),
                     RM_OK);
    assert_int_equal(parse(arena, sddl, &sd), RM_OK);
    const struct cond_token *token = &sd->dacl.aces.at[0].condition->tokens.at[1];
    if (token->code != COND_COMPOSITE) {
        add_value(arena, claim, value_of(token));
        return;
    }
    for (uint32_t i = 0; i < token->item_count; i++) {
        add_value(arena, claim, value_of(&token->items[i]));
    }
}

static void add_claim(rm_arena *arena, const rm_json *v, bool literal, rm_claim *claim) {
    if (v->kind == RM_JSON_OBJECT) {
        claim->flags = member_is(v, "case_sensitive") ? RM_CLAIM_CASE_SENSITIVE : 0;
        for (const rm_json *m = v->child; m != NULL; m = m->next) {
            if (m->kind != RM_JSON_BOOL) {
                add_claim(arena, m, literal, claim);
            }
        }
    } else if (v->kind == RM_JSON_ARRAY) {
        for (const rm_json *item = v->child; item != NULL; item = item->next) {
            add_json(arena, claim, item);
        }
    } else if (literal) {
        add_literal(arena, claim, v->text);
    } else {
        add_json(arena, claim, v);
    }
}

static void add_claims(rm_arena *arena, const rm_json *object, bool literal, rm_claim_list *list) {
    for (const rm_json *m = object == NULL ? NULL : object->child; m != NULL; m = m->next) {
        rm_claim *slot = rm_push(arena, list);
        assert_non_null(slot);
        assert_int_equal(rm_text_utf16le(arena, m->key, &slot->name), RM_OK);
        add_claim(arena, m, literal, slot);
    }
}

static bool access_agrees(rm_arena *arena, const rm_json *row) {
    const rm_json *from = rm_json_get(row, "token");
    bool literal = rm_str_eq(member(row, "claims_form"), RM_STR("sddl-literal"));
    rm_claims claims = {0};
    rm_token token = {.integrity = 0x2000, .claims = &claims};
    const rm_security *sd = NULL;
    bool granted = false;
    add_sids(arena, rm_json_get(from, "sids"), &token.sids);
    add_sids(arena, rm_json_get(from, "device_sids"), &claims.device_sids);
    add_claims(arena, rm_json_get(from, "user_claims"), literal, &claims.user);
    add_claims(arena, rm_json_get(from, "device_claims"), literal, &claims.device);
    if (parse(arena, member(row, "sddl"), &sd) != RM_OK) {
        return differ(row, "rejected", RM_STR_NONE, RM_STR_NONE);
    }
    uint32_t desired = (uint32_t)rm_json_get(row, "desired")->integer;
    assert_int_equal(rm_access_check(arena, sd, &token, desired, RM_OBJECT_FILE, &granted, NULL),
                     RM_OK);
    return granted == (rm_json_get(row, "granted")->integer == (int64_t)desired) ||
           differ(row, granted ? "granted" : "refused", member(row, "source"),
                  member(row, "result"));
}

static void agrees_on_every_access_check(void **state) {
    (void)state;
    check_file(TRUTH "access_check.jsonl", 76, 1, access_agrees);
}

static bool derive(rm_arena *arena, rm_str kind, rm_str input, rm_str *out) {
    rm_sid sid = {0};
    char text[RM_SID_TEXT];
    char publisher[14];
    if (rm_str_eq(kind, RM_STR("publisher_id"))) {
        return rm_publisher_id(arena, input, publisher) == RM_OK &&
               rm_str_copy(arena, rm_str_from(publisher), out) == RM_OK;
    }
    rm_status st = rm_str_eq(kind, RM_STR("package_sid")) ? rm_sid_package(arena, input, &sid)
                   : rm_str_eq(kind, RM_STR("capability_sid"))
                       ? rm_sid_capability(arena, input, &sid)
                   : rm_str_eq(kind, RM_STR("service_sid")) ? rm_sid_service(arena, input, &sid)
                                                            : RM_USAGE;
    rm_sid_text(&sid, text);
    return st == RM_OK && rm_str_copy(arena, rm_str_from(text), out) == RM_OK;
}

static bool vector_agrees(rm_arena *arena, const rm_json *row) {
    rm_str got = RM_STR_NONE;
    rm_str want = member(row, "output");
    return (derive(arena, member(row, "kind"), member(row, "input"), &got) &&
            rm_str_eq(got, want)) ||
           differ(row, "vector", got, want);
}

static void agrees_on_every_descriptor(void **state) {
    (void)state;
    check_file(TRUTH "sddl_valid.jsonl", 4104, 0, valid_agrees);
}

static void rejects_what_windows_rejects(void **state) {
    (void)state;
    check_file(TRUTH "sddl_invalid.jsonl", 57, 0, invalid_agrees);
}

static void agrees_with_wine_on_strings_of_drivers(void **state) {
    (void)state;
    check_file(RINGMAP_SHARED_DIR "/truth/sddl/sddl.jsonl", 128, 0, wine_agrees);
}

static void agrees_with_the_cases_of_wine(void **state) {
    (void)state;
    check_file(RINGMAP_SHARED_DIR "/truth/sddl/sddl_wine_cases.jsonl", 21, 0, wine_case_agrees);
}

static void agrees_on_the_device_matrix(void **state) {
    (void)state;
    check_file(TRUTH "device_matrix.jsonl", 67, 0, matrix_agrees);
}

static void agrees_on_every_sid_vector(void **state) {
    (void)state;
    check_file(TRUTH "sid_vectors.jsonl", 59, 0, vector_agrees);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_on_every_descriptor),
        cmocka_unit_test(rejects_what_windows_rejects),
        cmocka_unit_test(agrees_on_every_access_check),
        cmocka_unit_test(agrees_with_wine_on_strings_of_drivers),
        cmocka_unit_test(agrees_with_the_cases_of_wine),
        cmocka_unit_test(agrees_on_the_device_matrix),
        cmocka_unit_test(agrees_on_every_sid_vector),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
