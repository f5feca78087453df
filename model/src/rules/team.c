#include "model/team_rules.h"

#include "ident.h"
#include "rules.h"

/* A team's rule, and what its columns are called here. */
typedef enum team_column {
    COLUMN_SUBJECT,
    COLUMN_SUBJECT_ID,
    COLUMN_SEVERITY,
    COLUMN_CONFIDENCE,
    COLUMN_PATH_ID,
    COLUMN_PATH,
    COLUMN_LINE,
    COLUMN_EVIDENCE,
    COLUMN_COUNT
} team_column;

static const char *const column_names[COLUMN_COUNT] = {
    [COLUMN_SUBJECT] = "subject",   [COLUMN_SUBJECT_ID] = "subject_id",
    [COLUMN_SEVERITY] = "severity", [COLUMN_CONFIDENCE] = "confidence",
    [COLUMN_PATH_ID] = "path_id",   [COLUMN_PATH] = "path",
    [COLUMN_LINE] = "line",         [COLUMN_EVIDENCE] = "evidence",
};

enum { MOST_PLACES = 1000 }; /* of one finding */

typedef struct team_run {
    rm_model *model;
    rm_arena *scratch;
    const rm_team_rule *rule;
    const rm_team_answer *answer;
    rm_map path_of;    /* id -> index in model->paths */
    rm_map finding_of; /* id -> index in model->findings */
    uint32_t column[COLUMN_COUNT];
    rm_str *why;
} team_run;

static rm_status refuse(team_run *run, const char *what, rm_str name) {
    rm_status st = rm_str_printf(run->model->arena, run->why, "%s '%.*s'", what, RM_STR_ARG(name));
    return st == RM_OK ? RM_USAGE : st;
}

/* ---- templates ---- */

/* The next piece: text up to a {name}, which is empty at the end. False for a stray brace. */
static bool next_piece(rm_str text, size_t *at, rm_buf *before, rm_str *name) {
    *name = RM_STR_NONE;
    while (*at < text.len) {
        const char c = text.ptr[(*at)++];
        const bool doubled = *at < text.len && text.ptr[*at] == c;
        if ((c == '{' || c == '}') && doubled) {
            (*at)++;
        } else if (c == '}') {
            return false;
        } else if (c == '{') {
            const rm_str rest = rm_str_slice(text, *at, text.len);
            size_t end = 0;
            if (!rm_str_find_char(rest, '}', &end) || end == 0) {
                return false;
            }
            *name = rm_str_slice(rest, 0, end);
            *at += end + 1;
            return true;
        }
        if (before != NULL) {
            rm_buf_char(before, c);
        }
    }
    return true;
}

bool rm_is_template(rm_str text) {
    size_t at = 0;
    rm_str name = RM_STR_NONE;
    while (at < text.len) {
        if (!next_piece(text, &at, NULL, &name)) {
            return false;
        }
    }
    return true;
}

static uint32_t column_named(const rm_team_answer *answer, rm_str name) {
    for (uint32_t i = 0; i < answer->column_count; i++) {
        if (rm_str_ieq(answer->columns[i], name)) {
            return i;
        }
    }
    return RM_NONE;
}

static rm_status check_template(team_run *run, rm_str text) {
    size_t at = 0;
    rm_str name = RM_STR_NONE;
    while (at < text.len && next_piece(text, &at, NULL, &name)) {
        if (name.len > 0 && column_named(run->answer, name) == RM_NONE) {
            return refuse(run, "the answer has no column for", name);
        }
    }
    return RM_OK;
}

static rm_status fill(const team_run *run, rm_str text, const rm_str *row, rm_str *out) {
    rm_buf filled = {.arena = run->model->arena};
    size_t at = 0;
    rm_str name = RM_STR_NONE;
    while (at < text.len && next_piece(text, &at, &filled, &name)) {
        if (name.len > 0) {
            rm_buf_str(&filled, row[column_named(run->answer, name)]);
        }
    }
    *out = rm_buf_view(&filled);
    return filled.status;
}

/* ---- a row ---- */

static rm_str cell(const team_run *run, const rm_str *row, team_column column) {
    return run->column[column] == RM_NONE ? RM_STR_NONE : row[run->column[column]];
}

static rm_status read_words(team_run *run, const rm_str *row, rm_finding *out) {
    const rm_str severity = cell(run, row, COLUMN_SEVERITY);
    const rm_str confidence = cell(run, row, COLUMN_CONFIDENCE);
    out->severity = run->rule->severity;
    out->confidence = RM_CONFIDENCE_HIGH;
    if (severity.len > 0 && !rm_severity_from(severity, &out->severity)) {
        return refuse(run, "its column severity has the word", severity);
    }
    if (confidence.len > 0 && !rm_confidence_from(confidence, &out->confidence)) {
        return refuse(run, "its column confidence has the word", confidence);
    }
    return RM_OK;
}

static rm_status read_links(team_run *run, const rm_str *row, rm_finding *out) {
    const rm_str path = cell(run, row, COLUMN_PATH_ID);
    const rm_str line = cell(run, row, COLUMN_LINE);
    uint64_t number = 0;
    out->path = RM_NONE;
    if (path.len > 0 && !rm_map_get(&run->path_of, path, &out->path)) {
        return refuse(run, "its column path_id names no path:", path);
    }
    if (line.len > 0 && (!rm_str_u64(line, &number) || number > UINT32_MAX)) {
        return refuse(run, "its column line has no line but", line);
    }
    out->place.line = (uint32_t)number;
    return rm_str_copy(run->model->arena, cell(run, row, COLUMN_PATH), &out->place.file);
}

