/*
 * Every command that reads a model, on a model that was tampered with and still opens. Random bytes
 * would rarely come past the checks of the file, so the input is a list of changes to the values of
 * an honest model, six bytes each: table, column, row, what kind of value, two bytes of value. The
 * first byte chooses the command; an odd length changes bytes of the file's pages as well.
 */
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/platform.h"
#include "options.h"
#include "schema.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MODEL_MEMORY = 64 << 20, CHANGE = 6, PAGE = 4096, MAX_WORDS = 10 };

typedef struct room {
    char folder[64];
    char honest[96], model[96], output[96];
    rm_str bytes; /* of the honest model */
} room;

static void *must(void *pointer) {
    if (pointer == NULL) {
        abort();
    }
    return pointer;
}

/* ---- one call of the program; M stands for the model, H for the honest one, O for the output ----
 */

static const char *word_of(const room *r, const char *word) {
    return strcmp(word, "M") == 0   ? r->model
           : strcmp(word, "H") == 0 ? r->honest
           : strcmp(word, "O") == 0 ? r->output
                                    : word;
}

static int run(const room *r, const char *const *command) {
    char *words[MAX_WORDS + 1] = {(char *)(uintptr_t) "ringmap"};
    int count = 1;
    for (int i = 0; i < MAX_WORDS && command[i] != NULL; i++) {
        words[count++] = (char *)(uintptr_t)word_of(r, command[i]);
    }
    return rm_program(count, words);
}

/* ---- the honest model ---- */

static room *the_room(void) {
    static room r;
    return &r;
}

static void leave(void) {
    const room *r = the_room();
    (void)unlink(r->honest);
    (void)unlink(r->model);
    (void)unlink(r->output);
    (void)rmdir(r->folder);
}

/* What commands say would drown what the fuzzer says; it and the sanitizers write elsewhere. */
static void be_silent(void) {
    stdout = must(fopen("/dev/null", "w"));
    stderr = must(fopen("/dev/null", "w"));
}

static void scan_examples(const room *r) {
    static const char *const words[MAX_WORDS] = {"scan",
                                                 "--quiet",
                                                 RINGMAP_SOURCE_DIR "/examples/three-paths",
                                                 RINGMAP_SOURCE_DIR "/examples/reader-system",
                                                 "-o",
                                                 "H"};
    if (run(r, words) != RM_EXIT_OK) {
        abort();
    }
}

static room *enter(void) {
    room *r = the_room();
    if (r->bytes.len > 0) {
        return r;
    }
    (void)snprintf(r->folder, sizeof r->folder, "/tmp/ringmap-fuzz-XXXXXX");
    (void)must(mkdtemp(r->folder));
    (void)snprintf(r->honest, sizeof r->honest, "%s/honest.db", r->folder);
    (void)snprintf(r->model, sizeof r->model, "%s/model.db", r->folder);
    (void)snprintf(r->output, sizeof r->output, "%s/output", r->folder);
    (void)atexit(leave);
    be_silent();
    scan_examples(r);
    static rm_arena *kept;
    kept = must(rm_arena_new(MODEL_MEMORY));
    if (rm_file_read(kept, r->honest, MODEL_MEMORY, &r->bytes) != RM_OK) {
        abort();
    }
    return r;
}

/* ---- tampering ---- */

static uint32_t column_count(const rm_table *table) {
    uint32_t count = 0;
    while (table->columns[count].name != NULL) {
        count++;
    }
    return count;
}

/* A value of the input, or one that stands somewhere in that column already. */
static char *value_of(const rm_table *table, const rm_column *column, const uint8_t *c) {
    const unsigned number = (unsigned)c[4] << 8 | c[5];
    switch (c[3] % 6) {
    case 0: return sqlite3_mprintf("%u", number % 64);
    case 1: return sqlite3_mprintf("%u", number * 65537u);
    case 2: return sqlite3_mprintf("NULL");
    case 3: return sqlite3_mprintf("CAST(x'%02x%02x' AS TEXT)", c[4], c[5]);
    case 4: return sqlite3_mprintf("\"%w\" || char(%u)", column->name, number);
    default:
        return sqlite3_mprintf("(SELECT \"%w\" FROM \"%w\" LIMIT 1 OFFSET %u)", column->name,
                               table->name, number % 32);
    }
}

