#include "condition.h"

static const struct cond_operator operators[] = {
    {COND_EQUAL, SHAPE_RELATION, "=="},
    {COND_NOT_EQUAL, SHAPE_RELATION, "!="},
    {COND_LESS_EQUAL, SHAPE_RELATION, "<="},
    {COND_LESS, SHAPE_RELATION, "<"},
    {COND_GREATER_EQUAL, SHAPE_RELATION, ">="},
    {COND_GREATER, SHAPE_RELATION, ">"},
    {COND_CONTAINS, SHAPE_RELATION, "Contains"},
    {COND_NOT_CONTAINS, SHAPE_RELATION, "Not_Contains"},
    {COND_ANY_OF, SHAPE_RELATION, "Any_of"},
    {COND_NOT_ANY_OF, SHAPE_RELATION, "Not_Any_of"},
    {COND_EXISTS, SHAPE_EXISTS, "Exists"},
    {COND_NOT_EXISTS, SHAPE_EXISTS, "Not_Exists"},
    {COND_MEMBER_OF, SHAPE_MEMBERSHIP, "Member_of"},
    {COND_DEVICE_MEMBER_OF, SHAPE_MEMBERSHIP, "Device_Member_of"},
    {COND_MEMBER_OF_ANY, SHAPE_MEMBERSHIP, "Member_of_any"},
    {COND_DEVICE_MEMBER_OF_ANY, SHAPE_MEMBERSHIP, "Device_Member_of_any"},
    {COND_NOT_MEMBER_OF, SHAPE_MEMBERSHIP, "Not_Member_of"},
    {COND_NOT_DEVICE_MEMBER_OF, SHAPE_MEMBERSHIP, "Not_Device_Member_of"},
    {COND_NOT_MEMBER_OF_ANY, SHAPE_MEMBERSHIP, "Not_Member_of_any"},
    {COND_NOT_DEVICE_MEMBER_OF_ANY, SHAPE_MEMBERSHIP, "Not_Device_Member_of_any"},
    {COND_AND, SHAPE_LOGIC, "&&"},
    {COND_OR, SHAPE_LOGIC, "||"},
    {COND_NOT, SHAPE_NOT, "!"},
};

enum { OPERATORS = sizeof operators / sizeof operators[0] };

const struct cond_operator *cond_operator_of(uint8_t code) {
    for (size_t i = 0; i < OPERATORS; i++) {
        if (operators[i].code == code) {
            return &operators[i];
        }
    }
    return NULL;
}

const struct cond_operator *cond_operator_word(rm_str word) {
    for (size_t i = 0; i < OPERATORS; i++) {
        if (rm_str_ieq(word, rm_str_from(operators[i].text))) {
            return &operators[i];
        }
    }
    return NULL;
}

bool cond_is_attribute(uint8_t code) {
    return code >= COND_LOCAL && code <= COND_DEVICE;
}

bool cond_is_literal(uint8_t code) {
    return (code >= COND_INT8 && code <= COND_INT64) || code == COND_STRING ||
           code == COND_OCTETS || code == COND_COMPOSITE || code == COND_SID;
}

/* What lies on the stack: only its top two matter, so kinds are kept as a string of letters. */
enum { LITERAL = 'l', ATTRIBUTE = 'a', TRUTH = 't' };

static bool is_truth(char kind) {
    return kind == TRUTH || kind == ATTRIBUTE; /* an attribute alone is a truth value */
}

/* May the operator take what is there? `below` lies under `top`. */
static bool takes(enum cond_shape shape, char below, char top) {
    switch (shape) {
    case SHAPE_EXISTS: return top == ATTRIBUTE;
    case SHAPE_MEMBERSHIP: return top == LITERAL;
    case SHAPE_RELATION: return below == ATTRIBUTE && (top == ATTRIBUTE || top == LITERAL);
    case SHAPE_NOT: return is_truth(top);
    case SHAPE_LOGIC: return is_truth(below) && is_truth(top);
    case SHAPE_OPERAND: break;
    }
    return false;
}

/*
 * The stack can be as deep as the condition is long, but all below the top two is truth values
 * (an attribute there counts as one): a literal or the first half of a relation is used at once,
 * or never. So a count and two letters are enough; an attribute that sinks is still one.
 */
bool cond_well_formed(const struct cond_tokens *tokens) {
    size_t depth = 0;
    char below = 0;
    char top = 0;
    for (uint32_t i = 0; i < tokens->count; i++) {
        uint8_t code = tokens->at[i].code;
        const struct cond_operator *op = cond_operator_of(code);
        if (op == NULL) {
            if (depth >= 2 && !is_truth(below)) {
                return false;
            }
            below = top;
            top = cond_is_attribute(code) ? ATTRIBUTE : LITERAL;
            depth++;
            continue;
        }
        bool two = op->shape == SHAPE_RELATION || op->shape == SHAPE_LOGIC;
        if (depth < (two ? 2u : 1u) || !takes(op->shape, below, top)) {
            return false;
        }
        top = TRUTH;
        if (two) {
            depth--;
            below =
                ATTRIBUTE; /* what rises is a truth value, or an attribute that stands for one */
        }
    }
    return depth == 1 && is_truth(top);
}

static bool is_alphanumeric(uint32_t unit) {
    return (unit >= '0' && unit <= '9') || (unit >= 'a' && unit <= 'z') ||
           (unit >= 'A' && unit <= 'Z');
}

static bool is_one_of(uint32_t unit, const char *set) {
    for (; *set != '\0'; set++) {
        if (unit == (unsigned char)*set) {
            return true;
        }
    }
    return false;
}

bool cond_name_plain(uint32_t unit) {
    return is_alphanumeric(unit) || is_one_of(unit, "#$'*+-./:;?@[\\]^_`{}~");
}

bool cond_local_name_plain(uint32_t unit) {
    return is_alphanumeric(unit) || is_one_of(unit, ":./_");
}
