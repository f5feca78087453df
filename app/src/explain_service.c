#include "explain.h"

/* Who may control a service, and who may write the key that tells what it runs. */

typedef struct right {
    uint32_t bit;
    const char *word;
} right;

/* Source: Windows, "Service security and access rights"; "Registry key security". */
static const right service_rights[] = {
    {0x2, "reconfigure"},
    {0x10, "start"},
    {0x20, "stop"},
    {0x40, "pause"},
    {0x100, "send codes"},
    {0x10000, "delete"},
    {0x40000, "change the descriptor"},
    {0x80000, "take ownership"},
    {0, NULL},
};
static const right key_rights[] = {
    {0x2, "set values"},
    {0x4, "make keys"},
    {0x10000, "delete"},
    {0x20, "make links"},
    {0x40000, "change the descriptor"},
    {0x80000, "take ownership"},
    {0, NULL},
};

static rm_str rights_of(rm_explainer *e, const right *rights, uint32_t mask) {
    rm_buf text = {.arena = e->arena};
    for (; rights->word != NULL; rights++) {
        if ((mask & rights->bit) != 0) {
            rm_buf_text(&text, text.len > 0 ? ", " : "");
            rm_buf_text(&text, rights->word);
        }
    }
    if (text.len == 0) {
        rm_buf_text(&text, mask == 0 ? "nothing" : "look only");
    }
    return rm_buf_view(&text);
}

static void write_access(rm_explainer *e, rm_subject kind, uint32_t subject, const right *rights) {
    for (uint32_t i = 0; i < e->model->accesses.count; i++) {
        const rm_access *row = &e->model->accesses.at[i];
        if (row->subject_kind != kind || row->subject != subject) {
            continue;
        }
        const rm_str words = rights_of(e, rights, row->mask);
        rm_document_item(&e->doc, "principal",
                         e->doc.json ? row->principal
                                     : rm_say(e, "%-24.*s 0x%06x  %.*s", RM_STR_ARG(row->principal),
                                              (unsigned)row->mask, RM_STR_ARG(words)));
        rm_document_hex(&e->doc, "mask", NULL, row->mask);
        rm_document_text(&e->doc, "rights", NULL, words);
        rm_document_word(&e->doc, "state", NULL, rm_state_name(row->state));
        rm_document_item_end(&e->doc);
    }
}

static bool is_key_of(const rm_descriptor *row, rm_str service) {
    const rm_str above = RM_STR("HKLM\\SYSTEM\\CurrentControlSet\\Services\\");
    return row->subject_kind == RM_SUBJECT_KEY && rm_str_istarts(row->subject_name, above) &&
           rm_str_ieq(rm_str_slice(row->subject_name, above.len, row->subject_name.len), service);
}

void rm_explain_service_control(rm_explainer *e, uint32_t service) {
    const rm_model *m = e->model;
    const rm_str name = m->services.at[service].name;
    rm_document_list(&e->doc, "descriptors", "security descriptors");
    for (uint32_t i = 0; i < m->descriptors.count; i++) {
        const rm_descriptor *row = &m->descriptors.at[i];
        if (row->subject_kind == RM_SUBJECT_SERVICE && row->subject == service) {
            rm_explain_descriptor(e, i);
        }
    }
    rm_document_list_end(&e->doc, "none is known from what was read");
    rm_document_list(&e->doc, "control", "who may control it");
    write_access(e, RM_SUBJECT_SERVICE, service, service_rights);
    rm_document_list_end(&e->doc, "nobody was asked for");
    rm_document_list(&e->doc, "key", "its key's descriptor");
    for (uint32_t i = 0; i < m->descriptors.count; i++) {
        if (is_key_of(&m->descriptors.at[i], name)) {
            rm_explain_descriptor(e, i);
        }
    }
    rm_document_list_end(&e->doc, "not known");
    rm_document_list(&e->doc, "key_access", "who may write its key");
    for (uint32_t i = 0; i < m->descriptors.count; i++) {
        if (is_key_of(&m->descriptors.at[i], name)) {
            write_access(e, RM_SUBJECT_KEY, i, key_rights);
        }
    }
    rm_document_list_end(&e->doc, "not known: it inherits from a key that was not read");
}
