#include "steps.h"

#include "ident.h"
#include "model/sinks.h"

/* ---- names for people ---- */

static rm_str text_or(rm_str text, const char *otherwise) {
    return text.len > 0 ? text : rm_str_from(otherwise);
}

static rm_str driver_name(const rm_model *m, uint32_t driver) {
    return driver == RM_NONE ? RM_STR("an unknown driver") : m->drivers.at[driver].name;
}

static rm_str device_name(const rm_model *m, uint32_t device) {
    const rm_device *d = &m->devices.at[device];
    return d->nt_name.len > 0 ? d->nt_name
           : d->alias.len > 0 ? d->alias
                              : driver_name(m, d->driver);
}

static rm_str door_name(const rm_model *m, const rm_admission *a) {
    return a->door == RM_NONE ? device_name(m, a->device) : m->doors.at[a->door].name;
}

static rm_str sender(const rm_model *m, const rm_path *p) {
    return p->app != RM_NONE ? m->apps.at[p->app].name : p->origin;
}

/* ---- pushing ---- */

static rm_step *add(rm_derivation *d, rm_path *p, rm_step_kind kind) {
    rm_step *s = rm_push(d->model->arena, &p->steps);
    if (s != NULL) {
        s->kind = kind;
        s->validation = RM_VALIDATION_COUNT; /* says nothing of validation */
        s->requestor_mode = RM_MODE_USER;
    }
    return s;
}

static rm_status origin_step(rm_derivation *d, const rm_admission *a, rm_path *p) {
    const rm_model *m = d->model;
    rm_step *s = add(d, p, RM_STEP_ORIGIN);
    if (s == NULL) {
        return RM_NOMEM;
    }
    if (p->app == RM_NONE) {
        s->node = p->origin;
        return rm_str_printf(m->arena, &s->text, "any code that runs as %.*s",
                             RM_STR_ARG(p->origin));
    }
    s->node = m->apps.at[p->app].id;
    s->place = m->apps.at[p->app].place;
    return rm_str_printf(m->arena, &s->text, "%.*s runs as %.*s%s%.*s", RM_STR_ARG(sender(m, p)),
                         RM_STR_ARG(p->origin), a->handed_over ? ", with a handle from " : "",
                         RM_STR_ARG(a->from));
}

static rm_status service_step(rm_derivation *d, const rm_admission *a, uint32_t at, rm_path *p) {
    const rm_model *m = d->model;
    const rm_broker *broker = &a->brokers.at[at];
    const rm_service *service = &m->services.at[broker->service];
    const bool last = at + 1 == a->brokers.count;
    rm_str next = last ? RM_STR("the device") : m->services.at[a->brokers.at[at + 1].service].name;
    rm_step *s = add(d, p, RM_STEP_SERVICE);
    if (s == NULL) {
        return RM_NOMEM;
    }
    s->node = service->id;
    s->place = service->place;
    s->validation = broker->validation;
    s->boundary =
        rm_str_from(broker->as_caller ? "" : rm_boundary_kind_name(RM_BOUNDARY_APP_SERVICE));
    return rm_str_printf(m->arena, &s->text, "service %.*s %s %.*s %s", RM_STR_ARG(service->name),
                         last ? "opens" : "asks service", RM_STR_ARG(next),
                         broker->as_caller ? "as its caller" : "with its own token");
}

static rm_status service_steps(rm_derivation *d, const rm_admission *a, rm_path *p) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < a->brokers.count; i++) {
        st = service_step(d, a, i, p);
    }
    return st;
}

static const char *permitted_by(const rm_model *m, const rm_grant *grant, const rm_permit *permit) {
    if (permit->unknown && grant->kind == RM_GRANT_CLASS) {
        return "; what it is worth at one that its driver restricts is not documented";
    }
    if (permit->unknown) {
        return "; no SCCD that was read says whether it may";
    }
    if (permit->reach == 0 || permit->row == RM_NONE) {
        return "";
    }
    return m->authorizeds.at[permit->row].allow_any ? "; its SCCD lets any app use it"
                                                    : "; its SCCD names who may use it";
}

