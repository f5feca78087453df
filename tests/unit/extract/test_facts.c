#include "support.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "facts.h"
#include "facts/table.h"

struct facts {
    struct fixture *f;
    rm_model *model;
    bool used;
};

static struct facts read_text(struct fixture *f, rm_str text) {
    struct facts facts = {f, rm_model_new((size_t)64 << 20), false};
    assert_non_null(facts.model);
    assert_int_equal(
        rm_facts_read(facts.model, &f->sink, RM_STR("a.ringmap.json"), text, &facts.used), RM_OK);
    return facts;
}

static struct facts read(struct fixture *f, const char *text) {
    return read_text(f, rm_str_from(text));
}

static void done(struct facts *facts) {
    rm_model_free(facts->model);
}

/* One file with everything a fact can say. */
static const char everything[] =
    "{\"ringmap\": 1, \"who\": \"Ada\", \"why\": \"design review\",\n"
    " \"drivers\": [{\"name\": \"Driver1\", \"framework\": \"wdm\", \"role\": \"function\",\n"
    "   \"start_type\": \"demand\"}],\n"
    " \"devices\": [{\"driver\": \"Driver1\", \"name\": \"the device\", \"sddl\": "
    "\"D:P(A;;GA;;;SY)\",\n"
    "   \"secure_open\": true, \"exclusive\": null, \"device_type\": \"FILE_DEVICE_UNKNOWN\"},\n"
    "   {\"driver\": \"Driver3\", \"nt_name\": \"\\\\Device\\\\D3\", \"secure_open\": 0}],\n"
    " \"doors\": [{\"device\": \"the device\", \"kind\": \"interface\", \"name\": \"{1}\",\n"
    "   \"capabilities\": [\"a\", \"b\"]},\n"
    "   {\"service\": \"Svc\", \"kind\": \"rpc\", \"name\": \"ncalrpc:[svc]\"}],\n"
    " \"descriptors\": [{\"subject_kind\": \"key\", \"subject\": \"HKLM\\\\S\", \"sddl\": "
    "\"D:\"}],\n"
    " \"entries\": [{\"driver\": \"Driver1\", \"device\": \"the device\", \"name\": "
    "\"WRITE_PORT\",\n"
    "   \"code\": \"0x22A000\", \"handler\": \"OnWrite\",\n"
    "   \"inputs\": [{\"name\": \"Port\", \"buffer\": \"system\", \"validation\": "
    "\"unvalidated\"}],\n"
    "   \"sinks\": [{\"class\": \"port_out\", \"api\": \"__outdword\", \"argument\": \"Port\",\n"
    "     \"validation\": \"unvalidated\", \"reason\": \"seen\"}],\n"
    "   \"checks\": [{\"kind\": \"privilege\", \"argument\": \"SeLoadDriverPrivilege\",\n"
    "     \"at\": \"create\", \"can_refuse\": 1},\n"
    "     {\"kind\": \"range\", \"sink\": \"__outdword\"}],\n"
    "   \"forwards\": [{\"to_driver\": \"Driver3\", \"to_device\": \"\\\\Device\\\\D3\",\n"
    "     \"code_sent\": 2269188, \"new_irp\": true, \"requestor_mode_after\": \"kernel\"}]},\n"
    "   {\"driver\": \"Driver1\", \"kind\": \"create\"}],\n"
    " \"stacks\": [{\"hwid\": \"ROOT\\\\X\", \"devices\": [\"the device\", \"Driver3\"]}],\n"
    " \"services\": [{\"name\": \"Svc\", \"account\": \"LocalSystem\", \"opens\": [\"the "
    "device\"],\n"
    "   \"impersonates\": true}],\n"
    " \"apps\": [{\"name\": \"App1\", \"package\": \"Pkg\", \"principal\": \"appcontainer\",\n"
    "   \"capabilities\": [\"internetClient\", {\"name\": \"c\", \"kind\": \"custom\"}],\n"
    "   \"opens\": [\"{1}\"]}, {\"name\": \"App2\", \"opens\": [\"Svc\"]}],\n"
    " \"handles\": [{\"from\": \"Svc\", \"to\": \"App1\", \"device\": \"the device\",\n"
    "   \"mask\": \"0x12019F\"}],\n"
    " \"confirm\": [{\"driver\": \"Driver1\", \"entry\": \"WRITE_PORT\", \"sink\": \"port_out\",\n"
    "   \"validation\": \"validated\"}]}\n";

