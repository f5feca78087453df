#include "db_support.h"

#include "db/query.h"

/*
 * Two drivers. Driver1 has the device \Device\One with the link \DosDevices\One, Driver3 one
 * without a name. Paths, worst first: p1 app1 > Driver1 > Driver3, p2 any appcontainer > Driver1,
 * p3 administrators > Driver3.
 */
static void build(rm_model *m) {
    rm_arena *a = m->arena;
    *rm_push(a, &m->drivers) =
        (rm_driver){.id = RM_STR("driver:driver1"), .name = RM_STR("Driver1")};
    *rm_push(a, &m->drivers) =
        (rm_driver){.id = RM_STR("driver:driver3"), .name = RM_STR("Driver3")};
    *rm_push(a, &m->devices) = (rm_device){.id = RM_STR("device:one"),
                                           .driver = 0,
                                           .nt_name = RM_STR("\\Device\\One"),
                                           .descriptor = RM_NONE};
    *rm_push(a, &m->devices) =
        (rm_device){.id = RM_STR("device:three"), .driver = 1, .descriptor = RM_NONE};
    *rm_push(a, &m->doors) = (rm_door){.id = RM_STR("door:one"),
                                       .device = 0,
                                       .service = RM_NONE,
                                       .kind = RM_DOOR_SYMLINK,
                                       .name = RM_STR("\\DosDevices\\One")};
    *rm_push(a, &m->entries) = (rm_entry){.id = RM_STR("entry:send"),
                                          .driver = 0,
                                          .device = 0,
                                          .name = RM_STR("IOCTL_SEND"),
                                          .has_code = true,
                                          .code = 0x22A004};
    *rm_push(a, &m->entries) = (rm_entry){.id = RM_STR("entry:write"),
                                          .driver = 1,
                                          .device = 1,
                                          .kind = RM_ENTRY_WRITE,
                                          .name = RM_STR("EvtIoWrite")};
    *rm_push(a, &m->sinks) = (rm_sink_call){.id = RM_STR("sink:out"),
                                            .entry = 1,
                                            .class_name = RM_STR("port_out"),
                                            .api = RM_STR("__outdword")};
    *rm_push(a, &m->sinks) = (rm_sink_call){.id = RM_STR("sink:msr"),
                                            .entry = 0,
                                            .class_name = RM_STR("msr_read"),
                                            .api = RM_STR("__readmsr")};
    *rm_push(a, &m->apps) = (rm_app){.id = RM_STR("app:one"),
                                     .package = RM_STR("Contoso.One"),
                                     .name = RM_STR("App"),
                                     .principal = RM_STR("appcontainer")};
    rm_path *p = rm_push(a, &m->paths);
    *p = (rm_path){.id = RM_STR("p1"),
                   .origin = RM_STR("appcontainer"),
                   .app = 0,
                   .door = 0,
                   .device = 0,
                   .entry = 0,
                   .drivers = RM_STR("Driver1 > Driver3"),
                   .hops = 2,
                   .boundaries = RM_STR("appcontainer_to_kernel > driver_to_driver"),
                   .sink = 0,
                   .validation = RM_VALIDATION_UNVALIDATED,
                   .score = 863,
                   .severity = RM_SEVERITY_CRITICAL};
    *rm_push(a, &p->steps) = (rm_step){.kind = RM_STEP_DEVICE, .node = RM_STR("device:three")};
    *rm_push(a, &m->paths) = (rm_path){.id = RM_STR("p2"),
                                       .origin = RM_STR("appcontainer"),
                                       .app = RM_NONE,
                                       .door = 0,
                                       .device = 0,
                                       .entry = 0,
                                       .drivers = RM_STR("Driver1"),
                                       .hops = 1,
                                       .boundaries = RM_STR("appcontainer_to_kernel"),
                                       .sink = 1,
                                       .validation = RM_VALIDATION_PARTIAL,
                                       .score = 300,
                                       .severity = RM_SEVERITY_MEDIUM};
    *rm_push(a, &m->paths) = (rm_path){.id = RM_STR("p3"),
                                       .origin = RM_STR("admin_elevated"),
                                       .app = RM_NONE,
                                       .door = RM_NONE,
                                       .device = 1,
                                       .entry = 1,
                                       .drivers = RM_STR("Driver3"),
                                       .hops = 1,
                                       .boundaries = RM_STR("admin_to_kernel"),
                                       .sink = 0,
                                       .validation = RM_VALIDATION_UNVALIDATED,
                                       .score = 225,
                                       .severity = RM_SEVERITY_LOW};
    *rm_push(a, &m->findings) = (rm_finding){.id = RM_STR("f1"),
                                             .rule = RM_STR("CH-01"),
                                             .severity = RM_SEVERITY_HIGH,
                                             .subject = RM_STR("Driver1"),
                                             .subject_id = RM_STR("driver:driver1"),
                                             .path = 0};
    *rm_push(a, &m->findings) = (rm_finding){.id = RM_STR("f2"),
                                             .rule = RM_STR("DS-04"),
                                             .severity = RM_SEVERITY_HIGH,
                                             .subject = RM_STR("\\Device\\One"),
                                             .subject_id = RM_STR("device:one"),
                                             .path = RM_NONE};
    *rm_push(a, &m->findings) = (rm_finding){.id = RM_STR("f3"),
                                             .rule = RM_STR("IO-03"),
                                             .severity = RM_SEVERITY_LOW,
                                             .subject = RM_STR("EvtIoWrite"),
                                             .subject_id = RM_STR("entry:write"),
                                             .path = RM_NONE};
}

