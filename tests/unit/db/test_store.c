#include "db_support.h"

#include "load.h"
#include "schema.h"

/* ---- a model in which every column of every table has values of its own ---- */

/* What an attacker would put into a name. */
static const char *const hostile[] = {
    "",
    "plain",
    "Robert'); DROP TABLE paths;--",
    "\"quoted\" & <tag> \\ | %n%s",
    "line\nfeed\r\ttab \x1b[2J",
    "\xe2\x80\xae"
    "bidi \xff broken utf-8 \xc0\x80",
};

static rm_str text_for(uint32_t seed) {
    static const char with_nul[] = "before\0after";
    const uint32_t kinds = sizeof hostile / sizeof hostile[0] + 1;
    return seed % kinds == kinds - 1 ? RM_STR(with_nul) : rm_str_from(hostile[seed % kinds]);
}

static void set(unsigned char *item, size_t at, const void *value, size_t size) {
    memcpy(item + at, value, size);
}

/* Some word of the enumeration: counts until the names repeat as "unknown". */
static uint32_t word_for(const rm_words *words, uint32_t seed) {
    uint32_t value = seed % 7;
    uint32_t back = 0;
    while (!words->value(rm_str_from(words->text(value)), &back) || back != value) {
        value--;
    }
    return value;
}

static void fill_column(unsigned char *item, const rm_column *c, uint32_t seed) {
    const rm_str text = text_for(seed);
    const bool flag = seed % 2 != 0;
    const uint32_t u32 = seed % 5 == 0 ? UINT32_MAX : seed * 2654435761U;
    switch (c->kind) {
    case RM_COLUMN_TEXT_IF:
        set(item, c->flag, &flag, sizeof flag);
        if (!flag) {
            return;
        }
        set(item, c->at, &text, sizeof text);
        return;
    case RM_COLUMN_TEXT: set(item, c->at, &text, sizeof text); return;
    case RM_COLUMN_WORD:
    case RM_COLUMN_WORD_IF: {
        const uint32_t word = word_for(c->words, seed);
        set(item, c->at, &word, sizeof word);
        return;
    }
    case RM_COLUMN_FLAG: set(item, c->at, &flag, sizeof flag); return;
    case RM_COLUMN_TRI: {
        const rm_tri tri = (rm_tri)((int)(seed % 3) - 1);
        set(item, c->at, &tri, sizeof tri);
        return;
    }
    case RM_COLUMN_U32_IF:
        set(item, c->flag, &flag, sizeof flag);
        if (!flag) {
            return;
        }
        set(item, c->at, &u32, sizeof u32);
        return;
    case RM_COLUMN_U32:
    case RM_COLUMN_U32_KNOWN: set(item, c->at, &u32, sizeof u32); return;
    case RM_COLUMN_U64: {
        const uint64_t u64 = ((uint64_t)seed << 40) + 1;
        set(item, c->at, &u64, sizeof u64);
        return;
    }
    case RM_COLUMN_REF:
    case RM_COLUMN_SUBJECT: {
        const uint32_t index = seed % 4 == 3 ? RM_NONE : seed % 4;
        set(item, c->at, &index, sizeof index);
        return;
    }
    case RM_COLUMN_CODE_SENT: {
        static const int64_t codes[] = {RM_CODE_RECEIVED, RM_CODE_CHOSEN, 0xFFFFFFFF};
        const int64_t code = codes[seed % 3];
        set(item, c->at, &code, sizeof code);
        return;
    }
    }
}

enum { ROWS = 21 }; /* two full inserts of eight and a rest */

static bool is_own_table(uint32_t table) {
    return table != RM_TABLE_STEPS && table != RM_TABLE_WEIGHTS && table != RM_TABLE_RULES &&
           table != RM_TABLE_SINK_CLASSES;
}

/* Subjects of kinds that refer to nothing get no reference. */
static void settle_subjects(unsigned char *item, const rm_table *table) {
    for (const rm_column *c = table->columns; c->name != NULL; c++) {
        uint32_t kind = 0;
        const uint32_t none = RM_NONE;
        if (c->kind != RM_COLUMN_SUBJECT) {
            continue;
        }
        memcpy(&kind, item + c->flag, sizeof kind);
        if (c->targets[kind] == RM_TABLE_COUNT) {
            set(item, c->at, &none, sizeof none);
        }
    }
}

static void fill_table(rm_image *image, uint32_t t) {
    const rm_table *table = &rm_tables[t];
    for (uint32_t row = 0; row < ROWS; row++) {
        unsigned char *item =
            rm_image_push(image->model.arena, image, table->list, table->item_size);
        uint32_t column = 0;
        assert_non_null(item);
        for (const rm_column *c = table->columns; c->name != NULL; c++) {
            fill_column(item, c, row * 31 + column++ * 7 + t);
        }
        settle_subjects(item, table);
    }
}

