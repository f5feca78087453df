#include "principals/reader.h"

#include "base/text.h"

static rm_status add_value(struct principals_reader *r, rm_claim *claim, rm_claim_value value) {
    rm_claim_value *slot = rm_push(r->arena, &claim->values);
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = value;
    return RM_OK;
}

static rm_status add_text(struct principals_reader *r, const rm_json *value, bool literal,
                          rm_claim *claim) {
    rm_claim_value text = {.type = RM_CLAIM_STRING};
    if (literal) {
        return rm_claim_literal(r->arena, r->sink, value->loc, value->text, claim);
    }
    rm_status st = rm_text_utf16le(r->arena, value->text, &text.text);
    return st == RM_OK ? add_value(r, claim, text) : st;
}

static rm_status add_scalar(struct principals_reader *r, const rm_json *value, bool literal,
                            rm_claim *claim) {
    switch (value->kind) {
    case RM_JSON_STRING: return add_text(r, value, literal, claim);
    case RM_JSON_BOOL:
        return add_value(r, claim,
                         (rm_claim_value){.type = RM_CLAIM_BOOL, .integer = value->is_true});
    case RM_JSON_NUMBER:
        if (value->is_integer) {
            return add_value(r, claim,
                             (rm_claim_value){.type = RM_CLAIM_INT, .integer = value->integer});
        }
        break;
    case RM_JSON_NULL:
    case RM_JSON_ARRAY:
    case RM_JSON_OBJECT: break;
    }
    return principals_fail(r, value->loc, "principals-wrong-type",
                           "a claim is a text, a whole number, true or false, not %s",
                           rm_json_kind_name(value->kind));
}

static rm_status add_values(struct principals_reader *r, const rm_json *value, bool literal,
                            rm_claim *claim) {
    if (value->kind != RM_JSON_ARRAY) {
        return add_scalar(r, value, literal, claim);
    }
    for (const rm_json *item = value->child; item != NULL; item = item->next) {
        rm_status st = add_scalar(r, item, literal, claim);
        if (st != RM_OK) {
            return st;
        }
    }
    return RM_OK;
}

static const struct {
    const char *key;
    uint32_t flag;
} flags[] = {
    {"case_sensitive", RM_CLAIM_CASE_SENSITIVE},
    {"deny_only", RM_CLAIM_DENY_ONLY},
    {"disabled", RM_CLAIM_DISABLED},
};

/* {"values": […], "case_sensitive": true}; the values may stand under any name of their own. */
static rm_status add_object(struct principals_reader *r, const rm_json *object, bool literal,
                            rm_claim *claim) {
    for (const rm_json *m = object->child; m != NULL; m = m->next) {
        uint32_t flag = 0;
        for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
            flag |= rm_str_eq(m->key, rm_str_from(flags[i].key)) ? flags[i].flag : 0;
        }
        rm_status st =
            flag != 0 ? principals_expect(r, m, RM_JSON_BOOL) : add_values(r, m, literal, claim);
        if (st != RM_OK) {
            return st;
        }
        claim->flags |= m->is_true ? flag : 0;
    }
    return RM_OK;
}

rm_status principals_claims(struct principals_reader *r, const rm_json *object, bool literal,
                            rm_claim_list *out) {
    rm_status st = principals_expect(r, object, RM_JSON_OBJECT);
    for (const rm_json *m = object->child; st == RM_OK && m != NULL; m = m->next) {
        rm_claim claim = {0};
        st = rm_text_utf16le(r->arena, m->key, &claim.name);
        if (st == RM_OK) {
            st = m->kind == RM_JSON_OBJECT ? add_object(r, m, literal, &claim)
                                           : add_values(r, m, literal, &claim);
        }
        rm_claim *slot = st == RM_OK ? rm_push(r->arena, out) : NULL;
        if (slot == NULL) {
            return st == RM_OK ? RM_NOMEM : st;
        }
        *slot = claim;
    }
    return st;
}
