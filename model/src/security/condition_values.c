#include "condition_values.h"

#include <stdlib.h>
#include <string.h>

#include "rights.h"
#include "utf16.h"

/* Sorting and copying a value costs more than looking at it. */
enum { COST_OF_COPY = 8 };

bool values_spend(struct evaluation *e, size_t count) {
    bool enough = count <= e->budget;
    e->budget -= enough ? count : e->budget;
    return enough;
}

/* --- finding claims --- */

/* A claim that is switched off, or counts only where access is denied, is as good as absent. */
static bool counts(const struct evaluation *e, const rm_claim *claim) {
    return (claim->flags & RM_CLAIM_DISABLED) == 0 &&
           (e->deny || (claim->flags & RM_CLAIM_DENY_ONLY) == 0);
}

static const rm_claim *find_in(const struct evaluation *e, const rm_claim_list *list, rm_str name) {
    for (uint32_t i = 0; i < list->count; i++) {
        if (utf16_cmp(list->at[i].name, name, true) == 0 && counts(e, &list->at[i])) {
            return &list->at[i];
        }
    }
    return NULL;
}

static const rm_claim *find_in_token(const struct evaluation *e, const struct cond_token *name) {
    const rm_claims *claims = e->token->claims;
    if (claims == NULL) {
        return NULL;
    }
    const rm_claim_list *list = name->code == COND_USER     ? &claims->user
                                : name->code == COND_DEVICE ? &claims->device
                                                            : &claims->local;
    return find_in(e, list, name->text);
}

/* The object's own attributes are ACEs of its SACL; a damaged one is as good as absent. */
struct object_claims {
    rm_claim_list list;
};

static rm_status read_object(struct evaluation *e) {
    const rm_aces *aces = &e->sd->sacl.aces;
    struct object_claims *object = RM_NEW(e->scratch, struct object_claims);
    if (object == NULL) {
        return RM_NOMEM;
    }
    for (uint32_t i = 0; i < aces->count; i++) {
        rm_claim claim = {0};
        rm_claim_type type;
        if (aces->at[i].type != ACE_RESOURCE_ATTRIBUTE ||
            (aces->at[i].flags & ACE_INHERIT_ONLY) != 0) {
            continue;
        }
        rm_status st = claim_read(e->scratch, aces->at[i].resource, &claim, &type);
        rm_claim *slot = st == RM_OK ? rm_push(e->scratch, &object->list) : NULL;
        if (st == RM_NOMEM || (st == RM_OK && slot == NULL)) {
            return RM_NOMEM;
        }
        if (slot != NULL) {
            *slot = claim;
        }
    }
    e->object = object;
    return RM_OK;
}

static rm_status find_in_object(struct evaluation *e, rm_str name, const rm_claim **out) {
    rm_status st = e->object == NULL ? read_object(e) : RM_OK;
    *out = st == RM_OK && values_spend(e, e->object->list.count)
               ? find_in(e, &e->object->list, name)
               : NULL;
    return st;
}

/* NULL when there is none. */
static rm_status find_claim(struct evaluation *e, const struct cond_token *name,
                            const rm_claim **out) {
    if (name->code == COND_RESOURCE) {
        return find_in_object(e, name->text, out);
    }
    *out = find_in_token(e, name);
    return RM_OK;
}

rm_status values_exist(struct evaluation *e, const struct cond_token *attribute, bool *out) {
    const rm_claim *claim = NULL;
    rm_status st = find_claim(e, attribute, &claim);
    *out = claim != NULL;
    return st;
}

/* --- order --- */

/* Kinds that can be compared with one another. */
enum value_class { CLASS_NUMBER, CLASS_STRING, CLASS_SID, CLASS_OCTETS };

static enum value_class class_of(const rm_claim_value *value) {
    switch (value->type) {
    case RM_CLAIM_STRING: return CLASS_STRING;
    case RM_CLAIM_SID: return CLASS_SID;
    case RM_CLAIM_OCTETS: return CLASS_OCTETS;
    case RM_CLAIM_INT:
    case RM_CLAIM_UINT:
    case RM_CLAIM_BOOL: break;
    }
    return CLASS_NUMBER;
}

