#include "folder.h"

#include <string.h>

#include "archive.h"

/*
 * Packages are written here by hand (APPNOTE 4.3.7, 4.3.12, 4.3.16), stored unless said otherwise,
 * so that every field can lie.
 */

typedef struct part {
    const char *name;
    const char *local_name; /* NULL: the same */
    rm_str bytes;
    uint32_t claimed_size; /* 0: the true one */
    uint16_t flags;        /* 1: encrypted */
    uint16_t method;
    uint32_t crc; /* 0: the true one */
} part;

static uint32_t crc_of(rm_str bytes) {
    uint32_t crc = 0xFFFFFFFFu;
    for (size_t i = 0; i < bytes.len; i++) {
        crc ^= (unsigned char)bytes.ptr[i];
        for (int k = 0; k < 8; k++) {
            crc = (crc >> 1) ^ (0xEDB88320u & (0u - (crc & 1u)));
        }
    }
    return ~crc;
}

static void put(rm_buf *out, uint32_t value, unsigned bytes) {
    for (unsigned i = 0; i < bytes; i++) {
        rm_buf_char(out, (char)(value >> (8 * i)));
    }
}

/* From "version needed" to the lengths of name and extra field: the same in both headers. */
static void put_common(rm_buf *out, const part *p, const char *name) {
    put(out, 20, 2);
    put(out, p->flags, 2);
    put(out, p->method, 2);
    put(out, 0, 4); /* time and date */
    put(out, p->crc != 0 ? p->crc : crc_of(p->bytes), 4);
    put(out, (uint32_t)p->bytes.len, 4);
    put(out, p->claimed_size != 0 ? p->claimed_size : (uint32_t)p->bytes.len, 4);
    put(out, (uint32_t)strlen(name), 2);
    put(out, 0, 2);
}

static rm_str zip_of(rm_arena *arena, const part *parts, unsigned count) {
    rm_buf out = {.arena = arena};
    uint32_t offsets[16];
    assert_true(count <= 16);
    for (unsigned i = 0; i < count; i++) {
        offsets[i] = (uint32_t)out.len;
        put(&out, 0x04034b50, 4);
        const char *local = parts[i].local_name != NULL ? parts[i].local_name : parts[i].name;
        put_common(&out, &parts[i], local);
        rm_buf_text(&out, local);
        rm_buf_str(&out, parts[i].bytes);
    }
    uint32_t directory = (uint32_t)out.len;
    for (unsigned i = 0; i < count; i++) {
        put(&out, 0x02014b50, 4);
        put(&out, 20, 2);
        put_common(&out, &parts[i], parts[i].name);
        put(&out, 0, 4); /* comment, disk */
        put(&out, 0, 2); /* attributes within */
        put(&out, 0, 4); /* and without */
        put(&out, offsets[i], 4);
        rm_buf_text(&out, parts[i].name);
    }
    uint32_t size = (uint32_t)out.len - directory;
    put(&out, 0x06054b50, 4);
    put(&out, 0, 4);
    put(&out, count, 2);
    put(&out, count, 2);
    put(&out, size, 4);
    put(&out, directory, 4);
    put(&out, 0, 2);
    assert_int_equal(out.status, RM_OK);
    return rm_buf_view(&out);
}

static const char manifest[] =
    "<Package xmlns=\"http://schemas.microsoft.com/appx/manifest/foundation/windows10\">\n"
    "<Identity Name=\"Contoso.Lamp\" Publisher=\"CN=Contoso\" Version=\"1.0.0.0\"/>\n"
    "<Applications>\n"
    " <Application Id=\"App\" Executable=\"a.exe\" EntryPoint=\"Lamp.App\"/>\n"
    "</Applications>\n"
    "<Capabilities><Capability Name=\"internetClient\"/></Capabilities></Package>";

static const char manifest_arm[] =
    "<Package xmlns=\"http://schemas.microsoft.com/appx/manifest/foundation/windows10\">\n"
    "<Identity Name=\"Contoso.Lamp\" Publisher=\"CN=Contoso\" Version=\"1.0.0.0\"/>\n"
    "<Applications>\n"
    " <Application Id=\"App\" Executable=\"a.exe\" EntryPoint=\"Lamp.App\"/>\n"
    "</Applications>\n"
    "<Capabilities><Capability Name=\"internetClient\"/>"
    "<DeviceCapability Name=\"usb\"/></Capabilities></Package>";

