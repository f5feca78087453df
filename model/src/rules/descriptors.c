#include "aces.h"
#include "ask.h"
#include "model/access.h"
#include "model/effective.h"

/* DS-05 to DS-08, and what other packages' descriptors grant: the ACEs themselves. */

enum {
    DELETE_OBJECT = 0x10000,
    WRITE_DAC = 0x40000,
    WRITE_OWNER = 0x80000,
    SERVICE_CHANGE = 0x2,
    SERVICE_RUN = 0x10 | 0x20 | 0x40, /* start, stop, pause */
    KEY_WRITE = 0x2 | 0x4 | 0x20      /* set value, create subkey, create link */
};

static bool is_written(const rm_descriptor *row) {
    return row->source == RM_SDDL_CODE || row->source == RM_SDDL_INF_DEVICE ||
           row->source == RM_SDDL_INF_CLASS || row->source == RM_SDDL_FILE ||
           row->source == RM_SDDL_FACTS;
}

static rm_verdict verdict_of(const rm_rule_run *run, const rm_descriptor *row) {
    const rm_model *m = run->model;
    bool device =
        (row->subject_kind == RM_SUBJECT_DEVICE || row->subject_kind == RM_SUBJECT_PORT) &&
        row->subject != RM_NONE;
    rm_str name = device ? rm_device_title(m, row->subject) : row->subject_name;
    return (rm_verdict){.severity = run->rule->severity,
                        .subject_id = row->id,
                        .subject =
                            name.len > 0 ? name : rm_str_from(rm_subject_name(row->subject_kind)),
                        .confidence = RM_CONFIDENCE_HIGH,
                        .path = device ? run->worst.of_granted[row->subject] : RM_NONE,
                        .place = row->place,
                        .evidence = row->sddl};
}

/* The first ACE that grants any of `bits` to somebody who is not trusted; NULL: none. */
static const rm_ace *grants(const rm_security *sd, rm_object_type type, uint32_t bits) {
    for (uint32_t i = 0; sd != NULL && sd->dacl.present && i < sd->dacl.aces.count; i++) {
        if (rm_ace_grants(&sd->dacl.aces.at[i], type, bits)) {
            return &sd->dacl.aces.at[i];
        }
    }
    return NULL;
}

/* (A;;CC;;;WD) */
static rm_str ace_of(rm_rule_run *run, const rm_security *sd, const rm_ace *ace) {
    rm_ace_text text;
    const rm_sid *domain = sd->has_domain ? &sd->domain : NULL;
    return rm_ace_texts(run->model->arena, ace, domain, &text) == RM_OK
               ? rm_rule_say(run, "(%.*s;%.*s;%.*s;;;%.*s)", RM_STR_ARG(text.type),
                             RM_STR_ARG(text.flags), RM_STR_ARG(text.rights), RM_STR_ARG(text.sid))
               : RM_STR("the ACE of Everyone");
}

static rm_str sid_of(rm_rule_run *run, const rm_security *sd, const rm_ace *ace) {
    rm_ace_text text;
    const rm_sid *domain = sd->has_domain ? &sd->domain : NULL;
    return rm_ace_texts(run->model->arena, ace, domain, &text) == RM_OK ? text.sid : RM_STR_NONE;
}

/* A finding when the descriptor grants `bits` too widely. */
static rm_status too_wide(rm_rule_run *run, const rm_descriptor *row, uint32_t bits,
                          const char *what, rm_str cause) {
    const rm_security *sd = NULL;
    rm_status st = rm_descriptor_security(run->model->arena, run->model, row, &sd);
    const rm_ace *ace = st == RM_OK ? grants(sd, rm_subject_object(row->subject_kind), bits) : NULL;
    if (ace == NULL) {
        return st;
    }
    rm_verdict v = verdict_of(run, row);
    v.cause = cause;
    if (rm_sid_is_service(&ace->sid) && v.severity > RM_SEVERITY_MEDIUM) {
        v.severity = RM_SEVERITY_MEDIUM;
    }
    v.message = rm_rule_say(run, "%.*s lets %.*s %s", RM_STR_ARG(row->sddl),
                            RM_STR_ARG(sid_of(run, sd, ace)), what);
    st = rm_aces_fix(run, row, bits, &v.fix);
    return st == RM_OK ? rm_rule_fires(run, &v) : st;
}

/* DS-05 */
rm_status rm_judge_ds_05(rm_rule_run *run, uint32_t device) {
    const rm_model *m = run->model;
    const rm_device *d = &m->devices.at[device];
    if (d->descriptor == RM_NONE || d->filter || !is_written(&m->descriptors.at[d->descriptor])) {
        return RM_OK;
    }
    return too_wide(run, &m->descriptors.at[d->descriptor], WRITE_DAC | WRITE_OWNER,
                    "change the descriptor itself", rm_device_cause(run, device));
}

/* ---- DS-06 ---- */

enum { ACE_DENIED = 1 };

