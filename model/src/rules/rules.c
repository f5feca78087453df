#include "rules.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ident.h"

static const size_t scratch_limit = (size_t)1 << 30;

/* ---- verdicts ---- */

rm_str rm_rule_say(rm_rule_run *run, const char *fmt, ...) {
    char text[2048];
    rm_str kept = RM_STR_NONE;
    va_list arguments;
    va_start(arguments, fmt);
    int length = vsnprintf(text, sizeof text, fmt, arguments);
    va_end(arguments);
    size_t used = length < 0 ? 0 : (size_t)length >= sizeof text ? sizeof text - 1 : (size_t)length;
    return rm_str_copy(run->model->arena, (rm_str){text, used}, &kept) == RM_OK ? kept
                                                                                : RM_STR_NONE;
}

static rm_status id_of(rm_rule_run *run, const char *kind, rm_str subject_id, rm_str *out) {
    rm_ident ident = {0};
    rm_ident_part(&ident, rm_str_from(run->rule->id));
    rm_ident_part(&ident, subject_id);
    return rm_ident_make(run->model->arena, kind, &ident, out);
}

/* Causes by number; a finding without one is its own. */
static rm_status cause_of(rm_rule_run *run, const rm_verdict *v, rm_str id, uint32_t *out) {
    uint32_t *slot = NULL;
    bool is_new = false;
    rm_status st = rm_map_at(&run->causes, v->cause.len > 0 ? v->cause : id, &slot, &is_new);
    if (st == RM_OK) {
        *slot = is_new ? run->causes.count : *slot;
        *out = *slot;
    }
    return st;
}

static rm_status add_place(rm_rule_run *run, rm_finding *f, const rm_verdict *v) {
    for (uint32_t i = 0; i < f->places.count; i++) {
        const rm_evidence *e = &f->places.at[i];
        if (e->place.line == v->place.line && rm_str_eq(e->place.file, v->place.file) &&
            rm_str_eq(e->text, v->evidence)) {
            return RM_OK;
        }
    }
    rm_evidence *slot = rm_push(run->model->arena, &f->places);
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = (rm_evidence){.text = v->evidence, .place = v->place};
    return RM_OK;
}

static void take_over(rm_finding *f, const rm_verdict *v) {
    f->severity = v->severity;
    f->subject = v->subject;
    f->subject_id = v->subject_id;
    f->message = v->message;
    f->confidence = v->confidence;
    f->path = v->path;
    f->fix = v->fix;
    f->place = v->place;
}

static bool is_worse(const rm_verdict *v, const rm_finding *f) {
    return v->severity > f->severity || (v->severity == f->severity && v->path < f->path);
}

static rm_status add_finding(rm_rule_run *run, const rm_verdict *v, rm_str id, uint32_t *slot) {
    struct rm_cause cause = {.follows = v->follows};
    rm_status st = cause_of(run, v, id, &cause.cause);
    struct rm_cause *kept = st == RM_OK ? rm_push(run->scratch, &run->cause_of) : NULL;
    rm_finding *f = kept == NULL ? NULL : rm_push(run->model->arena, &run->model->findings);
    if (f == NULL) {
        return st == RM_OK ? RM_NOMEM : st;
    }
    *kept = cause;
    *f = (rm_finding){.id = id, .rule = rm_str_from(run->rule->id)};
    take_over(f, v);
    *slot = run->model->findings.count;
    return add_place(run, f, v);
}

rm_status rm_rule_fires(rm_rule_run *run, const rm_verdict *v) {
    rm_str id = RM_STR_NONE;
    uint32_t *slot = NULL;
    bool is_new = false;
    rm_status st = id_of(run, "finding", v->subject_id, &id);
    if (st == RM_OK) {
        st = rm_map_at(&run->finding_of, id, &slot, &is_new);
    }
    if (st != RM_OK || is_new) {
        return st == RM_OK ? add_finding(run, v, id, slot) : st;
    }
    rm_finding *f = &run->model->findings.at[*slot - 1];
    if (is_worse(v, f)) {
        take_over(f, v);
    }
    return add_place(run, f, v);
}

