#include "link.h"

rm_status rm_model_link(rm_model *model, rm_sink *sink) {
    rm_status st = rm_link_names(model, sink);
    if (st == RM_OK) {
        st = rm_link_doors(model);
    }
    if (st == RM_OK) {
        st = rm_link_stacks(model);
    }
    if (st == RM_OK) {
        st = rm_link_settings(model);
    }
    if (st == RM_OK) {
        st = rm_link_secure_open(model);
    }
    if (st == RM_OK) {
        st = rm_link_descriptors(model, sink);
    }
    if (st == RM_OK) {
        st = rm_link_interfaces(model);
    }
    if (st == RM_OK) {
        st = rm_link_services(model);
    }
    return st == RM_OK ? rm_link_identity(model) : st;
}
