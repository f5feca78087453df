#include "declared.h"

#include "base/map.h"
#include "refs.h"

/*
 * What a team declares in facts files beside what was read. The same device, entry or stack told
 * twice is one; each fills what the other does not know. Where they differ both are kept, the worse
 * of the two counts, and the fact is conflicting: a finding tells of it with both places.
 */

static bool known(rm_tri t) {
    return t != RM_TRI_UNKNOWN;
}

/* ---- devices ---- */

static rm_status join_tri(rm_model *m, rm_sink *sink, rm_device *into, const rm_device *from,
                          const char *what, rm_tri *kept, rm_tri told) {
    if (!known(*kept)) {
        *kept = told;
        return RM_OK;
    }
    if (!known(told) || told == *kept) {
        return RM_OK;
    }
    into->state = RM_STATE_CONFLICTING;
    return rm_model_conflict(m, sink, into->nt_name, from->place, into->place,
                             "device '%.*s' is declared %s%s, which is not what was read",
                             RM_STR_ARG(into->nt_name), told == RM_TRI_YES ? "" : "not ", what);
}

static rm_status join_device(rm_model *m, rm_sink *sink, uint32_t into, uint32_t from) {
    rm_device *kept = &m->devices.at[into];
    const rm_device *told = &m->devices.at[from];
    rm_tri secure = kept->secure_open;
    rm_status st = RM_OK;
    kept->driver = kept->driver == RM_NONE ? told->driver : kept->driver;
    kept->alias = kept->alias.len == 0 ? told->alias : kept->alias;
    kept->reach = told->reach != RM_DEVICE_REACH_ANY ? told->reach : kept->reach;
    kept->class_guid = kept->class_guid.len == 0 ? told->class_guid : kept->class_guid;
    kept->device_type = kept->device_type == 0 ? told->device_type : kept->device_type;
    if (!known(secure) && kept->characteristics_known && known(told->secure_open)) {
        secure = (kept->characteristics & 0x100u) != 0 ? RM_TRI_YES : RM_TRI_NO;
        st = join_tri(m, sink, kept, told, "secure_open", &secure, told->secure_open);
    } else {
        st = join_tri(m, sink, kept, told, "secure_open", &kept->secure_open, told->secure_open);
    }
    return st == RM_OK
               ? join_tri(m, sink, kept, told, "exclusive", &kept->exclusive, told->exclusive)
               : st;
}

/* A facts file may say which routine creates the device: it is declared all the same. */
static bool is_declared(const rm_device *d) {
    return d->created_by == RM_CREATED_FACTS || d->state == RM_STATE_DECLARED;
}

/* Devices by their NT names, read ones before declared ones: the first, and from each the next. */
typedef struct by_name {
    rm_map first;
    uint32_t *next;
} by_name;

static rm_status index_names(const rm_model *m, bool declared, by_name *names) {
    rm_status st = RM_OK;
    for (uint32_t i = m->devices.count; st == RM_OK && i > 0; i--) {
        const rm_device *d = &m->devices.at[i - 1];
        uint32_t *head = NULL;
        bool is_new = false;
        if (is_declared(d) != declared || d->nt_name.len == 0) {
            continue;
        }
        st = rm_map_at(&names->first, rm_object_name_bare(d->nt_name), &head, &is_new);
        if (st == RM_OK) {
            names->next[i - 1] = is_new ? RM_NONE : *head;
            *head = i - 1;
        }
    }
    return st;
}

/* The device that tells of the same object before the declared `one`; RM_NONE: it is the first. */
static uint32_t device_told_before(const rm_model *m, const by_name *names, const uint32_t *instead,
                                   uint32_t one) {
    const rm_device *d = &m->devices.at[one];
    uint32_t at = RM_NONE;
    if (d->nt_name.len == 0 || !rm_map_get(&names->first, rm_object_name_bare(d->nt_name), &at)) {
        return RM_NONE;
    }
    for (; at != RM_NONE && at != one; at = names->next[at]) {
        const rm_device *other = &m->devices.at[at];
        bool gone = is_declared(other) && instead[at] != at;
        bool same = d->driver == other->driver || d->driver == RM_NONE || other->driver == RM_NONE;
        if (same && !gone) {
            return at;
        }
    }
    return RM_NONE;
}

