#include "support.h"

#include "inf/inf.h"

/*
 * The order of stacks, and what a file that was not read leaves open. Sources: Windows driver
 * documentation, "Device filter driver ordering", "INF DDInstall.HW section" (Include and Needs).
 */

#define HEAD                                                                                       \
    "[Version]\nSignature=\"$Windows NT$\"\nClass=USBDevice\n"                                     \
    "ClassGuid={88BAE032-5A81-49f0-BC3D-A4FF138216D6}\n"                                           \
    "[Manufacturer]\nm=M,NTamd64\n[M.NTamd64]\nd=I,root\\x\n[I]\n"
#define EXTENSION                                                                                  \
    "[Version]\nSignature=\"$Windows NT$\"\nClass=Extension\n"                                     \
    "ClassGuid={e2f84ce7-8efa-411c-aa69-97454ca4cb57}\n"                                           \
    "[Manufacturer]\nm=M,NTamd64\n[M.NTamd64]\nd=E,root\\x\n[E]\n"
#define SVC(name) "[" name "]\nServiceType=1\nStartType=3\nServiceBinary=%12%\\" name ".sys\n"

static rm_model *read_set(struct fixture *f, const char *base, const char *extension) {
    rm_model *m = rm_model_new((size_t)16 << 20);
    rm_inf_file files[2] = {{.path = RM_STR("b.inf"), .text = rm_str_from(base)},
                            {.path = RM_STR("e.inf"), .text = rm_str_from(extension)}};
    assert_non_null(m);
    assert_int_equal(rm_inf_read_set(m, &f->sink, files, extension == NULL ? 1 : 2), RM_OK);
    return m;
}

static const rm_stack_position *member(const rm_model *m, const char *driver) {
    for (uint32_t i = 0; i < m->stacks.count; i++) {
        const rm_stack_position *p = &m->stacks.at[i];
        if (p->driver != RM_NONE && rm_str_eq(m->drivers.at[p->driver].name, rm_str_from(driver))) {
            return p;
        }
    }
    fail_msg("%s is in no stack", driver);
    return NULL;
}

static void expect_order(const rm_model *m, const char *const *drivers, uint32_t count) {
    assert_int_equal(m->stacks.count, count);
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(member(m, drivers[i])->position, i + 1);
    }
}

/* Upper levels A, B: A's filters come before B's, that is next to the function driver. */
static void levels_order_filters_of_several_packages(void **state) {
    struct fixture *f = *state;
    rm_model *m = read_set(
        f,
        HEAD "[I.Services]\nAddService=fn,2,fn\n" SVC(
            "fn") "[I.HW]\nAddReg=R\n[R]\nHKR,,UpperFilterLevels,0x10000,A,B\n"
                  "HKR,,UpperFilterDefaultLevel,,B\nHKR,,LowerFilterLevels,0x10000,Near,Far\n"
                  "HKR,,LowerFilterDefaultLevel,,Far\n",
        EXTENSION
        "[E.Filters]\nAddFilter=ub,,UB\nAddFilter=ua,,UA\nAddFilter=lf,,LF\nAddFilter=ln,,LN\n"
        "[UA]\nFilterLevel=A\n[UB]\nFilterPosition=Upper\n[LF]\nFilterLevel=Far\n"
        "[LN]\nFilterLevel=Near\n"
        "[E.Services]\nAddService=ua,,ua\nAddService=ub,,ub\nAddService=lf,,lf\nAddService=ln,,"
        "ln\n" SVC("ua") SVC("ub") SVC("lf") SVC("ln"));
    static const char *const order[] = {"ub", "ua", "fn", "ln", "lf"};
    assert_no_diag(f);
    expect_order(m, order, 5);
    assert_int_equal(member(m, "ua")->order_state, RM_STATE_DERIVED);
    assert_int_equal(member(m, "lf")->how, RM_STACK_LOWER_FILTER);
    rm_model_free(m);
}

static void two_filters_of_one_level_have_no_order(void **state) {
    struct fixture *f = *state;
    rm_model *m =
        read_set(f,
                 HEAD "[I.Services]\nAddService=fn,2,fn\n" SVC(
                     "fn") "[I.HW]\nAddReg=R\n[R]\nHKR,,UpperFilterLevels,0x10000,A,B\nHKR,,"
                           "UpperFilterDefaultLevel,,B\n",
                 EXTENSION "[E.Filters]\nAddFilter=u1,,U\nAddFilter=u2,,U\nAddFilter=u3,,V\n"
                           "[U]\nFilterLevel=A\n[V]\nFilterLevel=B\n");
    assert_int_equal(member(m, "u1")->order_state, RM_STATE_UNKNOWN);
    assert_int_equal(member(m, "u2")->order_state, RM_STATE_UNKNOWN);
    assert_int_equal(member(m, "u3")->order_state, RM_STATE_DERIVED);
    assert_int_equal(member(m, "u3")->position, 1);
    rm_model_free(m);
}

