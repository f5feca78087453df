#include "explain.h"

static bool through_driver(const rm_explainer *e, const rm_path *p, uint32_t driver) {
    const rm_str name = e->model->drivers.at[driver].name;
    const rm_str between = RM_STR(" > ");
    rm_str rest = p->drivers;
    size_t at = 0;
    while (rm_str_find(rest, between, &at)) {
        if (rm_str_eq(rm_str_slice(rest, 0, at), name)) {
            return true;
        }
        rest = rm_str_slice(rest, at + between.len, rest.len);
    }
    return rm_str_eq(rest, name);
}

static void write_devices(rm_explainer *e, uint32_t driver) {
    const rm_devices *devices = &e->model->devices;
    rm_document_list(&e->doc, "devices", "devices");
    for (uint32_t i = 0; i < devices->count; i++) {
        const rm_device *d = &devices->at[i];
        if (d->driver != driver) {
            continue;
        }
        rm_document_item(&e->doc, "device", rm_device_called(e->model, i));
        rm_document_text(&e->doc, "device_id", "id", d->id);
        rm_document_word(&e->doc, "created_by", "made by", rm_created_name(d->created_by));
        rm_document_text(&e->doc, "sddl", "descriptor",
                         d->descriptor == RM_NONE ? RM_STR_NONE
                                                  : e->model->descriptors.at[d->descriptor].sddl);
        rm_document_place(&e->doc, d->place);
        rm_document_item_end(&e->doc);
    }
    rm_document_list_end(&e->doc, "none was read");
}

static void write_entries(rm_explainer *e, uint32_t driver) {
    const rm_entries *entries = &e->model->entries;
    rm_document_list(&e->doc, "entries", "entries");
    for (uint32_t i = 0; i < entries->count; i++) {
        const rm_entry *x = &entries->at[i];
        if (x->driver != driver) {
            continue;
        }
        rm_document_item(&e->doc, "entry", rm_entry_called(e, i));
        rm_document_text(&e->doc, "entry_id", "id", x->id);
        rm_document_text(&e->doc, "handler", "handler", x->handler);
        rm_document_place(&e->doc, x->place);
        rm_document_item_end(&e->doc);
    }
    rm_document_list_end(&e->doc, "none was read");
}

static void write_forwards(rm_explainer *e, uint32_t driver, bool out) {
    const rm_forwards *forwards = &e->model->forwards;
    rm_document_list(&e->doc, out ? "sends_to" : "receives_from",
                     out ? "sends on to" : "gets from");
    for (uint32_t i = 0; i < forwards->count; i++) {
        const rm_forward *f = &forwards->at[i];
        if ((out ? f->from_driver : f->to_driver) != driver) {
            continue;
        }
        const rm_str to = rm_driver_called(e->model, f->to_driver);
        const rm_str from =
            f->from_service != RM_NONE
                ? rm_say(e, "service %.*s", RM_STR_ARG(e->model->services.at[f->from_service].name))
                : rm_driver_called(e->model, f->from_driver);
        rm_document_item(&e->doc, "driver", out ? (to.len > 0 ? to : f->target) : from);
        rm_document_text(&e->doc, "forward_id", NULL, f->id);
        rm_document_text(&e->doc, "via_api", "by", f->via_api);
        rm_document_word(&e->doc, "validation", "input", rm_validation_name(f->validation));
        rm_document_place(&e->doc, f->place);
        rm_document_item_end(&e->doc);
    }
    rm_document_list_end(&e->doc, "nobody");
}

static void write_installs(rm_explainer *e, uint32_t driver) {
    const rm_installs *installs = &e->model->installs;
    rm_document_list(&e->doc, "installs", "installed for");
    for (uint32_t i = 0; i < installs->count; i++) {
        const rm_install *x = &installs->at[i];
        if (x->driver != driver) {
            continue;
        }
        rm_document_item(&e->doc, "hwid", x->hwid.len > 0 || e->doc.json ? x->hwid : x->section);
        rm_document_text(&e->doc, "model", "model", x->model);
        rm_document_text(&e->doc, "arch", "for", x->arch);
        rm_document_place(&e->doc, x->place);
        rm_document_item_end(&e->doc);
    }
    rm_document_list_end(&e->doc, "nothing was read");
}

void rm_explain_driver(rm_explainer *e, uint32_t index) {
    const rm_driver *d = &e->model->drivers.at[index];
    rm_document_begin(&e->doc, e->arena, "driver", rm_say(e, "driver %.*s", RM_STR_ARG(d->name)));
    rm_document_text(&e->doc, "driver_id", "id", d->id);
    rm_document_text(&e->doc, "name", NULL, d->name);
    rm_document_word(&e->doc, "framework", "framework", rm_framework_name(d->framework));
    rm_document_word(&e->doc, "mode", "mode", rm_driver_mode_name(d->mode));
    rm_document_word(&e->doc, "role", "role", rm_role_name(d->role));
    rm_document_text(&e->doc, "service", "service", d->service);
    rm_document_text(&e->doc, "start_type", "starts", d->start_type);
    rm_document_text(&e->doc, "inf", "INF", d->inf);
    rm_document_text(&e->doc, "unit", "read from", d->unit);
    rm_document_word(&e->doc, "state", "state", rm_state_name(d->state));
    rm_document_place(&e->doc, d->place);
    write_devices(e, index);
    write_entries(e, index);
    write_forwards(e, index, true);
    write_forwards(e, index, false);
    write_installs(e, index);
    rm_explain_paths(e, through_driver, index);
    rm_explain_findings(e, d->id, RM_NONE);
    rm_document_end(&e->doc);
}
