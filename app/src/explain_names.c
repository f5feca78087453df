#include <stdarg.h>
#include <stdio.h>

#include "explain.h"
#include "model/ioctl.h"

rm_str rm_say(rm_explainer *e, const char *fmt, ...) {
    char text[2048];
    rm_str said = RM_STR_NONE;
    va_list ap;
    va_start(ap, fmt);
    const int length = vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    const size_t kept = length < 0                     ? 0
                        : (size_t)length < sizeof text ? (size_t)length
                                                       : sizeof text - 1;
    if (rm_str_copy(e->arena, (rm_str){text, kept}, &said) != RM_OK) {
        e->doc.out.status = RM_NOMEM;
        return RM_STR_NONE;
    }
    return said;
}

const char *rm_tri_word(rm_tri tri) {
    return tri == RM_TRI_YES ? "yes" : tri == RM_TRI_NO ? "no" : "not known";
}

rm_str rm_driver_called(const rm_model *model, uint32_t driver) {
    return driver == RM_NONE ? RM_STR_NONE : model->drivers.at[driver].name;
}

rm_str rm_device_called(const rm_model *model, uint32_t device) {
    if (device == RM_NONE) {
        return RM_STR_NONE;
    }
    const rm_device *d = &model->devices.at[device];
    return d->nt_name.len > 0 ? d->nt_name
           : d->alias.len > 0 ? d->alias
                              : rm_driver_called(model, d->driver);
}

rm_str rm_code_called(rm_explainer *e, uint32_t code) {
    const rm_ioctl_fields fields = rm_ioctl_decode(code);
    return rm_say(e, "0x%08X (%s, %s access)", (unsigned)code, rm_method_name(fields.method),
                  rm_code_access_name(fields.access));
}

rm_str rm_entry_called(rm_explainer *e, uint32_t entry) {
    if (entry == RM_NONE) {
        return RM_STR_NONE;
    }
    const rm_entry *x = &e->model->entries.at[entry];
    const char *kind = rm_entry_kind_name(x->kind);
    const rm_str name = x->name.len > 0 ? x->name : rm_str_from(kind);
    if (!x->has_code) {
        return x->any_code ? rm_say(e, "%.*s, every code", RM_STR_ARG(name)) : name;
    }
    const rm_str code = rm_code_called(e, x->code);
    return rm_say(e, "%.*s %.*s", RM_STR_ARG(name), RM_STR_ARG(code));
}

rm_str rm_app_called(rm_explainer *e, uint32_t app) {
    if (app == RM_NONE) {
        return RM_STR_NONE;
    }
    const rm_app *a = &e->model->apps.at[app];
    return a->package.len == 0
               ? a->name
               : rm_say(e, "%.*s!%.*s", RM_STR_ARG(a->package), RM_STR_ARG(a->name));
}
