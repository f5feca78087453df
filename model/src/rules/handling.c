#include "aces.h"
#include "ask.h"
#include "model/ioctl.h"

/* IV: how requests are handled and their values checked. */

/* What a rule makes of an observation: one finding a function, or one a driver. */
static const struct {
    const char *rule;
    rm_observed kind;
    rm_severity severity;
    bool by_driver;
    const char *message; /* its %.*s is the observation's subject */
    const char *fix;
} seen[] = {
    {"IV-01", RM_OBSERVED_DEFAULT_SUCCEEDS, RM_SEVERITY_MEDIUM, false,
     "codes that no case names complete with success (%.*s)",
     "complete them with STATUS_INVALID_DEVICE_REQUEST"},
    {"IV-01", RM_OBSERVED_CODE_MASKED, RM_SEVERITY_MEDIUM, false,
     "only some bits of the control code are compared: %.*s",
     "compare the whole 32-bit code: its access and method bits are what the I/O manager checked"},
    {"IV-02", RM_OBSERVED_NO_LEAST_LENGTH, RM_SEVERITY_HIGH, false,
     "%.*s takes a buffer of any length and does not ask how long it is",
     "pass sizeof of the structure as the minimum length"},
    {"IV-04", RM_OBSERVED_LENGTH_SUM, RM_SEVERITY_HIGH, false,
     "the caller's number is added or multiplied in a length check, and can wrap: %.*s",
     "compare it with the length minus the rest (or divided), or use RtlULongAdd, RtlULongMult"},
    {"IV-04", RM_OBSERVED_SUM_COMPARED, RM_SEVERITY_HIGH, false,
     "a length of the caller's is added to before it is compared, and the sum can wrap: %.*s",
     "subtract from the other side: compare the length with sizeof less what was added"},
    {"IV-07", RM_OBSERVED_MDL_UNCHECKED, RM_SEVERITY_MEDIUM, true,
     "the address of the MDL in %.*s is used without a look whether it is NULL",
     "fail the request with STATUS_INSUFFICIENT_RESOURCES when it is NULL"},
    {"IV-12", RM_OBSERVED_ASSERTED_ONLY, RM_SEVERITY_MEDIUM, false,
     "%.*s is asserted, and nothing checks it in a release build",
     "check it with if, and fail the request"},
    {"IV-13", RM_OBSERVED_CHAINED_COMPARISON, RM_SEVERITY_HIGH, false,
     "%.*s compares the result of the first comparison, 0 or 1, with the last value",
     "write both comparisons, joined by &&"},
    {"IV-13", RM_OBSERVED_ASSIGNED_CONDITION, RM_SEVERITY_HIGH, false,
     "%.*s assigns where it should compare", "write =="},
    {"IV-14", RM_OBSERVED_UNSAFE_CALL, RM_SEVERITY_MEDIUM, true,
     "%.*s does not know how large its destination is",
     "use the RtlStringCb or RtlStringCch routine for it"},
    {"IV-14", RM_OBSERVED_EXECUTABLE_MEMORY, RM_SEVERITY_MEDIUM, true,
     "%.*s makes memory that is writable and executable",
     "allocate with POOL_FLAG_NON_PAGED or NonPagedPoolNx, map with PAGE_READWRITE"},
};

/* A comparison of a parameter counts where the function does something with the caller's values. */
static uint32_t loose_sink_there(const rm_rule_run *run, const rm_observation *o) {
    for (rm_span s = rm_span_of(&run->of.sinks_of_driver, o->driver); s.at < s.end; s.at++) {
        const rm_sink_call *call = &run->model->sinks.at[*s.at];
        if (rm_sink_is_loose(call) && rm_str_eq(call->function, o->function)) {
            return *s.at;
        }
    }
    return RM_NONE;
}

/* The codes that a filter does not know go on to the driver below, which refuses them. */
static bool hands_on(const rm_rule_run *run, uint32_t driver) {
    const rm_model *m = run->model;
    for (uint32_t i = 0; i < m->forwards.count; i++) {
        const rm_forward *f = &m->forwards.at[i];
        if (f->from_driver == driver && !f->new_irp && f->code_sent == RM_CODE_RECEIVED) {
            return true;
        }
    }
    return false;
}

