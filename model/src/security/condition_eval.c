#include "condition_values.h"

/*
 * A stack machine over the postfix tokens (MS-DTYP 2.4.4.17.8). Values wait on the stack as the
 * tokens they came from; truth values as such.
 */

/* Enough for any condition that people write; a hostile one ends in milliseconds. */
enum { BUDGET = 256 * 1024 };
static const size_t scratch_limit = (size_t)256 << 20;

struct slot {
    const struct cond_token *operand; /* NULL: a truth value */
    rm_tri truth;
};

static rm_tri negate(rm_tri a) {
    return a == RM_TRI_UNKNOWN ? a : a == RM_TRI_YES ? RM_TRI_NO : RM_TRI_YES;
}

static rm_tri both(rm_tri a, rm_tri b) {
    if (a == RM_TRI_NO || b == RM_TRI_NO) {
        return RM_TRI_NO;
    }
    return a == RM_TRI_YES && b == RM_TRI_YES ? RM_TRI_YES : RM_TRI_UNKNOWN;
}

static rm_tri either(rm_tri a, rm_tri b) {
    return negate(both(negate(a), negate(b)));
}

static rm_status truth_of(struct evaluation *e, const struct slot *slot, rm_tri *out) {
    struct value_set set;
    if (slot->operand == NULL) {
        *out = slot->truth;
        return RM_OK;
    }
    rm_status st = values_of(e, slot->operand, &set);
    if (st == RM_OK) {
        *out = values_truth(&set);
    }
    return st;
}

/* Which SIDs a membership asks about, whether one is enough, and whether the answer is turned. */
struct membership {
    bool device, any, negated;
};

static struct membership membership_of(uint8_t code) {
    return (struct membership){
        .device = code == COND_DEVICE_MEMBER_OF || code == COND_DEVICE_MEMBER_OF_ANY ||
                  code == COND_NOT_DEVICE_MEMBER_OF || code == COND_NOT_DEVICE_MEMBER_OF_ANY,
        .any = code == COND_MEMBER_OF_ANY || code == COND_DEVICE_MEMBER_OF_ANY ||
               code == COND_NOT_MEMBER_OF_ANY || code == COND_NOT_DEVICE_MEMBER_OF_ANY,
        .negated = code >= COND_NOT_MEMBER_OF,
    };
}

static bool holds(const struct evaluation *e, bool device, const rm_sid *sid) {
    const rm_claims *claims = e->token->claims;
    if (!device) {
        return token_holds(&e->token->sids, sid, e->sd, e->deny);
    }
    return claims != NULL && token_holds(&claims->device_sids, sid, e->sd, e->deny);
}

static rm_status is_member(struct evaluation *e, uint8_t code, const struct cond_token *operand,
                           rm_tri *out) {
    struct membership m = membership_of(code);
    struct value_set set;
    rm_status st = values_of(e, operand, &set);
    uint32_t hits = 0;
    if (st != RM_OK) {
        return st;
    }
    const rm_claims *claims = e->token->claims;
    size_t held =
        m.device ? (claims == NULL ? 0 : claims->device_sids.count) : e->token->sids.count;
    set.known = set.known && values_spend(e, held * set.values.count);
    for (uint32_t i = 0; set.known && i < set.values.count; i++) {
        if (set.values.at[i].type != RM_CLAIM_SID) {
            set.known = false;
            break;
        }
        hits += holds(e, m.device, set.values.at[i].sid);
    }
    bool yes = m.any ? hits > 0 : hits == set.values.count;
    *out = !set.known ? RM_TRI_UNKNOWN : yes != m.negated ? RM_TRI_YES : RM_TRI_NO;
    return RM_OK;
}

static rm_status relate(struct evaluation *e, uint8_t code, const struct slot *left,
                        const struct slot *right, rm_tri *out) {
    struct value_set a;
    struct value_set b;
    rm_status st = values_of(e, left->operand, &a);
    if (st == RM_OK) {
        st = values_of(e, right->operand, &b);
    }
    if (st == RM_OK) {
        *out = values_spend(e, a.values.count + b.values.count) ? values_compare(code, &a, &b)
                                                                : RM_TRI_UNKNOWN;
    }
    return st;
}

static rm_status join(struct evaluation *e, uint8_t code, const struct slot *left,
                      const struct slot *right, rm_tri *out) {
    rm_tri a = RM_TRI_UNKNOWN;
    rm_tri b = RM_TRI_UNKNOWN;
    rm_status st = truth_of(e, left, &a);
    if (st == RM_OK) {
        st = truth_of(e, right, &b);
    }
    *out = code == COND_AND ? both(a, b) : either(a, b);
    return st;
}

/* Applies an operator to the top of the stack and leaves its truth value there. */
static rm_status apply(struct evaluation *e, const struct cond_operator *op, struct slot *stack,
                       uint32_t *depth) {
    bool two = op->shape == SHAPE_RELATION || op->shape == SHAPE_LOGIC;
    struct slot *top = &stack[*depth - 1];
    struct slot *result = two ? top - 1 : top;
    rm_tri truth = RM_TRI_UNKNOWN;
    rm_status st = RM_OK;
    bool there = false;
    switch (op->shape) {
    case SHAPE_EXISTS:
        st = values_exist(e, top->operand, &there);
        truth = there == (op->code == COND_EXISTS) ? RM_TRI_YES : RM_TRI_NO;
        break;
    case SHAPE_MEMBERSHIP: st = is_member(e, op->code, top->operand, &truth); break;
    case SHAPE_RELATION: st = relate(e, op->code, top - 1, top, &truth); break;
    case SHAPE_LOGIC: st = join(e, op->code, top - 1, top, &truth); break;
    case SHAPE_NOT:
        st = truth_of(e, top, &truth);
        truth = negate(truth);
        break;
    case SHAPE_OPERAND: break;
    }
    *result = (struct slot){.truth = truth};
    *depth -= two;
    return st;
}

void evaluation_begin(struct evaluation *e, const rm_security *sd, const rm_token *token) {
    *e = (struct evaluation){.sd = sd, .token = token, .budget = BUDGET};
}

void evaluation_end(struct evaluation *e) {
    rm_arena_free(e->scratch);
    e->scratch = NULL;
}

static rm_status run(struct evaluation *e, const struct cond_tokens *tokens, struct slot *stack,
                     rm_tri *out) {
    uint32_t depth = 0;
    for (uint32_t i = 0; i < tokens->count; i++) {
        const struct cond_operator *op = cond_operator_of(tokens->at[i].code);
        if (op == NULL) {
            stack[depth++] = (struct slot){.operand = &tokens->at[i]};
            continue;
        }
        rm_status st = apply(e, op, stack, &depth);
        if (st != RM_OK) {
            return st;
        }
    }
    return truth_of(e, &stack[0], out);
}

rm_status condition_evaluate(struct evaluation *e, const rm_condition *condition, bool deny,
                             rm_tri *out) {
    *out = RM_TRI_UNKNOWN;
    if (condition == NULL || !cond_well_formed(&condition->tokens)) {
        return RM_OK;
    }
    e->deny = deny;
    if (e->scratch == NULL) {
        e->scratch = rm_arena_new(scratch_limit);
    }
    struct slot *stack =
        e->scratch == NULL ? NULL : RM_NEW_ARRAY(e->scratch, struct slot, condition->tokens.count);
    return stack == NULL ? RM_NOMEM : run(e, &condition->tokens, stack, out);
}
