#include "support.h"

#include "extract/extract.h"

/* A scan of files that stand here, as rm_extract() sees them. */
struct scan {
    rm_input_files files;
    rm_model *model;
    uint32_t unusable;
};

static void file(struct fixture *f, struct scan *s, const char *path, const char *text) {
    rm_input_file *added = rm_push(f->arena, &s->files);
    *added = (rm_input_file){.path = rm_str_from(path), .bytes = rm_str_from(text)};
    assert_true(rm_artifact_kind_of(added->path, &added->kind));
}

static void extract(struct fixture *f, struct scan *s) {
    s->model = rm_model_new((size_t)1 << 28);
    assert_int_equal(rm_extract(s->model, &f->sink, &s->files, NULL, &s->unusable), RM_OK);
}

/* The row of a control code, of that driver (RM_NONE: of none). */
static const rm_ioctl *code_row(const struct scan *s, const char *name, uint32_t driver) {
    for (uint32_t i = 0; i < s->model->ioctls.count; i++) {
        const rm_ioctl *row = &s->model->ioctls.at[i];
        if (rm_str_eq(row->name, rm_str_from(name)) && row->driver == driver) {
            return row;
        }
    }
    return NULL;
}

static const char entry[] =
    "NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING P) { return 0; }\n";

static void a_shared_header_gives_a_row_to_each_driver_that_includes_it(void **state) {
    struct fixture *f = *state;
    struct scan s = {0};
    file(f, &s, "inc/shared.h", "#define IOCTL_A CTL_CODE(0x22, 0x800, 0, 0)\n");
    file(f, &s, "inc/other.h", "#define IOCTL_B CTL_CODE(0x22, 0x801, 0, 0)\n");
    rm_buf text = {.arena = f->arena};
    rm_buf_printf(&text, "#include \"../inc/shared.h\"\n%s%c", entry, 0);
    file(f, &s, "one/a.c", text.ptr);
    file(f, &s, "two/b.c", text.ptr);
    extract(f, &s);
    assert_int_equal(s.model->drivers.count, 2);
    assert_str(s.model->drivers.at[0].name, "one");
    assert_int_equal(s.model->ioctls.count, 3);
    assert_int_equal(code_row(&s, "IOCTL_A", 0)->code, 0x222000);
    assert_int_equal(code_row(&s, "IOCTL_A", 1)->place.line, 1);
    assert_int_equal(code_row(&s, "IOCTL_B", RM_NONE)->code, 0x222004);
    rm_model_free(s.model);
}

static void sources_without_a_driver_entry_make_no_driver(void **state) {
    struct fixture *f = *state;
    struct scan s = {0};
    file(f, &s, "app/main.c",
         "#define IOCTL_A CTL_CODE(0x22, 0x800, 0, 0)\nint main(void) { IoCreateDevice(); }\n");
    extract(f, &s);
    assert_int_equal(s.model->drivers.count, 0);
    assert_int_equal(s.model->devices.count, 0);
    assert_non_null(code_row(&s, "IOCTL_A", RM_NONE));
    rm_model_free(s.model);
}

static void definitions_by_number_count_only_under_a_name_that_says_so(void **state) {
    struct fixture *f = *state;
    struct scan s = {0};
    file(f, &s, "a.h",
         "#define IOCTL_SIGNED -1673519100 // CTL_CODE(40000, 0x801, 0, 0)\n"
         "#define IOCTL_HEX 0x9C402008\n"
         "#define IOCTL_BASE 0x80000000\n"
         "#define MAX_SIZE 0x100000\n"
         "#define IOCTL_INDEX 0x800\n"
         "#define FKIOCTL 0x80000000\n"
         "#define MY_IOCTL_FLAGS_X 0x80000000\n"
         "#define NVCONFIG_IOCTL 0x804E5643\n"
         "enum { FspFsctlTimeout = 300000 };\n"
         "#define IOCTL_ALIAS IOCTL_HEX\n"
         "#define IOCTL_NEXT (IOCTL_HEX + 4)\n");
    extract(f, &s);
    assert_int_equal(code_row(&s, "IOCTL_SIGNED", RM_NONE)->code, 0x9C402004);
    assert_int_equal(code_row(&s, "IOCTL_HEX", RM_NONE)->code, 0x9C402008);
    assert_int_equal(code_row(&s, "IOCTL_ALIAS", RM_NONE)->code, 0x9C402008);
    assert_int_equal(code_row(&s, "IOCTL_NEXT", RM_NONE)->code, 0x9C40200C);
    assert_null(code_row(&s, "IOCTL_BASE", RM_NONE));
    assert_null(code_row(&s, "MAX_SIZE", RM_NONE));
    assert_null(code_row(&s, "FKIOCTL", RM_NONE));
    assert_null(code_row(&s, "MY_IOCTL_FLAGS_X", RM_NONE));
    assert_null(code_row(&s, "NVCONFIG_IOCTL", RM_NONE));
    assert_null(code_row(&s, "FspFsctlTimeout", RM_NONE));
    assert_null(code_row(&s, "IOCTL_INDEX", RM_NONE));
    rm_model_free(s.model);
}

