#include "changes.h"

#include "base/map.h"

/* "path:WHO:rest" */
rm_str rm_path_way(rm_str id) {
    size_t at = 0;
    if (!rm_str_find_char(id, ':', &at)) {
        return id;
    }
    const rm_str rest = rm_str_slice(id, at + 1, id.len);
    return rm_str_find_char(rest, ':', &at) ? rm_str_slice(rest, at, rest.len) : rest;
}

/* An access's id without the principal: "SUBJECT WHO". */
static rm_str subject_of_access(rm_str id) {
    size_t at = id.len;
    return rm_str_find_char(id, ' ', &at) ? rm_str_slice(id, 0, at) : id;
}

static rm_status key_of(rm_arena *arena, const rm_difference *d, rm_str *out) {
    const char *kind = rm_diff_kind_name(d->kind);
    const char *change = rm_change_name(d->change);
    if (d->kind == RM_DIFF_PATH) {
        const rm_str way = rm_path_way(d->id);
        return rm_str_printf(arena, out, "%s %s %.*s", kind, change, RM_STR_ARG(way));
    }
    if (d->kind == RM_DIFF_ACCESS) {
        const rm_str subject = subject_of_access(d->id);
        return rm_str_printf(arena, out, "%s %s %.*s %.*s", kind, change, RM_STR_ARG(subject),
                             RM_STR_ARG(d->text));
    }
    *out = d->id;
    return RM_OK;
}

/* Who it is about: the principal, or the app. */
static rm_str who(const rm_changes *c, const rm_difference *d) {
    const bool newer = d->after != RM_NONE;
    const rm_model *m = newer ? c->after : c->before;
    const uint32_t at = newer ? d->after : d->before;
    if (d->kind == RM_DIFF_ACCESS) {
        return m->accesses.at[at].principal;
    }
    const rm_path *p = &m->paths.at[at];
    return p->app != RM_NONE ? m->apps.at[p->app].name : p->origin;
}

static rm_status join(const rm_changes *c, const rm_difference *d, rm_change_group *group) {
    if (group->others.len > 0) {
        rm_buf_text(&group->others, ", ");
    }
    rm_buf_str(&group->others, who(c, d));
    group->count++;
    return group->others.status;
}

rm_status rm_changes_group(rm_arena *arena, const rm_changes *changes, rm_change_groups *out) {
    rm_map seen = {.arena = arena};
    for (uint32_t i = 0; i < changes->all.count; i++) {
        const rm_difference *d = &changes->all.at[i];
        rm_str key = RM_STR_NONE;
        uint32_t *group = NULL;
        bool is_new = false;
        rm_status st = key_of(arena, d, &key);
        st = st == RM_OK ? rm_map_at(&seen, key, &group, &is_new) : st;
        if (st == RM_OK && !is_new && (d->kind == RM_DIFF_PATH || d->kind == RM_DIFF_ACCESS)) {
            st = join(changes, d, &out->at[*group]);
        } else if (st == RM_OK) {
            *group = out->count;
            rm_change_group *made = rm_push(arena, out);
            if (made == NULL) {
                return RM_NOMEM;
            }
            *made = (rm_change_group){.first = i, .count = 1, .others = {.arena = arena}};
        }
        if (st != RM_OK) {
            return st;
        }
    }
    return RM_OK;
}

uint32_t rm_changes_count(const rm_differences *all, rm_diff_kind kind, rm_change change) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < all->count; i++) {
        count += all->at[i].kind == kind && all->at[i].change == change;
    }
    return count;
}
