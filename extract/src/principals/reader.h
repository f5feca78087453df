#ifndef PRINCIPALS_READER_H
#define PRINCIPALS_READER_H

#include "base/json.h"
#include "model/condition.h"

/* One file while it is read. */
struct principals_reader {
    rm_arena *arena;
    rm_sink *sink;
};

/* Each reports what is wrong at its place, and is RM_SYNTAX then. */
rm_status principals_fail(struct principals_reader *r, rm_loc at, const char *id,
                          const char *format, ...) RM_PRINTF(4, 5);
rm_status principals_expect(struct principals_reader *r, const rm_json *value,
                            rm_json_kind kind) RM_CHECK_RESULT;

/* A SID of a token: an alias, S-1-…, or @RID below the domain that nobody names. */
rm_status principals_sid(struct principals_reader *r, const rm_json *value,
                         rm_sid *out) RM_CHECK_RESULT;

/* An object of claims: {"name": value, …}; `literal`: texts are values as SDDL writes them. */
rm_status principals_claims(struct principals_reader *r, const rm_json *object, bool literal,
                            rm_claim_list *out) RM_CHECK_RESULT;

/* A principal while it is read. */
struct principal_draft {
    rm_principal principal;
    rm_claims *claims;
    bool literal; /* claims are written as SDDL writes values */
    bool has_boundary, has_disparity;
};

/* Refuses keys that a principal does not have; reads the others, in the table's order. */
rm_status principals_known_keys(struct principals_reader *r, const rm_json *object) RM_CHECK_RESULT;
rm_status principals_keys(struct principals_reader *r, const rm_json *object,
                          struct principal_draft *d) RM_CHECK_RESULT;

#endif
