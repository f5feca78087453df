#include "support.h"

#include <string.h>

#include "manifest.h"
#include "pe.h"

/*
 * A program of one section, written by hand after "PE Format": DOS header, PE header at 0x80, the
 * section table behind the optional header, resources (RVA 0x1000) at 0x400 of the file, and in
 * them type 24 -> id 1 -> language 1033 -> data.
 */

enum { PE = 0x80, OPTIONAL = PE + 24, RESOURCES = 0x400, ROOM = 0x1000 };

typedef struct image {
    unsigned char at[ROOM];
    size_t len;
} image;

static void put16(image *i, size_t at, unsigned value) {
    i->at[at] = (unsigned char)value;
    i->at[at + 1] = (unsigned char)(value >> 8);
}

static void put32(image *i, size_t at, uint32_t value) {
    put16(i, at, value & 0xFFFF);
    put16(i, at + 2, value >> 16);
}

/* A resource directory with one entry by id. */
static void put_directory(image *i, size_t offset, uint32_t id, uint32_t target) {
    put16(i, RESOURCES + offset + 14, 1);
    put32(i, RESOURCES + offset + 16, id);
    put32(i, RESOURCES + offset + 20, target);
}

static const char manifest[] =
    "<assembly xmlns=\"urn:schemas-microsoft-com:asm.v1\" manifestVersion=\"1.0\">\n"
    "<trustInfo xmlns=\"urn:schemas-microsoft-com:asm.v3\"><security><requestedPrivileges>\n"
    "<requestedExecutionLevel level=\"requireAdministrator\" uiAccess=\"true\"/>\n"
    "</requestedPrivileges></security></trustInfo></assembly>";

static image program(bool wide) {
    image i = {.len = 0x800};
    unsigned optional = wide ? 240 : 224;
    size_t directories = OPTIONAL + (wide ? 112u : 96u);
    size_t section = OPTIONAL + optional;
    i.at[0] = 'M';
    i.at[1] = 'Z';
    put32(&i, 0x3C, PE);
    i.at[PE] = 'P';
    i.at[PE + 1] = 'E';
    put16(&i, PE + 6, 1);
    put16(&i, PE + 20, optional);
    put16(&i, OPTIONAL, wide ? 0x20B : 0x10B);
    put32(&i, directories - 4, 16);
    put32(&i, directories + 16, 0x1000);
    put32(&i, directories + 20, 0x400);
    put32(&i, section + 8, 0x400);
    put32(&i, section + 12, 0x1000);
    put32(&i, section + 16, 0x400);
    put32(&i, section + 20, RESOURCES);
    put_directory(&i, 0, 24, 0x80000018);
    put_directory(&i, 0x18, 1, 0x80000030);
    put_directory(&i, 0x30, 1033, 0x48);
    put32(&i, RESOURCES + 0x48, 0x1058);
    put32(&i, RESOURCES + 0x4C, sizeof manifest - 1);
    memcpy(i.at + RESOURCES + 0x58, manifest, sizeof manifest - 1);
    return i;
}

static rm_str bytes_of(const image *i) {
    return (rm_str){(const char *)i->at, i->len};
}

static rm_status read(struct fixture *f, const image *i, rm_pe_manifests *out) {
    return rm_pe_manifests_of(f->arena, &f->sink, RM_STR("tool.exe"), bytes_of(i), out);
}

static void the_manifest_of_a_program_is_found(void **state) {
    struct fixture *f = *state;
    for (unsigned wide = 0; wide < 2; wide++) {
        image i = program(wide == 1);
        rm_pe_manifests found = {0};
        assert_int_equal(read(f, &i, &found), RM_OK);
        assert_int_equal(found.count, 1);
        assert_int_equal(found.at[0].id, 1);
        assert_str(found.at[0].bytes, manifest);
    }
    assert_no_diag(f);
}

static void what_a_program_asks_for_is_a_row(void **state) {
    struct fixture *f = *state;
    image i = program(true);
    bool used = false;
    rm_model *m = rm_model_new((size_t)16 << 20);
    assert_int_equal(rm_manifest_binary(m, &f->sink, RM_STR("bin/tool.exe"), bytes_of(&i), &used),
                     RM_OK);
    assert_true(used);
    assert_int_equal(m->apps.count, 1);
    assert_str(m->apps.at[0].name, "tool.exe");
    assert_str(m->apps.at[0].principal, "admin_elevated");
    assert_str(m->apps.at[0].trust_level, "uiAccess");
    assert_str(m->apps.at[0].place.file, "bin/tool.exe/RT_MANIFEST");
    assert_int_equal(m->apps.at[0].place.line, 3);
    rm_model_free(m);
}

