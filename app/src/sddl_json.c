#include <inttypes.h>

#include "base/text.h"
#include "sddl_answer.h"

static void put_key(rm_buf *out, const char *key) {
    rm_buf_printf(out, "\"%s\":", key);
}

static void put_text(rm_buf *out, const char *key, rm_str text) {
    put_key(out, key);
    rm_text_json(out, text);
}

static void put_optional(rm_buf *out, const char *key, bool has, rm_str text) {
    if (has) {
        put_text(out, key, text);
    } else {
        rm_buf_printf(out, "\"%s\":null", key);
    }
}

static void put_flag(rm_buf *out, const char *key, bool value) {
    rm_buf_printf(out, "\"%s\":%s", key, value ? "true" : "false");
}

static void put_mask(rm_buf *out, const char *key, uint32_t mask) {
    rm_buf_printf(out, "\"%s\":\"0x%" PRIx32 "\"", key, mask);
}

static void put_sid(rm_buf *out, const char *key, bool has, const rm_sid *sid) {
    char text[RM_SID_TEXT] = "";
    if (has) {
        rm_sid_text(sid, text);
    }
    put_optional(out, key, has, rm_str_from(text));
}

static void put_ace(rm_buf *out, const rm_ace *ace, const rm_sid *domain) {
    rm_ace_text text;
    const char *words = rm_sid_words(&ace->sid, domain);
    rm_status st = rm_ace_texts(out->arena, ace, domain, &text);
    if (st != RM_OK) {
        out->status = st;
        return;
    }
    rm_buf_char(out, '{');
    put_text(out, "type", text.type);
    rm_buf_char(out, ',');
    put_text(out, "flags", text.flags);
    rm_buf_char(out, ',');
    put_mask(out, "mask", ace->mask);
    rm_buf_char(out, ',');
    put_text(out, "rights", text.rights);
    rm_buf_char(out, ',');
    put_sid(out, "sid", true, &ace->sid);
    rm_buf_char(out, ',');
    put_optional(out, "name", words != NULL, rm_str_from(words));
    rm_buf_char(out, ',');
    put_optional(out, "condition", ace->condition != NULL, text.condition);
    rm_buf_char(out, ',');
    put_optional(out, "object", ace->has_object, text.object);
    rm_buf_char(out, ',');
    put_optional(out, "inherited_object", ace->has_inherited, text.inherited);
    rm_buf_char(out, ',');
    put_optional(out, "attribute", text.resource.len > 0, text.resource);
    rm_buf_printf(out, ",\"column\":%" PRIu32 "}", ace->column);
}

/* The first mandatory label that is for the object itself. */
static const rm_ace *find_label(const rm_acl *sacl) {
    enum { MANDATORY_LABEL = 0x11, INHERIT_ONLY = 0x08 };
    for (uint32_t i = 0; i < sacl->aces.count; i++) {
        const rm_ace *ace = &sacl->aces.at[i];
        if (ace->type == MANDATORY_LABEL && (ace->flags & INHERIT_ONLY) == 0) {
            return ace;
        }
    }
    return NULL;
}

static void put_label(rm_buf *out, const rm_acl *sacl, const rm_sid *domain) {
    const rm_ace *label = find_label(sacl);
    rm_ace_text text;
    if (label == NULL) {
        rm_buf_text(out, ",\"label\":null");
        return;
    }
    rm_status st = rm_ace_texts(out->arena, label, domain, &text);
    if (st != RM_OK) {
        out->status = st;
        return;
    }
    const char *words = rm_sid_words(&label->sid, domain);
    rm_buf_text(out, ",\"label\":{");
    put_sid(out, "sid", true, &label->sid);
    rm_buf_char(out, ',');
    put_optional(out, "name", words != NULL, rm_str_from(words));
    rm_buf_char(out, ',');
    put_text(out, "policy", text.rights);
    rm_buf_char(out, '}');
}

static void put_acl(rm_buf *out, const rm_acl *acl, bool sacl, const rm_sid *domain) {
    rm_buf_char(out, '{');
    put_flag(out, "present", acl->present);
    rm_buf_char(out, ',');
    put_flag(out, "protected", acl->is_protected);
    rm_buf_char(out, ',');
    put_flag(out, "null", acl->null);
    rm_buf_char(out, ',');
    put_flag(out, "auto_inherit_req", acl->auto_inherit_req);
    rm_buf_char(out, ',');
    put_flag(out, "auto_inherited", acl->auto_inherited);
    rm_buf_text(out, ",\"aces\":[");
    for (uint32_t i = 0; i < acl->aces.count; i++) {
        rm_buf_text(out, i == 0 ? "" : ",");
        put_ace(out, &acl->aces.at[i], domain);
    }
    rm_buf_char(out, ']');
    if (sacl) {
        put_label(out, acl, domain);
    }
    rm_buf_char(out, '}');
}

