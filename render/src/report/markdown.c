/* For a documentation site: one file with its pictures inside, tables, and no HTML. */
#include "label.h"
#include "model/sinks.h"
#include "render/picture.h"
#include "report.h"
#include "words.h"

enum { NAME_MAX = 80, TEXT_MAX = 400, PATHS_TOLD = 10, UNKNOWNS_TOLD = 30 };

static void put(rm_buf *out, rm_str text, unsigned most) {
    rm_label_markdown(out, text, most);
}

static void put_place(rm_buf *out, rm_loc place) {
    put(out, place.file, NAME_MAX);
    if (place.file.len > 0 && place.line > 0) {
        rm_buf_printf(out, ":%u", (unsigned)place.line);
    }
}

/* One cell of a table. */
static void cell(rm_buf *out, rm_str text, unsigned most) {
    rm_buf_char(out, ' ');
    put(out, text, most);
    rm_buf_text(out, " |");
}

/* ---- summary ---- */

static void severities(rm_buf *out, const char *what, const uint32_t *counts) {
    rm_buf_printf(out, "| %s |", what);
    for (unsigned s = RM_SEVERITY_COUNT; s-- > 0;) {
        rm_buf_printf(out, " %u |", (unsigned)counts[s]);
    }
    rm_buf_char(out, '\n');
}

static void write_summary(const rm_report *report, rm_buf *out) {
    const rm_model *m = report->model;
    uint32_t paths[RM_SEVERITY_COUNT] = {0};
    uint32_t findings[RM_SEVERITY_COUNT] = {0};
    for (uint32_t i = 0; i < m->paths.count; i++) {
        paths[m->paths.at[i].severity]++;
    }
    for (uint32_t i = 0; i < m->findings.count; i++) {
        findings[m->findings.at[i].severity]++;
    }
    rm_buf_text(out, "# Trust report: ");
    put(out, report->title, TEXT_MAX);
    rm_buf_printf(out, "\n\n%u %s read, %u %s, %u %s, %u %s, %u %s, %u %s.\n\n",
                  (unsigned)m->artifacts.count, rm_plural(m->artifacts.count, "file", "files"),
                  (unsigned)m->drivers.count, rm_plural(m->drivers.count, "driver", "drivers"),
                  (unsigned)m->devices.count, rm_plural(m->devices.count, "device", "devices"),
                  (unsigned)m->doors.count, rm_plural(m->doors.count, "door", "doors"),
                  (unsigned)m->entries.count, rm_plural(m->entries.count, "entry", "entries"),
                  (unsigned)m->apps.count, rm_plural(m->apps.count, "app", "apps"));
    rm_buf_text(out, "| | critical | high | medium | low | info |\n|---|--:|--:|--:|--:|--:|\n");
    severities(out, "paths", paths);
    severities(out, "findings", findings);
}

/* ---- the picture ---- */

static rm_status write_picture(rm_report *report, rm_buf *out) {
    rm_str drawn = RM_STR_NONE;
    bool mermaid = report->options->pictures == RM_REPORT_MERMAID;
    rm_picture_options options = {.format = mermaid ? RM_PIC_MMD : RM_PIC_SVG, .legend = true};
    rm_status st = rm_picture_draw(report->arena, report->sink, report->model, &options, &drawn);
    if (st == RM_LIMIT || st == RM_INTERNAL) {
        return RM_OK; /* the drawing said so */
    }
    if (st == RM_OK && mermaid) {
        rm_buf_text(out, "\n```mermaid\n");
        rm_buf_str(out, drawn);
        rm_buf_text(out, "```\n");
    } else if (st == RM_OK) {
        rm_buf_text(out, "\n![Who reaches which privileged operation, told in words below]"
                         "(data:image/svg+xml;base64,");
        rm_base64(out, drawn);
        rm_buf_text(out, ")\n");
    }
    return st;
}

/* ---- paths ---- */