/* A denial behind an ACE that has granted the same to the same SID: it never takes effect. */
static const rm_ace *late_denial(const rm_security *sd, rm_object_type type) {
    for (uint32_t i = 0; i < sd->dacl.aces.count; i++) {
        const rm_ace *deny = &sd->dacl.aces.at[i];
        for (uint32_t k = 0; deny->type == ACE_DENIED && k < i; k++) {
            const rm_ace *allow = &sd->dacl.aces.at[k];
            bool everyone = allow->sid.authority == 1 && allow->sid.sub[0] == 0;
            if (allow->type == 0 && (everyone || rm_sid_eq(&allow->sid, &deny->sid)) &&
                (rm_ace_mask(allow, type) & rm_ace_mask(deny, type)) != 0) {
                return deny;
            }
        }
    }
    return NULL;
}

rm_status rm_judge_ds_06(rm_rule_run *run, uint32_t index) {
    const rm_model *m = run->model;
    const rm_descriptor *row = &m->descriptors.at[index];
    const rm_security *sd = NULL;
    rm_verdict v = verdict_of(run, row);
    if (!is_written(row) || row->sddl.len == 0 || row->subject_kind == RM_SUBJECT_FILE) {
        return RM_OK;
    }
    rm_status st = rm_descriptor_security(run->model->arena, m, row, &sd);
    if (st != RM_OK || sd == NULL) {
        return st != RM_OK ? st
                           : rm_rule_undecided(run, row->id, v.subject,
                                               "the descriptor cannot be parsed", row->place);
    }
    if (!sd->dacl.present || sd->dacl.null) {
        v.message = RM_STR("the descriptor has no DACL: everyone gets everything");
    } else if (late_denial(sd, rm_subject_object(row->subject_kind)) != NULL) {
        v.message = RM_STR("a denial stands behind what it denies, where it never takes effect");
        v.fix = RM_STR("put every (D;…) before the (A;…) ACEs");
    } else if (!sd->dacl.is_protected && row->subject_kind == RM_SUBJECT_DEVICE) {
        v.severity = RM_SEVERITY_LOW;
        v.message = RM_STR("the DACL is not protected: ACEs may be inherited into it");
        v.fix = RM_STR("write D:P instead of D:");
    } else {
        return RM_OK;
    }
    if (v.fix.len == 0) {
        v.fix =
            RM_STR("give it a DACL: D:P(A;;GA;;;SY)(A;;GA;;;BA), and more only for who needs it");
    }
    return rm_rule_fires(run, &v);
}

/* Keeps the first breach that the subset's check tells of. */
static void keep_first(void *payload, rm_level level, rm_loc loc, const char *id, rm_str text) {
    rm_buf *first = payload;
    (void)level;
    (void)loc;
    (void)id;
    if (first->len == 0) {
        rm_buf_str(first, text);
    }
}

/* DS-07: IoCreateDeviceSecure and WdfDeviceInitAssignSDDLString take a part of SDDL only. */
rm_status rm_judge_ds_07(rm_rule_run *run, uint32_t descriptor) {
    const rm_model *m = run->model;
    const rm_descriptor *row = &m->descriptors.at[descriptor];
    const rm_security *security = NULL;
    rm_buf first = {.arena = m->arena};
    rm_sink sink = {.emit = keep_first, .payload = &first};
    if (row->source != RM_SDDL_CODE || row->subject_kind != RM_SUBJECT_DEVICE ||
        row->subject == RM_NONE) {
        return RM_OK;
    }
    rm_status st = rm_descriptor_security(m->arena, m, row, &security);
    if (st != RM_OK || security == NULL) {
        return st;
    }
    rm_sddl_kernel_subset(&sink, row->place, security);
    if (first.status != RM_OK || first.len == 0) {
        return first.status;
    }
    return rm_rule_fires(
        run, &(rm_verdict){.severity = run->rule->severity,
                           .subject_id = row->id,
                           .subject = rm_device_title(m, row->subject),
                           .message = rm_buf_view(&first),
                           .fix = RM_STR("keep to D:P and (A;;access;;;SID) with the documented "
                                         "rights and SIDs, or set the descriptor in the INF, which "
                                         "takes all of SDDL"),
                           .confidence = RM_CONFIDENCE_HIGH,
                           .path = RM_NONE,
                           .place = row->place,
                           .evidence = row->sddl});
}

/* ---- DS-08 ---- */

/* Whom the INF's descriptor gives more than the code's did; an empty name: nobody below admin. */
static rm_status more_than(rm_rule_run *run, const rm_security *inf, const rm_security *code,
                           rm_str *who, uint32_t *bits) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < run->principals.count && who->len == 0; i++) {
        const rm_principal *p = &run->principals.at[i];
        rm_access_answer wide;
        rm_access_answer narrow;
        if (p->disparity <= 250) {
            continue;
        }
        st = rm_access_answer_of(run->scratch, inf, &p->token, RM_OBJECT_DEVICE, &wide);
        if (st == RM_OK) {
            st = rm_access_answer_of(run->scratch, code, &p->token, RM_OBJECT_DEVICE, &narrow);
        }
        if (st == RM_OK && (wide.dacl & ~narrow.dacl) != 0) {
            *who = p->name;
            *bits = wide.dacl & ~narrow.dacl;
        }
    }
    return st;
}

