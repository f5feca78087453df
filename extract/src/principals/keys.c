/* The keys of a principal, each with its reader. */
#include "principals/reader.h"

typedef rm_status key_reader(struct principals_reader *r, const rm_json *value,
                             struct principal_draft *d);

static rm_status read_sids(struct principals_reader *r, const rm_json *array, bool enabled,
                           bool deny_only, rm_token_sids *out) {
    rm_status st = principals_expect(r, array, RM_JSON_ARRAY);
    for (const rm_json *v = array->child; st == RM_OK && v != NULL; v = v->next) {
        rm_token_sid *slot = rm_push(r->arena, out);
        if (slot == NULL) {
            return RM_NOMEM;
        }
        *slot = (rm_token_sid){.enabled = enabled, .deny_only = deny_only};
        st = principals_sid(r, v, &slot->sid);
    }
    return st;
}

static rm_status read_like(struct principals_reader *r, const rm_json *value,
                           struct principal_draft *d) {
    (void)r; /* taken first, see read_principal() */
    (void)value;
    (void)d;
    return RM_OK;
}

static rm_status read_name(struct principals_reader *r, const rm_json *value,
                           struct principal_draft *d) {
    rm_status st = principals_expect(r, value, RM_JSON_STRING);
    if (st != RM_OK) {
        return st;
    }
    bool good = value->text.len > 0 && value->text.len <= 64;
    for (size_t i = 0; i < value->text.len; i++) {
        char c = value->text.ptr[i];
        good = good && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                        (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.');
    }
    d->principal.name = value->text;
    return good ? RM_OK
                : principals_fail(r, value->loc, "principals-name",
                                  "a name has 1 to 64 letters, digits or _ - .");
}

static rm_status read_title(struct principals_reader *r, const rm_json *value,
                            struct principal_draft *d) {
    d->principal.title = value->text;
    return principals_expect(r, value, RM_JSON_STRING);
}

/* "sids": the user first, then the groups, all enabled. */
static rm_status read_all_sids(struct principals_reader *r, const rm_json *value,
                               struct principal_draft *d) {
    d->principal.token.sids = (rm_token_sids){0};
    return read_sids(r, value, true, false, &d->principal.token.sids);
}

static rm_status read_groups(struct principals_reader *r, const rm_json *value,
                             struct principal_draft *d) {
    return read_sids(r, value, true, false, &d->principal.token.sids);
}

static rm_status read_deny_only(struct principals_reader *r, const rm_json *value,
                                struct principal_draft *d) {
    return read_sids(r, value, false, true, &d->principal.token.sids);
}

static rm_status read_disabled(struct principals_reader *r, const rm_json *value,
                               struct principal_draft *d) {
    return read_sids(r, value, false, false, &d->principal.token.sids);
}

static rm_status read_restricting(struct principals_reader *r, const rm_json *value,
                                  struct principal_draft *d) {
    d->principal.token.restricted = true;
    return read_sids(r, value, true, false, &d->principal.token.restricting);
}

static rm_status read_write_restricted(struct principals_reader *r, const rm_json *value,
                                       struct principal_draft *d) {
    d->principal.token.write_restricted = value->is_true;
    return principals_expect(r, value, RM_JSON_BOOL);
}

static rm_status read_lpac(struct principals_reader *r, const rm_json *value,
                           struct principal_draft *d) {
    d->principal.token.lpac = value->is_true;
    return principals_expect(r, value, RM_JSON_BOOL);
}

/* A package family name, or its SID. */
static rm_status read_package(struct principals_reader *r, const rm_json *value,
                              struct principal_draft *d) {
    rm_status st = principals_expect(r, value, RM_JSON_STRING);
    d->principal.token.appcontainer = true;
    if (st != RM_OK || rm_sid_from(value->text, &d->principal.token.package)) {
        return st;
    }
    return rm_sid_package(r->arena, value->text, &d->principal.token.package);
}

/* Capability names, interface-class GUIDs, or SIDs. */
static rm_status read_capabilities(struct principals_reader *r, const rm_json *value,
                                   struct principal_draft *d) {
    rm_status st = principals_expect(r, value, RM_JSON_ARRAY);
    for (const rm_json *v = value->child; st == RM_OK && v != NULL; v = v->next) {
        rm_token_sid *slot = rm_push(r->arena, &d->principal.token.capabilities);
        if (slot == NULL) {
            return RM_NOMEM;
        }
        slot->enabled = true;
        st = principals_expect(r, v, RM_JSON_STRING);
        if (st == RM_OK && !(v->text.len > 2 && rm_sid_from(v->text, &slot->sid)) &&
            rm_sid_device_capability(v->text, &slot->sid) != RM_OK) {
            st = rm_sid_capability(r->arena, v->text, &slot->sid);
        }
    }
    return st;
}

static rm_status read_all_capabilities(struct principals_reader *r, const rm_json *value,
                                       struct principal_draft *d) {
    d->principal.token.all_capabilities = value->is_true;
    return principals_expect(r, value, RM_JSON_BOOL);
}

static rm_status read_integrity(struct principals_reader *r, const rm_json *value,
                                struct principal_draft *d) {
    static const struct {
        const char *word;
        uint32_t level;
    } levels[] = {{"untrusted", 0},        {"low", 0x1000},  {"medium", 0x2000},
                  {"medium_plus", 0x2100}, {"high", 0x3000}, {"system", 0x4000},
                  {"protected", 0x5000}};
    if (value->kind == RM_JSON_NUMBER && value->is_integer && value->integer >= 0 &&
        value->integer <= 0xFFFF) {
        d->principal.token.integrity = (uint32_t)value->integer;
        return RM_OK;
    }
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
        if (value->kind == RM_JSON_STRING && rm_str_eq(value->text, rm_str_from(levels[i].word))) {
            d->principal.token.integrity = levels[i].level;
            return RM_OK;
        }
    }
    return principals_fail(r, value->loc, "principals-unknown-word",
                           "expected untrusted, low, medium, medium_plus, high, system, protected "
                           "or a number to 65535");
}