static void a_whole_design_becomes_facts(void **state) {
    struct facts facts = read(*state, everything);
    const rm_model *m = facts.model;
    assert_no_diag(facts.f);
    assert_true(facts.used);
    assert_int_equal(m->drivers.count, 2);
    assert_int_equal(m->drivers.at[0].framework, RM_FRAMEWORK_WDM);
    assert_int_equal(m->drivers.at[0].role, RM_ROLE_FUNCTION);
    assert_int_equal(m->drivers.at[1].state, RM_STATE_DECLARED);
    assert_int_equal(m->devices.count, 2);
    assert_str(m->devices.at[0].alias, "the device");
    assert_int_equal(m->devices.at[0].secure_open, RM_TRI_YES);
    assert_int_equal(m->devices.at[0].exclusive, RM_TRI_UNKNOWN);
    assert_int_equal(m->devices.at[0].device_type, 0x22);
    assert_int_equal(m->devices.at[0].created_by, RM_CREATED_FACTS);
    assert_int_equal(m->devices.at[1].secure_open, RM_TRI_NO);
    assert_int_equal(m->devices.at[1].driver, 1);
    assert_str(m->devices.at[1].nt_name, "\\Device\\D3");
    done(&facts);
}

static void a_descriptor_stands_where_its_text_begins(void **state) {
    struct facts facts = read(*state, everything);
    const rm_descriptors *d = &facts.model->descriptors;
    assert_int_equal(d->count, 2);
    assert_int_equal(d->at[0].subject_kind, RM_SUBJECT_DEVICE);
    assert_int_equal(d->at[0].subject, 0);
    assert_int_equal(d->at[0].source, RM_SDDL_FACTS);
    assert_int_equal(d->at[0].place.line, 4);
    assert_int_equal(d->at[0].place.column, 67);
    assert_str(d->at[0].place.file, "a.ringmap.json");
    assert_str(d->at[1].subject_name, "HKLM\\S");
    assert_int_equal(d->at[1].subject, RM_NONE);
    done(&facts);
}

static void an_entry_brings_its_code_inputs_sinks_checks_and_forwards(void **state) {
    struct facts facts = read(*state, everything);
    const rm_model *m = facts.model;
    assert_int_equal(m->entries.count, 2);
    assert_true(m->entries.at[0].has_code);
    assert_int_equal(m->entries.at[0].code, 0x22A000);
    assert_str(m->entries.at[0].device_name, "the device");
    assert_str(m->entries.at[1].name, "IRP_MJ_CREATE");
    assert_int_equal(m->ioctls.count, 1);
    assert_true(m->ioctls.at[0].handled);
    assert_int_equal(m->inputs.at[0].validation, RM_VALIDATION_UNVALIDATED);
    assert_str(m->inputs.at[0].reason, "declared by Ada: design review");
    assert_str(m->sinks.at[0].class_name, "port_out");
    assert_str(m->sinks.at[0].reason, "seen");
    assert_int_equal(m->checks.at[0].entry, RM_NONE);
    assert_int_equal(m->checks.at[0].at, RM_AT_CREATE);
    assert_int_equal(m->checks.at[0].can_refuse, RM_TRI_YES);
    assert_int_equal(m->checks.at[1].sink, 0);
    assert_str(m->forwards.at[0].to_driver_name, "Driver3");
    assert_true(m->forwards.at[0].code_sent == 2269188);
    assert_int_equal(m->forwards.at[0].requestor_mode_after, RM_AFTER_KERNEL);
    assert_int_equal(m->forwards.at[0].validation, RM_VALIDATION_UNKNOWN);
    done(&facts);
}

