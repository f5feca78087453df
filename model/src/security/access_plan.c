#include "access_plan.h"

#include "condition.h"

enum { GENERIC_ALL = 0x10000000, GENERIC_EXECUTE = 0x20000000, GENERIC_WRITE = 0x40000000 };
static const uint32_t generic_read = 0x80000000u;

uint32_t access_map(const rm_generic_mapping *mapping, uint32_t mask) {
    uint32_t mapped = mask & 0x0FFFFFFFu;
    mapped |= (mask & generic_read) != 0 ? mapping->read : 0;
    mapped |= (mask & GENERIC_WRITE) != 0 ? mapping->write : 0;
    mapped |= (mask & GENERIC_EXECUTE) != 0 ? mapping->execute : 0;
    mapped |= (mask & GENERIC_ALL) != 0 ? mapping->all : 0;
    return mapped;
}

/* A SID of a token that hangs below "the domain" is below the one that was given, if any. */
static bool same_sid(const rm_sid *held, const rm_sid *named, const rm_security *sd) {
    uint32_t rid = 0;
    if (held->domain_relative && sd->has_domain && rm_sid_below(named, &sd->domain, &rid)) {
        return rid == held->sub[0];
    }
    return rm_sid_eq(held, named);
}

bool token_holds(const rm_token_sids *sids, const rm_sid *sid, const rm_security *sd,
                 bool deny_only_too) {
    for (uint32_t i = 0; i < sids->count; i++) {
        const rm_token_sid *held = &sids->at[i];
        bool counts = (held->enabled && !held->deny_only) || (deny_only_too && held->deny_only);
        if (counts && same_sid(&held->sid, sid, sd)) {
            return true;
        }
    }
    return false;
}

/* Devices are made by the system, whose default owner is the administrators' group. */
static rm_sid owner_of(const rm_security *sd) {
    static const rm_sid administrators = {.authority = 5, .count = 2, .sub = {32, 544}};
    return sd->has_owner ? sd->owner : administrators;
}

static bool is_owner_rights(const rm_sid *sid) {
    return sid->authority == 3 && sid->count == 1 && sid->sub[0] == 4;
}

/* S-1-5-10 stands for the object itself as a principal; a device is none. */
static bool is_principal_self(const rm_sid *sid) {
    return sid->authority == 5 && sid->count == 1 && sid->sub[0] == 10 && !sid->domain_relative;
}

static bool is_capability(const rm_sid *sid) {
    return sid->authority == 15 && sid->count >= 2 && sid->sub[0] == 3;
}

static bool is_all_packages(const rm_sid *sid, uint32_t which) {
    return sid->authority == 15 && sid->count == 2 && sid->sub[0] == 2 && sid->sub[1] == which;
}

static bool names_package(const rm_token *token, const rm_sid *sid, const rm_security *sd) {
    if (!token->appcontainer) {
        return false;
    }
    return rm_sid_eq(&token->package, sid) || (!token->lpac && is_all_packages(sid, 1)) ||
           is_all_packages(sid, 2) || token_holds(&token->capabilities, sid, sd, false) ||
           (token->all_capabilities && is_capability(sid));
}

static bool is_allow(uint8_t type) {
    return type == ACE_ALLOW || type == ACE_OBJECT_ALLOW || type == ACE_CALLBACK_ALLOW ||
           type == ACE_CALLBACK_OBJECT_ALLOW;
}

static bool is_deny(uint8_t type) {
    return type == ACE_DENY || type == ACE_OBJECT_DENY || type == ACE_CALLBACK_DENY ||
           type == ACE_CALLBACK_OBJECT_DENY;
}

static bool is_callback(uint8_t type) {
    return type == ACE_CALLBACK_ALLOW || type == ACE_CALLBACK_DENY ||
           type == ACE_CALLBACK_OBJECT_ALLOW || type == ACE_CALLBACK_OBJECT_DENY;
}

/* An allow ACE needs a condition that holds; a deny ACE bites unless it surely does not. */
static rm_status condition_lets(struct evaluation *e, struct access_plan *plan, const rm_ace *ace,
                                bool deny, bool *out) {
    rm_tri holds = RM_TRI_UNKNOWN;
    if (!is_callback(ace->type)) {
        *out = true;
        return RM_OK;
    }
    rm_status st = condition_evaluate(e, ace->condition, deny, &holds);
    plan->undecided = plan->undecided || holds == RM_TRI_UNKNOWN;
    if (plan->hopeful && holds == RM_TRI_UNKNOWN) {
        holds = deny ? RM_TRI_NO : RM_TRI_YES;
    }
    *out = deny ? holds != RM_TRI_NO : holds == RM_TRI_YES;
    return st;
}

static void judge_sid(const struct access_plan *plan, const rm_ace *ace, struct judged_ace *out) {
    const rm_token *token = plan->token;
    rm_sid sid = ace->sid;
    if (is_owner_rights(&sid)) {
        sid = owner_of(plan->sd);
    }
    if (is_principal_self(&sid)) {
        return;
    }
    out->user = token_holds(&token->sids, &sid, plan->sd, out->deny);
    out->package = !out->deny && names_package(token, &sid, plan->sd);
    out->restricting = token->restricted && token_holds(&token->restricting, &sid, plan->sd, true);
}

