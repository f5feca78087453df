#include "facts/limits.h"
#include "facts/table.h"
#include "model/descriptor.h"

#include <string.h>

#include "model/ioctl.h"
#include "model/sinks.h"

/* One value on its way into a row. */
typedef struct value {
    rm_arena *arena;
    rm_sink *sink;
    const rm_fact_field *field;
    const rm_json *json;
    void *target;
    rm_status status;
} value;

static bool wrong_type(const value *v, const char *expected) {
    rm_diag(v->sink, RM_ERROR, v->json->loc, "facts-wrong-type", "'%s' is %s, expected %s",
            v->field->key, rm_json_kind_name(v->json->kind), expected);
    return false;
}

static bool wrong_value(const value *v, const char *id, const char *expected) {
    rm_diag(v->sink, RM_ERROR, v->json->loc, id, "'%s' is '%.*s', expected %s", v->field->key,
            RM_STR_ARG(v->json->text), expected);
    return false;
}

/* ---- text ---- */

static bool text_fits(const value *v, const rm_json *json) {
    if (json->text.len <= RM_FACTS_MAX_TEXT) {
        return true;
    }
    rm_diag(v->sink, RM_ERROR, json->loc, "facts-out-of-range", "'%s' is longer than %d bytes",
            v->field->key, RM_FACTS_MAX_TEXT);
    return false;
}

static bool take_text(const value *v) {
    if (v->json->kind != RM_JSON_STRING) {
        return wrong_type(v, "a string");
    }
    if (v->field->type == RM_FACT_NAME && v->json->text.len == 0) {
        return wrong_value(v, "facts-out-of-range", "a name that is not empty");
    }
    if (!text_fits(v, v->json)) {
        return false;
    }
    memcpy(v->target, &v->json->text, sizeof(rm_str));
    return true;
}

static bool take_sddl(const value *v) {
    if (v->json->kind != RM_JSON_STRING) {
        return wrong_type(v, "a string");
    }
    if (!text_fits(v, v->json)) {
        return false;
    }
    const char *named = rm_sddl_devobj(v->json->text); /* SDDL_DEVOBJ_…, as wdmsec.h has it */
    rm_fact_text sddl = {named == NULL ? v->json->text : rm_str_from(named), v->json->loc};
    sddl.at.column += sddl.at.column != 0; /* past the quote */
    memcpy(v->target, &sddl, sizeof sddl);
    return true;
}

/* ---- words ---- */

static bool unknown_word(const value *v) {
    rm_fact_names names = {.len = 0};
    for (const char *const *word = v->field->words->list; *word != NULL; word++) {
        rm_fact_names_add(&names, *word);
    }
    return wrong_value(v, "facts-unknown-word", names.text);
}

static bool listed(const rm_fact_words *words, rm_str text) {
    for (const char *const *word = words->list; *word != NULL; word++) {
        if (rm_str_eq(text, rm_str_from(*word))) {
            return true;
        }
    }
    return false;
}

static bool take_word(const value *v) {
    if (v->json->kind != RM_JSON_STRING) {
        return wrong_type(v, "a word");
    }
    return v->field->words->take(v->json->text, v->target) || unknown_word(v);
}

static bool take_choice(const value *v) {
    if (v->json->kind != RM_JSON_STRING) {
        return wrong_type(v, "a word");
    }
    return listed(v->field->words, v->json->text) ? take_text(v) : unknown_word(v);
}

static bool take_class(const value *v) {
    if (v->json->kind != RM_JSON_STRING) {
        return wrong_type(v, "the name of a sink class");
    }
    if (rm_sink_class_find(v->json->text) == NULL) {
        return wrong_value(v, "facts-unknown-word", "a sink class, such as port_out or msr_write");
    }
    return take_text(v);
}

/* ---- yes and no ---- */

static bool as_bool(const rm_json *json, bool *out) {
    if (json->kind == RM_JSON_BOOL) {
        *out = json->is_true;
        return true;
    }
    if (json->kind == RM_JSON_NUMBER && json->is_integer &&
        (json->integer == 0 || json->integer == 1)) {
        *out = json->integer == 1;
        return true;
    }
    return false;
}

static bool take_flag(const value *v) {
    bool flag = false;
    if (!as_bool(v->json, &flag)) {
        return wrong_type(v, "true or false");
    }
    memcpy(v->target, &flag, sizeof flag);
    return true;
}

static bool take_tri(const value *v) {
    bool flag = false;
    rm_tri tri = RM_TRI_UNKNOWN;
    if (as_bool(v->json, &flag)) {
        tri = flag ? RM_TRI_YES : RM_TRI_NO;
    } else if (v->json->kind != RM_JSON_NULL) {
        return wrong_type(v, "true, false or null");
    }
    memcpy(v->target, &tri, sizeof tri);
    return true;
}

/* ---- numbers ---- */

static bool as_u32(const rm_json *json, uint32_t *out) {
    uint64_t number = 0;
    if (json->kind == RM_JSON_STRING) {
        if (!rm_str_u64(json->text, &number) || number > UINT32_MAX) {
            return false;
        }
    } else {
        if (!json->is_integer || json->integer < 0 || json->integer > UINT32_MAX) {
            return false;
        }
        number = (uint64_t)json->integer;
    }
    *out = (uint32_t)number;
    return true;
}

