#include "base/map.h"
#include "source/csharp_lex.h"
#include "source/device_path.h"
#include "source/lex.h"
#include "source/opens.h"
#include "source/values.h"

/*
 * What C# sources open: texts and constants made of texts, GUIDs with names, and the calls that
 * take them, whether of the framework or imported from Windows' libraries.
 */

enum { MAX_PARTS = 64, MAX_ARGUMENT = 256 }; /* texts joined by '+', tokens of an argument list */

typedef struct named_guid {
    rm_str guid;
    bool used, acting, perhaps;
    rm_place place; /* where it is used first */
} named_guid;

RM_LIST(named_guids, named_guid);

typedef struct looking {
    rm_arena *arena;
    rm_str path, text;
    rm_program_facts *out;
    rm_cs_lexer lexer;
    rm_map constants; /* names to `texts` */
    rm_found_names texts;
    rm_map guid_names;
    named_guids guids;
    rm_cs_token now, before;
    size_t acting_to; /* the code up to here runs as the caller */
    bool imported;    /* the statement declares a routine of a library */
    bool class_is_passed;
} looking;

static rm_place place_at(const looking *l, size_t at) {
    rm_place place = {.file = l->path};
    rm_lex_position(l->text, at, &place.line, &place.column);
    return place;
}

/* ---- texts joined by '+' ---- */

static bool constant(const looking *l, rm_str name, rm_str *out) {
    uint32_t index = 0;
    if (!rm_map_get(&l->constants, name, &index)) {
        return false;
    }
    *out = l->texts.at[index];
    return true;
}

/* From `first` on; the lexer is left where the sum ends. *any: there was a text at all. */
static rm_status sum(looking *l, rm_cs_lexer *lexer, rm_cs_token first, rm_str *out, bool *any) {
    rm_buf text = {.arena = l->arena};
    *any = false;
    for (unsigned i = 0; i < MAX_PARTS; i++) {
        rm_str part = RM_STR_NONE;
        bool known = first.kind == RM_CS_STRING ||
                     (first.kind == RM_CS_NAME && constant(l, first.text, &part));
        if (!known) {
            break; /* the rest is made at run time */
        }
        rm_buf_str(&text, first.kind == RM_CS_STRING ? first.text : part);
        *any = true;
        if (!rm_cs_is(rm_cs_peek(lexer), "+")) {
            break;
        }
        (void)rm_cs_lex(lexer);
        first = rm_cs_lex(lexer);
    }
    *out = rm_buf_view(&text);
    return text.status;
}

/* ---- names of texts and GUIDs ---- */

static rm_status add_constant(looking *l, rm_str name, rm_str value) {
    uint32_t *index = NULL;
    bool is_new = false;
    rm_status st = rm_map_at(&l->constants, name, &index, &is_new);
    if (st != RM_OK || !is_new) {
        return st;
    }
    *index = l->texts.count;
    rm_str *slot = rm_push(l->arena, &l->texts);
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = value;
    return RM_OK;
}

/* string NAME = "…" [+ …] */
static rm_status collect_text(looking *l, rm_cs_lexer lexer) {
    rm_str value = RM_STR_NONE;
    bool any = false;
    rm_cs_token name = rm_cs_lex(&lexer);
    if (name.kind != RM_CS_NAME || !rm_cs_is(rm_cs_lex(&lexer), "=")) {
        return RM_OK;
    }
    rm_status st = sum(l, &lexer, rm_cs_lex(&lexer), &value, &any);
    return st == RM_OK && any ? add_constant(l, name.text, value) : st;
}

/* The GUID that the tokens up to ';' or the end of the list tell: a text, or eleven numbers. */
static rm_status guid_ahead(looking *l, rm_cs_lexer lexer, rm_str *out) {
    rm_status st = RM_OK;
    size_t open = SIZE_MAX;
    *out = RM_STR_NONE;
    for (unsigned i = 0; st == RM_OK && out->len == 0 && i < MAX_PARTS; i++) {
        rm_cs_token t = rm_cs_lex(&lexer);
        if (t.kind == RM_CS_END || rm_cs_is(t, ";")) {
            break;
        }
        if (t.kind == RM_CS_STRING) {
            st = rm_guid_of_text(l->arena, t.text, out);
        } else if (rm_cs_is(t, "(")) {
            open = lexer.at;
        } else if (rm_cs_is(t, ")") && open != SIZE_MAX) {
            st = rm_guid_of_numbers(l->arena, rm_str_slice(l->text, open, t.at), out);
        }
    }
    return st;
}