static void doors_apps_services_and_handles_keep_names(void **state) {
    struct facts facts = read(*state, everything);
    const rm_model *m = facts.model;
    assert_str(m->doors.at[0].device_name, "the device");
    assert_str(m->doors.at[0].capabilities, "a b");
    assert_str(m->doors.at[0].class_guid, "{1}");
    assert_str(m->doors.at[1].service_name, "Svc");
    assert_int_equal(m->stacks.count, 2);
    assert_int_equal(m->stacks.at[1].position, 2);
    assert_str(m->stacks.at[1].device_name, "Driver3");
    assert_true(m->services.at[0].impersonates);
    assert_int_equal(m->apps.count, 1); /* App2 is told of elsewhere */
    assert_int_equal(m->capabilities.count, 2);
    assert_int_equal(m->opens.count, 3);
    assert_int_equal(m->opens.at[0].service, 0);
    assert_int_equal(m->opens.at[1].app, 0);
    assert_str(m->opens.at[1].app_name, "Pkg!App1");
    assert_int_equal(m->opens.at[2].app, RM_NONE);
    assert_str(m->opens.at[2].app_name, "App2");
    assert_str(m->opens.at[2].target, "Svc");
    assert_int_equal(m->handles.at[0].mask, 0x12019F);
    assert_int_equal(m->confirmations.count, 1);
    assert_str(m->confirmations.at[0].who, "Ada");
    done(&facts);
}

/* ---- refusals ---- */

static const struct refusal {
    const char *text;
    uint32_t line, column;
    const char *id;
    bool used;
} refusals[] = {
    {"", 1, 1, "json-syntax", false},
    {"[]", 1, 1, "facts-version", false},
    {"{}", 1, 1, "facts-version", false},
    {"{\"ringmap\": 2}", 1, 13, "facts-version", false},
    {"{\"ringmap\": \"1\"}", 1, 13, "facts-version", false},
    {"{\"ringmap\": 1,\n \"driver\": []}", 2, 2, "facts-unknown-key", false},
    {"{\"ringmap\": 1, \"drivers\": {}}", 1, 27, "facts-wrong-type", false},
    {"{\"ringmap\": 1, \"drivers\": [\"D\"]}", 1, 28, "facts-wrong-type", false},
    {"{\"ringmap\": 1, \"drivers\": [{}]}", 1, 28, "facts-missing-key", false},
    {"{\"ringmap\": 1, \"drivers\": [{\"name\": 7}]}", 1, 37, "facts-wrong-type", false},
    {"{\"ringmap\": 1, \"drivers\": [{\"name\": \"\"}]}", 1, 37, "facts-out-of-range", false},
    {"{\"ringmap\": 1, \"drivers\": [{\"name\": \"D\"},\n{\"name\": \"E\", \"mode\": \"Kernel\"}]}",
     2, 23, "facts-unknown-word", true},
    {"{\"ringmap\": 1, \"drivers\": [{\"name\": \"D\", \"start_type\": \"3\"}]}", 1, 56,
     "facts-unknown-word", false},
    {"{\"ringmap\": 1, \"drivers\": [{\"name\": \"D\", \"colour\": 1}]}", 1, 42,
     "facts-unknown-key", false},
    {"{\"ringmap\": 1, \"devices\": [{\"driver\": \"D\", \"secure_open\": \"yes\"}]}", 1, 59,
     "facts-wrong-type", false},
    {"{\"ringmap\": 1, \"devices\": [{\"driver\": \"D\", \"device_type\": \"DISKETTE\"}]}", 1, 59,
     "facts-out-of-range", false},
    {"{\"ringmap\": 1, \"entries\": [{\"driver\": \"D\", \"code\": -1}]}", 1, 52,
     "facts-out-of-range", false},
    {"{\"ringmap\": 1, \"entries\": [{\"driver\": \"D\", \"code\": 4294967296}]}", 1, 52,
     "facts-out-of-range", false},
    {"{\"ringmap\": 1, \"entries\": [{\"driver\": \"D\", \"code\": 1.5}]}", 1, 52,
     "facts-out-of-range", false},
    {"{\"ringmap\": 1, \"entries\": [{\"driver\": \"D\", \"sinks\": [{\"class\": \"magic\"}]}]}", 1,
     64, "facts-unknown-word", true},
    {"{\"ringmap\": 1, \"entries\": [{\"driver\": \"D\", \"checks\": [{\"kind\": \"range\",\n"
     "\"sink\": \"port_out\"}]}]}",
     1, 55, "facts-unknown-sink", true},
    {"{\"ringmap\": 1, \"entries\": [{\"driver\": \"D\", \"forwards\": [{\"code_sent\": "
     "\"any\"}]}]}",
     1, 71, "facts-unknown-word", true},
    {"{\"ringmap\": 1, \"doors\": [{\"kind\": \"symlink\", \"name\": \"X\"}]}", 1, 26,
     "facts-one-of", false},
    {"{\"ringmap\": 1, \"apps\": [{\"name\": \"A\", \"opens\": [\"x\", 3]}]}", 1, 54,
     "facts-wrong-type", false},
    {"{\"ringmap\": 1, \"apps\": [{\"name\": \"A\", \"opens\": \"x\"}]}", 1, 48, "facts-wrong-type",
     false},
    {"{\"ringmap\": 1, \"handles\": [{\"from\": \"A\", \"to\": \"B\", \"device\": \"D\"}]}", 1, 28,
     "facts-missing-key", false},
    {"{\"ringmap\": 1, \"confirm\": [{\"driver\": \"D\", \"entry\": \"E\", \"validation\": "
     "\"validated\"}]}",
     1, 28, "facts-one-of", false},
    {"{\"ringmap\": 1, \"confirm\": [{\"driver\": \"D\", \"entry\": \"E\", \"input\": \"I\", "
     "\"validation\": \"validated\"}]}",
     1, 28, "facts-missing-key", false},
};

