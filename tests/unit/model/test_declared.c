/* Facts of a team beside what was read: filled in, joined, or a contradiction with both places. */
#include "support.h"

#include "model/derive.h"

static const rm_place read_at = {.file = {"d.c", 3}, .line = 7, .column = 1};
static const rm_place told_at = {.file = {"team.ringmap.json", 17}, .line = 3, .column = 5};

/* A driver with \Device\D, one code and its port write, as read from a source. */
typedef struct world {
    rm_model *m;
    struct fixture *f;
    uint32_t driver, device, entry;
} world;

static world begin(void **state) {
    world w = {.m = rm_model_new((size_t)64 << 20), .f = *state};
    assert_non_null(w.m);
    assert_int_equal(rm_model_driver(w.m, RM_STR("d"), RM_STR("src"), read_at, &w.driver), RM_OK);
    *rm_push(w.m->arena, &w.m->devices) = (rm_device){.driver = w.driver,
                                                      .nt_name = RM_STR("\\Device\\D"),
                                                      .created_by = RM_CREATED_IOCREATEDEVICE,
                                                      .characteristics_known = true,
                                                      .secure_open = RM_TRI_NO,
                                                      .exclusive = RM_TRI_UNKNOWN,
                                                      .descriptor = RM_NONE,
                                                      .state = RM_STATE_DERIVED,
                                                      .place = read_at};
    *rm_push(w.m->arena, &w.m->entries) = (rm_entry){.driver = w.driver,
                                                     .device = 0,
                                                     .kind = RM_ENTRY_IOCTL,
                                                     .name = RM_STR("GO"),
                                                     .has_code = true,
                                                     .code = 0x22A000,
                                                     .handler = RM_STR("Control"),
                                                     .state = RM_STATE_DERIVED,
                                                     .place = read_at};
    *rm_push(w.m->arena, &w.m->sinks) = (rm_sink_call){.entry = 0,
                                                       .class_name = RM_STR("port_out"),
                                                       .api = RM_STR("__outdword"),
                                                       .validation = RM_VALIDATION_UNKNOWN,
                                                       .reason = RM_STR("a routine not read"),
                                                       .state = RM_STATE_DERIVED,
                                                       .place = read_at};
    return w;
}

static void link_and_derive(world *w) {
    rm_derive_options options = {.weights = &rm_default_weights};
    assert_int_equal(rm_model_link(w->m, &w->f->sink), RM_OK);
    assert_int_equal(rm_derive(w->m, NULL, &options), RM_OK);
}

static unsigned contradictions(const world *w) {
    unsigned found = 0;
    for (uint32_t i = 0; i < w->m->findings.count; i++) {
        found += rm_str_eq(w->m->findings.at[i].rule, RM_STR("FC-01"));
    }
    assert_int_equal(found, w->m->conflicts.count);
    return found;
}

static void confirm(world *w, rm_validation word) {
    *rm_push(w->m->arena, &w->m->confirmations) = (rm_confirmation){.driver = RM_STR("d"),
                                                                    .entry = RM_STR("GO"),
                                                                    .sink = RM_STR("port_out"),
                                                                    .validation = word,
                                                                    .who = RM_STR("Ada"),
                                                                    .why = RM_STR("PortIsOurs()"),
                                                                    .place = told_at};
}

static void what_reading_left_open_is_as_the_team_says(void **state) {
    world w = begin(state);
    confirm(&w, RM_VALIDATION_VALIDATED);
    link_and_derive(&w);
    assert_int_equal(w.m->sinks.at[0].validation, RM_VALIDATION_VALIDATED);
    assert_int_equal(w.m->sinks.at[0].state, RM_STATE_DECLARED);
    assert_str(w.m->sinks.at[0].reason, "Ada says: PortIsOurs()");
    assert_int_equal(contradictions(&w), 0);
    rm_model_free(w.m);
}

static void what_was_read_otherwise_conflicts_and_the_worse_counts(void **state) {
    world w = begin(state);
    w.m->sinks.at[0].validation = RM_VALIDATION_UNVALIDATED;
    w.m->sinks.at[0].reason = RM_STR("it is not checked");
    confirm(&w, RM_VALIDATION_VALIDATED);
    link_and_derive(&w);
    assert_int_equal(w.m->sinks.at[0].validation, RM_VALIDATION_UNVALIDATED);
    assert_int_equal(w.m->sinks.at[0].state, RM_STATE_CONFLICTING);
    assert_str(w.m->sinks.at[0].reason, "it is not checked; but Ada says: PortIsOurs()");
    assert_int_equal(contradictions(&w), 1);
    assert_diag(w.f, 3, 5, "link-conflicting-fact");
    for (uint32_t i = 0; i < w.m->paths.count; i++) {
        assert_int_equal(w.m->paths.at[i].state, RM_STATE_CONFLICTING);
    }
    rm_model_free(w.m);
}

