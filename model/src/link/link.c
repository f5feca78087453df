#include "link.h"

rm_status rm_model_link(rm_model *model, rm_sink *sink) {
    rm_status st = rm_link_names(model, sink);
    if (st == RM_OK) {
        st = rm_link_doors(model);
    }
    if (st == RM_OK) {
        st = rm_link_settings(model);
    }
    if (st == RM_OK) {
        st = rm_link_descriptors(model, sink);
    }
    return st == RM_OK ? rm_link_identity(model) : st;
}
