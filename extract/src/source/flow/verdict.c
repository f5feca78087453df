#include "source/flow/purpose.h"
#include "source/flow/report.h"

/* From the verdicts of a sink's arguments to its own. */

static bool class_is(const rm_api *api, size_t index, const char *name) {
    return index < RM_API_CLASSES && api->classes[index] != NULL &&
           rm_str_eq(rm_str_from(api->classes[index]), rm_str_from(name));
}

static const rm_argument_verdict *verdict_of(const rm_found_sink *s, rm_arg_kind kind) {
    for (uint32_t i = 0; i < RM_API_ARGS && s->api->args[i].name != NULL; i++) {
        if (s->api->args[i].kind == kind) {
            return &s->args[i];
        }
    }
    return NULL;
}

static bool is_open(const rm_argument_verdict *v) {
    return v != NULL && v->carries && v->validation != RM_VALIDATION_VALIDATED;
}

/*
 * Which of a copy's classes: the part that is not validated picks. What is read beyond the source
 * into memory that the caller sees is a leak.
 */
static const char *class_of_copy(const rm_found_sink *s) {
    const rm_argument_verdict *to = verdict_of(s, RM_ARG_DESTINATION);
    const rm_argument_verdict *from = verdict_of(s, RM_ARG_SOURCE);
    const rm_argument_verdict *length = verdict_of(s, RM_ARG_LENGTH);
    bool leaks = is_open(length) && s->to_caller && !(from != NULL && from->carries);
    bool callers_own = to != NULL && rm_str_eq(to->reason, RM_STR(RM_BELOW_USER_END));
    if (is_open(to) && !(callers_own && is_open(from))) {
        return s->attached ? "process_memory_write" : "virt_write";
    }
    if (is_open(from)) {
        return s->attached ? "process_memory_read" : "virt_read";
    }
    if (leaks) {
        return "info_leak";
    }
    if (is_open(length) || (length != NULL && length->carries)) {
        return "copy_unbounded";
    }
    /* validated: kernel memory goes to a pointer of the caller's, or comes from one */
    return to != NULL && to->carries       ? "virt_read"
           : from != NULL && from->carries ? "virt_write"
                                           : "copy_unbounded";
}

/* What the text of the call says, of rows that name several classes. */
static const struct {
    const char *base;  /* the row's first class */
    const char *other; /* and its second; NULL: whatever it is */
    const char *word;  /* in the call */
    const char *becomes;
} by_text[] = {
    {"phys_read", "virt_read", "_VIRTUAL", "virt_read"},
    {"handle_open", NULL, "SeTokenObjectType", "token_open"},
    {"callback_register", "callback_tamper", "TRUE", "callback_tamper"},
    {"registry_open", "registry_write", "KEY_ALL_ACCESS", "registry_write"},
    {"registry_open", "registry_write", "KEY_WRITE", "registry_write"},
    {"registry_open", "registry_write", "KEY_SET_VALUE", "registry_write"},
    {"registry_open", "registry_write", "KEY_CREATE_SUB_KEY", "registry_write"},
};

static const char *class_by_text(const rm_walk *w, const rm_found_sink *s) {
    rm_str text = rm_span_text(w->flow->unit, s->span);
    for (size_t i = 0; i < sizeof by_text / sizeof by_text[0]; i++) {
        size_t at = 0;
        bool row = class_is(s->api, 0, by_text[i].base) &&
                   (by_text[i].other == NULL || class_is(s->api, 1, by_text[i].other));
        if (row && rm_str_find(text, rm_str_from(by_text[i].word), &at)) {
            return by_text[i].becomes;
        }
    }
    return s->api->classes[0];
}

/* Intel SDM 4, table 2-2: IA32_BIOS_UPDT_TRIG, IA32_DEBUGCTL, IA32_RTIT_…; AMD: PATCH_LOADER. */
static const char *class_of_register(int64_t number) {
    static const int64_t update = 0x79;
    static const int64_t patch_loader = 0xC0010020;
    bool traces = number == 0x1D9 || (number >= 0x560 && number <= 0x59F);
    return number == update || number == patch_loader ? "ucode_load"
           : traces                                   ? "hw_trace"
                                                      : "msr_write";
}

