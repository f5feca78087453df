#include "sarif.h"

/* What GitHub sorts by (docs: "SARIF support for code scanning"): over 9 critical, 7 high, 4
 * medium. */
static const char *const security_severity[RM_SEVERITY_COUNT] = {
    [RM_SEVERITY_INFO] = "0.0", [RM_SEVERITY_LOW] = "2.5",      [RM_SEVERITY_MEDIUM] = "5.5",
    [RM_SEVERITY_HIGH] = "8.0", [RM_SEVERITY_CRITICAL] = "9.5",
};

const char *rm_sarif_level(rm_severity severity) {
    return severity >= RM_SEVERITY_HIGH     ? "error"
           : severity == RM_SEVERITY_MEDIUM ? "warning"
                                            : "note";
}

static void message(rm_json_writer *o, const char *key, rm_str text) {
    rm_write_open(o, key, '{');
    rm_write_text(o, "text", text);
    rm_write_close(o, '}');
}

/* "CWE-276" as the tag that code hosts know: external/cwe/cwe-276. */
static void cwe_tag(rm_sarif *s, rm_str cwe) {
    rm_buf tag = {.arena = s->arena};
    rm_buf_text(&tag, "external/cwe/");
    for (size_t i = 0; i < cwe.len; i++) {
        const char c = cwe.ptr[i];
        rm_buf_char(&tag, c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c);
    }
    if (cwe.len > 0 && tag.status == RM_OK) {
        rm_write_text(&s->out, NULL, rm_buf_view(&tag));
    }
}

static void stride_tags(rm_sarif *s, rm_str letters) {
    static const struct {
        char letter;
        const char *tag;
    } tags[] = {{'S', "stride/spoofing"},          {'T', "stride/tampering"},
                {'R', "stride/repudiation"},       {'I', "stride/information-disclosure"},
                {'D', "stride/denial-of-service"}, {'E', "stride/elevation-of-privilege"}};
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
        size_t at = 0;
        if (rm_str_find_char(letters, tags[i].letter, &at)) {
            rm_write_word(&s->out, NULL, tags[i].tag);
        }
    }
}

static rm_status write_rule(rm_sarif *s, const rm_rule_row *rule) {
    rm_json_writer *o = &s->out;
    uint32_t *index = NULL;
    const uint32_t next = s->rules.count;
    rm_status st = rm_map_at(&s->rules, rule->id, &index, NULL);
    if (st != RM_OK) {
        return st;
    }
    *index = next;
    rm_write_line(o);
    rm_write_open(o, NULL, '{');
    rm_write_text(o, "id", rule->id);
    message(o, "shortDescription", rule->title);
    message(o, "fullDescription", rule->statement.len > 0 ? rule->statement : rule->title);
    rm_write_open(o, "defaultConfiguration", '{');
    rm_write_word(o, "level", rm_sarif_level(rule->severity));
    rm_write_close(o, '}');
    rm_write_open(o, "properties", '{');
    rm_write_word(o, RM_STR("security-severity").ptr, security_severity[rule->severity]);
    rm_write_open(o, "tags", '[');
    rm_write_word(o, NULL, "security");
    cwe_tag(s, rule->cwe);
    stride_tags(s, rule->stride);
    rm_write_close(o, ']');
    rm_write_text_if(o, "source", rule->source);
    rm_write_close(o, '}');
    rm_write_close(o, '}');
    return RM_OK;
}

/* What every path is a result of. */
static rm_status write_path_rule(rm_sarif *s) {
    const rm_rule_row rule = {
        .id = RM_STR(RM_SARIF_PATH_RULE),
        .title = RM_STR("less trusted code reaches a privileged operation"),
        .statement = RM_STR("Each way from a principal or an app through a door and its drivers to "
                            "a privileged operation, with its score"),
        .severity = RM_SEVERITY_HIGH,
        .cwe = RM_STR("CWE-782"),
        .stride = RM_STR("E"),
    };
    return write_rule(s, &rule);
}

rm_status rm_sarif_rules(rm_sarif *s) {
    const rm_rule_rows *rules = &s->model->rules;
    rm_status st = RM_OK;
    rm_write_open(&s->out, "rules", '[');
    if (s->options->paths) {
        st = write_path_rule(s);
    }
    for (uint32_t i = 0; st == RM_OK && !s->options->paths && i < rules->count; i++) {
        st = rules->at[i].enabled ? write_rule(s, &rules->at[i]) : RM_OK;
    }
    rm_write_close(&s->out, ']');
    return st;
}
