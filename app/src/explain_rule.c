#include "explain.h"

enum { MOST_UNDECIDED = 10 }; /* in text */

void rm_explain_rule_text(rm_explainer *e, rm_str id) {
    const rm_rule_rows *rules = &e->model->rules;
    for (uint32_t i = 0; i < rules->count; i++) {
        const rm_rule_row *rule = &rules->at[i];
        if (!rm_str_eq(rule->id, id)) {
            continue;
        }
        rm_document_text(&e->doc, "rule", "id", rule->id);
        rm_document_text(&e->doc, "title", "fires when", rule->title);
        rm_document_text(&e->doc, "statement", "should be", rule->statement);
        rm_document_text(&e->doc, "cwe", "CWE", rule->cwe);
        rm_document_text(&e->doc, "stride", "STRIDE", rule->stride);
        rm_document_text(&e->doc, "source", "source", rule->source);
    }
}

static void write_findings(rm_explainer *e, rm_str rule) {
    const rm_findings *findings = &e->model->findings;
    rm_document_list(&e->doc, "findings", "findings");
    for (uint32_t i = 0; i < findings->count; i++) {
        const rm_finding *f = &findings->at[i];
        if (!rm_str_eq(f->rule, rule)) {
            continue;
        }
        rm_document_item(&e->doc, "message",
                         e->doc.json
                             ? f->message
                             : rm_say(e, "f%u  %s: %.*s", (unsigned)i + 1,
                                      rm_severity_name(f->severity), RM_STR_ARG(f->message)));
        rm_document_text(&e->doc, "finding_id", NULL, f->id);
        rm_document_word(&e->doc, "severity", NULL, rm_severity_name(f->severity));
        rm_document_text(&e->doc, "fix", "fix", f->fix);
        rm_document_place(&e->doc, f->place);
        rm_document_item_end(&e->doc);
    }
    rm_document_list_end(&e->doc, "none");
}

static void write_undecided(rm_explainer *e, rm_str rule) {
    const rm_undecideds *all = &e->model->undecided;
    uint32_t found = 0;
    rm_document_list(&e->doc, "undecided", "could not be decided about");
    for (uint32_t i = 0; i < all->count; i++) {
        const rm_undecided *u = &all->at[i];
        if (!rm_str_eq(u->rule, rule) || (found++ >= MOST_UNDECIDED && !e->doc.json)) {
            continue;
        }
        rm_document_item(&e->doc, "subject", u->subject);
        rm_document_text(&e->doc, "reason", "because", u->reason);
        rm_document_place(&e->doc, u->place);
        rm_document_item_end(&e->doc);
    }
    rm_document_list_end(&e->doc, "nothing");
    if (found > MOST_UNDECIDED && !e->doc.json) {
        rm_document_text(
            &e->doc, NULL, "",
            rm_say(e, "and %u more; see v_undecided", (unsigned)found - MOST_UNDECIDED));
    }
}

void rm_explain_rule(rm_explainer *e, uint32_t index) {
    const rm_rule_row *rule = &e->model->rules.at[index];
    rm_document_begin(
        &e->doc, e->arena, "rule",
        rm_say(e, "rule %.*s: %s", RM_STR_ARG(rule->id), rm_severity_name(rule->severity)));
    rm_explain_rule_text(e, rule->id);
    rm_document_word(&e->doc, "severity", NULL, rm_severity_name(rule->severity));
    rm_document_word(&e->doc, "kind", "kind", rm_rule_kind_name(rule->kind));
    rm_document_text(&e->doc, "evidence", rule->kind == RM_RULE_TEAM ? "asks" : "looks at",
                     rule->evidence);
    rm_document_number(&e->doc, "subjects", "looked at", rule->subjects);
    if (rule->kind == RM_RULE_CHECKLIST) {
        rm_document_text(&e->doc, NULL, "", RM_STR("people check this; nothing here decides it"));
    }
    write_findings(e, rule->id);
    write_undecided(e, rule->id);
    rm_document_end(&e->doc);
}