rm_status rm_link_declared_devices(rm_model *m, rm_sink *sink) {
    uint32_t count = m->devices.count;
    uint32_t *instead = RM_NEW_ARRAY(m->arena, uint32_t, (size_t)count + 1);
    by_name names = {.first = {.arena = m->arena, .fold = true},
                     .next = RM_NEW_ARRAY(m->arena, uint32_t, (size_t)count + 1)};
    rm_status st = instead == NULL || names.next == NULL ? RM_NOMEM : RM_OK;
    st = st == RM_OK ? index_names(m, true, &names) : st;
    st = st == RM_OK ? index_names(m, false, &names) : st; /* before those */
    for (uint32_t i = 0; st == RM_OK && i < count; i++) {
        bool declared = is_declared(&m->devices.at[i]);
        uint32_t first = declared ? device_told_before(m, &names, instead, i) : RM_NONE;
        instead[i] = first == RM_NONE ? i : first;
        st = first == RM_NONE ? RM_OK : join_device(m, sink, first, i);
    }
    return st == RM_OK ? rm_refs_replace_devices(m, instead) : st;
}

/* ---- entries ---- */

static bool same_entry(const rm_entry *read, const rm_entry *told) {
    bool devices_fit =
        read->device == told->device || read->device == RM_NONE || told->device == RM_NONE;
    if (read->driver != told->driver || read->kind != told->kind || !devices_fit) {
        return false;
    }
    if (read->has_code && told->has_code) {
        return read->code == told->code;
    }
    bool coded = read->kind == RM_ENTRY_IOCTL || read->kind == RM_ENTRY_INTERNAL_IOCTL ||
                 read->kind == RM_ENTRY_FSCTL;
    return coded ? rm_str_ieq(read->name, told->name) : !read->any_code && !told->any_code;
}

/* The entry that was read, or told of first, of which `one` tells again; `of_driver` has them all.
 */
static uint32_t entry_told_before(const rm_model *m, const rm_group *of_driver, uint32_t one) {
    const rm_entry *told = &m->entries.at[one];
    uint32_t found = RM_NONE;
    if (told->driver == RM_NONE) {
        return RM_NONE;
    }
    for (uint32_t i = of_driver->first[told->driver]; i < of_driver->first[told->driver + 1]; i++) {
        uint32_t other = of_driver->order[i];
        bool first = m->entries.at[other].state != RM_STATE_DECLARED || other < one;
        if (other != one && first && same_entry(&m->entries.at[other], told) &&
            (found == RM_NONE || m->entries.at[found].state == RM_STATE_DECLARED)) {
            found = other;
        }
    }
    return found;
}

static rm_status join_entry(rm_model *m, rm_sink *sink, uint32_t into, uint32_t from) {
    rm_entry *kept = &m->entries.at[into];
    const rm_entry *told = &m->entries.at[from];
    bool differ =
        kept->handler.len > 0 && told->handler.len > 0 && !rm_str_eq(kept->handler, told->handler);
    kept->handler = kept->handler.len == 0 ? told->handler : kept->handler;
    kept->device = kept->device == RM_NONE ? told->device : kept->device;
    kept->answers = kept->answers || told->answers;
    if (!differ) {
        return RM_OK;
    }
    kept->state = RM_STATE_CONFLICTING;
    return rm_model_conflict(m, sink, kept->name, told->place, kept->place,
                             "'%.*s' is declared to be handled by %.*s; %.*s was read",
                             RM_STR_ARG(kept->name), RM_STR_ARG(told->handler),
                             RM_STR_ARG(kept->handler));
}

static rm_status code_key(rm_model *m, uint32_t driver, uint32_t code, rm_place place,
                          rm_str *out) {
    return rm_str_printf(m->arena, out, "%u %u %u:%u %.*s", (unsigned)driver, (unsigned)code,
                         (unsigned)place.line, (unsigned)place.column, RM_STR_ARG(place.file));
}

/* A code that a joined entry told of again is told of once. */
static rm_status drop_ioctls(rm_model *m, const uint32_t *instead) {
    rm_map again = {.arena = m->arena};
    rm_str key = RM_STR_NONE;
    uint32_t kept = 0;
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < m->entries.count; i++) {
        const rm_entry *e = &m->entries.at[i];
        uint32_t *value = NULL;
        if (instead[i] != i && e->has_code) {
            st = code_key(m, e->driver, e->code, e->place, &key);
            st = st == RM_OK ? rm_map_at(&again, key, &value, NULL) : st;
        }
    }
    for (uint32_t i = 0; st == RM_OK && i < m->ioctls.count; i++) {
        const rm_ioctl c = m->ioctls.at[i];
        uint32_t value = 0;
        st = code_key(m, c.driver, c.code, c.place, &key);
        if (st == RM_OK && !(c.has_code && c.handled && rm_map_get(&again, key, &value))) {
            m->ioctls.at[kept++] = c;
        }
    }
    if (st == RM_OK) {
        m->ioctls.count = kept;
    }
    return st;
}

