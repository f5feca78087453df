#include "base/json.h"

#include <stdlib.h>

#include <cjson/cJSON.h>

#include "json_scan.h"

/* Turns cJSON's tree into ours, taking the places in the order in which values begin. */
typedef struct builder {
    rm_arena *arena;
    rm_sink *sink;
    rm_str file;
    json_places places;
    uint32_t next_place;
    bool duplicates;
} builder;

/* ---- values ---- */

/* Doubles hold whole numbers exactly up to this. */
static const double EXACT = 9007199254740992.0;

static void read_plain_integer(rm_json *value, rm_str digits, bool negative) {
    const uint64_t most = (uint64_t)INT64_MAX + negative;
    uint64_t n = 0;
    for (size_t i = 0; i < digits.len; i++) {
        uint64_t digit = (uint64_t)(digits.ptr[i] - '0');
        if (n > (most - digit) / 10) {
            return;
        }
        n = n * 10 + digit;
    }
    value->is_integer = true;
    if (!negative) {
        value->integer = (int64_t)n;
    } else {
        value->integer = n > (uint64_t)INT64_MAX ? INT64_MIN : -(int64_t)n;
    }
}

/* Digits alone are read exactly; 1.0 and 1e3 are whole as well, as far as a double is exact. */
static void read_integer(rm_json *value, rm_str written, double rounded) {
    bool negative = written.ptr[0] == '-';
    bool plain = true;
    for (size_t i = negative; i < written.len; i++) {
        plain = plain && written.ptr[i] >= '0' && written.ptr[i] <= '9';
    }
    if (plain) {
        read_plain_integer(value, rm_str_slice(written, negative, written.len), negative);
    } else if (rounded >= -EXACT && rounded <= EXACT && (double)(int64_t)rounded == rounded) {
        value->is_integer = true;
        value->integer = (int64_t)rounded;
    }
}

static rm_json_kind kind_of(const cJSON *item) {
    if (cJSON_IsObject(item)) {
        return RM_JSON_OBJECT;
    }
    if (cJSON_IsArray(item)) {
        return RM_JSON_ARRAY;
    }
    if (cJSON_IsString(item)) {
        return RM_JSON_STRING;
    }
    if (cJSON_IsNumber(item)) {
        return RM_JSON_NUMBER;
    }
    return cJSON_IsBool(item) ? RM_JSON_BOOL : RM_JSON_NULL;
}

static rm_status fill(builder *b, const cJSON *item, rm_json *value) {
    const json_place *place = &b->places.at[b->next_place++];
    value->kind = kind_of(item);
    value->is_true = cJSON_IsTrue(item);
    value->loc = (rm_loc){b->file, place->line, place->column};
    rm_status st = RM_OK;
    if (item->string != NULL) {
        value->key_loc = (rm_loc){b->file, place->key_line, place->key_column};
        st = rm_str_copy(b->arena, rm_str_from(item->string), &value->key);
    }
    if (st == RM_OK && value->kind == RM_JSON_STRING) {
        st = rm_str_copy(b->arena, rm_str_from(item->valuestring), &value->text);
    }
    if (st == RM_OK && value->kind == RM_JSON_NUMBER) {
        read_integer(value, place->written, item->valuedouble);
        st = rm_str_copy(b->arena, place->written, &value->text);
    }
    return st;
}

/* ---- keys that occur twice ---- */

static int by_key_then_place(const void *left, const void *right) {
    const rm_json *a = *(const rm_json *const *)left;
    const rm_json *b = *(const rm_json *const *)right;
    int order = rm_str_cmp(a->key, b->key);
    if (order == 0) {
        order = (a->key_loc.line > b->key_loc.line) - (a->key_loc.line < b->key_loc.line);
    }
    if (order == 0) {
        order = (a->key_loc.column > b->key_loc.column) - (a->key_loc.column < b->key_loc.column);
    }
    return order;
}