static rm_status read_texts(team_run *run, const rm_str *row, rm_finding *out) {
    rm_arena *arena = run->model->arena;
    const rm_str subject_id = cell(run, row, COLUMN_SUBJECT_ID);
    rm_ident ident = {0};
    rm_status st = rm_str_copy(arena, cell(run, row, COLUMN_SUBJECT), &out->subject);
    if (st == RM_OK) {
        st = rm_str_copy(arena, subject_id, &out->subject_id);
    }
    if (st == RM_OK) {
        rm_ident_part(&ident, run->rule->id);
        rm_ident_part(&ident, subject_id.len > 0 ? subject_id : out->subject);
        st = rm_ident_make(arena, "finding", &ident, &out->id);
    }
    if (st == RM_OK) {
        st = fill(run, run->rule->message, row, &out->message);
    }
    return st == RM_OK ? fill(run, run->rule->fix, row, &out->fix) : st;
}

static rm_status add_place(team_run *run, rm_finding *f, const rm_finding *from, rm_str text) {
    for (uint32_t i = 0; i < f->places.count; i++) {
        const rm_evidence *e = &f->places.at[i];
        if (e->place.line == from->place.line && rm_str_eq(e->place.file, from->place.file) &&
            rm_str_eq(e->text, text)) {
            return RM_OK;
        }
    }
    if (f->places.count >= MOST_PLACES) {
        return RM_OK;
    }
    rm_evidence *slot = rm_push(run->model->arena, &f->places);
    if (slot == NULL) {
        return RM_NOMEM;
    }
    slot->place = from->place;
    return rm_str_copy(run->model->arena, text, &slot->text);
}

/* The worse of two rows of one subject tells the finding; both are places of it. */
static rm_status add_finding(team_run *run, const rm_finding *made, rm_str evidence) {
    rm_findings *all = &run->model->findings;
    uint32_t *index = NULL;
    bool is_new = false;
    rm_status st = rm_map_at(&run->finding_of, made->id, &index, &is_new);
    rm_finding *f = NULL;
    if (st != RM_OK) {
        return st;
    }
    if (is_new) {
        *index = all->count;
        f = rm_push(run->model->arena, all);
        if (f == NULL) {
            return RM_NOMEM;
        }
        *f = *made;
        return add_place(run, f, made, evidence);
    }
    f = &all->at[*index];
    if (made->severity > f->severity || (made->severity == f->severity && made->path < f->path)) {
        const rm_evidences places = f->places;
        *f = *made;
        f->places = places;
    }
    return add_place(run, f, made, evidence);
}

static rm_status take_row(team_run *run, const rm_str *row) {
    rm_finding made = {.rule = run->rule->id};
    if (cell(run, row, COLUMN_SUBJECT).len == 0) {
        return refuse(run, "a row of its answer has an empty column", RM_STR("subject"));
    }
    rm_status st = read_words(run, row, &made);
    if (st == RM_OK) {
        st = read_links(run, row, &made);
    }
    if (st == RM_OK) {
        st = read_texts(run, row, &made);
    }
    return st == RM_OK ? add_finding(run, &made, cell(run, row, COLUMN_EVIDENCE)) : st;
}

/* ---- the rule ---- */

static rm_status find_columns(team_run *run) {
    for (uint32_t i = 0; i < COLUMN_COUNT; i++) {
        run->column[i] = column_named(run->answer, rm_str_from(column_names[i]));
    }
    if (run->column[COLUMN_SUBJECT] == RM_NONE) {
        return refuse(run, "the answer has no column", RM_STR("subject"));
    }
    rm_status st = check_template(run, run->rule->message);
    return st == RM_OK ? check_template(run, run->rule->fix) : st;
}

static rm_status index_paths(team_run *run) {
    const rm_paths *paths = &run->model->paths;
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && run->column[COLUMN_PATH_ID] != RM_NONE && i < paths->count;
         i++) {
        uint32_t *index = NULL;
        st = rm_map_at(&run->path_of, paths->at[i].id, &index, NULL);
        if (st == RM_OK) {
            *index = i;
        }
    }
    return st;
}

static rm_status add_rule(const team_run *run) {
    const rm_team_rule *rule = run->rule;
    rm_rule_row *row = rm_push(run->model->arena, &run->model->rules);
    if (row == NULL) {
        return RM_NOMEM;
    }
    *row = (rm_rule_row){.id = rule->id,
                         .title = rule->title,
                         .statement = rule->statement,
                         .severity = rule->severity,
                         .cwe = rule->cwe,
                         .stride = rule->stride,
                         .source = rule->source,
                         .evidence = rule->sql,
                         .kind = RM_RULE_TEAM,
                         .enabled = true,
                         .subjects = run->answer->row_count};
    return RM_OK;
}

static rm_status apply(team_run *run) {
    rm_status st = find_columns(run);
    if (st == RM_OK) {
        st = index_paths(run);
    }
    for (uint32_t i = 0; st == RM_OK && i < run->answer->row_count; i++) {
        st = take_row(run, run->answer->cells + (size_t)i * run->answer->column_count);
    }
    return st == RM_OK ? add_rule(run) : st;
}

static const size_t scratch_limit = (size_t)1 << 30;

rm_status rm_team_rule_apply(rm_model *model, const rm_team_rule *rule,
                             const rm_team_answer *answer, rm_str *why) {
    rm_arena *scratch = rm_arena_new(scratch_limit);
    team_run run = {.model = model,
                    .scratch = scratch,
                    .rule = rule,
                    .answer = answer,
                    .path_of = {.arena = scratch},
                    .finding_of = {.arena = scratch},
                    .why = why};
    rm_status st = scratch == NULL ? RM_NOMEM : apply(&run);
    rm_arena_free(scratch);
    if (st == RM_OK) {
        rm_findings_rank(model);
    }
    return st;
}
