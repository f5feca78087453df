#include "explain.h"
#include "model/origin.h"

enum { SYSTEM_SECURITY = 0x01000000 }; /* ACCESS_SYSTEM_SECURITY opens nothing */

/* ---- masks in words ---- */

static rm_str rights_of(rm_explainer *e, uint32_t mask) {
    static const struct {
        uint32_t bit;
        const char *word;
    } rights[] = {
        {0x1, "read"},
        {0x2, "write"},
        {0x4, "append"},
        {0x20, "traverse"},
        {0x10000, "delete"},
        {0x40000, "change the descriptor"},
        {0x80000, "take ownership"},
    };
    rm_buf text = {.arena = e->arena};
    for (size_t i = 0; i < sizeof rights / sizeof rights[0]; i++) {
        if ((mask & rights[i].bit) != 0) {
            rm_buf_text(&text, text.len > 0 ? ", " : "");
            rm_buf_text(&text, rights[i].word);
        }
    }
    if (text.len == 0) {
        rm_buf_text(&text, (mask & ~(uint32_t)SYSTEM_SECURITY) == 0 ? "nothing" : "look only");
    }
    return rm_buf_view(&text);
}

/* ---- the check again ---- */

typedef struct request {
    const rm_security *security;
    rm_token token;
} request;

/* False where the descriptor or the principal is not known: then nothing can be traced. */
static bool prepare(rm_explainer *e, uint32_t device, rm_str origin, uint32_t app, request *out) {
    const rm_model *m = e->model;
    const uint32_t row = device == RM_NONE ? RM_NONE : m->devices.at[device].descriptor;
    const uint32_t who = rm_principal_find(&e->principals, origin);
    if (row == RM_NONE || who == RM_NONE) {
        return false;
    }
    const rm_principal *principal = &e->principals.at[who];
    out->token = principal->token;
    if (app != RM_NONE && rm_app_token(e->arena, m, app, principal, &out->token) != RM_OK) {
        return false;
    }
    const rm_sddl_options options = {.domain = m->domain};
    return rm_sddl_parse(e->arena, NULL, (rm_loc){0}, m->descriptors.at[row].sddl, &options,
                         &out->security) == RM_OK;
}

static bool trace(rm_explainer *e, const request *r, uint32_t desired, bool *granted,
                  rm_access_trace *steps) {
    const rm_status st = rm_access_check(e->arena, r->security, &r->token, desired,
                                         RM_OBJECT_DEVICE, granted, steps);
    if (st != RM_OK) {
        e->doc.out.status = st == RM_NOMEM ? RM_NOMEM : e->doc.out.status;
        return false;
    }
    return true;
}

static void write_trace(rm_explainer *e, const rm_access_trace *steps) {
    rm_document_list(&e->doc, "trace", "the check, step by step:");
    for (uint32_t i = 0; i < steps->count; i++) {
        const rm_access_step *s = &steps->at[i];
        rm_document_item(&e->doc, "text", s->text);
        rm_document_word(&e->doc, "rule", NULL, s->rule);
        rm_document_hex(&e->doc, "bits", NULL, s->bits);
        rm_document_flag(&e->doc, "granted", NULL, s->granted);
        rm_document_item_end(&e->doc);
    }
    rm_document_list_end(&e->doc, "no step was needed");
}

void rm_explain_access(rm_explainer *e, uint32_t device, rm_str origin, uint32_t app,
                       uint32_t desired) {
    request r = {0};
    bool granted = false;
    rm_access_trace steps = {0};
    rm_document_section(&e->doc, "access", "access check");
    rm_document_text(&e->doc, "principal", "who", origin);
    if (!prepare(e, device, origin, app, &r) || !trace(e, &r, desired, &granted, &steps)) {
        rm_document_word(&e->doc, "unknown", "",
                         "cannot be traced: the descriptor or the principal's token is not in the "
                         "model");
        rm_document_section_end(&e->doc);
        return;
    }
    const rm_descriptor *d = &e->model->descriptors.at[e->model->devices.at[device].descriptor];
    rm_document_text(&e->doc, "sddl", "descriptor", d->sddl);
    rm_document_word(&e->doc, "source", "from", rm_sddl_source_name(d->source));
    rm_document_place(&e->doc, d->place);
    rm_document_hex(&e->doc, "desired", "asks for", desired);
    rm_document_flag(&e->doc, "granted", "granted", granted);
    write_trace(e, &steps);
    rm_document_section_end(&e->doc);
}

/* ---- everyone at one door ---- */

/* The last step that decided something, in words. */
static rm_str reason_of(rm_explainer *e, const rm_access *row, uint32_t device,
                        rm_access_trace *steps) {
    request r = {0};
    bool granted = false;
    if (row->via == RM_VIA_NAMESPACE) {
        return RM_STR("namespace: without secure open, names below the device are not checked");
    }
    if (row->via == RM_VIA_CAPABILITY) {
        return RM_STR("the interface's capability list admits it");
    }
    if (!prepare(e, device, row->principal, RM_NONE, &r)) {
        return RM_STR("the descriptor is not known from what was read");
    }
    const uint32_t desired = row->mask & ~(uint32_t)SYSTEM_SECURITY;
    if (!trace(e, &r, desired != 0 ? desired : 0x1, &granted, steps) || steps->count == 0) {
        return RM_STR_NONE;
    }
    return steps->at[steps->count - 1].text;
}

static void write_row(rm_explainer *e, const rm_access *row, uint32_t device) {
    rm_access_trace steps = {0};
    const rm_str reason = reason_of(e, row, device, &steps);
    const rm_str rights = rights_of(e, row->mask);
    rm_str headline = row->principal;
    if (!e->doc.json) {
        headline =
            rm_say(e, "%-24.*s 0x%06x  %.*s%s", RM_STR_ARG(row->principal), (unsigned)row->mask,
                   RM_STR_ARG(rights),
                   row->mask != 0 && !row->dacl_grants ? " (by ownership or privilege only)" : "");
    }
    rm_document_item(&e->doc, "principal", headline);
    rm_document_hex(&e->doc, "mask", NULL, row->mask);
    rm_document_hex(&e->doc, "win32_mask", NULL, row->win32_mask);
    rm_document_text(&e->doc, "rights", NULL, rights);
    rm_document_word(&e->doc, "via", NULL, rm_via_name(row->via));
    rm_document_word(&e->doc, "state", NULL, rm_state_name(row->state));
    rm_document_text(&e->doc, "reason", "because", reason);
    if (e->doc.json) {
        write_trace(e, &steps);
    }
    rm_document_item_end(&e->doc);
}

void rm_explain_doorkeeper(rm_explainer *e, uint32_t device) {
    const rm_model *m = e->model;
    rm_document_list(&e->doc, "access", "who gets in (mask by NtOpenFile)");
    for (uint32_t i = 0; i < m->accesses.count; i++) {
        const rm_access *row = &m->accesses.at[i];
        const bool of_device =
            (row->subject_kind == RM_SUBJECT_DEVICE || row->subject_kind == RM_SUBJECT_PORT) &&
            row->subject == device;
        const bool of_interface = row->subject_kind == RM_SUBJECT_INTERFACE &&
                                  row->via == RM_VIA_CAPABILITY &&
                                  m->doors.at[row->subject].device == device;
        if (of_device || of_interface) {
            write_row(e, row, device);
        }
    }
    rm_document_list_end(&e->doc, "nobody was asked for");
}
