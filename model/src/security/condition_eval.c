#include "condition_values.h"

/*
 * A stack machine over the postfix tokens (MS-DTYP 2.4.4.17.8). Values wait on the stack as the
 * tokens they came from; truth values as such.
 */

enum { WORK_LIMIT = 1024 * 1024 };

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
    for (uint32_t i = 0; i < set.values.count; i++) {
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
        *out = values_compare(code, &a, &b);
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

rm_status condition_evaluate(rm_arena *arena, const rm_condition *condition, const rm_security *sd,
                             const rm_token *token, bool deny, rm_tri *out) {
    struct evaluation e = {arena, sd, token, deny, WORK_LIMIT};
    uint32_t depth = 0;
    *out = RM_TRI_UNKNOWN;
    if (condition == NULL || !cond_well_formed(&condition->tokens)) {
        return RM_OK;
    }
    struct slot *stack = RM_NEW_ARRAY(arena, struct slot, condition->tokens.count);
    if (stack == NULL) {
        return RM_NOMEM;
    }
    for (uint32_t i = 0; i < condition->tokens.count; i++) {
        const struct cond_token *token_at = &condition->tokens.at[i];
        const struct cond_operator *op = cond_operator_of(token_at->code);
        if (op == NULL) {
            stack[depth++] = (struct slot){.operand = token_at};
            continue;
        }
        rm_status st = apply(&e, op, stack, &depth);
        if (st != RM_OK) {
            return st;
        }
    }
    return truth_of(&e, &stack[0], out);
}
