#include "source/opens.h"

#include "base/map.h"
#include "source/acting.h"
#include "source/device_path.h"
#include "source/guid_names.h"
#include "source/lex.h"
#include "source/literals.h"
#include "source/liveness.h"
#include "source/macros.h"
#include "source/values.h"

enum {
    MAX_OPENS = 256, /* of one program; tests of many devices have some dozens */
    MAX_DOORS = 64,
    MAX_SERVICES = 16
};

typedef struct sighting {
    rm_str target;
    uint32_t routine;
    bool acting, perhaps;
    rm_place place;
} sighting;

RM_LIST(sightings, sighting);

typedef struct looking {
    rm_arena *arena;
    const rm_source_set *set;
    const rm_macros *macros;
    rm_guid_names guids;
    rm_acting acting;
    sightings seen;
    rm_program_facts *out;
    uint32_t file;
    bool library; /* the file is a library's */
    rm_code_walk walk;
    rm_token word;        /* two before the walk's token */
    bool class_is_passed; /* a function is given the class: which, its callers say */
    struct named {
        uint32_t file, routine;
        size_t at;
        bool used, acting;
    } * named; /* by GUID: where the program uses its name first */
} looking;

static rm_place place_at(const looking *l, size_t at) {
    const rm_set_file *f = &l->set->files.at[l->file];
    rm_place place = {.file = f->path};
    rm_lex_position(f->text, at, &place.line, &place.column);
    return place;
}

static bool is_perhaps(const looking *l, size_t at) {
    return rm_liveness_at(l->macros, l->file, at) == RM_LIVE_PERHAPS;
}

static bool is_dead(const looking *l, size_t at) {
    return rm_code_is_dead(&l->walk) || rm_liveness_at(l->macros, l->file, at) == RM_DEAD;
}

static rm_status see(looking *l, rm_str target, size_t at) {
    if (target.len == 0 || l->seen.count == MAX_OPENS * 16 || is_dead(l, at)) {
        return RM_OK;
    }
    sighting *slot = rm_push(l->arena, &l->seen);
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = (sighting){target, l->walk.routine, l->walk.acting, is_perhaps(l, at), place_at(l, at)};
    return RM_OK;
}

rm_status rm_found_add_open(rm_arena *arena, rm_program_facts *facts, rm_found_open open) {
    for (uint32_t i = 0; i < facts->opens.count; i++) {
        rm_found_open *known = &facts->opens.at[i];
        if (rm_str_ieq(known->target, open.target)) {
            known->impersonating &= open.impersonating; /* its own token, once at least */
            known->perhaps &= open.perhaps;
            return RM_OK;
        }
    }
    if (facts->opens.count == MAX_OPENS || open.target.len == 0) {
        return RM_OK;
    }
    rm_found_open *slot = rm_push(arena, &facts->opens);
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = open;
    return RM_OK;
}

rm_status rm_found_add_door(rm_arena *arena, rm_found_doors *doors, rm_found_door door) {
    for (uint32_t i = 0; i < doors->count; i++) {
        if (rm_str_ieq(doors->at[i].name, door.name)) {
            doors->at[i].perhaps &= door.perhaps;
            return RM_OK;
        }
    }
    if (doors->count == MAX_DOORS || door.name.len == 0) {
        return RM_OK;
    }
    rm_found_door *slot = rm_push(arena, doors);
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = door;
    return RM_OK;
}

static rm_status add_door(looking *l, rm_found_doors *doors, rm_door_kind kind, rm_str name,
                          size_t at) {
    if (name.len == 0 || is_dead(l, at)) {
        return RM_OK;
    }
    return rm_found_add_door(
        l->arena, doors,
        (rm_found_door){
            .perhaps = is_perhaps(l, at), .kind = kind, .name = name, .place = place_at(l, at)});
}

/* ---- texts ---- */

