#include <stdlib.h>

#include "base/map.h"
#include "report.h"

/* Operations whose verdict is "unknown", counted by the driver and the reason. */

static uint32_t driver_of(const rm_model *m, const rm_sink_call *sink) {
    return sink->entry < m->entries.count ? m->entries.at[sink->entry].driver : RM_NONE;
}

static int by_count(const void *a, const void *b) {
    const rm_report_unknown *x = a;
    const rm_report_unknown *y = b;
    if (x->operations != y->operations) {
        return x->operations < y->operations ? 1 : -1;
    }
    int order = rm_str_cmp(x->driver, y->driver);
    return order != 0 ? order : rm_str_cmp(x->reason, y->reason);
}

static rm_status count_one(rm_arena *arena, rm_map *seen, const rm_model *m,
                           const rm_sink_call *sink, rm_report_unknowns *out) {
    uint32_t driver = driver_of(m, sink);
    uint32_t *at = NULL;
    bool is_new = false;
    rm_str key = RM_STR_NONE;
    rm_status st =
        rm_str_printf(arena, &key, "%u %.*s", (unsigned)driver, RM_STR_ARG(sink->reason));
    if (st != RM_OK || (st = rm_map_at(seen, key, &at, &is_new)) != RM_OK) {
        return st;
    }
    if (is_new) {
        *at = out->count;
        rm_report_unknown *row = rm_push(arena, out);
        if (row == NULL) {
            return RM_NOMEM;
        }
        *row = (rm_report_unknown){.driver = driver < m->drivers.count ? m->drivers.at[driver].name
                                                                       : RM_STR_NONE,
                                   .reason = sink->reason};
    }
    out->at[*at].operations++;
    return RM_OK;
}

rm_status rm_report_count_unknowns(rm_arena *arena, const rm_model *m, rm_report_unknowns *out) {
    rm_map seen = {.arena = arena};
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < m->sinks.count; i++) {
        if (m->sinks.at[i].validation == RM_VALIDATION_UNKNOWN) {
            st = count_one(arena, &seen, m, &m->sinks.at[i], out);
        }
    }
    if (out->count > 0) {
        qsort(out->at, out->count, sizeof *out->at, by_count);
    }
    return st;
}