static void change_value(sqlite3 *db, const uint8_t *c) {
    const rm_table *table = &rm_tables[c[0] % RM_TABLE_COUNT];
    const rm_column *column = &table->columns[c[1] % column_count(table)];
    char *value = must(value_of(table, column, c));
    char *sql =
        c[2] == 255
            ? sqlite3_mprintf("UPDATE \"%w\" SET \"%w\" = %s", table->name, column->name, value)
            : sqlite3_mprintf("UPDATE \"%w\" SET \"%w\" = %s WHERE n = %u %% (SELECT count(*) "
                              "FROM \"%w\")",
                              table->name, column->name, value, c[2], table->name);
    (void)sqlite3_exec(db, must(sql), NULL, NULL, NULL); /* STRICT may refuse it */
    sqlite3_free(sql);
    sqlite3_free(value);
}

static void change_values(const uint8_t *data, size_t size, sqlite3 *db) {
    (void)sqlite3_exec(db, "BEGIN", NULL, NULL, NULL);
    for (size_t at = 0; at + CHANGE <= size; at += CHANGE) {
        change_value(db, data + at);
    }
    (void)sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
}

static void change_bytes(unsigned char *bytes, size_t length, const uint8_t *data, size_t size) {
    for (size_t at = 0; size % 2 == 1 && at + CHANGE <= size; at += CHANGE) {
        const size_t place = ((size_t)data[at] << 16 | (size_t)data[at + 1] << 8 | data[at + 2]);
        bytes[place % length] = data[at + 3];
    }
}

static void write_model(const room *r, const uint8_t *data, size_t size) {
    sqlite3 *db = NULL;
    const sqlite3_int64 length = (sqlite3_int64)r->bytes.len;
    unsigned char *copy = must(sqlite3_malloc64(r->bytes.len));
    memcpy(copy, r->bytes.ptr, r->bytes.len);
    if (sqlite3_open(":memory:", &db) != SQLITE_OK ||
        sqlite3_deserialize(db, "main", copy, length, length,
                            SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE) !=
            SQLITE_OK) {
        abort();
    }
    change_values(data, size, db);
    sqlite3_int64 changed = 0;
    unsigned char *bytes = must(sqlite3_serialize(db, "main", &changed, 0));
    change_bytes(bytes, (size_t)changed, data, size);
    FILE *file = must(fopen(r->model, "wb"));
    if (fwrite(bytes, 1, (size_t)changed, file) != (size_t)changed || fclose(file) != 0) {
        abort();
    }
    sqlite3_free(bytes);
    (void)sqlite3_close(db);
}

/* ---- the commands ---- */

static const char *const commands[][MAX_WORDS] = {
    {"paths", "M"},
    {"paths", "M", "--chained", "--format", "sarif"},
    {"findings", "M"},
    {"findings", "M", "--parts", "--format", "csv"},
    {"explain", "M", "p1"},
    {"explain", "M", "p3", "--format", "json"},
    {"explain", "M", "f1"},
    {"explain", "M", "f2", "--format", "json"},
    {"explain", "M", "Driver1"},
    {"explain", "M", "reader"},
    {"explain", "M", "0x0022A004"},
    {"explain", "M", "ScanTool.exe"},
    {"check", "M", "--format", "json"},
    {"check", "M", "--baseline", "H"},
    {"check", "H", "--baseline", "M"},
    {"diff", "M", "H"},
    {"diff", "H", "M", "--format", "md"},
    {"diff", "H", "M", "--format", "json"},
    {"render", "M", "-T", "dot", "-o", "O"},
    {"render", "M", "-T", "mmd", "-o", "O"},
    {"render", "M", "-T", "mmd", "-o", "O", "--view", "path", "--focus", "R1"},
    {"render", "M", "-T", "mmd", "-o", "O", "--view", "driver", "--focus", "reader"},
    {"render", "M", "-T", "mmd", "-o", "O", "--view", "diff", "--baseline", "H"},
    {"report", "M", "-T", "json", "-o", "O"},
    {"report", "M", "-T", "sarif", "-o", "O"},
    {"report", "M", "-T", "md", "--pictures", "mermaid", "-o", "O"},
    {"export", "M", "--to", "opengraph", "-o", "O"},
    {"export", "M", "--to", "otm", "-o", "O"},
    {"export", "M", "--to", "graphml", "-o", "O"},
};

/* Outputs and memory (4) are not the model's doing. */
static void attempt(const room *r, const char *const *command) {
    const int code = run(r, command);
    if (code < RM_EXIT_OK || code > RM_EXIT_INPUT) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) {
        return 0;
    }
    const room *r = enter();
    write_model(r, data + 1, size - 1);
    attempt(r, commands[data[0] % (sizeof commands / sizeof commands[0])]);
    return 0;
}