/* A path, a pipe or a selector in a text anywhere in the program. */
static rm_status look_at_text(looking *l, rm_str expression, size_t at) {
    rm_str text = RM_STR_NONE;
    rm_str found = RM_STR_NONE;
    if (!rm_literal_text(l->arena, expression, &text)) {
        return RM_OK;
    }
    rm_status st = rm_device_path(l->arena, text, &found);
    if (st == RM_OK && found.len == 0) {
        st = rm_selector_class(l->arena, text, &found);
    }
    if (st == RM_OK) {
        st = see(l, found, at);
    }
    if (st == RM_OK) {
        st = rm_pipe_path(l->arena, text, &found);
    }
    return st != RM_OK || found.len == 0 ? st
                                         : add_door(l, &l->out->calls, RM_DOOR_PIPE, found, at);
}

/* ---- arguments ---- */

/* The n-th of the arguments between parentheses, from 0; empty when there are fewer. */
static rm_str argument(rm_str inside, unsigned n) {
    rm_lexer lexer = rm_lexer_of(inside);
    size_t start = 0;
    for (rm_token t = rm_lex(&lexer); t.kind != RM_TOKEN_END; t = rm_lex(&lexer)) {
        if (rm_token_is(t, "(") || rm_token_is(t, "{") || rm_token_is(t, "[")) {
            (void)rm_lex_skip_group(&lexer, NULL);
        } else if (rm_token_is(t, ",")) {
            if (n-- == 0) {
                return rm_str_slice(inside, start, t.at);
            }
            start = lexer.at;
        }
    }
    return n == 0 ? rm_str_slice(inside, start, inside.len) : RM_STR_NONE;
}

static rm_str last_name(rm_str expression) {
    rm_lexer lexer = rm_lexer_of(expression);
    rm_str name = RM_STR_NONE;
    for (rm_token t = rm_lex(&lexer); t.kind != RM_TOKEN_END; t = rm_lex(&lexer)) {
        name = t.kind == RM_TOKEN_NAME ? t.text : name;
    }
    return name;
}

static rm_status expanded_text(looking *l, rm_str expression, size_t at, rm_str *out) {
    rm_expansion expansion = {0};
    rm_str text = RM_STR_NONE;
    rm_status st = rm_macros_expand(l->macros, l->arena, (rm_scope){l->file, (uint32_t)at},
                                    expression, &expansion);
    if (st == RM_OK && rm_literal_text(l->arena, expansion.text, &text)) {
        *out = text;
    }
    return st == RM_LIMIT ? RM_OK : st;
}

/* What stands behind casts: from the first literal on, else the last name. */
static rm_str without_casts(rm_str expression) {
    rm_lexer lexer = rm_lexer_of(expression);
    size_t from = expression.len;
    size_t to = 0;
    for (rm_token t = rm_lex(&lexer); t.kind != RM_TOKEN_END; t = rm_lex(&lexer)) {
        if (t.kind == RM_TOKEN_STRING) {
            from = t.at < from ? t.at : from;
            to = lexer.at;
        }
    }
    return from < to ? rm_str_slice(expression, from, to) : last_name(expression);
}

/* The text that an expression of macros and literals stands for; empty where it is none. */
static rm_status text_of(looking *l, rm_str expression, size_t at, rm_str *out) {
    *out = RM_STR_NONE;
    rm_status st = expanded_text(l, expression, at, out);
    return st == RM_OK && out->len == 0 ? expanded_text(l, without_casts(expression), at, out) : st;
}

static rm_status look_at_path(looking *l, rm_str expression, size_t at) {
    rm_expansion expansion = {0};
    rm_status st = rm_macros_expand(l->macros, l->arena, (rm_scope){l->file, (uint32_t)at},
                                    expression, &expansion);
    if (st == RM_LIMIT) {
        return RM_OK;
    }
    return st == RM_OK ? look_at_text(l, expansion.text, at) : st;
}

static rm_status look_at_class(looking *l, rm_str expression, size_t at) {
    rm_str name = last_name(expression);
    rm_str guid = RM_STR_NONE;
    bool known = false;
    rm_status st = rm_guid_names_get(&l->guids, l->arena, name, &guid, &known);
    l->class_is_passed = l->class_is_passed || !known;
    return st == RM_OK ? see(l, guid, at) : st;
}

