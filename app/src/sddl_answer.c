#include "sddl_answer.h"

#include "base/hash.h"

struct collector {
    rm_arena *arena;
    sddl_messages *messages;
    rm_status status;
};

static void collect(void *payload, rm_level level, rm_loc loc, const char *id, rm_str text) {
    struct collector *c = payload;
    sddl_message *slot = rm_push(c->arena, c->messages);
    if (slot == NULL) {
        c->status = RM_NOMEM;
        return;
    }
    *slot = (sddl_message){.level = level, .column = loc.column, .id = id};
    if (rm_str_copy(c->arena, text, &slot->text) != RM_OK) {
        c->status = RM_NOMEM;
    }
}

static rm_status format(rm_arena *arena, sddl_answer *a) {
    rm_str bytes = RM_STR_NONE;
    rm_status st = rm_sddl_format(arena, a->security, &a->canonical);
    if (st != RM_OK && st != RM_USAGE) {
        return st;
    }
    a->has_canonical = st == RM_OK; /* some types of ACE have no text */
    if (a->security->domain_relative) {
        return RM_OK;
    }
    st = rm_security_to_binary(arena, a->security, &bytes);
    char *hex = st == RM_OK ? rm_arena_alloc(arena, 2 * bytes.len + 1, 1) : NULL;
    if (hex == NULL) {
        return st == RM_OK ? RM_NOMEM : st;
    }
    rm_hex((const uint8_t *)bytes.ptr, bytes.len, hex);
    a->binary = (rm_str){hex, 2 * bytes.len};
    a->has_binary = true;
    return RM_OK;
}

/* The trace answers the request; without one it shows how the principal comes to its maximum. */
static rm_status judge(rm_arena *arena, const sddl_request *request, const rm_principal *principal,
                       sddl_answer *a) {
    sddl_row row = {.principal = principal};
    rm_status st =
        rm_access_answer_of(arena, a->security, &principal->token, request->type, &row.answer);
    uint32_t asked = request->has_access   ? request->access
                     : row.answer.max != 0 ? row.answer.max
                                           : 1;
    if (st == RM_OK) {
        st = rm_access_check(arena, a->security, &principal->token, asked, request->type,
                             &row.granted, &row.trace);
    }
    sddl_row *slot = st == RM_OK ? rm_push(arena, &a->rows) : NULL;
    if (slot == NULL) {
        return st == RM_OK ? RM_NOMEM : st;
    }
    *slot = row;
    return RM_OK;
}

/* A name of wdmsec.h stands for its string. */
static rm_str expand(rm_str text) {
    const char *devobj = rm_sddl_devobj(rm_str_trim(text));
    return devobj == NULL ? text : rm_str_from(devobj);
}

/*
 * A descriptor of the registry, as hex: "01000480…", or bytes parted by commas as an INF has them.
 * No SDDL begins with a digit. NULL when the text is not that.
 */
static char *from_hex(rm_arena *arena, rm_str text, size_t *length) {
    char *bytes = rm_arena_alloc(arena, text.len / 2 + 1, 1);
    size_t digits = 0;
    if (bytes == NULL || text.len < 40 || text.ptr[0] != '0') {
        return NULL;
    }
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0 && c != ',' && c != ' ') {
            return NULL;
        }
        if (digit >= 0) {
            bytes[digits / 2] = (char)(digits % 2 == 0 ? digit << 4 : bytes[digits / 2] | digit);
            digits++;
        }
    }
    *length = digits / 2;
    return digits % 2 == 0 ? bytes : NULL;
}

static rm_status read(rm_arena *arena, rm_sink *sink, const sddl_request *request, rm_str text,
                      const rm_security **out) {
    rm_loc at = {.line = 1, .column = 1};
    rm_sddl_options options = {.domain = request->domain};
    size_t length = 0;
    const char *bytes = from_hex(arena, text, &length);
    return bytes != NULL ? rm_security_from_binary(arena, sink, at, (rm_str){bytes, length}, out)
                         : rm_sddl_parse(arena, sink, at, expand(text), &options, out);
}

static rm_status judge_all(rm_arena *arena, const sddl_request *request, sddl_answer *a) {
    rm_status st = format(arena, a);
    for (uint32_t i = 0; st == RM_OK && i < request->principals->count; i++) {
        st = judge(arena, request, &request->principals->at[i], a);
    }
    return st;
}

rm_status sddl_answer_make(rm_arena *arena, const sddl_request *request, rm_str text,
                           sddl_answer *out) {
    sddl_answer a = {.text = text, .domain = request->domain};
    struct collector c = {.arena = arena, .messages = &a.messages};
    rm_sink sink = {.emit = collect, .payload = &c};
    rm_loc at = {.line = 1, .column = 1};
    rm_status st = read(arena, &sink, request, text, &a.security);
    if (st == RM_OK && request->kernel) {
        rm_sddl_kernel_subset(&sink, at, a.security);
    }
    if (st == RM_OK) {
        st = judge_all(arena, request, &a);
    }
    st = st == RM_SYNTAX ? RM_OK : st;
    st = c.status != RM_OK ? c.status : st;
    if (st == RM_OK) {
        *out = a;
    }
    return st;
}
