#include "policy_file.h"

#include <errno.h>
#include <string.h>

#include "base/platform.h"
#include "extract/policy.h"
#include "given_file.h"

/* The day that --today gives, or the system's. */
static int given_today(rm_invocation *in, rm_str *out) {
    const char *given = rm_given(in, "--today");
    char today[RM_DATE_ROOM];
    rm_clock_today(today);
    *out = rm_str_from(given);
    if (given == NULL && rm_str_copy(in->arena, rm_str_from(today), out) != RM_OK) {
        return rm_fail(in, RM_EXIT_OUTPUT, "out of memory");
    }
    if (!rm_is_date(*out)) {
        return given != NULL
                   ? rm_fail(in, RM_EXIT_USAGE, "--today takes a day, YYYY-MM-DD, not '%s'", given)
                   : rm_fail(in, RM_EXIT_OUTPUT, "there is no clock; give --today");
    }
    return RM_EXIT_OK;
}

static int read_policy(rm_invocation *in, const char *path, rm_policy *out) {
    rm_str text = RM_STR_NONE;
    rm_status st = rm_read_file_or_input(in->arena, path, &text);
    if (st != RM_OK) {
        return rm_fail(in, st == RM_NOMEM ? RM_EXIT_OUTPUT : RM_EXIT_INPUT, "cannot read '%s': %s",
                       path, st == RM_IO ? strerror(errno) : rm_status_text(st));
    }
    st = rm_policy_read(in->arena, &in->sink, rm_str_from(path), text, out);
    return st == RM_OK      ? RM_EXIT_OK
           : st == RM_NOMEM ? rm_fail(in, RM_EXIT_OUTPUT, "out of memory")
                            : rm_fail(in, RM_EXIT_INPUT, "cannot use '%s' as a policy", path);
}

static void report_waivers(rm_invocation *in, const rm_policy *policy) {
    for (uint32_t i = 0; i < policy->waivers.count; i++) {
        const rm_waiver *w = &policy->waivers.at[i];
        if (w->state == RM_WAIVER_EXPIRED) {
            rm_diag(&in->sink, RM_ERROR, w->place, "waiver-expired",
                    "the waiver of '%.*s' ended on %.*s; %.*s decides anew or mends it",
                    RM_STR_ARG(w->id), RM_STR_ARG(w->expires), RM_STR_ARG(w->owner));
        } else if (w->state == RM_WAIVER_EARLY) {
            rm_diag(&in->sink, RM_WARNING, w->place, "waiver-early",
                    "the waiver of '%.*s' begins on %.*s; until then it waives nothing",
                    RM_STR_ARG(w->id), RM_STR_ARG(w->date));
        } else if (w->state == RM_WAIVER_ORPHANED) {
            rm_diag(&in->sink, RM_ERROR, w->place, "waiver-orphaned",
                    "no finding and no path has the id '%.*s'; take the waiver out",
                    RM_STR_ARG(w->id));
        }
    }
}

int rm_given_policy(rm_invocation *in, rm_model *model, rm_policy *out) {
    const char *path = rm_given(in, "--policy");
    rm_str today = RM_STR_NONE;
    int code = given_today(in, &today);
    if (code != RM_EXIT_OK || path == NULL) {
        return code;
    }
    code = read_policy(in, path, out);
    if (code == RM_EXIT_OK) {
        rm_policy_apply(out, model, today);
        report_waivers(in, out);
    }
    return code;
}
