#include "link.h"

#include "names.h"

/*
 * Descriptors that name what they protect (*.sddl, facts files). A device or a service that nothing
 * else told of is made: its descriptor alone says who may open it.
 */

static rm_status make_device(rm_model *model, rm_names *names, const rm_descriptor *told,
                             uint32_t *index) {
    bool port = told->subject_kind == RM_SUBJECT_PORT;
    rm_device *device = rm_push(model->arena, &model->devices);
    if (device == NULL) {
        return RM_NOMEM;
    }
    *device = (rm_device){.driver = RM_NONE,
                          .nt_name = told->subject_name,
                          .created_by = port ? RM_CREATED_FLTPORT : RM_CREATED_FACTS,
                          .secure_open = RM_TRI_UNKNOWN,
                          .exclusive = RM_TRI_UNKNOWN,
                          .descriptor = RM_NONE,
                          .state = told->state,
                          .place = told->place};
    *index = model->devices.count - 1;
    return rm_names_add_device(names, model, *index);
}

static rm_status make_service(rm_model *model, rm_names *names, const rm_descriptor *told,
                              uint32_t *index) {
    uint32_t *value = NULL;
    rm_service *service = rm_push(model->arena, &model->services);
    if (service == NULL) {
        return RM_NOMEM;
    }
    *service = (rm_service){.name = told->subject_name,
                            .sddl = told->sddl,
                            .driver = RM_NONE,
                            .state = told->state,
                            .place = told->place};
    *index = model->services.count - 1;
    rm_status st = rm_map_at(&names->services, told->subject_name, &value, NULL);
    if (st == RM_OK) {
        *value = *index;
    }
    return st;
}

static uint32_t door_of(const rm_model *model, rm_str name) {
    for (uint32_t i = 0; i < model->doors.count; i++) {
        const rm_door *door = &model->doors.at[i];
        if (rm_str_ieq(door->class_guid, name) || rm_object_name_eq(door->name, name)) {
            return i;
        }
    }
    return RM_NONE;
}

static rm_status find_subject(rm_model *model, rm_names *names, const rm_descriptor *told,
                              uint32_t *index) {
    switch (told->subject_kind) {
    case RM_SUBJECT_DEVICE:
    case RM_SUBJECT_PORT:
        *index = rm_names_device(names, model, told->subject_name);
        return *index == RM_NONE ? make_device(model, names, told, index) : RM_OK;
    case RM_SUBJECT_SERVICE:
        *index = rm_names_service(names, told->subject_name);
        return *index == RM_NONE ? make_service(model, names, told, index) : RM_OK;
    case RM_SUBJECT_INTERFACE: *index = door_of(model, told->subject_name); return RM_OK;
    case RM_SUBJECT_KEY:
    case RM_SUBJECT_FILE:
    case RM_SUBJECT_COUNT: break;
    }
    *index = RM_NONE;
    return RM_OK;
}

rm_status rm_link_subjects(rm_model *model, rm_names *names) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; i < model->descriptors.count && st == RM_OK; i++) {
        rm_descriptor told = model->descriptors.at[i];
        uint32_t index = RM_NONE;
        if (told.subject != RM_NONE || told.subject_name.len == 0) {
            continue;
        }
        st = find_subject(model, names, &told, &index);
        model->descriptors.at[i].subject = index;
    }
    return st;
}
