#ifndef SECURITY_CONDITION_VALUES_H
#define SECURITY_CONDITION_VALUES_H

#include "condition.h"

/* The values of one side of a relation. */
struct value_set {
    bool known; /* the attribute is there, and sound */
    bool case_sensitive;
    rm_claim_values values;
};

/* Takes from the budget; false when it is spent: the answer is unknown then. */
bool values_spend(struct evaluation *e, size_t count);

/* RM_NOMEM only; what is missing or unsound is not known. */
rm_status values_of(struct evaluation *e, const struct cond_token *operand,
                    struct value_set *out) RM_CHECK_RESULT;

/* Is the attribute there at all? */
rm_status values_exist(struct evaluation *e, const struct cond_token *attribute,
                       bool *out) RM_CHECK_RESULT;

/* Compares as the relation `code` says. Reorders the values. */
rm_tri values_compare(uint8_t code, struct value_set *left, struct value_set *right);

/* An attribute that stands alone. */
rm_tri values_truth(const struct value_set *set);

#endif