/* ---- a taker that keeps the first column ---- */

static rm_status take_names(void *payload, const rm_str *names, uint32_t count) {
    (void)payload;
    return names != NULL && count > 10 ? RM_OK : RM_INTERNAL;
}

static rm_status take_id(void *payload, const rm_cell *cells, uint32_t count) {
    rm_buf *ids = payload;
    (void)count;
    rm_buf_text(ids, ids->len == 0 ? "" : " ");
    rm_buf_str(ids, cells[0].text);
    return ids->status;
}

static rm_status ask_filter(struct store_fixture *f, rm_view_kind kind, rm_filter filter,
                            rm_str *ids, rm_str *why) {
    rm_store *store = NULL;
    rm_buf buf = {.arena = f->arena};
    const rm_row_taker taker = {take_names, take_id, &buf};
    build(f->model);
    save(f, f->model);
    assert_int_equal(rm_store_open(f->path, f->arena, &store, why), RM_OK);
    const rm_status st = rm_query_run(store, kind, &filter, &taker, why);
    rm_store_close(store);
    *ids = rm_buf_view(&buf);
    return st;
}

static void gives(struct store_fixture *f, rm_view_kind kind, rm_filter filter,
                  const char *expected) {
    rm_str ids = RM_STR_NONE;
    rm_str why = RM_STR_NONE;
    rm_model_free(f->model);
    f->model = rm_model_new((size_t)1 << 24);
    if (ask_filter(f, kind, filter, &ids, &why) != RM_OK) {
        fail_msg("instead of %s: %.*s", expected, RM_STR_ARG(why));
    }
    assert_str(ids, expected);
}

#define PATHS(expected, ...) gives(*state, RM_VIEW_PATHS, (rm_filter){__VA_ARGS__}, expected)
#define FINDINGS(expected, ...) gives(*state, RM_VIEW_FINDINGS, (rm_filter){__VA_ARGS__}, expected)

static void without_filters_everything_comes_worst_first(void **state) {
    PATHS("p1 p2 p3", .limit = 0);
    PATHS("p1 p2", .limit = 2);
    FINDINGS("f1 f2 f3", .limit = 0);
}

static void paths_are_chosen_by_who_sends(void **state) {
    PATHS("p1 p2", .from = RM_STR("appcontainer"));
    PATHS("p3", .from = RM_STR("admin"));
    PATHS("", .from = RM_STR("user"));
    PATHS("p1", .app = RM_STR("contoso.one!app"));
    PATHS("p1", .app = RM_STR("Contoso.One"));
    PATHS("p1", .app = RM_STR("app:one"));
}

