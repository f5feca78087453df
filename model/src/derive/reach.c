#include "internal.h"

enum {
    ALL_ACCESS = 0x1F01FF,           /* FILE_ALL_ACCESS */
    TRAVERSE = 0x20,                 /* FILE_TRAVERSE */
    APPCONTAINER_TRAVERSAL = 0x20000 /* FILE_DEVICE_ALLOW_APPCONTAINER_TRAVERSAL */
};

/* File systems own what lies below their name and check it themselves. */
static bool owns_namespace(const rm_derivation *d, uint32_t device) {
    static const uint32_t types[] = {0x03, 0x08, 0x09, 0x14, 0x20, 0x35, 0x06};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (d->model->devices.at[device].device_type == types[i]) {
            return true;
        }
    }
    return false;
}

/* A create handler that refuses names below the device closes the namespace by itself (NS-02). */
static bool refuses_names(const rm_derivation *d, uint32_t driver) {
    if (driver == RM_NONE) {
        return false;
    }
    for (uint32_t i = d->checks_of_driver.first[driver]; i < d->checks_of_driver.first[driver + 1];
         i++) {
        const rm_check *c = &d->model->checks.at[d->checks_of_driver.order[i]];
        if (c->kind == RM_CHECK_NAME && c->at == RM_AT_CREATE && c->can_refuse == RM_TRI_YES) {
            return true;
        }
    }
    return false;
}

/* Of disks and CD-ROMs the right to traverse is asked for even of who has the privilege. */
static bool always_traversed(const rm_device *device) {
    enum { CD_ROM = 0x02, DISK = 0x07 };
    return device->device_type == CD_ROM || device->device_type == DISK;
}

/* WDF sets the flag; of a device that a team told of without it, the framework says. */
static bool is_of_wdf(const rm_model *m, const rm_device *dev) {
    rm_framework framework =
        dev->driver == RM_NONE ? RM_FRAMEWORK_UNKNOWN : m->drivers.at[dev->driver].framework;
    return dev->created_by == RM_CREATED_FACTS && !dev->filter &&
           (framework == RM_FRAMEWORK_KMDF || framework == RM_FRAMEWORK_UMDF1 ||
            framework == RM_FRAMEWORK_UMDF2);
}

/*
 * Without FILE_DEVICE_SECURE_OPEN, a name below the device is opened with any access, after a
 * traverse check at most (Windows: "Controlling Device Namespace Access"). Unknown where nobody
 * knows of the flag.
 */
static rm_status namespace_of(rm_derivation *d, uint32_t device, const rm_token *token,
                              rm_gate *out) {
    const rm_device *dev = &d->model->devices.at[device];
    bool named = dev->nt_name.len > 0 || dev->name_unknown;
    bool passes = false;
    *out = RM_GATE_CLOSED;
    if (dev->secure_open == RM_TRI_YES || !named || owns_namespace(d, device) ||
        refuses_names(d, dev->driver) || is_of_wdf(d->model, dev)) {
        return RM_OK;
    }
    bool skips = (token->privileges & RM_PRIV_CHANGE_NOTIFY) != 0 && !always_traversed(dev) &&
                 (!token->appcontainer || (dev->characteristics & APPCONTAINER_TRAVERSAL) != 0);
    rm_status st = RM_OK;
    if (!skips && d->security[device] != NULL) {
        st = rm_access_check(d->scratch, d->security[device], token, TRAVERSE, RM_OBJECT_DEVICE,
                             &passes, NULL);
    }
    if (skips || passes) {
        *out = dev->secure_open == RM_TRI_NO ? RM_GATE_OPEN : RM_GATE_UNKNOWN;
    }
    return st;
}

static rm_state descriptor_state(const rm_model *m, uint32_t row) {
    return row == RM_NONE ? RM_STATE_UNKNOWN : m->descriptors.at[row].state;
}

