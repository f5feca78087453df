#include "condition.h"
#include "guid.h"
#include "sddl.h"

static const rm_sid *domain_of(const rm_security *sd) {
    return sd->has_domain ? &sd->domain : NULL;
}

void sid_put(rm_buf *buf, const rm_sid *sid, const rm_sid *domain) {
    char text[RM_SID_TEXT];
    const char *alias = rm_sid_alias(sid, domain);
    if (alias == NULL) {
        rm_sid_text(sid, text);
    }
    rm_buf_text(buf, alias == NULL ? text : alias);
}

static void put_guid(rm_buf *buf, bool has, const uint8_t guid[16]) {
    if (has) {
        guid_put(buf, guid);
    }
    rm_buf_char(buf, ';');
}

void ace_put(rm_buf *buf, const rm_ace *ace, const rm_sid *domain) {
    const struct ace_kind *kind = ace_kind_of(ace->type);
    rm_buf_char(buf, '(');
    rm_buf_text(buf, kind == NULL || kind->code == NULL ? "?" : kind->code);
    rm_buf_char(buf, ';');
    ace_flags_put(buf, ace->flags, ace->type);
    rm_buf_char(buf, ';');
    rights_put(buf, ace->mask, ace->type);
    rm_buf_char(buf, ';');
    put_guid(buf, ace->has_object, ace->object);
    put_guid(buf, ace->has_inherited, ace->inherited);
    sid_put(buf, &ace->sid, domain);
    if (ace->condition != NULL) {
        rm_buf_text(buf, ";");
        condition_put(buf, ace->condition, domain);
    } else if (ace->type == ACE_RESOURCE_ATTRIBUTE) {
        rm_buf_char(buf, ';');
        resource_put(buf, ace->resource, domain);
    }
    rm_buf_char(buf, ')');
}

static void put_acl(rm_buf *buf, char letter, const rm_acl *acl, const rm_sid *domain) {
    if (!acl->present) {
        return;
    }
    rm_buf_char(buf, letter);
    rm_buf_text(buf, acl->is_protected ? ":P" : ":");
    rm_buf_text(buf, acl->auto_inherit_req ? "AR" : "");
    rm_buf_text(buf, acl->auto_inherited ? "AI" : "");
    rm_buf_text(buf, acl->null ? "NO_ACCESS_CONTROL" : "");
    for (uint32_t i = 0; i < acl->aces.count; i++) {
        ace_put(buf, &acl->aces.at[i], domain);
    }
}

/* A few types that occur in binary descriptors only cannot be said in SDDL. */
static bool has_text(const rm_acl *acl) {
    for (uint32_t i = 0; i < acl->aces.count; i++) {
        const struct ace_kind *kind = ace_kind_of(acl->aces.at[i].type);
        if (kind == NULL || kind->code == NULL) {
            return false;
        }
    }
    return true;
}

rm_status rm_sddl_format(rm_arena *arena, const rm_security *sd, rm_str *out) {
    rm_buf buf = {.arena = arena};
    const rm_sid *domain = domain_of(sd);
    if (!has_text(&sd->dacl) || !has_text(&sd->sacl)) {
        return RM_USAGE;
    }
    if (sd->has_owner) {
        rm_buf_text(&buf, "O:");
        sid_put(&buf, &sd->owner, domain);
    }
    if (sd->has_group) {
        rm_buf_text(&buf, "G:");
        sid_put(&buf, &sd->group, domain);
    }
    put_acl(&buf, 'D', &sd->dacl, domain);
    put_acl(&buf, 'S', &sd->sacl, domain);
    if (buf.status == RM_OK) {
        *out = rm_buf_take(&buf);
    }
    return buf.status;
}

rm_status rm_ace_texts(rm_arena *arena, const rm_ace *ace, const rm_sid *domain, rm_ace_text *out) {
    enum { TYPE, FLAGS, RIGHTS, OBJECT, INHERITED, SID, CONDITION, RESOURCE, PIECES };
    rm_buf piece[PIECES];
    const struct ace_kind *kind = ace_kind_of(ace->type);
    for (unsigned i = 0; i < PIECES; i++) {
        piece[i] = (rm_buf){.arena = arena};
    }
    rm_buf_text(&piece[TYPE], kind == NULL || kind->code == NULL ? "?" : kind->code);
    ace_flags_put(&piece[FLAGS], ace->flags, ace->type);
    rights_put(&piece[RIGHTS], ace->mask, ace->type);
    if (ace->has_object) {
        guid_put(&piece[OBJECT], ace->object);
    }
    if (ace->has_inherited) {
        guid_put(&piece[INHERITED], ace->inherited);
    }
    sid_put(&piece[SID], &ace->sid, domain);
    if (ace->condition != NULL) {
        condition_put(&piece[CONDITION], ace->condition, domain);
    }
    if (ace->type == ACE_RESOURCE_ATTRIBUTE) {
        resource_put(&piece[RESOURCE], ace->resource, domain);
    }
    for (unsigned i = 0; i < PIECES; i++) {
        if (piece[i].status != RM_OK) {
            return piece[i].status;
        }
    }
    *out = (rm_ace_text){
        .type = rm_buf_view(&piece[TYPE]),
        .flags = rm_buf_view(&piece[FLAGS]),
        .rights = rm_buf_view(&piece[RIGHTS]),
        .object = rm_buf_view(&piece[OBJECT]),
        .inherited = rm_buf_view(&piece[INHERITED]),
        .sid = rm_buf_view(&piece[SID]),
        .condition = rm_buf_view(&piece[CONDITION]),
        .resource = rm_buf_view(&piece[RESOURCE]),
    };
    return RM_OK;
}