static rm_status judge(struct evaluation *e, struct access_plan *plan, uint32_t index) {
    const rm_ace *ace = &plan->sd->dacl.aces.at[index];
    struct judged_ace judged = {
        .index = index, .mask = access_map(&plan->mapping, ace->mask), .deny = is_deny(ace->type)};
    bool lets = false;
    if ((ace->flags & ACE_INHERIT_ONLY) != 0 || (!judged.deny && !is_allow(ace->type))) {
        return RM_OK;
    }
    judge_sid(plan, ace, &judged);
    if (!judged.user && !judged.package && !judged.restricting) {
        return RM_OK;
    }
    rm_status st = condition_lets(e, plan, ace, judged.deny, &lets);
    if (st == RM_OK && lets) {
        plan->aces[plan->count++] = judged;
    }
    return st;
}

/* Does the DACL say itself what the owner may do? */
static bool has_owner_rights(const rm_acl *dacl) {
    for (uint32_t i = 0; i < dacl->aces.count; i++) {
        const rm_ace *ace = &dacl->aces.at[i];
        if ((ace->flags & ACE_INHERIT_ONLY) == 0 && is_owner_rights(&ace->sid)) {
            return true;
        }
    }
    return false;
}

static bool token_owns(const struct access_plan *plan) {
    const rm_token *token = plan->token;
    rm_sid owner = owner_of(plan->sd);
    return token_holds(&token->sids, &owner, plan->sd, false) &&
           (!token->restricted || token_holds(&token->restricting, &owner, plan->sd, true)) &&
           !has_owner_rights(&plan->sd->dacl);
}

/* The first mandatory label that is for this object; without one it is medium, no write up. */
static void read_label(struct access_plan *plan) {
    enum { NO_WRITE_UP = 1, NO_READ_UP = 2, NO_EXECUTE_UP = 4, MEDIUM = 0x2000 };
    const rm_generic_mapping *map = &plan->mapping;
    uint32_t policy = NO_WRITE_UP;
    plan->label = MEDIUM;
    for (uint32_t i = 0; i < plan->sd->sacl.aces.count; i++) {
        const rm_ace *ace = &plan->sd->sacl.aces.at[i];
        if (ace->type == ACE_MANDATORY_LABEL && (ace->flags & ACE_INHERIT_ONLY) == 0 &&
            ace->sid.authority == 16 && ace->sid.count == 1) {
            plan->label = ace->sid.sub[0];
            policy = ace->mask;
            break;
        }
    }
    plan->label_allows = ((policy & NO_READ_UP) != 0 ? 0 : map->read) |
                         ((policy & NO_WRITE_UP) != 0 ? 0 : map->write) |
                         ((policy & NO_EXECUTE_UP) != 0 ? 0 : map->execute);
}

/* S-1-19-type-level; the token has them as type << 16 | level. */
static bool trust_dominates(uint32_t trust, const rm_sid *label) {
    return label->authority == 19 && label->count == 2 && trust >> 16 >= label->sub[0] &&
           (trust & 0xFFFFu) >= label->sub[1];
}

static rm_status read_filters(struct evaluation *e, struct access_plan *plan) {
    plan->filter_allows = UINT32_MAX;
    for (uint32_t i = 0; i < plan->sd->sacl.aces.count; i++) {
        const rm_ace *ace = &plan->sd->sacl.aces.at[i];
        rm_tri passes = RM_TRI_YES;
        if ((ace->flags & ACE_INHERIT_ONLY) != 0) {
            continue;
        }
        if (ace->type == ACE_TRUST_LABEL) {
            passes = trust_dominates(plan->token->trust, &ace->sid) ? RM_TRI_YES : RM_TRI_NO;
        } else if (ace->type == ACE_ACCESS_FILTER) {
            rm_status st = condition_evaluate(e, ace->condition, false, &passes);
            if (st != RM_OK) {
                return st;
            }
        }
        if (passes != RM_TRI_YES) {
            plan->filter_allows &= access_map(&plan->mapping, ace->mask);
        }
    }
    return RM_OK;
}

rm_status access_plan_make(rm_arena *arena, const rm_security *sd, const rm_token *token,
                           rm_object_type type, bool hopeful, struct access_plan *out) {
    struct access_plan plan = {.sd = sd,
                               .token = token,
                               .mapping = rm_object_mapping(type),
                               .hopeful = hopeful,
                               .lowbox = token->appcontainer};
    const rm_acl *dacl = &sd->dacl;
    if (dacl->aces.count > 0) {
        plan.aces = RM_NEW_ARRAY(arena, struct judged_ace, dacl->aces.count);
        if (plan.aces == NULL) {
            return RM_NOMEM;
        }
    }
    read_label(&plan);
    struct evaluation e;
    evaluation_begin(&e, sd, token);
    rm_status st = read_filters(&e, &plan);
    for (uint32_t i = 0; st == RM_OK && i < dacl->aces.count; i++) {
        st = judge(&e, &plan, i);
    }
    evaluation_end(&e);
    plan.is_owner = token_owns(&plan);
    if (st == RM_OK) {
        *out = plan;
    }
    return st;
}
