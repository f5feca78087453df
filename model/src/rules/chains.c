#include "ask.h"

/* CH: requests that a driver sends on. */

static rm_str target_of(const rm_model *m, const rm_forward *f) {
    if (f->to_driver != RM_NONE) {
        return m->drivers.at[f->to_driver].name;
    }
    return f->target.len > 0 ? f->target : RM_STR("the driver below");
}

/* A filter that hands on the very request, which keeps its mode: what the stack is made for. */
static bool is_passed_on(const rm_forward *f) {
    return f->how_found == RM_FOUND_STACK && !f->new_irp && f->code_sent == RM_CODE_RECEIVED &&
           f->requestor_mode_after == RM_AFTER_PRESERVED;
}

/* CH-01: data from a driver is the caller's data unless that driver validated it. */
rm_status rm_judge_ch_01(rm_rule_run *run, uint32_t forward) {
    const rm_model *m = run->model;
    const rm_forward *f = &m->forwards.at[forward];
    uint32_t path = run->worst.of_forward[forward];
    if (path == RM_NONE || f->from_driver == RM_NONE || f->validation == RM_VALIDATION_VALIDATED) {
        return RM_OK;
    }
    rm_str from = m->drivers.at[f->from_driver].name;
    if (f->validation == RM_VALIDATION_UNKNOWN) {
        return rm_rule_undecided(run, f->id, from,
                                 "what is checked before it is sent on is not known", f->place);
    }
    rm_str to = target_of(m, f);
    rm_severity most = is_passed_on(f) ? RM_SEVERITY_LOW : run->rule->severity;
    rm_verdict v = {.severity = rm_rule_by_reach(run, path, most),
                    .subject_id = f->id,
                    .subject = from,
                    .confidence = RM_CONFIDENCE_HIGH,
                    .path = path,
                    .place = f->place,
                    .evidence = f->text,
                    .cause = f->id};
    v.message = rm_rule_say(run, "%.*s hands the caller's data to %.*s, %s%s%.*s", RM_STR_ARG(from),
                            RM_STR_ARG(to), rm_validation_name(f->validation),
                            f->reason.len > 0 ? ": " : "", RM_STR_ARG(f->reason));
    rm_str via = f->via_api.len > 0 ? f->via_api : RM_STR("it is sent on");
    v.fix = rm_rule_say(run,
                        "before %.*s, check every field that %.*s acts on (its range and its "
                        "length); until then give %.*s no more callers than %.*s has",
                        RM_STR_ARG(via), RM_STR_ARG(to), RM_STR_ARG(from), RM_STR_ARG(to));
    return rm_rule_fires(run, &v);
}

/* CH-03: a check that asks the handle's access says nothing to a request from kernel mode. */
rm_status rm_judge_ch_03(rm_rule_run *run, uint32_t forward) {
    const rm_model *m = run->model;
    const rm_forward *f = &m->forwards.at[forward];
    if (f->requestor_mode_after != RM_AFTER_KERNEL || f->to_driver == RM_NONE) {
        return RM_OK;
    }
    for (rm_span s = rm_span_of(&run->of.checks_of_driver, f->to_driver); s.at < s.end; s.at++) {
        const rm_check *c = &m->checks.at[*s.at];
        if (c->kind == RM_CHECK_ACCESS && c->can_refuse == RM_TRI_YES) {
            return rm_rule_fires(
                run, &(rm_verdict){.severity = run->rule->severity,
                                   .subject_id = f->id,
                                   .subject = m->drivers.at[f->to_driver].name,
                                   .message = RM_STR("the target checks the handle's access, and "
                                                     "the request arrives in kernel mode, where "
                                                     "that check always passes"),
                                   .fix = RM_STR("let the sender validate for its caller, or set "
                                                 "RequestorMode of the new request to UserMode"),
                                   .confidence = RM_CONFIDENCE_HIGH,
                                   .path = run->worst.of_forward[forward],
                                   .place = c->place,
                                   .evidence = f->text});
        }
    }
    return RM_OK;
}

/* An OID request is no IRP; a transfer to a USB device asks nobody who sent it. */
static bool is_irp_for_a_driver(const rm_forward *f) {
    return !rm_str_starts(f->via_api, RM_STR("Ndis")) &&
           !rm_str_starts(f->via_api, RM_STR("WdfUsb"));
}

