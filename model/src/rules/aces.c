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

/* Where the ACEs of the DACL stand in the text; false: not those that were parsed. */
typedef struct rm_written {
    size_t start, end;
} rm_written;

static bool find_written(rm_str sddl, const rm_security *sd, rm_written *out) {
    size_t at = 0;
    uint32_t found = 0;
    unsigned depth = 0;
    if (!rm_str_find(sddl, RM_STR("D:"), &at)) {
        return false;
    }
    for (; at < sddl.len && found < sd->dacl.aces.count; at++) {
        if (sddl.ptr[at] == '(') {
            out[found].start = depth == 0 ? at : out[found].start;
            depth++;
        } else if (sddl.ptr[at] == ')' && depth > 0 && --depth == 0) {
            out[found++].end = at + 1;
        } else if (sddl.ptr[at] == '"') {
            return false; /* a condition: brackets in its texts are no brackets */
        }
    }
    return found == sd->dacl.aces.count;
}

/* The ACEs that grant too much, as they are written, and what is left without them. */
static bool quote(const rm_descriptor *row, const rm_security *sd, rm_object_type type,
                  uint32_t bits, const rm_written *written, rm_buf *taken, rm_buf *left) {
    size_t from = 0;
    for (uint32_t i = 0; i < sd->dacl.aces.count; i++) {
        if (rm_ace_grants(&sd->dacl.aces.at[i], type, bits)) {
            rm_buf_str(taken, rm_str_slice(row->sddl, written[i].start, written[i].end));
            rm_buf_str(left, rm_str_slice(row->sddl, from, written[i].start));
            from = written[i].end;
        }
    }
    rm_buf_str(left, rm_str_slice(row->sddl, from, row->sddl.len));
    return taken->status == RM_OK && left->status == RM_OK;
}

/* The name of wdmsec.h's that stands for the descriptor in code. */
static const char *constant_of(const rm_descriptor *row) {
    return row->source == RM_SDDL_CODE ? rm_sddl_devobj_name(row->sddl) : NULL;
}

static bool all_taken(const rm_security *sd, rm_object_type type, uint32_t bits) {
    for (uint32_t i = 0; i < sd->dacl.aces.count; i++) {
        if (!rm_ace_grants(&sd->dacl.aces.at[i], type, bits)) {
            return false;
        }
    }
    return sd->sacl.aces.count == 0;
}

static rm_status by_meaning(rm_arena *arena, const rm_security *sd, rm_object_type type,
                            uint32_t bits, rm_buf *taken, rm_buf *left) {
    rm_str rest = RM_STR_NONE;
    for (uint32_t i = 0; i < sd->dacl.aces.count; i++) {
        if (rm_ace_grants(&sd->dacl.aces.at[i], type, bits)) {
            put_ace(taken, arena, sd, &sd->dacl.aces.at[i]);
        }
    }
    rm_status st = without(arena, sd, type, bits, &rest);
    rm_buf_str(left, rest);
    return st;
}

rm_status rm_aces_fix(rm_rule_run *run, const rm_descriptor *row, uint32_t bits, rm_str *out) {
    const rm_security *sd = NULL;
    rm_arena *arena = run->model->arena;
    rm_object_type type = rm_subject_object(row->subject_kind);
    rm_buf text = {.arena = arena};
    rm_buf taken = {.arena = run->scratch};
    rm_buf left = {.arena = run->scratch};
    rm_status st = rm_descriptor_security(arena, run->model, row, &sd);
    if (st != RM_OK || sd == NULL || !sd->dacl.present || sd->dacl.null) {
        *out = RM_STR("give it a DACL for SYSTEM and administrators: D:P(A;;GA;;;SY)(A;;GA;;;BA)");
        return st;
    }
    rm_written *written = RM_NEW_ARRAY(run->scratch, rm_written, (size_t)sd->dacl.aces.count + 1);
    if (written == NULL) {
        return RM_NOMEM;
    }
    if (!find_written(row->sddl, sd, written) ||
        !quote(row, sd, type, bits, written, &taken, &left)) {
        taken.len = left.len = 0;
        st = by_meaning(run->scratch, sd, type, bits, &taken, &left);
    }
    rm_buf_text(&text, "take ");
    rm_buf_str(&text, rm_buf_view(&taken));
    if (all_taken(sd, type, bits) && left.status == RM_OK) {
        rm_buf_text(&left, "(A;;GA;;;SY)(A;;GA;;;BA)"); /* nobody would be left */
        rm_buf_text(&text, " out of it and put (A;;GA;;;SY)(A;;GA;;;BA) in");
    } else {
        rm_buf_text(&text, " out of it");
    }
    rm_buf_printf(&text, ", which leaves %.*s; who must get in gets an ACE of its own",
                  RM_STR_ARG(rm_buf_view(&left)));
    const char *constant = constant_of(row);
    if (row->place.line > 0) {
        rm_buf_printf(&text, " (%.*s:%u%s%s)", RM_STR_ARG(row->place.file),
                      (unsigned)row->place.line, constant != NULL ? ", " : "",
                      constant != NULL ? constant : "");
    }
    *out = rm_buf_view(&text);
    return st == RM_OK ? text.status : st;
}
