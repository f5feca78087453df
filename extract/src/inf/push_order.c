#include "inf/push.h"

#include <stdlib.h>

/*
 * The order of a stack. Sources: Windows driver documentation, "Device filter driver ordering",
 * "INF AddFilter directive"; "Load order groups and altitudes for minifilter drivers".
 */

static rm_stack_position *position_of(const rm_inf_member *m) {
    return &m->model->stacks.at[m->rank.stack];
}

/* One stack: what an INF makes of a hardware id on an architecture; one for all minifilters. */
int rm_inf_by_stack(const rm_inf_member *a, const rm_inf_member *b) {
    const rm_stack_position *x = position_of(a);
    const rm_stack_position *y = position_of(b);
    int order = rm_str_icmp(x->hwid, y->hwid);
    order = order != 0 ? order : rm_str_cmp(x->arch, y->arch);
    return order != 0 ? order : rm_str_cmp(x->inf, y->inf);
}

/* Altitudes are decimal fractions of any length; the higher is nearer the top. */
static int by_altitude(rm_str a, rm_str b) {
    size_t whole_a = a.len;
    size_t whole_b = b.len;
    (void)rm_str_find_char(a, '.', &whole_a);
    (void)rm_str_find_char(b, '.', &whole_b);
    if (whole_a != whole_b) {
        return whole_a > whole_b ? -1 : 1;
    }
    return -rm_str_cmp(a, b);
}

static int by_number(uint32_t a, uint32_t b) {
    return (a > b) - (a < b);
}

/* UINT32_MAX - i for the i-th that attaches: the one that attaches last is the highest. */
int rm_inf_by_place(const void *a, const void *b) {
    const rm_inf_member *x = a;
    const rm_inf_member *y = b;
    const rm_stack_position *p = position_of(x);
    const rm_stack_position *q = position_of(y);
    int order = rm_inf_by_stack(x, y);
    order = order != 0 ? order : by_altitude(p->altitude, q->altitude);
    order = order != 0 ? order : by_number(x->rank.side, y->rank.side);
    order = order != 0 ? order : by_number(x->rank.level_order, y->rank.level_order);
    order = order != 0 ? order : by_number(x->rank.order, y->rank.order);
    order = order != 0 ? order : rm_str_cmp(p->place.file, q->place.file);
    return order != 0 ? order : by_number(x->rank.stack, y->rank.stack);
}

/* ---- levels ---- */

static uint32_t index_of(const rm_inf_names *names, rm_str name) {
    for (uint32_t i = 0; i < names->count; i++) {
        if (rm_str_ieq(names->at[i], name)) {
            return i;
        }
    }
    return RM_NONE;
}

/* The first level of a side is the one next to the function driver. */
static void put_on_level(rm_inf_member *m, bool upper, uint32_t level) {
    rm_stack_position *p = position_of(m);
    m->rank.side = upper ? RM_INF_SIDE_UPPER : RM_INF_SIDE_LOWER;
    m->rank.level_order = upper ? UINT32_MAX - level : level;
    p->how = upper ? RM_STACK_UPPER_FILTER : RM_STACK_LOWER_FILTER;
    p->state = p->state == RM_STATE_UNKNOWN ? RM_STATE_CONFIRMED : p->state;
}

static void put_by_name(rm_inf_member *m, const rm_inf_levels *levels, rm_sink *sink) {
    static const rm_inf_levels none = {.upper = {0}};
    const rm_inf_levels *defined = levels == NULL ? &none : levels;
    uint32_t upper = index_of(&defined->upper, m->rank.level);
    uint32_t lower = index_of(&defined->lower, m->rank.level);
    if (upper != RM_NONE || lower != RM_NONE) {
        put_on_level(m, upper != RM_NONE, upper != RM_NONE ? upper : lower);
        return;
    }
    const rm_stack_position *p = position_of(m);
    m->rank.left_out = true;
    rm_diag(sink, RM_WARNING, p->place, "inf-filter-level",
            "the device's INF has no filter level %.*s: the filter does not come into the stack",
            RM_STR_ARG(m->rank.level));
}

static void put_by_default(rm_inf_member *m, const rm_inf_levels *levels) {
    bool upper = m->rank.side == RM_INF_SIDE_UPPER;
    uint32_t level = upper ? index_of(&levels->upper, levels->upper_default)
                           : index_of(&levels->lower, levels->lower_default);
    if (level != RM_NONE) {
        put_on_level(m, upper, level);
    }
}

/* Without the INF that defines the levels nothing is known of them. */
static void place_by_level(rm_sink *sink, rm_inf_member *members, uint32_t count) {
    const rm_inf_member *base = NULL;
    for (uint32_t i = 0; i < count && base == NULL; i++) {
        base = position_of(&members[i])->how == RM_STACK_FUNCTION ? &members[i] : NULL;
    }
    const rm_inf_levels *levels = base == NULL ? NULL : base->rank.levels;
    bool told = base != NULL && !base->rank.open;
    for (uint32_t i = 0; i < count; i++) {
        bool filter =
            members[i].rank.side == RM_INF_SIDE_UPPER || members[i].rank.side == RM_INF_SIDE_LOWER;
        if (filter && members[i].rank.level.len > 0 && told) {
            put_by_name(&members[i], levels, sink);
        } else if (filter && levels != NULL) {
            put_by_default(&members[i], levels);
        }
    }
}

/* ---- positions ---- */

static bool same_member(const rm_inf_member *a, const rm_inf_member *b) {
    const rm_stack_position *x = position_of(a);
    const rm_stack_position *y = position_of(b);
    return x->driver == y->driver && x->how == y->how && rm_str_eq(x->altitude, y->altitude);
}

static bool same_level(const rm_inf_member *a, const rm_inf_member *b) {
    return a->rank.side == b->rank.side && a->rank.level_order == b->rank.level_order;
}

/* With company on its level, a filter that was appended or put by level has no known order. */
static void settle_order(const rm_inf_member *members, uint32_t count, uint32_t i) {
    const rm_inf_member *m = &members[i];
    rm_stack_position *p = position_of(m);
    bool alone = (i == 0 || !same_level(&members[i - 1], m)) &&
                 (i + 1 == count || !same_level(&members[i + 1], m));
    if (m->rank.open) {
        p->order_state = RM_STATE_UNKNOWN;
    } else if (alone && p->how != RM_STACK_FUNCTION && p->state != RM_STATE_UNKNOWN) {
        p->order_state = RM_STATE_DERIVED;
    } else if (!alone && (m->rank.extension || m->rank.joins.len > 0)) {
        p->order_state = RM_STATE_UNKNOWN;
    }
}

/* Gives out the positions of one stack; a member named twice keeps the first. */
void rm_inf_number_stack(rm_model *model, rm_sink *sink, rm_inf_member *members, uint32_t count) {
    uint32_t position = 0;
    const rm_inf_member *last = NULL;
    place_by_level(sink, members, count);
    qsort(members, count, sizeof *members, rm_inf_by_place);
    for (uint32_t i = 0; i < count; i++) {
        settle_order(members, count, i);
    }
    for (uint32_t i = 0; i < count; i++) {
        bool again = last != NULL && same_member(last, &members[i]);
        bool counts = !again && !members[i].rank.left_out;
        model->stacks.at[members[i].rank.stack].position = counts ? ++position : 0;
        last = members[i].rank.left_out ? last : &members[i];
    }
}