static void write_path_row(rm_report *report, uint32_t index, rm_buf *out) {
    const rm_model *m = report->model;
    const rm_path *p = &m->paths.at[index];
    const rm_sink_call *call = p->sink < m->sinks.count ? &m->sinks.at[p->sink] : NULL;
    const rm_sink_class *class = call != NULL ? rm_sink_class_find(call->class_name) : NULL;
    rm_buf_printf(out, "| p%u | R%u | %u | %s |", (unsigned)index + 1, report->chosen.ranks[index],
                  (unsigned)p->score, rm_severity_name(p->severity));
    cell(out, p->app != RM_NONE ? rm_report_app(report, p->app) : p->origin, NAME_MAX);
    cell(out, rm_report_entry(m, p->entry), NAME_MAX);
    cell(out, p->drivers, NAME_MAX);
    cell(out,
         class != NULL  ? rm_str_from(class->title)
         : call != NULL ? call->class_name
                        : RM_STR_NONE,
         NAME_MAX);
    rm_buf_printf(out, " %s %s |\n", rm_verdict_sign(p->validation),
                  rm_verdict_word(p->validation));
}

static void write_steps(const rm_path *p, rm_buf *out) {
    for (uint32_t i = 0; i < p->steps.count; i++) {
        const rm_step *s = &p->steps.at[i];
        rm_buf_printf(out, "%u. ", (unsigned)i + 1);
        put(out, s->text, TEXT_MAX);
        if (s->place.file.len > 0) {
            rm_buf_text(out, " (");
            put_place(out, s->place);
            rm_buf_char(out, ')');
        }
        rm_buf_char(out, '\n');
    }
}

static void write_paths(rm_report *report, rm_buf *out) {
    const rm_model *m = report->model;
    uint32_t count = m->paths.count < RM_MD_ROWS ? m->paths.count : RM_MD_ROWS;
    rm_buf_text(out, "\n## Paths, worst first\n\n");
    if (count == 0) {
        rm_buf_text(out, "No path to a privileged operation is known.\n");
        return;
    }
    rm_buf_text(out, "| | in pictures | score | severity | from | entry | drivers | operation | "
                     "input |\n|---|---|--:|---|---|---|---|---|---|\n");
    for (uint32_t i = 0; i < count; i++) {
        write_path_row(report, i, out);
    }
    if (m->paths.count > count) {
        rm_buf_printf(out, "\n%u less severe %s not listed here.\n",
                      (unsigned)(m->paths.count - count),
                      rm_plural(m->paths.count - count, "path is", "paths are"));
    }
    for (uint32_t i = 0; i < report->chosen.count && i < PATHS_TOLD; i++) {
        const rm_path *p = &m->paths.at[report->chosen.paths[i]];
        rm_buf_printf(out, "\n### R%u (p%u): score %u, %s\n\n", (unsigned)i + 1,
                      (unsigned)report->chosen.paths[i] + 1, (unsigned)p->score,
                      rm_severity_name(p->severity));
        put(out, p->summary, TEXT_MAX);
        rm_buf_text(out, ".\n\n");
        write_steps(p, out);
    }
}

/* ---- findings, and what people must check ---- */

static void write_findings(const rm_model *m, rm_buf *out) {
    uint32_t count = m->findings.count < RM_MD_ROWS ? m->findings.count : RM_MD_ROWS;
    rm_buf_text(out, "\n## Findings, worst first\n\n");
    if (count == 0) {
        rm_buf_text(out, "No rule found anything; the limits below say what that means.\n");
        return;
    }
    rm_buf_text(out, "| | severity | rule | about | what | where | fix |\n"
                     "|---|---|---|---|---|---|---|\n");
    for (uint32_t i = 0; i < count; i++) {
        const rm_finding *f = &m->findings.at[i];
        rm_buf_printf(out, "| f%u | %s%s |", (unsigned)i + 1, rm_severity_name(f->severity),
                      f->waived ? ", waived" : "");
        cell(out, f->rule, NAME_MAX);
        cell(out, f->subject, NAME_MAX);
        cell(out, f->message, TEXT_MAX);
        rm_buf_char(out, ' ');
        put_place(out, f->place);
        rm_buf_text(out, " |");
        cell(out, f->fix, TEXT_MAX);
        rm_buf_char(out, '\n');
    }
    if (m->findings.count > count) {
        rm_buf_printf(out, "\n%u less severe %s not listed here.\n",
                      (unsigned)(m->findings.count - count),
                      rm_plural(m->findings.count - count, "finding is", "findings are"));
    }
}

