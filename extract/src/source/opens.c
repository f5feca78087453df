#include "source/opens.h"

#include "base/map.h"
#include "source/lex.h"
#include "source/literals.h"
#include "source/macros.h"
#include "source/values.h"

enum { MAX_OPENS = 256 }; /* of one program; tests of many devices have some dozens */

typedef struct looking {
    rm_arena *arena;
    const rm_source_set *set;
    const rm_macros *macros;
    rm_map guids; /* names to `texts` */
    rm_guid_texts texts;
    rm_map seen; /* targets */
    rm_program_facts *out;
    uint32_t file;
    bool impersonating;
    bool class_is_passed; /* a function is given the class: which, its callers say */
    struct named {
        uint32_t file;
        size_t at;
        bool used;
    } * named; /* by text: where the program uses the GUID's name first */
} looking;

static rm_place place_at(const looking *l, size_t at) {
    const rm_set_file *f = &l->set->files.at[l->file];
    rm_place place = {.file = f->path};
    rm_lex_position(f->text, at, &place.line, &place.column);
    return place;
}

static rm_status add(looking *l, rm_str target, size_t at) {
    uint32_t *value = NULL;
    bool is_new = false;
    rm_status st = rm_map_at(&l->seen, target, &value, &is_new);
    if (st != RM_OK || !is_new) {
        if (st == RM_OK && !l->impersonating) {
            l->out->opens.at[*value].impersonating = false; /* its own token, once at least */
        }
        return st;
    }
    if (l->out->opens.count == MAX_OPENS) {
        *value = MAX_OPENS - 1;
        return RM_OK;
    }
    *value = l->out->opens.count;
    rm_found_open *slot = rm_push(l->arena, &l->out->opens);
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = (rm_found_open){target, l->impersonating, place_at(l, at)};
    return RM_OK;
}

/* ---- device paths ---- */

static bool begins(rm_str s, const char *prefix) {
    return rm_str_istarts(s, rm_str_from(prefix));
}

/* What other things \\.\ leads to: pipes, drives, whatever is put in at run time. */
static bool is_other(rm_str name) {
    size_t at = 0;
    return name.len == 0 || begins(name, "pipe\\") || begins(name, "mailslot\\") ||
           begins(name, "PhysicalDrive") || begins(name, "CdRom") ||
           (name.len >= 2 && name.ptr[1] == ':') || rm_str_find_char(name, '%', &at) ||
           rm_str_find_char(name, '{', &at) || rm_str_find_char(name, ' ', &at);
}

/* The device that a path means: \\.\Name, or \Device\Name behind GLOBALROOT; empty: none. */
static rm_status device_of(rm_arena *arena, rm_str text, rm_str *out) {
    enum { PREFIX = 4 };
    rm_str rest = rm_str_slice(text, PREFIX, text.len);
    *out = RM_STR_NONE;
    if (!begins(text, "\\\\.\\") && !begins(text, "\\\\?\\")) {
        return RM_OK;
    }
    if (begins(rest, "GLOBALROOT\\")) {
        rm_str name = rm_str_slice(rest, sizeof "GLOBALROOT" - 1, rest.len);
        *out = is_other(rm_str_slice(name, 1, name.len)) ? RM_STR_NONE : name;
        return RM_OK;
    }
    if (!begins(text, "\\\\.\\") || is_other(rest)) {
        return RM_OK;
    }
    while (rest.len > 1 && rest.ptr[0] == '\\') {
        rest = rm_str_slice(rest, 1, rest.len); /* Windows takes several separators for one */
    }
    return rm_str_printf(arena, out, "\\\\.\\%.*s", RM_STR_ARG(rest));
}