/* `security` is what row `descriptor` says; NULL: not known. */
static rm_status reach_by(rm_derivation *d, uint32_t device, uint32_t descriptor,
                          const rm_security *security, const rm_token *token, rm_reach *out) {
    rm_reach r = {.via = RM_VIA_DESCRIPTOR,
                  .state = descriptor_state(d->model, descriptor),
                  .security = security};
    rm_status st = RM_OK;
    if (security == NULL) {
        r.open = RM_GATE_UNKNOWN;
        r.state = RM_STATE_UNKNOWN;
    } else {
        st = rm_access_answer_of(d->scratch, security, token, RM_OBJECT_DEVICE, &r.answer);
    }
    if (st == RM_OK) {
        st = namespace_of(d, device, token, &r.below);
    }
    if (security != NULL) {
        r.answer.undecided |= r.below == RM_GATE_UNKNOWN ? ALL_ACCESS & ~r.answer.dacl : 0;
        /* a condition that cannot be decided may grant: possible, not said to be so */
        r.open = r.answer.dacl != 0        ? RM_GATE_OPEN
                 : r.answer.undecided != 0 ? RM_GATE_UNKNOWN
                                           : RM_GATE_CLOSED;
    }
    if (r.below == RM_GATE_OPEN && (r.answer.dacl & ALL_ACCESS) != ALL_ACCESS) {
        r.answer = (rm_access_answer){.max = ALL_ACCESS | r.answer.max,
                                      .dacl = ALL_ACCESS,
                                      .win32_max = ALL_ACCESS,
                                      .any = true,
                                      .read = true,
                                      .write = true,
                                      .win32_any = true,
                                      .win32_read = true,
                                      .win32_write = true};
        r.via = RM_VIA_NAMESPACE;
        r.open = RM_GATE_OPEN;
        r.state = d->model->devices.at[device].state;
    }
    *out = r;
    return st;
}

rm_status rm_reach_device(rm_derivation *d, uint32_t device, const rm_token *token, rm_reach *out) {
    return reach_by(d, device, d->model->devices.at[device].descriptor, d->security[device], token,
                    out);
}

rm_status rm_reach_door(rm_derivation *d, uint32_t door, uint32_t device, const rm_token *token,
                        rm_reach *out) {
    uint32_t own = door == RM_NONE ? RM_NONE : d->descriptor_of_door[door];
    return own == RM_NONE ? rm_reach_device(d, device, token, out)
                          : reach_by(d, device, own, d->security_of_door[door], token, out);
}

rm_status rm_reach_bits(rm_derivation *d, const rm_token *token, const rm_reach *reach,
                        uint32_t bits, rm_gate *out) {
    bool granted = false;
    bool unread = reach->open == RM_GATE_UNKNOWN && reach->answer.undecided == 0;
    if (unread || reach->open == RM_GATE_CLOSED || bits == 0) {
        *out = reach->open;
        return RM_OK;
    }
    if (reach->via == RM_VIA_NAMESPACE || reach->via == RM_VIA_CAPABILITY ||
        (reach->answer.dacl & bits) != bits) {
        uint32_t possible = reach->answer.dacl | reach->answer.undecided;
        *out = (reach->answer.dacl & bits) == bits ? RM_GATE_OPEN
               : (possible & bits) == bits         ? RM_GATE_UNKNOWN
                                                   : RM_GATE_CLOSED;
        return RM_OK;
    }
    /* of a write-restricted token the bits may be had one by one but not together */
    rm_status st =
        rm_access_check(d->scratch, reach->security, token, bits, RM_OBJECT_DEVICE, &granted, NULL);
    *out = granted ? RM_GATE_OPEN : RM_GATE_CLOSED;
    return st;
}

rm_status rm_reach_by_capability(rm_derivation *d, uint32_t door, uint32_t device,
                                 const rm_token *token, rm_reach *out) {
    enum { MEDIUM = 0x2000 };
    rm_token user = *token;
    rm_reach reach = {0};
    user.appcontainer = user.lpac = false;
    user.integrity = user.integrity < MEDIUM ? MEDIUM : user.integrity;
    rm_status st = rm_reach_door(d, door, device, &user, &reach);
    if (st == RM_OK) {
        reach.via = reach.via == RM_VIA_DESCRIPTOR ? RM_VIA_CAPABILITY : reach.via;
        reach.state = reach.state > RM_STATE_DERIVED ? reach.state : RM_STATE_DERIVED;
        *out = reach;
    }
    return st;
}

/* ---- v_access ---- */

static rm_status add_row(rm_derivation *d, rm_subject kind, uint32_t subject, rm_str principal,
                         const rm_reach *reach) {
    rm_access *row = rm_push(d->model->arena, &d->model->accesses);
    if (row == NULL) {
        return RM_NOMEM;
    }
    *row = (rm_access){.subject_kind = kind,
                       .subject = subject,
                       .principal = principal,
                       .mask = reach->answer.max,
                       .win32_mask = reach->answer.win32_max,
                       .dacl_grants = reach->answer.dacl != 0,
                       .via = reach->via,
                       .state = reach->state};
    return RM_OK;
}