static void a_definition_without_a_value_is_a_row_and_a_warning(void **state) {
    struct fixture *f = *state;
    struct scan s = {0};
    file(f, &s, "a.h",
         "\n  #define IOCTL_X CTL_CODE(MISSING_TYPE, 1, 0, 0)\n"
         "#define IOCTL_Y _IO('x', 3)\n#define LATER _IO('x', 3)\n");
    extract(f, &s);
    assert_int_equal(s.model->ioctls.count, 1);
    assert_false(code_row(&s, "IOCTL_X", RM_NONE)->has_code);
    assert_diag(f, 2, 11, "ioctl-no-value");
    rm_model_free(s.model);
}

static void a_definition_that_the_project_completes_needs_no_warning(void **state) {
    static const char *const projects[] = {
        "TARGETNAME=d\nTARGETTYPE=DRIVER\nC_DEFINES=-DBASE=0x900\nSOURCES=d.c\n",
        "TARGETNAME=d\nTARGETTYPE=DRIVER\nSOURCES=d.c\n"};
    struct fixture *f = *state;
    for (size_t i = 0; i < 2; i++) {
        struct scan s = {0};
        rm_buf text = {.arena = f->arena};
        rm_buf_printf(&text, "#define IOCTL_A CTL_CODE(0x22, BASE, 0, 0)\n%s%c", entry, 0);
        file(f, &s, "d/sources", projects[i]);
        file(f, &s, "d/d.c", text.ptr);
        extract(f, &s);
        assert_int_equal(code_row(&s, "IOCTL_A", 0)->has_code, i == 0);
        if (i == 0) {
            assert_int_equal(code_row(&s, "IOCTL_A", 0)->code, 0x222400);
            assert_no_diag(f);
        } else {
            assert_diag(f, 1, 9, "ioctl-no-value");
        }
        rm_model_free(s.model);
    }
}

/* Specifying Device Types: a function code over 0xFFF spills into the access bits. */
static void functions_over_twelve_bits_spill_as_the_macro_has_it(void **state) {
    struct fixture *f = *state;
    struct scan s = {0};
    file(f, &s, "a.h", "#define IOCTL_SPILL CTL_CODE(0x22, 0x1800, METHOD_BUFFERED, 0)\n");
    extract(f, &s);
    assert_int_equal(code_row(&s, "IOCTL_SPILL", RM_NONE)->code, 0x226000);
    rm_model_free(s.model);
}

static void an_artifact_says_what_was_read(void **state) {
    struct fixture *f = *state;
    struct scan s = {0};
    file(f, &s, "a.h", "abc");
    file(f, &s, "b.c", "\xff\xfe\x41\x00");
    s.files.at[1].bytes.len = 4;
    extract(f, &s);
    assert_int_equal(s.model->artifacts.count, 2);
    assert_str(s.model->artifacts.at[0].sha256,
               "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_str(s.model->artifacts.at[0].encoding, "utf-8");
    assert_str(s.model->artifacts.at[1].encoding, "utf-16le");
    assert_false(s.model->artifacts.at[0].used);
    rm_model_free(s.model);
}

static void several_drivers_in_a_folder_are_kept_apart(void **state) {
    struct fixture *f = *state;
    struct scan s = {0};
    file(f, &s, "d/one.c", entry);
    file(f, &s, "d/two.c", entry);
    extract(f, &s);
    assert_int_equal(s.model->drivers.count, 2);
    assert_str(s.model->drivers.at[0].name, "one");
    assert_str(s.model->drivers.at[1].name, "two");
    rm_model_free(s.model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(a_shared_header_gives_a_row_to_each_driver_that_includes_it),
        WITH_FIXTURE(sources_without_a_driver_entry_make_no_driver),
        WITH_FIXTURE(definitions_by_number_count_only_under_a_name_that_says_so),
        WITH_FIXTURE(a_definition_without_a_value_is_a_row_and_a_warning),
        WITH_FIXTURE(a_definition_that_the_project_completes_needs_no_warning),
        WITH_FIXTURE(functions_over_twelve_bits_spill_as_the_macro_has_it),
        WITH_FIXTURE(an_artifact_says_what_was_read),
        WITH_FIXTURE(several_drivers_in_a_folder_are_kept_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
