#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/diff.h"

enum { MEMORY = 16 << 20 };

/*
 * One driver with one device, a door, a code with a handler, an operation behind a check, a path
 * and a finding. Tests change one thing of a second copy.
 */
static rm_model *model(void) {
    rm_model *m = rm_model_new(MEMORY);
    assert_non_null(m);
    rm_arena *a = m->arena;
    *rm_push(a, &m->drivers) = (rm_driver){.id = RM_STR("driver:d"), .name = RM_STR("D")};
    *rm_push(a, &m->descriptors) = (rm_descriptor){.id = RM_STR("descriptor:d"),
                                                   .subject = 0,
                                                   .canonical = RM_STR("D:P(A;;GA;;;BA)"),
                                                   .effective = true};
    *rm_push(a, &m->devices) = (rm_device){.id = RM_STR("device:d"),
                                           .nt_name = RM_STR("\\Device\\D"),
                                           .secure_open = RM_TRI_YES,
                                           .descriptor = 0};
    *rm_push(a, &m->doors) = (rm_door){.id = RM_STR("door:d"),
                                       .service = RM_NONE,
                                       .name = RM_STR("\\DosDevices\\D"),
                                       .capabilities = RM_STR("one two")};
    *rm_push(a, &m->entries) = (rm_entry){
        .id = RM_STR("entry:d"), .name = RM_STR("IOCTL_POKE"), .has_code = true, .code = 0x22E004};
    *rm_push(a, &m->ioctls) = (rm_ioctl){.id = RM_STR("ioctl:d"),
                                         .name = RM_STR("IOCTL_POKE"),
                                         .has_code = true,
                                         .code = 0x22E004, /* buffered, read and write access */
                                         .handled = true};
    *rm_push(a, &m->sinks) = (rm_sink_call){.id = RM_STR("sink:d"),
                                            .class_name = RM_STR("port_out"),
                                            .api = RM_STR("__outbyte"),
                                            .validation = RM_VALIDATION_VALIDATED};
    *rm_push(a, &m->checks) = (rm_check){.id = RM_STR("check:d"),
                                         .sink = 0,
                                         .kind = RM_CHECK_RANGE,
                                         .argument = RM_STR("Port"),
                                         .well_formed = RM_TRI_YES,
                                         .dominates = RM_TRI_YES,
                                         .can_refuse = RM_TRI_YES,
                                         .place = {.line = 10}};
    *rm_push(a, &m->accesses) = (rm_access){
        .subject_kind = RM_SUBJECT_DEVICE, .principal = RM_STR("standard_user"), .mask = 0};
    *rm_push(a, &m->accesses) = (rm_access){
        .subject_kind = RM_SUBJECT_DEVICE, .principal = RM_STR("admin_elevated"), .mask = 0x120089};
    *rm_push(a, &m->paths) = (rm_path){.id = RM_STR("path:d"),
                                       .app = RM_NONE,
                                       .severity = RM_SEVERITY_LOW,
                                       .validation = RM_VALIDATION_VALIDATED,
                                       .score = 90};
    *rm_push(a, &m->findings) = (rm_finding){.id = RM_STR("finding:d"),
                                             .severity = RM_SEVERITY_MEDIUM,
                                             .path = RM_NONE,
                                             .place = {.line = 7}};
    return m;
}

typedef struct pair {
    rm_model *before, *after;
    rm_differences all;
} pair;

static pair two(void) {
    return (pair){model(), model(), {0}};
}

static void compare(pair *p) {
    assert_int_equal(rm_diff(p->after->arena, p->before, p->after, &p->all), RM_OK);
}

static void done(pair *p) {
    rm_model_free(p->before);
    rm_model_free(p->after);
}

/* There is one difference, and it is this one. */
static void assert_only(const pair *p, rm_diff_kind kind, rm_change change, const char *text) {
    assert_int_equal(p->all.count, 1);
    const rm_difference *d = &p->all.at[0];
    assert_string_equal(rm_diff_kind_name(d->kind), rm_diff_kind_name(kind));
    assert_string_equal(rm_change_name(d->change), rm_change_name(change));
    if (!rm_str_eq(d->text, rm_str_from(text))) {
        fail_msg("'%.*s' is not '%s'", RM_STR_ARG(d->text), text);
    }
}

static void a_model_does_not_differ_from_itself(void **state) {
    (void)state;
    pair p = two();
    compare(&p);
    assert_int_equal(p.all.count, 0);
    done(&p);
}