static rm_status look_at_text(looking *l, rm_str expression, size_t at) {
    rm_str text = RM_STR_NONE;
    rm_str device = RM_STR_NONE;
    rm_status st =
        rm_literal_text(l->arena, expression, &text) ? device_of(l->arena, text, &device) : RM_OK;
    return st == RM_OK && device.len > 0 ? add(l, device, at) : st;
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

static rm_status look_at_class(looking *l, rm_str expression, size_t at) {
    uint32_t index = 0;
    rm_str guid = RM_STR_NONE;
    if (!rm_map_get(&l->guids, last_name(expression), &index)) {
        l->class_is_passed = true;
        return RM_OK;
    }
    rm_status st = rm_guid_of_numbers(l->arena, l->texts.at[index].numbers, &guid);
    return st == RM_OK && guid.len > 0 ? add(l, guid, at) : st;
}

/* ---- calls ---- */

typedef enum call_kind {
    CALL_OPEN,      /* an argument is a path */
    CALL_CLASS,     /* an argument is an interface class */
    CALL_BECOME,    /* from here on the caller's token */
    CALL_REVERT,    /* and its own again */
    CALL_DUPLICATE, /* a handle, into the process of the third argument */
} call_kind;

static const struct {
    const char *name; /* A and W of it alike */
    call_kind kind;
    unsigned argument;
} calls[] = {
    {"CreateFile", CALL_OPEN, 0},
    {"CreateFile2", CALL_OPEN, 0},
    {"CreateFileTransacted", CALL_OPEN, 0},
    {"CM_Get_Device_Interface_List", CALL_CLASS, 0},
    {"CM_Get_Device_Interface_List_Size", CALL_CLASS, 0},
    {"CM_Get_Device_Interface_List_Ex", CALL_CLASS, 0},
    {"SetupDiGetClassDevs", CALL_CLASS, 0},
    {"SetupDiGetClassDevsEx", CALL_CLASS, 0},
    {"SetupDiEnumDeviceInterfaces", CALL_CLASS, 2},
    {"GetDeviceSelector", CALL_CLASS, 0},
    {"ImpersonateNamedPipeClient", CALL_BECOME, 0},
    {"RpcImpersonateClient", CALL_BECOME, 0},
    {"RpcImpersonateClient2", CALL_BECOME, 0},
    {"CoImpersonateClient", CALL_BECOME, 0},
    {"ImpersonateLoggedOnUser", CALL_BECOME, 0},
    {"RevertToSelf", CALL_REVERT, 0},
    {"RpcRevertToSelf", CALL_REVERT, 0},
    {"RpcRevertToSelfEx", CALL_REVERT, 0},
    {"CoRevertToSelf", CALL_REVERT, 0},
    {"DuplicateHandle", CALL_DUPLICATE, 2},
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

static rm_status look_at_path(looking *l, rm_str expression, size_t at) {
    rm_expansion expansion = {0};
    rm_status st = rm_macros_expand(l->macros, l->arena, (rm_scope){l->file, (uint32_t)at},
                                    expression, &expansion);
    if (st == RM_LIMIT) {
        return RM_OK;
    }
    return st == RM_OK ? look_at_text(l, expansion.text, at) : st;
}

static rm_status look_at_call(looking *l, size_t call, rm_str inside, size_t at) {
    rm_str asked = argument(inside, calls[call].argument);
    switch (calls[call].kind) {
    case CALL_OPEN: return look_at_path(l, asked, at);
    case CALL_CLASS: return look_at_class(l, asked, at);
    case CALL_BECOME: l->impersonating = true; break;
    case CALL_REVERT: l->impersonating = false; break;
    case CALL_DUPLICATE:
        if (asked.len > 0 && !rm_str_eq(last_name(asked), RM_STR("GetCurrentProcess")) &&
            !l->out->hands_over) {
            l->out->hands_over = true;
            l->out->hands_over_at = place_at(l, at);
        }
        break;
    }
    return RM_OK;
}

static rm_status look_at_file(looking *l) {
    rm_lexer lexer = rm_lexer_of(l->set->files.at[l->file].text);
    rm_status st = RM_OK;
    unsigned depth = 0;
    rm_token before = {0};
    rm_token word = {0};
    l->impersonating = false;
    for (rm_token t = rm_lex(&lexer); st == RM_OK && t.kind != RM_TOKEN_END; t = rm_lex(&lexer)) {
        size_t call = t.kind == RM_TOKEN_NAME ? call_of(t.text) : CALLS;
        uint32_t guid = 0;
        if (t.kind == RM_TOKEN_STRING) {
            st = look_at_text(l, t.text, t.at);
        } else if (t.kind == RM_TOKEN_NAME && rm_map_get(&l->guids, t.text, &guid)) {
            bool definition = rm_str_eq(before.text, RM_STR("(")) &&
                              rm_str_istarts(word.text, RM_STR("DEFINE_GUID"));
            if (!definition && !l->named[guid].used) {
                l->named[guid] = (struct named){l->file, t.at, true};
            }
        } else if (call < CALLS && rm_token_is(rm_lex_peek(&lexer), "(")) {
            rm_lexer inner = lexer; /* the arguments are looked at once more, as text */
            rm_str inside = RM_STR_NONE;
            (void)rm_lex(&inner);
            if (rm_lex_skip_group(&inner, &inside)) {
                st = look_at_call(l, call, inside, t.at);
            }
        } else if (rm_token_is(t, "{")) {
            depth++;
        } else if (rm_token_is(t, "}")) {
            depth -= depth > 0;
            l->impersonating = l->impersonating && depth > 0;
        }
        word = before;
        before = t;
    }
    return st;
}

/* A helper was given the class as an argument: each that the program names is one it may mean. */
static rm_status add_named(looking *l) {
    rm_status st = RM_OK;
    for (uint32_t g = 0; l->class_is_passed && g < l->texts.count && st == RM_OK; g++) {
        rm_str guid = RM_STR_NONE;
        if (l->named[g].used) {
            l->file = l->named[g].file;
            l->impersonating = false;
            st = rm_guid_of_numbers(l->arena, l->texts.at[g].numbers, &guid);
        }
        if (st == RM_OK && guid.len > 0) {
            st = add(l, guid, l->named[g].at);
        }
    }
    return st;
}

/* ---- the program ---- */

static rm_status collect_guids(looking *l, const rm_file_bits *bits) {
    rm_status st = RM_OK;
    for (uint32_t f = 0; f < l->set->files.count; f++) {
        const rm_guid_texts *guids = &l->set->files.at[f].scan.guids;
        for (uint32_t g = 0; rm_bits_has(bits, f) && st == RM_OK && g < guids->count; g++) {
            uint32_t *value = NULL;
            bool is_new = false;
            st = rm_map_at(&l->guids, guids->at[g].name, &value, &is_new);
            if (st == RM_OK && is_new) {
                rm_guid_text *slot = rm_push(l->arena, &l->texts);
                *value = l->texts.count - 1;
                st = slot == NULL ? RM_NOMEM : RM_OK;
                if (slot != NULL) {
                    *slot = guids->at[g];
                }
            }
        }
    }
    return st;
}

rm_status rm_source_opens(rm_arena *arena, const rm_source_set *set, const uint32_t *files,
                          uint32_t count, rm_program_facts *out) {
    looking l = {.arena = arena,
                 .set = set,
                 .guids = {.arena = arena},
                 .seen = {.arena = arena, .fold = true},
                 .out = out};
    rm_file_bits bits;
    rm_macros *macros = NULL;
    *out = (rm_program_facts){0};
    rm_status st = rm_bits_new(arena, set->files.count, &bits);
    for (uint32_t i = 0; st == RM_OK && i < count; i++) {
        rm_set_closure(set, files[i], &bits);
    }
    if (st == RM_OK) {
        st = rm_macros_new(arena, set, bits, &macros);
    }
    l.macros = macros;
    if (st == RM_OK) {
        st = collect_guids(&l, &bits);
    }
    if (st == RM_OK) {
        l.named = RM_NEW_ARRAY(arena, struct named, (size_t)l.texts.count + 1);
        st = l.named == NULL ? RM_NOMEM : RM_OK;
    }
    for (uint32_t i = 0; st == RM_OK && i < count; i++) {
        l.file = files[i];
        st = look_at_file(&l);
    }
    return st == RM_OK ? add_named(&l) : st;
}