const rm_reach *rm_reach_of(const rm_derivation *d, uint32_t device, uint32_t principal) {
    return &d->reach[(size_t)device * d->principals.count + principal];
}

static rm_status device_rows(rm_derivation *d) {
    const size_t cells = (size_t)d->model->devices.count * d->principals.count;
    d->reach = RM_NEW_ARRAY(d->scratch, rm_reach, cells + 1);
    if (d->reach == NULL) {
        return RM_NOMEM;
    }
    for (uint32_t dev = 0; dev < d->model->devices.count; dev++) {
        rm_subject kind = d->model->devices.at[dev].created_by == RM_CREATED_FLTPORT
                              ? RM_SUBJECT_PORT
                              : RM_SUBJECT_DEVICE;
        for (uint32_t p = 0; p < d->principals.count; p++) {
            rm_reach *reach = &d->reach[(size_t)dev * d->principals.count + p];
            rm_status st = rm_reach_device(d, dev, &d->principals.at[p].token, reach);
            if (st == RM_OK) {
                st = add_row(d, kind, dev, d->principals.at[p].name, reach);
            }
            if (st != RM_OK) {
                return st;
            }
        }
    }
    return RM_OK;
}

/* An interface whose capability list admits apps that the device's DACL does not name. */
static rm_status interface_rows(rm_derivation *d) {
    for (uint32_t i = 0; i < d->model->doors.count; i++) {
        const rm_door *door = &d->model->doors.at[i];
        bool own = d->descriptor_of_door[i] != RM_NONE;
        if ((door->capabilities.len == 0 && !own) || door->device == RM_NONE) {
            continue;
        }
        for (uint32_t p = 0; p < d->principals.count; p++) {
            const rm_principal *who = &d->principals.at[p];
            rm_reach reach = *rm_reach_of(d, door->device, p);
            rm_status st = own ? rm_reach_door(d, i, door->device, &who->token, &reach) : RM_OK;
            if (st == RM_OK && reach.answer.dacl == 0 && who->token.all_capabilities &&
                door->capabilities.len > 0) {
                st = rm_reach_by_capability(d, i, door->device, &who->token, &reach);
            }
            if (st == RM_OK) {
                st = add_row(d, RM_SUBJECT_INTERFACE, i, who->name, &reach);
            }
            if (st != RM_OK) {
                return st;
            }
        }
    }
    return RM_OK;
}

static rm_status text_rows(rm_derivation *d, rm_subject kind, uint32_t subject, rm_str sddl,
                           rm_object_type type, rm_state state) {
    const rm_security *security = NULL;
    const rm_sddl_options options = {.domain = d->model->domain};
    rm_status st = rm_sddl_parse(d->scratch, NULL, (rm_loc){0}, sddl, &options, &security);
    if (st != RM_OK) {
        return st == RM_SYNTAX ? RM_OK : st;
    }
    for (uint32_t p = 0; st == RM_OK && p < d->principals.count; p++) {
        rm_reach reach = {.via = RM_VIA_DESCRIPTOR, .state = state};
        st = rm_access_answer_of(d->scratch, security, &d->principals.at[p].token, type,
                                 &reach.answer);
        if (st == RM_OK) {
            st = add_row(d, kind, subject, d->principals.at[p].name, &reach);
        }
    }
    return st;
}

static rm_status service_and_key_rows(rm_derivation *d) {
    const rm_model *m = d->model;
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < m->descriptors.count; i++) {
        const rm_descriptor row = m->descriptors.at[i];
        if (row.sddl.len == 0) {
            continue;
        }
        if (row.subject_kind == RM_SUBJECT_KEY) {
            st = text_rows(d, RM_SUBJECT_KEY, i, row.sddl, RM_OBJECT_KEY, row.state);
        } else if (row.subject_kind == RM_SUBJECT_SERVICE && row.effective &&
                   row.subject != RM_NONE) {
            st = text_rows(d, RM_SUBJECT_SERVICE, row.subject, row.sddl, RM_OBJECT_SERVICE,
                           row.state);
        }
    }
    return st;
}

rm_status rm_derive_access(rm_derivation *d) {
    rm_status st = device_rows(d);
    if (st == RM_OK) {
        st = interface_rows(d);
    }
    return st == RM_OK ? service_and_key_rows(d) : st;
}
