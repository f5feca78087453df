#include "binary.h"

#include "bytes.h"
#include "condition.h"
#include "rights.h"

/*
 * The self-relative form (MS-DTYP 2.4.6): a header of 20 bytes, then what it points at. Windows
 * writes SACL, DACL, owner, group in this order.
 */

enum {
    HEADER = 20,
    ACL_HEADER = 8,
    ACE_HEADER = 8, /* type, flags, size, mask */
    ACL_MAX = 65535,

    CONTROL_DACL_PRESENT = 0x0004,
    CONTROL_SACL_PRESENT = 0x0010,
    CONTROL_DACL_AUTO_INHERIT_REQ = 0x0100,
    CONTROL_SACL_AUTO_INHERIT_REQ = 0x0200,
    CONTROL_DACL_AUTO_INHERITED = 0x0400,
    CONTROL_SACL_AUTO_INHERITED = 0x0800,
    CONTROL_DACL_PROTECTED = 0x1000,
    CONTROL_SACL_PROTECTED = 0x2000,
    CONTROL_SELF_RELATIVE = 0x8000,

    OBJECT_PRESENT = 1,
    INHERITED_PRESENT = 2
};

static bool is_object(uint8_t type) {
    const struct ace_kind *kind = ace_kind_of(type);
    return kind != NULL && kind->object;
}

static size_t padded(size_t size) {
    return (size + 3) & ~(size_t)3;
}

/* A SID below an unknown domain is counted as one below a usual domain: S-1-5-21-a-b-c-rid. */
static size_t sid_size(const rm_sid *sid) {
    return sid->domain_relative ? 28 : sid_bytes_size(sid);
}

static size_t object_size(const rm_ace *ace) {
    return is_object(ace->type) ? 4 + (size_t)16 * ace->has_object + (size_t)16 * ace->has_inherited
                                : 0;
}

static size_t tail_size(const rm_ace *ace) {
    return padded(ace->condition != NULL ? condition_size(ace->condition) : ace->resource.len);
}

size_t ace_bytes_size(const rm_ace *ace) {
    return ACE_HEADER + object_size(ace) + sid_size(&ace->sid) + tail_size(ace);
}

/*
 * An object ACE without a GUID has become a plain one, but Windows counts it as it was written:
 * revision 4, and four bytes at the end of the ACL that nobody uses.
 */
static size_t acl_size(const rm_acl *acl, bool *has_object) {
    size_t size = ACL_HEADER;
    for (uint32_t i = 0; i < acl->aces.count; i++) {
        const rm_ace *ace = &acl->aces.at[i];
        size += ace_bytes_size(ace) + (ace->was_object ? 4 : 0);
        *has_object = *has_object || ace->was_object || is_object(ace->type);
    }
    return size;
}

/* --- writing --- */

static void write_ace(rm_buf *buf, const rm_ace *ace) {
    bytes_put_u16(buf, (uint32_t)ace->flags << 8 | ace->type);
    bytes_put_u16(buf, (uint32_t)ace_bytes_size(ace));
    bytes_put_u32(buf, ace->mask);
    if (is_object(ace->type)) {
        bytes_put_u32(buf, (ace->has_object ? (uint32_t)OBJECT_PRESENT : 0) |
                               (ace->has_inherited ? (uint32_t)INHERITED_PRESENT : 0));
        if (ace->has_object) {
            rm_buf_str(buf, (rm_str){(const char *)ace->object, 16});
        }
        if (ace->has_inherited) {
            rm_buf_str(buf, (rm_str){(const char *)ace->inherited, 16});
        }
    }
    bytes_put_sid(buf, &ace->sid);
    size_t before = buf->len;
    if (ace->condition != NULL) {
        condition_write(buf, ace->condition);
    } else {
        rm_buf_str(buf, ace->resource);
    }
    bytes_put_zeros(buf, tail_size(ace) - (buf->status == RM_OK ? buf->len - before : 0));
}

/* Returns the offset of what it wrote, 0 when there is nothing. */
static size_t write_acl(rm_buf *buf, const rm_acl *acl) {
    bool has_object = false;
    size_t start = buf->len;
    if (!acl->present || acl->null) {
        return 0;
    }
    size_t size = acl_size(acl, &has_object);
    if (size > ACL_MAX) {
        buf->status = buf->status == RM_OK ? RM_LIMIT : buf->status;
        return 0;
    }
    bytes_put_u16(buf, has_object ? 4 : 2);
    bytes_put_u16(buf, (uint32_t)size);
    bytes_put_u32(buf, acl->aces.count);
    for (uint32_t i = 0; i < acl->aces.count; i++) {
        write_ace(buf, &acl->aces.at[i]);
    }
    bytes_put_zeros(buf, buf->status == RM_OK ? start + size - buf->len : 0);
    return start;
}

