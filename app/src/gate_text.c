#include "base/map.h"
#include "base/text.h"
#include "gate.h"
#include "grid.h"

/* A finding or path as the gate tells it. */
typedef struct gate_thing {
    rm_str id, text;
    rm_severity severity;
    rm_place place;
} gate_thing;

static gate_thing thing_of(const rm_model *m, const rm_gate_item *item) {
    if (item->kind == RM_DIFF_FINDING) {
        const rm_finding *f = &m->findings.at[item->index];
        return (gate_thing){
            .id = f->id, .text = f->message, .severity = f->severity, .place = f->place};
    }
    const rm_path *p = &m->paths.at[item->index];
    return (gate_thing){.id = p->id,
                        .text = p->summary,
                        .severity = p->severity,
                        .place = p->sink != RM_NONE ? m->sinks.at[p->sink].place
                                                    : (rm_place){.line = 0}};
}

/* ---- for people ---- */

static rm_status add_cell(rm_grid *grid, rm_str text) {
    rm_buf safe = {.arena = grid->arena};
    rm_text_safe(&safe, text);
    rm_str *cell = safe.status == RM_OK ? rm_push(grid->arena, &grid->cells) : NULL;
    if (cell == NULL) {
        return RM_NOMEM;
    }
    *cell = rm_buf_view(&safe);
    return RM_OK;
}

static rm_str place_text(rm_arena *arena, rm_place place) {
    rm_str text = place.file;
    if (place.line > 0 && rm_str_printf(arena, &text, "%.*s:%u", RM_STR_ARG(place.file),
                                        (unsigned)place.line) != RM_OK) {
        return RM_STR_NONE;
    }
    return text;
}

static rm_status add_row(rm_grid *grid, const gate_thing *thing, rm_str more) {
    rm_str text = thing->text;
    rm_status st = more.len == 0 ? RM_OK
                                 : rm_str_printf(grid->arena, &text, "%.*s (%.*s)",
                                                 RM_STR_ARG(thing->text), RM_STR_ARG(more));
    const rm_str cells[] = {rm_str_from(rm_severity_name(thing->severity)), text,
                            place_text(grid->arena, thing->place), thing->id};
    for (size_t i = 0; st == RM_OK && i < sizeof cells / sizeof cells[0]; i++) {
        st = add_cell(grid, cells[i]);
    }
    return st;
}

/* How many items of one verdict are the same way, from other principals: by the way. */
static rm_status count_ways(const rm_ci_gate *gate, const rm_gate_result *result,
                            rm_verdict verdict, rm_map *ways) {
    for (uint32_t i = 0; i < result->items.count; i++) {
        const rm_gate_item *item = &result->items.at[i];
        uint32_t *count = NULL;
        if (item->verdict == verdict && item->kind == RM_DIFF_PATH) {
            const rm_status st =
                rm_map_at(ways, rm_path_way(gate->model->paths.at[item->index].id), &count, NULL);
            if (st != RM_OK) {
                return st;
            }
            ++*count;
        }
    }
    return RM_OK;
}

/* What stands behind a row: the principals that are left out, or the waiver. *skip: no row. */
static rm_status more_of(rm_arena *arena, const rm_ci_gate *gate, const rm_gate_item *item,
                         rm_map *ways, bool *skip, rm_str *out) {
    const gate_thing thing = thing_of(gate->model, item);
    const rm_waiver *waiver =
        item->verdict == RM_VERDICT_WAIVED ? rm_policy_waiver(gate->policy, thing.id) : NULL;
    uint32_t *count = NULL;
    rm_status st = RM_OK;
    *skip = false;
    if (item->kind == RM_DIFF_PATH) {
        st = rm_map_at(ways, rm_path_way(thing.id), &count, NULL);
        if (st != RM_OK) {
            return st;
        }
        const uint32_t others = *count;
        *skip = others == 0; /* told with an earlier one */
        *count = 0;
        if (others > 1) {
            st = rm_str_printf(arena, out, "and %u more %s", (unsigned)(others - 1),
                               rm_plural(others - 1, "principal or app", "principals or apps"));
        }
    }
    if (st == RM_OK && waiver != NULL) {
        st = rm_str_printf(arena, out, "waived by %.*s until %.*s: %.*s", RM_STR_ARG(waiver->owner),
                           RM_STR_ARG(waiver->expires), RM_STR_ARG(waiver->reason));
    }
    return st;
}

static rm_status print_items(rm_arena *arena, const rm_ci_gate *gate, const rm_gate_result *result,
                             rm_verdict verdict, unsigned width, bool color, rm_buf *out) {
    rm_grid_column columns[] = {{.title = RM_STR("SEVERITY"), .severity = true},
                                {.title = RM_STR("WHAT"), .flows = true},
                                {.title = RM_STR("PLACE")},
                                {.title = RM_STR("ID"), .flows = true}};
    rm_grid grid = {.arena = arena, .columns = columns, .column_count = 4};
    rm_map ways = {.arena = arena};
    rm_status st = count_ways(gate, result, verdict, &ways);
    for (uint32_t i = 0; st == RM_OK && i < result->items.count; i++) {
        const rm_gate_item *item = &result->items.at[i];
        rm_str more = RM_STR_NONE;
        bool skip = item->verdict != verdict;
        if (!skip) {
            st = more_of(arena, gate, item, &ways, &skip, &more);
        }
        if (st == RM_OK && !skip) {
            const gate_thing thing = thing_of(gate->model, item);
            st = add_row(&grid, &thing, more);
        }
    }
    if (st == RM_OK) {
        rm_grid_print(&grid, width, color, out);
        st = out->status;
    }
    return st;
}

