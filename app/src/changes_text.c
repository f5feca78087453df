#include "base/text.h"
#include "changes.h"
#include "grid.h"

enum { MARKDOWN_ROWS = 100 /* a comment that nobody scrolls through to the end */ };

static rm_str place_text(rm_arena *arena, rm_place place) {
    rm_str text = place.file;
    if (place.file.len > 0 && place.line > 0 &&
        rm_str_printf(arena, &text, "%.*s:%u", RM_STR_ARG(place.file), (unsigned)place.line) !=
            RM_OK) {
        return RM_STR_NONE;
    }
    return text;
}

/* The name, what changed, and for whom else. */
static void say_what(rm_buf *out, const rm_difference *d, const rm_change_group *group) {
    rm_buf_str(out, d->name);
    if (d->text.len > 0) {
        rm_buf_printf(out, ": %.*s", RM_STR_ARG(d->text));
    }
    if (group->count > 1) {
        rm_buf_printf(out, " (also %.*s)", RM_STR_ARG(rm_buf_view(&group->others)));
    }
}

static const char *const kind_words[RM_DIFF_COUNT] = {
    [RM_DIFF_PATH] = "path",     [RM_DIFF_FINDING] = "finding",     [RM_DIFF_DRIVER] = "driver",
    [RM_DIFF_DEVICE] = "device", [RM_DIFF_DOOR] = "door",           [RM_DIFF_ACCESS] = "access",
    [RM_DIFF_IOCTL] = "code",    [RM_DIFF_OPERATION] = "operation", [RM_DIFF_CHECK] = "check"};

static bool has_severity(const rm_difference *d) {
    return d->kind == RM_DIFF_PATH || d->kind == RM_DIFF_FINDING;
}

/* "2 new paths, 1 gone path; 1 new finding"; empty when nothing changed. */
static rm_str summary(rm_arena *arena, const rm_differences *all) {
    rm_buf out = {.arena = arena};
    for (unsigned kind = 0; kind < RM_DIFF_COUNT; kind++) {
        const char *lead = out.len > 0 ? "; " : "";
        for (unsigned change = 0; change < RM_CHANGE_COUNT; change++) {
            const uint32_t count = rm_changes_count(all, (rm_diff_kind)kind, (rm_change)change);
            if (count > 0) {
                rm_buf_printf(&out, "%s%u %s %s%s", lead, (unsigned)count,
                              rm_change_name((rm_change)change), kind_words[kind],
                              count == 1               ? ""
                              : kind == RM_DIFF_ACCESS ? "es"
                                                       : "s");
                lead = ", ";
            }
        }
    }
    return rm_buf_view(&out);
}

/* ---- for people ---- */

static rm_status safe_cell(rm_grid *grid, rm_str text) {
    rm_buf safe = {.arena = grid->arena};
    rm_text_safe(&safe, text);
    rm_str *cell = safe.status == RM_OK ? rm_push(grid->arena, &grid->cells) : NULL;
    if (cell == NULL) {
        return RM_NOMEM;
    }
    *cell = rm_buf_view(&safe);
    return RM_OK;
}

static rm_status grid_row(rm_grid *grid, const rm_changes *c, const rm_change_group *group) {
    const rm_difference *d = &c->all.at[group->first];
    rm_buf what = {.arena = grid->arena};
    say_what(&what, d, group);
    const rm_str cells[] = {
        rm_str_from(rm_change_name(d->change)), rm_str_from(rm_diff_kind_name(d->kind)),
        has_severity(d) ? rm_str_from(rm_severity_name(d->severity)) : RM_STR("-"),
        rm_buf_view(&what), place_text(grid->arena, d->place)};
    rm_status st = what.status;
    for (size_t i = 0; st == RM_OK && i < sizeof cells / sizeof cells[0]; i++) {
        st = safe_cell(grid, cells[i]);
    }
    return st;
}

static rm_status as_table(rm_arena *arena, const rm_changes *c, const rm_change_groups *groups,
                          unsigned width, bool color, rm_buf *out) {
    rm_grid_column columns[] = {{.title = RM_STR("CHANGE")},
                                {.title = RM_STR("OF")},
                                {.title = RM_STR("SEVERITY"), .severity = true},
                                {.title = RM_STR("WHAT"), .flows = true},
                                {.title = RM_STR("PLACE"), .spare = true}};
    rm_grid grid = {.arena = arena, .columns = columns, .column_count = 5};
    rm_status st = RM_OK;
    if (groups->count == 0) {
        rm_buf_text(out, "nothing changed\n");
        return out->status;
    }
    rm_buf_str(out, summary(arena, &c->all));
    rm_buf_text(out, "\n\n");
    for (uint32_t i = 0; st == RM_OK && i < groups->count; i++) {
        st = grid_row(&grid, c, &groups->at[i]);
    }
    if (st == RM_OK) {
        rm_grid_print(&grid, width, color, out);
        st = out->status;
    }
    return st;
}

/* ---- for a pull request ---- */