static const char sccd[] = "<CustomCapabilityDescriptor>\n<CustomCapabilities>\n"
                           "<CustomCapability Name=\"c.l_q536wpkpf5cy2\"/></CustomCapabilities>\n"
                           "<AuthorizedEntities AllowAny=\"true\"/></CustomCapabilityDescriptor>";

static rm_model *read(struct fixture *f, rm_str bytes, bool *used) {
    rm_model *m = rm_model_new((size_t)64 << 20);
    assert_non_null(m);
    assert_int_equal(rm_package_read(m, &f->sink, RM_STR("out/lamp.msix"), bytes, used), RM_OK);
    return m;
}

static void a_package_is_read_without_unpacking_it(void **state) {
    struct fixture *f = *state;
    bool used = false;
    const part parts[] = {{.name = "AppxManifest.xml", .bytes = RM_STR(manifest)},
                          {.name = "Assets/Logo%20a.png", .bytes = RM_STR("png")},
                          {.name = "Lamp.SCCD", .bytes = RM_STR(sccd)},
                          {.name = "Assets/other.sccd", .bytes = RM_STR("<not/read>")}};
    rm_model *m = read(f, zip_of(f->arena, parts, 4), &used);
    assert_no_diag(f);
    assert_true(used);
    assert_int_equal(m->apps.count, 1);
    assert_str(m->apps.at[0].name, "App");
    assert_str(m->apps.at[0].place.file, "out/lamp.msix/AppxManifest.xml");
    assert_int_equal(m->apps.at[0].place.line, 4);
    assert_int_equal(m->authorizeds.count, 1);
    assert_str(m->authorizeds.at[0].place.file, "out/lamp.msix/Lamp.SCCD");
    rm_model_free(m);
}

static void a_package_on_disk_is_read_where_it_is(void **state) {
    struct fixture *f = *state;
    bool used = false;
    const part parts[] = {{.name = "AppxManifest.xml", .bytes = RM_STR(manifest)}};
    rm_model *m = rm_model_new((size_t)64 << 20);
    assert_non_null(m);
    put_file("large.msix", zip_of(f->arena, parts, 1));
    assert_int_equal(
        rm_package_read_file(m, &f->sink, RM_STR("out/lamp.msix"), "large.msix", &used), RM_OK);
    assert_no_diag(f);
    assert_true(used);
    assert_int_equal(m->apps.count, 1);
    assert_str(m->apps.at[0].place.file, "out/lamp.msix/AppxManifest.xml");
    assert_int_equal(rm_package_read_file(m, &f->sink, RM_STR("out/a.msix"), "gone.msix", &used),
                     RM_OK);
    assert_diag(f, 0, 0, "archive-damaged");
    rm_model_free(m);
}

static void a_bundle_is_one_app_with_what_any_of_its_packages_declares(void **state) {
    struct fixture *f = *state;
    bool used = false;
    const part x64[] = {{.name = "AppxManifest.xml", .bytes = RM_STR(manifest)}};
    const part arm[] = {{.name = "AppxManifest.xml", .bytes = RM_STR(manifest_arm)}};
    const part language[] = {{.name = "AppxManifest.xml", .bytes = RM_STR("<broken")}};
    const char list[] =
        "<Bundle xmlns=\"http://schemas.microsoft.com/appx/2013/bundle\"><Packages>"
        "<Package Type=\"application\" Architecture=\"x64\" FileName=\"l_x64.msix\"/>"
        "<Package Type=\"application\" Architecture=\"arm64\" FileName=\"l_arm64.msix\"/>\n"
        "<Package Type=\"application\" Architecture=\"x86\" FileName=\"l_x86.msix\"/>"
        "<Package Type=\"resource\" FileName=\"l_de.msix\"/></Packages></Bundle>";
    const part parts[] = {
        {.name = "l_x64.msix", .bytes = zip_of(f->arena, x64, 1)},
        {.name = "l_arm64.msix", .bytes = zip_of(f->arena, arm, 1)},
        {.name = "l_de.msix", .bytes = zip_of(f->arena, language, 1)},
        {.name = "AppxMetadata/AppxBundleManifest.xml", .bytes = RM_STR(list)},
    };
    rm_model *m = read(f, zip_of(f->arena, parts, 4), &used);
    assert_diag(f, 2, 1, "archive-member-missing"); /* l_x86.msix */
    assert_true(used);
    assert_int_equal(m->apps.count, 1);
    assert_int_equal(m->capabilities.count, 2);
    assert_str(m->capabilities.at[1].name, "usb");
    assert_int_equal(m->capabilities.at[1].app, 0);
    assert_str(m->apps.at[0].place.file, "out/lamp.msix/l_x64.msix/AppxManifest.xml");
    rm_model_free(m);
}