static rm_status drop_entries(rm_model *m, const uint32_t *instead) {
    uint32_t count = m->entries.count;
    uint32_t kept = 0;
    uint32_t *new_index = RM_NEW_ARRAY(m->arena, uint32_t, (size_t)count + 1);
    if (new_index == NULL) {
        return RM_NOMEM;
    }
    rm_status st = drop_ioctls(m, instead);
    if (st != RM_OK) {
        return st;
    }
    for (uint32_t i = 0; i < count; i++) {
        new_index[i] = instead[i] == i ? kept++ : RM_NONE;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (instead[i] != i) {
            new_index[i] = new_index[instead[i]];
        } else {
            m->entries.at[new_index[i]] = m->entries.at[i];
        }
    }
    m->entries.count = kept;
    rm_refs_rewrite(m, RM_TO_ENTRIES, new_index, count);
    return RM_OK;
}

rm_status rm_link_declared_entries(rm_model *m, rm_sink *sink) {
    rm_group of_driver = {0};
    uint32_t count = m->entries.count;
    uint32_t *instead = RM_NEW_ARRAY(m->arena, uint32_t, (size_t)count + 1);
    bool any = false;
    rm_status st = instead == NULL
                       ? RM_NOMEM
                       : rm_group_build(m->arena, m->entries.at, count, sizeof(rm_entry),
                                        offsetof(rm_entry, driver), m->drivers.count, &of_driver);
    for (uint32_t i = 0; st == RM_OK && i < count; i++) {
        bool declared = m->entries.at[i].state == RM_STATE_DECLARED;
        uint32_t first = declared ? entry_told_before(m, &of_driver, i) : RM_NONE;
        instead[i] = first == RM_NONE ? i : instead[first] == first ? first : i;
        if (instead[i] != i) {
            any = true;
            st = join_entry(m, sink, first, i);
        }
    }
    return st == RM_OK && any ? drop_entries(m, instead) : st;
}

/* ---- values ---- */

static const char *word(rm_validation v) {
    return rm_validation_name(v);
}

/* The same value judged by a team and by reading: the worse counts. */
static rm_status compare_sinks(rm_model *m, rm_sink *sink, rm_sink_call *read, rm_sink_call *told) {
    if (read->validation == told->validation || read->validation == RM_VALIDATION_UNKNOWN ||
        told->validation == RM_VALIDATION_UNKNOWN) {
        return RM_OK;
    }
    const bool both = read->state == RM_STATE_DECLARED;
    read->state = told->state = RM_STATE_CONFLICTING;
    return rm_model_conflict(m, sink, read->api, told->place, read->place,
                             "%.*s is declared %s; what %s says %s: %.*s", RM_STR_ARG(read->api),
                             word(told->validation), both ? "was declared before" : "was read",
                             word(read->validation), RM_STR_ARG(read->reason));
}

/* Was the other one read, or declared first and in another file? One file may tell of two calls. */
static bool stands_against(const rm_sink_call *other, uint32_t at, const rm_sink_call *told,
                           uint32_t told_at) {
    return other->state < RM_STATE_DECLARED || (other->state == RM_STATE_DECLARED && at < told_at &&
                                                !rm_str_eq(other->place.file, told->place.file));
}

rm_status rm_link_declared_values(rm_model *m, rm_sink *sink) {
    rm_group of_entry = {0};
    rm_status st = rm_group_build(m->arena, m->sinks.at, m->sinks.count, sizeof(rm_sink_call),
                                  offsetof(rm_sink_call, entry), m->entries.count, &of_entry);
    for (uint32_t i = 0; st == RM_OK && i < m->sinks.count; i++) {
        rm_sink_call *told = &m->sinks.at[i];
        if (told->state != RM_STATE_DECLARED || told->entry >= m->entries.count) {
            continue;
        }
        for (uint32_t k = of_entry.first[told->entry];
             st == RM_OK && k < of_entry.first[told->entry + 1]; k++) {
            rm_sink_call *read = &m->sinks.at[of_entry.order[k]];
            if (stands_against(read, of_entry.order[k], told, i) &&
                rm_str_eq(read->class_name, told->class_name) && rm_str_ieq(read->api, told->api)) {
                st = compare_sinks(m, sink, read, told);
            }
        }
    }
    return st;
}

