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
    if (st != RM_OK) {
        return st;
    }
    a->has_canonical = true;
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
    rm_sddl_options options = {.domain = request->domain};
    rm_status st = rm_sddl_parse(arena, &sink, at, expand(text), &options, &a.security);
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