/* Why the app may: the capability that it declares, and where that is said. */
static rm_status capability_step(rm_derivation *d, const rm_admission *a, rm_path *p) {
    static const char *const reasons[] = {"which the interface lists", "the interface's class",
                                          "whose SID the descriptor names"};
    const rm_model *m = d->model;
    if (a->grant == NULL) {
        return RM_OK;
    }
    rm_step *s = add(d, p, RM_STEP_CAPABILITY);
    if (s == NULL) {
        return RM_NOMEM;
    }
    bool told = a->grant->capability != RM_NONE;
    s->node = a->grant->name;
    if (told) {
        s->place = m->capabilities.at[a->grant->capability].place;
        s->evidence = m->capabilities.at[a->grant->capability].sid;
    } else if (p->app != RM_NONE) {
        s->place = m->apps.at[p->app].place;
        s->evidence = m->apps.at[p->app].package_sid;
    }
    bool restricted = a->door != RM_NONE && a->grant->kind != RM_GRANT_DESCRIPTOR &&
                      m->doors.at[a->door].restricted == RM_TRI_YES;
    return rm_str_printf(m->arena, &s->text, "%s %.*s, %s%s%s",
                         told                ? "declares the capability"
                         : p->app != RM_NONE ? "is the package"
                                             : "was given a capability of",
                         RM_STR_ARG(a->grant->name), reasons[a->grant->kind],
                         restricted ? "; the interface is restricted" : "",
                         permitted_by(m, a->grant, &a->permit));
}

/* The SCCD's row that lets the app use its custom capability. */
static rm_status permit_step(rm_derivation *d, const rm_admission *a, rm_path *p) {
    const rm_model *m = d->model;
    if (a->grant == NULL || a->permit.reach == 0 || a->permit.row == RM_NONE) {
        return RM_OK;
    }
    const rm_authorized *row = &m->authorizeds.at[a->permit.row];
    rm_step *s = add(d, p, RM_STEP_CAPABILITY);
    if (s == NULL) {
        return RM_NOMEM;
    }
    s->node = row->capability;
    s->place = row->place;
    s->evidence = row->cert_hash;
    if (row->allow_any) {
        return rm_str_printf(m->arena, &s->text, "SCCD: any app may use %.*s%s",
                             RM_STR_ARG(row->capability),
                             row->developer_mode ? ", in developer mode" : "");
    }
    return rm_str_printf(m->arena, &s->text, "SCCD: %.*s may use %.*s%s",
                         RM_STR_ARG(row->family_name), RM_STR_ARG(row->capability),
                         row->developer_mode ? ", in developer mode" : "");
}

static const char *why_not_known(const rm_reach *reach) {
    if (reach->security == NULL) {
        return ": its descriptor is not known from what was read";
    }
    return reach->below == RM_GATE_UNKNOWN
               ? " by a name below it: whether FILE_DEVICE_SECURE_OPEN is set is not known"
               : ": a condition of its descriptor cannot be decided";
}