static bool is_no_matter(const rm_rule_run *run, const rm_observation *o) {
    return (o->kind == RM_OBSERVED_SUM_COMPARED && loose_sink_there(run, o) == RM_NONE) ||
           (o->kind == RM_OBSERVED_DEFAULT_SUCCEEDS && o->driver != RM_NONE &&
            hands_on(run, o->driver));
}

rm_status rm_judge_iv_observed(rm_rule_run *run, uint32_t index) {
    const rm_observation *o = &run->model->observations.at[index];
    for (size_t i = 0; i < sizeof seen / sizeof seen[0]; i++) {
        if (o->kind != seen[i].kind ||
            !rm_str_eq(rm_str_from(run->rule->id), rm_str_from(seen[i].rule)) ||
            is_no_matter(run, o)) {
            continue;
        }
        rm_verdict v = rm_observed_verdict(run, o);
        v.severity = rm_rule_by_opener(run, o->driver, seen[i].severity);
        if (o->kind == RM_OBSERVED_SUM_COMPARED) {
            v.severity = rm_sink_verdict(run, loose_sink_there(run, o), v.severity).severity;
        }
        if (seen[i].by_driver) {
            v.subject_id = rm_driver_verdict(run, o->driver, o->place).subject_id;
        }
        rm_str text = rm_str_from(seen[i].message);
        size_t at = text.len;
        (void)rm_str_find(text, RM_STR("%.*s"), &at);
        v.message = rm_rule_say(run, "%.*s%.*s%.*s", (int)at, text.ptr, RM_STR_ARG(o->subject),
                                RM_STR_ARG(rm_str_slice(text, at + 4, text.len)));
        v.fix = rm_rule_say(run, "in %.*s: %s", RM_STR_ARG(o->function), seen[i].fix);
        return rm_rule_fires(run, &v);
    }
    return RM_OK;
}

/* ---- raw pointers ---- */

/* What PB-05 says of an operation that goes through the pointer: the same probe mends both. */
static rm_str cause_of_use(rm_rule_run *run, uint32_t entry) {
    size_t at = 0;
    for (rm_span s = rm_span_of(&run->of.sinks_of_entry, entry); s.at < s.end; s.at++) {
        const rm_sink_call *call = &run->model->sinks.at[*s.at];
        if (rm_sink_is_loose(call) && rm_rule_of_class(call->class_name)[0] != '\0' &&
            rm_str_find(call->reason, RM_STR("without a probe"), &at)) {
            return rm_sink_verdict(run, *s.at, RM_SEVERITY_CRITICAL).cause;
        }
    }
    return RM_STR_NONE;
}

/* IV-05 */
rm_status rm_judge_iv_05(rm_rule_run *run, uint32_t index) {
    const rm_model *m = run->model;
    const rm_input *in = &m->inputs.at[index];
    bool raw = in->buffer == RM_BUFFER_TYPE3 || in->buffer == RM_BUFFER_USER;
    const rm_entry *e = in->entry == RM_NONE ? NULL : &m->entries.at[in->entry];
    if (e == NULL || !raw || (e->kind != RM_ENTRY_IOCTL && e->kind != RM_ENTRY_FSCTL) ||
        (e->has_code && rm_ioctl_decode(e->code).method != RM_METHOD_NEITHER) ||
        !rm_ask_is_own_code(run, in->entry) || rm_ask_checked(run, in->entry, RM_CHECK_PROBE)) {
        return RM_OK;
    }
    if (in->validation == RM_VALIDATION_UNKNOWN) {
        return rm_rule_undecided(run, in->id, in->name, "whether it is probed is not known",
                                 in->place);
    }
    if (in->validation == RM_VALIDATION_VALIDATED) {
        return RM_OK;
    }
    rm_verdict v = rm_handled_verdict(run, in->entry, in->place);
    v.cause = cause_of_use(run, in->entry);
    v.follows = v.cause.len > 0;
    v.message = rm_rule_say(run, "%.*s uses %.*s, a pointer of the caller, and nothing probes it",
                            RM_STR_ARG(e->name), RM_STR_ARG(in->name));
    v.fix = rm_rule_say(run,
                        "inside __try, in the caller's context: ProbeForRead (ProbeForWrite for "
                        "output) of %.*s with its length, then copy it and use the copy",
                        RM_STR_ARG(in->name));
    return rm_rule_fires(run, &v);
}

