#include "access_plan.h"

#include <inttypes.h>
#include <stdio.h>

#include "condition.h"

/* What a walk over the request has settled so far. */
struct walk {
    const struct access_plan *plan;
    rm_arena *arena;
    rm_access_trace *trace; /* NULL: nobody asks */
    bool dacl_only;         /* leave out privileges and ownership */
    uint32_t desired;       /* generic bits mapped */
    rm_status status;
};

static void push_step(struct walk *w, rm_access_step step) {
    rm_access_step *slot = rm_push(w->arena, w->trace);
    if (slot == NULL) {
        w->status = RM_NOMEM;
        return;
    }
    *slot = step;
}

static void rule_step(struct walk *w, const char *rule, bool granted, uint32_t bits,
                      const char *text) {
    rm_access_step step = {.ace = RM_NONE, .bits = bits, .granted = granted, .rule = rule};
    if (w->trace == NULL || w->status != RM_OK) {
        return;
    }
    w->status = rm_str_printf(w->arena, &step.text, "%s 0x%" PRIx32, text, bits);
    if (w->status == RM_OK) {
        push_step(w, step);
    }
}

/* An ACE's step quotes the ACE: "(A;;GR;;;WD) allows the user or a group 0x1". */
static void ace_step(struct walk *w, const struct judged_ace *ace, const char *rule, uint32_t bits,
                     const char *whom) {
    const rm_security *sd = w->plan->sd;
    rm_access_step step = {.ace = ace->index, .bits = bits, .granted = !ace->deny, .rule = rule};
    rm_buf buf = {.arena = w->arena};
    if (w->trace == NULL || w->status != RM_OK) {
        return;
    }
    ace_put(&buf, &sd->dacl.aces.at[ace->index], sd->has_domain ? &sd->domain : NULL);
    rm_buf_printf(&buf, " %s %s 0x%" PRIx32, ace->deny ? "denies" : "allows", whom, bits);
    step.text = rm_buf_view(&buf);
    w->status = buf.status;
    if (w->status == RM_OK) {
        push_step(w, step);
    }
}

/* Whose token it is, and what is asked for. */
static void token_step(struct walk *w) {
    static const char *const levels[] = {"anonymous", "identification", "impersonation",
                                         "delegation"};
    const rm_token *token = w->plan->token;
    char user[RM_SID_TEXT] = "nobody";
    char text[RM_SID_TEXT + 96];
    if (w->trace == NULL) {
        return;
    }
    if (token->sids.count > 0) {
        rm_sid_text(&token->sids.at[0].sid, user);
    }
    (void)snprintf(text, sizeof text, "the %s%s token of %s asks for",
                   token->impersonation ? "impersonation, level " : "primary",
                   token->impersonation ? levels[token->level & 3u] : "", user);
    rule_step(w, "token", true, w->desired, text);
}

/* Levels 0 and 1 let a server know who calls, not act for him. */
static bool impersonation_refuses(struct walk *w) {
    const rm_token *token = w->plan->token;
    if (!token->impersonation || token->level >= 2) {
        return false;
    }
    rule_step(w, "impersonation", false, w->desired,
              "an impersonation token of this level opens nothing:");
    return true;
}

static bool filter_refuses(struct walk *w) {
    uint32_t outside = w->desired & ~w->plan->filter_allows;
    if (outside != 0) {
        rule_step(w, "trust-label", false, outside, "a trust label or access filter withholds");
    }
    return outside != 0;
}

/* An AppContainer is not stopped by a label up to medium: the DACL decides. */
static bool integrity_refuses(struct walk *w) {
    const struct access_plan *plan = w->plan;
    enum { MEDIUM = 0x2000 };
    uint32_t allowed = plan->label_allows;
    if (plan->token->integrity >= plan->label || (plan->lowbox && plan->label <= MEDIUM)) {
        return false;
    }
    if ((plan->token->privileges & RM_PRIV_RELABEL) != 0) {
        allowed |= ACCESS_WRITE_OWNER;
    }
    uint32_t outside = w->desired & ~allowed;
    if (outside != 0) {
        rule_step(w, "integrity", false, outside,
                  "the token's integrity is below the object's label, which withholds");
    }
    return outside != 0;
}

