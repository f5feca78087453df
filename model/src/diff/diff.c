#include "diff.h"

#include <stdlib.h>

/* ---- what things belong to ---- */

static rm_status note_owner(rm_diff_side *side, rm_str id) {
    uint32_t *value = NULL;
    return rm_map_at(&side->owners, id, &value, NULL);
}

#define NOTE_OWNERS(list)                                                                          \
    for (uint32_t i = 0; st == RM_OK && i < side->model->list.count; i++) {                        \
        st = note_owner(side, side->model->list.at[i].id);                                         \
    }

static rm_status note_owners(rm_diff_side *side) {
    rm_status st = RM_OK;
    NOTE_OWNERS(drivers)
    NOTE_OWNERS(devices)
    NOTE_OWNERS(doors)
    NOTE_OWNERS(services)
    NOTE_OWNERS(descriptors)
    NOTE_OWNERS(entries)
    return st;
}

/* The thing is of something that the other model does not have: that is told, this is not. */
static bool is_echo(const rm_diff_side *other, const rm_diff_thing *thing) {
    uint32_t value = 0;
    return thing->owner.len > 0 && !rm_map_get(&other->owners, thing->owner, &value);
}

/* Access to something is a difference of its own only where there is some. */
static bool is_nothing(const rm_model *model, rm_diff_kind kind, uint32_t index) {
    return kind == RM_DIFF_ACCESS && model->accesses.at[index].mask == 0;
}

/* ---- one kind of things ---- */

static rm_status tell(rm_diff_run *run, rm_diff_kind kind, rm_change change,
                      const rm_diff_thing *thing, rm_str text, uint32_t before, uint32_t after) {
    rm_difference *d = rm_push(run->arena, run->out);
    if (d == NULL) {
        return RM_NOMEM;
    }
    *d = (rm_difference){.kind = kind,
                         .change = change,
                         .id = thing->id,
                         .name = thing->name,
                         .text = text,
                         .severity = thing->severity,
                         .score = thing->score,
                         .before = before,
                         .after = after,
                         .place = thing->place};
    return RM_OK;
}

/* Ids to indices plus one. */
static rm_status index_things(rm_diff_run *run, rm_diff_kind kind, rm_map *ids) {
    const rm_diff_rule *rule = &rm_diff_rules[kind];
    const uint32_t count = rule->count(run->before.model);
    for (uint32_t i = 0; i < count; i++) {
        rm_diff_thing thing = {0};
        uint32_t *value = NULL;
        rm_status st = rule->thing(run->arena, run->before.model, i, &thing);
        st = st == RM_OK ? rm_map_at(ids, thing.id, &value, NULL) : st;
        if (st != RM_OK) {
            return st;
        }
        *value = i + 1;
    }
    return RM_OK;
}

static rm_status compare(rm_diff_run *run, rm_diff_kind kind, const rm_diff_thing *thing,
                         uint32_t before, uint32_t after) {
    rm_diff_verdict verdict = {.change = RM_CHANGE_COUNT, .text = {.arena = run->arena}};
    if (rm_diff_rules[kind].compare == NULL) {
        return RM_OK;
    }
    rm_diff_rules[kind].compare(run->before.model, before, run->after.model, after, &verdict);
    if (verdict.change == RM_CHANGE_COUNT || verdict.text.status != RM_OK) {
        return verdict.text.status;
    }
    return tell(run, kind, verdict.change, thing, rm_buf_view(&verdict.text), before, after);
}

/* What the newer model has; what of the older one was met is struck from `ids`. */
static rm_status tell_newer(rm_diff_run *run, rm_diff_kind kind, rm_map *ids) {
    const rm_diff_rule *rule = &rm_diff_rules[kind];
    const uint32_t count = rule->count(run->after.model);
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < count; i++) {
        rm_diff_thing thing = {0};
        uint32_t *value = NULL;
        st = rule->thing(run->arena, run->after.model, i, &thing);
        st = st == RM_OK ? rm_map_at(ids, thing.id, &value, NULL) : st;
        if (st != RM_OK) {
            return st;
        }
        if (*value != 0) {
            st = compare(run, kind, &thing, *value - 1, i);
            *value = 0;
        } else if (!is_echo(&run->before, &thing) && !is_nothing(run->after.model, kind, i)) {
            st = tell(run, kind, rule->appeared, &thing, RM_STR_NONE, RM_NONE, i);
        }
    }
    return st;
}

static rm_status tell_gone(rm_diff_run *run, rm_diff_kind kind, const rm_map *ids) {
    const rm_diff_rule *rule = &rm_diff_rules[kind];
    const uint32_t count = rule->count(run->before.model);
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < count; i++) {
        rm_diff_thing thing = {0};
        uint32_t value = 0;
        st = rule->thing(run->arena, run->before.model, i, &thing);
        if (st == RM_OK && rm_map_get(ids, thing.id, &value) && value != 0 &&
            !is_echo(&run->after, &thing) && !is_nothing(run->before.model, kind, i)) {
            st = tell(run, kind, rule->went, &thing, RM_STR_NONE, i, RM_NONE);
        }
    }
    return st;
}

static rm_status diff_kind(rm_diff_run *run, rm_diff_kind kind) {
    rm_map ids = {.arena = run->arena};
    rm_status st = index_things(run, kind, &ids);
    st = st == RM_OK ? tell_newer(run, kind, &ids) : st;
    return st == RM_OK ? tell_gone(run, kind, &ids) : st;
}

/* ---- the whole ---- */

static int by_weight(const void *left, const void *right) {
    const rm_difference *a = left;
    const rm_difference *b = right;
    if (a->kind != b->kind) {
        return a->kind < b->kind ? -1 : 1;
    }
    if (a->change != b->change) {
        return a->change < b->change ? -1 : 1;
    }
    if (a->severity != b->severity) {
        return a->severity > b->severity ? -1 : 1;
    }
    if (a->score != b->score) {
        return a->score > b->score ? -1 : 1;
    }
    return rm_str_cmp(a->id, b->id);
}

rm_status rm_diff(rm_arena *arena, const rm_model *before, const rm_model *after,
                  rm_differences *out) {
    rm_diff_run run = {.arena = arena,
                       .before = {.model = before, .owners = {.arena = arena}},
                       .after = {.model = after, .owners = {.arena = arena}},
                       .out = out};
    rm_status st = note_owners(&run.before);
    st = st == RM_OK ? note_owners(&run.after) : st;
    for (unsigned kind = 0; st == RM_OK && kind < RM_DIFF_COUNT; kind++) {
        st = diff_kind(&run, (rm_diff_kind)kind);
    }
    if (st == RM_OK && out->count > 1) {
        qsort(out->at, out->count, sizeof *out->at, by_weight);
    }
    return st;
}