/* IV-06: a pointer that was found in the caller's data. */
rm_status rm_judge_iv_06(rm_rule_run *run, uint32_t index) {
    const rm_model *m = run->model;
    const rm_input *in = &m->inputs.at[index];
    if (in->buffer != RM_BUFFER_EMBEDDED || in->entry == RM_NONE) {
        return RM_OK;
    }
    if (in->validation == RM_VALIDATION_UNKNOWN) {
        return rm_rule_undecided(run, in->id, in->name, "whether it is probed is not known",
                                 in->place);
    }
    if (in->validation == RM_VALIDATION_VALIDATED) {
        return RM_OK;
    }
    rm_verdict v = rm_handled_verdict(run, in->entry, in->place);
    v.message = rm_rule_say(run, "%.*s follows %.*s, a pointer that the caller wrote",
                            RM_STR_ARG(m->entries.at[in->entry].name), RM_STR_ARG(in->name));
    v.fix = rm_rule_say(run,
                        "replace %.*s by an offset into the buffer, or capture, probe and use "
                        "it inside __try",
                        RM_STR_ARG(in->name));
    return rm_rule_fires(run, &v);
}

rm_status rm_judge_iv_06_sinks(rm_rule_run *run, uint32_t sink) {
    static const char *const through[] = {"virt_read", "virt_write", NULL};
    const rm_sink_call *call = &run->model->sinks.at[sink];
    bool follows_pointer =
        rm_str_starts(call->api, RM_STR("*")) || rm_str_iends(call->api, RM_STR("*p"));
    size_t at = 0;
    if (!rm_ask_in(call->class_name, through) || !rm_sink_is_loose(call) ||
        !(follows_pointer || rm_str_find(call->argument, RM_STR("->"), &at))) {
        return RM_OK;
    }
    rm_verdict v = rm_sink_verdict(run, sink, RM_SEVERITY_CRITICAL);
    v.follows = true;
    v.message = rm_rule_say(run, "an address of the caller's is followed unprobed: %.*s",
                            RM_STR_ARG(call->text));
    v.fix = RM_STR("replace the pointer by an offset into the buffer, or capture, probe and use it "
                   "inside __try");
    return rm_rule_fires(run, &v);
}

/* ---- by class of operation ---- */

static const struct {
    const char *rule;
    const char *class_name;
    const char *api; /* it begins with; NULL: any */
    rm_severity severity;
    const char *message;
    const char *fix;
} operations[] = {
    {"IV-03", "info_leak", NULL, RM_SEVERITY_HIGH, "the caller gets bytes that were not written",
     "zero the buffer first, and set Information to what was written and no more"},
    {"IV-03", "uninit", NULL, RM_SEVERITY_HIGH, "memory is used before it is written",
     "initialise it where it is declared or allocated"},
    {"IV-08", "double_fetch", NULL, RM_SEVERITY_HIGH,
     "the caller can change it between the check and the use",
     "copy it once, check the copy and use the copy"},
    {"IV-09", "handle_open", "ObReferenceObject", RM_SEVERITY_HIGH,
     "a handle of the caller's is resolved as the kernel's or without a type",
     "pass the object type, the access that is needed and Irp->RequestorMode"},
    {"IV-10", "file_open", "Zw", RM_SEVERITY_HIGH, "the caller names what the kernel opens",
     "set OBJ_FORCE_ACCESS_CHECK and OBJ_KERNEL_HANDLE, or open a name of the driver's own"},
    {"IV-10", "file_delete", "Zw", RM_SEVERITY_HIGH, "the caller names what the kernel deletes",
     "set OBJ_FORCE_ACCESS_CHECK, or delete a name of the driver's own"},
    {"IV-10", "registry_open", "Zw", RM_SEVERITY_HIGH,
     "the caller names the key that the kernel opens",
     "set OBJ_FORCE_ACCESS_CHECK and OBJ_KERNEL_HANDLE, or open a key of the driver's own"},
    {"IV-10", "device_open_by_name", "Zw", RM_SEVERITY_HIGH,
     "the caller names the device that the kernel opens",
     "set OBJ_FORCE_ACCESS_CHECK and OBJ_KERNEL_HANDLE, or open a name of the driver's own"},
    {"IV-10", "process_open", "Zw", RM_SEVERITY_HIGH,
     "the caller names the process that the kernel opens",
     "set OBJ_FORCE_ACCESS_CHECK, ask for the least access, and keep the handle in the kernel"},
    {"IV-10", "thread_open", "Zw", RM_SEVERITY_HIGH,
     "the caller names the thread that the kernel opens",
     "set OBJ_FORCE_ACCESS_CHECK, ask for the least access, and keep the handle in the kernel"},
};

