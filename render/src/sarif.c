#include "sarif.h"

#include "model/closed.h"

static rm_sarif_subject of_finding(const rm_model *m, uint32_t index) {
    const rm_finding *f = &m->findings.at[index];
    return (rm_sarif_subject){.model = m,
                              .id = f->id,
                              .rule = f->rule,
                              .message = f->message,
                              .fix = f->fix,
                              .name = f->subject,
                              .severity = f->severity,
                              .place = f->place,
                              .path = f->path,
                              .waived = f->waived,
                              .places = &f->places};
}

static rm_sarif_subject of_path(const rm_model *m, uint32_t index) {
    const rm_path *p = &m->paths.at[index];
    return (rm_sarif_subject){.model = m,
                              .id = p->id,
                              .rule = RM_STR(RM_SARIF_PATH_RULE),
                              .message = p->summary,
                              .name = p->drivers,
                              .severity = p->severity,
                              .place = p->sink != RM_NONE ? m->sinks.at[p->sink].place
                                                          : (rm_place){.line = 0},
                              .path = index,
                              .waived = p->waived};
}

static rm_sarif_subject subject_of(const rm_sarif *s, const rm_model *m, uint32_t index) {
    return s->options->paths ? of_path(m, index) : of_finding(m, index);
}

static uint32_t count_of(const rm_sarif *s) {
    return s->options->paths ? s->model->paths.count : s->model->findings.count;
}

/* SARIF 3.27.24: new, unchanged, updated (it differs), absent (only the baseline has it). */
static rm_status compare_with_baseline(rm_sarif *s) {
    const rm_diff_kind kind = s->options->paths ? RM_DIFF_PATH : RM_DIFF_FINDING;
    const uint32_t count = count_of(s);
    rm_differences all = {0};
    if (s->options->baseline == NULL) {
        return RM_OK;
    }
    s->states = RM_NEW_ARRAY(s->arena, const char *, (size_t)count + 1);
    rm_status st =
        s->states == NULL ? RM_NOMEM : rm_diff(s->arena, s->options->baseline, s->model, &all);
    for (uint32_t i = 0; st == RM_OK && i < count; i++) {
        s->states[i] = "unchanged";
    }
    for (uint32_t i = 0; st == RM_OK && i < all.count; i++) {
        const rm_difference *d = &all.at[i];
        if (d->kind == kind && d->change == RM_CHANGE_GONE) {
            rm_difference *gone = rm_push(s->arena, &s->gone);
            st = gone == NULL ? RM_NOMEM : RM_OK;
            if (gone != NULL) {
                *gone = *d;
            }
        } else if (d->kind == kind) {
            s->states[d->after] = d->change == RM_CHANGE_NEW ? "new" : "updated";
        }
    }
    return st;
}

static void write_results(rm_sarif *s) {
    const bool *selected = s->options->selected;
    rm_write_open(&s->out, "results", '[');
    for (uint32_t i = 0; i < count_of(s); i++) {
        if (selected == NULL || selected[i]) {
            rm_sarif_subject subject = subject_of(s, s->model, i);
            subject.state = s->states != NULL ? s->states[i] : NULL;
            rm_sarif_result(s, &subject);
        }
    }
    for (uint32_t i = 0; i < s->gone.count; i++) {
        rm_sarif_subject subject = subject_of(s, s->options->baseline, s->gone.at[i].before);
        subject.state = "absent";
        rm_sarif_result(s, &subject);
    }
    rm_write_close(&s->out, ']');
}

static rm_status write_run(rm_sarif *s) {
    rm_json_writer *o = &s->out;
    rm_write_open(o, NULL, '{');
    rm_write_open(o, "tool", '{');
    rm_write_open(o, "driver", '{');
    rm_write_word(o, "name", "ringmap");
    rm_write_word(o, "version", s->options->version);
    rm_status st = rm_sarif_rules(s);
    rm_write_close(o, '}');
    rm_write_close(o, '}');
    rm_write_open(o, "originalUriBaseIds", '{');
    rm_write_open(o, "SRCROOT", '{');
    rm_write_open(o, "description", '{');
    rm_write_word(o, "text", "the folder that was scanned");
    rm_write_close(o, '}');
    rm_write_close(o, '}');
    rm_write_close(o, '}');
    rm_write_word(o, "columnKind", "unicodeCodePoints");
    write_results(s);
    rm_write_open(o, "properties", '{');
    rm_write_word(o, "limits", rm_not_modelled);
    rm_write_close(o, '}');
    rm_write_close(o, '}');
    return st;
}

rm_status rm_sarif_write(rm_arena *arena, const rm_model *model, const rm_sarif_options *options,
                         rm_str *out) {
    rm_buf text = {.arena = arena};
    rm_sarif s = {.arena = arena,
                  .model = model,
                  .options = options,
                  .out = {.buf = &text},
                  .rules = {.arena = arena}};
    rm_status st = compare_with_baseline(&s);
    rm_write_open(&s.out, NULL, '{');
    rm_write_word(&s.out, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    rm_write_word(&s.out, "version", "2.1.0");
    rm_write_open(&s.out, "runs", '[');
    st = st == RM_OK ? write_run(&s) : st;
    rm_write_close(&s.out, ']');
    rm_write_close(&s.out, '}');
    rm_buf_char(&text, '\n');
    *out = rm_buf_view(&text);
    return st == RM_OK ? text.status : st;
}
