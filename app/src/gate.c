#include "gate.h"

/* Which findings and paths are new or worse since the baseline. */
typedef struct fresh {
    bool *findings, *paths; /* by index; NULL: all are */
} fresh;

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
    return st;
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
