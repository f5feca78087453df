#include "explain.h"

/* Where a descriptor comes from, and what it lost against or won over. */

static const char *what_is(rm_sddl_source source) {
    switch (source) {
    case RM_SDDL_INF_DEVICE: return "set by an INF";
    case RM_SDDL_INF_CLASS: return "set for the setup class by an INF";
    case RM_SDDL_CODE: return "given by the driver's code";
    case RM_SDDL_RUNTIME: return "made by the driver at run time";
    case RM_SDDL_WDF_DEFAULT: return "the framework's default for a named device";
    case RM_SDDL_TYPE_DEFAULT: return "the default of Windows";
    case RM_SDDL_FILE:
    case RM_SDDL_FACTS: return "declared by the team";
    case RM_SDDL_UNKNOWN:
    case RM_SDDL_COUNT: break;
    }
    return "may be set by what was not read";
}

static const char *why_outranked(const rm_descriptor *lost, const rm_descriptor *won) {
    const bool code = lost->source == RM_SDDL_CODE || lost->source == RM_SDDL_RUNTIME;
    if (lost->source == won->source) {
        return "both may apply; the one that opens further is shown as the effective one";
    }
    switch (won->source) {
    case RM_SDDL_INF_DEVICE:
        return "the device's registry value replaces every other on the whole stack";
    case RM_SDDL_INF_CLASS:
        return "the setup class's registry value replaces what code and defaults give";
    case RM_SDDL_WDF_DEFAULT:
    case RM_SDDL_TYPE_DEFAULT:
        return code ? "code guards named kernel devices only; this one is opened by its PDO"
                    : "a default stands until something else is read";
    case RM_SDDL_UNKNOWN: return "a file that was not read may set one that outranks it";
    case RM_SDDL_CODE:
    case RM_SDDL_RUNTIME:
        return "what the driver gives its device stands over what is only declared or assumed";
    case RM_SDDL_FILE:
    case RM_SDDL_FACTS: return "the team's own statement stands over what is assumed";
    case RM_SDDL_COUNT: break;
    }
    return "";
}

void rm_explain_descriptor(rm_explainer *e, uint32_t index) {
    const rm_descriptors *all = &e->model->descriptors;
    const rm_descriptor *d = &all->at[index];
    rm_document_item(&e->doc, "sddl",
                     d->sddl.len > 0 || e->doc.json ? d->sddl : RM_STR("(not known)"));
    rm_document_text(&e->doc, "descriptor_id", NULL, d->id);
    if (d->subject_kind == RM_SUBJECT_INTERFACE && d->subject != RM_NONE) {
        const rm_door *door = &e->model->doors.at[d->subject];
        rm_document_text(&e->doc, "interface", "of the PDO, by",
                         door->name.len > 0 ? door->name : door->class_guid);
    }
    rm_document_word(&e->doc, "source", e->doc.json ? NULL : "from",
                     e->doc.json ? rm_sddl_source_name(d->source) : what_is(d->source));
    rm_document_word(&e->doc, "state", "state", rm_state_name(d->state));
    rm_document_flag(&e->doc, "effective", "effective", d->effective);
    if (d->outranked_by != RM_NONE) {
        const rm_descriptor *by = &all->at[d->outranked_by];
        rm_document_text(&e->doc, "outranked_by", "outranked by",
                         e->doc.json ? by->id
                                     : rm_say(e, "%s: %.*s", rm_sddl_source_name(by->source),
                                              RM_STR_ARG(by->sddl)));
        rm_document_word(&e->doc, "outranked_because", "because", why_outranked(d, by));
    } else {
        rm_document_null(&e->doc, "outranked_by");
    }
    rm_document_text(&e->doc, "condition", "only if", d->condition);
    rm_document_place(&e->doc, d->place);
    rm_document_item_end(&e->doc);
}
