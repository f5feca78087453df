#include "facts/table.h"

#include <stdio.h>

static const rm_fact_field *field_of(const rm_fact_record *record, rm_str key) {
    for (uint32_t i = 0; i < record->count; i++) {
        if (rm_str_eq(key, rm_str_from(record->fields[i].key))) {
            return &record->fields[i];
        }
    }
    return NULL;
}

void rm_fact_names_add(rm_fact_names *names, const char *name) {
    int added = snprintf(names->text + names->len, sizeof names->text - names->len, "%s%s",
                         names->len > 0 ? ", " : "", name);
    size_t left = sizeof names->text - 1 - names->len;
    names->len += added > 0 && (size_t)added < left ? (size_t)added : left;
}

static void unknown_key(rm_sink *sink, const rm_fact_record *record, const rm_json *member) {
    rm_fact_names names = {.len = 0};
    for (uint32_t i = 0; i < record->count; i++) {
        rm_fact_names_add(&names, record->fields[i].key);
    }
    rm_diag(sink, RM_ERROR, member->key_loc, "facts-unknown-key",
            "unknown key '%.*s' of %s, expected one of %s", RM_STR_ARG(member->key), record->name,
            names.text);
}

static bool has_required(rm_sink *sink, const rm_fact_record *record, const rm_json *object) {
    bool complete = true;
    for (uint32_t i = 0; i < record->count; i++) {
        const rm_fact_field *field = &record->fields[i];
        if (field->required && rm_json_get(object, field->key) == NULL) {
            rm_diag(sink, RM_ERROR, object->loc, "facts-missing-key", "%s without '%s'",
                    record->name, field->key);
            complete = false;
        }
    }
    return complete;
}

bool rm_fact_record_read(rm_arena *arena, rm_sink *sink, const rm_fact_record *record,
                         const rm_json *object, void *row, rm_status *status) {
    if (object->kind != RM_JSON_OBJECT) {
        return false; /* the list it stands in has told so */
    }
    bool good = has_required(sink, record, object);
    for (const rm_json *member = object->child; member != NULL; member = member->next) {
        const rm_fact_field *field = field_of(record, member->key);
        if (field == NULL) {
            unknown_key(sink, record, member);
            good = false;
        } else if (!rm_fact_value_read(arena, sink, field, member, row, status)) {
            good = false;
        }
    }
    return good && *status == RM_OK;
}
