#include "condition.h"

#include "bytes.h"

static const rm_str magic = {"artx", 4};

static size_t items_size(const struct cond_token *token) {
    size_t size = 0;
    for (uint32_t i = 0; i < token->item_count; i++) {
        size += cond_token_size(&token->items[i]);
    }
    return size;
}

size_t cond_token_size(const struct cond_token *token) {
    switch (token->code) {
    case COND_STRING:
    case COND_OCTETS: return 5 + token->text.len;
    case COND_COMPOSITE: return 5 + items_size(token);
    case COND_SID: return 5 + sid_bytes_size(token->sid);
    default: break;
    }
    if (cond_is_attribute(token->code)) {
        return 5 + token->text.len;
    }
    return cond_is_literal(token->code) ? 11 : 1;
}

size_t condition_size(const rm_condition *condition) {
    size_t size = magic.len;
    for (uint32_t i = 0; i < condition->tokens.count; i++) {
        size += cond_token_size(&condition->tokens.at[i]);
    }
    return size;
}

static void write_scalar(rm_buf *buf, const struct cond_token *token) {
    rm_buf_char(buf, (char)token->code);
    if (token->code == COND_SID) {
        bytes_put_u32(buf, (uint32_t)sid_bytes_size(token->sid));
        bytes_put_sid(buf, token->sid);
    } else if (token->code == COND_STRING || token->code == COND_OCTETS ||
               cond_is_attribute(token->code)) {
        bytes_put_u32(buf, (uint32_t)token->text.len);
        rm_buf_str(buf, token->text);
    } else if (cond_is_literal(token->code)) {
        bytes_put_u64(buf, (uint64_t)token->value);
        rm_buf_char(buf, (char)token->sign);
        rm_buf_char(buf, (char)token->base);
    }
}

void condition_write(rm_buf *buf, const rm_condition *condition) {
    rm_buf_str(buf, magic);
    for (uint32_t i = 0; i < condition->tokens.count; i++) {
        const struct cond_token *token = &condition->tokens.at[i];
        if (token->code != COND_COMPOSITE) {
            write_scalar(buf, token);
            continue;
        }
        rm_buf_char(buf, (char)token->code);
        bytes_put_u32(buf, (uint32_t)items_size(token));
        for (uint32_t k = 0; k < token->item_count; k++) {
            write_scalar(buf, &token->items[k]);
        }
    }
}

/* --- reading --- */

static bool read_integer(struct bytes *b, struct cond_token *token) {
    uint64_t value = 0;
    if (!bytes_u64(b, &value) || !bytes_u8(b, &token->sign) || !bytes_u8(b, &token->base)) {
        return false;
    }
    token->value = (int64_t)value;
    return token->sign >= SIGN_PLUS && token->sign <= SIGN_NONE && token->base >= BASE_OCTAL &&
           token->base <= BASE_HEX && (token->value >= 0 || token->sign == SIGN_MINUS) &&
           (token->value <= 0 || token->sign != SIGN_MINUS);
}

static rm_status read_sid(rm_arena *arena, rm_str body, struct cond_token *token) {
    struct bytes b = {body, 0};
    rm_sid *sid = RM_NEW(arena, rm_sid);
    if (sid == NULL) {
        return RM_NOMEM;
    }
    token->sid = sid;
    return bytes_sid(&b, sid) && b.pos == body.len ? RM_OK : RM_SYNTAX;
}

static rm_status read_items(rm_arena *arena, rm_str body, struct cond_token *out);

/* `nested`: within a list, where only scalars may be. */
static rm_status read_token(rm_arena *arena, struct bytes *b, bool nested, struct cond_token *out) {
    struct cond_token token = {0};
    rm_str body = RM_STR_NONE;
    if (!bytes_u8(b, &token.code)) {
        return RM_SYNTAX;
    }
    bool integer = token.code >= COND_INT8 && token.code <= COND_INT64;
    if (cond_operator_of(token.code) != NULL) {
        *out = token;
        return nested ? RM_SYNTAX : RM_OK;
    }
    if (!cond_is_literal(token.code) && (nested || !cond_is_attribute(token.code))) {
        return RM_SYNTAX;
    }
    if (integer ? !read_integer(b, &token) : !bytes_counted(b, &body)) {
        return RM_SYNTAX;
    }
    token.text = body;
    rm_status st = RM_OK;
    if (token.code == COND_COMPOSITE) {
        st = nested ? RM_SYNTAX : read_items(arena, body, &token);
    } else if (token.code == COND_SID) {
        st = read_sid(arena, body, &token);
    } else if (!integer && token.code != COND_OCTETS && body.len % 2 != 0) {
        st = RM_SYNTAX; /* half a UTF-16 unit */
    }
    if (cond_is_attribute(token.code) && body.len == 0) {
        st = RM_SYNTAX;
    }
    *out = token;
    return st;
}

static rm_status push(rm_arena *arena, struct cond_tokens *list, struct cond_token token) {
    struct cond_token *slot = rm_push(arena, list);
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = token;
    return RM_OK;
}

/* Not deeper than this one level: a list holds no list. */
static rm_status read_items(rm_arena *arena, rm_str body, struct cond_token *out) {
    struct bytes b = {body, 0};
    struct cond_tokens items = {0};
    rm_status st = RM_OK;
    while (st == RM_OK && b.pos < body.len) {
        struct cond_token item = {0};
        st = read_token(arena, &b, true, &item);
        if (st == RM_OK) {
            st = push(arena, &items, item);
        }
    }
    out->items = items.at;
    out->item_count = items.count;
    return st;
}

/* Zeros fill the ACE up to a multiple of four. */
static bool only_padding(const struct bytes *b) {
    for (size_t i = b->pos; i < b->data.len; i++) {
        if (b->data.ptr[i] != COND_PADDING) {
            return false;
        }
    }
    return true;
}

rm_status condition_read(rm_arena *arena, rm_str data, const rm_condition **out) {
    struct bytes b = {data, magic.len};
    rm_condition *condition = RM_NEW(arena, rm_condition);
    if (condition == NULL) {
        return RM_NOMEM;
    }
    if (!rm_str_starts(data, magic)) {
        return RM_SYNTAX;
    }
    rm_status st = RM_OK;
    while (st == RM_OK && !only_padding(&b)) {
        struct cond_token token = {0};
        st = read_token(arena, &b, false, &token);
        if (st == RM_OK) {
            st = push(arena, &condition->tokens, token);
        }
    }
    if (st == RM_OK && !cond_well_formed(&condition->tokens)) {
        st = RM_SYNTAX;
    }
    if (st == RM_OK) {
        *out = condition;
    }
    return st;
}
