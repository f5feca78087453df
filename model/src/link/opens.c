#include "link.h"

/* \\.\Name\rest opens what \\.\Name is, with a name that its driver makes something of. */
rm_str rm_link_name_opened(const rm_names *names, rm_str target) {
    size_t end = 0;
    rm_str bare = rm_object_name_bare(target);
    bool longer = rm_names_claim(names, target) == RM_NONE &&
                  rm_str_starts(target, RM_STR("\\\\.\\")) && rm_str_find_char(bare, '\\', &end) &&
                  end > 0;
    return longer ? rm_str_slice(bare, 0, end) : target;
}

static uint32_t device_opened(const rm_model *model, const rm_names *names, rm_str target) {
    uint32_t device = rm_names_device(names, model, target);
    return device != RM_NONE ? device
                             : rm_names_device(names, model, rm_link_name_opened(names, target));
}

/* Who asks for an interface class gets the devices of every driver that has it. */
static rm_status open_others(rm_model *model, uint32_t first) {
    enum { MOST = 16 };
    const rm_open told = model->opens.at[first];
    uint32_t copies = 0;
    if (told.state == RM_STATE_DECLARED || !rm_str_starts(told.target, RM_STR("{"))) {
        return RM_OK;
    }
    for (uint32_t i = 0; i < model->doors.count && copies < MOST; i++) {
        const rm_door *door = &model->doors.at[i];
        if (door->device == RM_NONE || door->device == told.device ||
            !rm_str_ieq(door->class_guid, told.target)) {
            continue;
        }
        rm_open *copy = rm_push(model->arena, &model->opens);
        if (copy == NULL) {
            return RM_NOMEM;
        }
        *copy = told;
        copy->device = door->device;
        copies++;
    }
    return RM_OK;
}

rm_status rm_link_opens(rm_model *model, const rm_names *names, rm_sink *sink) {
    const uint32_t count = model->opens.count;
    rm_status st = RM_OK;
    for (uint32_t i = 0; i < count && st == RM_OK; i++) {
        rm_open *o = &model->opens.at[i];
        if (o->app == RM_NONE && o->app_name.len > 0) {
            o->app = rm_names_app(names, o->app_name);
            if (o->app == RM_NONE) {
                rm_link_not_here(sink, o->place, "app", o->app_name);
            }
        }
        bool known = o->device != RM_NONE; /* of a model that was linked before */
        o->device = known ? o->device : device_opened(model, names, o->target);
        o->to_service = o->device == RM_NONE ? rm_names_service(names, o->target) : RM_NONE;
        bool declared = o->state == RM_STATE_DECLARED; /* sources open many other things */
        if (declared && o->device == RM_NONE && o->to_service == RM_NONE) {
            rm_link_not_here(sink, o->place, "device or service", o->target);
        }
        st = known ? RM_OK : open_others(model, i);
    }
    for (uint32_t i = 0; i < model->handles.count; i++) {
        rm_handle *h = &model->handles.at[i];
        h->app = rm_names_app(names, h->to);
        h->device = rm_names_device(names, model, h->device_name);
        if (h->app == RM_NONE) {
            rm_link_not_here(sink, h->place, "app", h->to);
        }
        if (h->device == RM_NONE) {
            rm_link_not_here(sink, h->place, "device", h->device_name);
        }
    }
    return st;
}
