#include "extract/policy.h"

#include "base/json.h"

enum { MAX_WAIVERS = 10000, MAX_TEXT = 2048 };

typedef struct policy_reader {
    rm_arena *arena;
    rm_sink *sink;
    rm_policy *policy;
    bool failed;
} policy_reader;

#define FAIL(r, at, id, ...)                                                                       \
    do {                                                                                           \
        rm_diag((r)->sink, RM_ERROR, (at), (id), __VA_ARGS__);                                     \
        (r)->failed = true;                                                                        \
    } while (0)

static bool expect(policy_reader *r, const rm_json *value, rm_json_kind kind, const char *what) {
    if (value->kind == kind) {
        return true;
    }
    FAIL(r, value->loc, "policy-wrong-type", "expected %s, not %s", what,
         rm_json_kind_name(value->kind));
    return false;
}

/* ---- the texts of a waiver ---- */

static bool is_pattern(rm_str text) {
    return rm_str_starts(text, RM_STR("finding:")) || rm_str_starts(text, RM_STR("path:"));
}

static bool is_prose(rm_str text) {
    return rm_str_trim(text).len > 0;
}

typedef struct waiver_key {
    const char *name;
    size_t at; /* in rm_waiver */
    bool (*is_good)(rm_str text);
    const char *wanted;
} waiver_key;

static const waiver_key waiver_keys[] = {
    {"id", offsetof(rm_waiver, id), is_pattern,
     "a finding's or a path's id, finding:... or path:..., in which * stands for anything"},
    {"reason", offsetof(rm_waiver, reason), is_prose, "why it is accepted, in words"},
    {"owner", offsetof(rm_waiver, owner), is_prose, "who answers for it"},
    {"date", offsetof(rm_waiver, date), rm_is_date, "a day, YYYY-MM-DD"},
    {"expires", offsetof(rm_waiver, expires), rm_is_date, "the last day it holds, YYYY-MM-DD"},
};

enum { WAIVER_KEYS = sizeof waiver_keys / sizeof waiver_keys[0] };

static bool is_waiver_key(rm_str name) {
    for (size_t i = 0; i < WAIVER_KEYS; i++) {
        if (rm_str_eq(name, rm_str_from(waiver_keys[i].name))) {
            return true;
        }
    }
    return false;
}

static void read_key(policy_reader *r, const rm_json *object, const waiver_key *key,
                     rm_waiver *out) {
    const rm_json *value = rm_json_get(object, key->name);
    if (value == NULL) {
        FAIL(r, object->loc, "policy-missing-key", "a waiver needs \"%s\": %s", key->name,
             key->wanted);
    } else if (expect(r, value, RM_JSON_STRING, key->wanted)) {
        *(rm_str *)((char *)out + key->at) = value->text;
        if (!key->is_good(value->text) || value->text.len > MAX_TEXT) {
            FAIL(r, value->loc, "policy-value", "\"%s\" is no good value of \"%s\": expected %s",
                 value->text.len > 64 ? "..." : rm_str_dup(r->arena, value->text), key->name,
                 key->wanted);
        }
    }
}

static rm_status read_waiver(policy_reader *r, const rm_json *object) {
    rm_waiver waiver = {.place = object->loc};
    if (!expect(r, object, RM_JSON_OBJECT, "a waiver, an object")) {
        return RM_OK;
    }
    for (const rm_json *m = object->child; m != NULL; m = m->next) {
        if (!is_waiver_key(m->key)) {
            FAIL(r, m->key_loc, "policy-unknown-key",
                 "a waiver has no key '%.*s': id, reason, owner, date and expires are its keys",
                 RM_STR_ARG(m->key));
        }
    }
    for (size_t i = 0; i < WAIVER_KEYS; i++) {
        read_key(r, object, &waiver_keys[i], &waiver);
    }
    if (!r->failed && rm_str_cmp(waiver.expires, waiver.date) < 0) {
        FAIL(r, rm_json_get(object, "expires")->loc, "policy-value",
             "it ends on %.*s, before it was given on %.*s", RM_STR_ARG(waiver.expires),
             RM_STR_ARG(waiver.date));
    }
    rm_waiver *slot = rm_push(r->arena, &r->policy->waivers);
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = waiver;
    return RM_OK;
}

/* ---- the file ---- */

static void read_fail_on(policy_reader *r, const rm_json *value) {
    if (expect(r, value, RM_JSON_STRING, "a severity")) {
        r->policy->has_fail_on = rm_severity_from(value->text, &r->policy->fail_on);
        if (!r->policy->has_fail_on) {
            FAIL(r, value->loc, "policy-value",
                 "'%.*s' is no severity: expected info, low, medium, high or critical",
                 RM_STR_ARG(value->text));
        }
    }
}

static rm_status read_waivers(policy_reader *r, const rm_json *list) {
    rm_status st = RM_OK;
    if (!expect(r, list, RM_JSON_ARRAY, "a list of waivers")) {
        return RM_OK;
    }
    if (list->children > MAX_WAIVERS) {
        FAIL(r, list->loc, "policy-limit", "more than %d waivers", MAX_WAIVERS);
        return RM_OK;
    }
    for (const rm_json *w = list->child; st == RM_OK && w != NULL; w = w->next) {
        st = read_waiver(r, w);
    }
    return st;
}

static void read_version(policy_reader *r, const rm_json *root) {
    const rm_json *version = rm_json_get(root, "ringmap");
    if (version == NULL || version->kind != RM_JSON_NUMBER || !version->is_integer ||
        version->integer != 1) {
        FAIL(r, version == NULL ? root->loc : version->loc, "policy-version",
             "the file must say \"ringmap\": 1");
    }
}

static rm_status read_root(policy_reader *r, const rm_json *root) {
    rm_status st = RM_OK;
    if (!expect(r, root, RM_JSON_OBJECT, "a policy, an object")) {
        return RM_OK;
    }
    read_version(r, root);
    for (const rm_json *m = root->child; st == RM_OK && m != NULL; m = m->next) {
        if (rm_str_eq(m->key, RM_STR("fail_on"))) {
            read_fail_on(r, m);
        } else if (rm_str_eq(m->key, RM_STR("waivers"))) {
            st = read_waivers(r, m);
        } else if (!rm_str_eq(m->key, RM_STR("ringmap")) && !rm_str_eq(m->key, RM_STR("$schema"))) {
            FAIL(r, m->key_loc, "policy-unknown-key",
                 "a policy has no key '%.*s': fail_on and waivers are its keys",
                 RM_STR_ARG(m->key));
        }
    }
    return st;
}

rm_status rm_policy_read(rm_arena *arena, rm_sink *sink, rm_str file, rm_str text, rm_policy *out) {
    rm_policy policy = {0};
    policy_reader r = {.arena = arena, .sink = sink, .policy = &policy};
    const rm_json *root = NULL;
    rm_status st = rm_json_parse(arena, sink, file, text, &root);
    st = st == RM_OK ? read_root(&r, root) : st;
    st = st == RM_OK && r.failed ? RM_SYNTAX : st;
    if (st == RM_OK) {
        *out = policy;
    }
    return st;
}