static void write_checklist(const rm_model *m, rm_buf *out) {
    bool any = false;
    for (uint32_t i = 0; i < m->rules.count; i++) {
        const rm_rule_row *rule = &m->rules.at[i];
        if (rule->kind != RM_RULE_CHECKLIST || !rule->enabled) {
            continue;
        }
        rm_buf_text(out, any ? "" : "\n## What only people can check\n\n");
        any = true;
        rm_buf_text(out, "- [ ] ");
        put(out, rule->id, NAME_MAX);
        rm_buf_char(out, ' ');
        put(out, rule->statement.len > 0 ? rule->statement : rule->title, TEXT_MAX);
        rm_buf_char(out, '\n');
    }
}

/* ---- limits ---- */

static void write_unread(const rm_model *m, rm_buf *out) {
    uint32_t told = 0;
    uint32_t more = 0;
    for (uint32_t i = 0; i < m->diagnostics.count; i++) {
        const rm_diagnostic *d = &m->diagnostics.at[i];
        if (!rm_report_is_unread(d)) {
            continue;
        }
        if (told == RM_MD_ROWS) {
            more++;
            continue;
        }
        rm_buf_text(out, told++ == 0 ? "\nNot read, or not to its end:\n\n- " : "- ");
        put_place(out, d->place);
        rm_buf_text(out, d->place.file.len > 0 ? " " : "");
        put(out, d->message, TEXT_MAX);
        rm_buf_char(out, '\n');
    }
    if (more > 0) {
        rm_buf_printf(out, "- and %u more\n", (unsigned)more);
    }
}

static void write_unknowns(rm_report *report, rm_buf *out) {
    rm_report_unknowns unknown = {0};
    if (rm_report_count_unknowns(report->arena, report->model, &unknown) != RM_OK) {
        out->status = RM_NOMEM;
    }
    for (uint32_t i = 0; i < unknown.count && i < UNKNOWNS_TOLD; i++) {
        rm_buf_text(out, i == 0 ? "\nUnknown, and why:\n\n- " : "- ");
        put(out, unknown.at[i].driver, NAME_MAX);
        rm_buf_printf(out, "%s%u: ", unknown.at[i].driver.len > 0 ? ", " : "",
                      (unsigned)unknown.at[i].operations);
        put(out, unknown.at[i].reason, TEXT_MAX);
        rm_buf_char(out, '\n');
    }
    if (unknown.count > UNKNOWNS_TOLD) {
        rm_buf_printf(out, "- and %u more reasons; the JSON report has them\n",
                      (unsigned)(unknown.count - UNKNOWNS_TOLD));
    }
}

static void write_limits(rm_report *report, rm_buf *out) {
    const rm_model *m = report->model;
    rm_buf_text(out, "\n## Limits\n\nNot modelled:\n\n");
    for (size_t i = 0; rm_report_not_modelled[i] != NULL; i++) {
        rm_buf_text(out, "- ");
        put(out, rm_str_from(rm_report_not_modelled[i]), TEXT_MAX);
        rm_buf_char(out, '\n');
    }
    write_unread(m, out);
    write_unknowns(report, out);
    if (m->undecided.count > 0) {
        rm_buf_printf(out, "\n%u %s a rule could not decide; the JSON report says where.\n",
                      (unsigned)m->undecided.count, rm_plural(m->undecided.count, "time", "times"));
    }
}

rm_status rm_report_markdown(rm_report *report, rm_buf *out) {
    write_summary(report, out);
    rm_status st = write_picture(report, out);
    if (st == RM_OK) {
        write_paths(report, out);
        write_findings(report->model, out);
        write_checklist(report->model, out);
        write_limits(report, out);
    }
    return st;
}
