#include "explain.h"

/* What one change mends: the codes, calls or ACEs behind one cause. */
static void write_places(rm_explainer *e, const rm_finding *f) {
    rm_document_list(&e->doc, "places", "where");
    for (uint32_t i = 0; i < f->places.count; i++) {
        rm_document_item(&e->doc, "text", f->places.at[i].text);
        rm_document_place(&e->doc, f->places.at[i].place);
        rm_document_item_end(&e->doc);
    }
    rm_document_list_end(&e->doc, "no place is known");
}

/* The findings that the same change mends. */
static void write_parts(rm_explainer *e, const rm_finding *f) {
    const rm_findings *all = &e->model->findings;
    rm_document_list(&e->doc, "parts", "with it goes");
    for (uint32_t i = 0; i < all->count; i++) {
        const rm_finding *part = &all->at[i];
        if (!rm_str_eq(part->part_of, f->id)) {
            continue;
        }
        rm_document_item(&e->doc, "finding",
                         rm_say(e, "f%u %.*s, %s: %.*s", (unsigned)i + 1, RM_STR_ARG(part->rule),
                                rm_severity_name(part->severity), RM_STR_ARG(part->message)));
        rm_document_item_end(&e->doc);
    }
    rm_document_list_end(&e->doc, "nothing else");
}

static bool is_path(const rm_explainer *e, const rm_path *p, uint32_t index) {
    return p == &e->model->paths.at[index];
}

void rm_explain_finding(rm_explainer *e, uint32_t index) {
    const rm_finding *f = &e->model->findings.at[index];
    rm_document_begin(&e->doc, e->arena, "finding",
                      rm_say(e, "finding f%u: %.*s, %s", (unsigned)index + 1, RM_STR_ARG(f->rule),
                             rm_severity_name(f->severity)));
    rm_document_text(&e->doc, "message", "", f->message);
    rm_document_text(&e->doc, "finding_id", "id", f->id);
    rm_document_text(&e->doc, "rule", NULL, f->rule);
    rm_document_word(&e->doc, "severity", "severity", rm_severity_name(f->severity));
    rm_document_text(&e->doc, "subject", "about", f->subject);
    rm_document_text(&e->doc, "subject_id", NULL, f->subject_id);
    rm_document_word(&e->doc, "confidence", "confidence", rm_confidence_name(f->confidence));
    rm_document_flag(&e->doc, "waived", "waived", f->waived);
    rm_document_text(&e->doc, "fix", "fix", f->fix);
    rm_document_place(&e->doc, f->place);
    rm_document_text(&e->doc, "part_of", "part of", f->part_of);
    write_places(e, f);
    write_parts(e, f);
    rm_document_section(&e->doc, "rule_text", "rule");
    rm_explain_rule_text(e, f->rule);
    rm_document_section_end(&e->doc);
    if (f->path != RM_NONE) {
        rm_explain_paths(e, is_path, f->path);
    }
    rm_document_end(&e->doc);
}
