#include "gate.h"

#include "base/map.h"

/* Which findings and paths are new or worse since the baseline. */
typedef struct fresh {
    bool *findings, *paths; /* by index; NULL: all are */
} fresh;

/* Who is the system, or may become it anyway. */
static bool is_trusted(rm_str principal) {
    return rm_str_eq(principal, RM_STR("admin_elevated")) || rm_str_eq(principal, RM_STR("system"));
}

/* The id of what access is to; empty: none. */
static rm_str subject_of(const rm_model *m, rm_subject kind, uint32_t subject) {
    if (subject == RM_NONE) {
        return RM_STR_NONE;
    }
    switch (kind) {
    case RM_SUBJECT_DEVICE:
    case RM_SUBJECT_PORT: return m->devices.at[subject].id;
    case RM_SUBJECT_INTERFACE: return m->doors.at[subject].id;
    case RM_SUBJECT_SERVICE: return m->services.at[subject].id;
    case RM_SUBJECT_KEY: return m->descriptors.at[subject].id;
    case RM_SUBJECT_FILE:
    case RM_SUBJECT_COUNT: break;
    }
    return RM_STR_NONE;
}

static rm_status note(rm_map *ids, rm_str id) {
    uint32_t *value = NULL;
    return id.len == 0 ? RM_OK : rm_map_at(ids, id, &value, NULL);
}

/* `wider` has the ids of what somebody got more access to: their descriptors' join them. */
static rm_status add_descriptors(const rm_model *m, rm_map *wider) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < m->descriptors.count; i++) {
        const rm_descriptor *d = &m->descriptors.at[i];
        uint32_t value = 0;
        if (d->effective && rm_map_get(wider, subject_of(m, d->subject_kind, d->subject), &value)) {
            st = note(wider, d->id);
        }
    }
    return st;
}

/* Does the rule judge who is let in? */
static bool is_about_access(const rm_model *m, rm_str rule) {
    size_t at = 0;
    for (uint32_t i = 0; i < m->rules.count; i++) {
        const rm_rule_row *r = &m->rules.at[i];
        if (rm_str_eq(r->id, rule)) {
            return rm_str_find(r->evidence, RM_STR("SDDL"), &at) ||
                   rm_str_eq(rule, RM_STR("IN-01")) || rm_str_eq(rule, RM_STR("IN-02"));
        }
    }
    return false;
}

/*
 * A finding about who is let in says the same of a right that is added to those it tells of: it is
 * worse all the same.
 */
static rm_status note_wider_access(rm_arena *arena, const rm_model *m, const rm_differences *all,
                                   fresh *out) {
    rm_map wider = {.arena = arena};
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < all->count; i++) {
        const rm_difference *d = &all->at[i];
        bool gained = d->change == RM_CHANGE_NEW || d->change == RM_CHANGE_WORSE;
        if (d->kind == RM_DIFF_ACCESS && gained &&
            !is_trusted(m->accesses.at[d->after].principal)) {
            const rm_access *a = &m->accesses.at[d->after];
            st = note(&wider, subject_of(m, a->subject_kind, a->subject));
        }
    }
    st = st == RM_OK && wider.count > 0 ? add_descriptors(m, &wider) : st;
    for (uint32_t i = 0; st == RM_OK && wider.count > 0 && i < m->findings.count; i++) {
        const rm_finding *f = &m->findings.at[i];
        uint32_t value = 0;
        if (rm_map_get(&wider, f->subject_id, &value) && is_about_access(m, f->rule)) {
            out->findings[i] = true;
        }
    }
    return st;
}

static rm_status compare_with_baseline(rm_arena *arena, const rm_ci_gate *gate, fresh *out) {
    rm_differences all = {0};
    *out = (fresh){0};
    if (gate->baseline == NULL) {
        return RM_OK;
    }
    out->findings = RM_NEW_ARRAY(arena, bool, (size_t)gate->model->findings.count + 1);
    out->paths = RM_NEW_ARRAY(arena, bool, (size_t)gate->model->paths.count + 1);
    if (out->findings == NULL || out->paths == NULL) {
        return RM_NOMEM;
    }
    rm_status st = rm_diff(arena, gate->baseline, gate->model, &all);
    for (uint32_t i = 0; st == RM_OK && i < all.count; i++) {
        const rm_difference *d = &all.at[i];
        if (d->change == RM_CHANGE_NEW || d->change == RM_CHANGE_WORSE) {
            if (d->kind == RM_DIFF_FINDING) {
                out->findings[d->after] = true;
            } else if (d->kind == RM_DIFF_PATH) {
                out->paths[d->after] = true;
            }
        }
    }
    return st == RM_OK ? note_wider_access(arena, gate->model, &all, out) : st;
}

static rm_status judge(rm_arena *arena, rm_gate_result *result, rm_diff_kind kind, uint32_t index,
                       bool waived, const bool *is_fresh) {
    rm_gate_item *item = rm_push(arena, &result->items);
    if (item == NULL) {
        return RM_NOMEM;
    }
    *item = (rm_gate_item){.verdict = waived                                ? RM_VERDICT_WAIVED
                                      : is_fresh == NULL || is_fresh[index] ? RM_VERDICT_OBJECTION
                                                                            : RM_VERDICT_KNOWN,
                           .kind = kind,
                           .index = index};
    result->counts[item->verdict]++;
    return RM_OK;
}

static void count_waivers(const rm_policy *policy, rm_gate_result *out) {
    for (uint32_t i = 0; i < policy->waivers.count; i++) {
        out->expired += policy->waivers.at[i].state == RM_WAIVER_EXPIRED;
        out->orphaned += policy->waivers.at[i].state == RM_WAIVER_ORPHANED;
    }
}

rm_status rm_gate_decide(rm_arena *arena, const rm_ci_gate *gate, rm_gate_result *out) {
    const rm_findings *findings = &gate->model->findings;
    const rm_paths *paths = &gate->model->paths;
    fresh since;
    *out = (rm_gate_result){0};
    rm_status st = compare_with_baseline(arena, gate, &since);
    for (uint32_t i = 0; st == RM_OK && i < findings->count; i++) {
        if (findings->at[i].severity >= gate->fail_on) {
            st = judge(arena, out, RM_DIFF_FINDING, i, findings->at[i].waived, since.findings);
        }
    }
    for (uint32_t i = 0; st == RM_OK && i < paths->count; i++) {
        if (paths->at[i].severity >= gate->fail_on) {
            st = judge(arena, out, RM_DIFF_PATH, i, paths->at[i].waived, since.paths);
        }
    }
    count_waivers(gate->policy, out);
    out->passed = out->counts[RM_VERDICT_OBJECTION] == 0 && out->expired == 0 && out->orphaned == 0;
    return st;
}
