#include "source/flow/assigned.h"

#include "source/lex.h"

/*
 * Functions that are stored at run time: ops->Read = DoRead; g_dev.Check = &DoCheck. A call through
 * a member or variable of that name may run any of them. Read once, when the first such call is
 * met.
 */

typedef struct assigned_row {
    uint32_t name;
    const rm_function *function;
} assigned_row;

RM_LIST(assigned_rows, assigned_row);

struct rm_assigned {
    rm_arena *arena;
    const rm_source_unit *unit;
    bool read;
    rm_names *names;
    assigned_rows rows;
    rm_status status;
};

rm_assigned *rm_assigned_new(rm_arena *arena, const rm_source_unit *unit) {
    rm_assigned *assigned = RM_NEW(arena, rm_assigned);
    if (assigned != NULL) {
        *assigned = (rm_assigned){.arena = arena, .unit = unit, .names = rm_names_new(arena)};
    }
    return assigned == NULL || assigned->names == NULL ? NULL : assigned;
}

static void add(rm_assigned *assigned, rm_str name, const rm_function *function) {
    uint32_t id = rm_names_id(assigned->names, name);
    for (uint32_t i = 0; i < assigned->rows.count; i++) {
        if (assigned->rows.at[i].name == id && assigned->rows.at[i].function == function) {
            return;
        }
    }
    assigned_row *slot = id == RM_NONE ? NULL : rm_push(assigned->arena, &assigned->rows);
    if (slot == NULL) {
        assigned->status = RM_NOMEM;
        return;
    }
    *slot = (assigned_row){.name = id, .function = function};
}

/* Behind the equals sign: casts and & before a function's name; NULL: something else. */
static const rm_function *function_behind(const rm_source_unit *unit, rm_lexer lexer) {
    rm_token t = rm_lex(&lexer);
    while (rm_token_is(t, "(") || rm_token_is(t, "&")) {
        if (rm_token_is(t, "(") && !rm_lex_skip_group(&lexer, NULL)) {
            return NULL;
        }
        t = rm_lex(&lexer);
    }
    rm_token end = rm_lex_peek(&lexer);
    bool whole = rm_token_is(end, ";") || rm_token_is(end, ",") || rm_token_is(end, "}");
    return t.kind == RM_TOKEN_NAME && whole ? rm_unit_function(unit, t.text, NULL) : NULL;
}

static void read_text(rm_assigned *assigned, rm_str text) {
    enum { MOST_ROWS = 4096 };
    rm_lexer lexer = rm_lexer_of(text);
    rm_token before = {.kind = RM_TOKEN_END};
    for (rm_token t = rm_lex(&lexer); t.kind != RM_TOKEN_END; t = rm_lex(&lexer)) {
        if (rm_token_is(t, "=") && before.kind == RM_TOKEN_NAME &&
            assigned->rows.count < MOST_ROWS) {
            const rm_function *f = function_behind(assigned->unit, lexer);
            if (f != NULL) {
                add(assigned, before.text, f);
            }
        }
        before = t;
    }
}

static void read_all(rm_assigned *assigned) {
    assigned->read = true;
    for (uint32_t i = 0; i < assigned->unit->functions.count; i++) {
        const rm_function *f = &assigned->unit->functions.at[i];
        read_text(assigned, rm_str_slice(assigned->unit->files.at[f->file].clean,
                                         ts_node_start_byte(f->body), ts_node_end_byte(f->body)));
    }
}

uint32_t rm_assigned_find(rm_assigned *assigned, rm_str name, const rm_function **out,
                          uint32_t max) {
    uint32_t count = 0;
    uint32_t id = 0;
    if (!assigned->read) {
        read_all(assigned);
    }
    if (name.len == 0 || !rm_names_find(assigned->names, name, &id)) {
        return 0;
    }
    for (uint32_t i = 0; i < assigned->rows.count && count < max; i++) {
        if (assigned->rows.at[i].name == id) {
            out[count++] = assigned->rows.at[i].function;
        }
    }
    return count;
}
