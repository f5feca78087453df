#include "extract/team_rules.h"

#include "base/json.h"
#include "model/rules.h"

enum { MAX_RULES = 1000, MAX_ID = 64, MAX_TEXT = 4096, MAX_SQL = 1 << 20 };

typedef struct rules_reader {
    rm_arena *arena;
    rm_sink *sink;
    rm_str file;
    rm_team_rules *rules;
    bool failed;
} rules_reader;

#define FAIL(r, at, id, ...)                                                                       \
    do {                                                                                           \
        rm_diag((r)->sink, RM_ERROR, (at), (id), __VA_ARGS__);                                     \
        (r)->failed = true;                                                                        \
    } while (0)

static bool expect(rules_reader *r, const rm_json *value, rm_json_kind kind, const char *what) {
    if (value->kind == kind) {
        return true;
    }
    FAIL(r, value->loc, "rules-wrong-type", "expected %s, not %s", what,
         rm_json_kind_name(value->kind));
    return false;
}

/* ---- the texts of a rule ---- */

static bool is_letter(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_id(rm_str text) {
    for (size_t i = 0; i < text.len; i++) {
        const char c = text.ptr[i];
        size_t at = 0;
        const bool inner = is_digit(c) || rm_str_find_char(RM_STR("-_."), c, &at);
        if (!is_letter(c) && (i == 0 || !inner)) {
            return false;
        }
    }
    return text.len > 0 && text.len <= MAX_ID;
}

static bool is_prose(rm_str text) {
    return rm_str_trim(text).len > 0 && text.len <= MAX_TEXT;
}

static bool is_sql(rm_str text) {
    return rm_str_trim(text).len > 0 && text.len <= MAX_SQL;
}

static bool is_cwe(rm_str text) {
    for (size_t i = 4; i < text.len; i++) {
        if (!is_digit(text.ptr[i])) {
            return false;
        }
    }
    return rm_str_starts(text, RM_STR("CWE-")) && text.len > 4 && text.len < 12;
}

static bool is_stride(rm_str text) {
    for (size_t i = 0; i < text.len; i++) {
        size_t at = 0;
        if (!rm_str_find_char(RM_STR("STRIDE,"), text.ptr[i], &at)) {
            return false;
        }
    }
    return text.len > 0 && text.len < 12;
}

static bool is_template(rm_str text) {
    return is_prose(text) && rm_is_template(text);
}

static bool is_severity(rm_str text) {
    rm_severity severity = RM_SEVERITY_INFO;
    return rm_severity_from(text, &severity);
}

typedef struct rule_key {
    const char *name;
    bool needed;
    size_t at; /* in rm_team_rule; severity has none */
    bool (*is_good)(rm_str text);
    const char *wanted;
} rule_key;

#define TEMPLATE "words in which {column} stands for what the row has there, {{ and }} for braces"
static const rule_key rule_keys[] = {
    {"id", true, offsetof(rm_team_rule, id), is_id,
     "a letter, then letters, digits and the signs - _ . up to 64"},
    {"title", true, offsetof(rm_team_rule, title), is_prose, "what is wrong, in words"},
    {"statement", false, offsetof(rm_team_rule, statement), is_prose, "what should be, in words"},
    {"severity", true, SIZE_MAX, is_severity, "info, low, medium, high or critical"},
    {"cwe", false, offsetof(rm_team_rule, cwe), is_cwe, "CWE- and a number"},
    {"stride", false, offsetof(rm_team_rule, stride), is_stride, "letters of STRIDE"},
    {"source", false, offsetof(rm_team_rule, source), is_prose, "the document it comes from"},
    {"sql", true, offsetof(rm_team_rule, sql), is_sql, "one SELECT over the public views"},
    {"message", true, offsetof(rm_team_rule, message), is_template, TEMPLATE},
    {"fix", false, offsetof(rm_team_rule, fix), is_template, TEMPLATE},
};

enum { RULE_KEYS = sizeof rule_keys / sizeof rule_keys[0] };

static bool is_rule_key(rm_str name) {
    for (size_t i = 0; i < RULE_KEYS; i++) {
        if (rm_str_eq(name, rm_str_from(rule_keys[i].name))) {
            return true;
        }
    }
    return false;
}

static void read_key(rules_reader *r, const rm_json *object, const rule_key *key,
                     rm_team_rule *out) {
    const rm_json *value = rm_json_get(object, key->name);
    if (value == NULL) {
        if (key->needed) {
            FAIL(r, object->loc, "rules-missing-key", "a rule needs \"%s\": %s", key->name,
                 key->wanted);
        }
    } else if (expect(r, value, RM_JSON_STRING, key->wanted)) {
        if (!key->is_good(value->text)) {
            FAIL(r, value->loc, "rules-value", "no good value of \"%s\": expected %s", key->name,
                 key->wanted);
        } else if (key->at == SIZE_MAX) {
            (void)rm_severity_from(value->text, &out->severity);
        } else {
            *(rm_str *)((char *)out + key->at) = value->text;
        }
    }
}

/* Is the id one of the program's own, or of a rule read before? */
static void check_new(rules_reader *r, const rm_team_rule *rule) {
    bool taken = rule->id.len > 0 && rm_rule_find(rule->id) != NULL;
    for (uint32_t i = 0; rule->id.len > 0 && !taken && i < r->rules->count; i++) {
        taken = rm_str_ieq(r->rules->at[i].id, rule->id);
    }
    if (taken) {
        FAIL(r, rule->place, "rules-duplicate", "there is a rule '%.*s' already",
             RM_STR_ARG(rule->id));
    }
}

/* "rules.json: the document", for v_rule. */
static rm_status name_source(const rules_reader *r, rm_team_rule *rule) {
    const rm_str given = rule->source;
    return given.len == 0 ? rm_str_copy(r->arena, r->file, &rule->source)
                          : rm_str_printf(r->arena, &rule->source, "%.*s: %.*s",
                                          RM_STR_ARG(r->file), RM_STR_ARG(given));
}

static rm_status read_rule(rules_reader *r, const rm_json *object) {
    rm_team_rule rule = {.place = object->loc};
    if (!expect(r, object, RM_JSON_OBJECT, "a rule, an object")) {
        return RM_OK;
    }
    for (const rm_json *m = object->child; m != NULL; m = m->next) {
        if (!is_rule_key(m->key)) {
            FAIL(r, m->key_loc, "rules-unknown-key",
                 "a rule has no key '%.*s': id, title, statement, severity, cwe, stride, source, "
                 "sql, message and fix are its keys",
                 RM_STR_ARG(m->key));
        }
    }
    for (size_t i = 0; i < RULE_KEYS; i++) {
        read_key(r, object, &rule_keys[i], &rule);
    }
    check_new(r, &rule);
    rm_status st = name_source(r, &rule);
    rm_team_rule *slot = st == RM_OK ? rm_push(r->arena, r->rules) : NULL;
    if (slot == NULL) {
        return st == RM_OK ? RM_NOMEM : st;
    }
    *slot = rule;
    return RM_OK;
}

/* ---- the file ---- */

static rm_status read_rules(rules_reader *r, const rm_json *list) {
    rm_status st = RM_OK;
    if (!expect(r, list, RM_JSON_ARRAY, "a list of rules")) {
        return RM_OK;
    }
    if (list->children > MAX_RULES) {
        FAIL(r, list->loc, "rules-limit", "more than %d rules", MAX_RULES);
        return RM_OK;
    }
    for (const rm_json *w = list->child; st == RM_OK && w != NULL; w = w->next) {
        st = read_rule(r, w);
    }
    return st;
}

static void read_version(rules_reader *r, const rm_json *root) {
    const rm_json *version = rm_json_get(root, "ringmap");
    if (version == NULL || version->kind != RM_JSON_NUMBER || !version->is_integer ||
        version->integer != 1) {
        FAIL(r, version == NULL ? root->loc : version->loc, "rules-version",
             "the file must say \"ringmap\": 1");
    }
}

static bool is_note(rm_str key) {
    return rm_str_eq(key, RM_STR("ringmap")) || rm_str_eq(key, RM_STR("$schema")) ||
           rm_str_eq(key, RM_STR("who")) || rm_str_eq(key, RM_STR("why"));
}

static rm_status read_root(rules_reader *r, const rm_json *root) {
    rm_status st = RM_OK;
    if (!expect(r, root, RM_JSON_OBJECT, "a file of rules, an object")) {
        return RM_OK;
    }
    read_version(r, root);
    const rm_json *rules = rm_json_get(root, "rules");
    if (rules == NULL) {
        FAIL(r, root->loc, "rules-missing-key", "the file needs \"rules\", a list");
    }
    for (const rm_json *m = root->child; st == RM_OK && m != NULL; m = m->next) {
        if (m == rules) {
            st = read_rules(r, m);
        } else if (!is_note(m->key)) {
            FAIL(r, m->key_loc, "rules-unknown-key",
                 "a file of rules has no key '%.*s': who, why and rules are its keys",
                 RM_STR_ARG(m->key));
        }
    }
    return st;
}

rm_status rm_team_rules_read(rm_arena *arena, rm_sink *sink, rm_str file, rm_str text,
                             rm_team_rules *out) {
    rm_team_rules rules = *out;
    rules_reader r = {.arena = arena, .sink = sink, .file = file, .rules = &rules};
    const rm_json *root = NULL;
    rm_status st = rm_json_parse(arena, sink, file, text, &root);
    st = st == RM_OK ? read_root(&r, root) : st;
    st = st == RM_OK && r.failed ? RM_SYNTAX : st;
    if (st == RM_OK) {
        *out = rules;
    }
    return st;
}
