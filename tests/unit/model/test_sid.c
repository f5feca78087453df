/* SIDs: text, and those that Windows computes from names. */
#include "support.h"

#include "model/sid.h"

static void assert_sid(const rm_sid *sid, const char *text) {
    char out[RM_SID_TEXT];
    rm_sid_text(sid, out);
    assert_string_equal(out, text);
}

static void reads_and_prints_sids(void **state) {
    (void)state;
    rm_sid sid;
    assert_true(rm_sid_from(RM_STR("S-1-5-32-544"), &sid));
    assert_sid(&sid, "S-1-5-32-544");
    assert_true(rm_sid_from(RM_STR("ba"), &sid));
    assert_sid(&sid, "S-1-5-32-544");
    assert_string_equal(rm_sid_alias(&sid, NULL), "BA");
    assert_true(rm_sid_from(RM_STR("DA"), &sid));
    assert_true(sid.domain_relative);
    assert_sid(&sid, "S-1-5-21-domain-512");
    assert_false(rm_sid_from(RM_STR("S-1-5-32-"), &sid));
    assert_false(rm_sid_from(RM_STR("S-1-5-32-544x"), &sid));
    assert_false(rm_sid_from(RM_STR(""), &sid));
    assert_false(rm_sid_from(RM_STR("QQ"), &sid));
}

static void prints_the_longest_sid(void **state) {
    (void)state;
    rm_sid sid = {.authority = 0xFFFFFFFFFFFFu, .count = RM_SID_MAX_SUBS};
    char out[RM_SID_TEXT];
    for (unsigned i = 0; i < sid.count; i++) {
        sid.sub[i] = UINT32_MAX;
    }
    rm_sid_text(&sid, out);
    assert_int_equal(rm_str_from(out).len, 4 + 14 + 15 * 11);
}

/* TrustedInstaller: Windows' best known service SID. */
static void derives_service_sids(void **state) {
    struct fixture *f = *state;
    static const char text[] = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464";
    rm_sid sid;
    assert_int_equal(rm_sid_service(f->arena, RM_STR("TrustedInstaller"), &sid), RM_OK);
    assert_sid(&sid, text);
    assert_int_equal(rm_sid_service(f->arena, RM_STR("trustedinstaller"), &sid), RM_OK);
    assert_sid(&sid, text);
}

/* Beyond ASCII the case does not count either: "\u00dcn\u00efcode Svc", "\u00c4rger". */
static void folds_letters_beyond_ascii(void **state) {
    struct fixture *f = *state;
    static const char package[] = "S-1-15-2-351781707-2280503749-3585815742-1701888664-1024855584-"
                                  "1484017965-4031839960";
    rm_sid sid;
    assert_int_equal(rm_sid_service(f->arena,
                                    RM_STR("\xC3\x9Cn\xC3\xAF"
                                           "code Svc"),
                                    &sid),
                     RM_OK);
    assert_sid(&sid, "S-1-5-80-2419735794-3262127275-4016618241-406414383-4051217231");
    assert_int_equal(rm_sid_package(f->arena, RM_STR("\xC3\x84rger_8wekyb3d8bbwe"), &sid), RM_OK);
    assert_sid(&sid, package);
    assert_int_equal(rm_sid_package(f->arena, RM_STR("\xC3\xA4rger_8wekyb3d8bbwe"), &sid), RM_OK);
    assert_sid(&sid, package);
}

/* Microsoft's page on the web authentication broker quotes this package and its SID. */
static void derives_package_sids(void **state) {
    struct fixture *f = *state;
    rm_sid sid;
    assert_int_equal(
        rm_sid_package(f->arena, RM_STR("Microsoft.Windows.AuthHost.SSO.c_8wekyb3d8bbwe"), &sid),
        RM_OK);
    assert_sid(&sid, "S-1-15-2-1973105767-3975693666-32999980-3747492175-1074076486-3102532000-"
                     "500629349");
}

/* The first twelve have numbers; lpacCom is in Chromium's table of well-known SIDs. */
static void derives_capability_sids(void **state) {
    struct fixture *f = *state;
    rm_sid sid;
    assert_int_equal(rm_sid_capability(f->arena, RM_STR("internetClient"), &sid), RM_OK);
    assert_sid(&sid, "S-1-15-3-1");
    assert_int_equal(rm_sid_capability(f->arena, RM_STR("contacts"), &sid), RM_OK);
    assert_sid(&sid, "S-1-15-3-12");
    assert_int_equal(rm_sid_capability(f->arena, RM_STR("lpacCom"), &sid), RM_OK);
    assert_sid(&sid, "S-1-15-3-1024-2405443489-874036122-4286035555-1823921565-1746547431-"
                     "2453885448-3625952902-991631256");
}

/* By hand: the GUID's bytes as they lie in memory, four at a time. */
static void derives_device_capability_sids(void **state) {
    (void)state;
    rm_sid sid;
    assert_int_equal(
        rm_sid_device_capability(RM_STR("{04030201-0605-0807-090a-0b0c0d0e0f10}"), &sid), RM_OK);
    assert_sid(&sid, "S-1-15-3-67305985-134678021-202050057-269422093");
    assert_int_equal(rm_sid_device_capability(RM_STR("04030201-0605-0807-090a-0b0c0d0e0f10"), &sid),
                     RM_OK);
    assert_int_equal(rm_sid_device_capability(RM_STR("{04030201}"), &sid), RM_SYNTAX);
}

/* The publisher of Windows' own packages. */
static void derives_publisher_ids(void **state) {
    struct fixture *f = *state;
    char id[14];
    assert_int_equal(rm_publisher_id(f->arena,
                                     RM_STR("CN=Microsoft Corporation, O=Microsoft Corporation, "
                                            "L=Redmond, S=Washington, C=US"),
                                     id),
                     RM_OK);
    assert_string_equal(id, "8wekyb3d8bbwe");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_and_prints_sids),
        cmocka_unit_test(prints_the_longest_sid),
        WITH_FIXTURE(folds_letters_beyond_ascii),
        WITH_FIXTURE(derives_service_sids),
        WITH_FIXTURE(derives_package_sids),
        WITH_FIXTURE(derives_capability_sids),
        cmocka_unit_test(derives_device_capability_sids),
        WITH_FIXTURE(derives_publisher_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