static rm_status read_privileges(struct principals_reader *r, const rm_json *value,
                                 struct principal_draft *d) {
    rm_status st = principals_expect(r, value, RM_JSON_ARRAY);
    d->principal.token.privileges = 0;
    for (const rm_json *v = value->child; st == RM_OK && v != NULL; v = v->next) {
        uint32_t bit = 0;
        st = principals_expect(r, v, RM_JSON_STRING);
        if (st == RM_OK && !rm_privilege_from(v->text, &bit)) {
            return principals_fail(r, v->loc, "principals-unknown-word",
                                   "no privilege that we know: '%.*s'", RM_STR_ARG(v->text));
        }
        d->principal.token.privileges |= bit;
    }
    return st;
}

static rm_status read_level(struct principals_reader *r, const rm_json *value,
                            struct principal_draft *d) {
    static const char *const levels[] = {"anonymous", "identification", "impersonation",
                                         "delegation"};
    d->principal.token.impersonation = true;
    for (uint8_t i = 0; i < 4; i++) {
        if (value->kind == RM_JSON_STRING && rm_str_eq(value->text, rm_str_from(levels[i]))) {
            d->principal.token.level = i;
            return RM_OK;
        }
    }
    return principals_fail(r, value->loc, "principals-unknown-word",
                           "expected anonymous, identification, impersonation or delegation");
}

static rm_status read_form(struct principals_reader *r, const rm_json *value,
                           struct principal_draft *d) {
    (void)d; /* taken first */
    if (value->kind == RM_JSON_STRING && rm_str_eq(value->text, RM_STR("sddl-literal"))) {
        return RM_OK;
    }
    return principals_fail(r, value->loc, "principals-unknown-word", "expected sddl-literal");
}

static rm_status read_user_claims(struct principals_reader *r, const rm_json *value,
                                  struct principal_draft *d) {
    return principals_claims(r, value, d->literal, &d->claims->user);
}

static rm_status read_device_claims(struct principals_reader *r, const rm_json *value,
                                    struct principal_draft *d) {
    return principals_claims(r, value, d->literal, &d->claims->device);
}

static rm_status read_local_claims(struct principals_reader *r, const rm_json *value,
                                   struct principal_draft *d) {
    return principals_claims(r, value, d->literal, &d->claims->local);
}

static rm_status read_device_sids(struct principals_reader *r, const rm_json *value,
                                  struct principal_draft *d) {
    return read_sids(r, value, true, false, &d->claims->device_sids);
}

static rm_status read_disparity(struct principals_reader *r, const rm_json *value,
                                struct principal_draft *d) {
    d->has_disparity = true;
    if (value->kind != RM_JSON_NUMBER || !value->is_integer || value->integer < 0 ||
        value->integer > 1000) {
        return principals_fail(r, value->loc, "principals-out-of-range",
                               "expected a number from 0 to 1000");
    }
    d->principal.disparity = (uint32_t)value->integer;
    return RM_OK;
}

static rm_status read_boundary(struct principals_reader *r, const rm_json *value,
                               struct principal_draft *d) {
    d->has_boundary = true;
    if (value->kind == RM_JSON_STRING &&
        rm_boundary_kind_from(value->text, &d->principal.boundary) &&
        d->principal.boundary < RM_BOUNDARY_APP_SERVICE) {
        return RM_OK;
    }
    return principals_fail(r, value->loc, "principals-unknown-word",
                           "expected a kind of boundary into the kernel, such as user_to_kernel");
}

static const struct {
    const char *key;
    key_reader *read;
} keys[] = {
    {"name", read_name},
    {"title", read_title},
    {"like", read_like},
    {"sids", read_all_sids}, /* before the keys that add to it, whatever the file's order */
    {"groups", read_groups},
    {"deny_only", read_deny_only},
    {"disabled", read_disabled},
    {"restricting", read_restricting},
    {"write_restricted", read_write_restricted},
    {"package", read_package},
    {"lpac", read_lpac},
    {"capabilities", read_capabilities},
    {"all_capabilities", read_all_capabilities},
    {"integrity", read_integrity},
    {"privileges", read_privileges},
    {"impersonation", read_level},
    {"claims_form", read_form},
    {"user_claims", read_user_claims},
    {"device_claims", read_device_claims},
    {"local_claims", read_local_claims},
    {"device_sids", read_device_sids},
    {"disparity", read_disparity},
    {"boundary", read_boundary},
};

enum { KEYS = sizeof keys / sizeof keys[0] };

rm_status principals_known_keys(struct principals_reader *r, const rm_json *object) {
    for (const rm_json *m = object->child; m != NULL; m = m->next) {
        bool known = false;
        for (size_t i = 0; i < KEYS; i++) {
            known = known || rm_str_eq(m->key, rm_str_from(keys[i].key));
        }
        if (!known) {
            return principals_fail(r, m->key_loc, "principals-unknown-key",
                                   "a principal has no key '%.*s'", RM_STR_ARG(m->key));
        }
    }
    return RM_OK;
}

rm_status principals_keys(struct principals_reader *r, const rm_json *object,
                          struct principal_draft *d) {
    rm_status st = RM_OK;
    for (size_t i = 0; st == RM_OK && i < KEYS; i++) {
        const rm_json *value = rm_json_get(object, keys[i].key);
        st = value == NULL ? RM_OK : keys[i].read(r, value, d);
    }
    return st;
}
