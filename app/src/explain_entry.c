#include "explain.h"
#include "model/ioctl.h"

static bool through_entry(const rm_explainer *e, const rm_path *p, uint32_t entry) {
    if (p->entry == entry) {
        return true;
    }
    for (uint32_t i = 0; i < p->steps.count; i++) {
        if (rm_str_eq(p->steps.at[i].node, e->model->entries.at[entry].id)) {
            return true;
        }
    }
    return false;
}

/* ---- a control code, by the number ---- */

static void write_code(rm_explainer *e, bool has_code, uint32_t code) {
    if (!has_code) {
        rm_document_null(&e->doc, "code");
        return;
    }
    const rm_ioctl_fields fields = rm_ioctl_decode(code);
    const char *type = rm_device_type_name(fields.device_type);
    rm_document_section(&e->doc, "control_code", "control code");
    rm_document_number(&e->doc, "code", NULL, code);
    rm_document_text(&e->doc, "hex", "code", rm_say(e, "0x%08X", (unsigned)code));
    rm_document_text(&e->doc, "device_type", "device type",
                     rm_say(e, "0x%x%s%s", (unsigned)fields.device_type, type == NULL ? "" : " ",
                            type == NULL ? "" : type));
    rm_document_text(&e->doc, "function", "function", rm_say(e, "0x%x", (unsigned)fields.function));
    rm_document_word(&e->doc, "method", "method", rm_method_name(fields.method));
    rm_document_word(&e->doc, "access", "access", rm_code_access_name(fields.access));
    rm_document_section_end(&e->doc);
}

/* ---- inputs, checks, operations, forwards ---- */

/* Which bytes of the buffer it is, as far as the structure is known. */
static void write_extent(rm_explainer *e, const rm_input *x) {
    if (x->has_offset) {
        rm_document_number(&e->doc, "offset", "offset", x->offset);
    } else {
        rm_document_null(&e->doc, "offset");
    }
    if (x->size > 0) {
        rm_document_number(&e->doc, "size", "bytes", x->size);
    } else {
        rm_document_null(&e->doc, "size");
    }
}

static void write_inputs(rm_explainer *e, uint32_t entry) {
    const rm_inputs *inputs = &e->model->inputs;
    rm_document_list(&e->doc, "inputs", "inputs");
    for (uint32_t i = 0; i < inputs->count; i++) {
        const rm_input *x = &inputs->at[i];
        if (x->entry != entry) {
            continue;
        }
        rm_document_item(&e->doc, "input",
                         e->doc.json ? x->name
                                     : rm_say(e, "%.*s%s%.*s: %s", RM_STR_ARG(x->name),
                                              x->type.len > 0 ? " " : "", RM_STR_ARG(x->type),
                                              rm_validation_name(x->validation)));
        rm_document_text(&e->doc, "type", NULL, x->type);
        rm_document_text(&e->doc, "member", "member", x->member);
        rm_document_word(&e->doc, "buffer", "buffer", rm_buffer_name(x->buffer));
        write_extent(e, x);
        rm_document_word(&e->doc, "validation", NULL, rm_validation_name(x->validation));
        rm_document_text(&e->doc, "reason", "because", x->reason);
        rm_document_text(&e->doc, "text", "source", x->text);
        rm_document_place(&e->doc, x->place);
        rm_document_item_end(&e->doc);
    }
    rm_document_list_end(&e->doc, "none was read");
}

static void write_checks(rm_explainer *e, uint32_t entry) {
    const rm_checks *checks = &e->model->checks;
    rm_document_list(&e->doc, "checks", "checks");
    for (uint32_t i = 0; i < checks->count; i++) {
        const rm_check *c = &checks->at[i];
        if (c->entry != entry) {
            continue;
        }
        rm_explain_check(e, c);
    }
    rm_document_list_end(&e->doc, "none was seen");
}