static bool is_number_or_string(const rm_json *json) {
    return json->kind == RM_JSON_NUMBER || json->kind == RM_JSON_STRING;
}

static bool take_number(const value *v) {
    rm_fact_number number = {.set = true};
    if (!is_number_or_string(v->json)) {
        return wrong_type(v, "a number or a string such as \"0x222000\"");
    }
    if (!as_u32(v->json, &number.value)) {
        return wrong_value(v, "facts-out-of-range", "a whole number from 0 to 4294967295");
    }
    memcpy(v->target, &number, sizeof number);
    return true;
}

static bool take_device_type(const value *v) {
    rm_fact_number number = {.set = true};
    if (v->json->kind == RM_JSON_STRING && rm_device_type_from(v->json->text, &number.value)) {
        memcpy(v->target, &number, sizeof number);
        return true;
    }
    return take_number(v);
}

static bool take_code_sent(const value *v) {
    uint32_t number = 0;
    int64_t code = RM_CODE_RECEIVED;
    if (!is_number_or_string(v->json) && v->json->kind != RM_JSON_NULL) {
        return wrong_type(v, "a control code, \"received\" or \"chosen\"");
    }
    if (rm_str_eq(v->json->text, RM_STR("chosen"))) {
        code = RM_CODE_CHOSEN;
    } else if (as_u32(v->json, &number)) {
        code = (int64_t)number;
    } else if (v->json->kind != RM_JSON_NULL && !rm_str_eq(v->json->text, RM_STR("received"))) {
        return wrong_value(v, "facts-unknown-word", "a control code, \"received\" or \"chosen\"");
    }
    memcpy(v->target, &code, sizeof code);
    return true;
}

/* ---- lists ---- */

static bool is_name(const value *v, const rm_json *item) {
    if (item->kind != RM_JSON_STRING || item->text.len == 0) {
        rm_diag(v->sink, RM_ERROR, item->loc, "facts-wrong-type",
                "'%s' holds %s, expected a name that is not empty", v->field->key,
                item->kind == RM_JSON_STRING ? "an empty string" : rm_json_kind_name(item->kind));
        return false;
    }
    return text_fits(v, item);
}

static bool is_item(const value *v, const rm_json *item) {
    if (item->kind == RM_JSON_OBJECT && v->field->type != RM_FACT_NAMES) {
        return true;
    }
    if (v->field->type != RM_FACT_ROWS) {
        return is_name(v, item);
    }
    rm_diag(v->sink, RM_ERROR, item->loc, "facts-wrong-type", "'%s' holds %s, expected an object",
            v->field->key, rm_json_kind_name(item->kind));
    return false;
}

/* An element of the wrong kind spoils its own list where it is a name, not where it is a row. */
static bool take_list(const value *v) {
    bool good = true;
    if (v->json->kind != RM_JSON_ARRAY) {
        return wrong_type(v, "an array");
    }
    for (const rm_json *item = v->json->child; item != NULL; item = item->next) {
        good = is_item(v, item) && good;
    }
    memcpy(v->target, &v->json, sizeof v->json);
    return good || v->field->type == RM_FACT_ROWS;
}

static bool take_joined(value *v) {
    if (v->json->kind == RM_JSON_STRING) {
        return take_text(v);
    }
    if (v->json->kind != RM_JSON_ARRAY) {
        return wrong_type(v, "a string or an array of strings");
    }
    rm_buf joined = {.arena = v->arena};
    for (const rm_json *item = v->json->child; item != NULL; item = item->next) {
        if (!is_name(v, item)) {
            return false;
        }
        rm_buf_text(&joined, joined.len > 0 ? " " : "");
        rm_buf_str(&joined, item->text);
    }
    rm_str text = rm_buf_view(&joined);
    memcpy(v->target, &text, sizeof text);
    v->status = joined.status;
    return joined.status == RM_OK;
}

static bool take(value *v) {
    switch (v->field->type) {
    case RM_FACT_TEXT:
    case RM_FACT_NAME: return take_text(v);
    case RM_FACT_SDDL: return take_sddl(v);
    case RM_FACT_WORD: return take_word(v);
    case RM_FACT_CHOICE: return take_choice(v);
    case RM_FACT_CLASS: return take_class(v);
    case RM_FACT_FLAG: return take_flag(v);
    case RM_FACT_TRI: return take_tri(v);
    case RM_FACT_VERSION: return true;
    case RM_FACT_NUMBER: return take_number(v);
    case RM_FACT_DEVICE_TYPE: return take_device_type(v);
    case RM_FACT_CODE_SENT: return take_code_sent(v);
    case RM_FACT_JOINED: return take_joined(v);
    case RM_FACT_NAMES:
    case RM_FACT_ROWS:
    case RM_FACT_ITEMS: return take_list(v);
    }
    return false;
}

bool rm_fact_value_read(rm_arena *arena, rm_sink *sink, const rm_fact_field *field,
                        const rm_json *json, void *row, rm_status *status) {
    value v = {arena, sink, field, json, (char *)row + field->offset, RM_OK};
    bool good = take(&v);
    *status = v.status != RM_OK ? v.status : *status;
    return good;
}
