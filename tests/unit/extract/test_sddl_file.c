#include "support.h"

#include "sddl_file.h"

static rm_model *read(struct fixture *f, const char *text, bool *used) {
    rm_model *model = rm_model_new((size_t)16 << 20);
    assert_non_null(model);
    assert_int_equal(rm_sddl_file_read(model, &f->sink, RM_STR("a.sddl"), rm_str_from(text), used),
                     RM_OK);
    return model;
}

static void each_line_is_a_descriptor_with_its_place(void **state) {
    struct fixture *f = *state;
    bool used = false;
    rm_model *m = read(f,
                       "# descriptors of the reader\r\n"
                       "\r\n"
                       "device \\Device\\Reader D:P(A;;GA;;;SY)\r\n"
                       "  key  \"HKLM\\Software\\My Key\"\tO:BAG:BA D:(A;;GA;;;BA) \r\n"
                       "service Reader D:",
                       &used);
    assert_no_diag(f);
    assert_true(used);
    assert_int_equal(m->descriptors.count, 3);
    const rm_descriptor *d = m->descriptors.at;
    assert_int_equal(d[0].subject_kind, RM_SUBJECT_DEVICE);
    assert_str(d[0].subject_name, "\\Device\\Reader");
    assert_str(d[0].sddl, "D:P(A;;GA;;;SY)");
    assert_int_equal(d[0].place.line, 3);
    assert_int_equal(d[0].place.column, 23);
    assert_int_equal(d[0].state, RM_STATE_DECLARED);
    assert_int_equal(d[0].source, RM_SDDL_FILE);
    assert_str(d[1].subject_name, "HKLM\\Software\\My Key");
    assert_str(d[1].sddl, "O:BAG:BA D:(A;;GA;;;BA)");
    assert_int_equal(d[1].place.column, 31);
    assert_int_equal(d[2].subject_kind, RM_SUBJECT_SERVICE);
    rm_model_free(m);
}

static void a_wrong_line_is_told_and_the_next_one_used(void **state) {
    struct fixture *f = *state;
    bool used = false;
    rm_model *m = read(f,
                       "devices X D:\n"
                       "device\n"
                       "device \"X D:\n"
                       "  device X  \n"
                       "device \"\" D:\n"
                       "port X D:\n",
                       &used);
    assert_diag(f, 1, 1, "sddl-file-kind");
    assert_diag(f, 2, 7, "sddl-file-name");
    assert_diag(f, 3, 8, "sddl-file-name");
    assert_diag(f, 4, 13, "sddl-file-missing");
    assert_diag(f, 5, 8, "sddl-file-name");
    assert_int_equal(m->descriptors.count, 1);
    assert_true(used);
    rm_model_free(m);
}

static void a_file_of_comments_is_not_used(void **state) {
    struct fixture *f = *state;
    bool used = true;
    rm_model *m = read(f, "# nothing\n\n", &used);
    assert_false(used);
    assert_no_diag(f);
    rm_model_free(m);
}

/* The descriptor's own errors are told when it is linked, to the column of the line. */
static void an_error_in_a_descriptor_has_the_column_of_the_file(void **state) {
    struct fixture *f = *state;
    bool used = false;
    rm_model *m = read(f, "\ndevice \\Device\\X D:(A;;QQ;;;WD)\n", &used);
    assert_int_equal(rm_model_link(m, &f->sink), RM_OK);
    assert_int_equal(f->diags[0].line, 2);
    assert_int_equal(f->diags[0].column, 24);
    assert_int_equal(f->diags[0].level, RM_ERROR);
    rm_model_free(m);
}

static void memory_may_end_anywhere(void **state) {
    struct fixture *f = *state;
    rm_status st = RM_NOMEM;
    for (long n = 0; n < 50 && st != RM_OK; n++) {
        bool used = false;
        rm_model *model = rm_model_new((size_t)1 << 20);
        assert_non_null(model);
        rm_arena_fail_after(model->arena, n);
        st = rm_sddl_file_read(model, &f->sink, RM_STR("a"), RM_STR("device X D:\nkey Y D:P"),
                               &used);
        rm_model_free(model);
    }
    assert_int_equal(st, RM_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(each_line_is_a_descriptor_with_its_place),
        WITH_FIXTURE(a_wrong_line_is_told_and_the_next_one_used),
        WITH_FIXTURE(a_file_of_comments_is_not_used),
        WITH_FIXTURE(an_error_in_a_descriptor_has_the_column_of_the_file),
        WITH_FIXTURE(memory_may_end_anywhere),
    };
    return cmocka_run_group_tests_name("sddl_file", tests, NULL, NULL);
}
