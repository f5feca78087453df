/* SQL of a stranger over a valid model: whatever it says, an answer or a refusal comes in time. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "db/query.h"
#include "rows.h"
#include "valid_model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static rm_status take_names(void *payload, const rm_str *names, uint32_t count) {
    (void)payload;
    (void)names;
    (void)count;
    return RM_OK;
}

static rm_status take_row(void *payload, const rm_cell *cells, uint32_t count) {
    uint64_t *sum = payload;
    for (uint32_t i = 0; i < count; i++) {
        *sum += rm_str_hash(cells[i].text); /* reads every byte */
    }
    return RM_OK;
}

static const rm_sql_limits limits = {
    .milliseconds = 100, .rows = 100, .bytes = 1 << 20, .memory = 32 << 20};

static void ask(rm_arena *arena, rm_str bytes, rm_str sql) {
    rm_store store = {.arena = arena};
    rm_str why = RM_STR_NONE;
    uint64_t sum = 0;
    const rm_row_taker taker = {take_names, take_row, &sum};
    rm_store_start(&store, 10000);
    if (rm_guard_open(arena, bytes, &store.deadline, &store.db, &why) != RM_OK) {
        abort();
    }
    const rm_status st = rm_query_sql(&store, sql, &limits, &taker, &why);
    (void)st; /* any answer will do; coming back is the test */
    (void)sqlite3_close(store.db);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static rm_arena *kept;
    static rm_str valid;
    if (kept == NULL) {
        kept = rm_arena_new(MODEL_MEMORY);
        valid = valid_model(kept);
    }
    rm_arena *arena = rm_arena_new(MODEL_MEMORY);
    if (arena == NULL) {
        abort();
    }
    ask(arena, valid, (rm_str){(const char *)data, size});
    rm_arena_free(arena);
    return 0;
}