/* What a change of state is for; a capture that is only switched off hands nothing on. */
static const char *class_of_state(const rm_walk *w, const rm_found_sink *s) {
    const char *name = rm_purpose_class(w->flow->purpose, s->name, s->function);
    bool off = rm_about_state(s->about) && !s->switched_on;
    return off && rm_str_eq(rm_str_from(name), RM_STR("packet_capture")) ? "config_state" : name;
}

const char *rm_sink_class_of(const rm_walk *w, const rm_found_sink *s) {
    const rm_api *api = s->api;
    if (class_is(api, 0, "copy_unbounded") && api->classes[1] != NULL) {
        return class_of_copy(s);
    }
    if (class_is(api, 0, "config_state") && api == rm_api_expression(RM_STR("state change"))) {
        return class_of_state(w, s);
    }
    if (class_is(api, 1, "section_map")) {
        return s->physical ? "phys_map" : "section_map";
    }
    if (class_is(api, 0, "process_memory_read") && api->classes[1] != NULL) {
        return is_open(&s->args[2]) || is_open(&s->args[3]) ? "process_memory_write"
                                                            : "process_memory_read";
    }
    if (s->has_port && s->port >= 0xCF8 && s->port <= 0xCFF) {
        return class_is(api, 0, "port_in") ? "pci_read" : "pci_write"; /* by hand */
    }
    if (s->has_port && (s->port == 0xB2 || s->port == 0xB3) && class_is(api, 0, "port_out")) {
        return "smi";
    }
    if (s->has_register && class_is(api, 0, "msr_write")) {
        return class_of_register(s->number);
    }
    if (s->of_driver && class_is(api, 0, "handle_open")) {
        return "driver_object_open";
    }
    return class_by_text(w, s);
}

/* One way has a lower bound, the other an upper one: together every value passes. */
rm_validation rm_argument_validation(const rm_argument_verdict *v) {
    bool nothing = v->same_symbol && !v->range.hi_ok && !(v->range.lo_ok && v->range.lo > 0);
    return v->validation == RM_VALIDATION_PARTIAL && nothing && v->range.sign_known
               ? RM_VALIDATION_UNVALIDATED
               : v->validation;
}

/*
 * What is privileged without a byte of the caller's: protection taken away, a file made with the
 * kernel's own rights. Whether that caller may have it done is not a question of values.
 */
static const char *privileged_anyway(const rm_walk *w, const rm_found_sink *s) {
    for (uint32_t i = 0; i < RM_SINK_ARGS; i++) {
        if (s->args[i].carries) {
            return NULL;
        }
    }
    if (s->kernels_rights) {
        return "no caller data, but the file is made or overwritten with the kernel's rights "
               "(no OBJ_FORCE_ACCESS_CHECK)";
    }
    return rm_str_eq(rm_str_from(rm_sink_class_of(w, s)), RM_STR("protection_change"))
               ? "no caller data: whether this caller may change protection is not judged by values"
               : NULL;
}

/* Is it made of one that stands for several, where ways met? */
static bool is_of_several(const rm_walk *w, rm_value value, unsigned depth) {
    if (value.kind != RM_VALUE_SYMBOL || depth > 6) {
        return depth > 6;
    }
    const rm_symbol *s = &w->symbols.at[value.id];
    bool made_of_b = s->op == RM_SYMBOL_ARITH && is_of_several(w, s->b, depth + 1);
    return s->op == RM_SYMBOL_PHI || s->loop || made_of_b ||
           (s->op != RM_SYMBOL_SOURCE && s->op != RM_SYMBOL_FRESH &&
            is_of_several(w, s->a, depth + 1));
}

/* buf[i]: how far a counter runs is the first that is lost. */
static bool is_element(const rm_api *api) {
    return !class_is(api, 0, "config_state") && rm_api_expression(rm_str_from(api->name)) == api;
}

/*
 * Ways were folded because the walk is long: a test may have stood on some of them, or a value was
 * mixed with another.
 */