static void a_moved_line_and_a_renamed_file_are_no_difference(void **state) {
    (void)state;
    pair p = two();
    p.after->checks.at[0].place = (rm_place){.file = RM_STR("other.c"), .line = 99};
    p.after->findings.at[0].place = (rm_place){.file = RM_STR("other.c"), .line = 98};
    compare(&p);
    assert_int_equal(p.all.count, 0);
    done(&p);
}

static void a_widened_ace_is_new_access_or_more_of_it(void **state) {
    (void)state;
    pair p = two();
    p.after->accesses.at[0].mask = 0x3;
    p.after->accesses.at[1].mask = 0x12008B; /* 0x120089 and FILE_WRITE_DATA */
    compare(&p);
    assert_int_equal(p.all.count, 2);
    assert_int_equal(p.all.at[0].change, RM_CHANGE_NEW);
    assert_true(rm_str_eq(p.all.at[0].text, RM_STR("gained FILE_READ_DATA FILE_WRITE_DATA")));
    assert_true(rm_str_eq(p.all.at[0].name, RM_STR("standard_user to device \\Device\\D")));
    assert_int_equal(p.all.at[1].change, RM_CHANGE_WORSE);
    assert_true(rm_str_eq(p.all.at[1].text, RM_STR("gained FILE_WRITE_DATA")));
    assert_true(rm_str_eq(p.all.at[1].id, RM_STR("device:d admin_elevated")));
    done(&p);
}

static void access_that_is_lost_is_better_and_gone_when_none_is_left(void **state) {
    (void)state;
    pair p = two();
    p.after->accesses.at[1].mask = 0x120088;
    compare(&p);
    assert_only(&p, RM_DIFF_ACCESS, RM_CHANGE_BETTER, "lost FILE_READ_DATA");
    p.all.count = 0;
    p.after->accesses.at[1].mask = 0;
    compare(&p);
    assert_int_equal(p.all.count, 1);
    assert_int_equal(p.all.at[0].change, RM_CHANGE_GONE);
    done(&p);
}

static void gaining_one_right_and_losing_another_is_worse(void **state) {
    (void)state;
    pair p = two();
    p.after->accesses.at[1].mask = 0x12008A;
    compare(&p);
    assert_only(&p, RM_DIFF_ACCESS, RM_CHANGE_WORSE, "gained FILE_WRITE_DATA, lost FILE_READ_DATA");
    done(&p);
}

static void a_lost_check_is_worse_and_an_added_one_better(void **state) {
    (void)state;
    pair p = two();
    p.after->checks.count = 0;
    compare(&p);
    assert_only(&p, RM_DIFF_CHECK, RM_CHANGE_WORSE, "");
    assert_true(rm_str_eq(p.all.at[0].name, RM_STR("D IOCTL_POKE: check of range Port")));
    assert_int_equal(p.all.at[0].place.line, 10);
    p.all.count = 0;
    p.after->checks.count = 1;
    p.before->checks.count = 0;
    compare(&p);
    assert_only(&p, RM_DIFF_CHECK, RM_CHANGE_BETTER, "");
    done(&p);
}