static void refuse(struct fixture *f, rm_str bytes, const char *id) {
    bool used = true;
    rm_model *m = read(f, bytes, &used);
    assert_false(used);
    assert_int_equal(m->apps.count + m->authorizeds.count, 0);
    assert_diag(f, 0, 0, id);
    rm_model_free(m);
}

static void with_name(struct fixture *f, const char *name, const char *id) {
    const part parts[] = {{.name = "AppxManifest.xml", .bytes = RM_STR(manifest)},
                          {.name = name, .bytes = RM_STR("x")}};
    refuse(f, zip_of(f->arena, parts, 2), id);
}

static void a_name_that_leads_outside_refuses_the_package(void **state) {
    static const char *const names[] = {
        "../evil.dll",  "a/../../evil.dll", "..\\evil.dll", "/etc/passwd", "\\\\server\\share",
        "C:\\evil.dll", "%2e%2e/evil",      "a//b",         "a/..",        "con\x07trol",
        "a:stream"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        with_name(*state, names[i], "archive-name");
    }
}

static void a_name_that_stands_twice_refuses_the_package(void **state) {
    with_name(*state, "AppxManifest.xml", "archive-duplicate");
    with_name(*state, "appxmanifest.XML", "archive-duplicate");
    with_name(*state, "Appx%4danifest.xml", "archive-duplicate");
}

static void a_name_that_is_another_where_the_bytes_are_refuses_the_package(void **state) {
    struct fixture *f = *state;
    const part hidden[] = {
        {.name = "AppxManifest.xml", .local_name = "Old/Manifest.xm_", .bytes = RM_STR(manifest)}};
    const part longer[] = {{.name = "AppxManifest.xml", .bytes = RM_STR(manifest)},
                           {.name = "a", .local_name = "AppxManifest.xml", .bytes = RM_STR("x")}};
    const part cased[] = {
        {.name = "AppxManifest.xml", .local_name = "appxmanifest.xml", .bytes = RM_STR(manifest)}};
    refuse(f, zip_of(f->arena, hidden, 1), "archive-two-names");
    refuse(f, zip_of(f->arena, longer, 2), "archive-two-names");
    refuse(f, zip_of(f->arena, cased, 1), "archive-two-names");
}

static void an_encrypted_member_refuses_the_package(void **state) {
    struct fixture *f = *state;
    const part parts[] = {{.name = "AppxManifest.xml", .bytes = RM_STR(manifest), .flags = 1}};
    refuse(f, zip_of(f->arena, parts, 1), "archive-encrypted");
}

static void a_method_other_than_deflate_is_refused(void **state) {
    struct fixture *f = *state;
    const part parts[] = {{.name = "AppxManifest.xml", .bytes = RM_STR(manifest), .method = 12}};
    refuse(f, zip_of(f->arena, parts, 1), "archive-method");
}

static void sizes_that_cannot_be_are_refused_before_anything_is_unpacked(void **state) {
    struct fixture *f = *state;
    const part huge[] = {{.name = "AppxManifest.xml",
                          .bytes = RM_STR(manifest),
                          .method = 8,
                          .claimed_size = 0xF0000000u}};
    const part dense[] = {{.name = "AppxManifest.xml",
                           .bytes = RM_STR(manifest),
                           .method = 8,
                           .claimed_size = 8u << 20}};
    refuse(f, zip_of(f->arena, huge, 1), "archive-limit");
    refuse(f, zip_of(f->arena, dense, 1), "archive-limit");
}