/* Guid NAME = new Guid(…), => new(…), { get; } = Guid.Parse(…) */
static rm_status collect_guid(looking *l, rm_cs_lexer lexer) {
    rm_cs_token name = rm_cs_lex(&lexer);
    rm_cs_token next = rm_cs_peek(&lexer);
    rm_str guid = RM_STR_NONE;
    uint32_t *index = NULL;
    bool is_new = false;
    if (name.kind != RM_CS_NAME || !(rm_cs_is(next, "=") || rm_cs_is(next, "{"))) {
        return RM_OK;
    }
    rm_status st = guid_ahead(l, lexer, &guid);
    if (st == RM_OK && guid.len > 0) {
        st = rm_map_at(&l->guid_names, name.text, &index, &is_new);
    }
    if (st != RM_OK || !is_new) {
        return st;
    }
    *index = l->guids.count;
    named_guid *slot = rm_push(l->arena, &l->guids);
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = (named_guid){.guid = guid};
    return RM_OK;
}

static rm_status collect(looking *l) {
    rm_cs_lexer lexer = rm_cs_lexer_of(l->arena, l->text);
    rm_status st = RM_OK;
    for (rm_cs_token t = rm_cs_lex(&lexer); st == RM_OK && t.kind != RM_CS_END;
         t = rm_cs_lex(&lexer)) {
        if (rm_cs_is(t, "string") || rm_cs_is(t, "String")) {
            st = collect_text(l, lexer);
        } else if (rm_cs_is(t, "Guid")) {
            st = collect_guid(l, lexer);
        }
    }
    return st == RM_OK ? lexer.status : st;
}

/* ---- what is opened ---- */

static rm_status see(looking *l, rm_str target, size_t at) {
    return rm_found_add_open(l->arena, l->out,
                             (rm_found_open){.target = target,
                                             .impersonating = at < l->acting_to,
                                             .perhaps = l->now.perhaps,
                                             .place = place_at(l, at)});
}

static rm_status add_pipe(looking *l, rm_found_doors *doors, rm_str name, size_t at) {
    return rm_found_add_door(l->arena, doors,
                             (rm_found_door){.perhaps = l->now.perhaps,
                                             .kind = RM_DOOR_PIPE,
                                             .name = name,
                                             .place = place_at(l, at)});
}

static rm_status look_at_text(looking *l, rm_str text, size_t at) {
    rm_str found = RM_STR_NONE;
    rm_status st = rm_device_path(l->arena, text, &found);
    if (st == RM_OK && found.len == 0) {
        st = rm_selector_class(l->arena, text, &found);
    }
    if (st == RM_OK && found.len > 0) {
        st = see(l, found, at);
    }
    if (st == RM_OK) {
        st = rm_pipe_path(l->arena, text, &found);
    }
    return st == RM_OK && found.len > 0 ? add_pipe(l, &l->out->calls, found, at) : st;
}

/* The end of the list whose '(' comes next. */
static size_t list_end(const looking *l) {
    rm_cs_lexer lexer = l->lexer;
    unsigned depth = 0;
    for (;;) {
        rm_cs_token t = rm_cs_lex(&lexer);
        depth += rm_cs_is(t, "(");
        depth -= rm_cs_is(t, ")") && depth > 0;
        if (t.kind == RM_CS_END || depth == 0) {
            return t.at;
        }
    }
}