static void markdown_row(rm_buf *out, rm_arena *arena, const rm_changes *c,
                         const rm_change_group *group) {
    const rm_difference *d = &c->all.at[group->first];
    rm_buf what = {.arena = arena};
    say_what(&what, d, group);
    rm_buf_printf(out, "| %s | %s | %s | ", rm_change_name(d->change), rm_diff_kind_name(d->kind),
                  has_severity(d) ? rm_severity_name(d->severity) : "");
    rm_text_code_span(out, rm_buf_view(&what));
    rm_buf_text(out, " | ");
    if (d->place.file.len > 0) {
        rm_text_code_span(out, place_text(arena, d->place));
    }
    rm_buf_text(out, " |\n");
}

static void as_markdown(rm_arena *arena, const rm_changes *c, const rm_change_groups *groups,
                        rm_buf *out) {
    rm_buf_text(out, "### ringmap: what changed\n\n");
    if (groups->count == 0) {
        rm_buf_text(out, "Nothing changed.\n");
        return;
    }
    rm_buf_str(out, summary(arena, &c->all));
    rm_buf_text(out, "\n\n| change | of | severity | what | place |\n|---|---|---|---|---|\n");
    for (uint32_t i = 0; i < groups->count && i < MARKDOWN_ROWS; i++) {
        markdown_row(out, arena, c, &groups->at[i]);
    }
    if (groups->count > MARKDOWN_ROWS) {
        rm_buf_printf(out, "\n%u more are left out here.\n",
                      (unsigned)(groups->count - MARKDOWN_ROWS));
    }
}

/* ---- for programs ---- */

static void json_text(rm_buf *out, const char *key, rm_str text) {
    rm_buf_printf(out, ",\"%s\":", key);
    if (text.len > 0) {
        rm_text_json(out, text);
    } else {
        rm_buf_text(out, "null");
    }
}

static void json_score(rm_buf *out, const char *key, const rm_model *m, uint32_t path) {
    if (path != RM_NONE) {
        rm_buf_printf(out, ",\"%s\":%u", key, (unsigned)m->paths.at[path].score);
    } else {
        rm_buf_printf(out, ",\"%s\":null", key);
    }
}

static void json_difference(rm_buf *out, const rm_changes *c, const rm_difference *d) {
    rm_buf_printf(out, "{\"kind\":\"%s\",\"change\":\"%s\"", rm_diff_kind_name(d->kind),
                  rm_change_name(d->change));
    json_text(out, "id", d->id);
    json_text(out, "severity",
              has_severity(d) ? rm_str_from(rm_severity_name(d->severity)) : RM_STR_NONE);
    json_text(out, "name", d->name);
    json_text(out, "text", d->text);
    if (d->kind == RM_DIFF_PATH) {
        json_score(out, "score_before", c->before, d->before);
        json_score(out, "score_after", c->after, d->after);
    }
    json_text(out, "path", d->place.file);
    rm_buf_printf(out, d->place.line > 0 ? ",\"line\":%u}" : ",\"line\":null}",
                  (unsigned)d->place.line);
}

static void json_counts(rm_buf *out, const rm_differences *all) {
    for (unsigned kind = 0; kind < RM_DIFF_COUNT; kind++) {
        rm_buf_printf(out, "%s\"%s\":{", kind > 0 ? "," : "",
                      rm_diff_kind_name((rm_diff_kind)kind));
        for (unsigned change = 0; change < RM_CHANGE_COUNT; change++) {
            rm_buf_printf(out, "%s\"%s\":%u", change > 0 ? "," : "",
                          rm_change_name((rm_change)change),
                          rm_changes_count(all, (rm_diff_kind)kind, (rm_change)change));
        }
        rm_buf_text(out, "}");
    }
}

static void as_json(const rm_changes *c, rm_buf *out) {
    rm_buf_text(out, "{\"summary\":{");
    json_counts(out, &c->all);
    rm_buf_text(out, "},\"differences\":[");
    for (uint32_t i = 0; i < c->all.count; i++) {
        rm_buf_text(out, i > 0 ? ",\n" : "\n");
        json_difference(out, c, &c->all.at[i]);
    }
    rm_buf_text(out, "]}\n");
}

static void as_ndjson(const rm_changes *c, rm_buf *out) {
    for (uint32_t i = 0; i < c->all.count; i++) {
        json_difference(out, c, &c->all.at[i]);
        rm_buf_text(out, "\n");
    }
}

rm_status rm_changes_text(rm_arena *arena, const rm_changes *changes, rm_change_format format,
                          unsigned width, bool color, rm_str *out) {
    rm_buf text = {.arena = arena};
    rm_change_groups groups = {0};
    rm_status st = rm_changes_group(arena, changes, &groups);
    if (st == RM_OK) {
        switch (format) {
        case RM_CHANGES_TABLE: st = as_table(arena, changes, &groups, width, color, &text); break;
        case RM_CHANGES_JSON: as_json(changes, &text); break;
        case RM_CHANGES_NDJSON: as_ndjson(changes, &text); break;
        case RM_CHANGES_MARKDOWN: as_markdown(arena, changes, &groups, &text); break;
        }
    }
    st = st == RM_OK ? text.status : st;
    *out = rm_buf_view(&text);
    return st;
}