/* The bits that a privilege grants. False: ACCESS_SYSTEM_SECURITY without the privilege. */
static bool take_privileges(struct walk *w, uint32_t *remaining) {
    uint32_t held = w->plan->token->privileges;
    if ((*remaining & ACCESS_SYSTEM_SECURITY) != 0) {
        bool may = (held & RM_PRIV_SECURITY) != 0 && !w->dacl_only;
        rule_step(w, "privilege", may, ACCESS_SYSTEM_SECURITY,
                  may ? "SeSecurityPrivilege grants" : "SeSecurityPrivilege is needed for");
        if (!may) {
            return false;
        }
        *remaining &= ~(uint32_t)ACCESS_SYSTEM_SECURITY;
    }
    if ((*remaining & ACCESS_WRITE_OWNER) != 0 && !w->dacl_only &&
        (held & (RM_PRIV_TAKE_OWNERSHIP | RM_PRIV_RELABEL)) != 0) {
        rule_step(w, "privilege", true, ACCESS_WRITE_OWNER,
                  (held & RM_PRIV_TAKE_OWNERSHIP) != 0 ? "SeTakeOwnershipPrivilege grants"
                                                       : "SeRelabelPrivilege grants");
        *remaining &= ~(uint32_t)ACCESS_WRITE_OWNER;
    }
    return true;
}

static void take_ownership(struct walk *w, uint32_t *remaining) {
    uint32_t bits = *remaining & (ACCESS_READ_CONTROL | ACCESS_WRITE_DAC);
    if (w->plan->is_owner && !w->dacl_only && bits != 0) {
        rule_step(w, "owner", true, bits, "the token owns the object, which grants");
        *remaining &= ~bits;
    }
}

/* One pass over the DACL with the user and his groups, and beside it the package's SIDs. */
static bool user_pass(struct walk *w, uint32_t remaining, uint32_t container) {
    const struct access_plan *plan = w->plan;
    for (uint32_t i = 0; i < plan->count && (remaining | container) != 0; i++) {
        const struct judged_ace *ace = &plan->aces[i];
        uint32_t hit = ace->mask & remaining;
        if (ace->deny && ace->user && hit != 0) {
            ace_step(w, ace, "dacl", hit, "the user or a group");
            return false;
        }
        if (!ace->deny && ace->user && hit != 0) {
            ace_step(w, ace, "dacl", hit, "the user or a group");
            remaining &= ~hit;
        }
        hit = ace->mask & container;
        if (!ace->deny && !ace->user && ace->package && hit != 0) {
            ace_step(w, ace, "appcontainer", hit, "the package or a capability");
            container &= ~hit;
        }
    }
    if (remaining != 0) {
        rule_step(w, "dacl", false, remaining, "no ACE allows the user or a group");
    }
    if (container != 0) {
        rule_step(w, "appcontainer", false, container, "no ACE allows the package or a capability");
    }
    return (remaining | container) == 0;
}

static bool restricting_pass(struct walk *w, uint32_t remaining) {
    const struct access_plan *plan = w->plan;
    for (uint32_t i = 0; i < plan->count && remaining != 0; i++) {
        const struct judged_ace *ace = &plan->aces[i];
        uint32_t hit = ace->restricting ? ace->mask & remaining : 0;
        if (hit == 0) {
            continue;
        }
        ace_step(w, ace, "restricted", hit, "a restricting SID");
        if (ace->deny) {
            return false;
        }
        remaining &= ~hit;
    }
    if (remaining != 0) {
        rule_step(w, "restricted", false, remaining, "no ACE allows a restricting SID");
    }
    return remaining == 0;
}

/* A write-restricted token is judged a second time only when the request writes. */
static bool needs_restricting_pass(const struct walk *w) {
    const rm_generic_mapping *map = &w->plan->mapping;
    uint32_t writes = (map->write & ~(map->read | map->execute)) | ACCESS_DELETE |
                      ACCESS_WRITE_DAC | ACCESS_WRITE_OWNER;
    const rm_token *token = w->plan->token;
    return token->restricted && (!token->write_restricted || (w->desired & writes) != 0);
}