static void the_application_of_a_package_has_the_level_of_its_program(void **state) {
    struct fixture *f = *state;
    image i = program(true);
    rm_model *m = rm_model_new((size_t)16 << 20);
    rm_app app = {.name = RM_STR("App"), .principal = RM_STR("standard_user")};
    assert_int_equal(rm_manifest_push_program(m, app), RM_OK);
    assert_int_equal(
        rm_manifest_packaged(m, &f->sink, RM_STR("a.msix/bin/tool.exe"), bytes_of(&i), 0), RM_OK);
    assert_no_diag(f);
    assert_int_equal(m->apps.count, 1);
    assert_str(m->apps.at[0].name, "App");
    assert_str(m->apps.at[0].principal, "admin_elevated");
    assert_str(m->apps.at[0].execution_level, "requireAdministrator");
    rm_model_free(m);
}

static void padding_behind_the_text_is_no_part_of_it(void **state) {
    struct fixture *f = *state;
    image i = program(true);
    bool used = false;
    rm_model *m = rm_model_new((size_t)16 << 20);
    put32(&i, RESOURCES + 0x4C, sizeof manifest + 6);
    assert_int_equal(rm_manifest_binary(m, &f->sink, RM_STR("t.exe"), bytes_of(&i), &used), RM_OK);
    assert_no_diag(f);
    assert_int_equal(m->apps.count, 1);
    rm_model_free(m);
}

static void a_program_without_resources_has_no_manifest(void **state) {
    struct fixture *f = *state;
    image i = program(false);
    rm_pe_manifests found = {0};
    put32(&i, OPTIONAL + 96 + 16, 0);
    assert_int_equal(read(f, &i, &found), RM_OK);
    assert_int_equal(found.count, 0);
    put32(&i, OPTIONAL + 92, 2); /* no directory of resources at all */
    assert_int_equal(read(f, &i, &found), RM_OK);
    assert_int_equal(found.count, 0);
    assert_no_diag(f);
}

static void a_file_that_is_no_program_is_said_to_be_none(void **state) {
    struct fixture *f = *state;
    rm_pe_manifests found = {0};
    image i = {.at = "version https://git-lfs.github.com/spec/v1", .len = 80};
    assert_int_equal(read(f, &i, &found), RM_OK);
    assert_diag(f, 0, 0, "pe-not-one");
}

static const struct damage {
    size_t at;
    uint32_t value;
} damages[] = {
    {OPTIONAL, 0x107},                   /* neither 32 nor 64 bits */
    {OPTIONAL + 96 + 16, 0x9000},        /* resources in no section */
    {OPTIONAL + 224 + 20, 0x7FFFFFF0},   /* a section outside of the file */
    {RESOURCES + 20, 0x8FFFFFF0},        /* a directory outside */
    {RESOURCES + 20, 0x18},              /* data where a directory belongs */
    {RESOURCES + 0x18 + 12, 0xFFFFFFFF}, /* 131,070 entries */
    {RESOURCES + 0x30 + 20, 0x80000000}, /* a directory where data belongs */
    {RESOURCES + 0x30 + 20, 0x7FFFFFFF}, /* data entry outside */
    {RESOURCES + 0x48, 0x13FF},          /* a text that runs out of the file … */
    {RESOURCES + 0x4C, 0x7FFFFFFF},      /* … or is larger than any */
};

static void what_points_outside_of_the_file_is_refused(void **state) {
    (void)state;
    for (size_t d = 0; d < sizeof damages / sizeof damages[0]; d++) {
        void *fixture = NULL;
        rm_pe_manifests found = {0};
        image i = program(false);
        assert_int_equal(fixture_setup(&fixture), 0);
        put32(&i, damages[d].at, damages[d].value);
        assert_int_equal(read(fixture, &i, &found), RM_SYNTAX);
        assert_int_equal(found.count, 0);
        assert_diag(fixture, 0, 0, "pe-damaged");
        fixture_teardown(&fixture);
    }
}

/* A directory that is its own child ends: the levels are three, whatever it says. */
static void a_directory_within_itself_comes_to_an_end(void **state) {
    struct fixture *f = *state;
    image i = program(true);
    rm_pe_manifests found = {0};
    put32(&i, RESOURCES + 0x18 + 20, 0x80000018);
    assert_int_equal(read(f, &i, &found), RM_SYNTAX);
}

static void a_file_cut_anywhere_is_refused_or_read(void **state) {
    struct fixture *f = *state;
    image i = program(false);
    for (i.len = 0; i.len < 0x800; i.len++) {
        rm_pe_manifests found = {0};
        rm_status st = rm_pe_manifests_of(f->arena, NULL, RM_STR("t.exe"), bytes_of(&i), &found);
        assert_true(st == RM_OK || st == RM_SYNTAX);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(the_manifest_of_a_program_is_found),
        WITH_FIXTURE(what_a_program_asks_for_is_a_row),
        WITH_FIXTURE(the_application_of_a_package_has_the_level_of_its_program),
        WITH_FIXTURE(padding_behind_the_text_is_no_part_of_it),
        WITH_FIXTURE(a_program_without_resources_has_no_manifest),
        WITH_FIXTURE(a_file_that_is_no_program_is_said_to_be_none),
        WITH_FIXTURE(what_points_outside_of_the_file_is_refused),
        WITH_FIXTURE(a_directory_within_itself_comes_to_an_end),
        WITH_FIXTURE(a_file_cut_anywhere_is_refused_or_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
