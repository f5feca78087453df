#include "source/flow/purpose.h"

#include "source/lex.h"

/*
 * What a driver's state is for, told by who reads it. State that a callback of the object manager,
 * the registry, the process list or the file systems looks at before it refuses something decides
 * what is protected; state of a network driver that is named a filter decides about packets.
 */

enum { MOST_FUNCTIONS = 256, MOST_TEXT = 1 << 20 };

struct rm_purpose {
    rm_names *sections; /* what keeps a handle of \\Device\\PhysicalMemory */
    rm_names *guarding; /* every name in the callbacks that refuse, and in what they call */
    rm_driver_kind kind;
    bool captures; /* it records what passes */
};

/* A callback by what it is given, and the word in its body that says that it can refuse. */
static const struct {
    const char *param; /* type of one of its parameters */
    const char *refusal;
} callbacks[] = {
    {"OB_PRE_OPERATION_INFORMATION", "DesiredAccess"},
    {"PS_CREATE_NOTIFY_INFO", "CreationStatus"},
    {"FLT_CALLBACK_DATA", "STATUS_ACCESS_DENIED"},
    {"REG_NOTIFY_CLASS", "STATUS_ACCESS_DENIED"},
};

static const struct {
    const char *call;
    rm_driver_kind kind;
} kind_calls[] = {
    {"NdisFRegisterFilterDriver", RM_DRIVER_NETWORK},
    {"NdisMRegisterMiniportDriver", RM_DRIVER_NETWORK},
    {"NdisRegisterProtocolDriver", RM_DRIVER_NETWORK},
    {"FwpsCalloutRegister", RM_DRIVER_NETWORK},
    {"FwpmFilterAdd", RM_DRIVER_NETWORK},
    {"IoRegisterFileSystem", RM_DRIVER_FILE_SYSTEM},
    {"FsRtlRegisterUncProvider", RM_DRIVER_FILE_SYSTEM},
};

static const char *const filter_words[] = {"filter", "rule", "bpf"};

static rm_str body_text(const rm_source_unit *unit, const rm_function *f) {
    return rm_node_text(&unit->files.at[f->file], f->body);
}

static bool has(rm_str text, const char *word) {
    size_t at = 0;
    return rm_str_find(text, rm_str_from(word), &at);
}

static bool is_guard_callback(const rm_source_unit *unit, const rm_function *f) {
    for (size_t i = 0; i < sizeof callbacks / sizeof callbacks[0]; i++) {
        for (uint32_t p = 0; p < f->param_count; p++) {
            if (has(f->params[p].type, callbacks[i].param) &&
                has(body_text(unit, f), callbacks[i].refusal)) {
                return true;
            }
        }
    }
    return false;
}

typedef struct gathering {
    const rm_source_unit *unit;
    rm_names *names;
    rm_names *seen; /* functions, by name */
    const rm_function *todo[MOST_FUNCTIONS];
    uint32_t count;
    size_t text;
    rm_status status;
} gathering;

static void to_do(gathering *g, const rm_function *f) {
    uint32_t known = 0;
    if (f == NULL || g->count == MOST_FUNCTIONS || rm_names_find(g->seen, f->name, &known)) {
        return;
    }
    if (rm_names_id(g->seen, f->name) == RM_NONE) {
        g->status = RM_NOMEM;
        return;
    }
    g->todo[g->count++] = f;
}

static void gather(gathering *g, const rm_function *f) {
    rm_str text = body_text(g->unit, f);
    g->text += text.len;
    if (g->text > MOST_TEXT) {
        return;
    }
    rm_lexer lexer = rm_lexer_of(text);
    for (rm_token t = rm_lex(&lexer); t.kind != RM_TOKEN_END; t = rm_lex(&lexer)) {
        if (t.kind != RM_TOKEN_NAME) {
            continue;
        }
        if (rm_token_is(rm_lex_peek(&lexer), "(")) {
            to_do(g, rm_unit_function(g->unit, t.text, NULL));
        } else if (rm_names_id(g->names, t.text) == RM_NONE) {
            g->status = RM_NOMEM;
        }
    }
}

/* Words in functions' names, and how many functions make it a driver of that kind. */
static const struct {
    rm_driver_kind kind;
    const char *words[4];
    uint32_t least;
} kind_words[] = {
    {RM_DRIVER_HYPERVISOR, {"vcpu", "vmx", "vmcs", "vmexit"}, 4},
    {RM_DRIVER_USB, {"usb", "urb", NULL, NULL}, 4},
};

static const char *const capture_words[] = {"pcap", "capture", "sniff"};

static bool has_letters(rm_str text, const char *word) {
    rm_str small = rm_str_from(word);
    for (size_t at = 0; at + small.len <= text.len; at++) {
        if (rm_str_ieq(rm_str_slice(text, at, at + small.len), small)) {
            return true;
        }
    }
    return false;
}