static void fill_steps(rm_model *model) {
    for (uint32_t p = 0; p < model->paths.count; p++) {
        for (uint32_t s = 0; s < p % 4; s++) {
            rm_step *step = rm_push(model->arena, &model->paths.at[p].steps);
            assert_non_null(step);
            *step = (rm_step){.kind = (rm_step_kind)s,
                              .node = text_for(p + s),
                              .validation = s == 1 ? RM_VALIDATION_COUNT : RM_VALIDATION_PARTIAL,
                              .evidence = text_for(p * s),
                              .text = text_for(s),
                              .place = {text_for(3), s, s * p}};
        }
    }
}

static void fill(rm_model *model) {
    rm_image image = {.model = *model};
    for (uint32_t t = 0; t < RM_TABLE_COUNT; t++) {
        if (is_own_table(t)) {
            fill_table(&image, t);
        }
    }
    fill_steps(&image.model);
    image.read.arena = model->arena;
    *model = image.model;
    model->read = RM_NEW(model->arena, rm_model);
    assert_non_null(model->read);
    *model->read = image.read;
}

/* ---- there and back ---- */

static void what_is_loaded_and_saved_again_has_the_same_bytes(void **state) {
    struct store_fixture *f = *state;
    fill(f->model);
    save(f, f->model);
    const rm_str first = read_file(f->arena, f->path);
    load(f);
    save(f, f->loaded);
    const rm_str second = read_file(f->arena, f->path);
    assert_true(first.len > 10000);
    assert_true(rm_str_eq(first, second));
}

static void the_same_model_gives_the_same_bytes(void **state) {
    struct store_fixture *f = *state;
    fill(f->model);
    save(f, f->model);
    const rm_str first = read_file(f->arena, f->path);
    assert_int_equal(unlink(f->path), 0);
    save(f, f->model);
    assert_true(rm_str_eq(first, read_file(f->arena, f->path)));
}

static void assert_same_texts(rm_str a, rm_str b) {
    assert_true(rm_str_eq(a, b));
}

static void hostile_texts_come_back_byte_for_byte(void **state) {
    struct store_fixture *f = *state;
    fill(f->model);
    save(f, f->model);
    load(f);
    assert_int_equal(f->loaded->drivers.count, ROWS);
    for (uint32_t i = 0; i < ROWS; i++) {
        assert_same_texts(f->loaded->drivers.at[i].name, f->model->drivers.at[i].name);
        assert_same_texts(f->loaded->paths.at[i].summary, f->model->paths.at[i].summary);
        assert_int_equal(f->loaded->paths.at[i].steps.count, f->model->paths.at[i].steps.count);
        for (uint32_t s = 0; s < f->model->paths.at[i].steps.count; s++) {
            assert_int_equal(f->loaded->paths.at[i].steps.at[s].validation,
                             f->model->paths.at[i].steps.at[s].validation);
        }
        assert_int_equal(f->loaded->forwards.at[i].code_sent, f->model->forwards.at[i].code_sent);
        assert_int_equal(f->loaded->devices.at[i].secure_open, f->model->devices.at[i].secure_open);
        assert_int_equal(f->loaded->settings.at[i].has_sddl, f->model->settings.at[i].has_sddl);
    }
    assert_int_equal(f->loaded->weights.count, f->model->weights.count);
    assert_int_equal(f->loaded->givens.count, f->model->givens.count);
}

static void an_empty_model_comes_back_empty(void **state) {
    struct store_fixture *f = *state;
    save(f, f->model);
    load(f);
    assert_int_equal(f->loaded->paths.count, 0);
    assert_non_null(f->loaded->arena);
}

/*
 * Each byte of a row's struct belongs to a column, but for padding: a field added to the model and
 * forgotten here would vanish on the way. The steps of a path and
 * the places of a finding are tables of their own.
 */