static rm_status door_step(rm_derivation *d, const rm_chain *t, rm_path *p) {
    const rm_model *m = d->model;
    const rm_admission *a = t->admission;
    rm_step *s = add(d, p, RM_STEP_DOOR);
    if (s == NULL) {
        return RM_NOMEM;
    }
    uint32_t row = m->devices.at[a->device].descriptor;
    s->node = a->door == RM_NONE ? m->devices.at[a->device].id : m->doors.at[a->door].id;
    s->place = a->door == RM_NONE ? m->devices.at[a->device].place : m->doors.at[a->door].place;
    s->boundary = rm_str_from(rm_boundary_kind_name(
        rm_services_between(a) > 0 && a->origin->boundary != RM_BOUNDARY_SYSTEM
            ? RM_BOUNDARY_SERVICE
            : a->origin->boundary));
    s->evidence = row == RM_NONE ? RM_STR_NONE : m->descriptors.at[row].sddl;
    if (a->handed_over) {
        return rm_str_printf(m->arena, &s->text, "holds a handle to %.*s with mask 0x%x",
                             RM_STR_ARG(door_name(m, a)), (unsigned)a->mask);
    }
    if (a->reach.open == RM_GATE_UNKNOWN) {
        return rm_str_printf(m->arena, &s->text, "may open %.*s%s", RM_STR_ARG(door_name(m, a)),
                             why_not_known(&a->reach));
    }
    return rm_str_printf(m->arena, &s->text, "opens %.*s: granted 0x%x by the %s%s",
                         RM_STR_ARG(door_name(m, a)), (unsigned)a->reach.answer.max,
                         a->reach.via == RM_VIA_NAMESPACE
                             ? "namespace (no secure open: names below the device are not checked)"
                         : a->reach.via == RM_VIA_CAPABILITY ? "interface's capability list"
                                                             : "descriptor",
                         p->gate_deliver == RM_GATE_UNKNOWN && a->reach.below == RM_GATE_UNKNOWN
                             ? ", more by a name below it, where secure open, which is not known, "
                               "is not set"
                             : "");
}

/* Where the descriptor that opened the door was read. */
static rm_status device_step(rm_derivation *d, const rm_chain *t, rm_path *p) {
    const rm_model *m = d->model;
    const rm_admission *a = t->admission;
    uint32_t row = m->devices.at[a->device].descriptor;
    if (row == RM_NONE || a->handed_over) {
        return RM_OK;
    }
    const rm_descriptor *descriptor = &m->descriptors.at[row];
    rm_step *s = add(d, p, RM_STEP_DEVICE);
    if (s == NULL) {
        return RM_NOMEM;
    }
    s->node = m->devices.at[a->device].id;
    s->place = descriptor->place;
    s->evidence = descriptor->sddl;
    return rm_str_printf(m->arena, &s->text, "device of %.*s, descriptor from %s",
                         RM_STR_ARG(driver_name(m, m->devices.at[a->device].driver)),
                         rm_sddl_source_name(descriptor->source));
}

static const char *mode_words(rm_mode mode) {
    switch (mode) {
    case RM_MODE_USER: return "requestor mode stays user";
    case RM_MODE_KERNEL: return "requestor mode is now kernel: access checks of the target pass";
    case RM_MODE_UNKNOWN:
    case RM_MODE_COUNT: break;
    }
    return "requestor mode not known";
}

static rm_status forward_step(rm_derivation *d, const rm_chain *t, uint32_t hop, rm_path *p) {
    const rm_model *m = d->model;
    const rm_hop *h = &t->hops[hop];
    rm_step *s = add(d, p, RM_STEP_FORWARD);
    if (s == NULL) {
        return RM_NOMEM;
    }
    s->boundary = rm_str_from(rm_boundary_kind_name(rm_boundary_of_hop(m, t, hop)));
    s->validation = h->validation;
    s->requestor_mode = h->mode;
    rm_str from = driver_name(m, t->hops[hop - 1].driver);
    rm_str to = driver_name(m, h->driver);
    if (h->forward == RM_NONE) {
        s->node = h->driver == RM_NONE ? RM_STR_NONE : m->drivers.at[h->driver].id;
        return rm_str_printf(m->arena, &s->text, "%.*s passes it down the stack to %.*s unchanged",
                             RM_STR_ARG(from), RM_STR_ARG(to));
    }
    const rm_forward *f = &m->forwards.at[h->forward];
    s->node = f->id;
    s->place = f->place;
    s->evidence = f->text;
    const bool acts = rm_opens_as_caller(m, t->hops[hop - 1].driver, f);
    return rm_str_printf(m->arena, &s->text, "%.*s sends it on to %.*s%s by %.*s, %s; %s",
                         RM_STR_ARG(from), RM_STR_ARG(to),
                         acts ? ", which it opens as its caller," : "",
                         RM_STR_ARG(text_or(f->via_api, "a call")),
                         rm_validation_name(h->validation), mode_words(h->mode));
}