/* CH-02: RequestorMode KernelMode says "from trusted code" of data that is a user's. */
rm_status rm_judge_ch_02(rm_rule_run *run, uint32_t forward) {
    const rm_model *m = run->model;
    const rm_forward *f = &m->forwards.at[forward];
    if (!f->new_irp || !is_irp_for_a_driver(f) || f->from_driver == RM_NONE ||
        f->requestor_mode_after != RM_AFTER_KERNEL) {
        return RM_OK;
    }
    if (f->carries_user_data == RM_TRI_UNKNOWN || f->validation == RM_VALIDATION_UNKNOWN) {
        return rm_rule_undecided(run, f->id, rm_rule_driver(m, f->from_driver),
                                 "whether the new request carries the caller's data unchecked is "
                                 "not known",
                                 f->place);
    }
    if (f->carries_user_data == RM_TRI_NO || f->validation == RM_VALIDATION_VALIDATED) {
        return RM_OK;
    }
    /* one finding a routine and target, wherever and for whichever code it is called */
    rm_str calls = rm_rule_say(run, "%.*s %.*s %.*s", RM_STR_ARG(m->drivers.at[f->from_driver].id),
                               RM_STR_ARG(f->via_api), RM_STR_ARG(target_of(m, f)));
    rm_verdict v = {.severity = rm_rule_by_opener(run, f->from_driver, RM_SEVERITY_HIGH),
                    .subject_id = calls,
                    .subject = rm_rule_driver(m, f->from_driver),
                    .confidence = RM_CONFIDENCE_HIGH,
                    .path = run->worst.of_forward[forward],
                    .place = f->place,
                    .evidence = f->text,
                    .cause = f->id,
                    .follows = true};
    v.message = rm_rule_say(run,
                            "%.*s makes a request in kernel mode that carries the caller's data "
                            "to %.*s, %s",
                            RM_STR_ARG(f->via_api), RM_STR_ARG(target_of(m, f)),
                            rm_validation_name(f->validation));
    v.fix = RM_STR("set Irp->RequestorMode = UserMode before IoCallDriver, or check every field "
                   "first");
    return rm_rule_fires(run, &v);
}

/* CH-04 */
rm_status rm_judge_ch_04(rm_rule_run *run, uint32_t forward) {
    const rm_model *m = run->model;
    const rm_forward *f = &m->forwards.at[forward];
    uint32_t path = run->worst.of_forward[forward];
    bool opens = f->how_found == RM_FOUND_NAME || f->how_found == RM_FOUND_INTERFACE ||
                 f->how_found == RM_FOUND_USER_CHOSEN;
    bool checked = f->validation == RM_VALIDATION_VALIDATED || f->carries_user_data == RM_TRI_NO;
    if (path == RM_NONE || f->from_driver == RM_NONE || !opens || checked) {
        return RM_OK; /* a driver that checks what it sends on may have what its caller may not */
    }
    if (f->to_device == RM_NONE) {
        return rm_rule_undecided(run, f->id, rm_rule_driver(m, f->from_driver),
                                 "the device that it opens is not in the model", f->place);
    }
    rm_str origin = m->paths.at[path].origin;
    uint32_t row = rm_ask_access(run, origin, f->to_device);
    if (row == RM_NONE || m->accesses.at[row].dacl_grants) {
        return RM_OK;
    }
    rm_verdict v = {.severity = rm_rule_by_reach(run, path, RM_SEVERITY_HIGH),
                    .subject_id = f->id,
                    .subject = rm_rule_driver(m, f->from_driver),
                    .confidence = RM_CONFIDENCE_HIGH,
                    .path = path,
                    .place = f->place,
                    .evidence = f->text,
                    .cause = f->id,
                    .follows = true};
    v.message = rm_rule_say(run, "%.*s may not open %.*s, and %.*s does it in its place",
                            RM_STR_ARG(origin), RM_STR_ARG(rm_device_title(m, f->to_device)),
                            RM_STR_ARG(v.subject));
    v.fix = RM_STR("open it with a forced access check (IO_FORCE_ACCESS_CHECK) in the caller's "
                   "context, or let no caller through who may not open the target");
    return rm_rule_fires(run, &v);
}

rm_status rm_judge_ch_04_opens(rm_rule_run *run, uint32_t index) {
    const rm_observation *o = &run->model->observations.at[index];
    if (o->kind != RM_OBSERVED_BROAD_OPEN) {
        return RM_OK;
    }
    rm_verdict v = rm_observed_verdict(run, o);
    v.severity = v.severity < RM_SEVERITY_MEDIUM ? v.severity : RM_SEVERITY_MEDIUM;
    v.message =
        rm_rule_say(run, "another driver's device is opened with %.*s", RM_STR_ARG(o->subject));
    v.fix = RM_STR("ask for what is used: FILE_READ_DATA, FILE_WRITE_DATA or both");
    return rm_rule_fires(run, &v);
}

/* CH-05: below the top driver the caller's context, and with it his pointers, may be gone. */
rm_status rm_judge_ch_05(rm_rule_run *run, uint32_t forward) {
    const rm_model *m = run->model;
    const rm_forward *f = &m->forwards.at[forward];
    const rm_entry *e = f->entry == RM_NONE ? NULL : &m->entries.at[f->entry];
    if (e == NULL || e->kind != RM_ENTRY_IOCTL || !e->has_code || (e->code & 3u) != 3u ||
        !rm_ask_is_own_code(run, f->entry) || f->from_driver == RM_NONE ||
        f->carries_user_data == RM_TRI_NO ||
        (f->code_sent != RM_CODE_RECEIVED && (f->code_sent < 0 || (f->code_sent & 3) != 3))) {
        return RM_OK;
    }
    rm_verdict v = {.severity = rm_rule_by_opener(run, f->from_driver, RM_SEVERITY_HIGH),
                    .subject_id = f->id,
                    .subject = rm_rule_driver(m, f->from_driver),
                    .confidence = RM_CONFIDENCE_MEDIUM,
                    .path = run->worst.of_forward[forward],
                    .place = f->place,
                    .evidence = f->text,
                    .cause = f->id};
    v.message = rm_rule_say(run,
                            "%.*s is METHOD_NEITHER and goes on to %.*s with the caller's "
                            "pointers",
                            RM_STR_ARG(e->name), RM_STR_ARG(target_of(m, f)));
    v.fix = RM_STR("capture the buffers in the top driver and send on a METHOD_BUFFERED request of "
                   "its own");
    return rm_rule_fires(run, &v);
}