static int compare_numbers(const rm_claim_value *a, const rm_claim_value *b) {
    bool a_below = a->type != RM_CLAIM_UINT && a->integer < 0;
    bool b_below = b->type != RM_CLAIM_UINT && b->integer < 0;
    uint64_t x = (uint64_t)a->integer;
    uint64_t y = (uint64_t)b->integer;
    return a_below != b_below ? (a_below ? -1 : 1) : (x > y) - (x < y);
}

static int compare_sids(const rm_sid *a, const rm_sid *b) {
    if (rm_sid_eq(a, b)) {
        return 0;
    }
    if (a->authority != b->authority || a->count != b->count) {
        return a->authority != b->authority ? (a->authority < b->authority ? -1 : 1)
                                            : (int)a->count - (int)b->count;
    }
    for (unsigned i = 0; i < a->count; i++) {
        if (a->sub[i] != b->sub[i]) {
            return a->sub[i] < b->sub[i] ? -1 : 1;
        }
    }
    return a->domain_relative ? 1 : -1;
}

static int compare(const rm_claim_value *a, const rm_claim_value *b, bool fold) {
    enum value_class class = class_of(a);
    if (class != class_of(b)) {
        return class < class_of(b) ? -1 : 1;
    }
    switch (class) {
    case CLASS_NUMBER: return compare_numbers(a, b);
    case CLASS_STRING: return utf16_cmp(a->text, b->text, fold);
    case CLASS_SID: return compare_sids(a->sid, b->sid);
    case CLASS_OCTETS: break;
    }
    return rm_str_cmp(a->text, b->text);
}

static int compare_folded(const void *a, const void *b) {
    return compare(a, b, true);
}

static int compare_exactly(const void *a, const void *b) {
    return compare(a, b, false);
}

static void sort(rm_claim_values *values, bool fold) {
    if (values->count > 1) {
        qsort(values->at, values->count, sizeof values->at[0],
              fold ? compare_folded : compare_exactly);
    }
}

/* Sorts, and leaves one of each. */
static void make_set(rm_claim_values *values, bool fold) {
    uint32_t kept = 0;
    sort(values, fold);
    for (uint32_t i = 0; i < values->count; i++) {
        if (kept == 0 || compare(&values->at[kept - 1], &values->at[i], fold) != 0) {
            values->at[kept++] = values->at[i];
        }
    }
    values->count = kept;
}

/* --- operands --- */

static rm_status copy_values(struct evaluation *e, const rm_claim_values *from,
                             rm_claim_values *out) {
    if (from->count == 0) {
        return RM_OK;
    }
    out->at = RM_NEW_ARRAY(e->scratch, rm_claim_value, from->count);
    if (out->at == NULL) {
        return RM_NOMEM;
    }
    memcpy(out->at, from->at, from->count * sizeof from->at[0]);
    out->count = from->count;
    return RM_OK;
}

/* Windows takes a claim that says the same thing twice for invalid. */
static rm_status values_of_claim(struct evaluation *e, const rm_claim *claim,
                                 struct value_set *out) {
    if (!values_spend(e, (size_t)claim->values.count * COST_OF_COPY)) {
        return RM_OK;
    }
    out->case_sensitive = (claim->flags & RM_CLAIM_CASE_SENSITIVE) != 0;
    rm_status st = copy_values(e, &claim->values, &out->values);
    if (st == RM_OK) {
        make_set(&out->values, !out->case_sensitive);
        out->known = out->values.count == claim->values.count;
    }
    return st;
}

static rm_claim_value value_of_token(const struct cond_token *token) {
    switch (token->code) {
    case COND_STRING: return (rm_claim_value){.type = RM_CLAIM_STRING, .text = token->text};
    case COND_OCTETS: return (rm_claim_value){.type = RM_CLAIM_OCTETS, .text = token->text};
    case COND_SID: return (rm_claim_value){.type = RM_CLAIM_SID, .sid = token->sid};
    default: return (rm_claim_value){.type = RM_CLAIM_INT, .integer = token->value};
    }
}

