#include "support.h"

#include "inf/inf.h"

/* A service's binary and what sources build: one driver, though the names may differ. */

#define HEAD                                                                                       \
    "[Version]\nSignature=\"$Windows NT$\"\nClass=USBDevice\n"                                     \
    "ClassGuid={88BAE032-5A81-49f0-BC3D-A4FF138216D6}\n"                                           \
    "[Manufacturer]\nm=M,NTamd64\n[M.NTamd64]\nd=I,root\\x\n[I.NT]\nCopyFiles=F\n"                 \
    "[I.NT.Services]\nAddService=svc,2,S\n[S]\nServiceType=1\nStartType=3\n"

static rm_model *read_beside(struct fixture *f, const char *built, const char *unit,
                             const char *text) {
    rm_model *m = rm_model_new((size_t)16 << 20);
    rm_inf_file file = {.path = RM_STR("src/drv/a.inf"), .text = rm_str_from(text)};
    uint32_t driver = RM_NONE;
    assert_non_null(m);
    assert_int_equal(
        rm_model_driver(m, rm_str_from(built), rm_str_from(unit), (rm_place){0}, &driver), RM_OK);
    assert_int_equal(rm_inf_read_set(m, &f->sink, &file, 1), RM_OK);
    return m;
}

static void a_copied_file_may_have_another_name_where_it_is_built(void **state) {
    struct fixture *f = *state;
    rm_model *m = read_beside(f, "thing_x64", "src/other",
                              HEAD "ServiceBinary=%12%\\thing.sys\n[F]\nthing.sys,thing_x64.sys\n");
    assert_no_diag(f);
    assert_int_equal(m->drivers.count, 1);
    assert_str(m->drivers.at[0].service, "svc");
    assert_int_equal(m->installs.at[0].driver, 0);
    assert_int_equal(m->services.at[0].state, RM_STATE_CONFIRMED);
    rm_model_free(m);
}

static void a_binary_that_is_not_copied_is_the_one_that_is(void **state) {
    struct fixture *f = *state;
    rm_model *m = read_beside(f, "thing64", "src/other",
                              HEAD "ServiceBinary=%12%\\thing.sys\n[F]\nthing64.sys\n");
    assert_diag(f, 16, 15, "inf-binary-not-copied");
    assert_int_equal(m->drivers.count, 1);
    assert_int_equal(m->services.at[0].driver, 0);
    assert_int_equal(m->services.at[0].state, RM_STATE_DERIVED);
    rm_model_free(m);
}

static void two_files_that_might_be_meant_are_none(void **state) {
    struct fixture *f = *state;
    rm_model *m = rm_model_new((size_t)16 << 20);
    rm_inf_file file = {.path = RM_STR("pkg/a.inf"),
                        .text =
                            RM_STR(HEAD "ServiceBinary=%12%\\thing.sys\n[F]\none.sys\ntwo.sys\n")};
    uint32_t driver = RM_NONE;
    assert_int_equal(rm_model_driver(m, RM_STR("one"), RM_STR("a"), (rm_place){0}, &driver), RM_OK);
    assert_int_equal(rm_model_driver(m, RM_STR("two"), RM_STR("b"), (rm_place){0}, &driver), RM_OK);
    assert_int_equal(rm_inf_read_set(m, &f->sink, &file, 1), RM_OK);
    assert_int_equal(m->drivers.count, 3);
    assert_str(m->drivers.at[m->services.at[0].driver].name, "thing");
    rm_model_free(m);
}

static void the_only_driver_of_the_folder_is_meant_where_nothing_has_the_name(void **state) {
    struct fixture *f = *state;
    rm_model *m = read_beside(f, "project", "src/drv", HEAD "ServiceBinary=%12%\\thing.sys\n");
    assert_diag(f, 16, 15, "inf-binary-by-folder");
    assert_int_equal(m->drivers.count, 1);
    assert_int_equal(m->services.at[0].state, RM_STATE_DERIVED);
    rm_model_free(m);
}

static void a_driver_of_another_folder_is_not_meant(void **state) {
    struct fixture *f = *state;
    rm_model *m = read_beside(f, "project", "src/lib", HEAD "ServiceBinary=%12%\\thing.sys\n");
    assert_int_equal(m->drivers.count, 2);
    rm_model_free(m);
}

/* The reflector is Windows' own: a package that installs it copies the user-mode driver only. */
static void a_service_of_windows_is_not_what_the_package_copies(void **state) {
    struct fixture *f = *state;
    rm_model *m =
        read_beside(f, "host", "src/drv", HEAD "ServiceBinary=%12%\\WUDFRd.sys\n[F]\nhost.dll\n");
    assert_no_diag(f);
    assert_str(m->drivers.at[m->services.at[0].driver].name, "WUDFRd");
    rm_model_free(m);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(a_copied_file_may_have_another_name_where_it_is_built),
        WITH_FIXTURE(a_binary_that_is_not_copied_is_the_one_that_is),
        WITH_FIXTURE(two_files_that_might_be_meant_are_none),
        WITH_FIXTURE(the_only_driver_of_the_folder_is_meant_where_nothing_has_the_name),
        WITH_FIXTURE(a_driver_of_another_folder_is_not_meant),
        WITH_FIXTURE(a_service_of_windows_is_not_what_the_package_copies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
