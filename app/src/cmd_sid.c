#include <string.h>

#include "base/text.h"
#include "command.h"
#include "model/sid.h"

/* The SIDs that Windows computes from names, and SIDs in words. */

struct result {
    const char *kind;
    rm_str input;
    rm_str output;
    const char *alias, *words; /* of a SID; NULL: none */
};

/* Turns a name into the text of what Windows makes of it. */
typedef rm_status derivation(rm_arena *arena, rm_str name, rm_str *out);

static rm_status sid_text(rm_arena *arena, const rm_sid *sid, rm_str *out) {
    char text[RM_SID_TEXT];
    rm_sid_text(sid, text);
    return rm_str_copy(arena, rm_str_from(text), out);
}

/* The name of a capability, or the GUID of an interface class that is used as one. */
static rm_status derive_capability(rm_arena *arena, rm_str name, rm_str *out) {
    rm_sid sid;
    if (rm_sid_device_capability(name, &sid) == RM_OK) {
        return sid_text(arena, &sid, out);
    }
    rm_status st = rm_sid_capability(arena, name, &sid);
    return st == RM_OK ? sid_text(arena, &sid, out) : st;
}

static rm_status derive_package(rm_arena *arena, rm_str name, rm_str *out) {
    rm_sid sid;
    rm_status st = rm_sid_package(arena, name, &sid);
    return st == RM_OK ? sid_text(arena, &sid, out) : st;
}

static rm_status derive_service(rm_arena *arena, rm_str name, rm_str *out) {
    rm_sid sid;
    rm_status st = rm_sid_service(arena, name, &sid);
    return st == RM_OK ? sid_text(arena, &sid, out) : st;
}

static rm_status derive_publisher(rm_arena *arena, rm_str name, rm_str *out) {
    char id[14];
    rm_status st = rm_publisher_id(arena, name, id);
    return st == RM_OK ? rm_str_copy(arena, rm_str_from(id), out) : st;
}

static const struct {
    const char *kind;
    derivation *derive;
} derivations[] = {
    {"capability", derive_capability},
    {"package", derive_package},
    {"publisher", derive_publisher},
    {"service", derive_service},
};

static derivation *find_derivation(const char *kind) {
    for (size_t i = 0; i < sizeof derivations / sizeof derivations[0]; i++) {
        if (strcmp(derivations[i].kind, kind) == 0) {
            return derivations[i].derive;
        }
    }
    return NULL;
}

static void put_optional(rm_buf *out, const char *key, const char *text) {
    rm_buf_printf(out, ",\"%s\":", key);
    if (text == NULL) {
        rm_buf_text(out, "null");
    } else {
        rm_text_json(out, rm_str_from(text));
    }
}

static void put_json(rm_buf *out, const struct result *r) {
    rm_buf_printf(out, "{\"kind\":\"%s\",\"input\":", r->kind);
    rm_text_json(out, r->input);
    rm_buf_text(out, ",\"output\":");
    rm_text_json(out, r->output);
    put_optional(out, "alias", r->alias);
    put_optional(out, "name", r->words);
    rm_buf_text(out, "}\n");
}

static void put_text(rm_buf *out, const struct result *r) {
    rm_text_safe(out, r->output);
    if (r->alias != NULL) {
        rm_buf_printf(out, "  %s", r->alias);
    }
    if (r->words != NULL) {
        rm_buf_printf(out, "  %s", r->words);
    }
    rm_buf_char(out, '\n');
}

static int print_result(rm_invocation *in, bool json, const struct result *r) {
    rm_buf out = {.arena = in->arena};
    if (json) {
        put_json(&out, r);
    } else {
        put_text(&out, r);
    }
    return out.status != RM_OK ? rm_fail(in, RM_EXIT_OUTPUT, "%s", rm_status_text(out.status))
                               : rm_print(in, rm_buf_view(&out));
}

static int tell_sid(rm_invocation *in, bool json, const char *text) {
    struct result r = {.kind = "sid", .input = rm_str_from(text)};
    rm_sid sid;
    if (!rm_sid_from(r.input, &sid)) {
        return rm_fail(in, RM_EXIT_USAGE,
                       "'%s' is neither a SID nor one of capability, package, publisher, service",
                       text);
    }
    r.alias = rm_sid_alias(&sid, NULL);
    r.words = rm_sid_words(&sid, NULL);
    rm_status st = sid_text(in->arena, &sid, &r.output);
    return st == RM_OK ? print_result(in, json, &r)
                       : rm_fail(in, RM_EXIT_OUTPUT, "%s", rm_status_text(st));
}

static int run(rm_invocation *in) {
    static const char *const formats[] = {"table", "json", "ndjson", NULL};
    int format = rm_given_word(in, "--format", formats, 0);
    int code = RM_EXIT_OK;
    if (format < 0) {
        return RM_EXIT_USAGE;
    }
    derivation *derive = find_derivation(in->operands[0]);
    if (derive != NULL && in->operand_count < 2) {
        return rm_fail(in, RM_EXIT_USAGE, "%s needs a name", in->operands[0]);
    }
    for (unsigned i = derive == NULL ? 0 : 1; i < in->operand_count && code == RM_EXIT_OK; i++) {
        if (derive == NULL) {
            code = tell_sid(in, format > 0, in->operands[i]);
            continue;
        }
        struct result r = {.kind = in->operands[0], .input = rm_str_from(in->operands[i])};
        rm_status st = derive(in->arena, r.input, &r.output);
        code = st == RM_OK ? print_result(in, format > 0, &r)
                           : rm_fail(in, RM_EXIT_OUTPUT, "%s", rm_status_text(st));
    }
    return code;
}

static const rm_option options[] = {
    {"--format", "FORMAT", "table, json or ndjson", NULL, false},
};

const rm_command rm_command_sid = {
    .name = "sid",
    .operands = "capability NAME... | package FAMILY... | publisher NAME... | service NAME... | "
                "SID...",
    .summary = "the SIDs that Windows computes from names",
    .details = "capability: a capability's name, or the GUID of an interface class used as one\n"
               "package: a package family name, or an AppContainer's moniker\n"
               "publisher: the 13 characters behind '_' in a family name, from the manifest's\n"
               "Publisher text exactly as it stands there\n"
               "service: the SID S-1-5-80-... of a service",
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .least_operands = 1,
    .most_operands = 100000,
    .run = run,
};