static bool dacl_grants(struct walk *w, uint32_t remaining) {
    const struct access_plan *plan = w->plan;
    const rm_acl *dacl = &plan->sd->dacl;
    if (!dacl->present || dacl->null) {
        rule_step(w, "null-dacl", !plan->lowbox, w->desired,
                  plan->lowbox ? "there is no DACL, which never lets an AppContainer in:"
                               : "there is no DACL: everything is granted,");
        return !plan->lowbox;
    }
    return user_pass(w, remaining, plan->lowbox ? w->desired : 0) &&
           (!needs_restricting_pass(w) || restricting_pass(w, remaining));
}

static bool walk(struct walk *w) {
    uint32_t remaining = w->desired;
    token_step(w);
    if (impersonation_refuses(w) || filter_refuses(w) || integrity_refuses(w) ||
        !take_privileges(w, &remaining)) {
        return false;
    }
    take_ownership(w, &remaining);
    if (remaining == 0 && !w->plan->lowbox) {
        return true;
    }
    return dacl_grants(w, remaining);
}

rm_status rm_access_check(rm_arena *arena, const rm_security *security, const rm_token *token,
                          uint32_t desired, rm_object_type type, bool *granted,
                          rm_access_trace *trace) {
    struct access_plan plan;
    rm_status st = access_plan_make(arena, security, token, type, false, &plan);
    if (st != RM_OK) {
        return st;
    }
    struct walk w = {.plan = &plan,
                     .arena = arena,
                     .trace = trace,
                     .desired = access_map(&plan.mapping, desired)};
    bool yes = walk(&w);
    if (w.status == RM_OK) {
        *granted = yes;
    }
    return w.status;
}

static bool grants(const struct access_plan *plan, uint32_t desired, bool dacl_only) {
    struct walk w = {.plan = plan, .dacl_only = dacl_only, .desired = desired};
    return walk(&w);
}

/* CreateFile adds these to every request: SYNCHRONIZE and FILE_READ_ATTRIBUTES. */
enum { WIN32_ADDS = 0x100080 };

static uint32_t each_bit(const struct access_plan *plan, uint32_t added, bool dacl_only) {
    uint32_t asked = plan->mapping.all | ACCESS_SYSTEM_SECURITY;
    uint32_t got = 0;
    for (uint32_t bit = 1; bit != 0 && bit <= asked; bit <<= 1) {
        if ((asked & bit) != 0 && grants(plan, bit | added, dacl_only)) {
            got |= bit;
        }
    }
    return got;
}

rm_status rm_access_answer_of(rm_arena *arena, const rm_security *security, const rm_token *token,
                              rm_object_type type, rm_access_answer *out) {
    struct access_plan plan;
    rm_status st = access_plan_make(arena, security, token, type, false, &plan);
    if (st != RM_OK) {
        return st;
    }
    rm_access_answer a = {.max = each_bit(&plan, 0, false), .dacl = each_bit(&plan, 0, true)};
    a.win32_any = grants(&plan, WIN32_ADDS, false);
    a.win32_max = a.win32_any ? each_bit(&plan, WIN32_ADDS, false) : 0;
    a.any = (a.max & ~(uint32_t)ACCESS_SYSTEM_SECURITY) != 0;
    a.read = (a.max & ACCESS_READ_DATA) != 0;
    a.write = (a.max & ACCESS_WRITE_DATA) != 0;
    a.win32_read = grants(&plan, WIN32_ADDS | ACCESS_READ_DATA, false);
    a.win32_write = grants(&plan, WIN32_ADDS | ACCESS_WRITE_DATA, false);
    if (plan.undecided) {
        st = access_plan_make(arena, security, token, type, true, &plan);
        a.undecided = st == RM_OK ? each_bit(&plan, 0, false) & ~a.max : 0;
    }
    if (st == RM_OK) {
        *out = a;
    }
    return st;
}