static void write_sinks(rm_explainer *e, uint32_t entry) {
    const rm_sink_calls *sinks = &e->model->sinks;
    rm_document_list(&e->doc, "operations", "operations it reaches");
    for (uint32_t i = 0; i < sinks->count; i++) {
        const rm_sink_call *s = &sinks->at[i];
        if (s->entry != entry) {
            continue;
        }
        rm_document_item(&e->doc, "api",
                         e->doc.json ? s->api
                                     : rm_say(e, "%.*s (%.*s): %s", RM_STR_ARG(s->api),
                                              RM_STR_ARG(s->class_name),
                                              rm_validation_name(s->validation)));
        rm_document_text(&e->doc, "class", NULL, s->class_name);
        rm_document_word(&e->doc, "validation", NULL, rm_validation_name(s->validation));
        rm_document_text(&e->doc, "argument", "takes", s->argument);
        rm_document_text(&e->doc, "reason", "because", s->reason);
        rm_document_text(&e->doc, "text", "source", s->text);
        rm_document_place(&e->doc, s->place);
        rm_document_item_end(&e->doc);
    }
    rm_document_list_end(&e->doc, "none was seen");
}

static void write_forwards(rm_explainer *e, uint32_t entry) {
    const rm_forwards *forwards = &e->model->forwards;
    rm_document_list(&e->doc, "forwards", "sent on to");
    for (uint32_t i = 0; i < forwards->count; i++) {
        const rm_forward *f = &forwards->at[i];
        if (f->entry != entry) {
            continue;
        }
        const rm_str driver = rm_driver_called(e->model, f->to_driver);
        rm_document_item(&e->doc, "to", driver.len > 0 ? driver : f->target);
        rm_document_text(&e->doc, "target", "target", f->target);
        rm_document_text(&e->doc, "via_api", "by", f->via_api);
        rm_document_word(&e->doc, "validation", "input", rm_validation_name(f->validation));
        rm_document_word(&e->doc, "requestor_mode_after", "requestor",
                         rm_mode_after_name(f->requestor_mode_after));
        rm_document_text(&e->doc, "reason", "because", f->reason);
        rm_document_text(&e->doc, "text", "source", f->text);
        rm_document_place(&e->doc, f->place);
        rm_document_item_end(&e->doc);
    }
    rm_document_list_end(&e->doc, "nobody");
}

/* ---- the whole ---- */

void rm_explain_entry(rm_explainer *e, uint32_t index) {
    const rm_entry *x = &e->model->entries.at[index];
    rm_document_begin(&e->doc, e->arena, "entry",
                      rm_say(e, "entry %.*s of %.*s", RM_STR_ARG(rm_entry_called(e, index)),
                             RM_STR_ARG(rm_driver_called(e->model, x->driver))));
    rm_document_text(&e->doc, "entry_id", "id", x->id);
    rm_document_word(&e->doc, "entry_kind", "kind", rm_entry_kind_name(x->kind));
    rm_document_text(&e->doc, "name", NULL, x->name);
    rm_document_text(&e->doc, "driver", "driver", rm_driver_called(e->model, x->driver));
    rm_document_text(&e->doc, "device", "device", rm_device_called(e->model, x->device));
    rm_document_text(&e->doc, "handler", "handler", x->handler);
    rm_document_word(&e->doc, "state", "state", rm_state_name(x->state));
    rm_document_place(&e->doc, x->place);
    write_code(e, x->has_code, x->code);
    rm_explain_flow(e, index, RM_NONE);
    write_inputs(e, index);
    write_checks(e, index);
    write_sinks(e, index);
    write_forwards(e, index);
    rm_explain_paths(e, through_entry, index);
    rm_explain_findings(e, x->id, RM_NONE);
    rm_document_end(&e->doc);
}

/* A definition that no entry handles: otherwise its name means the entry. */
void rm_explain_ioctl(rm_explainer *e, uint32_t index) {
    const rm_ioctl *x = &e->model->ioctls.at[index];
    rm_document_begin(&e->doc, e->arena, "ioctl",
                      rm_say(e, "control code %.*s", RM_STR_ARG(x->name)));
    rm_document_text(&e->doc, "ioctl_id", "id", x->id);
    rm_document_text(&e->doc, "name", NULL, x->name);
    rm_document_text(&e->doc, "driver", "driver", rm_driver_called(e->model, x->driver));
    rm_document_text(&e->doc, "device", "device", rm_device_called(e->model, x->device));
    rm_document_flag(&e->doc, "handled", "handled", x->handled);
    rm_document_text(&e->doc, "handler", "handler", x->handler);
    rm_document_place(&e->doc, x->place);
    if (!x->has_code) {
        rm_document_text(&e->doc, NULL, "", RM_STR("its value cannot be worked out"));
    }
    write_code(e, x->has_code, x->code);
    rm_explain_findings(e, x->id, RM_NONE);
    rm_document_end(&e->doc);
}