rm_status rm_rule_undecided(rm_rule_run *run, rm_str subject_id, rm_str subject, const char *reason,
                            rm_place place) {
    rm_undecided *row = rm_push(run->model->arena, &run->model->undecided);
    if (row == NULL) {
        return RM_NOMEM;
    }
    *row = (rm_undecided){.rule = rm_str_from(run->rule->id),
                          .subject = subject,
                          .subject_id = subject_id,
                          .reason = rm_str_from(reason),
                          .place = place};
    return RM_OK;
}

rm_severity rm_rule_by_reach(const rm_rule_run *run, uint32_t path, rm_severity of_rule) {
    if (path == RM_NONE) {
        return RM_SEVERITY_LOW;
    }
    rm_severity of_path = run->model->paths.at[path].severity;
    return of_path < of_rule ? of_path : of_rule;
}

/* ---- names ---- */

rm_str rm_rule_driver(const rm_model *model, uint32_t driver) {
    return driver == RM_NONE ? RM_STR_NONE : model->drivers.at[driver].name;
}

rm_str rm_device_title(const rm_model *model, uint32_t device) {
    const rm_device *d = &model->devices.at[device];
    if (d->nt_name.len > 0 || d->alias.len > 0) {
        return d->nt_name.len > 0 ? d->nt_name : d->alias;
    }
    return d->driver == RM_NONE ? RM_STR("device") : rm_rule_driver(model, d->driver);
}

/* ---- all rules over all things ---- */

static uint32_t count_over(const rm_model *m, rm_rule_over over) {
    switch (over) {
    case RM_OVER_NOTHING: return 0;
    case RM_OVER_DEVICES: return m->devices.count;
    case RM_OVER_DESCRIPTORS: return m->descriptors.count;
    case RM_OVER_DOORS: return m->doors.count;
    case RM_OVER_DRIVERS: return m->drivers.count;
    case RM_OVER_ENTRIES: return m->entries.count;
    case RM_OVER_IOCTLS: return m->ioctls.count;
    case RM_OVER_INPUTS: return m->inputs.count;
    case RM_OVER_CHECKS: return m->checks.count;
    case RM_OVER_SINKS: return m->sinks.count;
    case RM_OVER_FORWARDS: return m->forwards.count;
    case RM_OVER_OBSERVATIONS: return m->observations.count;
    case RM_OVER_SERVICES: return m->services.count;
    case RM_OVER_SETTINGS: return m->settings.count;
    case RM_OVER_DIRECTIVES: return m->directives.count;
    case RM_OVER_ARTIFACTS: return m->artifacts.count;
    case RM_OVER_APPS: return m->apps.count;
    case RM_OVER_CAPABILITIES: return m->capabilities.count;
    case RM_OVER_AUTHORIZED: return m->authorizeds.count;
    case RM_OVER_CONFLICTS: return m->conflicts.count;
    case RM_OVER_COUNT: break;
    }
    return 0;
}

static rm_status apply(rm_rule_run *run, rm_rule_over over, rm_rule_judge judge,
                       uint32_t *subjects) {
    rm_status st = RM_OK;
    uint32_t count = count_over(run->model, over);
    *subjects += count;
    for (uint32_t i = 0; st == RM_OK && i < count; i++) {
        bool operation = over != RM_OVER_SINKS || !run->model->sinks.at[i].ending;
        st = operation ? judge(run, i) : RM_OK;
    }
    return st;
}

rm_status rm_rules_list(rm_arena *arena, rm_rule_rows *out) {
    uint32_t count = 0;
    const rm_rule *rules = rm_rules(&count);
    for (uint32_t i = 0; i < count; i++) {
        rm_rule_row *row = rm_push(arena, out);
        if (row == NULL) {
            return RM_NOMEM;
        }
        *row = (rm_rule_row){.id = rm_str_from(rules[i].id),
                             .title = rm_str_from(rules[i].title),
                             .statement = rm_str_from(rules[i].statement),
                             .severity = rules[i].severity,
                             .cwe = rm_str_from(rules[i].cwe),
                             .stride = rm_str_from(rules[i].stride),
                             .source = rm_str_from(rules[i].source),
                             .evidence = rm_str_from(rules[i].evidence),
                             .kind = rules[i].over == RM_OVER_NOTHING ? RM_RULE_CHECKLIST
                                                                      : RM_RULE_DERIVED,
                             .enabled = true};
    }
    return RM_OK;
}

