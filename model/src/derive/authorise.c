#include "internal.h"

/* The group or user a check asks for: an alias such as BA or a SID in full. */
static bool token_has_group(const rm_derivation *d, const rm_token *token, rm_str text,
                            bool *known) {
    const rm_security *parsed = NULL;
    rm_str sddl = RM_STR_NONE;
    *known = rm_str_printf(d->scratch, &sddl, "O:%.*s", RM_STR_ARG(text)) == RM_OK &&
             rm_sddl_parse(d->scratch, NULL, (rm_loc){0}, sddl, NULL, &parsed) == RM_OK &&
             parsed->has_owner;
    for (uint32_t i = 0; *known && i < token->sids.count; i++) {
        if (token->sids.at[i].enabled && rm_sid_eq(&token->sids.at[i].sid, &parsed->owner)) {
            return true;
        }
    }
    return false;
}

/* The mode that the check is made for: what the line says; else that of the request. */
static rm_mode mode_asked(const rm_check *c, rm_mode mode) {
    size_t at = 0;
    if (rm_str_find(c->text, RM_STR("UserMode"), &at)) {
        return RM_MODE_USER;
    }
    bool of_thread = rm_str_find(c->text, RM_STR("GetPreviousMode"), &at);
    return of_thread && mode == RM_MODE_KERNEL ? RM_MODE_UNKNOWN : mode;
}

/* What is asked for kernel mode is granted (Windows: SeSinglePrivilegeCheck, Return value). */
static rm_authorisation decide_privilege(const rm_check *c, const rm_token *token, rm_mode mode) {
    uint32_t bit = 0;
    mode = mode_asked(c, mode);
    if (mode == RM_MODE_KERNEL) {
        return RM_AUTH_SATISFIED;
    }
    if (!rm_privilege_from(c->argument, &bit) && !rm_privilege_in(c->argument, &bit)) {
        return RM_AUTH_UNDECIDED;
    }
    if ((token->privileges & bit) != 0) {
        return RM_AUTH_SATISFIED;
    }
    return mode == RM_MODE_USER ? RM_AUTH_REFUSED : RM_AUTH_UNDECIDED;
}

static rm_authorisation decide_caller(const rm_derivation *d, const rm_check *c,
                                      const rm_token *token) {
    bool known = false;
    bool member = token_has_group(d, token, c->argument, &known);
    if (!known) {
        return RM_AUTH_UNDECIDED; /* a signature, an image name, a key */
    }
    return member ? RM_AUTH_SATISFIED : RM_AUTH_REFUSED;
}

/* The access bits that IoValidateDeviceIoControlAccess asks of the handle; 0: not known. */
static uint32_t bits_asked(rm_str argument) {
    size_t at = 0;
    uint64_t number = 0;
    uint32_t bits = 0;
    if (rm_str_u64(argument, &number)) {
        return (uint32_t)number & 3u;
    }
    bits |= rm_str_find(argument, RM_STR("READ"), &at) ? 1u : 0u;
    bits |= rm_str_find(argument, RM_STR("WRITE"), &at) ? 2u : 0u;
    return bits;
}

static rm_authorisation decide_access(const rm_check *c, const rm_asked *asked, rm_mode mode) {
    uint32_t bits = bits_asked(c->argument);
    if (mode == RM_MODE_KERNEL) {
        return RM_AUTH_SATISFIED;
    }
    if (bits == 0 || mode == RM_MODE_UNKNOWN ||
        rm_str_starts(c->argument,
                      RM_STR("SeAccessCheck"))) { /* of some descriptor, not the handle */
        return RM_AUTH_UNDECIDED;
    }
    if ((asked->available & bits) == bits) {
        return RM_AUTH_SATISFIED;
    }
    return ((asked->available | asked->possible) & bits) == bits ? RM_AUTH_UNDECIDED
                                                                 : RM_AUTH_REFUSED;
}

/*
 * What one check says to this token. IoValidateDeviceIoControlAccess and a look at the requestor
 * mode pass whatever comes from kernel mode (Windows: IoValidateDeviceIoControlAccess, Remarks).
 */
