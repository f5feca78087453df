#include <stddef.h>

#include "internal.h"

/*
 * What an app's manifest opens to it: a capability meets the interfaces that list it, the interface
 * class that it names, the descriptors that name its SID or the package's. Sources: "Hardware
 * support app", "DeviceCapability", "Implementing an AppContainer".
 */

enum { MAX_GRANTS = 1 << 16 }; /* of a model: manifests have some, so that they cannot multiply */

/* Facts by a text that several of them share: the first one, and from each the next. */
typedef struct by_text {
    rm_map first;
    uint32_t *next;
} by_text;

static rm_status text_index(rm_derivation *d, by_text *index, uint32_t count) {
    *index = (by_text){.first = {.arena = d->scratch, .fold = true},
                       .next = RM_NEW_ARRAY(d->scratch, uint32_t, (size_t)count + 1)};
    return index->next == NULL ? RM_NOMEM : RM_OK;
}

static rm_status text_add(by_text *index, rm_str text, uint32_t item) {
    uint32_t *head = NULL;
    bool is_new = false;
    index->next[item] = RM_NONE;
    if (text.len == 0) {
        return RM_OK;
    }
    rm_status st = rm_map_at(&index->first, text, &head, &is_new);
    if (st == RM_OK) {
        index->next[item] = is_new ? RM_NONE : *head;
        *head = item;
    }
    return st;
}

static uint32_t text_first(const by_text *index, rm_str text) {
    uint32_t item = RM_NONE;
    return rm_map_get(&index->first, text, &item) ? item : RM_NONE;
}

typedef struct joining {
    rm_derivation *d;
    by_text names;    /* capabilities by name, GUIDs without braces */
    by_text sids;     /* capabilities by SID */
    by_text packages; /* apps by package SID */
} joining;

static rm_str without_braces(rm_str guid) {
    bool braced = guid.len > 2 && guid.ptr[0] == '{' && guid.ptr[guid.len - 1] == '}';
    return braced ? rm_str_slice(guid, 1, guid.len - 1) : guid;
}

static rm_status index_capabilities(joining *j) {
    const rm_model *m = j->d->model;
    rm_status st = text_index(j->d, &j->names, m->capabilities.count);
    if (st == RM_OK) {
        st = text_index(j->d, &j->sids, m->capabilities.count);
    }
    if (st == RM_OK) {
        st = text_index(j->d, &j->packages, m->apps.count);
    }
    for (uint32_t i = 0; st == RM_OK && i < m->capabilities.count; i++) {
        st = text_add(&j->names, without_braces(m->capabilities.at[i].name), i);
        if (st == RM_OK) {
            st = text_add(&j->sids, m->capabilities.at[i].sid, i);
        }
    }
    for (uint32_t i = 0; st == RM_OK && i < m->apps.count; i++) {
        st = text_add(&j->packages, m->apps.at[i].package_sid, i);
    }
    return st;
}

static rm_status add_grant(rm_derivation *d, rm_grant grant) {
    if (d->grants.count == MAX_GRANTS) {
        rm_diag(d->sink, RM_NOTE, (rm_loc){0}, "paths-cut",
                "apps' capabilities meet more than %d doors; the rest is left out", MAX_GRANTS);
    }
    if (d->grants.count > MAX_GRANTS) {
        return RM_OK;
    }
    rm_grant *slot = rm_push(d->scratch, &d->grants);
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = grant;
    return RM_OK;
}

/* ---- interfaces ---- */

static rm_status grant_by_name(joining *j, rm_grant_kind kind, rm_str name, uint32_t door) {
    const rm_model *m = j->d->model;
    rm_status st = RM_OK;
    for (uint32_t c = text_first(&j->names, name); st == RM_OK && c != RM_NONE;
         c = j->names.next[c]) {
        const rm_capability *capability = &m->capabilities.at[c];
        if (capability->app == RM_NONE ||
            (kind == RM_GRANT_CLASS && capability->kind != RM_CAPABILITY_DEVICE)) {
            continue;
        }
        st = add_grant(j->d, (rm_grant){.kind = kind,
                                        .app = capability->app,
                                        .capability = c,
                                        .name = capability->name,
                                        .door = door,
                                        .device = m->doors.at[door].device});
    }
    return st;
}

/* The next of words with blanks between them; false after the last one. */
static bool next_word(rm_str *rest, rm_str *word) {
    size_t end = 0;
    *rest = rm_str_trim(*rest);
    while (end < rest->len && rest->ptr[end] != ' ') {
        end++;
    }
    *word = rm_str_slice(*rest, 0, end);
    *rest = rm_str_slice(*rest, end, rest->len);
    return word->len > 0;
}

static rm_status grant_interface(joining *j, uint32_t door) {
    const rm_door *it = &j->d->model->doors.at[door];
    rm_str rest = it->capabilities;
    rm_str name = RM_STR_NONE;
    rm_status st = grant_by_name(j, RM_GRANT_CLASS, without_braces(it->class_guid), door);
    while (st == RM_OK && next_word(&rest, &name)) {
        st = grant_by_name(j, RM_GRANT_LIST, name, door);
    }
    return st;
}

/* ---- descriptors ---- */