/* The first argument that is a class, by a GUID's name or as a text, among those of the list. */
static rm_status look_at_class(looking *l) {
    rm_cs_lexer lexer = l->lexer;
    unsigned depth = 0;
    bool found = false;
    rm_status st = RM_OK;
    for (unsigned i = 0; st == RM_OK && i < MAX_ARGUMENT; i++) {
        rm_cs_token t = rm_cs_lex(&lexer);
        rm_str guid = RM_STR_NONE;
        uint32_t index = 0;
        depth += rm_cs_is(t, "(");
        depth -= rm_cs_is(t, ")") && depth > 0;
        if (t.kind == RM_CS_END || depth == 0) {
            break;
        }
        if (t.kind == RM_CS_STRING) {
            st = rm_guid_of_text(l->arena, t.text, &guid);
        } else if (t.kind == RM_CS_NAME && rm_map_get(&l->guid_names, t.text, &index)) {
            guid = l->guids.at[index].guid;
        }
        if (st == RM_OK && guid.len > 0) {
            found = true;
            st = see(l, guid, l->now.at);
        }
    }
    l->class_is_passed = l->class_is_passed || !found;
    return st;
}

/* A minifilter's port: the first text of the list. */
static rm_status look_at_port(looking *l) {
    rm_cs_lexer lexer = l->lexer;
    rm_str name = RM_STR_NONE;
    bool any = false;
    (void)rm_cs_lex(&lexer);
    rm_status st = sum(l, &lexer, rm_cs_lex(&lexer), &name, &any);
    return st == RM_OK && rm_str_starts(name, RM_STR("\\")) ? see(l, name, l->now.at) : st;
}

/* new NamedPipeServerStream("name", …); of a client the server's name "." may come first. */
static rm_status look_at_pipe(looking *l, rm_found_doors *doors) {
    rm_cs_lexer lexer = l->lexer;
    rm_str name = RM_STR_NONE;
    rm_str pipe = RM_STR_NONE;
    bool any = false;
    (void)rm_cs_lex(&lexer);
    rm_status st = sum(l, &lexer, rm_cs_lex(&lexer), &name, &any);
    if (st == RM_OK && rm_str_eq(name, RM_STR(".")) && rm_cs_is(rm_cs_lex(&lexer), ",")) {
        st = sum(l, &lexer, rm_cs_lex(&lexer), &name, &any);
    }
    if (st != RM_OK || !any || name.len < 2) {
        return st;
    }
    st = rm_str_printf(l->arena, &pipe, "\\\\.\\pipe\\%.*s", RM_STR_ARG(name));
    return st == RM_OK ? add_pipe(l, doors, pipe, l->now.at) : st;
}

/* ServiceName = "…" */
static rm_status look_at_service_name(looking *l) {
    rm_cs_lexer lexer = l->lexer;
    rm_str name = RM_STR_NONE;
    bool any = false;
    if (!rm_cs_is(rm_cs_lex(&lexer), "=")) {
        return RM_OK;
    }
    rm_status st = sum(l, &lexer, rm_cs_lex(&lexer), &name, &any);
    rm_str *slot = st == RM_OK && any ? rm_push(l->arena, &l->out->services) : NULL;
    if (slot != NULL) {
        *slot = name;
    }
    return st == RM_OK && any && slot == NULL ? RM_NOMEM : st;
}

static bool is_one_of(rm_str name, const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (rm_str_eq(name, rm_str_from(names[i]))) {
            return true;
        }
    }
    return false;
}

static rm_status look_at_call(looking *l) {
    static const char *const classes[] = {"GetDeviceSelector",
                                          "SetupDiGetClassDevs",
                                          "SetupDiGetClassDevsW",
                                          "SetupDiGetClassDevsA",
                                          "CM_Get_Device_Interface_List",
                                          "CM_Get_Device_Interface_ListW",
                                          "CM_Get_Device_Interface_List_Size",
                                          "SetupDiEnumDeviceInterfaces"};
    static const char *const acting[] = {"RunAsClient", "RunImpersonated", "RunImpersonatedAsync"};
    rm_str name = l->now.text;
    if (is_one_of(name, classes, sizeof classes / sizeof classes[0])) {
        return look_at_class(l);
    }
    if (is_one_of(name, acting, sizeof acting / sizeof acting[0])) {
        l->acting_to = l->now.at < l->acting_to ? l->acting_to : list_end(l);
    }
    if (rm_str_eq(name, RM_STR("FilterConnectCommunicationPort"))) {
        return look_at_port(l);
    }
    if (rm_str_eq(name, RM_STR("NamedPipeServerStream"))) {
        return look_at_pipe(l, &l->out->serves);
    }
    if (rm_str_eq(name, RM_STR("NamedPipeClientStream"))) {
        return look_at_pipe(l, &l->out->calls);
    }
    if (rm_str_eq(name, RM_STR("UseWindowsService")) ||
        rm_str_eq(name, RM_STR("AddWindowsService"))) {
        l->out->is_service = true;
        l->out->service_at = place_at(l, l->now.at);
    }
    return RM_OK;
}

