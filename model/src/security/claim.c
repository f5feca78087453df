#include "bytes.h"
#include "condition.h"

/*
 * CLAIM_SECURITY_ATTRIBUTE_RELATIVE_V1 (MS-DTYP 2.4.10.1): name offset, type, flags, count and an
 * offset for each value; texts end with a NUL, SIDs and octets begin with their length. Windows
 * packs name and values behind the offsets without gaps.
 */
enum { FIXED = 16 };

static size_t value_size(const rm_claim_value *value) {
    switch (value->type) {
    case RM_CLAIM_STRING: return value->text.len + 2;
    case RM_CLAIM_OCTETS: return value->text.len + 4;
    case RM_CLAIM_SID: return sid_bytes_size(value->sid) + 4;
    case RM_CLAIM_INT:
    case RM_CLAIM_UINT:
    case RM_CLAIM_BOOL: break;
    }
    return 8;
}

static void write_value(rm_buf *buf, const rm_claim_value *value) {
    switch (value->type) {
    case RM_CLAIM_STRING:
        rm_buf_str(buf, value->text);
        bytes_put_u16(buf, 0);
        return;
    case RM_CLAIM_OCTETS:
        bytes_put_u32(buf, (uint32_t)value->text.len);
        rm_buf_str(buf, value->text);
        return;
    case RM_CLAIM_SID:
        bytes_put_u32(buf, (uint32_t)sid_bytes_size(value->sid));
        bytes_put_sid(buf, value->sid);
        return;
    case RM_CLAIM_INT:
    case RM_CLAIM_UINT:
    case RM_CLAIM_BOOL: break;
    }
    bytes_put_u64(buf, (uint64_t)value->integer);
}

rm_status claim_write(rm_arena *arena, const rm_claim *claim, rm_claim_type type, rm_str *out) {
    rm_buf buf = {.arena = arena};
    size_t name = FIXED + (size_t)4 * claim->values.count;
    size_t at = name + claim->name.len + 2;
    bytes_put_u32(&buf, (uint32_t)name);
    bytes_put_u16(&buf, (uint32_t)type);
    bytes_put_u16(&buf, 0);
    bytes_put_u32(&buf, claim->flags);
    bytes_put_u32(&buf, claim->values.count);
    for (uint32_t i = 0; i < claim->values.count; i++) {
        bytes_put_u32(&buf, (uint32_t)at);
        at += value_size(&claim->values.at[i]);
    }
    rm_buf_str(&buf, claim->name);
    bytes_put_u16(&buf, 0);
    for (uint32_t i = 0; i < claim->values.count; i++) {
        write_value(&buf, &claim->values.at[i]);
    }
    if (buf.status == RM_OK) {
        *out = rm_buf_view(&buf);
    }
    return buf.status;
}

/* --- reading --- */

/* Values may lie on one another, so what is read of them is bounded apart from the size. */
enum { MAX_TEXT_BYTES = 256 * 1024 };

static bool read_text(struct bytes *b, size_t *budget, rm_str *out) {
    size_t start = b->pos;
    uint16_t unit = 1;
    while (unit != 0) {
        if (!bytes_u16(b, &unit) || *budget < 2) {
            return false;
        }
        *budget -= 2;
    }
    *out = rm_str_slice(b->data, start, b->pos - 2);
    return true;
}

static rm_status read_sid(rm_arena *arena, rm_str body, rm_claim_value *value) {
    struct bytes b = {body, 0};
    rm_sid *sid = RM_NEW(arena, rm_sid);
    if (sid == NULL) {
        return RM_NOMEM;
    }
    value->sid = sid;
    return bytes_sid(&b, sid) ? RM_OK : RM_SYNTAX;
}

static rm_status read_value(rm_arena *arena, struct bytes b, size_t *budget,
                            rm_claim_value *value) {
    uint64_t number = 0;
    rm_str body = RM_STR_NONE;
    switch (value->type) {
    case RM_CLAIM_STRING: return read_text(&b, budget, &value->text) ? RM_OK : RM_SYNTAX;
    case RM_CLAIM_OCTETS:
        if (!bytes_counted(&b, &value->text) || value->text.len > *budget) {
            return RM_SYNTAX;
        }
        *budget -= value->text.len;
        return RM_OK;
    case RM_CLAIM_SID: return bytes_counted(&b, &body) ? read_sid(arena, body, value) : RM_SYNTAX;
    case RM_CLAIM_INT:
    case RM_CLAIM_UINT:
    case RM_CLAIM_BOOL: break;
    }
    if (!bytes_u64(&b, &number) || (value->type == RM_CLAIM_BOOL && number > 1)) {
        return RM_SYNTAX; /* no text could say a truth value that is neither 0 nor 1 */
    }
    value->integer = (int64_t)number;
    return RM_OK;
}

static bool type_of(uint16_t number, rm_claim_type *out) {
    static const rm_claim_type types[] = {RM_CLAIM_INT, RM_CLAIM_UINT, RM_CLAIM_STRING,
                                          RM_CLAIM_SID, RM_CLAIM_BOOL, RM_CLAIM_OCTETS};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if ((unsigned)types[i] == number) {
            *out = types[i];
            return true;
        }
    }
    return false;
}

static rm_status read_values(rm_arena *arena, struct bytes *b, uint32_t count, rm_claim_type type,
                             size_t *budget, rm_claim_values *out) {
    if (count > b->data.len / 4) {
        return RM_SYNTAX;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t offset = 0;
        rm_claim_value value = {.type = type};
        if (!bytes_u32(b, &offset)) {
            return RM_SYNTAX;
        }
        rm_status st = read_value(arena, (struct bytes){b->data, offset}, budget, &value);
        rm_claim_value *slot = st == RM_OK ? rm_push(arena, out) : NULL;
        if (slot == NULL) {
            return st == RM_OK ? RM_NOMEM : st;
        }
        *slot = value;
    }
    return RM_OK;
}

rm_status claim_read(rm_arena *arena, rm_str data, rm_claim *out, rm_claim_type *type) {
    struct bytes b = {data, 0};
    rm_claim claim = {0};
    uint32_t name = 0;
    uint32_t count = 0;
    uint16_t number = 0;
    uint16_t reserved = 0;
    size_t budget = MAX_TEXT_BYTES;
    if (!bytes_u32(&b, &name) || !bytes_u16(&b, &number) || !bytes_u16(&b, &reserved) ||
        !bytes_u32(&b, &claim.flags) || !bytes_u32(&b, &count) || !type_of(number, type)) {
        return RM_SYNTAX;
    }
    struct bytes at_name = {data, name};
    if (!read_text(&at_name, &budget, &claim.name)) {
        return RM_SYNTAX;
    }
    rm_status st = read_values(arena, &b, count, *type, &budget, &claim.values);
    if (st == RM_OK) {
        *out = claim;
    }
    return st;
}