static void no_field_of_the_model_is_forgotten(void **state) {
    (void)state;
    for (uint32_t t = 0; t < RM_TABLE_COUNT; t++) {
        const rm_table *table = &rm_tables[t];
        unsigned char covered[1024] = {0};
        assert_true(table->item_size <= sizeof covered);
        for (const rm_column *c = table->columns; c->name != NULL; c++) {
            const bool text = c->kind == RM_COLUMN_TEXT || c->kind == RM_COLUMN_TEXT_IF;
            const bool wide = c->kind == RM_COLUMN_U64 || c->kind == RM_COLUMN_CODE_SENT;
            const size_t size = text                        ? sizeof(rm_str)
                                : wide                      ? 8
                                : c->kind == RM_COLUMN_FLAG ? 1
                                                            : 4;
            memset(covered + c->at, 1, size);
            if (c->kind == RM_COLUMN_TEXT_IF || c->kind == RM_COLUMN_U32_IF) {
                covered[c->flag] = 1;
            }
        }
        if (t == RM_TABLE_PATHS) {
            memset(covered + offsetof(rm_path, steps), 1, sizeof(rm_steps));
        }
        if (t == RM_TABLE_FINDINGS) {
            memset(covered + offsetof(rm_finding, places), 1, sizeof(rm_evidences));
        }
        size_t gap = 0;
        for (size_t i = 0; i < table->item_size; i++) {
            gap = covered[i] ? 0 : gap + 1;
            if (gap > 7) {
                fail_msg("table %s: no column for the field at %zu", table->name, i - 7);
            }
        }
    }
}

/* ---- refusals ---- */

static void refused(struct store_fixture *f, const char *reason) {
    rm_str why = RM_STR_NONE;
    size_t where = 0;
    assert_int_equal(rm_store_load(f->path, f->loaded, &why), RM_FOREIGN);
    if (!rm_str_find(why, rm_str_from(reason), &where)) {
        fail_msg("refused because: %.*s\ninstead of: %s", RM_STR_ARG(why), reason);
    }
    assert_int_equal(f->loaded->drivers.count, 0);
}

static void write_bytes(struct store_fixture *f, rm_str bytes) {
    FILE *out = fopen(f->path, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(bytes.ptr, 1, bytes.len, out), bytes.len);
    assert_int_equal(fclose(out), 0);
}

static void a_file_that_is_no_database_is_refused(void **state) {
    struct store_fixture *f = *state;
    write_bytes(f, RM_STR("[Version]\nSignature=\"$Windows NT$\"\n"));
    refused(f, "not a SQLite file");
    write_bytes(f, RM_STR(""));
    refused(f, "not a SQLite file");
}

static void a_database_of_another_program_is_refused(void **state) {
    struct store_fixture *f = *state;
    change(f, "CREATE TABLE drivers(n INTEGER PRIMARY KEY)");
    refused(f, "application id");
}

static void a_newer_schema_is_refused_with_both_versions(void **state) {
    struct store_fixture *f = *state;
    save(f, f->model);
    change(f, "PRAGMA user_version = 7");
    refused(f, "schema version 7 is newer than this program's 2");
}

static void a_schema_that_is_not_ours_is_refused(void **state) {
    static const char *const changes[] = {
        "CREATE TABLE extra(x)",
        "DROP VIEW v_path",
        "DROP VIEW v_rule; CREATE VIEW v_rule AS SELECT 1",
        "CREATE TRIGGER t AFTER INSERT ON drivers BEGIN DELETE FROM paths; END",
        "CREATE VIRTUAL TABLE extra USING fts5(x)",
        "DROP TABLE handles; CREATE VIEW handles AS WITH RECURSIVE r(n) AS "
        "(SELECT 0 UNION ALL SELECT n FROM r) SELECT * FROM r",
    };
    struct store_fixture *f = *state;
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        save(f, f->model);
        change(f, changes[i]);
        refused(f, "its tables and views are not those of schema 2");
    }
}

static void a_truncated_file_is_refused_wherever_it_ends(void **state) {
    struct store_fixture *f = *state;
    fill(f->model);
    save(f, f->model);
    const rm_str whole = read_file(f->arena, f->path);
    for (size_t length = 0; length < whole.len; length += 4096 + 511) {
        rm_str why = RM_STR_NONE;
        assert_int_equal(rm_store_load_bytes(rm_str_slice(whole, 0, length), f->loaded, &why),
                         RM_FOREIGN);
        assert_true(why.len > 0);
    }
}

static void a_page_of_garbage_is_refused(void **state) {
    struct store_fixture *f = *state;
    fill(f->model);
    save(f, f->model);
    const rm_str whole = read_file(f->arena, f->path);
    char *bytes = rm_arena_alloc(f->arena, whole.len, 1);
    for (size_t page = 1; page < whole.len / 4096; page++) {
        rm_str why = RM_STR_NONE;
        memcpy(bytes, whole.ptr, whole.len);
        memset(bytes + page * 4096, 0xA5, 4096);
        assert_int_equal(rm_store_load_bytes((rm_str){bytes, whole.len}, f->loaded, &why),
                         RM_FOREIGN);
    }
}