static bool lost_in_the_fold(const rm_walk *w, const rm_found_sink *s) {
    for (uint32_t i = 0; s->coarse && i < s->guard_count; i++) {
        const rm_sink_guard *g = &s->guards[i];
        if (g->role == RM_GUARD_ELSEWHERE && g->arg < RM_SINK_ARGS && s->args[g->arg].carries) {
            return true;
        }
    }
    for (uint32_t i = 0; s->coarse && i < RM_SINK_ARGS; i++) {
        const rm_argument_verdict *v = &s->args[i];
        rm_validation word = rm_argument_validation(v);
        bool counted = is_element(s->api) && word == RM_VALIDATION_UNVALIDATED;
        if (v->carries && v->symbol != RM_NONE && word < RM_VALIDATION_UNKNOWN &&
            (counted || is_of_several(w, rm_value_symbol(v->symbol), 0))) {
            return true;
        }
    }
    return false;
}

rm_validation rm_sink_validation(const rm_walk *w, const rm_found_sink *s) {
    bool some = false;
    bool open = false;
    rm_validation worst = RM_VALIDATION_VALIDATED;
    for (uint32_t i = 0; i < RM_SINK_ARGS; i++) {
        const rm_argument_verdict *v = &s->args[i];
        if (!v->carries) {
            continue;
        }
        rm_validation word = rm_argument_validation(v);
        some = some || word == RM_VALIDATION_VALIDATED;
        open = open || word == RM_VALIDATION_UNVALIDATED || word == RM_VALIDATION_PARTIAL;
        worst = word < worst ? word : worst;
    }
    rm_validation result = some && open ? RM_VALIDATION_PARTIAL : worst;
    if (result < RM_VALIDATION_UNKNOWN && lost_in_the_fold(w, s)) {
        return RM_VALIDATION_UNKNOWN;
    }
    bool unsure = s->broken || w->limit != NULL || privileged_anyway(w, s) != NULL;
    if (unsure && result > RM_VALIDATION_UNKNOWN) {
        return RM_VALIDATION_UNKNOWN;
    }
    return result;
}

rm_status rm_sink_arguments(rm_arena *arena, const rm_found_sink *s, rm_str *out) {
    rm_buf buf = {.arena = arena};
    for (uint32_t i = 0; i < RM_API_ARGS && s->api->args[i].name != NULL; i++) {
        if (s->args[i].carries) {
            rm_buf_text(&buf, buf.len > 0 ? ", " : "");
            rm_buf_text(&buf, s->api->args[i].name);
        }
    }
    *out = rm_buf_view(&buf);
    return buf.status;
}

rm_status rm_sink_reason(rm_arena *arena, rm_walk *w, const rm_found_sink *s,
                         rm_validation validation, rm_str *out) {
    rm_buf buf = {.arena = arena};
    if (s->broken && validation == RM_VALIDATION_UNKNOWN) {
        rm_buf_str(&buf, s->broken_why);
    } else if (w->limit != NULL && validation == RM_VALIDATION_UNKNOWN) {
        rm_buf_text(&buf, w->limit);
    } else if (lost_in_the_fold(w, s) && validation == RM_VALIDATION_UNKNOWN) {
        rm_buf_text(&buf, "too many ways lead here to keep each apart");
    }
    for (uint32_t i = 0; i < RM_API_ARGS && s->api->args[i].name != NULL; i++) {
        const rm_argument_verdict *v = &s->args[i];
        if (!v->carries) {
            continue;
        }
        rm_buf_text(&buf, buf.len > 0 ? "; " : "");
        rm_buf_text(&buf, s->api->args[i].name);
        if (v->symbol != RM_NONE) {
            rm_str name = rm_symbol_name(w, v->symbol);
            rm_buf_text(&buf, " (");
            rm_buf_str(&buf, name);
            rm_buf_text(&buf, ")");
        }
        rm_buf_text(&buf, ": ");
        rm_buf_str(&buf, v->reason);
    }
    if (buf.len == 0) {
        const char *anyway = privileged_anyway(w, s);
        rm_buf_text(&buf, anyway != NULL ? anyway : "no caller data");
    }
    *out = rm_buf_view(&buf);
    return buf.status;
}