static void every_mistake_is_told_with_its_place(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        const struct refusal *r = &refusals[i];
        void *fixture = NULL;
        assert_int_equal(fixture_setup(&fixture), 0);
        struct facts facts = read(fixture, r->text);
        assert_diag(facts.f, r->line, r->column, r->id);
        if (facts.used != r->used) {
            fail_msg("%s: used is %d", r->text, facts.used);
        }
        done(&facts);
        fixture_teardown(&fixture);
    }
}

static void a_wrong_type_says_what_was_expected(void **state) {
    struct facts facts =
        read(*state, "{\"ringmap\": 1, \"drivers\": [{\"name\": [], \"mode\": \"x\"}]}");
    assert_string_equal(facts.f->diags[0].text, "'name' is an array, expected a string");
    assert_string_equal(facts.f->diags[1].text, "'mode' is 'x', expected kernel, user");
    done(&facts);
}

static void an_element_with_an_error_is_left_out_and_its_neighbours_are_kept(void **state) {
    struct facts facts = read(*state, "{\"ringmap\": 1, \"apps\": [{\"name\": 1},"
                                      "{\"name\": \"B\", \"principal\": \"appcontainer\"}]}");
    assert_int_equal(facts.model->apps.count, 1);
    assert_str(facts.model->apps.at[0].name, "B");
    assert_true(facts.used);
    done(&facts);
}

static void a_text_longer_than_any_descriptor_is_refused(void **state) {
    struct fixture *f = *state;
    rm_buf buf = {.arena = f->arena};
    rm_buf_text(&buf, "{\"ringmap\": 1, \"who\": \"");
    for (unsigned i = 0; i < 65537; i++) {
        rm_buf_char(&buf, 'x');
    }
    rm_buf_text(&buf, "\"}");
    struct facts facts = read_text(f, rm_buf_view(&buf));
    assert_diag(f, 1, 23, "facts-out-of-range");
    done(&facts);
}