/* ---- what a team confirmed ---- */

static bool names_match(rm_str wanted, rm_str name) {
    return wanted.len == 0 || rm_str_ieq(wanted, name) || rm_object_name_eq(wanted, name);
}

static bool entry_matches(const rm_model *m, const rm_confirmation *c, uint32_t entry) {
    if (entry == RM_NONE) {
        return false;
    }
    const rm_entry *e = &m->entries.at[entry];
    rm_str driver = e->driver == RM_NONE ? RM_STR_NONE : m->drivers.at[e->driver].name;
    rm_str device = e->device == RM_NONE ? RM_STR_NONE : m->devices.at[e->device].nt_name;
    return names_match(c->driver, driver) && names_match(c->device, device) &&
           names_match(c->entry, e->name);
}

/* One value that a confirmation speaks of. */
typedef struct value {
    rm_str name;
    rm_validation *validation;
    rm_state *state;
    rm_str *reason;
    rm_place place;
} value;

/*
 * What reading left open, or a team itself declared, is as the team says. What reading found to be
 * otherwise is a contradiction: the worse of the two stays.
 */
static rm_status confirm_value(rm_model *m, rm_sink *sink, rm_confirmation *c, const value *v) {
    bool was_read = *v->state < RM_STATE_DECLARED && *v->validation != RM_VALIDATION_UNKNOWN;
    rm_str said = RM_STR_NONE;
    rm_status st =
        rm_str_printf(m->arena, &said, "%.*s says: %.*s", RM_STR_ARG(c->who), RM_STR_ARG(c->why));
    c->used = true;
    if (st != RM_OK || (was_read && *v->validation == c->validation)) {
        return st;
    }
    if (!was_read) {
        *v->validation = c->validation;
        *v->state = RM_STATE_DECLARED;
        *v->reason = said;
        return RM_OK;
    }
    *v->state = RM_STATE_CONFLICTING;
    st = rm_model_conflict(m, sink, v->name, c->place, v->place,
                           "'%.*s' is confirmed as %s, but what was read says %s: %.*s",
                           RM_STR_ARG(v->name), word(c->validation), word(*v->validation),
                           RM_STR_ARG(*v->reason));
    *v->validation = c->validation < *v->validation ? c->validation : *v->validation;
    return st == RM_OK ? rm_str_printf(m->arena, v->reason, "%.*s; but %.*s",
                                       RM_STR_ARG(*v->reason), RM_STR_ARG(said))
                       : st;
}

static rm_status confirm(rm_model *m, rm_sink *sink, rm_confirmation *c) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && c->input.len > 0 && i < m->inputs.count; i++) {
        rm_input *in = &m->inputs.at[i];
        if (rm_str_ieq(in->name, c->input) && entry_matches(m, c, in->entry)) {
            st = confirm_value(
                m, sink, c,
                &(value){in->name, &in->validation, &in->state, &in->reason, in->place});
        }
    }
    for (uint32_t i = 0; st == RM_OK && c->sink.len > 0 && i < m->sinks.count; i++) {
        rm_sink_call *s = &m->sinks.at[i];
        bool meant = rm_str_ieq(s->class_name, c->sink) || rm_str_ieq(s->api, c->sink);
        if (meant && entry_matches(m, c, s->entry)) {
            st = confirm_value(m, sink, c,
                               &(value){s->api, &s->validation, &s->state, &s->reason, s->place});
        }
    }
    return st;
}

rm_status rm_link_confirmations(rm_model *m, rm_sink *sink) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < m->confirmations.count; i++) {
        rm_confirmation *c = &m->confirmations.at[i];
        st = confirm(m, sink, c);
        if (st == RM_OK && !c->used) {
            rm_str name = c->input.len > 0 ? c->input : c->sink;
            rm_diag(sink, RM_WARNING, c->place, "link-unknown-name",
                    "confirmed value '%.*s' is nowhere in what was read; the fact stands alone",
                    RM_STR_ARG(name));
        }
    }
    return st;
}