static void a_level_that_the_device_has_not_leaves_the_filter_out(void **state) {
    struct fixture *f = *state;
    rm_model *m = read_set(f, HEAD "[I.Services]\nAddService=fn,2,fn\n" SVC("fn"),
                           EXTENSION "[E.Filters]\nAddFilter=u1,,U\n[U]\nFilterLevel=Gone\n");
    static const char *const order[] = {"fn"};
    assert_diag(f, 11, 1, "inf-filter-level");
    expect_order(m, order, 1);
    rm_model_free(m);
}

static void without_the_devices_own_inf_a_level_says_nothing(void **state) {
    struct fixture *f = *state;
    rm_model *m = read_set(f, EXTENSION "[E.Filters]\nAddFilter=u1,,U\n[U]\nFilterLevel=A\n", NULL);
    assert_no_diag(f);
    assert_int_equal(member(m, "u1")->state, RM_STATE_UNKNOWN);
    assert_int_equal(member(m, "u1")->order_state, RM_STATE_UNKNOWN);
    rm_model_free(m);
}

/* ---- files that were not read ---- */

static void a_missing_hardware_section_leaves_descriptor_and_order_open(void **state) {
    struct fixture *f = *state;
    rm_model *m = read_set(f,
                           HEAD "[I.Services]\nAddService=fn,2,fn\n" SVC(
                               "fn") "[I.HW]\nInclude=other.inf\nNeeds=Other.HW\nAddReg=R\n"
                                     "[R]\nHKR,,UpperFilters,0x10000,up\n",
                           NULL);
    assert_diag(f, 18, 7, "inf-needs-missing");
    assert_int_equal(m->settings.count, 1);
    assert_int_equal(m->settings.at[0].state, RM_STATE_UNKNOWN);
    assert_str(m->settings.at[0].condition, "needs [Other.HW] of a file that was not read");
    assert_int_equal(member(m, "up")->order_state, RM_STATE_UNKNOWN);
    assert_int_equal(rm_model_link(m, &f->sink), RM_OK);
    assert_int_equal(m->devices.count, 1);
    const rm_descriptor *d = &m->descriptors.at[m->devices.at[0].descriptor];
    assert_str(d->sddl, "");
    assert_int_equal(d->source, RM_SDDL_UNKNOWN);
    assert_int_equal(d->state, RM_STATE_UNKNOWN);
    assert_int_equal(m->devices.at[0].secure_open, RM_TRI_UNKNOWN);
    rm_model_free(m);
}

static void what_the_inf_sets_itself_comes_after_what_it_needs(void **state) {
    struct fixture *f = *state;
    rm_model *m = read_set(f,
                           HEAD "[I.Services]\nAddService=fn,2,fn\n" SVC(
                               "fn") "[I.HW]\nInclude=other.inf\nNeeds=Other.HW\nAddReg=R\n"
                                     "[R]\nHKR,,Security,,\"D:P(A;;GA;;;SY)\"\n",
                           NULL);
    assert_int_equal(rm_model_link(m, &f->sink), RM_OK);
    assert_str(m->descriptors.at[m->devices.at[0].descriptor].sddl, "D:P(A;;GA;;;SY)");
    rm_model_free(m);
}

static void sections_that_documents_describe_leave_nothing_open(void **state) {
    struct fixture *f = *state;
    rm_model *m =
        read_set(f,
                 HEAD "[I.Services]\nAddService=fn,2,fn\n" SVC(
                     "fn") "[I.HW]\nInclude=machine.inf\nNeeds=PciIoSpaceNotRequired.HW\n",
                 NULL);
    assert_int_equal(m->settings.count, 0);
    assert_int_equal(member(m, "fn")->order_state, RM_STATE_DERIVED);
    rm_model_free(m);
}

static void a_driver_that_another_file_installs_is_unknown(void **state) {
    struct fixture *f = *state;
    rm_model *m = read_set(f, HEAD "[I.Services]\nInclude=other.inf\nNeeds=Other.Services\n", NULL);
    assert_diag(f, 12, 7, "inf-needs-missing");
    assert_int_equal(m->installs.at[0].driver, RM_NONE);
    assert_int_equal(m->devices.count, 1);
    assert_str(m->devices.at[0].alias, "root\\x");
    assert_int_equal(m->devices.at[0].state, RM_STATE_UNKNOWN);
    assert_int_equal(m->stacks.count, 1);
    assert_int_equal(m->stacks.at[0].state, RM_STATE_UNKNOWN);
    assert_int_equal(m->stacks.at[0].driver, RM_NONE);
    rm_model_free(m);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(levels_order_filters_of_several_packages),
        WITH_FIXTURE(two_filters_of_one_level_have_no_order),
        WITH_FIXTURE(a_level_that_the_device_has_not_leaves_the_filter_out),
        WITH_FIXTURE(without_the_devices_own_inf_a_level_says_nothing),
        WITH_FIXTURE(a_missing_hardware_section_leaves_descriptor_and_order_open),
        WITH_FIXTURE(what_the_inf_sets_itself_comes_after_what_it_needs),
        WITH_FIXTURE(sections_that_documents_describe_leave_nothing_open),
        WITH_FIXTURE(a_driver_that_another_file_installs_is_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