rm_status rm_judge_iv_operation(rm_rule_run *run, uint32_t sink) {
    const rm_sink_call *call = &run->model->sinks.at[sink];
    for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++) {
        if (!rm_str_eq(rm_str_from(run->rule->id), rm_str_from(operations[i].rule)) ||
            !rm_str_eq(call->class_name, rm_str_from(operations[i].class_name)) ||
            (operations[i].api != NULL &&
             !rm_str_starts(call->api, rm_str_from(operations[i].api)))) {
            continue;
        }
        if (call->validation == RM_VALIDATION_UNKNOWN) {
            return rm_rule_undecided(run, call->id, call->api,
                                     "whether the caller's value gets there unchecked is not known",
                                     call->place);
        }
        if (!rm_sink_is_loose(call)) {
            return RM_OK;
        }
        rm_verdict v = rm_sink_verdict(run, sink, operations[i].severity);
        v.message = rm_rule_say(run, "%s: %.*s, %.*s %s%s%.*s", operations[i].message,
                                RM_STR_ARG(call->api), RM_STR_ARG(call->argument),
                                rm_validation_name(call->validation),
                                call->reason.len > 0 ? ": " : "", RM_STR_ARG(call->reason));
        v.fix = rm_sink_fix(run, call, operations[i].fix);
        return rm_rule_fires(run, &v);
    }
    return RM_OK;
}

/* ---- checks ---- */

/* IV-11 */
rm_status rm_judge_iv_11(rm_rule_run *run, uint32_t check) {
    static const rm_check_kind others[] = {RM_CHECK_PRIVILEGE, RM_CHECK_ACCESS, RM_CHECK_CALLER};
    const rm_model *m = run->model;
    const rm_check *c = &m->checks.at[check];
    if (c->kind != RM_CHECK_REQUESTOR_MODE || c->entry == RM_NONE || c->can_refuse != RM_TRI_YES ||
        rm_ask_sink_of_entry(run, c->entry, 500) == RM_NONE) {
        return RM_OK;
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (rm_ask_checked(run, c->entry, others[i])) {
            return RM_OK;
        }
    }
    rm_verdict v = rm_handled_verdict(run, c->entry, c->place);
    v.confidence = RM_CONFIDENCE_MEDIUM;
    v.message = rm_rule_say(run,
                            "%.*s refuses by RequestorMode alone, and any driver below which it "
                            "stands can send KernelMode for a user",
                            RM_STR_ARG(m->entries.at[c->entry].name));
    v.fix = RM_STR("check a privilege or the handle's access too, or serve the code in "
                   "IRP_MJ_INTERNAL_DEVICE_CONTROL");
    return rm_rule_fires(run, &v);
}

/* IV-13 */
rm_status rm_judge_iv_13(rm_rule_run *run, uint32_t check) {
    const rm_model *m = run->model;
    const rm_check *c = &m->checks.at[check];
    if (c->well_formed != RM_TRI_NO || c->entry == RM_NONE) {
        return RM_OK;
    }
    rm_verdict v = rm_handled_verdict(run, c->entry, c->place);
    v.subject_id = rm_rule_say(run, "%.*s %.*s", RM_STR_ARG(v.subject_id), RM_STR_ARG(c->argument));
    v.message = rm_rule_say(run, "the check of %.*s (%s) does not do what it looks like",
                            RM_STR_ARG(c->argument), rm_check_kind_name(c->kind));
    v.fix = rm_rule_say(run,
                        "compare %.*s with both bounds, each in a comparison of its own, in "
                        "its own type",
                        RM_STR_ARG(c->argument));
    return rm_rule_fires(run, &v);
}
