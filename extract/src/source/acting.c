#include "source/acting.h"

#include "source/liveness.h"

enum {
    MAX_ROUTINES = 1 << 16,
    MAX_CALLS = 1 << 18,
    MAX_ROUNDS = 16,       /* of routines that call routines */
    MAX_BEHIND = 64,       /* tokens between a routine's arguments and its body */
    MAX_INITIALISERS = 256 /* of a constructor */
};

/* ---- calls of Windows ---- */

typedef enum stance { KEEPS, BEGINS, ENDS } stance;

static stance stance_of(rm_str name) {
    static const struct {
        const char *name;
        stance is;
    } calls[] = {
        {"ImpersonateNamedPipeClient", BEGINS},
        {"RpcImpersonateClient", BEGINS},
        {"RpcImpersonateClient2", BEGINS},
        {"RpcImpersonateClientContainer", BEGINS},
        {"CoImpersonateClient", BEGINS},
        {"ImpersonateClient", BEGINS},
        {"ImpersonateLoggedOnUser", BEGINS},
        {"ImpersonateSecurityContext", BEGINS},
        {"impersonate_token", BEGINS}, /* wil's, which reverts at the end of its block */
        {"RevertToSelf", ENDS},
        {"RpcRevertToSelf", ENDS},
        {"RpcRevertToSelfEx", ENDS},
        {"RpcRevertContainerImpersonation", ENDS},
        {"CoRevertToSelf", ENDS},
        {"RevertSecurityContext", ENDS},
    };
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        if (rm_str_eq(name, rm_str_from(calls[i].name))) {
            return calls[i].is;
        }
    }
    return KEEPS;
}

/* ---- where routines begin ---- */

static bool is_statement(rm_str name) {
    static const char *const words[] = {"if", "while", "for", "switch", "catch", "return"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (rm_str_eq(name, rm_str_from(words[i]))) {
            return true;
        }
    }
    return false;
}

/* Behind a ':' of a constructor: members with what they are made of; at the '{' afterwards. */
static bool skip_initialisers(rm_lexer *lexer) {
    for (unsigned i = 0; i < MAX_INITIALISERS; i++) {
        rm_token t = rm_lex(lexer);
        while (t.kind == RM_TOKEN_NAME || rm_token_is(t, "::")) {
            t = rm_lex(lexer);
        }
        if ((!rm_token_is(t, "(") && !rm_token_is(t, "{")) || !rm_lex_skip_group(lexer, NULL)) {
            return false;
        }
        if (!rm_token_is(rm_lex_peek(lexer), ",")) {
            return rm_token_is(rm_lex_peek(lexer), "{");
        }
        (void)rm_lex(lexer);
    }
    return false;
}

/* Where the body of the routine begins whose name was just read; 0: it is none, or declared. */
static size_t body_of(rm_lexer lexer) {
    (void)rm_lex(&lexer);
    if (!rm_lex_skip_group(&lexer, NULL)) {
        return 0;
    }
    for (unsigned i = 0; i < MAX_BEHIND; i++) {
        rm_token t = rm_lex(&lexer);
        if (rm_token_is(t, "{")) {
            return t.at;
        }
        if (rm_token_is(t, ":")) {
            return skip_initialisers(&lexer) ? rm_lex_peek(&lexer).at : 0;
        }
        bool passed = t.kind == RM_TOKEN_NAME || rm_token_is(t, "->") || rm_token_is(t, "::") ||
                      rm_token_is(t, "*") || rm_token_is(t, "&");
        if (rm_token_is(t, "(")) {
            passed = rm_lex_skip_group(&lexer, NULL); /* noexcept(…), an annotation */
        }
        if (!passed) {
            return 0;
        }
    }
    return 0;
}

static uint32_t routine_named(const rm_acting *program, rm_str name) {
    uint32_t index = RM_NONE;
    return program != NULL && rm_map_get(&program->names, name, &index) ? index : RM_NONE;
}

/* ---- going through a file ---- */

rm_code_walk rm_code_walk_of(const rm_acting *program, rm_str text) {
    return (rm_code_walk){
        .program = program, .lexer = rm_lexer_of(text), .routine = RM_NONE, .body_at = SIZE_MAX};
}

bool rm_code_is_call(const rm_code_walk *walk) {
    return walk->now.kind == RM_TOKEN_NAME && rm_token_is(rm_lex_peek(&walk->lexer), "(");
}

