#include "explain.h"

/*
 * How a request comes to the operations: the steps of the code in their order, each with its line,
 * and each test with what it is worth.
 */

/* The same step stands once for each operation that it leads to. */
static bool is_told(const rm_flow_steps *steps, uint32_t at) {
    const rm_flow_step *x = &steps->at[at];
    for (uint32_t i = at; i > 0 && steps->at[i - 1].entry == x->entry; i--) {
        if (steps->at[i - 1].number == x->number) {
            return true;
        }
    }
    return false;
}

static rm_str headline(rm_explainer *e, const rm_flow_step *x) {
    const rm_model *m = e->model;
    if (x->kind == RM_FLOW_OPERATION && x->sink != RM_NONE) {
        const rm_sink_call *s = &m->sinks.at[x->sink];
        return rm_say(e, "%-9s  %.*s (%.*s): %s", rm_flow_kind_name(x->kind), RM_STR_ARG(x->what),
                      RM_STR_ARG(s->class_name), rm_validation_name(s->validation));
    }
    if (x->kind == RM_FLOW_GUARD) {
        const char *worth = x->counts == RM_TRI_YES  ? ": counts"
                            : x->counts == RM_TRI_NO ? ": does not count"
                                                     : "";
        return rm_say(e, "%-9s  %.*s%s", rm_flow_kind_name(x->kind), RM_STR_ARG(x->what), worth);
    }
    return rm_say(e, "%-9s  %.*s", rm_flow_kind_name(x->kind), RM_STR_ARG(x->what));
}

static const char *label_of(const rm_flow_step *x) {
    return x->kind == RM_FLOW_ENTRY                               ? "takes"
           : x->kind == RM_FLOW_INPUT || x->kind == RM_FLOW_VALUE ? "is"
                                                                  : "because";
}

static void write_leads_to(rm_explainer *e, const rm_flow_step *x) {
    const rm_sink_call *s = x->sink == RM_NONE ? NULL : &e->model->sinks.at[x->sink];
    rm_document_text(&e->doc, "sink_id", NULL, s == NULL ? RM_STR_NONE : s->id);
    if (s != NULL && x->kind == RM_FLOW_OPERATION) {
        rm_document_word(&e->doc, "validation", NULL, rm_validation_name(s->validation));
    } else {
        rm_document_null(&e->doc, "validation");
    }
}

static void write_step(rm_explainer *e, const rm_flow_step *x) {
    rm_document_item(&e->doc, "what", e->doc.json ? x->what : headline(e, x));
    rm_document_number(&e->doc, "step", NULL, x->number);
    rm_document_word(&e->doc, "kind", NULL, rm_flow_kind_name(x->kind));
    write_leads_to(e, x);
    if (x->kind == RM_FLOW_GUARD && x->counts != RM_TRI_UNKNOWN) {
        rm_document_flag(&e->doc, "counts", NULL, x->counts == RM_TRI_YES);
    } else {
        rm_document_null(&e->doc, "counts");
    }
    rm_document_place(&e->doc, x->place);
    rm_document_text(&e->doc, "text", "source", x->text);
    rm_document_text(&e->doc, "reason", label_of(x), x->reason);
    rm_document_item_end(&e->doc);
}

void rm_explain_flow(rm_explainer *e, uint32_t entry, uint32_t sink) {
    const rm_flow_steps *steps = &e->model->flow_steps;
    rm_document_list(&e->doc, "flow", "flow, in the order in which the code runs");
    for (uint32_t i = 0; i < steps->count; i++) {
        const rm_flow_step *x = &steps->at[i];
        bool wanted =
            x->entry == entry &&
            (sink == RM_NONE ? !is_told(steps, i) : x->sink == sink || x->kind == RM_FLOW_ENTRY);
        if (wanted) {
            write_step(e, x);
        }
    }
    rm_document_list_end(&e->doc, "nothing of it was followed");
}
