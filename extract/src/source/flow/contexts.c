#include "source/flow/contexts.h"

#include "source/lex.h"

struct rm_contexts {
    const rm_source_unit *unit;
    rm_names *names;
    bool read;
};

rm_contexts *rm_contexts_new(rm_arena *arena, const rm_source_unit *unit) {
    rm_contexts *contexts = RM_NEW(arena, rm_contexts);
    if (contexts != NULL) {
        *contexts = (rm_contexts){.unit = unit, .names = rm_names_new(arena)};
    }
    return contexts == NULL || contexts->names == NULL ? NULL : contexts;
}

/* The second argument of WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(TYPE, Name). */
static void add_declared(rm_contexts *contexts, rm_str behind) {
    rm_lexer lexer = rm_lexer_of(behind);
    rm_token t = rm_lex(&lexer);
    if (!rm_token_is(t, "(") || rm_lex(&lexer).kind != RM_TOKEN_NAME ||
        !rm_token_is(rm_lex(&lexer), ",")) {
        return;
    }
    t = rm_lex(&lexer);
    if (t.kind == RM_TOKEN_NAME) {
        (void)rm_names_id(contexts->names, t.text); /* short of memory: one name less */
    }
}

static void read_text(rm_contexts *contexts, rm_str text) {
    static const char declares[] = "WDF_DECLARE_CONTEXT_TYPE_WITH_NAME";
    size_t at = 0;
    while (rm_str_find(text, rm_str_from(declares), &at)) {
        text = rm_str_slice(text, at + sizeof declares - 1, text.len);
        add_declared(contexts, text);
    }
}

bool rm_contexts_gives(rm_contexts *contexts, rm_str name) {
    uint32_t id = 0;
    if (rm_str_starts(name, RM_STR("WdfObjectGet_"))) {
        return true;
    }
    for (uint32_t i = 0; !contexts->read && i < contexts->unit->files.count; i++) {
        read_text(contexts, contexts->unit->files.at[i].text);
    }
    contexts->read = true;
    return rm_names_find(contexts->names, name, &id);
}
