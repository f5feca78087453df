#include "condition_reader.h"

/*
 * expression = term | "(" expression ")" | "!" "(" expression ")" | expression "&&" expression
 *            | expression "||" expression          (&& binds tighter; both to the left)
 * term       = attribute [relation operand] | Exists attribute | Member_of operand …
 * Read without recursion, so that the depth of parentheses is bounded by the size of an ACE alone.
 */

struct reader {
    struct sddl *s;
    rm_condition *out;
    size_t bytes;    /* of the binary form so far */
    struct pending { /* '(' '!' and operators that wait for their right side */
        char *at;
        uint32_t count, capacity;
    } pending;
};

static rm_status emit(struct reader *r, struct cond_token token) {
    r->bytes += cond_token_size(&token);
    if (r->bytes > COND_MAX_BYTES) {
        return sddl_fail(r->s, r->s->pos, "sddl-limit",
                         "the condition is larger than an ACE can be");
    }
    struct cond_token *slot = rm_push(r->s->arena, &r->out->tokens);
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = token;
    return RM_OK;
}

static rm_status emit_operator(struct reader *r, uint8_t code) {
    return emit(r, (struct cond_token){.code = code});
}

/* --- terms --- */

/* Windows allows the operand of a membership in any number of parentheses. */
static rm_status read_membership(struct reader *r, const struct cond_operator *op) {
    struct sddl *s = r->s;
    struct cond_token operand = {0};
    size_t open = 0;
    for (cond_skip_space(s); sddl_peek(s) == '('; cond_skip_space(s)) {
        s->pos++;
        open++;
    }
    rm_status st = cond_read_literal(r->s, &operand);
    for (; st == RM_OK && open > 0; open--) {
        cond_skip_space(s);
        if (sddl_peek(s) != ')') {
            return cond_fail(r->s, s->pos, "expected ')'");
        }
        s->pos++;
    }
    if (st == RM_OK) {
        st = emit(r, operand);
    }
    return st == RM_OK ? emit_operator(r, op->code) : st;
}

static rm_status read_existence(struct reader *r, const struct cond_operator *op) {
    struct cond_token attribute = {0};
    cond_skip_space(r->s);
    rm_status st = cond_read_attribute(r->s, &attribute);
    if (st == RM_OK) {
        st = emit(r, attribute);
    }
    return st == RM_OK ? emit_operator(r, op->code) : st;
}

/* The relation at the cursor; NULL when there is none. A word must end where it ends. */
static const struct cond_operator *take_relation(struct sddl *s) {
    static const char *const signs[] = {"==", "!=", "<=", ">=", "<", ">"};
    rm_str rest = rm_str_slice(s->text, s->pos, s->text.len);
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (rm_str_starts(rest, rm_str_from(signs[i]))) {
            s->pos += rm_str_from(signs[i]).len;
            return cond_operator_word(rm_str_from(signs[i]));
        }
    }
    size_t start = s->pos;
    const struct cond_operator *op = cond_operator_word(cond_take_name(s, cond_local_name_plain));
    if (op == NULL || op->shape != SHAPE_RELATION) {
        s->pos = start;
        return NULL;
    }
    return op;
}

static rm_status read_right_side(struct reader *r, struct cond_token *out) {
    struct sddl *s = r->s;
    int c = sddl_peek(s);
    bool literal = c == '{' || c == '"' || c == '#' || cond_at_number(s) || at_sid_literal(s);
    return literal ? cond_read_literal(r->s, out) : cond_read_attribute(r->s, out);
}

static rm_status read_relation(struct reader *r, struct cond_token left) {
    struct cond_token right = {0};
    rm_status st = emit(r, left);
    cond_skip_space(r->s);
    const struct cond_operator *op = st == RM_OK ? take_relation(r->s) : NULL;
    if (op == NULL) {
        return st; /* the attribute alone */
    }
    cond_skip_space(r->s);
    st = read_right_side(r, &right);
    if (st == RM_OK) {
        st = emit(r, right);
    }
    return st == RM_OK ? emit_operator(r, op->code) : st;
}