static void what_other_files_told_of_a_driver_stays(void **state) {
    struct fixture *f = *state;
    struct facts facts = {f, rm_model_new((size_t)64 << 20), false};
    uint32_t index = 0;
    assert_int_equal(rm_model_driver(facts.model, RM_STR("driver1"), RM_STR("src/driver1"),
                                     (rm_place){.line = 3}, &index),
                     RM_OK);
    facts.model->drivers.at[index].framework = RM_FRAMEWORK_KMDF;
    assert_int_equal(
        rm_facts_read(facts.model, &f->sink, RM_STR("a"), rm_str_from(everything), &facts.used),
        RM_OK);
    assert_int_equal(facts.model->drivers.count, 2);
    assert_int_equal(facts.model->drivers.at[0].framework, RM_FRAMEWORK_KMDF);
    assert_int_equal(facts.model->drivers.at[0].role, RM_ROLE_FUNCTION);
    /* both said what it is, and differently */
    assert_int_equal(facts.model->drivers.at[0].state, RM_STATE_CONFLICTING);
    assert_int_equal(facts.model->conflicts.count, 1);
    assert_diag(f, facts.model->conflicts.at[0].told.line, facts.model->conflicts.at[0].told.column,
                "link-conflicting-fact");
    done(&facts);
}

/* Every allocation fails in turn: an honest status each time, never a crash. */
static void memory_may_end_anywhere(void **state) {
    struct fixture *f = *state;
    rm_status st = RM_NOMEM;
    for (long n = 0; n < 2000 && st != RM_OK; n++) {
        bool used = false;
        rm_model *model = rm_model_new((size_t)64 << 20);
        assert_non_null(model);
        rm_arena_fail_after(model->arena, n);
        st = rm_facts_read(model, &f->sink, RM_STR("a"), rm_str_from(everything), &used);
        assert_true(st == RM_OK || st == RM_NOMEM);
        rm_model_free(model);
    }
    assert_int_equal(st, RM_OK);
}

/* The schema people use is what the reader's table says. RINGMAP_UPDATE=1 writes it anew. */
static void the_published_schema_is_the_readers_table(void **state) {
    struct fixture *f = *state;
    const char *path = RINGMAP_SOURCE_DIR "/docs/schema/facts.schema.json";
    rm_buf buf = {.arena = f->arena};
    const rm_json *root = NULL;
    rm_facts_schema(&buf);
    assert_int_equal(buf.status, RM_OK);
    assert_int_equal(rm_json_parse(f->arena, &f->sink, RM_STR("schema"), rm_buf_view(&buf), &root),
                     RM_OK);
    if (getenv("RINGMAP_UPDATE") != NULL) {
        FILE *out = fopen(path, "wb");
        assert_non_null(out);
        assert_int_equal(fwrite(buf.ptr, 1, buf.len, out), buf.len);
        assert_int_equal(fclose(out), 0);
    }
    assert_true(rm_str_eq(read_file(f->arena, path), rm_buf_view(&buf)));
}

static void the_examples_of_the_documentation_are_good(void **state) {
    struct fixture *f = *state;
    rm_str page = read_file(f->arena, RINGMAP_SOURCE_DIR "/docs/facts.md");
    rm_str fence = RM_STR("```json\n");
    unsigned examples = 0;
    for (size_t at = 0; rm_str_find(page, fence, &at); examples++) {
        size_t end = 0;
        page = rm_str_slice(page, at + fence.len, page.len);
        assert_true(rm_str_find(page, RM_STR("```"), &end));
        struct facts facts = read_text(f, rm_str_slice(page, 0, end));
        assert_no_diag(f);
        assert_true(facts.used);
        done(&facts);
        page = rm_str_slice(page, end + 3, page.len);
    }
    assert_true(examples >= 2);
}

static void the_design_without_code_is_read_whole(void **state) {
    struct fixture *f = *state;
    struct facts facts = read_text(
        f, read_file(f->arena, RINGMAP_SOURCE_DIR "/examples/design-only/design.ringmap.json"));
    assert_no_diag(f);
    assert_int_equal(facts.model->drivers.count, 3);
    assert_int_equal(facts.model->entries.count, 4);
    assert_int_equal(facts.model->sinks.count, 3);
    assert_int_equal(facts.model->opens.count, 3);
    done(&facts);
}