static rm_status run_all(rm_rule_run *run) {
    uint32_t count = 0;
    const rm_rule *rules = rm_rules(&count);
    rm_status st = rm_rules_list(run->model->arena, &run->model->rules);
    for (uint32_t i = 0; st == RM_OK && i < count; i++) {
        run->rule = &rules[i];
        uint32_t subjects = 0;
        st = apply(run, rules[i].over, rules[i].judge, &subjects);
        if (st == RM_OK) {
            st = apply(run, rules[i].and_over, rules[i].and_judge, &subjects);
        }
        run->model->rules.at[i].subjects = subjects;
    }
    return st;
}

/* ---- one finding a cause ---- */

/* Ranked before: the worse, then the one on the worse path (paths stand worst first), then by id.
 */
static int rank(const rm_finding *x, const rm_finding *y) {
    if (x->severity != y->severity) {
        return x->severity < y->severity ? 1 : -1;
    }
    if (x->path != y->path) {
        return x->path > y->path ? 1 : -1;
    }
    return rm_str_cmp(x->id, y->id);
}

static int worst_first(const void *a, const void *b) {
    return rank(a, b);
}

void rm_findings_rank(rm_model *model) {
    if (model->findings.count > 1) {
        qsort(model->findings.at, model->findings.count, sizeof model->findings.at[0], worst_first);
    }
}

static bool leads(const rm_rule_run *run, uint32_t finding, uint32_t than) {
    bool follows = run->cause_of.at[finding].follows;
    bool other = run->cause_of.at[than].follows;
    const rm_finding *at = run->model->findings.at;
    return follows != other ? !follows : rank(&at[finding], &at[than]) < 0;
}

/* The lead of a cause is as bad as its worst part: the agenda must not hide that below a low one.
 */
static rm_status join_causes(rm_rule_run *run) {
    rm_findings *findings = &run->model->findings;
    uint32_t *lead = RM_NEW_ARRAY(run->scratch, uint32_t, (size_t)run->causes.count + 1);
    if (lead == NULL) {
        return RM_NOMEM;
    }
    memset(lead, 0xFF, ((size_t)run->causes.count + 1) * sizeof *lead);
    for (uint32_t i = 0; i < findings->count; i++) {
        uint32_t *slot = &lead[run->cause_of.at[i].cause];
        *slot = *slot == RM_NONE || leads(run, i, *slot) ? i : *slot;
    }
    for (uint32_t i = 0; i < findings->count; i++) {
        rm_finding *first = &findings->at[lead[run->cause_of.at[i].cause]];
        rm_finding *f = &findings->at[i];
        if (first == f) {
            continue;
        }
        f->part_of = first->id;
        if (rank(f, first) < 0) {
            first->severity = f->severity;
            first->path = f->path < first->path ? f->path : first->path;
        }
    }
    return RM_OK;
}

rm_status rm_rules_apply(rm_model *model) {
    rm_arena *scratch = rm_arena_new(scratch_limit);
    rm_rule_run run = {.model = model,
                       .scratch = scratch,
                       .finding_of = {.arena = scratch},
                       .causes = {.arena = scratch}};
    rm_status st = scratch == NULL ? RM_NOMEM : rm_rule_index_build(scratch, model, &run.of);
    if (st == RM_OK) {
        st = rm_principals_builtin(scratch, &run.principals);
    }
    if (st == RM_OK) {
        st = rm_worst_build(&run);
    }
    if (st == RM_OK) {
        st = run_all(&run);
    }
    if (st == RM_OK) {
        st = join_causes(&run);
    }
    rm_arena_free(scratch);
    if (st == RM_OK) {
        rm_findings_rank(model);
    }
    return st;
}