static void a_value_no_column_can_hold_is_refused_with_its_place(void **state) {
    static const struct {
        const char *sql, *reason;
    } cases[] = {
        {"UPDATE devices SET driver = 21 WHERE n = 3", "table devices, row 3, column driver"},
        {"UPDATE devices SET driver = -1 WHERE n = 0", "table devices, row 0, column driver"},
        {"UPDATE devices SET driver = 4294967295 WHERE n = 0", "table devices, row 0, column"},
        {"UPDATE descriptors SET subject_kind = 'key', subject = 0 WHERE n = 2",
         "table descriptors, row 2, column subject"},
        {"UPDATE drivers SET state = 'sure' WHERE n = 1", "table drivers, row 1, column state"},
        {"UPDATE drivers SET n = 99 WHERE n = 20", "table drivers, row 20, column n"},
        {"UPDATE drivers SET n = -99 WHERE n = 0", "table drivers, row 0, column n"},
        {"UPDATE entries SET any_code = 2 WHERE n = 1", "table entries, row 1, column any_code"},
        {"UPDATE paths SET score = -1 WHERE n = 1", "table paths, row 1, column score"},
        {"UPDATE devices SET exclusive = 2 WHERE n = 1", "table devices, row 1, column exclusive"},
        {"UPDATE forwards SET code_sent = -2 WHERE n = 1", "column code_sent"},
        {"UPDATE artifacts SET bytes = -5 WHERE n = 1", "table artifacts, row 1, column bytes"},
        {"UPDATE steps SET number = 9 WHERE n = 1", "its steps do not fit"},
        {"UPDATE steps SET path = NULL WHERE n = 1", "its steps do not fit"},
    };
    struct store_fixture *f = *state;
    fill(f->model);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        save(f, f->model);
        change(f, cases[i].sql);
        refused(f, cases[i].reason);
    }
}

static void what_cannot_be_read_or_written_says_why(void **state) {
    struct store_fixture *f = *state;
    rm_str why = RM_STR_NONE;
    assert_int_equal(rm_store_load("/nowhere/model.db", f->loaded, &why), RM_IO);
    assert_true(why.len > 0);
    assert_int_equal(rm_store_load(f->folder, f->loaded, &why), RM_IO);
    why = RM_STR_NONE;
    assert_int_equal(rm_store_save(f->model, "/nowhere/model.db", &why), RM_IO);
    assert_true(why.len > 0);
}

static void every_allocation_that_fails_while_loading_is_reported(void **state) {
    struct store_fixture *f = *state;
    fill(f->model);
    save(f, f->model);
    const rm_str bytes = read_file(f->arena, f->path);
    rm_status st = RM_NOMEM;
    for (long n = 0; st != RM_OK; n += 1 + n / 16) {
        rm_model *model = rm_model_new((size_t)1 << 28);
        rm_str why = RM_STR_NONE;
        rm_arena_fail_after(model->arena, n);
        st = rm_store_load_bytes(bytes, model, &why);
        assert_true(st == RM_OK || st == RM_NOMEM);
        rm_model_free(model);
    }
}

static void a_failed_save_leaves_the_old_model_and_nothing_else(void **state) {
    struct store_fixture *f = *state;
    rm_str why = RM_STR_NONE;
    save(f, f->model);
    const rm_str before = read_file(f->arena, f->path);
    fill(f->model);
    const sqlite3_int64 limit = sqlite3_hard_heap_limit64(sqlite3_memory_used() + 100000);
    const rm_status st = rm_store_save(f->model, f->path, &why);
    (void)sqlite3_hard_heap_limit64(limit);
    assert_int_equal(st, RM_NOMEM);
    assert_true(rm_str_eq(before, read_file(f->arena, f->path)));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_STORE(what_is_loaded_and_saved_again_has_the_same_bytes),
        WITH_STORE(the_same_model_gives_the_same_bytes),
        WITH_STORE(hostile_texts_come_back_byte_for_byte),
        WITH_STORE(an_empty_model_comes_back_empty),
        cmocka_unit_test(no_field_of_the_model_is_forgotten),
        WITH_STORE(a_file_that_is_no_database_is_refused),
        WITH_STORE(a_database_of_another_program_is_refused),
        WITH_STORE(a_newer_schema_is_refused_with_both_versions),
        WITH_STORE(a_schema_that_is_not_ours_is_refused),
        WITH_STORE(a_truncated_file_is_refused_wherever_it_ends),
        WITH_STORE(a_page_of_garbage_is_refused),
        WITH_STORE(a_value_no_column_can_hold_is_refused_with_its_place),
        WITH_STORE(what_cannot_be_read_or_written_says_why),
        WITH_STORE(every_allocation_that_fails_while_loading_is_reported),
        WITH_STORE(a_failed_save_leaves_the_old_model_and_nothing_else),
    };
    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