static rm_status entry_step(rm_derivation *d, const rm_hop *h, rm_path *p) {
    const rm_model *m = d->model;
    rm_step *s = add(d, p, RM_STEP_ENTRY);
    if (s == NULL) {
        return RM_NOMEM;
    }
    s->requestor_mode = h->mode;
    if (h->entry == RM_NONE) {
        s->node = h->driver == RM_NONE ? RM_STR_NONE : m->drivers.at[h->driver].id;
        return rm_str_printf(m->arena, &s->text, "%.*s has no handler for it and passes it on",
                             RM_STR_ARG(driver_name(m, h->driver)));
    }
    const rm_entry *e = &m->entries.at[h->entry];
    s->node = e->id;
    s->place = e->place;
    if (e->has_code) {
        return rm_str_printf(m->arena, &s->text, "%.*s handles %.*s (0x%08X) in %.*s",
                             RM_STR_ARG(driver_name(m, h->driver)), RM_STR_ARG(e->name),
                             (unsigned)e->code, RM_STR_ARG(text_or(e->handler, "its handler")));
    }
    return rm_str_printf(m->arena, &s->text, "%.*s handles %.*s in %.*s",
                         RM_STR_ARG(driver_name(m, h->driver)), RM_STR_ARG(e->name),
                         RM_STR_ARG(text_or(e->handler, "its handler")));
}

static rm_status sink_step(rm_derivation *d, const rm_chain *t, rm_path *p) {
    const rm_model *m = d->model;
    const rm_sink_call *call = &m->sinks.at[p->sink];
    rm_step *s = add(d, p, RM_STEP_SINK);
    if (s == NULL) {
        return RM_NOMEM;
    }
    s->node = call->id;
    s->place = call->place;
    s->validation = call->validation;
    s->requestor_mode = t->hops[t->hop_count - 1].mode;
    s->evidence = call->text;
    return rm_str_printf(m->arena, &s->text, "%.*s (%.*s): %.*s %s%s%.*s",
                         RM_STR_ARG(text_or(call->api, "a privileged call")),
                         RM_STR_ARG(call->class_name), RM_STR_ARG(text_or(call->argument, "input")),
                         rm_validation_name(call->validation), call->reason.len > 0 ? ", " : "",
                         RM_STR_ARG(call->reason));
}

static rm_status summarise(rm_derivation *d, const rm_chain *t, rm_path *p) {
    const rm_model *m = d->model;
    const rm_sink_call *call = &m->sinks.at[p->sink];
    const rm_sink_class *kind = rm_sink_class_find(call->class_name);
    rm_str entry = p->entry == RM_NONE ? RM_STR("a request") : m->entries.at[p->entry].name;
    return rm_str_printf(
        m->arena, &p->summary, "%.*s reaches %s (%.*s) with %s input: %.*s through %.*s, %.*s",
        RM_STR_ARG(sender(m, p)), kind == NULL ? "a privileged operation" : kind->title,
        RM_STR_ARG(text_or(call->api, "?")), rm_validation_name(p->validation), RM_STR_ARG(entry),
        RM_STR_ARG(door_name(m, t->admission)), RM_STR_ARG(p->drivers));
}

rm_status rm_steps_build(rm_derivation *d, const rm_chain *t, rm_path *p) {
    rm_status st = origin_step(d, t->admission, p);
    if (st == RM_OK) {
        st = service_steps(d, t->admission, p);
    }
    if (st == RM_OK) {
        st = capability_step(d, t->admission, p);
    }
    if (st == RM_OK) {
        st = permit_step(d, t->admission, p);
    }
    if (st == RM_OK) {
        st = door_step(d, t, p);
    }
    if (st == RM_OK) {
        st = device_step(d, t, p);
    }
    for (uint32_t i = 0; st == RM_OK && i < t->hop_count; i++) {
        st = i > 0 ? forward_step(d, t, i, p) : RM_OK;
        if (st == RM_OK) {
            st = entry_step(d, &t->hops[i], p);
        }
    }
    if (st == RM_OK) {
        st = sink_step(d, t, p);
    }
    return st == RM_OK ? summarise(d, t, p) : st;
}