/* ---- descriptors ---- */

#define TIGHT "D:P(A;;GA;;;SY)"
#define WIDE "D:P(A;;GA;;;SY)(A;;GRGW;;;BU)"
#define OTHER_TIGHT "D:P(A;;GA;;;BA)"

static void add_descriptor(world *w, const char *sddl, rm_sddl_source source) {
    bool told = source == RM_SDDL_FACTS;
    *rm_push(w->m->arena, &w->m->descriptors) =
        (rm_descriptor){.subject_kind = RM_SUBJECT_DEVICE,
                        .subject = 0,
                        .subject_name = RM_STR("\\Device\\D"),
                        .sddl = rm_str_from(sddl),
                        .source = source,
                        .outranked_by = RM_NONE,
                        .state = told ? RM_STATE_DECLARED : RM_STATE_CONFIRMED,
                        .place = told ? told_at : read_at};
}

static void a_descriptor_told_beside_a_read_one_conflicts_and_the_wider_counts(void **state) {
    static const struct {
        const char *code, *inf, *told; /* NULL: none */
        const char *effective;
        bool conflict;
    } cases[] = {
        {TIGHT, NULL, WIDE, WIDE, true},
        {WIDE, NULL, TIGHT, WIDE, true},
        {TIGHT, NULL, TIGHT, TIGHT, false},
        {TIGHT, NULL, OTHER_TIGHT, OTHER_TIGHT, true}, /* 250 and 150: who needs less */
        {TIGHT, WIDE, WIDE, WIDE, false},              /* the INF's outranks the code's */
        {WIDE, TIGHT, WIDE, WIDE, true},
        {WIDE, TIGHT, TIGHT, TIGHT, false},
        {NULL, NULL, TIGHT, TIGHT, false}, /* the type's default was not read */
        {"", NULL, TIGHT, TIGHT, false},   /* made at run time */
        {"", NULL, NULL, "", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        world w = begin(state);
        w.m->devices.at[0].pnp = true;
        if (cases[i].code != NULL) {
            add_descriptor(&w, cases[i].code,
                           cases[i].code[0] == '\0' ? RM_SDDL_RUNTIME : RM_SDDL_CODE);
        }
        if (cases[i].inf != NULL) {
            add_descriptor(&w, cases[i].inf, RM_SDDL_INF_DEVICE);
        }
        if (cases[i].told != NULL) {
            add_descriptor(&w, cases[i].told, RM_SDDL_FACTS);
        }
        link_and_derive(&w);
        const rm_descriptor *row = &w.m->descriptors.at[w.m->devices.at[0].descriptor];
        assert_str(row->sddl, cases[i].effective);
        assert_int_equal(contradictions(&w), cases[i].conflict);
        assert_int_equal(row->state == RM_STATE_CONFLICTING, cases[i].conflict);
        rm_model_free(w.m);
    }
}

static void a_team_may_know_it_to_be_worse(void **state) {
    world w = begin(state);
    w.m->sinks.at[0].validation = RM_VALIDATION_VALIDATED;
    confirm(&w, RM_VALIDATION_PARTIAL);
    link_and_derive(&w);
    assert_int_equal(w.m->sinks.at[0].validation, RM_VALIDATION_PARTIAL);
    assert_int_equal(w.m->sinks.at[0].state, RM_STATE_CONFLICTING);
    rm_model_free(w.m);
}

static rm_device *tell_device(world *w) {
    rm_device *d = rm_push(w->m->arena, &w->m->devices);
    *d = (rm_device){.driver = w->driver,
                     .nt_name = RM_STR("\\Device\\d"),
                     .created_by = RM_CREATED_FACTS,
                     .secure_open = RM_TRI_UNKNOWN,
                     .exclusive = RM_TRI_UNKNOWN,
                     .descriptor = RM_NONE,
                     .state = RM_STATE_DECLARED,
                     .place = told_at};
    return d;
}

static void a_device_told_twice_is_one(void **state) {
    world w = begin(state);
    rm_device *d = tell_device(&w);
    d->exclusive = RM_TRI_YES;
    d->alias = RM_STR("the device");
    (void)tell_device(&w);
    link_and_derive(&w);
    assert_int_equal(w.m->devices.count, 1);
    assert_int_equal(w.m->devices.at[0].exclusive, RM_TRI_YES);
    assert_str(w.m->devices.at[0].alias, "the device");
    assert_int_equal(contradictions(&w), 0);
    rm_model_free(w.m);
}

static void a_device_told_otherwise_conflicts(void **state) {
    world w = begin(state);
    tell_device(&w)->secure_open = RM_TRI_YES;
    link_and_derive(&w);
    assert_int_equal(w.m->devices.count, 1);
    assert_int_equal(w.m->devices.at[0].state, RM_STATE_CONFLICTING);
    assert_int_equal(w.m->devices.at[0].secure_open, RM_TRI_NO);
    assert_int_equal(contradictions(&w), 1);
    rm_model_free(w.m);
}

static uint32_t tell_entry(world *w) {
    *rm_push(w->m->arena, &w->m->entries) = (rm_entry){.driver = w->driver,
                                                       .device = RM_NONE,
                                                       .kind = RM_ENTRY_IOCTL,
                                                       .name = RM_STR("0x0022A000"),
                                                       .has_code = true,
                                                       .code = 0x22A000,
                                                       .state = RM_STATE_DECLARED,
                                                       .place = told_at};
    return w->m->entries.count - 1;
}

/* Names a hand-over that reading could not find: the forward belongs to the entry that was read. */
static void what_is_told_of_an_entry_joins_the_one_that_was_read(void **state) {
    world w = begin(state);
    uint32_t below = RM_NONE;
    uint32_t told = tell_entry(&w);
    assert_int_equal(rm_model_driver(w.m, RM_STR("below"), RM_STR("b"), read_at, &below), RM_OK);
    *rm_push(w.m->arena, &w.m->forwards) = (rm_forward){.from_driver = w.driver,
                                                        .from_service = RM_NONE,
                                                        .entry = told,
                                                        .to_driver = RM_NONE,
                                                        .to_device = RM_NONE,
                                                        .to_driver_name = RM_STR("below"),
                                                        .target = RM_STR("below"),
                                                        .to_entry_kind = RM_ENTRY_IOCTL,
                                                        .code_sent = RM_CODE_RECEIVED,
                                                        .how_found = RM_FOUND_NAME,
                                                        .carries_user_data = RM_TRI_YES,
                                                        .state = RM_STATE_DECLARED,
                                                        .place = told_at};
    link_and_derive(&w);
    assert_int_equal(w.m->entries.count, 1);
    assert_str(w.m->entries.at[0].handler, "Control");
    assert_int_equal(w.m->forwards.at[0].entry, 0);
    assert_str(w.m->drivers.at[w.m->forwards.at[0].to_driver].name, "below");
    rm_model_free(w.m);
}

static void an_operation_judged_otherwise_conflicts(void **state) {
    world w = begin(state);
    uint32_t told = tell_entry(&w);
    w.m->sinks.at[0].validation = RM_VALIDATION_UNVALIDATED;
    rm_sink_call again = w.m->sinks.at[0];
    again.entry = told;
    again.validation = RM_VALIDATION_VALIDATED;
    again.state = RM_STATE_DECLARED;
    again.place = told_at;
    *rm_push(w.m->arena, &w.m->sinks) = again;
    link_and_derive(&w);
    assert_int_equal(contradictions(&w), 1);
    assert_true(w.m->paths.count > 0);
    for (uint32_t i = 0; i < w.m->paths.count; i++) {
        assert_int_equal(w.m->paths.at[i].validation, RM_VALIDATION_UNVALIDATED);
    }
    rm_model_free(w.m);
}

/* ---- stacks ---- */

static uint32_t other_driver(world *w, const char *name) {
    uint32_t index = RM_NONE;
    assert_int_equal(rm_model_driver(w->m, rm_str_from(name), RM_STR_NONE, read_at, &index), RM_OK);
    return index;
}

static void stand(world *w, uint32_t at, uint32_t driver, rm_stack_how how, rm_state order) {
    bool declared = order == RM_STATE_DECLARED;
    *rm_push(w->m->arena, &w->m->stacks) =
        (rm_stack_position){.hwid = RM_STR("root\\d"),
                            .inf = declared ? RM_STR_NONE : RM_STR("d.inf"),
                            .position = at,
                            .driver = driver,
                            .device = RM_NONE,
                            .how = how,
                            .order_state = order,
                            .state = declared ? RM_STATE_DECLARED : RM_STATE_DERIVED,
                            .place = declared ? told_at : read_at};
}

/* The drivers of the stack, from the top. */
static void assert_order(const world *w, const char *first, const char *second, const char *third) {
    const char *names[] = {first, second, third};
    assert_int_equal(w->m->stacks.count, 3);
    for (uint32_t i = 0; i < 3; i++) {
        const rm_stack_position *p = &w->m->stacks.at[i];
        assert_in_range(p->position, 1, 3);
        assert_str(w->m->drivers.at[p->driver].name, names[p->position - 1]);
        assert_int_equal(p->order_state, RM_STATE_DECLARED);
    }
}

static void a_declared_order_settles_what_reading_left_open(void **state) {
    world w = begin(state);
    uint32_t a = other_driver(&w, "a");
    uint32_t b = other_driver(&w, "b");
    stand(&w, 1, a, RM_STACK_UPPER_FILTER, RM_STATE_UNKNOWN);
    stand(&w, 2, b, RM_STACK_UPPER_FILTER, RM_STATE_UNKNOWN);
    stand(&w, 3, w.driver, RM_STACK_FUNCTION, RM_STATE_DERIVED);
    stand(&w, 1, b, RM_STACK_ATTACH, RM_STATE_DECLARED);
    stand(&w, 2, a, RM_STACK_ATTACH, RM_STATE_DECLARED);
    stand(&w, 3, w.driver, RM_STACK_ATTACH, RM_STATE_DECLARED);
    link_and_derive(&w);
    assert_order(&w, "b", "a", "d");
    assert_int_equal(contradictions(&w), 0);
    rm_model_free(w.m);
}

static void a_declared_driver_that_attaches_by_itself_takes_its_place(void **state) {
    world w = begin(state);
    uint32_t a = other_driver(&w, "a");
    uint32_t b = other_driver(&w, "b");
    stand(&w, 1, a, RM_STACK_UPPER_FILTER, RM_STATE_DERIVED);
    stand(&w, 2, w.driver, RM_STACK_FUNCTION, RM_STATE_DERIVED);
    stand(&w, 1, a, RM_STACK_ATTACH, RM_STATE_DECLARED);
    stand(&w, 2, b, RM_STACK_ATTACH, RM_STATE_DECLARED);
    stand(&w, 3, w.driver, RM_STACK_ATTACH, RM_STATE_DECLARED);
    link_and_derive(&w);
    assert_order(&w, "a", "b", "d");
    rm_model_free(w.m);
}

static void an_order_that_is_known_otherwise_conflicts(void **state) {
    world w = begin(state);
    uint32_t a = other_driver(&w, "a");
    stand(&w, 1, a, RM_STACK_UPPER_FILTER, RM_STATE_DERIVED);
    stand(&w, 2, w.driver, RM_STACK_FUNCTION, RM_STATE_DERIVED);
    stand(&w, 1, w.driver, RM_STACK_ATTACH, RM_STATE_DECLARED);
    stand(&w, 2, a, RM_STACK_ATTACH, RM_STATE_DECLARED);
    link_and_derive(&w);
    assert_int_equal(contradictions(&w), 1);
    assert_int_equal(w.m->stacks.count, 4);
    for (uint32_t i = 0; i < 4; i++) {
        assert_int_equal(w.m->stacks.at[i].state, RM_STATE_CONFLICTING);
    }
    rm_model_free(w.m);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(what_reading_left_open_is_as_the_team_says),
        WITH_FIXTURE(what_was_read_otherwise_conflicts_and_the_worse_counts),
        WITH_FIXTURE(a_descriptor_told_beside_a_read_one_conflicts_and_the_wider_counts),
        WITH_FIXTURE(a_team_may_know_it_to_be_worse),
        WITH_FIXTURE(a_device_told_twice_is_one),
        WITH_FIXTURE(a_device_told_otherwise_conflicts),
        WITH_FIXTURE(what_is_told_of_an_entry_joins_the_one_that_was_read),
        WITH_FIXTURE(an_operation_judged_otherwise_conflicts),
        WITH_FIXTURE(a_declared_order_settles_what_reading_left_open),
        WITH_FIXTURE(a_declared_driver_that_attaches_by_itself_takes_its_place),
        WITH_FIXTURE(an_order_that_is_known_otherwise_conflicts),
    };
    return cmocka_run_group_tests_name("declared", tests, NULL, NULL);
}