/* Every door of the device is the app's whose SID the descriptor has. */
static rm_status grant_doors(rm_derivation *d, rm_grant grant) {
    const rm_group *g = &d->doors_of_device;
    rm_status st = RM_OK;
    for (uint32_t i = g->first[grant.device]; st == RM_OK && i < g->first[grant.device + 1]; i++) {
        if (rm_adds_a_door(d, g->order[i])) {
            grant.door = g->order[i];
            st = add_grant(d, grant);
        }
    }
    return st;
}

static rm_status grant_by_sid(joining *j, uint32_t device, const rm_sid *sid) {
    const rm_model *m = j->d->model;
    char text[RM_SID_TEXT];
    rm_status st = RM_OK;
    rm_sid_text(sid, text);
    for (uint32_t c = text_first(&j->sids, rm_str_from(text)); st == RM_OK && c != RM_NONE;
         c = j->sids.next[c]) {
        const rm_capability *capability = &m->capabilities.at[c];
        if (capability->app != RM_NONE) {
            st = grant_doors(j->d, (rm_grant){.kind = RM_GRANT_DESCRIPTOR,
                                              .app = capability->app,
                                              .capability = c,
                                              .name = capability->name,
                                              .device = device});
        }
    }
    for (uint32_t a = text_first(&j->packages, rm_str_from(text)); st == RM_OK && a != RM_NONE;
         a = j->packages.next[a]) {
        st = grant_doors(j->d, (rm_grant){.kind = RM_GRANT_DESCRIPTOR,
                                          .app = a,
                                          .capability = RM_NONE,
                                          .name = m->apps.at[a].package,
                                          .device = device});
    }
    return st;
}

/* S-1-15-2-… and S-1-15-3-…, of which those for all packages have two sub-authorities. */
static bool names_one(const rm_sid *sid) {
    return sid->authority == 15 && sid->count >= 2 && (sid->sub[0] == 3 || sid->count > 2);
}

static rm_status grant_device(joining *j, uint32_t device) {
    const rm_security *security = j->d->security[device];
    rm_status st = RM_OK;
    if (security == NULL || !security->dacl.present) {
        return RM_OK;
    }
    for (uint32_t i = 0; st == RM_OK && i < security->dacl.aces.count; i++) {
        const rm_sid *sid = &security->dacl.aces.at[i].sid;
        if (names_one(sid)) {
            st = grant_by_sid(j, device, sid); /* the access check says what an ACE is worth */
        }
    }
    return st;
}

/* ---- SCCD ---- */

static rm_status index_permits(rm_derivation *d) {
    const rm_authorizeds *rows = &d->model->authorizeds;
    by_text index;
    rm_status st = text_index(d, &index, rows->count);
    for (uint32_t i = rows->count; st == RM_OK && i > 0; i--) {
        st = text_add(&index, rows->at[i - 1].capability, i - 1);
    }
    d->permits = index.first;
    d->next_permit = index.next;
    return st;
}

rm_permit rm_permit_of(const rm_derivation *d, rm_str capability, rm_str family) {
    const rm_authorizeds *rows = &d->model->authorizeds;
    uint32_t first = RM_NONE;
    uint32_t named = RM_NONE;
    if (!rm_map_get(&d->permits, capability, &first)) {
        return (rm_permit){.unknown = true, .reach = d->weights->reach_undecided, .row = RM_NONE};
    }
    for (uint32_t i = first; i != RM_NONE; i = d->next_permit[i]) {
        if (rows->at[i].allow_any) {
            return (rm_permit){.reach = d->weights->reach_allow_any, .row = i};
        }
        if (named == RM_NONE && (family.len == 0 || rm_str_ieq(rows->at[i].family_name, family))) {
            named = i;
        }
    }
    return (rm_permit){.refused = named == RM_NONE, .reach = d->weights->reach_named, .row = named};
}

rm_permit rm_permit_of_list(const rm_derivation *d, rm_str capabilities) {
    rm_permit best = {.row = RM_NONE};
    rm_str name = RM_STR_NONE;
    while (next_word(&capabilities, &name)) {
        rm_permit one = rm_permit_of(d, name, RM_STR_NONE);
        if (one.unknown) {
            return (rm_permit){.row = RM_NONE}; /* it was given the capability: that is enough */
        }
        best = one.reach > best.reach ? one : best;
    }
    return best;
}

/* ---- the whole ---- */

rm_status rm_derive_grants(rm_derivation *d) {
    const rm_model *m = d->model;
    joining j = {.d = d};
    rm_status st = index_permits(d);
    if (st == RM_OK) {
        st = index_capabilities(&j);
    }
    for (uint32_t i = 0; st == RM_OK && i < m->doors.count; i++) {
        if (m->doors.at[i].kind == RM_DOOR_INTERFACE && m->doors.at[i].device != RM_NONE) {
            st = grant_interface(&j, i);
        }
    }
    for (uint32_t i = 0; st == RM_OK && i < m->devices.count; i++) {
        st = grant_device(&j, i);
    }
    if (st == RM_OK) {
        st = rm_group_build(d->scratch, d->grants.at, d->grants.count, sizeof(rm_grant),
                            offsetof(rm_grant, app), m->apps.count, &d->grants_of_app);
    }
    return st == RM_OK ? rm_derive_endings(d) : st;
}