static rm_status look_at_name(looking *l) {
    uint32_t index = 0;
    if (rm_map_get(&l->guid_names, l->now.text, &index) && !rm_cs_is(l->before, "Guid") &&
        !l->guids.at[index].used) {
        named_guid *guid = &l->guids.at[index];
        guid->used = true;
        guid->acting = l->now.at < l->acting_to;
        guid->perhaps = l->now.perhaps;
        guid->place = place_at(l, l->now.at);
    }
    l->imported = l->imported || rm_cs_is(l->now, "extern");
    if (rm_cs_is(l->now, "ServiceBase") && rm_cs_is(l->before, ":")) {
        l->out->is_service = true;
        l->out->service_at = place_at(l, l->now.at);
    }
    if (rm_cs_is(l->now, "ServiceName")) {
        return look_at_service_name(l);
    }
    return !l->imported && rm_cs_is(rm_cs_peek(&l->lexer), "(") ? look_at_call(l) : RM_OK;
}

static rm_status look_at_token(looking *l) {
    rm_str text = RM_STR_NONE;
    bool any = false;
    bool starts = !rm_cs_is(l->before, "+");
    rm_cs_lexer lexer = l->lexer;
    if (rm_cs_is(l->now, ";")) {
        l->imported = false;
    }
    rm_status st = l->now.kind == RM_CS_NAME ? look_at_name(l) : RM_OK;
    if (st == RM_OK && starts && (l->now.kind == RM_CS_NAME || l->now.kind == RM_CS_STRING)) {
        st = sum(l, &lexer, l->now, &text, &any);
    }
    return st == RM_OK && any ? look_at_text(l, text, l->now.at) : st;
}

static rm_status add_named(looking *l) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; l->class_is_passed && st == RM_OK && i < l->guids.count; i++) {
        const named_guid *g = &l->guids.at[i];
        if (g->used) {
            st = rm_found_add_open(l->arena, l->out,
                                   (rm_found_open){.target = g->guid,
                                                   .impersonating = g->acting,
                                                   .perhaps = g->perhaps,
                                                   .place = g->place});
        }
    }
    return st;
}

static void begin_file(looking *l, const rm_csharp_file *file) {
    l->path = file->path;
    l->text = file->text;
    l->lexer = rm_cs_lexer_of(l->arena, file->text);
    l->before = (rm_cs_token){.kind = RM_CS_OTHER};
    l->acting_to = 0;
    l->imported = false;
}

static rm_status look_at_file(looking *l) {
    rm_status st = RM_OK;
    for (l->now = rm_cs_lex(&l->lexer); st == RM_OK && l->now.kind != RM_CS_END;) {
        st = look_at_token(l);
        l->before = l->now;
        l->now = rm_cs_lex(&l->lexer);
    }
    return st == RM_OK ? l->lexer.status : st;
}

rm_status rm_csharp_opens(rm_arena *arena, const rm_csharp_file *files, uint32_t count,
                          rm_program_facts *out) {
    looking l = {
        .arena = arena, .out = out, .constants = {.arena = arena}, .guid_names = {.arena = arena}};
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < count; i++) {
        begin_file(&l, &files[i]);
        st = collect(&l);
    }
    for (uint32_t i = 0; st == RM_OK && i < count; i++) {
        begin_file(&l, &files[i]);
        st = look_at_file(&l);
    }
    return st == RM_OK ? add_named(&l) : st;
}