/* What a check lets pass stands in its reason, as the flow tells it. */
static void a_check_that_lets_more_pass_is_worse(void **state) {
    (void)state;
    static const struct {
        const char *before, *after;
        rm_change change; /* RM_CHANGE_COUNT: no difference */
    } cases[] = {
        {"0x60 to 0x80 can pass, and every way", "0x60 to 0xf000 can pass, and every way",
         RM_CHANGE_WORSE},
        {"0x60 to 0x80 can pass", "0x0 to 0x80 can pass", RM_CHANGE_WORSE},
        {"0x60 to 0x80 can pass", "0x70 to 0x90 can pass", RM_CHANGE_WORSE}, /* some more */
        {"0x60 to 0x80 can pass", "0x61 to 0x80 can pass", RM_CHANGE_BETTER},
        {"0x60 to 0x80 can pass", "only 0x60 can pass", RM_CHANGE_BETTER},
        {"only 0x60 can pass", "only 0x61 can pass", RM_CHANGE_WORSE},
        {"0x60 to 0x80 can pass", "not enough: only its lower bound is checked", RM_CHANGE_WORSE},
        {"at least 8 bytes of it: how long", "at least 4 bytes of it: how long", RM_CHANGE_WORSE},
        {"at least 1 byte of it: how long", "at least 4 bytes of it: how long", RM_CHANGE_BETTER},
        {"at least 8 bytes of it: how", "it does not keep a short buffer out", RM_CHANGE_WORSE},
        {"0x60 to 0x80 can pass, and every way", "0x60 to 0x80 can pass", RM_CHANGE_COUNT},
        {"checked at a.c:7", "checked at b.c:9", RM_CHANGE_COUNT}, /* moved */
        {"0x60 to 0x80 can pass", "equal to what the driver chose", RM_CHANGE_COUNT},
        {"", "", RM_CHANGE_COUNT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        pair p = two();
        p.before->checks.at[0].reason = rm_str_from(cases[i].before);
        p.after->checks.at[0].reason = rm_str_from(cases[i].after);
        assert_int_equal(rm_diff(p.after->arena, p.before, p.after, &p.all), RM_OK);
        assert_int_equal(p.all.count, cases[i].change != RM_CHANGE_COUNT);
        if (p.all.count == 1) {
            assert_int_equal(p.all.at[0].kind, RM_DIFF_CHECK);
            assert_int_equal(p.all.at[0].change, cases[i].change);
        }
        rm_model_free(p.before);
        rm_model_free(p.after);
    }
}

static void a_check_that_can_no_longer_refuse_is_worse(void **state) {
    (void)state;
    pair p = two();
    p.after->checks.at[0].can_refuse = RM_TRI_NO;
    p.after->checks.at[0].dominates = RM_TRI_UNKNOWN;
    compare(&p);
    assert_only(&p, RM_DIFF_CHECK, RM_CHANGE_WORSE,
                "on every path yes to unknown, can refuse yes to no");
    done(&p);
}

static void a_code_that_asks_for_less_access_is_worse(void **state) {
    (void)state;
    pair p = two();
    p.after->ioctls.at[0].code = 0x226004; /* read access only */
    compare(&p);
    assert_only(&p, RM_DIFF_IOCTL, RM_CHANGE_WORSE,
                "required access read_write to read, code 0x0022E004 to 0x00226004");
    done(&p);
}

static void a_code_whose_access_swaps_one_bit_for_another_is_worse(void **state) {
    (void)state;
    pair p = two();
    p.before->ioctls.at[0].code = 0x226004; /* read */
    p.after->ioctls.at[0].code = 0x22A004;  /* write */
    compare(&p);
    assert_only(&p, RM_DIFF_IOCTL, RM_CHANGE_WORSE,
                "required access read to write, code 0x00226004 to 0x0022A004");
    done(&p);
}

static void a_code_that_becomes_method_neither_is_worse_even_with_more_access(void **state) {
    (void)state;
    pair p = two();
    p.before->ioctls.at[0].code = 0x222004; /* buffered, any */
    p.after->ioctls.at[0].code = 0x22E007;  /* neither, read and write */
    compare(&p);
    assert_int_equal(p.all.count, 1);
    assert_int_equal(p.all.at[0].change, RM_CHANGE_WORSE);
    done(&p);
}

static void another_function_number_is_neither_worse_nor_better(void **state) {
    (void)state;
    pair p = two();
    p.after->ioctls.at[0].code = 0x22E008;
    compare(&p);
    assert_only(&p, RM_DIFF_IOCTL, RM_CHANGE_CHANGED, "code 0x0022E004 to 0x0022E008");
    done(&p);
}

static void a_code_that_is_handled_now_is_worse(void **state) {
    (void)state;
    pair p = two();
    p.before->ioctls.at[0].handled = false;
    compare(&p);
    assert_only(&p, RM_DIFF_IOCTL, RM_CHANGE_WORSE, "now handled");
    done(&p);
}

static void a_path_whose_score_rises_is_worse(void **state) {
    (void)state;
    pair p = two();
    p.after->paths.at[0].score = 900;
    p.after->paths.at[0].severity = RM_SEVERITY_CRITICAL;
    p.after->paths.at[0].validation = RM_VALIDATION_UNVALIDATED;
    compare(&p);
    assert_only(&p, RM_DIFF_PATH, RM_CHANGE_WORSE,
                "score 90 to 900, input validated to unvalidated");
    assert_int_equal(p.all.at[0].severity, RM_SEVERITY_CRITICAL);
    done(&p);
}

static void a_finding_of_less_severity_is_better(void **state) {
    (void)state;
    pair p = two();
    p.after->findings.at[0].severity = RM_SEVERITY_LOW;
    compare(&p);
    assert_only(&p, RM_DIFF_FINDING, RM_CHANGE_BETTER, "severity medium to low");
    done(&p);
}

static void another_descriptor_and_a_lost_secure_open_are_told_of_the_device(void **state) {
    (void)state;
    pair p = two();
    p.after->devices.at[0].secure_open = RM_TRI_NO;
    p.after->descriptors.at[0].canonical = RM_STR("D:P(A;;GA;;;WD)");
    compare(&p);
    assert_only(&p, RM_DIFF_DEVICE, RM_CHANGE_WORSE,
                "secure open yes to no, descriptor D:P(A;;GA;;;BA) to D:P(A;;GA;;;WD)");
    done(&p);
}

static void one_capability_more_on_a_door_is_worse_and_their_order_is_nothing(void **state) {
    (void)state;
    pair p = two();
    p.after->doors.at[0].capabilities = RM_STR("two one");
    compare(&p);
    assert_int_equal(p.all.count, 0);
    p.after->doors.at[0].capabilities = RM_STR("two one three");
    compare(&p);
    assert_only(&p, RM_DIFF_DOOR, RM_CHANGE_WORSE, "capabilities one two to two one three");
    done(&p);
}

static void what_belongs_to_a_new_thing_is_not_told_again(void **state) {
    (void)state;
    pair p = two();
    p.before->devices.count = 0;
    p.before->accesses.count = 0;
    p.before->entries.count = 0;
    p.before->checks.count = 0;
    p.before->sinks.count = 0;
    compare(&p);
    assert_only(&p, RM_DIFF_DEVICE, RM_CHANGE_NEW, ""); /* neither access, check nor operation */
    done(&p);
}

static void
new_and_gone_things_are_told_in_the_order_of_kind_change_severity_score_and_id(void **state) {
    (void)state;
    pair p = two();
    const rm_path more[] = {
        {.id = RM_STR("path:b"), .app = RM_NONE, .severity = RM_SEVERITY_LOW},
        {.id = RM_STR("path:a"), .app = RM_NONE, .severity = RM_SEVERITY_LOW},
        {.id = RM_STR("path:y"), .app = RM_NONE, .severity = RM_SEVERITY_LOW, .score = 9},
        {.id = RM_STR("path:z"), .app = RM_NONE, .severity = RM_SEVERITY_HIGH}};
    for (size_t i = 0; i < 4; i++) {
        rm_path *path = rm_push(p.after->arena, &p.after->paths);
        *path = more[i];
        path->sink = RM_NONE;
    }
    p.after->findings.count = 0;
    compare(&p);
    static const char *const ids[] = {"path:z", "path:y", "path:a", "path:b", "finding:d"};
    assert_int_equal(p.all.count, 5);
    for (uint32_t i = 0; i < 5; i++) {
        assert_true(rm_str_eq(p.all.at[i].id, rm_str_from(ids[i])));
    }
    assert_int_equal(p.all.at[4].change, RM_CHANGE_GONE);
    assert_int_equal(p.all.at[4].before, 0);
    assert_int_equal(p.all.at[4].after, RM_NONE);
    done(&p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_model_does_not_differ_from_itself),
        cmocka_unit_test(a_moved_line_and_a_renamed_file_are_no_difference),
        cmocka_unit_test(a_widened_ace_is_new_access_or_more_of_it),
        cmocka_unit_test(access_that_is_lost_is_better_and_gone_when_none_is_left),
        cmocka_unit_test(gaining_one_right_and_losing_another_is_worse),
        cmocka_unit_test(a_lost_check_is_worse_and_an_added_one_better),
        cmocka_unit_test(a_check_that_lets_more_pass_is_worse),
        cmocka_unit_test(a_check_that_can_no_longer_refuse_is_worse),
        cmocka_unit_test(a_code_that_asks_for_less_access_is_worse),
        cmocka_unit_test(a_code_whose_access_swaps_one_bit_for_another_is_worse),
        cmocka_unit_test(a_code_that_becomes_method_neither_is_worse_even_with_more_access),
        cmocka_unit_test(another_function_number_is_neither_worse_nor_better),
        cmocka_unit_test(a_code_that_is_handled_now_is_worse),
        cmocka_unit_test(a_path_whose_score_rises_is_worse),
        cmocka_unit_test(a_finding_of_less_severity_is_better),
        cmocka_unit_test(another_descriptor_and_a_lost_secure_open_are_told_of_the_device),
        cmocka_unit_test(one_capability_more_on_a_door_is_worse_and_their_order_is_nothing),
        cmocka_unit_test(what_belongs_to_a_new_thing_is_not_told_again),
        cmocka_unit_test(
            new_and_gone_things_are_told_in_the_order_of_kind_change_severity_score_and_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