static rm_authorisation decide(const rm_derivation *d, const rm_check *c, const rm_asked *asked,
                               rm_mode mode) {
    switch (c->kind) {
    case RM_CHECK_PRIVILEGE: return decide_privilege(c, asked->token, mode);
    case RM_CHECK_CALLER: return decide_caller(d, c, asked->token);
    case RM_CHECK_REQUESTOR_MODE:
        return mode == RM_MODE_KERNEL ? RM_AUTH_SATISFIED
               : mode == RM_MODE_USER ? RM_AUTH_REFUSED
                                      : RM_AUTH_UNDECIDED;
    case RM_CHECK_ACCESS: return decide_access(c, asked, mode);
    case RM_CHECK_LENGTH:
    case RM_CHECK_EQUALITY:
    case RM_CHECK_RANGE:
    case RM_CHECK_MASK:
    case RM_CHECK_PROBE:
    case RM_CHECK_OBJECT_TYPE:
    case RM_CHECK_NAME:
    case RM_CHECK_OVERFLOW:
    case RM_CHECK_COUNT: break;
    }
    return RM_AUTH_NONE;
}

/*
 * Only what was seen to refuse, on every way to the entry, counts. Where a setting of the driver
 * says whether it is asked at all, that nobody knows.
 */
static bool counts(const rm_check *c) {
    return c->sink == RM_NONE && c->dominates != RM_TRI_NO && c->can_refuse == RM_TRI_YES;
}

static rm_authorisation settled(const rm_check *c, rm_authorisation said) {
    bool open = c->dominates == RM_TRI_UNKNOWN && said == RM_AUTH_REFUSED;
    return open ? RM_AUTH_UNDECIDED : said;
}

typedef struct verdict {
    rm_authorisation is; /* the worst: none < satisfied < undecided < refused */
    uint32_t by;
} verdict;

static void consider(verdict *v, rm_authorisation said, uint32_t check) {
    if (said > v->is) {
        *v = (verdict){said, check};
    }
}

/*
 * Was it asked when what the request comes by was opened? Who connects to a minifilter's port is
 * asked for its messages, and who opens a device for what is sent to devices.
 */
static bool is_of_opener(const rm_model *m, const rm_check *c, uint32_t entry) {
    const rm_entry *asked = c->entry == RM_NONE ? NULL : &m->entries.at[c->entry];
    const rm_entry *sent = &m->entries.at[entry];
    if (c->at != RM_AT_CREATE || (asked != NULL && asked->kind != RM_ENTRY_CREATE)) {
        return false;
    }
    bool port = asked != NULL && asked->device != RM_NONE &&
                m->devices.at[asked->device].created_by == RM_CREATED_FLTPORT;
    if (!port) {
        return sent->kind != RM_ENTRY_MESSAGE || c->state == RM_STATE_DECLARED;
    }
    return sent->kind == RM_ENTRY_MESSAGE && sent->device == asked->device;
}

static verdict judge(const rm_derivation *d, uint32_t entry, const rm_asked *asked, rm_mode mode) {
    const rm_model *m = d->model;
    verdict all = {RM_AUTH_NONE, RM_NONE};
    uint32_t driver = m->entries.at[entry].driver;
    for (uint32_t i = d->checks_of_entry.first[entry]; i < d->checks_of_entry.first[entry + 1];
         i++) {
        const rm_check *c = &m->checks.at[d->checks_of_entry.order[i]];
        if (counts(c)) {
            consider(&all, settled(c, decide(d, c, asked, mode)), d->checks_of_entry.order[i]);
        }
    }
    /* a check at create guards every later request of the opener's handle; a kernel sender has none
     */
    if (driver == RM_NONE || mode == RM_MODE_KERNEL || asked->opened_by_others) {
        return all;
    }
    for (uint32_t i = d->checks_of_driver.first[driver]; i < d->checks_of_driver.first[driver + 1];
         i++) {
        const rm_check *c = &m->checks.at[d->checks_of_driver.order[i]];
        if (is_of_opener(m, c, entry) && counts(c)) {
            consider(&all, settled(c, decide(d, c, asked, mode)), d->checks_of_driver.order[i]);
        }
    }
    return all;
}

rm_authorisation rm_authorise(const rm_derivation *d, uint32_t entry, const rm_asked *asked,
                              rm_mode mode, uint32_t *by) {
    verdict v = judge(d, entry, asked, mode);
    if (by != NULL) {
        *by = v.by;
    }
    return v.is;
}

bool rm_opens_target(const rm_forward *f) {
    return f->how_found != RM_FOUND_STACK;
}
