#include "explain.h"

enum { MOST_PATHS = 10 }; /* in text; `paths` lists them all */

void rm_explain_check(rm_explainer *e, const rm_check *check) {
    rm_document_item(
        &e->doc, "check",
        rm_say(e, "%s %.*s", rm_check_kind_name(check->kind), RM_STR_ARG(check->argument)));
    rm_document_word(&e->doc, "well_formed", "well-formed", rm_tri_word(check->well_formed));
    rm_document_word(&e->doc, "dominates", "dominates", rm_tri_word(check->dominates));
    rm_document_word(&e->doc, "can_refuse", "can refuse", rm_tri_word(check->can_refuse));
    rm_document_text(&e->doc, "reason", "because", check->reason);
    rm_document_text(&e->doc, "text", "source", check->text);
    rm_document_place(&e->doc, check->place);
    rm_document_item_end(&e->doc);
}

static void write_path(rm_explainer *e, uint32_t index) {
    const rm_path *p = &e->model->paths.at[index];
    rm_document_item(&e->doc, "summary",
                     e->doc.json
                         ? p->summary
                         : rm_say(e, "p%u  %3u %-8s  %.*s", (unsigned)index + 1, (unsigned)p->score,
                                  rm_severity_name(p->severity), RM_STR_ARG(p->summary)));
    rm_document_text(&e->doc, "path_id", NULL, p->id);
    rm_document_number(&e->doc, "score", NULL, p->score);
    rm_document_word(&e->doc, "severity", NULL, rm_severity_name(p->severity));
    rm_document_item_end(&e->doc);
}

void rm_explain_paths(rm_explainer *e, rm_path_test test, uint32_t of) {
    const rm_paths *paths = &e->model->paths;
    uint32_t found = 0;
    rm_document_list(&e->doc, "paths", "paths, worst first");
    for (uint32_t i = 0; i < paths->count; i++) {
        if (!test(e, &paths->at[i], of)) {
            continue;
        }
        if (found++ < MOST_PATHS || e->doc.json) {
            write_path(e, i);
        }
    }
    rm_document_list_end(&e->doc, "none");
    if (found > MOST_PATHS && !e->doc.json) {
        rm_document_text(
            &e->doc, NULL, "",
            rm_say(e, "and %u more; see 'ringmap paths'", (unsigned)(found - MOST_PATHS)));
    }
}

void rm_explain_findings(rm_explainer *e, rm_str subject_id, uint32_t path) {
    const rm_findings *findings = &e->model->findings;
    rm_document_list(&e->doc, "findings", "findings");
    for (uint32_t i = 0; i < findings->count; i++) {
        const rm_finding *f = &findings->at[i];
        const bool about = subject_id.len > 0 && rm_str_eq(f->subject_id, subject_id);
        if (!about && (path == RM_NONE || f->path != path)) {
            continue;
        }
        rm_document_item(&e->doc, "message",
                         e->doc.json
                             ? f->message
                             : rm_say(e, "f%u  %.*s %s: %.*s", (unsigned)i + 1, RM_STR_ARG(f->rule),
                                      rm_severity_name(f->severity), RM_STR_ARG(f->message)));
        rm_document_text(&e->doc, "finding_id", NULL, f->id);
        rm_document_text(&e->doc, "rule", NULL, f->rule);
        rm_document_word(&e->doc, "severity", NULL, rm_severity_name(f->severity));
        rm_document_place(&e->doc, f->place);
        rm_document_item_end(&e->doc);
    }
    rm_document_list_end(&e->doc, "none");
}