static void a_list_without_end_is_cut_and_told(void **state) {
    struct fixture *f = *state;
    rm_buf buf = {.arena = f->arena};
    rm_buf_text(&buf, "{\"ringmap\": 1, \"entries\": [{\"driver\": \"D\", \"sinks\": [\n");
    for (unsigned i = 0; i < 1100; i++) {
        rm_buf_text(&buf, i > 0 ? ",\n" : "");
        rm_buf_text(&buf, "{\"class\": \"port_out\"}");
    }
    rm_buf_text(&buf, "]}]}");
    struct facts facts = read_text(f, rm_buf_view(&buf));
    assert_int_equal(facts.model->sinks.count, 1024);
    assert_diag(f, 1026, 1, "facts-limit");
    assert_int_equal(f->seen, 1);
    done(&facts);
}

static void one_driver_has_one_row_however_often_it_is_named(void **state) {
    struct facts facts = read(*state, "{\"ringmap\": 1, \"entries\": [{\"driver\": \"D\"},"
                                      "{\"driver\": \"d\"}], \"drivers\": [{\"name\": \"D\"}]}");
    assert_int_equal(facts.model->drivers.count, 1);
    assert_int_equal(facts.model->entries.at[1].driver, 0);
    assert_int_equal(facts.model->drivers.at[0].state, RM_STATE_DECLARED);
    done(&facts);
}

static void highest_available_is_a_users_program_and_an_administrators(void **state) {
    struct fixture *f = *state;
    struct facts facts = read(
        f, "{\"ringmap\": 1, \"devices\": [{\"driver\": \"D\", \"name\": \"X\"}], \"apps\": "
           "[{\"name\": \"A\", \"execution_level\": \"highestAvailable\", \"opens\": [\"X\"]}]}");
    assert_int_equal(facts.model->apps.count, 2);
    assert_str(facts.model->apps.at[0].principal, "standard_user");
    assert_str(facts.model->apps.at[1].principal, "admin_elevated");
    assert_int_equal(rm_model_link(facts.model, &f->sink), RM_OK);
    assert_no_diag(f);
    assert_int_equal(facts.model->opens.count, 2);
    assert_int_not_equal(facts.model->opens.at[0].app, facts.model->opens.at[1].app);
    assert_int_equal(facts.model->opens.at[1].device, 0);
    done(&facts);
}

static void the_short_names_of_principals_are_taken(void **state) {
    struct facts facts = read(*state, "{\"ringmap\": 1, \"apps\": ["
                                      "{\"name\": \"A\", \"principal\": \"admin\"},"
                                      "{\"name\": \"B\", \"principal\": \"our_broker\"},"
                                      "{\"name\": \"C\", \"trust_level\": \"appContainer\"}]}");
    assert_str(facts.model->apps.at[0].principal, "admin_elevated");
    assert_str(facts.model->apps.at[1].principal, "our_broker");
    assert_str(facts.model->apps.at[2].principal, "appcontainer");
    done(&facts);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(a_whole_design_becomes_facts),
        WITH_FIXTURE(a_descriptor_stands_where_its_text_begins),
        WITH_FIXTURE(an_entry_brings_its_code_inputs_sinks_checks_and_forwards),
        WITH_FIXTURE(doors_apps_services_and_handles_keep_names),
        WITH_FIXTURE(every_mistake_is_told_with_its_place),
        WITH_FIXTURE(a_wrong_type_says_what_was_expected),
        WITH_FIXTURE(an_element_with_an_error_is_left_out_and_its_neighbours_are_kept),
        WITH_FIXTURE(a_text_longer_than_any_descriptor_is_refused),
        WITH_FIXTURE(a_list_without_end_is_cut_and_told),
        WITH_FIXTURE(one_driver_has_one_row_however_often_it_is_named),
        WITH_FIXTURE(highest_available_is_a_users_program_and_an_administrators),
        WITH_FIXTURE(the_short_names_of_principals_are_taken),
        WITH_FIXTURE(what_other_files_told_of_a_driver_stays),
        WITH_FIXTURE(memory_may_end_anywhere),
        WITH_FIXTURE(the_published_schema_is_the_readers_table),
        WITH_FIXTURE(the_design_without_code_is_read_whole),
        WITH_FIXTURE(the_examples_of_the_documentation_are_good),
    };
    return cmocka_run_group_tests_name("facts", tests, NULL, NULL);
}