static void a_device_is_found_by_each_of_its_names(void **state) {
    PATHS("p1 p2", .device = RM_STR("\\Device\\One"));
    PATHS("p1 p2", .device = RM_STR("\\\\.\\one"));
    PATHS("p1 p2", .device = RM_STR("device:one"));
    PATHS("p1 p3", .device = RM_STR("device:three")); /* p1 passes it on its way */
    FINDINGS("f1 f2", .device = RM_STR("\\??\\One"));
}

static void a_driver_counts_wherever_it_stands_in_the_chain(void **state) {
    PATHS("p1 p3", .driver = RM_STR("driver3"));
    PATHS("p1 p2", .driver = RM_STR("driver:driver1"));
    FINDINGS("f1 f3", .driver = RM_STR("Driver3"));
    FINDINGS("f1 f2", .driver = RM_STR("Driver1"));
}

static void an_entry_is_found_by_name_and_by_number(void **state) {
    PATHS("p1 p2", .entry = RM_STR("ioctl_send"));
    PATHS("p1 p2", .entry = RM_STR("0x22A004"));
    PATHS("p1 p2", .entry = RM_STR("2269188"));
    PATHS("p3", .entry = RM_STR("write"));
    FINDINGS("f3", .entry = RM_STR("EvtIoWrite"));
}

static void paths_are_chosen_by_what_they_reach(void **state) {
    PATHS("p1 p3", .sink = RM_STR("port_out"));
    PATHS("p2", .sink = RM_STR("msr"));
    PATHS("p2", .validation = RM_STR("partial"));
    PATHS("p1", .boundary = RM_STR("driver_to_driver"));
    PATHS("p1", .chained = true);
    PATHS("p1 p2", .min_severity = RM_SEVERITY_MEDIUM);
    PATHS("p3", .sink = RM_STR("port"), .from = RM_STR("admin_elevated"));
}

static void findings_are_chosen_by_rule_or_by_their_path(void **state) {
    FINDINGS("f2", .rule = RM_STR("ds-04"));
    PATHS("p1", .rule = RM_STR("CH-01"));
    FINDINGS("f1", .chained = true);
    FINDINGS("f1 f2", .min_severity = RM_SEVERITY_HIGH);
    FINDINGS("f1", .from = RM_STR("appcontainer"));
}

static void names_that_nothing_has_are_refused(void **state) {
    const struct {
        rm_filter filter;
        const char *why;
    } cases[] = {
        {{.from = RM_STR("nobody")}, "no principal is called 'nobody'"},
        {{.app = RM_STR("x")}, "no app is called 'x'"},
        {{.device = RM_STR("One'--")}, "no device is called 'One'--'"},
        {{.driver = RM_STR("Driver")}, "no driver is called 'Driver'"},
        {{.entry = RM_STR("0x1")}, "no entry is called '0x1'"},
        {{.sink = RM_STR("msr ")}, "no sink class or family is called 'msr '"},
        {{.rule = RM_STR("XX-01")}, "no rule is called 'XX-01'"},
        {{.validation = RM_STR("maybe")}, "no validation is called 'maybe'"},
        {{.boundary = RM_STR("kernel")}, "no boundary is called 'kernel'"},
    };
    struct store_fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rm_str ids = RM_STR_NONE;
        rm_str why = RM_STR_NONE;
        rm_model_free(f->model);
        f->model = rm_model_new((size_t)1 << 24);
        assert_int_equal(ask_filter(f, RM_VIEW_PATHS, cases[i].filter, &ids, &why), RM_USAGE);
        assert_str(why, cases[i].why);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_STORE(without_filters_everything_comes_worst_first),
        WITH_STORE(paths_are_chosen_by_who_sends),
        WITH_STORE(a_device_is_found_by_each_of_its_names),
        WITH_STORE(a_driver_counts_wherever_it_stands_in_the_chain),
        WITH_STORE(an_entry_is_found_by_name_and_by_number),
        WITH_STORE(paths_are_chosen_by_what_they_reach),
        WITH_STORE(findings_are_chosen_by_rule_or_by_their_path),
        WITH_STORE(names_that_nothing_has_are_refused),
    };
    return cmocka_run_group_tests_name("query", tests, NULL, NULL);
}
