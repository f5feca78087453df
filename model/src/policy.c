#include "model/policy.h"

const char *rm_waiver_state_name(rm_waiver_state state) {
    static const char *const names[] = {"used", "expired", "orphaned", "early"};
    return (unsigned)state < sizeof names / sizeof names[0] ? names[state] : "unknown";
}

/* ---- days ---- */

static bool two_digits(rm_str text, size_t at, uint32_t *out) {
    const char a = text.ptr[at];
    const char b = text.ptr[at + 1];
    if (a < '0' || a > '9' || b < '0' || b > '9') {
        return false;
    }
    *out = (uint32_t)(a - '0') * 10 + (uint32_t)(b - '0');
    return true;
}

static uint32_t days_of_month(uint32_t year, uint32_t month) {
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

bool rm_is_date(rm_str text) {
    uint32_t century = 0;
    uint32_t year = 0;
    uint32_t month = 0;
    uint32_t day = 0;
    return text.len == 10 && text.ptr[4] == '-' && text.ptr[7] == '-' &&
           two_digits(text, 0, &century) && two_digits(text, 2, &year) &&
           two_digits(text, 5, &month) && two_digits(text, 8, &day) && month >= 1 && month <= 12 &&
           day >= 1 && day <= days_of_month(century * 100 + year, month);
}

/* ---- patterns ---- */

/* Greedy with one place to come back to: linear in practice, len(text) * len(pattern) at worst. */
static bool matches(rm_str pattern, rm_str text) {
    size_t p = 0;
    size_t t = 0;
    size_t star = SIZE_MAX;
    size_t resume = 0;
    while (t < text.len) {
        if (p < pattern.len && pattern.ptr[p] == '*') {
            star = p++;
            resume = t;
        } else if (p < pattern.len && pattern.ptr[p] == text.ptr[t]) {
            p++;
            t++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.len && pattern.ptr[p] == '*') {
        p++;
    }
    return p == pattern.len;
}

static bool is_waived(rm_policy *policy, rm_str id) {
    bool waived = false;
    for (uint32_t i = 0; i < policy->waivers.count; i++) {
        rm_waiver *w = &policy->waivers.at[i];
        if (matches(w->id, id)) {
            w->matches++;
            waived = waived || w->state == RM_WAIVER_USED;
        }
    }
    return waived;
}

/* ---- the whole ---- */

void rm_policy_apply(rm_policy *policy, rm_model *model, rm_str today) {
    for (uint32_t i = 0; i < policy->waivers.count; i++) {
        rm_waiver *w = &policy->waivers.at[i];
        w->matches = 0;
        w->state = rm_str_cmp(w->expires, today) < 0 ? RM_WAIVER_EXPIRED
                   : rm_str_cmp(w->date, today) > 0  ? RM_WAIVER_EARLY
                                                     : RM_WAIVER_USED;
    }
    for (uint32_t i = 0; i < model->findings.count; i++) {
        model->findings.at[i].waived = is_waived(policy, model->findings.at[i].id);
    }
    for (uint32_t i = 0; i < model->paths.count; i++) {
        model->paths.at[i].waived = is_waived(policy, model->paths.at[i].id);
    }
    for (uint32_t i = 0; i < policy->waivers.count; i++) {
        rm_waiver *w = &policy->waivers.at[i];
        w->state = w->matches == 0 && w->state == RM_WAIVER_USED ? RM_WAIVER_ORPHANED : w->state;
    }
}

const rm_waiver *rm_policy_waiver(const rm_policy *policy, rm_str id) {
    for (uint32_t i = 0; i < policy->waivers.count; i++) {
        const rm_waiver *w = &policy->waivers.at[i];
        if (w->state == RM_WAIVER_USED && matches(w->id, id)) {
            return w;
        }
    }
    return NULL;
}
