#include "facts/table.h"

#include "base/text.h"
#include "model/sinks.h"

/* The tables as JSON Schema 2020-12. One member a line, so that a change is one line of a diff. */

static void text(rm_buf *buf, const char *s) {
    rm_text_json(buf, rm_str_from(s));
}

static void word_list(rm_buf *buf, const char *const *words) {
    rm_buf_text(buf, "\"enum\": [");
    for (const char *const *word = words; *word != NULL; word++) {
        rm_buf_text(buf, word == words ? "" : ", ");
        text(buf, *word);
    }
    rm_buf_text(buf, "]");
}

static void sink_classes(rm_buf *buf) {
    uint32_t count = 0;
    const rm_sink_class *classes = rm_sink_classes(&count);
    rm_buf_text(buf, "\"enum\": [");
    for (uint32_t i = 0; i < count; i++) {
        rm_buf_text(buf, i == 0 ? "" : ", ");
        text(buf, classes[i].name);
    }
    rm_buf_text(buf, "]");
}

#define TEXT_TYPE "\"type\": \"string\", \"maxLength\": 65536"
#define NAME_TYPE "\"type\": \"string\", \"minLength\": 1, \"maxLength\": 65536"
#define NUMBER_TYPE "\"type\": [\"integer\", \"string\"], \"minimum\": 0, \"maximum\": 4294967295"

static void type_of(rm_buf *buf, const rm_fact_field *field) {
    switch (field->type) {
    case RM_FACT_TEXT:
    case RM_FACT_SDDL: rm_buf_text(buf, TEXT_TYPE); break;
    case RM_FACT_NAME: rm_buf_text(buf, NAME_TYPE); break;
    case RM_FACT_WORD:
    case RM_FACT_CHOICE: word_list(buf, field->words->list); break;
    case RM_FACT_CLASS: sink_classes(buf); break;
    case RM_FACT_FLAG: rm_buf_text(buf, "\"enum\": [true, false, 0, 1]"); break;
    case RM_FACT_TRI: rm_buf_text(buf, "\"enum\": [true, false, 0, 1, null]"); break;
    case RM_FACT_VERSION: rm_buf_text(buf, "\"const\": 1"); break;
    case RM_FACT_NUMBER:
    case RM_FACT_DEVICE_TYPE: rm_buf_text(buf, NUMBER_TYPE); break;
    case RM_FACT_CODE_SENT:
        rm_buf_text(buf, "\"type\": [\"integer\", \"string\", \"null\"], \"minimum\": 0, "
                         "\"maximum\": 4294967295");
        break;
    case RM_FACT_JOINED:
        rm_buf_text(buf, "\"type\": [\"string\", \"array\"], \"items\": {" NAME_TYPE "}");
        break;
    case RM_FACT_NAMES: rm_buf_text(buf, "\"type\": \"array\", \"items\": {" NAME_TYPE "}"); break;
    case RM_FACT_ROWS:
        rm_buf_printf(buf, "\"type\": \"array\", \"items\": {\"$ref\": \"#/$defs/%s\"}",
                      field->rows->name);
        break;
    case RM_FACT_ITEMS:
        rm_buf_printf(buf,
                      "\"type\": \"array\", \"items\": {\"anyOf\": [{" NAME_TYPE
                      "}, {\"$ref\": \"#/$defs/%s\"}]}",
                      field->rows->name);
        break;
    }
}

static void required(rm_buf *buf, const rm_fact_record *record, const char *indent) {
    bool first = true;
    for (uint32_t i = 0; i < record->count; i++) {
        if (!record->fields[i].required) {
            continue;
        }
        if (first) {
            rm_buf_printf(buf, "%s\"required\": [", indent);
        }
        rm_buf_text(buf, first ? "" : ", ");
        text(buf, record->fields[i].key);
        first = false;
    }
    rm_buf_text(buf, first ? "" : "],\n");
}

static void record_body(rm_buf *buf, const rm_fact_record *record, const char *indent) {
    rm_buf_printf(buf, "%s\"description\": ", indent);
    text(buf, record->about);
    rm_buf_printf(buf, ",\n%s\"type\": \"object\",\n%s\"additionalProperties\": false,\n", indent,
                  indent);
    required(buf, record, indent);
    rm_buf_printf(buf, "%s\"properties\": {\n", indent);
    for (uint32_t i = 0; i < record->count; i++) {
        const rm_fact_field *field = &record->fields[i];
        rm_buf_printf(buf, "%s  ", indent);
        text(buf, field->key);
        rm_buf_text(buf, ": {");
        type_of(buf, field);
        rm_buf_text(buf, ", \"description\": ");
        text(buf, field->about);
        rm_buf_text(buf, i + 1 < record->count ? "},\n" : "}\n");
    }
    rm_buf_printf(buf, "%s}", indent);
}

void rm_facts_schema(rm_buf *buf) {
    rm_buf_text(buf, "{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"
                     "  \"$id\": \"urn:ringmap:facts:1\",\n"
                     "  \"title\": \"ringmap facts\",\n");
    record_body(buf, &rm_fact_file_record, "  ");
    rm_buf_text(buf, ",\n  \"$defs\": {\n");
    for (const rm_fact_record *const *r = rm_fact_records; *r != NULL; r++) {
        rm_buf_text(buf, "    ");
        text(buf, (*r)->name);
        rm_buf_text(buf, ": {\n");
        record_body(buf, *r, "      ");
        rm_buf_text(buf, r[1] != NULL ? "\n    },\n" : "\n    }\n");
    }
    rm_buf_text(buf, "  }\n}\n");
}