static void print_verdict(rm_buf *out, const rm_ci_gate *gate, const rm_gate_result *r) {
    rm_buf_printf(out, "%s: %u of severity %s or above%s, %u waived",
                  r->passed ? "passed" : "failed", (unsigned)r->counts[RM_VERDICT_OBJECTION],
                  rm_severity_name(gate->fail_on),
                  gate->baseline != NULL ? " that the baseline does not have" : "",
                  (unsigned)r->counts[RM_VERDICT_WAIVED]);
    if (gate->baseline != NULL) {
        rm_buf_printf(out, ", %u known before", (unsigned)r->counts[RM_VERDICT_KNOWN]);
    }
    if (r->expired > 0) {
        rm_buf_printf(out, ", %u expired waiver%s", (unsigned)r->expired,
                      r->expired == 1 ? "" : "s");
    }
    if (r->orphaned > 0) {
        rm_buf_printf(out, ", %u orphaned waiver%s", (unsigned)r->orphaned,
                      r->orphaned == 1 ? "" : "s");
    }
    rm_buf_text(out, "\n");
}

rm_status rm_gate_text(rm_arena *arena, const rm_ci_gate *gate, const rm_gate_result *result,
                       unsigned width, bool color, rm_str *out) {
    rm_buf text = {.arena = arena};
    rm_status st = RM_OK;
    if (result->counts[RM_VERDICT_OBJECTION] > 0) {
        st = print_items(arena, gate, result, RM_VERDICT_OBJECTION, width, color, &text);
        rm_buf_text(&text, "\n");
    }
    if (st == RM_OK && result->counts[RM_VERDICT_WAIVED] > 0) {
        rm_buf_text(&text, "waived:\n");
        st = print_items(arena, gate, result, RM_VERDICT_WAIVED, width, color, &text);
        rm_buf_text(&text, "\n");
    }
    print_verdict(&text, gate, result);
    *out = rm_buf_view(&text);
    return st == RM_OK ? text.status : st;
}

/* ---- for programs ---- */

static void json_member(rm_buf *out, const char *key, rm_str text) {
    rm_buf_printf(out, ",\"%s\":", key);
    if (text.len > 0) {
        rm_text_json(out, text);
    } else {
        rm_buf_text(out, "null");
    }
}

static void json_item(rm_buf *out, const rm_ci_gate *gate, const rm_gate_item *item) {
    const gate_thing thing = thing_of(gate->model, item);
    const rm_waiver *waiver =
        item->verdict == RM_VERDICT_WAIVED ? rm_policy_waiver(gate->policy, thing.id) : NULL;
    rm_buf_printf(out, "{\"kind\":\"%s\",\"severity\":\"%s\"", rm_diff_kind_name(item->kind),
                  rm_severity_name(thing.severity));
    json_member(out, "id", thing.id);
    json_member(out, "text", thing.text);
    json_member(out, "path", thing.place.file);
    if (thing.place.line > 0) {
        rm_buf_printf(out, ",\"line\":%u", (unsigned)thing.place.line);
    } else {
        rm_buf_text(out, ",\"line\":null");
    }
    if (waiver != NULL) {
        json_member(out, "waiver", waiver->id);
        json_member(out, "reason", waiver->reason);
        json_member(out, "owner", waiver->owner);
        json_member(out, "expires", waiver->expires);
    }
    rm_buf_text(out, "}");
}

static void json_items(rm_buf *out, const char *key, const rm_ci_gate *gate,
                       const rm_gate_result *result, rm_verdict verdict) {
    const char *lead = "\n";
    rm_buf_printf(out, ",\n\"%s\":[", key);
    for (uint32_t i = 0; i < result->items.count; i++) {
        if (result->items.at[i].verdict == verdict) {
            rm_buf_text(out, lead);
            json_item(out, gate, &result->items.at[i]);
            lead = ",\n";
        }
    }
    rm_buf_text(out, "]");
}

static void json_waiver(rm_buf *out, const rm_waiver *w) {
    rm_buf_printf(out, "{\"state\":\"%s\",\"matches\":%u", rm_waiver_state_name(w->state),
                  (unsigned)w->matches);
    json_member(out, "id", w->id);
    json_member(out, "reason", w->reason);
    json_member(out, "owner", w->owner);
    json_member(out, "date", w->date);
    json_member(out, "expires", w->expires);
    json_member(out, "path", w->place.file);
    rm_buf_printf(out, ",\"line\":%u}", (unsigned)w->place.line);
}

rm_status rm_gate_json(rm_arena *arena, const rm_ci_gate *gate, const rm_gate_result *result,
                       rm_str *out) {
    rm_buf text = {.arena = arena};
    rm_buf_printf(&text, "{\"passed\":%s,\"fail_on\":\"%s\"", result->passed ? "true" : "false",
                  rm_severity_name(gate->fail_on));
    json_items(&text, "objections", gate, result, RM_VERDICT_OBJECTION);
    json_items(&text, "waived", gate, result, RM_VERDICT_WAIVED);
    json_items(&text, "known", gate, result, RM_VERDICT_KNOWN);
    rm_buf_text(&text, ",\n\"waivers\":[");
    for (uint32_t i = 0; i < gate->policy->waivers.count; i++) {
        rm_buf_text(&text, i > 0 ? ",\n" : "\n");
        json_waiver(&text, &gate->policy->waivers.at[i]);
    }
    rm_buf_text(&text, "]}\n");
    *out = rm_buf_view(&text);
    return text.status;
}