static void put_step(rm_buf *out, const rm_access_step *step) {
    rm_buf_char(out, '{');
    if (step->ace == RM_NONE) {
        rm_buf_text(out, "\"ace\":null,");
    } else {
        rm_buf_printf(out, "\"ace\":%" PRIu32 ",", step->ace);
    }
    put_text(out, "rule", rm_str_from(step->rule));
    rm_buf_char(out, ',');
    put_flag(out, "granted", step->granted);
    rm_buf_char(out, ',');
    put_mask(out, "bits", step->bits);
    rm_buf_char(out, ',');
    put_text(out, "text", step->text);
    rm_buf_char(out, '}');
}

static void put_row(rm_buf *out, const sddl_request *request, const sddl_row *row) {
    const rm_access_answer *a = &row->answer;
    rm_buf_char(out, '{');
    put_text(out, "principal", row->principal->name);
    const struct {
        const char *key;
        bool value;
    } flags[] = {
        {"any", a->any},
        {"read", a->read},
        {"write", a->write},
        {"win32_any", a->win32_any},
        {"win32_read", a->win32_read},
        {"win32_write", a->win32_write},
    };
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        rm_buf_char(out, ',');
        put_flag(out, flags[i].key, flags[i].value);
    }
    rm_buf_char(out, ',');
    put_mask(out, "max", a->max);
    rm_buf_char(out, ',');
    put_mask(out, "dacl_max", a->dacl);
    rm_buf_char(out, ',');
    put_mask(out, "win32_max", a->win32_max);
    rm_buf_char(out, ',');
    put_mask(out, "undecided", a->undecided);
    if (request->has_access) {
        rm_buf_char(out, ',');
        put_mask(out, "asked", request->access);
        rm_buf_char(out, ',');
        put_flag(out, "granted", row->granted);
    }
    rm_buf_text(out, ",\"trace\":[");
    for (uint32_t i = 0; i < row->trace.count; i++) {
        rm_buf_text(out, i == 0 ? "" : ",");
        put_step(out, &row->trace.at[i]);
    }
    rm_buf_text(out, "]}");
}

static void put_messages(rm_buf *out, const sddl_messages *messages) {
    rm_buf_text(out, ",\"diagnostics\":[");
    for (uint32_t i = 0; i < messages->count; i++) {
        const sddl_message *m = &messages->at[i];
        rm_buf_printf(out, "%s{\"column\":%" PRIu32 ",", i == 0 ? "" : ",", m->column);
        put_text(out, "level", rm_str_from(rm_level_name(m->level)));
        rm_buf_char(out, ',');
        put_text(out, "id", rm_str_from(m->id));
        rm_buf_char(out, ',');
        put_text(out, "message", m->text);
        rm_buf_char(out, '}');
    }
    rm_buf_char(out, ']');
}

void sddl_answer_json(rm_buf *out, const sddl_request *request, const sddl_answer *answer) {
    static const rm_security nothing;
    const rm_security *sd = answer->security == NULL ? &nothing : answer->security;
    rm_buf_char(out, '{');
    put_text(out, "sddl", answer->text);
    rm_buf_char(out, ',');
    put_optional(out, "canonical", answer->has_canonical, answer->canonical);
    rm_buf_char(out, ',');
    put_optional(out, "binary", answer->has_binary, answer->binary);
    rm_buf_char(out, ',');
    put_sid(out, "owner", sd->has_owner, &sd->owner);
    rm_buf_char(out, ',');
    put_sid(out, "group", sd->has_group, &sd->group);
    rm_buf_text(out, ",\"dacl\":");
    put_acl(out, &sd->dacl, false, answer->domain);
    rm_buf_text(out, ",\"sacl\":");
    put_acl(out, &sd->sacl, true, answer->domain);
    rm_buf_text(out, ",\"access\":[");
    for (uint32_t i = 0; i < answer->rows.count; i++) {
        rm_buf_text(out, i == 0 ? "" : ",");
        put_row(out, request, &answer->rows.at[i]);
    }
    rm_buf_char(out, ']');
    put_messages(out, &answer->messages);
    rm_buf_char(out, '}');
}
