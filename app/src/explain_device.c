#include "explain.h"
#include "model/ioctl.h"
#include "model/stacks.h"

static bool through_device(const rm_explainer *e, const rm_path *p, uint32_t device) {
    if (p->device == device) {
        return true;
    }
    for (uint32_t i = 0; i < p->steps.count; i++) {
        if (rm_str_eq(p->steps.at[i].node, e->model->devices.at[device].id)) {
            return true;
        }
    }
    return false;
}

/* ---- doors, descriptors, entries, stacks ---- */

static void write_doors(rm_explainer *e, uint32_t device) {
    const rm_doors *doors = &e->model->doors;
    rm_document_list(&e->doc, "doors", "doors");
    for (uint32_t i = 0; i < doors->count; i++) {
        const rm_door *d = &doors->at[i];
        if (d->device != device) {
            continue;
        }
        rm_document_item(&e->doc, "name", d->name.len > 0 ? d->name : d->class_guid);
        rm_document_text(&e->doc, "door_id", NULL, d->id);
        rm_document_word(&e->doc, "kind", "kind", rm_door_kind_name(d->kind));
        rm_document_text(&e->doc, "capabilities", "capabilities", d->capabilities);
        rm_document_place(&e->doc, d->place);
        rm_document_item_end(&e->doc);
    }
    rm_document_list_end(&e->doc, "none was read");
}

static void write_descriptors(rm_explainer *e, uint32_t device) {
    const rm_descriptors *all = &e->model->descriptors;
    rm_document_list(&e->doc, "descriptors", "security descriptors");
    for (uint32_t i = 0; i < all->count; i++) {
        const rm_descriptor *d = &all->at[i];
        const bool of_device =
            d->subject_kind == RM_SUBJECT_DEVICE || d->subject_kind == RM_SUBJECT_PORT;
        const bool of_door = d->subject_kind == RM_SUBJECT_INTERFACE && d->subject != RM_NONE &&
                             e->model->doors.at[d->subject].device == device;
        if ((of_device && d->subject == device) || of_door ||
            i == e->model->devices.at[device].descriptor) {
            rm_explain_descriptor(e, i);
        }
    }
    rm_document_list_end(&e->doc, "none is known from what was read");
}

static void write_entries(rm_explainer *e, uint32_t device) {
    const rm_entries *entries = &e->model->entries;
    rm_document_list(&e->doc, "entries", "entries");
    for (uint32_t i = 0; i < entries->count; i++) {
        const rm_entry *x = &entries->at[i];
        if (x->device != device) {
            continue;
        }
        rm_document_item(&e->doc, "entry", rm_entry_called(e, i));
        rm_document_text(&e->doc, "entry_id", NULL, x->id);
        rm_document_text(&e->doc, "handler", "handler", x->handler);
        rm_document_place(&e->doc, x->place);
        rm_document_item_end(&e->doc);
    }
    rm_document_list_end(&e->doc, "none is known to belong to it");
}

static void write_stacks(rm_explainer *e, uint32_t device) {
    const rm_stack_positions *stacks = &e->model->stacks;
    rm_document_list(&e->doc, "stacks", "stacks (1 = top)");
    for (uint32_t i = 0; i < stacks->count; i++) {
        const rm_stack_position *k = &stacks->at[i];
        if (!rm_stack_holds(e->model, k, device)) {
            continue;
        }
        rm_document_item(&e->doc, "hwid", k->hwid);
        rm_document_number(&e->doc, "position", "position", k->position);
        rm_document_word(&e->doc, "how", "as", rm_stack_how_name(k->how));
        rm_document_word(&e->doc, "order_state", "order", rm_state_name(k->order_state));
        rm_document_place(&e->doc, k->place);
        rm_document_item_end(&e->doc);
    }
    rm_document_list_end(&e->doc, "none was read");
}

/* ---- the whole ---- */

static const char *secure_open_words(rm_tri secure_open) {
    switch (secure_open) {
    case RM_TRI_YES: return "yes: names below it are judged by its descriptor";
    case RM_TRI_NO: return "no: names below it are opened without a look at its descriptor";
    case RM_TRI_UNKNOWN: break;
    }
    return "not known: names below it may be opened without a look at its descriptor";
}

static rm_str device_type(rm_explainer *e, uint32_t type) {
    const char *name = rm_device_type_name(type);
    return type == 0      ? RM_STR_NONE
           : name == NULL ? rm_say(e, "0x%x", (unsigned)type)
                          : rm_say(e, "0x%x %s", (unsigned)type, name);
}

static void write_facts(rm_explainer *e, const rm_device *d) {
    rm_document_text(&e->doc, "device_id", "id", d->id);
    rm_document_text(&e->doc, "driver", "driver", rm_driver_called(e->model, d->driver));
    rm_document_text(&e->doc, "nt_name", "NT name",
                     e->doc.json || d->nt_name.len > 0 ? d->nt_name
                     : d->name_unknown                 ? RM_STR("made at run time")
                                                       : RM_STR("none was read"));
    rm_document_word(&e->doc, "created_by", "made by", rm_created_name(d->created_by));
    rm_document_text(&e->doc, "device_type", "type", device_type(e, d->device_type));
    if (d->characteristics_known) {
        rm_document_hex(&e->doc, "characteristics", "flags", d->characteristics);
    } else {
        rm_document_null(&e->doc, "characteristics");
    }
    rm_document_word(&e->doc, "secure_open", "secure open", secure_open_words(d->secure_open));
    rm_document_word(&e->doc, "exclusive", "exclusive", rm_tri_word(d->exclusive));
    rm_document_word(&e->doc, "state", "state", rm_state_name(d->state));
    rm_document_place(&e->doc, d->place);
}

void rm_explain_device(rm_explainer *e, uint32_t index) {
    const rm_device *d = &e->model->devices.at[index];
    rm_document_begin(&e->doc, e->arena, "device",
                      rm_say(e, "device %.*s", RM_STR_ARG(rm_device_called(e->model, index))));
    write_facts(e, d);
    write_doors(e, index);
    write_descriptors(e, index);
    rm_explain_doorkeeper(e, index);
    write_stacks(e, index);
    write_entries(e, index);
    rm_explain_paths(e, through_device, index);
    rm_explain_findings(e, d->id, RM_NONE);
    rm_document_end(&e->doc);
}