static void a_directory_too_large_is_refused_before_it_is_read(void **state) {
    struct fixture *f = *state;
    const part parts[] = {{.name = "AppxManifest.xml", .bytes = RM_STR(manifest)}};
    rm_str whole = zip_of(f->arena, parts, 1);
    char *bytes = RM_NEW_ARRAY(f->arena, char, whole.len);
    assert_non_null(bytes);
    memcpy(bytes, whole.ptr, whole.len);
    memcpy(bytes + whole.len - 22 + 12, "\x01\x00\x00\x04", 4); /* 64 MiB and a byte */
    refuse(f, (rm_str){bytes, whole.len}, "archive-limit");
}

static void a_damaged_member_is_refused(void **state) {
    struct fixture *f = *state;
    const part wrong[] = {{.name = "AppxManifest.xml", .bytes = RM_STR(manifest), .crc = 7}};
    const part no_deflate[] = {{.name = "AppxManifest.xml",
                                .bytes = RM_STR("\xff\xff\xff not deflate"),
                                .method = 8,
                                .claimed_size = 40}};
    refuse(f, zip_of(f->arena, wrong, 1), "archive-damaged");
    refuse(f, zip_of(f->arena, no_deflate, 1), "archive-damaged");
}

static void what_is_no_zip_or_cut_off_is_refused(void **state) {
    struct fixture *f = *state;
    const part parts[] = {{.name = "AppxManifest.xml", .bytes = RM_STR(manifest)}};
    rm_str whole = zip_of(f->arena, parts, 1);
    refuse(f, RM_STR_NONE, "archive-damaged");
    refuse(f, RM_STR("MZ this is none"), "archive-damaged");
    refuse(f, rm_str_slice(whole, 0, whole.len - 5), "archive-damaged");
    refuse(f, rm_str_slice(whole, whole.len - 22, whole.len), "archive-damaged");
    const part other[] = {{.name = "readme.txt", .bytes = RM_STR("x")}};
    refuse(f, zip_of(f->arena, other, 1), "archive-no-manifest");
}

static void a_doctype_inside_is_refused_with_its_place(void **state) {
    struct fixture *f = *state;
    bool used = true;
    const part parts[] = {{.name = "AppxManifest.xml",
                           .bytes = RM_STR("<?xml version='1.0'?>\n<!DOCTYPE a [<!ENTITY b 'c'>]>"
                                           "<Package/>")}};
    rm_model *m = read(f, zip_of(f->arena, parts, 1), &used);
    assert_diag(f, 2, 1, "xml-doctype");
    assert_false(used);
    rm_model_free(m);
}

static void memory_may_end_anywhere(void **state) {
    struct fixture *f = *state;
    const part parts[] = {{.name = "AppxManifest.xml", .bytes = RM_STR(manifest)},
                          {.name = "Lamp.SCCD", .bytes = RM_STR(sccd)}};
    rm_str bytes = zip_of(f->arena, parts, 2);
    for (size_t limit = 256; limit < 65536; limit += 512) {
        bool used = false;
        rm_model *m = rm_model_new(limit);
        if (m != NULL) {
            rm_status st = rm_package_read(m, NULL, RM_STR("a.msix"), bytes, &used);
            assert_true(st == RM_OK || st == RM_NOMEM);
            rm_model_free(m);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(a_package_is_read_without_unpacking_it),
        WITH_FOLDER(a_package_on_disk_is_read_where_it_is),
        WITH_FIXTURE(a_directory_too_large_is_refused_before_it_is_read),
        WITH_FIXTURE(a_bundle_is_one_app_with_what_any_of_its_packages_declares),
        WITH_FIXTURE(a_name_that_leads_outside_refuses_the_package),
        WITH_FIXTURE(a_name_that_stands_twice_refuses_the_package),
        WITH_FIXTURE(a_name_that_is_another_where_the_bytes_are_refuses_the_package),
        WITH_FIXTURE(an_encrypted_member_refuses_the_package),
        WITH_FIXTURE(a_method_other_than_deflate_is_refused),
        WITH_FIXTURE(sizes_that_cannot_be_are_refused_before_anything_is_unpacked),
        WITH_FIXTURE(a_damaged_member_is_refused),
        WITH_FIXTURE(what_is_no_zip_or_cut_off_is_refused),
        WITH_FIXTURE(a_doctype_inside_is_refused_with_its_place),
        WITH_FIXTURE(memory_may_end_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