static uint32_t control_of(const rm_security *sd) {
    const struct {
        bool set;
        uint32_t bit;
    } bits[] = {
        {sd->dacl.present, CONTROL_DACL_PRESENT},
        {sd->sacl.present, CONTROL_SACL_PRESENT},
        {sd->dacl.auto_inherit_req, CONTROL_DACL_AUTO_INHERIT_REQ},
        {sd->sacl.auto_inherit_req, CONTROL_SACL_AUTO_INHERIT_REQ},
        {sd->dacl.auto_inherited, CONTROL_DACL_AUTO_INHERITED},
        {sd->sacl.auto_inherited, CONTROL_SACL_AUTO_INHERITED},
        {sd->dacl.is_protected, CONTROL_DACL_PROTECTED},
        {sd->sacl.is_protected, CONTROL_SACL_PROTECTED},
    };
    uint32_t control = CONTROL_SELF_RELATIVE;
    for (size_t i = 0; i < sizeof bits / sizeof bits[0]; i++) {
        control |= bits[i].set ? bits[i].bit : 0;
    }
    return control;
}

static size_t write_sid(rm_buf *buf, bool has, const rm_sid *sid) {
    size_t start = buf->len;
    if (!has) {
        return 0;
    }
    bytes_put_sid(buf, sid);
    return start;
}

static void patch_u32(rm_buf *buf, size_t at, size_t value) {
    for (unsigned i = 0; i < 4; i++) {
        buf->ptr[at + i] = (char)(value >> (8 * i) & 0xFFu);
    }
}

rm_status rm_security_to_binary(rm_arena *arena, const rm_security *sd, rm_str *out) {
    rm_buf buf = {.arena = arena};
    if (sd->domain_relative) {
        return RM_USAGE;
    }
    bytes_put_u16(&buf, 1);
    bytes_put_u16(&buf, control_of(sd));
    bytes_put_zeros(&buf, HEADER - 4);
    size_t sacl = write_acl(&buf, &sd->sacl);
    size_t dacl = write_acl(&buf, &sd->dacl);
    size_t owner = write_sid(&buf, sd->has_owner, &sd->owner);
    size_t group = write_sid(&buf, sd->has_group, &sd->group);
    if (buf.status != RM_OK) {
        return buf.status;
    }
    patch_u32(&buf, 4, owner);
    patch_u32(&buf, 8, group);
    patch_u32(&buf, 12, sacl);
    patch_u32(&buf, 16, dacl);
    *out = rm_buf_view(&buf);
    return RM_OK;
}

/* --- reading --- */

struct reader {
    rm_arena *arena;
    rm_sink *sink;
    rm_loc at;
    rm_str data;
};

static rm_status damaged(const struct reader *r, size_t pos, const char *text) {
    rm_loc place = r->at;
    place.column += (uint32_t)(pos > UINT32_MAX / 2 ? 0 : pos);
    rm_diag(r->sink, RM_ERROR, place, "security-binary", "%s (byte %zu)", text, pos);
    return RM_SYNTAX;
}

static rm_status read_guids(struct bytes *b, rm_ace *ace) {
    uint32_t flags = 0;
    rm_str guid = RM_STR_NONE;
    if (!bytes_u32(b, &flags)) {
        return RM_SYNTAX;
    }
    ace->has_object = (flags & OBJECT_PRESENT) != 0;
    ace->has_inherited = (flags & INHERITED_PRESENT) != 0;
    uint8_t *const where[] = {ace->object, ace->inherited};
    const bool has[] = {ace->has_object, ace->has_inherited};
    for (unsigned i = 0; i < 2; i++) {
        if (!has[i]) {
            continue;
        }
        if (!bytes_take(b, 16, &guid)) {
            return RM_SYNTAX;
        }
        for (unsigned k = 0; k < 16; k++) {
            where[i][k] = (uint8_t)guid.ptr[k];
        }
    }
    return RM_OK;
}

static rm_status read_tail(const struct reader *r, rm_str tail, size_t pos, rm_ace *ace) {
    const struct ace_kind *kind = ace_kind_of(ace->type);
    bool condition =
        kind->tail == TAIL_CONDITION || (kind->tail == TAIL_OPTIONAL_CONDITION && tail.len > 0);
    rm_claim claim;
    rm_claim_type type;
    if (condition) {
        rm_status st = condition_read(r->arena, tail, &ace->condition);
        return st == RM_SYNTAX ? damaged(r, pos, "the condition of an ACE is damaged") : st;
    }
    ace->resource = tail;
    if (kind->tail == TAIL_RESOURCE) {
        rm_status st = claim_read(r->arena, tail, &claim, &type);
        return st == RM_SYNTAX ? damaged(r, pos, "the resource attribute is damaged") : st;
    }
    return RM_OK;
}

