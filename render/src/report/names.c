#include "find.h"
#include "node.h"
#include "report.h"

rm_str rm_report_device(const rm_model *model, uint32_t device) {
    if (device >= model->devices.count) {
        return RM_STR_NONE;
    }
    const rm_device *d = &model->devices.at[device];
    if (d->nt_name.len > 0 || d->alias.len > 0) {
        return d->nt_name.len > 0 ? d->nt_name : d->alias;
    }
    return d->driver < model->drivers.count ? model->drivers.at[d->driver].name : RM_STR_NONE;
}

rm_str rm_report_door(const rm_model *model, uint32_t door) {
    if (door >= model->doors.count) {
        return RM_STR_NONE;
    }
    const rm_door *d = &model->doors.at[door];
    return d->name.len > 0 ? d->name : d->class_guid.len > 0 ? d->class_guid : d->id;
}

rm_str rm_report_entry(const rm_model *model, uint32_t entry) {
    if (entry >= model->entries.count) {
        return RM_STR_NONE;
    }
    const rm_entry *e = &model->entries.at[entry];
    return e->name.len > 0 ? e->name : rm_str_from(rm_entry_kind_name(e->kind));
}

rm_str rm_report_app(rm_report *report, uint32_t app) {
    rm_str name = RM_STR_NONE;
    if (app >= report->model->apps.count) {
        return name;
    }
    const rm_app *a = &report->model->apps.at[app];
    if (a->package.len == 0 ||
        rm_str_printf(report->arena, &name, "%.*s!%.*s", RM_STR_ARG(a->package),
                      RM_STR_ARG(a->name)) != RM_OK) {
        return a->name;
    }
    return name;
}

/* ---- whose a finding is ---- */

static uint32_t of_entry(const rm_model *model, uint32_t entry) {
    return entry < model->entries.count ? model->entries.at[entry].driver : RM_NONE;
}

static uint32_t of_device(const rm_model *model, uint32_t device) {
    return device < model->devices.count ? model->devices.at[device].driver : RM_NONE;
}

static uint32_t of_descriptor(const rm_model *model, uint32_t i) {
    const rm_descriptor *d = &model->descriptors.at[i];
    if (d->subject_kind == RM_SUBJECT_DEVICE || d->subject_kind == RM_SUBJECT_PORT) {
        return of_device(model, d->subject);
    }
    return d->subject_kind == RM_SUBJECT_INTERFACE && d->subject < model->doors.count
               ? of_device(model, model->doors.at[d->subject].device)
               : RM_NONE;
}

#define FIND(list) rm_find_id(model->list.at, model->list.count, sizeof *model->list.at, id)

/* The kind of a thing stands at the beginning of its id. */
static uint32_t driver_of_id(const rm_model *model, rm_str id) {
    uint32_t i = RM_NONE;
    if (rm_str_starts(id, RM_STR("driver:"))) {
        return FIND(drivers);
    }
    if (rm_str_starts(id, RM_STR("device:"))) {
        return of_device(model, FIND(devices));
    }
    if (rm_str_starts(id, RM_STR("entry:"))) {
        return of_entry(model, FIND(entries));
    }
    if (rm_str_starts(id, RM_STR("sink:"))) {
        return (i = FIND(sinks)) == RM_NONE ? i : of_entry(model, model->sinks.at[i].entry);
    }
    if (rm_str_starts(id, RM_STR("input:"))) {
        return (i = FIND(inputs)) == RM_NONE ? i : of_entry(model, model->inputs.at[i].entry);
    }
    if (rm_str_starts(id, RM_STR("forward:"))) {
        return (i = FIND(forwards)) == RM_NONE ? i : model->forwards.at[i].from_driver;
    }
    if (rm_str_starts(id, RM_STR("ioctl:"))) {
        return (i = FIND(ioctls)) == RM_NONE ? i : model->ioctls.at[i].driver;
    }
    if (rm_str_starts(id, RM_STR("check:"))) {
        return (i = FIND(checks)) == RM_NONE ? i : model->checks.at[i].driver;
    }
    if (rm_str_starts(id, RM_STR("door:"))) {
        return (i = FIND(doors)) == RM_NONE ? i : of_device(model, model->doors.at[i].device);
    }
    if (rm_str_starts(id, RM_STR("descriptor:"))) {
        return (i = FIND(descriptors)) == RM_NONE ? i : of_descriptor(model, i);
    }
    return RM_NONE;
}

uint32_t rm_report_driver(const rm_model *model, const rm_finding *finding) {
    uint32_t driver = driver_of_id(model, finding->subject_id);
    if (driver >= model->drivers.count && finding->path < model->paths.count) {
        driver = of_device(model, model->paths.at[finding->path].device);
    }
    return driver < model->drivers.count ? driver : RM_NONE;
}