/* `kept`: by an object that reverts at the end of its block. */
static void begin(rm_code_walk *w, bool kept) {
    if (!w->acting) {
        w->acting = true;
        w->acting_depth = w->depth;
        w->kept = kept;
    }
    w->stopped = false;
}

static void end(rm_code_walk *w) {
    if (w->acting && w->depth > w->acting_depth) {
        w->stopped = true;
        w->stopped_depth = w->depth;
        w->leaving = false;
    }
    w->acting = false;
}

static void close_block(rm_code_walk *w) {
    w->depth -= w->depth > 0;
    if (w->stopped && w->depth < w->stopped_depth) {
        w->acting = w->leaving; /* the way that goes on past the block was not reverted */
        w->stopped = false;
    }
    if (w->acting && w->depth < w->acting_depth) {
        w->acting = false;
    }
    if (w->routine != RM_NONE && w->depth <= w->routine_depth) {
        w->routine = RM_NONE;
        w->acting = w->stopped = false;
    }
}

static bool is_leaving(rm_token t) {
    static const char *const words[] = {"return",   "goto",  "break",
                                        "continue", "throw", "co_return"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (rm_token_is(t, words[i])) {
            return true;
        }
    }
    return false;
}

/* A name: a call of Windows or of the program, or an object whose constructor is such a call. */
static void look_at_name(rm_code_walk *w) {
    bool call = rm_code_is_call(w);
    stance is = call ? stance_of(w->now.text) : KEEPS;
    uint32_t routine = is == KEEPS ? routine_named(w->program, w->now.text) : RM_NONE;
    rm_token next = rm_lex_peek(&w->lexer);
    bool object = next.kind == RM_TOKEN_NAME || rm_token_is(next, "{");
    if (routine != RM_NONE && w->routine != RM_NONE && routine != w->routine && (call || object)) {
        const rm_routine *r = &w->program->routines.at[routine];
        is = r->begins ? BEGINS : r->ends && call ? ENDS : KEEPS;
    }
    if (is == BEGINS) {
        begin(w, !call || rm_token_is(w->before, "::"));
    } else if (is == ENDS) {
        end(w);
    }
    w->leaving = w->leaving || (w->stopped && is_leaving(w->now));
}

/* Outside of routines: is this the head of one? */
static void look_for_routine(rm_code_walk *w) {
    if (w->routine != RM_NONE || w->brackets > 0 || !rm_code_is_call(w) ||
        is_statement(w->now.text)) {
        return;
    }
    size_t body = body_of(w->lexer);
    if (body > 0) {
        w->body_at = body;
        w->next_name = rm_token_is(w->before, "~") ? RM_STR_NONE : w->now.text;
    }
}

static void look_for_dead_code(rm_code_walk *w) {
    if (rm_token_is(w->now, "if") || rm_token_is(w->now, "while")) {
        size_t end = rm_dead_statement(w->lexer);
        w->dead_until = end > w->dead_until ? end : w->dead_until;
    }
}

bool rm_code_is_dead(const rm_code_walk *walk) {
    return walk->now.at < walk->dead_until;
}

static void open_block(rm_code_walk *w) {
    if (w->now.at == w->body_at) {
        w->routine = routine_named(w->program, w->next_name);
        w->routine_depth = w->depth;
        w->acting = w->stopped = false;
    }
    w->depth++;
}

bool rm_code_next(rm_code_walk *w) {
    w->before = w->now;
    w->now = rm_lex(&w->lexer);
    if (rm_token_is(w->now, "{")) {
        open_block(w);
    } else if (rm_token_is(w->now, "}")) {
        close_block(w);
    } else if (rm_token_is(w->now, "(")) {
        w->brackets += w->routine == RM_NONE;
    } else if (rm_token_is(w->now, ")")) {
        w->brackets -= w->routine == RM_NONE && w->brackets > 0;
    } else if (w->now.kind == RM_TOKEN_NAME) {
        look_for_routine(w);
        look_for_dead_code(w);
        look_at_name(w);
    }
    return w->now.kind != RM_TOKEN_END;
}

/* ---- the routines of a program ---- */

typedef struct finding {
    rm_acting *out;
    const rm_source_set *set;
    bool begins; /* somewhere: else nobody ever acts for another */
} finding;

static rm_status add_routine(finding *f, rm_str name) {
    uint32_t *index = NULL;
    bool is_new = false;
    if (name.len == 0 || f->out->routines.count == MAX_ROUTINES) {
        return RM_OK;
    }
    rm_status st = rm_map_at(&f->out->names, name, &index, &is_new);
    if (st != RM_OK || !is_new) {
        return st;
    }
    *index = f->out->routines.count;
    rm_routine *slot = rm_push(f->out->arena, &f->out->routines);
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = (rm_routine){.name = name};
    return RM_OK;
}