static rm_status values_of_literal(struct evaluation *e, const struct cond_token *literal,
                                   struct value_set *out) {
    bool list = literal->code == COND_COMPOSITE;
    uint32_t count = list ? literal->item_count : 1;
    out->known = values_spend(e, (size_t)count * COST_OF_COPY);
    if (!out->known || count == 0) {
        return RM_OK;
    }
    out->values.at = RM_NEW_ARRAY(e->scratch, rm_claim_value, count);
    if (out->values.at == NULL) {
        return RM_NOMEM;
    }
    for (uint32_t i = 0; i < count; i++) {
        out->values.at[i] = value_of_token(list ? &literal->items[i] : literal);
    }
    out->values.count = count;
    return RM_OK;
}

rm_status values_of(struct evaluation *e, const struct cond_token *operand, struct value_set *out) {
    const rm_claim *claim = NULL;
    *out = (struct value_set){0};
    if (!cond_is_attribute(operand->code)) {
        return values_of_literal(e, operand, out);
    }
    rm_status st = find_claim(e, operand, &claim);
    return claim != NULL ? values_of_claim(e, claim, out) : st;
}

/* --- relations --- */

static rm_tri tri(bool yes) {
    return yes ? RM_TRI_YES : RM_TRI_NO;
}

static bool same_class(const struct value_set *left, const struct value_set *right) {
    if (left->values.count == 0 || right->values.count == 0) {
        return true;
    }
    enum value_class class = class_of(&left->values.at[0]);
    for (uint32_t i = 1; i < left->values.count; i++) {
        if (class_of(&left->values.at[i]) != class) {
            return false;
        }
    }
    for (uint32_t i = 0; i < right->values.count; i++) {
        if (class_of(&right->values.at[i]) != class) {
            return false;
        }
    }
    return true;
}

/* How many of `right` are in `left`; both are sorted sets. */
static uint32_t common(const rm_claim_values *left, const rm_claim_values *right, bool fold) {
    uint32_t hits = 0;
    uint32_t i = 0;
    for (uint32_t k = 0; k < right->count; k++) {
        while (i < left->count && compare(&left->at[i], &right->at[k], fold) < 0) {
            i++;
        }
        hits += i < left->count && compare(&left->at[i], &right->at[k], fold) == 0;
    }
    return hits;
}

static rm_tri compare_order(uint8_t code, const struct value_set *left,
                            const struct value_set *right, bool fold) {
    if (left->values.count != 1 || right->values.count != 1 ||
        class_of(&left->values.at[0]) == CLASS_SID) {
        return RM_TRI_UNKNOWN;
    }
    int order = compare(&left->values.at[0], &right->values.at[0], fold);
    return tri(code == COND_LESS         ? order < 0
               : code == COND_LESS_EQUAL ? order <= 0
               : code == COND_GREATER    ? order > 0
                                         : order >= 0);
}

rm_tri values_compare(uint8_t code, struct value_set *left, struct value_set *right) {
    bool fold = !left->case_sensitive && !right->case_sensitive;
    if (!left->known || !right->known || !same_class(left, right)) {
        return RM_TRI_UNKNOWN;
    }
    if (code >= COND_LESS && code <= COND_GREATER_EQUAL) {
        return compare_order(code, left, right, fold);
    }
    make_set(&left->values, fold);
    make_set(&right->values, fold);
    uint32_t hits = common(&left->values, &right->values, fold);
    bool equal = hits == left->values.count && hits == right->values.count;
    switch (code) {
    case COND_EQUAL: return tri(equal);
    case COND_NOT_EQUAL: return tri(!equal);
    case COND_CONTAINS: return tri(hits == right->values.count);
    case COND_NOT_CONTAINS: return tri(hits != right->values.count);
    case COND_ANY_OF: return tri(hits > 0);
    case COND_NOT_ANY_OF: return tri(hits == 0);
    default: return RM_TRI_UNKNOWN;
    }
}

rm_tri values_truth(const struct value_set *set) {
    if (!set->known || set->values.count != 1) {
        return RM_TRI_UNKNOWN;
    }
    switch (class_of(&set->values.at[0])) {
    case CLASS_NUMBER: return tri(set->values.at[0].integer != 0);
    case CLASS_STRING: return tri(set->values.at[0].text.len > 0);
    case CLASS_SID:
    case CLASS_OCTETS: break;
    }
    return RM_TRI_UNKNOWN;
}
