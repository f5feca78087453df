#include "source/flow/reach.h"

#include <string.h>

#include "source/lex.h"

enum { MOST_FUNCTIONS = 4096, MOST_HITS = 64 };

RM_LIST(ids, uint32_t);

/* What one function names: read once. */
typedef struct named {
    bool read;
    ids functions;
    rm_reached_list routines;
} named;

struct rm_reach {
    rm_arena *arena;
    const rm_source_unit *unit;
    rm_driver_kind kind;
    named *by_function;
    bool *seen;
    ids todo;
    rm_reached_list found;
    rm_status status;
};

rm_reach *rm_reach_new(rm_arena *arena, const rm_source_unit *unit, rm_driver_kind kind) {
    rm_reach *reach = RM_NEW(arena, rm_reach);
    size_t count = (size_t)unit->functions.count + 1;
    if (reach == NULL) {
        return NULL;
    }
    *reach = (rm_reach){.arena = arena,
                        .kind = kind,
                        .unit = unit,
                        .by_function = RM_NEW_ARRAY(arena, named, count),
                        .seen = RM_NEW_ARRAY(arena, bool, count)};
    return reach->by_function == NULL || reach->seen == NULL ? NULL : reach;
}

void rm_reach_start(rm_reach *reach) {
    memset(reach->seen, 0, reach->unit->functions.count * sizeof *reach->seen);
    reach->todo.count = 0;
    reach->found.count = 0;
}

static void add_id(rm_reach *reach, ids *list, uint32_t id) {
    uint32_t *slot = rm_push(reach->arena, list);
    if (slot == NULL) {
        reach->status = RM_NOMEM;
        return;
    }
    *slot = id;
}

void rm_reach_from_function(rm_reach *reach, uint32_t function) {
    if (function < reach->unit->functions.count && !reach->seen[function] &&
        reach->todo.count < MOST_FUNCTIONS) {
        reach->seen[function] = true;
        add_id(reach, &reach->todo, function);
    }
}

/* The first function of a name; the others follow in its chain. */
static uint32_t first_named(const rm_source_unit *unit, rm_str name) {
    return unit->by_name == NULL ? RM_NONE : unit->by_name[rm_str_hash(name) & unit->name_mask];
}

void rm_reach_from_name(rm_reach *reach, rm_str name) {
    const rm_source_unit *unit = reach->unit;
    for (uint32_t i = first_named(unit, name); i != RM_NONE; i = unit->next_of_name[i]) {
        if (rm_str_eq(unit->functions.at[i].name, name)) {
            rm_reach_from_function(reach, i);
        }
    }
}

static void add_routine(rm_reach *reach, rm_reached_list *list, const rm_reached *r) {
    for (uint32_t i = 0; i < list->count; i++) {
        if (list->at[i].api == r->api) {
            return;
        }
    }
    rm_reached *slot = list->count < MOST_HITS ? rm_push(reach->arena, list) : NULL;
    if (slot != NULL) {
        *slot = *r;
    } else if (list->count < MOST_HITS) {
        reach->status = RM_NOMEM;
    }
}

static rm_span span_of(const rm_reach *reach, uint32_t file, size_t at, size_t length) {
    rm_span span = {.file = file, .start = (uint32_t)at, .end = (uint32_t)(at + length)};
    rm_lex_position(reach->unit->files.at[file].text, at, &span.line, &span.column);
    return span;
}

static bool is_function(const rm_source_unit *unit, rm_str name) {
    uint32_t i = first_named(unit, name);
    while (i != RM_NONE && !rm_str_eq(unit->functions.at[i].name, name)) {
        i = unit->next_of_name[i];
    }
    return i != RM_NONE;
}

/* Functions that are named, called or not: an address that is handed on is called by somebody. */
static void read_text(rm_reach *reach, rm_span span, const rm_function *in, named *out) {
    const rm_source_unit *unit = reach->unit;
    rm_lexer lexer =
        rm_lexer_of(rm_str_slice(unit->files.at[span.file].clean, span.start, span.end));
    for (rm_token t = rm_lex(&lexer); t.kind != RM_TOKEN_END; t = rm_lex(&lexer)) {
        if (t.kind != RM_TOKEN_NAME) {
            continue;
        }
        const rm_api *api = rm_token_is(rm_lex_peek(&lexer), "(") ? rm_api_find(t.text) : NULL;
        if (api == NULL && rm_token_is(rm_lex_peek(&lexer), "(")) {
            bool own = is_function(unit, t.text);
            api = own ? rm_named_own(reach->kind, t.text) : rm_named_wrapper(t.text);
        }
        if (api != NULL) {
            rm_reached r = {.api = api, .function = in};
            r.span = span_of(reach, span.file, span.start + t.at, t.text.len);
            add_routine(reach, &out->routines, &r);
        }
        for (uint32_t i = first_named(unit, t.text); i != RM_NONE; i = unit->next_of_name[i]) {
            if (rm_str_eq(unit->functions.at[i].name, t.text)) {
                add_id(reach, &out->functions, i);
            }
        }
    }
}

static void read_function(rm_reach *reach, uint32_t index) {
    const rm_function *f = &reach->unit->functions.at[index];
    rm_span body = {
        .file = f->file, .start = ts_node_start_byte(f->body), .end = ts_node_end_byte(f->body)};
    reach->by_function[index].read = true;
    read_text(reach, body, f, &reach->by_function[index]);
}

/* What was named there is reached. */
static void follow(rm_reach *reach, const named *n) {
    for (uint32_t k = 0; k < n->functions.count; k++) {
        rm_reach_from_function(reach, n->functions.at[k]);
    }
    for (uint32_t k = 0; k < n->routines.count; k++) {
        add_routine(reach, &reach->found, &n->routines.at[k]);
    }
}

void rm_reach_from_span(rm_reach *reach, rm_span span, const rm_function *in) {
    named here = {0};
    if (span.file < reach->unit->files.count) {
        read_text(reach, span, in, &here);
        follow(reach, &here);
    }
}

rm_status rm_reach_end(rm_reach *reach, rm_reached_list *out) {
    for (uint32_t i = 0; i < reach->todo.count && reach->status == RM_OK; i++) {
        named *n = &reach->by_function[reach->todo.at[i]];
        if (!n->read) {
            read_function(reach, reach->todo.at[i]);
        }
        follow(reach, n);
    }
    *out = reach->found;
    return reach->status;
}
