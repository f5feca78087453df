#include "extract/principals.h"

#include <stdarg.h>
#include <stdio.h>

#include "principals/reader.h"

rm_status principals_fail(struct principals_reader *r, rm_loc at, const char *id,
                          const char *format, ...) {
    char text[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    rm_diag(r->sink, RM_ERROR, at, id, "%s", text);
    return RM_SYNTAX;
}

rm_status principals_expect(struct principals_reader *r, const rm_json *value, rm_json_kind kind) {
    static const char *const names[] = {"null",   "true or false", "a number",
                                        "a text", "an array",      "an object"};
    if (value->kind == kind) {
        return RM_OK;
    }
    return principals_fail(r, value->loc, "principals-wrong-type", "expected %s, not %s",
                           names[kind], rm_json_kind_name(value->kind));
}

rm_status principals_sid(struct principals_reader *r, const rm_json *value, rm_sid *out) {
    uint64_t rid = 0;
    rm_status st = principals_expect(r, value, RM_JSON_STRING);
    if (st != RM_OK) {
        return st;
    }
    rm_str text = value->text;
    if (text.len > 1 && text.ptr[0] == '@' && rm_str_u64(rm_str_slice(text, 1, text.len), &rid) &&
        rid <= UINT32_MAX) {
        *out =
            (rm_sid){.authority = 5, .count = 1, .sub = {(uint32_t)rid}, .domain_relative = true};
        return RM_OK;
    }
    if (!rm_sid_from(text, out)) {
        return principals_fail(r, value->loc, "principals-sid", "not a SID: '%.*s'",
                               RM_STR_ARG(text));
    }
    return RM_OK;
}

/* --- one principal --- */

/* "like": begins as a copy of another principal; what the file adds must not reach the original. */
static rm_status begin_like(struct principals_reader *r, const rm_json *object,
                            const rm_principals *known, struct principal_draft *d) {
    const rm_json *like = rm_json_get(object, "like");
    if (like == NULL) {
        return RM_OK;
    }
    uint32_t at = like->kind == RM_JSON_STRING ? rm_principal_find(known, like->text) : RM_NONE;
    if (at == RM_NONE) {
        return principals_fail(r, like->loc, "principals-unknown-word",
                               "no principal of that name stands before this one");
    }
    d->principal = known->at[at];
    d->principal.builtin = false;
    d->has_boundary = d->has_disparity = true;
    if (d->principal.token.claims != NULL) {
        *d->claims = *d->principal.token.claims;
    }
    rm_token *token = &d->principal.token;
    token->sids.capacity = token->sids.count; /* full: what is added goes to a list of its own */
    token->restricting.capacity = token->restricting.count;
    token->capabilities.capacity = token->capabilities.count;
    d->claims->user.capacity = d->claims->user.count;
    d->claims->device.capacity = d->claims->device.count;
    d->claims->local.capacity = d->claims->local.count;
    d->claims->device_sids.capacity = d->claims->device_sids.count;
    return RM_OK;
}

/* What a token of this kind crosses, where the file does not say (ontology 4.2). */
static void guess_boundary(struct principal_draft *d) {
    const rm_token *token = &d->principal.token;
    static const struct {
        rm_boundary_kind kind;
        uint32_t disparity;
    } rows[] = {
        {RM_BOUNDARY_LPAC, 1000},      {RM_BOUNDARY_APPCONTAINER, 900}, {RM_BOUNDARY_LOW, 800},
        {RM_BOUNDARY_RESTRICTED, 800}, {RM_BOUNDARY_USER, 700},         {RM_BOUNDARY_ADMIN, 250},
        {RM_BOUNDARY_SERVICE, 500},
    };
    size_t row = token->lpac                 ? 0u
                 : token->appcontainer       ? 1u
                 : token->integrity < 0x2000 ? 2u
                 : token->restricted         ? 3u
                 : token->integrity < 0x3000 ? 4u
                 : token->integrity < 0x4000 ? 5u
                                             : 6u;
    if (!d->has_boundary) {
        d->principal.boundary = rows[row].kind;
    }
    if (!d->has_disparity) {
        d->principal.disparity = rows[row].disparity;
    }
}

static rm_status check_whole(struct principals_reader *r, const rm_json *object,
                             const rm_principals *known, struct principal_draft *d) {
    rm_token *token = &d->principal.token;
    if (rm_json_get(object, "name") == NULL || token->sids.count == 0) {
        return principals_fail(r, object->loc, "principals-missing-key",
                               "a principal needs a name, and sids or like");
    }
    if (rm_principal_find(known, d->principal.name) != RM_NONE ||
        rm_str_eq(d->principal.name, RM_STR("kernel"))) {
        return principals_fail(r, object->loc, "principals-name",
                               "there is a principal '%.*s' already",
                               RM_STR_ARG(d->principal.name));
    }
    if ((token->lpac || token->all_capabilities || token->capabilities.count > 0) &&
        !token->appcontainer) {
        return principals_fail(r, object->loc, "principals-missing-key",
                               "capabilities and lpac need a package");
    }
    if (token->write_restricted && !token->restricted) {
        return principals_fail(r, object->loc, "principals-missing-key",
                               "write_restricted needs restricting");
    }
    if (d->principal.title.len == 0) {
        d->principal.title = d->principal.name;
    }
    return RM_OK;
}

static rm_status read_principal(struct principals_reader *r, const rm_json *object,
                                rm_principals *out) {
    struct principal_draft d = {.principal = {.token = {.integrity = 0x2000}},
                                .claims = RM_NEW(r->arena, rm_claims),
                                .literal = rm_json_get(object, "claims_form") != NULL};
    if (d.claims == NULL) {
        return RM_NOMEM;
    }
    rm_status st = principals_expect(r, object, RM_JSON_OBJECT);
    st = st == RM_OK ? principals_known_keys(r, object) : st;
    st = st == RM_OK ? begin_like(r, object, out, &d) : st;
    st = st == RM_OK ? principals_keys(r, object, &d) : st;
    st = st == RM_OK ? check_whole(r, object, out, &d) : st;
    if (st != RM_OK) {
        return st;
    }
    guess_boundary(&d);
    d.principal.token.claims = d.claims;
    rm_principal *slot = rm_push(r->arena, out);
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = d.principal;
    return RM_OK;
}

static rm_status check_head(struct principals_reader *r, const rm_json *root) {
    rm_status st = principals_expect(r, root, RM_JSON_OBJECT);
    for (const rm_json *m = root->child; st == RM_OK && m != NULL; m = m->next) {
        if (!rm_str_eq(m->key, RM_STR("ringmap")) && !rm_str_eq(m->key, RM_STR("principals")) &&
            !rm_str_eq(m->key, RM_STR("$schema"))) {
            return principals_fail(r, m->key_loc, "principals-unknown-key",
                                   "a file of principals has no key '%.*s'", RM_STR_ARG(m->key));
        }
    }
    const rm_json *version = rm_json_get(root, "ringmap");
    if (st == RM_OK && (version == NULL || version->integer != 1)) {
        return principals_fail(r, root->loc, "principals-version",
                               "the file must say \"ringmap\": 1");
    }
    return st;
}

enum { MAX_PRINCIPALS = 1000 };

rm_status rm_principals_read(rm_arena *arena, rm_sink *sink, rm_str file, rm_str text,
                             rm_principals *out) {
    struct principals_reader r = {arena, sink};
    const rm_json *root = NULL;
    rm_principals all = *out;
    rm_status st = rm_json_parse(arena, sink, file, text, &root);
    st = st == RM_OK ? check_head(&r, root) : st;
    if (st != RM_OK) {
        return st;
    }
    const rm_json *list = rm_json_get(root, "principals");
    if (list == NULL || list->children > MAX_PRINCIPALS) {
        return principals_fail(&r, root->loc, "principals-missing-key",
                               "expected \"principals\" with at most %d of them", MAX_PRINCIPALS);
    }
    st = principals_expect(&r, list, RM_JSON_ARRAY);
    for (const rm_json *p = list->child; st == RM_OK && p != NULL; p = p->next) {
        st = read_principal(&r, p, &all);
    }
    if (st == RM_OK) {
        *out = all;
    }
    return st;
}