static rm_status read_term(struct reader *r) {
    struct sddl *s = r->s;
    struct cond_token attribute = {0};
    size_t start = s->pos;
    if (sddl_peek(s) != '@') {
        const struct cond_operator *op =
            cond_operator_word(cond_take_name(s, cond_local_name_plain));
        if (op != NULL && op->shape == SHAPE_MEMBERSHIP) {
            return read_membership(r, op);
        }
        if (op != NULL && op->shape == SHAPE_EXISTS) {
            return read_existence(r, op);
        }
        s->pos = start;
    }
    rm_status st = cond_read_attribute(r->s, &attribute);
    return st == RM_OK ? read_relation(r, attribute) : st;
}

/* --- the expression --- */

static rm_status hold(struct reader *r, char what) {
    char *slot = rm_push(r->s->arena, &r->pending);
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = what;
    return RM_OK;
}

static char held(const struct reader *r) {
    return r->pending.count == 0 ? '\0' : r->pending.at[r->pending.count - 1];
}

/* Lets the operators on top that bind at least as tightly as `by` have their right side. */
static rm_status settle(struct reader *r, char by) {
    rm_status st = RM_OK;
    while (st == RM_OK && (held(r) == '&' || (held(r) == '|' && by != '&'))) {
        st = emit_operator(r, held(r) == '&' ? COND_AND : COND_OR);
        r->pending.count--;
    }
    return st;
}

/* ')' : what stands between it and its '(' is one truth value; a '!' before the '(' is applied. */
static rm_status close(struct reader *r) {
    rm_status st = settle(r, ')');
    r->s->pos++;
    r->pending.count--; /* '(' : the first of all is taken off last, and then we are done */
    if (st == RM_OK && held(r) == '!') {
        r->pending.count--;
        st = emit_operator(r, COND_NOT);
    }
    return st;
}

/* Reads up to and with one term. */
static rm_status read_operand(struct reader *r) {
    struct sddl *s = r->s;
    rm_status st = RM_OK;
    for (cond_skip_space(s); st == RM_OK && (sddl_peek(s) == '(' || sddl_peek(s) == '!');
         cond_skip_space(s)) {
        if (held(r) == '!' && sddl_peek(s) == '!') {
            return cond_fail(r->s, s->pos, "expected '(' after '!'");
        }
        st = hold(r, (char)sddl_peek(s));
        s->pos++;
    }
    if (st == RM_OK && held(r) == '!') {
        return cond_fail(r->s, s->pos, "expected '(' after '!'");
    }
    return st == RM_OK ? read_term(r) : st;
}

/* Reads closing parentheses and then, unless the last one is closed, the next && or ||. */
static rm_status read_operator(struct reader *r) {
    struct sddl *s = r->s;
    rm_status st = RM_OK;
    for (cond_skip_space(s); st == RM_OK && r->pending.count > 0 && sddl_peek(s) == ')';) {
        st = close(r);
        if (r->pending.count > 0) {
            cond_skip_space(s);
        }
    }
    if (st != RM_OK || r->pending.count == 0) {
        return st;
    }
    rm_str rest = rm_str_slice(s->text, s->pos, s->text.len);
    bool both = rm_str_starts(rest, RM_STR("&&"));
    if (!both && !rm_str_starts(rest, RM_STR("||"))) {
        return cond_fail(r->s, s->pos, "expected &&, || or ')'");
    }
    st = settle(r, both ? '&' : '|');
    s->pos += 2;
    return st == RM_OK ? hold(r, both ? '&' : '|') : st;
}

rm_status sddl_condition(struct sddl *s, const rm_condition **out) {
    struct reader r = {.s = s, .bytes = 4, .out = RM_NEW(s->arena, rm_condition)};
    if (r.out == NULL) {
        return RM_NOMEM;
    }
    if (sddl_peek(s) != '(') {
        return cond_fail(s, s->pos, "a condition begins with '('");
    }
    rm_status st = hold(&r, '(');
    s->pos++;
    while (st == RM_OK && r.pending.count > 0) {
        st = read_operand(&r);
        if (st == RM_OK) {
            st = read_operator(&r);
        }
    }
    if (st == RM_OK) {
        *out = r.out;
    }
    return st;
}