/* Readers differ in which of two equal keys they take (RFC 8259, 4), so neither can be meant. */
static rm_status find_duplicates(builder *b, const rm_json *object) {
    if (object->kind != RM_JSON_OBJECT || object->children < 2) {
        return RM_OK;
    }
    const rm_json **sorted = RM_NEW_ARRAY(b->arena, const rm_json *, object->children);
    if (sorted == NULL) {
        return RM_NOMEM;
    }
    uint32_t n = 0;
    for (const rm_json *m = object->child; m != NULL; m = m->next) {
        sorted[n++] = m;
    }
    qsort(sorted, n, sizeof(const rm_json *), by_key_then_place);
    uint32_t first = 0;
    for (uint32_t i = 1; i < n; i++) {
        if (!rm_str_eq(sorted[i]->key, sorted[first]->key)) {
            first = i;
            continue;
        }
        b->duplicates = true;
        rm_diag(b->sink, RM_ERROR, sorted[i]->key_loc, "json-duplicate-key",
                "the key '%.*s' is already at line %u", RM_STR_ARG(sorted[i]->key),
                (unsigned)sorted[first]->key_loc.line);
    }
    return RM_OK;
}

/* ---- the tree ---- */

static rm_status build(builder *b, const cJSON *item, rm_json *value);

static rm_status build_children(builder *b, const cJSON *item, rm_json *parent) {
    const rm_json **link = &parent->child;
    for (const cJSON *c = item->child; c != NULL; c = c->next) {
        rm_json *child = RM_NEW(b->arena, rm_json);
        if (child == NULL) {
            return RM_NOMEM;
        }
        rm_status st = build(b, c, child);
        if (st != RM_OK) {
            return st;
        }
        *link = child;
        link = &child->next;
        parent->children++;
    }
    return find_duplicates(b, parent);
}

/* Recursive, as deep as json_scan() let the text be. */
static rm_status build(builder *b, const cJSON *item, rm_json *value) {
    if (b->next_place == b->places.count) {
        return RM_INTERNAL; /* cJSON saw more values than the scan did */
    }
    rm_status st = fill(b, item, value);
    return st == RM_OK ? build_children(b, item, value) : st;
}

static rm_status build_root(builder *b, const cJSON *item, const rm_json **out) {
    rm_json *root = RM_NEW(b->arena, rm_json);
    if (root == NULL) {
        return RM_NOMEM;
    }
    rm_status st = build(b, item, root);
    if (st != RM_OK) {
        return st;
    }
    if (b->duplicates) {
        return RM_SYNTAX;
    }
    *out = root;
    return RM_OK;
}

rm_status rm_json_parse(rm_arena *arena, rm_sink *sink, rm_str file, rm_str text,
                        const rm_json **out) {
    const rm_str mark = RM_STR("\xEF\xBB\xBF"); /* as Windows' editors save UTF-8 */
    builder b = {.arena = arena, .sink = sink, .file = file};
    text = rm_str_starts(text, mark) ? rm_str_slice(text, mark.len, text.len) : text;
    rm_status st = json_scan(arena, sink, file, text, &b.places);
    if (st != RM_OK) {
        return st;
    }
    cJSON *item = cJSON_ParseWithLength(text.ptr, text.len);
    if (item == NULL) {
        return RM_NOMEM; /* the text is well-formed: only memory can have failed */
    }
    st = build_root(&b, item, out);
    cJSON_Delete(item);
    return st;
}

const rm_json *rm_json_get(const rm_json *object, const char *key) {
    if (object == NULL || object->kind != RM_JSON_OBJECT) {
        return NULL;
    }
    rm_str wanted = rm_str_from(key);
    for (const rm_json *m = object->child; m != NULL; m = m->next) {
        if (rm_str_eq(m->key, wanted)) {
            return m;
        }
    }
    return NULL;
}

const char *rm_json_kind_name(rm_json_kind kind) {
    switch (kind) {
    case RM_JSON_NULL: return "null";
    case RM_JSON_BOOL: return "true or false";
    case RM_JSON_NUMBER: return "a number";
    case RM_JSON_STRING: return "a string";
    case RM_JSON_ARRAY: return "an array";
    case RM_JSON_OBJECT: return "an object";
    }
    return "a value";
}