rm_status rm_judge_ds_08(rm_rule_run *run, uint32_t index) {
    const rm_model *m = run->model;
    const rm_descriptor *row = &m->descriptors.at[index];
    const rm_security *inf = NULL;
    const rm_security *code = NULL;
    rm_str who = RM_STR_NONE;
    uint32_t bits = 0;
    if (row->source != RM_SDDL_CODE || row->subject_kind != RM_SUBJECT_DEVICE ||
        row->outranked_by == RM_NONE || row->subject == RM_NONE) {
        return RM_OK;
    }
    const rm_descriptor *winner = &m->descriptors.at[row->outranked_by];
    rm_status st = winner->source != RM_SDDL_INF_DEVICE && winner->source != RM_SDDL_INF_CLASS
                       ? RM_OK
                       : rm_descriptor_security(m->arena, m, winner, &inf);
    if (st == RM_OK) {
        st = rm_descriptor_security(m->arena, m, row, &code);
    }
    if (st == RM_OK && inf != NULL && code != NULL) {
        st = more_than(run, inf, code, &who, &bits);
    }
    if (st != RM_OK || who.len == 0) {
        return st;
    }
    rm_verdict v = verdict_of(run, winner);
    v.subject_id = m->devices.at[row->subject].id;
    v.cause = rm_device_cause(run, row->subject);
    v.follows = true;
    v.message = rm_rule_say(run,
                            "the INF gives %.*s 0x%x more than the descriptor in code at "
                            "%.*s:%u, %.*s",
                            RM_STR_ARG(who), (unsigned)bits, RM_STR_ARG(row->place.file),
                            (unsigned)row->place.line, RM_STR_ARG(row->sddl));
    v.fix = rm_rule_say(run,
                        "set Security in the INF to %.*s, or write down why it has to be "
                        "looser",
                        RM_STR_ARG(row->sddl));
    return rm_rule_fires(run, &v);
}

/* ---- services, keys, files ---- */

/* IN-01 */
rm_status rm_judge_in_01(rm_rule_run *run, uint32_t index) {
    const rm_descriptor *row = &run->model->descriptors.at[index];
    return row->subject_kind != RM_SUBJECT_SERVICE
               ? RM_OK
               : too_wide(run, row,
                          SERVICE_RUN | SERVICE_CHANGE | DELETE_OBJECT | WRITE_DAC | WRITE_OWNER,
                          "start, stop or change the service", RM_STR_NONE);
}

/* IN-02 */
rm_status rm_judge_in_02(rm_rule_run *run, uint32_t index) {
    const rm_descriptor *row = &run->model->descriptors.at[index];
    return row->subject_kind != RM_SUBJECT_KEY
               ? RM_OK
               : too_wide(run, row, KEY_WRITE | DELETE_OBJECT | WRITE_DAC | WRITE_OWNER,
                          "write to the key", RM_STR_NONE);
}

/* IN-03: files that the package installs. */
rm_status rm_judge_in_03_files(rm_rule_run *run, uint32_t index) {
    const rm_descriptor *row = &run->model->descriptors.at[index];
    return row->subject_kind != RM_SUBJECT_FILE
               ? RM_OK
               : too_wide(run, row, 0x2 | 0x4 | DELETE_OBJECT | WRITE_DAC | WRITE_OWNER,
                          "write to the file", RM_STR_NONE);
}

/* AM-05: S-1-15-3-… beside S-1-1-0. */
rm_status rm_judge_am_05(rm_rule_run *run, uint32_t index) {
    const rm_descriptor *row = &run->model->descriptors.at[index];
    const rm_security *sd = NULL;
    const rm_ace *everyone = NULL;
    bool contained = false;
    if (row->subject_kind != RM_SUBJECT_SERVICE) {
        return RM_OK;
    }
    rm_status st = rm_descriptor_security(run->model->arena, run->model, row, &sd);
    for (uint32_t i = 0; st == RM_OK && sd != NULL && i < sd->dacl.aces.count; i++) {
        const rm_ace *ace = &sd->dacl.aces.at[i];
        everyone = ace->type == 0 && ace->sid.authority == 1 ? ace : everyone;
        contained =
            contained || (ace->type == 0 && ace->sid.authority == 15 && ace->sid.count > 1 &&
                          (ace->sid.sub[0] == 3 || ace->sid.sub[0] == 2));
    }
    if (st != RM_OK || everyone == NULL || !contained) {
        return st;
    }
    rm_verdict v = verdict_of(run, row);
    v.message = rm_rule_say(run,
                            "%.*s lets Everyone and AppContainers call a service: the "
                            "capability is no gate for any other program",
                            RM_STR_ARG(row->sddl));
    v.fix =
        rm_rule_say(run, "take %.*s out, and grant the capability's SID and administrators only",
                    RM_STR_ARG(ace_of(run, sd, everyone)));
    return rm_rule_fires(run, &v);
}