/* ---- CH-06 ---- */

static bool is_extension(const rm_model *m, rm_str inf) {
    return rm_str_ieq(rm_ask_directive(m, inf, RM_STR("Version"), RM_STR("Class")),
                      RM_STR("Extension"));
}

/* FLG_ADDREG_APPEND (8) in the flags, the fourth field of an AddReg line. */
static bool appends(rm_str value) {
    rm_str rest = value;
    size_t at = 0;
    uint64_t flags = 0;
    for (unsigned i = 0; i < 3; i++) {
        if (!rm_str_find_char(rest, ',', &at)) {
            return true;
        }
        rest = rm_str_slice(rest, at + 1, rest.len);
    }
    at = rest.len;
    (void)rm_str_find_char(rest, ',', &at);
    return !rm_str_u64(rm_str_trim(rm_str_slice(rest, 0, at)), &flags) || (flags & 8) != 0;
}

rm_status rm_judge_ch_06(rm_rule_run *run, uint32_t index) {
    static const char *const lists[] = {"UpperFilters", "LowerFilters", NULL};
    const rm_model *m = run->model;
    const rm_directive *d = &m->directives.at[index];
    if (!rm_ask_in(d->name, lists) || appends(d->value) || !is_extension(m, d->inf)) {
        return RM_OK;
    }
    rm_verdict v = rm_driver_verdict(run, RM_NONE, d->place);
    v.subject_id = rm_rule_say(run, "%.*s %.*s", RM_STR_ARG(v.subject_id), RM_STR_ARG(d->name));
    v.evidence = d->value;
    v.message = rm_rule_say(run,
                            "an extension INF replaces %.*s: filters that the base INF or "
                            "others put there are gone",
                            RM_STR_ARG(d->name));
    v.fix = RM_STR("use AddFilter in a DDInstall.Filters section, or the append flag 0x00010008");
    return rm_rule_fires(run, &v);
}

rm_status rm_judge_ch_06_settings(rm_rule_run *run, uint32_t index) {
    const rm_model *m = run->model;
    const rm_registry_setting *s = &m->settings.at[index];
    if (!s->has_sddl || s->class_level || !is_extension(m, s->place.file)) {
        return RM_OK;
    }
    rm_verdict v = rm_driver_verdict(run, s->driver, s->place);
    v.subject_id = rm_rule_say(run, "%.*s security", RM_STR_ARG(rm_ask_package(m, s->place.file)));
    v.evidence = s->sddl;
    v.message = rm_rule_say(run,
                            "an extension INF sets the device's descriptor, %.*s, over the "
                            "base INF's",
                            RM_STR_ARG(s->sddl));
    v.fix = RM_STR("leave Security to the base INF");
    return rm_rule_fires(run, &v);
}

/* ---- CH-07 ---- */

static bool ignores_returned(const rm_rule_run *run, const rm_forward *f) {
    for (rm_span s = rm_span_of(&run->of.observations_of_driver, f->from_driver); s.at < s.end;
         s.at++) {
        const rm_observation *o = &run->model->observations.at[*s.at];
        if (o->kind == RM_OBSERVED_RETURNED_IGNORED && o->place.line == f->place.line &&
            rm_str_eq(o->place.file, f->place.file)) {
            return true;
        }
    }
    return false;
}

rm_status rm_judge_ch_07(rm_rule_run *run, uint32_t forward) {
    const rm_model *m = run->model;
    const rm_forward *f = &m->forwards.at[forward];
    if (f->to_driver == RM_NONE || f->from_driver == RM_NONE ||
        m->drivers.at[f->to_driver].mode != RM_DRIVER_MODE_USER ||
        m->drivers.at[f->from_driver].mode != RM_DRIVER_MODE_KERNEL) {
        return RM_OK;
    }
    if (!ignores_returned(run, f)) {
        return rm_rule_undecided(run, f->id, rm_rule_driver(m, f->from_driver),
                                 "what it makes of the user-mode driver's answer is not known",
                                 f->place);
    }
    rm_verdict v = rm_driver_verdict(run, f->from_driver, f->place);
    v.subject_id = f->id;
    v.evidence = f->text;
    v.message = rm_rule_say(run,
                            "the answer of %.*s, which runs in user mode, is used without a "
                            "look at how much of it was written",
                            RM_STR_ARG(target_of(m, f)));
    v.fix = RM_STR("pass BytesReturned, compare it with the size that is read, and check every "
                   "field of the answer");
    return rm_rule_fires(run, &v);
}
