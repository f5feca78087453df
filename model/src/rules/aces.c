#include "aces.h"

#include "model/effective.h"

enum {
    ACE_ALLOW = 0x00,
    ACE_ALLOW_OBJECT = 0x05,
    ACE_ALLOW_CALLBACK = 0x09,
    ACE_INHERIT_ONLY = 0x08
};

/* S-1-5-first or S-1-5-first-second. */
static bool is_sid(const rm_sid *sid, uint32_t first, uint32_t second, uint8_t count) {
    return sid->authority == 5 && sid->count == count && sid->sub[0] == first &&
           (count < 2 || sid->sub[1] == second);
}

bool rm_sid_is_trusted(const rm_sid *sid) {
    return is_sid(sid, 18, 0, 1) || is_sid(sid, 32, 544, 2) ||
           (sid->authority == 5 && sid->count > 1 && sid->sub[0] == 80); /* a service's own */
}

uint32_t rm_ace_mask(const rm_ace *ace, rm_object_type type) {
    rm_generic_mapping map = rm_object_mapping(type);
    uint32_t mask = ace->mask & 0x0FFFFFFF;
    mask |= (ace->mask & 0x10000000) != 0 ? map.all : 0;
    mask |= (ace->mask & 0x20000000) != 0 ? map.execute : 0;
    mask |= (ace->mask & 0x40000000) != 0 ? map.write : 0;
    mask |= (ace->mask & 0x80000000) != 0 ? map.read : 0;
    return mask;
}

/* LocalService, NetworkService and the hosts of user-mode drivers: less than SYSTEM, no user. */
bool rm_sid_is_service(const rm_sid *sid) {
    return is_sid(sid, 19, 0, 1) || is_sid(sid, 20, 0, 1) ||
           (sid->authority == 5 && sid->count > 1 && sid->sub[0] == 84);
}

enum { WRITE_DAC = 0x40000, WRITE_OWNER = 0x80000 };

bool rm_ace_grants(const rm_ace *ace, rm_object_type type, uint32_t bits) {
    bool allows =
        ace->type == ACE_ALLOW || ace->type == ACE_ALLOW_OBJECT || ace->type == ACE_ALLOW_CALLBACK;
    bool strict = (bits & (WRITE_DAC | WRITE_OWNER)) != 0;
    return allows && (ace->flags & ACE_INHERIT_ONLY) == 0 && !rm_sid_is_trusted(&ace->sid) &&
           (strict || !rm_sid_is_service(&ace->sid)) && (rm_ace_mask(ace, type) & bits) != 0;
}

rm_object_type rm_subject_object(rm_subject subject) {
    switch (subject) {
    case RM_SUBJECT_SERVICE: return RM_OBJECT_SERVICE;
    case RM_SUBJECT_KEY: return RM_OBJECT_KEY;
    case RM_SUBJECT_FILE: return RM_OBJECT_FILE;
    case RM_SUBJECT_DEVICE:
    case RM_SUBJECT_INTERFACE:
    case RM_SUBJECT_PORT:
    case RM_SUBJECT_COUNT: break;
    }
    return RM_OBJECT_DEVICE;
}

static void put_ace(rm_buf *out, rm_arena *arena, const rm_security *sd, const rm_ace *ace) {
    rm_ace_text text;
    const rm_sid *domain = sd->has_domain ? &sd->domain : NULL;
    if (rm_ace_texts(arena, ace, domain, &text) != RM_OK) {
        out->status = RM_NOMEM;
        return;
    }
    rm_buf_printf(out, "(%.*s;%.*s;%.*s;;;%.*s)", RM_STR_ARG(text.type), RM_STR_ARG(text.flags),
                  RM_STR_ARG(text.rights), RM_STR_ARG(text.sid));
}

/* The descriptor without its ACEs that grant too much. */
static rm_status without(rm_arena *arena, const rm_security *sd, rm_object_type type, uint32_t bits,
                         rm_str *out) {
    rm_security left = *sd;
    left.dacl.aces = (rm_aces){0};
    for (uint32_t i = 0; i < sd->dacl.aces.count; i++) {
        const rm_ace *ace = &sd->dacl.aces.at[i];
        rm_ace *kept = rm_ace_grants(ace, type, bits) ? NULL : rm_push(arena, &left.dacl.aces);
        if (kept != NULL) {
            *kept = *ace;
        }
    }
    return rm_sddl_format(arena, &left, out);
}

rm_status rm_aces_fix(rm_rule_run *run, const rm_descriptor *row, uint32_t bits, rm_str *out) {
    const rm_security *sd = NULL;
    rm_arena *arena = run->model->arena;
    rm_object_type type = rm_subject_object(row->subject_kind);
    rm_buf text = {.arena = arena};
    rm_str left = RM_STR_NONE;
    rm_status st = rm_descriptor_security(arena, run->model, row, &sd);
    if (st != RM_OK || sd == NULL || !sd->dacl.present || sd->dacl.null) {
        *out = RM_STR("give it a DACL for SYSTEM and administrators: D:P(A;;GA;;;SY)(A;;GA;;;BA)");
        return st;
    }
    rm_buf_text(&text, "take ");
    for (uint32_t i = 0; i < sd->dacl.aces.count; i++) {
        if (rm_ace_grants(&sd->dacl.aces.at[i], type, bits)) {
            put_ace(&text, arena, sd, &sd->dacl.aces.at[i]);
        }
    }
    st = without(arena, sd, type, bits, &left);
    rm_buf_printf(&text, " out of it, which leaves %.*s; who must get in gets an ACE of its own",
                  RM_STR_ARG(left));
    if (row->place.line > 0) {
        rm_buf_printf(&text, " (%.*s:%u)", RM_STR_ARG(row->place.file), (unsigned)row->place.line);
    }
    *out = rm_buf_view(&text);
    return st == RM_OK ? text.status : st;
}
