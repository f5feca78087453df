#include "condition.h"

#include <inttypes.h>

#include "utf16.h"

static bool always(uint32_t unit) {
    (void)unit;
    return true;
}

static void put_integer(rm_buf *buf, const struct cond_token *token) {
    uint64_t size = token->sign == SIGN_MINUS || token->value < 0 ? 0 - (uint64_t)token->value
                                                                  : (uint64_t)token->value;
    bool minus = token->sign == SIGN_MINUS || token->value < 0;
    rm_buf_text(buf, minus ? "-" : token->sign == SIGN_PLUS ? "+" : "");
    if (token->base == BASE_HEX) {
        rm_buf_printf(buf, "0x%" PRIx64, size);
    } else if (token->base == BASE_OCTAL) {
        rm_buf_printf(buf, "0%" PRIo64, size);
    } else {
        rm_buf_printf(buf, "%" PRIu64, size);
    }
}

static void put_octets(rm_buf *buf, rm_str octets) {
    rm_buf_char(buf, '#');
    for (size_t i = 0; i < octets.len; i++) {
        rm_buf_printf(buf, "%02x", (unsigned)(unsigned char)octets.ptr[i]);
    }
}

static void put_scalar(rm_buf *buf, const struct cond_token *token, const rm_sid *domain) {
    switch (token->code) {
    case COND_STRING:
        rm_buf_char(buf, '"');
        utf16_put(buf, token->text, always);
        rm_buf_char(buf, '"');
        return;
    case COND_OCTETS: put_octets(buf, token->text); return;
    case COND_SID:
        rm_buf_text(buf, "SID(");
        sid_put(buf, token->sid, domain);
        rm_buf_char(buf, ')');
        return;
    default: put_integer(buf, token);
    }
}

static void put_composite(rm_buf *buf, const struct cond_token *token, const rm_sid *domain) {
    rm_buf_char(buf, '{');
    for (uint32_t i = 0; i < token->item_count; i++) {
        rm_buf_text(buf, i == 0 ? "" : ", ");
        put_scalar(buf, &token->items[i], domain);
    }
    rm_buf_char(buf, '}');
}

/* Would a bare name be taken for an operator? Then its first letter is written as an escape. */
static bool reads_as_word(rm_str name) {
    char ascii[32];
    size_t n = 0;
    for (size_t at = 0; at + 1 < name.len && n < sizeof ascii; at += 2) {
        ascii[n++] = name.ptr[at + 1] == 0 ? name.ptr[at] : '?';
    }
    return cond_operator_word((rm_str){ascii, n}) != NULL;
}

static bool never(uint32_t unit) {
    (void)unit;
    return false;
}

static void put_attribute(rm_buf *buf, const struct cond_token *token) {
    rm_str name = token->text;
    switch (token->code) {
    case COND_USER: rm_buf_text(buf, "@USER."); break;
    case COND_DEVICE: rm_buf_text(buf, "@DEVICE."); break;
    case COND_RESOURCE: rm_buf_text(buf, "@RESOURCE."); break;
    default:
        if (reads_as_word(name)) {
            utf16_put(buf, rm_str_slice(name, 0, 2), never);
            name = rm_str_slice(name, 2, name.len);
        }
        utf16_put(buf, name, cond_local_name_plain);
        return;
    }
    utf16_put(buf, name, cond_name_plain);
}

static void put_operand(rm_buf *buf, const struct cond_token *token, const rm_sid *domain) {
    if (cond_is_attribute(token->code)) {
        put_attribute(buf, token);
    } else if (token->code == COND_COMPOSITE) {
        put_composite(buf, token, domain);
    } else {
        put_scalar(buf, token, domain);
    }
}

/*
 * The tokens are in postfix order: the right side of the operator at i ends at i-1, the left one
 * before the right one begins. begins[i] is where the expression that ends at i begins.
 */
static uint32_t *find_begins(rm_arena *arena, const struct cond_tokens *tokens) {
    uint32_t *begins = RM_NEW_ARRAY(arena, uint32_t, tokens->count);
    for (uint32_t i = 0; begins != NULL && i < tokens->count; i++) {
        const struct cond_operator *op = cond_operator_of(tokens->at[i].code);
        begins[i] = i;
        if (op != NULL && i > 0) {
            begins[i] = begins[i - 1];
            if ((op->shape == SHAPE_RELATION || op->shape == SHAPE_LOGIC) && begins[i] > 0) {
                begins[i] = begins[begins[i] - 1];
            }
        }
    }
    return begins;
}

/* Something left to print: an expression by where it ends, or a text. */
struct work {
    const char *text; /* NULL: an expression */
    uint32_t end;
};

RM_LIST(works, struct work);

struct printer {
    rm_buf *buf;
    const struct cond_tokens *tokens;
    const uint32_t *begins;
    const rm_sid *domain;
    struct works todo; /* the next one last */
};

static void later(struct printer *p, const char *text, uint32_t end) {
    struct work *slot = rm_push(p->buf->arena, &p->todo);
    if (slot == NULL) {
        p->buf->status = RM_NOMEM;
        return;
    }
    *slot = (struct work){.text = text, .end = end};
}

static void print_relation(struct printer *p, const struct cond_operator *op, uint32_t end) {
    put_operand(p->buf, &p->tokens->at[end - 2], p->domain);
    rm_buf_printf(p->buf, " %s ", op->text);
    put_operand(p->buf, &p->tokens->at[end - 1], p->domain);
}

static void print_logic(struct printer *p, const struct cond_operator *op, uint32_t end) {
    later(p, ")", 0);
    later(p, NULL, end - 1);
    later(p, op->code == COND_AND ? ") && (" : ") || (", 0);
    later(p, NULL, p->begins[end - 1] - 1);
    rm_buf_char(p->buf, '(');
}

static void print_expression(struct printer *p, uint32_t end) {
    const struct cond_token *token = &p->tokens->at[end];
    const struct cond_operator *op = cond_operator_of(token->code);
    if (op == NULL) {
        put_operand(p->buf, token, p->domain);
        return;
    }
    switch (op->shape) {
    case SHAPE_EXISTS:
    case SHAPE_MEMBERSHIP:
        rm_buf_printf(p->buf, "%s ", op->text);
        put_operand(p->buf, token - 1, p->domain);
        return;
    case SHAPE_RELATION: print_relation(p, op, end); return;
    case SHAPE_NOT:
        later(p, ")", 0);
        later(p, NULL, end - 1);
        rm_buf_text(p->buf, "!(");
        return;
    case SHAPE_LOGIC: print_logic(p, op, end); return;
    case SHAPE_OPERAND: return;
    }
}

/* Every part of && || ! stands in parentheses, as Windows prints it. */
void condition_put(rm_buf *buf, const rm_condition *condition, const rm_sid *domain) {
    struct printer p = {.buf = buf,
                        .tokens = &condition->tokens,
                        .domain = domain,
                        .begins = find_begins(buf->arena, &condition->tokens)};
    if (p.begins == NULL || condition->tokens.count == 0) {
        buf->status = RM_NOMEM;
        return;
    }
    rm_buf_char(buf, '(');
    later(&p, NULL, condition->tokens.count - 1);
    while (buf->status == RM_OK && p.todo.count > 0) {
        struct work next = p.todo.at[--p.todo.count];
        if (next.text != NULL) {
            rm_buf_text(buf, next.text);
        } else {
            print_expression(&p, next.end);
        }
    }
    rm_buf_char(buf, ')');
}