/* ---- doors ---- */

static rm_status serve(looking *l, rm_door_kind kind, rm_str name, size_t at) {
    return add_door(l, &l->out->serves, kind, name, at);
}

static rm_status serve_pipe(looking *l, rm_str asked, size_t at) {
    rm_str text = RM_STR_NONE;
    rm_str pipe = RM_STR_NONE;
    rm_status st = text_of(l, asked, at, &text);
    if (st == RM_OK) {
        st = rm_pipe_path(l->arena, text, &pipe);
    }
    return st == RM_OK ? serve(l, RM_DOOR_PIPE, pipe, at) : st;
}

/* ncalrpc:[endpoint], of two arguments. */
static rm_status look_at_endpoint(looking *l, rm_str inside, unsigned protocol, unsigned endpoint,
                                  rm_found_doors *doors, size_t at) {
    rm_str sequence = RM_STR_NONE;
    rm_str name = RM_STR_NONE;
    rm_str binding = RM_STR_NONE;
    rm_status st = text_of(l, argument(inside, protocol), at, &sequence);
    if (st == RM_OK) {
        st = text_of(l, argument(inside, endpoint), at, &name);
    }
    if (st != RM_OK || sequence.len == 0 || name.len == 0) {
        return st;
    }
    st = rm_str_printf(l->arena, &binding, "%.*s:[%.*s]", RM_STR_ARG(sequence), RM_STR_ARG(name));
    return st == RM_OK ? add_door(l, doors, RM_DOOR_RPC, binding, at) : st;
}

/* lamp_v1_0 of lamp_v1_0_s_ifspec, as the compiler of interfaces names it. */
static rm_str interface_of(rm_str name, const char *side) {
    rm_str ending = rm_str_from(side);
    return rm_str_iends(name, ending) ? rm_str_slice(name, 0, name.len - ending.len) : RM_STR_NONE;
}

static rm_status look_at_server(looking *l, rm_str expression, rm_found_doors *doors, size_t at) {
    rm_str guid = RM_STR_NONE;
    bool known = false;
    rm_status st = rm_guid_names_get(&l->guids, l->arena, last_name(expression), &guid, &known);
    return st == RM_OK ? add_door(l, doors, RM_DOOR_RPC, guid, at) : st;
}

/* ---- services ---- */

static rm_status add_service_name(looking *l, rm_str expression, size_t at) {
    rm_str name = RM_STR_NONE;
    rm_status st = text_of(l, expression, at, &name);
    if (st != RM_OK || name.len == 0 || l->out->services.count == MAX_SERVICES) {
        return st;
    }
    rm_str *slot = rm_push(l->arena, &l->out->services);
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = name;
    return RM_OK;
}

/* SERVICE_TABLE_ENTRY table[] = {{NAME, routine}, …, {NULL, NULL}}; */
static rm_status look_at_table(looking *l) {
    rm_lexer lexer = l->walk.lexer;
    rm_status st = RM_OK;
    rm_str row = RM_STR_NONE;
    rm_str all = RM_STR_NONE;
    rm_token t = rm_lex(&lexer);
    while (t.kind == RM_TOKEN_NAME || rm_token_is(t, "[") || rm_token_is(t, "]") ||
           rm_token_is(t, "=") || rm_token_is(t, "const") || t.kind == RM_TOKEN_NUMBER) {
        t = rm_lex(&lexer);
    }
    if (!rm_token_is(t, "{") || !rm_lex_skip_group(&lexer, &all)) {
        return RM_OK;
    }
    rm_lexer rows = rm_lexer_of(all);
    for (t = rm_lex(&rows); st == RM_OK && t.kind != RM_TOKEN_END; t = rm_lex(&rows)) {
        if (rm_token_is(t, "{") && rm_lex_skip_group(&rows, &row)) {
            st = add_service_name(l, rm_str_trim(argument(row, 0)), l->walk.now.at);
        }
    }
    return st;
}

