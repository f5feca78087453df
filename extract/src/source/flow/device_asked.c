#include "source/device_marks.h"
#include "source/flow/walk.h"

/*
 * Which of the driver's devices is the request for? A dispatch routine asks by comparing the device
 * with one that it keeps, or by what it wrote into the device's extension.
 */

static const rm_symbol *bare_symbol(rm_walk *w, rm_value value) {
    const rm_symbol *s = rm_symbol_of(w, value);
    for (unsigned i = 0; i < 4 && s != NULL && s->op == RM_SYMBOL_CAST; i++) {
        s = rm_symbol_of(w, s->a);
    }
    return s;
}

static bool is_the_device(const rm_symbol *s) {
    return s != NULL && s->op == RM_SYMBOL_SOURCE && s->source == RM_SOURCE_DEVICE;
}

/* The device that the driver keeps under a name. */
static uint32_t kept_device(const rm_walk *w, const rm_symbol *s) {
    if (s == NULL || s->name == RM_NONE || is_the_device(s)) {
        return RM_NONE;
    }
    return rm_device_marks_variable(w->marks, rm_names_text(w->names, s->name));
}

static rm_tri answer_by_variable(rm_walk *w, const rm_symbol *a, const rm_symbol *b) {
    uint32_t kept = is_the_device(a) ? kept_device(w, b) : RM_NONE;
    if (kept == RM_NONE) {
        return RM_TRI_UNKNOWN;
    }
    w->device_asked = true;
    return w->device == RM_NONE ? RM_TRI_UNKNOWN : w->device == kept ? RM_TRI_YES : RM_TRI_NO;
}

static rm_tri answer_by_member(rm_walk *w, const rm_symbol *member, rm_value value) {
    int64_t holds = 0;
    if (member == NULL || value.kind != RM_VALUE_CONST || member->op != RM_SYMBOL_PART ||
        !member->is_source || member->source != RM_SOURCE_DEVICE || member->name == RM_NONE) {
        return RM_TRI_UNKNOWN;
    }
    rm_str name = rm_names_text(w->names, member->name);
    if (!rm_device_marks_member(w->marks, name, w->marks->devices[0], &holds)) {
        return RM_TRI_UNKNOWN;
    }
    w->device_asked = true;
    if (w->device == RM_NONE || !rm_device_marks_member(w->marks, name, w->device, &holds)) {
        return RM_TRI_UNKNOWN;
    }
    return holds == value.n ? RM_TRI_YES : RM_TRI_NO;
}

rm_tri rm_device_compared(rm_walk *w, rm_value a, rm_value b) {
    if (w->marks == NULL) {
        return RM_TRI_UNKNOWN;
    }
    const rm_symbol *left = bare_symbol(w, a);
    const rm_symbol *right = bare_symbol(w, b);
    rm_tri answer = answer_by_variable(w, left, right);
    answer = answer == RM_TRI_UNKNOWN ? answer_by_variable(w, right, left) : answer;
    answer = answer == RM_TRI_UNKNOWN ? answer_by_member(w, left, b) : answer;
    return answer == RM_TRI_UNKNOWN ? answer_by_member(w, right, a) : answer;
}