/* A call that only drivers of one kind make. */
static rm_driver_kind kind_by_calls(const rm_source_unit *unit) {
    rm_driver_kind found = RM_DRIVER_ANY;
    for (uint32_t i = 0; i < unit->functions.count; i++) {
        rm_str text = body_text(unit, &unit->functions.at[i]);
        if (!has(text, "Register") && !has(text, "FwpmFilterAdd")) {
            continue; /* one look instead of many */
        }
        for (size_t k = 0; k < sizeof kind_calls / sizeof kind_calls[0]; k++) {
            if (has(text, kind_calls[k].call)) {
                found = kind_calls[k].kind;
            }
        }
        if (found == RM_DRIVER_NETWORK) {
            return found;
        }
    }
    return found;
}

static bool is_called_so(const rm_source_unit *unit, const char *const *words, size_t count,
                         uint32_t least) {
    uint32_t found = 0;
    for (uint32_t i = 0; i < unit->functions.count && found < least; i++) {
        bool one = false;
        for (size_t k = 0; k < count && words[k] != NULL && !one; k++) {
            one = has_letters(unit->functions.at[i].name, words[k]);
        }
        found += one;
    }
    return found >= least;
}

static rm_driver_kind kind_of(const rm_source_unit *unit) {
    rm_driver_kind called = kind_by_calls(unit);
    if (called != RM_DRIVER_ANY) {
        return called;
    }
    for (size_t i = 0; i < sizeof kind_words / sizeof kind_words[0]; i++) {
        if (is_called_so(unit, kind_words[i].words, 4, kind_words[i].least)) {
            return kind_words[i].kind;
        }
    }
    return RM_DRIVER_ANY;
}

rm_driver_kind rm_purpose_kind(const rm_purpose *purpose) {
    return purpose != NULL ? purpose->kind : RM_DRIVER_ANY;
}

bool rm_purpose_captures(const rm_purpose *purpose, rm_str function) {
    return purpose != NULL && purpose->kind == RM_DRIVER_NETWORK &&
           (has_letters(function, "read") || has_letters(function, "recv") ||
            has_letters(function, "receive") || has_letters(function, "capture"));
}

bool rm_purpose_physical(const rm_purpose *purpose, rm_str name) {
    uint32_t id = 0;
    return purpose != NULL && name.len > 0 && rm_names_find(purpose->sections, name, &id);
}

/* ZwOpenSection(&x->Handle, …) in a function that names the section. */
static rm_status read_sections(const rm_source_unit *unit, rm_names *sections) {
    for (uint32_t i = 0; i < unit->functions.count; i++) {
        rm_str text = body_text(unit, &unit->functions.at[i]);
        size_t at = 0;
        if (!has(text, "PhysicalMemory") || !rm_str_find(text, RM_STR("ZwOpenSection"), &at)) {
            continue;
        }
        rm_lexer lexer = rm_lexer_of(text);
        lexer.at = at;
        rm_str last = RM_STR_NONE;
        (void)rm_lex(&lexer);
        for (rm_token t = rm_lex(&lexer); t.kind != RM_TOKEN_END && !rm_token_is(t, ",");
             t = rm_lex(&lexer)) {
            last = t.kind == RM_TOKEN_NAME ? t.text : last;
        }
        if (last.len > 0 && rm_names_id(sections, last) == RM_NONE) {
            return RM_NOMEM;
        }
    }
    return RM_OK;
}

rm_purpose *rm_purpose_read(rm_arena *arena, const rm_source_unit *unit) {
    rm_purpose *purpose = RM_NEW(arena, rm_purpose);
    gathering *g = RM_NEW(arena, gathering);
    if (purpose == NULL || g == NULL) {
        return NULL;
    }
    *g = (gathering){.unit = unit, .names = rm_names_new(arena), .seen = rm_names_new(arena)};
    *purpose = (rm_purpose){.guarding = g->names, .sections = rm_names_new(arena)};
    if (g->names == NULL || g->seen == NULL || purpose->sections == NULL) {
        return NULL;
    }
    g->status = read_sections(unit, purpose->sections);
    for (uint32_t i = 0; i < unit->functions.count; i++) {
        if (is_guard_callback(unit, &unit->functions.at[i])) {
            to_do(g, &unit->functions.at[i]);
        }
    }
    for (uint32_t i = 0; i < g->count && g->status == RM_OK; i++) {
        gather(g, g->todo[i]);
    }
    purpose->kind = kind_of(unit);
    purpose->captures = is_called_so(unit, capture_words, 3, 3);
    return g->status == RM_OK ? purpose : NULL;
}

static bool mentions_filter(rm_str text) {
    for (size_t i = 0; i < sizeof filter_words / sizeof filter_words[0]; i++) {
        if (has_letters(text, filter_words[i])) {
            return true;
        }
    }
    return false;
}

const char *rm_purpose_class(const rm_purpose *purpose, rm_str name, rm_str function) {
    uint32_t id = 0;
    if (purpose == NULL) {
        return "config_state";
    }
    if (rm_names_find(purpose->guarding, name, &id)) {
        return "protection_change";
    }
    bool filters = mentions_filter(name) || mentions_filter(function);
    bool network = purpose->kind == RM_DRIVER_NETWORK;
    return !filters            ? "config_state"
           : network           ? "packet_filter"
           : purpose->captures ? "packet_capture"
                               : "config_state";
}