/* CreateService(manager, name, …, type 4, …, account 11): of a driver's service nothing. */
static rm_status look_at_install(looking *l, rm_str inside, size_t at) {
    size_t found = 0;
    rm_str type = argument(inside, 4);
    if (rm_str_find(type, RM_STR("KERNEL"), &found) ||
        rm_str_find(type, RM_STR("FILE_SYSTEM"), &found)) {
        return RM_OK;
    }
    l->out->installs = true;
    return text_of(l, rm_str_trim(argument(inside, 11)), at, &l->out->account);
}

/* ---- calls ---- */

typedef enum call_kind {
    CALL_OPEN,      /* an argument is a path */
    CALL_CLASS,     /* an argument is an interface class */
    CALL_PORT,      /* an argument is a minifilter's port */
    CALL_DUPLICATE, /* a handle, into the process of the third argument */
    CALL_PIPE_SERVER,
    CALL_RPC_SERVER, /* protocol sequence, and the endpoint two behind it */
    CALL_RPC_CLIENT,
    CALL_INTERFACE, /* of RPC, by its specification */
    CALL_COM_SERVER,
    CALL_COM_CLIENT,
    CALL_DISPATCHER, /* of the service control manager */
    CALL_INSTALL
} call_kind;

static const struct {
    const char *name; /* A and W of it alike */
    call_kind kind;
    unsigned argument;
} calls[] = {
    {"CreateFile", CALL_OPEN, 0},
    {"CreateFile2", CALL_OPEN, 0},
    {"CreateFileTransacted", CALL_OPEN, 0},
    {"CreateFile2FromAppW", CALL_OPEN, 0},
    {"CreateFileFromAppW", CALL_OPEN, 0},
    {"CM_Get_Device_Interface_List", CALL_CLASS, 0},
    {"CM_Get_Device_Interface_List_Size", CALL_CLASS, 0},
    {"CM_Get_Device_Interface_List_Ex", CALL_CLASS, 0},
    {"SetupDiGetClassDevs", CALL_CLASS, 0},
    {"SetupDiGetClassDevsEx", CALL_CLASS, 0},
    {"SetupDiEnumDeviceInterfaces", CALL_CLASS, 2},
    {"GetDeviceSelector", CALL_CLASS, 0},
    {"FilterConnectCommunicationPort", CALL_PORT, 0},
    {"DuplicateHandle", CALL_DUPLICATE, 2},
    {"CreateNamedPipe", CALL_PIPE_SERVER, 0},
    {"CallNamedPipe", CALL_OPEN, 0},
    {"WaitNamedPipe", CALL_OPEN, 0},
    {"RpcServerUseProtseqEp", CALL_RPC_SERVER, 0},
    {"RpcServerUseProtseqEpEx", CALL_RPC_SERVER, 0},
    {"RpcServerRegisterIf", CALL_INTERFACE, 0},
    {"RpcServerRegisterIf2", CALL_INTERFACE, 0},
    {"RpcServerRegisterIf3", CALL_INTERFACE, 0},
    {"RpcServerRegisterIfEx", CALL_INTERFACE, 0},
    {"RpcStringBindingCompose", CALL_RPC_CLIENT, 1},
    {"CoRegisterClassObject", CALL_COM_SERVER, 0},
    {"CoCreateInstance", CALL_COM_CLIENT, 0},
    {"CoCreateInstanceEx", CALL_COM_CLIENT, 0},
    {"CoGetClassObject", CALL_COM_CLIENT, 0},
    {"StartServiceCtrlDispatcher", CALL_DISPATCHER, 0},
    {"CreateService", CALL_INSTALL, 1},
};

enum { CALLS = sizeof calls / sizeof calls[0] };

static size_t call_of(rm_str name) {
    rm_str stem = name;
    bool lettered =
        name.len > 1 && (name.ptr[name.len - 1] == 'A' || name.ptr[name.len - 1] == 'W');
    stem.len -= lettered;
    for (size_t i = 0; i < CALLS; i++) {
        rm_str call = rm_str_from(calls[i].name);
        if (rm_str_eq(name, call) || (lettered && rm_str_eq(stem, call))) {
            return i;
        }
    }
    return CALLS;
}

