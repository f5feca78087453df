#ifndef SECURITY_CONDITION_H
#define SECURITY_CONDITION_H

#include "model/condition.h"

/*
 * Conditional expressions (MS-DTYP 2.4.4.17): operands and operators in postfix order, as in the
 * binary form, which starts with "artx".
 */

enum cond_code {
    COND_PADDING = 0x00,
    COND_INT8 = 0x01,
    COND_INT64 = 0x04, /* what text gives; 0x02 and 0x03 lie between */
    COND_STRING = 0x10,
    COND_OCTETS = 0x18,
    COND_COMPOSITE = 0x50,
    COND_SID = 0x51,
    COND_EQUAL = 0x80,
    COND_NOT_EQUAL = 0x81,
    COND_LESS = 0x82,
    COND_LESS_EQUAL = 0x83,
    COND_GREATER = 0x84,
    COND_GREATER_EQUAL = 0x85,
    COND_CONTAINS = 0x86,
    COND_EXISTS = 0x87,
    COND_ANY_OF = 0x88,
    COND_MEMBER_OF = 0x89,
    COND_DEVICE_MEMBER_OF = 0x8A,
    COND_MEMBER_OF_ANY = 0x8B,
    COND_DEVICE_MEMBER_OF_ANY = 0x8C,
    COND_NOT_EXISTS = 0x8D,
    COND_NOT_CONTAINS = 0x8E,
    COND_NOT_ANY_OF = 0x8F,
    COND_NOT_MEMBER_OF = 0x90,
    COND_NOT_DEVICE_MEMBER_OF = 0x91,
    COND_NOT_MEMBER_OF_ANY = 0x92,
    COND_NOT_DEVICE_MEMBER_OF_ANY = 0x93,
    COND_AND = 0xA0,
    COND_OR = 0xA1,
    COND_NOT = 0xA2,
    COND_LOCAL = 0xF8,
    COND_USER = 0xF9,
    COND_RESOURCE = 0xFA,
    COND_DEVICE = 0xFB
};

enum { SIGN_PLUS = 1, SIGN_MINUS = 2, SIGN_NONE = 3 };
enum { BASE_OCTAL = 1, BASE_DECIMAL = 2, BASE_HEX = 3 };

/* What an operator takes from the stack. */
enum cond_shape {
    SHAPE_OPERAND,    /* a literal or an attribute */
    SHAPE_EXISTS,     /* one attribute */
    SHAPE_MEMBERSHIP, /* one literal */
    SHAPE_RELATION,   /* an attribute, and an attribute or literal */
    SHAPE_NOT,        /* one truth value */
    SHAPE_LOGIC       /* two */
};

struct cond_token {
    uint8_t code;
    uint8_t sign, base; /* of an integer, as written */
    int64_t value;
    rm_str text;              /* UTF-16LE of a string or attribute name; octets */
    const rm_sid *sid;        /* COND_SID */
    struct cond_token *items; /* COND_COMPOSITE */
    uint32_t item_count;
};

RM_LIST(cond_tokens, struct cond_token);

struct rm_condition {
    struct cond_tokens tokens;
};

struct cond_operator {
    uint8_t code;
    enum cond_shape shape;
    const char *text; /* as Windows prints it */
};

/* NULL when it is no operator. */
const struct cond_operator *cond_operator_of(uint8_t code);
/* Operators that are words, in any case. */
const struct cond_operator *cond_operator_word(rm_str word);

bool cond_is_attribute(uint8_t code);
bool cond_is_literal(uint8_t code);

/* Do the tokens leave exactly one truth value on the stack, each operator getting what it wants? */
bool cond_well_formed(const struct cond_tokens *tokens);

/* The characters of an attribute's name that need no escape. */
bool cond_name_plain(uint32_t unit);       /* behind @USER. and the like */
bool cond_local_name_plain(uint32_t unit); /* bare */

/* --- printing --- */

void sid_put(rm_buf *buf, const rm_sid *sid, const rm_sid *domain);
void ace_put(rm_buf *buf, const rm_ace *ace, const rm_sid *domain);
/* In parentheses. `scratch` holds the work list. */
void condition_put(rm_buf *buf, const rm_condition *condition, const rm_sid *domain);

/* --- the binary form --- */

/* Bytes of one token, and of the whole condition with "artx", without padding. */
size_t cond_token_size(const struct cond_token *token);
size_t condition_size(const rm_condition *condition);
void condition_write(rm_buf *buf, const rm_condition *condition);
/* RM_SYNTAX when it is damaged. */
rm_status condition_read(rm_arena *arena, rm_str data, const rm_condition **out) RM_CHECK_RESULT;

/* --- evaluation --- */

struct object_claims;

/*
 * What the conditions of one descriptor are evaluated with, for one token. The work is bounded
 * over all of them: when the budget is spent, what is left is unknown.
 */
struct evaluation {
    rm_arena *scratch; /* its own; freed by evaluation_end() */
    const rm_security *sd;
    const rm_token *token;
    bool deny;                          /* of the ACE at hand: deny-only groups and claims count */
    size_t budget;                      /* values that may still be looked at */
    const struct object_claims *object; /* the resource attributes, read at the first need */
};

void evaluation_begin(struct evaluation *e, const rm_security *sd, const rm_token *token);
void evaluation_end(struct evaluation *e);

/* Three-valued; a condition that is NULL is unknown. */
rm_status condition_evaluate(struct evaluation *e, const rm_condition *condition, bool deny,
                             rm_tri *out) RM_CHECK_RESULT;

/* Does the token count as holding the SID? */
bool token_holds(const rm_token_sids *sids, const rm_sid *sid, const rm_security *sd,
                 bool deny_only_too);

/* --- resource attributes: CLAIM_SECURITY_ATTRIBUTE_RELATIVE_V1, MS-DTYP 2.4.10.1 --- */

rm_status claim_write(rm_arena *arena, const rm_claim *claim, rm_claim_type type,
                      rm_str *out) RM_CHECK_RESULT;
/* RM_SYNTAX when it is damaged. */
rm_status claim_read(rm_arena *arena, rm_str data, rm_claim *out,
                     rm_claim_type *type) RM_CHECK_RESULT;
/* In parentheses. */
void resource_put(rm_buf *buf, rm_str bytes, const rm_sid *domain);

#endif