/* The ACE at *pos, which lies before `end`. */
static rm_status read_ace(const struct reader *r, size_t *pos, size_t end, rm_ace *out) {
    struct bytes b = {rm_str_slice(r->data, 0, end), *pos};
    rm_ace ace = {0};
    uint16_t size = 0;
    if (!bytes_u8(&b, &ace.type) || !bytes_u8(&b, &ace.flags) || !bytes_u16(&b, &size) ||
        !bytes_u32(&b, &ace.mask) || size < ACE_HEADER || size > end - *pos) {
        return damaged(r, *pos, "an ACE reaches beyond its ACL");
    }
    b.data = rm_str_slice(r->data, 0, *pos + size);
    if (ace_kind_of(ace.type) == NULL) {
        return damaged(r, *pos, "an ACE of a type that is not known");
    }
    if ((is_object(ace.type) && read_guids(&b, &ace) != RM_OK) || !bytes_sid(&b, &ace.sid)) {
        return damaged(r, *pos, "the SID of an ACE is damaged");
    }
    rm_str tail = rm_str_slice(r->data, b.pos, *pos + size);
    rm_status st = read_tail(r, tail, *pos, &ace);
    *pos += size;
    *out = ace;
    return st;
}

static rm_status read_acl(const struct reader *r, uint32_t offset, rm_acl *acl) {
    struct bytes b = {r->data, offset};
    uint16_t revision = 0;
    uint16_t size = 0;
    uint16_t count = 0;
    acl->present = true;
    acl->null = offset == 0;
    if (acl->null) {
        return RM_OK;
    }
    if (!bytes_u16(&b, &revision) || !bytes_u16(&b, &size) || !bytes_u16(&b, &count) ||
        (revision & 0xFFu) < 2 || (revision & 0xFFu) > 4 || size < ACL_HEADER ||
        size > r->data.len - offset) {
        return damaged(r, offset, "an ACL is damaged");
    }
    size_t pos = (size_t)offset + ACL_HEADER;
    size_t end = (size_t)offset + size;
    for (unsigned i = 0; i < count; i++) {
        rm_ace ace = {0};
        rm_status st = read_ace(r, &pos, end, &ace);
        rm_ace *slot = st == RM_OK ? rm_push(r->arena, &acl->aces) : NULL;
        if (slot == NULL) {
            return st == RM_OK ? RM_NOMEM : st;
        }
        *slot = ace;
    }
    return RM_OK;
}

static rm_status read_sid(const struct reader *r, uint32_t offset, bool *has, rm_sid *out) {
    struct bytes b = {r->data, offset};
    if (offset == 0) {
        return RM_OK;
    }
    *has = bytes_sid(&b, out);
    return *has ? RM_OK : damaged(r, offset, "the owner or group is damaged");
}

static void read_control(uint32_t control, rm_security *sd) {
    sd->dacl.auto_inherit_req = (control & CONTROL_DACL_AUTO_INHERIT_REQ) != 0;
    sd->sacl.auto_inherit_req = (control & CONTROL_SACL_AUTO_INHERIT_REQ) != 0;
    sd->dacl.auto_inherited = (control & CONTROL_DACL_AUTO_INHERITED) != 0;
    sd->sacl.auto_inherited = (control & CONTROL_SACL_AUTO_INHERITED) != 0;
    sd->dacl.is_protected = (control & CONTROL_DACL_PROTECTED) != 0;
    sd->sacl.is_protected = (control & CONTROL_SACL_PROTECTED) != 0;
}

static rm_status read_parts(const struct reader *r, rm_security *sd) {
    struct bytes b = {r->data, 0};
    uint16_t revision = 0;
    uint16_t control = 0;
    uint32_t owner = 0;
    uint32_t group = 0;
    uint32_t sacl = 0;
    uint32_t dacl = 0;
    if (!bytes_u16(&b, &revision) || !bytes_u16(&b, &control) || !bytes_u32(&b, &owner) ||
        !bytes_u32(&b, &group) || !bytes_u32(&b, &sacl) || !bytes_u32(&b, &dacl)) {
        return damaged(r, r->data.len, "shorter than the header of a descriptor");
    }
    if ((revision & 0xFFu) != 1 || (control & CONTROL_SELF_RELATIVE) == 0) {
        return damaged(r, 0, "not a self-relative descriptor of revision 1");
    }
    read_control(control, sd);
    rm_status st = read_sid(r, owner, &sd->has_owner, &sd->owner);
    if (st == RM_OK) {
        st = read_sid(r, group, &sd->has_group, &sd->group);
    }
    if (st == RM_OK && (control & CONTROL_SACL_PRESENT) != 0) {
        st = read_acl(r, sacl, &sd->sacl);
    }
    if (st == RM_OK && (control & CONTROL_DACL_PRESENT) != 0) {
        st = read_acl(r, dacl, &sd->dacl);
    }
    return st;
}

rm_status rm_security_from_binary(rm_arena *arena, rm_sink *sink, rm_loc at, rm_str bytes,
                                  const rm_security **out) {
    struct reader r = {arena, sink, at, bytes};
    rm_security *sd = RM_NEW(arena, rm_security);
    if (sd == NULL) {
        return RM_NOMEM;
    }
    rm_status st = read_parts(&r, sd);
    if (st == RM_OK) {
        *out = sd;
    }
    return st;
}