/* A helper for services in a library serves programs that are none, too. */
static void note_service(looking *l, size_t at) {
    if (!l->library) {
        l->out->is_service = true;
        l->out->service_at = place_at(l, at);
    }
}

static void note_handover(looking *l, rm_str process, size_t at) {
    if (process.len > 0 && !rm_str_eq(last_name(process), RM_STR("GetCurrentProcess")) &&
        !l->out->hands_over) {
        l->out->hands_over = true;
        l->out->hands_over_at = place_at(l, at);
    }
}

static rm_status look_at_port(looking *l, rm_str expression, size_t at) {
    rm_str name = RM_STR_NONE;
    rm_status st = text_of(l, expression, at, &name);
    return st == RM_OK && rm_str_starts(name, RM_STR("\\")) ? see(l, name, at) : st;
}

static rm_status look_at_call(looking *l, size_t call, rm_str inside, size_t at) {
    unsigned n = calls[call].argument;
    rm_str asked = rm_str_trim(argument(inside, n));
    switch (calls[call].kind) {
    case CALL_OPEN: return look_at_path(l, asked, at);
    case CALL_CLASS: return look_at_class(l, asked, at);
    case CALL_PORT: return look_at_port(l, asked, at);
    case CALL_DUPLICATE: note_handover(l, asked, at); return RM_OK;
    case CALL_PIPE_SERVER: return serve_pipe(l, asked, at);
    case CALL_RPC_SERVER: return look_at_endpoint(l, inside, n, n + 2, &l->out->serves, at);
    case CALL_RPC_CLIENT: return look_at_endpoint(l, inside, n, n + 2, &l->out->calls, at);
    case CALL_INTERFACE:
        return serve(l, RM_DOOR_RPC, interface_of(last_name(asked), "_s_ifspec"), at);
    case CALL_COM_SERVER: return look_at_server(l, asked, &l->out->serves, at);
    case CALL_COM_CLIENT: return look_at_server(l, asked, &l->out->calls, at);
    case CALL_DISPATCHER: note_service(l, at); return RM_OK;
    case CALL_INSTALL: return l->library ? RM_OK : look_at_install(l, inside, at);
    }
    return RM_OK;
}

/* ---- a file ---- */

/* DEFINE_GUID(NAME, or GUID NAME = */
static bool is_definition(const looking *l) {
    return (rm_token_is(l->walk.before, "(") &&
            rm_str_istarts(l->word.text, RM_STR("DEFINE_GUID"))) ||
           rm_guid_names_is_type(l->walk.before.text);
}

/* A name of the program's own that tells by itself. */
static rm_status look_at_name(looking *l) {
    const rm_token *t = &l->walk.now;
    uint32_t guid = 0;
    if (rm_str_starts(t->text, RM_STR("SERVICE_TABLE_ENTRY"))) {
        return is_dead(l, t->at) ? RM_OK : look_at_table(l);
    }
    rm_str interface = interface_of(t->text, "_c_ifspec");
    if (interface.len > 0) {
        return add_door(l, &l->out->calls, RM_DOOR_RPC, interface, t->at);
    }
    if (rm_guid_names_find(&l->guids, t->text, &guid) && !is_definition(l) &&
        !l->named[guid].used && !is_dead(l, t->at)) {
        l->named[guid] = (struct named){l->file, l->walk.routine, t->at, true, l->walk.acting};
    }
    return RM_OK;
}

static rm_status look_at_token(looking *l) {
    const rm_token *t = &l->walk.now;
    size_t call = t->kind == RM_TOKEN_NAME ? call_of(t->text) : CALLS;
    if (t->kind == RM_TOKEN_STRING) {
        return look_at_text(l, t->text, t->at);
    }
    if (call < CALLS && rm_code_is_call(&l->walk) && !is_dead(l, t->at)) {
        rm_lexer inner = l->walk.lexer; /* the arguments are looked at once more, as text */
        rm_str inside = RM_STR_NONE;
        (void)rm_lex(&inner);
        return rm_lex_skip_group(&inner, &inside) ? look_at_call(l, call, inside, t->at) : RM_OK;
    }
    return t->kind == RM_TOKEN_NAME ? look_at_name(l) : RM_OK;
}

