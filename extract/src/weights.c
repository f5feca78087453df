#include "extract/weights.h"

#include "base/json.h"
#include "model/sinks.h"

enum { FORMAT_VERSION = 1, MOST = 1000 };

typedef struct reading {
    rm_arena *arena;
    rm_sink *sink;
    const rm_principals *principals;
    rm_weights weights;
} reading;

static rm_status wrong(const reading *r, rm_loc at, const char *id, const char *what, rm_str name) {
    rm_diag(r->sink, RM_ERROR, at, id, "%s '%.*s'", what, RM_STR_ARG(name));
    return RM_SYNTAX;
}

static rm_status thousandths(const reading *r, const rm_json *value, uint32_t *out) {
    if (value->kind != RM_JSON_NUMBER || !value->is_integer || value->integer < 0 ||
        value->integer > MOST) {
        return wrong(r, value->loc, "weights-value", "expected a whole number from 0 to 1000 for",
                     value->key);
    }
    *out = (uint32_t)value->integer;
    return RM_OK;
}

/* D of a principal or S of a class: a row that differs from the standard one. */
static rm_status add_other(reading *r, rm_str factor, const rm_json *member) {
    rm_weight weight = {.factor = factor, .name = member->key};
    bool of_class = rm_str_eq(factor, RM_STR("S"));
    if (of_class && rm_sink_class_find(member->key) == NULL) {
        return wrong(r, member->key_loc, "weights-unknown-name", "no class of operations is named",
                     member->key);
    }
    uint32_t who = of_class ? 0 : rm_principal_find(r->principals, member->key);
    if (who == RM_NONE) {
        return wrong(r, member->key_loc, "weights-unknown-name", "no principal is named",
                     member->key);
    }
    weight.name = of_class ? member->key : r->principals->at[who].name;
    rm_status st = thousandths(r, member, &weight.value);
    rm_weight *row = st == RM_OK ? rm_push(r->arena, &r->weights.others) : NULL;
    if (row == NULL) {
        return st == RM_OK ? RM_NOMEM : st;
    }
    *row = weight;
    return RM_OK;
}

static rm_status read_number(reading *r, rm_str factor, const rm_json *member) {
    uint32_t *field = rm_weight_named(&r->weights, factor, member->key);
    if (field != NULL) {
        return thousandths(r, member, field);
    }
    if (rm_str_eq(factor, RM_STR("D")) || rm_str_eq(factor, RM_STR("S"))) {
        return add_other(r, factor, member);
    }
    return wrong(r, member->key_loc, "weights-unknown-name", "no weight of this factor is named",
                 member->key);
}

/* "V": {"partial": 400, …} */
static rm_status read_factor(reading *r, const rm_json *factor) {
    static const char *const factors[] = {"D", "R", "S", "V", "c"};
    bool known = false;
    for (size_t i = 0; i < sizeof factors / sizeof factors[0]; i++) {
        known = known || rm_str_eq(factor->key, rm_str_from(factors[i]));
    }
    if (!known) {
        return wrong(r, factor->key_loc, "weights-unknown-name",
                     "expected ringmap, who, why, D, R, S, V or c, not", factor->key);
    }
    if (factor->kind != RM_JSON_OBJECT) {
        return wrong(r, factor->loc, "weights-value", "expected an object of numbers for",
                     factor->key);
    }
    rm_status st = RM_OK;
    for (const rm_json *m = factor->child; st == RM_OK && m != NULL; m = m->next) {
        st = read_number(r, factor->key, m);
    }
    return st;
}

static bool is_note(rm_str key) {
    static const char *const notes[] = {"ringmap", "$schema", "who", "why"};
    for (size_t i = 0; i < sizeof notes / sizeof notes[0]; i++) {
        if (rm_str_eq(key, rm_str_from(notes[i]))) {
            return true;
        }
    }
    return false;
}

rm_status rm_weights_read(rm_arena *arena, rm_sink *sink, rm_str file, rm_str text,
                          const rm_principals *principals, rm_weights *out) {
    reading r = {.arena = arena, .sink = sink, .principals = principals, .weights = *out};
    const rm_json *root = NULL;
    rm_status st = rm_json_parse(arena, sink, file, text, &root);
    if (st != RM_OK) {
        return st == RM_NOMEM ? st : RM_SYNTAX;
    }
    const rm_json *version = rm_json_get(root, "ringmap");
    if (version == NULL || !version->is_integer || version->integer != FORMAT_VERSION) {
        rm_diag(sink, RM_ERROR, version == NULL ? root->loc : version->loc, "weights-version",
                "a weights file begins with {\"ringmap\": 1");
        return RM_SYNTAX;
    }
    for (const rm_json *m = root->child; st == RM_OK && m != NULL; m = m->next) {
        st = is_note(m->key) ? RM_OK : read_factor(&r, m);
    }
    if (st == RM_OK) {
        *out = r.weights;
    }
    return st;
}