static rm_status find_names(finding *f, rm_str text) {
    rm_code_walk w = rm_code_walk_of(NULL, text);
    rm_status st = RM_OK;
    while (st == RM_OK && rm_code_next(&w)) {
        if (rm_token_is(w.now, "{") && w.now.at == w.body_at) {
            st = add_routine(f, w.next_name);
        }
        f->begins = f->begins || (rm_code_is_call(&w) && stance_of(w.now.text) == BEGINS);
    }
    return st;
}

/* What a routine leaves behind for whoever calls it. */
static rm_status find_stances(finding *f, rm_str text) {
    rm_code_walk w = rm_code_walk_of(f->out, text);
    uint32_t in = RM_NONE;
    bool acting = false;
    while (rm_code_next(&w)) {
        if (in != RM_NONE && w.routine != in) {
            f->out->routines.at[in].begins |= acting;
        }
        bool ends = rm_code_is_call(&w) && stance_of(w.now.text) == ENDS;
        if (w.routine != RM_NONE && ends && !acting) {
            f->out->routines.at[w.routine].ends = true;
        }
        in = w.routine;
        acting = w.acting && !w.kept;
    }
    return RM_OK;
}

static rm_status find_calls(finding *f, rm_str text) {
    rm_code_walk w = rm_code_walk_of(f->out, text);
    while (rm_code_next(&w)) {
        uint32_t to = w.now.kind == RM_TOKEN_NAME ? routine_named(f->out, w.now.text) : RM_NONE;
        if (to == RM_NONE || to == w.routine) {
            continue;
        }
        bool call = rm_code_is_call(&w);
        f->out->routines.at[to].mentioned |= !call;
        if (!call || w.routine == RM_NONE) {
            continue; /* outside of routines: a declaration */
        }
        rm_routine_call *slot =
            f->out->calls.count == MAX_CALLS ? NULL : rm_push(f->out->arena, &f->out->calls);
        if (slot == NULL) {
            return f->out->calls.count == MAX_CALLS ? RM_OK : RM_NOMEM;
        }
        *slot = (rm_routine_call){.from = w.routine, .to = to, .acting = w.acting};
        f->out->routines.at[to].called = true;
    }
    return RM_OK;
}

/* A routine acts for the caller when each of its calls does: from what is sure to what follows. */
static rm_status settle(rm_acting *p) {
    bool *own = RM_NEW_ARRAY(p->arena, bool, (size_t)p->routines.count + 1);
    if (own == NULL) {
        return RM_NOMEM;
    }
    bool changed = p->calls.count < MAX_CALLS; /* all of them are known */
    for (unsigned round = 0; changed && round < MAX_ROUNDS; round++) {
        changed = false;
        for (uint32_t i = 0; i < p->routines.count; i++) {
            own[i] = !p->routines.at[i].called || p->routines.at[i].mentioned;
        }
        for (uint32_t i = 0; i < p->calls.count; i++) {
            const rm_routine_call *c = &p->calls.at[i];
            own[c->to] = own[c->to] || !rm_acting_is(p, c->from, c->acting);
        }
        for (uint32_t i = 0; i < p->routines.count; i++) {
            changed = changed || (!own[i] && !p->routines.at[i].as_caller);
            p->routines.at[i].as_caller = !own[i];
        }
    }
    return RM_OK;
}

rm_status rm_acting_of(rm_arena *arena, const rm_source_set *set, const uint32_t *files,
                       uint32_t count, rm_acting *out) {
    static rm_status (*const passes[])(finding *, rm_str) = {find_names, find_stances, find_calls};
    finding f = {.out = out, .set = set};
    *out = (rm_acting){.arena = arena, .names = {.arena = arena}};
    rm_status st = RM_OK;
    for (size_t pass = 0; pass < sizeof passes / sizeof passes[0]; pass++) {
        for (uint32_t i = 0; st == RM_OK && i < count && (pass == 0 || f.begins); i++) {
            st = passes[pass](&f, set->files.at[files[i]].text);
        }
    }
    return st == RM_OK && f.begins ? settle(out) : st;
}

bool rm_acting_is(const rm_acting *program, uint32_t routine, bool acting) {
    return acting || (routine < program->routines.count && program->routines.at[routine].as_caller);
}