static rm_status look_at_file(looking *l) {
    rm_status st = RM_OK;
    l->walk = rm_code_walk_of(&l->acting, l->set->files.at[l->file].text);
    l->word = (rm_token){0};
    for (rm_token before = {0}; st == RM_OK && rm_code_next(&l->walk);) {
        l->word = before;
        before = l->walk.before;
        st = look_at_token(l);
    }
    return st;
}

/* A helper was given the class as an argument: each that the program names is one it may mean. */
static rm_status add_named(looking *l) {
    rm_status st = RM_OK;
    for (uint32_t g = 0; l->class_is_passed && g < l->guids.texts.count && st == RM_OK; g++) {
        rm_str guid = RM_STR_NONE;
        if (l->named[g].used) {
            l->file = l->named[g].file;
            l->walk.routine = l->named[g].routine;
            l->walk.acting = l->named[g].acting;
            st = rm_guid_names_text(&l->guids, l->arena, g, &guid);
        }
        if (st == RM_OK && guid.len > 0) {
            st = see(l, guid, l->named[g].at);
        }
    }
    return st;
}

/* ---- the program ---- */

/* What a build for Windows defines beside what the project tells. */
static rm_status give(looking *l, rm_macros *macros, rm_str defines) {
    rm_str all = RM_STR_NONE;
    rm_status st =
        rm_str_printf(l->arena, &all, "%.*s;WIN32;_WINDOWS;UNICODE;_UNICODE", RM_STR_ARG(defines));
    macros->user_mode = true;
    return st == RM_OK ? rm_macros_give(macros, all) : st;
}

static rm_status prepare(looking *l, const rm_program_sources *in) {
    const uint32_t *files = in->files;
    const uint32_t count = in->count;
    rm_file_bits bits;
    rm_macros *macros = NULL;
    rm_status st = rm_bits_new(l->arena, l->set->files.count, &bits);
    for (uint32_t i = 0; st == RM_OK && i < count; i++) {
        rm_set_closure(l->set, files[i], &bits);
    }
    if (st == RM_OK) {
        st = rm_macros_new(l->arena, l->set, bits, &macros);
    }
    if (st == RM_OK) {
        st = give(l, macros, in->defines);
    }
    l->macros = macros;
    if (st == RM_OK) {
        st = rm_guid_names_collect(l->arena, l->set, &bits, &l->guids);
    }
    if (st == RM_OK) {
        st = rm_acting_of(l->arena, l->set, files, count, &l->acting);
    }
    if (st == RM_OK) {
        l->named = RM_NEW_ARRAY(l->arena, struct named, (size_t)l->guids.texts.count + 1);
        st = l->named == NULL ? RM_NOMEM : RM_OK;
    }
    return st;
}

rm_status rm_source_opens(rm_arena *arena, const rm_program_sources *sources,
                          rm_program_facts *out) {
    looking l = {.arena = arena, .set = sources->set, .out = out};
    *out = (rm_program_facts){0};
    rm_status st = prepare(&l, sources);
    for (uint32_t i = 0; st == RM_OK && i < sources->count; i++) {
        l.file = sources->files[i];
        l.library = i >= sources->own;
        st = look_at_file(&l);
    }
    if (st == RM_OK) {
        l.walk.dead_until = 0;
        st = add_named(&l);
    }
    for (uint32_t i = 0; st == RM_OK && i < l.seen.count; i++) {
        const sighting *s = &l.seen.at[i];
        rm_found_open open = {.target = s->target,
                              .impersonating = rm_acting_is(&l.acting, s->routine, s->acting),
                              .perhaps = s->perhaps,
                              .place = s->place};
        st = rm_found_add_open(arena, out, open);
    }
    return st;
}
