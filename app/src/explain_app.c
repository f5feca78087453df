#include "explain.h"

static bool of_app(const rm_explainer *e, const rm_path *p, uint32_t app) {
    (void)e;
    return p->app == app;
}

static bool through_service(const rm_explainer *e, const rm_path *p, uint32_t service) {
    for (uint32_t i = 0; i < p->steps.count; i++) {
        if (p->steps.at[i].kind == RM_STEP_SERVICE &&
            rm_str_eq(p->steps.at[i].node, e->model->services.at[service].id)) {
            return true;
        }
    }
    return false;
}

static void write_capabilities(rm_explainer *e, uint32_t app) {
    const rm_capabilities *capabilities = &e->model->capabilities;
    rm_document_list(&e->doc, "capabilities", "capabilities");
    for (uint32_t i = 0; i < capabilities->count; i++) {
        const rm_capability *c = &capabilities->at[i];
        if (c->app != app) {
            continue;
        }
        rm_document_item(&e->doc, "name", c->name);
        rm_document_word(&e->doc, "capability_kind", "kind", rm_capability_kind_name(c->kind));
        rm_document_text(&e->doc, "sid", "SID", c->sid);
        rm_document_place(&e->doc, c->place);
        rm_document_item_end(&e->doc);
    }
    rm_document_list_end(&e->doc, "none");
}

static void write_opens(rm_explainer *e, uint32_t app, uint32_t service) {
    const rm_opens *opens = &e->model->opens;
    rm_document_list(&e->doc, "opens", "opens");
    for (uint32_t i = 0; i < opens->count; i++) {
        const rm_open *o = &opens->at[i];
        if ((app == RM_NONE || o->app != app) && (service == RM_NONE || o->service != service)) {
            continue;
        }
        rm_document_item(&e->doc, "target", o->target);
        rm_document_text(&e->doc, "device", "device", rm_device_called(e->model, o->device));
        if (o->to_service != RM_NONE) {
            rm_document_text(&e->doc, "to_service", "service",
                             e->model->services.at[o->to_service].name);
        }
        if (service != RM_NONE) {
            rm_document_flag(&e->doc, "as_caller", "as its caller", o->as_caller);
        }
        rm_document_word(&e->doc, "state", "state", rm_state_name(o->state));
        rm_document_place(&e->doc, o->place);
        rm_document_item_end(&e->doc);
    }
    rm_document_list_end(&e->doc, "nothing was read");
}

/* How data of others reaches an app. */
static void write_entries(rm_explainer *e, uint32_t app) {
    const rm_app_entries *entries = &e->model->app_entries;
    rm_document_list(&e->doc, "entries", "data of others comes in by");
    for (uint32_t i = 0; i < entries->count; i++) {
        const rm_app_entry *entry = &entries->at[i];
        if (entry->app != app) {
            continue;
        }
        rm_document_item(&e->doc, "name", entry->name);
        rm_document_text(&e->doc, "entry_kind", "kind", entry->kind);
        rm_document_text(&e->doc, "program", "program", entry->program);
        rm_document_place(&e->doc, entry->place);
        rm_document_item_end(&e->doc);
    }
    rm_document_list_end(&e->doc, "nothing that was read");
}

/* And a service: its pipes, RPC endpoints and COM classes. */
static void write_doors(rm_explainer *e, uint32_t service) {
    const rm_doors *doors = &e->model->doors;
    rm_document_list(&e->doc, "doors", "doors");
    for (uint32_t i = 0; i < doors->count; i++) {
        const rm_door *door = &doors->at[i];
        if (door->device != RM_NONE || door->service != service) {
            continue;
        }
        rm_document_item(&e->doc, "name", door->name);
        rm_document_word(&e->doc, "door_kind", "kind", rm_door_kind_name(door->kind));
        rm_document_word(&e->doc, "state", "state", rm_state_name(door->state));
        rm_document_place(&e->doc, door->place);
        rm_document_item_end(&e->doc);
    }
    rm_document_list_end(&e->doc, "none that was read");
}

void rm_explain_app(rm_explainer *e, uint32_t index) {
    const rm_app *a = &e->model->apps.at[index];
    const rm_str name = rm_app_called(e, index);
    rm_document_begin(&e->doc, e->arena, "app", rm_say(e, "app %.*s", RM_STR_ARG(name)));
    rm_document_text(&e->doc, "app_id", "id", a->id);
    rm_document_text(&e->doc, "app", NULL, name);
    rm_document_text(&e->doc, "principal", "runs as", a->principal);
    rm_document_text(&e->doc, "trust_level", "trust level", a->trust_level);
    rm_document_text(&e->doc, "execution_level", "execution", a->execution_level);
    rm_document_text(&e->doc, "family_name", "family name", a->family_name);
    rm_document_text(&e->doc, "package_sid", "package SID", a->package_sid);
    rm_document_word(&e->doc, "state", "state", rm_state_name(a->state));
    rm_document_place(&e->doc, a->place);
    write_capabilities(e, index);
    write_entries(e, index);
    write_opens(e, index, RM_NONE);
    rm_explain_paths(e, of_app, index);
    rm_explain_findings(e, a->id, RM_NONE);
    rm_document_end(&e->doc);
}

void rm_explain_service(rm_explainer *e, uint32_t index) {
    const rm_service *s = &e->model->services.at[index];
    rm_document_begin(&e->doc, e->arena, "service", rm_say(e, "service %.*s", RM_STR_ARG(s->name)));
    rm_document_text(&e->doc, "service_id", "id", s->id);
    rm_document_text(&e->doc, "name", NULL, s->name);
    rm_document_text(&e->doc, "service_kind", "kind", s->kind);
    rm_document_text(&e->doc, "start_type", "starts", s->start_type);
    rm_document_text(&e->doc, "account", "account", s->account);
    rm_document_text(&e->doc, "sid", "service SID", s->sid);
    rm_document_text(&e->doc, "sid_type", "service SID type", s->sid_type);
    rm_document_text(&e->doc, "sddl", "descriptor", s->sddl);
    rm_document_flag(&e->doc, "impersonates", "impersonates", s->impersonates);
    rm_document_text(&e->doc, "driver", "driver", rm_driver_called(e->model, s->driver));
    rm_document_text(&e->doc, "inf", "INF", s->inf);
    rm_document_word(&e->doc, "state", "state", rm_state_name(s->state));
    rm_document_place(&e->doc, s->place);
    rm_explain_service_control(e, index);
    write_doors(e, index);
    write_opens(e, RM_NONE, index);
    rm_explain_paths(e, through_service, index);
    rm_explain_findings(e, s->id, RM_NONE);
    rm_document_end(&e->doc);
}
